"""What a self-calculating workbook looks up: every accepted combination with its pixels and its price.

A spreadsheet counts with floats, so prices are whole numbers of a unit that is small enough for the card.  The price
times n has at most 15 digits, and so is exact; what is left is to divide it by a power of ten and to round up.  The
quotient has at most 15 digits too: it is a whole number, which floats hold exactly, or at least 1e-15 of itself away
from one, while a division is wrong by 1.2e-16 of itself at most; and rounding to 15 digits, as spreadsheets do, leaves
it as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import isqrt
from typing import Any

import msgspec
from msgspec.structs import replace

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.models import AXES, Model, Role
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import Engine, stand_in
from reapi_rules.engine.judge import judge
from reapi_rules.engine.report import Report
from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.terms.findings import Finding

__all__ = [
    "LACKING",
    "MIRRORED",
    "PIXELS",
    "TYPED",
    "UNLISTED",
    "Combination",
    "Unit",
    "combinations",
    "models_of",
    "most_images",
    "nearest_sizes",
    "sizes_in_pixels",
    "takes_any",
    "unit_of",
]

TYPED, LACKING, UNLISTED, PIXELS, MIRRORED = "=", "-", "#", "x", "+"
"""Signs in a key: the first comes before what somebody typed.  The others replace what the model has no field for, a
word that it accepts but doesn't list, a size in pixels that the table lacks, and a size left out beside reference
images.  So no text in a cell can be mistaken for one of them."""

_OTHER, _OTHER_PIXELS = "another", "123x457"  # in no list
_FEWEST_DECIMALS, _MOST_DIGITS = 3, 15


class Combination(msgspec.Struct, frozen=True):
    """The key that is looked up, width and height, the most and the least that an image costs, in units.

    ``errors`` say why reAPI rejects it; ``warns`` whether there is a warning.
    """

    key: str
    width: int | None = None
    height: int | None = None
    price: int | None = None
    low: int | None = None
    errors: Sequence[Finding] = ()
    warns: bool = False


class Unit(msgspec.Struct, frozen=True):
    """The unit of prices: a power of ten of 10**-12 USD, and how many of them make a credit."""

    picos: int
    per_credit: int


def models_of(catalog: Catalog) -> tuple[Model, ...]:
    """The models that the workbook has: those priced by shape, tier, quality and the number of images.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> len(models_of(built_in())), models_of(built_in())[0].id
    (18, 'gpt-image-2-official')
    """
    return tuple(
        model
        for model in catalog.models.values()
        if all(model.fields[name].role in AXES for name in model.price_fields) and "shape" in model.roles
    )


def most_images(model: Model) -> int:
    """The most images that a request can ask for."""
    return (model.field("number").maximum or 1) if "number" in model.roles else 1


def unit_of(card: RateCard | None, models: Sequence[Model]) -> Unit:
    """The largest unit in which all prices of some models on a card are whole numbers.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> unit_of(built_in().card(), models_of(built_in()))
    Unit(picos=1000000, per_credit=1000)

    Raises SheetError for a card whose prices a spreadsheet can't hold exactly.
    """
    prices = {} if card is None else card.prices
    costs = [(cost, most_images(model)) for model in models for cost in prices.get(model.id, {}).values()]
    decimals = max([_FEWEST_DECIMALS, *(len(cost.text.partition(".")[2]) for cost, _ in costs)])
    unit = Unit(10 ** (12 - decimals), 10 ** (decimals - _FEWEST_DECIMALS))
    highest = max((cost.picos // unit.picos * images for cost, images in costs), default=0)
    if highest >= 10**_MOST_DIGITS:
        raise SheetError("too_precise", card=card and card.id)
    return unit


def combinations(engine: Engine, unit: Unit) -> Iterator[Combination]:
    """Every combination of words and of what is left out, with its price or with what is wrong with it."""
    for model in models_of(engine.catalog):
        for slots in product(_shapes(model), _choices(model, "tier"), _choices(model, "quality")):
            yield _combination(engine, model, unit, slots)


def _shapes(model: Model) -> Iterator[str]:
    yield from _choices(model, "shape")
    if "references" in model.roles and model.words("shape"):
        yield MIRRORED
    yield from (TYPED + size for size in sizes_in_pixels(model))
    if model.field("shape").pixel_strings:
        yield PIXELS


def sizes_in_pixels(model: Model) -> tuple[str, ...]:
    """The sizes in pixels that the table has."""
    if not model.field("shape").pixel_strings:
        return ()
    return tuple(dict.fromkeys(f"{width}x{height}" for width, height in model.pixels.values()))


def _choices(model: Model, role: Role) -> tuple[str, ...]:
    """What a key can have for a role: nothing if it is left out."""
    words = model.words(role) if role in model.roles else ()
    if not words:
        return (LACKING,)
    return ("", *(TYPED + word for word in words), *((UNLISTED,) if takes_any(model, role) else ()))


def takes_any(model: Model, role: Role) -> bool:
    """Whether a model accepts words that are not on its list."""
    name = model.roles[role]
    faults = judge({"model": model.id, name: _OTHER}, model)
    return not any(fault.field == name and fault.rule.level == "error" for fault in faults)


def _combination(engine: Engine, model: Model, unit: Unit, slots: tuple[str, str, str]) -> Combination:
    others = {UNLISTED: _OTHER, PIXELS: _OTHER_PIXELS}
    axes = {role: slot[1:] if slot.startswith(TYPED) else others.get(slot) for role, slot in zip(AXES, slots)}
    report = engine.preflight(stand_in(model, has_images=slots[0] == MIRRORED, **axes))
    key = "|".join((model.id, *slots))
    if not report.ok:
        return Combination(key, errors=report.errors)
    found = _priced(key, report, model, unit)
    if slots[0] == PIXELS and model.roles["shape"] in model.price_fields:  # not the cell of the size that is nearest
        at = (report.effective or {})[model.roles["tier"]]
        shapes = [_combination(engine, model, unit, (TYPED + word, *slots[1:])) for word in model.ratios_at(at)]
        prices = [each.price for each in shapes if each.price is not None]
        bounds = (max(prices), min(prices)) if len(prices) == len(shapes) else (None, None)
        found = Combination(key, None, None, *bounds)
    return replace(found, warns=any(each.level == "warning" for each in report.warnings))


def nearest_sizes(models: Sequence[Model]) -> tuple[list[tuple[Any, ...]], list[tuple[int, str, int]]]:
    """What decides which size of the table is nearest to one in pixels, as ``nearest_pixels`` of the engine does.

    Of each shape there is the place of its model among the others, its word and three numbers: from sizes on for which
    ``width**2 * before + tie > height**2 * here`` it is nearer than the shape before.  Of each tier of a shape there is
    that shape's place, its word, and the least area in pixels to which it is nearer than to the one before.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> shapes, tiers = nearest_sizes(models_of(built_in()))
    >>> shapes[:2], tiers[:2]
    ([(1, '9:21', 0, -1, 0), (1, '1:2', 42, 9, 1)], [(1, '1k', 0), (1, '2k', 2322433)])
    """
    shapes: list[tuple[Any, ...]] = []
    tiers: list[tuple[int, str, int]] = []
    for number, model in enumerate(models, 1):
        if not model.field("shape").pixel_strings or model.roles["shape"] not in model.price_fields:
            continue
        words = sorted(model.ratios, key=lambda word: Fraction(*model.ratios[word]))
        for last, word in zip((None, *words), words):
            before, here, tie = 0, -1, 0
            if last is not None:
                (a, b), (c, d) = model.ratios[last], model.ratios[word]
                before, here, tie = b * d, a * c, list(model.ratios).index(word) < list(model.ratios).index(last)
            shapes.append((number, word, before, here, int(tie)))
            areas = sorted((width * height, tier) for (of, tier), (width, height) in model.pixels.items() if of == word)
            for (smaller, _), (area, tier) in zip(((0, ""), *areas), areas):
                least = isqrt(smaller * area) + 1 if smaller else 0
                tiers.append((len(shapes), tier, least))
    return shapes, tiers


def _priced(key: str, report: Report, model: Model, unit: Unit) -> Combination:
    dimensions, quote, card = report.dimensions, report.quote, report.rate_card
    assert quote is not None
    edges = (None, None) if dimensions is None else (dimensions.width, dimensions.height)
    known = [card.price(model.id, cell) for cell in report.billed_cells] if card else [None]
    amounts = [cost.picos // unit.picos for cost in known if cost is not None]
    if not amounts or len(amounts) != len(known) or quote.credits is None:
        return Combination(key, *edges)
    return Combination(key, *edges, max(amounts), (max if quote.basis == "exact" else min)(amounts))
