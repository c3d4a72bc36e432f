r"""Regular expressions for the schemas, of the kind that JavaScript (with its ``u`` flag), Python and Rust read alike.

Two traps are avoided: ``$`` means the very end in JavaScript only, in Python a line end may follow it; and a class of
letters stands for ASCII case, since a pattern has no flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reapi_rules.catalog.models import Field
from reapi_rules.forms.reader import BLANKS

__all__ = [
    "BLANK", "BLANK_ONLY", "CHARACTER", "DATA_URI", "DATA_URI_LINE", "END", "FILLED", "JSON_LIST", "NOT_TEXT", "URL",
    "URL_LINES", "any_case", "characters", "filled_lines", "one_of", "trimmed", "units", "url", "words",
]  # fmt: skip

END = r"(?![\s\S])"
"""The end of the text, with nothing after it."""

_ASTRAL = "\U00010000-\U0010ffff"

NOT_TEXT = rf"[^\u0001-\ud7ff\ue000-\ufffc\ufffe\uffff{_ASTRAL}]"
"""What no text of a form holds: null characters, lone surrogates, and what stands for bytes that are not UTF-8.

It is said by what a text holds, since not every language has a class of surrogates.
"""

_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_CONTROLS = r"[\u0000-\u0020]"
_LINE_CONTROLS = r"[\u0000-\u0009\u000b\u000c\u000e-\u0020]"
_LINE_END = r"(?![^\r\n])"
_DATA = "[dD][aA][tT][aA]:"


def _class(characters: str) -> str:
    """The inside of a class of these characters, which are in order: runs of them as ranges."""
    codes = list(map(ord, characters))
    starts = [code for code in codes if code - 1 not in codes]
    ends = [code for code in codes if code + 1 not in codes]
    return "".join(rf"\u{one:04x}" + rf"-\u{last:04x}" * (last > one) for one, last in zip(starts, ends))


CHARACTER = r"(?:\r\n|\r(?!\n)|[^\r])"
"""A character of a text area, where a line end counts once."""

_LINE_BLANK = f"[{_class(BLANKS.translate({10: None, 13: None}))}]"

BLANK = f"[{_class(BLANKS)}]"
"""A character that the form reader trims."""

BLANK_ONLY = f"^{BLANK}*{END}"
"""A text that holds nothing else."""

FILLED = f"[^{_class(BLANKS)}]"
"""A character that is none of these: a text that holds one is not blank."""


def one_of(words: Iterable[str]) -> str:
    """A group that matches one of the words as it is.

    >>> one_of(["1:1", "a.b"])
    '(?:1:1|a\\\\.b)'
    """
    return f"(?:{'|'.join(map(_escape, words))})"


def any_case(words: Iterable[str]) -> str:
    """A group that matches one of the words in any ASCII case.

    >>> any_case(["1k", "2k"])
    '(?:1[kK]|2[kK])'
    """
    return f"(?:{'|'.join(''.join(map(_either_case, word)) for word in words)})"


def words(field: Field) -> str:
    """A group that matches what a field of words takes."""
    own = (any_case if field.any_case else one_of)(field.words)
    return f"(?:{own}|[0-9]+x[0-9]+)" if field.pixel_strings else own


def _escape(text: str) -> str:
    return _SYNTAX.sub(r"\\\g<0>", text)


def _either_case(character: str) -> str:
    is_letter = character.isascii() and character.isalpha()
    return f"[{character.lower()}{character.upper()}]" if is_letter else _escape(character)


def _url(controls: str, end: str, line_ends: str = "") -> str:
    """The beginning of an http(s) URL up to the end of its host, as ``reapi_rules.terms.urls`` reads it.

    The host is what follows the last ``@`` before the path; it does not begin with a colon and is not all blank.
    """
    return (
        rf"{controls}*[hH][tT][tT][pP][sS]?:\/\/(?:[^/?#\\{line_ends}]*@)?(?!{controls}*(?!{controls}){end})"
        rf"[^:/?#\\@{line_ends}][^/?#\\@{line_ends}]*(?![^/?#\\{line_ends}])"
    )


def url(blank: str = "") -> str:
    """A whole text that is an http(s) URL with a host, with blanks of a form round it."""
    before, after = (f"{blank}*(?!{blank})", f"{blank}*") if blank else ("", "")
    return f"{before}{_url(_CONTROLS, after + END)}"


JSON_LIST = rf"^{BLANK}*\["
"""A text that is read as a JSON list."""

URL = f"^{url()}"
DATA_URI = f"^{_CONTROLS}*{_DATA}"


DATA_URI_LINE = rf"(?:^|[\r\n]){_LINE_BLANK}*(?!{_LINE_BLANK}){_LINE_CONTROLS}*{_DATA}"
"""A text of which one line is a data: URI."""

_ADDRESS = _url(_LINE_CONTROLS, f"{_LINE_BLANK}*{_LINE_END}", r"\r\n")
URL_LINES = rf"^(?:{BLANK}*(?!{BLANK}){_ADDRESS}[^\r\n]*{_LINE_END})*{BLANK}*{END}"
"""A text of which every line is blank or an http(s) URL with a host."""


def filled_lines(least: int, most: int | None = None) -> str:
    """A text of so many lines that are not blank: of so many at least, where there is no bound."""
    line = rf"(?:{BLANK}*{FILLED}[^\r\n]*{_LINE_END})"
    return rf"^{line}{{{least}}}" if most is None else rf"^{line}{{{least},{most}}}{BLANK}*{END}"


def characters(most: int, *, is_trimmed: bool) -> str:
    """A text of at most so many characters, without the blanks round it or else each line end counted once."""
    return rf"^{BLANK}*(?!{BLANK})[\s\S]{{0,{most}}}{BLANK}*{END}" if is_trimmed else f"^{CHARACTER}{{0,{most}}}{END}"


def units(least: int, character: str = r"[\s\S]") -> str:
    """A text of at least so many UTF-16 units, where characters beyond U+FFFF count twice.

    So many characters will do, or fewer of which enough count twice.
    """
    fewer = (
        f"(?={character}{{{count}}})(?:[^{_ASTRAL}]*[{_ASTRAL}]){{{least - count}}}"
        for count in range((least + 1) // 2, least)
    )
    return f"^(?:{'|'.join([f'{character}{{{least}}}', *fewer])})"


def trimmed(pattern: str, *, may_be_blank: bool = True) -> str:
    """A text that is, without the blanks round it, what the pattern matches, or else empty."""
    return f"^{BLANK}*(?!{BLANK})(?:{pattern}){'?' * may_be_blank}{BLANK}*{END}"
