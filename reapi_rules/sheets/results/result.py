"""Our cells of a row: what the report of its request says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec
from msgspec.structs import replace

from reapi_rules.catalog.messages import hint, text
from reapi_rules.engine.report import Report
from reapi_rules.sheets.meaning.account import account_texts
from reapi_rules.sheets.meaning.columns import column_names, note_text
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.templates import told

__all__ = ["LineWriter", "Remembered", "Result", "ResultCell", "Results", "Writer", "result", "shared"]

_MOST_REMEMBERED, _LONGEST_REMEMBERED = 4_096, 24
ResultCell = str | int | None
"""A cell of ours: text, a number, or None for an empty one."""


class Result(msgspec.Struct, eq=False):
    """The result of one row's request: the cells under our columns, and the report behind them.

    Many rows may share a result, whose report is that of a stand-in for them.  ``before`` is the report on the row as
    it is, if settings changed it.  ``readings`` says how cells were read that needed interpretation, ``columns`` which
    columns the fields have.  A writer keeps its spelling of the cells in ``line``, to spell a shared result only once;
    ``times`` counts its rows.
    """

    cells: tuple[ResultCell, ...]
    report: Report
    is_shared: bool = False
    before: Report | None = None
    readings: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}
    line: bytes | None = None
    times: int = 0


class Results(Protocol):
    """What gives the results of rows."""

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for a row that is not a request."""


class Writer(Protocol):
    """Writes rows and their results in one format; ``notes`` are about what was written."""

    notes: tuple[str, ...] = ()

    def write(self, row: Row, result: Result | None) -> None:
        """Write one row; a row that is not a request gets blank cells."""

    def close(self) -> None:
        """Write what is left; the output stays open."""

    def abandon(self) -> None:
        """Remove what was written so far, since it can't be finished."""
        return


@runtime_checkable
class LineWriter(Writer, Protocol):
    """Writes one line for each row.

    ``spell`` turns a text as JSON spells it into a cell of its own, None if it stays as it is; ``delimiter`` is what
    separates such cells.
    """

    spell: Callable[[bytes], bytes] | None = None
    delimiter: str = ""

    def write(self, row: Row, result: Result | None) -> None:
        """Write one row; a row that is not a request gets blank cells."""
        self.put(self.spelt(row, result))

    def spelt(self, row: Row, result: Result | None) -> bytes:
        """The line of one row."""

    def put(self, line: bytes) -> None:
        """Write a line."""


class Remembered(dict[Any, str]):
    """What a function makes of values; where both are short texts it is asked once, and a look-up then costs no call.

    >>> spelt = Remembered(repr)
    >>> spelt["a fox"], spelt["a fox " * 9][:6], len(spelt)
    ("'a fox'", "'a fox", 1)
    """

    def __init__(self, make: Callable[[Any], str]) -> None:
        self._make = make

    def __missing__(self, value: Any) -> str:
        made = self._make(value)
        if len(made) <= _LONGEST_REMEMBERED and type(value) in (str, bytes) and len(self) < _MOST_REMEMBERED:
            self[value] = made
        return made


def result(
    report: Report,
    notes: tuple[str, ...] = (),
    *,
    columns: Mapping[str, str] | None = None,
    language: str = "en",
    is_shared: bool = False,
) -> Result:
    """The result for one report, with the notes on how the row was read, and the columns of its fields.

    >>> from reapi_rules import preflight
    >>> result(preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2}), columns={"n": 'H "Qty"'}).cells[:2]
    ('rejected', 'n.range (column H "Qty"): n must be 1; split it into 2 requests: 1 + 1, 60 credits in all')
    """
    columns = columns or {}
    quote, dimensions = report.quote, report.dimensions
    noted = (_text(finding, {}, language) for finding in report.warnings if finding.level == "note")
    cells = (
        _verdict(report),
        _joined(_advised(finding, columns, language) for finding in report.errors),
        _joined(_text(finding, columns, language) for finding in report.warnings if finding.level == "warning"),
        *(getattr(dimensions, edge, None) for edge in ("width", "height")),
        *(getattr(quote, name, None) for name in ("credits", "credits_low", "usd", "basis", "cell")),
        None if quote is None or quote.rate_card is None else quote.rate_card.id,
        _joined((*notes, *_price_note(report, language), *noted)),
    )
    return Result(cells, report, is_shared, readings=notes, columns=columns)


def shared(first: Result, second: Result) -> Result | None:
    """The one result of all rows for which these two stand in; None if they differ.

    >>> from reapi_rules import preflight
    >>> fox, owl = (result(preflight({"model": "z-image", "prompt": text})) for text in ("a fox", "an owl"))
    >>> shared(fox, owl).is_shared, shared(fox, result(preflight({"model": "z-image"})))
    (True, None)
    """
    if first.cells != second.cells:
        return None
    return first if first.is_shared else replace(first, is_shared=True)


def _verdict(report: Report) -> str:
    """One word to filter by."""
    if report.quote is None:
        return "rejected"
    has_warning = any(finding.level == "warning" for finding in report.warnings)
    return "no price" if report.quote.credits is None else "warning" if has_warning else "fine"


def _price_note(report: Report, language: str) -> Iterable[str]:
    """Why a price is not exact, where no finding says it."""
    note = f"price.{report.quote.reason}" if report.quote is not None else ""
    return (note_text(note, language),) if note in column_names().notes else ()


def _text(finding: Finding, columns: Mapping[str, str], language: str) -> str:
    column = columns.get(finding.field or "")
    place = told(account_texts().texts["of_column"], language, column=column) if column else ""
    return f"{finding.rule}{place}: {text(finding, language)}"


def _advised(finding: Finding, columns: Mapping[str, str], language: str) -> str:
    advice = hint(finding, language)
    return _text(finding, columns, language) + (f"; {advice}" if advice else "")


def _joined(texts: Iterable[str]) -> str | None:
    return " | ".join(texts) or None
