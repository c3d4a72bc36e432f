"""Rows of a result as text, CSV, JSON, NDJSON or a Markdown table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from reapi_rules.cli.files import printable

__all__ = ["FORMATS", "Row"]

Row = dict[str, Any]
"""A row; all rows of a result have the same keys."""


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    """The header and the rows as text; nothing stands for None."""
    if not rows:
        return []
    return [list(rows[0]), *(["" if value is None else str(value) for value in row.values()] for row in rows)]


def _text(rows: Sequence[Row]) -> bytes:
    table = [list(map(printable, row)) for row in _cells(rows)]
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table)
    return "".join(f"{line}\n" for line in lines).encode()


def _csv(rows: Sequence[Row]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(_cells(rows))
    return buffer.getvalue().encode()


def _json(rows: Sequence[Row]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(rows)) + b"\n"


def _ndjson(rows: Sequence[Row]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _markdown(rows: Sequence[Row]) -> bytes:
    table = [[cell.replace("|", "\\|") for cell in row] for row in _cells(rows)]
    table[1:1] = [["---"] * len(row) for row in table[:1]]
    return "".join(f"| {' | '.join(row)} |\n" for row in table).encode()


FORMATS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "text": _text,
    "csv": _csv,
    "json": _json,
    "ndjson": _ndjson,
    "markdown": _markdown,
}
"""The formats by name."""
