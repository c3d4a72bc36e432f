"""Advice: every alternative passes, costs less and says what it gives up; and none is missing (by brute force)."""

from __future__ import annotations

import itertools
import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard, preflight, quote
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.prices.alternatives import Alternative, alternatives, saving
from tests.support.oracle import OFFICIAL, RATIOS, SIBLING, TIERS, cell_edges, nearest_cell, oracle_report
from tests.support.strategies import FAULTS, json_values, rate_cards, valid_bodies

DATA = Path(__file__).parents[2] / "data"
JULY = built_in().cards[0].to_dict()
IMAGE = ["https://example.com/a.png"]
BELOW = {"high": "medium", "medium": "low", "4k": "2k", "2k": "1k"}


def changes(effective: dict[str, Any], report: dict[str, Any], card: dict[str, Any]) -> list[dict[str, str]]:
    """Every change that the advice is about, in the words of its description; whether it is cheaper comes later."""
    result: list[dict[str, str]] = []
    size, tier, quality = effective["size"], effective["resolution"], effective.get("quality")
    if quality == "auto":
        result += [{"quality": word} for word in ("low", "medium", "high")]
    elif quality in BELOW:
        result.append({"quality": BELOW[quality]})
    if size == "auto":
        result += [{"size": ratio} for ratio in RATIOS]
    if report["quote"]["reason"] == "pixel_size" and 0 not in map(int, size.split("x")):
        width, height = map(int, size.split("x"))
        ratio = nearest_cell(width, height)[0]
        billed = "high" if quality == "auto" else quality
        covering = []
        for there in TIERS:
            edges, price = cell_edges(ratio, there), card["usd_per_image"][OFFICIAL].get(f"{ratio}@{there}_{billed}")
            if edges and edges[0] >= width and edges[1] >= height and price is not None:
                covering.append((Fraction(price), there))
        if covering:
            result.append({"size": ratio, "resolution": min(covering, key=lambda found: found[0])[1]})
    if tier in BELOW:
        result.append({"resolution": BELOW[tier]})
    return result


def brute_force(body: dict[str, Any], card: dict[str, Any]) -> dict[tuple[tuple[str, str], ...], tuple[int, int]]:
    """What the changed request costs, low and high, for each change that is accepted and cheaper."""
    report = oracle_report(body, cards=[card])
    if not report["ok"] or report["quote"]["credits"] is None:
        return {}
    cheaper = {}
    for patch in changes(report["effective"], report, card):
        other = oracle_report({**report["payload"], **patch}, cards=[card])
        if other["ok"] and other["quote"]["credits"] is not None:
            low, high = other["quote"]["credits_low"], other["quote"]["credits"]
            if high < report["quote"]["credits"]:
                cheaper[tuple(sorted(patch.items()))] = (low, high)
    return cheaper


def by_patch(found: tuple[Alternative, ...]) -> dict[tuple[tuple[str, str], ...], tuple[int, int]]:
    return {tuple(sorted(other.patch.items())): (other.credits_low, other.credits) for other in found}


class TestNothingIsMissing:
    SIZES = (None, *RATIOS, "auto", "1920x1080", "1024x1024", "2048x1152", "1000x1000", "1024x1100", "5000x20", "0x5")

    @pytest.mark.parametrize("size", SIZES)
    def test_on_the_july_card_for_every_combination(self, size: str | None) -> None:
        for resolution, quality, n, images in itertools.product(
            (None, "1k", "2k", "4K"), (None, "auto", "low", "medium", "high"), (1, 3), (None, IMAGE)
        ):
            for model in (OFFICIAL, SIBLING):
                body = {
                    "model": model, "prompt": "a", "size": size, "resolution": resolution, "quality": quality,
                    "n": n if model == OFFICIAL else 1, "image_urls": images,
                }  # fmt: skip
                assert by_patch(alternatives(body)) == brute_force(body, JULY)

    @given(valid_bodies(), rate_cards())
    def test_on_any_card(self, body: dict[str, Any], card: dict[str, Any]) -> None:
        found = alternatives(body, rates=RateCard.from_dict(card))
        assert by_patch(found) == brute_force(body, card)

    @given(valid_bodies(OFFICIAL), rate_cards(complete=True))
    def test_on_any_complete_card(self, body: dict[str, Any], card: dict[str, Any]) -> None:
        found = alternatives(body, rates=RateCard.from_dict(card))
        assert by_patch(found) == brute_force(body, card)


class TestLaws:
    @given(valid_bodies(), rate_cards(complete=True))
    def test_passes_costs_less_says_what_it_gives_up(self, body: dict[str, Any], drawn: dict[str, Any]) -> None:
        card = RateCard.from_dict(drawn)
        before = preflight(body, rates=card)
        assert before.quote is not None
        found = alternatives(body, rates=card)
        for other in found:
            after = preflight({**body, **other.patch}, rates=card)
            assert after.ok
            assert after.quote is not None
            assert (after.quote.credits, after.quote.credits_low) == (other.credits, other.credits_low)
            assert other.credits < (before.quote.credits or 0)
            assert other.trade.startswith("gives up ")
            assert "\n" not in other.trade
            assert "{" not in other.trade
            assert other.saving_low <= other.saving
            assert other.saving > 0
            if before.quote.basis == after.quote.basis == "exact":
                assert other.saving == other.saving_low == (before.quote.credits or 0) - other.credits
        assert list(found) == sorted(found, key=lambda other: -other.saving)

    @given(
        rate_cards(complete=True),
        st.sampled_from(("1k", "2k")),
        st.sampled_from(("auto", "medium", "high")),
        st.integers(1, 4),
    )
    def test_a_mirrored_size_saves_what_its_own_ratio_saves(
        self, drawn: dict[str, Any], resolution: str, quality: str, n: int
    ) -> None:
        """Whichever ratio the reference has, the saving lies between the bounds, and both bounds are reached."""
        card = RateCard.from_dict(drawn)
        axes = {"resolution": resolution, "quality": quality, "n": n}
        body = {"model": OFFICIAL, "prompt": "a", "image_urls": IMAGE, **axes}
        for other in alternatives(body, rates=card):
            savings = [
                (quote({**body, "size": ratio}, rates=card).credits or 0)
                - (quote({**body, "size": ratio, **other.patch}, rates=card).credits or 0)
                for ratio in RATIOS
            ]
            assert (min(savings), max(savings)) == (other.saving_low, other.saving)

    @given(valid_bodies(OFFICIAL), rate_cards(complete=True))
    def test_pixels_that_become_a_cell_save_between_the_bounds(
        self, body: dict[str, Any], drawn: dict[str, Any]
    ) -> None:
        card = RateCard.from_dict(drawn)
        before = preflight(body, rates=card).quote
        for other in alternatives(body, rates=card):
            if other.kind == "size.covering" and before is not None:
                assert before.basis == "bounded"
                assert other.saving == (before.credits or 0) - other.credits
                assert other.saving_low == (before.credits_low or 0) - other.credits


class TestWhatItSays:
    def test_quality_left_to_auto(self) -> None:
        found = alternatives({"model": OFFICIAL, "prompt": "a fox"})
        assert [(other.kind, other.patch, other.credits, other.saving) for other in found] == [
            ("quality.explicit", {"quality": "low"}, 5, 164),
            ("quality.explicit", {"quality": "medium"}, 43, 126),
        ]
        assert found[1].trade == "gives up high quality, which auto runs at, for medium"

    @pytest.mark.parametrize(
        ("axes", "kind", "trade"),
        (
            ({"quality": "high"}, "quality.lower", "gives up high quality for medium"),
            ({"size": "auto"}, "size.explicit", "gives up letting reAPI choose the shape: the image is 4:3"),
            ({"size": "1:1", "resolution": "2k", "quality": "low"}, "resolution.lower", "gives up pixels: 1024x1024 instead of 2048x2048"),
            ({"size": "auto", "resolution": "2k"}, "resolution.lower", "gives up pixels: 1k instead of 2k"),
            ({"size": "1920x1080", "resolution": "2k"}, "resolution.lower", "gives up pixels: 1k instead of 2k"),
            ({"size": "1920x1080", "resolution": "2k"}, "size.covering", "gives up exactly 1920x1080 pixels, which reAPI would change anyway: the image is 2048x1152, so crop it or scale it down"),
        ),
    )  # fmt: skip
    def test_the_trade(self, axes: dict[str, Any], kind: str, trade: str) -> None:
        found = alternatives({"model": OFFICIAL, "prompt": "a fox", **axes})
        assert trade in [other.trade for other in found if other.kind == kind]

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
    def test_nothing_on_a_rejected_request(self, fault: Any) -> None:
        assert alternatives({"model": OFFICIAL, "prompt": "a fox", fault.field: fault.value}) == ()

    def test_nothing_without_a_price(self) -> None:
        empty = RateCard.from_dict({**JULY, "usd_per_image": {}})
        assert alternatives({"model": OFFICIAL, "prompt": "a fox"}, rates=empty) == ()
        assert alternatives({"model": OFFICIAL, "prompt": "a fox"}, rates=()) == ()
        low = RateCard.from_dict({**JULY, "usd_per_image": {OFFICIAL: {"1:1@1k_low": "0.1"}}})
        assert alternatives({"model": OFFICIAL, "prompt": "a fox", "quality": "medium"}, rates=low) == ()

    def test_no_saving_against_what_has_no_price(self) -> None:
        priced = preflight({"model": OFFICIAL, "prompt": "a fox"})
        rejected = preflight({"model": OFFICIAL, "prompt": "a fox", "n": 5})
        unpriced = preflight({"model": OFFICIAL, "prompt": "a fox"}, rates=())
        for other in (rejected, unpriced):
            assert saving(priced, other) is saving(other, priced) is None

    @given(json_values())
    def test_whatever_it_gets(self, body: Any) -> None:
        assert alternatives(body, default_model=OFFICIAL) is not None

    def test_pixels_that_are_the_billed_cell_need_no_other_name(self) -> None:
        prices = {**JULY["usd_per_image"][OFFICIAL], "1:1@2k_low": "0.001"}
        card = RateCard.from_dict({**JULY, "usd_per_image": {OFFICIAL: prices}})
        assert alternatives({"model": OFFICIAL, "prompt": "a", "size": "1024x1024", "quality": "low"}, rates=card) == ()

    def test_edges_of_any_length(self) -> None:
        digits = "9" * 100_000
        body = {"model": OFFICIAL, "prompt": "a", "quality": "low", "size": f"{digits}x{digits}"}
        assert alternatives(body) == ()

    def test_another_model(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        found = alternatives({"model": "paint-1", "prompt": "a"}, catalog=catalog)
        assert [(other.patch, other.credits, other.saving) for other in found] == [({"quality": "draft"}, 5, 123)]


class TestSaving:
    def test_is_that_of_the_alternative(self) -> None:
        """Of exact prices, and of bounded ones that depend on the same unknown."""
        card = RateCard.from_dict(JULY)
        for axes in (
            {"quality": "high"},
            {"size": "auto", "quality": "medium"},
            {"size": "1920x1080"},
            {"size": "auto", "n": 3},
        ):
            body = {"model": OFFICIAL, "prompt": "a", **axes}
            found = alternatives(body, rates=card)
            assert found
            for other in found:
                reports = (preflight(each, rates=card) for each in (body, body | other.patch))
                assert saving(*reports) == (other.saving_low, other.saving)

    def test_of_what_is_free(self) -> None:
        prices = JULY["usd_per_image"][OFFICIAL]
        free = {cell: "0" if cell.endswith("_low") else price for cell, price in prices.items()}
        card = RateCard.from_dict({**JULY, "usd_per_image": {OFFICIAL: free}})
        for size in ("1:1", "auto"):
            medium, low = (
                preflight({"model": OFFICIAL, "prompt": "a", "size": size, "quality": quality}, rates=card)
                for quality in ("medium", "low")
            )
            assert medium.quote is not None
            assert saving(medium, low) == (medium.quote.credits_low, medium.quote.credits)
            assert saving(low, low) == (0, 0)

    def test_of_what_may_be_free(self) -> None:
        prices = JULY["usd_per_image"][OFFICIAL]
        cells = {cell: "0.005" if cell.endswith("_low") else "0.1" for cell in prices} | {"1:1@1k_low": "0"}
        card = RateCard.from_dict({**JULY, "usd_per_image": {OFFICIAL: cells}})
        body = {"model": OFFICIAL, "prompt": "a", "image_urls": IMAGE, "quality": "medium"}
        assert saving(*(preflight(each, rates=card) for each in (body, body | {"quality": "low"}))) == (95, 100)


class TestOptions:
    """Every option reaches the engine, for the request as for its alternatives."""

    AUGUST = RateCard.from_dict(
        {
            **JULY,
            "id": "august",
            "effective_from": "2026-08-01",
            "usd_per_image": {OFFICIAL: dict.fromkeys(JULY["usd_per_image"][OFFICIAL], "0.1") | {"1:1@1k_low": "0.01"}},
        }
    )

    def test_the_default_model(self) -> None:
        axes = {"prompt": "a fox", "quality": "high"}
        assert alternatives(axes) == ()
        assert alternatives(axes, default_model=OFFICIAL) == alternatives({"model": OFFICIAL, **axes}) != ()

    def test_the_date_and_the_cards(self) -> None:
        body = {"model": OFFICIAL, "prompt": "a fox"}
        cards = (RateCard.from_dict(JULY), self.AUGUST)
        july, august = (alternatives(body, rates=cards, as_of=date(2026, month, 30)) for month in (7, 8))
        assert july == alternatives(body)
        assert august == alternatives(body, rates=self.AUGUST) == alternatives(body, rates=cards)
        assert [(other.patch, other.credits, other.saving) for other in august] == [({"quality": "low"}, 10, 90)]

    def test_a_model_of_the_catalog_with_pixels(self, tmp_path: Path) -> None:
        model = json.loads((DATA / "models" / f"{OFFICIAL}.json").read_bytes()) | {"id": "mine"}
        model.pop("default", None)
        card = {**JULY, "id": "mine", "effective_from": "2026-08-01"}
        card["usd_per_image"] = {"mine": JULY["usd_per_image"][OFFICIAL]}
        for kind, content in (("models", model), ("rates", card)):
            (tmp_path / kind).mkdir()
            (tmp_path / kind / "mine.json").write_text(json.dumps(content), encoding="utf-8")
        catalog = Catalog.load(tmp_path)
        for axes in (
            {"size": "1000x1000"},
            {"size": "1920x1080", "resolution": "2k", "quality": "low"},
            {"size": "auto"},
        ):
            asked = [{"model": name, "prompt": "a fox", **axes} for name in ("mine", OFFICIAL)]
            assert (
                alternatives(asked[0], catalog=catalog) == alternatives(asked[1], rates=RateCard.from_dict(JULY)) != ()
            )

    def test_the_quality_of_a_covering_cell_is_that_of_the_request(self) -> None:
        """The cheapest cell in another quality may be of another size."""
        cells = dict.fromkeys(JULY["usd_per_image"][OFFICIAL], "0.2") | {
            "16:9@4k_low": "0.001",
            "16:9@2k_high": "0.1",
        }
        card = RateCard.from_dict({**JULY, "usd_per_image": {OFFICIAL: cells}})
        body = {"model": OFFICIAL, "prompt": "a", "size": "1920x1080", "resolution": "2k", "quality": "high"}
        covering = [other.patch for other in alternatives(body, rates=card) if other.kind == "size.covering"]
        assert covering == [{"size": "16:9", "resolution": "2k"}]

    def test_a_saving_in_another_catalog(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        before, after = (
            preflight({"model": "paint-1", "prompt": "a", "quality": quality}, catalog=catalog)
            for quality in ("best", "draft")
        )
        assert saving(before, after, catalog=catalog) == (123, 123)
        assert saving(after, before, catalog=catalog) == (-123, -123)
