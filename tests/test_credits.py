"""The formula by itself: exact for every kind of number, and closed to floats."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.credits import credits, picos, usd


class TestFormula:
    @given(st.fractions(min_value=0), st.integers(1, 10**9))
    def test_the_ceiling_of_any_fraction(self, price: Fraction, n: int) -> None:
        assert credits(price, n) == math.ceil(price * n * 1000)

    @given(st.decimals(min_value=0, allow_nan=False, allow_infinity=False, places=6), st.integers(1, 1000))
    def test_text_decimal_and_fraction_agree(self, price: Decimal, n: int) -> None:
        assert credits(price, n) == credits(Fraction(price), n) == credits(f"{price.copy_abs():f}", n)

    def test_the_batches_of_the_rulebook(self) -> None:
        assert [credits("0.0475", n) for n in (1, 2, 3, 4)] == [48, 95, 143, 190]
        assert [credits("0.3792", n) for n in (1, 2)] == [380, 759]
        assert credits("0.006", 3) == 18
        assert credits(2, 3) == 6000


class TestRefusals:
    @pytest.mark.parametrize("price", (0.006, True, None, b"1", [1], 1j))
    def test_other_types(self, price: Any) -> None:
        with pytest.raises(TypeError):
            credits(price)

    def test_a_float_is_explained(self) -> None:
        with pytest.raises(TypeError, match="a float can't hold a price exactly: pass the decimal as text"):
            credits(0.006)  # type: ignore[arg-type]

    @pytest.mark.parametrize("price", ("", "1.", ".5", "-1", "+1", "1e3", "0,5", " 1", "1 ", "nan", "١", "9" * 2000))
    def test_text_that_is_no_price(self, price: str) -> None:
        with pytest.raises(ValueError, match="is no price"):
            credits(price)

    @pytest.mark.parametrize(
        "price", (-1, Decimal("-0.1"), Fraction(-1, 3), Decimal("nan"), Decimal("inf"), Decimal("1e999999"))
    )
    def test_numbers_that_are_no_price(self, price: Any) -> None:
        with pytest.raises(ValueError, match="a price must"):
            credits(price)

    @pytest.mark.parametrize(
        ("n", "error"), ((0, ValueError), (-1, ValueError), (True, TypeError), (1.0, TypeError), ("2", TypeError))
    )
    def test_numbers_of_images(self, n: Any, error: type[Exception]) -> None:
        with pytest.raises(error, match="n must be"):
            credits("0.1", n)


class TestUnits:
    @given(st.integers(0, 10**20))
    def test_usd_has_three_decimals(self, amount: int) -> None:
        text = usd(amount)
        assert Fraction(text) * 1000 == amount
        assert len(text.partition(".")[2]) == 3

    @given(st.integers(0, 10**6), st.integers(0, 10**12 - 1))
    def test_picos_read_every_place(self, whole: int, places: int) -> None:
        assert picos(f"{whole}.{places:012}") == whole * 10**12 + places
        assert picos(str(whole)) == whole * 10**12

    @pytest.mark.parametrize("text", ("0.0000000000001", "1e3", "-1", "", "1.", ".1", "1,0"))
    def test_what_is_no_price_has_none(self, text: str) -> None:
        assert picos(text) is None
