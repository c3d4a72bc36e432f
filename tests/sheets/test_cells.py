"""From cells to values: what a person means, with a note wherever it is not letter for letter what the cell holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.sheets.cells import Plan, RowReader, text_of
from reapi_rules.sheets.columns import find_columns

HEADER = ["model", "prompt", "size", "resolution", "quality", "n", "image_urls", "mask_url", "background", "moderation"]
THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"
READER = RowReader(find_columns(HEADER), sheet="Plan")


def read(**cells: Any) -> Plan:
    plan = READER.plan([cells.get(name, "") for name in HEADER], 7)
    assert plan is not None
    return plan


class TestNumbers:
    @pytest.mark.parametrize(
        "cell", ("2", " 2 ", "+2", "2.0", "2.000", "2,0", "2,00", 2, 2.0, "'2", '="2"', "２", "02")
    )
    def test_two(self, cell: Any) -> None:
        value = read(n=cell).body["n"]
        assert (value, type(value)) == (2, int)
        assert read(n=cell).notes == ()

    @pytest.mark.parametrize(
        ("cell", "value"), (("2.5", 2.5), ("2,5", 2.5), (2.5, 2.5), ("two", "two"), ("2,000", "2,000"), ("1e3", "1e3"), (True, True), ("-1", -1))
    )  # fmt: skip
    def test_what_is_no_count(self, cell: Any, value: Any) -> None:
        assert read(n=cell).body["n"] == value


class TestWords:
    @pytest.mark.parametrize(
        ("name", "cell", "value"),
        (
            ("quality", "High", "high"), ("quality", " low", "low"), ("quality", "AUTO\u00a0", "auto"), ("quality", "ｌｏｗ", "low"),
            ("resolution", " 2K", "2k"), ("resolution", "'4k", "4k"), ("model", "GPT-Image-2", "gpt-image-2"),
            ("background", "Transparent", "transparent"), ("moderation", '="low"', "low"), ("size", "AUTO", "auto"), ("size", " 16:9", "16:9"),
            ("size", "16 : 9", "16:9"), ("size", "16：9", "16:9"), ("size", "1024 X 1536", "1024x1536"), ("size", "'1:1", "1:1"),
        ),
    )  # fmt: skip
    def test_case_and_blanks_are_mended_with_a_note(self, name: str, cell: str, value: str) -> None:
        plan = read(**{name: cell})
        assert plan.body[name] == value
        assert plan.notes == (f'cell.spelling: the {name} "{cell}" is read as {value}',)
        assert plan.problems == {}

    @pytest.mark.parametrize(
        ("name", "cell"),
        (("resolution", "2K"), ("quality", "hd"), ("quality", "hi gh"), ("model", "gpt image 2"), ("size", "1024x1024"), ("background", "none")),
    )  # fmt: skip
    def test_anything_else_stays_and_has_no_note(self, name: str, cell: str) -> None:
        assert read(**{name: cell}).body[name] == cell
        assert read(**{name: cell}).notes == ()


class TestSizes:
    def test_a_repair_is_noted(self) -> None:
        assert read(size=time(16, 9)).notes == (
            'cell.ratio: the size "16:09:00" is a ratio that a spreadsheet turned into the time 16:09: read as 16:9',
        )

    @pytest.mark.parametrize("cell", ("04:09:00", "7:5", "16/9", "0.67", datetime(2026, 4, 3), "foo", "1024×1024"))
    def test_what_is_not_certain_names_its_place_and_what_was_understood(self, cell: Any) -> None:
        plan = read(size=cell)
        assert plan.body["size"] == text_of(cell)
        assert plan.problems["size"].startswith('sheet "Plan", row 7, column C (size): "')
        assert '" was understood as ' in plan.problems["size"]

    def test_nothing_of_16x9_is_a_ratio(self) -> None:
        assert read(size="16x9").body["size"] == "16x9"

    @pytest.mark.parametrize(
        ("cell", "size"), (("0.1673611", "4:1"), ("241", "4:1"), ("Square", "square"), ("0.67", "0.67"))
    )
    def test_a_model_whose_size_words_are_no_ratios(self, cell: str, size: str) -> None:
        plan = RowReader(find_columns(["size"]), catalog=Catalog.load(THIRD_MODEL)).plan([cell])
        assert plan is not None
        assert plan.body["size"] == size


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
        assert plan.notes == ("cell.urls: 3 image URLs are read apart at the commas or semicolons",)

    @pytest.mark.parametrize(
        "url", ("https://a.example/w_100,h_2/x.png", "https://a.example/x.png,", "data:image/png;base64,AA,https://x")
    )
    def test_commas_of_a_url(self, url: str) -> None:
        assert read(image_urls=url).body["image_urls"] == [url]
        assert read(image_urls=url).notes == ()

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
    @pytest.mark.parametrize("blank", ("", " ", "\u00a0", "\u200b\t", "\u3000", None))
    def test_blank_cells_are_absent(self, blank: Any) -> None:
        assert READER.plan([blank] * len(HEADER)) is None
        assert READER.plan([]) is None
        assert read(size=blank, n="1").body == {"n": 1}

    def test_the_prompt_is_taken_letter_for_letter(self) -> None:
        assert read(prompt="  a fox \n").body == {"prompt": "  a fox \n"}
        assert read(prompt="'=SUM(A1)").body == {"prompt": "=SUM(A1)"}
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
            ("x", "x"), (None, ""), (True, "TRUE"), (2.0, "2"), (2.5, "2.5"), (1e20, "1e+20"), (7, "7"), (time(16, 9), "16:09:00"), (date(2026, 4, 3), "2026-04-03"),
            (datetime(2026, 4, 3, 1, 2), "2026-04-03 01:02:00"), (timedelta(hours=16, minutes=9), "16:09:00"), (timedelta(days=2), "48:00:00"),
        ),
    )  # fmt: skip
    def test_is_what_a_csv_of_the_sheet_has(self, cell: Any, text: str) -> None:
        assert text_of(cell) == text
