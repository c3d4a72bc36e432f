"""JSON text: changes in places that leave everything else exactly as it was.

The rules of JSON are RFC 8259's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

__all__ = ["ObjectText", "elements", "spelt"]

_BLANKS = " \t\n\r"
_decoder = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


class Member(msgspec.Struct):
    """A member of an object: its key, and the text around it and of its value."""

    key: str
    before: str
    key_text: str
    between: str
    value: str
    after: str


class ObjectText:
    """The text of a JSON object, member by member.

    >>> text = ObjectText('{"aspect_ratio": "16×9",  "n": 1e0, "x": 1}')
    >>> text.merge({"aspect_ratio": None, "size": "16:9", "x": None, "quality": "low"})
    >>> str(text)
    '{"size": "16:9",  "n": 1e0, "quality": "low"}'

    Raises ValueError or RecursionError for other text.
    """

    def __init__(self, text: str) -> None:
        start = _skip(text, 1 if text.startswith("\ufeff") else 0)
        if text[start : start + 1] != "{":
            raise ValueError("it is no JSON object")
        self._members: list[Member] = []
        at = start + 1
        self._head, self._blank = text[:at], ""
        while True:
            key_at = _skip(text, at)
            if text[key_at : key_at + 1] == "}" and not self._members:
                self._blank, end = text[at:key_at], key_at
                break
            key, key_end = _decoder.raw_decode(text, key_at)
            colon = _skip(text, key_end)
            value_at = _skip(text, colon + 1)
            _, value_end = _decoder.raw_decode(text, value_at)
            end = _skip(text, value_end)
            parts = text[at:key_at], text[key_at:key_end], text[key_end:value_at], text[value_at:value_end]
            self._members.append(Member(key, *parts, text[value_end:end]))
            if text[end : end + 1] != ",":
                break
            at = end + 1
        self._tail = text[end:]

    def __str__(self) -> str:
        members = (f"{each.before}{each.key_text}{each.between}{each.value}{each.after}" for each in self._members)
        return f"{self._head}{self._blank}{','.join(members)}{self._tail}"

    def get(self, key: str) -> str | None:
        """The text of a key's value, of a repeated key the last, which counts; None without the key."""
        return next((member.value for member in reversed(self._members) if member.key == key), None)

    def set(self, key: str, value: str) -> None:
        """Give a key another value, as text; a new key goes to the end.

        >>> text = ObjectText('{"n": 2.0}')
        >>> text.set("n", "2")
        >>> str(text)
        '{"n": 2}'
        """
        member = next((member for member in reversed(self._members) if member.key == key), None)
        if member is not None:
            member.value = value
        elif self._members:
            last = self._members[-1]
            before = last.before or (" " if len(self._members) == 1 else "")
            self._members.append(Member(key, before, spelt(key), last.between, value, last.after))
            last.after = ""
        else:
            self._members.append(Member(key, "", spelt(key), ": ", value, ""))

    def remove(self, key: str) -> None:
        """Leave out a key, however often it is there."""
        for index in reversed(range(len(self._members))):
            member = self._members[index]
            if member.key == key:
                del self._members[index]
                if index == 0 and self._members:
                    self._members[0].before = member.before
                elif index == len(self._members) and self._members:
                    self._members[-1].after = member.after

    def merge(self, patch: Mapping[str, Any]) -> None:
        """Apply a JSON merge patch; a new key takes the place of one that is left out, and text keeps its spelling."""
        gone = [key for key, value in patch.items() if value is None and self.get(key) is not None]
        for key, value in patch.items():
            if value is None:
                continue
            text = next((old for old in map(self.get, gone) if old is not None and _is_text(old, value)), None)
            text = spelt(value) if text is None else text
            if gone and self.get(key) is None:
                old = gone.pop(0)
                kept = next(member for member in reversed(self._members) if member.key == old)
                kept.key, kept.key_text, kept.value = key, spelt(key), text
                self.remove(old)
            else:
                self.set(key, text)
        for key in gone:
            self.remove(key)


def elements(text: str) -> list[str] | None:
    """The text of a JSON list in pieces: what is before an element, the element, and so on; None for other text.

    >>> elements('[ {"n": 1}, 2 ]')
    ['[ ', '{"n": 1}', ', ', '2', ' ]']
    """
    start = _skip(text, 1 if text.startswith("\ufeff") else 0)
    pieces: list[str] = []
    try:
        if text[start] != "[":
            return None
        kept, at = 0, _skip(text, start + 1)
        while text[at] != "]":
            _, end = _decoder.raw_decode(text, at)
            pieces += text[kept:at], text[at:end]
            kept, at = end, _skip(text, end)
            at = _skip(text, at + 1) if text[at] == "," else at
    except (ValueError, IndexError, RecursionError):
        return None
    return [*pieces, text[kept:]]


def spelt(value: Any) -> str:
    """A value as JSON text, as one writes it by hand."""
    return json.dumps(value, ensure_ascii=False)


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _BLANKS:
        at += 1
    return at


def _is_text(spelling: str, value: Any) -> bool:
    """Whether a text spells a value that is text or holds nothing else, so that no number changes its kind."""
    texts = value if type(value) is list else [value]
    return all(type(each) is str for each in texts) and json.loads(spelling, strict=False) == value
