"""What was worked out once and may be asked for again, remembered within bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Remembered"]

_MOST, _LONGEST = 4_096, 24
_TEXTS = (str, bytes)


class Remembered(dict[Any, str]):
    """What a function makes of values; where both are short texts it is asked once, and a look-up then costs no call.

    >>> spelt = Remembered(repr)
    >>> spelt["a fox"], spelt["a fox " * 9][:6], len(spelt)
    ("'a fox'", "'a fox", 1)
    """

    def __init__(self, make: Callable[[Any], str]) -> None:
        self._make = make

    def __missing__(self, value: Any) -> str:
        made = self._make(value)
        if len(made) <= _LONGEST and type(value) in _TEXTS and len(self) < _MOST:
            self[value] = made
        return made
