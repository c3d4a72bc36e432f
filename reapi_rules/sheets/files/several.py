"""Several sheets of a workbook as one table: columns by name in order of first appearance, and one with the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reapi_rules.sheets.meaning.columns import Columns
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.results.result import Result, Results

__all__ = ["Several", "together"]

_TITLE = "sheet"


class Several:
    """The results of rows of several sheets, each by what works out those of its sheet."""

    def __init__(self, quoters: Mapping[str, Results]) -> None:
        self._quoters = quoters

    def of(self, row: Row) -> Results:
        """What works out the results of the sheet that a row is from."""
        return self._quoters[row.sheet]

    def result(self, row: Row) -> Result | None:
        return self.of(row).result(row)


def together(tables: Sequence[Table]) -> tuple[Table, dict[str, Columns]]:
    """One table of several sheets, and where the columns of each of them are in it.

    >>> from msgspec.structs import replace
    >>> from reapi_rules.sheets.files.csv_table import read_csv
    >>> first, second = (read_csv(text) for text in (["size,n\\n", "1:1,2\\n"], ["n,size\\n", "4,16:9\\n"]))
    >>> table, columns = together([replace(first, sheet="DE"), replace(second, sheet="FR")])
    >>> table.columns.titles, [row.cells for row in table.rows]
    (('sheet', 'size', 'n'), [['DE', '1:1', '2'], ['FR', '16:9', '4']])
    """
    head = [] if all(_TITLE in table.columns.titles for table in tables) else [_TITLE]  # they may be an earlier result
    places: dict[tuple[str, int], int] = {}
    own: dict[str, list[int]] = {table.sheet: [] for table in tables}
    for table in tables:
        seen: dict[str, int] = {}
        for title in table.columns.titles:
            seen[title] = seen.get(title, 0) + 1
            place = places.setdefault((title, seen[title]), len(places) + len(head))
            own[table.sheet].append(place)
    union = (*head, *(title for title, _ in places))
    columns: dict[str, Columns] = {}
    for table in tables:
        moved, of = own[table.sheet], table.columns
        columns[table.sheet] = Columns(
            titles=union,
            fields={subject: moved[at] for subject, at in of.fields.items()},
            references=tuple(moved[at] for at in of.references),
            edges=tuple(moved[at] for at in of.edges),
        )
    first = tables[0]
    rows = (row for table in tables for row in _rows(table, own[table.sheet], len(union)))
    header = Row(first.header.number, union)
    return Table(columns=columns[first.sheet], header=header, rows=rows, sheet=first.sheet), columns


def _rows(table: Table, places: Sequence[int], width: int) -> Iterator[Row]:
    for row in table.rows:
        cells: list[Any] = [""] * width
        if 0 not in places:
            cells[0] = table.sheet
        for at, cell in zip(places, row.cells):
            cells[at] = cell
        yield Row(row.number, cells, "", row.skipped, row.notes, table.sheet)
