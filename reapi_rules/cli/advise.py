"""``reapi-rules advise``: how requests could cost fewer credits."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import msgspec

from reapi_rules.cli import text
from reapi_rules.cli.files import open_output, write_lines
from reapi_rules.cli.limits import add_limits
from reapi_rules.cli.options import add_input, add_output, add_rates
from reapi_rules.cli.reports import read_reports
from reapi_rules.cli.tally import Tally
from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import Alternative, alternatives

__all__ = ["configure", "execute"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_input(parser)
    add_output(parser, "text", "json", "ndjson")
    add_rates(parser)
    add_limits(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print what would make each request cheaper."""
    tally = Tally(arguments)
    reports = read_reports(arguments)
    separator = b"[\n"
    with open_output(arguments.output, source=arguments.file) as output:
        for entry in reports:
            tally.add(entry.where, entry.report)
            others = alternatives(entry.report.payload(), rates=entry.report.rate_card or ())
            if arguments.format == "json":
                output.write(separator + _json(entry.where, entry.report, others))
                separator = b",\n"
            elif arguments.format == "ndjson":
                output.write(_json(entry.where, entry.report, others) + b"\n")
            else:
                write_lines(output, _lines(entry.where, entry.report, others))
        if arguments.format == "json":
            output.write(b"\n]\n" if separator == b",\n" else b"[]\n")
    if reports.is_single:
        tally.name_card()
    else:
        tally.summarise()
    return tally.exit_code()


def _json(where: str, report: Report, others: tuple[Alternative, ...]) -> bytes:
    return msgspec.json.encode({"where": where, "ok": report.ok, "quote": report.quote, "alternatives": others})


def _lines(where: str, report: Report, others: tuple[Alternative, ...]) -> Iterator[str]:
    if report.quote is None:
        yield f"{where}: REJECTED: {report.errors[0].message}"
    elif others:
        yield f"{where}: {text.credits(report.quote)}"
        yield from map(_line, others)


def _line(other: Alternative) -> str:
    patch = " ".join(f"{name}={value}" for name, value in other.patch.items())
    cost, saving = text.low_to_high(other.credits_low, other.credits), text.low_to_high(other.saving_low, other.saving)
    return f"  {patch}: {cost} credits, {saving} less; {other.trade}"
