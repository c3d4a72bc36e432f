"""Writes a quoted sheet as a workbook, by XlsxWriter (the extra ``xlsx``): the rows, totals that calculate, notes.

Text is written as text: no formula of the user's is run, no URL becomes a link.  Ratios stay ratios.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from reapi_rules.catalog.rates import RateCard
from reapi_rules.sheets.account import Account
from reapi_rules.sheets.columns import ResultColumn, SheetError, column_names, letter
from reapi_rules.sheets.contents import text_of
from reapi_rules.sheets.results import Result, Writer
from reapi_rules.sheets.table import Row, Table
from reapi_rules.sheets.totals import Totals
from reapi_rules.terms.values import escape

__all__ = ["LOOKS", "XlsxWriter", "write_notes"]

_MOST_ROWS, _MOST_COLUMNS, _LONGEST_TEXT = 1_048_576, 16_384, 32_767  # Excel's own limits
_WORDS = ("shape", "tier", "quality")
_WIDEST, _LOOKED_AT = 40, 200  # characters, rows
_MOST_UNPRICED = 1_000
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1},
    "ours": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1},
    "text": {"num_format": "@"},
    "integer": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.000"},
    "error": {"bg_color": "#F8CBAD", "font_color": "#9C0006"},
    "warning": {"bg_color": "#FFE699", "font_color": "#7F6000"},
}
"""How cells look in every workbook that we write."""

_FORMATS = LOOKS | {
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "time": {"num_format": "hh:mm:ss"},
    "duration": {"num_format": "[h]:mm:ss"},
    "bold": {"bold": True},
}
_DATED = {datetime: "datetime", date: "date", time: "time", timedelta: "duration"}


class XlsxWriter(Writer):
    """Writes rows and their results; ``close`` adds the totals and the notes.  Needs XlsxWriter."""

    def __init__(
        self,
        output: BinaryIO,
        table: Table,
        results: Iterable[ResultColumn],
        *,
        card: RateCard | None = None,
        accounts: Sequence[Account] = (),
        language: str = "en",
    ) -> None:
        import xlsxwriter

        self._folder = TemporaryDirectory(prefix="reapi-rules-")
        self._book = xlsxwriter.Workbook(output, {"constant_memory": True, "tmpdir": self._folder.name})
        if card is not None:  # the same sheet on the same card is the same file
            self._book.set_properties({"created": datetime.fromisoformat(card.checked_on)})
        self._formats = {name: self._book.add_format(look) for name, look in _FORMATS.items()}
        self._columns, self._results = table.columns, tuple(results)
        self._width = len(table.columns.titles)
        if self._width + len(self._results) > _MOST_COLUMNS:
            raise SheetError(f"the sheet has {self._width} columns, and a workbook takes {_MOST_COLUMNS} with ours")
        self._text_columns = table.columns.about(*_WORDS)
        self._card, self._accounts, self._language = card, accounts, language
        self._header, self._current = table.header, table.sheet
        self._areas: list[tuple[str, int, int]] = []
        self._totals = Totals()
        self._bounded = 0
        self._unpriced: list[int] = []
        self._begin(table.above)

    def write(self, row: Row, result: Result | None) -> None:
        if row.sheet and row.sheet != self._current:
            self._current = row.sheet
            if self._next > self._head + 1:
                self._end()
                self._begin()
        self._put_row(row, result)

    def _begin(self, above: Sequence[Row] = ()) -> None:
        """Begin a sheet with what stands above its header, and the header."""
        taken = [name.lower() for name, *_ in self._areas]
        name = _sheet_name(self._current)
        self._name = name if name.lower() not in taken else f"{name[:26]} ({len(taken) + 1})"
        self._sheet = self._book.add_worksheet(self._name)
        self._head, self._next = len(above), 0
        self._widths = [len(title) for title in self._columns.titles]
        for row in above:
            self._put_row(row, None)
        self._write_header(self._header)

    def _end(self) -> None:
        """Finish a sheet."""
        last = max(self._next - 1, self._head + 1)
        for index, width in enumerate(self._widths):
            form = self._formats["text"] if index in self._text_columns else None
            self._sheet.set_column(index, index, min(max(width + 2, 8), _WIDEST), form)
        for index, column in enumerate(self._results, self._width):
            self._sheet.set_column(index, index, column.width)
        self._sheet.autofilter(self._head, 0, last, self._width + len(self._results) - 1)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{letter(self._width)}{last + 1}"})
        self._areas.append((self._name, self._head, last))

    def _put_row(self, row: Row, result: Result | None) -> None:
        if self._next >= _MOST_ROWS:
            raise SheetError(f"a workbook takes {_MOST_ROWS} rows: write CSV")
        for index, cell in enumerate(row.cells):
            self._put(row.number, index, cell)
        if result is not None:
            self._put_result(result)
            self._count(result)
        self._next += 1

    def close(self) -> None:
        self._end()
        self._write_totals()
        self._write_notes()
        self._book.close()
        self._folder.cleanup()

    def abandon(self) -> None:
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        self._folder.cleanup()

    def _write_header(self, header: Row) -> None:
        for index, title in enumerate(header.cells):
            self._sheet.write_string(self._next, index, escape(title), self._formats["title"])
        for index, column in enumerate(self._results, self._width):
            self._sheet.write_string(self._next, index, column.title(self._language), self._formats["ours"])
        self._next += 1
        self._sheet.freeze_panes(self._next, 0)

    def _put(self, number: int, index: int, cell: Any) -> None:
        text = escape(text_of(cell))
        if len(text) > _LONGEST_TEXT:
            raise SheetError(
                f"row {number}, column {letter(index)}: {len(text)} characters, and a cell of a workbook takes "
                f"{_LONGEST_TEXT}: write CSV"
            )
        if 0 < self._next - self._head < _LOOKED_AT:
            self._widths[index] = max(self._widths[index], len(text))
        form = self._formats["text"] if index in self._text_columns else None
        if isinstance(cell, bool):
            self._sheet.write_boolean(self._next, index, cell)
        elif isinstance(cell, (int, float)):
            self._sheet.write_number(self._next, index, cell)
        elif isinstance(cell, (date, time, timedelta)) and _is_in_calendar(cell):
            self._sheet.write_datetime(self._next, index, cell, self._formats[_DATED[type(cell)]])
        elif text:
            self._sheet.write_string(self._next, index, text, form)
        elif form:
            self._sheet.write_blank(self._next, index, None, form)

    def _put_result(self, result: Result) -> None:
        for index, (column, cell) in enumerate(zip(self._results, result.cells), self._width):
            if cell is None:
                continue
            if column.kind == "text":
                look = {"reapi_errors": "error", "reapi_warnings": "warning"}.get(column.name)
                look = "error" if column.name == "reapi_ok" and cell == "no" else look
                self._sheet.write_string(self._next, index, str(cell)[:_LONGEST_TEXT], self._formats.get(look or ""))
            else:
                self._sheet.write_number(self._next, index, float(cell), self._formats[column.kind])

    def _count(self, result: Result) -> None:
        quote = result.report.quote
        self._totals.add(quote)
        if quote is not None and quote.basis == "bounded":
            self._bounded += 1
        if quote is not None and quote.credits is None and len(self._unpriced) < _MOST_UNPRICED:
            self._unpriced.append(self._next + 1)

    def _write_totals(self) -> None:
        sheet = self._book.add_worksheet("reapi totals")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 16)
        totals = self._totals
        yes, no = (self._over("reapi_ok", f'COUNTIF({{}},"{word}")') for word in ("yes", "no"))
        unknown, bounded = (self._over("reapi_basis", f'COUNTIF({{}},"{word}")') for word in ("unknown", "bounded"))
        low, high = (self._over(name, "SUM({})") for name in ("reapi_credits_low", "reapi_credits"))
        lines = (
            ("Requests", f"={yes}+{no}", totals.requests, "integer"),
            ("Rejected", f"={no}", totals.rejected, "integer"),
            ("Without a price, not in the totals", f"={unknown}", totals.unpriced, "integer"),
            ("With a bounded price", f"={bounded}", self._bounded, "integer"),
            ("Credits, at least", f"={low}", totals.credits_low, "integer"),
            ("Credits to budget", f"={high}", totals.credits, "integer"),
            ("USD, at least", "=B5/1000", totals.credits_low / 1000, "decimal"),
            ("USD to budget", "=B6/1000", totals.credits / 1000, "decimal"),
        )
        for index, (label, formula, value, kind) in enumerate(lines):
            sheet.write_string(index, 0, label, self._formats["bold"])
            sheet.write_formula(index, 1, formula, self._formats[kind], value)

    def _over(self, name: str, formula: str) -> str:
        """A formula over the cells under one of our columns, on every sheet."""
        column = letter(self._width + [column.name for column in self._results].index(name))
        quoted = ((sheet.replace("'", "''"), head, last) for sheet, head, last in self._areas)
        areas = (f"'{sheet}'!${column}${head + 2}:${column}${last + 1}" for sheet, head, last in quoted)
        return "+".join(map(formula.format, areas))

    def _write_notes(self) -> None:
        sheet = self._book.add_worksheet("reapi notes")
        card = self._card
        lines = [("Rate card", "none holds on that date")] if card is None else [
            ("Rate card", card.id),
            ("Prices hold from", card.effective_from),
            ("Prices checked on", card.checked_on),
            ("Prices are from", card.source),
        ]  # fmt: skip
        lines += [("About", text) for text in column_names().about]
        lines += [("This sheet", text) for account in self._accounts for text in account.lines(self._language)]
        if self._unpriced:
            lines.append(("Rows without a price", ", ".join(map(str, self._unpriced))))
        write_notes(self._book, sheet, [text for _, text in lines], [label for label, _ in lines])


def write_notes(book: Any, sheet: Any, texts: Iterable[str], labels: Sequence[str] = ()) -> None:
    """Texts one below the other in a broad column, each as high as it needs to be, and labels on their left."""
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    column = int(bool(labels))
    sheet.set_column(0, 0, 22)
    sheet.set_column(column, column, 110)
    for index, text in enumerate(texts):
        sheet.set_row(index, 15 * (len(text) // 100 + 1))
        if labels:
            sheet.write_string(index, 0, labels[index], bold)
        sheet.write_string(index, column, text, wrap)


def _sheet_name(name: str) -> str:
    """A name that Excel takes."""
    kept = "".join(" " if character in "[]:*?/\\" else character for character in name).strip("'")[:31]
    is_taken = kept.lower().startswith("reapi ") or kept.lower() == "history"  # the latter is Excel's own
    return kept if kept.strip() and not is_taken else "Quote"


def _is_in_calendar(cell: date | time | timedelta) -> bool:
    """Whether Excel's calendar, which begins in 1900, has the day."""
    if isinstance(cell, timedelta):
        return cell >= timedelta(0)
    return isinstance(cell, time) or cell.year >= 1900
