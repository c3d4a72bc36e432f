"""JSON bodies as rows of a table: one a line, or the elements of a list.

A body is judged as it is: nothing in JSON is put right, and our keys of an earlier run are no part of it.  Of a line of
an OpenAI batch its body is judged, and the table has the keys of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.engine.engine import Engine, engine_for
from reapi_rules.engine.report import Report, common_of
from reapi_rules.sheets.batches import unwrap
from reapi_rules.sheets.cells import RowReader
from reapi_rules.sheets.columns import (
    SAMPLE,
    Columns,
    ResultColumn,
    SheetError,
    Unread,
    column_names,
    find_columns,
    letter,
    our_names,
)
from reapi_rules.sheets.contents import JsonValue, text_of
from reapi_rules.sheets.results import Result, Writer, result
from reapi_rules.sheets.table import Row, Table
from reapi_rules.sheets.titles import subjects
from reapi_rules.terms.values import escape

__all__ = ["JsonQuoter", "JsonWriter", "keys", "read_json"]

UNREADABLE = "unreadable"
"""The column of a line that is no JSON object."""

_PREFIX = "reapi_"  # of all our keys
_MOST_TITLES = 1_000
_MOST_RESULTS = 4_096
_BLANKS = " \t\n\v\f\r"  # of JSON and of lines; any other is text that is no JSON
_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def keys(lines: Iterable[bytes]) -> list[str]:
    """The keys of all bodies but ours, in the order in which they turn up: the titles of a table of them.

    >>> keys([b'{"asset": "a"}', b'{"n": 2, "reapi_verdict": "fine"}'])
    ['asset', 'n']
    """
    found: dict[str, None] = {}
    for line in lines:
        text = line.decode(errors="surrogateescape")
        own = _all_keys(text)
        found |= dict.fromkeys((own or ()) if own is not None or not text.strip() else (UNREADABLE,))
        if len(found) > _MOST_TITLES:
            raise SheetError(f"the bodies have more than {_MOST_TITLES} keys, too many for a table")
    return [key for key in found if key not in our_names()]


def read_json(lines: Iterable[bytes], titles: Sequence[str] = (), catalog: Catalog | None = None) -> Table:
    """The table of JSON bodies; their texts, and their values under the titles.  The first of them say what keys are.

    >>> table = read_json([b'{"asset": "a", "n": 2, "reapi_verdict": "fine"}'], ["asset", "n"])
    >>> [row.cells for row in table.rows]
    [['a', '2']]
    """
    lines = iter(lines)
    start = list(islice(lines, SAMPLE))
    seen = titles
    if not titles:
        with suppress(SheetError):  # of so many keys nobody wants to hear
            seen = keys(start)
    columns = _columns(seen, _rows(start, seen), catalog)
    return Table(columns=columns, header=Row(1, titles), rows=_rows(chain(start, lines), titles), is_json=True)


def _columns(titles: Sequence[str], sample: Iterable[Row], catalog: Catalog | None) -> Columns:
    """The keys that are fields of the models of the first bodies; those that only seem to be one are not read."""
    models, rows = (catalog or built_in()).models, [row.cells for row in sample]
    named = {cells[titles.index("model")] for cells in rows} & models.keys() if "model" in titles else ()
    fields = [item for id in named or models for item in models[id].fields.items()]
    names = {"model": "model"} | {name: field.role or name for name, field in fields}
    try:
        found = find_columns(titles, catalog=catalog, rows=rows)
    except SheetError:
        found = Columns(titles=tuple(titles), fields={})
    known = {at: names[title] for at, title in enumerate(titles) if title in names}
    seeming = {at: subject for at, subject in found.read.items() if at not in known}
    places = subjects(catalog).places
    unread = [Unread(at, escape(titles[at]), places[subject].name) for at, subject in seeming.items()]
    unread += (each for each in found.unread if each.index not in {*known, *seeming})
    other = tuple(each for each in unread if each.title != each.field)  # nothing else to call it: the model lacks it
    return Columns(titles=tuple(titles), fields={}, keys=known, unread=other)


class JsonQuoter:
    """The results of JSON bodies; ``changes`` are cells by subject that every body has instead of its own."""

    def __init__(
        self,
        *,
        engine: Engine | None = None,
        changes: Mapping[str, str] | None = None,
        only: str = "",
        language: str = "en",
    ) -> None:
        self._engine = engine or engine_for()
        self._reader = RowReader(Columns(titles=(), fields={}), engine=self._engine, changes=changes, only=only)
        self._changes, self._language = changes, language
        self._known: dict[tuple[int, int], tuple[Any, Result]] = {}

    def result(self, row: Row) -> Result | None:
        """The result of a row; None for a blank line."""
        if not row.text.strip(_BLANKS):
            return None
        body: Any = row.text.encode(errors="surrogateescape")
        line = unwrap(body)
        body = body if line is None else bytes(line.body)
        if self._changes:
            with suppress(msgspec.MsgspecError, ValueError, RecursionError):  # what can't be read is judged as it is
                body = self._reader.changed(_decode_object(body.removeprefix(b"\xef\xbb\xbf")))
        return self._result(self._engine.look(body))

    def _result(self, report: Report) -> Result:
        """The result of a report, worked out once for all that say the same."""
        common = common_of(report)
        if common is None or self._changes:
            return result(report, language=self._language)
        key = id(common[0]), id(common[1])
        if key not in self._known:
            if len(self._known) >= _MOST_RESULTS:
                self._known.clear()
            self._known[key] = (
                common,
                result(report, language=self._language, is_shared=True),
            )  # so that ids stay theirs
        return self._known[key][1]


class JsonWriter(Writer):
    """Writes rows with our keys behind the user's: one object a line, or a list of them."""

    def __init__(
        self, output: BinaryIO, table: Table, results: Iterable[ResultColumn], *, is_list: bool = False
    ) -> None:
        self._output = output
        self._is_json = table.is_json
        self._titles = _unique(table.columns.titles)
        self._names = [column.name for column in results]
        self._is_list, self._is_first = is_list, True

    def write(self, row: Row, result: Result | None) -> None:
        if self._is_json and not row.text.strip(_BLANKS):
            self._put(b"")
            return
        if not self._is_json:
            text = _spell(dict(zip(self._titles, map(_value, row.cells))))
        elif (result is None or not result.report.ok) and _keys(row.text) is None:
            text = _spell({UNREADABLE: escape(row.text.rstrip("\r\n"))})
        else:
            text = row.text.strip(_BLANKS)
        self._put(_extended(text.encode(errors="surrogateescape"), self._ours(result)))

    def _ours(self, result: Result | None) -> bytes:
        """Our keys as the end of an object; of a shared result they are spelt once."""
        if result is None:
            return b""
        if result.line is None:
            result.line = msgspec.json.encode(dict(zip(self._names, result.cells)))[1:]
        return result.line

    def close(self) -> None:
        if self._is_list:
            self._output.write(b"[]\n" if self._is_first else b"\n]\n")

    def _put(self, line: bytes) -> None:
        if not self._is_list:
            self._output.write(line + b"\n")
        elif line:
            self._output.write((b"[\n" if self._is_first else b",\n") + line)
            self._is_first = False


def _rows(lines: Iterable[bytes], titles: Iterable[str]) -> Iterator[Row]:
    titles = list(titles)
    for number, line in enumerate(lines, 1):
        text = line.decode(errors="surrogateescape")
        if _PREFIX in text or "\\u" in text:  # an escape may hide one of ours
            text = _without_ours(text)
        keys = _all_keys(text) if titles else None
        if keys is None:
            cells = [escape(text.strip()) if title == UNREADABLE else "" for title in titles]
        else:
            cells = [_cell(keys[title]) if title in keys else "" for title in titles]
        yield Row(number, cells, text)


def _without_ours(text: str) -> str:
    """A text without our keys of an earlier run, which stand last if nobody has touched it."""
    keys = _keys(text)
    if keys is None or not our_names() & keys.keys():
        return text
    theirs = {key: raw for key, raw in keys.items() if key not in our_names()}
    cut = text.rfind(f',"{column_names().results[0].name}":')
    if cut >= 0 and _keys(shorter := text[:cut] + "}") == theirs:
        return shorter
    return "{" + ",".join(f"{_spell(key)}:{raw}" for key, raw in theirs.items()) + "}"


def _extended(text: bytes, ours: bytes) -> bytes:
    """The text of an object with more keys behind its own."""
    if not ours:
        return text
    before = text[:-1]
    return before + (b"" if before.rstrip() == b"{" else b",") + ours


def _keys(text: str) -> dict[str, str] | None:
    """The keys of a JSON object, each with the text of its value; None for other text."""
    try:
        return {key: bytes(raw).decode() for key, raw in _decode(text.removeprefix("\ufeff")).items()}
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _all_keys(text: str) -> dict[str, str] | None:
    """The keys of a body; of a line of a batch its own, and in the place of the body what is in there."""
    keys, line = _keys(text), unwrap(text.encode(errors="surrogateescape"))
    inner = None if line is None else _keys(bytes(line.body).decode())
    if keys is None or inner is None:
        return keys
    return {name: raw for name, raw in keys.items() if name != "body"} | inner


def _cell(raw: str) -> str:
    """A JSON value as the text of a cell: text as it is, nothing for null, anything else as JSON."""
    if raw.startswith('"'):
        return msgspec.json.decode(raw, type=str)
    return "" if raw == "null" else JsonValue(raw)


def _value(cell: Any) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    return cell if cell is None or isinstance(cell, (bool, int)) else escape(text_of(cell))


def _spell(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _unique(titles: Iterable[str]) -> list[str]:
    """The titles as keys of an object: a second one of the same name gets a number."""
    keys: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for index, title in enumerate(titles):
        title = escape(title) or f"column {letter(index)}"
        key, number = title, numbers.get(title, 2)
        while key in keys:
            key, number = f"{title} ({number})", number + 1
        keys[key], numbers[title] = None, number
    return [*keys]
