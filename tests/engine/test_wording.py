"""The words of errors, letter by letter, and their figures: the one strict test of text."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from reapi_rules import Finding, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.messages import hint
from tests.support.oracle import OFFICIAL, SIBLING, SIZE_WORDS

URL = "https://example.com/a.png"
FLUX, WAN, GEMINI = "flux-2", "wan2.7-image-pro", "gemini-3.1-flash-image-preview"
WIDE = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
QUALITIES, RESOLUTIONS = ("auto", "low", "medium", "high"), ("1k", "2k", "4k")
BACKGROUNDS, MODERATIONS = ("auto", "opaque", "transparent"), ("auto", "low")
SIZES = ", ".join(SIZE_WORDS)
NEEDS = "4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}"
ANY_WIDE = "keep 4k with size 16:9, 9:16, 2:1, 1:2, 21:9 or 9:21"
UPLOAD = "upload the file to public storage and send its http(s) URL"


def words(rule: str, detail: str) -> tuple[str, str | None]:
    """Message and hint of a body that is no JSON, or not read for another reason."""
    if rule == "json":
        return (
            f"the body is not JSON: {detail}",
            "send RFC 8259 JSON in UTF-8, not form data: double quotes, no NaN, no comma after the last entry",
        )
    return f"the body can't be read: {detail}", (
        "use numbers of ordinary size and less nesting, and write characters beyond U+FFFF as themselves or as a pair of escapes"
    )


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
        way_out = "send one object with the keys model and prompt, not in quotes or in a list"
        assert only(preflight(body).errors)[:3] == ("body.object", "the body must be a JSON object", way_out)
        assert preflight(body).errors[0].value == "array"

    @pytest.mark.parametrize("key", ("Model", "model_name", "模型", "engine"))
    def test_the_model_under_another_key(self, key: str) -> None:
        (error,) = preflight({key: SIBLING, "prompt": "a fox"}).errors
        assert (error.rule, error.hint) == ("model.required", f'the key "{key}" is called model here')
        assert error.patch == {key: None, "model": SIBLING}
        assert preflight({key: SIBLING}).errors[0].patch is None, "there is no prompt"
        misnamed = {key: SIBLING, "Prompt": "a fox", "N": 1, "Size": "16x9"}
        whole = {"model": SIBLING, "prompt": "a fox", "n": 1, "size": "16:9"}
        assert preflight(misnamed).errors[0].patch == {**dict.fromkeys(misnamed), **whole}
        assert preflight({key: SIBLING, "Prompt": "a fox", "n": 9}).errors[0].patch is None, "one image a request"
        for value in ("nope", 5, None):
            hint = f"name a model, such as {OFFICIAL}"
            assert only(preflight({key: value, "prompt": "a fox"}).errors)[2] == hint

    def test_model(self) -> None:
        allowed = tuple(built_in().models)
        params = {"allowed": allowed, "misnamed": None, "wrapper": None, "default": OFFICIAL}
        assert said(model=None) == ("model.required", "model is required", f"name a model, such as {OFFICIAL}", params)
        hint = f'send the model\'s id as text, such as "{OFFICIAL}"'
        assert said(model=5) == ("model.type", "model must be a string", hint, {"default": OFFICIAL})
        message = f'invalid model "gpt-image2" (allowed: {", ".join(allowed)})'[:]
        params = {"allowed": allowed, "nearest": SIBLING, "ids": None, "wrapper": None}
        assert said(model="gpt-image2") == ("model.unknown", message, f'did you mean "{SIBLING}"?', params)
        for name, hint in (
            (
                "google/nano-banana",
                "the request is one level down, in input: send what is in it, with one of the allowed ids",
            ),
            (
                "gpt-image2",
                f'did you mean "{SIBLING}"? The rest of the request is one level down, in input: send what is in it',
            ),
        ):
            (error,) = preflight({"model": name, "input": {"prompt": "a fox"}}).errors
            assert (error.rule, error.hint, error.params["wrapper"]) == ("model.unknown", hint, "input")
        (warning,) = preflight({"model": "midjourney", "x": 1}).warnings
        assert only((warning,)) == (
            "model.no_rules",
            'reAPI serves "midjourney", but its rules and prices are not known here: nothing else was checked',
            "its endpoint is POST https://reapi.ai/api/v1/images/generations",
            {"endpoint": "POST https://reapi.ai/api/v1/images/generations"},
        )


class TestTypes:
    @pytest.mark.parametrize(
        ("model", "field", "value", "what"),
        (
            (OFFICIAL, "prompt", 5, "a string"),
            (OFFICIAL, "size", 5, "a string"),
            (OFFICIAL, "resolution", 2, "a string"),
            (OFFICIAL, "image_urls", URL, "a list of URLs"),
            (OFFICIAL, "mask_url", 5, "a string"),
            (OFFICIAL, "quality", 5, "a string"),
            (OFFICIAL, "background", 5, "a string"),
            (OFFICIAL, "moderation", 5, "a string"),
            (OFFICIAL, "n", "x", "an integer"),
            (WAN, "watermark", 1, "true or false"),
            (WAN, "seed", "x", "an integer"),
            (WAN, "bbox_list", 1, "a list"),
            ("doubao-seedream-5-0-lite", "sequential_image_generation_options", 1, "an object"),
        ),
    )
    def test_a_wrong_one(self, model: str, field: str, value: Any, what: str) -> None:
        rule, message, _, params = said(model=model, **{field: value})
        assert (rule, message) == (f"{field}.type", f"{field} must be {what}")
        assert "allowed" not in params

    @pytest.mark.parametrize(
        ("n", "meant"),
        (
            ("2", 2), (" 3 ", 3), ("04", 4), ("some", None), ("", None), ("٣", None), ("-", None),
            ("2.5", None), ("2.000", None), (2.5, None), (True, None), ([2.5], None),
        ),
    )  # fmt: skip
    def test_n(self, n: Any, meant: int | None) -> None:
        hint = "send a whole number, or leave n out" if meant is None else f"send the number {meant}, without quotes"
        assert said(n=n) == ("n.type", "n must be an integer", hint, {} if meant is None else {"meant": meant})

    def test_pixels_as_the_resolution_of_a_model_with_ratios(self) -> None:
        for model, shape in (("flux-2", "aspect_ratio"), ("gpt-image-2", "size")):
            report = preflight({"model": model, "prompt": "a fox", "resolution": "1920x1080"})
            hints = [finding.hint for finding in (*report.errors, *report.warnings)]
            assert hints == [f'"1920x1080" belongs in {shape}: send {shape} "16:9" instead']

    @pytest.mark.parametrize(("text", "meant"), (("true", "true"), (" False", "false"), ("yes", None), ("1", None)))
    def test_switches(self, text: str, meant: str | None) -> None:
        hint = "send true or false, or leave watermark out" if meant is None else f"send {meant}"
        assert said(model=WAN, watermark=text)[2] == hint


class TestBounds:
    def test_prompt(self) -> None:
        params = {"maximum": 4000, "length": 4003, "excess": 3}
        hint = "it has 4003 characters: shorten it by 3"
        message = "prompt must be at most 4000 characters"
        assert said(prompt="x" * 4003) == ("prompt.max_length", message, hint, params)
        nothing = {"misnamed": None, "wrapper": None, "other": None}
        assert said(prompt="") == ("prompt.required", "prompt is required", "describe the picture in prompt", nothing)
        params = {"minimum": 3, "length": 2, "missing": 1}
        assert said(model=FLUX, prompt="🦊") == (
            "prompt.min_length",
            "prompt must be at least 3 characters",
            "it has 2: write 1 more",
            params,
        )
        params = {"minimum": 1, "length": 0, "missing": 1}
        assert said(model=WAN, prompt="") == (
            "prompt.min_length",
            "prompt must be at least 1 character",
            "it has 0: write 1 more",
            params,
        )

    def test_a_prompt_that_is_needed_without_pictures(self) -> None:
        (warning,) = preflight({"model": WAN}).warnings
        params = {"misnamed": None, "wrapper": None, "other": "image_urls"}
        assert only((warning,)) == (
            "prompt.required",
            "prompt is required",
            "describe the picture in prompt, or send image_urls",
            params,
        )
        assert warning.related == ("/image_urls",)

    def test_image_urls(self) -> None:
        params = {"maximum": 16, "length": 18, "excess": 2}
        hint = "it has 18 entries: remove 2"
        assert said(image_urls=[URL] * 18) == (
            "image_urls.max_items", "image_urls accepts at most 16 entries", hint, params,
        )  # fmt: skip
        params = {"minimum": 1, "length": 0}
        hint = "leave input_urls out, or put a URL into it"
        assert said(model=FLUX, input_urls=[]) == (
            "input_urls.min_items",
            "input_urls needs at least one entry",
            hint,
            params,
        )

    def test_numbers(self) -> None:
        batch = {"nearest": 4, "split": (4, 1), "requests": 2, "parts": "4 + 1", "credits": 845}
        hint = "split it into 2 requests: 4 + 1, 845 credits in all"
        assert said(n=5) == ("n.range", "n must be between 1 and 4", hint, {"minimum": 1, "maximum": 4, **batch})
        batch = {"nearest": 1, "split": (1, 1), "requests": 2, "parts": "1 + 1", "credits": 60}
        hint = "split it into 2 requests: 1 + 1, 60 credits in all"
        assert said(model=SIBLING, n=2) == ("n.range", "n must be 1", hint, {"minimum": 1, "maximum": 1, **batch})
        params = {"minimum": 0, "maximum": 2147483647, "nearest": 0}
        assert said(model=WAN, seed=-1) == (
            "seed.range",
            "seed must be between 0 and 2147483647",
            "the nearest is 0",
            params,
        )


class TestWords:
    @pytest.mark.parametrize(
        ("field", "value", "allowed", "nearest"),
        (
            ("quality", "hd", QUALITIES, "high"),
            ("quality", "hihg", QUALITIES, "high"),
            ("quality", "?", QUALITIES, None),
            ("background", "opaqe", BACKGROUNDS, "opaque"),
            ("background", "?", BACKGROUNDS, None),
            ("moderation", "lwo", MODERATIONS, "low"),
            ("moderation", "?", MODERATIONS, None),
            ("resolution", "2 k", RESOLUTIONS, "2k"),
            ("resolution", "?", RESOLUTIONS, None),
        ),
    )
    def test_unknown(self, field: str, value: str, allowed: tuple[str, ...], nearest: str | None) -> None:
        message = f'invalid {field} "{value}" (allowed: {", ".join(allowed)})'
        rule, text, hint, params = said(**{field: value})
        assert (rule, text, params["allowed"], params["nearest"]) == (f"{field}.unknown", message, allowed, nearest)
        assert (f'"{nearest}"' in str(hint)) == (nearest is not None)

    def test_what_they_quote_is_cut_and_only_text(self) -> None:
        assert said(quality="q" * 500)[1] == f'invalid quality "{"q" * 80}" (allowed: auto, low, medium, high)'
        braces = "{allowed}{0}{value.__class__}"
        assert said(quality=braces)[1] == f'invalid quality "{braces}" (allowed: auto, low, medium, high)'

    @pytest.mark.parametrize("size", ("7:5", "AUTO ", "1024 × 768", "x" * 81, " " * 78 + "7:5", "0:5"))
    def test_sizes(self, size: str) -> None:
        message = f'invalid size "{size[:80]}" (allowed: {SIZES}, or WxH pixels)'
        assert said(size=size)[:2] == ("size.unknown", message)
        assert said(model=SIBLING, size=size)[:2] == ("size.unknown", message.replace(", or WxH pixels", ""))

    @pytest.mark.parametrize(
        ("size", "nearest"),
        (("1920x1080", "16:9"), ("1×1", "1:1"), ("0x0", None), (" " * 77 + "7:5", "4:3"), (" " * 78 + "7:5", None)),
    )
    def test_without_pixel_strings(self, size: str, nearest: str | None) -> None:
        assert said(model=SIBLING, size=size)[3]["nearest"] == nearest


class TestAcross:
    @pytest.mark.parametrize(
        ("size", "nearest", "lower"),
        ((None, None, None), ("auto", None, None), ("0x7", None, None), ("1:1", "16:9", "2k"), ("4:5", "9:16", "2k"), ("1080x1920", "9:16", None), ("5000x1000", "21:9", None)),
    )  # fmt: skip
    def test_at_4k(self, size: str | None, nearest: str | None, lower: str | None) -> None:
        params = {"tier": "4k", "allowed": WIDE, "nearest": nearest, "shape": size if lower else None, "lower": lower}
        rule, message, _, figures = said(size=size, resolution="4K")
        assert (rule, message, figures) == ("size.needs_widescreen", NEEDS, params)

    @pytest.mark.parametrize(
        ("fields", "message", "hint"),
        (
            ({"model": FLUX, "aspect_ratio": "auto"}, 'aspect_ratio "auto" requires input_urls', "send input_urls too, or another aspect_ratio"),
            ({"model": "qwen-image-2", "image_size": "2:3"}, 'image_size "2:3" requires image_url', "send image_url too, or another image_size"),
            ({"model": WAN, "n": 5}, "n 5 requires enable_sequential true", "send enable_sequential true too, or another n"),
            ({"model": WAN, "n": 6.0}, "n 6.0 requires enable_sequential true", "send enable_sequential true too, or another n"),
            ({"model": GEMINI, "google_image_search": True}, "google_image_search true requires google_search true", "send google_search true too, or leave google_image_search out"),
            ({"model": WAN, "resolution": "4K", "image_urls": [URL]}, 'resolution "4K" can\'t be combined with image_urls', "leave image_urls out, or choose another resolution"),
            ({"model": WAN, "resolution": "4k", "enable_sequential": True}, 'resolution "4k" can\'t be combined with enable_sequential true', "leave enable_sequential true out, or choose another resolution"),
        ),
    )  # fmt: skip
    def test_other_fields(self, fields: dict[str, Any], message: str, hint: str) -> None:
        report = preflight({"prompt": "a fox", **fields})
        found = [finding for finding in (*report.errors, *report.warnings) if finding.message == message]
        assert [finding.hint for finding in found] == [hint]


class TestUrls:
    def test_references(self) -> None:
        assert said(image_urls=[URL, 5])[:3] == (
            "image_urls.item_type",
            "each entry of image_urls must be a string",
            "send each entry as a URL, as text",
        )
        message = "image URL must be a public http(s) URL"
        assert said(image_urls=["./a.png"]) == ("image_urls.not_http", message, UPLOAD, {})
        message += " — data: URIs are rejected"
        assert said(image_urls=["data:,x"]) == ("image_urls.data_uri", message, UPLOAD, {})

    def test_mask(self) -> None:
        hint = "put the image that the mask belongs to first in image_urls, or leave mask_url out"
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
        assert (pointer, params, value) == ("/prompt", {"ratio": "16:9", "shape_field": "size"}, "7:5, 16:9 or 1:1")
        assert self.warned("prompt.blank", prompt=" ")[2:] == ({}, " ")

    def test_size(self) -> None:
        assert self.warned("size.auto_price", size="auto")[2:] == ({}, "auto")
        assert self.warned("size.snapped", size="1920x1080")[2:] == (
            {"nearest": "16:9", "tier": "2k"}, "1920x1080",
        )  # fmt: skip
        snapped = preflight({"model": OFFICIAL, "prompt": "a fox", "size": "1920x1080"}).warnings[0]
        assert (snapped.hint, hint(snapped, "zh")) == (
            "the nearest supported dimensions are those of 16:9 at 2k", "最接近的可用值是 16:9（2k）",
        )  # fmt: skip
        for size in ("0x9", "9x0"):
            assert self.warned("size.snapped", size=size)[1:3] == (None, {"nearest": None, "tier": None})
        params = {"width": 16, "height": 9, "ratio": "16:9"}
        assert self.warned("size.looks_like_ratio", size="16x9")[2:] == (params, "16x9")
        assert self.warned("size.mirrors_reference", image_urls=[URL])[2:] == ({}, None)

    @pytest.mark.parametrize(("quality", "value"), ((None, None), ("auto", "auto")))
    def test_quality(self, quality: str | None, value: str | None) -> None:
        params = {"billed": "high", "cheaper": ("low", "medium")}
        hint = "set quality to low or medium if that is good enough"
        assert self.warned("quality.auto_bills_high", quality=quality)[1:] == (hint, params, value)

    def test_the_rest(self) -> None:
        assert self.warned("n.integral_float", n=2.0)[2:] == ({"integer": 2}, 2.0)
        transparent = {"background": "transparent"}
        assert self.warned("background.transparent_downgraded", **transparent)[2:] == ({}, "transparent")
        assert self.warned("mask_url.unchecked", image_urls=[URL], mask_url=URL)[2:] == ({}, URL)

    def test_keys(self) -> None:
        pointer, _, params, value = self.warned("field.unknown", resolutoin="2k")
        assert (pointer, params, value) == ("/resolutoin", {"suggestion": "resolution", "reason": None}, "2k")
        assert self.warned("field.null", size=None)[2:] == ({}, None)
        assert self.warned("field.empty", mask_url="")[2:] == ({}, "")
        pointer, _, params, value = self.warned("field.unsupported", model=SIBLING)
        assert (pointer, params, value) == ("/quality", {"model": SIBLING, "sibling": OFFICIAL}, "low")
