"""Make a value once, at the first question, whichever thread asks it.

``functools.cache`` may make it twice, in two threads at the same time.  Decoding data is not safe then: msgspec works
out what it knows of a type when the type is first used.
"""

from __future__ import annotations

from _thread import RLock  # as functools has it; importing threading would cost every program a millisecond
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

__all__ = ["once"]

F = TypeVar("F", bound=Callable[..., Any])

_LOCK = RLock()  # one for all, so that values made of one another can't wait for each other


def once(make: F) -> F:
    """A function that is called once for each list of arguments, and then answers from memory.

    >>> @once
    ... def squares(count: int) -> list[int]:
    ...     return [number**2 for number in range(count)]
    >>> squares(3), squares(3) is squares(3)
    ([0, 1, 4], True)

    Arguments are positional.  A call that raises is not remembered.
    """
    made: dict[tuple[Any, ...], Any] = {}

    @wraps(make)
    def made_once(*args: Any) -> Any:
        if args not in made:
            with _LOCK:
                if args not in made:
                    made[args] = make(*args)
        return made[args]

    return cast(F, made_once)
