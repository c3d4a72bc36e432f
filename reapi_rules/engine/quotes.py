"""Price a request: its cells on a rate card, and the credits to budget.

Source: section "Pricing" of the page; what it leaves open (mirrored sizes, pixel strings) is bounded, and said so.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import CardId, Price, RateCard
from reapi_rules.engine.dimensions import cell_of_pixels
from reapi_rules.engine.request import Request
from reapi_rules.terms.credits import float_credits, request_credits, usd
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.sizes import pixels

__all__ = ["Quote", "billed_cells", "price"]

Basis = Literal["exact", "bounded", "unknown"]
NotExact = Literal["size_mirrors_reference", "pixel_size", "no_rate"]


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a request costs.

    ``credits`` is what to budget: the exact bill, or the dearest of the cells that may be billed; ``credits_low`` is
    the cheapest of them.  ``usd`` is ``credits`` in USD, ``per_image_usd`` the card's price of ``cell``, which sets
    ``credits``.  Where the card lacks a price all of them are None, and ``missing`` names the cells.
    ``float_sensitive``: floats would give another number, and the gateway may bill that one.
    """

    basis: Basis
    certainty: Certainty
    credits: int | None = None
    credits_low: int | None = None
    usd: str | None = None
    per_image_usd: str | None = None
    n: int
    cell: str | None = None
    reason: NotExact | None = None
    missing: tuple[str, ...] = ()
    float_sensitive: bool = False
    rate_card: CardId | None = None


class _Bill(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of which one will be billed, and whether that is the dearest of them for certain."""

    cells: tuple[str, ...]
    certainty: Certainty
    reason: NotExact | None = None


def price(request: Request, model: Model, card: RateCard | None) -> Quote:
    """The quote of a faultless request on a rate card, to the credit.

    >>> from reapi_rules import quote
    >>> quote(size="16:9", resolution="2k", quality="high", n=2).credits
    759
    """
    bill = _bill(request, model)
    card_id = None if card is None else card.identity
    prices = {cell: None if card is None else card.price(model.id, cell) for cell in bill.cells}
    known: dict[str, Price] = {cell: cost for cell, cost in prices.items() if cost is not None}
    if len(known) < len(prices):
        missing = tuple(cell for cell in prices if cell not in known)
        return Quote(
            basis="unknown", certainty=bill.certainty, n=request.n, reason="no_rate", missing=missing, rate_card=card_id
        )
    cell = max(known, key=lambda name: known[name].picos)
    credits = request_credits(known[cell].picos, request.n)
    cheapest = min(cost.picos for cost in known.values())
    return Quote(
        basis="exact" if bill.reason is None else "bounded",
        certainty=bill.certainty,
        credits=credits,
        credits_low=credits if bill.reason is None else request_credits(cheapest, request.n),
        usd=usd(credits),
        per_image_usd=known[cell].text,
        n=request.n,
        cell=cell,
        reason=bill.reason,
        float_sensitive=float_credits(known[cell].text, request.n) != credits,
        rate_card=card_id,
    )


def billed_cells(request: Request, model: Model) -> tuple[str, ...]:
    """The price cells of which one will be billed for a faultless request.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.catalog.catalog import built_in
    >>> request = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9"}).effective
    >>> billed_cells(request, built_in().models[request.model])
    ('16:9@1k_high',)
    """
    return _bill(request, model).cells


def _bill(request: Request, model: Model) -> _Bill:
    size, resolution = request.size, request.resolution
    quality = model.billed_quality(request.quality or None)
    is_word = size in model.fields.size.words
    certainty = model.certainty("documented" if is_word else "inferred")
    tier = tuple(dict.fromkeys(model.cell(word, resolution, quality) for word in model.ratios_at(resolution)))
    if "size" not in model.price_axes or (size, resolution) in model.cells:
        return _Bill(cells=(model.cell(size or "", resolution, quality),), certainty=certainty)
    if size is None:
        return _Bill(cells=tier, certainty=certainty, reason="size_mirrors_reference")
    if is_word:
        return _Bill(cells=tier, certainty=certainty)
    return _of_pixels(size, resolution, quality, tier, model)


def _of_pixels(size: str, resolution: str, quality: str | None, tier: tuple[str, ...], model: Model) -> _Bill:
    """A pixel string with the edges of a cell of the tier is that cell; another may be any of them, or the nearest."""
    certainty = model.certainty("inferred")
    asked = pixels(size)
    if asked is None or 0 in asked:
        return _Bill(cells=tier, certainty=certainty, reason="pixel_size")
    for word in model.ratios_at(resolution):
        if model.cells[word, resolution] == asked:
            return _Bill(cells=(model.cell(word, resolution, quality),), certainty=certainty)
    own = model.cell(*cell_of_pixels(asked, model), quality)
    return _Bill(cells=tuple(dict.fromkeys((*tier, own))), certainty=certainty, reason="pixel_size")
