"""Values that are computed once, when they are first asked for, by any thread."""

from __future__ import annotations

from _thread import RLock  # as functools has it; importing threading would cost every program a millisecond
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ["LOCK", "Recent", "once", "once_an_object"]

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

LOCK = RLock()
"""One lock for all of it: msgspec builds what it knows of a Struct type at first use, and isn't safe there."""


def once(make: Callable[P, T]) -> Callable[P, T]:
    """The function, run once for each set of positional arguments; threads that come at the same time wait.

    >>> @once
    ... def table() -> list[int]:
    ...     return [1, 2, 3]
    >>> table() is table()
    True

    Only for arguments of our own, which are few: the values stay in memory.
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


class once_an_object(Generic[T]):  # noqa: N801  # a decorator
    """A property that is computed once for each object.

    Not ``functools.cached_property``: before Python 3.12 that has a lock of its own, and two locks that threads take in
    either order wait for each other forever.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    def __get__(self, of: Any, _: Any = None) -> T:
        with LOCK:
            name = self.make.__name__
            if name not in of.__dict__:
                of.__dict__[name] = self.make(of)
            value: T = of.__dict__[name]
            return value


class Recent(dict[K, V]):
    """What is known of so many keys at most; for one more it starts anew.

    >>> known = Recent(2)
    >>> for number in range(3):
    ...     known[number] = number**2
    >>> known
    {2: 4}
    """

    def __init__(self, most: int = 4_096) -> None:
        self.most: int = most

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) >= self.most:
            self.clear()
        super().__setitem__(key, value)
