"""Functions for Google Sheets: one file of Apps Script that contains the engine and the reader of rows.

Apps Script runs V8, but without modules, text encoders and the newest syntax of classes.  Where the engine uses these,
its text is rewritten here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.engine import engine_for
from reapi_rules.web.inline import engine_inline, page_texts, sheet_tables
from reapi_rules.web.module import literal, read_source

__all__ = ["apps_script"]

_EXPORTED = ("DATA", "MODELS", "Engine", "currentCard", "fold", "narrow", "pixelsOf", "readCard", "spelling")
_SAYS = re.compile(r'\bt\("(\w+)"')


def apps_script(
    *,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> str:
    """The text of the file; ``rates`` and ``as_of`` choose its rate card, as in ``preflight``.

    >>> "function REAPI_CREDITS(range, model)" in apps_script()
    True
    """
    catalog = chosen(catalog)
    card = engine_for(rates=rates, as_of=as_of, catalog=catalog).card
    source, rows, texts = read_source("apps-script.js"), read_source("rows.js"), page_texts().texts
    said = {*_SAYS.findall(source), *_SAYS.findall(rows)}
    parts = {
        "version": __version__,
        "prices": "no prices" if card is None else f"the prices {card.id}, checked on {card.checked_on}",
        "engine": engine_inline(catalog, _EXPORTED, card, _without_new_syntax),
        "sheets": literal(sheet_tables(catalog, {key: texts[key] for key in sorted(said)})),
        "rows": rows,
    }
    return re.sub(r"/\* (version|prices|engine|sheets|rows) \*/", lambda found: parts[found[1]], source)


def _without_new_syntax(code: str) -> str:
    r"""JavaScript of the engine without private names, large literals and marked thousands.

    >>> print(_without_new_syntax("class Sum {\n  #of;\n  twice() {\n    return 2n * this.#of + 1_000n;\n  }\n}"))
    class Sum {
      twice() {
        return BigInt(2) * this._of + BigInt(1000);
      }
    }
    """
    code = re.sub(r"^  #\w+;\n", "", code, flags=re.MULTILINE)
    code = re.sub(r"(^  |\bthis\.)#(?=\w)", r"\1_", code, flags=re.MULTILINE)
    code = re.sub(r"\b[0-9]+(?:_[0-9]{3})+", lambda found: found[0].replace("_", ""), code)
    return re.sub(r"\b(0x[0-9a-f]+|[0-9]+)n\b", r"BigInt(\1)", code)
