"""What is worked out once, at the first question, whichever thread asks it."""

from __future__ import annotations

from _thread import RLock  # as functools has it; importing threading would cost every program a millisecond
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, ParamSpec, TypeVar

__all__ = ["LOCK", "once"]

P = ParamSpec("P")
T = TypeVar("T")

LOCK = RLock()
"""One lock for all of it: msgspec builds what it knows of a Struct type at first use, and isn't safe there."""


def once(make: Callable[P, T]) -> Callable[P, T]:
    """The function, run once for each set of positional arguments; threads that come at the same time wait.

    >>> @once
    ... def table() -> list[int]:
    ...     return [1, 2, 3]
    >>> table() is table()
    True

    Only for arguments of our own, which are few: what was worked out stays.
    """
    known: dict[Any, Any] = {}

    def ask(*args: Any) -> Any:
        try:
            return known[args]
        except KeyError:
            with LOCK:
                if args not in known:
                    known[args] = make(*args)  # type: ignore[call-arg]  # positional arguments only
                return known[args]

    ask.clear = known.clear  # type: ignore[attr-defined]
    return update_wrapper(ask, make)  # type: ignore[return-value]
