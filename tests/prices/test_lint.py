"""Lint of rate cards: one planted mistake at a time, the laws against a slow statement, and silence on a good card."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.rates import RateCardError
from reapi_rules.prices.lint import card_before, lint
from tests.support.oracle import OFFICIAL, SIBLING
from tests.support.strategies import ALL_CELLS, rate_cards

JULY = built_in().cards[0]
DAY = date(2026, 8, 1)


def changed(model: str = OFFICIAL, **prices: str | None) -> RateCard:
    """The July card under another name, with some prices set, or taken away."""
    card = {**JULY.to_dict(), "id": "changed"}
    cells = card["usd_per_image"][model]
    for cell, price in prices.items():
        cells.pop(cell) if price is None else cells.update({cell: price})
    return RateCard.from_dict(card)


def found(card: RateCard, **options: Any) -> dict[str, tuple[str, ...]]:
    return {finding.rule: finding.cells for finding in lint(card, **options)}


class TestAGoodCard:
    def test_has_no_findings(self) -> None:
        assert lint(JULY, today=DAY) == ()
        assert lint(changed(), previous=JULY, today=DAY) == ()

    def test_the_rules_are_those_of_the_data(self) -> None:
        messages = set(json.loads(data_file("lint.json"))["messages"])
        card = {**JULY.to_dict(), "id": "odd", "checked_on": "2026-01-01", "usd_per_image": {
            "x": {"1k": "1"}, SIBLING: {"8k": "0", "1k": "0.63", "2k": "50"},
            OFFICIAL: {"16:9@1k_low": "2", "9:16@1k_low": "1", "16:9@1k_medium": "1"},
        }}  # fmt: skip
        seen = set(found(RateCard.from_dict(card), previous=JULY, today=DAY))
        assert seen | set(found(changed(), today=date(2026, 1, 1))) == messages


class TestOneMistake:
    @pytest.mark.parametrize("cell", ("16:9@2k_high", "1:1@1k_low"))
    def test_a_gap(self, cell: str) -> None:
        finding = lint(changed(OFFICIAL, **{cell: None}))[0]
        assert (finding.rule, finding.model, finding.cells) == ("card.gap", OFFICIAL, (cell,))
        assert finding.message == f"no price for 1 of 96 cells: {cell}"

    @pytest.mark.parametrize("is_there", (False, True))
    def test_models_without_any_price_are_one_finding(self, is_there: bool) -> None:
        card = JULY.to_dict()
        for model in (SIBLING, "flux-2"):
            card["usd_per_image"].pop(model)
            card["usd_per_image"] |= {model: {}} if is_there else {}
        (finding,) = lint(RateCard.from_dict(card), previous=JULY)
        assert (finding.rule, finding.model, finding.cells) == ("card.absent_models", None, (SIBLING, "flux-2"))
        assert finding.message == f"no price for 2 of 18 models: {SIBLING}, flux-2"

    def test_a_zero_price(self) -> None:
        assert found(changed(SIBLING, **{"1k": "0.000"}), previous=JULY) == {"card.zero_price": ("1k",)}

    def test_a_key_that_is_no_cell(self) -> None:
        assert found(changed(**{"1:1@4k_high": "1", "16:9@2k_auto": "1"})) == {
            "card.unknown_cell": ("1:1@4k_high", "16:9@2k_auto")
        }
        assert [finding.model for finding in lint(changed(**{"1:1@4k_high": "1"}))] == [OFFICIAL]
        assert found(changed(SIBLING, **{"1K": "1"})) == {"card.unknown_cell": ("1K",)}

    def test_a_model_without_rules(self) -> None:
        card = JULY.to_dict()
        card["usd_per_image"]["kling-3-0"] = {"2k": "1"}
        assert found(RateCard.from_dict(card), previous=JULY) == {"card.unknown_model": ("2k",)}
        assert [finding.model for finding in lint(RateCard.from_dict(card))] == ["kling-3-0"]

    def test_of_many_cells_the_first_six_are_named(self) -> None:
        cells = [cell for cell in JULY.prices[OFFICIAL] if cell.endswith("_low")][:7]
        for count, more in ((6, ""), (7, " and 1 more")):
            (finding,) = lint(changed(OFFICIAL, **dict.fromkeys(cells[:count])))
            assert set(finding.cells) == set(cells[:count])
            assert finding.message.endswith(f": {', '.join(finding.cells[:6])}{more}")

    def test_unequal_twins(self) -> None:
        assert found(changed(**{"4:5@2k_low": "0.02393"}), previous=JULY) == {
            "card.unequal_twins": ("5:4@2k_low", "4:5@2k_low")
        }

    def test_a_quality_that_costs_less_than_the_one_below(self) -> None:
        assert found(changed(**{"1:1@1k_medium": "0.0047"})) == {"card.quality_order": ("1:1@1k_medium",)}
        assert found(changed(**{"1:1@1k_medium": "0.0048"})) == {}

    @pytest.mark.parametrize(
        ("price", "rule"),
        (
            ("0.6", None), ("0.600000000001", "card.jump"), ("0.0015", None), ("0.001499999999", "card.jump"),
            ("14.9", "card.jump"), ("15", "card.unit_slip"), ("30", "card.unit_slip"), ("60", "card.unit_slip"),
            ("60.1", "card.jump"), ("0.00003", "card.unit_slip"), ("0.00006", "card.unit_slip"), ("0.000061", "card.jump"),
        ),
    )  # fmt: skip
    def test_a_jump_or_a_slip_of_units(self, price: str, rule: str | None) -> None:
        assert set(found(changed(SIBLING, **{"1k": price}), previous=JULY)) == ({rule} if rule else set())
        assert found(changed(SIBLING, **{"1k": price})) == {}

    def test_a_jump_and_a_slip_name_the_card_before_and_the_cells(self) -> None:
        findings = lint(changed(SIBLING, **{"1k": "14.9", "2k": "50", "4k": "80"}), previous=JULY)
        assert [finding.cells for finding in findings] == [("2k", "4k"), ("1k",)]
        for finding in findings:
            assert JULY.id in finding.message
            assert finding.message.endswith(": " + ", ".join(finding.cells))

    def test_credits_instead_of_usd_in_every_cell(self) -> None:
        card = {**JULY.to_dict(), "id": "credits"}
        for cells in card["usd_per_image"].values():
            cells.update({cell: str(Decimal(price) * 1000) for cell, price in cells.items()})
        findings = [
            finding for finding in lint(RateCard.from_dict(card), previous=JULY) if finding.rule == "card.unit_slip"
        ]
        assert [finding.model for finding in findings] == list(JULY.prices)
        assert "and 90 more" in findings[list(JULY.prices).index(OFFICIAL)].message

    @pytest.mark.parametrize(("days", "rules"), ((-1, {"card.future"}), (0, set()), (90, set()), (91, {"card.age"})))
    def test_the_age(self, days: int, rules: set[str]) -> None:
        findings = lint(JULY, today=date(2026, 7, 28) + timedelta(days=days))
        assert {finding.rule for finding in findings} == rules
        for finding in findings:
            assert "2026-07-28" in finding.message
            assert (str(days) in finding.message) is (days > 0)


class TestAnyCard:
    @given(rate_cards(cells_of=ALL_CELLS), rate_cards(cells_of=ALL_CELLS))
    def test_as_stated_slowly(self, drawn: dict[str, Any], before: dict[str, Any]) -> None:
        prices = {
            (model, cell): Fraction(price)
            for model, row in drawn["usd_per_image"].items()
            for cell, price in row.items()
        }
        actual = {
            (finding.rule, finding.model, cell)
            for finding in lint(RateCard.from_dict(drawn), previous=RateCard.from_dict(before))
            for cell in finding.cells
        }
        expected: set[tuple[str, str | None, str]] = set()
        for model, cells in ALL_CELLS.items():
            if not any((model, cell) in prices for cell in cells):
                expected.add(("card.absent_models", None, model))
                continue
            for cell in cells:
                price = prices.get((model, cell))
                if price is None:
                    expected.add(("card.gap", model, cell))
                    continue
                if price == 0:
                    expected.add(("card.zero_price", model, cell))
                if model == OFFICIAL:
                    ratio, _, rest = cell.partition("@")
                    twin = prices.get((model, ":".join(reversed(ratio.split(":"))) + "@" + rest), price)
                    if twin != price:
                        expected.add(("card.unequal_twins", model, cell))
                    for quality, below in (("high", "medium"), ("medium", "low")):
                        if cell.endswith(quality) and prices.get((model, cell.replace(quality, below)), price) > price:
                            expected.add(("card.quality_order", model, cell))
                old = Fraction(before["usd_per_image"].get(model, {}).get(cell, 0))
                if old and price:
                    times = max(old / price, price / old)
                    if 500 <= times <= 2000:
                        expected.add(("card.unit_slip", model, cell))
                    elif times > 20:
                        expected.add(("card.jump", model, cell))
        assert actual == expected

    @given(rate_cards(complete=True, equal_twins=True, cells_of=ALL_CELLS))
    def test_a_complete_card_with_equal_twins_has_neither_gaps_nor_unequal_twins(self, drawn: dict[str, Any]) -> None:
        assert not {"card.gap", "card.unequal_twins"} & set(found(RateCard.from_dict(drawn)))

    @given(
        st.dictionaries(st.text(max_size=5), st.dictionaries(st.text(max_size=8), st.just("1"), max_size=3), max_size=3)
    )
    def test_any_names(self, prices: dict[str, dict[str, str]]) -> None:
        try:
            card = RateCard.from_dict({**JULY.to_dict(), "id": "any", "usd_per_image": prices})
        except RateCardError:
            return
        assert lint(card, previous=JULY, today=DAY)


class TestAnotherModel:
    def test_is_linted_by_its_own_rules(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        prices = {**JULY.to_dict()["usd_per_image"], "paint-1": {"draft": "2", "fine": "1", "best": "3"}}
        card = RateCard.from_dict({**JULY.to_dict(), "usd_per_image": prices})
        assert found(card, catalog=catalog) == {"card.unknown_cell": ("best",), "card.quality_order": ("fine",)}


class TestWhichCardIsBefore:
    def test_the_one_that_holds_when_the_other_begins(self) -> None:
        def dated(name: str, day: str) -> RateCard:
            return RateCard.from_dict({**JULY.to_dict(), "id": name, "effective_from": day})

        old, middle, new = dated("old", "2026-01-01"), dated("middle", "2026-05-01"), dated("new", "2026-09-01")
        cards = (new, old, middle)
        assert card_before(dated("mine", "2026-08-31"), cards) is middle
        assert card_before(dated("mine", "2026-05-01"), cards) is middle
        assert card_before(dated("mine", "2020-01-01"), cards) is new
        assert card_before(middle, cards) is old
        assert card_before(old, (old,)) is None
