"""``reapi-rules quote`` on a sheet: the user's rows with our columns behind them."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import BinaryIO

from reapi_rules.cli.options import SHEETS, Layout, Output, Pricing, Source
from reapi_rules.cli.sheet import Sheet, open_sheet
from reapi_rules.cli.streams import note, open_input, open_output, read_bytes
from reapi_rules.cli.summary import Summary
from reapi_rules.sheets.columns import column_names
from reapi_rules.sheets.csv_writer import CsvWriter
from reapi_rules.sheets.json_table import JsonWriter
from reapi_rules.sheets.results import Writer
from reapi_rules.sheets.table import Row

__all__ = ["quote_sheet"]

_SECONDS_BEFORE_PROGRESS = 1.0


def quote_sheet(source: Source, output: Output, layout: Layout, pricing: Pricing, summary: Summary) -> None:
    """Print every row with its result."""
    path, own = (source.path, "-") if layout.in_place else (output.path, source.path)
    with (
        open_output(path, source=own) as file,
        open_sheet(source, pricing, changes=layout.changes, with_titles=layout.format in SHEETS) as sheet,
    ):
        summary.accounts.append(sheet.account)
        book = io.BytesIO() if layout.format == "xlsx" else None  # it is not written from start to end
        writer = _writer(book or file, sheet, source, layout, pricing)
        rows = _watched(sheet.table.rows, path) if layout.shows_progress else sheet.table.rows
        write, result_of, count = writer.write, sheet.quoter.result, summary.add_result
        try:
            for row in rows:
                result = result_of(row)
                if result is not None:
                    count(row.number, result)
                write(row, result)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        if book is not None:
            file.write(book.getvalue())
        for line in writer.notes:
            note(line)
    summary.say()


def _watched(rows: Iterable[Row], output: str) -> Iterable[Row]:
    """The rows, counted on the terminal's standard error once it takes more than a second, by tqdm if it is there.

    Nothing is shown in a pipe, nor where the results themselves go to the terminal.
    """
    if (output == "-" and sys.stdout.isatty()) or not sys.stderr.isatty():
        return rows
    try:
        from tqdm import tqdm
    except ImportError:
        return rows
    delay = _SECONDS_BEFORE_PROGRESS
    bar: Iterable[Row] = tqdm(
        rows, unit=" rows", unit_scale=True, delay=delay, leave=False, file=sys.stderr, dynamic_ncols=True
    )
    return bar


def _writer(output: BinaryIO, sheet: Sheet, source: Source, layout: Layout, pricing: Pricing) -> Writer:
    names = column_names()
    columns = (*names.results, *names.what_if) if layout.changes else names.results
    if layout.format in ("json", "ndjson"):
        return JsonWriter(output, sheet.table, columns, is_list=layout.format == "json")
    if layout.format != "xlsx":
        return CsvWriter(
            output,
            sheet.table,
            columns,
            encoding=sheet.encoding,
            delimiter=layout.delimiter,
            for_excel=layout.for_excel,
            guard_all=layout.guard_all,
        )
    if not layout.in_place:
        from reapi_rules.sheets.xlsx_writer import XlsxWriter

        return XlsxWriter(output, sheet.table, columns, card=pricing.card, account=sheet.account)
    from reapi_rules.sheets.in_place import InPlaceWriter

    with open_input(source.path) as file:
        return InPlaceWriter(output, read_bytes(file), sheet.table, columns)
