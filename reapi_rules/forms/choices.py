"""What a front end needs for dependent drop-downs and live credits, as plain data: ``choices.json``.

Everything is asked of the engine, and prices are integers: ``credits = ceil(price * n / units_per_credit)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.models import Model, Words
from reapi_rules.catalog.rates import RateCard, current
from reapi_rules.engine.dimensions import resolve
from reapi_rules.engine.quotes import price
from reapi_rules.engine.engine import preflight, stand_in
from reapi_rules.engine.request import Request
from reapi_rules.forms.mapping import labels
from reapi_rules.prices.lookup import resolutions_for
from reapi_rules.terms.credits import PICOS_PER_USD
from reapi_rules.terms.findings import Finding

__all__ = ["choices", "choices_schema"]

Json = dict[str, Any]

_PICOS_PER_CREDIT = PICOS_PER_USD // 1_000
_LARGEST_EXACT = 2**53 - 1  # a larger integer is not exact in JavaScript


def choices(
    *,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> Json:
    """Fields, options, labels, dependencies, pixels and prices of every model, as JSON types in a stable order.

    >>> model = choices()["models"][0]
    >>> model["sizes_at"]["4k"], model["reset"]["4k"]["1:1"]
    (['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'], {'size': '16:9', 'resolution': '2k'})

    ``rates`` and ``as_of`` choose the card, as in ``preflight``.  Source: sections "Request body" and "Pricing".
    """
    catalog = catalog or built_in()
    cards = catalog.cards if rates is None else (rates,) if isinstance(rates, RateCard) else tuple(rates)
    card = current(cards, as_of)
    picos = _unit(card, catalog.models.values())
    return {
        "format": "reapi-choices/1",
        "languages": list(labels().languages),
        "default_model": catalog.default_model,
        "rate_card": None if card is None else msgspec.to_builtins(card.identity),
        "units_per_credit": _PICOS_PER_CREDIT // picos,
        "models": [_model(model, card, picos, catalog) for model in catalog.models.values()],
    }


def choices_schema() -> Json:
    """The JSON Schema of ``choices.json``.

    >>> choices_schema()["$id"]
    'https://reapi-rules.example/schemas/choices/1'
    """
    schema: Json = msgspec.json.decode(data_file("schemas/choices.json"))
    return schema


def _model(model: Model, card: RateCard | None, picos: int, catalog: Catalog) -> Json:
    resolutions = model.fields.resolution.words
    return {
        "id": model.id,
        "title": model.file.title,
        "fields": {name: _field(name, model) for name in model.parameters if name != "model"},
        "sizes_at": {resolution: list(model.sizes_at(resolution)) for resolution in resolutions},
        "resolutions_for": {
            size: list(resolutions_for(size, model=model.id, catalog=catalog)) for size in model.fields.size.words
        },
        "reset": _reset(model, catalog),
        "pixels": {
            resolution: {size: _pixels(size, resolution, model) for size in model.sizes_at(resolution)}
            for resolution in resolutions
        },
        "price": {
            "cell": model.file.cell,
            "bills_as": _bills_as(model, card),
            "cells": {cell: _units(model, cell, card, picos) for cell in _cells(model)},
        },
    }


def _field(name: str, model: Model) -> Json:
    """Label, bounds and options of one parameter."""
    takes: Any = getattr(model.fields, name)
    field: Json = {"label": labels().field(name), "required": name == "prompt"}
    if hasattr(takes, "words"):
        field["default"] = takes.default
        field["options"] = [{"value": word, "label": labels().option(name, word)} for word in takes.words]
    if isinstance(takes, Words) and takes.downgraded:
        field["downgraded"] = list(takes.downgraded)
    if name == "n":
        field |= {"default": takes.default, "minimum": takes.minimum, "maximum": takes.maximum}
    elif name == "size":
        field["pixels"] = takes.pixels
    elif name == "prompt":
        field["max_length"] = takes.max_length
    elif name == "image_urls":
        field["max_items"] = takes.max_items
    elif name == "mask_url":
        field["needs"] = "image_urls"
    return field


def _reset(model: Model, catalog: Catalog) -> Json:
    """For a size that a resolution does not take: the size to change to, or the resolution to change to.

    Which of the two depends on what the person chose last: keep that, and change the other.
    """
    reset: Json = {}
    for resolution, sizes in model.fields.resolution.needs_size.items():
        for size in model.fields.size.words:
            if size not in sizes:
                others = resolutions_for(size, model=model.id, catalog=catalog)
                reset.setdefault(resolution, {})[size] = {
                    "size": _refusal(size, resolution, model, catalog).params["nearest"] or sizes[0],
                    "resolution": others[-1] if others else None,
                }
    return reset


def _refusal(size: str, resolution: str, model: Model, catalog: Catalog) -> Finding:
    body = {**stand_in(), "model": model.id, "size": size, "resolution": resolution}
    return next(error for error in preflight(body, catalog=catalog).errors if error.rule == "size.needs_widescreen")


def _pixels(size: str, resolution: str, model: Model) -> list[int] | None:
    """Width and height, None where the server picks."""
    found = resolve(_request(size, resolution, None, model), model)
    return None if found.width is None or found.height is None else [found.width, found.height]


def _qualities(model: Model) -> list[str | None]:
    return [None] if model.fields.quality is None else list(model.fields.quality.words)


def _billed_qualities(model: Model) -> list[str | None]:
    return list(dict.fromkeys(map(model.billed_quality, _qualities(model))))


def _cells(model: Model) -> list[str]:
    """Every price cell, in the order of resolutions, qualities and sizes."""
    return list(
        dict.fromkeys(
            model.cell(size, resolution, quality)
            for resolution in model.fields.resolution.words
            for quality in _billed_qualities(model)
            for size in model.ratios_at(resolution)
        )
    )


def _bills_as(model: Model, card: RateCard | None) -> Json:
    """The options that are billed as another: qualities, and by resolution and quality the sizes without a ratio.

    Such a size is billed as the dearest ratio; None where a price is not known.
    """
    quality = model.fields.quality
    sizes: Json = {}
    if "size" in model.price_axes:
        for size in model.fields.size.words:
            for resolution in _without_a_cell(size, model):
                by_quality = {
                    str(word or ""): _dearest(size, resolution, word, model, card) for word in _billed_qualities(model)
                }
                sizes.setdefault(size, {})[resolution] = by_quality
    return {"quality": {} if quality is None else dict(quality.bills_as), "size": sizes}


def _without_a_cell(size: str, model: Model) -> list[str]:
    """The resolutions that take a size and have no cell of its own for it."""
    return [
        resolution
        for resolution in model.fields.resolution.words
        if size in model.sizes_at(resolution) and (size, resolution) not in model.cells
    ]


def _dearest(size: str, resolution: str, quality: str | None, model: Model, card: RateCard | None) -> str | None:
    cell = price(_request(size, resolution, quality, model), model, card).cell
    return next((word for word in model.ratios_at(resolution) if model.cell(word, resolution, quality) == cell), None)


def _request(size: str, resolution: str, quality: str | None, model: Model) -> Request:
    return Request(
        model=model.id,
        prompt="-",
        size=size,
        resolution=resolution,
        quality=quality or msgspec.UNSET,
        n=1,
        image_urls=(),
    )


def _units(model: Model, cell: str, card: RateCard | None, picos: int) -> int | None:
    """The price of a cell; None where the card has none, or one that JavaScript could not multiply exactly."""
    cost = None if card is None else card.price(model.id, cell)
    if cost is None or (cost.picos // picos + _PICOS_PER_CREDIT) * max(model.fields.n.maximum, 1) > _LARGEST_EXACT:
        return None
    return cost.picos // picos


def _unit(card: RateCard | None, models: Iterable[Model]) -> int:
    """The largest decimal fraction of a credit, in 10**-12 USD, that measures every price of the card exactly."""
    names = {model.id for model in models}
    prices = [] if card is None else [cost.picos for name in names for cost in card.prices.get(name, {}).values()]
    unit = _PICOS_PER_CREDIT
    while unit > 1 and any(cost % unit for cost in prices):
        unit //= 10
    return unit
