"""Questions that need no body.

Sizes and resolutions are judged as in a request: what reAPI would reject raises InvalidRequestError, which says what
is allowed; a model without rules here is a ValueError.  Source: sections "size" and "4K constraint" of the page.
"""

from __future__ import annotations

from typing import Any, Unpack, cast

from reapi_rules.catalog.models import Model
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.engine import Engine, Options, engine_for, stand_in
from reapi_rules.engine.report import Report

__all__ = ["credits_of", "dimensions_of", "resolutions_for", "sizes_at"]


def dimensions_of(
    size: str | None, resolution: str | None = None, *, model: str | None = None, **options: Unpack[Options]
) -> Dimensions:
    """The pixels of a size at a resolution.

    >>> dimensions_of("21:9", "4k").width, dimensions_of("auto").reason
    (3840, 'server_picks')
    """
    engine = engine_for(**options)
    return cast(Dimensions, _ask(engine, model, shape=size, tier=resolution)[0].dimensions)


def sizes_at(resolution: str, *, model: str | None = None, **options: Unpack[Options]) -> tuple[str, ...]:
    """The size words that are allowed at a resolution, in the size order; pixel strings are not among them.

    >>> sizes_at("4K")
    ('16:9', '9:16', '2:1', '1:2', '21:9', '9:21')
    """
    engine = engine_for(**options)
    _, rules = _ask(engine, model)
    tier = rules.word(rules.roles["tier"], resolution) if "tier" in rules.roles else None
    if tier is None:
        _ask(engine, model, tier=resolution)
    return rules.shapes_at(tier)


def resolutions_for(size: str | None, *, model: str | None = None, **options: Unpack[Options]) -> tuple[str, ...]:
    """The resolutions at which a size is allowed, lowest first.

    >>> resolutions_for("1:1"), resolutions_for("16:9")
    (('1k', '2k'), ('1k', '2k', '4k'))
    """
    engine = engine_for(**options)
    _, rules = _ask(engine, model, shape=size)
    return tuple(tier for tier in rules.words("tier") if rules.takes(size, tier))


def credits_of(cell: str, n: int = 1, *, model: str | None = None, **options: Unpack[Options]) -> int | None:
    """What ``n`` images of a price cell cost, in credits; None if the card has no such cell.

    >>> credits_of("16:9@2k_high", 2), credits_of("4k", model="gpt-image-2"), credits_of("1:1@4k_high")
    (759, 80, None)
    """
    engine = engine_for(**options)
    return None if engine.card is None else engine.card.credits(engine.named(model)[0], cell, n)


def _ask(engine: Engine, model: str | None, **axes: Any) -> tuple[Report, Model]:
    name, rules = engine.named(model)
    report = engine.preflight(stand_in(rules, id=name, **axes)).raise_for_errors()
    if rules is None:
        raise ValueError(report.warnings[0].message)  # that there are no rules for the model
    return report, rules
