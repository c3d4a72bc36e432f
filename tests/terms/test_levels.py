"""How many levels JSON text has."""

from __future__ import annotations

import pytest

from reapi_rules.terms.levels import is_too_deep


@pytest.mark.parametrize("brackets", ("[", "{", "[{"))
def test_more_than_900_levels_are_too_deep(brackets: str) -> None:
    levels = brackets * (900 // len(brackets))
    assert not is_too_deep(levels)
    assert not is_too_deep(levels + "]" + brackets[0])
    assert is_too_deep(levels + brackets[0])
    assert not is_too_deep(f'{levels}"\\"{brackets}')


def test_brackets_within_text_alone_are_no_levels() -> None:
    assert not is_too_deep('"' + "[" * 901 + '"')
