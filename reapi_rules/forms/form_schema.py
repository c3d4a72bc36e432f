"""JSON Schema 2020-12 of a form: one text a field, as ``Object.fromEntries(new FormData(form))`` gives it.

It says of plain forms what ``preflight_form`` says; several inputs of one name are joined with line ends first.
"""

from __future__ import annotations

from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model, Number, Words
from reapi_rules.forms import patterns
from reapi_rules.forms.schema import DIALECT, MARKS, NAMESPACE, Node, Paths, check_default, publish, schema_map

__all__ = ["form_schema", "form_schema_map"]

_MOST_NUMBERS = 1_000
_JSON_LIST = rf"^{patterns.BLANK}*\["


def form_schema(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The schema of a form's fields as text, as JSON types.

    >>> form_schema()["$id"]
    'https://reapi-rules.example/schemas/form/1'

    Blank fields count as absent, blanks round a value do not count.  Source: section "Request body".
    """
    return _form(default_model, catalog or built_in())[0]


def form_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """Which rule, which code and, where it is another than the instance's, which pointer a schema path stands for."""
    return schema_map(*_form(default_model, catalog or built_in()))


def _form(default_model: str | None, catalog: Catalog) -> tuple[Node, Paths]:
    check_default(default_model, catalog)
    names = list(catalog.models)
    required = [] if default_model else ["model"]
    model = _text("model", (patterns.trimmed(patterns.one_of(names)), "model.unknown"))
    if required:
        model["allOf"].append(_pattern(patterns.FILLED, "model.required"))
    node = {
        "$schema": DIALECT,
        "$id": f"{NAMESPACE}/form/1",
        "title": "A form that asks for images",
        "type": "object",
        "required": required,
        "properties": {"model": model},
        "allOf": [
            {
                "if": {
                    "properties": {"model": {"type": "string", "pattern": _only([name], name == default_model)}},
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
    fields = model.fields
    size = patterns.one_of(fields.size.words, *([patterns.PIXELS] if fields.size.pixels else []))
    resolution = patterns.any_case(fields.resolution.words)
    properties: dict[str, Node] = {
        "prompt": _text(
            "prompt",
            (patterns.FILLED, "prompt.required"),
            (patterns.characters(fields.prompt.max_length), "prompt.max_length"),
        ),
        "size": _text("size", (patterns.trimmed(size), "size.unknown")),
        "resolution": _text("resolution", (patterns.trimmed(resolution), "resolution.unknown")),
        "n": _text("n", *_number(fields.n)),
        "image_urls": _text(
            "image_urls",
            (f"{_JSON_LIST}|{patterns.filled_lines(fields.image_urls.max_items)}", "image_urls.max_items"),
            (f"{_JSON_LIST}|{patterns.url_lines()}", "image_urls.not_http"),
            unlike=(patterns.data_uri_line(), "image_urls.data_uri"),
        ),
        "mask_url": _text(
            "mask_url",
            (f"^{patterns.BLANK}*{patterns.END}|^{patterns.url(patterns.BLANK)}", "mask_url.not_http"),
            unlike=(f"^{patterns.BLANK}*{patterns.DATA_URI.removeprefix('^')}", "mask_url.data_uri"),
        ),
    }
    for name in ("quality", "background", "moderation"):
        takes: Words | None = getattr(fields, name)
        if takes is not None:
            properties[name] = _text(name, (patterns.trimmed(patterns.one_of(takes.words)), f"{name}.unknown"))
    conditions = [_needs_size(model, resolution) for resolution in fields.resolution.needs_size]
    return {
        "properties": {name: properties[name] for name in model.parameters if name in properties},
        "required": ["prompt"],
        "allOf": [*conditions, *([_NEEDS_IMAGE] if fields.mask_url is not None else [])],
        MARKS: {"required": ("prompt.required", "/prompt")},
    }


def _text(name: str, *wanted: tuple[str, str], unlike: tuple[str, str] | None = None) -> Node:
    """A field of text that matches the patterns, each with its rule, and not the last one."""
    return {
        "type": "string",
        "not": {"type": "string", "pattern": patterns.NOT_TEXT},
        "allOf": [
            *(_pattern(pattern, rule) for pattern, rule in wanted),
            *([_unlike(*unlike)] if unlike else []),
        ],
        MARKS: {"type": f"{name}.type", "not": "form.characters"},
    }


def _pattern(pattern: str, rule: str) -> Node:
    return {"pattern": pattern, MARKS: {"pattern": rule}}


def _unlike(pattern: str, rule: str) -> Node:
    return {"not": {"type": "string", "pattern": pattern}, MARKS: {"not": rule}}


def _number(takes: Number) -> tuple[tuple[str, str], ...]:
    """An integer as digits, and one within the bounds; of very wide bounds a pattern can't say the second."""
    digits = "-?[0-9]{1,18}"
    is_integer = (patterns.trimmed(digits), "n.type")
    if takes.maximum - takes.minimum >= _MOST_NUMBERS:
        return (is_integer,)
    allowed = "|".join(
        f"-?0+|{number}" if number == 0 else f"{'-' * (number < 0)}0*{abs(number)}"
        for number in range(takes.minimum, takes.maximum + 1)
    )
    other = f"^(?!{patterns.BLANK}*{digits}{patterns.BLANK}*{patterns.END})"
    return is_integer, (f"{other}|{patterns.trimmed(allowed)}", "n.range")


def _needs_size(model: Model, resolution: str) -> Node:
    rule = ("size.needs_widescreen", "/size")
    given = f"^{patterns.BLANK}*{patterns.any_case([resolution])}{patterns.BLANK}*{patterns.END}"
    return {
        "if": {"properties": {"resolution": {"type": "string", "pattern": given}}, "required": ["resolution"]},
        "then": {
            "properties": {
                "size": {"type": "string", "pattern": _only(model.sizes_at(resolution)), MARKS: {"pattern": rule}}
            },
            "required": ["size"],
            MARKS: {"required": rule},
        },
    }


_MASK_RULE = ("mask_url.needs_image", "/mask_url")
_NEEDS_IMAGE: Node = {
    "if": {"properties": {"mask_url": {"type": "string", "pattern": patterns.FILLED}}, "required": ["mask_url"]},
    "then": {
        "properties": {"image_urls": {"type": "string", "pattern": patterns.FILLED, MARKS: {"pattern": _MASK_RULE}}},
        "required": ["image_urls"],
        MARKS: {"required": _MASK_RULE},
    },
}


def _only(words: Any, may_be_blank: bool = False) -> str:
    """One of the words with blanks round it; a blank text only where that is said."""
    word = patterns.one_of(words) + ("?" if may_be_blank else "")
    return f"^{patterns.BLANK}*{word}{patterns.BLANK}*{patterns.END}"
