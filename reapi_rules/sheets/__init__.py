"""Sheets: planned requests as rows of a table, with the results of each next to it.

bytes -> text (encoding) -> table (csv_table, json_table, xlsx_reader with marks) -> columns (titles, looks) -> rows
-> cells, ratios put right (repair) -> body -> report -> result (quoter, what_if, several; json_table, alike for bodies)
-> totals, and out (csv_writer, json_table, xlsx_writer, in_place).  The account says how all that went.

Apart from that the self-calculating workbook (workbook, live_page, live_table, live_formulas).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reapi_rules.sheets.reading import quote_frame, read

__all__ = ["DELIMITERS", "quote_frame", "read"]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""The delimiters of CSV, by name; here, so that the command line knows them without any of the rest."""


def __getattr__(name: str) -> Any:
    """``read`` and ``quote_frame``, loaded when they are first used."""
    if name in ("read", "quote_frame"):
        from reapi_rules.sheets import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
