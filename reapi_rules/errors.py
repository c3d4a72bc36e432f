"""The error codes that reAPI has published, as seen.

Source: sections "Validation errors" and "Upstream errors (502 / 503)" of the page, and the places that each code names.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["ErrorCode", "ErrorCodes"]


class ErrorCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One code: its HTTP status (None for a code that comes inside a task), its cause and where it was seen."""

    code: int
    http_status: int | None
    cause: str
    seen_in: str


class ErrorCodes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/errors.json``."""

    format: Literal["reapi-errors/1"]
    source: dict[str, str]
    codes: tuple[ErrorCode, ...]
