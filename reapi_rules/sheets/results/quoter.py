"""The quoter: the result of each row of a sheet, worked out once for all rows that say the same.

Rows that differ only in ordinary prompts and URLs share a result.  It is remembered by their other cells, if these are
short, and comes from a stand-in body: what a caller writes freely never stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.models import PRICED, Model
from reapi_rules.engine.engine import stand_in
from reapi_rules.engine.report import Report
from reapi_rules.sheets.meaning.cells import Plan, RowOptions, RowReader, read_urls
from reapi_rules.sheets.meaning.columns import Columns, note_text
from reapi_rules.sheets.meaning.contents import text_of
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.meaning.titles import FREE, subjects
from reapi_rules.sheets.results.alike import ordinary_prompts
from reapi_rules.sheets.results.result import Result, result
from reapi_rules.terms.once import Recent
from reapi_rules.terms.urls import are_ordinary

__all__ = ["Quoter"]

_LONGEST_CELL = 24  # a known word with some blanks, a ratio as a date and a time
_TEXT, _KINDS = frozenset((str,)), frozenset((str, float))
_MASK = "https://example.com/mask.png"


class Quoter:
    """The results of the rows of one sheet.

    >>> from reapi_rules.sheets.meaning.columns import find_columns
    >>> quoter = Quoter(find_columns(["model", "size", "quality"]))
    >>> [quoter.result(Row(2, cells)).cells[5] for cells in (["", "16:9", "low"], ["flux-2", "16:9", ""])]
    [7, 28]
    """

    def __init__(self, columns: Columns, options: RowOptions | None = None) -> None:
        options = options or RowOptions()
        self._catalog, self._judge = options.engine.catalog, options.engine.preflight
        self._reader = RowReader(columns, options)
        self._language = options.language
        self._width = len(columns.titles)
        words = [*(at for subject, at in columns.fields.items() if subject not in FREE), *columns.edges]
        self._words: Callable[[Sequence[Any]], tuple[Any, ...]] = (
            itemgetter(*words) if len(words) > 1 else lambda cells: tuple(cells[at] for at in words)
        )
        references = "references" if len(columns.references) == 1 else "several references"
        self._texts: list[tuple[int, str]] = [(at, role) for role, at in columns.fields.items() if role in FREE]
        self._texts += [(at, references) for at in columns.references]
        self._known: Recent[Any, _Known] = Recent()
        self._free: dict[str, _FreeTexts] = {}

    def plan(self, row: Row) -> Plan | None:
        """How a row is read; None for a row that is not a request."""
        plan = None if row.skipped else self._reader.plan(row.cells)
        if plan is None or not row.notes:
            return plan
        notes = (note_text(note, self._language, **params) for note, params in row.notes)
        return Plan(plan.body, (*notes, *plan.notes))

    def report(self, plan: Plan) -> Report:
        """The report on what a row plans."""
        return self._judge(plan.body)

    def corrected(self, row: Row, plan: Plan, body: Mapping[str, Any]) -> dict[int, str]:
        """The cells of a row that differ from a body, with what they should say."""
        return self._reader.corrected(row.cells, plan, body)

    def columns_of(self, report: Report) -> dict[str, str]:
        """The column of each field, for a request that has errors or warnings."""
        if report.ok and not any(finding.level == "warning" for finding in report.warnings):
            return {}
        return self._reader.columns_of(self._catalog.models.get(report.model or ""))

    def result(self, row: Row) -> Result | None:
        if row.skipped:
            return None
        cells = row.cells
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        words = self._words(cells)
        known = self._known.get(words)
        if known is not None and not row.notes and (known.is_text or _KINDS.issuperset(map(type, words))):
            looks, results = known.looks, known.results
            given = 0
            for at, bit, is_ordinary in looks:
                if (cell := cells[at]) != "":  # the number 0 is given
                    given = given | bit if is_ordinary(cell) else -1
                    if given < 0:
                        break
            shared = results.get(given)
            if shared is not None:
                return shared
        plan = self.plan(row)
        if plan is None:
            return None
        report = self._judge(plan.body)
        shared = None if row.notes else self._shared(cells, plan, report)
        return shared or result(report, plan.notes, columns=self.columns_of(report), language=self._language)

    def _shared(self, cells: Sequence[Any], plan: Plan, report: Report) -> Result | None:
        """The result of all rows like this one, remembered for the next; None if its texts matter."""
        model = self._catalog.models.get(report.model or "")
        key = self._words(cells)
        is_short = all(type(cell) is float or (type(cell) is str and len(cell) <= _LONGEST_CELL) for cell in key)
        if model is None or not is_short:
            return None
        free = self._free.get(model.id) or self._free.setdefault(model.id, _FreeTexts(model, self._catalog))
        looks = free.looks(self._texts)
        bits = [(bit, is_ordinary(cell)) for at, bit, is_ordinary in looks if (cell := cells[at]) != ""]
        given = sum(bit for bit, _ in bits)
        if not all(is_ordinary for _, is_ordinary in bits) or not free.have_no_others(plan.body):
            return None
        body = plan.body | {name: free.stand_ins[name] for name in free.stand_ins if name in plan.body}
        columns = self.columns_of(report)
        shared = result(self._judge(body), plan.notes, columns=columns, language=self._language, is_shared=True)
        if key not in self._known:
            self._known[key] = _Known(looks, _TEXT.issuperset(map(type, key)))
        return self._known[key].results.setdefault(given, shared)


_Looks = tuple[tuple[int, int, Callable[[Any], bool]], ...]
"""The columns of free texts: the position, a bit, and the test of whether a cell is ordinary, for each."""


class _Known(msgspec.Struct):
    """What is known of rows with the same words: how to look at their free texts, and results by which are given.

    1 equals True and 1.0 but is not read alike, so the types are compared too, unless all words are texts.
    """

    looks: _Looks
    is_text: bool
    results: dict[int, Result] = {}


class _FreeTexts:
    """The prompt and the URLs of a model: whether they are ordinary, so that no rule minds them, and stand-ins."""

    def __init__(self, model: Model, catalog: Catalog) -> None:
        self._model, known = model, subjects(catalog).places
        self._looks: dict[str, Callable[[Any], bool]] = {
            "prompt": ordinary_prompts(model),
            "references": self._are_ordinary_images,
            "mask": lambda cell: are_ordinary([text_of(cell)]),
        }
        self.stand_ins: dict[str, Any] = stand_in(model, has_images=True)
        del self.stand_ins["model"]
        if "mask" in model.roles:
            self.stand_ins[model.roles["mask"]] = _MASK
        fields = (name for name, field in model.fields.items() if field.choices or field.role == "number")
        self._kept = {"model", *fields, *(known[role].name for role in PRICED if role in known)}

    def looks(self, texts: Sequence[tuple[int, str]]) -> _Looks:
        """How to look at the cells of some roles; of one that the model lacks none is ordinary."""
        return tuple(
            (at, 1 << bit, self._looks[role] if role in self._model.roles else lambda _: False)
            for bit, (at, role) in enumerate(texts)
        )

    def have_no_others(self, body: Mapping[str, Any]) -> bool:
        return all(name in self.stand_ins or name in self._kept or type(body[name]) is bool for name in body)

    def _are_ordinary_images(self, cell: Any) -> bool:
        if type(cell) is not str or cell.startswith("["):
            return False
        field = self._model.field("references")
        if "," not in cell and ";" not in cell and (field.min_items or 1) <= 1 and are_ordinary([cell]):
            return True
        images, note = read_urls(cell)
        most = 1 if field.kind == "url" else field.max_items or len(images)
        return note is None and (field.min_items or 1) <= len(images) <= most and are_ordinary(images)
