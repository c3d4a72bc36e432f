"""Totals by a column: ``quote --by``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.files import open_output
from reapi_rules.cli.options import TABLES, input_format
from reapi_rules.cli.reports import read_reports
from reapi_rules.cli.rows import FORMATS
from reapi_rules.cli.sheet_input import open_sheet
from reapi_rules.cli.tally import Tally
from reapi_rules.engine.report import Report
from reapi_rules.sheets.cells import text_of
from reapi_rules.sheets.totals import Totals
from reapi_rules.terms.credits import usd

__all__ = ["quote_groups"]

_FIELDS = ("model", "resolution", "quality")


def quote_groups(arguments: argparse.Namespace, tally: Tally) -> None:
    """Print the totals of each group of requests, in the order in which the groups turn up."""
    groups: dict[str, Totals] = {}
    with open_output(arguments.output, source=arguments.file) as output:
        for where, group, report in _grouped(arguments):
            tally.add(where, report)
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
        output.write(FORMATS[arguments.format or "text"](rows))
    tally.summarise()


def _grouped(arguments: argparse.Namespace) -> Iterator[tuple[str, str, Report]]:
    """Where each request stands, its group and its report."""
    name = arguments.by.strip()
    if name in _FIELDS:
        for entry in read_reports(arguments):
            yield entry.where, _word(name, entry.report), entry.report
    elif input_format(arguments) in TABLES:
        yield from _by_column(arguments, name)
    else:
        yield from _by_key(arguments, name)


def _word(name: str, report: Report) -> str:
    """What the gateway will use for a field, so that an absent quality counts as auto."""
    if report.effective is None:
        return "(rejected)"
    return getattr(report.effective, name) or "(none)"


def _by_column(arguments: argparse.Namespace, name: str) -> Iterator[tuple[str, str, Report]]:
    with open_sheet(arguments) as sheet:
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


def _by_key(arguments: argparse.Namespace, name: str) -> Iterator[tuple[str, str, Report]]:
    """By a key of the bodies that is no field of a request, as the warning about it has its value."""
    is_known = False
    for entry in read_reports(arguments):
        values = [each.value for each in entry.report.warnings if each.rule == "field.unknown" and each.field == name]
        is_known = is_known or bool(values)
        yield entry.where, "".join(map(str, values)), entry.report
    if not is_known:
        raise UnusableError(f"--by {name}: no request has that key: give one of {', '.join(_FIELDS)}")
