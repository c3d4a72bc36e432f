"""What is said of a run in the user's language: the file ``data/summary.json``."""

from __future__ import annotations

from reapi_rules.catalog.texts import texts
from reapi_rules.terms.templates import told

__all__ = ["said"]


def said(text: str, language: str, count: int | None = None, **figures: object) -> str:
    """One of the texts about a run, for one or for several.

    >>> said("requests", "en", 1), said("requests", "en", 2), said("requests", "zh", 2)
    ('1 request', '2 requests', '2 个请求')
    """
    return told(texts("summary")[text], language, count, **figures)
