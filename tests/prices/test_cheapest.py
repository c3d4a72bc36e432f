"""The cheapest cell with enough pixels, by brute force over all cells."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import InvalidRequestError, RateCard, preflight
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.prices.cheapest import cheapest
from tests.support.oracle import OFFICIAL, RATIOS, SIBLING, TIERS, cell_edges, oracle_credits
from tests.support.strategies import rate_cards

EDGES = st.none() | st.integers(0, 4000) | st.sampled_from((864, 1024, 1152, 1360, 2048, 2160, 3840, 3841))


class TestCheapest:
    @given(
        rate_cards(), EDGES, EDGES, st.sampled_from((None, *RATIOS)), st.sampled_from((None, "auto", "low", "medium", "high")),
        st.integers(1, 4), st.sampled_from((OFFICIAL, SIBLING)),
    )  # fmt: skip
    def test_by_brute_force(
        self, drawn: dict[str, Any], width: int | None, height: int | None, ratio: str | None, quality: str | None, n: int, model: str
    ) -> None:  # fmt: skip
        n = n if model == OFFICIAL else 1
        best = cheapest(
            width=width, height=height, ratio=ratio, quality=quality, n=n, model=model, rates=RateCard.from_dict(drawn)
        )
        large_enough = []
        for size in RATIOS if ratio is None else (ratio,):
            for tier in TIERS:
                edges = cell_edges(size, tier)
                if edges is not None and edges[0] >= (width or 0) and edges[1] >= (height or 0):
                    for word in ("low", "medium", "high") if quality is None else (quality,):
                        billed = "high" if word == "auto" else word
                        large_enough.append(f"{size}@{tier}_{billed}" if model == OFFICIAL else tier)
        prices = drawn["usd_per_image"][model]
        assert set(best.missing) == {cell for cell in large_enough if cell not in prices}
        costs = {cell: Fraction(prices[cell]) for cell in large_enough if cell in prices}
        if not large_enough:
            assert (best.reason, best.credits) == ("too_large", None)
        elif not costs:
            assert (best.reason, best.credits) == ("no_rate", None)
        else:
            assert best.cell in costs
            assert costs[best.cell] == min(costs.values())
            assert best.credits == oracle_credits(prices[best.cell], n)
            assert (best.width or 0) >= (width or 0)
            assert (best.height or 0) >= (height or 0)
            body = {"model": model, "prompt": "a", "size": best.size, "resolution": best.resolution, "n": n}
            report = preflight(
                body if best.quality is None else {**body, "quality": best.quality}, rates=RateCard.from_dict(drawn)
            )
            assert report.quote is not None
            assert report.dimensions is not None
            assert (report.quote.cell, report.quote.credits, report.quote.usd) == (best.cell, best.credits, best.usd)
            assert (report.dimensions.width, report.dimensions.height) == (best.width, best.height)

    def test_a_quality_left_to_auto_is_billed_as_high(self) -> None:
        assert (cheapest(ratio="1:1", quality="auto").cell, cheapest(ratio="1:1").cell) == ("1:1@1k_high", "1:1@1k_low")

    def test_reasons(self) -> None:
        assert cheapest(ratio="7:5").reason == cheapest(ratio="auto").reason == "unknown_ratio"
        assert cheapest(width=3841).reason == "too_large"
        assert cheapest(model="flux-2").reason == cheapest(model="flux-2", width=3841).reason == "not_published"
        assert cheapest(rates=()).reason == "no_rate"
        assert cheapest(rates=()).rate_card is None

    def test_the_date_chooses_the_card(self) -> None:
        july = built_in().cards[0]
        prices = {SIBLING: {"1k": "0.5", "2k": "0.1", "4k": "0.6"}}
        august = RateCard.from_dict(
            {**july.to_dict(), "id": "august", "effective_from": "2026-08-01", "usd_per_image": prices}
        )
        for month, cell, credits in ((7, "1k", 30), (8, "2k", 100)):
            best = cheapest(model=SIBLING, rates=(july, august), as_of=date(2026, month, 30))
            assert (best.cell, best.credits) == (cell, credits)
            assert best.rate_card == (july, august)[month - 7].identity
        assert cheapest(model=SIBLING, as_of=date(2020, 1, 1)).reason == "no_rate"

    @pytest.mark.parametrize("axes", ({"n": 5}, {"quality": "hd"}, {"model": "x"}, {"n": 2, "model": SIBLING}))
    def test_what_reapi_would_reject(self, axes: dict[str, Any]) -> None:
        with pytest.raises(InvalidRequestError):
            cheapest(**axes)

    def test_another_model(self) -> None:
        best = cheapest(
            model="paint-1", width=1000, catalog=Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        )
        assert (best.size, best.resolution, best.quality, best.n, best.credits) == ("4:1", "XL", "draft", 3, 5)
