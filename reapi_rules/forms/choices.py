"""What a front end needs for dependent drop-downs and live credits, as plain data: ``choices.json``.

Its JSON Schema is made from the types here.  Prices are the engine's, as
integers: ``credits = ceil(units * n / units_per_credit)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import asdict, replace

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.models import Condition, Field, Model, Role
from reapi_rules.catalog.rates import CardId, RateCard
from reapi_rules.engine.engine import engine_for
from reapi_rules.engine.quotes import NotExact, price
from reapi_rules.engine.request import effective
from reapi_rules.forms.schema import DIALECT, NAMESPACE
from reapi_rules.terms.credits import PICOS_PER_CREDIT
from reapi_rules.terms.once import LOCK
from reapi_rules.terms.sizes import nearest

__all__ = ["choices", "choices_schema"]

_LARGEST_EXACT = 2**53 - 1  # a larger integer is not exact in JavaScript

Label = Annotated[dict[str, str], Meta(description="A label by language.")]
Words = dict[str, list[str]]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A word that a field accepts."""

    value: str
    label: Label


class FieldChoices(Field, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """One field of a model, as the model's file describes it; a missing key does not apply."""

    label: Label
    options: Annotated[tuple[Option, ...], Meta(description="In the order of reAPI's page.")] = ()
    other_words: Annotated[bool, Meta(description="Whether other text than the options is accepted.")] = False
    needs: Annotated[str | None, Meta(description="The field that must be given with this one.")] = None


class Reset(msgspec.Struct, frozen=True, kw_only=True):
    """What to change if a size does not go with a resolution: whichever of the two was not chosen last."""

    size: str
    resolution: str | None


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What one image costs for a choice of words; if that is not exact, null and the reason."""

    words: Annotated[list[str | None], Meta(description="One for each of the fields, null for a field left out.")]
    units: Annotated[int, Meta(ge=0, le=_LARGEST_EXACT)] | None
    cell: Annotated[str | None, Meta(description="The cell of the rate card that is billed.")]
    reason: Annotated[NotExact | Literal["too_large"] | None, Meta(description="too_large: not exact in JavaScript.")]


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """How a request is priced: by the words of some fields, times a number of images."""

    fields: Annotated[list[str], Meta(description="The fields whose words make the price.")]
    images: Annotated[str | None, Meta(description="The field with the number of images; null if there is none.")]
    n: Annotated[int, Meta(description="How many images are billed where no field says so.")]
    rows: Annotated[list[Price], Meta(description="Every choice that is accepted.")]
    not_published_when: Annotated[
        tuple[dict[str, Condition], ...], Meta(description="The cases in which reAPI publishes no price.")
    ]


class ModelChoices(msgspec.Struct, frozen=True, kw_only=True):
    """One model: sizes and resolutions are the words of the fields with the roles shape and tier."""

    id: str
    title: str
    fields: Annotated[dict[str, FieldChoices], Meta(description="Beside model itself, in the page's field order.")]
    roles: Annotated[dict[Role, str], Meta(description="By role, the name of the field.")]
    sizes_at: Annotated[Words, Meta(description="By resolution, the sizes that it takes.")]
    resolutions_for: Annotated[Words, Meta(description="By size, the resolutions that take it, lowest first.")]
    reset: Annotated[
        dict[str, dict[str, Reset]], Meta(description="By resolution and a size that it does not take, what to change.")
    ]
    pixels: Annotated[
        dict[str, dict[str, tuple[int, int] | None]],
        Meta(description="By resolution and size, width and height; null where the server picks, empty where unknown."),
    ]
    price: Prices


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a front end needs for dependent drop-downs and live credits."""

    format: Literal["reapi-choices/2"]
    languages: Annotated[list[str], Meta(description="The languages of every label.")]
    default_model: str
    rate_card: Annotated[CardId | None, Meta(description="The card whose prices these are; null if there is none.")]
    units_per_credit: Annotated[
        int, Meta(ge=1, description="credits = ceil(units * n / units_per_credit), one ceiling for the whole request.")
    ]
    models: Annotated[list[ModelChoices], Meta(min_length=1)]


def choices(
    *,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> dict[str, Any]:
    """Fields, options, labels, dependencies, pixels and prices of every model, as JSON types in a stable order.

    >>> model = choices()["models"][0]
    >>> model["sizes_at"]["4k"], model["reset"]["4k"]["1:1"]
    (['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'], {'size': '16:9', 'resolution': '2k'})

    ``rates`` and ``as_of`` choose the card, as in ``preflight``.  Source: sections "Request body" and "Pricing".
    """
    engine = engine_for(rates=rates, as_of=as_of, catalog=catalog)
    models, card = engine.catalog.models, engine.card
    picos = _unit(card, models)
    found = Choices(
        format="reapi-choices/2",
        languages=list(labels().languages),
        default_model=engine.catalog.default_model,
        rate_card=None if card is None else card.identity,
        units_per_credit=PICOS_PER_CREDIT // picos,
        models=[_model(model, card, picos) for model in models.values()],
    )
    return _as_json(found)


def choices_schema() -> dict[str, Any]:
    """The JSON Schema of ``choices.json``.

    >>> choices_schema()["$id"]
    'https://reapi-rules.example/schemas/choices/2'
    """
    head = {"$schema": DIALECT, "$id": f"{NAMESPACE}/choices/2", "title": "choices.json of reapi_rules"}
    with LOCK:
        return _as_json({**head, **msgspec.json.schema(Choices)})


def _as_json(value: Any) -> dict[str, Any]:
    with LOCK:
        found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return found


def _model(model: Model, card: RateCard | None, picos: int) -> ModelChoices:
    tiers, shapes = model.words("tier"), model.field("shape").choices if "shape" in model.roles else ()
    return ModelChoices(
        id=model.id,
        title=model.title,
        fields={name: _field(name, field, model) for name, field in model.fields.items()},
        roles=model.roles,
        sizes_at={tier: list(model.shapes_at(tier)) for tier in tiers},
        resolutions_for={shape: [tier for tier in tiers if model.takes(shape, tier)] for shape in shapes},
        reset={tier: changes for tier in tiers if (changes := dict(_reset(tier, model)))},
        pixels={
            tier: {shape: model.pixels.get((shape, tier)) for shape in model.shapes_at(tier)}
            for tier in tiers
            if model.pixels
        },
        price=Prices(
            fields=list(model.price_fields),
            images=model.file.price.images,
            n=price(effective({}, model), {}, model, card).n or 1,
            rows=list(_prices(model, card, picos)),
            not_published_when=model.file.price.not_published_when,
        ),
    )


def _field(name: str, field: Field, model: Model) -> FieldChoices:
    """A field with its label, and its words as options."""
    whenever_given = {name: Condition(given=True)}
    needing = (each for each in model.file.constraints if each.level == "error" and each.when == whenever_given)
    return FieldChoices(
        **asdict(replace(field, words=(), offers=())),
        label=labels().field(name),
        options=tuple(Option(value=word, label=labels().option(field.role or name, word)) for word in field.choices),
        other_words=bool(field.offers) or field.pixel_strings or "unknown" in field.warns,
        needs=next((other for each in needing for other, wanted in (each.then or {}).items() if wanted.given), None),
    )


def _reset(tier: str, model: Model) -> Iterator[tuple[str, Reset]]:
    """By the sizes that a resolution does not take: the nearest that it takes, and the highest resolution for it."""
    taken, ratios = model.shapes_at(tier), model.ratios
    for shape in model.field("shape").choices if taken else ():
        if shape not in taken:
            near = {word: ratios[word] for word in taken if word in ratios}
            tiers = [other for other in model.words("tier") if model.takes(shape, other)]
            size = nearest(ratios[shape], near) if shape in ratios and near else taken[0]
            yield shape, Reset(size=size, resolution=tiers[-1] if tiers else None)


def _prices(model: Model, card: RateCard | None, picos: int) -> Iterator[Price]:
    """What the engine says of every choice of words that it accepts, fields left out among them."""
    shape, tier = (model.roles.get(role, "") for role in ("shape", "tier"))
    for words in product(*((None, *model.fields[name].words) for name in model.price_fields)):
        chosen = {name: word for name, word in zip(model.price_fields, words) if word is not None}
        if shape not in model.price_fields or model.takes(chosen.get(shape), chosen.get(tier)):
            quote = price(effective(chosen, model), chosen, model, card)
            units = _units(model, quote.cell, card, picos) if quote.basis == "exact" else None
            reason = quote.reason or ("too_large" if units is None else None)
            yield Price(words=list(words), units=units, cell=None if units is None else quote.cell, reason=reason)


def _units(model: Model, cell: str | None, card: RateCard | None, picos: int) -> int | None:
    """The price of a cell; None for one that JavaScript could not multiply exactly."""
    cost = None if card is None or cell is None else card.price(model.id, cell)
    images = model.file.price.images
    most = 1 if images is None else model.fields[images].maximum or 1
    if cost is None or (cost.picos // picos + PICOS_PER_CREDIT) * max(most, 1) > _LARGEST_EXACT:
        return None
    return cost.picos // picos


def _unit(card: RateCard | None, models: Iterable[str]) -> int:
    """The largest decimal fraction of a credit, in 10**-12 USD, that measures every price of the card exactly."""
    prices = [] if card is None else [cost.picos for id in models for cost in card.prices.get(id, {}).values()]
    unit = PICOS_PER_CREDIT
    while unit > 1 and any(cost % unit for cost in prices):
        unit //= 10
    return unit
