"""What a run counts up besides its results: totals, what could be saved, and the limits that were asked for."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from reapi_rules.cli.exits import LIMIT, OK, REJECTED
from reapi_rules.cli.files import note
from reapi_rules.cli.limits import stale
from reapi_rules.cli.options import card_in_force
from reapi_rules.cli.text import card_line, change_line, credits_line, saving_line, summary_line
from reapi_rules.engine.report import Report
from reapi_rules.sheets.totals import Totals

if TYPE_CHECKING:
    from reapi_rules.sheets.results import Answer
    from reapi_rules.sheets.savings import Savings
    from reapi_rules.sheets.what_if import Changes

__all__ = ["Tally"]


class Tally:
    """Totals, savings and limits over the requests of a run."""

    def __init__(self, arguments: argparse.Namespace, *, finds_savings: bool = True) -> None:
        self.totals: Totals = Totals()
        self._arguments = arguments
        self._finds_savings = finds_savings
        self._over_budget: str | None = None
        self._is_unordered: bool = arguments.max_credits is None
        self._shared: list[Answer] = []

    @cached_property
    def savings(self) -> Savings:
        """What the requests could save."""
        from reapi_rules.sheets.savings import Savings  # a request by flags starts faster without

        return Savings()

    @cached_property
    def _changes(self) -> Changes:
        from reapi_rules.sheets.what_if import Changes

        return Changes()

    def add(self, where: str, report: Report, times: int = 1) -> None:
        """Count one request, or several of one kind."""
        self.totals.add_quote(report.quote, times)
        if self._finds_savings:
            self.savings.add(report, times)
        budget = self._arguments.max_credits
        if budget is None or self._over_budget is not None or report.quote is None:
            return
        if report.quote.credits is None:
            self._over_budget = f"{where} has no price: nobody can say that all requests stay within {budget} credits"
        elif self.totals.credits > budget:
            self._over_budget = f"{where} crosses {budget} credits: {credits_line(self.totals)} up to and with it"

    def add_answer(self, number: int, answer: Answer) -> None:
        """Count the answer to a row; shared ones are counted up first, unless it matters which row is which."""
        if answer.is_shared and self._is_unordered:
            if answer.times == 0:
                self._shared.append(answer)
            answer.times += 1
        else:
            self._add_answer(f"row {number}", answer)

    def _add_answer(self, where: str, answer: Answer, times: int = 1) -> None:
        self.add(where, answer.report, times)
        if answer.before is not None:
            self._changes.add(answer.before, answer.report, times)

    def add_shared(self) -> None:
        """Count the shared answers, once all rows are read."""
        for answer in self._shared:
            self._add_answer("", answer, answer.times)
        self._shared.clear()

    def summarise(self) -> None:
        """Say what all requests cost together, what they could save, and where the prices are from."""
        note(summary_line(self.totals))
        if self._changes.before.requests:
            note(change_line(self._changes))
        if self.savings.requests:
            note(saving_line(self.savings))
        self.name_card()

    def name_card(self) -> None:
        """Say from which card the prices are, and how old it is."""
        card = card_in_force(self._arguments)
        note(card_line(None if card is None else card.identity, date.today()))

    def exit_code(self) -> int:
        """The exit code of the run; each limit that is not met is said."""
        unmet = list(self._unmet())
        for reason in unmet:
            note(reason)
        return REJECTED if self.totals.rejected else LIMIT if unmet else OK

    def _unmet(self) -> Iterator[str]:
        arguments = self._arguments
        if arguments.require_price and self.totals.unpriced:
            yield f"{self.totals.unpriced} requests have no price"
        if self._over_budget is not None:
            yield self._over_budget
        reason = stale(arguments)
        if reason is not None:
            yield reason
