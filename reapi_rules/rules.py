"""Judge a request: every rule that it breaks, in the order of the page's own table.

One function a field; codes and certainties come from ``data/rules.json``, bounds and words from the model.  A verdict
does not wait for words: ``wording`` makes findings of faults.  Source: section "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reapi_rules import urls
from reapi_rules.body import UNSET, Fields, is_absent
from reapi_rules.findings import Fault
from reapi_rules.hints import ascii_lower
from reapi_rules.models import Model, Words
from reapi_rules.sizes import pixels

__all__ = ["CHECKS", "integer", "judge"]

Check = Callable[[Fields, Model, list[Fault]], None]


def judge(fields: Fields, model: Model) -> tuple[Fault, ...]:
    """Every fault of a request under a model's rules, in documented order; none where reAPI would take it."""
    found: list[Fault] = []
    for check in _suspects(fields, model):
        check(fields, model, found)
    return tuple(found)


def _suspects(fields: Fields, model: Model) -> Iterable[Check]:
    """The checks of the fields that are not faultless at first sight; the check has the last word."""
    takes, known, suspects = model.fields, model.known, list[Check]()
    prompt, size, n, images, mask = fields.prompt, fields.size, fields.n, fields.image_urls, fields.mask_url
    resolution = takes.resolution.default if is_absent(fields.resolution) else fields.resolution
    try:
        if prompt.__class__ is not str or not 0 < len(prompt) <= takes.prompt.max_length:
            suspects.append(check_prompt)
        if size not in known.size:
            suspects.append(check_size)
        if resolution not in known.resolution:
            suspects.append(check_resolution)
            suspects.append(check_size_at_resolution)
        elif resolution in takes.resolution.needs_size and size not in takes.resolution.needs_size[resolution]:
            suspects.append(check_size_at_resolution)
        if n is not UNSET and (n.__class__ is not int or not takes.n.minimum <= n <= takes.n.maximum):
            suspects.append(check_n)
        if images is not UNSET:
            suspects.append(check_image_list)
        if mask is not UNSET:
            suspects.append(check_mask)
        if images.__class__ is list and not urls.are_plainly_http(images):
            suspects.append(check_image_entries)
        if mask is not UNSET:
            suspects.append(check_mask_url)
        if known.quality is not None and fields.quality not in known.quality:
            suspects.append(check_quality)
        if known.background is not None and fields.background not in known.background:
            suspects.append(check_background)
        if known.moderation is not None and fields.moderation not in known.moderation:
            suspects.append(check_moderation)
    except TypeError:  # a list or an object where a word belongs
        return CHECKS
    return suspects


def integer(value: Any) -> int | None:
    """The integer that a JSON number stands for: 2 and 2.0 are one, "2", true and 2.5 are none.

    >>> integer(2.0), integer(True), integer(2.5)
    (2, None, None)
    """
    if type(value) is int:
        return value
    return int(value) if type(value) is float and value.is_integer() else None


def check_prompt(fields: Fields, model: Model, found: list[Fault]) -> None:
    prompt = fields.prompt
    if prompt is UNSET or prompt is None or prompt == "":
        found.append(Fault(model.rules["prompt.required"], None if is_absent(prompt) else prompt))
    elif type(prompt) is not str:
        found.append(Fault(model.rules["prompt.type"], prompt))
    elif len(prompt) > model.fields.prompt.max_length:
        found.append(Fault(model.rules["prompt.max_length"], prompt))


def check_size(fields: Fields, model: Model, found: list[Fault]) -> None:
    size, takes = fields.size, model.fields.size
    if size is UNSET or size is None or size in takes.words:
        return
    if type(size) is not str:
        found.append(Fault(model.rules["size.type"], size))
    elif not (takes.pixels and pixels(size)):
        bare = ascii_lower(size.strip())
        is_near_miss = bare in model.lower_words["size"] or (takes.pixels and pixels(bare) is not None)
        found.append(Fault(model.rules[_SIZE_UNKNOWN[takes.pixels, is_near_miss]], size))


def check_resolution(fields: Fields, model: Model, found: list[Fault]) -> None:
    resolution, words = fields.resolution, model.fields.resolution.words
    if resolution is UNSET or resolution is None or resolution in words:
        return
    if type(resolution) is not str:
        found.append(Fault(model.rules["resolution.type"], resolution))
    elif model.resolution(resolution) is None:
        found.append(_unknown_word("resolution", resolution, model))


def check_size_at_resolution(fields: Fields, model: Model, found: list[Fault]) -> None:
    if found and any(fault.rule.field in ("size", "resolution") for fault in found):
        return
    allowed = model.fields.resolution.needs_size.get(model.resolution(fields.resolution) or "")
    if allowed is None or fields.size in allowed:
        return
    if is_absent(fields.size):
        found.append(Fault(model.rules["size.needs_widescreen"], None))
    elif fields.size in model.fields.size.words:
        found.append(Fault(model.rules["size.needs_widescreen"], fields.size))
    else:
        found.append(Fault(model.rules["size.needs_widescreen/pixel_size"], fields.size))


def check_n(fields: Fields, model: Model, found: list[Fault]) -> None:
    n, bounds = fields.n, model.fields.n
    if n is UNSET or n is None:
        return
    number = integer(n)
    if number is None:
        found.append(Fault(model.rules["n.type"], n))
    elif not bounds.minimum <= number <= bounds.maximum:
        found.append(Fault(model.rules["n.range" if bounds.minimum < bounds.maximum else "n.range/fixed"], n))


def check_image_list(fields: Fields, model: Model, found: list[Fault]) -> None:
    images = fields.image_urls
    if images is UNSET or images is None:
        return
    if type(images) is not list:
        found.append(Fault(model.rules["image_urls.type"], images))
    elif len(images) > model.fields.image_urls.max_items:
        found.append(Fault(model.rules["image_urls.max_items"], images))


def check_mask(fields: Fields, model: Model, found: list[Fault]) -> None:
    mask, images = fields.mask_url, fields.image_urls
    if mask is UNSET or mask is None or model.fields.mask_url is None:
        return
    if type(mask) is not str:
        found.append(Fault(model.rules["mask_url.type"], mask))
    elif mask and (is_absent(images) or images == []):
        found.append(Fault(model.rules["mask_url.needs_image"], mask))


def check_image_entries(fields: Fields, model: Model, found: list[Fault]) -> None:
    images = fields.image_urls
    if type(images) is not list:
        return
    for index, entry in enumerate(images[: model.fields.image_urls.max_items]):
        if type(entry) is not str:
            found.append(Fault(model.rules["image_urls.item_type"], entry, index))
        elif fault := _url_fault(entry):
            found.append(Fault(model.rules[f"image_urls.{fault}"], entry, index))


def check_mask_url(fields: Fields, model: Model, found: list[Fault]) -> None:
    mask = fields.mask_url
    if type(mask) is str and mask and model.fields.mask_url is not None and (fault := _url_fault(mask)):
        found.append(Fault(model.rules[f"mask_url.{fault}"], mask))


def check_quality(fields: Fields, model: Model, found: list[Fault]) -> None:
    _check_word("quality", fields.quality, model.fields.quality, model, found)


def check_background(fields: Fields, model: Model, found: list[Fault]) -> None:
    _check_word("background", fields.background, model.fields.background, model, found)


def check_moderation(fields: Fields, model: Model, found: list[Fault]) -> None:
    _check_word("moderation", fields.moderation, model.fields.moderation, model, found)


def _check_word(name: str, value: Any, takes: Words | None, model: Model, found: list[Fault]) -> None:
    if value is UNSET or value is None or takes is None or value in takes.words:
        return
    if type(value) is not str:
        found.append(Fault(model.rules[f"{name}.type"], value))
    else:
        found.append(_unknown_word(name, value, model))


_SIZE_UNKNOWN = {
    (True, False): "size.unknown",
    (True, True): "size.unknown/near_miss",
    (False, False): "size.unknown/words_only",
    (False, True): "size.unknown/words_only_near_miss",
}
"""The reading of the rule where the model takes pixel strings, and where the size is nearly one of its own."""

CHECKS: tuple[Check, ...] = (
    check_prompt,
    check_size,
    check_resolution,
    check_size_at_resolution,
    check_n,
    check_image_list,
    check_mask,
    check_image_entries,
    check_mask_url,
    check_quality,
    check_background,
    check_moderation,
)
"""The checks in the order of the page's table, which is taken as the gateway's."""


def _unknown_word(name: str, value: str, model: Model) -> Fault:
    is_near_miss = ascii_lower(value.strip()) in model.lower_words[name]
    return Fault(model.rules[f"{name}.unknown/near_miss" if is_near_miss else f"{name}.unknown"], value)


def _url_fault(url: str) -> str | None:
    if urls.are_plainly_http([url]):
        return None
    if urls.is_data_uri(url):
        return "data_uri"
    return None if urls.host(url) else "not_http"
