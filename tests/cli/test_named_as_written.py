"""An output is what its name says, or nothing is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from reapi_rules.catalog.catalog import built_in
from tests.support.workbook_lint import faults

PLAN = "campaign,size,n\nspring,16:9,1\nautumn,1:1,2\n"


def kind(content: bytes) -> str:
    """What a file holds, by its bytes."""
    if content.startswith(b"PK"):
        return "xlsx"
    text = content.decode()
    first = text.splitlines()[0]
    if first.startswith("| "):
        return "md"
    try:
        json.loads(text)
    except ValueError:
        if first.startswith("{"):
            return "ndjson"
        return "tsv" if "\t" in first else "csv" if "," in first and ", " not in first else "txt"
    return "json"


COMMANDS: dict[str, tuple[tuple[str, ...], str]] = {
    "quote": (("quote", "plan.csv"), "csv tsv xlsx json ndjson txt"),
    "quote rows": (("quote", "plan.csv", "--rows"), "csv tsv xlsx json ndjson"),
    "quote by": (("quote", "plan.csv", "--by", "campaign"), "csv tsv xlsx json ndjson md txt"),
    "one": (("quote", "--size", "16:9"), "json ndjson txt"),
    "check": (("check", "plan.csv"), "json ndjson txt"),
    "advise": (("advise", "plan.csv"), "csv tsv xlsx json ndjson txt"),
    "table": (("table", "rates"), "csv tsv xlsx json ndjson md txt"),
    "prices": (("export", "prices"), "csv tsv xlsx json ndjson md txt"),
    "workbook": (("export", "workbook", "--lines", "3"), "xlsx"),
    "schema": (("export", "schema"), "json"),
    "explain": (("explain", "20003"), "json txt"),
    "rates": (("rates", "list"), "csv tsv xlsx json ndjson md txt"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(PLAN)
    return tmp_path


@pytest.mark.parametrize("suffix", ("csv", "tsv", "xlsx", "json", "ndjson", "md", "txt", "ods", "xls", "xlsm", "html"))
@pytest.mark.parametrize("command", COMMANDS)
def test_each(run: Any, folder: Path, command: str, suffix: str) -> None:
    words, writes = COMMANDS[command]
    result = run(*words, "-o", f"out.{suffix}")
    if suffix in writes.split():
        assert result.code in (0, 1), result.err
        found = kind((folder / f"out.{suffix}").read_bytes())
        assert found == suffix or (found, suffix) == ("json", "ndjson") or suffix == "txt"
        assert suffix != "xlsx" or faults((folder / "out.xlsx").read_bytes()) == []
    else:
        assert (result.code, f"-o out.{suffix}: this writes" in result.err) == (2, True), result.err
        assert not (folder / f"out.{suffix}").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_without_a_suffix(run: Any, folder: Path, command: str) -> None:
    words, writes = COMMANDS[command]
    assert run(*words, "-o", "out").code in (0, 1)
    usual = (folder / "out").read_bytes()
    assert kind(usual) in (*writes.split(), "txt")
    if "ndjson" in writes:
        assert run(*words, "--format", "ndjson", "-o", "other.d.out").code in (0, 1)
        assert kind((folder / "other.d.out").read_bytes()) in ("json", "ndjson")


def test_a_name_that_is_nothing_but_a_suffix(run: Any, folder: Path) -> None:
    """As a script writes it whose variable is empty."""
    for name in (".xlsx", ".json", ".hidden"):
        assert run("quote", "plan.csv", "-o", name).code == 0
    assert [kind((folder / name).read_bytes()) for name in (".xlsx", ".json", ".hidden")] == ["xlsx", "json", "csv"]


def test_a_name_and_a_format_that_do_not_agree(run: Any, folder: Path) -> None:
    result = run("quote", "plan.csv", "-o", "out.xlsx", "--format", "csv")
    assert (result.code, "-o out.xlsx and --format csv do not agree: leave one of them out" in result.err) == (2, True)
    assert run("quote", "plan.csv", "-o", "out.ods", "--format", "csv").code == 2
    assert run("quote", "plan.csv", "-o", "out.jsonl", "--format", "ndjson").code == 0


def test_totals_as_a_workbook(run: Any, folder: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert run("quote", "plan.csv", "--by", "campaign", "-o", "out.xlsx").code == 0
    page = openpyxl.load_workbook("out.xlsx").active
    assert [cell.value for cell in page[2]] == ["spring", 1, 0, 0, 214, 214, 0.214]
    assert faults((folder / "out.xlsx").read_bytes()) == []


@pytest.mark.parametrize(
    "words",
    (
        "quote plan.csv", "quote plan.csv --as-of 2020-01-01", "quote plan.csv --by campaign", "table rates", "rates list",
        "export prices", "export workbook", "export workbook --as-of 2020-01-01",
    ),
)  # fmt: skip
def test_the_same_input_is_the_same_workbook_on_any_day(run: Any, folder: Path, words: str) -> None:
    pytest.importorskip("xlsxwriter")
    assert run(*words.split(), "-o", "out.xlsx").code == 0
    with ZipFile("out.xlsx") as book:
        made = re.findall("<dcterms.*?>([0-9-]{10})T", book.read("docProps/core.xml").decode())
    assert made in (["1980-01-01"] * 2, *([card.checked_on] * 2 for card in built_in().cards))


def test_a_long_text_is_wrapped_and_its_row_is_as_high_as_a_row_can_be(run: Any, folder: Path) -> None:
    """Else it runs on over the page, which is then printed too small to read."""
    openpyxl = pytest.importorskip("openpyxl")
    for length, height in ((100, 30), (30_000, 405)):
        name = "spring " * (length // 7)
        (folder / "long.csv").write_text(f"campaign,size,{name}\n{name},1:1,\n")
        for words in (("--by", "campaign"), ()):
            assert run("quote", "long.csv", *words, "-o", "out.xlsx").code == 0
            assert faults((folder / "out.xlsx").read_bytes()) == []
            if words:
                page = openpyxl.load_workbook("out.xlsx").active
                assert (page["A2"].alignment.wrap_text, page.row_dimensions[2].height) == (True, height)
