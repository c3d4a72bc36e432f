"""The pieces of which a user's own workbook is changed: tags, edits, encodings, and formats made of others."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.workbooks.references import Reader
from reapi_rules.sheets.workbooks.sheet_splice import formulas_of, wider_spans
from reapi_rules.sheets.workbooks.splice import Spots, end_of_tag, refuse_encodings, replaced, tag
from reapi_rules.sheets.workbooks.styles import Styles
from tests.support.raw_workbook import MAIN

ERROR = f'"FF{workbook_texts().looks["error"]["bg_color"][1:]}"'
CODE = workbook_texts().looks["decimal"]["num_format"]


def test_edits_of_one_place_stay_in_order() -> None:
    assert replaced(b"abcd", [(2, 2, b"2"), (0, 1, b""), (2, 2, b"1"), (2, 3, b"C")]) == b"b21Cd"
    assert tag("a:b", {"c": '&<>"\t\n\r'}, "d") == '<a:b c="&amp;&lt;&gt;&quot;&#9;&#10;&#13;">d</a:b>'


def test_a_tag_ends_behind_its_attributes() -> None:
    for text in (b"<a>", b"<a b='>\"' c=\">'>\"/>", b"<a b='x'>"):
        assert end_of_tag(b"<x>" + text + b"y>'", 3) == 3 + len(text)


def test_spots_are_where_elements_begin_and_end() -> None:
    text = b'<?xml version="1.0"?><x:a><x:b c=">"/><b>1</b ></x:a>'
    spots = Spots(text)
    found = [
        (
            each.name,
            each.parent,
            text[each.start : each.inner],
            text[each.inner : each.close],
            text[each.close : each.end],
        )
        for each in spots.all
    ]
    inner = b'<x:b c=">"/><b>1</b >'
    assert found == [
        ("a", "", b"<x:a>", inner, b"</x:a>"), ("b", "a", b'<x:b c=">"/>', b"", b""), ("b", "a", b"<b>", b"1", b"</b >"),
    ]  # fmt: skip
    assert (spots.prefix, spots.found["b"]) == ("x:", spots.all[1])
    with pytest.raises(SheetError, match="can't be read"):
        Spots(b"<a>")


@pytest.mark.parametrize(
    ("start", "name"),
    (
        (b"<a/>", ""), (b'<?xml version="1.0" encoding="utf-8"?>', ""), (b"\xef\xbb\xbf<?xml version='1.0' encoding = 'US-ascii'?>", ""),
        (b'<?xml version="1.0"?><a encoding="latin-1"/>', ""), (b'<?xml version="1.0" encoding="latin-1"?>', "latin-1"),
        *((text, "UTF-16") for text in (b"\xff\xfe<", b"\xfe\xff\0", b"<\0?", b"\0<")),
    ),
)  # fmt: skip
def test_only_utf_8_is_changed(start: bytes, name: str) -> None:
    if name:
        with pytest.raises(SheetError, match=f"written in {name}, not in UTF-8"):
            refuse_encodings(start)
    else:
        refuse_encodings(start)


def test_spans_are_wider_where_they_end_before() -> None:
    for quote in ("'", '"'):
        spans = f" spans={quote}2:9{quote}".encode()
        assert [wider_spans(spans, last) for last in (-1, 8, 9)] == [spans, spans, spans.replace(b"9", b"10")]


@pytest.mark.parametrize(
    ("place", "beside"), (("A1:A2", "A1:A2"), ("B1:B2", "A1:B2"), ("A2:A3", "A1:A3"), ("B3:C4", "A2:C4"), ("D4:D5", "C3:D5"))
)  # fmt: skip
def test_a_table_of_trials_reads_what_is_above_and_on_its_left(place: str, beside: str) -> None:
    first = place.partition(":")[0]
    cell = f'<c r="{first}"><f t="dataTable" ref="{place}" r1="M1" r2="N1"/></c>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="{first[1:]}">{cell}</row></sheetData></worksheet>'
    (formula,) = formulas_of(io.BytesIO(sheet.encode()), "Plan", Reader({}))
    assert formula.reads == Reader({}).areas(f"{beside}+M1+N1", "Plan", (0, 0))


class TestStyles:
    FONTS = '<fonts count="1"><font><b/></font></fonts>'
    END = '<dxfs><dxf><numFmt numFmtId="200" formatCode="0.00"/><fill><a/></fill></dxf></dxfs>'

    def made(self, before: str, formats: str, uses: Any, prefix: str = "") -> tuple[list[int], str]:
        """The numbers of formats, and what the part is then, but for its ends."""
        text = f'<styleSheet xmlns="{MAIN}">{before}<cellXfs>{formats}</cellXfs>{self.END}</styleSheet>'
        root = re.sub("<(/?)(?=[a-zA-Z])", rf"<\1{prefix}", text)
        styles = Styles(root.encode())
        numbers = [styles.made(base, use) for base, use in uses]
        after = re.sub(f"<(/?){prefix}", r"<\1", styles.text().decode())
        return numbers, after.partition(f'"{MAIN}">')[2].removesuffix(f"{self.END}</styleSheet>")

    @pytest.mark.parametrize("prefix", ("", "x:"))
    def test_new_ones_come_behind_those_there_were(self, prefix: str) -> None:
        own = '<xf fontId="0" quotePrefix="1"><alignment/></xf><xf numFmtId="9"/>'
        uses = (
            (0, "integer"),
            (1, "decimal"),
            (0, "integer"),
            (0, "verbatim"),
            (7, "text"),
            (0, "decimal"),
            (1, "error"),
        )
        numbers, after = self.made(self.FONTS, own, uses, prefix)
        code, fill = CODE.replace('"', "&quot;"), '<fill><patternFill patternType="{}"{}</fill>'.format
        first = '<xf fontId="0" numFmtId="{}" applyNumberFormat="1"><alignment/></xf>'.format
        assert numbers == [2, 3, 2, 4, 5, 6, 7]
        assert after == (
            f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>{self.FONTS}<fills count="3">'
            f"{fill('none', '/>')}{fill('gray125', '/>')}{fill('solid', f'><fgColor rgb={ERROR}/></patternFill>')}</fills>"
            f'<cellXfs count="8">{own}{first(3)}<xf numFmtId="164" applyNumberFormat="1"/>{first(49)}<xf numFmtId="0" applyNumberFormat="1"/>'
            f'{first(164)}<xf numFmtId="0" applyNumberFormat="1" fillId="2" applyFill="1"/></cellXfs>'
        )

    def test_what_there_is_is_used(self) -> None:
        """A number format, a fill and a format that say the same, the first of each."""
        code = CODE.replace('"', "&quot;")
        fill = f'<fill><patternFill patternType="solid"><fgColor rgb={ERROR}/></patternFill></fill>'
        numbers = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/><numFmt numFmtId="180" formatCode="{code}"/></numFmts>'
        before = f"{numbers}<fills><fill/>{fill}{fill}</fills>"
        own = '<xf fontId="1"/>' + 2 * '<xf fontId="1" numFmtId="170" applyNumberFormat="1"/>'
        found, after = self.made(before, own, ((0, "decimal"), (0, "error")))
        assert found == [1, 3]
        new = '<xf fontId="1" numFmtId="0" applyNumberFormat="1" fillId="1" applyFill="1"/>'
        assert after == f'{before}<cellXfs count="4">{own}{new}</cellXfs>'

    def test_a_number_is_above_those_there_are(self) -> None:
        before = '<numFmts count="9"><numFmt numFmtId="170" formatCode="0.0"/></numFmts><fills count="1" b="c"><fill/></fills>'
        found, after = self.made(before, "<xf/>", ((0, "decimal"), (0, "warning"), (0, "error")))
        assert found == [1, 2, 3]
        assert re.findall('numFmtId="([0-9]+)"|count="([0-9]+)"', after) == [
            ("", "2"), ("170", ""), ("171", ""), ("", "3"), ("", "4"), ("171", ""), ("0", ""), ("0", ""),
        ]  # fmt: skip
        assert re.findall('fills[^>]*|fillId="[0-9]"', after) == [
            'fills b="c" count="3"',
            "fills",
            'fillId="1"',
            'fillId="2"',
        ]

    def test_without_any_there_is_nothing_to_make_one_of(self) -> None:
        for formats, has in (("", False), ("<xf/>", True)):
            text = f"<styleSheet><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{formats}</cellXfs></styleSheet>".encode()
            assert Styles(text).has_formats is has
            assert Styles(text).text() == text
