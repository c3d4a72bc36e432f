"""The plan of a workbook, read from its bytes."""

from __future__ import annotations

from typing import Any

from reapi_rules.sheets.meaning.table import Table
from reapi_rules.sheets.workbooks.xlsx_reader import Workbook

__all__ = ["read_workbook"]


def read_workbook(content: bytes, sheet: str | None = None, **options: Any) -> Table:
    return Workbook(content, **options).table(sheet)
