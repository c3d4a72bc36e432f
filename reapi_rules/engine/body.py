"""Read a request body: the ten known fields as given, and whatever else it holds.

Nothing is judged here but whether there is an object to judge.  Source: section "Request body" of the page; the
rules of JSON are RFC 8259's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, TypeAlias, final

import msgspec

from reapi_rules.terms.findings import Opaque, escape, shorten

__all__ = [
    "FIELDS",
    "UNSET",
    "Body",
    "Fields",
    "Item",
    "MappingFields",
    "Unreadable",
    "is_absent",
    "plain",
    "plain_value",
    "read",
]

UNSET = msgspec.UNSET


class Fields(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The values of the known fields, in the page's field order; ``UNSET`` where the body has none."""

    model: Any = UNSET
    prompt: Any = UNSET
    size: Any = UNSET
    resolution: Any = UNSET
    quality: Any = UNSET
    n: Any = UNSET
    image_urls: Any = UNSET
    mask_url: Any = UNSET
    background: Any = UNSET
    moderation: Any = UNSET


Value: TypeAlias = str | int | float | bool | list[Any] | dict[Any, Any] | msgspec.UnsetType | None


class MappingFields(Fields, frozen=True, kw_only=True, gc=False):
    """Fields of a mapping with values of JSON's types, or of subclasses of these; most mappings have no others."""

    model: Value = UNSET
    prompt: Value = UNSET
    size: Value = UNSET
    resolution: Value = UNSET
    quality: Value = UNSET
    n: Value = UNSET
    image_urls: Value = UNSET
    mask_url: Value = UNSET
    background: Value = UNSET
    moderation: Value = UNSET


FIELDS: tuple[str, ...] = Fields.__struct_fields__
"""The page's field order."""

_FIELD_NAMES = frozenset(FIELDS)
_BACKSLASH, _COLON = b"\\:"


class Item(msgspec.Struct, frozen=True):
    """A key of the body as text, whether it is a known field's, and its value; of a list or an object only its kind."""

    name: str
    is_field: bool
    value: Any


class Body(msgspec.Struct, frozen=True, gc=False):
    """A body that is an object: its known fields, and a snapshot of the whole for :meth:`items`.

    ``added`` says how many of the fields the whole does not have: the model, where it was given by default.
    """

    fields: Fields
    source: bytes | str | dict[Any, Any]
    added: int = 0

    def with_model(self, model: str) -> Body:
        """The body under a model of the caller's, where it names none."""
        given = self.fields.model
        if not model or not (is_absent(given) or (type(given) is str and given == "")):
            return self
        return Body(msgspec.structs.replace(self.fields, model=model), self.source, int(given is UNSET))

    def holds_only(self, keys: int, colons: int) -> bool:
        """Whether at first sight there are no keys but those of the fields: so many, with so many colons in the values.

        A JSON text without a backslash has one colon after each key, and no others but those in its strings.
        """
        source = self.source
        if source.__class__ is bytes:
            return _BACKSLASH not in source and source.count(_COLON) == keys - self.added + colons
        if isinstance(source, str):
            return "\\" not in source and source.count(":") == keys - self.added + colons
        return len(source) == keys - self.added

    def has_plain_keys(self, parameters: frozenset[str]) -> bool:
        """Whether at first sight nothing can be said of a mapping's keys: they are parameters, and none is null."""
        source = self.source
        return (
            isinstance(source, dict)
            and _TEXT.issuperset(map(type, source))
            and parameters.issuperset(source)
            and all(value is not None for value in source.values())
        )

    def items(self) -> Iterator[Item]:
        """Every key of the body with its value, in the body's order."""
        if isinstance(self.source, dict):
            yield from map(_item, self.source.keys(), self.source.values())
            return
        for key, raw in _decode_raw(self.source).items():
            yield Item(key, key in _FIELD_NAMES, _peek(raw))


@final
class Unreadable(msgspec.Struct, frozen=True, gc=False):
    """Why a body can't be judged: the id of a rule, the value found instead, and what the decoder said."""

    rule: str
    value: Any = None
    detail: str | None = None


_decode_fields = msgspec.json.Decoder(Fields).decode
_decode_raw = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_check_syntax = msgspec.json.Decoder(msgspec.Raw).decode
_decode_any = msgspec.json.Decoder().decode
_DECODER_GIVES_UP = (msgspec.MsgspecError, ValueError, RecursionError, MemoryError)  # no ValueError before msgspec 0.21


def read(body: Any) -> Body | Unreadable:
    r"""What a body holds, for bytes, text and mappings; for anything else why it can't be judged.

    >>> read(b'{"n": 2, "seed": 7}').fields.n
    2
    >>> read("[1]").rule, read(b"\xff").rule
    ('body.object', 'body.json')
    """
    kind = body.__class__
    if kind is dict:
        source = body.copy()
        try:
            values = msgspec.convert(source, MappingFields)
        except Exception:  # a type that is not ours, or an object that raises when it is looked at
            return _of_mapping(source)
        n, images = values.n, values.image_urls
        if (n.__class__ is float and source["n"].__class__ is not float) or (
            images.__class__ is list and source["image_urls"].__class__ is not list
        ):  # the number was a Decimal, the list a set or a tuple
            return _of_mapping(source)
        return Body(values, source)
    if kind is bytes or kind is str:
        try:
            fields = _decode_fields(body)
            if kind is bytes and not body.isascii():
                body.decode()  # the decoder does not look into the text that it skips
            return Body(fields, body)
        except _DECODER_GIVES_UP as error:
            bare = _without_mark(body)
            return _explain(body, error) if bare is body else read(bare)
    return _read_other(body)


def plain(body: Body) -> Body:
    """The same body with all values of a mapping as plain JSON types, where ``read`` took them at their word."""
    fields, source = body.fields, body.source
    if not isinstance(source, dict):
        return body
    for value in source.values():
        if value.__class__ not in _KINDS:
            return _of_mapping(source)
    if fields.image_urls.__class__ is list:
        for entry in source["image_urls"]:
            if entry.__class__ not in _KINDS:
                return _of_mapping(source)
    return body


def is_absent(value: Any) -> bool:
    """Whether an optional field counts as not given: it is missing or null."""
    return value is UNSET or value is None


def _read_other(body: Any) -> Body | Unreadable:
    kind = type(body)
    if issubclass(kind, (bytes, bytearray, memoryview)):
        return read(bytes(body))
    if issubclass(kind, str):
        return read(str.__str__(body))
    if issubclass(kind, Mapping):
        return _read_mapping(body)
    return Unreadable("body.object", shorten(body))


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
    surrogates: Any = (b"\\ud", b"\\uD") if isinstance(text, bytes) else ("\\ud", "\\uD")
    if type(error) is msgspec.DecodeError and not any(mark in text for mark in surrogates):
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
    return (
        Unreadable("body.unreadable", detail=_reason(error))
        if isinstance(value, dict)
        else Unreadable("body.object", shorten(value))
    )


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return escape(str(error))


def _read_mapping(body: Mapping[Any, Any]) -> Body | Unreadable:
    try:
        source = dict(body.items())
    except Exception as error:  # a mapping of the caller's own make may raise anything
        return Unreadable("body.unreadable", detail=f"its items() raised {type(error).__name__}")
    return _of_mapping(source)


def _of_mapping(source: dict[Any, Any]) -> Body:
    if _TEXT.issuperset(map(type, source)):
        fields = {name: plain_value(value) for name, value in source.items() if name in _FIELD_NAMES}
    else:
        items = map(_item, source.keys(), source.values())
        fields = {item.name: item.value for item in items if item.is_field}
    return Body(Fields(**fields), source)


def _item(key: Any, value: Any) -> Item:
    key = plain_value(key)
    is_text = type(key) is str
    return Item(escape(key) if is_text else _name(key), is_text and key in _FIELD_NAMES, plain_value(value))


def plain_value(value: Any) -> Any:
    """The value as any JSON encoder would have it; of a list its entries, of a list in a list only that it is one."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if issubclass(kind, (list, tuple)):
        entries = list((list if issubclass(kind, list) else tuple).__iter__(value))
        return entries if _PLAIN.issuperset(map(type, entries)) else [_scalar(entry) for entry in entries]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    """Text and numbers of a subclass as their base; nothing is followed, since a list may hold itself."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    return [] if issubclass(kind, (list, tuple)) else Opaque(kind)


_TEXT = frozenset({str})
_PLAIN = frozenset({str, int, float, bool, type(None)})
_KINDS = _PLAIN | {list, dict}  # of what a list or an object holds nothing is said


def _name(key: Any) -> str:
    """A key that is no text as a JSON encoder would write it; one that JSON can't have by the name of its kind."""
    if key is None or type(key) in _PLAIN:
        shown = shorten(key)
        return shown if isinstance(shown, str) else msgspec.json.encode(shown).decode()
    return key.name if isinstance(key, Opaque) else "tuple"


def _peek(raw: msgspec.Raw) -> Any:
    """A value as far as a warning shows it: a container by its kind, a number out of range as text."""
    text = bytes(raw)
    if text[:1] in (b"[", b"{"):
        return [] if text[:1] == b"[" else {}
    try:
        return _decode_any(text)
    except msgspec.ValidationError:
        return text.decode()
