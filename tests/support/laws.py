"""Laws of all that is said to people, in whichever test it is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pytest

from reapi_rules.catalog.texts import Told, texts
from reapi_rules.cli import COMMANDS, parser_for
from reapi_rules.cli.said import LANGUAGES
from reapi_rules.terms.templates import told

__all__ = ["watch"]


@cache
def options() -> set[str]:
    """The options of all commands; not made at import, which no change of the code may break."""
    commands = parser_for(COMMANDS).all_commands()
    return {word.lstrip("-") for each in commands for word in each._option_string_actions}


def watch(monkeypatch: pytest.MonkeyPatch, modules: Iterable[Any]) -> list[object]:
    """What these modules say that breaks a law, from now on, and what of ``data/errors.json`` does wherever it is said.

    Each text has a key that is known and a language that we have, and each option exists.  No figure of a text is missing,
    nor how many it is about.
    """
    broken: list[object] = []
    init = Told.__init__

    def check(known: Mapping[str, str], count: int | None, figures: Mapping[str, Any]) -> None:
        english = known["en"]
        is_known = len(known) > 1 or " " in english or (english.islower() and "_" not in english)
        named = {name: str(figures.get(name)) for name in re.findall(r"\{(\w+)\}", english) if name != "count"}
        is_whole = not any(re.search(r"\bNone\b", value) for value in named.values())
        is_whole &= count is not None or not re.search(r"\||\{count\}", english)
        option = named.get("option", "=").strip('-"')
        is_known &= "=" in option or option in options()
        if not is_known or not is_whole:
            broken.append((known, figures))

    def tell(known: Mapping[str, str], language: str, count: int | None = None, **figures: Any) -> str:
        check(known, count, figures)
        if language not in LANGUAGES:
            broken.append((known, language))
        return told(known, language, count, **figures)

    def make(self: Told, key: str, /, count: int | None = None, **figures: Any) -> None:
        init(self, key, count, **figures)
        check(texts("errors").get(key, {"en": key}), count, figures)

    for module in modules:
        monkeypatch.setattr(module, "told", tell)
    monkeypatch.setattr(Told, "__init__", make)
    return broken
