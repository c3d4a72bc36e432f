"""An example for each rule: a body that triggers it, made from the model's own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.models import Condition, Field, Model

__all__ = ["example"]

_URL = "https://cdn.example.com/a.png"
_PROMPT = "a fox"


def example(rule: str, catalog: Catalog) -> Any:
    """A body that triggers a rule, as a JSON value, or as text where no JSON can; None for a rule that is not known.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> example("n.range", built_in())
    {'model': 'gpt-image-2-official', 'prompt': 'a fox', 'quality': 'low', 'n': 5}
    """
    if (row := catalog.row(rule)) is not None and row.example is not None:
        return row.example
    for model in sorted(catalog.models.values(), key=lambda model: not model.file.default):
        for own in model.rules():
            if own.id == rule and not _is_out_of_reach(rule, model):
                return _of_model(rule, own.row.rpartition(".")[2], str(own.field), model)
    return None


def _of_model(rule: str, check: str, name: str, model: Model) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model.id}
    for field, takes in model.fields.items():
        if takes.role == "prompt":
            body[field] = _PROMPT
        elif takes.role == "quality":
            body[field] = next(iter(model.billed_words(field)), None)
    constraint = next((each for each in model.file.constraints if each.rule == rule), None)
    if constraint is not None:
        body.pop(name, None)
        for conditions, holds in ((constraint.when, True), (constraint.then or {}, False)):
            for field, condition in conditions.items():
                body[field] = _value(condition, holds, field, model)
    else:
        body[name] = _breaking(check, name, model)
        if check == "mirrors_reference" or model.fields[name].role == "mask":
            body[model.roles["references"]] = [_URL]
        shape = model.roles.get("shape")
        if shape is not None and model.fields[shape].mirrors in body and check != "mirrors_reference":
            body.setdefault(shape, next(iter(model.ratios), None))
    return {field: value for field, value in body.items() if value is not None}


def _is_out_of_reach(rule: str, model: Model) -> bool:
    """Whether a constraint speaks of a word that the model's own list lacks."""
    return any(
        not set(condition.words) <= set(model.fields[name].words)
        for constraint in model.file.constraints
        if constraint.rule == rule
        for name, condition in constraint.when.items()
        if model.fields[name].words
    )


def _value(condition: Condition, holds: bool, name: str, model: Model) -> Any:
    """A value for which a condition holds, or does not; None for one that is not given."""
    field = model.fields[name]
    if condition.at_most is not None:
        return condition.at_most + (not holds)
    words = condition.one_of or ()
    if condition.given is not None and not words:
        return _given(field) if condition.given == holds else None
    if holds:
        return words[0] if words else None
    return next(iter(condition.none_of or (word for word in field.words if word not in words)), None)


def _given(field: Field) -> Any:
    values: Mapping[str, Any] = {
        "urls": [_URL],
        "url": _URL,
        "text": _PROMPT,
        "list": [1],
        "object": {"a": 1},
        "boolean": True,
    }
    return values.get(field.kind, field.words[0] if field.words else field.minimum or 1)


def _breaking(check: str, name: str, model: Model) -> Any:
    """A value that fails a check, or that gets its warning."""
    field = model.fields[name]
    values: Mapping[str, Any] = {
        "type": {"integer": "2", "number": "2", "boolean": "yes", "urls": _URL, "list": "[]", "object": "{}"}.get(
            field.kind, 2
        ),
        "min_length": "a" * ((field.min_length or 1) - 1),
        "max_length": (_PROMPT + " ") * ((field.max_length or 0) // len(_PROMPT) + 1),
        "unknown": "7:5" if field.role == "shape" else "8k" if field.role == "tier" else "hd",
        "range": field.minimum - 1 if field.maximum is None and field.minimum is not None else (field.maximum or 0) + 1,
        "min_items": [],
        "max_items": [_URL] * ((field.max_items or 0) + 1),
        "item_type": 5,
        "data_uri": "data:image/png;base64,AAAA",
        "not_http": "./a.png",
        "malformed": "https://cdn.example.com/a b.png",
        "private_host": "http://localhost/a.png",
        "blank": "   ",
        "utf16_length": "\U0001f98a" * ((field.max_length or 0) // 2 + 1),
        "restates_ratio": f"a {next((word for word in model.ratios if ':' in word), '')} fox",
        "auto_price": next((word for word in field.words if word not in model.ratios), None),
        "snapped": "1000x1000",
        "looks_like_ratio": next((word for word in reversed(model.ratios) if ":" in word), "").replace(":", "x"),
        "integral_float": float(field.default) if type(field.default) is int else 1.0,
        "transparent_downgraded": next(iter(field.downgraded), None),
        "unchecked": _URL,
    }
    value = values.get(check)
    is_entry = field.kind == "urls" and check in ("item_type", "data_uri", "not_http", "malformed", "private_host")
    return [value] if is_entry else value
