"""Words that tell what a row is: the file ``data/rows.json``."""

from __future__ import annotations

from typing import Literal

from reapi_rules.catalog.files import FileStruct
from reapi_rules.terms.spelling import fold

__all__ = ["is_list", "row_words"]


class RowWords(FileStruct, frozen=True, kw_only=True):
    """The file ``data/rows.json``."""

    format: Literal["reapi-rows/1"]
    totals: tuple[str, ...]
    summaries: tuple[str, ...]
    notes: tuple[str, ...]
    on: tuple[str, ...]
    off: tuple[str, ...]
    over: tuple[str, ...]
    examples: tuple[str, ...]
    defaults: tuple[str, ...]
    lists: tuple[str, ...]
    sums: tuple[str, ...]
    half: str
    months: str
    amount: str
    pictures: str


def is_list(sheet: str) -> bool:
    """Whether a sheet is named like one of the values of drop-downs.

    >>> is_list("Drop-down lists"), is_list("Image list")
    (True, False)
    """
    return fold(sheet) in map(fold, row_words().lists)


def row_words() -> RowWords:
    """The words that tell what a row is."""
    return RowWords.read("rows.json")
