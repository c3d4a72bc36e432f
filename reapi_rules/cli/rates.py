"""``reapi-rules rates``: import a saved price list, lint a card, compare two cards."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.rates import RateCard, RateCardError
from reapi_rules.cli.exits import OK, REJECTED, UnusableError
from reapi_rules.cli.files import note, open_input, open_output, write_lines
from reapi_rules.cli.options import add_input, add_output, iso_date
from reapi_rules.cli.reports import read_reports
from reapi_rules.cli.text import card_line, credits_line
from reapi_rules.prices.card_diff import CardDiff, Move, diff
from reapi_rules.prices.lint import CardFinding, card_before, lint
from reapi_rules.prices.snapshots import import_card
from reapi_rules.sheets.repricing import Repricing

__all__ = ["configure", "execute"]

_CARD = "a rate card: a file, or the id of a built-in card"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verbs of the command."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb, summary, options, execute_verb in (
        ("import", "make a rate card of reAPI's model page, saved from the browser", _import_options, _import),
        ("lint", "say what on a rate card looks like a mistake; exit with 1 if something does", _lint_options, _lint),
        ("diff", "say which prices changed, and what that does to a plan", _diff_options, _diff),
    ):
        command = verbs.add_parser(verb, help=summary, description=summary, allow_abbrev=False)
        options(command)
        command.set_defaults(verb=execute_verb)


def execute(arguments: argparse.Namespace) -> int:
    """Run one verb."""
    return int(arguments.verb(arguments))


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="SAVED", help="https://reapi.ai/models as HTML, the list in it, or a card")
    parser.add_argument("--checked-on", type=iso_date, metavar="DATE", help="when the prices were seen")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the card there instead of to standard output")


def _import(arguments: argparse.Namespace) -> int:
    with open_input(arguments.file) as file:
        saved = file.read()
    try:
        imported = import_card(saved, checked_on=arguments.checked_on, name=arguments.file)
    except RateCardError as error:
        raise UnusableError(str(error)) from None
    card = imported.card
    with open_output(arguments.output, source=arguments.file) as output:
        output.write(msgspec.json.format(msgspec.json.encode(card.to_dict())) + b"\n")
    count = sum(map(len, card.prices.values()))
    note(f"{count} prices kept, {imported.passed_over} of other models passed over")
    note(card_line(card.identity, date.today()))
    before = card_before(card, built_in().cards)
    for line in _lint_lines(lint(card, previous=before, today=date.today())):
        note(line)
    if before is not None:
        for line in _diff_lines(diff(before, card)):
            note(line)
    return OK


def _lint_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("card", metavar="CARD", type=_card, help=_CARD)
    parser.add_argument(
        "--against", metavar="CARD", type=_card, help="the card before it, if not the built-in one that it follows"
    )
    add_output(parser, "text", "json")


def _lint(arguments: argparse.Namespace) -> int:
    card = arguments.card
    before = arguments.against or card_before(card, built_in().cards)
    findings = lint(card, previous=before, today=date.today())
    with open_output(arguments.output) as output:
        if arguments.format == "json":
            output.write(msgspec.json.encode(findings) + b"\n")
        else:
            write_lines(output, _lint_lines(findings))
    note(card_line(card.identity, date.today()))
    return REJECTED if findings else OK


def _lint_lines(findings: Iterable[CardFinding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.rule}: {'' if finding.model is None else finding.model + ': '}{finding.message}"


def _diff_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", type=_card, help=_CARD)
    parser.add_argument("after", metavar="B", type=_card, help="the card to compare it with")
    add_input(parser)
    add_output(parser, "text", "json")
    parser.set_defaults(rates=None, as_of=None)


def _diff(arguments: argparse.Namespace) -> int:
    before, after = arguments.before, arguments.after
    result = diff(before, after)
    plan = None if arguments.file is None else Repricing(before, after)
    if plan is not None:
        for entry in read_reports(arguments):
            plan.add(entry.report)
    with open_output(arguments.output, source=arguments.file) as output:
        if arguments.format == "json":
            output.write(msgspec.json.encode({"cards": result, "plan": None if plan is None else _plan(plan)}) + b"\n")
        else:
            lines = [*_diff_lines(result), *([] if plan is None else _plan_lines(plan))]
            write_lines(output, lines)
    return OK


def _diff_lines(result: CardDiff) -> Iterator[str]:
    yield f"{result.before.id} -> {result.after.id}: {len(result.moves)} of {result.cells} prices differ"
    for move in result.moves:
        yield f"  {move.model} {move.cell}: {_moved(move)}"


def _moved(move: Move) -> str:
    if move.usd_before is None:
        return f"new, {move.usd_after} USD, {move.credits_after} credits"
    if move.usd_after is None:
        return f"gone, was {move.usd_before} USD, {move.credits_before} credits"
    percent = "" if move.percent is None else f" ({move.percent} %)"
    return f"{move.usd_before} -> {move.usd_after} USD{percent}, {move.credits_before} -> {move.credits_after} credits"


def _plan_lines(plan: Repricing) -> Iterator[str]:
    before, after = plan.before, plan.after
    yield f"{plan.changed} of {before.requests} requests change in price, {before.rejected} are rejected"
    yield f"  before: {credits_line(before)}"
    yield f"  after: {credits_line(after)}, {after.credits - before.credits:+} to budget"


def _plan(plan: Repricing) -> dict[str, Any]:
    return {
        "requests": plan.before.requests,
        "rejected": plan.before.rejected,
        "changed": plan.changed,
        **{
            when: {"credits_low": totals.credits_low, "credits": totals.credits, "unpriced": totals.unpriced}
            for when, totals in (("before", plan.before), ("after", plan.after))
        },
    }


def _card(text: str) -> RateCard:
    """A card by its file, or a built-in one by its id."""
    for card in built_in().cards:
        if card.id == text:
            return card
    try:
        return RateCard.load(text)
    except RateCardError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
