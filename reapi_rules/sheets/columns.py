"""The columns of a sheet: which of them are fields of a request, and which ones we append."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from reapi_rules.body import FIELDS

__all__ = ["ANSWERS", "Columns", "SheetError", "find_columns"]

ANSWERS = (
    "reapi_ok",
    "reapi_errors",
    "reapi_warnings",
    "reapi_width",
    "reapi_height",
    "reapi_credits",
    "reapi_credits_low",
    "reapi_usd",
    "reapi_basis",
    "reapi_cell",
    "reapi_rate_card",
    "reapi_notes",
)
"""The columns that we append, in order."""


class SheetError(ValueError):
    """A sheet that can't be read; the message names the row or the column and the way out."""


class Columns(msgspec.Struct, frozen=True):
    """The header of a sheet: how many columns it has, and where the fields of a request stand."""

    width: int
    fields: dict[str, int]


def find_columns(header: Sequence[str]) -> Columns:
    """Where the fields stand in a header.  Raises SheetError for a header without any field, or with one twice.

    >>> find_columns(["asset", "size", "n"]).fields
    {'size': 1, 'n': 2}
    """
    fields: dict[str, int] = {}
    for index, title in enumerate(header):
        name = title.strip()
        if name in fields:
            raise SheetError(f'the columns {fields[name] + 1} and {index + 1} are both "{name}": rename one of them')
        if name in FIELDS:
            fields[name] = index
    if not fields:
        raise SheetError(f"no column is a field of a request: name at least one of {', '.join(FIELDS)}")
    return Columns(len(header), fields)
