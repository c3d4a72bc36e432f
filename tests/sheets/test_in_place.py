"""The user's own workbook: our columns in it, everything else as it was, or a refusal."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from reapi_rules.sheets.columns import column_names
from tests.support.calc import Calc, needs_calc

calamine = pytest.importorskip("python_calamine", reason="needs python-calamine: pip install 'reapi-rules[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install 'reapi-rules[test-all]'")

OURS = [column.name for column in column_names().results]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A workbook with a title, styles, a drop-down, a formula of its own, and another sheet."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    page = book.active
    page.title = "Plan"
    page["A1"] = "Autumn"
    page["A1"].font = Font(bold=True, size=20)
    for column, title in enumerate(("Asset", "Size", "Quality", "n", "Twice"), 2):
        page.cell(3, column, title)
    for row, cells in enumerate(
        (("poster", "16:9", "high", 2), ("=story", "7:5", "low", 1), (None, None, None, None), ("tin", "1:1", None, 1)),
        4,
    ):
        for column, cell in enumerate(cells, 2):
            page.cell(row, column, cell)
        if cells[0]:
            page.cell(row, 6, f"=E{row}*2")
    page["B5"].data_type = "s"
    page["C4"].fill = PatternFill("solid", start_color="00FF00")
    page.column_dimensions["B"].width = 33
    page.add_data_validation(DataValidation(type="list", formula1='"low,medium,high"', sqref="D4:D9"))
    book.create_sheet("Other")["A1"] = "=1+1"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    return path


def cells(path: Path, sheet: str = "Plan") -> list[list[Any]]:
    return list(calamine.load_workbook(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False))


class TestTheRestStays:
    def test_styles_formulas_and_other_sheets(self, run: Any, plan: Path) -> None:
        result = run("quote", str(plan), "--in-place")
        assert (result.code, result.out) == (1, "")
        book = openpyxl.load_workbook(plan)
        page = book["Plan"]
        assert book.sheetnames == ["Plan", "Other"]
        assert (book["Other"]["A1"].value, page["F4"].value, page["B5"].value, page["B5"].data_type) == (
            "=1+1",
            "=E4*2",
            "=story",
            "s",
        )
        assert (page["A1"].font.size, page["C4"].fill.fgColor.rgb, page.column_dimensions["B"].width) == (
            20,
            "0000FF00",
            33,
        )
        assert str(page.data_validations.dataValidation[0].sqref) == "D4:D9"
        assert [cell.value for cell in page[3]][6:] == OURS
        assert [page.cell(row, 12).value for row in range(4, 8)] == [428, None, None, 169]
        assert [page.cell(row, 7).value for row in range(4, 8)] == ["yes", "no", None, "yes"]
        assert page["H5"].fill.fgColor.rgb == page["G5"].fill.fgColor.rgb == "00F8CBAD"
        assert str(page["H5"].value).startswith("size.unknown: ")
        assert (page["L4"].number_format, page["N4"].value) == ("#,##0", 0.428)

    def test_a_second_run_writes_over_our_columns(self, run: Any, plan: Path) -> None:
        run("quote", str(plan), "--in-place")
        first = cells(plan)
        run("quote", str(plan), "--in-place")
        assert cells(plan) == first
        run("quote", str(plan), "--in-place", "--set", "quality=low")
        assert [row[19:] for row in cells(plan)[2:]] == [
            ["reapi_credits_before", "reapi_saving_low", "reapi_saving"],
            [428, 415, 415],
            ["", "", ""],
            ["", "", ""],
            [169, 164, 164],
        ]
        run("quote", str(plan), "--in-place")
        assert [row[:19] for row in cells(plan)] == first
        assert all(cell == "" for row in cells(plan) for cell in row[19:])

    def test_a_csv_file(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_bytes(b"size;n\r\n1:1;2\r\n")
        expected = run("quote", str(path)).bytes
        assert run("quote", str(path), "--in-place").out == ""
        assert path.read_bytes() == expected


class TestRefusals:
    """Exit code 2, and the file as it was."""

    @pytest.mark.parametrize("part", ("xl/charts/chart1.xml", "xl/media/image1.png", "xl/pivotTables/pivotTable1.xml"))
    def test_what_would_be_lost(self, run: Any, plan: Path, part: str) -> None:
        with zipfile.ZipFile(plan, "a") as book:
            book.writestr(part, "x")
        before = plan.read_bytes()
        result = run("quote", str(plan), "--in-place")
        assert result.code == 2
        assert f"the workbook holds {part.split('/')[1]}, which would be lost" in result.err
        assert plan.read_bytes() == before

    def test_a_formula_in_a_column_that_is_read(self, run: Any, plan: Path) -> None:
        book = openpyxl.load_workbook(plan)
        book["Plan"]["E4"] = "=1+1"
        book.save(plan)
        before = plan.read_bytes()
        result = run("quote", str(plan), "--in-place")
        assert result.code == 2
        assert "row 4, column E is a formula, and its value would be gone" in result.err
        assert plan.read_bytes() == before
        assert [path.name for path in plan.parent.iterdir()] == ["plan.xlsx"]

    def test_where_it_makes_no_sense(self, run: Any, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for words, says in (
            (("-", "--from", "csv"), "name one, and no -o"), ((str(plan), "-o", "x.xlsx"), "name one, and no -o"),
            ((str(plan), "--format", "csv"), "which stays what it is"), ((str(plan), "--rows"), "which stays what it is"), (("bodies.ndjson",), "which stays what it is"),
        ):  # fmt: skip
            result = run("quote", *words, "--in-place")
            assert (result.code, says in result.err) == (2, True), words
        monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
        assert '--in-place needs openpyxl: pip install "reapi-rules[xlsx]"' in run("quote", str(plan), "--in-place").err

    def test_other_kinds_of_workbook(self, run: Any, tmp_path: Path) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as book:
            book.writestr("content.xml", "x")
        from reapi_rules.sheets.columns import SheetError
        from reapi_rules.sheets.in_place import refuse_losses

        for content in (b"\xd0\xcf\x11\xe0", output.getvalue()):
            with pytest.raises(SheetError, match="--in-place is for XLSX and XLSM"):
                refuse_losses(content)


@needs_calc
def test_calc_opens_it_and_calculates_the_formulas_anew(calc: Calc, run: Any, plan: Path) -> None:
    run("quote", str(plan), "--in-place")
    saved = cells(calc.convert(plan, form="xlsx", into="in-place")[0])
    assert [row[5] for row in saved[3:]] == [4, 2, "", 2]
    assert [row[6:] for row in saved[2:]] == [row[6:] for row in cells(plan)[2:]]
