"""``reapi-rules table``: what the engine knows, as text, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from reapi_rules.catalog.codes import codes as published
from reapi_rules.cli.exits import OK
from reapi_rules.cli.options import ROWS, Output, Pricing
from reapi_rules.cli.row_formats import FORMATS, Row
from reapi_rules.cli.said import language_of
from reapi_rules.cli.summary import name_card
from reapi_rules.terms.templates import listed

__all__ = ["TABLES", "Table", "codes", "configure", "dimensions", "execute", "models", "rates", "rules"]


class Table(argparse.Namespace):
    """What is asked: one of ``TABLES``."""

    name: str


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=tuple(TABLES), metavar="TABLE", help=listed(tuple(TABLES)))
    Output.add(parser, *ROWS)
    Pricing.add(parser)


def execute(given: Table) -> int:
    output, pricing = Output.of(given), Pricing.of(given)
    rows = list(TABLES[given.name](pricing))
    if not rows:  # as only that of rates may be
        name_card(pricing.card, language_of(given))
    output.write(FORMATS[output.format](rows))
    return OK


def models(pricing: Pricing) -> Iterator[Row]:
    """The models with rules: what their prices depend on, how many there are, the most images made and given."""
    card = pricing.card
    for model in pricing.catalog.models.values():
        number, references = (model.fields.get(model.roles.get(role, "")) for role in ("number", "references"))
        most = 1 if references is not None and references.kind == "url" else references and references.max_items
        yield {
            "model": model.id,
            "certainty": model.certainty("documented"),
            "prices": 0 if card is None else len(card.prices.get(model.id, ())),
            "price_by": " ".join(model.price_fields) or "flat",
            "n_at_most": 1 if number is None else number.maximum,
            "references_at_most": 0 if references is None else most,
            "submit": model.file.endpoints["submit"],
        }


def dimensions(pricing: Pricing) -> Iterator[Row]:
    """Width and height of each size at each resolution, where they are published."""
    for model in pricing.catalog.models.values():
        for (size, resolution), (width, height) in model.pixels.items():
            yield {
                "model": model.id,
                "size": size,
                "resolution": resolution,
                "width": width,
                "height": height,
                "certainty": model.certainty("documented"),
            }


def rates(pricing: Pricing) -> Iterator[Row]:
    card = pricing.card
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


def rules(pricing: Pricing) -> Iterator[Row]:
    """The rules in documented order."""
    for rule in pricing.catalog.rules.values():
        names = ("level", "code", "certainty", "section", "trigger")
        yield {"rule": rule.id} | {name: getattr(rule, name) for name in names}


def codes(_: Pricing) -> Iterator[Row]:
    for code in published().rows:
        yield {"code": code.code, "http_status": code.http_status, "cause": code.cause, "seen_in": code.seen_in}


TABLES: dict[str, Callable[[Pricing], Iterator[Row]]] = {
    "models": models,
    "dimensions": dimensions,
    "rates": rates,
    "rules": rules,
    "codes": codes,
}
