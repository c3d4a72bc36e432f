"""More cells behind those of a result, worked out once for all rows that share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from reapi_rules.prices.alternatives import Alternative
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.result import Result, ResultCell, Results
from reapi_rules.terms.once import Recent

__all__ = ["Beside", "advice_cells"]


class Beside:
    """The results of rows with more cells behind the others; ``cells`` gives them."""

    def __init__(self, results: Results, cells: Callable[[Result], tuple[ResultCell, ...]]) -> None:
        self._results, self._cells = results, cells
        self._known: Recent[Result, Result] = Recent()

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for a row that is not a request."""
        found = self._results.result(row)
        if found is None or found in self._known:
            return None if found is None else self._known[found]
        extended = replace(found, cells=(*found.cells, *self._cells(found)))
        if found.is_shared:
            self._known[found] = extended
        return extended


def advice_cells(others: Sequence[Alternative]) -> tuple[ResultCell, ...]:
    """The cells of ``advice``, the one change that saves most and what it gives up; blank where nothing is cheaper.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.prices.alternatives import alternatives
    >>> advice_cells(alternatives({"model": "gpt-image-2-official", "prompt": "a", "quality": "high"}))[:3]
    ('quality=medium', 43, 126)
    """
    if not others:
        return (None,) * 4
    change = " ".join(f"{name}={value}" for name, value in others[0].patch.items())
    return change, others[0].credits, others[0].saving, others[0].trade
