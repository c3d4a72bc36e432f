"""Words as people write them: without case, blanks and signs, and with one letter wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from operator import add

__all__ = ["ascii_lower", "bare", "closest", "fold", "narrow", "without_brackets"]

_LONGEST = 40  # nobody misspells a longer word as one of ours
_SHORTEST = 3  # of shorter words every other one is close
_MOST_NARROWED = 1_000  # putting thousands of accents in order takes quadratic time
_BRACKETS = r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|（[^（）]*）|【[^【】]*】"  # compiling it takes 0.5 ms of a start
_ACCENTS = dict.fromkeys(range(768, 880))


def ascii_lower(text: str) -> str:
    """The text with its ASCII letters in lower case, as the gateway compares a resolution.

    >>> ascii_lower("4K"), ascii_lower("İ")
    ('4k', 'İ')
    """
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")  # bytes know ASCII only


def narrow(text: str) -> str:
    """The text with full-width and other variant letters as the ordinary ones (NFKC).

    >>> narrow("１６：９"), narrow("２Ｋ")
    ('16:9', '2K')

    The mark of a footnote behind a number becomes no digit of it. A text that is longer than any word is left alone.

    >>> narrow("1024²"), narrow("②")
    ('1024 2', '2')
    """
    if text.isascii() or len(text) > _MOST_NARROWED:
        return text
    import unicodedata  # what is ASCII starts faster without

    marks = [" " * (unicodedata.category(mark) == "No" and digit.isdecimal()) for digit, mark in pairwise(f" {text}")]
    return unicodedata.normalize("NFKC", "".join(map(add, marks, text)))


def bare(word: str) -> str:
    """The word without case, blanks, ``_`` and ``-``.

    >>> bare("Aspect-Ratio "), bare("aspectRatio")
    ('aspectratio', 'aspectratio')
    """
    return word.casefold().translate(_IGNORED)


def fold(name: str) -> str:
    """The letters and digits of a name, without case, width and accents: so names and titles are compared everywhere.

    >>> fold("Aspect-Ratio (W:H) *"), fold("Qualität"), fold("Ｓｉｚｅ")
    ('aspectratiowh', 'qualitat', 'size')

    A name that is longer than any word is left alone.
    """
    if len(name) > _MOST_NARROWED:
        return name
    if not name.isascii():
        import unicodedata  # what is ASCII starts faster without

        text = narrow(name.replace("°", "º")).casefold()  # "N°" is typed for "Nº"
        name = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_ACCENTS))
    return "".join(filter(str.isalnum, name.casefold()))


def without_brackets(name: str) -> str:
    """The name without what is in brackets.

    >>> without_brackets("Size (W:H)"), without_brackets("image[]")
    ('Size  ', 'image ')
    """
    return re.sub(_BRACKETS, " ", name)


_IGNORED = {ord(character): None for character in " \t\r\n_-"}


def closest(word: str, words: tuple[str, ...]) -> str | None:
    """The first of the words that is the same, or differs in one letter dropped, added, changed or moved.

    Nobody mistypes the first letter: what differs there is another word.

    >>> closest("resolutoin", ("size", "resolution"))
    'resolution'
    >>> closest("seed", ("size", "resolution"))
    >>> closest("slow", ("low", "high"))
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    same, near = _spellings(words)
    wanted = bare(word)
    if wanted in same:
        return same[wanted]
    places = [near[spelling] for spelling in _one_letter_less(wanted) if spelling in near]
    return words[min(places)] if places else None


@lru_cache(maxsize=128)  # of our own words, never of a caller's
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
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}
