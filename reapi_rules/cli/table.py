"""``reapi-rules table``: what the engine knows, as text, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.codes import codes
from reapi_rules.catalog.rates import RateCard
from reapi_rules.cli.exits import OK
from reapi_rules.cli.files import open_output
from reapi_rules.cli.options import add_output, add_rates, card_in_force
from reapi_rules.cli.rows import FORMATS, Row

__all__ = ["TABLES", "configure", "execute"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("name", choices=tuple(TABLES), metavar="TABLE", help=", ".join(TABLES))
    add_output(parser, "text", "csv", "json")
    add_rates(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print one table."""
    rows = list(TABLES[arguments.name](card_in_force(arguments)))
    with open_output(arguments.output) as output:
        output.write(FORMATS[arguments.format or "text"](rows))
    return OK


def dimensions(_: RateCard | None) -> Iterator[Row]:
    """Width and height of each size at each resolution."""
    for model in built_in().models.values():
        for (size, resolution), (width, height) in model.cells.items():
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
    for model, cells in {} if card is None else card.prices.items():
        for cell, price in cells.items():
            yield {
                "model": model,
                "cell": cell,
                "usd_per_image": price.text,
                "credits": card and card.credits(model, cell),
                "rate_card": card and card.id,
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


def errors(_: RateCard | None) -> Iterator[Row]:
    """The error codes that reAPI has published."""
    for code in codes().rows:
        yield {"code": code.code, "http_status": code.http_status, "cause": code.cause, "seen_in": code.seen_in}


TABLES: dict[str, Callable[[RateCard | None], Iterator[Row]]] = {
    "dimensions": dimensions,
    "rates": rates,
    "rules": rules,
    "errors": errors,
}
