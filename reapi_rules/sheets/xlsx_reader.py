"""Workbooks as tables: XLSX, XLSM, XLSB, XLS and ODS, by python-calamine (the extra ``xlsx``)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any
from xml.etree import ElementTree

from reapi_rules.sheets.columns import SAMPLE, Columns, SheetError, find_columns, find_header
from reapi_rules.sheets.contents import is_blank, text_of
from reapi_rules.sheets.table import Row, Table

__all__ = ["read_workbook"]

_HIGHEST_HEADER = 20  # a title, a date, a total may stand above the header
_MOST_BYTES = 1 << 31  # unpacked; a larger one is no plan of images

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(.*?)</c>', re.DOTALL)
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>|<f[^>]*/>")
_VALUE = re.compile(rb"<v>([^<]+)</v>")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(content: bytes, *, sheet: str | None = None, mapping: Mapping[str, str] | None = None) -> Table:
    """The table on a sheet of a workbook: the named one, else the first whose header names a field of a request.

    Raises SheetError for what is no workbook and where there is no such sheet, ImportError without python-calamine.
    """
    import python_calamine

    _refuse_bombs(content)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise SheetError(f'there is no sheet "{sheet}": the workbook has {", ".join(names)}')
        problems = []
        for name in names if sheet is None else [sheet]:
            try:
                return _table(workbook.get_sheet_by_name(name), name, mapping, content)
            except SheetError as error:
                problems.append(f'sheet "{name}": {error}')
    except SheetError:
        raise
    except Exception as error:  # the reader's own, of several kinds
        raise SheetError(f"it can't be read as a workbook: {error}") from None
    raise SheetError(problems[0] if problems else "the workbook has no sheets")


def _table(sheet: Any, name: str, mapping: Mapping[str, str] | None, content: bytes) -> Table:
    rows = _rows(sheet)
    top = list(islice(rows, _HIGHEST_HEADER))
    if all(is_blank(cell) for row in top for cell in row.cells):
        raise SheetError("it is empty: its first row names the columns")
    titles = [["" if is_blank(cell) else text_of(cell) for cell in row.cells] for row in top]
    first = next(at for at, row in enumerate(titles) if any(row))
    at, _ = find_header(titles[first:], mapping)
    at += first
    header = top[at]
    width = max(len(header.cells), (sheet.start or (0, 0))[1] + sheet.width)
    names = [text_of(cell) for cell in header.cells] + [""] * (width - len(header.cells))
    missing = _without_value(content, name)
    following = (_completed(row, missing) for row in chain(top[at + 1 :], rows))
    sample = list(islice(following, SAMPLE))
    columns = find_columns(names, mapping, rows=(row.cells for row in sample))
    return Table(
        columns=columns,
        header=Row(header.number, columns.titles),
        rows=(_fitted(row, columns, width) for row in chain(sample, following)),
        above=tuple(_fitted(row, columns, width) for row in top[:at]),
        sheet=name,
    )


def _rows(sheet: Any) -> Iterator[Row]:
    """All rows from the first of the sheet on; the reader leaves out blank columns on the left, which count too."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield Row(number, [*left, *cells])


def _completed(row: Row, missing: Mapping[tuple[int, int], str]) -> Row:
    """The row with what stands in its cells that have no value, so that they do not pass for blank ones."""
    if not missing:
        return row
    at = row.number - 1
    return Row(
        row.number, [missing.get((at, index), "") if cell == "" else cell for index, cell in enumerate(row.cells)]
    )


def _fitted(row: Row, columns: Columns, width: int) -> Row:
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    return Row(row.number, [cell for index, cell in enumerate(cells) if index not in columns.ours])


def _refuse_bombs(content: bytes) -> None:
    if content.startswith(b"PK"):
        try:
            size = sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(content)).infolist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SheetError(f"it can't be read as a workbook: {error}") from None
        if size > _MOST_BYTES:
            raise SheetError(f"it unpacks to {size >> 20} MiB: save the sheet as CSV, which is read row by row")


def _without_value(content: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """What is in the cells of an XLSX sheet that hold a formula and no value, by row and column (both from 0).

    It is an error, or the formula of a result that nobody has worked out yet; the reader gives nothing for them, and
    nothing would pass for a field that was left out.

    Empty for a workbook of another kind, and for one that is built otherwise than the usual programs do it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            text = book.read(_part(book, sheet))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return {}
    if b"<f" not in text and b't="e"' not in text:
        return {}
    found = {}
    for letters, row, attributes, inside in _CELL.findall(text):
        value, formula = _VALUE.search(inside), _FORMULA.search(inside)
        if b't="e"' in attributes:
            found[int(row) - 1, _index(letters)] = _text(value[1] if value else b"#ERROR")
        elif formula and not value and b't="str"' not in attributes:
            found[int(row) - 1, _index(letters)] = "=" + _text(formula[1] or b"...")
    return found


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    """The file of a sheet.  Raises KeyError where there is none."""
    sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    identity = {each.get("name"): each.get(_RELATION) for each in sheets}[sheet]
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    target = {each.get("Id"): each.get("Target", "") for each in relations}[identity]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    for sign, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(sign, character)
    return text
