"""Sheets: planned requests as rows of a table, and the answers beside them.

bytes -> text (encoding) -> table (csv_table, json_table, xlsx_reader) -> columns -> cells, ratios mended (repair)
-> body -> report -> answer (quoter, what_if) -> totals, and out (csv_writer, json_table, xlsx_writer, in_place)

Apart from that the workbook that quotes by itself (workbook, live_page, live_table, live_formulas).
"""
