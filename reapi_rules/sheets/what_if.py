"""What if: the same rows with some fields set otherwise, what they cost then, and what that saves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from reapi_rules.engine.report import Report
from reapi_rules.prices.alternatives import saving
from reapi_rules.sheets.cells import RowReader
from reapi_rules.sheets.columns import Columns, SheetError
from reapi_rules.sheets.results import Answer, AnswerCell
from reapi_rules.sheets.table import Row
from reapi_rules.sheets.totals import Totals

__all__ = ["Changes", "WhatIf", "changes_of"]

_MOST_ANSWERS = 4_096
_FIELDS = ("model", "size", "resolution", "quality", "n", "background", "moderation")


class Answers(Protocol):
    """What answers rows."""

    def answer(self, row: Row) -> Answer | None: ...


def changes_of(settings: Iterable[str]) -> dict[str, Any]:
    """The fields that settings such as ``quality=medium`` change; None for one that is to be left out.

    >>> changes_of(["quality=Medium", "n=2", "size="])
    {'quality': 'medium', 'n': 2, 'size': None}

    Values are read as the cells of a sheet are.  Raises SheetError for another field or no setting at all.
    """
    changes: dict[str, Any] = {}
    for setting in settings:
        name, sign, value = (part.strip() for part in setting.partition("="))
        if not sign or name not in _FIELDS:
            raise SheetError(f"--set {setting}: give FIELD=VALUE, where FIELD is one of {', '.join(_FIELDS)}")
        plan = RowReader(Columns(titles=(name,), fields={name: 0})).plan([value])
        changes[name] = None if plan is None else plan.body[name]
    return changes


class WhatIf:
    """The answers to rows as they would be, and beside them what the rows cost as they stand and what is saved."""

    def __init__(self, before: Answers, after: Answers) -> None:
        self._before, self._after = before, after
        self._known: dict[tuple[int, int], Answer] = {}

    def answer(self, row: Row) -> Answer | None:
        """The answer to a row; None for a row that plans nothing."""
        old, new = self._before.answer(row), self._after.answer(row)
        if old is None or new is None:
            return None
        if not (old.is_shared and new.is_shared):
            return _both(old, new)
        key = (id(old), id(new))
        known = self._known.get(key)
        if known is None or known.before is not old.report or known.report is not new.report:
            if len(self._known) >= _MOST_ANSWERS:
                self._known.clear()
            known = self._known[key] = _both(old, new)
        return known


class Changes:
    """What many requests cost as they stand, and what a change of them saves, from low to high.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox"}
    >>> changes = Changes()
    >>> changes.add(preflight(body), preflight(body | {"quality": "low"}))
    >>> changes.before.credits, changes.saving_low, changes.saving, changes.dearer
    (169, 164, 164, 0)

    ``dearer`` counts requests that may cost more, ``refused`` those that reAPI takes only as they stand.
    """

    def __init__(self) -> None:
        self.before: Totals = Totals()
        self.saving: int = 0
        self.saving_low: int = 0
        self.dearer: int = 0
        self.refused: int = 0

    def add(self, before: Report, after: Report, times: int = 1) -> None:
        """Count one request, or several of one kind."""
        self.before.add_quote(before.quote, times)
        self.refused += times if before.ok and not after.ok else 0
        saved = saving(before, after)
        if saved is not None:
            self.saving_low += saved[0] * times
            self.saving += saved[1] * times
            self.dearer += times if saved[0] < 0 else 0


def _both(old: Answer, new: Answer) -> Answer:
    quote = old.report.quote
    saved = saving(old.report, new.report) or (None, None)
    cells: tuple[AnswerCell, ...] = (*new.cells, None if quote is None else quote.credits, *saved)
    return Answer(cells, new.report, old.is_shared and new.is_shared, old.report)
