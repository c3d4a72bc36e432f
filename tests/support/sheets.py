"""What ``quote`` makes of a sheet, without the command line."""

from __future__ import annotations

import io
from typing import Any

from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.files.csv_writer import CsvWriter
from reapi_rules.sheets.files.encoding import detect, open_text
from reapi_rules.sheets.meaning.columns import column_names
from reapi_rules.sheets.results.quoter import Quoter

OURS = [column.name for column in column_names().results]


def quoted(content: bytes, **layout: Any) -> bytes:
    """What ``quote`` makes of a CSV file, without the command line."""
    file, output = io.BytesIO(content), io.BytesIO()
    encoding = detect(file)
    with open_text(file, encoding) as lines:
        table = read_csv(lines)
        writer = CsvWriter(output, table, column_names().results, encoding=encoding, **layout)
        quoter = Quoter(table.columns)
        for row in table.rows:
            writer.write(row, quoter.result(row))
        writer.close()
    return output.getvalue()
