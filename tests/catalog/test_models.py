"""A model is a file: a made-up third one gets verdicts, dimensions and quotes from a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from reapi_rules import Catalog, InvalidRequestError, RateCardError, Report, preflight, quote
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.contradictions import contradictions
from reapi_rules.catalog.models import Kind, Model, ModelError, Role
from reapi_rules.prices.lookup import credits_of, dimensions_of, resolutions_for, sizes_at

FOLDER = Path(__file__).parents[1] / "support" / "third_model"
CATALOG = Catalog.load(FOLDER)


@pytest.mark.parametrize("model", built_in().models.values(), ids=lambda model: model.id)
def test_the_packages_own_files_do_not_contradict_themselves(model: Model) -> None:
    """They are not looked at when they are loaded: that would cost every process three milliseconds."""
    assert list(contradictions(model)) == []


def test_the_rows_name_kinds_and_roles_that_there_are() -> None:
    file = next(iter(built_in().models.values())).rules_file
    assert tuple(file.roles) == get_args(Role)
    assert {kind for row in file.rules for kind in row.kinds} == {*get_args(Kind)}
    assert {role for row in file.rules for role in row.roles} <= {*file.roles}
    assert {kind for kinds in file.roles.values() for kind in kinds} <= {*get_args(Kind)}


class TestOfficial:
    MODEL = built_in().models["gpt-image-2-official"]

    def test_cells(self) -> None:
        assert self.MODEL.cell_of("16:9", "2k", "auto") == self.MODEL.cell_of("16:9", "2k", "high") == "16:9@2k_high"
        assert self.MODEL.cell_of("1:1", "1k", "low") == "1:1@1k_low"

    def test_the_words_of_every_price(self) -> None:
        words = list(self.MODEL.price_words())
        assert len(words) == 3 * len(self.MODEL.pixels)
        assert {(each["size"], each["resolution"]) for each in words} == set(self.MODEL.pixels)
        assert {each["quality"] for each in words} == {"low", "medium", "high"}

    def test_rules_have_their_code_and_level(self) -> None:
        rules = {rule.id: rule for rule in self.MODEL.rules()}
        assert (rules["n.range"].code, rules["prompt.required"].code, rules["size.needs_widescreen"].code) == (
            20003,
            20002,
            20003,
        )
        assert (rules["quality.auto_bills_high"].code, rules["quality.auto_bills_high"].level) == (None, "warning")
        assert {
            "size.auto_price",
            "size.snapped",
            "size.mirrors_reference",
            "prompt.blank",
            "mask_url.unchecked",
        } <= rules.keys()
        assert "n.auto_bills_high" not in rules

    def test_rules_are_as_sure_as_the_file_makes_them(self) -> None:
        order = ("documented", "inferred", "unspecified")
        for model in built_in().models.values():
            most = order.index(model.file.certainty_at_most)
            for rule in model.rules():
                own = model.file.certainties.get(rule.id)
                assert order.index(rule.certainty) >= max(most, 0 if own is None else order.index(own))
                for but in rule.variants.values():
                    assert but.certainty is not None
                    assert order.index(but.certainty) >= most


def judged(**fields: Any) -> Report:
    return preflight({"model": "paint-1", "prompt": "a fox", **fields}, catalog=CATALOG)


def rules(**fields: Any) -> list[str]:
    return [finding.rule for finding in judged(**fields).errors]


class TestVerdicts:
    def test_its_own_words_and_bounds(self) -> None:
        assert rules(size="4:1", resolution="xl", quality="draft", n=10, background="paper") == []
        assert rules(size="16:9") == ["size.unknown"]
        assert rules(size="320x200") == []
        assert rules(resolution="2k") == ["resolution.unknown"]
        assert rules(quality="high") == ["quality.unknown"]
        assert rules(n=1) == rules(n=11) == ["n.range"]
        assert rules(prompt="longer than ten") == ["prompt.max_length"]
        assert rules(image_urls=["https://example.com/a.png"] * 2) == ["image_urls.max_items"]
        assert rules(background="auto") == ["background.unknown"]

    def test_its_own_restricted_resolution(self) -> None:
        (error,) = judged(size="square", resolution="XL").errors
        assert (error.rule, error.message) == ("size.needs_widescreen", "XL requires an explicit size in {4:1}")
        assert {name: error.params[name] for name in ("tier", "allowed", "nearest", "shape", "lower")} == {
            "tier": "XL",
            "allowed": ("4:1",),
            "nearest": "4:1",
            "shape": "square",
            "lower": "S",
        }
        assert rules(resolution="XL") == ["size.needs_widescreen"]

    def test_what_its_file_does_not_name_is_unknown(self) -> None:
        report = judged(mask_url="nonsense", moderation=5, seed=1)
        assert report.ok
        assert [finding.rule for finding in report.warnings][:3] == ["field.unknown"] * 3

    def test_its_own_warnings(self) -> None:
        warnings = {finding.rule: finding for finding in judged(size="any", background="none", prompt="a 4:1").warnings}
        assert set(warnings) == {
            "quality.auto_bills_high",
            "background.transparent_downgraded",
            "prompt.restates_ratio",
        }
        assert warnings["quality.auto_bills_high"].params == {"billed": "fine", "cheaper": ("draft",)}

    def test_certainties_are_data(self) -> None:
        assert judged(n=1).errors[0].certainty == "unspecified"
        assert judged(quality="x").errors[0].certainty == "documented"

    def test_the_effective_request_has_its_defaults_and_parameters_only(self) -> None:
        effective = judged().to_dict()["effective"]
        assert effective == {
            "model": "paint-1", "prompt": "a fox", "size": "square", "resolution": "S", "quality": "best", "n": 3,
            "image_urls": [], "background": "paper",
        }  # fmt: skip
        assert judged(resolution="xl", size="4:1").payload() == {
            "model": "paint-1", "prompt": "a fox", "size": "4:1", "resolution": "XL",
        }  # fmt: skip


class TestDimensionsAndPrices:
    def test_dimensions(self) -> None:
        assert dimensions_of("4:1", "XL", model="paint-1", catalog=CATALOG).width == 1600
        assert dimensions_of("any", model="paint-1", catalog=CATALOG).reason == "server_picks"
        nearest = dimensions_of("510x490", model="paint-1", catalog=CATALOG)
        assert (nearest.width, nearest.height, nearest.certainty) == (500, 500, "inferred")

    def test_one_price_axis(self) -> None:
        cost = quote(model="paint-1", size="any", quality="draft", n=7, catalog=CATALOG)
        assert (cost.credits, cost.cell, cost.basis, cost.per_image_usd) == (11, "draft", "exact", "0.0015")
        best = quote(model="paint-1", has_images=True, catalog=CATALOG)
        assert (best.credits, best.cell, best.basis, best.n) == (128, "fine", "exact", 3)
        assert best.rate_card is not None
        assert best.rate_card.id == "paint-2026-08"

    def test_small_questions(self) -> None:
        assert sizes_at("xl", model="paint-1", catalog=CATALOG) == ("4:1",)
        assert sizes_at("S", model="paint-1", catalog=CATALOG) == ("square", "4:1", "any")
        assert resolutions_for("any", model="paint-1", catalog=CATALOG) == ("S",)
        assert resolutions_for("7x9", model="paint-1", catalog=CATALOG) == ("S",)
        assert credits_of("fine", 3, model="paint-1", catalog=CATALOG) == 128

    @pytest.mark.parametrize(
        ("cell", "axes", "expected"),
        (
            ("flat", set(), ("flat", "exact", 1)),
            ("{size}", {"size"}, ("4:1", "exact", 1)),
            ("{resolution}", {"resolution"}, ("S", "exact", 1)),
            ("{size}@{resolution}", {"size", "resolution"}, ("4:1@S", "exact", 1)),
            ("{size}@{quality}", {"size", "quality"}, ("4:1@fine", "exact", 1)),
            ("{resolution}_{quality}", {"resolution", "quality"}, ("S_fine", "exact", 1)),
        ),
    )
    def test_any_subset_of_the_price_axes(
        self, tmp_path: Path, cell: str, axes: set[str], expected: tuple[str, str, int]
    ) -> None:
        def change(file: dict[str, Any]) -> None:
            file["price"]["key"] = cell

        catalog = Catalog.load(changed(tmp_path, change))
        assert set(catalog.models["paint-1"].price_fields) == axes
        name, basis, _ = expected
        card = json.loads((FOLDER / "rates" / "paint-2026-08.json").read_text())
        card["usd_per_image"]["paint-1"] = {name: "0.001", name.replace("4:1", "square"): "0.002"}
        from reapi_rules import RateCard

        rates = RateCard.from_dict(card)
        cost = quote(model="paint-1", size="4:1", n=2, rates=rates, catalog=catalog)
        assert (cost.cell, cost.basis) == (name, basis)
        highest = quote(model="paint-1", size="any", n=2, rates=rates, catalog=catalog)
        assert highest.credits == (4 if "size" in axes else cost.credits)


def changed(folder: Path, change: Any) -> Path:
    """A copy of the third model's folder with a change made to its file."""
    (folder / "models").mkdir()
    file = json.loads((FOLDER / "models" / "paint-1.json").read_text())
    change(file)
    (folder / "models" / "paint-1.json").write_text(json.dumps(file))
    return folder


class TestFilesThatContradictThemselves:
    @pytest.mark.parametrize(
        ("path", "value", "says"),
        (
            (("fields", "size", "default"), "16:9", 'fields.size: the default "16:9" is not one of its words'),
            (("fields", "quality", "default"), "hd", 'fields.quality: the default "hd" is not one of its words'),
            (
                ("fields", "quality", "words"),
                ["draft", "draft", "fine", "best"],
                "fields.quality: a word is there twice",
            ),
            (("fields", "quality", "words"), ["low", "LOW"], "fields.quality: a word is there twice"),
            (("fields", "quality", "kind"), "words", "fields.quality: Invalid enum value 'words' - at `$.kind`"),
            (
                ("fields", "prompt", "max_length"),
                1.5,
                "fields.prompt: Expected `int | null`, got `float` - at `$.max_length`",
            ),
            (("fields", "quality", "words"), [], "fields.quality: a word or a size has words, and nothing else has"),
            (("fields", "n", "words"), ["1"], "fields.n: a word or a size has words, and nothing else has"),
            (("fields", "n", "default"), 1, "fields.n: the default is not what the kind integer takes"),
            (("fields", "n", "minimum"), 11, "fields.n: the minimum is above the maximum"),
            (("fields", "n", "role"), "quality", "fields: two of them have the role quality"),
            (("fields", "model"), {"kind": "text"}, "fields.model: every model has it"),
            (("fields", "quality", "bills_as"), {"best": "finest"}, 'fields.quality: "finest" is not one of its words'),
            (("fields", "background", "downgraded"), ["x"], 'fields.background: "x" is not one of its words'),
            (("fields", "size", "mirrors"), "seed", 'fields.size: the model has no field "seed" to mirror'),
            (("fields", "size", "warns"), ["range"], 'fields.size: there is no check "range" that could warn'),
            (("fields", "size", "notes"), ["glow"], 'fields.size: there is no check "glow"'),
            (("constraints", 0, "blames"), "n", "size.needs_widescreen: its rule begins with the field that it blames"),
            (
                ("constraints", 0, "then"),
                {"seed": {"given": True}},
                'size.needs_widescreen: the model has no field "seed"',
            ),
            (("constraints", 0, "then"), {"size": {"is": ["5:1"]}}, "size.needs_widescreen: size has no such word"),
            (("constraints",), [], 'pixels: "square" is allowed at "XL" and has no pixels there'),
            (("pixels", "square"), {"S": "500"}, 'pixels.square: "500" is not WIDTHxHEIGHT'),
            (("pixels", "square"), {"S": "0x500"}, 'pixels.square: "0x500" is not WIDTHxHEIGHT'),
            (("pixels", "5:1"), {"S": "500x100"}, 'pixels: "5:1" at "S" is not a shape at a tier'),
            (("constraints", 0, "when"), {}, "size.needs_widescreen: when: it names no field"),
            (("constraints", 0, "then"), None, "size.needs_widescreen: then: it names no field"),
            (("constraints", 0, "then"), {"size": {}}, "size.needs_widescreen: it does not say what size must be"),
            (("constraints", 0, "then"), {"size": {"is": []}}, "needs_widescreen: it does not say what size must be"),
            (("id",), " ", "id: it is blank"),
            (("fields", "size", "words"), ["1:1", ""], "fields.size: a word is blank"),
            (("fields", "prompt", "offers"), ["fox", " "], "fields.prompt: a word is blank"),
            (("fields", "prompt", "offers"), ["fox", "Fox"], "fields.prompt: a word is there twice"),
            (("fields", "prompt", "max_length"), 0, "fields.prompt: nothing has a max_length of 0"),
            (("fields", "prompt", "maximum"), 9, "fields.prompt: a field of the kind text has no maximum"),
            (("fields", "n", "min_length"), 1, "fields.n: a field of the kind integer has no min_length"),
            (("price", "key"), "", 'price.key: "" is not the name of a cell'),
            (("price", "key"), "{size", 'price.key: "{size" is not the name of a cell, with fields in pairs of braces'),
            (("price", "key"), "{seed}", "price.key: seed is not a field with words"),
            (("price", "images"), "seed", 'price.images: the model has no field "seed"'),
            (("price", "not_published_when"), [{"seed": {"given": True}}], "price.not_published_when"),
            (("order",), ["size"], "order: prompt is missing"),
            (
                ("order",),
                [
                    *json.loads((FOLDER / "models" / "paint-1.json").read_text())["fields"],
                    "size.needs_widescreen",
                    "seed",
                ],
                'order: "seed" is neither a field nor a constraint',
            ),
            (("certainties",), {"n.rnage": "inferred"}, "certainties: the model has no rule n.rnage"),
            (("colour",), "red", "unknown field `colour`"),
            (("fields", "size", "colour"), "red", "unknown field `colour`"),
            (("constraints", 0, "reads"), ["size"], "unknown field `reads`"),
            (("constraints", 0, "needs"), "size", "unknown field `needs`"),
            (("fields", "size", "kind"), "colour", "fields"),
            (
                ("format",),
                "reapi-model/1",
                'format must be "reapi-model/2", not "reapi-model/1": give each field its kind',
            ),
        ),
    )
    def test_is_refused_and_the_message_says_where(
        self, tmp_path: Path, path: tuple[Any, ...], value: Any, says: str
    ) -> None:
        def change(file: dict[str, Any]) -> None:
            for key in path[:-1]:
                file = file[key]
            file[path[-1]] = value

        with pytest.raises(ModelError, match=r"models/paint-1\.json: ") as caught:
            Catalog.load(changed(tmp_path, change))
        assert says in str(caught.value)

    def test_broken_json_and_broken_cards_name_their_file(self, tmp_path: Path) -> None:
        (tmp_path / "rates").mkdir()
        (tmp_path / "rates" / "x.json").write_text("{")
        with pytest.raises(RateCardError, match=r"rates/x\.json: it is not JSON"):
            Catalog.load(tmp_path)
        with pytest.raises(OSError, match="nowhere"):
            Catalog.load(tmp_path / "nowhere")

    def test_a_byte_order_mark_is_skipped(self, tmp_path: Path) -> None:
        file = changed(tmp_path, lambda file: None) / "models" / "paint-1.json"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        assert "paint-1" in Catalog.load(tmp_path).models

    def test_one_id_names_one_file(self, tmp_path: Path) -> None:
        model = changed(tmp_path, lambda file: None) / "models" / "paint-1.json"
        (tmp_path / "rates").mkdir()
        card = built_in().cards[0].to_dict()
        for name in ("a", "b"):
            (tmp_path / "rates" / f"{name}.json").write_text(json.dumps(card))
        assert Catalog.load(tmp_path).cards[-1].id == card["id"], "the same card twice does no harm"
        (tmp_path / "rates" / "b.json").write_text(json.dumps({**card, "checked_on": "2026-12-31"}))
        with pytest.raises(
            RateCardError, match=rf'^.*rates/b\.json: another rate card has the id "{card["id"]}": give'
        ):
            Catalog.load(tmp_path)
        (tmp_path / "rates" / "a.json").unlink()
        with pytest.raises(RateCardError, match=r"^.*rates/b\.json: another rate card has the id"):
            Catalog.load(tmp_path)  # the other one is of the package
        (tmp_path / "models" / "twin.json").write_bytes(model.read_bytes())
        with pytest.raises(ModelError, match=r'^.*models/twin\.json: another file has the id "paint-1"$'):
            Catalog.load(tmp_path)

    @pytest.mark.parametrize("inside", ("", "rates", "mine/rates"))
    def test_a_folder_with_nothing_to_add_is_none(self, tmp_path: Path, inside: str) -> None:
        (tmp_path / inside).mkdir(parents=True, exist_ok=True)
        (tmp_path / "card.json").write_text("{}")  # not in a folder rates
        with pytest.raises(RateCardError, match=r"there is no JSON file in its folders models and rates$"):
            Catalog.load(tmp_path)


class TestTheBuiltInCatalog:
    def test_rules_are_in_documented_order(self) -> None:
        assert list(built_in().rules)[:5] == [
            "body.json",
            "body.unreadable",
            "body.object",
            "model.required",
            "model.type",
        ]

    @pytest.mark.parametrize("name", [name for name in built_in().models if name != built_in().default_model])
    def test_only_the_page_that_was_read_documents_anything(self, name: str) -> None:
        assert {rule.certainty for rule in built_in().models[name].rules()} <= {"inferred", "unspecified"}

    @pytest.mark.parametrize("name", ("gpt-image-2-official", "gpt-image-2"))
    def test_the_4k_set_is_what_has_pixels_at_4k(self, name: str) -> None:
        model = built_in().models[name]
        assert model.shapes_at("4k") == model.ratios_at("4k")

    def test_an_unknown_model_is_no_question(self) -> None:
        with pytest.raises(InvalidRequestError, match="no-such-model"):
            sizes_at("1k", model="no-such-model")
        with pytest.raises(InvalidRequestError, match="invalid resolution"):
            sizes_at("8k")
        with pytest.raises(InvalidRequestError, match="resolution must be a string"):
            sizes_at(8)  # type: ignore[arg-type]

    def test_a_package_in_a_zip_file_finds_the_same_data(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the data are on no disk, they are asked of the package's importer."""
        from reapi_rules.catalog import files

        with_disk = files.built_in_folder()
        monkeypatch.setattr(files.os.path, "isfile", lambda path: False)  # type: ignore[attr-defined]
        monkeypatch.setattr("importlib.resources.files", lambda package: Path(with_disk.path).parent)
        without = files.built_in_folder()
        assert type(without) is not type(with_disk)
        for kind in ("models", "rates"):
            assert without.names(kind) == with_disk.names(kind) != []
            for name in with_disk.names(kind):
                assert without.read(name) == with_disk.read(name)
