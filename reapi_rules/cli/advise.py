"""``reapi-rules advise``: how requests could cost fewer credits."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.lines import credits, finding_text, low_to_high, once_for_all, printer
from reapi_rules.cli.options import REPORTS, SHEETS, Layout, Limits, Output, Pricing, Source, check_options
from reapi_rules.cli.progress import watched
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.said import said
from reapi_rules.cli.streams import write_each
from reapi_rules.cli.summary import Summary, name_card, warn_of_age
from reapi_rules.cli.terminal import Line
from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import Alternative, alternatives

__all__ = ["configure", "execute"]


def configure(parser: argparse.ArgumentParser) -> None:
    Source.add(parser)
    Output.add(parser, *REPORTS, *SHEETS)
    Pricing.add(parser)
    Limits.add(parser)


def execute(given: argparse.Namespace) -> int:
    source = Source.of(given)
    check_options(given, source)
    output, pricing = Output.of(given), Pricing.of(given)
    summary = Summary(Limits.of(given), pricing, source, source.language, is_advice=True)
    warn_of_age(pricing.card, source.language)
    if output.format in SHEETS:
        from reapi_rules.cli.quote_sheet import quote_sheet  # a body starts faster without the sheets

        if source.format not in SHEETS:
            raise UnusableError("sheet_format", form=output.format)
        advice = partial(_others, catalog=pricing.own_catalog, language=source.language)
        quote_sheet(source, output, Layout.plain(output.format, source), summary, advice)
        return summary.exit_code()
    entries, is_single = read_requests(source, pricing, summary.accounts)
    language = source.language if output.format == "text" else "en"
    others = once_for_all(lambda entry: _others(entry.report, pricing.own_catalog, language))
    with output.open() as file:
        write_each(
            file,
            output.format,
            summary.counted(watched(entries, output.path)),
            lambda entry: _json(entry, others(entry)),
            printer(lambda entry: _lines(entry, others(entry), language, is_single=is_single), file, language),
        )
    if is_single:
        name_card(pricing.card, source.language)
    else:
        summary.say()
    return summary.exit_code()


def _others(report: Report, catalog: Catalog | None, language: str) -> tuple[Alternative, ...]:
    return alternatives(report.payload(), rates=report.rate_card or (), catalog=catalog, language=language)


def _json(entry: Entry, others: tuple[Alternative, ...]) -> bytes:
    report = entry.report
    advice = {"where": entry.place.said(), "ok": report.ok, "quote": report.quote, "alternatives": others}
    return entry.named(msgspec.json.encode(advice))


def _lines(entry: Entry, others: tuple[Alternative, ...], language: str, *, is_single: bool) -> Iterator[str]:
    quote = entry.report.quote
    if quote is None:
        _, (message, _) = finding_text(entry.report.errors[0], language)
        yield Line(f"{entry.place.said(language)}: {said('is_rejected', language)}: {message}", "error")
    elif others or is_single:
        yield Line(f"{entry.place.said(language)}: {credits(quote, language)}", "head")
        if not others and quote.credits is not None:
            yield f"  {said('no_alternative', language)}"
        for other in others:
            patch = " ".join(f"{name}={value}" for name, value in other.patch.items())
            cost = low_to_high(other.credits_low, other.credits, language)
            text, less = "alternative", low_to_high(other.saving_low, other.saving, language)
            if (more := -other.saving_low) > 0:
                text, less = "alternative_perhaps", f"{other.saving}"
            yield f"  {patch}: {said(text, language, credits=cost, less=less, more=more, trade=other.trade)}"
