"""Rows of a sheet as most programs write them, known by their bytes, without a call for each tag.

Rows of the same *shape* have the same XML but for their own number and the texts of their cells, which may be formulas.
Expat reads each shape once.  A row of a known shape is XML too, and says the same, if its texts are: without a sign
``<`` or ``&``, a ``]]>``, and what is no character of XML.  All else in a sheet is expat's.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

import msgspec
from msgspec.structs import astuple

from reapi_rules.sheets.meaning.columns import letter
from reapi_rules.sheets.workbooks.addresses import MOST_ROWS, address
from reapi_rules.sheets.workbooks.package import Elements, whole, whole_elements

__all__ = [
    "CLOSING",
    "STAND_IN",
    "Cell",
    "Rows",
    "Shape",
    "find_rows",
    "formulas_in",
    "own_style",
    "pieces_of_rows",
    "spans_of",
    "texts_in",
]

CLOSING = b"</row>"
"""What a known row ends with."""
STAND_IN = b"<known/>"
"""What expat reads instead: where no element may be, known rows may not either."""
_OPENING = b'<row r="'
_NUMBER = re.compile(rb'\s*<row r="([1-9][0-9]{0,6})"')
_TAGS = (b"<v>", b"<f>", b"<t>", b'<t xml:space="preserve">')
_INSIDE = [(tag, re.compile(tag + rb"[^<&\r]*")) for tag in _TAGS]
_TEXTS = re.compile(rf"(?:{b'|'.join(_TAGS).decode()})([^<]*)")
_WITHIN = {"": ("row",), "row": ("c",), "c": ("f", "v", "is"), "is": ("t",)}
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
_PARTS = ("", "v", "it", "f", "fv")
_OWN = re.compile(rb"<f[^>]|[&\r]")  # formulas of several cells, and what of texts can't be left out
_SPANS = re.compile(rb"""\sspans=(?:"[0-9]{1,7}:[0-9]{1,7}"|'[0-9]{1,7}:[0-9]{1,7}')""")
_SOME, _OTHER = b"1", b"2"  # numbers of rows: what changes with them has more than the row's own number in it
_ROOM = 1 << 22  # for all shapes together, in bytes


class Cell(msgspec.Struct):
    """A cell of a shape: its column, its kind, the number of its format, and what is in it: f, v or t."""

    column: int
    kind: str
    style: int
    parts: str = ""


class Shape(msgspec.Struct, eq=False):
    """What rows have in common: their cells, the last column, the numbers of formats, and how far they say they reach.

    A row that has no format of its own has -1 for it.  Rows that are read tag by tag have no cells here.  ``formulas``
    are which of the texts of a row, and their columns; ``texts`` is how many there are.
    """

    cells: list[Cell] = []
    last: int = -1
    style: int = -1
    styles: dict[int, int] = {}
    spans: bytes = b""
    formulas: list[tuple[int, int]] = []
    texts: int = 0


class Rows(msgspec.Struct):
    """A sheet in pieces: how long each is, and of how many known rows; of none where it is to be read tag by tag.

    ``numbers`` and ``shapes`` are those of the known rows, the latter by their place in ``known``.
    """

    sizes: array[int] = msgspec.field(default_factory=lambda: array("I"))
    counts: array[int] = msgspec.field(default_factory=lambda: array("I"))
    numbers: array[int] = msgspec.field(default_factory=lambda: array("I"))
    shapes: array[int] = msgspec.field(default_factory=lambda: array("I"))
    known: list[Shape] = []

    def add(self, piece: bytes, count: int = 0) -> Iterator[tuple[bytes, range]]:
        """The next piece, and which of the known rows it holds."""
        if piece:
            self.sizes.append(len(piece))
            self.counts.append(count)
            yield piece, range(len(self.numbers) - count, len(self.numbers))


def find_rows(stream: IO[bytes], rows: Rows) -> Iterator[tuple[bytes, range]]:
    """The pieces of a sheet as they are found, and which rows each holds."""
    known: dict[bytes, int] = {}
    last, room = 0, _ROOM
    for piece, is_open in whole_elements(stream, CLOSING):
        done = at = max(piece.find(_OPENING), 0) if is_open and _is_sound(piece) else len(piece)
        yield from rows.add(piece[:done])
        *shapes, rest = _without_texts(piece[done:]).split(CLOSING)
        first = _number(shapes[0]) if shapes else 0
        found = [known.get(_unnumbered(shape, b"%d" % number), -1) for number, shape in enumerate(shapes, first)]
        if (
            last < first <= MOST_ROWS - len(found) and not rest and min(found) >= 0
        ):  # all are known, and none is left out
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
                identity = known[shape] = _learn(shape, rows.known)
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
    return row.lstrip().replace(digits + b'"', b'\0"').replace(b':\0"', b':%b"' % digits)


def pieces_of_rows(stream: IO[bytes], rows: Rows) -> Iterator[tuple[bytes, range]]:
    """The same pieces once more."""
    at = 0
    for size, count in zip(rows.sizes, rows.counts):
        yield stream.read(size), range(at, at + count)
        at += count


def texts_in(rows: bytes) -> list[str]:
    """The texts of the cells of known rows.

    >>> texts_in(b'<row r="2"><c r="A2" t="s"><v>7</v></c><c r="C2"/><c r="D2"><v></v></c></row>')
    ['7', '']
    """
    return _TEXTS.findall(rows.decode())


def formulas_in(piece: bytes, rows: Rows, span: range) -> Iterator[tuple[int, int, str]]:
    """The formulas of known rows: the number of each row, the column, and the text."""
    known, shapes = rows.known, rows.shapes[span.start : span.stop]
    if any(known[shape].formulas for shape in {*shapes}):
        texts, last = texts_in(piece), 0
        for number, identity in zip(rows.numbers[span.start : span.stop], shapes):
            shape = known[identity]
            for at, column in shape.formulas:
                yield number, column, texts[last + at]
            last += shape.texts


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


def _learn(shape: bytes, known: list[Shape]) -> int:
    """The place of a shape among the known ones; -1 for one whose rows are to be read tag by tag."""
    read, same = _read(shape, _SOME), _read(shape, _OTHER)
    if read is None or same is None or astuple(read) != astuple(same):
        return -1
    known.append(read)
    return len(known) - 1


def _read(shape: bytes, number: bytes) -> Shape | None:
    """A shape, taken from a row with that number; None where a row has more in it than a text or none in each cell."""
    path, found = [""], Shape()

    def start(name: str, given: Elements) -> None:
        if name not in _WITHIN.get(path[-1], ()):
            raise ValueError
        path.append(name)
        if name == "row":
            if given.get("r") != number.decode() or "hidden" in given:
                raise ValueError
            found.style = own_style(given)
        elif name == "c":
            row, column = address(given.get("r", ""))
            is_first = b'<c r="%b\0"' % letter(column).encode() in shape
            is_behind = column > found.last and row + 1 == int(number)
            if not is_first or not is_behind or given.keys() - {"r", "s", "t"}:
                raise ValueError
            found.last, found.styles[column] = column, whole(given.get("s"))
            found.cells.append(Cell(column, given.get("t", ""), found.styles[column]))
        else:
            found.cells[-1].parts += name[0]

    def characters(_: str) -> None:
        if path[-1] in ("f", "v", "t"):
            raise ValueError

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, characters
    parser.EndElementHandler = lambda _: path.pop()
    row = shape.replace(b"\0", number)
    try:
        parser.Parse(row + CLOSING, True)
    except (expat.ExpatError, ValueError):
        return None
    if any(cell.parts not in _PARTS for cell in found.cells):
        return None
    for cell in found.cells:
        cell.parts = cell.parts.removeprefix("i")
        if cell.parts.startswith("f"):
            found.formulas.append((found.texts, cell.column))
        if cell.parts == "f":
            cell.kind = ""  # it is that of a value
        found.texts += len(cell.parts)
    if found.texts != sum(map(shape.count, _TAGS)):
        return None
    found.spans = spans_of(row, len(row))
    return found


def spans_of(row: bytes, end: int) -> bytes:
    """How far the cells of a row reach, as its tag says before a place; nothing where it doesn't."""
    match = _SPANS.search(row, 0, end)
    return match[0] if match else b""


def own_style(row: Elements) -> int:
    """The number of the format that a row itself has; -1 where it has none."""
    return whole(row.get("s")) if row.get("customFormat") in ("1", "true") else -1
