"""The data that the JavaScript module reads: what ``data/`` says, without the words that no report has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import msgspec

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.hints import hints
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.messages import LANGUAGES, translation
from reapi_rules.catalog.models import ModelFile
from reapi_rules.catalog.spellings import spellings

__all__ = ["data", "data_module", "literal", "read_source"]

_SAID = ("level", "certainty", "code", "field", "message", "hints", "but", "variants")
"""What of a row of the rules a finding shows."""

_UNREAD = ("format", "source", "endpoints", "default")
"""What of a model's file no report reads."""


_ALIASES = ("roles", "fields", "keys")
"""The tables of other names that bodies are read with; the rest is about sheets."""


def data(catalog: Catalog | None = None) -> dict[str, Any]:
    """All that the module knows, as JSON types.

    >>> sorted(data())[:4]
    ['aliases', 'default_model', 'entries_looked_at', 'expected']
    """
    catalog = catalog or built_in()
    file, known, others = next(iter(catalog.models.values())).rules_file, catalog.known_ids, LANGUAGES[1:]
    names = {language: {name: text[language] for name, text in labels().fields.items()} for language in others}
    return {
        "default_model": catalog.default_model,
        "models": [_model(model.file) for model in catalog.models.values()],
        "rules": {row.id: _row(row) for row in file.rules},
        "expected": file.expected,
        "entries_looked_at": file.entries_looked_at,
        "unknown_fields_named": file.unknown_fields_named,
        "messages": {language: _messages(language, [row.id for row in file.rules]) for language in others},
        "labels": names,
        "hints": _table(hints()),
        "by_value": hints().by_value,
        "spellings": spellings().pieces(),
        "aliases": {name: table for name, table in _table(aliases()).items() if name in _ALIASES},
        "known_ids": {"ids": {id: one.endpoint for id, one in known.ids.items()}, "pages": known.pages},
        "rate_cards": [{**card.to_dict(), "notes": None} for card in catalog.cards],
    }


def data_module(catalog: Catalog | None = None) -> str:
    """The text of ``reapi-rules.data.mjs``."""
    return f"// Generated from data/ of reapi_rules: change it there.\nexport default {literal(data(catalog))};\n"


def literal(value: Any) -> str:
    """JSON types as an expression of JavaScript.

    >>> literal({"a": [1, 2**60]})
    '{"a":[1,1152921504606846976n]}'
    """
    text = json.dumps(_marked(value), ensure_ascii=False, separators=(",", ":"))
    return re.sub(rf'"{_MARK}(-?[0-9]+)"', r"\1n", text)


_MARK = "integer:"
_LARGEST = 2**53 - 1


def _marked(value: Any) -> Any:
    """The value with integers that JavaScript's numbers would round marked as such."""
    if isinstance(value, dict):
        return {name: _marked(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(inner) for inner in value]
    return f"{_MARK}{value}" if type(value) is int and abs(value) > _LARGEST else value


def _model(file: ModelFile) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(file).items() if name not in _UNREAD}


def _messages(language: str, ids: Iterable[str]) -> dict[str, Any]:
    """What another language says of the rules of requests, and of figures that are sentences."""
    file = translation(language)
    return {"expected": file.expected, "rules": {id: _row(file.rules[id]) for id in ids}, "texts": file.texts}


def _row(row: msgspec.Struct) -> dict[str, Any]:
    """What a row says, with what it says otherwise."""
    said = {name: value for name in _SAID if (value := getattr(row, name, None))}
    for otherwise in {"but", "variants"} & said.keys():
        said[otherwise] = {name: _row(part) for name, part in said[otherwise].items()}
    return said


def _table(file: msgspec.Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(file).items() if name not in ("format", "source")}


def read_source(name: str) -> str:
    """A file of this folder."""
    return files("reapi_rules.web").joinpath(name).read_text(encoding="utf-8")
