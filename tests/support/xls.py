"""A workbook of Excel 97 by hand, since no program here writes one: a sheet of cells with built-in formats."""

from __future__ import annotations

import struct
from collections.abc import Iterable

__all__ = ["old_workbook"]

_FORMATS = (0, 2, 14, 21, 22, 46)
"""Numbers of formats that every workbook has: general, 0.00, a date, a time, both, and a duration."""


def old_workbook(
    cells: Iterable[tuple[int, int, str | float | bool | bytes, int]],
    *,
    is_1904: bool = False,
    is_hidden: bool = False,
    records: Iterable[tuple[int, bytes]] = (),
) -> bytes:
    """The workbook, by row, column, value and number of the format; its days count from 1900, or from 1904.

    A byte is the code of an error; ``records`` of the sheet come before its cells.
    """
    name, formats = b"Plan", b"".join(_record(0xE0, struct.pack("<HH16x", 0, each)) for each in _FORMATS)
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0)) + _record(0x22, struct.pack("<H", is_1904))
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 0))
    sheet += b"".join(_record(*each) for each in records)
    for row, column, value, look in cells:
        place = struct.pack("<HHH", row, column, _FORMATS.index(look))
        if isinstance(value, bytes):
            sheet += _record(0x205, place + value + b"\1")
        elif isinstance(value, bool):
            sheet += _record(0x205, place + struct.pack("<BB", value, 0))
        elif isinstance(value, str):
            sheet += _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        else:
            sheet += _record(0x203, place + struct.pack("<d", value))
    start = len(head) + len(formats) + 4 + 8 + len(name) + 4
    bound = _record(0x85, struct.pack("<IBBBB", start, is_hidden, 0, len(name), 0) + name)
    return head + formats + bound + _record(0x0A) + sheet + _record(0x0A)


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
