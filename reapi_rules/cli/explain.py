"""``reapi-rules explain``: what an error code or a rule means, and which field of a body it was."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from reapi_rules.cli.exits import OK, UnusableError
from reapi_rules.cli.lines import finding_lines
from reapi_rules.cli.options import Output
from reapi_rules.cli.streams import open_input, open_output, read_bytes, write_lines
from reapi_rules.tasks.explanations import CodeExplanation, RuleExplanation, explain
from reapi_rules.terms.findings import Finding

__all__ = ["Explain", "configure", "execute"]

_WORDS = {True: "yes", False: "no", None: "not published"}
_LONGEST_EXAMPLE = 300


class Explain(msgspec.Struct, frozen=True):
    """What is asked: the meaning of a code or a rule, and, of the body in a file, which field it was."""

    subject: str
    file: str | None
    default_model: str | None
    output: Output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("subject", metavar="CODE|RULE", help="such as 20003 or size.needs_widescreen")
    parser.add_argument("file", nargs="?", metavar="BODY", help="the JSON body that was sent; - is standard input")
    parser.add_argument("--model", dest="default_model", help="the model of a body that names none")
    Output.add(parser, "text", "json")
    parser.set_defaults(
        parse=lambda said: Explain(said.subject, said.file, said.default_model, Output.of(said)), execute=execute
    )


def execute(asked: Explain) -> int:
    """Print one explanation."""
    body: Any = msgspec.UNSET
    if asked.file is not None:
        with open_input(asked.file) as file:
            body = read_bytes(file)
    try:
        explanation = explain(asked.subject, body, default_model=asked.default_model)
    except ValueError as error:
        raise UnusableError(str(error)) from None
    with open_output(asked.output.path, source=asked.file or "-") as output:
        if asked.output.format == "json":
            output.write(msgspec.json.encode(explanation) + b"\n")
        else:
            write_lines(output, _lines(explanation, asked.file))
    return OK


def _lines(explanation: CodeExplanation | RuleExplanation, file: str | None) -> Iterator[str]:
    yield from _code_lines(explanation) if isinstance(explanation, CodeExplanation) else _rule_lines(explanation)
    if explanation.findings is not None:
        name = explanation.code if isinstance(explanation, CodeExplanation) else explanation.rule
        nothing = f"  nothing in {file} would cause {name}"
        yield f"  {file}: {name} comes from" if explanation.findings else nothing
        yield from _indented(explanation.findings)
        if isinstance(explanation, CodeExplanation) and explanation.predicted not in (None, explanation.code):
            yield f"  by these rules reAPI answers it with {explanation.predicted}"


def _code_lines(code: CodeExplanation) -> Iterator[str]:
    yield f"{code.code}: {code.meaning}"
    status = "" if code.http_status is None else f", HTTP {code.http_status}"
    yield f"  category: {code.category or 'not known'}{status}, {code.stage or 'stage not published'}"
    charged, refunded = _WORDS[code.charged], _WORDS[code.refunded]
    yield f"  charged: {charged}, refunded: {refunded} ({code.charge_certainty})"
    yield f"  resend: {code.resend}; {code.what_to_do}"
    if code.rules:
        yield f"  rules: {', '.join(code.rules)}"
    if code.published:
        yield f"  {code.certainty}, seen in: {code.seen_in}"


def _rule_lines(rule: RuleExplanation) -> Iterator[str]:
    code = "" if rule.code is None else f" ({rule.code})"
    yield f"{rule.rule}: {rule.level}{code}, {rule.certainty}"
    yield f"  when: {rule.trigger}"
    yield f"  message: {rule.message}"
    yield f"  fix: {rule.hint}"
    for name, changes in rule.cases.items():
        yield f"  in the case {name}: " + ", ".join(f"{key} {value}" for key, value in changes.items())
    if rule.example is not None:
        example = rule.example if isinstance(rule.example, str) else json.dumps(rule.example, ensure_ascii=False)
        yield f"  example: {example[:_LONGEST_EXAMPLE]}" + ("..." if len(example) > _LONGEST_EXAMPLE else "")
    yield f'  source: {rule.page}, section "{rule.section}"'
    yield f"  docs: {rule.link}"


def _indented(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        yield from (f"  {line}" for line in finding_lines(finding))
