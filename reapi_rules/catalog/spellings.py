"""How people spell the words of a request: the file ``data/spellings.json``, and the labels of our own lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.labels import labels
from reapi_rules.terms.once import once
from reapi_rules.terms.sizes import ratio
from reapi_rules.terms.spelling import narrow

__all__ = ["Spellings", "spellings"]

_LONGEST = 40
_MOST_PLAIN = 100
_PARTS = re.compile(r"[0-9]+ ?: ?[0-9]+|[0-9.]+ ?k|[^\W\d_]+")
_COUNT = re.compile(r"(?P<before>[x×])? ?(?P<number>[0-9]{1,4}|[^\W\d_]+?)(?: ?(?P<after>[^\W\d_]+|×)\.?)?")


class SpellingsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/spellings.json``."""

    format: Literal["reapi-spellings/1"]
    source: dict[str, str]
    words: dict[str, dict[str, tuple[str, ...]]]
    orientations: dict[Literal["landscape", "portrait", "square"], tuple[str, ...]]
    grades: dict[str, tuple[str, ...]]
    neutral: tuple[str, ...]
    numbers: dict[str, int]
    units: tuple[str, ...]


class Spellings:
    """What a cell means that spells a word, a ratio or a number in another way."""

    def __init__(self, file: SpellingsFile) -> None:
        listed = {
            role: {word: (*texts.values(), *file.words.get(role, {}).get(word, ())) for word, texts in options.items()}
            for role, options in labels().options.items()
        }
        self.words: dict[str, dict[str, str]] = {
            role: {_plain(spelt): word for word, spellings in table.items() for spelt in (word, *spellings)}
            for role, table in listed.items()
        }
        self._beside: dict[str, set[str]] = {}
        for table in (file.orientations, file.grades):
            for meant, texts in table.items():
                for part in (part for text in texts for part in _plain(text).split()):
                    self._beside.setdefault(part, set()).add(meant)
        self._grades = file.grades
        self._neutral = frozenset(_plain(part) for word in file.neutral for part in word.split())
        self.units: frozenset[str] = frozenset(map(_plain, file.units))
        self.numbers: dict[str, int] = {_plain(word): number for word, number in file.numbers.items()}

    def word(self, role: str, text: str, words: Mapping[str, str]) -> str | None:
        """The one of a field's words, by their lower case, that a text spells.

        >>> spellings().word("quality", "高", {"high": "high"}), spellings().word("tier", "2K (QHD)", {"2k": "2K"})
        ('high', '2K')
        >>> spellings().word("shape", "16:9 横向", {"16:9": "16:9"}), spellings().word("shape", "9:16 wide", {})
        ('16:9', None)
        """
        if len(text) > _LONGEST:
            return None
        plain = _plain(text)
        meant = self.words.get(role, {}).get(plain) or (self._among(plain) if role in ("shape", "tier") else None)
        return None if meant is None else words.get(meant)

    def number(self, text: str) -> int | None:
        """The number of images that a text with a unit or in letters gives.

        >>> [spellings().number(text) for text in ("2张", "x3", "two images", "two", "三张", "2k", "x")]
        [2, 3, 2, 2, 3, None, None]
        """
        plain = _plain(text) if len(text) <= _LONGEST else ""
        if plain in self.numbers:
            return self.numbers[plain]
        match = _COUNT.fullmatch(plain)
        if match is None or any(unit and unit not in self.units for unit in match.group("before", "after")):
            return None
        number = match["number"]
        return int(number) if number.isdigit() else self.numbers.get(number)

    def table(self, ratios: Iterable[str], most: int) -> Iterator[tuple[str, str | int]]:
        """What programs without regular expressions look up: the role and the spelling, and how it is read.

        >>> found = dict(spellings().table(["16:9"], 4))
        >>> found["quality|高"], found["number|2张"], found["shape|横版16:9"]
        ('high', 2, '16:9')
        """
        for role in ("shape", "tier", "quality"):
            for spelt, word in self.words.get(role, {}).items():
                yield f"{role}|{spelt}", word
        for number in range(_MOST_PLAIN):
            yield f"number|{number}", number
        for number in range(1, most + 1):
            words = [word for word, meant in self.numbers.items() if meant == number]
            for spelt in (f"{number}.0", f"{number},0", f"x{number}", f"x {number}", *words):
                yield f"number|{spelt}", number
            for unit in self.units:
                numerals = [f"{word}{unit}" for word in words if self.number(f"{word}{unit}") == number]
                for spelt in (f"{number}{unit}", f"{number} {unit}", *numerals):
                    yield f"number|{spelt}", number
        for tier, grades in self._grades.items():
            for grade in map(_plain, grades):
                yield from ((f"tier|{spelt}", tier) for spelt in (f"{tier} {grade}", f"{tier} ({grade})"))
        for word in filter(ratio, ratios):
            for text in self._beside:
                glued = () if text.isascii() else (f"{word}{text}", f"{text}{word}")
                for spelt in (f"{word} {text}", f"{text} {word}", f"{text} ({word})", f"{word} ({text})", *glued):
                    if self._among(spelt) == word and spelt not in self.words.get("shape", {}):
                        yield f"shape|{spelt}", word

    def _among(self, plain: str) -> str | None:
        """The ratio or the tier that stands among words which say the same of it."""
        parts = [part.replace(" ", "") for part in _PARTS.findall(plain)]
        found = [part for part in parts if not part.isalpha()]
        words = [part for part in parts if part.isalpha() and part not in self._neutral]
        others = [self._beside.get(part, {part}) for part in words]
        if len(found) != 1 or _PARTS.sub("", plain).strip(" ()[]-,;/|.·"):
            return None
        edges = ratio(found[0])
        if edges is None:
            return found[0] if all(found[0] in each for each in others) else None
        width, height = edges
        kind = "landscape" if width > height else "portrait" if width < height else "square"
        return found[0] if all(kind in each for each in others) else None


@once
def spellings() -> Spellings:
    """The spellings of this package."""
    return Spellings(msgspec.json.decode(data_file("spellings.json"), type=SpellingsFile))


def _plain(text: str) -> str:
    return " ".join(narrow(text).casefold().split())
