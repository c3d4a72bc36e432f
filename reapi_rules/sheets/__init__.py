"""Sheets: planned requests as rows of a table, and the answers beside them.

lines  -> rows (csv_table)  -> body (cells)  -> report  -> our cells (answers)  -> totals
"""
