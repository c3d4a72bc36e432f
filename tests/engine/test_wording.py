"""The words of errors, letter by letter, and their figures: the one strict test of text."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from reapi_rules import preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import bind
from reapi_rules.engine.body import Fields
from reapi_rules.engine.judge import judge
from reapi_rules.engine.wording import word
from reapi_rules.terms.findings import Finding
from tests.support.oracle import OFFICIAL, SIBLING, SIZE_WORDS

URL = "https://example.com/a.png"
WIDE = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
QUALITIES, RESOLUTIONS = ("auto", "low", "medium", "high"), ("1k", "2k", "4k")
BACKGROUNDS, MODERATIONS = ("auto", "opaque", "transparent"), ("auto", "low")
SIZES = ", ".join(SIZE_WORDS)
NEEDS = "4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}"
ANY_WIDE = "keep 4k with one of the sizes 16:9, 9:16, 2:1, 1:2, 21:9, 9:21"
UPLOAD = "upload the file to public storage and send its http(s) URL"


def words(rule: str, detail: str) -> tuple[str, str | None]:
    """Message and hint of a body that is no JSON, or not read for another reason."""
    if rule == "json":
        return (
            f"the body is not JSON: {detail}",
            "send RFC 8259 JSON in UTF-8: no NaN, no trailing comma, double quotes",
        )
    return f"the body can't be read: {detail}", None


def only(findings: tuple[Finding, ...]) -> tuple[str, str, str | None, dict[str, Any]]:
    (finding,) = findings
    return finding.rule, finding.message, finding.hint, dict(finding.params)


def said(**fields: Any) -> tuple[str, str, str | None, dict[str, Any]]:
    """Rule, message, hint and figures of the one error of a body."""
    return only(preflight({"model": OFFICIAL, "prompt": "a fox", **fields}).errors)


class TestBody:
    """Why there is nothing to judge."""

    @pytest.mark.parametrize(
        ("body", "rule", "detail"),
        (
            (b"\xff", "json", "it is not UTF-8"),
            ("\ud800", "json", "it is not UTF-8"),
            ("[" * 100_000, "unreadable", "it is nested too deep"),
            ('{"prompt": ' + "[" * 100_000, "unreadable", "it is nested too deep"),
        ),
        ids=("bytes", "surrogate", "list", "prompt"),
    )
    def test_our_words(self, body: str | bytes, rule: str, detail: str) -> None:
        assert only(preflight(body).errors) == (f"body.{rule}", *words(rule, detail), {"detail": detail})

    @pytest.mark.parametrize(
        ("body", "rule"),
        (
            ("", "json"), ("nope", "json"), ('{"\\u0061": nope}', "json"), (b'{"\\u0061": nope}', "json"), ('{"n": NaN, "\\u0061": 1}', "json"),
            ('{"n": 1e999}', "unreadable"), ('{"n": ' + "9" * 5_000 + "}", "unreadable"), ('{"prompt": "\\ud800"}', "unreadable"),
        ),
    )  # fmt: skip
    def test_the_words_of_the_decoder(self, body: str | bytes, rule: str) -> None:
        with pytest.raises(msgspec.DecodeError) as caught:
            msgspec.json.decode(body)
        found = only(preflight(body).errors)
        detail = found[3]["detail"]
        assert re.split(r" \(| - ", detail)[0] == re.split(r" \(| - ", str(caught.value))[0]  # but for the place
        assert found == (f"body.{rule}", *words(rule, detail), {"detail": detail})

    def test_a_mapping_that_raises(self) -> None:
        class Broken(dict[str, Any]):
            def items(self) -> Any:
                raise LookupError("no")

        assert only(preflight(Broken()).errors)[1] == "the body can't be read: its items() raised LookupError"

    @pytest.mark.parametrize("body", ("[1]", b"[1]", [1], "\ufeff[1]", '["\\ud800"]'))
    def test_no_object(self, body: Any) -> None:
        way_out = "send one object with the keys model and prompt"
        assert only(preflight(body).errors)[:3] == ("body.object", "the body must be a JSON object", way_out)
        assert preflight(body).errors[0].value == "array"

    def test_model(self) -> None:
        allowed = (OFFICIAL, SIBLING)
        both = f"allowed: {OFFICIAL}, {SIBLING}"
        assert said(model=None) == ("model.required", "model is required", both, {"allowed": allowed})
        assert said(model=5) == ("model.type", "model must be a string", None, {})
        message = f'invalid model "gpt-image2" ({both})'
        params = {"allowed": allowed, "nearest": SIBLING}
        assert said(model="gpt-image2") == ("model.unknown", message, f'did you mean "{SIBLING}"?', params)


class TestTypes:
    @pytest.mark.parametrize(
        ("field", "value", "what", "hint"),
        (
            ("prompt", 5, "a string", None),
            ("size", 5, "a string", 'send text such as "16:9"'),
            ("resolution", 2, "a string", 'send text such as "2k"'),
            ("image_urls", URL, "a list of URLs", "wrap a single URL in a list"),
            ("mask_url", 5, "a string", None),
            ("quality", 5, "a string", None),
            ("background", 5, "a string", None),
            ("moderation", 5, "a string", None),
        ),
    )
    def test_a_wrong_one(self, field: str, value: Any, what: str, hint: str | None) -> None:
        assert said(**{field: value}) == (f"{field}.type", f"{field} must be {what}", hint, {})

    @pytest.mark.parametrize(
        ("n", "nearest"),
        (
            ("2", 2), (" 3 ", 3), ("1" * 19, int("1" * 19)), ("1" * 20, None), ("two", None), ("", None), ("²", None), ("٣", None),
            ("-1", None), ("2.0", None), (2.5, None), (True, None), ([2], None),
        ),
    )  # fmt: skip
    def test_n(self, n: Any, nearest: int | None) -> None:
        hint = None if nearest is None else f"send the number {nearest}, without quotes"
        assert said(n=n) == ("n.type", "n must be an integer", hint, {"nearest": nearest})


class TestBounds:
    def test_prompt(self) -> None:
        params = {"maximum": 4000, "length": 4003, "excess": 3}
        hint = "it has 4003 characters: shorten it by 3"
        message = "prompt must be at most 4000 characters"
        assert said(prompt="x" * 4003) == ("prompt.max_length", message, hint, params)
        assert said(prompt="") == ("prompt.required", "prompt is required", None, {})

    def test_image_urls(self) -> None:
        params = {"maximum": 16, "length": 18, "excess": 2}
        hint = "it has 18 entries: take 2 out"
        assert said(image_urls=[URL] * 18) == (
            "image_urls.max_items", "image_urls accepts at most 16 entries", hint, params,
        )  # fmt: skip

    def test_n(self) -> None:
        assert said(n=5) == ("n.range", "n must be between 1 and 4", None, {"minimum": 1, "maximum": 4})
        assert said(model=SIBLING, n=2) == ("n.range", "n must be 1", None, {"minimum": 1, "maximum": 1})


class TestWords:
    @pytest.mark.parametrize(
        ("field", "value", "allowed", "nearest"),
        (
            ("quality", "hd", QUALITIES, "high"),
            ("quality", "High", QUALITIES, "high"),
            ("quality", "hihg", QUALITIES, "high"),
            ("quality", "?", QUALITIES, None),
            ("background", "transparant", BACKGROUNDS, "transparent"),
            ("background", "?", BACKGROUNDS, None),
            ("moderation", "lwo", MODERATIONS, "low"),
            ("moderation", "?", MODERATIONS, None),
            ("resolution", "2 k", RESOLUTIONS, "2k"),
            ("resolution", "8k", RESOLUTIONS, "4k"),
            ("resolution", "?", RESOLUTIONS, None),
        ),
    )
    def test_unknown(self, field: str, value: str, allowed: tuple[str, ...], nearest: str | None) -> None:
        message = f'invalid {field} "{value}" (allowed: {", ".join(allowed)})'
        hint = None if nearest is None else f'did you mean "{nearest}"?'
        assert said(**{field: value}) == (f"{field}.unknown", message, hint, {"allowed": allowed, "nearest": nearest})


class TestSize:
    @pytest.mark.parametrize(
        ("size", "nearest"),
        (
            ("7:5", "4:3"), ("AUTO ", "auto"), ("1024 × 768", "1024x768"), ("1024*768", "1024x768"), ("1024X768", "1024x768"),
            ("16/10", "3:2"), ("16：9", "16:9"), ("16 ∶ 9", "16:9"), ("0:5", "4:5"), ("0:55", None), ("x" * 81, None), ("square", "1:1"),
            (" " * 77 + "7:5", "4:3"), (" " * 78 + "7:5", None),
        ),
    )  # fmt: skip
    def test_unknown(self, size: str, nearest: str | None) -> None:
        message = f'invalid size "{size[:80]}" (allowed: {SIZES}, or WxH pixels)'
        hint = None if nearest is None else f'the nearest allowed size is "{nearest}"'
        assert said(size=size) == ("size.unknown", message, hint, {"allowed": SIZE_WORDS, "nearest": nearest})

    @pytest.mark.parametrize(("size", "nearest"), (("1920x1080", "16:9"), ("1×1", "1:1"), ("0x0", None)))
    def test_without_pixel_strings(self, size: str, nearest: str | None) -> None:
        message = f'invalid size "{size}" (allowed: {SIZES})'
        hint = None if nearest is None else f'the nearest allowed size is "{nearest}"'
        params = {"allowed": SIZE_WORDS, "nearest": nearest}
        assert said(model=SIBLING, size=size) == ("size.unknown", message, hint, params)

    @pytest.mark.parametrize(
        ("size", "nearest", "lower", "hint"),
        (
            (None, None, None, ANY_WIDE),
            ("auto", None, None, ANY_WIDE),
            ("0x7", None, None, ANY_WIDE),
            ("1:1", "16:9", "2k", "keep 4k with size 16:9 (the nearest of 16:9, 9:16, 2:1, 1:2, 21:9, 9:21), or keep size 1:1 with resolution 2k"),
            ("4:3", "16:9", "2k", "keep 4k with size 16:9 (the nearest of 16:9, 9:16, 2:1, 1:2, 21:9, 9:21), or keep size 4:3 with resolution 2k"),
            ("4:5", "9:16", "2k", "keep 4k with size 9:16 (the nearest of 16:9, 9:16, 2:1, 1:2, 21:9, 9:21), or keep size 4:5 with resolution 2k"),
            ("1080x1920", "9:16", None, "keep 4k with size 9:16, the nearest of 16:9, 9:16, 2:1, 1:2, 21:9, 9:21"),
            ("5000x1000", "21:9", None, "keep 4k with size 21:9, the nearest of 16:9, 9:16, 2:1, 1:2, 21:9, 9:21"),
        ),
    )  # fmt: skip
    def test_at_4k(self, size: str | None, nearest: str | None, lower: str | None, hint: str) -> None:
        params = {
            "resolution": "4k", "allowed": WIDE, "nearest": nearest, "size": size if lower else None, "lower": lower,
        }  # fmt: skip
        assert said(size=size, resolution="4K") == ("size.needs_widescreen", NEEDS, hint, params)

    def test_without_any_resolution_that_takes_the_size(self) -> None:
        file = built_in().models[OFFICIAL].file
        picky = msgspec.structs.replace(file.fields.resolution, needs_size=dict.fromkeys(RESOLUTIONS, ("16:9",)))
        file = msgspec.structs.replace(file, fields=msgspec.structs.replace(file.fields, resolution=picky))
        model = bind(file, built_in().rules, built_in().hints, [file])
        fields = Fields(model=OFFICIAL, prompt="a fox", size="1:1", resolution="1k")
        (fault,) = judge(fields, model)
        params = {"resolution": "1k", "allowed": ("16:9",), "nearest": "16:9", "size": "1:1", "lower": None}
        assert word((fault,), fields, model)[0].params == params


class TestUrls:
    def test_references(self) -> None:
        assert said(image_urls=[URL, 5])[:2] == ("image_urls.item_type", "each entry of image_urls must be a string")
        message = "image URL must be a public http(s) URL"
        assert said(image_urls=["./a.png"]) == ("image_urls.not_http", message, UPLOAD, {})
        message += " — data: URIs are rejected"
        assert said(image_urls=["data:,x"]) == ("image_urls.data_uri", message, UPLOAD, {})

    def test_mask(self) -> None:
        hint = "put the image to repaint first in image_urls, or leave mask_url out"
        message = "mask_url requires at least one entry in image_urls"
        assert said(mask_url=URL) == ("mask_url.needs_image", message, hint, {})
        message = "mask_url must be a public http(s) URL"
        assert said(image_urls=[URL], mask_url="./a.png") == ("mask_url.not_http", message, UPLOAD, {})
        message = "mask_url must be a public URL — data: URIs are rejected"
        assert said(image_urls=[URL], mask_url="data:,x") == ("mask_url.data_uri", message, UPLOAD, {})


class TestWarnings:
    """What a warning says of its figures."""

    @staticmethod
    def warned(rule: str, **fields: Any) -> tuple[str, str | None, dict[str, Any], Any]:
        body = {"model": OFFICIAL, "prompt": "a fox", "quality": "low", **fields}
        finding = next(finding for finding in preflight(body).warnings if finding.rule == rule)
        return finding.pointer, finding.hint, dict(finding.params), finding.value

    @pytest.mark.parametrize(
        ("url", "detail"),
        (
            ("https://a.example/b c", "white space or a control character in it"),
            ("https://[::1/x", "the bracket of the host is not closed"),
            ("https://a.example:99999/", "no port from 0 to 65535 after the host"),
            ("https://a.example:65536/", "no port from 0 to 65535 after the host"),
            ("https://[2606:4700::1]x/", "no port from 0 to 65535 after the host"),
        ),
    )
    def test_malformed(self, url: str, detail: str) -> None:
        pointer, _, params, value = self.warned("image_urls.malformed", image_urls=[URL, url, url])
        assert (pointer, params, value) == ("/image_urls/1", {"detail": detail}, url)
        pointer, _, params, value = self.warned("mask_url.malformed", image_urls=[URL], mask_url=url)
        assert (pointer, params, value) == ("/mask_url", {"detail": detail}, url)

    def test_private_host(self) -> None:
        pointer, _, params, value = self.warned(
            "image_urls.private_host", image_urls=[URL, "http://cdn/x", "http://y/"]
        )
        assert (pointer, params, value) == ("/image_urls/1", {"host": "cdn"}, "http://cdn/x")

    def test_prompt(self) -> None:
        fox = "\U0001f98a"
        pointer, _, params, value = self.warned("prompt.utf16_length", prompt=fox * 2001)
        assert (pointer, params, value) == ("/prompt", {"maximum": 4000, "length": 4002}, fox * 200)
        assert type(params["length"]) is int
        longest = preflight({"model": OFFICIAL, "prompt": fox * 1999 + "ab", "quality": "low"})
        assert (longest.ok, longest.warnings) == (True, ())
        pointer, _, params, value = self.warned("prompt.restates_ratio", prompt="7:5, 16:9 or 1:1")
        assert (pointer, params, value) == ("/prompt", {"ratio": "16:9"}, "7:5, 16:9 or 1:1")
        assert self.warned("prompt.blank", prompt=" ")[2:] == ({}, " ")

    def test_size(self) -> None:
        assert self.warned("size.auto_price", size="auto")[2:] == ({"size": "auto"}, "auto")
        assert self.warned("size.snapped", size="1920x1080")[2:] == (
            {"size": "1920x1080", "nearest": "16:9 at 2k"}, "1920x1080",
        )  # fmt: skip
        for size in ("0x9", "9x0"):
            assert self.warned("size.snapped", size=size)[2] == {"size": size, "nearest": None}
        params = {"size": "16x9", "width": 16, "height": 9, "ratio": "16:9"}
        assert self.warned("size.looks_like_ratio", size="16x9")[2:] == (params, "16x9")
        assert self.warned("size.mirrors_reference", image_urls=[URL])[2:] == ({}, None)

    @pytest.mark.parametrize(("quality", "value"), ((None, None), ("auto", "auto")))
    def test_quality(self, quality: str | None, value: str | None) -> None:
        params = {"quality": "auto", "billed": "high", "cheaper": ("low", "medium")}
        assert self.warned("quality.auto_bills_high", quality=quality)[2:] == (params, value)

    def test_the_rest(self) -> None:
        assert self.warned("n.integral_float", n=2.0)[2:] == ({"integer": 2}, 2.0)
        transparent = {"background": "transparent"}
        assert self.warned("background.transparent_downgraded", **transparent)[2:] == (transparent, "transparent")
        assert self.warned("mask_url.unchecked", image_urls=[URL], mask_url=URL)[2:] == ({}, URL)

    def test_keys(self) -> None:
        pointer, _, params, value = self.warned("field.unknown", resolutoin="2k")
        assert (pointer, params, value) == ("/resolutoin", {"suggestion": "resolution", "reason": None}, "2k")
        assert self.warned("field.null", size=None)[2:] == ({}, None)
        assert self.warned("field.empty", mask_url="")[2:] == ({}, "")
        pointer, _, params, value = self.warned("field.unsupported", model=SIBLING)
        assert (pointer, params, value) == ("/quality", {"model": SIBLING, "others": (OFFICIAL,)}, "low")
