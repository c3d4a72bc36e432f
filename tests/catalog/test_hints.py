"""Hints: how to fix each error, where that is possible."""

from __future__ import annotations

from typing import Any

import pytest

from reapi_rules import Finding, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.hints import field_meant, hints
from tests.support.oracle import OFFICIAL


def first(**fields: Any) -> Finding:
    return preflight({"model": OFFICIAL, "prompt": "a", **fields}).errors[0]


@pytest.mark.parametrize(
    ("field", "value", "nearest"),
    (
        ("size", "7:5", "4:3"), ("size", "20:7", "21:9"), ("size", "1:9", "9:21"), ("size", "16/9", "16:9"), ("size", "16 : 9", "16:9"),
        ("size", "1024*1024", "1024x1024"), ("size", "1024 X 768", "1024x768"), ("size", "Auto ", "auto"), ("size", "square", "1:1"),
        ("size", "atuo", "auto"), ("size", "16：9", "16:9"), ("size", "0:9", None), ("size", "huge", None), ("size", "x" * 500, None),
        ("resolution", "4096", "4k"), ("resolution", " 2K", "2k"), ("resolution", "tiny", None),
        ("quality", "HIGH", "high"), ("quality", "hd", "high"), ("quality", "standard", "medium"), ("quality", "hihg", "high"),
        ("quality", "5", None), ("background", "opaqe", "opaque"), ("background", "transparant", None), ("moderation", "Low", "low"),
    ),
)  # fmt: skip
def test_the_nearest_allowed_value(field: str, value: str, nearest: str | None) -> None:
    error = first(**{field: value})
    assert error.rule == f"{field}.unknown"
    assert error.params["nearest"] == nearest
    assert error.hint
    if nearest:
        assert f'"{nearest}"' in (error.hint or "")
        assert preflight({"model": OFFICIAL, "prompt": "a", "size": "16:9", field: nearest}).ok


def test_ways_out_of_4k() -> None:
    wide = "16:9, 9:16, 2:1, 1:2, 21:9, 9:21"
    choice = "16:9, 9:16, 2:1, 1:2, 21:9 or 9:21"
    assert first(resolution="4k", size="3:4").hint == (
        "keep 4k with size 9:16, the nearest wide one, or keep size 3:4 with resolution 2k"
    )
    assert first(resolution="4K", size="1024x768").hint == f"keep 4k with size 16:9, the nearest of {wide}"
    assert first(resolution="4k", size="auto").hint == f"keep 4k with size {choice}"
    assert first(resolution="4k", size="0x0").hint == f"keep 4k with size {choice}"
    assert first(resolution="4k").hint == f"keep 4k with size {choice}"


def test_the_model() -> None:
    assert (
        preflight({"model": "gpt-image-2-oficial", "prompt": "a"}).errors[0].hint
        == 'did you mean "gpt-image-2-official"?'
    )
    assert preflight({"prompt": "a"}).errors[0].hint == "name a model, such as gpt-image-2-official"


def test_numbers_as_text() -> None:
    assert first(n="3").hint == "send the number 3, without quotes"
    assert first(n="many").hint == "send a whole number, or leave n out"
    assert first(n="9" * 50).hint == "send a whole number, or leave n out"
    assert first(n=9).hint == "split it into 3 requests: 4 + 4 + 1, 1521 credits in all"
    assert first(n=41).hint == "the nearest is 4"


def test_messages_cut_what_they_quote() -> None:
    assert first(quality="q" * 500).message == f'invalid quality "{"q" * 80}" (allowed: auto, low, medium, high)'
    braces = first(quality="{allowed}{0}{value.__class__}")
    assert braces.message == 'invalid quality "{allowed}{0}{value.__class__}" (allowed: auto, low, medium, high)'


class TestTables:
    """What ``data/hints.json`` says of a name or a value."""

    @pytest.mark.parametrize(
        ("model", "field", "value", "word"),
        (
            (OFFICIAL, "size", " Landscape ", "16:9"), (OFFICIAL, "size", "match_input_image", "auto"), (OFFICIAL, "size", "竖版", "9:16"), (OFFICIAL, "size", "2k", None),
            (OFFICIAL, "resolution", "Full HD", "2k"), (OFFICIAL, "resolution", "uhd", "4k"), (OFFICIAL, "resolution", "高清", "2k"), (OFFICIAL, "resolution", "16:9", None),
            (OFFICIAL, "quality", "premium", "high"), (OFFICIAL, "moderation", "high", "auto"), ("flux-2", "aspect_ratio", "portrait", "9:16"), ("flux-2", "resolution", "1080p", "2K"),
            ("flux-2", "aspect_ratio", "1920 x 1080", "16:9"), ("flux-2", "aspect_ratio", "1920", None), ("flux-2", "resolution", "1920x1080", None),
        ),
    )  # fmt: skip
    def test_a_word_that_a_value_may_mean(self, model: str, field: str, value: str, word: str | None) -> None:
        assert hints().near_word(field, value, built_in().models[model]) == word

    @pytest.mark.parametrize(
        ("model", "name", "reason"),
        (
            (OFFICIAL, "Output-Format", "the channel always returns PNG and a URL"), (OFFICIAL, "webhookUrl", "reAPI sends no callbacks, so poll the task"),
            (OFFICIAL, "seed", "this model has no such parameter"), (OFFICIAL, "num_images", None), (OFFICIAL, "x", None), ("flux-2", "output_format", None),
            ("flux-2", "num_images", "this model makes one image per request, so send one request for each image"),
        ),
    )  # fmt: skip
    def test_why_a_model_has_nothing_for_a_name(self, model: str, name: str, reason: str | None) -> None:
        assert hints().reason(name, built_in().models[model]) == reason

    def test_the_field_that_a_name_may_mean(self) -> None:
        official = built_in().models[OFFICIAL]
        assert [hints().near_field(name, official) for name in ("caption", "maximages", "ratio")] == [
            "prompt",
            "n",
            None,
        ]
        assert hints().near_field("maximages", built_in().models["flux-2"]) is None
        named = ("aspectRatio", "Image URLs (max. 8)", "#", "no. of images", "resolutoin", "res", "nothing")
        assert [field_meant(name, official) for name in named] == [
            "size",
            "image_urls",
            "n",
            "n",
            "resolution",
            None,
            None,
        ]


@pytest.mark.parametrize(
    ("model", "hint"),
    ((OFFICIAL, 'did you mean "background"?'), ("gpt-image-2", "leave it out: this model has no such parameter")),
)
@pytest.mark.parametrize("key", ("transparent", "transparent_background"))
def test_who_wants_it_transparent_is_led_to_the_background(key: str, model: str, hint: str) -> None:
    (warning,) = preflight(
        {"model": model, "prompt": "a", key: True} | ({"quality": "low"} if model == OFFICIAL else {})
    ).warnings
    assert (warning.rule, warning.hint, warning.patch) == ("field.unknown", hint, None)
