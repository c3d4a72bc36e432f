"""Settings: cells that the rows of a sheet get instead of their own, to see what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.contents import strip, text_of
from reapi_rules.sheets.meaning.titles import FREE, subjects
from reapi_rules.terms.spelling import ascii_lower, narrow

__all__ = ["Settings"]


class Settings(msgspec.Struct, frozen=True):
    """Cells by their subject.

    Without ``only`` every row gets them; with ``blank`` only rows whose own cell is blank, with ``auto`` those whose
    cell is blank or says auto.
    """

    cells: Mapping[str, str] = {}
    only: str = ""

    @classmethod
    def of(cls, texts: Iterable[str], only: str = "", catalog: Catalog | None = None) -> Settings:
        """The settings in texts such as ``quality=medium``; a blank cell leaves a field out.

        >>> Settings.of(["quality=medium", "n=2", "size="]).cells
        {'quality': 'medium', 'number': '2', 'shape': ''}

        Raises SheetError for another field, or one without a say in the price, or a text that sets nothing.
        """
        known = subjects(catalog)
        allowed = [place.name for subject, place in known.places.items() if subject not in FREE]
        cells: dict[str, str] = {}
        for text in texts:
            name, sign, value = (part.strip() for part in text.partition("="))
            subject = known.named(name)
            if not sign or subject is None or subject in FREE:
                raise SheetError("no_setting", text=text, fields=allowed)
            if subject in cells:
                raise SheetError("set_twice", text=text, name=name)
            cells[subject] = value
        return cls(cells, only)

    def of_row(self, given: Mapping[str, Any]) -> Mapping[str, str]:
        """The settings for a row with these cells, of which none is blank.

        >>> low = Settings({"quality": "low"}, only="auto")
        >>> low.of_row({"quality": "high"}), low.of_row({"quality": "自动"})
        ({}, {'quality': 'low'})
        """
        if not self.only:
            return self.cells
        kept = {subject for subject, cell in given.items() if self.only == "blank" or not _is_auto(subject, cell)}
        return {subject: cell for subject, cell in self.cells.items() if subject not in kept}


def _is_auto(subject: str, cell: Any) -> bool:
    text = strip(narrow(text_of(cell)))
    return ascii_lower(text) == "auto" or spellings().word(subject, text, {"auto": "auto"}) is not None
