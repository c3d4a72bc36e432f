"""What the tests draw from: bodies, faults to plant in them, JSON values, rate cards, and awkward values by hand."""

from __future__ import annotations

import itertools
from collections import UserDict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st

from reapi_rules import Catalog
from tests.support.oracle import FIELD_ORDER, OFFICIAL, SIBLING, SIZE_WORDS

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
    kept = draw(st.permutations([key for key in body if body[key] is not None or key not in ("model", "prompt")]))
    left_out = draw(st.sets(st.sampled_from([key for key in body if body[key] is None] or ["-"])))
    return {key: body[key] for key in kept if key not in left_out}


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


@st.composite
def rate_cards(draw: st.DrawFn, *, complete: bool = False, equal_twins: bool = False) -> dict[str, Any]:
    """A rate card with awkward decimals, with gaps unless it has to be complete."""
    prices: dict[str, dict[str, str]] = {}
    pool = draw(st.lists(decimals(), min_size=1, max_size=12))
    for model, cells in CELLS.items():
        kept = cells if complete or draw(st.booleans()) else draw(st.lists(st.sampled_from(cells), unique=True))
        prices[model] = {cell: draw(st.sampled_from(pool)) for cell in kept}
    if equal_twins:
        official = prices[OFFICIAL]
        for cell in official:
            ratio, at, rest = cell.partition("@")
            twin = ":".join(reversed(ratio.split(":"))) + at + rest
            official[twin] = official[cell]
    day = draw(st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31)))
    return {
        "format": "reapi-rate-card/1",
        "id": f"card-{draw(st.integers(0, 5))}",
        "currency": "USD",
        "effective_from": day.isoformat(),
        "checked_on": day.isoformat(),
        "source": "drawn",
        "usd_per_image": prices,
    }


def combinations(catalog: Catalog) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every size word at every resolution, quality and number of every model."""
    for model in catalog.models.values():
        qualities = (None,) if model.fields.quality is None else model.fields.quality.words
        numbers = range(max(model.fields.n.minimum, 1), model.fields.n.maximum + 1)
        for size, resolution, quality, n in itertools.product(
            model.fields.size.words, model.fields.resolution.words, qualities, numbers
        ):
            yield model.id, {"size": size, "resolution": resolution, "quality": quality, "n": n}
