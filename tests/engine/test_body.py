"""Section 2 of the rulebook: what is read from text, bytes and mappings."""

from __future__ import annotations

import collections
import json
import math
import pickle
import re
from collections import UserDict
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, FloatOperation, localcontext
from enum import Enum
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import Engine, preflight, quote
from reapi_rules.catalog.messages import text as message_in
from tests.support.hostile import Proxy, Single
from tests.support.oracle import OFFICIAL


def rules(body: Any) -> list[str]:
    return [error.rule for error in preflight(body).errors]


def refuse(name: str) -> Any:
    raise ValueError(name)


VALID = '{"model": "gpt-image-2-official", "prompt": "狐狸"}'


class TestJson:
    @given(st.text(alphabet='{}[]",:\\u0019dDabe.+-tfn \n\ufeff狐\ud800', max_size=25))
    @example("[1,]")
    @example('{"a": 01}')
    @example("\ufeff\ufeff{}")
    @example('{"a": "\\ud83e\\udd8a"}')
    @example("nul")
    @example("NaN")
    @example("1e999")
    def test_is_what_the_standard_library_takes(self, text: str) -> None:
        """Text that the standard library decodes is read, or unreadable for a reason other than its syntax."""
        try:
            value = json.loads(text.removeprefix("\ufeff"), parse_constant=refuse)
            text.encode()
        except (ValueError, RecursionError):
            assert rules(text) == ["body.json"]
            return
        verdict = rules(text)
        if isinstance(value, dict):
            assert verdict in (rules(value), ["body.unreadable"])
        else:
            assert verdict in (["body.object"], ["body.unreadable"])

    @pytest.mark.parametrize(
        "text",
        (
            "", " ", "{", '{"a": NaN}', '{"a": Infinity}', '{"a": 1,}', "{'a': 1}", '{"a": 1} x', '{"a": "\x01"}', '{"a": +1}',
            '{"a": .5}', '{"a": "\\x"}', "\ufeff\ufeff{}", '{"a": "\ud800"}', '{1: 2}', "// no\n{}", '{"a": tru}',
            '["\\uD800",]', '{"a": "\\ud83d",}', '{"a": "\\ud83d\\ude00",}', '{"a": "\\u00e9",}', "[[]",
        ),
    )  # fmt: skip
    def test_other_text_is_not_json(self, text: str) -> None:
        assert rules(text) == ["body.json"]
        assert rules(text.encode("utf-8", "surrogatepass")) == ["body.json"]

    @pytest.mark.parametrize(
        "text",
        (
            "[1,]", "[1", "nul", '{"n": NaN, "prompt": "\\ud83d\\ude00"}', '{"prompt": "\\uD83D\\uDE00", "n": -Infinity}',
            '{"prompt": "\\ud83d\\ude00",}', '["\\ud83d\\ude00", Infinity]',
        ),
    )  # fmt: skip
    def test_the_place_of_bad_syntax_is_told(self, text: str) -> None:
        """Also where the body would be no object either, and where escaped surrogates might have been the trouble."""
        with pytest.raises(msgspec.DecodeError, match=r"byte|truncated") as bad:
            msgspec.json.decode(text)
        for body in (text, text.encode()):
            (error,) = preflight(body).errors
            assert (error.rule, error.message) == ("body.json", f"the body is not JSON: {bad.value}")

    def test_bytes_are_utf8_and_nothing_else(self) -> None:
        """The standard library would take these bytes, which are ASCII too and hold an escape, for UTF-16."""
        body = '["\u755c\u3064"]'.encode("utf-16-le")
        assert body == b'[\0"\0\\ud0"\0]\0'
        assert rules(body) == ["body.json"]

    def test_a_long_key_is_named_in_full(self) -> None:
        body = {"model": OFFICIAL, "prompt": "a", "quality": "low", "k" * 300: 1}
        for text in (body, json.dumps(body)):
            assert [finding.field for finding in preflight(text).warnings] == ["k" * 300]

    def test_a_float_of_a_subclass(self) -> None:
        class Count(float):
            pass

        report = preflight({"model": OFFICIAL, "prompt": "a", "n": Count(2), "size": "16:9"})
        assert report.payload() == {"model": OFFICIAL, "prompt": "a", "size": "16:9", "n": 2}
        assert preflight({"model": OFFICIAL, "prompt": "a", "n": Count(2.5)}).errors[0].value == 2.5

    def test_unknown_containers_are_not_looked_into(self) -> None:
        text = '{"model": "gpt-image-2-official", "prompt": "a", "quality": "low", "a": [1e999], "b": {"c": 1e999}}'
        assert [(finding.field, finding.value) for finding in preflight(text).warnings] == [
            ("a", "array"),
            ("b", "object"),
        ]

    @pytest.mark.parametrize("junk", (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe7\x8b"))
    @pytest.mark.parametrize("where", ('{"%s": 1}', '{"x": "%s"}', '{"prompt": "%s"}', '{"x": ["%s"]}'))
    def test_bytes_that_are_not_utf8_are_not_json_wherever_they_stand(self, junk: bytes, where: str) -> None:
        assert rules(where.encode().replace(b"%s", junk)) == ["body.json"]
        assert (
            preflight(where.encode().replace(b"%s", junk)).errors[0].message == "the body is not JSON: it is not UTF-8"
        )

    @pytest.mark.parametrize("pieces", (1, 3))
    def test_nor_are_long_ones_wherever_they_are_cut(self, pieces: int) -> None:
        for letters in range(pieces * 2**16 - 20, pieces * 2**16 + 4):
            start = b'{"x": "' + b"a" * letters
            assert rules(start + "狐".encode() * 3 + b'"}') == ["model.required"]
            for junk in (b"\xff", b"\xe7\x8b", b"\xed\xa0\x80"):
                assert rules(start + junk + b'"}') == rules(start + junk) == ["body.json"]

    @pytest.mark.parametrize(
        "text",
        (
            '{"a": {"model": "wan2.7-image-pro"}, "seed": 1e999, "model": "gpt-image-2", "prompt": "x"}',
            '{"mod\\u0065l": "gpt-image-2", "seed": 1e999, "prompt": "x"}',
        ),
    )
    def test_a_number_out_of_range_of_a_field_that_only_other_models_have(self, text: str) -> None:
        report = Engine().preflight(text)  # the first body is looked at by the plain rules
        assert (report.ok, report.model) == (True, "gpt-image-2")

    @pytest.mark.parametrize(
        "text", ('{"n": 1e999}', '{"n": %s}' % ("9" * 5000), "[" * 10**5 + "]" * 10**5, '{"a": "\\udc00"}')
    )
    def test_what_the_decoder_gives_up_on_is_unreadable(self, text: str) -> None:
        (error,) = preflight(text).errors
        assert (error.rule, error.code, error.certainty, error.pointer) == ("body.unreadable", None, "unspecified", "")
        assert preflight(text).gateway_error() is None

    @pytest.mark.parametrize("number", ("1e999", "9" * 5000))
    def test_a_number_out_of_range_is_told_in_plain_words(self, number: str) -> None:
        (error,) = preflight(f'{{"n": {number}}}').errors
        assert re.fullmatch("the body can't be read: (Number|Integer value) out of range", error.message)
        assert message_in(error, "zh") == "无法读取请求体：数字超出范围"

    @pytest.mark.parametrize(
        ("text", "value"),
        (
            ("[1]", "array"), (" \n[1]", "array"), ("[1e999]", "array"), ('["\\ud800"]', "array"), ("5", 5), ("1e999", "Infinity"),
            ("null", None), ('"x"', "x"), ("true", True),
        ),
    )  # fmt: skip
    def test_json_that_is_no_object(self, text: str, value: Any) -> None:
        (error,) = preflight(text).errors
        assert (error.rule, error.value) == ("body.object", value)

    @pytest.mark.parametrize("body", (None, 5, [], object(), {1, 2}, (), 1.5))
    def test_what_is_neither_text_nor_a_mapping(self, body: Any) -> None:
        assert rules(body) == ["body.object"]

    def test_what_python_alone_has_is_named(self) -> None:
        for body in (Proxy({"model": OFFICIAL, "prompt": "a"}), {1, 2}, object(), Decimal("0.1")):
            (error,) = preflight(body).errors
            name = type(body).__name__
            assert (error.value, error.params) == (name, {"detail": name})
            assert error.hint == (
                f"this is of the Python type {name}: give a dict or JSON text, and instead of a proxy the object behind it"
            )
        for body in (None, 5, [], "[]", b"5"):
            (error,) = preflight(body).errors
            assert (error.hint, error.params) == (
                "send one object with the keys model and prompt, not in quotes or in a list",
                {},
            )

    def test_a_byte_order_mark_is_skipped(self) -> None:
        assert rules("\ufeff" + VALID) == rules(b"\xef\xbb\xbf" + VALID.encode()) == []

    @pytest.mark.parametrize("kind", (bytes, bytearray, memoryview))
    def test_kinds_of_bytes(self, kind: Any) -> None:
        text = kind(VALID.encode())
        report = preflight(text)
        if kind is bytearray:
            text[:] = b" " * len(text)
        assert report.ok
        assert report.warnings[0].rule == "quality.auto_bills_high"

    def test_subclasses_of_text_and_bytes(self) -> None:
        class Text(str):
            pass

        class Bytes(bytes):
            pass

        assert rules(Text(VALID)) == rules(Bytes(VALID.encode())) == []

    def test_of_a_repeated_key_the_last_counts(self) -> None:
        text = '{"model": 5, "n": 9, "model": "gpt-image-2-official", "x": 1, "prompt": "a", "n": 2, "x": null}'
        report = preflight(text)
        assert report.ok
        assert report.payload() == {"model": OFFICIAL, "prompt": "a", "n": 2}
        assert [finding.value for finding in report.warnings if finding.rule == "field.unknown"] == [None]


class TestMappings:
    @pytest.mark.parametrize(
        ("value", "shown"),
        ((b"x", "bytes"), (Decimal("0.1"), "Decimal"), ({1}, "set"), ({}, "object"), (UserDict(), "object"), ((), "array"), (date(2026, 7, 1), "date")),
    )  # fmt: skip
    def test_a_value_of_another_kind_is_shown_by_its_kind(self, value: Any, shown: str) -> None:
        for body in (
            {"model": OFFICIAL, "prompt": "a", "n": value},
            {"model": value},
            {"model": OFFICIAL, "prompt": value},
        ):
            report = preflight(body)
            assert [error.value for error in report.errors] == [shown]
            assert json.loads(pickle.loads(pickle.dumps(report)).to_json())["errors"][0]["value"] == shown
        (warning,) = preflight({"model": OFFICIAL, "prompt": "a", "quality": "low", "seed": value}).warnings
        assert warning.value == shown

    def test_a_type_with_a_name_of_its_own_make(self) -> None:
        class Nameless(type):
            __name__ = property(lambda _: 1 / 0)

        odd = Nameless("Odd", (), {})()
        (error,) = preflight({"model": OFFICIAL, "prompt": "a", "n": odd}).errors
        assert error.value == "Odd"
        assert preflight({odd: 1, "model": OFFICIAL, "prompt": "a"}).to_json()

    def test_numbers_of_a_subclass(self) -> None:
        class Number(float):
            pass

        report = preflight({"model": OFFICIAL, "prompt": "a", "n": Number(2.0)})
        assert report.ok
        assert report.payload() == {"model": OFFICIAL, "prompt": "a", "n": 2}

    @pytest.mark.parametrize("number", (Single(2.0), Fraction(2), Decimal(2), Decimal("2.00")))
    def test_any_real_number(self, number: Any) -> None:
        report = preflight({"model": OFFICIAL, "prompt": "a", "n": number})
        assert report.ok
        payload = report.payload()
        assert payload == {"model": OFFICIAL, "prompt": "a", "n": 2}
        assert type(payload["n"]) is int
        assert "n.integral_float" in [finding.rule for finding in report.warnings]

    @pytest.mark.parametrize(
        "number",
        (
            Single(2.5), Single(math.nan), Fraction(1, 3), Fraction(10**400), Fraction(2**53 + 1),
            Decimal("2.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("1e400"), Decimal("1e-999999999"), Decimal(2**53 + 1),
        ),
    )  # fmt: skip
    def test_but_not_if_something_is_lost(self, number: Any) -> None:
        assert rules({"model": OFFICIAL, "prompt": "a", "n": number}) == ["n.type"]

    def test_the_context_of_decimals_is_left_alone(self) -> None:
        with localcontext(Context(traps=[FloatOperation])) as context:
            assert preflight({"model": OFFICIAL, "prompt": "a", "n": Decimal(2)}).ok
            assert not context.flags[FloatOperation]

    def test_any_mapping(self) -> None:
        body = collections.ChainMap({"prompt": "a"}, {"model": OFFICIAL, "prompt": "b"})
        assert preflight(body).payload() == {"model": OFFICIAL, "prompt": "a"}

    def test_keys_that_are_no_text(self) -> None:
        keys: dict[Any, Any] = {
            1: "a",
            True and 2.5: "b",
            None: "c",
            (1,): "d",
            b"model": "e",
            "\ud800/~": "f",
            float("inf"): "g",
        }
        findings = preflight({**keys, "model": OFFICIAL, "prompt": "a"}).warnings[: len(keys)]
        assert {finding.rule for finding in findings} == {"field.unknown"}
        assert [finding.field for finding in findings] == [
            "1",
            "2.5",
            "null",
            "tuple",
            "bytes",
            "\\ud800/~",
            "Infinity",
        ]
        assert findings[5].pointer == "/\\ud800~1~0"

    def test_unknown_values_by_their_kind(self) -> None:
        values = [1, "a" * 300, [1], {"a": 1}, object(), 2**70, 1.5, float("nan"), None, False, "\udfff"]
        body = {"model": OFFICIAL, "prompt": "a", **{f"unknown-{index}": value for index, value in enumerate(values)}}
        shown = [finding.value for finding in preflight(body).warnings[: len(values)]]
        assert shown == [1, "a" * 200, "array", "object", "object", str(2**70), 1.5, "NaN", None, False, "\\udfff"]

    def test_unknown_values_in_text(self) -> None:
        text = '{"a": [1], "b": {"x": 1}, "c": 1e999, "d": 1.50, "e": "\\u72d0", "f": null, "g": %s, "h": -5}' % (
            "9" * 5000
        )
        body = text[:-1] + ', "model": "gpt-image-2-official", "prompt": "a"}'
        shown = [finding.value for finding in preflight(body).warnings[:8]]
        assert shown == ["array", "object", "1e999", 1.5, "狐", None, "9" * 200, -5]


class TestUnknownFields:
    BODY = {"model": "gpt-image-2", "prompt": "a", "aspect_ratio": "16:9", "quality": None, "size": None, "seed": 1}

    def test_modes(self) -> None:
        def found(mode: Any) -> list[tuple[str, str | None]]:
            report = preflight(self.BODY, unknown_fields=mode)
            return [(finding.rule, finding.field) for finding in (*report.errors, *report.warnings)]

        unknown = [("field.unknown", "aspect_ratio"), ("field.unknown", "seed")]
        assert found("warn") == [*unknown, ("field.unsupported", "quality"), ("field.null", "size")]
        assert found("ignore") == [("field.null", "size")]
        assert found("error") == [*unknown, ("field.unsupported", "quality"), ("field.null", "size")]
        assert [error.code for error in preflight(self.BODY, unknown_fields="error").errors] == [20003, 20003]
        with pytest.raises(ValueError, match="unknown_fields is one of warn, ignore, error, not 'maybe'"):
            found("maybe")

    @pytest.mark.parametrize("id", ([], 5, b"gpt-image-2"))
    def test_a_default_model_is_text(self, id: Any) -> None:
        with pytest.raises(TypeError, match=f"^default_model must be str or None, not {type(id).__name__}$"):
            preflight({}, default_model=id)

    def test_a_default_model_may_be_text_of_a_subclass(self) -> None:
        class Id(str, Enum):  # noqa: UP042  # as people write it
            SIBLING = "gpt-image-2"

        assert preflight({"prompt": "a fox"}, default_model=Id.SIBLING).model == "gpt-image-2"

    @pytest.mark.parametrize("ask", (preflight, quote, Engine))
    def test_an_option_that_is_none_is_refused_and_not_ignored(self, ask: Any) -> None:
        with pytest.raises(TypeError, match="aspect_ratio"):
            ask(aspect_ratio="16:9", **({"body": {}} if ask is preflight else {}))
        with pytest.raises(TypeError, match=r"^catalog must be Catalog or None, not str$"):
            ask(catalog="models", **({"body": {}} if ask is preflight else {}))

    @pytest.mark.parametrize(
        ("name", "meant"),
        (
            ("aspect_ratio", "size"), ("aspectRatio", "size"), ("Size", "size"), ("resolutoin", "resolution"), ("image", "image_urls"),
            ("image_url", "image_urls"), ("qualty", "quality"), ("promt", "prompt"), ("num_images", "n"), ("Mask-URL", "mask_url"),
            ("N", "n"), ("# images", "n"), ("No. of images", "n"), ("Qty.", "n"), ("images per asset", "n"), ("size (W:H)", "size"),
            ("Ｓｉｚｅ", "size"), ("尺寸【必填】", "size"), ("画质", "quality"), ("Qualität:", "quality"), ("Image URLs [max 16]", "image_urls"),
        ),
    )  # fmt: skip
    def test_did_you_mean(self, name: str, meant: str) -> None:
        finding = preflight({"model": OFFICIAL, "prompt": "a", name: 1}).warnings[0]
        assert finding.hint == f'did you mean "{meant}"?'

    @pytest.mark.parametrize("name", ("output_format", "output_compression", "response_format"))
    def test_the_channel_always_returns_png(self, name: str) -> None:
        assert "always returns PNG" in (preflight({"model": OFFICIAL, "prompt": "a", name: 1}).warnings[0].hint or "")

    @pytest.mark.parametrize("name", ("colour", "x", "", "y" * 1000))
    def test_where_nothing_is_close_it_means_nothing(self, name: str) -> None:
        finding = preflight({"model": OFFICIAL, "prompt": "a", name: 1}).warnings[0]
        assert finding.hint == "leave it out: this model has no such parameter"


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


class TestListsOfPython:
    """A mapping may hold what no JSON text could: lists nested very deep, or without end."""

    @pytest.mark.parametrize("value", (nested(100_000), endless()), ids=("deep", "endless"))
    @pytest.mark.parametrize(
        ("field", "rule"),
        (("prompt", "prompt.type"), ("image_urls", "image_urls.item_type"), ("seed", "field.unknown")),
    )
    def test_nested_lists_give_a_report(self, field: str, rule: str, value: list[Any]) -> None:
        report = preflight({"model": OFFICIAL, "prompt": "a", field: value})
        found = {finding.rule: finding.value for finding in (*report.errors, *report.warnings)}
        assert found[rule] == "array"
        assert report.to_json()


def below(calls: int, run: Callable[[], Any]) -> Any:
    """What a program gives that is so deep in its own calls."""
    return run() if calls == 0 else below(calls - 1, run)


class TestDepth:
    @pytest.mark.parametrize(
        "model", ("gpt-image-2-official", "doubao-seedream-5-0-lite", "kling-3-0", "no-such-model")
    )
    @pytest.mark.parametrize("calls", (0, 150, 600))
    def test_whatever_was_judged_can_be_read(self, model: str, calls: int) -> None:
        verdicts = set()
        long_url = "https://example.com/" + "a" * 2_000
        for levels in (*range(100, 900, 100), *range(900, 1010)):
            for opening, closing in (("[", "]"), ('{"a":', "}")):
                value = f"{opening * levels}1{closing * levels}"
                for text in (
                    f'{{"model": "{model}", "prompt": "a fox", "x": {value}}}',
                    f'{{"model": "{model}", "prompt": "a fox", "image_urls": {value}}}',
                    f'{{"model": "{model}", "prompt": "{"fox " * 500}", "image_urls": ["{long_url}"], "x": {value}}}',
                ):
                    for body in (text, text.encode()):
                        report = preflight(body)
                        verdicts.add(report.ok)
                        for read in (report.to_json, report.payload, report.gateway_error):
                            below(calls, read)
        assert False in verdicts


def test_a_number_that_is_too_long_is_no_other_number() -> None:
    """msgspec 0.18.6 decodes some integers from 2**64 on as smaller ones: that is why it is too old."""
    for number in range(2**64, 2**64 + 2_000):
        assert not preflight(f'{{"model": "{OFFICIAL}", "prompt": "a fox", "n": {number}}}').ok
    for number in range(19_640_341_392_343_432_400, 19_640_341_392_343_432_420):
        (error,) = preflight(f'{{"model": "{OFFICIAL}", "prompt": {number}}}').errors
        assert error.value == str(number)
