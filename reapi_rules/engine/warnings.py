"""Warnings and notes on values: what reAPI accepts and the caller should know, in documented order.

Source: sections "Request body", "Pricing", "Tips" and "Differences from gpt-image-2" of the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from reapi_rules.catalog.models import Field, Model
from reapi_rules.engine.dimensions import nearest_pixels
from reapi_rules.engine.judge import utf16_length
from reapi_rules.terms import urls
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.sizes import pixels
from reapi_rules.terms.values import integer, shorten

__all__ = ["Faulty", "Given", "on_notes", "on_urls", "on_values", "on_words"]

_RATIO = r"(?<![0-9:.])[0-9]+:[0-9]+(?![0-9:]|\.[0-9])"

Given = Mapping[str, Any]
Faulty = Collection[str | None]
"""The fields in error: they give no warnings of their own."""


def on_values(given: Given, model: Model, faulty: Faulty) -> Iterator[Finding]:
    """The warnings on prompts, in the order of the file."""
    for name, field in model.fields.items():
        if field.role == "prompt" and name not in faulty and type(given.get(name)) is str:
            yield from _on_prompt(name, given[name], field, model)


def _on_prompt(name: str, prompt: str, field: Field, model: Model) -> Iterator[Finding]:
    if prompt.isspace():
        yield model.rule("blank", name).find(prompt)
    most = field.max_length
    if most is not None and not prompt.isascii() and (length := utf16_length(prompt)) > most:
        yield model.rule("utf16_length", name).find(prompt, maximum=most, length=length)
    if "restates_ratio" in field.notes and ":" in prompt:
        restated = next((match[0] for match in re.finditer(_RATIO, prompt) if match[0] in model.ratios), None)
        if restated:
            shape = model.roles["shape"]
            yield model.rule("restates_ratio", name).find(prompt, ratio=restated, shape_field=shape)


def on_words(given: Given, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    """The warnings on shape, quality and number."""
    for role, look in _LOOKS.items():
        if (name := model.roles.get(role)) is not None and name not in faulty:  # type: ignore[call-overload]
            yield from look(name, given, model, faulty)


def _on_shape(name: str, given: Given, model: Model, faulty: Faulty) -> Iterator[Finding]:
    field, shape = model.fields[name], given.get(name)
    if shape is None:
        if field.mirrors is not None and given.get(field.mirrors) and field.mirrors not in faulty:
            yield model.rule("mirrors_reference", name).find()
    elif shape in field.words:
        if shape not in model.ratios and name in model.price_fields:
            yield model.rule("auto_price", name).find(shape)
    elif field.pixel_strings:
        width, height = pixels(shape) or (0, 0)
        nearest, tier = nearest_pixels((width, height), model) if width and height else (None, None)
        yield model.rule("snapped", name).find(shape, nearest=nearest, tier=tier)
        ratio = shape.replace("x", ":")
        if ratio in model.ratios:
            rule = model.rule("looks_like_ratio", name)
            yield rule.find(shape, patch={name: ratio}, width=width, height=height, ratio=ratio)


def _on_quality(name: str, given: Given, model: Model, faulty: Faulty) -> Iterator[Finding]:
    field, quality = model.fields[name], given.get(name)
    word = field.default if quality is None else quality
    if word in field.bills_as:
        billed = field.bills_as[word]
        cheaper = tuple(other for other in model.billed_words(name) if other != billed)
        rule = model.rule("auto_bills_high", name).variant(None if quality is None else "explicit")
        yield rule.find(quality, billed=billed, cheaper=cheaper)


def _on_number(name: str, given: Given, model: Model, faulty: Faulty) -> Iterator[Finding]:
    number = given.get(name)
    if type(number) is float:
        whole = integer(number)
        yield model.rule("integral_float", name).find(number, patch={name: whole}, integer=whole)


_LOOKS = {"shape": _on_shape, "quality": _on_quality, "number": _on_number}


def on_urls(given: Given, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    """The warnings on addresses: what is malformed first, then what is not public."""
    found = [
        (name, entries)
        for name, entries in _urls(given, model, faulty)
        if not urls.are_ordinary([url for _, url in entries])
    ]
    for name, entries in found:
        for index, url in entries:
            if detail := urls.malformation(url):
                yield _malformed(name, index, url, detail, given, model)
                break
    for name, entries in found:
        for index, url in entries:
            if urls.is_private(host := urls.host(url)):
                yield model.rule("private_host", name).find(url, index=index, host=shorten(host))
                break


def _malformed(name: str, index: int | None, url: str, detail: str, given: Given, model: Model) -> Finding:
    several, patch = urls.apart(url), None
    if len(several) > 1 and index is not None:
        before: list[str] = given[name]
        after = [each for entry in before for each in urls.apart(entry) or [entry]]
        odd = (urls.malformation(each) or (each not in before and urls.is_private(urls.host(each))) for each in after)
        is_sure = len(after) <= (model.fields[name].max_items or len(after)) and not any(odd)
        patch = {name: after} if is_sure else None
    count: dict[str, Any] = {"count": len(several)} if len(several) > 1 else {}
    return model.rule("malformed", name).find(url, index=index, patch=patch, detail=detail, **count)


def _urls(given: Given, model: Model, faulty: Faulty) -> Iterator[tuple[str, list[tuple[int | None, str]]]]:
    """The URLs of each field that has any, with the index of an entry of a list."""
    for name, field in model.fields.items():
        value = given.get(name)
        if field.kind in ("url", "urls") and value and name not in faulty:
            looked_at = value[: model.rules_file.entries_looked_at] if field.kind == "urls" else ()
            yield name, list(enumerate(looked_at)) if field.kind == "urls" else [(None, value)]


def on_notes(given: Given, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    """The warnings on what is accepted and not honoured, and the note on a mask that passed."""
    for name, field in model.fields.items():
        value = given.get(name)
        if "transparent_downgraded" in field.notes and value in field.downgraded and name not in faulty:
            yield model.rule("transparent_downgraded", name).find(value)
    mask = model.roles.get("mask")
    if mask is not None and given.get(mask) and mask not in faulty:
        yield model.rule("unchecked", mask).find(given[mask])
