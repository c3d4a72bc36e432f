"""Workbooks of 200,000 rows: quoted to another one, from CSV to one, and in place, beside what must be done at least."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from .batch import Job, interleaved, plan_lines, runs_table, write
from .goals import Scale, Section
from .processes import Installation, installation, run

__all__ = ["workbooks"]

_WRITE = """
import csv, sys, xlsxwriter
with open(sys.argv[1], encoding="utf-8", newline="") as lines, xlsxwriter.Workbook(sys.argv[2]) as book:
    sheet = book.add_worksheet("Plan")
    for at, row in enumerate(csv.reader(lines)):
        for column, cell in enumerate(row):
            if cell.isdecimal() and len(cell) < 16:
                sheet.write_number(at, column, int(cell))
            elif cell:
                sheet.write_string(at, column, cell)
"""

_COPY = """
import sys, xlsxwriter
from python_calamine import CalamineWorkbook
CalamineWorkbook.from_path(sys.argv[3]).get_sheet_by_index(0).to_python()
"""

_IN_PLACE = 'cp "$1" place.xlsx && exec "$0" quote place.xlsx --in-place'

_PARSE = """
import sys, zipfile
from xml.parsers import expat
with zipfile.ZipFile(sys.argv[1]) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
    expat.ParserCreate().ParseFile(sheet)
"""


def workbooks(scale: Scale) -> Section:
    """A plan as a workbook.  The floor of a new one writes every cell of the result, ours among them."""
    rows = scale.rows // 5
    with installation("xlsxwriter", "python_calamine") as place:
        plan, book, quoted = (place.folder / name for name in ("plan.csv", "plan.xlsx", "quoted.csv"))
        write(plan, plan_lines(rows))
        run([place.python, "-c", _WRITE, str(plan), str(book)])
        run([place.command, "quote", str(plan), "-o", str(quoted)])
        files = (str(quoted), "floor.xlsx")
        jobs = {
            "expat, merely parsing the sheet": _script(place, _PARSE, str(book)),
            "reapi-rules quote --in-place": Job(["/bin/sh", "-c", _IN_PLACE, place.command, str(book)], place.folder),
            "XlsxWriter, the same cells": _script(place, _WRITE, *files),
            "reapi-rules quote, CSV to XLSX": _command(place, plan, "-o", "quoted.xlsx"),
            "python-calamine and XlsxWriter, the same cells": _script(place, _COPY + _WRITE, *files, str(book)),
            "reapi-rules quote, XLSX to XLSX": _command(place, book, "-o", "quoted.xlsx"),
        }
        runs = interleaved(jobs, scale.repeats)
        cells = sum(_filled(quoted))
    times = [each.seconds for each in runs.values()]
    ratios = (ours / floor for floor, ours in zip(times[::2], times[1::2]))
    figures = dict(zip(("xlsx.place", "xlsx.new", "xlsx.copy"), ratios))
    figures["xlsx.memory"] = runs["reapi-rules quote --in-place"].mib
    text = f"{rows:,} rows; {cells:,} filled cells in the result. Ratios are to expat; the goals name what else is compared.\n\n"
    return Section("Workbooks", text + runs_table(runs, rows), figures)


def _script(place: Installation, script: str, *words: str) -> Job:
    return Job([place.python, "-c", script, *words], place.folder)


def _command(place: Installation, file: Path, *words: str) -> Job:
    return Job([place.command, "quote", str(file), *words], place.folder)


def _filled(path: Path) -> Iterator[int]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            yield sum(map(bool, row))
