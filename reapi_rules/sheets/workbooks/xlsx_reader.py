"""Workbooks as tables: XLSX, XLSM, ODS, XLS and XLSB; the last two need the extra ``xlsx``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import reduce
from itertools import chain, islice
from typing import Any

from msgspec.structs import replace

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.texts import Told
from reapi_rules.sheets.meaning.columns import (
    HIGHEST_HEADER,
    SAMPLE,
    Columns,
    SheetError,
    are_settings,
    find_columns,
    find_header,
)
from reapi_rules.sheets.meaning.contents import is_blank, text_of
from reapi_rules.sheets.meaning.marks import Marks
from reapi_rules.sheets.meaning.table import Hidden, Row, Table
from reapi_rules.sheets.meaning.texts import our_sheets
from reapi_rules.sheets.meaning.words import is_list
from reapi_rules.sheets.workbooks.ods_page import ods_names, ods_page
from reapi_rules.sheets.workbooks.package import OLE, Package, open_part, pieces_of, unpack
from reapi_rules.sheets.workbooks.page import Page
from reapi_rules.sheets.workbooks.xlsx_page import xlsx_page

__all__ = ["Workbook"]

_MANIFEST = "META-INF/manifest.xml"
_MOST_ROWS = 20
_FEW = 2  # fields that a list or a cover may have too


class Workbook:
    """The tables on the sheets of a workbook.

    Raises SheetError for what is no workbook, ImportError for an XLS file without xlrd and an XLSB file without
    python-calamine.
    """

    def __init__(
        self,
        content: bytes,
        mapping: Mapping[str, str] | None = None,
        catalog: Catalog | None = None,
        visible_only: bool = False,
    ) -> None:
        self._mapping, self._catalog, self._visible_only = mapping, catalog, visible_only
        self._problems: list[SheetError] = []
        self._pages: dict[str, Page] = {}
        names, self._page = _opened(content)
        self._hidden = {name for name, is_hidden in names.items() if is_hidden}
        self._names = list(names)

    def table(self, sheet: str | None = None) -> Table:
        """The table on a sheet: the named one, else the first visible one with a fitting header.

        If that one has only a field or two, a sheet with two more counts as the plan instead.  A sheet that is named
        like one of the values of drop-downs is read if no other fits.  Raises SheetError where there is no such sheet.
        """
        if sheet is not None:
            return self._named(sheet)
        fitting = self._fitting()
        seen = _plans([name for name in fitting if name not in self._hidden] or fitting)
        fullest = max(seen, key=fitting.__getitem__)
        chosen = fullest if fitting[seen[0]] <= _FEW and fitting[fullest] >= fitting[seen[0]] + _FEW else seen[0]
        table = self._named(chosen, tuple(name for name in fitting if name != chosen))
        unfit = {name: islice(page.rows(), HIGHEST_HEADER) for name, page in self._pages.items() if name not in fitting}
        return replace(table, beside=tuple(replace(row, sheet=name) for name, rows in unfit.items() for row in rows))

    def tables(self) -> list[Table]:
        """The tables on all sheets with a fitting header, but for those of the values of drop-downs."""
        fitting = self._fitting()
        plans = _plans(fitting)
        lists = tuple(name for name in fitting if name not in plans)
        return [self._named(name, lists if name == plans[0] else ()) for name in plans]

    def _fitting(self) -> dict[str, int]:
        """The names of the sheets whose header names a field of a request, or whose cells do; and how many they do."""
        ours = [name for name in self._names if name.lower() in our_sheets()]
        left_out = {*ours, *(self._hidden if self._visible_only else ())}
        if found := {name: count for name in self._names if name not in left_out and (count := self._fields(name))}:
            return found
        if self._problems:
            raise self._problems[0]
        quoted = [Told("quoted", text=name) for name in ours]
        all_ours = reduce(lambda first, last: Told("both", first=first, last=last), quoted) if ours else None
        raise SheetError("only_ours" if ours else "no_sheets", sheets=all_ours)

    def _named(self, name: str, others: tuple[str, ...] = ()) -> Table:
        if name not in self._names:
            raise SheetError("no_sheet", name=name, sheets=self._names)
        try:
            return self._table(name, others)
        except SheetError as error:
            own = error.with_traceback(None)  # else it holds all that was read
            raise SheetError("of_sheet", name=name, error=own) from None

    def _fields(self, name: str) -> int:
        try:
            columns = self._named(name).columns
            return 0 if are_settings(columns.titles, self._catalog, or_one=True) else len(columns.read)
        except SheetError as error:
            self._problems.append(error.with_traceback(None))
            return 0

    def _table(self, name: str, others: tuple[str, ...]) -> Table:
        page = self._pages.get(name) or self._pages.setdefault(name, self._page(name))
        rows = page.rows()
        top = list(islice(rows, HIGHEST_HEADER))
        width, marked = page.extent.width, page.marks
        texts = [["" if is_blank(cell) else text_of(cell) for cell in row.cells] for row in top]
        first = next((at for at, row in enumerate(texts) if any(row)), None)
        if first is None:
            raise SheetError("no_cells")
        at, named, _ = find_header(texts[first:], self._mapping, self._catalog)
        at += first
        header = top[at]
        titles = [*named, *[""] * (width - len(named))]
        left_out = marked.columns if self._visible_only else set()
        following = _completed(chain(top[at + 1 :], rows), marked, titles, self._visible_only)
        sample = list(islice(following, SAMPLE))
        visible = ["" if index in left_out else title for index, title in enumerate(titles)]
        seen = (["" if at in left_out else cell for at, cell in enumerate(row.cells)] for row in sample)
        columns = find_columns(visible, self._mapping, self._catalog, rows=seen)
        columns = replace(columns, titles=tuple(titles[index] for index in columns.theirs))
        number = columns.theirs[columns.fields["number"]] if "number" in columns.fields else None
        return Table(
            columns=columns,
            header=Row(header.number, columns.titles),
            rows=(_fitted(row, columns, width) for row in chain(sample, following)),
            above=tuple(_fitted(row, columns, width) for row in top[:at]),
            sheet=name,
            other_sheets=others,
            hidden=Hidden() if self._visible_only else _hidden(name in self._hidden, marked, columns, header.number),
            sums=frozenset(row + 1 for row, column in marked.sums if column == number),
            shows_multiples=number in marked.multiples,
            struck=tuple(sorted(row + 1 for row in marked.struck if row >= header.number)),
            strays=page.extent.strays,
            unseen=page.unseen,
            outline=page.outline,
        )


def _plans(names: Collection[str]) -> list[str]:
    """The sheets that are not named like a list, unless all are."""
    return [name for name in names if not is_list(name)] or [*names]


def _hidden(is_hidden: bool, marked: Marks, columns: Columns, header: int) -> Hidden:
    rows = sorted(row + 1 for row in marked.rows if row >= header)
    read = (columns.letter(at) for at in columns.read if columns.theirs[at] in marked.columns)
    return Hidden(is_hidden, len(rows), tuple(rows[:_MOST_ROWS]), tuple(read))


def _completed(rows: Iterator[Row], marked: Marks, titles: list[str], visible_only: bool) -> Iterator[Row]:
    """The rows, with the content of merged cells in each row that they cover."""
    merged = {
        (row, start[1]): start
        for start, end in marked.merged
        if end[0] - start[0] < SAMPLE
        for row in range(start[0] + 1, end[0] + 1)
    }
    if not merged and not (visible_only and marked.rows):
        yield from rows
        return
    firsts, spread = set(merged.values()), dict[tuple[int, int], Any]()
    covered = {row for row, _ in merged}
    for row in rows:
        at, cells = row.number - 1, list(row.cells)
        notes: tuple[tuple[str, dict[str, Any]], ...] = ()
        if merged:
            spread |= {(at, index): cell for index, cell in enumerate(cells) if (at, index) in firsts}
        if at in covered:
            cells += [""] * (len(titles) - len(cells))
            for index in range(len(cells)):
                start = merged.get((at, index))
                if start is not None and start in spread and is_blank(cells[index]):
                    cells[index] = spread[start]
                    if titles[index] and not is_blank(spread[start]):
                        content = f'"{text_of(spread[start])}"'
                        shown = {"name": titles[index], "content": content, "row": start[0] + 1}
                        notes = (*notes, ("cell.merged", shown))
        skipped = "hidden" if visible_only and at in marked.rows and not all(map(is_blank, cells)) else ""
        yield Row(row.number, cells, "", skipped, notes)


def _fitted(row: Row, columns: Columns, width: int) -> Row:
    assert isinstance(row.cells, list)
    row.cells.extend([""] * (width - len(row.cells)))
    if not columns.ours:
        return row
    cells = [cell for index, cell in enumerate(row.cells) if index not in columns.ours]
    return Row(row.number, cells, "", row.skipped, row.notes)


def _opened(content: bytes) -> tuple[dict[str, bool], Callable[[str], Page]]:
    """The names of the sheets, whether each is hidden, and what gives their pages."""
    if content.startswith(OLE):
        from reapi_rules.sheets.workbooks.xls_page import Xls

        old = Xls(content)
        return old.names, old.page
    archive = unpack(content)
    names = set(archive.namelist())
    if _MANIFEST in names and b"encryption-data" in b"".join(pieces_of(open_part(archive, _MANIFEST))):
        raise SheetError("encrypted")
    if "content.xml" in names:
        return ods_names(content), lambda name: ods_page(content, name)
    if any(name.endswith("workbook.bin") for name in names):
        from reapi_rules.sheets.workbooks.xls_page import Xlsb

        binary = Xlsb(content)
        return binary.names, binary.page
    package = Package(content)
    parts = {sheet.name: sheet.part for sheet in package.sheets}
    return {sheet.name: sheet.is_hidden for sheet in package.sheets}, lambda name: xlsx_page(package, parts[name])
