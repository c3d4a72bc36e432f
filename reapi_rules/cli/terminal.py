"""Lines on a terminal: cut between words at its width, and in colour where rich is there and NO_COLOR is not set."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO

from reapi_rules.terms.values import CONTROLS, escape

__all__ = ["Line", "clipped", "columns", "cut", "is_terminal", "laid", "printable", "shown", "width_of"]

_COLOURS = {"head": "bold", "error": "red", "warning": "yellow", "hint": "dim"}
_NARROWEST = 24
_OPENING, _CLOSING = "（《“「【", "，。、；：！？）》”」】"
_NO_WIDTH = ("Mn", "Me", "Cf")


class Line(str):
    """A line, how it looks where there are colours (head, error, warning or hint), and how far what follows hangs."""

    look: str
    hang: int | None

    def __new__(cls, text: str, look: str = "", hang: int | None = None) -> Line:
        line = super().__new__(cls, text)
        line.look, line.hang = look, hang
        return line


def columns() -> int:
    """How wide the terminal is: what COLUMNS says, else the terminal itself, else 80."""
    width = os.environ.get("COLUMNS", "")
    if width.isdecimal() and int(width):
        return max(int(width), _NARROWEST)
    for stream in (1, 2):
        with suppress(OSError):
            return max(os.get_terminal_size(stream).columns or 80, _NARROWEST)
    return 80


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether a stream is a terminal; a closed one is not."""
    return stream is not None and stream.isatty()


def shown(lines: Iterable[str], stream: IO[str] | None) -> Iterator[str]:
    """The lines as they look on a stream: cut and in colour on a terminal, elsewhere as they are."""
    if not is_terminal(stream):
        yield from map(printable, lines)
        return
    width = columns()
    for line in lines:
        line = line if isinstance(line, Line) else Line(line)
        hang = len(line) - len(line.lstrip()) + 2 if line.hang is None else line.hang
        for piece in cut(printable(line), width, hang):
            yield _coloured(piece, line.look)


def cut(text: str, width: int, hang: int = 0) -> Iterator[str]:
    """A text in pieces of a width at most, cut between words; all but the first are indented.

    >>> list(cut("a fox in the snow", 9)), list(cut("一只狐狸在雪地里", 9, 1))
    (['a fox in', 'the snow'], ['一只狐狸', ' 在雪地里'])
    """
    lead, hang = "", min(hang, width // 2)
    while width_of(text) > width - len(lead):
        at = _place(text, width - len(lead))
        yield lead + text[:at].rstrip()
        text, lead = text[at:].lstrip(), " " * hang
    yield lead + text


def laid(rows: Sequence[Sequence[str]], right: Container[int] = ()) -> list[str]:
    """Rows of cells as lines with columns below each other; some of them to the right.

    >>> laid([["狐狸", "9"], ["fox", "12"]], right={1})
    ['狐狸   9', 'fox   12']
    """
    widths = [max(map(width_of, column)) for column in zip(*rows)]
    return ["  ".join(_padded(cell, widths[at], at in right) for at, cell in enumerate(row)).rstrip() for row in rows]


def clipped(text: str, width: int) -> str:
    """A text, which ends in an ellipsis where it is longer than a width.

    >>> clipped("a long name", 6), clipped("狐狸", 4), clipped("一只狐狸", 6)
    ('a lon…', '狐狸', '一只…')
    """
    if width_of(text) <= width:
        return text
    while width_of(text) >= width:
        text = text[:-1]
    return text + "…"


def printable(line: str) -> str:
    r"""A line with control characters written out, so that no text of others in it can pass for a line of ours.

    >>> printable("a\nb")
    'a\\x0ab'
    """
    return line if line.isprintable() else escape(line.translate(CONTROLS))


def width_of(text: str) -> int:
    """How many columns a text takes.

    >>> width_of("fox"), width_of("狐狸"), width_of("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # most texts do without

    return sum(1 + (east_asian_width(each) in "WF") for each in text if category(each) not in _NO_WIDTH)


def _padded(text: str, width: int, to_the_right: bool) -> str:
    blanks = " " * (width - width_of(text))
    return blanks + text if to_the_right else text + blanks


def _place(text: str, width: int) -> int:
    """Where to cut a text that is too long: before a blank or behind a wide character, else within a word."""
    seen = best = 0
    has_word = False
    for at, each in enumerate(text):
        if each == " " and has_word:
            best = at
        seen += (own := width_of(each))
        if seen > width:
            return best or at
        has_word |= each != " "
        if own > 1 and each not in _OPENING and text[at + 1 : at + 2] not in _CLOSING:
            best = at + 1
    return len(text)


def _coloured(text: str, look: str) -> str:
    if look not in _COLOURS or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    try:
        from rich.style import Style
    except ImportError:
        return text
    return Style.parse(_COLOURS[look]).render(text)
