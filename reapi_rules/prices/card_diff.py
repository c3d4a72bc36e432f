"""The changes between two rate cards, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from reapi_rules.catalog.rates import CardId, Price, RateCard
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.credits import PICOS_PER_USD

__all__ = ["CardDiff", "Move", "diff"]


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A cell whose price changed: USD per image and credits for one image, None on the card that lacks the cell.

    ``usd_change`` is the exact difference, ``percent`` the same in per cent with one decimal; None where a card lacks
    the cell or, for ``percent``, the price was 0.
    """

    model: str
    cell: str
    usd_before: str | None
    usd_after: str | None
    usd_change: str | None
    percent: str | None
    credits_before: int | None
    credits_after: int | None


class CardDiff(msgspec.Struct, frozen=True, kw_only=True):
    """Two cards, how many cells they have between them, and those that moved.

    ``new_models`` and ``gone_models`` are those that only one of the cards has prices for.
    """

    before: CardId
    after: CardId
    cells: int
    moves: tuple[Move, ...]
    new_models: tuple[str, ...]
    gone_models: tuple[str, ...]


@takes(before=RateCard, after=RateCard)
def diff(before: RateCard, after: RateCard) -> CardDiff:
    """The cells whose price is not the same on both cards; 0.30 and 0.3 are the same.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> card = built_in().card()
    >>> changed = card.to_dict()
    >>> changed["usd_per_image"]["gpt-image-2"]["1k"] = "0.033"
    >>> [(move.cell, move.percent, move.credits_before, move.credits_after)
    ...     for move in diff(card, RateCard.from_dict(changed)).moves]
    [('1k', '+10.0', 30, 33)]
    """
    cells = {(model, cell): None for card in (before, after) for model, row in card.prices.items() for cell in row}
    return CardDiff(
        before=before.identity,
        after=after.identity,
        cells=len(cells),
        moves=tuple(_moves(before, after, [*cells])),
        new_models=tuple(_only_in(after, before)),
        gone_models=tuple(_only_in(before, after)),
    )


def _only_in(card: RateCard, other: RateCard) -> Iterator[str]:
    return (model for model, cells in card.prices.items() if cells and not other.prices.get(model))


def _moves(before: RateCard, after: RateCard, cells: list[tuple[str, str]]) -> Iterator[Move]:
    for model, cell in cells:
        old, new = before.price(model, cell), after.price(model, cell)
        if old is None or new is None or old.picos != new.picos:
            yield Move(
                model=model,
                cell=cell,
                usd_before=None if old is None else old.text,
                usd_after=None if new is None else new.text,
                usd_change=None if old is None or new is None else _signed(new.picos - old.picos, PICOS_PER_USD, 12),
                percent=_percent(old, new),
                credits_before=before.credits(model, cell),
                credits_after=after.credits(model, cell),
            )


def _percent(old: Price | None, new: Price | None) -> str | None:
    if old is None or new is None or not old.picos:
        return None
    tenths, rest = divmod(abs(new.picos - old.picos) * 1_000, old.picos)
    tenths += 2 * rest >= old.picos
    return _signed(tenths if new.picos > old.picos else -tenths, 10, 1, 1)


def _signed(amount: int, unit: int, digits: int, least: int = 0) -> str:
    """An amount in parts of a unit as a decimal with its sign, and no more zeros at its end than asked for."""
    whole, part = divmod(abs(amount), unit)
    decimals = f"{part:0{digits}}".rstrip("0").ljust(least, "0")
    return f"{'-' if amount < 0 else '+'}{whole}{'.' if decimals else ''}{decimals}"
