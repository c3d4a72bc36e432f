"""``reapi-rules explain``: what a code, an HTTP status, a rule or a field means, and where a body has it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from reapi_rules.cli.exits import OK, UnusableError
from reapi_rules.cli.lines import counted, finding_lines
from reapi_rules.cli.options import Output
from reapi_rules.cli.streams import name_of, open_input, read_bytes
from reapi_rules.tasks.endings import Ending, Resend
from reapi_rules.tasks.explanations import (
    CodeExplanation,
    Explanation,
    FieldExplanation,
    RuleExplanation,
    StatusExplanation,
    explain,
)

__all__ = ["Explain", "configure", "execute"]

_WORDS = {True: "yes", False: "no", None: "not published"}
_SEND_AGAIN: dict[Resend, str] = {
    "no": "no",
    "as_is": "yes, unchanged",
    "after_wait": "yes, after a wait",
    "after_fix": "only after a correction",
    "after_check": "only after a check",
}
_LONGEST_EXAMPLE = 300


class Explain(argparse.Namespace):
    """What is asked: what is to be explained, and to which body."""

    subject: str
    file: str | None
    default_model: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="CODE|STATUS|RULE|FIELD")
    parser.add_argument("file", nargs="?", metavar="BODY")
    parser.add_argument("--model", dest="default_model")
    Output.add(parser, "text", "json")
    parser.set_defaults(execute=execute)


def execute(given: Explain) -> int:
    output = Output.of(given)
    body: Any = msgspec.UNSET
    if given.file is not None:
        with open_input(given.file) as file:
            body = read_bytes(file)
    try:
        explanation = explain(given.subject, body, default_model=given.default_model)
    except ValueError as error:
        raise UnusableError(str(error)) from None
    is_json = output.format == "json"
    output.write(msgspec.json.encode(explanation) + b"\n" if is_json else _lines(explanation, given.file))
    return OK


def _lines(explanation: Explanation, file: str | None) -> Iterator[str]:
    if isinstance(explanation, CodeExplanation):
        name, lines = str(explanation.code), _code_lines(explanation)
    elif isinstance(explanation, StatusExplanation):
        name, lines = f"HTTP {explanation.http_status}", _status_lines(explanation)
    elif isinstance(explanation, RuleExplanation):
        name, lines = explanation.rule, _rule_lines(explanation)
    else:
        name, lines = explanation.field, _field_lines(explanation)
    yield from lines
    if explanation.findings is not None:
        found = [line for finding in explanation.findings for line in finding_lines(finding)]
        place = name_of(file or "-")
        yield f"  {name} in {place}:" if found else f"  nothing in {place} would cause {name}"
        yield from (f"  {line}" for line in found)
    predicted = getattr(explanation, "predicted", None)
    if predicted is not None and name != str(predicted):
        yield f"  by these rules reAPI answers this body with {predicted}"


def _code_lines(code: CodeExplanation) -> Iterator[str]:
    yield f"{code.code}: {code.meaning}"
    status = "" if code.http_status is None else f", HTTP {code.http_status}"
    if code.published and not status and code.stage != "in the task":
        status = ", HTTP status not published"
    yield f"  category: {code.category or 'not known'}{status}, {code.stage or 'stage not published'}"
    yield from _ending_lines(code, code.charge_certainty)
    if code.rules:
        yield f"  rules: {', '.join(code.rules)}"
    if code.published:
        yield f"  {code.certainty}, seen in: {code.seen_in}"


def _ending_lines(ending: Ending | CodeExplanation, certainty: str) -> Iterator[str]:
    yield f"  charged: {_WORDS[ending.charged]}, refunded: {_WORDS[ending.refunded]} ({certainty})"
    yield f"  send again: {_SEND_AGAIN[ending.resend]}"
    yield f"  what to do: {ending.what_to_do}"


def _status_lines(status: StatusExplanation) -> Iterator[str]:
    count = len(status.codes)
    unused = "" if status.in_use or status.http_status < 400 else "; reAPI is not known to use this status"
    yield f"HTTP {status.http_status}: {count or 'no'} published code" + ("s" if count > 1 else "") + unused
    yield from (f"  {code.code}: {code.meaning}" for code in status.codes)
    for ending in status.endings:
        yield f"  without a published code: {ending.meaning}"
        yield from (f"  {line}" for line in _ending_lines(ending, ending.certainty))


def _rule_lines(rule: RuleExplanation) -> Iterator[str]:
    yield f"{rule.rule}: {_verdict(rule)}"
    yield f"  when: {rule.trigger}"
    yield f"  message: {rule.message}"
    yield f"  what to do: {rule.hint}"
    for name, changes in rule.variants.items():
        yield f"  variant {name}: " + ", ".join(f"{key} {value}" for key, value in changes.items())
    if rule.example is not None:
        example = rule.example if isinstance(rule.example, str) else json.dumps(rule.example, ensure_ascii=False)
        yield f"  example: {example[:_LONGEST_EXAMPLE]}" + ("..." if len(example) > _LONGEST_EXAMPLE else "")
    yield f'  source: {rule.page}, section "{rule.section}"'
    yield f"  docs: {rule.link}"


def _field_lines(field: FieldExplanation) -> Iterator[str]:
    yield f"{field.field}: {counted(len(field.rules), 'rule')}"
    for rule in field.rules:
        yield f"  {rule.rule}: {_verdict(rule)}"
        yield f"    when: {rule.trigger}"


def _verdict(rule: RuleExplanation) -> str:
    code = "" if rule.code is None else f" ({rule.code})"
    return f"{rule.level}{code}, {rule.certainty}"
