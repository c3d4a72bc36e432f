"""``reapi-rules quote --by``: totals of the requests that have the same value in a column or a key."""

from __future__ import annotations

from collections.abc import Callable

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Role
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import SHEETS, Output, Pricing, Source
from reapi_rules.cli.row_formats import FORMATS
from reapi_rules.cli.sheet import open_sheet
from reapi_rules.cli.streams import open_output
from reapi_rules.cli.summary import Summary
from reapi_rules.engine.report import Report
from reapi_rules.sheets.contents import text_of
from reapi_rules.sheets.table import Row, Table
from reapi_rules.sheets.totals import Totals
from reapi_rules.terms.credits import usd

__all__ = ["quote_groups"]

_ROLES: dict[str, Role] = {"resolution": "tier", "quality": "quality"}
_FIELDS = ("model", *_ROLES)
"""What totals can be by, whatever the columns are called."""


def quote_groups(name: str, source: Source, output: Output, pricing: Pricing, summary: Summary) -> None:
    """Print the totals of each group of requests, in the order in which the groups turn up."""
    of_row = {"json": "item", "ndjson": "line"}.get(source.format, "row")
    groups: dict[str, Totals] = {}
    with (
        open_output(output.path, source=source.path) as file,
        open_sheet(source, pricing, with_titles=name not in _FIELDS) as sheet,
    ):
        summary.accounts.append(sheet.account)
        group_of = _by_field(name) if name in _FIELDS else _by_column(name, sheet.table, source)
        for row in sheet.table.rows:
            result = sheet.quoter.result(row)
            if result is not None:
                summary.add(f"{of_row} {row.number}", result.report)
                groups.setdefault(group_of(row, result.report), Totals()).add(result.report.quote)
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


def _by_field(name: str) -> Callable[[Row, Report], str]:
    """By what the gateway will use for a field, so that an absent quality counts as auto."""
    models = built_in().models

    def group(_: Row, report: Report) -> str:
        model, used = models.get(report.model or ""), report.effective or {}
        own = report.model if name == "model" else used.get("" if model is None else model.roles.get(_ROLES[name], ""))
        return (own or "(none)") if report.ok else "(rejected)"

    return group


def _by_column(name: str, table: Table, source: Source) -> Callable[[Row, Report], str]:
    """By a column of a sheet, or by a key of the bodies."""
    titles = [title.strip() for title in table.columns.titles]
    if titles.count(name) != 1:
        of = "column" if source.format in SHEETS else "key"
        found = f"more than one {of} has" if name in titles else f"no {of} has"
        allowed = ", ".join(dict.fromkeys((*_FIELDS, *filter(None, titles))))
        raise UnusableError(f"--by {name}: {found} that name: give one of {allowed}")
    at = titles.index(name)
    return lambda row, _: text_of(row.cells[at]).strip() if at < len(row.cells) else ""
