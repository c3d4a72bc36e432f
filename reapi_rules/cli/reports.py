"""The requests of an input file, whatever its format: their reports, or the rows of its sheet."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.files import note, open_input, rereadable
from reapi_rules.cli.options import cards, column_mapping, input_format
from reapi_rules.report import Report, preflight
from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.csv_table import read_csv
from reapi_rules.sheets.encoding import UTF8, Encoding, detect, open_text
from reapi_rules.sheets.json_table import JsonQuoter, elements, keys, read_json
from reapi_rules.sheets.quoter import Quoter
from reapi_rules.sheets.table import Table

__all__ = ["Entry", "Reports", "Sheet", "open_sheet", "quoter_of", "read_bytes", "read_reports"]


class Entry(msgspec.Struct, frozen=True):
    """A request of the input: where it stands, its report, and how cells were read that are not letter for letter."""

    where: str
    report: Report
    readings: tuple[str, ...] = ()


class Reports(msgspec.Struct, frozen=True):
    """The requests of a file, to be read once, and whether it is a single body."""

    entries: Iterable[Entry]
    is_single: bool = False

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


class Sheet(msgspec.Struct, frozen=True):
    """A table, what answers its rows, and the encoding of its text."""

    table: Table
    quoter: Quoter | JsonQuoter
    encoding: Encoding = UTF8


def read_reports(arguments: argparse.Namespace) -> Reports:
    """The report of each request of FILE, in order."""
    kind = input_format(arguments)
    if kind == "json":
        with open_input(arguments.file) as file:
            text = read_bytes(file)
        items = elements(text)
        if items is None:
            return Reports([Entry(arguments.file or "-", _judge(arguments, text))], is_single=True)
        return Reports(Entry(f"item {at}", _judge(arguments, item)) for at, item in enumerate(items, 1))
    return Reports(_lines(arguments) if kind == "ndjson" else _rows(arguments))


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


def read_bytes(file: BinaryIO) -> bytes:
    """All of a file; UnusableError where it can't be read."""
    try:
        return file.read()
    except OSError as error:
        raise UnusableError(f"can't read the input: {error.strerror or error}") from None


def _judge(arguments: argparse.Namespace, body: bytes) -> Report:
    return preflight(body, rates=cards(arguments), as_of=arguments.as_of)


def _lines(arguments: argparse.Namespace) -> Iterator[Entry]:
    rates = cards(arguments)
    with open_input(arguments.file) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield Entry(f"line {number}", preflight(line, rates=rates, as_of=arguments.as_of))


def _rows(arguments: argparse.Namespace) -> Iterator[Entry]:
    with open_sheet(arguments) as sheet:
        assert isinstance(sheet.quoter, Quoter)  # not JSON
        for row in sheet.table.rows:
            plan = sheet.quoter.plan(row)
            if plan is not None:
                yield Entry(f"row {row.number}", sheet.quoter.report(plan), (*plan.problems.values(), *plan.notes))


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
