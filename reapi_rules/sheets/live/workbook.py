"""A self-calculating workbook: rows to fill in, live formulas, hidden tables of spellings, rules and rates, no macros.

Every figure and every message is the engine's own, looked up, and every spelling is one that the reader of sheets reads
so.  Rows may be sorted, deleted, copied, cut and pasted.  Needs XlsxWriter (the extra ``xlsx``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.messages import text
from reapi_rules.catalog.models import AXES, Model, Role
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import Engine, stand_in
from reapi_rules.sheets.live.formulas import CHEAPER
from reapi_rules.sheets.live.lookup import (
    TYPED,
    combinations,
    models_of,
    most_images,
    nearest_sizes,
    sizes_in_pixels,
    takes_any,
    unit_of,
)
from reapi_rules.sheets.live.page import FIRST_ROW, notes_of, write_page
from reapi_rules.sheets.live.spellings import numbers_spelt, words_spelt
from reapi_rules.sheets.meaning.columns import column_names, letter
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.sheets.workbooks.xlsx_writer import set_day, write_notes
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.templates import told

__all__ = ["write_workbook"]

_VALUE = "§"  # stands for a value when a message is looked up


def write_workbook(
    output: BinaryIO,
    *,
    card: RateCard | None = None,
    rows: int = 500,
    catalog: Catalog | None = None,
    language: str = "en",
) -> None:
    """Write the workbook with so many rows to fill in, for the models that are priced by its columns.

    Raises ImportError without XlsxWriter.
    """
    import xlsxwriter

    catalog = chosen(catalog)
    rates = () if card is None else card
    answers = _Answers(Engine(catalog=catalog, rates=rates, default_model=catalog.default_model), language)
    models = models_of(catalog)
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    set_day(book, card)
    texts = {name: told(text, language) for name, text in column_names().workbook.items()}
    ours = workbook_texts().text("rules", "en")
    quote, notes, rules = (book.add_worksheet(name) for name in (texts["quote"], texts["notes"], ours))
    places = _write_tables(book, rules, models, answers, texts)
    write_page(book, quote, models, card, FIRST_ROW + rows - 1, _blank_row(models[0], places), language)
    write_notes(book, notes, notes_of(models, card, language), workbook_texts().text("page", language))
    rules.hide()
    quote.activate()
    book.close()


def _write_tables(
    book: Any, sheet: Any, models: Sequence[Model], answers: _Answers, texts: Mapping[str, str]
) -> dict[str, int]:
    """The hidden tables, with names for all that the formulas look up; returns the places of the combinations."""
    engine = answers.engine
    unit = unit_of(engine.card, models)
    table = list(combinations(engine, unit))
    tables = _Tables(book, sheet)
    figures = (
        (each.key, each.width, each.height, each.price, each.low, answers.all_of(each.errors), int(each.warns))
        for each in table
    )
    tables.add(("r_key", "r_width", "r_height", "r_price", "r_low", "r_error", "r_warns"), figures)
    shapes, tiers = nearest_sizes(models)
    tables.add(("p_model", "p_word", "p_before", "p_here", "p_tie"), shapes)
    tables.add(("q_shape", "q_tier", "q_area"), tiers)
    tables.add(_MODEL_COLUMNS, (_model(model, answers) for model in models))
    listed = [f"{model.id}|{role}|{word}" for model, role, word in _words_of(models)]
    listed += (f"{model.id}|shape|{size}" for model in models for size in sizes_in_pixels(model))
    tables.add(("w_key",), ((key,) for key in dict.fromkeys(listed)))
    tables.add(("s_model", "s_model_word"), [(model.id, at) for at, model in enumerate(models, 1)])
    for role in AXES:
        spelt = words_spelt(models, role, engine.catalog)
        tables.add((f"s_{role}", f"s_{role}_word"), sorted((text, word.lower()) for text, word in spelt))
    tables.add(("s_n", "s_n_word"), numbers_spelt(models, engine.catalog))
    for name, role in (("sizes", "shape"), ("resolutions", "tier"), ("qualities", "quality")):
        words = (word.lower() for _, of, word in _words_of(models) if of == role)
        tables.add((name,), dict.fromkeys((word,) for word in words))
    ids = (*engine.catalog.models, *engine.catalog.known_ids.ids)
    tables.add(("others",), dict.fromkeys((id,) for id in ids if id not in {model.id for model in models}))
    tables.add(("s_total",), ((word.casefold(),) for word in row_words().totals))
    tables.add_values({**_texts(models[0], answers, texts), "per_credit": unit.per_credit})
    return {each.key: at for at, each in enumerate(table, 1)}


class _Answers:
    """What the engine says of requests, in a language."""

    def __init__(self, engine: Engine, language: str) -> None:
        self.engine, self.language = engine, language

    def all_of(self, errors: Sequence[Finding]) -> str | None:
        return " | ".join(f"{each.rule}: {text(each, self.language)}" for each in errors) or None

    def first(self, body: Mapping[str, Any]) -> str:
        return self.all_of(self.engine.preflight(body).errors[:1]) or ""

    def error(self, model: Model, **axes: Any) -> str:
        return self.first(stand_in(model, **axes))

    def note(self, model: Model, check: str, role: Role, **axes: Any) -> str:
        """What is noted by a check of such a request."""
        found = self.engine.preflight(stand_in(model, **axes)).warnings
        rule = f"{model.roles[role]}.{check}"
        return next((text(finding, self.language) for finding in found if finding.rule == rule), "")


class _Tables:
    """Columns of a hidden sheet, each under a name of its own."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book, self._sheet, self._column = book, sheet, 0

    def add(self, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add columns side by side; one without rows has a blank cell."""
        count = 0
        self._sheet.write_row(0, self._column, names)
        for count, row in enumerate(rows, 1):
            for index, value in enumerate(row, self._column):
                if isinstance(value, str):
                    self._sheet.write_string(count, index, value)
                elif value is not None:
                    self._sheet.write_number(count, index, value)
        for index, name in enumerate(names, self._column):
            self._book.define_name(name, f"='{self._sheet.get_name()}'!{_at(1, index)}:{_at(max(count, 1), index)}")
        self._column += len(names) + 1

    def add_values(self, values: Mapping[str, Any]) -> None:
        """Add single cells, one below the other."""
        for row, (name, value) in enumerate(values.items(), 1):
            self._sheet.write(row, self._column, value)
            self._book.define_name(name, f"='{self._sheet.get_name()}'!{_at(row, self._column)}")


def _words_of(models: Iterable[Model]) -> Iterable[tuple[Model, Role, str]]:
    return (
        (model, role, word) for model in models for role in AXES if role in model.roles for word in model.words(role)
    )


_NOTES = ("pixels", "unpriced", "no_price", "other_model", "bounded", "ignored", "like_ratio", "total")
_MODEL_COLUMNS = (
    "m_id", "m_shape", "m_tier", "m_quality", "m_images", "m_mirrors", "m_pixels", "m_default", "m_n", "m_least",
    "m_most", "m_range", "m_many", "m_many_note", "m_not_shape", "m_not_tier", "m_not_quality",
)  # fmt: skip


def _model(model: Model, answers: _Answers) -> tuple[Any, ...]:
    """What the formulas look up of a model; the number of images is 0 where it has no field for it."""
    has = {role: 0 if role not in model.roles or not model.words(role) else 1 + takes_any(model, role) for role in AXES}
    number, quality = (model.fields.get(model.roles.get(role, "")) for role in ("number", "quality"))
    most = most_images(model)
    in_range = answers.error(model, number=most + 1) if number is not None else ""
    errors = {role: answers.error(model, **{role: _VALUE}) if has[role] == 1 else "" for role in AXES}
    return (
        model.id,
        *(has[role] for role in AXES),
        int("references" in model.roles),
        int("references" in model.roles and has["shape"] > 0),
        int(model.field("shape").pixel_strings),
        "" if quality is None else str(quality.default).lower(),
        *((1, 0, 0, "") if number is None else (number.default or 1, number.minimum or 1, most, in_range)),
        *_many(model, answers),
        *(errors[role] for role in AXES),
    )


def _many(model: Model, answers: _Answers) -> tuple[int, str]:
    """The least number of images that is warned of, and the warning; 0 where none is."""
    for number in range(1, most_images(model) + 1):
        for finding in answers.engine.preflight(stand_in(model, number=number)).warnings:
            if finding.level == "warning" and finding.field == model.roles.get("number"):
                return number, text(finding, answers.language)
    return 0, ""


def _texts(model: Model, answers: _Answers, own: Mapping[str, str]) -> dict[str, Any]:
    """The engine's own messages, and ours."""
    return {
        "t_model": answers.first(stand_in(None, id=_VALUE)),
        "t_n": answers.error(model, number=_VALUE),
        "t_auto": answers.note(model, "auto_bills_high", "quality", quality="auto"),
        "t_auto_size": answers.note(model, "auto_price", "shape", shape="auto"),
        "t_mirrored": answers.note(model, "mirrors_reference", "shape", has_images=True),
        "t_not_http": answers.first({**stand_in(model), model.roles["references"]: [_VALUE]}),
        "t_data_uri": answers.first({**stand_in(model), model.roles["references"]: ["data:"]}),
        **{f"t_{name}": own[name] for name in _NOTES},
    }


def _at(row: int, column: int) -> str:
    return f"${letter(column)}${row + 1}"


def _blank_row(model: Model, places: Mapping[str, int]) -> dict[str, Any]:
    """What the hidden working of a row comes to before anybody types.

    Calc keeps the values that a file brings and works out only what depends on the cell that is typed, so a file
    without them would start from zeros.
    """
    blank, cheaper = f"{model.id}|||", f"{model.id}|||{TYPED}{CHEAPER}"
    return {
        "planned": 0, "model": 1, "number": 1, "images": 0, "is pixels": False, "asked width": 0,
        "asked height": 0, "nearest shape": 0, "place": places[blank], "nearest": places[blank],
        "allowed": places[blank], "cheaper": places[cheaper], "cheaper nearest": places[cheaper],
        "auto": "quality" in model.roles,
        "accepted": 0, "ignored": 0, "like a ratio": 0,
    }  # fmt: skip
