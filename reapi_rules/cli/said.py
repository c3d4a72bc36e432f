"""What is said of a run in the user's language: the file ``data/summary.json``."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from reapi_rules.catalog.texts import texts
from reapi_rules.terms.templates import told

_LANGUAGES = ("en", "zh")


def said(text: str, language: str, count: int | None = None, **figures: object) -> str:
    """One of the texts about a run, for one or for several.

    >>> said("requests", "en", 1), said("requests", "en", 2), said("requests", "zh", 2)
    ('1 request', '2 requests', '2 个请求')
    """
    return told(texts("summary")[text], language, count, **figures)


def add_language(add: Callable[..., Any]) -> None:
    add("--lang", choices=_LANGUAGES)


def language_of(arguments: Namespace) -> str:
    """The language asked for, else that of the environment, English unless we have it and the command has a choice."""
    if asked := vars(arguments).get("lang", _LANGUAGES[0]):
        return str(asked)
    said = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = said.partition("_")[0].partition(".")[0].lower()
    return language if language in _LANGUAGES else _LANGUAGES[0]
