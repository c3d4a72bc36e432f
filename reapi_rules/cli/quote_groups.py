"""``reapi-rules quote --by``: totals of the requests that have the same value in a column or a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import maxsize
from typing import Any

from reapi_rules.catalog.models import PRICED, Model, Role
from reapi_rules.cli.lines import low_to_high
from reapi_rules.cli.options import Output, Source
from reapi_rules.cli.plan_table import sums
from reapi_rules.cli.progress import watched
from reapi_rules.cli.row_formats import FOR_PEOPLE, FORMATS
from reapi_rules.cli.said import said
from reapi_rules.cli.sheet import open_sheet
from reapi_rules.cli.summary import Summary
from reapi_rules.engine.report import Report
from reapi_rules.sheets.meaning.contents import text_at
from reapi_rules.sheets.meaning.settings import Settings
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.results.result import Result
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.sheets.results.what_if import Changes
from reapi_rules.terms.credits import usd
from reapi_rules.terms.spelling import fold

__all__ = ["quote_groups"]

_MOST_COUNTS = 4_096
_ROLES: dict[str, Role] = {"resolution": "tier", "quality": "quality"}
_FIELDS = ("model", *_ROLES)
"""What totals can be by, whatever the columns are called."""

Groups = dict[tuple[str, ...], tuple[Totals, Changes]]
"""By what they have in common, what requests cost and what a change of them saves."""


def quote_groups(
    names: Sequence[str], source: Source, output: Output, summary: Summary, settings: Settings | None
) -> None:
    """Print the totals of each group of requests, in the order in which the groups turn up."""
    groups: Groups = {}
    pricing = summary.pricing
    fields = [name.casefold() if name.casefold() in _FIELDS else "" for name in names]
    with output.open() as file, open_sheet(source, pricing, settings, with_titles=not all(fields)) as sheet:
        summary.accounts = sheet.accounts
        titles = () if all(fields) else sheet.table.columns.titles
        for title in (each for each in titles if "," in each and fold(each) == fold(",".join(names))):
            names, fields = [title.strip()], [""]  # the comma is the title's own
        columns = [sheet.column("--by", name, _FIELDS) for name, field in zip(names, fields) if not field]
        subjects = [sheet.table.columns.read.get(at, "") for at in columns]
        models = pricing.catalog.models
        counts: dict[tuple[Result, tuple[str, ...]], int] = {}

        def count() -> None:
            for (result, cells), times in counts.items():
                own = result.before or result.report
                texts = (_read(text, subject, own, models) for text, subject in zip(cells, subjects))
                key = tuple(_used(each, result.report, models) if each else next(texts) for each in fields)
                totals, saved = groups.get(key) or groups.setdefault(key, (Totals(), Changes(pricing.own_catalog)))
                totals.add(result.report.quote, times)
                if result.before is not None:
                    saved.add(result.before, result.report, times)
            counts.clear()

        for row in watched(sheet.table.rows):
            result = sheet.quoter.result(row)
            if result is not None:
                summary.add_result(row, result, sheet.place_of)
                cells = row.cells
                key = result, tuple([text_at(cells, at) for at in columns])
                counts[key] = counts.get(key, 0) + 1
                if len(counts) > _MOST_COUNTS:
                    count()
        count()
        if output.format in FOR_PEOPLE:
            table = _table(names, fields, groups, source.language, with_changes=settings is not None) if groups else []
            file.write(FOR_PEOPLE[output.format](table, range(len(names), maxsize)))
        else:
            rows = [_row(key, totals, None if settings is None else saved) for key, (totals, saved) in groups.items()]
            file.write(FORMATS[output.format](rows))
    summary.say()


def _table(
    names: Sequence[str], fields: Sequence[str], groups: Groups, language: str, *, with_changes: bool
) -> list[list[str]]:
    """The totals of all groups as a person reads them, with a head; a cell of a column stays as it is."""
    of_field = {f"({name})": said(f"group_{name}", language) for name in ("none", "rejected")}
    words = [of_field if field else {"": workbook_texts().text("blank", language)} for field in fields]
    own = [([known.get(cell, cell) for known, cell in zip(words, key)], totals) for key, (totals, _) in groups.items()]
    table = sums(names, own, language)
    if with_changes:
        table[0] += (said(f"plan_{name}", language) for name in ("before", "saving"))
        for row, (_, saved) in zip(table[1:], groups.values()):
            before = low_to_high(saved.before.credits_low, saved.before.credits, language)
            less = low_to_high(saved.saving_low, saved.saving, language)
            row += "" if saved.before.is_unpriced else before, "" if saved.is_unpriced else less
    return table


def _row(key: tuple[str, ...], totals: Totals, saved: Changes | None) -> dict[str, Any]:
    """The totals of one group; without any price there is no number."""
    has_price = not totals.is_unpriced
    row: dict[str, Any] = dict(zip(("group", "subgroup"), key)) | {
        "requests": totals.requests,
        "rejected": totals.rejected,
        "unpriced": totals.unpriced,
        "credits_low": totals.credits_low if has_price else None,
        "credits": totals.credits if has_price else None,
        "usd": usd(totals.credits) if has_price else None,
    }
    if saved is not None:
        less = (None, None) if saved.is_unpriced else (saved.saving_low, saved.saving)
        before = None if saved.before.is_unpriced else saved.before.credits
        row |= {"credits_before": before} | dict(zip(("saving_low", "saving"), less))
    return row


def _used(name: str, report: Report, models: Mapping[str, Model]) -> str:
    """What the gateway will use for a field, so that an absent quality counts as auto."""
    own = _effective(_ROLES.get(name, "model"), report, models)
    return (own or "(none)") if report.ok else "(rejected)"


def _read(text: str, subject: str, report: Report, models: Mapping[str, Model]) -> str:
    """A cell as it was read, if its column has a say in the price, so that 16:09:00 is 16:9."""
    text = text.strip()
    used = _effective(subject, report, models) if text and subject in ("model", *PRICED) else None
    return text if used is None else str(used)


def _effective(subject: str, report: Report, models: Mapping[str, Model]) -> Any:
    model, used = models.get(report.model or ""), report.effective or {}
    roles = dict[str, str](() if model is None else model.roles.items())
    return report.model if subject == "model" else used.get(roles.get(subject, ""))
