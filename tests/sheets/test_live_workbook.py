"""The self-calculating workbook, recalculated by real Calc: it says what the engine says."""

from __future__ import annotations

import io
import json
import math
import re
import tempfile
import zipfile
from contextlib import nullcontext
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Engine, RateCard, preflight
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.engine.report import Report
from reapi_rules.sheets.live.lookup import MIRRORED, Unit, combinations, models_of, nearest_sizes, unit_of
from reapi_rules.sheets.meaning.cells import RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import Columns, SheetError, column_names
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.results.result import result
from tests.support.calc import Calc, needs_calc
from tests.support.schema_tools import ROOT
from tests.support.workbook_lint import faults
from tests.tools.generate_docs import WORKBOOK, workbook

calamine = pytest.importorskip("python_calamine", reason="needs python-calamine: pip install '.[test-all]'")
pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

from reapi_rules.sheets.live.formulas import FORMULAS, LETTERS, rows_without_formulas  # noqa: E402  # after the check for what it needs
from reapi_rules.sheets.live.page import FIRST_ROW  # noqa: E402
from reapi_rules.sheets.live.workbook import _Answers, write_workbook  # noqa: E402

OFFICIAL, SIBLING = "gpt-image-2-official", "gpt-image-2"
MODELS = models_of(built_in())
THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"
SIZES = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "2:1", "1:2", "21:9", "9:21", "auto")
IMAGE = "https://a.example/1.png"
TABLED = {"x".join(map(str, edges)) for edges in built_in().models[OFFICIAL].pixels.values()}
OTHERS = tuple(id for id in built_in().known_ids.ids if id not in built_in().models)
FUNCTIONS_OF_BOTH = {
    "AND", "CHAR", "COUNT", "COUNTIF", "FIND", "IF", "IFERROR", "INDEX", "INT", "ISERROR", "ISFORMULA", "ISNUMBER", "LEFT", "LEN", "LOWER", "MATCH", "MAX", "MID", "MIN", "NOT", "OR", "RIGHT",
    "ROUND", "ROW", "SUBSTITUTE", "SUM", "SUMPRODUCT", "TRIM", "VALUE",
}  # fmt: skip

Row = tuple[Any, ...]  # model, size, resolution, quality, n, reference images


def pixel_sizes() -> list[str]:
    """Sizes in pixels of every shape and area, next to where another shape or area is as near, and beyond."""
    widths = (3, 640, 1201, 1776, 2222, 5000, 999_999)
    found = {f"{width}x{height}" for width in widths for height in widths}
    found |= {f"{width}x{width * 1000 // ratio}" for width in (700, 1900) for ratio in range(400, 2600, 170)}
    return sorted((found | {"0x5", "1000000x1000000"}) - TABLED)


def every_row() -> list[Row]:
    """Every combination of words, accepted or not, what is left out, and mistakes of every kind."""
    words = product(
        ("", SIBLING), ("", *SIZES), ("", "1k", "2k", "4k"), ("", "auto", "low", "medium", "high"), (1, 2, 3, 4)
    )
    rows: list[Row] = [
        (*row, "")
        for row in words
        if row[4] == 1 or (row[0] == "" and all(row[1:4])) or (row[0] and not row[3] and row[4] == 2)
    ]
    rows += [
        ("", "", resolution, quality, n, IMAGE)
        for resolution in ("1k", "2k", "4k")
        for quality in ("low", "", "high")
        for n in (1, 3)
    ]
    rows += [
        ("", size, resolution, "low", 1, "")
        for size in ("1024x1024", "3840x2160", "2048x1152", "1920x1080", "7:5", "16x9", "1:1*", "?:1", "x", "10x", "1e3x5", "auto ", 0.6729166667, "16:09", "16:09:00", "04:09:00 PM", "01:01", "09:16", "01024x01024", "123456789012345678901x1", "1x2x3", "-1x5", MIRRORED, "(mirrored)", "16：9", "ａｕｔｏ", "-", "16×9", "16*9", "１６:９", "８００×６００", "800x600 pixels", "3:2 (1536x1024)", "SQUARE (1:1)", "16:9横屏", "竖屏9:16", "\ufeff16:9\u200b")
        for resolution in ("1k", "2k", "4k")
    ]  # fmt: skip
    rows += [
        ("", size, resolution, quality, n, "")
        for size in pixel_sizes()
        for resolution, quality, n in (("", "", 1), ("1k", "low", 3), ("2k", "medium", 4), ("4k", "high", 2))
    ]
    rows += [
        ("", size, resolution, "low", 1, images)
        for size in ("", "16:9")
        for resolution in ("2k", "4k")
        for images in ("yes", "no", " No ", f"{IMAGE}\n{IMAGE}", "HTTPS://a.example/1.png", "photo.png", "data:image/png;base64,AA")
    ]  # fmt: skip
    rows += [
        (OFFICIAL, "1:1", "8k", "hd", 9, "photo.png"),
        ("dall-e", "1:1", "", "", 1, ""),
        (SIBLING, "1024x1024", "1k", "", 1, ""),
        (SIBLING, "1:1", "1k", "hd", 1, ""),
    ]
    rows += [
        ("flux-2", "16:9", "2K", "", "", ""),
        ("flux-2-flex", "21:9", "3K", "hd", 2, ""),
        ("gpt-image-2-beta", "", "", "", "", ""),
        ("imagen-4-0", "7:5", "2k", "", 2, ""),
        ("z-image", "1:1", "", "", "", "photo.png"),
        *((f"wan2.7-image{pro}", "16:9", "1k", "", n, "") for pro in ("", "-pro") for n in (4, 5, 12)),
        *(("", "16:9", tier, "low", 1, "") for tier in ("2 k", "２k", "4K UHD", "1K UHD")),
        *(("", "16:9", "2k", "low", 1, link) for link in ("http://", "https:///a")),
        ("midjourney", "7:5", "9k", "hd", 99, "x"),
        (OTHERS[0], "7:5", "9k", "hd", 99, ""),
    ]
    rows += [
        ("", "1:1", "1k", "low", n, "")
        for n in (
            0,
            5,
            -1,
            2.5,
            "x",
            "3",
            " 2 ",
            "２",
            "2.0",
            "2,0",
            "2张",
            "２张",
            "两张",
            "+2",
            "\t2",
            0.1 * 3 / 0.3 * 2,
        )
    ]
    rows += [("", "1:1", "2K", "low", 1, ""), ("", "", "", "", "", ""), ("", "", "", "", 2, "")]
    return rows


READER = RowReader(
    Columns(
        titles=("model", "size", "resolution", "quality", "n", "image_urls"),
        fields={"model": 0, "shape": 1, "tier": 2, "quality": 3, "number": 4},
        references=(5,),
    ),
    RowOptions(engine=Engine(default_model=OFFICIAL)),
)


def report_of(row: Row, card: RateCard | None = None) -> Report | None:
    """The engine's report on what the reader of sheets makes of a row."""
    *cells, images = row
    links = {"yes": IMAGE, "no": ""}.get(images.strip().lower(), images)
    plan = READER.plan([*cells, links])
    return None if plan is None else preflight({"model": OFFICIAL, "prompt": "x" * 8, **plan.body}, rates=card)


def expected(row: Row, card: RateCard | None = None) -> tuple[Any, ...]:
    """Verdict, rules, width, height, credits, low, by the engine."""
    report = report_of(row, card)
    if report is None:
        return ("", [], "", "", "", "")
    quote = report.quote
    if not report.ok:
        return ("rejected", [error.rule for error in report.errors], "", "", "", "")
    if quote is None or row[0] in OTHERS:  # other models are left to the program
        return ("no price", [], "", "", "no price", "")
    size = str(row[1])
    if re.fullmatch("(0.*|[0-9]{7,})x.*|.*x(0.*|[0-9]{7,})", size):
        return ("no price", [], "", "", "no price", "")  # and so are odd spellings of pixels
    dimensions = report.dimensions
    edges = (
        "" if edge is None else edge for edge in (dimensions and dimensions.width, dimensions and dimensions.height)
    )
    verdict = result(report).cells[0]
    return (verdict, [], *edges, *(("no price", "") if quote.credits is None else (quote.credits, quote.credits_low)))


def card_of(cells: dict[str, str]) -> RateCard:
    """A card with these cells of the official model."""
    return RateCard.from_dict(
        {
            "format": "reapi-rate-card/1", "id": "odd", "currency": "USD", "effective_from": "2026-09-01", "checked_on": "2026-09-01", "source": "a test",
            "usd_per_image": {OFFICIAL: cells},
        }
    )  # fmt: skip


def recalculated(
    calc: Calc, tmp_path: Path, rows: list[Row], card: RateCard | None, name: str, language: str = "en"
) -> Any:
    """The page after real Calc has worked it out; rows of seven cells begin with the asset."""
    output = io.BytesIO()
    write_workbook(output, card=card, rows=len(rows), language=language)
    book = openpyxl.load_workbook(io.BytesIO(output.getvalue()))
    page = book.worksheets[0]
    for at, row in enumerate(rows, FIRST_ROW):
        for column, cell in enumerate(row, 2 if len(row) == 6 else 1):
            if cell != "":
                page.cell(at, column, cell)
    path = tmp_path / f"{name}.xlsx"
    book.save(path)
    return (
        calamine.load_workbook(str(calc.convert(path, form="xlsx", into="live")[0]))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )


def answered(line: list[Any]) -> tuple[Any, ...]:
    cell = dict(zip(LETTERS, line))
    rules = [text.partition(":")[0] for text in cell["reapi_errors"].split(" | ")] if cell["reapi_errors"] else []
    return (
        cell["reapi_verdict"],
        rules,
        cell["reapi_width"],
        cell["reapi_height"],
        cell["reapi_credits"],
        cell["reapi_credits_low"],
    )


@needs_calc
class TestCalc:
    def test_it_says_what_the_engine_says(self, calc: Calc, tmp_path: Path) -> None:
        rows = every_row()
        words = {
            row
            for row in rows
            if row[1] in SIZES
            and row[2] in ("1k", "2k", "4k")
            and not row[5]
            and isinstance(row[4], int)
            and (report := report_of(row)) is not None
            and report.ok
        }
        assert sum(row[0] == "" and row[3] != "" for row in words) == 544
        assert sum(row[0] == SIBLING and row[3] == "" for row in words) == 34
        table = recalculated(calc, tmp_path, rows, built_in().card(), "all")
        found = [answered(line) for line in table[FIRST_ROW - 1 : FIRST_ROW - 1 + len(rows)]]
        wrong = [(row, is_now, should) for row, is_now in zip(rows, found) if is_now != (should := expected(row))]
        assert wrong == []
        credits, low = (sum(each[at] for each in found if isinstance(each[at], float)) for at in (4, 5))
        totals = dict(zip(LETTERS, table[2]))
        assert (totals["reapi_credits"], totals["reapi_credits_low"]) == (credits, low)
        verdicts, unpriced = [each[0] for each in found], sum(each[4] == "no price" for each in found)
        requests, rejected = len(list(filter(None, verdicts))), verdicts.count("rejected")
        assert totals["Asset"] == f"{requests} requests, {rejected} rejected, {unpriced} without a price"
        assert "reapi-2026-07" in table[1][0]
        assert "2026-07-28" in table[1][0]
        for row, line in zip(rows, table[FIRST_ROW - 1 :]):
            cell = dict(zip(LETTERS, line))
            if cell["reapi_medium_saves"] != "":
                before, after = expected(row), expected((*row[:3], "medium", *row[4:]))
                assert cell["reapi_medium_saves"] == before[4] - after[4]
                assert "billed as high" in cell["reapi_notes"]
            if row[0] in OTHERS:
                assert cell["reapi_notes"] == column_names().workbook["other_model"]["en"]
            elif cell["reapi_verdict"] == "rejected" and row[5] != "photo.png":
                report = report_of(row)
                assert report is not None
                assert cell["reapi_errors"] == " | ".join(f"{error.rule}: {error.message}" for error in report.errors)

    def test_a_total_is_no_request_and_all_is_said_in_chinese(self, calc: Calc, tmp_path: Path, run: Any) -> None:
        """In the workbook as on the command line, which knows the Chinese titles."""
        rows = [
            ("狐狸", "", "16:9", "2k", "high", 2, ""),
            ("合计：", "", "", "", "", 3, ""),
            ("Total", "", "1:1", "", "low", 1, ""),
            ("猫", "", "7:5", "", "", 1, ""),
        ]
        table = recalculated(calc, tmp_path, rows, built_in().card(), "zh", "zh")
        found = [dict(zip(LETTERS, line)) for line in table[FIRST_ROW - 1 : FIRST_ROW - 1 + len(rows)]]
        assert [each["reapi_verdict"] for each in found] == ["通过", "", "通过", "拒绝"]
        assert [each["reapi_credits"] for each in found] == [759, "", 5, ""]
        assert [each["reapi_notes"] for each in found][:2] == ["", column_names().workbook["total"]["zh"]]
        assert "无效" in found[3]["reapi_errors"]
        assert table[2][0] == "3 个请求，1 个被拒绝，0 个没有价格"
        assert table[FIRST_ROW - 2][:8] == ["素材", "模型", "尺寸", "分辨率", "质量", "数量", "参考图", "reAPI 结论"]
        assert not re.search("[a-z]{3} [a-z]{3}", " ".join(map(str, (*table[0], *table[1], *table[3]))))
        result = run("quote", str(tmp_path / "zh.xlsx"), "-o", str(tmp_path / "again.csv"))
        assert "3 requests, 1 rejected, 764 credits" in result.err
        assert "(a total)" in result.err

    def test_it_brings_the_values_from_which_calc_starts(self, calc: Calc, tmp_path: Path) -> None:
        """Calc keeps the values of a file that it opens, and works out what depends on the cell that is typed."""
        path = tmp_path / "new.xlsx"
        with path.open("wb") as output:
            write_workbook(output, card=built_in().card(), rows=2)
        brought, worked_out = (
            calamine.load_workbook(str(book)) for book in (path, *calc.convert(path, form="xlsx", into="new"))
        )
        for name in ("Quote",):
            before, after = (
                [line for line in book.get_sheet_by_name(name).to_python(skip_empty_area=False) if set(line) - {""}]
                for book in (brought, worked_out)
            )
            assert before == after

    def test_awkward_prices_are_exact(self, calc: Calc, tmp_path: Path) -> None:
        """0.006 x 3 gives 18; a hair above and below whole credits, with as many digits as a spreadsheet counts."""
        prices = (
            "0.006", "0.0475", "0.07", "0.1", "0.167", "0.021", "0.250000000001", "0.249999999999", "0.333333333333",
            "0.333333333334", "0.000000000001", "249.999999999999", "249.000000000001",
        )  # fmt: skip
        card = card_of(dict(zip((f"{size}@1k_low" for size in SIZES[:13]), prices)))
        rows: list[Row] = [("", size, "1k", "low", n, "") for size in SIZES[:13] for n in (1, 2, 3, 4)]
        table = recalculated(calc, tmp_path, rows, card, "odd")
        for row, line in zip(rows, table[FIRST_ROW - 1 :]):
            assert answered(line) == expected(row, card)
            exact = Fraction(prices[SIZES.index(row[1])]) * row[4] * 1000
            assert answered(line)[4] == -(-exact.numerator // exact.denominator)

    def test_a_gap_on_the_card_is_no_price_and_no_saving(self, calc: Calc, tmp_path: Path) -> None:
        card = card_of({"1:1@1k_low": "0.1", "1:1@1k_high": "0.5", "16:9@1k_high": "0.5", "16:9@1k_medium": "0.2"})
        rows: list[Row] = [
            ("", size, "1k", quality, 1, images)
            for size, quality, images in (("1:1", "low", ""), ("1:1", "medium", ""), ("1:1", "", ""), ("16:9", "", ""), ("auto", "", ""), ("", "low", "yes"), ("", "low", ""))
        ]  # fmt: skip
        table = recalculated(calc, tmp_path, rows, card, "gaps")
        lines = [dict(zip(LETTERS, line)) for line in table[FIRST_ROW - 1 :]][: len(rows)]
        for row, line in zip(rows, table[FIRST_ROW - 1 :]):
            assert answered(line) == expected(row, card)
        assert [line["reapi_credits"] for line in lines] == [100, "no price", 500, 500, "no price", "no price", 100]
        assert [line["reapi_medium_saves"] for line in lines] == ["", "", "", 300, "", "", ""]
        assert ["no price" in line["reapi_notes"] for line in lines] == [False, True, False, False, True, True, False]
        assert table[2][0] == "7 requests, 0 rejected, 3 without a price"


@cache
def written() -> bytes:
    """The workbook with three rows; most of the time goes into its table of spellings, and none into a file."""
    output = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/nowhere")
        write_workbook(output, card=built_in().card(), rows=3)
    return output.getvalue()


@cache
def loaded() -> Any:
    """The same, to be looked at."""
    return openpyxl.load_workbook(io.BytesIO(written()))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestFile:
    @pytest.fixture
    def book(self) -> Any:
        return loaded()

    def test_only_functions_that_excel_2016_and_google_sheets_both_have(self) -> None:
        formulas = (*FORMULAS.values(), rows_without_formulas(6, 9))
        used = {name for formula in formulas for name in re.findall(r"([A-Z]{2,})\(", formula)}
        assert used <= FUNCTIONS_OF_BOTH
        assert all(len(formula) < 8_192 for formula in formulas)
        assert not [text for formula in formulas for text in re.findall(r'"([^"]*)"', formula) if len(text) > 255]

    def test_a_row_reads_no_other_row(self) -> None:
        """No formula names a cell: each addresses its row, so it is the same in every row and never dragged along."""
        for title, formula in FORMULAS.items():
            assert not re.findall(r"\b\$?[A-Z]{1,2}\$?[0-9]+\b", re.sub(r'"[^"]*"', "", formula)), title

    def test_the_lint_finds_nothing(self) -> None:
        assert faults(written()) == []

    def test_tables_are_hidden_and_there_is_no_macro(self, book: Any) -> None:
        assert {name: book[name].sheet_state for name in book.sheetnames} == {
            "Quote": "visible",
            "Notes": "visible",
            "reAPI rules": "hidden",
        }
        assert book.vba_archive is None
        assert book["Quote"].freeze_panes == f"B{FIRST_ROW}"
        assert book["Quote"].print_title_rows == f"${FIRST_ROW - 1}:${FIRST_ROW - 1}"

    def test_its_prices_are_those_of_its_card(self) -> None:
        output = io.BytesIO()
        write_workbook(output, card=card_of({"1:1@1k_low": "0.987"}), rows=1)
        table = openpyxl.load_workbook(output)["reAPI rules"]
        assert [cell for row in table.values for cell in row if cell == 987]

    def test_each_verdict_is_in_the_language_asked_for_and_without_a_card_there_is_no_price(self) -> None:
        verdicts, output = workbook_texts().verdicts, io.BytesIO()
        write_workbook(output, rows=1, language="zh")
        book = openpyxl.load_workbook(output)
        page = book.worksheets[0]
        no_card = column_names().workbook["no_card"]["zh"]
        assert [book.worksheets[0]["A2"].value, book.worksheets[1]["A1"].value] == [no_card] * 2
        names = ("r_price", "r_low", "r_width")
        areas = (book.defined_names[name].attr_text.partition("!")[2].replace("$", "") for name in names)
        filled = [any(cell.value for (cell,) in book.worksheets[2][area]) for area in areas]
        assert dict(zip(names, filled)) == {"r_price": False, "r_low": False, "r_width": True}
        assert [str(each.oddFooter.right.text) for each in book.worksheets[:2]] == ["第 &P 页，共 &N 页"] * 2
        named = [
            name.attr_text.replace("$", "").split("!") for name in book.defined_names.values() if name.name[:2] == "t_"
        ]
        texts = [str(book[sheet.strip("'")][place].value) for sheet, place in named]
        texts += (
            cell.value for each in book.worksheets[:2] for row in each.rows for cell in row if cell.data_type == "s"
        )
        texts += page["A3"].value.split('"')[1::2]  # of the totals
        assert {text for text in texts if not re.search("[\u4e00-\u9fff]", text)} <= {workbook_texts().work, ""}
        sentence = re.compile(r"\w+ \w+ [a-z]+|.*[\u4e00-\u9fff]")
        told = [str(cell) for row in book["reAPI rules"].values for cell in row if sentence.match(str(cell))]
        assert [each for each in told if not re.search("[\u4e00-\u9fff]", each)] == []
        rules = [rule.formula[0] for area in page.conditional_formatting for rule in area.rules]
        formulas = [cell.value for cell in page[FIRST_ROW] if cell.data_type == "f"]
        for texts in (rules, formulas):
            said = {text for each in texts for text in re.findall('"([^"]*)"', each)}
            assert said & {*verdicts} == set()
            assert {each["zh"] for each in verdicts.values()} <= said

    def test_its_notes_name_its_models(self, book: Any) -> None:
        text = "\n".join(str(row[0].value) for row in book["Notes"].rows)
        assert all(model.id in text for model in MODELS)
        assert len(MODELS) == len(built_in().models)

    def test_its_notes_are_printed_one_page_wide_each_as_high_as_its_text(self, book: Any) -> None:
        page = book["Notes"]
        assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        for row in page.rows:
            assert (page.row_dimensions[row[0].row].height or 15) >= 15 * math.ceil(len(row[0].value) / 120), row[
                0
            ].value

    def test_drop_downs(self, book: Any) -> None:
        lists = {str(each.sqref): each.formula1 for each in book["Quote"].data_validations.dataValidation}
        assert lists == {
            "B6:B8": "m_id", "C6:C8": "sizes", "D6:D8": "resolutions", "E6:E8": "qualities",
            "F6:F8": '"1,2,3,4,5,6,7,8,9,10,11,12"', "G6:G8": '"yes,no"',
        }  # fmt: skip
        area = book.defined_names["resolutions"].attr_text.partition("!")[2].replace("$", "")
        assert [cell.value for (cell,) in book["reAPI rules"][area]] == ["1k", "2k", "4k", "3k", "0.5k"]

    def test_a_mistake_is_red_where_it_is(self, book: Any) -> None:
        """Every rule of a field of the page paints the column of that field, and no other."""
        found = re.compile(r'ISNUMBER\(FIND\("(.+?)","\| "&\$')
        painted = {
            (str(area.sqref).partition("6:")[0], match[1])
            for area in book["Quote"].conditional_formatting
            for rule in area.rules
            if (match := found.match(rule.formula[0]))
        }
        roles = {
            "Size": "shape",
            "Resolution": "tier",
            "Quality": "quality",
            "n": "number",
            "Reference images": "references",
        }
        names = {
            title: {name for model in MODELS for of, name in model.roles.items() if of == role}
            for title, role in roles.items()
        }
        for rule in (rule for model in MODELS for rule in model.rules()):
            columns = {column for column, text in painted if text in f"| {rule.id}: "}
            field = rule.id.partition(".")[0]
            assert columns == {
                LETTERS[title] for title, known in (names | {"Model": {"model"}}).items() if field in known
            }, rule.id

    def test_the_command(self, run: Any, tmp_path: Path) -> None:
        target = tmp_path / "quote.xlsx"
        result = run("export", "workbook", "-o", str(target), "--lines", "7")
        assert result.code == 0
        assert "card reapi-2026-07" in result.err
        assert target.read_bytes().startswith(b"PK")
        assert run("export", "workbook", "-o", str(target), "--lines", "0").code == 2
        assert run("export", "workbook").code == 2
        assert run("export", "workbook", "-o", str(target), "--as-of", "2020-01-01").code == 0

    def test_filled_in_it_is_a_sheet_like_any_other(self, run: Any, tmp_path: Path) -> None:
        book = openpyxl.load_workbook(io.BytesIO(written()))
        for column, cell in enumerate(("hero", "", "16:9", "2k", "high", 2, ""), 1):
            book["Quote"].cell(FIRST_ROW, column, cell or None)
        book.save(tmp_path / "filled.xlsx")
        result = run("quote", str(tmp_path / "filled.xlsx"))
        assert result.code == 0
        assert '\nhero,,"16:9",2k,high,2,,fine,,,2048,1152,759,759,' in result.out
        assert "\n1 request, 0 rejected, 759 credits" in result.err
        assert "reapi_medium_saves" not in result.out


def first_rows(page: str, last: int) -> list[str]:
    """A page up to its second row to fill in and behind its last one; where an area ends is counted from that one."""
    ends = {str(last + beyond): f"last+{beyond}" for beyond in (0, 1, 1001)}
    ended = re.sub("(:[$]?[A-Z]+[$]?)([0-9]+)", lambda area: area[1] + ends.get(area[2], area[2]), page)
    before, *rows, behind = re.split("(?=<row )|</sheetData>", ended)
    return [before, *rows[: FIRST_ROW + 1], behind]


class TestFinished:
    def test_a_shorter_one_is_the_same_but_for_its_last_row(self) -> None:
        """As the workbook to take, whose formulas Calc has worked out; to write all its rows again takes longer."""
        page, names = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
        ours, kept = parts(written()), parts(WORKBOOK.read_bytes())
        assert {name for name in ours | kept if ours.get(name) != kept.get(name)} == {page, names}
        tables = (re.findall('<definedName name="[^_].*?</definedName>', book[names].decode()) for book in (ours, kept))
        assert next(tables) == next(tables)
        assert first_rows(ours[page].decode(), FIRST_ROW + 2) == first_rows(kept[page].decode(), FIRST_ROW + 499)

    def test_the_workbook_to_take_is_the_one_that_is_written(self) -> None:
        kept = WORKBOOK.read_bytes()
        assert parts(kept) == parts(workbook()), "run python -m tests.tools.generate_docs"
        assert faults(kept) == []
        card = built_in().card()
        assert card is not None
        page = openpyxl.load_workbook(WORKBOOK)["Quote"]
        assert card.id in page["A2"].value

    def test_it_is_linked_where_people_look(self) -> None:
        for name in ("README.md", "docs/start-sheets.md", "docs/workbook.md", "docs/quote-a-sheet.md"):
            assert "examples/quote.xlsx" in (ROOT / name).read_text(encoding="utf-8"), name


class TestTable:
    def test_it_is_every_combination(self) -> None:
        rows = list(combinations(Engine(), unit_of(built_in().card(), MODELS)))
        keys = [row.key.split("|") for row in rows]
        assert len({row.key for row in rows}) == len(rows)
        priced = [key for key, row in zip(keys, rows) if row.price is not None and "=" in key[1]]
        words = [key for key in priced if key[1][1:] in SIZES and all(key[2:])]
        assert sum(key[0] == OFFICIAL and key[3] != "" for key in words) == 136
        assert sum(key[0] == SIBLING for key in words) == 34
        assert {key[0] for key in keys} == {model.id for model in MODELS}
        for row in rows:
            assert not row.errors or row.price is None
            assert (row.low or 0) <= (row.price or 0)

    def test_a_model_that_is_priced_by_something_else_is_left_out(self, tmp_path: Path) -> None:
        own = json.loads((THIRD_MODEL / "models" / "paint-1.json").read_bytes())
        assert "paint-1" in [model.id for model in models_of(Catalog.load(THIRD_MODEL))]
        own["price"]["key"] = "{background}"
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "paint-1.json").write_text(json.dumps(own))
        assert [model.id for model in models_of(Catalog.load(tmp_path))] == [model.id for model in MODELS]

    @given(st.integers(1, 10**15 // 4), st.integers(1, 4), st.integers(0, 9), st.integers(-1, 1))
    def test_fifteen_digits_are_rounded_up_exactly_in_floats(self, price: int, n: int, zeros: int, beside: int) -> None:
        """Also one unit below and above whole credits, where a float would go wrong first."""
        per_credit = 10**zeros
        price = max(price // per_credit * per_credit + beside, 1)
        assert -math.floor(float(-price) * float(n) / float(per_credit)) == -(-price * n // per_credit)

    @pytest.mark.parametrize(("price", "is_fine"), (("99999", False), ("1000", False), ("999.999999999999", True)))
    def test_prices_with_too_many_digits_are_refused(self, price: str, is_fine: bool) -> None:
        card = RateCard.from_dict(
            {
                "format": "reapi-rate-card/1", "id": "fine", "currency": "USD", "effective_from": "2026-09-01", "checked_on": "2026-09-01", "source": "a test",
                "usd_per_image": {SIBLING: {"1k": price, "2k": "0.000000000001"}},
            }
        )  # fmt: skip
        too_many = "the prices of card fine have more digits than a spreadsheet counts exactly"
        with nullcontext() if is_fine else pytest.raises(SheetError, match=too_many):
            assert unit_of(card, MODELS) == Unit(1, 10**9)

    def test_the_price_of_all_images_of_a_request_counts(self) -> None:
        for price, is_fine in (("249.999999999999", True), ("250", False)):
            card = card_of({"1:1@1k_low": price, "1:1@2k_low": "0.000000000001"})
            with nullcontext() if is_fine else pytest.raises(SheetError):
                unit_of(card, MODELS)

    def test_sizes_are_looked_for_on_the_models_that_have_them_wherever_they_are(self) -> None:
        (shapes, tiers), (back, same) = nearest_sizes(MODELS), nearest_sizes(MODELS[::-1])
        assert len(shapes) > 10
        assert [(len(MODELS) + 1 - number, *rest) for number, *rest in back] == shapes
        assert same == tiers

    def test_without_a_price_credits_are_the_unit(self) -> None:
        assert unit_of(None, MODELS) == unit_of(card_of({"1:1@1k_low": "1"}), MODELS) == Unit(10**9, 1)


@needs_calc
def test_two_rows_typed_in_calc_are_two_requests(calc: Calc, run: Any, tmp_path: Path) -> None:
    output = io.BytesIO()
    write_workbook(output, card=built_in().card(), rows=50)
    book = openpyxl.load_workbook(io.BytesIO(output.getvalue()))
    for at, cells in enumerate((("16:9", "low", 2), ("1:1", "high", 1)), FIRST_ROW):
        for column, cell in zip((3, 5, 6), cells):
            book["Quote"].cell(at, column, cell)
    book.save(tmp_path / "typed.xlsx")
    saved = calc.convert(tmp_path / "typed.xlsx", form="xlsx", into="typed")[0]
    result = run("quote", str(saved))
    assert result.code == 0
    assert "\n2 requests, 0 rejected, 182 credits" in result.err


def test_what_is_wrong_twice_is_said_twice() -> None:
    engine = Engine()
    found = engine.preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "7:5", "n": 9}).errors
    answers = _Answers(engine, "en")
    first, second = (answers.all_of([each]) for each in found)
    assert answers.all_of(found) == f"{first} | {second}"
