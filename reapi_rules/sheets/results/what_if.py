"""What if: the same rows with some fields set otherwise, what they cost then, and what that saves."""

from __future__ import annotations

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import saving
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.result import Result, ResultCell, Results
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.terms.once import Recent

__all__ = ["Changes", "WhatIf"]


class WhatIf:
    """The results of rows as they would be, and beside them what the rows cost as they are and what is saved."""

    def __init__(self, before: Results, after: Results, catalog: Catalog | None = None) -> None:
        self._before, self._after, self._catalog = before, after, catalog
        self._known: Recent[tuple[Result, Result], Result] = Recent()

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for a row that is not a request."""
        old, new = self._before.result(row), self._after.result(row)
        if old is None or new is None:
            return None
        if not (old.is_shared and new.is_shared):
            return self._both(old, new)
        known = self._known.get((old, new))
        if known is None:
            known = self._known[old, new] = self._both(old, new)
        return known

    def _both(self, old: Result, new: Result) -> Result:
        quote = old.report.quote
        saved = saving(old.report, new.report, catalog=self._catalog) or (None, None)
        cells: tuple[ResultCell, ...] = (*new.cells, None if quote is None else quote.credits, *saved)
        return Result(cells, new.report, old.is_shared and new.is_shared, old.report)


class Changes:
    """What many requests cost as they are, and what changing them saves, from low to high.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> changes = Changes()
    >>> changes.add(preflight(body), preflight(body | {"quality": "low"}))
    >>> changes.before.credits, changes.saving_low, changes.saving, changes.costlier
    (169, 164, 164, 0)

    ``costlier`` counts requests that may cost more, ``refused`` those that reAPI accepts only as they are, ``priced``
    those with a price before and after, and ``unpriced`` those without.
    """

    def __init__(self, catalog: Catalog | None = None) -> None:
        self._catalog = catalog
        self.before: Totals = Totals()
        self.saving: int = 0
        self.saving_low: int = 0
        self.costlier: int = 0
        self.refused: int = 0
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
        saved = saving(before, after, catalog=self._catalog)
        if saved is None:
            self.unpriced += times if before.ok and after.ok else 0
        else:
            self.priced += times
            self.saving_low += saved[0] * times
            self.saving += saved[1] * times
            self.costlier += times if saved[0] < 0 else 0
