"""The difference of two cards: the cells that moved, exactly, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from reapi_rules import RateCard
from reapi_rules.prices.card_diff import diff
from tests.support.cards import made_up
from tests.support.strategies import rate_cards


class TestDiff:
    @given(rate_cards())
    def test_of_a_card_and_itself_is_empty(self, drawn: dict[str, Any]) -> None:
        card = RateCard.from_dict(drawn)
        result = diff(card, card)
        assert result.moves == ()
        assert result.cells == sum(map(len, drawn["usd_per_image"].values()))
        assert (result.before, result.after) == (card.identity, card.identity)

    @given(rate_cards(), rate_cards())
    def test_turned_round_it_is_the_same_with_the_signs_changed(
        self, one: dict[str, Any], other: dict[str, Any]
    ) -> None:
        first, second = RateCard.from_dict(one), RateCard.from_dict(other)
        there = {(move.model, move.cell): move for move in diff(first, second).moves}
        back = {(move.model, move.cell): move for move in diff(second, first).moves}
        assert there.keys() == back.keys()
        for cell, move in there.items():
            assert (move.usd_before, move.credits_before) == (back[cell].usd_after, back[cell].credits_after)
            if move.usd_change is not None:
                assert Fraction(move.usd_change) == -Fraction(str(back[cell].usd_change))

    @given(rate_cards(), rate_cards())
    def test_holds_what_moved_and_how_far(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        before, after = one["usd_per_image"], other["usd_per_image"]
        moves = {
            (move.model, move.cell): move for move in diff(RateCard.from_dict(one), RateCard.from_dict(other)).moves
        }
        for model, cell in {(name, cell) for prices in (before, after) for name, row in prices.items() for cell in row}:
            old, new = before[model].get(cell), after[model].get(cell)
            move = moves.pop((model, cell), None)
            if old is not None and new is not None and Fraction(old) == Fraction(new):
                assert move is None
                continue
            assert move is not None
            assert (move.usd_before, move.usd_after) == (old, new)
            if old is None or new is None:
                assert move.usd_change is move.percent is None
                continue
            assert Fraction(str(move.usd_change)) == Fraction(new) - Fraction(old)
            assert str(move.usd_change)[0] in "+-"
            if Fraction(old) == 0:
                assert move.percent is None
            else:
                exact = (Fraction(new) - Fraction(old)) * 100 / Fraction(old)
                assert abs(Fraction(str(move.percent)) - exact) <= Fraction(1, 20)
        assert not moves

    def test_the_spelling_of_a_price_is_no_move(self) -> None:
        short, long = (made_up({"gpt-image-2": {"1k": price}}) for price in ("0.3", "0.300"))
        assert diff(RateCard.from_dict(short), RateCard.from_dict(long)).moves == ()

    @pytest.mark.parametrize(
        ("old", "new", "change", "percent"),
        (
            ("0.3", "0.33", "+0.03", "+10.0"),
            ("0.33", "0.3", "-0.03", "-9.1"),
            ("1", "3", "+2", "+200.0"),
            ("10", "20.5", "+10.5", "+105.0"),
            ("0.02", "0.01999", "-0.00001", "-0.1"),  # half of a tenth is rounded up
            ("2", "2.0009", "+0.0009", "+0.0"),
            ("100", "100.1", "+0.1", "+0.1"),
            ("0", "1", "+1", None),
        ),
    )
    def test_changes_are_spelt_with_a_sign_and_percents_with_one_decimal(
        self, old: str, new: str, change: str, percent: str | None
    ) -> None:
        cards = [RateCard.from_dict(made_up({"gpt-image-2": {"1k": price, "2k": "1"}})) for price in (old, new)]
        (move,) = diff(*cards).moves
        assert (move.cell, move.usd_change, move.percent) == ("1k", change, percent)
