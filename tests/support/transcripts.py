"""Transcripts of the command line: commands, each with what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["difference"]

_AGE = re.compile(r"\d+\s+(days ago|天前)")


def difference(transcript: str, run: Callable[[str], str]) -> str | None:
    """How a `$ command` prints something else than what follows it, up to the next; `...` is any lines."""
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", transcript, re.MULTILINE):
        actual, wanted = (_AGE.sub(r"N \1", text).rstrip() + "\n" for text in (run(command), expected))
        if not re.fullmatch(r"(?:.*\n)*".join(map(re.escape, wanted.split("...\n"))), actual):
            return f"$ {command}\nprints\n{actual}\nand not\n{expected}"
    return None
