"""Alike lines: JSON bodies that differ only in their prompt and their URLs are judged once, by stand-ins for them.

A line is these texts and what is around them.  Lines with the same around have the same report, except for the texts,
as long as these are ordinary: no rule minds them.  An around is learnt once several lines have had it, if it is short
and the texts of two stand-ins turn up as the prompt and the URLs of the request.  No text stays in memory.  It is all
done in bytes, so that most of a line is never decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from sys import maxsize
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.engine.engine import Engine
from reapi_rules.engine.judge import judge
from reapi_rules.engine.report import Report
from reapi_rules.engine.warnings import on_values
from reapi_rules.sheets.meaning.contents import is_blank
from reapi_rules.sheets.results.batches import unwrap
from reapi_rules.terms.urls import quoted_ordinary
from reapi_rules.terms.values import SHOWN

__all__ = ["Alike", "Judged", "Spell", "Spelling", "Texts", "in_short", "ordinary_prompts", "read_text"]

_MOST_KNOWN = 4_096
_SEVERAL = 16  # what is around is learnt from two stand-ins, which takes as long as several lines
_LONGEST_AROUND = 1_000
_LONGEST_ESCAPED = 1 << 16  # what matches takes memory with every escape
_STAND_INS = (
    (b"a prompt in place of others", b"https://example.com/%d.png"),
    (rb"another \"one\", with signs", b"https://example.org/of/%d"),
)
_BACKSLASH = ord("\\")
_ESCAPED = re.compile(rb'([^"\\]*(?:\\.[^"\\]*)*)"')
T = TypeVar("T")
Texts = list[bytes]
"""The prompt and the URLs of a line, each as JSON spells it there between quotes."""

Spell = Callable[[bytes], bytes]
"""What spells such a text in another way."""

_Around = tuple[bytes, ...]
_Known = tuple[T, Callable[[str], bool]]
_UNMET: Any = object()


class Judged(NamedTuple):
    """A line, its report, and the prompt and the URLs of its request."""

    line: bytes
    report: Report
    texts: Texts


class Alike(Generic[T]):
    """Makes something of lines, once for all that are alike, from two stand-ins; nothing if ``make`` gives None.

    >>> alike = Alike(Engine(), lambda one, _: one.report.quote.credits)
    >>> line = b'{"model": "gpt-image-2-official", "prompt": "%s", "size": "16:9", "quality": "low"}'
    >>> [alike.of(line % text) for text in (b"a fox", *[b"an owl"] * 16, b"a cat", b"a cat: 9:16")][-4:]
    [(7, [b'an owl']), (7, [b'an owl']), (7, [b'a cat']), None]
    """

    def __init__(self, engine: Engine, make: Callable[[Judged, Judged], T | None]) -> None:
        self._models, self._look, self._make = engine.catalog.models, engine.preflight, make
        names = {model.roles["prompt"]: None for model in self._models.values() if "prompt" in model.roles}
        self._openings = [f'"{name}":{blank}"'.encode() for name in names for blank in (" ", "")]
        self._urls = quoted_ordinary()
        self._known: dict[_Around, _Known[T] | None] = {}
        self._met: dict[_Around, int] = {}

    def of(self, line: bytes) -> tuple[T, Texts] | None:
        """What was made of all lines like this one, and the texts of this one; None for a line that must be read."""
        for opening in self._openings:
            start, _, behind = line.partition(opening)
            if behind:
                break
        else:
            return None
        text, _, rest = behind.partition(b'"')
        if _BACKSLASH in line:  # only one in the prompt is read; without any, every quote begins or ends a text
            match = _ESCAPED.match(behind) if len(line) <= _LONGEST_ESCAPED else None
            if match is None or _BACKSLASH in start or _BACKSLASH in (rest := behind[match.end() :]):
                return None
            text = match[1]
        key: _Around = (start, opening, rest)
        texts = [text]
        known = self._known.get(key, _UNMET)
        if known is _UNMET:  # to look for URLs only then saves a fifth
            parts = self._urls.split(rest)
            key, texts = (start, opening, *parts[::2]), [text, *parts[1::2]]
            known = self._known.get(key, _UNMET)
        if known is _UNMET:
            known = self._meet(key)
        if known is None:
            return None
        try:
            prompt = _decode(b'"' + text + b'"')
        except (msgspec.MsgspecError, ValueError):
            return None
        if not prompt or not known[1](prompt):
            return None
        if len(rest) > SHOWN and max(map(len, texts[1:]), default=0) > SHOWN:
            return None  # findings show no more of a URL
        return known[0], texts

    def _meet(self, around: _Around) -> _Known[T] | None:
        """What is known of lines with that around; nothing for the first few, which may be the only ones.

        A URL that is left in it is not ordinary.
        """
        if sum(map(len, around)) > _LONGEST_AROUND or any(b'"http' in part for part in around):
            return None
        if len(self._known) + len(self._met) >= _MOST_KNOWN:
            self._known.clear()
            self._met.clear()
        times = self._met.get(around, 0) + 1
        if times < _SEVERAL:
            self._met[around] = times
            return None
        self._met.pop(around, None)
        known, (first, second) = None, (self._stand_in(around, *texts) for texts in _STAND_INS)
        if first is not None and second is not None and (made := self._make(first, second)) is not None:
            known = made, ordinary_prompts(self._models[first.report.model or ""])
        self._known[around] = known
        return known

    def _stand_in(self, around: _Around, prompt: bytes, url: bytes) -> Judged | None:
        """The report on a stand-in; None unless it passes and its texts are the prompt and the URLs of the request."""
        start, opening, *rest = around
        texts = [prompt, *(url % at for at in range(1, len(rest)))]
        line = start + opening + b'"'.join(b'%b"%b' % pair for pair in zip(texts, rest))
        report = self._look(line)
        model = self._models.get(report.model or "")
        if not report.ok or model is None or unwrap(line) is not None:
            return None
        given = report.given
        addresses: list[Any] = []
        for name, field in model.fields.items():
            if field.has_addresses and name in given:
                addresses += given[name] if type(given[name]) is list else [given[name]]
        own, *urls = map(read_text, texts)
        is_all = given.get(model.roles.get("prompt", "")) == own and all(each in addresses for each in urls)
        return Judged(line, report, texts) if is_all else None


class Spelling:
    """How alike lines are spelt, with places for their texts; ``spell`` gives some of them another spelling.

    In JSON that is the prompt.  With a delimiter it is CSV, where a text may be a cell or inside quoted JSON, and
    ``spell`` is for cells.
    """

    def __init__(self, spelt: bytes, texts: Texts, spell: Spell | None, delimiter: str = "") -> None:
        edge, marks = re.escape(f'{delimiter}"'.encode()), b"|".join(map(re.escape, texts))
        self._parts = re.split(rb"(?:(?<=[%b])|^)(%b)(?=[%b])" % (edge, marks, edge), spelt)
        self._spell: Spell = spell or bytes
        self._as_they_are: list[tuple[int, int]] = []
        self._anew: list[tuple[int, int]] = []
        for at in range(1, len(self._parts), 2):
            text = texts.index(self._parts[at])
            is_anew = not self._parts[at - 1].endswith(b'"') if delimiter else spell is not None and not text
            (self._anew if is_anew else self._as_they_are).append((at, text))

    @classmethod
    def of(
        cls,
        first: Judged,
        second: Judged,
        line: Callable[[Judged], bytes],
        spell: Spell | None = None,
        delimiter: str = "",
    ) -> Spelling | None:
        """The spelling that the lines of two stand-ins have in common; None if they have none."""
        spelling = cls(line(first), first.texts, spell, delimiter)
        return spelling if spelling.of_texts(second.texts) == line(second) else None

    def of_texts(self, texts: Texts) -> bytes:
        """The spelling of a line with these texts."""
        parts = self._parts.copy()
        for at, text in self._as_they_are:
            parts[at] = texts[text]
        for at, text in self._anew:
            parts[at] = self._spell(texts[text])
        return b"".join(parts)  # with % it takes three times as long


def ordinary_prompts(model: Model) -> Callable[[Any], bool]:
    """Decides whether a prompt is ordinary: at first sight, or else by asking the rules."""
    name = model.roles.get("prompt", "")
    field = model.fields.get(name)
    shortest, longest = (field.min_length or 0, field.max_length or maxsize) if field else (0, 0)

    def is_ordinary(prompt: Any) -> bool:
        if type(prompt) is not str or (not prompt[0].isalnum() and (prompt[0] == "'" or is_blank(prompt))):
            return False
        length = len(prompt)
        if ":" not in prompt and shortest <= length and (length if prompt.isascii() else 2 * length) <= longest:
            return True  # in UTF-16 a character may be two units
        is_faultless = all(fault.field != name for fault in judge({name: prompt}, model))
        return is_faultless and not any(on_values({name: prompt}, model, ()))

    return is_ordinary


def read_text(spelt: bytes) -> str:
    """The text that JSON spells so between quotes."""
    return _decode(b'"' + spelt + b'"')


def in_short(spelt: bytes) -> bytes:
    """The text as our encoder spells it."""
    return _encode(read_text(spelt))[1:-1] if _BACKSLASH in spelt else spelt


_decode = msgspec.json.Decoder(str).decode
_encode = msgspec.json.Encoder().encode
