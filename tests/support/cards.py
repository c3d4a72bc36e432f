"""A rate card as a test makes it up."""

from __future__ import annotations

from typing import Any

__all__ = ["made_up"]


def made_up(prices: dict[str, dict[str, Any]], day: str = "2026-09-01", **other: Any) -> dict[str, Any]:
    """A card with these prices from a day on; some of it may be otherwise."""
    dated = {"effective_from": day, "checked_on": day}
    said = {"format": "reapi-rate-card/1", "id": "mine", "currency": "USD", **dated, "source": "made up", **other}
    return {**said, "usd_per_image": prices}
