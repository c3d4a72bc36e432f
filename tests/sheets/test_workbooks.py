"""Workbooks in and out: types and text survive, and what we write is readable and safe."""

from __future__ import annotations

import csv
import gc
import io
import re
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reapi_rules.catalog.catalog import built_in
from reapi_rules.sheets.meaning.columns import SheetError, column_names, letter
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.results.quoter import Quoter
from tests.support.calc import Calc, needs_calc
from tests.support.examples import CAMPAIGN
from tests.support.raw_workbook import raw
from tests.support.sheet_strategies import plans
from tests.support.workbook_lint import faults
from tests.support.workbooks import read_workbook

calamine = pytest.importorskip("python_calamine", reason="needs python-calamine: pip install '.[test-all]'")
xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

from reapi_rules.sheets.workbooks import sheet_rows as ours  # noqa: E402  # after the check for what it needs
from reapi_rules.sheets.workbooks.calendar import days  # noqa: E402  # after the check for what it needs
from reapi_rules.sheets.workbooks.rows_workbook import rows_workbook  # noqa: E402
from reapi_rules.sheets.workbooks.xlsx_reader import Workbook  # noqa: E402
from reapi_rules.sheets.workbooks.xlsx_writer import XlsxWriter  # noqa: E402

OURS = [column.name for column in column_names().results]
LAID = [laid for laid in workbook_texts().columns if laid.name in OURS]
TITLES = [next(column.title["en"] for column in column_names().results if column.name == laid.name) for laid in LAID]

CHART = ("minMax", "maxMin", None)
"""Bars from left to right, the first group at the top, and no legend of one name."""


def workbook(rows: Sequence[Sequence[Any]], *, sheet: str = "Plan", others: tuple[str, ...] = ()) -> bytes:
    """A workbook with these cells; text is text, dates and times are what a spreadsheet makes of them."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output)
    for name in (*others, sheet):
        book.add_worksheet(name)
    page = book.get_worksheet_by_name(sheet)
    forms = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}), date: book.add_format({"num_format": "yyyy-mm-dd"}),
        time: book.add_format({"num_format": "h:mm"}), timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
    }  # fmt: skip
    for at, row in enumerate(rows):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(at, index, cell) if cell else None
            elif type(cell) in forms:
                page.write_datetime(at, index, cell, forms[type(cell)])
            elif cell is not None:
                page.write(at, index, cell)
    book.close()
    return output.getvalue()


def quoted(content: bytes, **options: Any) -> bytes:
    table = read_workbook(content, **options)
    output = io.BytesIO()
    writer = XlsxWriter(output, table, column_names().results, card=built_in().card())
    quoter = Quoter(table.columns)
    for row in table.rows:
        writer.write(row, quoter.result(row))
    writer.close()
    return output.getvalue()


def cells(content: bytes, sheet: str | int = 0) -> list[list[Any]]:
    book = calamine.load_workbook(io.BytesIO(content))
    page = book.get_sheet_by_index(sheet) if isinstance(sheet, int) else book.get_sheet_by_name(sheet)
    return list(page.to_python(skip_empty_area=False))


def widths(page: Any) -> dict[str, float]:
    """How wide each column is; openpyxl gives those of the same width under the first."""
    shapes = page.column_dimensions.values()
    return {letter(at - 1): shape.width for shape in shapes for at in range(shape.min, shape.max + 1)}


class TestReading:
    def test_what_a_relationship_says_of_another_file_is_no_part(self) -> None:
        book, output = raw('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', texts="<si><t>size</t></si>"), io.BytesIO()
        away = '<Relationship Id="z" Type="x/sharedStrings" Target="texts.xml" TargetMode="External"/></Relationships>'
        with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(output, "w") as new:
            for part in old.namelist():
                text = old.read(part).decode()
                new.writestr(part, text.replace("</Relationships>", away) if "workbook.xml.rels" in part else text)
        assert read_workbook(output.getvalue()).columns.titles == ("size",)

    def test_the_cells_of_a_time(self) -> None:
        rows: list[list[Any]] = [
            ["size", "n"],
            ["16:9", 2.0],
            [time(16, 9), 2],
            [timedelta(hours=16, minutes=9), "2"],
            [969, None],
            [0.6729166667, 1],
            [datetime(1899, 12, 31, 16, 9), 1],
        ]
        table = read_workbook(workbook(rows))
        quoter = Quoter(table.columns)
        found = [(answer.cells[0], answer.cells[9]) for row in table.rows if (answer := quoter.result(row))]
        assert found == [("warning", "16:9@1k_high")] * 6

    def test_addresses_are_those_of_the_spreadsheet(self) -> None:
        rows: list[list[Any]] = [[], [], [None, "size"], [], [None, time(4, 9)]]
        table = read_workbook(workbook(rows))
        assert (table.header.number, [row.number for row in table.rows]) == (3, [4, 5])
        table = read_workbook(workbook(rows))
        quoter = Quoter(table.columns)
        answers = [quoter.result(row) for row in table.rows]
        assert answers[0] is None
        assert answers[1] is not None
        assert 'the size "04:09:00" was understood as the time 04:09, so 4:9' in str(answers[1].cells[11])

    @pytest.mark.parametrize(
        "header", (["asset", "size", "image url"], ["image_url_1", "image_url_2"], ["size", "quality"])
    )
    @pytest.mark.parametrize("title", ("Spring campaign", "Size"))
    def test_a_header_names_two_columns_of_a_request_and_a_title_none_or_one(
        self, header: list[str], title: str
    ) -> None:
        table = read_workbook(workbook([[title], [], header, ["x"]]))
        assert (table.header.number, list(table.columns.titles)) == (3, header)
        assert [row.cells for row in table.above] == [[title, *[""] * (len(header) - 1)], [""] * len(header)]

    def test_the_sheet_with_our_columns_is_found(self) -> None:
        content = workbook([["size"], ["1:1"]], sheet="Plan 2", others=("Cover", "Notes"))
        assert read_workbook(content).sheet == "Plan 2"
        for name, says in (
            ("Cover", 'sheet "Cover": it is empty'),
            ("Nope", 'there is no sheet "Nope": the workbook has Cover, Notes, Plan 2'),
        ):
            with pytest.raises(SheetError, match=says):
                read_workbook(content, sheet=name)
        with pytest.raises(SheetError, match="no column is a field"):
            read_workbook(workbook([["a"], ["b"]]))

    def test_a_sheet_that_does_not_fit_keeps_no_workbook_in_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made, fitting = list[ref[Workbook]](), Workbook._fitting

        def noted(book: Workbook) -> dict[str, int]:
            made.append(ref(book))
            return fitting(book)

        monkeypatch.setattr(Workbook, "_fitting", noted)
        gc.disable()
        try:
            assert read_workbook(workbook([["size"], ["1:1"]], others=("Notes",))).sheet == "Plan"
            assert made[0]() is None
        finally:
            gc.enable()

    @pytest.mark.parametrize("name", ("reAPI plan", "reAPI Batch 2", "REAPI 2026"))
    def test_a_sheet_is_passed_over_only_if_it_is_one_of_ours(self, run: Any, tmp_path: Path, name: str) -> None:
        source, result = tmp_path / "plan.xlsx", tmp_path / "result.xlsx"
        book = xlsxwriter.Workbook(source)
        for sheet in (name, "reAPI totals", "reAPI 列说明", "reAPI Rules"):
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, ("size", "n"))
            page.write_row(1, 0, ("1:1", 2))
        book.close()
        table = read_workbook(source.read_bytes())
        assert (table.sheet, table.other_sheets) == (name, ())
        assert read_workbook(source.read_bytes(), sheet="reAPI totals").sheet == "reAPI totals"
        assert run("quote", str(source), "-o", str(result)).code == 0
        assert openpyxl.load_workbook(result).sheetnames == [name, "reAPI totals", "reAPI columns"]
        assert read_workbook(result.read_bytes()).sheet == name
        run("quote", str(source), "--sheet", "reAPI totals", "-o", str(result))
        assert openpyxl.load_workbook(result).sheetnames == ["Quote", "reAPI totals", "reAPI columns"]

    def test_a_workbook_with_none_but_our_sheets_is_refused_by_their_names(self) -> None:
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output)
        for sheet in ("reAPI totals", "reAPI columns"):
            book.add_worksheet(sheet)
        book.close()
        with pytest.raises(SheetError, match='no sheet but "reAPI totals" and "reAPI columns", which we write'):
            read_workbook(output.getvalue())

    def test_a_formula_without_a_value_is_not_a_blank_cell(self) -> None:
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output)
        page = book.add_worksheet("A & B")
        for row, (size, n) in enumerate((("size", "n"), ("=NA()", 1), ('="16:9"', 2)), 0):
            page.write(row, 0, size)
            page.write(row, 1, n)
        page.write_formula(1, 0, "=NA()", None, "#N/A")
        page.write_formula(2, 0, '="16:9"', None, "16:9")
        book.close()
        table = read_workbook(output.getvalue())
        quoter = Quoter(table.columns)
        first, second = (quoter.result(row) for row in table.rows)
        assert first is not None
        assert second is not None
        assert str(first.cells[1]).startswith('size.unknown: invalid size "#N/A"')
        assert second.cells[9] == "16:9@1k_high"
        never = openpyxl.load_workbook(io.BytesIO(output.getvalue()))
        saved = io.BytesIO()
        never.save(saved)
        table = read_workbook(saved.getvalue())
        assert [row.cells for row in table.rows] == [[NoValue("=NA()"), 1.0], [NoValue('="16:9"'), 2.0]]

    @pytest.mark.parametrize("content", (b"PK\x03\x04broken", workbook([["size"]])[:2000]))
    def test_what_is_no_workbook(self, content: bytes) -> None:
        with pytest.raises(SheetError, match="it can't be read as a workbook"):
            read_workbook(content)

    def test_a_bomb_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reapi_rules.sheets.workbooks.package._MOST_BYTES", 1000)
        with pytest.raises(SheetError, match="it unpacks to 0 MiB: save the sheet as CSV"):
            read_workbook(workbook([["size"]]))


class TestTheTableSurvives:
    ROWS: list[list[Any]] = [
        ["asset", "size", "due", "hours", "done", "n", ""],
        ["=1+1", "16:9", date(2026, 8, 14), timedelta(hours=30), True, 2.0, "x"],
        [" https://a.example ", time(16, 9), datetime(2026, 8, 14, 9, 30), 0.125, False, "2", None],
        [],
        ["007", "04:09", None, -5.5, None, 4.0, "a\nb"],
    ]

    def test_every_cell_with_its_kind(self) -> None:
        content = workbook(self.ROWS)
        before, after = cells(content), cells(quoted(content))
        assert [row[:7] for row in after] == [(row + [""] * 7)[:7] for row in before]
        assert after[0][7:] == TITLES

    def test_a_second_run_replaces_our_columns(self) -> None:
        once = quoted(workbook(self.ROWS))
        assert cells(quoted(once)) == cells(once)
        for sheet in ("reAPI totals", "reAPI columns"):
            assert cells(quoted(once), sheet) == cells(once, sheet)
        assert quoted(once) == quoted(once)

    def test_a_second_run_skips_the_same_rows_and_has_the_same_notes(self) -> None:
        """Our columns beside them change neither what is hidden nor what is merged."""
        own = list(zip(("A", "B", "C"), ("asset", "size", "n")))
        beside = [*own, *zip(("D", "E"), TITLES)]

        def found(titles: Sequence[tuple[str, str]]) -> list[Any]:
            plan = (["a", "16:9", "1"], ["b", "", "2"], ["c", "1:1", "1"])
            lines = ([title for _, title in titles], *([*row, "x", "y"][: len(titles)] for row in plan))
            xml = "".join(
                f'<row r="{at}"{hidden}>'
                + "".join(f'<c r="{titles[index][0]}{at}" t="str"><v>{text}</v></c>' for index, text in enumerate(line))
                + "</row>"
                for at, (hidden, line) in enumerate(zip(("", "", "", ' hidden="1"'), lines), 1)
            )
            content = raw(xml, after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')
            rows = read_workbook(content, visible_only=True).rows
            return [(row.number, row.cells, row.skipped, row.notes) for row in rows]

        assert found(beside) == found(own)
        assert [skipped for *_, skipped, _ in found(own)] == ["", "", "hidden"]
        assert [len(notes) for *_, notes in found(own)] == [0, 1, 0]

    @settings(max_examples=25)
    @given(plans())
    def test_any_table(self, plan: tuple[list[str], list[list[str]]]) -> None:
        header, rows = plan
        header = [title or "x" for title in header]  # a workbook ends with its last cell
        rows = [[cell.replace("\r", "").replace("\x00", "") for cell in row] for row in rows]
        content = workbook([header, *rows])
        after = cells(quoted(content))
        width = len(header)
        assert [row[:width] for row in after] == [(row + [""] * width)[:width] for row in cells(content)]
        table = read_workbook(content)
        answers = map(Quoter(table.columns).result, table.rows)
        for row, answer in zip(after[1:], answers):
            given = {} if answer is None else dict(zip(OURS, answer.cells))
            expected: list[Any] = ["" if given.get(laid.name) is None else given[laid.name] for laid in LAID]
            expected[3] = float(str(expected[3])) if expected[3] else ""
            assert row[width:] == expected or any(str(cell) != str(cell).strip() for cell in expected)

    @pytest.mark.parametrize(
        ("cell", "says"), (("x" * 32_768, "row 2, column A: 32768 characters, and a cell of a workbook takes 32767"),)
    )
    def test_what_a_workbook_can_not_hold_is_said(self, cell: str, says: str, tmp_path: Path, run: Any) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text(f"note,size\n{cell},1:1\n")
        result = run("quote", str(plan), "-o", str(tmp_path / "out.xlsx"))
        assert result.code == 2
        assert says in result.err
        assert not (tmp_path / "out.xlsx").exists()

    def test_a_sheet_without_room_for_more_rows_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Any
    ) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text("note,size\n" + 3 * "a,1:1\n")
        for most, is_enough in ((4, True), (3, False)):
            monkeypatch.setattr("reapi_rules.sheets.workbooks.xlsx_writer.MOST_ROWS", most)
            result = run("quote", str(plan), "-o", str(tmp_path / f"{most}.xlsx"))
            assert (result.code, f"a workbook takes {most} rows: write CSV" in result.err) == (
                2 - 2 * is_enough,
                not is_enough,
            )
            assert (tmp_path / f"{most}.xlsx").exists() is is_enough


class TestRows:
    """The XML of a row is the one that XlsxWriter writes, cell by cell; what it gets wrong is right."""

    TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
        ["_x0041_", " a", "a\n", "<&>", "\r\x01\uffff"]
    )
    DATES = (
        st.dates(date(1900, 3, 1))
        | st.datetimes(datetime(1900, 3, 1))
        | st.times()
        | st.timedeltas(timedelta(0), timedelta(9999))
    )
    NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15)

    @staticmethod
    def kind(cell: Any) -> tuple[str, str]:
        """The method of XlsxWriter that writes a cell, and our XML of it under the letter C in bold."""
        methods = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "blank"}
        method = methods.get(type(cell), "datetime")
        return f"write_{method}", ours.cell_xml("C", ' s="1"', days(cell) if method == "datetime" else cell)

    @given(st.lists(st.tuples(TEXTS | DATES | NUMBERS | st.booleans() | st.none(), st.integers(1, 6)), min_size=1))
    def test_it_is_that_of_xlsxwriter(self, column: list[tuple[Any, int]]) -> None:
        sheets = []
        for is_ours in (False, True):
            output = io.BytesIO()
            with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:
                sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
                sheet.write_string(0, 2, "head", bold)
                rows = ours.SheetRows(sheet) if is_ours else None
                for row, (cell, lines) in enumerate(column, 1):
                    method, xml = self.kind(cell)
                    if rows is None:
                        sheet.set_row(row, 15 * lines)
                        getattr(sheet, method)(row, 2, cell, bold)
                    else:
                        rows.add(row, xml, lines)
            sheets.append(zipfile.ZipFile(output).read("xl/worksheets/sheet1.xml"))
        assert sheets[0] == sheets[1]

    def test_what_it_gets_wrong(self, run: Any, tmp_path: Path) -> None:
        plan, book = tmp_path / "plan.csv", tmp_path / "book.xlsx"
        texts = ["<r>a</r>", "<r><t>a</t></r>", "_x0041_x0042_"]
        plan.write_text("\n".join(["note,size", *(f"{text},1:1" for text in texts)]))
        assert run("quote", str(plan), "-o", str(book)).code == 0
        assert [row[0] for row in cells(book.read_bytes())[1:]] == texts
        rows = '<row><c t="str"><v>x</v></c><c t="str"><v>size</v></c></row><row><c><v>NaN</v></c><c t="str"><v>1:1</v></c></row>'
        assert cells(quoted(raw(rows)))[1][0] == "nan"

    @pytest.mark.parametrize("value", ("NaN", "INF", "-INF", "1e999"))
    def test_what_is_no_number_is_a_text_wherever_it_stands(self, run: Any, tmp_path: Path, value: str) -> None:
        row = f'<row><c><v>{value}</v></c><c t="str"><v>1:1</v></c></row>'
        plan, book = tmp_path / "plan.xlsx", tmp_path / "book.xlsx"
        plan.write_bytes(raw(f'<row><c t="str"><v>campaign</v></c><c t="str"><v>size</v></c></row>{row * 4}'))
        for command in ("quote", "advise"):
            assert run(command, str(plan), "-o", str(book)).code == 0
            assert type(cells(book.read_bytes())[1][0]) is str
            assert any(
                str(row[0]).lower() in ("nan", "inf", "-inf") for row in cells(book.read_bytes(), "reAPI totals")
            )

    def test_json_has_its_own_kinds(self, run: Any, tmp_path: Path) -> None:
        plan, book = tmp_path / "plan.ndjson", tmp_path / "book.xlsx"
        values = {"2": 2, "1.50": 1.5, "1.5e3": 1500, "true": True, "false": False, '"2"': "2", '"true"': "true", '"007"': "007",
                  "123456789012345": 123456789012345, "1234567890123456": "1234567890123456", "1e999": "1e999", "[1]": "[1]", "null": ""}  # fmt: skip
        for order in ([*values], [*reversed(values)]):  # what is met before has no part in it
            lines = (f'{{"prompt": "a fox", "size": "1:1", "n": 1, "team": {value}}}\n' for value in order)
            plan.write_text("".join(lines))
            assert run("quote", str(plan), "-o", str(book)).code in (0, 1)
            found = [row[2:4] for row in cells(book.read_bytes())[1:]]
            assert found == [[1.0, values[value]] for value in order]
            assert [type(value) is str for _, value in found] == [type(values[value]) is str for value in order]


class TestReadable:
    @pytest.fixture
    def book(self) -> Any:
        rows: list[list[Any]] = [
            ["prompt", "size", "resolution", "quality", "n"],
            ["a fox", "16:9", "2k", "high", 2],
            ["", "7:5", "", "", ""],
            ["=x", "800x600", "", "", 1],
        ]
        return openpyxl.load_workbook(io.BytesIO(quoted(workbook(rows, sheet="Mara's plan"))))

    def test_text_formats_frozen_header_numbers_and_colours(self, book: Any) -> None:
        page = book["Mara's plan"]
        assert page.freeze_panes == "A2"
        assert page.row_dimensions[1].height >= 2 * ours.LINE  # our titles take two lines
        assert {page[f"{letter}{row}"].number_format for letter in "BCD" for row in (2, 3, 4)} == {"@"}
        assert page.column_dimensions["B"].width >= 8
        assert [page[f"F{row}"].value for row in (2, 3, 4)] == ["fine", "rejected", "warning"]
        assert (page["G2"].value, page["G2"].number_format, page["I2"].value) == (759, "#,##0", 0.759)
        assert page["J3"].fill.fgColor.rgb == page["F3"].fill.fgColor.rgb == "FFF8CBAD"
        assert page["K4"].fill.fgColor.rgb == page["F4"].fill.fgColor.rgb == "FFFFE699"
        assert page["F2"].fill.fgColor.rgb == "FFC6EFCE"
        assert page["A4"].data_type == "s"

    def test_it_is_ready_to_sort_filter_fold_and_print(self, book: Any) -> None:
        page = book.worksheets[0]
        assert (page.auto_filter.ref, page.print_area, page.print_title_rows) == (
            "A1:Q4",
            "'Mara''s plan'!$A$1:$Q$4",
            "$1:$1",
        )
        setup = page.page_setup
        assert (
            setup.orientation,
            setup.fitToHeight,
            page.sheet_properties.pageSetUpPr.fitToPage,
        ) == ("landscape", 0, True)
        shapes = page.column_dimensions
        assert [(shapes[name].outlineLevel, shapes[name].hidden) for name in ("F", "O")] == [(1, False), (2, True)]

    def test_in_the_users_language(self, run: Any, tmp_path: Path) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text("campaign,size,n\nspring,16:9,1\nspring,7:5,1\n")
        run("quote", str(plan), "--lang", "zh", "-o", str(tmp_path / "out.xlsx"))
        content = (tmp_path / "out.xlsx").read_bytes()
        rows = cells(content)
        assert rows[0][3:5] == ["reAPI 结论", "reAPI 积分"]
        assert [row[3] for row in rows[1:]] == ["有警告", "拒绝"]
        assert cells(content, "reAPI 合计")[0] == ["请求数", 2.0, "", "", ""]
        assert list(read_workbook(content).columns.titles) == ["campaign", "size", "n"]

    def test_credits_by_campaign_and_their_chart(self, run: Any, tmp_path: Path) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text(
            "asset,campaign,size,quality\na,spring,16:9,high\nb,,16:9,high\nc,7,1:1,low\nd,spring,7:5,low\n"
        )
        run("quote", str(plan), "-o", str(tmp_path / "out.xlsx"))
        content = (tmp_path / "out.xlsx").read_bytes()
        assert cells(content, "reAPI totals")[9:13] == [
            ["Credits by campaign", "Requests", "Credits, at least", "Credits to budget", "USD to budget"],
            ["spring", 2.0, 214.0, 214.0, 0.214],
            ["(blank)", 1.0, 214.0, 214.0, 0.214],
            [7.0, 1.0, 5.0, 5.0, 0.005],
        ]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            chart = archive.read("xl/charts/chart1.xml").decode()
        assert "'reAPI totals'!$D$11:$D$13" in chart
        (grid,) = re.findall('<c:majorGridlines>.*?srgbClr val="(.*?)".*?</c:majorGridlines>', chart)
        assert '<c:showVal val="1"/>' in chart
        assert re.findall('formatCode="([^"]*)" sourceLinked="0"', chart) == ["#,##0"] * 2  # of the bars and the axis
        assert min(bytes.fromhex(grid)) > 0xC0  # bars and figures are read, and not what is behind them

    def test_without_texts_our_columns_of_texts_are_narrower_than_that_of_the_verdict(self) -> None:
        page = openpyxl.load_workbook(io.BytesIO(quoted(workbook([["size", "quality"], ["1:1", "low"]])))).worksheets[0]
        titles, own = [cell.value for cell in page[1]], widths(page)
        texts = {own[letter(titles.index(f"reAPI: {each}"))] for each in ("what is wrong", "warnings", "notes")}
        assert max(texts) < own[letter(titles.index("reAPI verdict"))]

    def test_with_short_texts_they_are_as_wide_as_those(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_text("asset,size,quality\nfox,1:1,high\n")
        run("advise", str(path), "-o", str(tmp_path / "plan.xlsx"), "--lang", "zh")
        book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
        page = book.worksheets[0]
        card = built_in().card()
        assert card is not None
        assert book.properties.created.isoformat()[:10] == card.checked_on
        titles = [cell.value for cell in page[1]]
        at = titles.index("reAPI 放弃什么")
        assert int(widths(page)[letter(at)]) == len(str(page[2][at].value)) + 3 == 23

    def test_groups_that_excel_takes_for_one_are_told_apart(self, run: Any, tmp_path: Path) -> None:
        """Its sign of equality ignores case, and EXACT takes a text for the number that it spells."""
        plan = tmp_path / "plan.csv"
        plan.write_text("campaign,size,quality\nspring,1:1,low\nSpring,1:1,low\n")
        run("quote", str(plan), "-o", str(tmp_path / "out.xlsx"))
        formulas = [row[1].value for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["reAPI totals"]["A11:B12"]]
        area = "'Quote'!$A$1:$A$1003"
        assert [f"({area}=A{row})*EXACT({area},A{row})" in str(text) for row, text in enumerate(formulas, 11)] == [
            True
        ] * 2

    @pytest.mark.parametrize(
        ("teams", "is_grouped"),
        (
            ("xxyy", True), ("xyxyzz", True), ("xxyyz", False), ("xyzw", False), ("xxxx", False), ("x x ", True), ("xxxy", True),
        ),
    )  # fmt: skip
    def test_a_column_groups_rows_whose_values_come_twice_on_average(
        self, run: Any, tmp_path: Path, teams: str, is_grouped: bool
    ) -> None:
        plan, book = tmp_path / "plan.csv", tmp_path / "out.xlsx"
        plan.write_text(
            "asset,crew,prompt\n" + "".join(f"a{at},{team.strip()},fox {at}\n" for at, team in enumerate(teams))
        )
        run("quote", str(plan), "-o", str(book))
        page = openpyxl.load_workbook(book)["reAPI totals"]
        heads = [cell.value for cell in page["A"]]
        assert ("Credits by crew" in heads, len(page._charts)) == (is_grouped, int(is_grouped))

    @pytest.mark.parametrize("campaigns", (1, 2, 30, 31, 40))
    def test_the_groups_add_up_to_the_totals(self, run: Any, tmp_path: Path, campaigns: int) -> None:
        """Those that are not listed are one line; the chart is below them all."""
        plan, book = tmp_path / "plan.csv", tmp_path / "out.xlsx"
        sizes = ("16:9", "1:1", "800x600")  # the last has no exact price
        rows = (f"c{at % campaigns},{sizes[at % 3]},high\n" for at in range(campaigns + 5))
        plan.write_text("campaign,size,quality\n" + "".join(rows))
        assert run("quote", str(plan), "-o", str(book)).code == 0
        page = openpyxl.load_workbook(book)["reAPI totals"]
        saved = openpyxl.load_workbook(book, data_only=True)["reAPI totals"]
        first, last = 11, page.max_row
        listed = min(campaigns, 30)
        assert last - first + 1 == listed + (campaigns > 30)
        for column, line in (("B", 1), ("C", 5), ("D", 6), ("E", 8)):
            figures = [saved[f"{column}{row}"].value for row in range(first, last + 1)]
            assert sum(figures) == pytest.approx(saved[f"B{line}"].value)
            assert min(figures) > 0
            forms = {page[f"{column}{row}"].number_format for row in range(first, last + 1)}
            assert forms == {page[f"B{line}"].number_format} == {"#,##0.000" if column == "E" else "#,##0"}
            if campaigns > 30:
                rest = f"=B{line}-SUM({column}{first}:{column}{last - 1})" if column != "E" else f"=D{last}/1000"
                assert page[f"{column}{last}"].value == rest
        (chart,) = page._charts
        assert chart.anchor._from.row >= last
        assert (chart.y_axis.scaling.orientation, chart.x_axis.scaling.orientation, chart.legend) == CHART
        assert chart.series[0].val.numRef.f == f"'reAPI totals'!$D${first}:$D${last}"
        assert chart.series[0].cat.numRef.f == f"'reAPI totals'!$A${first}:$A${last}"

    def test_an_explanation_is_as_high_as_its_texts_are_in_their_columns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        texts = [
            ("A", "t" * title, "m" * meaning) for title in (1, *range(25, 35), 60, 200) for meaning in (1, 89, 90, 500)
        ]
        monkeypatch.setattr(XlsxWriter, "_explained", lambda _: texts)
        page = openpyxl.load_workbook(io.BytesIO(quoted(workbook([["size"], ["1:1"]]))))["reAPI columns"]
        assert [tuple(cell.value for cell in row) for row in page.iter_rows(2, len(texts) + 1)] == texts
        own = {name: int(width) for name, width in widths(page).items()}
        for row, (_, title, meaning) in enumerate(texts, 2):
            needed = max(1 + len(title) // own["B"], 1 + len(meaning) // own["C"])
            height = page.row_dimensions[row].height or ours.LINE
            assert (height >= ours.LINE * needed, height == ours.LINE) == (True, needed == 1), (title, meaning)

    @pytest.mark.parametrize(
        ("text", "value", "form"),
        (
            ("2", 2, "0"), ("-5", -5, "0"), ("1.50", 1.5, "0.00"), ("123456789012345", 123456789012345, "0"),
            ("2026-08-14", datetime(2026, 8, 14), "yyyy-mm-dd"), ("007", "007", "General"), ("1e5", "1e5", "General"),
            ("+5", "+5", "General"), ("1234567890123456", "1234567890123456", "General"), ("1,5", "1,5", "General"),
            ("2026-02-30", "2026-02-30", "General"), ("14.8.2026", "14.8.2026", "General"), ("1900-01-15", "1900-01-15", "General"),
            ("=1+1", "=1+1", "General"), ("-0", "-0", "General"),
        ),
    )  # fmt: skip
    def test_a_text_of_csv_is_a_number_where_it_is_shown_as_it_was(
        self, run: Any, tmp_path: Path, text: str, value: Any, form: str
    ) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text(f'size,memo\n16:9,"{text}"\n')
        run("quote", str(plan), "-o", str(tmp_path / "out.xlsx"))
        cell = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]["B2"]
        assert (cell.value, cell.number_format) == (value, form)

    def test_sheets_whose_names_are_too_long_have_names_of_their_own(self) -> None:
        """As those of ODS may be."""
        name, output = "A plan of all that is to be made in May", io.BytesIO()
        table = replace(read_workbook(workbook([["size"], ["1:1"]])), sheet=name)
        writer = XlsxWriter(output, table, column_names().results)
        for sheet in (name, name, f"{name} 2", f"{name} 3"):
            writer.write(Row(2, ["1:1"], sheet=sheet), None)
        writer.close()
        names = openpyxl.load_workbook(output).sheetnames
        assert names[:3] == [name[:31], f"{name[:26]} (2)", f"{name[:26]} (3)"]

    def test_the_lint_finds_nothing(self, run: Any, tmp_path: Path) -> None:
        run("quote", str(CAMPAIGN), "-o", str(tmp_path / "out.xlsx"))
        assert faults((tmp_path / "out.xlsx").read_bytes()) == []

    def test_totals_calculate(self, book: Any) -> None:
        page = book["reAPI totals"]
        verdicts, credits = (f"'Mara''s plan'!${column}$1:${column}$1048576" for column in "FG")
        assert page["B6"].value == f'=SUMIF({verdicts},"?*",{credits})'
        assert (page["A1"].value, page["B1"].value) == ("Requests", f'=COUNTIF({verdicts},"?*")-1')

    @needs_calc
    def test_totals_follow_when_rows_are_added_and_quoted_in_place(self, calc: Calc, run: Any, tmp_path: Path) -> None:
        """Also in another language, and beside a sum that somebody wrote below."""
        plan, book = tmp_path / "plan.csv", tmp_path / "out.xlsx"
        plan.write_text("campaign,size,quality,n\nspring,1:1,low,1\nfall,7:5,low,1\n,1:1,low,2\n")
        run("quote", str(plan), "-o", str(book), "--lang", "zh")
        pages = openpyxl.load_workbook(book)
        page = pages.worksheets[0]
        page["A5"], page["B5"], page["C5"], page["D5"] = "spring", "16:9", "high", 4
        page["B7"], page["F7"] = "Total", "=SUM(F2:F5)"
        pages.save(book)
        assert run("quote", str(book), "--in-place").code == 1
        (saved,) = calc.convert(book, form="xlsx", into="totals")
        rows = cells(saved.read_bytes(), "reAPI 合计")
        assert [row[1] for row in rows[:6]] == [4, 1, 0, 0, 870, 870]
        assert {row[0]: row[1:4] for row in rows[10:13]} == {
            "spring": [2, 860, 860],
            "fall": [1, 0, 0],
            "（空）": [1, 10, 10],
        }

    def test_notes_say_what_the_numbers_mean(self, book: Any) -> None:
        text = "\n".join(": ".join(str(cell.value) for cell in row) for row in book["reAPI columns"].rows)
        for part in (
            "reapi-2026-07-28",
            "Prices in effect from",
            "2026-07-28",
            "bounded: reAPI picks the price",
            "window.__pricing_snapshot__",
            "B: size: yours, read as size",
            "G: reAPI credits: what to budget",
            "F: reAPI verdict: one word to filter by",
        ):
            assert part in text

    def test_rows_without_a_price_are_listed(self, run: Any, tmp_path: Path) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text("size\n1:1\n\n1:1\n")
        assert run("quote", str(plan), "--as-of", "2020-01-01", "-o", str(tmp_path / "out.xlsx")).code == 0
        notes = cells((tmp_path / "out.xlsx").read_bytes(), "reAPI columns")
        assert ["Rows without a price", "2, 4", ""] in notes
        assert ["Rate card", "no card is in effect on that date", ""] in notes


class TestRowsOfResults:
    """A table such as that of ``--by``: kinds, widths and heights of its cells, and a chart below them."""

    ROWS: list[dict[str, Any]] = [
        {"group": "spring", "requests": 2, "credits": 1428, "usd": "1.428", "note": None},
        {"group": "=1+1", "requests": 1, "credits": 0, "usd": None, "note": "a fox in the snow " * 9},
        {"group": "", "requests": 1, "credits": 7, "usd": "0.007", "note": "a\nb"},
    ]

    def page(self, rows: list[dict[str, Any]]) -> Any:
        return openpyxl.load_workbook(io.BytesIO(rows_workbook(rows))).worksheets[0]

    def test_every_cell_with_its_kind(self) -> None:
        page = self.page(self.ROWS)
        titles, *found = [[cell.value for cell in row] for row in page.iter_rows()]
        assert titles == [*self.ROWS[0]]
        own = [
            {
                **row,
                "usd": row["usd"] and float(row["usd"]),
            }
            for row in self.ROWS
        ]
        assert [dict(zip(titles, row)) for row in found] == own
        assert page["A3"].data_type == "s"
        assert [page[f"{column}2"].number_format for column in "ABCDE"] == [
            "General",
            "#,##0",
            "#,##0",
            "#,##0.000",
            "General",
        ]
        assert {cell.fill.fgColor.rgb for cell in page[1]} == {"FF2F75B5"}

    def test_it_is_ready_to_sort_filter_and_print(self) -> None:
        page = self.page(self.ROWS)
        assert (page.auto_filter.ref, page.print_title_rows, page.freeze_panes) == ("A1:E4", "$1:$1", "A2")
        assert (page.page_setup.orientation, page.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)

    def test_what_it_holds_can_be_seen(self) -> None:
        page = self.page(self.ROWS)
        own = [widths(page)[column] for column in "ABCDE"]
        assert all(8 <= width <= 61 for width in own)
        assert all(width >= len(title) + 2 for width, title in zip(own, self.ROWS[0]))
        assert own[-1] > 60
        assert [(page.row_dimensions[row].height or ours.LINE) / ours.LINE for row in (2, 3, 4)] == [1, 3, 2]
        assert page["E3"].alignment.wrap_text

    def test_the_chart_is_below_the_rows_where_there_are_credits_by_group(self) -> None:
        for count in range(2, 6):
            (chart,) = self.page([*self.ROWS, *self.ROWS][:count])._charts
            assert (chart.anchor._from.row > count, chart.anchor._from.col) == (True, 0)
            assert (chart.y_axis.scaling.orientation, chart.x_axis.scaling.orientation, chart.legend) == CHART
            assert chart.series[0].cat.strRef.f == f"Result!$A$2:$A${count + 1}"
            assert chart.series[0].val.numRef.f == f"Result!$C$2:$C${count + 1}"
        for rows in ([], [{"group": "spring"}], [{"asset": "a", "credits": 1}]):
            assert self.page(rows)._charts == []


class TestCommand:
    def test_from_format_to_format(self, run: Any, tmp_path: Path) -> None:
        """CSV to XLSX to NDJSON rows, TSV and CSV: the answers stay the same."""
        expected = list(csv.DictReader(io.StringIO(run("quote", str(CAMPAIGN)).out)))
        book = tmp_path / "out.xlsx"
        assert run("quote", str(CAMPAIGN), "-o", str(book)).code == 1
        for words in ((), ("--format", "tsv"), ("-o", str(tmp_path / "again.csv"))):
            result = run("quote", str(book), *words)
            text = result.out or (tmp_path / "again.csv").read_text()
            found = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if "tsv" in words else ","))
            assert [{name: row[name] for name in OURS if name != "reapi_errors"} for row in found[:14]] == [
                {name: row[name] for name in OURS if name != "reapi_errors"} for row in expected[:14]
            ]
        assert run("quote", "-", "--from", "xlsx", stdin=book.read_bytes()).code == 1
        assert run("quote", "-", "--from", "csv", "--format", "xlsx", stdin=b"size\n1:1\n").bytes.startswith(b"PK")

    @pytest.mark.parametrize(
        ("module", "words", "says"),
        (
            ("xlrd", ("quote", "plan.xls"), 'reading an XLS workbook needs xlrd: in your clone, run pip install ".[xlsx]" (or pipx install --force ".[xlsx]")'),
            ("python_calamine", ("quote", "plan.xlsb"), 'reading an XLSB workbook needs python-calamine: in your clone, run pip install ".[xlsx]" (or pipx install --force ".[xlsx]")'),
            ("xlsxwriter", ("quote", "plan.csv", "-o", "out.xlsx"), 'writing a workbook needs XlsxWriter: in your clone, run pip install ".[xlsx]" (or pipx install --force ".[xlsx]")'),
        ),
    )  # fmt: skip
    def test_without_the_extra(
        self, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, words: tuple[str, ...], says: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("plan.xls").write_bytes(b"\xd0\xcf\x11\xe0")
        with zipfile.ZipFile("plan.xlsb", "w") as archive:
            archive.writestr("xl/workbook.bin", "x")
        Path("plan.csv").write_text("size\n1:1\n")
        monkeypatch.setitem(sys.modules, module, None)
        result = run(*words)
        assert (result.code, result.err) == (2, f"reapi-rules: {says}\n")


@needs_calc
class TestCalc:
    """Real LibreOffice Calc."""

    def test_in_an_xls_file_a_total_needs_its_word_and_that_is_said(self, calc: Calc, run: Any, tmp_path: Path) -> None:
        rows: list[list[Any]] = [
            ["asset", "size", "n"],
            ["a", "16:9", 2],
            ["b", "1:1", 1],
            ["Spring", "", "=SUM(C2:C3)"],
        ]
        source = tmp_path / "plan.xlsx"
        for name, totals in (("Spring", {"xlsx": 2, "xls": 3}), ("Total", {"xlsx": 2, "xls": 2})):
            rows[-1][0] = name
            book = xlsxwriter.Workbook(source)
            page = book.add_worksheet("Plan")
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
            book.close()
            for form, requests in totals.items():
                saved = calc.convert(source, form=form, into=f"{name}-{form}")[0]
                said = run("quote", str(saved), "-o", str(tmp_path / "out.csv")).err
                assert f"\n{requests} requests, 0 rejected" in said, (name, form)
                assert ("formulas can't be seen" in said) is (form == "xls")
                assert ("a number and nothing else that sets the price" in said) is (requests == 3)

    def test_it_opens_our_workbook_with_the_right_types_and_totals(self, calc: Calc, run: Any, tmp_path: Path) -> None:
        run("quote", str(CAMPAIGN), "-o", str(tmp_path / "campaign.xlsx"))
        saved = calc.convert(tmp_path / "campaign.xlsx", form="xlsx", into="types")[0].read_bytes()
        ours, theirs = cells((tmp_path / "campaign.xlsx").read_bytes()), cells(saved)
        assert theirs == ours
        size, credits = ours[0].index("size"), ours[0].index("reAPI credits")
        assert {type(row[size]) for row in theirs} == {str}
        assert {type(row[credits]) for row in theirs[1:] if row[credits] != ""} == {float}
        assert cells(saved, "reAPI totals") == cells((tmp_path / "campaign.xlsx").read_bytes(), "reAPI totals")
        assert cells(saved, "reAPI totals")[5][1] == sum(row[credits] for row in ours[1:] if row[credits] != "")

    @pytest.mark.parametrize("form", ("ods", "xls"))
    def test_other_workbooks_are_read(self, calc: Calc, run: Any, tmp_path: Path, form: str) -> None:
        source = tmp_path / "plan.xlsx"
        source.write_bytes(
            workbook([["size", "n"], [time(16, 9), 2], ["1:1", "3"], [timedelta(hours=21, minutes=9), 1.0]])
        )
        saved = calc.convert(source, form=form, into=form)[0]
        assert run("quote", str(saved)).out.splitlines()[1:] == run("quote", str(source)).out.splitlines()[1:]
