"""The progress of a long run: on a terminal, by rich or in plain text; otherwise not a byte."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reapi_rules.cli import progress
from tests.support.command import Run

ROWS = 600
NO_RICH = "sys.modules['rich'] = None"
BODY = {"model": "gpt-image-2", "prompt": "a fox"}


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.csv"
    path.write_text("size,n\n" + "1:1,2\n" * ROWS)
    return str(path)


@pytest.fixture
def bodies(tmp_path: Path) -> str:
    path = tmp_path / "bodies.ndjson"
    path.write_text(f"{json.dumps(BODY)}\n" * ROWS)
    return str(path)


class Screen(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def on_terminal(*words: str, code: str = "pass") -> bytes:
    """What the command shows on a terminal that is its standard error."""
    pty = pytest.importorskip("pty", reason="there are no terminals on this platform")
    import fcntl
    import os
    import struct
    import termios

    ours, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    program = f"import sys; from reapi_rules.cli import main, progress; progress._SECONDS_BEFORE_PROGRESS = 0; {code}; sys.exit(main({list(words)!r}))"
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=terminal, env=environment
    ) as process:
        os.close(terminal)
        assert process.stdout is not None
        seen = b""
        process.stdout.read()
        try:
            while part := os.read(ours, 4096):
                seen += part
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return seen


class TestTerminal:
    def test_a_bar_by_rich(self, plan: str) -> None:
        pytest.importorskip("rich", reason="needs rich: pip install '.[test-all]'")
        seen = on_terminal("quote", plan)
        assert "━".encode() in seen
        assert re.search(rb"(256|512) rows", seen)
        assert b"600 requests, 0 rejected" in seen

    def test_a_count_without(self, plan: str) -> None:
        seen = on_terminal("quote", plan, code=NO_RICH)
        assert b"\r256 rows\r512 rows\r" + b" " * 24 + b"\r" in seen
        assert b"600 requests, 0 rejected" in seen

    def test_not_when_asked_not_to(self, plan: str) -> None:
        assert b" rows" not in on_terminal("quote", plan, "--no-progress")

    def test_a_short_run_shows_none(self, plan: str) -> None:
        assert b" rows" not in on_terminal("quote", plan, code="progress._SECONDS_BEFORE_PROGRESS = 60")

    @pytest.mark.parametrize(
        "words",
        (
            ("quote", "{plan}", "--by", "model"),
            ("quote", "{bodies}"),
            ("quote", "{bodies}", "--format", "json"),
            ("check", "{plan}"),
            ("check", "{bodies}", "--fixed", "{folder}/fixed.ndjson"),
            ("advise", "{plan}", "--format", "csv"),
            ("advise", "{bodies}"),
            ("reconcile", "{bodies}", "{answers}"),
            ("rates", "diff", "reapi-2026-07-28", "reapi-2026-07-28", "{plan}"),
        ),
        ids=" ".join,
    )
    def test_every_long_run_is_counted(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], plan: str, bodies: str, tmp_path: Path
    ) -> None:
        answers = tmp_path / "answers.ndjson"
        answers.write_text("")
        given = {"plan": plan, "bodies": bodies, "answers": str(answers), "folder": str(tmp_path)}
        monkeypatch.setattr(progress, "_SECONDS_BEFORE_PROGRESS", 0.0)
        monkeypatch.setitem(sys.modules, "rich.console", None)
        monkeypatch.setattr(sys, "stderr", screen := Screen(io.BytesIO(), encoding="utf-8"))
        assert run(*(word.format_map(given) for word in words)).code in (0, 1)
        shown = screen.buffer.getvalue()  # type: ignore[attr-defined]  # what was written at once, and not at the end
        assert b"\r256 rows\r512 rows\r" + b" " * 24 + b"\r" in shown

    def test_by_rich_in_this_process(self, run: Run, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("rich", reason="needs rich: pip install '.[test-all]'")
        monkeypatch.setattr(progress, "_SECONDS_BEFORE_PROGRESS", 0.0)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys, "stderr", screen := Screen(io.BytesIO(), encoding="utf-8"))
        assert run("quote", plan, "-o", f"{plan}.out.csv").code == 0
        screen.flush()
        shown = screen.buffer.getvalue().decode()  # type: ignore[attr-defined]  # bytes in memory
        assert re.search(r"━ 512 rows 0:00:\d\d\n", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown))
        assert "\x1b[1A\x1b[2Kheader in row 1" in shown, "the bar is gone at the end"

    @pytest.mark.parametrize(
        ("words", "is_counted"),
        (
            ("quote {plan} --format csv", False), ("quote {plan}", True), ("quote {plan} --format csv -o {plan}.csv", True),
            ("quote {plan} --format text", False), ("check {plan}", False), ("advise {bodies}", False), ("check {bodies} -o {plan}.txt", True),
        ),
    )  # fmt: skip
    def test_not_between_results_on_the_same_terminal(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, words: str, is_counted: bool, plan: str, bodies: str
    ) -> None:
        monkeypatch.setattr(progress, "_SECONDS_BEFORE_PROGRESS", 0.0)
        monkeypatch.setitem(sys.modules, "rich.console", None)
        monkeypatch.setattr(sys, "stdout", screen := Screen(io.BytesIO(), encoding="utf-8"))
        monkeypatch.setattr(sys, "stderr", screen)
        assert run(*words.format(plan=plan, bodies=bodies).split()).code == 0
        screen.flush()
        assert (b"512 rows" in screen.buffer.getvalue()) is is_counted  # type: ignore[attr-defined]  # bytes in memory


class TestElsewhere:
    def test_a_pipe_sees_nothing(self, run: Any, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "_SECONDS_BEFORE_PROGRESS", 0.0)
        assert " rows" not in run("quote", plan).err

    def test_the_count_is_gone_when_a_run_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "_SECONDS_BEFORE_PROGRESS", 0.0)
        said: list[str] = []
        monkeypatch.setattr(progress, "_write", said.append)
        monkeypatch.setitem(sys.modules, "rich.console", None)

        def failing() -> Any:
            yield from range(300)
            raise KeyError("gone")

        with pytest.raises(KeyError, match="gone"):
            list(progress._counted(failing()))
        assert said == ["\r256 rows", f"\r{'':24}\r"]
