"""A self-calculating workbook: rows to fill in, live formulas, hidden tables of rules and rates, no macros.

Every figure and every message is the engine's own, looked up; the formulas use functions that Excel 2010 and
LibreOffice Calc both have.  Needs XlsxWriter (the extra ``xlsx``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model, Role
from reapi_rules.catalog.rates import RateCard
from reapi_rules.catalog.spellings import spellings
from reapi_rules.engine.engine import Engine, stand_in
from reapi_rules.sheets.columns import column_names, letter
from reapi_rules.sheets.live_formulas import CHEAPER, WORK
from reapi_rules.sheets.live_page import FIRST_ROW, notes_of, write_page
from reapi_rules.sheets.live_table import combinations, models_of, unit_of
from reapi_rules.sheets.xlsx_writer import write_notes
from reapi_rules.terms.findings import Finding

__all__ = ["write_workbook"]

_VALUE = "§"  # stands for a value when a message is looked up


def write_workbook(
    output: BinaryIO, *, card: RateCard | None = None, rows: int = 500, catalog: Catalog | None = None
) -> None:
    """Write the workbook with so many rows to fill in, for the models whose pixels are known.

    Raises ImportError without XlsxWriter.
    """
    import xlsxwriter

    catalog = catalog or built_in()
    engine = Engine(catalog=catalog, rates=() if card is None else card, default_model=catalog.default_model)
    models = models_of(catalog)
    book = xlsxwriter.Workbook(output)
    if card is not None:
        book.set_properties({"created": datetime.fromisoformat(card.checked_on)})
    quote, notes, rules, work = (book.add_worksheet(name) for name in ("Quote", "Notes", "Rules", "Work"))
    last = FIRST_ROW + rows - 1
    keys = _write_tables(book, rules, models, engine)
    _write_work(work, last, _blank_row(models, keys))
    write_page(book, quote, models, card, last)
    write_notes(book, notes, notes_of(models, card))
    rules.hide()
    work.hide()
    quote.activate()
    book.close()


def _write_tables(book: Any, sheet: Any, models: Sequence[Model], engine: Engine) -> list[str]:
    """The hidden tables, with names for all that the formulas look up; returns the keys of the combinations."""
    unit = unit_of(engine.card, models)
    table = list(combinations(engine, unit))
    _name_columns(book, sheet, 0, ("r_key", "r_width", "r_height", "r_price", "r_low"), table)
    _name_columns(book, sheet, 6, _MODEL_COLUMNS, (_model(model, engine) for model in models))
    shapes, tiers, qualities = (_words(models, role) for role in ("shape", "tier", "quality"))
    _name_columns(book, sheet, 15, ("sizes",), ((word,) for word in shapes))
    at_tier = {
        tier: [word for word in shapes if any(word in model.shapes_at(tier) for model in models)] for tier in tiers
    }
    restricted = ((tier, int(len(at_tier[tier]) < len(shapes))) for tier in tiers)
    _name_columns(book, sheet, 17, ("resolutions", "restricted"), restricted)
    _name_columns(book, sheet, 20, ("qualities",), ((word,) for word in qualities))
    ids = (*engine.catalog.models, *engine.catalog.known_ids.ids)
    others = dict.fromkeys(id for id in ids if id not in {model.id for model in models})
    _name_columns(book, sheet, 22, ("others",), ((id,) for id in others))
    for index, tier in enumerate(tiers):
        _name_columns(book, sheet, 24 + index, (f"sizes_{tier}",), ((word,) for word in at_tier[tier]))
    most = max(model.field("number").maximum or 1 for model in models)
    _name_columns(book, sheet, 24 + len(tiers), ("s_spelt", "s_word"), spellings().table(shapes, most))
    texts = {**_texts(models[0], engine), "per_credit": unit.per_credit}
    column = 24 + len(tiers) + 3
    for row, (name, value) in enumerate(texts.items(), 1):
        sheet.write(row, column, value)
        book.define_name(name, f"=Rules!{_at(row, column)}")
    return [key for key, *_ in table]


def _name_columns(book: Any, sheet: Any, column: int, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns of a hidden table, each under a name of its own."""
    count = 0
    sheet.write_row(0, column, [f"reapi_{name}" for name in names])
    for count, row in enumerate(rows, 1):
        for index, value in enumerate(row, column):
            if isinstance(value, str):
                sheet.write_string(count, index, value)
            elif value is not None:
                sheet.write_number(count, index, value)
    for index, name in enumerate(names, column):
        book.define_name(name, f"=Rules!{_at(1, index)}:{_at(count, index)}")


_MODEL_COLUMNS = ("m_id", "m_quality", "m_default", "m_least", "m_most", "m_range", "m_pixels", "m_size_end")


def _model(model: Model, engine: Engine) -> tuple[Any, ...]:
    number, quality = model.field("number"), model.fields.get(model.roles.get("quality", ""))
    return (
        model.id,
        int(quality is not None),
        "-" if quality is None else quality.default,
        number.minimum,
        number.maximum,
        _error(engine, model, number=(number.maximum or 1) + 1),
        int(model.field("shape").pixel_strings),
        _error(engine, model, shape=_VALUE).partition(_VALUE)[2],
    )


def _texts(model: Model, engine: Engine) -> dict[str, Any]:
    """The engine's own messages, cut where a value is, and the defaults of the first model."""
    own = column_names().workbook
    unknown = engine.preflight(stand_in(None, id=_VALUE)).errors[0]
    texts = {
        "t_model": f"{unknown.rule}: {unknown.message}",
        "t_size": _error(engine, model, shape=_VALUE),
        "t_resolution": _error(engine, model, tier=_VALUE),
        "t_quality": _error(engine, model, quality=_VALUE),
    }
    restricted = next((tier for tier in model.words("tier") if not model.takes(None, tier)), None)
    references = model.roles["references"]
    return {
        **{name: text.partition(_VALUE)[0] for name, text in texts.items()},
        **{f"{name}_end": text.partition(_VALUE)[2] for name, text in texts.items()},
        "t_n": _error(engine, model, number=_VALUE),
        "t_tier": _error(engine, model, tier=restricted),
        "t_auto": _note(engine, model, "auto_bills_high", "quality", quality="auto"),
        "t_auto_size": _note(engine, model, "auto_price", "shape", shape="auto"),
        "t_mirrored": _note(engine, model, "mirrors_reference", "shape", has_images=True),
        "t_not_http": _text(engine.preflight({**stand_in(model), references: [_VALUE]}).errors),
        "t_data_uri": _text(engine.preflight({**stand_in(model), references: ["data:"]}).errors),
        "t_time": f"{texts['t_size'].partition(':')[0]}: {own['time']}",
        **{f"t_{name}": own[name] for name in ("pixels", "unpriced", "no_price", "other_model")},
        "d_model": model.id,
        "d_size": model.field("shape").default,
        "d_resolution": model.field("tier").default,
        "d_n": model.field("number").default,
    }


def _error(engine: Engine, model: Model, **axes: Any) -> str:
    """What the engine says first of a request with these axes."""
    return _text(engine.preflight(stand_in(model, **axes)).errors)


def _text(errors: Sequence[Finding]) -> str:
    return f"{errors[0].rule}: {errors[0].message}" if errors else ""


def _note(engine: Engine, model: Model, check: str, role: Role, **axes: Any) -> str:
    found = engine.preflight(stand_in(model, **axes)).warnings
    return next((finding.message for finding in found if finding.rule == f"{model.roles[role]}.{check}"), "")


def _words(models: Iterable[Model], role: Role) -> list[str]:
    """The words of a role in all models."""
    return list(dict.fromkeys(word for model in models for word in model.words(role)))


def _at(row: int, column: int) -> str:
    return f"${letter(column)}${row + 1}"


def _write_work(sheet: Any, last: int, values: Sequence[Any]) -> None:
    for column, (formula, value) in enumerate(zip(WORK.values(), values, strict=True)):
        for row in range(FIRST_ROW, last + 1):
            sheet.write_formula(row - 1, column, formula.format(r=row), None, value)


def _blank_row(models: Sequence[Model], keys: Sequence[str]) -> tuple[Any, ...]:
    """What the hidden working of a row comes to before anybody types, in the order of ``WORK``.

    Calc keeps the values that a file brings and works out only what depends on the cell that is typed, so a file
    without them would start from zeros.
    """
    model = models[0]
    size, resolution, n = (model.field(role).default for role in ("shape", "tier", "number"))
    quality = model.field("quality").default if "quality" in model.roles else "-"
    place, cheaper = (
        keys.index(key) + 1 if (key := f"{model.id}|{size}|{resolution}|{word}") in keys else 0
        for word in (quality, CHEAPER)
    )
    chosen = (0, 1, size, resolution, quality, n, False)
    judged = (True, True, True, "", quality != "-", False, False, True, False)
    return *chosen, place, place, cheaper, *judged, *(0,) * 4
