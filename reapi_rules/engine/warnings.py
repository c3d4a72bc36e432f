"""Warnings and notes: what reAPI accepts and the caller should know, in documented order.

Source: sections "Request body", "Pricing", "Tips" and "Differences from gpt-image-2" of the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal

from reapi_rules.catalog.models import Field, Model
from reapi_rules.engine.body import Item, Source, items, plain_of
from reapi_rules.engine.dimensions import nearest_pixels
from reapi_rules.engine.judge import judge, utf16_length
from reapi_rules.engine.meant import of_key
from reapi_rules.engine.wording import Wording
from reapi_rules.terms import urls
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.sizes import pixels
from reapi_rules.terms.values import integer, shorten

__all__ = ["UnknownFields", "on_keys", "on_values", "on_words", "refuse_unknown"]

UnknownFields = Literal["warn", "ignore", "error"]
"""What becomes of a key that the model's file does not name."""

_RATIO = r"(?<![0-9:.])[0-9]+:[0-9]+(?![0-9:]|\.[0-9])"

Given = Mapping[str, Any]
Faulty = Collection[str | None]
"""The fields in error: they give no warnings of their own."""


def on_keys(source: Source, given: Given, model: Model, unknown_fields: UnknownFields) -> Iterator[Finding]:
    """The findings on keys, rule by rule, each in the order of the body's keys."""
    if (
        isinstance(source, dict)
        and model.names.issuperset(source)
        and None not in given.values()
        and "" not in given.values()
    ):
        return  # the keys of a mapping are ready to be looked at
    keys = list(items(source))
    if unknown_fields == "warn":
        yield from _unknown(keys, given, source, model)
    if unknown_fields != "ignore":
        for item in keys:
            if item.is_text and (sibling := model.file.unsupported.get(item.name)):
                rule = model.rule("field.unsupported")
                yield rule.find(item.value, name=item.name, model=model.id, sibling=sibling)
    own = [item for item in keys if item.is_text and item.name in model.optional]
    yield from (model.rule("field.null").find(name=item.name) for item in own if item.value is None)
    for item in own:
        if given.get(item.name) == "" and model.fields[item.name].kind == "url":
            yield model.rule("field.empty").find("", name=item.name)


def refuse_unknown(source: Source, given: Given, model: Model) -> tuple[Finding, ...]:
    """Every key that the model's file does not name, as an error."""
    return tuple(_unknown(list(items(source)), given, source, model, "refused"))


def _unknown(keys: list[Item], given: Given, source: Source, model: Model, refused: str = "") -> Iterator[Finding]:
    """The unknown keys: the first few by name, of the others how many there are."""
    named = {*model.names, *model.file.unsupported}
    unknown = [item for item in keys if not item.is_text or item.name not in named]
    most = model.rules_file.unknown_fields_named
    rule = model.rule("field.unknown").variant(refused or ("sent" if model.file.sends_unknown_fields else None))
    wording = Wording(given, source, model, judge(given, model))
    for item in unknown[:most]:
        figures, patch = of_key(item, partial(plain_of, source), given, model)
        patch = _settled(patch, wording, model) if item.is_text and item.key == item.name else None  # as in JSON
        yield rule.find(item.value, name=item.name, patch=patch, **{"suggestion": None, "reason": None, **figures})
    if more := len(unknown) - most if len(unknown) > most else 0:
        rule = model.rule("field.unknown").variant("more_refused" if refused else "more")
        yield rule.find(name=None, more=more)


def _settled(patch: dict[str, Any] | None, wording: Wording, model: Model) -> dict[str, Any] | None:
    """The patch of a misnamed key, its value spelt as the field has it; None where that would be an error."""
    if patch is None:
        return None
    for name, value in patch.items():
        if name in model.fields and value is not None:
            given = {**wording.given, name: value}
            faults = judge(given, model)
            for fault in faults:
                if fault.field == name and (own := Wording(given, {}, model, faults).word(fault).patch):
                    patch = {**patch, **own}
    return wording.better(patch)


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
        nearest = " at ".join(nearest_pixels((width, height), model)) if width and height else None
        yield model.rule("snapped", name).find(shape, nearest=nearest)
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
                yield model.rule("malformed", name).find(url, index=index, detail=detail)
                break
    for name, entries in found:
        for index, url in entries:
            if urls.is_private(host := urls.host(url)):
                yield model.rule("private_host", name).find(url, index=index, host=shorten(host))
                break


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


def warn(
    source: Source,
    given: Given,
    model: Model,
    faulty: Faulty,
    unknown_fields: UnknownFields,
    first: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """Every warning and note on a body, in documented order: those of the model's file first."""
    found = (
        *on_keys(source, given, model, unknown_fields),
        *on_values(given, model, faulty),
        *on_words(given, model, faulty),
        *on_urls(given, model, faulty),
        *on_notes(given, model, faulty),
    )
    return (*first, *(finding for finding in found if finding.field is None or finding.field not in faulty))
