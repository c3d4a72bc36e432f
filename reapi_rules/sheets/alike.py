"""Lines alike: JSON bodies that differ only in their prompt and their URLs, judged once, by stand-ins for them.

A line is these texts and what is around them.  Lines with the same around have the same report but for the texts, as
long as no rule has anything to say about one of these.  What is around is known once several lines had it, if it is
short and the texts of two stand-ins turn up as prompt and URLs of the request.  None of the texts stays in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from sys import maxsize
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.engine.engine import Engine
from reapi_rules.engine.judge import judge
from reapi_rules.engine.report import Report
from reapi_rules.engine.warnings import on_values
from reapi_rules.sheets.batches import unwrap
from reapi_rules.sheets.contents import is_blank
from reapi_rules.terms.urls import are_ordinary
from reapi_rules.terms.values import SHOWN

__all__ = ["Alike", "Judged", "Spelling", "ordinary_prompts"]

_MOST_KNOWN = 4_096
_SEVERAL = 16  # what is around is learnt from two stand-ins, which takes as long as several lines
_LONGEST_AROUND = 1_000
_STAND_INS = (
    ("a prompt in place of others", "https://example.com/{}.png"),
    ("another one", "https://example.org/of/{}"),
)
T = TypeVar("T")
_Around = tuple[str, ...]
_UNMET: Any = object()


class Judged(NamedTuple):
    """A report, and the prompt and the URLs of its request."""

    report: Report
    texts: Sequence[str]


class Alike(Generic[T]):
    """What is made of lines, once for all that are alike, from two stand-ins for them; nothing where that is None.

    >>> alike = Alike(Engine(), lambda one, _: one.report.quote.credits)
    >>> line = '{"model": "gpt-image-2-official", "prompt": "%s", "size": "16:9", "quality": "low"}'
    >>> [alike.of(line % text) for text in ("a fox", *["an owl"] * 16, "a cat", "a cat: 9:16")][-4:]
    [(7, ['an owl']), (7, ['an owl']), (7, ['a cat']), None]
    """

    def __init__(self, engine: Engine, make: Callable[[Judged, Judged], T | None]) -> None:
        self._models, self._look, self._make = engine.catalog.models, engine.look, make
        names = {model.roles["prompt"]: None for model in self._models.values() if "prompt" in model.roles}
        self._openings = [f'"{name}":{blank}"' for name in names for blank in (" ", "")]
        self._known: dict[_Around, tuple[T, Callable[[str], bool]] | None] = {}
        self._met: dict[_Around, int] = {}

    def of(self, line: str) -> tuple[T, list[str]] | None:
        """What is made of all lines like this one, and its own texts; None for a line that needs a look of its own."""
        if "\\" in line:  # without it every quote begins or ends a text
            return None
        for opening in self._openings:
            start, _, rest = line.partition(opening)
            if rest:
                break
        else:
            return None
        text, _, rest = rest.partition('"')
        around, texts = rest.split('"http'), [text]
        for at in range(1, len(around)):
            url, _, around[at] = around[at].partition('"')
            texts.append(f"http{url}")
        key = (start + opening, *around)
        known = self._known.get(key, _UNMET)
        if known is _UNMET:
            known = self._meet(key)
        if known is None or not _is_json(text) or not known[1](text):
            return None
        if len(texts) > 1 and not _are_ordinary(texts[1:]):
            return None
        return known[0], texts

    def _meet(self, around: _Around) -> tuple[T, Callable[[str], bool]] | None:
        """What is known of lines with that around; nothing of the first of them, which may be the only ones."""
        if sum(map(len, around)) > _LONGEST_AROUND:
            return None
        if len(self._known) + len(self._met) >= _MOST_KNOWN:
            self._known.clear()
            self._met.clear()
        times = self._met.get(around, 0) + 1
        if times < _SEVERAL:
            self._met[around] = times
            return None
        self._met.pop(around, None)
        self._known[around] = known = self._learn(around)
        return known

    def _learn(self, around: _Around) -> tuple[T, Callable[[str], bool]] | None:
        first, second = (self._stand_in(around, *texts) for texts in _STAND_INS)
        if first is None or second is None:
            return None
        made = self._make(first, second)
        return None if made is None else (made, ordinary_prompts(self._models[first.report.model or ""]))

    def _stand_in(self, around: _Around, prompt: str, url: str) -> Judged | None:
        """The report on a stand-in that passes, and whose texts are the prompt and URLs of the request; else None."""
        start, *rest = around
        texts = [prompt, *(url.format(at) for at in range(1, len(rest)))]
        line = start + '"'.join(f'{text}"{after}' for text, after in zip(texts, rest))
        report = self._look(line)
        model = self._models.get(report.model or "")
        if not report.ok or model is None or unwrap(line.encode()) is not None:
            return None
        given = report.given
        addresses: list[Any] = []
        for name, field in model.fields.items():
            if field.has_addresses and name in given:
                addresses += given[name] if type(given[name]) is list else [given[name]]
        is_all = given.get(model.roles.get("prompt", "")) == prompt and all(each in addresses for each in texts[1:])
        return Judged(report, texts) if is_all else None


class Spelling:
    """The report of lines that are alike as JSON, with places for their texts."""

    def __init__(self, first: Judged) -> None:
        self.report: Report = first.report
        marks = [*map(_encode, first.texts)]
        self._parts = re.split(b"(%b)" % b"|".join(map(re.escape, marks)), first.report.to_json())
        self._places = [(at, marks.index(self._parts[at])) for at in range(1, len(self._parts), 2)]

    @classmethod
    def of(cls, first: Judged, second: Judged) -> Spelling | None:
        """How the first is spelt; None where the second one is not spelt alike."""
        spelling = cls(first)
        return spelling if spelling.of_texts(second.texts) == second.report.to_json() else None

    def of_texts(self, texts: Sequence[str]) -> bytes:
        """The report on a line with these texts."""
        parts = self._parts.copy()
        for at, text in self._places:
            parts[at] = _encode(texts[text])
        return b"".join(parts)  # with % it takes three times as long


def ordinary_prompts(model: Model) -> Callable[[Any], bool]:
    """Decides at first sight whether no rule has anything to say about a prompt; else the rules are asked."""
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


def _is_json(text: str) -> bool:
    """Whether a text without a quote and a backslash is one in JSON too, and is not empty."""
    try:
        return _decode(f'"{text}"') != ""
    except (msgspec.MsgspecError, ValueError):
        return False


def _are_ordinary(urls: list[str]) -> bool:
    """Whether no rule has anything to say about URLs, and findings show all of each."""
    return max(map(len, urls)) <= SHOWN and are_ordinary(urls)


_decode = msgspec.json.Decoder(str).decode
_encode = msgspec.json.Encoder().encode
