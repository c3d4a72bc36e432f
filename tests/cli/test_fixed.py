"""``check --fixed``: the bodies with their patches applied, each change said, and no input ever overwritten."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import Run
from tests.support.examples import EXAMPLES

FOX = '{"model": "gpt-image-2",  "prompt": "a \\u00e9 fox", "aspect_ratio": "16×9", "x": 1e3}'
FIXED = FOX.replace('"aspect_ratio": "16×9"', '"size": "16:9"')
FINE = '{"model":"gpt-image-2","prompt":"a fox"}'
HOPELESS = '{"model": "gpt-image-2", "prompt": "a fox", "n": 9}'
TWICE = '{"custom_id": "a", "body": 1, "body": %s}'
LINE = '{"custom_id": "fox-1", "method": "POST", "body": %s , "url": 1.0}'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fixed(run: Run, name: str, content: str, *words: str) -> tuple[str, Any]:
    Path(name).write_bytes(content.encode())
    result = run("check", name, "--fixed", "fixed", *words)
    return Path("fixed").read_bytes().decode(), result


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        (
            ("a.json", FOX, FIXED),
            ("a.json", f"\ufeff {FOX}\r\n", f"\ufeff {FIXED}\r\n"),
            ("a.json", LINE % FOX, LINE % FIXED),
            ("a.json", f"[ {FOX} ,\n\n{HOPELESS},{LINE % FOX}\t]\n", f"[ {FIXED} ,\n\n{HOPELESS},{LINE % FIXED}\t]\n"),
            ("a.json", "[]", "[]"),
            ("a.json", "{nonsense", "{nonsense"),
            ("a.ndjson", f"{FOX}\r\n\r\n{FINE}\n \nno\n{LINE % FOX}", f"{FIXED}\r\n\r\n{FINE}\n \nno\n{LINE % FIXED}"),
            ("a.ndjson", f"\ufeff{FOX}\n", f"\ufeff{FIXED}\n"),
            ("a.ndjson", "", ""),
            ("a.json", TWICE % FOX, TWICE % FIXED),
        ),
    )  # fmt: skip
    def test_all_other_text_stays_as_it_is(self, run: Run, name: str, content: str, expected: str) -> None:
        assert fixed(run, name, content)[0] == expected

    def test_bytes_that_are_no_text(self, run: Run) -> None:
        Path("a.ndjson").write_bytes(b"\xff\xfe\n" + FOX.encode() + b"\n")
        run("check", "a.ndjson", "--fixed", "fixed")
        assert Path("fixed").read_bytes() == b"\xff\xfe\n" + FIXED.encode() + b"\n"
        Path("a.json").write_bytes(content := HOPELESS.encode().replace(b"a fox", b"\xff"))
        run("check", "a.json", "--fixed", "fixed")
        assert Path("fixed").read_bytes() == content

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
    @given(st.lists(st.sampled_from((FOX, FINE, HOPELESS, LINE % FOX, "", " ", "no", "[1]", "\ufeff"))))
    def test_line_by_line(self, run: Run, lines: list[str]) -> None:
        text, result = fixed(run, "a.ndjson", "\n".join(lines))
        assert text == "\n".join(line.replace(FOX, FIXED) for line in lines)
        changed = sum(FOX in line for line in lines)
        assert f"\nfixed: {2 * changed} changes in {changed} request{'s' * (changed != 1)}" in f"\n{result.err}"


class TestReports:
    def test_for_people(self, run: Run) -> None:
        _, result = fixed(run, "a.ndjson", f"{FOX}\n{HOPELESS}\n")
        assert result.code == 1  # as without --fixed
        assert [line for line in result.out.splitlines() if "fixed " in line] == [
            '  fixed    field.unknown /aspect_ratio: "16×9" -> (absent)',
            '  fixed    field.unknown /size: (absent) -> "16:9"',
            "  unfixed  still rejected, and written as it was: n.range",
        ]
        assert (
            result.err.splitlines()[-2] == "fixed: 2 changes in 1 request; 1 still rejected: no patch fixes all of it"
        )

    def test_partly_fixed(self, run: Run) -> None:
        text, result = fixed(run, "a.json", HOPELESS.replace('"n": 9', '"n": 9, "size": "16×9"'))
        assert '"size": "16:9"' in text
        assert "  unfixed  still rejected: n.range\n" in result.out

    @pytest.mark.parametrize("form", ("json", "ndjson"))
    def test_for_programs(self, run: Run, form: str) -> None:
        _, result = fixed(run, "a.ndjson", f"{FOX}\n{LINE % HOPELESS}\n", "--format", form)
        first, second = json.loads(result.out) if form == "json" else map(json.loads, result.out.splitlines())
        assert first["fixed"] == {
            "ok": True,
            "changes": [
                {"rule": "field.unknown", "pointer": "/aspect_ratio", "old": "16×9"},
                {"rule": "field.unknown", "pointer": "/size", "new": "16:9"},
            ],
        }
        assert (second["custom_id"], second["fixed"]) == ("fox-1", {"ok": False, "changes": []})

    def test_without_it_a_report_is_what_it_was(self, run: Run) -> None:
        Path("a.json").write_text(FOX)
        assert "fixed" not in json.loads(run("check", "a.json", "--format", "json").out)

    @pytest.mark.parametrize("form", ("text", "json", "github"))
    @pytest.mark.parametrize("name", ("a.json", "a.ndjson", "a.csv"))
    def test_but_for_what_is_fixed_all_is_said_as_without_it(self, run: Run, name: str, form: str) -> None:
        lines = (LINE % FOX, LINE % HOPELESS, FINE, '{"prompt": "a fox"}')
        sheet = "Size,n,image_urls,who,Level\n16×9,1,,a,low\n1:1,9,,b,low\n1:1,1,https://a.example/1.png c.png,c,high\n"
        content = {"a.json": f"[{','.join(lines)}]", "a.ndjson": "\n".join(lines), "a.csv": sheet}[name]
        told = fixed(run, name, content, "--format", form)[1]
        plain = run("check", name, "--format", form)
        if form == "json":
            reports = [{key: value for key, value in each.items() if key != "fixed"} for each in json.loads(told.out)]
            assert reports == json.loads(plain.out)
        else:
            own = re.compile(r"  (cell     )?(fixed|unfixed) ")
            assert [line for line in told.out.splitlines() if not own.match(line)] == plain.out.splitlines()
        assert [line for line in told.err.splitlines() if not line.startswith("fixed: ")] == plain.err.splitlines()

    def test_the_bodies_to_standard_output(self, run: Run) -> None:
        Path("a.json").write_text(FOX)
        result = run("check", "a.json", "--fixed", "-", "-o", "report.txt")
        assert result.out == FIXED
        assert "fixed" in Path("report.txt").read_text()
        assert result.err == "the fixed bodies: 2 changes in 1 request\n"


class TestRefusals:
    @pytest.mark.parametrize(
        ("words", "said"),
        (
            (("plan.csv", "--fixed", "out.xlsx"), "--fixed out.xlsx: the fixed sheet stays csv: name it .csv"),
            (("plan.csv", "--fixed", "out.pdf"), "--fixed out.pdf: the fixed sheet stays csv: name it .csv"),
            (("plan.csv", "--from", "tsv", "--fixed", "out.html"), "--fixed out.html: the fixed sheet stays tsv: name it .tsv or .tab"),
            (("a.json", "--fixed", "out.csv"), "--fixed out.csv: the corrected copy stays json: name it .json"),
            *((("plan.xlsx", "--fixed", f"out.{suffix}"), f"--fixed out.{suffix}: the fixed sheet stays xlsx: name it .xlsx")
              for suffix in ("xls", "xlsm", "xlsb", "ods", "html", "pdf", "txt", "csv")),
            (("plan.XLSM", "--fixed", "out.xlsx"), "--fixed out.xlsx: the fixed sheet stays xlsx: name it .xlsm"),
            (("plan.csv", "--account", "a.xlsx"), "--account a.xlsx: this writes json, and no .xlsx"),
            (("plan.ods", "--fixed", "out.ods"), "--fixed is for CSV, TSV, XLSX and XLSM: save the sheet as one of them first"),
            (("plan.csv", "--fixed", "out.csv", "--sheet", "all"), "--fixed writes one sheet: name it with --sheet"),
            (("--fixed", "a.json"), "name a FILE, or - for standard input; see --help"),
            (("a.json", "--fixed", "a.json"), "a.json is an input of this run: choose another name for --fixed"),
            (("a.json", "--fixed", "./link.json"), "./link.json is an input of this run: choose another name for --fixed"),
            (("a.json", "--fixed", "hard.json"), "hard.json is an input of this run: choose another name for --fixed"),
            (("a.json", "--rates", "card.json", "--fixed", "card.json"), "card.json is an input of this run: choose another name for --fixed"),
            (("a.json", "--rates", "card.json", "-o", "card.json"), "card.json is an input of this run: choose another name for -o"),
            (("a.json", "--catalog", ".", "--fixed", "rates/mine.json"), "rates/mine.json is an input of this run: choose another name for --fixed"),
            (("a.json", "--fixed", "-"), "results and --fixed both go to standard output: give each a file of its own"),
            (("a.json", "--fixed", "x", "-o", "./x"), "results and --fixed both go to x: give each a file of its own"),
            (("a.json", "--fixed", "nowhere/x"), "nowhere/x: No such file or directory"),
            (("a.json", "--fixed", ""), "--fixed names no file"),
        ),
    )  # fmt: skip
    def test_say_so_in_a_line_and_write_nothing(self, run: Run, words: tuple[str, ...], said: str) -> None:
        card = (EXAMPLES / "my-card.json").read_bytes()
        Path("rates").mkdir()
        for name, content in (
            ("plan.csv", b"size\n16:9\n"),
            ("a.json", FOX.encode()),
            ("card.json", card),
            ("rates/mine.json", card),
        ):
            Path(name).write_bytes(content)
        os.symlink("a.json", "link.json")
        os.link("a.json", "hard.json")
        before = {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}
        result = run("check", *words)
        assert (result.code, result.out) == (2, "")
        assert result.err.endswith(f"{said}\n")
        assert result.err.count("\n") == 1
        assert {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
