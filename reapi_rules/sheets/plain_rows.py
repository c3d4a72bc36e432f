"""Rows of a sheet as most programs write them: found in the XML as a whole, and not tag by tag.

Expat reads these rows too, so that none passes that is no XML; but nobody listens, which takes most of its time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers import expat

from reapi_rules.sheets.package import pieces_of

__all__ = ["PlainRows", "cells_in", "filled_in"]

_DECLARATION = re.compile(rb'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s*\?>')
_CELL = (
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    r'(?:/>|></c>|>(<v>|<is><t(?: xml:space="preserve")?>)([^<&\r]*)(?:</v>|</t></is>)</c>)'
)
_CELLS = re.compile(_CELL)
_FILLED = re.compile(r'<c r="([A-Z]+)([0-9]+)"[^>]*>(<[vi])?')
_ROW = re.compile(
    rb'<row r="([0-9]{1,7})"(?: (?!hidden)[\w:]+="[^"<&]*")*+>((?:%b)*+)</row>'
    % re.sub(r"\((?!\?)", "(?:", _CELL).encode()
)
_LONGEST = 1 << 20  # of what may yet be such a row


class PlainRows:
    """A sheet in pieces for a parser; ``take`` gets the number and the text of each row that is written so.

    The parser's handlers get all others.  Where something may hide tags, such as a comment, they get all that follows.
    If the sheet is checked, the parser gets a blank for such rows: it has read them before.
    """

    def __init__(
        self,
        stream: IO[bytes],
        parser: expat.XMLParserType,
        take: Callable[[str, str], None],
        *,
        is_checked: bool = False,
    ) -> None:
        self._parser, self._take, self._is_checked = parser, take, is_checked
        self._pieces = self._split(stream)
        self._rows: list[re.Match[bytes]] = []
        self._handlers: tuple[Any, Any, Any] = (None, None, None)

    def read(self, _: int) -> bytes:
        """The next piece, once the rows of the last one, now known to be XML, are taken."""
        parser = self._parser
        if self._rows:
            parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self._handlers
            for row in self._rows:
                self._take(row[1].decode(), row[2].decode())
        piece, self._rows = next(self._pieces, (b"", []))
        if self._rows:
            self._handlers = parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler
            parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
            return b" " if self._is_checked else piece
        return piece

    def _split(self, stream: IO[bytes]) -> Iterator[tuple[bytes, list[re.Match[bytes]]]]:
        """Pieces of such rows, and of what is between them, none of which ends within a tag."""
        held, pieces = b"", pieces_of(stream)
        for piece in pieces:
            held += piece
            declared = _DECLARATION.match(held)
            if b"<!" in held or held.find(b"<?", declared.end() if declared else 0) >= 0:
                break
            done, rows = 0, list[re.Match[bytes]]()
            for row in _ROW.finditer(held):
                start = rows[-1].end() if rows else done
                if start < row.start():
                    yield from _some(held[done:start], rows)
                    yield held[start : row.start()], []
                    done, rows = row.start(), []
                rows.append(row)
            start = rows[-1].end() if rows else done
            yield from _some(held[done:start], rows)
            rest = held.rfind(b"<row", start)
            if rest < 0 or len(held) - rest > _LONGEST:
                rest = max(held.rfind(b"<", start), start)
            yield from _some(held[start:rest], [])
            held = held[rest:]
        yield from _some(held, [])
        for piece in pieces:
            yield piece, []


def cells_in(row: str) -> Iterator[tuple[str, ...]]:
    """The letters, the numbers, the formats, the kinds, whether there is a value, and the values of a row's cells.

    >>> [*cells_in('<c r="A2" s="1" t="s"><v>7</v></c><c r="C2"/>')]
    [('A', 'C'), ('2', '2'), ('1', ''), ('s', ''), ('<v>', ''), ('7', '')]
    """
    return zip(*_CELLS.findall(row))


def filled_in(row: str) -> Iterator[tuple[str, ...]]:
    """The letters and the numbers of a row's cells, and whether there is a value."""
    return zip(*_FILLED.findall(row))


def _some(piece: bytes, rows: list[re.Match[bytes]]) -> Iterator[tuple[bytes, list[re.Match[bytes]]]]:
    if piece:
        yield piece, rows
