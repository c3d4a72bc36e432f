"""What a run counts up besides its results: totals, what could be saved, and the limits that were asked for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from datetime import date

from reapi_rules.cli.exits import LIMIT, OK, REJECTED
from reapi_rules.cli.files import note
from reapi_rules.cli.options import card_in_force
from reapi_rules.cli.text import card_line, change_line, credits_line, saving_line, summary_line
from reapi_rules.report import Report
from reapi_rules.sheets.answers import Answer
from reapi_rules.sheets.savings import Savings
from reapi_rules.sheets.totals import Totals
from reapi_rules.sheets.what_if import Changes

__all__ = ["Tally", "add_fresh", "add_limits", "stale"]

_DAYS = re.compile(r"([0-9]{1,5})d")


def add_limits(parser: argparse.ArgumentParser) -> None:
    """--require-price, --max-credits and --require-fresh."""
    parser.add_argument("--require-price", action="store_true", help="exit with 3 if a request has no price")
    parser.add_argument(
        "--max-credits", type=int, metavar="N", help="exit with 3 if all requests together may cost more than that"
    )
    add_fresh(parser)


def add_fresh(parser: argparse.ArgumentParser) -> None:
    """--require-fresh."""
    parser.add_argument(
        "--require-fresh", type=_days, metavar="DAYS", help="exit with 3 if the prices were checked longer ago, as 90d"
    )


def stale(arguments: argparse.Namespace) -> str | None:
    """Why the prices are not as fresh as --require-fresh asks for; None where they are."""
    if arguments.require_fresh is None:
        return None
    card = card_in_force(arguments)
    if card is None:
        return "there are no prices that could be fresh: no rate card holds on that date"
    age = card.identity.age(date.today())
    if age <= arguments.require_fresh:
        return None
    return f"the prices of card {card.id} were checked {age} days ago, which is more than {arguments.require_fresh}"


class Tally:
    """Totals, savings and limits over the requests of a run."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.totals: Totals = Totals()
        self.savings: Savings = Savings()
        self._arguments = arguments
        self._over_budget: str | None = None
        self._shared: dict[Answer, int] = {}
        self._changes = Changes()

    def add(self, where: str, report: Report, times: int = 1) -> None:
        """Count one request, or several of one kind."""
        self.totals.add_quote(report.quote, times)
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
        if answer.is_shared and self._arguments.max_credits is None:
            self._shared[answer] = self._shared.get(answer, 0) + 1
        else:
            self._add_answer(f"row {number}", answer)

    def _add_answer(self, where: str, answer: Answer, times: int = 1) -> None:
        self.add(where, answer.report, times)
        if answer.before is not None:
            self._changes.add(answer.before, answer.report, times)

    def add_shared(self) -> None:
        """Count the shared answers, once all rows are read."""
        for answer, times in self._shared.items():
            self._add_answer("", answer, times)
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


def _days(text: str) -> int:
    match = _DAYS.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days such as 90d")
    return int(match[1])
