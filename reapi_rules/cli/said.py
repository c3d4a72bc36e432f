"""What is said of a run in the user's language: the file ``data/summary.json``."""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.once import once
from reapi_rules.terms.templates import told

__all__ = ["said"]


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``data/summary.json``."""

    format: Literal["reapi-summary-texts/1"]
    source: dict[str, str]
    texts: dict[str, dict[str, str]]


@once
def _texts() -> dict[str, dict[str, str]]:
    return msgspec.json.decode(data_file("summary.json"), type=_Texts).texts


def said(text: str, language: str, count: int | None = None, **figures: object) -> str:
    """One of the texts about a run, for one or for several.

    >>> said("requests", "en", 1), said("requests", "en", 2), said("requests", "zh", 2)
    ('1 request', '2 requests', '2 个请求')
    """
    return told(_texts()[text], language, count, **figures)
