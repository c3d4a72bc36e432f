"""What other programs ask of the command line: annotations for GitHub, a hook for pre-commit, completion for shells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.cli import COMMANDS, parser_for
from reapi_rules.cli.check import github_lines
from reapi_rules.cli.options import suffix_format
from reapi_rules.cli.requests import Entry
from reapi_rules.cli.said import Place
from tests.support.command import Run
from tests.support.schema_tools import ROOT

GOOD = {"model": "gpt-image-2", "prompt": "a fox"}
BAD = {"model": "gpt-image-2", "prompt": "a fox", "n": 2, "seed": 1}
ANNOTATION = re.compile(r"::(error|warning) ((?:\w+=[^,:]*,?)+)::(.*)")


def plain(text: str) -> str:
    """What GitHub makes of an escaped text."""
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: chr(int(match[1], 16)), text)


def read(line: str) -> tuple[str, dict[str, str], str]:
    found = ANNOTATION.fullmatch(line)
    assert found is not None, line
    pairs = (pair.split("=", 1) for pair in found[2].split(","))
    return found[1], {key: plain(value) for key, value in pairs}, plain(found[3])


class TestGithub:
    def test_lines(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "a,b:c.ndjson"
        path.write_text(f"{json.dumps(GOOD)}\n\n{json.dumps(BAD)}\n")
        result = run("check", str(path), "--format", "github")
        assert result.code == 1
        place = {"file": str(path), "line": "3"}
        assert [read(line) for line in result.out.splitlines()] == [
            (
                "error",
                {**place, "title": "line 3: n.range (20003)"},
                "n must be 1; split it into 2 requests: 1 + 1, 60 credits in all",
            ),
            (
                "warning",
                {**place, "title": "line 3: field.unknown"},
                'unknown field "seed" is ignored; leave it out: this model has no such parameter',
            ),
        ]

    def test_a_sheet_has_rows_and_no_lines(self, run: Run) -> None:
        lines = run("check", "docs/examples/first-plan.csv", "--format", "github").out.splitlines()
        assert [read(line)[1] for line in lines] == [
            {"file": "docs/examples/first-plan.csv", "title": title}
            for title in (
                "row 2: size.needs_widescreen (20003)",
                "row 3: quality.auto_bills_high",
                "row 5: n.range (20003)",
            )
        ]

    def test_in_chinese_a_place_is_too(self, run: Run) -> None:
        words = ("check", "docs/examples/first-plan.csv", "--format", "github", "--lang", "zh")
        assert read(run(*words).out.splitlines()[0])[1]["title"] == "第 2 行: size.needs_widescreen (20003)"

    def test_a_column_of_another_name_is_named(self, run: Run) -> None:
        (line,) = run("check", "docs/examples/from-a-spreadsheet.csv", "--format", "github").out.splitlines()
        assert read(line)[1]["title"] == 'row 4: size.unknown (20003), column B "Aspect ratio"'

    def test_a_note_is_none(self) -> None:
        report = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "auto"})
        assert [(finding.rule, finding.level) for finding in report.warnings] == [
            ("size.auto_price", "note"), ("quality.auto_bills_high", "warning"),
        ]  # fmt: skip
        (line,) = github_lines(Entry(Place("x"), report))
        assert read(line)[1]["title"] == "x: quality.auto_bills_high"

    def test_standard_input_has_no_file(self, run: Run) -> None:
        (line, _) = run("check", "-", "--format", "github", stdin=json.dumps(BAD).encode()).out.splitlines()
        assert read(line)[1] == {"title": "standard input: n.range (20003)"}

    def test_with_strict_a_warning_of_an_accepted_request_is_an_error(self) -> None:
        warned, rejected = preflight({**GOOD, "seed": 1}), preflight(BAD)
        assert [read(line)[0] for line in github_lines(Entry(Place("x"), warned), is_strict=True)] == ["error"]
        assert [read(line)[0] for line in github_lines(Entry(Place("x"), rejected), is_strict=True)] == [
            "error",
            "warning",
        ]

    @given(st.text(max_size=30), st.text(max_size=30))
    @example("-", "")
    @example("-a-", "")
    def test_any_text_stays_in_its_place(self, file: str, where: str) -> None:
        (line, _) = github_lines(Entry(Place(file, "line", 7, name=where), preflight(BAD)))
        assert "\n" not in line
        assert "\r" not in line
        found = read(line)[1]
        assert found == {
            **({"file": file} if file not in ("", "-") else {}),
            "line": "7",
            "title": f"{where} (line 7): n.range (20003)" if where else "line 7: n.range (20003)",
        }


class TestPreCommit:
    TEXT = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")

    def test_the_hook_runs_a_command(self) -> None:
        (entry,) = re.findall(r"^  entry: reapi-rules (.*)$", self.TEXT, re.MULTILINE)
        files = ["docs/examples/castle.json", "docs/examples/campaign.csv"]
        assert parser_for([entry]).parse_args([entry, *files]).file == files

    def test_its_files_are_read_by_it(self) -> None:
        (pattern,) = re.findall(r"^  files: (.*?)(?: #.*)?$", self.TEXT, re.MULTILINE)
        for suffix in ("json", "jsonl", "ndjson", "csv", "tsv"):
            assert re.search(pattern, f"plans/reapi/may.{suffix}")
            assert suffix_format(f"may.{suffix}")
        assert not re.search(pattern, "package.json")

    def test_the_manifest_is_valid(self) -> None:
        pytest.importorskip("pre_commit", reason="needs pre-commit: pip install '.[test-all]'")
        words = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
        assert subprocess.run(words, check=False).returncode == 0


class TestCompletion:
    def test_without_shtab_it_says_what_to_install(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "shtab", None)
        result = run("completion", "bash")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(
            'reapi-rules: completion needs shtab: in your clone, run pip install ".[completion]"'
        )

    @pytest.mark.parametrize("shell", ("bash", "zsh", "tcsh"))
    def test_every_command_is_in_the_script(self, shell: str, run: Run) -> None:
        pytest.importorskip("shtab", reason="needs shtab: pip install '.[test-all]'")
        script = run("completion", shell).out
        assert all(name in script for name in COMMANDS)

    @pytest.mark.parametrize(
        ("typed", "offered"),
        (
            ("comp", "completion"),
            ("quote --max-c", "--max-credits"),
            ("rates li", "list lint"),
            ("check camp", "campaign.csv"),
        ),
    )
    def test_bash_completes(self, typed: str, offered: str, run: Run, tmp_path: Path) -> None:
        pytest.importorskip("shtab", reason="needs shtab: pip install '.[test-all]'")
        bash = shutil.which("bash")
        if bash is None:
            pytest.skip("needs bash")
        script = tmp_path / "script"
        script.write_bytes(run("completion", "bash").bytes)
        count = len(typed.split())
        words = f"source {script}; COMP_WORDS=(reapi-rules {typed}); COMP_CWORD={count}; _shtab_reapi_rules; echo ${{COMPREPLY[@]}}"
        done = subprocess.run(
            [bash, "-c", words], cwd=ROOT / "docs/examples", capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == offered.split()
