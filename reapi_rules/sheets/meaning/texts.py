"""How a quoted workbook is laid out and what it says, in the user's language: the file ``data/workbook.json``."""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.once import once

__all__ = ["Laid", "WorkbookTexts", "our_sheets", "workbook_texts"]


class Laid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of ours in a workbook: how wide it is, and whether it is folded."""

    name: str
    width: int
    is_detail: bool = False


class WorkbookTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file; ``groups`` are titles of columns that totals are by, ``labels`` of those that name a request.

    ``plan`` are the texts of the table that a terminal shows instead.
    """

    format: Literal["reapi-workbook/2"]
    source: dict[str, str]
    columns: tuple[Laid, ...]
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    plan: dict[str, dict[str, str]]
    verdicts: dict[str, dict[str, str]]
    texts: dict[str, dict[str, str]]
    work: str
    """The title of the hidden columns of a self-calculating workbook."""

    def text(self, name: str, language: str, **figures: object) -> str:
        """A text in a language, in English where it is not there."""
        return told(self.texts[name], language).format_map(figures)


def told(texts: dict[str, str], language: str) -> str:
    """One of a text's languages."""
    return texts.get(language) or texts["en"]


@once
def our_sheets() -> frozenset[str]:
    """The names of the sheets that we add to those of the user, in lower case: nobody's plan is on one of them."""
    texts = workbook_texts().texts
    return frozenset(name.lower() for sheet in ("totals", "columns", "rules") for name in texts[sheet].values())


@once
def workbook_texts() -> WorkbookTexts:
    """The layout and the texts."""
    return msgspec.json.decode(data_file("workbook.json"), type=WorkbookTexts)
