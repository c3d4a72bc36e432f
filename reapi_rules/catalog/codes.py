"""The error codes that reAPI has published, as seen.

Source: sections "Validation errors" and "Upstream errors (502 / 503)" of the page, and the places that each code names.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.terms.findings import Certainty

__all__ = ["Code", "Codes"]


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One code: its HTTP status (None for a code that comes inside a task), its cause and where it was seen.

    ``outcome`` names how the submit has ended (:mod:`reapi_rules.tasks.endings`); ``what_to_do`` is there where it is
    more than for any code of that outcome.
    """

    code: int
    http_status: int | None
    cause: str
    outcome: str
    certainty: Certainty
    seen_in: str
    what_to_do: str | None = None


class Codes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/errors.json``.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> errors = built_in().codes
    >>> errors.get(20007).cause, errors.get(20004), errors.category(20004)
    ('the prompt is too long', None, 'request')
    """

    format: Literal["reapi-errors/1"]
    source: dict[str, str]
    categories: dict[str, str]
    codes: tuple[Code, ...]

    def get(self, code: int | None) -> Code | None:
        """The row of a code, None for one that is not published."""
        return next((row for row in self.codes if row.code == code), None)

    def category(self, code: int) -> str | None:
        """The category that the leading digit of a code names, None where none of its codes is published."""
        return self.categories.get(str(code)[:1]) if 10_000 <= code <= 99_999 else None
