"""How people spell the words of a request: the file ``data/spellings.json``, and the labels of our own lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.labels import labels
from reapi_rules.terms.once import once
from reapi_rules.terms.sizes import ratio
from reapi_rules.terms.spelling import narrow

__all__ = ["SHORTEST", "Spellings", "spellings"]

_LONGEST = 40
SHORTEST = 64
"""No image has shorter edges; two shorter ones are a ratio."""
_EXACT = 200  # the part of a ratio by which the sizes of the page miss it at most
_PARTS = re.compile(
    r"(?P<shape>[0-9]{1,9} ?[:_x×] ?[0-9]{1,9}(?![0-9]))|(?P<tier>[0-9.]+ ?k)|[0-9]{3,4}(?:p\b)?|[^\W\d_]+"
)
_SIGN = re.compile(r"[_x×]")
_AROUND = " ()[]-,;/|.·_@"
_GAPS = re.compile(r"[ _=-]+")
_QUOTES = " \"'`“”„‟‘’«»"
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_BETWEEN = re.compile(r"[()\[\]/|,;·]|: | - ")
_UNIT = r" ?(?:px|pixels?|像素)?"
_PIXELS = re.compile(rf"([0-9]{{2,5}}){_UNIT} ?[x×*] ?([0-9]{{2,5}}){_UNIT}")
_TIMES = frozenset("xX×*")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_COUNT = re.compile(r"(?P<before>[x×])? ?(?P<number>[0-9]{1,4}|[^\W\d_]+?)(?: ?(?P<after>[^\W\d_]+|×)\.?)?")


class SpellingsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/spellings.json``."""

    format: Literal["reapi-spellings/2"]
    source: dict[str, str]
    words: dict[str, dict[str, tuple[str, ...]]]
    orientations: dict[Literal["landscape", "portrait", "square"], tuple[str, ...]]
    grades: dict[str, tuple[str, ...]]
    neutral: dict[str, tuple[str, ...]]
    markers: tuple[str, ...]
    signs: dict[str, str]
    colons: tuple[str, ...]
    pictures: str
    numbers: dict[str, int]
    units: tuple[str, ...]


class Spellings:
    """What a cell means that spells a word, a ratio or a number in another way."""

    def __init__(self, file: SpellingsFile) -> None:
        self._signs, self._markers = str.maketrans(file.signs), frozenset[str]()
        self._pictures = re.compile(file.pictures)
        self._colon = re.compile(rf"(?<=[0-9]) ?[:{''.join(file.colons)}] ?(?=[0-9])")
        self._markers = frozenset(map(self._plain, file.markers))
        listed = {
            role: {word: (*texts.values(), *file.words.get(role, {}).get(word, ())) for word, texts in options.items()}
            for role, options in labels().options.items()
        }
        self.words: dict[str, dict[str, str]] = {
            role: {self._plain(spelt): word for word, spellings in table.items() for spelt in (word, *spellings)}
            for role, table in listed.items()
        }
        self._beside: dict[str, set[str]] = {}
        for table in (file.orientations, file.grades):
            for meant, texts in table.items():
                for part in (part for text in texts for part in self._plain(text).split()):
                    self._beside.setdefault(part, set()).add(meant)
        self._neutral = {
            role: frozenset(part for word in words for part in self._plain(word).split())
            for role, words in file.neutral.items()
        }
        self.units: frozenset[str] = frozenset(map(self._plain, file.units))
        self.numbers: dict[str, int] = {self._plain(word): number for word, number in file.numbers.items()}

    def word(self, role: str, text: str, words: Mapping[str, str]) -> str | None:
        """The one of a field's words, by their lower case, that a text spells.

        >>> spellings().word("quality", "高", {"high": "high"}), spellings().word("tier", "2K (QHD)", {"2k": "2K"})
        ('high', '2K')
        >>> spellings().word("shape", "16:9 横向", {"16:9": "16:9"}), spellings().word("shape", "9:16 wide", {})
        ('16:9', None)
        """
        if len(text) > _LONGEST:
            return None
        plain = self._plain(text)
        meant = self.words.get(role, {}).get(plain)
        if meant is None and not plain.isalnum():
            meant = self._agreed(role, plain)
        if meant is None and role in ("shape", "tier"):
            found = self._among(plain)
            meant = found.get(role) if len(found) == 1 else None
        return None if meant is None else words.get(meant)

    def shape_and_tier(self, text: str) -> tuple[str, str] | None:
        """The ratio and the tier that one text gives together.

        >>> spellings().shape_and_tier("16:9 4K UHD"), spellings().shape_and_tier("16:9 wide")
        (('16:9', '4k'), None)
        """
        found = self._among(self._plain(text)) if len(text) <= _LONGEST else {}
        return (found["shape"], found["tier"]) if len(found) == 2 else None

    def said(self, text: str) -> str | None:
        """The orientation, or the tier, that words say which may be beside a ratio or a tier.

        >>> [spellings().said(text) for text in ("横版", "Ultra HD", "tall", "high")]
        ['landscape', '4k', 'portrait', None]
        """
        parts = self._plain(text).split() if len(text) <= _LONGEST else []
        found = [self._beside.get(part, set()) for part in parts] or [set[str]()]
        meant = found[0].intersection(*found[1:])
        return min(meant) if len(meant) == 1 and len(set(parts)) == len(parts) else None  # 1024 1024 are two edges

    def size(self, text: str) -> str | None:
        """The pixels that a text spells; with a ratio beside them, which must be theirs, the first of the two.

        >>> [spellings().size(text) for text in ("1920 × 1080 px", "4:3 (1024x768)", "1:1 (1024x768)", "16×9")]
        ['1920x1080', '4:3', None, None]
        """
        if len(text) > _LONGEST or _TIMES.isdisjoint(text):
            return None
        parts = [part for part in map(str.strip, _BETWEEN.split(self._plain(text))) if part]
        found = [match for part in parts if (match := _PIXELS.fullmatch(part))]
        ratios = [edges for part in parts if (edges := ratio(part))]
        if len(found) != 1 or len(ratios) > 1 or len(parts) > len(found) + len(ratios):
            return None
        width, height = map(int, found[0].groups())
        is_theirs = all(abs(width * b - height * a) * _EXACT <= height * a for a, b in ratios)
        if min(width, height) < SHORTEST or not is_theirs:
            return None
        return parts[0] if ratio(parts[0]) else f"{width}x{height}"

    def number(self, text: str) -> int | None:
        """The number of images that a text with a unit or in letters gives.

        >>> [spellings().number(text) for text in ("2张", "x3", "two images", "two", "三张", "2k", "x")]
        [2, 3, 2, 2, 3, None, None]
        """
        plain = self._plain(text) if len(text) <= _LONGEST else ""
        if plain in self.numbers:
            return self.numbers[plain]
        match = _COUNT.fullmatch(plain)
        if match is None or any(unit and unit not in self.units for unit in match.group("before", "after")):
            return None
        number = match["number"]
        return int(number) if number.isdigit() else self.numbers.get(number)

    def pieces(self) -> dict[str, Any]:
        """What programs in other languages read spellings by.

        >>> found = spellings().pieces()
        >>> found["words"]["quality"]["高"], found["beside"]["uhd"], found["numbers"]["two"]
        ('high', ['4k'], 2)
        """
        return {
            "words": self.words,
            "beside": {part: sorted(meant) for part, meant in self._beside.items()},
            "neutral": {role: sorted(words) for role, words in self._neutral.items()},
            "markers": sorted(self._markers),
            "signs": {chr(sign): other for sign, other in self._signs.items()},
            "colon": self._colon.pattern,
            "pictures": self._pictures.pattern,
            "pixels": _PIXELS.pattern,
            "units": sorted(self.units),
            "numbers": self.numbers,
        }

    def _plain(self, text: str) -> str:
        """The text in small letters, without pictures and markers, and with common signs for others of their kind."""
        plain = narrow(text).casefold()
        if not plain.isascii():
            plain = self._pictures.sub(" ", plain.translate(_INVISIBLE).translate(self._signs))
        plain = plain.strip(_QUOTES)
        plain = _BRACKETS.sub(lambda part: " " if part[1].strip() in self._markers else part[0], plain)
        return " ".join(self._colon.sub(":", plain).split())

    def _agreed(self, role: str, plain: str) -> str | None:
        """The word that each part of a text spells, as in two languages."""
        known, neutral = self.words.get(role, {}), self._neutral.get(role, frozenset())
        pieces = (piece.strip(" .") for piece in _BETWEEN.split(plain))
        parts = (
            part for piece in pieces for part in ((piece,) if piece in known else filter(None, _GAPS.split(piece)))
        )
        meant = {known.get(part) for part in parts if part not in neutral}
        return meant.pop() if len(meant) == 1 else None

    def _among(self, plain: str) -> dict[str, str]:
        """The ratio and the tier, at most one of each, that are among words which say the same of them."""
        parts = list(_PARTS.finditer(plain))
        found = [(part.lastgroup, _SIGN.sub(":", part[0].replace(" ", ""))) for part in parts if part.lastgroup]
        meant = dict(found)
        is_bare = len(parts) == 1 and ratio(plain) is None and "shape" in meant  # 16x9 may be pixels
        if not found or len(found) > len(meant) or is_bare or _PARTS.sub("", plain).strip(_AROUND):
            return {}
        said = set(map(_kind, meant.values()))
        neutral = frozenset[str]().union(*(self._neutral.get(role, ()) for role in meant))
        words = (part[0] for part in parts if not part.lastgroup and part[0] not in neutral)
        return meant if all(said & self._beside.get(word, {word}) for word in words) else {}


def _kind(meant: str) -> str:
    """What a word beside a ratio or a tier has to agree with."""
    width, height = ratio(meant) or (0, 0)
    return "landscape" if width > height else "portrait" if width < height else "square" if width else meant


@once
def spellings() -> Spellings:
    """The spellings of this package."""
    return Spellings(msgspec.json.decode(data_file("spellings.json"), type=SpellingsFile))
