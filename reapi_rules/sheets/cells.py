"""From the cells of a row to the body of a request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from reapi_rules.report import stand_in
from reapi_rules.sheets.columns import Columns

__all__ = ["body_of_row"]

_BETWEEN_URLS = re.compile(r"[\s|]+")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}\.[0-9]{1,18}")


def body_of_row(row: Sequence[str], columns: Columns) -> dict[str, Any] | None:
    """The request that a row plans; None for a row that leaves all our columns blank.

    >>> from reapi_rules.sheets.columns import find_columns
    >>> columns = find_columns(["asset", "prompt", "size", "n"])
    >>> body_of_row(["poster", "a fox", " 16:9 ", "2"], columns)
    {'prompt': 'a fox', 'size': '16:9', 'n': 2}

    A blank cell is absent, ``n`` is read as a number, several image URLs stand apart by blanks, line ends or ``|``,
    or as a JSON list.  A sheet without a prompt column plans requests whose prompts are still to be written.
    """
    body: dict[str, Any] = {}
    for name, index in columns.fields.items():
        cell = row[index].strip() if index < len(row) else ""
        if cell:
            body[name] = row[index] if name == "prompt" else _READERS.get(name, str)(cell)
    if not body:
        return None
    return body if "prompt" in columns.fields else {**stand_in(), **body}


def _number(cell: str) -> int | float | str:
    if _INTEGER.fullmatch(cell):
        return int(cell)
    return float(cell) if _NUMBER.fullmatch(cell) else cell


def _urls(cell: str) -> Any:
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return cell
    return [cell] if cell.startswith("data:") else _BETWEEN_URLS.split(cell)


_READERS = {"n": _number, "image_urls": _urls}
