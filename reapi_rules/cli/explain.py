"""``reapi-rules explain``: what a code, an HTTP status, a field or any other id means, and where a body has it."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from reapi_rules.catalog.messages import explained
from reapi_rules.catalog.texts import said_in
from reapi_rules.cli.exits import OK, UnusableError
from reapi_rules.cli.lines import finding_lines
from reapi_rules.cli.options import SHEETS, Output, add_catalog, catalog_of, suffix_format
from reapi_rules.cli.said import language_of, said
from reapi_rules.cli.streams import name_of, open_input, read_bytes
from reapi_rules.sheets.results.batches import unwrap
from reapi_rules.tasks.endings import Ending
from reapi_rules.tasks.explanations import (
    CodeExplanation,
    Explanation,
    FieldExplanation,
    RuleExplanation,
    StatusExplanation,
    explain,
)

__all__ = ["Explain", "configure", "execute"]

_WORDS = {True: "yes", False: "no", None: "unpublished"}
_LONGEST_EXAMPLE = 300
_FIGURE = r"\{\w+\}"


class Explain(argparse.Namespace):
    """What is asked: what is to be explained, and to which body."""

    subject: str
    file: str | None
    default_model: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="CODE|STATUS|FIELD|ID")
    parser.add_argument("file", nargs="?", metavar="BODY")
    parser.add_argument("--model", dest="default_model")
    Output.add(parser, "text", "json")
    add_catalog(parser)


def execute(given: Explain) -> int:
    output = Output.of(given)
    body: Any = msgspec.UNSET
    if given.file is not None:
        form = suffix_format(given.file)
        with open_input(given.file) as file:
            text = read_bytes(file)
        if form in SHEETS or (form == "ndjson" and sum(map(bool, map(bytes.strip, text.splitlines()))) > 1):
            raise UnusableError("not_one_body", path=given.file)
        line = unwrap(text)
        body = text if line is None else bytes(line.body)
    is_json = output.format == "json"
    language = "en" if is_json else language_of(given)
    catalog = catalog_of(given)
    explanation = explain(given.subject, body, default_model=given.default_model, catalog=catalog, language=language)
    output.write(msgspec.json.encode(explanation) + b"\n" if is_json else _lines(explanation, given.file, language))
    return OK


def _lines(explanation: Explanation, file: str | None, language: str) -> Iterator[str]:
    if isinstance(explanation, CodeExplanation):
        name, lines = str(explanation.code), _code_lines(explanation, language)
    elif isinstance(explanation, StatusExplanation):
        name, lines = f"HTTP {explanation.http_status}", _status_lines(explanation, language)
    elif isinstance(explanation, RuleExplanation):
        name, lines = explanation.rule, _rule_lines(explanation, language)
    elif isinstance(explanation, FieldExplanation):
        name, lines = explanation.field, _field_lines(explanation, language)
    elif isinstance(explanation, Ending):
        name, lines = explanation.name, _ending_lines(explanation, explanation.certainty, language)
    else:
        name, lines = explanation.id, iter(())
    if (meaning := getattr(explanation, "meaning", None)) is not None:
        yield _say("meaning", language, name=name, meaning=meaning)
    yield from lines
    findings = getattr(explanation, "findings", None)
    if findings is not None:
        found = [line for finding in findings for line in finding_lines(finding, language)]
        is_perhaps = hasattr(explanation, "predicted") and any(finding.level == "warning" for finding in findings)
        text = "perhaps" if is_perhaps else "found" if found else "not_found"
        yield "  " + _say(text, language, name=name, place=said_in(name_of(file or "-"), language))
        yield from (f"  {line}" for line in found)
    predicted = getattr(explanation, "predicted", None)
    if predicted is not None and name != str(predicted):
        yield "  " + _say("predicted", language, code=predicted)


def _say(text: str, language: str, count: int | None = None, **figures: object) -> str:
    return said(f"explain_{text}", language, count, **figures)


def _code_lines(code: CodeExplanation, language: str) -> Iterator[str]:
    parts = [_say("category", language, category=code.category or _say("unknown", language))]
    if code.http_status is not None:
        parts.append(f"HTTP {code.http_status}")
    elif code.published and code.stage != "in the task":
        parts.append(_say("no_status", language))
    parts.append(_say("no_stage", language) if code.stage is None else explained(code.stage, language))
    yield f"  {said('and', language).join(parts)}"
    yield from _ending_lines(code, code.charge_certainty, language)
    if code.rules:
        yield "  " + _say("rules", language, rules=", ".join(code.rules))
    if code.published:
        yield "  " + _say("seen", language, certainty=_say(code.certainty, language), places=code.seen_in)


def _ending_lines(ending: Ending | CodeExplanation, certainty: str, language: str) -> Iterator[str]:
    charged, refunded = _say(_WORDS[ending.charged], language), _say(_WORDS[ending.refunded], language)
    yield "  " + _say("charged", language, charged=charged, refunded=refunded, certainty=_say(certainty, language))
    yield "  " + _say("resend", language, answer=_say(ending.resend, language))
    yield "  " + _say("what_to_do", language, words=ending.what_to_do)


def _status_lines(status: StatusExplanation, language: str) -> Iterator[str]:
    count = len(status.codes)
    unused = "" if status.in_use or status.http_status < 400 else _say("unused", language)
    yield _say("codes" if count else "no_codes", language, count, status=status.http_status) + unused
    yield from ("  " + _say("meaning", language, name=code.code, meaning=code.meaning) for code in status.codes)
    for ending in status.endings:
        yield "  " + _say("without_code", language, meaning=ending.meaning)
        yield from (f"  {line}" for line in _ending_lines(ending, ending.certainty, language))


def _rule_lines(rule: RuleExplanation, language: str) -> Iterator[str]:
    yield _verdict(rule, language)
    yield "  " + _say("when", language, trigger=rule.trigger)
    yield "  " + _say("message", language, words=rule.message)
    if rule.hint is not None:
        yield "  " + _say("what_to_do", language, words=rule.hint)
    for name, changes in rule.variants.items():
        listed = said("then", language).join(_changes(changes, language))
        yield "  " + _say("variant", language, name=name, changes=re.sub(_FIGURE, "…", listed))
    if rule.example is not None:
        example = rule.example if isinstance(rule.example, str) else json.dumps(rule.example, ensure_ascii=False)
        cut = example[:_LONGEST_EXAMPLE] + ("..." if len(example) > _LONGEST_EXAMPLE else "")
        yield "  " + _say("example", language, words=cut)
    yield "  " + _say("source", language, page=rule.page, section=rule.section)
    yield "  " + _say("docs", language, link=rule.link)


def _changes(changes: Mapping[str, Any], language: str) -> Iterator[str]:
    """What a variant says otherwise: its level and code, how sure it is, its message and its hints."""
    for part, value in changes.items():
        if part in ("level", "certainty"):
            yield said(value, language) if part == "level" else _say(value, language)
        else:
            yield from (value if part == "hints" else [str(value)])


def _field_lines(field: FieldExplanation, language: str) -> Iterator[str]:
    yield _say("field", language, len(field.rules), name=field.field)
    for rule in field.rules:
        yield f"  {_verdict(rule, language)}"
        yield "    " + _say("when", language, trigger=rule.trigger)


def _verdict(rule: RuleExplanation, language: str) -> str:
    level, code = said(rule.level, language), "" if rule.code is None else f" ({rule.code})"
    verdict = said("and", language).join((f"{level}{code}", _say(rule.certainty, language)))
    return _say("meaning", language, name=rule.rule, meaning=verdict)
