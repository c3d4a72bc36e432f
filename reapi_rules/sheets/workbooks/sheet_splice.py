"""The XML of a sheet with our cells put in: it streams past, and all other bytes go by as they are."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import IO, Any
from xml.parsers import expat

import msgspec

from reapi_rules.sheets.meaning.columns import SheetError, letter
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, address, area
from reapi_rules.sheets.workbooks.outline import Outline
from reapi_rules.sheets.workbooks.package import Elements, parse, prefix_of, whole
from reapi_rules.sheets.workbooks.plain_rows import Rows, own_style, pieces_of_rows
from reapi_rules.sheets.workbooks.references import Formula, Reader
from reapi_rules.sheets.workbooks.splice import Edit, end_of_tag, tag

__all__ = ["RowSpot", "SheetSplice", "columns_with", "formulas_of", "reaching"]

_Corners = tuple[tuple[int, int], tuple[int, int]]
_AT_ONCE = 1 << 16
_MOST_KNOWN = 4_096
_NO_PLACE = "its rows or cells don't say where they are: open it in a spreadsheet program, save it and try again"
_SPANS = re.compile(rb'(\sspans=["\'][0-9]+:)([0-9]+)')
_KIND = re.compile(rb"\s(?:t|vm)=(\"[^\"]*\"|'[^']*')")
"""What is said of a value: its kind, and what it is besides, such as a picture."""
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?v\s*>)", re.DOTALL)


class RowSpot(msgspec.Struct):
    """A row: where it and its first cell start, where its cells and where it end; -1 for what is not there.

    ``styles`` are the formats of its cells by column, ``cells`` the bytes of those that somebody asked for.
    """

    number: int
    style: int
    start: int
    first: int
    close: int
    end: int
    styles: dict[int, int]
    cells: dict[int, tuple[int, int]]


def formulas_of(stream: IO[bytes], sheet: str, reader: Reader) -> Iterator[Formula]:
    """The cells with formulas, those that one of another cell fills too, and what each of them reads."""
    shared: dict[str, tuple[str, int, int]] = {}
    filled = _Filled()
    pieces: list[str] = []
    place, kind, is_formula = "", Elements(), False
    done: list[Formula] = []
    prefix: str | None = None
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, given: Elements) -> None:
        nonlocal place, kind, is_formula, prefix
        prefix = prefix_of(name) if prefix is None else prefix
        name = name.removeprefix(prefix)
        if name == "c":
            place = given.get("r", "")
            if filled.areas and place and (first := filled.first(*(at := address(place)))):
                done.append(Formula(sheet, *at, ((sheet, *first, *first),)))
        elif name == "f":
            kind, is_formula = given, True
            pieces.clear()

    def end(name: str) -> None:
        nonlocal is_formula
        if not is_formula or name.removeprefix(prefix or "") != "f":
            return
        is_formula = False
        if not place:
            raise SheetError(_NO_PLACE)
        row, column = address(place)
        text, moved = "".join(pieces), (0, 0)
        if kind.get("t") == "shared":
            if text:
                shared[kind.get("si", "")] = text, row, column
            else:
                text, top, left = shared.get(kind.get("si", ""), ("INDIRECT", row, column))
                moved = row - top, column - left
        elif kind.get("t") in ("array", "dataTable") and ":" in kind.get("ref", ""):
            (top, left), (bottom, right) = filled.add(area(kind["ref"]))
            if (
                kind["t"] == "dataTable"
            ):  # its formulas are above it or on its left, and they are tried with other cells
                beside = f"{letter(max(left - 1, 0))}{max(top, 1)}:{letter(right)}{bottom + 1}"
                text = f"{beside} {kind.get('r1', '')} {kind.get('r2', '')}"
        done.append(Formula(sheet, row, column, reader.areas(text, sheet, moved, row)))

    def characters(text: str) -> None:
        if is_formula:
            pieces.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters

    def drain() -> Iterator[Formula]:
        yield from done
        done.clear()

    return parse(stream, parser, drain)  # type: ignore[no-any-return]


class _Filled:
    """The areas that single formulas fill, none over another: those of arrays and of tables of trials."""

    def __init__(self) -> None:
        self.areas: list[tuple[int, int, int, int]] = []

    def add(self, filled: _Corners) -> _Corners:
        (top, left), (bottom, right) = filled
        if self.first(top, left) is None:
            insort(self.areas, (left, right, bottom, top))
        return filled

    def first(self, row: int, column: int) -> tuple[int, int] | None:
        """The cell whose formula fills another one; the rows are gone through in order."""
        while (at := bisect_right(self.areas, (column, MOST_COLUMNS))) > 0:
            left, right, bottom, top = self.areas[at - 1]
            if row <= bottom:
                return (top, left) if column <= right else None
            del self.areas[at - 1]
        return None


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
        outline: Outline,
        wanted: Collection[int],
        at: Mapping[int, tuple[int, bytes]],
        beyond: int = MOST_COLUMNS,
    ) -> None:
        self._output = write
        self.prefix: str = outline.prefix
        self._wanted, self._beyond = wanted, beyond
        self._lowest = min((beyond, *wanted))
        self._waiting, self._length = list[bytes](), 0
        self._at = dict(at)
        self._held, self._base, self._done = b"", 0, 0
        self._known_spans: dict[tuple[bytes, int], bytes] = {}
        self._rows = self._found(stream, outline)

    def rows(self) -> Iterator[RowSpot]:
        """The rows in order; each has to be passed on with ``put`` before the next is asked for."""
        yield from self._rows
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
                start, end = row.cells[column]
                edits.append((start, end, _without_value(self._bytes(start, end))))
        for column, cell in cells.items():
            if column in row.cells:
                start, end = row.cells[column]
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
            last = max(column for column, cell in cells.items() if cell)
            edits.append((row.start, row.first, self._wider(self._bytes(row.start, row.first), last)))
        for start, end, instead in sorted(edits, key=lambda edit: edit[:2]):
            self._flush(start)
            self._write(instead)
            self._done = end

    def append(self, row: RowSpot, cells: bytes, last: int) -> None:
        """Write a row that has cells with more behind them, up to a column."""
        if self._at and min(self._at) < row.start:
            self._flush(row.start)
        base, first = self._base, row.first - self._base
        start, close = row.start - base, row.close - base
        held, done = self._held, self._done - base
        self._write(b"".join((held[done:start], self._wider(held[start:first], last), held[first:close], cells)))
        self._done = row.close

    def _wider(self, tag: bytes, last: int) -> bytes:
        """The tag of a row that says how far its cells reach."""
        start, spans, rest = tag.partition(b" spans=")
        wider = self._known_spans.get((rest, last))
        if wider is None:
            wider = _SPANS.sub(lambda match: match[1] + b"%d" % max(int(match[2]), last + 1), spans + rest, count=1)
            if len(self._known_spans) < _MOST_KNOWN:
                self._known_spans[rest, last] = wider
        return start + wider

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

    def _found(self, stream: IO[bytes], outline: Outline) -> Iterator[RowSpot]:
        found, parser, done = outline.rows, expat.ParserCreate(), list[RowSpot]()
        row: RowSpot | None = None
        begun, skipped = -1, 0  # bytes of known rows
        columns: dict[str, int] = {}
        row_name, cell_name = f"{self.prefix}row", f"{self.prefix}c"

        def start(name: str, given: Elements) -> None:
            nonlocal row, begun
            if name == row_name:
                at = skipped + parser.CurrentByteIndex
                row = RowSpot(whole(_place_of(given)), own_style(given), at, -1, -1, -1, {}, {})
            elif name == cell_name and row is not None:
                begun, place = skipped + parser.CurrentByteIndex, _place_of(given)
                row.first = begun if row.first < 0 else row.first
                letters = place.rstrip("0123456789")
                column = columns.get(letters, -1)
                if column < 0:
                    column = columns[letters] = address(place)[1]
                row.styles[column] = whole(given["s"]) if "s" in given else 0
                if column >= self._beyond or column in self._wanted:
                    row.cells[column] = begun, -1

        def end(name: str) -> None:
            nonlocal row
            if row is None or name not in (row_name, cell_name):
                return
            at = skipped + parser.CurrentByteIndex
            if name == row_name:
                row.close, row.end = self._ending(row.start, at)
                done.append(row)
                row = None
            elif (column := next(reversed(row.cells), -1)) >= 0 and row.cells[column][0] == begun:
                row.cells[column] = begun, self._ending(begun, at)[1]

        def feed() -> Iterator[bytes]:
            nonlocal skipped
            for piece, span in pieces_of_rows(stream, found):
                at = self._base + len(self._held)
                self._held += piece
                if span:
                    skipped += len(piece)
                    done.extend(self._known(at, piece, found, span))
                yield b"" if span else piece

        def drain() -> Iterator[RowSpot]:
            yield from done
            done.clear()
            last = self._held.rfind(b"<")  # maybe a tag that goes on in the next piece
            self._flush(self._base + max(last, 0) if row is None else row.start)

        parser.StartElementHandler, parser.EndElementHandler = start, end
        return parse(feed(), parser, drain)  # type: ignore[no-any-return]

    def _ending(self, start: int, at: int) -> tuple[int, int]:
        """Where the content of an element ends, and where the element does, of which expat says where it ends."""
        held, base = self._held, self._base
        if held.endswith(b"/>", 0, at - base) and end_of_tag(held, start - base) == at - base:
            return at, at
        return at, base + held.index(b">", at - base) + 1

    def _known(self, at: int, piece: bytes, rows: Rows, span: range) -> Iterator[RowSpot]:
        """The known rows in a piece."""
        numbers, shapes = (each[span.start : span.stop] for each in (rows.numbers, rows.shapes))
        for number, identity, text in zip(numbers, shapes, piece.split(b"</row>")):
            shape = rows.known[identity]
            close, first = at + len(text), text.find(b"<c ")
            cells = {}
            for cell in shape.cells if shape.last >= self._lowest else ():
                if cell.column >= self._beyond or cell.column in self._wanted:
                    begun = text.index(b'<c r="%b%d"' % (letter(cell.column).encode(), number))
                    end = text.index(b">", begun)
                    if not text.endswith(b"/", begun, end):
                        end = text.index(b">", text.index(b"</c", begun))
                    cells[cell.column] = at + begun, at + end + 1
            first = first if first < 0 else at + first
            yield RowSpot(number, shape.style, at + text.index(b"<"), first, close, close + 6, shape.styles, cells)
            at = close + 6


def _place_of(given: Elements) -> str:
    """Where a row or a cell is.  Raises SheetError where it doesn't say so, which it need not."""
    if "r" not in given:
        raise SheetError(_NO_PLACE)
    return given["r"]


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
    """An area that reaches over some columns too; what is no area, or one of whole columns, as it is."""
    try:
        (top, left), (bottom, right) = area(reference)
    except SheetError:
        return reference
    last = max(right, *columns)
    return f"{letter(min(left, *columns))}{min(top, row) + 1}:{letter(last)}{max(bottom, row) + 1}"


def _without_value(cell: bytes) -> bytes:
    end = end_of_tag(cell, 0)
    return _KIND.sub(b"", cell[:end]) + _VALUE.sub(b"", cell[end:])
