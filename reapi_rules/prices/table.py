"""The finite table of prices: every accepted size, resolution and quality word, with its pixels and its price.

For joins in a sheet or a database.  Pixel strings are not in it: there are too many, and their price is bounded.
Source: sections "size" and "Pricing" of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Unpack

import msgspec

from reapi_rules.catalog.models import AXES, Model
from reapi_rules.engine.engine import Options, engine_for, stand_in
from reapi_rules.engine.report import Report
from reapi_rules.terms.arguments import takes

__all__ = ["PriceRow", "prices"]

PICOS_PER_MICRO = 10**6


class PriceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A combination that reAPI accepts.

    ``bills_as`` is the quality that is billed, ``cell`` the price cell.  The price is ``usd_per_image``, a decimal as
    text, and the same as the integers ``usd_picos`` (10**-12 USD) and, where that is exact, ``usd_micros``.  ``n`` and
    ``credits`` are those of a request for so many images.  What is not known is None: the pixels of size auto, the
    price of a cell that the card lacks.
    """

    model: str
    size: str | None
    resolution: str | None
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


@takes(n=Iterable)
def prices(n: Iterable[int] = (), *, model: str | None = None, **options: Unpack[Options]) -> tuple[PriceRow, ...]:
    """Every combination that reAPI accepts, with its price, in the order of the page, and the credits for each ``n``.

    >>> table = prices()
    >>> len(table), table[3].size, table[3].quality, table[3].usd_per_image, table[3].usd_micros
    (136, '1:1', 'high', '0.1688', 168800)
    >>> [row.credits for row in prices([1, 2]) if row.cell == "16:9@2k_high" and row.quality == "high"]
    [380, 759]

    Raises InvalidRequestError for a model or a number of images that reAPI would reject.
    """
    engine = engine_for(**options)
    name, rules = engine.named(model)
    counts = tuple(n) or (None,)
    for count in counts:
        engine.preflight(stand_in(rules, id=name, number=count)).raise_for_errors()
    if rules is None:
        return ()
    shapes, tiers, qualities = (rules.field(role).choices if role in rules.roles else (None,) for role in AXES)
    return tuple(
        _row(shape, tier, quality, count, rules, report)
        for shape, tier, quality in product(shapes, tiers, qualities)
        for count in counts
        for report in (engine.preflight(stand_in(rules, shape=shape, tier=tier, quality=quality, number=count)),)
        if report.ok
    )


def _row(
    shape: str | None, tier: str | None, quality: str | None, count: int | None, model: Model, report: Report
) -> PriceRow:
    quote, dimensions, card = report.quote, report.dimensions, report.rate_card
    assert quote is not None
    assert dimensions is not None
    billed = report.billed_cells
    cost = None if card is None or quote.cell is None else card.price(model.id, quote.cell)
    return PriceRow(
        model=model.id,
        size=shape,
        resolution=tier,
        quality=quality,
        width=dimensions.width,
        height=dimensions.height,
        cell=quote.cell or (billed[0] if len(billed) == 1 else None),
        bills_as=model.field("quality").bills_as.get(quality, quality) if quality is not None else None,
        usd_per_image=quote.per_image_usd,
        usd_picos=None if cost is None else cost.picos,
        usd_micros=None if cost is None or cost.picos % PICOS_PER_MICRO else cost.picos // PICOS_PER_MICRO,
        rate_card=None if card is None else card.id,
        n=count,
        credits=None if count is None else quote.credits,
    )
