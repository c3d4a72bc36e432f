"""``reapi-rules table``: what the engine knows, as text, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.codes import codes as published
from reapi_rules.catalog.rates import RateCard
from reapi_rules.cli.exits import OK
from reapi_rules.cli.options import Output, Pricing
from reapi_rules.cli.row_formats import FORMATS, Row
from reapi_rules.cli.streams import open_output

__all__ = ["TABLES", "Table", "configure", "execute"]


class Table(msgspec.Struct, frozen=True):
    """What is asked: a table by its name."""

    name: str
    output: Output
    pricing: Pricing


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("name", choices=tuple(TABLES), metavar="TABLE", help=", ".join(TABLES))
    Output.add(parser, "text", "csv", "json")
    Pricing.add(parser)
    parser.set_defaults(parse=lambda said: Table(said.name, Output.of(said), Pricing.of(said)), execute=execute)


def execute(table: Table) -> int:
    """Print one table."""
    rows = list(TABLES[table.name](table.pricing.card))
    with open_output(table.output.path) as output:
        output.write(FORMATS[table.output.format](rows))
    return OK


def dimensions(_: RateCard | None) -> Iterator[Row]:
    """Width and height of each size at each resolution, where they are published."""
    for model in built_in().models.values():
        for (size, resolution), (width, height) in model.pixels.items():
            yield {
                "model": model.id,
                "size": size,
                "resolution": resolution,
                "width": width,
                "height": height,
                "certainty": model.certainty("documented"),
            }


def rates(card: RateCard | None) -> Iterator[Row]:
    """The price of each cell on the card."""
    if card is None:
        return
    for model, cells in card.prices.items():
        for cell, price in cells.items():
            yield {
                "model": model,
                "cell": cell,
                "usd_per_image": price.text,
                "credits": card.credits(model, cell),
                "rate_card": card.id,
            }


def rules(_: RateCard | None) -> Iterator[Row]:
    """The rules in documented order."""
    for rule in built_in().rules.values():
        yield {
            "rule": rule.id,
            "level": rule.level,
            "code": rule.code,
            "certainty": rule.certainty,
            "section": rule.section,
            "trigger": rule.trigger,
        }


def codes(_: RateCard | None) -> Iterator[Row]:
    """The codes that reAPI has published."""
    for code in published().rows:
        yield {"code": code.code, "http_status": code.http_status, "cause": code.cause, "seen_in": code.seen_in}


TABLES: dict[str, Callable[[RateCard | None], Iterator[Row]]] = {
    "dimensions": dimensions,
    "rates": rates,
    "rules": rules,
    "codes": codes,
}
