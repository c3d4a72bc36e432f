"""What many requests could save, with the one change each that saves most."""

from __future__ import annotations

from reapi_rules.engine.report import Report, stand_in
from reapi_rules.prices.alternatives import Alternative, alternatives

__all__ = ["Savings"]

_AXES = ("model", "size", "resolution", "quality", "n")
_LONGEST_WORD = 5  # such as 16:9; there is no end of pixel strings, so they are not kept


class Savings:
    """How many requests could cost less, and how many credits less, from low to high.

    >>> from reapi_rules import preflight
    >>> savings = Savings()
    >>> savings.add(preflight({"model": "gpt-image-2-official", "prompt": "a fox"}))
    >>> savings.requests, savings.credits_low, savings.credits, savings.by_quality
    (1, 164, 164, 164)

    ``by_quality`` is the part of ``credits`` that comes from naming a quality where it is left to ``auto``.
    """

    def __init__(self) -> None:
        self.requests: int = 0
        self.credits: int = 0
        self.credits_low: int = 0
        self.by_quality: int = 0
        self._known: dict[tuple[object, ...], Alternative | None] = {}

    def add(self, report: Report, times: int = 1) -> None:
        """Count what one request, or several of one kind, could save."""
        best = self._best(report)
        if best is not None:
            self.requests += times
            self.credits += best.saving * times
            self.credits_low += best.saving_low * times
            self.by_quality += best.saving * times if best.kind == "quality.explicit" else 0

    def _best(self, report: Report) -> Alternative | None:
        """The alternative that saves most; requests that differ in nothing that is priced share it."""
        request = report.effective
        if request is None or report.rate_card is None:
            return None
        axes = {name: value for name in _AXES if (value := getattr(request, name))}
        key = tuple(axes.values())
        if key in self._known:
            return self._known[key]
        others = alternatives(stand_in(has_images=request.size is None) | axes, rates=report.rate_card)
        best = others[0] if others else None
        if request.size is None or len(request.size) <= _LONGEST_WORD:
            self._known[key] = best
        return best
