"""``reapi-rules rates``: list the cards, import a saved price list, lint a card, compare two cards."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.rates import RateCard
from reapi_rules.catalog.texts import Told, said_in
from reapi_rules.cli.exits import OK, REJECTED, UnusableError
from reapi_rules.cli.lines import credits_line
from reapi_rules.cli.options import ROWS, Output, Pricing, Source, add_catalog, catalog_of, check_options, iso_date
from reapi_rules.cli.progress import watched
from reapi_rules.cli.requests import read_requests
from reapi_rules.cli.row_formats import FORMATS
from reapi_rules.cli.said import language_of, said
from reapi_rules.cli.streams import name_of, note, open_input, read_bytes
from reapi_rules.cli.summary import exit_with, name_card
from reapi_rules.prices.card_diff import CardDiff, Move, diff
from reapi_rules.prices.lint import CardFinding, card_before, lint
from reapi_rules.prices.snapshots import import_card
from reapi_rules.sheets.results.totals import Repricing

__all__ = ["Diff", "Import", "Lint", "configure"]

_LARGEST_PAGE = 32  # MB
_MOST_CELLS = 6  # of one model that are shown one by one


def configure(parser: argparse.ArgumentParser) -> None:
    executes = {"list": _list, "import": _import, "lint": _lint, "diff": _diff}
    add_verb = parser.add_subparsers(metavar="VERB").add_parser
    verbs = {name: add_verb(name, help="") for name in executes}
    Output.add(verbs["list"], *ROWS)
    verbs["import"].add_argument("file", metavar="SAVED")
    verbs["import"].add_argument("--checked-on", type=iso_date, metavar="DATE")
    Output.add(verbs["import"], "json")
    verbs["lint"].add_argument("card", metavar="CARD")
    verbs["lint"].add_argument("--against", metavar="CARD")
    Output.add(verbs["lint"], "text", "json")
    verbs["diff"].add_argument("before", metavar="A")
    verbs["diff"].add_argument("after", metavar="B")
    Source.add(verbs["diff"])
    Output.add(verbs["diff"], "text", "json")
    for name, verb in verbs.items():
        add_catalog(verb)
        verb.set_defaults(execute=executes[name])


def _list(given: argparse.Namespace) -> int:
    catalog, output = catalog_of(given) or built_in(), Output.of(given)
    current = catalog.card()
    rows = [
        {
            "card": card.id,
            "counts": "yes" if card is current else "",
            "effective_from": card.effective_from,
            "checked_on": card.checked_on,
            "models": len(card.prices),
            "prices": sum(map(len, card.prices.values())),
            **({} if output.format == "text" else {"source": card.source}),
        }
        for card in sorted(catalog.cards, key=lambda card: (card.effective_from, card.checked_on), reverse=True)
    ]
    output.write(FORMATS[output.format](rows))
    return OK


class Import(argparse.Namespace):
    """What is asked: the card of a saved page, and the day when it was checked."""

    file: str
    checked_on: date | None


def _import(given: Import) -> int:
    output, catalog, language = Output.of(given), catalog_of(given) or built_in(), language_of(given)
    with open_input(given.file) as file:
        saved = read_bytes(file, most=_LARGEST_PAGE, instead=Told("page_alone"))
    name = said_in(name_of(given.file), language)
    imported = import_card(saved, checked_on=given.checked_on, catalog=catalog, name=name)
    card = imported.card
    output.write(msgspec.json.format(msgspec.json.encode(card.to_dict())) + b"\n")
    prices = said("prices", language, sum(map(len, card.prices.values())))
    note(said("imported", language, prices=prices, others=imported.passed_over))
    name_card(card, language)
    before = card_before(card, catalog.cards)
    note(*_lint_lines(lint(card, previous=before, today=date.today(), catalog=catalog, language=language)))
    if before is not None:
        note(*_diff_lines(diff(before, card), language))
    return OK


class Lint(argparse.Namespace):
    """What is asked: what looks odd in a card, beside another one."""

    card: str
    against: str | None


def _lint(given: Lint) -> int:
    catalog, language = catalog_of(given) or built_in(), language_of(given)
    against = None if given.against is None else _card(given.against, catalog)
    card, output = _card(given.card, catalog), Output.of(given)
    before = against or card_before(card, catalog.cards)
    shown = "en" if output.format == "json" else language
    findings = lint(card, previous=before, today=date.today(), catalog=catalog, language=shown)
    output.write(msgspec.json.encode(findings) + b"\n" if output.format == "json" else _lint_lines(findings))
    name_card(card, language)
    return exit_with(REJECTED, said("findings", language, len(findings)), language) if findings else OK


def _lint_lines(findings: Iterable[CardFinding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.rule}: {'' if finding.model is None else finding.model + ': '}{finding.message}"


class Diff(argparse.Namespace):
    """What is asked: what differs between two cards, and what that means for a plan."""

    before: str
    after: str
    file: str | None


def _diff(given: Diff) -> int:
    catalog, language = catalog_of(given), language_of(given)
    before, after = (_card(text, catalog or built_in()) for text in (given.before, given.after))
    source = None if given.file is None else Source.of(given)
    if source is not None:
        check_options(given, source)
    output, result, plan = Output.of(given), diff(before, after), None
    if source is not None:
        plan = Repricing(before, after, catalog)
        for entry in watched(read_requests(source, Pricing(own_catalog=catalog), [])[0]):
            plan.add(entry.report)
    if output.format == "json":
        output.write(msgspec.json.encode({"cards": result, "plan": plan and _plan(plan)}) + b"\n")
    else:
        output.write([*_diff_lines(result, language), *(_plan_lines(plan, language) if plan else ())])
    return OK


def _diff_lines(result: CardDiff, language: str) -> Iterator[str]:
    before, after, differing = result.before.id, result.after.id, len(result.moves)
    yield said("differ", language, before=before, after=after, differing=differing, cells=result.cells)
    for kind, absent in (("new", result.new_models), ("gone", result.gone_models)):
        cells = sum(move.model in absent for move in result.moves)
        if absent:
            prices, models = said("prices", language, cells), said("models", language, len(absent))
            yield said(f"models_{kind}", language, prices=prices, models=models, names=", ".join(absent))
    whole = {*result.new_models, *result.gone_models}
    by_kind: dict[tuple[str, str], list[Move]] = {}  # what is new, gone and moved of each model
    for move in result.moves:
        if move.model not in whole:
            by_kind.setdefault((move.model, _change(move).partition("_")[0]), []).append(move)
    for (model, kind), moves in by_kind.items():
        if kind == "moved" or len(moves) <= _MOST_CELLS:
            yield from (said(_change(move), language, **msgspec.structs.asdict(move)) for move in moves)
        else:
            shown = ", ".join(move.cell for move in moves[:_MOST_CELLS])
            yield said(f"several_{kind}", language, len(moves), model=model, shown=shown, more=len(moves) - _MOST_CELLS)


def _change(move: Move) -> str:
    if move.usd_before is None or move.usd_after is None:
        return "new" if move.usd_before is None else "gone"
    return "moved" if move.percent is not None else "moved_from_0"


def _plan_lines(plan: Repricing, language: str) -> Iterator[str]:
    before, after = plan.before, plan.after
    requests = said("requests", language, before.requests)
    yield said("repriced", language, requests=requests, changed=plan.changed, rejected=before.rejected)
    yield said("price_before", language, credits=credits_line(before, language))
    credits = credits_line(after, language)
    if plan.more is None:
        yield said("price_after_alone", language, credits=credits)
    else:
        yield said("price_after", language, credits=credits, more=f"{plan.more:+}")


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


def _card(text: str, catalog: Catalog) -> RateCard:
    """A card by its file, or one of the catalog by its id."""
    for card in catalog.cards:
        if card.id == text:
            return card
    if not os.path.exists(text):
        raise UnusableError("no_card_or_file", text=text, cards=[card.id for card in catalog.cards])
    return RateCard.load(text)
