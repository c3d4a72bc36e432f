"""What somebody may have meant by a value that is not accepted: the figures of a hint, and a patch where it is sure.

Spellings and synonyms are in ``data/hints.json``.  A patch from here is a proposal: ``wording`` keeps it only if the
body that it gives is better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias

from reapi_rules.catalog.hints import field_meant, hints
from reapi_rules.catalog.models import Model
from reapi_rules.engine.body import Item
from reapi_rules.terms import urls
from reapi_rules.terms.sizes import Ratio, nearest, pixels
from reapi_rules.terms.spelling import closest, fold, narrow
from reapi_rules.terms.values import integer

__all__ = ["Meaning", "holds_request", "named", "nearest_shape", "of_key", "of_number", "of_type", "of_word"]

Meaning: TypeAlias = tuple[dict[str, Any], dict[str, Any] | None]
"""The figures of a hint, and the patch that is proposed."""

_LONGEST = 80
_MOST_PARTS = 10
_LARGE = 1_000_000
_SMALL = 100  # no image has such edges: two such numbers are a ratio
_PIXELS = r"(?<=[0-9])(?:px|pixels?)"
_PARTS = r"[0-9]{1,2} ?[:x_] ?[0-9]{1,2}(?![0-9])|[0-9][0-9.]{0,3} ?k|[^\W\d_]+"
_AROUND = " _()[],;|.-"
_SEPARATORS = str.maketrans(dict.fromkeys("×*∗✕X", "x") | dict.fromkeys("/∶：", ":"))
_TWO_NUMBERS = r"([0-9]{1,9}(?:\.[0-9]{1,4})?)([x:])([0-9]{1,9}(?:\.[0-9]{1,4})?)"


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
    shape = _shape(value, model) if model.fields[name].role == "shape" else None
    return shape or hints().same_word(name, value, model)


def _shape(value: str, model: Model) -> str | None:
    """The ratio or the pixel string that a value spells in another way."""
    match = _two_numbers(value)
    if match is None:
        shape, tier = _named_shape(value, model)
        return shape if tier is None else None
    word = f"{match[1]}:{match[3]}"
    if word in model.ratios:
        return word
    text = f"{match[1]}x{match[3]}"
    edges = pixels(text)
    takes = model.field("shape").pixel_strings
    return text if takes and edges and min(edges) >= _SMALL else None


def _two_numbers(value: str) -> re.Match[str] | None:
    text = narrow(value).translate(_SEPARATORS)
    text = re.sub(_PIXELS, "", "".join(text.split()).lower())
    return re.fullmatch(_TWO_NUMBERS, text.replace("by", "x"))


def _named_shape(value: str, model: Model) -> tuple[str | None, str | None]:
    """The ratio that is among words which say the same of it, and the tier beside it: landscape_4_3, 16:9 2k."""
    if len(value) > _LONGEST:
        return None, None
    text = " ".join(narrow(value).translate(_SEPARATORS).lower().split())
    parts = re.findall(_PARTS, text)
    shapes = [part for part in parts if part[0].isdecimal() and part[-1] != "k"]
    tiers = [part.replace(" ", "") for part in parts if part[0].isdecimal() and part[-1] == "k"]
    if len(shapes) != 1 or len(tiers) > 1 or re.sub(_PARTS, "", text).strip(_AROUND):
        return None, None
    words = [hints().beside.get(part, frozenset()) for part in parts if not part[0].isdecimal()]
    one, other = re.findall("[0-9]+", shapes[0])
    if "_" in shapes[0] and int(one) > int(other) and any(word == {"portrait"} for word in words):
        one, other = other, one  # fal.ai calls 9:16 portrait_16_9
    kind = "landscape" if int(one) > int(other) else "portrait" if int(one) < int(other) else "square"
    shape = f"{one}:{other}"
    if shape not in model.ratios or not all(kind in word for word in words):
        return None, None
    return shape, tiers[0] if tiers else None


def _shape_and_tier(value: str, model: Model) -> tuple[str, str, str] | None:
    """The ratio and, with its field, the tier that one value gives together."""
    shape, tier = _named_shape(value, model)
    field = model.roles.get("tier")
    if shape is None or tier is None or field is None:
        return None
    word = hints().same_word(field, tier, model)
    return None if word is None else (shape, field, word)


def nearest_shape(value: str, ratios: Mapping[str, Ratio]) -> str | None:
    """The ratio that is nearest to two numbers."""
    match = _two_numbers(value)
    if match is None or not ratios:
        return None
    edges = tuple(
        int(number.partition(".")[0] + number.partition(".")[2].ljust(4, "0")) for number in match.group(1, 3)
    )
    return None if 0 in edges else nearest((edges[0], edges[1]), ratios)


def _elsewhere(name: str, value: str, model: Model) -> tuple[str | None, str, bool]:
    """The other field that a value belongs to, its word there, and whether that is beyond doubt."""
    others = [other for other, field in model.fields.items() if field.role and field.words and other != name]
    for other in others:
        word = _same(other, value, model) or (value if _is_pixels(other, value, model) else None)
        if word not in (None, "auto"):  # high may be said of a resolution, too, and 2k of nothing else
            return other, str(word), model.fields[other].role in ("shape", "tier")
    for other in others:
        if word := hints().near_word(other, value, model):
            return other, word, False
    return None, "", False


def _is_pixels(name: str, value: str, model: Model) -> bool:
    edges = pixels(value) if model.fields[name].pixel_strings else None
    return edges is not None and min(edges) >= _SMALL


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
        meant = hints().same_word(name, str(value), model)
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
    return _shape(f"{width}x{height}", model) if min(width, height) > 0 and max(width, height) < _LARGE else None


def _whole(value: Any) -> int | None:
    """A whole number, as text too."""
    if type(value) is not str:
        return integer(value)
    text = re.sub(_PIXELS, "", value.strip().lower()) if len(value) < _LONGEST // 4 else ""
    return int(text) if text.isascii() and text.isdigit() else None


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
