"""Values as callers send them, taken as any JSON encoder would have them, and cut to what a finding shows.

A caller's object is looked at by ``type()`` alone: ``__class__`` and ``isinstance`` believe what an object says of
itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from operator import index
from typing import Any

__all__ = [
    "Opaque",
    "entries_of",
    "escape",
    "integer",
    "plain_value",
    "shorten",
    "shown_value",
    "snapshot",
    "type_name",
]

_SHOWN = 200
_MOST_BITS = 14_280  # just under 4,300 digits
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**64 - 1
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_DEEPEST = 32  # levels of a caller's lists and objects that are followed: a list may hold itself
_SCALARS = frozenset({str, int, float, bool, type(None)})


class Opaque:
    """A value that JSON does not have: only what its type is called matters."""

    def __init__(self, kind: type) -> None:
        self.name: str = type_name(kind)
        self.shown: str = _shown(kind)


def plain_value(value: Any) -> Any:
    """The value as any JSON encoder would have it; of a list its entries, of a list in a list only that it is one.

    >>> plain_value((1, True, "a"))
    [1, True, 'a']
    """
    kind = type(value)
    if kind in _SCALARS:
        return value
    if issubclass(kind, (list, tuple)):
        entries = list(entries_of(value))
        return entries if _SCALARS.issuperset(map(type, entries)) else [_scalar(entry) for entry in entries]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    """Text and numbers of a subclass as their base; nothing is followed, since a list may hold itself."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, (list, tuple)):
        return []
    return _index(value, kind)


def _index(value: Any, kind: type) -> Any:
    """The integer that ``__index__`` gives, as numpy's integers do; numpy's booleans have one too, and are none."""
    if not type_name(kind).startswith("bool"):
        with suppress(Exception):  # an object of the caller's own make may raise anything
            return int(index(value))
    return Opaque(kind)


def snapshot(value: Any, depth: int = _DEEPEST) -> Any:
    """Lists and mappings copied, so that what a caller changes later changes nothing; what is nested deeper is not."""
    kind = type(value)
    if depth and issubclass(kind, (list, tuple)):
        return [snapshot(inner, depth - 1) for inner in entries_of(value)]
    if depth and issubclass(kind, Mapping):
        with suppress(Exception):  # a mapping of the caller's own make may raise anything
            return {key: snapshot(inner, depth - 1) for key, inner in value.items()}
    return value


def entries_of(value: Any) -> Iterator[Any]:
    """The entries of a list or a tuple, whatever a subclass makes of iteration."""
    return (list if issubclass(type(value), list) else tuple).__iter__(value)


def shown_value(value: Any, depth: int = _DEEPEST) -> Any:
    """A value of any depth as a report can show it in JSON."""
    kind = type(value)
    if depth and kind is dict:
        return {str(shorten(key)): shown_value(inner, depth - 1) for key, inner in value.items()}
    if depth and kind in (list, tuple):
        return [shown_value(inner, depth - 1) for inner in value]
    return escape(value) if kind is str else shorten(value)


def integer(value: Any) -> int | None:
    """The integer that a JSON number is: 2 and 2.0 are one, "2", true and 2.5 are not.

    >>> integer(2.0), integer(True), integer(2.5)
    (2, None, None)
    """
    if type(value) is int:
        return value
    return int(value) if type(value) is float and value.is_integer() else None


def type_name(kind: type) -> str:
    """The name of a type, whatever its metaclass makes of that."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name[:_SHOWN]


def shorten(value: Any) -> str | int | float | bool | None:
    """A value as a finding shows it: text cut to 200 characters, what is no scalar by its kind, always valid JSON."""
    kind = type(value)
    if kind is str:
        return escape(value[:_SHOWN])
    if value is None or kind is bool:
        return value  # type: ignore[no-any-return]  # None or a bool, as just tested
    if issubclass(kind, str):
        return escape(str.__str__(value)[:_SHOWN])
    if issubclass(kind, int):
        return value if _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER else _long_integer(value)
    if issubclass(kind, float):
        return value if abs(value) < float("inf") else _NOT_FINITE[str(value)]
    if issubclass(kind, (list, tuple)):
        return "array"
    return str(value.shown) if kind is Opaque else _shown(kind)


def _shown(kind: type) -> str:
    return "object" if issubclass(kind, Mapping) else type_name(kind)


def escape(text: str) -> str:
    r"""The text with lone surrogates written out as ``\udXXX``, so that it can be encoded."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _long_integer(value: int) -> str:
    """The first digits of an integer; turning a longer one into text takes too long, and Python refuses it."""
    if value.bit_length() <= _MOST_BITS:
        with suppress(ValueError):  # an interpreter with a lower limit than usual
            return str(value)[:_SHOWN]
    return f"an integer of {value.bit_length()} bits"
