"""Findings: what is wrong with a request, or worth knowing about it, as values.

A finding is made from a row of ``data/rules.json`` (:class:`Rule`) and what the request held.  Rule ids and codes
are a contract, messages are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import msgspec
from msgspec.structs import force_setattr

__all__ = ["Certainty", "Fault", "Finding", "Level", "Params", "Rule", "least_certain"]

Level = Literal["error", "warning", "note"]
"""``error``: reAPI would answer 400.  ``warning``: accepted, but a likely mistake.  ``note``: worth knowing."""

Certainty = Literal["documented", "inferred", "unspecified"]
"""How sure a rule is: the page says so; it follows from public material; the page leaves it open and we chose."""

_BY_CERTAINTY: tuple[Certainty, ...] = ("documented", "inferred", "unspecified")
_SHOWN_VALUE = 200
_SHOWN_IN_MESSAGE = 80
_MOST_BITS = 14_280  # just under 4,300 digits
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**64 - 1


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One finding on one field: the rule, how sure it is, where, and the way out.

    >>> from reapi_rules import preflight
    >>> finding = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "n": 9}).errors[0]
    >>> finding.rule, finding.code, finding.pointer, finding.message
    ('n.range', 20003, '/n', 'n must be between 1 and 4')

    ``pointer`` is an RFC 6901 pointer into the body, ``related`` further ones; ``value`` is the offending value,
    shortened; ``params`` are the figures of the message.  Source: section "Validation errors" of the page.
    """

    rule: str
    level: Level
    certainty: Certainty
    code: int | None
    field: str | None
    pointer: str
    related: tuple[str, ...]
    message: str
    hint: str | None
    value: str | int | float | bool | None
    params: dict[str, Any]


_copy: Callable[[Finding], Finding] = Finding.__copy__  # type: ignore[attr-defined]  # the stubs do not have it


class _Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a rule says otherwise in one of its cases."""

    level: Level | None = None
    certainty: Certainty | None = None
    code: int | None = None
    message: str | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``data/rules.json``: what triggers it, what it says, and the section of the page it encodes.

    ``message`` and ``hints`` are templates over the finding's params; of the hints the first counts whose params
    are all known.  A placeholder in capitals prints its parameter in capitals.  ``example`` is what triggers the
    rule, as JSON; ``way_out`` what to do about it where the example's hint does not say so.
    """

    id: str
    level: Level
    certainty: Certainty
    section: str
    trigger: str
    message: str
    field: str | None = None
    code: int | None = None
    hints: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    variants: dict[str, _Variant] = {}
    way_out: str | None = None
    example: msgspec.Raw = msgspec.Raw()

    def readings(self) -> dict[str, Rule]:
        """The rule by its id, and as it reads in each of its cases by ``id/case``."""
        readings = {self.id: self}
        for name, variant in self.variants.items():
            changes = {key: value for key, value in msgspec.structs.asdict(variant).items() if value is not None}
            readings[f"{self.id}/{name}"] = msgspec.structs.replace(self, **changes)
        return readings

    def find(
        self, value: Any = None, *, name: str | None = None, index: int | str | None = None, **params: Any
    ) -> Finding:
        """The finding of this rule on a value: of the rule's own field, of the key ``name``, or of an entry of it."""
        field, pointer = self.field, "" if self.field is None else f"/{self.field}"
        if name is not None:
            field, pointer = name, "/" + name.replace("~", "~0").replace("/", "~1")
        shown = shorten(value)
        message, hint = self.message, None
        if params or name is not None or "{" in message:
            known = Texts({"value": shown, "name": name, **params})
            message, hint = message.format_map(known), first_complete(self.hints, known)
        elif self.hints:
            hint = self.hints[0]
        return Finding(
            rule=self.id,
            level=self.level,
            certainty=self.certainty,
            code=self.code,
            field=field,
            pointer=pointer if index is None else f"{pointer}/{index}",
            related=self.related,
            message=message,
            hint=hint,
            value=shown,
            params=Params(params) if params else _NO_PARAMS,
        )


class Fault(msgspec.Struct, frozen=True, gc=False):
    """A rule that a value breaks, of a field or of an entry of a list; a finding is worded from it when it is read."""

    rule: Rule
    value: Any
    index: int | None = None


class Params(dict[str, Any]):
    """The figures of a message: a dictionary that can't be changed, since reports share their findings."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the params of a finding can't be changed")

    if not TYPE_CHECKING:  # to type checkers it is an ordinary dictionary
        __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return Params, (dict(self),)


_NO_PARAMS = Params()


def least_certain(*certainties: Certainty) -> Certainty:
    """The certainty of a statement that rests on several.

    >>> least_certain("documented", "inferred")
    'inferred'
    """
    return max(certainties, key=_BY_CERTAINTY.index)


def with_value(finding: Finding, value: str | int | float | bool | None) -> Finding:
    """The same finding on another value, which its words do not name."""
    other = _copy(finding)
    force_setattr(other, "value", value)
    return other


class Opaque:
    """What stands for a value that JSON does not have: only what its type is called matters."""

    def __init__(self, kind: type) -> None:
        self.name: str = type_name(kind)
        self.shown: str = _shown(kind)


def type_name(kind: type) -> str:
    """The name of a type, whatever its metaclass makes of that."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name[:_SHOWN_VALUE]


def shorten(value: Any) -> str | int | float | bool | None:
    """A value as a finding shows it: text cut to 200 characters, what is no scalar by its kind, always valid JSON."""
    kind = type(value)
    if kind is str:
        return escape(value[:_SHOWN_VALUE])
    if value is None or kind is bool:
        return value  # type: ignore[no-any-return]  # None or a bool, as just tested
    if issubclass(kind, str):
        return escape(str.__str__(value)[:_SHOWN_VALUE])
    if issubclass(kind, int):
        value = int.__index__(value)
        return value if _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER else _long_integer(value)
    if issubclass(kind, float):
        value = float.__float__(value)
        return value if abs(value) < float("inf") else _NOT_FINITE[str(value)]
    if issubclass(kind, (list, tuple)):
        return "array"
    return str(value.shown) if kind is Opaque else _shown(kind)


def is_mapping(kind: type) -> bool:
    """Whether a type is one of mappings, whatever its metaclass makes of that.

    >>> is_mapping(dict), is_mapping(list)
    (True, False)
    """
    try:
        return issubclass(kind, Mapping)
    except Exception:  # a type that can't be hashed, or one that raises
        return False


def _shown(kind: type) -> str:
    return "object" if is_mapping(kind) else type_name(kind)


_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def escape(text: str) -> str:
    r"""The text with lone surrogates written out as ``\udXXX``, so that it can be encoded."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def escape_all(texts: list[str]) -> list[str]:
    """All texts so that they can be encoded, each as ``escape`` has it."""
    return texts if "".join(texts).isascii() else list(map(escape, texts))


def _long_integer(value: int) -> str:
    """The first digits of an integer; turning a longer one into text takes too long, and Python refuses it."""
    if value.bit_length() <= _MOST_BITS:
        with suppress(ValueError):  # an interpreter with a lower limit than usual
            return str(value)[:_SHOWN_VALUE]
    return f"an integer of {value.bit_length()} bits"


class Texts:
    """What the placeholders of a template stand for, worked out when they are met; a KeyError where that is nothing."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params

    def __getitem__(self, placeholder: str) -> str:
        value = self._params[placeholder.lower()]
        if value is None:
            raise KeyError(placeholder)
        return _text(value).upper() if placeholder.isupper() else _text(value)


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, (tuple, list)) else str(value)[:_SHOWN_IN_MESSAGE]


def first_complete(templates: tuple[str, ...], known: Texts) -> str | None:
    for template in templates:
        try:
            return template.format_map(known)
        except KeyError:
            continue
    return None
