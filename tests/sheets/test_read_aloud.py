"""Small sheets, what is said of each, and what each of its rows plans, as it was when somebody last looked at it.

``read-aloud.txt`` has them: the lines of a sheet begin with a bar, and its answers follow.  After an intended change
delete the answers of one sheet, run the test, which writes all of them anew, and read what has changed.
"""

from __future__ import annotations

import json
import re
from difflib import unified_diff
from itertools import cycle
from pathlib import Path

import pytest

from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.cells import RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.rows import sort_rows

KEPT = Path(__file__).with_name("read-aloud.txt")
SHEETS = re.compile(r"((?:\|.*\n)+)((?:[^|\n].*\n)*)\n")


def answers(sheet: str, language: str) -> str:
    """What is said of a sheet in a language, then the columns that are read, then each of its rows."""
    try:
        table = read_csv(re.findall(r"(?m)^\|(.*\n)", sheet))
        account, reader = Account.of(table), RowReader(table.columns, RowOptions(language=language))
        rows = []
        for row in sort_rows(table, account).rows:
            plan = None if row.skipped else reader.plan(row.cells)
            said = row.skipped or "blank" if plan is None else json.dumps(plan.body, ensure_ascii=False)
            rows += [f"{row.number}: {said}", *(plan.notes if plan else ())]
        lines = [*account.lines(language), *rows, f"by column: {reader.columns_of(None)}"]
    except SheetError as error:
        lines = [error.said(language)]
    return "".join(f"{line}\n" for line in lines)


def test_is_what_it_was() -> None:
    kept = KEPT.read_text(encoding="utf-8")
    found = "".join(f"{sheet}{answers(sheet, language)}\n" for (sheet, _), language in zip(SHEETS.findall(kept), cycle(("en", "zh"))))  # fmt: skip
    if any(not said for _, said in SHEETS.findall(kept)):
        KEPT.write_text(found, encoding="utf-8")
        pytest.fail(f"{KEPT} has new answers: read them")
    wrong = [*unified_diff(kept.splitlines(), found.splitlines(), lineterm="", n=0)]
    assert wrong == [], f"delete the answers of a sheet in {KEPT}, run this test, and read what has changed"
