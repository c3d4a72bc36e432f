"""Price a request: its cells on a rate card, and the credits to budget.

Source: section "Pricing" of the page; what it leaves open (mirrored sizes, pixel strings) gets a bounded price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import CardId, Price, RateCard
from reapi_rules.engine.dimensions import nearest_pixels
from reapi_rules.engine.judge import normalised
from reapi_rules.terms.credits import float_credits, request_credits, usd
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.sizes import pixels

__all__ = ["Quote", "billed_cells", "price", "unknown"]

Basis = Literal["exact", "bounded", "unknown"]
NotExact = Literal[
    "size_mirrors_reference", "pixel_size", "uncertain_default", "unknown_value", "not_published", "no_rate", "no_rules"
]


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a request costs.

    ``credits`` is what to budget: the exact bill, or the most expensive of the cells that may be billed;
    ``credits_low`` is the cheapest of them.  ``usd`` is ``credits`` in USD, ``per_image_usd`` the card's price of
    ``cell``, which sets ``credits``; ``n`` is how many images are billed, or None if unknown.  If there is no price,
    all of them are None, ``reason`` says why, and ``missing`` names the cells that the card lacks.
    ``float_sensitive`` means that floats would give another number, which the gateway may bill.
    """

    basis: Basis
    certainty: Certainty
    credits: int | None = None
    credits_low: int | None = None
    usd: str | None = None
    per_image_usd: str | None = None
    n: int | None
    cell: str | None = None
    reason: NotExact | None = None
    missing: tuple[str, ...] = ()
    float_sensitive: bool = False
    rate_card: CardId | None = None

    def _repr_html_(self) -> str:
        """The quote as a notebook shows it."""
        from reapi_rules.terms.html import html_table  # in a notebook only

        return html_table(self.facts())

    def facts(self) -> tuple[tuple[str, object], ...]:
        """What there is to say of it, each with a title; None where there is nothing.

        >>> from reapi_rules import quote
        >>> quote(size="16:9", resolution="2k", quality="high", n=2).facts()[:2]
        (('credits', 759), ('USD', '0.759'))
        """
        low, card = self.credits_low, self.rate_card
        return (
            ("credits", self.credits if low == self.credits else f"{low} to {self.credits}"),
            ("USD", self.usd),
            ("billed as", self.cell),
            ("price", f"{self.basis}, {self.certainty}"),
            ("because of", self.reason),
            ("no price for", ", ".join(self.missing) or None),
            ("rate card", None if card is None else f"{card.id}, checked on {card.checked_on}"),
        )


def unknown(card: RateCard | None) -> Quote:
    """The quote of a model that has no rules here."""
    identity = None if card is None else card.identity
    return Quote(basis="unknown", certainty="unspecified", n=None, reason="no_rules", rate_card=identity)


class _Bill(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of which one will be billed, how sure that is, and why the price is not exact."""

    cells: tuple[str, ...] = ()
    certainty: Certainty
    reason: NotExact | None = None


def price(used: Mapping[str, Any], given: Mapping[str, Any], model: Model, card: RateCard | None) -> Quote:
    """The quote of a faultless request on a rate card, to the credit.

    >>> from reapi_rules import quote
    >>> quote(size="16:9", resolution="2k", quality="high", n=2).credits
    759
    """
    bill = _bill(used, given, model)
    n = used.get(model.file.price.images or "", 1)
    none = Quote(
        basis="unknown",
        certainty=bill.certainty,
        n=n,
        reason=bill.reason,
        rate_card=None if card is None else card.identity,
    )
    if not bill.cells:
        return none
    prices = {cell: None if card is None else card.price(model.id, cell) for cell in bill.cells}
    known: dict[str, Price] = {cell: cost for cell, cost in prices.items() if cost is not None}
    if len(known) < len(prices):
        missing = tuple(cell for cell in prices if cell not in known)
        return msgspec.structs.replace(none, reason="no_rate", missing=missing)
    cell = max(known, key=lambda name: known[name].picos)
    lowest = min(cost.picos for cost in known.values())
    credits = request_credits(known[cell].picos, n)
    reason = bill.reason
    if reason == "uncertain_default" and lowest == known[cell].picos:
        reason = None  # whatever the default is, it costs the same
    return msgspec.structs.replace(
        none,
        basis="exact" if reason is None else "bounded",
        credits=credits,
        credits_low=credits if reason is None else request_credits(lowest, n),
        usd=usd(credits),
        per_image_usd=known[cell].text,
        cell=cell,
        reason=reason,
        float_sensitive=float_credits(known[cell].text, n) != credits,
    )


def billed_cells(used: Mapping[str, Any], given: Mapping[str, Any], model: Model) -> tuple[str, ...]:
    """The price cells of which one will be billed for a valid request; empty if they are unknown."""
    return _bill(used, given, model).cells


def _bill(used: Mapping[str, Any], given: Mapping[str, Any], model: Model) -> _Bill:
    shape = model.roles.get("shape")
    is_sure = shape is None or used.get(shape) in model.words("shape")
    certainty = model.certainty("documented" if is_sure else "inferred")
    axes: dict[str, tuple[str, ...]] = {}
    reason: NotExact | None = None
    for name in model.price_fields:
        if name == shape:
            continue
        field = model.fields[name]
        if name not in used:
            axes[name], reason = model.billed_words(name), "uncertain_default"
        elif used[name] not in field.words:
            return _Bill(certainty=certainty, reason="unknown_value")
        else:
            axes[name] = (field.bills_as.get(used[name], used[name]),)
    values = normalised(given, model)
    for case in model.file.price.not_published_when:
        if all(condition.holds(values[name]) for name, condition in case.items()):
            return _Bill(certainty=certainty, reason="not_published")
    if shape is not None and shape in model.price_fields:
        return _by_shape(used, axes, model)
    cells = (model.cell(**dict(zip(axes, words))) for words in product(*axes.values()))
    return _Bill(cells=tuple(dict.fromkeys(cells)), certainty=certainty, reason=reason)


def _by_shape(used: Mapping[str, Any], axes: Mapping[str, tuple[str, ...]], model: Model) -> _Bill:
    """The cells where the shape makes the price too: its own, or every one of the tier where it is not fixed."""
    name, tier = model.roles["shape"], model.roles["tier"]
    rest = {axis: words[0] for axis, words in axes.items()}
    shape, at = used.get(name), used[tier]

    def cells(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(model.cell(**{**rest, name: word}) for word in words))

    if shape in model.words("shape"):
        own = [shape] if (shape, at) in model.pixels else model.ratios_at(at)
        return _Bill(cells=cells(own), certainty=model.certainty("documented"))
    certainty = model.certainty("inferred")
    if shape is None:
        return _Bill(cells=cells(model.ratios_at(at)), certainty=certainty, reason="size_mirrors_reference")
    asked = pixels(shape)
    if asked is None or 0 in asked:
        return _Bill(cells=cells(model.ratios_at(at)), certainty=certainty, reason="pixel_size")
    exact = [word for word in model.ratios_at(at) if model.pixels[word, at] == asked]
    if exact:
        return _Bill(cells=cells(exact[:1]), certainty=certainty)
    word, nearest_tier = nearest_pixels(asked, model)
    own_cell = model.cell(**{**rest, name: word, **({tier: nearest_tier} if tier in rest else {})})
    every = tuple(dict.fromkeys((*cells(model.ratios_at(at)), own_cell)))
    return _Bill(cells=every, certainty=certainty, reason="pixel_size")
