"""The XML of a sheet with our cells put in: it streams past, and all other bytes go by as they are."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import repeat
from typing import IO, Any
from xml.parsers import expat

import msgspec

from reapi_rules.sheets.meaning.columns import letter
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, address, area
from reapi_rules.sheets.workbooks.blocks import blocks_of
from reapi_rules.sheets.workbooks.package import Elements, parse, whole
from reapi_rules.sheets.workbooks.page import Outline
from reapi_rules.sheets.workbooks.plain_rows import (
    CLOSING,
    Block,
    Rows,
    Shape,
    find_rows,
    own_style,
    pieces_of_rows,
    spans_of,
)
from reapi_rules.sheets.workbooks.references import Formula, Reader
from reapi_rules.sheets.workbooks.splice import Edit, end_of_tag, replaced, tag

__all__ = ["RowSpot", "SheetSplice", "columns_with", "formulas_of", "wider_spans"]

_AT_ONCE = 1 << 16
_KIND = re.compile(rb"\s(?:t|vm)=(\"[^\"]*\"|'[^']*')")
"""What is said of a value: its kind, and what it is besides, such as a picture."""
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?v\s*>)", re.DOTALL)


class RowSpot(msgspec.Struct, gc=False):
    """A row: its bytes and those before it, its end tag where it has one, and what it has in common with others.

    ``cells`` are the places in ``text`` of the cells that somebody asked for, by column.
    """

    number: int
    text: bytes
    tail: bytes
    shape: Shape
    cells: dict[int, tuple[int, int]] = {}
    lead: bytes = b""


def formulas_of(stream: IO[bytes], sheet: str, reader: Reader) -> Iterator[Formula]:
    """The cells with formulas, those that one of another cell fills too, and what each of them reads."""
    shared: dict[str | None, tuple[str, int, int]] = {}
    filled: list[tuple[int, int, int, int]] = []  # areas of single formulas, none over another: arrays and trials

    def first(row: int, column: int) -> tuple[int, int] | None:
        """The cell whose formula fills another one; the rows are gone through in order."""
        while (at := bisect_right(filled, (column, MOST_COLUMNS))) > 0:
            left, right, bottom, top = filled[at - 1]
            if row <= bottom:
                return (top, left) if column <= right else None
            del filled[at - 1]
        return None

    def formula(row: int, column: int, text: str, kind: Elements) -> Formula:
        moved = 0, 0
        if kind.get("t") == "shared":
            identity = kind.get("si")
            if text:
                shared[identity] = text, row, column
            else:
                text, top, left = shared.get(identity, ("INDIRECT", row, column))
                moved = row - top, column - left
        elif kind.get("t") in ("array", "dataTable") and ":" in kind.get("ref", ""):
            (top, left), (bottom, right) = area(kind["ref"])
            if first(top, left) is None:
                insort(filled, (left, right, bottom, top))
            if kind["t"] == "dataTable":  # its formulas are above it or on its left, and are tried with other cells
                beside = f"{letter(max(left - 1, 0))}{max(top, 1)}:{letter(right)}{bottom + 1}"
                text = f"{beside} {kind.get('r1', '')} {kind.get('r2', '')}"
        return Formula(sheet, row, column, reader.areas(text, sheet, moved, row))

    for block in blocks_of(find_rows(stream, Rows())):
        found = [formula(number - 1, column, text, kind) for number, column, text, kind in block.formulas()]
        if filled:
            for number, shape in zip(block.numbers, block.shapes):
                for cell in shape.cells:
                    at = number - 1, cell.column
                    if (source := first(*at)) not in (None, at):
                        found.append(Formula(sheet, *at, ((sheet, *source, *source),)))
            found.sort(key=lambda each: (each.row, each.column))
        yield from found


class SheetSplice:
    """Copies the XML of a sheet, and gives its rows one by one so that cells can be put into them.

    ``wanted`` are the columns whose cells somebody asks for, with all from ``beyond`` on, ``edits`` changes outside
    the rows.
    """

    def __init__(
        self,
        stream: IO[bytes],
        write: Callable[[bytes], Any],
        outline: Outline,
        wanted: Collection[int],
        edits: Iterable[Edit] = (),
        beyond: int = MOST_COLUMNS,
    ) -> None:
        self._output = write
        self.prefix: str = outline.prefix
        self._wanted, self._beyond = wanted, beyond
        self._lowest = min((beyond, *wanted))
        self._waiting, self._length = list[bytes](), 0
        self._edits = deque(sorted(edits))
        self._held, self._base, self._done = b"", 0, 0
        self._rows = self._found(stream, outline)

    def rows(self) -> Iterator[RowSpot]:
        """The rows in order; each has to be passed on with ``put`` or ``append`` before the next is asked for."""
        yield from self._rows
        self._write(self._taken(self._base + len(self._held)))
        self._release()

    def put(self, row: RowSpot, cells: Mapping[int, bytes], stale: Collection[int]) -> None:
        """Write a row with these cells, by column; an empty one goes, and a stale one loses its saved value."""
        edits: list[Edit] = []
        text, tail, last = row.text, row.tail, -1
        for column in row.cells.keys() & stale:
            start, end = row.cells[column]
            inner = end_of_tag(text, start)
            edits.append((start, end, _KIND.sub(b"", text[start:inner]) + _VALUE.sub(b"", text[inner:end])))
        for column, cell in sorted(cells.items()):
            start, end = row.cells.get(column) or (-1, -1)
            if cell and start < 0:
                start = end = min((row.cells[place][0] for place in row.cells if place > column), default=len(text))
            if start >= 0:
                edits.append((start, end, cell))
            last = column if cell else last
        if edits and not tail:
            text = text[:-2]  # it ends with />
            edits = [(len(text), len(text), b">"), *((len(text), len(text), cell) for _, _, cell in edits)]
            tail = f"</{self.prefix}row>".encode()
        spans, wider = row.shape.spans, wider_spans(row.shape.spans, last)
        if spans != wider:
            start = text.index(spans)
            edits.append((start, start + len(spans), wider))
        self._write(row.lead + replaced(text, edits) + tail)

    def append(self, row: RowSpot, cells: bytes, spans: bytes) -> None:
        """Write a row that has cells with more behind them, and how far they reach then."""
        self._write(b"".join((row.lead, row.text.replace(row.shape.spans, spans, 1), cells, row.tail)))

    def insert(self, row: RowSpot | None, number: int, cells: Mapping[int, bytes]) -> None:
        """Write a row that is not there before one that is."""
        if row is not None:
            self._write(row.lead)
            row.lead = b""
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

    def _taken(self, end: int) -> bytes:
        """What comes next up to a place, with the changes outside the rows."""
        pieces: list[bytes] = []
        while self._edits and self._edits[0][0] < end:
            start, stop, instead = self._edits.popleft()
            pieces += [self._bytes(self._done, start), instead]
            self._done = stop
        pieces.append(self._bytes(self._done, end))
        self._done = max(self._done, end)
        return b"".join(pieces)

    def _bytes(self, start: int, end: int) -> bytes:
        return self._held[start - self._base : end - self._base]

    def _found(self, stream: IO[bytes], outline: Outline) -> Iterator[RowSpot]:
        parser, done = expat.ParserCreate(), list[RowSpot]()
        row: RowSpot | None = None
        row_at, first, begun, skipped = -1, -1, -1, 0  # the last one counts the bytes of known rows
        columns: dict[str, int] = {}
        row_name, cell_name = f"{self.prefix}row", f"{self.prefix}c"

        def start(name: str, given: Elements) -> None:
            nonlocal row, row_at, first, begun
            if name == row_name:
                row_at, first = skipped + parser.CurrentByteIndex, -1
                shape = Shape(style=own_style(given))
                row = RowSpot(whole(given["r"]), b"", b"", shape, {}, self._taken(row_at))
            elif name == cell_name and row is not None:
                begun, place = skipped + parser.CurrentByteIndex, given["r"]
                first = begun if first < 0 else first
                letters = place.rstrip("0123456789")
                column = columns.get(letters)
                if column is None:
                    column = columns[letters] = address(place)[1]
                row.shape.styles[column] = whole(given["s"]) if "s" in given else 0
                if column >= self._beyond or column in self._wanted:
                    row.cells[column] = begun - row_at, -1

        def end(name: str) -> None:
            nonlocal row
            if row is None or name not in (row_name, cell_name):
                return
            at = skipped + parser.CurrentByteIndex
            if name == row_name:
                close, self._done = self._ending(row_at, at)
                row.text, row.tail = self._bytes(row_at, close), self._bytes(close, self._done)
                row.shape.spans = spans_of(row.text, first - row_at if first >= 0 else close - row_at)
                done.append(row)
                row = None
            elif (column := next(reversed(row.cells), -1)) >= 0 and row.cells[column][0] == begun - row_at:
                row.cells[column] = begun - row_at, self._ending(begun, at)[1] - row_at

        def feed() -> Iterator[bytes]:
            nonlocal skipped
            for piece, block in pieces_of_rows(stream, outline.rows):
                if block is not None:
                    self._write(self._taken(self._base + len(self._held)))
                    self._held, self._base = b"", self._done + len(piece)
                    self._done = self._base
                    skipped += len(piece)
                    done.extend(self._known(block))
                else:
                    cut = min(self._done - self._base, len(self._held))
                    self._held, self._base = self._held[cut:] + piece, self._base + cut
                yield piece if block is None else b""
                if row is None:  # the last sign may begin a tag that goes on in the next piece
                    self._write(self._taken(self._base + max(self._held.rfind(b"<"), 0)))

        parser.StartElementHandler, parser.EndElementHandler = start, end
        return parse(feed(), parser, done)

    def _ending(self, start: int, at: int) -> tuple[int, int]:
        """Where the content of an element ends, and where the element does, of which expat says where it ends."""
        held, base = self._held, self._base
        if held.endswith(b"/>", 0, at - base) and end_of_tag(held, start - base) == at - base:
            return at, at
        return at, base + held.index(b">", at - base) + 1

    def _known(self, block: Block) -> Iterator[RowSpot]:
        for number, shape, text in zip(block.numbers, block.shapes, block.piece.split(CLOSING)):
            row = RowSpot(number, text, CLOSING, shape)
            for cell in shape.cells if shape.last >= self._lowest else ():
                if cell.column >= self._beyond or cell.column in self._wanted:
                    begun = text.index(b'<c r="%b%d"' % (letter(cell.column).encode(), number))
                    end = text.index(b">", begun)
                    if not text.endswith(b"/", begun, end):
                        end = text.index(b">", text.index(b"</c", begun))
                    row.cells[cell.column] = begun, end + 1
            yield row


def wider_spans(spans: bytes, last: int) -> bytes:
    """How far the cells of a row reach, as it says itself, with one more in a column.

    >>> wider_spans(b' spans="1:3"', 4), wider_spans(b' spans="1:3"', 1), wider_spans(b"", 4)
    (b' spans="1:5"', b' spans="1:3"', b'')
    """
    start, _, end = spans.rpartition(b":")
    return b"%b:%d%b" % (start, last + 1, end[-1:]) if spans and int(end[:-1]) <= last else spans


def columns_with(outline: Outline, widths: Mapping[int, int]) -> str:
    """The columns of a sheet, some of them as wide as asked for."""
    ranges = [(int(given["min"]), int(given["max"]), given) for given in outline.widths]
    found: list[tuple[int, int, Elements]] = []
    for first, last, given in ranges:
        ours = [column + 1 for column in sorted(widths) if first <= column + 1 <= last]
        found += zip([first, *(at + 1 for at in ours)], [*(at - 1 for at in ours), last], repeat(given))
    for column, width in widths.items():
        own = next((given for first, last, given in ranges if first <= column + 1 <= last), Elements())
        kept = {"style": own["style"]} if "style" in own else Elements()
        found.append((column + 1, column + 1, {"width": f"{width}.7109375", "customWidth": "1", **kept}))
    prefix = outline.prefix
    lines = (
        tag(f"{prefix}col", {**given, "min": str(first), "max": str(last)})
        for first, last, given in sorted(found, key=lambda each: each[0])
        if first <= min(last, MOST_COLUMNS)
    )
    return tag(f"{prefix}cols", {}, "".join(lines))
