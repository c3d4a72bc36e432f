"""Sheets: planned requests as rows of a table, and what each comes to beside them.

bytes -> text (encoding) -> table (csv_table, json_table, xlsx_reader) -> columns -> cells, ratios put right (repair)
-> body -> report -> result (quoter, what_if) -> totals, and out (csv_writer, json_table, xlsx_writer, in_place)

Apart from that the self-calculating workbook (workbook, live_page, live_table, live_formulas).
"""

__all__ = ["DELIMITERS"]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""The delimiters of CSV, by name; here, so that the command line knows them without any of the rest."""
