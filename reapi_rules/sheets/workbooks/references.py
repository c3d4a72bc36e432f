"""What a formula reads: the areas that it names, as far as its text says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS, index

__all__ = ["Area", "Column", "Formula", "NamedTable", "Reader", "stale"]

_SIGN = r"\w.?\\\xa1-\u1fff\u2010-\u2fff\u3001-\U0010ffff"
"""What names may have in them: any sign that is not ASCII, but for blanks."""
_SHEET = rf"(?:(?:'((?:[^']|'')+)'|((?:[{_SIGN}]+:)?[{_SIGN}]+))!)?"
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_AREA = rf"{_CELL}(?::{_CELL})?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}"
_SIGNS = r"(?:[^\[\]']|'.)*"  # an apostrophe stands before a bracket that belongs to a title
_OF_TABLE = rf"\[(?:[^\[\]']|'.|\[{_SIGNS}\])*\]"
_OTHER_BOOK = rf"(\[[1-9][0-9]*\](?=[{_SIGN}'!])!?)?"
_WORD = re.compile(
    rf'"[^"]*"|{_OTHER_BOOK}{_SHEET}'
    rf"(?:({_AREA})(?![{_SIGN}(\[])|((?!\d)[{_SIGN}]+)({_OF_TABLE}|\[)?)|({_OF_TABLE})"
)
_ITEM = re.compile(rf"\[({_SIGNS})\]")
_ESCAPED = re.compile("'(.)")
_PART = re.compile(r"(?:(\$?)([A-Za-z]+))?(?:(\$?)([0-9]+))?")
_LONGEST = 1 << 15  # four times what Excel takes
_ANYWHERE, _ON_ITS_SHEET = "INDIRECT", "OFFSET"

Area: TypeAlias = tuple[str, int, int, int, int]
"""A sheet, the first row and column, and the last ones, from 0."""

Column: TypeAlias = tuple[str, int]
"""A sheet, and one of its columns."""


class Formula(msgspec.Struct, frozen=True):
    """A cell with a formula, and the areas that it reads; none where it may read anything."""

    sheet: str
    row: int
    column: int
    reads: tuple[Area, ...] | None


class NamedTable(msgspec.Struct, frozen=True):
    """A table of a sheet: its area, the titles of its columns, and how many of its rows are titles and totals."""

    area: Area
    titles: tuple[str, ...]
    heads: int = 1
    totals: int = 0

    def areas(self, part: str, row: int | None) -> tuple[Area, ...]:
        """The part that brackets behind its name say, in a formula of a row; the whole table where that isn't clear.

        >>> table = NamedTable(("Plan", 0, 0, 9, 2), ("asset", "n", "n [old]"), totals=1)
        >>> table.areas("[n]", 4), table.areas("[[#This Row],[n]]", 4), table.areas("[@n]", 4)
        ((('Plan', 1, 1, 8, 1),), (('Plan', 4, 1, 4, 1),), (('Plan', 4, 1, 4, 1),))
        >>> table.areas("[[#All],[n]:[n '[old']]]", 4), table.areas("[#Totals]", 4), table.areas("[m]", 4)
        ((('Plan', 0, 1, 9, 2),), (('Plan', 9, 0, 9, 2),), (('Plan', 0, 0, 9, 2),))
        """
        sheet, top, left, bottom, right = self.area
        inner = part[1:-1].strip()
        is_here = inner.startswith("@")
        inner = inner.removeprefix("@")
        items = _ITEM.findall(inner) if inner.startswith("[") else [inner] if inner else []
        if inner.startswith("[") and _ITEM.sub("", inner).strip(" ,:"):
            return (self.area,)
        here = (row, row) if row is not None and top <= row <= bottom else (top, bottom)
        rows = {
            "#all": (top, bottom),
            "#data": (top + self.heads, bottom - self.totals),
            "#headers": (top, top + self.heads - 1),
            "#totals": (bottom - self.totals + 1, bottom),
            "#this row": here,
        }
        spans, columns = [here] if is_here else [], list[int]()
        titles = [title.lower() for title in self.titles]
        for item in items:
            name = _ESCAPED.sub(r"\1", item).lower()
            if item.lower() in rows:
                spans.append(rows[item.lower()])
            elif name in titles:
                columns.append(left + titles.index(name))
            else:
                return (self.area,)
        spans, columns = spans or [rows["#data"]], columns or [left, right]
        first, last = min(first for first, _ in spans), max(last for _, last in spans)
        return ((sheet, first, min(columns), last, max(columns)),) if first <= last else ()


class Reader:
    """Reads formulas of a workbook, whose names stand for formulas and tables for areas; ``sheets`` are in order.

    >>> read = Reader({"prices": ["Plan!$F$1:$F$10"], "all": ["OFFSET(prices,1,0)"]}, sheets=["Plan", "B", "C"])
    >>> read.areas("SUM($A$2:A9)+prices", "Plan", (0, 0))
    (('Plan', 1, 0, 8, 0), ('Plan', 0, 5, 9, 5))
    >>> read.areas("'My plan'!$C:$C", "Plan", (1, 1)), read.areas("SUM(all)", "Plan", (0, 0))
    ((('My plan', 0, 2, 1048575, 2),), (('Plan', 0, 0, 1048575, 16383),))
    >>> read.areas("SUM(B:C!A1)", "Plan", (0, 0)), read.areas("[1]Plan!A1", "Plan", (0, 0))
    ((('B', 0, 0, 0, 0), ('C', 0, 0, 0, 0)), ())
    >>> read.areas("SUM(B!A1:B!A3)", "Plan", (0, 0))[-1]
    ('B', 0, 0, 2, 0)
    """

    def __init__(
        self,
        names: Mapping[str, Sequence[str]],
        tables: Mapping[str, NamedTable] | None = None,
        sheets: Sequence[str] = (),
    ) -> None:
        self._texts = {name.lower(): texts for name, texts in names.items()}
        self._tables = {name.lower(): table for name, table in (tables or {}).items()}
        self._order = [sheet.lower() for sheet in sheets]
        self._sheets = sheets
        self._known: dict[str, tuple[Area, ...] | None] = {}

    def areas(
        self, formula: str, sheet: str, moved: tuple[int, int] | None, row: int | None = None
    ) -> tuple[Area, ...] | None:
        """What a formula in a row reads; one that is shared has moved from the cell that it was written in.

        What has moved nobody knows how far, as a name has, reads all rows and columns that it does not fix.
        """
        if len(formula) > _LONGEST:
            return None
        found: list[Area] = []
        colons, is_offset = formula.count(":"), False
        for match in _WORD.finditer(formula):
            colons -= match[0].count(":")
            other, quoted, bare, place, word, follows, own = match.groups()
            if other:
                continue
            if place:
                corners = _corners(place, moved)
                found += [(each, *corners) for each in self._of(quoted.replace("''", "'") if quoted else bare or sheet)]
            elif own:
                tables = (table for table in self._tables.values() if table.area[0].lower() == sheet.lower())
                found += [area for table in tables for area in table.areas(own, row)]
            elif word and word.upper() == _ANYWHERE:
                return None
            elif word and word.upper() == _ON_ITS_SHEET:
                is_offset = True
            elif word:  # what is called as a function may be a name too
                table = self._tables.get(word.lower())
                areas = self._named(word.lower()) if table is None else table.areas((follows or "").ljust(2), row)
                if areas is None:
                    return None
                found += areas
        if colons:  # from one of these areas to another
            found += [_around(area for area in found if area[0] == each) for each in {area[0] for area in found}]
        if is_offset:  # anywhere on the sheet of what it starts from
            whole = dict.fromkeys(area[0] for area in found)
            return tuple((each, 0, 0, MOST_ROWS - 1, MOST_COLUMNS - 1) for each in whole) or None
        return tuple(found)

    def _of(self, sheet: str) -> Sequence[str]:
        """The sheets from one to another, or the one."""
        first, _, last = sheet.lower().partition(":")
        if first in self._order and last in self._order:
            one, two = sorted((self._order.index(first), self._order.index(last)))
            return self._sheets[one : two + 1]
        return (sheet,)

    def _named(self, name: str) -> tuple[Area, ...] | None:
        """What a name reads, which may have other names in it."""
        if name not in self._known:
            self._known[name] = ()  # if it names itself
            read = [self.areas(text, "", None) for text in self._texts.get(name, ())]
            self._known[name] = None if None in read else tuple(area for each in read for area in each or ())
        return self._known[name]


def stale(formulas: Callable[[], Iterable[Formula]], changed: Mapping[Column, Sequence[int]]) -> list[Formula]:
    """The formulas that read one of the rows that change in some columns, in order, or a formula that does.

    >>> one, two = Formula("P", 0, 0, (("P", 0, 3, 9, 3),)), Formula("P", 0, 1, (("P", 0, 0, 0, 0),))
    >>> [formula.column for formula in stale(lambda: [two, one], {("P", 3): [2]})]
    [0, 1]

    They are gone through twice.
    """
    rows = {(sheet.lower(), column): numbers for (sheet, column), numbers in changed.items()}
    columns = _reached(formulas(), rows)
    rest = dict(enumerate(each for each in formulas() if (each.sheet, each.column) in columns)) if columns else {}
    readers: dict[tuple[Column, int], list[int]] = {}  # of a cell
    wide: dict[int, list[Area]] = {}
    for at, formula in rest.items():
        for sheet, top, left, bottom, right in formula.reads or ():
            if (top, left) == (bottom, right):
                readers.setdefault(((sheet.lower(), left), top), []).append(at)
            else:
                wide.setdefault(at, []).append((sheet, top, left, bottom, right))
    hit = {at for at, each in rest.items() if each.reads is None or any(_holds(area, rows) for area in each.reads)}
    found: list[Formula] = []
    while hit:
        new: dict[Column, list[int]] = {}
        for formula in map(rest.pop, sorted(hit)):
            found.append(formula)
            new.setdefault((formula.sheet.lower(), formula.column), []).append(formula.row)
        hit = {at for column, cells in new.items() for row in cells for at in readers.get((column, row), ())}
        rows = {column: sorted(cells) for column, cells in new.items()}
        hit |= {at for at, read in wide.items() if at in rest and any(_holds(area, rows) for area in read)}
        hit &= rest.keys()
    return found


def _reached(formulas: Iterable[Formula], changed: Collection[Column]) -> set[Column]:
    """The sheets and columns of the formulas that changes could reach if rows did not matter."""
    reads: dict[Column, set[Area | None]] = {}
    for formula in formulas:
        spans = reads.setdefault((formula.sheet, formula.column), set())
        if formula.reads is None:
            spans.add(None)
        else:
            spans.update((sheet.lower(), 0, left, 0, right) for sheet, _, left, _, right in formula.reads)
    found: set[Column] = set()
    while changed:
        rows = dict.fromkeys(changed, (0,))
        new = {
            place
            for place, spans in reads.items()
            if place not in found and any(span is None or _holds(span, rows) for span in spans)
        }
        found |= new
        changed = {(sheet.lower(), column) for sheet, column in new}
    return found


def _holds(area: Area, rows: Mapping[Column, Sequence[int]]) -> bool:
    """Whether an area holds one of many cells, their rows in order under their sheet and column."""
    sheet, top, left, bottom, right = area
    for (other, column), places in rows.items():
        if other == sheet.lower() and left <= column <= right:
            at = bisect_left(places, top)
            if at < len(places) and places[at] <= bottom:
                return True
    return False


def _around(areas: Iterable[Area]) -> Area:
    sheets, tops, lefts, bottoms, rights = zip(*areas)
    return sheets[0], min(tops), min(lefts), max(bottoms), max(rights)


def _corners(place: str, moved: tuple[int, int] | None) -> tuple[int, int, int, int]:
    first, _, last = place.partition(":")
    top, left = _corner(first, moved, (0, 0))
    bottom, right = _corner(last or first, moved, (MOST_ROWS - 1, MOST_COLUMNS - 1))
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _corner(text: str, moved: tuple[int, int] | None, open_end: tuple[int, int]) -> tuple[int, int]:
    match = _PART.fullmatch(text)
    assert match is not None
    fixed_column, letters, fixed_row, digits = match.groups()
    (row, column), (down, right) = open_end, moved or (0, 0)
    if digits and (fixed_row or moved is not None):
        row = int(digits) - 1 + (0 if fixed_row else down)
    if letters and (fixed_column or moved is not None):
        column = index(letters) + (0 if fixed_column else right)
    return row, column
