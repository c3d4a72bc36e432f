"""Check a rate card for prices that are valid but look like mistakes.

A card with findings can still be used, but look at the findings first.  Limits and wording are in ``data/lint.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, pairwise
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import Price, RateCard, current
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.templates import told

__all__ = ["CardFinding", "card_before", "lint"]

_SHOWN_CELLS = 6


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From how many times on a price has jumped, what a slip of units makes of it, and how old is old."""

    jump_times: int
    unit_times: int
    unit_slack: int
    stale_days: int


class _LintFile(FileStruct, frozen=True):
    """The file ``data/lint.json``."""

    format: Literal["reapi-lint/2"]
    limits: Thresholds
    messages: dict[str, dict[str, str]]
    shown: dict[str, str]


class CardFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding on a card: the rule, the model (None for the whole card), all cells that it concerns, and why.

    Of ``card.absent_models`` the cells are the models themselves.
    """

    rule: str
    model: str | None
    cells: tuple[str, ...]
    message: str


_Found = tuple[str, str | None, tuple[str, ...], dict[str, Any]]
"""A rule, the model, the cells, and the figures of the message."""


@takes(card=RateCard, previous=RateCard | None, today=date | None, language=str)
def lint(
    card: RateCard,
    *,
    previous: RateCard | None = None,
    today: date | None = None,
    catalog: Catalog | None = None,
    language: str = "en",
) -> tuple[CardFinding, ...]:
    """What looks like a mistake on a card: in its cells, compared with the previous card, and by its age.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> prices = {"gpt-image-2": {"1k": "0", "2k": "50", "8k": "0.1"}}
    >>> card = RateCard.from_dict({
    ...     "format": "reapi-rate-card/1", "id": "mine", "currency": "USD", "effective_from": "2026-09-01",
    ...     "checked_on": "2026-09-02", "source": "my contract", "usd_per_image": prices,
    ... })
    >>> [(finding.rule, finding.cells) for finding in lint(card, previous=built_in().card()) if finding.cells][:3]
    [('card.unknown_cell', ('8k',)), ('card.gap', ('4k',)), ('card.zero_price', ('1k',))]

    Without ``previous`` jumps are not checked, and without ``today`` the age is not.
    """
    models = chosen(catalog).models
    found: list[_Found] = []
    for name, cells in card.prices.items():
        if name in models:
            found += _in_cells(cells, models[name])
        else:
            found.append(("card.unknown_model", name, tuple(cells), {}))
        if previous is not None:
            found += _since(cells, previous, name)
    if absent := tuple(name for name in models if not card.prices.get(name)):
        found.append(("card.absent_models", None, absent, {"count": len(absent), "all": len(models)}))
    days = 0 if today is None else card.identity.age(today)
    if days > _file().limits.stale_days or days < 0:
        rule = "card.future" if days < 0 else "card.age"
        found.append((rule, None, (), {"checked_on": card.checked_on, "days": days}))
    return tuple(_finding(*each, language) for each in found)


@takes(card=RateCard, cards=Iterable)
def card_before(card: RateCard, cards: Iterable[RateCard]) -> RateCard | None:
    """The card to compare with: the one in effect when this one begins, or else the newest.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> card_before(built_in().card(), built_in().cards).id
    'reapi-2026-07'
    """
    others = [other for other in cards if other.id != card.id]
    return current(others, date.fromisoformat(card.effective_from)) or current(others)


def _in_cells(cells: dict[str, Price], model: Model) -> Iterator[_Found]:
    known = model.price_cells()
    if unknown := tuple(cell for cell in cells if cell not in known):
        yield "card.unknown_cell", model.id, unknown, {}
    if gaps := tuple(cell for cell in known if cell not in cells) if cells else ():
        yield "card.gap", model.id, gaps, {"count": len(gaps), "all": len(known)}
    if zeros := tuple(cell for cell, price in cells.items() if not price.picos):
        yield "card.zero_price", model.id, zeros, {}
    unequal = (pair for pair in _twins(model) if len({_picos(cells, cell) for cell in pair} - {-1}) == 2)
    if twins := dict.fromkeys(chain(*unequal)):
        yield "card.unequal_twins", model.id, tuple(twins), {}
    if tiers := {cell: None for low, cell in _tiers(model) if _picos(cells, low) > _picos(cells, cell) >= 0}:
        yield "card.quality_order", model.id, tuple(tiers), {}


def _twins(model: Model) -> Iterator[tuple[str, str]]:
    """The cells of a ratio and of the ratio turned by 90 degrees, each pair once."""
    shape = model.roles.get("shape", "")
    words = {ratio: word for word, ratio in model.ratios.items()}
    if shape not in model.price_fields:
        return
    for cell in model.price_words():
        width, height = model.ratios[cell[shape]]
        twin = words.get((height, width))
        if width > height and twin is not None and (twin, cell[model.roles["tier"]]) in model.pixels:
            yield model.cell(**cell), model.cell(**{**cell, shape: twin})


def _tiers(model: Model) -> Iterator[tuple[str, str]]:
    """Each cell with the cell of the next lower quality before it."""
    quality = model.roles.get("quality", "")
    if quality in model.price_fields:
        lower = {high: low for low, high in pairwise(model.billed_words(quality))}
        for cell in model.price_words():
            if cell[quality] in lower:
                yield model.cell(**{**cell, quality: lower[cell[quality]]}), model.cell(**cell)


def _since(cells: dict[str, Price], previous: RateCard, model: str) -> Iterator[_Found]:
    """Prices that are many times, or a small part of, what the card before had; a slip of units is no other jump."""
    limits = _file().limits
    slips, jumps = [], []
    for cell, price in cells.items():
        before = previous.price(model, cell)
        low, high = sorted((price.picos, 0 if before is None else before.picos))
        if not low:
            continue
        if limits.unit_times * low <= high * limits.unit_slack and high <= limits.unit_times * limits.unit_slack * low:
            slips.append(cell)
        elif high > limits.jump_times * low:
            jumps.append(cell)
    if slips:
        yield "card.unit_slip", model, tuple(slips), {"previous": previous.id}
    if jumps:
        yield "card.jump", model, tuple(jumps), {"previous": previous.id}


def _picos(cells: dict[str, Price], cell: str) -> int:
    """The price of a cell, or -1."""
    return cells[cell].picos if cell in cells else -1


def _finding(
    rule: str, model: str | None, cells: tuple[str, ...], params: dict[str, Any], language: str
) -> CardFinding:
    file, shown, more = _file(), ", ".join(cells[:_SHOWN_CELLS]), len(cells) - _SHOWN_CELLS
    listed = told(file.shown, language, cells=shown, more=more) if more > 0 else shown
    figures = {**params, **msgspec.structs.asdict(file.limits)}
    message = told(file.messages[rule], language, cells=listed, **figures)
    return CardFinding(rule=rule, model=model, cells=cells, message=message)


def _file() -> _LintFile:
    return _LintFile.read("lint.json")
