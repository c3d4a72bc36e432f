"""Values that only Python can hold: harmless disguises of JSON's types, and objects that lie or raise when looked at.

``DISGUISES`` say the same as what they disguise, by section 2 of the rulebook.  ``HOSTILE`` are values that no JSON holds,
and ``RAISING`` those of which nearly everything raises; whatever looks at them may raise, but a report comes back.
"""

from __future__ import annotations

import numbers
from collections import OrderedDict, UserDict, UserList, UserString
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from unittest.mock import MagicMock, Mock

from hypothesis import strategies as st

__all__ = [
    "DISGUISES",
    "HOSTILE",
    "HOSTILE_BODIES",
    "RAISING",
    "Bool",
    "Index",
    "NoIndex",
    "NoItems",
    "OfAnUnhashableType",
    "Proxy",
    "Single",
    "hostile",
    "hostile_keys",
]


class Text(str):
    """Text by another name."""


class Word(StrEnum):
    """A word of an enumeration is text, too."""

    WIDE = "16:9"


class Number(int):
    """An integer by another name."""


class Four(IntEnum):
    FOUR = 4


class Real(float):
    """A number by another name."""


class Single:
    """What numpy's float32 is to us: no float, but a real number."""

    def __init__(self, number: float) -> None:
        self.number = number

    def __float__(self) -> float:
        return self.number

    def __eq__(self, other: object) -> bool:
        return self.number == other

    __hash__ = None  # type: ignore[assignment]


numbers.Real.register(Single)


class Entries(list[Any]):
    """A list by another name."""

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("a list knows its entries without this")


class Row(tuple[Any, ...]):
    """A tuple by another name."""


class Table(dict[Any, Any]):
    """An object by another name."""


class Index:
    """What numpy's integers are to us: no integer, but it gives one."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __index__(self) -> int:
        return self.number


class Bool:
    """What numpy's bool may be to us: it gives an integer, and is none all the same."""

    def __index__(self) -> int:
        return 1


Bool.__name__, Bool.__module__ = "bool_", "numpy"


class View(Mapping[Any, Any]):
    """A mapping that is no dict."""

    def __init__(self, inner: Mapping[Any, Any]) -> None:
        self.inner = inner

    def __getitem__(self, key: Any) -> Any:
        return self.inner[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


DISGUISES: dict[type, tuple[Callable[[Any], Any], ...]] = {
    str: (Text,),
    int: (Number, Index),
    float: (Real, Single),
    list: (tuple, Row, Entries),
    dict: (Table, OrderedDict, UserDict, MappingProxyType, View),
}
"""By the type of a plain value, what says the same."""


class Proxy:
    """What a ``LocalProxy`` or a ``SimpleLazyObject`` is: it passes itself off as what it holds."""

    def __init__(self, held: Any) -> None:
        self.held = held

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self.held)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.held, name)


class NoClass:
    """Its ``__class__`` raises."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise RuntimeError("no class")


class NoIndex:
    """Its ``__index__`` raises."""

    def __index__(self) -> int:
        raise RuntimeError("no index")


class OddIndex:
    """Its ``__index__`` gives no integer."""

    def __index__(self) -> Any:
        return "2"


class NoEquality:
    """It can't be compared or hashed, and has neither truth nor length."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no equality")

    def __hash__(self) -> int:
        raise RuntimeError("no hash")

    def __bool__(self) -> bool:
        raise RuntimeError("no truth")

    def __len__(self) -> int:
        raise RuntimeError("no length")


class NoItems(Table):
    """A mapping that can't be read."""

    def items(self) -> Any:
        raise RuntimeError("no items")

    def keys(self) -> Any:
        raise RuntimeError("no keys")

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no keys")


HOSTILE: tuple[Any, ...] = (
    Proxy("16:9"), Proxy({"a": 1}), Proxy(["https://example.com/a.png"]), Proxy(2), Proxy(b"{}"), NoClass(), NoIndex(),
    OddIndex(), NoEquality(), NoItems(a=1), Mock(spec=dict), Mock(spec=str), MagicMock(), Bool(), object(), object, len,
    UserString("16:9"), UserList(["x"]), b"bytes", bytearray(b"2"), memoryview(b"2"), Decimal(2), Decimal("NaN"),
    Fraction(2), 2j, date(2026, 7, 1), range(2), {"a"}, frozenset(("a",)), iter(()), Word.WIDE, Four.FOUR,
)  # fmt: skip
"""Values for any field, of which a few are text or integers after all."""

HOSTILE_BODIES: tuple[Any, ...] = (
    Proxy(b"{}"), Proxy("{}"), Proxy({"model": "flux-2"}), NoClass(), NoIndex(), NoEquality(), NoItems(model="flux-2"),
    Mock(spec=dict), MagicMock(), MagicMock(spec=dict), UserString("{}"), None, True, 2, 2.5, [], (), set(), object(), dict,
)  # fmt: skip
"""What is no body."""


def _raise(self: Any, *_: Any, **__: Any) -> Any:
    raise RuntimeError("no")


_METHODS = (
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__repr__", "__str__", "__len__", "__iter__", "__getitem__",
    "__hash__", "__int__", "__index__", "__float__", "__abs__", "__add__", "is_integer", "bit_length", "get", "items", "keys", "values",
    "copy", "__contains__", "encode", "isascii", "strip", "decode", "startswith", "removeprefix",
)  # fmt: skip


def _raising(base: type) -> type:
    """A subclass of a type of JSON's, of which every method raises."""
    return type(f"Raising{base.__name__.title()}", (base,), dict.fromkeys(_METHODS, _raise))


def _lying(kind: type) -> Any:
    return type("Lying", (), {"__class__": property(lambda self: kind)})()


class _Unhashable(type):
    """The type of types that can't be hashed, and so are in no table of types."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(cls, other: object) -> bool:
        raise RuntimeError("no equality")


class OfAnUnhashableType(metaclass=_Unhashable):
    """Only its type is odd; Hypothesis itself can't look at it."""


RAISING: tuple[Any, ...] = (
    *(_raising(base)(start) for base, start in ((str, "id"), (int, 2), (float, 2.0), (bytes, b"{}"), (list, [1]), (tuple, (1,)))),
    _raising(bytearray)(b"{}"), _raising(dict)(code=1), _raising(Mapping)(), _raising(object)(), *map(_lying, (dict, list, str, int, float, bool)),
    Index(2), Index(2**70), Index(_raising(int)(2)), {1: 2}, memoryview(b"{}"),
)  # fmt: skip
"""Subclasses of JSON's types that raise whatever is asked of them, and objects that say they were of these types."""


class _KeyThatRaises(str):
    """Found under its hash, and then raises."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no equality")

    def __hash__(self) -> int:
        return str.__hash__(self)


def _one_of(objects: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """One of them by its place: drawn from as they are, they would be compared and hashed."""
    return st.integers(0, len(objects) - 1).map(lambda place: objects[place])


def hostile(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """One of the hostile or raising values, or a list or an object under these names with one inside."""
    one = _one_of((*HOSTILE, *RAISING))
    objects = st.dictionaries(st.sampled_from(names), one, min_size=1, max_size=2)
    return one | st.lists(one, min_size=1, max_size=2) | objects


def hostile_keys(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Keys of a mapping that are no text, or that are one of these names and raise when they are compared."""
    return _one_of((1, None, (), b"id", 2.5, *map(_KeyThatRaises, names)))
