"""Sums over many requests: what they cost, on two cards, and what they could save."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.prices.alternatives import alternatives
from reapi_rules.sheets.meaning.columns import find_columns
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.groups import Groups
from reapi_rules.sheets.results.totals import Repricing, Totals
from reapi_rules.sheets.results.what_if import Savings
from tests.support.strategies import valid_bodies


@given(st.lists(valid_bodies(), max_size=6))
def test_savings_are_those_of_the_best_alternatives(bodies: list[dict[str, Any]]) -> None:
    savings = Savings()
    for body in bodies * 2:
        savings.add(preflight(body))
    best = [found[0] for body in bodies if (found := alternatives(body))]
    assert savings.requests == 2 * len(best)
    assert savings.credits == 2 * sum(other.saving for other in best)
    assert savings.credits_low == 2 * sum(other.saving_low for other in best)
    assert savings.by_quality == 2 * sum(other.saving for other in best if other.kind == "quality.explicit")


def test_a_mirrored_size_is_no_default_size() -> None:
    mirrored = {"model": "gpt-image-2-official", "prompt": "a", "image_urls": ["https://example.com/a.png"]}
    savings = Savings()
    for body in (mirrored, {**mirrored, "image_urls": []}, mirrored):
        savings.add(preflight(body))
    best = alternatives(mirrored)[0]
    assert savings.credits == 2 * best.saving + 164
    assert savings.credits_low == 2 * best.saving_low + 164


def test_models_with_the_same_words_save_by_themselves() -> None:
    savings = Savings()
    bodies = [{"model": model, "prompt": "a fox", "resolution": "2K"} for model in ("flux-2", "flux-2-flex")]
    for body in bodies:
        savings.add(preflight(body))
    assert savings.credits == sum(alternatives(body)[0].saving for body in bodies)


def test_pixel_strings_are_not_remembered() -> None:
    savings = Savings()
    for width in range(100, 150):
        savings.add(preflight({"model": "gpt-image-2-official", "prompt": "a", "size": f"{width}x99"}))
    assert savings.requests == 50
    assert vars(savings)["_known"] == {}


@given(st.lists(valid_bodies() | st.just({}), max_size=6))
def test_repricing_is_totalling_twice(bodies: list[dict[str, Any]]) -> None:
    july = built_in().cards[0]
    other = RateCard.from_json(json.dumps(july.to_dict()).replace("0.03", "0.04").replace('"1:1@1k_high"', '"x"'))
    repricing, before, after, changed = Repricing(july, other), Totals(), Totals(), 0
    more: list[int | None] = []
    for body in bodies * 2:
        repricing.add(preflight(body))
        old, new = (preflight(body, rates=card).quote for card in (july, other))
        before.add(old)
        after.add(new)
        if old and new:
            changed += (old.credits, old.credits_low) != (new.credits, new.credits_low)
            is_priced = {old.credits is not None, new.credits is not None}
            more.append(None if len(is_priced) == 2 else (new.credits or 0) - (old.credits or 0))
    assert repricing.more == (None if None in more else sum(each or 0 for each in more))
    assert (vars(repricing.before), vars(repricing.after)) == (vars(before), vars(after))
    assert repricing.changed == changed


def test_what_has_a_price_on_one_card_alone_is_no_saving() -> None:
    july = built_in().cards[0]
    without = RateCard.from_json(json.dumps(july.to_dict()).replace('"1:1@1k_high"', '"x"'))
    square, wide = ({"model": "gpt-image-2-official", "prompt": "a", "size": size} for size in ("1:1", "16:9"))
    for cards in ((july, without), (without, july)):
        repricing = Repricing(*cards)
        for body, more in ((wide, 0), (square, None), (wide, None)):
            repricing.add(preflight(body))
            assert repricing.more == more


def test_a_row_that_ends_before_the_column_of_groups_is_among_the_blank_ones() -> None:
    groups, quote = Groups(find_columns(["size", "asset", "campaign"]), ["campaign"]), preflight({}).quote
    for cells in (["1:1"], ["1:1", "a"], ["1:1", "a", ""], ["1:1", "a", "spring"]):
        groups.add(Row(2, cells), quote)
    assert {cell: totals.requests for cell, totals in groups.listed()[0]} == {"": 3, "spring": 1}


def test_a_column_with_too_many_values_groups_nothing() -> None:
    for values, at in ((1_000, 0), (1_001, None)):
        groups = Groups(find_columns(["campaign", "size"]), ["campaign"])
        for value in range(values):
            groups.add(Row(2, [str(value), ""]), None)
        assert groups.at == at
