"""Rate cards: what one image costs in each cell, and from which date on.

A card is a JSON file.  Prices keep the decimal that was written and count as integers of 10**-12 USD; JSON
numbers are read from their text, never through a float.  Source: section "Pricing" of the page names the axes; the
figures are reAPI's live price list, as each card says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from os import PathLike
from typing import Any

import msgspec

from reapi_rules.catalog.exact_json import ExactJsonError, Number, decode
from reapi_rules.catalog.texts import Told, ToldError, reason
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.credits import PICOS_PER_USD, check_images, picos, request_credits
from reapi_rules.terms.values import escape, type_name

__all__ = ["FRESH_DAYS", "CardId", "Price", "RateCard", "RateCardError", "current"]

FORMAT = "reapi-rate-card/1"

FRESH_DAYS = 90
"""After this many days prices are reported as old."""

_REQUIRED = ("format", "id", "currency", "effective_from", "checked_on", "source", "usd_per_image")
_OPTIONAL = ("notes", "replaces")
_LONGEST = 4_000_000
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
_PRICE_LIMIT = 1_000_000 * PICOS_PER_USD


class RateCardError(Told, ValueError):
    """A card that can't be used; the message names the file, the key and what is wrong, ``said("zh")`` in Chinese."""


class Price(msgspec.Struct, frozen=True):
    """A price per image: the decimal as the card has it, and the same in integers of 10**-12 USD."""

    text: str
    picos: int


class CardId(msgspec.Struct, frozen=True, kw_only=True):
    """Which rate card a quote was made with, and from when its prices hold."""

    id: str
    effective_from: str
    checked_on: str

    @takes(today=date)
    def age(self, today: date) -> int:
        """How many days ago the prices were checked.

        >>> CardId(id="mine", effective_from="2026-07-21", checked_on="2026-07-28").age(date(2026, 8, 1))
        4
        """
        return (today - date.fromisoformat(self.checked_on)).days


class RateCard(msgspec.Struct, frozen=True, kw_only=True):
    """A dated list of prices per image in USD, by model and cell.

    >>> card = RateCard.from_dict({
    ...     "format": "reapi-rate-card/1", "id": "mine", "currency": "USD", "effective_from": "2026-09-01",
    ...     "checked_on": "2026-09-02", "source": "my contract", "usd_per_image": {"gpt-image-2": {"1k": "0.03"}},
    ... })
    >>> card.credits("gpt-image-2", "1k", n=1), card.credits("gpt-image-2", "2k")
    (30, None)
    """

    id: str
    currency: str
    effective_from: str
    checked_on: str
    source: str
    prices: dict[str, dict[str, Price]]
    notes: str | None = None
    replaces: str | None = None

    @classmethod
    @takes(path=str | PathLike)
    def load(cls, path: str | PathLike[str]) -> RateCard:
        """The card in a file.  Raises RateCardError that names the file, the key and what is wrong."""
        try:
            with open(path, "rb") as file:
                text = file.read(_LONGEST + 1)
        except OSError as error:
            raise RateCardError("of_file", name=str(path) or '""', error=reason(error)) from error
        return cls.from_json(text, name=str(path))

    @classmethod
    @takes(text=bytes | str)
    def from_json(cls, text: bytes | str, *, name: str = "rate card") -> RateCard:
        """The card in a JSON text, which errors call ``name``.  Raises RateCardError, also above 4 MB."""
        if len(text) > _LONGEST:
            raise RateCardError("of_file", name=name, error=Told("card_too_large"))
        try:
            card = decode((text.decode() if isinstance(text, bytes) else text).removeprefix("\ufeff"))
        except UnicodeDecodeError as error:
            raise RateCardError("of_file", name=name, error=Told("not_json", error=error)) from None
        except ExactJsonError as error:
            why = Told("import_it", error=error) if text.lstrip()[:1] in ("<", b"<") else error
            raise RateCardError("of_file", name=name, error=why) from None
        return cls.from_dict(card, name=name)

    @classmethod
    def from_dict(cls, card: Mapping[str, Any], *, name: str = "rate card") -> RateCard:
        """The card in a mapping of the same form; prices are text, int or Decimal.  Raises RateCardError."""
        try:
            return _card(card)
        except RateCardError as error:
            raise RateCardError("of_file", name=name, error=error) from None

    @property
    def identity(self) -> CardId:
        """The card's id and dates, as a quote names them."""
        return CardId(id=self.id, effective_from=self.effective_from, checked_on=self.checked_on)

    def price(self, model: str, cell: str) -> Price | None:
        """The price of a cell; None if the card has no price for it, which is not a price of 0.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> built_in().card().price("gpt-image-2-official", "16:9@2k_high").text
        '0.3792'
        """
        return self.prices.get(model, {}).get(cell)

    @takes(model=str, cell=str)
    def credits(self, model: str, cell: str, n: int = 1) -> int | None:
        """What ``n`` images of a cell cost, in credits; None if the card has no price for it.

        Raises TypeError or ValueError unless ``n`` is an integer of at least 1.
        """
        check_images(n)
        price = self.price(model, cell)
        return None if price is None else request_credits(price.picos, n)

    def to_dict(self) -> dict[str, Any]:
        """The card as the JSON object that it was read from."""
        prices = {model: {cell: price.text for cell, price in cells.items()} for model, cells in self.prices.items()}
        said = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        del said["prices"]
        return {"format": FORMAT, **said, "usd_per_image": prices}


@takes(as_of=date | None)
def current(cards: Iterable[RateCard], as_of: date | None = None) -> RateCard | None:
    """The card in effect on a date: the newest that is effective by then; without a date the newest of all.

    Of cards with one date the one that replaces the other counts, then the one checked last, then the last one.
    """
    day = "9999-12-31" if as_of is None else (as_of.date() if isinstance(as_of, datetime) else as_of).isoformat()
    cards = tuple(cards)
    if others := [type_name(type(card)) for card in cards if type(card) is not RateCard]:
        raise TypeError(f"rates are a RateCard or several, as RateCard.load reads them, and not {others[0]}")
    past = [card for card in cards if card.effective_from <= day]
    newest = max((card.effective_from for card in past), default="")
    same_day = [card for card in past if card.effective_from == newest]
    replaced = {card.replaces for card in same_day if card.replaces != card.id}
    standing = [card for card in same_day if card.id not in replaced] or same_day
    return max(reversed(standing), key=lambda card: card.checked_on, default=None)


def _card(card: Any) -> RateCard:
    if not isinstance(card, Mapping):
        raise RateCardError("card_object")
    for key in _REQUIRED:
        if key not in card:
            missing = RateCardError("card_lacks", key=key)
            raise RateCardError("import_it", error=missing) if "skuPrices" in card else missing
    for key in card:
        if key not in _REQUIRED and key not in _OPTIONAL:
            raise RateCardError("card_key", key=_shown(key))
    if card["format"] != FORMAT:
        raise RateCardError("card_format", format=FORMAT)
    if card["currency"] != "USD":
        raise RateCardError("card_currency")
    return RateCard(
        id=_text(card, "id"),
        currency="USD",
        effective_from=_date(card, "effective_from"),
        checked_on=_date(card, "checked_on"),
        source=_text(card, "source"),
        **{key: _text(card, key) for key in _OPTIONAL if card.get(key) is not None},
        prices=_prices(card["usd_per_image"]),
    )


def _text(card: Mapping[str, Any], key: str) -> str:
    value = card[key]
    if not isinstance(value, str) or isinstance(value, Number) or not value:
        raise RateCardError("card_text", key=key)
    return escape(str.__str__(value))


def _date(card: Mapping[str, Any], key: str) -> str:
    text = _text(card, key)
    try:
        if not re.fullmatch(_DATE, text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RateCardError("card_date", key=key) from None


def _prices(models: Any) -> dict[str, dict[str, Price]]:
    if not isinstance(models, Mapping):
        raise RateCardError("card_models")
    prices: dict[str, dict[str, Price]] = {}
    for model, cells in models.items():
        if not isinstance(model, str) or not isinstance(cells, Mapping):
            raise RateCardError("card_cells", model=_shown(model))
        priced = prices.setdefault(escape(model), {})
        for cell, price in cells.items():
            try:
                if not isinstance(cell, str):
                    raise ToldError("cell_name")
                priced[escape(cell)] = _price(price)
            except ValueError as error:
                raise RateCardError("card_price", model=_shown(model), cell=_shown(cell), error=error) from None
    return prices


def _price(price: Any) -> Price:
    if isinstance(price, float):
        raise ToldError("price_float")
    if isinstance(price, bool) or not isinstance(price, (str, int, Decimal)):
        raise ToldError("price_text")
    is_number = isinstance(price, Number) or not isinstance(price, str)
    text = _plain(str(price)) if is_number else str.__str__(price)
    amount = picos(text)
    if amount is None:
        raise ToldError("no_price", price=_shown(price))
    if amount >= _PRICE_LIMIT:
        raise ToldError("price_too_high", price=_shown(price))
    return Price(text, amount)


def _plain(number: str) -> str:
    """The text of a JSON number as a plain decimal: ``3e-2`` is ``0.03``."""
    return f"{Decimal(number):f}" if re.fullmatch(_NUMBER, number) else number  # exact, whatever the context


def _shown(value: Any) -> str:
    return escape(str(value)[:80])
