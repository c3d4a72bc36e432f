"""What a cell holds: its text, without what spreadsheets leave around it, and whether it is blank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

__all__ = ["DIGITS", "WORD", "JsonValue", "NoValue", "is_blank", "strip", "text_at", "text_of"]

DIGITS = 15
"""As many of a number as a spreadsheet counts and shows."""
WORD = re.compile(r"[^\W\d_]+")
_BLANKS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_WRAPPED = re.compile(r'=?"([^"]*)"')


class JsonValue(str):
    """What JSON spells without quotes: a number, true or false, a list or an object."""

    __slots__ = ()


class NoValue(msgspec.Struct, frozen=True):
    """What a cell has whose formula gave no value: the error that it gave, or the formula that was never calculated.

    It is no text, since anybody may have typed one that looks the same.

    >>> str(NoValue("#N/A")), NoValue("#N/A") == "#N/A", NoValue("=A1").is_formula
    ('#N/A', False, True)
    """

    text: str

    @property
    def is_formula(self) -> bool:
        """Whether it was never calculated."""
        return self.text.startswith("=")

    def __str__(self) -> str:
        return self.text


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing but blanks.

    >>> is_blank(" \\u200b"), is_blank(None), is_blank(0)
    (True, True, False)
    """
    if isinstance(cell, str):
        return not cell or (not cell[0].isalnum() and not strip(cell))
    return cell is None


def text_of(cell: Any) -> str:
    """A cell as text, as a CSV of the sheet would have it.

    >>> text_of(2.0), text_of(0.1 + 0.2), text_of(True), text_of(time(16, 9))
    ('2', '0.3', 'TRUE', '16:09:00')
    """
    if isinstance(cell, str):
        return cell if type(cell) is str else str.__str__(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.{DIGITS}g}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(cell.days * 86_400 + cell.seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def text_at(cells: Sequence[Any], at: int) -> str:
    """The text of a cell of a row that may be shorter."""
    cell = cells[at] if at < len(cells) else ""
    return cell if type(cell) is str else text_of(cell)


def strip(text: str) -> str:
    """The text without what a spreadsheet leaves around it: blanks of every kind, an apostrophe, quotes or ``="..."``.

    >>> strip(' ="16:9" '), strip("'2k"), strip("1:1\\u200b"), strip("\\u202a2k\\u202c")
    ('16:9', '2k', '1:1', '2k')
    """
    if text.isalnum():  # most words, and all numbers
        return text
    text = _BLANKS.sub(" ", text).strip()
    text = text.removeprefix("'")
    wrapped = _WRAPPED.fullmatch(text)
    return (wrapped[1] if wrapped else text).strip()
