"""The cells of an XLSX sheet, read by expat: once for how far they reach and their marks, once for what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import compress
from typing import Any
from xml.parsers import expat

from reapi_rules.sheets.columns import SheetError, letter
from reapi_rules.sheets.contents import NoValue
from reapi_rules.sheets.marks import Marks, is_total
from reapi_rules.sheets.package import Elements, Package, decode, parse, whole
from reapi_rules.sheets.page import MOST_COLUMNS, MOST_ROWS, Extent, Page
from reapi_rules.sheets.plain_rows import PlainRows, cells_in, filled_in
from reapi_rules.sheets.table import Row

__all__ = ["address", "area", "moment", "xlsx_page", "xlsx_rows"]

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LEAP_DAY = 60  # 29 February 1900, which Excel counts and the calendar lacks
_EARLY, _LATER = datetime(1899, 12, 31), datetime(1899, 12, 30)
_TRUE = ("1", "true")
_NONE: tuple[tuple[str, ...], ...] = ((),) * 6
_MOST_KNOWN = 4_096


def xlsx_page(package: Package, part: str) -> Page:
    """The page in a part of a package."""
    extent, marks = _survey(package, part)
    width, height = extent.width, extent.height
    return Page(width=width, marks=marks, rows=lambda: xlsx_rows(package, part, width, height), strays=extent.strays)


def address(text: str) -> tuple[int, int]:
    """The row and the column of an address, from 0.

    >>> address("C2")
    (1, 2)

    Raises SheetError for one that no workbook has.
    """
    match = _ADDRESS.fullmatch(text)
    row, column = (int(match[2]), index(match[1])) if match else (0, MOST_COLUMNS)
    if not 1 <= row <= MOST_ROWS or column >= MOST_COLUMNS:
        raise SheetError(f"it has a cell {text[:40]}, and a workbook has no such place")
    return row - 1, column


def area(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last cell of an area such as ``A1:C3``."""
    first, _, last = text.partition(":")
    return address(first), address(last or first)


def index(letters: str) -> int:
    """The number of a column, from 0."""
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number - 1


class _Places:
    """Where cells stand: their own word for it, or the place behind the one before."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.seen = 0
        self._columns: dict[str, int] = {}
        self._rows: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._number, self._length = "0", 1

    def to_row(self, given: Elements) -> int:
        number = given.get("r")
        if number is None:
            self.row += 1
        else:
            row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 9 else -1
            if row <= self.row or row >= MOST_ROWS:
                raise SheetError(f'its row "{number[:20]}" follows row {self.row + 1}, and no workbook has that')
            self.row = row
        self.column = -1
        self._number = str(self.row + 1)
        self._length = len(self._number)
        return self.row

    def to_cell(self, given: Elements) -> int:
        self.seen += 1
        name = given.get("r")
        if name is None:
            self.column += 1
            if self.column >= MOST_COLUMNS:
                raise SheetError(f"row {self.row + 1} has more cells than a workbook has columns")
            return self.column
        letters = name[: -self._length]
        column = self._columns.get(letters, -1) if name.endswith(self._number) else -1
        if column < 0:
            row, column = address(name)
            if row != self.row:
                raise SheetError(f"its cell {name} is in row {self.row + 1}, and no workbook has that")
            if name.endswith(self._number) and letters.isalpha():
                self._columns[letters] = column
        if column <= self.column:
            raise SheetError(f"its cell {name} comes after one further right, and no workbook has that")
        self.column = column
        return column

    def to_cells(self, row: str, letters: tuple[str, ...], numbers: tuple[str, ...]) -> tuple[int, ...]:
        """Go to a row, and through all of its cells; most rows have cells in the same columns."""
        self.to_row({"r": row})
        columns = self._rows.get(letters)
        if columns is None or numbers.count(self._number) < len(numbers):
            columns = tuple([self.to_cell({"r": f"{name}{number}"}) for name, number in zip(letters, numbers)])
            if len(self._rows) < _MOST_KNOWN:
                self._rows[letters] = columns
        else:
            self.seen += len(columns)
        return columns


def _survey(package: Package, part: str) -> tuple[Extent, Marks]:
    extent, marks, places = Extent(), Marks(), _Places()
    formula: list[str] = []
    kind: Elements = {}
    shared: dict[str, bool] = {}
    is_counted = True
    parser = expat.ParserCreate()
    parser.buffer_text = True
    prefix = ""

    def start(name: str, given: Elements) -> None:
        nonlocal formula, kind, is_counted, prefix
        if prefix:
            name = name.removeprefix(prefix)
        if name == "c":
            places.to_cell(given)
            is_counted = False
        elif name in ("v", "is", "f"):
            if not is_counted:
                extent.add(places.row, places.column)
                is_counted = True
            if name == "f":
                formula, kind = [], given
                parser.EndElementHandler, parser.CharacterDataHandler = end, formula.append
        elif name == "row":
            places.to_row(given)
            if given.get("hidden") in _TRUE:
                marks.rows.add(places.row)
        elif name == "mergeCell":
            marks.merged.append(area(given.get("ref", "")))
        elif name == "col" and given.get("hidden") in _TRUE:
            marks.columns.update(range(max(whole(given.get("min")) - 1, 0), min(whole(given.get("max")), MOST_COLUMNS)))
        elif name.endswith(":worksheet"):
            prefix = name.removesuffix("worksheet")

    def end(_: str) -> None:  # of a formula, which has no elements in it
        text = "".join(formula)
        parser.EndElementHandler = parser.CharacterDataHandler = None
        verdict = is_total(text, places.row + 1, places.column)
        if kind.get("t") == "shared":
            identity = kind.get("si", "")
            verdict = shared.setdefault(identity, verdict) if text or identity in shared else False
        if verdict:
            marks.sums.add((places.row, places.column))

    def take(row: str, text: str) -> None:
        letters, numbers, has_value = filled_in(text) if text else _NONE[:3]
        columns = places.to_cells(row, letters, numbers)
        extent.add_row(places.row, [*compress(columns, has_value)])

    parser.StartElementHandler = start
    with package.open(part) as stream:
        for _ in parse(PlainRows(stream, parser, take), parser, lambda: iter((None,))):
            extent.limit(places.seen)
    return extent, marks


def xlsx_rows(package: Package, part: str, width: int, height: int) -> Iterator[Row]:
    """The rows with what their cells hold: an error where there is one, a formula where it has no value."""
    texts, formats, is_1904 = package.texts, package.kinds, package.counts_from_1904
    places, done = _Places(), list[Row]()
    cells: list[Any] = []
    pieces: list[str] = []
    value: str | None = None
    formula: str | None = None
    given_cell: Elements = {}
    is_text = is_spoken = False
    prefix = ""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, given: Elements) -> None:
        nonlocal value, formula, given_cell, is_text, is_spoken, cells, prefix
        if prefix:
            name = name.removeprefix(prefix)
        if name == "c":
            places.to_cell(given)
            given_cell, value, formula = given, None, None
        elif name in ("v", "t", "f"):
            is_text = not is_spoken
            pieces.clear()
        elif name == "rPh":
            is_spoken = True
        elif name == "row":
            places.to_row(given)
            cells = []
        elif name.endswith(":worksheet"):
            prefix = name.removesuffix("worksheet")

    def end(name: str) -> None:
        nonlocal value, formula, is_text, is_spoken
        if prefix:
            name = name.removeprefix(prefix)
        if is_text:
            is_text = False
            text = "".join(pieces)
            if name == "f":
                formula = text
            else:
                value = text if value is None else value + text
        elif name == "c":
            column = places.column
            if (value is not None or formula is not None) and column < width:
                kind = "" if value is None else given_cell.get("t", "")  # a formula without a value has none of a kind
                put(column, held(column, kind, str(whole(given_cell.get("s"))), value or "", formula))
        elif name == "row":
            if places.row < height:
                done.append(Row(places.row + 1, cells))
        elif name == "rPh":
            is_spoken = False

    def characters(text: str) -> None:
        if is_text:
            pieces.append(text)

    def take(row: str, text: str) -> None:
        nonlocal cells
        letters, numbers, styles, kinds, has_value, values = cells_in(text) if text else _NONE
        columns = places.to_cells(row, letters, numbers)
        cells = []
        for column, style, kind, has, value in zip(columns, styles, kinds, has_value, values):
            if has and column < width:
                put(column, held(column, kind, style, value, None))
        if places.row < height:
            done.append(Row(places.row + 1, cells))

    def put(column: int, content: Any) -> None:
        if content != "":
            missing = column - len(cells)
            if missing:
                cells.extend([""] * missing)
            cells.append(content)

    def held(column: int, kind: str, style: str, value: str, formula: str | None) -> Any:
        if kind == "s":
            try:
                return texts[int(value)]
            except (ValueError, IndexError):
                place = f"{letter(column)}{places.row + 1}"
                raise SheetError(f"its cell {place} names a text that is not there") from None
        if kind == "e":
            return NoValue(value or "#ERROR")
        if kind in ("str", "inlineStr"):
            return decode(value)
        if not value:
            return "" if formula is None else NoValue(f"={formula or '...'}")
        if kind == "b":
            return value in _TRUE
        if kind == "d":
            return _iso(value)
        try:
            number = float(value)
        except ValueError:
            return value
        if style and formats and (what := formats[int(style)] if int(style) < len(formats) else ""):
            return moment(number, what == "duration", is_1904)
        return number

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters

    def drain() -> Iterator[Row]:
        yield from done
        done.clear()

    number = 1
    with package.open(part) as stream:
        for row in parse(PlainRows(stream, parser, take, is_checked=True), parser, drain):
            while number < row.number:
                yield Row(number, [])
                number += 1
            number += 1
            yield row


def moment(number: float, is_duration: bool, is_1904: bool = False) -> Any:
    """The date, the time or both that a number stands for; the number itself where it stands for none.

    >>> moment(0.672916666666667, False), moment(46248.0, False), moment(1.25, True)
    (datetime.time(16, 9), datetime.date(2026, 8, 14), datetime.timedelta(days=1, seconds=21600))
    """
    try:
        span = timedelta(milliseconds=round(number * 86_400_000))
        if is_duration:
            return span
        if number < 0:
            return number
        if span < timedelta(days=1):
            return (datetime.min + span).time()
        found = span + (datetime(1904, 1, 1) if is_1904 else _EARLY if number < _LEAP_DAY else _LATER)
    except (OverflowError, ValueError):
        return number
    return found.date() if found.time() == time() else found


def _iso(text: str) -> date | datetime | str:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
