"""``reapi-rules quote``: what these requests cost, or one request given by flags."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.lines import printer, quote_lines
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
    check_options,
    check_spelling,
    settings_asked,
    whole_number,
)
from reapi_rules.cli.progress import watched
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.said import Place, language_of
from reapi_rules.cli.streams import write_each
from reapi_rules.cli.summary import Summary, warn_of_age

__all__ = ["Quote", "asked", "axes", "configure", "execute"]

_AXES = {"size": "shape", "resolution": "tier", "quality": "quality", "n": "number"}
"""The flags of one request, and the roles that they mean."""

_MOST_BY = 2


class Quote(argparse.Namespace):
    """What is asked: the request of the flags, or what the totals of a file are by and how its rows are written."""

    model: str | None
    file: str | None
    source: str | None
    with_images: bool
    n: int | None
    format: str | None
    by: str | None
    rows: bool
    in_place: bool
    settings: list[str]
    only: str
    currency: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    Source.add(parser)
    add = parser.add_argument_group("one request, without a file (of --model, or of gpt-image-2-official)").add_argument
    for axis in ("--size", "--resolution", "--quality"):
        add(axis)
    add("--n", type=whole_number("a number of images such as 2"))
    add("--with-images", action="store_true")
    Output.add(parser, *ROWS, TABLE)
    Layout.add(parser)
    Pricing.add(parser)
    Limits.add(parser)
    parser.add_argument("--by", metavar="COLUMN")


def asked(given: Quote) -> tuple[Source | None, tuple[str, ...], Layout | None, Output, Pricing]:
    """The source (None for the one request of the flags), what its totals are by, and how a sheet is written."""
    is_one, form = bool(axes(given)) or given.with_images, given.format
    is_one |= given.model is not None and given.file is None and given.source is None
    if is_one and given.file is not None:
        raise UnusableError("file_or_request")
    if is_one and form in (*SHEETS, TABLE):
        raise UnusableError("needs_requests", form=form)
    source = None if is_one else Source.of(given)
    by = () if source is None or given.by is None else tuple(name.strip() for name in given.by.split(","))
    if len(by) > _MOST_BY:
        raise UnusableError("too_many_by", by=given.by)
    if given.rows and form in ("text", TABLE):
        raise UnusableError("rows_format", form=form)
    if by and form == TABLE:
        raise UnusableError("table_by")
    if not by and form == "markdown":
        raise UnusableError("markdown_by")
    pricing = Pricing.of(given)
    layout = None if source is None or by else Layout.of(given, source, pricing)
    check_options(given, *filter(None, [source]), is_told=layout is not None or bool(by))
    if layout is None and given.in_place:
        raise UnusableError("in_place_by")
    if layout is None and not by and (given.settings or given.only):
        raise UnusableError("set_alone")
    if layout is None and given.currency is not None:
        raise UnusableError("currency_alone")
    reports = ("json", "ndjson") if source is not None and given.rows else REPORTS
    formats = REPORTS if is_one else ROWS if by else (*reports, *SHEETS, TABLE)
    output = Output.of(given, default="text" if is_one or by else "", formats=formats)
    if layout is None:
        check_spelling(given, output.format, is_sheet=False)
    return source, by, layout, output, pricing


def axes(given: Quote) -> dict[str, Any]:
    return {role: value for name, role in _AXES.items() if (value := getattr(given, name)) is not None}


def execute(given: Quote) -> int:
    source, by, layout, output, pricing = asked(given)
    settings = settings_asked(given, pricing) if by else None
    summary = Summary(Limits.of(given), pricing, source, language_of(given))
    warn_of_age(pricing.card, summary.language)
    if source is None:
        report = pricing.engine().look_at_axes(given.model, has_images=given.with_images, **axes(given))
        entries: Iterable[Entry] = [Entry(Place(kind="request"), report)]
        is_single = True
    elif by:
        from reapi_rules.cli.quote_groups import quote_groups  # one request starts faster without the sheets

        quote_groups(by, source, output, summary, settings)
        return summary.exit_code()
    elif layout is not None:
        from reapi_rules.cli.quote_sheet import quote_sheet

        quote_sheet(source, output, layout, summary)
        return summary.exit_code()
    else:
        has_texts = output.format in ("json", "ndjson")
        entries, is_single = read_requests(source, pricing, summary.accounts, with_texts=has_texts)
    form = output.format or ("text" if is_single else "ndjson")
    form = "ndjson" if is_single and form == "json" else form  # no list of one
    lines = partial(quote_lines, today=date.today() if is_single else None, language=summary.language)
    with output.open() as file:
        to_text = printer(lines, file, summary.language)
        write_each(file, form, summary.counted(watched(entries, output.path)), Entry.to_json, to_text)
    if not is_single:
        summary.say()
    return summary.exit_code()
