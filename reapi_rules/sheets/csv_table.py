"""CSV as it came: rows to read, and the very text of each, so that nothing the user wrote changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from reapi_rules.sheets.columns import SheetError

__all__ = ["append", "rows"]

csv.field_size_limit(2**31 - 1)


def rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str], str]]:
    """Number, cells and original text of each row; the header is row 1.

    >>> list(rows(["asset,size\\n", 'a,"16:9"\\n']))
    [(1, ['asset', 'size'], 'asset,size\\n'), (2, ['a', '16:9'], 'a,"16:9"\\n')]

    Raises SheetError for text that is no CSV: a quote that is never closed, a NUL character.
    """
    read: list[str] = []
    number, row, text = 0, list[str](), ""
    try:
        for number, row in enumerate(csv.reader(_recorded(lines, read)), 1):
            text = "".join(read)
            read.clear()
            yield number, row, text
    except csv.Error as error:
        raise SheetError(f"row {number + 1}: {error}") from None
    if row and len(next(csv.reader(io.StringIO(text.rstrip("\r\n") + ",x", newline="")))) == len(row):
        raise SheetError(f"row {number}: a quote is opened and never closed")


def append(text: str, row: Sequence[str], width: int, cells: Sequence[str]) -> str:
    """The text of a row with cells added behind the last column; an empty line stays as it is.

    >>> append('a,"16:9"\\r\\n', ["a", "16:9"], 3, ["yes", "5"])
    'a,"16:9",,yes,5\\r\\n'
    """
    line = text.rstrip("\r\n")
    if not row:
        return text
    return f"{line}{',' * (width - len(row))},{_line(cells)}{text[len(line) :]}"


def _recorded(lines: Iterable[str], read: list[str]) -> Iterator[str]:
    for line in lines:
        read.append(line)
        yield line


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()
