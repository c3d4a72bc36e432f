"""A lint of workbooks, in place of Excel, which repairs or refuses what is not as its standard has it (ECMA-376)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["faults"]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
ORDERS = {
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties "
    "cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems "
    "tableParts extLst",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr "
    "webPublishObjects extLst",
    "table": "autoFilter sortState tableColumns tableStyleInfo extLst",
}  # fmt: skip
KINDS = {None, "n", "s", "str", "inlineStr", "b", "e", "d"}
COUNTED = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableColumns", "mergeCells", "dataValidations", "tableParts")  # fmt: skip
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LONGEST_FORMULA, LONGEST_TEXT, HIGHEST_ROW = 8_192, 32_767, 409.5


def faults(content: bytes) -> list[str]:
    """What is wrong with a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        found = [f"{name} comes twice" for name in {*names} if names.count(name) > 1]
        parts = {
            name: ElementTree.fromstring(archive.read(name))
            for name in names
            if name.endswith((".xml", ".rels", ".vml"))
        }
    found += _types(parts, names)
    found += _relations(parts, names)
    formulas: dict[str, set[str]] = {}
    styles = parts.get("xl/styles.xml")
    formats = 1 if styles is None else len(styles.findall(f"{MAIN}cellXfs/{MAIN}xf"))
    texts = len(parts["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in parts else 0
    for name, root in parts.items():
        if root.tag.startswith(MAIN):
            found += (f"{name}: {fault}" for fault in _order(root))
            found += (f"{name}: {fault}" for fault in _counts(root))
        if root.tag == f"{MAIN}worksheet":
            formulas[name] = set()
            found += (f"{name}: {fault}" for fault in _cells(root, formats, texts, formulas[name]))
            found += (f"{name}: {fault}" for fault in _areas(root))
    found += _formats(styles)
    found += _chain(parts, formulas)
    found += _tables(parts)
    return found


def _types(parts: dict[str, Element], names: list[str]) -> Iterator[str]:
    types = parts["[Content_Types].xml"]
    known = {each.get("Extension", "").lower() for each in types.iter(f"{TYPES}Default")}
    own = [each.get("PartName", "") for each in types.iter(f"{TYPES}Override")]
    yield from (f"the type of {name} is given twice" for name in {*own} if own.count(name) > 1)
    yield from (f"{name} has a type and is not there" for name in own if name.lstrip("/") not in names)
    for name in names:
        if name != "[Content_Types].xml" and f"/{name}" not in own and name.rpartition(".")[2].lower() not in known:
            yield f"{name} has no type"


def _relations(parts: dict[str, Element], names: list[str]) -> Iterator[str]:
    for name, root in parts.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        ids = [each.get("Id") for each in root]
        yield from (f"{name}: {identity} comes twice" for identity in {*ids} if ids.count(identity) > 1)
        for each in root:
            target = each.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if each.get("TargetMode") != "External" and path not in names:
                yield f"{name}: {target} is not there"
        source = posixpath.join(folder, posixpath.basename(name).removesuffix(".rels"))
        if source in parts:
            asked = {
                value for node in parts[source].iter() for key, value in node.attrib.items() if key == f"{RELATION}id"
            }
            yield from (f"{source}: {identity} leads nowhere" for identity in asked - {*ids})


def _order(root: Element) -> Iterator[str]:
    order = ORDERS.get(root.tag.removeprefix(MAIN))
    if order is None:
        return
    places = {f"{MAIN}{name}": at for at, name in enumerate(order.split())}
    found = [places[child.tag] for child in root if child.tag in places]
    if found != sorted(found):
        yield "its elements are out of order"
    single = {tag for tag in places if tag != f"{MAIN}conditionalFormatting"}
    yield from (f"{tag} comes twice" for tag in single if len(root.findall(tag)) > 1)
    yield from (f"{child.tag} is unknown" for child in root if child.tag.startswith(MAIN) and child.tag not in places)


def _counts(root: Element) -> Iterator[str]:
    for name in COUNTED:
        for node in root.iter(f"{MAIN}{name}"):
            if node.get("count", str(len(node))) != str(len(node)):
                yield f"{name} counts {node.get('count')} and has {len(node)}"
    if root.tag == f"{MAIN}sst" and int(root.get("uniqueCount", len(root))) != len(root):
        yield "its texts are counted wrong"


def _cells(root: Element, formats: int, texts: int, formulas: set[str]) -> Iterator[str]:
    last_row = 0
    for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number = int(row.get("r", last_row + 1))
        if number <= last_row or number > 1_048_576:
            yield f"row {number} follows row {last_row}"
        last_row, last = number, 0
        if float(row.get("ht", "0")) > HIGHEST_ROW:
            yield f"row {number} is higher than any row"
        first_span, last_span = map(int, row.get("spans", "1:16384").split(":"))
        for cell in row:
            match = PLACE.fullmatch(cell.get("r", ""))
            if match is None or int(match[2]) != number:
                yield f"{cell.get('r')} stands in row {number}"
                continue
            column = _index(match[1])
            if column <= last or column > 16_384:
                yield f"{cell.get('r')} follows column {last}"
            if not first_span <= column <= last_span:
                yield f"{cell.get('r')} is beyond the spans of its row"
            last = column
            yield from _cell(cell, formats, texts, formulas)


def _cell(cell: Element, formats: int, texts: int, formulas: set[str]) -> Iterator[str]:
    place, kind, value, formula = cell.get("r", ""), cell.get("t"), cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
    if kind not in KINDS:
        yield f"{place} is of an unknown kind {kind}"
    if int(cell.get("s", "0")) >= formats:
        yield f"{place} has a format that is not there"
    if formula is not None:
        formulas.add(place)
        if len(formula.text or "") > LONGEST_FORMULA:
            yield f"{place} has too long a formula"
    if [child.tag for child in cell] != [
        tag for tag in (f"{MAIN}f", f"{MAIN}v", f"{MAIN}is") if cell.find(tag) is not None
    ]:
        yield f"{place} is out of order"
    text = value.text or "" if value is not None else ""
    if kind == "s" and not (text.isdigit() and int(text) < texts):
        yield f"{place} names a text that is not there"
    if kind in (None, "n") and text:
        try:
            float(text)
        except ValueError:
            yield f"{place} is no number"
    if kind == "b" and text not in ("0", "1"):
        yield f"{place} is neither true nor false"
    if any(len(node.text or "") > LONGEST_TEXT for node in cell.iter(f"{MAIN}t")):
        yield f"{place} has too long a text"


def _areas(root: Element) -> Iterator[str]:
    """Widths that overlap, merged cells that overlap, a dimension that leaves cells out."""
    last = 0
    for column in root.iterfind(f"{MAIN}cols/{MAIN}col"):
        first, end = int(column.get("min", "0")), int(column.get("max", "0"))
        if not last < first <= end <= 16_384:
            yield f"the widths of columns {first} to {end} are out of order"
        last = end
    dimension = root.find(f"{MAIN}dimension")
    if dimension is not None:
        (top, left), (bottom, right) = _area(dimension.get("ref", ""))
        for cell in root.iterfind(f"{MAIN}sheetData/{MAIN}row/{MAIN}c"):
            row, column_at = _at(cell.get("r", ""))
            if not (top <= row <= bottom and left <= column_at <= right) and len(cell):
                yield f"{cell.get('r')} is beyond the dimension"
    merged = [_area(each.get("ref", "")) for each in root.iter(f"{MAIN}mergeCell")]
    for at, one in enumerate(merged):
        for two in merged[at + 1 :]:
            if one[0][0] <= two[1][0] and two[0][0] <= one[1][0] and one[0][1] <= two[1][1] and two[0][1] <= one[1][1]:
                yield f"merged cells overlap at {one[0]}"


def _formats(styles: Element | None) -> Iterator[str]:
    if styles is None:
        return
    numbers = [each.get("numFmtId") for each in styles.iter(f"{MAIN}numFmt")]
    yield from (f"number format {number} comes twice" for number in {*numbers} if numbers.count(number) > 1)
    counts = {name: len(styles.find(f"{MAIN}{name}") or ()) for name in ("fonts", "fills", "borders", "cellStyleXfs")}
    for kind in ("cellXfs", "cellStyleXfs"):
        for at, each in enumerate(styles.iterfind(f"{MAIN}{kind}/{MAIN}xf")):
            for key, name in (
                ("fontId", "fonts"),
                ("fillId", "fills"),
                ("borderId", "borders"),
                ("xfId", "cellStyleXfs"),
            ):
                if key in each.attrib and int(each.attrib[key]) >= max(counts[name], 1):
                    yield f"{kind} {at}: {key} leads nowhere"
            if int(each.get("numFmtId", "0")) >= 164 and each.get("numFmtId") not in numbers:
                yield f"{kind} {at}: its number format is not there"


def _chain(parts: dict[str, Element], formulas: dict[str, set[str]]) -> Iterator[str]:
    chain = parts.get("xl/calcChain.xml")
    if chain is None:
        return
    paths = {
        sheet.get("sheetId"): path
        for sheet in parts["xl/workbook.xml"].iter(f"{MAIN}sheet")
        for each in parts["xl/_rels/workbook.xml.rels"]
        if each.get("Id") == sheet.get(f"{RELATION}id")
        for path in [posixpath.normpath(posixpath.join("xl", each.get("Target", "")))]
    }
    sheet = "1"
    for each in chain:
        sheet = each.get("i", sheet)
        if each.get("r") not in formulas.get(paths.get(sheet, ""), ()):
            yield f"the chain names {each.get('r')} of sheet {sheet}, which has no formula"


def _tables(parts: dict[str, Element]) -> Iterator[str]:
    for name, root in parts.items():
        if root.tag != f"{MAIN}table":
            continue
        columns = root.findall(f"{MAIN}tableColumns/{MAIN}tableColumn")
        (_, left), (_, right) = _area(root.get("ref", ""))
        if right - left + 1 != len(columns):
            yield f"{name} is {right - left + 1} columns wide and names {len(columns)}"
        for key in ("id", "name"):
            values = [each.get(key, "").lower() for each in columns]
            yield from (f"{name}: the {key} {value} comes twice" for value in {*values} if values.count(value) > 1)


def _area(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, _, last = text.partition(":")
    return _at(first), _at(last or first)


def _at(text: str) -> tuple[int, int]:
    match = PLACE.fullmatch(text)
    return (int(match[2]), _index(match[1])) if match else (0, 0)


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
