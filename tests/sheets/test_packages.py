"""What the parts of a package say, read by hand: formats, shared texts, names, and where a stream may be cut."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.workbooks.package import (
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
