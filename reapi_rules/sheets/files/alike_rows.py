"""Rows of alike JSON bodies: their result and their line are worked out once, and their cells are never read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reapi_rules.sheets.files.json_table import JsonQuoter
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.alike import Judged, Spelling
from reapi_rules.sheets.results.result import LineWriter, Result, shared

__all__ = ["AlikeRows"]


class AlikeRows:
    """Writes the rows of alike lines; ``row`` and ``result_of`` are for the others."""

    def __init__(
        self,
        row: Callable[[int, bytes], Row],
        quoter: JsonQuoter,
        result_of: Callable[[Row], Result | None],
        writer: LineWriter,
    ) -> None:
        self._row, self._result, self._writer = row, result_of, writer
        self._alike = quoter.alike(self._make)

    def write(self, lines: Iterable[bytes], count: Callable[[Row, Result], None]) -> Iterator[Row]:
        """Count and write the lines that are like others, and yield the rows of those that aren't, all in order."""
        find, put = self._alike.of, self._writer.put
        for number, line in enumerate(lines, 1):
            found = find(line)
            if found is None:
                yield self._row(number, line)
            else:
                (result, spelling), texts = found
                count(Row(number, ()), result)
                put(spelling.of_texts(texts))

    def _make(self, first: Judged, second: Judged) -> tuple[Result, Spelling] | None:
        """The result of two stand-ins, and the spelling of its line; None if they don't share both."""
        result, other = (self._result(self._row(0, each.line)) for each in (first, second))
        common = None if result is None or other is None else shared(result, other)
        if common is None:
            return None
        writer = self._writer

        def line(each: Judged) -> bytes:
            return writer.spelt(self._row(0, each.line), common)

        spelling = Spelling.of(first, second, line, writer.spell, writer.delimiter)
        return None if spelling is None else (common, spelling)
