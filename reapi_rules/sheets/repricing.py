"""What another rate card does to a plan."""

from __future__ import annotations

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.quotes import price
from reapi_rules.engine.report import Report
from reapi_rules.sheets.totals import Totals

__all__ = ["Repricing"]


class Repricing:
    """Totals of the same requests on two cards, and how many requests change in price.

    >>> from reapi_rules import preflight
    >>> card = built_in().card()
    >>> dearer = card.to_dict()
    >>> dearer["usd_per_image"]["gpt-image-2"]["1k"] = "0.035"
    >>> repricing = Repricing(card, RateCard.from_dict(dearer))
    >>> repricing.add(preflight({"model": "gpt-image-2", "prompt": "a fox"}))
    >>> repricing.before.credits, repricing.after.credits, repricing.changed
    (30, 35, 1)
    """

    def __init__(self, before: RateCard, after: RateCard) -> None:
        self.before: Totals = Totals()
        self.after: Totals = Totals()
        self.changed: int = 0
        self._cards = (before, after)

    def add(self, report: Report) -> None:
        """Count one request."""
        request = report.effective
        if request is None:
            old = new = None
        else:
            old, new = (price(request, built_in().models[request.model], card) for card in self._cards)
            self.changed += (old.credits_low, old.credits) != (new.credits_low, new.credits)
        self.before.add_quote(old)
        self.after.add_quote(new)
