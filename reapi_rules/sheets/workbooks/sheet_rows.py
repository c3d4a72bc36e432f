"""Rows of a sheet of XlsxWriter as XML: it writes all else, but takes four times as long for the cells of a row.

In the XML of a cell the number of its row is left open, so that rows can share it.
"""

from __future__ import annotations

from typing import Any

from reapi_rules.sheets.workbooks.package import encode

__all__ = ["LINE", "SheetRows", "cell_xml"]

LINE = 15
"""How high a line is."""


class SheetRows:
    """The rows of a sheet in the mode of constant memory, below the header that XlsxWriter has written."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        sheet._write_single_row(1)  # it would hold the header back until there is another row of its own

    def add(self, row: int, cells: str, lines: int) -> None:
        """Write a row, counted from 0, and so many lines high; there is none without cells."""
        if cells:
            height = f' ht="{LINE * lines}" customHeight="1"' if lines > 1 else ""
            number = str(row + 1)
            self._sheet.row_data_fh.write(f'<row r="{number}"{height}>{cells.replace(_PLACE, number)}</row>')
            self._sheet.dim_rowmax = row


def cell_xml(column: str, style: str, value: str | float | bool | None) -> str:
    """A cell under the letters of its column: a text, a number as exact as a workbook has it, or a format alone.

    >>> cell_xml("A", ' s="1"', "a & b").replace("\\0", "2"), cell_xml("B", "", True).replace("\\0", "2")
    ('<c r="A2" s="1" t="inlineStr"><is><t>a &amp; b</t></is></c>', '<c r="B2" t="b"><v>1</v></c>')
    """
    if isinstance(value, str):
        text = encode(value)
        space = "" if text == text.strip() else ' xml:space="preserve"'
        return f'<c r="{column}{_PLACE}"{style} t="inlineStr"><is><t{space}>{text}</t></is></c>'
    if value is None:
        return f'<c r="{column}{_PLACE}"{style}/>'
    if isinstance(value, bool):
        return f'<c r="{column}{_PLACE}"{style} t="b"><v>{value:d}</v></c>'
    return f'<c r="{column}{_PLACE}"{style}><v>{value:.16G}</v></c>'


_PLACE = "\0"
"""What is in the place of the row's number; no text in XML holds it."""
