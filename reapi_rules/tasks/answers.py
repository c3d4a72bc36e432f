"""Read the parts of an answer of reAPI, and note what is wrong with them.

Strict about what the page fixes, tolerant of further fields, and total: an answer is first copied into plain values.
Source: sections "Response envelope" and "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.tasks.envelopes import ApiError, Output
from reapi_rules.terms import values
from reapi_rules.terms.findings import Finding

__all__ = ["Reader", "integer", "object_of"]

_FIELDS = ("id", "task_id", "data", "model", "status", "created_at", "output", "error")
_MOST_OTHERS = 20
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_LATEST = 10**11  # the year 5138; the milliseconds of our time have two digits more than its seconds


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
                answer = _decoded(bytes(answer).decode("utf-8-sig"))
            elif issubclass(kind, str):
                answer = _decoded(str.__str__(answer).removeprefix("\ufeff"))
            if values.is_mapping(type(answer)):  # whatever else it holds is not looked at, and there may be much of it
                answer = {values.plain_key(key): inner for key, inner in answer.items() if _is_known(key)}
            answer = values.plain_value(answer)
            rule = "answer.object"
        except UnicodeDecodeError:
            rule, detail = "answer.json", "it is not UTF-8"
        except json.JSONDecodeError as error:
            rule, detail = "answer.json", str(error)
        except Exception as error:  # nested too deep, too many digits, or an object of the caller's own make
            rule, detail = "answer.unreadable", f"reading it raises {values.type_name(type(error))}"
        if detail is None and (entries := object_of(answer)) is not None:
            return _known(entries)
        self.found.append(task_rules()[rule].find(None if detail else answer, detail=detail))
        return None

    def identifier(self, given: dict[str, Any]) -> str | None:
        """The task's id, wherever it is; what is around an id inside of ``data`` becomes part of the fields."""
        for name, index, value, inner in _places(given):
            if identifier := _identifier(value):
                if name != "id":
                    rule = task_rules()["task.id_elsewhere"]
                    self.found.append(rule.find(identifier, name=name, index=index, part=_part(name, index)))
                if name == "data":
                    self._is_envelope = False
                    given |= inner | given
                self._note_others(identifier, given)
                return identifier
            if value is not None:
                self._wrong(name, value, "a text that is not empty", index, lost="id")
        return None

    def _note_others(self, identifier: str, given: dict[str, Any]) -> None:
        """Note that an answer names more tasks than the one that is read: each of them may have been charged."""
        named = (value for name, _, value, _ in _places(given) if name != "id")
        others = tuple(id for id in dict.fromkeys(map(_identifier, named)) if id and id != identifier)
        if others:
            ids = tuple(map(values.shorten, others[:_MOST_OTHERS]))
            self.found.append(task_rules()["task.other_ids"].find(list(others), count=len(others), ids=ids))

    def text(self, name: str, value: Any) -> str | None:
        """A required text that is not empty."""
        text = _text(value)
        if value is None:
            self.missing(name)
        elif not text:
            self._wrong(name, value, "a text that is not empty")
        return text or None

    def seconds(self, name: str, value: Any) -> int | None:
        """A required time in unix seconds."""
        seconds = integer(value)
        if value is None:
            self.missing(name)
        elif seconds is None or not 0 <= seconds < _LATEST:
            self._wrong(name, value, "a number of Unix seconds")
            return None
        return seconds

    def output(self, value: Any) -> Output | None:
        """The output, of which only the image URLs are known."""
        entries = self._object("output", value)
        if entries is None:
            return None
        urls = entries.get("image_urls")
        if urls is None:
            return Output(image_urls=())
        if type(urls) is not list:
            self._wrong("output", urls, "a list", "image_urls")
            return None
        other = next((index for index, url in enumerate(urls) if type(url) is not str), None)
        if other is not None:
            self._wrong("output", urls[other], "a text", f"image_urls/{other}")
        return Output(image_urls=tuple(url for url in map(_text, urls) if url is not None))

    def error(self, value: Any) -> ApiError | None:
        """The error of a failed task or of an error body."""
        entries = self._object("error", value)
        if entries is None:
            return None
        code, message, request_id = (entries.get(name) for name in ("code", "message", "request_id"))
        if integer(code) is None:
            self._wrong("error", code, "an integer", "code")
        if type(message) is not str:
            self._wrong("error", message, "a text", "message")
        if request_id is not None and type(request_id) is not str:
            self._wrong("error", request_id, "a text", "request_id")
        return ApiError(code=integer(code), message=_text(message), request_id=_text(request_id))

    def missing(self, name: str, **params: Any) -> None:
        """Note that a field of the envelope is absent or null."""
        if self._is_envelope:
            self.found.append(task_rules()["answer.field_missing"].find(name=name, **params))

    def _object(self, name: str, value: Any) -> dict[str, Any] | None:
        entries = object_of(value)
        if entries is None and value is not None:
            self._wrong(name, value, "an object or null")
        return entries

    def _wrong(self, name: str, value: Any, expected: str, index: str | None = None, **params: Any) -> None:
        rule, part = task_rules()["answer.field_type"], _part(name, index)
        self.found.append(rule.find(value, name=name, index=index, part=part, expected=expected, **params))


def _decoded(text: str) -> Any:
    import json

    from reapi_rules.terms.levels import is_too_deep

    if is_too_deep(text):
        raise RecursionError
    return json.loads(text)


def object_of(value: Any) -> dict[str, Any] | None:
    """What a JSON object holds under names that are text; None for anything else.

    >>> object_of({"code": 20003, 7: "x"}), object_of([])
    ({'code': 20003}, None)
    """
    return {name: inner for name, inner in value.items() if type(name) is str} if type(value) is dict else None


def integer(value: Any) -> int | None:
    """The integer of 64 bits that a value gives: 2, 2.0 or what has ``__index__`` and is no bool; None for the rest.

    >>> integer(2.0), integer(True), integer(2.5)
    (2, None, None)
    """
    number = values.integer(values.plain_value(value))
    return number if number is not None and _SMALLEST <= number <= _LARGEST else None


def _places(given: dict[str, Any]) -> Iterator[tuple[str, str | None, Any, dict[str, Any]]]:
    """What is under ``id`` or ``task_id`` in an answer, in ``data`` or in its entries; with its place and object."""
    yield from ((name, None, given.get(name), {}) for name in ("id", "task_id"))
    data = given.get("data")
    for place, entry in ((f"{at}/", entry) for at, entry in enumerate(data)) if type(data) is list else (("", data),):
        inner = _known(object_of(entry) or {})
        name = next((name for name in ("task_id", "id") if name in inner), None)
        if name is not None:
            yield "data", f"{place}{name}", inner[name], inner


def _identifier(value: Any) -> str | None:
    return _text(value) if type(value) is str and value.strip() else None


def _text(value: Any) -> str | None:
    return values.escape(value) if type(value) is str else None


def _is_known(key: Any) -> bool:
    return issubclass(type(key), str) and str.__str__(key) in _FIELDS


def _known(entries: dict[str, Any]) -> dict[str, Any]:
    return {name: entries[name] for name in _FIELDS if entries.get(name) is not None}


def _part(name: str, index: str | None) -> str:
    steps = index.split("/") if index else ()
    return name + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps)
