"""Bytes of XML put into a part, and no others changed: expat says where its elements begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from operator import itemgetter
from xml.parsers import expat

import msgspec

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.workbooks.package import Elements, parse, prefix_of

__all__ = ["Edit", "Spot", "Spots", "replaced", "tag"]

Edit = tuple[int, int, bytes]
"""From where to where, and what comes there instead."""

_QUOTED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_TAG = re.compile(rb"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)""")


class Spot(msgspec.Struct, eq=False):
    """An element: its name without prefix, its attributes, where it, its content and its end tag start, and its end.

    ``parent`` is the name of the element that it is in.
    """

    name: str
    given: Elements
    start: int
    inner: int = -1
    close: int = -1
    end: int = -1
    parent: str = ""


class Spots:
    """The elements of a whole part, in order.  Raises SheetError for a part that is not UTF-8."""

    def __init__(self, text: bytes) -> None:
        self.prefix = ""
        parser, path, found = expat.ParserCreate(), list[Spot](), list[Spot]()

        def enter(name: str, given: Elements) -> None:
            if not path:
                self.prefix = prefix_of(name)
            parent = path[-1].name if path else ""
            path.append(Spot(name.removeprefix(self.prefix), given, parser.CurrentByteIndex, parent=parent))
            found.append(path[-1])

        def leave(_: str) -> None:
            at, spot = parser.CurrentByteIndex, path.pop()
            spot.inner = spot.close = spot.end = end_of_tag(text, spot.start)
            if not text.endswith(b"/>", spot.start, spot.inner):
                spot.close, spot.end = at, text.index(b">", at) + 1

        refuse_encodings(text)
        parser.StartElementHandler, parser.EndElementHandler = enter, leave
        self.all: list[Spot] = list(parse([text], parser, found))
        self.found: dict[str, Spot] = {spot.name: spot for spot in reversed(self.all)}
        """The first element of each name."""


def tag(name: str, given: Mapping[str, str], inner: str = "") -> str:
    """An element.

    >>> tag("c", {"r": "A1", "t": "a&b"}), tag("v", {}, "1")
    ('<c r="A1" t="a&amp;b"/>', '<v>1</v>')
    """
    attributes = "".join(f' {key}="{value.translate(_QUOTED)}"' for key, value in given.items())
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def replaced(text: bytes, edits: Iterable[Edit]) -> bytes:
    """A text with some of its bytes changed.

    >>> replaced(b"abcd", [(3, 4, b"D"), (1, 2, b"")])
    b'acD'
    """
    pieces, at = [], 0
    for start, end, instead in sorted(edits, key=itemgetter(0, 1)):  # what comes to one place stays in order
        pieces += [text[at:start], instead]
        at = end
    return b"".join([*pieces, text[at:]])


def end_of_tag(text: bytes, start: int) -> int:
    """Where the tag ends that starts there; a sign ``>`` may be in an attribute."""
    match = _TAG.match(text, start)
    assert match is not None
    return match.end()


def refuse_encodings(text: bytes) -> None:
    """Raise SheetError for a part in another encoding than UTF-8, in which bytes can't be counted so."""
    declared = _DECLARED.match(text)
    encoding = declared[1].decode() if declared else "UTF-8"
    if text.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):  # it need not say so in words
        encoding = "UTF-16"
    if encoding.upper() not in ("UTF-8", "US-ASCII"):
        raise SheetError("is_encoded", encoding=encoding)
