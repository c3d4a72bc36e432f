"""The calculator page: one HTML file without a server, which checks, prices and fixes requests.

``page.html`` is its source.  Here it gets the engine, its data, its texts, and the policy that lets it run nothing
else and load nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import engine_for
from reapi_rules.prices.alternatives import trades
from reapi_rules.web.inline import engine_inline, page_texts, sheet_tables
from reapi_rules.web.module import compact, literal, read_source

__all__ = ["page"]

_EXPORTED = (
    "DATA", "MODELS", "Engine", "Reader", "bytesOf", "currentCard", "fold", "inside", "narrow",
    "nearestRatio", "pixelsOf", "readCard", "spelling", "write",
)  # fmt: skip
"""What the page takes of the engine."""

_SITE = "https://reapi.ai/"


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
    catalog = chosen(catalog)
    parts = {
        "engine": engine_inline(catalog, _EXPORTED, engine_for(rates=rates, as_of=as_of, catalog=catalog).card),
        "page": literal(_said(catalog)),
        "sheets": literal(sheet_tables(catalog, page_texts().texts)),
        "rows": compact(read_source("rows.js")),
    }
    text = re.sub(
        r"/\* (engine|page|sheets|rows) \*/",
        lambda found: parts[found[1]].replace("</", r"<\/"),
        re.sub(r"\n +", "\n", read_source("page.html")),  # no text in it has lines of its own
    )
    policy = (
        f"default-src 'none'; script-src {_hash('script', text)}; style-src {_hash('style', text)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return text.replace("<!-- policy -->", f'<meta http-equiv="Content-Security-Policy" content="{policy}">')


def _hash(tag: str, text: str) -> str:
    """The part of a policy that allows what is between two tags."""
    content = text.partition(f"<{tag}")[2].partition(">")[2].partition(f"</{tag}>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _said(catalog: Catalog) -> dict[str, Any]:
    """What the page knows beside the engine and the tables of rows."""
    said, text = labels(), page_texts()
    addresses = {id: model.file.source.address for id, model in catalog.models.items()}
    return {
        "version": __version__,
        "example": {"rows": text.example_rows, "body": text.example_body},
        "addresses": {id: address for id, address in addresses.items() if address.startswith(_SITE)},
        "labels": {"fields": said.fields, "options": said.options},
        "trades": trades(),
    }
