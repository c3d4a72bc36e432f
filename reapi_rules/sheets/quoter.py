"""The quoter: the answer to each row of a sheet, worked out once for all rows that say the same.

Rows that differ only in prompts and URLs that no rule has anything to say about get one answer, kept under the cells
as they stand, and worked out from a stand-in body: what a caller writes freely never stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.body import Fields
from reapi_rules.engine.engine import preflight
from reapi_rules.engine.report import Report, stand_in
from reapi_rules.engine.warnings import is_plain_prompt, on_prompt
from reapi_rules.sheets.cells import Plan, RowReader, is_blank, read_urls, text_of
from reapi_rules.sheets.columns import Columns
from reapi_rules.sheets.results import Answer, answer
from reapi_rules.sheets.table import Row
from reapi_rules.terms.urls import are_ordinary

__all__ = ["Quoter", "changed"]

_MOST_ANSWERS = 4_096
_LONGEST_CELL = 24  # a known word with some blanks, a ratio as a date and a time


class Quoter:
    """The answers to the rows of one sheet.

    >>> from reapi_rules.sheets.columns import find_columns
    >>> quoter = Quoter(find_columns(["asset", "size", "quality"]))
    >>> quoter.answer(Row(2, ["poster", "16:9", "low"])).cells[5]
    7
    """

    def __init__(
        self,
        columns: Columns,
        *,
        sheet: str = "",
        rates: RateCard | None = None,
        as_of: date | None = None,
        changes: Mapping[str, Any] | None = None,
        catalog: Catalog | None = None,
    ) -> None:
        self._catalog = catalog or built_in()
        self._changes = changes or {}
        self._reader = RowReader(columns, sheet=sheet, catalog=self._catalog)
        self._judge: Callable[[Any], Report] = lambda body: preflight(
            body, default_model=self._catalog.default_model, rates=rates, as_of=as_of, catalog=self._catalog
        )
        self._width = len(columns.titles)
        self._words = _getter([index for name, index in columns.fields.items() if name not in _FREE])
        self._prompt, self._mask = columns.fields.get("prompt"), columns.fields.get("mask_url")
        self._references = columns.references
        self._known: dict[Any, tuple[Model, dict[int, Answer]]] = {}

    def plan(self, row: Row) -> Plan | None:
        """How a row is read; None for a row that plans nothing."""
        return self._plan(row.cells, row.number)

    def report(self, plan: Plan) -> Report:
        """The report on what a row plans."""
        return self._judge(plan.body)

    def answer(self, row: Row) -> Answer | None:
        """The answer to a row; None for a row that plans nothing."""
        cells = row.cells
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        known = self._known.get(self._words(cells))
        if known is not None:
            model, answers = known
            shared = answers.get(self._given(cells, model))
            if shared is not None:
                return shared
        plan = self._plan(cells, row.number)
        if plan is None:
            return None
        report = self._judge(plan.body)
        return self._shared(cells, plan, report) or answer(report, plan.notes, plan.problems)

    def _plan(self, cells: Sequence[Any], number: int) -> Plan | None:
        """What a row plans, with the changes to it."""
        plan = self._reader.plan(cells, number)
        if plan is None or not self._changes:
            return plan
        return Plan(
            changed(plan.body, self._changes),
            plan.notes,
            {name: problem for name, problem in plan.problems.items() if name not in self._changes},
        )

    def _given(self, cells: Sequence[Any], model: Model) -> int:
        """Which free texts a row gives, as a sum of 1, 2 and 4; -1 where a rule may have something to say about one."""
        given = 0
        if self._prompt is not None and (prompt := cells[self._prompt]):
            if not _is_ordinary_prompt(prompt, model):
                return -1
            given = 1
        for index in self._references:
            if cell := cells[index]:
                if len(self._references) > 1 or not _are_ordinary_images(cell, model):
                    return -1
                given += 2
        if self._mask is not None and (mask := cells[self._mask]):
            if not are_ordinary([text_of(mask)]):
                return -1
            given += 4
        return given

    def _shared(self, cells: Sequence[Any], plan: Plan, report: Report) -> Answer | None:
        """The answer to all rows like this one, kept for the next of them; None where there may be no other."""
        model = self._catalog.models.get(report.model or "")
        key = self._words(cells)
        if model is None or not self._reader.has_known_words(plan.body) or not all(map(_is_short, key)):
            return None
        given = self._given(cells, model)
        if given < 0:
            return None
        if len(self._known) >= _MOST_ANSWERS:
            self._known.clear()
        body = plan.body | {name: _STAND_INS[name] for name in _FREE if name in plan.body}
        shared = answer(self._judge(body), plan.notes, is_shared=True)
        return self._known.setdefault(key, (model, {}))[1].setdefault(given, shared)


def changed(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A body with some fields set, those that are None left out.

    >>> changed({"quality": "high", "n": 2}, {"quality": None, "n": 1})
    {'n': 1}
    """
    return {name: value for name, value in {**body, **changes}.items() if value is not None or name not in changes}


_STAND_INS = {**stand_in(has_images=True), "mask_url": "https://example.com/mask.png"}
_FREE = tuple(_STAND_INS)


def _getter(indices: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes the cells of these columns, always as a tuple."""
    if len(indices) > 1:
        return itemgetter(*indices)
    return lambda cells: tuple(cells[index] for index in indices)


def _is_short(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_CELL


def _is_ordinary_prompt(prompt: Any, model: Model) -> bool:
    """Whether no rule has anything to say about a prompt, whatever else the row holds."""
    if type(prompt) is not str:
        return False
    if not prompt[0].isalnum() and (prompt.startswith("'") or is_blank(prompt)):
        return False
    if is_plain_prompt(prompt, model):
        return True
    is_short = len(prompt) <= model.fields.prompt.max_length
    return is_short and next(on_prompt(Fields(prompt=prompt), model), None) is None


def _are_ordinary_images(cell: Any, model: Model) -> bool:
    if not isinstance(cell, str) or cell.startswith("["):
        return False
    if "," not in cell and ";" not in cell and are_ordinary([cell]):
        return True  # there is nothing to part one URL at
    images, is_at_commas = read_urls(cell)
    return not is_at_commas and len(images) <= model.fields.image_urls.max_items and are_ordinary(images)
