"""More cells behind those of a result, worked out once for all rows that share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.result import Result, ResultCell

__all__ = ["Beside", "Results"]

_MOST_KNOWN = 4_096


class Results(Protocol):
    """What gives the results of rows."""

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for one that plans nothing."""


class Beside:
    """The results of rows with more cells behind the others; ``cells`` gives them."""

    def __init__(self, results: Results, cells: Callable[[Result], tuple[ResultCell, ...]]) -> None:
        self._results, self._cells = results, cells
        self._known: dict[Result, Result] = {}

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for one that plans nothing."""
        found = self._results.result(row)
        if found is None or not found.is_shared:
            return None if found is None else self._extended(found)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        return self._known.get(found) or self._known.setdefault(found, self._extended(found))

    def _extended(self, found: Result) -> Result:
        return replace(found, cells=(*found.cells, *self._cells(found)))
