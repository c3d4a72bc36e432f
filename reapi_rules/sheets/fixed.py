"""Writes a sheet with some of its cells corrected: of a CSV file the rest stays letter for letter."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.csv_table import respelt
from reapi_rules.sheets.encoding import Encoding
from reapi_rules.sheets.table import Row, Table

__all__ = ["FixedCsv", "FixedWorkbook"]

_LOST = re.compile(
    r"xl/(charts|chartsheets|media|pivotTables|pivotCache|slicers|embeddings|diagrams|ctrlProps|threadedComments|drawings/drawing)"
)


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

        _refuse_losses(content)
        self._output, self._columns = output, table.columns.theirs
        try:
            self._book = openpyxl.load_workbook(io.BytesIO(content))
            self._sheet = self._book[table.sheet]
        except Exception as error:  # openpyxl raises anything for a part that it does not expect
            raise SheetError(f"openpyxl can't read the workbook: {error}; correct its cells by hand") from None

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
        try:
            self._book.save(self._output)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # as above
            raise SheetError(f"openpyxl can't write the workbook: {error}; correct its cells by hand") from None


def _refuse_losses(content: bytes) -> None:
    """Raise SheetError for a workbook that openpyxl would not write back whole."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        raise SheetError("--fixed is for CSV, TSV, XLSX and XLSM: save the sheet as one of them first") from None
    lost = sorted({match[1] for part in parts if (match := _LOST.match(part))})
    if lost:
        raise SheetError(f"the workbook holds {', '.join(lost)}, which would be lost: correct its cells by hand")
