"""Word a fault: the figures of its message, and the way out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.hints import ascii_lower
from reapi_rules.catalog.models import Model
from reapi_rules.engine.body import Fields, Unreadable
from reapi_rules.terms.findings import Fault, Finding
from reapi_rules.terms.sizes import is_pixels, nearest, pixels, ratio

__all__ = ["NoModel", "word"]

Params = dict[str, Any]


def word(found: Iterable[Fault | Finding], fields: Fields, model: Model) -> tuple[Finding, ...]:
    """What is wrong with a request as findings; some may be worded already."""
    return tuple(_word(fault, fields, model) if isinstance(fault, Fault) else fault for fault in found)


class NoModel(msgspec.Struct, frozen=True, gc=False):
    """Why a body can't be judged under the rules of any model of a catalog."""

    why: Unreadable
    catalog: Catalog

    def word(self) -> tuple[Finding, ...]:
        """The one finding."""
        rule, value, models = self.catalog.rules[self.why.rule], self.why.value, tuple(self.catalog.models)
        if rule.id == "model.required":
            return (rule.find(value, allowed=models),)
        if rule.id == "model.unknown":
            return (rule.find(value, allowed=models, nearest=self.catalog.hints.word("model", value, models)),)
        return (rule.find(value) if rule.id == "model.type" else rule.find(value, detail=self.why.detail),)


def _word(fault: Fault, fields: Fields, model: Model) -> Finding:
    rule, figures = fault.rule, _FIGURES.get(fault.rule.id)
    case = _case(fault, model)
    if case is not None:
        rule = model.rules[f"{rule.id}/{case}"]
    return rule.find(fault.value, index=fault.index, **(figures(fault, fields, model) if figures else {}))


def _case(fault: Fault, model: Model) -> str | None:
    """The case of the rule that the value falls in, where it reads otherwise than usual."""
    rule, value = fault.rule.id, fault.value
    if rule == "size.unknown":
        return _SIZE_UNKNOWN[model.fields.size.pixels, _is_near_miss("size", value, model)]
    if rule == "size.needs_widescreen":
        return None if value is None or value in model.fields.size.words else "pixel_size"
    if rule == "n.range":
        return None if model.fields.n.minimum < model.fields.n.maximum else "fixed"
    if rule.endswith(".unknown"):
        return "near_miss" if _is_near_miss(str(fault.rule.field), value, model) else None
    return None


_SIZE_UNKNOWN = {
    (True, False): None,
    (True, True): "near_miss",
    (False, False): "words_only",
    (False, True): "words_only_near_miss",
}
"""The case where the model takes pixel strings, and where the size is nearly one of its own."""


def _is_near_miss(name: str, value: str, model: Model) -> bool:
    """Whether only its case or blanks around it keep the value from being one that the field takes."""
    bare = ascii_lower(value.strip())
    return bare in model.lower_words[name] or (name == "size" and model.fields.size.pixels and is_pixels(bare))


def _of_prompt(fault: Fault, _: Fields, model: Model) -> Params:
    return _of_length(fault.value, model.fields.prompt.max_length)


def _of_image_list(fault: Fault, _: Fields, model: Model) -> Params:
    return _of_length(fault.value, model.fields.image_urls.max_items)


def _of_length(value: str | list[Any], maximum: int) -> Params:
    return {"maximum": maximum, "length": len(value), "excess": len(value) - maximum}


def _of_size(fault: Fault, _: Fields, model: Model) -> Params:
    return {"allowed": model.fields.size.words, "nearest": _nearest_size(fault.value, model)}


def _of_word(fault: Fault, _: Fields, model: Model) -> Params:
    name = str(fault.rule.field)
    words = getattr(model.fields, name).words
    return {"allowed": words, "nearest": model.hints.word(name, fault.value, words)}


def _of_size_at_resolution(fault: Fault, fields: Fields, model: Model) -> Params:
    size = fault.value
    resolution = model.resolution(fields.resolution) or ""
    allowed = model.fields.resolution.needs_size[resolution]
    shape = model.ratios.get(size or "") or pixels(size or "")
    is_ratio = size in model.ratios
    return {
        "resolution": resolution,
        "allowed": allowed,
        "nearest": nearest(shape, {word: model.ratios[word] for word in allowed}) if shape and 0 not in shape else None,
        "size": size if is_ratio else None,
        "lower": _highest_resolution(size, model) if is_ratio else None,
    }


def _of_n_type(fault: Fault, _: Fields, model: Model) -> Params:
    n = fault.value
    meant = n.strip() if type(n) is str and len(n) < 20 else ""
    return {"nearest": int(meant) if meant.isascii() and meant.isdigit() else None}


def _of_n_range(_: Fault, __: Fields, model: Model) -> Params:
    return {"minimum": model.fields.n.minimum, "maximum": model.fields.n.maximum}


_FIGURES: dict[str, Callable[[Fault, Fields, Model], Params]] = {
    "prompt.max_length": _of_prompt,
    "size.unknown": _of_size,
    "resolution.unknown": _of_word,
    "size.needs_widescreen": _of_size_at_resolution,
    "n.type": _of_n_type,
    "n.range": _of_n_range,
    "image_urls.max_items": _of_image_list,
    "quality.unknown": _of_word,
    "background.unknown": _of_word,
    "moderation.unknown": _of_word,
}


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
