"""What formulas read: their saved values go only where they read what changes, and then they always do."""

from __future__ import annotations

import io
import zipfile
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS
from reapi_rules.sheets.workbooks.references import NamedTable, Reader
from reapi_rules.sheets.workbooks.sheet_splice import formulas_of
from tests.support.raw_workbook import MAIN

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")
xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")

LATER = "Plan!$K$2:$K$5"
"""Where reapi_credits comes to stand: behind a table of five columns, the sixth of ours."""

KEPT = (
    "SUM(Plan1[n])",
    "COUNTA(Plan1[asset])",
    'SUMIFS(Plan1[n],Plan1[quality],"low")',
    "SUM(Plan1[[asset]:[n]])",
    "Plan1[[#Headers],[n]]",
    "SUM(Plan1[[#All],[n '[old']]])",
    "[1]Plan!K3",
    "SUM('[1]My plan'!A1:K9)",
    "[1]!Credits",
    "SUM(Counts)",
    "SUM(CountsTwice)",
    "SUM(Plan!D2:Plan!D5)",
    '"Plan!K2:K5 and Credits"',
    "SUM(List)",
    "SUM(OFFSET(Last!A1,1,1))",
)
LOST = (
    "SUM(Plan1[reapi_credits])",
    "COUNTA(Plan1)",
    "SUM(Plan1[[asset]:[reapi_credits]])",
    "SUM(Plan1[what is this])",
    "SUM(Credits)",
    "SUM(Dynamic)",
    "SUM(CreditsTwice)",
    "SUM(MORE)",
    "SUM(Plan:Last!K2:K5)",
    "SUM('Plan:Last'!K2:K5)",
    "SUM(Plan!D2:Plan!L5)",
    "SUM(Plan!D2:INDEX(Plan!L:L,5))",
    "SUM(Relative)",
    '"x"&Plan!K3&"y"',
    "SUM(OFFSET(Last!A1,1,1),Plan!A1)",
    "OFFSET(nowhere,1,1)",
    'INDIRECT("Last!A1")',
    "SUM(Geld?)",
    "SUM(geld..ünï)",
    "SUM(\\geld)",
    "More2(3)",
)
NAMES = {
    "Counts": "Plan!$D$2:$D$5",
    "CountsTwice": "Counts*2",
    "Credits": LATER,
    "CreditsTwice": "Credits*2",
    "More": "CreditsTwice+More",
    "Dynamic": "OFFSET(Plan!$E$2,0,0,COUNTA(Plan!$A:$A)-1,1)",
    "List": "OFFSET(Last!$A$1,0,0,COUNTA(Last!$A:$A),2)",
    "Relative": "Plan!B$2",
    "Geld?": LATER,
    "geld..ünï": LATER,
    "\\geld": LATER,
    "More2": "_xlfn.LAMBDA(_xlpm.x,_xlpm.x+Plan!$K$2)",
}


def test_saved_values_go_where_a_formula_reads_our_columns_and_nowhere_else(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = xlsxwriter.Workbook(path)
    page, other = book.add_worksheet("Plan"), book.add_worksheet("Other")
    book.add_worksheet("Last")
    titles = ("asset", "size", "quality", "n", "n [old]")
    rows = [[f"a{at}", "16:9", "low", at, 0] for at in range(1, 5)]
    page.add_table("A1:E5", {"name": "Plan1", "columns": [{"header": each} for each in titles], "data": rows})
    for row in range(4):
        page.write_formula(row + 1, 3, f"={row}+1", None, row + 1)
        page.write_formula(row + 1, 4, "=Plan1[[#This Row],[n]]+1", None, row + 2)
    for name, text in NAMES.items():
        book.define_name(name, f"={text}")
    for row, formula in enumerate(KEPT + LOST):
        other.write_formula(row, 0, f"={formula}", None, 7)
    book.close()
    for _ in range(2):  # the second run reads what the first one left
        result = run("quote", str(path), "--in-place")
        assert result.code == 0, result.err
        read = openpyxl.load_workbook(path, data_only=True)
        values = [cell.value for cell in read["Other"]["A"]]
        assert dict(zip(KEPT, values)) == dict.fromkeys(KEPT, 7)
        assert dict(zip(LOST, values[len(KEPT) :])) == dict.fromkeys(LOST)
        assert [cell.value for cell in read["Plan"]["E"]] == ["n [old]", 2, 3, 4, 5]


def test_a_formula_too_long_for_any_program_may_read_anything() -> None:
    for piece in ("['", "'a''", "[[a", "A:"):
        assert Reader({}).areas(piece * 500_000, "Plan", (0, 0)) is None


def test_of_a_formula_that_has_moved_the_corners_without_a_dollar_have() -> None:
    """And where nobody knows how far, as in a name, they may be anywhere."""
    for dollars in product(("", "$"), repeat=4):
        left, top, right, bottom = dollars
        place = f"{left}C{top}5:{right}F{bottom}9"
        for moved in ((0, 0), (3, 0), (0, 2), (3, 2)):
            rows, columns = (
                (4 + moved[0] * (not top), 8 + moved[0] * (not bottom)),
                (2 + moved[1] * (not left), 5 + moved[1] * (not right)),
            )
            area = ("Plan", min(rows), min(columns), max(rows), max(columns))
            assert Reader({}).areas(f"SUM({place})", "Plan", moved) == (area,), (place, moved)
        anywhere = (4 if top else 0, 2 if left else 0, 8 if bottom else MOST_ROWS - 1, 5 if right else MOST_COLUMNS - 1)
        assert Reader({}).areas(f"SUM({place})", "Plan", None) == (("Plan", *anywhere),), place


def test_whole_rows_and_columns_have_no_end() -> None:
    last_row, last_column = MOST_ROWS - 1, MOST_COLUMNS - 1
    for place, area in {
        "C:C": (0, 4, last_row, 4), "$C:$D": (0, 2, last_row, 3), "$C:D": (0, 2, last_row, 5), "5:5": (7, 0, 7, last_column),
        "$5:$9": (4, 0, 8, last_column), "$5:9": (4, 0, 11, last_column), "C5": (7, 4, 7, 4), "$C$5": (4, 2, 4, 2),
    }.items():  # fmt: skip
        assert Reader({}).areas(f"SUM({place})", "Plan", (3, 2)) == (("Plan", *area),), place
    assert Reader({}).areas("OFFSET(C5,1,1)", "Plan", (0, 0)) == (("Plan", 0, 0, last_row, last_column),)


@pytest.mark.parametrize("prefix", ("", "x:"))
def test_a_shared_formula_reads_what_it_would_written_out_in_each_cell(prefix: str) -> None:
    places = {f"{column}{row}": f"SUM(Plan!{left}{row + 1}:$H$1)" for column, left in ("CA", "DC") for row in (1, 2, 3)}
    shared = '<{0}f t="shared" si="{1}"{2}</{0}f>'.format  # one in each column
    written = [(place, f"<{prefix}f>{text}</{prefix}f>") for place, text in places.items()]
    spread = [
        (place, shared(prefix, place[0], f' ref="{place}:{place[0]}3">{text}' if place[1] == "1" else ">"))
        for place, text in places.items()
    ]

    def found(cells: list[tuple[str, str]]) -> list[Any]:
        rows = "".join(
            f'<{prefix}row r="{row}">'
            + "".join(f'<{prefix}c r="{place}">{formula}</{prefix}c>' for place, formula in cells if place[1:] == row)
            + f"</{prefix}row>"
            for row in "123"
        )
        name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
        sheet = f'<{prefix}worksheet {name}="{MAIN}"><{prefix}sheetData>{rows}</{prefix}sheetData></{prefix}worksheet>'
        return [*formulas_of(io.BytesIO(sheet.encode()), "Other", Reader({}))]

    assert found(sorted(spread, key=lambda cell: cell[0][1])) == found(sorted(written, key=lambda cell: cell[0][1]))
    assert len({formula.reads for formula in found(spread)}) == len(places)
    assert [formula.reads for formula in found(spread[1:3])] == [None, None]  # of what nobody knows


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.lists(
                st.sampled_from(
                    (
                        '<c r="@"><f>A%+1</f><v>1</v></c>', '<c r="@"><f>SUM($B$1:B%)</f></c>', '<c r="@"><v>1</v></c>', '<c r="@"/>',
                        '<c r="@" s="1"><f>C%</f><v>1</v></c>', '<c r="@"><f t="array" ref="@:#">A1:B2</f><v>1</v></c>',
                    )
                ),
                max_size=4,
            ),
        ),
        max_size=8,
    ),
    st.sampled_from("CDE"),
    st.integers(0, 6),
)  # fmt: skip
def test_formulas_of_rows_alike_are_those_that_are_found_tag_by_tag(
    rows: list[tuple[int, list[str]]], right: str, more: int
) -> None:
    text, number = "", 0
    for gap, cells in rows:
        number += gap
        places = (f"{column}{number}" for column in "ABCD")
        own = (
            cell.replace("@", next(places)).replace("%", str(number)).replace("#", f"{right}{number + more}")
            for cell in cells
        )
        text += f'<row r="{number}">{"".join(own)}</row>'

    def found(comment: str) -> list[Any]:
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{comment}{text}</sheetData></worksheet>'
        return [*formulas_of(io.BytesIO(sheet.encode()), "Plan", Reader({}))]

    assert {*found("")} == {*found("<!-- -->")}
    assert len(found("")) == len(found("<!-- -->"))


def test_rows_alike_behind_the_end_of_a_sheet_are_refused() -> None:
    row = '<row r="1"><c r="A1"><f>B1</f></c></row>'
    with pytest.raises(SheetError, match="can't be read"):
        list(formulas_of(io.BytesIO(f"<worksheet/>{row}".encode()), "Plan", Reader({})))


def test_brackets_without_a_name_are_of_the_tables_of_the_sheet() -> None:
    read = Reader({}, {"T": NamedTable(("Plan", 1, 1, 9, 3), ("a", "b", "c"), totals=1)})
    cases: dict[str, Any] = {
        "SUBTOTAL(109,[b])": (("Plan", 2, 2, 8, 2),),
        "[@b]*2": (("Plan", 4, 2, 4, 2),),
        "SUM([@[a]:[c]])": (("Plan", 4, 1, 4, 3),),
        "T[[#Data],[#Totals],[c]]": (("Plan", 2, 3, 9, 3),),
        "T[]": (("Plan", 2, 1, 8, 3),),
        "T*2": (("Plan", 2, 1, 8, 3),),
        "T[@]": (("Plan", 4, 1, 4, 3),),
        "T[[a],[#Somewhere]]": (("Plan", 1, 1, 9, 3),),
        "T[[a]+[b]]": (("Plan", 1, 1, 9, 3),),
        "other[b]": (),
    }
    assert {formula: read.areas(formula, "Plan", (0, 0), 4) for formula in cases} == cases
    assert read.areas("[@b]", "Other", (0, 0), 4) == ()


def test_an_array_that_does_not_say_its_place_is_in_its_cell() -> None:
    row = '<row r="1"><c r="A1"><f t="array">C1</f></c><c r="B1"><f t="dataTable"/></c></row>'
    sheet = io.BytesIO(f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'.encode())
    read = [(each.column, each.reads) for each in formulas_of(sheet, "Plan", Reader({}))]
    assert read == [(0, (("Plan", 0, 2, 0, 2),)), (1, ())]


def test_this_row_is_that_of_the_formula_within_the_table_and_else_all_of_them() -> None:
    table = NamedTable(("Plan", 1, 1, 9, 3), ("a", "b", "c"))
    for row in (0, 1, 5, 9, 10, None):
        top, bottom = (row, row) if row in (1, 5, 9) else (1, 9)
        assert table.areas("[@b]", row) == table.areas("[[#This Row],[b]]", row) == (("Plan", top, 2, bottom, 2),)


def test_what_is_behind_a_reference_to_another_workbook_is_read() -> None:
    assert Reader({}).areas("[1]Last!K3+B2*[2]!Rate+C3", "Plan", (0, 0)) == (("Plan", 1, 1, 1, 1), ("Plan", 2, 2, 2, 2))


def test_names_have_signs_of_any_script_in_them() -> None:
    for name in ("计划", "カタ・カナ", "🦊", "Ünï_1.x", "A?b"):
        assert Reader({}).areas(f"{name}!A1+1", "Plan", (0, 0)) == ((name, 0, 0, 0, 0),)
        assert Reader({name: ["Plan!$A$1"]}).areas(f"2*{name}^2", "Plan", (0, 0)) == (("Plan", 0, 0, 0, 0),)


def test_cells_that_a_formula_of_another_cell_fills_are_calculated_with_it(run: Any, tmp_path: Path) -> None:
    """An array and what reads its last cell; and a table of trials, whose formula is above it."""
    path = tmp_path / "plan.xlsx"
    book = xlsxwriter.Workbook(path)
    page, other = book.add_worksheet("Plan"), book.add_worksheet("Other")
    for at, row in enumerate((("size", "n"), ("1:1", 1), ("1:1", 2))):
        page.write_row(at, 0, row)
    other.write_array_formula("A1:B2", "{=Plan!H2:I3}", None, 7)
    other.write_column("A2", (7,))
    other.write_row("B1", (7,))
    other.write_row("B2", (7,))
    other.write_array_formula("A3:B3", "{=Plan!A2:B2}", None, 7)
    other.write_row("B3", (7,))
    other.write_row("A4", (7, 7))
    other.write_formula("D1", "=B2+1", None, 7)
    other.write_formula("E1", "=B3+1", None, 7)
    for place, formula in (
        ("G1", "=Plan!H2"), ("G2", "=trial"), ("H3", "=G3+1"), ("J1", "=1"), ("J2", "=trial"), ("P1", "=1"), ("P2", "=trial"),
    ):  # fmt: skip
        other.write_formula(place, formula, None, 7)
    other.write_column("G3", (7, 7))
    other.write_column("J3", (7,))
    other.write_column("P3", (7,))
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet2.xml"]
    for column, second in ((b"G", b""), (b"J", b""), (b"P", b' r2="G1"')):  # one of them is tried with two cells
        trial = b'<f t="dataTable" ref="%b2:%b3" dt2D="%d" dtr="0" r1="M1"%b/>' % (column, column, bool(second), second)
        sheet = sheet.replace(b'<c r="%b2"><f>trial</f>' % column, b'<c r="%b2">%b' % (column, trial))
    assert sheet.count(b"dataTable") == 3
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (parts | {"xl/worksheets/sheet2.xml": sheet}).items():
            archive.writestr(name, text)
    assert run("quote", str(path), "--in-place").code == 0
    read = openpyxl.load_workbook(path, data_only=True)["Other"]
    kept = {cell.coordinate for row in read.rows for cell in row if cell.value is not None}
    assert kept == {"A3", "B3", "A4", "B4", "E1", "G4", "J1", "J2", "J3", "P1"}
