"""What only one kind of request shows: each case here was a change of the code that no other fast test noticed."""

from __future__ import annotations

import itertools
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from reapi_rules import Catalog, Engine, Finding, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.body import read
from reapi_rules.engine.examples import example
from reapi_rules.engine.report import common_of
from tests.support.hostile import HOSTILE, RAISING

MODEL = "gpt-image-2-official"
URL = "https://cdn.example.com/a.png"
STRANGE_MODELS = Path(__file__).parents[1] / "support" / "strange_models"


def finding(rule: str, body: Any, **options: Any) -> Finding:
    report = preflight(body, **options)
    return next(each for each in (*report.errors, *report.warnings) if each.rule == rule)


class TestBodies:
    def test_what_is_read_of_any_text(self) -> None:
        assert (read(b'{"n": 2}'), read("{}"), read({"a": 1})) == (b'{"n": 2}', "{}", {"a": 1})
        assert [read(body).rule for body in (3, b"[1]", b"{")] == ["body.object", "body.object", "body.json"]  # type: ignore[union-attr]

    @pytest.mark.parametrize("body", (b"[" * 100_000, b'{"a": ' + b"[" * 950 + b"]" * 950 + b', "b": }'))
    def test_what_is_too_deep_is_unreadable_and_not_broken(self, body: bytes) -> None:
        assert [error.rule for error in preflight(body).errors] == ["body.unreadable"]

    @pytest.mark.parametrize(("opening", "closing"), (("[", "]"), ('{"a":', "}")))
    def test_too_many_levels_under_an_unknown_key(self, opening: str, closing: str) -> None:
        text = f'{{"model": "{MODEL}", "prompt": "x", "extra": {opening * 920}1{closing * 920}}}'
        for body in (text, text.encode()):
            assert [error.rule for error in preflight(body).errors] == ["body.unreadable"]

    def test_many_levels_that_are_few_enough(self) -> None:
        body = f'{{"model": "{MODEL}", "prompt": "x", "extra": {"[" * 200}1{"]" * 200}}}'
        report = preflight(body)
        assert report.ok
        assert report.payload() == {"model": MODEL, "prompt": "x"}

    def test_the_default_model_counts_where_none_is_named_and_only_there(self) -> None:
        for named in ({}, {"model": None}, {"model": ""}):
            body = {"prompt": "x", "n": 3, **named}
            for source in (body, json.dumps(body)):
                assert preflight(source, default_model="gpt-image-2").model == "gpt-image-2"
                assert preflight({**body, "model": MODEL}, default_model="gpt-image-2").model == MODEL

    def test_text_of_a_subclass_becomes_text(self) -> None:
        class Text(str):
            __slots__ = ()

        for field in ("prompt", "size", "mask_url"):
            body = {"model": MODEL, "prompt": "x", "size": "1:1", "image_urls": [URL], "mask_url": URL}
            report = preflight({**body, field: Text(body[field])})
            assert report.ok
            assert report.effective is not None
            assert type(report.effective[field]) is str

    def test_a_model_under_an_escaped_key_counts_before_the_default_one(self) -> None:
        body = b'{"mod\\u0065l": "gpt-image-2-official", "prompt": "x", "quality": "bad"}'
        assert [error.rule for error in preflight(body, default_model="gpt-image-2").errors] == ["quality.unknown"]

    def test_a_list_is_a_list_whatever_it_holds(self) -> None:
        for text in ("[" + "9" * 5_000 + "]", "[1e999]", '["\\ud800"]'):
            (error,) = preflight(text).errors
            assert (error.rule, error.value) == ("body.object", "array")

    def test_half_a_character_and_too_many_levels_are_unreadable(self) -> None:
        found = read('{"a": "\\ud800", "b": ' + "[" * 100_000 + "]" * 100_000 + "}")
        assert found.rule == "body.unreadable"  # type: ignore[union-attr]

    def test_a_text_that_claims_to_be_another_one(self) -> None:
        class Same(str):
            __slots__ = ()

            def __eq__(self, other: object) -> bool:
                return True

            def __hash__(self) -> int:
                return hash("1:1")

        body = {"model": MODEL, "prompt": "x", "size": "1:1"}
        for size, ok in (("1:1", True), (Same("7:5"), False), ("1:1", True)):
            assert preflight({**body, "size": size}).ok is ok

    def test_what_a_report_says_is_kept_where_its_body_has_many_levels(self) -> None:
        body = json.dumps({"model": MODEL, "prompt": "x", "extra": [[]] * 400})
        report = preflight(body)
        assert report.payload() == {"model": MODEL, "prompt": "x"}
        assert report.payload() is not report.payload()
        assert report.warnings[0].rule == "field.unknown"

    def test_only_what_was_accepted_at_first_sight_has_much_in_common(self) -> None:
        no_rules, rejected = {"model": "midjourney", "prompt": "x"}, {"model": MODEL, "prompt": "x", "n": 9}
        for body in (no_rules, rejected):
            assert common_of(preflight(body)) is None
        known, warnings = common_of(preflight({"model": MODEL, "prompt": "x", "quality": "low"})) or (None, None)
        assert known is not None
        assert warnings == ()

    def test_the_fields_of_a_body_whose_model_has_no_rules(self) -> None:
        body = {"model": "midjourney", "prompt": "x", "n": 9}
        for source in (body, json.dumps(body), json.dumps(body).encode()):
            assert preflight(source).given == body

    def test_a_pickled_report_holds_no_rules(self) -> None:
        report = preflight({"model": MODEL, "prompt": "x"})
        said = report.to_json()
        pickled = pickle.dumps(report)
        assert pickle.loads(pickled).to_json() == said  # our own
        assert len(pickled) < 10_000
        assert b'"credits_low"' not in pickled, "nor what was encoded of it"

    def test_what_is_sent_of_other_keys_is_the_callers_own(self) -> None:
        report = preflight({"model": "wan2.7-image-pro", "prompt": "x", "extra": [[1]]})
        for _ in range(2):
            sent = report.payload()
            assert sent is not None
            assert sent["extra"] == [[1]]
            sent["extra"][0].append(2)
        lacking = object()  # in JSON
        sent = preflight({"model": "wan2.7-image-pro", "prompt": "x", "extra": lacking}).payload()
        assert sent is not None
        assert sent["extra"] is lacking

    def test_a_word_of_another_field_comes_with_the_one_that_this_needs(self) -> None:
        engine = Engine(catalog=Catalog.load(Path(__file__).parents[1] / "support" / "third_model"))
        (error,) = engine.preflight({"model": "paint-1", "prompt": "x", "size": "XL"}).errors
        assert error.hint == '"XL" belongs in resolution: send resolution "XL" instead, with size 4:1'

    def test_what_has_other_errors_is_rejected(self) -> None:
        """Those who know where a value came from put an error in the place of ours."""
        report = preflight({"model": MODEL, "prompt": "x", "size": "auto"})
        (error,) = preflight({"model": MODEL}).errors
        other = report.with_errors((error,))
        assert (other.ok, other.errors, other.warnings) == (False, (error,), report.warnings)
        assert (other.model, other.mode, other.dimensions, other.quote, other.effective) == (
            MODEL,
            None,
            None,
            None,
            None,
        )

    def test_examples_leave_no_size_to_a_reference(self) -> None:
        catalog = built_in()
        for rule in catalog.models[MODEL].rules():
            body = example(rule.id, catalog)
            found = {warning.rule for warning in preflight(body).warnings}
            assert ("size.mirrors_reference" in found) is (rule.id == "size.mirrors_reference"), rule.id
            assert "size" not in body or rule.field == "size" or "size" in rule.message or "image_urls" in body, rule.id


class TestExamples:
    """What somebody could send who breaks a rule; the pages of errors and `explain` show it."""

    VALUES: tuple[tuple[str, Any], ...] = (
        ("prompt.type", 2), ("prompt.blank", "   "), ("prompt.restates_ratio", "a 1:1 fox"), ("prompt.min_length", "aa"), ("size.type", 2),
        ("size.unknown", "7:5"), ("size.auto_price", "auto"), ("size.snapped", "1000x1000"), ("size.looks_like_ratio", "9x21"), ("size.min_length", ""),
        ("size.needs_widescreen", "1:1"), ("resolution.unknown", "8k"), ("quality.unknown", "hd"), ("n.type", "2"), ("n.range", 5), ("n.integral_float", 1.0),
        ("seed.range", 2**31), ("seed.type", "2"), ("watermark.type", "yes"), ("bbox_list.type", "[]"), ("sequential_image_generation_options.type", "{}"),
        ("image_urls.type", URL), ("image_urls.max_items", [URL] * 17), ("image_urls.item_type", [5]), ("image_urls.data_uri", ["data:image/png;base64,AAAA"]),
        ("image_urls.not_http", ["./a.png"]), ("image_urls.malformed", ["https://cdn.example.com/a b.png"]), ("image_urls.private_host", ["http://localhost/a.png"]),
        ("input_urls.min_items", []), ("mask_url.needs_image", URL), ("mask_url.unchecked", URL), ("mask_url.not_http", "./a.png"),
        ("background.transparent_downgraded", "transparent"), ("google_image_search.needs_google_search", True), ("n.needs_enable_sequential", 5),
        ("aspect_ratio.needs_input_urls", "auto"), ("image_size.needs_image_url", "2:3"), ("resolution.not_with_image_urls", "4k"),
    )  # fmt: skip

    @pytest.mark.parametrize(("rule", "value"), VALUES, ids=[rule for rule, _ in VALUES])
    def test_the_value(self, rule: str, value: Any) -> None:
        body = example(rule, built_in())
        assert body[rule.partition(".")[0]] == value
        assert body.get("prompt", "a fox") == "a fox" or rule.startswith("prompt.")
        has_quality = "quality" in built_in().models[body["model"]].roles
        assert body.get("quality") == ("low" if has_quality else None) or rule.startswith("quality.")

    def test_texts_that_are_too_long(self) -> None:
        for rule, field, part, times in (("prompt.max_length", "prompt", "a fox ", 801), ("prompt.utf16_length", "prompt", "\U0001f98a", 2001),
                                         ("size.max_length", "size", "a fox ", 5)):  # fmt: skip
            assert example(rule, built_in())[field] == part * times


class TestWhatJsonLacks:
    """What is under a misnamed key would be judged as the field that is meant, and is not asked anything either."""

    KEYS = (
        "images",
        "image_size",
        "aspectRatio",
        "count",
        "resolutoin",
        "promt",
        "mask",
        "width",
        "input",
        "user",
        "data",
    )

    @pytest.mark.parametrize("place", range(len((*HOSTILE, *RAISING))))
    def test_under_a_key_that_means_a_field(self, place: int) -> None:
        value = (*HOSTILE, *RAISING)[place]
        for model, key in itertools.product((MODEL, "flux-2", "qwen-image-2"), self.KEYS):
            for held in (value, [value], {"prompt": value}, _Array()):
                json.loads(preflight({"model": model, "prompt": "x", key: held, "height": held}).to_json())

    @pytest.mark.parametrize("place", range(len((*HOSTILE, *RAISING))))
    def test_in_every_field_and_inside_of_what_it_holds(self, place: int) -> None:
        value = (*HOSTILE, *RAISING)[place]
        for model in (MODEL, "doubao-seedream-5-0-lite"):
            for name in built_in().models[model].fields:
                for held in (value, [value], [[value]], (value,), {"a": value}, {"url": value}, [{"url": value}]):
                    report = preflight({"model": model, "prompt": "x", name: held})
                    json.loads(report.to_json())
                    assert (report.payload() is None) is not report.ok

    def test_a_key_that_can_not_be_compared(self) -> None:
        report = preflight({"model": MODEL, "prompt": "x", _Array(): 1})
        assert report.warnings[0].rule == "field.unknown"


class _Array:
    """Compared entry by entry, as arrays are: the result is neither true nor false."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Any:
        raise ValueError("the truth value of an array is ambiguous")


class TestEngine:
    @pytest.mark.parametrize("name", ("catalog", "card", "rates", "as_of", "default_model", "unknown_fields"))
    def test_what_it_was_made_of_can_not_be_changed_since_answers_are_kept(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = Engine(default_model=MODEL)
        with pytest.raises(AttributeError, match=f"the {name} of an engine can't be changed: make another engine"):
            setattr(engine, name, None)
        monkeypatch.setattr(engine, "preflight", len)  # a test may answer for it

    @pytest.mark.parametrize("catalog", (None, Catalog.load(STRANGE_MODELS)))
    def test_a_pool_of_processes_may_have_it(self, catalog: Catalog | None) -> None:
        for options in ({}, {"rates": ()}, {"default_model": "strange-1", "unknown_fields": "error"}):
            engine = Engine(catalog=catalog, **options)
            body = {"model": MODEL if catalog is None else "strange-2", "prompt": "x", "n": 5, "key": 1}
            for each in (body, {**body, "model": None}, body):
                said = engine.preflight(each).to_json()
                assert pickle.loads(pickle.dumps(engine)).preflight(each).to_json() == said
        assert pickle.loads(pickle.dumps(Engine())).catalog is built_in()

    def test_the_price_of_a_body(self) -> None:
        assert Engine().quote({"model": MODEL, "prompt": "x", "n": 2, "quality": "low"}).credits == 10

    def test_axes_that_need_no_size_have_a_payload(self) -> None:
        report = Engine().look_at_axes("gpt-image-2-beta", tier="4k")
        assert report.ok
        assert report.payload() == {"model": "gpt-image-2-beta", "prompt": "-", "resolution": "4k"}

    def test_axes_are_answered_alike_again(self) -> None:
        engine = Engine()
        for _ in range(2):
            assert engine.quote_axes(MODEL, "1:1", "1k", "low", 1).credits == 5
            assert engine.quote_axes(MODEL, "1:1", "1k", "low", 2).credits == 10
            assert engine.quote_axes(MODEL, "16:9", "1k", "low", 2).credits != 10

    @pytest.mark.parametrize(
        ("axes", "is_kept"),
        (
            ((MODEL, "1:1", "1k", "low", None), True),
            ((MODEL, "99999x99999", "1k", "low", 2), True),
            ((MODEL, "999999x99999", "1k", "low", 2), False),
            ((MODEL, None, None, None, None), True),
            ((MODEL, "1:1", "1k", "low", 2.0), False),
        ),
    )
    def test_ordinary_axes_are_looked_at_once(
        self, axes: tuple[Any, ...], is_kept: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = Engine()
        first = engine.quote_axes(*axes)
        assert engine.quote_axes(*axes) == first
        monkeypatch.setattr(engine, "look_at_axes", None)
        if is_kept:
            assert engine.quote_axes(*axes) == first
        else:
            with pytest.raises(TypeError):
                engine.quote_axes(*axes)

    def test_an_empty_text_is_sent_and_null_is_not_also_where_more_was_given_before(self) -> None:
        engine, body = Engine(), {"model": "wan2.7-image-pro", "prompt": "x"}
        for text in ("no rain", None, "", "no"):
            report = engine.preflight({**body, "negative_prompt": text})
            own = {} if text is None else {"negative_prompt": text}
            assert (report.ok, report.payload()) == (True, body | own)
            assert report.effective == body | {"n": 1} | own

    def test_an_address_is_used_in_full(self) -> None:
        url = URL + "?" + "x" * 500
        report = preflight({"model": MODEL, "prompt": "x", "image_urls": [url]})
        assert report.effective is not None
        assert report.effective["image_urls"] == [url]


class TestHints:
    def test_a_text_in_a_list_is_the_prompt_unless_that_is_too_long_for_some(self) -> None:
        for prompt, patch in (("\U0001f98a" * 2000, True), ("\U0001f98a" * 2001, False)):
            found = finding("prompt.type", {"model": MODEL, "prompt": [prompt]})
            assert found.patch == ({"prompt": prompt} if patch else None)

    @pytest.mark.parametrize("mask", (f"<{URL}>", [URL]))
    def test_the_address_in_a_field_of_one_is_no_list(self, mask: Any) -> None:
        (error,) = preflight({"model": MODEL, "prompt": "x", "image_urls": [URL], "mask_url": mask}).errors
        assert error.patch == {"mask_url": URL}

    def test_a_number_in_quotes_that_needs_another_field_is_split(self) -> None:
        hint = finding("n.type", {"model": "wan2.7-image", "prompt": "x", "n": "5"}).hint
        assert hint == "send numbers, not text, split into 2 requests: 4 + 1, 120 credits in all"

    @pytest.mark.parametrize(
        ("width", "height", "size"),
        ((2048, 1152, "2048x1152"), (0, 100, None), (100, 0, None), (-1, 100, None), (10**6, 100, None), ("wide", 1, None)),
    )  # fmt: skip
    def test_width_and_height_are_a_size_where_both_are_pixels(self, width: Any, height: Any, size: str | None) -> None:
        found = finding("field.unknown", {"model": MODEL, "prompt": "x", "width": width, "height": height})
        assert found.hint == 'did you mean "size"?'
        assert found.patch == (None if size is None else {"width": None, "height": None, "size": size})

    def test_an_edge_of_more_digits_than_python_writes_is_no_size(self) -> None:
        found = finding("field.unknown", {"model": MODEL, "prompt": "x", "width": 10**5000, "height": 100})
        assert (found.hint, found.patch) == ('did you mean "size"?', None)

    def test_what_the_parts_cost_is_a_range_where_the_price_is_one(self) -> None:
        body = {"model": MODEL, "prompt": "x", "n": 7, "image_urls": [URL], "quality": "low"}
        assert finding("n.range", body).hint == "split it into 2 requests: 4 + 3, 26 to 68 credits in all"
        assert finding("n.range", body).params["credits_low"] == 26
        assert "credits_low" not in finding("n.range", {**body, "size": "1:1"}).params

    @pytest.mark.parametrize(
        ("model", "meant"),
        (("openai/gpt-image-2", "gpt-image-2"), ("a/b/gpt-image-2", "gpt-image-2"), ("gpt-image-2/openai", None)),
    )
    def test_a_seller_stands_before_an_id(self, model: str, meant: str | None) -> None:
        assert finding("model.unknown", {"model": model, "prompt": "x"}).patch == (meant and {"model": meant})

    def test_no_patch_leads_to_a_model_without_rules(self) -> None:
        found = finding("model.unknown", {"model": "openai/midjourney", "prompt": "x"})
        assert (found.hint, found.patch) == ('did you mean "midjourney"?', None)

    def test_an_id_that_is_known_without_rules_is_meant_too(self) -> None:
        assert finding("model.unknown", {"model": "midjourny", "prompt": "x"}).hint == 'did you mean "midjourney"?'

    @pytest.mark.parametrize(
        ("key", "value", "is_request"),
        (("data", {"a": 1}, True), ("details", {"a": 1}, False), ("stuff", {"prompt": "a"}, True), ("stuff", [{"model": "a"}], True), ("stuff", [{"n": 1}], False),
         ("input", {"a": 1}, True), ("stuff", [], False), ("stuff", "prompt", False)),
    )  # fmt: skip
    def test_a_request_one_level_down(self, key: str, value: Any, is_request: bool) -> None:
        hint = finding("prompt.required", {"model": MODEL, key: value}).hint
        assert hint == (
            f"the request is one level down, in {key}: send what is in it"
            if is_request
            else "describe the picture in prompt"
        )
