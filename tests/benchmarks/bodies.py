"""Request bodies from a seed: 80 % that reAPI takes, 20 % with one or two faults, and the page's own requests."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

__all__ = [
    "KINDS",
    "TRIGGERS",
    "Body",
    "mix",
    "of_kind",
    "recipes",
    "with_model_last",
    "with_one_unknown_field",
    "with_unknown_fields",
    "without_model",
]

SEED = 20_260_728
KINDS = ("ASCII", "Chinese, raw UTF-8", "Chinese, \\uXXXX")
"""The kinds of prompt, by how the text is written in JSON."""

_RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "2:1", "1:2", "21:9", "9:21")
_WIDE = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
_PIXELS = ("1024x1024", "2048x1152", "3840x2160", "1920x1080", "1536x512", "800x600")
_WORDS = [
    "a",
    "red",
    "fox",
    "castle",
    "beneath",
    "the",
    "starry",
    "sky",
    "with",
    "soft",
    "light",
    "and",
    "long",
    "shadows",
    "over",
    "quiet",
    "water,",
    "wide",
    "lens",
    "film",
    "grain",
    "poster",
    "of",
    "an",
    "old",
    "harbour",
    "in",
    "winter",
    "mist;",
    "copper",
    "teapot",
    "on",
    "linen,",
    "calm",
    "muted",
    "colours.",
    "Very",
    "detailed",
]
_CHARACTERS = "狐狸在雪地里奔跑晨光柔和远山如黛古城星空之下水面平静胶片颗粒海报旧港冬雾铜壶亚麻布色彩克制细节丰富，。、"
_HOSTS = ("cdn.example.com", "images.example.org", "assets.eu-west-1.example.net", "static.example.cn")


class Body(NamedTuple):
    """A body as JSON text, as a mapping where it is one, how its prompt is written, and the faults planted in it."""

    text: bytes
    mapping: dict[str, Any] | None
    kind: str
    faults: tuple[str, ...] = ()


def mix(count: int, seed: int = SEED) -> list[Body]:
    """Bodies as they come: every fifth is invalid, each trigger in turn, and one in eight of these has two faults."""
    chance = random.Random(seed)
    triggers = list(TRIGGERS)
    chance.shuffle(triggers)
    bodies = []
    for index in range(count):
        kind = chance.choices(KINDS, (70, 15, 15))[0]
        if index % 5:
            bodies.append(_body(_valid(chance, kind), kind))
            continue
        number = index // 5
        faults = [triggers[number % len(triggers)]]
        if number % 8 == 0:
            faults.append(triggers[(number + 7) % len(triggers)])
        bodies.append(_faulty(_valid(chance, kind), kind, faults))
    chance.shuffle(bodies)
    return bodies


def of_kind(kind: str, count: int, seed: int = SEED) -> list[Body]:
    """Valid bodies whose prompts are all of one kind."""
    chance = random.Random(f"{seed} {kind}")
    return [_body(_valid(chance, kind), kind) for _ in range(count)]


def recipes() -> list[Body]:
    """The page's quick example and its seven recipes, as the conformance vectors have them."""
    vectors = json.loads((Path(__file__).parents[1] / "vectors" / "page-examples.json").read_bytes())
    return [_body(case["body"], KINDS[0]) for case in vectors["cases"][:8]]


def with_unknown_fields(body: Body) -> Body:
    """The same body with two keys that no rule names, one of them nearly a field's name."""
    return _body({**(body.mapping or {}), "seed": 7, "aspect_ratio": "16:9"}, body.kind)


def with_one_unknown_field(body: Body) -> Body:
    """The same body with a key that no rule names."""
    return _body({**(body.mapping or {}), "seed": 7}, body.kind)


def without_model(body: Body) -> Body:
    """The same body, which names no model."""
    return _body({name: value for name, value in (body.mapping or {}).items() if name != "model"}, body.kind)


def with_model_last(body: Body) -> Body:
    """The same body with the model behind all else."""
    mapping = body.mapping or {}
    return _body({**(without_model(body).mapping or {}), "model": mapping["model"]}, body.kind)


def _body(mapping: dict[str, Any], kind: str, faults: tuple[str, ...] = ()) -> Body:
    return Body(json.dumps(mapping, ensure_ascii=kind == KINDS[2]).encode(), mapping, kind, faults)


def _faulty(mapping: dict[str, Any], kind: str, faults: list[str]) -> Body:
    for fault in faults:
        TRIGGERS[fault](mapping)
    body = _body(mapping, kind, tuple(faults))
    if "body.json" in faults:
        return Body(body.text[:-1] + b",}", None, kind, ("body.json",))
    if "body.object" in faults:
        return Body(b"[" + body.text + b"]", None, kind, ("body.object",))
    return body


def _valid(chance: random.Random, kind: str) -> dict[str, Any]:
    """A body of gpt-image-2-official that reAPI takes; each optional field is there or not."""
    body: dict[str, Any] = {"model": "gpt-image-2-official", "prompt": _prompt(chance, kind)}
    resolution = chance.choices((None, "1k", "2k", "4k", "2K", "4K"), (25, 20, 35, 12, 6, 2))[0]
    is_4k = resolution in ("4k", "4K")
    others = (chance.choice(_RATIOS), "auto", chance.choice(_PIXELS), None)
    urls = chance.random() < 0.41
    optional = {
        "size": chance.choice(_WIDE) if is_4k else chance.choices(others, (76, 6, 4, 14))[0],
        "resolution": resolution,
        "quality": chance.choices((None, "auto", "low", "medium", "high"), (25, 5, 20, 25, 25))[0],
        "n": chance.choices((None, 1, 2, 3, 4), (45, 30, 10, 5, 10))[0],
        "image_urls": [_url(chance) for _ in range(chance.randint(1, 16))] if urls else None,
        "mask_url": _url(chance) if urls and chance.random() < 0.12 else None,
        "background": chance.choices((None, "auto", "opaque", "transparent"), (88, 4, 5, 3))[0],
        "moderation": chance.choices((None, "auto", "low"), (88, 4, 8))[0],
    }
    return body | {name: value for name, value in optional.items() if value is not None}


def _prompt(chance: random.Random, kind: str) -> str:
    """20 to 3,897 characters, the logarithm of the length uniform."""
    length = round(math.exp(chance.uniform(math.log(20), math.log(3_897))))
    if kind != KINDS[0]:
        return "".join(chance.choices(_CHARACTERS, k=length))
    text = " ".join(chance.choices(_WORDS, k=length // 4 + 4))
    return text[:length].ljust(length, ".")


def _url(chance: random.Random) -> str:
    return f"https://{chance.choice(_HOSTS)}/campaigns/{chance.getrandbits(64):016x}/{chance.randint(1, 99)}.png"


_GOOD_URL = "https://cdn.example.com/reference.png"


def _put(**fields: Any) -> Callable[[dict[str, Any]], None]:
    """Plant these values; a None takes the field out."""

    def plant(body: dict[str, Any]) -> None:
        body.update(fields)
        for name in [name for name in fields if fields[name] is None]:
            del body[name]

    return plant


def _nothing(body: dict[str, Any]) -> None:
    """The fault is planted in the text of the body."""


TRIGGERS: dict[str, Callable[[dict[str, Any]], None]] = {
    "body.json": _nothing,
    "body.object": _nothing,
    "model.required": _put(model=None),
    "model.type": _put(model=2),
    "model.unknown": _put(model="no-such-model"),
    "prompt.required": _put(prompt=""),
    "prompt.type": _put(prompt=["a fox"]),
    "prompt.max_length": _put(prompt="a very long story of a fox, " * 150),
    "size.type": _put(size={"width": 1024, "height": 1024}),
    "size.unknown": _put(size="7:5", resolution="2k"),
    "resolution.type": _put(resolution=2),
    "resolution.unknown": _put(resolution="8k"),
    "size.needs_widescreen": _put(size="1:1", resolution="4k"),
    "n.type": _put(n="2"),
    "n.range": _put(n=5),
    "image_urls.type": _put(image_urls=_GOOD_URL, mask_url=None),
    "image_urls.max_items": _put(image_urls=[_GOOD_URL] * 20),
    "mask_url.type": _put(mask_url=5),
    "mask_url.needs_image": _put(image_urls=None, mask_url=_GOOD_URL),
    "image_urls.item_type": _put(image_urls=[_GOOD_URL, {"url": _GOOD_URL}]),
    "image_urls.data_uri": _put(image_urls=["data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"]),
    "image_urls.not_http": _put(image_urls=[_GOOD_URL, "./photo.png"]),
    "mask_url.data_uri": _put(image_urls=[_GOOD_URL], mask_url="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA"),
    "mask_url.not_http": _put(image_urls=[_GOOD_URL], mask_url="/output/mask.png"),
    "quality.type": _put(quality=1),
    "quality.unknown": _put(quality="hd"),
    "background.type": _put(background=False),
    "background.unknown": _put(background="white"),
    "moderation.type": _put(moderation=True),
    "moderation.unknown": _put(moderation="off"),
}
"""The triggers of the rulebook for this model, and how each is planted; what differs by parser is left out."""
