"""Read the parts of an answer of reAPI, and note what is wrong with them.

Strict about what the page fixes, tolerant of further fields, and total: a value is judged by its type alone, and what
raises when it is looked at is a value that can't be read.
Source: sections "Response envelope" and "Validation errors" of the page.
"""

from __future__ import annotations

import operator
from typing import Any

from reapi_rules.tasks.envelopes import ApiError, Output
from reapi_rules.tasks.rules import task_rules
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.values import Opaque, escape, is_mapping, type_name

__all__ = ["Reader", "entries_of", "integer", "text"]

_FIELDS = ("id", "task_id", "data", "model", "status", "created_at", "output", "error")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Reader:
    """Reads one answer: each method gives what it can read, and adds to ``found`` what is wrong.

    >>> reader = Reader()
    >>> reader.text("model", 7), [finding.message for finding in reader.found]
    (None, ['model must be a text that is not empty'])
    """

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self._is_envelope = True

    def fields(self, answer: Any) -> dict[str, Any] | None:
        """The fields of an answer that are known and not null; None where there is no JSON object."""
        import json  # slow to import; half a surrogate pair and a number out of range do not stop it as they do msgspec

        kind, detail = type(answer), None
        try:
            if issubclass(kind, (bytes, bytearray, memoryview)):
                answer = json.loads(bytes(answer).decode("utf-8-sig"))
            elif issubclass(kind, str):
                answer = json.loads(str.__str__(answer).removeprefix("\ufeff"))
            elif is_mapping(kind):
                answer = dict(answer.items())
            rule = "answer.object"
        except UnicodeDecodeError:
            rule, detail = "answer.json", "it is not UTF-8"
        except json.JSONDecodeError as error:
            rule, detail = "answer.json", str(error)
        except Exception as error:  # nested too deep, too many digits, or an object of the caller's own make
            rule, detail = "answer.unreadable", f"reading it raises {type_name(type(error))}"
        if type(answer) is dict:
            return _known(answer)
        self.found.append(task_rules()[rule].find(None if detail else answer, detail=detail))
        return None

    def identifier(self, given: dict[str, Any]) -> str | None:
        """The task's id, wherever it is; what is around an id inside of ``data`` becomes part of the fields."""
        inner = _known(entries_of((_items_of(given.get("data")) or (None,))[0]) or {})
        for name, index, value in (
            ("id", None, given.get("id")),
            ("task_id", None, given.get("task_id")),
            ("data", "0/task_id", inner.get("task_id")),
        ):
            if identifier := text(value):
                if name != "id":
                    rule = task_rules()["task.id_elsewhere"]
                    self.found.append(rule.find(identifier, name=name, index=index, part=_part(name, index)))
                if name == "data":
                    self._is_envelope = False
                    given |= inner | given
                return identifier
            if value is not None:
                self._wrong(name, value, "a text that is not empty", index)
        return None

    def text(self, name: str, value: Any) -> str | None:
        """A required text that is not empty."""
        if value is None:
            self.missing(name)
        elif not text(value):
            self._wrong(name, value, "a text that is not empty")
        return text(value) or None

    def seconds(self, name: str, value: Any) -> int | None:
        """A required time in unix seconds."""
        if value is None:
            self.missing(name)
        elif integer(value) is None:
            self._wrong(name, value, "an integer")
        return integer(value)

    def output(self, value: Any) -> Output | None:
        """The output, of which only the image URLs are known."""
        entries = self._object("output", value)
        if entries is None:
            return None
        given = _get(entries, "image_urls")
        urls = () if given is None else _items_of(given)
        if urls is None:
            self._wrong("output", given, "a list", "image_urls")
            return None
        other = next((index for index, url in enumerate(urls) if text(url) is None), None)
        if other is not None:
            self._wrong("output", urls[other], "a text", f"image_urls/{other}")
        return Output(image_urls=tuple(url for url in map(text, urls) if url is not None))

    def error(self, value: Any) -> ApiError | None:
        """The error of a failed task or of an error body."""
        entries = self._object("error", value)
        if entries is None:
            return None
        code, message, request_id = (_get(entries, name) for name in ("code", "message", "request_id"))
        if integer(code) is None:
            self._wrong("error", code, "an integer", "code")
        if text(message) is None:
            self._wrong("error", message, "a text", "message")
        if request_id is not None and text(request_id) is None:
            self._wrong("error", request_id, "a text", "request_id")
        return ApiError(code=integer(code), message=text(message), request_id=text(request_id))

    def missing(self, name: str) -> None:
        """Note that a field of the envelope is absent or null."""
        if self._is_envelope:
            self.found.append(task_rules()["answer.field_missing"].find(name=name))

    def _object(self, name: str, value: Any) -> dict[Any, Any] | None:
        entries = entries_of(value)
        if entries is None and value is not None:
            self._wrong(name, value, "an object or null")
        return entries

    def _wrong(self, name: str, value: Any, expected: str, index: str | None = None) -> None:
        rule = task_rules()["answer.field_type"]
        self.found.append(rule.find(value, name=name, index=index, part=_part(name, index), expected=expected))


def entries_of(value: Any) -> dict[Any, Any] | None:
    """What a JSON object holds, by its names; None for what is none, or can't be looked into.

    >>> entries_of({"code": 20003}), entries_of([])
    ({'code': 20003}, None)
    """
    try:
        return dict(value.items()) if is_mapping(type(value)) else None
    except Exception:  # a mapping of the caller's own make may raise anything
        return None


def text(value: Any) -> str | None:
    r"""A text, with lone surrogates written out; None for anything else.

    >>> text("task_1"), text("\ud800"), text(1)
    ('task_1', '\\ud800', None)
    """
    return escape(str.__str__(value)) if issubclass(type(value), str) else None


def integer(value: Any) -> int | None:
    """The integer of 64 bits that a value gives: 2, 2.0 or what has ``__index__`` and is no bool; None for the rest.

    >>> integer(2.0), integer(True), integer(2.5)
    (2, None, None)
    """
    kind = type(value)
    try:
        if issubclass(kind, float):
            number = float.__int__(value) if float.is_integer(value) else None
        else:  # NumPy's bool is none either
            number = None if type_name(kind) in ("bool", "bool_") else int.__index__(operator.index(value))
    except Exception:  # it is no integer, or an object of the caller's own make, which may raise anything
        return None
    return number if number is not None and _SMALLEST <= number <= _LARGEST else None


def _known(entries: dict[Any, Any]) -> dict[str, Any]:
    return {name: value for name in _FIELDS if (value := _get(entries, name)) is not None}


def _get(entries: dict[Any, Any], name: str) -> Any:
    """The value of a name, None where there is none; opaque where a key of the caller's own make raises."""
    try:
        return entries.get(name)
    except Exception:
        return Opaque(object())


def _items_of(value: Any) -> list[Any] | None:
    kind = type(value)
    if issubclass(kind, list):
        return list(list.__iter__(value))
    return list(tuple.__iter__(value)) if issubclass(kind, tuple) else None


def _part(name: str, index: str | None) -> str:
    steps = index.split("/") if index else ()
    return name + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps)
