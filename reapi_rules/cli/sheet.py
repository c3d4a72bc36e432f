"""The sheet in a source: its table, and what works out the results of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import Pricing, Source
from reapi_rules.cli.streams import elements, note, open_input, read_bytes, rereadable, told
from reapi_rules.sheets.batches import unwrap
from reapi_rules.sheets.cells import text_of
from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.csv_table import read_csv
from reapi_rules.sheets.encoding import UTF8, Encoding, detect, open_text
from reapi_rules.sheets.json_table import JsonQuoter, keys, read_json
from reapi_rules.sheets.quoter import Quoter
from reapi_rules.sheets.table import Row, Table
from reapi_rules.sheets.what_if import WhatIf

__all__ = ["Sheet", "open_sheet"]


_PLACES = {"json": "item", "ndjson": "line"}


class Sheet(msgspec.Struct, frozen=True):
    """A table, what works out the results of its rows, the encoding of its text, and the format it came in."""

    table: Table
    quoter: Quoter | JsonQuoter | WhatIf
    encoding: Encoding
    format: str

    def where(self, row: Row) -> str:
        """Where a row is; that of a line of a batch by its name."""
        place = f"{_PLACES.get(self.format, 'row')} {row.number}"
        line = unwrap(row.text.encode(errors="surrogateescape")) if self.table.is_json else None
        return place if line is None else line.named(place)

    def cells(self, option: str, name: str, others: Sequence[str] = ()) -> Callable[[Row], str]:
        """What gives a row's cell in a column, or the value of a key; UnusableError unless exactly one has the name."""
        titles = [title.strip() for title in self.table.columns.titles]
        if titles.count(name) != 1:
            of = "key" if self.table.is_json else "column"
            found = f"more than one {of} has" if name in titles else f"no {of} has"
            allowed = ", ".join(dict.fromkeys((*others, *filter(None, titles))))
            raise UnusableError(f"{option} {name}: {found} that name: give one of {allowed}")
        at = titles.index(name)
        return lambda row: text_of(row.cells[at]).strip() if at < len(row.cells) else ""


@contextmanager
def open_sheet(
    source: Source, pricing: Pricing, *, changes: Mapping[str, str] | None = None, with_titles: bool = True
) -> Iterator[Sheet]:
    """The sheet in a source; a mistake in it that only reading on brings to light is one line too.

    With changes the results say what these do.  Without titles a file of JSON bodies is read once, and has no columns.
    """
    try:
        with open_input(source.path) as file, _open_table(source, pricing, file, with_titles) as (table, encoding):
            for line in table.columns.unread:
                note(line)
            quoter: Quoter | JsonQuoter | WhatIf = _quoter(table, source, pricing)
            if changes:
                quoter = WhatIf(quoter, _quoter(table, source, pricing, changes), pricing.own_catalog)
            yield Sheet(table, quoter, encoding, source.format)
    except SheetError as error:
        raise UnusableError(f"{source.path}: {error}") from None
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"{source.path}: it is not {error.encoding} ({error.reason}): give its --encoding, or save it as CSV UTF-8"
        ) from None


@contextmanager
def _open_table(
    source: Source, pricing: Pricing, file: BinaryIO, with_titles: bool
) -> Iterator[tuple[Table, Encoding]]:
    catalog = pricing.own_catalog
    if source.format in ("json", "ndjson"):
        yield _bodies(source, file, with_titles), UTF8
    elif source.format == "xlsx":
        from reapi_rules.sheets.xlsx_reader import read_workbook

        yield read_workbook(read_bytes(file), sheet=source.sheet, mapping=source.columns, catalog=catalog), UTF8
    else:
        file = rereadable(file)
        encoding = detect(file, source.encoding)
        with open_text(file, encoding) as lines:
            if encoding.is_assumed:
                name = encoding.name
                note(f"it is not UTF-8: read as {name} (Windows-1252), and written so; if that is wrong, --encoding")
            delimiter = "\t" if source.format == "tsv" else None
            yield read_csv(lines, delimiter=delimiter, mapping=source.columns, catalog=catalog), encoding


def _bodies(source: Source, file: BinaryIO, with_titles: bool) -> Table:
    if source.format == "json":
        text = read_bytes(file)
        items = elements(text)
        bodies = [*told([text] if items is None else items)]
        return read_json(bodies, keys(bodies) if with_titles else ())
    if not with_titles:
        return read_json(told(file))
    lines = rereadable(file)
    titles = keys(lines)
    lines.seek(0)
    return read_json(told(lines), titles)


def _quoter(
    table: Table, source: Source, pricing: Pricing, changes: Mapping[str, str] | None = None
) -> Quoter | JsonQuoter:
    if table.is_json:
        return JsonQuoter(engine=pricing.engine(source.default_model), changes=changes)
    engine = pricing.engine(source.default_model or pricing.catalog.default_model)
    return Quoter(table.columns, engine=engine, changes=changes)
