"""The documentation runs as tests: Python blocks are executed, console blocks are transcripts of the command line.

A block `console terminal` is what a terminal of 80 columns shows.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

from reapi_rules import RateCard
from reapi_rules.catalog import catalog
from reapi_rules.catalog.files import Folder
from reapi_rules.cli import main
from tests.support.transcripts import difference

ROOT = Path(__file__).parent
LAST_DAY = "2026-07-31"


def pytest_configure() -> None:
    """Hold the built-in prices at the card of July 2026, whose figures tests and pages name."""
    read = catalog._read_cards
    own = catalog.built_in_folder().path

    def until_july(folder: Folder) -> Iterator[RateCard]:
        return (card for card in read(folder) if folder.path != own or card.effective_from <= LAST_DAY)

    catalog._read_cards = until_july


class Terminal(io.TextIOWrapper):
    """A stream that passes for a terminal."""

    def isatty(self) -> bool:
        return True


def run(command: str, stream_type: type[io.TextIOWrapper] = io.TextIOWrapper) -> str:
    """What a command line prints, to both streams, in the project's folder; `; echo $?` adds its exit code."""
    command, _, shows_code = command.partition(";")
    words = shlex.split(command.removeprefix(".venv/bin/"))
    assert words[0] == "reapi-rules", f"transcripts hold reapi-rules commands, not {words[0]}"
    stream = stream_type(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO())
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        plain = patch.dict(os.environ, COLUMNS="80", NO_COLOR="1")
        with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream), plain:
            code = main(words[1:])
            if shows_code:
                print(code)  # noqa: T201  # as the shell would
    finally:
        os.chdir(before)
        sys.stdin = stdin
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


def check_transcript(example: Example) -> str | None:
    """A console block is a transcript."""
    return difference(str(example.parsed), run)


def check_screen(example: Example) -> str | None:
    """A block that shows a terminal."""
    return difference(str(example.parsed), partial(run, stream_type=Terminal))


# Examples need frameworks, and tests/docs/test_examples.py runs them; the settings of the site need Sphinx.
collect_ignore_glob = ["docs/examples/*.py", "docs/conf.py"]

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser(language="console", evaluator=check_transcript),
        CodeBlockParser(language="console terminal", evaluator=check_screen),
        SkipParser(),
    ],
    patterns=["*.md"],
).pytest()
