"""A table of results as a workbook, by XlsxWriter (the extra ``xlsx``)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.workbooks.sheet_rows import LINE
from reapi_rules.sheets.workbooks.xlsx_writer import bar_chart, lines_of, set_day, set_print, shown_width
from reapi_rules.terms.values import escape

__all__ = ["rows_workbook"]

_NARROWEST, _WIDEST = 8, 60


def rows_workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One sheet of rows that all have the same keys, numbers as numbers, and a chart where there are credits by group.

    Raises ImportError without XlsxWriter.
    """
    import xlsxwriter

    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    set_day(book)
    sheet = book.add_worksheet("Result")
    looks = {name: book.add_format(look) for name, look in workbook_texts().looks.items()}
    titles = list(rows[0]) if rows else []
    for column, title in enumerate(titles):
        cells = [row[title] for row in rows]
        sheet.write_string(0, column, title, looks["ours"])
        width = max([shown_width(title) + 4, *(shown_width(str(cell)) + 2 for cell in cells if cell is not None)])
        sheet.set_column(column, column, min(max(width, _NARROWEST), _WIDEST))
        for row, cell in enumerate(cells, 1):
            if type(cell) is int:
                sheet.write_number(row, column, cell, looks["integer"])
            elif title == "usd" and cell is not None:
                sheet.write_number(row, column, float(cell), looks["decimal"])
            elif cell is not None:
                text = escape(str(cell))
                sheet.write_string(row, column, text, looks["wrapped" if shown_width(text) > _WIDEST else "plain"])
    for number, each in enumerate(rows, 1):
        sheet.set_row(number, LINE * max(lines_of(str(cell), _WIDEST) for cell in each.values()))
    if rows:
        sheet.autofilter(0, 0, len(rows), len(titles) - 1)
        sheet.repeat_rows(0)
    if {"group", "credits"} <= {*titles}:
        areas = {
            name: ["Result", 1, titles.index(key), len(rows), titles.index(key)]
            for name, key in (("categories", "group"), ("values", "credits"))
        }
        sheet.insert_chart(len(rows) + 2, 0, bar_chart(book, {"name": "credits", **areas}))
    sheet.freeze_panes(1, 0)
    set_print(sheet, "&L&A&R&P / &N")
    book.close()
    return output.getvalue()
