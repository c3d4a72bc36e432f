"""Cells of an XLSX sheet that hold a formula and no value: an error, or a result that nobody has worked out yet.

The reader of workbooks gives nothing for them, and nothing would pass for a field that was left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

__all__ = ["without_value"]

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(.*?)</c>', re.DOTALL)
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>|<f[^>]*/>")
_VALUE = re.compile(rb"<v>([^<]+)</v>")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def without_value(content: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """What stands in such cells, by row and column (both from 0): the error, or the formula with its sign.

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
