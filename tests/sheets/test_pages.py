"""The cells of workbooks, whoever wrote them: every kind of cell, errors never blank, cells far out, broken files."""

from __future__ import annotations

import io
import random
import re
import struct
import time as clock
import zipfile
from array import array
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.cells import RowReader
from reapi_rules.sheets.meaning.columns import SheetError, find_columns
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.rows import sort_rows
from reapi_rules.sheets.meaning.table import Hidden, Row, Table
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.workbooks.addresses import MOST_ROWS
from reapi_rules.sheets.workbooks.ods_page import ods_names
from reapi_rules.sheets.workbooks.package import Package
from reapi_rules.sheets.workbooks.plain_rows import Rows, find_rows, pieces_of_rows
from reapi_rules.sheets.workbooks.sheet_splice import SheetSplice
from reapi_rules.sheets.workbooks.xls_page import Xls
from reapi_rules.sheets.workbooks.xlsx_page import xlsx_page
from reapi_rules.sheets.workbooks.xlsx_reader import Workbook
from tests.support.calc import Calc, needs_calc
from tests.support.raw_workbook import MAIN, raw
from tests.support.told import told
from tests.support.workbooks import read_workbook
from tests.support.xls import old_workbook
from tests.support.xlsb import binary_workbook

xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")
pytest.importorskip("xlrd", reason="needs xlrd: pip install '.[test-all]'")

ERRORS = ("#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#REF!", "#NUM!", "#NULL!")


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{inline("A1", "asset")}{inline("B1", "size")}{inline("C1", "quality")}{inline("D1", "n")}</row>'


def cells_of(content: bytes) -> list[list[Any]]:
    return [list(row.cells) for row in read_workbook(content).rows]


def verdicts(content: bytes) -> list[Any]:
    table = read_workbook(content)
    quoter = Quoter(table.columns)
    return [answer.cells[0] if (answer := quoter.result(row)) else None for row in table.rows]


class TestByHand:
    def test_a_formatted_blank_before_an_error(self) -> None:
        row = f'<row r="2">{inline("A2", "a")}{inline("B2", "16:9")}<c r="C2" s="1"/><c r="D2" t="e"><f>VLOOKUP(1,A:A,1)</f><v>#N/A</v></c></row>'
        assert cells_of(raw(HEADER + row)) == [["a", "16:9", "", NoValue("#N/A")]]
        assert verdicts(raw(HEADER + row)) == ["rejected"]

    @pytest.mark.parametrize(
        ("cell", "value"),
        (
            ('<c r="C2"><f t="shared" ref="C2:C3" si="0">B2*2</f><v>4</v></c>', 4.0),
            ('<c r="C2"><f t="shared" si="0"/></c>', NoValue("=...")),
            ('<c r="C2"><f t="array" ref="C2">SUM(A1:A2*2)</f></c>', NoValue("=SUM(A1:A2*2)")),
            ('<c r="C2" t="str"><f>""</f><v></v></c>', ""),
            ('<c r="C2" t="str"><f>A1</f></c>', NoValue("=A1")),
            ('<c r="C2" t="s"><f>A1</f></c>', NoValue("=A1")),
            ('<c r="C2" t="str"><f>A1</f><v>low</v></c>', "low"),
            ('<c r="C2" t="s"><v>0</v></c>', "bold and plain"),
            ('<c r="C2" t="s"><v>1</v></c>', " 東京 "),
            ('<c r="C2" t="inlineStr"><is><r><t>lo</t></r><r><t>w</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>', "low"),
            ('<c r="C2" t="inlineStr"><is><t>a_x000D_b_x005F_</t></is></c>', "a\rb_"),
            ('<c r="C2" t="b"><v>1</v></c>', True),
            ('<c r="C2" t="b"><f>FALSE()</f><v>0</v></c>', False),
            ('<c r="C2" t="d"><v>2026-08-14</v></c>', date(2026, 8, 14)),
            ('<c r="C2" t="d"><v>2026-08-14T09:30:00</v></c>', datetime(2026, 8, 14, 9, 30)),
            ('<c r="C2" t="d"><v>soon</v></c>', "soon"),
            ('<c r="C2" t="e"><v/></c>', NoValue("#ERROR")),
            ('<c r="C2"><v>1e3</v></c>', 1000.0),
            ('<c r="C2"><v>x</v></c>', "x"),
            ('<c r="C2"><v/></c>', ""),
            ("<c><v>7</v></c>", ""),
        ),
    )  # fmt: skip
    def test_a_cell(self, cell: str, value: Any) -> None:
        texts = '<si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and plain</t></r></si><si><t> 東京 </t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>'
        found = cells_of(raw(f'{HEADER}<row r="2">{cell}{inline("D2", "1")}</row>', texts=texts))
        assert found[0][2] == value
        assert type(found[0][2]) is type(value)

    def test_places_that_are_left_out_follow_the_one_before(self) -> None:
        rows = (
            f'{HEADER}<row r="4"><c><v>1</v></c><c r="C4"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
        )
        table = read_workbook(raw(rows))
        assert [(row.number, row.cells) for row in table.rows] == [
            (2, ["", "", "", ""]), (3, ["", "", "", ""]), (4, [1.0, "", 2.0, 3.0]), (5, [4.0, "", "", ""]),
        ]  # fmt: skip

    def test_a_prefix(self) -> None:
        rows = "".join(
            f'<x:row r="{at}"><x:c r="B{at}" t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c></x:row>'
            for at, text in ((1, "size"), (2, "16:9"))
        )
        assert cells_of(raw(rows, root="x:worksheet")) == [["", "16:9"]]

    def test_hidden_and_merged_cells_and_sums(self) -> None:
        rows = f'{HEADER}<row r="2" hidden="1">{inline("A2", "a")}{inline("B2", "16:9")}<c r="D2"><v>2</v></c></row><row r="3">{inline("A3", "b")}<c r="D3"><v>1</v></c></row><row r="4"><c r="D4"><f>SUM(D2:D3)</f><v>3</v></c></row>'
        table = read_workbook(
            raw(rows, before='<cols><col min="2" max="2" hidden="1"/></cols>', after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')
        )  # fmt: skip
        assert (table.hidden, table.sums) == (Hidden(count=1, rows=(2,), columns=("B",)), frozenset({4}))
        assert [row.cells[1] for row in table.rows] == ["16:9", "16:9", ""]
        for columns, found in (
            ('<col min="1" max="2" hidden="true"/>', ("B",)), ('<col min="2" max="3" hidden="1"/>', ("B", "C")), ('<col min="4" max="99999999" hidden="1"/>', ("D",)),
            ('<col min="1" max="3" hidden="0"/>', ()), ('<col min="1" max="1" hidden="1"/><col min="4" max="4" hidden="1"/>', ("D",)),
        ):  # fmt: skip
            assert read_workbook(raw(rows, before=f"<cols>{columns}</cols>")).hidden.columns == found
        own = rows.replace("asset", "image_url")
        hidden = read_workbook(raw(own, before='<cols><col min="1" max="1" hidden="1"/></cols>')).hidden
        assert hidden == Hidden(count=1, rows=(2,), columns=("A",))

    def test_a_row_like_those_before_it_is_left_out_where_it_is_hidden(self) -> None:
        row = '<row r="{0}"{1}>' + inline("A{0}", "fox") + inline("B{0}", "1:1") + '<c r="D{0}"><v>1</v></c></row>'
        rows = "".join(row.format(at, ' hidden="1"' * (at in (5, 6))) for at in range(2, 8))
        table = read_workbook(raw(HEADER + rows), visible_only=True)
        account = Account.of(table)
        assert [row.skipped for row in sort_rows(table, account).rows] == ["", "", "", "hidden", "hidden", ""]
        assert account.skipped["hidden"].rows == [5, 6]

    def test_a_sheet_without_a_request_is_named(self) -> None:
        table = read_workbook(raw(HEADER + f'<row r="2">{inline("A2", "note: x")}</row>'))
        account = Account.of(table)
        assert [row.skipped for row in sort_rows(table, account).rows] == ["note"]
        assert str(account.missed).startswith('sheet "Plan": ')

    @pytest.mark.parametrize("rows", (16_000,))
    def test_bordered_blanks_take_linear_time(self, rows: int) -> None:
        cells = "".join(f'<c r="{name}@" s="1"/>' for name in "ABCDEFGH")
        blanks = "".join(f'<row r="{at}">{cells}</row>'.replace("@", str(at)) for at in range(3, rows))
        content = raw(f'{HEADER}<row r="2">{inline("B2", "1:1")}</row>{blanks}')
        start = clock.process_time()
        assert cells_of(content) == [["", "1:1", "", ""]]
        assert clock.process_time() - start < 2

    @pytest.mark.parametrize(
        ("place", "row"), (("XFD3000", 3000), ("XFD1048576", 1_048_576), ("A1048576", 1_048_576), ("ZZ2", 3))
    )
    def test_a_stray_cell_costs_nothing(self, place: str, row: int) -> None:
        place = f"{place.rstrip('0123456789')}{row}"
        table = read_workbook(
            raw(f'{HEADER}<row r="2">{inline("B2", "1:1")}</row><row r="{row}">{inline(place, "x")}</row>')
        )
        assert table.strays == (place,)
        assert len(list(table.rows)) == (1 if place[:2] != "A3" else 2)

    @pytest.mark.parametrize(
        ("rows", "says"),
        (
            ('<row r="2"><c r="A99999999999"><v>1</v></c></row>', "it has a cell A99999999999, and a workbook has no such place"),
            ('<row r="2"><c r="XFE2"><v>1</v></c></row>', "it has a cell XFE2, and a workbook has no such place"),
            ('<row r="2"><c r="2"><v>1</v></c></row>', "it has a cell 2, and a workbook has no such place"),
            ('<row r="2"><c r="A3"><v>1</v></c></row>', "its cell A3 is in row 2, and no workbook has that"),
            ('<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>', "its cell A2 comes after one further right"),
            ('<row r="1048577"><c><v>1</v></c></row>', 'its row "1048577" follows row 1, and no workbook has that'),
            ('<row r="1"/>', 'its row "1" follows row 1, and no workbook has that'),
            ('<row r="-5"/>', 'its row "-5" follows row 1, and no workbook has that'),
            (f'<row r="2">{"<c/>" * 16_385}</row>', "row 2 has more cells than a workbook has columns"),
            ('<row r="2"><c t="s"><v>7</v></c></row>', "its cell A2 names a text that is not there"),
            ('<row r="2"><c>', "mismatched tag"),
            ('<row r="2" ht="3" ht="3"><c r="A2"/></row>', "duplicate attribute"),
        ),
    )  # fmt: skip
    def test_what_no_workbook_has_is_one_line(self, rows: str, says: str) -> None:
        with pytest.raises(SheetError, match=says):
            list(read_workbook(raw(HEADER + rows)).rows)

    def test_too_many_cells(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reapi_rules.sheets.workbooks.page._MOST_CELLS", 5)
        with pytest.raises(SheetError, match="it has more than 5 cells"):
            read_workbook(raw(f'{HEADER}<row r="2"><c/><c/></row>'))

    def test_a_document_type_is_refused(self) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw(HEADER))) as old, zipfile.ZipFile(output, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                new.writestr(name, b'<!DOCTYPE x [<!ENTITY a "b">]>' + text if "sheet1" in name else text)
        with pytest.raises(SheetError, match="its XML has a document type"):
            read_workbook(output.getvalue())


def by_xlsxwriter(rows: Sequence[Sequence[Any]]) -> bytes:
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output)
    page = book.add_worksheet("Plan")
    bold, bordered = book.add_format({"bold": True}), book.add_format({"border": 1})
    dated = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        time: book.add_format({"num_format": "h:mm"}),
        timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
    }
    for at, row in enumerate(rows):
        for index, cell in enumerate(row):
            if cell is None:
                page.write_blank(at, index, None, bordered)
            elif isinstance(cell, str) and cell in ERRORS:
                page.write_formula(at, index, f"={cell}", None, cell)
            elif isinstance(cell, str) and len(cell) > 1 and at:
                page.write_rich_string(at, index, bold, cell[0], cell[1:])
            elif isinstance(cell, str):
                page.write_string(at, index, cell)
            elif type(cell) in dated:
                page.write_datetime(at, index, cell, dated[type(cell)])
            else:
                page.write(at, index, cell)
    book.close()
    return output.getvalue()


def by_openpyxl(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    for at, row in enumerate(rows, 1):
        for index, cell in enumerate(row, 1):
            place = page.cell(at, index, cell)
            if isinstance(cell, str) and cell not in ERRORS:
                place.data_type = "s"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


WORDS = st.text("aZ9é中🦊 <&>\"'", max_size=8).map(lambda text: f"{text}x")
CELLS = st.one_of(
    st.none(),
    WORDS,
    st.booleans(),
    st.integers(-(10**9), 10**9).map(float),
    st.sampled_from((0.125, -5.5, 1e15, 0.1)),
    st.sampled_from(ERRORS),
    st.dates(date(1901, 1, 1), date(2099, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1)).map(lambda each: each.replace(microsecond=0, second=7)),
    st.times().map(lambda each: each.replace(microsecond=0)),
    st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
)
EVERY_KIND: tuple[Any, ...] = (
    None, None, "a", "16:9x", "é中🦊 <&>\"'x", "  blanks  x", True, False, 0.0, 2.0, -3.0, 0.125, 1e9, 0.1, -5.5, date(1901, 1, 1),
    date(2026, 8, 14), datetime(2026, 8, 14, 9, 30, 7), datetime(1999, 12, 31, 23, 59, 59), time(16, 9), time(0, 0, 1), time(9, 21),
    timedelta(hours=30), timedelta(hours=1, minutes=1), timedelta(days=3, seconds=7), *(each for each in ERRORS if each != "#NULL!"),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6)


def seen(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    lines = [["" if cell is None else NoValue(cell) if cell in ERRORS else cell for cell in row] for row in rows]
    while lines and not any(cell != "" for cell in lines[-1]):
        lines.pop()
    return lines


def plain(lines: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """A duration and a time of day are one thing to a file that has but one of them."""
    return [
        [
            timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second) if isinstance(cell, time) else cell
            for cell in line
        ]
        for line in lines
    ]


@pytest.mark.parametrize(
    ("form", "value"),
    (
        ("General", 1.5), ("0", 1.5), ("0.00", 1.5), ("#,##0", 1.5), ("0%", 1.5), ('0.00 "days"', 1.5), ("[Red]0;[Blue]-0", 1.5),
        ("0\\m", 1.5), ('"[h]"0', 1.5), ("# ?/?", 1.5), ("@", 1.5),
        ("yyyy-mm-dd", datetime(1900, 1, 1, 12)), ("d.m.", datetime(1900, 1, 1, 12)), ("[$-409]h:mm AM/PM;@", datetime(1900, 1, 1, 12)),
        ("[h]:mm", timedelta(days=1.5)), ("[mm]:ss", timedelta(days=1.5)),
    ),
)  # fmt: skip
def test_what_a_number_is_its_format_says(form: str, value: Any) -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("asset", "size"))
        page.write_number(1, 0, 1.5, book.add_format({"num_format": form}))
    assert cells_of(output.getvalue()) == [[value, ""]]


def test_what_the_formats_of_cells_say() -> None:
    """Those of cells alone: a font of a style, or of what is only shown under a condition, strikes nothing through."""
    forms, strikes = ("[h]:mm", "0.00", "dd/mm"), ("", "<strike/>", '<strike val="0"/>', '<b/><strike val="true"/>')
    looks = ((0, 0), (14, 1), (46, 2), (164, 3), (165, 4), (166, 0), (47, 1), (49, 0))
    own = "".join(f'<numFmt numFmtId="{at}" formatCode="{form}"/>' for at, form in enumerate(forms, 164))
    xfs = "".join(f'<xf numFmtId="{form}" fontId="{font}"/>' for form, font in looks)
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>'
        f"<fonts>{''.join(f'<font>{strike}</font>' for strike in strikes)}</fonts><cellStyleXfs><xf numFmtId='14' fontId='1'/></cellStyleXfs>"
        f"<cellXfs>{xfs}</cellXfs><cellStyles><xf/></cellStyles><dxfs><dxf><font/><strike/></dxf></dxfs></styleSheet>"
    )
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw(HEADER))) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"/sharedStrings", b"/styles").replace(b"/xl/sharedStrings", b"/xl/styles")
            new.writestr(name, text)
        new.writestr("xl/styles.xml", styles)
    package = Package(output.getvalue())
    assert package.kinds == ["", "date", "duration", "duration", "", "date", "date", ""]
    assert package.struck == {1, 3, 6}


class TestPlainRows:
    """Rows that are read as a whole say what they say tag by tag; a comment anywhere lets all of them be read so."""

    CELLS = (
        '<c r="@"><f>B%*2</f><v>6</v></c>', '<c r="@" t="str"><f>A%</f><v></v></c>', '<c r="@" s="1"><f>1</f></c>',
        '<c r="@"><f>SUM(@,A1)</f><v/></c>', '<c r="@" t="s"><f>A%</f><v>1</v></c>', '<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="@"><v>1</v><f>B%</f></c>', '<c r="@"><f>A%&amp;""</f><v>1</v></c>', '<c r="@"><f t="shared" si="0"/><v>1</v></c>',
        '<c r="@"><f t="shared" ref="@" si="0">SUM(A1:A2)</f></c>', '<c r="@"><f></f><v></v></c>', '<c r="@" t="s"><f>A1</f></c>',
        '<c r="@"/>', '<c r="@" s="1"/>', '<c r="@"></c>', '<c r="@"><v></v></c>', '<c r="@"><v/></c>', "<c><v>7</v></c>",
        '<c r="@" t="s"><v>0</v></c>', '<c r="@" s="0" t="s"><v>1</v></c>', '<c r="@" t="e"><v>#N/A</v></c>',
        '<c r="@"><v>1.5</v></c>', '<c r="@" t="b"><v>1</v></c>', '<c r="@" t="d"><v>2026-08-14</v></c>',
        '<c r="@" t="inlineStr"><is><t>狐 _x0041_</t></is></c>', '<c r="@" t="inlineStr"><is><t xml:space="preserve"> a\n</t></is></c>',
        '<c r="@" t="str"><v>a&amp;b</v></c>', '<c r="@" t="str"><v>a\r\nb</v></c>', '<c r="@" t="str"><v>a]</v></c>',
        '<c r="@"><f>SUM(A1:A2)</f><v>3</v></c>', '<c t="str" r="@"><v>a</v></c>', '<c  r="@"><v>1</v></c>',
        "<c r='@'><v>1</v></c>", '<c r="@" t="str"><v><![CDATA[</c></row>]]></v></c>', '<c r="@"><v>1<?x <c r="A1"/>?></v></c>',
        '<c r="@" s="%"><v>1</v></c>', '<c r="@" s="1%" t="s"><v>1</v></c>', '<c r="@"\n><v>1</v></c\n>', '<c r="@" cm="1"><v>2</v></c>',
        '<c r="@" t="inlineStr"><is><r><t>a</t></r><rPh sb="0" eb="1"><t>b</t></rPh></is></c>', '<c r="@"><v>1</v><v>2</v></c>',
    )  # fmt: skip
    WRONG = (
        '<c r="A1"><v>1</v></c>', '<c r="@"><v>1</c>', '<c r="@" t="s"><v>9</v></c>', '<c r="@" t="s"><v></v></c>', '<c r="XFE1"/>',
        '<c r="@" t="n" t="n"/>', '<c r="@"><v>]]></v></c>', '<c r="@"><v>\x01</v></c>', '<c r="@"><v>\ufffe</v></c>',
    )  # fmt: skip
    ROWS = (
        '<row r="@">',
        '<row r="@" spans="1:4" ht="3">',
        '<row r="@" hidden="1">',
        "<row>",
        '\n<row r="0@">',
        '<row x="1" r="@">',
        '<row r="@" spans="1:@" s="@" customFormat="1">',
        '<row r="@" hidden="0" ht="@">',
        "<row r='@'>",
        '\n\t<row r="@">',
        '<!-- <row r="9"> --><row r="@">',
    )

    @staticmethod
    def found(content: bytes) -> Any:
        """All that is read, or what is wrong."""
        package = Package(content)
        try:
            page = xlsx_page(package, package.sheets[0].part)
            return page.extent.width, page.marks, page.extent.strays, [(row.number, row.cells) for row in page.rows()]
        except SheetError as error:
            return str(error)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(ROWS), st.lists(st.sampled_from((*CELLS[:22], *CELLS)), max_size=4), st.integers(1, 3)
            ),
            max_size=6,
        ),
        st.sampled_from(("", *WRONG)),
        st.sampled_from((1, 7, 100, 1 << 18)),
    )
    @example(
        [('<row r="@">', ['<c r="@" t="s"><v>0</v></c>', '<c r="@"><f>B%*2</f><v>6</v></c>'], 1)],
        '<c r="@" t="s"><v>9</v></c>',
        1,
    )
    def test_they_say_the_same(
        self, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, list[str], int]], wrong: str, size: int
    ) -> None:
        text, number = "", 0
        for tag, cells, gap in rows:
            number += gap
            places = (f"{column}{number}" for column in "ABCDE")
            own = "".join(cell.replace("@", next(places)).replace("%", str(number)) for cell in cells)
            text += tag.replace("@", str(number)) + own
            text += wrong.replace("@", f"F{number}") + "</row>"
        texts = "<si><t>a</t></si><si><t>b</t></si>"
        monkeypatch.setattr("reapi_rules.sheets.workbooks.package._AT_ONCE", 1 << 18)
        listened = self.found(raw(text, texts=texts, after="<!-- -->"))
        monkeypatch.setattr("reapi_rules.sheets.workbooks.package._AT_ONCE", size)
        assert self.found(raw(text, texts=texts)) == listened

    @given(
        st.lists(
            st.tuples(st.sampled_from((*ROWS[:2], *ROWS[6:7])), st.lists(st.sampled_from(CELLS), max_size=4), st.integers(1, 12)),
            max_size=6,
        ),
        st.sampled_from(("", "x:")),
    )  # fmt: skip
    def test_their_bytes_are_in_the_same_places(self, rows: list[tuple[str, list[str], int]], prefix: str) -> None:
        text, number = "", 0
        for tag, cells, gap in rows:
            number += gap
            cells = [cell for cell in cells if 'r="@"' in cell or "r='@'" in cell]
            places = (f"{column}{number}" for column in "ABCDE")
            own = "".join(cell.replace("@", next(places)).replace("%", str(number)) for cell in cells)
            text += tag.replace("@", str(number)) + own + "</row>"
        text = re.sub("<(/?)(?=[a-z])", rf"<\1{prefix}", text) if "<![" not in text and "<?" not in text else text
        package = Package(raw(text, root=f"{prefix}worksheet", texts="<si><t>a</t></si><si><t>b</t></si>"))
        part = package.sheets[0].part
        outline = xlsx_page(package, part).outline
        assert outline is not None
        sheet = package.read(part)
        by_tag = Rows(array("I", [len(sheet)]), array("I", [0]))
        spots: list[list[Any]] = []
        for known in (outline.rows, by_tag):
            outline.rows, written = known, list[bytes]()
            splice = SheetSplice(package.open(part), written.append, outline, {1}, beyond=3)
            spots.append([])
            for row in splice.rows():
                spots[-1].append((row.number, row.text, row.tail, row.cells, astuple(row.shape)[2:5]))
                splice.put(row, {}, ())
            assert b"".join(written) == sheet
        assert spots[0] == spots[1]
        assert prefix or len(spots[0]) == len(rows)

    @pytest.mark.parametrize(
        "rows",
        (
            "{0}<worksheet/>",
            "<worksheet/>{0}",
            "<worksheet>{0}{0}</worksheet>",
            "<worksheet>{0}",
            "<worksheet>{1}</worksheet>",
        ),
    )
    def test_where_none_may_be_or_other_bytes(self, rows: str) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw(""))) as old, zipfile.ZipFile(output, "w") as new:
            for name in old.namelist():
                row = HEADER.replace("1", "2")
                sheet = rows.format(row, row.replace("asset", "\xff")).encode("latin-1")  # which is not UTF-8
                new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
        assert type(self.found(output.getvalue())) is str

    def test_most_programs_write_them(self) -> None:
        cells: list[list[Any]] = [["asset", "size", "n"], [" a", 2, True], ["狐", None, 1.5], ["b", "16:9"]]
        for constant_memory in (False, True):
            output = io.BytesIO()
            with xlsxwriter.Workbook(output, {"constant_memory": constant_memory}) as book:
                sheet, look = book.add_worksheet(), book.add_format({"bold": True})
                for number, row in enumerate(cells):
                    sheet.write_row(number, 0, row, look)
            self.are_plain(output, len(cells))
        book = openpyxl.Workbook()
        for row in cells:
            book.active.append(row)
        output = io.BytesIO()
        book.save(output)
        self.are_plain(output, len(cells))
        lines = '<row r="{0}" ht="9">\n  <c r="A{0}" s="7" t="s">\n    <v>0</v>\n  </c>\n  <c r="B{0}"></c>\n</row>\n'
        self.are_plain(io.BytesIO(raw("".join(map(lines.format, range(1, 5))), texts="<si><t>a</t></si>")), 4)

    @pytest.mark.parametrize("comment", ("", "<!-- -->"))
    def test_they_are_written_as_they_go_by(self, monkeypatch: pytest.MonkeyPatch, comment: str) -> None:
        """Little of a sheet is held: some hundred bytes here."""
        monkeypatch.setattr("reapi_rules.sheets.workbooks.sheet_splice._AT_ONCE", 100)
        monkeypatch.setattr("reapi_rules.sheets.workbooks.package._AT_ONCE", 64)
        row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'.format
        package, written = Package(raw(comment + "".join(map(row, range(1, 60))), after="<!-- -->" * 40)), list[bytes]()
        part = package.sheets[0].part
        sheet, outline = package.read(part), xlsx_page(package, part).outline
        assert outline is not None
        splice = SheetSplice(package.open(part), written.append, outline=outline, wanted=(), edits=())
        for spot in splice.rows():
            splice.put(spot, {}, ())
            assert (
                sheet.index(spot.text) - 250
                < sum(map(len, written))
                <= sheet.index(spot.text) + len(spot.text + spot.tail)
            )
            assert len(splice._held) < 250
        assert b"".join(written) == sheet
        assert all(100 < len(piece) < 250 for piece in written[:-1])

    def test_those_that_are_known_are_these(self) -> None:
        """Whatever comes at once: all others are read tag by tag, and so is all with a sign that XML can't hold."""
        row = '<row r="%"><c r="A%"><f>B%</f><v>1</v></c></row>'
        two = '\n<row r="%" spans="1:%" s="0" ht="0"><c r="B%" s="0" t="s"><v>0</v></c><c r="XFD%"/></row>'
        hidden, other, beyond = (
            row.replace('">', '" hidden="1">', 1),
            row.replace("A%", "A9"),
            row.replace("A%", "XFE%"),
        )
        value = "{1}".join(row.split("1")).format
        twice, back = row.replace('">', '" x="1" x="1">', 1), two.replace("XFD", "B")
        at_once: tuple[tuple[tuple[str, ...], tuple[int, ...], list[list[int]]], ...] = (
            (("<sheetData>", row, two, two, hidden, row), (0, 1, 2, 3, 4, 5), [[1, 2, 3], [5]]),
            ((row, two), (6, 7), [[6, 7]]),
            ((row, two, row, row, other, two), (8, 10, 10, 12, 13, 14), [[8, 10], [12], [14]]),
            ((row, value("", "&amp;"), two), (15, 16, 17), [[15], [17]]),
            ((back, back, beyond, beyond, twice, two), (18, 19, 20, 21, 22, 23), [[23]]),
            ((row, value("", "\uffff")), (24, 25), []), ((row, value("", "\ufffe")), (26, 27), []),
            ((row, value("", "狐")), (28, 29), [[28, 29]]), ((row, value("", "]]>")), (30, 31), []),
            ((row, value("", "]] >")), (32, 33), [[32, 33]]), ((row, value("", "\x01")), (34, 35), []),
            ((row, value("", "\t\n")), (36, 37), [[36, 37]]), ((row.replace("<f>", '<f t="array">'),) * 2, (38, 39), []),
            ((row, row), (MOST_ROWS, MOST_ROWS + 1), [[MOST_ROWS]]), (("<row></row>", "</sheetData>"), (0, 0), []),
        )  # fmt: skip
        pieces = ["".join(text.replace("%", str(at)) for text, at in zip(*each[:2])) for each in at_once]
        for ends in ([*pieces, ""], ["".join(pieces), ""]):
            coming, rows = iter(ends), Rows()
            stream: Any = SimpleNamespace(read=lambda _, coming=coming: next(coming).encode())
            found = [*find_rows(stream, rows)]
            text = b"".join(piece for piece, _ in found)
            assert text.decode() == "".join(pieces)
            again = [*pieces_of_rows(io.BytesIO(text), rows)]
            for known in ([(piece, block) for piece, block in each if block is not None] for each in (found, again)):
                if len(ends) > 2:
                    assert [block.numbers for _, block in known] == [numbers for each in at_once for numbers in each[2]]
                assert all(
                    piece == block.piece and piece.count(b"</row>") == len(block.shapes) for piece, block in known
                )

    @staticmethod
    def are_plain(content: io.BytesIO, rows: int) -> None:
        package = Package(content.getvalue())
        outline = xlsx_page(package, package.sheets[0].part).outline
        assert outline is not None
        assert {*range(2, rows + 1)} <= {*outline.rows.numbers}  # the first one's number may be that of its format too


class TestNamesOfParts:
    """They are addresses: neither the case nor the kind of slash matters, and a sign may be written out."""

    NAMES: tuple[tuple[str, str], ...] = (
        ("xl/sharedStrings.xml", "xl/SharedStrings.xml"), ("/", "\\"), ("xl/w", "/xl/w"), ("sheet1", "Sheet1"),
        ("xl/workbook.xml", "xl/Workbook.xml"), ("sheet1", "sheet%31"),
    )  # fmt: skip

    @pytest.mark.parametrize(("old", "new"), NAMES)
    def test_each(self, old: str, new: str) -> None:
        content, output = (
            raw(f'{HEADER}<row r="2"><c r="B2" t="s"><v>0</v></c></row>', texts="<si><t>1:1</t></si>"),
            io.BytesIO(),
        )
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(output, "w") as after:
            for name in before.namelist():
                after.writestr(name.replace(old, new), before.read(name))
        assert cells_of(output.getvalue()) == [["", "1:1", "", ""]]


class TestWriters:
    """The same cells from each of them."""

    @settings(max_examples=60)
    @given(ROWS)
    def test_xlsxwriter_and_openpyxl(self, rows: list[list[Any]]) -> None:
        table: list[list[Any]] = [["asset", "size", "note", "n"], *rows]
        assert cells_of(by_xlsxwriter(table)) == seen(rows)
        assert plain(cells_of(by_openpyxl(table))) == plain(seen(rows))

    @needs_calc
    def test_calc(self, calc: Calc, tmp_path: Path) -> None:
        rows: list[list[Any]] = [
            ["a", "16:9", None, 1.0],
            [None, time(16, 9), True, 2.5],
            ["<&>", "1:1", date(2026, 8, 14), -3.0],
            ["🦊 x", timedelta(hours=30), datetime(2026, 8, 14, 9, 30), 4.0],
            *(["e", "1:1", error, 1.0] for error in ERRORS if error != "#NULL!"),
            ["f", None, None, None],
        ]
        source = tmp_path / "plan.xlsx"
        source.write_bytes(by_xlsxwriter([["asset", "size", "note", "n"], *rows]))
        for form in ("xlsx", "ods", "xls"):
            saved = calc.convert(source, form=form, into=f"cells-{form}")[0]
            assert plain(cells_of(saved.read_bytes())) == plain(seen(rows)), form

    @needs_calc
    @pytest.mark.parametrize("form", ("xlsx", "ods", "xls"))
    def test_calc_on_cells_of_every_kind(self, calc: Calc, tmp_path: Path, form: str) -> None:
        chance = random.Random(form)
        rows: list[list[Any]] = [[chance.choice(EVERY_KIND) for _ in range(4)] for _ in range(150)]
        source = tmp_path / "plan.xlsx"
        for write in (by_xlsxwriter, by_openpyxl):
            source.write_bytes(write([["asset", "size", "note", "n"], *rows]))
            saved = calc.convert(source, form=form, into=f"{write.__name__}-{form}")[0]
            assert plain(cells_of(saved.read_bytes())) == plain(seen(rows)), write

    @needs_calc
    @pytest.mark.parametrize("form", ("xlsx", "ods", "xls"))
    def test_an_error_is_never_a_blank_cell(self, calc: Calc, tmp_path: Path, form: str) -> None:
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output)
        page = book.add_worksheet("Plan")
        page.write_row(0, 0, ("size", "resolution", "n"))
        for at, row in enumerate((("16:9", "1k", "=NA()"), ("=1/0", "1k", 1), ("16:9", "=nope", 1)), 1):
            page.write_row(at, 0, row)
        book.close()
        source = tmp_path / "errors.xlsx"
        source.write_bytes(output.getvalue())
        saved = calc.convert(source, form=form, into=f"errors-{form}")[0]
        assert verdicts(saved.read_bytes()) == ["rejected"] * 3


class TestOds:
    def page(self, rows: str) -> Table:
        return read_workbook(self.content(rows))

    def content(self, rows: str) -> bytes:
        text = f'<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body><office:spreadsheet><table:table table:name="Plan">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            archive.writestr("content.xml", text)
        return output.getvalue()

    HEAD = "<table:table-row>{}</table:table-row>".format(
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{title}</text:p></table:table-cell>'
            for title in ("asset", "size", "n")
        )
    )

    @pytest.mark.parametrize(
        ("cell", "value"),
        (
            ('<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p><text:p>c<text:tab/>d</text:p></table:table-cell>', "a  b\nc\td"),
            ('<table:table-cell office:value-type="string"><office:annotation><text:p>no</text:p></office:annotation><text:p>low<text:span>er</text:span></text:p></table:table-cell>', "lower"),
            ('<table:table-cell office:value-type="string"><office:annotation><text:p>no</text:p><text:p>nor this</text:p></office:annotation><text:p>low</text:p></table:table-cell>', "low"),
            ('<table:table-cell office:value-type="string"><text:p><text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>トウ</text:ruby-text></text:ruby></text:p></table:table-cell>', "東"),
            ('<table:table-cell office:value-type="float" office:value="0" table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell>', NoValue("#DIV/0!")),
            ('<table:table-cell office:value-type="string" calcext:value-type="error" table:formula="of:=NA()"><text:p>#N/A</text:p></table:table-cell>', NoValue("#N/A")),
            ('<table:table-cell table:formula="of:=[.A1]*2"/>', NoValue("=A1*2")),
            ('<table:table-cell table:formula="of:=IF(1;&quot;&quot;)"><text:p/></table:table-cell>', ""),
            ('<table:table-cell office:value-type="string" office:string-value="" table:formula="of:=NA()"><text:p>#N/A</text:p></table:table-cell>', NoValue("#N/A")),
            ('<table:table-cell office:value-type="string" office:string-value="#1" table:formula="of:=A1"><text:p>#1</text:p></table:table-cell>', "#1"),
            *((f'<table:table-cell office:value-type="float" office:value="1" table:formula="of:=A1"><text:p>{text}</text:p></table:table-cell>', NoValue(text)) for text in ("#¿NOMBRE?", "#VALEUR !", "Err :503", "#ÜBERLAUF!", "错误：502", "#名称?")),
            *((f'<table:table-cell office:value-type="float" office:value="1" table:formula="of:=A1"><text:p>{text}</text:p></table:table-cell>', 1.0) for text in ("1", "#1", "Nr: 1", "1 Stück")),
            *((f'<table:table-cell office:value-type="float" office:value="1" table:formula="of:=TRUE()"><text:p>{text}</text:p></table:table-cell>', True) for text in ("TRUE", "WAHR", "真")),
            ('<table:table-cell office:value-type="string"><draw:frame><draw:text-box><text:p>look</text:p></draw:text-box></draw:frame><text:p>low</text:p></table:table-cell>', "low"),
            ('<table:table-cell><draw:custom-shape><table:table><table:table-row/></table:table><text:p>look</text:p></draw:custom-shape></table:table-cell>', ""),
            ('<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>', 0.5),
            ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', True),
            ('<table:table-cell office:value-type="time" office:time-value="PT16H09M00S"/>', timedelta(hours=16, minutes=9)),
            ('<table:table-cell office:value-type="date" office:date-value="2026-08-14"/>', date(2026, 8, 14)),
            ('<table:table-cell office:value-type="float" office:value="x"><text:p>odd</text:p></table:table-cell>', "odd"),
            ('<table:table-cell office:value-type="currency" office:value="2.5"/>', 2.5),
            ('<table:table-cell office:value-type="boolean" office:boolean-value="false"/>', False),
            ('<table:table-cell office:value-type="date" office:date-value="2026-08-14T09:30:00"/>', datetime(2026, 8, 14, 9, 30)),
            ('<table:table-cell office:value-type="date" office:date-value="soon"><text:p>soon</text:p></table:table-cell>', "soon"),
            *((f'<table:table-cell office:value-type="time" office:time-value="PT{text}"><text:p>x</text:p></table:table-cell>', value) for text, value in
              (("30H", timedelta(hours=30)), ("9M", timedelta(minutes=9)), ("7,5S", timedelta(seconds=7)), ("1H2M3.999S", timedelta(hours=1, minutes=2, seconds=3)), ("1D", "x"))),
            ('<table:table-cell office:value-type="time"><text:p>x</text:p></table:table-cell>', "x"),
            ('<table:table-cell office:value-type="string" office:string-value="said"><text:p>shown</text:p></table:table-cell>', "said"),
            ('<table:table-cell office:value-type="float" office:value="2" table:formula="of:=A1"><text:p>WAHR</text:p></table:table-cell>', 2.0),
            ('<table:table-cell office:value-type="float" office:value="0" table:formula="of:=A1"><text:p>FALSCH</text:p></table:table-cell>', False),
            ('<table:table-cell office:value-type="float" office:value="1"><text:p>eins</text:p></table:table-cell>', 1.0),
            ('<table:table-cell calcext:value-type="error"/>', NoValue("#ERROR")),
            ('<table:table-cell table:formula="of:=SUM([.A1:.B2])"/>', NoValue("=SUM(A1:B2)")),
            ('<table:table-cell office:value-type="string" table:formula="of:=A1"><text:p>#N/A</text:p></table:table-cell>', "#N/A"),
            ('<table:covered-table-cell office:value-type="string"><text:p>a<text:line-break/>b<text:s/>c</text:p></table:covered-table-cell>', "a\nb c"),
        ),
    )  # fmt: skip
    def test_a_cell(self, cell: str, value: Any) -> None:
        last = '<table:table-cell office:value-type="float" office:value="1"/>'
        table = self.page(f"{self.HEAD}<table:table-row><table:table-cell/>{cell}{last}</table:table-row>")
        assert [row.cells for row in table.rows] == [["", value, 1.0]]

    def test_a_cell_outside_of_any_row_is_none(self) -> None:
        table = self.page(self.HEAD[len("<table:table-row>") :].replace("</table:table-row>", "") + self.HEAD)
        assert (table.columns.titles, list(table.rows)) == (("asset", "size", "n"), [])

    def test_a_hidden_sheet_is_one_whose_style_says_so(self) -> None:
        styles = "".join(
            f'<style:style style:name="{display}"><style:table-properties table:display="{display}"/></style:style>'
            for display in ("true", "false")
        )
        tables = "".join(f'<table:table table:name="{each}" table:style-name="{each}"/>' for each in ("true", "false"))
        content = self.content("</table:table>" + styles + tables + "<table:table>")
        assert ods_names(content) == {"Plan": False, "true": False, "false": True, "": False}

    def test_repeated_cells_and_rows(self) -> None:
        twice = '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        table = self.page(self.HEAD + twice + blank)
        assert [row.cells for row in table.rows] == [["x", "x", ""], ["x", "x", ""]]

    def test_a_sum_of_the_cells_above_it(self) -> None:
        number = '<table:table-cell office:value-type="float" office:value="1"{}/>'.format
        text = '<table:table-cell office:value-type="string"><text:p>1:1</text:p></table:table-cell>'
        row = f"<table:table-row><table:table-cell/>{text}{number('')}</table:table-row>"
        total = ' table:formula="of:=SUM([.C2:.C3])"'
        last = (
            f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{number(total)}</table:table-row>'
        )
        assert self.page(self.HEAD + row * 2 + last).sums == {4}

    def test_blank_rows_between_others_keep_their_numbers(self) -> None:
        blank = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        table = self.page(blank + self.HEAD + blank + self.HEAD.replace("asset", "a"))
        assert (table.header.number, [row.number for row in table.rows]) == (3, [4, 5, 6])

    def test_hidden_columns_are_counted_from_the_first_however_they_are_repeated(self) -> None:
        shapes = "<table:table-column {}/>".format
        twice, hidden = 'table:number-columns-repeated="2"', 'table:visibility="{}"'.format
        row = self.HEAD.replace("asset", "a").replace("size", "16:9").replace(">n<", ">1<")
        for columns, found in (
            ([""], ()), (["", hidden("collapse")], ("B",)), ([twice, hidden("filter")], ("C",)),
            ([f"{twice} {hidden('collapse')}"], ("B",)), ([hidden("visible"), f"{twice} {hidden('filter')}"], ("B", "C")),
            ([hidden("collapse"), twice], ()), (["", "", hidden("collapse")], ("C",)),
        ):  # fmt: skip
            table = self.page("".join(map(shapes, columns)) + self.HEAD + row)
            assert table.hidden.columns == found, columns

    def test_hidden_rows_and_merged_cells(self) -> None:
        def row(*cells: str, **shape: Any) -> str:
            named = {"times": "number-rows-repeated", "seen": "visibility"}
            given = "".join(f' table:{named[name]}="{value}"' for name, value in shape.items())
            text = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'.format
            return f"<table:table-row{given}>{''.join(text('', cell) for cell in cells)}</table:table-row>"

        merged = row("b", "1:1", "2").replace("office:", 'table:number-rows-spanned="3" office:', 1)
        rows = (
            row("a", "16:9", "1"), row("h", "1:1", "1", times=2, seen="filter"), merged, row("", "1:1", "3", seen="visible"),
            row("", "1:1", "4", seen="collapse"), row("", "1:1", "5"), row("", "", "", times=1_048_567, seen="collapse"),
        )  # fmt: skip
        table = self.page(self.HEAD + "".join(rows))
        assert table.hidden == Hidden(count=1_048_570, rows=(3, 4, 7, *range(9, 26)))
        assert [row.cells[0] for row in table.rows] == ["a", "h", "h", "b", "b", "b", ""]
        table = Workbook(self.content(self.HEAD + "".join(rows)), visible_only=True).table()
        assert [row.skipped for row in table.rows] == ["", "hidden", "hidden", "", "", "hidden", ""]

    def test_more_than_a_sheet_holds(self) -> None:
        row = '<table:table-row><table:table-cell table:number-columns-repeated="16385" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
        with pytest.raises(SheetError, match="its row 2 has cells where no workbook has a place"):
            self.page(self.HEAD + row)
        flood = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="100" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
        with pytest.raises(SheetError, match="it has more than 50000000 cells"):
            self.page(self.HEAD + flood)

    def test_what_another_file_had_is_no_sheet(self) -> None:
        cache = "<table:table table:name=\"'file:///x/rates.ods'#Rates\"><table:table-source/></table:table>"
        linked = '<table:table table:name="Linked"><table:table-source/></table:table>'
        content = self.content(f"{self.HEAD}</table:table>{cache}{linked}<table:table>")
        assert list(ods_names(content)) == ["Plan", "Linked", ""]


def test_a_formula_without_a_value_is_refused_in_every_field_and_says_so() -> None:
    """Whatever the model takes there: its rules of words only warn, and a prompt may be any text."""
    titles = ("model", "prompt", "size", "quality", "n", "reference", "mask", "negative_prompt", "width", "height")
    good = {"model": "gpt-image-2-official", "prompt": "a fox", "quality": "low", "n": "2"}
    rows = [
        *({"model": "gpt-image-2-official", title: cell} for title in titles[:7] for cell in MISSING),
        *({**good, "model": "flux-2", title: cell} for title in ("size", "prompt", "reference") for cell in MISSING),
        *({**good, "model": "wan2.7-image", "negative_prompt": cell} for cell in MISSING),
        *({**good, "width": "1024", "height": cell} for cell in MISSING),
    ]
    columns = find_columns([title for title in titles if title not in ("width", "height")])
    edges = find_columns([title for title in titles if title != "size"])
    for row in rows:
        read = edges if "width" in row else columns
        cells = [row.get(title, "") for title in read.titles]
        name, cell = next((name, each) for name, each in row.items() if isinstance(each, NoValue))
        found = Quoter(read).result(Row(2, cells))
        with told(row):
            assert found is not None
            assert found.cells[0] == "rejected"
            notes = str(found.cells[-1])
            assert f'"{cell}" is {"a formula without" if cell.is_formula else "the error of"}' in notes.replace("'", "")
        if name not in ("reference", "height"):
            typed = Quoter(read).result(Row(2, [str(each) if each is cell else each for each in cells]))
            assert typed is not None
            assert "formula" not in str(typed.cells[-1])


def test_a_formula_of_nothing_but_a_word_is_that_word() -> None:
    plan = RowReader(find_columns(["size", "quality"])).plan([NoValue('="16:9"'), NoValue('="low"')])
    assert plan is not None
    assert plan.body.items() >= {"size": "16:9", "quality": "low"}.items()


MISSING = (NoValue("#N/A"), NoValue("=VLOOKUP(A2,B:C,2)"))


@pytest.mark.parametrize(
    ("is_1904", "first"), ((False, datetime(1899, 12, 30)), (True, datetime(1904, 1, 1)))
)  # fmt: skip
def test_days_of_an_xls_file_count_from_1900_or_1904(is_1904: bool, first: datetime) -> None:
    held: tuple[tuple[str | float | bool, int], ...] = (
        ("a", 0),
        (2.5, 2),
        (True, 0),
        (40000.0, 14),
        (40000.5, 22),
        (0.5, 21),
        (1.25, 46),
    )
    content = old_workbook([(0, at, value, look) for at, (value, look) in enumerate(held)], is_1904=is_1904)
    day = first + timedelta(days=40000)
    expected = ["a", 2.5, True, day.date(), day + timedelta(hours=12), time(12), timedelta(hours=30)]
    page = Xls(content).page("Plan")
    (row,) = page.rows()
    assert page.unseen == ("formulas",)
    assert [(type(cell), cell) for cell in row.cells] == [(type(cell), cell) for cell in expected]


def test_the_sheet_with_most_fields_is_read_where_the_first_has_few() -> None:
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output)
    for name, titles in (("Cover", ["size"]), ("Plan", ["size", "n", "quality"]), ("Zoo", ["model"])):
        page = book.add_worksheet(name)
        page.write_row(0, 0, titles)
        page.write_row(1, 0, ["1:1", 1, "low"][: len(titles)])
    book.close()
    table = read_workbook(output.getvalue())
    assert (table.sheet, table.other_sheets) == ("Plan", ("Cover", "Zoo"))


def test_rows_of_an_old_workbook_have_the_numbers_that_people_see() -> None:
    content = old_workbook([(0, 0, "size", 0), (1, 0, "16:9", 0), (3, 1, "x", 0), (4, 0, "1:1", 0)])
    rows = [(row.number, row.cells) for row in Xls(content).page("Plan").rows()]
    assert rows == [(1, ["size"]), (2, ["16:9"]), (3, []), (4, ["", "x"]), (5, ["1:1"])]


def test_all_that_an_old_workbook_says_of_its_cells() -> None:
    """Hidden rows and columns, merged cells, and errors, whose codes nobody else knows; a sheet may be hidden."""
    row, column, merged = 0x208, 0x7D, 0xE5
    records = (
        (column, struct.pack("<HHHHH", 1, 2, 2560, 0, 1)), (column, struct.pack("<HHHHH", 3, 3, 2560, 0, 0)),
        (row, struct.pack("<H4xH4xi", 2, 255, 0x20)), (row, struct.pack("<H4xH4xi", 3, 255, 0)), (merged, struct.pack("<HHHHH", 1, 1, 3, 0, 0)),
    )  # fmt: skip
    lines: tuple[tuple[Any, ...], ...] = (
        ("size", "n", "quality", "model"),
        ("1:1", b"\x07", b"\x63"),
        ("", 2.0, "low"),
        ("", 1.0, "", "flux-2"),
    )
    cells = [(at, place, cell, 0) for at, line in enumerate(lines) for place, cell in enumerate(line) if cell != ""]
    book = Xls(old_workbook(cells, records=records))
    page = book.page("Plan")
    assert [row.cells for row in page.rows()][1:] == [
        ["1:1", NoValue("#DIV/0!"), NoValue("#ERROR")], ["", 2.0, "low"], ["", 1.0, "", "flux-2"],
    ]  # fmt: skip
    assert (page.marks.rows, page.marks.columns) == ({2}, {1, 2})
    assert (page.marks.merged, book.names) == ([((1, 0), (3, 0))], {"Plan": False})
    assert Xls(old_workbook(cells, is_hidden=True)).names == {"Plan": True}
    content, password = old_workbook(cells), struct.pack("<HHHHH", 0x2F, 6, 1, 1, 2)
    with pytest.raises(SheetError, match="it is encrypted"):
        Xls(content[:20] + password + content[20:])


class TestXlsb:
    PLAN = ((0, 0, "size"), (0, 1, "n"), (1, 0, "16:9"), (1, 1, 2.0), (3, 0, "1:1"), (3, 1, 1.0))

    def test_its_cells(self) -> None:
        table = read_workbook(binary_workbook(self.PLAN))
        assert [row.cells for row in table.rows] == [["16:9", 2.0], ["", ""], ["1:1", 1.0]]
        assert (table.unseen, table.strays) == (("formulas", "errors"), ())

    def test_they_may_begin_anywhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reapi_rules.sheets.workbooks.xls_page._MOST_HELD", 8)
        table = read_workbook(binary_workbook([(row + 2, at + 1, cell) for row, at, cell in self.PLAN]))
        assert table.header.number == 3
        assert [(row.number, row.cells[1:]) for row in table.rows] == [
            (4, ["16:9", 2.0]),
            (5, ["", ""]),
            (6, ["1:1", 1.0]),
        ]

    def test_a_stray_cell_is_left_out(self) -> None:
        table = read_workbook(binary_workbook([*self.PLAN, (20_000, 300, "x")]))
        assert (len(list(table.rows)), len(table.columns.titles), table.strays) == (3, 2, ("KO20001",))

    def test_the_largest_that_the_reader_may_hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for most, is_read in ((8, True), (7, False)):
            monkeypatch.setattr("reapi_rules.sheets.workbooks.xls_page._MOST_HELD", most)
            with nullcontext() if is_read else pytest.raises(SheetError, match="it reaches over 8 cells: delete"):
                assert len(list(read_workbook(binary_workbook(self.PLAN)).rows)) == 3

    def test_one_that_the_reader_can_not_hold_is_one_line(self) -> None:
        with pytest.raises(
            SheetError, match=r"it reaches over 17179869184 cells, with those from XFD1048576 on: delete"
        ):
            read_workbook(binary_workbook([*self.PLAN, (1_048_575, 16_383, "x")]))

    @pytest.mark.parametrize("broken", ("sheet1", "workbook.bin"))
    def test_a_broken_one_is_one_line_that_says_why(self, broken: str) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(binary_workbook(self.PLAN))) as old, zipfile.ZipFile(content, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name)[:-1] if broken in name else old.read(name))
        with pytest.raises(SheetError, match=r"it can't be read as a workbook: (?!None)[^{\n]+$"):
            read_workbook(content.getvalue())


def test_what_a_reader_of_old_workbooks_minds_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    xlrd = pytest.importorskip("xlrd")
    read = xlrd.open_workbook

    def minding(**options: Any) -> Any:
        print("a record is odd", file=options["logfile"])
        return read(**options)

    monkeypatch.setattr(xlrd, "open_workbook", minding)
    Xls(old_workbook([(0, 0, "size", 0)]))
    assert capfd.readouterr() == ("", "")
