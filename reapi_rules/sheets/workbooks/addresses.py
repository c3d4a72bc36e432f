"""The addresses of cells in a workbook, such as ``C2``, and how much it may have."""

from __future__ import annotations

import re

from reapi_rules.sheets.meaning.columns import SheetError

__all__ = ["LONGEST_TEXT", "MOST_COLUMNS", "MOST_ROWS", "address", "area", "index"]

MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def address(text: str) -> tuple[int, int]:
    """The row and the column of an address, from 0.

    >>> address("C2")
    (1, 2)

    Raises SheetError for one that no workbook has.
    """
    match = _ADDRESS.fullmatch(text)
    row, column = (int(match[2]), index(match[1])) if match else (0, MOST_COLUMNS)
    if not 1 <= row <= MOST_ROWS or column >= MOST_COLUMNS:
        raise SheetError("no_place", cell=text[:40])
    return row - 1, column


def area(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last cell of an area such as ``A1:C3``."""
    first, _, last = text.partition(":")
    return address(first), address(last or first)


def index(letters: str) -> int:
    """The number of a column, from 0."""
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number - 1
