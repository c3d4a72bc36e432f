"""Laws of all that the command line says, in whichever test it says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from reapi_rules.catalog import texts
from reapi_rules.cli import said
from reapi_rules.cli.terminal import Line
from reapi_rules.terms.templates import told

LOOKS = ("", "note", "head", "error", "warning", "hint")


@pytest.fixture(autouse=True)
def _laws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each text has a key that is known and a language that we have, no figure in it is missing, and each look exists."""
    broken: list[object] = []
    new = Line.__new__

    def tell(known: Mapping[str, str], language: str, count: int | None = None, **figures: Any) -> str:
        english = known["en"]
        is_known = len(known) > 1 or " " in english or (english.islower() and "_" not in english)
        named = [value for name, value in figures.items() if f"{{{name}}}" in english]
        if language not in said.LANGUAGES or not is_known or None in named or "None" in named:
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
