"""What the parts of a package say, read by hand: formats, shared texts, names, and where a stream may be cut."""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from reapi_rules.sheets.meaning.columns import SheetError, letter
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.marks import Marks
from reapi_rules.sheets.meaning.texts import our_sheets
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS
from reapi_rules.sheets.workbooks.ods_page import _held, _times, ods_names, ods_page
from reapi_rules.sheets.workbooks.package import (
    Package,
    _formats,
    _kind,
    _known_as,
    _other_file,
    _shared_texts,
    decode,
    elements,
    encode,
    is_packed,
    parse,
    prefix_of,
    whole,
    whole_elements,
)
from reapi_rules.sheets.workbooks.page import Extent
from reapi_rules.sheets.workbooks.xls_page import _records, _text
from reapi_rules.sheets.workbooks.xlsx_page import xlsx_page
from reapi_rules.sheets.workbooks.xlsx_writer import _json_value, _look_of, _sheet_name, _typed, lines_of, shown_width
from tests.support.raw_workbook import raw


@pytest.mark.parametrize(
    ("code", "kind"),
    (
        ("[h]:mm:ss", "duration"), ("[MM]", "duration"), ("[s]", "duration"), ("yyyy-mm-dd", "date"), ("D", "date"), ("h", "date"), ("s", "date"), ("m;@", "date"), ("y", "date"),
        ("0;d", ""), ("0.00", ""), ('0 "m"', ""), ("0\\d", ""), ("0_d", ""), ("0*d", ""), ("[Red]0", ""), ("[$-409]h:mm", "date"), ("General", ""), ("GENERAL d", ""), ("", ""), ("[hm", "duration"),
    ),
)  # fmt: skip
def test_what_a_format_makes_of_a_number(code: str, kind: str) -> None:
    assert _kind(code) == kind


def test_formats_are_those_of_cells_with_the_fonts_of_the_part() -> None:
    part = """<x:styleSheet><x:numFmts><x:numFmt numFmtId="9" formatCode="[h]"/><x:numFmt numFmtId="14" formatCode="0"/><x:numFmt formatCode="d"/>
    <x:numFmt numFmtId="15"/></x:numFmts><x:strike/><x:fonts><x:strike/><x:font><x:strike/></x:font><x:font/><x:font><x:strike val="0"/></x:font><x:font><x:strike val="true"/></x:font></x:fonts>
    <x:cellStyleXfs><x:xf numFmtId="22"/></x:cellStyleXfs><x:cellXfs><x:xf/><x:xf numFmtId="9" fontId="1"/><x:xf numFmtId="14" fontId="2"/><x:xf numFmtId="15" fontId="3"/>
    <x:xf numFmtId="22" fontId="4"/><x:xf numFmtId="46" fontId="5"/><x:xf numFmtId="23"/></x:cellXfs><x:cellStyles><x:xf/></x:cellStyles><x:dxfs><x:font><x:strike/></x:font><x:xf numFmtId="22"/></x:dxfs></x:styleSheet>"""
    assert [*_formats(io.BytesIO(part.encode()))] == [
        ("date", True), ("duration", False), ("date", False), ("date", True), ("date", False), ("duration", False), ("", True),
    ]  # fmt: skip


def test_texts_are_whole_and_without_how_they_are_pronounced() -> None:
    texts = (
        "<si><t>a</t></si>", '<si><t xml:space="preserve"> _x0041_ </t></si>', "<si><r><t>b</t></r><x/>no<r><t>&amp;c</t></r></si>", "<si/>",
        "<si><t>d</t><rPh><t>e</t></rPh><phoneticPr/></si>", "<si><rPh><t>e</t></rPh><t>f_x005F_x0041_</t></si>", "<si><t></t></si>", "<si><t>狐</t></si>",
    )  # fmt: skip
    expected = ["a", " A ", "b&c", "", "d", "f_x0041_", "", "狐"]
    for at in range(len(texts) + 1):
        for prefix in ("", "x:"):
            ordered = [*texts[at:], *texts[:at]]
            part = "<sst>" + "".join(ordered) + "</sst>"
            part = (
                part.replace("</", f"</{prefix}")
                .replace("<", f"<{prefix}")
                .replace(f"<{prefix}/{prefix}", f"</{prefix}")
            )
            assert [*_shared_texts(io.BytesIO(part.encode()))] == expected[at:] + expected[:at]


def test_texts_are_written_out_and_read_again() -> None:
    written = {
        "a & b": "a &amp; b",
        "<>": "&lt;&gt;",
        "\x01\t": "_x0001_\t",
        "_x0041_": "_x005F_x0041_",
        "_x": "_x",
        "\ufffe": "_xFFFE_",
        "a": "a",
    }
    assert {text: encode(text) for text in written} == written
    for text, spelt in written.items():
        assert decode(spelt.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) == text
    assert (decode("_X0041_"), decode("_x004g_")) == ("_X0041_", "_x004g_")


def test_whole_numbers_and_names() -> None:
    numbers = ("7", "999999999", "9999999999", "-1", "1.0", "x", "", None)
    assert [*map(whole, numbers)] == [7, 999_999_999, *[0] * 6]
    assert [*map(prefix_of, ("x:c", "c", "x:y:c"))] == ["x:", "", "x:"]
    assert [*map(_known_as, ("/XL\\A%20b.XML/", "\\\\a"))] == ["xl/a b.xml/", "a"]
    assert [*map(is_packed, (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PK", b"pk\x03\x04", b" PK\x03\x04"))] == [
        True,
        True,
        *[False] * 3,
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    (
        (b"", "empty"), (b"\xef\xbb\xbf \n", "empty"), (b"\n<TABLE>", "html"), (b"<!DOCTYPE HTML>", "html"), (b"a <html>", "html"), (b"<a>", "xml"), (b"\xef\xbb\xbf<a>", "xml"),
        (b"{", "json"), (b" [", "json"), (b"size,n", "text"), (b"a<b", "text"), (b"\xff\xfea\0", "text"), (b"\xfe\xff\0a", "text"), (b"a\0", "other"), (b"[\0", "json"),
    ),
)  # fmt: skip
def test_what_is_no_workbook_is_called_what_it_is(content: bytes, kind: str) -> None:
    assert _other_file(content) == f"is_{kind}"


def test_elements_are_without_the_prefix_of_the_first_one() -> None:
    part = b'<?xml version="1.0"?><x:a b="1"><x:c/><d:e x:f="2"/></x:a>'
    assert [*elements(io.BytesIO(part))] == [("a", {"b": "1"}), ("c", {}), ("d:e", {"x:f": "2"})]
    with pytest.raises(SheetError, match="document type"):
        list(elements(io.BytesIO(b"<!DOCTYPE a><a/>")))
    for broken in (b"<a>", b"<a></b>", b"", b"<a/><b/>"):
        with pytest.raises(SheetError, match="can't be read"):
            list(elements(io.BytesIO(broken)))


def test_a_stream_is_cut_behind_a_closing_tag_until_there_may_be_another_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    cases: tuple[tuple[tuple[str, ...], list[tuple[str, bool]]], ...] = (
        ((head, "<a><b>1</b><b>", "2</b></a>"), [(f"{head}<a><b>1</b>", True), ("<b>2</b>", True), ("</a>", False)]),
        (("<b>!?</b><b>", "<!", "--</b>", "</b>"), [("<b>!?</b>", True), ("<b><!", False), ("--</b>", False), ("</b>", False)]),
        (("<b></b>", "<?x?>", "</b>"), [("<b></b>", True), ("<?x?>", False), ("</b>", False)]),
        (("<b></b>" + head, "</b>"), [("<b></b>" + head, False), ("</b>", False)]),
        ((head.replace("UTF-8", "latin-1"), "<b></b>"), [(head.replace("UTF-8", "latin-1"), False), ("<b></b>", False)]),
        (("<b></b>", head + "</b>"), [("<b></b>", True), (head + "</b>", False)]),
        (("<a>" + "1" * 90 + "<b", ">2", "</b>"), [("<a>" + "1" * 90, True), ("<b>2</b>", True), ("", False)]),
        (("</b>1", "2"), [("</b>", True), ("12", False)]),
        (("<" + "1" * 89, "1" * 10, "</b>"), [("<" + "1" * 99 + "</b>", True), ("", False)]),
    )  # fmt: skip
    monkeypatch.setattr("reapi_rules.sheets.workbooks.package._LONGEST", 90)
    for pieces, expected in cases:
        coming = iter([*pieces, ""])
        stream: Any = SimpleNamespace(read=lambda _, coming=coming: next(coming).encode())
        assert [(piece.decode(), is_open) for piece, is_open in whole_elements(stream, b"</b>")] == expected


def test_what_handlers_have_made_comes_after_each_piece() -> None:
    from xml.parsers import expat

    made, parser = list[str](), expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: made.append(name)
    found = []
    for name in parse((piece for piece in (b"<a><b/>", b"", b"<c/></a>")), parser, made):
        found.append((name, [*made]))
    assert found == [("a", ["a", "b"]), ("b", ["a", "b"]), ("c", ["c"])]


SAID = (
    '<x/><cols><col min="2" max="3" hidden="1"/><col min="5" max="99999" hidden="true"/><col max="1" hidden="1"/><col min="9" max="9" hidden="0"/></cols>',
    '<sheetProtection sheet="1"/><autoFilter ref="A1:B2"/><autoFilter ref="C1:D2"/><mergeCells><mergeCell ref="A2:B3"/><mergeCell ref="D4"/></mergeCells><col min="4" max="4" hidden="1"/>',
)
LINES = (
    '<row r="2"><c r="A2" s="1"><v>1</v></c><c r="B2"><f>SUM(B1:B1)</f><v>2</v></c></row>'
    '<row r="3" hidden="1"><c r="A3" s="1"/><c r="C3"><f t="shared" si="0" ref="C3:C4">SUM(C1:C2)</f></c></row>'
    '<row r="4"><c r="C4"><f t="shared" si="0"/><v>4</v></c><c r="D4"><f t="shared" si="9"/><v>5</v></c><c r="E4"><f>A1</f><v>6</v></c></row>'
    '<row r="6">{}</row>'
)
VALUES: tuple[tuple[str, str, Any], ...] = (
    (' t="s"', "<v>1</v>", "b"), (' t="s"', "<v>0</v>", "a"), ("", "<v>1.5</v>", 1.5), (' t="s"', "<f>A1</f><v>1</v>", "b"), (' t="s"', "<v>1</v>", "b"),
    (' t="e"', "<v></v>", NoValue("#ERROR")), (' t="e"', "<v>#N/A</v>", NoValue("#N/A")), (' t="str"', "<v>_x0041_</v>", "A"), (' t="str"', "<f>A1</f><v>c</v>", "c"),
    (' t="b"', "<v>1</v>", True), (' t="b"', "<v>true</v>", True), (' t="b"', "<v>0</v>", False), ("", "", ""), ("", "", ""),
    (' t="d"', "<v>2026-08-14</v>", date(2026, 8, 14)), (' t="d"', "<v>2026-08-14T09:30:00</v>", datetime(2026, 8, 14, 9, 30)), (' t="d"', "<v>soon</v>", "soon"),
    (' s="2"', "<v>46248</v>", date(2026, 8, 14)), (' s="3"', "<v>1.5</v>", timedelta(hours=36)), (' s="4"', "<v>1.5</v>", 1.5), ("", "<v>abc</v>", "abc"),
    ("", "<f>A1</f>", NoValue("=A1")), ("", "<f></f>", NoValue("=...")), ("", "<v></v>", ""), ("", "<f>A1</f><v></v>", NoValue("=A1")), (' t="b"', "<v></v>", ""),
    (' t="inlineStr"', "<is><t>d</t></is>", "d"), (' t="str"', "<v></v>", ""), ("", "<v></v>", ""),
)  # fmt: skip


@pytest.mark.parametrize("root", ("worksheet", "x:worksheet"))
@pytest.mark.parametrize("comment", ("", "<!-- -->"))
def test_what_a_sheet_says_of_itself_and_of_its_cells(root: str, comment: str) -> None:
    prefix = root.removesuffix("worksheet")
    cells = "".join(
        f'<c r="{letter(at)}6"{said}>{inner}</c>' if said or inner else "" for at, (said, inner, _) in enumerate(VALUES)
    )
    before, rows, after = (
        re.sub("<(/?)(?=[a-z])", rf"<\1{prefix}", text) for text in (SAID[0], LINES.format(cells), SAID[1])
    )
    package = Package(
        raw(rows, before=comment + before, after=after, texts="<si><t>a</t></si><si><t>b</t></si>", root=root)
    )
    package.struck, package.kinds = frozenset({1}), ["", "", "date", "duration"]
    part = package.sheets[0].part
    page = xlsx_page(package, part)
    extent, marks, outline = page.extent, page.marks, page.outline
    assert outline is not None
    assert (extent.width, extent.height) == (len(VALUES), 6)
    assert marks.columns == {0, 1, 2, 3, *range(4, MOST_COLUMNS)}
    assert marks.merged == outline.merged == [((1, 0), (2, 1)), ((3, 3), (3, 3))]
    assert (marks.rows, marks.struck, marks.sums) == ({2}, {1}, {(1, 1), (2, 2), (3, 2)})
    assert [each.get("min") for each in outline.widths] == ["2", "5", "9"]
    assert outline.filter is not None
    sheet, open_data = package.read(part), f"<{prefix}sheetData>".encode()
    assert (sheet.index(open_data), sheet.index(f"<{prefix}autoFilter".encode())) == (
        outline.data,
        outline.filter.start,
    )
    assert (outline.filter.given, outline.prefix, outline.is_protected) == ({"ref": "A1:B2"}, prefix, True)
    assert (outline.has_formulas, outline.says_places, outline.sum) == (True, True, zlib.crc32(sheet))
    line = [value for _, _, value in VALUES]
    while line[-1] == "":
        del line[-1]
    expected: list[list[Any]] = [[], [1.0, 2.0], ["", "", NoValue("=SUM(C1:C2)")], ["", "", 4.0, 5.0, 6.0], [], line]
    for width, height in ((len(VALUES), 6), (2, 3), (len(VALUES), 1)):
        cut = [[*row[:width]] for row in expected[:height]]
        cut = [row if any(cell != "" for cell in row) else [] for row in cut]
        found = [(row.number, row.cells) for row in page.read(width, height)]
        assert found == [(at, row) for at, row in enumerate(cut, 1)][: len(found)]
        assert [type(cell) for _, cells in found for cell in cells] == [
            type(cell) for row in cut[: len(found)] for cell in row
        ]
        assert len(found) == (height if height > 1 else 0)


def test_what_a_sheet_does_not_say() -> None:
    for rows, after, places, protected in (("<row><c><v>1</v></c></row>", '<sheetProtection sheet="0"/>', False, False), ('<row r="1"/>', '<sheetProtection objects="1"/>', True, False)):  # fmt: skip
        package = Package(raw(rows, after=after))
        page = xlsx_page(package, package.sheets[0].part)
        marks, outline = page.marks, page.outline
        assert outline is not None
        assert (outline.says_places, outline.is_protected, outline.has_formulas) == (places, protected, False)
        assert (marks, outline.filter, outline.widths, outline.prefix) == (Marks(), None, [], "")


HELD: tuple[tuple[str, str | None, str, Any], ...] = (
    ("", None, "", ""), ("", "a", "", "a"), ('office:string-value="b"', "a", "", "b"), ('calcext:value-type="error"', "#N/A", "A1", NoValue("#N/A")),
    ('calcext:value-type="error"', None, "A1", NoValue("#ERROR")), ("", None, "A1", NoValue("=A1")), ("", "", "A1", ""), ('office:value-type="string"', None, "A1", ""),
    ('office:value-type="float" office:value="1.50"', "1,5", "", 1.5), ('office:value-type="percentage" office:value="0.5"', "50%", "", 0.5),
    ('office:value-type="currency" office:value="2"', "2 €", "A1", 2.0), ('office:value-type="float" office:value="1"', "TRUE", "TRUE()", True),
    ('office:value-type="float" office:value="0"', "FALSCH", "A1", False), ('office:value-type="float" office:value="2"', "zwei", "A1", 2.0),
    ('office:value-type="float" office:value="1"', "TRUE", "", 1.0), ('office:value-type="float" office:value="0"', "Err:502", "A1", NoValue("Err:502")),
    ('office:value-type="float" office:value="0"', "#¿NOMBRE?", "A1", NoValue("#¿NOMBRE?")), ('office:value-type="float" office:value="0"', "#N/A", "", 0.0),
    ('office:value-type="string" office:string-value=""', "#REF!", "A1", NoValue("#REF!")), ('office:value-type="string" office:string-value="#REF!"', "#REF!", "A1", "#REF!"),
    ('office:value-type="string"', "#REF!", "A1", "#REF!"), ('office:value-type="string" office:string-value=""', "", "A1", ""), ('office:value-type="string" office:string-value=""', "a", "", ""),
    ('office:value-type="float" office:value="x"', "y", "", "y"), ('office:value-type="float"', "y", "", "y"),
    ('office:value-type="boolean" office:boolean-value="true"', "TRUE", "", True), ('office:value-type="boolean" office:boolean-value="false"', "x", "", False), ('office:value-type="boolean"', "x", "", "x"),
    ('office:value-type="date" office:date-value="2026-08-14"', "14.8.", "", date(2026, 8, 14)), ('office:value-type="date" office:date-value="2026-08-14T09:30:00"', "x", "", datetime(2026, 8, 14, 9, 30)),
    ('office:value-type="date" office:date-value="soon"', "x", "", "x"), ('office:value-type="time" office:time-value="PT16H09M00S"', "x", "", timedelta(hours=16, minutes=9)),
    ('office:value-type="time" office:time-value="PT3S"', "x", "", timedelta(seconds=3)), ('office:value-type="time" office:time-value="PT2M3.5S"', "x", "", timedelta(minutes=2, seconds=3)),
    ('office:value-type="time" office:time-value="P1D"', "x", "", "x"), ('office:value-type="time" office:time-value="PT999999999H999999999M"', "x", "", timedelta(hours=999_999_999, minutes=999_999_999)),
)  # fmt: skip


@pytest.mark.parametrize(("said", "text", "formula", "value"), HELD)
def test_what_a_cell_of_an_ods_sheet_holds(said: str, text: str | None, formula: str, value: Any) -> None:
    found = _held(dict(re.findall('([^ ]+)="([^"]*)"', said)), text, formula)
    assert (found, type(found)) == (value, type(value))


def test_how_often_something_is_repeated() -> None:
    texts = ("1", "99999999", "999999999", "-1", "x", "", "２")
    assert [_times({"a": text}, "a") for text in texts] == [1, 99_999_999, *[1] * 5]
    assert _times({"b": "7"}, "a") == 1


ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:draw="d" xmlns:calcext="c"><style:style style:name="a"><style:table-properties table:display="false"/></style:style>
<style:style style:name="b"><style:table-properties table:display="true"/></style:style><style:style><style:table-properties table:display="false"/></style:style>
<table:table table:name="Other" table:style-name="a"><table:table-row><table:table-cell><text:p>no</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="'file:///a'#B" table:style-name="b"><table:table-source/></table:table><table:table table:name="Linked"><table:table-source/></table:table>
<table:table table:name="Plan" table:style-name="b"><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/><table:table-column table:visibility="filter" table:number-columns-repeated="99999"/>
<table:table-row table:number-rows-repeated="2"/>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"><text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d<text:s/></text:p><text:p>e</text:p></table:table-cell>
 <table:covered-table-cell/><table:table-cell table:number-rows-spanned="3"><text:p>f</text:p><office:annotation><text:p>no</text:p></office:annotation><draw:frame><table:table><table:table-row><table:table-cell><text:p>no</text:p></table:table-cell></table:table-row></table:table></draw:frame></table:table-cell>
 <table:table-cell table:formula="of:=SUM([.E1:.E2])" office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell><table:table-cell><text:p>no<text:ruby-text>no</text:ruby-text></text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse" table:number-rows-repeated="3"/><table:table-row table:visibility="filter"><table:table-cell/><table:table-cell><text:p>g</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse" table:number-rows-repeated="9999999"/></table:table></office:document-content>"""


def test_what_an_ods_file_says_of_its_sheets() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("content.xml", ODS)
    content = output.getvalue()
    assert {name: hidden for name, hidden in ods_names(content).items() if name} == {
        "Other": True,
        "Linked": False,
        "Plan": False,
    }
    page = ods_page(content, "Plan")
    assert (page.extent.width, page.extent.height, page.extent.strays) == (6, 8, ())
    assert (page.marks.rows, page.marks.columns) == ({4, 5, 6, 7}, {*range(2, MOST_COLUMNS)})
    assert (page.marks.merged, page.marks.sums) == ([((2, 3), (4, 3))], {(2, 4)})
    cells = ["a  b\tc\nd \ne", "a  b\tc\nd \ne", "", "f", 3.0, "no"]
    for width, height in ((6, 8), (4, 3), (1, 9)):
        rows = [[], [], cells[:width], cells[:width], [], [], [], ["", "g"] if width > 1 else []][:height]
        assert [(row.number, row.cells) for row in page.read(width, height)] == [*enumerate(rows, 1)]


def test_records_of_a_binary_workbook() -> None:
    long = bytes(range(200)) * 2
    part = (
        b"\x00\x04abcd"
        + b"\x9c\x01\x00"
        + b"\x7f\x80\x01"
        + b"\x00" * 128
        + b"\x80\x02\x90\x03"
        + long
        + b"\x01\x7f"
        + long[:127]
    )
    assert [*_records(part)] == [(0, b"abcd"), (156, b""), (127, b"\x00" * 128), (256, long), (1, long[:127])]
    assert [*_records(b"")] == []
    assert _text(b"\x02\x00\x00\x00a\x00\xd0r!?") == ("a\u72d0", b"!?")


def test_how_far_cells_reach_without_those_far_out() -> None:
    for second, width, height, strays in (
        ((10_000, [100], 1), 101, 10_001, ()), ((10_001, [3], 1), 1, 1, ("D10002",)), ((10_001, [], 1), 1, 1, ()),
        ((5, [101], 2), 1, 1, ("CX6",)), ((5, [2, 1], 7), 3, 12, ()),
    ):  # fmt: skip
        extent = Extent()
        assert (extent.width, extent.height, extent.strays) == (0, 0, ())
        extent.add(0, [0])
        extent.add(*second)
        assert (extent.width, extent.height, extent.strays) == (width, height, strays)
        extent.add(10_002, [0])
        assert (extent.height == 10_003) is (second[0] < 10_001)


def test_how_many_cells_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reapi_rules.sheets.workbooks.page._MOST_CELLS", 12)
    extent = Extent()
    for row in (0, 2):
        extent.add(row, [0, 1, 2], 2)
        extent.limit()
    extent.limit(12)
    for cells in (13, 0):
        with pytest.raises(SheetError, match="12"):
            extent.limit(cells)
        extent.add(4, [0])


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    (
        ("0", 0, "0"), ("-7", -7, "-7"), ("123456789012345", 123_456_789_012_345, "123456789012345"), ("1.50", 1.5, "1.50"), ("-0.5", -0.5, "-0.5"), ("0.0", 0.0, "0.0"),
        ("1234567890.12345", 1_234_567_890.12345, "1234567890.12345"), ("-1234567890.12345", -1_234_567_890.12345, "-1234567890.12345"),
        ("2026-08-14", date(2026, 8, 14), "2026-08-14"), ("1900-03-01", date(1900, 3, 1), "1900-03-01"),
        *((text, None, "") for text in ("-0", "00", "007", "+5", ".5", "1.", "1234567890123456", "12345678901.12345", "-0.0", "1900-02-28", "2026-02-30", "2026-8-14", "a1", "1a", "1,5", "")),
    ),
)  # fmt: skip
def test_what_a_spreadsheet_shows_as_the_same_text(text: str, value: Any, shown: str) -> None:
    found = None if value is None else (value, shown)
    assert _typed(text) == found
    assert _json_value(text) == found
    assert found is None or type(_typed(text)[0]) is type(value)  # type: ignore[index]


def test_what_json_has_besides() -> None:
    shown = {
        text: _json_value(text)
        for text in (
            "true",
            "false",
            "1e5",
            "-1.5E-3",
            "1.23456789012345e2",
            "1.234567890123456e2",
            "1e9999",
            "10e5",
            "TRUE",
            "null",
            "01e5",
        )
    }
    assert [text for text, found in shown.items() if found is None] == [
        "1.234567890123456e2",
        "1e9999",
        "10e5",
        "TRUE",
        "null",
        "01e5",
    ]
    assert [found for found in shown.values() if found] == [
        (True, "true"),
        (False, "false"),
        (1e5, "100000"),
        (-0.0015, "-0.0015"),
        (123.456789012345, "123.456789012345"),
    ]


def test_looks_widths_and_lines() -> None:
    looks = ((1.5, "1.50", "0.00"), (2, "2", "0"), (1.5, "", ""), (True, "true", ""), (math.inf, "", None), ("a", "", None), (time(18), "", "time"), (date(2026, 8, 14), "2026-08-14", "date"),
        (datetime(2026, 8, 14), "", "datetime"), (timedelta(1), "", "duration"), (timedelta(-1), "", None), (date(1899, 12, 31), "", None), (date(1900, 1, 1), "", "date"))  # fmt: skip
    assert [_look_of(value, shown) for value, shown, _ in looks] == [look for *_, look in looks]
    assert [*map(shown_width, ("", "fox", "\u2e7f狐", "狐狸", "a fox\nin snow", "狐\nfox"))] == [0, 3, 3, 4, 7, 3]
    texts = (
        ("", 10),
        ("x" * 9, 10),
        ("x" * 10, 10),
        ("x" * 18, 10),
        ("x" * 19, 10),
        ("\n", 10),
        ("狐" * 5, 10),
        ("a\n" * 30, 10),
        ("x" * 10, 11),
    )
    assert [lines_of(*each) for each in texts] == [1, 1, 2, 2, 3, 2, 2, 27, 1]


def test_names_of_sheets_that_excel_takes() -> None:
    names = ("Plan", "a[]:*?/\\b", "'Plan'", "x" * 32, "", "  ", "History", max(our_sheets()).upper(), "'''")
    assert [*map(_sheet_name, names)] == [
        "Plan",
        "a       b",
        "Plan",
        "x" * 31,
        "Quote",
        "Quote",
        "Quote",
        "Quote",
        "Quote",
    ]


def test_a_workbook_is_where_its_package_says() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw(""))) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"xl/workbook", b"xl/book") if name == "_rels/.rels" else old.read(name)
            new.writestr(name.replace("workbook", "book"), text)
    package = Package(output.getvalue())
    assert (package.workbook, [sheet.name for sheet in package.sheets]) == ("xl/book.xml", ["Plan"])
