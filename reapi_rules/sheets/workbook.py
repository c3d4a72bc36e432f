"""A workbook that quotes by itself: rows to fill in, live formulas, hidden tables of rules and rates, no macros.

Every figure and every message is the engine's own, looked up; the formulas use functions that Excel 2010 and
LibreOffice Calc both have.  Needs XlsxWriter (the extra ``xlsx``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from reapi_rules.catalog import Catalog, built_in
from reapi_rules.models import Model
from reapi_rules.rates import RateCard
from reapi_rules.report import preflight, stand_in
from reapi_rules.sheets.columns import column_names, letter
from reapi_rules.sheets.live_formulas import ANSWERS, CHEAPER, LETTERS, WORK
from reapi_rules.sheets.live_table import combinations, unit_of

__all__ = ["FIRST_ROW", "write_workbook"]

FIRST_ROW = 6
"""The first row to fill in; the card, the totals and the header stand above it."""

_WIDTHS = (24, 22, 10, 11, 10, 5, 26, 9, 52, 12, 12, 13, 17, 11, 20, 60)
_VALUE = "§"  # stands for a value when a message is looked up
_FORMATS = {
    "head": {"bold": True, "font_size": 14},
    "small": {"font_color": "#595959"},
    "title": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1},
    "ours": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1},
    "total": {"bold": True, "num_format": "#,##0", "top": 1},
    "total_usd": {"bold": True, "num_format": "#,##0.000", "top": 1},
    "text": {"num_format": "@"},
    "integer": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.000"},
    "error": {"bg_color": "#F8CBAD", "font_color": "#9C0006"},
    "warning": {"bg_color": "#FFE699", "font_color": "#7F6000"},
    "wrap": {"text_wrap": True, "valign": "top"},
}


def write_workbook(
    output: BinaryIO, *, card: RateCard | None = None, rows: int = 500, catalog: Catalog | None = None
) -> None:
    """Write the workbook with so many rows to fill in.  Raises ImportError without XlsxWriter."""
    import xlsxwriter

    catalog = catalog or built_in()
    book = xlsxwriter.Workbook(output)
    if card is not None:
        book.set_properties({"created": datetime.fromisoformat(card.checked_on)})
    forms = {name: book.add_format(look) for name, look in _FORMATS.items()}
    quote, notes, rules, work = (book.add_worksheet(name) for name in ("Quote", "Notes", "Rules", "Work"))
    last = FIRST_ROW + rows - 1
    keys = _write_tables(book, rules, catalog, card)
    _write_work(work, last, _blank_row(catalog, keys))
    _write_quote(quote, forms, card, last)
    _write_drop_downs(quote, catalog, last)
    _write_colours(quote, forms, last)
    _write_notes(notes, forms, card)
    rules.hide()
    work.hide()
    quote.activate()
    book.close()


def _write_tables(book: Any, sheet: Any, catalog: Catalog, card: RateCard | None) -> list[str]:
    """The hidden tables, with names for all that the formulas look up; returns the keys of the combinations."""
    models = list(catalog.models.values())
    unit = unit_of(card, max(model.fields.n.maximum for model in models))
    table = [(row.key, row.width, row.height, row.price, row.price_low) for row in combinations(catalog, card, unit)]
    _name_columns(book, sheet, 0, ("r_key", "r_width", "r_height", "r_price", "r_low"), table)
    _name_columns(book, sheet, 6, _MODEL_COLUMNS, (_model(model, catalog) for model in models))
    _name_columns(book, sheet, 15, ("sizes",), ((word,) for word in _words(models, "size")))
    resolutions = _words(models, "resolution")
    needs = {word for model in models for word in model.fields.resolution.needs_size}
    _name_columns(book, sheet, 17, ("resolutions", "restricted"), ((word, int(word in needs)) for word in resolutions))
    _name_columns(book, sheet, 20, ("qualities",), ((word,) for word in _words(models, "quality")))
    for index, word in enumerate(resolutions):
        sizes = [size for size in _words(models, "size") if any(size in model.sizes_at(word) for model in models)]
        _name_columns(book, sheet, 22 + index, (f"sizes_{word}",), ((size,) for size in sizes))
    texts = {**_texts(catalog), "per_credit": unit.per_credit}
    column = 22 + len(resolutions)
    for row, (name, value) in enumerate(texts.items(), 1):
        sheet.write(row, column, value)
        book.define_name(name, f"=Rules!{_at(row, column)}")
    return [key for key, *_ in table]


def _name_columns(book: Any, sheet: Any, column: int, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns of a hidden table, each under a name of its own."""
    count = 0
    sheet.write_row(0, column, names)
    for count, row in enumerate(rows, 1):
        for index, value in enumerate(row, column):
            if isinstance(value, str):
                sheet.write_string(count, index, value)
            elif value is not None:
                sheet.write_number(count, index, value)
    for index, name in enumerate(names, column):
        book.define_name(name, f"=Rules!{_at(1, index)}:{_at(count, index)}")


_MODEL_COLUMNS = ("m_id", "m_quality", "m_default", "m_least", "m_most", "m_range", "m_pixels", "m_size_end")


def _model(model: Model, catalog: Catalog) -> tuple[Any, ...]:
    takes, n = model.fields.quality, model.fields.n
    return (
        model.id,
        int(takes is not None),
        takes.default if takes else "-",
        n.minimum,
        n.maximum,
        _error(catalog, model=model.id, n=n.maximum + 1),
        int(model.fields.size.pixels),
        _error(catalog, model=model.id, size=_VALUE).partition(_VALUE)[2],
    )


def _texts(catalog: Catalog) -> dict[str, Any]:
    """The engine's own messages, cut where a value stands, and the defaults."""
    model = catalog.models[catalog.default_model]
    own = column_names().workbook
    texts = {f"t_{name}": _error(catalog, **{name: _VALUE}) for name in ("model", "size", "resolution", "quality")}
    return {
        **{name: text.partition(_VALUE)[0] for name, text in texts.items()},
        **{f"{name}_end": text.partition(_VALUE)[2] for name, text in texts.items()},
        "t_n": _error(catalog, n=_VALUE),
        "t_tier": _error(catalog, resolution=next(iter(model.fields.resolution.needs_size), "")),
        "t_auto": _note(catalog, "quality.auto_bills_high", quality="auto"),
        "t_auto_size": _note(catalog, "size.auto_price", size="auto"),
        "t_mirrored": _note(catalog, "size.mirrors_reference", **stand_in(has_images=True)),
        "t_pixels": own["pixels"],
        "t_unpriced": own["unpriced"],
        "d_model": catalog.default_model,
        "d_size": model.fields.size.default,
        "d_resolution": model.fields.resolution.default,
        "d_n": model.fields.n.default,
    }


def _error(catalog: Catalog, **fields: Any) -> str:
    """What the engine says first of a request with these fields."""
    errors = preflight({**stand_in(), **fields}, default_model=catalog.default_model, catalog=catalog).errors
    return f"{errors[0].rule}: {errors[0].message}" if errors else ""


def _note(catalog: Catalog, rule: str, **fields: Any) -> str:
    found = preflight({**stand_in(), **fields}, default_model=catalog.default_model, catalog=catalog).warnings
    return next((finding.message for finding in found if finding.rule == rule), "")


def _words(models: Iterable[Model], field: str) -> list[str]:
    """The words of a field in all models."""
    found: dict[str, None] = {}
    for model in models:
        takes: Any = getattr(model.fields, field)
        found |= dict.fromkeys(takes.words if takes else ())
    return list(found)


def _at(row: int, column: int) -> str:
    return f"${letter(column)}${row + 1}"


def _write_work(sheet: Any, last: int, values: Sequence[Any]) -> None:
    for column, (formula, value) in enumerate(zip(WORK.values(), values, strict=True)):
        for row in range(FIRST_ROW, last + 1):
            sheet.write_formula(row - 1, column, formula.format(r=row), None, value)


def _blank_row(catalog: Catalog, keys: Sequence[str]) -> tuple[Any, ...]:
    """What the hidden working of a row comes to before anybody types, in the order of ``WORK``.

    Calc keeps the values that a file brings and works out only what depends on the cell that is typed, so a file
    without them would answer from zeros.
    """
    model = catalog.models[catalog.default_model]
    takes, size, resolution = model.fields.quality, model.fields.size.default, model.fields.resolution.default
    quality = takes.default if takes else "-"
    place, cheaper = (
        keys.index(key) + 1 if (key := f"{model.id}|{size}|{resolution}|{word}") in keys else 0
        for word in (quality, CHEAPER)
    )
    number = list(catalog.models).index(model.id) + 1
    known = (True, True, True)
    return (
        0,
        number,
        size,
        resolution,
        quality,
        model.fields.n.default,
        False,
        place,
        place,
        cheaper,
        *known,
        "",
        takes is not None,
    )


def _write_quote(sheet: Any, forms: dict[str, Any], card: RateCard | None, last: int) -> None:
    texts = column_names().workbook
    sheet.write_string("A1", texts["title"], forms["head"])
    sheet.write_string("A2", _card_line(card), forms["small"])
    sheet.write_string("A4", texts["how"], forms["small"])
    answered = f"H{FIRST_ROW}:H{last}"
    rejected = f'COUNTIF({answered},"no")'
    sheet.write_formula(
        "A3",
        f'=COUNTIF({answered},"yes")+{rejected}&" requests, "&{rejected}&" rejected"',
        forms["total"],
        "0 requests, 0 rejected",
    )
    for name in ("reapi_credits", "reapi_credits_low", "reapi_usd", "reapi_medium_saves"):
        at = LETTERS[name]
        form = forms["total_usd" if name == "reapi_usd" else "total"]
        sheet.write_formula(f"{at}3", f"=SUM({at}{FIRST_ROW}:{at}{last})", form)
    for column, (title, width) in enumerate(zip(LETTERS, _WIDTHS)):
        sheet.set_column(column, column, width, forms["text"] if title in ("Size", "Resolution", "Quality") else None)
        sheet.write_string(FIRST_ROW - 2, column, title, forms["ours" if title in ANSWERS else "title"])
    for title, formula in ANSWERS.items():
        column = list(LETTERS).index(title)
        form = forms["decimal" if title == "reapi_usd" else "integer"]
        for row in range(FIRST_ROW, last + 1):
            sheet.write_formula(row - 1, column, formula.format(r=row), form, "")
    sheet.freeze_panes(FIRST_ROW - 1, 1)


def _write_drop_downs(sheet: Any, catalog: Catalog, last: int) -> None:
    most = max(model.fields.n.maximum for model in catalog.models.values())
    lists = {
        "Model": "=m_id",
        "Size": f'=INDIRECT("sizes_"&IF(TRIM(D{FIRST_ROW})="",d_resolution,LOWER(TRIM(D{FIRST_ROW}))))',
        "Resolution": "=resolutions",
        "Quality": "=qualities",
        "n": list(range(1, most + 1)),
    }
    for title, source in lists.items():
        area = f"{LETTERS[title]}{FIRST_ROW}:{LETTERS[title]}{last}"
        sheet.data_validation(area, {"validate": "list", "source": source, "show_error": False})


def _write_colours(sheet: Any, forms: dict[str, Any], last: int) -> None:
    """What is wrong in red, where it is; a quality left to auto in amber."""
    row = FIRST_ROW
    rules = [("reapi_ok", f'=$H{row}="no"', "error"), ("reapi_errors", f'=$H{row}="no"', "error")]
    for title in ("Model", "Size", "Resolution", "Quality", "n"):
        rules.append((title, f'=ISNUMBER(SEARCH("{title}.",$I{row}))', "error"))
    rules.append(("Quality", f"=ISNUMBER($O{row})", "warning"))
    rules.append(("reapi_medium_saves", f"=ISNUMBER($O{row})", "warning"))
    for title, formula, look in rules:
        area = f"{LETTERS[title]}{row}:{LETTERS[title]}{last}"
        sheet.conditional_format(area, {"type": "formula", "criteria": formula, "format": forms[look]})


def _write_notes(sheet: Any, forms: dict[str, Any], card: RateCard | None) -> None:
    sheet.set_column(0, 0, 110, forms["wrap"])
    lines = [_card_line(card), *(["Prices are from " + card.source] if card else []), *column_names().about]
    for index, text in enumerate(lines):
        sheet.set_row(index, 15 * (len(text) // 100 + 1))
        sheet.write_string(index, 0, text, forms["wrap"])


def _card_line(card: RateCard | None) -> str:
    if card is None:
        return "No rate card holds on that date: nothing here has a price."
    return f"Rate card {card.id}: prices hold from {card.effective_from}, checked on {card.checked_on}."
