"""What was worked out once and may be asked for again, remembered within bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["Recent", "Remembered"]

_MOST, _LONGEST = 4_096, 24
_TEXTS = (str, bytes)
K = TypeVar("K")
V = TypeVar("V")


class Recent(dict[K, V]):
    """What is known of so many keys at most; for one more it starts anew.

    >>> known = Recent(2)
    >>> for number in range(3):
    ...     known[number] = number**2
    >>> known
    {2: 4}
    """

    def __init__(self, most: int = _MOST) -> None:
        self.most: int = most

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) >= self.most:
            self.clear()
        super().__setitem__(key, value)


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
