"""The summary of a run: totals, what could be saved, whose prices these are, and the limits that are not met."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from reapi_rules.catalog.rates import RateCard
from reapi_rules.cli.exits import LIMIT, OK, REJECTED
from reapi_rules.cli.lines import age_line, card_line, change_line, counted, credits_line, saving_line, summary_line
from reapi_rules.cli.options import Limits, Pricing
from reapi_rules.cli.requests import Entry
from reapi_rules.cli.streams import note
from reapi_rules.cli.terminal import Line, is_terminal
from reapi_rules.engine.report import Report
from reapi_rules.sheets.totals import Totals

if TYPE_CHECKING:
    from reapi_rules.cli.options import Source
    from reapi_rules.sheets.account import Account
    from reapi_rules.sheets.results import Result
    from reapi_rules.sheets.savings import Savings
    from reapi_rules.sheets.table import Row
    from reapi_rules.sheets.what_if import Changes

__all__ = ["Summary", "ended", "explained", "name_card"]


class Summary:
    """Totals, savings and limits over the requests of a run."""

    def __init__(self, limits: Limits, pricing: Pricing, path: str = "-", *, finds_savings: bool = True) -> None:
        self._totals: Totals = Totals()
        self._limits, self._pricing, self._path = limits, pricing, path
        self._savings: Savings | None = None
        self._changes: Changes | None = None
        self._over_budget: str | None = None
        self._is_unordered: bool = limits.max_credits is None
        self._shared: list[Result] = []
        self._sheets: dict[str, Totals] = {}
        self._has_said_age: bool = False
        self.accounts: list[Account] = []
        if finds_savings:
            from reapi_rules.sheets.savings import Savings  # a request by flags starts faster without

            self._savings = Savings(pricing.own_catalog)

    def add(self, where: str, report: Report, times: int = 1) -> None:
        """Count one request, or several of one kind."""
        self._totals.add(report.quote, times)
        if self._savings is not None:
            self._savings.add(report, times)
        budget = self._limits.max_credits
        if budget is None or self._over_budget is not None or report.quote is None:
            return
        if report.quote.credits is None:
            self._over_budget = f"{where} has no price, so the total may exceed the limit of {budget} credits"
        elif self._totals.credits > budget:
            self._over_budget = f"over budget at {where}: running total {credits_line(self._totals)}, limit {budget}"

    def counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The requests, counted as they go by."""
        for entry in entries:
            if entry.shared is not None and self._is_unordered:
                self._add_shared(entry.shared)
            else:
                self.add(entry.where, entry.report)
            yield entry

    def add_result(self, row: Row, result: Result, where: str | None = None) -> None:
        """Count the result of a row; shared ones are counted by ``say``, unless it matters which row is which."""
        if row.sheet:
            self._sheets.setdefault(row.sheet, Totals()).add(result.report.quote)
        if result.is_shared and self._is_unordered:
            self._add_shared(result)
        else:
            self._add_result(where or row.where, result)

    def _add_shared(self, result: Result) -> None:
        if result.times == 0:
            self._shared.append(result)
        result.times += 1

    def _add_result(self, where: str, result: Result, times: int = 1) -> None:
        self.add(where, result.report, times)
        if result.before is not None:
            if self._changes is None:
                from reapi_rules.sheets.what_if import Changes

                self._changes = Changes(self._pricing.own_catalog)
            self._changes.add(result.before, result.report, times)

    def say(self) -> None:
        """Say what all requests cost together, what they could save, and where the prices are from."""
        for result in self._shared:
            self._add_result("", result, result.times)
        self._shared.clear()
        self.say_age()
        for sheet, totals in self._sheets.items():
            note(f'sheet "{sheet}": {summary_line(totals)}')
        note(Line(summary_line(self._totals), "head"))
        if self._changes is not None:
            note(change_line(self._changes))
        if self._savings is not None and self._savings.requests:
            note(saving_line(self._savings, self._path))
        name_card(self._pricing.card)

    def begin(self) -> None:
        """Say on a terminal, before anything else, that the prices are old; elsewhere that is for ``say``."""
        if is_terminal(sys.stderr):
            self.say_age()

    def say_age(self) -> None:
        """Say once that the prices are old."""
        card = self._pricing.card
        age = None if card is None or self._has_said_age else age_line(card.identity, date.today())
        if age is not None:
            self._has_said_age = True
            note(Line(age, "warning"))

    def exit_code(self, source: Source | None = None) -> int:
        """The exit code of the run; each limit that is not met is said."""
        unmet = list(self._unmet())
        if source is not None and self.accounts:
            from reapi_rules.cli.sheet import unread

            unmet += filter(None, [unread(source, self.accounts)])
        return ended(self._totals.rejected, unmet)

    def _unmet(self) -> Iterator[str]:
        if self._limits.require_price and self._totals.unpriced:
            yield f"{counted(self._totals.unpriced, 'request')} without a price"
        if self._over_budget is not None:
            yield self._over_budget
        reason = self._limits.stale(self._pricing)
        if reason is not None:
            yield reason


def ended(rejected: int, unmet: Sequence[str], warned: int = 0) -> int:
    """The exit code of a run, each limit that is not met and, last, why it is not 0.

    ``warned`` is how many accepted requests fail for their warnings.
    """
    for reason in unmet:
        note(Line(reason, "error"))
    failed = [f"{rejected} rejected"] if rejected else []
    failed += [f"{warned} accepted, but with warnings (--strict)"] if warned else []
    if failed:
        return explained(REJECTED, ", ".join(failed))
    return explained(LIMIT, f"{counted(len(unmet), 'limit')} not met") if unmet else OK


def explained(code: int, reason: str) -> int:
    """The exit code, which is said with its reason."""
    note(Line(f"exit status {code}: {reason}", "error"))
    return code


def name_card(card: RateCard | None) -> None:
    """Say from which card the prices are, and how old it is."""
    note(card_line(None if card is None else card.identity, date.today()))
