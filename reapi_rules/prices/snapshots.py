"""Rate cards from saved files: reAPI's model page, the price list in it, or a card.

The page https://reapi.ai/models carries its live prices in a script, ``window.__pricing_snapshot__={"version":<unix
milliseconds>,"skuPrices":{"<model>:<cell>":<USD per image>, ...}}``, as seen in July 2026.  Anyone can save that page
from a browser; nothing here uses the network.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Container, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.exact_json import ExactJsonError, Number, decode, decode_at
from reapi_rules.catalog.rates import FORMAT, RateCard, RateCardError
from reapi_rules.terms.arguments import takes

__all__ = ["Imported", "import_card"]

PAGE = "https://reapi.ai/models"
_NAME = "window.__pricing_snapshot__"
_SNAPSHOT = re.compile(r"""(?<![\w$])__pricing_snapshot__(?:["']\])?\s*=\s*(?:(?={\s*["}])|{?\s*\Z)""")
"""An assignment of a JSON object, or of what is cut off; a copy in a string begins with an escaped quote."""

_MILLISECONDS = re.compile(r"[1-9][0-9]{12}")  # the years 2001 to 2286; Unix seconds have three digits less
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A card, and how many prices of other models the saved list had besides."""

    card: RateCard
    passed_over: int


@takes(saved=bytes | str, checked_on=date | None, name=str)
def import_card(
    saved: bytes | str, *, checked_on: date | None = None, catalog: Catalog | None = None, name: str = "snapshot"
) -> Imported:
    r"""The rate card in a saved page, a bare price list or a card.

    >>> prices = '{"version": 1785200182468, "skuPrices": {"gpt-image-2:1k": 0.03, "flux-2": 0.04}}'
    >>> imported = import_card(f"<script>window.__pricing_snapshot__={prices};</script>")
    >>> imported.card.effective_from, imported.card.credits("gpt-image-2", "1k"), imported.passed_over
    ('2026-07-28', 30, 1)

    A price list becomes a card with the models that the catalog has rules for; its version, Unix milliseconds, gives
    id and date, and ``checked_on`` is the same date unless another is given.  Raises RateCardError, which begins with
    ``name``, for a text without a price list, with two different or a truncated one, or with an invalid price.
    """
    models, others = chosen(catalog).models, 0
    try:
        content, text = _find(_text(saved))
        if not {"format", "usd_per_image"} & content.keys():
            content, others = _as_card(content, text, models)
    except RateCardError as error:
        raise RateCardError("of_file", name=name, error=error) from None
    card = RateCard.from_dict(content, name=name)
    if checked_on is not None:
        card = msgspec.structs.replace(card, checked_on=checked_on.isoformat())
    return Imported(card=card, passed_over=others)


def _as_card(content: Mapping[str, Any], text: str, models: Container[str]) -> tuple[dict[str, Any], int]:
    """A price list as a card has it, and how many prices of other models it has besides."""
    version = content.get("version")
    if not isinstance(version, Number) or not _MILLISECONDS.fullmatch(version):
        raise RateCardError("list_undated")
    prices = _prices(content)
    ours = {model: cells for model, cells in prices.items() if model in models}
    if not ours:
        raise RateCardError("list_without_models")
    moment = _EPOCH + timedelta(milliseconds=int(version))
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    card = {
        "format": FORMAT,
        "id": f"reapi-{moment:%Y-%m-%d-%H%M%S}",
        "currency": "USD",
        "effective_from": f"{moment:%Y-%m-%d}",
        "checked_on": f"{moment:%Y-%m-%d}",
        "source": f"{PAGE}, {_NAME}, version {version} ({moment:%Y-%m-%dT%H:%M:%SZ}, sha256 {digest})",
        "usd_per_image": ours,
    }
    return card, sum(map(len, prices.values())) - sum(map(len, ours.values()))


def _text(saved: bytes | str) -> str:
    """The text of a file, byte-order mark dropped; bytes that are no UTF-8 survive, as they can't be in a price."""
    if isinstance(saved, str):
        return saved.removeprefix("\ufeff")
    if saved.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return saved.decode("utf-16", "replace")
    return saved.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def _find(text: str) -> tuple[Mapping[str, Any], str]:
    """The price list or card in a text, and its very text."""
    if text.lstrip().startswith("{"):
        return _read(decode, text), text.strip()
    found: tuple[Mapping[str, Any], str] | None = None
    at = 0
    while match := _SNAPSHOT.search(text, at):
        content, at = _read(decode_at, text, match.end())
        if found is not None and content != found[0]:
            raise RateCardError("two_lists", name=_NAME)
        found = content, text[match.end() : at]
    if found is None:
        raise RateCardError("no_list", page=PAGE, name=_NAME)
    return found


def _read(decode: Callable[..., Any], *place: Any) -> Any:
    try:
        return decode(*place)
    except ExactJsonError as error:
        if error.is_cut_off:
            raise RateCardError("list_truncated") from None
        raise RateCardError("list_unreadable", error=error) from None


def _prices(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The prices by model and cell; a key without a colon belongs to no model."""
    keys = content.get("skuPrices")
    if not isinstance(keys, Mapping) or not keys:
        raise RateCardError("list_without_prices")
    prices: dict[str, dict[str, Any]] = {}
    for key, price in keys.items():
        model, colon, cell = key.partition(":")
        prices.setdefault(model if colon else "", {})[cell if colon else key] = price
    return prices
