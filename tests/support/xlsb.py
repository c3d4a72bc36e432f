"""A binary workbook by hand, since no program here writes one: a sheet of texts and numbers at given places."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

__all__ = ["binary_workbook"]

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def binary_workbook(cells: Iterable[tuple[int, int, str | float]], name: str = "Plan") -> bytes:
    """The workbook; rows and columns count from 0, row by row."""
    sheet, last = [_record(129), _record(148, bytes(16)), _record(145)], -1
    for row, column, cell in cells:
        if row != last:
            sheet.append(_record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0)))
            last = row
        place = struct.pack("<II", column, 0)
        value = _text(cell) if isinstance(cell, str) else struct.pack("<d", cell)
        sheet.append(_record(6 if isinstance(cell, str) else 5, place + value))
    sheet += [_record(146), _record(130)]
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text(name)
    book = [_record(131), _record(143), _record(156, bundle), _record(144), _record(132)]
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", b"".join(book))
        relation = f'<Relationship Id="rId1" Type="{_KINDS}/worksheet" Target="worksheets/sheet1.bin"/>'
        relations = f'<Relationships xmlns="{_RELS}">{relation}</Relationships>'
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))
    return output.getvalue()


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([(kind & 127) | 128, kind >> 7])
    length, size = b"", len(content)
    while True:
        length += bytes([(size & 127) | (128 if size > 127 else 0)])
        size >>= 7
        if not size:
            return number + length + content
