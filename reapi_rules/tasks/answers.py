"""Read the parts of an answer, and note what is wrong with them.

Strict about what the page fixes, tolerant of further fields, and total.
Source: sections "Response envelope" and "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from reapi_rules.engine.body import Unreadable, read
from reapi_rules.tasks.envelopes import ApiError, Output
from reapi_rules.tasks.rules import client_rules
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.values import escape, integer

__all__ = ["Answer", "Reader"]

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The known fields of an answer as given; absent is null."""

    id: Any = None
    model: Any = None
    status: Any = None
    created_at: Any = None
    output: Any = None
    error: Any = None


_decode = msgspec.json.Decoder(Answer).decode


class Reader:
    """Reads one answer: each method gives what it can read, and adds to ``found`` what is wrong.

    >>> reader = Reader()
    >>> reader.text("id", 7), [finding.message for finding in reader.found]
    (None, ['id must be a text that is not empty'])
    """

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def answer(self, answer: Any) -> Answer | None:
        """The known fields, None where there is no JSON object."""
        content = read(answer)
        if isinstance(content, Unreadable):
            self._unreadable(content)
            return None
        if isinstance(content, dict):
            return Answer(**{name: _get(answer, name) for name in Answer.__struct_fields__})
        try:
            return _decode(content)
        except (msgspec.MsgspecError, ValueError, RecursionError, MemoryError) as error:
            self._unreadable(Unreadable("body.unreadable", detail=escape(str(error))))
            return None

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
        if value is None:
            self.missing(name)
        elif _integer(value) is None:
            self._wrong(name, value, "an integer")
        return _integer(value)

    def output(self, value: Any) -> Output | None:
        """The output, of which only the image URLs are known."""
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._wrong("output", value, "an object or null")
            return None
        urls = _get(value, "image_urls")
        if urls is None:
            return Output(image_urls=())
        if not isinstance(urls, (list, tuple)):
            self._wrong("output", urls, "a list", "image_urls")
            return None
        other = next((index for index, url in enumerate(urls) if not isinstance(url, str)), None)
        if other is not None:
            self._wrong("output", urls[other], "a text", f"image_urls/{other}")
        return Output(image_urls=tuple(text for text in map(_text, urls) if text is not None))

    def error(self, value: Any) -> ApiError | None:
        """The error of a failed task or of an error body."""
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._wrong("error", value, "an object or null")
            return None
        code, message, request_id = (_get(value, name) for name in ("code", "message", "request_id"))
        if _integer(code) is None:
            self._wrong("error", code, "an integer", "code")
        if not isinstance(message, str):
            self._wrong("error", message, "a text", "message")
        if request_id is not None and not isinstance(request_id, str):
            self._wrong("error", request_id, "a text", "request_id")
        return ApiError(code=_integer(code), message=_text(message), request_id=_text(request_id))

    def missing(self, name: str) -> None:
        """Note that a required field is absent or null."""
        self.found.append(client_rules()["answer.field_missing"].find(name=name))

    def _wrong(self, name: str, value: Any, expected: str, index: str | None = None) -> None:
        part = name if index is None else f"{name}.{index.replace('/', '.')}"
        rule = client_rules()["answer.field_type"]
        self.found.append(rule.find(value, name=name, index=index, part=part, expected=expected))

    def _unreadable(self, why: Unreadable) -> None:
        rule = client_rules()[why.rule.replace("body.", "answer.")]
        self.found.append(rule.find(why.value, detail=why.detail))


def _integer(value: Any) -> int | None:
    """The integer of 64 bits that a JSON number stands for."""
    number = integer(value)
    return number if number is not None and _SMALLEST <= number <= _LARGEST else None


def _text(value: Any) -> str | None:
    return escape(str.__str__(value)) if isinstance(value, str) else None


def _get(mapping: Mapping[Any, Any], name: str) -> Any:
    """A value of a mapping; None where there is none, or where a mapping of the caller's own make raises."""
    try:
        return mapping.get(name)
    except Exception:
        return None
