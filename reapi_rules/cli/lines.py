"""Lines for people: what reports, quotes and totals say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec

from reapi_rules.catalog.rates import CardId
from reapi_rules.cli.requests import Entry
from reapi_rules.cli.said import Place, said
from reapi_rules.cli.streams import is_screen, printed
from reapi_rules.cli.terminal import Line, printable, width_of
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.report import Report
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.terms.credits import usd
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.once import Recent

if TYPE_CHECKING:
    from reapi_rules.engine.fixes import Fix
    from reapi_rules.sheets.results.result import Result

__all__ = [
    "card_line",
    "credits",
    "credits_line",
    "finding_lines",
    "finding_text",
    "has_warning",
    "low_to_high",
    "once_for_all",
    "pixels",
    "printer",
    "quote_lines",
    "report_lines",
]

_HANG = len("  warning  ")
T = TypeVar("T")


def once_for_all(make: Callable[[Entry], T]) -> Callable[[Entry], T]:
    """What is made of a request, made once for all rows that say the same."""
    known: Recent[Result, T] = Recent()

    def made(entry: Entry) -> T:
        if entry.shared is None:
            return make(entry)
        if entry.shared not in known:
            known[entry.shared] = make(entry)
        return known[entry.shared]

    return made


def printer(
    lines: Callable[[Entry], Iterable[str]], output: BinaryIO | None, language: str
) -> Callable[[Entry], bytes]:
    """What makes one text of the lines on a request, once for all rows that say the same but for their place."""
    behind = once_for_all(lambda entry: printed(lines(msgspec.structs.replace(entry, place=Place())), output))

    def text(entry: Entry) -> bytes:
        if entry.shared is None or is_screen(output):
            return printed(lines(entry), output)
        rest = behind(entry)
        return printable(entry.place.said(language)).encode() + rest if rest else rest

    return text


def report_lines(entry: Entry, language: str, *, is_strict: bool = False) -> Iterator[str]:
    """A report as lines: the verdict, what is wrong, how cells were read, what to know; notes folded into one line."""
    report = entry.report
    fails = is_strict and report.ok and has_warning(report)
    verdict = said("fails" if fails else "is_accepted" if report.ok else "is_rejected", language)
    yield Line(f"{entry.place.said(language)}: {verdict}", "" if report.ok and not fails else "error")
    if report.quote is not None:
        parts = [str(report.model)]
        if report.dimensions is not None:
            parts += said(str(report.mode), language), pixels(report.dimensions, language)
        yield f"  {said('and', language).join((*parts, credits(report.quote, language)))}"
    for finding in report.errors:
        yield from finding_lines(finding, language, entry.columns)
    yield from _remarks(entry, language)
    if entry.fix is not None:
        yield from _fix_lines(entry.fix, language)


def _lead(kind: str, language: str) -> str:
    """What a line of a report begins with, as wide in each language."""
    word = said(kind, language)
    return f"  {word}{' ' * (_HANG - 2 - width_of(word))}"


def _remarks(entry: Entry, language: str) -> Iterator[str]:
    """How cells were read, the warnings, and the notes in one line."""
    yield from (Line(f"{_lead('cell', language)}{reading}", hang=_HANG) for reading in entry.readings)
    for finding in entry.report.warnings:
        if finding.level == "warning":
            yield from finding_lines(finding, language, entry.columns)
    notes = [finding.rule for finding in entry.report.warnings if finding.level == "note"]
    if notes:
        yield Line(f"{_lead('note', language)}{', '.join(notes)}", hang=_HANG)


def _fix_lines(fix: Fix, language: str) -> Iterator[str]:
    """What patches changed, and whether the body still is rejected."""
    for change in fix.changes:
        old, new = (_shown(value, language) for value in (change.old, change.new))
        yield f"{_lead('fixed', language)}{change.rule} {change.pointer}: {old} -> {new}"
    if not fix.after.ok:
        rules = ", ".join(dict.fromkeys(error.rule for error in fix.after.errors))
        yield f"{_lead('unfixed', language)}{said('still' if fix.changes else 'as_it_was', language, rules=rules)}"


def _shown(value: Any, language: str) -> str:
    return said("absent", language) if value is msgspec.UNSET else msgspec.json.encode(value).decode()


def has_warning(report: Report) -> bool:
    return any(finding.level == "warning" for finding in report.warnings)


def quote_lines(entry: Entry, today: date | None, language: str) -> Iterator[str]:
    """A quote as lines, the credits first; with a day the only one, which needs no name, and how old its prices are."""
    report, quote = entry.report, entry.report.quote
    if quote is None:
        yield from report_lines(entry, language)
        return
    price = credits(quote, language)
    yield Line(price if today and entry.line is None else f"{entry.place.said(language)}: {price}", "head")
    if quote.cell is not None:
        yield f"  {said('each', language, n=quote.n, usd=quote.per_image_usd, cell=quote.cell)}"
    for cell in quote.missing:
        yield Line(f"  {said('missing', language, cell=cell)}", "warning")
    because = "" if quote.reason is None else said(quote.reason, language)
    yield f"  {said(f'is_{quote.basis}', language, reason=because, certainty=said(quote.certainty, language))}"
    if report.dimensions is not None:
        yield f"  {pixels(report.dimensions, language)}"
    if quote.float_sensitive:
        yield f"  {said('floats', language)}"
    yield from _remarks(entry, language)
    if today is not None:
        yield f"  {card_line(quote.rate_card, today, language)}"


def credits(quote: Quote, language: str) -> str:
    """The credits of a quote, bounds as bounds."""
    if quote.credits is None:
        return said("no_price", language)
    if quote.credits != quote.credits_low:
        return said("bounded", language, low=quote.credits_low, high=quote.credits, usd=quote.usd)
    return said("credits", language, credits=quote.credits, usd=quote.usd)


def pixels(dimensions: Dimensions, language: str) -> str:
    """The pixels, or why they are not known."""
    if dimensions.width is None:
        return said("pixels_unknown", language, reason=said(str(dimensions.reason), language))
    edges = f"{dimensions.width}x{dimensions.height}"
    if dimensions.certainty == "documented":
        return edges
    return said("unsure", language, pixels=edges, certainty=said(str(dimensions.certainty), language))


def card_line(card: CardId | None, today: date, language: str) -> str:
    """Which card the prices are from, and how old it is."""
    if card is None:
        return said("no_card", language)
    text, days = "card" if card.age(today) >= 0 else "card_to_come", card.age(today)
    return said(text, language, days, id=card.id, start=card.effective_from, checked=card.checked_on)


def credits_line(totals: Totals, language: str) -> str:
    """The credits of many requests, low to high, and how many have none."""
    unpriced = [said("unpriced", language, totals.unpriced)] if totals.unpriced else []
    if totals.is_unpriced:
        return unpriced[0]
    credits = low_to_high(totals.credits_low, totals.credits, language)
    return said("and", language).join((said("credits", language, credits=credits, usd=usd(totals.credits)), *unpriced))


def low_to_high(low: int | str, high: int | str, language: str) -> str:
    return f"{high}" if low == high else said("to", language, low=low, high=high)


def finding_lines(finding: Finding, language: str, columns: Mapping[str, str] | None = None) -> Iterator[str]:
    """A finding as a line, with the column of its field in a sheet, and its hint as another."""
    name, (message, advice) = finding_text(finding, language, columns)
    yield Line(f"{_lead(finding.level, language)}{name}: {message}", finding.level, _HANG)
    if advice:
        yield Line(f"  {'':8} -> {advice}", "hint", _HANG + 3)


def finding_text(
    finding: Finding, language: str, columns: Mapping[str, str] | None = None
) -> tuple[str, tuple[str, str | None]]:
    """A finding's rule with its code and the column of its field in a sheet; and its message and its hint."""
    code = "" if finding.code is None else f" ({finding.code})"
    column = (columns or {}).get(finding.field or "")
    name = f"{finding.rule}{code}{'' if column is None else said('of_column', language, column=column)}"
    message, advice = finding.message, finding.hint
    if language != "en":
        from reapi_rules.catalog.messages import hint, text  # English starts faster without

        message, advice = text(finding, language), hint(finding, language)
    if finding.pointer.count("/") > 1:
        from reapi_rules.forms.mapping import entry_of, sentence

        if (index := entry_of(finding)) is not None:  # which of the URLs it is
            message = sentence("entry", language, number=index + 1, message=message)
    return name, (message, advice)
