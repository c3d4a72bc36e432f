"""The values of a body as JSON, as a schema says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reapi_rules.catalog.models import Condition, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms import patterns
from reapi_rules.forms.marks import Node, all_of, says

__all__ = ["AsJson"]

_ABSENT = [None, "", []]
_TYPES = {
    "text": "string", "word": "string", "size": "string", "url": "string", "integer": "integer", "number": "number",
    "boolean": "boolean", "urls": "array", "list": "array", "object": "object",
}  # fmt: skip
_DATA_URI = {"not": {"type": "string", "pattern": patterns.DATA_URI}}


class AsJson:
    """JSON bodies, for :func:`reapi_rules.forms.schema.request_schema`."""

    name = "request"
    title = "A request for images"

    def model(self, ids: list[str], is_required: bool, rules: Mapping[str, Rule]) -> Node:
        known: list[Any] = ids if is_required else [*ids, None, ""]
        node = says({}, ({"type": "string" if is_required else ["string", "null"]}, rules["model.type"]))
        if is_required:
            says(node, ({"not": {"enum": [None, ""]}}, rules["model.required"]))
        return says(node, ({"enum": known}, rules["model.unknown"]))

    def names(self, id: str, or_none: bool) -> Node:
        return {"enum": [id, None, ""] if or_none else [id]}

    def field(self, name: str, field: Field, model: Model) -> Node:
        parts = ((keywords, model.rule(check, name)) for keywords, check in _checks(field))
        node = says({}, *parts)
        if field.words:
            node["examples"] = list(field.words)
        if field.kind == "urls":
            is_bound = field.max_items is not None and "max_items" not in field.warns
            entries = {"items": _entry(name, model)}
            most = model.rules_file.entries_looked_at
            node |= entries if is_bound else {"if": {"type": "array", "maxItems": most}, "then": entries}
        return node

    def meets(self, condition: Condition, field: Field, is_wanted: bool) -> Node | None:
        type = [_TYPES[field.kind], "null"]
        met = all_of(_meets(condition, field))
        # a value of another type is in error, and then the constraint is silent
        return {"anyOf": [{"not": {"type": type}}, met]} if is_wanted else {"type": type, **met}


def _checks(field: Field) -> Iterator[tuple[Node, str]]:
    """The keywords of a field, and the check that each encodes."""
    type = _TYPES[field.kind]
    if field.required:
        yield {"not": {"enum": [None, ""]}}, "required"
    yield {"type": type if field.required else [type, "null"]}, "type"
    if field.kind in ("word", "size"):
        words = (patterns.any_case if field.any_case else patterns.one_of)(field.words)
        if field.pixel_strings:
            words = f"(?:{words}|{patterns.PIXELS})"
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


def _entry(name: str, model: Model) -> Node:
    return says(
        {},
        ({"type": "string"}, model.rule("item_type", name)),
        (_DATA_URI, model.rule("data_uri", name)),
        ({"pattern": patterns.URL}, model.rule("not_http", name)),
    )


def _meets(condition: Condition, field: Field) -> Iterator[Node]:
    if condition.given is not None:
        yield {"not": {"enum": _ABSENT}} if condition.given else {"enum": _ABSENT}
    if condition.one_of is not None:
        yield _is_one_of(condition.one_of, field)
    if condition.none_of is not None:
        yield {"not": _is_one_of(condition.none_of, field)}
    if condition.at_most is not None:
        yield {"type": ["number", "null"], "maximum": condition.at_most}


def _is_one_of(words: tuple[Any, ...], field: Field) -> Node:
    if field.words and field.any_case:
        return {"type": "string", "pattern": f"^{patterns.any_case(words)}{patterns.END}"}
    return {"enum": list(words)}
