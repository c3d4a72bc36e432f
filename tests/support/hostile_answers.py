"""Objects that lie about what they are, or raise when they are looked at."""

from __future__ import annotations

from collections import UserDict, UserString
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from unittest.mock import MagicMock, Mock

from hypothesis import strategies as st

__all__ = ["ALL", "HOSTILE", "Index", "Proxy", "RaisingMapping", "hostile", "hostile_keys", "numpy_bool"]


class Proxy:
    """As the lazy objects of web frameworks: everything is that of another object, its class too."""

    def __init__(self, real: Any) -> None:
        object.__setattr__(self, "real", real)

    def __getattribute__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "real"), name)

    def __len__(self) -> int:
        return len(object.__getattribute__(self, "real"))

    def __iter__(self) -> Iterator[Any]:
        return iter(object.__getattribute__(self, "real"))

    def __getitem__(self, key: Any) -> Any:
        return object.__getattribute__(self, "real")[key]


class Raises:
    """Raises whatever is asked of it, but for its type."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __index__(self) -> int:
        raise RuntimeError("__index__")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("__eq__")

    def __bool__(self) -> bool:
        raise RuntimeError("__bool__")

    def __repr__(self) -> str:
        raise RuntimeError("__repr__")

    def __len__(self) -> int:
        raise RuntimeError("__len__")

    def __hash__(self) -> int:
        raise RuntimeError("__hash__")


class Index:
    """An integer by what ``__index__`` gives, as NumPy's are."""

    def __init__(self, number: Any) -> None:
        self.number = number

    def __index__(self) -> Any:
        return self.number


def _raise(self: Any, *_: Any, **__: Any) -> Any:
    raise RuntimeError("no")


_ALL = (
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__bool__",
    "__repr__",
    "__str__",
    "__len__",
    "__iter__",
    "__getitem__",
)
_NUMBER = ("__int__", "__index__", "__float__", "__abs__", "__add__", "is_integer", "bit_length")
_CONTAINER = (
    "get",
    "items",
    "keys",
    "values",
    "copy",
    "__contains__",
    "encode",
    "isascii",
    "strip",
    "decode",
    "startswith",
)


def _raising(base: type) -> type:
    """A subclass of a type of JSON's, of which every method raises."""
    return type(
        f"Raising{base.__name__.title()}", (base,), dict.fromkeys((*_ALL, *_NUMBER, *_CONTAINER, "__hash__"), _raise)
    )


class RaisingMapping(Mapping[str, Any]):
    """A mapping that can't be read."""

    __getitem__ = __iter__ = __len__ = _raise
    get = items = keys = values = _raise


class _Unhashable(type):
    """The type of types that can't be hashed, and so are in no table of types."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(cls, other: object) -> bool:
        raise RuntimeError("__eq__")


class OfAnUnhashableType(metaclass=_Unhashable):
    """Only its type is odd."""


def _lying(kind: type) -> Any:
    return type("Lying", (), {"__class__": property(lambda self: kind)})()


HOSTILE: tuple[Any, ...] = (
    Proxy("completed"), Proxy({"code": 1}), Proxy([1]), Proxy(2), Raises(), RaisingMapping(),
    Mock(spec=dict), Mock(spec=list), Mock(spec=str), Mock(spec=int), MagicMock(spec=dict), MagicMock(), Mock(),
    *map(_lying, (dict, list, str, int, float, bool)), type("Lying", (), {"__class__": property(_raise)})(),
    _raising(str)("id"), _raising(int)(2), _raising(float)(2.0), _raising(bytes)(b"{}"), _raising(bytearray)(b"{}"), _raising(list)([1]),
    _raising(tuple)((1,)), _raising(dict)(code=1), _raising(set)(), Index(2), Index(True), Index("2"), Index(2**70), Index(_raising(int)(2)),
    UserDict(code=1), UserString("id"), MappingProxyType({"code": 1}), object, type, Ellipsis, NotImplemented, {1: 2}, iter(()),
    memoryview(b"{}"), 1j, range(3), b"\xff", bytearray(b"{}"),
)  # fmt: skip


ALL = (*HOSTILE, OfAnUnhashableType())
"""With the one that Hypothesis itself can't look at."""


def _one_of(objects: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """One of them by its place: drawn from as they are, they would be compared and hashed."""
    return st.integers(0, len(objects) - 1).map(lambda place: objects[place])


def hostile() -> st.SearchStrategy[Any]:
    """One of them, or a list or an object of JSON's with one inside."""
    one = _one_of(HOSTILE)
    names = st.sampled_from(("id", "task_id", "code", "message", "request_id", "image_urls", "status"))
    return one | st.lists(one, min_size=1, max_size=2) | st.dictionaries(names, one, min_size=1, max_size=2)


class _KeyThatRaises(str):
    """Found under its hash, and then raises."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("__eq__")

    def __hash__(self) -> int:
        return str.__hash__(self)


def hostile_keys() -> st.SearchStrategy[Any]:
    """Keys of a mapping that are no text, or that raise when they are compared."""
    return _one_of((1, None, (), b"id", 2.5, *map(_KeyThatRaises, ("id", "status", "error", "code", "image_urls"))))


def numpy_bool() -> Any:
    """What NumPy's bool was for long: no bool, and with an ``__index__``."""
    return type("bool_", (Index,), {})(1)
