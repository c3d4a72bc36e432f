"""Rows of a sheet as most programs write them, known by their bytes, without a call for each tag.

Rows of the same *shape* have the same XML but for their own number and the texts of their cells, which may be formulas.
Such a row is XML if its texts are: without a sign ``<`` or ``&``, a ``]]>``, and what is no character of XML.  All else
in a sheet is expat's.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS, index
from reapi_rules.sheets.workbooks.package import TRUE, Elements, whole, whole_elements

__all__ = [
    "CLOSING", "STAND_IN", "Block", "Cell", "Rows", "Shape", "find_rows", "own_style", "pieces_of_rows", "spans_of",
]  # fmt: skip

CLOSING = b"</row>"
"""What a known row ends with."""
STAND_IN = b"<known/>"
"""What expat reads instead: where no element may be, known rows may not either."""
_OPENING = b'<row r="'
_NUMBER = re.compile(rb'\s*<row r="([1-9][0-9]{0,6})"')
_TAGS = (b"<v>", b"<f>", b"<t>", b'<t xml:space="preserve">')
_INSIDE = [(tag, re.compile(tag + rb"[^<&\r]*")) for tag in _TAGS]
_TEXTS = re.compile(rf"(?:{b'|'.join(_TAGS).decode()})([^<]*)")
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
_OWN = re.compile(rb"<f[^>]|[&\r]")  # formulas of several cells, and what of texts can't be left out
_GAPS = re.compile(rb">[ \t\n]+<")
_HEAD = re.compile(rb'<row r="\0"((?:\s+[A-Za-z_][\w:.-]*="[^"<&\0]*")*)\s*>')
_ATTRIBUTE = re.compile(r'([\w:.-]+)="(.*?)"', re.DOTALL)
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\0"(?: s="([0-9]{1,9})")?(?: t="(\w+)")?\s*'
    rb'(?:/>|>(?:(<f></f>)?(<v></v>)?|<is>(<t(?: xml:space="preserve")?></t>)</is>)</c>)'
)
_SPANS = re.compile(rb"""\sspans=(?:"[0-9]{1,7}:[0-9]{1,7}"|'[0-9]{1,7}:[0-9]{1,7}')""")
_ROOM = 1 << 22  # for all shapes together, in bytes


class Cell(msgspec.Struct):
    """A cell of a shape: its column, its kind, the number of its format, and what is in it: a formula f, a value v."""

    column: int
    kind: str
    style: int
    parts: str


class Shape(msgspec.Struct, eq=False):
    """What rows have in common: their cells, the last column, the numbers of formats, and how far they say they reach.

    A row that has no format of its own has -1 for it.  ``filled`` are the columns of cells with anything in them,
    ``formulas`` which of the texts of a row are formulas, and their columns; ``texts`` is how many there are.
    """

    cells: list[Cell] = []
    last: int = -1
    style: int = -1
    styles: dict[int, int] = {}
    spans: bytes = b""
    filled: list[int] = []
    formulas: list[tuple[int, int]] = []
    texts: int = 0
    plan: Any = None
    """How the cells of such rows are read, which is worked out once."""

    def add(self, column: int, kind: str, style: int, parts: str) -> None:
        """Add a cell behind the others."""
        if parts:
            self.filled.append(column)
        if parts.startswith("f"):
            self.formulas.append((self.texts, column))
        self.cells.append(Cell(column, kind, style, parts))
        self.last, self.styles[column] = column, style
        self.texts += len(parts)


class Block(msgspec.Struct, eq=False):
    """Rows in order: their numbers, their shapes, and the piece of the sheet that holds them.

    A row that is read tag by tag has its texts in ``own``, and what is said of its formulas by column in ``given``.  It
    may be hidden, and need not say where it and its cells are.
    """

    numbers: list[int]
    shapes: list[Shape]
    piece: bytes = b""
    own: list[str] = []
    given: dict[int, Elements] = {}
    is_hidden: bool = False
    says_places: bool = True

    def texts(self) -> list[str]:
        """The texts of all cells.

        >>> Block([], [], b'<row r="2"><c r="A2" t="s"><v>7</v></c><c r="C2"/><c r="D2"><v></v></c></row>').texts()
        ['7', '']
        """
        return _TEXTS.findall(self.piece.decode()) if self.piece else self.own

    def formulas(self) -> Iterator[tuple[int, int, str, Elements]]:
        """The formulas: the number of the row of each, the column, the text, and what is said of it."""
        if any(shape.formulas for shape in self.shapes):
            texts, last = self.texts(), 0
            for number, shape in zip(self.numbers, self.shapes):
                for at, column in shape.formulas:
                    yield number, column, texts[last + at], self.given.get(column, {})
                last += shape.texts


class Rows(msgspec.Struct):
    """A sheet in pieces: how long each is, and of how many known rows; of none where it is to be read tag by tag.

    ``numbers`` and ``shapes`` are those of the known rows, the latter by their place in ``known``.
    """

    sizes: array[int] = msgspec.field(default_factory=lambda: array("I"))
    counts: array[int] = msgspec.field(default_factory=lambda: array("I"))
    numbers: array[int] = msgspec.field(default_factory=lambda: array("I"))
    shapes: array[int] = msgspec.field(default_factory=lambda: array("I"))
    known: list[Shape] = []

    def add(self, piece: bytes, count: int = 0) -> Iterator[tuple[bytes, Block | None]]:
        """The next piece, and the known rows that it holds."""
        if piece:
            self.sizes.append(len(piece))
            self.counts.append(count)
            yield piece, self.block(piece, len(self.numbers) - count, count)

    def block(self, piece: bytes, at: int, count: int) -> Block | None:
        """So many known rows from one on, which are a piece; None where it holds none."""
        shapes = [self.known[shape] for shape in self.shapes[at : at + count]]
        return Block([*self.numbers[at : at + count]], shapes, piece) if count else None


def find_rows(stream: IO[bytes], rows: Rows) -> Iterator[tuple[bytes, Block | None]]:
    """The pieces of a sheet as they are found, and the known rows that each holds."""
    known: dict[bytes, int] = {}
    last, room = 0, _ROOM
    for piece, is_open in whole_elements(stream, CLOSING):
        done = at = max(piece.find(_OPENING), 0) if is_open and _is_sound(piece) else len(piece)
        yield from rows.add(piece[:done])
        *shapes, rest = _without_texts(piece[done:]).split(CLOSING)
        first = _number(shapes[0]) if shapes else 0
        found = [known.get(_unnumbered(shape, b"%d" % number), -1) for number, shape in enumerate(shapes, first)]
        # all are known, and none is left out
        if last < first <= MOST_ROWS - len(found) and not rest and min(found) >= 0:
            last = first + len(found) - 1
            rows.numbers.extend(range(first, last + 1))
            rows.shapes.extend(found)
            yield from rows.add(piece[done:], len(found))
            continue
        count = 0
        for text, shape in zip(piece[done:].split(CLOSING), shapes):
            number = _number(shape)
            shape = _unnumbered(shape, b"%d" % number)
            identity = known.get(shape, -1)
            if identity < 0 and room > 0 and shape not in known and not _OWN.search(shape):
                room -= len(shape)
                learnt = _learnt(shape)
                identity = known[shape] = -1 if learnt is None else len(rows.known)
                rows.known += [] if learnt is None else [learnt]
            end = at + len(text) + len(CLOSING)
            if identity >= 0 and last < number <= MOST_ROWS:
                if not count:
                    yield from rows.add(piece[done:at])
                    done = at
                last, count = number, count + 1
                rows.numbers.append(number)
                rows.shapes.append(identity)
            elif count:
                yield from rows.add(piece[done:at], count)
                done, count = at, 0
            at = end
        yield from rows.add(piece[done:at], count)
        yield from rows.add(piece[at:])


def _number(row: bytes) -> int:
    """The number of a row as most programs write it, else 0."""
    match = _NUMBER.match(row)
    return int(match[1]) if match else 0


def _unnumbered(row: bytes, digits: bytes) -> bytes:
    """A row without its number in it, but for how far its cells reach."""
    return row.strip().replace(digits + b'"', b'\0"').replace(b':\0"', b':%b"' % digits)


def pieces_of_rows(stream: IO[bytes], rows: Rows) -> Iterator[tuple[bytes, Block | None]]:
    """The same pieces once more."""
    at = 0
    for size, count in zip(rows.sizes, rows.counts):
        piece = stream.read(size)
        yield piece, rows.block(piece, at, count)
        at += count


def _is_sound(piece: bytes) -> bool:
    """Whether there is nothing in it that never is in XML; a tenth of the time that expat takes."""
    if not piece.isascii():
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            return False
        if "\ufffe" in text or "\uffff" in text:
            return False
    return len(piece.translate(None, _CONTROLS)) == len(piece) and not (b"]" in piece and b"]]>" in piece)


def _without_texts(rows: bytes) -> bytes:
    for tag, pattern in _INSIDE:
        if tag[1:2] in rows and tag in rows:  # one byte is found five times as fast
            rows = tag.join(pattern.split(rows))  # two thirds of the time of sub, a tenth of one pattern with a group
    return rows


def _learnt(row: bytes) -> Shape | None:
    """The shape of a row without its number and its texts; None for one that is to be read tag by tag."""
    row = _GAPS.sub(b"><", row)
    head = _HEAD.match(row)
    named = _ATTRIBUTE.findall(head[1].decode()) if head else []
    given = dict(named)
    if head is None or len(given) < len(named) or {"r", "hidden"} & given.keys():
        return None
    found, at = Shape(style=own_style(given), spans=spans_of(row, head.end())), head.end()
    while cell := _CELL.match(row, at):
        column, at = index(cell[1].decode()), cell.end()
        parts = "f" * bool(cell[4]) + "v" * bool(cell[5] or cell[6])
        if not found.last < column < MOST_COLUMNS:
            return None
        kind = "" if parts == "f" else (cell[3] or b"").decode()  # it is that of a value
        found.add(column, kind, int(cell[2] or 0), parts)
    return found if at == len(row) else None


def spans_of(row: bytes, end: int) -> bytes:
    """How far the cells of a row reach, as its tag says before a place; nothing where it doesn't."""
    match = _SPANS.search(row, 0, end)
    return match[0] if match else b""


def own_style(row: Elements) -> int:
    """The number of the format that a row itself has; -1 where it has none."""
    return whole(row.get("s")) if row.get("customFormat") in TRUE else -1
