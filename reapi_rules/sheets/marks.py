"""Marks: what the XML of a workbook says of a sheet besides its values: errors, formulas, merged and hidden cells."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import msgspec

from reapi_rules.sheets.columns import letter
from reapi_rules.sheets.words import row_words
from reapi_rules.terms.once import once

__all__ = ["Marks", "is_total", "marks"]

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?:[^>/]|/(?!>))*)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(rb"<f([^>/]*)(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v>([^<]+)</v>")
_ROW = re.compile(rb'<row [^>]*?r="([0-9]{1,7})"[^>]*>')
_COLUMN = re.compile(rb'<col [^>]*?min="([0-9]{1,5})" max="([0-9]{1,5})"[^>]*>')
_HIDDEN = (b'hidden="1"', b'hidden="true"')
_SHARED = re.compile(rb'si="([0-9]+)"')
_REFERENCE = re.compile(r"\$?\b([A-Z]{1,3})\$?([0-9]{1,7})\b")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MOST_REPEATED = 4_096

At = tuple[int, int]
"""A row and a column, both from 0."""


class Marks(msgspec.Struct):
    """What stands in cells without a value, the formulas of sums, merged areas, and hidden rows and columns, from 0.

    A cell without a value holds an error, or a formula that nobody has worked out yet; it must not pass for a blank.
    """

    values: dict[At, str] = {}
    sums: set[At] = set()
    merged: list[tuple[At, At]] = []
    rows: set[int] = set()
    columns: set[int] = set()


def is_total(formula: str, row: int, column: int) -> bool:
    """Whether a formula in a cell, its row from 1, its column from 0, sums cells above it.

    >>> is_total("SUM(E2:E9)", 10, 4), is_total("=SUM(B3:D3)", 3, 4), is_total("SUBTOTAL(109,[n])", 10, 4)
    (True, False, True)
    """
    if not _sum().match(formula):
        return False
    found = _REFERENCE.findall(formula)
    above = all(name == letter(column) and int(number) < row for name, number in found)
    return above if found else "[" in formula


def marks(content: bytes, sheet: str) -> Marks:
    """The marks of a sheet of an XLSX or ODS file; none for a file of another kind or built in an unusual way."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if "content.xml" in book.namelist():
                with book.open("content.xml") as text:
                    return _of_ods(text, sheet)
            return _of_xlsx(book.read(_part(book, sheet)))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return Marks()


def _of_xlsx(text: bytes) -> Marks:
    found = Marks()
    found.rows = {int(match[1]) - 1 for match in _ROW.finditer(text) if any(sign in match[0] for sign in _HIDDEN)}
    for match in _COLUMN.finditer(text):
        if any(sign in match[0] for sign in _HIDDEN):
            found.columns.update(range(int(match[1]) - 1, min(int(match[2]), _MOST_REPEATED)))
    if b"<f" not in text and b't="e"' not in text:
        return found
    shared: dict[bytes, bool] = {}
    for name, number, attributes, inside in _CELL.findall(text):
        value, formula, at = _VALUE.search(inside), _FORMULA.search(inside), (int(number) - 1, _index(name))
        if formula:
            written = _text(formula[2] or b"")
            if (identity := _SHARED.search(formula[1])) and written:
                shared[identity[1]] = is_total(written, at[0] + 1, at[1])
            if shared.get(identity[1], False) if identity else is_total(written, at[0] + 1, at[1]):
                found.sums.add(at)
            if not value and b't="str"' not in attributes:
                found.values[at] = "=" + (written or "...")
        if b't="e"' in attributes:
            found.values[at] = _text(value[1] if value else b"#ERROR")
    return found


def _of_ods(text: Any, sheet: str) -> Marks:
    found, row, column, is_ours, column_at = Marks(), 0, 0, False, 0
    for event, node in ElementTree.iterparse(text, ("start", "end")):
        tag = node.tag.removeprefix(_TABLE)
        if tag == "table" and event == "start":
            is_ours = node.get(f"{_TABLE}name") == sheet
        elif tag == "table" and is_ours:
            return found
        elif event == "end" and not is_ours and tag == "table":
            node.clear()
        if not is_ours or event == "start":
            continue
        times = int(node.get(f"{_TABLE}number-{'rows' if tag == 'table-row' else 'columns'}-repeated", "1"))
        is_hidden = node.get(f"{_TABLE}visibility") in ("collapse", "filter")
        if tag == "table-column":
            if is_hidden:
                found.columns.update(range(column_at, column_at + min(times, _MOST_REPEATED)))
            column_at += times
        elif tag in ("table-cell", "covered-table-cell"):
            _mark_cell(found, node, (row, column))
            column += times
        elif tag == "table-row":
            if is_hidden:
                found.rows.update(range(row, row + min(times, _MOST_REPEATED)))
            row, column = row + times, 0
            node.clear()
    return found


def _mark_cell(found: Marks, node: Any, at: At) -> None:
    height, width = (int(node.get(f"{_TABLE}number-{name}-spanned", "1")) for name in ("rows", "columns"))
    if height > 1 or width > 1:
        found.merged.append((at, (at[0] + height - 1, at[1] + width - 1)))
    formula = node.get(f"{_TABLE}formula", "").partition("=")[2].replace("[.", "").replace(":.", ":").replace("]", "")
    if formula and is_total(formula, at[0] + 1, at[1]):
        found.sums.add(at)
    text = "".join(node.itertext())
    if node.get(f"{_CALCEXT}value-type") == "error" or (formula and node.get(f"{_OFFICE}value-type") is None):
        found.values[at] = text or f"={formula}"


@once
def _sum() -> re.Pattern[str]:
    return re.compile(rf"=?\s*(?:{'|'.join(map(re.escape, row_words().sums))})\s*\(", re.IGNORECASE)


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    """The file of a sheet.  Raises KeyError where there is none."""
    sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    identity = {each.get("name"): each.get(_RELATION) for each in sheets}[sheet]
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    target = {each.get("Id"): each.get("Target", "") for each in relations}[identity]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _index(letters: bytes) -> int:
    index = 0
    for each in letters:
        index = index * 26 + each - 64
    return index - 1


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    for sign, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(sign, character)
    return text
