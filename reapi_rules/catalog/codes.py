"""The error codes that reAPI has published, as seen.

Source: sections "Validation errors" and "Upstream errors (502 / 503)" of the page, and the places that each code names.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.once import once

__all__ = ["Code", "Codes", "codes"]


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One code: its HTTP status (None if it is not published, or if the code is part of a task), cause and source.

    ``ending`` says how the submit has ended, by the name of an ending (:mod:`reapi_rules.tasks.endings`);
    ``what_to_do`` is given if the code calls for more than its ending does.
    """

    code: int
    http_status: int | None
    cause: str
    ending: str
    certainty: Certainty
    seen_in: str
    what_to_do: str | None = None


class Codes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/codes.json``; ``http_statuses`` are all that reAPI is known to use for errors."""

    format: Literal["reapi-codes/1"]
    source: dict[str, str]
    categories: dict[str, str]
    http_statuses: tuple[int, ...]
    rows: tuple[Code, ...] = msgspec.field(name="codes")

    def get(self, code: int | None) -> Code | None:
        """What is published of a code; None if the code is not published."""
        return next((row for row in self.rows if row.code == code), None)

    def category(self, code: int) -> str | None:
        """The category that the leading digit of a code names; None if no code of it is published."""
        return self.categories.get(str(code)[:1]) if 10_000 <= code <= 99_999 else None


@once
def codes() -> Codes:
    """The published codes.

    >>> codes().get(20007).cause, codes().get(80004), codes().category(80004)
    ('the prompt is too long', None, 'provider')
    """
    return msgspec.json.decode(data_file("codes.json"), type=Codes)
