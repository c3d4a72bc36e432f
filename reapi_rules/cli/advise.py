"""``reapi-rules advise``: how requests could cost fewer credits."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.cli import lines
from reapi_rules.cli.options import REPORTS, Limits, Output, Pricing, Source
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.streams import open_output, write_each
from reapi_rules.cli.summary import Summary, name_card
from reapi_rules.prices.alternatives import Alternative, alternatives

__all__ = ["Advise", "configure", "execute"]


class Advise(msgspec.Struct, frozen=True):
    """What is asked: the savings in the requests of a source."""

    source: Source
    output: Output
    pricing: Pricing
    limits: Limits


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    Source.add(parser)
    Output.add(parser, *REPORTS)
    Pricing.add(parser)
    Limits.add(parser)
    parser.set_defaults(
        parse=lambda said: Advise(Source.of(said), Output.of(said), Pricing.of(said), Limits.of(said)), execute=execute
    )


def execute(advise: Advise) -> int:
    """Print what would make each request cheaper."""
    summary = Summary(advise.limits, advise.pricing, advise.source.path)
    entries, is_single = read_requests(advise.source, advise.pricing, summary.accounts)
    others = partial(_others, catalog=advise.pricing.own_catalog)
    with open_output(advise.output.path, inputs=(*advise.source.inputs, *advise.pricing.inputs)) as output:
        write_each(
            output,
            advise.output.format,
            summary.counted(entries),
            lambda entry: _json(entry, others(entry)),
            lambda entry: _lines(entry, others(entry)),
        )
    if is_single:
        name_card(advise.pricing.card)
    else:
        summary.say()
    return summary.exit_code(advise.source)


def _others(entry: Entry, catalog: Catalog | None) -> tuple[Alternative, ...]:
    return alternatives(entry.report.payload(), rates=entry.report.rate_card or (), catalog=catalog)


def _json(entry: Entry, others: tuple[Alternative, ...]) -> bytes:
    report = entry.report
    said = {"where": entry.where, "ok": report.ok, "quote": report.quote, "alternatives": others}
    return entry.named(msgspec.json.encode(said))


def _lines(entry: Entry, others: tuple[Alternative, ...]) -> Iterator[str]:
    quote = entry.report.quote
    if quote is None:
        yield f"{entry.where}: REJECTED: {entry.report.errors[0].message}"
    elif others:
        yield f"{entry.where}: {lines.credits(quote)}"
        yield from map(_line, others)


def _line(other: Alternative) -> str:
    patch = " ".join(f"{name}={value}" for name, value in other.patch.items())
    cost = lines.low_to_high(other.credits_low, other.credits)
    return f"  {patch}: {cost} credits, {lines.low_to_high(other.saving_low, other.saving)} less; {other.trade}"
