"""Exit codes.  Where several hold, 2 counts before 1, and 1 before 3; those of signals are 128 and their number."""

from __future__ import annotations

from reapi_rules.catalog.texts import Told

__all__ = [
    "HUNG_UP",
    "INTERRUPTED",
    "LIMIT",
    "OK",
    "PIPE_CLOSED",
    "REJECTED",
    "TERMINATED",
    "UNUSABLE",
    "UnusableError",
]

OK = 0
REJECTED = 1
UNUSABLE = 2
LIMIT = 3
HUNG_UP = 129
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143


class UnusableError(Told, Exception):
    """Bad usage or unreadable input: one line that says what is wrong and what is allowed."""
