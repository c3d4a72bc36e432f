"""The core is pure: no socket, subprocess, written file, clock, chance or environment, whatever of it is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def seen() -> Any:
    program = Path(__file__).parents[1] / "tools" / "purity.py"
    paths = os.pathsep.join([str(program.parents[2]), *sys.path])
    run = subprocess.run(
        [sys.executable, "-W", "error", program],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


class TestPurity:
    """What ``purity.py`` saw."""

    def test_the_core_reaches_for_nothing(self, seen: Any) -> None:
        assert seen["core"] == []

    def test_the_core_prints_nothing(self, seen: Any) -> None:
        assert seen["printed"] == ""

    def test_every_public_function_was_used(self, seen: Any) -> None:
        assert seen["unused"] == [], "give it an example in its docstring, or use it in purity.use_the_rest"

    def test_nothing_impure_goes_unseen(self, seen: Any) -> None:
        assert seen["unseen"] == []
