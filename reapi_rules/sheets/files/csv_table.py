"""CSV as it came: the cells of each row, and its exact text, so that nothing the user wrote changes.

The csv module parses; the text of a row is kept beside its cells and written back with our cells behind it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, tee
from operator import itemgetter

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.sheets.files import DELIMITERS
from reapi_rules.sheets.meaning.columns import (
    HIGHEST_HEADER,
    SAMPLE,
    Columns,
    SheetError,
    find_columns,
    find_header,
    shown,
)
from reapi_rules.sheets.meaning.contents import is_blank
from reapi_rules.sheets.meaning.table import Dialect, Row, Table

__all__ = ["read_csv", "respelt", "spell"]

csv.field_size_limit(2**31 - 1)

_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\r?\n?', re.IGNORECASE)
_QUOTED = re.compile('"(?:[^"]++|"")*+"')
_NEEDS_QUOTES = re.compile(r'[",;|\t\r\n]')
_BLANK = ' ,;|\t\r\n"\u3000\u00a0'
_SEPARATORS = re.compile("[,;|\t\uff0c\uff1b\u3001]")
_SHOWN_ROWS, _SHOWN = 5, 60


def read_csv(
    lines: Iterable[str],
    *,
    delimiter: str | None = None,
    mapping: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
) -> Table:
    """The table in the lines of a CSV file; columns of an earlier run are taken out of its cells and its text.

    >>> table = read_csv(["asset;size;reapi_verdict\\n", 'a;"16:9";fine\\n'])
    >>> table.columns.fields, [(row.number, row.cells, row.text) for row in table.rows]
    ({'shape': 1}, [(2, ['a', '16:9'], 'a;"16:9"\\n')])

    The delimiter is that of the header line, unless the caller or a line ``sep=;`` names it.  Raises SheetError for
    text that is no table: no header, a quote that is never closed, cells without a column.
    """
    lines = iter(lines)
    before, head = _to_header(lines)
    if match := _SEPARATOR_LINE.fullmatch(head):
        delimiter = delimiter or match[1]
        after, head = _to_header(lines)
        before = [*before, match[0], *after]
    if not head:
        raise SheetError("no_header")
    start = [head, *islice(lines, HIGHEST_HEADER - 1)]
    delimiter, at, named = _header(start, delimiter, mapping, catalog)
    records = _records(chain(start, lines), delimiter, sum(_SEPARATOR_LINE.fullmatch(line) is None for line in before))
    above = tuple(islice(records, at))
    titles = next(records)
    sample = list(islice(records, SAMPLE))
    try:
        columns = find_columns(named, mapping, catalog, rows=(row.cells for row in sample))
    except SheetError:
        if len(named) == 1 and _SEPARATORS.search(named[0]):
            raise SheetError("one_cell", title=shown(named[0][:_SHOWN])) from None
        raise
    return Table(
        columns=columns,
        header=Row(titles.number, columns.titles, _without(titles, columns.ours, delimiter).text),
        rows=_fitted(chain(sample, records), columns, delimiter),
        above=above,
        dialect=Dialect(
            delimiter, _spelt(titles.text, delimiter)[1] or "\n", "".join((*before, *(row.text for row in above)))
        ),
    )


def spell(cell: str, *, in_quotes: bool = False) -> str:
    """A cell as CSV has it, in quotes where it needs them or, unless it is blank, should have them.

    >>> spell("a;b"), spell("16:9", in_quotes=True), spell("2"), spell("", in_quotes=True)
    ('"a;b"', '"16:9"', '2', '')
    """
    return '"' + cell.replace('"', '""') + '"' if cell and (in_quotes or _NEEDS_QUOTES.search(cell)) else cell


def respelt(row: Row, cells: Mapping[int, str], dialect: Dialect) -> str:
    """The text of a row with other cells in some places, the rest letter for letter.

    >>> respelt(Row(2, ["a", "16x9", ""], 'a,"16x9"\\n'), {1: "16:9"}, Dialect())
    'a,16:9\\n'
    """
    spelt, end = _spelt(row.text, dialect.delimiter)
    spelt += [""] * (max(cells) + 1 - len(spelt))
    for at, cell in cells.items():
        spelt[at] = spell(cell)
    return dialect.delimiter.join(spelt) + end


def _to_header(lines: Iterator[str]) -> tuple[list[str], str]:
    """The blank lines before the first line that isn't blank, and that line; it is empty if there is none."""
    blank: list[str] = []
    for line in lines:
        if line.strip(_BLANK):
            return blank, line
        blank.append(line)
    return blank, ""


def _header(
    lines: Sequence[str], delimiter: str | None, mapping: Mapping[str, str] | None, catalog: Catalog | None
) -> tuple[str, int, Sequence[str]]:
    """The delimiter that gives the header the most fields, then columns; which record that is, and its titles."""
    found = []
    for each in DELIMITERS.values() if delimiter is None else (delimiter,):
        rows = list(csv.reader(lines, delimiter=each))
        at, titles, count = find_header(rows, mapping, catalog)
        is_several = len(titles) == 1 and any(sign in titles[0] for sign in DELIMITERS.values())  # Output,Format
        found.append(((0 if is_several else count, len(titles)), each, at, titles))
    return max(found, key=itemgetter(0))[1:]


def _records(lines: Iterable[str], delimiter: str, number: int) -> Iterator[Row]:
    """The rows after row ``number``, all their cells, with their text."""
    lines, texts = tee(lines)
    reader, read, text = csv.reader(lines, delimiter=delimiter), 0, ""
    try:
        for cells in reader:
            read += 1
            text = next(texts)
            if read != (so_far := reader.line_num):  # a cell has lines of its own
                text += "".join(islice(texts, so_far - read))
                read = so_far
            number += 1
            yield Row(number, cells, text)
    except csv.Error as error:
        raise SheetError("broken_row", row=number + 1, error=error) from None
    last = _spelt(text, delimiter)[0][-1]
    if last.startswith('"') and not _QUOTED.match(last):
        raise SheetError("open_quote", row=number)


def _fitted(records: Iterator[Row], columns: Columns, delimiter: str) -> Iterator[Row]:
    """The rows without the columns of an earlier run, and without blank cells beyond the header."""
    width = len(columns.titles) + len(columns.ours)
    for row in records:
        cells = row.cells
        if len(cells) > width:
            if not all(map(is_blank, cells[width:])):  # all such rows are named at once, so that one pass fixes them
                others = [other.number for other in records if not all(map(is_blank, other.cells[width:]))]
                shown = [*[row.number, *others][:_SHOWN_ROWS], *(["..."] if len(others) >= _SHOWN_ROWS else [])]
                raise SheetError("extra_cells", count=1 + len(others), rows=shown, width=width)
            row = _without(row, range(width, len(cells)), delimiter)
        yield _without(row, columns.ours, delimiter) if columns.ours else row


def _without(row: Row, left_out: Container[int], delimiter: str) -> Row:
    """A row without some of its cells, the text of all others letter for letter."""
    kept = [at for at in range(len(row.cells)) if at not in left_out]
    if len(kept) == len(row.cells):
        return row
    spelt, end = _spelt(row.text, delimiter)
    if len(spelt) != len(row.cells):
        spelt = [*map(spell, row.cells)]
    return Row(row.number, [row.cells[at] for at in kept], delimiter.join(spelt[at] for at in kept) + end)


def _spelt(row: str, delimiter: str) -> tuple[list[str], str]:
    """The cells of a row as they are spelt, quotes and all, by the csv module's own rules, and the row's end."""
    text = row.rstrip("\r\n")
    spelt: list[str] = []
    start = 0
    while True:
        end = start
        if text.startswith('"', start):
            quoted = _QUOTED.match(text, start)
            end = quoted.end() if quoted else len(text)  # where it is never closed, the rest is in it
        end = text.find(delimiter, end)
        if end < 0:
            return [*spelt, text[start:]], row[len(text) :]
        spelt.append(text[start:end])
        start = end + 1
