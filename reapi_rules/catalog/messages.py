"""Messages in the reader's language.

English is in ``data/rules.json``, and a finding carries it; other languages are files in ``data/messages``, with the
same rows and templates over the same figures.  A report itself has no language; the functions here give the text of its
findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.forms import form_file
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.rules import FIELD, Row, Rule, RulesFile
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.catalog.texts import LANGUAGES
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.once import once
from reapi_rules.terms.templates import first_complete

__all__ = [
    "LANGUAGES", "Phrases", "Translation", "explained", "hint", "language_of", "named", "rows", "rule_in", "text",
    "translation",
]  # fmt: skip


class Otherwise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a row says otherwise of some rules or values; None where it says the same."""

    message: str | None = None
    hints: tuple[str, ...] | None = None


class Phrases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row in another language, with the same parts."""

    message: str
    hints: tuple[str, ...] = ()
    but: dict[str, Otherwise] = {}
    variants: dict[str, Otherwise] = {}


class Translation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of ``data/messages``: what each kind of field takes, rows by their id, and figures that are sentences.

    ``explained`` is what explains codes, endings and rules, by its English, which only Python reads.
    """

    format: Literal["reapi-messages/2"]
    language: str
    source: dict[str, str]
    expected: dict[str, str]
    rules: dict[str, Phrases]
    texts: dict[str, str]
    texts_of_images: dict[str, str]
    expected_in_answers: dict[str, str]
    explained: dict[str, str]


@takes(finding=Finding, names=Mapping | None)
def text(finding: Finding, language: str = "en", names: Mapping[str, str] | None = None) -> str:
    """The message of a finding in a language.

    >>> from reapi_rules import preflight
    >>> finding = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "n": 9}).errors[0]
    >>> text(finding), text(finding, "zh")
    ('n must be between 1 and 4', 'n（图片数量）必须在 1 到 4 之间')
    >>> text(finding, names={"n": "How many"})
    'How many must be between 1 and 4'

    A tag such as ``zh-CN`` means its language; the text is English if we don't have it.  ``names`` says what a form
    calls its fields, for people who don't know the names of the request.
    """
    language = language_of(language)
    found = _rules(finding, language) if names is not None or language != LANGUAGES[0] else None
    if found is None:
        return finding.message
    return _filled((found[1].message,), _known(finding, language, found[1]), finding, names) or finding.message


@takes(finding=Finding, names=Mapping | None)
def hint(finding: Finding, language: str = "en", names: Mapping[str, str] | None = None) -> str | None:
    """The hint of a finding in a language; None if it has no hint.

    >>> from reapi_rules import preflight
    >>> finding = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "n": "x"}).errors[0]
    >>> hint(finding), hint(finding, "zh")
    ('send a whole number, or leave n out', '请发送整数，或去掉 n（图片数量）')
    >>> hint(finding, names={"n": "How many"})
    'send a whole number, or leave How many out'
    """
    language = language_of(language)
    is_said = finding.hint is None or (names is None and language == LANGUAGES[0])
    found = None if is_said else _rules(finding, language)
    if found is None:
        return finding.hint
    english, rule = found
    known = _known(finding, language, rule)
    # a finding does not say whether its field may be left out; its own hint does
    said = {**_known(finding, LANGUAGES[0], english), "optional": finding.field}
    known["optional"] = known["field"] if first_complete(english.hints, said) == finding.hint else None
    return _filled(rule.hints, known, finding, names) or finding.hint


@takes(language=str)
def language_of(language: str) -> str:
    """Our language for a tag, or for the first tag in a header ``Accept-Language``; English if we don't have it.

    >>> language_of("zh-Hans-CN"), language_of("zh,en;q=0.9"), language_of("fr")
    ('zh', 'zh', 'en')
    """
    match = re.match("[A-Za-z]+", language.lstrip())
    known = match[0].lower() if match else ""
    return known if known in LANGUAGES else LANGUAGES[0]


@once
def translation(language: str) -> Translation:
    """The file of a language other than English."""
    return msgspec.json.decode(data_file(f"messages/{language}.json"), type=Translation)


def explained(text: str, language: str) -> str:
    """A text of ``codes.json`` and ``endings.json``, or the trigger of a rule, in a language.

    >>> explained("the images are ready", "en"), explained("the images are ready", "zh")
    ('the images are ready', '图片已生成')
    """
    return text if language == LANGUAGES[0] else translation(language).explained.get(text, text)


@once
def rows(language: str) -> dict[str, Row]:
    """The rows of ``rules.json``, ``forms.json`` and ``task-rules.json`` by id, as they read in a language.

    >>> rows("en")["<field>.range"].variants["fixed"].message, rows("zh")["<field>.range"].variants["fixed"].message
    ('{field} must be {minimum}', '{field}只能是 {minimum}')
    """
    english = {row.id: row for row in (*RulesFile.read("rules.json").rules, *form_file().rules, *task_rules().rules)}
    if language == LANGUAGES[0]:
        return english
    own = translation(language).rules
    return {id: _translated(row, own[id]) for id, row in english.items()}


def rule_in(language: str, row: str, field: str | None, id: str, kind: str) -> Rule:
    """A rule of a kind of field, as it reads in a language.

    >>> rule_in("zh", "<field>.type", "n", "n.type", "integer").known
    {'expected': '整数'}
    """
    return rows(language)[row].rule(field, id, kind=kind, expected=_expected(language).get(kind))


def named(field: str | None, language: str) -> str | None:
    """A field as a message names it: in English by its name, in other languages followed by its label."""
    if field is None or language == LANGUAGES[0] or field not in labels().fields:
        return field
    return f"{field}（{labels().fields[field][language]}）"


def _expected(language: str) -> dict[str, str]:
    """What each kind of field takes, in a language."""
    return RulesFile.read("rules.json").expected if language == LANGUAGES[0] else translation(language).expected


def _translated(row: Row, phrases: Phrases) -> Row:
    def parts(name: str) -> dict[str, Any]:
        own: dict[str, Otherwise] = getattr(phrases, name)
        return {
            key: replace(part, message=said.message, hints=said.hints)
            for key, part in getattr(row, name).items()
            for said in (own.get(key, Otherwise()),)
        }

    return replace(row, message=phrases.message, hints=phrases.hints, but=parts("but"), variants=parts("variants"))


def _rules(finding: Finding, language: str) -> tuple[Rule, Rule] | None:
    """The rule of a finding in English and in a language, in the kind and the variant whose English it has."""
    if (id := _row_id(finding)) is None:
        return None
    for kind, variant in product(_expected(language), (None, *rows(language)[id].variants)):
        english, own = (
            rule_in(each, id, finding.field, finding.rule, kind).variant(variant) for each in (LANGUAGES[0], language)
        )
        if first_complete((english.message,), _known(finding, LANGUAGES[0], english)) == finding.message:
            return english, own
    return None


def _row_id(finding: Finding) -> str | None:
    """The row that a rule is of: its own, that of its check, or of the check that its name begins with."""
    known = rows(LANGUAGES[0])
    if finding.rule in known:
        return finding.rule
    check = finding.rule.removeprefix(f"{finding.field}.")
    return next((id for id in known if id.startswith(FIELD) and f"{FIELD}.{check}".startswith(id)), None)


def _known(finding: Finding, language: str, rule: Rule) -> dict[str, Any]:
    """The text of each placeholder: the figures of the finding, sentences among them translated."""
    file = None if language == LANGUAGES[0] else translation(language)
    own = {} if file is None else file.texts | file.texts_of_images | file.expected_in_answers
    params = {name: _said(value, own) if type(value) is str else value for name, value in finding.params.items()}
    field = finding.field
    return {"value": finding.value, "name": field, "field": named(field, language), **rule.known, **params}


def _said(text: str, own: Mapping[str, str]) -> str:
    """A text in another language; of what a JSON decoder says no more than the place at its end.

    >>> _said("JSON is malformed: invalid number (byte 9)", {"at {place}": "not JSON at {place}"})
    'not JSON at 9'
    """
    place = re.search(r"\((?:byte|char) ([0-9]+)\)$", text)
    if place:
        return own.get("at {place}", text).replace("{place}", place[1])
    return own.get(text, text)


_ARE_NAMES = ("field", "name", "optional", "another", "belongs", "beside", "besides", "shape_field", "suggestion")
_HOLD_NAMES = ("subject", "other", "asked")
"""The figures that are the name of a field, and those that begin with one or join several."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_MARK = "\ud800"  # what no text of a finding holds
_NEEDS_BLANK = rf"(?<=[\u4e00-\u9fffA-Za-z0-9]){_MARK}(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]){_MARK}(?=[\u4e00-\u9fff])"


def _filled(
    templates: Iterable[str], known: dict[str, Any], finding: Finding, names: Mapping[str, str] | None
) -> str | None:
    """The first complete template, with its fields called by other names."""
    if names is None:
        return first_complete(templates, known)
    own = {finding.field or "", *(pointer.removeprefix("/") for pointer in finding.related)}
    called = {name: names[name] for name in own if name in names}
    for figure in ("field", "optional"):
        if known.get(figure) is not None:
            known[figure] = finding.field
    known |= {figure: names.get(name, name) for figure in _ARE_NAMES if type(name := known.get(figure)) is str}
    for figure in _HOLD_NAMES:
        if type(known.get(figure)) is str:
            known[figure] = _renamed(known[figure], called, most=1 if figure == "subject" else 0)
    braced = {name: label.replace("{", "{{").replace("}", "}}") for name, label in called.items()}
    said = first_complete((_marked(_renamed(each, braced), braced.values()) for each in templates), known)
    return None if said is None else re.sub(_NEEDS_BLANK, " ", said).replace(_MARK, "")


def _renamed(text: str, called: Mapping[str, str], most: int = 0) -> str:
    """A text with the names of fields replaced, and with them the labels in brackets behind them.

    In "the prompt" it is the thing that is meant and not the field.
    """
    if not called:
        return text
    words = "|".join(map(re.escape, sorted(called, key=len, reverse=True)))
    name = rf"(?<![A-Za-z0-9_{{])(?<!\bthe )(?<!\ba )({words})(?:（[^）]*）)?(?![A-Za-z0-9_}}])"
    return re.sub(name, lambda match: called[match[1]], text, count=most)


def _marked(template: str, labels: Iterable[str]) -> str:
    """A Chinese template with marks round its names and labels instead of blanks, which only Latin letters need."""
    if not _CHINESE.search(template):
        return template
    names = [rf"{{(?:{'|'.join(_ARE_NAMES)})}}", *map(re.escape, sorted(filter(None, labels), key=len, reverse=True))]
    parts = rf" ?({'|'.join(names)}) ?|{{\w+}}"  # a label may be a word of another placeholder
    return re.sub(parts, lambda part: f"{_MARK}{part[1]}{_MARK}" if part[1] else part[0], template)
