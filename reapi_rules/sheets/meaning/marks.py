"""Marks: what a workbook says of a sheet besides its cells: formulas of sums, merged and hidden cells."""

from __future__ import annotations

import re

import msgspec

from reapi_rules.sheets.meaning.columns import letter
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.terms.once import once

__all__ = ["Marks", "is_total"]

_REFERENCE = re.compile(r"\$?\b([A-Z]{1,3})\$?([0-9]{1,7})\b")
_ELSEWHERE = re.compile(r"!|\.\$?[A-Z]{1,3}\$?[0-9]")
"""What is before a reference to another sheet, in Excel and in ODF."""

At = tuple[int, int]
"""A row and a column, both from 0."""


class Marks(msgspec.Struct):
    """The formulas of sums, merged areas, hidden rows and columns, rows with struck-through text, and columns whose
    format makes dozens or the like of a number, from 0."""

    sums: set[At] = set()
    merged: list[tuple[At, At]] = []
    rows: set[int] = set()
    columns: set[int] = set()
    struck: set[int] = set()
    multiples: set[int] = set()


def is_total(formula: str, row: int, column: int) -> bool:
    """Whether a formula in a cell, its row from 1, its column from 0, sums cells above it.

    >>> is_total("SUM(E2:E9)", 10, 4), is_total("=SUM(B3:D3)", 3, 4), is_total("SUBTOTAL(109,[n])", 10, 4)
    (True, False, True)
    >>> is_total("ROUND(SUM(E2:E9),0)", 10, 4), is_total("=SUM(Markets!E2:E9)", 10, 4)
    (True, False)
    """
    if not _sum().search(formula) or _ELSEWHERE.search(formula):
        return False
    found = _REFERENCE.findall(formula)
    above = all(name == letter(column) and int(number) <= row for name, number in found)  # itself within OFFSET
    return above if found else "[" in formula


@once
def _sum() -> re.Pattern[str]:
    names = "|".join(map(re.escape, row_words().sums))
    return re.compile(rf"(?<![A-Z0-9_.])(?:_XLFN\.)?(?:{names})\s*\(", re.IGNORECASE)
