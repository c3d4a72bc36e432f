"""Warnings and notes: what reAPI takes and the caller should know, in the order of ``data/rules.json``.

Source: sections "Request body", "Pricing", "Tips" and "Differences from gpt-image-2" of the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from reapi_rules.catalog.models import Model
from reapi_rules.engine.body import Body, Fields, Item, is_absent
from reapi_rules.engine.dimensions import cell_of_pixels
from reapi_rules.engine.judge import integer
from reapi_rules.terms import urls
from reapi_rules.terms.findings import Finding, Rule, shorten
from reapi_rules.terms.sizes import pixels

__all__ = [
    "UnknownFields",
    "is_plain_prompt",
    "on_background",
    "on_keys",
    "on_mask",
    "on_prompt",
    "on_urls",
    "on_words",
    "refuse_unknown",
    "warn",
]

UnknownFields = Literal["warn", "ignore", "error"]
"""What becomes of a key that no rule set names."""

_RATIO = re.compile(r"(?<![0-9:.])[0-9]+:[0-9]+(?![0-9:]|\.[0-9])")

Faulty = Collection[str | None]
"""The fields in error: they give no warnings of their own."""


def warn(body: Body, model: Model, faulty: Faulty, unknown_fields: UnknownFields) -> tuple[Finding, ...]:
    """Every warning and note on a body, in documented order; a field in error gives none of its own."""
    fields = body.fields
    found = (
        *on_keys(body, model, unknown_fields),
        *on_prompt(fields, model, faulty),
        *on_words(fields, model, faulty),
        *on_urls(fields, model, faulty),
        *on_background(fields, model),
        *on_mask(fields, model),
    )
    return tuple(finding for finding in found if finding.field not in faulty) if faulty else found


def refuse_unknown(body: Body, model: Model) -> tuple[Finding, ...]:
    """Every key that no rule set names, as an error."""
    rule = model.rules["field.unknown/refused"]
    return tuple(_unknown(rule, item, model) for item in body.items() if not item.is_field)


def on_keys(body: Body, model: Model, unknown_fields: UnknownFields) -> Iterator[Finding]:
    """The findings on keys, rule by rule, each in the order of the body's keys."""
    if body.has_plain_keys(model.known.parameters) and body.fields.mask_url != "":
        return
    items = list(body.items())
    own = [item for item in items if item.is_field and item.name in model.parameters]
    if unknown_fields == "warn":
        yield from (_unknown(model.rules["field.unknown"], item, model) for item in items if not item.is_field)
    if unknown_fields != "ignore":
        yield from (_unsupported(item, model) for item in items if item.is_field and item not in own)
    for item in own:
        if item.value is None and item.name not in _REQUIRED:
            yield model.rules["field.null"].find(name=item.name)
    for item in own:
        if item.name == "mask_url" and item.value == "":
            yield model.rules["field.empty"].find("", name=item.name)


_REQUIRED = ("model", "prompt")


def _unknown(rule: Rule, item: Item, model: Model) -> Finding:
    suggestion, reason = model.hints.field(item.name)
    return rule.find(item.value, name=item.name, suggestion=suggestion, reason=reason)


def _unsupported(item: Item, model: Model) -> Finding:
    others = model.elsewhere[item.name]
    return model.rules["field.unsupported"].find(item.value, name=item.name, model=model.id, others=others)


def is_plain_prompt(prompt: str, model: Model) -> bool:
    """Whether at first sight no rule has anything to say about a prompt that is not empty; if not, each has its say."""
    longest = model.known.longest_prompt
    if not prompt.isascii():
        longest //= 2  # in UTF-16, where a character may be two units
    return len(prompt) <= longest and ":" not in prompt and not prompt.isspace()


def on_prompt(fields: Fields, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    """The warnings on the prompt."""
    if "prompt" in faulty:
        return
    prompt: str = fields.prompt
    if prompt.isspace():
        yield model.rules["prompt.blank"].find(prompt)
    maximum = model.fields.prompt.max_length
    if not prompt.isascii() and len(prompt) > maximum // 2:
        units = len(prompt.encode("utf-16-le", "surrogatepass")) // 2
        if units > maximum:
            yield model.rules["prompt.utf16_length"].find(prompt, maximum=maximum, length=units)
    if ":" in prompt:
        restated = next((match[0] for match in _RATIO.finditer(prompt) if match[0] in model.ratios), None)
        if restated:
            yield model.rules["prompt.restates_ratio"].find(prompt, ratio=restated)


def on_words(fields: Fields, model: Model, faulty: Faulty = ()) -> tuple[Finding, ...]:
    """The warnings on size, quality and n."""
    return (*_on_size(fields, model, faulty), *_on_quality(fields, model, faulty), *_on_n(fields, model, faulty))


def _on_size(fields: Fields, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    size = fields.size
    if "size" in faulty:
        return
    if is_absent(size):
        if fields.image_urls and not is_absent(fields.image_urls) and "image_urls" not in faulty:
            yield model.rules["size.mirrors_reference"].find()
    elif size in model.fields.size.words:
        if size not in model.ratios and "size" in model.price_axes:
            yield model.rules["size.auto_price"].find(size, size=size)
    else:
        width, height = pixels(size) or (0, 0)
        nearest = " at ".join(cell_of_pixels((width, height), model)) if width and height else None
        yield model.rules["size.snapped"].find(size, size=size, nearest=nearest)
        ratio = size.replace("x", ":")
        if ratio in model.ratios:
            yield model.rules["size.looks_like_ratio"].find(size, size=size, width=width, height=height, ratio=ratio)


def _on_quality(fields: Fields, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    takes = model.fields.quality
    if takes is None or "quality" in faulty:
        return
    quality = takes.default if is_absent(fields.quality) else fields.quality
    if quality in takes.bills_as:
        billed = takes.bills_as[quality]
        cheaper = tuple(word for word in takes.words if word != billed and word not in takes.bills_as)
        is_explicit = not is_absent(fields.quality)
        rule = model.rules["quality.auto_bills_high/explicit" if is_explicit else "quality.auto_bills_high"]
        yield rule.find(quality if is_explicit else None, quality=quality, billed=billed, cheaper=cheaper)


def _on_n(fields: Fields, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    if type(fields.n) is float and "n" not in faulty:
        yield model.rules["n.integral_float"].find(fields.n, integer=integer(fields.n))


def on_urls(fields: Fields, model: Model, faulty: Faulty = ()) -> Iterator[Finding]:
    """The warnings on references and mask: what is malformed first, then what is not public."""
    if not fields.image_urls and not fields.mask_url:
        return
    urls_of_fields = [
        (name, entries)
        for name, entries in _urls(fields, model, faulty)
        if not urls.are_ordinary([url for _, url in entries])
    ]
    for name, entries in urls_of_fields:
        for index, url in entries:
            if detail := urls.malformation(url):
                yield model.rules[f"{name}.malformed"].find(url, index=index, detail=detail)
                break
    for name, entries in urls_of_fields:
        for index, url in entries:
            host = urls.host(url)
            if urls.is_private(host):
                yield model.rules[f"{name}.private_host"].find(url, index=index, host=shorten(host))
                break


def _urls(fields: Fields, model: Model, faulty: Faulty = ()) -> Iterator[tuple[str, list[tuple[int | None, str]]]]:
    """The URLs of both fields, with the index of an entry of a list."""
    if "image_urls" not in faulty and not is_absent(fields.image_urls):
        yield "image_urls", list(enumerate(fields.image_urls))
    if model.fields.mask_url and "mask_url" not in faulty and not is_absent(fields.mask_url) and fields.mask_url:
        yield "mask_url", [(None, fields.mask_url)]


def on_background(fields: Fields, model: Model) -> Iterator[Finding]:
    """The warning on what is accepted and not honoured."""
    takes = model.fields.background
    if takes and fields.background in takes.downgraded:
        rule = model.rules["background.transparent_downgraded"]
        yield rule.find(fields.background, background=fields.background)


def on_mask(fields: Fields, model: Model) -> Iterator[Finding]:
    """The note on a mask that passed."""
    if fields.mask_url and not is_absent(fields.mask_url) and model.fields.mask_url:
        yield model.rules["mask_url.unchecked"].find(fields.mask_url)
