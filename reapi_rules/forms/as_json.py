"""A body as JSON, as its schema says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reapi_rules.catalog.models import Condition, Field
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms import patterns
from reapi_rules.forms.writing import Check, Node, Writing, is_open, says

__all__ = ["AsJson"]

_ABSENT = {"enum": [None, "", []]}
_DATA_URI = {"not": {"type": "string", "pattern": patterns.DATA_URI}}
_TYPES = dict.fromkeys(("text", "word", "size", "url"), "string") | dict.fromkeys(("urls", "list"), "array")


class AsJson(Writing):
    """JSON bodies."""

    name = "request"
    title = "A request for images"

    def checks(self, field: Field, looked_at: int) -> Iterator[Check]:
        type = _TYPES.get(field.kind, field.kind)
        if field.required:
            yield {"not": {"enum": [None, ""]}}, "required"
        yield {"type": type if field.required else [type, "null"]}, "type"
        if field.kind in ("word", "size"):
            words = patterns.words(field)
            is_pattern = field.pixel_strings or field.any_case
            yield {"pattern": f"^{words}{patterns.END}"} if is_pattern else {"enum": [*field.words, None]}, "unknown"
        if field.kind == "url":
            yield _DATA_URI, "data_uri"
            yield {"pattern": f"^{patterns.END}|{patterns.URL}"}, "not_http"
        if field.min_length is not None and field.min_length > 1:
            yield {"pattern": patterns.units(field.min_length)}, "min_length"
        for keyword, bound, check in (
            ("minLength", field.min_length if field.min_length == 1 else None, "min_length"),
            ("maxLength", field.max_length, "max_length"),
            ("minimum", field.minimum, "range"),
            ("maximum", field.maximum, "range"),
            ("minItems", field.min_items, "min_items"),
            ("maxItems", field.max_items, "max_items"),
        ):
            if bound is not None:
                yield {keyword: bound}, check

    def given(self, is_given: bool) -> Node:
        return {"not": _ABSENT} if is_given else _ABSENT

    def one_of(self, values: tuple[Any, ...], field: Field) -> Node:
        if field.words and field.any_case:
            return {"type": "string", "pattern": f"^{patterns.any_case(values)}{patterns.END}"}
        return {"enum": list(values)}

    def in_doubt(self, condition: Condition, field: Field) -> Node:
        return {"not": {"type": [_TYPES.get(field.kind, field.kind), "null"]}}

    def field(self, field: Field, rule: Callable[[str], Rule], looked_at: int) -> Node:
        node = super().field(field, rule, looked_at)
        if field.words and "enum" not in node:
            node["examples"] = list(field.words)
        if field.kind == "urls":
            entry = ({"type": "string"}, rule("item_type")), (_DATA_URI, rule("data_uri"))
            entries = {"items": says({}, *entry, ({"pattern": patterns.URL}, rule("not_http")))}
            node |= {"if": {"type": "array", "maxItems": looked_at}, "then": entries} if is_open(field) else entries
        return node
