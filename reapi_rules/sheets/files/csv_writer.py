"""Writes a quoted sheet as CSV: the user's text unchanged if possible, our cells behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, repeat
from operator import methodcaller
from typing import Any, BinaryIO

from reapi_rules.sheets.files.csv_table import spell
from reapi_rules.sheets.files.encoding import EXCEL, UTF8, Encoding
from reapi_rules.sheets.files.guard import guard, guard_own
from reapi_rules.sheets.meaning.columns import ResultColumn
from reapi_rules.sheets.meaning.contents import text_of
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.results.alike import read_text
from reapi_rules.sheets.results.result import LineWriter, Remembered, Result
from reapi_rules.terms.values import escape

__all__ = ["CsvWriter"]

_BYTES_AT_ONCE = 1 << 16
_COMMA, _SEMICOLON, _BAR, _BACKSLASH = b",;|\\"


class CsvWriter(LineWriter):
    """Writes rows and their results.

    ``for_excel`` gives a byte-order mark and CRLF, ``guard_all`` guards the user's cells against formula injection
    too.  With either, or with another delimiter than the input's, every cell is written in our own spelling.
    """

    def __init__(
        self,
        output: BinaryIO,
        table: Table,
        results: Iterable[ResultColumn],
        *,
        encoding: Encoding = UTF8,
        delimiter: str | None = None,
        for_excel: bool = False,
        guard_all: bool = False,
    ) -> None:
        dialect = table.dialect
        own = "," if dialect is None else dialect.delimiter
        self.delimiter: str = delimiter or own
        self._is_verbatim = dialect is not None and self.delimiter == own and not for_excel and not guard_all
        self._end = "\r\n" if for_excel else "\n" if dialect is None else dialect.end
        self._encoding = EXCEL if for_excel else encoding
        encode: Callable[[str], bytes] = methodcaller("encode", self._encoding.name, self._encoding.errors)
        escapes = not self._is_verbatim and self._encoding.name == UTF8.name
        self._encoded = (lambda text: encode(escape(text))) if escapes else encode
        self._width = len(table.columns.titles)
        in_quotes, self._beyond = (Remembered(partial(_spelt, guard_all, always)) for always in (True, False))
        always = table.columns.about("shape")
        self._spelt = [in_quotes if at in always else self._beyond for at in range(self._width)]
        self._output = output
        self._held: list[bytes] = []
        self._ends: dict[str, bytes] = {}
        self._length = 0
        output.write(self._encoding.mark)
        names = [column.name for column in results]
        self._blank = self._behind([""] * len(names))
        if dialect is not None and self._is_verbatim:
            self._held.append(self._encoded(dialect.preamble))
        for row in table.above if not self._is_verbatim else ():
            self.put(self._line(row, self._blank))
        self.put(self._line(table.header, self._behind(names)))

    def spelt(self, row: Row, result: Result | None) -> bytes:
        if result is not None and result.line is None:
            result.line = self._behind(map(self._own, result.cells))
        return self._line(row, self._blank if result is None or result.line is None else result.line)

    def put(self, line: bytes) -> None:
        self._held.append(line)
        self._length += len(line)
        if self._length > _BYTES_AT_ONCE:
            self.close()

    def close(self) -> None:
        self._output.write(b"".join(self._held))
        self._held.clear()
        self._length = 0

    def _line(self, row: Row, ours: bytes) -> bytes:
        """A row with our cells behind; each is encoded by itself, since one Chinese word makes a whole text wider."""
        if self._is_verbatim:
            text, width = row.text, len(row.cells)
            body = text.rstrip("\r\n")
            end = text[len(body) :]
            if width != self._width and width:
                body += self.delimiter * (self._width - width)
        else:
            body, end = self._respelt(row), self._end
        last = self._ends.get(end) or self._ends.setdefault(end, self._encoded(end))
        return b"".join((self._encoded(body), ours if row.cells else b"", last))

    def _respelt(self, row: Row) -> str:
        if not row.cells:
            return ""
        spelt = [known[cell] for known, cell in zip(chain(self._spelt, repeat(self._beyond)), row.cells)]
        return self.delimiter.join(spelt) + self.delimiter * (self._width - len(spelt))

    def spell(self, text: bytes) -> bytes:
        """A text that JSON spells so, as a cell in UTF-8."""
        if _COMMA in text or _SEMICOLON in text or _BAR in text or _BACKSLASH in text or not text[:1].isalnum():
            return self._encoded(self._beyond[read_text(text)])
        return text  # nothing else needs quotes and stands in JSON as it is, and before a letter there is no guard

    def _behind(self, cells: Iterable[str]) -> bytes:
        return self._encoded("".join(self.delimiter + spell(cell) for cell in cells))

    def _own(self, cell: Any) -> str:
        """A cell of ours, without what the encoding of the user's file lacks."""
        if cell is None:
            return ""
        if not isinstance(cell, str):
            return str(cell)
        text = guard_own(cell)
        return text if text.isascii() else self._encoding.fit(text)


def _spelt(guard_all: bool, in_quotes: bool, cell: Any) -> str:
    text = cell if type(cell) is str else text_of(cell)
    return spell(guard(text) if guard_all else text, in_quotes=in_quotes)
