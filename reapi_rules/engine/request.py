"""For a request without errors: the values that the gateway will use, and the body to send.

Source: section "Request body" of the page (defaults, and what happens when size is omitted).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.engine.body import Source, items, value_of
from reapi_rules.terms.values import escape, integer, shorten, shown_value

__all__ = ["Mode", "effective", "mode_of", "payload"]

Mode = Literal["text_to_image", "image_to_image", "inpainting"]


def effective(given: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """The fields that the gateway will use, in the file's order, with the defaults that are certain filled in.

    What mirrors a reference is None.
    """
    used: dict[str, Any] = {"model": model.id}
    for name, field in model.fields.items():
        value = given.get(name)
        if value is None or (value == "" and field.kind == "url"):
            if field.default is msgspec.UNSET or not field.default_certain:
                continue
            is_mirrored = field.mirrors is not None and given.get(field.mirrors) not in (None, "", [])
            used[name] = None if is_mirrored else field.default
        else:
            used[name] = used_value(name, value, model)
    return used


def used_value(name: str, value: Any, model: Model) -> Any:
    kind = model.fields[name].kind
    if kind == "integer":
        return shorten(integer(value))
    if kind in ("word", "size"):
        return model.word(name, value) or escape(value)
    if kind == "urls":  # entries that are not looked at may be anything
        return [escape(entry) if type(entry) is str else shown_value(entry) for entry in value]
    return escape(value) if type(value) is str else shown_value(value)


def mode_of(used: Mapping[str, Any], model: Model) -> Mode:
    """``inpainting`` with a mask, else ``image_to_image`` with a reference, else ``text_to_image``."""
    if used.get(model.roles.get("mask", "")):
        return "inpainting"
    return "image_to_image" if used.get(model.roles.get("references", "")) else "text_to_image"


def payload(given: Mapping[str, Any], source: Source, model: Model) -> dict[str, Any]:
    """The body to send: the caller's own fields in their standard spelling, without nulls and empty URLs."""
    sent = payload_of_fields(given, model)
    if model.file.sends_unknown_fields:
        for item in items(source):
            if item.is_text and item.name not in model.names:
                sent[item.name] = value_of(source, item.key)
    return sent


def payload_of_fields(given: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """What to send of the fields that the model's file names."""
    sent: dict[str, Any] = {"model": model.id}
    for name, field in model.fields.items():
        value = given.get(name)
        if value is None or (value == "" and field.kind == "url"):
            continue
        if field.kind == "integer":
            value = integer(value)
        elif field.any_case:
            value = model.word(name, value) or value
        sent[name] = value.copy() if type(value) is list else value
    return sent
