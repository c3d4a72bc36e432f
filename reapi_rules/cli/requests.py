"""The requests of a source, whatever its format, each with its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from reapi_rules.cli.options import Pricing, Source
from reapi_rules.cli.said import Place
from reapi_rules.cli.streams import elements, lines_of, open_input, read_bodies
from reapi_rules.engine.engine import Engine
from reapi_rules.engine.report import Report
from reapi_rules.sheets.results.batches import BatchLine, unwrap

if TYPE_CHECKING:
    from reapi_rules.engine.fixes import Fix
    from reapi_rules.sheets.meaning.account import Account
    from reapi_rules.sheets.results.result import Result

__all__ = ["Entry", "read_requests"]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A request: its place, its report, and how cells were read that needed interpretation.

    ``columns`` are those of its fields in a sheet, ``line`` is the line of a batch that holds it, ``fix`` what patches
    make of its body, where that was asked for.  ``shared`` is the result that the row has in common with others.
    ``spelt`` is the report as JSON where that is known already; the other report then is that of a stand-in.
    """

    place: Place
    report: Report
    readings: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}
    line: BatchLine | None = None
    fix: Fix | None = None
    shared: Result | None = None
    spelt: bytes | None = None

    @classmethod
    def of(cls, place: Place, text: bytes, look: Callable[[bytes], Report]) -> Entry:
        """The request in a JSON text; a line of a batch gives it its name."""
        line = unwrap(text)
        if line is None:
            return cls(place, look(text))
        return cls(replace(place, name=line.name), look(bytes(line.body)), line=line)

    def to_json(self) -> bytes:
        """The report as one line of JSON, and what patches make of the body."""
        if self.spelt is not None:
            return self.spelt
        report = self.report.to_json()
        if self.fix is not None:
            fixed = msgspec.json.encode({"ok": self.fix.after.ok, "changes": self.fix.changes})
            report = report[:-1] + b',"fixed":' + fixed + b"}"
        return self.named(report)

    def named(self, result: bytes) -> bytes:
        """A JSON object about the request, with its ``custom_id`` if it has one."""
        return result if self.line is None else b'{"custom_id":' + bytes(self.line.custom_id) + b"," + result[1:]


def read_requests(
    source: Source, pricing: Pricing, accounts: list[Account], *, with_texts: bool = False
) -> tuple[Iterable[Entry], bool]:
    """The requests of a source, in order and to be read once, and whether it is a single body.

    The account of a sheet is added to the others.  With texts the report on a row includes its prompt and its URLs;
    without, rows that say the same but for these have one report.  Lines that are alike are spelt from one.
    """
    if source.format not in ("json", "ndjson"):
        return _rows(source, pricing, accounts, with_texts), False
    engine = pricing.engine(source.default_model)
    look = engine.preflight
    if source.format == "ndjson":
        return _lines(source, engine), False
    with open_input(source.path) as file:
        text = read_bodies(file)
    items = elements(text)
    if items is None:
        return [Entry.of(Place(source.path), text, look) for text in map(source.noting(), [text])], True
    places = (Place(source.path, "item", at) for at in count(1))
    return (Entry.of(place, item, look) for place, item in zip(places, map(source.noting(), items))), False


def _lines(source: Source, engine: Engine) -> Iterator[Entry]:
    from reapi_rules.sheets.results.alike import Alike, Judged, Spelling, in_short  # a body starts faster without

    def make(first: Judged, second: Judged) -> tuple[Report, Spelling] | None:
        spelling = Spelling.of(first, second, lambda each: each.report.to_json(), in_short)
        return None if spelling is None else (first.report, spelling)

    look, path, tell, spelt_alike = engine.preflight, source.path, source.noting(), Alike(engine, make).of
    with open_input(path) as file:
        for number, line in enumerate(lines_of(file), 1):
            if (found := spelt_alike(line)) is not None:
                (report, spelling), texts = found
                yield Entry(Place(path, "line", number), report, spelt=spelling.of_texts(texts))
            elif not line.isspace():
                yield Entry.of(Place(path, "line", number), tell(line), look)


def _rows(source: Source, pricing: Pricing, accounts: list[Account], with_texts: bool) -> Iterator[Entry]:
    from reapi_rules.cli.sheet import open_sheet  # a body starts faster without the sheets

    with open_sheet(source, pricing) as sheet:
        accounts += sheet.accounts
        for row in sheet.table.rows:
            if with_texts:
                quoter = sheet.quoter_of(row)
                plan = quoter.plan(row)
                if plan is not None:
                    report = quoter.report(plan)
                    yield Entry(sheet.place_of(row), report, columns=quoter.columns_of(report))
            elif (result := sheet.quoter.result(row)) is not None:
                shared = result if result.is_shared else None
                yield Entry(sheet.place_of(row), result.report, result.readings, result.columns, shared=shared)
