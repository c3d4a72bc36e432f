"""A body as JSON, as its schema says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reapi_rules.catalog.models import Condition, Field
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms import patterns
from reapi_rules.forms.writing import Node, Said, Writing, is_open, says, takes_text, words_and_text

__all__ = ["AS_JSON"]

_ABSENT: Node = {"enum": [None, "", []]}
_DATA_URI = {"not": {"type": "string", "pattern": patterns.DATA_URI}}
_TYPES = dict.fromkeys(("text", "word", "size", "url"), "string") | dict.fromkeys(("urls", "list"), "array")


def _plain(field: Field) -> list[Node]:
    kind, null = _TYPES.get(field.kind, field.kind), [] if field.required else ["null"]
    if field.choices:
        return words_and_text(field)
    node: Node = {"type": [kind, *null]} if null else {"type": kind}
    return [{**node, "items": {"type": "string"}}] if field.kind == "urls" else [node]


def _checks(field: Field, rule: Callable[[str], Rule], looked_at: int) -> Iterator[Said]:
    type = _TYPES.get(field.kind, field.kind)
    if field.required:
        yield {"not": {"enum": [None, ""]}}, rule("required")
    yield {"type": type if field.required else [type, "null"]}, rule("type")
    if field.words:
        is_pattern = field.pixel_strings or field.any_case
        pattern = {"pattern": f"^{patterns.words(field)}{patterns.END}"}
        yield pattern if is_pattern else words_and_text(field)[0], rule("unknown")
    if takes_text(field):
        yield {"anyOf": words_and_text(field)}, None
    for keyword, bound, check in (
        ("minLength", field.min_length if field.min_length == 1 else None, "min_length"),
        ("maxLength", field.max_length, "max_length"),
        ("minimum", field.minimum, "range"),
        ("maximum", field.maximum, "range"),
        ("minItems", field.min_items, "min_items"),
        ("maxItems", field.max_items, "max_items"),
    ):
        if bound is not None:
            yield {keyword: bound}, rule(check)
    if field.min_length is not None and field.min_length > 1:
        yield {"pattern": patterns.units(field.min_length)}, rule("min_length")
    if field.kind == "url":
        yield _DATA_URI, rule("data_uri")
        yield {"pattern": f"^{patterns.END}|{patterns.URL}"}, rule("not_http")
    if field.kind == "urls":
        kind, data_uri = ({"type": "string"}, rule("item_type")), (_DATA_URI, rule("data_uri"))
        entries = {"items": says({}, kind, data_uri, ({"pattern": patterns.URL}, rule("not_http")))}
        yield {"if": {"type": "array", "maxItems": looked_at}, "then": entries} if is_open(field) else entries, None


def _given(is_given: bool) -> Node:
    return {"not": _ABSENT} if is_given else _ABSENT


def _one_of(values: tuple[Any, ...], field: Field) -> Node:
    if field.words and field.any_case:
        return {"type": "string", "pattern": f"^{patterns.any_case(values)}{patterns.END}"}
    return {"enum": list(values)}


def _in_doubt(condition: Condition, field: Field) -> Node:
    return {"not": {"type": [_TYPES.get(field.kind, field.kind), "null"]}}


AS_JSON = Writing("request", "A request for images", _plain, _checks, _given, _one_of, _in_doubt)
