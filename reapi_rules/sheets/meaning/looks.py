"""Looks: what the first cells of a column could be, whatever its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.models import PRICED
from reapi_rules.catalog.spellings import SHORTEST, spellings
from reapi_rules.sheets.meaning.contents import strip, text_of
from reapi_rules.sheets.meaning.repair import read_ratio
from reapi_rules.sheets.meaning.titles import EDGES, Subjects, subjects
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.terms.once import once
from reapi_rules.terms.spelling import ascii_lower, fold, narrow

__all__ = ["Looks", "is_mark", "is_remark"]

_COUNT = re.compile(r"[1-9][0-9]?(?:[.,]0{1,2})?")
_WHOLE = re.compile(r"([0-9]{1,9})(?:[.,]0{1,2})?")
_LIST = re.compile(r"[^\W\d_]\s?[,;/|+&、，；]\s?[^\W\d_]")
_BETWEEN = re.compile(r"\s*[,;/|+&@\u00b7\u2022\u30fb\u3001\uff0c\uff1b\s]\s*")
_PART = re.compile(
    r"(?<=\()[^()]*[0-9][^()]*(?=\))|[x\u00d7*] ?[0-9]+$|^[0-9]+ ?[x\u00d7](?= )"
    r"|(?<=[\s\u2e80-\uffdc])[0-9]+ ?[^\W\d_]+$"
)
_LIST_LIKE = re.compile(r"(?s)(?=.*[0-9]).{3,60}")  # as each list with a shape or a tier is
_LONGEST_LIST = 60
_SPACED = re.compile(r"[\s()\[\]=,;|\u3001\u3002\u3010\u3011]+")
_MARKING = re.compile(r"[()\[\]\uff08\uff09\u3010\u3011:\uff1a|]|\s[-\u2013\u2014]+\s")
_ADDRESS = re.compile(r"[./\\:\[#]")  # also the error of a formula
_FEW = re.compile(r"([1-9]|10)(?:[.,]0)?")
_MOST_FEW = 10  # what passes for a number of images under a title that says nothing of it
_LISTED = 3  # so many values in one text are those that are allowed
_RUN = 3  # so many rows in a row make a running number


class Looks:
    """The different cells of each column in the first rows, and what they could be."""

    def __init__(self, catalog: Catalog | None, rows: Iterable[Sequence[Any]], columns: Sequence[int]) -> None:
        self.known: Subjects = subjects(catalog)
        self._ratios = frozenset(self.known.ratios)
        self._cells: list[dict[str, Any]] = [{}] * len(columns)  # a column has its own from its first cell on
        self._filled = [0] * len(columns)
        self._rows = 0
        for row in rows:
            self._rows += 1
            for place, at in enumerate(columns):
                if at < len(row) and (cell := row[at]) is not None and cell != "":
                    if not self._filled[place]:
                        self._cells[place] = {}
                    self._cells[place].setdefault(cell if type(cell) is str else text_of(cell), cell)
                    self._filled[place] += 1
        for cells in self._cells:
            for text in [text for text in cells if not text[0].isalnum() and not strip(text)]:
                del cells[text]

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to look at."""
        return self._rows > 0

    def cells(self, at: int) -> list[str]:
        """The different texts of a column, blank ones aside; none of a column that there is not."""
        return list(self._cells[at]) if at < len(self._cells) else []

    def count_like(self, subject: str, at: int) -> int:
        """How many of them could be of a subject."""
        return sum(self.is_like(subject, cell) for cell in self._cells[at].values())

    def any_like(self, subject: str, at: int) -> bool:
        """Whether one of them could be."""
        return any(self.is_like(subject, cell) for cell in self._cells[at].values())

    def all_say(self, subject: str, at: int) -> bool:
        """Whether there are any, and all are values of a subject as written."""
        return bool(self._cells[at]) and all(self.is_value(subject, cell) for cell in self._cells[at].values())

    def is_of(self, subject: str, at: int) -> bool:
        """Whether most are values as written; for a model, a shape or a tier half are enough, so odd they look."""
        found = sum(self.is_value(subject, cell) for cell in self._cells[at].values())
        if subject in ("model", "shape", "tier"):
            return 2 * found >= len(self._cells[at]) > 0
        is_running = subject == "number" and self.is_run(at, gaps=False)
        return 2 * found > len(self._cells[at]) and not is_running

    def is_count(self, at: int) -> bool:
        """Whether most are small whole numbers, and don't number the rows."""
        return not self.is_run(at, gaps=False) and 2 * self.count_like("number", at) > len(self._cells[at])

    def is_several(self, at: int) -> bool:
        """Whether they count more than one thing, or name several in a cell."""
        return self.is_list(at) or (self.is_count(at) and self.cells(at) != ["1"])

    def is_list(self, at: int) -> bool:
        """Whether one of them names several things."""
        return any(map(_LIST.search, self._cells[at]))

    def is_run(self, at: int, *, gaps: bool = True) -> bool:
        """Whether they may number the rows: each is higher than the last; without ``gaps``, by one in most rows."""
        found = [int(match[1]) for text in self._cells[at] if (match := _WHOLE.fullmatch(strip(text)))]
        if len(found) != self._filled[at] or len(found) < 2:
            return False
        steps = {after - before for before, after in pairwise(found)}
        return min(steps) > 0 if gaps else steps == {1} and len(found) >= _RUN and 2 * len(found) > self._rows

    def is_tally(self, at: int) -> bool:
        """Whether all of them are numbers of images, none included, or ticks."""
        return bool(self._cells[at]) and all(
            _tick(text) in ("", *row_words().on, *row_words().off)
            or text.strip("0.-") == ""
            or self.is_like("number", text)
            for text in self._cells[at]
        )

    def ticked(self, at: int, title: str = "") -> str | None:
        """The cell of rows to price, if each cell either ticks its row or doesn't, and some don't.

        It is the tick, unless the title says that a ticked row is over.  A question mark and other such signs tick no
        row, and beside *yes* and *no* there may be one more word.
        """
        cells, on, off = self._cells[at], {*row_words().on}, {"", *row_words().off}
        signs = {text for text in cells if not fold(text) and _tick(text) not in on | off}
        if cells.keys() - signs == {"0", "1"}:
            on, off = {"1"}, {"0"}
        ticks = [text for text in cells if _tick(text) in on - off]  # a circle is no tick beside one that is filled
        ticks = ticks or [text for text in cells if _tick(text) in on]
        others = [text for text in cells if text not in ticks]
        unticked = [text for text in others if _tick(text) in off]
        has_few = len(others) - len(unticked) - len(signs) <= bool(unticked)
        if not ticks or not has_few or not (others or self._filled[at] < self._rows):
            return None
        return next(iter(unticked), "") if fold(title) in _over() else ticks[0]

    def listed(self, at: int) -> set[str]:
        """The fields that make the price whose values are listed in most cells, each of which has nothing but such."""
        lists = [found for text in self._cells[at] if _LIST_LIKE.fullmatch(text) and (found := self._listed(text))]
        return set[str]().union(*lists) if 2 * len(lists) > len(self._cells[at]) else set()

    def _listed(self, text: str) -> set[str]:
        found: set[str] = set()
        parts = [*filter(fold, _BETWEEN.split(strip(narrow(text))))]  # without the signs between them
        for part in parts if len(parts) > 1 else ():
            said = [subject for subject in PRICED if self.is_value(subject, part)]
            if not said:
                return set()
            found.update(said)
        return found if len(found) > 1 or not found.isdisjoint(("shape", "tier")) else set()

    def counts(self, at: int) -> bool:
        """Whether a cell has a number of images beside other words, as *Poster x3* has."""
        parts = (part for text in self._cells[at] for part in _PART.findall(narrow(text[:_LONGEST_LIST])))
        return any((spellings().number(part) or 0) > 1 for part in parts if not part.isdigit())

    def have_tiers(self, at: int) -> bool:
        """Whether all have a resolution beside other words, as *2K PNG* has; a single cell may be a name."""
        return len(self._cells[at]) > 1 and all(map(self.has_tier, self._cells[at]))

    def remarked(self, at: int) -> set[str]:
        """The fields, resolution and quality, of which one of them has a value among its words."""
        says = {"tier": self.has_tier, "quality": self.has_quality}
        return {subject for subject, has in says.items() if any(map(has, self._cells[at]))}

    def going_on(self, at: int) -> str | None:
        """The first cell, blank if there is none, that doesn't say that a row is over or not certain, if others do."""
        states = [text for text in self._cells[at] if not is_mark(text)]
        others = [text for text in states if fold(text) not in _over()]
        return None if len(others) == len(states) else next(iter(others), "")

    def has_names(self, at: int) -> bool:
        """Whether some are words, and none is like a URL or a file."""
        said = [text for text in self._cells[at] if not spellings().is_none(text)]
        return bool(said) and not any(_ADDRESS.search(text) for text in said)

    def is_marked(self, at: int) -> bool:
        """Whether a cell marks its row."""
        return any(map(is_mark, self._cells[at]))

    def is_turned(self, at: int) -> bool:
        """Whether all of them are orientations, such as *portrait* and 横."""
        return bool(self._cells[at]) and all(map(spellings().orientation, self._cells[at]))

    def is_edge(self, at: int) -> bool:
        """Whether most of them can be pixels of an edge; a column without cells can."""
        return 2 * self.count_like(EDGES[0], at) > len(self._cells[at]) or not self._cells[at]

    def has_tier(self, text: str) -> bool:
        """Whether a resolution is among the words of a text.

        >>> looks = Looks(None, (), ())
        >>> [looks.has_tier(text) for text in ("All images in 4K", "全部高质量,4K", "4k", "10.4k readers")]
        [True, True, False, False]
        """
        tiers = "|".join(map(re.escape, self.known.words.get("tier", ()))) or "(?!)"
        found = {*re.findall(rf"(?<![a-z0-9])(?<![0-9][.,])({tiers})(?![a-z0-9])", text.casefold())}
        return 0 < len(found) < _LISTED and found != {text.casefold()}

    def has_quality(self, text: str) -> bool:
        """Whether a quality is among the words of a text that names the field, or of one in Chinese.

        >>> looks = Looks(None, (), ())
        >>> [looks.has_quality(text) for text in ("All images low quality", "全部低质量", "Low season", "Quality")]
        [True, True, False, False]
        """
        if any(word in text for word in spellings().words["quality"] if len(word) > 2 and word > "\u2e80"):
            return True
        is_named = "quality" in self.known.mentioned(text) and not self.known.is_apart(text)
        words = text.split() if is_named else ()
        return 0 < sum(self.is_value("quality", word.strip(",.;:!")) for word in {*words}) < _LISTED

    def said_in(self, subject: str, text: str) -> set[str]:
        """The values of a subject among the words of a text; a number only if the text calls it a default.

        >>> looks = Looks(None, (), ())
        >>> [looks.said_in("quality", text) for text in ("Quality (default: low)", "画质（默认低）", "Images (max 4)")]
        [{'low'}, {'低'}, set()]
        """
        bare = text = narrow(text).casefold()
        for word in spellings().defaults:
            bare = bare.replace(word, " ")
        words = {word.strip(":.!") for word in _SPACED.split(bare) if subject != "number" or bare != text}
        return {word for word in words if self.is_value(subject, word)}

    def is_like(self, subject: str, cell: Any) -> bool:
        """Whether a cell could be of a subject."""
        text = strip(narrow(cell if type(cell) is str else text_of(cell)))
        if subject in EDGES:
            return (spellings().edge(text) or 0) >= SHORTEST
        if subject == "number":
            return bool(_COUNT.fullmatch(text)) or spellings().number(text) is not None
        words = self.known.words.get(subject, {})
        if ascii_lower(text) in words or spellings().word(subject, text, words):
            return True
        return subject == "shape" and (self._is_plain_shape(text) or bool(read_ratio(cell, self._ratios).ratio))

    def is_value(self, subject: str, cell: Any) -> bool:
        """Whether a cell under a title that says nothing of a subject could be of it."""
        if subject == "shape":
            return type(cell) is str and self._is_plain_shape(cell)
        if subject == "number":
            text = strip(narrow(text_of(cell)))
            return bool(_FEW.fullmatch(text)) or 0 < (spellings().number(text) or 0) <= _MOST_FEW
        text, words = strip(narrow(text_of(cell))), self.known.words.get(subject, {})
        return ascii_lower(text) in words or (subject != "model" and spellings().says(subject, text, words))

    def _is_plain_shape(self, text: str) -> bool:
        word = spellings().word("shape", strip(narrow(text)), self.known.words.get("shape", {}), pixels=True) or ""
        return "x" in word or word in self._ratios


def is_mark(text: str) -> bool:
    """Whether a text marks its row as an example, or says beside other words that the row is over or not certain.

    >>> [is_mark(text) for text in ("Example", "(optional) fox", "Cancelled: elk", "Example poster", "done")]
    [True, True, True, False, False]
    """
    parts = {*map(fold, _MARKING.split(text))} if len(text) <= _LONGEST_LIST else set()
    return not parts.isdisjoint(_examples()) or (len(parts) > 1 and not parts.isdisjoint(_over()))


def is_remark(title: str) -> bool:
    """Whether a title is one of remarks."""
    return fold(title) in map(fold, row_words().notes)


def _tick(text: str) -> str:
    """What a box holds, as *[x]* and a tick in colour do; an empty one holds nothing."""
    return text.casefold().strip("[] \ufe0f")


@once
def _over() -> frozenset[str]:
    return frozenset(map(fold, row_words().over))


@once
def _examples() -> frozenset[str]:
    return frozenset(map(fold, row_words().examples))
