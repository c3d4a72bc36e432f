"""Totals over many requests: exact sums, bounds kept apart, what has no price counted."""

from __future__ import annotations

from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.report import Report

__all__ = ["Totals"]


class Totals:
    """Requests, rejections, and credits from low to high.

    >>> from reapi_rules import preflight
    >>> totals = Totals()
    >>> totals.add(preflight({"model": "gpt-image-2", "prompt": "a fox"}))
    >>> totals.requests, totals.credits_low, totals.credits
    (1, 30, 30)

    ``credits`` is what to budget, ``credits_low`` the least that will be billed; requests without a price are in
    neither.
    """

    def __init__(self) -> None:
        self.requests: int = 0
        self.rejected: int = 0
        self.unpriced: int = 0
        self.credits: int = 0
        self.credits_low: int = 0

    def add(self, report: Report) -> None:
        """Count one request."""
        self.add_quote(report.quote)

    def add_quote(self, quote: Quote | None, times: int = 1) -> None:
        """Count a request, or several of one kind, by the quote; a rejected one has none."""
        self.requests += times
        if quote is None:
            self.rejected += times
        elif quote.credits is None or quote.credits_low is None:
            self.unpriced += times
        else:
            self.credits += quote.credits * times
            self.credits_low += quote.credits_low * times
