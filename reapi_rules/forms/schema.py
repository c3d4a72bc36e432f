"""JSON Schema 2020-12 of a request, generated from the models: for JSON bodies, in browsers and gateways.

The schema is strict in values and open in names: unknown keys pass, optional fields take null.  Beside each keyword
stands the rule that it encodes; the map from schema path to rule id and code is made from these marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model, Words
from reapi_rules.forms import patterns
from reapi_rules.forms.reader import form_rules

__all__ = ["DIALECT", "NAMESPACE", "publish", "request_schema", "request_schema_map"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

NAMESPACE = "https://reapi-rules.example/schemas"
"""What every ``$id`` begins with: a name, not an address; the domain is reserved and never resolves."""

Node = dict[str, Any]
Paths = dict[str, dict[str, Any]]

MARKS = "rules"
"""The key of a node, not of a schema, that says which rule each keyword encodes."""


def request_schema(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The schema of a request body, as JSON types.

    >>> schema = request_schema()
    >>> schema["$id"], schema["properties"]["model"]["enum"]
    ('https://reapi-rules.example/schemas/request/1', ['gpt-image-2-official', 'gpt-image-2'])

    ``default_model`` is the one that the caller applies to a body without any.  Source: section "Request body".
    """
    return _request(default_model, catalog or built_in())[0]


def request_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """Which rule, which code and, where it is another than the instance's, which pointer a schema path stands for.

    >>> request_schema_map()["paths"]["#/allOf/0/then/properties/n/maximum"]
    {'rule': 'n.range', 'code': 20003, 'pointer': None}

    Of several errors with one pointer the one whose path comes first here is the engine's.
    """
    return schema_map(*_request(default_model, catalog or built_in()))


def schema_map(schema: Node, paths: Paths) -> Node:
    """The map of a schema as it is published."""
    return {"format": "reapi-schema-map/1", "schema": schema["$id"], "paths": paths}


def _request(default_model: str | None, catalog: Catalog) -> tuple[Node, Paths]:
    names = list(catalog.models)
    check_default(default_model, catalog)
    absent = [] if default_model is None else [None, ""]
    model: Node = {"type": "string" if default_model is None else ["string", "null"], "enum": [*names, *absent]}
    marks = {"type": "model.type", "enum": "model.unknown"}
    required: list[str] = []
    if default_model is None:
        model["not"] = {"enum": [None, ""]}
        marks = {"not": "model.required", **marks}
        required = ["model"]
    node = {
        "$schema": DIALECT,
        "$id": f"{NAMESPACE}/request/1",
        "title": "A request for images",
        "type": "object",
        "required": required,
        "properties": {"model": {**model, MARKS: marks}},
        "allOf": [
            {
                "if": {
                    "properties": {"model": {"enum": [name, *(absent if name == default_model else [])]}},
                    "required": [] if name == default_model else ["model"],
                },
                "then": _of_model(bound),
            }
            for name, bound in catalog.models.items()
        ],
        MARKS: {"type": "body.object", **({"required": ("model.required", "/model")} if required else {})},
    }
    return publish(node, catalog)


def _of_model(model: Model) -> Node:
    """What a body of one model must be."""
    fields = model.fields
    size_pattern = f"^{patterns.one_of(fields.size.words, patterns.PIXELS)}{patterns.END}"
    properties: dict[str, Node] = {
        "prompt": {
            "type": "string",
            "not": {"const": None},
            "minLength": 1,
            "maxLength": fields.prompt.max_length,
            MARKS: {
                "not": "prompt.required",
                "type": "prompt.type",
                "minLength": "prompt.required",
                "maxLength": "prompt.max_length",
            },
        },
        "size": {
            "type": ["string", "null"],
            "pattern": size_pattern,
            "examples": list(fields.size.words),
            MARKS: {"type": "size.type", "pattern": "size.unknown"},
        }
        if fields.size.pixels
        else _words("size", fields.size.words),
        "resolution": {
            "type": ["string", "null"],
            "pattern": f"^{patterns.any_case(fields.resolution.words)}{patterns.END}",
            "examples": list(fields.resolution.words),
            MARKS: {"type": "resolution.type", "pattern": "resolution.unknown"},
        },
        "n": {
            "type": ["integer", "null"],
            "minimum": fields.n.minimum,
            "maximum": fields.n.maximum,
            MARKS: {"type": "n.type", "minimum": "n.range", "maximum": "n.range"},
        },
        "image_urls": {
            "type": ["array", "null"],
            "maxItems": fields.image_urls.max_items,
            "items": {**_url("image_urls", patterns.URL), "type": "string"},
            MARKS: {"type": "image_urls.type", "maxItems": "image_urls.max_items"},
        },
    }
    for name in ("quality", "background", "moderation"):
        takes: Words | None = getattr(fields, name)
        if takes is not None:
            properties[name] = _words(name, takes.words)
    conditions = [_needs_size(model, resolution) for resolution in fields.resolution.needs_size]
    if fields.mask_url is not None:
        properties["mask_url"] = {
            **_url("mask_url", f"^{patterns.END}|{patterns.URL}"),
            "type": ["string", "null"],
        }
        conditions.append(_NEEDS_IMAGE)
    return {
        "properties": {name: properties[name] for name in model.parameters if name in properties},
        "required": ["prompt"],
        MARKS: {"required": ("prompt.required", "/prompt")},
        **({"allOf": conditions} if conditions else {}),
    }


def _words(name: str, words: tuple[str, ...]) -> Node:
    return {
        "type": ["string", "null"],
        "enum": [*words, None],
        MARKS: {"type": f"{name}.type", "enum": f"{name}.unknown"},
    }


def _url(name: str, pattern: str) -> Node:
    kind = f"{name}.item_type" if name == "image_urls" else f"{name}.type"
    return {
        "not": {"type": "string", "pattern": patterns.DATA_URI},
        "pattern": pattern,
        MARKS: {"type": kind, "not": f"{name}.data_uri", "pattern": f"{name}.not_http"},
    }


def _needs_size(model: Model, resolution: str) -> Node:
    """At this resolution a size is needed, one of a few; it holds neither when the resolution is absent nor wrong."""
    rule = ("size.needs_widescreen", "/size")
    pattern = f"^{patterns.any_case([resolution])}{patterns.END}"
    return {
        "if": {"properties": {"resolution": {"type": "string", "pattern": pattern}}, "required": ["resolution"]},
        "then": {
            "properties": {"size": {"enum": list(model.sizes_at(resolution)), MARKS: {"enum": rule}}},
            "required": ["size"],
            MARKS: {"required": rule},
        },
    }


_MASK_RULE = ("mask_url.needs_image", "/mask_url")
_NEEDS_IMAGE: Node = {
    "if": {"properties": {"mask_url": {"type": "string", "minLength": 1}}, "required": ["mask_url"]},
    "then": {
        "properties": {"image_urls": {"not": {"enum": [None, []]}, MARKS: {"not": _MASK_RULE}}},
        "required": ["image_urls"],
        MARKS: {"required": _MASK_RULE},
    },
}


def check_default(default_model: str | None, catalog: Catalog) -> None:
    """Refuse a default model that the catalog lacks."""
    if default_model is not None and default_model not in catalog.models:
        raise ValueError(f"default_model is one of {', '.join(catalog.models)}, not {default_model!r}")


def publish(node: Node, catalog: Catalog) -> tuple[Node, Paths]:
    """The schema without its marks, and the map that they make, in the order of the rules."""
    rules = {**form_rules(), **catalog.rules}
    order = list(rules)
    found = sorted(_marked(node, "#"), key=lambda mark: order.index(mark[1]))
    paths = {path: {"rule": rule, "code": rules[rule].code, "pointer": pointer} for path, rule, pointer in found}
    schema: Node = _unmarked(node)
    return schema, paths


def _marked(node: Any, path: str) -> Iterator[tuple[str, str, str | None]]:
    if isinstance(node, dict):
        for keyword, mark in node.get(MARKS, {}).items():
            rule, pointer = (mark, None) if isinstance(mark, str) else mark
            yield f"{path}/{keyword}", rule, pointer
        for key, value in node.items():
            if key != MARKS:
                yield from _marked(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _marked(value, f"{path}/{index}")


def _unmarked(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _unmarked(value) for key, value in node.items() if key != MARKS}
    return [_unmarked(value) for value in node] if isinstance(node, list) else node
