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

from tests.support.raw_workbook import own_workbook
from tests.support.rich_workbook import rich_workbook

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

KEPT = Path(__file__).with_name("written")
PARTS = re.compile(r"xl/(?:(?:worksheets|charts|drawings)/.*|styles|workbook|sharedStrings)\.xml")
ELEMENTS = re.compile(r"(?=<(?!/|(?:x:)?(?:[cft][ >]|v>|is>)))")
"""Where a line begins: at each element, but all cells of a row are in one."""


def parts(content: bytes) -> dict[str, str]:
    """The parts that say what is seen, element by element."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(filter(PARTS.fullmatch, archive.namelist()))
        return {name: ELEMENTS.sub("\n", archive.read(name).decode()) for name in names}


def check(name: str, content: bytes, before: bytes | None = None, notes: str = "") -> None:
    """Compare notes and a workbook, or those of its parts that were not so before, with what is kept."""
    old, kept = parts(before) if before else {}, KEPT / f"{name}.txt"
    told = notes + "".join(f"{name}{text}\n\n" for name, text in parts(content).items() if text != old.get(name))
    if not kept.exists():
        kept.write_text(told, encoding="utf-8")
        pytest.fail(f"{kept} is new: read it")
    same = told.splitlines() == kept.read_text(encoding="utf-8").splitlines()
    assert same, f"delete {kept}, run this test, which writes it anew, and read what has changed"


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
    other: list[list[Any]] = [["size", "n"], ["1:1", 1]]
    for name, table in (("Mara's plan", rows), ("Plan B", other)):
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


def shapes(content: bytes) -> set[tuple[Any, ...]]:
    """How the archive has its parts, but for their length."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {(each.filename, each.date_time, each.compress_type, each.external_attr) for each in archive.infolist()}


@pytest.mark.parametrize(
    ("name", "words"),
    (
        ("rich", ("quote", "--in-place", "--sheet", "My plan")),
        ("own", ("quote", "--in-place")),
        ("own-x", ("quote", "--in-place", "--lang", "zh", "--set", "quality=low", "--currency", "CNY=7.12@2026-11-28")),
        ("own-fixed", ("check", "--fixed")),
        ("own-x-fixed", ("check", "--fixed")),
    ),
)  # fmt: skip
def test_changes_what_it_changed(run: Any, tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    """Beside the cells of a workbook, or in them."""
    source, book = (tmp_path / each for each in ("plan.xlsm", "fixed.xlsm"))
    source.write_bytes(before := rich_workbook() if name == "rich" else own_workbook("x:" * ("-x" in name)))
    command = (words[0], str(source), *words[1:], *([str(book)] if "fixed" in name else ["--as-of", "2026-07-28"]))
    result = run(*command)
    assert result.code == 1
    notes = "".join(re.findall(".*(?: anew|重新).*\n", result.err))
    after = (book if "fixed" in name else source).read_bytes()
    check(name, after, before, notes)
    assert shapes(after) == shapes(before)
