"""``reapi-rules quote`` on a sheet: the user's rows with our columns behind them."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterable
from typing import BinaryIO, Protocol

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.files import open_input, open_output, read_bytes
from reapi_rules.cli.options import TABLES, card_in_force, input_format, suffix_format
from reapi_rules.cli.progress import watched
from reapi_rules.cli.sheet_input import Sheet, open_sheet, quoter_of
from reapi_rules.cli.tally import Tally
from reapi_rules.sheets.columns import AnswerColumn, column_names
from reapi_rules.sheets.csv_writer import CsvWriter
from reapi_rules.sheets.delimiters import DELIMITERS
from reapi_rules.sheets.json_table import JsonQuoter, JsonWriter
from reapi_rules.sheets.quoter import Quoter
from reapi_rules.sheets.results import Answer
from reapi_rules.sheets.table import Row
from reapi_rules.sheets.what_if import WhatIf, changes_of

__all__ = ["quote_sheet", "sheet_format"]


class Writer(Protocol):
    """What writes a quoted sheet in one format."""

    def write(self, row: Row, answer: Answer | None) -> None: ...

    def close(self) -> None: ...

    def abandon(self) -> None: ...


def sheet_format(arguments: argparse.Namespace) -> str | None:
    """The format in which a sheet is to be written; None where reports are asked for.

    It is that of --format or of the output's suffix, else that of the input; a workbook goes to standard output as
    CSV unless it is asked for.
    """
    form = arguments.format or suffix_format(arguments.output)
    if arguments.in_place:
        return _format_in_place(arguments)
    if arguments.rows:
        return form if form in ("json", *TABLES) else "ndjson"
    if form is None:
        form = input_format(arguments)
        if form == "xlsx" and arguments.output in (None, "-"):
            form = "csv"
    return form if form in TABLES else None


def _format_in_place(arguments: argparse.Namespace) -> str:
    if arguments.file in (None, "-") or arguments.output is not None:
        raise UnusableError("--in-place writes into FILE: name one, and no -o")
    form = input_format(arguments)
    if form not in TABLES or arguments.format not in (None, form) or arguments.rows:
        raise UnusableError(f"--in-place is for a sheet, which stays what it is: {', '.join(TABLES)}")
    return form


def quote_sheet(arguments: argparse.Namespace, form: str, tally: Tally) -> None:
    """Print every row with its answer."""
    if arguments.excel and form not in ("csv", "tsv"):
        raise UnusableError(f"--excel is for CSV, and this is {form}")
    target, source = (arguments.file, None) if arguments.in_place else (arguments.output, arguments.file)
    with (
        open_output(target, source=source) as output,
        open_sheet(arguments, with_titles=form in TABLES) as sheet,
    ):
        book = io.BytesIO() if form == "xlsx" else None  # it is not written from start to end
        writer = _writer(arguments, form, book or output, sheet)
        try:
            _answer(watched(sheet.table.rows, arguments), _quoter(arguments, sheet), writer, tally)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        if book is not None:
            output.write(book.getvalue())
    tally.add_shared()
    tally.summarise()


def _quoter(arguments: argparse.Namespace, sheet: Sheet) -> Quoter | JsonQuoter | WhatIf:
    """What answers the rows: as they stand, or with the changes of --set."""
    if not arguments.changes:
        return sheet.quoter
    return WhatIf(sheet.quoter, quoter_of(arguments, sheet.table, changes_of(arguments.changes)))


def _answer(rows: Iterable[Row], quoter: Quoter | JsonQuoter | WhatIf, writer: Writer, tally: Tally) -> None:
    write, answer_of, count = writer.write, quoter.answer, tally.add_answer
    for row in rows:
        answer = answer_of(row)
        if answer is not None:
            count(row.number, answer)
        write(row, answer)


def _writer(arguments: argparse.Namespace, form: str, output: BinaryIO, sheet: Sheet) -> Writer:
    answers = _columns(arguments)
    if form in ("json", "ndjson"):
        return JsonWriter(output, sheet.table, answers, is_list=form == "json")
    if form == "xlsx":
        return (_in_place_writer if arguments.in_place else _xlsx_writer)(arguments, output, sheet)
    return CsvWriter(
        output,
        sheet.table,
        answers,
        encoding=sheet.encoding,
        delimiter=_delimiter(arguments, form, sheet),
        for_excel=arguments.excel,
        guard_all=arguments.guard_all,
    )


def _columns(arguments: argparse.Namespace) -> tuple[AnswerColumn, ...]:
    names = column_names()
    return (*names.answers, *names.what_if) if arguments.changes else names.answers


def _delimiter(arguments: argparse.Namespace, form: str, sheet: Sheet) -> str | None:
    """The delimiter to write: the one asked for, a tab for TSV, else that of the input."""
    if arguments.delimiter:
        return DELIMITERS[arguments.delimiter]
    if form == "tsv":
        return "\t"
    is_from_tsv = sheet.table.dialect is not None and input_format(arguments) == "tsv"
    return "," if is_from_tsv else None


def _xlsx_writer(arguments: argparse.Namespace, output: BinaryIO, sheet: Sheet) -> Writer:
    from reapi_rules.sheets.xlsx_writer import XlsxWriter

    notes = sheet.table.columns.unread
    try:
        return XlsxWriter(output, sheet.table, _columns(arguments), card=card_in_force(arguments), notes=notes)
    except ImportError:
        raise UnusableError('writing a workbook needs XlsxWriter: pip install "reapi-rules[xlsx]"') from None


def _in_place_writer(arguments: argparse.Namespace, output: BinaryIO, sheet: Sheet) -> Writer:
    from reapi_rules.sheets.in_place import InPlaceWriter

    with open_input(arguments.file) as file:
        content = read_bytes(file)
    try:
        return InPlaceWriter(output, content, sheet.table, _columns(arguments))
    except ImportError:
        raise UnusableError('--in-place needs openpyxl: pip install "reapi-rules[xlsx]"') from None
