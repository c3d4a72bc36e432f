"""A table of results as a workbook: what it looks like, cell by cell."""

from __future__ import annotations

import io
import tempfile
from typing import Any

import pytest

from reapi_rules.sheets.workbooks.rows_workbook import rows_workbook
from tests.support.workbook_lint import faults

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

ROWS = (
    {"group": "spring", "requests": 2, "credits": 1234, "usd": "1.234", "notes": "n" * 60},
    {"group": "=1+1", "requests": 10, "credits": None, "usd": None, "notes": "n" * 61},
)


def page_of(rows: tuple[dict[str, Any], ...]) -> Any:
    content = rows_workbook(rows)
    assert faults(content) == []
    return openpyxl.load_workbook(io.BytesIO(content))["Result"]


def test_cells() -> None:
    page = page_of(ROWS)
    assert [[cell.value for cell in row] for row in page.rows] == [
        ["group", "requests", "credits", "usd", "notes"],
        ["spring", 2, 1234, 1.234, "n" * 60],
        ["=1+1", 10, None, None, "n" * 61],
    ]
    assert [page[f"A{row}"].data_type for row in (1, 2, 3)] == ["s", "s", "s"]
    assert [page[f"{column}2"].number_format for column in "ABCD"] == ["General", "#,##0", "#,##0", "#,##0.000"]
    assert [page[f"E{row}"].alignment.wrap_text for row in (2, 3)] == [None, True]
    assert [page.row_dimensions[row].height for row in (1, 2, 3)] == [None, 30, 30]
    assert all(cell.font.bold for cell in page[1])


def test_widths_fit_between_the_narrowest_and_the_widest() -> None:
    texts = {"text": "y" * 20, "long": "z" * 90, "lines": f"{'y' * 15}\nz", "wide": "狐" * 10, "both": "狐\n" * 10}
    page = page_of(({"n": 1, "a title of a column": "x", **texts},))
    widths = [round(page.column_dimensions[column].width) for column in "ABCDEFG"]
    assert widths == [9, 24, 23, 61, 18, 23, 9]


def test_it_is_ready_to_be_filtered_and_printed() -> None:
    page = page_of(ROWS)
    assert (page.auto_filter.ref, page.freeze_panes, page.print_title_rows) == ("A1:E3", "A2", "$1:$1")
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)


def test_a_chart_of_the_credits_of_each_group() -> None:
    (chart,) = page_of(ROWS)._charts
    (series,) = chart.series
    assert (series.cat.strRef or series.cat.numRef).f == "Result!$A$2:$A$3"
    assert series.val.numRef.f == "Result!$C$2:$C$3"
    assert (chart.anchor._from.row, chart.anchor._from.col, chart.legend) == (4, 0, None)
    assert page_of(({"model": "x", "credits": 1},))._charts == []


def test_no_file_is_written_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert rows_workbook(ROWS).startswith(b"PK")


def test_without_rows_it_is_a_blank_page() -> None:
    page = page_of(())
    assert (page.max_row, page.auto_filter.ref, page["A1"].value) == (1, None, None)
