"""The engine for front ends: a JavaScript module without dependencies, which gives the same reports as Python.

``reapi-rules.mjs`` interprets the same data; ``reapi-rules.data.mjs`` is made from it, or from your own catalog.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files
from itertools import groupby
from typing import Any

import msgspec

from reapi_rules import __version__
from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.hints import hints
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.messages import LANGUAGES, translation
from reapi_rules.catalog.models import ModelFile
from reapi_rules.catalog.rates import RateCard
from reapi_rules.catalog.rules import RulesFile
from reapi_rules.catalog.spellings import inverted, spellings
from reapi_rules.terms.spelling import fold

__all__ = ["module_files"]

_PACKAGE = {
    "name": "reapi-rules",
    "version": __version__,
    "description": "Decide offline whether reAPI takes an image request, which pixels it gives and what it costs.",
    "license": "MIT",
    "type": "module",
    "sideEffects": False,
    "exports": {".": {"types": "./reapi-rules.d.mts", "default": "./reapi-rules.mjs"}},
}

_SAID = ("level", "certainty", "code", "field", "message", "hints", "but", "variants")
"""What of a row of the rules a finding shows."""

_UNREAD = ("format", "source", "endpoints", "default", "title")
"""What of a model's file no report reads, or what says no more than its id."""


def data(catalog: Catalog | None = None) -> dict[str, Any]:
    """All that the module knows, as JSON types.

    >>> sorted(data())[:4]
    ['aliases', 'default_model', 'entries_looked_at', 'expected']
    """
    catalog = chosen(catalog)
    file, known, others = RulesFile.read("rules.json"), catalog.known_ids, LANGUAGES[1:]
    runs = groupby(known.ids, key=lambda id: known.ids[id].endpoint)
    names = aliases()
    return {  # what is alike is side by side, so that it is packed well
        "expected": file.expected,
        "rules": {row.id: _row(row) for row in file.rules},
        "entries_looked_at": file.entries_looked_at,
        "messages": {language: _messages(language, [row.id for row in file.rules]) for language in others},
        "default_model": catalog.default_model,
        "models": [_model(model.file) for model in catalog.models.values()],
        "labels": {language: {name: text[language] for name, text in labels().fields.items()} for language in others},
        "unknown_fields_named": file.unknown_fields_named,
        "spellings": spellings().pieces(),
        "hints": _hints(),
        "aliases": {name: sorted({*map(fold, names.of(name))}) for name in (*names.roles, *names.fields, *names.keys)},
        "known_ids": {"ids": [(page, list(ids)) for page, ids in runs], "pages": known.pages},
        "rate_cards": [{**card_data(card), "source": "reAPI"} for card in catalog.cards],
    }


def data_module(catalog: Catalog | None = None) -> str:
    """The text of ``reapi-rules.data.mjs``."""
    return f"// Generated from data/ of reapi_rules.\nexport default {literal(data(catalog))};\n"


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


def card_data(card: RateCard) -> dict[str, Any]:
    """A rate card without its notes, its cells in the same order as those of others: so they are packed together."""
    said = {name: value for name, value in card.to_dict().items() if name != "notes"}
    prices = {model: dict(sorted(cells.items())) for model, cells in sorted(said["usd_per_image"].items())}
    return {**said, "usd_per_image": prices}


def _hints() -> dict[str, Any]:
    """What values and names may mean, by what they mean, with names as they are compared."""
    known = hints()
    return {
        "near": {role: inverted(table) for role, table in known.near.items()},
        "near_names": inverted(known.roles_near),
        "by_value": inverted({name: " ".join(roles) for name, roles in known.by_value.items()}),
        "kinds": inverted(known.kinds),
        **{
            name: getattr(known, name)
            for name in ("id_words", "edges", "address_keys", "format_reason", "number_reason")
        },
    }


def _model(file: ModelFile) -> dict[str, Any]:
    said = {name: value for name, value in msgspec.to_builtins(file).items() if name not in _UNREAD}
    for field in said["fields"].values():  # a default that is not certain says only which word is billed as another
        if "default_certain" in field and "bills_as" not in field:
            del field["default_certain"]
            field.pop("default", None)
    return said if file.title == file.id else {**said, "title": file.title}


def _messages(language: str, ids: Iterable[str]) -> dict[str, Any]:
    """What another language says of the rules of requests, and of figures that are sentences."""
    file = translation(language)
    return {"expected": file.expected, "rules": {id: _row(file.rules[id]) for id in ids}, "texts": file.texts}


def _row(row: msgspec.Struct) -> dict[str, Any]:
    """What a row says, with what it says otherwise."""
    said = {name: value for name in _SAID if (value := getattr(row, name, None))}
    if "hints" in said:
        said["hints"] = [hint for hint in said["hints"] if "Python" not in hint]  # of its types
    for otherwise in {"but", "variants"} & said.keys():
        said[otherwise] = {name: _row(part) for name, part in said[otherwise].items()}
    return said


def read_source(name: str) -> str:
    """A file of this folder."""
    return files("reapi_rules.web").joinpath(name).read_text(encoding="utf-8")


def compact(code: str) -> str:
    """JavaScript without what a browser has to load in vain: comments, short lines, blanks, the last semicolons.

    No text in the code has such a sign between blanks, and only templates have commas between words; what people read
    is in the data.
    """
    listed = _PLAIN.sub(lambda line: _LISTED.sub("", line[0]), code)
    bare = _WRAPPED.sub("", _INDENTED.sub("", _COMMENTS.sub(r"\1", listed)))
    return _KEYED.sub(r"\1", _APART.sub(r"\1", bare))


_COMMENTS = re.compile(r"^ *(?:/\*\*.*?\*/|//[^\n]*)\n|(;) // [^\n]*$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^\s+", re.MULTILINE)
_APART = re.compile(r" ([?:]|=|=>|[=!]==|\?\?|&&|\|\||[<>+]=|[<>%-]) |(?<=\)) (?=\{)|(?<=\bif) (?=\()|(?<=\{) | (?=\})")
_PLAIN = re.compile("^[^`\n]*$", re.MULTILINE)
_LISTED = re.compile(r"(?<=[\w\])}\"],) (?=[\w\[({.])")
_KEYED = re.compile(r"(?<=[{,])(\w+:) (?=[\w\[({.!\"])")
_WRAPPED = re.compile(r"(?<=[({}\[,=>;])\n|[,;]?\n(?=[)}\]])|\n(?=[.?:&|])")


def module_files(*, catalog: Catalog | None = None) -> dict[str, str]:
    """The text of each file of the module, by its name: the code, its data, its types and a ``package.json``.

    What is said of what is exported is in the types.

    >>> list(module_files())
    ['reapi-rules.mjs', 'reapi-rules.data.mjs', 'reapi-rules.d.mts', 'package.json']
    """
    code = compact(read_source("reapi-rules.mjs"))
    return {
        "reapi-rules.mjs": f"// reapi-rules {__version__}: {_PACKAGE['description']}\n{code}",
        "reapi-rules.data.mjs": data_module(catalog),
        "reapi-rules.d.mts": read_source("reapi-rules.d.mts"),
        "package.json": json.dumps(_PACKAGE, indent=2) + "\n",
    }
