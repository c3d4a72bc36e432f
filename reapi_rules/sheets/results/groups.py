"""Totals by a column that groups the rows, such as the campaign, found while the rows go by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reapi_rules.engine.quotes import Quote
from reapi_rules.sheets.meaning.columns import Columns
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.terms.spelling import fold

__all__ = ["Groups"]

_MOST_GROUPS, _MOST_LISTED = 1_000, 30
_WORDS = ("model", "tier", "quality", "shape")


class Groups:
    """The totals of each value in the columns that may group the rows.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.sheets.meaning.columns import find_columns
    >>> groups = Groups(find_columns(["asset", "campaign", "size"]), ["campaign"])
    >>> quote = preflight({"model": "z-image", "prompt": "a fox"}).quote
    >>> for asset, campaign in (("a", "spring"), ("b", "spring"), ("c", "autumn")):
    ...     groups.add(Row(2, [asset, campaign, ""]), quote)
    >>> groups.at, [(name, totals.requests) for name, totals in groups.listed()[0]]
    (1, [('spring', 2), ('autumn', 1)])
    """

    def __init__(self, columns: Columns, titles: Collection[str]) -> None:
        known = set(map(fold, titles))
        free = [at for at in range(len(columns.titles)) if at not in columns.read and columns.titles[at]]
        named = [at for at in free if fold(columns.titles[at]) in known]
        words = [columns.fields[subject] for subject in _WORDS if subject in columns.fields]
        self._candidates = [*named[:1], *(at for at in free if at not in named), *words]
        self._named = named[:1]
        self._groups: dict[int, dict[Any, Totals]] = {at: {} for at in self._candidates}
        self._rows = 0

    def add(self, row: Row, quote: Quote | None) -> None:
        """Count a request."""
        self._rows += 1
        for at, groups in [*self._groups.items()]:
            cell = row.cells[at] if at < len(row.cells) else ""
            totals = groups.get(cell) or groups.setdefault(cell, Totals())
            totals.add(quote)
            if len(groups) > _MOST_GROUPS:
                del self._groups[at]

    @property
    def at(self) -> int | None:
        """The column: one that is called so, else the first whose values come several times each; None without any."""
        for at in self._candidates:
            count = len(self._groups.get(at, ()))
            if at in self._named and count:
                return at
            if 1 < count <= _MOST_LISTED and 2 * count <= self._rows:
                return at
        return None

    def listed(self) -> tuple[list[tuple[Any, Totals]], int]:
        """The groups of that column, the most expensive first, and how many more there are."""
        groups = self._groups[self.at] if self.at is not None else {}
        ordered = sorted(groups.items(), key=lambda item: -item[1].credits)
        return ordered[:_MOST_LISTED], max(len(ordered) - _MOST_LISTED, 0)
