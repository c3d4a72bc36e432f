"""A workbook with much that a careless program would lose."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime
from typing import Any

__all__ = ["FOREIGN", "rich_workbook"]

FOREIGN = {
    "xl/pivotCache/pivotCacheDefinition1.xml": b'<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
    "xl/ctrlProps/ctrlProp9.xml": b'<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="CheckBox"/>',
    "xl/threadedComments/threadedComment1.xml": b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>',
    "customXml/item1.xml": b"<x>\r\n</x>",
}  # fmt: skip
"""Parts that the writer of the rest does not make."""


def rich_workbook() -> bytes:
    """A plan with formats, a filter, drop-downs, sparklines, rich text, comments, a chart, a picture, controls, formulas."""
    import xlsxwriter

    output = io.BytesIO()
    book = xlsxwriter.Workbook(output)
    book.set_properties({"created": datetime(2026, 8, 14)})
    page, other = book.add_worksheet("My plan"), book.add_worksheet("Sums")
    head = book.add_format({"bold": True, "font_name": "Georgia", "font_color": "#FFFFFF", "bg_color": "#203864"})
    cell = book.add_format({"border": 1, "font_name": "Georgia", "text_wrap": True})
    bold, money = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "0.00 €", "border": 1, "font_name": "Georgia"}),
    )
    page.write_row(0, 0, ("Asset", "Size", "Quality", "n", "Twice"), head)
    for row in range(1, 8):
        page.write_row(row, 0, (f"poster {row}", "16:9", "high" if row % 2 else "low", row % 5), cell)
        page.write_formula(row, 4, f"=D{row + 1}*2", money, row % 5 * 2)
    page.write_rich_string(2, 0, "a ", bold, "bold", " fox", cell)
    page.write_blank(3, 2, None, cell)
    page.write_formula(8, 3, "=SUM(D2:D8)", cell, 13)
    page.write_comment("A2", "a comment")
    page.autofilter("A1:E8")
    page.freeze_panes(1, 0)
    page.data_validation("C2:C8", {"validate": "list", "source": "=Sums!$A$1:$A$3"})
    page.conditional_format("D2:D8", {"type": "data_bar", "data_bar_2010": True})
    page.conditional_format("D2:D8", {"type": "icon_set", "icon_style": "3_arrows"})
    page.set_column("A:A", 33)
    page.set_column("E:H", 17)
    page.insert_button("C12", {"caption": "Go"})
    page.insert_checkbox(11, 0, True)
    page.insert_image("A14", "dot.png", {"image_data": io.BytesIO(_dot())})
    chart: Any = book.add_chart({"type": "column"})
    chart.add_series({"values": "='My plan'!$D$2:$D$8"})
    page.insert_chart("D14", chart)
    other.add_sparkline("B1", {"range": "'My plan'!D2:D8"})
    other.write_column("A1", ("low", "high", "auto"))
    other.write_formula("C1", "=SUM('My plan'!D2:D8)", None, 13)
    other.write_formula("D1", "=SUM('My plan'!K2:K8)", None, 4711)
    other.write_formula("E1", "=D1*2", None, 9422)
    other.write_formula("F1", "=credits+1", None, 5)
    other.add_table("A5:B7", {"columns": [{"header": "x"}, {"header": "y"}]})
    book.define_name("credits", "='My plan'!$F$2:$Z$2")
    book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 macros"), True)
    book.close()
    with zipfile.ZipFile(output, "a") as archive:
        for name, content in FOREIGN.items():
            archive.writestr(name, content)
    return output.getvalue()


def _dot() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
