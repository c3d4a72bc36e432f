r"""Regular expressions for the schemas, of the kind that JavaScript (with its ``u`` flag) and Python read alike.

Two traps are avoided: ``$`` means the very end in JavaScript only, in Python a line end may follow it; and a class of
letters stands for ASCII case, since a pattern has no flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reapi_rules.forms.reader import BLANKS

__all__ = [
    "BLANK",
    "DATA_URI",
    "END",
    "FILLED",
    "NOT_TEXT",
    "PIXELS",
    "URL",
    "any_case",
    "characters",
    "data_uri_line",
    "filled_lines",
    "one_of",
    "trimmed",
    "url",
    "url_lines",
]

END = r"(?![\s\S])"
"""The end of the text, with nothing after it."""

PIXELS = "[0-9]+x[0-9]+"

NOT_TEXT = r"[\u0000\ufffd\ud800-\udfff]"
"""What no text of a form holds: null characters, and what stands for bytes that are not UTF-8."""

_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_CONTROLS = r"[\u0000-\u0020]"
_LINE_CONTROLS = r"[\u0000-\u0009\u000b\u000c\u000e-\u0020]"
_LINE_END = r"(?![^\r\n])"
_DATA = "[dD][aA][tT][aA]:"


def _class(characters: str, *, without: str = "") -> str:
    return "".join(f"\\u{ord(character):04x}" for character in characters if character not in without)


_LINE_BLANK = f"[{_class(BLANKS, without=chr(10) + chr(13))}]"

BLANK = f"[{_class(BLANKS)}]"
"""A character that the form reader trims."""

FILLED = f"[^{_class(BLANKS)}]"
"""A character that is none of these: a text that holds one is not blank."""


def one_of(words: Iterable[str], *others: str) -> str:
    """A group that matches one of the words as it stands, or one of the other patterns.

    >>> one_of(["1:1", "a.b"], PIXELS)
    '(?:1:1|a\\\\.b|[0-9]+x[0-9]+)'
    """
    return f"(?:{'|'.join([*map(_escape, words), *others])})"


def any_case(words: Iterable[str]) -> str:
    """A group that matches one of the words in any ASCII case.

    >>> any_case(["1k", "2k"])
    '(?:1[kK]|2[kK])'
    """
    return f"(?:{'|'.join(''.join(map(_either_case, word)) for word in words)})"


def _escape(text: str) -> str:
    return _SYNTAX.sub(r"\\\g<0>", text)


def _either_case(character: str) -> str:
    is_letter = character.isascii() and character.isalpha()
    return f"[{character.lower()}{character.upper()}]" if is_letter else _escape(character)


def _url(controls: str, trail: str, line_ends: str = "") -> str:
    """The beginning of an http(s) URL up to the end of its host, as ``reapi_rules.terms.urls`` reads it.

    The host is what follows the last ``@`` before the path; it does not begin with a colon and is not all blank.
    """
    return (
        rf"{controls}*[hH][tT][tT][pP][sS]?:\/\/(?:[^/?#\\{line_ends}]*@)?(?!{trail})"
        rf"[^:/?#\\@{line_ends}][^/?#\\@{line_ends}]*(?![^/?#\\{line_ends}])"
    )


def url(blank: str = "") -> str:
    """A whole text that is an http(s) URL with a host, with blanks of a form round it."""
    blanks = f"{blank}*" if blank else ""
    return f"{blanks}{_url(_CONTROLS, _CONTROLS + '*' + blanks + END)}"


URL = f"^{url()}"
DATA_URI = f"^{_CONTROLS}*{_DATA}"


def data_uri_line() -> str:
    """A text of which one line is a data: URI."""
    return rf"(?:^|[\r\n]){_LINE_BLANK}*{_LINE_CONTROLS}*{_DATA}"


def url_lines() -> str:
    """A text of which every line is blank or an http(s) URL with a host."""
    address = _url(_LINE_CONTROLS, rf"{_LINE_CONTROLS}*{_LINE_BLANK}*{_LINE_END}", r"\r\n")
    return rf"^(?:{BLANK}*{address}[^\r\n]*{_LINE_END})*{BLANK}*{END}"


def filled_lines(most: int) -> str:
    """A text of at most so many lines that are not blank."""
    return rf"^(?:{BLANK}*{FILLED}[^\r\n]*{_LINE_END}){{0,{most}}}{BLANK}*{END}"


def characters(most: int) -> str:
    """A text of at most so many characters, each line end counted once."""
    return rf"^(?:\r\n|\r(?!\n)|[^\r]){{0,{most}}}{END}"


def trimmed(pattern: str) -> str:
    """A text that is, without the blanks round it, empty or what the pattern matches."""
    return f"^{BLANK}*(?:{pattern})?{BLANK}*{END}"
