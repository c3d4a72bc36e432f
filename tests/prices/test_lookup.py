"""The small questions: their answers are those of whole requests, and what reAPI would reject raises."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from reapi_rules import (
    InvalidRequestError,
    RateCard,
    credits_of,
    dimensions_of,
    preflight,
    quote,
    resolutions_for,
    sizes_at,
)
from reapi_rules.catalog.catalog import Catalog, built_in
from tests.support.oracle import OFFICIAL, QUALITIES, SIBLING, SIZE_WORDS, TIERS

THIRD = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
MODELS = (
    (OFFICIAL, None, SIZE_WORDS, TIERS),
    (SIBLING, None, SIZE_WORDS, TIERS),
    ("paint-1", THIRD, ("square", "4:1", "any"), ("S", "XL")),
)
"""Model, catalog, size words and resolutions."""


def accepts(model: str, catalog: Catalog | None, **axes: Any) -> bool:
    return preflight({"model": model, "prompt": "a", **axes}, catalog=catalog).ok


@pytest.mark.parametrize(("model", "catalog", "sizes", "tiers"), MODELS)
class TestAnswers:
    def test_sizes_at(
        self, model: str, catalog: Catalog | None, sizes: tuple[str, ...], tiers: tuple[str, ...]
    ) -> None:
        for tier in tiers:
            taken = tuple(size for size in sizes if accepts(model, catalog, size=size, resolution=tier))
            assert sizes_at(tier, model=model, catalog=catalog) == taken
            assert sizes_at(tier.swapcase(), model=model, catalog=catalog) == taken

    def test_resolutions_for(
        self, model: str, catalog: Catalog | None, sizes: tuple[str, ...], tiers: tuple[str, ...]
    ) -> None:
        for size in (*sizes, *(("800x600", "1x1") if accepts(model, catalog, size="800x600") else ())):
            taken = tuple(tier for tier in tiers if accepts(model, catalog, size=size, resolution=tier))
            assert resolutions_for(size, model=model, catalog=catalog) == taken

    def test_dimensions_of(
        self, model: str, catalog: Catalog | None, sizes: tuple[str, ...], tiers: tuple[str, ...]
    ) -> None:
        for size, tier in itertools.product((*sizes, "800x600", None), (*tiers, None)):
            body = {"model": model, "prompt": "a", "size": size, "resolution": tier}
            report = preflight(body, catalog=catalog)
            if report.ok:
                assert dimensions_of(size, tier, model=model, catalog=catalog) == report.dimensions
            else:
                with pytest.raises(InvalidRequestError):
                    dimensions_of(size, tier, model=model, catalog=catalog)
        default = preflight({"model": model, "prompt": "a", "size": sizes[0]}, catalog=catalog)
        assert dimensions_of(sizes[0], model=model, catalog=catalog) == default.dimensions


class TestTheDefaultModel:
    def test_is_asked_where_none_is_named(self) -> None:
        for tier in TIERS:
            assert sizes_at(tier) == sizes_at(tier, model=OFFICIAL)
            assert dimensions_of("16:9", tier) == dimensions_of("16:9", tier, model=OFFICIAL)
        assert resolutions_for("1:1") == resolutions_for("1:1", model=OFFICIAL) != resolutions_for("16:9")
        assert credits_of("16:9@2k_high") == credits_of("16:9@2k_high", model=OFFICIAL) == 380


class TestCredits:
    def test_of_every_cell_of_the_default_model(self) -> None:
        for size, tier, quality, n in itertools.product(SIZE_WORDS, TIERS, QUALITIES, (1, 3)):
            if quality != "auto" and size != "auto" and size in sizes_at(tier):
                asked = quote(size=size, resolution=tier, quality=quality, n=n)
                assert credits_of(f"{size}@{tier}_{quality}", n) == asked.credits

    def test_of_one_image_unless_told_otherwise(self) -> None:
        assert credits_of("1k", model=SIBLING) == credits_of("1k", 1, model=SIBLING) == 30
        assert credits_of("1k", 3, model=SIBLING) == 90

    def test_by_a_card_and_by_a_catalog(self) -> None:
        content = built_in().cards[0].to_dict()
        card = RateCard.from_dict({**content, "usd_per_image": {SIBLING: {"1k": "0.5"}}})
        assert credits_of("1k", model=SIBLING, rates=card) == 500
        assert credits_of("16:9@2k_high", rates=card) is None
        assert credits_of("draft", 2, model="paint-1", catalog=THIRD) == 3
        assert credits_of("draft", 2, model="paint-1") is None


class TestWhatReapiWouldReject:
    @pytest.mark.parametrize("resolution", ("8k", "", 5, ["1k"], {}))
    def test_resolutions(self, resolution: Any) -> None:
        for ask in (lambda: sizes_at(resolution), lambda: dimensions_of("16:9", resolution)):
            with pytest.raises(InvalidRequestError, match="resolution"):
                ask()

    @pytest.mark.parametrize("size", ("7:5", "", 5, ["1:1"]))
    def test_sizes(self, size: Any) -> None:
        for ask in (lambda: resolutions_for(size), lambda: dimensions_of(size)):
            with pytest.raises(InvalidRequestError, match="size"):
                ask()

    def test_models(self) -> None:
        for ask in (
            lambda: sizes_at("1k", model="x"),
            lambda: resolutions_for("1:1", model="x"),
            lambda: dimensions_of("1:1", model="x"),
            lambda: sizes_at("S", model="paint-1"),
        ):
            with pytest.raises(InvalidRequestError, match="model"):
                ask()

    def test_of_another_catalog(self) -> None:
        with pytest.raises(InvalidRequestError, match=r"resolution.*S, XL"):
            sizes_at("2k", model="paint-1", catalog=THIRD)
        with pytest.raises(InvalidRequestError, match="paint-1"):
            sizes_at("S", model="x", catalog=THIRD)
