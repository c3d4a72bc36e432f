"""The delimiters of CSV, by name."""

from __future__ import annotations

__all__ = ["DELIMITERS"]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
