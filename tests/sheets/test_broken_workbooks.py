"""Workbooks whose archive or parts are broken: one line says so, and the file is as it was."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.workbooks.xls_page import Xls, Xlsb
from tests.support.command import Run
from tests.support.raw_workbook import own_workbook, raw
from tests.support.xls import old_workbook
from tests.support.xlsb import binary_workbook

pytest.importorskip("openpyxl")

ROWS = "".join(
    f'<row r="{row}">' + "".join(f'<c r="{at}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in cells) + "</row>"
    for row, cells in ((1, (("A", "size"), ("B", "n"))), (2, (("A", "16x9"), ("B", "2"))))
)  # fmt: skip
BOOK = raw(ROWS)


def with_part(name: str, content: bytes | None, book: bytes = BOOK) -> bytes:
    """A workbook with another part in the place of one, or without it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w") as new:
        parts = {each: old.read(each) for each in old.namelist()}
        for each, text in (parts | {name: content}).items():
            if text is not None:
                new.writestr(each, text)
    return buffer.getvalue()


def with_field(signature: bytes, at: int, value: bytes, book: bytes = BOOK) -> bytes:
    """A workbook with other bytes in the first header with this signature."""
    start = book.index(signature) + at
    return book[:start] + value + book[start + len(value) :]


BROKEN: dict[str, Callable[[], bytes]] = {
    "a sum that is wrong": lambda: BOOK.replace(b"16x9", b"16x8"),
    "a method that is none": lambda: with_field(b"PK\x01\x02", 10, b"\x63"),
    "a password": lambda: with_field(b"PK\x01\x02", 8, b"\x01"),
    "another name in the header": lambda: with_field(b"PK\x03\x04", 30, b"\xff"),
    "no header where there should be one": lambda: with_field(b"PK\x01\x02", 42, b"\x05"),
    "cut off": lambda: BOOK[:-60],
    "bytes cut out": lambda: BOOK[:300] + BOOK[320:],
    "no content types": lambda: with_part("[Content_Types].xml", None),
    "content types that are no XML": lambda: with_part("[Content_Types].xml", b"<Types"),
    "shared texts that are no XML": lambda: with_part("xl/sharedStrings.xml", b"<sst><si>"),
    "a workbook without sheets": lambda: with_part("xl/workbook.xml", b"<workbook/>"),
    "another encoding": lambda: with_part("xl/workbook.xml", '<?xml version="1.0" encoding="UTF-16"?><workbook/>'.encode("utf-16")),
    "nothing": lambda: b"",
    "the beginning alone": lambda: b"PK\x03\x04",
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_says_so_and_changes_nothing(run: Run, tmp_path: Path, name: str) -> None:
    book = BROKEN[name]()
    path, fixed = tmp_path / "plan.xlsx", tmp_path / "fixed.xlsx"
    codes = []
    for words in (
        ("quote", str(path)),
        ("quote", str(path), "--in-place"),
        ("check", str(path), "--fixed", str(fixed)),
    ):
        path.write_bytes(book)
        result = run(*words)
        codes.append(result.code)
        assert "internal error" not in result.err
        assert result.code in (0, 1, 2)
        if result.code == 2:
            assert result.err.splitlines()[-1].startswith(f"reapi-rules: {path}: ")
            assert path.read_bytes() == book
            assert not fixed.exists()
    assert 2 in codes or "content types" in name  # which nothing here needs


@pytest.mark.parametrize(
    ("signature", "at", "value", "says"),
    (
        (b"PK\x01\x02", 10, b"\x63", "compression method is not supported"),
        (b"PK\x01\x02", 8, b"\x01", "'content.xml' is encrypted"),
        (b"PK\x01\x02", 42, b"\x05", "Bad magic number for file header"),
        (b"PK\x03\x04", 30, b"\xff", "File name in directory 'content.xml' and header"),
    ),
)
def test_an_ods_file_says_so_too(run: Run, tmp_path: Path, signature: bytes, at: int, value: bytes, says: str) -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    path = tmp_path / "plan.ods"
    path.write_bytes(with_field(signature, at, value, output.getvalue()))
    result = run("quote", str(path))
    assert (result.code, says in result.err) == (2, True), result.err
    assert result.err.startswith(f"reapi-rules: {path}: it can't be read as a workbook: ")


def each_damage(content: bytes) -> Iterator[bytes]:
    """A content cut off at every place, and with every byte another one."""
    for at in range(len(content)):
        yield content[:at]
        yield from (content[:at] + byte + content[at + 1 :] for byte in (b"\xff", b"\x80", b"\0"))


CELLS = ((0, 0, "size"), (0, 1, "n"), (1, 0, "16:9"), (1, 1, 2.0))


def sheet_of(cells: Iterable[tuple[int, int, str | float]]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(binary_workbook(cells))) as archive:
        return archive.read("xl/worksheets/sheet1.bin")


def broken_binary() -> Iterator[bytes]:
    book = binary_workbook(CELLS)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for name in archive.namelist():
            yield from (with_part(name, content, book) for content in each_damage(archive.read(name)))


@pytest.mark.parametrize(
    ("kind", "books"),
    ((Xls, each_damage(old_workbook((*cell, 0) for cell in (*CELLS, (2, 0, b"\x2a"))))), (Xlsb, broken_binary())),
    ids=("xls", "xlsb"),
)
def test_the_readers_of_others_say_so_too(kind: type[Xls | Xlsb], books: Iterator[bytes]) -> None:
    """One of them panics, which is no Exception."""
    said, most = set(), 0
    for content in books:
        try:
            book = kind(content)
            most = max(most, *(len(list(book.page(name).read(50, 50))) for name in book.names), 0)
        except SheetError as error:
            said.add(str(error).partition(":")[0])
    assert "it can't be read as a workbook" in said
    assert 2 <= most <= 50


ROW_2 = b"\x00\x11" + struct.pack("<IIHHBI", 1, 0, 300, 0, 0, 0)
FAR_APART = {
    "a column that no sheet has": binary_workbook([*CELLS, (2, 16_384, "x")]),
    "a row that no sheet has": binary_workbook([*CELLS, (1_048_576, 0, "x")]),
    "rows that go back": binary_workbook([*CELLS, (0, 2, "x")]),
    "a row without a number": with_part(
        "xl/worksheets/sheet1.bin", sheet_of(CELLS).replace(ROW_2, b"\0\0"), binary_workbook(CELLS)
    ),
}


@pytest.mark.parametrize("name", FAR_APART)
def test_what_a_reader_would_hold_is_bounded(name: str) -> None:
    """It holds all that is between the first cell and the last one, and takes a row without a number for any."""
    book = Xlsb(FAR_APART[name])
    with pytest.raises(SheetError, match="it can't be read as a workbook: a row or a cell is where none can be"):
        book.page("Plan")


ODS = (
    '<office:body><office:spreadsheet><table:table table:name="Plan" table:style-name="a"><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
    '<table:table-row table:number-rows-repeated="1"><table:table-cell office:value-type="string" table:number-columns-spanned="1"><text:p>size</text:p></table:table-cell>'
    '<table:table-cell office:value-type="string"><text:p>n<text:s text:c="1"/></text:p></table:table-cell></table:table-row><table:table-row table:visibility="visible">'
    '<table:table-cell office:value-type="time" office:time-value="PT16H09M00S"/><table:table-cell office:value-type="float" office:value="2" table:formula="of:=1+1">'
    "<text:p>2</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
)  # fmt: skip


@pytest.mark.parametrize("suffix", ("xlsx", "ods"))
def test_no_attribute_has_to_be_there(run: Run, tmp_path: Path, suffix: str) -> None:
    """Nor to say anything that makes sense: it is a sheet, or one line says why it is none."""
    path, output = tmp_path / f"plan.{suffix}", io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("content.xml", ODS)
    book = own_workbook("") if suffix == "xlsx" else output.getvalue()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, text in parts.items():
        pairs = {
            (tag, each)
            for tag, own in re.findall("<([\\w:]+)( [^<>]*)>", text)
            for each in re.findall(' ([\\w:-]+)="', own)
        }
        for tag, attribute in sorted(pairs):
            for given in ("", f' {attribute}="-"'):
                changed = re.sub(f'(<{tag}(?: [^<>]*?)?) {attribute}="[^"]*"', rf"\1{given}", text)
                path.write_bytes(with_part(name, changed.encode(), book))
                result = run("quote", str(path), *["--in-place"] * (suffix == "xlsx"))
                assert result.code in (0, 1, 2), (name, tag, attribute)
                assert "internal error" not in result.err, (name, tag, attribute, result.err)
