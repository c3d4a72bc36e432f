"""The progress bar: on a terminal, for long work, with tqdm; otherwise not a byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reapi_rules.cli import progress


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.csv"
    path.write_text("size,n\n" + "1:1,2\n" * 500)
    return str(path)


def on_terminal(plan: str, *words: str, code: str = "") -> bytes:
    """What the command shows on a terminal that is its standard error."""
    pty = pytest.importorskip("pty", reason="there are no terminals on this platform")
    import fcntl
    import os
    import struct
    import termios

    ours, terminal = pty.openpty()
    fcntl.ioctl(
        terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0)
    )  # a terminal without a size shows no bar
    program = f"import sys; from reapi_rules.cli import main, progress; progress._SECONDS_BEFORE_PROGRESS = 0; {code or 'pass'}; sys.exit(main({['quote', plan, *words]!r}))"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        assert process.stdout is not None
        process.stdout.read()
        seen = b""
        try:
            while part := os.read(ours, 4096):
                seen += part
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return seen


class TestTerminal:
    def test_rows_are_counted(self, plan: str) -> None:
        pytest.importorskip("tqdm", reason="needs tqdm: pip install '.[test-all]'")
        assert b" rows" in on_terminal(plan)
        assert b"500 requests, 0 rejected" in on_terminal(plan)

    def test_not_when_asked_not_to(self, plan: str) -> None:
        assert b" rows" not in on_terminal(plan, "--no-progress")

    def test_nothing_without_the_library(self, plan: str) -> None:
        seen = on_terminal(plan, code="sys.modules['tqdm'] = None")
        assert b" rows" not in seen
        assert b"500 requests" in seen


class TestElsewhere:
    def test_a_pipe_sees_nothing(self, run: Any, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "_SECONDS_BEFORE_PROGRESS", 0.0)
        assert " rows" not in run("quote", plan).err
