"""Files that are not what their names say, and sheets with odd attributes: one clear line, or read all the same."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from reapi_rules.sheets.files.temporary import temporary_folder
from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.workbooks.splice import Spots
from tests.support.raw_workbook import raw
from tests.support.workbooks import read_workbook

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install '.[test-all]'")

SAVE = "open it in a spreadsheet program and save it as XLSX"
PLAN = '<row r="1"><c r="A1" t="str"><v>size</v></c><c r="B1" t="str"><v>n</v></c></row><row r="2"><c r="A2" t="str"><v>1:1</v></c><c r="B2"><v>2</v></c></row>'
ODD = {
    "a filter of columns": {"after": '<autoFilter ref="A:B"/>'},
    "a size of columns": {"before": '<dimension ref="A:B"/>'},
    "a column that doesn't say which": {"before": '<cols><col width="5"/><col hidden="1"/><col min="x" max="2"/></cols>'},
    "a format that is no number": {"rows": PLAN.replace('<c r="B2">', '<c r="B2" s="x">')},
}  # fmt: skip


def packed(*names: str, text: str = "text") -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, text)
    return output.getvalue()


ENCRYPTED = "encrypted: open it with its password, save it without one and try again"


FILES = (
    ("plan.xls", b"<html><body><table><tr><td>size</td></tr></table></body></html>", f"an HTML page, not a workbook: {SAVE}"),
    ("plan.xls", b"\xef\xbb\xbf\n<TABLE><tr><td>size", f"an HTML page, not a workbook: {SAVE}"),
    ("plan.xls", b'<?xml version="1.0"?><Workbook/>', f"an XML file, not a workbook: {SAVE}"),
    ("plan.xls", b"size\tn\n1:1\t2\n", "text, not a workbook: give --from csv or --from tsv"),
    ("plan.xlsx", b"size,n\n1:1,2\n", "text, not a workbook: give --from csv or --from tsv"),
    ("plan.xlsx", "size,n\n".encode("utf-16"), "text, not a workbook: give --from csv or --from tsv"),
    ("plan.xlsx", b'[{"prompt": "a"}]', "JSON, not a workbook: give --from json"),
    ("plan.xlsx", b'{"prompt": "a"}', "JSON, not a workbook: give --from json"),
    ("plan.xlsx", "\ufeffsize,n\n".encode("utf-16-be"), "text, not a workbook: give --from csv or --from tsv"),
    ("plan.xlsx", b" <!DOCTYPE HTML>\n<p>size", f"an HTML page, not a workbook: {SAVE}"),
    ("plan.xlsx", b"<!-- saved -->\n<HTML><p>size", f"an HTML page, not a workbook: {SAVE}"),
    ("plan.xlsx", b"%PDF-1.4\0", f"no workbook: {SAVE}"),
    ("plan.xlsx", b"", "empty"),
    ("plan.xlsx", packed("word/document.xml"), f"not an XLSX file, though packed like one: {SAVE}"),
    ("plan.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), ENCRYPTED),
    ("plan.ods", packed("META-INF/manifest.xml", "content.xml", text="<manifest:encryption-data/>"), ENCRYPTED),
    ("plan.ods", packed("META-INF/manifest.xml", "encrypted-package", text="<manifest:encryption-data/>"), ENCRYPTED),
    ("plan.csv", raw(PLAN), "a workbook, not text: give --from xlsx"),
    ("plan.tsv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook, not text: give --from xlsx"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), FILES)
def test_a_file_is_called_what_it_is(run: Any, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for command in (("quote",), ("quote", "--in-place"), ("check",), ("advise",)):
        result = run(command[0], str(path), *command[1:])
        assert (result.code, result.err) == (2, f"reapi-rules: {path}: it is {said}\n")
    assert path.read_bytes() == content


@pytest.mark.parametrize("suffix", ("fods", "xml", "html", "numbers"))
def test_a_suffix_that_nobody_can_read_is_called_so(run: Any, suffix: str) -> None:
    assert run("quote", f"plan.{suffix}").err == (
        f"reapi-rules: plan.{suffix}: this reads no .{suffix}: save it as XLSX, ODS or CSV\n"
    )


@pytest.mark.parametrize("suffix", ("xltx", "xltm"))
def test_a_template_is_read_as_what_it_is_one_of(run: Any, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plan.{suffix}"
    path.write_bytes(raw(PLAN))
    assert run("quote", str(path)).code == 0


@pytest.mark.parametrize("form", ("ods", "xlsb"))
def test_no_other_workbook_is_changed_in_place(run: Any, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"plan.{form}"
    path.write_bytes(packed({"ods": "content.xml", "xlsb": "xl/workbook.bin"}[form]))
    result = run("quote", str(path), "--in-place")
    assert result.code == 2
    assert result.err.count("\n") == 1


def test_in_place_is_for_rows(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(before := raw(PLAN))
    for words in ((str(path), "--by", "quality"), ("--size", "16:9"), ("--model", "z-image")):
        result = run("quote", *words, "--in-place")
        said = "reapi-rules: --in-place writes into the rows of a sheet: name its FILE, and leave out --by\n"
        assert (result.code, result.out, result.err) == (2, "", said)
    assert path.read_bytes() == before


def test_a_part_that_ends_too_early_is_refused() -> None:
    with pytest.raises(SheetError, match="it can't be read as a workbook"):
        Spots(b"<styleSheet><fonts/>")


def test_temporary_files_are_where_somebody_wants_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = ("TMPDIR", "TEMP", "TMP")
    for name in names:
        monkeypatch.setenv(name, str(tmp_path / name))  # the first place that is there
    assert temporary_folder() in ("/tmp", "/var/tmp")
    for name in reversed(names):
        (tmp_path / name).mkdir()
        assert temporary_folder() == str(tmp_path / name)


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_attribute_counts_as_none(run: Any, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(raw(**{"rows": PLAN, **ODD[kind]}))
    assert [row.cells for row in read_workbook(path.read_bytes()).rows] == [["1:1", 2.0]]
    for words in (("quote",), ("quote", "--in-place"), ("quote", "--in-place", "--lang", "zh")):
        result = run(words[0], str(path), *words[1:])
        assert result.code == 0, result.err
    table = read_workbook(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        assert re.findall(rb'"A:B"', archive.read("xl/worksheets/sheet1.xml")) == [b'"A:B"'] * (" of columns" in kind)
    assert ([row.cells for row in table.rows], len(table.columns.ours)) == ([["1:1", 2.0]], 12)
