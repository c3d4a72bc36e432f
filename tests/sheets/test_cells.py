"""From cells to values: what a person means, with a note wherever it is not letter for letter what the cell holds."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Engine, preflight
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.sheets.meaning.cells import Plan, RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import Columns, find_columns
from reapi_rules.sheets.meaning.contents import NoValue, text_at, text_of
from reapi_rules.sheets.meaning.settings import Settings

HEADER = ["model", "prompt", "size", "resolution", "quality", "n", "image_urls", "mask_url", "background", "moderation"]
THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"
IMAGE = "https://a.example/1.png"
READER = RowReader(find_columns(HEADER))


def read(**cells: Any) -> Plan:
    plan = READER.plan([cells.get(name, "") for name in HEADER])
    assert plan is not None
    return plan


class TestNumbers:
    @pytest.mark.parametrize(
        "cell", ("2", " 2 ", "+2", "2.0", "2.00", "2,0", "2,00", 2, 2.0, 2.0000000000000004, "'2", '="2"', "２", "02")
    )
    def test_two(self, cell: Any) -> None:
        value = read(n=cell).body["n"]
        assert (value, type(value)) == (2, int)
        assert read(n=cell).notes == ()

    @pytest.mark.parametrize(
        ("cell", "value"), (("2.5", 2.5), ("2,5", 2.5), (2.5, 2.5), ("few", "few"), ("2,000", "2,000"), ("2.000", "2.000"), ("200%", "200%"), ("1e0", "1e0"), ("1e3", "1e3"), (True, True), ("-1", -1), ("2²", "2 2"))
    )  # fmt: skip
    def test_what_is_no_count(self, cell: Any, value: Any) -> None:
        assert read(n=cell).body["n"] == value

    def test_a_number_in_letters_is_noted(self) -> None:
        assert read(n="two").notes == ('cell.spelling: the n "two" is read as 2',)

    @pytest.mark.parametrize("cell", (date(2026, 7, 28), datetime(2026, 7, 28, 12), time(2, 0), timedelta(hours=2)))
    def test_a_date_is_the_text_that_is_seen(self, cell: Any) -> None:
        assert read(n=cell).body["n"] == text_of(cell)


class TestWords:
    @pytest.mark.parametrize("size", ("1024x1024²", "1024x1536①", "16:9¹"))
    def test_the_mark_of_a_footnote_is_no_digit(self, size: str) -> None:
        plan = read(size=size)
        assert (plan.body["size"], plan.notes) == (size, ())
        assert [finding.patch for finding in preflight(plan.body | {"prompt": "a fox"}).errors] == [None]

    @pytest.mark.parametrize(
        ("name", "cell", "value"),
        (
            ("quality", "High", "high"), ("quality", " low", "low"), ("quality", "AUTO\u00a0", "auto"), ("quality", "ｌｏｗ", "low"),
            ("resolution", " 2K", "2k"), ("resolution", "'4k", "4k"), ("model", "GPT-Image-2", "gpt-image-2"),
            ("background", "Transparent", "transparent"), ("moderation", '="low"', "low"), ("size", "AUTO", "auto"), ("size", " 16:9", "16:9"),
            ("size", "16 : 9", "16:9"), ("size", "16：9", "16:9"), ("size", "1024 X 1536", "1024x1536"), ("size", "'1:1", "1:1"),
        ),
    )  # fmt: skip
    def test_case_and_blanks_are_put_right_with_a_note(self, name: str, cell: str, value: str) -> None:
        plan = read(**{name: cell})
        assert plan.body[name] == value
        assert plan.notes == (f'cell.spelling: the {name} "{cell}" is read as {value}',)

    @pytest.mark.parametrize(
        ("name", "cell"),
        (("resolution", "2K"), ("quality", "hd"), ("quality", "hi gh"), ("model", "gpt image 2"), ("size", "1024x1024"), ("background", "none")),
    )  # fmt: skip
    def test_anything_else_stays_and_has_no_note(self, name: str, cell: str) -> None:
        assert read(**{name: cell}).body[name] == cell
        assert read(**{name: cell}).notes == ()

    def test_cells_are_corrected_for_the_default_model(self) -> None:
        """Its size has another name than that of the first model."""
        cells = ["16：9", "2K"]
        reader = RowReader(find_columns(["size", "resolution"]), RowOptions(engine=Engine(default_model="flux-2")))
        plan = reader.plan(cells)
        assert plan is not None
        assert reader.corrected(cells, plan, plan.body)[0] == plan.body["aspect_ratio"] == "16:9"

    @pytest.mark.parametrize(
        ("cells", "changes", "corrected"),
        (
            (("1:1", "", "", ""), {"n": 2}, {1: "2"}), (("16:09", "", "", ""), {"n": 2, "quality": "low"}, {0: "16:9", 1: "2", 2: "low"}),
            (("1:1", "2", "", ""), {"n": 4}, {1: "4"}), (("1:1", "2", "", "x"), {"background": "auto"}, {3: "auto"}), (("1:1", "2", "", "x"), {}, {}),
            (("16:9\n9:16", "", " fine", ""), {}, {}),
        ),
    )  # fmt: skip
    def test_cells_are_corrected_where_a_body_is_another_blank_ones_too(
        self, cells: tuple[str, ...], changes: dict[str, Any], corrected: dict[int, str]
    ) -> None:
        reader = RowReader(find_columns(["size", "n", "quality", "background"]))
        plan = reader.plan(cells)
        assert plan is not None
        assert reader.corrected(cells, plan, plan.body | changes) == corrected

    def test_columns_have_the_names_of_the_fields_of_each_model(self) -> None:
        reader, models = RowReader(find_columns(["Ratio", "n"])), built_in().models
        for model, name in (("gpt-image-2-official", "size"), ("flux-2", "aspect_ratio"), ("gpt-image-2", "size")):
            assert reader.columns_of(models[model]) == {name: 'A "Ratio"'}
        assert reader.columns_of(None) == {"size": 'A "Ratio"'}

    def test_a_formula_without_a_value_is_its_text_where_no_model_says_more(self) -> None:
        plan = read(model="nano-banana", quality=NoValue("=A1"), n=NoValue("#N/A"))
        assert (plan.body["quality"], plan.body["n"], len(plan.notes)) == ("=A1", "#N/A", 2)


class TestSizes:
    def test_a_repair_is_noted(self) -> None:
        assert read(size=time(16, 9)).notes == (
            'cell.ratio: the size "16:09:00" is a ratio that a spreadsheet turned into the time 16:09: read as 16:9',
        )

    @pytest.mark.parametrize("cell", ("04:09:00", "07:05", "16/11", "0.67", 0.67, datetime(2026, 4, 3), True))
    def test_what_is_not_certain_stays_and_is_said(self, cell: Any) -> None:
        plan = read(size=cell)
        assert plan.body["size"] == text_of(cell)
        (note,) = plan.notes
        assert note.startswith(f'cell.no_ratio: the size "{text_of(cell)}" was understood as ')

    @pytest.mark.parametrize("cell", ("7:5", "16:10", "16~9", "2.4 MB", "foo", "16:9 fox", "a" * 99))
    def test_other_text_is_left_to_the_engine(self, cell: str) -> None:
        plan = read(size=cell)
        assert (plan.body["size"], plan.notes) == (cell, ())

    @pytest.mark.parametrize(
        ("cell", "size"),
        (
            ("1024×1024", "1024x1024"), ("1920*1080", "1920x1080"), ("1920px x 1080px", "1920x1080"), ("1920x1080 (16:9)", "1920x1080"), ("4:3 (1024x768)", "4:3"),
            ("16:9 – Landscape", "16:9"), ("16比9", "16:9"),
        ),
    )  # fmt: skip
    def test_a_size_in_other_signs_is_read_with_a_note(self, cell: str, size: str) -> None:
        plan = read(size=cell)
        assert plan.body["size"] == size
        assert plan.notes == (f'cell.spelling: the size "{cell}" is read as {size}',)

    def test_pixels_of_a_model_that_takes_any_text_stay(self) -> None:
        assert read(model="wan2.7-image", size="1024*1024").body["size"] == "1024*1024"

    def test_nothing_of_16x9_is_a_ratio(self) -> None:
        assert read(size="16x9").body["size"] == "16x9"

    @pytest.mark.parametrize(
        ("cell", "size"), (("0.1673611", "4:1"), ("241", "4:1"), ("Square", "square"), ("0.67", "0.67"))
    )
    def test_a_model_whose_size_words_are_no_ratios(self, cell: str, size: str) -> None:
        plan = RowReader(
            find_columns(["model", "size"]), RowOptions(engine=Engine(catalog=Catalog.load(THIRD_MODEL)))
        ).plan(["paint-1", cell])
        assert plan is not None
        assert plan.body["size"] == size


def own_model(folder: Path, fields: dict[str, Any]) -> Catalog:
    """A catalog with a model paint-2 that has these fields."""
    file = json.loads((THIRD_MODEL / "models" / "paint-1.json").read_bytes())
    file |= {"id": "paint-2", "fields": fields, "constraints": [], "price": {"key": "flat"}}
    file |= {"pixels": None, "certainties": {}}
    (folder / "models").mkdir()
    (folder / "models" / "paint-2.json").write_text(json.dumps(file))
    return Catalog.load(folder)


class TestModels:
    """The model of the row says what a field is called and which words and ratios it has."""

    CELLS = {
        "prompt": "a fox",
        "size": "16:09:00",
        "resolution": "2K ",
        "quality": "High",
        "n": "2",
        "image_urls": IMAGE,
    }

    @pytest.mark.parametrize(
        ("model", "fields"),
        (
            ("", {"size": "16:9", "resolution": "2k", "quality": "high", "n": 2, "image_urls": [IMAGE]}),
            ("gpt-image-2", {"size": "16:9", "resolution": "2k", "quality": "High", "n": 2, "image_urls": [IMAGE]}),
            ("Flux-2", {"aspect_ratio": "16:9", "resolution": "2K", "quality": "High", "n": 2, "input_urls": [IMAGE]}),
            ("wan2.7-image", {"size": "16:9", "resolution": "2k", "quality": "High", "n": 2, "image_urls": [IMAGE]}),
            ("qwen-image-2", {"image_size": "16:9", "resolution": "2K ", "quality": "High", "n": 2, "image_url": IMAGE}),
            ("z-image", {"aspect_ratio": "16:9", "resolution": "2K ", "quality": "High", "n": 2, "image_urls": [IMAGE]}),
            ("midjourney", {"size": "16:09:00", "resolution": "2K ", "quality": "High", "n": 2, "image_urls": [IMAGE]}),
        ),
    )  # fmt: skip
    def test_every_cell_is_sent(self, model: str, fields: dict[str, Any]) -> None:
        plan = read(model=model, **self.CELLS)
        named = {"model": model.lower()} if model else {}
        assert plan.body == {**named, "prompt": "a fox", **fields}
        rules = {finding.rule for finding in preflight({"model": "gpt-image-2-official", **plan.body}).warnings}
        file = built_in().models.get(model.lower() or "gpt-image-2-official")
        lacks = file is not None and not set(fields) <= set(file.fields)
        assert bool(rules & {"field.unknown", "field.unsupported"}) is lacks

    def test_the_ratios_are_those_of_the_model(self) -> None:
        assert read(model="gemini-3.1-flash-image-preview", size="01:08:00").body["size"] == "1:8"
        plan = read(model="gemini-3-pro-image-preview", size="01:08:00")
        assert plan.body["size"] == "01:08:00"
        assert '"01:08:00" was understood as the time 01:08' in plan.notes[0]

    def test_any_text_for_a_size_is_sent_and_what_looks_like_a_time_is_said(self) -> None:
        for cell, is_said in (
            ("1536*1024", False),
            ("wide", False),
            ("04:09:00", True),
            (time(4, 9), True),
            ("0.3", True),
        ):
            plan = read(model="wan2.7-image", size=cell)
            assert plan.body["size"] == text_of(cell)
            assert [note.partition(":")[0] for note in plan.notes] == ["cell.no_ratio"] * is_said

    def test_several_references_where_one_is_taken(self) -> None:
        both = f"{IMAGE} {IMAGE}"
        assert read(model="qwen-image-2", image_urls=both).body["image_url"] == [IMAGE, IMAGE]

    @pytest.mark.parametrize(
        ("title", "cell", "value"),
        (
            ("watermark", "TRUE", True), ("Watermark", True, True), ("watermark", " false", False), ("watermark", "yes", "yes"),
            ("seed", "7", 7), ("seed", 7.0, 7), ("seed", "x", "x"), ("negative prompt", " no text ", " no text "),
            ("bbox_list", "[[1, 2]]", [[1, 2]]), ("color_palette", "[oops", "[oops"), ("bbox_list", "red", "red"),
        ),
    )  # fmt: skip
    def test_fields_without_a_role_are_read_by_their_kind(self, title: str, cell: Any, value: Any) -> None:
        plan = RowReader(find_columns(["model", title])).plan(["wan2.7-image", cell])
        assert plan is not None
        assert plan.body[title.lower().replace(" ", "_")] == value
        assert type(plan.body[title.lower().replace(" ", "_")]) is type(value)

    def test_wherever_its_column_is(self) -> None:
        for header in (["size", "model"], ["model", "size"]):
            cells = {"size": "16:09:00", "model": "z-image"}
            plan = RowReader(find_columns(header)).plan([cells[name] for name in header])
            assert plan is not None
            assert plan.body["aspect_ratio"] == "16:9"

    def test_a_field_named_like_the_column_is_the_models_own(self, tmp_path: Path) -> None:
        """Where the role of a column is another field's in other models, the title still finds this model's field."""
        catalog = own_model(tmp_path, {"ratio": {"kind": "text"}, "quality": {"kind": "text"}})
        reader = RowReader(find_columns(["model", "Ratio", "Quality"]), RowOptions(engine=Engine(catalog=catalog)))
        plan = reader.plan(["paint-2", "Large", "Fine"])
        assert plan == Plan({"model": "paint-2", "ratio": "Large", "quality": "Fine"})


class TestChanges:
    """Cells that every planned row has instead of its own."""

    CHANGES = {"shape": "16:9", "tier": " 2K", "quality": "", "number": "2"}

    def test_are_read_under_the_model_of_the_row(self) -> None:
        reader = RowReader(find_columns(["model", "size", "quality"]), RowOptions(settings=Settings(self.CHANGES)))
        for model, changed in (("", {"size": "16:9", "resolution": "2k", "n": 2}), ("flux-2", {"aspect_ratio": "16:9", "resolution": "2K", "n": 2})):  # fmt: skip
            plan = reader.plan([model, "04:09:00", "low"])
            assert plan is not None
            assert {name: plan.body[name] for name in plan.body if name not in ("model", "prompt")} == changed
        assert reader.plan(["", "", ""]) is None

    @pytest.mark.parametrize("model", [model for model in built_in().models.values() if model.words("shape")])
    @pytest.mark.parametrize(("only", "stays"), (("blank", ("1:1", "auto")), ("auto", ("1:1",)), ("", ())))
    def test_change_what_is_blank_in_the_field_of_the_model(
        self, model: Model, only: str, stays: tuple[str, ...]
    ) -> None:
        reader = RowReader(Columns(titles=(), fields={}), RowOptions(settings=Settings({"shape": "16:9"}, only)))
        name = model.roles["shape"]
        for shape in ("1:1", "auto", None):
            body = {"model": model.id, "prompt": "a fox", name: shape}
            assert reader.changed(body) == body | {
                name: shape if shape in stays else reader.changed({"model": model.id})[name]
            }

    @given(
        st.dictionaries(st.text(max_size=9), st.none() | st.text() | st.lists(st.integers())),
        st.sampled_from([*built_in().models, "midjourney", "", 5, None]),
    )
    def test_change_bodies_in_these_fields_alone(self, body: dict[str, Any], model: Any) -> None:
        reader = RowReader(Columns(titles=(), fields={}), RowOptions(settings=Settings(self.CHANGES)))
        before = {"model": model, **body}
        after = reader.changed(before)
        file = built_in().models.get(before["model"]) if isinstance(before["model"], str) else None
        names = {role: file.roles.get(role) if file else None for role in ("shape", "tier", "quality", "number")}
        usual = {"shape": "size", "tier": "resolution", "quality": "quality", "number": "n"}
        own = {names[role] or usual[role] for role in names}
        assert {name: value for name, value in after.items() if name not in own} == {
            name: value for name, value in before.items() if name not in own
        }
        assert names["quality"] not in after
        assert after[names["shape"] or usual["shape"]] == "16:9"


class TestImages:
    URLS = ("https://a.example/1.png", "https://a.example/2,3.png?x=1;2", "http://b.example/c")

    @pytest.mark.parametrize("between", ("\n", " ", "|", " | ", "\r\n", "\t", ", ", ",\n", "; "))
    def test_several_in_a_cell(self, between: str) -> None:
        assert read(image_urls=between.join(self.URLS)).body["image_urls"] == list(self.URLS)

    def test_a_json_list(self) -> None:
        assert read(image_urls='["https://a.example/1.png", 2]').body["image_urls"] == ["https://a.example/1.png", 2]
        assert read(image_urls="[oops").body["image_urls"] == "[oops"

    @pytest.mark.parametrize("comma", (",", ";", "，"))
    def test_commas_where_they_can_only_part(self, comma: str) -> None:
        plan = read(image_urls=comma.join(self.URLS))
        assert plan.body["image_urls"] == list(self.URLS)
        assert plan.notes == ("cell.urls: 3 image URLs were separated at the commas or semicolons",)

    @pytest.mark.parametrize(
        "url", ("https://a.example/w_100,h_2/x.png", "https://a.example/x.png,", "data:image/png;base64,AA,https://x")
    )
    def test_commas_of_a_url(self, url: str) -> None:
        assert read(image_urls=url).body["image_urls"] == [url]
        assert read(image_urls=url).notes == ()

    def test_none_is_no_url_and_said(self) -> None:
        reader = RowReader(find_columns(["prompt", "reference", "参考图2", "mask"]))
        plan = reader.plan(["a fox", "无", "https://a.example/1.png", "N/A"])
        assert plan is not None
        assert plan.body == {"prompt": "a fox", "image_urls": ["https://a.example/1.png"]}
        assert [note.partition(":")[0] for note in plan.notes] == ["cell.none"] * 2
        for cell in ("yes", "有", "see folder", "none.png", "no https://a.example/1.png"):
            said = reader.plan(["a fox", cell, "", ""])
            assert said is not None
            assert "image_urls" in said.body
        assert reader.plan(["none", "-", "", ""]).body == {"prompt": "none"}  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("cell", "found"),
        (
            ("cat.png (https://a.example/1.png)", ["https://a.example/1.png"]),
            (" a (1).png (https://a.example/1.png), b.png (HTTP://a.example/2) ", ["https://a.example/1.png", "HTTP://a.example/2"]),
            ("![a fox](https://a.example/1.png)\n[b](https://a.example/2.png)", ["https://a.example/1.png", "https://a.example/2.png"]),
            ("(https://a.example/1.png)", ["https://a.example/1.png"]),
        ),
    )  # fmt: skip
    def test_behind_the_names_of_attachments(self, cell: str, found: list[str]) -> None:
        plan = read(image_urls=cell)
        assert plan.body["image_urls"] == found
        assert plan.notes == (f"cell.attachments: image URLs read from the brackets behind names: {len(found)}",)

    @pytest.mark.parametrize(
        ("cell", "found"),
        (
            ("a.png,b.png (https://a.example/2.png)", ["a.png,b.png", "(https://a.example/2.png)"]),
            ("a.png,\nb.png (https://a.example/2.png)", ["a.png,", "b.png", "(https://a.example/2.png)"]),
            ("https://a.example/1.png (https://a.example/2)", ["https://a.example/1.png", "(https://a.example/2)"]),
            ("https://a.example/x_(1)", ["https://a.example/x_(1)"]),
            ("a (x)", ["a (x)"]),
            ("Image 1 | Image 2", ["Image 1", "Image 2"]),
        ),
    )
    def test_a_name_without_a_url_is_not_left_out(self, cell: str, found: list[str]) -> None:
        plan = read(image_urls=cell)
        assert (plan.body["image_urls"], plan.notes) == (found, ())

    @pytest.mark.parametrize("around", (" ", "\n", "\u00a0", "\t \r\n"))
    def test_blanks_around_a_cell_are_no_part_of_a_url(self, around: str) -> None:
        data = "data:image/png;base64,AA AA"
        for cell, expected in (
            (self.URLS[0], [self.URLS[0]]),
            (data, [data]),
            ('["a", "b"]', ["a", "b"]),
            ("[oops", "[oops"),
        ):
            assert read(image_urls=f"{around}{cell}{around}").body["image_urls"] == expected
        assert read(mask_url=f"{around}{self.URLS[0]}{around}").body["mask_url"] == self.URLS[0]

    def test_one_a_column(self) -> None:
        reader = RowReader(find_columns(["size", "image_url_1", "image_url_2", "image_url_3"]))
        plan = reader.plan(["1:1", self.URLS[0], " ", self.URLS[1]])
        assert plan is not None
        assert plan.body["image_urls"] == [self.URLS[0], self.URLS[1]]

    def test_a_column_called_images(self) -> None:
        reader = RowReader(find_columns(["size", "images"]))
        for cell, expected in (
            ("3", {"n": 3}),
            ("2.0", {"n": 2}),
            (4.0, {"n": 4}),
            (self.URLS[0], {"image_urls": [self.URLS[0]]}),
            ("x", {"image_urls": ["x"]}),
        ):
            plan = reader.plan(["1:1", cell])
            assert plan is not None
            assert {name: plan.body[name] for name in ("n", "image_urls") if name in plan.body} == expected


class TestRows:
    @pytest.mark.parametrize("blank", ("", " ", "\u00a0", "\u200b\t", "\u200e\u202c", "\u3000", None))
    def test_blank_cells_are_absent(self, blank: Any) -> None:
        assert READER.plan([blank] * len(HEADER)) is None
        assert READER.plan([]) is None
        assert read(size=blank, n="1").body == {"n": 1}

    def test_the_prompt_is_taken_letter_for_letter(self) -> None:
        assert read(prompt="  a fox \n").body == {"prompt": "  a fox \n"}
        assert read(prompt="'=SUM(A1)").body == {"prompt": "'=SUM(A1)"}
        assert read(prompt="'quoted'").body == {"prompt": "'quoted'"}
        assert read(prompt=12.0).body == {"prompt": "12"}

    def test_a_sheet_without_prompts_plans_them(self) -> None:
        plan = RowReader(find_columns(["size"])).plan(["1:1"])
        assert plan is not None
        assert plan.body == {"prompt": "-", "size": "1:1"}

    @given(
        st.lists(
            st.text(max_size=20) | st.none() | st.booleans() | st.floats() | st.integers() | st.times() | st.datetimes() | st.dates()
            | st.timedeltas() | st.sampled_from(["16:9", "2k", "high", "2", "https://a.example/x"]),
            max_size=12,
        )
    )  # fmt: skip
    def test_any_cells(self, cells: list[Any]) -> None:
        plan = READER.plan(cells)
        assert plan is None or (plan.body and all(plan.body))


class TestTextOfACell:
    @pytest.mark.parametrize(
        ("cell", "text"),
        (
            ("x", "x"), (None, ""), (True, "TRUE"), (2.0, "2"), (2.5, "2.5"), (1e20, "1e+20"), (1e15, "1e+15"), (1e15 - 1, "999999999999999"), (7, "7"), (time(16, 9), "16:09:00"), (date(2026, 4, 3), "2026-04-03"),
            (datetime(2026, 4, 3, 1, 2), "2026-04-03 01:02:00"), (timedelta(hours=16, minutes=9), "16:09:00"), (timedelta(days=2), "48:00:00"),
        ),
    )  # fmt: skip
    def test_is_what_a_csv_of_the_sheet_has(self, cell: Any, text: str) -> None:
        assert text_of(cell) == text_at(["a", cell], 1) == text
        assert text_at([cell], 1) == text_at([cell], 9) == ""
