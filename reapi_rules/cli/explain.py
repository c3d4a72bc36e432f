"""``reapi-rules explain``: what a code, an HTTP status, a field or any other id means, and where a body has it."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from reapi_rules.catalog.messages import explained
from reapi_rules.catalog.texts import said_in
from reapi_rules.cli.exits import OK
from reapi_rules.cli.lines import finding_lines
from reapi_rules.cli.options import Output, add_catalog, catalog_of
from reapi_rules.cli.said import language_of, said
from reapi_rules.cli.streams import name_of, open_input, read_bytes
from reapi_rules.tasks.endings import Ending
from reapi_rules.tasks.explanations import (
    CodeExplanation,
    Explanation,
    FieldExplanation,
    RuleExplanation,
    StatusExplanation,
    explain,
)

__all__ = ["configure", "execute"]

_WORDS = {True: "yes", False: "no", None: "unpublished"}
_LONGEST_EXAMPLE = 300
_FIGURE = r"\{\w+\}"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="CODE|STATUS|FIELD|ID")
    parser.add_argument("file", nargs="?", metavar="BODY")
    parser.add_argument("--model", dest="default_model")
    Output.add(parser, "text", "json")
    add_catalog(parser)
    parser.set_defaults(execute=execute)


def execute(given: argparse.Namespace) -> int:
    output = Output.of(given)
    body: Any = msgspec.UNSET
    if given.file is not None:
        with open_input(given.file) as file:
            body = read_bytes(file)
    is_json = output.format == "json"
    language = "en" if is_json else language_of(given)
    catalog = catalog_of(given)
    explanation = explain(given.subject, body, default_model=given.default_model, catalog=catalog, language=language)
    output.write(msgspec.json.encode(explanation) + b"\n" if is_json else _lines(explanation, given.file, language))
    return OK


def _lines(explanation: Explanation, file: str | None, language: str) -> Iterator[str]:
    say = _Voice(language)
    if isinstance(explanation, CodeExplanation):
        name, lines = str(explanation.code), _code_lines(explanation, say)
    elif isinstance(explanation, StatusExplanation):
        name, lines = f"HTTP {explanation.http_status}", _status_lines(explanation, say)
    elif isinstance(explanation, RuleExplanation):
        name, lines = explanation.rule, _rule_lines(explanation, say)
    elif isinstance(explanation, FieldExplanation):
        name, lines = explanation.field, _field_lines(explanation, say)
    elif isinstance(explanation, Ending):
        name, lines = explanation.name, _ending_lines(explanation, explanation.certainty, say)
        yield say("meaning", name=name, meaning=explanation.meaning)
    else:
        name, lines = explanation.id, iter([say("meaning", name=explanation.id, meaning=explanation.meaning)])
    yield from lines
    findings = getattr(explanation, "findings", None)
    if findings is not None:
        found = [line for finding in findings for line in finding_lines(finding, language)]
        is_perhaps = hasattr(explanation, "predicted") and any(finding.level == "warning" for finding in findings)
        text = "perhaps" if is_perhaps else "found" if found else "not_found"
        yield "  " + say(text, name=name, place=said_in(name_of(file or "-"), language))
        yield from (f"  {line}" for line in found)
    predicted = getattr(explanation, "predicted", None)
    if predicted is not None and name != str(predicted):
        yield "  " + say("predicted", code=predicted)


class _Voice:
    """The texts of an explanation in one language."""

    def __init__(self, language: str) -> None:
        self.language: str = language

    def __call__(self, text: str, count: int | None = None, **figures: object) -> str:
        return said(f"explain_{text}", self.language, count, **figures)


def _code_lines(code: CodeExplanation, say: _Voice) -> Iterator[str]:
    yield say("meaning", name=code.code, meaning=code.meaning)
    parts = [say("category", category=code.category or say("unknown"))]
    if code.http_status is not None:
        parts.append(f"HTTP {code.http_status}")
    elif code.published and code.stage != "in the task":
        parts.append(say("no_status"))
    parts.append(say("no_stage") if code.stage is None else explained(code.stage, say.language))
    yield f"  {said('and', say.language).join(parts)}"
    yield from _ending_lines(code, code.charge_certainty, say)
    if code.rules:
        yield "  " + say("rules", rules=", ".join(code.rules))
    if code.published:
        yield "  " + say("seen", certainty=say(code.certainty), places=code.seen_in)


def _ending_lines(ending: Ending | CodeExplanation, certainty: str, say: _Voice) -> Iterator[str]:
    charged, refunded = say(_WORDS[ending.charged]), say(_WORDS[ending.refunded])
    yield "  " + say("charged", charged=charged, refunded=refunded, certainty=say(certainty))
    yield "  " + say("resend", answer=say(ending.resend))
    yield "  " + say("what_to_do", words=ending.what_to_do)


def _status_lines(status: StatusExplanation, say: _Voice) -> Iterator[str]:
    count = len(status.codes)
    unused = "" if status.in_use or status.http_status < 400 else say("unused")
    yield say("codes" if count else "no_codes", count, status=status.http_status) + unused
    yield from ("  " + say("meaning", name=code.code, meaning=code.meaning) for code in status.codes)
    for ending in status.endings:
        yield "  " + say("without_code", meaning=ending.meaning)
        yield from (f"  {line}" for line in _ending_lines(ending, ending.certainty, say))


def _rule_lines(rule: RuleExplanation, say: _Voice) -> Iterator[str]:
    yield _verdict(rule, say)
    yield "  " + say("when", trigger=rule.trigger)
    yield "  " + say("message", words=rule.message)
    if rule.hint is not None:
        yield "  " + say("what_to_do", words=rule.hint)
    for name, changes in rule.variants.items():
        listed = ", ".join(f"{key} {re.sub(_FIGURE, '…', str(value))}" for key, value in changes.items())
        yield "  " + say("variant", name=name, changes=listed)
    if rule.example is not None:
        example = rule.example if isinstance(rule.example, str) else json.dumps(rule.example, ensure_ascii=False)
        cut = example[:_LONGEST_EXAMPLE] + ("..." if len(example) > _LONGEST_EXAMPLE else "")
        yield "  " + say("example", words=cut)
    yield "  " + say("source", page=rule.page, section=rule.section)
    yield "  " + say("docs", link=rule.link)


def _field_lines(field: FieldExplanation, say: _Voice) -> Iterator[str]:
    yield say("field", len(field.rules), name=field.field)
    for rule in field.rules:
        yield f"  {_verdict(rule, say)}"
        yield "    " + say("when", trigger=rule.trigger)


def _verdict(rule: RuleExplanation, say: _Voice) -> str:
    level, code = said(rule.level, say.language), "" if rule.code is None else f" ({rule.code})"
    verdict = said("and", say.language).join((f"{level}{code}", say(rule.certainty)))
    return say("meaning", name=rule.rule, meaning=verdict)
