"""``reapi-rules quote``: what these requests cost, or one request given by flags."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.files import open_output, write_lines
from reapi_rules.cli.limits import add_limits
from reapi_rules.cli.options import TABLES, add_input, add_output, add_rates, cards, suffix_format
from reapi_rules.cli.sheet_options import add_layout
from reapi_rules.cli.tally import Tally
from reapi_rules.cli.text import quote_lines, report_lines
from reapi_rules.engine.engine import preflight
from reapi_rules.engine.report import Report, stand_in

__all__ = ["configure", "execute"]

_AXES = ("size", "resolution", "quality", "n", "model")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_input(parser)
    axes = parser.add_argument_group("one request, without a file")
    axes.add_argument("--size", help="such as 16:9, auto or 1024x1024")
    axes.add_argument("--resolution", help="1k, 2k or 4k")
    axes.add_argument("--quality", help="auto, low, medium or high")
    axes.add_argument("--n", type=int, help="the number of images")
    axes.add_argument("--model", help="gpt-image-2-official unless another is named")
    axes.add_argument("--with-images", action="store_true", help="there are reference images")
    add_output(parser, "text", "json", "ndjson", *TABLES)
    add_layout(parser)
    add_rates(parser)
    add_limits(parser)
    parser.add_argument(
        "--by", metavar="COLUMN", help="totals by a column of the sheet, or by model, resolution or quality, not rows"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Print what each request costs."""
    given = {name: getattr(arguments, name) for name in _AXES if getattr(arguments, name) is not None}
    if given or arguments.with_images:
        return _quote_axes(arguments, given)
    return _quote_file(arguments)


def _quote_axes(arguments: argparse.Namespace, given: dict[str, Any]) -> int:
    if arguments.file is not None:
        raise UnusableError("give a FILE or the flags of one request, not both")
    _refuse_changes(arguments)
    tally = Tally(arguments, finds_savings=False)
    body = {**stand_in(arguments.with_images), **given}
    report = preflight(body, default_model=built_in().default_model, rates=cards(arguments), as_of=arguments.as_of)
    with open_output(arguments.output) as output:
        _write(output, arguments.format or "text", "request", report, tally)
    return tally.exit_code()


def _quote_file(arguments: argparse.Namespace) -> int:
    from reapi_rules.cli.groups import quote_groups  # a request by flags starts faster without the sheets
    from reapi_rules.cli.sheet_output import quote_sheet, sheet_format

    tally = Tally(arguments)
    form = None if arguments.by is not None else sheet_format(arguments)
    if form is not None:
        quote_sheet(arguments, form, tally)
        return tally.exit_code()
    _refuse_changes(arguments)
    if arguments.by is not None:
        quote_groups(arguments, tally)
    else:
        _quote_reports(arguments, tally)
    return tally.exit_code()


def _refuse_changes(arguments: argparse.Namespace) -> None:
    if arguments.changes:
        raise UnusableError("--set is for a sheet that is written: give --format csv, tsv or xlsx, or --rows")


def _quote_reports(arguments: argparse.Namespace, tally: Tally) -> None:
    from reapi_rules.cli.reports import read_reports

    reports = read_reports(arguments)
    form = arguments.format or suffix_format(arguments.output) or ("text" if reports.is_single else "ndjson")
    with open_output(arguments.output, source=arguments.file) as output:
        for entry in reports:
            _write(output, form, entry.where, entry.report, tally, entry.readings)
    if not reports.is_single:
        tally.summarise()


def _write(output: BinaryIO, form: str, where: str, report: Report, tally: Tally, readings: Iterable[str] = ()) -> None:
    tally.add(where, report)
    if form in TABLES:
        raise UnusableError(f"--format {form} needs a FILE of requests: give --format json, ndjson or text")
    if form != "text":
        output.write(report.to_json() + b"\n")
    elif report.quote is None or report.dimensions is None:
        write_lines(output, report_lines(where, report, readings))
    else:
        write_lines(output, quote_lines(report.quote, report.dimensions, date.today()))
