"""Our cells of a row: what the report of its request says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from reapi_rules.engine.report import Report
from reapi_rules.terms.findings import Finding

__all__ = ["Answer", "AnswerCell", "answer"]

AnswerCell = str | int | None
"""A cell of ours: text, a number, or None for an empty one."""


class Answer(msgspec.Struct, eq=False):
    """What one row's request comes to: the cells under our columns, and the report behind them.

    A shared answer is that of many rows, and its report that of a stand-in for them.  ``before`` is the report of the
    row as it stands, where another one is asked for.  ``line`` is the place where a writer keeps how it spells the
    cells, so that it spells a shared answer once, and ``times`` the one where its rows are counted.
    """

    cells: tuple[AnswerCell, ...]
    report: Report
    is_shared: bool = False
    before: Report | None = None
    line: str | None = None
    times: int = 0


def answer(
    report: Report, notes: Iterable[str] = (), problems: Mapping[str, str] | None = None, *, is_shared: bool = False
) -> Answer:
    """The answer for one report, with the notes on how the row was read and what of it could not be.

    >>> from reapi_rules import preflight
    >>> answer(preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2})).cells[:2]
    ('no', 'n.range: n must be 1')
    """
    warnings = report.warnings
    quote, dimensions = report.quote, report.dimensions
    cells = (
        "yes" if report.ok else "no",
        _joined(_text(finding, problems or {}) for finding in report.errors),
        _joined(_text(finding) for finding in warnings if finding.level == "warning"),
        None if dimensions is None else dimensions.width,
        None if dimensions is None else dimensions.height,
        None if quote is None else quote.credits,
        None if quote is None else quote.credits_low,
        None if quote is None else quote.usd,
        None if quote is None else quote.basis,
        None if quote is None else quote.cell,
        None if quote is None or quote.rate_card is None else quote.rate_card.id,
        _joined((*notes, *(_text(finding) for finding in warnings if finding.level == "note"))),
    )
    return Answer(cells, report, is_shared)


def _text(finding: Finding, problems: Mapping[str, str] | None = None) -> str:
    problem = (problems or {}).get(finding.field or "")
    return f"{finding.rule}: {finding.message}" + (f"; {problem}" if problem else "")


def _joined(texts: Iterable[str]) -> str | None:
    return " | ".join(texts) or None
