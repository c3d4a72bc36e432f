"""The finite table of prices: every accepted size, resolution and quality word, with its pixels and its price.

For joins in a sheet or a data base.  Pixel strings are not in it: there is no end of them, and their price is bounded.
Source: sections "size" and "Pricing" of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.dimensions import resolve
from reapi_rules.engine.quotes import billed_cells, price
from reapi_rules.engine.report import preflight, stand_in
from reapi_rules.engine.request import Request

__all__ = ["PriceRow", "prices"]

PICOS_PER_MICRO = 10**6


class PriceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A combination that reAPI takes.

    ``bills_as`` is the quality that is billed, ``cell`` the price cell.  The price is ``usd_per_image``, a decimal as
    text, and the same as the integers ``usd_picos`` (10**-12 USD) and, where that is exact, ``usd_micros``.  ``n`` and
    ``credits`` are those of a request for so many images.  What is not known is None: the pixels of size auto, the
    price of a cell that the card lacks.
    """

    model: str
    size: str
    resolution: str
    quality: str | None
    width: int | None
    height: int | None
    cell: str | None
    bills_as: str | None
    usd_per_image: str | None
    usd_picos: int | None
    usd_micros: int | None
    rate_card: str | None
    n: int | None = None
    credits: int | None = None


def prices(
    n: Iterable[int] = (),
    *,
    model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> tuple[PriceRow, ...]:
    """Every combination that reAPI takes with its price, in the order of the page; for each of ``n`` also the credits.

    >>> table = prices()
    >>> len(table), table[3].size, table[3].quality, table[3].usd_per_image, table[3].usd_micros
    (136, '1:1', 'high', '0.1688', 168800)
    >>> [row.credits for row in prices([1, 2]) if row.cell == "16:9@2k_high" and row.quality == "high"]
    [380, 759]

    Raises InvalidRequestError for a model or a number of images that reAPI would reject.
    """
    catalog = catalog or built_in()
    cards = rates if rates is None or isinstance(rates, RateCard) else tuple(rates)
    name = model or catalog.default_model
    counts = tuple(n) or (None,)
    ask = partial(preflight, rates=cards, as_of=as_of, catalog=catalog)
    axes = {**stand_in(), "model": name}
    for count in counts:
        ask({**axes, "n": count}).raise_for_errors()
    rules = catalog.models[name]
    return tuple(
        _row(request, rules, report.rate_card, count)
        for size in rules.fields.size.words
        for resolution in rules.fields.resolution.words
        for quality in (rules.fields.quality.words if rules.fields.quality else (None,))
        for count in counts
        for report in (ask({**axes, "size": size, "resolution": resolution, "quality": quality, "n": count}),)
        if (request := report.effective) is not None
    )


def _row(request: Request, model: Model, card: RateCard | None, count: int | None) -> PriceRow:
    dimensions, quote, cells = resolve(request, model), price(request, model, card), billed_cells(request, model)
    cost = None if card is None or quote.cell is None else card.price(model.id, quote.cell)
    quality = request.quality or None
    return PriceRow(
        model=model.id,
        size=request.size or "",
        resolution=request.resolution,
        quality=quality,
        width=dimensions.width,
        height=dimensions.height,
        cell=quote.cell or (cells[0] if len(cells) == 1 else None),
        bills_as=model.billed_quality(quality),
        usd_per_image=quote.per_image_usd,
        usd_picos=None if cost is None else cost.picos,
        usd_micros=None if cost is None or cost.picos % PICOS_PER_MICRO else cost.picos // PICOS_PER_MICRO,
        rate_card=None if card is None else card.id,
        n=count,
        credits=None if count is None else quote.credits,
    )
