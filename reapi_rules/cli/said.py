"""What is said of a run in the user's language, such as where a request is: the file ``data/summary.json``."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from reapi_rules.catalog.texts import LANGUAGES, said_in, texts
from reapi_rules.cli.streams import name_of
from reapi_rules.terms.templates import told

__all__ = ["LANGUAGES", "Place", "language_in", "language_of", "said"]


class Place(msgspec.Struct, frozen=True, gc=False):
    """The file, and in it the row, line or item by its number; a body that is all of a file has none.

    ``sheet`` names one of several sheets; ``name`` is the request's own.
    """

    path: str = ""
    kind: str = ""
    number: int = 0
    sheet: str = ""
    name: str = ""
    is_of_several: bool = False
    """Whether other requests are in other files."""

    def said(self, language: str = "en") -> str:
        """What people call it.

        >>> Place("plan.xlsx", "row", 2, sheet="May").said(), Place("-", "line", 3, name="fox").said("zh")
        ('sheet "May", row 2', 'fox (第 3 行)')
        >>> Place("body.json").said(), Place("more.ndjson", "line", 3, is_of_several=True).said()
        ('body.json', 'more.ndjson: line 3')
        >>> Place("-").said("zh"), Place(kind="request").said("zh")
        ('标准输入', '请求')
        """
        file = said_in(name_of(self.path), language)
        place = said(self.kind, language, number=self.number) if self.kind else file
        if self.sheet:
            place = said("of_sheet", language, name=self.sheet, place=place)
        if self.name:
            place = f"{self.name} ({place})"
        return f"{file}: {place}" if self.is_of_several and self.kind else place


def said(text: str, language: str, count: int | None = None, **figures: object) -> str:
    """One of the texts about a run, for one or for several.

    >>> said("requests", "en", 1), said("requests", "en", 2), said("requests", "zh", 2)
    ('1 request', '2 requests', '2 个请求')
    """
    return told(texts("summary")[text], language, count, **figures)


def language_in(words: Sequence[str]) -> str:
    """The language that the words of a command ask for, before anything else is known of them.

    >>> language_in(["check", "--lang", "zh"]), language_in(["--lang=zh", "check", "--lang"])
    ('zh', 'zh')
    """
    asked = [
        word.removeprefix("--lang=")
        for before, word in pairwise(["", *words])
        if before == "--lang" or word.startswith("--lang=")
    ]
    return language_of(Namespace(lang=next((word for word in reversed(asked) if word in LANGUAGES), None)))


def language_of(arguments: Namespace) -> str:
    """The language asked for, else that of the environment, English unless we have it."""
    if asked := vars(arguments).get("lang"):
        return str(asked)
    said = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = said.partition("_")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]
