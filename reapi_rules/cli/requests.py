"""The requests of a source, whatever its format, each with its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from reapi_rules.cli.options import Pricing, Source
from reapi_rules.cli.streams import elements, open_input, read_bytes
from reapi_rules.engine.report import Report

if TYPE_CHECKING:
    from reapi_rules.sheets.account import Account

__all__ = ["Entry", "read_requests"]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A request: where it is, its report, and how cells were read that are not letter for letter."""

    where: str
    report: Report
    readings: tuple[str, ...] = ()


def read_requests(
    source: Source, pricing: Pricing, accounts: list[Account] | None = None
) -> tuple[Iterable[Entry], bool]:
    """The requests of a source, in order and to be read once, and whether it is a single body.

    The account of a sheet is added to the others.
    """
    if source.format == "ndjson":
        return _lines(source, pricing), False
    if source.format != "json":
        return _rows(source, pricing, accounts), False
    with open_input(source.path) as file:
        text = read_bytes(file)
    items, look = elements(text), pricing.engine().look
    if items is None:
        return [Entry(source.path, look(text))], True
    return (Entry(f"item {at}", look(item)) for at, item in enumerate(items, 1)), False


def _lines(source: Source, pricing: Pricing) -> Iterator[Entry]:
    look = pricing.engine().look
    with open_input(source.path) as file:
        for number, line in enumerate(file, 1):
            if not line.isspace():
                yield Entry(f"line {number}", look(line))


def _rows(source: Source, pricing: Pricing, accounts: list[Account] | None) -> Iterator[Entry]:
    from reapi_rules.cli.sheet import open_sheet  # a body starts faster without the sheets
    from reapi_rules.sheets.quoter import Quoter

    with open_sheet(source, pricing) as sheet:
        if accounts is not None:
            accounts.append(sheet.account)
        assert isinstance(sheet.quoter, Quoter)  # not JSON
        for row in sheet.table.rows:
            plan = sheet.quoter.plan(row)
            if plan is not None:
                yield Entry(f"row {row.number}", sheet.quoter.report(plan), plan.notes)
