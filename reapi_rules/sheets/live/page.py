"""The page to fill in of a self-calculating workbook: rows, drop-downs, colours and totals, and its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.sheets.live.formulas import FORMULAS, INPUTS, LETTERS, RESULTS, WORK, rows_without_formulas
from reapi_rules.sheets.live.lookup import most_images
from reapi_rules.sheets.meaning.columns import column_names, our_titles
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.workbooks.xlsx_writer import set_print
from reapi_rules.terms.templates import listed, told

__all__ = ["FIRST_ROW", "notes_of", "write_page"]

FIRST_ROW = 6
"""The first row to fill in; the card, the totals and the header stand above it."""

_BEYOND = 1_000
"""So many rows below the prepared ones are watched for what is typed there."""
_WIDTHS = (20, 24, 12, 13, 11, 7, 18, 15, 15, 19, 12, 21, 60, 13, 14, 48)
_ROLES = {"Size": "shape", "Resolution": "tier", "Quality": "quality", "n": "number", "Reference images": "references"}
_KINDS = {"reapi_verdict": "plain", "reapi_errors": "plain", "reapi_usd": "decimal", "reapi_notes": "plain"}
_TYPED = ("Size", "Resolution", "Quality")


def write_page(
    book: Any,
    sheet: Any,
    models: Sequence[Model],
    card: RateCard | None,
    last: int,
    blank: Mapping[str, Any],
    language: str = "en",
) -> None:
    """The rows to fill in, down to the last one, with the card and the totals above them.

    ``blank`` are the values of the hidden working of a row before anybody types.
    """
    forms = {name: book.add_format(look) for name, look in workbook_texts().looks.items()}
    _write_rows(sheet, forms, last, blank, language)
    _write_totals(sheet, forms, card, last, language)
    _write_drop_downs(sheet, models, last)
    _write_colours(sheet, forms, models, last, language)
    sheet.freeze_panes(FIRST_ROW - 1, 1)
    sheet.autofilter(FIRST_ROW - 2, 0, last - 1, len(LETTERS) - 1)
    sheet.print_area(0, 0, last - 1, len(LETTERS) - 1)
    sheet.repeat_rows(FIRST_ROW - 2)
    set_print(sheet, workbook_texts().text("page", language))


def notes_of(models: Sequence[Model], card: RateCard | None, language: str = "en") -> list[str]:
    """How to fill in the page, and what its results mean."""
    names, ids = column_names(), [model.id for model in models]
    source = [_text("source", language, source=card.source)] if card else []
    which = _text("models", language, models="、".join(ids) if language == "zh" else listed(ids, "and"))
    others = (told(text, language) for text in (*names.filling_in, *names.about))
    return [_card_line(card, language), *source, which, *others]


def _text(name: str, language: str, **figures: Any) -> str:
    return told(column_names().workbook[name], language, **figures)


def _worded(formula: str, language: str) -> str:
    """A formula with the words of the verdicts in a language."""
    for word in workbook_texts().verdicts:
        formula = formula.replace(f'"{word}"', f'"{workbook_texts().verdict(word, language)}"')
    return formula


def _titles(language: str) -> dict[str, str]:
    """What stands above each column."""
    inputs = {title: told(texts, language) for title, texts in column_names().inputs.items()}
    ours = {} if language == "en" else {name: title for title, name in our_titles().items() if title != name}
    return inputs | dict.fromkeys(WORK, workbook_texts().work) | {name: ours.get(name, name) for name in RESULTS}


def _write_rows(sheet: Any, forms: Mapping[str, Any], last: int, blank: Mapping[str, Any], language: str) -> None:
    for title, width in zip((*INPUTS, *RESULTS), _WIDTHS):
        sheet.set_column(f"{LETTERS[title]}:{LETTERS[title]}", width, forms["text"] if title in _TYPED else None)
    sheet.set_column(f"{LETTERS[WORK[0]]}:{LETTERS[WORK[-1]]}", 10, None, {"hidden": True})
    titles = _titles(language)
    for column, title in enumerate(LETTERS):
        sheet.write_string(FIRST_ROW - 2, column, titles[title], forms["title" if title in INPUTS else "ours"])
    for title, formula in FORMULAS.items():
        column, form = [*LETTERS].index(title), forms[_KINDS.get(title, "figure")]
        worded = _worded(formula, language)
        for row in range(FIRST_ROW - 1, last):
            sheet.write_formula(row, column, worded, form, blank.get(title, ""))
    sheet.write_string(last, 0, _text("end", language), forms["small"])


def _write_totals(sheet: Any, forms: Mapping[str, Any], card: RateCard | None, last: int, language: str) -> None:
    """Above the rows; they reach from the header to the line below the last row, so that no new row escapes them."""
    texts, end = {name: _text(name, language) for name in column_names().workbook}, last + 1
    sheet.write_string("A1", texts["title"], forms["head"])
    sheet.write_string("A2", _card_line(card, language), forms["small"])
    sheet.write_string("A4", texts["how"], forms["small"])
    areas = {title: f"${name}${FIRST_ROW - 1}:${name}${end}" for title, name in LETTERS.items()}
    words = (told(word, language) for word in workbook_texts().verdicts.values())
    fine, warned, rejected, unpriced = (f'COUNTIF({areas["reapi_verdict"]},"{word}")' for word in words)
    every = f"({fine}+{warned}+{rejected}+{unpriced})"
    missing = rows_without_formulas(FIRST_ROW, end + _BEYOND)
    alarm = f'IF({missing}>0," - {texts["without_formulas"]}"&{missing},"")'
    sheet.write_formula(
        "A3",
        f'={every}&IF({every}=1,"{texts["request"]}","{texts["requests"]}")&{rejected}&"{texts["rejected"]}"'
        f'&{unpriced}&"{texts["without"]}"&{alarm}',
        forms["total"],
        "".join(f"0{texts[name]}" for name in ("requests", "rejected", "without")),
    )
    for name in ("reapi_credits", "reapi_credits_low", "reapi_usd", "reapi_medium_saves"):
        form = forms["total_usd" if name == "reapi_usd" else "total"]
        sheet.write_formula(f"{LETTERS[name]}3", f"=SUM({areas[name]})", form)
    is_wrong = {"type": "formula", "criteria": f"={missing}>0", "format": forms["alarm"]}
    sheet.conditional_format(f"A3:{LETTERS['reapi_medium_saves']}3", is_wrong)


def _write_drop_downs(sheet: Any, models: Sequence[Model], last: int) -> None:
    most = max(map(most_images, models))
    lists = {
        "Model": "=m_id",
        "Size": "=sizes",
        "Resolution": "=resolutions",
        "Quality": "=qualities",
        "n": list(range(1, most + 1)),
        "Reference images": ["yes", "no"],
    }
    for title, source in lists.items():
        area = f"{LETTERS[title]}{FIRST_ROW}:{LETTERS[title]}{last}"
        sheet.data_validation(area, {"validate": "list", "source": source, "show_error": False})


def _write_colours(sheet: Any, forms: dict[str, Any], models: Sequence[Model], last: int, language: str) -> None:
    """What is wrong in red, where it is; a quality left to auto and a row without a price in amber."""
    row = FIRST_ROW
    verdict, errors, saves = (
        f"${LETTERS[title]}{row}" for title in ("reapi_verdict", "reapi_errors", "reapi_medium_saves")
    )
    rules = [(title, f'={verdict}="rejected"', "error") for title in ("reapi_verdict", "reapi_errors")]
    fields = [(field.role, name) for model in models for name, field in model.fields.items()]
    names = [
        ("Model", "model"),
        *((title, name) for title, own in _ROLES.items() for role, name in fields if role == own),
    ]
    for title, name in dict.fromkeys(names):
        rules.append((title, f'=ISNUMBER(FIND("| {name}.","| "&{errors}))', "error"))
    rules += [(title, f"=ISNUMBER({saves})", "warning") for title in ("Quality", "reapi_medium_saves")]
    rules.append(("reapi_credits", f'={verdict}="no price"', "warning"))
    rules.append(("reapi_verdict", f'=OR({verdict}="no price",{verdict}="warning")', "warning"))
    rules.append(("reapi_verdict", f'={verdict}="fine"', "good"))
    for title, formula, look in rules:
        area = f"{LETTERS[title]}{row}:{LETTERS[title]}{last}"
        criteria = _worded(formula, language)
        sheet.conditional_format(area, {"type": "formula", "criteria": criteria, "format": forms[look]})


def _card_line(card: RateCard | None, language: str) -> str:
    if card is None:
        return _text("no_card", language)
    return _text("card", language, id=card.id, start=str(card.effective_from), checked=str(card.checked_on))
