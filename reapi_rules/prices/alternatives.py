"""Advice: what gives the same image for fewer credits, and what each saving gives up.

Only changes that keep the image: a quality named instead of ``auto``, a ratio instead of ``auto`` or of pixels, the
next lower quality or resolution.  Source: sections "quality", "size" and "Pricing" of the page; wording in
``data/advice.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Literal, Unpack

import msgspec

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.messages import language_of
from reapi_rules.catalog.models import AXES, Model
from reapi_rules.engine.engine import Engine, Options, engine_for
from reapi_rules.engine.report import Report
from reapi_rules.prices.cheapest import cheapest
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.sizes import nearest, pixels

__all__ = ["Alternative", "alternatives", "saving", "trades"]

Kind = Literal["quality.explicit", "quality.lower", "size.explicit", "size.covering", "resolution.lower"]


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a request that makes it cheaper.

    ``patch`` holds the fields to set; ``credits`` and ``credits_low`` what the changed request costs.  ``saving`` is
    exact if both prices are; otherwise it saves between ``saving_low`` and ``saving`` credits, depending on which cell
    is billed, and ``saving_low`` may be negative.  ``trade`` says what the change gives up.
    """

    kind: Kind
    patch: dict[str, str]
    credits: int
    credits_low: int
    saving: int
    saving_low: int
    trade: str


class _AdviceFile(FileStruct, frozen=True):
    """The file ``data/advice.json``."""

    format: Literal["reapi-advice/2"]
    trades: dict[Kind, dict[str, str]]


def alternatives(body: Any, *, language: str = "en", **options: Unpack[Options]) -> tuple[Alternative, ...]:
    """Changes that would make a request cheaper, the largest saving first.

    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> [(other.patch, other.credits, other.saving) for other in alternatives(body)]
    [({'quality': 'low'}, 5, 164), ({'quality': 'medium'}, 43, 126)]
    >>> alternatives(body)[0].trade
    'gives up high quality, which auto runs at, for low'

    The body is anything that ``preflight`` accepts.  Every alternative, that is the body with the patch, passes
    ``preflight`` and has fewer ``credits``.  A request that is rejected or has no price has no alternatives.
    ``language`` is that of the trades: a tag such as ``zh-CN`` means its language.
    """
    engine, language = engine_for(**options), language_of(language)
    report = engine.preflight(body)
    model = engine.catalog.models.get(report.model or "")
    if not report.ok or model is None or engine.card is None:
        return ()
    found = (_alternative(change, report, model, engine, language) for change in _changes(report, model, engine))
    return tuple(sorted(filter(None, found), key=lambda alternative: -alternative.saving))


Change = tuple[Kind, dict[str, str], dict[str, Any]]
"""The kind, the fields to set, and what the trade speaks of."""


def _changes(report: Report, model: Model, engine: Engine) -> Iterator[Change]:
    """Every change to look at, whatever it costs."""
    used = report.effective or {}
    shape_field, tier_field, quality_field = (model.roles.get(role, "") for role in AXES)
    shape, tier, quality = used.get(shape_field), used.get(tier_field), used.get(quality_field)
    if quality in model.words("quality"):
        yield from _qualities(quality_field, quality, model)
    if shape is not None and shape in model.words("shape") and shape not in model.ratios:
        for word in model.ratios_at(tier or ""):
            yield "size.explicit", {shape_field: word}, {"size": word}
    asked = pixels(shape or "")
    if asked is not None and 0 not in asked and len(report.billed_cells) > 1:
        yield from _covering(asked, shape, quality, model, engine)
    tiers = model.words("tier")
    if tier in tiers[1:]:
        yield "resolution.lower", {tier_field: tiers[tiers.index(tier) - 1]}, {}


def _qualities(field: str, given: str, model: Model) -> Iterator[Change]:
    billed, words = model.fields[field].bills_as.get(given, given), model.billed_words(field)
    if given != billed:
        for word in words:
            yield "quality.explicit", {field: word}, {"given": given, "billed": billed, "quality": word}
    elif given != words[0]:
        word = words[words.index(given) - 1]
        yield "quality.lower", {field: word}, {"given": given, "quality": word}


def _covering(
    asked: tuple[int, int], shape: str | None, quality: str | None, model: Model, engine: Engine
) -> Iterator[Change]:
    """For pixels that are not a cell's, the cheapest cell of the nearest ratio that has as many."""
    best = cheapest(
        width=asked[0],
        height=asked[1],
        ratio=nearest(asked, model.ratios),
        quality=quality,
        model=model.id,
        rates=engine.card,
        catalog=engine.catalog,
    )
    if best.size is not None and best.resolution is not None:
        patch = {model.roles["shape"]: best.size, model.roles["tier"]: best.resolution}
        yield "size.covering", patch, {"given": shape, "width": best.width, "height": best.height}


def _alternative(change: Change, report: Report, model: Model, engine: Engine, language: str) -> Alternative | None:
    """What a change makes of a request, if that is cheaper."""
    kind, patch, params = change
    other = engine.preflight({**(report.payload() or {}), **patch})
    before, after = report.quote, other.quote
    if before is None or before.credits is None or after is None or after.credits is None:
        return None
    if after.credits >= before.credits:
        return None
    savings = _savings(report, other, {model.id: model})
    return Alternative(
        kind=kind,
        patch=patch,
        credits=after.credits,
        credits_low=after.credits_low or 0,
        saving=max(savings),
        saving_low=min(savings),
        trade=trades()[kind][language].format_map(params | _pixels(report, other, model)),
    )


@takes(before=Report, after=Report)
def saving(before: Report, after: Report, *, catalog: Catalog | None = None) -> tuple[int, int] | None:
    """What one request costs less than another, at least and at most; None where one of them has no price.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> saving(preflight(body), preflight(body | {"quality": "medium"}))
    (126, 126)

    Below 0 it costs more.  Bounded prices that depend on the same unknown are compared like with like.
    """
    savings = _savings(before, after, chosen(catalog).models)
    return (min(savings), max(savings)) if savings else None


def _savings(before: Report, after: Report, models: Mapping[str, Model]) -> list[int]:
    """What may be saved: bill by bill where the same ones are possible before and after, else any from any."""
    old, new = _bills(before, models), _bills(after, models)
    if old.keys() == new.keys():
        return [old[case] - new[case] for case in old]
    return [one - other for one, other in product(old.values(), new.values())]


def _bills(report: Report, models: Mapping[str, Model]) -> dict[str, int]:
    """Every bill that a request may bring, by the ratio that is billed; the last may be a cell of its own."""
    quote, used, card = report.quote, report.effective, report.rate_card
    if quote is None or quote.credits is None or report.model is None:
        return {}
    model = models[report.model]
    if quote.basis == "exact" or used is None or card is None or quote.n is None:
        return {"": quote.credits}
    is_by_shape = model.roles.get("shape") in model.price_fields
    names = model.ratios_at(used[model.roles["tier"]]) if is_by_shape else report.billed_cells
    return {name: card.credits(model.id, cell, quote.n) or 0 for name, cell in zip((*names, ""), report.billed_cells)}


def _pixels(report: Report, other: Report, model: Model) -> dict[str, str]:
    """The pixels of both images, or their resolutions where the pixels are not known or the same."""
    tier = model.roles.get("tier", "")
    shown = [
        (f"{each.dimensions.width}x{each.dimensions.height}", (each.effective or {}).get(tier, ""))
        for each in (report, other)
        if each.dimensions is not None
    ]
    column = int(shown[0][0] == shown[1][0])
    return {"larger": shown[0][column], "smaller": shown[1][column]}


def trades() -> dict[Kind, dict[str, str]]:
    """What each change gives up, by language."""
    return _AdviceFile.read("advice.json").trades
