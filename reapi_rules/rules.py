"""Judge a request: every error that reAPI would answer with, in the order of the page's own table.

One function a field; what it says, its code and its certainty come from ``data/rules.json``, bounds and words from
the model.  Source: section "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reapi_rules import urls
from reapi_rules.body import Fields, is_absent
from reapi_rules.findings import Finding
from reapi_rules.hints import ascii_lower
from reapi_rules.models import Model, Words
from reapi_rules.sizes import nearest, pixels, ratio

__all__ = ["CHECKS", "integer", "judge"]

Check = Callable[[Fields, Model, list[Finding]], None]


def judge(fields: Fields, model: Model) -> tuple[Finding, ...]:
    """Every error of a request under a model's rules, in documented order; none where reAPI would take it."""
    found: list[Finding] = []
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


def check_prompt(fields: Fields, model: Model, found: list[Finding]) -> None:
    prompt, maximum = fields.prompt, model.fields.prompt.max_length
    if is_absent(prompt) or prompt == "":
        found.append(model.rules["prompt.required"].find(prompt if prompt == "" else None))
    elif type(prompt) is not str:
        found.append(model.rules["prompt.type"].find(prompt))
    elif len(prompt) > maximum:
        excess = len(prompt) - maximum
        found.append(model.rules["prompt.max_length"].find(prompt, maximum=maximum, length=len(prompt), excess=excess))


def check_size(fields: Fields, model: Model, found: list[Finding]) -> None:
    size, takes = fields.size, model.fields.size
    if is_absent(size):
        return
    if type(size) is not str:
        found.append(model.rules["size.type"].find(size))
    elif size not in takes.words and not (takes.pixels and pixels(size)):
        rule = model.rules["size.unknown"]
        bare = ascii_lower(size.strip())
        is_near_miss = bare in map(ascii_lower, takes.words) or (takes.pixels and pixels(bare) is not None)
        variant = ("" if takes.pixels else "words_only") + ("_near_miss" if is_near_miss else "")
        if variant:
            rule = rule.variant(variant.removeprefix("_"))
        found.append(rule.find(size, allowed=takes.words, nearest=_nearest_size(size, model)))


def check_resolution(fields: Fields, model: Model, found: list[Finding]) -> None:
    resolution, words = fields.resolution, model.fields.resolution.words
    if is_absent(resolution):
        return
    if type(resolution) is not str:
        found.append(model.rules["resolution.type"].find(resolution))
    elif model.resolution(resolution) is None:
        found.append(_unknown_word("resolution", resolution, words, model))


def check_size_at_resolution(fields: Fields, model: Model, found: list[Finding]) -> None:
    if any(finding.field in ("size", "resolution") for finding in found):
        return
    resolution = model.resolution(fields.resolution)
    allowed = model.fields.resolution.needs_size.get(resolution or "")
    if allowed is None or fields.size in allowed:
        return
    rule = model.rules["size.needs_widescreen"]
    size = None if is_absent(fields.size) else fields.size
    shape = model.ratios.get(size) if size in model.ratios else pixels(size or "")
    if size is not None and size not in model.fields.size.words:
        rule = rule.variant("pixel_size")
    is_shaped = shape is not None and 0 not in shape
    found.append(
        rule.find(
            size,
            resolution=resolution,
            allowed=allowed,
            nearest=nearest(shape, {word: model.ratios[word] for word in allowed}) if shape and is_shaped else None,
            size=size if size in model.ratios else None,
            lower=_highest_resolution(size, model) if size in model.ratios else None,
        )
    )


def check_n(fields: Fields, model: Model, found: list[Finding]) -> None:
    n, bounds = fields.n, model.fields.n
    if is_absent(n):
        return
    number = integer(n)
    if number is None:
        meant = n.strip() if type(n) is str and len(n) < 20 else ""
        found.append(model.rules["n.type"].find(n, nearest=int(meant) if meant.isascii() and meant.isdigit() else None))
    elif not bounds.minimum <= number <= bounds.maximum:
        rule = model.rules["n.range"]
        if bounds.minimum == bounds.maximum:
            rule = rule.variant("fixed")
        found.append(rule.find(n, minimum=bounds.minimum, maximum=bounds.maximum))


def check_image_list(fields: Fields, model: Model, found: list[Finding]) -> None:
    images, maximum = fields.image_urls, model.fields.image_urls.max_items
    if is_absent(images):
        return
    if type(images) is not list:
        found.append(model.rules["image_urls.type"].find(images))
    elif len(images) > maximum:
        excess = len(images) - maximum
        found.append(
            model.rules["image_urls.max_items"].find(images, maximum=maximum, length=len(images), excess=excess)
        )


def check_mask(fields: Fields, model: Model, found: list[Finding]) -> None:
    mask, images = fields.mask_url, fields.image_urls
    if model.fields.mask_url is None or is_absent(mask):
        return
    if type(mask) is not str:
        found.append(model.rules["mask_url.type"].find(mask))
    elif mask and (is_absent(images) or images == []):
        found.append(model.rules["mask_url.needs_image"].find(mask))


def check_image_entries(fields: Fields, model: Model, found: list[Finding]) -> None:
    if type(fields.image_urls) is not list:
        return
    for index, entry in enumerate(fields.image_urls[: model.fields.image_urls.max_items]):
        if type(entry) is not str:
            found.append(model.rules["image_urls.item_type"].find(entry, index=index))
        elif fault := _url_fault(entry):
            found.append(model.rules[f"image_urls.{fault}"].find(entry, index=index))


def check_mask_url(fields: Fields, model: Model, found: list[Finding]) -> None:
    mask = fields.mask_url
    if model.fields.mask_url is not None and type(mask) is str and mask and (fault := _url_fault(mask)):
        found.append(model.rules[f"mask_url.{fault}"].find(mask))


def _word_check(name: str) -> Check:
    def check(fields: Fields, model: Model, found: list[Finding]) -> None:
        takes: Words | None = getattr(model.fields, name)
        value = getattr(fields, name)
        if takes is None or is_absent(value):
            return
        if type(value) is not str:
            found.append(model.rules[f"{name}.type"].find(value))
        elif value not in takes.words:
            found.append(_unknown_word(name, value, takes.words, model))

    return check


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
    _word_check("quality"),
    _word_check("background"),
    _word_check("moderation"),
)
"""The checks in the order of the page's table, which is taken as the gateway's."""


def _unknown_word(name: str, value: str, words: tuple[str, ...], model: Model) -> Finding:
    rule = model.rules[f"{name}.unknown"]
    if ascii_lower(value.strip()) in map(ascii_lower, words):
        rule = rule.variant("near_miss")
    return rule.find(value, allowed=words, nearest=model.hints.word(name, value, words))


def _nearest_size(size: str, model: Model) -> str | None:
    """The size that somebody may have meant: another spelling of one, or the ratio that is nearest."""
    if len(size) > 80:
        return None
    bare = "".join(size.casefold().split()).translate(_SPELLINGS)
    if model.fields.size.pixels and pixels(bare):
        return bare
    shape = pixels(bare) or ratio(bare.replace("/", ":"))
    if shape is not None and 0 not in shape:
        return nearest(shape, model.ratios)
    return model.hints.word("size", size, model.fields.size.words)


_SPELLINGS = str.maketrans("\u00d7*\u2217\uff0a\uff1a\u2236", "xxxx::")


def _highest_resolution(size: str | None, model: Model) -> str | None:
    taken = [resolution for resolution in model.fields.resolution.words if size in model.sizes_at(resolution)]
    return taken[-1] if taken else None


def _url_fault(url: str) -> str | None:
    if urls.is_data_uri(url):
        return "data_uri"
    return None if urls.host(url) else "not_http"
