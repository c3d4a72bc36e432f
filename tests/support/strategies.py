"""What the tests draw from: bodies, faults to plant in them, JSON values, rate cards, and awkward values by hand.

Bodies of every model are drawn by the oracle's own tables; nothing here knows the package.
"""

from __future__ import annotations

import itertools
import json
from collections import UserDict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st

from tests.support.cards import made_up
from tests.support.hostile import DISGUISES, HOSTILE
from tests.support.oracle import FIELD_ORDER, OFFICIAL, SIBLING, SIZE_WORDS, has_surrogate, oracle_report
from tests.support.oracle_models import FIELDS, MODELS, OTHER_MODELS, PRICES, WITHOUT_RULES, Field

RATIOS = tuple(word for word in SIZE_WORDS if word != "auto")
WIDE = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
RESOLUTIONS = ("1k", "2k", "4k")
QUALITIES = ("auto", "low", "medium", "high")

URLS = (
    "https://cdn.example.com/a.png",
    "http://example.org/b.png?x=1#y",
    "HTTPS://user:secret@example.com:8443/c.png",
    "  https://example.com/padded.png",
    "https://example.com:/d.png",
    "https://[2606:4700::1111]/e.png",
    "https://10.0.0.1/f.png",
    "https://localhost/g.png",
    "https://example.com:99999/h.png",
    "https://example.com/with blank.png",
    "https://[::ffff:192.168.0.1]/i.png",
    "https://例え.jp/j.png",
    "https://cdn/x.png",
    "https://1.2.3/x.png",
)
BAD_URLS = ("data:image/png;base64,AAAA", " DATA:,x", "ftp://example.com/a", "./a.png", "https://", "https://me@", "")
PIXELS = ("1024x1024", "2048x1152", "3840x2160", "1920x1080", "16x9", "0x0", "0x7", "007x009", "1x99999", "1728x1024")


class Two(IntEnum):
    """An integer by another name."""

    TWO = 2


AWKWARD: tuple[Any, ...] = (
    None, "", " ", "x", 0, 1, -1, 2.0, 2.5, 1e300, True, False, float("nan"), float("inf"), 2**63, -(2**63) - 1,
    10**300, "\ud800", "\U0001f98a", "e\u0301", "a" * 201, [], {}, [None], ["x"], {"a": 1}, (1, 2), b"bytes",
    Decimal(2), Decimal("2.5"), Fraction(2), Two.TWO, ("https://example.com/a.png",), {"https://example.com/a.png"},
    frozenset(("https://example.com/a.png",)), date(2026, 7, 1), UUID(int=2), UserDict(),
)  # fmt: skip
PROMPTS = (
    "a fox", "狐狸", " \u2003\n", "x" * 4000, "\U0001f98a" * 2001, "wide 16:9 shot", "at 10:16:9 o'clock", "16:95",
    "ends with 21:9.", "1:1.5", "\udc00 lone",
)  # fmt: skip


CHANCE = st.integers(0, 2**64 - 1).map(Random)
"""For what there is much of and hardly matters to a failure (order, spelling, prices): one draw instead of one for each."""


def in_any_order(chance: Random, body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in chance.sample(list(body), len(body))}


def json_values(max_leaves: int = 20) -> st.SearchStrategy[Any]:
    """Any JSON value, and a few that only Python has."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(AWKWARD)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=max_leaves,
    )


_KEYS = st.sampled_from((*FIELD_ORDER, "aspect_ratio", "seed", "output_format", "a/b~c")) | st.text(max_size=6)


def wild_bodies() -> st.SearchStrategy[dict[Any, Any]]:
    """Mappings with known and unknown keys over any value: most are invalid, in many ways at once."""
    plausible = st.sampled_from(
        (OFFICIAL, SIBLING, *SIZE_WORDS, *RESOLUTIONS, *QUALITIES, *PIXELS, *PROMPTS, *URLS, 1, 4)
    )
    values = plausible | json_values(6) | st.lists(st.sampled_from((*URLS, *BAD_URLS, 5)), max_size=18)
    named = st.fixed_dictionaries({}, optional={"model": st.sampled_from((OFFICIAL, SIBLING)) | values})
    return st.builds(
        lambda one, other: {**one, **other}, named, st.dictionaries(_KEYS | st.integers(), values, max_size=8)
    )


@st.composite
def valid_bodies(draw: st.DrawFn, model: str | None = None) -> dict[str, Any]:
    """A body that reAPI takes, in any order of keys, with nulls and unknown keys here and there."""
    model = draw(st.sampled_from((OFFICIAL, SIBLING))) if model is None else model
    resolution = draw(st.sampled_from((None, "1k", "2k", "4k", "1K", "2K", "4K")))
    sizes: tuple[str | None, ...] = WIDE if resolution in ("4k", "4K") else (None, *SIZE_WORDS)
    if model == OFFICIAL and resolution not in ("4k", "4K"):
        sizes += PIXELS
    images = draw(st.lists(st.sampled_from(URLS), max_size=16))
    body: dict[str, Any] = {
        "model": model,
        "prompt": draw(st.sampled_from(PROMPTS) | st.text(min_size=1, max_size=60)),
        "size": draw(st.sampled_from(sizes)),
        "resolution": resolution,
        "n": draw(st.sampled_from((None, 1, 2, 3, 4, 1.0, 4.0) if model == OFFICIAL else (None, 1, 1.0))),
        "image_urls": draw(st.sampled_from((None, images))),
    }
    if model == OFFICIAL:
        body["quality"] = draw(st.sampled_from((None, *QUALITIES)))
        body["mask_url"] = draw(st.sampled_from((None, "", *(URLS if body["image_urls"] else ()))))
        body["background"] = draw(st.sampled_from((None, "auto", "opaque", "transparent")))
        body["moderation"] = draw(st.sampled_from((None, "auto", "low")))
    else:
        body["quality"] = draw(st.sampled_from((None, "hd", "low")))
    body["aspect_ratio"] = draw(st.sampled_from((None, "16:9")))
    chance = draw(CHANCE)
    kept = {key: value for key, value in body.items() if value is not None or chance.random() < 0.5}
    return in_any_order(chance, kept)


class Fault(NamedTuple):
    """A value that makes a faultless body invalid in just one way, and the rule that says so."""

    rule: str
    field: str
    value: Any


FAULTS = (
    Fault("prompt.required", "prompt", ""),
    Fault("prompt.type", "prompt", 5),
    Fault("prompt.max_length", "prompt", "x" * 4001),
    Fault("size.type", "size", {"width": 1}),
    Fault("size.unknown", "size", "7:5"),
    Fault("resolution.type", "resolution", 2),
    Fault("resolution.unknown", "resolution", "8k"),
    Fault("n.type", "n", "2"),
    Fault("n.range", "n", 9),
    Fault("image_urls.type", "image_urls", "https://example.com/a.png"),
    Fault("image_urls.max_items", "image_urls", ["https://example.com/a.png"] * 17),
    Fault("image_urls.item_type", "image_urls", ["https://example.com/a.png", {"url": "x"}]),
    Fault("image_urls.data_uri", "image_urls", ["data:image/png;base64,AA"]),
    Fault("image_urls.not_http", "image_urls", ["https://example.com/a.png", "ftp://example.com/a"]),
)
OFFICIAL_FAULTS = (
    Fault("mask_url.type", "mask_url", ["x"]),
    Fault("quality.type", "quality", 1),
    Fault("quality.unknown", "quality", "hd"),
    Fault("background.type", "background", False),
    Fault("background.unknown", "background", "white"),
    Fault("moderation.type", "moderation", 0),
    Fault("moderation.unknown", "moderation", "high"),
)


def decimals() -> st.SearchStrategy[str]:
    """Prices as text: whole, short, long, tiny, and those that floats get wrong."""
    awkward = st.sampled_from(
        ("0", "0.000000000001", "0.006", "0.07", "0.035", "0.0475", "1", "0.1", "0.0005", "999999.999999999999")
    )
    return awkward | st.builds(
        lambda whole, places, scale: f"{whole}.{places:0{scale}}"[: len(str(whole)) + 1 + scale],
        st.integers(0, 3), st.integers(0, 10**12 - 1), st.integers(1, 12),
    )  # fmt: skip


CELLS = {
    OFFICIAL: tuple(
        f"{ratio}@{resolution}_{quality}"
        for ratio in RATIOS
        for resolution in RESOLUTIONS
        for quality in ("low", "medium", "high")
        if resolution != "4k" or ratio in WIDE
    ),
    SIBLING: RESOLUTIONS,
}
ALL_CELLS = {**CELLS, **{model: PRICES[model].words for model in OTHER_MODELS}}


@st.composite
def rate_cards(
    draw: st.DrawFn,
    *,
    complete: bool = False,
    equal_twins: bool = False,
    cells_of: dict[str, tuple[str, ...]] = CELLS,
) -> dict[str, Any]:
    """A rate card with awkward decimals, with gaps unless it has to be complete; of the page's models by default."""
    prices: dict[str, dict[str, str]] = {}
    pool = draw(st.lists(decimals(), min_size=1, max_size=12))
    chance = draw(CHANCE)
    for model, cells in cells_of.items():
        kept = cells if complete or draw(st.booleans()) else chance.sample(cells, chance.randint(0, len(cells)))
        prices[model] = {cell: chance.choice(pool) for cell in kept}
    if equal_twins:
        official = prices[OFFICIAL]
        for cell in official:
            ratio, at, rest = cell.partition("@")
            twin = ":".join(reversed(ratio.split(":"))) + at + rest
            official[twin] = official[cell]
    day = draw(st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31)))
    return made_up(prices, day.isoformat(), id=f"card-{draw(st.integers(0, 5))}", source="drawn")


def combinations(catalog: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every shape word at every tier, quality and number of every model, by the model's own names."""
    for model in catalog.models.values():
        names = [model.roles[role] for role in ("shape", "tier", "quality") if role in model.roles]
        axes = [model.fields[name].choices for name in names]
        if number := model.roles.get("number"):
            names.append(number)
            axes.append(range(max(model.fields[number].minimum, 1), model.fields[number].maximum + 1))
        for words in itertools.product(*axes):
            yield model.id, dict(zip(names, words))


# --------------------------------------------------------------------------------
# Bodies of every model, by the oracle's tables
# --------------------------------------------------------------------------------

FOX = "\U0001f98a"  # one character, two UTF-16 units
NEAR_MISSES = ("{0} ", " {0}", "{0}{0}", "{0}x", "")
WRONG_TYPES: tuple[Any, ...] = (
    0, 1, -1, 2.5, 4.0, True, False, "", "x", "2", "true", "https://example.com/a.png", [], ["x"], [None], [1], {}, {"a": 1},
    float("nan"), 10**300, -(2**63) - 1,
)  # fmt: skip
OTHER_KEYS = tuple(
    sorted({name for fields in FIELDS.values() for name in fields} | {"seed", "webhook_url", "imageSize", "a/b~c", ""})
)
"""Names that are fields of some model or of none, to be drawn as unknown ones."""


@cache
def good_values(field: Field) -> st.SearchStrategy[Any]:
    """Values that the field takes without an error; of words and lists also those that only warn."""
    least, most = field.least or 0, field.most
    if field.kind == "text":
        lengths = (max(least, 1), 20, most or 60)
        texts = (*PROMPTS, *("x" * length for length in lengths))
        return st.sampled_from([text for text in texts if least <= len(text) <= (most or len(text))])
    if field.kind in ("word", "size"):
        words = st.sampled_from(field.words)
        if field.kind == "size":
            return words | st.sampled_from(PIXELS)
        return st.one_of(words, words, st.sampled_from(("7:5", "4K"))) if field.warns else words
    if field.kind == "integer":
        numbers = st.integers(least, 10**9 if most is None else most)
        edges = st.sampled_from((least, 10**9 if most is None else most))
        return numbers | edges | numbers.map(float)
    if field.kind == "boolean":
        return st.booleans()
    if field.kind == "url":
        return st.sampled_from(URLS)
    if field.kind == "urls":
        bound = 18 if most is None else most + 1 if field.warns == "max_items" else most
        return st.lists(st.sampled_from(URLS), min_size=least, max_size=3) | st.integers(max(least, 1), bound).map(
            lambda count: [URLS[0]] * count
        )
    if field.kind == "array":
        return st.lists(st.lists(st.integers(0, 9) | st.text(max_size=3), max_size=4), max_size=3)
    return st.dictionaries(st.sampled_from(("max_images", "x")), st.integers(0, 9) | st.none(), max_size=2)


@cache
def odd_values(field: Field) -> st.SearchStrategy[Any]:
    """Values at and beyond the bounds, near misses, and values of other types."""
    anything = st.none() | st.sampled_from(WRONG_TYPES)
    if field.kind == "text":
        edges = {field.least or 0, field.most or 4000}
        lengths = st.sampled_from(sorted({edge + step for edge in edges for step in (-1, 0, 1)} - {-1}))
        return anything | st.builds(str.__mul__, st.sampled_from(("x", FOX, FOX, " ")), lengths)
    if field.kind in ("word", "size"):
        misses = st.builds(str.format, st.sampled_from(NEAR_MISSES), st.sampled_from(field.words))
        cases = st.sampled_from(field.words).map(str.upper) | st.sampled_from(field.words).map(str.lower)
        return anything | misses | cases | st.sampled_from((*SIZE_WORDS, "1K", "4K", "0.5K", "hd", *PIXELS[:3]))
    if field.kind == "integer":
        edges = {field.least or 0, 10 if field.most is None else field.most}
        numbers = st.sampled_from(sorted({edge + step for edge in edges for step in (-1, 0, 1)}))
        return anything | numbers | numbers.map(float) | numbers.map(str)
    if field.kind == "url":
        return anything | st.sampled_from((*BAD_URLS, *URLS))
    if field.kind == "urls":
        edges = {field.least or 0, field.most or 16, 16}
        counts = st.sampled_from(sorted({edge + step for edge in edges for step in (-1, 0, 1)} - {-1}))
        entries = st.lists(st.sampled_from((*URLS, *BAD_URLS, 5, None)), max_size=18)
        return anything | entries | counts.map(lambda count: [URLS[0]] * count)
    return anything


@st.composite
def accepted_bodies(draw: st.DrawFn, models: Sequence[str] = MODELS) -> dict[str, Any]:
    """A body of one of the models without an error, in any order of keys."""
    model = draw(st.sampled_from(models))
    body: dict[str, Any] = {"model": model}
    for name, field in FIELDS[model].items():
        if field.required or draw(st.booleans()):
            body[name] = draw(good_values(field))
    if not oracle_report(body)["ok"]:  # a constraint across fields is broken: what is left is the least body
        body = {name: value for name, value in body.items() if name in ("model", "prompt")}
    return in_any_order(draw(CHANCE), body)


@st.composite
def faulty_bodies(draw: st.DrawFn, models: Sequence[str] = MODELS, *, most: int = 4) -> dict[str, Any]:
    """A body with up to so many odd values in it: wrong types, near misses, lengths at the bounds, nulls, unknown keys."""
    body = draw(accepted_bodies(models))
    fields = FIELDS[body["model"]]
    for name in draw(_some_names(body["model"], most)):
        body[name] = draw(odd_values(fields[name]))
    for name, value in draw(_OTHERS):
        body.setdefault(name, value)
    chance = draw(CHANCE)
    if draw(st.booleans()):
        del body[chance.choice(sorted(body))]
    return in_any_order(chance, body)


@cache
def _some_names(model: str, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(FIELDS[model])), min_size=1, max_size=most, unique=True)


_OTHERS = st.lists(st.tuples(st.sampled_from(OTHER_KEYS), st.none() | st.sampled_from(WRONG_TYPES)), max_size=2)


def crowded_bodies(models: Sequence[str] = MODELS) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies with around as many unknown keys as are named one by one."""
    crowds = st.integers(18, 24).map(lambda count: {f"key{number}": number for number in range(count)})
    return st.builds(lambda body, crowd: {**crowd, **body}, accepted_bodies(models), crowds)


def bodies_without_rules() -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of ids that are known and have no rules, over any values."""
    return st.builds(
        lambda model, others: {**others, "model": model},
        st.sampled_from(WITHOUT_RULES),
        st.dictionaries(_KEYS, st.sampled_from(WRONG_TYPES) | st.none(), max_size=4),
    )


def any_bodies(models: Sequence[str] = MODELS) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of every kind, as plain JSON values."""
    return st.one_of(
        accepted_bodies(models), faulty_bodies(models), faulty_bodies(models, most=1), crowded_bodies(models)
    )


# --------------------------------------------------------------------------------
# The same body, spelled in many ways
# --------------------------------------------------------------------------------


@st.composite
def disguised(draw: st.DrawFn, bodies: st.SearchStrategy[dict[str, Any]]) -> tuple[dict[str, Any], Any]:
    """A plain body, and a mapping that says the same with types of its own, by section 2 of the rulebook."""
    body, chance = draw(bodies), draw(CHANCE)

    def disguise(value: Any) -> Any:
        return chance.choice((lambda same: same, *DISGUISES.get(type(value), ())))(value)

    others = {
        disguise(name): disguise([disguise(entry) for entry in value] if type(value) is list else value)
        for name, value in body.items()
    }
    return body, disguise(others)


@st.composite
def hostile_bodies(draw: st.DrawFn, models: Sequence[str] = MODELS) -> dict[Any, Any]:
    """A body with objects that lie or raise in some of its fields, in its lists, and among its keys."""
    body: dict[Any, Any] = draw(accepted_bodies(models))
    fields = FIELDS[body["model"]]
    for _ in range(draw(st.integers(1, 3))):
        value = HOSTILE[draw(st.integers(0, len(HOSTILE) - 1))]
        name = draw(st.sampled_from((*fields, "model", "seed")))
        body[name] = [URLS[0], value] if draw(st.booleans()) else value
    for key in draw(st.lists(st.sampled_from((5, 2.5, None, True, b"n", ("n",), 10**30)), max_size=2)):
        body[key] = "x"
    return body


@st.composite
def written(draw: st.DrawFn, bodies: st.SearchStrategy[dict[str, Any]]) -> tuple[dict[str, Any], str | bytes]:
    """A plain body, and JSON text or bytes that say the same: repeated keys, a mark, escapes, blanks, integers as ``2``.

    The body holds nothing that JSON has no text for, and no number that a decoder may give up on.
    """
    body, chance = {name: value for name, value in draw(bodies).items() if is_writable(value)}, draw(CHANCE)
    pairs: list[str] = []
    for name, value in body.items():
        if chance.random() < 0.1:  # of a repeated key the last counts
            pairs.append(f"{_json(chance, name)}:{chance.choice(('null', '1', '[]', '{}', _json(chance, value)))}")
        pairs.append(f"{_json(chance, name)}{chance.choice((':', ' : '))}{_json(chance, value)}")
    text = "{" + chance.choice((",", ", ", "\n,\t")).join(pairs) + "}"
    text = chance.choice(("", "", " \n", "\ufeff")) + text
    return body, text.encode() if chance.random() < 0.5 else text


def _json(chance: Random, value: Any) -> str:
    if type(value) is str and value and chance.random() < 0.25:
        units = value.encode("utf-16-be").hex()
        return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'
    return json.dumps(value, ensure_ascii=chance.random() < 0.5)


def is_writable(value: Any) -> bool:
    """Whether JSON has a text for the value that every decoder reads."""
    if type(value) is float:
        return value == value and abs(value) < 1e300
    if type(value) is int:
        return -(2**63) <= value < 2**63
    if type(value) is str:
        return not has_surrogate(value)
    if type(value) is list:
        return all(map(is_writable, value))
    if type(value) is dict:
        return all(map(is_writable, (*value, *value.values())))
    return value is None or type(value) is bool
