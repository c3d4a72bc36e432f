"""What a formula reads: the areas that it names, as far as its text says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from reapi_rules.sheets.page import MOST_COLUMNS, MOST_ROWS
from reapi_rules.sheets.xlsx_page import index

__all__ = ["Area", "Formula", "Reader", "stale"]

_TEXT = re.compile(r'"[^"]*"')
_SHEET = r"(?:(?:'((?:[^']|'')+)'|([\w.]+))!)?"
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_AREA = rf"{_CELL}(?::{_CELL})?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}"
_WORD = re.compile(rf"{_SHEET}(?:({_AREA})(?![\w(.\[])|([^\W\d]\w*(?:\.\w+)*)(\[|\s*\()?)")
_PART = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_ANYWHERE = frozenset({"INDIRECT", "OFFSET"})

Area: TypeAlias = tuple[str, int, int, int, int]
"""A sheet, the first row and column, and the last ones, from 0."""


class Formula(msgspec.Struct, frozen=True):
    """A cell with a formula, and the areas that it reads; none where it may read anything."""

    sheet: str
    row: int
    column: int
    reads: tuple[Area, ...] | None


class Reader:
    """Reads formulas of a workbook, whose names and tables refer to areas.

    >>> read = Reader({"prices": [("Plan", 0, 5, 9, 5)]})
    >>> read.areas("SUM($A$2:A9)+prices", "Plan", (0, 0))
    (('Plan', 1, 0, 8, 0), ('Plan', 0, 5, 9, 5))
    >>> read.areas("'My plan'!$C:$C", "Plan", (1, 1)), read.areas('INDIRECT("A1")', "Plan", (0, 0))
    ((('My plan', 0, 2, 1048575, 2),), None)
    """

    def __init__(self, names: Mapping[str, Sequence[Area]]) -> None:
        self._names = {name.lower(): areas for name, areas in names.items()}

    def areas(self, formula: str, sheet: str, moved: tuple[int, int]) -> tuple[Area, ...] | None:
        """What a formula reads; one that is shared has moved from the cell that it was written in."""
        found: list[Area] = []
        for match in _WORD.finditer(_TEXT.sub('""', formula)):
            quoted, bare, place, word, follows = match.groups()
            if place:
                found.append((quoted.replace("''", "'") if quoted else bare or sheet, *_corners(place, moved)))
            elif word.upper() in _ANYWHERE:
                return None
            elif (follows or "").strip() != "(":
                found.extend(self._names.get(word.lower(), ()))
        return tuple(found)


def stale(formulas: Sequence[Formula], changed: Iterable[Area]) -> list[Formula]:
    """The formulas that read a changed area, or a formula that does.

    >>> one, two = Formula("P", 0, 0, (("P", 0, 3, 9, 3),)), Formula("P", 0, 1, (("P", 0, 0, 0, 0),))
    >>> [formula.column for formula in stale([two, one], [("P", 2, 3, 2, 3)])]
    [0, 1]
    """
    found: list[Formula] = []
    rest, areas = list(formulas), list(changed)
    while areas:
        hit = [formula for formula in rest if formula.reads is None or _meet(formula.reads, areas)]
        found += hit
        known = {id(formula) for formula in hit}
        rest = [formula for formula in rest if id(formula) not in known]
        areas = [(formula.sheet, formula.row, formula.column, formula.row, formula.column) for formula in hit]
    return found


def _meet(some: Iterable[Area], others: Sequence[Area]) -> bool:
    return any(
        one[0].lower() == two[0].lower()
        and one[1] <= two[3]
        and two[1] <= one[3]
        and one[2] <= two[4]
        and two[2] <= one[4]
        for one in some
        for two in others
    )


def _corners(place: str, moved: tuple[int, int]) -> tuple[int, int, int, int]:
    first, _, last = place.partition(":")
    top, left = _corner(first, moved, (0, 0))
    bottom, right = _corner(last or first, moved, (MOST_ROWS - 1, MOST_COLUMNS - 1))
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _corner(text: str, moved: tuple[int, int], open_end: tuple[int, int]) -> tuple[int, int]:
    match = _PART.fullmatch(text)
    assert match is not None
    fixed_column, letters, fixed_row, digits = match.groups()
    if letters and not digits:
        fixed_row = "$"
    elif digits and not letters:
        fixed_row = fixed_column or fixed_row
        fixed_column = "$"
    row = open_end[0] if not digits else int(digits) - 1 + (0 if fixed_row else moved[0])
    column = open_end[1] if not letters else index(letters) + (0 if fixed_column else moved[1])
    return row, column
