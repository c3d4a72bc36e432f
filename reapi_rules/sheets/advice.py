"""Advice in a sheet: beside what each row costs, the one change that saves most, and what it gives up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import Alternative
from reapi_rules.sheets.results import Result, ResultCell
from reapi_rules.sheets.table import Row

__all__ = ["Advised"]


_MOST_KNOWN = 4_096


class _Results(Protocol):
    def result(self, row: Row) -> Result | None: ...


class Advised:
    """The results of rows with the cells of ``advice`` behind the others; ``others`` gives what is cheaper."""

    def __init__(self, results: _Results, others: Callable[[Report], tuple[Alternative, ...]]) -> None:
        self._results, self._others = results, others
        self._known: dict[Result, Result] = {}

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for one that plans nothing."""
        found = self._results.result(row)
        if found is None or not found.is_shared:
            return None if found is None else self._advised(found)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        return self._known.get(found) or self._known.setdefault(found, self._advised(found))

    def _advised(self, found: Result) -> Result:
        others = self._others(found.report)
        cells: tuple[ResultCell, ...] = (None,) * 4
        if others:
            best = others[0]
            change = " ".join(f"{name}={value}" for name, value in best.patch.items())
            cells = (change, best.credits, best.saving, best.trade)
        return replace(found, cells=(*found.cells, *cells))
