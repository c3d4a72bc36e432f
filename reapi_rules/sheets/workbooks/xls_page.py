"""The cells of XLS sheets, by xlrd, and of XLSB sheets, by python-calamine (both in the extra ``xlsx``)."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.marks import Marks
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS
from reapi_rules.sheets.workbooks.calendar import moment
from reapi_rules.sheets.workbooks.package import elements, unpack
from reapi_rules.sheets.workbooks.page import Extent, Page

__all__ = ["Xls", "Xlsb"]

_ROW, _CELLS, _SHEET, _LAST_SHORT = 0, range(2, 12), 156, 127
"""Kinds of records of a binary workbook: a row, its cells but for blank ones, a sheet, and the last of one byte."""
_BLANK, _DATE, _BOOLEAN, _ERROR = (0, 6), 3, 4, 5
"""Kinds of cells, as xlrd numbers them."""
_MOST_HELD, _SHORTEST = 10_000_000, 8
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""What an XLSX file with a password has in it, which is packed as XLS files are."""


@contextmanager
def _reading() -> Iterator[None]:
    """What readers of others raise, of many kinds, is told as what it means; a panic of Rust is no Exception."""
    try:
        yield
    except SheetError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise SheetError("encrypted" if "encrypted" in str(error) else "unreadable", error=error) from None


class Xls:
    """A workbook of Excel 97 to 2003."""

    def __init__(self, content: bytes) -> None:
        if _PACKAGE in content:
            raise SheetError("encrypted")
        import xlrd

        with _reading():
            self._book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
            )
            sheets = [(name, self._book.sheet_by_name(name)) for name in self._book.sheet_names()]
        self._errors = dict(xlrd.error_text_from_code)
        self.names: dict[str, bool] = {name: sheet.visibility != 0 for name, sheet in sheets}

    @_reading()
    def page(self, name: str) -> Page:
        """The page of a sheet."""
        sheet = self._book.sheet_by_name(name)
        marks, extent = Marks(), Extent()
        marks.merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells]
        marks.rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
        marks.columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
        for row in range(sheet.nrows):
            extent.add(row, [column for column, kind in enumerate(sheet.row_types(row)) if kind not in _BLANK])
        return Page(extent=extent, marks=marks, read=partial(self._rows, sheet), unseen=("formulas",))

    def _rows(self, sheet: Any, width: int, height: int) -> Iterator[Row]:
        with _reading():
            for row in range(height):
                yield Row(row + 1, [self._held(sheet, row, column) for column in range(min(sheet.row_len(row), width))])

    def _held(self, sheet: Any, row: int, column: int) -> Any:
        kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
        if kind == _DATE:
            index = sheet.cell_xf_index(row, column)
            code = self._book.format_map[self._book.xf_list[index].format_key].format_str
            return moment(value, "[h" in code.lower(), self._book.datemode == 1)
        if kind == _BOOLEAN:
            return bool(value)
        if kind == _ERROR:
            return NoValue(self._errors.get(value, "#ERROR"))
        return "" if kind in _BLANK else value


class Xlsb:
    """A binary workbook, whose reader does not tell a formula's error from a blank cell."""

    def __init__(self, content: bytes) -> None:
        import python_calamine

        with _reading():
            self._archive = unpack(content)
            self._book = python_calamine.load_workbook(io.BytesIO(content))
            sheets = self._book.sheets_metadata
        visible = python_calamine.SheetVisibleEnum.Visible
        self.names: dict[str, bool] = {sheet.name: sheet.visible != visible for sheet in sheets}

    @_reading()
    def page(self, name: str) -> Page:
        """The page of a sheet; its reader holds all that is between the first cell and the last one."""
        extent, area = self._extent(name)
        if area > _MOST_HELD:
            key = "strays_too_far" if extent.strays else "too_far"
            raise SheetError(key, cells=area, stray=next(iter(extent.strays), ""))
        sheet, marks = self._book.get_sheet_by_name(name), Marks()
        marks.merged = list(sheet.merged_cell_ranges or ())
        return Page(extent=extent, marks=marks, read=partial(self._rows, sheet), unseen=("formulas", "errors"))

    def _rows(self, sheet: Any, width: int, height: int) -> Iterator[Row]:
        left = (sheet.start or (0, 0))[1]
        with _reading():
            for number, cells in enumerate(islice(sheet.iter_rows(), height), 1):
                yield Row(number, [*[""] * left, *cells][:width])

    def _extent(self, name: str) -> tuple[Extent, int]:
        """How far the filled cells of a sheet reach, and how many its reader would hold."""
        extent, row, edges = Extent(), 0, list[int]()
        for kind, content in _records(self._archive.read(self._part(name))):
            if kind != _ROW and kind not in _CELLS:
                continue
            at, most = int.from_bytes(content[:4], "little"), MOST_ROWS if kind == _ROW else MOST_COLUMNS
            if len(content) < _SHORTEST or at >= most or (kind == _ROW and at < row):
                raise ValueError("a row or a cell is where none can be")  # its reader would hold all that is between
            if kind == _ROW:
                row = at
            else:
                extent.add(row, [at])
                top, left, right = edges or (row, at, at)
                edges = [top, min(left, at), max(right, at)]
        return extent, (row - edges[0] + 1) * (edges[2] - edges[1] + 1) if edges else 0

    def _part(self, name: str) -> str:
        relations = elements(self._archive.open("xl/_rels/workbook.bin.rels"))
        parts = {given.get("Id"): given.get("Target", "") for _, given in relations}
        sheets = (content[8:] for kind, content in _records(self._archive.read("xl/workbook.bin")) if kind == _SHEET)
        ids = {own: id for id, rest in map(_text, sheets) for own, _ in [_text(rest)]}
        return posixpath.normpath(posixpath.join("xl", parts[ids[name]]))


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part of a binary workbook: the kind of each, and its content."""
    at = 0
    while at < len(part):
        kind, at = part[at], at + 1
        if kind > _LAST_SHORT:
            kind, at = kind & _LAST_SHORT | part[at] << 7, at + 1
        size = shift = 0
        is_last = False
        while not is_last:
            size |= (part[at] & _LAST_SHORT) << shift
            is_last, shift, at = part[at] <= _LAST_SHORT, shift + 7, at + 1
        yield kind, part[at : at + size]
        at += size


def _text(content: bytes) -> tuple[str, bytes]:
    """The text that a content begins with, and what follows it."""
    end = 4 + 2 * int.from_bytes(content[:4], "little")
    return content[4:end].decode("utf-16-le"), content[end:]
