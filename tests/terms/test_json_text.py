"""JSON text that is changed in places: what it says afterwards, and that the rest is letter for letter what it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.terms.json_text import ObjectText, elements

BLANKS = st.text(" \t\r\n", max_size=3)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.text(max_size=5).map(lambda text: json.dumps(text, ensure_ascii=len(text) % 2 == 0)),
    st.sampled_from(("1e3", "2.0", "-0", "99999999999999999999", "1E-400", '"\\u0061\\/"', '"\\ud800"')),
).map(lambda value: value if isinstance(value, str) else json.dumps(value))  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[ {' ,'.join(parts)}]")
        | st.dictionaries(st.text(max_size=3).map(json.dumps), inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} : {value}" for key, value in pairs.items()) + "}"
        )
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(("a", "b", "size", "é", "x y", '"', "\\"))
PATCHES = st.dictionaries(KEYS, st.none() | st.text(max_size=3) | st.integers() | st.lists(st.text(max_size=2)))


@st.composite
def objects(draw: st.DrawFn, *, repeats: bool = False) -> tuple[str, list[tuple[str, str]]]:
    """The text of an object, and its members as they are spelt."""
    keys = draw(st.lists(KEYS, max_size=6, unique=not repeats))
    members = [(key, draw(VALUES)) for key in keys]

    def blank() -> str:
        return draw(BLANKS)

    inner = ",".join(f"{blank()}{json.dumps(key)}{blank()}:{blank()}{value}{blank()}" for key, value in members)
    return f"{blank()}{{{inner or blank()}}}{blank()}", members


def said(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str)


class TestObjects:
    @given(objects(repeats=True))
    def test_what_is_not_changed_is_letter_for_letter(self, drawn: tuple[str, list[tuple[str, str]]]) -> None:
        text, members = drawn
        body = ObjectText(text)
        body.merge({})
        assert str(body) == text
        for key, value in dict(members).items():
            assert body.get(key) == value
        assert body.get("nowhere") is None

    @given(objects(repeats=True), PATCHES)
    def test_a_patch_is_a_merge_patch(self, drawn: tuple[str, list[tuple[str, str]]], patch: dict[str, Any]) -> None:
        text, _ = drawn
        body = ObjectText(text)
        body.merge(patch)
        expected = said(text)
        for key, value in patch.items():
            expected.pop(key, None)
            if value is not None:
                expected[key] = said(json.dumps(value))
        assert said(str(body)) == expected

    @given(objects(), PATCHES)
    def test_other_members_keep_their_order_and_spelling(
        self, drawn: tuple[str, list[tuple[str, str]]], patch: dict[str, Any]
    ) -> None:
        text, members = drawn
        body = ObjectText(text)
        body.merge(patch)
        kept = [(key, value) for key, value in members if key not in patch]
        assert [(key, body.get(key)) for key in said(str(body)) if key not in patch] == kept

    @pytest.mark.parametrize(
        ("text", "patch", "result"),
        (
            ('{"a": 1, "b": 2}', {"a": None}, '{"b": 2}'),
            ('{"a": 1, "b": 2}', {"b": None}, '{"a": 1}'),
            ('{"a": 1}', {"a": None}, "{}"),
            ("{ }", {"a": 1}, '{ "a": 1}'),
            ('{"a":1}', {"b": 2}, '{"a":1, "b":2}'),
            ('{"a":1,"b":2}', {"c": [1, "é"]}, '{"a":1,"b":2,"c":[1, "é"]}'),
            ('{\n  "a": 1,\n  "b": 2\n}\n', {"c": 3}, '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n'),
            ('{\n  "a": 1,\n  "b": 2\n}', {"b": None}, '{\n  "a": 1\n}'),
            ('{"a": 1, "a": 2.0}', {"a": 2}, '{"a": 1, "a": 2}'),
            ('{"a": 1, "b": 0, "a": 2}', {"a": None}, '{"b": 0}'),
            ('{"\\u0061": "\\u0062", "c": 1}', {"a": None, "d": "b"}, '{"d": "\\u0062", "c": 1}'),
            ('{"n": 2.0}', {"n": None, "m": 2}, '{"m": 2}'),
            ('{"w": 1, "h": 2, "c": 3}', {"w": None, "h": None, "s": "1x2"}, '{"s": "1x2", "c": 3}'),
            ('\ufeff{"a": 1}', {"a": 2}, '\ufeff{"a": 2}'),
            ('{"a": 1, "b": 2}', {"a": None, "b": 3}, '{"b": 3}'),
            ('{"a": 1, "c": 0, "a": 2}', {"a": None, "b": 3}, '{"c": 0, "b": 3}'),
            ('{"a": ["\\u0061", "b"]}', {"a": None, "b": ["a", "b"]}, '{"b": ["\\u0061", "b"]}'),
            ('{"a": "x\ty"}', {"a": None, "b": "x\ty"}, '{"b": "x\ty"}'),
        ),
    )
    def test_where_things_go(self, text: str, patch: dict[str, Any], result: str) -> None:
        body = ObjectText(text)
        body.merge(patch)
        assert str(body) == result

    @pytest.mark.parametrize("text", ("", "[]", "1", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', "{a:1}", '{"a" 1}'))
    def test_text_that_is_none(self, text: str) -> None:
        try:
            body = str(ObjectText(text))
        except ValueError:
            return
        assert body == text  # cut off behind its members: what is there stays

    def test_what_is_too_deep(self) -> None:
        with pytest.raises(RecursionError):
            ObjectText('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}")


class TestElements:
    @given(st.lists(VALUES, max_size=5), BLANKS, BLANKS)
    def test_are_the_pieces_of_a_list(self, values: list[str], before: str, after: str) -> None:
        text = f"{before}[{before}{f'{after},{before}'.join(values)}{after}]{after}"
        pieces = elements(text)
        assert pieces is not None
        assert "".join(pieces) == text
        assert pieces[1::2] == values

    @pytest.mark.parametrize("text", ("", "{}", "[", "[1", "[1,", "[1 2]x", "[" * 100_000, "null"))
    def test_of_other_text_there_are_none(self, text: str) -> None:
        assert elements(text) is None or "".join(elements(text) or ()) == text


def test_what_is_said_of_text_that_is_no_object() -> None:
    with pytest.raises(ValueError, match=r"^it is no JSON object$"):
        ObjectText("[]")
