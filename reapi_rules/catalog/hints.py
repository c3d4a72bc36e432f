"""Hints: what somebody may have meant by a name or a word that is none of ours.

``data/hints.json`` holds what clients of neighbouring APIs send; next to it, one letter may be wrong.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from reapi_rules.engine.body import FIELDS

__all__ = ["Hints", "ascii_lower", "bare"]

_LONGEST = 40  # nobody misspells a longer word as one of ours
_SHORTEST = 3  # of shorter words every other one is close


class Hints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/hints.json``: other names of fields, names that ask for a file format, other words."""

    format: Literal["reapi-hints/1"]
    source: dict[str, str]
    fields: dict[str, str]
    always_png: tuple[str, ...]
    always_png_reason: str
    values: dict[str, dict[str, str]]

    def field(self, name: str) -> tuple[str | None, str | None]:
        """The field that an unknown name stands for, and the reason why there is none."""
        if name in self.always_png:
            return None, self.always_png_reason
        meant = closest(name, (*FIELDS, *self.fields))
        return (None if meant is None else self.fields.get(meant, meant)), None

    def word(self, field: str, value: str, words: tuple[str, ...]) -> str | None:
        """The word of a field that another value stands for."""
        value = value.strip()
        if len(value) > _LONGEST:
            return None
        meant = value.casefold()
        same = next((word for word in words if word.casefold() == meant), None)
        other = self.values.get(field, {}).get(meant)
        return same or (other if other in words else None) or closest(value, words)


def ascii_lower(text: str) -> str:
    """The text with its ASCII letters in lower case, as the gateway compares a resolution."""
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")  # bytes know ASCII only


def bare(word: str) -> str:
    """The word without case, blanks, ``_`` and ``-``.

    >>> bare("Aspect-Ratio "), bare("aspectRatio")
    ('aspectratio', 'aspectratio')
    """
    return word.casefold().translate(_IGNORED)


_IGNORED = {ord(character): None for character in " \t\r\n_-"}


def closest(word: str, words: tuple[str, ...]) -> str | None:
    """The first of the words that is the same, or differs in one letter dropped, added, changed or moved.

    >>> closest("resolutoin", ("size", "resolution"))
    'resolution'
    >>> closest("seed", ("size", "resolution"))
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    same, near = _spellings(words)
    wanted = bare(word)
    if wanted in same:
        return same[wanted]
    places = [near[spelling] for spelling in _one_letter_less(wanted) if spelling in near]
    return words[min(places)] if places else None


@lru_cache(maxsize=64)  # of our own words, never of a caller's
def _spellings(words: tuple[str, ...]) -> tuple[dict[str, str], dict[str, int]]:
    """The words by their bare form, and the place of the first one by each spelling with a letter less."""
    same: dict[str, str] = {}
    near: dict[str, int] = {}
    for place, word in enumerate(words):
        same.setdefault(bare(word), word)
        if len(word) >= _SHORTEST:
            for spelling in _one_letter_less(bare(word)):
                near.setdefault(spelling, place)
    return same, near


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
