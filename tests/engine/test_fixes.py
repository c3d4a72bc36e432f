"""Bodies with every patch applied: what they say, what changed, and that nothing else did."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from msgspec import UNSET

from reapi_rules import Report, preflight
from reapi_rules.engine.engine import Engine
from reapi_rules.engine.fixes import fix
from tests.support.strategies import any_bodies, written


def rules(report: Report) -> set[tuple[str, str | None]]:
    return {(error.rule, error.field) for error in report.errors}


def members(text: str) -> list[tuple[str, str]]:
    """The members of an object, numbers as they are spelt."""
    pairs: list[tuple[str, str]] = json.loads(
        text.removeprefix("\ufeff"), object_pairs_hook=list, parse_float=repr, parse_int=repr
    )
    return pairs


class TestLaws:
    @given(written(any_bodies()))
    def test_of_any_body(self, drawn: tuple[dict[str, Any], str | bytes]) -> None:
        _, body = drawn
        done = fix(body)
        text = body.decode(errors="surrogateescape") if isinstance(body, bytes) else body
        assert done.before.to_json() == preflight(body).to_json()
        assert done.after.to_json() == preflight(done.text.encode(errors="surrogateescape")).to_json()
        assert rules(done.after) <= rules(done.before), "no new error"
        again = fix(done.text)
        assert (again.text, again.changes) == (done.text, ()), "fixing again changes nothing"
        assert bool(done.changes) == (done.text != text), "nothing changes in silence"
        if not done.changes:
            return
        touched = {change.pointer[1:].replace("~1", "/").replace("~0", "~") for change in done.changes}
        assert [pair for pair in members(done.text) if pair[0] not in touched] == [
            pair for pair in members(text) if pair[0] not in touched
        ]


class TestExactly:
    def test_the_rest_is_letter_for_letter(self) -> None:
        body = (
            '\ufeff{ "model" : "gpt-image-2-official",\t"prompt": "a \\u00e9 \\/ fox",  "aspect_ratio": "16×9",\n'
            '"seed": 1e3, "n": 2.0, "quality":"hd","x": {"b":1, "a" : [ 1.50 ]} }\r\n'
        )
        done = fix(body)
        assert done.text == (
            '\ufeff{ "model" : "gpt-image-2-official",\t"prompt": "a \\u00e9 \\/ fox",  "size": "16:9",\n'
            '"seed": 1e3, "n": 2, "quality":"high","x": {"b":1, "a" : [ 1.50 ]} }\r\n'
        )
        assert [(change.rule, change.pointer, change.old, change.new) for change in done.changes] == [
            ("quality.unknown", "/quality", "hd", "high"),
            ("field.unknown", "/aspect_ratio", "16×9", UNSET),
            ("field.unknown", "/size", UNSET, "16:9"),
            ("n.integral_float", "/n", 2.0, 2),
        ]
        assert (done.before.ok, done.after.ok) == (False, True)

    def test_two_values_for_one_field_are_left_for_a_person(self) -> None:
        body = '{"model": "gpt-image-2", "prompt": "a fox", "aspect_ratio": "1:1", "ratio": "16:9"}'
        done = fix(body)
        assert (done.text, done.changes) == (body, ())
        assert [finding.hint for finding in done.after.warnings] == ['did you mean "size"?'] * 2

    @pytest.mark.parametrize(
        "body",
        (
            '{"model": "gpt-image-2-official", "prompt": "a fox", "n": 9, "quality": "low"}',
            '{"model": "gpt-image-2-official", "size": "1:1", "quality": "low"}',
            "not json", "", "[]", "null", '{"model": "kling-3-0", "n": "2"}', '{"prompt": "a fox"}',
            '{"model": "gpt-image-2", "prompt": "\\ud800"}',
        ),
    )  # fmt: skip
    def test_what_no_patch_fixes_stays_as_it_was(self, body: str) -> None:
        done = fix(body)
        assert (done.text, done.changes) == (body, ())
        assert done.before is done.after

    def test_bytes_that_are_no_text(self) -> None:
        done = fix(b'{"model": "gpt-image-2", "prompt": "\xff", "size": "16x9"}')
        assert (
            done.text.encode(errors="surrogateescape") == b'{"model": "gpt-image-2", "prompt": "\xff", "size": "16x9"}'
        )
        assert done.after.errors[0].rule == "body.json"

    def test_partly_fixed(self) -> None:
        done = fix('{"model": "gpt-image-2-official", "prompt": "a fox", "n": 9, "quality": "hd"}')
        assert json.loads(done.text)["quality"] == "high"
        assert [error.rule for error in done.after.errors] == ["n.range"]

    def test_lists_are_given_whole_and_long_values_cut(self) -> None:
        url = "https://example.com/" + "a" * 300
        done = fix(json.dumps({"model": "gpt-image-2", "prompt": "a fox", "image_urls": url}))
        assert json.loads(done.text)["image_urls"] == [url]
        (change,) = done.changes
        assert (len(change.old), change.new) == (200, "array")

    def test_an_engine_of_ones_own(self) -> None:
        done = fix('{"prompt": "a fox", "size": "16×9"}', engine=Engine(default_model="gpt-image-2"))
        assert done.text == '{"prompt": "a fox", "size": "16:9"}'

    def test_a_body_that_is_nested_too_deep_is_left_alone(self) -> None:
        deep = "[" * 3000 + "]" * 3000
        body = f'{{"model": "gpt-image-2", "prompt": "a fox", "size": "16×9", "x": {deep}}}'
        assert fix(body).text in (body, body.replace("16×9", "16:9"))
