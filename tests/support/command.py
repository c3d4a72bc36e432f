"""The command line called as a function."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from reapi_rules.cli import main

__all__ = ["Result", "Run", "caller"]


class Result:
    """What one call printed, and its exit code."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code, self.bytes, self.out, self.err = code, out, out.decode(errors="replace"), err.decode()


Run = Callable[..., Result]


def caller(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """What calls the command line with words and standard input."""

    def call(*words: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(words)
        return Result(code, *capfdbinary.readouterr())

    return call
