"""What people do to the rows of a workbook, done by LibreOffice Calc: run by a Python that has ``uno``.

It connects to the Calc whose pipe it is given, and reads lines of JSON: the workbook, the first row, the cells to type, and an act; and writes the cells afterwards.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

COLUMNS = 7


def connect(pipe: str) -> Any:
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(200):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            time.sleep(0.2)
    raise SystemExit("no office answers")


def address(sheet: Any, left: int, top: int, right: int, bottom: int) -> Any:
    return sheet.getCellRangeByPosition(left, top, right, bottom).RangeAddress


def width(sheet: Any, first: int) -> int:
    """How many columns have a title."""
    return next(at for at in range(sheet.Columns.Count) if not sheet.getCellByPosition(at, first - 1).String)


def seen(sheet: Any, first: int) -> list[int]:
    """Those that are not hidden."""
    return [at for at in range(width(sheet, first)) if sheet.Columns.getByIndex(at).IsVisible]


def act(sheet: Any, kind: str, first: int, count: int) -> None:
    import uno

    last = first + count - 1
    if kind.startswith("sort"):
        area = sheet.getCellRangeByPosition(0, first, width(sheet, first) - 1, last)
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = (seen(sheet, first)[COLUMNS + 1] if kind == "sort credits" else 0), False
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        values = (("SortFields", fields), ("ContainsHeader", False), ("BindFormatsToContent", True))
        area.sort(tuple(_value(name, value) for name, value in values))
    elif kind == "delete":
        for row in range(last - 3, first, -7):
            sheet.Rows.removeByIndex(row, 1)
    elif kind == "copy":
        target = sheet.getCellByPosition(0, first + 5).CellAddress
        sheet.copyRange(target, address(sheet, 0, first + 20, sheet.Columns.Count - 1, first + 29))
    elif kind == "cut":
        target = sheet.getCellByPosition(1, first + 40).CellAddress
        sheet.moveRange(target, address(sheet, 1, first + 10, COLUMNS - 1, first + 14))
    elif kind == "cut rows":
        target = sheet.getCellByPosition(0, first + 40).CellAddress
        sheet.moveRange(target, address(sheet, 0, first + 10, 40, first + 14))
    elif kind == "filter":
        sheet.Rows.getByIndex(first + 3).IsVisible = False
    elif kind == "insert":
        sheet.Rows.insertByIndex(first, 1)
        sheet.Rows.insertByIndex(first + 9, 2)
        for row in (first, first + 9):
            sheet.getCellByPosition(2, row).String = "16:9"
    elif kind == "insert, and copy what is blue":
        columns = seen(sheet, first)
        sheet.Rows.insertByIndex(first + 9, 2)
        sheet.getCellByPosition(2, first + 9).String = "1:1"
        sheet.getCellByPosition(2, first + 10).String = "9:16"
        blue = address(sheet, columns[COLUMNS], first + 8, columns[-1], first + 8)
        for row in (first + 9, first + 10):
            sheet.copyRange(sheet.getCellByPosition(columns[COLUMNS], row).CellAddress, blue)
    elif kind == "insert, and copy one column":
        columns = seen(sheet, first)
        sheet.Rows.insertByIndex(first + 9, 1)
        sheet.getCellByPosition(2, first + 9).String = "1:1"
        blue = address(sheet, columns[COLUMNS], first + 8, columns[COLUMNS], first + 8)
        sheet.copyRange(sheet.getCellByPosition(columns[COLUMNS], first + 9).CellAddress, blue)
        sheet.getCellByPosition(2, first + 5).Formula = "=NA()"


def _value(name: str, value: Any) -> Any:
    import uno

    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] == "--help":
        print("usage: live_acts.py PIPE\n\n" + str(__doc__))  # noqa: T201
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    desktop = connect(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        book = desktop.loadComponentFromURL(asked["url"], "_blank", 0, (_value("Hidden", True),))
        sheet, first = book.Sheets.getByName("Quote"), asked["first"]
        book.enableAutomaticCalculation(False)
        for row, cells in enumerate(asked["cells"], first):
            for column, cell in enumerate(cells):
                place = sheet.getCellByPosition(column, row)
                if isinstance(cell, str) and cell:
                    place.String = cell
                elif cell != "":
                    place.Value = cell
        book.calculate()
        act(sheet, asked["act"], first, len(asked["cells"]))
        book.calculateAll()
        bottom = first + len(asked["cells"]) + 4
        last, columns = width(sheet, first) - 1, seen(sheet, first)
        area = sheet.getCellRangeByPosition(0, first, last, bottom).DataArray
        total = sheet.getCellRangeByPosition(0, 2, last, 2).DataArray[0]
        rows, totals = [[line[at] for at in columns] for line in area], [total[at] for at in columns]
        print(json.dumps({"rows": rows, "totals": totals}), flush=True)  # noqa: T201
        book.close(True)


if __name__ == "__main__":
    main()
