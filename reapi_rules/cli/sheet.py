"""The sheet in a source: its table, and what works out the results of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import Pricing, Source
from reapi_rules.cli.streams import elements, note, open_input, open_output, read_bytes, rereadable
from reapi_rules.sheets.account import Account
from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.csv_table import read_csv
from reapi_rules.sheets.encoding import UTF8, Encoding, detect, open_text
from reapi_rules.sheets.json_table import JsonQuoter, keys, read_json
from reapi_rules.sheets.quoter import Quoter
from reapi_rules.sheets.rows import sort_rows
from reapi_rules.sheets.table import Table
from reapi_rules.sheets.what_if import WhatIf

__all__ = ["Sheet", "open_sheet", "unread"]


class Sheet(msgspec.Struct, frozen=True):
    """A table, what works out the results of its rows, the encoding of its text, and how it was read."""

    table: Table
    quoter: Quoter | JsonQuoter | WhatIf
    encoding: Encoding
    account: Account


@contextmanager
def open_sheet(
    source: Source, pricing: Pricing, *, changes: Mapping[str, str] | None = None, with_titles: bool = True
) -> Iterator[Sheet]:
    """The sheet in a source; a mistake in it that only reading on brings to light is one line too.

    With changes the results say what these do.  Without titles a file of JSON bodies is read once, and has no columns.
    """
    try:
        with open_input(source.path) as file, _open_table(source, file, with_titles) as (table, encoding):
            account = Account.of(table, encoding=encoding.name if encoding.is_assumed else None)
            if not table.is_json:
                table = sort_rows(table, account, source.where)
            quoter = _quoter(table, pricing)
            if changes:
                yield Sheet(table, WhatIf(quoter, _quoter(table, pricing, changes)), encoding, account)
            else:
                yield Sheet(table, quoter, encoding, account)
            _tell(account, source)
    except SheetError as error:
        raise UnusableError(f"{source.path}: {error}") from None
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"{source.path}: it is not {error.encoding} ({error.reason}): give its --encoding, or save it as CSV UTF-8"
        ) from None


def _tell(account: Account, source: Source) -> None:
    """Say how the sheet was read, now that all of it was."""
    telling = source.telling
    if telling.path is not None:
        with open_output(telling.path, source=source.path) as file:
            file.write(account.to_json())
    if not telling.is_quiet:
        for line in account.lines(telling.language):
            note(line)


def unread(source: Source, accounts: Iterable[Account]) -> str | None:
    """What is not read though all should be; None where all is, or nobody asked."""
    if source.telling.require_all_read and any(account.has_unread_values for account in accounts):
        return "--require-all-read: a column that seems to hold a field is not read"
    return None


@contextmanager
def _open_table(source: Source, file: BinaryIO, with_titles: bool) -> Iterator[tuple[Table, Encoding]]:
    if source.format in ("json", "ndjson"):
        yield _bodies(source, file, with_titles), UTF8
    elif source.format == "xlsx":
        from reapi_rules.sheets.xlsx_reader import read_workbook

        yield (
            read_workbook(
                read_bytes(file), sheet=source.sheet, mapping=source.columns, visible_only=source.visible_only
            ),
            UTF8,
        )
    else:
        file = rereadable(file)
        encoding = detect(file, source.encoding)
        with open_text(file, encoding) as lines:
            delimiter = "\t" if source.format == "tsv" else None
            yield read_csv(lines, delimiter=delimiter, mapping=source.columns), encoding


def _bodies(source: Source, file: BinaryIO, with_titles: bool) -> Table:
    if source.format == "json":
        text = read_bytes(file)
        items = elements(text)
        bodies = [text] if items is None else items
        return read_json(bodies, keys(bodies) if with_titles else ())
    if not with_titles:
        return read_json(file)
    lines = rereadable(file)
    titles = keys(lines)
    lines.seek(0)
    return read_json(lines, titles)


def _quoter(table: Table, pricing: Pricing, changes: Mapping[str, str] | None = None) -> Quoter | JsonQuoter:
    if table.is_json:
        return JsonQuoter(engine=pricing.engine(), changes=changes)
    engine = pricing.engine(built_in().default_model)
    return Quoter(table.columns, engine=engine, changes=changes)
