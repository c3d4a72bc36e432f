"""Section 6 of the rulebook: the laws of the dimension table, and the nearest cell of a pixel string."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import InvalidRequestError, dimensions_of, resolutions_for, sizes_at
from reapi_rules.terms.sizes import nearest, pixels
from tests.support.oracle import OFFICIAL, SIBLING, oracle_dimensions
from tests.support.strategies import RATIOS, RESOLUTIONS, WIDE

CELLS = [(size, resolution) for size in RATIOS for resolution in RESOLUTIONS if resolution != "4k" or size in WIDE]


def edges(size: str, resolution: str) -> tuple[int, int]:
    found = dimensions_of(size, resolution)
    assert found.width is not None
    assert found.height is not None
    return found.width, found.height


class TestTheTable:
    @pytest.mark.parametrize(("size", "resolution"), CELLS)
    def test_laws_of_every_cell(self, size: str, resolution: str) -> None:
        width, height = edges(size, resolution)
        a, b = map(int, size.split(":"))
        assert width % 16 == height % 16 == 0
        assert max(width, height) <= 3840
        assert max(width, height) <= 3 * min(width, height)
        assert 655_360 <= width * height <= 8_294_400
        assert abs(Fraction(width, height) / Fraction(a, b) - 1) <= Fraction(1, 200)
        assert edges(f"{b}:{a}", resolution) == (height, width)
        assert dimensions_of(size, resolution).certainty == "documented"
        assert dimensions_of(size, resolution, model=SIBLING).certainty == "inferred"
        assert edges(size, resolution) == oracle_dimensions_edges(size, resolution)

    def test_only_two_ratios_are_inexact(self) -> None:
        inexact = {cell for cell in CELLS if Fraction(*edges(*cell)) != Fraction(*map(int, cell[0].split(":")))}
        assert inexact == {("3:2", "2k"), ("2:3", "2k"), ("21:9", "4k"), ("9:21", "4k")}

    def test_the_4k_set_follows_from_the_pixel_cap(self) -> None:
        """With a long edge of 3840 exactly the six wide ratios stay under the cap."""
        fitting = set()
        for size in RATIOS:
            a, b = map(int, size.split(":"))
            short = round(Fraction(3840 * min(a, b), max(a, b)) / 16) * 16
            if 3840 * short <= 8_294_400:
                fitting.add(size)
        assert fitting == set(WIDE) == set(sizes_at("4k"))

    def test_both_directions_agree(self) -> None:
        for model in (OFFICIAL, SIBLING):
            for resolution in RESOLUTIONS:
                for size in (*RATIOS, "auto"):
                    is_allowed = size in sizes_at(resolution, model=model)
                    assert (resolution in resolutions_for(size, model=model)) == is_allowed
                    if not is_allowed:
                        with pytest.raises(InvalidRequestError, match="4K requires"):
                            dimensions_of(size, resolution, model=model)
        assert resolutions_for("1920x1080") == ("1k", "2k")
        assert resolutions_for(None) == ("1k", "2k")


def oracle_dimensions_edges(size: str, resolution: str) -> tuple[int, int]:
    found = oracle_dimensions(size, resolution, OFFICIAL)
    return found["width"], found["height"]


class TestPixelStrings:
    @pytest.mark.parametrize(("size", "resolution"), CELLS)
    def test_the_edges_of_a_cell_are_that_cell(self, size: str, resolution: str) -> None:
        width, height = edges(size, resolution)
        found = dimensions_of(f"0{width}x{height}")
        assert (found.width, found.height, found.certainty) == (width, height, "documented")

    @given(st.integers(0, 5000) | st.integers(0, 10**30), st.integers(0, 5000) | st.integers(0, 10**30))
    def test_the_nearest_cell(self, width: int, height: int) -> None:
        size = f"{width}x{height}"
        found = dimensions_of(size)
        expected = oracle_dimensions(size, "1k", OFFICIAL)
        assert {name: getattr(found, name) for name in expected} == expected

    @given(st.integers(1, 4000), st.integers(1, 4000))
    def test_transposing_transposes(self, width: int, height: int) -> None:
        upright, across = dimensions_of(f"{width}x{height}"), dimensions_of(f"{height}x{width}")
        assert (upright.width, upright.height) == (across.height, across.width)

    @given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1_500, 3_000))
    def test_edges_of_any_length_keep_their_proportions(self, width: int, height: int, zeros: int) -> None:
        long = dimensions_of(f"{width}{'0' * zeros}x{height}{'0' * zeros}")
        short = dimensions_of(f"{width * 10**30}x{height * 10**30}")
        assert (long.width, long.height) == (short.width, short.height)

    def test_among_no_choices_none_is_nearest(self) -> None:
        assert nearest((1920, 1080), {}) == ""

    def test_beyond_any_ratio(self) -> None:
        assert edges("1x" + "9" * 5_000, "1k") == edges("9:21", "4k")
        assert edges("9" * 5_000 + "x1", "1k") == edges("21:9", "4k")
        assert dimensions_of("0x" + "9" * 5_000).reason == "not_a_dimension"
        assert dimensions_of("000x1").reason == "not_a_dimension"

    @pytest.mark.parametrize(
        "text", ("", "x", "1x", "x1", "1X1", " 1x1", "1x1 ", "1x1\n", "-1x1", "1.0x1", "١x١", "1×1", "1x1x1")
    )
    def test_other_text_is_none(self, text: str) -> None:
        assert pixels(text) is None
