"""Rows of a sheet of XlsxWriter as XML: it writes all else, but takes four times as long for the cells of a row.

In the XML of a cell the number of its row is left open, so that rows can share it.
"""

from __future__ import annotations

from typing import Any

from reapi_rules.sheets.workbooks.package import encode

__all__ = ["SheetRows", "blank_cell", "boolean_cell", "number_cell", "text_cell"]

_LINE = 15


class SheetRows:
    """The rows of a sheet in the mode of constant memory, below the header that XlsxWriter has written."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        sheet._write_single_row(1)  # it would hold the header back until there is another row of its own

    def add(self, row: int, cells: str, lines: int) -> None:
        """Write a row, counted from 0, and so many lines high; there is none without cells."""
        if cells:
            height = f' ht="{_LINE * lines}" customHeight="1"' if lines > 1 else ""
            number = str(row + 1)
            self._sheet.row_data_fh.write(f'<row r="{number}"{height}>{cells.replace(_PLACE, number)}</row>')
            self._sheet.dim_rowmax = row


def text_cell(column: str, style: str, text: str) -> str:
    """A cell with a text, under the letters of its column.

    >>> text_cell("A", ' s="1"', "a & b").replace("\\0", "2")
    '<c r="A2" s="1" t="inlineStr"><is><t>a &amp; b</t></is></c>'
    """
    text = encode(text)
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f'<c r="{column}{_PLACE}"{style} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def number_cell(column: str, style: str, number: float) -> str:
    """A cell with a number, as exact as a workbook has it."""
    return f'<c r="{column}{_PLACE}"{style}><v>{number:.16G}</v></c>'


def boolean_cell(column: str, style: str, value: bool) -> str:
    """A cell with a truth value."""
    return f'<c r="{column}{_PLACE}"{style} t="b"><v>{value:d}</v></c>'


def blank_cell(column: str, style: str) -> str:
    """A cell with nothing but a format."""
    return f'<c r="{column}{_PLACE}"{style}/>'


_PLACE = "\0"
"""What is in the place of the row's number; no text in XML holds it."""
