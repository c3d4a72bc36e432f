"""Text files in and out: CSV and JSON, their encodings, and text that a spreadsheet would run."""

__all__ = ["DELIMITERS"]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""The delimiters of CSV, by name; here, so that the command line knows them without any of the rest."""
