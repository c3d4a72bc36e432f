"""Writes a sheet with some of its cells corrected; the rest stays letter for letter, or byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from reapi_rules.catalog.texts import Told
from reapi_rules.sheets.files.csv_table import respelt
from reapi_rules.sheets.files.encoding import Encoding
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.workbooks.in_place import Spliced
from reapi_rules.sheets.workbooks.references import Column
from reapi_rules.sheets.workbooks.sheet_splice import RowSpot

__all__ = ["FixedCsv", "FixedWorkbook"]


class FixedCsv:
    """Writes the rows of a CSV file; our columns of an earlier run are left out, since they no longer hold."""

    notes: tuple[str, ...] = ()

    def __init__(self, output: BinaryIO, table: Table, encoding: Encoding) -> None:
        assert table.dialect is not None
        self._output, self._encoding, self._dialect = output, encoding, table.dialect
        output.write(encoding.mark)
        self._put(table.dialect.preamble + table.header.text)

    def is_formula(self, row: Row, at: int) -> bool:
        """Whether a cell is a formula, which is left alone; text is not."""
        return False

    def write(self, row: Row, cells: Mapping[int, str]) -> None:
        """Write a row with these cells in the place of its own."""
        self._put(respelt(row, cells, self._dialect) if cells else row.text)

    def close(self) -> None:
        """Nothing is left to write."""

    def _put(self, text: str) -> None:
        self._output.write(text.encode(self._encoding.name, self._encoding.errors))


class FixedWorkbook(Spliced):
    """Writes an XLSX file with some of its cells changed, all else as it was; ``close`` writes it.

    A cell with a formula stays.  Columns of ours of an earlier run stay too, and a note says so.
    """

    otherwise: Told = Told("by_hand")

    def __init__(self, output: BinaryIO, content: bytes, table: Table, language: str = "en") -> None:
        super().__init__(output, content, table, language)
        self._columns = table.columns.theirs
        own, read = self._sheet.name, {self._columns[at] for at in table.columns.read}
        self._own = {(each.row, each.column) for each in self._formulas() if each.sheet == own and each.column in read}
        self._fixed: dict[int, dict[int, str]] = {}
        self._has_ours = bool(table.columns.ours)

    def is_formula(self, row: Row, at: int) -> bool:
        return (row.number - 1, self._columns[at]) in self._own

    def write(self, row: Row, cells: Mapping[int, str]) -> None:
        if cells:
            self._fixed[row.number] = {self._columns[at]: text for at, text in cells.items()}

    def close(self) -> None:
        changed: dict[Column, list[int]] = {}
        for row, at in ((row, at) for row, cells in self._fixed.items() for at in cells):
            changed.setdefault((self._sheet.name, at), []).append(row - 1)
        self._stale = self._reading(self._formulas, changed, "corrected_cells")
        if self._has_ours:
            self.notes: tuple[str, ...] = (*self.notes, workbook_texts().text("ours_of_earlier_run", self._language))
        self._begin({at for cells in self._fixed.values() for at in cells})
        for number, cells in self._fixed.items():
            spot = self._row(number)  # none where all that the row has is in merged cells
            self._put(spot, number, {at: self._fixed_cell(spot, at, text) for at, text in cells.items()})
        super().close()

    def _fixed_cell(self, spot: RowSpot | None, at: int, text: str) -> str:
        style, prefix = self._style_of(spot, at), self._outline.prefix
        if text.isdecimal():
            return self._cell(at, style, "", f"<{prefix}v>{int(text)}</{prefix}v>")
        if not text:
            return self._cell(at, style, "", "")
        return self._text(at, text, style if self._styles is None else self._styles.made(style, "verbatim"))
