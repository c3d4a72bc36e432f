"""Hints and patches: what to do about a finding leads to a body that is better, and never into the next finding."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Finding, Report, preflight
from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.hints import hints
from reapi_rules.catalog.spellings import spellings
from reapi_rules.engine.examples import example
from tests.support.ids import plain_id
from tests.support.oracle import OFFICIAL, SIBLING
from tests.support.oracle_models import FIELDS, MODELS
from tests.support.profile import IS_THOROUGH
from tests.support.strategies import AWKWARD, any_bodies, wild_bodies

URL = "https://cdn.example.com/a.png"
MORE = "https://cdn.example.com/b.png"
WIDE = "16:9, 9:16, 2:1, 1:2, 21:9 or 9:21"
OTHERS = "the other values don't go with the rest of the request"
SIX = "16:9, 9:16, 2:1, 1:2, 21:9, 9:21"


def merged(body: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(body) if isinstance(body, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def findings(report: Report) -> tuple[Finding, ...]:
    return *report.errors, *report.warnings


def named(found: tuple[Finding, ...]) -> set[tuple[str, str | None]]:
    return {(finding.rule, finding.field) for finding in found}


def check_patches(body: dict[str, Any]) -> None:
    """The law of section 3: each patch by itself, and all of them in order."""
    report = preflight(body)
    for finding in findings(report):
        if finding.patch is None:
            continue
        assert msgspec.json.decode(msgspec.json.encode(finding.patch)) == finding.patch
        patched = merged(body, finding.patch)
        after = preflight(patched)
        assert (finding.rule, finding.field) not in named(findings(after)), finding
        assert named(after.errors) <= named(report.errors), finding
        assert named(warned(after)) <= named(findings(report)), finding
        assert merged(patched, finding.patch) == patched
        for field, value in finding.patch.items():
            assert value is None or patched[field] == value, "a list or an object is given whole"
    for _ in range(10):
        touched: set[str] = set()
        for finding in findings(report):
            if finding.patch is not None and touched.isdisjoint(finding.patch):
                body = merged(body, finding.patch)
                touched |= finding.patch.keys()
        if not touched:
            return
        report = preflight(body)
    raise AssertionError(f"there is always one more patch: {body}")


def promises(finding: Finding, model: str) -> Iterator[dict[str, Any]]:
    """What a body would be changed in, if somebody does as a hint says: each way that it names."""
    params, hint, name = finding.params, finding.hint or "", str(finding.field)
    roles = {field.role: key for key, field in FIELDS[model].items() if field.role}
    for other in re.findall(r"leave (\w+)(?: \w+)? out", hint):
        if other in FIELDS[model]:
            yield {other: None}
    if "one of the allowed values" in hint:
        yield from ({name: word} for word in params["allowed"])
    for word in params.get("choices", ()):
        if str(word) in hint:
            yield {name: word}
    if params.get("fitting") is not None:
        yield {name: params["fitting"]}
    yield from ({name: part} for part in params.get("split", ()))
    if hint.startswith("keep "):
        wide = [params["nearest"]] if params["nearest"] else params["allowed"]
        yield from ({name: word} for word in wide)
        if f"resolution {params['lower']}" in hint:
            yield {roles["tier"]: params["lower"]}
    yield from words_that_are_named(finding)


def words_that_are_named(finding: Finding) -> Iterator[dict[str, Any]]:
    """What a body would be changed in with the values that a hint names."""
    params, hint = finding.params, finding.hint or ""
    shown = [
        value for value in (params.get("meant"), params.get("as_word"), params.get("nearest")) if value is not None
    ]
    if finding.field is None or "split" in params or not any(str(value) in hint for value in shown):
        return
    value = shown[0]
    if finding.rule.endswith(".type"):
        value = value if not isinstance(value, str) else json.loads(value)
    changes = {finding.field: None, params["belongs"]: value} if "belongs" in params else {finding.field: value}
    if "beside" not in params:
        yield changes
    for word in params.get("words", ()):
        assert word in hint
        yield {**changes, params["beside"]: word}


def check_hints(body: dict[str, Any]) -> None:
    """Whatever a hint says, if it is done the finding is gone, and there is no new error and no new warning.

    A word that reAPI does not honour is still one of the allowed ones, and whose a URL is, is not ours to say.
    """
    report = preflight(body)
    before = named(findings(report))
    for finding in findings(report):
        assert finding.hint or finding.level != "error", finding.rule
        assert "{" not in (finding.hint or "").replace(json.dumps(finding.value), "")
        # what is wrong beyond the model comes to light with it
        is_field = finding.field in FIELDS.get(str(report.model), ())
        if finding.rule == "model.unknown" or finding.level == "note" or not is_field:
            continue
        for change in promises(finding, str(report.model)):
            after = preflight(merged(body, change))
            assert (finding.rule, finding.field) not in named(findings(after)), (finding, change)
            assert named(after.errors) <= before, (finding, change)
            if finding.level == "error" and "one of the allowed values" not in str(finding.hint):
                assert named(warned(after)) <= before | left_out(change), (finding, change)


def warned(report: Report) -> tuple[Finding, ...]:
    """The warnings of a report that are not on addresses."""
    return tuple(
        found
        for found in report.warnings
        if found.level == "warning" and not found.rule.endswith((".malformed", ".private_host"))
    )


def left_out(change: dict[str, Any]) -> set[tuple[str, str | None]]:
    """A value that belongs in another field leaves its own out: to name one there is no room in a hint beside a third."""
    return {(f"{name}.auto_bills_high", name) for name in change if change[name] is None and len(change) > 2}


VALUES: tuple[Any, ...] = (
    *dict.fromkeys(word for table in (spellings().words, spellings().sent, hints().near) for words in table.values() for word in words),
    "16×9", "16/9", "16 : 9", "16：9", "1920*1080", "1920x1080", "1024 × 768", "1024x1024", "1.91:1", "16:10", "0:9", "7:5", "2K", "4k", "4K ",
    "4K UHD", "8k", "0.5K", "", " ", "AUTO", "Low", "hihg", "transparant", "Transparent", "png ", "JPG", "x" * 500, "1", "3", "-1", "9" * 30,
    "1:1 4k", "16:9 2k", "3:2 landscape", "portrait_16_9", "1024px x 768px", "9:16 landscape", "square", "auto 4k", "10", "5", f"{URL},{URL}", f"{URL} b.png",
    "L", "M", "true", "False", 1024, 2048, 4096, 10**5000, 2.5, True, None, {"width": 1024, "height": 768}, {"width": 1600, "height": 900},
    {"width": 0, "height": 10**5000}, {"width": "1024"}, ["16:9"], ["4k"], [["x"]], [URL], URL, "data:,x", "cdn.example.com/a.png", [], {},
)  # fmt: skip
"""What people send where something else is meant."""

OTHER_KEYS = tuple(
    dict.fromkeys(
        (
            *(name for table in (aliases().roles, aliases().fields, aliases().keys) for names in table.values() for name in names),
            *aliases().either, *hints().formats, *hints().wrappers, *(name for names in hints().reasons.values() for name in names),
            *(name for names in hints().near_names.values() for name in names), *hints().settings, *(name for pair in hints().edges for name in pair),
            "aspectRatio", "imageSize", "image_size", "resolutoin", "Mask-URL", "width", "height", "n ", "modle", "seed", "x", "\ud800", "",
        )
    )
)  # fmt: skip
"""Keys of neighbouring APIs."""


@st.composite
def misplaced(draw: st.DrawFn) -> dict[str, Any]:
    """A body with values that belong elsewhere, and keys that are called otherwise."""
    model = draw(st.sampled_from(MODELS))
    body: dict[str, Any] = {"model": model, "prompt": "a fox"}
    for name in draw(st.lists(st.sampled_from(sorted(FIELDS[model])), max_size=3, unique=True)):
        words = st.sampled_from(FIELDS[model][name].words or ("x",))
        body[name] = draw(words | st.sampled_from(range(len(VALUES))).map(VALUES.__getitem__))
    for name in draw(st.lists(st.sampled_from(OTHER_KEYS), max_size=3, unique=True)):
        body.setdefault(name, VALUES[draw(st.integers(0, len(VALUES) - 1))])
    return {name: body[name] for name in draw(st.permutations(list(body)))}


def share(values: tuple[Any, ...], model: str) -> tuple[Any, ...]:
    """What is tried of values with a model: all, or a third, so that three models have them all."""
    return values if IS_THOROUGH else values[MODELS.index(model) % 3 :: 3]


@pytest.mark.parametrize("model", MODELS)
class TestEveryModel:
    """Every such value in every field, and under every such key; where time is short a third of them for each model."""

    def test_values(self, model: str) -> None:
        for name, field in FIELDS[model].items():
            roles = {other.role: key for key, other in FIELDS[model].items() if other.role}
            beside = [{}] if field.role not in ("shape", "tier") else [{}, {roles["shape"]: "1:1"}]
            if "tier" in roles and field.role == "shape":
                beside.append({roles["tier"]: FIELDS[model][roles["tier"]].words[-1]})
            for value, more in itertools.product(share((*VALUES, *AWKWARD), model), beside):
                body = {"model": model, "prompt": "a fox", **more, name: value}
                check_patches(body)
                check_hints(body)

    def test_keys(self, model: str) -> None:
        for name, value in itertools.product(
            share(OTHER_KEYS, model),
            (
                VALUES[0],
                "2K",
                "16×9",
                "16x9",
                3,
                "4",
                2.0,
                [URL],
                URL,
                f"{URL},{URL}",
                {"width": 1024, "height": 768},
                None,
            ),
        ):
            if name not in FIELDS[model]:
                check_patches({"model": model, "prompt": "a fox", name: value})
        check_patches(
            {"model": model, "prompt": "a fox", "width": 1024, "height": 768, "images": 2, "image_size": "4:3"}
        )


class TestAnyBody:
    @given(misplaced() | any_bodies(MODELS))
    def test_patches(self, body: dict[str, Any]) -> None:
        check_patches(body)

    @given(misplaced() | any_bodies(MODELS))
    def test_hints(self, body: dict[str, Any]) -> None:
        check_hints(body)

    @given(misplaced())
    def test_text_is_told_the_same(self, body: dict[str, Any]) -> None:
        try:
            text = json.dumps(body)
        except ValueError:  # an integer that nobody writes
            return
        if "\\ud800" not in text:
            assert preflight(text).to_dict() == preflight(body).to_dict()

    @given(wild_bodies())
    def test_every_error_has_a_hint(self, body: dict[Any, Any]) -> None:
        assert all(error.hint for error in preflight(body).errors)


@pytest.mark.parametrize("rule", built_in().rules)
def test_each_rule_has_an_example_that_triggers_it(rule: str) -> None:
    body = example(rule, built_in())
    found = [finding for finding in findings(preflight(body)) if finding.rule == rule]
    assert found
    assert all(finding.hint for finding in found if finding.level == "error")
    if isinstance(body, dict) and body.get("model") in MODELS:
        assert [finding.rule for finding in preflight(body).errors] in ([], [rule])


@pytest.mark.parametrize("model", built_in().models)
def test_every_rule_of_every_model_has_hints_that_can_be_filled(model: str) -> None:
    """For each model, not only for the first that has a rule of that name."""
    for rule in built_in().models[model].rules():
        if rule.level == "error":
            assert rule.hints, rule.id


R1_TO_R3: tuple[tuple[dict[str, Any], str | None, dict[str, Any] | None], ...] = (
    ({"size": "16×9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "16/9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "1920*1080"}, 'did you mean "1920x1080"?', {"size": "1920x1080"}),
    ({"size": "1024 X 768 px"}, 'did you mean "1024x768"?', {"size": "1024x768"}),
    ({"size": "Auto "}, 'did you mean "auto"?', {"size": "auto"}),
    ({"size": "square"}, 'did you mean "1:1"?', {"size": "1:1"}),
    ({"size": "landscape"}, 'the nearest is "16:9"', None),
    ({"size": "7:5"}, 'the nearest is "4:3"', None),
    ({"size": "1.91:1"}, 'the nearest is "2:1"', None),
    ({"size": "atuo"}, 'the nearest is "auto"', None),
    ({"size": "huge"}, "choose one of the allowed values, or leave size out", None),
    ({"size": "2K"}, '"2K" belongs in resolution: send resolution "2k" instead', {"size": None, "resolution": "2k"}),
    ({"size": "2K", "resolution": "1k"}, '"2K" belongs in resolution: send resolution "2k" instead', None),
    ({"size": "4k"}, f'"4k" belongs in resolution: send resolution "4k" instead, with size {WIDE}', None),
    ({"size": "1080p"}, '"1080p" belongs in resolution: send resolution "2k" instead', None),
    ({"size": "high"}, '"high" belongs in quality: send quality "high" instead', None),
    ({"resolution": "1920x1080"}, '"1920x1080" belongs in size: send size "1920x1080" instead', {"resolution": None, "size": "1920x1080"}),
    ({"resolution": "1024x1024"}, '"1024x1024" belongs in size: send size "1024x1024" instead', {"resolution": None, "size": "1024x1024"}),
    ({"resolution": "1080p"}, 'the nearest is "2k"', None),
    ({"resolution": "3k"}, f'the nearest is "4k", with size {WIDE}', None),
    ({"resolution": "3k", "size": "2:1"}, 'the nearest is "4k"', None),
    ({"resolution": "4K UHD"}, f'did you mean "4k", with size {WIDE}?', None),
    ({"resolution": "4K UHD", "size": "16:9"}, 'did you mean "4k"?', {"resolution": "4k"}),
    ({"resolution": " 2K"}, 'did you mean "2k"?', {"resolution": "2k"}),
    ({"resolution": 2048}, 'send "2k"', {"resolution": "2k"}),
    ({"quality": "4k"}, f'"4k" belongs in resolution: send resolution "4k" instead, with size {WIDE}, and quality auto, low, medium or high', None),
    ({"quality": "4k", "size": "9:16"}, '"4k" belongs in resolution: send resolution "4k" instead, with quality auto, low, medium or high', None),
    ({"quality": "2K"}, '"2K" belongs in resolution: send resolution "2k" instead, with quality auto, low, medium or high', None),
    ({"quality": ""}, "choose one of the allowed values", None),
    ({"quality": "slow"}, "choose one of the allowed values", None),
    ({"quality": "lwo"}, 'the nearest is "low"', None),
    ({"quality": "4/5"}, "choose one of the allowed values", None),
    ({"resolution": "4/5"}, '"4/5" belongs in size: send size "4:5" instead', {"resolution": None, "size": "4:5"}),
    ({"quality": "5"}, "choose one of the allowed values", None),
    ({"quality": 5}, "send a string", None),
    ({"quality": "med"}, 'did you mean "medium"?', {"quality": "medium"}),
    ({"quality": "高"}, 'did you mean "high"?', {"quality": "high"}),
    ({"quality": "premium"}, 'the nearest is "high"', None),
    ({"background": ""}, 'leave background out instead of sending ""', {"background": None}),
    ({"size": "landscape_4_3"}, 'did you mean "4:3"?', {"size": "4:3"}),
    ({"size": "portrait_16_9"}, 'did you mean "9:16"?', {"size": "9:16"}),
    ({"size": "portrait_4_3"}, 'did you mean "3:4"?', {"size": "3:4"}),
    ({"size": "portrait_2_3"}, 'did you mean "2:3"?', {"size": "2:3"}),
    ({"size": "square_hd"}, 'did you mean "1:1"?', {"size": "1:1"}),
    ({"size": "ASPECT_16_9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "1:1 (square)"}, 'did you mean "1:1"?', {"size": "1:1"}),
    ({"size": "16:9 横向"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "9:16 landscape"}, "choose one of the allowed values, or leave size out", None),
    ({"size": "16:9 2k"}, 'did you mean "16:9", with resolution 2k?', {"size": "16:9", "resolution": "2k"}),
    ({"size": "16:9 2k", "resolution": "1k"}, 'did you mean "16:9", with resolution 2k?', None),
    ({"size": "1:1 4k"}, "choose one of the allowed values, or leave size out", None),
    ({"size": "1024px x 768px"}, 'did you mean "1024x768"?', {"size": "1024x768"}),
    ({"size": "16 by 9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"resolution": "Full HD"}, 'the nearest is "2k"', None),
    ({"resolution": "1080"}, 'the nearest is "2k"', None),
    ({"resolution": "0.5k"}, 'the nearest is "1k"', None),
    ({"resolution": "2048px"}, 'did you mean "2k"?', {"resolution": "2k"}),
    ({"resolution": "tiny"}, "choose 1k or 2k (the other values don't go with the rest of the request), or leave resolution out", None),
    ({"resolution": "4k", "size": ""}, f"choose {WIDE}: {OTHERS}", None),
    ({"resolution": "4k", "size": "default"}, f"choose {WIDE}: {OTHERS}", None),
    ({"resolution": "4k", "size": 5}, f"send a string: {WIDE}", None),
    ({"resolution": "4k", "size": ["1:1"]}, f"send a string: {WIDE}", None),
    ({"resolution": "4k", "size": ["2:1"]}, 'send "2:1"', {"size": "2:1"}),
    ({"resolution": "4k", "size": "4/3"}, 'did you mean "4:3", with resolution 1k or 2k?', None),
    ({"resolution": "4k", "size": "AUTO"}, 'did you mean "auto", with resolution 1k or 2k?', None),
    ({"resolution": "4k", "size": "1024x1024px"}, 'did you mean "1024x1024", with resolution 1k or 2k?', None),
    ({"resolution": "4k", "size": "16:10"}, 'the nearest that goes with the rest of the request is "16:9"', None),
    ({"quality": "hd"}, 'did you mean "high"?', {"quality": "high"}),
    ({"quality": "standard"}, 'did you mean "medium"?', {"quality": "medium"}),
    ({"quality": "HIGH"}, 'did you mean "high"?', {"quality": "high"}),
    ({"quality": "hihg"}, 'the nearest is "high"', None),
    ({"background": "transparant"}, "choose one of the allowed values, or leave background out", None),
    ({"background": "Transparent"}, "choose one of the allowed values, or leave background out", None),
    ({"background": "solid"}, 'did you mean "opaque"?', {"background": "opaque"}),
    ({"moderation": "high"}, 'the nearest is "auto"', None),
    ({"size": {"width": 1024, "height": 768}}, 'send "1024x768"', {"size": "1024x768"}),
    ({"size": {"Width": 1024, "Height": 768}}, 'send "1024x768"', {"size": "1024x768"}),
    ({"size": ["16:9"]}, 'send "16:9"', {"size": "16:9"}),
    ({"resolution": ["4k"]}, "send a string: 1k or 2k", None),
    ({"prompt": ["a fox"]}, 'send one text: "a fox"', {"prompt": "a fox"}),
    ({"prompt": 5}, "send the prompt as one text", None),
    ({"prompt": "x" * 4003}, "it has 4003 characters: shorten it by 3", None),
    ({"image_urls": URL}, f'put the URL into a list: ["{URL}"]', {"image_urls": [URL]}),
    ({"image_urls": f"{URL},{URL}"}, "put the 2 URLs into a list, each as an entry of its own", {"image_urls": [URL, URL]}),
    ({"image_urls": f"{URL}; {URL}\n{URL}|{URL}"}, "put the 4 URLs into a list, each as an entry of its own", {"image_urls": [URL] * 4}),
    ({"image_urls": f"{URL}?crop=1,2"}, f'put the URL into a list: ["{URL}?crop=1,2"]', {"image_urls": [f"{URL}?crop=1,2"]}),
    ({"image_urls": f"{URL}, b.png"}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": f"{URL}?also={URL},{URL}"}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": f"{URL}", "mask_url": URL}, f'put the URL into a list: ["{URL}"]', {"image_urls": [URL]}),
    ({"image_urls": 5, "mask_url": URL}, "send a list of URLs", None),
    ({"image_urls": "x"}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": [URL] * 18}, "it has 18 entries: remove 2", None),
    ({"n": "3"}, "send the number 3, without quotes", {"n": 3}),
    ({"n": "3.0"}, "send the number 3", {"n": 3}),
    ({"n": ""}, "send a whole number, or leave n out", {"n": None}),
    ({"n": " "}, "send a whole number, or leave n out", {"n": None}),
    ({"n": [""]}, "send a whole number, or leave n out", None),
    ({"image_urls": ""}, "send a list of URLs, or leave image_urls out", {"image_urls": None}),
    ({"image_urls": "", "mask_url": URL}, "send a list of URLs", None),
    ({"n": "9"}, "send numbers, not text, split into 3 requests: 4 + 4 + 1, 45 credits in all", None),
    ({"n": "ten"}, "send numbers, not text, split into 3 requests: 4 + 4 + 2, 50 credits in all", None),
    ({"n": "41"}, "send a number, not text; the nearest is 4", None),
    ({"n": "0"}, "send a number, not text; the nearest is 1", None),
    ({"n": "-2"}, "send a number, not text; the nearest is 1", None),
    ({"n": "three"}, "send the number 3", {"n": 3}),
    ({"n": "2张"}, "send the number 2", {"n": 2}),
    ({"n": "x2"}, "send the number 2", {"n": 2}),
    ({"n": [2]}, "send the number 2", {"n": 2}),
    ({"n": "many"}, "send a whole number, or leave n out", None),
    ({"n": "2 or 3"}, "send a whole number, or leave n out", None),
    ({"size": "16:9宽屏"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "--ar 16:9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "'16:9'"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "\u200b16:9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"size": "1080x1920 (9:16)"}, 'did you mean "1080x1920"?', {"size": "1080x1920"}),
    ({"size": "4:3 (1024x768)"}, 'did you mean "4:3"?', {"size": "4:3"}),
    ({"size": "4:3 (1920x1080)"}, "choose one of the allowed values, or leave size out", None),
    ({"size": "80x80px"}, 'did you mean "80x80"?', {"size": "80x80"}),
    ({"size": "1024 1024"}, "choose one of the allowed values, or leave size out", None),
    ({"size": "16:9@2k"}, 'did you mean "16:9", with resolution 2k?', {"size": "16:9", "resolution": "2k"}),
    ({"size": "16:9 4K UHD"}, 'did you mean "16:9", with resolution 4k?', {"size": "16:9", "resolution": "4k"}),
    ({"size": "16:9 4K FHD"}, "choose one of the allowed values, or leave size out", None),
    ({"resolution": "16:9 2k"}, 'did you mean "2k", with size 16:9?', {"size": "16:9", "resolution": "2k"}),
    ({"size": "横图"}, 'the nearest is "16:9"', None),
    ({"size": "hochformat"}, 'the nearest is "9:16"', None),
    ({"size": "adaptive"}, 'the nearest is "auto"', None),
    ({"resolution": "2K (2048px)"}, 'did you mean "2k"?', {"resolution": "2k"}),
    ({"resolution": "高清"}, 'the nearest is "2k"', None),
    ({"quality": "高画质"}, 'did you mean "high"?', {"quality": "high"}),
    ({"quality": "HIGH_QUALITY"}, 'did you mean "high"?', {"quality": "high"}),
    ({"quality": "mittel"}, 'did you mean "medium"?', {"quality": "medium"}),
    ({"quality": "medium-high"}, "choose one of the allowed values", None),
    ({"quality": "very high"}, 'the nearest is "high"', None),
    ({"size": [1024, 768]}, 'send "1024x768"', {"size": "1024x768"}),
    ({"size": {"w": 16, "h": "9"}}, 'send "16:9"', {"size": "16:9"}),
    ({"image_urls": {"url": URL}}, f'put the URL into a list: ["{URL}"]', {"image_urls": [URL]}),
    ({"image_urls": [URL, {"image_url": {"url": URL}}]}, f'did you mean "{URL}"?', {"image_urls": [URL, URL]}),
    ({"image_urls": f'["{URL}"]'}, f'put the URL into a list: ["{URL}"]', {"image_urls": [URL]}),
    ({"image_urls": f" ['{URL}', '{URL}?crop=1,2'] "}, "put the 2 URLs into a list, each as an entry of its own", {"image_urls": [URL, f"{URL}?crop=1,2"]}),
    ({"image_urls": json.dumps([URL, URL]).replace("/", r"\/")}, "put the 2 URLs into a list, each as an entry of its own", {"image_urls": [URL, URL]}),
    ({"image_urls": f'["{URL}", "b.png"]'}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": f'["{URL}'}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": "[]"}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": [f'["{URL}"]']}, f'did you mean "{URL}"?', {"image_urls": [URL]}),
    ({"image_urls": {"1": URL, "3": {"url": URL}}}, "put the 2 URLs into a list, each as an entry of its own", {"image_urls": [URL, URL]}),
    ({"image_urls": {"1": URL, "a": URL}}, "send a list of URLs, or leave image_urls out", None),
    ({"image_urls": {}}, "send a list of URLs, or leave image_urls out", None),
    ({"moderation": "medium"}, 'the nearest is "auto"', None),
    ({"size": "1024х1024"}, 'did you mean "1024x1024"?', {"size": "1024x1024"}),
    ({"size": "16ː9"}, 'did you mean "16:9"?', {"size": "16:9"}),
    ({"resolution": "2К"}, 'did you mean "2k"?', {"resolution": "2k"}),
    ({"image_urls": [[URL, URL]]}, "put the 2 URLs into the list itself", {"image_urls": [URL, URL]}),
    ({"image_urls": [{"file_id": "x"}]}, "send each entry as a URL, as text", None),
    ({"image_urls": [f"<{URL}>"]}, f'did you mean "{URL}"?', {"image_urls": [URL]}),
    ({"image_urls": ["www.example.com/a.png"]}, 'did you mean "https://www.example.com/a.png"?', None),
    ({"image_urls": ["htp://a.example/1.png"]}, 'did you mean "https://a.example/1.png"?', None),
    ({"image_urls": ["a.png"]}, "upload the file to public storage and send its http(s) URL", None),
    ({"image_urls": [URL, ""]}, 'leave "" out', {"image_urls": [URL]}),
    ({"image_urls": ["\n"]}, 'leave "" out', {"image_urls": None}),
    ({"image_urls": [""], "mask_url": URL}, "upload the file to public storage and send its http(s) URL", None),
    ({"image_urls": [URL], "mask_url": " "}, 'leave "" out', {"mask_url": None}),
    ({"resolution": "12k", "size": "16:9"}, 'the nearest is "4k"', None),
    ({"image_urls": [URL], "mask_url": {"image_url": URL}}, f'send "{URL}"', {"mask_url": URL}),
    ({"n": 0}, "the nearest is 1", None),
    ({"n": 10}, "split it into 3 requests: 4 + 4 + 2, 50 credits in all", None),
    ({"n": 40}, "split it into 10 requests: 4 + 4 + 4 + 4 + 4 + 4 + 4 + 4 + 4 + 4, 200 credits in all", None),
    ({"n": 41}, "the nearest is 4", None),
    ({"resolution": "4k", "size": "4:5"}, "keep 4k with size 9:16, the nearest wide one, or keep size 4:5 with resolution 2k", None),
    ({"resolution": "4K", "size": "1080x1920"}, f"keep 4k with size 9:16, the nearest of {SIX}", None),
    ({"resolution": "4k", "size": "auto"}, f"keep 4k with size {WIDE}", None),
    ({"resolution": "4k", "size": "0x7"}, f"keep 4k with size {WIDE}", None),
    ({"resolution": "4k"}, f"keep 4k with size {WIDE}", None),
    ({"mask_url": URL}, "put the image that the mask belongs to first in image_urls, or leave mask_url out", None),
)  # fmt: skip


@pytest.mark.parametrize(("fields", "hint", "patch"), R1_TO_R3, ids=plain_id)
def test_what_to_do_about_an_error(fields: dict[str, Any], hint: str, patch: dict[str, Any] | None) -> None:
    """R1, R2 and R5 of the cases, and what the rulebook says of hints."""
    body = {"model": OFFICIAL, "prompt": "a fox", "quality": "low", **fields}
    (error,) = preflight(body).errors
    assert (error.hint, error.patch) == (hint, patch)
    for each in (json.dumps(body), json.dumps(body).encode()):
        assert preflight(each).errors == (error,)


@pytest.mark.parametrize(
    ("n", "split"),
    (
        (5, [4, 1]),
        (8, [4, 4]),
        (10, [4, 4, 2]),
        (10.0, [4, 4, 2]),
        (40, [4] * 10),
        (41, None),
        (1e300, None),
        (0, None),
    ),
)
def test_how_a_batch_is_split(n: float, split: list[int] | None) -> None:
    (error,) = preflight({"model": OFFICIAL, "prompt": "a", "n": n}).to_dict()["errors"]
    assert error["params"].get("split") == split


@pytest.mark.parametrize(
    ("model", "n", "split"), (("imagen-4-0", 3, [1, 1, 1]), ("wan2.7-image", 13, [4, 4, 4, 1]), (SIBLING, 2, [1, 1]))
)
def test_each_part_of_a_batch_gives_no_finding(model: str, n: int, split: list[int]) -> None:
    error = preflight({"model": model, "prompt": "a", "n": n}).errors[0]
    assert error.params["split"] == tuple(split)
    for part in split:
        assert not [
            found for found in findings(preflight({"model": model, "prompt": "a", "n": part})) if found.field == "n"
        ]


def test_a_sequence_is_split_by_its_own_bound() -> None:
    error = preflight({"model": "wan2.7-image", "prompt": "a", "n": 13, "enable_sequential": True}).errors[0]
    assert error.params["split"] == (12, 1)


KEYS: tuple[tuple[str, dict[str, Any], str, dict[str, Any] | None], ...] = (
    (OFFICIAL, {"num_images_per_prompt": 2}, 'did you mean "n"?', {"num_images_per_prompt": None, "n": 2}),
    *(
        (OFFICIAL, {f"size{one}": "1024", f"size{other}": 768}, 'did you mean "size"?', {f"size{one}": None, f"size{other}": None, "size": "1024x768"})
        for one, other in (("[width]", "[height]"), ("_0", "_1"))
    ),
    (OFFICIAL, {"output_aspect_ratio": "16:9"}, 'did you mean "size"?', {"output_aspect_ratio": None, "size": "16:9"}),
    (OFFICIAL, {"imageRatio": "16:9"}, 'did you mean "size"?', {"imageRatio": None, "size": "16:9"}),
    (OFFICIAL, {"image_num": 2}, 'did you mean "n"?', {"image_num": None, "n": 2}),
    (OFFICIAL, {"num_samples": 2}, 'did you mean "n"?', {"num_samples": None, "n": 2}),
    (OFFICIAL, {"sampleImageSize": "2K"}, 'did you mean "resolution"?', {"sampleImageSize": None, "resolution": "2k"}),
    (OFFICIAL, {"imageSize": "2K"}, 'did you mean "resolution"?', {"imageSize": None, "resolution": "2k"}),
    (OFFICIAL, {"image_size": {"width": 1024, "height": 768}}, 'did you mean "size"?', {"image_size": None, "size": "1024x768"}),
    (OFFICIAL, {"aspect_ratio": "16:9"}, 'did you mean "size"?', {"aspect_ratio": None, "size": "16:9"}),
    (OFFICIAL, {"aspectRatio": "16×9"}, 'did you mean "size"?', {"aspectRatio": None, "size": "16:9"}),
    (OFFICIAL, {"aspect_ratio": "16:9", "size": "1:1"}, 'did you mean "size"?', None),
    (OFFICIAL, {"aspect_ratio": 5}, 'did you mean "size"?', None),
    (OFFICIAL, {"resolutoin": "2k"}, 'did you mean "resolution"?', {"resolutoin": None, "resolution": "2k"}),
    (OFFICIAL, {"num_images": 2}, 'did you mean "n"?', {"num_images": None, "n": 2}),
    (OFFICIAL, {"num_images": "2"}, 'did you mean "n"?', {"num_images": None, "n": 2}),
    (OFFICIAL, {"prompt": "", "Prompt": "a fox"}, 'did you mean "prompt"?', {"Prompt": None, "prompt": "a fox"}),
    (OFFICIAL, {"size": "", "aspect_ratio": "16:9"}, 'did you mean "size"?', {"aspect_ratio": None, "size": "16:9"}),
    (OFFICIAL, {"n": 0, "num_images": 2}, 'did you mean "n"?', None),
    (OFFICIAL, {"num_images": ""}, 'did you mean "n"?', {"num_images": None, "n": None}),
    (OFFICIAL, {"num_images": 9}, 'did you mean "n"?', None),
    (OFFICIAL, {"num_images": 2, "count": 3}, 'did you mean "n"?', None),
    (OFFICIAL, {"num_images": 2, "count": "2"}, 'did you mean "n"?', {"num_images": None, "count": None, "n": 2}),
    (OFFICIAL, {"aspect_ratio": "1:1", "width": 1920, "height": 1080}, 'did you mean "size"?', None),
    (OFFICIAL, {"reference image urls": [], "reference": []}, 'did you mean "image_urls"?', {"reference image urls": None, "reference": None, "image_urls": []}),
    (OFFICIAL, {"input_image": URL, "input_image_2": MORE}, 'did you mean "image_urls"?', {"input_image": None, "input_image_2": None, "image_urls": [URL, MORE]}),
    (OFFICIAL, {"image": URL, "images": [URL]}, 'did you mean "image_urls"?', {"image": None, "images": None, "image_urls": [URL]}),
    (OFFICIAL, {"images": [URL] * 9, "references": [MORE] * 9}, 'did you mean "image_urls"?', None),
    (OFFICIAL, {"image": URL}, 'did you mean "image_urls"?', {"image": None, "image_urls": [URL]}),
    (OFFICIAL, {"image[]": [URL, URL]}, 'did you mean "image_urls"?', {"image[]": None, "image_urls": [URL, URL]}),
    (OFFICIAL, {"image": "a.png"}, "send a public http(s) URL as image_urls", None),
    (OFFICIAL, {"image": "data:image/png;base64,AA"}, "send a public http(s) URL as image_urls", None),
    ("qwen-image-2", {"image": "a.png"}, "send a public http(s) URL as image_url", None),
    (OFFICIAL, {"images": [{"image_url": URL}, URL]}, 'did you mean "image_urls"?', {"images": None, "image_urls": [URL, URL]}),
    (OFFICIAL, {"imgs": [URL]}, 'did you mean "image_urls"?', {"imgs": None, "image_urls": [URL]}),
    (OFFICIAL, {"sizetier": "16:9"}, 'did you mean "size"?', {"sizetier": None, "size": "16:9"}),
    (OFFICIAL, {"description": "a fox"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"images": 2}, 'did you mean "n"?', {"images": None, "n": 2}),
    (OFFICIAL, {"images": "2张"}, 'did you mean "n"?', {"images": None, "n": 2}),
    (OFFICIAL, {"variations": 3}, 'did you mean "n"?', {"variations": None, "n": 3}),
    (OFFICIAL, {"variations": True}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"format": "16:9"}, 'did you mean "size"?', {"format": None, "size": "16:9"}),
    (OFFICIAL, {"format": "png"}, "leave it out: the channel always returns PNG and a URL", None),
    (OFFICIAL, {"orientation": "landscape"}, 'did you mean "size"?', None),
    (OFFICIAL, {"res": "2K"}, 'did you mean "resolution"?', {"res": None, "resolution": "2k"}),
    (OFFICIAL, {"image_urls": [f"{URL},{URL}"]}, "make each of the 2 URLs an entry of its own", {"image_urls": [URL, URL]}),
    (OFFICIAL, {"image_urls": [f"{URL}、{URL}"]}, "make each of the 2 URLs an entry of its own", {"image_urls": [URL, URL]}),
    (OFFICIAL, {"image_urls": [f"{URL} {URL}"] * 8}, "make each of the 2 URLs an entry of its own", {"image_urls": [URL] * 16}),
    (OFFICIAL, {"image_urls": [f"{URL} {URL}"] * 9}, "make each of the 2 URLs an entry of its own", None),
    (OFFICIAL, {"image_urls": [f"{URL},https://localhost/a.png"]}, "make each of the 2 URLs an entry of its own", None),
    (OFFICIAL, {"image_urls": [URL], "mask_url": f"{URL},{URL}"}, "send only one of the 2 URLs", None),
    (OFFICIAL, {"image": None}, 'did you mean "image_urls"?', None),
    (OFFICIAL, {"width": 1600, "height": 900}, 'did you mean "size"?', {"width": None, "height": None, "size": "1600x900"}),
    (OFFICIAL, {"width": 16, "height": 9}, 'did you mean "size"?', {"width": None, "height": None, "size": "16:9"}),
    (OFFICIAL, {"width": 1600, "height": 900, "size": "1:1"}, 'did you mean "size"?', None),
    (OFFICIAL, {"width": 1600}, 'did you mean "size"?', None),
    (SIBLING, {"width": 1600, "height": 900}, 'did you mean "size"?', None),
    ("flux-2", {"size": "16:9"}, 'did you mean "aspect_ratio"?', {"size": None, "aspect_ratio": "16:9"}),
    ("flux-2", {"image_urls": [URL]}, 'did you mean "input_urls"?', {"image_urls": None, "input_urls": [URL]}),
    ("qwen-image-2", {"image": [URL]}, 'did you mean "image_url"?', {"image": None, "image_url": URL}),
    ("qwen-image-2", {"image_urls": [URL, URL]}, 'did you mean "image_url"?', None),
    (OFFICIAL, {"image_config": {"aspect_ratio": "16:9"}}, "move the content of image_config one level up, into the request itself", None),
    (OFFICIAL, {"config": {"size": "16:9"}}, "move the content of config one level up, into the request itself", None),
    (OFFICIAL, {"config": {"retries": 3}}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"input": {"prompt": "a"}}, "move the content of input one level up, into the request itself", None),
    (OFFICIAL, {"messages": [{"role": "user"}]}, "move the content of messages one level up, into the request itself", None),
    (OFFICIAL, {"webhook_url": URL}, "leave it out: reAPI sends no callbacks, so poll the task", None),
    (OFFICIAL, {"callBackUrl": URL}, "leave it out: reAPI sends no callbacks, so poll the task", None),
    (OFFICIAL, {"notify_hook": URL}, "leave it out: reAPI sends no callbacks, so poll the task", None),
    (OFFICIAL, {"negativePrompt": "rain"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"outputFormat": "png"}, "leave it out: the channel always returns PNG and a URL", None),
    (OFFICIAL, {"task": "x"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"mode": "x"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"nobody's": 1}, "leave it out: this model has no such parameter", None),
    ("flux-2", {"nobody's": 1}, "leave it out, unless you know that the model has it", None),
    ("flux-2", {"n": 2}, "leave it out: this model makes one image per request, so send one request for each image", None),
    (OFFICIAL, {"aspect_ratio": "16x9"}, 'did you mean "size"?', {"aspect_ratio": None, "size": "16:9"}),
    (OFFICIAL, {"ratio": "16x9", "num_images": 2.0}, 'did you mean "size"?', {"ratio": None, "size": "16:9"}),
    (OFFICIAL, {"num_images": 2.0}, 'did you mean "n"?', {"num_images": None, "n": 2}),
    (OFFICIAL, {"image_size": "square_hd"}, 'did you mean "size"?', {"image_size": None, "size": "1:1"}),
    (OFFICIAL, {"nVariants": 2}, 'did you mean "n"?', {"nVariants": None, "n": 2}),
    (OFFICIAL, {"max_images": 2}, 'did you mean "n"?', None),
    (OFFICIAL, {"filesUrl": [URL]}, 'did you mean "image_urls"?', {"filesUrl": None, "image_urls": [URL]}),
    (OFFICIAL, {"images": f"{URL},{URL}"}, 'did you mean "image_urls"?', {"images": None, "image_urls": [URL, URL]}),
    (OFFICIAL, {"images": f"{URL}, b.png"}, 'did you mean "image_urls"?', None),
    ("qwen-image-2", {"image_urls": f"{URL},{URL}"}, 'did you mean "image_url"?', None),
    ("flux-2", {"size": "7:5"}, 'did you mean "aspect_ratio"?', None),
    (OFFICIAL, {"w": 1024, "h": 768}, 'did you mean "size"?', {"w": None, "h": None, "size": "1024x768"}),
    (OFFICIAL, {"width": "1024", "height": "768 px"}, 'did you mean "size"?', None),
    (OFFICIAL, {"width": "1024", "height": "768px"}, 'did you mean "size"?', {"width": None, "height": None, "size": "1024x768"}),
    *(
        (OFFICIAL, {width: 1024, height: 768}, 'did you mean "size"?', {width: None, height: None, "size": "1024x768"})
        for width, height in (("Width", "Height"), ("IMAGE_WIDTH", "ImageHeight"), ("宽", "高"), ("宽度", "高度"))
    ),
    (OFFICIAL, {"num_images": 9, "count": 2}, 'did you mean "n"?', None),
    (OFFICIAL, {"count": 2, "num_images": 9}, 'did you mean "n"?', None),
    (OFFICIAL, {"image": URL, "images": True}, 'did you mean "image_urls"?', None),
    (OFFICIAL, {"image": {"url": URL, "size": "1:1"}}, 'did you mean "image_urls"?', None),
    (OFFICIAL, {"images": [{"url": URL, "aspectRatio": "1:1"}]}, 'did you mean "image_urls"?', None),
    (OFFICIAL, {"image": {"url": URL, "size": 12_345, "type": "image/png"}}, 'did you mean "image_urls"?', {"image": None, "image_urls": [URL]}),
    (OFFICIAL, {"image": {1: "x", "url": URL}}, 'did you mean "image_urls"?', {"image": None, "image_urls": [URL]}),
    (OFFICIAL, {"image": {"url": URL, "detail": "high"}}, 'did you mean "image_urls"?', {"image": None, "image_urls": [URL]}),
    *((OFFICIAL, {name: value}, 'did you mean "image_urls"?', None) for name, value in (("url", URL), ("ref", URL), ("attachments", [{"url": URL}]))),
    *((OFFICIAL, {name: "2k"}, 'did you mean "resolution"?', None) for name in ("picture_size", "target_resolution", "tier", "输出分辨率")),
    *((OFFICIAL, {name: "16:9"}, 'did you mean "size"?', None) for name in ("img_ratio", "canvas_size", "screen", "画布")),
    ("flux-2", {"tier": "2K", "x": 1}, 'did you mean "resolution"?', None),
    ("qwen-image-2", {"canvas_size": "4:3"}, 'did you mean "image_size"?', None),
    (OFFICIAL, {"render_quality": "high"}, 'did you mean "quality"?', None),
    (OFFICIAL, {"effort": "high"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"choice": "auto"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"max_tokens": "1024"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"providerOptions": {"openai": {"quality": "low"}}}, "move the content of providerOptions one level up, into the request itself", None),
    (OFFICIAL, {"user": "me"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"style": "vivid"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"stream": False}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"input_fidelity": "high"}, "leave it out: this model has no such parameter", None),
    (OFFICIAL, {"output_format": "png"}, "leave it out: the channel always returns PNG and a URL", None),
    (OFFICIAL, {"size": "16x9"}, 'send "16:9"', {"size": "16:9"}),
    (OFFICIAL, {"n": 2.0}, "send 2", {"n": 2}),
    *((OFFICIAL, {**fields, name: value}, "leave it out: this model has no such parameter", {name: None}) for name, value, fields in (
        ("aspect_ratio", "16×9", {"size": "16:9"}), ("num_images", 2, {"n": 2}), ("imageSize", "2K", {"resolution": "2k"}), ("mask", URL, {"mask_url": URL, "image_urls": [URL], "size": "1:1"}),
    )),
    *((OFFICIAL, {**fields, name: value}, f'did you mean "{field}"?', None) for name, value, fields, field in (
        ("aspect_ratio", "16:9", {"size": "1:1"}, "size"), ("num_images", 2.0, {"n": 2}, "n"), ("num_images", True, {"n": 1}, "n"),
    )),
    ("flux-2", {"aspect_ratio": "1:1", "size": "1:1"}, "leave it out, unless you know that the model has it", {"size": None}),
    ("wan2.7-image", {"ratio": "2K"}, 'did you mean "resolution"?', {"ratio": None, "resolution": "2k"}),
    ("wan2.7-image", {"ratio": "16×9"}, 'did you mean "size"?', {"ratio": None, "size": "16:9"}),
    ("wan2.7-image", {"resolution": "16:9"}, '"16:9" belongs in size: send size "16:9" instead', {"resolution": None, "size": "16:9"}),
    *((model, {"resolution": value}, f'the nearest is "{word}"', None) for model, value, word in (("wan2.7-image", "4k", "2k"), ("flux-2", "8k", "2K"), ("doubao-seedream-5-0-lite", "1K", "2k"), ("gemini-2.5-flash-image-preview", "0.5k", "1k"))),
    ("gemini-3.1-flash-image-preview", {"resolution": "512px"}, 'did you mean "0.5k"?', {"resolution": "0.5k"}),
)  # fmt: skip


@pytest.mark.parametrize(("model", "fields", "hint", "patch"), KEYS, ids=plain_id)
def test_what_to_do_about_a_warning(
    model: str, fields: dict[str, Any], hint: str, patch: dict[str, Any] | None
) -> None:
    """R3 and R4 of the cases: keys are told what they are called here, or that reAPI has no such thing."""
    body = {"model": model, "prompt": "a fox", **({"quality": "low"} if model == OFFICIAL else {}), **fields}
    report = preflight(body)
    wanted = [finding for finding in report.warnings if finding.level == "warning" or finding.patch]
    assert (wanted[0].hint, wanted[0].patch) == (hint, patch)
    assert preflight(json.dumps(body)).warnings == report.warnings


@pytest.mark.parametrize(
    "urls", ([{"url": URL}] * 2_000, [[URL] * 200] * 16, [""] * 9_000), ids=("many", "lists", "blanks")
)
def test_a_report_is_no_longer_than_a_long_list_of_urls(urls: list[Any]) -> None:
    body = {"model": "doubao-seedream-5-0-lite", "prompt": "a fox", "image_urls": urls}
    assert len(preflight(body).to_json()) < len(json.dumps(body)), "16 findings, each with the whole list"


@pytest.mark.parametrize(
    ("fields", "hint", "patch"),
    (
        ({"prompt": "", "image_urls": [URL]}, 'leave prompt out instead of sending ""', {"prompt": None}),
        ({"prompt": ""}, "it has 0: write 1 more", None),
        ({"prompt": "a fox", "size": ""}, 'leave size out instead of sending ""', {"size": None}),
    ),
)
def test_an_empty_text_that_may_be_left_out(fields: dict[str, Any], hint: str, patch: dict[str, Any] | None) -> None:
    (error,) = preflight({"model": "wan2.7-image", **fields}).errors
    assert (error.rule.split(".")[1], error.hint, error.patch) == ("min_length", hint, patch)


@pytest.mark.parametrize("fields", ({"prompt": ["x" * 3000]}, {"image_urls": [{"url": URL + "?" + "x" * 3000}]}))
def test_a_hint_is_short_however_long_its_value(fields: dict[str, Any]) -> None:
    (error,) = preflight({"model": OFFICIAL, "prompt": "a", **fields}).errors
    assert error.patch is not None
    assert len(error.hint or "") < 300


@pytest.mark.parametrize(
    ("id", "hint", "patch"),
    (
        ("openai/gpt-image-2", 'did you mean "gpt-image-2"?', {"model": "gpt-image-2"}),
        ("GPT-Image-2 ", 'did you mean "gpt-image-2"?', {"model": "gpt-image-2"}),
        ("GPT Image 2 官方版", 'did you mean "gpt-image-2-official"?', {"model": "gpt-image-2-official"}),
        ("gpt-image-2测试版", 'did you mean "gpt-image-2-beta"?', {"model": "gpt-image-2-beta"}),
        ("gpt-image2", 'did you mean "gpt-image-2"?', {"model": "gpt-image-2"}),
        ("GPT Image 2 (Stable)", 'did you mean "gpt-image-2-official"?', {"model": "gpt-image-2-official"}),
        (
            "https://reapi.ai/docs/gpt-image-2-stable",
            'did you mean "gpt-image-2-official"?',
            {"model": "gpt-image-2-official"},
        ),
        ("alibaba/wan-2.7-image", 'did you mean "wan2.7-image"?', {"model": "wan2.7-image"}),
        ("gpt-image-2_4k", 'did you mean "gpt-image-2"?', None),
        ("gpt-image-2 (official)", 'did you mean "gpt-image-2-official"?', None),
        ("imagen-4.0-generate-001", 'did you mean "imagen-4-0"?', None),
        ("gpt-imgae-2", 'did you mean "gpt-image-2"?', {"model": "gpt-image-2"}),
        ("image", "send one of the allowed ids; newer ids of reAPI are not in this list yet", None),
        ("gpt-image-2-oficial", 'did you mean "gpt-image-2-official"?', {"model": "gpt-image-2-official"}),
        ("gpt-image-2-stable", 'did you mean "gpt-image-2-official"?', {"model": "gpt-image-2-official"}),
        ("“gpt-image-2”", 'did you mean "gpt-image-2"?', {"model": "gpt-image-2"}),
        ("gpt\u2011image\u20112", 'did you mean "gpt-image-2"?', {"model": "gpt-image-2"}),
        ("gpt-image-2:latest", 'did you mean "gpt-image-2"?', None),
        ("gpt-image-2/edit", 'did you mean "gpt-image-2"?', None),
        ("fal-ai/z-image/turbo", 'did you mean "z-image"?', None),
        ("replicate:flux-2", 'did you mean "flux-2"?', None),
        ("black-forest-labs/flux-2-pro", 'did you mean "flux-2"?', None),
        ("qwen-image-2.0", 'did you mean "qwen-image-2"?', None),
        ("gemini-3-pro-image", 'did you mean "gemini-3-pro-image-preview"?', None),
        ("google/gemini-2.5-flash-image-preview:free", 'did you mean "gemini-2.5-flash-image-preview"?', None),
        ("suno", "send one of the allowed ids; newer ids of reAPI are not in this list yet", None),
        ("gpt-image-2-4k-16x9", 'did you mean "gpt-image-2"?', None),
        ("gpt-image-3", 'did you mean "gpt-image-2"?', None),
        ("wan-2-7-image", '"wan-2-7-image" is the name of a page: its ids are wan2.7-image, wan2.7-image-pro', None),
        (
            "no-such",
            "send one of the allowed ids; newer ids of reAPI are not in this list yet",
            None,
        ),
    ),
)
def test_which_id_is_meant(id: str, hint: str, patch: dict[str, Any] | None) -> None:
    """R8 of the cases."""
    (error,) = preflight({"model": id, "prompt": "a fox"}).errors
    assert (error.rule, error.hint, error.patch) == ("model.unknown", hint, patch)
    if patch is not None:
        assert preflight({**patch, "prompt": "a fox"}).ok
        assert preflight({"model": id, "prompt": 5}).errors[0].patch is None, (
            "the body would have an error that it has not"
        )


@pytest.mark.parametrize(
    ("body", "hint"),
    (
        ({"input": {"model": OFFICIAL, "prompt": "a"}}, "the request is one level down, in input: send what is in it"),
        ({"body": {"model": OFFICIAL}, "custom_id": "1"}, "the request is one level down, in body: send what is in it"),
        ({"prompt": "a"}, f"name a model, such as {OFFICIAL}"),
        ({"model": OFFICIAL, "input": {"prompt": "a"}}, "the request is one level down, in input: send what is in it"),
        (
            {"model": OFFICIAL, "contents": [{"parts": []}], "generationConfig": {"x": 1}},
            "the request is one level down, in contents: send what is in it",
        ),
        (
            {"records": [{"id": "rec1", "fields": {"Size": "16:9"}}]},
            "the request is one level down, in records: send what is in it",
        ),
        ({"values": [["prompt", "n"], ["a", 2]]}, "the request is one level down, in values: send what is in it"),
        ({"values": []}, f"name a model, such as {OFFICIAL}"),
        ({"model": OFFICIAL, "generationConfig": {"x": 1}}, "describe the picture in prompt"),
        (
            {"model": OFFICIAL, "generationConfig": {"prompt": "a"}},
            "the request is one level down, in generationConfig: send what is in it",
        ),
        ({"model": OFFICIAL, "inputs": "a fox", "parameters": {"n": 1}}, 'the key "inputs" is called prompt here'),
        ({"model": OFFICIAL, "positivePrompt": "a fox"}, 'the key "positivePrompt" is called prompt here'),
        ({"model": OFFICIAL, "text": "a fox"}, 'the key "text" is called prompt here'),
        ({"model": OFFICIAL, "promt": "a fox"}, 'the key "promt" is called prompt here'),
        ({"model": OFFICIAL, "content": "a fox"}, 'the key "content" is called prompt here'),
        ({"model": OFFICIAL}, "describe the picture in prompt"),
    ),
    ids=plain_id,
)
def test_where_a_missing_field_may_be(body: dict[str, Any], hint: str) -> None:
    assert preflight(body).errors[0].hint == hint
    assert preflight(json.dumps(body)).errors[0].hint == hint


def test_no_patch_leaves_a_mistake_of_its_kind() -> None:
    """An entry that nothing is known to be meant by stays, and so does the error."""
    body = {"model": "gpt-image-2-official", "prompt": "a fox", "image_urls": [{"url": "https://example.com/a.png"}, 5]}
    assert [(error.pointer, error.patch) for error in preflight(body).errors] == [
        ("/image_urls/0", None),
        ("/image_urls/1", None),
    ]
