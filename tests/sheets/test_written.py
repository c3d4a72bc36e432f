"""The workbooks that we write, part by part, as they were when somebody last looked at them.

After an intended change delete a file of ``written/``, run its test, which writes it anew, and read what has changed.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

KEPT = Path(__file__).with_name("written")
PARTS = re.compile(r"xl/(?:(?:worksheets|charts|drawings)/.*|styles|workbook|sharedStrings)\.xml")
ELEMENTS = re.compile(r"(?=<(?!/|c[ >]|f>|v>|is>|t[ >]))")
"""Where a line begins: at each element, but all cells of a row are in one."""


def told(content: bytes) -> str:
    """The parts that say what is seen, element by element."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(filter(PARTS.fullmatch, archive.namelist()))
        return "".join(f"{name}{ELEMENTS.sub(chr(10), archive.read(name).decode())}\n\n" for name in names)


def check(name: str, content: bytes) -> None:
    kept = KEPT / f"{name}.txt"
    if not kept.exists():
        kept.write_text(told(content), encoding="utf-8")
        pytest.fail(f"{kept} is new: read it")
    assert told(content).splitlines() == kept.read_text(encoding="utf-8").splitlines()


GROUPS: tuple[Any, ...] = (
    "spring", "Spring", "=1+1", None, True, 7, 1.5, date(2026, 8, 14), time(18), datetime(2026, 8, 14, 9, 30),
    timedelta(hours=30), *(f"c{at}" for at in range(22)),
)  # fmt: skip
"""Cells of every kind, and more than are listed."""


def plan(path: Path, groups: tuple[Any, ...] = GROUPS) -> str:
    """A plan with texts above the header, on the first of two sheets."""
    rows: list[list[Any]] = [
        ["Plan", "of May"],
        [],
        ["campaign", "size", "quality", "n", "model", "a long title of a column that nobody reads", None],
        ["spring", "16:9", "high", 2, None, "a fox in the snow " * 9, "x"],
        ["spring", "7:5", "low", 1],
        ["spring", "800x600", "auto", 1, None, "a\nb"],
        ["spring", "1:1", "low", 1, "midjourney"],
        [],
        *([group, time(16, 9), "low", 1 + at % 2, None, group] for at, group in enumerate(groups)),
    ]
    book = openpyxl.Workbook()
    for name, table in (("Mara's plan", rows), ("Plan B", [["size", "n"], ["1:1", 1]])):
        page = book.create_sheet(name)
        for at, row in enumerate(table, 1):
            for column, content in enumerate(row, 1):
                cell = page.cell(at, column, content)
                cell.data_type = "s" if content == "=1+1" else cell.data_type
    book.remove(book.worksheets[0])
    book.save(path)
    return str(path)


SEVERAL = ("quote", "--sheet", "all", "--lang", "zh", "--as-of", "2026-07-28", "--set", "quality=low")


@pytest.mark.parametrize(
    ("name", "groups", "words"),
    (
        ("one-sheet", GROUPS, ("advise", "--as-of", "2026-07-28")),
        ("all-sheets-zh", (), (*SEVERAL, "--currency", "CNY=7.12@2026-11-28")),
        ("no-card", (), ("quote", "--sheet", "Plan B", "--as-of", "2020-01-01")),
        ("by-group", ("autumn " * 10,), ("quote", "--as-of", "2026-07-28", "--by", "campaign")),
    ),
)
def test_is_what_it_was(run: Any, tmp_path: Path, name: str, groups: tuple[Any, ...], words: tuple[str, ...]) -> None:
    book = tmp_path / "book.xlsx"
    result = run(*words, plan(tmp_path / "plan.xlsx", groups), "-o", str(book))
    assert result.code in (0, 1), result.err
    check(name, book.read_bytes())
