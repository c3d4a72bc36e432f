"""Writes our columns into the user's own workbook, by openpyxl (the extra ``xlsx``): styles and other sheets stay.

What openpyxl would lose is a reason to refuse: charts, pictures, pivot tables, and the saved values of formulas in the
columns that are read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from reapi_rules.sheets.columns import ResultColumn, SheetError, letter, our_titles
from reapi_rules.sheets.results import Result, Writer
from reapi_rules.sheets.table import Row, Table

__all__ = ["InPlaceWriter", "refuse_losses"]

_LOST = re.compile(
    r"xl/(charts|chartsheets|media|pivotTables|pivotCache|slicers|embeddings|diagrams|ctrlProps|threadedComments|drawings/drawing)"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML, and so a workbook, can't hold them
_LONGEST_TEXT = 32_767
_COLOURS = {"error": ("F8CBAD", "9C0006"), "warning": ("FFE699", "7F6000")}
_FORMATS = {"text": "General", "integer": "#,##0", "decimal": "#,##0.000"}


class InPlaceWriter(Writer):
    """Writes results beside the rows of a workbook; ``close`` writes the workbook.  Needs openpyxl.

    Columns of an earlier run are written over where they stand; new ones come behind the last column.
    """

    def __init__(
        self,
        output: BinaryIO,
        content: bytes,
        table: Table,
        results: Iterable[ResultColumn],
        language: str = "en",
    ) -> None:
        import openpyxl
        from openpyxl.styles import Font, PatternFill

        refuse_losses(content)
        self._output = output
        self._book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=_has_macros(content))
        self._sheet = self._book[table.sheet]
        self._results = tuple(results)
        self._looks = {
            name: (PatternFill("solid", start_color=back), Font(color=front))
            for name, (back, front) in _COLOURS.items()
        }
        self._plain = PatternFill(), Font()
        self._refuse_formulas(table)
        self._places = self._columns(table)
        for column in self._results:
            self._sheet.cell(table.header.number, self._places[column.name], column.title(language)).font = Font(
                bold=True
            )

    def write(self, row: Row, result: Result | None) -> None:
        cells = (None,) * len(self._results) if result is None else result.cells
        for column, value in zip(self._results, cells):
            place = self._sheet.cell(row.number, self._places[column.name])
            if value is not None or place.value is not None:
                self._put(place, column, value)

    def close(self) -> None:
        self._book.save(self._output)

    def _put(self, place: Any, column: ResultColumn, value: str | int | None) -> None:
        if column.kind == "text" and value is not None:
            place.value = _CONTROLS.sub("", str(value))[:_LONGEST_TEXT]
            place.data_type = "s"  # also where it begins with =
        else:
            place.value = None if value is None else float(value) if column.kind == "decimal" else int(value)
        place.number_format = _FORMATS[column.kind]
        place.fill, place.font = self._looks.get(_look(column, value), self._plain)

    def _columns(self, table: Table) -> dict[str, int]:
        """Where each of our columns stands; those of an earlier run that are not written again are emptied."""
        known = our_titles()
        wanted = [column.name for column in self._results]
        places: dict[str, int] = {}
        for place in self._sheet[table.header.number]:
            name = known.get(place.value) if isinstance(place.value, str) else None
            if name is not None:
                places.setdefault(name, place.column)
        for name in places.keys() - set(wanted):
            at = places[name]
            for (place,) in self._sheet.iter_rows(min_row=table.header.number, min_col=at, max_col=at):
                place.value = None
        behind = self._sheet.max_column
        for name in wanted:
            if name not in places:
                behind += 1
                places[name] = behind
        return places

    def _refuse_formulas(self, table: Table) -> None:
        """A formula keeps no value when openpyxl saves it, so the next reader would find a blank cell."""
        for index in _read(table):
            for (cell,) in self._sheet.iter_rows(min_row=table.header.number + 1, min_col=index + 1, max_col=index + 1):
                if cell.data_type == "f":
                    raise SheetError(
                        f"row {cell.row}, column {letter(index)} is a formula, and its value would be gone until a "
                        "spreadsheet has calculated it anew: write a new workbook with -o"
                    )


def _read(table: Table) -> Iterator[int]:
    """Where the columns that are read stand in the workbook, ours counted."""
    columns = table.columns
    theirs = [index for index in range(len(columns.titles) + len(columns.ours)) if index not in columns.ours]
    yield from (theirs[index] for index in (*columns.fields.values(), *columns.references))


def _look(column: ResultColumn, value: str | int | None) -> str:
    if value is None:
        return ""
    if column.name == "reapi_warnings":
        return "warning"
    return "error" if column.name == "reapi_errors" or (column.name == "reapi_ok" and value == "no") else ""


def refuse_losses(content: bytes) -> None:
    """Raise SheetError for a workbook that openpyxl would not write back whole."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        raise SheetError("--in-place is for XLSX and XLSM: write a new workbook with -o") from None
    lost = sorted({match[1] for part in parts if (match := _LOST.match(part))})
    if lost:
        raise SheetError(
            f"the workbook holds {', '.join(lost)}, which would be lost: keep it, and write a new one with -o"
        )
    if not any(part.startswith("xl/") for part in parts):
        raise SheetError("--in-place is for XLSX and XLSM: write a new workbook with -o")


def _has_macros(content: bytes) -> bool:
    return "xl/vbaProject.bin" in zipfile.ZipFile(io.BytesIO(content)).namelist()
