"""``reapi-rules quote``: what these requests cost, or one request given by flags."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.lines import quote_lines, report_lines
from reapi_rules.cli.options import SHEETS, Layout, Limits, Output, Pricing, Source, suffix_format
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.streams import open_output, write_each
from reapi_rules.cli.summary import Summary
from reapi_rules.engine.engine import stand_in

__all__ = ["Quote", "configure", "execute", "parse"]

_AXES = {"size": "shape", "resolution": "tier", "quality": "quality", "n": "number"}
"""The flags of one request, and the roles that they mean."""


class Quote(msgspec.Struct, frozen=True):
    """What is asked: the price of one request, or of those of a source, as totals by a column, a sheet or reports."""

    axes: dict[str, Any]
    model: str | None
    has_images: bool
    source: Source | None
    by: str | None
    layout: Layout | None
    output: Output
    pricing: Pricing
    limits: Limits


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    Source.add(parser)
    axes = parser.add_argument_group("one request, without a file")
    axes.add_argument("--size", help="such as 16:9, auto or 1024x1024")
    axes.add_argument("--resolution", help="such as 1k, 2k or 4k")
    axes.add_argument("--quality", help="such as low, medium or high")
    axes.add_argument("--n", type=int, help="the number of images")
    axes.add_argument("--model", help="any model of reAPI; gpt-image-2-official unless another is named")
    axes.add_argument("--with-images", action="store_true", help="there are reference images")
    Output.add(parser, "text", "json", "ndjson", *SHEETS)
    Layout.add(parser)
    Pricing.add(parser)
    Limits.add(parser)
    parser.add_argument(
        "--by", metavar="COLUMN", help="totals by a column of the sheet, or by model, resolution or quality, not rows"
    )
    parser.set_defaults(parse=parse, execute=execute)


def parse(arguments: argparse.Namespace) -> Quote:
    """The one request of the flags, or the source and what is to be made of it."""
    axes = {role: value for name, role in _AXES.items() if (value := getattr(arguments, name)) is not None}
    is_one, form = bool(axes) or arguments.model is not None or arguments.with_images, arguments.format
    if is_one and arguments.file is not None:
        raise UnusableError("give a FILE or the flags of one request, not both")
    if is_one and form in SHEETS:
        raise UnusableError(f"--format {form} needs a FILE of requests: give --format json, ndjson or text")
    source = None if is_one else Source.of(arguments)
    by = None if source is None or arguments.by is None else arguments.by.strip()
    if by is not None and form in ("tsv", "xlsx"):
        raise UnusableError(f"--by and --format {form} do not go together: give --format csv, json, ndjson or text")
    layout = None if source is None or by is not None else Layout.of(arguments, source)
    if layout is None and arguments.changes:
        raise UnusableError("--set is for a sheet that is written: give --format csv, tsv or xlsx, or --rows")
    usual = "text" if is_one or by is not None else suffix_format(arguments.output) or ""
    return Quote(
        axes=axes,
        model=arguments.model,
        has_images=arguments.with_images,
        source=source,
        by=by,
        layout=layout,
        output=Output.of(arguments, default=usual),
        pricing=Pricing.of(arguments),
        limits=Limits.of(arguments),
    )


def execute(quote: Quote) -> int:
    """Print what each request costs."""
    source, output, pricing = quote.source, quote.output, quote.pricing
    summary = Summary(quote.limits, pricing, finds_savings=source is not None)
    if source is None:
        catalog = built_in()
        name = catalog.default_model if quote.model is None else quote.model
        body = stand_in(catalog.models.get(name), id=name, has_images=quote.has_images, **quote.axes)
        _quote_reports([Entry("request", pricing.engine().look(body))], "-", output, summary)
    elif quote.by is not None:
        from reapi_rules.cli.quote_groups import quote_groups  # one request starts faster without the sheets

        quote_groups(quote.by, source, output, pricing, summary)
    elif quote.layout is not None:
        from reapi_rules.cli.quote_sheet import quote_sheet

        quote_sheet(source, output, quote.layout, pricing, summary)
    else:
        entries, is_single = read_requests(source, pricing, summary.accounts)
        if not output.format:
            output = msgspec.structs.replace(output, format="text" if is_single else "ndjson")
        _quote_reports(entries, source.path, output, summary)
        if not is_single:
            summary.say()
    return summary.exit_code(source)


def _quote_reports(entries: Iterable[Entry], path: str, output: Output, summary: Summary) -> None:
    form = "ndjson" if output.format == "json" else output.format  # a report a line, whether one or many
    with open_output(output.path, source=path) as file:
        write_each(file, form, summary.counted(entries), lambda entry: entry.report.to_json(), _lines)


def _lines(entry: Entry) -> Iterator[str]:
    report = entry.report
    return report_lines(entry) if report.quote is None else quote_lines(report, report.quote, date.today())
