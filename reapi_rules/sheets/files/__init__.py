"""Text files in and out: CSV and JSON, their encodings, and text that a spreadsheet would run.

What is here itself the command line needs to know without any of the rest.
"""

__all__ = ["DELIMITERS", "SUFFIXES"]

SUFFIXES = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "xlsx": "xlsx", "xlsm": "xlsx", "xltx": "xlsx", "xltm": "xlsx",
    "xlsb": "xlsx", "xls": "xlsx", "ods": "xlsx", "ots": "xlsx",
}  # fmt: skip
"""How files of each suffix are read."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""The delimiters of CSV, by name."""
