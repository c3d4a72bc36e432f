"""Sheets from Python: what ``quote`` does on the command line, for a file or for a data frame of pandas or polars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from os import PathLike, fspath
from typing import Any, BinaryIO, Unpack

import msgspec

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.engine.engine import Options, engine_for
from reapi_rules.engine.report import Report
from reapi_rules.sheets.files import SUFFIXES
from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.files.encoding import UTF8, Encoding, detect, open_text
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.cells import RowOptions
from reapi_rules.sheets.meaning.columns import SAMPLE, SheetError, column_names, find_columns
from reapi_rules.sheets.meaning.rows import refuse_unmatched, sort_rows
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.sheets.workbooks.package import is_packed

__all__ = ["QuotedFrame", "SheetReading", "SheetRequest", "open_tables", "quote_frame", "read"]

_LOOK = 8


class SheetRequest(msgspec.Struct, frozen=True):
    """The request of a row: where it is, its body, the report on it, and how its cells were read."""

    where: str
    body: dict[str, Any]
    report: Report
    notes: tuple[str, ...] = ()


class SheetReading(msgspec.Struct, frozen=True):
    """The requests of a sheet, their totals, and the account of how the sheet was read."""

    requests: list[SheetRequest]
    totals: Totals
    account: Account


class QuotedFrame(msgspec.Struct, frozen=True):
    """A data frame with our columns behind its own, and the account of how it was read."""

    frame: Any
    account: Account


def read(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    encoding: str | None = None,
    visible_only: bool = False,
    **options: Unpack[Options],
) -> SheetReading:
    """The requests in a sheet of a CSV file or a workbook, each with its report.

    >>> reading = read("docs/examples/first-plan.csv")
    >>> reading.totals.requests, reading.totals.credits, reading.account.header_row
    (5, 1170, 1)

    ``columns`` name the column of a field, ``where`` keeps the rows with these values; the options are those of
    ``preflight``.  Raises SheetError for a file that can't be read as a sheet.
    """
    path = fspath(path)
    form = SUFFIXES.get(path.rpartition(".")[2].lower())
    if form is None:
        raise SheetError("no_suffix", path=path, suffixes=[*SUFFIXES])
    with open(path, "rb") as file, open_tables(
        file, form, sheet=sheet, mapping=columns, encoding=encoding, catalog=options.get("catalog"),
        visible_only=visible_only,
    ) as ((table,), found):  # fmt: skip
        model, assumed = options.get("default_model"), found.name if found.is_assumed else None
        account = Account.of(table, options.get("catalog"), default_model=model, encoding=assumed)
        quoter, totals, requests = _quoter(table, options), Totals(), []
        for row in refuse_unmatched(sort_rows(table, account, where).rows, [account]):
            plan = quoter.plan(row)
            if plan is not None:
                report = quoter.report(plan)
                totals.add(report.quote)
                requests.append(SheetRequest(row.where, plan.body, report, plan.notes))
        return SheetReading(requests, totals, account)


def quote_frame(
    frame: Any,
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    **options: Unpack[Options],
) -> QuotedFrame:
    """The data frame of pandas or polars with our columns behind its own; those of an earlier run are replaced.

    Its column names are titles, and NaN, NaT and None are blanks.  Rows count from 1.  The options are those of
    ``preflight``.
    """
    is_polars = hasattr(frame, "iter_rows")
    if not is_polars and not hasattr(frame, "itertuples"):
        raise TypeError(f"frame is a data frame of pandas or polars, collected if lazy, and not {type(frame).__name__}")
    titles = [str(name) for name in frame.columns]
    given = frame.iter_rows() if is_polars else frame.itertuples(index=False, name=None)
    rows = [Row(number, [*map(_plain, cells)]) for number, cells in enumerate(given, 1)]
    found = find_columns(titles, columns, options.get("catalog"), rows=(row.cells for row in rows[:SAMPLE]))
    kept = [Row(row.number, [row.cells[at] for at in found.theirs]) for row in rows]
    table = Table(columns=found, header=Row(0, found.titles), rows=iter(kept))
    account = Account.of(table, options.get("catalog"), default_model=options.get("default_model"))
    quoter = _quoter(table, options)
    ours = column_names().results
    results = [quoter.result(row) for row in refuse_unmatched(sort_rows(table, account, where).rows, [account])]
    cells = {
        column.name: (column.kind == "integer", [None if result is None else result.cells[at] for result in results])
        for at, column in enumerate(ours)
    }
    extended = _with_polars if is_polars else _with_pandas
    return QuotedFrame(extended(frame, found.theirs, cells), account)


def _with_pandas(frame: Any, theirs: list[int], ours: Mapping[str, tuple[bool, list[Any]]]) -> Any:
    import pandas

    quoted = frame.iloc[:, theirs].copy()
    for name, (is_integer, cells) in ours.items():
        quoted[name] = pandas.Series(cells, index=frame.index, dtype="Int64" if is_integer else "object")
    return quoted


def _with_polars(frame: Any, theirs: list[int], ours: Mapping[str, tuple[bool, list[Any]]]) -> Any:
    import polars

    kinds = {True: polars.Int64, False: polars.String}
    columns = [polars.Series(name, cells, dtype=kinds[is_integer]) for name, (is_integer, cells) in ours.items()]
    return frame.select(polars.nth(theirs)).with_columns(columns)


@contextmanager
def open_tables(
    file: BinaryIO,
    form: str,
    *,
    sheet: str | None = None,
    all_sheets: bool = False,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    catalog: Catalog | None = None,
    visible_only: bool = False,
) -> Iterator[tuple[list[Table], Encoding]]:
    """The tables in a file that can be read twice, and the encoding of its text."""
    if form == "xlsx":
        from reapi_rules.sheets.workbooks.xlsx_reader import Workbook

        book = Workbook(file.read(), mapping, catalog, visible_only)
        yield book.tables() if all_sheets else [book.table(sheet)], UTF8
    else:
        if is_packed(file.read(_LOOK)):
            raise SheetError("is_workbook")
        file.seek(0)
        found = detect(file, encoding)
        with open_text(file, found) as lines:
            delimiter = "\t" if form == "tsv" else None
            yield [read_csv(lines, delimiter=delimiter, mapping=mapping, catalog=catalog)], found


def _quoter(table: Table, options: Options) -> Quoter:
    asked = options.copy()
    if not asked.get("default_model"):
        asked["default_model"] = chosen(asked.get("catalog")).default_model
    return Quoter(table.columns, RowOptions(engine=engine_for(**asked)))


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):  # of a database
        cell = float(cell)
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, (str, bool, int, float)):
        return cell
    if isinstance(cell, (list, tuple)):
        return msgspec.json.encode(cell, enc_hook=str).decode()
    for method in ("to_pydatetime", "to_pytimedelta", "tolist", "to_list"):
        if hasattr(cell, method):
            return _plain(getattr(cell, method)())
    return cell if not isinstance(cell, Iterable) else str(cell)
