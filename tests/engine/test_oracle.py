"""The engine against the oracle, a second, slow statement of the rulebook that shares nothing with it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import RateCard, preflight
from reapi_rules.catalog.catalog import built_in
from tests.support.oracle import FIELD_ORDER, OFFICIAL, SIBLING, SIZE_WORDS, oracle_report
from tests.support.strategies import (
    AWKWARD,
    FAULTS,
    OFFICIAL_FAULTS,
    PIXELS,
    QUALITIES,
    RESOLUTIONS,
    Fault,
    json_values,
    rate_cards,
    valid_bodies,
    wild_bodies,
)  # fmt: skip

JULY = built_in().card().to_dict()  # type: ignore[union-attr]


def assert_same(body: Any, cards: Sequence[Mapping[str, Any]] = (JULY,), **options: Any) -> None:
    """The report of the engine says what the oracle says, payload and fixed messages included."""
    expected = oracle_report(body, cards=cards, **options)
    report = preflight(body, rates=[RateCard.from_dict(card) for card in cards], **options)
    actual = json.loads(report.to_json())
    assert actual == json.loads(json.dumps(report.to_dict()))
    messages = [error["message"] for error in actual["errors"]]
    for finding in (*actual["errors"], *actual["warnings"]):
        assert finding["message"]
        for key in ("message", "hint", "params"):
            del finding[key]
    payload, fixed = expected.pop("payload"), expected.pop("messages")
    assert actual == json.loads(json.dumps(expected))
    assert report.payload() == payload
    assert [text for text, known in zip(messages, fixed) if known is not None] == [
        known for known in fixed if known is not None
    ]


class TestEverythingFinite:
    """All sizes, resolutions, qualities and numbers, allowed and not, of both models."""

    @pytest.mark.parametrize("size", (None, *SIZE_WORDS, *PIXELS, "7:5", "16:9 ", "AUTO", "1024X768", "", 5))
    @pytest.mark.parametrize("model", (OFFICIAL, SIBLING))
    def test_axes(self, model: str, size: Any) -> None:
        resolutions = (None, *RESOLUTIONS, "2K", "4K", "8k")
        for resolution, quality, n in itertools.product(
            resolutions, (None, *QUALITIES, "hd"), (None, 0, 1, 2, 3, 4, 5)
        ):
            axes = {"size": size, "resolution": resolution, "quality": quality, "n": n}
            assert_same(
                {"model": model, "prompt": "a fox", **{key: value for key, value in axes.items() if value is not None}}
            )

    @pytest.mark.parametrize("model", (OFFICIAL, SIBLING))
    def test_presence_and_mode(self, model: str) -> None:
        images: tuple[Any, ...] = (None, [], ["https://example.com/a.png"], ["nonsense"], "x")
        masks = (None, "", "https://example.com/m.png", "data:x", 5)
        words = (None, "auto", "transparent", "opaque", "low", "high")
        for image_urls, mask_url, background, moderation in itertools.product(images, masks, words, words):
            fields = {
                "image_urls": image_urls,
                "mask_url": mask_url,
                "background": background,
                "moderation": moderation,
            }
            assert_same({"model": model, "prompt": "a fox", **fields})

    @pytest.mark.parametrize("name", (*FIELD_ORDER, "seed"))
    @pytest.mark.parametrize("model", (OFFICIAL, SIBLING))
    def test_awkward_values(self, model: str, name: str) -> None:
        body = {"model": model, "prompt": "a fox", "image_urls": ["https://example.com/a.png"]}
        for value in AWKWARD:
            assert_same({**body, name: value})
            assert_same({**body, name: [value]})
            assert_same({**body, name: [value, value]})
            assert_same({**body, "resolution": "4k", name: value})


class TestBodies:
    """Any JSON, faultless bodies, and faultless bodies with faults planted in them."""

    @given(
        wild_bodies(),
        st.sampled_from(("warn", "ignore", "error")),
        st.sampled_from((None, OFFICIAL, SIBLING, "", "other")),
    )
    def test_wild(self, body: dict[Any, Any], unknown_fields: str, default_model: str | None) -> None:
        assert_same(body, unknown_fields=unknown_fields, default_model=default_model)

    @given(json_values())
    def test_any_value(self, value: Any) -> None:
        if not isinstance(value, (str, bytes)):
            assert_same(value)

    @given(valid_bodies())
    def test_faultless(self, body: dict[str, Any]) -> None:
        assert preflight(body).ok
        assert_same(body)

    @given(valid_bodies(OFFICIAL), st.lists(st.sampled_from((*FAULTS, *OFFICIAL_FAULTS)), max_size=6))
    def test_planted(self, body: dict[str, Any], faults: list[Fault]) -> None:
        assert_same({**body, **{fault.field: fault.value for fault in faults}})

    @given(wild_bodies().filter(lambda body: all(isinstance(key, str) for key in body)))
    @example({"model": OFFICIAL, "prompt": "狐狸", "seed": 1e3, "n": 2.0})
    def test_text_and_bytes_say_the_same_as_the_mapping(self, body: dict[str, Any]) -> None:
        try:
            text = json.dumps(body, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (TypeError, ValueError):
            return
        expected = preflight(json.loads(text)).to_dict()
        if max_integer(body) < 10**300:  # the decoder takes longer ones, too, but not all
            assert preflight(text).to_dict() == expected
            assert preflight(text.encode()).to_dict() == expected
            assert preflight(json.dumps(body)).to_dict() == expected


def max_integer(value: Any) -> int:
    if isinstance(value, dict):
        return max((max_integer(inner) for inner in value.values()), default=0)
    if isinstance(value, (list, tuple)):
        return max((max_integer(inner) for inner in value), default=0)
    return abs(value) if isinstance(value, int) else 0


class TestCards:
    """Random cards with awkward decimals, gaps and dates."""

    @given(
        valid_bodies(), st.lists(rate_cards(), max_size=4), st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
    )
    def test_quotes(self, body: dict[str, Any], cards: list[dict[str, Any]], as_of: date | None) -> None:
        assert_same(body, cards=cards, as_of=as_of)
