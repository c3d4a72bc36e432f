"""The scripts that CONTRIBUTING.md names, and those that tests run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["tests.benchmarks"] + [
    f"tests.tools.{path.stem}"
    for path in sorted((ROOT / "tests" / "tools").glob("*.py"))
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", TOOLS)
def test_help_says_what_a_script_does_and_does_not_do_it(module: str) -> None:
    asked = subprocess.run([sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.startswith("usage: ")


def test_contributors_are_told_of_every_script() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`python -m (tests[\w.]+)`", text)
    assert {*named, "tests.tools.purity"} == {*TOOLS}, "a test runs purity"
