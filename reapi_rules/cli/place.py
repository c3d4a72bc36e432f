"""The place of a request: where it is in what is read, as people call it."""

from __future__ import annotations

import msgspec

from reapi_rules.catalog.texts import said_in
from reapi_rules.cli.said import said
from reapi_rules.cli.streams import name_of

__all__ = ["Place"]


class Place(msgspec.Struct, frozen=True, gc=False):
    """The file, and in it the row, line or item by its number; a body that is all of a file has none.

    ``sheet`` names one of several sheets; ``name`` is the request's own.
    """

    path: str = ""
    kind: str = ""
    number: int = 0
    sheet: str = ""
    name: str = ""
    is_of_several: bool = False
    """Whether other requests are in other files."""

    def said(self, language: str = "en") -> str:
        """What people call it.

        >>> Place("plan.xlsx", "row", 2, sheet="May").said(), Place("-", "line", 3, name="fox").said("zh")
        ('sheet "May", row 2', 'fox (第 3 行)')
        >>> Place("body.json").said(), Place("more.ndjson", "line", 3, is_of_several=True).said()
        ('body.json', 'more.ndjson: line 3')
        >>> Place("-").said("zh"), Place(kind="request").said("zh")
        ('标准输入', '请求')
        """
        file = said_in(name_of(self.path), language)
        place = said(self.kind, language, number=self.number) if self.kind else file
        if self.sheet:
            place = said("of_sheet", language, name=self.sheet, place=place)
        if self.name:
            place = f"{self.name} ({place})"
        return f"{file}: {place}" if self.is_of_several and self.kind else place
