"""choices.json says what the engine says: sizes, pixels and, by the formula in integers, the credits of every choice."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reapi_rules import Catalog, RateCard, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.forms.choices import choices, choices_schema
from tests.support.schema_tools import ROOT, third_catalog
from tests.support.strategies import combinations

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


@pytest.fixture(scope="module", params=["built_in", "third_model", "partial_card"])
def catalog(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    if request.param == "built_in":
        return built_in()
    if request.param == "third_model":
        return Catalog.load(ROOT / "tests" / "support" / "third_model")
    return third_catalog(tmp_path_factory.mktemp("catalog"))


def ask(catalog: Catalog, model: str, choice: dict[str, Any]) -> Any:
    return preflight({"model": model, "prompt": "-", **choice}, catalog=catalog)


def credits_by_the_file(content: dict[str, Any], model: dict[str, Any], choice: dict[str, Any]) -> int | None:
    """The page's formula over the file's integers, as the schema of the file describes it."""
    price = model["price"]
    quality = price["bills_as"]["quality"].get(choice["quality"], choice["quality"])
    size = choice["size"]
    if choice["resolution"] in price["bills_as"]["size"].get(size, {}):
        size = price["bills_as"]["size"][size][choice["resolution"]][quality or ""]
    cell = price["cell"].format(size=size, resolution=choice["resolution"], quality=quality)
    units = price["cells"].get(cell)
    return None if units is None else -(-units * choice["n"] // content["units_per_credit"])


class TestTheFile:
    def test_follows_its_schema(self, catalog: Catalog) -> None:
        content = json.loads(json.dumps(choices(catalog=catalog)))
        jsonschema.Draft202012Validator.check_schema(choices_schema())
        jsonschema.validate(content, choices_schema(), cls=jsonschema.Draft202012Validator)

    def test_credits_are_the_engines(self, catalog: Catalog) -> None:
        content = choices(catalog=catalog)
        models = {model["id"]: model for model in content["models"]}
        accepted = 0
        for name, choice in combinations(catalog):
            report = ask(catalog, name, choice)
            takes = choice["size"] in models[name]["sizes_at"][choice["resolution"]]
            assert report.ok is takes
            assert takes is (choice["resolution"] in models[name]["resolutions_for"][choice["size"]])
            if takes:
                accepted += 1
                assert credits_by_the_file(content, models[name], choice) == report.quote.credits, (name, choice)
        assert accepted >= 544

    @needs_node
    def test_credits_in_javascript_are_the_engines(self, catalog: Catalog) -> None:
        asked = [each for each in combinations(catalog) if ask(catalog, *each).ok]
        script = f"""
            import {{ credits, modelOf, pixels }} from {json.dumps((ROOT / "docs/examples/static/credits.js").as_uri())};
            import fs from "node:fs";
            const [choices, asked] = JSON.parse(fs.readFileSync(0, "utf8"));
            const answers = asked.map(([name, choice]) => {{
              const model = modelOf(choices, name);
              return [credits(choices, model, choice), pixels(model, choice)];
            }});
            console.log(JSON.stringify(answers));
        """
        answer = subprocess.run(
            ["node", "--input-type=module", "-e", script],
            input=json.dumps([choices(catalog=catalog), asked]),
            capture_output=True,
            text=True,
            check=True,
        )
        for (name, choice), (credits, pixels) in zip(asked, json.loads(answer.stdout), strict=True):
            report = ask(catalog, name, choice)
            assert report.quote is not None
            assert report.dimensions is not None
            assert credits == report.quote.credits, (name, choice)
            assert pixels == ([report.dimensions.width, report.dimensions.height] if report.dimensions.width else None)

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
        assert checked >= 14

    def test_options_stand_in_the_models_order(self, catalog: Catalog) -> None:
        for model in choices(catalog=catalog)["models"]:
            fields = catalog.models[model["id"]].fields
            for name, field in model["fields"].items():
                words = getattr(getattr(fields, name), "words", None)
                assert words is None or tuple(option["value"] for option in field["options"]) == words
                assert "default" not in field or field["default"] == getattr(fields, name).default

    def test_is_the_same_every_time(self, catalog: Catalog) -> None:
        assert json.dumps(choices(catalog=catalog)) == json.dumps(choices(catalog=catalog))


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
            "id": "reapi-2026-07",
            "effective_from": "2026-07-21",
            "checked_on": "2026-07-28",
        }
        assert choices(rates=self.card())["rate_card"]["id"] == "mine"
        assert choices(rates=[self.card()], as_of=date(2027, 1, 1))["rate_card"]["id"] == "mine"

    def test_before_the_first_card_there_are_none(self) -> None:
        content = choices(as_of=date(2020, 1, 1))
        assert content["rate_card"] is None
        jsonschema.validate(content, choices_schema(), cls=jsonschema.Draft202012Validator)
        assert {price for model in content["models"] for price in model["price"]["cells"].values()} == {None}

    @pytest.mark.parametrize(
        ("price", "units", "unit"),
        (("1", 1000, 1), ("0.03", 30, 1), ("0.0305", 305, 10), ("0.000000000001", 1, 10**9), ("0", 0, 1)),
    )
    def test_are_integers_of_the_largest_exact_unit(self, price: str, units: int, unit: int) -> None:
        content = choices(rates=self.card(**{"1k": price}))
        assert content["units_per_credit"] == unit
        assert content["models"][1]["price"]["cells"] == {"1k": units, "2k": None, "4k": None}

    def test_that_javascript_cannot_multiply_exactly_are_left_out(self) -> None:
        content = choices(rates=self.card(**{"1k": "0.000000000001", "2k": "999999"}))
        assert content["models"][1]["price"]["cells"] == {"1k": 1, "2k": None, "4k": None}
        assert choices(rates=self.card(**{"2k": "999999"}))["models"][1]["price"]["cells"]["2k"] == 999_999_000

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
        (units,) = (each["price"]["cells"][cells[1]] for each in content["models"] if each["id"] == model)
        assert units == (price if is_left else None)
        assert units is None or units * images + content["units_per_credit"] - 1 < 2**53


def test_the_examples_page_speaks_the_languages_of_the_labels() -> None:
    script = Path(ROOT / "docs/examples/static/picture.js").read_text("utf-8")
    assert all(f"\n  {language}: {{" in script for language in choices()["languages"])
