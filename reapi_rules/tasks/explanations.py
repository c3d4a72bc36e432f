"""Explain a code, an HTTP status, a rule or any other id: what it means and costs, what to do, where a body has it.

Source: sections "Validation errors" and "Upstream errors (502 / 503)" of the page, and ``data/``.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias, get_args

import msgspec

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.codes import codes
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.rules import Row, Rule
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.catalog.texts import ToldError, texts
from reapi_rules.engine.dimensions import NoDimensions
from reapi_rules.engine.engine import preflight
from reapi_rules.engine.quotes import NotExact
from reapi_rules.engine.report import Report
from reapi_rules.tasks.endings import Ending, Resend, Stage, ending, endings
from reapi_rules.tasks.readings import read_task
from reapi_rules.terms.findings import Certainty, Finding, Level
from reapi_rules.terms.once import once
from reapi_rules.terms.spelling import closest

__all__ = [
    "CodeExplanation",
    "Explanation",
    "FieldExplanation",
    "NoteExplanation",
    "RuleExplanation",
    "StatusExplanation",
    "explain",
    "link",
]

_NUMBER = r"-?[0-9]{1,18}"
_STATUS = r"(?i:HTTP(?:/[0-9.]+(?= )|/)? ?)?([1-5][0-9]{2})(?: .*)?"  # a code has five digits
_LEAST_TOO_LONG = 10**18
_PAGE = "docs/rules.md"
_NOTES = {"account": "texts", "columns": "notes", "lint": "messages", "advice": "trades"}
"""The files of what is said under an id that is no rule, and the part of each that has it."""


class CodeExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about an error code; what is not published is None.

    ``rules`` are those that give this code, ``findings`` those of them that the body breaks (None without a body); if
    it breaks none, the warnings that may be the cause.  ``predicted`` is the code that it would be answered with.
    """

    code: int
    published: bool
    category: str | None
    http_status: int | None
    stage: Stage | None
    meaning: str
    ending: str
    charged: bool | None
    refunded: bool | None
    charge_certainty: Certainty
    resend: Resend
    what_to_do: str
    certainty: Certainty
    seen_in: str | None
    rules: tuple[str, ...]
    findings: tuple[Finding, ...] | None
    predicted: int | None


class StatusExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """The codes that come with an HTTP status, and the endings that come with it without one of these codes.

    ``in_use`` says whether reAPI is known to use it for errors.  ``findings`` are those of a body on the codes, as
    for a single code, ``predicted`` the code that it would get.
    """

    http_status: int
    in_use: bool
    codes: tuple[CodeExplanation, ...]
    endings: tuple[Ending, ...]
    findings: tuple[Finding, ...] | None
    predicted: int | None


class RuleExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says, with an example that triggers it; ``message`` and ``hint`` are the example's.

    ``variants`` is what the rule says otherwise of some values; ``findings`` are its own on the body, None without one.
    """

    rule: str
    level: Level
    code: int | None
    certainty: Certainty
    field: str | None
    trigger: str
    message: str
    hint: str | None
    example: Any
    variants: dict[str, dict[str, Any]]
    page: str
    section: str
    link: str
    findings: tuple[Finding, ...] | None


class FieldExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a field, and the findings of a body on it (None without a body)."""

    field: str
    rules: tuple[RuleExplanation, ...]
    findings: tuple[Finding, ...] | None


class NoteExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is said under any other id: of a sheet, a cell, a price, a rate card or a saving; figures in capitals."""

    id: str
    meaning: str


Explanation: TypeAlias = (
    CodeExplanation | StatusExplanation | RuleExplanation | FieldExplanation | NoteExplanation | Ending
)
"""Any of the explanations."""


def explain(
    subject: int | str,
    body: Any = msgspec.UNSET,
    *,
    default_model: str | None = None,
    catalog: Catalog | None = None,
    language: str = "en",
) -> Explanation:
    """What an error code, an HTTP status, a field or any other id means; with a body, where it comes from in there.

    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "1:1", "resolution": "4k"}
    >>> [finding.pointer for finding in explain(20003, body).findings]
    ['/size']
    >>> explain("size.needs_widescreen").link, explain(80004).meaning
    ('docs/rules.md#size-needs_widescreen', 'this code is not published')
    >>> [row.code for row in explain("HTTP 429").codes], [row.rule for row in explain("prompt").rules][:2]
    ([50001], ['prompt.required', 'prompt.type'])
    >>> explain("price.not_published").meaning, explain("no_answer", language="zh").meaning
    ('reAPI has not published what such a request costs', '没有收到应答')

    An id is any that the library or the command line prints: a rule's, that of a note about a sheet or a card, the
    reason of a price, or an ending.  A number of three digits is a status, and names are read in any letter case.  A
    field also goes by its label ("Number of images").  Raises ValueError for any other text, and for a number that
    can't be a code.
    """
    catalog = chosen(catalog)
    report = None if body is msgspec.UNSET else preflight(body, default_model=default_model, catalog=catalog)
    if isinstance(subject, int) and not -_LEAST_TOO_LONG < subject < _LEAST_TOO_LONG:
        raise ToldError("no_code")
    name = str(subject).strip()
    if status := re.fullmatch(_STATUS, name):
        return _explain_status(int(status[1]), catalog, report, language)
    if re.fullmatch(_NUMBER, name):
        return _explain_code(int(name), catalog, report, language)
    return _explain_name(name, catalog, report, language)


def link(rule: str) -> str:
    """Where the docs explain a rule.

    >>> link("n.range")
    'docs/rules.md#n-range'
    """
    return f"{_PAGE}#{rule.replace('.', '-')}"


def _explain_code(code: int, catalog: Catalog, report: Report | None, language: str) -> CodeExplanation:
    row, category = codes().get(code), codes().category(code)
    ended = ending(code)
    return CodeExplanation(
        code=code,
        published=row is not None,
        category=category and _told(category, language),
        http_status=None if row is None else row.http_status,
        stage=ended.stage,
        meaning=_told("this code is not published" if row is None else row.cause, language),
        ending=ended.name,
        charged=ended.charged,
        refunded=ended.refunded,
        charge_certainty=ended.certainty,
        resend=ended.resend,
        what_to_do=_told((None if row is None else row.what_to_do) or ended.what_to_do, language),
        certainty="unspecified" if row is None else row.certainty,
        seen_in=None if row is None else row.seen_in,
        rules=tuple(rule.id for rule in catalog.rules.values() if code in _codes(rule)),
        findings=_causes(report, catalog, code),
        predicted=_predicted(report),
    )


def _explain_status(http_status: int, catalog: Catalog, report: Report | None, language: str) -> StatusExplanation:
    known = [row for row in codes().rows if row.http_status == http_status]
    named = {row.ending for row in known}
    ended = [row for row in endings().values() if row.comes_with(http_status) and row.name not in named]
    return StatusExplanation(
        http_status=http_status,
        in_use=http_status in codes().http_statuses,
        codes=tuple(_explain_code(row.code, catalog, report, language) for row in known),
        endings=tuple(_said(row, language) for row in (ended if ended or known else [ending("unpublished")])),
        findings=_causes(report, catalog, *(row.code for row in known)),
        predicted=_predicted(report),
    )


def _told(text: str, language: str) -> str:
    from reapi_rules.catalog.messages import explained  # a start does without messages

    return explained(text, language)


def _said(row: Ending, language: str) -> Ending:
    meaning, what_to_do = (_told(each, language) for each in (row.meaning, row.what_to_do))
    return msgspec.structs.replace(row, meaning=meaning, what_to_do=what_to_do)


def _causes(report: Report | None, catalog: Catalog, *codes: int) -> tuple[Finding, ...] | None:
    """The errors of a body with one of the codes; without any, the warnings that have it where the rules are sure."""
    if report is None:
        return None
    errors = tuple(error for error in report.errors if error.code in codes)
    rows = ((found, catalog.row(catalog.rules[found.rule].row)) for found in report.warnings)
    return errors or tuple(
        found for found, row in rows if found.level == "warning" and row and _codes(row).intersection(codes)
    )


def _predicted(report: Report | None) -> int | None:
    envelope = None if report is None else report.gateway_error()
    return None if envelope is None else envelope["error"]["code"]


def _codes(rule: Rule | Row) -> set[int | None]:
    return {rule.code, *(case.code for case in rule.variants.values())}


@once
def _notes() -> dict[str, dict[str, str]]:
    """What is said under each id that is no rule, in each language."""
    files = (msgspec.json.decode(data_file(f"{name}.json"))[part].items() for name, part in _NOTES.items())
    said = {id: text for file in files for id, text in file if "." in id}
    return said | {name: texts("summary")[name] for name in (*get_args(NotExact), *get_args(NoDimensions))}


def _explain_name(name: str, catalog: Catalog, report: Report | None, language: str) -> Explanation:
    from reapi_rules.catalog.forms import form_rules  # as above
    from reapi_rules.catalog.labels import labels

    rules = {**catalog.rules, **{row.id: row.rule() for row in task_rules().rules}, **form_rules()}
    names = (*rules, *{rule.field: None for rule in rules.values() if rule.field}, *_notes(), *endings())
    if name not in names:
        fields = reversed(labels().fields.items())
        called = {label.lower(): field for field, by_language in fields for label in by_language.values()}
        name = next((known for known in names if known.lower() == name.lower()), called.get(name.lower(), name))
    if name in rules:
        return _explain_rule(rules[name], catalog, report, language)
    if name in _notes():
        return NoteExplanation(id=name, meaning=re.sub(_FIGURE, lambda part: part[1].upper(), _notes()[name][language]))
    if name in endings():
        return _said(ending(name), language)
    found = [rule for rule in rules.values() if rule.field == name]
    if not found:
        near = closest(name, names)
        raise ToldError("no_subject_but" if near else "no_subject", name=name[:80], near=near)
    return FieldExplanation(
        field=name,
        rules=tuple(_explain_rule(rule, catalog, None, language) for rule in found),
        findings=None if report is None else tuple(one for one in _findings(report) if one.field == name),
    )


def _explain_rule(rule: Rule, catalog: Catalog, report: Report | None, language: str) -> RuleExplanation:
    from reapi_rules.catalog.messages import hint, rows, text
    from reapi_rules.engine.examples import example as example_of

    found: tuple[Finding, ...] = ()
    if rule.id in catalog.rules:
        example = example_of(rule.id, catalog)
        found = _findings(preflight(example, catalog=catalog))
    elif (example := task_rules().example(rule.id)) is not None:
        found = read_task(example, request=preflight(task_rules().request, catalog=catalog)).findings
    shown = next((one for one in found if one.rule == rule.id), None)
    source = catalog.models[catalog.default_model].file.source
    row = rows(language)[rule.row]
    having = (model for model in catalog.models.values() if any(each.id == rule.id for each in model.rules()))
    has_pixels = any(model.fields[rule.field].pixel_strings for model in having if rule.field in model.fields)
    variants = {name: each for name, each in row.variants.items() if has_pixels or not name.startswith("pixel")}
    return RuleExplanation(
        rule=rule.id,
        level=rule.level,
        code=rule.code,
        certainty=rule.certainty,
        field=rule.field,
        trigger=_told(rule.trigger, language),
        message=re.sub(_FIGURE, "…", row.message) if shown is None else text(shown, language),
        hint=next(iter(row.hints), None) if shown is None else hint(shown, language),
        example=example,
        variants=msgspec.to_builtins(variants),
        page=source.address,
        section=rule.section,
        link=link(rule.id),
        findings=None if report is None else tuple(one for one in _findings(report) if one.rule == rule.id),
    )


_FIGURE = r"\{(\w+)\}"


def _findings(report: Report) -> tuple[Finding, ...]:
    return (*report.errors, *report.warnings)
