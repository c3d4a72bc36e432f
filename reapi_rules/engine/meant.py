"""What somebody may have meant by a value that is not accepted: the figures of a hint, and a patch where it is sure.

What it means beyond doubt is in ``data/spellings.json``, what perhaps in ``data/hints.json``.  A patch from here is a
proposal: ``wording`` keeps it only if the body that it gives is better.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, TypeAlias

from reapi_rules.catalog.hints import field_meant, hints
from reapi_rules.catalog.models import Model, Role
from reapi_rules.catalog.spellings import spellings
from reapi_rules.engine.body import Item, Source, items
from reapi_rules.terms import urls
from reapi_rules.terms.spelling import ascii_lower, closest, fold, narrow
from reapi_rules.terms.values import SCALARS, integer, shorten

__all__ = [
    "Meaning",
    "addresses",
    "misplaced",
    "of_key",
    "of_number",
    "of_type",
    "of_word",
]

Meaning: TypeAlias = tuple[dict[str, Any], dict[str, Any] | None]
"""The figures of a hint, and the patch that is proposed."""

_LONGEST = 80
_MOST_PARTS = 10
_LARGE = 1_000_000
_TOGETHER: tuple[Role, ...] = ("shape", "tier")
_AROUND_URLS = "<>\"'`"
_LISTING = re.compile(r"""["'\[\]]""")
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
    if name in (two := _shape_and_tier(value, model)):
        (beside,) = two.keys() - {name}
        both = {**two} if given.get(beside) in (None, two[beside]) else None
        return {"meant": two[name], "nearest": two[name], "beside": beside, "words": (two[beside],)}, both
    if near := hints().near_word(name, value, model):
        return {"nearest": near}, None
    other, word, is_sure = _elsewhere(name, value, model)
    if other is not None:
        patch = {name: None, other: word} if is_sure and given.get(other) in (None, word) else None
        return {"belongs": other, "as_word": word}, patch
    words = tuple(word for word in field.choices if word not in field.downgraded)
    return {"nearest": closest(value, words)}, None


def _same(name: str, value: str, model: Model) -> str | None:
    """The word that a value is beyond doubt."""
    field, words, text = model.fields[name], model.lower_words[name], " ".join(narrow(value).split())
    known = words.get(ascii_lower(text))
    return known or spellings().word(field.role or name, text, words, pixels=field.pixel_strings, sent=True)


def _shape_and_tier(value: str, model: Model) -> dict[str, str]:
    """The ratio and the tier that one value gives together, by their fields."""
    shape, tier = (model.roles.get(role) for role in _TOGETHER)
    if shape is None or tier is None:
        return {}
    ratio, grade = spellings().shape_and_tier(value, model.lower_words[shape])
    word = model.lower_words[tier].get(grade or "")
    return {shape: ratio, tier: word} if ratio and word else {}


def _elsewhere(name: str, value: str, model: Model) -> tuple[str | None, str, bool]:
    """The other field that a value belongs to, its word there, and whether that is beyond doubt."""
    others = [other for other, field in model.fields.items() if field.role and field.choices and other != name]
    if "/" in value and model.fields[name].role not in _TOGETHER:
        return None, "", False  # 4/5 may be a mark
    for other in others:
        word = _same(other, value, model) if len(value) > 1 else None  # L may be large, and no low
        if word not in (None, "auto"):  # high may be said of a resolution, too, and 2k of nothing else
            return other, str(word), model.fields[other].role in ("shape", "tier")
    for other in others:
        word = hints().near_word(other, value, model)
        if word not in (None, "auto"):
            return other, str(word), False
    return None, "", False


def of_type(name: str, value: Any, model: Model) -> Meaning:
    """What a value of another type may mean: text of a number, URLs without their list, one text in a list."""
    meant = _as_type(name, value, model)
    if meant is None:
        return {}, None
    if type(meant) is list and len(meant) > 1:
        return {"count": len(meant)}, {name: meant}
    if type(meant) is int and not (type(value) is str and _is_digits(value.strip())):
        return {"number": meant}, {name: meant}
    one = shorten(meant[0] if type(meant) is list else meant)
    shown = f'["{one}"]' if type(meant) is list else f'"{one}"' if type(meant) is str else one
    return {"meant": shown}, {name: meant}


def _as_type(name: str, value: Any, model: Model) -> Any:
    field = model.fields[name]
    if field.has_addresses:
        found = addresses(value, model)
        return (found if field.kind == "urls" else found[0] if len(found) == 1 else None) or None
    if field.role == "shape" and (edges := _edges(value)):
        return _of_edges(edges, model)
    if type(value) is list and len(value) == 1:
        value = value[0]
    text = value.strip() if type(value) is str else ""
    if field.words:
        is_number = type(value) is int and 0 < value < _LARGE
        return _same(name, text or str(value), model) if text or is_number else None
    if field.kind == "text":
        return value if text else None
    if field.kind == "boolean":
        return {"true": True, "false": False}.get(text.lower())
    whole = text.removesuffix(".0")  # 2.000 may be two thousand
    if field.kind == "integer" and (type(value) is int or _is_digits(whole)):
        return int(whole or value)
    return spellings().number(text) if field.role == "number" else None


def addresses(value: Any, model: Model, depth: int = 3) -> list[str]:
    """The URLs that a value holds: in a text, in an object of other APIs, or in a list of these; else none.

    An object that has a word of another field beside its URL, such as a size, is more than an address.
    """
    if type(value) is str:
        text = value.strip()
        if text.startswith("[") and text.endswith("]"):  # a list as text, perhaps with the slashes that PHP escapes
            text = _LISTING.sub(" ", text.replace("\\", ""))
        return urls.apart(text.strip(_AROUND_URLS))
    if type(value) is dict:
        if all(type(key) is str and _is_digits(key) for key in value):  # what PHP makes of a list with gaps
            value = [*value.values()]
        else:
            others = (model.names_meant.get(fold(key)) for key, of in value.items() if type(key) is type(of) is str)
            is_more = any(name in model.fields and not model.fields[name].has_addresses for name in others)
            held = (value.get(key) for key in hints().address_keys if not is_more)
            value = [next((each for each in held if not _is_blank(each)), None)]
    if type(value) is not list or not depth:
        return []
    found = [addresses(entry, model, depth - 1) for entry in value]
    return [url for each in found for url in each] if all(found) else []


def _is_blank(value: Any) -> bool:
    """Whether a value is None or an empty text; a caller's own object may raise if it is compared with them."""
    return value is None or (type(value) is str and not value)


def _edges(value: Any) -> list[Any] | None:
    """Width and height in a list or in an object."""
    if type(value) is dict:
        held = {fold(name): each for name, each in value.items() if type(name) is str}
        return next(([held[edge] for edge in edges] for edges in hints().edges if held.keys() >= set(edges)), None)
    return value if type(value) is list and len(value) == 2 else None


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


def _is_digits(text: str) -> bool:
    digits = text.removeprefix("-")
    return len(digits) < _LONGEST // 4 and digits.isascii() and digits.isdigit()


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


def _telling(models: Iterable[Model]) -> frozenset[str | None]:
    """The fields in which an object is known for a request to one of these models."""
    return frozenset(("model", *(model.roles.get("prompt") for model in models)))


def _inside(item: Item, telling: Collection[str | None]) -> Literal["request", "settings"] | None:
    """What of a request, or of several, a key holds one level down: by its name, or by a field in there that tells."""
    if type(item.value) not in (dict, list):
        return None
    value = item.full
    first = value[0] if type(value) is list and value else value
    is_table = type(first) is list and first is not value  # rows of cells, as Google Sheets has them
    if type(first) is not dict and not is_table:
        return None
    kind = hints().kinds.get(fold(item.name))
    if kind == "wrapper" or (not is_table and not first.keys().isdisjoint(telling)):
        return "request"
    return "settings" if kind == "settings" else None


def named(item: Item, field: str, model: Model) -> bool:
    """Whether a key that the model lacks gives a missing field under another name, or as text perhaps."""
    if item.name in model.names:
        return False
    if field_meant(item.name, model) == field:
        return True
    return hints().near_field(fold(item.name), model) == field and type(item.value) is str


def of_key(item: Item, given: Mapping[str, Any], model: Model, keys: Mapping[str, Item]) -> Meaning:
    """The field that an unknown key means, by its value if that says more than its name; or why it means no field.

    ``keys`` are the unknown ones, by their names as names are compared.
    """
    name, known = item.name, hints()
    edges = next((edges for edges in known.edges if fold(name) in edges), None)
    if edges is not None and "shape" in model.roles:
        pair = {keys[edge].name: keys[edge].full for edge in edges if edge in keys}
        field, shape = model.roles["shape"], _of_edges([*pair.values()], model) if len(pair) == len(edges) else None
        is_sure = shape is not None and given.get(field) is None
        return {"suggestion": field}, {**dict.fromkeys(pair), field: shape} if is_sure else None
    if _inside(item, _telling((model,))):
        return {"wrapper": name}, None
    by_value = _by_value(item, model)
    if by_value is None and (reason := known.reason(name, model)):
        return {"reason": reason}, None
    meant = by_value or field_meant(name, model)
    if meant is None and (near := known.near_field(fold(name), model)) and given.get(near) in (None, ""):
        return {"suggestion": near}, None
    if meant is None or meant == "model":
        whole = item.full  # an object with fields of the model is no setting to be left out
        is_around = type(whole) is dict and not model.names.isdisjoint(whole)
        return {"wrapper": name} if is_around else {"suggestion": meant or _by_word(name, whole, model)}, None
    field, value = meant, item.full
    if type(value) is str and model.fields[field].choices:
        others = [model.roles[role] for role in _TOGETHER if role in model.roles]
        places = (field, *others) if model.fields[field].role == "shape" else (field,)
        field, value = next(((at, word) for at in places if (word := _same(at, value, model))), (field, value))
    takes, text = model.fields[field], value if type(value) is str else ""
    if takes.has_addresses and text and not addresses(text, model) and urls.fault(text):
        return {"upload": field}, None
    own = given.get(field)
    if not _is_blank(own) and type(own) is type(value) in SCALARS and own == value:
        return {"suggestion": None}, {name: None}  # the field says it already
    is_several = takes.kind == "url" and type(value) is str and len(urls.apart(text)) != 1
    if not _is_blank(own) or value is None or is_several:
        return {"suggestion": field}, None
    return {"suggestion": field}, {name: None, field: value}


def _by_word(name: str, value: Any, model: Model) -> str | None:
    """The field that a key may mean by the word that it holds: its own name says nothing, or ends like the field's."""
    fields: list[str] = [model.roles[role] for role in (*_TOGETHER, "quality") if role in model.roles]
    for field in fields if type(value) is str and len(value) <= _LONGEST and not _is_digits(value) else ():
        is_near = model.fields[field].role in _TOGETHER or fold(name).endswith(field)
        if is_near and _same(field, value, model) not in (None, "auto"):
            return field
    return None


def _by_value(item: Item, model: Model) -> str | None:
    """The field that a name of several meanings means by what it holds."""
    fields = dict[str, str](model.roles.items())
    roles = hints().by_value.get(fold(item.name), ())
    for role, field in ((role, fields[role]) for role in roles if role in fields):
        value = item.full
        if model.fields[field].has_addresses:
            is_fitting = bool(addresses(value, model))
        elif role == "number":
            is_fitting = integer(value) is not None or type(_as_type(field, value, model)) is int
        else:
            is_word = type(value) is str and len(value) <= _LONGEST
            is_fitting = is_word and bool(_same(field, value, model) or hints().near_word(field, value, model))
        if is_fitting:
            return field
    return None


def misplaced(field: str, source: Source, model: Model, models: Collection[Model]) -> tuple[str | None, str | None]:
    """A key of the body that means a field that is missing, and one that the whole request may be in."""
    misnamed = wrapper = None
    telling = _telling(models)
    for item in items(source):
        if misnamed is None and named(item, field, model):
            misnamed = item.name
        if wrapper is None and _inside(item, telling) == "request":
            wrapper = item.name
    return misnamed, None if misnamed else wrapper
