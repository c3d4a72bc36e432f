"""Laws of all that is said to people, in whichever test it is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import pytest

from reapi_rules.catalog.texts import Told, texts
from reapi_rules.cli.said import LANGUAGES
from reapi_rules.terms.templates import told

__all__ = ["watch"]

FIGURES = re.compile(r"\{(\w+)\}")


def watch(
    monkeypatch: pytest.MonkeyPatch, modules: Iterable[Any], options: Callable[[], Collection[str]] | None = None
) -> list[object]:
    """What these modules say that breaks a law, from now on, and what of ``data/errors.json`` does wherever it is said.

    Each text has a key that is known and a language that we have.  No figure of a text is missing, nor how many it is about;
    one without any is a template.  Where options are given, each option exists, there are no templates, and no figure has a
    None inside.
    """
    broken: list[object] = []
    init = Told.__init__

    def check(known: Mapping[str, str], count: int | None, figures: Mapping[str, Any]) -> None:
        english = known["en"]
        is_known = len(known) > 1 or " " in english or (english.islower() and "_" not in english)
        named = [figures.get(name) for name in FIGURES.findall(english) if figures and name != "count"]
        is_whole = None not in named and "None" not in named
        if not is_known or not is_whole or (count is None and re.search(r"\||\{count\}", english)):
            broken.append((known, figures))

    def tell(known: Mapping[str, str], language: str, count: int | None = None, **figures: Any) -> str:
        check(known, count, figures)
        if language not in LANGUAGES:
            broken.append((known, language))
        if options is not None:
            named = [str(figures.get(name)) for name in FIGURES.findall(known["en"]) if name != "count"]
            option = str(figures.get("option", "=")).lstrip("-")
            if any(re.search(r"\bNone\b", each) for each in named) or ("=" not in option and option not in options()):
                broken.append((known, figures))
        return told(known, language, count, **figures)

    def make(self: Told, key: str, /, count: int | None = None, **figures: Any) -> None:
        init(self, key, count, **figures)
        check(texts("errors").get(key, {"en": key}), count, figures)

    for module in modules:
        monkeypatch.setattr(module, "told", tell)
    monkeypatch.setattr(Told, "__init__", make)
    return broken
