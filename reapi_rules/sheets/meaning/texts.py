"""How a quoted workbook is laid out and what it says, in the user's language: the file ``data/workbook.json``."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from reapi_rules.catalog.files import FileStruct
from reapi_rules.terms.once import once
from reapi_rules.terms.templates import told

__all__ = ["Laid", "WorkbookTexts", "our_sheets", "workbook_texts"]


class Laid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of ours in a workbook: how wide it is, and whether it is folded."""

    name: str
    width: int
    is_detail: bool = False


class WorkbookTexts(FileStruct, frozen=True, kw_only=True):
    """The file; ``groups`` are titles of columns that totals are by, ``labels`` of those that name a request."""

    format: Literal["reapi-workbook/2"]
    columns: tuple[Laid, ...]
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    verdicts: dict[str, dict[str, str]]
    looks: dict[str, dict[str, Any]]
    """How cells look, as XlsxWriter says it."""
    texts: dict[str, dict[str, str]]
    work: str
    """The title of the hidden columns of a self-calculating workbook."""

    def text(self, name: str, language: str, **figures: Any) -> str:
        """A text in a language."""
        return told(self.texts[name], language, **figures)

    def verdict(self, word: object, language: str) -> str:
        """What a verdict is called."""
        return told(self.verdicts[str(word)], language)


@once
def our_sheets() -> frozenset[str]:
    """The names of the sheets that we add to those of the user, in lower case: nobody's plan is on one of them."""
    texts = workbook_texts().texts
    return frozenset(name.lower() for sheet in ("totals", "columns", "rules") for name in texts[sheet].values())


def workbook_texts() -> WorkbookTexts:
    """The layout and the texts."""
    return WorkbookTexts.read("workbook.json")
