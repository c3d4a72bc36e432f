"""Published codes, and the categories that leading digits name."""

from __future__ import annotations

from reapi_rules.catalog.codes import codes


def test_a_category_has_five_digits() -> None:
    assert codes().category(10_000) == codes().category(19_999) is not None
    assert [codes().category(code) for code in (9_999, 100_000, 0, -10_000)] == [None] * 4


def test_what_is_not_published() -> None:
    assert codes().get(20_007) is not None
    assert [codes().get(code) for code in (None, 0, 99_999)] == [None] * 3
