"""What a self-calculating workbook looks up: every accepted combination with its pixels and its price.

A spreadsheet counts with floats, so prices are whole numbers of a unit that is small enough for the card.  The price
times n has at most 15 digits, and so is exact; what is left is to divide it by a power of ten and to round up.  The
quotient has at most 15 digits too: it is a whole number, which floats hold exactly, or at least 1e-15 of itself away
from one, while a division is wrong by 1.2e-16 of itself at most; and rounding to 15 digits, as spreadsheets do, leaves
it as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import Engine, stand_in
from reapi_rules.engine.report import Report
from reapi_rules.sheets.columns import SheetError

__all__ = ["MIRRORED", "Combination", "Unit", "combinations", "models_of", "unit_of"]

MIRRORED = "(mirrored)"
"""The size of a request that leaves it out and has references."""

_NEEDS = {"shape", "tier", "number", "references"}
_FEWEST_DECIMALS, _MOST_DIGITS = 3, 15


Combination: TypeAlias = tuple[str, int | None, int | None, int | None, int | None]
"""The key that is looked up, width and height, the most and the least that an image costs, in units."""


class Unit(msgspec.Struct, frozen=True):
    """The unit of prices: a power of ten of 10**-12 USD, and how many of them make a credit."""

    picos: int
    per_credit: int


def models_of(catalog: Catalog) -> tuple[Model, ...]:
    """The models that the workbook has: those whose pixels are known.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> [model.id for model in models_of(built_in())]
    ['gpt-image-2-official', 'gpt-image-2']
    """
    return tuple(model for model in catalog.models.values() if model.pixels and model.roles.keys() >= _NEEDS)


def unit_of(card: RateCard | None, models: Sequence[Model]) -> Unit:
    """The largest unit in which all prices of some models on a card are whole numbers.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> unit_of(built_in().card(), models_of(built_in()))
    Unit(picos=10000000, per_credit=100)

    Raises SheetError for a card whose prices a spreadsheet can't hold exactly.
    """
    cards = [] if card is None else [card.prices.get(model.id, {}) for model in models]
    prices = [cost for cells in cards for cost in cells.values()]
    most_images = max(model.field("number").maximum or 1 for model in models)
    decimals = max([_FEWEST_DECIMALS, *(len(cost.text.partition(".")[2]) for cost in prices)])
    unit = Unit(10 ** (12 - decimals), 10 ** (decimals - _FEWEST_DECIMALS))
    highest = max((cost.picos for cost in prices), default=0)
    if len(str(highest // unit.picos * most_images)) > _MOST_DIGITS:
        raise SheetError(f"the prices of card {card and card.id} have more digits than a spreadsheet counts exactly")
    return unit


def combinations(engine: Engine, unit: Unit) -> Iterator[Combination]:
    """Every accepted combination of words; a pixel string is one where it is in the table of its tier."""
    for model in models_of(engine.catalog):
        for tier in model.words("tier"):
            for quality in model.words("quality") or (None,):
                for shape in _shapes(model, tier):
                    axes = {"shape": None if shape == MIRRORED else shape, "tier": tier, "quality": quality}
                    report = engine.preflight(stand_in(model, has_images=shape == MIRRORED, **axes))
                    if report.ok:
                        yield _combination(report, model, shape, tier, quality, unit)


def _shapes(model: Model, tier: str) -> Iterator[str]:
    yield from model.words("shape")
    yield MIRRORED
    if model.field("shape").pixel_strings:
        yield from (f"{width}x{height}" for (_, at), (width, height) in model.pixels.items() if at == tier)


def _combination(report: Report, model: Model, shape: str, tier: str, quality: str | None, unit: Unit) -> Combination:
    dimensions, quote, card = report.dimensions, report.quote, report.rate_card
    assert dimensions is not None
    assert quote is not None
    known = [card.price(model.id, cell) for cell in report.billed_cells] if card else [None]
    amounts = [cost.picos // unit.picos for cost in known if cost is not None]
    is_known = len(amounts) == len(known)
    price, low = (max(amounts), (max if quote.basis == "exact" else min)(amounts)) if is_known else (None, None)
    return f"{model.id}|{shape}|{tier}|{quality or '-'}", dimensions.width, dimensions.height, price, low
