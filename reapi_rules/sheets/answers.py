"""Our cells of a row: what the report of its request says, as text."""

from __future__ import annotations

from collections.abc import Iterable

from reapi_rules.findings import Finding
from reapi_rules.report import Report
from reapi_rules.sheets.columns import ANSWERS

__all__ = ["NO_REQUEST", "answer"]

NO_REQUEST = ("",) * len(ANSWERS)
"""Our cells of a row that plans nothing."""


def answer(report: Report) -> tuple[str, ...]:
    """The cells under ``ANSWERS`` for one report.

    >>> from reapi_rules import preflight
    >>> answer(preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2}))[:2]
    ('no', 'n.range: n must be 1')
    """
    warnings = report.warnings
    quote, dimensions = report.quote, report.dimensions
    return (
        "yes" if report.ok else "no",
        _texts(report.errors),
        _texts(finding for finding in warnings if finding.level == "warning"),
        "" if dimensions is None else _number(dimensions.width),
        "" if dimensions is None else _number(dimensions.height),
        "" if quote is None else _number(quote.credits),
        "" if quote is None else _number(quote.credits_low),
        "" if quote is None else quote.usd or "",
        "" if quote is None else quote.basis,
        "" if quote is None else quote.cell or "",
        "" if quote is None or quote.rate_card is None else quote.rate_card.id,
        _texts(finding for finding in warnings if finding.level == "note"),
    )


def _texts(findings: Iterable[Finding]) -> str:
    return " | ".join(f"{finding.rule}: {finding.message}" for finding in findings)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
