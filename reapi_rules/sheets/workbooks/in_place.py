"""Writes our columns into the user's own workbook: what it has besides stays as it is, byte for byte.

Our cells go into the XML of the sheet, and their formats behind those in ``styles.xml``.  A table and a filter beside
which our columns come reach over them.  A formula that reads our cells loses its saved value.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from html import unescape
from typing import IO, Any, BinaryIO, TypeAlias

from msgspec.structs import replace

from reapi_rules.catalog.texts import Told
from reapi_rules.sheets.meaning.columns import ResultColumn, SheetError, letter, our_titles
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.results.result import Result, ResultCell, Writer
from reapi_rules.sheets.workbooks.addresses import LONGEST_TEXT, MOST_COLUMNS, MOST_ROWS, area
from reapi_rules.sheets.workbooks.package import (
    OLE,
    Package,
    PackedSheet,
    decode,
    elements,
    encode,
    pieces_of,
    unpack,
    whole,
)
from reapi_rules.sheets.workbooks.page import Outline
from reapi_rules.sheets.workbooks.plain_rows import Shape
from reapi_rules.sheets.workbooks.references import Column, Formula, NamedTable, Reader, stale
from reapi_rules.sheets.workbooks.sheet_splice import RowSpot, SheetSplice, columns_with, formulas_of, wider_spans
from reapi_rules.sheets.workbooks.splice import Edit, Spot, Spots, refuse_encodings, replaced, tag
from reapi_rules.sheets.workbooks.styles import Styles
from reapi_rules.sheets.workbooks.xlsx_page import xlsx_page
from reapi_rules.terms.once import Recent
from reapi_rules.terms.spelling import fold
from reapi_rules.terms.templates import told

__all__ = ["InPlaceWriter", "Spliced"]

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")  # XML, and so a workbook, can't hold them
_SHOWN = 5
_TAGS = 2  # of a blank cell
_LEVEL = 2  # packs a sheet in a quarter of the time that the usual level takes; the file is a quarter larger
_LARGE = 1 << 30
_LOOK = 1 << 8  # bytes in which a declaration ends
_LOOKS = {"reapi_errors": "error", "reapi_warnings": "warning"}
_Look: TypeAlias = tuple[Any, ...]
_Ours: TypeAlias = tuple[dict[int, str], list[bytes], bytes]


class Spliced:
    """A workbook that gets other cells in one of its sheets; ``notes`` are what is to be said about it."""

    otherwise: Told = Told("write_anew")
    """What to do where that can't be."""

    def __init__(self, output: BinaryIO, content: bytes, table: Table, language: str = "en") -> None:
        self._language = language
        self._package = package = _opened(content, self.otherwise)
        self._sheet = next(sheet for sheet in package.sheets if sheet.name == table.sheet)
        self._header = table.header.number
        self._outline = self._outline_of(self._sheet, table.outline)
        if self._outline.is_protected:
            raise SheetError("is_protected", name=table.sheet, otherwise=self.otherwise)
        part = package.parts.get("styles")
        styles = None if part is None else Styles(package.read(part))
        self._styles = styles if styles is not None and styles.has_formats else None
        self._places: dict[str, int] = {}
        self._stale: dict[str, dict[int, set[int]]] = {}
        self._file = output
        self.notes: tuple[str, ...] = ()

    def _outline_of(self, sheet: PackedSheet, read: Outline | None = None) -> Outline:
        """The outline of a sheet, unless it was read before.  Raises SheetError where nothing can be put into it."""
        if read is None or read.sum != self._package.archive.getinfo(sheet.part).CRC:
            read = xlsx_page(self._package, sheet.part).outline
        if read is None or not read.says_places:
            raise SheetError("says_no_place")
        with self._package.open(sheet.part) as stream:
            refuse_encodings(stream.read(_LOOK))
        return read

    def _formulas(self) -> Iterator[Formula]:
        for sheet in self._package.sheets:
            if sheet != self._sheet or self._outline.has_formulas:
                with self._package.open(sheet.part) as stream:
                    yield from formulas_of(stream, sheet.name, self._reader)

    def _reading(
        self, formulas: Callable[[], Iterable[Formula]], changed: Mapping[Column, Sequence[int]], what: str
    ) -> dict[str, dict[int, set[int]]]:
        """The formulas that read what changes, by sheet, row and column; the notes name them."""
        own, found = self._sheet.name, stale(formulas, changed)
        if found:
            listed = [f"{letter(each.column)}{each.row + 1}" for each in found if each.sheet == own]
            listed += [f"{each.sheet}!{letter(each.column)}{each.row + 1}" for each in found if each.sheet != own]
            shown = ", ".join(listed[:_SHOWN]) + (", ..." if len(listed) > _SHOWN else "")
            text, language = workbook_texts().text, self._language
            name = "formula_reads" if len(found) == 1 else "formulas_read"
            self.notes = (text(name, language, count=len(found), what=text(what, language), cells=shown),)
        by_sheet: dict[str, dict[int, set[int]]] = {}
        for each in found:
            by_sheet.setdefault(each.sheet, {}).setdefault(each.row, set()).add(each.column)
        return by_sheet

    @cached_property
    def _reader(self) -> Reader:
        """What reads formulas that have names and tables of the workbook in them."""
        names, text = dict[str, list[str]](), self._package.read(self._package.workbook)
        for spot in Spots(text).all:
            if spot.name == "definedName":
                meaning = unescape(text[spot.inner : spot.close].decode("utf-8", "replace"))
                names.setdefault(spot.given.get("name", ""), []).append(meaning)
        tables: dict[str, NamedTable] = {}
        for sheet in self._package.sheets:
            for _, name, table in self._tables_of(sheet):
                _, top, left, bottom, right = table.area
                if sheet == self._sheet and top == self._header - 1:  # it will have some of our columns too
                    right = max([right, *self._places.values()])
                tables[name] = replace(table, area=(sheet.name, top, left, bottom, right))
        return Reader(names, tables, [sheet.name for sheet in self._package.sheets])

    def _tables_of(self, sheet: PackedSheet) -> Iterator[tuple[str, str, NamedTable]]:
        """The tables of a sheet, each with its part and its name."""
        for _, part, kind in self._package.related(sheet.part):
            if kind == "table":
                with self._package.open(part) as stream:
                    (_, given), *rest = elements(stream)
                (top, left), (bottom, right) = area(given.get("ref", "A1"))
                titles = tuple(decode(each.get("name", "")) for name, each in rest if name == "tableColumn")
                heads, totals = whole(given.get("headerRowCount", "1")), whole(given.get("totalsRowCount"))
                table = NamedTable((sheet.name, top, left, bottom, right), titles, heads, totals)
                yield part, given.get("displayName", ""), table

    def _changed_parts(self) -> dict[str, bytes]:
        """The parts that change; that of our sheet is written row by row, the formats at the end."""
        changed = {self._sheet.part: b""}
        if self._styles is not None:
            changed[self._package.parts["styles"]] = b""
        for sheet in self._package.sheets:
            if sheet.part != self._sheet.part and sheet.name in self._stale:
                changed[sheet.part] = self._without_values(sheet)
        return changed

    def _begin(self, wanted: Collection[int], edits: Iterable[Edit] = (), beyond: int = MOST_COLUMNS) -> None:
        """Copy the parts that stay, and begin the sheet, with what ``SheetSplice`` has to know."""
        self._own_stale = self._stale.get(self._sheet.name, {})
        self._changed = self._changed_parts()
        stream, wanted = self._package.open(self._sheet.part), {*wanted}.union(*self._own_stale.values())
        self._splice = SheetSplice(stream, lambda piece: self._part.write(piece), self._outline, wanted, edits, beyond)
        self._output = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        try:
            self._output.comment = self._package.archive.comment
            for name in dict.fromkeys(self._package.archive.namelist()):  # of two of one name the last counts
                if name not in self._changed:
                    with self._package.open(name) as part:
                        self._copy(name, pieces_of(part))
        except BaseException:
            self._output.close()  # else it would be closed too late, and complain
            raise
        self._part = self._open(self._sheet.part)
        self._spots = self._splice.rows()
        self._advance()

    def _advance(self) -> None:
        """Go to the next row; where it can't be read, nothing stays open."""
        try:
            self._next = next(self._spots, None)
        except BaseException:
            self.abandon()
            raise

    def close(self) -> None:
        self._row(MOST_ROWS + 1)
        self._part.close()
        if self._styles is not None:
            self._changed[self._package.parts["styles"]] = self._styles.text()
        del self._changed[self._sheet.part]
        for name, content in self._changed.items():
            self._copy(name, [content])
        self._output.close()

    def abandon(self) -> None:
        self._part.close()
        self._output.close()  # else it would be closed too late, and complain

    def _without_values(self, sheet: PackedSheet) -> bytes:
        """Another sheet, whose formulas read ours, without their saved values."""
        pieces, by_row = list[bytes](), self._stale[sheet.name]
        with self._package.open(sheet.part) as stream:
            splice = SheetSplice(stream, pieces.append, self._outline_of(sheet), set().union(*by_row.values()))
            for row in splice.rows():
                splice.put(row, {}, by_row.get(row.number - 1, ()))
        return b"".join(pieces)

    def _row(self, number: int) -> RowSpot | None:
        """The row of a number, if there is one; those before it go by."""
        while (row := self._next) is not None and row.number < number:
            self._splice.put(row, {}, self._own_stale.get(row.number - 1, ()))
            self._advance()
        return row if row is not None and row.number == number else None

    def _put(self, spot: RowSpot | None, number: int, cells: Mapping[int, str]) -> None:
        """Put cells into a row; one that is not there has only those that are not empty."""
        encoded = {place: cell.replace("\0", str(number)).encode() for place, cell in cells.items()}
        if spot is not None:
            self._splice.put(spot, encoded, self._own_stale.get(number - 1, ()))
            self._advance()
        elif filled := {place: cell for place, cell in encoded.items() if cell}:
            self._splice.insert(self._next, number, filled)

    def _style_of(self, spot: RowSpot | None, column: int) -> int:
        """The number of the format of a cell, or of its row or column where it is not there."""
        if spot is not None and column in spot.shape.styles:
            return spot.shape.styles[column]
        if spot is not None and spot.shape.style >= 0:
            return spot.shape.style
        for given in self._outline.widths:
            if int(given["min"]) <= column + 1 <= int(given["max"]):
                return whole(given.get("style"))
        return 0

    def _text(self, place: int, text: str, style: int) -> str:
        p, text = self._outline.prefix, encode(_CONTROLS.sub("", text)[:LONGEST_TEXT])  # no blanks are around it
        inner = f"<{p}is><{p}t>{text}</{p}t></{p}is>"
        return self._cell(place, style, ' t="inlineStr"', inner)

    def _cell(self, place: int, style: int, kind: str, inner: str) -> str:
        p = self._outline.prefix
        number = f' s="{style}"' if style and self._styles is not None else ""
        end = f">{inner}</{p}c>" if inner else "/>"
        return f'<{p}c r="{letter(place)}\0"{number}{kind}{end}'

    def _open(self, name: str) -> IO[bytes]:
        """A part to be written, like the old one of that name."""
        old = self._package.archive.getinfo(name)
        info = zipfile.ZipInfo(name, old.date_time)
        info.compress_type, info.external_attr = old.compress_type, old.external_attr
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # its public name is of Python 3.13
        return self._output.open(info, "w", force_zip64=old.file_size > _LARGE or name == self._sheet.part)

    def _copy(self, name: str, pieces: Iterable[bytes]) -> None:
        with self._open(name) as part:
            for piece in pieces:
                part.write(piece)


class InPlaceWriter(Spliced, Writer):
    """Writes results beside the rows of a workbook; ``close`` writes the rest of it.

    Columns of an earlier run are written over where they stand; new ones come behind the last column.
    """

    def __init__(
        self, output: BinaryIO, content: bytes, table: Table, results: Iterable[ResultColumn], language: str = "en"
    ) -> None:
        super().__init__(output, content, table, language)
        self._results = tuple(results)
        self._places, self._emptied, self._new = self._find_places(table)
        self._touched = {*self._places.values(), *self._emptied}
        self._tables = {part: each.area[1:] for part, _, each in self._tables_of(self._sheet)}
        self._refuse()
        # our columns of an earlier run in a table, which has their titles too, and formulas may name them
        spans = [(left, right) for top, left, _, right in self._tables.values() if top == self._header - 1]
        self._kept = {place for place in self._touched if any(left <= place <= right for left, right in spans)}
        # the columns whose formats ours take on: the nearest on the left that is not ours
        self._base = {
            place: next(at for at in range(place, -2, -1) if at not in self._touched) for place in self._places.values()
        }
        self._bases = tuple(dict.fromkeys(self._base.values()))
        self._own: dict[int, set[int]] = {}
        self._stale = self._find_stale()
        self._blank = (None,) * len(self._results)
        self._known: Recent[Any, _Ours] = Recent()
        self._looks: dict[Shape, _Look] = {}
        self._begin(self._touched, self._edits(), min(self._places.values()))
        spot, cells = self._row(self._header), dict.fromkeys(self._emptied - self._kept, "")
        for column in self._results:
            place = self._places[column.name]
            if place not in self._kept:
                cells[place] = self._text(place, self._title(column), self._style(spot, place, None))
        self._put(spot, self._header, cells)

    def write(self, row: Row, result: Result | None) -> None:
        number, spot = row.number, self._row(row.number)
        if result is None and spot is not None and self._is_theirs(spot):
            return  # it goes by as it is
        if number in self._own:
            raise SheetError("own_formula", cell=f"{letter(min(self._own[number]))}{number}")
        blank = self._blank if spot is not None and spot.shape.styles else ()
        cells, behind, spans = self._cells(blank if result is None else result.cells, spot)
        if spot is not None and spot.shape.styles and not spot.cells:
            self._splice.append(spot, (b"%d" % number).join(behind), spans)  # all its cells are before ours
            self._advance()
        else:
            self._put(spot, number, dict.fromkeys(self._emptied, "") | cells)

    def _is_theirs(self, spot: RowSpot) -> bool:
        """Whether what a row has in our columns is not ours, since none of our verdicts is there."""
        place = self._places["reapi_verdict"]
        is_blank = spot.text.count(b"<", *spot.cells.get(place, (0, 0))) <= _TAGS
        return place not in self._new and (is_blank or place in self._own.get(spot.number, ()))

    def _find_places(self, table: Table) -> tuple[dict[str, int], frozenset[int], list[int]]:
        """Where each of our columns stands, which are emptied, and which are new."""
        wanted = {column.name for column in self._results}
        known = {fold(title): name for title, name in our_titles().items() if name in wanted}
        width = len(table.columns.titles) + len(table.columns.ours)
        ours = [(known.get(fold(title), ""), at) for at, title in sorted(table.columns.ours.items(), reverse=True)]
        places = {name: at for name, at in ours if name}  # of several of a name the first
        emptied = frozenset(table.columns.ours) - frozenset(places.values())
        behind = max([width, *(last[1] + 1 for _, last in self._outline.merged if last[1] < width)])
        names = [column.name for column in self._results if column.name not in places]
        places |= {name: at for at, name in enumerate(names, behind)}
        if behind + len(names) > MOST_COLUMNS:
            raise SheetError("no_room")
        return places, emptied, [places[name] for name in names]

    def _refuse(self) -> None:
        """What stands in our place."""

        def found(top: int, left: int, bottom: int, right: int) -> str:
            is_there = bottom >= self._header - 1 and any(left <= place <= right for place in self._touched)
            return f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}" if is_there else ""

        for start, end in self._outline.merged:
            if where := found(*start, *end):
                raise SheetError("merged_cells", area=where)
        for part, corners in self._tables.items():
            if corners[0] != self._header - 1 and (where := found(*corners)):
                raise SheetError("other_table", area=where, part=part)

    def _find_stale(self) -> dict[str, dict[int, set[int]]]:
        """The formulas that read our cells, by sheet, row and column; those in our columns are noted by their rows."""
        own, places = self._sheet.name, self._touched
        changed = {(own, place): range(self._header - 1, MOST_ROWS) for place in places}

        def others() -> Iterator[Formula]:
            for formula in self._formulas():
                if formula.sheet == own and formula.column in places and formula.row >= self._header - 1:
                    self._own.setdefault(formula.row + 1, set()).add(formula.column)
                yield formula

        return self._reading(others, changed, "our_columns")

    def _changed_parts(self) -> dict[str, bytes]:
        changed = super()._changed_parts()
        for part, (top, _, _, right) in self._tables.items():
            if self._new and top == self._header - 1 and right + 1 == self._new[0]:
                changed[part] = self._wider_table(part)
        if self._filter_is_wider():
            text = self._package.read(self._package.workbook)
            wider = self._wider_name(text)
            if wider != text:
                changed[self._package.workbook] = wider
        return changed

    def _wider_table(self, part: str) -> bytes:
        text = self._package.read(part)
        spots, edits = Spots(text), list[Edit]()
        if spots.found["table"].given.get("tableType") == "queryTable":
            return text  # another part counts its columns too
        ids = [whole(spot.given.get("id")) for spot in spots.all if spot.name == "tableColumn"]
        for name in ("table", "autoFilter"):
            edits += self._wider(text, spots.found.get(name))
        spot = spots.found["tableColumns"]
        new = (column for column in self._results if self._places[column.name] in self._new)
        names = [self._title(column) for column in new]
        added = "".join(
            tag(f"{spots.prefix}tableColumn", {"id": str(number), "name": name})
            for number, name in enumerate(names, max(ids, default=0) + 1)
        )
        if "count" in spot.given:
            edits.append(_attribute(text, spot.start, "count", str(len(ids) + len(names))))
        edits.append((spot.close, spot.close, added.encode()))
        return replaced(text, edits)

    def _wider(self, text: bytes, spot: Spot | None) -> list[Edit]:
        """What makes the area of an element reach over our new columns."""
        if spot is None or "ref" not in spot.given:
            return []
        return [_attribute(text, spot.start, "ref", self._reaching(spot.given["ref"]))]

    def _reaching(self, reference: str) -> str:
        """An area that reaches over our new columns too; what is no area, or one of whole columns, as it is."""
        try:
            (top, left), (bottom, right) = area(reference)
        except SheetError:
            return reference
        first, last, row = min(left, *self._new), max(right, *self._new), self._header - 1
        return f"{letter(first)}{min(top, row) + 1}:{letter(last)}{max(bottom, row) + 1}"

    def _filter_is_wider(self) -> bool:
        """Whether our columns come right behind the sheet's filter."""
        spot = self._outline.filter
        try:
            (top, _), (_, right) = area("" if spot is None else spot.given.get("ref", ""))
        except SheetError:  # none, or whole columns
            return False
        return top == self._header - 1 and [right + 1] == self._new[:1]

    def _wider_name(self, text: bytes) -> bytes:
        """The workbook, its name for the area of the filter wider too."""
        number, edits = str([sheet.part for sheet in self._package.sheets].index(self._sheet.part)), []
        for spot in Spots(text).all:
            if (spot.given.get("name"), spot.given.get("localSheetId")) == ("_xlnm._FilterDatabase", number):
                sheet, _, reference = text[spot.inner : spot.close].decode().rpartition("!")
                if sheet:
                    fixed = re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", self._reaching(reference))
                    edits.append((spot.inner, spot.close, f"{sheet}!{fixed}".encode()))
        return replaced(text, edits)

    def _edits(self) -> list[Edit]:
        """What changes outside the rows."""
        outline, edits = self._outline, list[Edit]()
        if self._new:
            head = self._package.open(self._sheet.part).read(outline.data)
            spots = Spots(head + f"</{outline.prefix}worksheet>".encode())
            widths = {self._places[column.name]: column.width for column in self._results}
            columns = columns_with(outline, {place: widths[place] for place in self._new}).encode()
            old = spots.found.get("cols", Spot("cols", {}, outline.data, end=outline.data))
            edits = [*self._wider(head, spots.found.get("dimension")), (old.start, old.end, columns)]
        if (spot := outline.filter) is not None and self._filter_is_wider():
            with self._package.open(self._sheet.part) as stream:
                stream.seek(at := spot.start)
                text = stream.read(4_096)
            wider = self._wider(text, Spot(spot.name, spot.given, 0))
            edits += [(at + start, at + end, instead) for start, end, instead in wider]
        return edits

    def _title(self, column: ResultColumn) -> str:
        """The name of a column, or what it is called in the user's language."""
        return column.name if self._language == "en" else told(column.title, self._language)

    def _cells(self, values: tuple[ResultCell, ...], spot: RowSpot | None) -> _Ours:
        """The cells of a result; the text between their numbers, and how far they reach: the same for rows alike."""
        look = None if spot is None else self._looks.get(spot.shape) or self._look(spot.shape)
        found = self._known.get((look, values))
        if found is None:
            known: dict[int, str] = {}
            for column, value in zip(self._results, values):
                place, use = self._places[column.name], _LOOKS.get(column.name, column.kind)
                style = self._style(spot, place, None if value is None else "error" if value == "rejected" else use)
                if value is None:
                    known[place] = self._cell(place, style, "", "") if style else ""
                elif column.name == "reapi_verdict":
                    known[place] = self._text(place, workbook_texts().verdict(value, self._language), style)
                elif column.kind == "text":
                    known[place] = self._text(place, str(value), style)
                else:
                    prefix = self._outline.prefix
                    known[place] = self._cell(place, style, "", f"<{prefix}v>{value}</{prefix}v>")
            filled = [place for place in sorted(known) if known[place]]
            behind = "".join(known[place] for place in filled).encode().split(b"\0")
            spans = wider_spans(spot.shape.spans if spot is not None else b"", max(filled, default=-1))
            found = self._known[look, values] = known, behind, spans
        return found

    def _look(self, shape: Shape) -> _Look:
        """All of a row that our cells in it depend on."""
        look = shape.spans, shape.style, *map(shape.styles.get, self._bases)
        if shape.cells:  # it is that of many rows
            self._looks[shape] = look
        return look

    def _style(self, spot: RowSpot | None, place: int, use: str | None) -> int:
        base = self._style_of(spot, self._base[place])
        return base if self._styles is None or use is None else self._styles.made(base, use)


def _opened(content: bytes, otherwise: Told) -> Package:
    names = [] if content.startswith(OLE) else unpack(content).namelist()
    is_other = not names or any(name == "content.xml" or name.endswith("workbook.bin") for name in names)
    package = None if is_other else Package(content)
    if package is None or not package.sheets:
        raise SheetError("xlsx_alone", otherwise=otherwise)
    if package.is_strict:
        raise SheetError("is_strict", otherwise=otherwise)
    if any(name.startswith("_xmlsignatures/") for name in package.archive.namelist()):
        raise SheetError("is_signed", otherwise=otherwise)
    return package


def _attribute(text: bytes, start: int, name: str, value: str) -> Edit:
    """What changes an attribute that a tag has."""
    match = re.compile(rb"\s" + name.encode() + rb"\s*=\s*([\"'])(.*?)\1").search(text, start)
    assert match is not None
    return match.start(2), match.end(2), value.encode()
