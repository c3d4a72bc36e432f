"""The conformance vectors of tests/vectors, and how one is run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reapi_rules import Report

VECTORS = Path(__file__).parents[1] / "vectors"
FILES = sorted(
    path for path in VECTORS.rglob("*.json") if path.name != "vectors.schema.json" and path.parent.name != "cards"
)
BY_FILE: dict[str, list[dict[str, Any]]] = {path.stem: json.loads(path.read_bytes())["cases"] for path in FILES}
CASES = [case for cases in BY_FILE.values() for case in cases]
CARDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_bytes())
    for folder in (VECTORS.parents[1] / "data" / "rates", VECTORS / "cards")
    for path in sorted(folder.glob("*.json"))
}
"""The rate cards that a case may name: the built-in ones, and those of tests/vectors/cards."""


def body_of(case: dict[str, Any]) -> Any:
    """What a case hands in: JSON text, or a decoded value."""
    return case["text"] if "text" in case else case["body"]


def options_of(case: dict[str, Any]) -> dict[str, Any]:
    """The options of a case, the date as a date, and as ``cards`` what each card says."""
    options: dict[str, Any] = dict(case.get("options", {}))
    if "rate_cards" in options:
        cards = options.pop("rate_cards")
        options["cards"] = [CARDS[card] if isinstance(card, str) else card for card in cards]
    if "as_of" in options:
        options["as_of"] = date.fromisoformat(options["as_of"])
    return options


def report_of(case: dict[str, Any]) -> Report:
    """The report on the body of a case, under its options."""
    from reapi_rules import RateCard, preflight  # not at the top: purity.py watches this import too

    options = options_of(case)
    if "cards" in options:
        options["rates"] = [RateCard.from_json(json.dumps(card)) for card in options.pop("cards")]
    return preflight(body_of(case), **options)
