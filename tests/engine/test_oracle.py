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

from reapi_rules import InvalidRequestError, RateCard, preflight, quote
from reapi_rules.catalog.catalog import built_in
from tests.support.hostile import HOSTILE_BODIES, Index, NoItems
from tests.support.oracle import (
    FIELD_ORDER,
    OFFICIAL,
    SIBLING,
    SIZE_WORDS,
    oracle_axes,
    oracle_report,
    readable,
    unwrapped,
)
from tests.support.oracle_models import FIELDS, MODELS, WITHOUT_RULES
from tests.support.strategies import (
    ALL_CELLS,
    AWKWARD,
    FAULTS,
    OFFICIAL_FAULTS,
    PIXELS,
    QUALITIES,
    RESOLUTIONS,
    WRONG_TYPES,
    Fault,
    accepted_bodies,
    any_bodies,
    bodies_without_rules,
    disguised,
    hostile_bodies,
    json_values,
    rate_cards,
    valid_bodies,
    wild_bodies,
    written,
)
from tests.support.vector_cases import CARDS, CASES

CARD = CARDS["reapi-2026-07-28"]
READ_CARD = RateCard.from_dict(CARD)
HAVE_RULES = tuple(model for model in MODELS if model in built_in().models)
UNKNOWN_FIELDS = st.sampled_from(("warn", "ignore", "error"))


def assert_same(body: Any, cards: Sequence[Mapping[str, Any]] = (CARD,), **options: Any) -> None:
    """The report of the engine says what the oracle says, payload and fixed messages included."""
    expected = oracle_report(body, cards=cards, **options)
    rates = [READ_CARD if card is CARD else RateCard.from_dict(card) for card in cards]
    report = preflight(body, rates=rates, **options)
    actual = json.loads(report.to_json())
    assert actual == json.loads(json.dumps(report.to_dict()))
    messages = [error["message"] for error in actual["errors"]]
    params = [finding["params"] or {} for finding in (*actual["errors"], *actual["warnings"])]
    for finding in (*actual["errors"], *actual["warnings"]):
        assert finding["message"]
        for key in ("message", "hint", "patch", "params"):
            finding.pop(key, None)
    fixed_params = [finding.pop("params") for finding in (*expected["errors"], *expected["warnings"])]
    payload, fixed = expected.pop("payload"), expected.pop("messages")
    assert actual == json.loads(json.dumps(expected))
    assert readable(unwrapped(report.payload())) == readable(payload)
    assert [{key: said.get(key) for key in known} for said, known in zip(params, fixed_params)] == fixed_params
    assert [text for text, known in zip(messages, fixed) if known is not None] == [
        known for known in fixed if known is not None
    ]


class TestEverythingFinite:
    """All sizes, resolutions, qualities and numbers, allowed and not, of the page's models."""

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


class TestEveryModel:
    """Each field of each model by itself, over every value that is odd for some kind."""

    @pytest.mark.parametrize("model", HAVE_RULES)
    def test_fields_one_by_one(self, model: str) -> None:
        for name, field in FIELDS[model].items():
            words = (*field.words, *map(str.upper, field.words), *(f" {word}" for word in field.words))
            for value in (*words, *WRONG_TYPES, *AWKWARD, ...):
                fields = {"model": model, "prompt": "a fox", name: value}
                assert_same({key: given for key, given in fields.items() if given is not ...})

    @pytest.mark.parametrize("model", HAVE_RULES)
    def test_pairs_of_words_and_switches(self, model: str) -> None:
        """What constraints and prices read: words and booleans in pairs, with and without references."""
        choices: dict[str, tuple[Any, ...]] = {
            name: (None, *field.words[:4], field.words[-1], "4K") if field.words else (None, True, False)
            for name, field in FIELDS[model].items()
            if field.words or field.kind == "boolean"
        }
        pictures: dict[str, tuple[Any, ...]] = {
            name: (None, *(("https://example.com/a.png", "") if field.kind == "url" else (["https://example.com/a.png"], [])))
            for name, field in FIELDS[model].items()
            if field.role == "references"
        }  # fmt: skip
        for one, other in itertools.combinations({**choices, **pictures, "n": (None, 1, 4, 5)}.items(), 2):
            for first, second in itertools.product(one[1], other[1]):
                assert_same({"model": model, "prompt": "a fox", one[0]: first, other[0]: second})

    @pytest.mark.parametrize("model", WITHOUT_RULES)
    def test_known_ids_are_not_judged(self, model: str) -> None:
        assert_same({"model": model, "prompt": 5, "n": [], "x": None})
        assert_same({"prompt": 5}, default_model=model)

    @pytest.mark.parametrize("model", built_in().models)
    def test_no_model_without_an_oracle_and_vectors(self, model: str) -> None:
        assert model in MODELS
        assert any(case["expect"].get("model") == model for case in CASES)


class TestBodies:
    """Any JSON, faultless bodies, and faultless bodies with faults planted in them."""

    @given(
        wild_bodies(),
        UNKNOWN_FIELDS,
        st.sampled_from((None, OFFICIAL, SIBLING, "", "other", "midjourney")),
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

    @given(any_bodies(HAVE_RULES) | bodies_without_rules(), UNKNOWN_FIELDS)
    def test_every_model(self, body: dict[str, Any], unknown_fields: str) -> None:
        assert_same(body, unknown_fields=unknown_fields)

    @given(any_bodies(HAVE_RULES), st.sampled_from((*HAVE_RULES, "kling-3-0", "no-model", "")))
    def test_default_models(self, body: dict[str, Any], default_model: str) -> None:
        assert_same({name: value for name, value in body.items() if name != "model"}, default_model=default_model)
        assert_same({**body, "model": None}, default_model=default_model)

    @given(disguised(any_bodies(HAVE_RULES) | bodies_without_rules()))
    def test_subclasses_and_what_has_an_index(self, bodies: tuple[dict[str, Any], Any]) -> None:
        assert_same(bodies[1])

    @given(written(any_bodies(HAVE_RULES) | bodies_without_rules()))
    @example((
        {"model": OFFICIAL, "prompt": "狐狸", "seed": 1e3, "n": 2.0},
        '\ufeff{"n": 1, "prompt": "狐狸", "seed": 1e3, "model": "gpt-image-2-official", "n": 20e-1}',
    ))  # fmt: skip
    def test_text_and_bytes(self, bodies: tuple[dict[str, Any], str | bytes]) -> None:
        assert_same(bodies[1])
        assert_same(bodies[1], unknown_fields="error")

    @given(hostile_bodies(HAVE_RULES), UNKNOWN_FIELDS)
    def test_objects_that_lie_or_raise(self, body: dict[Any, Any], unknown_fields: str) -> None:
        assert_same(body, unknown_fields=unknown_fields)

    def test_an_object_that_can_not_be_read_is_none(self) -> None:
        field = "sequential_image_generation_options"
        assert_same({"model": "doubao-seedream-5-0-lite", "prompt": "a fox", field: NoItems(a=1)})

    @pytest.mark.parametrize("number", range(len(HOSTILE_BODIES)))  # pytest would look at the bodies themselves
    def test_what_is_no_body(self, number: int) -> None:
        assert_same(HOSTILE_BODIES[number])

    def test_a_payload_holds_plain_integers(self) -> None:
        payload = preflight({"model": OFFICIAL, "prompt": "a fox", "n": Index(2)}).payload()
        assert payload is not None
        assert type(payload["n"]) is int

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
        valid_bodies() | accepted_bodies(HAVE_RULES) | bodies_without_rules(),
        st.lists(rate_cards(cells_of=ALL_CELLS), max_size=4),
        st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    )
    def test_quotes(self, body: dict[str, Any], cards: list[dict[str, Any]], as_of: date | None) -> None:
        assert_same(body, cards=cards, as_of=as_of)


class TestAxes:
    """A quote of the axes alone, which go to fields by their roles."""

    @pytest.mark.parametrize("model", (*HAVE_RULES, "kling-3-0", "no-model"))
    def test_every_pair(self, model: str) -> None:
        card = RateCard.from_dict(CARD)
        for size, resolution, quality, n, has_images in itertools.product(
            (None, "16:9", "1:1", "auto", "7:5", "1024x1024"), (None, "1k", "2K", "4k", "8k"), (None, "low"), (None, 2, 5), (False, True)
        ):  # fmt: skip
            axes: dict[str, Any] = {"size": size, "resolution": resolution, "quality": quality, "n": n}
            expected = oracle_axes(model=model, **axes, has_images=has_images, cards=(CARD,))
            if expected["errors"]:
                with pytest.raises(InvalidRequestError) as caught:
                    quote(model=model, **axes, has_images=has_images, rates=card)
                rules = [error.rule for error in caught.value.report.errors]
                assert rules == [error["rule"] for error in expected["errors"]]
                continue
            found = quote(model=model, **axes, has_images=has_images, rates=card)
            for name, value in expected["quote"].items():
                if name != "rate_card":
                    said = getattr(found, name)
                    assert (list(said) if name == "missing" else said) == value, name
