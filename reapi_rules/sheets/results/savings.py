"""What many requests could save, with the one change each that saves most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import Alternative, alternatives

__all__ = ["Savings"]


class Savings:
    """How many requests could cost less, and how many credits less, from low to high.

    >>> from reapi_rules import preflight
    >>> savings = Savings()
    >>> savings.add(preflight({"model": "gpt-image-2-official", "prompt": "a fox"}))
    >>> savings.requests, savings.credits_low, savings.credits, savings.by_quality
    (1, 164, 164, 164)

    ``by_quality`` is the part of ``credits`` that comes from naming a quality where it is left to ``auto``.
    """

    def __init__(self, catalog: Catalog | None = None) -> None:
        self.requests: int = 0
        self.credits: int = 0
        self.credits_low: int = 0
        self.by_quality: int = 0
        self._catalog = catalog or built_in()
        self._known: dict[tuple[Any, ...], Alternative | None] = {}

    def add(self, report: Report, times: int = 1) -> None:
        """Count what one request, or several of one kind, could save."""
        best = self._best(report)
        if best is not None:
            self.requests += times
            self.credits += best.saving * times
            self.credits_low += best.saving_low * times
            self.by_quality += best.saving * times if best.kind == "quality.explicit" else 0

    def _best(self, report: Report) -> Alternative | None:
        """The alternative that saves most, which requests share unless they differ in something that is priced."""
        used, card = report.effective, report.rate_card
        if used is None or card is None or report.quote is None or report.quote.credits is None:
            return None
        key = tuple(_priced(used, self._catalog.models[used["model"]]))
        if key in self._known:
            return self._known[key]
        others = alternatives(report.payload(), rates=card, catalog=self._catalog)
        best = others[0] if others else None
        if _OTHER_TEXT not in key:
            self._known[key] = best
        return best


_OTHER_TEXT = object()
"""A text that is not one of a field's words, such as pixels: there are too many of them to remember."""


def _priced(used: dict[str, Any], model: Model) -> Iterator[Any]:
    """The model, and the values that a price may depend on; of prompts and lists only whether they are given."""
    yield model.id
    for name, field in model.fields.items():
        value = used.get(name)
        if type(value) is str and field.choices:
            yield value if value in field.choices else _OTHER_TEXT
        else:
            yield value if type(value) in (bool, int) else bool(value)
