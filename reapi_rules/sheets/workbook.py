"""A workbook that quotes by itself: rows to fill in, live formulas, hidden tables of rules and rates, no macros.

Every figure and every message is the engine's own, looked up; the formulas use functions that Excel 2010 and
LibreOffice Calc both have.  Needs XlsxWriter (the extra ``xlsx``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import preflight, stand_in
from reapi_rules.sheets.columns import column_names, letter
from reapi_rules.sheets.live_formulas import CHEAPER, WORK
from reapi_rules.sheets.live_page import FIRST_ROW, write_notes, write_page
from reapi_rules.sheets.live_table import combinations, unit_of

__all__ = ["write_workbook"]

_VALUE = "§"  # stands for a value when a message is looked up


def write_workbook(
    output: BinaryIO, *, card: RateCard | None = None, rows: int = 500, catalog: Catalog | None = None
) -> None:
    """Write the workbook with so many rows to fill in.  Raises ImportError without XlsxWriter."""
    import xlsxwriter

    catalog = catalog or built_in()
    book = xlsxwriter.Workbook(output)
    if card is not None:
        book.set_properties({"created": datetime.fromisoformat(card.checked_on)})
    quote, notes, rules, work = (book.add_worksheet(name) for name in ("Quote", "Notes", "Rules", "Work"))
    last = FIRST_ROW + rows - 1
    keys = _write_tables(book, rules, catalog, card)
    _write_work(work, last, _blank_row(catalog, keys))
    write_page(book, quote, catalog, card, last)
    write_notes(book, notes, card)
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
        "t_not_http": _error(catalog, image_urls=[_VALUE]),
        "t_data_uri": _error(catalog, image_urls=["data:"]),
        "t_time": f"{texts['t_size'].partition(':')[0]}: {own['time']}",
        **{f"t_{name}": own[name] for name in ("pixels", "unpriced", "no_price")},
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
    number, n = list(catalog.models).index(model.id) + 1, model.fields.n.default
    chosen = (0, number, size, resolution, quality, n, False)
    judged = (True, True, True, "", takes is not None, False, False, True)
    return *chosen, place, place, cheaper, *judged
