"""Decide offline whether reAPI takes an image request, what is wrong with it, which pixels it gives and what it costs.

>>> from reapi_rules import preflight
>>> report = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "resolution": "2k"})
>>> report.ok, report.dimensions.width, report.quote.credits
(True, 2048, 380)

The verbs and their results are here; each further concept is in the module of its name (``rates``, ``credits``,
``catalog`` ...).  Nothing here opens a socket, reads a clock or the environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reapi_rules.catalog import Catalog
    from reapi_rules.explanations import explain
    from reapi_rules.findings import Finding
    from reapi_rules.questions import credits_of, dimensions_of, resolutions_for, sizes_at
    from reapi_rules.quotes import Quote
    from reapi_rules.rates import RateCard, RateCardError
    from reapi_rules.report import InvalidRequestError, Report, preflight, quote
    from reapi_rules.tasks import read_task

__all__ = [
    "Catalog",
    "Finding",
    "InvalidRequestError",
    "Quote",
    "RateCard",
    "RateCardError",
    "Report",
    "__version__",
    "credits_of",
    "dimensions_of",
    "explain",
    "preflight",
    "quote",
    "read_task",
    "resolutions_for",
    "sizes_at",
]

__version__ = "0.1.0"

_HOMES = {
    "Catalog": "catalog",
    "Finding": "findings",
    "InvalidRequestError": "report",
    "Quote": "quotes",
    "RateCard": "rates",
    "RateCardError": "rates",
    "Report": "report",
    "credits_of": "questions",
    "dimensions_of": "questions",
    "explain": "explanations",
    "preflight": "report",
    "quote": "report",
    "read_task": "tasks",
    "resolutions_for": "questions",
    "sizes_at": "questions",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``python -m reapi_rules`` starts without the engine."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
