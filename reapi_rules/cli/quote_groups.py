"""``reapi-rules quote --by``: totals of the requests that have the same value in a column or a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Role
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

_ROLES: dict[str, Role] = {"resolution": "tier", "quality": "quality"}
_FIELDS = ("model", *_ROLES)
"""What totals can be by, whatever the columns are called."""

Grouped = Iterator[tuple[str, str, Report]]
"""Where each request is, its group and its report."""


def quote_groups(name: str, source: Source, output: Output, pricing: Pricing, summary: Summary) -> None:
    """Print the totals of each group of requests, in the order in which the groups turn up."""
    by = _by_field if name in _FIELDS else _by_column
    groups: dict[str, Totals] = {}
    with open_output(output.path, source=source.path) as file:
        for where, group, report in by(name, source, pricing):
            summary.add(where, report)
            groups.setdefault(group, Totals()).add(report.quote)
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
    models = built_in().models
    for entry in read_requests(source, pricing)[0]:
        report = entry.report
        model = models.get(report.model or "")
        own = report.model
        if name != "model":
            own = None if model is None else (report.effective or {}).get(model.roles.get(_ROLES[name], ""))
        yield entry.where, (own or "(none)") if report.ok else "(rejected)", report


def _by_column(name: str, source: Source, pricing: Pricing) -> Grouped:
    """By a column of a sheet, or by a key of the bodies."""
    where = {"json": "item", "ndjson": "line"}.get(source.format, "row")
    with open_sheet(source, pricing) as sheet:
        index = _index(sheet.table.columns.titles, name, source)
        for row in sheet.table.rows:
            result = sheet.quoter.result(row)
            if result is not None:
                group = text_of(row.cells[index]).strip() if index < len(row.cells) else ""
                yield f"{where} {row.number}", group, result.report


def _index(titles: Sequence[str], name: str, source: Source) -> int:
    stripped = [title.strip() for title in titles]
    if stripped.count(name) != 1:
        of = "column" if source.format in SHEETS else "key"
        found = f"more than one {of} has" if name in stripped else f"no {of} has"
        allowed = ", ".join(dict.fromkeys((*_FIELDS, *filter(None, stripped))))
        raise UnusableError(f"--by {name}: {found} that name: give one of {allowed}")
    return stripped.index(name)
