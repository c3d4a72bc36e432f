"""The sheet in a source: its table, and what gives the results of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import ALL, Pricing, Source
from reapi_rules.cli.said import Place
from reapi_rules.cli.streams import elements, lines_of, note, open_input, open_output, read_bodies, rereadable
from reapi_rules.cli.terminal import Line
from reapi_rules.sheets.files.encoding import UTF8, Encoding
from reapi_rules.sheets.files.json_table import JsonQuoter, keys, read_json
from reapi_rules.sheets.files.several import Several, together
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.cells import RowOptions
from reapi_rules.sheets.meaning.columns import Columns, SheetError
from reapi_rules.sheets.meaning.rows import refuse_unmatched, sort_rows
from reapi_rules.sheets.meaning.settings import Settings
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.reading import open_tables
from reapi_rules.sheets.results.batches import unwrap
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.results.what_if import WhatIf

__all__ = ["Sheet", "open_sheet"]

_KINDS = {"json": "item", "ndjson": "line"}
_BLANK = b"\xef\xbb\xbf"  # a body without anything in it, as which a blank line would not count


class Sheet(msgspec.Struct, frozen=True):
    """A table, what gives the results of its rows, the encoding of its text, its source, and the accounts of it."""

    table: Table
    quoter: Quoter | JsonQuoter | WhatIf | Several
    encoding: Encoding
    source: Source
    accounts: list[Account]

    @property
    def kind(self) -> str:
        """What a request is here: a row, a line or an item."""
        return _KINDS.get(self.source.format, "row")

    def place_of(self, row: Row) -> Place:
        """The place of a row; a line of a batch has a name."""
        line = unwrap(row.text.encode(errors="surrogateescape")) if self.table.is_json else None
        return Place(self.source.path, self.kind, row.number, row.sheet, "" if line is None else line.name)

    def quoter_of(self, row: Row) -> Quoter:
        """What plans the rows of the sheet that a row is from; not for JSON, nor with settings."""
        found = self.quoter.of(row) if isinstance(self.quoter, Several) else self.quoter
        assert isinstance(found, Quoter)
        return found

    def column(self, option: str, name: str, others: Sequence[str] = ()) -> int:
        """The place of a column or a key; UnusableError unless exactly one has the name."""
        titles = [title.strip() for title in self.table.columns.titles]
        found = [at for at, title in enumerate(titles) if title == name]
        found = found or [at for at, title in enumerate(titles) if title.casefold() == name.casefold()]
        if len(found) != 1:
            keys = ("no_key", "several_keys") if self.table.is_json else ("no_column", "several_columns")
            allowed = [*dict.fromkeys((*others, *filter(None, titles)))]
            raise UnusableError(keys[bool(found)], option=option, name=name, allowed=allowed)
        return found[0]


@contextmanager
def open_sheet(
    source: Source,
    pricing: Pricing,
    settings: Settings | None = None,
    *,
    ours_stay: bool = True,
    with_titles: bool = True,
) -> Iterator[Sheet]:
    """The sheet in a source; a mistake in it that only reading on brings to light is one line too.

    With settings the results say what these change.  Without titles a file of JSON bodies is read once, and has no
    columns.
    """
    try:
        with (
            _open_account(source) as account,
            open_input(source.path) as file,
            _open_tables(source, pricing, file, with_titles) as (tables, encoding),
        ):
            name = encoding.name if encoding.is_assumed else None
            model = source.default_model or pricing.catalog.default_model
            accounts = [Account.of(table, pricing.own_catalog, default_model=model, encoding=name) for table in tables]
            if not tables[-1].is_json:
                tables = [sort_rows(table, account, source.where) for table, account in zip(tables, accounts)]
                tables[-1] = replace(tables[-1], rows=refuse_unmatched(tables[-1].rows, accounts))
            results = partial(_results, source, pricing, settings, ours_stay)
            if source.sheet != ALL or len(tables) == 1:
                (table,) = tables
                yield Sheet(table, results(table, table.columns), encoding, source, accounts)
            else:
                table, columns = together(tables)
                quoters = Several({name: results(table, own) for name, own in columns.items()})
                yield Sheet(table, quoters, encoding, source, accounts)
            _tell(accounts, source, account)
    except SheetError as error:
        raise UnusableError("of_file", name=source.name, error=error) from None
    except UnicodeDecodeError as error:
        raise UnusableError("other_encoding", name=source.name, encoding=error.encoding, reason=error.reason) from None


def _open_account(source: Source) -> AbstractContextManager[BinaryIO | None]:
    """Where the account goes; opened before there is a result, so that a refusal comes before it too."""
    if source.account is None:
        return nullcontext()
    return open_output(source.account, inputs=source.inputs, option="--account")


def _tell(accounts: Sequence[Account], source: Source, file: BinaryIO | None) -> None:
    """Say how the sheets were read, now that all of them were."""
    if file is not None:
        texts = [account.to_json() for account in accounts]
        file.write(texts[0] if source.sheet != ALL else b"[\n" + b",\n".join(texts) + b"]\n")
    if not source.is_quiet:
        for account in accounts:
            lines = account.lines(source.language)
            note(*(Line(line, "warning" if line.startswith("sheet.") else "") for line in lines))


@contextmanager
def _open_tables(
    source: Source, pricing: Pricing, file: BinaryIO, with_titles: bool
) -> Iterator[tuple[list[Table], Encoding]]:
    catalog, is_json = pricing.own_catalog, source.format in ("json", "ndjson")
    is_read_once = source.format == "json" or (is_json and not with_titles)
    with nullcontext(file) if is_read_once else rereadable(file) as content:
        if is_json:
            yield [_bodies(source, content, catalog, with_titles)], UTF8
            return
        with open_tables(
            content,
            source.format,
            sheet=source.sheet,
            all_sheets=source.sheet == ALL,
            mapping=source.columns,
            encoding=source.encoding,
            catalog=catalog,
            visible_only=source.visible_only,
        ) as found:
            yield found


def _bodies(source: Source, file: BinaryIO, catalog: Catalog | None, with_titles: bool) -> Table:
    if source.format == "json":
        text = read_bodies(file)
        items = elements(text)
        bodies = [text if text.strip() else _BLANK] if items is None else items
        return read_json(bodies, keys(bodies) if with_titles else (), catalog, source.noting())
    titles = []
    if with_titles:
        titles = keys(lines_of(file))
        file.seek(0)
    return read_json(lines_of(file), titles, catalog, source.noting())


def _results(
    source: Source, pricing: Pricing, settings: Settings | None, ours_stay: bool, table: Table, columns: Columns
) -> Quoter | JsonQuoter | WhatIf:
    default = None if table.is_json else pricing.catalog.default_model
    engine, language = pricing.engine(source.default_model or default), source.language
    options = RowOptions(engine=engine, language=language, ours_stay=ours_stay)
    quoter: Callable[[RowOptions], Quoter | JsonQuoter] = JsonQuoter if table.is_json else partial(Quoter, columns)
    if settings is None:
        return quoter(options)
    return WhatIf(quoter(options), quoter(replace(options, settings=settings)), pricing.own_catalog)
