"""``reapi-rules rates``: import a saved price list, lint a card, compare two cards."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.rates import RateCard, RateCardError
from reapi_rules.cli.exits import OK, REJECTED
from reapi_rules.cli.lines import counted, credits_line
from reapi_rules.cli.options import Output, Pricing, Source, iso_date
from reapi_rules.cli.requests import read_requests
from reapi_rules.cli.streams import note, open_input, open_output, write_lines
from reapi_rules.cli.summary import name_card
from reapi_rules.prices.card_diff import CardDiff, Move, diff
from reapi_rules.prices.lint import CardFinding, card_before, lint
from reapi_rules.prices.snapshots import import_card
from reapi_rules.sheets.totals import Repricing

__all__ = ["Diff", "Import", "Lint", "configure"]

_CARD = "a rate card: a file, or the id of a built-in card"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verbs of the command."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb, summary, configure_verb in (
        ("import", "make a rate card of reAPI's model page, saved from the browser", _configure_import),
        ("lint", "say what on a rate card looks like a mistake; exit with 1 if something does", _configure_lint),
        ("diff", "say which prices changed, and what that does to a plan", _configure_diff),
    ):
        configure_verb(verbs.add_parser(verb, help=summary, description=summary, allow_abbrev=False))


class Import(msgspec.Struct, frozen=True):
    """What is asked: a card of a saved price list."""

    saved: str
    checked_on: date | None
    output: Output


def _configure_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="SAVED", help="https://reapi.ai/models as HTML, the list in it, or a card")
    parser.add_argument("--checked-on", type=iso_date, metavar="DATE", help="when the prices were seen")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the card there instead of to standard output")
    parser.set_defaults(parse=lambda said: Import(said.file, said.checked_on, Output.of(said)), execute=_import)


def _import(asked: Import) -> int:
    with open_input(asked.saved) as file:
        saved = file.read()
    imported = import_card(saved, checked_on=asked.checked_on, name=asked.saved)
    card = imported.card
    with open_output(asked.output.path, source=asked.saved) as output:
        output.write(msgspec.json.format(msgspec.json.encode(card.to_dict())) + b"\n")
    count = sum(map(len, card.prices.values()))
    note(f"{counted(count, 'price')} kept, {imported.passed_over} of models without rules skipped")
    name_card(card)
    before = card_before(card, built_in().cards)
    lines = [*_lint_lines(lint(card, previous=before, today=date.today()))]
    if before is not None:
        lines.extend(_diff_lines(diff(before, card)))
    for line in lines:
        note(line)
    return OK


class Lint(msgspec.Struct, frozen=True):
    """What is asked: what looks like a mistake on a card, and which card was before it."""

    card: RateCard
    against: RateCard | None
    output: Output


def _configure_lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("card", metavar="CARD", type=_card, help=_CARD)
    parser.add_argument(
        "--against", metavar="CARD", type=_card, help="the card before it, if not the built-in one that it follows"
    )
    Output.add(parser, "text", "json")
    parser.set_defaults(parse=lambda said: Lint(said.card, said.against, Output.of(said)), execute=_lint)


def _lint(asked: Lint) -> int:
    before = asked.against or card_before(asked.card, built_in().cards)
    findings = lint(asked.card, previous=before, today=date.today())
    with open_output(asked.output.path) as output:
        if asked.output.format == "json":
            output.write(msgspec.json.encode(findings) + b"\n")
        else:
            write_lines(output, _lint_lines(findings))
    name_card(asked.card)
    return REJECTED if findings else OK


def _lint_lines(findings: Iterable[CardFinding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.rule}: {'' if finding.model is None else finding.model + ': '}{finding.message}"


class Diff(msgspec.Struct, frozen=True):
    """What is asked: the prices that differ between two cards, and what that does to the requests of a source."""

    before: RateCard
    after: RateCard
    source: Source | None
    output: Output


def _configure_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", type=_card, help=_CARD)
    parser.add_argument("after", metavar="B", type=_card, help="the card to compare it with")
    Source.add(parser)
    Output.add(parser, "text", "json")
    parser.set_defaults(parse=_parse_diff, execute=_diff)


def _parse_diff(arguments: argparse.Namespace) -> Diff:
    source = None if arguments.file is None else Source.of(arguments)
    return Diff(arguments.before, arguments.after, source, Output.of(arguments))


def _diff(asked: Diff) -> int:
    result = diff(asked.before, asked.after)
    plan = None if asked.source is None else Repricing(asked.before, asked.after)
    if asked.source is not None and plan is not None:
        for entry in read_requests(asked.source, Pricing())[0]:
            plan.add(entry.report)
    with open_output(asked.output.path, source="-" if asked.source is None else asked.source.path) as output:
        if asked.output.format == "json":
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
    yield f"{plan.changed} of {counted(before.requests, 'request')} change in price, {before.rejected} rejected"
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
