"""The table that ``quote`` shows a person: a line for each request, what is wrong with it, and totals by campaign.

A long plan does not fit a screen, nor does it stay in memory: of it the first rows are shown, and those rejected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import msgspec

from reapi_rules.cli.lines import finding_text, low_to_high
from reapi_rules.cli.said import said
from reapi_rules.cli.sheet import Sheet
from reapi_rules.cli.streams import printed
from reapi_rules.cli.terminal import Line, clipped, columns, cut, laid, printable, width_of
from reapi_rules.engine.report import Report
from reapi_rules.sheets.meaning.columns import column_names
from reapi_rules.sheets.meaning.contents import text_at, text_of
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.results.groups import Groups
from reapi_rules.sheets.results.result import Result, Writer
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.terms.credits import usd
from reapi_rules.terms.spelling import fold

__all__ = ["PlanTable", "sums"]

_MOST, _FIRST = 100, 20
"""How many rows are shown, and how many of them are the first where there are more."""

_MOST_NOTES, _MOST_PLACES = 20, 5
_WIDEST_NAME, _NARROWEST_VERDICT, _INDENT = 20, 24, 4
_LOOKS = {"warning": "warning", "rejected": "error", "no price": "warning"}


class _Shown(msgspec.Struct, frozen=True):
    """A row that is shown: how many came before it, where it is, what it is called, and what comes of it."""

    at: int
    where: str
    label: str
    result: Result


class PlanTable(Writer):
    """Writes the table and the totals once all rows have gone by."""

    def __init__(self, output: BinaryIO, sheet: Sheet, language: str, *, shows_before: bool = False) -> None:
        self._output, self._sheet, self._language = output, sheet, language
        self._shows_before = shows_before
        self._texts = workbook_texts()
        self._titles = [printable(title) for title in sheet.table.columns.titles]
        self._groups = Groups(sheet.table.columns, self._texts.groups)
        self._label = self._find_label()
        self._width = columns()
        self._totals, self._kept = Totals(), list[_Shown]()
        self._noted, self._notes = Counter[str](), dict[str, list[str]]()
        self._notes_at = _at("reapi_notes")
        self._unsaid = 0

    def write(self, row: Row, result: Result | None) -> None:
        if result is None:
            return
        at, quote = self._totals.requests, result.report.quote
        self._totals.add(quote)
        self._groups.add(row, quote)
        if at == _MOST:
            self._kept = [each for each in self._kept if each.at < _FIRST or not each.result.report.ok]
        if at < _MOST or (quote is None and len(self._kept) < _MOST):
            self._kept.append(_Shown(at, _place(row), self._called(row), result))
        if notes := result.cells[self._notes_at]:
            self._note(row, str(notes).split(" | "))

    def close(self) -> None:
        self._output.write(printed([*self._rows(), *self._remarks(), *self._sums()], self._output))

    def _note(self, row: Row, notes: Iterable[str]) -> None:
        for note in notes:
            if note in self._notes or len(self._notes) < _MOST_NOTES:
                places = self._notes.setdefault(note, [])
                places += [_place(row)] if len(places) < _MOST_PLACES else []
                self._noted[note] += 1
            else:
                self._unsaid += 1

    @property
    def _is_long(self) -> bool:
        return self._totals.requests > _MOST

    def _text(self, name: str, count: int | None = None, **figures: object) -> str:
        return said(f"plan_{name}", self._language, count, **figures)

    def _find_label(self) -> int | None:
        """The column that names a request: one that is called so, else the first that is not read, else the prompt."""
        titles, read = self._sheet.table.columns.titles, self._sheet.table.columns.read
        labels, groups = (set(map(fold, known)) for known in (self._texts.labels, self._texts.groups))
        free = [at for at, title in enumerate(titles) if title and at not in read]
        named = [at for at in free if fold(titles[at]) in labels]
        others = [at for at in free if fold(titles[at]) not in groups]
        return next(iter((*named, *others, *(at for at in read if read[at] == "prompt"))), None)

    def _called(self, row: Row) -> str:
        cell = "" if self._label is None else text_at(row.cells, self._label)
        return clipped(printable(" ".join(cell.split())), _WIDEST_NAME)

    def _rows(self) -> Iterator[str]:
        """The head, each row with its verdict and what is behind it, and which rows are left out."""
        place = self._text(self._sheet.kind)
        label = "" if self._label is None else clipped(self._titles[self._label], _WIDEST_NAME)
        sums = [*([self._text("before")] if self._shows_before else []), self._text("credits")]
        table = [[place, label, *sums, self._text("pixels")], *map(self._cells, self._kept)]
        head, *lines = laid(table, right={0, *range(2, 2 + len(sums))})
        indent = max(map(width_of, (head, *lines))) + 2
        if self._width - indent < _NARROWEST_VERDICT:  # which goes below each row then
            indent = _INDENT
        yield from self._beside(head, self._text("verdict"), indent, "head")
        places: dict[str, str] = {}
        for at, (row, line) in enumerate(zip(self._kept, lines)):
            if at == _FIRST and self._is_long:
                yield Line("...", "hint")
            verdict, findings = self._verdict(row.result)
            first = places.setdefault(findings, row.where)
            if findings and first != row.where:  # it was said there
                findings = self._text("as", place=place, where=first)
            word = self._texts.verdict(verdict, self._language)
            text = ": ".join(filter(None, (word, findings)))
            yield from self._beside(line, text, indent, _LOOKS.get(verdict, ""))
        if self._is_long:
            shown, early = len(self._kept) - _FIRST, sum(not each.result.report.ok for each in self._kept[:_FIRST])
            figures = {"count": self._totals.requests, "shown": shown, "rejected": self._totals.rejected - early}
            yield Line(self._text("first_and" if shown else "first", first=_FIRST, **figures), "head")

    def _beside(self, line: str, text: str, indent: int, look: str) -> Iterator[Line]:
        """A line with a text behind it, in as many lines as that takes."""
        if indent == _INDENT:
            yield Line(line, look)
            line = ""
        for piece in cut(text, self._width - indent):
            yield Line(f"{line}{' ' * (indent - width_of(line))}{piece}", look)
            line = ""

    def _remarks(self) -> Iterator[str]:
        """What is worth knowing of which rows, such as how a cell was read."""
        if not self._notes:
            return
        table = [(self._text(self._sheet.kind), self._text("note"))]
        for note, first in self._notes.items():
            more = self._noted[note] - len(first)
            table.append((", ".join(first) + (f" +{more}" if more else ""), printable(note)))
        indent = max(width_of(places) for places, _ in table) + 2
        head, *lines = laid(table)
        yield from ("", Line(head, "head"))
        for line in lines:
            yield from cut(line, self._width, indent)
        if self._unsaid:
            yield Line(self._text("unsaid", count=self._unsaid), "hint")

    def _cells(self, row: _Shown) -> list[str]:
        report, before = row.result.report, row.result.before
        reports = (before, report) if self._shows_before and before is not None else (report,)
        edges, pixels = report.dimensions, ""
        if report.ok and edges is not None:
            pixels = self._text("unknown") if edges.width is None else f"{edges.width}x{edges.height}"
        return [row.where, row.label, *(_credits(each, self._language) for each in reports), pixels]

    def _verdict(self, result: Result) -> tuple[str, str]:
        """The verdict on a row, and what is behind it."""
        verdict, report = str(result.cells[_at("reapi_verdict")]), result.report
        findings = report.errors or [each for each in report.warnings if each.level == "warning"]
        said_of = [finding_text(each, self._language)[1] for each in findings]
        texts = ["; ".join(filter(None, each)) for each in said_of]
        if report.quote is not None and report.quote.missing:
            texts.insert(0, said("missing", self._language, cell=", ".join(report.quote.missing)))
        return verdict, " | ".join(texts)

    def _sums(self) -> Iterator[str]:
        """The totals of each group, where there are several."""
        at = self._groups.at
        groups, others = self._groups.listed()
        if at is not None and len(groups) > 1:
            rows: list[tuple[list[str], Totals | None]] = [([self._group(cell)], totals) for cell, totals in groups]
            rows += [([self._texts.text("others", self._language, count=others)], None)] if others else []
            rows.append(([self._text("total")], self._totals))
            table = sums([clipped(self._titles[at], _WIDEST_NAME)], rows, self._language)
            head, *lines = laid(table, right=range(1, len(table[0])))
            yield from ("", Line(head, "head"), *lines)
        yield ""

    def _group(self, cell: object) -> str:
        return clipped(printable(text_of(cell)), _WIDEST_NAME) or self._texts.text("blank", self._language)


def sums(names: Sequence[str], rows: Sequence[tuple[Sequence[str], Totals | None]], language: str) -> list[list[str]]:
    """Totals as a table, each behind what it is of; without any price there is no sum."""
    counts = ["requests", "rejected", *(["unpriced"] if any(totals and totals.unpriced for _, totals in rows) else [])]
    table = [[*names, *(said(f"plan_{name}", language) for name in (*counts, "credits", "usd"))]]
    for cells, totals in rows:
        figures = [""] * (len(counts) + 2)
        if totals is not None:
            figures[:-2] = [str(getattr(totals, name)) for name in counts]
        if totals is not None and not totals.is_unpriced:
            figures[-2:] = low_to_high(totals.credits_low, totals.credits, language), usd(totals.credits)
        table.append([*cells, *figures])
    return table


def _at(name: str) -> int:
    """Where one of our columns is among the cells of a result."""
    return [column.name for column in column_names().results].index(name)


def _place(row: Row) -> str:
    return f"{row.sheet}!{row.number}" if row.sheet else f"{row.number}"


def _credits(report: Report, language: str) -> str:
    quote = report.quote
    if quote is None or quote.credits is None or quote.credits_low is None:
        return ""
    return low_to_high(quote.credits_low, quote.credits, language)
