"""What a formula reads: the areas that it names, as far as its text says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
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


def stale(formulas: Callable[[], Iterable[Formula]], changed: Iterable[Area]) -> list[Formula]:
    """The formulas that read a changed area, or a formula that does; they are gone through twice.

    >>> one, two = Formula("P", 0, 0, (("P", 0, 3, 9, 3),)), Formula("P", 0, 1, (("P", 0, 0, 0, 0),))
    >>> [formula.column for formula in stale(lambda: [two, one], [("P", 2, 3, 2, 3)])]
    [0, 1]
    """
    areas = list(changed)
    columns = _reached(formulas(), areas)
    rest = dict(enumerate(each for each in formulas() if (each.sheet, each.column) in columns)) if columns else {}
    cells: dict[tuple[str, int, int], list[int]] = {}
    wide: dict[int, list[Area]] = {}
    for at, formula in rest.items():
        for area in formula.reads or ():
            if _is_cell(area):
                cells.setdefault((area[0].lower(), *area[1:3]), []).append(at)
            else:
                wide.setdefault(at, []).append(area)
    hit = {at for at, formula in rest.items() if formula.reads is None} if areas else set()
    blocks = [area for area in areas if not _is_cell(area)]
    if blocks:
        hit |= {at for place, read in cells.items() if _meet((*place, *place[1:]), blocks) for at in read}
    found: list[Formula] = []
    while areas:
        rows: dict[tuple[str, int], list[int]] = {}
        for sheet, row, column, *_ in filter(_is_cell, areas):
            hit.update(cells.get((sheet.lower(), row, column), ()))
            rows.setdefault((sheet.lower(), column), []).append(row)
        for each in rows.values():
            each.sort()
        hit |= {at for at, read in wide.items() if any(_meet(area, blocks) or _holds(area, rows) for area in read)}
        new = [rest.pop(at) for at in sorted(hit & rest.keys())]
        for at in hit:
            wide.pop(at, None)
        found += new
        areas = [(formula.sheet, formula.row, formula.column, formula.row, formula.column) for formula in new]
        hit, blocks = set(), []
    return found


def _reached(formulas: Iterable[Formula], changed: Iterable[Area]) -> set[tuple[str, int]]:
    """The sheets and columns of the formulas that changes could reach if rows did not matter."""
    reads: dict[tuple[str, int], set[Area | None]] = {}
    for formula in formulas:
        spans = reads.setdefault((formula.sheet, formula.column), set())
        spans.update({None} if formula.reads is None else {_all_rows(*area) for area in formula.reads})
    found: set[tuple[str, int]] = set()
    spans_changed = {_all_rows(*area) for area in changed}
    while spans_changed:
        new = {
            place
            for place, spans in reads.items()
            if place not in found and any(span is None or _meet(span, spans_changed) for span in spans)
        }
        found |= new
        spans_changed = {_all_rows(sheet, 0, column, 0, column) for sheet, column in new}
    return found


def _all_rows(sheet: str, top: int, left: int, bottom: int, right: int) -> Area:
    return sheet.lower(), 0, left, 0, right


def _is_cell(area: Area) -> bool:
    return area[1:3] == area[3:]


def _meet(one: Area, others: Iterable[Area]) -> bool:
    return any(
        one[0].lower() == two[0].lower()
        and one[1] <= two[3]
        and two[1] <= one[3]
        and one[2] <= two[4]
        and two[2] <= one[4]
        for two in others
    )


def _holds(area: Area, rows: Mapping[tuple[str, int], list[int]]) -> bool:
    """Whether an area holds one of many cells, their rows in order under their sheet and column."""
    sheet, top, left, bottom, right = area
    for (other, column), places in rows.items():
        if other == sheet.lower() and left <= column <= right:
            at = bisect_left(places, top)
            if at < len(places) and places[at] <= bottom:
                return True
    return False


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
