"""The formulas of the page on Google Sheets, in a workbook of one's own, as Calc computes them."""

from __future__ import annotations

import csv
import re
from datetime import time
from pathlib import Path

import pytest

from reapi_rules.cli import main
from reapi_rules.prices.table import prices
from tests.support.calc import Calc, needs_calc
from tests.support.examples import need
from tests.tools.generate_docs import DOCS

FORMULAS = dict(re.findall(r"^=((\w+)\(.*\))$", (DOCS / "google-sheets.md").read_text(encoding="utf-8"), re.MULTILINE))
LOOKUPS = {name: formula for formula, name in FORMULAS.items()}


def test_the_two_ask_for_the_same() -> None:
    assert set(LOOKUPS) == {"XLOOKUP", "VLOOKUP"}
    keys = {formula[: formula.index("Result!")].partition("(")[2] for formula in LOOKUPS.values()}
    assert len(keys) == 1


@needs_calc
def test_a_lookup_finds_the_credits_of_words_and_times(tmp_path: Path) -> None:
    need("xlsxwriter", "python_calamine")
    import python_calamine
    import xlsxwriter

    table = tmp_path / "prices.xlsx"
    assert main(["export", "prices", "--n", "1", "2", "3", "4", "-o", str(table)]) == 0
    rows = python_calamine.CalamineWorkbook.from_path(str(table)).get_sheet_by_name("Result").to_python()
    assert (rows[0][0], rows[0][5:7], rows[0][14]) == ("key", ["width", "height"], "credits")
    assert len({row[0] for row in rows}) == len(rows) == 1 + 4 * 136
    expected = {(row.size, row.resolution, row.quality, row.n): row.credits for row in prices([1, 2, 3, 4])}
    plan = [(*key, credits) for key, credits in expected.items()]
    book = xlsxwriter.Workbook(tmp_path / "plan.xlsx")
    sheet, result = book.add_worksheet("Plan"), book.add_worksheet("Result")
    clock = book.add_format({"num_format": "hh:mm"})
    for at, row in enumerate(rows):
        result.write_row(at, 0, row)
    for at, (size, resolution, quality, n, _) in enumerate(plan, 1):
        assert size
        assert resolution
        hour, _, minute = size.partition(":")
        if minute and at % 2:
            sheet.write_datetime(at, 1, time(int(hour), int(minute)), clock)
        else:
            sheet.write_string(at, 1, size)
        sheet.write_row(at, 2, [resolution.upper() if at % 3 else resolution, quality, n])
        sheet.write_formula(at, 5, "=" + re.sub(r"\b([B-E])2\b", rf"\g<1>{at + 1}", LOOKUPS["VLOOKUP"]))
    book.close()
    (found,) = Calc(tmp_path / "calc").convert(tmp_path / "plan.xlsx", form="csv")
    cells = [row[5] for row in csv.reader(found.read_text(encoding="utf-8").splitlines())][1:]
    assert cells == [str(credits) if credits is not None else "" for *_, credits in plan]


def test_a_model_without_qualities_has_shorter_keys(tmp_path: Path) -> None:
    need("xlsxwriter", "python_calamine")
    import python_calamine

    table = tmp_path / "prices.xlsx"
    assert main(["export", "prices", "--model", "gpt-image-2", "-o", str(table)]) == 0
    rows = python_calamine.CalamineWorkbook.from_path(str(table)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[:4]] == ["key", "1:1 1k", "1:1 2k", "16:9 1k"]


@pytest.mark.parametrize("form", ("csv", "json", "ndjson", "markdown"))
def test_other_formats_have_no_key(form: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "prices", "--format", form]) == 0
    assert "16:9 2k high" not in capfd.readouterr().out
