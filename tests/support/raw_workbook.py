"""A workbook written by hand, part by part."""

from __future__ import annotations

import io
import zipfile

__all__ = ["MAIN", "RELATIONS", "raw"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def raw(rows: str, *, before: str = "", after: str = "", texts: str = "", root: str = "worksheet") -> bytes:
    """A workbook by hand: one sheet with that XML in its ``sheetData``."""
    prefix = root.removesuffix("worksheet")
    name = f'xmlns:{prefix[:-1]}="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Plan" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="b" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="{RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": f"<{root} {name}>{before}<{prefix}sheetData>{rows}</{prefix}sheetData>{after}</{root}>",
    }  # fmt: skip
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return output.getvalue()
