"""What extensions of a workbook say in other names' words is not taken for the workbook's own."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.workbooks import read_workbook

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

EXTENSION = '<extLst><ext uri="{{u}}" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">{}</ext></extLst>'


def edited(content: bytes, part: str, old: str, new: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(output, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            after.writestr(name, text)
    return output.getvalue()


@pytest.mark.parametrize("said", ("1", "true"))
def test_a_workbook_that_counts_from_1904_still_does(said: str) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["size", "due"])
    book.active.append(["1:1", date(2026, 8, 14)])
    output = io.BytesIO()
    book.save(output)
    own = '<x15:workbookPr chartTrackingRefBase="1"/>'
    content = edited(output.getvalue(), "xl/workbook.xml", "</workbook>", f"{EXTENSION.format(own)}</workbook>")
    content = edited(content, "xl/workbook.xml", 'date1904="1"', f'date1904="{said}"')
    assert [row.cells for row in read_workbook(content).rows] == [["1:1", date(2026, 8, 14)]]


def test_a_formula_of_an_extension_is_no_cell_of_the_sheet(run: Any, tmp_path: Path) -> None:
    """A sparkline, a drop-down or a colour that reads our columns: the last cell of the sheet keeps its value."""
    path = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Plan"
    for row in (["size", "n"], ["1:1", 2]):
        book.active.append(row)
    other = book.create_sheet("Other")
    other["A1"], other["B2"] = "=1+1", 7
    book.save(path)
    formula = "<x15:sparkline><x15:f>Plan!C1:Z9</x15:f></x15:sparkline>"
    content = edited(
        path.read_bytes(), "xl/worksheets/sheet2.xml", "</worksheet>", f"{EXTENSION.format(formula)}</worksheet>"
    )
    path.write_bytes(content)
    result = run("quote", str(path), "--in-place")
    assert result.code == 0
    assert "calculated anew" not in result.err
    with zipfile.ZipFile(path) as after, zipfile.ZipFile(io.BytesIO(content)) as before:
        assert after.read("xl/worksheets/sheet2.xml") == before.read("xl/worksheets/sheet2.xml")
        assert re.search(rb"<v>7</v>", after.read("xl/worksheets/sheet2.xml"))
