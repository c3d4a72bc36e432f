"""The pixels that a request gives.

Source: section "size" of the page, the table under "4K constraint".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.sizes import Edges, nearest, pixels

__all__ = ["Dimensions", "nearest_pixels", "resolve"]

NoDimensions = Literal["server_picks", "mirrors_reference", "not_a_dimension", "not_published"]


class Dimensions(msgspec.Struct, frozen=True, kw_only=True):
    """Width and height of the image in pixels and how sure we are of them, or why they are unknown."""

    width: int | None = None
    height: int | None = None
    certainty: Certainty | None = None
    reason: NoDimensions | None = None


def resolve(used: Mapping[str, Any], model: Model) -> Dimensions:
    """The dimensions of the image that a faultless request gives, by its effective fields.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "resolution": "2k"}
    >>> preflight(body).dimensions
    Dimensions(width=2048, height=1152, certainty='documented', reason=None)
    """
    if not model.pixels:
        return Dimensions(reason="not_published")
    shape, tier = used.get(model.roles["shape"]), used.get(model.roles["tier"], "")
    if shape is None:
        return Dimensions(reason="mirrors_reference")
    if shape in model.words("shape"):
        place, is_exact = (shape, tier), True
    else:
        asked = pixels(shape)
        if asked is None or 0 in asked:
            return Dimensions(reason="not_a_dimension")
        place = nearest_pixels(asked, model)
        is_exact = model.pixels[place] == asked
    if place not in model.pixels:
        return Dimensions(reason="server_picks")
    width, height = model.pixels[place]
    return Dimensions(width=width, height=height, certainty=model.certainty("documented" if is_exact else "inferred"))


def nearest_pixels(asked: Edges, model: Model) -> tuple[str, str]:
    """The shape and the tier with these edges, else of the nearest ratio the tier with the nearest area."""
    for place, edges in model.pixels.items():
        if edges == asked:
            return place
    word = nearest(asked, model.ratios)
    area = asked[0] * asked[1]
    best: tuple[str, int, int] | None = None
    for tier in model.words("tier"):
        if edges_here := model.pixels.get((word, tier)):
            under, over = sorted((area, edges_here[0] * edges_here[1]))
            if best is None or over * best[2] < best[1] * under:
                best = tier, over, under
    return word, best[0] if best else ""
