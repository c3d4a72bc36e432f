"""``check --fixed``: the bodies or the sheet of a file with all patches applied, written to another file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from reapi_rules.cli.options import SHEETS, Pricing, Source
from reapi_rules.cli.requests import Entry
from reapi_rules.cli.said import Place, said
from reapi_rules.cli.sheet import Sheet, open_sheet
from reapi_rules.cli.streams import elements as items_of
from reapi_rules.cli.streams import lines_of, note, open_input, read_bodies, read_bytes
from reapi_rules.engine.fixes import fix
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.contents import text_at
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.batches import unwrap
from reapi_rules.sheets.workbooks.fixed import FixedCsv, FixedWorkbook
from reapi_rules.terms.json_text import ObjectText, elements

__all__ = ["Fixed"]


class Fixed:
    """Reads the requests of a source, and writes each, fixed, in its place; all other text and cells stay as they are.

    It counts the changes, the requests that have any, and those that stay rejected.
    """

    def __init__(self, source: Source, pricing: Pricing, output: BinaryIO, accounts: list[Account]) -> None:
        self._source, self._pricing, self._output, self._accounts = source, pricing, output, accounts
        self._is_sheet = source.format in SHEETS
        default = pricing.catalog.default_model if self._is_sheet else None
        self._engine = pricing.engine(source.default_model or default)
        self._notes: tuple[str, ...] = ()
        self._changes = self._changed = self._rejected = 0

    def _count(self, changes: int, *, is_rejected: bool) -> None:
        self._changes += changes
        self._changed += bool(changes)
        self._rejected += is_rejected

    def say(self, path: str) -> None:
        """Say how much was changed in what, how much can't be, and what the writer has to say."""
        language = self._source.language
        whole, parts = ("fixed_sheet", "fixed_cells") if self._is_sheet else ("fixed_bodies", "fixed_changes")
        what = said(whole, language) if path == "-" else path
        changes, requests = said(parts, language, self._changes), said("requests", language, self._changed)
        lines = [said("made", language, what=what, changes=changes, requests=requests)]
        lines += [said("unfixable", language, self._rejected)] if self._rejected else []
        note(said("then", language).join(lines), *self._notes)

    def read(self) -> tuple[Iterable[Entry], bool]:
        """The requests with what patches make of them, and whether it is a single body."""
        if self._is_sheet:
            return self._rows(), False
        if self._source.format == "ndjson":
            return self._lines(), False
        with open_input(self._source.path) as file:
            text = read_bodies(file)
        pieces = elements(text.decode(errors="surrogateescape"))
        if pieces is None or items_of(text) is None:
            return [self._fix(Place(self._source.path), each) for each in map(self._source.noting(), [text])], True
        return self._items([piece.encode(errors="surrogateescape") for piece in pieces]), False

    def _lines(self) -> Iterator[Entry]:
        with open_input(self._source.path) as file:
            for number, line in enumerate(map(self._source.noting(), lines_of(file)), 1):
                if line.isspace():
                    self._output.write(line)
                else:
                    yield self._fix(Place(self._source.path, "line", number), line)

    def _items(self, pieces: list[bytes]) -> Iterator[Entry]:
        for at, (between, item) in enumerate(zip(pieces[::2], map(self._source.noting(), pieces[1::2])), 1):
            self._output.write(between)
            yield self._fix(Place(self._source.path, "item", at), item)
        self._output.write(pieces[-1])

    def _fix(self, place: Place, text: bytes) -> Entry:
        line = unwrap(text)
        done = fix(text if line is None else bytes(line.body), engine=self._engine)
        fixed = done.text
        if line is not None:
            place = replace(place, name=line.name)
            whole = ObjectText(text.decode())
            whole.set("body", fixed)
            fixed = str(whole)
        self._output.write(fixed.encode(errors="surrogateescape"))
        self._count(len(done.changes), is_rejected=not done.after.ok)
        return Entry(place, done.before, line=line, fix=done)

    def _rows(self) -> Iterator[Entry]:
        with open_sheet(self._source, self._pricing) as sheet:
            self._accounts += sheet.accounts
            writer = self._writer(sheet)
            for row in sheet.table.rows:
                quoter = sheet.quoter_of(row)
                plan, is_rejected = quoter.plan(row), False
                cells: dict[int, str] = {}
                if plan is not None:
                    done = fix(msgspec.json.encode(plan.body), engine=self._engine)
                    cells = quoter.corrected(row, plan, msgspec.json.decode(done.text))
                    cells = {at: text for at, text in cells.items() if not writer.is_formula(row, at)}
                    is_rejected = not done.after.ok
                    report = quoter.report(plan)
                    listed = self._listed(sheet, row, cells)
                    yield Entry(sheet.place_of(row), report, (*plan.notes, *listed), quoter.columns_of(report))
                self._count(len(cells), is_rejected=is_rejected)
                writer.write(row, cells)
            writer.close()
            self._notes = writer.notes

    def _listed(self, sheet: Sheet, row: Row, cells: Mapping[int, str]) -> Iterator[str]:
        """Each corrected cell with what it was."""
        fixed = said("fixed", self._source.language)
        for at, new in cells.items():
            old = text_at(row.cells, at)
            yield f'{fixed} {sheet.table.columns.letter(at)}{row.number}: "{old}" -> "{new}"'

    def _writer(self, sheet: Sheet) -> FixedCsv | FixedWorkbook:
        if self._source.format != "xlsx":
            return FixedCsv(self._output, sheet.table, sheet.encoding)
        with open_input(self._source.path) as file:
            return FixedWorkbook(self._output, read_bytes(file), sheet.table, self._source.language)
