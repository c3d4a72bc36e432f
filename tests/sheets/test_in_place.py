"""The user's own workbook: our columns in it, everything else as it was, or a refusal."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.meaning.columns import SheetError, column_names
from reapi_rules.sheets.workbooks.addresses import index
from reapi_rules.sheets.workbooks.in_place import InPlaceWriter
from reapi_rules.sheets.workbooks.package import PackedSheet
from reapi_rules.sheets.workbooks.page import Outline
from reapi_rules.sheets.workbooks.references import Area, Formula, stale
from reapi_rules.sheets.workbooks.sheet_splice import columns_with
from reapi_rules.sheets.workbooks.splice import Spot
from reapi_rules.terms.templates import told
from tests.support.calc import Calc, needs_calc
from tests.support.raw_workbook import raw
from tests.support.rich_workbook import FOREIGN, rich_workbook
from tests.support.workbook_lint import faults
from tests.support.workbooks import read_workbook

calamine = pytest.importorskip("python_calamine", reason="needs python-calamine: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

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
        assert [page.cell(row, 7).value for row in range(4, 8)] == ["fine", "rejected", None, "warning"]
        assert page["H5"].fill.fgColor.rgb == page["G5"].fill.fgColor.rgb == "FFF8CBAD"
        assert str(page["H5"].value).startswith("size.unknown: ")
        assert (page["L4"].number_format, page["N4"].value) == ("#,##0", 0.428)

    def test_a_second_run_writes_over_our_columns(self, run: Any, plan: Path) -> None:
        run("quote", str(plan), "--in-place")
        first = cells(plan)
        run("quote", str(plan), "--in-place")
        assert cells(plan) == first
        run("quote", str(plan), "--in-place", "--set", "quality=low")
        assert [row[18:] for row in cells(plan)[2:]] == [
            ["reapi_credits_before", "reapi_saving_low", "reapi_saving"],
            [428, 415, 415],
            ["", "", ""],
            ["", "", ""],
            [169, 164, 164],
        ]
        run("quote", str(plan), "--in-place")
        assert [row[:18] for row in cells(plan)] == first
        assert all(cell == "" for row in cells(plan) for cell in row[18:])

    @pytest.mark.parametrize(
        ("place", "formula"), (("L6", "=SUM(L4:L5)"), ("L6", "907"), ("G6", '=COUNTIF(G4:G5,"fine")'))
    )
    def test_what_people_write_below_our_figures_stays(self, run: Any, plan: Path, place: str, formula: str) -> None:
        run("quote", str(plan), "--in-place", "--set", "quality=low")
        book = openpyxl.load_workbook(plan)
        page = book["Plan"]
        page[place], page["S6"], page["S7"] = formula, "ok by Ann", "cleared"
        for cell in page["B7:F7"][0]:
            cell.value = None  # the row was a request, and is none any more
        book.save(plan)
        assert run("quote", str(plan), "--in-place").code == 1
        page = openpyxl.load_workbook(plan)["Plan"]
        assert [page[at].value for at in (place, "S6", "G7", "L7", "S7")] == [formula, "ok by Ann", None, None, None]
        book = openpyxl.load_workbook(plan)
        book["Plan"].delete_cols(7)  # the verdicts, without which nobody knows what is ours
        book.save(plan)
        assert run("quote", str(plan), "--in-place").code == (2 if "SUM" in formula else 1)
        assert cells(plan)[5][10] in ("", 0)  # a formula has no value yet

    def test_our_cells_have_the_format_of_a_row_that_has_one(self, run: Any, plan: Path) -> None:
        from openpyxl.styles import Font

        book = openpyxl.load_workbook(plan)
        book["Plan"].row_dimensions[7].font = Font(italic=True)
        del book["Plan"]._cells[7, 6]  # beside which ours come
        book.save(plan)
        run("quote", str(plan), "--in-place")
        page = openpyxl.load_workbook(plan)["Plan"]
        assert [page[f"L{row}"].font.italic for row in (4, 5, 7)] == [False, False, True]

    def test_a_csv_file(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_bytes(b"size;n\r\n1:1;2\r\n")
        expected = run("quote", str(path)).bytes
        assert run("quote", str(path), "--in-place").out == ""
        assert path.read_bytes() == expected


class TestRefusals:
    """Exit code 2, and the file as it was."""

    @pytest.fixture
    def refused(self, run: Any, plan: Path) -> Any:
        def refuse(says: str, *words: str) -> None:
            before = plan.read_bytes()
            result = run("quote", str(plan), "--in-place", *words)
            assert (result.code, says in result.err) == (2, True), result.err
            assert plan.read_bytes() == before
            assert [path.name for path in plan.parent.iterdir()] == ["plan.xlsx"]

        return refuse

    def edit(self, plan: Path, part: str, old: str, new: str) -> None:
        content = plan.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(plan, "w") as after:
            for name in before.namelist():
                text = before.read(name)
                after.writestr(name, text.replace(old.encode(), new.encode()) if name == part else text)

    def test_a_protected_sheet(self, plan: Path, refused: Any) -> None:
        book = openpyxl.load_workbook(plan)
        book["Plan"].protection.enable()
        book.save(plan)
        refused('sheet "Plan" is protected: unprotect it')

    @pytest.mark.parametrize("area", ("F5:H6", "G5:G6", "R5:R6", "F3:G4"))
    def test_merged_cells_in_our_place(self, plan: Path, refused: Any, area: str) -> None:
        book = openpyxl.load_workbook(plan)
        book["Plan"].merge_cells(area)
        book.save(plan)
        refused(f"the merged cells {area} are in the place of our columns")

    def test_what_ends_above_the_header_is_in_nobodys_place(self, run: Any, plan: Path) -> None:
        book = openpyxl.load_workbook(plan)
        book["Plan"].merge_cells("F2:H2")
        book["Other"]["A1"], book["Other"]["A2"] = "=Plan!G2", "=Plan!G3"
        book.save(plan)
        result = run("quote", str(plan), "--in-place")
        assert (result.code, "Other!A2" in result.err, "Other!A1" in result.err) == (1, True, False), result.err

    @pytest.mark.parametrize("area", ("G5:H6", "H1:I3", "F2:G4", "C5:H6"))
    def test_a_table_in_our_place(self, run: Any, plan: Path, refused: Any, area: str) -> None:
        from openpyxl.worksheet.table import Table

        run("quote", str(plan), "--in-place")
        book = openpyxl.load_workbook(plan)
        for at, cell in enumerate(book["Plan"][area][0]):
            cell.value = f"title {at}"
        book["Plan"].add_table(Table(displayName="Other", ref=area))
        book.save(plan)
        refused(f"the table {area} is in the place of our columns")

    def test_a_signed_file(self, plan: Path, refused: Any) -> None:
        with zipfile.ZipFile(plan, "a") as book:
            book.writestr("_xmlsignatures/sig1.xml", "<x/>")
        refused("the workbook is signed")

    def test_strict_files_and_other_encodings(self, plan: Path, refused: Any) -> None:
        before = plan.read_bytes()
        self.edit(plan, "xl/workbook.xml", 'xmlns="', 'xmlns:strict="http://purl.oclc.org/ooxml/x" xmlns="')
        refused("the workbook is strict OOXML")
        plan.write_bytes(before)
        self.edit(
            plan, "xl/worksheets/sheet1.xml", "<worksheet", '<?xml version="1.0" encoding="ISO-8859-1"?><worksheet'
        )
        refused("the workbook is written in ISO-8859-1, not in UTF-8")

    def test_another_encoding_of_a_sheet_with_our_columns(self, run: Any, plan: Path, refused: Any) -> None:
        run("quote", str(plan), "--in-place")
        declared = '<?xml version="1.0" encoding="ISO-8859-1"?><worksheet'
        self.edit(plan, "xl/worksheets/sheet1.xml", "<worksheet", declared)
        refused("the workbook is written in ISO-8859-1, not in UTF-8")

    def test_a_sheet_without_room(self, run: Any, plan: Path, refused: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        module = "reapi_rules.sheets.workbooks.{}".format
        for room, is_enough in ((len(OURS) + 5, False), (len(OURS) + 6, True)):
            monkeypatch.setattr(module("in_place.MOST_COLUMNS"), room)
            monkeypatch.setattr(module("xlsx_writer.MOST_COLUMNS"), room)
            result = run("quote", str(plan), "-o", str(plan.parent / "out.xlsx"))
            says = f"the sheet has 6 columns, and a workbook takes {room} with ours"
            assert (result.code, says in result.err) == (1 if is_enough else 2, not is_enough)
            if not is_enough:
                refused("our columns have no room in the sheet: write a new workbook with -o")
        assert run("quote", str(plan), "--in-place").code == 1

    def test_a_formula_in_a_column_of_ours(self, run: Any, plan: Path, refused: Any) -> None:
        run("quote", str(plan), "--in-place")
        book = openpyxl.load_workbook(plan)
        book["Plan"]["L4"] = "=1+1"
        book.save(plan)
        refused("our column has a formula of its own (L4)")

    def test_an_old_or_encrypted_file(self, run: Any, plan: Path) -> None:
        plan.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
        result = run("quote", str(plan), "--in-place")
        assert (result.code, "it can't be read as a workbook" in result.err) == (2, True)

    def test_where_it_makes_no_sense(self, run: Any, plan: Path) -> None:
        for words, says in (
            (("-", "--from", "csv"), "name one, and no -o"), ((str(plan), "-o", "x.xlsx"), "name one, and no -o"),
            ((str(plan), "--format", "csv"), "which stays what it is"), ((str(plan), "--rows"), "which stays what it is"), (("bodies.ndjson",), "which stays what it is"),
        ):  # fmt: skip
            result = run("quote", *words, "--in-place")
            assert (result.code, says in result.err) == (2, True), words

    def test_other_kinds_of_workbook(self) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as book:
            book.writestr("content.xml", "x")
        for content, says in (
            (b"\xd0\xcf\x11\xe0", "cells can be changed in XLSX and XLSM alone"),
            (output.getvalue(), "cells can be changed in XLSX and XLSM alone"),
        ):
            with pytest.raises(SheetError, match=says):
                InPlaceWriter(io.BytesIO(), content, read_csv(["n\n"]), ())


@needs_calc
def test_calc_opens_it_and_calculates_the_formulas_anew(calc: Calc, run: Any, plan: Path) -> None:
    run("quote", str(plan), "--in-place")
    saved = cells(calc.convert(plan, form="xlsx", into="in-place")[0])
    assert [row[5] for row in saved[3:]] == [4, 2, "", 2]
    assert [row[6:] for row in saved[2:]] == [row[6:] for row in cells(plan)[2:]]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without_ours(sheet: bytes, first: str, *, with_values: bool = True) -> str:
    """The XML of a sheet without our cells and what may grow with them."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(sheet)
    main = root.tag.partition("}")[0] + "}"
    at = len(first), first
    for row in root.iter(f"{main}row"):
        row.attrib.pop("spans", None)
        for cell in [*row]:
            letters = cell.get("r", "").rstrip("0123456789")
            if (len(letters), letters) >= at:
                row.remove(cell)
            if not with_values and cell.find(f"{main}f") is not None:
                cell.attrib.pop("t", None)
                for value in cell.findall(f"{main}v"):
                    cell.remove(value)
    for name in ("dimension", "cols", "autoFilter"):
        for node in root.findall(f"{main}{name}"):
            node.clear()
    return ElementTree.canonicalize(ElementTree.tostring(root, encoding="unicode"))


class TestNothingIsLost:
    @pytest.fixture
    def rich(self, tmp_path: Path) -> Path:
        pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
        path = tmp_path / "rich.xlsm"
        path.write_bytes(rich_workbook())
        return path

    SHEET, OTHER = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"

    def test_part_by_part(self, run: Any, rich: Path) -> None:
        before = parts(rich.read_bytes())
        result = run("quote", str(rich), "--in-place", "--sheet", "My plan")
        assert result.code == 1, result.err
        after = parts(rich.read_bytes())
        assert sorted(after) == sorted(before)
        changed = {name for name in before if after[name] != before[name]}
        assert changed == {self.SHEET, self.OTHER, "xl/styles.xml", "xl/workbook.xml"}
        assert without_ours(after[self.SHEET], "F") == without_ours(before[self.SHEET], "F")
        assert after["xl/workbook.xml"] == before["xl/workbook.xml"].replace(b"$A$1:$E$8", b"$A$1:$Q$8")
        assert faults(rich.read_bytes()) == faults(rich_workbook())
        assert {*FOREIGN} < {*after}

    def test_what_is_said_of_formulas_is_said_in_chinese_too(self, run: Any, rich: Path) -> None:
        result = run("quote", str(rich), "--in-place", "--sheet", "My plan", "--lang", "zh")
        assert "3 个公式读取了我们的列，打开工作簿时会重新计算：Sums!D1, Sums!F1, Sums!E1" in result.err

    def test_formulas_that_read_our_cells_lose_their_values_and_no_others(self, run: Any, rich: Path) -> None:
        before = parts(rich.read_bytes())
        result = run("quote", str(rich), "--in-place", "--sheet", "My plan")
        assert (
            "3 formulas read our columns and are calculated anew when the workbook is opened: Sums!D1, Sums!F1, Sums!E1"
            in result.err
        )
        after = parts(rich.read_bytes())
        values = re.findall(rb'<c r="([A-Z]+1)"[^>]*>(?:<f>[^<]*</f>)?(<v>[^<]*</v>)?', after[self.OTHER])
        assert {name: bool(value) for name, value in values} == {
            b"A1": True, b"C1": True, b"D1": False, b"E1": False, b"F1": False,
        }  # fmt: skip
        assert without_ours(after[self.OTHER], "Z", with_values=False) == without_ours(
            before[self.OTHER], "Z", with_values=False
        )
        assert re.findall(rb"<f>[^<]*</f><v>[^<]*</v>", after[self.SHEET]) == re.findall(
            rb"<f>[^<]*</f><v>[^<]*</v>", before[self.SHEET]
        )

    def test_formats_are_the_neighbours_and_those_there_were_stay(self, run: Any, rich: Path) -> None:
        before = parts(rich.read_bytes())["xl/styles.xml"]
        run("quote", str(rich), "--in-place", "--sheet", "My plan")
        after = parts(rich.read_bytes())["xl/styles.xml"]
        old, new = (re.search(rb"<cellXfs count=\"\d+\">(.*)</cellXfs>", text) for text in (before, after))
        assert old is not None
        assert new is not None
        assert new[1].startswith(old[1])
        with warnings.catch_warnings(action="ignore"):
            page = openpyxl.load_workbook(rich, keep_vba=True)["My plan"]
        assert [cell.value for cell in page[1]][5:] == OURS
        assert {cell.font.name for cell in page[1]} == {cell.font.name for cell in page[2][5:]} == {"Georgia"}
        assert page["K1"].fill.fgColor.rgb == page["E1"].fill.fgColor.rgb
        assert {cell.border.left.style for cell in page[3]} == {"thin"}
        assert (page["K2"].number_format, page["M2"].number_format) == ("#,##0", "#,##0.000")
        assert (page["K2"].value, page["K3"].value) == (214, 13)
        assert page["F6"].fill.fgColor.rgb == "FFF8CBAD"  # n is 0 there
        assert [page.column_dimensions[name].width for name in "GH"] == [
            pytest.approx(48.7, abs=0.1),
            pytest.approx(40.7, abs=0.1),
        ]
        assert (page.column_dimensions["A"].width, page.auto_filter.ref, page.dimensions) == (
            33.7109375,
            "A1:Q8",
            "A1:Q12",
        )

    def test_again_and_again(self, run: Any, rich: Path) -> None:
        for _ in range(2):
            run("quote", str(rich), "--in-place", "--sheet", "My plan")
        once = parts(rich.read_bytes())
        run("quote", str(rich), "--in-place", "--sheet", "My plan")
        again = parts(rich.read_bytes())
        assert once[self.SHEET] == again[self.SHEET] or without_ours(once[self.SHEET], "F") == without_ours(
            again[self.SHEET], "F"
        )
        assert faults(rich.read_bytes()) == faults(rich_workbook())

    @needs_calc
    def test_calc_opens_it(self, calc: Calc, run: Any, rich: Path) -> None:
        run("quote", str(rich), "--in-place", "--sheet", "My plan")
        saved = calc.convert(rich, form="xlsx", into="rich")[0]
        assert [row[10] for row in cells(saved, "My plan")[1:3]] == [214, 13]


class TestTables:
    def test_a_table_beside_which_our_columns_come_reaches_over_them(self, run: Any, tmp_path: Path) -> None:
        xlsxwriter = pytest.importorskip("xlsxwriter")
        path = tmp_path / "table.xlsx"
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet("Plan")
        page.add_table(
            "B2:D5",
            {
                "columns": [{"header": "size"}, {"header": "n"}, {"header": "twice", "formula": "=[@n]*2"}],
                "total_row": True,
            },
        )
        page.write_column("B3", ("16:9", "1:1"))
        page.write_column("C3", (1, 2))
        book.add_worksheet("Sums").write_formula("A1", "=Table1[[#Totals],[reapi_credits]]", None, 7)
        book.close()
        result = run("quote", str(path), "--in-place")
        assert result.code == 0, result.err
        table = openpyxl.load_workbook(path)["Plan"].tables["Table1"]
        assert (table.ref, table.autoFilter.ref) == ("B2:P5", "B2:P4")
        assert [column.name for column in table.tableColumns] == ["size", "n", "twice", *OURS]
        assert faults(path.read_bytes()) == []
        before, sums = parts(path.read_bytes()), "xl/worksheets/sheet2.xml"
        with zipfile.ZipFile(path, "w") as archive:  # as a spreadsheet program saves it, with the figure
            for name, text in (before | {sums: before[sums].replace(b"</f>", b"</f><v>7</v>")}).items():
                archive.writestr(name, text)
        run("quote", str(path), "--in-place")
        assert parts(path.read_bytes()) == before

    @pytest.mark.parametrize(
        ("old", "new"),
        (
            (' count="4"', ""),
            ('id="4"', 'id="x"'),
            (' count="4"', ' count="9"'),
            (' displayName="Table1"', ""),
            (' ref="A1:D2"', ""),
        ),
    )
    def test_what_a_table_says_of_itself_need_not_be_right(self, run: Any, tmp_path: Path, old: str, new: str) -> None:
        path = tmp_path / "table.xlsx"
        xlsxwriter = pytest.importorskip("xlsxwriter")
        book = xlsxwriter.Workbook(path)
        titles, row = ("asset", "size", "quality", "n"), ["a", "1:1", "low", 1]
        book.add_worksheet("Plan").add_table("A1:D2", {"columns": [{"header": each} for each in titles], "data": [row]})
        book.add_worksheet("Sums").write_formula("A1", "=SUM(Plan!D:D)")
        book.close()
        content, part = parts(path.read_bytes()), "xl/tables/table1.xml"
        content[part] = content[part].replace(old.encode(), new.encode())
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in content.items():
                archive.writestr(name, text)
        result = run("quote", str(path), "--in-place")
        assert result.code == 0, result.err
        assert [each for each in faults(path.read_bytes()) if "ref" not in old] == []

    def test_one_of_a_query_stays_as_it_is(self, run: Any, tmp_path: Path) -> None:
        """Another part lists its columns, and nobody has tried what Excel says where that lacks one."""
        xlsxwriter = pytest.importorskip("xlsxwriter")
        path, part = tmp_path / "table.xlsx", "xl/tables/table1.xml"
        book = xlsxwriter.Workbook(path)
        book.add_worksheet("Plan").add_table(
            "A1:B2", {"columns": [{"header": "size"}, {"header": "n"}], "data": [["1:1", 2]]}
        )
        book.close()
        content = parts(path.read_bytes())
        content[part] = content[part].replace(b" ref=", b' tableType="queryTable" ref=', 1)
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in content.items():
                archive.writestr(name, text)
        assert run("quote", str(path), "--in-place").code == 0
        assert parts(path.read_bytes())[part] == content[part]
        assert (cells(path)[1][2], faults(path.read_bytes())) == ("warning", [])

    @pytest.mark.parametrize(
        "runs",
        (
            ([], ["--lang", "zh"], []),
            (["--lang", "zh"], [], ["--set", "quality=low"], ["--lang", "zh"]),
            (["--set", "quality=low"], [], ["--set", "quality=high"]),
            (["--currency", "CNY=7.1"], [], ["--currency", "EUR=0.9"]),
        ),
    )  # fmt: skip
    def test_its_titles_and_those_of_its_cells_stay_the_same(
        self, run: Any, tmp_path: Path, runs: tuple[list[str], ...]
    ) -> None:
        """Else Excel calls the file damaged; and a formula that names a column would name none."""
        xlsxwriter = pytest.importorskip("xlsxwriter")
        path = tmp_path / "table.xlsx"
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet("Plan")
        titles = ("asset", "size", "quality", "n")
        rows = [[f"a{at}", "16:9", "auto", at] for at in range(1, 4)]
        page.add_table("A1:D4", {"columns": [{"header": each} for each in titles], "data": rows})
        book.close()
        known = list(titles)
        for words in runs:
            assert run("quote", str(path), "--in-place", *words).code == 0
            table = openpyxl.load_workbook(path)["Plan"].tables["Table1"]
            head = [cell.value for (cell,) in zip(*openpyxl.load_workbook(path)["Plan"][table.ref][:1])]
            assert [column.name for column in table.tableColumns] == head
            assert head[: len(known)] == known
            assert len({*head}) == len(head)
            assert cells(path)[1][4] in (("通过", "有警告") if "zh" in words else ("fine", "warning"))
            assert faults(path.read_bytes()) == []
            known = head


class TestPlaces:
    """Rows and cells need not say where they are; nothing is written where they don't, and one line says so."""

    TITLES = ("asset", "size", "quality", "n")

    def rows(self, *, of_rows: bool, of_cells: bool) -> str:
        found = []
        for number, row in enumerate((self.TITLES, ("a", "16：9", "low", "x2"), ("b", "1:1", "low", "1")), 1):
            texts = [
                f'<c{f" r={chr(34)}{chr(65 + at)}{number}{chr(34)}" if of_cells else ""} t="str"><v>{text}</v></c>'
                for at, text in enumerate(row)
            ]
            place = f' r="{number}"' if of_rows else ""
            found.append(f"<row{place}>{''.join(texts)}</row>")
        return "".join(found)

    @pytest.mark.parametrize("given", ((False, False), (True, False), (False, True)))
    def test_none(self, run: Any, tmp_path: Path, given: tuple[bool, bool]) -> None:
        path, fixed = tmp_path / "plan.xlsx", tmp_path / "fixed.xlsx"
        path.write_bytes(raw(self.rows(of_rows=given[0], of_cells=given[1])))
        before = path.read_bytes()
        says = "its rows or cells don't say where they are: open it in a spreadsheet program, save it and try again\n"
        for command in (("quote", "--in-place"), ("check", "--fixed", str(fixed))):
            result = run(command[0], str(path), *command[1:])
            assert (result.code, result.err.startswith("reapi-rules: "), result.err.endswith(says)) == (2, True, True)
            assert (result.err.count("\n"), result.out) == (1, "")  # before anything is said of a row
        assert (path.read_bytes(), [*tmp_path.iterdir()]) == (before, [path])
        path.write_bytes(raw(self.rows(of_rows=True, of_cells=True)))
        assert run("quote", str(path), "--in-place").code == 0

    def test_formulas(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        rows = self.rows(of_rows=True, of_cells=True).replace("</row>", "<c><f>1+1</f><v>2</v></c></row>", 1)
        path.write_bytes(raw(rows))
        result = run("quote", str(path), "--in-place")
        assert (result.code, "don't say where they are" in result.err) == (2, True)


class TestFormats:
    """However few formats a workbook has, those of its own cells stay."""

    FORMATS = (
        "",
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="0"/></numFmts>',
        "<cellXfs/>",
        '<fill/><dxfs count="1"><dxf><fill/></dxf></dxfs>',
        '<fonts count="1"><font/></fonts>',
        '<fonts count="1"><font/></fonts><cellXfs count="1"><xf fontId="0" fillId="0"/></cellXfs>',
    )

    START = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

    @staticmethod
    def write(path: Path, styles: str) -> None:
        """A plan with this part of formats."""
        book = openpyxl.Workbook()
        book.active.title = "Plan"
        for row in (["size", "n"], ["1:1", 2], ["7:5", 1]):
            book.active.append(row)
        book.save(path)
        with zipfile.ZipFile(path) as archive:
            content = {name: archive.read(name) for name in archive.namelist()} | {"xl/styles.xml": styles.encode()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in content.items():
                archive.writestr(name, text)

    @pytest.mark.parametrize("formats", FORMATS)
    def test_few(self, run: Any, tmp_path: Path, formats: str) -> None:
        path = tmp_path / "plan.xlsx"
        self.write(path, f"{self.START}>{formats}</styleSheet>" if formats else f"{self.START}/>")
        assert run("quote", str(path), "--in-place").code == 1
        assert [row[2] for row in cells(path)] == ["reapi_verdict", "warning", "rejected"]
        styles = parts(path.read_bytes())["xl/styles.xml"].decode()
        assert "".join(ElementTree.fromstring(styles).itertext()) == ""
        assert styles.count("<xf") == 0 or styles.index('fillId="0"') < styles.index('fillId="2"')

    @pytest.mark.parametrize("root", ("fill", "fills", "xf", "cellXfs", "numFmt"))
    def test_a_part_that_holds_none_stays(self, run: Any, tmp_path: Path, root: str) -> None:
        path, styles = tmp_path / "plan.xlsx", f"{self.START.replace('styleSheet', root)}/>"
        self.write(path, styles)
        assert run("quote", str(path), "--in-place").code == 1
        assert parts(path.read_bytes())["xl/styles.xml"].decode() == styles


ROWS = "".join(
    f'<row r="{at}" spans="1:2"><c r="A{at}" t="inlineStr"><is><t>{size}</t></is></c><c r="B{at}"><v>1</v></c></row>'
    for at, size in ((2, "16:9"), (3, "1:1"))
)


class TestShapesOfXml:
    """Each way of writing the same sheet."""

    @pytest.mark.parametrize(
        "rows",
        (
            ROWS,
            ROWS.replace("</c>", "</c >").replace("</row>", "\n</row\n>"),
            ROWS.replace('<c r="B3"><v>1</v></c>', '<c r="B3"><v>1</v></c><c r="D3" s="0"/><c r="X3"><v>5</v></c>'),
            ROWS + '<row r="4" ht="3"/><row r="5"><c r="A5"/></row>',
            ROWS.replace('r="3"', 'r="03"').replace("A3", "A03").replace("B3", "B03"),
            ROWS.replace('<row r="3"', '<!-- > --><row thickBot="4>" r="3"'),
            ROWS.replace('<row r="3"', f'<?x </row>{ROWS[ROWS.index("<row r=") :]}?><row r="3"'),
            ROWS.replace(
                '<row r="3"', '<!-- </row><row r="9"><c r="X9"/></row></sheetData> --><?x <row r="2"/>?><row r="3"'
            ),
            ROWS.replace(
                "<t>1:1</t>", '<t>1<![CDATA[:]]>1</t><rPh sb="0" eb="1"><t><![CDATA[</c></row><c r="Z3">]]></t></rPh>'
            ),
        ),
    )
    def test_row(self, run: Any, tmp_path: Path, rows: str) -> None:
        path = tmp_path / "plan.xlsx"
        head = '<row r="1"><c r="A1" t="inlineStr"><is><t>size</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
        path.write_bytes(raw(head + rows, before='<dimension ref="A1:B3"/>'))
        before = parts(path.read_bytes())
        result = run("quote", str(path), "--in-place")
        assert result.code == 0, result.err
        after = parts(path.read_bytes())
        sheet = "xl/worksheets/sheet1.xml"
        assert {name for name in before if before[name] != after[name]} == {sheet}
        assert [row[-7] for row in cells(path)[1:3]] == [214, 169] or "X3" in rows
        assert not faults(path.read_bytes())

    def test_each_row_says_how_far_it_reaches(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        head = '<row r="1"><c r="A1" t="inlineStr"><is><t>size</t></is></c></row>'
        spans = ("spans='1:2'", 'spans="1:2"', "", 'spans="1:40"', 'spans="1:2"')
        cell = '<c r="A{0}" t="inlineStr"><is><t>1:1</t></is></c>'.format
        rows = "".join(f'<row r="{at}" {span}>{cell(at)}</row>' for at, span in enumerate(spans, 2))
        path.write_bytes(raw(head + rows))
        assert run("quote", str(path), "--in-place").code == 0
        sheet = parts(path.read_bytes())["xl/worksheets/sheet1.xml"].decode()
        found = [re.findall("spans=.*", tag) for tag in re.findall("<row ([^>]*)>", sheet)[1:]]
        width = max(index(letters) + 1 for letters in re.findall('<c r="([A-Z]+)2"', sheet))
        assert found == [[f"spans='1:{width}'"], [f'spans="1:{width}"'], [], ['spans="1:40"'], [f'spans="1:{width}"']]

    def test_a_text_that_looks_like_the_reach_of_its_row_stays(self, run: Any, tmp_path: Path) -> None:
        path, texts = tmp_path / "plan.xlsx", ('a spans="1:2"', "a spans='1:2'")
        row = '<row r="{0}" spans="1:2"><c r="A{0}"><v>{0}</v></c><c r="B{0}" t="inlineStr"><is><t>{1}</t></is></c>{2}</row>'
        ours = '<c r="C1" t="inlineStr"><is><t>reapi_verdict</t></is></c></row>'
        for head, cell in ((self.HEAD, ""), (self.HEAD.replace("</row>", ours), '<c r="C{}"/>')):
            rows = (row.format(at, text, cell.format(at)) for at, text in enumerate(texts * 3, 2))
            path.write_bytes(raw(head + "".join(rows)))
            assert run("quote", str(path), "--in-place").code == 1
            assert tuple(line[1] for line in cells(path)[1:]) == texts * 3
            assert not faults(path.read_bytes())

    def test_blank_cells_in_our_place_leave_those_behind_them(self, run: Any, tmp_path: Path) -> None:
        """Our columns of an earlier run stand between others, emptied but for their formats."""
        path = tmp_path / "plan.xlsx"
        titles = ("size", "reapi_verdict", "reapi_credits", "n", "note")
        cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'.format
        head = f'<row r="1">{"".join(cell(name, 1, title) for name, title in zip("ABCDE", titles))}</row>'
        rows = "".join(
            f'<row r="{at}">{cell("A", at, "1:1")}<c r="B{at}" s="0"/><c r="C{at}"/><c r="D{at}"><v>2</v></c>{cell("E", at, "x")}</row>'
            for at in range(2, 5)
        )
        path.write_bytes(raw(head + rows))
        assert run("quote", str(path), "--in-place").code == 0
        assert [line[:5] for line in cells(path)[1:]] == [["1:1", "warning", 338, 2, "x"]] * 3
        assert not faults(path.read_bytes())

    def test_cells_of_an_earlier_run_that_are_gone_come_back_in_their_places(self, run: Any, tmp_path: Path) -> None:
        path, sheet = tmp_path / "plan.xlsx", "xl/worksheets/sheet1.xml"
        path.write_bytes(raw(self.HEAD + ROWS))
        run("quote", str(path), "--in-place")
        content = parts(path.read_bytes())
        gone = re.sub(rb'<c r="[CGH]2".*?</c>', b"", content[sheet])
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in (content | {sheet: gone}).items():
                archive.writestr(name, text)
        assert (run("quote", str(path), "--in-place").code, len(gone) < len(content[sheet])) == (0, True)
        assert parts(path.read_bytes()) == content

    @pytest.mark.parametrize("end", ("</row>", "</row><!-- by hand -->"))
    def test_what_a_text_says_of_spans_is_its_own(self, run: Any, tmp_path: Path, end: str) -> None:
        path, told = (
            tmp_path / "plan.xlsx",
            '16:9</t></is></c><c r="C{0}" t="inlineStr"><is><t>a spans=\'1:2\' b</t></is></c>',
        )
        row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>' + told + end
        path.write_bytes(raw(self.HEAD + "".join(row.format(at) for at in (2, 3))))
        assert run("quote", str(path), "--in-place").code == 0
        assert [line[2] for line in cells(path)[1:]] == ["a spans='1:2' b"] * 2

    def test_columns_of_an_earlier_run_in_another_order(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        titles = ("size", "n", "reapi_usd", "reapi_credits", "reapi_verdict")
        head = "".join(
            f'<c r="{column}1" t="inlineStr"><is><t>{title}</t></is></c>' for column, title in zip("ABCDE", titles)
        )
        rows = ROWS.replace('<c r="B3"><v>1</v></c>', '<c r="B3"><v>1</v></c><c r="C3"><v>7</v></c>')
        path.write_bytes(raw(f'<row r="1">{head}</row>{rows}'))
        assert run("quote", str(path), "--in-place").code == 0
        assert not faults(path.read_bytes())
        assert [row[3:5] for row in cells(path)] == [[*titles[3:]], [214, "warning"], [169, "warning"]]

    HEAD = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>size</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
    )

    def test_our_titles_are_names_unless_another_language_is_asked_for(self) -> None:
        content = raw(self.HEAD + ROWS)
        for words, titles in (
            ((), OURS),
            (("en",), OURS),
            (("zh",), [told(each.title, "zh") for each in column_names().results]),
        ):
            output, table = io.BytesIO(), read_workbook(content)
            writer = InPlaceWriter(output, content, table, column_names().results, *words)
            for row in table.rows:
                writer.write(row, None)
            writer.close()
            sheet = parts(output.getvalue())["xl/worksheets/sheet1.xml"].decode()
            assert re.findall("<t>([^<]*)</t>", sheet.partition("</row>")[0])[2:] == titles
            assert (
                sheet.partition("</row>")[2]
                == content.decode("latin-1").partition("</row>")[2].partition("</worksheet>")[0] + "</worksheet>"
            )

    @pytest.mark.parametrize("widths", ("<cols/>", '<cols><!-- </cols> --><col min="1" max="3" width="9"/></cols>'))
    def test_widths(self, run: Any, tmp_path: Path, widths: str) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(raw(self.HEAD + ROWS, before=widths))
        result = run("quote", str(path), "--in-place")
        assert result.code == 0, result.err
        assert not faults(path.read_bytes())
        sheet = parts(path.read_bytes())["xl/worksheets/sheet1.xml"]
        assert sheet.count(b"</cols>") == 1

    @given(
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=4),
        st.dictionaries(st.integers(0, 12), st.integers(8, 60), max_size=4),
        st.sampled_from(("", "x:")),
    )
    def test_a_column_is_as_wide_as_it_was_or_as_asked_for(
        self, ranges: list[tuple[int, int]], widths: dict[int, int], prefix: str
    ) -> None:
        own, end = [], 0
        for gap, length in ranges:
            first, end = end + gap, end + gap + length - 1
            own.append({"min": str(first), "max": str(end), "width": str(100 + first), "style": str(first)})
        before = {at: each for each in own for at in range(int(each["min"]), int(each["max"]) + 1)}
        text = columns_with(Outline(0, prefix=prefix, widths=[*own]), widths)
        found = [{**each.attrib} for each in ElementTree.fromstring(text.replace("x:", ""))]
        after = [(at, each) for each in found for at in range(int(each["min"]), int(each["max"]) + 1)]
        expected: dict[int, tuple[str, str | None]]
        expected = {at: (each["width"], each["style"]) for at, each in before.items()}
        expected |= {at + 1: (f"{width}.7109375", expected.get(at + 1, ("", None))[1]) for at, width in widths.items()}
        assert [at for at, _ in after] == sorted(expected)
        assert {at: (each["width"], each.get("style")) for at, each in after} == expected
        assert {each.get("customWidth") for at, each in after if at - 1 in widths} <= {"1"}  # else the width is none

    def test_a_row_that_is_not_there_comes_in_its_place(self, run: Any, tmp_path: Path) -> None:
        """What is merged over it makes it a request, though the file has no row of that number."""
        path = tmp_path / "plan.xlsx"
        rows = ROWS.replace('r="3"', 'r="5"').replace("A3", "A5").replace("B3", "B5")
        merged = '<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="B2:B3"/></mergeCells>'
        path.write_bytes(raw(self.HEAD + rows, after=merged))
        result = run("quote", str(path), "--in-place")
        assert result.code == 0, result.err
        assert not faults(path.read_bytes())
        sheet = parts(path.read_bytes())["xl/worksheets/sheet1.xml"].decode()
        assert re.findall('<row r="([0-9]+)"', sheet) == ["1", "2", "3", "4", "5"]
        assert [row[-7] for row in cells(path)[1:]] == [214, 214, 214, 169]

    @pytest.mark.parametrize("mark", ("\ufeff", ""))
    @pytest.mark.parametrize("encoding", ("utf-16-le", "utf-16-be"))
    @pytest.mark.parametrize("part", ("xl/worksheets/sheet1.xml", "xl/workbook.xml"))
    def test_an_encoding_that_no_declaration_names(
        self, run: Any, tmp_path: Path, mark: str, encoding: str, part: str
    ) -> None:
        path = tmp_path / "plan.xlsx"
        content = parts(raw(self.HEAD + ROWS, after='<autoFilter ref="A1:B3"/>'))
        content[part] = (mark + content[part].decode()).encode(encoding)
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in content.items():
                archive.writestr(name, text)
        before = path.read_bytes()
        result = run("quote", str(path), "--in-place")
        assert (result.code, path.read_bytes()) == (2, before)
        assert "the workbook is written in UTF-16, not in UTF-8" in result.err or not mark

    def test_a_filter_whose_name_leads_nowhere(self, run: Any, tmp_path: Path) -> None:
        path, part = tmp_path / "plan.xlsx", "xl/workbook.xml"
        for inner in ("/>", ">#REF!</definedName>", "></definedName>"):
            content = parts(raw(self.HEAD + ROWS, after='<autoFilter ref="A1:B3"/>'))
            name = f'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0"{inner}</definedNames>'
            content[part] = content[part].replace(b"</sheets>", f"</sheets>{name}".encode())
            with zipfile.ZipFile(path, "w") as archive:
                for each, text in content.items():
                    archive.writestr(each, text)
            assert run("quote", str(path), "--in-place").code == 0
            assert parts(path.read_bytes())[part] == content[part]

    def test_an_archive_with_a_part_twice_and_a_comment(self, tmp_path: Path, run: Any) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(raw(self.HEAD + ROWS))
        with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "a") as archive:
            archive.comment = b"from the archive"
            for text in ("old", "new"):
                archive.writestr("docProps/note.txt", text)
        result = run("quote", str(path), "--in-place")
        assert (result.code, "Warning" in result.err) == (0, False)
        with zipfile.ZipFile(path) as after:
            assert (after.comment, after.read("docProps/note.txt")) == (b"from the archive", b"new")

    def test_a_saved_value_goes_with_all_that_is_said_of_it(self, tmp_path: Path, run: Any) -> None:
        """A picture in a cell, or an error of another kind, is beside its value; and CDATA may hide that."""
        path = tmp_path / "plan.xlsx"
        far = '<c r="E2" t="e" vm="1"><f>IFERROR(Z2,1)</f><v><![CDATA[#VALUE!]]></v></c></row><row r="3"'
        path.write_bytes(raw(self.HEAD + ROWS.replace('</row><row r="3"', far).replace("Z2", "N2")))
        assert run("quote", str(path), "--in-place").code == 0
        assert b'<c r="E2"><f>IFERROR(N2,1)</f></c>' in parts(path.read_bytes())["xl/worksheets/sheet1.xml"]

    def test_a_chunk_ends_anywhere(self, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "plan.xlsm"
        path.write_bytes(rich_workbook())
        run("quote", str(path), "--in-place", "--sheet", "My plan")
        whole = parts(path.read_bytes())
        for size in (1, 7, 100):
            for module in ("package", "sheet_splice"):
                monkeypatch.setattr(f"reapi_rules.sheets.workbooks.{module}._AT_ONCE", size)
            monkeypatch.setattr("reapi_rules.sheets.workbooks.package._LONGEST", size)
            path.write_bytes(rich_workbook())
            run("quote", str(path), "--in-place", "--sheet", "My plan")
            assert parts(path.read_bytes()) == whole, size


class TestFixed:
    """``check --fixed`` writes the corrected cells into the same XML."""

    def test_all_but_the_corrected_cells_stays(self, run: Any, tmp_path: Path) -> None:
        source, fixed = tmp_path / "rich.xlsm", tmp_path / "fixed.xlsm"
        with zipfile.ZipFile(io.BytesIO(rich_workbook())) as old, zipfile.ZipFile(source, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b"<t>low</t>", "<t>低</t>".encode()))
        result = run("check", str(source), "--sheet", "My plan", "--fixed", str(fixed))
        assert 'fixed C3: "低" -> "low"' in result.out
        before, after = parts(source.read_bytes()), parts(fixed.read_bytes())
        assert {name for name in before if after[name] != before[name]} == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
        assert faults(fixed.read_bytes()) == faults(source.read_bytes())
        sheet = "xl/worksheets/sheet1.xml"
        cells = [re.findall(rb'<c r="[^"]*"[^>]*?(?:/>|>.*?</c>)', text) for text in (before[sheet], after[sheet])]
        changed = [(old[:9], new) for old, new in zip(*cells) if old != new]
        assert {old for old, _ in changed} <= {f'<c r="C{row}"'.encode() for row in range(2, 9)}
        assert all(b"low</t>" in new for _, new in changed)
        assert re.sub(rb"<c r=.*?(/>|</c>)", b"", before[sheet]) == re.sub(rb"<c r=.*?(/>|</c>)", b"", after[sheet])

    def test_formulas_stay_and_those_that_read_corrected_cells_lose_their_values(
        self, run: Any, tmp_path: Path
    ) -> None:
        xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
        source, fixed = tmp_path / "plan.xlsx", tmp_path / "fixed.xlsx"
        book = xlsxwriter.Workbook(source)
        page, other = book.add_worksheet("Plan"), book.add_worksheet("Sums")
        for at, row in enumerate((("asset", "size", "n"), ("a", "16：9", "x2"), ("b", "1:1", 2), ("c", "1:1"))):
            page.write_row(at, 0, row)
        page.write_formula("C4", '="x"&3', None, "x3")
        other.write_formula("A1", "=SUM(Plan!C2:C4)", None, 2)
        other.write_formula("A2", "=1+1", None, 2)
        book.close()
        result = run("check", str(source), "--fixed", str(fixed))
        assert "fixed.xlsx: 2 cells in 1 request" in result.err
        assert (
            "1 formula reads corrected cells and is calculated anew when the workbook is opened: Sums!A1" in result.err
        )
        page = openpyxl.load_workbook(fixed)["Plan"]
        assert [page[place].value for place in ("B2", "C2", "C3", "C4")] == ["16:9", 2, 2, '="x"&3']
        assert page["B2"].number_format == "@"
        values = openpyxl.load_workbook(fixed, data_only=True)["Sums"]
        assert (values["A1"].value, values["A2"].value) == (None, 2)
        assert faults(fixed.read_bytes()) == []

    def test_our_columns_of_an_earlier_run_are_as_they_were_and_that_is_said(self, run: Any, tmp_path: Path) -> None:
        source, fixed = tmp_path / "plan.xlsx", tmp_path / "fixed.xlsx"
        source.write_bytes(raw(TestShapesOfXml.HEAD + ROWS.replace("16:9", "16\uff1a9")))
        said = "the columns of an earlier run are as they were: quote the fixed sheet anew"
        assert said not in run("check", str(source), "--fixed", str(fixed)).err
        run("quote", str(source), "--in-place")
        result = run("check", str(source), "--fixed", str(fixed))
        assert (said in result.err, [row[0] for row in cells(fixed)]) == (True, ["size", "16:9", "1:1"])
        assert [row[2:] for row in cells(fixed)] == [row[2:] for row in cells(source)]

    def test_what_says_no_more_than_a_blank_cell_becomes_one(self, run: Any, tmp_path: Path) -> None:
        source, fixed = tmp_path / "plan.xlsx", tmp_path / "fixed.xlsx"
        row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}" t="inlineStr"><is><t>{2}</t></is></c></row>'
        texts = (("size", "resolution"), ("16:9", "default"), ("1:1", "2k"))
        source.write_bytes(raw("".join(row.format(at, *each) for at, each in enumerate(texts, 1))))
        assert run("check", str(source), "--fixed", str(fixed)).code == 0
        assert cells(fixed) == [["size", "resolution"], ["16:9", ""], ["1:1", "2k"]]
        assert b'<c r="B2"/>' in parts(fixed.read_bytes())["xl/worksheets/sheet1.xml"]

    def test_what_can_not_be_written_whole_is_refused(self, run: Any, tmp_path: Path) -> None:
        source = tmp_path / "plan.xlsx"
        book = openpyxl.Workbook()
        book.active.append(["size", "n"])
        book.active.append(["16：9", 2])
        book.active.protection.enable()
        book.save(source)
        result = run("check", str(source), "--fixed", str(tmp_path / "fixed.xlsx"))
        assert (result.code, result.err) == (
            2, f'reapi-rules: {source}: sheet "Sheet" is protected: unprotect it, or correct its cells by hand\n'
        )  # fmt: skip


corners = st.tuples(st.integers(0, 3), st.integers(0, 3))
areas = st.builds(
    lambda sheet, one, two: (sheet, min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])),
    st.sampled_from(["P", "p", "Q"]),
    corners,
    corners,
)
reads = st.none() | st.lists(areas, max_size=2).map(tuple)
placed = st.dictionaries(st.tuples(st.sampled_from("PQ"), st.integers(0, 3), st.integers(0, 3)), reads, max_size=12)


class TestStale:
    @given(placed, st.lists(areas, max_size=3))
    def test_is_all_that_reads_a_change_or_what_does(self, sheet_reads: dict[Any, Any], changed: list[Area]) -> None:
        def cells(area: Area) -> set[tuple[str, int, int]]:
            sheet, top, left, bottom, right = area
            return {(sheet.upper(), row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}

        new = set().union(*map(cells, changed))
        found: set[tuple[str, int, int]] = set()
        while new:
            late = {at for at, read in sheet_reads.items() if read is None or any(cells(area) & new for area in read)}
            new = late - found
            found |= new
        formulas = [Formula(at[0], at[1], at[2], read) for at, read in sheet_reads.items()]
        rows: dict[tuple[str, int], Any] = {}
        for sheet, row, column in sorted(set().union(*map(cells, changed))):
            rows.setdefault((sheet, column), []).append(row)
        stalest = [(each.sheet, each.row, each.column) for each in stale(lambda: formulas, rows)]
        assert (set(stalest), len(stalest)) == (found, len(found))

    def test_a_running_total_is_gone_through_in_linear_time(self) -> None:
        formulas = [Formula("P", row, 1, (("P", row - 1, 1, row - 1, 1),)) for row in range(1, 5_000)]
        assert len(stale(lambda: formulas, {("P", 1): [0]})) == len(formulas)
        many = [Formula("P", row, 1, (("P", row, 0, row, 0),)) for row in range(5_000)]
        assert len(stale(lambda: many, {("P", 0): range(5_000)})) == len(many)


def test_an_area_reaches_over_our_columns_and_over_the_header() -> None:
    writer = InPlaceWriter.__new__(InPlaceWriter)
    writer._new, writer._header = [4, 5], 3
    for area, wider in (
        ("A1:D9", "A1:F9"), ("A5:B6", "A3:F6"), ("A1:B1", "A1:F3"), ("H1:I9", "E1:I9"), ("A2", "A2:F3"), ("$A$3:$D$3", "A3:F3"), ("A:D", "A:D"), ("1:9", "1:9"), ("", ""),
    ):  # fmt: skip
        assert writer._reaching(area) == wider
    for filtered, is_wider in (("A3:D9", True), ("A3:C9", False), ("A3:E9", False), ("A2:D9", False), ("A4:D9", False), ("A:D", False), ("", False)):  # fmt: skip
        writer._outline = Outline(0, filter=Spot("autoFilter", {"ref": filtered}, 0) if filtered else None)
        assert writer._filter_is_wider() is is_wider, filtered


@pytest.mark.parametrize("count", (0, 1, 2, 5, 6))
def test_formulas_that_read_what_changes_are_named_up_to_five(count: int) -> None:
    """Those of the sheet itself first."""
    writer = InPlaceWriter.__new__(InPlaceWriter)
    writer._sheet, writer._language = PackedSheet("Plan", "", is_hidden=False), "en"
    writer.notes = tuple[str, ...]()
    read = (("Plan", 1, 1, 1, 1),)
    formulas = [Formula("Plan" if at % 2 else "Other", at, at // 2, read) for at in range(count)] + [
        Formula("Plan", 9, 9, (("Plan", 2, 2, 2, 2),))
    ]
    by_sheet = writer._reading(lambda: formulas, {("Plan", 1): [1]}, "our_columns")
    own = [f"{'ABC'[at // 2]}{at + 1}" for at in range(1, count, 2)]
    others = [f"Other!{'ABC'[at // 2]}{at + 1}" for at in range(0, count, 2)]
    shown = ", ".join([*own, *others][:5]) + (", ..." if count > 5 else "")
    said = f"{count} formulas read" if count > 1 else "1 formula reads"
    assert all(note.startswith(f"{said} our columns") and note.endswith(f": {shown}") for note in writer.notes)
    assert len(writer.notes) == (count > 0)
    assert by_sheet == {
        name: {at: {at // 2} for at in range(start, count, 2)}
        for name, start in (("Plan", 1), ("Other", 0))
        if count > start
    }
