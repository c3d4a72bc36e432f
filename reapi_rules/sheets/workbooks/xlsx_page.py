"""The cells of an XLSX sheet, read by expat: once for how far they reach and their marks, once for what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import IO, Any, TypeAlias
from xml.parsers import expat

from reapi_rules.sheets.meaning.columns import SheetError, letter
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.marks import Marks, is_total
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS, address, area
from reapi_rules.sheets.workbooks.calendar import moment
from reapi_rules.sheets.workbooks.package import Elements, Package, decode, parse, prefix_of, whole
from reapi_rules.sheets.workbooks.page import Extent, Outline, Page
from reapi_rules.sheets.workbooks.plain_rows import (
    STAND_IN,
    Cell,
    Shape,
    find_rows,
    formulas_in,
    pieces_of_rows,
    texts_in,
)
from reapi_rules.sheets.workbooks.splice import Spot

__all__ = ["survey", "xlsx_page", "xlsx_rows"]

_TRUE = ("1", "true")
_Plan: TypeAlias = tuple[list[Cell], list[tuple[int, Cell]], list[slice], list[int], list[int], int, int]
"""Of rows of a shape: the filled cells within the table, those with formulas, the runs of shared texts, the places of
the others, the gaps, how many texts these cells have, and how many there are."""


def xlsx_page(package: Package, part: str) -> Page:
    """The page in a part of a package."""
    extent, marks, outline = survey(package, part)
    return Page(extent=extent, marks=marks, read=partial(xlsx_rows, package, part, outline), outline=outline)


class _Places:
    """Where cells stand: their own word for it, or the place behind the one before."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.seen = 0
        self._columns: dict[str, int] = {}

    def to_row(self, given: Elements) -> None:
        number = given.get("r")
        if number is None:
            self.row += 1
        else:
            row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 9 else -1
            if row <= self.row or row >= MOST_ROWS:
                raise SheetError("row_follows", row=number[:20], before=self.row + 1)
            self.row = row
        self.column = -1

    def to_cell(self, given: Elements) -> None:
        self.seen += 1
        name = given.get("r")
        if name is None:
            self.column += 1
            if self.column >= MOST_COLUMNS:
                raise SheetError("row_too_long", row=self.row + 1)
            return
        letters = name.rstrip("0123456789")
        column = self._columns.get(letters) if name == f"{letters}{self.row + 1}" else None
        if column is None:
            row, column = address(name)
            if row != self.row:
                raise SheetError("cell_in_other_row", cell=name, row=self.row + 1)
            self._columns[letters] = column
        if column <= self.column:
            raise SheetError("cell_out_of_order", cell=name)
        self.column = column


def survey(package: Package, part: str) -> tuple[Extent, Marks, Outline]:
    """How far the cells of a sheet reach, what it says of them, and its outline."""
    extent, marks, places = Extent(), Marks(), _Places()
    outline = Outline(package.archive.getinfo(part).CRC, merged=marks.merged)
    formula: list[str]
    kind: Elements
    shared: dict[str | None, bool] = {}
    is_counted, is_struck, struck = True, False, package.struck
    parser = expat.ParserCreate()
    parser.buffer_text = True
    prefix: str | None = None
    skipped = 0  # bytes of known rows

    def start(name: str, given: Elements) -> None:
        nonlocal formula, kind, is_counted, is_struck, prefix
        if prefix:
            name = name.removeprefix(prefix)
        if name == "c":
            places.to_cell(given)
            is_counted, is_struck = False, bool(struck) and whole(given.get("s")) in struck
        elif name in ("v", "is", "f"):
            if not is_counted:
                extent.add(places.row, places.column)
                is_counted = True
                if is_struck:
                    marks.struck.add(places.row)
            if name == "f":
                outline.has_formulas = True
                formula, kind = [], given
                parser.EndElementHandler, parser.CharacterDataHandler = end, formula.append
        elif name == "row":
            places.to_row(given)
            if given.get("hidden") in _TRUE:
                marks.rows.add(places.row)
        elif name == "mergeCell":
            marks.merged.append(area(given.get("ref", "")))
        elif name == "col":
            if given.get("hidden") in _TRUE:
                last = min(whole(given.get("max")), MOST_COLUMNS)
                marks.columns.update(range(max(whole(given.get("min")) - 1, 0), last))
            if outline.data < 0 and all(given.get(edge, "").isdigit() for edge in ("min", "max")):
                outline.widths.append(given)
        elif name == "sheetProtection":
            outline.is_protected = given.get("sheet") in _TRUE
        elif name == "autoFilter" and outline.filter is None:
            outline.filter = Spot(name, given, skipped + parser.CurrentByteIndex)
        elif name == "sheetData":
            outline.data = parser.CurrentByteIndex
        elif prefix is None:
            prefix = outline.prefix = prefix_of(name)

    def end(_: str) -> None:  # of a formula, which has no elements in it
        text = "".join(formula)
        parser.EndElementHandler = parser.CharacterDataHandler = None
        verdict = is_total(text, places.row + 1, places.column)
        if kind.get("t") == "shared":
            identity = kind.get("si")
            verdict = shared.setdefault(identity, verdict) if text or identity in shared else False
        if verdict:
            marks.sums.add((places.row, places.column))

    def declare(_: str, encoding: str | None, __: int) -> None:
        outline.encoding = encoding

    def feed(stream: IO[bytes]) -> Iterator[bytes]:
        nonlocal skipped
        found, filled, crossed = outline.rows, list[list[int]](), list[bool]()
        for piece, span in find_rows(stream, found):
            if span:
                skipped += len(piece) - len(STAND_IN)
                rows, shapes = ([*each[span.start : span.stop]] for each in (found.numbers, found.shapes))
                for shape in found.known[len(filled) :]:
                    filled.append([cell.column for cell in shape.cells if cell.parts])
                    crossed.append(any(cell.parts and cell.style in struck for cell in shape.cells))
                extent.add_rows(rows, shapes, filled)
                if struck:
                    marks.struck.update(number - 1 for number, shape in zip(rows, shapes) if crossed[shape])
                places.row = rows[-1] - 1
                places.seen += sum([len(found.known[shape].cells) for shape in shapes])
                for number, column, text in formulas_in(piece, found, span):
                    outline.has_formulas = True
                    if is_total(text, number, column):
                        marks.sums.add((number - 1, column))
            yield STAND_IN if span else piece
            extent.limit(places.seen)

    parser.StartElementHandler = start
    parser.XmlDeclHandler = declare
    with package.open(part) as stream:
        for _ in parse(feed(stream), parser, []):
            pass
    return extent, marks, outline


def xlsx_rows(package: Package, part: str, outline: Outline, width: int, height: int) -> Iterator[Row]:
    """The rows with what their cells hold: an error where there is one, a formula where it has no value."""
    texts, formats, is_1904 = package.texts, package.kinds, package.counts_from_1904
    places, done = _Places(), list[Row]()
    cells: list[Any] = []
    pieces: list[str] = []
    value: str | None = None
    formula: str | None = None
    given_cell: Elements
    is_text = is_spoken = False
    prefix = outline.prefix
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, given: Elements) -> None:
        nonlocal value, formula, given_cell, is_text, is_spoken, cells
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

    def take(piece: bytes, span: range) -> None:
        values, last = texts_in(piece), 0
        for at in span:
            filled, formulas, shared, others, gaps, many, count = known[found.shapes[at]]
            number = found.numbers[at]
            places.row = number - 1
            row: list[Any] = values[last : last + many]
            last += count
            without: list[tuple[int, Any]] = []
            for place, cell in formulas:
                text, value = row[place], ""
                if cell.parts == "fv":
                    del row[place]
                    value = row[place]
                if not value:
                    without.append((place, held(cell.column, cell.kind, "", value, text)))
            try:
                for part in shared:  # by map it takes half the time
                    row[part] = map(text_at, map(int, row[part]))
            except (ValueError, IndexError):
                for cell, value in zip(filled[part], row[part]):  # those before it are texts already
                    held(cell.column, cell.kind, "", value, None)  # which says where
            for place in others:
                cell = filled[place]
                row[place] = held(cell.column, cell.kind, str(cell.style), row[place], None)
            for place, content in without:
                row[place] = content
            for gap in gaps:
                row.insert(gap, "")
            while row and row[-1] == "":
                del row[-1]
            if number <= height:
                done.append(Row(number, row))

    def plan(shape: Shape) -> _Plan:
        filled = [cell for cell in shape.cells if cell.parts and cell.column < width]
        columns, places, runs = {cell.column for cell in filled}, range(len(filled)), list[slice]()
        for is_shared, run in groupby(places, lambda place: filled[place].kind == "s"):
            if is_shared:
                runs.append(slice(first := next(run), sum(1 for _ in run) + first + 1))
        formulas = [(place, cell) for place, cell in enumerate(filled) if "f" in cell.parts]
        others = [place for place in places if filled[place].kind != "s"]
        gaps = [at for at in range(max(columns, default=0)) if at not in columns]
        return filled, formulas, runs, others, gaps, sum(len(cell.parts) for cell in filled), shape.texts

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
                raise SheetError("no_such_text", cell=f"{letter(column)}{places.row + 1}") from None
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

    def feed(stream: IO[bytes]) -> Iterator[bytes]:
        for piece, span in pieces_of_rows(stream, found):
            if span:
                take(piece, span)
            yield b"" if span else piece

    found = outline.rows
    known, number, text_at = [*map(plan, found.known)], 1, texts.__getitem__
    with package.open(part) as stream:
        for row in parse(feed(stream), parser, done):
            while number < row.number:
                yield Row(number, [])
                number += 1
            number += 1
            yield row


def _iso(text: str) -> date | datetime | str:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
