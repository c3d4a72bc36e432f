"""The finite table of prices: all that reAPI takes, nothing else, and each price exact."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from reapi_rules import InvalidRequestError, RateCard
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.prices.table import prices
from tests.support.oracle import OFFICIAL, QUALITIES, SIBLING, SIZE_WORDS, TIERS, oracle_report
from tests.support.strategies import rate_cards


class TestTheTable:
    @settings(max_examples=25)  # each example is 170 reports
    @given(rate_cards())
    def test_is_the_engine_on_every_combination(self, card: dict[str, Any]) -> None:
        for model, qualities in ((OFFICIAL, QUALITIES), (SIBLING, (None,))):
            table = iter(prices(model=model, rates=RateCard.from_dict(card)))
            for size, tier, quality in itertools.product(SIZE_WORDS, TIERS, qualities):
                body = {"model": model, "prompt": "a", "size": size, "resolution": tier, "quality": quality}
                expected = oracle_report(body, cards=[card])
                if not expected["ok"]:
                    continue
                row = next(table)
                assert (row.model, row.size, row.resolution, row.quality) == (model, size, tier, quality)
                assert (row.width, row.height) == (expected["dimensions"]["width"], expected["dimensions"]["height"])
                assert row.usd_per_image == expected["quote"]["per_image_usd"]
                assert row.rate_card == card["id"]
                assert row.bills_as == ("high" if quality == "auto" else quality)
                assert row.n is row.credits is None
                needed = expected["quote"]["missing"]
                assert row.cell == (
                    expected["quote"]["cell"] or (needed[0] if size != "auto" or model == SIBLING else None)
                )
                if row.usd_per_image is None:
                    assert row.usd_picos is row.usd_micros is None
                else:
                    micros = Fraction(row.usd_per_image) * 10**6
                    assert row.usd_picos == Fraction(row.usd_per_image) * 10**12
                    assert row.usd_micros == (micros if micros.denominator == 1 else None)
            assert next(table, None) is None

    def test_the_only_gap_of_a_tier_is_the_cell_of_its_own_row_alone(self) -> None:
        """Of size auto any cell of the tier may be billed."""
        card = built_in().cards[-1].to_dict()
        del card["usd_per_image"][OFFICIAL]["21:9@1k_high"]
        rows = [row for row in prices(rates=RateCard.from_dict(card)) if row.usd_per_image is None]
        assert {(row.size, row.cell) for row in rows} == {("21:9", "21:9@1k_high"), ("auto", None)}

    def test_counts(self) -> None:
        assert (len(prices()), len(prices(model=SIBLING)), len(prices([1, 2, 3, 4]))) == (136, 34, 544)

    def test_micros_are_exact_on_the_july_card(self) -> None:
        assert all(row.usd_micros is not None for row in prices() + prices(model=SIBLING))

    @settings(max_examples=10)  # each example is 408 rows
    @given(rate_cards(complete=True))
    def test_the_published_sql_gives_the_credits(self, card: dict[str, Any]) -> None:
        """(usd_picos * n + 999999999) // 1000000000, in integers: what a database computes from the table."""
        for row in prices([1, 3, 4], rates=RateCard.from_dict(card)):
            assert row.usd_picos is not None
            assert row.n is not None
            assert row.credits == (row.usd_picos * row.n + 999_999_999) // 1_000_000_000

    def test_prices_are_integers_and_text(self) -> None:
        for row in prices([2]):
            assert {type(row.usd_picos), type(row.usd_micros), type(row.credits)} <= {int, type(None)}
            assert type(row.usd_per_image) in (str, type(None))

    def test_several_cards_and_a_date(self) -> None:
        july = built_in().cards[0]
        august = RateCard.from_dict({**july.to_dict(), "id": "august", "effective_from": "2026-08-01"})
        for month, card in ((7, july), (8, august)):
            day = date(2026, month, 30)
            for rates in ([july, august], iter([july, august]), (august, july)):
                assert prices(rates=rates, as_of=day) == prices(rates=card)
        assert {row.rate_card for row in prices(rates=[july, august])} == {"august"}

    def test_without_a_card_there_is_no_price(self) -> None:
        table = prices([2], as_of=date(2020, 1, 1))
        assert len(table) == 136
        assert {(row.usd_per_image, row.usd_picos, row.credits, row.rate_card) for row in table} == {(None,) * 4}

    @pytest.mark.parametrize("options", ({"n": [0]}, {"n": [5]}, {"model": "x"}, {"model": SIBLING, "n": [2]}))
    def test_what_reapi_would_reject(self, options: dict[str, Any]) -> None:
        with pytest.raises(InvalidRequestError):
            prices(**options)

    def test_another_model(self) -> None:
        table = prices(
            [4], model="paint-1", catalog=Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        )
        assert len(table) == 3 * 3 + 3
        assert {(row.quality, row.bills_as, row.cell, row.credits) for row in table} == {
            ("draft", "draft", "draft", 6), ("fine", "fine", "fine", 170), ("best", "fine", "fine", 170),
        }  # fmt: skip
