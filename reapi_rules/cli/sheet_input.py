"""The sheet in an input file: its table, and what answers its rows."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.files import note, open_input, read_bytes, rereadable
from reapi_rules.cli.options import cards, column_mapping, input_format
from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.csv_table import read_csv
from reapi_rules.sheets.encoding import UTF8, Encoding, detect, open_text
from reapi_rules.sheets.json_list import elements
from reapi_rules.sheets.json_table import JsonQuoter, keys, read_json
from reapi_rules.sheets.quoter import Quoter
from reapi_rules.sheets.table import Table

__all__ = ["Sheet", "open_sheet", "quoter_of"]


class Sheet(msgspec.Struct, frozen=True):
    """A table, what answers its rows, and the encoding of its text."""

    table: Table
    quoter: Quoter | JsonQuoter
    encoding: Encoding = UTF8


@contextmanager
def open_sheet(arguments: argparse.Namespace, *, with_titles: bool = True) -> Iterator[Sheet]:
    """The sheet in FILE; a mistake in it that only reading on brings to light is one line too.

    Without titles a file of JSON bodies is read once only, and has no columns.
    """
    kind = input_format(arguments)
    try:
        with open_input(arguments.file) as file:
            if kind in ("json", "ndjson"):
                yield _bodies(arguments, kind, file, with_titles)
            elif kind == "xlsx":
                yield _workbook(arguments, read_bytes(file))
            else:
                file = rereadable(file)
                encoding = detect(file, arguments.encoding)
                with open_text(file, encoding) as lines:
                    yield _text(arguments, kind, lines, encoding)
    except SheetError as error:
        raise UnusableError(f"{arguments.file or '-'}: {error}") from None
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"{arguments.file or '-'}: it is not {error.encoding} ({error.reason}): give its --encoding, or save it as "
            "CSV UTF-8"
        ) from None


def _bodies(arguments: argparse.Namespace, kind: str, file: BinaryIO, with_titles: bool) -> Sheet:
    if kind == "json":
        text = read_bytes(file)
        items = elements(text)
        bodies = [text] if items is None else items
        return _sheet(arguments, read_json(bodies, keys(bodies) if with_titles else ()))
    if not with_titles:
        return _sheet(arguments, read_json(file))
    lines = rereadable(file)
    titles = keys(lines)
    lines.seek(0)
    return _sheet(arguments, read_json(lines, titles))


def _workbook(arguments: argparse.Namespace, content: bytes) -> Sheet:
    from reapi_rules.sheets.xlsx_reader import read_workbook

    try:
        table = read_workbook(content, sheet=arguments.sheet, mapping=column_mapping(arguments))
    except ImportError:
        raise UnusableError('reading a workbook needs python-calamine: pip install "reapi-rules[xlsx]"') from None
    return _sheet(arguments, table)


def _text(arguments: argparse.Namespace, kind: str, lines: Iterable[str], encoding: Encoding) -> Sheet:
    if encoding.is_assumed:
        note(f"it is not UTF-8: read as {encoding.name} (Windows-1252), and written so; if that is wrong, --encoding")
    delimiter = "\t" if kind == "tsv" else None
    return _sheet(arguments, read_csv(lines, delimiter=delimiter, mapping=column_mapping(arguments)), encoding)


def quoter_of(
    arguments: argparse.Namespace, table: Table, changes: Mapping[str, Any] | None = None
) -> Quoter | JsonQuoter:
    """What answers the rows of a table, with some fields changed if that is asked."""
    rates, as_of = cards(arguments), arguments.as_of
    if table.is_json:
        return JsonQuoter(rates=rates, as_of=as_of, changes=changes)
    return Quoter(table.columns, sheet=table.sheet, rates=rates, as_of=as_of, changes=changes)


def _sheet(arguments: argparse.Namespace, table: Table, encoding: Encoding = UTF8) -> Sheet:
    for line in table.columns.unread:
        note(line)
    return Sheet(table, quoter_of(arguments, table), encoding)
