"""The reports of an input file, whatever its format."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from reapi_rules.catalog import built_in
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.files import open_input, open_text
from reapi_rules.cli.options import cards, input_format
from reapi_rules.report import Report, preflight
from reapi_rules.sheets.cells import body_of_row
from reapi_rules.sheets.columns import Columns, SheetError, find_columns
from reapi_rules.sheets.csv_table import rows

__all__ = ["Entry", "read_bytes", "read_reports", "read_sheet"]


class Entry(msgspec.Struct, frozen=True):
    """A request of the input: where it stands, and its report."""

    where: str
    report: Report


def read_reports(arguments: argparse.Namespace) -> Iterator[Entry]:
    """The report of each request of FILE, in order."""
    kind = input_format(arguments)
    if kind == "csv":
        for number, _, _, report, _ in read_sheet(arguments):
            if report is not None:
                yield Entry(f"row {number}", report)
        return
    rates = cards(arguments)
    with open_input(arguments.file) as file:
        if kind == "json":
            yield Entry(arguments.file or "-", preflight(read_bytes(file), rates=rates, as_of=arguments.as_of))
            return
        for number, line in enumerate(file, 1):
            if line.strip():
                yield Entry(f"line {number}", preflight(line, rates=rates, as_of=arguments.as_of))


def read_sheet(
    arguments: argparse.Namespace,
) -> Iterator[tuple[int, list[str], str, Report | None, Columns]]:
    """Each row of a CSV sheet after its header: number, cells, original text, report if it plans a request.

    The header comes first, with its own cells and text and without a report.
    """
    rates, model = cards(arguments), built_in().default_model
    columns: Columns | None = None
    try:
        with open_text(arguments.file) as lines:
            for number, row, text in rows(lines):
                if columns is None:
                    columns = find_columns([row[0].removeprefix("\ufeff"), *row[1:]] if row else row)
                    yield number, row, text, None, columns
                    continue
                if len(row) > columns.width:
                    counts = f"{len(row)} cells under {columns.width} columns"
                    raise SheetError(f"row {number} has {counts}: put a cell that holds a comma in quotes")
                body = body_of_row(row, columns)
                report = (
                    None if body is None else preflight(body, default_model=model, rates=rates, as_of=arguments.as_of)
                )
                yield number, row, text, report, columns
        if columns is None:
            raise SheetError("the sheet is empty: its first row names the columns")
    except SheetError as error:
        raise UnusableError(f"{arguments.file or '-'}: {error}") from None


def read_bytes(file: BinaryIO) -> bytes:
    """All of a file; UnusableError where it can't be read."""
    try:
        return file.read()
    except OSError as error:
        raise UnusableError(f"can't read the input: {error.strerror or error}") from None
