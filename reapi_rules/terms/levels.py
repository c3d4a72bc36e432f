"""How many levels JSON text has."""

from __future__ import annotations

import re
from itertools import accumulate

__all__ = ["is_too_deep"]

_MOST_LEVELS = 900  # what every Python reads that is not deep in its own calls; newer ones would read more
_STRING = rb'(?s)"[^"\\]*(?:\\.[^"\\]*)*"?'
_STEPS = {ord(bracket): 1 if bracket in "[{" else -1 for bracket in "[]{}"}
_NO_BRACKETS = bytes(set(range(256)) - _STEPS.keys())


def is_too_deep(text: bytes | str) -> bool:
    """Whether lists and objects are nested more than 900 levels deep.

    >>> is_too_deep("[" * 901), is_too_deep('{"prompt": "' + "[" * 901 + '"}')
    (True, False)
    """
    data = text.encode(errors="replace") if isinstance(text, str) else text
    if data.count(b"[") + data.count(b"{") <= _MOST_LEVELS:
        return False
    brackets = re.sub(_STRING, b"", data).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > _MOST_LEVELS
