"""What is said to people in their language: the files ``data/summary.json`` and ``data/errors.json``."""

from __future__ import annotations

from collections.abc import Sequence
from errno import errorcode
from typing import Any

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.once import once
from reapi_rules.terms.templates import told

__all__ = ["LANGUAGES", "Told", "ToldError", "choice", "reason", "said_in", "texts"]

LANGUAGES: tuple[str, ...] = ("en", "zh")
"""The languages that messages come in, English first."""


@once
def texts(name: str) -> dict[str, dict[str, str]]:
    """The texts of a file by their key, each in every language."""
    found: dict[str, dict[str, str]] = msgspec.json.decode(data_file(f"{name}.json"))["texts"]
    return found


class Told:
    """What is said in the language of its reader: a text of ``data/errors.json`` with its figures.

    >>> cause = Told("open_quote", row=3)
    >>> str(cause), Told("of_sheet", name="May", error=cause).said("zh")
    ('row 3: a quote is opened and never closed', '工作表“May”：第 3 行的引号没有闭合：请补上引号')

    The file is read once something is said.  A text that is no key is said as it is.
    """

    def __init__(self, key: str, /, count: int | None = None, **figures: Any) -> None:
        self._key, self._count, self._figures = key, count, figures

    def said(self, language: str = "en") -> str:
        """The text in a language, and so are the figures that have one."""
        figures = {name: said_in(figure, language) for name, figure in self._figures.items()}
        return told(texts("errors").get(self._key, {"en": self._key}), language, self._count, **figures)

    def __str__(self) -> str:
        return self.said()


class ToldError(Told, ValueError):
    """A value that can't be used."""


def said_in(figure: Any, language: str) -> str:
    """A figure in a language: what is told, what a function says in a language, or several of them; else its text.

    >>> said_in(["n", Told("blank")], "en"), said_in(["n", Told("blank")], "zh")
    ('n, blank', 'n、空白')
    """
    if isinstance(figure, Told):
        return figure.said(language)
    if callable(figure):
        return str(figure(language))
    if isinstance(figure, (list, tuple)):
        return told(texts("errors")["list"], language).join(said_in(each, language) for each in figure)
    return str(figure)


def choice(words: Sequence[object]) -> object:
    """Words of which one is to be chosen.

    >>> said_in(choice(("csv", "tsv", "xlsx")), "en"), said_in(choice(("csv", "tsv", "xlsx")), "zh")
    ('csv, tsv or xlsx', 'csv、tsv 或 xlsx')
    """
    *first, last = words
    return Told("choice", first=first, last=last) if first else last


def reason(error: OSError) -> Told | str:
    """Why the system refuses something, as it says so itself where we have no text.

    >>> str(reason(FileNotFoundError(2, "")))
    'No such file or directory'
    """
    name = errorcode.get(error.errno or 0, "")
    return Told(name) if name in texts("errors") else error.strerror or str(error)
