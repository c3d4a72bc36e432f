"""Values as callers send them are looked at by their type alone, whatever they do when they are looked at."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from reapi_rules.terms.values import Opaque, integer, plain_key, plain_value, shorten, shown_value, snapshot
from tests.support.hostile import HOSTILE, RAISING, OfAnUnhashableType, Single

EVERY = (*HOSTILE, *RAISING, OfAnUnhashableType())


@pytest.mark.parametrize("place", range(len(EVERY)))  # pytest would look at the values themselves
def test_every_value_is_taken_and_shown(place: int) -> None:
    value = EVERY[place]
    for whole in (value, [value], {"a": value}, {"a": [{"b": (value,)}]}):
        plain = plain_value(whole)
        assert type(plain) in (str, int, float, bool, type(None), list, dict, Opaque)
        assert msgspec.json.encode([shorten(plain), shorten(whole)])
        assert integer(plain) is None or type(integer(plain)) is int


def test_a_number_of_another_library_is_shown_as_the_float_that_it_is() -> None:
    assert [shorten(plain_value(Single(number))) for number in (2.5, float("nan"), float("inf"))] == [
        2.5,
        "NaN",
        "Infinity",
    ]


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


def test_a_key_of_a_subclass_is_plain_text() -> None:
    text = type("Text", (str,), {})("a")
    assert type(plain_key(text)) is str
    assert [plain_key(key) for key in (text, 1)] == ["a", 1]


@pytest.mark.parametrize(
    "wrap", (lambda value: [value] * 2, lambda value: {"a": value, "b": value}), ids=("list", "dict")
)
def test_of_what_holds_its_parts_many_times_over_a_part_is_shown(wrap: Callable[[Any], Any]) -> None:
    value: Any = "a"
    for _ in range(18):  # a quarter of a million texts
        value = wrap(value)
    assert len(msgspec.json.encode(shown_value(value))) < 2_000_000
    assert shown_value(wrap(wrap("a"))) == wrap(wrap("a"))


def test_what_holds_itself_is_followed_for_32_levels() -> None:
    mapping: dict[str, Any] = {}
    mapping["a"] = mapping
    entries: list[Any] = []
    entries.append(entries)
    for value, key in ((mapping, "a"), (entries, 0)):
        inner, levels = snapshot(value), 0
        while inner is not value:
            inner, levels = inner[key], levels + 1
        assert levels == 32


class TestSnapshot:
    def test_what_is_there_twice_is_copied_once(self) -> None:
        part: list[Any] = [1]
        for whole in ([part, part], {"a": part, "b": part}):
            one, other = snapshot(whole).values() if isinstance(whole, dict) else snapshot(whole)
            assert one is other
            assert one is not part

    def test_a_mapping_of_any_kind_becomes_a_dictionary(self) -> None:
        assert type(snapshot(UserDict(a=1))) is dict
        assert snapshot(UserDict(a=1)) == {"a": 1}

    def test_a_mapping_that_raises_stays_as_it_is(self) -> None:
        class Raises(UserDict[str, int]):
            def items(self) -> Any:
                raise RuntimeError

        value = Raises()
        assert snapshot([value])[0] is value


class TestShown:
    def test_text_is_whole_in_what_is_short(self) -> None:
        assert shown_value(["x" * 300]) == ["x" * 300]

    def test_32_levels_are_shown(self) -> None:
        for wrap in (lambda inner: [inner], lambda inner: {"a": inner}):
            value: Any = 1
            for _ in range(40):
                value = wrap(value)
            shown, levels = shown_value(value), 0
            while not isinstance(shown, str):
                shown, levels = shown[0] if isinstance(shown, list) else shown["a"], levels + 1
            assert (levels, shown) == (32, "array" if isinstance(value, list) else "object")

    def test_100_000_parts_are_shown(self) -> None:
        """The whole and each list in it is one, and where they end the next is named by its kind."""
        assert shown_value([[]] * 100_100).count([]) == 99_998
        assert sum(part.count([]) for part in shown_value([[[]] * 30_000] * 5) if isinstance(part, list)) == 99_994
