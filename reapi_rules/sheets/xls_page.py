"""The cells of XLS sheets, by xlrd, and of XLSB sheets, by python-calamine (both in the extra ``xlsx``)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.marks import Marks
from reapi_rules.sheets.page import Extent, Page
from reapi_rules.sheets.table import Row
from reapi_rules.sheets.xlsx_page import moment

__all__ = ["Xls", "Xlsb"]


class Xls:
    """A workbook of Excel 97 to 2003."""

    def __init__(self, content: bytes) -> None:
        import xlrd

        try:
            self._book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
            )
        except Exception as error:  # of many kinds, for what is broken or encrypted
            raise SheetError(f"it can't be read as a workbook: {error}") from None
        self._errors = dict(xlrd.error_text_from_code)
        self.names: dict[str, bool] = {
            name: self._book.sheet_by_name(name).visibility != 0 for name in self._book.sheet_names()
        }

    def page(self, name: str) -> Page:
        """The page of a sheet."""
        sheet = self._book.sheet_by_name(name)
        marks, extent = Marks(), Extent()
        marks.merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells]
        marks.rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
        marks.columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind not in (0, 6):
                    extent.add(row, column)
        width, height = extent.width, extent.height
        return Page(
            width=width,
            marks=marks,
            rows=lambda: self._rows(sheet, width, height),
            strays=extent.strays,
            unseen=("formulas",),
        )

    def _rows(self, sheet: Any, width: int, height: int) -> Iterator[Row]:
        for row in range(height):
            yield Row(row + 1, [self._held(sheet, row, column) for column in range(min(sheet.row_len(row), width))])

    def _held(self, sheet: Any, row: int, column: int) -> Any:
        kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
        if kind == 3:
            index = sheet.cell_xf_index(row, column)
            code = self._book.format_map[self._book.xf_list[index].format_key].format_str
            return moment(value, "[h" in code.lower(), self._book.datemode == 1)
        if kind == 4:
            return bool(value)
        if kind == 5:
            return self._errors.get(value, "#ERROR")
        return "" if kind in (0, 6) else value


class Xlsb:
    """A binary workbook, whose reader does not tell a formula's error from a blank cell."""

    def __init__(self, content: bytes) -> None:
        import python_calamine

        try:
            self._book = python_calamine.load_workbook(io.BytesIO(content))
            sheets = self._book.sheets_metadata
        except Exception as error:  # the reader's own, of several kinds
            raise SheetError(f"it can't be read as a workbook: {error}") from None
        visible = python_calamine.SheetVisibleEnum.Visible
        self.names: dict[str, bool] = {sheet.name: sheet.visible != visible for sheet in sheets}

    def page(self, name: str) -> Page:
        """The page of a sheet."""
        try:
            sheet = self._book.get_sheet_by_name(name)
        except Exception as error:  # the reader's own, of several kinds
            raise SheetError(f"it can't be read as a workbook: {error}") from None
        marks = Marks()
        marks.merged = list(sheet.merged_cell_ranges or ())
        left = (sheet.start or (0, 0))[1]
        return Page(
            width=left + sheet.width, marks=marks, rows=lambda: self._rows(sheet, left), unseen=("formulas", "errors")
        )

    def _rows(self, sheet: Any, left: int) -> Iterator[Row]:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield Row(number, [*[""] * left, *cells])
