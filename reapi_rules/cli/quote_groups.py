"""``reapi-rules quote --by``: totals of the requests that have the same value in a column or a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import SHEETS, Output, Pricing, Source
from reapi_rules.cli.requests import read_requests
from reapi_rules.cli.row_formats import FORMATS
from reapi_rules.cli.sheet import open_sheet
from reapi_rules.cli.streams import open_output
from reapi_rules.cli.summary import Summary
from reapi_rules.engine.report import Report
from reapi_rules.sheets.cells import text_of
from reapi_rules.sheets.totals import Totals
from reapi_rules.terms.credits import usd

__all__ = ["quote_groups"]

_FIELDS = ("model", "resolution", "quality")

Grouped = Iterator[tuple[str, str, Report]]
"""Where each request stands, its group and its report."""


def quote_groups(name: str, source: Source, output: Output, pricing: Pricing, summary: Summary) -> None:
    """Print the totals of each group of requests, in the order in which the groups turn up."""
    by = _by_field if name in _FIELDS else _by_column if source.format in SHEETS else _by_key
    groups: dict[str, Totals] = {}
    with open_output(output.path, source=source.path) as file:
        for where, group, report in by(name, source, pricing):
            summary.add(where, report)
            groups.setdefault(group, Totals()).add(report)
        rows = [
            {
                "group": group,
                "requests": totals.requests,
                "rejected": totals.rejected,
                "unpriced": totals.unpriced,
                "credits_low": totals.credits_low,
                "credits": totals.credits,
                "usd": usd(totals.credits),
            }
            for group, totals in groups.items()
        ]
        file.write(FORMATS[output.format](rows))
    summary.say()


def _by_field(name: str, source: Source, pricing: Pricing) -> Grouped:
    """By what the gateway will use for a field, so that an absent quality counts as auto."""
    for entry in read_requests(source, pricing)[0]:
        request = entry.report.effective
        yield entry.where, "(rejected)" if request is None else getattr(request, name) or "(none)", entry.report


def _by_column(name: str, source: Source, pricing: Pricing) -> Grouped:
    with open_sheet(source, pricing) as sheet:
        index = _index(sheet.table.columns.titles, name)
        for row in sheet.table.rows:
            answer = sheet.quoter.answer(row)
            if answer is not None:
                group = text_of(row.cells[index]).strip() if index < len(row.cells) else ""
                yield f"row {row.number}", group, answer.report


def _index(titles: Sequence[str], name: str) -> int:
    stripped = [title.strip() for title in titles]
    if stripped.count(name) != 1:
        found = "more than one column has" if name in stripped else "no column has"
        allowed = ", ".join(dict.fromkeys((*_FIELDS, *filter(None, stripped))))
        raise UnusableError(f"--by {name}: {found} that name: give one of {allowed}")
    return stripped.index(name)


def _by_key(name: str, source: Source, pricing: Pricing) -> Grouped:
    """By a key of the bodies that is no field of a request, as the warning about it has its value."""
    is_known = False
    for entry in read_requests(source, pricing)[0]:
        values = [each.value for each in entry.report.warnings if each.rule == "field.unknown" and each.field == name]
        is_known = is_known or bool(values)
        yield entry.where, "".join(map(str, values)), entry.report
    if not is_known:
        raise UnusableError(f"--by {name}: no request has that key: give one of {', '.join(_FIELDS)}")
