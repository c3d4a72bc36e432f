"""Explain a code or a rule: what it means, what it costs, what to do, and which field of a body it was.

Source: sections "Validation errors" and "Upstream errors (502 / 503)" of the page, and ``data/``.
"""

from __future__ import annotations

import re
from typing import Any, overload

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.rules import Rule
from reapi_rules.engine.engine import preflight
from reapi_rules.engine.examples import example as engine_example
from reapi_rules.tasks.endings import Resend, Stage, outcome
from reapi_rules.tasks.readings import read_task
from reapi_rules.tasks.rules import client_rules
from reapi_rules.terms.findings import Certainty, Finding, Level
from reapi_rules.terms.spelling import closest

__all__ = ["CodeExplanation", "RuleExplanation", "explain", "link"]

_CODE = re.compile(r"-?[0-9]{1,18}")
_LEAST_TOO_LONG = 10**18
_PAGE = "docs/rules.md"


class CodeExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an error code; None is what nobody has published.

    ``rules`` are those that give this code, ``findings`` those of them that the body breaks (None without a body),
    ``predicted`` the code that the body would be answered with.
    """

    code: int
    published: bool
    category: str | None
    http_status: int | None
    stage: Stage | None
    meaning: str
    outcome: str
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


class RuleExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says, with an example that triggers it; ``message`` and ``hint`` are the example's.

    ``cases`` is what the rule says otherwise in some cases; ``findings`` are its own on the body (None without one).
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
    cases: dict[str, dict[str, Any]]
    page: str
    section: str
    link: str
    findings: tuple[Finding, ...] | None


@overload
def explain(
    subject: int, body: Any = ..., *, default_model: str | None = None, catalog: Catalog | None = None
) -> CodeExplanation: ...


@overload
def explain(
    subject: str, body: Any = ..., *, default_model: str | None = None, catalog: Catalog | None = None
) -> CodeExplanation | RuleExplanation: ...


def explain(
    subject: int | str,
    body: Any = msgspec.UNSET,
    *,
    default_model: str | None = None,
    catalog: Catalog | None = None,
) -> CodeExplanation | RuleExplanation:
    """What an error code or a rule id means; with a body, where in it the code or the rule comes from.

    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "1:1", "resolution": "4k"}
    >>> [finding.pointer for finding in explain(20003, body).findings]
    ['/size']
    >>> explain("size.needs_widescreen").link, explain(20004).meaning
    ('docs/rules.md#size-needs_widescreen', 'this code is not published')

    Raises ValueError for text that is neither a number nor the id of a rule, and for a number that no code can be.
    """
    catalog = catalog or built_in()
    if isinstance(subject, str) and not _CODE.fullmatch(subject):
        return _explain_rule(subject, body, default_model, catalog)
    code = int(subject)
    if not -_LEAST_TOO_LONG < code < _LEAST_TOO_LONG:
        raise ValueError("an error code has five digits, and this number more than 18")
    return _explain_code(code, body, default_model, catalog)


def link(rule: str) -> str:
    """Where the docs explain a rule.

    >>> link("n.range")
    'docs/rules.md#n-range'
    """
    return f"{_PAGE}#{rule.replace('.', '-')}"


def _explain_code(code: int, body: Any, default_model: str | None, catalog: Catalog) -> CodeExplanation:
    row = catalog.codes.get(code)
    ending = outcome("unpublished" if row is None else row.outcome)
    report = None if body is msgspec.UNSET else preflight(body, default_model=default_model, catalog=catalog)
    predicted = None if report is None else report.gateway_error()
    return CodeExplanation(
        code=code,
        published=row is not None,
        category=catalog.codes.category(code),
        http_status=None if row is None else row.http_status,
        stage=ending.stage,
        meaning="this code is not published" if row is None else row.cause,
        outcome=ending.outcome,
        charged=ending.charged,
        refunded=ending.refunded,
        charge_certainty=ending.certainty,
        resend=ending.resend,
        what_to_do=(None if row is None else row.what_to_do) or ending.what_to_do,
        certainty="unspecified" if row is None else row.certainty,
        seen_in=None if row is None else row.seen_in,
        rules=tuple(rule.id for rule in catalog.rules.values() if code in _codes(rule)),
        findings=None if report is None else tuple(error for error in report.errors if error.code == code),
        predicted=None if predicted is None else predicted["error"]["code"],
    )


def _codes(rule: Rule) -> tuple[int | None, ...]:
    return (rule.code, *(case.code for case in rule.variants.values()))


def _explain_rule(name: str, body: Any, default_model: str | None, catalog: Catalog) -> RuleExplanation:
    rule = _rule(name, catalog)
    example = engine_example(name, catalog) if name in catalog.rules else client_rules().example(name)
    shown = next((finding for finding in _findings(rule, example, catalog) if finding.rule == name), None)
    findings = None
    if body is not msgspec.UNSET:
        report = preflight(body, default_model=default_model, catalog=catalog)
        findings = tuple(finding for finding in (*report.errors, *report.warnings) if finding.rule == name)
    source = catalog.models[catalog.default_model].file.source
    return RuleExplanation(
        rule=name,
        level=rule.level,
        code=rule.code,
        certainty=rule.certainty,
        field=rule.field,
        trigger=rule.trigger,
        message=rule.message if shown is None else shown.message,
        hint=None if shown is None else shown.hint,
        example=example,
        cases={name: msgspec.to_builtins(changes) for name, changes in rule.variants.items()},
        page=source.address,
        section=rule.section,
        link=link(name),
        findings=findings,
    )


def _rule(name: str, catalog: Catalog) -> Rule:
    rules = {**catalog.rules, **{rule.id: rule for rule in client_rules().rules}}
    if name not in rules:
        near = closest(name, tuple(rules))
        raise ValueError(
            f'"{name[:80]}" is neither an error code nor the id of a rule'
            + (f": did you mean {near}?" if near else ": docs/rules.md lists the rules")
        )
    return rules[name]


def _findings(rule: Rule, example: Any, catalog: Catalog) -> tuple[Finding, ...]:
    """What the example of a rule gives, of a request or of an answer."""
    if rule.id in catalog.rules:
        report = preflight(example, catalog=catalog)
        return (*report.errors, *report.warnings)
    request = preflight(client_rules().request, catalog=catalog)
    return () if example is None else read_task(example, request=request).findings
