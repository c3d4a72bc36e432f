"""``reapi-rules check``: would reAPI take these requests, and what is wrong with them."""

from __future__ import annotations

import argparse

from reapi_rules.cli.exits import OK, REJECTED
from reapi_rules.cli.files import note, open_output, write_lines
from reapi_rules.cli.options import add_input, add_output, add_rates
from reapi_rules.cli.reports import read_reports
from reapi_rules.cli.text import report_lines, summary_line
from reapi_rules.engine.report import Report
from reapi_rules.sheets.totals import Totals

__all__ = ["configure", "execute"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_input(parser)
    add_output(parser, "text", "json", "ndjson")
    add_rates(parser)
    parser.add_argument("--strict", action="store_true", help="count a request with a warning as rejected")


def execute(arguments: argparse.Namespace) -> int:
    """Print a report for each request."""
    totals = Totals()
    reports = read_reports(arguments)
    is_single, form, is_strict = reports.is_single, arguments.format, arguments.strict
    refused = 0
    with open_output(arguments.output, source=arguments.file) as output:
        separator = b""
        for entry in reports:
            report = entry.report
            totals.add_quote(report.quote)
            refused += not report.ok or (is_strict and _has_warning(report))
            if form == "ndjson":
                output.write(report.to_json() + b"\n")
            elif form == "json":
                output.write(b"" if is_single else separator or b"[\n")
                output.write(report.to_json())
                separator = b",\n"
            else:
                write_lines(output, report_lines(entry.where, report, entry.readings))
        if form == "json":
            output.write(b"\n" if is_single else b"\n]\n" if separator else b"[]\n")
    if not is_single:
        note(summary_line(totals))
    return REJECTED if refused else OK


def _has_warning(report: Report) -> bool:
    return any(finding.level == "warning" for finding in report.warnings)
