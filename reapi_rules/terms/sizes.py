"""Sizes as pixels and as ratios, in exact integers.

Source: section "size" of the page: 14 words, and on the official model pixel strings ``WIDTHxHEIGHT``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["Edges", "Ratio", "grade", "is_pixels", "nearest", "pixels", "ratio"]

Edges = tuple[int, int]
"""Width and height in pixels."""

Ratio = tuple[int, int]
"""The two numbers of a ratio, width first."""

_PIXELS = "([0-9]+)x([0-9]+)"
_RATIO = "([0-9]{1,9}):([0-9]{1,9})"
_GRADE = r"([0-9]{1,4})(?:\.([0-9]))?k"
_MOST_DIGITS = 1_000


def is_pixels(size: str) -> bool:
    """Whether the text is a pixel string, ``WIDTHxHEIGHT``.

    >>> is_pixels("1024x768"), is_pixels("1024X768")
    (True, False)
    """
    return re.fullmatch(_PIXELS, size) is not None


def pixels(size: str) -> Edges | None:
    """The edges that a pixel string asks for, None for other text; leading zeros do not count.

    >>> pixels("1024x768"), pixels("1024X768"), pixels("16:9")
    ((1024, 768), None, None)

    Edges of more than 1,000 digits lose the same number of last digits each: text of any length is a pixel string,
    and its proportions are kept.
    """
    match = re.fullmatch(_PIXELS, size)
    if match is None:
        return None
    width, height = (digits.lstrip("0") for digits in match.groups())
    excess = max(len(width), len(height), _MOST_DIGITS) - _MOST_DIGITS
    return _edge(width, excess), _edge(height, excess)


def _edge(digits: str, excess: int) -> int:
    """The number without its last ``excess`` digits; an edge that was not 0 does not become 0."""
    if not digits:
        return 0
    return int(digits[: max(len(digits) - excess, 0)] or 1)


def ratio(word: str) -> Ratio | None:
    """The ratio that a size word names, None for another word.

    >>> ratio("16:9"), ratio("auto")
    ((16, 9), None)
    """
    match = re.fullmatch(_RATIO, word)
    if match is None or 0 in (edges := (int(match[1]), int(match[2]))):
        return None
    return edges


def grade(word: str) -> Ratio | None:
    """The number of a resolution in small letters, as a ratio; None for another word.

    >>> grade("2k"), grade("0.5k"), grade("hd")
    ((20, 10), (5, 10), None)
    """
    match = re.fullmatch(_GRADE, word)
    return ratio(f"{match[1]}{match[2] or 0}:10") if match else None


def nearest(wanted: Edges, choices: Mapping[str, Ratio]) -> str:
    """The word among the choices whose ratio is nearest to that of the wanted edges, the first one on a tie.

    >>> nearest((1920, 1080), {"1:1": (1, 1), "16:9": (16, 9)})
    '16:9'

    Nearest is the least ``max(W*b / (H*a), H*a / (W*b))``.
    """
    best: tuple[str, int, int] | None = None
    for word, (a, b) in choices.items():
        under, over = sorted((wanted[0] * b, wanted[1] * a))
        if best is None or over * best[2] < best[1] * under:
            best = word, over, under
    return best[0] if best else ""
