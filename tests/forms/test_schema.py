"""The JSON Schemas accept and reject as the engine does, and name the engine's rules, in Python and in ajv."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import Catalog, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.forms import form_file, form_rules
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.models import Field
from reapi_rules.engine.engine import stand_in
from reapi_rules.forms import patterns, preflight_form
from reapi_rules.forms.reader import BLANKS
from reapi_rules.forms.schema import branches, form_schema, form_schema_map, request_schema, request_schema_map
from reapi_rules.terms.levels import is_too_deep
from tests.support.examples import need
from tests.support.profile import IS_THOROUGH
from tests.support.schema_tools import (
    ROOT,
    THIRD,
    InNode,
    Validator,
    first_by_pointer,
    in_python,
    in_rust,
    needs_ajv,
    third_catalog,
)
from tests.support.strategies import any_bodies, is_writable
from tests.support.vector_cases import CASES

OFFICIAL, SIBLING = "gpt-image-2-official", "gpt-image-2"
MAP, FORM_MAP = request_schema_map(), form_schema_map()
MAP_CODES = {rule.id: rule.code for rule in built_in().rules.values()}

SIZES: list[Any] = [
    "1:1",
    "16:9",
    "9:21",
    "auto",
    "1024x768",
    "0x0",
    "16x9",
    "7:5",
    "1:1 ",
    "1:1\n",
    "１:1",
    "",
    None,
    5,
    True,
    [],
]
RESOLUTIONS: list[Any] = ["1k", "2k", "2K", "4k", "4K", "4\u212a", "8k", "4k\n", " 4k", "", None, 4, {}]
QUALITIES = ["auto", "low", "medium", "high", "High", "hd", "", None, 1, False]
NUMBERS = [1, 2, 3, 4, 0, 5, -1, 2.0, 2.5, 1e300, "2", True, None, [2]]
IMAGE = "https://cdn.example.com/a.png"
LISTS: list[Any] = [
    None,
    [],
    [IMAGE],
    [IMAGE] * 16,
    [IMAGE] * 17,
    "x",
    {},
    [5, IMAGE],
    ["data:image/png;base64,AA", ""],
    [None],
]
MASKS = [None, "", "\n", IMAGE, "data:,x", "ftp://x/y", 5, ["x"]]
BEYOND = re.compile("/[^/]+/(?:1[6-9]|[2-9][0-9])")
"""The engine does not look at entries beyond the most that a model takes; a schema does, and the verdict is one."""
URL_PARTS = [
    "http",
    "HTTPS",
    "https",
    ":",
    "/",
    "//",
    "@",
    "a",
    "[",
    "]",
    "?",
    "#",
    "\\",
    " ",
    "\n",
    "\r",
    "\x01",
    "data",
]
URL_PARTS += ["\u3000", "\xa0", "\ufeff", "😀", "."]


WHERE = ["python", "rust", pytest.param("ajv", marks=needs_ajv), pytest.param("ajv draft-07", marks=needs_ajv)]


@pytest.fixture(params=WHERE, scope="module")
def validate(request: pytest.FixtureRequest) -> Iterator[Validator]:
    yield from validator(request_schema, request.param)


@pytest.fixture(params=WHERE, scope="module")
def form_validate(request: pytest.FixtureRequest) -> Iterator[Validator]:
    yield from validator(form_schema, request.param)


def validator(make: Callable[..., dict[str, Any]], where: str) -> Iterator[Validator]:
    schema = make(dialect="draft-07" if "draft" in where else "2020-12")
    if where == "python":
        yield in_python(schema)
    elif where == "rust":
        need("jsonschema_rs")
        yield in_rust(schema)
    else:
        process = InNode(schema)
        yield process
        process.close()


def rules_by_pointer(report: Any) -> dict[str, str]:
    """The engine's first error of each pointer."""
    return {error.pointer: error.rule for error in reversed(report.errors)}


def axes() -> Iterator[dict[str, Any]]:
    """Every combination of the fields that bear on each other; the others one at a time."""
    base = {"prompt": "a fox"}
    for model in (OFFICIAL, SIBLING):
        for size, resolution in itertools.product(SIZES, RESOLUTIONS):
            yield {**base, "model": model, "size": size, "resolution": resolution}
        for images, mask in itertools.product(LISTS, MASKS):
            yield {**base, "model": model, "image_urls": images, "mask_url": mask}
        for name in ("quality", "background", "moderation"):
            yield from ({**base, "model": model, name: value} for value in QUALITIES)
        yield from ({**base, "model": model, "n": number} for number in NUMBERS)
        yield from ({"model": model, "prompt": prompt} for prompt in (None, "", " ", 5, ["x"], "x" * 4001, "😀" * 4000))
        for absent in ("size", "resolution", "image_urls", "mask_url", "prompt"):
            body = {**base, "model": model, "size": "1:1", "resolution": "4k", "mask_url": IMAGE, "image_urls": []}
            yield {name: value for name, value in body.items() if name != absent}
    yield from ({**base, "model": model} for model in (None, "", "gpt", 5, "gpt-image-2 ", "midjourney"))
    yield from (base, {}, {"model": OFFICIAL, "prompt": "a", "seed": [{"deep": None}]})


def accepted() -> Iterator[dict[str, Any]]:
    """The combinations of the four enumerated axes that the models have words for."""
    model = built_in().models[OFFICIAL]
    for resolution in model.words("tier"):
        for size, quality, n in itertools.product(model.words("shape"), model.words("quality"), range(1, 5)):
            body = {"model": OFFICIAL, "prompt": "-", "size": size, "resolution": resolution}
            yield {**body, "quality": quality, "n": n}


def is_open_list(field: Field) -> bool:
    """Whether a list may be longer than what the engine looks at."""
    return field.kind == "urls" and (field.max_items is None or "max_items" in field.warns)


def wanted_of(report: Any, body: Any) -> dict[str, str]:
    """What a schema has to say of a body: the engine's errors, but for the entries of a list too long to be looked at."""
    fields = built_in().models[report.model].fields if report.model in built_in().models else {}
    long = [name for name, field in fields.items() if is_open_list(field) and isinstance(body.get(name), list)]
    beyond = tuple(f"/{name}/" for name in long if len(body[name]) > 16)
    found = rules_by_pointer(report)
    return {pointer: rule for pointer, rule in found.items() if not beyond or not pointer.startswith(beyond)}


def vector_bodies() -> Iterator[tuple[Any, dict[str, Any]]]:
    """The decoded body of each vector that has one, and the options that bear on the verdict."""
    for case in CASES:
        options = {key: value for key, value in case.get("options", {}).items() if key == "default_model"}
        try:
            body = case["body"] if "body" in case else json.loads(case["text"])
            text = json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            continue
        if not is_too_deep(text):  # to the engine; a validator has no such bound
            yield body, options


def judged(validate: Validator, body: Any) -> dict[str, str]:
    """What the request schema and its map say of a body, entries that the engine does not look at aside."""
    found = first_by_pointer(validate(body), MAP)
    return {pointer: rule for pointer, rule in found.items() if not BEYOND.fullmatch(pointer)}


class TestRequestSchemaSaysWhatTheEngineSays:
    def test_on_the_conformance_vectors(self, validate: Validator) -> None:
        bodies = [body for body, options in vector_bodies() if not options]
        assert len(bodies) > 250
        for body in bodies:
            assert judged(validate, body) == wanted_of(preflight(json.dumps(body)), body), body

    def test_on_every_combination_of_the_enumerated_axes(self, validate: Validator) -> None:
        for body in accepted():
            assert judged(validate, body) == rules_by_pointer(preflight(body)), body
        assert sum(not validate(body) for body in accepted()) == 544

    def test_on_every_value_of_a_kind(self, validate: Validator) -> None:
        for body in axes():
            assert judged(validate, body) == rules_by_pointer(preflight(body)), body
            assert bool(validate(body)) is not preflight(body).ok

    @given(
        parts=st.lists(st.sampled_from(URL_PARTS), max_size=8), scheme=st.sampled_from(["", "https://", "http://a@"])
    )
    def test_on_urls(self, validate: Validator, parts: list[str], scheme: str) -> None:
        url = scheme + "".join(parts)
        body = {"model": OFFICIAL, "prompt": "-", "image_urls": [IMAGE, url], "mask_url": url}
        assert judged(validate, body) == rules_by_pointer(preflight(body))

    @given(
        body=st.fixed_dictionaries(
            {"model": st.sampled_from([OFFICIAL, OFFICIAL, SIBLING, "x", None])},
            optional={
                "prompt": st.text(max_size=3) | st.none(),
                "size": st.sampled_from(SIZES) | st.from_regex(r"[0-9x:]{0,6}"),
                "resolution": st.sampled_from(RESOLUTIONS),
                "quality": st.sampled_from(QUALITIES),
                "n": st.sampled_from(NUMBERS) | st.integers(-(2**53), 2**53),
                "image_urls": st.sampled_from(LISTS)
                | st.lists(st.sampled_from([IMAGE, "", 5, None, "data:"]), max_size=20),
                "mask_url": st.sampled_from(MASKS),
                "background": st.sampled_from(["auto", "transparent", "none", 0]),
                "moderation": st.sampled_from(["auto", "low", "off", []]),
                "seed": st.integers(0, 9),
            },
        )
    )
    def test_on_bodies(self, validate: Validator, body: dict[str, Any]) -> None:
        assert judged(validate, body) == rules_by_pointer(preflight(body))

    @given(any_bodies())
    def test_on_bodies_of_every_model(self, validate: Validator, body: dict[str, Any]) -> None:
        body = {name: value for name, value in body.items() if is_writable(value)}
        report = preflight(json.dumps(body))
        assert judged(validate, body) == wanted_of(report, body)
        assert not (report.ok and validate(body))  # never stricter than the engine

    def test_on_ids_without_rules_nothing_else_is_judged(self, validate: Validator) -> None:
        for model in built_in().known_ids.ids.keys() - built_in().models.keys():
            assert validate({"model": model, "prompt": 5, "n": "x"}) == [], model

    @pytest.mark.parametrize("entries", (16, 17, 40))
    def test_on_lists_that_may_be_longer_than_what_is_looked_at(self, validate: Validator, entries: int) -> None:
        for model, name in (("flux-2", "input_urls"), ("doubao-seedream-5-0-lite", "image_urls")):
            assert validate({"model": model, "prompt": "a fox", name: [IMAGE] * entries}) == []
            assert validate({"model": model, "prompt": "a fox", name: [*[IMAGE] * 16, *[5] * (entries - 16)]}) == []
        assert validate({"model": "flux-2", "prompt": "a fox", "input_urls": [*[IMAGE] * 15, 5]}) != []

    @pytest.mark.parametrize("prompt", ("ab", "abc", "😀", "😀a", "a😀", "😀😀", "\U0010ffff\ufffd", ""))
    def test_on_short_texts(self, validate: Validator, prompt: str) -> None:
        """Too short is counted in UTF-16 units, too long in code points."""
        body = {"model": "flux-2", "prompt": prompt}
        assert judged(validate, body) == rules_by_pointer(preflight(body))


def is_unsaid(field: Field, text: str) -> bool:
    """Whether a pattern leaves a text to the back end: a list or an object as JSON, a long list, a number's bounds."""
    text = text.strip(BLANKS)
    if field.kind in ("urls", "list"):
        lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip(BLANKS)]
        return text.startswith("[") or (is_open_list(field) and len(lines) > 16)
    if field.kind == "integer" and re.fullmatch("-?[0-9]{1,1000}", text):
        return field.minimum is None or field.maximum is None or field.maximum - field.minimum >= 1_000
    return field.kind == "object" and text.startswith("{")


def as_form(body: dict[str, Any]) -> dict[str, str]:
    """A body as somebody types it: lists as lines where they hold text, else as JSON."""
    return {name: as_text(value) for name, value in body.items() if is_writable(value)}


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
        return "\r\n".join(value)
    return json.dumps(value)


class TestFormSchemaSaysWhatTheFormReaderSays:
    @staticmethod
    def agree(form_validate: Validator, form: dict[str, str]) -> None:
        errors, report = form_validate(form), preflight_form(form)
        assert not (errors and report.ok), (form, errors)  # never stricter than the reader
        found = first_by_pointer(errors, FORM_MAP)
        fields = built_in().models[report.model].fields if report.model in built_in().models else {}
        unsaid = {f"/{name}" for name in form.keys() & fields.keys() if is_unsaid(fields[name], form[name])}
        wanted: dict[str, str] = {}
        for error in report.errors:
            field = f"/{error.field}"
            if field not in unsaid and unsaid.isdisjoint(error.related):
                # a list of several lines has one pointer in a form
                is_list = error.field in fields and fields[error.field].kind == "urls"
                wanted.setdefault(field if is_list else error.pointer, "of a line" if is_list else error.rule)
        found = {name: "of a line" if wanted.get(name) == "of a line" else rule for name, rule in found.items()}
        assert found == wanted, form

    def test_on_every_value_of_a_kind(self, form_validate: Validator) -> None:
        for body in axes():
            form = {name: value for name, value in body.items() if isinstance(value, str)}
            self.agree(form_validate, form)
            self.agree(form_validate, {name: f" \u3000{value}\r\n" for name, value in form.items()})

    @pytest.mark.parametrize(
        "number",
        ("1", " 4 ", "04", "0", "5", "-1", "-0", "2.0", "1e0", "+1", "９", "9" * 18, "9" * 1000, "9" * 1001, "x"),
    )
    def test_on_numbers(self, form_validate: Validator, number: str) -> None:
        self.agree(form_validate, {"model": OFFICIAL, "prompt": "-", "n": number})

    @pytest.mark.parametrize("end", ("", "\n", "\r\n", "\r", "\n\n"))
    @pytest.mark.parametrize("length", (3998, 3999, 4000, 4001))
    def test_on_long_prompts(self, form_validate: Validator, length: int, end: str) -> None:
        for filler in ("x", "😀"):
            self.agree(form_validate, {"model": OFFICIAL, "prompt": filler * length + end})
        self.agree(form_validate, {"model": OFFICIAL, "prompt": "x\r\n" * (length // 2)})

    @given(st.lists(st.sampled_from([*URL_PARTS, "https://a/", "\r\n", "\ufffd"]), max_size=10), st.integers(0, 17))
    def test_on_lines_of_urls(self, form_validate: Validator, parts: list[str], good: int) -> None:
        text = (IMAGE + "\n") * good + "".join(parts)
        for mask in ({}, {"mask_url": "".join(parts)}):
            if not re.match(rf"{patterns.BLANK}*\[", text):  # a list as JSON is beyond a schema of text
                self.agree(form_validate, {"model": OFFICIAL, "prompt": "-", "image_urls": text, **mask})

    @given(
        st.fixed_dictionaries(
            {"model": st.sampled_from([OFFICIAL, f" {SIBLING}", "x", ""])},
            optional={
                "prompt": st.text(max_size=3) | st.just("a fox"),
                "size": st.sampled_from(["1:1", " 16:9", "auto ", "1x1", "7:5", "", "\u3000"]),
                "resolution": st.sampled_from(["1k", " 4K ", "4k", "8k", " "]),
                "quality": st.sampled_from(["low", "LOW", " low", ""]),
                "n": st.from_regex(r"\A ?-?[0-9]{0,3}\.?[0-9]? ?\Z"),
                "mask_url": st.sampled_from(["", "  ", IMAGE, f" {IMAGE}\n", "data:,"]),
                "image_urls": st.sampled_from(["", "\r\n", IMAGE, f"{IMAGE}\r\n\r\n{IMAGE}", "data:,", "x"]),
                "csrf_token": st.just("x"),
            },
        )
    )
    def test_on_forms(self, form_validate: Validator, form: dict[str, str]) -> None:
        self.agree(form_validate, form)

    @given(any_bodies().map(as_form))
    def test_on_forms_of_every_model(self, form_validate: Validator, form: dict[str, str]) -> None:
        self.agree(form_validate, form)

    @pytest.mark.parametrize(
        "switch", ("on", "ON", " true ", "True", "1", "off", "false", "0", "", "yes", "null", "2", "o n", "tru\u0435")
    )
    def test_on_switches(self, form_validate: Validator, switch: str) -> None:
        for name in ("google_search", "google_image_search"):
            form = {"model": "gemini-3.1-flash-image-preview", "prompt": "-", "google_image_search": "", name: switch}
            self.agree(form_validate, form)
            self.agree(form_validate, {**form, "google_search": "on", "google_image_search": switch})

    @pytest.mark.parametrize(
        "size",
        ("16:9", " " * 30, " 16:9" + " " * 30, "x" * 20, f" {'x' * 20}\u3000", "x" * 21, "x" * 10 + " " * 10 + "x"),
    )
    def test_on_trimmed_texts(self, form_validate: Validator, size: str) -> None:
        self.agree(form_validate, {"model": "wan2.7-image", "prompt": "-", "size": size})

    @pytest.mark.parametrize("prompt", ("ab", "a\r\n", "a\r\nb", "😀", "😀\n", "   ", " a ", "\r\n" * 6000, " " * 6000))
    def test_on_short_and_blank_texts(self, form_validate: Validator, prompt: str) -> None:
        for model in ("flux-2", "wan2.7-image"):
            self.agree(form_validate, {"model": model, "prompt": prompt})

    @pytest.mark.parametrize("lines", (0, 1, 8, 9, 14, 15, 16, 17, 30))
    @pytest.mark.parametrize("last", (IMAGE, "x", "data:,x"))
    def test_on_long_lists(self, form_validate: Validator, lines: int, last: str) -> None:
        for model, name in (
            ("flux-2", "input_urls"),
            ("gpt-image-2-beta", "image_urls"),
            ("wan2.7-image", "image_urls"),
        ):
            text = f"\n\n{IMAGE}" * lines + f"\n{last}"
            self.agree(form_validate, {"model": model, "prompt": "a fox", name: text})

    @pytest.mark.parametrize("text", ("[]", f'["{IMAGE}"]', '["x"]', "[oops", "[1]"))
    def test_but_lets_json_lists_through(self, form_validate: Validator, text: str) -> None:
        assert form_validate({"model": OFFICIAL, "prompt": "-", "image_urls": text}) == []


def values_of(field: Field) -> Iterator[Any]:
    """Values on both sides of every bound of a field, and values of other types."""
    yield from (None, "", " ", "x", 5, True, 2.5, [], {}, ["x"], [5], {"a": 1}, "on", "[", "a\ufffd")
    yield from (
        *field.choices,
        *(word.upper() for word in field.words),
        *(f" {word}" for word in field.words[:1]),
        "7x9",
    )
    for bound in (field.minimum, field.maximum):
        yield from () if bound is None else (bound - 1, bound, bound + 1)
    for bound in (field.min_length, field.max_length):
        yield from () if bound is None else ("x" * (bound - 1), "x" * bound, "x" * (bound + 1), "😀" * (bound // 2))
    for bound in {field.min_items, field.max_items, 16} if field.kind == "urls" else ():
        yield from () if bound is None else ([IMAGE] * (bound - 1), [IMAGE] * bound, [IMAGE] * (bound + 1))
    if field.has_addresses:
        for url in (IMAGE, "data:,x", " DATA:,x", "ftp://a/b", "https://", "http://a@:1/", "\x01http://a"):
            yield url if field.kind == "url" else [IMAGE, url]


def bodies_of_every_field() -> Iterator[dict[str, Any]]:
    """For every model a body that passes, with one field at a time, and with every second one besides."""
    for id, model in built_in().models.items():
        for has_images in (False, True):
            body = stand_in(model, has_images=has_images)
            yield from ({name: value for name, value in body.items() if name != left_out} for left_out in body)
            for name, field in model.fields.items():
                yield from ({**body, name: value} for value in values_of(field))
        for constraint in model.file.constraints:
            asked = {**constraint.when, **(constraint.then or {})}
            choices = [[*values_of(model.fields[name])] for name in asked]
            for values in itertools.islice(itertools.product(*choices), 0, None, 7):
                yield {**stand_in(model), "model": id, **dict(zip(asked, values))}


def distinct(bodies: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Each of them once, or where time is short every third."""
    return list({json.dumps(body): body for body in bodies}.values())[:: 1 if IS_THOROUGH else 3]


class TestMadeAnew:
    """The same questions to schemas that are made in the test: whatever builds them is asked, part by part."""

    def test_bodies(self) -> None:
        validate, published = in_python(request_schema()), request_schema_map()
        for body in distinct(bodies_of_every_field()):
            report = preflight(json.dumps(body))
            found = first_by_pointer(validate(body), published)
            found = {pointer: rule for pointer, rule in found.items() if not BEYOND.fullmatch(pointer)}
            assert found == wanted_of(report, body), body

    def test_forms(self) -> None:
        validate = in_python(form_schema())
        for form in distinct(map(as_form, bodies_of_every_field())):
            TestFormSchemaSaysWhatTheFormReaderSays.agree(validate, form)

    def test_branches(self) -> None:
        validators = {id: jsonschema.Draft202012Validator(branch) for id, branch in branches().items()}
        for body in distinct(bodies_of_every_field()):
            fits = [id for id, each in validators.items() if each.is_valid(body)]
            wanted = [body["model"]] if preflight(json.dumps(body)).ok and "model" in body else []
            assert fits == wanted or (wanted_of(preflight(json.dumps(body)), body) == {} and len(fits) == 1), body

    @pytest.mark.parametrize("make", (request_schema, form_schema, lambda: {"allOf": [*branches().values()]}))
    def test_every_keyword_is_one(self, make: Callable[..., dict[str, Any]]) -> None:
        """A validator skips what it does not know, unless it is strict."""
        known = {
            "$schema", "$id", "title", "description", "default", "type", "enum", "properties", "required", "items", "not",
            "allOf", "anyOf", "if", "then", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems",
        }  # fmt: skip

        def walk(node: Any) -> None:
            if isinstance(node, dict):
                assert node.keys() <= known
                for key, value in node.items():
                    if key == "properties":
                        list(map(walk, value.values()))
                    elif key not in ("enum", "default"):
                        walk(value)
            elif isinstance(node, list):
                list(map(walk, node))

        walk(make())

    def test_titles_and_ids(self) -> None:
        schema = request_schema()
        assert "" not in schema["properties"]["model"]["enum"]
        assert "" in request_schema(default_model=OFFICIAL)["properties"]["model"]["enum"]
        assert [each["title"] for each in schema["anyOf"]] == ["Fields", "Other fields"]
        assert all(each["type"] == "object" and each["description"] for each in schema["anyOf"])
        assert (schema["title"], form_schema()["title"]) == ("A request for images", "A form that asks for images")
        for id, branch in branches().items():
            assert branch["properties"]["model"]["title"] == "Model"
            assert branch["properties"]["model"]["description"] == labels().descriptions["model"]["en"]
            assert branch["properties"]["model"]["type"] == "string"
            assert branch["title"] == (
                built_in().models[id].title
                if id
                else "A model without rules here: nothing else of the request is judged"
            )
            required = ["model", *(built_in().models[id].required if id else ())]
            assert branch["required"] == required
            assert not any("required" in each for each in branch.get("allOf", ()))
        assert branches(default_model=OFFICIAL)[OFFICIAL]["properties"]["model"]["enum"] == [OFFICIAL, "", None]

    def test_maps_are_exact(self) -> None:
        for published, name in ((request_schema_map(), "request"), (form_schema_map(), "form")):
            assert published["format"] == "reapi-schema-map/1"
            for part in ("unsaid", "partly_said"):
                assert published[part] == [
                    {"rule": each.rule, "why": each.why} for each in getattr(form_file(), part) if name in each.schemas
                ]
            assert {entry["pointer"] for entry in published["paths"].values()} >= {None, "/model", "/prompt", "/size"}


class TestDefaultModel:
    @pytest.mark.parametrize("default", (OFFICIAL, SIBLING))
    def test_applies_where_none_is_given(self, default: str) -> None:
        validate, form_validate = (
            in_python(request_schema(default_model=default)),
            in_python(form_schema(default_model=default)),
        )
        published, form_published = request_schema_map(default_model=default), form_schema_map(default_model=default)
        for model in (
            {},
            {"model": None},
            {"model": ""},
            {"model": SIBLING},
            {"model": OFFICIAL},
            {"model": "x"},
            {"model": 5},
        ):
            for rest in ({"prompt": "-"}, {"prompt": "-", "n": 2}, {}, {"prompt": "-", "quality": "hd"}):
                body = {**model, **rest}
                report = preflight(body, default_model=default)
                assert first_by_pointer(validate(body), published) == rules_by_pointer(report), body
                form = {name: str(value) for name, value in body.items() if value is not None}
                report = preflight_form(form, default_model=default)
                assert first_by_pointer(form_validate(form), form_published) == rules_by_pointer(report), form

    def test_on_the_vectors_that_have_one(self) -> None:
        cases = [(body, options) for body, options in vector_bodies() if options]
        assert cases
        for body, options in cases:
            if options["default_model"] in built_in().known_ids.ids:
                found = first_by_pointer(in_python(request_schema(**options))(body), request_schema_map(**options))
                assert found == rules_by_pointer(preflight(body, **options))

    def test_without_rules_judges_nothing(self) -> None:
        validate = in_python(request_schema(default_model="midjourney"))
        assert validate({"prompt": 5}) == validate({"model": ""}) == []
        assert preflight({"prompt": 5}, default_model="midjourney").ok
        assert validate({"model": OFFICIAL, "prompt": 5}) != []

    def test_that_nobody_has_is_refused(self) -> None:
        with pytest.raises(ValueError, match="such as gpt-image-2-official: not 'x'"):
            request_schema(default_model="x")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return third_catalog(tmp_path_factory.mktemp("catalog"))


@cache
def of_the_third(make: Any, make_map: Any, catalog: Catalog) -> tuple[Validator, dict[str, Any]]:
    """The validator of a schema with a model of the caller's own, and its map."""
    return in_python(make(catalog=catalog)), make_map(catalog=catalog)


def own(folder: Path, **fields: Any) -> Catalog:
    """The built-in models and one with these fields, besides its prompt."""
    model = {name: value for name, value in THIRD.items() if name not in ("constraints", "pixels")}
    content = {
        **model,
        "fields": {"prompt": {"kind": "text", "role": "prompt", "required": True}, **fields},
        "price": {"key": "flat"},
    }
    (folder / "models").mkdir()
    (folder / "models" / "own.json").write_text(json.dumps(content), encoding="utf-8")
    return Catalog.load(folder)


class TestCatalogOfTheCallersOwn:
    """The third model has fields and constraints of every kind."""

    @given(
        st.fixed_dictionaries(
            {"model": st.just("third"), "prompt": st.just("-")},
            optional={
                "size": st.sampled_from(["1:1", "3:1", "a.b", "aXb", "free", "16:9", "512x512", None]),
                "resolution": st.sampled_from(["sd", "SD", "hd-1", "HD-1", "1k", None]),
                "n": st.integers(-2, 14),
                "quality": st.sampled_from(["draft", "fine", "high"]),
                "image_urls": st.integers(0, 3).map(lambda number: [IMAGE] * number),
                "style": st.sampled_from(["ink", "oil", "", "x", None]),
                "strength": st.sampled_from([0, 0.5, 1, 1.5, "x", None]),
                "tags": st.sampled_from([[], ["a"], ["a", "b"], "x", None]),
                "more": st.sampled_from([{}, {"a": 1}, "x", None]),
                "flag": st.sampled_from([True, False, "x", None]),
            },
        )
    )
    @example({"model": "third", "prompt": "-", "more": {}, "quality": "fine", "n": 3})
    @example({"model": "third", "prompt": "-", "more": {}, "quality": "fine", "n": 4})
    @example({"model": "third", "prompt": "-", "style": "oil", "n": 5})
    @example({"model": "third", "prompt": "-", "strength": 1, "image_urls": []})
    @example({"model": "third", "prompt": "-", "flag": True, "style": "ink"})
    def test_has_schemas_of_its_own(self, catalog: Catalog, body: dict[str, Any]) -> None:
        report = preflight(body, catalog=catalog)
        validate, published = of_the_third(request_schema, request_schema_map, catalog)
        errors = validate(body)
        assert bool(errors) is not report.ok
        found = first_by_pointer(errors, published)
        # a constraint that reads a field in error is silent; a schema may say it all the same
        assert found.items() >= rules_by_pointer(report).items()

    @given(
        st.fixed_dictionaries(
            {"model": st.just("third"), "prompt": st.just("-")},
            optional={
                "size": st.sampled_from(["1:1", " 3:1 ", "aXb", ""]),
                "resolution": st.sampled_from(["sd", " hd-1\n", "1k", ""]),
                "n": st.sampled_from(["5", " 05 ", "0", "-0", "3", "4", "13", "x", ""]),
                "quality": st.sampled_from(["draft", " fine", ""]),
                "image_urls": st.sampled_from(["", IMAGE, f"{IMAGE}\n{IMAGE}", "[]", f'["{IMAGE}"]']),
                "style": st.sampled_from(["ink", "oil ", "", "x"]),
                "strength": st.sampled_from(["0", " 0.5", "1.0", "-1", "1e0", ".5", "x", ""]),
                "tags": st.sampled_from(["", "a", "a\nb", "[]", '["a"]', "[1"]),
                "more": st.sampled_from(["", "{}", '{"a": 1}', "{", "[]", "null"]),
                "flag": st.sampled_from(["on", " False", "0", "x", ""]),
            },
        )
    )
    @example({"model": "third", "prompt": "-", "more": "{}", "quality": "fine", "n": "3"})
    @example({"model": "third", "prompt": "-", "more": "{}", "quality": "fine", "n": "4"})
    @example({"model": "third", "prompt": "-", "strength": "1", "image_urls": "[]"})
    @example({"model": "third", "prompt": "-", "strength": "1", "image_urls": IMAGE})
    @example({"model": "third", "prompt": "-", "tags": "a", "image_urls": f'["{IMAGE}"]'})
    @example({"model": "third", "prompt": "-", "flag": "on", "style": "ink"})
    @example({"model": "third", "prompt": "-", "tags": "[]"})
    @example({"model": "third", "prompt": "-", "tags": "a", "image_urls": "[]"})
    def test_has_form_schemas_of_its_own(self, catalog: Catalog, form: dict[str, str]) -> None:
        report = preflight_form(form, catalog=catalog)
        validate, published = of_the_third(form_schema, form_schema_map, catalog)
        errors = validate(form)
        assert not (errors and report.ok)
        unsaid = {"strength.range", "more.type", "more.needs_quality", "form.list"}
        if '["' not in form.get("image_urls", "") and "[" not in form.get("tags", "") + form.get("image_urls", ""):
            found = first_by_pointer(errors, published)
            wanted = {pointer: rule for pointer, rule in rules_by_pointer(report).items() if rule not in unsaid}
            assert found.items() >= wanted.items()

    def test_names_each_of_several_required_fields(self, tmp_path: Path) -> None:
        catalog = own(tmp_path, seed={"kind": "integer", "required": True}, mask={"kind": "url", "required": True})
        schemas: tuple[tuple[Any, Any, Any], ...] = (
            (request_schema, request_schema_map, preflight),
            (form_schema, form_schema_map, preflight_form),
        )
        given = {"prompt": "-", "seed": "5", "mask": IMAGE}
        for make, make_map, judge in schemas:
            validate, published = in_python(make(catalog=catalog)), make_map(catalog=catalog)
            for names in itertools.chain.from_iterable(itertools.combinations(given, number) for number in range(4)):
                for blank in ({}, dict.fromkeys(given.keys() - set(names), "")):
                    body: dict[str, Any] = {"model": "third", **blank, **{name: given[name] for name in names}}
                    if make is request_schema and "seed" in names:
                        body["seed"] = 5
                    wanted = rules_by_pointer(judge(body, catalog=catalog))
                    assert first_by_pointer(validate(body), published) == wanted, body

    def test_wide_bounds_of_a_number_are_left_to_the_back_end(self, tmp_path: Path) -> None:
        catalog = own(tmp_path, n={"kind": "integer", "role": "number", "minimum": 1, "maximum": 10**9})
        validate = in_python(form_schema(catalog=catalog))
        assert len(json.dumps(form_schema(catalog=catalog))) < len(json.dumps(form_schema())) + 10_000
        assert validate({"model": "third", "prompt": "-", "n": "0"}) == []
        assert validate({"model": "third", "prompt": "-", "n": "x"}) != []

    def test_checks_that_only_warn_reject_nothing(self, tmp_path: Path) -> None:
        catalog = own(
            tmp_path,
            style={"kind": "word", "words": ["ink"], "warns": ["unknown"]},
            seed={"kind": "integer", "minimum": 1, "maximum": 2, "warns": ["range"]},
            name={"kind": "text", "min_length": 2, "max_length": 3, "warns": ["min_length", "max_length"]},
            urls={"kind": "urls", "max_items": 1, "warns": ["max_items", "not_http"]},
        )
        body: dict[str, Any] = {
            "model": "third",
            "prompt": "-",
            "style": "x",
            "seed": 9,
            "name": "x",
            "urls": ["x", "data:,x"],
        }
        assert [path[-3:] for path, _ in in_python(request_schema(catalog=catalog))(body)] == ["not"]
        assert {error.rule for error in preflight(body, catalog=catalog).errors} == {"urls.data_uri"}
        body["urls"] = body["urls"][:1]
        assert preflight(body, catalog=catalog).ok
        assert in_python(request_schema(catalog=catalog))(body) == []
        form = {**body, "seed": "9", "urls": "x\nx"}
        assert in_python(form_schema(catalog=catalog))(form) == []
        assert preflight_form(form, catalog=catalog).ok
        (schema,) = (each["then"] for each in request_schema(catalog=catalog)["allOf"] if "style" in str(each["then"]))
        words_and_text = [{"enum": ["ink", None]}, {"type": "string"}]
        assert schema["properties"]["style"] == {"type": ["string", "null"], "anyOf": words_and_text}

    @needs_ajv
    def test_compiles_in_ajv(self, catalog: Catalog) -> None:
        for schema in (request_schema(catalog=catalog), form_schema(catalog=catalog)):
            process = InNode(schema)
            assert process({"model": "third", "prompt": "-"}) == []
            process.close()


class TestForReaders:
    """What generators and people read off a schema: every field with title, description, words and default."""

    @pytest.mark.parametrize("make", (request_schema, form_schema))
    def test_every_field_is_at_the_top(self, make: Callable[..., dict[str, Any]]) -> None:
        schema = make()
        fields: dict[str, list[Field]] = {}
        for model in built_in().models.values():
            for name, field in model.fields.items():
                fields.setdefault(name, []).append(field)
        assert list(schema["properties"]) == ["model", *fields]
        assert list(schema["anyOf"][0]["properties"]) == list(fields)
        for name, of in fields.items():
            node, typed = schema["properties"][name], schema["anyOf"][0]["properties"][name]
            assert node["title"] == typed["title"] == labels().fields[name]["en"]
            assert node["description"] == typed["description"] == labels().descriptions[name]["en"]
            assert node["anyOf"][-1] == {}  # a model without the field does not look at it
            assert node["anyOf"][:-1] == typed.get("anyOf", [{key: typed[key] for key in typed.keys() - node.keys()}])
            words = {word for field in of for word in field.choices}
            assert {word for each in node["anyOf"] for word in each.get("enum", ()) if word} == words
            takes_text = {"type": "string"} in node["anyOf"]
            assert not words or takes_text is (make is form_schema or any(is_open(field) for field in of))
            assert "default" not in typed

    def test_the_type_of_a_field_is_told_as_simply_as_can_be(self) -> None:
        """One that every model has to be given has one type, the others may be null."""
        one = built_in().models["gpt-image-2-official"]
        catalog = Catalog({one.id: one}, built_in().cards, one.rules_file)
        typed = request_schema(catalog=catalog)["anyOf"][0]["properties"]
        assert (typed["prompt"]["type"], typed["mask_url"]["type"]) == ("string", ["string", "null"])
        for make in (request_schema, form_schema):
            for node in make()["anyOf"][0]["properties"].values():
                assert len(node.get("anyOf", "ab")) > 1, "a choice of one is none"

    def test_a_default_is_there_where_it_is_beyond_doubt(self) -> None:
        schema = request_schema()
        defaults = {name: node["default"] for name, node in schema["properties"].items() if "default" in node}
        assert defaults == {"quality": "auto", "n": 1, "background": "auto", "moderation": "auto"}
        official = branches()[OFFICIAL]["properties"]
        assert {name: node["default"] for name, node in official.items() if "default" in node} == {
            **defaults,
            "resolution": "1k",
        }

    def test_draft_07_differs_in_its_name_alone(self) -> None:
        for make in (request_schema, form_schema):
            new, old = make(), make(dialect="draft-07")
            assert (old.pop("$schema"), old.pop("$id")) == (
                "http://json-schema.org/draft-07/schema#",
                new["$id"] + "/draft-07",
            )
            assert old == {key: value for key, value in new.items() if key not in ("$schema", "$id")}
        with pytest.raises(ValueError, match="dialect is one of 2020-12, draft-07, not 'draft-04'"):
            request_schema(dialect="draft-04")  # type: ignore[arg-type]

    def test_ids_without_rules_are_a_branch(self) -> None:
        last = request_schema()["allOf"][-1]
        without = built_in().known_ids.ids.keys() - built_in().models.keys()
        assert set(last["if"]["properties"]["model"]["anyOf"][0]["enum"]) == without
        assert last["then"].keys() == {"description"}
        assert set(branches()[""]["properties"]["model"]["enum"]) == without


def is_open(field: Field) -> bool:
    """Whether a field with words takes other text too."""
    return bool(field.offers) or field.pixel_strings or field.any_case or "unknown" in field.warns


class TestBranches:
    def test_exactly_one_fits_what_the_engine_accepts(self) -> None:
        validators = [jsonschema.Draft202012Validator(branch) for branch in branches().values()]
        for body in itertools.chain(axes(), ({"model": "midjourney", "n": "x"}, {"model": "flux-2", "prompt": "abc"})):
            assert sum(each.is_valid(body) for each in validators) == preflight(body).ok, body

    @pytest.mark.parametrize("default", (OFFICIAL, "midjourney"))
    def test_of_a_default_model(self, default: str) -> None:
        validators = [jsonschema.Draft202012Validator(branch) for branch in branches(default_model=default).values()]
        for model in ({}, {"model": None}, {"model": ""}, {"model": SIBLING}, {"model": default}, {"model": "x"}):
            for rest in ({"prompt": "-"}, {}, {"prompt": "-", "n": 2}, {"prompt": 5}):
                body = {**model, **rest}
                fits = sum(each.is_valid(body) for each in validators)
                assert fits == preflight(body, default_model=default).ok, body

    @given(any_bodies())
    def test_on_bodies_of_every_model(self, body: dict[str, Any]) -> None:
        body = {name: value for name, value in body.items() if is_writable(value)}
        fits = sum(each.is_valid(body) for each in _branch_validators())
        ok = preflight(json.dumps(body)).ok
        long = built_in().models[body["model"]].fields if body.get("model") in built_in().models else {}
        open_lists = [body.get(name) for name, field in long.items() if is_open_list(field)]
        is_long = any(isinstance(entries, list) and len(entries) > 16 for entries in open_lists)
        assert fits == ok or (is_long and fits == 1)


@cache
def _branch_validators() -> list[Any]:
    return [jsonschema.Draft202012Validator(branch) for branch in branches().values()]


class TestWhatASchemaCannotSay:
    def test_is_data(self) -> None:
        errors = {rule.id for rule in built_in().rules.values() if rule.level == "error"} | {"field.unknown"}
        of_models = {rule.id for model in built_in().models.values() for rule in model.rules() if rule.level == "error"}
        for published, all_rules in ((MAP, errors | of_models), (FORM_MAP, errors | of_models | set(form_rules()))):
            said = {entry["rule"] for entry in published["paths"].values()}
            checks = tuple(entry["rule"].removeprefix("<field>") for entry in published["partly_said"])
            unsaid = {entry["rule"] for entry in published["unsaid"]}
            assert unsaid <= all_rules - said
            never = {"size.min_length"} if published is FORM_MAP else set()  # of a form a blank one is absent
            assert {rule for rule in all_rules - said - unsaid if not rule.endswith(checks)} == never

    def test_is_listed_in_the_docs(self) -> None:
        page = (ROOT / "docs" / "browser.md").read_text("utf-8")
        table = page.partition("What JSON Schema can't say")[2].partition("\n## ")[0]
        listed = set(re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", table, re.MULTILINE))
        file = form_file()
        assert listed == {
            (each.rule, " and ".join(each.schemas), each.why) for each in (*file.unsaid, *file.partly_said)
        }

    def test_is_the_only_difference_on_the_vectors(self, validate: Validator) -> None:
        """Where the schema accepts a vector that the engine rejects, one of the listed rules is why."""
        for case in CASES:
            options = {key: value for key, value in case.get("options", {}).items() if key == "unknown_fields"}
            if "default_model" in case.get("options", {}):
                continue
            try:
                body = case["body"] if "body" in case else json.loads(case["text"])
                json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
            except (ValueError, RecursionError):
                body = {}
            report = preflight(case.get("text", case.get("body")), **options)
            if not report.ok and not validate(body):
                assert {error.rule for error in report.errors} <= {"body.json", "body.unreadable", "field.unknown"}


class TestMap:
    @pytest.mark.parametrize(("schema", "published"), ((request_schema(), MAP), (form_schema(), FORM_MAP)))
    def test_names_paths_that_exist(self, schema: dict[str, Any], published: dict[str, Any]) -> None:
        rules = {**form_rules(), **built_in().rules}
        for path, entry in published["paths"].items():
            node: Any = schema
            for key in path.split("/")[1:]:
                node = node[int(key)] if isinstance(node, list) else node[key]
            assert entry["code"] == rules[entry["rule"]].code

    def test_ids_are_stable(self) -> None:
        assert request_schema()["$id"] == MAP["schema"] == "https://reapi-rules.example/schemas/request/1"
        assert form_schema()["$id"] == FORM_MAP["schema"] == "https://reapi-rules.example/schemas/form/1"


LENGTH = 40_000
HOSTILE_TEXTS = {
    "blanks and a letter": " " * LENGTH + "x",
    "a letter, blanks and a letter": "x" + "\u3000" * LENGTH + "x",
    "blanks of lines": "\r\n" * (LENGTH // 2) + "x",
    "control characters": "\x01 " * (LENGTH // 2) + "x",
    "a scheme and blanks": "http://" + " " * LENGTH + "x@",
    "blanks, a scheme and blanks": " " * LENGTH + "http://" + "\t" * LENGTH + "\u3000x",
    "many users": "http://" + "@a" * (LENGTH // 2),
    "many users and no host": "http://" + "a@" * (LENGTH // 2),
    "many lines": "x\r\n" * (LENGTH // 3),
    "many URLs": f"{IMAGE}\n" * (LENGTH // 30) + "x",
    "digits": "9" * LENGTH + "x",
    "a size": "9" * LENGTH + "x" + "9" * LENGTH + "!",
    "zeros": "0" * LENGTH + "!",
    "pictures": "\U0001f98a" * LENGTH + "\r",
}


def patterns_of(node: Any) -> Iterator[str]:
    """Every pattern of a schema."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        yield from patterns_of(inner)


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_no_pattern_takes_long(text: str) -> None:
    """Hostile texts go through every pattern of both schemas; one that backtracks would take minutes."""
    found = {*patterns_of(request_schema()), *patterns_of(form_schema())}
    assert len(found) > 60
    for pattern in found:
        start = time.process_time()
        re.search(pattern, text)
        assert time.process_time() - start < 1, pattern
