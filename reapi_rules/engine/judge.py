"""Judge a request: every rule that it breaks, in the order of the page's own table.

One function a field; codes and certainties come from ``data/rules.json``, bounds and words from the model.  A verdict
does not wait for words: ``wording`` makes findings of faults.  Source: section "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reapi_rules.catalog.models import Model, Words
from reapi_rules.engine.body import UNSET, Fields, is_absent
from reapi_rules.terms import urls
from reapi_rules.terms.findings import Fault
from reapi_rules.terms.sizes import is_pixels

__all__ = ["CHECKS", "integer", "judge"]

Check = Callable[[Fields, Model, list[Fault]], None]


def judge(fields: Fields, model: Model) -> tuple[Fault, ...]:
    """Every fault of a request under a model's rules, in documented order; none where reAPI would take it.

    What is faultless at first sight is not looked at twice; of the rest the check has the last word.
    """
    found: list[Fault] = []
    known = model.known
    prompt, n, images, mask = fields.prompt, fields.n, fields.image_urls, fields.mask_url
    try:
        if prompt.__class__ is not str or not 0 < len(prompt) <= known.longest_prompt:
            check_prompt(fields, model, found)
        if (fields.size, fields.resolution) not in known.shapes:
            check_shape(fields, model, found)
        if n is not UNSET and (n.__class__ is not int or not known.smallest_n <= n <= known.largest_n):
            check_n(fields, model, found)
        if images is not UNSET and (images.__class__ is not list or len(images) > known.most_images):
            check_image_list(fields, model, found)
        if mask is not UNSET:
            check_mask(fields, model, found)
        if images.__class__ is list and not urls.are_plainly_http(images):
            check_image_entries(fields, model, found)
        if mask is not UNSET:
            check_mask_url(fields, model, found)
        if known.quality is not None and fields.quality not in known.quality:
            check_quality(fields, model, found)
        if known.background is not None and fields.background not in known.background:
            check_background(fields, model, found)
        if known.moderation is not None and fields.moderation not in known.moderation:
            check_moderation(fields, model, found)
    except TypeError:  # a list or an object where a word belongs
        found.clear()
        for check in CHECKS:
            check(fields, model, found)
    return tuple(found)


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


def check_shape(fields: Fields, model: Model, found: list[Fault]) -> None:
    """Size, resolution and, where nothing is wrong with either alone, both together."""
    size, given, takes, before = fields.size, fields.resolution, model.fields, len(found)
    if type(size) is str:
        if size not in model.known.size and not (takes.size.pixels and is_pixels(size)):
            found.append(Fault(model.rules["size.unknown"], size))
    elif not is_absent(size):
        found.append(Fault(model.rules["size.type"], size))
    resolution = model.resolution(given) if type(given) is str or is_absent(given) else None
    if resolution is None:
        found.append(Fault(model.rules["resolution.unknown" if type(given) is str else "resolution.type"], given))
    elif len(found) == before and size not in takes.resolution.needs_size.get(resolution, (size,)):
        found.append(Fault(model.rules["size.needs_widescreen"], None if is_absent(size) else size))


def check_n(fields: Fields, model: Model, found: list[Fault]) -> None:
    n, bounds = fields.n, model.fields.n
    if n is UNSET or n is None:
        return
    number = integer(n)
    if number is None:
        found.append(Fault(model.rules["n.type"], n))
    elif not bounds.minimum <= number <= bounds.maximum:
        found.append(Fault(model.rules["n.range"], n))


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
        elif fault := urls.fault(entry):
            found.append(Fault(model.rules[f"image_urls.{fault}"], entry, index))


def check_mask_url(fields: Fields, model: Model, found: list[Fault]) -> None:
    mask = fields.mask_url
    if type(mask) is str and mask and model.fields.mask_url is not None and (fault := urls.fault(mask)):
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
        found.append(Fault(model.rules[f"{name}.unknown"], value))


CHECKS: tuple[Check, ...] = (
    check_prompt,
    check_shape,
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
