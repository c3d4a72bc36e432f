"""A table of planned requests, whatever kind of file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from reapi_rules.sheets.meaning.columns import Columns

__all__ = ["Dialect", "Hidden", "Row", "Table"]


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row as the spreadsheet numbers it, its cells without ours, and its original text where it has one.

    ``skipped`` says why a row that isn't blank is not a request, ``notes`` how its cells came about, and ``sheet``
    which of several sheets it is from.
    """

    number: int
    cells: Sequence[Any]
    text: str = ""
    skipped: str = ""
    notes: tuple[tuple[str, dict[str, Any]], ...] = ()
    sheet: str = ""

    @property
    def where(self) -> str:
        """Where the row is, for people."""
        return f'sheet "{self.sheet}", row {self.number}' if self.sheet else f"row {self.number}"


class Dialect(msgspec.Struct, frozen=True):
    """How a CSV file is written: its delimiter, its line end, and the text before the header."""

    delimiter: str = ","
    end: str = "\n"
    preamble: str = ""


class Hidden(msgspec.Struct, frozen=True):
    """What is hidden but still read: the sheet, rows (their number and the first few), and columns."""

    is_sheet: bool = False
    count: int = 0
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The columns, the header and the rows of a table, in order; ``rows`` can be read once.

    ``sheet`` is the name of the sheet in a workbook, ``above`` are the rows over its header, and ``beside`` the first
    ones of sheets without a fitting header.  ``other_sheets`` fit too but are not read.  ``sums`` are the rows whose
    number is a sum formula, ``struck`` those with text that is struck through, ``strays`` the first cells that are
    left out because they are far from all others, and ``unseen`` what the file's reader does not show.  It
    ``shows_multiples`` if the format of a number of images makes dozens or the like of it.  Only a CSV
    file has a ``dialect``, only an XLSX file an ``outline``.  If it ``is_json``, the text of a row is the body.
    """

    columns: Columns
    header: Row
    rows: Iterable[Row]
    above: tuple[Row, ...] = ()
    beside: tuple[Row, ...] = ()
    sheet: str = ""
    dialect: Dialect | None = None
    is_json: bool = False
    other_sheets: tuple[str, ...] = ()
    hidden: Hidden = Hidden()
    sums: frozenset[int] = frozenset()
    shows_multiples: bool = False
    struck: tuple[int, ...] = ()
    strays: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    outline: Any = None  # its type is that of workbooks, of which nothing here knows
