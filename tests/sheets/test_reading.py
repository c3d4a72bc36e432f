"""A sheet is read aloud: what was read, what was not, and what plans nothing; and nothing that costs money is silent."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shlex
import sys
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reapi_rules import sheets
from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.spellings import spellings
from reapi_rules.cli.said import LANGUAGES
from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.files.encoding import detect
from reapi_rules.sheets.files.json_table import read_json
from reapi_rules.sheets.files.several import together
from reapi_rules.sheets.meaning.account import Account, account_texts
from reapi_rules.sheets.meaning.columns import SAMPLE, SheetError, column_names
from reapi_rules.sheets.meaning.rows import _LONGEST_KNOWN, _Sorter, _value, refuse_unmatched, sort_rows
from reapi_rules.sheets.meaning.table import Hidden
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.sheets.reading import _plain
from tests.support.command import Run, caller
from tests.support.headers import HANDWRITTEN, MONEY, PUBLIC, TWO_ROWS
from tests.support.headers import sheets as headers

SIZE = "asset,size,resolution,quality,n\n"
THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"
TWO = "a,16:9,2k,high,2\nb,1:1,1k,low,1\n"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return caller(capfdbinary, monkeypatch)


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "plan.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def read(text: str) -> tuple[list[str], Account]:
    """Why each row is skipped, and the account, which says all in each language."""
    table = read_csv(text.splitlines(keepends=True))
    account = Account.of(table)
    skipped = [row.skipped for row in sort_rows(table, account).rows]
    assert not any("None" in line for language in LANGUAGES for line in account.lines(language))
    assert all((warned.column is None) >= (warned.title is None) for warned in account.warnings)
    return skipped, account


@pytest.mark.parametrize("titles", (("n", "prompt"), ("n", "size", "prompt"), ("prompt", "size", "n"), ("prompt", "n")))
def test_the_sum_of_the_numbers_above_plans_nothing_wherever_their_column_is(titles: tuple[str, ...]) -> None:
    rows = ({"n": "2", "prompt": "a fox", "size": "16:9"}, {"n": "3", "prompt": "a cat", "size": "1:1"}, {"n": "5"})
    text = "".join(",".join(row.get(title, "") for title in titles) + "\n" for row in ({t: t for t in titles}, *rows))
    assert read(text)[0] == ["", "", "total"]


def test_a_lone_text_at_the_end_waits_for_a_hundred_rows() -> None:
    for blank, kind in ((0, "note"), (100, "note"), (101, "")):
        assert read("prompt,size\na fox,1:1\n,\na note,\n" + ",\n" * blank)[0][2] == kind


def test_a_header_that_comes_again_is_no_request_however_few_columns_it_has() -> None:
    for header, row in (("size", "1:1"), ("size,n", "1:1,2"), ("size,n,quality", "1:1,2,low")):
        assert read(f"{header}\n{row}\n{header}\n{row}\n")[0] == ["", "header", ""]


class TestTotals:
    """What a sheet comes to as a whole."""

    @pytest.mark.parametrize(
        ("sheet", "credits"),
        (
            ("模型,提示词,画幅比例,图像规格,生成数量\ngpt-image-2-official,狐狸,16:9,4K,3\n", 3999),
            ("Prompt;Format;Auflösung;Qualität;Anzahl\nFuchs;16:9;2k;high;2\n", 759),
            ("Prompt;Format;Auflösung;Qualität;Anzahl\nFuchs;16:9;2k;low;2\n", 22),
            ("Asset,Ratio,Res,Qual,Pieces\nposter,16:9,2k,high,2\n", 759),
            ("Aspect ratio,Resolution,Quality,How many\n16:9,2k,high,4\n", 1517),
            ("task_type,prompt,aspect_ratio,image_size\nt2i,fox,16:9,2K\n", 380),
            ("提示词,比例,时长,批量,参考图片\n一只猫,16:9,5,2,\n", 428),
            ("素材,比例,解析度,品質,數量\n海報,16:9,2k,high,2\n", 759),
            (SIZE + TWO + "TOTAL,,,,3\n", 764),
            (SIZE + TWO + "Grand total,,,,7\n", 764),
            (SIZE + "a,16:9,2k,high,2\n小计,,,,2\nb,1:1,1k,low,1\nSumme,,,,1\n,,,,3\n", 764),
            (SIZE + TWO + ",,,,=SUM(E2:E3)\n", 764),
            (SIZE + TWO + ",,,,=SUBTOTAL(109;E2:E3)\n", 764),
            ("Plan for May,,\nasset,size,n\na,16:9,2\n", 428),
            ("aspect_ratio,size,n\n16:9,2K,1\n", 380),
            ("size,dimensions,n\n16:9,,2\n", 428),
            ("size,dimensions,n\n,16:9,2\n", 428),
            ("size,aspect ratio,n\n16:9,16:9,2\n", 428),
        ),
    )  # fmt: skip
    def test_of_a_sheet(self, run: Run, plan: Any, sheet: str, credits: int) -> None:
        path = plan(sheet)
        result = run("quote", path, "--account", f"{path}.json", "-o", f"{path}.out.csv")
        assert f", {credits} credits (" in result.err
        assert result.code == 0
        assert json.loads(Path(f"{path}.json").read_bytes())["warnings"] == []

    def test_width_and_height_make_the_size(self, run: Run, plan: Any) -> None:
        for sheet in (
            "prompt,Width,Height,Quality,Qty\nfox,1920,1080,high,2\n",
            "prompt,宽 (px),高 (px)\nfox,1920px,1080 px\n",
        ):
            path = plan(sheet)
            reading = sheets.read(path)
            assert reading.requests[0].body["size"] == "1920x1080"
        assert sheets.read(plan("size,Width,Height\n1:1,1920,1080\n")).account.warnings[0].title == "Width"
        odd = sheets.read(plan("prompt,Width,Height\nfox,1920,1080\ncat,0,0\ndog,5,5\nowl,7,7\n"))
        assert [warned.title for warned in odd.account.warnings] == ["Width", "Height"]

    @pytest.mark.parametrize(
        ("titles", "cells"),
        (("Image width,Image height", '"1,920","1,080"'), ("Breite,Höhe", "1.920,1.080"), ("largeur,hauteur", "1 920,1\u00a0080"), ("Pixel W,Pixel H", "1920.0,1080 px"),
        ("Width in px,Height in px", "1920,1080"), ("Width,Height,Width (mm),Height (mm)", "1920,1080,160,90")),
    )  # fmt: skip
    def test_width_and_height_as_people_write_them(self, plan: Any, titles: str, cells: str) -> None:
        reading = sheets.read(plan(f"asset,{titles}\nfox,{cells}\n"))
        assert (reading.requests[0].body["size"], reading.account.warnings) == ("1920x1080", [])

    @pytest.mark.parametrize(
        ("titles", "cells"),
        (("Width,Height", "16,9"), ("Width,Height", "84.1,118.9"), ("Width,Height", "30 cm,20 cm"), ("Width (in),Height (in)", "24,36"), ("Width (mm),Height (mm)", "210,297"),
        ("Breite in cm,Höhe in cm", "210,297"), ("宽度cm,高度（厘米）", "210,297"), ("Width,x", "1920,1")),
    )  # fmt: skip
    def test_what_is_no_width_and_height_in_pixels_is_said(self, run: Run, plan: Any, titles: str, cells: str) -> None:
        path = plan(f"asset,n,{titles}\nfox,1,{cells}\n")
        account = sheets.read(path).account
        assert "size" in account.defaults
        assert {(warned.rule, warned.field, warned.option) for warned in account.warnings} == {
            ("sheet.unread_values", "size", None)
        }
        result = run("quote", path, "-o", "/dev/null", "--require-all-read")
        assert (result.code, "is not read as part of a size: that takes " in result.err) == (3, True)

    def test_print_sizes_beside_a_size_are_nothing_of_ours(self, plan: Any) -> None:
        assert sheets.read(plan("size,Width (mm),Height (mm)\n16:9,210,297\n")).account.warnings == []

    def test_another_text_among_shapes_hides_no_column(self, plan: Any) -> None:
        (warned,) = sheets.read(plan("asset,Where,n\na,16:9,1\nc,see below,1\n")).account.warnings
        assert (warned.title, warned.field) == ("Where", "size")

    @pytest.mark.parametrize("between", ("asset,Where,Status", "---,---,---", ":--,:-:,--:"))
    def test_the_header_again_and_a_line_of_signs_are_no_cells_of_a_column(self, plan: Any, between: str) -> None:
        account = sheets.read(plan(f"asset,Where,Status\n{between}\na,16:9,done\nb,1:1,open\n")).account
        assert account.columns[1].field == "size"
        assert [warned.option for warned in account.warnings] == ['--where "Status=open"']

    @pytest.mark.parametrize("size", ("16:09", "1024x1024", "16:9"))
    def test_a_value_twice_is_no_header_again(self, run: Run, size: str) -> None:
        assert run("quote", "-", "--from", "csv", stdin=f'""\n{size}\n{size}\n2:1\n1024x1536\n'.encode()).code == 2

    def test_a_column_without_a_title_is_named_if_it_seems_to_hold_a_field(self, run: Run, plan: Any) -> None:
        path = plan("asset,size,,n\na,16:9,2k,3\n")
        (warned,) = sheets.read(path).account.warnings
        assert (warned.rule, warned.column, warned.field) == ("sheet.unread_values", "C", "resolution")
        result = run("quote", path, "-o", "/dev/null", "--require-all-read")
        assert (
            'column C has no title and is not read, though it looks like resolution: write "resolution" ' in result.err
        )
        assert result.code == 3
        assert 'write "resolution"' not in run("quote", path, "-o", "/dev/null", "--lang", "zh").err
        assert sheets.read(plan(",prompt,size\n0,a,1:1\n1,b,1:1\n2,c,1:1\n")).account.warnings == []
        assert sheets.read(plan("asset,,quality\na,16:9,low\n")).requests[0].body["size"] == "16:9"

    def test_without_any_price_shows_no_number(self, run: Run, plan: Any) -> None:
        err = run("quote", plan("model,prompt\nmidjourney,fox\n"), "-o", "/dev/null").err
        assert "1 request, 0 rejected, 1 without a price\n" in err
        assert "0 credits" not in err

    def test_old_prices_come_first(self, run: Run, plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = run("quote", plan("size\n1:1\n"), "-o", "/dev/null", "--quiet").err.splitlines()
        assert lines[0].startswith("prices checked ")
        assert "rates import" in lines[0]


class TestRows:
    @pytest.mark.parametrize("word", row_words().totals)
    def test_a_total_word_as_a_whole_cell(self, word: str) -> None:
        assert read(f"{SIZE}{TWO}{word}:,,,,9\n")[0] == ["", "", "total"]
        assert read(f"{SIZE}{TWO}{word},16:9,,,2\n")[0] == ["", "", ""]
        assert read(f"prompt,size,n\nfox,1:1,1\n{word},,1\n")[0] == ["", "total"]

    @pytest.mark.parametrize("label", ("Subtotal {}", "{} total", "小计 {}", "共 3 张 {}"))
    def test_a_subtotal_of_one_row_that_says_so(self, label: str) -> None:
        groups = "Spring,,,,\na,16:9,2k,high,2\n{},,,,2\nSummer,,,,\nb,1:1,1k,low,1\n{},,,,1\nGrand total,,,,3\n"
        kinds, account = read(SIZE + groups.format(label.format("Spring"), label.format("Summer")))
        assert kinds == ["note", "", "total", "note", "", "total", "total"]
        assert account.warnings == []
        assert read(f"{SIZE}a,16:9,2k,high,2\nSpring,,,,2\n")[0] == ["", ""]

    @pytest.mark.parametrize("label", ("Total", "TOTAL", "Grand total", "合计"))
    def test_a_total_with_a_size_is_priced_and_named(self, label: str) -> None:
        kinds, account = read(f"{SIZE}{TWO}{label},16:9,,,3\n")
        assert kinds == ["", "", ""]
        assert [(warned.rule, warned.row) for warned in account.warnings] == [("sheet.total_with_size", 4)]
        assert "row 4: called a total, but priced as a request" in list(account.lines())[-1]

    def test_a_request_whose_words_are_titles_too_is_no_header(self) -> None:
        assert read("提示词,质量\n背景,高\n一只狐狸,高\n数量,高\n")[0] == ["", "", ""]
        assert read("prompt,quality\nMask,H\nfox,low\n提示词,质量\n")[0] == ["", "", "header"]

    def test_a_prompt_that_is_a_total_word_alone_labels_a_row_with_an_id(self) -> None:
        rows = "id,size,n,prompt\nR1,16:9,2,a fox\nR2,16:9,1,an ox\n"
        assert read(f"{rows}R3,,3,合计\n")[0] == read(f"{rows}R3,,9,Grand total\n")[0] == ["", "", "total"]
        kinds, account = read(f"{rows}R3,16:9,3,合计\nR4,,3,a total fox\n")
        assert kinds == [""] * 4
        assert [warned.row for warned in account.warnings if warned.rule == "sheet.total_with_size"] == [4]

    def test_a_prompt_with_a_number_that_sums_up_the_rows_above_is_named(self) -> None:
        rows = "Prompt,Size,n\na fox,16:9,2\nan ox,16:9,3\n"
        kinds, account = read(f"{rows}Spring,,5\na yak,16:9,1\n")
        assert kinds == [""] * 4
        assert [(warned.rule, warned.row) for warned in account.warnings] == [("sheet.only_number", 4)]
        assert read(f"{rows}a yak,,4\n")[1].warnings == read("Prompt,n\na fox,2\nan ox,3\nSpring,5\n")[1].warnings == []

    @pytest.mark.parametrize("label", ("Total", "T O T A L", "Total 4", "合 计", "合计4张", "ＴＯＴＡＬ 4", "i alt 4"))
    def test_so_is_one_among_short_prompts_of_the_same_size(self, label: str) -> None:
        kinds, account = read(f"prompt,size,n\na fox,16:9,2\nan ox,16:9,2\n{label},16:9,4\na yak,16:9,4\n")
        assert kinds == [""] * 4
        assert [(warned.rule, warned.row) for warned in account.warnings] == [("sheet.total_with_size", 4)]
        assert read(f"{SIZE}{TWO}{label},16:9,,,\n")[1].warnings == []

    def test_a_number_alone_is_a_total_only_if_it_is_a_sum(self) -> None:
        kinds, account = read(f"{SIZE}{TWO},,,,3\n")
        assert kinds == ["", "", "total"]
        kinds, account = read(f"{SIZE}{TWO},,,,2\n")
        assert kinds == ["", "", ""]
        assert [warned.rule for warned in account.warnings] == ["sheet.only_number"]
        assert read(f"{SIZE}{TWO},,,,3\nc,1:1,1k,low,1\n")[0] == ["", "", "", ""]
        assert read("asset,size,n\na,1:1,2\n,,2\n")[0] == ["", ""]
        groups = "a,16:9,,,1\nb,16:9,,,2\n\nc,1:1,,,4\nd,1:1,,,5\n"
        assert read(f"{SIZE}{groups},,,,12\n")[0] == ["", "", "", "", "", "total"]  # of both groups
        group, single = "a,16:9,,,1\nb,16:9,,,2\n,,,,3\n\n", "c,1:1,,,1\n,,,,1\n\n"
        assert read(f"{SIZE}{group}{single},,,,4\n")[0] == ["", "", "total", "", "", "total", "", "total"]
        assert read(SIZE + single + group)[0] == ["", "", "", "", "", "total", ""]  # until one is a sum, it may be none
        parts = "Germany,,,,\na,1:1,,,2\na,1:1,,,2\n{}France,,,,\nb,1:1,,,1\nSubtotal France,,,,1\nTotal EU,,,,5\n"
        kinds = ["note", "", "", "total", "note", "", "total", "total"]
        assert read(SIZE + parts.format(",,,,4\n"))[0] == kinds  # below a heading, and of all
        assert read(SIZE + parts.format("").replace("Subtotal France,,,,1\n", ""))[0] == [
            *kinds[:3],
            "note",
            "",
            "total",
        ]

    def test_a_row_of_dashes_under_all_fields_is_none(self) -> None:
        assert read(f"{SIZE}{TWO}c,-,–,-,-\n-,-,-,-,-\n")[0] == ["", "", "nothing", "separator"]

    @pytest.mark.parametrize(
        "text", ("Total Germany", "Germany: total", "Subtotal - Q3", "小计（德国）", "Totals (2 rows)")
    )
    def test_a_sum_that_is_called_one_is_a_total(self, text: str) -> None:
        kinds, account = read(f"{SIZE}{TWO}{text},,,,3\n")
        assert (kinds, account.warnings) == (["", "", "total"], [])
        for row in (f"{text},,,,2", "Summer,,,,3"):  # only one of the two signs
            kinds, account = read(f"{SIZE}{TWO}{row}\n")
            assert (kinds, [warned.rule for warned in account.warnings]) == (["", "", ""], ["sheet.only_number"])
        assert read(f"{SIZE}{TWO}{text},16:9,,,3\n")[1].warnings == []
        kinds, account = read(f"prompt,size,n\nfox,1:1,1\ncat,1:1,1\n{text},,2\n")  # may be what to draw
        assert (kinds, [warned.rule for warned in account.warnings]) == (["", "", ""], ["sheet.only_number"])

    @pytest.mark.parametrize(
        "row", ("TOTAL,2,,,3", "TOTAL,2,2,2,9", "TOTAL,-,–,n/a,9", "4,TOTAL,,,9", "#4,Total:,,,9", "∑,,,,3", "Σ,,,,9", "–,,,,3", "4,2,,,3")
    )  # fmt: skip
    def test_figures_and_dashes_are_neither_size_nor_prompt(self, row: str) -> None:
        kinds, account = read(f"{SIZE}{TWO}{row}\n")
        assert (kinds, account.warnings) == (["", "", "total"], [])
        assert read("asset,prompt,size,n\na,fox,1:1,2\nTOTAL,1,1,9\n")[0] == ["", "total"]
        assert read("asset,width,height,n\na,1024,1080,2\nTOTAL,1,1,9\nTotal,2048,1024,1\n")[0] == ["", "total", ""]

    @pytest.mark.parametrize("row", ("Count,,,,2", "max,,,,2", "Germany,,,,1", "2026-05-04,,,,3", ",2,,,4", ",,,,7"))
    def test_a_row_without_any_other_field_is_priced_and_named(self, row: str) -> None:
        for rows, number in ((f"{TWO}{row}\n", 4), (f"{row}\n{TWO}", 2)):
            kinds, account = read(SIZE + rows)
            assert kinds == ["", "", ""]
            assert [(warned.rule, warned.row) for warned in account.warnings] == [("sheet.only_number", number)]

    @pytest.mark.parametrize(
        "row", (",,,,4 images total", ",,,,Total: 3", ",,,,合计3张", "总共 3 张,,,,", "(3 images in total),,,,", "Total de peças,,,,3", "총합계,,,,3장")
    )  # fmt: skip
    def test_a_total_with_its_number_in_one_cell(self, row: str) -> None:
        assert read(f"{SIZE}{TWO}{row}\n")[0] == ["", "", "total"]

    def test_a_total_of_numbers_in_letters(self) -> None:
        assert read(f"{SIZE}a,16:9,2k,high,two\nb,1:1,1k,low,一张\nTotal Germany,,,,3\n")[0] == ["", "", "total"]

    @pytest.mark.parametrize("header", ("asset,n,quality,resolution,size", "asset,size,quality,n,notes"))
    def test_the_header_of_another_table(self, header: str) -> None:
        kinds, account = read(f"{SIZE}{TWO}{header}\nc,2,low,2k,16:9\n")
        assert kinds == ["", "", "header", ""]
        assert [(warned.rule, warned.row) for warned in account.warnings] == [("sheet.other_header", 4)]

    @pytest.mark.parametrize(
        "header",
        ("素材,比例,分辨率,画质,数量", "Asset,Ratio,Resolution,Quality,Qty", "Motiv,Format,Auflösung,Qualität,Anzahl"),
    )
    def test_the_header_again_in_other_words(self, header: str) -> None:
        kinds, account = read(f"{SIZE}{header}\n{TWO}")
        assert (kinds, account.warnings) == (["header", "", ""], [])

    @pytest.mark.parametrize("cell", ("#REF!", "#N/A", "Err:502", "=A1*2", "x"))
    def test_what_is_no_number_is_not_said_to_be_priced(self, cell: str) -> None:
        kinds, account = read(f"{SIZE}{TWO}Count,,,,{cell}\n")
        assert (kinds, account.warnings) == (["", "", ""], [])

    def test_rows_that_never_have_another_field_are_ordinary(self) -> None:
        assert read("asset,n\na,2\nb,1\n")[1].warnings == []
        assert read("prompt,size,n\nfox,1:1,1\ncat,,2\n")[1].warnings == []
        assert [warned.row for warned in read("prompt,size,n\nfox,1:1,1\nCount,,2\n")[1].warnings] == [3]
        _, account = read(f"{SIZE}b,,,,2\nc,,,,1\n{TWO}d,,,,9\n")
        assert "rows 2, 3, 6: a number and nothing else that sets the price" in list(account.lines())[-1]

    def test_numbers_alone_are_requests(self) -> None:
        assert read("n\n1\n1\n2\n")[0] == ["", "", ""]

    @pytest.mark.parametrize(
        ("formula", "kind"),
        (("=+SUM(E2:E3)", "total"), ("=ROUND(SUM(E2:E3);0)", "total"), ("=_xlfn.AGGREGATE(9;5;E2:E3)", "total"), ("=SUM(E$2:OFFSET(E4;-1;0))", "total"),
        ("=SUM(Markets!E2:E3)", ""), ("=SUM('Plan B'!E2:E3)", ""), ("=SUM($Markets.E2:E3)", ""), ("=SUMIF(A2:A3;1;E2:E3)", ""), ("=E2+E3", "")),
    )  # fmt: skip
    def test_a_sum_within_a_formula_is_a_total_and_one_of_another_sheet_is_not(self, formula: str, kind: str) -> None:
        assert read(f"{SIZE}{TWO}c,1:1,1k,low,{formula}\n")[0] == ["", "", kind]

    def test_a_formula_across_a_row_is_no_total(self) -> None:
        assert read(f"{SIZE}{TWO}c,1:1,1k,low,=SUM(F4:H4)\n")[0] == ["", "", ""]

    def test_repeated_headers_separators_and_notes(self) -> None:
        text = "prompt,size,n\nfox,1:1,1\n---,---,---\nPrompt,SIZE,n\ncat,1:1,1\n\nNote: prices of May,,\n"
        assert read(text)[0] == ["", "separator", "header", "", "", "note"]
        assert read("prompt,size,n\nfox,1:1,1\n\nall in May,,\n\n* see above,,\n")[0] == ["", "", "note", "", "note"]
        assert read("prompt\nfox\n\ncat\n")[0] == ["", "", ""]
        assert read("prompt,size\nfox,1:1\n\ncat,\ndog,1:1\n")[0] == ["", "", "", ""]
        assert read("asset,size\nGermany,\na,1:1\nb,\n")[1].skipped["note"].rows == [2, 4]

    def test_a_prompt_of_pictures_is_a_request(self) -> None:
        assert read("prompt,size\nfox,1:1\n🦊🦊,\n❖ ❖ ❖,\ncat,1:1\n")[0] == ["", "", "separator", ""]

    @given(
        st.lists(
            st.sampled_from(
                ["fox,1:1,1\n", "cat,,2\n", "TOTAL,,3\n", ",,3\n", "\n", "---,,\n", "note: x,,\n", ",,x\n"]
            ),
            max_size=12,
        )
    )
    def test_every_row_comes_out_once_and_in_order(self, lines: list[str]) -> None:
        table = read_csv(["prompt,size,n\n", *lines])
        assert [row.number for row in sort_rows(table, Account.of(table)).rows] == [at for at, _ in enumerate(lines, 2)]

    @pytest.mark.parametrize("lone", ("★ ★ ★", "Note: all pictures need the colours of the brand", "* all as in May"))
    def test_a_lone_text_is_what_it_is_whatever_stands_above(self, lone: str) -> None:
        """In CSV rows that look like those above are not looked at twice; a lone text is."""
        for above in ("a fox,1:1,1\n", f"{lone},1:1,1\n"):
            rows = ["prompt,size,n\n", "a fox,1:1,1\n", above, f"{lone},,\n"]
            table = read_csv(rows)
            of_sheet = msgspec.structs.replace(read_csv(rows), sheet="Plan")
            kinds = [[row.skipped for row in sort_rows(each, Account.of(each)).rows] for each in (table, of_sheet)]
            assert kinds[0] == kinds[1]
            assert kinds[0][-1] in ("separator", "note")

    @pytest.mark.parametrize("sign", ('"', "〃", "″", "''", "”", "?"))
    def test_ditto_marks_and_question_marks_are_refused_and_not_skipped(self, plan: Any, sign: str) -> None:
        cells = ",".join(['"' + sign.replace('"', '""') + '"'] * 3)
        requests = sheets.read(plan(f"asset,size,quality,n\na,16:9,low,2\nb,{cells}\n")).requests
        assert [len(request.report.errors) for request in requests] == [0, 3]

    def test_where_leaves_rows_out_and_says_how_many(self, run: Run, plan: Any) -> None:
        path = plan("active,size,n\n0,16:9,1\n1,1:1,1\n 1 ,1:1,1\n")
        result = run("quote", path, "--where", "Active=1")
        assert "skipped: row 2 (left out by --where)" in result.err
        assert "2 requests, 0 rejected, 338 credits" in result.err
        assert len(result.out.splitlines()) == 4
        assert run("quote", path, "--where", "Active").code == 2
        assert "no column has that title" in run("quote", path, "--where", "x=1").err

    @pytest.mark.parametrize(
        ("cell", "asked", "is_kept"),
        (
            ("1.0", "1", True), ("1", "1.0", True), ("1,0", "1", True), ("2.50", "2.5", True), ("-1.0", "-1", True), ("TRUE", "true", True), ("Ja", "JA", True),
            ("1.000", "1", False), ("007", "7", False), ("1.5", "1", False), ("10", "1", False), ("v1.0", "v1", False),
        ),
    )  # fmt: skip
    def test_where_compares_numbers_as_numbers(self, cell: str, asked: str, is_kept: bool) -> None:
        table = read_csv(["active,size\n", f'"{cell}",1:1\n'])
        (row,) = sort_rows(table, Account.of(table), {"active": asked}).rows
        assert (row.skipped == "") is is_kept

    def test_where_without_a_row_is_a_mistake(self, run: Run, plan: Any, tmp_path: Path) -> None:
        path = plan("active,size,n\n1.0,16:9,1\n0.0,1:1,1\n,1:1,1\n1.0,16:9,1\n")
        out = tmp_path / "out.csv"
        for command in (("quote", path, "-o", str(out)), ("check", path), ("quote", path, "--by", "active")):
            result = run(*command, "--where", "active=9")
            assert result.code == 2
            assert '--where active=9: no row has that value; "active" is 1.0, 0.0, blank' in result.err
            assert "credits" not in result.err
        assert not out.exists()
        result = run("quote", path, "--where", "active=1", "--where", "size=1:1")
        assert (
            '--where active=1 --where size=1:1: no row has these values; "active" is 1.0, 0.0, blank, "size" is 16:9, 1:1'
            in result.err
        )
        for count, end in ((9, ", \u2026"), (6, ", \u2026"), (5, "\n")):
            many = plan("active,size\n" + "".join(f"{number},1:1\n" for number in range(count)))
            assert f'"active" is 0, 1, 2, 3, 4{end}' in run("quote", many, "--where", "active=x").err
        with pytest.raises(SheetError, match="no row has that value"):
            sheets.read(path, where={"active": "9"})

    @pytest.mark.parametrize(
        "end", ("\u2028", "\u2029", "\x85", "\f", "\n,,,,\n,,,,\n", "\n", "\nTotal,,,,3\n", "\nSize,n,,,\n")
    )
    def test_a_sheet_without_a_request_is_no_success(self, run: Run, plan: Any, tmp_path: Path, end: str) -> None:
        """It may be that its rows were not seen, as where other characters than line ends are between them."""
        path, out = plan(f"{SIZE.rstrip()}{end}" + "a,16:9,2k,high,2\u2028" * ("\n" not in end)), tmp_path / "out.csv"
        for command in (("quote", path, "-o", str(out)), ("check", path)):
            result = run(*command)
            assert (result.code, "row 1 is the header, and no row below it is a request" in result.err) == (2, True)
        assert not out.exists()
        with pytest.raises(SheetError, match="no row below it"):
            sheets.read(path)

    def test_where_may_leave_out_all_rows_of_one_sheet(self) -> None:
        tables = [read_csv(["active,size\n", f"{value},1:1\n"]) for value in ("1", "0")]
        accounts = [Account.of(table) for table in tables]
        sorted_tables = [sort_rows(*each, {"active": "1"}) for each in zip(tables, accounts, strict=True)]
        rows = chain.from_iterable(table.rows for table in sorted_tables)
        assert [row.skipped for row in refuse_unmatched(rows, accounts)] == ["", "where"]


class TestAccount:
    def test_two_lines_on_a_good_sheet(self, run: Run, plan: Any) -> None:
        path = plan(SIZE + TWO)
        loud, quiet = run("quote", path, "-o", "/dev/null").err, run("quote", path, "-o", "/dev/null", "--quiet").err
        assert loud.removesuffix(quiet).splitlines() == [
            'header in row 1; read size from B "size", resolution from C "resolution", quality from D "quality", n from E "n"',
            'not read: A "asset"; no model column: gpt-image-2-official',
        ]
        assert "no quality column: auto, billed as high" in run("check", plan("size\n1:1\n"), "-o", "/dev/null").err

    def test_requests_that_leave_a_field_blank_are_named(self) -> None:
        """Blank may mean the same as above, and counts as the default; also in rows that are requests at first sight."""
        text = SIZE + 3 * "a,16:9,2k,high,2\n" + "a,,2k,high,2\n,,2k,,\nb,16:9,2k\n\n,,,,\nTotal,,,,9\n"
        _, account = read(text)
        assert {field: rows.rows for field, rows in account.blanks.items()} == {
            "size": [5, 6],
            "quality": [6, 7],
            "n": [6, 7],
        }
        assert (
            "; defaults for blank cells: size (rows 5, 6), quality (rows 6, 7), n (rows 6, 7); skipped: "
            in [*account.lines()][1]
        )
        table = read_csv(text.splitlines(keepends=True))
        account = Account.of(table)
        assert [row.number for row in sort_rows(table, account, {"asset": "b"}).rows if not row.skipped][:1] == [7]
        assert {field: rows.rows for field, rows in account.blanks.items()} == {"quality": [7], "n": [7]}

    @pytest.mark.parametrize("language", ("en", "zh"))
    def test_all_that_it_holds_is_said_in_both_languages(self, language: str) -> None:
        hidden = Hidden(is_sheet=True, count=2, rows=(71, 72), columns=("HC",))
        table = msgspec.structs.replace(
            read_csv(["asset,size,Level\n", "a,16:9,high\n"]),
            sheet="Own sheet", other_sheets=("Other sheet",), hidden=hidden, strays=("XFD99",), unseen=("formulas", "errors"),
        )  # fmt: skip
        account = Account.of(table, encoding="windows-1252")
        for row, kind in enumerate(account_texts().kinds, 81):
            account.skip(kind, row)
        lines = list(account.lines(language))
        held = (
            "Own sheet",
            "size",
            "asset",
            "gpt-image-2-official",
            "Other sheet",
            "71",
            "72",
            "HC",
            "XFD99",
            "windows-1252",
            "Level",
        )
        numbers = (str(each.rows[0]) for each in account.skipped.values())
        kinds = (kind[language].partition("|")[0] for kind in account_texts().kinds.values())
        assert [text for text in (*held, *numbers, *kinds) if text not in " ".join(lines)] == []
        assert {text for what in table.unseen for text in [account_texts().texts[f"unseen {what}"][language]]} <= {
            *lines
        }
        assert {any("\u4e00" <= sign <= "\u9fff" for sign in line) for line in lines} == {language == "zh"}
        assert not [line for line in lines if "{" in line or "}" in line]

    def test_as_data_also_when_quiet(self, run: Run, plan: Any, tmp_path: Path) -> None:
        run("quote", plan("Ratio,Level,Qty\n16:9,high,2\nTotal,,2\n"), "--quiet", "--account", str(tmp_path / "a.json"))
        account = json.loads((tmp_path / "a.json").read_bytes())
        assert account["format"] == "reapi-account/1"
        assert [(each["column"], each["field"]) for each in account["columns"]] == [
            ("A", "size"),
            ("B", None),
            ("C", "n"),
        ]
        assert account["defaults"] == {
            "model": {"value": "gpt-image-2-official"},
            "resolution": {"value": "1k"},
            "quality": {"value": "auto", "billed_as": "high"},
        }
        assert account["skipped"] == {"total": {"count": 1, "rows": [3]}}
        assert account["warnings"][0]["option"] == '--columns "quality=Level"'

    def test_the_option_reads_the_column(self, run: Run, plan: Any) -> None:
        path = plan("Ratio,Level,Qty\n16:9,low,2\n")
        assert run("quote", path, "--require-all-read").code == 3
        assert run("check", path, "--require-all-read").code == 3
        result = run("quote", path, "--columns", "quality=Level", "--require-all-read")
        assert (result.code, "13 credits" in result.err) == (0, True)

    @pytest.mark.parametrize(("title", "cells", "field"), (("resolution_override", "4k,4k,1k", "resolution"), ("Quality alt", "low,low,low", "quality"),
        ("n2", "3,3,4", "n"), ("resolution 2", ",,4k", "resolution"), ("qty final", "2 images,3,3", None)))  # fmt: skip
    def test_a_second_column_for_a_field_is_named_where_it_says_otherwise(
        self, title: str, cells: str, field: str | None
    ) -> None:
        rows = [
            f"{row},{cell}\n"
            for row, cell in zip(("16:9,2k,high,1", "1:1,1k,low,2", "1:1,2k,high,3"), cells.split(","), strict=True)
        ]
        _, account = read(f"size,resolution,quality,n,{title}\n{''.join(rows)}")
        assert [warned.field for warned in account.warnings] == [field or "n"]
        same = {"resolution": "1k", "quality": "low", "n": "2"}[field or "n"]
        assert read(f"size,resolution,quality,n,{title}\n1:1,1k,low,2,{same}\n")[1].warnings == []
        late = "1:1,1k,low,2,\n" * SAMPLE + f"1:1,1k,low,2,{cells[-2:].strip(',')}\n"
        assert [warned.rule for warned in read(f"size,resolution,quality,n,{title}\n{late}")[1].warnings] in (
            [],
            ["sheet.later_values"],
        )

    @pytest.mark.parametrize(
        "title", ("resolution\n1k/2k/4k", 'The "resolution" we want, or not', "  resolution   override ")
    )
    def test_what_is_said_of_a_title_can_be_given_as_it_is(self, run: Run, plan: Any, title: str) -> None:
        quoted = title.replace('"', '""')
        path = plan(f'size,"{quoted}"\n16:9,2k\n')
        option = re.search(r'looks like resolution: (--columns "[^"\n]+") reads it', run("quote", path).err)
        assert option is not None
        assert ": 380 credits" not in run("quote", path, "--format", "text").out
        assert (
            "380 credits" in run("quote", path, *shlex.split(option[1]), "--format", "text", "--require-all-read").out
        )

    @pytest.mark.parametrize("beside", ("Aspect", "image width"))
    def test_width_and_height_beside_another_column_are_named_together(self, run: Run, plan: Any, beside: str) -> None:
        cell = "1:1" if beside == "Aspect" else ""
        path = plan(f"Asset,Width,Height,{beside},Quality,Qty\nposter,1920,1080,{cell},low,2\n")
        options = '--columns "width=Width" --columns "height=Height"'
        assert run("quote", path).err.count(f"looks like size: {options} reads it") == 2
        read_so = run("quote", path, *shlex.split(options), "--require-all-read")
        assert (read_so.code, "size from B" in read_so.err, "unread_values" in read_so.err) == (0, True, False)
        assert "8 to 22 credits" in read_so.err

    def test_a_second_column_of_prompts_is_named_with_the_option_that_reads_it(self) -> None:
        (warned,) = read("Prompt,Prompt (DE),size\na fox,ein Fuchs,1:1\n")[1].warnings
        assert (warned.rule, warned.option) == ("sheet.unread_values", '--columns "prompt=Prompt (DE)"')

    def test_what_can_not_be_read_as_the_field_of_its_title_is_named_without_advice(self, run: Run, plan: Any) -> None:
        path = plan("prompt,ratio,size,quality\nfox,16:9,2048,low\n")
        said = run("quote", path, "--require-all-read")
        assert 'column C "size" is not read: another column gives size, and these cells are not a size' in said.err
        assert said.code == 3
        assert "size=size" not in said.err

    @pytest.mark.parametrize(
        ("header", "row", "field", "columns"),
        (
            ("asset,quality,16:9,9:16,1:1", "a,high,2,1,0", "size", "CDE"), ("asset,quality,16:9 count,1080x1920", "a,high,2,1", "size", "CD"),
            ("asset,quality,Landscape,竖版", "a,high,x,", "size", "C"), ("asset,size,Low,高质量", "a,16:9,2,1", "quality", "CD"),
            ("asset,size,1K,2K (QHD)", "a,16:9,2,1", "resolution", "CD"), ("asset,size,4k数量,数量（2K）", "a,16:9,2,1", "resolution", "CD"),
            ("asset,size,n (flux-2),GPT Image 2 qty,z-image", "a,16:9,2,1,0", "model", "CDE"), ("asset,size,数量（低）,高 张数", "a,16:9,2,1", "quality", "CD"),
            ("素材,size,低画质张数,high_count", "a,16:9,2,1", "quality", "CD"), ("素材,质量,横版数量,16:9?", "a,low,2,x", "size", "CD"),
            ("素材,比例,是否4K,几张", "a,16:9,是,2", "resolution", "C"),
        ),
    )  # fmt: skip
    def test_a_title_that_is_a_value_counts_in_silence_nowhere(
        self, header: str, row: str, field: str, columns: str
    ) -> None:
        _, account = read(f"{header}\n{row}\n")
        found = [(warned.rule, warned.column, warned.field) for warned in account.warnings]
        assert found == [("sheet.title_is_value", column, field) for column in columns]
        assert account.has_unread_values

    @pytest.mark.parametrize(
        "header", ("asset,size,Size (16:9)", "asset,size,高", "asset,size,Auto", "asset,size,Draft")
    )
    def test_other_titles_are_no_values(self, header: str) -> None:
        rules = [warned.rule for warned in read(f"{header}\na,16:9,2\n")[1].warnings]
        assert "sheet.title_is_value" not in rules

    @pytest.mark.parametrize(
        ("times", "count"),
        (
            ("sets", "images per set"), ("No. of markets", "Variants"), ("Languages", "n"), ("组数", "每组张数"), ("SKU数", "每SKU张数"), ("款数", "数量/款"), ("语言数", "数量"),
            ("Sprachen", "Bilder pro Sprache"), ("characters", "n"), ("batches", "batch size"), ("次数", "数量"), ("輪數", "n"), ("retries", "n"), ("修改次数", "数量"), ("x Markets", "n"), ("Markets (x)", "n"),
        ),
    )  # fmt: skip
    def test_what_has_images_of_its_own_is_not_multiplied_in_silence(self, times: str, count: str) -> None:
        _, account = read(f"asset,size,{times},{count}\na,16:9,2,3\n")
        assert [(warned.rule, warned.column) for warned in account.warnings] == [("sheet.not_multiplied", "C")]
        assert account.has_unread_values
        assert read(f"asset,size,{times},{count}\na,16:9,1,3\n")[1].warnings == []
        assert [each.column for each in read(f"asset,size,{times},{count}\na,16:9,DE / FR,3\n")[1].warnings] == ["C"]

    @pytest.mark.parametrize(("cells", "is_named"), (("A / B", True), ("red; blue", True), ("A", False), ("", False)))
    def test_several_variants_by_name_are_not_one_image_in_silence(self, cells: str, is_named: bool) -> None:
        for header in ("Variants,size", "Variants,size,n"):  # with a number beside it they are what it counts
            rules = [each.rule for each in read(f"{header}\n{cells},16:9\n")[1].warnings]
            assert rules == ["sheet.not_multiplied"] * (is_named and "n" not in header.split(","))

    def test_in_json_no_option_reads_what_is_counted_otherwise(self) -> None:
        lines = [b'{"prompt": "a", "size": "1:1", "9:16": 2, "sets": 3, "n": 2}\n']
        warnings = Account.of(read_json(lines)).warnings
        assert [(each.rule, each.title, each.option) for each in warnings] == [
            ("sheet.title_is_value", "9:16", None), ("sheet.not_multiplied", "sets", None)
        ]  # fmt: skip

    def test_long_titles_take_no_time(self) -> None:
        title = "16:9 " * 8_000
        assert read(f"asset,size,{title},n\na,1:1,2,2\n")[1].warnings == []

    def test_a_sheet_of_values_as_titles_alone_is_refused(self, run: Run, plan: Any) -> None:
        said = run("quote", plan("asset,16:9,9:16\na,2,1\n"))
        assert (said.code, said.out) == (2, "")
        assert '"16:9", "9:16" are values of a field: write a row for each instead' in said.err

    def test_a_number_of_something_else_is_none_of_them(self) -> None:
        assert read("asset,size,Week,Score,n\na,16:9,2,4,3\n")[1].warnings == []

    def test_values_above_the_header_are_named(self) -> None:
        """In one cell or two; a number may be a total, and what a column gives is read there."""
        above = "Model:,gpt-image-2\n分辨率：2K,Quality,high\nSize,16:9,Total: 9\nQty,9\nQuality check,low\n\n"
        assert [
            (each.rule, each.row, each.title, each.field)
            for each in read(f"{above}asset,size,n\na,1:1,2\n")[1].warnings
        ] == [
            ("sheet.above", 1, "Model: gpt-image-2", "model"),
            ("sheet.above", 2, "分辨率: 2K", "resolution"),
            ("sheet.above", 2, "Quality: high", "quality"),
        ]
        assert read("Ratio: 16:9\n\nasset,quality,n\na,low,2\n")[1].warnings[0].field == "size"
        _, account = read(f"{above}asset,width,height,n,model,quality\na,1024,1024,2,,low\n")
        assert [*account.lines()][2:] == [
            'sheet.above: row 2: "分辨率: 2K" is outside the table and is not read: add a column resolution with this value',
            'sheet.stated_default: "Model: gpt-image-2" sets no default: blank cells of model get reAPI\'s own; write the value into each of them',
        ]
        assert account.has_unread_values

    @pytest.mark.parametrize(
        ("above", "header", "row", "fields"),
        (
            ("", "size,Resolution (blank = 2k),Quality [default: low]", "16:9,,", ["resolution", "quality"]),
            ("", "size,Resolution (blank = 2k),Quality [default: low]", "16:9,1k,", ["quality"]),
            (
                "",
                "Ratio (default 16:9),清晰度（默认：2K）,Images (default 4),quality",
                ",,,low",
                ["size", "resolution", "n"],
            ),
            (
                "",
                "Ratio (default 1:1),Quality (default: auto),Resolution (1k / 2k),Images (max 4),mask",
                ",,,,https://a.example/1.png",
                [],
            ),
            ("", "size,Quality (default high)", "16:9,", []),  # which the default is billed as
            ("All images 4K unless noted\n", "size,resolution", "16:9,", ["resolution"]),
            ("All images 4K unless noted\n", "size,resolution", "16:9,2k", []),
            ("All in 16:9 unless noted\n", "size,quality", ",low", ["size"]),
            ("Either 16:9 or 1:1\n", "size,quality", ",low", []),
            ("Querformat\n", "size,quality", ",low", ["size"]),
            ("Stories\n", "size,quality", "9:16,low", []),
            ("Landscape of quality\n", "size,quality", ",low", []),
            ("Resolution: 1k\nQuality: low or high\n", "size,resolution,quality", "16:9,,", []),
            ("Quality,low\n", "size,quality", "16:9,", ["quality"]),
        ),
    )
    def test_a_default_that_the_sheet_states_is_named_where_a_cell_is_blank(
        self, above: str, header: str, row: str, fields: list[str]
    ) -> None:
        for text in (f"{above}asset,{header}\na,{row}\n", f"asset,{header}\na,{row}\n\n{above}"):
            if "," not in above:  # below the table such a row plans a request
                warned = [each for each in read(text)[1].warnings if each.rule != "sheet.only_number"]
                assert [(each.rule, each.field) for each in warned] == [
                    ("sheet.stated_default", each) for each in fields
                ]
        assert [each.field for each in read(f"{above}asset,{header}\na,{row}\n")[1].warnings if each.field] == fields

    @pytest.mark.parametrize(
        "text",
        ("All images in 4K\nasset,size\na,16:9\n", "素材,比例\na,16:9\n\n全部，4K\n", "asset,size\na,16:9\nNote: all 4k!\n*really 4k\n"),
    )  # fmt: skip
    def test_a_resolution_in_a_note_is_named_once(self, text: str) -> None:
        warned = read(text)[1].warnings
        assert [(each.rule, each.field) for each in warned] == [("sheet.above", "resolution")]
        assert (
            read(text.replace("size", "resolution").replace("比例", "分辨率").replace("16:9", "2k"))[1].warnings == []
        )

    @pytest.mark.parametrize(
        ("note", "fields"),
        (("All images low quality", ["quality"]), ("Default quality: low", ["quality"]), ("quality: low for all", ["quality"]), ("全部低质量，2k", ["resolution", "quality"]),
        ("Quality: high for heroes else low", ["quality"]), ("Quality: low or medium or high", []), ("Resolution: 1k or 2k or 4k", []), ("Resolution: 1k but heroes 4k", ["resolution"]), ("Low season, quality matters", []), ("Qualität der Hotels", []), ("Old quality: low", []), ("Quality:,low,Resolution:,2k", ["quality", "resolution"])),
    )  # fmt: skip
    def test_what_a_note_says_of_the_quality_is_named(self, note: str, fields: list[str]) -> None:
        above, below = f"{note}\nasset,size,n\na,1:1,2\n", f"asset,size,n\na,1:1,2\n\n{note}\n"
        for text in (above, *([] if "," in note else [below])):  # there a row of several cells plans a request
            found = read(text)[1].warnings
            assert [(each.rule, each.field) for each in found] == [("sheet.above", each) for each in fields]

    @pytest.mark.parametrize(
        "note",
        ("Images per asset: 4", "Images per asset,4", "4 images per asset", "Bilder pro Motiv: 4", "每款张数：4"),
    )
    def test_a_number_for_each_row_in_a_note_is_named(self, note: str) -> None:
        """Also where the header names few fields itself."""
        for separator in ",;":
            text = f"{note}\nMotiv,Format,quality\na,16:9,low\n".replace(",", separator)
            account = read(text)[1]
            assert (account.header_row, [(each.rule, each.row, each.field) for each in account.warnings]) == (
                2,
                [("sheet.above", 1, "n")],
            )
        for other in ("Images per month: 40", "Total images: 4", "Cost per image: 4", "Images per asset", note):
            header = "size,n" if other == note else "size,quality"
            assert read(f"{other}\nasset,{header}\na,16:9,{2 if other == note else 'low'}\n")[1].warnings == []

    @pytest.mark.parametrize(
        ("note", "is_named"),
        (
            ("All images in 16:9", True),
            ("全部 16:9 横版", True),
            ("all 1920x1080 px", True),
            ("Updated 14:30", False),
        ),
    )
    def test_a_size_in_a_note_is_named(self, note: str, is_named: bool) -> None:
        for text in (f"{note}\nasset,quality\na,low\n", f"asset,quality\na,low\n\n{note}\n"):
            assert [each.field for each in read(text)[1].warnings] == ["size"] * is_named
            assert read(text.replace("quality", "size").replace("low", "1:1"))[1].warnings == []

    @pytest.mark.parametrize(
        ("heading", "field"),
        (
            ("[Landscape]", "size"), ("【横版】", "size"), ("1. Portrait", "size"), ("Vertical:", "size"), ("16:9", "size"),
            ("竖版 9:16", "size"), ("横版（16:9）", "size"), ("4K", "resolution"), ("Low", "quality"),
            ("[Square]", None), ("1:1", None), ("1k", None), ("Hats", None),
        ),
    )  # fmt: skip
    def test_a_heading_with_a_value_is_named_if_cells_below_are_blank(self, heading: str, field: str | None) -> None:
        text = f"asset,size,resolution,quality,n\n{heading},,,,\na,{{}},1\nb,16:9,2k,high,2\n"
        found = {each.rule: (each.field, each.row) for each in read(text.format(",,"))[1].warnings}
        assert found.get("sheet.stated_default") == (field and (field, 2))
        assert read(text.format("9:16,4k,high"))[1].warnings == []

    @pytest.mark.parametrize("text", ("Budget: 4k", "10.4k readers", "4k", "Plan 14k"))
    def test_other_numbers_of_thousands_are_no_resolution(self, text: str) -> None:
        assert read(f"{text}\nasset,size\na,16:9\n")[1].warnings == []

    @pytest.mark.parametrize(
        ("cells", "field"),
        (("4K; high|2K high", "quality"), ("high, 4K", "quality"), ("16:9\n1:1", "size"), ("16:9 / 1:1|9:16", None), ("16:9 + 1:1|1:1、9:16", "size"), ("high, red|low", None), ("low / high|low", None), ("low / high", None), ("1k / 2k", "resolution"), ("2 4|1, 2", None), ("1920x1080 @ high", "quality"), ("16:9 - 2K", "size"), ("16:9・2K", "size"), ("16:9 -|- -", None)),
    )  # fmt: skip
    def test_a_column_of_several_values_is_named(self, cells: str, field: str | None) -> None:
        text = "".join(f'a,"{cell}",2\n' for cell in cells.split("|"))
        for header, own in (("n", "2"), ("n,size,quality", "2,16:9,low")):  # each value asks for a request
            warned = read(f"asset,Specs,{header}\n{text.replace(',2', f',{own}')}")[1].warnings
            assert [(each.rule, each.field) for each in warned if each.rule == "sheet.several_fields"] == [
                ("sheet.several_fields", each) for each in (field,) if each
            ]

    @pytest.mark.parametrize("cells", (("2K档", "4K档"), ("2K PNG", "4K PNG"), ("4K hero", "2k banner")))
    def test_a_column_of_resolutions_beside_words_is_named(self, cells: tuple[str, str]) -> None:
        """Its rows are priced at 1k."""
        first, second = cells
        warned = read(f"档位,size,quality\n{first},16:9,low\n{second},1:1,low\n")[1].warnings
        assert [(each.rule, each.field, each.column) for each in warned] == [
            ("sheet.several_fields", "resolution", "A")
        ]
        assert read(f"档位,size,resolution\n{first},16:9,1k\n{second},1:1,1k\n")[1].warnings == []
        assert read(f"档位,size,quality\n{first},16:9,low\nfox,1:1,low\n")[1].warnings == []

    @pytest.mark.parametrize("title", ("Engine", "生图模型", "Which AI?", "渠道", "模型名"))
    def test_a_column_of_models_is_one_whatever_its_title(self, title: str) -> None:
        """Its rows would be priced as the default model."""
        _, account = read(f"asset,{title},size\na,z-image,16:9\nb,GPT-Image-2,\nc,,1:1\n")
        assert account.columns[1].field == "model"
        assert account.warnings == []

    @pytest.mark.parametrize(
        ("title", "cells"), (("Old model", "z-image,z-image"), ("Engine", "z-image,Nano"), ("Engine", "z-image,gpt-image-2 or flux-2"))
    )  # fmt: skip
    def test_one_that_may_be_another_is_named(self, title: str, cells: str) -> None:
        first, second = cells.split(",")
        for header, cell in (("size", "16:9"), ("model", "flux-2")):
            (warned,) = read(f"asset,{title},{header}\na,{first},{cell}\nb,{second},{cell}\n")[1].warnings
            assert (warned.rule, warned.field) == ("sheet.unread_values", "model")

    @pytest.mark.parametrize(
        "asset", ("Poster x3", "海报×3", "头像（4张）", "3x hero", "hero (2 images)", "hero 4 images", "海报2张")
    )
    def test_a_number_of_images_in_a_name_is_named(self, asset: str) -> None:
        warned = read(f"asset,size\na,1:1\n{asset},16:9\n")[1].warnings
        assert [(each.rule, each.field, each.column) for each in warned] == [("sheet.several_fields", "n", "A")]
        assert read(f"asset,size,n\n{asset},16:9,3\n")[1].warnings == []

    @pytest.mark.parametrize(
        "asset",
        (
            "logo (2)",
            "V2",
            "logo@2x.png",
            "fox (2 of 3)",
            "plan (2026)",
            "Poster x1",
            "4K hero",
            "two foxes",
            "v2 banners",
            "5 cats",
            "hero 1 image",
        ),
    )
    def test_other_numbers_in_names_are_not(self, asset: str) -> None:
        assert read(f"asset,size\n{asset},16:9\n")[1].warnings == []

    def test_other_words_above_the_header_are_not(self) -> None:
        for above in (
            "Plan: May,Size: big",
            "Resolution guide,see below",
            "16:9,2k",
            "Quality,,Owner",
            "Size or ratio: 1:1 is fine",
        ):
            assert "sheet.above" not in [each.rule for each in read(f"{above}\nasset,n\na,2\n")[1].warnings]

    @pytest.mark.parametrize(
        ("cells", "tick"), ((("TRUE", "FALSE"), "TRUE"), (("☑", "☐"), "☑"), (("是", "否"), "是"), (("x", ""), "x"), (("要", "不要"), "要"), (("Go", "No-go"), "Go"), (("1", "0"), "1"))
    )  # fmt: skip
    def test_a_box_that_is_not_ticked_leaves_no_row_out_in_silence(self, cells: tuple[str, str], tick: str) -> None:
        text = "go,size,n\n" + "".join(f"{cell},16:9,1\n" for cell in cells)
        _, account = read(text)
        assert [(each.rule, each.column, each.option) for each in account.warnings] == [
            ("sheet.box", "A", f'--where "go={tick}"')
        ]
        assert not account.has_unread_values
        table = read_csv(text.splitlines(keepends=True))
        account = Account.of(table)
        assert [row.skipped for row in sort_rows(table, account, {"go": tick}).rows] == ["", "where"]
        assert account.warnings == []
        table = read_csv(text.splitlines(keepends=True))
        other = sort_rows(table, Account.of(table), {"go": cells[1]}).rows  # of a column such as skip
        assert [row.skipped for row in other] == ["where", ""]
        (line,) = [line for line in read(text.replace("go,", ",", 1))[1].lines() if line.startswith("sheet.")]
        assert "column A has no title and marks some rows only" in line
        table = read_csv(text.replace("go,size,n", "✓,size,").splitlines(keepends=True))
        assert [row.skipped for row in sort_rows(table, Account.of(table), {"✓": tick}).rows] == ["", "where"]

    @pytest.mark.parametrize(
        ("cells", "kept"),
        (
            ("done,open", "open"),
            ("Cancelled,in review", "in review"),
            ("已取消,", ""),
            ("done,done", None),
            ("✅ Done,⏳ To do", "⏳ To do"),
            ("optional,backup,must have", "must have"),
            ("отменено,备用", None),
            ("active,Inactive,Out of scope", "active"),
            ("TBC,confirmed", "confirmed"),
            ("待定,暂缓,进行中", "进行中"),
            ("Hold,Go", "Go"),
        ),
    )
    def test_a_row_that_is_done_or_called_off_is_not_priced_in_silence(self, cells: str, kept: str | None) -> None:
        text = "Status,size,n\n" + "".join(f"{cell},16:9,1\n" for cell in cells.split(","))
        _, account = read(text)
        assert [(each.rule, each.option, each.field) for each in account.warnings] == [
            ("sheet.state", None if kept is None else f'--where "Status={kept}"', None)
        ]
        table = read_csv(text.splitlines(keepends=True))
        account = Account.of(table)
        assert len(list(sort_rows(table, account, {"Status": "done"}).rows)) == cells.count(",") + 1
        assert account.warnings == []
        assert read("Status,size\nopen,16:9\n,1:1\n")[1].warnings == []

    @pytest.mark.parametrize(
        ("title", "kept", "option"),
        (
            ("Go (1=yes)", "in review", "Go (1=yes)=in review"),
            ("=S", "a=b", "=S=a=b"),
            ("Status", "in review\n(Anna)", "Status=in review (Anna)"),
            ("Status", 'to "do"', "Status=to 'do'"),
        ),
    )
    def test_the_rows_that_are_kept_are_found_by_what_is_advised(
        self, run: Run, plan: Any, title: str, kept: str, option: str
    ) -> None:
        path = plan('{},size\ndone,16:9\n"{}",1:1\n'.format(title, kept.replace('"', '""')))
        assert [each.option for each in sheets.read(path).account.warnings] == [f'--where "{option}"']
        assert "1 request, 0 rejected, 169 credits" in run("quote", path, "--where", option).err

    @pytest.mark.parametrize(
        "mark", ("Example", "(optional) fox", "Cancelled: elk", "fox – 备用", "示例：狐", "[done] cat")
    )
    def test_a_row_whose_name_says_that_it_may_be_none_is_named(self, mark: str) -> None:
        for text, rows in (
            (f"{mark},1:1\nfox,1:1\nowl,1:1\n{mark},1:1\n\n{mark},\n", [2, 5]),
            ("Example poster,1:1\ndone deal,1:1\n", []),
        ):
            assert "sheet.state" not in {each.rule for each in read(f"asset,size\n{text}")[1].warnings}
            lines = [line for line in read(f"asset,size\n{text}")[1].lines() if "marked as an example" in line]
            assert [re.findall("[0-9]+", line.partition(": marked")[0]) for line in lines] == [
                [*map(str, rows)]
            ] * bool(rows)
        warnings = read(f"prompt,size,due\n{mark},1:1,May\nfox,1:1,done\n")[1].warnings  # and what is drawn
        assert [(each.rule, each.row) for each in warnings if each.rule != "sheet.state"] == [("sheet.marked", 2)]
        assert read("size,n,Example\n1:1,1,fox\n")[1].warnings == []

    @pytest.mark.parametrize("row", ("(name),(ratio),(1-4)", ",[W:H],", "（名称）,（如16:9）,（张）"))
    def test_a_row_in_brackets_says_what_the_columns_take(self, row: str) -> None:
        assert read(f"asset,size,n\n{row}\na,16:9,2\n")[0] == ["note", ""]
        assert read(f"asset,size,n\na,16:9,2\n{row}\n")[0] == ["", ""]  # among requests it may be one
        assert read("prompt,size\n(a fox),(wide)\n")[0] == [""]

    def test_a_heading_that_calls_rows_off_changes_none_of_them_in_silence(self) -> None:
        kinds, account = read("asset,size\nPhase 1,\na,1:1\nPhase 2 (TBC),\nb,1:1\nOptional:,\nc,1:1\n")
        assert (kinds, [(each.rule, each.row) for each in account.warnings]) == (
            ["note", "", "note", "", "note", ""],
            [("sheet.heading", 4)],
        )
        assert "rows 4, 6: says that something is an example" in [*account.lines()][-1]

    def test_a_review_is_no_moderation(self) -> None:
        assert read("素材,size,审核\n海报,16:9,通过\n")[1].columns[2].field is None
        assert read("素材,size,审核\n海报,16:9,low\n")[1].columns[2].field == "moderation"

    @pytest.mark.parametrize("titles", ("Settings,", ",", "设置,值"))
    def test_settings_beside_the_table_are_named(self, titles: str) -> None:
        _, account = read(f"asset,size,n,,{titles}\na,16:9,2,,Quality:,low\nb,1:1,1,,分辨率,2k\n")
        said = [(each.rule, each.column, each.field) for each in account.warnings]
        assert sorted(said) == [("sheet.beside", "E", "quality"), ("sheet.beside", "E", "resolution")]
        _, account = read("topic,level,size\nQuality,low,16:9\nSpeed,high,1:1\nMoon,low,1:1\n")
        assert [(each.rule, each.column) for each in account.warnings] == [("sheet.unread_values", "B")]
        assert not read("asset,size,quality,,\na,16:9,low,Quality,low\n")[1].warnings
        _, account = read("Setting,Value,asset,size\nModel,gpt-image-2,a,1:1\n,,b,16:9\n")
        assert [(each.rule, each.column, each.field) for each in account.warnings] == [("sheet.beside", "A", "model")]
        assert "model" in account.defaults

    @pytest.mark.parametrize(
        ("cells", "read_as", "rules"),
        (
            ("Hero,Footer", "image_urls", ["sheet.no_address"]), ("首页图,无", "image_urls", ["sheet.no_address"]), ("无,-", "image_urls", []), ("Hero,cat.png", "image_urls", []),
            ("https://a.io/1,https://a.io/2", "image_urls", []), ("2,https://a.io/2", "n", []), ("2,3", "n", []),
        ),
    )  # fmt: skip
    def test_names_of_images_are_no_addresses(self, cells: str, read_as: str, rules: list[str]) -> None:
        """Every row would be refused, without a word on the option that prices them."""
        text = "Images,size\n" + "".join(f"{cell},16:9\n" for cell in cells.split(","))
        _, account = read(text)
        assert account.columns[0].field == read_as
        assert [each.rule for each in account.warnings] == rules
        for warned in account.warnings:
            assert warned.option == '--columns "image_urls="'
        table = read_csv(text.splitlines(keepends=True), mapping={"image_urls": ""})
        assert (0 in table.columns.read) is (read_as == "n")
        assert Account.of(table).warnings == []

    @pytest.mark.parametrize(
        ("cells", "is_named"),
        (("Anna,Ben", True), ("X200,X300", True), ("Anna,gpt-image-2", False), ("kling-3-0,", False), (",", False)),
    )
    def test_models_of_another_kind_are_named(self, cells: str, is_named: bool) -> None:
        """Every row would be refused, without a word on the option that prices them."""
        lines = ["Model,size,Count\n", *(f"{cell},16:9,2\n" for cell in cells.split(","))]
        for mapping in (None, {"n": "Count"}, {"model": "Model"}, {"model": ""}):
            warnings = Account.of(read_csv(lines, mapping=mapping)).warnings
            expected = [("sheet.no_model", '--columns "model="')] if is_named and "model" not in (mapping or {}) else []
            assert [(each.rule, each.option) for each in warnings] == expected

    @pytest.mark.parametrize(
        ("title", "cells", "field"),
        (("Background", "White,Beach", "background"), ("Quality", "matte,", "quality"), ("Größe", "S,XL", "size"), ("Background", "White,auto", ""),
        ("Quality", "1st grade,", ""), ("Size", "7:5,", ""), ("Background", ",", ""), ("Resolution", "默认,Default", "")),
    )  # fmt: skip
    def test_words_of_another_kind_are_named(self, title: str, cells: str, field: str) -> None:
        lines = [f"{title},Count\n", *(f"{cell},2\n" for cell in cells.split(","))]
        expected = [("sheet.no_value", field, f'--columns "{field}="')] if field else []
        assert [(each.rule, each.field, each.option) for each in Account.of(read_csv(lines)).warnings] == expected
        if field:
            assert Account.of(read_csv(lines, mapping={field: title})).warnings == []

    def test_a_row_with_nothing_but_a_quality_is_named_where_others_have_sizes(self) -> None:
        heading, rows = "Phase 1,,{},,\n".format, "a,16:9,,,2\n\n{}b,1:1,,,1\n".format
        for text, number in ((heading("2k") + rows(""), 2), (rows("Phase 2,,,low,\n"), 4)):
            kinds, account = read(SIZE + text)
            assert (set(kinds), [(each.rule, each.row) for each in account.warnings]) == (
                {""},
                [("sheet.only_field", number)],
            )
        assert read(f"{SIZE}{heading('2k')}a,,,low,2\n")[1].warnings == []
        assert read(f"{SIZE}a,16:9,,,2\nb,,2k,low,\n")[1].warnings == []
        _, account = read(f"{SIZE}Banner,16:9,,,\na,,2k,low,2\nStory,9:16,,,\nb,,,low,1\n")  # or with a size
        assert [*account.lines()][-1].startswith("sheet.only_field: rows 2, 4: priced with one field and no other")
        _, account = read("asset,size,quality\nPhase 1,,low\na,16:9,\nb,1:1,\n")
        assert [(each.rule, each.row) for each in account.warnings] == [("sheet.only_field", 2)]
        assert read(f"{SIZE}Banner,16:9,,,\na,1:1,,low,2\nb,,,low,1\n")[1].warnings == []

    @pytest.mark.parametrize(
        ("text", "is_named"),
        (("2k high", True), ("以下均为 4K 高质量", True), ("Landscape", True), ("16:9", True), ("portrait of a woman", False), ("low poly fox", False)),
    )  # fmt: skip
    def test_a_prompt_alone_that_is_a_value_is_named_where_others_have_sizes(self, text: str, is_named: bool) -> None:
        _, account = read(f"prompt,size,resolution,quality,n\n{text},,,,\na,16:9,,,2\nb,1:1,,,1\n")
        expected = [("sheet.only_field", 2)] if is_named else []
        assert [(each.rule, each.row) for each in account.warnings] == expected

    @pytest.mark.parametrize("cells", (("yes", "yes"), ("yes", "often"), ("no", "no")))
    def test_other_columns_are_no_boxes(self, cells: tuple[str, str]) -> None:
        assert read("go,size,n\n" + "".join(f"{cell},16:9,1\n" for cell in cells))[1].warnings == []

    @pytest.mark.parametrize(
        "title", ("Dauer", "秒数", "Durée (s)", "時長", "Frame", "画像番号", "时长（秒）", "Scene", "Width")
    )
    def test_durations_and_frames_do_not_look_like_a_number_of_images(self, title: str) -> None:
        assert read(f"prompt,ratio,{title}\nfox,16:9,5\ncat,1:1,3\n")[1].warnings == []

    @pytest.mark.parametrize(
        ("title", "cells"),
        (("出图", "2张,3张"), ("Shots", "x2,x3"), ("Shots", "2.0,3.0"), ("Shots", "2,0|3,0"), ("Aufnahmen", "2 Bilder,1 Bild"), ("出力", "2枚,3枚"), ("Output", "2 images,two"), ("Shots", "2,3")),
    )  # fmt: skip
    def test_what_counts_images_is_named_whatever_its_title(self, title: str, cells: str) -> None:
        first, second = cells.split("|" if "|" in cells else ",")
        (warned,) = read(f'asset,ratio,{title}\na,16:9,"{first}"\nb,1:1,"{second}"\n')[1].warnings
        assert (warned.title, warned.field, warned.option) == (title, "n", f'--columns "n={title}"')

    @pytest.mark.parametrize("cells", ("1.5,2.5", "2 days,3 days", "20,30", "2k photos,x", "0,0"))
    def test_what_counts_something_else_is_not(self, cells: str) -> None:
        first, second = cells.split(",")
        assert read(f"asset,ratio,Shots\na,16:9,{first}\nb,1:1,{second}\n")[1].warnings == []

    @pytest.mark.parametrize(
        "title",
        (
            "N°",
            "Nº",
            "№",
            "No.",
            "N.",
            "N° visuel",
            "No image",
            "# image",
            "Image #",
            "Image no.",
            "Número de imagen",
            "Number",
            "Número",
            "Bild Nr.",
        ),
    )
    @pytest.mark.parametrize("numbers", ("1,2,3", "1,2,4", "7,8,9", "101,102,103"))
    def test_a_running_number_is_no_number_of_images(self, title: str, numbers: str) -> None:
        rows = [
            f"{number},{row}" for number, row in zip(numbers.split(","), ("a,16:9", "b,1:1", "c,9:16"), strict=True)
        ]
        table = read_csv([f"{title},asset,Format\n", *(f"{row}\n" for row in rows)])
        assert table.columns.fields == {"shape": 2}
        assert table.columns.references == ()
        for wanted in ("Nombre", "Quantità", "Anzahl"):
            table = read_csv([f"{title},asset,Format,{wanted}\n", *(f"{row},2\n" for row in rows)])
            assert table.columns.fields == {"shape": 2, "number": 3}
            assert Account.of(table).warnings == []

    @pytest.mark.parametrize("title", ("Number", "Número", "N."))
    def test_a_title_that_may_be_both_is_what_its_cells_are_and_doubt_is_said(self, title: str) -> None:
        assert read_csv([f"{title},size\n", "2,16:9\n", "1,1:1\n"]).columns.fields == {"number": 0, "shape": 1}
        for numbers in ("1,3", "1,2,4"):
            _, account = read(f"{title},size\n" + "".join(f"{number},1:1\n" for number in numbers.split(",")))
            assert ("n" in account.defaults, [warned.field for warned in account.warnings]) == (True, ["n"])

    @pytest.mark.parametrize(
        "title",
        (
            "Number of images",
            "No. of images",
            "# images",
            "#images",
            "N. immagini",
            "N° de visuels",
            "Número de imágenes",
            "Number of image",
            "Image count",
            "Qty image",
        ),
    )
    def test_a_number_of_images_may_go_up(self, title: str) -> None:
        assert read_csv([f"{title},size\n", "1,16:9\n", "2,1:1\n", "3,1:1\n"]).columns.fields["number"] == 0

    @pytest.mark.parametrize(("title", "name"), (("Variants", "Variant"), ("Images", "Image"), ("Bilder", "Bild")))
    def test_names_of_images_are_no_number_of_images(self, plan: Any, title: str, name: str) -> None:
        rows = [f"16:9,{name} {number}\n" for number in (1, 2, 1, 2)]
        requests = sheets.read(plan(f"size,{title}\n{''.join(rows)}")).requests
        assert all("n" not in request.body for request in requests)

    @pytest.mark.parametrize(
        ("title", "cells", "is_named"),
        (
            ("单位", ("组", "张"), True), ("单位", ("张", "张"), False), ("Unit", ("sets of 3", "images"), True), ("UOM", ("pcs", "Images"), False),
            ("Einheit", ("Stück", "Bilder"), False), ("Einheit", ("Satz", "Bilder"), True), ("Unity", ("sets", "sets"), False),
        ),
    )  # fmt: skip
    def test_what_is_counted_in_another_column(self, title: str, cells: tuple[str, str], is_named: bool) -> None:
        _, account = read(f"size,quantity,{title}\n16:9,2,{cells[0]}\n1:1,3,{cells[1]}\n")
        assert [each.rule for each in account.warnings] == ["sheet.not_multiplied"] * is_named
        assert read(f"size,{title}\n16:9,{cells[0]}\n")[1].warnings == []

    @pytest.mark.parametrize(
        ("title", "cell", "field"),
        (("Size & resolution", "16:9 2K", "size"), ("尺寸/分辨率", "16:9 2K", "size"), ("Quality and size notes", "see below", "quality")),
    )  # fmt: skip
    def test_a_title_of_several_fields_is_named(self, title: str, cell: str, field: str) -> None:
        _, account = read(f"asset,{title},n\na,{cell},2\n")
        assert [(each.rule, each.field) for each in account.warnings] == [("sheet.several_fields", field)]
        given = {"resolution": "2k", "size": "16:9", "quality": "low"}
        text = ",".join(given), ",".join(given.values())
        assert read(f"asset,{title},{text[0]}\na,{cell},{text[1]}\n")[1].warnings == []

    @pytest.mark.parametrize("title", MONEY)
    def test_what_images_cost_is_no_number_of_images(self, title: str) -> None:
        table = read_csv([f"size,{title}\n", "16:9,3\n", "1:1,2\n"])
        assert (table.columns.fields, table.columns.references) == ({"shape": 0}, ())
        assert Account.of(table).warnings == []

    def test_a_title_that_may_be_a_number_is_named_beside_one_that_is(self) -> None:
        _, account = read("asset,ratio,units,Bilder\na,16:9,3,2\nb,1:1,5,1\n")
        assert [(warned.title, warned.field) for warned in account.warnings] == [("units", "n")]
        _, account = read("asset,ratio,n,Extra images\na,16:9,3,2\nb,1:1,5,1\n")
        assert [(warned.title, warned.field) for warned in account.warnings] == [("Extra images", "n")]

    @pytest.mark.parametrize("title", ("需要几张", "Variants"))
    def test_a_title_that_may_be_a_number_is_named_though_its_numbers_run(self, title: str) -> None:
        named = [(warned.title, warned.field) for warned in read(f"size,{title}\n16:9,2\n1:1,3\n1:1,4\n")[1].warnings]
        assert named == [(title, "n")]
        assert read(f"size,n,{title}\n16:9,1,1\n1:1,1,2\n1:1,1,3\n")[1].warnings == []

    @pytest.mark.parametrize("title", ("Number of pages", "Week number", "Discount", "Word bank", "Quality manager"))
    def test_a_title_or_cells_alone_do_not_make_a_second_column(self, title: str) -> None:
        for cells in ("1,1", "low,low") if title != "Quality manager" else ("Ann", "Bob"):
            _, account = read(
                f"size,resolution,quality,n,{title}\n1:1,1k,high,2,{cells[0]}\n1:1,1k,high,2,{cells[-1]}\n"
            )
            assert account.warnings == []

    @pytest.mark.parametrize("title", ("Priority", "Budget", "No.", "Risk"))
    def test_what_means_something_else_is_only_listed(self, title: str) -> None:
        _, account = read(f"size,{title},quality,resolution,n\n1:1,high,low,1k,1\n16:9,2k,low,1k,1\n")
        assert account.warnings == []
        assert account.columns[1].field is None

    @pytest.mark.parametrize("title", ("#", "No.", "Nr"))
    def test_numbers_that_run_nowhere_are_no_running_numbers(self, title: str) -> None:
        _, account = read(f"{title},size\n2,1:1\n1,16:9\n4,1:1\n")
        assert [(warned.rule, warned.field) for warned in account.warnings] == [("sheet.unread_values", "n")]
        for cells in ((1, 2, 5), (1, 1, 1)):
            assert read(f"{title},size\n" + "".join(f"{cell},1:1\n" for cell in cells))[1].warnings == []

    def test_one_of_two_resolutions_is_enough_to_be_named(self) -> None:
        _, account = read("asset,Ratio,Tier\na,16:9,2K\nb,16:9,Usual\n")
        assert [(warned.column, warned.field) for warned in account.warnings] == [("C", "resolution")]

    def test_a_title_of_signs_says_nothing_and_its_cells_do(self) -> None:
        _, account = read("prompt,📐,🔍,✨,🔢,#\nfox,16:9,2k,high,2,1\ncat,1:1,1k,low,2,1\n")
        assert account.columns[1].field == "size"
        assert [(warned.title, warned.field) for warned in account.warnings] == [
            ("🔍", "resolution"), ("✨", "quality"), ("🔢", "n")
        ]  # fmt: skip

    def test_times_of_day_are_no_ratios_under_another_title(self) -> None:
        _, account = read("asset,Start,n\na,10:30,1\nb,09:15,1\n")
        assert "size" in account.defaults

    def test_a_later_contradiction_is_told(self) -> None:
        rows = "16:9,2K,\n" * SAMPLE
        _, account = read(f"Ratio,image_size,Level\n{rows}1:1,16:9,high\n")
        assert [(warned.rule, warned.row, warned.field) for warned in account.warnings] == [
            ("sheet.later_values", SAMPLE + 2, "size"),
            ("sheet.later_values", SAMPLE + 2, "quality"),
        ]

    def test_errors_name_the_column_and_the_fix(self, run: Run, plan: Any) -> None:
        path = plan("Ratio,Qty\n1:1,9\n")
        assert (
            'n.range (column B ""Qty""): n must be between 1 and 4; split it into 3 requests: 4 + 4 + 1'
            in run("quote", path).out
        )
        assert 'n.range (20003), column B "Qty": n must be between 1 and 4' in run("check", path).out
        assert [line.split(",")[3] for line in run("quote", plan("size,quality,n\n1:1,low,1\n1:1,,1\n1:1,low,9\n")).out.splitlines()] == [
            "reapi_verdict", "fine", "warning", "rejected"
        ]  # fmt: skip

    def test_in_chinese(self, run: Run, plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        path = plan("Ratio,Qty\n1:1,2张\nTotal,2\n")
        said = run("quote", path, "--lang", "zh")
        assert "表头在第 1 行" in said.err
        assert "跳过：第 3 行（合计）" in said.err
        assert "按 2 读取" in said.out
        assert "reapi_verdict" in said.out
        monkeypatch.setenv("LC_MESSAGES", "zh_CN.UTF-8")
        assert run("quote", path).out == said.out


class TestSpellings:
    def test_the_words_of_our_own_lists(self) -> None:
        for role, options in labels().options.items():
            if role in ("shape", "tier", "quality"):
                words = {word: word for word in options}
                for word, texts in options.items():
                    for text in texts.values():
                        assert spellings().word(role, text, words) == word, text

    @pytest.mark.parametrize(
        ("field", "cell", "value"),
        (
            ("quality", "高", "high"), ("quality", "Automatic", "auto"), ("n", "2张", 2), ("n", "x3", 3), ("n", "2 images", 2),
            ("size", "16:9 横向", "16:9"), ("size", "16:9 landscape", "16:9"), ("size", "Square (1:1)", "1:1"), ("size", "横版16:9", "16:9"),
            ("resolution", "2K (QHD)", "2k"), ("size", "0 days 16:09:00", "16:9"), ("size", "P0DT16H9M0S", "16:9"), ("size", "16:09.0", "16:9"),
            ("size", "下午4:09", "16:9"), ("size", "Sat Dec 30 1899 16:09:00 GMT+0800", "16:9"), ("size", "上午9:16", "9:16"), ("size", "오후 4:09", "16:9"),
            ("size", "12/30/1899 16:09:00", "16:9"), ("size", "4:09 p.m.", "16:9"), ("size", "16时9分", "16:9"),
            ("size", "1900/1/0 16:09:00", "16:9"), ("size", "16h 9m", "16:9"), ("size", "P0Y0M0DT16H9M", "16:9"), ("size", "16:9 宽屏", "16:9"),
            ("resolution", "2K 分辨率", "2k"), ("resolution", "4K超清", "4k"), ("n", "3 张图", 3), ("n", "×2", 2), ("quality", "High quality", "high"),
            ("size", "1.7777777777777777", "16:9"), ("size", "0.5625", "9:16"), ("size", "1.33", "4:3"), ("size", "16/9", "16:9"), ("size", "1.78:1", "16:9"),
            ("size", "YouTube thumbnail 1280x720", "1280x720"), ("size", "W1080 x H1920", "1080x1920"), ("size", "正方形", "1:1"), ("resolution", "2048", "2k"),
            ("quality", "HQ", "high"), ("quality", "Entwurf", "low"), ("quality", "default", "auto"), ("n", "two (2)", 2), ("n", "叁张", 3), ("images", "two", 2),
        ),
    )  # fmt: skip
    def test_are_read_with_a_note(self, plan: Any, field: str, cell: str, value: Any) -> None:
        (request,) = sheets.read(plan(f'prompt,{field}\nfox,"{cell}"\n')).requests
        assert request.body[{"images": "n"}.get(field, field)] == value
        assert len(request.notes) == 1

    @pytest.mark.parametrize(("model", "size"), (("gpt-image-2-official", "1920x1080"), ("gpt-image-2", "16:9")))
    def test_of_pixels_and_a_ratio_the_first_that_the_model_has(self, plan: Any, model: str, size: str) -> None:
        (request,) = sheets.read(plan(f"model,size\n{model},1920x1080 (16:9)\n")).requests
        assert request.body["size"] == size

    @pytest.mark.parametrize(("field", "cell"), (("size", "default"), ("resolution", "默认"), ("n", "Default")))
    def test_a_default_is_a_blank_with_a_note(self, plan: Any, field: str, cell: str) -> None:
        (request,) = sheets.read(plan(f"prompt,{field}\nfox,{cell}\n")).requests
        assert field not in request.body
        assert [note.partition(":")[0] for note in request.notes] == ["cell.default"]

    @pytest.mark.parametrize("cell", ("2.000", "2,000", "TRUE", "200%", "1e0", "16:9", "Image 2"))
    def test_what_is_no_number_of_images_is_refused(self, plan: Any, cell: str) -> None:
        (request,) = sheets.read(plan(f'size,n\n1:1,"{cell}"\n')).requests
        assert [error.rule for error in request.report.errors] == ["n.type"]

    def test_a_word_that_contradicts_is_not_read(self, plan: Any) -> None:
        for cell in ("16:9 portrait", "9:16 横向"):
            assert not sheets.read(plan(f"size\n{cell}\n")).requests[0].report.ok


class TestEncodings:
    @pytest.mark.parametrize(
        ("name", "text"),
        (
            ("gb18030", "素材,比例,清晰度,质量,数量\n海报,16:9,2k,高,2张\n"),
            ("big5", "素材,比例,解析度,品質,數量\n海報,16:9,2k,high,2\n"),
            ("shift_jis", "プロンプト,アスペクト比,解像度,品質,枚数\n狐,16:9,2k,high,2枚\n"),
            ("euc_kr", "프롬프트,비율,해상도,품질,개수\n여우,16:9,2k,높음,2장\n"),
            ("euc_jp", "プロンプト,アスペクト比,解像度,品質,枚数\n狐,16:9,2k,高,2枚\n"),
            ("gb18030", "prompt,size,resolution,quality,n,备注\n狐狸,16:9,2k,high,2,无\n"),
            ("gb18030", "prompt,size,resolution,quality,n,用途\n狐狸,16:9,2k,高,2张,封面\n"),
            ("cp1252", "Prompt;Format;Auflösung;Qualität;Anzahl\nFuchs;16:9;2k;high;2\n"),
            ("cp1252", "Peça,Proporção,Resolução,Qualidade,Quantidade\nraposa,16:9,2k,alta,2\n"),
            ("cp1252", "Prompt;Formato;Resolución;Calidad;Cantidad\nzorro;16:9;2k;alta;2\n"),
            ("cp1252", "asset,size,quality,n,resolution,Größe in MB\nfox,16:9,high,2,2k,3\n"),
        ),
    )
    def test_told_by_the_words_said_and_kept(self, run: Run, plan: Any, name: str, text: str) -> None:
        result = run("quote", plan(text.encode(name)))
        assert ", 759 credits (" in result.err
        assert "it is not UTF-8: read as " in result.err
        assert result.bytes.decode(name).splitlines()[1].startswith(text.splitlines()[1])

    def test_one_word_that_is_not_ascii_is_enough_and_ascii_says_nothing(self, run: Run, plan: Any) -> None:
        assert "cp1252" in run("quote", plan("größe,n\n1:1,1\n".encode("cp1252"))).err
        for title in ("比例", "XYZ 质量 图片"):
            assert "gb18030" in run("quote", plan(f"{title},x\n1:1,1\n".encode("gb18030"))).err
        assert "cp1252" in run("quote", plan("prompt,size,n,作者\nfox,1:1,1,Li\n".encode("gb18030"))).err

    @pytest.mark.parametrize("name", ("cp1252", "gb18030", "big5", "cp932", "cp949", "euc_jp"))
    def test_of_many_headers(self, name: str) -> None:
        """Whoever wrote them: a header that an encoding has is read as that one or as one with the same letters."""
        tried = 0
        for sheet in headers(PUBLIC + HANDWRITTEN):
            text = "".join(",".join(row) + "\n" for row in (sheet.titles, *sheet.rows))
            is_eastern = any(character > "\u2e80" for character in text)
            if text.isascii() or is_eastern is (name == "cp1252") or "像素等级" in text:  # nobody knows a title of that
                continue
            with suppress(UnicodeEncodeError):
                content = text.encode(name)
                assert content.decode(detect(io.BytesIO(content)).name) == text
                tried += 1
        assert tried >= 5


class TestWorkbooks:
    @pytest.fixture
    def book(self, tmp_path: Path) -> str:
        openpyxl = pytest.importorskip("openpyxl")
        pytest.importorskip("python_calamine")
        book = openpyxl.Workbook()
        page = book.active
        page.title = "Germany"
        for row in (
            ["asset", "size", "resolution", "quality", "n"],
            ["a", "16:9", "2k", "high", 2],
            ["b", None, "1k", "low", 1],
            ["c", None, "1k", "low", 1],
            ["x", None, None, None, "=SUM(E2:E4)"],
        ):
            page.append(row)
        page.merge_cells("B2:B4")
        page.merge_cells("E3:E4")
        page.row_dimensions[4].hidden = True
        other = book.create_sheet("France")
        for row in (
            ["Ratio", "asset", "Res", "Qty", "Quality"],
            [time(16, 9), "a", "2k", 4, "high"],
            ["Total", None, None, 4, None],
        ):
            other.append(row)
        hidden = book.create_sheet("Old")
        hidden.append(["size", "n"])
        hidden.append(["1:1", 1])
        hidden.sheet_state = "hidden"
        book.create_sheet("Text").append(["just text"])
        book.save(tmp_path / "book.xlsx")
        return str(tmp_path / "book.xlsx")

    def test_the_first_visible_sheet_and_what_else_there_is(self, run: Run, book: str) -> None:
        result = run("quote", book)
        assert "3 requests, 0 rejected, 773 credits" in result.err
        assert "other sheets are not read: France, Old (--sheet NAME, or --sheet all)" in result.err
        assert "hidden, and read all the same: row 4" in result.err
        assert result.out.count("cell.merged: the size comes from the merged cell in row 2") == 2
        assert "sheet.merged_number: row 4: the number of images is that of a merged cell" in result.err
        assert "skipped: row 5 (a total)" in result.err

    @pytest.mark.parametrize(
        ("form", "is_named"),
        (('0 "dozen"', True), ('0\\ "打"', True), ("0\\K", True), ('0,"K"', False), ('0 "images"', False)),
    )
    def test_a_number_that_is_shown_as_dozens_is_named(self, tmp_path: Path, form: str, is_named: bool) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in (["cost", "n"], [1, 2], [1, 3]):
            book.active.append(row)
        book.active["A2"].number_format = '0"K"'  # of a column that is not read
        book.active["B3"].number_format = form
        book.save(tmp_path / "plan.xlsx")
        account = sheets.read(tmp_path / "plan.xlsx").account
        assert [each.column for each in account.warnings if each.rule == "sheet.multiple"] == ["B"] * is_named

    def test_text_that_is_struck_through_is_not_read_in_silence(self, tmp_path: Path) -> None:
        """In rows that are read tag by tag and in those of a known shape; a blank cell has no text."""
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        page = book.active
        page.append(["asset", "size", "n"])
        struck, other = (openpyxl.styles.Font(strike=is_struck, b=True) for is_struck in (True, False))
        for number in range(2, 42):
            page.append(["fox", "16:9", 2])
            for cell in page[number]:
                cell.font = struck if number % 10 == 3 else other
            page[f"D{number}"].font = struck
        book.save(tmp_path / "plan.xlsx")
        account = sheets.read(tmp_path / "plan.xlsx").account
        assert [(warned.rule, warned.row) for warned in account.warnings] == [("sheet.struck", 3)]
        says = ": struck-through text is read like any other"
        assert [line for line in account.lines() if says in line] == [
            "sheet.struck: rows 3, 13, 23, 33"
            + says
            + "; if a row is cancelled, delete it, or hide it and give --visible-only"
        ]

    @pytest.mark.parametrize("command", ("quote", "check", "advise"))
    def test_totals_of_each_sheet(self, run: Run, book: str, command: str) -> None:
        said = run(command, book, "--sheet", "all").err
        assert 'sheet "Germany": 3 requests, 0 rejected, 773 credits (0.773 USD)\n' in said
        assert 'sheet "France": 1 request, 0 rejected, 1517 credits (1.517 USD)\n' in said
        assert "\n5 requests, 0 rejected, 2459 credits (2.459 USD)\n" in said
        assert (
            "工作表“France”：1 个请求，0 个被拒绝，1517 积分（1.517 美元）"
            in run(command, book, "--sheet", "all", "--lang", "zh").err
        )

    @pytest.mark.parametrize(("upper", "lower"), TWO_ROWS)
    def test_a_header_of_two_rows_that_nothing_joins(self, run: Run, plan: Any, upper: str, lower: str) -> None:
        result = run("quote", plan(f"Plan,,,,\n{upper}\n{lower}\na,16:9,2k,high,2\n"))
        assert "header in row 3" in result.err
        assert "1 request, 0 rejected, 759 credits" in result.err
        assert result.out.splitlines()[1] == upper  # as it was
        assert run("quote", plan(result.out)).out == result.out  # with our columns, too

    @pytest.mark.parametrize("row", ("Image,16:9,Quality,2", "Image,,Quality,2", "Size,16:9,,1", "x,1:1,2k,1"))
    def test_a_row_of_data_is_no_part_of_the_header(self, row: str) -> None:
        table = read_csv(["asset,size,,n\n", f"{row}\n", "b,1:1,,1\n"])
        assert (table.header.number, table.columns.titles) == (1, ("asset", "size", "", "n"))

    def test_a_column_that_is_not_there_moves_no_header(self, run: Run, plan: Any) -> None:
        result = run("quote", plan("asset,size,quality,n\na,16:9,high,2\nd,1:1,low,1\n"), "--columns", "quality=D")
        assert (result.code, result.out) == (2, "")
        assert '--columns quality: the sheet has no column "D"' in result.err

    @pytest.mark.parametrize(
        ("rows", "merged", "credits", "header"),
        (
            ((["asset", "Output", None, None, "n"], [None, "size", "resolution", "quality", None], ["a", "16:9", "2k", "low", 2]), "A1:A2 B1:D1 E1:E2", 22, 2),
            ((["Prompt", "Bild", None, None, "Anzahl"], [None, "Format", "Auflösung", "Qualität", None], ["a", "16:9", "2k", "high", 3]), "A1:A2 B1:D1 E1:E2", 1138, 2),
            ((["asset", "Output", None, None, "n"], [None, "Group", None, None, None], [None, "size", "resolution", "quality", None], ["a", "16:9", "2k", "low", 2]), "A1:A3 B1:D1 B2:D2 E1:E3", 22, 3),
            ((["Plan", None, None], ["asset", "size", "n"], [None, "w:h", None], ["a", "16:9", 2]), "A2:A3 C2:C3", 428, 2),
            ((["asset", "size", "n"], ["a", "16:9", 2], [None, "1:1", 1]), "A2:A3", 597, 1),
        ),
    )  # fmt: skip
    def test_a_header_of_two_rows(self, tmp_path: Path, rows: Any, merged: str, credits: int, header: int) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for area in merged.split():
            book.active.merge_cells(area)
        book.save(tmp_path / "plan.xlsx")
        reading = sheets.read(str(tmp_path / "plan.xlsx"))
        assert (reading.totals.credits, reading.account.header_row) == (credits, header)
        assert reading.account.warnings == []
        assert "" not in [column.title for column in reading.account.columns]

    @pytest.mark.parametrize(
        ("first", "second", "read"),
        ((["prompt", "owner"], ["asset", "size", "quality", "n"], "Second"), (["model", "size"], ["asset", "size", "resolution", "quality", "n"], "Second"),
        (["prompt", "size"], ["size", "quality", "n"], "First"), (["asset", "size", "n", "quality"], ["prompt", "size", "resolution", "quality", "n"], "First")),
    )  # fmt: skip
    def test_a_list_in_front_is_not_the_plan(
        self, run: Run, tmp_path: Path, first: list[str], second: list[str], read: str
    ) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.title = "First"
        book.create_sheet("Second")
        for page, titles in zip(book.worksheets, (first, second), strict=True):
            page.append(titles)
            page.append(["x"] * len(titles))
        book.save(tmp_path / "plan.xlsx")
        account = sheets.read(str(tmp_path / "plan.xlsx")).account
        assert (account.sheet, *account.other_sheets) in (("First", "Second"), ("Second", "First"))
        assert account.sheet == read

    @pytest.mark.parametrize(
        "name", ("Lists", "Drop-down lists", "下拉选项", "Auswahllisten", "设置", "Config", "Price list", "Sizes")
    )
    def test_a_sheet_named_like_a_list_is_read_if_no_other_fits(self, run: Run, tmp_path: Path, name: str) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.title = name
        for other, sheet, others in (("", name, ()), ("Notes", name, ()), ("Plan", "Plan", (name,))):
            page = book.create_sheet(other) if other else book.active
            for row in [["what to do"]] if other == "Notes" else [["size", "quality", "n"], ["16:9", "low", 2]]:
                page.append(row)
            book.save(tmp_path / "plan.xlsx")
            account = sheets.read(str(tmp_path / "plan.xlsx")).account
            assert (account.sheet, account.other_sheets) == (sheet, others)
        quoted = run("quote", str(tmp_path / "plan.xlsx"), "--sheet", "all").err
        assert f"named like lists of values, settings or prices, and not read: {name} (--sheet NAME)\n" in quoted
        assert "1 request, 0 rejected, 13 credits" in quoted

    @pytest.mark.parametrize(
        ("cover", "rows", "warned"),
        (("Cover", [["Spring"], [], ["Resolution: 4k"]], ("sheet.above", "Cover", 3, "Resolution: 4k", "resolution")), ("Brief", [["Resolution", "4k"], ["Owner", "Kim"]], ("sheet.above", "Brief", 1, "Resolution: 4k", "resolution")),
        ("Notes", [["Quality: low unless noted"]], ("sheet.stated_default", "Notes", 1, "Quality: low unless noted", "quality")), ("Notes", [["Ratio: 16:9"]], None), ("reAPI totals", [["Resolution: 4k"]], None)),
    )  # fmt: skip
    @pytest.mark.parametrize("is_first", (True, False))
    def test_what_another_sheet_states_is_named(
        self,
        run: Run,
        tmp_path: Path,
        cover: str,
        rows: list[list[str]],
        warned: tuple[Any, ...] | None,
        is_first: bool,
    ) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book, plan = openpyxl.Workbook(), [["asset", "size", "quality"], ["a", "16:9", ""]]
        book.remove(book.active)
        for title, cells in [(cover, rows), ("Plan", plan)][:: 1 if is_first else -1]:
            page = book.create_sheet(title)
            for row in cells:
                page.append(row)
        book.save(tmp_path / "plan.xlsx")
        account = sheets.read(str(tmp_path / "plan.xlsx")).account
        found = [(each.rule, each.sheet, each.row, each.title, each.field) for each in account.warnings]
        assert (account.sheet, account.other_sheets, found) == ("Plan", (), [warned] if warned else [])
        if warned and warned[0] == "sheet.above":
            line = f'sheet.above: sheet "{cover}", row {warned[2]}: "Resolution: 4k" is outside the table'
            assert line in run("quote", str(tmp_path / "plan.xlsx")).err

    def test_visible_only(self, run: Run, book: str) -> None:
        result = run("quote", book, "--visible-only")
        assert "2 requests, 0 rejected, 766 credits" in result.err
        assert "Old" not in result.err

    def test_all_sheets(self, run: Run, book: str, tmp_path: Path) -> None:
        result = run("quote", book, "--sheet", "all", "--account", str(tmp_path / "a.json"))
        lines = result.out.splitlines()
        assert (
            lines[0]
            .replace('"', "")
            .startswith("sheet,asset,size,resolution,quality,n,Ratio,Res,Qty,Quality,reapi_verdict")
        )
        assert 'sheet "Germany": 3 requests, 0 rejected, 773 credits' in result.err
        assert 'sheet "France": 1 request, 0 rejected, 1517 credits' in result.err
        assert "5 requests, 0 rejected, 2459 credits" in result.err
        assert [account["sheet"] for account in json.loads((tmp_path / "a.json").read_bytes())] == [
            "Germany",
            "France",
            "Old",
        ]
        assert 'sheet "France", row 2: accepted' in run("check", book, "--sheet", "all").out
        assert run("quote", book, "--sheet", "all", "--in-place").code == 2
        assert 'sheet "Germany": --where go: no column' in run("quote", book, "--sheet", "all", "--where", "go=1").err

    def test_equal_titles_of_one_sheet_are_columns_of_their_own(self) -> None:
        """In each sheet the second of a title is under the second of the others."""
        texts = ("note,size,note\na,1:1,b\n", "size,note\n1:1,c\n", "note,note,note,size\nd,e,f,1:1\n")
        table, _ = together(
            [replace(read_csv(text.splitlines(keepends=True)), sheet=name) for name, text in zip("XYZ", texts)]
        )
        assert table.columns.titles == ("sheet", "note", "size", "note", "note")
        assert [row.cells for row in table.rows] == [
            ["X", "a", "1:1", "b", ""], ["Y", "c", "1:1", "", ""], ["Z", "d", "1:1", "e", "f"],
        ]  # fmt: skip

    def test_all_sheets_to_a_workbook(self, run: Run, book: str, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        pytest.importorskip("xlsxwriter")
        run("quote", book, "--sheet", "all", "-o", str(tmp_path / "out.xlsx"))
        out = openpyxl.load_workbook(tmp_path / "out.xlsx")
        assert out.sheetnames == ["Germany", "France", "Old", "reAPI totals", "reAPI columns"]
        assert out["France"]["A2"].value == "France"
        assert "'France'!" in out["reAPI totals"]["B6"].value
        again = run("quote", str(tmp_path / "out.xlsx"), "--sheet", "all")
        assert again.out.splitlines()[0].startswith('sheet,asset,"size",')
        assert "1517 credits" in again.err

    def test_a_sheet_without_rows_takes_none_of_the_next_one(self, run: Run, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        pytest.importorskip("xlsxwriter")
        book = openpyxl.Workbook()
        for sheet, rows in ((book.active, []), (book.create_sheet("May"), [["1:1", 2]])):
            for row in (["size", "n"], *rows):
                sheet.append(row)
        book.save(tmp_path / "plan.xlsx")
        run("quote", str(tmp_path / "plan.xlsx"), "--sheet", "all", "-o", str(tmp_path / "out.xlsx"))
        out = openpyxl.load_workbook(tmp_path / "out.xlsx")
        assert [(sheet.title, sheet.max_row) for sheet in out][:2] == [("Sheet", 1), ("May", 2)]

    def test_the_titles_of_a_workbook_in_chinese_are_known_again(self, run: Run, book: str, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        pytest.importorskip("xlsxwriter")
        run("quote", book, "--lang", "zh", "-o", str(tmp_path / "out.xlsx"))
        titles = [cell.value for cell in openpyxl.load_workbook(tmp_path / "out.xlsx")["Germany"][1]]
        assert titles[5] == "reAPI 结论"
        assert run("quote", str(tmp_path / "out.xlsx")).out.splitlines()[0].count("reapi_verdict") == 1
        run("quote", str(tmp_path / "out.xlsx"), "--in-place")
        titles = [cell.value for cell in openpyxl.load_workbook(tmp_path / "out.xlsx")["Germany"][1]]
        assert titles[5:7] == ["reapi_verdict", "reapi_credits"]


class TestFixed:
    def test_the_cells_of_a_csv_file(self, run: Run, plan: Any, tmp_path: Path) -> None:
        path = plan(
            '\ufeffPlan\r\nasset,"Ratio",Res,Quality,Qty\r\na, "16x9",2K,hd,2张\r\n"b",16:09:00,1k,高,1\r\nTotal,,,,3\r\n'
        )
        result = run("check", path, "--fixed", str(tmp_path / "fixed.csv"))
        assert (tmp_path / "fixed.csv").read_bytes().decode() == (
            '\ufeffPlan\r\nasset,"Ratio",Res,Quality,Qty\r\na,16:9,2K,high,2\r\n"b",16:9,1k,high,1\r\nTotal,,,,3\r\n'
        )
        assert 'fixed D3: "hd" -> "high"' in result.out
        assert "fixed.csv: 5 cells in 2 requests" in result.err

    def test_what_has_no_column_stays(self, run: Run, plan: Any, tmp_path: Path) -> None:
        run("check", plan("size,n\n2K,1\n1:1,9\n"), "--fixed", str(tmp_path / "fixed.csv"))
        assert (tmp_path / "fixed.csv").read_text() == "size,n\n2K,1\n1:1,9\n"

    def test_the_cells_of_a_workbook(self, run: Run, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        pytest.importorskip("python_calamine")
        book = openpyxl.Workbook()
        for row in (["asset", "Ratio", "Qty"], ["a", time(16, 9), 2], ["b", "16：9", "x3"]):
            book.active.append(row)
        book.active["A1"].font = openpyxl.styles.Font(bold=True)
        book.save(tmp_path / "plan.xlsx")
        run("check", str(tmp_path / "plan.xlsx"), "--fixed", str(tmp_path / "fixed.xlsx"))
        page = openpyxl.load_workbook(tmp_path / "fixed.xlsx").active
        assert [[cell.value for cell in row] for row in page] == [
            ["asset", "Ratio", "Qty"],
            ["a", "16:9", 2],
            ["b", "16:9", 3],
        ]
        assert page["A1"].font.bold


def test_advice_in_a_sheet(run: Run, plan: Any) -> None:
    lines = run("advise", plan(SIZE + TWO), "--format", "csv").out.splitlines()
    assert lines[0].endswith("reapi_notes,reapi_change,reapi_credits_then,reapi_change_saves,reapi_gives_up")
    assert lines[1].endswith("quality=medium,191,568,gives up high quality for medium")
    assert run("advise", "-", "--from", "ndjson", "--format", "csv", stdin=b"{}").code == 2


class Frame:
    """As much of a data frame as is asked for, since most who read sheets have neither pandas nor polars."""

    index = "own"

    def __init__(self, cells: dict[Any, Any]) -> None:
        self.cells, self.columns, self.iloc = cells, [*cells], self

    def __getitem__(self, places: tuple[slice, list[int]]) -> Frame:
        return self.select(places[1])

    def select(self, places: list[int]) -> Frame:
        return Frame({self.columns[at]: self.cells[self.columns[at]] for at in places})

    def copy(self) -> dict[Any, Any]:
        return dict(self.cells)

    def with_columns(self, columns: list[tuple[str, Any]]) -> dict[Any, Any]:
        return self.cells | dict(columns)


class OfPandas(Frame):
    MODULE = SimpleNamespace(Series=lambda cells, index, dtype: (cells, index, dtype))

    def itertuples(self, *, index: bool, name: str | None) -> Any:
        return zip(*self.cells.values()) if (index, name) == (False, None) else ()


class OfPolars(Frame):
    MODULE = SimpleNamespace(
        Series=lambda name, cells, dtype: (name, (cells, "own", dtype)), nth=list, Int64="Int64", String="object"
    )

    def iter_rows(self) -> Any:
        return zip(*self.cells.values())


class TestPython:
    @pytest.mark.parametrize(("name", "kind"), (("pandas", OfPandas), ("polars", OfPolars)))
    def test_a_frame_as_it_is_asked_for(self, monkeypatch: pytest.MonkeyPatch, name: str, kind: Any) -> None:
        monkeypatch.setitem(sys.modules, name, kind.MODULE)
        given: dict[Any, Any] = {
            "asset": ["a", "b", "c", "d"], 7: [1, 2, 3, 4], "reapi_usd": ["x"] * 4, "Ratio": ["square", "square", "4:1", "7:5"], "Many": [2, 3, 2, 2],
            "Look": ["draft", "fine", "draft", "draft"], "Plan": ["y", "n", "y", "y"],
        }  # fmt: skip
        catalog = Catalog.load(THIRD_MODEL)
        quoted = sheets.quote_frame(
            kind(given), columns={"n": "Many"}, where={"Plan": "y"}, catalog=catalog, default_model="paint-1"
        )
        kept = {title: cells for title, cells in given.items() if title != "reapi_usd"}
        frame = quoted.frame
        assert {title: frame[title] for title in kept} == kept
        assert [*frame] == [*kept, *(column.name for column in column_names().results)]
        assert frame["reapi_verdict"] == (["warning", None, "warning", "rejected"], "own", "object")
        assert frame["reapi_credits"] == ([85, None, 85, None], "own", "Int64")
        assert frame["reapi_cell"] == (["fine", None, "fine", None], "own", "object")
        account = quoted.account
        assert (account.header_row, account.sheet, account.skipped["where"].rows) == (None, None, [2])
        assert [(each.title, each.field) for each in account.columns if each.field] == [
            ("Ratio", "size"),
            ("Many", "n"),
        ]
        assert [(each.title, each.field) for each in account.warnings] == [("Look", "quality")]
        assert account.defaults["model"].value == "paint-1"
        assert next(account.lines()) == 'read size from D "Ratio", n from E "Many"'
        with pytest.raises(SheetError, match="no row has that value"):
            sheets.quote_frame(kind(given), where={"Plan": "x"}, columns={"n": "Many"}, catalog=catalog)

    @pytest.mark.parametrize(("encoding", "is_said"), (("utf-8", False), ("utf-8-sig", False), ("cp1252", True)))
    def test_an_encoding_is_named_where_it_is_assumed(self, encoding: str, is_said: bool, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_bytes("Größe,Qty\n16:9,2\n".encode(encoding))
        assert any("it is not UTF-8" in line for line in sheets.read(str(path)).account.lines()) is is_said

    def test_cells_of_a_frame_as_those_of_a_sheet(self) -> None:
        for name in ("NAType", "NaTType"):  # what pandas has for nothing
            assert _plain(type(name, (), {})()) == ""
        for method in ("to_pydatetime", "to_pytimedelta", "tolist", "to_list"):
            assert _plain(SimpleNamespace(**{method: lambda: Decimal("2.5")})) == 2.5
        assert _plain(SimpleNamespace(tolist=lambda: Decimal("NaN"))) == ""
        cells = (None, math.nan, 2, True, "x", [1, Fraction(5, 2)], (day := date(2026, 7, 28)), {1})
        assert [*map(_plain, cells)] == ["", "", 2, True, "x", '[1,"5/2"]', day, "{1}"]

    def test_a_file_with_all_that_can_be_said_of_it(self, tmp_path: Path) -> None:
        titles, rows = (
            "Größe,Many,Look,Plan",
            ("square,2,draft,y", "square,3,fine,n", "07:05,2,draft,y", ",,,", "4:1,9,draft,y"),
        )
        path = tmp_path / "plan.v2.CSV"
        path.write_bytes("\n".join((titles, *rows, "")).encode("utf-16-le"))
        reading = sheets.read(
            path, columns={"n": "Many"}, where={"Plan": "y"}, encoding="utf-16-le", catalog=Catalog.load(THIRD_MODEL),
            default_model="paint-1",
        )  # fmt: skip
        found = [(each.where, each.body["n"], each.report.ok, len(each.notes)) for each in reading.requests]
        assert found == [("row 2", 2, True, 0), ("row 4", 2, False, 1), ("row 6", 9, True, 0)]
        assert (reading.totals.requests, reading.totals.rejected, reading.totals.credits) == (3, 1, 85 + 383)
        assert reading.account.skipped["where"].rows == [3]
        assert [(each.title, each.field) for each in reading.account.warnings] == [("Look", "quality")]
        assert reading.account.defaults["model"].value == "paint-1"

    def test_a_sheet_of_a_workbook(self, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for name in ("First", "Second"):
            page = book.create_sheet(name)
            for row in (("size", "n"), ("1:1", 1), ("16:9", 2)):
                page.append(row)
        page.row_dimensions[2].hidden = True
        book.save(tmp_path / "plan.xlsx")
        for sheet, visible_only, numbers in ((None, False, [1, 2]), ("Second", False, [1, 2]), ("Second", True, [2])):
            reading = sheets.read(tmp_path / "plan.xlsx", sheet=sheet, visible_only=visible_only)
            assert (reading.account.sheet, [each.body["n"] for each in reading.requests]) == (sheet or "First", numbers)

    @pytest.mark.parametrize("suffix", ("csv", "xlsx"))
    def test_a_header_that_the_caller_or_a_model_of_his_own_explains(self, tmp_path: Path, suffix: str) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        rows = (("Plan of May", "", ""), ("asset", "Many", "Look"), ("a", 2, "draft"), ("b", 3, "fine"))
        path, book = tmp_path / f"plan.{suffix}", openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        if suffix == "csv":
            path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
        reading = sheets.read(path, columns={"n": "Many"}, catalog=Catalog.load(THIRD_MODEL), default_model="paint-1")
        assert (reading.account.header_row, [each.body["n"] for each in reading.requests]) == (2, [2, 3])
        assert [(each.title, each.field) for each in reading.account.warnings] == [("Look", "quality")]

    def test_a_file(self, plan: Any) -> None:
        reading = sheets.read(plan("Ratio,Qty\n16:9,2\nTotal,2\n"))
        assert [(request.where, request.body["n"]) for request in reading.requests] == [("row 2", 2)]
        assert reading.totals.credits == 428
        assert reading.account.skipped["total"].count == 1
        with pytest.raises(SheetError, match="its suffix is not one of csv"):
            sheets.read("plan.pdf")
        with pytest.raises(AttributeError):
            sheets.write  # noqa: B018

    def test_a_frame(self) -> None:
        pandas = pytest.importorskip("pandas")
        numpy = pytest.importorskip("numpy")
        frame = pandas.DataFrame(
            {
                "asset": ["a", "b", "c", "Total"],
                "Ratio": ["16:9", None, "1:1", numpy.nan],
                "Qty": [2, numpy.nan, 1, 3.0],
            },
            index=list("wxyz"),
        )
        quoted = sheets.quote_frame(frame)
        assert quoted.frame["reapi_credits"].tolist() == [428, pandas.NA, 169, pandas.NA]
        assert list(quoted.frame.index) == list("wxyz")
        assert list(frame.columns) == ["asset", "Ratio", "Qty"]
        assert quoted.account.skipped["total"].rows == [4]
        assert quoted.account.header_row is None
        assert next(quoted.account.lines()) == 'read size from B "Ratio", n from C "Qty"'
        again = sheets.quote_frame(quoted.frame)
        assert list(again.frame.columns) == list(quoted.frame.columns)
        numbers = pandas.DataFrame({"size": ["16:9"], "n": numpy.array([2], dtype="int32")})
        assert sheets.quote_frame(numbers).frame["reapi_credits"].tolist() == [428]

    def test_a_path_as_it_is(self, plan: Any) -> None:
        assert sheets.read(Path(plan("size,n\n16:9,2\n"))).totals.credits == 428

    @pytest.mark.parametrize("frame", ([{"size": "16:9"}], {"size": ["16:9"]}, None))
    def test_what_is_no_frame(self, frame: Any) -> None:
        with pytest.raises(TypeError, match=r"^frame is a data frame of pandas or polars"):
            sheets.quote_frame(frame)

    def test_a_frame_of_polars(self) -> None:
        polars = pytest.importorskip("polars")
        frame = polars.DataFrame(
            {
                "asset": ["a", "b", "c", "d"],
                "Ratio": [time(16, 9), None, time(1, 1), None],
                "Qty": [2, None, 1, None],
                "reapi_credits": [1, 2, 3, 4],
            }
        )
        quoted = sheets.quote_frame(frame)
        assert quoted.frame["reapi_credits"].to_list() == [428, None, 169, None]
        assert quoted.frame["reapi_credits"].dtype == polars.Int64
        assert {quoted.frame[name].dtype for name in ("reapi_errors", "reapi_verdict")} == {polars.String}
        assert quoted.account.skipped["note"].rows == [2, 4]
        account = sheets.quote_frame(frame, default_model="gpt-image-2").account
        assert "no model column: gpt-image-2;" in "\n".join(account.lines())
        assert quoted.frame.columns[:4] == ["asset", "Ratio", "Qty", "reapi_verdict"]
        assert frame["reapi_credits"].to_list() == [1, 2, 3, 4]
        assert sheets.quote_frame(quoted.frame).frame.equals(quoted.frame)
        numbers = polars.DataFrame({"size": ["16:9"], "n": [Decimal("2.000")]})
        assert sheets.quote_frame(numbers).frame["reapi_credits"].to_list() == [428]


class TestCurrency:
    def test_the_amount_the_rate_and_its_day(self, run: Run, plan: Any) -> None:
        path = plan(SIZE + TWO + "c,7:5,2k,high,1\n")
        result = run("quote", path, "--currency", "cny=7.12@2026-11-01")
        rows = list(csv.DictReader(result.out.splitlines()))
        rate = "1 USD = 7.12 CNY, 2026-11-01"
        assert [(row["reapi_credits"], row["reapi_converted"], row["reapi_rate"]) for row in rows] == [
            ("759", "5.40408", rate), ("5", "0.03560", rate), ("", "", ""),
        ]  # fmt: skip
        assert f"\nconverted: 5.43968 CNY ({rate})\n" in result.err
        plain = list(csv.DictReader(run("quote", path).out.splitlines()))
        assert plain == [{name: cell for name, cell in row.items() if name in plain[0]} for row in rows]

    def test_bounds_and_chinese(self, run: Run, plan: Any) -> None:
        said = run(
            "quote", plan("size,resolution,quality\n640x480,2k,low\n"), "--currency", "JPY=151", "--lang", "zh"
        ).err
        assert f"折算：0.604 至 3.624 JPY（1 USD = 151 JPY, {date.today()}）" in said

    @pytest.mark.parametrize(
        "given", ("CNY", "CNY=0", "CNY=0.00", "CNY=-1", "CNY=1e3", "CN=7", "CNY=7,12", "CNY=7@2026-13-01")
    )
    def test_what_is_no_rate(self, run: Run, plan: Any, given: str) -> None:
        result = run("quote", plan(SIZE + TWO), "--currency", given)
        assert (result.code, result.out) == (2, "")
        assert "--currency: " in result.err

    def test_it_goes_with_a_sheet(self, run: Run, plan: Any) -> None:
        result = run("quote", plan(SIZE + TWO), "--by", "quality", "--currency", "CNY=7.12")
        assert result.code == 2
        assert "--currency goes with a sheet that is written" in result.err

    def test_a_workbook_with_both(self, run: Run, plan: Any, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        run(
            "quote",
            plan(SIZE + TWO),
            "--currency",
            "CNY=7.12",
            "--set",
            "quality=low",
            "-o",
            str(tmp_path / "out.xlsx"),
        )
        page = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
        row = {cell.value: page.cell(2, cell.column).value for cell in page[1]}
        assert (row["reAPI credits"], row["reAPI converted"], row["reAPI credits before"]) == (22, 0.15664, 759)
        assert [
            cell
            for cell in run("quote", str(tmp_path / "out.xlsx")).out.splitlines()[0].split(",")
            if "convert" in cell
        ] == []


def test_a_number_that_may_be_a_sum_is_whole() -> None:
    values = {
        "150": 150,
        "-3": -3,
        "2.0": 2,
        "+5": 5,
        "2,00": 2,
        " 12 ": 12,
        "2张": 2,
        "1.5": None,
        "x": None,
        "1" * 16: None,
        7: 7,
        4.0: 4,
    }
    assert {cell: _value(cell) for cell in values} == values


def test_half_of_the_texts_of_a_header_are_titles_and_a_long_prompt_says_no_total() -> None:
    table, titles = read_csv(["asset,n\n"]), {0: "size", 1: "quality", 2: "aaa", 3: "bbb"}
    sorter = _Sorter(table, Account.of(table), {})
    assert sorter._fields_named(titles) == {0: "shape", 1: "quality"}
    assert sorter._fields_named(titles | {4: "ccc"}) == sorter._fields_named({0: "size"}) == {}
    sorter._read, sorter._prompt, sorter._totals = {0: "prompt", 2: "shape"}, 0, frozenset({"total"})
    texts = ["Total ".ljust(_LONGEST_KNOWN + more, "x") for more in (0, 1)]
    assert [[sorter._says_total(at, text) for text in texts] for at in (0, 1, 2)] == [
        [True, False],
        [True, True],
        [False, False],
    ]


@pytest.mark.parametrize("rest", ("16:9,low,1", "16:9,,1"))
def test_a_total_above_long_prompts_leaves_them_requests(rest: str) -> None:
    table = read_csv(["prompt,size,quality,n\n", "Total,,,2\n", f"{'a' * 300},{rest}\n", f"{'b' * 300},{rest}\n"])
    account = Account.of(table)
    assert [row.skipped for row in sort_rows(table, account).rows] == ["total", "", ""]
    assert account.missed is None
