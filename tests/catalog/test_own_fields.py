"""A model file with fields of its own, under names that no program would give: judged, priced and shown like any other."""

from __future__ import annotations

import itertools
import json
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reapi_rules import Catalog, Engine, InvalidRequestError, RateCard, RateCardError, Report, preflight, quote
from reapi_rules.catalog.messages import hint, text
from reapi_rules.catalog.models import ModelError
from reapi_rules.engine.examples import example
from reapi_rules.prices.alternatives import alternatives
from reapi_rules.prices.cheapest import cheapest
from reapi_rules.prices.lint import lint
from reapi_rules.prices.lookup import dimensions_of, resolutions_for, sizes_at
from reapi_rules.prices.table import prices
from tests.support.cards import made_up
from tests.support.ids import plain_id

URL = "https://cdn.example.com/a.png"
FILE: dict[str, Any] = {
    "format": "reapi-model/2",
    "id": "glow/1",
    "title": "A model with names of its own",
    "source": {"notes": "Made up for the tests."},
    "certainty_at_most": "inferred",
    "endpoints": {"submit": "POST https://glow.example/v1"},
    "fields": {
        "text in": {"kind": "text", "role": "prompt", "required": True, "max_length": 100},
        "aspect-ratio": {"kind": "word", "role": "shape", "words": ["1:1", "16:9"], "default": "1:1"},
        "größe": {"kind": "word", "role": "tier", "words": ["S", "L"], "any_case": True, "default": "S"},
        "mood": {"kind": "word", "words": ["calm", "wild"], "any_case": True, "default": "calm"},
        "class": {"kind": "integer", "role": "number", "minimum": 1, "maximum": 3, "default": 1},
        "glow": {"kind": "boolean", "default": False},
        "strength.level": {"kind": "number", "minimum": 0, "maximum": 2},
        "input/pictures": {"kind": "urls", "role": "references", "max_items": 2},
        "backdrop~url": {"kind": "url"},
        "style refs": {"kind": "urls", "min_items": 1, "max_items": 3},
        "extra": {"kind": "object"},
        "others": {"kind": "list"},
    },
    "constraints": [
        {"rule": "glow.needs_mood", "blames": "glow", "when": {"glow": {"is": [True]}}, "then": {"mood": {"is": ["wild"]}}},
        {"rule": "mood.not_with_extra", "blames": "mood", "when": {"mood": {"is": ["wild"]}, "extra": {"given": True}}, "then": None, "level": "warning"},
        {"rule": "aspect-ratio.needs_width", "blames": "aspect-ratio", "when": {"größe": {"is": ["L"]}}, "then": {"aspect-ratio": {"is": ["16:9"]}}},
        {"rule": "extra.needs_glow", "blames": "extra", "when": {"extra": {"given": True}, "backdrop~url": {"given": True}}, "then": {"glow": {"is": [True]}}},
        {
            "rule": "class.needs_mood",
            "blames": "class",
            "when": {"class": {"is": [3]}},
            "then": {"mood": {"given": True}, "glow": {"given": True}},
        },
        {
            "rule": "others.needs_less",
            "blames": "others",
            "when": {"others": {"given": True}},
            "then": {"class": {"at_most": 1}, "mood": {"is_not": ["calm"]}},
            "level": "warning",
        },
    ],
    "price": {"key": "{größe}/{mood}", "images": "class", "not_published_when": [{"strength.level": {"given": True}}]},
}  # fmt: skip
CARD = made_up({"glow/1": {"S/calm": "0.01", "S/wild": "0.02", "L/calm": "0.03", "L/wild": "0.0405"}}, id="glow")


def catalog_of(folder: Path, file: dict[str, Any] = FILE, card: dict[str, Any] = CARD) -> Catalog:
    for kind, content in (("models", file), ("rates", card)):
        (folder / kind).mkdir()
        (folder / kind / "glow.json").write_text(json.dumps(content), encoding="utf-8")
    return Catalog.load(folder)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog_of(tmp_path_factory.mktemp("glow"))


def judged(catalog: Catalog, **fields: Any) -> Report:
    return preflight({"model": "glow/1", "text in": "a fox", **fields}, catalog=catalog)


def said(report: Report) -> list[tuple[str, str, str | None]]:
    return [(found.rule, found.pointer, found.hint) for found in (*report.errors, *report.warnings)]


class TestHints:
    def test_names_no_word_that_would_only_move_the_trouble(self, catalog: Catalog) -> None:
        assert said(judged(catalog, mood="wilds"))[0][2] == 'the nearest is "wild"'
        otherwise = "choose calm (the other values don't go with the rest of the request), or leave mood out"
        assert said(judged(catalog, mood="wilds", extra={}))[0][2] == otherwise


class TestVerdicts:
    @pytest.mark.parametrize(
        ("fields", "rule", "pointer"),
        (
            ({"text in": ""}, "text in.required", "/text in"),
            ({"text in": "x" * 101}, "text in.max_length", "/text in"),
            ({"aspect-ratio": "4:3"}, "aspect-ratio.unknown", "/aspect-ratio"),
            ({"größe": "M"}, "größe.unknown", "/größe"),
            ({"mood": "Sad"}, "mood.unknown", "/mood"),
            ({"class": 4}, "class.range", "/class"),
            ({"glow": "true"}, "glow.type", "/glow"),
            ({"strength.level": 2.5}, "strength.level.range", "/strength.level"),
            ({"strength.level": -1}, "strength.level.range", "/strength.level"),
            ({"strength.level": "1"}, "strength.level.type", "/strength.level"),
            ({"strength.level": True}, "strength.level.type", "/strength.level"),
            ({"input/pictures": [URL] * 3}, "input/pictures.max_items", "/input~1pictures"),
            ({"input/pictures": [URL, "data:,x"]}, "input/pictures.data_uri", "/input~1pictures/1"),
            ({"backdrop~url": "a.png"}, "backdrop~url.not_http", "/backdrop~0url"),
            ({"style refs": []}, "style refs.min_items", "/style refs"),
            ({"style refs": ["x"]}, "style refs.not_http", "/style refs/0"),
            ({"extra": []}, "extra.type", "/extra"),
            ({"others": {}}, "others.type", "/others"),
        ),
        ids=plain_id,
    )
    def test_by_kind(self, catalog: Catalog, fields: dict[str, Any], rule: str, pointer: str) -> None:
        for _ in range(2):  # met a second time
            for body in ({**fields}, {"größe": "s", "mood": "WILD", **fields}):
                (error,) = judged(catalog, **body).errors
                assert (error.rule, error.pointer, error.certainty) == (rule, pointer, "inferred")
                assert error.hint
                assert judged(catalog, **{name: value for name, value in body.items() if name not in fields}).ok

    def test_what_a_mapping_may_hold_that_has_levels(self, tmp_path: Path) -> None:
        model = catalog_of(tmp_path).models["glow/1"]
        assert model.names - model.flat == {"extra", "others"}
        for name in ("extra", "others"):
            assert model.is_deep({name: []})
        assert not model.is_deep({"style refs": [URL]})

    def test_the_case_of_long_words(self, tmp_path: Path) -> None:
        """At first sight too, however long they are, if few of their signs have a case; at second sight all."""
        file = json.loads(json.dumps(FILE))
        file["fields"]["mood"]["words"] += ["2026-07-28k", "as large as it gets"]
        catalog = catalog_of(tmp_path, file)
        body = {"model": "glow/1", "text in": "a fox"}
        for mood, at_first_sight in (("2026-07-28K", True), ("As Large As It Gets", False), ("WILD", True)):
            text = json.dumps({**body, "mood": mood})
            report = preflight(text, catalog=catalog)
            assert report.effective is not None
            assert (report.ok, report.effective["mood"]) == (True, mood.lower())
            with suppress(msgspec.ValidationError) if not at_first_sight else nullcontext():
                catalog.types.decode(text)
                assert at_first_sight
        for mood in ("2026-07-28XXXXk", "wXXXXild", "wwild"):
            with pytest.raises(msgspec.ValidationError):
                catalog.types.decode(json.dumps({**body, "mood": mood}))

    def test_what_is_right_passes(self, catalog: Catalog) -> None:
        fields = {"strength.level": 2, "others": [], "style refs": [URL], "backdrop~url": URL, "class": 2}
        for body in (
            fields,
            {**fields, "strength.level": 0.5, "größe": "l", "aspect-ratio": "16:9", "mood": "Wild", "glow": True},
        ):
            report = judged(catalog, **body)
            assert said(report) == []
            payload = report.payload() or {}
            assert payload["strength.level"] == body["strength.level"]
        assert payload["größe"] == "L"
        assert payload["mood"] == "wild"

    @pytest.mark.parametrize(
        ("fields", "message", "hint", "related"),
        (
            ({"glow": True}, "glow true requires mood wild", "send mood wild too, or leave glow out", ("/mood",)),
            ({"größe": "l"}, "größe L requires aspect-ratio 16:9", "send aspect-ratio 16:9", ("/größe",)),
            ({"größe": "L", "aspect-ratio": "1:1"}, "größe L requires aspect-ratio 16:9", "send aspect-ratio 16:9", ("/größe",)),
            ({"mood": "wild", "extra": {}}, 'mood "wild" can\'t be combined with extra', "leave extra out, or choose another mood", ("/extra",)),
            ({"extra": {"a": 1}, "backdrop~url": URL}, "extra requires glow true", "send glow true too, or leave extra out", ("/backdrop~0url", "/glow")),
            ({"class": 2, "others": [1]}, "others requires class ≤ 1 and mood ≠ calm", "send class ≤ 1 and mood ≠ calm too, or leave others out", ("/class", "/mood")),
            ({"class": 3}, "class 3 requires mood and glow", "send mood and glow too, or another class", ("/mood", "/glow")),
        ),
        ids=plain_id,
    )  # fmt: skip
    def test_constraints(
        self, catalog: Catalog, fields: dict[str, Any], message: str, hint: str, related: tuple[str, ...]
    ) -> None:
        report = judged(catalog, **fields)
        (found,) = (*report.errors, *report.warnings)
        assert (found.message, found.hint, found.related) == (message, hint, related)
        assert report.to_json()

    def test_every_field_is_called_as_the_form_calls_it(self, catalog: Catalog) -> None:
        (error,) = judged(catalog, **{"class": 3}).errors
        names = {"class": "Class!", "mood": "Feeling", "glow": "Shine {1}"}
        assert text(error, names=names) == "Class! 3 requires Feeling and Shine {1}"
        assert hint(error, names=names) == "send Feeling and Shine {1} too, or another Class!"

    @pytest.mark.parametrize(
        ("field", "inside", "outside"),
        (
            ("text in", ("x", "x" * 100), ("", "x" * 101)),
            ("class", (1, 2), (0, 4, "1", True)),
            ("strength.level", (0, 2, 1.5), (-1, 3, 2.5, "1")),
            ("input/pictures", ([], [URL] * 2), ([URL] * 3, [1], URL)),
            ("style refs", ([URL], [URL] * 3), ([], [URL] * 4, ["x"])),
            ("backdrop~url", (URL,), ("x", [URL], 1)),
            ("glow", (False,), (0, "true")),
            ("extra", ({}, {"a": 1}), ([], "x")),
            ("others", ([], [1]), ({}, "x")),
        ),
    )
    def test_bounds_in_every_kind_of_body(
        self, tmp_path: Path, field: str, inside: tuple[Any, ...], outside: tuple[Any, ...]
    ) -> None:
        """With a catalog of its own, so that its types are made in here."""
        engine = Engine(catalog=catalog_of(tmp_path))
        for values, is_ok in ((inside, True), (outside, False)):
            for value in values:
                body = {"model": "glow/1", "text in": "a fox", field: value}
                text = json.dumps(body)
                for each in (body, text, text.encode(), json.dumps({**body, "model": body["model"]}, indent=1)):
                    report = engine.preflight(each)
                    assert report.ok is is_ok, (value, report.errors)
                    assert is_ok or {error.field for error in report.errors} == {field}

    def test_what_is_no_json_is_taken_from_no_mapping(self, tmp_path: Path) -> None:
        engine = Engine(catalog=catalog_of(tmp_path))

        class Text(str):
            __slots__ = ()

        for field, value in (
            ("input/pictures", {URL}),
            ("style refs", (URL,)),
            ("style refs", [Text(URL)]),
            ("backdrop~url", Text(URL)),
        ):
            report = engine.preflight({"model": "glow/1", "text in": "a fox", field: value})
            given = (report.effective or {}).get(field)
            kinds = {type(given), *(type(entry) for entry in given)} if type(given) is list else {type(given)}
            assert kinds <= {str, list, type(None)}, field
            assert report.ok is (type(value) is not set)

    def test_a_value_that_is_changed_later_changes_no_report(self, tmp_path: Path) -> None:
        engine = Engine(catalog=catalog_of(tmp_path))
        for field in ("extra", "others", "unknown"):
            value: Any = {"a": [1]} if field != "others" else [[1]]
            report = engine.preflight({"model": "glow/1", "text in": "a fox", field: value})
            payload = json.dumps(report.payload())
            (value["a"] if field != "others" else value[0]).append(2)
            assert json.dumps(report.payload()) == payload

    def test_both_ways_agree(self, catalog: Catalog) -> None:
        engine = Engine(catalog=catalog, default_model="glow/1")
        choices: dict[str, tuple[Any, ...]] = {
            "größe": (..., None, "s", "L"), "aspect-ratio": (..., "16:9"), "mood": (..., None, "CALM", "wild", "x"), "glow": (..., None, False, True),
            "class": (..., 1, 3, 3.0), "extra": (..., {}, {"a": None}), "others": (..., [], [1]), "strength.level": (..., 1, 1.5, 3, 3.5), "style refs": (..., [URL], ["x"]),
        }  # fmt: skip
        for one, two in itertools.combinations(choices.items(), 2):
            for first, second in itertools.product(one[1], two[1]):
                fields = {"text in": "a fox", one[0]: first, two[0]: second}
                body = {name: value for name, value in fields.items() if value is not ...}
                for each in (
                    body,
                    json.dumps(body),
                    {**body, "model": "glow/1"},
                    json.dumps({"model": "glow/1", **body}).encode(),
                ):
                    seen, plain = engine.look(each), engine._plainly(each)
                    assert (seen.to_json(), seen.payload()) == (plain.to_json(), plain.payload())

    def test_three_and_three_point_nought_are_one_number(self, catalog: Catalog) -> None:
        for number in (3, 3.0):
            assert [error.rule for error in judged(catalog, **{"class": number}).errors] == ["class.needs_mood"]

    def test_a_list_that_is_given_is_not_taken_for_one_that_is_not(self, catalog: Catalog) -> None:
        engine = Engine(catalog=catalog)
        for others, rules in ((..., []), ([1], ["others.needs_less"]), (..., []), ([], [])):
            body = {
                "model": "glow/1",
                "text in": "a fox",
                "mood": "calm",
                **({} if others is ... else {"others": others}),
            }
            for each in (body, json.dumps(body)):
                assert [warning.rule for warning in engine.preflight(each).warnings] == rules

    def test_too_few_are_left_out_only_where_there_is_none(self, tmp_path: Path) -> None:
        fields = {**FILE["fields"], "style refs": {"kind": "urls", "min_items": 2, "max_items": 3}}
        two = catalog_of(tmp_path, {**FILE, "fields": fields})
        patches = [judged(two, **{"style refs": urls}).errors[0].patch for urls in ([], [URL])]
        assert patches == [{"style refs": None}, None]

    def test_each_rule_has_an_example(self, catalog: Catalog) -> None:
        for rule in catalog.models["glow/1"].rules():
            report = preflight(example(rule.id, catalog), catalog=catalog)
            found = [finding for finding in (*report.errors, *report.warnings) if finding.rule == rule.id]
            assert found, rule.id
            assert found[0].level == "note" or found[0].hint, rule.id


class TestPrices:
    def test_are_as_sure_as_the_file(self, tmp_path: Path) -> None:
        sure = catalog_of(tmp_path, {**FILE, "certainty_at_most": "documented"})
        assert quote(model="glow/1", size="16:9", n=2, catalog=sure).certainty == "documented"

    def test_of_a_body_and_of_axes(self, catalog: Catalog) -> None:
        report = judged(catalog, mood="Wild", **{"class": 2})
        assert report.quote is not None
        assert (report.quote.cell, report.quote.credits, report.quote.basis, report.quote.n) == (
            "S/wild",
            40,
            "exact",
            2,
        )
        asked = quote(model="glow/1", size="16:9", resolution="l", n=2, catalog=catalog)
        assert (asked.cell, asked.credits, asked.n) == ("L/calm", 60, 2)
        assert asked.certainty == "inferred"
        with pytest.raises(InvalidRequestError, match="größe L requires aspect-ratio 16:9"):
            quote(model="glow/1", resolution="L", catalog=catalog)
        unknown = judged(catalog, **{"strength.level": 1}).quote
        assert unknown is not None
        assert (unknown.basis, unknown.reason, unknown.credits) == ("unknown", "not_published", None)

    def test_tables_and_questions(self, catalog: Catalog) -> None:
        rows = prices([1, 2], model="glow/1", catalog=catalog)
        assert [(row.size, row.resolution, row.cell, row.n, row.credits) for row in rows] == [
            ("1:1", "S", "S/calm", 1, 10), ("1:1", "S", "S/calm", 2, 20), ("16:9", "S", "S/calm", 1, 10), ("16:9", "S", "S/calm", 2, 20),
            ("16:9", "L", "L/calm", 1, 30), ("16:9", "L", "L/calm", 2, 60),
        ]  # fmt: skip
        assert sizes_at("L", model="glow/1", catalog=catalog) == ("16:9",)
        assert resolutions_for("1:1", model="glow/1", catalog=catalog) == ("S",)
        assert dimensions_of("1:1", model="glow/1", catalog=catalog).reason == "not_published"
        assert cheapest(model="glow/1", catalog=catalog).reason == "not_published", "no cell has known pixels"
        found = alternatives({"model": "glow/1", "text in": "a", "größe": "L", "aspect-ratio": "16:9"}, catalog=catalog)
        assert [(other.patch, other.saving) for other in found] == [({"größe": "S"}, 20)]

    def test_lint(self, catalog: Catalog) -> None:
        assert catalog.models["glow/1"].price_cells() == ("S/calm", "S/wild", "L/calm", "L/wild")
        card = RateCard.from_dict({**CARD, "usd_per_image": {"glow/1": {"S/calm": "0.01", "S/mad": "1"}}})
        found = {finding.rule: finding.cells for finding in lint(card, catalog=catalog) if finding.model == "glow/1"}
        assert found == {"card.unknown_cell": ("S/mad",), "card.gap": ("S/wild", "L/calm", "L/wild")}


class TestContradictions:
    """What could not be judged or priced later is refused when the file is read."""

    @pytest.mark.parametrize(
        ("path", "value", "says"),
        (
            (("fields", "class", "kind"), "text", "fields.class: a field of the kind text can't have the role number"),
            (("fields", "größe", "role"), "mask", "fields.größe: a field of the kind word can't have the role mask"),
            (("fields", "mood", "kind"), "size", "fields.mood: a size has the role shape"),
            (("fields", "class", "default"), "1", "fields.class: the default is not what the kind integer takes"),
            (("fields", "class", "default"), True, "fields.class: the default is not what the kind integer takes"),
            (("fields", "glow", "default"), 1, "fields.glow: the default is not what the kind boolean takes"),
            (("fields", "class", "maximum"), 2**70, "fields.class: a bound is not of ordinary size"),
            (("fields", "class", "maximum"), 2**63, "fields.class: a bound is not of ordinary size"),
            (("fields", "strength.level", "minimum"), -(2**63) - 1, "fields.strength.level: a bound is not of ordinary size"),
            (("fields", "text in", "max_length"), 2**63, "fields.text in: a bound is not of ordinary size"),
            (("fields", "text in", "min_length"), -1, "fields.text in: a bound is not of ordinary size"),
            (("fields", "text in", "min_length"), 101, "fields.text in: the min_length is above the max_length"),
            (("fields", "style refs", "min_items"), 4, "fields.style refs: the min_items is above the max_items"),
            (("fields", "mood", "warns"), ["type"], 'fields.mood: there is no check "type" that could warn'),
            (("fields", "style refs", "warns"), ["item_type"], 'fields.style refs: there is no check "item_type" that could warn'),
            (("fields", "mood", "bills_as"), {"calm": "wild", "wild": "calm"}, 'fields.mood: "wild" is billed as another word itself'),
            (("constraints", 0, "rule"), "glow.wants_mood", "constraints.glow.wants_mood: its rule goes on with needs, not_with or required"),
            (("constraints", 0, "rule"), "glow.needy", "constraints.glow.needy: its rule goes on with needs, not_with or required"),
            (("constraints", 2, "rule"), "glow.needs_mood", "constraints.glow.needs_mood: another constraint has the same rule"),
            (("constraints", 0, "then"), {"text in": {"is": ["x"]}}, "text in is of the kind text: only whether it is given can be asked"),
            (("constraints", 0, "then"), {"extra": {"is_not": [1]}}, "extra is of the kind object: only whether it is given can be asked"),
            (("fields", ""), {"kind": "integer"}, "fields: one of them has no name"),
            (("constraints", 0, "then"), {"mood": {"is": [1]}}, "mood is of the kind word: a value of another type is never equal"),
            (("constraints", 0, "then"), {"mood": {"is": [["calm"]]}}, "mood is of the kind word: a value of another type is never equal"),
            (("constraints", 0, "then"), {"glow": {"is_not": ["true"]}}, "glow is of the kind boolean: a value of another type is never equal"),
            (("constraints", 0, "then"), {"class": {"is": [True]}}, "class is of the kind integer: a value of another type is never equal"),
            (("constraints", 0, "then"), {"mood": {"at_most": 4}}, "mood is of the kind word and not a number to be compared"),
            (("price", "images"), "glow", "price.images: glow is not an integer with a minimum of at least 0 and a maximum"),
            (("fields", "class", "minimum"), -1, "price.images: class is not an integer with a minimum of at least 0 and a maximum"),
            (("fields", "class", "maximum"), None, "price.images: class is not an integer with a minimum of at least 0 and a maximum"),
            (("fields", "class", "warns"), ["range"], "price.images: class is not an integer with a minimum of at least 0 and a maximum"),
            (("fields", "mood", "default_certain"), False, "price.key: the price depends on mood, which needs a default that is certain"),
            (("price", "key"), "{aspect-ratio}", "price.key: a price by shape needs the pixels of each shape"),
            (("price", "key"), "{size-}", "price.key: size- is not a field with words"),
            (("price", "not_published_when"), [{"mood": {"is": ["sad"]}}], "price.not_published_when: mood has no such word"),
            (("order",), ["aspect-ratio.addresses"], 'order: "aspect-ratio.addresses" is neither a field nor a constraint'),
            (("order",), [*FILE["fields"], *(each["rule"] for each in FILE["constraints"])], "order: input/pictures.addresses is missing"),
            (("pixels",), {"1:1": {"S": "500x500", "L": "900x900"}}, 'pixels: "16:9" is allowed at "S" and has no pixels there'),
        ),
        ids=plain_id,
    )  # fmt: skip
    def test_is_refused(self, tmp_path: Path, path: tuple[Any, ...], value: Any, says: str) -> None:
        file: Any = json.loads(json.dumps(FILE))
        inner = file
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        with pytest.raises(ModelError) as caught:
            catalog_of(tmp_path, file)
        assert str(caught.value).startswith("models/glow.json: ")
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("field", "bound", "value"), (("strength.level", "minimum", -(2**63)), ("text in", "max_length", 2**63 - 1))
    )
    def test_the_widest_bounds(self, tmp_path: Path, field: str, bound: str, value: int) -> None:
        file = json.loads(json.dumps(FILE))
        file["fields"][field][bound] = value
        assert "glow/1" in catalog_of(tmp_path, file).models

    @pytest.mark.parametrize(
        ("bounds", "number", "message", "nearest"),
        (
            ({"minimum": None, "maximum": 2}, 3, "strength.level must be at most 2", 2),
            ({"minimum": 1, "maximum": None}, 0, "strength.level must be at least 1", 1),
            ({"minimum": 1, "maximum": 1}, 0, "strength.level must be 1", 1),
            ({"minimum": 1, "maximum": 2}, 0, "strength.level must be between 1 and 2", 1),
        ),
        ids=plain_id,
    )
    def test_a_bound_on_one_side(
        self, tmp_path: Path, bounds: dict[str, Any], number: int, message: str, nearest: int
    ) -> None:
        file = json.loads(json.dumps(FILE))
        file["fields"]["strength.level"] |= bounds
        (error,) = judged(catalog_of(tmp_path, file), **{"strength.level": number}).errors
        assert (error.message, error.hint) == (message, f"the nearest is {nearest}")

    def test_a_broken_card_is_named(self, tmp_path: Path) -> None:
        for problem in ({"currency": "EUR"}, {"id": ""}):
            folder = tmp_path / next(iter(problem))
            folder.mkdir()
            with pytest.raises(RateCardError, match=r"^rates/glow\.json: "):
                catalog_of(folder, card={**CARD, **problem})

    def test_a_price_by_shape_needs_a_sure_tier(self, tmp_path: Path) -> None:
        file = json.loads(json.dumps(FILE))
        file["pixels"] = {"1:1": {"S": "500x500"}, "16:9": {"S": "800x450", "L": "1600x900"}}
        file["price"]["key"] = "{aspect-ratio}"
        file["fields"]["größe"]["default_certain"] = False
        with pytest.raises(ModelError, match="the price depends on größe, which needs a default that is certain"):
            catalog_of(tmp_path, file)

    @pytest.mark.parametrize(
        ("role", "asked", "cell", "quality"),
        ((None, None, "S/calm", None), ("quality", "WILD", "S/wild", "wild"), ("quality", None, "S/calm", "calm")),
    )
    def test_the_cheapest_cell(
        self, tmp_path: Path, role: str | None, asked: str | None, cell: str, quality: str | None
    ) -> None:
        """A field of the price without a role has its default, and a quality the spelling of the file."""
        file = json.loads(json.dumps(FILE)) | {
            "pixels": {"1:1": {"S": "500x500"}, "16:9": {"S": "800x450", "L": "1600x900"}}
        }
        file["fields"]["mood"]["role"] = role
        best = cheapest(quality=asked, model="glow/1", catalog=catalog_of(tmp_path, file))
        assert (best.cell, best.quality, best.missing) == (cell, quality, ())

    def test_what_a_model_can_be_warned_of(self, tmp_path: Path) -> None:
        """A check of a role is one of the model where its file gives it something to say."""

        def warned(number: int, fields: dict[str, Any]) -> set[str]:
            file = json.loads(json.dumps(FILE))
            for name, more in fields.items():
                file["fields"][name] |= more
            folder = tmp_path / str(number)
            folder.mkdir()
            model = catalog_of(folder, file).models["glow/1"]
            return {rule.id for rule in model.rules() if rule.level != "error"}

        plain = warned(1, {"mood": {"role": "quality"}})
        assert {id for id in plain if id.startswith(("mood", "aspect"))} == {"mood.not_with_extra"}
        assert warned(2, {"mood": {"role": "quality", "bills_as": {"wild": "calm"}}}) - plain == {
            "mood.auto_bills_high"
        }
        pixels = {"aspect-ratio": {"kind": "size", "pixel_strings": True}}
        assert warned(3, pixels) - plain == {"aspect-ratio.snapped", "aspect-ratio.looks_like_ratio"}
        mirrors = {"aspect-ratio": {"mirrors": "input/pictures"}}
        assert warned(4, mirrors) - plain == {"aspect-ratio.mirrors_reference"}

    @pytest.mark.parametrize(
        ("role", "size", "certainty"),
        (("shape", "1:1", "documented"), ("shape", "640x640", "inferred"), (None, "640x640", "documented")),
    )
    def test_how_sure_a_price_is(self, tmp_path: Path, role: str | None, size: str, certainty: str) -> None:
        """As sure as the file, unless its pixels are anybody's; where no field gives a shape there is none to doubt."""
        file = json.loads(json.dumps(FILE)) | {"certainty_at_most": "documented"}
        shape = {"kind": "size", "role": role, "words": ["1:1", "16:9"], "pixel_strings": True}
        file["fields"]["aspect-ratio"] = shape if role else {"kind": "word", "words": ["16:9", size]}
        quote = judged(catalog_of(tmp_path, file), **{"aspect-ratio": size}).quote
        assert quote is not None
        assert (quote.basis, quote.certainty, quote.credits) == ("exact", certainty, 10)

    def test_an_order_of_its_own(self, tmp_path: Path) -> None:
        order = [
            *reversed(FILE["fields"]),
            "input/pictures.addresses",
            "backdrop~url.addresses",
            "style refs.addresses",
        ]
        order = [*(each["rule"] for each in FILE["constraints"]), *order]
        catalog = catalog_of(tmp_path, {**FILE, "order": order})
        fields = {"strength.level": 3, "class": 9, "style refs": ["x"], "mood": "wild", "glow": 1, "größe": "L"}
        assert [error.rule for error in judged(catalog, **fields).errors] == [
            "aspect-ratio.needs_width", "strength.level.range", "glow.type", "class.range", "style refs.not_http",
        ]  # fmt: skip

    def test_without_a_default_model(self, tmp_path: Path) -> None:
        """A file of one's own may take the place of a built-in one."""
        catalog = catalog_of(tmp_path, {**FILE, "id": "gpt-image-2-official"})
        assert catalog.default_model in catalog.models
        assert catalog.models["gpt-image-2-official"].title == FILE["title"]
