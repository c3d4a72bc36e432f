"""Every request body on the page gpt-image-2-official, with its verdict."""

from __future__ import annotations

from typing import Any

import pytest

from reapi_rules import preflight, quote
from tests.support.oracle import OFFICIAL

QUICK = {
    "model": OFFICIAL,
    "prompt": "ancient castle beneath a starry sky",
    "size": "16:9",
    "resolution": "2k",
    "quality": "high",
    "n": 1,
}
CDN = "https://your-cdn.com"

BODIES: dict[str, tuple[dict[str, Any], str, tuple[int | None, int | None], int | None]] = {
    "Quick example": (QUICK, "text_to_image", (2048, 1152), 380),
    "Text-to-image, minimal": (
        {"model": OFFICIAL, "prompt": "ancient castle beneath a starry sky"},
        "text_to_image", (1024, 1024), 169,
    ),
    "2K poster": (
        {"model": OFFICIAL, "prompt": "cyberpunk night cityscape", "size": "16:9", "resolution": "2k", "quality": "high"},
        "text_to_image", (2048, 1152), 380,
    ),
    "4K wallpaper": (
        {"model": OFFICIAL, "prompt": "panoramic snow-capped mountains at sunrise", "size": "16:9", "resolution": "4k", "quality": "high"},
        "text_to_image", (3840, 2160), 1333,
    ),
    "Multi-reference fusion": (
        {
            "model": OFFICIAL, "prompt": "blend the two references into one cohesive illustrated poster", "size": "1:1", "quality": "high",
            "image_urls": [f"{CDN}/input-a.png", f"{CDN}/input-b.png"],
        },
        "image_to_image", (1024, 1024), 169,
    ),
    "Mask-based inpainting": (
        {
            "model": OFFICIAL, "prompt": "replace the background with a desert sunset", "size": "1:1", "quality": "medium",
            "image_urls": [f"{CDN}/photo.png"], "mask_url": f"{CDN}/mask.png",
        },
        "inpainting", (1024, 1024), 43,
    ),
    "Batch of 4 variations": (
        {"model": OFFICIAL, "prompt": "four minimalist poster variations of a red fox", "size": "1:1", "quality": "low", "n": 4},
        "text_to_image", (1024, 1024), 20,
    ),
    "Lenient moderation": (
        {
            "model": OFFICIAL, "prompt": "moody noir portrait, dramatic lighting", "size": "4:5", "resolution": "2k", "quality": "high",
            "moderation": "low",
        },
        "text_to_image", (2048, 2560), 843,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_body(name: str) -> None:
    body, mode, edges, credits = BODIES[name]
    report = preflight(body)
    assert report.errors == ()
    assert report.mode == mode
    assert report.dimensions is not None
    assert (report.dimensions.width, report.dimensions.height, report.dimensions.certainty) == (*edges, "documented")
    assert report.quote is not None
    assert (report.quote.basis, report.quote.credits, report.quote.credits_low) == ("exact", credits, credits)
    assert report.payload() == body


def test_the_minimal_body_says_what_it_costs_not_to_name_the_quality() -> None:
    (warning,) = preflight(BODIES["Text-to-image, minimal"][0]).warnings
    assert (warning.rule, warning.level, warning.certainty) == ("quality.auto_bills_high", "warning", "documented")


def test_the_worked_example() -> None:
    cost = quote(size="16:9", resolution="2k", quality="high", n=2)
    assert (cost.credits, cost.usd, cost.cell, cost.per_image_usd) == (759, "0.759", "16:9@2k_high", "0.3792")


FOUR_K = "4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}"


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    (
        ({"prompt": None}, 20002, "prompt is required"),
        ({"prompt": ""}, 20002, "prompt is required"),
        ({"prompt": "x" * 4001}, 20007, "prompt must be at most 4000 characters"),
        (
            {"size": "7:5"}, 20003,
            'invalid size "7:5" (allowed: 1:1, 16:9, 9:16, 4:3, 3:4, 3:2, 2:3, 5:4, 4:5, 2:1, 1:2, 21:9, 9:21, auto, or WxH pixels)',
        ),
        ({"resolution": "8k"}, 20003, 'invalid resolution "8k" (allowed: 1k, 2k, 4k)'),
        ({"resolution": "4k", "size": "1:1"}, 20003, FOUR_K),
        ({"resolution": "4k", "size": "auto"}, 20003, FOUR_K),
        ({"resolution": "4k", "size": None}, 20003, FOUR_K),
        ({"n": 0}, 20003, "n must be between 1 and 4"),
        ({"n": 5}, 20003, "n must be between 1 and 4"),
        ({"image_urls": [f"{CDN}/a.png"] * 17}, 20003, "image_urls accepts at most 16 entries"),
        ({"mask_url": f"{CDN}/m.png"}, 20003, "mask_url requires at least one entry in image_urls"),
        ({"image_urls": ["data:image/png;base64,AA"]}, 20003, "image URL must be a public http(s) URL — data: URIs are rejected"),
        (
            {"image_urls": [f"{CDN}/a.png"], "mask_url": "data:image/png;base64,AA"}, 20003,
            "mask_url must be a public URL — data: URIs are rejected",
        ),
        ({"quality": "hd"}, 20003, 'invalid quality "hd" (allowed: auto, low, medium, high)'),
        ({"background": "white"}, 20003, 'invalid background "white" (allowed: auto, opaque, transparent)'),
        ({"moderation": "high"}, 20003, 'invalid moderation "high" (allowed: auto, low)'),
    ),
)  # fmt: skip
def test_the_table_of_validation_errors(fields: dict[str, Any], code: int, message: str) -> None:
    report = preflight({**QUICK, **fields})
    (error,) = report.errors
    assert (error.code, error.message, error.certainty) == (code, message, "documented")
    assert report.gateway_error("req_1") == {"error": {"code": code, "message": message, "request_id": "req_1"}}


def test_the_example_finding_of_the_rulebook() -> None:
    (error,) = preflight({**QUICK, "n": 9}).to_dict()["errors"]
    assert error == {
        "rule": "n.range", "level": "error", "certainty": "documented", "code": 20003, "field": "n", "pointer": "/n", "related": [],
        "message": "n must be between 1 and 4", "hint": "split it into 3 requests: 4 + 4 + 1, 3414 credits in all", "patch": None, "value": 9,
        "params": {"minimum": 1, "maximum": 4, "nearest": 4, "split": [4, 4, 1], "requests": 3, "parts": "4 + 4 + 1", "credits": 3414},
    }  # fmt: skip


def test_the_example_report_of_the_rulebook() -> None:
    report = preflight(QUICK).to_dict()
    assert list(report) == ["ok", "model", "mode", "errors", "warnings", "effective", "dimensions", "quote"]
    assert report["dimensions"] == {"width": 2048, "height": 1152, "certainty": "documented", "reason": None}
    assert list(report["quote"].items()) == [
        ("basis", "exact"), ("certainty", "documented"), ("credits", 380), ("credits_low", 380), ("usd", "0.380"), ("per_image_usd", "0.3792"),
        ("n", 1), ("cell", "16:9@2k_high"), ("reason", None), ("missing", []), ("float_sensitive", False),
        ("rate_card", {"id": "reapi-2026-07-28", "effective_from": "2026-07-28", "checked_on": "2026-07-28"}),
    ]  # fmt: skip
