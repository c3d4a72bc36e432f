"""A page of a workbook as its file has it: rows of cells from the first one on, and what the file says of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import msgspec

from reapi_rules.sheets.meaning.columns import SheetError, letter
from reapi_rules.sheets.meaning.marks import Marks
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.workbooks.package import Elements
from reapi_rules.sheets.workbooks.plain_rows import Rows
from reapi_rules.sheets.workbooks.splice import Spot

__all__ = ["Extent", "Outline", "Page"]

_MOST_CELLS = 50_000_000
_FAR_ROWS, _FAR_COLUMNS = 10_000, 100
"""Cells this far below or to the right of all others don't belong to the table."""


class Outline(msgspec.Struct):
    """What is around the rows of a sheet, its rows, whether its cells have formulas, and the check sum of it all.

    ``data`` is where its rows begin.  Not each sheet says where all its rows and cells are.
    """

    sum: int
    prefix: str = ""
    is_protected: bool = False
    filter: Spot | None = None
    widths: list[Elements] = []
    data: int = -1
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    has_formulas: bool = False
    says_places: bool = True
    rows: Rows = msgspec.field(default_factory=Rows)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet: how far its cells reach, its marks, and what reads its rows up to a width and a height.

    ``unseen`` is what the file's reader does not show: the formulas, or the errors of formulas, which pass for blank
    cells.  Only an XLSX sheet has an ``outline``.
    """

    extent: Extent
    marks: Marks
    read: Callable[[int, int], Iterator[Row]]
    unseen: tuple[str, ...] = ()
    outline: Outline | None = None

    def rows(self) -> Iterator[Row]:
        """The rows anew, without blank cells at their end."""
        return self.read(self.extent.width, self.extent.height)


class Extent:
    """How far the filled cells of a sheet reach, without those far out.

    >>> extent = Extent()
    >>> for row, columns in ((0, [0]), (1, [2]), (2, [700]), (90_000, [0])):
    ...     extent.add(row, columns)
    >>> extent.width, extent.height, extent.strays
    (3, 2, ('ZY3', 'A90001'))
    """

    def __init__(self) -> None:
        self._filled = self._last = 0
        self._first: dict[int, int] = {}
        self._lowest: dict[int, int] = {}
        self._below = ""

    def add(self, row: int, columns: Collection[int], times: int = 1) -> None:
        """Count the filled cells of a row, row by row, as many times as it is repeated downwards."""
        if self._below or not columns:
            return
        if self._first and row - self._last > _FAR_ROWS:
            self._below = f"{letter(min(columns))}{row + 1}"
            return
        self._filled += len(columns) * times
        self._last = row + times - 1
        for column in columns:
            self._first.setdefault(column, row)
            self._lowest[column] = self._last

    def limit(self, cells: int = 0) -> None:
        """Raise SheetError if there are more cells, of any kind, than a plan can have."""
        if max(cells, self._filled) > _MOST_CELLS:
            raise SheetError("too_many_cells", most=_MOST_CELLS)

    @property
    def width(self) -> int:
        """The number of columns."""
        last = None
        for column in sorted(self._first):
            if last is not None and column - last > _FAR_COLUMNS:
                break
            last = column
        return 0 if last is None else last + 1

    @property
    def height(self) -> int:
        """The number of rows."""
        width = self.width
        return max((row + 1 for column, row in self._lowest.items() if column < width), default=0)

    @property
    def strays(self) -> tuple[str, ...]:
        """The addresses of the first cells far out."""
        width = self.width
        right = sorted((row, column) for column, row in self._first.items() if column >= width)
        found = [f"{letter(column)}{row + 1}" for row, column in right[:1]]
        return (*found, *filter(None, [self._below]))
