"""Names of the cases of a test."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["plain_id"]


def plain_id(value: Any) -> str:
    """A value in signs that every tool passes on: neither backslashes nor slashes, nor what is not ASCII."""
    return re.sub(r"[^A-Za-z0-9 _.:,'{}-]+", "_", ascii(value))[:80]
