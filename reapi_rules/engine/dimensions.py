"""The pixels that a request gives.

Source: section "size" of the page, the table under "4K constraint".
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.engine.request import Request
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.sizes import Edges, nearest, pixels

__all__ = ["Dimensions", "cell_of_pixels", "resolve"]

NoDimensions = Literal["server_picks", "mirrors_reference", "not_a_dimension"]


class Dimensions(msgspec.Struct, frozen=True, kw_only=True):
    """Width and height of the picture in pixels and how sure they are, or the reason why nobody can say."""

    width: int | None = None
    height: int | None = None
    certainty: Certainty | None = None
    reason: NoDimensions | None = None


def resolve(request: Request, model: Model) -> Dimensions:
    """The dimensions of the picture that a faultless request gives.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "resolution": "2k"}
    >>> preflight(body).dimensions
    Dimensions(width=2048, height=1152, certainty='documented', reason=None)
    """
    if request.size is None:
        return Dimensions(reason="mirrors_reference")
    asked = pixels(request.size)
    if request.size in model.fields.size.words:
        cell, is_exact = (request.size, request.resolution), True
    elif asked is None or 0 in asked:
        return Dimensions(reason="not_a_dimension")
    else:
        cell = cell_of_pixels(asked, model)
        is_exact = model.cells[cell] == asked
    if cell not in model.cells:
        return Dimensions(reason="server_picks")
    width, height = model.cells[cell]
    return Dimensions(width=width, height=height, certainty=model.certainty("documented" if is_exact else "inferred"))


def cell_of_pixels(asked: Edges, model: Model) -> tuple[str, str]:
    """The size and resolution of the cell with these edges, else of the nearest cell of the nearest ratio."""
    for cell, edges in model.cells.items():
        if edges == asked:
            return cell
    word = nearest(asked, model.ratios)
    area = asked[0] * asked[1]
    best: tuple[str, int, int] | None = None
    for resolution in model.fields.resolution.words:
        if edges_here := model.cells.get((word, resolution)):
            under, over = sorted((area, edges_here[0] * edges_here[1]))
            if best is None or over * best[2] < best[1] * under:
                best = resolution, over, under
    return word, best[0] if best else ""
