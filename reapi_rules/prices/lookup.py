"""The small questions that a client asks without a body.

Sizes and resolutions are judged as in a request: what reAPI would reject raises InvalidRequestError, which says what
is allowed.  Source: sections "size" and "4K constraint" of the page.
"""

from __future__ import annotations

from typing import Any, cast

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.report import Report, preflight, stand_in

__all__ = ["credits_of", "dimensions_of", "resolutions_for", "sizes_at"]


def dimensions_of(
    size: str | None, resolution: str | None = None, *, model: str | None = None, catalog: Catalog | None = None
) -> Dimensions:
    """The pixels of a size at a resolution.

    >>> dimensions_of("21:9", "4k").width, dimensions_of("auto").reason
    (3840, 'server_picks')
    """
    return cast(Dimensions, _ask(catalog, model=model, size=size, resolution=resolution).dimensions)


def sizes_at(resolution: str, *, model: str | None = None, catalog: Catalog | None = None) -> tuple[str, ...]:
    """The size words that are allowed at a resolution, in the size order; pixel strings are not among them.

    >>> sizes_at("4K")
    ('16:9', '9:16', '2:1', '1:2', '21:9', '9:21')
    """
    rules = _model(catalog, model)
    named = rules.resolution(resolution) if isinstance(resolution, str) else None
    if named is None:
        _ask(catalog, model=model, resolution=resolution)
    return rules.sizes_at(named or rules.fields.resolution.default)


def resolutions_for(size: str | None, *, model: str | None = None, catalog: Catalog | None = None) -> tuple[str, ...]:
    """The resolutions at which a size is allowed, lowest first.

    >>> resolutions_for("1:1"), resolutions_for("16:9")
    (('1k', '2k'), ('1k', '2k', '4k'))
    """
    _ask(catalog, model=model, size=size)
    rules = _model(catalog, model)
    return tuple(
        resolution
        for resolution in rules.fields.resolution.words
        if size in rules.sizes_at(resolution) or resolution not in rules.fields.resolution.needs_size
    )


def credits_of(
    cell: str, n: int = 1, *, model: str | None = None, rates: RateCard | None = None, catalog: Catalog | None = None
) -> int | None:
    """What ``n`` images of a price cell cost, in credits; None where the card has no such cell.

    >>> credits_of("16:9@2k_high", 2), credits_of("4k", model="gpt-image-2"), credits_of("1:1@4k_high")
    (759, 80, None)
    """
    catalog = catalog or built_in()
    card = rates or catalog.card()
    return None if card is None else card.credits(model or catalog.default_model, cell, n)


def _model(catalog: Catalog | None, model: str | None) -> Model:
    catalog = catalog or built_in()
    name = model or catalog.default_model
    if name not in catalog.models:
        _ask(catalog, model=name)
    return catalog.models[name]


def _ask(catalog: Catalog | None, *, model: str | None, **axes: Any) -> Report:
    catalog = catalog or built_in()
    body = {**stand_in(), "model": model or catalog.default_model, **axes}
    return preflight(body, catalog=catalog).raise_for_errors()
