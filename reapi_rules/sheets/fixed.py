"""Writes a sheet with some of its cells corrected: of a CSV file the rest stays letter for letter."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO

from reapi_rules.sheets.csv_table import respelt
from reapi_rules.sheets.encoding import Encoding
from reapi_rules.sheets.in_place import refuse_losses
from reapi_rules.sheets.table import Row, Table

__all__ = ["FixedCsv", "FixedWorkbook"]


class FixedCsv:
    """Writes the rows of a CSV file; our columns of an earlier run are left out, since they no longer hold."""

    def __init__(self, output: BinaryIO, table: Table, encoding: Encoding) -> None:
        assert table.dialect is not None
        self._output, self._encoding, self._dialect = output, encoding, table.dialect
        output.write(encoding.mark)
        self._put(table.dialect.preamble + table.header.text)

    def write(self, row: Row, cells: Mapping[int, str]) -> None:
        """Write a row with these cells in the place of its own."""
        self._put(respelt(row, cells, self._dialect) if cells else row.text)

    def close(self) -> None:
        """Nothing is left to write."""

    def _put(self, text: str) -> None:
        self._output.write(text.encode(self._encoding.name, self._encoding.errors))


class FixedWorkbook:
    """Writes an XLSX file with some of its cells changed.  Needs openpyxl."""

    def __init__(self, output: BinaryIO, content: bytes, table: Table) -> None:
        import openpyxl

        refuse_losses(content)
        self._output, self._columns = output, table.columns.theirs
        self._book = openpyxl.load_workbook(io.BytesIO(content))
        self._sheet = self._book[table.sheet]

    def write(self, row: Row, cells: Mapping[int, str]) -> None:
        """Change these cells of a row."""
        for at, text in cells.items():
            place = self._sheet.cell(row.number, self._columns[at] + 1)
            is_number = text.isdecimal()
            place.value = int(text) if is_number else text or None
            if not is_number:
                place.number_format = "@"  # else a spreadsheet makes a time of a ratio

    def close(self) -> None:
        """Write the workbook."""
        self._book.save(self._output)
