"""``reapi-rules reconcile``: what the requests of a plan cost in the end, by reAPI's answers to them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from reapi_rules.catalog.messages import explained
from reapi_rules.cli.exits import OK, REJECTED, UnusableError
from reapi_rules.cli.lines import finding_lines, low_to_high
from reapi_rules.cli.options import ROWS, SHEETS, Output, Pricing, Source, check_options, suffix_format
from reapi_rules.cli.progress import watched
from reapi_rules.cli.row_formats import FORMATS, Row
from reapi_rules.cli.said import said
from reapi_rules.cli.sheet import Sheet, open_sheet
from reapi_rules.cli.streams import elements, note, open_input, printed, read_bytes
from reapi_rules.cli.summary import exit_with, name_card, warn_of_age
from reapi_rules.sheets.meaning.contents import text_at
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.reconciliation import NAME, Account, Planned, Sums, reconcile
from reapi_rules.terms.credits import usd
from reapi_rules.terms.spelling import fold

__all__ = ["Reconcile", "configure", "execute"]

_ID = "id"
"""What may name the requests of a plan as well: its column of that title, or key."""

_AMOUNTS = ("quoted", "charged", "refunded", "net")


class Reconcile(argparse.Namespace):
    """What is asked: a plan, the answers to it, and the name of what both have."""

    file: str
    answers: str
    key: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    Source.add(parser, "PLAN", count=None)
    parser.add_argument("answers", metavar="ANSWERS")
    parser.add_argument("--key", metavar="NAME")
    Output.add(parser, *ROWS)
    Pricing.add(parser)


def execute(given: Reconcile) -> int:
    if given.file == given.answers == "-":
        raise UnusableError("two_inputs")
    if suffix_format(given.answers) in SHEETS:
        raise UnusableError("sheet_of_answers", path=given.answers)
    output, source = Output.of(given), Source.of(given)
    check_options(given, source, is_told=True)
    pricing, language, form = Pricing.of(given), source.language, output.format
    warn_of_age(pricing.card, language)
    with open_input(given.answers) as file:
        answers = _answers(read_bytes(file))
    shown = language if form == "text" else "en"
    with output.open() as file:
        with open_sheet(source, pricing) as sheet:
            key, at = _named(sheet, given.key)
            plan = list(_planned(sheet, at, shown))
        if given.key is None and key == _ID and not _fits(plan, answers):
            key, plan = NAME, [replace(each, name=None) for each in plan]
        try:
            done = reconcile(plan, answers, key=key)
        except ValueError as error:
            raise UnusableError("other_key", name=source.name, error=error) from None
        numbers = (each.where.rpartition(" ")[2] for each in done.strays)
        places = (said("answer", shown, number=number) for number in numbers)
        accounts = (*done.requests, *(replace(each, where=where) for each, where in zip(done.strays, places)))
        if form == "json":
            file.write(msgspec.json.encode(done) + b"\n")
        elif form == "text":
            file.write(FORMATS["text"]([_short(account, language) for account in accounts]))
            file.write(printed(_remarks(accounts, language), file))
        else:
            file.write(FORMATS[form](list(map(_row, accounts))))
    if answers:
        note(said(f"by_{done.matched_by}", language, key=key))
    note(*_sums(done.sums, language))
    name_card(pricing.card, language)
    return OK if done.sums.is_settled else exit_with(REJECTED, said("not_settled", language), language)


def _answers(text: bytes) -> Sequence[Any]:
    """The answers in a JSON list, alone or under a key of its own, or in lines; any other JSON value is one answer."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    items = elements(text)
    if items is not None:
        return items
    try:
        value = msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return [line for line in text.split(b"\n") if line.strip()]
    only = next(iter(value.values())) if type(value) is dict and len(value) == 1 and "data" not in value else None
    return only if type(only) is list else [text]  # reAPI's own answers have an id under data


def _named(sheet: Sheet, key: str | None) -> tuple[str, int | None]:
    """What names the requests, and its column: what is asked for, else one that is called so."""
    if key is not None:
        return key, sheet.column("--key", key)
    titles = [*map(fold, sheet.table.columns.titles)]
    name = next((each for each in (NAME, _ID) if fold(each) in titles), NAME)
    return name, titles.index(fold(name)) if fold(name) in titles else None


def _fits(plan: Sequence[Planned], answers: Sequence[Any]) -> bool:
    """Whether the ids of a plan, which nobody called a key, are what the answers name, all of them."""
    try:
        sums = reconcile(plan, answers, key=_ID).sums
    except ValueError:
        return False
    return sums.answered > 0 and not sums.strays


def _planned(sheet: Sheet, at: int | None, language: str) -> Iterator[Planned]:
    for row in watched(sheet.table.rows):
        result = sheet.quoter.result(row)
        if result is not None:
            name = None if at is None else text_at(row.cells, at).strip() or None
            yield Planned(where=sheet.place_of(row).said(language), name=name, report=result.report)


def _row(account: Account) -> Row:
    row = msgspec.structs.asdict(account)
    lists = {"tasks": account.tasks, "endings": account.endings, "findings": [each.rule for each in account.findings]}
    return row | {name: " ".join(values) for name, values in lists.items()}


def _short(account: Account, language: str) -> Row:
    """An account in a line."""
    meanings = ((name, explained(endings()[name].meaning, language)) for name in account.endings)
    ended = said("and", language).join(said("ended", language, name=name, meaning=each) for name, each in meanings)
    return {
        said("request", language): _called(account),
        **_amounts(account, language),
        said("ending", language): ended or said("no_answer" if account.ok else "not_sent", language),
    }


def _called(account: Account) -> str:
    """A request by its name and where it is."""
    name = account.name or ""
    return account.where if name in account.where else f"{name} ({account.where})"


def _amounts(of: Account | Sums, language: str) -> dict[str, str]:
    """The credits from low to high, by what they are."""
    bounds = ((said(name, language), getattr(of, f"{name}_low"), getattr(of, name)) for name in _AMOUNTS)
    return {name: "?" if None in (low, high) else low_to_high(low, high, language) for name, low, high in bounds}


def _remarks(accounts: Sequence[Account], language: str) -> Iterator[str]:
    """What does not fit, which requests should have been rejected, and which have more than one task."""
    for account in accounts:
        wrong = (finding for finding in account.findings if finding.level != "note")
        lines = [line for finding in wrong for line in finding_lines(finding, language)]
        if account.tasks and not account.ok:
            lines.append(f"  {said('unruly', language)}")
        if len(account.tasks) > 1:
            lines.append(f"  {said('tasks', language, len(account.tasks), ids=', '.join(account.tasks))}")
        if lines:
            yield f"{_called(account)}:"
            yield from lines


def _sums(sums: Sums, language: str) -> Iterator[str]:
    rejected = said("and_rejected", language, sums.rejected) if sums.rejected else ""
    requests = said("requests", language, sums.requests)
    yield said("answered", language, requests=requests, answered=sums.answered, missing=sums.missing) + rejected
    amounts = said("and", language).join(map(" ".join, _amounts(sums, language).items()))
    yield said("amounts", language, amounts=amounts, usd=usd(sums.net))
    if sums.unfinished:
        yield said("unfinished", language, sums.unfinished)
    if sums.unknown:
        bounds = [said("in_doubt", language, sums.in_doubt)] if sums.in_doubt else []
        bounds += [said("unpriced", language, sums.unquoted)] if sums.unquoted else []
        yield said("unknown_charge", language, sums.unknown, bounds=said("and", language).join(bounds))
    if sums.repeated:
        yield said("repeated", language, sums.repeated)
    if sums.strays:
        yield said("strays", language, sums.strays)
