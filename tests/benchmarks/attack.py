"""Bodies that are made to hurt, at any size, and how time and memory grow with them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import Any, NamedTuple

from reapi_rules import preflight

from .goals import Scale, Section, table

__all__ = ["ATTACKS", "Attack", "growth", "judge"]


class Attack(NamedTuple):
    """What grows, how large it gets, and the body of a given size."""

    what: str
    largest: int
    make: Callable[[int], Any]


def _body(**fields: Any) -> dict[str, Any]:
    return {"model": "gpt-image-2-official", "prompt": "a fox", **fields}


def _text(field: str, value: Callable[[int], str]) -> Callable[[int], bytes]:
    """A body as JSON text, one field of which is this text."""
    return lambda n: (
        b'{"model": "gpt-image-2-official", "prompt": "a fox", "%s": %s}'
        % (
            field.encode(),
            value(n).encode(),
        )
    )


def _pairs(pair: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """A body as JSON text with n more keys."""
    return lambda n: b'{"model": "gpt-image-2-official", "prompt": "a fox", %s}' % b",".join(map(pair, range(n)))


def _long(unit: str) -> Callable[[int], str]:
    """A JSON string of about n characters."""
    return lambda n: f'"{unit * (n // len(unit))}"'


def _url(start: str, unit: str, end: str = "") -> Callable[[int], dict[str, Any]]:
    return lambda n: _body(image_urls=[start + unit * (n // len(unit)) + end])


_MB = 4_000_000
_PROMPTS = {
    "letters": "x",
    "Chinese": "狐",
    "escaped": "\\u72d0",
    "blanks": " ",
    "colons": ":",
    "digits": "1",
    "digits and colons": "1:",
    "ratios with a digit before": "116:95",
    "ratios in a row": "16:9:",
    "digits and full stops": "1.",
}
_WORDS = {"letters": "a", "blanks": " ", "digits": "9", "digits and x": "9x", "capitals": "K", "dotted I": "\u0130"}
_URLS = {
    "letters": ("https://", "a", ""),
    "blanks": ("https://", " ", "x"),
    "blanks before": ("", " ", "https://example.com"),
    "at signs": ("https://", "@", ""),
    "colons": ("https://example.com", ":", ""),
    "digits after the host": ("https://example.com:", "9", ""),
    "digits and full stops": ("https://", "1.", "1"),
    "full stops": ("https://", ".", ""),
    "brackets": ("https://", "[", ""),
    "a bracket and colons": ("https://[", ":", "]"),
    "slashes": ("https://", "/", ""),
    "no-break blanks": ("https://example.com/", "\u00a0", ""),
}

ATTACKS: tuple[Attack, ...] = (
    *(Attack(f"prompt: {name}", _MB, _text("prompt", _long(unit))) for name, unit in _PROMPTS.items()),
    *(Attack(f"prompt that is taken: {name}", 4_000, _text("prompt", _long(unit))) for name, unit in _PROMPTS.items()),
    *(
        Attack(f"{field}: {name}", _MB // 4, _text(field, _long(unit)))
        for field in ("model", "size", "resolution", "quality", "background", "moderation", "mask_url")
        for name, unit in _WORDS.items()
    ),
    Attack("size: digits, x, digits", _MB // 4, lambda n: _body(size="9" * (n // 2) + "x" + "8" * (n // 2))),
    Attack("size: digits, a colon, digits", _MB // 4, lambda n: _body(size="9" * (n // 2) + ":" + "8" * (n // 2))),
    Attack("size: leading zeros", _MB // 4, lambda n: _body(size="0" * (n // 2) + "1x" + "0" * (n // 2) + "2")),
    Attack("n: digits", 5_000, _text("n", lambda n: "9" * n)),
    Attack("n: as many digits as Python reads", 4_300, _text("n", lambda n: "9" * n)),
    Attack("n: more digits than are read", 40_000, _text("n", lambda n: "9" * (n + 4_400))),
    Attack("n: digits of a fraction", 5_000, _text("n", lambda n: "0." + "3" * n)),
    Attack("n: an integer of so many digits", 40_000, lambda n: _body(n=10**n)),
    *(Attack(f"image_urls: {name}", _MB // 4, _url(*parts)) for name, parts in _URLS.items()),
    Attack("image_urls: URLs", 100_000, lambda n: _body(image_urls=["https://example.com/a.png"] * n)),
    Attack("image_urls: numbers", 100_000, lambda n: _body(image_urls=[5] * n)),
    Attack("image_urls: lists", 100_000, lambda n: _body(image_urls=[[]] * n)),
    Attack("image_urls: 16 long ones", _MB // 16, lambda n: _body(image_urls=["https://x/" + "1." * n] * 16)),
    Attack("keys", 100_000, lambda n: _body(**{f"key-{number}": number for number in range(n)})),
    Attack("keys in text", 100_000, _pairs(lambda number: b'"k%d":null' % number)),
    # of names below five letters none is looked for that is one letter away: each has as many, however few there are
    Attack(
        "keys that may hold the request", 100_000, lambda n: b"{%s}" % b",".join(b'"%06d":[{}]' % at for at in range(n))
    ),
    Attack("keys that are nearly fields", 100_000, lambda n: _body(**{f"sizes{number}": "" for number in range(n)})),
    Attack(
        "keys beside a URL",
        100_000,
        lambda n: _body(image={"url": "https://x.example/", **{f"sizes{number}": "" for number in range(n)}}),
    ),
    Attack("keys: the same again", 100_000, _pairs(lambda number: b'"n":1')),
    Attack("keys: the same unknown one again", 100_000, _pairs(lambda number: b'"seed":[]')),
    Attack("keys: no text", 100_000, lambda n: _body() | {number: number for number in range(n)}),
    Attack("keys: one long", _MB, lambda n: _body(**{"k" * n: 1})),
    Attack("nesting: lists in text", 100_000, _text("seed", lambda n: "[" * n + "]" * n)),
    Attack("nesting: open objects", 100_000, lambda n: b'{"model":' * n),
    Attack("nesting: lists in a mapping", 100_000, lambda n: _body(image_urls=_nested(n))),
    Attack("numbers out of range", 5_000, _text("seed", lambda n: "9" * n + "e999999")),
    Attack("escapes of half characters", _MB, _text("prompt", _long("\\ud800"))),
    Attack("bytes that are no UTF-8", _MB, lambda n: b'{"prompt": "' + b"\xff" * n + b'"}'),
    Attack("blanks around", _MB, lambda n: b" " * n + b"{}" + b"\n" * n),
)
"""For every field what its rules and the regular expressions behind them could stumble over."""


def _nested(depth: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


def judge(body: Any) -> bytes:
    """Everything that can be asked of a report."""
    report = preflight(body)
    report.payload()
    return report.to_json()


def growth(scale: Scale) -> Section:
    """Time and peak memory at the largest size against an eighth of it."""
    rows, times, peaks = [], [], []
    for what, largest, make in ATTACKS:
        size = largest // scale.attack
        small, large = make(size // 8), make(size)
        seconds, time = _times(small, large, scale.repeats)
        peak = _peak(large)
        memory = peak / _peak(small)
        rows.append((what, f"{size:,}", f"{seconds * 1e3:.2f}", f"{time:.1f}", f"{peak / 2**20:.2f}", f"{memory:.1f}"))
        times.append(time if seconds > 1e-3 else 0)
        peaks.append(memory if peak > 2**20 else 0)
    text = (
        "One body, its payload and `to_json()`, from an eighth of the size to the whole. What is linear grows 8 times "
        "at most, and less where something else takes longer. Python reads a number of d digits in d x d steps, and "
        "no number of more than 4,300 digits.\n\n"
    ) + table(("what grows", "to", "ms", "time grows", "peak MiB", "memory grows"), rows)
    return Section("Under attack", text, {"growth.time": max(times), "growth.memory": max(peaks)})


def _times(small: Any, large: Any, repeats: int) -> tuple[float, float]:
    """The least time for the large body, and how many times that of the small one it is.

    They take turns; what is quick is timed more often, and what takes seconds less often.
    """
    pairs: list[tuple[float, float]] = []
    while sum(map(sum, pairs)) < 0.1 or (len(pairs) < repeats and sum(map(sum, pairs)) < 2):
        pairs.append((min(_timed(small) for _ in range(4)), _timed(large)))
    least_small, least_large = map(min, zip(*pairs))
    return least_large, least_large / least_small


def _timed(body: Any) -> float:
    start = process_time()
    judge(body)
    return process_time() - start


def _peak(body: Any) -> int:
    judge(body)  # what is kept for good is there already
    tracemalloc.start()
    try:
        judge(body)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
