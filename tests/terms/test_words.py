"""Words as people write them, templates of what is said, and sizes: small functions, each against a slow statement."""

from __future__ import annotations

import copy
import pickle
import string
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules.terms.findings import CERTAINTIES, least_certain, pointer_to
from reapi_rules.terms.sizes import is_pixels, nearest, pixels, ratio
from reapi_rules.terms.spelling import ascii_lower, bare, closest
from reapi_rules.terms.templates import Params, first_complete, listed
from reapi_rules.terms.values import Opaque, escape, integer, plain_value, shorten, shown_value, snapshot
from tests.support.oracle import shown

LETTERS = st.text(alphabet="abcR- _9é", min_size=0, max_size=8)


def is_near(one: str, other: str) -> bool:
    """The same, or one letter behind the first dropped, added, changed or moved to another place."""
    if one == other or one[:1] != other[:1]:
        return one == other
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) == 1:
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    less_one = {one[:at] + one[at + 1 :] for at in range(len(one))}
    return len(one) == len(other) and any(other[:at] + other[at + 1 :] in less_one for at in range(len(other)))


class TestSpelling:
    @given(st.text(max_size=20) | st.sampled_from(("İ", "K", "ſ", "\ud800K", "4K", "ÀB")))
    def test_ascii_lower_changes_ascii_letters_alone(self, text: str) -> None:
        table = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
        assert ascii_lower(text) == text.translate(table)

    @given(st.text(alphabet="aBß İ_-\t\r\n\u2003.", max_size=10))
    def test_bare_drops_case_and_four_kinds_of_signs(self, word: str) -> None:
        assert bare(word) == "".join(letter for letter in word.casefold() if letter not in " \t\r\n_-")

    @given(LETTERS, st.lists(LETTERS, max_size=5, unique=True))
    @example("resolutoin", ["size", "resolution"])
    @example("abc", ["abd", "abc"])
    @example("abcd", ["abce", "abcf"])
    @example("ab", ["ab"])
    def test_closest_is_the_first_that_is_the_same_else_the_first_that_is_near(
        self, word: str, words: list[str]
    ) -> None:
        found = closest(word, tuple(words))
        if len(word) < 3:
            assert found is None
            return
        same = [other for other in words if bare(other) == bare(word)]
        near = [other for other in words if len(other) >= 3 and is_near(bare(word), bare(other))]
        assert found == next(iter((*same, *near)), None)

    def test_a_long_word_is_no_slip(self) -> None:
        assert closest("a" * 40, ("a" * 40,)) == "a" * 40
        assert closest("a" * 41, ("a" * 41,)) is None


class TestTemplates:
    KNOWN = {"n": 2, "words": ("a", "b", "c"), "one": ["x"], "none": None, "yes": True, "no": False, "long": "y" * 99}

    @pytest.mark.parametrize(
        ("template", "text"),
        (
            ("{n} {N}", "2 2"), ("{words}", "a, b, c"), ("{words_or}", "a, b or c"), ("{WORDS_OR}", "A, B OR C"), ("{one_or}", "x"), ("{one}", "x"),
            ("{yes} {no}", "true false"), ("{long}", "y" * 80), ("{{{words}}}", "{a, b, c}"), ("plain", "plain"),
        ),
    )  # fmt: skip
    def test_placeholders(self, template: str, text: str) -> None:
        assert first_complete((template,), self.KNOWN) == text

    def test_a_template_counts_when_all_of_it_is_known(self) -> None:
        assert first_complete(("{none}", "{other}", "{n} {none}", "{n}", "late"), self.KNOWN) == "2"
        assert first_complete(("{none}", "{none_or}"), self.KNOWN) is None
        assert first_complete((), self.KNOWN) is None

    def test_choices(self) -> None:
        assert [listed(words) for words in ([], ["a"], ("a", "b"), ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]
        assert listed([True, 2, "x"], "and") == "true, 2 and x"

    def test_params_can_not_be_changed_by_any_way_that_a_dict_has(self) -> None:
        params: Any = Params({"a": 1})
        changes: tuple[Any, ...] = (
            lambda: params.__setitem__("b", 1), lambda: params.__delitem__("a"), lambda: params.update(b=1), lambda: params.pop("a"),
            params.popitem, params.clear, lambda: params.setdefault("b", 1), lambda: params.__ior__({"b": 1}),
        )  # fmt: skip
        for change in changes:
            with pytest.raises(TypeError, match=r"^the params and the patch of a finding can't be changed$"):
                change()
        assert params == {"a": 1}
        for twin in (copy.copy(params), copy.deepcopy(params), pickle.loads(pickle.dumps(params))):
            assert twin == params
            assert type(twin) is Params


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "pointer"),
        (((None,), ""), (("n",), "/n"), (("a/b~c",), "/a~1b~0c"), (("~1",), "/~01"), (("x", 0), "/x/0"), (("x", "y"), "/x/y"), (("",), "/")),
    )  # fmt: skip
    def test_pointers(self, place: tuple[Any, ...], pointer: str) -> None:
        assert pointer_to(*place) == pointer

    def test_the_least_certain_of_several(self) -> None:
        for number, one in enumerate(CERTAINTIES):
            for other in CERTAINTIES[: number + 1]:
                assert least_certain(one, other) == least_certain(other, one) == least_certain(one) == one


class TestSizes:
    @given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 3))
    def test_pixels(self, width: int, height: int, zeros: int) -> None:
        size = f"{'0' * zeros}{width}x{height}"
        assert is_pixels(size)
        assert pixels(size) == (width, height)
        assert ratio(size) is None

    @pytest.mark.parametrize("digits", (999, 1_000, 1_001, 2_000))
    def test_long_edges_lose_the_same_number_of_digits(self, digits: int) -> None:
        wide, short = "1" * digits, "7"
        excess = max(digits - 1_000, 0)
        assert pixels(f"{wide}x{short}") == (int("1" * min(digits, 1_000)), 7 if not excess else 1)
        assert pixels(f"{short}x{wide}") == (7 if not excess else 1, int("1" * min(digits, 1_000)))
        assert pixels(f"{wide}x{wide}5") == (
            int("1" * (digits - max(digits - 999, 0))),
            int("1" * min(digits, 1_000) + "5" * (digits < 1_000)),
        )
        assert pixels(f"0x{wide}") == (0, int("1" * min(digits, 1_000)))

    @pytest.mark.parametrize(
        ("word", "numbers"),
        (("16:9", (16, 9)), ("0:9", None), ("9:0", None), ("1:1:1", None), ("16:9 ", None), ("auto", None), ("1.5:1", None), ("9" * 9 + ":1", (999_999_999, 1)), ("9" * 10 + ":1", None), ("٣:١", None)),
    )  # fmt: skip
    def test_ratios(self, word: str, numbers: tuple[int, int] | None) -> None:
        assert ratio(word) == numbers

    @given(
        st.integers(1, 5_000),
        st.integers(1, 5_000),
        st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=6),
    )
    def test_the_nearest_ratio(self, width: int, height: int, ratios: list[tuple[int, int]]) -> None:
        choices = {f"{number}": ratio for number, ratio in enumerate(ratios)}
        distances = {
            word: max(Fraction(width * b, height * a), Fraction(height * a, width * b))
            for word, (a, b) in choices.items()
        }
        assert nearest((width, height), choices) == min(distances, key=lambda word: distances[word], default="")


class TestValues:
    @pytest.mark.parametrize(
        "value",
        (
            "a" * 200, "a" * 201, "\ud800" * 201, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**300, 1.5, float("nan"), float("inf"), float("-inf"),
            None, True, False, [], (1,), {}, b"x", {1}, 0, "",
        ),
    )  # fmt: skip
    def test_what_a_finding_shows(self, value: Any) -> None:
        assert repr(shorten(value)) == repr(shown(value)) == repr(shorten(plain_value(value)))

    @pytest.mark.parametrize("bits", (14_279, 14_280, 14_281, 60_000))
    def test_integers_of_any_length(self, bits: int) -> None:
        value = 2 ** (bits - 1)
        assert shorten(value) == (str(value)[:200] if bits <= 14_280 else f"an integer of {bits} bits")
        assert str(shorten(-value)).startswith("-" if bits <= 14_280 else "an integer of")

    def test_integers(self) -> None:
        assert [integer(value) for value in (2, -3, 2.0, -0.0, 1e300)] == [2, -3, 2, 0, int(1e300)]
        assert [integer(value) for value in (2.5, "2", True, None, float("inf"), float("nan"), [2])] == [None] * 7

    def test_copies_are_in_json_s_own_types_and_of_their_own(self) -> None:
        inner: list[Any] = [1]
        value = {"a": inner, "b": (inner, {"c": inner})}
        copied = snapshot(value)
        inner.append(2)
        assert copied == {"a": [1], "b": [[1], {"c": [1]}]}
        assert type(copied["b"]) is list

    def test_what_is_nested_very_deep_is_as_it_is(self) -> None:
        deepest: list[Any] = []
        value: Any = deepest
        for _ in range(40):
            value = [value]
        copied, depth = snapshot(value), 0
        while copied is not deepest and copied:
            value, copied, depth = value[0], copied[0], depth + (copied is not value)
        assert depth == 32
        assert shown_value(snapshot([[["x"]]]), 2) == [["array"]]

    def test_what_json_lacks_is_opaque_and_shown_by_its_kind(self) -> None:
        opaque = plain_value({1})
        assert type(opaque) is Opaque
        assert (opaque.name, opaque.value, shorten(opaque)) == ("set", {1}, "set")
        assert shown_value({"a": ({1}, "\ud800"), 5: None}) == {"a": ["set", "\\ud800"], "5": None}

    @given(
        st.text(st.characters(codec=None, categories=None), max_size=20)
        | st.text(alphabet="\ud800\udfff狐a", max_size=9)
    )
    def test_escape_leaves_all_but_lone_surrogates(self, text: str) -> None:
        expected = "".join(f"\\u{ord(letter):04x}" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
        assert escape(text) == expected
