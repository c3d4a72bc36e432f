"""Arguments of public functions: one of another type is refused by its name, before anything is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import update_wrapper
from numbers import Real
from types import UnionType
from typing import Any, ParamSpec, SupportsIndex, TypeVar

from reapi_rules.terms.values import type_name

__all__ = ["takes"]

P = ParamSpec("P")
T = TypeVar("T")


def takes(**kinds: type | UnionType) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Refuse arguments that are not of these types; a bool is no number, and neither a text nor a mapping is a list.

    >>> @takes(width=int | None)
    ... def pixels(width: int | None = None) -> int:
    ...     return width or 0
    >>> pixels("1920")
    Traceback (most recent call last):
        ...
    TypeError: width must be int or None, not str
    """

    def checked(function: Callable[P, T]) -> Callable[P, T]:
        names = function.__code__.co_varnames

        def ask(*args: P.args, **named: P.kwargs) -> T:
            for name, value in (*zip(names, args), *named.items()):
                kind = kinds.get(name)
                if kind is None or type(value) is kind:
                    continue
                given = type_name(type(value))
                is_flag = given.startswith("bool")  # numpy's too
                is_one = kind is Iterable and issubclass(type(value), _ONE)
                if is_one or (kind is not bool if is_flag else not issubclass(type(value), kind)):
                    raise TypeError(f"{name} must be {' or '.join(_names(kind))}, not {given}")
            return function(*args, **named)

        return update_wrapper(ask, function)

    return checked


def _names(kind: Any) -> Iterator[str]:
    for each in getattr(kind, "__args__", (kind,)):
        yield _TOLD.get(each) or type_name(each)


_TOLD = {type(None): "None", SupportsIndex: "int", Real: "int or float", Iterable: "a list", Mapping: "a mapping"}
_ONE = (str, bytes, bytearray, memoryview, Mapping)
"""What can be iterated, and is one thing."""
