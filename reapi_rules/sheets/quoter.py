"""The quoter: the result of each row of a sheet, worked out once for all rows that say the same.

Rows that differ only in prompts and URLs that no rule has anything to say about get one result, kept under the cells
as they are, if these are short, and worked out from a stand-in body: what a caller writes freely never stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Field, Model
from reapi_rules.engine.engine import Engine, engine_for, stand_in
from reapi_rules.engine.judge import judge
from reapi_rules.engine.report import Report
from reapi_rules.engine.warnings import on_values
from reapi_rules.sheets.cells import Plan, RowReader, is_blank, read_urls, text_of
from reapi_rules.sheets.columns import Columns, subjects
from reapi_rules.sheets.results import Result, result
from reapi_rules.sheets.table import Row
from reapi_rules.terms.urls import are_ordinary

__all__ = ["Quoter"]

_MOST_RESULTS = 4_096
_LONGEST_CELL = 24  # a known word with some blanks, a ratio as a date and a time
_FREE = ("prompt", "references", "mask")
"""The roles of what a caller writes freely."""

_WORDS = ("shape", "tier", "quality", "number")
"""The roles of what has a few values, or is a mistake."""


class Quoter:
    """The results of the rows of one sheet.

    >>> from reapi_rules.sheets.columns import find_columns
    >>> quoter = Quoter(find_columns(["model", "size", "quality"]))
    >>> [quoter.result(Row(2, cells)).cells[5] for cells in (["", "16:9", "low"], ["flux-2", "16:9", ""])]
    [7, 28]

    Without an engine the built-in data count.
    """

    def __init__(
        self,
        columns: Columns,
        *,
        engine: Engine | None = None,
        sheet: str = "",
        changes: Mapping[str, str] | None = None,
    ) -> None:
        engine = engine or engine_for(default_model=built_in().default_model)
        self._catalog, self._judge = engine.catalog, engine.look
        self._reader = RowReader(columns, engine=engine, sheet=sheet, changes=changes)
        self._width = len(columns.titles)
        self._words = _getter([index for subject, index in columns.fields.items() if subject not in _FREE])
        self._prompt, self._mask = columns.fields.get("prompt"), columns.fields.get("mask")
        self._references = columns.references
        self._known: dict[Any, tuple[_FreeTexts, dict[int, Result]]] = {}
        self._free: dict[str, _FreeTexts] = {}

    def plan(self, row: Row) -> Plan | None:
        """How a row is read; None for a row that plans nothing."""
        return self._reader.plan(row.cells, row.number)

    def report(self, plan: Plan) -> Report:
        """The report on what a row plans."""
        return self._judge(plan.body)

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for a row that plans nothing."""
        cells = row.cells
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        known = self._known.get(self._words(cells))
        if known is not None:
            free, results = known
            shared = results.get(self._given(cells, free))
            if shared is not None:
                return shared
        plan = self._reader.plan(cells, row.number)
        if plan is None:
            return None
        report = self._judge(plan.body)
        return self._shared(cells, plan, report) or result(report, plan.notes, plan.problems)

    def _given(self, cells: Sequence[Any], free: _FreeTexts) -> int:
        """Which free texts a row gives, as a sum of 1, 2 and 4; -1 where a rule may have something to say about one."""
        given = 0
        if self._prompt is not None and (prompt := cells[self._prompt]):
            if not free.is_ordinary_prompt(prompt):
                return -1
            given = 1
        for index in self._references:
            if cell := cells[index]:
                if len(self._references) > 1 or not free.are_ordinary_images(cell):
                    return -1
                given += 2
        if self._mask is not None and (mask := cells[self._mask]):
            if not free.is_ordinary_mask(mask):
                return -1
            given += 4
        return given

    def _shared(self, cells: Sequence[Any], plan: Plan, report: Report) -> Result | None:
        """The result of all rows like this one, kept for the next of them; None where there may be no other."""
        model = self._catalog.models.get(report.model or "")
        key = self._words(cells)
        if model is None or plan.problems or not all(map(_is_short, key)):  # problems name the row
            return None
        free = self._free.get(model.id) or self._free.setdefault(model.id, _FreeTexts(model, self._catalog))
        given = self._given(cells, free)
        if given < 0 or not free.have_no_others(plan.body):
            return None
        if len(self._known) >= _MOST_RESULTS:
            self._known.clear()
        body = plan.body | {name: free.stand_ins[name] for name in free.stand_ins if name in plan.body}
        shared = result(self._judge(body), plan.notes, is_shared=True)
        return self._known.setdefault(key, (free, {}))[1].setdefault(given, shared)


class _FreeTexts:
    """The prompt and the URLs of a model: whether no rule has anything to say about them, and what stands in for them.

    A cell that is not ordinary at first sight is looked at by the rules themselves.
    """

    def __init__(self, model: Model, catalog: Catalog) -> None:
        self._model = model
        self._fields: dict[str, Field] = {role: model.field(role) for role in _FREE if role in model.roles}
        prompt = self._fields.get("prompt")
        self._least = 1 if prompt is None else prompt.min_length or 1
        self._most = 0 if prompt is None else prompt.max_length or 1 << 30
        self.stand_ins: dict[str, Any] = {model.roles[role]: _MASK for role in ("mask",) if role in model.roles}
        own = stand_in(model, has_images=True)
        self.stand_ins |= {name: own[name] for name in own if name != "model"}
        known = subjects(catalog).places
        fields = (name for name, field in model.fields.items() if field.choices or field.role == "number")
        self._kept = {"model", *fields, *(known[role].name for role in _WORDS if role in known)}

    def have_no_others(self, body: Mapping[str, Any]) -> bool:
        """Whether a body has no other free text or number besides."""
        return all(name in self.stand_ins or name in self._kept or type(body[name]) is bool for name in body)

    def is_ordinary_prompt(self, prompt: Any) -> bool:
        if type(prompt) is not str or (not prompt[0].isalnum() and (prompt[0] == "'" or is_blank(prompt))):
            return False
        most = self._most if prompt.isascii() else self._most // 2  # in UTF-16, where a character may be two units
        if self._least <= len(prompt) <= most and ":" not in prompt:
            return True
        name, model = self._model.roles.get("prompt"), self._model
        if name is None or any(fault.field == name for fault in judge({name: prompt}, model)):
            return False
        return not any(on_values({name: prompt}, model, ()))

    def are_ordinary_images(self, cell: Any) -> bool:
        field = self._fields.get("references")
        if field is None or type(cell) is not str or cell.startswith("["):
            return False
        if "," not in cell and ";" not in cell and are_ordinary([cell]):
            return (field.min_items or 1) == 1  # there is nothing to part one URL at
        images, is_at_commas = read_urls(cell)
        most = 1 if field.kind == "url" else field.max_items or len(images)
        return not is_at_commas and (field.min_items or 1) <= len(images) <= most and are_ordinary(images)

    def is_ordinary_mask(self, cell: Any) -> bool:
        return "mask" in self._fields and are_ordinary([text_of(cell)])


_MASK = "https://example.com/mask.png"


def _getter(indices: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes the cells of these columns, always as a tuple."""
    if len(indices) > 1:
        return itemgetter(*indices)
    return lambda cells: tuple(cells[index] for index in indices)


def _is_short(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_CELL
