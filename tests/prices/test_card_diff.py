"""The difference of two cards: the cells that moved, exactly, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given

from reapi_rules import RateCard
from reapi_rules.prices.card_diff import diff
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
        card = {
            "format": "reapi-rate-card/1", "id": "a", "currency": "USD", "effective_from": "2026-08-01",
            "checked_on": "2026-08-01", "source": "s", "usd_per_image": {"gpt-image-2": {"1k": "0.3"}},
        }  # fmt: skip
        longer = {**card, "usd_per_image": {"gpt-image-2": {"1k": "0.300"}}}
        assert diff(RateCard.from_dict(card), RateCard.from_dict(longer)).moves == ()
