"""The cheapest cell that has enough pixels.

Source: section "Pricing" of the page and its table of dimensions.  On the published cards no rule says which ratio or
resolution is cheap, so we look at all cells.
"""

from __future__ import annotations

from operator import index
from typing import Literal, SupportsIndex, Unpack

import msgspec

from reapi_rules.catalog.rates import CardId
from reapi_rules.engine.engine import Options, engine_for, stand_in
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.credits import request_credits, usd

__all__ = ["Cheapest", "cheapest"]

NoCell = Literal["unknown_ratio", "not_published", "too_large", "no_rate"]


class Cheapest(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask for, its pixels and its price; or why there is no such cell.

    ``unknown_ratio``: the model has no such ratio; ``not_published``: nobody knows its pixels; ``too_large``: no cell
    has so many; ``no_rate``: the rate card has no price for those that do.  ``missing`` names the cells that are large
    enough but have no price.
    """

    size: str | None = None
    resolution: str | None = None
    quality: str | None = None
    n: int
    width: int | None = None
    height: int | None = None
    cell: str | None = None
    credits: int | None = None
    usd: str | None = None
    reason: NoCell | None = None
    missing: tuple[str, ...] = ()
    rate_card: CardId | None = None


@takes(width=SupportsIndex | None, height=SupportsIndex | None, ratio=str | None)
def cheapest(
    *,
    width: int | None = None,
    height: int | None = None,
    ratio: str | None = None,
    quality: str | None = None,
    n: int | None = None,
    model: str | None = None,
    **options: Unpack[Options],
) -> Cheapest:
    """The cheapest cell with at least these pixels, at that ratio and quality; None means any.

    >>> best = cheapest(width=1920, height=1080, ratio="16:9", quality="medium")
    >>> best.size, best.resolution, best.width, best.height, best.credits
    ('16:9', '2k', 2048, 1152, 96)
    >>> cheapest(width=4000).reason
    'too_large'

    If several cells cost the same, it is the first in the order of the sizes.  Raises InvalidRequestError for a model,
    a quality or a number of images that reAPI would reject.
    """
    engine = engine_for(**options)
    (name, rules), card = engine.named(model), engine.card
    identity = None if card is None else card.identity
    quote = engine.quote(stand_in(rules, id=name, quality=quality, number=n))
    if rules is None:
        return Cheapest(n=n or 1, reason="no_rate", rate_card=identity)
    least = [index(edge or 0) for edge in (width, height)]
    words: tuple[str | None, ...] = (None,)
    if "quality" in rules.roles:
        field = rules.roles["quality"]
        words = rules.billed_words(field) if quality is None else (rules.word(field, quality) or quality,)
    choices = {
        (size, tier, word): rules.cell_of(size, tier, word)
        for (size, tier), edges in rules.pixels.items()
        if ratio in (None, size) and edges[0] >= least[0] and edges[1] >= least[1]
        for word in words
    }
    known = {choice: price for choice, cell in choices.items() if card and (price := card.price(rules.id, cell))}
    images = quote.n or 1
    missing = tuple(dict.fromkeys(cell for choice, cell in choices.items() if choice not in known))
    if not known:
        too_few: NoCell = "too_large" if rules.pixels else "not_published"
        reason = "unknown_ratio" if ratio not in (None, *rules.ratios) else "no_rate" if choices else too_few
        return Cheapest(n=images, reason=reason, missing=missing, rate_card=identity)
    best = min(known, key=lambda choice: known[choice].picos)
    credits = request_credits(known[best].picos, images)
    return Cheapest(
        size=best[0],
        resolution=best[1],
        quality=best[2],
        n=images,
        width=rules.pixels[best[:2]][0],
        height=rules.pixels[best[:2]][1],
        cell=choices[best],
        credits=credits,
        usd=usd(credits),
        missing=missing,
        rate_card=identity,
    )
