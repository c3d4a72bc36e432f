"""``reapi-rules quote --by``: totals of the requests that have the same value in a column or a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reapi_rules.catalog.models import Model, Role
from reapi_rules.cli.options import Output, Pricing, Source
from reapi_rules.cli.row_formats import FORMATS
from reapi_rules.cli.sheet import open_sheet
from reapi_rules.cli.streams import open_output
from reapi_rules.cli.summary import Summary
from reapi_rules.engine.report import Report
from reapi_rules.sheets.table import Row
from reapi_rules.sheets.totals import Totals
from reapi_rules.terms.credits import usd

__all__ = ["quote_groups"]

_ROLES: dict[str, Role] = {"resolution": "tier", "quality": "quality"}
_FIELDS = ("model", *_ROLES)
"""What totals can be by, whatever the columns are called."""


def quote_groups(name: str, source: Source, output: Output, pricing: Pricing, summary: Summary) -> None:
    """Print the totals of each group of requests, in the order in which the groups turn up."""
    groups: dict[str, Totals] = {}
    with (
        open_output(output.path, inputs=(*source.inputs, *pricing.inputs)) as file,
        open_sheet(source, pricing, with_titles=name not in _FIELDS) as sheet,
    ):
        summary.accounts += sheet.accounts
        if name in _FIELDS:
            group_of = _by_field(name, pricing.catalog.models)
        else:
            group_of = _by_cell(sheet.cells("--by", name, _FIELDS))
        for row in sheet.table.rows:
            result = sheet.quoter.result(row)
            if result is not None:
                summary.add(sheet.where(row), result.report)
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


def _by_cell(cell_of: Callable[[Row], str]) -> Callable[[Row, Report], str]:
    return lambda row, _: cell_of(row)


def _by_field(name: str, models: Mapping[str, Model]) -> Callable[[Row, Report], str]:
    """By what the gateway will use for a field, so that an absent quality counts as auto."""

    def group(_: Row, report: Report) -> str:
        model, used = models.get(report.model or ""), report.effective or {}
        own = report.model if name == "model" else used.get("" if model is None else model.roles.get(_ROLES[name], ""))
        return (own or "(none)") if report.ok else "(rejected)"

    return group
