"""Writes a quoted sheet as a workbook, by XlsxWriter (the extra ``xlsx``): rows, totals that calculate, explanations.

The user's text stays text: no formula of it is run, no URL becomes a link, ratios stay ratios.  In text that comes from
CSV a number or a date is one where a spreadsheet shows the very same characters.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from math import isfinite
from typing import Any, BinaryIO

from reapi_rules.catalog.models import AXES
from reapi_rules.catalog.rates import RateCard
from reapi_rules.sheets.files.temporary import remove, temporary_folder, temporary_name
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.columns import ResultColumn, SheetError, column_names, letter
from reapi_rules.sheets.meaning.contents import DIGITS, JsonValue, text_of
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.meaning.texts import our_sheets, workbook_texts
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.sheets.results.groups import Groups
from reapi_rules.sheets.results.result import Result, Writer
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.sheets.workbooks.addresses import LONGEST_TEXT, MOST_COLUMNS, MOST_ROWS
from reapi_rules.sheets.workbooks.calendar import FIRST_DAY, days, is_in_calendar
from reapi_rules.sheets.workbooks.sheet_rows import LINE, SheetRows, cell_xml
from reapi_rules.terms.once import Recent
from reapi_rules.terms.templates import told
from reapi_rules.terms.values import escape

__all__ = ["XlsxWriter", "bar_chart", "lines_of", "set_day", "set_print", "shown_width", "write_notes"]

_NARROWEST, _WIDEST, _LOOKED_AT = 8, 30, 200  # characters, rows
_MOST_LINES, _HIGHEST = 6, 27
_BROAD = 110
_MOST_KNOWN, _LONGEST_KNOWN = 1_024, 40  # of each column; a plan repeats its short texts
_LONG = ("reapi_errors", "reapi_warnings", "reapi_notes", "reapi_gives_up")
_MOST_UNPRICED = 1_000
_A4 = 9
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_EXPONENT = re.compile(r"-?(?:0|[1-9])(?:\.[0-9]{1,14})?[eE][-+]?[0-9]{1,3}")
_ROOM = 1_000  # rows below that the sums of groups, which look at each, reach over
_TRUTHS = {"true": True, "false": False}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}
_DATED = {datetime: "datetime", date: "date", time: "time", timedelta: "duration"}
_VERDICT_LOOKS = {"fine": "good", "warning": "warning", "rejected": "error", "no price": "warning"}


_Cell = tuple[str, int, int]
"""The XML of a cell, how wide it is, and how many lines it takes."""


class XlsxWriter(Writer):
    """Writes rows and their results; ``close`` adds the totals and the explanations.  Needs XlsxWriter."""

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

        self._looks: dict[str, Any] = {}
        self._styles: dict[str, str] = {}
        self._texts, self._language = workbook_texts(), language
        self._table, self._columns = table, tuple(results)
        names = [column.name for column in self._columns]
        self._laid = [laid for laid in self._texts.columns if laid.name in names]
        self._order = [names.index(laid.name) for laid in self._laid]
        self._titles = [told(each.title, language) for each in self._columns]
        self._width = len(table.columns.titles)
        self._letters = [letter(index) for index in range(self._width + len(self._laid))]
        if self._width + len(self._laid) > MOST_COLUMNS:
            raise SheetError("too_wide", width=self._width, most=MOST_COLUMNS)
        self._folder = temporary_name(temporary_folder())
        os.mkdir(self._folder, 0o700)
        self._book = xlsxwriter.Workbook(output, {"constant_memory": True, "tmpdir": self._folder, **_AS_TEXT})
        set_day(self._book, card)
        self._text_columns = table.columns.about(*AXES)
        self._is_text = table.dialect is not None
        self._card, self._accounts = card, accounts
        self._totals, self._groups = Totals(), Groups(table.columns, self._texts.groups)
        self._bounded = 0
        self._unpriced: list[str] = []
        self._current, self._areas = table.sheet, list[tuple[str, int]]()
        self._begin()

    def write(self, row: Row, result: Result | None) -> None:
        if row.sheet and row.sheet != self._current:
            self._current = row.sheet
            self._end()
            self._begin()
        if self._next >= MOST_ROWS:
            raise SheetError("too_high", most=MOST_ROWS)
        pieces, lines, is_looked_at = [], 1, self._next < _LOOKED_AT
        for index, (cell, known) in enumerate(zip(row.cells, self._known)):
            found = known.get(cell) if type(cell) is str else None
            if found is None:
                found = self._cell(row.number, index, cell)
                if type(cell) is str and len(cell) <= _LONGEST_KNOWN:
                    known[cell] = found
            piece, width, high = found
            pieces.append(piece)
            if high > lines:
                lines = high
            if is_looked_at and width > self._widths[index]:
                self._widths[index] = width
        if result is not None:
            ours, high = self._ours(result)
            pieces.append(ours)
            lines = max(lines, high)
            self._count(row, result)
        self._rows.add(self._next, "".join(pieces), min(lines, _MOST_LINES))
        self._next += 1

    def close(self) -> None:
        from xlsxwriter.exceptions import FileCreateError

        self._end()
        self._write_totals()
        self._write_columns()
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from None  # what the disk said
        remove(self._folder)

    def _begin(self) -> None:
        name = _sheet_name(self._current)
        taken = [name.lower() for name, _ in self._areas]
        self._name = name if name.lower() not in taken else f"{name[:26]} ({len(taken) + 1})"
        self._sheet = self._book.add_worksheet(self._name)
        self._widths = [shown_width(title) for title in self._table.columns.titles]
        self._filled = [0] * len(self._laid)
        self._known: list[Recent[str, _Cell]] = [Recent(_MOST_KNOWN) for _ in self._widths]
        self._results: Recent[Result, tuple[str, int]] = Recent(_MOST_KNOWN)
        self._sheet.set_row(0, 2 * LINE + 2)
        for index, title in enumerate(self._table.header.cells):
            self._sheet.write_string(0, index, escape(title), self._look("title"))
        for index, at in enumerate(self._order, self._width):
            self._sheet.write_string(0, index, self._titles[at], self._look("ours"))
        self._sheet.freeze_panes(1, 0)
        self._next = 1
        self._rows = SheetRows(self._sheet)

    def _end(self) -> None:
        last, sheet, width = max(self._next - 1, 1), self._sheet, self._width
        for index, longest in enumerate(self._widths):
            look = self._look("text") if index in self._text_columns else None
            sheet.set_column(index, index, min(max(longest + 4, _NARROWEST), _WIDEST), look)
        for index, (laid, longest) in enumerate(zip(self._laid, self._filled), width):
            is_long = laid.name in _LONG
            fitting = max(_NARROWEST + 4, min(longest + 3, laid.width)) if is_long else laid.width
            level = {"level": 2, "hidden": True} if laid.is_detail else {"level": 1}
            sheet.set_column(index, index, fitting, None, level)
        after = width + len(self._laid)
        sheet.set_column(after, after, None, None, {"collapsed": True})
        sheet.autofilter(0, 0, last, after - 1)
        sheet.print_area(0, 0, last, after - 1)
        set_print(sheet, self._text("page"))
        sheet.repeat_rows(0)
        self._areas.append((self._name, last))

    def abandon(self) -> None:
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        remove(self._folder)

    def _look(self, name: str) -> Any:
        """A format by its name, or by the decimals that it shows, as in ``0.00``."""
        if name not in self._looks:
            look = {"num_format": name, "valign": "top"} if name.startswith("0") else self._texts.looks[name]
            self._looks[name] = self._book.add_format(look)
        return self._looks[name]

    def _text(self, name: str, **figures: object) -> str:
        return self._texts.text(name, self._language, **figures)

    def _style(self, name: str) -> str:
        """The attribute that gives a cell a format."""
        if name not in self._styles:
            self._styles[name] = f' s="{self._look(name)._get_xf_index()}"'
        return self._styles[name]

    def _cell(self, number: int, index: int, cell: Any) -> _Cell:
        column, is_word = self._letters[index], index in self._text_columns
        value, shown = (None if is_word or not cell else self._read(cell)) or (cell, "")
        text = shown or escape(text_of(cell))
        if len(text) > LONGEST_TEXT:
            raise SheetError("too_long", row=number, column=letter(index), length=len(text), most=LONGEST_TEXT)
        width, lines, look = shown_width(text), 1, _look_of(value, shown)
        if look is None:
            if not text and not is_word:
                return "", width, 1
            is_long = len(text) > _WIDEST or "\n" in text
            value, look = text or None, "text" if is_word else "wrapped" if is_long else "plain"
            lines = lines_of(text, _WIDEST) if is_long else 1
        elif not isinstance(value, (int, float)):
            value = days(value)
        return cell_xml(column, self._style(look) if look else "", value), width, lines

    def _read(self, cell: Any) -> tuple[bool | float | date, str] | None:
        """The value of a text from CSV, or of JSON without quotes, and how it is shown."""
        if isinstance(cell, JsonValue):
            return _json_value(cell)
        return _typed(cell) if self._is_text and isinstance(cell, str) else None

    def _ours(self, result: Result) -> tuple[str, int]:
        """Our cells of a row, and how many lines they take; worked out once for all rows that share a result."""
        found = self._results.get(result)
        if found is None:
            pieces, lines = [], 1
            for index, (laid, at, column) in enumerate(zip(self._laid, self._order, self._letters[self._width :])):
                cell, kind = result.cells[at], self._columns[at].kind
                if cell is None:
                    continue
                value: str | float
                if laid.name == "reapi_verdict":
                    value, look = self._texts.verdict(cell, self._language), _VERDICT_LOOKS[str(cell)]
                elif kind == "text":
                    value = str(cell)[:LONGEST_TEXT]
                    look = {"reapi_errors": "error", "reapi_warnings": "warning"}.get(laid.name, "wrapped")
                    self._filled[index] = max(self._filled[index], len(value))
                    if laid.name in _LONG:
                        lines = max(lines, lines_of(value, laid.width))
                else:
                    value, look = float(cell), kind
                pieces.append(cell_xml(column, self._style(look), value))
            found = "".join(pieces), lines
            if result.is_shared:
                self._results[result] = found
        return found

    def _count(self, row: Row, result: Result) -> None:
        quote = result.report.quote
        self._totals.add(quote)
        self._groups.add(row, quote)
        if quote is not None and quote.basis == "bounded":
            self._bounded += 1
        if quote is not None and quote.credits is None and len(self._unpriced) < _MOST_UNPRICED:
            self._unpriced.append(f"{self._name}!{self._next + 1}" if self._areas else str(self._next + 1))

    def _write_totals(self) -> None:
        sheet = self._book.add_worksheet(self._text("totals"))
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 4, 18)
        totals, verdict, basis, over = self._totals, "reapi_verdict", "reapi_basis", partial(self._over, MOST_ROWS)
        count, add = 'COUNTIF({0},"?*")', 'SUMIF({0},"?*",{1})'  # beside other rows people may write sums of their own
        lines = (
            ("requests", f"{over(count, verdict)}-{len(self._areas)}", totals.requests, "integer"),  # without headers
            ("rejected", f"{over(count, verdict)}-({over(count, basis)})", totals.rejected, "integer"),
            ("unpriced", over('COUNTIF({0},"unknown")', basis), totals.unpriced, "integer"),
            ("bounded", over('COUNTIF({0},"bounded")', basis), self._bounded, "integer"),
            ("low", over(add, verdict, "reapi_credits_low"), totals.credits_low, "integer"),
            ("credits", over(add, verdict, "reapi_credits"), totals.credits, "integer"),
            ("usd_low", "B5/1000", totals.credits_low / 1000, "decimal"),
            ("usd", "B6/1000", totals.credits / 1000, "decimal"),
        )
        for index, (label, formula, value, kind) in enumerate(lines):
            sheet.write_string(index, 0, self._text(label), self._look("bold"))
            sheet.write_formula(index, 1, f"={formula}", self._look(kind), value)
        if self._groups.at is not None:
            self._write_groups(sheet, len(lines) + 1)
        set_print(sheet, self._text("page"))

    def _write_groups(self, sheet: Any, top: int) -> None:
        """The credits of each group, and a chart of them."""
        at = self._groups.at
        assert at is not None
        title = self._text("by", title=escape(self._table.columns.titles[at]))
        heads = (title, *(self._text(each) for each in ("requests", "low", "credits", "usd")))
        for column, head in enumerate(heads):
            sheet.write_string(top, column, head, self._look("ours"))
        listed, others = self._groups.listed()
        for row, (cell, group) in enumerate(listed, top + 1):
            blank = cell in (None, "")
            label = self._text("blank") if blank else cell
            place = f"A{row + 1}"
            self._write_label(sheet, row, label)
            match = '({1}="")' if blank else f"({{1}}={place})*EXACT({{1}},{place})"  # Excel takes A for a
            names, figures = ("verdict", "credits_low", "credits"), (group.requests, group.credits_low, group.credits)
            for column, (name, value) in enumerate(zip(names, figures), 1):
                formula = f'SUMPRODUCT({match}*({{0}}<>""){",{2}" if column > 1 else ""})'
                terms = self._over(_ROOM, formula, "reapi_verdict", at, f"reapi_{name}")
                sheet.write_formula(row, column, f"={terms}", self._look("integer"), value)
            sheet.write_formula(row, 4, f"=D{row + 1}/1000", self._look("decimal"), group.credits / 1000)
        bottom = top + len(listed)
        if others:
            row = bottom + 1
            sheet.write_string(row, 0, self._text("others", count=others), self._look("plain"))
            for column, (line, figure) in enumerate(((1, "requests"), (5, "credits_low"), (6, "credits")), 1):
                value = getattr(self._totals, figure) - sum(getattr(group, figure) for _, group in listed)
                formula = f"=B{line}-SUM({letter(column)}{top + 2}:{letter(column)}{bottom + 1})"
                sheet.write_formula(row, column, formula, self._look("integer"), value)
            sheet.write_formula(row, 4, f"=D{row + 1}/1000", self._look("decimal"), value / 1000)
            bottom = row
        totals = self._text("totals").replace("'", "''")
        area = f"='{totals}'!${{0}}${top + 2}:${{0}}${bottom + 1}".format
        labels = {"value": True, "num_format": "#,##0"}
        chart = bar_chart(self._book, {"categories": area("A"), "values": area("D"), "data_labels": labels})
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
        chart.set_size({"width": 620, "height": 120 + 26 * (bottom - top)})
        sheet.insert_chart(bottom + 2, 0, chart)

    def _write_label(self, sheet: Any, row: int, label: Any) -> None:
        value, shown = self._read(label) or (label, "")
        look = _look_of(value, shown)
        if look is None:
            sheet.write_string(row, 0, escape(text_of(value)), self._look("plain"))
        else:
            sheet.write(row, 0, value, self._look(look or "plain"))

    def _over(self, room: int, formula: str, *columns: str | int) -> str:
        """A formula over columns, ours by name, of every sheet of rows, with their headers and room for rows below."""
        ours, terms = [laid.name for laid in self._laid], []
        places = [at if isinstance(at, int) else self._width + ours.index(at) for at in columns]
        for sheet, last in self._areas:
            quoted, end = sheet.replace("'", "''"), min(last + 1 + room, MOST_ROWS)
            terms.append(formula.format(*(f"'{quoted}'!${letter(at)}$1:${letter(at)}${end}" for at in places)))
        return "+".join(terms)

    def _write_columns(self) -> None:
        """Explain every column, and what else is worth knowing."""
        sheet, card = self._book.add_worksheet(self._text("columns")), self._card
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, 2, 90)
        for column, head in enumerate(("column", "title", "meaning")):
            sheet.write_string(0, column, self._text(head), self._look("ours"))
        explained = [*self._explained()]
        for row, (place, title, meaning) in enumerate(explained, 1):
            sheet.set_row(row, LINE * max(lines_of(title, 32), lines_of(meaning, 98)))
            sheet.write_string(row, 0, place, self._look("bold"))
            sheet.write_string(row, 1, title, self._look("wrapped"))
            sheet.write_string(row, 2, meaning, self._look("wrapped"))
        lines = [("card", self._text("no_card"))] if card is None else [
            ("card", card.id), ("from", card.effective_from), ("checked", card.checked_on), ("source", card.source),
        ]  # fmt: skip
        above = (" ".join(filter(None, (escape(text_of(cell)) for cell in each.cells))) for each in self._table.above)
        lines += [("above", text) for text in above if text]
        lines += [("sheet", escape(text)) for each in self._accounts for text in each.lines(self._language)]
        lines += [("about", told(text, self._language)) for text in column_names().about]
        if self._unpriced:
            lines.append(("without", ", ".join(self._unpriced)))
        for row, (label, text) in enumerate(lines, len(explained) + 2):
            sheet.set_row(row, LINE * lines_of(text, 128))
            sheet.write_string(row, 0, self._text(label), self._look("bold"))
            sheet.merge_range(row, 1, row, 2, text[:LONGEST_TEXT], self._look("wrapped"))
        sheet.freeze_panes(1, 0)
        set_print(sheet, self._text("page"))
        sheet.repeat_rows(0)

    def _explained(self) -> Iterable[tuple[str, str, str]]:
        read = self._table.columns.read
        for index, title in enumerate(self._table.columns.titles):
            meaning = (
                self._text("read", field=subjects().called(read[index])) if index in read else self._text("unread")
            )
            yield self._letters[index], escape(title), meaning
        for index, at in enumerate(self._order, self._width):
            yield self._letters[index], self._titles[at], told(self._columns[at].meaning, self._language)


def bar_chart(book: Any, series: dict[str, Any]) -> Any:
    """A chart with one series of bars, the first on top."""
    chart = book.add_chart({"type": "bar"})
    chart.add_series({**series, "fill": {"color": workbook_texts().looks["ours"]["bg_color"]}, "gap": 60})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    return chart


def set_day(book: Any, card: RateCard | None = None) -> None:
    """When it was made: on the day of the prices, else on that of its parts; the same input is the same file."""
    book.set_properties({"created": datetime.fromisoformat("1980-01-01" if card is None else card.checked_on)})


def set_print(sheet: Any, footer: str) -> None:
    """Print a sheet one page wide, across, with page numbers."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(footer)


def write_notes(book: Any, sheet: Any, texts: Iterable[str], footer: str) -> None:
    """Texts one below the other in a broad column."""
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, _BROAD)
    for index, text in enumerate(texts):
        sheet.set_row(index, LINE * lines_of(text, _BROAD))
        sheet.write_string(index, 0, text, wrap)
    set_print(sheet, footer)


def shown_width(text: str) -> int:
    """About how many digits wide a text is, at its longest line.

    >>> shown_width("fox"), shown_width("狐狸"), shown_width("a fox\\nin snow")
    (3, 4, 7)
    """
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(sum(1 + (character > "\u2e7f") for character in line) for line in text.split("\n"))


def lines_of(text: str, width: int) -> int:
    """About how many lines a text takes in a column, at most as many as the highest row has.

    >>> lines_of("a fox in the snow", 10), lines_of("a\\nb", 10)
    (2, 2)
    """
    lines = sum(-(-max(shown_width(line), 1) * 11 // (10 * width)) for line in text.split("\n"))
    return min(lines, _HIGHEST)


def _typed(text: str) -> tuple[int | float | date, str] | None:
    """The number or the date that a spreadsheet shows as exactly this text, with the text; None if there is none.

    >>> _typed("2"), _typed("1.50"), _typed("2026-08-14")
    ((2, '2'), (1.5, '1.50'), (datetime.date(2026, 8, 14), '2026-08-14'))
    >>> [_typed(text) for text in ("007", "1e5", "+5", "-0", ".5", "1234567890123456", "2026-02-30", "8/14/2026")]
    [None, None, None, None, None, None, None, None]
    """
    if _INTEGER.fullmatch(text):
        return int(text), text
    if _DECIMAL.fullmatch(text) and len(text) - 1 - text.startswith("-") <= DIGITS:
        return None if text.startswith("-") and not text.strip("-0.") else (float(text), text)
    if _DATE.fullmatch(text):
        with suppress(ValueError):  # no such day
            return (day, text) if (day := date.fromisoformat(text)) >= FIRST_DAY else None
    return None


def _json_value(text: str) -> tuple[bool | float | date, str] | None:
    """The truth value or the number of JSON, if a spreadsheet can hold it, and how it is shown.

    >>> [_json_value(text) for text in ("true", "1.50", "1.5e3", "[1]", "12345678901234567", "1e999")]
    [(True, 'true'), (1.5, '1.50'), (1500.0, '1500'), None, None, None]
    """
    if text in _TRUTHS:
        return _TRUTHS[text], text
    if typed := _typed(text):
        return typed
    if not _EXPONENT.fullmatch(text) or not isfinite(number := float(text)):
        return None
    return number, text_of(number)


def _look_of(value: Any, shown: str) -> str | None:
    """The format of a value that a workbook holds as itself, with the decimals that are shown; None where it can't.

    >>> _look_of(1.5, "1.50"), _look_of(2, "2"), _look_of(1.5, ""), _look_of(time(16, 9), ""), _look_of("a", "")
    ('0.00', '0', '', 'time', None)
    """
    if isinstance(value, bool) or (isinstance(value, (int, float)) and isfinite(value) and not shown):
        return ""
    if isinstance(value, (date, time, timedelta)):
        return _DATED[type(value)] if is_in_calendar(value) else None
    decimals = len(shown.partition(".")[2])
    return f"0.{'0' * decimals}" if decimals else "0" if shown else None


def _sheet_name(name: str) -> str:
    name = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip("'")[:31]
    is_taken = name.lower() in (*our_sheets(), "history")  # the latter is Excel's own
    return name if name.strip() and not is_taken else "Quote"
