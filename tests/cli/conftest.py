"""Laws of all that the command line says, in whichever test it says it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from reapi_rules.catalog import texts
from reapi_rules.cli import COMMANDS, parser_for, said
from reapi_rules.cli.terminal import Line
from tests.support.laws import watch

LOOKS = ("", "note", "head", "error", "warning", "hint")


@cache
def options() -> set[str]:
    """The options of all commands; not made at import, which no change of the code may break."""
    commands = parser_for(COMMANDS).all_commands()
    return {word.lstrip("-") for each in commands for word in each._option_string_actions}


@pytest.fixture(autouse=True)
def _laws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Those of all that is said, and each look exists."""
    broken = watch(monkeypatch, (said, texts), options)
    new = Line.__new__

    def line(cls: type[Line], text: str, look: str = "", hang: int | None = None) -> Line:
        if look not in LOOKS:
            broken.append((text, look))
        return new(cls, text, look, hang)

    monkeypatch.setattr(Line, "__new__", line)
    yield
    assert broken == []
