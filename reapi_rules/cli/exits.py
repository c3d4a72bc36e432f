"""Exit codes.  Where several hold, 2 counts before 1, and 1 before 3."""

from __future__ import annotations

__all__ = ["INTERRUPTED", "LIMIT", "OK", "REJECTED", "UNUSABLE", "UnusableError"]

OK = 0
REJECTED = 1
UNUSABLE = 2
LIMIT = 3
INTERRUPTED = 130


class UnusableError(Exception):
    """Bad usage or unreadable input: one line that says what is wrong and what is allowed."""
