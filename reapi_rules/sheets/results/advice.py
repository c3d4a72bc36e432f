"""Advice in a sheet: beside what each row costs, the one change that saves most, and what it gives up."""

from __future__ import annotations

from collections.abc import Sequence

from reapi_rules.prices.alternatives import Alternative
from reapi_rules.sheets.results.result import ResultCell

__all__ = ["advice_cells"]


def advice_cells(others: Sequence[Alternative]) -> tuple[ResultCell, ...]:
    """The cells of ``advice``; blank ones where nothing is cheaper.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.prices.alternatives import alternatives
    >>> advice_cells(alternatives({"model": "gpt-image-2-official", "prompt": "a", "quality": "high"}))[:3]
    ('quality=medium', 43, 126)
    """
    if not others:
        return (None,) * 4
    change = " ".join(f"{name}={value}" for name, value in others[0].patch.items())
    return change, others[0].credits, others[0].saving, others[0].trade
