"""The reports of the requests in an input file, whatever its format."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

import msgspec

from reapi_rules.cli.files import open_input, read_bytes
from reapi_rules.cli.options import cards, input_format
from reapi_rules.engine.engine import preflight
from reapi_rules.engine.report import Report
from reapi_rules.sheets.json_list import elements

__all__ = ["Entry", "Reports", "read_reports"]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A request of the input: its place, its report, and how cells were read that are not letter for letter."""

    unit: str
    number: int
    report: Report
    readings: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Where it stands, such as ``line 2``; the name of the file where that holds no more."""
        return f"{self.unit} {self.number}" if self.number else self.unit


class Reports(msgspec.Struct, frozen=True):
    """The requests of a file, to be read once, and whether it is a single body."""

    entries: Iterable[Entry]
    is_single: bool = False

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


def read_reports(arguments: argparse.Namespace) -> Reports:
    """The report of each request of FILE, in order."""
    kind = input_format(arguments)
    if kind == "json":
        with open_input(arguments.file) as file:
            text = read_bytes(file)
        items = elements(text)
        if items is None:
            return Reports([Entry(arguments.file or "-", 0, _judge(arguments, text))], is_single=True)
        return Reports(Entry("item", at, _judge(arguments, item)) for at, item in enumerate(items, 1))
    return Reports(_lines(arguments) if kind == "ndjson" else _rows(arguments))


def _judge(arguments: argparse.Namespace, body: bytes) -> Report:
    return preflight(body, rates=cards(arguments), as_of=arguments.as_of)


def _lines(arguments: argparse.Namespace) -> Iterator[Entry]:
    rates, as_of = cards(arguments), arguments.as_of
    with open_input(arguments.file) as file:
        for number, line in enumerate(file, 1):
            if not line.isspace():
                yield Entry("line", number, preflight(line, rates=rates, as_of=as_of))


def _rows(arguments: argparse.Namespace) -> Iterator[Entry]:
    from reapi_rules.cli.sheet_input import open_sheet  # a body starts faster without the sheets
    from reapi_rules.sheets.quoter import Quoter

    with open_sheet(arguments) as sheet:
        assert isinstance(sheet.quoter, Quoter)  # not JSON
        for row in sheet.table.rows:
            plan = sheet.quoter.plan(row)
            if plan is not None:
                yield Entry("row", row.number, sheet.quoter.report(plan), (*plan.problems.values(), *plan.notes))
