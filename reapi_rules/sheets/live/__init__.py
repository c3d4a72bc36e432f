"""The workbook that calculates by itself: rows to fill in, formulas, and hidden tables of what they look up."""
