"""``reapi-rules check``: would reAPI take these requests, and what is wrong with them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from reapi_rules.cli.exits import LIMIT, OK, REJECTED
from reapi_rules.cli.lines import report_lines, summary_line
from reapi_rules.cli.options import Output, Pricing, Source
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.streams import note, open_output, write_each
from reapi_rules.engine.report import Report
from reapi_rules.sheets.totals import Totals

if TYPE_CHECKING:
    from reapi_rules.sheets.account import Account

__all__ = ["Check", "configure", "execute"]


class Check(msgspec.Struct, frozen=True):
    """What is asked: the verdicts on the requests of a source, and whether a warning counts as a rejection."""

    source: Source
    output: Output
    pricing: Pricing
    is_strict: bool


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    Source.add(parser)
    Output.add(parser, "text", "json", "ndjson")
    Pricing.add(parser)
    parser.add_argument("--strict", action="store_true", help="count a request with a warning as rejected")
    parser.set_defaults(
        parse=lambda said: Check(Source.of(said), Output.of(said), Pricing.of(said), said.strict), execute=execute
    )


def execute(check: Check) -> int:
    """Print a report for each request."""
    totals = Totals()
    refused = 0
    accounts: list[Account] = []
    entries, is_single = read_requests(check.source, check.pricing, accounts)

    def counted() -> Iterator[Entry]:
        nonlocal refused
        for entry in entries:
            totals.add(entry.report.quote)
            refused += not entry.report.ok or (check.is_strict and _has_warning(entry.report))
            yield entry

    form = "ndjson" if is_single and check.output.format == "json" else check.output.format  # no list of one
    with open_output(check.output.path, source=check.source.path) as output:
        write_each(output, form, counted(), lambda entry: entry.report.to_json(), report_lines)
    if not is_single:
        note(summary_line(totals))
    return REJECTED if refused else LIMIT if _lacks(check.source, accounts) else OK


def _lacks(source: Source, accounts: list[Account]) -> bool:
    if not accounts:
        return False
    from reapi_rules.cli.sheet import unread  # a body starts faster without the sheets

    reason = unread(source, accounts)
    if reason is not None:
        note(reason)
    return reason is not None


def _has_warning(report: Report) -> bool:
    return any(finding.level == "warning" for finding in report.warnings)
