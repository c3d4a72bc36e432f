"""The XML of a sheet with our cells put in: it streams past, and all other bytes go by as they are."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import IO, Any
from xml.parsers import expat

import msgspec

from reapi_rules.sheets.columns import SheetError, letter
from reapi_rules.sheets.package import Elements, parse, pieces_of, prefix_of
from reapi_rules.sheets.page import MOST_COLUMNS
from reapi_rules.sheets.references import Formula, Reader
from reapi_rules.sheets.splice import Edit, Spot, end_of_tag, refuse_encodings, refuse_wide, tag
from reapi_rules.sheets.xlsx_page import address, area, index

__all__ = ["Outline", "RowSpot", "SheetSplice", "formulas_of", "outline_of"]

_Corners = tuple[tuple[int, int], tuple[int, int]]
_AT_ONCE = 1 << 16
_REST = rb"""([^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*)>"""
"""What follows the name in a tag."""
_PLACE = re.compile(rb"""\sr\s*=\s*(["'])\s*([A-Za-z0-9]+)""")
_STYLE = re.compile(rb"""\ss\s*=\s*(["'])\s*([0-9]+)""")
_CUSTOM = re.compile(rb"""\scustomFormat\s*=\s*["'](?:1|true)["']""")
_ROWS = re.compile(rb"<(/?)(?:[\w.-]+:)?sheetData(?=[\s/>]|\Z)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?=[\s/>])")
_NO_PLACE = "its rows or cells don't say where they are: open it in a spreadsheet program, save it and try again"
_HIDING = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_SPANS = re.compile(rb'(\sspans=["\'][0-9]+:)([0-9]+)')
_KIND = re.compile(rb"\s(?:t|vm)=(\"[^\"]*\"|'[^']*')")
"""What is said of a value: its kind, and what it is besides, such as a picture."""
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?v\s*>)", re.DOTALL)


class Outline(msgspec.Struct):
    """What stands around the rows of a sheet, whether its cells have formulas, and whether anything hides tags."""

    prefix: str = ""
    is_protected: bool = False
    widths: list[Elements] = []
    data: int = -1
    filter: Spot | None = None
    merged: list[_Corners] = []
    has_formulas: bool = False
    hides: bool = False


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
        if not path:
            found.prefix = prefix_of(name)
            path.append(name)
        bare = name.removeprefix(found.prefix)
        if bare in ("c", "v", "row", "is", "t", "f"):
            return
        if bare == "sheetProtection":
            found.is_protected = given.get("sheet") in ("1", "true")
        elif bare == "col" and found.data < 0 and all(given.get(edge, "").isdigit() for edge in ("min", "max")):
            found.widths.append(given)
        elif bare == "sheetData":
            found.data = parser.CurrentByteIndex
            parser.StartElementHandler, parser.EndElementHandler = None, end
        elif bare == "autoFilter" and found.filter is None:
            found.filter = Spot(bare, given, parser.CurrentByteIndex)
        elif bare == "mergeCell":
            found.merged.append(area(given.get("ref", "")))

    def end(name: str) -> None:
        parser.EndElementHandler = None
        if name.removeprefix(found.prefix) == "sheetData":  # it is empty
            listen()

    def listen() -> None:
        parser.StartElementHandler = start

    def hide(*_: Any) -> None:
        found.hides = True

    refuse_wide(stream.read(2))
    stream.seek(0)
    pieces = _Pieces(stream, listen)
    parser.XmlDeclHandler = refuse_encodings
    parser.CommentHandler = parser.StartCdataSectionHandler = parser.ProcessingInstructionHandler = hide
    listen()
    for _ in parse(pieces, parser):
        pass
    found.has_formulas = pieces.has_formulas
    return found


class _Pieces:
    """A sheet in pieces, of which none but the first and the last ones have anything but rows in them.

    Nobody listens to the rows, so that expat takes them at its own speed; ``listen`` is called when they are over.
    """

    def __init__(self, stream: IO[bytes], listen: Callable[[], None]) -> None:
        self._pieces, self._listen = self._split(stream), listen
        self.has_formulas = False

    def read(self, _: int) -> bytes:
        return next(filter(None, self._pieces), b"")

    def _split(self, stream: IO[bytes]) -> Iterator[bytes]:
        rest = b""
        for piece in pieces_of(stream):
            rest += piece
            whole = max(rest.rfind(b"<"), 0)  # behind it a name may go on in the next piece
            ready, rest = rest[:whole], rest[whole:]
            self.has_formulas = self.has_formulas or _has_formula(ready)
            done = 0
            for match in _ROWS.finditer(ready) if b"sheetData" in ready else ():
                is_end = match[1] == b"/"
                cut = match.start() if is_end else match.end()
                yield ready[done:cut]
                done = cut
                if is_end:
                    self._listen()
            yield ready[done:]
        yield rest


def _has_formula(text: bytes) -> bool:
    """Whether there is an element ``f``; the pattern alone takes as long as expat, and nearly no text has the signs."""
    return (b"<f" in text or b":f" in text) and _FORMULA.search(text) is not None


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
        p = self.prefix.encode()
        self._opening = b"<" + p + b"c"
        self._cell = re.compile(self._opening + rb"(?=[\s/>])" + _REST)
        self._closing = re.compile(rb"</" + p + rb"c\s*>")
        self._columns: dict[bytes, int] = {}
        self._wanted, self._beyond = wanted, beyond
        self._lowest = min((beyond, *wanted))
        self._waiting, self._length = list[bytes](), 0
        self._at = dict(at)
        self._held, self._base, self._done = b"", 0, 0
        self._masked: bytes | None = None
        pieces = pieces_of(stream)
        if outline.hides:
            whole = b"".join(pieces)
            self._masked, pieces = _mask(whole), iter((whole,))
        self._rows = self._found(pieces)

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
            last = max(column for column, cell in cells.items() if cell)
            edits.append((row.start, row.first, self._wider(self._bytes(row.start, row.first), last)))
        for start, end, instead in sorted(edits, key=lambda edit: edit[:2]):
            self._flush(start)
            self._write(instead)
            self._done = end

    def append(self, row: RowSpot, cells: bytes, last: int) -> None:
        """Write a row that has cells with more behind them, up to a column."""
        tag = self._bytes(row.start, row.first)
        if b"spans" in tag:
            self._flush(row.start)
            self._write(self._wider(tag, last))
            self._done = row.first
        self._flush(row.close)
        self._write(cells)

    def _wider(self, tag: bytes, last: int) -> bytes:
        return _SPANS.sub(lambda match: match[1] + b"%d" % max(int(match[2]), last + 1), tag, count=1)

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

    def _found(self, pieces: Iterator[bytes]) -> Iterator[RowSpot]:
        """The rows, found by their tags: a sign ``<`` stands nowhere else in the XML, once what hides it is masked."""
        p = self.prefix.encode()
        tag = re.compile(rb"<" + p + rb"row(?=[\s/>])" + _REST)
        close = re.compile(rb"</" + p + rb"row\s*>")
        at = 0
        for piece in pieces:
            self._held += piece
            while True:
                held, base = (self._held, self._base) if self._masked is None else (self._masked, 0)
                start = tag.search(held, at - base)
                if start is None:
                    at = max(at, base + max(held.rfind(b"<"), 0))
                    break
                end = start if start[1].endswith(b"/") else close.search(held, start.end())
                if end is None:
                    at = base + start.start()
                    break
                at = base + end.end()
                yield self._row(held, base, start, end)
            self._flush(min(at, self._base + len(self._held)))

    def _row(self, held: bytes, base: int, start: re.Match[bytes], end: re.Match[bytes]) -> RowSpot:
        given, close = start[1], end.end() if end is start else end.start()
        style = int(_attribute(_STYLE, given, b"0")) if _CUSTOM.search(given) else -1
        row = RowSpot(int(_place_of(given)), style, base + start.start(), base + close, base + end.end())
        row.cells = {}
        if end is start:
            return row
        first = self._cell.search(held, start.end(), close)
        if first is None:
            return row
        row.first = base + first.start()
        stop = close
        while (place := held.rfind(self._opening, start.end(), stop)) >= 0:
            stop = place
            cell = self._cell.match(held, place)
            if cell is None:
                continue
            letters = _place_of(cell[1]).rstrip(b"0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = index(letters.decode())
            if column < self._lowest:
                break
            if column >= self._beyond or column in self._wanted:
                last = cell if cell[1].endswith(b"/") else self._closing.search(held, cell.end(), close)
                assert last is not None  # the XML is well-formed
                row.cells[column] = base + place, base + last.end(), int(_attribute(_STYLE, cell[1], b"0"))
        return row


def _attribute(pattern: re.Pattern[bytes], given: bytes, default: bytes) -> bytes:
    found = pattern.search(given)
    return default if found is None else found[2]


def _place_of(given: bytes) -> bytes:
    """Where a row or a cell is.  Raises SheetError where it doesn't say so, which it need not."""
    found = _attribute(_PLACE, given, b"")
    if not found:
        raise SheetError(_NO_PLACE)
    return found


def _mask(text: bytes) -> bytes:
    """A text with blanks in the place of what may hide a sign ``<``."""
    return _HIDING.sub(lambda match: b" " * len(match[0]), text)


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
