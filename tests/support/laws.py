"""Laws of all that is said to people, in whichever test it is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from reapi_rules.catalog.texts import Told, texts
from reapi_rules.terms.templates import told

__all__ = ["watch"]


def watch(monkeypatch: pytest.MonkeyPatch, modules: Iterable[Any]) -> list[object]:
    """What these modules say that breaks a law, from now on, and what of ``data/errors.json`` does wherever it is said.

    Each text has a key that is known and a language that we have, and no figure in it is missing.
    """
    broken: list[object] = []
    init = Told.__init__

    def check(known: Mapping[str, str], figures: Mapping[str, Any]) -> None:
        english = known["en"]
        is_known = len(known) > 1 or " " in english or (english.islower() and "_" not in english)
        named = [value for name, value in figures.items() if f"{{{name}}}" in english]
        if not is_known or None in named or "None" in named:
            broken.append((known, figures))

    def tell(known: Mapping[str, str], language: str, count: int | None = None, **figures: Any) -> str:
        check(known, figures)
        if language not in ("en", "zh"):
            broken.append((known, language))
        return told(known, language, count, **figures)

    def make(self: Told, key: str, /, count: int | None = None, **figures: Any) -> None:
        init(self, key, count, **figures)
        known = texts("errors").get(key, {"en": key})
        check(known, figures)
        try:
            known["en"].format_map({**figures, "count": count})
        except KeyError as missing:
            broken.append((known, missing))

    for module in modules:
        monkeypatch.setattr(module, "told", tell)
    monkeypatch.setattr(Told, "__init__", make)
    return broken
