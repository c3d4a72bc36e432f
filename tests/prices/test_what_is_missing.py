"""Models without rules, cards that are not in effect yet, cells that a card lacks: nothing is made up for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reapi_rules import InvalidRequestError, RateCard, sizes_at
from reapi_rules.catalog.catalog import built_in
from reapi_rules.prices.alternatives import alternatives
from reapi_rules.prices.card_diff import diff
from reapi_rules.prices.cheapest import cheapest
from reapi_rules.prices.table import prices

MODEL = "gpt-image-2-official"
BODY = {"model": MODEL, "prompt": "a fox", "size": "1:1", "quality": "high"}
EARLY = date(2020, 1, 1)


def card_with(**cells: dict[str, str]) -> RateCard:
    (newest,) = built_in().cards[-1:]
    return RateCard.from_dict({**newest.to_dict(), "id": "part", "usd_per_image": cells})


def test_no_card_is_in_effect() -> None:
    assert alternatives(BODY, as_of=EARLY) == ()
    assert cheapest(model="midjourney", as_of=EARLY).rate_card is None
    assert cheapest(width=10, as_of=EARLY).rate_card is None


def test_a_model_without_rules() -> None:
    assert alternatives({"model": "midjourney", "prompt": "x"}) == ()
    found = cheapest(model="midjourney", n=3)
    card = built_in().card()
    assert card is not None
    assert (found.n, found.reason, found.rate_card) == (3, "no_rate", card.identity)


def test_a_model_without_resolutions() -> None:
    assert sizes_at("1k", model="imagen-4-0") == built_in().models["imagen-4-0"].words("shape")


def test_a_model_that_nobody_knows() -> None:
    with pytest.raises(InvalidRequestError, match="no-such-model"):
        prices(model="no-such-model")


def test_a_card_without_the_cell_of_a_change() -> None:
    dearest: dict[str, Any] = {MODEL: {"1:1@1k_high": "0.2"}}
    assert alternatives(BODY, rates=card_with(**dearest)) == ()
    found = alternatives(BODY, rates=card_with(**{MODEL: {"1:1@1k_high": "0.2", "1:1@1k_medium": "0.1"}}))
    assert [(other.patch, other.saving) for other in found] == [({"quality": "medium"}, 100)]


def test_a_trade_in_another_language() -> None:
    (english, *_), (chinese, *_) = (alternatives(BODY, language=language) for language in ("en", "zh"))
    assert alternatives(BODY, language="zh-CN")[0] == chinese
    assert alternatives(BODY, language="fr")[0] == english
    assert english.trade != chinese.trade
    assert english.trade.isascii()


def test_models_that_one_card_has_alone() -> None:
    old, new = card_with(**{MODEL: {"1:1@1k_high": "0.2"}}), card_with(**{"gpt-image-2": {"1k": "0.03"}})
    found = diff(old, new)
    assert (found.new_models, found.gone_models) == (("gpt-image-2",), (MODEL,))
    assert (diff(old, old).new_models, diff(old, old).gone_models) == ((), ())
