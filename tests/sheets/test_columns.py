"""Headers: what people write, matched however they write it, and never silently to the wrong field."""

from __future__ import annotations

import csv
import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Engine
from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.meaning import titles
from reapi_rules.sheets.meaning.cells import RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import (
    Columns,
    SheetError,
    Unread,
    are_settings,
    find_columns,
    find_header,
    letter,
)
from reapi_rules.sheets.meaning.looks import Looks
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.terms.spelling import fold

THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"
TABLES = {**aliases().roles, **aliases().fields}
ALIASES = [(title, subject) for subject, titles in TABLES.items() for title in titles]
NAMES = [(name, field.role or name) for model in built_in().models.values() for name, field in model.fields.items()]
FIELDS = subjects().usual


def place(columns: Columns, subject: str) -> int | None:
    """The one column of a subject."""
    return columns.references[0] if subject == "references" else columns.fields.get(subject)


class TestTitles:
    def test_every_name_in_any_spelling(self) -> None:
        for title, subject in dict.fromkeys((*ALIASES, *NAMES, ("model", "model"))):
            wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in title)
            for spelt in (
                title,
                title.upper(),
                f" {title.title()} ",
                title.replace(" ", "_"),
                title.replace(" ", "-"),
                title.replace(" ", ""),
                wide,
                f"\ufeff{title}\u00a0",
                title.replace(" ", "\n"),
            ):
                assert place(find_columns(["id", spelt]), subject) == 1, (spelt, subject)

    def test_a_plural_means_the_same_unless_the_table_says_more(self) -> None:
        known, told = subjects(), 0
        for title in {*(title for title, _ in ALIASES), *FIELDS}:
            plural = re.sub("([a-z]{3}?)y$", r"\1ie", title) + "s"
            if re.fullmatch(r"[a-z_ ]{3,}[a-rt-z]", title) and fold(plural) not in known.table():
                assert known.of(plural).subjects == known.of(title).subjects != (), title
                told += 1
        assert told > 50

    def test_aliases_are_of_one_field_each(self) -> None:
        meant: dict[str, str] = {}
        for title, subject in (*NAMES, *ALIASES):
            assert meant.setdefault(re.sub(r"[\s_-]", "", title.casefold()), subject) == subject, title
        assert set(TABLES) <= {"model", *(subject for _, subject in NAMES)}

    @pytest.mark.parametrize("key", ("text", "init image", "engine", "number", "samples"))
    def test_what_is_an_alias_as_a_key_alone_is_no_sure_title(self, key: str) -> None:
        assert key in {key for keys in aliases().keys.values() for key in keys}
        assert not subjects().of(key).subjects or not subjects().of(key).is_sure

    def test_columns_that_are_nothing_of_ours(self) -> None:
        columns = find_columns(["size", "owner", "", "notes", ""])
        assert columns.fields == {"shape": 0}
        assert columns.titles == ("size", "owner", "", "notes", "")

    def test_numbered_references_stand_in_order(self) -> None:
        columns = find_columns(["image_url_2", "size", "Image URL 10", "image url 1", "reference"])
        assert columns.references == (4, 3, 0, 2)

    def test_a_column_called_images_holds_or_counts_them(self) -> None:
        assert find_columns(["size", "images", "n"]).references == (1,)
        assert find_columns(["size", "images", "references"]).fields == {"shape": 0, "number": 1}
        both = find_columns(["size", "图片"])
        assert (both.fields["number"], both.references) == (1, (1,))

    def test_a_size_and_a_resolution_under_each_others_titles(self) -> None:
        header = ["Resolution", "Size"]
        assert find_columns(header, rows=[["1920x1080", "2K"], ["", "4k"]]).fields == {"shape": 0, "tier": 1}
        for rows in ([["1920x1080", "16:9"]], [["2K", "4K"]], [["1920x1080", ""]], [["1920x1080", "2K"], ["2k", ""]]):
            assert find_columns(header, rows=rows).fields == {"tier": 0, "shape": 1}

    @pytest.mark.parametrize(("title", "cell"), (("Deadline", "4/3"), ("9:16", "16:9"), ("Original", "16:9")))
    def test_ratios_under_a_title_that_says_nothing_of_them_may_be_something_else(self, title: str, cell: str) -> None:
        """Days and months, the first row of a sheet without a header, and what is there already."""
        assert find_columns([title, "n"], rows=[[cell, "2"]]).fields == {"number": 1}
        assert find_columns(["Channel", "n"], rows=[["16:9", "2"]]).fields == {"shape": 0, "number": 1}

    def test_what_is_read_by_its_cells_is_told_from_what_its_title_says(self) -> None:
        for cell, decided in (("2K", {"tier"}), ("16:9", {"shape"}), ("?", set())):
            columns = find_columns(["asset", "Image size"], rows=[["a", cell]])
            assert ({*columns.by_cells}, [*columns.fields.values()]) == (decided, [1])
        guessed = find_columns(["Slot ratio", "Slot count"], rows=[["16:9", 2]])
        assert guessed.by_cells == {*guessed.fields} == {"shape", "number"}

    def test_our_own_are_set_apart(self) -> None:
        columns = find_columns(["size", "reapi_verdict", "note", "REAPI Credits"])
        assert columns.ours == {1: "reapi_verdict", 3: "REAPI Credits"}
        assert columns.titles == ("size", "note")

    def test_a_misspelt_title_is_pointed_out(self) -> None:
        assert find_columns(["size", "qualty"]).unread == (Unread(1, "qualty", "quality", {"quality": "qualty"}),)
        assert find_columns(["size", "quality", "qualty"]).unread == ()


class TestMistakes:
    @pytest.mark.parametrize(
        ("header", "says"),
        (
            (["size", "a", "Size"], 'the columns A "size" and C "Size" are both size'),
            (["n", "count", "N"], 'the columns A "n" and C "N" are both n'),
            (["size", "image_url_1", "image url 01"], 'the columns B "image_url_1" and C "image url 01" are both image_urls'),
            (["size", "n", "", "size", "n"], 'the columns A "size" and D "size" are both size: rename one of them, or put two tables'),
            (["a", "b"], "no column is a field of a request: name at least one of model, prompt, size"),
            ([], "background, moderation in one of the first 20 rows, or give --columns"),
            (["reapi_verdict"], "no column is a field of a request"),
        ),
    )  # fmt: skip
    def test_names_the_columns(self, header: list[str], says: str) -> None:
        with pytest.raises(SheetError, match=re.escape(says)):
            find_columns(header)

    def test_two_plans_side_by_side_below_their_names_are_told_as_such(self) -> None:
        rows = [["Plan A", "", "", "Plan B", ""], ["size", "n", "", "size", "n"], ["16:9", "2", "", "1:1", "1"]]
        assert find_header(rows) == (1, rows[1], 0)
        assert find_header([["Plan A"], ["fox", "16:9"]]) == (0, ["Plan A"], 0)

    def test_a_banner_of_high_quality_is_no_width_and_height(self) -> None:
        header = ["物料", "画质"]
        assert find_header([header, ["横幅", "高"], ["海报", "中"]]) == (0, header, 1)

    @pytest.mark.parametrize(
        ("header", "cells", "own"),
        (
            (["prompt", "fox", "cat"], ["size", "quality", "n"], "prompt=prompt"),
            (["模型", "z-image"], ["提示词", "", "备注", "比例"], "model=模型"),
            (["reference image", "https://a.example/1.png"], ["Prompt", "Ratio"], "image_urls=reference image"),
        ),
    )
    def test_a_sheet_with_a_column_for_each_request_is_refused(
        self, header: list[str], cells: list[str], own: str
    ) -> None:
        """Its rows would be priced as requests whose prompts are names of fields."""
        named = ", ".join(f'"{cell}"' for cell in cells if subjects().of(cell).subjects)
        rows = [[cell] for cell in cells]
        says = f"column A lists fields ({named}), so each request seems to be a column: swap rows and columns, or give"
        with pytest.raises(SheetError, match=re.escape(f"{says} --columns {own} if each row is a request")):
            find_columns(header, rows=rows)
        assert find_columns(header, dict([own.split("=")]), rows=rows).read.keys() == {0}

    @pytest.mark.parametrize(
        ("header", "cells"),
        (
            (["prompt"], ["size", "quality", "n"]),  # a list of words to draw
            (["prompt", "note"], ["size", "prompt", "aspect ratio"]),  # of one other field
            (["prompt", "note"], ["a size", "quality time"]),
            (["prompt", "size"], ["quality", "model"]),
        ),
    )
    def test_prompts_that_name_fields_are_prompts(self, header: list[str], cells: list[str]) -> None:
        assert find_columns(header, rows=[[cell] for cell in cells]).fields["prompt"] == 0


class TestMapping:
    def test_names_a_column_and_settles_a_doubt(self) -> None:
        assert find_columns(["Format", "Pieces"], {"size": "Format", "n": "pieces"}).fields == {"shape": 0, "number": 1}
        assert find_columns(["size", "ratio"], {"size": "ratio"}).fields == {"shape": 1}
        assert find_columns(["size", "Size"], {"size": "Size"}).fields == {"shape": 1}
        assert find_columns(["images", "size"], {"Image URLs": "images"}).references == (0,)

    @pytest.mark.parametrize(
        ("name", "subject"),
        (*((name, subjects().named(name)) for name in FIELDS), *((role, role) for role in ("shape", "tier", "number", "references", "mask")), ("aspect_ratio", "shape"), ("Seed", "seed"), ("negative_prompt", "negative_prompt")),
    )  # fmt: skip
    def test_takes_official_names_and_roles(self, name: str, subject: str) -> None:
        assert place(find_columns(["x", "Own"], {name: "Own"}), subject) == 1

    def test_an_empty_title_leaves_a_field_out(self) -> None:
        assert find_columns(["size", "count"], {"n": ""}).fields == {"shape": 0}
        assert find_columns(["size", "image_url_1", "images"], {"image_urls": "", "n": ""}).references == ()

    @pytest.mark.parametrize(
        ("mapping", "says"),
        (
            ({"colour": "size"}, '--columns: "colour" is not a field of a request'),
            ({"n": "pieces"}, '--columns n: the sheet has no column "pieces" in its first 20 rows'),
            ({"n": "x"}, '--columns n: the columns B and C are both "x"'),
        ),
    )
    def test_that_does_not_fit(self, mapping: dict[str, str], says: str) -> None:
        with pytest.raises(SheetError, match=re.escape(says)):
            find_columns(["size", "x", "x"], mapping)


class TestLaws:
    @given(
        st.lists(
            st.text(max_size=12) | st.sampled_from([*FIELDS, *(title for title, _ in ALIASES), "images"]), max_size=12
        )
    )
    def test_any_header_is_read_or_refused(self, header: list[str]) -> None:
        try:
            columns = find_columns(header)
        except SheetError:
            return
        assert isinstance(columns, Columns)
        taken = [*columns.fields.values(), *columns.references, *columns.edges]
        assert taken
        assert all(0 <= index < len(columns.titles) for index in taken)
        shared = columns.fields.get("number") in columns.references
        assert len(set(taken)) == len(taken) - shared
        assert len(columns.titles) + len(columns.ours) == len(header)

    def test_a_field_of_a_model_of_ones_own(self) -> None:
        """Its titles count with its catalog alone."""
        catalog = Catalog.load(THIRD_MODEL)
        for model in catalog.models.values():
            for name, field in model.fields.items():
                assert place(find_columns([name], catalog=catalog), field.role or name) == 0

    def test_settings_above_a_table_are_those_of_its_catalog(self) -> None:
        rows = [["Resolution:", "XL", "Quality:", "fine"], ["asset", "size", "n"], ["a", "4:1", "2"]]
        assert find_header(rows, catalog=Catalog.load(THIRD_MODEL))[0] == 1

    def test_a_title_is_read_once_however_often_it_comes_and_for_every_caller(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read: list[str] = []
        monkeypatch.setattr(titles, "without_brackets", lambda title: read.append(title) or "")  # type: ignore[func-returns-value]
        for title in ("a", "Notes", "height", "Size in mm", "reapi_verdict"):
            counts = []
            for times in (1, 200):
                read.clear()
                subjects()._known.clear()
                find_columns(["size", *[title] * times])
                counts.append(len(read))
            assert counts[0] == counts[1]
        assert subjects() is subjects(None) is subjects(built_in())

    def test_letters(self) -> None:
        assert [letter(index) for index in (0, 25, 26, 51, 52, 701, 702, 16_383)] == [
            "A",
            "Z",
            "AA",
            "AZ",
            "BA",
            "ZZ",
            "AAA",
            "XFD",
        ]


def test_most_cells_are_more_than_half_of_them() -> None:
    """A column of numbers, of pixels and of words of a quality, each with as many other texts beside."""
    for subject, like, says in (
        ("number", ("4", "1", "2"), Looks.is_count),
        ("width", ("1024", "800", "640"), Looks.is_edge),
        ("quality", ("low", "high", "medium"), lambda looks, at: looks.is_of("quality", at)),
    ):
        for count, others in product(range(4), range(5)):
            cells = [*like[:count], *("fox", "cat", "owl", "elk")[:others]]
            looks = Looks(None, [[cell] for cell in cells], [0])
            assert looks.count_like(subject, 0) == count
            assert says(looks, 0) is (count > others or (subject == "width" and not cells)), (subject, cells)


def test_fields_go_from_left_to_right() -> None:
    """Whatever the order in which they were found, so that notes on cells do."""
    columns = find_columns(["qty", "Image size", "quality", "Resolution"], rows=[["1", "16:9", "high", "2k"]])
    assert [*columns.fields.items()] == [("number", 0), ("shape", 1), ("quality", 2), ("tier", 3)]


def test_settings_above_a_header_are_those_of_the_catalog() -> None:
    rows = [["Quality", "draft", "Resolution", "XL"], ["asset", "size"], ["a", "square"]]
    own = Catalog.load(THIRD_MODEL)
    assert [find_header(rows, None, catalog)[0] for catalog in (own, None)] == [1, 0]
    assert read_csv([",".join(row) + "\n" for row in rows], catalog=own).header.number == 2


def test_a_sheet_with_a_model_of_ones_own(run: Any, tmp_path: Path) -> None:
    """Its words, its fields and its rules count wherever a sheet is looked at."""
    path, words = tmp_path / "plan.csv", ("--catalog", str(THIRD_MODEL), "--as-of", "2026-08-20")
    path.write_text(
        "asset,Which,Look,resolution,n,size,background\nfox,paint-1,fine,XL,4,4:1,none\n"
        "cat,paint-1,draft,xl,,any,paper\ndog,z-image,,,,1:1,\nowl,,,2k,,square,\n"
    )
    result = run("quote", str(path), *words)
    assert result.err.splitlines()[:3] == [
        'header in row 1; read model from B "Which" (by its cells), resolution from D "resolution", n from E "n", size from F "size", background from G "background"',
        'not read: A "asset", C "Look"; no quality column: auto, billed as high; defaults for blank cells: n (rows 3, 4, 5), resolution (row 4), model (row 5)',
        'sheet.unread_values: column C "Look" is not read, though it looks like quality: --columns "quality=Look" reads it',
    ]
    assert "Possible savings: 164 credits" in result.err
    rows = list(csv.DictReader(result.out.splitlines()))
    assert [row["reapi_verdict"] for row in rows] == ["warning", "rejected", "no price", "no price"]
    assert (rows[0]["reapi_cell"], rows[0]["reapi_width"], rows[0]["reapi_credits"]) == ("fine", "1600", "170")
    assert "XL requires an explicit size in {4:1}" in rows[1]["reapi_errors"]


def test_a_list_of_addresses_may_be_a_field_of_ones_own(tmp_path: Path) -> None:
    own = json.loads((THIRD_MODEL / "models" / "paint-1.json").read_bytes())
    own["fields"]["looks"] = {"kind": "urls", "max_items": 3}
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "paint-1.json").write_text(json.dumps(own))
    catalog = Catalog.load(tmp_path)
    table = read_csv(["model,looks\n", 'paint-1,"https://a.example/1.png,https://a.example/2.png"\n'], catalog=catalog)
    reader = RowReader(table.columns, RowOptions(engine=Engine(catalog=catalog)))
    (plan,) = (reader.plan(row.cells) for row in table.rows)
    assert plan is not None
    assert plan.body["looks"] == ["https://a.example/1.png", "https://a.example/2.png"]
    assert plan.notes == ("cell.urls: 2 image URLs were separated at the commas or semicolons",)


def test_one_value_behind_a_title_is_a_setting_where_one_is_enough() -> None:
    assert [are_settings(["Quality", "low"], None, or_one=each) for each in (True, False)] == [True, False]
    assert not are_settings(["Quality", "low"], None)
    assert are_settings(["Quality", "low", "n", "2"], None)


def test_ratios_beside_edges_are_no_size() -> None:
    columns = find_columns(
        ["asset", "Width", "Height", "x"], rows=[["fox", "1024", "1024", "16:9"], ["cat", "800", "600", "1:1"]]
    )
    assert (columns.fields, columns.edges) == ({}, (1, 2))
