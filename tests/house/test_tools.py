"""The scripts that CONTRIBUTING.md names, and those that tests run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if re.search(r'^if __name__ == "__main__":', path.read_text(encoding="utf-8"), re.MULTILINE)
]
RUN_BY_OTHERS = {"tests.tools.purity", "tests.benchmarks.floor", "tests.support.live_acts"}


@pytest.mark.parametrize("module", TOOLS)
def test_help_says_what_a_script_does_and_does_not_do_it(module: str) -> None:
    asked = subprocess.run([sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.startswith("usage: ")


@pytest.mark.parametrize(
    "words",
    (
        ("tests.tools.fuzz", "nothing"),
        ("tests.tools.fuzz", "cards", "--minutes", "0"),
        ("tests.tools.mutation", "nothing"),
        ("tests.tools.mutation", "--sample", "0"),
        ("tests.tools.cold_threads", "--processes", "0"),
        ("tests.benchmarks", "--only", "nothing"),
        ("tests.benchmarks.floor",),
        ("tests.support.live_acts",),
    ),
    ids=" ".join,
)
def test_a_script_with_nothing_to_do_says_so_and_fails(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert re.search("nothing|no |usage: ", done.stdout + done.stderr)
    assert "Traceback" not in done.stderr


def test_the_whole_check_has_help() -> None:
    done = subprocess.run(["bash", ROOT / ".ci" / "run", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout.splitlines()[-1]) == (0, "", "usage: .ci/run")


def test_contributors_are_told_of_every_script() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`python -m (tests[\w.]+)`", text)
    assert {*named} | RUN_BY_OTHERS == {*TOOLS}
