"""``reapi-rules quote``: what these requests cost, or one request given by flags."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.lines import printer, quote_lines, report_lines
from reapi_rules.cli.options import (
    REPORTS,
    ROWS,
    SHEETS,
    TABLE,
    Layout,
    Limits,
    Output,
    Pricing,
    Source,
    Telling,
    check_options,
    check_spelling,
    settings_asked,
)
from reapi_rules.cli.place import Place
from reapi_rules.cli.progress import watched
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.streams import write_each
from reapi_rules.cli.summary import Summary

if TYPE_CHECKING:
    from reapi_rules.sheets.meaning.settings import Settings

__all__ = ["Quote", "configure", "execute", "parse"]

_AXES = {"size": "shape", "resolution": "tier", "quality": "quality", "n": "number"}
"""The flags of one request, and the roles that they mean."""

_MOST_BY = 2


class Quote(msgspec.Struct, frozen=True):
    """What is asked: the price of one request, or of those of a source, as totals by a column, a sheet or reports."""

    axes: dict[str, Any]
    model: str | None
    has_images: bool
    source: Source | None
    by: tuple[str, ...]
    settings: Settings | None
    layout: Layout | None
    output: Output
    pricing: Pricing
    limits: Limits
    language: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    Source.add(parser)
    axes = parser.add_argument_group("one request, without a file (of --model, or of gpt-image-2-official)")
    for axis in ("--size", "--resolution", "--quality"):
        axes.add_argument(axis)
    axes.add_argument("--n", type=int)
    axes.add_argument("--with-images", action="store_true")
    Output.add(parser, *ROWS, TABLE)
    Layout.add(parser)
    Pricing.add(parser)
    Limits.add(parser)
    parser.add_argument("--by", metavar="COLUMN")
    parser.set_defaults(parse=parse, execute=execute)


def parse(arguments: argparse.Namespace) -> Quote:
    """The one request of the flags, or the source and what is to be made of it."""
    axes = {role: value for name, role in _AXES.items() if (value := getattr(arguments, name)) is not None}
    is_one, form = bool(axes) or arguments.with_images, arguments.format
    is_one |= arguments.model is not None and arguments.file is None and arguments.source is None
    if is_one and arguments.file is not None:
        raise UnusableError("file_or_request")
    if is_one and form in (*SHEETS, TABLE):
        raise UnusableError("needs_requests", form=form)
    source = None if is_one else Source.of(arguments)
    by = () if source is None or arguments.by is None else tuple(name.strip() for name in arguments.by.split(","))
    if len(by) > _MOST_BY:
        raise UnusableError("too_many_by", by=arguments.by)
    if arguments.rows and form in ("text", TABLE):
        raise UnusableError("rows_format", form=form)
    if by and form == TABLE:
        raise UnusableError("table_by")
    if not by and form == "markdown":
        raise UnusableError("markdown_by")
    pricing = Pricing.of(arguments)
    layout = None if source is None or by else Layout.of(arguments, source, pricing)
    check_options(arguments, *filter(None, [source]), is_told=layout is not None or bool(by))
    if layout is None and arguments.in_place:
        raise UnusableError("in_place_by")
    if layout is None and not by and (arguments.settings or arguments.only):
        raise UnusableError("set_alone")
    if layout is None and arguments.currency is not None:
        raise UnusableError("currency_alone")
    reports = ("json", "ndjson") if source is not None and arguments.rows else REPORTS
    formats = REPORTS if is_one else ROWS if by else (*reports, *SHEETS, TABLE)
    output = Output.of(arguments, default="text" if is_one or by else "", formats=formats)
    if layout is None:
        check_spelling(arguments, output.format, is_sheet=False)
    return Quote(
        axes=axes,
        model=arguments.model,
        has_images=arguments.with_images,
        source=source,
        by=by,
        settings=settings_asked(arguments, pricing) if by else None,
        layout=layout,
        output=output,
        pricing=pricing,
        limits=Limits.of(arguments),
        language=Telling.of(arguments).language,
    )


def execute(quote: Quote) -> int:
    """Print what each request costs."""
    source, output, pricing = quote.source, quote.output, quote.pricing
    summary = Summary(quote.limits, pricing, source, quote.language)
    summary.begin()
    if source is None:
        report = pricing.engine().look_at_axes(quote.model, has_images=quote.has_images, **quote.axes)
        form = "text" if output.format == "text" else "ndjson"
        _quote_reports([Entry(Place(kind="request"), report)], form, quote, summary, date.today())
    elif quote.by:
        from reapi_rules.cli.quote_groups import quote_groups  # one request starts faster without the sheets

        quote_groups(quote.by, source, output, pricing, summary, quote.settings)
    elif quote.layout is not None:
        from reapi_rules.cli.quote_sheet import quote_sheet

        quote_sheet(source, output, quote.layout, pricing, summary)
    else:
        form = output.format
        entries, is_single = read_requests(
            source, pricing, summary.accounts, with_texts=form in ("json", "ndjson"), as_json=form != "text"
        )
        form = form or ("text" if is_single else "ndjson")
        form = "ndjson" if is_single and form == "json" else form  # no list of one
        _quote_reports(entries, form, quote, summary, date.today() if is_single else None)
        if not is_single:
            summary.say()
    return summary.exit_code()


def _quote_reports(entries: Iterable[Entry], form: str, quote: Quote, summary: Summary, today: date | None) -> None:
    path, language = quote.output.path, quote.language
    with quote.output.open() as file:
        to_text = printer(lambda entry: _lines(entry, today, language), file, language)
        write_each(file, form, summary.counted(watched(entries, path)), Entry.to_json, to_text)


def _lines(entry: Entry, today: date | None, language: str) -> Iterator[str]:
    quote = entry.report.quote
    return report_lines(entry, language) if quote is None else quote_lines(entry, quote, today, language)
