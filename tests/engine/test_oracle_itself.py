"""The oracle itself, on cases computed by hand: it judges the engine, so it has to be right too."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.hostile import HOSTILE_BODIES, Bool, Index, NoIndex, NoItems, Proxy
from tests.support.ids import plain_id
from tests.support.oracle import OFFICIAL, SIBLING, oracle_axes, oracle_report
from tests.support.oracle_models import CONSTRAINTS, MODELS, OTHER_MODELS, PRICES, WITHOUT_RULES
from tests.support.strategies import (
    ALL_CELLS,
    accepted_bodies,
    any_bodies,
    disguised,
    hostile_bodies,
    rate_cards,
    wild_bodies,
    written,
)
from tests.support.told import told
from tests.support.vector_cases import BY_FILE, CARDS, CASES, body_of, options_of

CARD = CARDS["reapi-2026-07-28"]
URL = "https://cdn.example.com/a.png"
BETA = "gpt-image-2-beta"
WAN = "wan2.7-image-pro"
LITE = "doubao-seedream-5-0-lite"
GEMINI = "gemini-3.1-flash-image-preview"


def report(model: str, **fields: Any) -> dict[str, Any]:
    """The oracle's report on a body with a prompt, unless the fields say otherwise; ``...`` leaves a field out."""
    body = {"model": model, "prompt": "a fox", **fields}
    return oracle_report({name: value for name, value in body.items() if value is not ...}, cards=(CARD,))


def rules(findings: list[dict[str, Any]]) -> list[str]:
    return [each["rule"] for each in findings]


class TestChecksByKind:
    """Each check of section 10 on each kind of field, and the level and the code that it has."""

    @pytest.mark.parametrize(
        ("model", "fields", "rule"),
        (
            ("flux-2", {"prompt": ...}, "prompt.required"),
            ("flux-2", {"prompt": None}, "prompt.required"),
            ("flux-2", {"prompt": ""}, "prompt.required"),
            ("flux-2", {"prompt": 5}, "prompt.type"),
            ("flux-2", {"prompt": "ab"}, "prompt.min_length"),
            ("flux-2", {"prompt": "x" * 5001}, "prompt.max_length"),
            ("z-image", {"prompt": "x" * 1001}, "prompt.max_length"),
            ("qwen-image-2", {"prompt": "x" * 801}, "prompt.max_length"),
            ("gemini-2.5-flash-image-preview", {"prompt": "x" * 2001}, "prompt.max_length"),
            ("nano-banana-2-lite", {"prompt": "x" * 20001}, "prompt.max_length"),
            (WAN, {"prompt": ""}, "prompt.min_length"),
            (WAN, {"size": ""}, "size.min_length"),
            (WAN, {"size": "x" * 21}, "size.max_length"),
            (WAN, {"size": 5}, "size.type"),
            (WAN, {"negative_prompt": False}, "negative_prompt.type"),
            ("flux-2", {"aspect_ratio": 5}, "aspect_ratio.type"),
            ("flux-2", {"resolution": ["1K"]}, "resolution.type"),
            (BETA, {"size": "7:5"}, "size.unknown"),
            (BETA, {"size": "1024x1024"}, "size.unknown"),
            (BETA, {"resolution": "8k"}, "resolution.unknown"),
            ("imagen-4-0", {"n": 2}, "n.range"),
            ("imagen-4-0", {"n": 0}, "n.range"),
            ("imagen-4-0", {"n": True}, "n.type"),
            (GEMINI, {"n": 5}, "n.range"),
            (GEMINI, {"n": 2.5}, "n.type"),
            (WAN, {"n": 13}, "n.range"),
            (WAN, {"seed": -1}, "seed.range"),
            (WAN, {"seed": 2147483648}, "seed.range"),
            ("qwen-image-2", {"seed": "7"}, "seed.type"),
            ("z-image", {"nsfw_checker": 1}, "nsfw_checker.type"),
            (WAN, {"watermark": "true"}, "watermark.type"),
            ("qwen-image-2", {"image_url": [URL]}, "image_url.type"),
            ("qwen-image-2", {"image_url": "data:image/png;base64,AA"}, "image_url.data_uri"),
            ("qwen-image-2", {"image_url": "a.png"}, "image_url.not_http"),
            ("flux-2", {"input_urls": URL}, "input_urls.type"),
            ("flux-2", {"input_urls": []}, "input_urls.min_items"),
            (GEMINI, {"image_urls": [URL] * 15}, "image_urls.max_items"),
            (BETA, {"image_urls": [URL] * 17}, "image_urls.max_items"),
            ("nano-banana-2-lite", {"image_urls": [URL] * 11}, "image_urls.max_items"),
            (LITE, {"image_urls": [URL, 5]}, "image_urls.item_type"),
            (LITE, {"image_urls": ["data:x"]}, "image_urls.data_uri"),
            (LITE, {"image_urls": ["ftp://example.com/a"]}, "image_urls.not_http"),
            (WAN, {"bbox_list": {}}, "bbox_list.type"),
            (WAN, {"color_palette": "red"}, "color_palette.type"),
            (LITE, {"sequential_image_generation_options": []}, "sequential_image_generation_options.type"),
        ),
        ids=plain_id,
    )
    def test_errors(self, model: str, fields: dict[str, Any], rule: str) -> None:
        said = report(model, **fields)
        assert rules(said["errors"]) == [rule]
        (error,) = said["errors"]
        assert error["level"] == "error"
        assert error["certainty"] == "inferred"
        assert error["code"] == {"prompt.required": 20002, "prompt.max_length": 20007}.get(rule, 20003)
        assert error["field"] == rule.partition(".")[0]
        assert not said["ok"]
        assert said["quote"] is said["effective"] is said["payload"] is None

    @pytest.mark.parametrize(
        ("model", "fields", "rule"),
        (
            ("flux-2", {"aspect_ratio": "7:5"}, "aspect_ratio.unknown"),
            ("flux-2", {"aspect_ratio": ""}, "aspect_ratio.unknown"),
            ("flux-2", {"aspect_ratio": "AUTO"}, "aspect_ratio.unknown"),
            ("flux-2", {"resolution": "4k"}, "resolution.unknown"),
            ("gemini-2.5-flash-image-preview", {"resolution": "2k"}, "resolution.unknown"),
            ("qwen-image-2", {"output_format": "webp"}, "output_format.unknown"),
            (LITE, {"sequential_image_generation": "on"}, "sequential_image_generation.unknown"),
            ("flux-2", {"input_urls": [URL] * 9}, "input_urls.max_items"),
            (WAN, {"image_urls": [URL] * 10}, "image_urls.max_items"),
        ),
        ids=plain_id,
    )
    def test_warnings(self, model: str, fields: dict[str, Any], rule: str) -> None:
        said = report(model, **fields)
        assert said["ok"]
        assert rules(said["warnings"]) == [rule]
        (warning,) = said["warnings"]
        assert (warning["level"], warning["certainty"], warning["code"]) == ("warning", "inferred", None)

    @pytest.mark.parametrize(
        ("model", "fields"),
        (
            ("flux-2", {"prompt": "\U0001f98aa"}),  # three UTF-16 units
            ("flux-2", {"resolution": "1k"}),
            (GEMINI, {"resolution": "0.5K"}),
            (BETA, {"resolution": "4K", "size": "16:9"}),
            (LITE, {"image_urls": [URL] * 40}),
            (LITE, {"image_urls": [*[URL] * 16, 5, "nonsense"]}),  # only the first 16 are looked at
            (WAN, {"size": "1920*1080"}),
            (WAN, {"size": "x" * 20}),
            (WAN, {"n": 12, "enable_sequential": True}),
            (WAN, {"color_palette": [], "bbox_list": [1, {}]}),
            (WAN, {"seed": 2147483647, "negative_prompt": ""}),
            ("qwen-image-2", {"seed": -(10**30), "image_url": URL, "image_size": "21:9"}),
            ("imagen-4-0", {"n": 1}),
            (LITE, {"n": 4, "sequential_image_generation_options": {"max_images": "many"}}),
        ),
        ids=plain_id,
    )
    def test_nothing_to_say(self, model: str, fields: dict[str, Any]) -> None:
        said = report(model, **fields)
        assert (said["errors"], said["warnings"]) == ([], [])

    def test_too_many_and_faulty_entries_are_two_causes(self) -> None:
        said = report("flux-2", input_urls=[URL, 5, "data:x", *[URL] * 14, "nonsense"])
        assert [(each["rule"], each["pointer"], each["value"]) for each in said["errors"]] == [
            ("input_urls.item_type", "/input_urls/1", 5),
            ("input_urls.data_uri", "/input_urls/2", "data:x"),
        ]
        assert rules(said["warnings"]) == ["input_urls.max_items"]

    def test_the_order_is_that_of_the_file(self) -> None:
        said = report(WAN, n="x", seed="x", size=5, prompt=5, image_urls="x", watermark="x")
        fields = [error["field"] for error in said["errors"]]
        assert fields == ["prompt", "n", "size", "watermark", "seed", "image_urls"]

    def test_bounds_and_how_to_split(self) -> None:
        def params(model: str, **fields: Any) -> Any:
            return report(model, **fields)["errors"][0]["params"]

        assert params(OFFICIAL, n=10) == {"minimum": 1, "maximum": 4, "split": [4, 4, 2]}
        assert params(OFFICIAL, n=8) == {"minimum": 1, "maximum": 4, "split": [4, 4]}
        assert params(OFFICIAL, n=0) == params(OFFICIAL, n=41) == {"minimum": 1, "maximum": 4}
        assert params(OFFICIAL, n=40)["split"] == [4] * 10
        assert params(SIBLING, n=3) == {"minimum": 1, "maximum": 1, "split": [1, 1, 1]}
        assert params(WAN, n=13) == {"minimum": 1, "maximum": 12, "split": [4, 4, 4, 1]}
        assert params(WAN, n=13, enable_sequential=True)["split"] == [12, 1]
        assert params(WAN, seed=-1) == {"minimum": 0, "maximum": 2147483647}


class TestConstraints:
    @pytest.mark.parametrize(
        ("model", "fields", "rule", "level", "related"),
        (
            ("flux-2", {"aspect_ratio": "auto"}, "aspect_ratio.needs_input_urls", "warning", "/input_urls"),
            ("flux-2-flex", {"aspect_ratio": "auto"}, "aspect_ratio.needs_input_urls", "warning", "/input_urls"),
            ("qwen-image-2", {"image_size": "2:3"}, "image_size.needs_image_url", "warning", "/image_url"),
            ("qwen-image-2", {"image_size": "3:2"}, "image_size.needs_image_url", "warning", "/image_url"),
            (WAN, {"prompt": ...}, "prompt.required", "warning", "/image_urls"),
            (WAN, {"prompt": ..., "image_urls": []}, "prompt.required", "warning", "/image_urls"),
            (WAN, {"n": 5}, "n.needs_enable_sequential", "warning", "/enable_sequential"),
            (WAN, {"n": 12, "enable_sequential": False}, "n.needs_enable_sequential", "warning", "/enable_sequential"),
            (
                WAN,
                {"resolution": "4K", "image_urls": [URL]},
                "resolution.not_with_image_urls",
                "warning",
                "/image_urls",
            ),
            (
                WAN,
                {"resolution": "4k", "enable_sequential": True},
                "resolution.not_with_enable_sequential",
                "warning",
                "/enable_sequential",
            ),
            (
                GEMINI,
                {"google_image_search": True},
                "google_image_search.needs_google_search",
                "error",
                "/google_search",
            ),
            (
                f"{GEMINI}-official",
                {"google_image_search": True, "google_search": False},
                "google_image_search.needs_google_search",
                "error",
                "/google_search",
            ),
            (BETA, {"resolution": "4K"}, "size.needs_widescreen", "error", "/resolution"),
            (BETA, {"resolution": "4k", "size": "auto"}, "size.needs_widescreen", "error", "/resolution"),
        ),
        ids=plain_id,
    )
    def test_broken(self, model: str, fields: dict[str, Any], rule: str, level: str, related: str) -> None:
        said = report(model, **fields)
        assert len(said["errors"] + said["warnings"]) == 1
        found = (said["errors"] + said["warnings"])[0]
        assert (found["rule"], found["level"], found["certainty"]) == (rule, level, "inferred")
        assert found["code"] == (20003 if level == "error" else None)
        assert found["related"] == [related]
        assert found["pointer"] == "/" + found["field"]
        assert said["ok"] == (level == "warning")

    @pytest.mark.parametrize(
        ("model", "fields"),
        (
            ("flux-2", {"aspect_ratio": "auto", "input_urls": [URL]}),
            ("qwen-image-2", {"image_size": "2:3", "image_url": URL}),
            ("qwen-image-2", {"image_size": "16:9"}),
            (WAN, {"prompt": ..., "image_urls": [URL]}),
            (WAN, {"n": 4}),
            (WAN, {"n": 5, "enable_sequential": True}),
            (WAN, {"resolution": "4k"}),
            (WAN, {"resolution": "2k", "image_urls": [URL], "enable_sequential": True}),
            (GEMINI, {"google_image_search": True, "google_search": True}),
            (GEMINI, {"google_image_search": False}),
            (BETA, {"resolution": "4k", "size": "9:21"}),
            (LITE, {"n": 4, "sequential_image_generation": "disabled"}),  # the playground's rule only
        ),
        ids=plain_id,
    )
    def test_kept(self, model: str, fields: dict[str, Any]) -> None:
        said = report(model, **fields)
        assert (said["errors"], said["warnings"]) == ([], [])

    @pytest.mark.parametrize(
        ("model", "fields", "errors"),
        (
            ("flux-2", {"aspect_ratio": "auto", "input_urls": []}, ["input_urls.min_items"]),
            ("flux-2", {"aspect_ratio": "auto", "input_urls": ["x"]}, ["input_urls.not_http"]),
            ("qwen-image-2", {"image_size": "2:3", "image_url": 5}, ["image_url.type"]),
            (WAN, {"prompt": 5}, ["prompt.type"]),
            (WAN, {"prompt": ...,  "image_urls": "x"}, ["image_urls.type"]),
            (WAN, {"prompt": ""}, ["prompt.min_length"]),
            (WAN, {"n": 13}, ["n.range"]),
            (WAN, {"n": 5, "enable_sequential": "yes"}, ["enable_sequential.type"]),
            (GEMINI, {"google_image_search": True, "google_search": 1}, ["google_search.type"]),
            (BETA, {"resolution": "4k", "size": "7:5"}, ["size.unknown"]),
            (BETA, {"resolution": "5k", "size": "1:1"}, ["resolution.unknown"]),
        ),
        ids=plain_id,
    )  # fmt: skip
    def test_silent_where_a_field_is_in_error(self, model: str, fields: dict[str, Any], errors: list[str]) -> None:
        said = report(model, **fields)
        assert rules(said["errors"]) == errors
        assert said["warnings"] == []

    def test_a_warning_silences_none(self) -> None:
        said = report("wan2.7-image", resolution="4K", image_urls=[URL] * 10)
        assert rules(said["warnings"]) == [
            "resolution.unknown", "resolution.not_with_image_urls", "image_urls.max_items",
        ]  # fmt: skip

    def test_a_faulty_mask_without_an_image_gives_both(self) -> None:
        said = report(OFFICIAL, mask_url="data:x", quality="low")
        assert rules(said["errors"]) == ["mask_url.needs_image", "mask_url.data_uri"]

    def test_every_constraint_is_tried_above(self) -> None:
        assert len(CONSTRAINTS) == 10


class TestSection4:
    def test_only_these_rows_exist_for_the_sixteen(self) -> None:
        said = oracle_report(
            {
                "seed": 1,
                "model": "gemini-3-pro-image-preview",
                "prompt": "16:9",
                "size": None,
                "n": 1.0,
                "quality": "auto",
                "mask_url": "",
                "image_urls": ["https://localhost/a b.png"],
                "background": "transparent",
            }
        )
        assert [(each["rule"], each["pointer"], each["level"], each["certainty"]) for each in said["warnings"]] == [
            ("field.unknown", "/seed", "warning", "unspecified"),
            ("field.unknown", "/quality", "warning", "unspecified"),
            ("field.unknown", "/mask_url", "warning", "unspecified"),
            ("field.unknown", "/background", "warning", "unspecified"),
            ("field.null", "/size", "note", "unspecified"),
            ("n.integral_float", "/n", "note", "unspecified"),
            ("image_urls.malformed", "/image_urls/0", "warning", "unspecified"),
            ("image_urls.private_host", "/image_urls/0", "warning", "inferred"),
        ]

    def test_blank_and_long_prompts(self) -> None:
        assert rules(report("z-image", prompt=" \u2003")["warnings"]) == ["prompt.blank"]
        assert rules(report("z-image", prompt="\U0001f98a" * 501)["warnings"]) == ["prompt.utf16_length"]
        assert report("z-image", prompt="\U0001f98a" * 500)["warnings"] == []

    def test_an_empty_optional_url(self) -> None:
        said = report("qwen-image-2", image_url="", image_size="2:3")
        assert rules(said["warnings"]) == ["image_size.needs_image_url", "field.empty"]
        assert "image_url" not in said["payload"]
        assert said["mode"] == "text_to_image"

    def test_a_null_prompt_of_wan(self) -> None:
        assert rules(report(WAN, prompt=None)["warnings"]) == ["prompt.required", "field.null"]

    def test_unsupported_stays_with_the_sibling(self) -> None:
        four = {"quality": "low", "mask_url": URL, "background": "auto", "moderation": "low"}
        assert rules(report(SIBLING, **four)["warnings"]) == ["field.unsupported"] * 4
        assert rules(report(BETA, **four)["warnings"]) == ["field.unknown"] * 4

    @pytest.mark.parametrize("model", (OFFICIAL, "z-image"))
    @pytest.mark.parametrize(("count", "more"), ((20, 0), (21, 1), (300, 280)))
    def test_of_unknown_keys_twenty_are_named(self, model: str, count: int, more: int) -> None:
        body = {"model": model, "prompt": "a fox", "quality": "low", **{f"key{i}": i for i in range(count)}}
        if model != OFFICIAL:
            del body["quality"]
        warned = oracle_report(body)["warnings"]
        assert [each["pointer"] for each in warned] == [f"/key{i}" for i in range(20)] + [""] * (more > 0)
        if more:
            last = warned[-1]
            assert (last["rule"], last["field"], last["value"]) == ("field.unknown", None, None)
            assert last["params"] == {"more": more}
        refused = oracle_report(body, unknown_fields="error")
        assert [each["code"] for each in refused["errors"]] == [20003] * (20 + (more > 0))
        assert oracle_report(body, unknown_fields="ignore")["warnings"] == []


class TestBodyAndModel:
    @pytest.mark.parametrize(
        ("body", "rule", "code"),
        (
            (b"\xff", "body.json", 20001),
            ("{", "body.json", 20001),
            ('{"n": NaN}', "body.json", 20001),
            ('{"n": 1e999}', "body.unreadable", None),
            ('{"n": "\\ud800"}', "body.unreadable", None),
            ("[]", "body.object", 20001),
            ({}, "model.required", 20002),
            ({"model": ""}, "model.required", 20002),
            ({"model": 5}, "model.type", 20003),
            ({"model": "dall-e-3"}, "model.unknown", 20004),
            ({"model": "Flux-2"}, "model.unknown", 20004),
            ({"model": "wan-2-7-image"}, "model.unknown", 20004),
        ),
        ids=plain_id,
    )
    def test_first_rows(self, body: Any, rule: str, code: int | None) -> None:
        said = oracle_report(body)
        assert [(each["rule"], each["code"]) for each in said["errors"]] == [(rule, code)]
        assert said["warnings"] == []
        assert said["model"] is None

    def test_a_known_id_without_rules(self) -> None:
        text = '{"prompt": null, "n": 99, "model": "kling-3-0", "n": [1]}'
        said = oracle_report(text, cards=(CARD,), unknown_fields="error")
        (warning,) = said["warnings"]
        assert (warning["rule"], warning["level"], warning["certainty"]) == ("model.no_rules", "warning", "unspecified")
        assert (warning["field"], warning["pointer"], warning["value"]) == ("model", "/model", "kling-3-0")
        assert said["ok"]
        assert said["model"] == "kling-3-0"
        assert said["mode"] is said["effective"] is said["dimensions"] is None
        assert said["payload"] == {"prompt": None, "n": [1], "model": "kling-3-0"}
        assert said["quote"] == {
            "basis": "unknown", "certainty": "unspecified", "credits": None, "credits_low": None, "usd": None,
            "per_image_usd": None, "n": None, "cell": None, "reason": "no_rules", "missing": [], "float_sensitive": False,
            "rate_card": {"id": "reapi-2026-07-28", "effective_from": "2026-07-28", "checked_on": "2026-07-28"},
        }  # fmt: skip

    def test_a_default_model_without_rules(self) -> None:
        said = oracle_report({"model": None, "x": 1}, default_model="midjourney")
        assert said["model"] == "midjourney"
        assert said["payload"] == {"model": "midjourney", "x": 1}

    def test_how_many_there_are(self) -> None:
        assert len(MODELS) == 18
        assert len(OTHER_MODELS) == len(PRICES) == 16
        assert len({*MODELS, *WITHOUT_RULES}) == 110


class TestInput:
    def test_whatever_has_an_index_is_that_integer(self) -> None:
        said = report(OFFICIAL, n=Index(2), quality="low")
        assert said["ok"]
        assert said["payload"]["n"] == 2
        assert type(said["payload"]["n"]) is int
        assert said["quote"]["n"] == 2
        assert report(WAN, seed=Index(-1))["errors"][0]["value"] == -1

    @pytest.mark.parametrize("value", (NoIndex(), Bool(), True, Proxy(2)), ids=lambda value: type(value).__name__)
    def test_what_is_no_integer(self, value: Any) -> None:
        assert rules(report(OFFICIAL, n=value)["errors"]) == ["n.type"]

    def test_a_number_of_numpy_is_no_boolean(self) -> None:
        assert rules(report("z-image", nsfw_checker=Bool())["errors"]) == ["nsfw_checker.type"]
        assert rules(report("z-image", nsfw_checker=Index(1))["errors"]) == ["nsfw_checker.type"]

    def test_tuples_are_lists_and_sets_are_not(self) -> None:
        assert report("flux-2", input_urls=(URL,))["payload"]["input_urls"] == [URL]
        assert rules(report("flux-2", input_urls={URL})["errors"]) == ["input_urls.type"]

    @pytest.mark.parametrize("number", range(len(HOSTILE_BODIES)))  # pytest would look at the bodies themselves
    def test_what_is_no_body(self, number: int) -> None:
        body = HOSTILE_BODIES[number]
        rule = "body.unreadable" if type(body) is NoItems else "body.object"
        assert rules(oracle_report(body)["errors"]) == [rule]


class TestPrices:
    @pytest.mark.parametrize(
        ("model", "fields", "basis", "credits_low", "credits", "cell", "reason", "n"),
        (
            ("flux-2", {}, "exact", 28, 28, "1K", None, 1),  # the validator's default
            ("flux-2", {"resolution": "2k"}, "exact", 39, 39, "2K", None, 1),
            ("flux-2", {"resolution": "4k"}, "unknown", None, None, None, "unknown_value", 1),
            ("flux-2", {"resolution": ""}, "unknown", None, None, None, "unknown_value", 1),
            ("flux-2", {"n": 4}, "exact", 28, 28, "1K", None, 1),  # no such field; one image a request
            ("flux-2-flex", {"resolution": "2K"}, "exact", 132, 132, "2K", None, 1),
            ("z-image", {}, "exact", 5, 5, "flat", None, 1),
            ("qwen-image-2", {"image_size": "7:5"}, "exact", 31, 31, "flat", None, 1),
            (WAN, {"n": 4}, "exact", 240, 240, "flat", None, 4),  # 0.05984 x 4 x 1000 = 239.36
            (WAN, {"n": 5}, "exact", 300, 300, "flat", None, 5),
            (WAN, {"n": 2, "enable_sequential": True}, "unknown", None, None, None, "not_published", 2),
            (WAN, {"enable_sequential": False}, "exact", 60, 60, "flat", None, 1),
            (WAN, {"resolution": "8k"}, "exact", 60, 60, "flat", None, 1),
            ("wan2.7-image", {"n": 2}, "exact", 48, 48, "flat", None, 2),
            (BETA, {}, "bounded", 30, 80, "4k", "uncertain_default", 1),
            (BETA, {"resolution": "1K"}, "exact", 30, 30, "1k", None, 1),
            ("gemini-2.5-flash-image-preview", {"n": 4}, "exact", 58, 58, "flat", None, 4),  # 57.5
            ("gemini-2.5-flash-image-preview", {"official_fallback": True}, "unknown", None, None, None, "not_published", 1),
            ("gemini-3-pro-image-preview", {}, "bounded", 42, 45, "4k", "uncertain_default", 1),
            ("gemini-3-pro-image-preview", {"resolution": "2K", "n": 2}, "exact", 83, 83, "2k", None, 2),  # 82.8
            ("gemini-3-pro-image-preview-official", {"n": 3}, "bounded", 370, 663, "4k", "uncertain_default", 3),
            (GEMINI, {}, "bounded", 32, 72, "4k", "uncertain_default", 1),
            (GEMINI, {"resolution": "0.5K", "official_fallback": False}, "exact", 32, 32, "0.5k", None, 1),
            (GEMINI, {"resolution": "8k", "official_fallback": True}, "unknown", None, None, None, "unknown_value", 1),
            (LITE, {}, "exact", 31, 31, "2k", None, 1),  # both words cost the same
            (LITE, {"resolution": "3K", "n": 4}, "exact", 124, 124, "3k", None, 4),
            (LITE, {"sequential_image_generation": "auto"}, "unknown", None, None, None, "not_published", 1),
            (LITE, {"sequential_image_generation": "AUTO"}, "exact", 31, 31, "2k", None, 1),
            ("imagen-4-0", {"n": 1.0}, "exact", 46, 46, "flat", None, 1),
            ("nano-banana-2-lite", {}, "exact", 20, 20, "flat", None, 1),
        ),
        ids=plain_id,
    )  # fmt: skip
    def test_of_the_card_of_july_28(
        self,
        model: str,
        fields: dict[str, Any],
        basis: str,
        credits_low: Any,
        credits: Any,
        cell: Any,
        reason: Any,
        n: int,
    ) -> None:
        quote = report(model, **fields)["quote"]
        assert (quote["basis"], quote["credits_low"], quote["credits"]) == (basis, credits_low, credits)
        assert (quote["cell"], quote["reason"], quote["n"]) == (cell, reason, n)
        assert quote["certainty"] == "inferred"
        assert quote["missing"] == []
        assert quote["per_image_usd"] == (None if cell is None else CARD["usd_per_image"][model][cell])

    def test_a_gap_in_the_card(self) -> None:
        card = {**CARD, "usd_per_image": {GEMINI: {"1k": "0.0315", "2k": "0.0477"}}}
        body = {"model": GEMINI, "prompt": "a fox", "n": 2}
        quote = oracle_report(body, cards=(card,))["quote"]
        assert (quote["basis"], quote["reason"], quote["n"]) == ("unknown", "no_rate", 2)
        assert quote["missing"] == ["0.5k", "4k"]
        quote = oracle_report({**body, "official_fallback": True}, cards=(card,))["quote"]
        assert (quote["reason"], quote["missing"]) == ("not_published", [])
        quote = oracle_report({**body, "resolution": "8k"}, cards=())["quote"]
        assert (quote["reason"], quote["missing"], quote["rate_card"]) == ("unknown_value", [], None)

    def test_the_card_has_every_cell(self) -> None:
        assert {model: set(CARD["usd_per_image"][model]) for model in MODELS} == {
            model: set(cells) for model, cells in ALL_CELLS.items()
        }

    @given(accepted_bodies(OTHER_MODELS), rate_cards(cells_of=ALL_CELLS))
    def test_on_any_card(self, body: dict[str, Any], card: dict[str, Any]) -> None:
        quote = oracle_report(body, cards=(card,))["quote"]
        if quote["basis"] == "unknown":
            assert quote["credits"] is None
            assert (quote["reason"] == "no_rate") == bool(quote["missing"])
        else:
            assert quote["credits_low"] <= quote["credits"]
            assert quote["cell"] in PRICES[body["model"]].words
            assert (quote["basis"] == "exact") == (quote["reason"] is None)


class TestWhatWillBeUsed:
    @pytest.mark.parametrize(
        ("model", "fields", "effective"),
        (
            ("flux-2", {"resolution": "2k"}, {"aspect_ratio": "1:1", "resolution": "2K"}),
            ("flux-2", {"aspect_ratio": None, "nsfw_checker": False}, {
                "aspect_ratio": "1:1", "resolution": "1K", "nsfw_checker": False,
            }),
            ("z-image", {}, {"aspect_ratio": "1:1"}),
            ("qwen-image-2", {"seed": 7.0}, {"seed": 7}),
            ("qwen-image-2", {"seed": 10**300}, {"seed": "1" + "0" * 199}),
            (WAN, {"size": "2K", "watermark": True}, {"n": 1, "size": "2K", "watermark": True}),
            (BETA, {}, {}),
            (GEMINI, {"resolution": "0.5K", "size": "7:5"}, {"size": "7:5", "resolution": "0.5k", "n": 1}),
            (LITE, {"n": 2.0, "image_urls": []}, {"n": 2, "image_urls": []}),
            ("imagen-4-0", {}, {"n": 1}),
            ("nano-banana-2-lite", {"image_urls": (URL,)}, {"aspect_ratio": "auto", "image_urls": [URL]}),
        ),
        ids=plain_id,
    )  # fmt: skip
    def test_effective(self, model: str, fields: dict[str, Any], effective: dict[str, Any]) -> None:
        said = report(model, **fields)
        assert list(said["effective"].items()) == [("model", model), ("prompt", "a fox"), *effective.items()]
        assert said["dimensions"] == {"width": None, "height": None, "certainty": None, "reason": "not_published"}

    def test_payload(self) -> None:
        said = report("flux-2", image_urls=[URL], aspect_ratio=None, resolution="2k", extra=None, n=2.0)
        assert said["payload"] == {
            "model": "flux-2", "prompt": "a fox", "resolution": "2K", "image_urls": [URL], "extra": None, "n": 2.0,
        }  # fmt: skip
        assert "aspect_ratio" not in said["payload"]

    @pytest.mark.parametrize(
        ("model", "fields", "mode"),
        (
            ("flux-2", {"input_urls": [URL]}, "image_to_image"),
            ("flux-2", {"image_urls": [URL]}, "text_to_image"),
            ("qwen-image-2", {"image_url": URL}, "image_to_image"),
            (LITE, {"image_urls": []}, "text_to_image"),
            (BETA, {"image_urls": [URL], "mask_url": URL}, "image_to_image"),
            ("imagen-4-0", {"image_urls": [URL]}, "text_to_image"),
        ),
        ids=plain_id,
    )
    def test_mode(self, model: str, fields: dict[str, Any], mode: str) -> None:
        assert report(model, **fields)["mode"] == mode


class TestAxes:
    @pytest.mark.parametrize(
        ("axes", "credits"),
        (
            ({}, 169),
            ({"size": "16:9", "resolution": "2k", "quality": "high", "n": 2}, 759),
            ({"model": "flux-2", "size": "16:9", "resolution": "2k", "n": 4, "quality": "low"}, 39),
            ({"model": "flux-2", "size": "7:5"}, 28),
            ({"model": "flux-2", "has_images": True}, 28),
            ({"model": "qwen-image-2", "size": "21:9", "has_images": True}, 31),
            ({"model": WAN, "n": 3}, 180),
            ({"model": BETA, "resolution": "4k"}, 80),  # a price without a size
            ({"model": "kling-3-0", "n": 99}, None),
        ),
        ids=plain_id,
    )
    def test_credits(self, axes: dict[str, Any], credits: int | None) -> None:
        said = oracle_axes(**axes, cards=(CARD,))
        assert said["errors"] == []
        assert said["quote"]["credits"] == credits

    @pytest.mark.parametrize(
        ("axes", "rule"),
        (
            ({"resolution": "4k"}, "size.needs_widescreen"),
            ({"model": SIBLING, "resolution": "4k"}, "size.needs_widescreen"),
            ({"model": BETA, "resolution": "4k", "size": "1:1"}, "size.needs_widescreen"),
            ({"model": BETA, "size": "7:5"}, "size.unknown"),
            ({"model": GEMINI, "n": 5}, "n.range"),
            ({"model": "no-model"}, "model.unknown"),
        ),
        ids=plain_id,
    )
    def test_errors(self, axes: dict[str, Any], rule: str) -> None:
        said = oracle_axes(**axes, cards=(CARD,))
        assert rules(said["errors"]) == [rule]
        assert said["quote"] is None


class TestVectors:
    @pytest.mark.parametrize("cases", BY_FILE.values(), ids=BY_FILE)
    def test_the_oracle_passes_them_too(self, cases: list[dict[str, Any]]) -> None:
        for case in cases:
            with told(case["description"]):
                self.passes(case)

    @staticmethod
    def passes(case: dict[str, Any]) -> None:
        options = {"cards": (JULY, CARD), **options_of(case)}
        options["cards"] = [with_prices_as_text(card) for card in options["cards"]]
        said = json.loads(json.dumps(oracle_report(body_of(case), **options)))
        said["gateway_code"] = next((each["code"] for each in said["errors"] if each["code"] is not None), None)
        for part, expected in case["expect"].items():
            if part in ("errors", "warnings"):
                found = [dict(each) for each in said[part]]
                if part == "errors":
                    for each, message in zip(found, said["messages"]):
                        each["message"] = message
                assert [
                    {key: each[key] for key in wanted} for each, wanted in zip(found, expected, strict=True)
                ] == expected
            elif part == "quote" and expected is not None:
                assert {key: said[part][key] for key in expected} == expected
            else:
                assert said[part] == expected, part

    @pytest.mark.parametrize("model", MODELS)
    def test_every_model_has_some(self, model: str) -> None:
        assert sum(case["expect"].get("model") == model for case in CASES) >= 15


JULY = CARDS["reapi-2026-07"]


def with_prices_as_text(card: dict[str, Any]) -> dict[str, Any]:
    """The card as it is once read: a JSON number as a plain decimal."""
    prices = {
        model: {cell: format(Decimal(str(price)), "f") for cell, price in cells.items()}
        for model, cells in card["usd_per_image"].items()
    }
    return {**card, "usd_per_image": prices}


class TestStrategies:
    """What is drawn is what it is said to be, else the tests that draw it try less than they seem to."""

    @given(accepted_bodies())
    def test_accepted_bodies_are(self, body: dict[str, Any]) -> None:
        assert oracle_report(body)["ok"]

    @given(disguised(any_bodies()))
    def test_a_disguise_changes_nothing(self, bodies: tuple[dict[str, Any], Any]) -> None:
        plain, mapping = bodies
        assert repr(oracle_report(mapping, cards=(CARD,))) == repr(oracle_report(plain, cards=(CARD,)))

    @given(written(any_bodies()))
    def test_what_is_written_says_the_same(self, bodies: tuple[dict[str, Any], str | bytes]) -> None:
        plain, text = bodies
        assert repr(oracle_report(text, cards=(CARD,))) == repr(oracle_report(plain, cards=(CARD,)))

    @given(hostile_bodies() | wild_bodies(), st.sampled_from(("warn", "ignore", "error")))
    def test_the_oracle_is_total(self, body: dict[Any, Any], unknown_fields: str) -> None:
        said = oracle_report(body, cards=(CARD,), unknown_fields=unknown_fields)
        assert said["ok"] == (not said["errors"])
        json.dumps({part: said[part] for part in said if part != "payload"}, allow_nan=False)

    @given(any_bodies(OTHER_MODELS), st.sampled_from(("warn", "ignore", "error")))
    def test_laws_of_every_report(self, body: dict[str, Any], unknown_fields: str) -> None:
        said = oracle_report(body, cards=(CARD,), unknown_fields=unknown_fields)
        for found in (*said["errors"], *said["warnings"]):
            assert found["certainty"] in ("inferred", "unspecified")
            assert (found["level"] == "error") == (found in said["errors"])
        if said["ok"] and unknown_fields != "error":
            again = oracle_report(said["payload"], cards=(CARD,), unknown_fields=unknown_fields)
            for part in ("ok", "mode", "effective", "dimensions", "quote", "payload"):
                assert repr(again[part]) == repr(said[part]), part
