"""The engine and the reader of rows as parts of one file, for what has no modules: the calculator and Google Sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, Literal

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.models import PRICED
from reapi_rules.catalog.rates import FRESH_DAYS, RateCard
from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.meaning.account import account_texts
from reapi_rules.sheets.meaning.columns import column_names, our_titles
from reapi_rules.sheets.meaning.repair import patterns
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.terms.spelling import fold
from reapi_rules.web.module import card_data, compact, data, literal, read_source

__all__ = ["engine_inline", "page_texts", "sheet_tables"]

_IMPORT = 'import DATA from "./reapi-rules.data.mjs";'


class PageTexts(FileStruct, frozen=True):
    """The file ``data/page.json``."""

    format: Literal["reapi-page/1"]
    texts: dict[str, dict[str, str]]
    example_rows: tuple[tuple[str, ...], ...]
    example_body: str


def page_texts() -> PageTexts:
    """What is said around results."""
    return PageTexts.read("page.json")


def engine_inline(
    catalog: Catalog,
    exported: Iterable[str],
    card: RateCard | None,
    rewrite: Callable[[str], str] = str,
) -> str:
    """The engine as one expression of JavaScript, with one rate card: an object of what is used of it."""
    known = data(catalog) | {"rate_cards": [] if card is None else [card_data(card)]}
    code = compact(rewrite(read_source("reapi-rules.mjs").replace(_IMPORT, ""))).replace("export ", "")
    return f"(() => {{\nconst DATA = {literal(known)};\n{code}\nreturn {{ {', '.join(exported)} }};\n}})()"


def sheet_tables(catalog: Catalog, texts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What ``rows.js`` reads rows by, and what it says: sentences by key and language."""
    known, names, words = subjects(catalog), column_names(), row_words()
    table = known.table()  # grouped by what titles mean, it takes 500 bytes less when packed
    return {
        "texts": texts,
        "fresh_days": FRESH_DAYS,
        "account": {"texts": {name: account_texts().texts[name] for name in _TOLD}, "kinds": account_texts().kinds},
        "results": [(column.name, column.title["zh"]) for column in names.results],
        "notes": names.notes,
        "priced": PRICED,
        "places": {subject: place.name for subject, place in known.places.items()},
        "titles": [(meant, " ".join(titles)) for meant, titles in groupby(table, table.get)],
        "pieces": known.pieces(),
        "ours": sorted(map(fold, our_titles())),
        "rows": {  # the words that mark totals, summaries and notes, as they are compared
            **{name: sorted({*map(fold, getattr(words, name))}) for name in ("totals", "summaries", "notes")},
            **{name: getattr(words, name) for name in ("sums", "amount", "pictures")},
            "ticks": ("", *words.on, *words.off),
        },
        "words": {role: sorted(known.words.get(role, {})) for role in PRICED},
        "spellings": spellings().pieces_of_cells(),
        "patterns": patterns(),
    }


_TOLD = (
    "of_column", "default", "billed", "many", "rows", "kind", "sheet.only_number", "sheet.total_with_size",
)  # fmt: skip
"""What ``rows.js`` says of an account."""
