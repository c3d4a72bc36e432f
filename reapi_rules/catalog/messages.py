"""Messages in the reader's language, by rule id.

English stands in ``data/rules.json``, and a finding carries it; other languages are files in ``data/messages`` with
templates over the same params.  A report itself stays free of languages: whoever shows a finding asks here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.templates import Texts, first_complete

__all__ = ["LANGUAGES", "Phrases", "Translation", "hint", "language_of", "text", "translation"]

LANGUAGES: tuple[str, ...] = ("en", "zh")
"""The languages that messages come in, English first."""


class Phrases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one rule says in one language: its message, the same in its variants, and its hints."""

    message: str
    hints: tuple[str, ...] = ()
    variants: dict[str, str] = {}


class Translation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of ``data/messages``; ``texts`` translates params that are sentences themselves."""

    format: Literal["reapi-messages/1"]
    language: str
    source: dict[str, str]
    rules: dict[str, Phrases]
    texts: dict[str, str]


def text(finding: Finding, language: str = "en") -> str:
    """The message of a finding in a language.

    >>> from reapi_rules import preflight
    >>> finding = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "n": 9}).errors[0]
    >>> text(finding), text(finding, "zh")
    ('n must be between 1 and 4', 'n（图片数量）必须在 1 到 4 之间')

    A tag such as ``zh-CN`` counts as its language; one that we do not have reads in English.
    """
    phrases = _phrases(finding, language)
    if phrases is None:
        return finding.message
    template = phrases.variants.get(_variant(finding), phrases.message)
    return first_complete((template,), _known(finding, language)) or finding.message


def hint(finding: Finding, language: str = "en") -> str | None:
    """The way out of a finding in a language, None where it has none.

    >>> from reapi_rules import preflight
    >>> finding = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "quality": "hd"}).errors[0]
    >>> hint(finding), hint(finding, "zh")
    ('did you mean "high"?', '您是不是想用“high”？')
    """
    phrases = _phrases(finding, language)
    if phrases is None or finding.hint is None:
        return finding.hint
    return first_complete(phrases.hints, _known(finding, language)) or finding.hint


def language_of(tag: str) -> str:
    """The language among ours that a tag, or the first of a header ``Accept-Language``, names; else English.

    >>> language_of("zh-Hans-CN"), language_of("zh,en;q=0.9"), language_of("fr")
    ('zh', 'zh', 'en')
    """
    match = re.match("[A-Za-z]+", tag.lstrip())
    language = match[0].lower() if match else ""
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def translation(language: str) -> Translation:
    """The file of a language other than English."""
    return msgspec.json.decode(data_file(f"messages/{language}.json"), type=Translation)


def _phrases(finding: Finding, tag: str) -> Phrases | None:
    """What the rule says in a language; None where the finding's own English is wanted."""
    language = language_of(tag)
    return None if language == LANGUAGES[0] else translation(language).rules.get(finding.rule)


def _known(finding: Finding, tag: str) -> Texts:
    """What the placeholders stand for: the params of the finding, sentences among them translated."""
    own = translation(language_of(tag)).texts
    params = {
        name: own.get(value, value) if isinstance(value, str) else value for name, value in finding.params.items()
    }
    return Texts({"value": finding.value, "name": finding.field, **params})


def _variant(finding: Finding) -> str:
    """The variant of the rule that reads, in English, as the finding does; empty for the rule itself."""
    rule = built_in().rules.get(finding.rule)
    if rule is None or not rule.variants:
        return ""
    known = Texts({"value": finding.value, "name": finding.field, **finding.params})
    return next(
        (
            name
            for name, variant in rule.variants.items()
            if variant.message is not None and first_complete((variant.message,), known) == finding.message
        ),
        "",
    )
