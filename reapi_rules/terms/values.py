"""Values as callers send them, read as any JSON encoder would write them, and cut to what a finding shows.

A caller's object is looked at by ``type()`` alone: ``__class__`` and ``isinstance`` believe what an object says of
itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from numbers import Real
from operator import index
from typing import Any

__all__ = [
    "CONTROLS",
    "SCALARS",
    "SHOWN",
    "Opaque",
    "escape",
    "integer",
    "is_mapping",
    "plain_key",
    "plain_value",
    "shorten",
    "shown_value",
    "snapshot",
    "type_name",
]

SHOWN = 200
"""The most characters of a text that a finding shows."""
_MOST_BITS = 14_280  # just under 4,300 digits
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**64 - 1
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_DEEPEST = 32  # levels of a caller's lists and objects that are followed: a list may hold itself
_MOST_SHOWN = 100_000  # parts of a value: a list may hold another one twice, and that a third one twice
SCALARS = frozenset({str, int, float, bool, type(None)})
_JSON = SCALARS | {list, dict}


class Opaque:
    """A value that JSON does not have: what its type is called is all that matters, and it is sent as it came."""

    def __init__(self, value: Any) -> None:
        self.value: Any = value
        self.name: str = type_name(type(value))

    @property
    def shown(self) -> str:
        """What a finding shows of it."""
        return "object" if is_mapping(type(self.value)) else self.name


def plain_value(value: Any) -> Any:
    """A value in JSON's own types, as any encoder would have it: lists and mappings copied, what JSON lacks as Opaque.

    >>> plain_value((1, True, {"a": ("b",)}))
    [1, True, {'a': ['b']}]

    What is changed later in the caller's own changes nothing here.
    """
    plain = snapshot(value)
    kind = type(plain)
    return plain if kind in _JSON or kind is Opaque else Opaque(plain)


def snapshot(value: Any, depth: int = _DEEPEST, known: dict[int, Any] | None = None) -> Any:
    """The same, with what JSON lacks, and what is nested very deep, as it is; what is there twice is copied once."""
    kind = type(value)
    try:
        if kind in SCALARS:
            return value
    except Exception:  # a type that can't be hashed
        return Opaque(value)
    if not issubclass(kind, (list, tuple)) and not is_mapping(kind):
        return _scalar(value, kind)
    known = {} if known is None else known
    if not depth or id(value) in known:
        return known.get(id(value), value)
    try:
        if is_mapping(kind):
            pairs = dict.items(value) if kind is dict else value.items()
            copied: Any = {plain_key(key): snapshot(inner, depth - 1, known) for key, inner in pairs}
        else:
            entries = (list if issubclass(kind, list) else tuple).__iter__(value)  # whatever a subclass makes of it
            copied = [inner if type(inner) is str else snapshot(inner, depth - 1, known) for inner in entries]
    except Exception:  # a mapping of the caller's own make may raise anything
        copied = value
    known[id(value)] = copied
    return copied


def plain_key(key: Any) -> Any:
    """A key of a mapping, text of a subclass as text."""
    return str.__str__(key) if issubclass(type(key), str) else key


def _scalar(value: Any, kind: type) -> Any:
    """Text and numbers of a subclass as their base, whatever gives an integer or is a real number as that, anything
    else as it is.
    """
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if not type_name(kind).startswith("bool"):  # numpy's booleans give an integer, too, but are booleans
        with suppress(Exception):  # an object of the caller's own make may raise anything
            return int(index(value))
    with suppress(Exception):
        # numpy's float32, a Decimal; others lose something
        if issubclass(kind, (Real, Decimal)):
            number = float(value)
            exact = Decimal.from_float(number) if issubclass(kind, Decimal) else number  # leaves the context alone
            if exact == value or number != number:
                return number
    return value


def shown_value(value: Any, depth: int = _DEEPEST, left: list[int] | None = None) -> Any:
    """A value of any depth as a report can show it in JSON; of one that holds its parts many times over, a part."""
    kind, left = type(value), [_MOST_SHOWN] if left is None else left
    left[0] -= 1
    if depth and left[0] > 0:
        if kind is dict:
            return {str(shorten(key)): shown_value(inner, depth - 1, left) for key, inner in value.items()}
        if kind is list or kind is tuple:
            return [shown_value(inner, depth - 1, left) for inner in value]
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
    return name[:SHOWN]


def is_mapping(kind: type) -> bool:
    """Whether a type is one of mappings, whatever its metaclass makes of that.

    >>> is_mapping(dict), is_mapping(list)
    (True, False)
    """
    try:
        return issubclass(kind, Mapping)
    except Exception:  # a type that can't be hashed, or one that raises
        return False


def shorten(value: Any) -> str | int | float | bool | None:
    """A value as a finding shows it: text cut to 200 characters, what is no scalar by its kind, always valid JSON.

    >>> shorten([1]), shorten({}), shorten({1}), shorten("a fox")
    ('array', 'object', 'set', 'a fox')
    """
    kind = type(value)
    if kind is list or kind is dict:
        return "array" if kind is list else "object"
    try:
        if kind not in SCALARS and kind is not Opaque:
            value = _scalar(value, kind)
            kind = type(value)
    except Exception:  # a type that can't be hashed
        return Opaque(value).shown
    if kind is str:
        return escape(value[:SHOWN])
    if kind is int:
        return value if _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER else _long_integer(value)
    if kind is float:
        return value if abs(value) < float("inf") else _NOT_FINITE[str(value)]
    if value is None or kind is bool:
        return value  # type: ignore[no-any-return]  # None or a bool, as just tested
    if issubclass(kind, (list, tuple)):
        return "array"
    return value.shown if kind is Opaque else Opaque(value).shown


CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
"""Characters that would steer a terminal or turn a text around, written out."""


def escape(text: str) -> str:
    r"""The text with lone surrogates written out as ``\udXXX``, so that it can be encoded."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _long_integer(value: int) -> str:
    """The first digits of an integer; turning a longer one into text takes too long, and Python refuses it."""
    if value.bit_length() <= _MOST_BITS:
        with suppress(ValueError):  # an interpreter with a lower limit than usual
            return str(value)[:SHOWN]
    return f"an integer of {value.bit_length()} bits"
