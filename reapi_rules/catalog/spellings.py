"""How people spell the words of a request: the file ``data/spellings.json``, and the labels of our own lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from math import gcd
from typing import Any, Literal, TypeVar

from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.labels import labels
from reapi_rules.terms.once import once
from reapi_rules.terms.sizes import ratio
from reapi_rules.terms.spelling import narrow

__all__ = ["SHORTEST", "Spellings", "inverted", "orientation_of", "spellings"]

_T = TypeVar("_T")

_LONGEST = 80
SHORTEST = 64
"""No image has shorter edges; two shorter ones are a ratio."""
_EXACT = 200  # the part of a ratio by which the sizes of the page miss it at most
_FEWEST_DECIMALS = 2  # of a ratio that was rounded
_WHOLE = 10_000  # the numbers of ratios have four decimals at most
_NUMBER = r"([0-9]{1,2}['’ ][0-9]{3}|[0-9]{1,5}(?:[.,][0-9]{1,4})?)"
_UNIT = r"(?: ?(?:px|pixels?|像素)(?![a-wyz]))?"
_EDGE = re.compile(_NUMBER + _UNIT)
_PLAIN_EDGE = re.compile(r"([0-9]{1,2})[.,'’ ]([0-9]{3})|([0-9]{1,5})(?:[.,]0+)?")
_CLOCK = re.compile("0[0-9]")  # part of a time of day rather than of a ratio
_TIER = r"[0-9]+(?:\.[0-9]+)? ?k(?![a-z0-9])"
_WORD = r"[0-9]{3,4}(?:p\b)?|[^\W\d_]+"
_PARTS = re.compile(rf"({_TIER})|({_WORD})")
_BETWEEN = re.compile(r"[()\[\]/|,;·:_-]")
_AROUND = " ()[]-,;/|.·:_=@"
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_COUNTED = re.compile(r"[0-9]{1,9}|[^\W\d_]+")
_AROUND_NUMBERS = " ().:=[]"


class SpellingsFile(FileStruct, frozen=True, kw_only=True):
    """The file ``data/spellings.json``."""

    format: Literal["reapi-spellings/3"]
    words: dict[str, dict[str, tuple[str, ...]]]
    synonyms: dict[str, dict[str, tuple[str, ...]]]
    sent: dict[str, dict[str, tuple[str, ...]]]
    orientations: dict[Literal["landscape", "portrait", "square"], tuple[str, ...]]
    beside: tuple[str, ...]
    placements: tuple[str, ...]
    grades: dict[str, tuple[str, ...]]
    neutral: dict[str, tuple[str, ...]]
    markers: tuple[str, ...]
    defaults: tuple[str, ...]
    none: tuple[str, ...]
    signs: dict[str, str]
    edges: dict[Literal["width", "height"], tuple[str, ...]]
    colons: tuple[str, ...]
    pictures: str
    numbers: dict[str, int]
    before: tuple[str, ...]
    units: tuple[str, ...]


class Spellings:
    """What a text means that spells a word, a ratio, a size in pixels or a number in another way."""

    def __init__(self, file: SpellingsFile) -> None:
        self._signs, self._markers = str.maketrans(file.signs), frozenset[str]()
        self._pictures = re.compile(file.pictures)
        self._markers = frozenset(map(self._plain, (*file.markers, *file.defaults)))
        self.defaults: frozenset[str] = frozenset(map(self._plain, file.defaults))
        self.numbers: dict[str, int] = {self._plain(word): number for word, number in file.numbers.items()}
        self._none, self._colons = frozenset(map(self._plain, file.none)), file.colons
        numbers, colons = _any_of(self.numbers), _any_of(file.colons)
        self._spoken = re.compile(rf"(?<![^\W\d_])({numbers}) ?({colons}) ?({numbers})(?![^\W\d_])")
        self._edges = {edge: tuple(map(self._plain, texts)) for edge, texts in file.edges.items()}
        width, height = (
            rf"(?:(?:{name}) ?)?{_NUMBER}{_UNIT}(?: ?\(?(?:{name})\)?(?![a-wyz]))?"
            for name in map(_any_of, self._edges.values())
        )
        self._pair = re.compile(rf"(?<![0-9.,]){width} ?(x|:|/|_|{colons}) ?{height}(?![0-9])")
        tables = (
            {
                role: {word: (*texts.values(),) for word, texts in each.items() if not ratio(word)}
                for role, each in labels().options.items()
            },
            file.words,
            file.synonyms,
        )
        self.words: dict[str, dict[str, str]] = {}
        for table in tables:
            for role, words in table.items():
                spelt = {self._plain(text): word for word, texts in words.items() for text in (word, *texts)}
                self.words[role] = {**spelt, **self.words.get(role, {})}
        self.sent: dict[str, dict[str, str]] = {
            role: {text: word for word, texts in words.items() for text in texts} for role, words in file.sent.items()
        }
        self._synonyms = {
            role: frozenset(self._plain(text) for texts in words.values() for text in texts)
            for role, words in file.synonyms.items()
        }
        self._neutral = {
            role: frozenset(part for text in texts for part in self._plain(text).split())
            for role, texts in file.neutral.items()
        }
        self._orientations, anything = tuple(file.orientations), (*file.orientations, *file.grades)
        meanings: list[tuple[tuple[str, ...], Iterable[str]]] = [
            *(((meant,), texts) for meant, texts in (*file.orientations.items(), *file.grades.items())),
            (self._orientations, file.beside),
            *((anything, texts) for texts in self._neutral.values()),
            (self._orientations, file.placements),
        ]
        self._says = [(meant, sorted(map(self._plain, texts))) for meant, texts in meanings]
        self._kinds = {text: meant[0] for meant, texts in self._says if len(meant) == 1 for text in texts}
        self._in_bodies, self._in_cells = _Beside(self._says[:-1]), _Beside(self._says)
        self._before = frozenset(map(self._plain, file.before))
        self.units: frozenset[str] = self._before.union(map(self._plain, file.units))
        self._counted = _Joined({*self.units, *self.numbers})

    def word(
        self, role: str, text: str, words: Mapping[str, str], *, pixels: bool = False, sent: bool = False
    ) -> str | None:
        """The one of a field's words, by their lower case, that a text spells; also a size in pixels where it has them.

        In what was ``sent`` some words are those of other APIs, and none say where the picture goes.

        >>> spellings().word("quality", "高", {"high": "high"}), spellings().word("tier", "2K (QHD)", {"2k": "2K"})
        ('high', '2K')
        >>> shapes = {"16:9": "16:9", "1:1": "1:1"}
        >>> [spellings().word("shape", text, shapes) for text in ("16:9 横向", "1.78:1", "Square", "16:9 tall")]
        ['16:9', '16:9', '1:1', None]
        >>> [spellings().word("shape", text, shapes, pixels=True) for text in ("1,920 × 1,080 px", "16:9 (800x450)")]
        ['1920x1080', '16:9']
        """
        plain = self._plain(text)
        meant = self.words.get(role, {}).get(plain) or (self.sent.get(role, {}).get(plain) if sent else None)
        if meant is None and not plain.isalnum():
            meant = self._agreed(role, plain)
        if meant is None and role == "shape":
            shape, tier = self._shape(plain, words, self._in_bodies if sent else self._in_cells, pixels)
            return shape if tier is None else None
        if meant is None and role == "tier":
            meant = self._tier(plain, self._in_bodies if sent else self._in_cells)
        return None if meant is None else words.get(meant)

    def says(self, role: str, text: str, words: Mapping[str, str]) -> bool:
        """Whether a text spells a word of a field where nothing says that it is one.

        >>> [spellings().says("quality", text, {"low": "low"}) for text in ("niedrig", "draft")]
        [True, False]
        """
        is_synonym = self._plain(text) in self._synonyms.get(role, ())
        return not is_synonym and self.word(role, text, words) is not None

    def shape_and_tier(self, text: str, words: Mapping[str, str]) -> tuple[str | None, str | None]:
        """The ratio and the resolution that a text gives together which was sent.

        >>> spellings().shape_and_tier("16:9 2K", {"16:9": "16:9"})
        ('16:9', '2k')
        """
        return self._shape(self._plain(text), words, self._in_bodies)

    def orientation(self, text: str) -> str | None:
        """Landscape, portrait or square, where a text says that alone.

        >>> spellings().orientation("Querformat"), spellings().orientation("16:9")
        ('landscape', None)
        """
        kind = self.kind(text)
        return kind if kind in self._orientations else None

    def kind(self, text: str) -> str | None:
        """The orientation, or the resolution, that a text says alone which may be beside one.

        >>> [spellings().kind(text) for text in ("横版", "高清", "Ultra HD", "high")]
        ['landscape', '2k', '4k', None]
        """
        return self._kinds.get(self._plain(text))

    def is_default(self, text: str) -> bool:
        """Whether a text says no more than a blank.

        >>> spellings().is_default("默认"), spellings().is_default("high")
        (True, False)
        """
        return self._plain(text) in self.defaults

    def is_none(self, text: str) -> bool:
        """Whether a text says that there is nothing, where a URL would be.

        >>> spellings().is_none(" 无 "), spellings().is_none("N/A"), spellings().is_none("yes")
        (True, True, False)
        """
        return self._plain(text) in self._none

    def sides(self, text: str) -> tuple[int, int] | None:
        """The two numbers of a ratio or a size that a text is, both times the same.

        >>> spellings().sides("1.91:1"), spellings().sides("1,200 x 628")
        ((19100, 10000), (12000000, 6280000))
        """
        match = self._pair.fullmatch(self._plain(text))
        if match is None:
            return None
        edges = [_edge(part) for part in match.group(1, 3)]
        one, other = (_scaled(part) if edge is None else edge * _WHOLE for edge, part in zip(edges, match.group(1, 3)))
        return (one, other) if one and other else None

    def edge(self, text: str) -> int | None:
        """The pixels of one edge.

        >>> [spellings().edge(text) for text in ("1920", "1920.0", "1,920 px", "1.920", "30 cm")]
        [1920, 1920, 1920, 1920, None]
        """
        match = _EDGE.fullmatch(self._plain(text))
        return _edge(match[1]) if match else None

    def number(self, text: str) -> int | None:
        """The number of images that a text with a unit or in letters gives.

        >>> [spellings().number(text) for text in ("2张", "x3", "two images", "two (2)", "三张", "2k", "x", "2 x 2")]
        [2, 3, 2, 2, 3, None, None, None]
        >>> [spellings().number(text) for text in ("images: 2", "image 2", "Variante 2")]
        [2, None, None]
        """
        plain = self._plain(text)
        if plain in self.numbers:
            return self.numbers[plain]
        runs = _COUNTED.findall(plain)
        parts = [part for run in runs for part in ((run,) if run.isdecimal() else self._counted.parts(run))]
        digits = [int(part) for part in parts if part.isdecimal()]
        units = [part for part in parts if part in self.units and (digits or part not in self.numbers)]
        spoken = [self.numbers[part] for part in parts if part in self.numbers and part not in units]
        is_more = bool(_COUNTED.sub("", plain).strip(_AROUND_NUMBERS)) or len(digits + spoken + units) < len(parts)
        if is_more or len(digits) > 1 or len(spoken) > 1 or len({*digits, *spoken}) != 1:
            return None
        first = next(at for at, part in enumerate(parts) if part not in units)
        return (digits or spoken)[0] if self._before.issuperset(parts[:first]) else None

    def without_count(self, text: str) -> str:
        """A text without its numbers and their units.

        >>> spellings().without_count("Total: 4 images"), spellings().without_count("合计4张")
        ('total', '合计')
        """
        runs = _COUNTED.findall(self._plain(text)) if len(text) <= _LONGEST else [text]
        return " ".join(run for run in runs if not run.isdecimal() and run not in self.units)

    def saying(self, meant: str) -> list[str]:
        """The words beside a ratio or a tier that say the same of it.

        >>> "方形" in spellings().saying("square"), "qhd" in spellings().saying("2k")
        (True, True)
        """
        return sorted(part for part, said in self._in_cells.said.items() if meant in said)

    def pieces(self) -> dict[str, Any]:
        """What programs in other languages read spellings by.

        >>> found = spellings().pieces()
        >>> "高" in found["words"]["quality"]["high"], found["beside"][0][0], "two" in found["numbers"][2]
        (True, ('landscape',), True)
        """
        return {
            "words": {role: inverted(table) for role, table in self.words.items()},
            "sent": {role: inverted(table) for role, table in self.sent.items()},
            "beside": self._says[:-1],
            "neutral": {role: sorted(words) for role, words in self._neutral.items()},
            "markers": sorted(self._markers),
            "signs": {chr(sign): other for sign, other in self._signs.items()},
            "edges": self._edges,
            "colons": self._colons,
            "pictures": self._pictures.pattern,
            "numbers": inverted(self.numbers),
            "units": [sorted(self._before), sorted(self.units - self._before)],
        }

    def pieces_of_cells(self) -> dict[str, Any]:
        """What they read cells by besides.

        >>> sorted(spellings().pieces_of_cells())
        ['defaults', 'none', 'placements', 'synonyms']
        """
        synonyms = {role: sorted(words) for role, words in self._synonyms.items()}
        pieces = {"defaults": sorted(self.defaults), "none": sorted(self._none), "placements": self._says[-1]}
        return {"synonyms": synonyms, **pieces}

    def _plain(self, text: str) -> str:
        """The text in small letters, without pictures and markers, and with common signs for others of their kind."""
        if len(text) > _LONGEST:  # nothing here is spelt so
            return ""
        plain = narrow(text).casefold().translate(self._signs)
        if not plain.isascii():
            plain = self._pictures.sub(" ", plain)
        plain = _BRACKETS.sub(lambda part: " " if part[1].strip() in self._markers else part[0], plain)
        return " ".join(plain.split()).strip("'’\" ")

    def _agreed(self, role: str, plain: str) -> str | None:
        """The word that each part of a text spells, as in two languages."""
        known, neutral = self.words.get(role, {}), self._neutral.get(role, frozenset())
        pieces = (piece.strip(" .") for piece in _BETWEEN.split(plain))
        parts = [part for piece in pieces for part in ((piece,) if piece in known else piece.split())]
        meant = {known.get(part) for part in parts if part not in neutral}
        is_twice = len({*parts}) < len(parts)  # 1024 1024 are two edges
        return meant.pop() if len(meant) == 1 and not is_twice else None

    def _tier(self, plain: str, beside: _Beside) -> str | None:
        """The resolution among words that say the same of it."""
        tiers, said = beside.of(plain)
        return tiers[0] if len(tiers) == 1 and all(tiers[0] in each for each in said) else None

    def _shape(
        self, plain: str, words: Mapping[str, str], beside: _Beside, pixels: bool = False
    ) -> tuple[str | None, str | None]:
        """The ratio or the size among words that say the same of it, and the resolution beside it.

        Of a ratio and a size, which must be its, the first that the field has.
        """
        plain = self._spoken.sub(lambda pair: f"{self.numbers[pair[1]]}:{self.numbers[pair[3]]}", plain)
        pairs = list(self._pair.finditer(plain))
        tiers, said = beside.of(self._pair.sub(" ", plain))
        if len(tiers) > 1:
            return None, None
        if not pairs:
            is_square = bool(said) and not tiers and frozenset.intersection(*said) == {"square"}
            return words.get("1:1") if is_square else None, None
        found = [_sized(pair, words) for pair in pairs]
        if None in found:
            return None, None
        sizes = dict.fromkeys(size for size in found if size is not None)
        ratios, edges = (tuple(size for size in sizes if sign in size) for sign in ":x")
        if len(ratios) > 1 or len(edges) > 1 or (ratios and edges and not _is_of(edges[0], ratios[0])):
            return None, None
        if any(each.isdisjoint((orientation_of((ratios or edges)[0]), *tiers)) for each in said):
            return None, None
        taken = [words.get(size) or (size if pixels and "x" in size else None) for size in sizes]
        return next(filter(None, taken), None), tiers[0] if tiers else None


class _Joined:
    """Takes words apart that are written without blanks between them, as in Chinese."""

    def __init__(self, known: Collection[str]) -> None:
        self._known, self._pattern = known, re.compile(_any_of(word for word in known if not word.isascii()))

    def parts(self, run: str) -> list[str]:
        """The known words that make a run of letters, else the run itself."""
        parts = [run] if run in self._known else self._pattern.findall(run)
        return parts if len(run) == sum(map(len, parts)) else [run]


class _Beside:
    """The words that may be beside a ratio or a resolution, and what they say of it."""

    def __init__(self, meanings: Iterable[tuple[tuple[str, ...], Iterable[str]]]) -> None:
        self.said: dict[str, frozenset[str]] = {}
        for meant, texts in meanings:
            parts = {part for text in texts for part in text.split()}
            self.said.update({part: self.said.get(part, frozenset()).union(meant) for part in parts})
        self._joined = _Joined(self.said)

    def of(self, rest: str) -> tuple[list[str], list[frozenset[str]]]:
        """The resolutions in a text, and what each of its words says; nothing fits what an unknown one says."""
        found = _PARTS.findall(rest)
        tiers = [tier.replace(" ", "").replace(".0", "") for tier, _ in found if tier]
        parts = (part for _, word in found if word for part in self._joined.parts(word))
        said = [self.said.get(part, frozenset((part,))) for part in parts]
        return tiers, [*said, *([frozenset[str]()] if _PARTS.sub("", rest).strip(_AROUND) else [])]


def inverted(table: Mapping[str, _T]) -> dict[_T, list[str]]:
    """The texts of each meaning, in order.

    >>> inverted({"two": 2, "pair": 2, "one": 1})
    {1: ['one'], 2: ['pair', 'two']}
    """
    found: dict[_T, list[str]] = {}
    for text in sorted(table):
        found.setdefault(table[text], []).append(text)
    return found


def _sized(pair: re.Match[str], words: Mapping[str, str]) -> str | None:
    """The word of a ratio, or the pixels, that two numbers are."""
    edges = [_edge(part) or 0 for part in pair.group(1, 3)]
    if min(edges) >= SHORTEST:
        return f"{edges[0]}x{edges[1]}"
    one, other = (_scaled(part) for part in pair.group(1, 3))
    if not one or not other or any(_CLOCK.match(part) for part in pair.group(1, 3)):
        return None
    given, divisor = f"{one // _WHOLE}:{other // _WHOLE}", gcd(one, other)
    if given in words and one % _WHOLE == other % _WHOLE == 0:
        return given
    decimals = max(len(re.split("[.,]", part)[-1]) if not part.isdecimal() else 0 for part in pair.group(1, 3))
    near = _rounded(one, decimals, words) if other == _WHOLE else None
    if one == _WHOLE:
        near = _rounded(other, decimals, words, is_inverse=True)
    return near or f"{one // divisor}:{other // divisor}"


def _rounded(value: int, decimals: int, words: Iterable[str], *, is_inverse: bool = False) -> str | None:
    """The one ratio that is a number, given as ten-thousandths, or that gives it when rounded to so many decimals.

    >>> _rounded(17_800, 2, ["16:9", "4:3"]), _rounded(19_100, 2, ["16:9", "2:1"]), _rounded(13_000, 1, ["4:3"])
    ('16:9', None, None)
    """
    known = {word: edges[::-1] if is_inverse else edges for word in words if (edges := ratio(word))}
    margin = _WHOLE // 10**decimals if decimals >= _FEWEST_DECIMALS else 0
    found = [word for word, (a, b) in known.items() if 2 * abs(a * _WHOLE - b * value) <= b * margin]
    return found[0] if len(found) == 1 else None


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _edge(text: str) -> int | None:
    """A whole number of pixels; a sign before three digits is one of thousands."""
    match = _PLAIN_EDGE.fullmatch(text)
    return int("".join(filter(None, match.groups()))) if match else None


def _scaled(text: str) -> int:
    """A number with at most four decimals in ten-thousandths."""
    whole, _, decimals = re.sub("['’ ]", "", text).replace(",", ".").partition(".")
    return int(whole + decimals.ljust(4, "0"))


def _is_of(size: str, word: str) -> bool:
    """Whether pixels have a ratio, as nearly as those of the page have theirs."""
    width, height = map(int, size.split("x"))
    a, b = map(int, word.split(":"))
    return abs(width * b - height * a) * _EXACT <= height * a


def orientation_of(size: str) -> str:
    """Landscape, portrait or square: what a ratio or a size in pixels is.

    >>> orientation_of("16:9"), orientation_of("1024x1024")
    ('landscape', 'square')
    """
    width, height = map(int, re.split("[:x]", size))
    return "landscape" if width > height else "portrait" if width < height else "square"


@once
def spellings() -> Spellings:
    """The spellings of this package."""
    return Spellings(SpellingsFile.read("spellings.json"))
