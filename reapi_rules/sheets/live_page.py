"""The page to fill in of a self-calculating workbook: rows, drop-downs, colours and totals, and its notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.sheets.columns import column_names
from reapi_rules.sheets.live_formulas import LETTERS, RESULTS
from reapi_rules.sheets.xlsx_writer import LOOKS
from reapi_rules.terms.templates import listed

__all__ = ["FIRST_ROW", "notes_of", "write_page"]

FIRST_ROW = 6
"""The first row to fill in; the card, the totals and the header stand above it."""

_WIDTHS = (22, 21, 10, 12, 10, 5, 19, 10, 14, 18, 11, 20, 80, 12, 13, 60)
_ROLES = {"Size": "shape", "Resolution": "tier", "Quality": "quality", "n": "number", "Reference images": "references"}
_KINDS = {"reapi_ok": "plain", "reapi_errors": "plain", "reapi_usd": "decimal", "reapi_notes": "plain"}
_FORMATS = LOOKS | {
    "head": {"bold": True, "font_size": 14},
    "small": {"font_color": "#595959"},
    "total": {"bold": True, "num_format": "#,##0", "top": 1},
    "total_usd": {"bold": True, "num_format": "#,##0.000", "top": 1},
    "plain": {},
    "integer": {"num_format": "#,##0", "align": "right"},
}


def write_page(book: Any, sheet: Any, models: Sequence[Model], card: RateCard | None, last: int) -> None:
    """The rows to fill in, down to the last one, with the card and the totals above them."""
    forms = {name: book.add_format(look) for name, look in _FORMATS.items()}
    _write_rows(sheet, forms, card, last)
    _write_drop_downs(sheet, models, last)
    _write_colours(sheet, forms, models, last)
    sheet.freeze_panes(FIRST_ROW - 1, 1)


def notes_of(models: Sequence[Model], card: RateCard | None) -> list[str]:
    """How to fill in the page, and what its results mean."""
    names = column_names()
    source = ["Prices are from " + card.source] if card else []
    which = names.workbook["models"].format(models=listed([model.id for model in models], "and"))
    return [_card_line(card), *source, which, *names.filling_in, *names.about]


def _write_rows(sheet: Any, forms: dict[str, Any], card: RateCard | None, last: int) -> None:
    texts = column_names().workbook
    sheet.write_string("A1", texts["title"], forms["head"])
    sheet.write_string("A2", _card_line(card), forms["small"])
    sheet.write_string("A4", texts["how"], forms["small"])
    verdicts = f"H{FIRST_ROW}:H{last}"
    accepted, rejected = (f'COUNTIF({verdicts},"{verdict}")' for verdict in ("yes", "no"))
    priced = f"COUNT({LETTERS['reapi_credits']}{FIRST_ROW}:{LETTERS['reapi_credits']}{last})"
    sheet.write_formula(
        "A3",
        f'={accepted}+{rejected}&" requests, "&{rejected}&" rejected, "&{accepted}-{priced}&" without a price"',
        forms["total"],
        "0 requests, 0 rejected, 0 without a price",
    )
    for name in ("reapi_credits", "reapi_credits_low", "reapi_usd", "reapi_medium_saves"):
        at = LETTERS[name]
        form = forms["total_usd" if name == "reapi_usd" else "total"]
        sheet.write_formula(f"{at}3", f"=SUM({at}{FIRST_ROW}:{at}{last})", form)
    for column, (title, width) in enumerate(zip(LETTERS, _WIDTHS)):
        sheet.set_column(
            column, column, width, forms["text" if title in ("Size", "Resolution", "Quality") else "plain"]
        )
        sheet.write_string(FIRST_ROW - 2, column, title, forms["ours" if title in RESULTS else "title"])
    for title, formula in RESULTS.items():
        column = list(LETTERS).index(title)
        form = forms[_KINDS.get(title, "integer")]
        for row in range(FIRST_ROW, last + 1):
            sheet.write_formula(row - 1, column, formula.format(r=row), form, "")


def _write_drop_downs(sheet: Any, models: Sequence[Model], last: int) -> None:
    most = max(model.field("number").maximum or 1 for model in models)
    lists = {
        "Model": "=m_id",
        "Size": f'=INDIRECT("sizes_"&IF(TRIM(D{FIRST_ROW})="",d_resolution,LOWER(TRIM(D{FIRST_ROW}))))',
        "Resolution": "=resolutions",
        "Quality": "=qualities",
        "n": list(range(1, most + 1)),
        "Reference images": ["yes", "no"],
    }
    for title, source in lists.items():
        area = f"{LETTERS[title]}{FIRST_ROW}:{LETTERS[title]}{last}"
        sheet.data_validation(area, {"validate": "list", "source": source, "show_error": False})


def _write_colours(sheet: Any, forms: dict[str, Any], models: Sequence[Model], last: int) -> None:
    """What is wrong in red, where it is; a quality left to auto and a row without a price in amber."""
    row = FIRST_ROW
    ok, errors, credits, saves = (
        f"${LETTERS[title]}{row}" for title in ("reapi_ok", "reapi_errors", "reapi_credits", "reapi_medium_saves")
    )
    rules = [(title, f'={ok}="no"', "error") for title in ("reapi_ok", "reapi_errors")]
    names = {"Model": ["model"], **{title: _names(role, models) for title, role in _ROLES.items()}}
    for title, field in ((title, field) for title, fields in names.items() for field in fields):
        rules.append((title, f'=ISNUMBER(FIND("| {field}.","| "&{errors}))', "error"))
    rules += [(title, f"=ISNUMBER({saves})", "warning") for title in ("Quality", "reapi_medium_saves")]
    rules.append(("reapi_credits", f'=AND({ok}="yes",NOT(ISNUMBER({credits})))', "warning"))
    for title, formula, look in rules:
        area = f"{LETTERS[title]}{row}:{LETTERS[title]}{last}"
        sheet.conditional_format(area, {"type": "formula", "criteria": formula, "format": forms[look]})


def _names(role: str, models: Sequence[Model]) -> list[str]:
    """What models call the field of a role."""
    return list(dict.fromkeys(name for model in models for name, field in model.fields.items() if field.role == role))


def _card_line(card: RateCard | None) -> str:
    if card is None:
        return "No rate card holds on that date: nothing here has a price."
    return f"Rate card {card.id}: prices hold from {card.effective_from}, checked on {card.checked_on}."
