"""Workbooks whose archive or parts are broken: one line says so, and the file is as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Run
from tests.support.raw_workbook import raw

pytest.importorskip("openpyxl")

ROWS = "".join(
    f'<row r="{row}">' + "".join(f'<c r="{at}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in cells) + "</row>"
    for row, cells in ((1, (("A", "size"), ("B", "n"))), (2, (("A", "16x9"), ("B", "2"))))
)  # fmt: skip
BOOK = raw(ROWS)


def with_part(name: str, content: bytes | None) -> bytes:
    """The workbook with another part in the place of one, or without it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(buffer, "w") as new:
        parts = {each: old.read(each) for each in old.namelist()}
        for each, text in (parts | {name: content}).items():
            if text is not None:
                new.writestr(each, text)
    return buffer.getvalue()


def with_field(signature: bytes, at: int, value: bytes) -> bytes:
    """The workbook with other bytes in the first header with this signature."""
    start = BOOK.index(signature) + at
    return BOOK[:start] + value + BOOK[start + len(value) :]


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
