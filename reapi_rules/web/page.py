"""The calculator page: one HTML file without a server, which checks, prices and fixes requests.

``page.html`` is its source.  The engine, its data and what the page says go into it here, and the policy that lets it
run nothing else and load nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import msgspec

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.rates import FRESH_DAYS, RateCard
from reapi_rules.catalog.spellings import spellings
from reapi_rules.engine.engine import engine_for
from reapi_rules.prices.alternatives import trades
from reapi_rules.sheets.account import account_texts
from reapi_rules.sheets.columns import PRICED, column_names, our_titles
from reapi_rules.sheets.repair import times
from reapi_rules.sheets.titles import subjects
from reapi_rules.sheets.words import row_words
from reapi_rules.terms.spelling import fold
from reapi_rules.web.data import data, literal, read_source

__all__ = ["page"]

_IMPORT = 'import DATA from "./reapi-rules.data.mjs";'
_COMMENTS = re.compile(r"^ *(?:/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_TAKEN = (
    "DATA", "MODELS", "Engine", "Reader", "bytesOf", "currentCard", "fold", "inside", "nearestRatio",
    "pixelsOf", "readCard", "withoutBrackets", "write",
)  # fmt: skip
"""What the page takes of the engine."""

_SITE = "https://reapi.ai/"


class PageTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``data/page.json``."""

    format: Literal["reapi-page/1"]
    source: dict[str, str]
    texts: dict[str, dict[str, str]]
    example_rows: tuple[tuple[str, ...], ...]
    example_body: str


def page(
    *,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> str:
    """The text of the page, with one rate card; ``rates`` and ``as_of`` choose it, as in ``preflight``.

    >>> text = page()
    >>> text.startswith("<!doctype html>"), "default-src 'none'" in text
    (True, True)
    """
    catalog = catalog or built_in()
    engine = _COMMENTS.sub("", read_source("reapi-rules.mjs").replace(_IMPORT, "")).replace("export ", "")
    card = engine_for(rates=rates, as_of=as_of, catalog=catalog).card
    known = data(catalog) | {"rate_cards": [] if card is None else [{**card.to_dict(), "notes": None}]}
    parts = {
        "engine": f"(() => {{\nconst DATA = {literal(known)};\n{engine}\nreturn {{ {', '.join(_TAKEN)} }};\n}})()",
        "page": literal(_said(catalog)),
    }
    text = re.sub(
        r"/\* (engine|page) \*/", lambda found: parts[found[1]].replace("</", r"<\/"), read_source("page.html")
    )
    policy = (
        f"default-src 'none'; script-src {_hash('script', text)}; style-src {_hash('style', text)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return text.replace("<!-- policy -->", f'<meta http-equiv="Content-Security-Policy" content="{policy}">')


def _hash(tag: str, text: str) -> str:
    """The source of a policy that allows what stands between two tags."""
    content = text.partition(f"<{tag}")[2].partition(">")[2].partition(f"</{tag}>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _said(catalog: Catalog) -> dict[str, Any]:
    """What the page knows beside the engine: its texts, and the tables by which it reads rows."""
    known, names, said = subjects(catalog), column_names(), labels()
    text = msgspec.json.decode(data_file("page.json"), type=PageTexts)
    addresses = {id: model.file.source.address for id, model in catalog.models.items()}
    counts = [model.field("number").maximum or 1 for model in catalog.models.values() if "number" in model.roles]
    return {
        "version": __version__,
        "fresh_days": FRESH_DAYS,
        "texts": text.texts,
        "example": {"rows": text.example_rows, "body": text.example_body},
        "addresses": {id: address for id, address in addresses.items() if address.startswith(_SITE)},
        "labels": {"fields": said.fields, "options": said.options},
        "trades": trades(),
        "account": msgspec.to_builtins(account_texts()),
        "results": [(column.name, column.title["zh"]) for column in names.results],
        "notes": names.notes,
        "priced": PRICED,
        "places": {subject: place.name for subject, place in known.places.items()},
        "titles": known.table(),
        "ours": sorted(map(fold, our_titles())),
        "totals": [fold(word) for word in row_words().totals],
        "spellings": _spellings(known.ratios, max(counts)),
        "times": {text: (reading.ratio, reading.seen) for text, reading in times(known.ratios)},
    }


def _spellings(ratios: tuple[str, ...], most: int) -> dict[str, dict[str, list[str]]]:
    """The spellings of each word by its role."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, word in spellings().table(ratios, most):
        role, _, spelt = key.partition("|")
        if spelt != str(word):
            found[role][str(word)].append(spelt)
    return {role: {word: sorted(texts) for word, texts in words.items()} for role, words in found.items()}
