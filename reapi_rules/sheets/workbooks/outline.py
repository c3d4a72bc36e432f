"""The outline of an XLSX sheet: what is around its rows, and how its bytes fall into rows."""

from __future__ import annotations

import msgspec

from reapi_rules.sheets.workbooks.package import Elements
from reapi_rules.sheets.workbooks.plain_rows import Rows
from reapi_rules.sheets.workbooks.splice import Spot

__all__ = ["Outline"]


class Outline(msgspec.Struct):
    """What is around the rows of a sheet, its rows, whether its cells have formulas, and the check sum of it all.

    ``data`` is where its rows begin.
    """

    sum: int
    prefix: str = ""
    encoding: str | None = None
    is_protected: bool = False
    filter: Spot | None = None
    widths: list[Elements] = []
    data: int = -1
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    has_formulas: bool = False
    rows: Rows = msgspec.field(default_factory=Rows)
