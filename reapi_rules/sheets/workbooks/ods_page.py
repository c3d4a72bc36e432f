"""The cells of an ODS sheet, read by expat: repeated cells and rows stay few until they are needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from xml.parsers import expat

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.marks import Marks, is_total
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS
from reapi_rules.sheets.workbooks.package import Elements, open_part, parse, pieces_of, unpack
from reapi_rules.sheets.workbooks.page import Extent, Page

__all__ = ["ods_names", "ods_page"]

_ERROR = re.compile(r"#[¡¿]?[^\W\d_].*|[^\W\d_]+\s?[:：]\s?5[0-9]{2}")
"""What a formula's error looks like in any language: ``#N/A``, ``#¿NOMBRE?``, ``Err:503``."""
_CACHE = re.compile(r"'.*'#.*")
"""What the cache of another file's sheet is called."""
_BESIDE = ("office:annotation", "draw:", "dr3d:", "text:ruby-text")
"""Comments, shapes and how a text is pronounced, which is not the text of the cell that they are at."""
_DURATION = re.compile(r"PT(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:[.,]([0-9]{1,9}))?S)?")
_BREAKS = {"text:tab": "\t", "text:line-break": "\n"}
_Cells = dict[int, Any]


def ods_names(content: bytes) -> dict[str, bool]:
    """The names of the sheets, and whether each is hidden."""
    hidden, found, style, table = set[str](), dict[str, bool](), "", ""

    def start(name: str, given: Elements) -> None:
        nonlocal style, table
        if name == "style:style":
            style = given.get("style:name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            hidden.add(style)
        elif name == "table:table":
            table = given.get("table:name", "")
            found[table] = given.get("table:style-name") in hidden
        elif name == "table:table-source" and _CACHE.fullmatch(table):
            found.pop(table, None)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    _feed(content, parser)
    return found


def ods_page(content: bytes, sheet: str) -> Page:
    """The page of a sheet."""
    reader = _Reader(sheet)
    _feed(content, reader.parser)
    return Page(extent=reader.extent, marks=reader.marks, read=partial(_rows, reader.found))


def _feed(content: bytes, parser: expat.XMLParserType) -> None:
    for _ in parse(pieces_of(open_part(unpack(content), "content.xml")), parser, []):
        pass


def _rows(found: list[tuple[int, int, _Cells]], width: int, height: int) -> Iterator[Row]:
    number = 1
    for first, times, cells in found:
        while number <= min(first, height):
            yield Row(number, [])
            number += 1
        last = max((column for column in cells if column < width), default=-1)
        line = [cells.get(column, "") for column in range(last + 1)]
        for _ in range(min(times, height - first)):
            yield Row(number, list(line))
            number += 1


class _Reader:
    """The filled rows of one sheet, as first row, times, and cells by column."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self.found: list[tuple[int, int, _Cells]] = []
        self.marks, self.extent = Marks(), Extent()
        self._depth = 0  # of tables, since a cell may hold one
        self._is_ours = False
        self._row = self._column = self._column_at = 0
        self._times = 1
        self._cells: _Cells = {}
        self._cell: Elements = {}
        self._paragraphs: list[list[str]] = []
        self._is_text = False
        self._beside = 0  # inside a comment or a shape
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, given: Elements) -> None:
        if name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._is_ours = given.get("table:name") == self._sheet
        if not self._is_ours or self._depth != 1:
            return
        if self._beside or name.startswith(_BESIDE):
            self._beside += 1
        elif name == "text:p":
            self._is_text = True
            self._paragraphs.append([])
        elif name == "text:s" and self._is_text:
            self._characters(" " * _times(given, "text:c"))
        elif name in _BREAKS:
            self._characters(_BREAKS[name])
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._paragraphs = given, []
        elif name == "table:table-row":
            self._cells, self._column = {}, 0
            self._times = _times(given, "table:number-rows-repeated")
            if given.get("table:visibility") in ("collapse", "filter") and self._times <= MOST_ROWS:
                self.marks.rows.update(range(self._row, self._row + self._times))
        elif name == "table:table-column":
            times = _times(given, "table:number-columns-repeated")
            if given.get("table:visibility") in ("collapse", "filter"):
                self.marks.columns.update(range(self._column_at, min(self._column_at + times, MOST_COLUMNS)))
            self._column_at += times

    def _end(self, name: str) -> None:
        if name == "table:table":
            self._depth -= 1
            self._is_ours = self._is_ours and self._depth > 0
            return
        if not self._is_ours or self._depth != 1:
            return
        if self._beside:
            self._beside -= 1
        elif name == "text:p":
            self._is_text = False
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._put()
        elif name == "table:table-row":
            if self._cells:
                self.extent.add(self._row, self._cells, self._times)
                self.extent.limit()
                self.found.append((self._row, self._times, self._cells))
            self._row += self._times

    def _characters(self, text: str) -> None:
        if self._is_text and not self._beside and self._paragraphs:
            self._paragraphs[-1].append(text)

    def _put(self) -> None:
        given, row, column = self._cell, self._row, self._column
        times = _times(given, "table:number-columns-repeated")
        self._column += times
        text = "\n".join("".join(pieces) for pieces in self._paragraphs) if self._paragraphs else None
        formula = given.get("table:formula", "").partition("=")[2]
        formula = formula.replace("[.", "").replace(":.", ":").replace("]", "")
        height = _times(given, "table:number-rows-spanned")
        if height > 1:
            self.marks.merged.append(((row, column), (row + height - 1, column)))  # nobody asks how wide it is
        if formula and is_total(formula, row + 1, column):
            self.marks.sums.add((row, column))
        content = _held(given, text, formula)
        if content == "":
            return
        if self._column > MOST_COLUMNS or row + self._times > MOST_ROWS:
            raise SheetError("no_such_place", row=row + 1)
        self._cells.update(dict.fromkeys(range(column, self._column), content))


def _held(given: Elements, written: str | None, formula: str) -> Any:
    """What a cell holds: an error where there is one, a formula where it has no value."""
    kind, text = given.get("office:value-type"), written or ""
    if given.get("calcext:value-type") == "error":
        return NoValue(text or "#ERROR")
    if formula and written is None and kind is None:
        return NoValue(f"={formula}")
    if formula and text and (given.get("office:string-value") == "" if kind == "string" else _ERROR.fullmatch(text)):
        return NoValue(text)
    try:
        if kind in ("float", "percentage", "currency"):
            number = float(given["office:value"])
            return bool(number) if formula and text.isalpha() and number in (0, 1) else number  # TRUE()
        if kind == "boolean":
            return given["office:boolean-value"] == "true"
        if kind == "date":
            value = given["office:date-value"]
            return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        if kind == "time" and (match := _DURATION.fullmatch(given["office:time-value"])):
            hours, minutes, seconds = (int(part or 0) for part in match.group(1, 2, 3))
            return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (KeyError, ValueError, OverflowError):
        return text
    return given.get("office:string-value", text)


def _times(given: Elements, name: str) -> int:
    """How often something is repeated, or over how many cells it reaches."""
    text = given.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
