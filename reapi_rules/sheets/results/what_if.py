"""What if, and advice: other cells beside those of rows, what changes save, and what could be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.models import Model
from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import Alternative, alternatives, saving
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.result import Result, ResultCell, Results
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.terms.once import Recent

__all__ = ["Beside", "Changes", "Savings", "WhatIf", "advice_cells"]


class Beside:
    """The results of rows with more cells behind the others; ``cells`` gives them."""

    def __init__(self, results: Results, cells: Callable[[Result], tuple[ResultCell, ...]]) -> None:
        self._results, self._cells = results, cells
        self._known: Recent[Result, Result] = Recent()

    def result(self, row: Row) -> Result | None:
        found = self._results.result(row)
        if found is None or found in self._known:
            return None if found is None else self._known[found]
        extended = replace(found, cells=(*found.cells, *self._cells(found)))
        if found.is_shared:
            self._known[found] = extended
        return extended


def advice_cells(others: Sequence[Alternative]) -> tuple[ResultCell, ...]:
    """The cells of ``advice``, the one change that saves most and what it gives up; blank where nothing is cheaper.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.prices.alternatives import alternatives
    >>> advice_cells(alternatives({"model": "gpt-image-2-official", "prompt": "a", "quality": "high"}))[:3]
    ('quality=medium', 43, 126)
    """
    if not others:
        return (None,) * 4
    change = " ".join(f"{name}={value}" for name, value in others[0].patch.items())
    return change, others[0].credits, others[0].saving, others[0].trade


class WhatIf:
    """The results of rows as they would be, and beside them what the rows cost as they are and what is saved."""

    def __init__(self, before: Results, after: Results, catalog: Catalog | None = None) -> None:
        self._before, self._after, self._catalog = before, after, catalog
        self._known: Recent[tuple[Result, Result], Result] = Recent()

    def result(self, row: Row) -> Result | None:
        old, new = self._before.result(row), self._after.result(row)
        if old is None or new is None:
            return None
        both = self._known.get((old, new))
        if both is None:
            saved = saving(old.report, new.report, catalog=self._catalog) or (None, None)
            cells: tuple[ResultCell, ...] = (*new.cells, getattr(old.report.quote, "credits", None), *saved)
            both = Result(cells, new.report, old.is_shared and new.is_shared, old.report)
            if both.is_shared:
                self._known[old, new] = both
        return both


class Changes:
    """What many requests cost as they are, and what changing them saves, from low to high.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> changes = Changes()
    >>> changes.add(preflight(body), preflight(body | {"quality": "low"}))
    >>> changes.before.credits, changes.saving_low, changes.saving, changes.costlier
    (169, 164, 164, 0)

    ``costlier`` counts requests that may cost more, ``refused`` those that reAPI accepts only as they are, ``accepted``
    only with the change, ``priced`` those with a price before and after, and ``unpriced`` those without.
    """

    def __init__(self, catalog: Catalog | None = None) -> None:
        self._catalog = catalog
        self.before: Totals = Totals()
        self.saving: int = 0
        self.saving_low: int = 0
        self.costlier: int = 0
        self.refused: int = 0
        self.accepted: int = 0
        self.priced: int = 0
        self.unpriced: int = 0

    @property
    def is_unpriced(self) -> bool:
        """Whether the change can be priced for none of the requests that are accepted."""
        return self.unpriced > 0 == self.priced

    def add(self, before: Report, after: Report, times: int = 1) -> None:
        """Count one request, or several of one kind."""
        self.before.add(before.quote, times)
        self.refused += times if before.ok and not after.ok else 0
        self.accepted += times if after.ok and not before.ok else 0
        saved = saving(before, after, catalog=self._catalog)
        if saved is None:
            self.unpriced += times if before.ok and after.ok else 0
        else:
            self.priced += times
            self.saving_low += saved[0] * times
            self.saving += saved[1] * times
            self.costlier += times if saved[0] < 0 else 0


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
        self._catalog = chosen(catalog)
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
