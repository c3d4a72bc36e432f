"""The summary of a run: totals, what could be saved, whose prices these are, and the limits that are not met."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from reapi_rules.catalog.rates import FRESH_DAYS, RateCard
from reapi_rules.cli.exits import LIMIT, OK, REJECTED
from reapi_rules.cli.lines import card_line, credits_line, has_warning, low_to_high
from reapi_rules.cli.options import Limits, Pricing
from reapi_rules.cli.requests import Entry
from reapi_rules.cli.said import Place, said
from reapi_rules.cli.streams import note
from reapi_rules.cli.terminal import Line, is_terminal
from reapi_rules.engine.report import Report
from reapi_rules.sheets.results.totals import Totals

if TYPE_CHECKING:
    from reapi_rules.cli.options import Source
    from reapi_rules.sheets.meaning.account import Account
    from reapi_rules.sheets.meaning.table import Row
    from reapi_rules.sheets.results.currency import Currency
    from reapi_rules.sheets.results.result import Result
    from reapi_rules.sheets.results.what_if import Changes, Savings

__all__ = ["Summary", "change_line", "exit_code_of", "exit_with", "name_card", "stale", "warn_of_age"]


class Summary:
    """Totals, savings and limits over the requests of a run."""

    def __init__(
        self,
        limits: Limits,
        pricing: Pricing,
        source: Source | None,
        language: str,
        *,
        finds_savings: bool = True,
        is_advice: bool = False,
    ) -> None:
        self._totals: Totals = Totals()
        self._limits, self._source, self._is_advice = limits, source, is_advice
        self.pricing: Pricing = pricing
        self.language: str = language
        self._savings: Savings | None = None
        self._changes: Changes | None = None
        self._over_budget: str | None = None
        self._is_unordered: bool = finds_savings and limits.max_credits is None
        self._shared: list[Result] = []
        self._sheets: dict[str, Totals] = {}
        self._warned = 0
        self.accounts: list[Account] = []
        if source is not None and finds_savings:
            from reapi_rules.sheets.results.what_if import Savings  # a request by flags starts faster without

            self._savings = Savings(pricing.own_catalog)

    def add(self, place: Place | None, report: Report, times: int = 1) -> None:
        """Count one request, or several of one kind."""
        self._totals.add(report.quote, times)
        if self._savings is not None:
            self._savings.add(report, times)
        budget = self._limits.max_credits
        if budget is None or self._over_budget is not None or report.quote is None:
            return
        where = "" if place is None else place.said(self.language)
        if report.quote.credits is None:
            self._over_budget = said("may_be_over", self.language, where=where, limit=budget)
        elif self._totals.credits > budget:
            credits = credits_line(self._totals, self.language)
            self._over_budget = said("over", self.language, where=where, credits=credits, limit=budget)

    def counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._warned += self._limits.is_strict and entry.report.ok and has_warning(entry.report)
            if not self._counts_later(entry.place.sheet, entry.report, entry.shared):
                self.add(entry.place, entry.report)
            yield entry

    def add_result(self, row: Row, result: Result, place_of: Callable[[Row], Place]) -> None:
        """Count the result of a row."""
        if not self._counts_later(row.sheet, result.report, result if result.is_shared else None):
            self._add_result(place_of(row), result)

    def _counts_later(self, sheet: str, report: Report, shared: Result | None) -> bool:
        """Count a row for its sheet; a shared result is counted by ``say``, unless it matters which row is which."""
        if sheet:
            self._sheets.setdefault(sheet, Totals()).add(report.quote)
        if shared is None or not self._is_unordered:
            return False
        if shared.times == 0:
            self._shared.append(shared)
        shared.times += 1
        return True

    def _add_result(self, place: Place | None, result: Result, times: int = 1) -> None:
        self.add(place, result.report, times)
        if result.before is not None:
            if self._changes is None:
                from reapi_rules.sheets.results.what_if import Changes

                self._changes = Changes(self.pricing.own_catalog)
            self._changes.add(result.before, result.report, times)

    def say(self, currency: Currency | None = None) -> None:
        """Say what all requests cost together, what they could save, and where the prices are from."""
        card, language = self.pricing.card, self.language
        warn_of_age(card, language, is_early=False)
        self.say_totals()
        if currency is not None and not self._totals.is_unpriced:
            low, high = map(currency.amount, (self._totals.credits_low, self._totals.credits))
            amount = low_to_high(low, high, language)
            note(said("converted", language, amount=amount, code=currency.code, rate=currency))
        if self._changes is not None:
            note(change_line(self._changes, language))
        if self._savings is not None and self._savings.requests:
            note(self._saving(self._savings))
        name_card(card, language)

    def say_totals(self) -> None:
        """Say what the requests of each of several sheets cost, and all together."""
        for result in self._shared:
            self._add_result(None, result, result.times)
        self._shared.clear()
        for sheet, totals in self._sheets.items():
            note(said("sheet", self.language, name=sheet, summary=_sums(totals, self.language)))
        note(Line(_sums(self._totals, self.language), "head"))

    def _saving(self, savings: Savings) -> str:
        """What many requests could save: first what naming a quality saves, then what gives something up."""
        from shlex import quote

        language, path = self.language, "-" if self._source is None else self._source.path
        quality = [said("by_quality", language, savings.by_quality)] if savings.by_quality else []
        lower = said("at_lower" if quality else "at_lower_alone", language, savings.credits)
        ways = quality if savings.by_quality == savings.credits else [*quality, lower]
        file = "FILE" if path == "-" else quote(path)
        text = "savings" if self._is_advice else "savings_of"
        return said(text, language, savings=said("then", language).join(ways), file=file)

    def exit_code(self) -> int:
        """The exit code of the run; each limit that is not met is said."""
        return exit_code_of(self._totals.rejected, [*self._unmet()], self._warned, language=self.language)

    def _unmet(self) -> Iterator[str]:
        if self._limits.require_price and self._totals.unpriced:
            yield said("unmet_price", self.language, self._totals.unpriced)
        if self._over_budget is not None:
            yield self._over_budget
        yield from stale(self._limits, self.pricing, self.language)
        must_be_read = self._source is not None and self._source.require_all_read
        if must_be_read and any(account.has_unread_values for account in self.accounts):
            yield said("all_read", self.language)


def stale(limits: Limits, pricing: Pricing, language: str) -> Iterator[str]:
    """Why the prices are not as fresh as they have to be; nothing where they are."""
    card, limit = pricing.card, limits.fresh_days
    if limit is None:
        return
    if card is None:
        yield said("no_fresh", language)
    elif (age := card.identity.age(date.today())) > limit:
        yield said("stale", language, age, id=card.id, limit=limit)
    elif age < 0:
        yield card_line(card.identity, date.today(), language)


def exit_code_of(rejected: int, unmet: Sequence[str], warned: int = 0, *, language: str) -> int:
    """The exit code of a run, each limit that is not met and, last, why it is not 0.

    ``warned`` is how many accepted requests fail for their warnings.
    """
    note(*(Line(reason, "error") for reason in unmet))
    failed = [said(text, language, count) for text, count in (("rejected", rejected), ("warned", warned)) if count]
    if failed:
        return exit_with(REJECTED, said("and", language).join(failed), language)
    return exit_with(LIMIT, said("limits", language, len(unmet)), language) if unmet else OK


def exit_with(code: int, reason: str, language: str) -> int:
    """The exit code, after a line that says it with its reason."""
    note(Line(said("exit", language, code=code, reason=reason), "error"))
    return code


def warn_of_age(card: RateCard | None, language: str, *, is_early: bool = True) -> None:
    """Say that prices are old: on a terminal early, before anything else, and elsewhere late."""
    age = 0 if card is None else card.identity.age(date.today())
    if age > FRESH_DAYS and is_terminal(sys.stderr) == is_early:
        note(Line(said("age", language, age), "warning"))


def name_card(card: RateCard | None, language: str) -> None:
    """Say from which card the prices are, and how old it is."""
    note(card_line(card.identity if card else None, date.today(), language))


def _sums(totals: Totals, language: str) -> str:
    """Requests, rejections and credits, low to high."""
    requests, credits = said("requests", language, totals.requests), credits_line(totals, language)
    return said("summary", language, requests=requests, rejected=totals.rejected, credits=credits)


def change_line(changes: Changes, language: str) -> str:
    """What a change of many requests does to their price."""
    low, high, text = changes.saving_low, changes.saving, "change_unpriced" if changes.is_unpriced else "change_saves"
    if high < 0:
        low, high, text = -high, -low, "change_costs"
    lines = [said("before", language, credits=credits_line(changes.before, language))]
    lines.append(said(text, language, credits=low_to_high(low, high, language)))
    lines += [said("costlier", language, changes.costlier)] if changes.costlier else []
    lines += [said("refused", language, changes.refused)] if changes.refused else []
    lines += [said("newly_accepted", language, changes.accepted)] if changes.accepted else []
    return said("then", language).join(lines)
