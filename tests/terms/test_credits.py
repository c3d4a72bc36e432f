"""The formula by itself: exact for every kind of number, and closed to floats."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.terms.credits import credits, picos, usd


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

    def test_one_image_unless_told_otherwise(self) -> None:
        assert credits("0.3792") == 380

    def test_an_exponent_of_ordinary_size(self) -> None:
        assert credits(Decimal("1e1000")) == 10**1003
        assert credits(Decimal("1e-1000")) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("price", "kind"), ((True, "bool"), (None, "NoneType"), (b"1", "bytes"), ([1], "list"), (1j, "complex"))
    )
    def test_other_types(self, price: Any, kind: str) -> None:
        assert self.refusal(price, TypeError) == f"a price is text, an int, a Decimal or a Fraction, not {kind}"

    def test_a_float_is_explained(self) -> None:
        way_out = 'pass the decimal as text, such as "0.3792", or a Decimal'
        assert self.refusal(0.006, TypeError) == f"a float can't hold a price exactly: {way_out}"

    @staticmethod
    def refusal(price: Any, kind: type[Exception], n: Any = 1) -> str:
        with pytest.raises(kind) as caught:
            credits(price, n)
        return str(caught.value)

    @pytest.mark.parametrize("price", ("", "1.", ".5", "-1", "+1", "1e3", "0,5", " 1", "1 ", "nan", "١", "9" * 2000))
    def test_text_that_is_no_price(self, price: str) -> None:
        says = f'{price[:80]!r} is not a price: write digits with a full stop, such as "0.3792"'
        assert self.refusal(price, ValueError) == says

    @pytest.mark.parametrize("price", (-1, Decimal("-0.1"), Fraction(-1, 3)))
    def test_negative_numbers(self, price: Any) -> None:
        assert self.refusal(price, ValueError) == "a price must not be negative"

    @pytest.mark.parametrize("price", ("nan", "inf", "1e999999", "1e1001", "1e-1001"))
    def test_numbers_of_no_ordinary_size(self, price: str) -> None:
        assert self.refusal(Decimal(price), ValueError) == "a price must be a finite number of ordinary size"

    @pytest.mark.parametrize(("n", "says"), ((0, "at least 1, not 0"), (-1, "at least 1, not -1")))
    def test_numbers_of_images(self, n: int, says: str) -> None:
        assert self.refusal("0.1", ValueError, n) == f"n must be {says}"

    @pytest.mark.parametrize(("n", "kind"), ((True, "bool"), (1.0, "float"), ("2", "str")))
    def test_numbers_of_images_of_another_type(self, n: Any, kind: str) -> None:
        assert self.refusal("0.1", TypeError, n) == f"n must be an integer, not {kind}"


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
