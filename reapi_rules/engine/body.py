"""Read a request body: is there an object, which model does it name, what do that model's fields hold?

Nothing is judged here but whether there is an object to judge.  Source: section "Request body" of the page; the
rules of JSON are RFC 8259's.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import Any, Literal, NoReturn, TypeAlias, cast

import msgspec

from reapi_rules.catalog.types import Types
from reapi_rules.terms.once import once
from reapi_rules.terms.values import Opaque, escape, is_mapping, plain_key, plain_value, shorten, snapshot, type_name

__all__ = [
    "Item",
    "Source",
    "UnknownFields",
    "Unreadable",
    "beside",
    "fields_of",
    "is_short",
    "items",
    "may_be_deep",
    "normal",
    "plain_of",
    "read",
    "source_of",
    "value_of",
    "whole",
]

Source: TypeAlias = bytes | str | dict[Any, Any]
"""A body as it is kept: JSON text, or a mapping copied."""

UnknownFields = Literal["warn", "ignore", "error"]
"""What becomes of a key that the model's file does not name."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """A key of the body as text, the key itself, and what it holds."""

    name: str
    key: Any
    _held: Any

    @property
    def value(self) -> Any:
        """What the key holds, which is read only here; a list or an object in JSON text comes empty."""
        return _peek(self._held) if type(self._held) is msgspec.Raw else self._held

    @property
    def full(self) -> Any:
        """The same in full, with what is in a list or an object."""
        return _full_of_text(self._held) if type(self._held) is msgspec.Raw else self._held

    @property
    def is_text(self) -> bool:
        """Whether the key is text, as every key of JSON is."""
        return type(self.key) is str


class Unreadable(msgspec.Struct, frozen=True):
    """Why a body can't be judged: the id of a rule, the value found instead, and what the decoder said."""

    rule: str
    value: Any = None
    detail: str | None = None


_decode_raw = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_MODEL = r'(?a)"model"\s*:\s*"([-./\w]{0,99})"'
_MODEL_IN_BYTES = rb'"model"\s*:\s*"([-./\w]{0,99})"'
_check_syntax = msgspec.json.Decoder(msgspec.Raw).decode
_decode_any = msgspec.json.Decoder().decode
_DECODER_GIVES_UP = (msgspec.MsgspecError, ValueError, RecursionError, MemoryError)  # no ValueError before msgspec 0.21


def source_of(body: Any) -> Source | Unreadable:
    """The body as text or as a mapping of our own; for anything else why it can't be judged."""
    kind = type(body)
    if kind is bytes or kind is str:
        return cast(bytes | str, body)
    if issubclass(kind, (bytes, bytearray, memoryview)):
        try:
            return bytes(memoryview(body))  # asks no method of a subclass
        except Exception as error:  # such as a view that was released
            return Unreadable("body.unreadable", detail=f"its bytes can't be read: {type(error).__name__}")
    if issubclass(kind, str):
        return str.__str__(body)
    if not is_mapping(kind):
        value, name = shorten(body), type_name(kind)
        return Unreadable("body.object", value, name if value == name else None)  # what JSON lacks
    try:
        pairs = dict.items(body) if kind is dict else body.items()
        # most values are texts, and not to call anything for these takes half the time
        return {
            key if type(key) is str else plain_key(key): value if type(value) is str else plain_value(value)
            for key, value in pairs
        }
    except Exception as error:  # a mapping of the caller's own make may raise anything
        return Unreadable("body.unreadable", detail=f"its items() raised {type(error).__name__}")


def read(body: Any) -> Source | Unreadable:
    r"""A body that is an object, as text without a byte-order mark or as a mapping; else what it is instead.

    >>> read(b'\xef\xbb\xbf{"n": 2}'), read("[1]").rule, read(b"\xff").rule
    (b'{"n": 2}', 'body.object', 'body.json')
    """
    source = source_of(body)
    return source if isinstance(source, (dict, Unreadable)) else _read(source, _decode_raw)[0]


def _read(text: bytes | str, decode: Callable[[Any], Any]) -> tuple[Any, Any]:
    """A text without a byte-order mark and what a decoder makes of it, or why that is nothing."""
    try:
        value = decode(text)
        if isinstance(text, bytes) and not text.isascii():
            _check_encoding(text)  # the decoder does not look into the text that it skips
        return text, value
    except _DECODER_GIVES_UP as error:
        bare = _without_mark(text)
        return (_explain(text, error), None) if bare is text else _read(bare, decode)


def _check_encoding(text: bytes) -> None:
    """Raises UnicodeDecodeError for what is no UTF-8; a long text is read in pieces, since to copy it takes longer."""
    if len(text) <= _AT_ONCE:
        text.decode()
        return
    decoder = getincrementaldecoder("utf-8")()
    for start in range(0, len(text), _AT_ONCE):  # no character can be cut off at its end, which is a bracket
        decoder.decode(text[start : start + _AT_ONCE])


def fields_of(source: Source, types: Types, default_model: str | None) -> tuple[Source, dict[str, Any]] | Unreadable:
    """The fields that a body gives, with plain values: those of the model that it names, or of the default one.

    Without a model that has rules they are the fields of all models.  The source comes back without a byte-order mark.
    """
    if isinstance(source, dict):
        return source, {name: value for name, value in source.items() if type(name) is str}
    likely = _likely_model(source)
    if likely in types.models:  # nearly always it is the model, and the body is read once
        text, fields = _read(source, types.decode_loosely(likely))
        if fields is not None and fields.get("model") == likely:
            return text, fields
        if isinstance(text, Unreadable) and text.rule != "body.unreadable":  # which may be due to one of its fields
            return text
    of_all, fields = _read(source, types.decode_loosely(None))
    if isinstance(of_all, Unreadable):
        text, fields = (of_all, {}) if of_all.rule != "body.unreadable" else _read(source, types.decode_model)
        if isinstance(text, Unreadable):
            return text
    name = fields.get("model")
    if name is None or name == "":
        name = default_model
    if type(name) is str and name in types.models:
        text, fields = _read(source, types.decode_loosely(name))
        return text if isinstance(text, Unreadable) else (text, fields)
    return of_all if isinstance(of_all, Unreadable) else (of_all, fields)


def _likely_model(text: bytes | str) -> str | None:
    """The first text behind a key "model", wherever that may be."""
    found = _model_in(type(text)).search(text)
    if found is None:
        return None
    name = found[1]
    return name if type(name) is str else name.decode()


@once
def _model_in(kind: type[Any]) -> re.Pattern[Any]:
    """Made when it is needed, which is not at every start."""
    return re.compile(_MODEL if kind is str else _MODEL_IN_BYTES)


normal: Callable[[msgspec.Struct], dict[str, Any]] = msgspec.to_builtins
"""The fields that are given, by name."""


_AT_ONCE = 1 << 16
_FEW = 100
_LONGEST_KEPT = len("99999x99999")
_LONGEST_NAME = 20
_WORDS = frozenset((b"null", b"true", b"false"))
_SWITCHES = frozenset({bool, type(None), msgspec.UnsetType})

TOO_DEEP = "it is nested too deep"
SHALLOW = 600  # characters
"""A shorter text has at most 300 levels, and its report can be read wherever it was made."""


def may_be_deep(text: bytes | str) -> bool:
    """Whether a body may have more levels than a program that is deep in its own calls has room for."""
    if len(text) < SHALLOW:
        return False
    brackets: Any = (b"[", b"{") if isinstance(text, bytes) else ("[", "{")
    for bracket in brackets:
        # most have one or none, and to count them takes several times as long as to look for the second
        first = text.find(bracket)
        if first >= 0 and text.find(bracket, first + 1) >= 0 and text.count(bracket) >= SHALLOW // 4:
            return True
    return False


def is_short(value: Any) -> bool:
    """Whether a value may be remembered: a word, a size, a small number or a switch, and no text that says more."""
    kind = type(value)
    if kind is str:
        return len(value) <= _LONGEST_KEPT
    return -_FEW < value < _FEW if kind is int else kind in _SWITCHES


def beside(source: Source, given: dict[str, Any]) -> tuple[Any, ...] | None:
    """What a body holds beside some fields, to know it again by; None where there is more than may be remembered."""
    held = source if isinstance(source, dict) else _decode_raw(source)
    found: list[Any] = []
    for key, value in held.items():
        if key in given:
            continue
        if type(value) is msgspec.Raw:  # as it is spelt, which takes half the time of reading it
            value = bytes(value)
            if len(value) > (_LONGEST_KEPT if value[:1] == b'"' else 2) and value not in _WORDS:
                return None
        elif not is_short(value):
            return None
        if type(key) is not str or len(key) > _LONGEST_NAME:
            return None
        found += key, type(value), value  # the type too, since 1 equals True
    return tuple(found)


def items(source: Source) -> Iterator[Item]:
    """Every key of the body with its value, in the body's order."""
    if isinstance(source, dict):
        for key, value in source.items():
            yield Item(_name(key), key, value)
    else:
        for key, raw in _decode_raw(source).items():
            yield Item(key, key, raw)


def plain_of(source: Source, key: Any) -> Any:
    """The value of a key in full, to be looked at; None where there is no such key."""
    if isinstance(source, dict):
        return source.get(key)
    raw = _decode_raw(source).get(key)
    return None if raw is None else _full_of_text(raw)


def value_of(source: Source, key: Any) -> Any:
    """The same as it is to be sent: what JSON lacks is the caller's own, whose methods may do anything."""
    value = plain_of(source, key)
    return _own(value) if isinstance(source, dict) else value


def whole(source: Source) -> dict[str, Any]:
    """The whole body, as it is to be sent."""
    if isinstance(source, dict):
        return {_name(key): _own(value) for key, value in source.items()}
    return {key: _full_of_text(raw) for key, raw in _decode_raw(source).items()}


def _own(value: Any) -> Any:
    """A value of a mapping for a caller to keep; what JSON lacks is the one that came."""
    return value.value if type(value) is Opaque else snapshot(value)


def _full_of_text(raw: msgspec.Raw) -> Any:
    try:
        return _decode_any(raw)
    except msgspec.ValidationError:  # a number out of range
        return _peek(raw)


def _without_mark(text: bytes | str) -> bytes | str:
    """The text without a byte-order mark; only the first one of two is a mark."""
    if isinstance(text, bytes):
        return text[3:] if text.startswith(b"\xef\xbb\xbf") and not text.startswith(b"\xef\xbb\xbf" * 2) else text
    return text[1:] if text.startswith("\ufeff") and not text.startswith("\ufeff" * 2) else text


def _explain(text: bytes | str, error: Exception) -> Unreadable:
    """Why there is no object: bad syntax, another value, or something that only our decoder gives up on."""
    try:
        _ = text.decode() if isinstance(text, bytes) else text.encode()
    except UnicodeError as no_unicode:
        return Unreadable("body.json", detail=_reason(no_unicode))
    if isinstance(error, msgspec.ValidationError):
        try:
            is_list = bytes(_check_syntax(text)).startswith(b"[")
            value = [] if is_list else _decode_any(text)  # nothing is said of what a list holds
            return Unreadable("body.object", shorten(value))
        except _DECODER_GIVES_UP as broken:
            error = broken
    half: Any = (b"\\ud", b"\\uD") if isinstance(text, bytes) else ("\\ud", "\\uD")
    if type(error) is msgspec.DecodeError and text.find(half[0]) < 0 and text.find(half[1]) < 0:
        return Unreadable("body.json", detail=_reason(error))
    return _ask_standard_library(text, error)


def _ask_standard_library(text: bytes | str, error: Exception) -> Unreadable:
    """Tell bad syntax from what only our decoder gives up on: a lone surrogate, a number out of range, depth."""
    import json  # needed for broken text only

    def refuse(name: str) -> NoReturn:
        raise json.JSONDecodeError(f"{name} is not JSON", name, 0)

    try:
        value = json.loads(text.decode() if isinstance(text, bytes) else text, parse_constant=refuse)
    except json.JSONDecodeError:
        return Unreadable("body.json", detail=_reason(error))
    except RecursionError as too_deep:
        return Unreadable("body.unreadable", detail=_reason(too_deep))
    except (ValueError, MemoryError):
        return Unreadable("body.unreadable", detail=_reason(error))
    if isinstance(value, dict):
        return Unreadable("body.unreadable", detail=_reason(error))
    return Unreadable("body.object", shorten(value))


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    if isinstance(error, RecursionError):
        return TOO_DEEP
    return escape(str(error).partition(" - at ")[0])  # the place is that of our decoder, not of the text


def _name(key: Any) -> str:
    """A key as a JSON encoder would write it; one that JSON can't have by the name of its kind."""
    if type(key) is tuple:
        return "tuple"
    shown = shorten(key) if type(key) is not str else key
    return escape(shown) if isinstance(shown, str) else msgspec.json.encode(shown).decode()


def _peek(raw: msgspec.Raw) -> Any:
    """A value as far as a warning shows it: a container by its kind, a number out of range as text."""
    text = bytes(raw)
    if text[:1] in (b"[", b"{"):
        return [] if text[:1] == b"[" else {}
    try:
        return _decode_any(text)
    except msgspec.ValidationError:
        return text.decode()
