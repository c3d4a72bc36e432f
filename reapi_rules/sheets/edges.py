"""Edges: the width and the height of a size in pixels, as cells have them."""

from __future__ import annotations

import re

from reapi_rules.catalog.spellings import SHORTEST
from reapi_rules.sheets.contents import strip
from reapi_rules.terms.spelling import narrow

__all__ = ["edge", "edges", "size_of"]

_ONE = r"([0-9]{1,2}[.,'’ ][0-9]{3}|[0-9]{1,5})(?:\.0+)? ?(?:px|pixels?|像素)?"
_EDGE = re.compile(_ONE, re.IGNORECASE)
_EDGES = re.compile(rf"{_ONE} ?([x×*]) ?{_ONE}", re.IGNORECASE)


def edge(text: str) -> int | None:
    """The pixels that a cell gives.

    >>> [edge(text) for text in ("1920", "1920.0", "1,920 px", "1.920", "30 cm")]
    [1920, 1920, 1920, 1920, None]
    """
    match = _EDGE.fullmatch(strip(narrow(text)))
    return _number(match[1]) if match else None


def edges(text: str) -> tuple[int, str, int] | None:
    """The width, the sign and the height of a size in pixels.

    >>> edges("1,920 x 1,080 px")
    (1920, 'x', 1080)
    """
    match = _EDGES.fullmatch(strip(narrow(text)))
    return (_number(match[1]), match[2], _number(match[3])) if match else None


def size_of(width: str, height: str) -> str:
    """The size that the cells of two columns make.

    >>> size_of("1920", "1080"), size_of("1,920", "1,080"), size_of("16", "9")
    ('1920x1080', '1,920 x 1,080', '16:9')
    """
    texts = [strip(narrow(text)) for text in (width, height)]
    if not all(text.isdigit() for text in texts):
        return " x ".join(texts)
    return (":" if max(map(int, texts)) < SHORTEST else "x").join(texts)


def _number(digits: str) -> int:
    return int("".join(filter(str.isdigit, digits)))
