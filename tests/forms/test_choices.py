"""choices.json says what the engine says: sizes, pixels and, by the formula in integers, the credits of every choice."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec import UNSET

from reapi_rules import Catalog, RateCard
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.engine import engine_for, stand_in
from reapi_rules.forms.choices import choices, choices_schema
from tests.support.schema_tools import ROOT, third_catalog
from tests.support.strategies import combinations


@pytest.fixture(scope="module", params=["built_in", "third_model", "partial_card"])
def catalog(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    if request.param == "built_in":
        return built_in()
    if request.param == "third_model":
        return Catalog.load(ROOT / "tests" / "support" / "third_model")
    return third_catalog(tmp_path_factory.mktemp("catalog"))


def ask(catalog: Catalog, model: str, choice: dict[str, Any]) -> Any:
    return engine_for(catalog=catalog).preflight({**stand_in(catalog.models[model]), **choice})


def credits_by_the_file(content: dict[str, Any], model: dict[str, Any], choice: dict[str, Any]) -> int | None:
    """The formula over the file's integers, as the schema of the file describes it."""
    price = model["price"]
    words = [choice.get(name) for name in price["fields"]]
    units = next((row["units"] for row in price["rows"] if row["words"] == words), None)
    number = choice.get(price["images"], price["n"])
    return None if units is None else -(-units * number // content["units_per_credit"])


def choices_of(catalog: Catalog) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every combination, and each of them with one field left out."""
    seen: set[str] = set()
    for name, choice in combinations(catalog):
        for left_out in (None, *choice):
            smaller = {field: word for field, word in choice.items() if field != left_out}
            if (key := f"{name}{smaller}") not in seen:
                seen.add(key)
                yield name, smaller


class TestTheFile:
    def test_follows_its_schema(self, catalog: Catalog) -> None:
        content = json.loads(json.dumps(choices(catalog=catalog)))
        jsonschema.Draft202012Validator.check_schema(choices_schema())
        jsonschema.validate(content, choices_schema(), cls=jsonschema.Draft202012Validator)

    def test_credits_are_the_engines(self, catalog: Catalog) -> None:
        content = choices(catalog=catalog)
        models = {model["id"]: model for model in content["models"]}
        accepted = 0
        for name, choice in choices_of(catalog):
            report = ask(catalog, name, choice)
            if report.ok:
                accepted += 1
                exact = report.quote.credits if report.quote.basis == "exact" else None
                assert credits_by_the_file(content, models[name], choice) == exact, (name, choice)
        assert accepted >= 544

    def test_a_price_that_is_not_exact_has_the_engines_reason(self, catalog: Catalog) -> None:
        reasons = set()
        for model in choices(catalog=catalog)["models"]:
            for row in model["price"]["rows"]:
                assert (row["units"] is None) is (row["cell"] is None) is (row["reason"] is not None)
                choice = {name: word for name, word in zip(model["price"]["fields"], row["words"]) if word}
                if (report := ask(catalog, model["id"], choice)).ok:  # else the resolution needs a size
                    assert (report.quote.reason, report.quote.cell if row["units"] else None) == (
                        row["reason"],
                        row["cell"],
                    )
                reasons.add(row["reason"])
        assert "uncertain_default" in reasons or "no_rate" in reasons

    def test_has_a_row_for_every_cell(self) -> None:
        """Of a card that is complete no price is missing, and each is the card's own to the last digit."""
        card = built_in().card()
        content = choices()
        assert card is not None
        for model in content["models"]:
            rows = {row["cell"]: row["units"] for row in model["price"]["rows"] if row["cell"]}
            exact = {
                cell: int(Decimal(cost.text) * 1000 * content["units_per_credit"])
                for cell, cost in card.prices[model["id"]].items()
            }
            assert rows == exact

    def test_sizes_and_resolutions_go_together_as_the_engine_has_it(self, catalog: Catalog) -> None:
        for model in choices(catalog=catalog)["models"]:
            shape, tier = (model["roles"].get(role) for role in ("shape", "tier"))
            sizes = [option["value"] for option in model["fields"].get(shape, {}).get("options", ())]
            resolutions = [option["value"] for option in model["fields"].get(tier, {}).get("options", ())]
            assert (list(model["resolutions_for"]), list(model["sizes_at"])) == (sizes, resolutions)
            for size, resolution in itertools.product(sizes, resolutions):
                takes = ask(catalog, model["id"], {shape: size, tier: resolution}).ok
                assert (
                    takes is (size in model["sizes_at"][resolution]) is (resolution in model["resolutions_for"][size])
                )

    def test_a_price_has_a_row_for_each_choice_that_the_engine_takes(self, catalog: Catalog) -> None:
        """Where the price does not depend on the size, also for a resolution that needs one."""
        for model in choices(catalog=catalog)["models"]:
            names, fields = model["price"]["fields"], catalog.models[model["id"]].fields
            rows = {tuple(row["words"]) for row in model["price"]["rows"]}
            for words in itertools.product(*((None, *fields[name].words) for name in names)):
                choice = {name: word for name, word in zip(names, words) if word is not None}
                is_taken = ask(catalog, model["id"], choice).ok or model["roles"].get("shape") not in names
                assert (words in rows) is is_taken, (model["id"], words)

    def test_says_when_nobody_knows_the_price(self, catalog: Catalog) -> None:
        checked = 0
        for model in choices(catalog=catalog)["models"]:
            for case in model["price"]["not_published_when"]:
                ((name, condition),) = case.items()
                report = ask(catalog, model["id"], {name: condition["is"][0]})
                assert report.quote.reason == "not_published"
                checked += 1
        assert checked >= 6

    def test_names_what_must_be_given_too(self, catalog: Catalog) -> None:
        for model in choices(catalog=catalog)["models"]:
            needs = {name: field["needs"] for name, field in model["fields"].items() if "needs" in field}
            expected = {"gpt-image-2-official": {"mask_url": "image_urls"}, "third": {"tags": "image_urls"}}
            assert needs == expected.get(model["id"], {})

    def test_a_reset_is_accepted_and_changes_one_thing(self, catalog: Catalog) -> None:
        for model in choices(catalog=catalog)["models"]:
            impossible = {
                (resolution, size)
                for resolution, size in itertools.product(model["sizes_at"], model["resolutions_for"])
                if size not in model["sizes_at"][resolution]
            }
            assert impossible == {(at, size) for at, sizes in model["reset"].items() for size in sizes}
            for resolution, size in impossible:
                change = model["reset"][resolution][size]
                assert change["size"] in model["sizes_at"][resolution]
                assert size in model["sizes_at"][change["resolution"]]

    def test_a_reset_takes_the_nearest_shape(self, catalog: Catalog) -> None:
        def shape(word: str) -> Fraction:
            width, height = word.split(":")
            return Fraction(int(width), int(height))

        checked = 0
        for model in choices(catalog=catalog)["models"]:
            for resolution, sizes in model["reset"].items():
                for size, change in sizes.items():
                    highest = [at for at in model["sizes_at"] if size in model["sizes_at"][at]][-1]
                    assert change["resolution"] == highest
                    if ":" in size:
                        distances = [
                            max(shape(size) / shape(to), shape(to) / shape(size))
                            for to in model["sizes_at"][resolution]
                        ]
                        assert change["size"] == model["sizes_at"][resolution][distances.index(min(distances))]
                        checked += 1
        assert checked >= 21

    def test_pixels_are_the_engines(self, catalog: Catalog) -> None:
        for model in choices(catalog=catalog)["models"]:
            shape, tier = (model["roles"].get(role) for role in ("shape", "tier"))
            for resolution, sizes in model["pixels"].items():
                assert list(sizes) == model["sizes_at"][resolution]
                for size, edges in sizes.items():
                    found = ask(catalog, model["id"], {shape: size, tier: resolution}).dimensions
                    assert edges == ([found.width, found.height] if found.width else None)
            assert bool(model["pixels"]) is bool(catalog.models[model["id"]].pixels)

    def test_fields_are_the_models(self, catalog: Catalog) -> None:
        for model in choices(catalog=catalog)["models"]:
            rules = catalog.models[model["id"]]
            assert list(model["fields"]) == list(rules.fields)
            assert model["roles"] == rules.roles
            for name, field in model["fields"].items():
                takes = rules.fields[name]
                assert (field["kind"], field.get("required", False)) == (takes.kind, takes.required)
                assert tuple(option["value"] for option in field.get("options", ())) == takes.choices
                assert field.get("default", UNSET) == takes.default
                assert field.get("default_certain", True) is takes.default_certain
                for bound in ("minimum", "maximum", "min_length", "max_length", "min_items", "max_items", "mirrors"):
                    assert field.get(bound) == getattr(takes, bound)
                other = {**stand_in(rules), name: "x"}
                if takes.choices and takes.kind != "text":
                    is_taken = engine_for(catalog=catalog).preflight(other).ok
                    assert field.get("other_words", False) is (is_taken or takes.pixel_strings)

    def test_is_the_same_every_time(self, catalog: Catalog) -> None:
        assert json.dumps(choices(catalog=catalog)) == json.dumps(choices(catalog=catalog))


def units_of(content: dict[str, Any], model: str) -> dict[str | None, int | None]:
    """The prices of a model with one price field, by its word."""
    (rows,) = (each["price"]["rows"] for each in content["models"] if each["id"] == model)
    return {row["words"][0]: row["units"] for row in rows}


class TestPrices:
    def card(self, **prices: str) -> RateCard:
        return RateCard.from_dict(
            {
                "format": "reapi-rate-card/1",
                "id": "mine",
                "currency": "USD",
                "effective_from": "2027-01-01",
                "checked_on": "2027-01-01",
                "source": "made up",
                "usd_per_image": {"gpt-image-2": prices},
            }
        )

    def test_name_their_card(self) -> None:
        assert choices()["rate_card"] == {
            "id": "reapi-2026-07-28",
            "effective_from": "2026-07-28",
            "checked_on": "2026-07-28",
        }
        assert choices(rates=self.card())["rate_card"]["id"] == "mine"
        assert choices(rates=[self.card()], as_of=date(2027, 1, 1))["rate_card"]["id"] == "mine"

    def test_before_the_first_card_there_are_none(self) -> None:
        content = choices(as_of=date(2020, 1, 1))
        assert content["rate_card"] is None
        jsonschema.validate(content, choices_schema(), cls=jsonschema.Draft202012Validator)
        rows = [row for model in content["models"] for row in model["price"]["rows"]]
        assert {(row["units"], row["reason"]) for row in rows} == {(None, "no_rate")}

    @pytest.mark.parametrize(
        ("price", "units", "unit"),
        (("1", 1000, 1), ("0.03", 30, 1), ("0.0305", 305, 10), ("0.000000000001", 1, 10**9), ("0", 0, 1)),
    )
    def test_are_integers_of_the_largest_exact_unit(self, price: str, units: int, unit: int) -> None:
        content = choices(rates=self.card(**{"1k": price}))
        assert content["units_per_credit"] == unit
        assert units_of(content, "gpt-image-2") == {None: units, "1k": units, "2k": None, "4k": None}

    def test_that_javascript_cannot_multiply_exactly_are_left_out(self) -> None:
        content = choices(rates=self.card(**{"1k": "0.000000000001", "2k": "999999"}))
        assert units_of(content, "gpt-image-2") == {None: 1, "1k": 1, "2k": None, "4k": None}
        reasons = {row["words"][0]: row["reason"] for row in content["models"][1]["price"]["rows"]}
        assert reasons == {None: None, "1k": None, "2k": "too_large", "4k": "no_rate"}
        assert units_of(choices(rates=self.card(**{"2k": "999999"})), "gpt-image-2")["2k"] == 999_999_000

    @pytest.mark.parametrize(
        ("model", "cells", "images"),
        (("gpt-image-2", ("1k", "2k"), 1), ("gpt-image-2-official", ("1:1@1k_low", "1:1@1k_high"), 4)),
    )
    @pytest.mark.parametrize(
        ("below", "is_left"), ((0, False), (1, False), (10**9 - 1, False), (10**9, True), (10**12, True))
    )
    def test_that_are_left_can_be_rounded_up_exactly(
        self, model: str, cells: tuple[str, str], images: int, below: int, is_left: bool
    ) -> None:
        """``ceil(price * n / units)`` adds up to a credit before it divides."""
        price = (2**53 - 1) // images - below
        usd = {cells[0]: "0.000000000001", cells[1]: f"{Decimal(price).scaleb(-12):f}"}
        content = choices(rates=RateCard.from_dict(self.card().to_dict() | {"usd_per_image": {model: usd}}))
        words = {"2k": ["2k"], "1:1@1k_high": ["1:1", "1k", "high"]}[cells[1]]
        (rows,) = (each["price"]["rows"] for each in content["models"] if each["id"] == model)
        (units,) = (row["units"] for row in rows if row["words"] == words)
        assert units == (price if is_left else None)
        assert type(units) is (int if is_left else type(None))
        assert units is None or units * images + content["units_per_credit"] - 1 < 2**53


def test_the_examples_page_speaks_the_languages_of_the_labels() -> None:
    texts = json.loads(Path(ROOT / "docs/examples/static/texts.json").read_bytes())
    assert [*texts] == choices()["languages"]
    assert len({tuple(each) for each in texts.values()}) == 1
