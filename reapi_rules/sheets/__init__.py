"""Sheets: planned requests as rows of a table, with the results of each next to it.

Bytes become a table (files, workbooks), its titles and cells are understood (meaning), each row gets the result of its
request (results), and the table goes out again (files, workbooks).  An account says how all that went.  Apart from
that there is the workbook that calculates by itself (live).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reapi_rules.sheets.reading import quote_frame, read

__all__ = ["quote_frame", "read"]


def __getattr__(name: str) -> Any:
    """``read`` and ``quote_frame``, loaded when they are first used."""
    if name in ("read", "quote_frame"):
        from reapi_rules.sheets import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
