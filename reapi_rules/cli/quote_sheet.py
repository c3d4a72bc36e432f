"""``reapi-rules quote`` on a sheet: the user's rows with our columns behind them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import BinaryIO

from msgspec.structs import replace

from reapi_rules.catalog.rates import RateCard
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import ALL, SHEETS, TABLE, Layout, Output, Source
from reapi_rules.cli.plan_table import PlanTable
from reapi_rules.cli.progress import watched
from reapi_rules.cli.sheet import Sheet, open_sheet
from reapi_rules.cli.streams import note, open_input, read_bytes
from reapi_rules.cli.summary import Summary
from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import Alternative
from reapi_rules.sheets.files.csv_writer import CsvWriter
from reapi_rules.sheets.files.json_table import Bodies, JsonQuoter, JsonWriter, write_alike
from reapi_rules.sheets.files.temporary import temporary_file
from reapi_rules.sheets.meaning.columns import column_names
from reapi_rules.sheets.results.result import LineWriter, Results, Writer
from reapi_rules.sheets.results.what_if import Beside, advice_cells

__all__ = ["quote_sheet"]


Advice = Callable[[Report], tuple[Alternative, ...]]
"""What gives the cheaper ways to say a request."""


def quote_sheet(source: Source, output: Output, layout: Layout, summary: Summary, others: Advice | None = None) -> None:
    """Print every row with its result; with ``others`` the one that saves most too."""
    if layout.in_place and source.sheet == ALL:
        raise UnusableError("in_place_all")
    if layout.in_place:
        output = replace(output, path=source.path, inputs=tuple(each for each in output.inputs if each != source.path))
    has_titles = layout.format in (*SHEETS, TABLE)
    with (
        output.open() as file,
        open_sheet(
            source, summary.pricing, layout.settings, ours_stay=layout.in_place, with_titles=has_titles
        ) as sheet,
        # where a workbook is put together, on disk, since it is not written from start to end
        temporary_file() if layout.format == "xlsx" else nullcontext() as book,
    ):
        summary.accounts = sheet.accounts
        writer = _writer(book or file, sheet, layout, summary.pricing.card, is_advised=others is not None)
        place = None if layout.format == TABLE else output.path
        show = partial(watched, output=place) if layout.shows_progress else iter
        quoter: Results = sheet.quoter
        if others is not None:
            quoter = Beside(quoter, lambda result: advice_cells(others(result.report)))
        if layout.currency is not None:
            quoter = Beside(quoter, layout.currency.cells)
        write, result_of = writer.write, quoter.result
        count = partial(summary.add_result, place_of=sheet.place_of)
        rows = sheet.table.rows
        if isinstance(rows, Bodies) and isinstance(sheet.quoter, JsonQuoter) and isinstance(writer, LineWriter):
            rows = write_alike(show(rows.lines), rows.row, sheet.quoter, result_of, writer, count)
        else:
            rows = show(rows)
        try:
            for row in rows:
                result = result_of(row)
                if result is not None:
                    count(row, result)
                write(row, result)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        if book is not None:
            from shutil import copyfileobj  # slow to import

            book.seek(0)
            copyfileobj(book, file)
        note(*writer.notes)
    summary.say(layout.currency)


def _writer(output: BinaryIO, sheet: Sheet, layout: Layout, card: RateCard | None, *, is_advised: bool) -> Writer:
    source, names = sheet.source, column_names()
    more = names.advice if is_advised else names.what_if if layout.settings is not None else ()
    columns = (*names.results, *more, *(() if layout.currency is None else names.currency))
    if layout.format == TABLE:
        return PlanTable(output, sheet, source.language, shows_before=layout.settings is not None)
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
        from reapi_rules.sheets.workbooks.xlsx_writer import XlsxWriter

        return XlsxWriter(output, sheet.table, columns, card=card, accounts=sheet.accounts, language=source.language)
    from reapi_rules.sheets.workbooks.in_place import InPlaceWriter

    with open_input(source.path) as file:
        return InPlaceWriter(output, read_bytes(file), sheet.table, columns, source.language)
