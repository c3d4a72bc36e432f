"""Laws of all that the command line says, in whichever test it says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from reapi_rules.catalog import texts
from reapi_rules.cli import COMMANDS, parser_for, said
from reapi_rules.cli.terminal import Line
from reapi_rules.terms.templates import told

LOOKS = ("", "note", "head", "error", "warning", "hint")


@cache
def options() -> set[str]:
    """The options of all commands; not made at import, which no change of the code may break."""
    commands = parser_for(COMMANDS).all_commands()
    return {word.lstrip("-") for each in commands for word in each._option_string_actions}


@pytest.fixture(autouse=True)
def _laws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each text has a key that is known and a language that we have, and each look and each option exists.

    No figure of a text is missing, nor how many it is about.
    """
    broken: list[object] = []
    new = Line.__new__

    def tell(known: Mapping[str, str], language: str, count: int | None = None, **figures: Any) -> str:
        english = known["en"]
        is_known = len(known) > 1 or " " in english or (english.islower() and "_" not in english)
        named = {name: str(figures.get(name)) for name in re.findall(r"\{(\w+)\}", english) if name != "count"}
        is_whole = not any(re.search(r"\bNone\b", value) for value in named.values())
        is_whole &= count is not None or not re.search(r"\||\{count\}", english)
        option = named.get("option", "=").lstrip("-")
        is_known &= "=" in option or option in options()
        if language not in said.LANGUAGES or not is_known or not is_whole:
            broken.append((known, language, figures))
        return told(known, language, count, **figures)

    def line(cls: type[Line], text: str, look: str = "", hang: int | None = None) -> Line:
        if look not in LOOKS:
            broken.append((text, look))
        return new(cls, text, look, hang)

    for module in (said, texts):
        monkeypatch.setattr(module, "told", tell)
    monkeypatch.setattr(Line, "__new__", line)
    yield
    assert broken == []
