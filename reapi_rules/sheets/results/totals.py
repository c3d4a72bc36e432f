"""Totals over many requests: exact sums, bounds kept apart, what has no price counted; and on two rate cards."""

from __future__ import annotations

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import Engine
from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.report import Report

__all__ = ["Repricing", "Totals"]


class Totals:
    """Requests, rejections, and credits from low to high.

    >>> from reapi_rules import preflight
    >>> totals = Totals()
    >>> totals.add(preflight({"model": "gpt-image-2", "prompt": "a fox"}).quote)
    >>> totals.requests, totals.credits_low, totals.credits
    (1, 30, 30)

    ``credits`` is what to budget, ``credits_low`` the least that will be billed; requests without a price are in
    neither.
    """

    def __init__(self) -> None:
        self.requests: int = 0
        self.rejected: int = 0
        self.unpriced: int = 0
        self.credits: int = 0
        self.credits_low: int = 0

    @property
    def is_unpriced(self) -> bool:
        """Whether there are requests, and none of those that are accepted has a price."""
        return 0 < self.unpriced == self.requests - self.rejected

    def add(self, quote: Quote | None, times: int = 1) -> None:
        """Count a request, or several of one kind, by the quote; a rejected one has none."""
        self.requests += times
        if quote is None:
            self.rejected += times
        elif quote.credits is None or quote.credits_low is None:
            self.unpriced += times
        else:
            self.credits += quote.credits * times
            self.credits_low += quote.credits_low * times


class Repricing:
    """Totals of the same requests on two cards, how many change in price, and how many credits more they need.

    ``more`` is None if one of them has a price on one card alone.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.catalog.catalog import built_in
    >>> card = built_in().card()
    >>> other = card.to_dict()
    >>> other["usd_per_image"]["gpt-image-2"]["1k"] = "0.035"
    >>> repricing = Repricing(card, RateCard.from_dict(other))
    >>> repricing.add(preflight({"model": "gpt-image-2", "prompt": "a fox"}))
    >>> repricing.before.credits, repricing.after.credits, repricing.changed, repricing.more
    (30, 35, 1, 5)
    """

    def __init__(self, before: RateCard, after: RateCard, catalog: Catalog | None = None) -> None:
        self.before: Totals = Totals()
        self.after: Totals = Totals()
        self.changed: int = 0
        self.more: int | None = 0
        self._engines = tuple(Engine(rates=card, catalog=catalog) for card in (before, after))

    def add(self, report: Report) -> None:
        """Count one request."""
        if not report.ok:
            old = new = None
        else:
            body = report.payload()
            old, new = (engine.quote(body) for engine in self._engines)
            self.changed += (old.credits_low, old.credits) != (new.credits_low, new.credits)
            if (old.credits is None) != (new.credits is None):
                self.more = None
            elif self.more is not None:
                self.more += (new.credits or 0) - (old.credits or 0)
        self.before.add(old)
        self.after.add(new)
