"""What somebody may have meant by a value that is not accepted: the figures of a hint, and a patch where it is sure.

What it means beyond doubt is in ``data/spellings.json``, what perhaps in ``data/hints.json``.  A patch from here is a
proposal: ``wording`` keeps it only if the body that it gives is better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias

from reapi_rules.catalog.hints import field_meant, hints
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.spellings import spellings
from reapi_rules.engine.body import Item
from reapi_rules.terms import urls
from reapi_rules.terms.sizes import Ratio, nearest
from reapi_rules.terms.spelling import ascii_lower, closest, fold, narrow
from reapi_rules.terms.values import integer

__all__ = ["Meaning", "holds_request", "named", "nearest_shape", "of_key", "of_number", "of_type", "of_word"]

Meaning: TypeAlias = tuple[dict[str, Any], dict[str, Any] | None]
"""The figures of a hint, and the patch that is proposed."""

_LONGEST = 80
_MOST_PARTS = 10
_LARGE = 1_000_000
_EDGE = re.compile(r"([0-9]{1,19})(?:px|pixels?)?")


def of_word(name: str, value: str, given: Mapping[str, Any], model: Model) -> Meaning:
    """What a word may mean that is not one of its field's: another spelling, or a value of another field."""
    if not value.strip():
        return ({"empty": '""'}, {name: None}) if name in model.optional else ({}, None)
    if len(value) > _LONGEST:
        return {}, None
    field = model.fields[name]
    if same := _same(name, value, model):
        return ({"meant": same, "nearest": same}, {name: same}) if same not in field.downgraded else ({}, None)
    if field.role == "shape" and (two := _shape_and_tier(value, model)):
        shape, tier, grade = two
        both = {name: shape, tier: grade} if given.get(tier) in (None, grade) else None
        return {"meant": shape, "nearest": shape, "beside": tier, "words": (grade,)}, both
    if near := hints().near_word(name, value, model):
        return {"nearest": near}, None
    other, word, is_sure = _elsewhere(name, value, model)
    if other is not None:
        patch = {name: None, other: word} if is_sure and given.get(other) in (None, word) else None
        return {"belongs": other, "as_word": word}, patch
    words = tuple(word for word in field.choices if word not in field.downgraded)
    near = nearest_shape(value, model.ratios) if field.role == "shape" else None
    return {"nearest": near or closest(value, words)}, None


def _same(name: str, value: str, model: Model) -> str | None:
    """The word that a value is beyond doubt."""
    field, words, text = model.fields[name], model.lower_words[name], " ".join(narrow(value).split())
    known = words.get(ascii_lower(text))
    return known or spellings().word(field.role or name, text, words, pixels=field.pixel_strings, sent=True)


def _shape_and_tier(value: str, model: Model) -> tuple[str, str, str] | None:
    """The ratio and, with its field, the tier that one value gives together."""
    shape, tier = spellings().shape_and_tier(value, model.lower_words[model.roles["shape"]])
    field = model.roles.get("tier")
    word = None if tier is None or field is None else model.lower_words[field].get(tier)
    return None if shape is None or field is None or word is None else (shape, field, word)


def nearest_shape(value: str, ratios: Mapping[str, Ratio]) -> str | None:
    """The ratio that is nearest to two numbers."""
    edges = spellings().sides(value)
    return nearest(edges, ratios) if edges and ratios else None


def _elsewhere(name: str, value: str, model: Model) -> tuple[str | None, str, bool]:
    """The other field that a value belongs to, its word there, and whether that is beyond doubt."""
    others = [other for other, field in model.fields.items() if field.role and field.words and other != name]
    for other in others:
        word = _same(other, value, model) if len(value) > 1 else None  # L may be large, and no low
        if word not in (None, "auto"):  # high may be said of a resolution, too, and 2k of nothing else
            return other, str(word), model.fields[other].role in ("shape", "tier")
    for other in others:
        if word := hints().near_word(other, value, model):
            return other, word, False
    return None, "", False


def of_type(name: str, value: Any, model: Model) -> Meaning:
    """What a value of another type may mean: text of a number, URLs without their list, one text in a list."""
    field = model.fields[name]
    meant: Any = None
    if type(value) is list and len(value) == 1 and type(value[0]) is str:
        meant = _same(name, value[0], model) if field.words else value[0] if field.kind in ("text", "url") else None
    elif type(value) is str:
        text = value.strip()
        if field.kind == "integer" and text.isascii() and text.isdigit() and len(text) < _LONGEST // 4:
            meant = int(text)
        elif field.kind == "boolean" and text.lower() in ("true", "false"):
            meant = text.lower() == "true"
        elif field.kind == "urls":
            meant = urls.apart(text) or None
    elif field.words and type(value) is int and 0 < value < _LARGE:
        meant = _same(name, str(value), model)
    elif field.role == "shape" and type(value) is dict:
        meant = _of_edges([value.get(edge) for edge in hints().edges[0]], model)
    if meant is None:
        return {}, None
    if type(meant) is list and len(meant) > 1:
        return {"count": len(meant)}, {name: meant}
    shown = f'"{meant}"' if type(meant) is str else f'["{meant[0]}"]' if type(meant) is list else meant
    return {"meant": shown}, {name: meant}


def _of_edges(values: list[Any], model: Model) -> str | None:
    """Width and height in pixels as a shape."""
    width, height = (_whole(value) or 0 for value in values)
    is_size = min(width, height) > 0 and max(width, height) < _LARGE
    return _same(model.roles["shape"], f"{width}x{height}", model) if is_size else None


def _whole(value: Any) -> int | None:
    """A whole number, as text too."""
    if type(value) is not str:
        return integer(value)
    match = _EDGE.fullmatch(value.strip().lower())
    return int(match[1]) if match else None


def of_number(name: str, value: Any, most: int | None, model: Model) -> dict[str, Any]:
    """The nearest number that is allowed; what is beyond the most that one request takes is several requests."""
    field, number = model.fields[name], integer(value)
    if most is None or value <= most:
        return {"nearest": field.minimum}
    figures: dict[str, Any] = {"nearest": most}
    if field.role == "number" and number is not None and number <= most * _MOST_PARTS:
        split = [most] * (number // most) + ([number % most] if number % most else [])
        figures |= {"split": split, "requests": len(split), "parts": " + ".join(map(str, split))}
    return figures


def holds_request(item: Item, full: Callable[[str], Any], models: Iterable[Model]) -> bool:
    """Whether a key holds a request, or several, one level down: by its name, or by a model or a prompt in there."""
    return _inside(item, full, models) == "request"


def _inside(item: Item, full: Callable[[str], Any], models: Iterable[Model]) -> Literal["request", "settings"] | None:
    """What of a request a key holds one level down."""
    if type(item.value) not in (dict, list):
        return None
    value = full(item.key)
    first = value[0] if type(value) is list and value else value
    if type(first) is not dict:
        return None
    kind = hints().kinds.get(fold(item.name))
    if kind == "wrapper" or not first.keys().isdisjoint(("model", *(model.roles.get("prompt") for model in models))):
        return "request"
    return "settings" if kind == "settings" else None


def named(item: Item, field: str, model: Model) -> bool:
    """Whether a key that the model lacks gives a missing field under another name, or as text perhaps."""
    if item.name in model.names:
        return False
    folded = fold(item.name)
    if model.names_meant.get(folded) == field:
        return True
    return hints().near_field(folded, model) == field and type(item.value) is str


def of_key(item: Item, full: Callable[[str], Any], given: Mapping[str, Any], model: Model) -> Meaning:
    """The field that an unknown key means, by its value if that says more than its name; or why it means no field.

    ``full`` gives the whole value of a key.
    """
    name, known = item.name, hints()
    edges = next((edges for edges in known.edges if name in edges), None)
    if edges is not None and "shape" in model.roles:
        field, shape = model.roles["shape"], _of_edges([full(edge) for edge in edges], model)
        is_sure = shape is not None and given.get(field) is None
        return {"suggestion": field}, {**dict.fromkeys(edges), field: shape} if is_sure else None
    if _inside(item, full, (model,)):
        return {"wrapper": name}, None
    if reason := known.reason(name, model):
        return {"reason": reason}, None
    meant = field_meant(name, model)
    if meant is None and (near := known.near_field(fold(name), model)) and given.get(near) in (None, ""):
        return {"suggestion": near}, None
    if meant is None or meant == "model":
        return {"suggestion": meant}, None
    field, value = meant, item.value
    tier = model.roles.get("tier")
    is_shape = tier is not None and type(value) is str and model.fields[field].role == "shape"
    if is_shape and not _same(field, value, model) and (word := _same(str(tier), value, model)):
        field, value = str(tier), word
    is_several = model.fields[field].kind == "url" and type(value) is str and len(urls.apart(value)) != 1
    if given.get(field) is not None or value is None or is_several:
        return {"suggestion": field}, None
    return {"suggestion": field}, {name: None, field: value if type(value) is str else full(name)}
