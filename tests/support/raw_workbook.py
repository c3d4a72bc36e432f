"""Workbooks written by hand, part by part."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["MAIN", "RELATIONS", "own_workbook", "raw"]

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


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf fontId="0"/><xf fontId="0" fillId="0" quotePrefix="1"><alignment wrapText="1"/></xf></cellXfs></styleSheet>'
)  # fmt: skip
OWN = (
    ("asset", "size", "quality", "n", "sums"),
    ("a", "16\uff1a9", "低", "x2", '<f t="shared" ref="E2:E4" si="0">H2*2</f><v>5</v>'),
    ("", "7:5", "HIGH", "1", '<f t="shared" si="0"/><v>6</v>'),
    ("c", "", "default", "2", '<f t="shared" si="0"/>'),
    ("d", "1:1", "low", "9", '<f t="array" ref="E5:E6">SUM(G2:G4)</f><v>1</v>'),
    ("e", "9:16", "", "", "<v>1</v>"),
    ("f", "800x600", "", "", '<f t="dataTable" ref="E7:E8" r1="A1" r2="L2"/><v>1</v>'),
    ("g", "auto", "", "", "<v>1</v>"),
    ("h", "", "", "", "<f>SUM(D1:D8)</f><v>1</v>"),
)
"""Texts, and what is in a cell: formulas of every kind that read our columns, and one that reads its neighbours."""


def own_workbook(prefix: str) -> bytes:
    """A workbook by hand, whose rows are written in several ways."""
    rows = ""
    for at, row in enumerate(OWN, 1):
        looks = ' spans="1:5"' if at % 2 else ' s="1" customFormat="1"' if at == 6 else ""
        cells = (
            f'<c r="{"ABCDE"[column]}{at}"' + (f' s="1">{cell}</c>' if "<" in cell else f' t="str"><v>{cell}</v></c>')
            for column, cell in enumerate(row)
            if cell
        )
        rows += f'<row r="{at}"{looks}>{"".join(cells)}</row>'
    tags = re.compile("<(/?)(?=[a-z])")
    before, rows, after = (
        tags.sub(rf"<\1{prefix}", text)
        for text in (
            '<dimension ref="A1:E9"/><cols><col min="1" max="7" width="9" style="1"/><col min="8" max="16384" width="8"/></cols>',
            rows,
            '<autoFilter ref="A1:E9"/><mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
        )
    )
    output = io.BytesIO()
    name = '</sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0">Plan!$A$1:$E$9</definedName></definedNames>'
    related = f'<Relationship Id="d" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    plain = raw(rows, before=before, after=after, root=f"{prefix}worksheet")
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(output, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode().replace("</sheets>", name)
            new.writestr(part, text.replace("</Relationships>", related) if "workbook.xml.rels" in part else text)
        new.writestr("xl/styles.xml", STYLES)
    return output.getvalue()
