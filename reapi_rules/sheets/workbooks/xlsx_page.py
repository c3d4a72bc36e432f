"""The cells of an XLSX sheet, read by expat: once for how far they reach and their marks, once for what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any, TypeAlias

from reapi_rules.sheets.meaning.columns import SheetError, letter
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.marks import Marks, is_total
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, area
from reapi_rules.sheets.workbooks.blocks import blocks_of
from reapi_rules.sheets.workbooks.calendar import moment
from reapi_rules.sheets.workbooks.package import TRUE, Elements, Package, decode, prefix_of, whole
from reapi_rules.sheets.workbooks.page import Extent, Outline, Page
from reapi_rules.sheets.workbooks.plain_rows import Cell, Shape, find_rows, pieces_of_rows
from reapi_rules.sheets.workbooks.splice import Spot

__all__ = ["xlsx_page"]

_Plan: TypeAlias = tuple[list[Cell], list[tuple[int, Cell]], list[slice], list[int], list[int], int]
"""Of rows of a shape: the filled cells within the table, those with formulas, the runs of shared texts, the places of
the others, the gaps, and how many texts these cells have."""


def xlsx_page(package: Package, part: str) -> Page:
    """The page in a part of a package: how far its cells reach, what it says of them, and its outline."""
    extent, marks, struck = Extent(), Marks(), package.struck
    multiples = {style for style, kind in enumerate(package.kinds) if kind == "multiple"}
    outline = Outline(package.archive.getinfo(part).CRC, merged=marks.merged)
    shared: dict[str | None, bool] = {}
    seen = 0

    def beside(name: str, given: Elements, at: int) -> None:
        if name == "mergeCell":
            marks.merged.append(area(given.get("ref", "")))
        elif name == "col":
            if given.get("hidden") in TRUE:
                last = min(whole(given.get("max")), MOST_COLUMNS)
                marks.columns.update(range(max(whole(given.get("min")) - 1, 0), last))
            if outline.data < 0 and all(given.get(edge, "").isdigit() for edge in ("min", "max")):
                outline.widths.append(given)
        elif name == "sheetProtection":
            outline.is_protected = given.get("sheet") in TRUE
        elif name == "autoFilter" and outline.filter is None:
            outline.filter = Spot(name, given, at)
        elif name == "sheetData":
            outline.data = at
        elif name.endswith(":worksheet"):
            outline.prefix = prefix_of(name)

    with package.open(part) as stream:
        for block in blocks_of(find_rows(stream, outline.rows), beside):
            for number, shape in zip(block.numbers, block.shapes):
                extent.add(number - 1, shape.filled)
                seen += len(shape.cells)
            extent.limit(seen)
            outline.says_places &= block.says_places
            if block.is_hidden:
                marks.rows.add(block.numbers[0] - 1)
            if struck:
                filled = {shape: {cell.style for cell in shape.cells if cell.parts} for shape in {*block.shapes}}
                marks.struck.update(at - 1 for at, shape in zip(block.numbers, block.shapes) if struck & filled[shape])
            if multiples:
                cells = (cell for shape in {*block.shapes} for cell in shape.cells if cell.parts)
                marks.multiples.update(cell.column for cell in cells if cell.style in multiples)
            for number, column, text, given in block.formulas():
                outline.has_formulas = True
                verdict = is_total(text, number, column)
                if given.get("t") == "shared":
                    identity = given.get("si")
                    verdict = shared.setdefault(identity, verdict) if text or identity in shared else False
                if verdict:
                    marks.sums.add((number - 1, column))
    return Page(extent=extent, marks=marks, read=partial(_rows, package, part, outline), outline=outline)


def _rows(package: Package, part: str, outline: Outline, width: int, height: int) -> Iterator[Row]:
    """The rows with what their cells hold: an error where there is one, a formula where it has no value."""
    texts, formats, is_1904 = package.texts, package.kinds, package.counts_from_1904
    text_at = texts.__getitem__

    def plan(shape: Shape) -> _Plan:
        filled = [cell for cell in shape.cells if cell.parts and cell.column < width]
        columns, places, runs = {cell.column for cell in filled}, range(len(filled)), list[slice]()
        for is_shared, run in groupby(places, lambda place: filled[place].kind == "s"):
            if is_shared:
                runs.append(slice(first := next(run), sum(1 for _ in run) + first + 1))
        formulas = [(place, cell) for place, cell in enumerate(filled) if "f" in cell.parts]
        others = [place for place in places if filled[place].kind != "s"]
        gaps = [at for at in range(max(columns, default=0)) if at not in columns]
        found = shape.plan = filled, formulas, runs, others, gaps, sum(len(cell.parts) for cell in filled)
        return found

    def held(number: int, cell: Cell, value: str, formula: str | None) -> Any:
        kind = cell.kind
        if kind == "s":
            try:
                return texts[int(value)]
            except (ValueError, IndexError):
                raise SheetError("no_such_text", cell=f"{letter(cell.column)}{number}") from None
        if kind == "e":
            return NoValue(value or "#ERROR")
        if kind in ("str", "inlineStr"):
            return decode(value)
        if not value:
            return "" if formula is None else NoValue(f"={formula or '...'}")
        if kind == "b":
            return value in TRUE
        if kind == "d":
            return _iso(value)
        try:
            amount = float(value)
        except ValueError:
            return value
        if (what := formats[cell.style] if cell.style < len(formats) else "") in ("date", "duration"):
            return moment(amount, what == "duration", is_1904)
        return amount

    next_row = 1
    with package.open(part) as stream:
        for block in blocks_of(pieces_of_rows(stream, outline.rows), with_values=True):
            values, last = block.texts(), 0
            for number, shape in zip(block.numbers, block.shapes):
                filled, formulas, shared, others, gaps, many = shape.plan or plan(shape)
                line: list[Any] = values[last : last + many]
                last += shape.texts
                without: list[tuple[int, Any]] = []
                for place, cell in formulas:
                    text, value = line[place], ""
                    if cell.parts == "fv":
                        del line[place]
                        value = line[place]
                    if not value:
                        without.append((place, held(number, cell, value, text)))
                try:
                    for run in shared:  # by map it takes half the time
                        line[run] = map(text_at, map(int, line[run]))
                except (ValueError, IndexError):
                    for cell, value in zip(filled[run], line[run]):  # those before it are texts already
                        held(number, cell, value, None)  # which says where
                for place in others:
                    line[place] = held(number, filled[place], line[place], None)
                for place, content in without:
                    line[place] = content
                for gap in gaps:
                    line.insert(gap, "")
                while line and line[-1] == "":
                    del line[-1]
                if number <= height:
                    while next_row < number:
                        yield Row(next_row, [])
                        next_row += 1
                    yield Row(number, line)
                    next_row += 1


def _iso(text: str) -> date | datetime | str:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
