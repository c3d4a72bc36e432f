"""Values as callers send them are looked at by their type alone, whatever they do when they are looked at."""

from __future__ import annotations

import msgspec
import pytest

from reapi_rules.terms.values import Opaque, integer, plain_value, shorten
from tests.support.hostile import HOSTILE, RAISING, OfAnUnhashableType

EVERY = (*HOSTILE, *RAISING, OfAnUnhashableType())


@pytest.mark.parametrize("place", range(len(EVERY)))  # pytest would look at the values themselves
def test_every_value_is_taken_and_shown(place: int) -> None:
    value = EVERY[place]
    for whole in (value, [value], {"a": value}, {"a": [{"b": (value,)}]}):
        plain = plain_value(whole)
        assert type(plain) in (str, int, float, bool, type(None), list, dict, Opaque)
        assert msgspec.json.encode([shorten(plain), shorten(whole)])
        assert integer(plain) is None or type(integer(plain)) is int


def test_a_value_of_a_type_that_can_not_be_hashed() -> None:
    value = OfAnUnhashableType()
    plain = plain_value([value])
    assert type(plain) is list
    assert type(plain[0]) is Opaque
    assert plain[0].value is value
    assert shorten(value) == shorten(plain_value(value)) == "OfAnUnhashableType"


def test_what_gives_an_integer_is_one_unless_it_is_a_boolean() -> None:
    """As those of numpy do."""
    kinds = [type(name, (), {"__index__": lambda _: 5}) for name in ("int64", "bool_")]
    assert [shorten(plain_value(kind())) for kind in kinds] == [5, "bool_"]
