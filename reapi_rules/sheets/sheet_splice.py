"""The XML of a sheet with our cells put in: it streams past, and all other bytes go by as they are."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import IO, Any
from xml.parsers import expat

import msgspec

from reapi_rules.sheets.columns import letter
from reapi_rules.sheets.package import Elements, parse
from reapi_rules.sheets.page import MOST_COLUMNS
from reapi_rules.sheets.references import Formula, Reader
from reapi_rules.sheets.splice import Edit, Spot, end_of_tag, refuse_encodings, tag
from reapi_rules.sheets.xlsx_page import address, area, index

__all__ = ["Outline", "RowSpot", "SheetSplice", "formulas_of", "outline_of"]

_AT_ONCE = 1 << 16
_SPANS = re.compile(rb'(\sspans=["\'][0-9]+:)([0-9]+)')
_KIND = re.compile(rb"\st=(\"[^\"]*\"|'[^']*')")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?v\s*>)")


class Outline(msgspec.Struct):
    """What stands around the rows of a sheet, and where its cells have formulas."""

    prefix: str = ""
    is_protected: bool = False
    dimension: Spot | None = None
    columns: Spot | None = None
    widths: list[Elements] = []
    data: int = -1
    filter: Spot | None = None
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    has_formulas: bool = False


class RowSpot(msgspec.Struct):
    """A row: where it starts, where its cells end, where it ends, and the cells that somebody asked for by column."""

    number: int
    style: int
    start: int
    close: int = -1
    end: int = -1
    first: int = -1
    cells: dict[int, tuple[int, int, int]] = {}


def outline_of(stream: IO[bytes]) -> Outline:
    """What stands around the rows.  Raises SheetError for a part that is not UTF-8."""
    found, path = Outline(), list[str]()
    parser = expat.ParserCreate()

    def start(name: str, given: Elements) -> None:
        bare = name.rpartition(":")[2]
        if bare in ("c", "v", "row", "is", "t"):
            return
        if bare == "f":
            found.has_formulas = True
        elif not path:
            found.prefix = name.removesuffix(bare)
            path.append(bare)
        elif bare == "sheetProtection":
            found.is_protected = given.get("sheet") in ("1", "true")
        elif bare == "dimension":
            found.dimension = Spot(bare, given, parser.CurrentByteIndex)
        elif bare == "cols":
            found.columns = Spot(bare, given, parser.CurrentByteIndex)
        elif bare == "col" and found.data < 0:
            found.widths.append(given)
        elif bare == "sheetData":
            found.data = parser.CurrentByteIndex
        elif bare == "autoFilter" and found.filter is None:
            found.filter = Spot(bare, given, parser.CurrentByteIndex)
        elif bare == "mergeCell":
            found.merged.append(area(given.get("ref", "")))

    parser.XmlDeclHandler, parser.StartElementHandler = refuse_encodings, start
    for _ in parse(stream, parser):
        pass
    return found


def formulas_of(stream: IO[bytes], sheet: str, reader: Reader) -> Iterator[Formula]:
    """The cells with formulas, and what each of them reads."""
    shared: dict[str, tuple[str, int, int]] = {}
    pieces: list[str] = []
    place, kind, is_formula = "", Elements(), False
    done: list[Formula] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, given: Elements) -> None:
        nonlocal place, kind, is_formula
        name = name.rpartition(":")[2]
        if name == "c":
            place = given.get("r", "")
        elif name == "f":
            kind, is_formula = given, True
            pieces.clear()

    def end(name: str) -> None:
        nonlocal is_formula
        if not is_formula or name.rpartition(":")[2] != "f":
            return
        is_formula = False
        row, column = address(place)
        text, moved = "".join(pieces), (0, 0)
        if kind.get("t") == "shared":
            if text:
                shared[kind.get("si", "")] = text, row, column
            else:
                text, top, left = shared.get(kind.get("si", ""), ("INDIRECT", row, column))
                moved = row - top, column - left
        done.append(Formula(sheet, row, column, reader.areas(text, sheet, moved)))

    def characters(text: str) -> None:
        if is_formula:
            pieces.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters

    def drain() -> Iterator[Formula]:
        yield from done
        done.clear()

    return parse(stream, parser, drain)  # type: ignore[no-any-return]


class SheetSplice:
    """Copies the XML of a sheet, and gives its rows one by one so that cells can be put into them.

    ``wanted`` are the columns whose cells somebody asks for, with all from ``beyond`` on, ``at`` changes outside the
    rows, by their place.
    """

    def __init__(
        self,
        stream: IO[bytes],
        write: Callable[[bytes], Any],
        *,
        prefix: str,
        wanted: Collection[int],
        at: Mapping[int, tuple[int, bytes]],
        beyond: int = MOST_COLUMNS,
    ) -> None:
        self._output = write
        self.prefix: str = prefix
        self._waiting, self._length = list[bytes](), 0
        self._at = dict(at)
        self._held, self._base, self._done = b"", 0, 0
        self._rows: deque[RowSpot] = deque()
        self._pieces = self._feed(stream, wanted, beyond)
        self._settled = 0
        """Where nothing begins that somebody may still want to change."""

    def rows(self) -> Iterator[RowSpot]:
        """The rows in order; each has to be passed on with ``put`` before the next is asked for."""
        for _ in self._pieces:
            while self._rows:
                yield self._rows.popleft()
            self._flush(self._settled)
        self._flush(self._base + len(self._held))
        self._release()

    def put(self, row: RowSpot, cells: Mapping[int, bytes], stale: Collection[int]) -> None:
        """Write a row with these cells, by column; an empty one goes, and a stale one loses its saved value."""
        self._flush(row.start)
        edits: list[Edit] = []
        behind = row.close
        places = sorted(row.cells)
        for column in stale:
            if column in row.cells:
                start, end, _ = row.cells[column]
                edits.append((start, end, _without_value(self._bytes(start, end))))
        for column, cell in cells.items():
            if column in row.cells:
                start, end, _ = row.cells[column]
                edits.append((start, end, cell))
            elif cell:
                start = next((row.cells[place][0] for place in places if place > column), behind)
                edits.append((start, start, cell))
        if not edits:
            return
        if row.close == row.end:
            content = b"".join(cells[column] for column in sorted(cells))
            opening = self._bytes(row.start, row.end).rstrip(b"/> \t\r\n")
            edits = [(row.start, row.end, opening + b">" + content + f"</{self.prefix}row>".encode())]
        if row.first >= 0 and any(cells.values()):
            last = max(column for column, cell in cells.items() if cell) + 1
            start_tag = self._bytes(row.start, row.first)
            wider = _SPANS.sub(lambda match: match[1] + b"%d" % max(int(match[2]), last), start_tag, count=1)
            edits.append((row.start, row.first, wider))
        for start, end, instead in sorted(edits, key=lambda edit: edit[:2]):
            self._flush(start)
            self._write(instead)
            self._done = end

    def insert(self, row: RowSpot | None, number: int, cells: Mapping[int, bytes]) -> None:
        """Write a row that is not there before one that is."""
        if row is not None:
            self._flush(row.start)
        name = f"{self.prefix}row"
        inner = b"".join(cells[column] for column in sorted(cells))
        self._write(f'<{name} r="{number}">'.encode() + inner + f"</{name}>".encode())

    def _write(self, piece: bytes) -> None:
        self._waiting.append(piece)
        self._length += len(piece)
        if self._length > _AT_ONCE:
            self._release()

    def _release(self) -> None:
        self._output(b"".join(self._waiting))
        self._waiting.clear()
        self._length = 0

    def _bytes(self, start: int, end: int) -> bytes:
        return self._held[start - self._base : end - self._base]

    def _flush(self, end: int) -> None:
        """Write all up to a place, with the changes outside the rows."""
        while self._at and (first := min(self._at)) < end:
            stop, instead = self._at.pop(first)
            self._write(self._bytes(self._done, first) + instead)
            self._done = stop
        if end > self._done:
            self._write(self._bytes(self._done, end))
            self._done = end
        if self._done - self._base > len(self._held) // 2:
            cut = min(self._done - self._base, len(self._held))
            self._held = self._held[cut:]
            self._base += cut

    def _feed(self, stream: IO[bytes], wanted: Collection[int], beyond: int) -> Iterator[None]:
        parser = expat.ParserCreate()
        rows, c, r = self._rows, f"{self.prefix}c", f"{self.prefix}row"
        row: RowSpot | None = None
        asked = -1
        style = start_at = 0
        latest = ""
        columns: dict[str, int] = {}

        def start(name: str, given: Elements) -> None:
            nonlocal row, asked, style, start_at, latest
            latest = name
            if name == c:
                assert row is not None
                if row.first < 0:
                    row.first = parser.CurrentByteIndex
                letters = given["r"].rstrip("0123456789")
                column = columns.get(letters)
                if column is None:
                    column = columns[letters] = index(letters)
                if column >= beyond or column in wanted:
                    asked, style, start_at = column, int(given.get("s", "0")), parser.CurrentByteIndex
            elif name == r:
                self._settled = parser.CurrentByteIndex
                style = int(given.get("s", "-1")) if given.get("customFormat") in ("1", "true") else -1
                row = RowSpot(int(given["r"]), style, self._settled, cells={})
            elif row is None:
                self._settled = parser.CurrentByteIndex

        def end(name: str) -> None:
            nonlocal row, asked, latest
            if name == c:
                if asked >= 0 and row is not None:
                    row.cells[asked] = start_at, self._end(parser.CurrentByteIndex, latest == c), style
                    asked = -1
            elif name == r and row is not None:
                at = parser.CurrentByteIndex
                row.close, row.end = at, self._end(at, latest == r)
                rows.append(row)
                self._settled, row = row.end, None
            latest = ""

        parser.StartElementHandler, parser.EndElementHandler = start, end
        source = _Tap(stream, self._hold)
        yield from parse(source, parser, lambda: iter((None,)))  # type: ignore[arg-type]

    def _hold(self, piece: bytes) -> None:
        self._held += piece

    def _end(self, at: int, may_be_empty: bool) -> int:
        """Where an element ends that an end tag closes there, or that has ended in its only tag."""
        place = at - self._base
        is_empty = may_be_empty and self._held.endswith(b"/>", 0, place)
        return at if is_empty else self._base + self._held.index(b">", place) + 1


class _Tap:
    def __init__(self, stream: IO[bytes], hold: Callable[[bytes], None]) -> None:
        self._stream, self._hold = stream, hold

    def read(self, size: int) -> bytes:
        piece = self._stream.read(size)
        self._hold(piece)
        return piece


def columns_with(outline: Outline, widths: Mapping[int, int]) -> str:
    """The columns of a sheet, some of them as wide as asked for."""
    ranges = [(int(given["min"]), int(given["max"]), given) for given in outline.widths]
    found: list[tuple[int, int, Elements]] = []
    for first, last, given in ranges:
        at = first
        for column in sorted(widths):
            if at <= column + 1 <= last:
                found += [(at, column, given)] if at <= column else []
                at = column + 2
        found += [(at, last, given)] if at <= last else []
    for column, width in widths.items():
        own = next((given for first, last, given in ranges if first <= column + 1 <= last), Elements())
        kept = {"style": own["style"]} if "style" in own else Elements()
        found.append((column + 1, column + 1, {"width": f"{width}.7109375", "customWidth": "1", **kept}))
    prefix = outline.prefix
    lines = (
        tag(f"{prefix}col", {**given, "min": str(first), "max": str(last)})
        for first, last, given in sorted(found, key=lambda each: each[0])
        if first <= MOST_COLUMNS
    )
    return tag(f"{prefix}cols", {}, "".join(lines))


def reaching(reference: str, columns: Sequence[int], row: int) -> str:
    """An area that reaches over some columns too."""
    (top, left), (bottom, right) = area(reference)
    last = max(right, *columns)
    return f"{letter(min(left, *columns))}{min(top, row) + 1}:{letter(last)}{max(bottom, row) + 1}"


def _without_value(cell: bytes) -> bytes:
    end = end_of_tag(cell, 0)
    return _KIND.sub(b"", cell[:end]) + _VALUE.sub(b"", cell[end:])
