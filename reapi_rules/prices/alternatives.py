"""Advice: what gives the same picture for fewer credits, and what each saving gives up.

Only changes that somebody may want without another picture in mind: a quality named instead of ``auto``, a ratio
instead of ``auto`` or of pixels, the next lower quality or resolution.  Source: sections "quality", "size" and
"Pricing" of the page; wording in ``data/advice.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from itertools import product
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in, data_file
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.quotes import Quote, billed_cells
from reapi_rules.engine.report import Report, preflight
from reapi_rules.engine.request import Request
from reapi_rules.prices.cheapest import cheapest
from reapi_rules.terms.sizes import nearest, pixels

__all__ = ["Alternative", "alternatives", "saving"]

Kind = Literal["quality.explicit", "quality.lower", "size.explicit", "size.covering", "resolution.lower"]


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a request that makes it cheaper.

    ``patch`` holds the fields to set; ``credits`` and ``credits_low`` what the changed request costs.  ``saving`` is
    exact where both prices are; otherwise between ``saving_low`` and ``saving`` credits are saved, by whatever cell is
    billed, and ``saving_low`` may be negative.  ``trade`` says what the change gives up.
    """

    kind: Kind
    patch: dict[str, str]
    credits: int
    credits_low: int
    saving: int
    saving_low: int
    trade: str


class _AdviceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``data/advice.json``."""

    format: Literal["reapi-advice/1"]
    source: dict[str, str]
    trades: dict[Kind, str]


def alternatives(
    body: Any,
    *,
    default_model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> tuple[Alternative, ...]:
    """What would make a request cheaper, one change each, the largest saving first.

    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> [(other.patch, other.credits, other.saving) for other in alternatives(body)]
    [({'quality': 'low'}, 5, 164), ({'quality': 'medium'}, 43, 126)]
    >>> alternatives(body)[0].trade
    'gives up high quality, which auto runs at, for low'

    The body is what ``preflight`` takes.  Every alternative, that is the body with the patch, passes ``preflight`` and
    has fewer ``credits``; there is none for a request that is rejected or has no price.
    """
    catalog = catalog or built_in()
    report = preflight(body, default_model=default_model, rates=rates, as_of=as_of, catalog=catalog)
    request, card = report.effective, report.rate_card
    if request is None or card is None:
        return ()
    model = catalog.models[request.model]
    ask = partial(preflight, rates=card, catalog=catalog)
    found = []
    for kind, patch, params in _changes(request, model, card, catalog):
        other = ask({**(report.payload() or {}), **patch})
        if (alternative := _alternative(kind, patch, params, report, other, model)) is not None:
            found.append(alternative)
    return tuple(sorted(found, key=lambda alternative: -alternative.saving))


Change = tuple[Kind, dict[str, str], dict[str, Any]]
"""The kind, the fields to set, and what the trade speaks of."""


def _changes(request: Request, model: Model, card: RateCard, catalog: Catalog) -> Iterator[Change]:
    """Every change to look at, whatever it costs."""
    yield from _qualities(request, model)
    if request.size is not None and request.size in model.fields.size.words and request.size not in model.ratios:
        for word in model.ratios_at(request.resolution):
            yield "size.explicit", {"size": word}, {}
    yield from _covering(request, model, card, catalog)
    resolutions = model.fields.resolution.words
    below = resolutions.index(request.resolution) - 1
    if below >= 0:
        yield "resolution.lower", {"resolution": resolutions[below]}, {}


def _qualities(request: Request, model: Model) -> Iterator[Change]:
    given = request.quality
    if not isinstance(given, str):
        return
    billed, words = model.billed_quality(given), model.billed_qualities
    if given != billed:
        for word in words:
            yield "quality.explicit", {"quality": word}, {"given": given, "billed": billed}
    elif given != words[0]:
        yield "quality.lower", {"quality": words[words.index(given) - 1]}, {"given": given}


def _covering(request: Request, model: Model, card: RateCard, catalog: Catalog) -> Iterator[Change]:
    """For pixels that are no cell, the cheapest cell of the nearest ratio that has as many."""
    asked = pixels(request.size or "")
    if asked is None or 0 in asked or len(billed_cells(request, model)) == 1:
        return
    best = cheapest(
        width=asked[0],
        height=asked[1],
        ratio=nearest(asked, model.ratios),
        quality=request.quality or None,
        n=request.n,
        model=model.id,
        rates=card,
        catalog=catalog,
    )
    if best.size is not None and best.resolution is not None:
        patch = {"size": best.size, "resolution": best.resolution}
        yield "size.covering", patch, {"given": request.size, "width": best.width, "height": best.height}


def _alternative(
    kind: Kind, patch: dict[str, str], params: dict[str, Any], report: Report, other: Report, model: Model
) -> Alternative | None:
    before, after = report.quote, other.quote
    if before is None or before.credits is None or after is None or after.credits is None:
        return None
    if after.credits >= before.credits:
        return None
    savings = _savings(_bills(report, before, model), _bills(other, after, model))
    params |= patch | _pixels(report, other)
    return Alternative(
        kind=kind,
        patch=patch,
        credits=after.credits,
        credits_low=after.credits_low or 0,
        saving=max(savings),
        saving_low=min(savings),
        trade=_trades()[kind].format_map(params),
    )


def saving(before: Report, after: Report, *, catalog: Catalog | None = None) -> tuple[int, int] | None:
    """What one request costs less than another, at least and at most; None where one of them has no price.

    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> saving(preflight(body), preflight(body | {"quality": "medium"}))
    (126, 126)

    Below 0 it costs more.  Bounded prices that depend on the same unknown are compared like with like.
    """
    catalog = catalog or built_in()
    bills = []
    for report in (before, after):
        quote = report.quote
        if quote is None or quote.credits is None or report.model is None:
            return None
        bills.append(_bills(report, quote, catalog.models[report.model]))
    savings = _savings(*bills)
    return min(savings), max(savings)


def _savings(before: dict[str, int], after: dict[str, int]) -> list[int]:
    """What may be saved: bill by bill where the same ones are possible before and after, else any from any."""
    if before.keys() == after.keys():
        return [before[case] - after[case] for case in before]
    return [old - new for old, new in product(before.values(), after.values())]


def _bills(report: Report, quote: Quote, model: Model) -> dict[str, int]:
    """Every bill that a priced request may bring, by the ratio that is billed; the last may be a cell of its own."""
    request, card = report.effective, report.rate_card
    if quote.basis == "exact" or request is None or card is None:
        return {"": quote.credits or 0}
    ratios = (*model.ratios_at(request.resolution), "")
    return {
        ratio: card.credits(model.id, cell, quote.n) or 0 for ratio, cell in zip(ratios, billed_cells(request, model))
    }


def _pixels(report: Report, other: Report) -> dict[str, str]:
    """The pixels of both pictures, or their resolutions where the pixels are not known or the same."""
    shown = [
        (f"{each.dimensions.width}x{each.dimensions.height}", each.effective.resolution)
        for each in (report, other)
        if each.dimensions is not None and each.effective is not None
    ]
    column = int(shown[0][0] == shown[1][0])
    return {"larger": shown[0][column], "smaller": shown[1][column]}


@cache
def _trades() -> dict[Kind, str]:
    return msgspec.json.decode(data_file("advice.json"), type=_AdviceFile).trades
