"""The formats of a table of results: text, CSV, TSV, XLSX, JSON, NDJSON, Markdown and, with pyarrow, Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Sequence
from typing import Any, get_args, get_type_hints

import msgspec

from reapi_rules.cli.terminal import laid, printable
from reapi_rules.sheets.files.guard import guard

__all__ = ["FORMATS", "FOR_PEOPLE", "Row"]

Row = dict[str, Any]
"""A row; all rows of a result have the same keys."""


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    """The header and the rows as text; nothing for None."""
    if not rows:
        return []
    return [list(rows[0]), *(["" if value is None else str(value) for value in row.values()] for row in rows)]


def _text(cells: Sequence[Sequence[str]], right: Container[int] = ()) -> bytes:
    return "".join(f"{line}\n" for line in laid([list(map(printable, row)) for row in cells], right)).encode()


def _csv(rows: Sequence[Row], delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([*map(guard, cells)] for cells in _cells(rows))
    return buffer.getvalue().encode()


def _xlsx(rows: Sequence[Row]) -> bytes:
    """A workbook of one sheet, its numbers as numbers."""
    from reapi_rules.sheets.workbooks.rows_workbook import rows_workbook  # the other formats start faster without it

    return rows_workbook(rows)


def _markdown(cells: Sequence[Sequence[str]], right: Container[int] = ()) -> bytes:
    table = [[printable(cell).replace("|", "\\|") for cell in row] for row in cells]
    table[1:1] = [["---:" if at in right else "---" for at in range(len(row))] for row in table[:1]]
    return "".join(f"| {' | '.join(row)} |\n" for row in table).encode()


def _parquet(rows: Sequence[Row]) -> bytes:
    """The table of prices as Parquet; a column has the type of its field, whatever is in it."""
    from reapi_rules.catalog.extras import need  # the other formats start faster without them
    from reapi_rules.prices.table import PriceRow

    arrow, files = need("pyarrow", "parquet"), need("pyarrow.parquet", "parquet")
    kinds = get_type_hints(PriceRow)
    schema = arrow.schema(
        [(name, arrow.int64() if int in get_args(kinds[name]) else arrow.string()) for name in rows[0]]
    )
    file = io.BytesIO()
    files.write_table(arrow.Table.from_pylist(list(rows), schema), file)
    return file.getvalue()


FOR_PEOPLE: dict[str, Callable[[Sequence[Sequence[str]], Container[int]], bytes]] = {
    "text": _text,
    "markdown": _markdown,
}
"""The formats that people read, of a head and its cells, some of which are to the right."""

FORMATS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "text": lambda rows: _text(_cells(rows)),
    "csv": _csv,
    "tsv": lambda rows: _csv(rows, "\t"),
    "xlsx": _xlsx,
    "json": lambda rows: msgspec.json.format(msgspec.json.encode(rows)) + b"\n",
    "ndjson": lambda rows: b"".join(msgspec.json.encode(row) + b"\n" for row in rows),
    "markdown": lambda rows: _markdown(_cells(rows)),
    "parquet": _parquet,
}
