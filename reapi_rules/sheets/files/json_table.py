"""JSON bodies as rows of a table: one on each line, or the elements of a list.

A body is judged as it is, without our keys of an earlier run, and nothing in it is corrected.  In a line of an OpenAI
batch the body is what is judged, and the table has the keys of both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, count, islice
from typing import Any, BinaryIO, TypeVar

import msgspec
from msgspec.structs import astuple

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.engine.engine import engine_for
from reapi_rules.engine.report import Report, common_of
from reapi_rules.sheets.meaning.cells import RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import (
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
from reapi_rules.sheets.meaning.contents import JsonValue, text_of
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.sheets.results.alike import Alike, Judged, Spelling
from reapi_rules.sheets.results.batches import MARK, unwrap
from reapi_rules.sheets.results.result import LineWriter, Remembered, Result, result, shared
from reapi_rules.terms.once import Recent
from reapi_rules.terms.values import escape

__all__ = ["Bodies", "JsonQuoter", "JsonWriter", "keys", "read_json", "write_alike"]

T = TypeVar("T")

UNREADABLE = "unreadable"
"""The column of a line that is no JSON object."""

_NOT_READ = (msgspec.MsgspecError, ValueError, RecursionError)
_NULL = msgspec.Raw(b"null")
_MARK = MARK.decode()
_PREFIX = "reapi_"  # of all our keys
_MOST_TITLES = 1_000
_MOST_TYPED = 32  # the decoder looks through all fields for one that is not the next
_BLANKS = " \t\n\v\f\r"  # of JSON and of lines; any other is text that is no JSON
_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def keys(lines: Iterable[bytes]) -> list[str]:
    """The keys of all bodies except ours, in order of first appearance: the titles of their table.

    >>> keys([b'{"asset": "a"}', b'{"n": 2, "reapi_verdict": "fine"}'])
    ['asset', 'n']
    """
    found: dict[str, None] = {}
    lines = iter(lines)
    for line in chain(islice(lines, SAMPLE), _with_others(lines, found)):
        text = line.decode(errors="surrogateescape")
        own = _all_keys(text)
        found |= dict.fromkeys((own or ()) if own is not None or not text.strip() else (UNREADABLE,))
        if len(found) > _MOST_TITLES:
            raise SheetError("too_many_keys", most=_MOST_TITLES)
    return [key for key in found if key not in our_names()]


def _with_others(lines: Iterable[bytes], keys: Collection[str]) -> Iterator[bytes]:
    """The bodies that may have other keys than are there when the first is asked for, as far as is seen at sight."""
    decode, may_be_batch = _typed(keys, no_others=True), _MARK.strip('"') in keys
    for line in lines:
        if decode is None or (may_be_batch and MARK in line):
            yield line
            continue
        try:
            decode(line)
            if not line.isascii():
                line.decode()  # the decoder does not look into the text that it skips
        except _NOT_READ:
            yield line


def read_json(
    lines: Iterable[bytes],
    titles: Sequence[str] = (),
    catalog: Catalog | None = None,
    tell: Callable[[bytes], bytes] = bytes,
) -> Table:
    """The table of JSON bodies: their texts, and their values under the titles.  The first ones decide what keys mean.

    Each line that is read as a row passes through ``tell``.

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
    columns = _columns(seen, Bodies(start, seen), catalog)
    rows = Bodies(chain(start, lines), titles, _texts(start) if titles else (), tell)
    return Table(columns=columns, header=Row(1, titles), rows=rows, is_json=True)


class Bodies:
    """JSON bodies as rows with some titles, to be read once: row by row, or line by line if few rows are needed.

    ``texts`` are the titles that are likely to have texts.  A decoder that knows the titles as fields puts each value
    in its place, in a quarter of the time of a dictionary.
    """

    def __init__(
        self,
        lines: Iterable[bytes],
        titles: Iterable[str],
        texts: Container[str] = (),
        tell: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self.lines: Iterator[bytes] = iter(lines)
        self._titles, self._tell = [*titles], tell
        self._decode = _typed(self._titles, texts)
        self._others = [at for at, title in enumerate(self._titles) if title not in texts]
        self._read = Remembered(lambda raw: _cell(raw.decode()))

    def __iter__(self) -> Iterator[Row]:
        return map(self.row, count(1), self.lines)

    def row(self, number: int, line: bytes) -> Row:
        """The row of a line."""
        text = self._tell(line).decode(errors="surrogateescape")
        if _PREFIX in text or "\\u" in text:  # an escape may hide one of ours
            text = _without_ours(text)
        return Row(number, self._cells(text), text)

    def _cells(self, text: str) -> list[str]:
        if self._decode is None or _MARK in text:
            return self._plainly(text)
        try:
            cells = [*astuple(self._decode(text))]
        except _NOT_READ:
            return self._plainly(text)
        for at in self._others:
            cells[at] = self._read[bytes(cells[at])]
        return cells

    def _plainly(self, text: str) -> list[str]:
        keys = _all_keys(text) if self._titles else None
        if keys is None:
            return [escape(text.strip()) if title == UNREADABLE else "" for title in self._titles]
        return [_cell(keys[title]) if title in keys else "" for title in self._titles]


def _columns(titles: Sequence[str], sample: Iterable[Row], catalog: Catalog | None) -> Columns:
    """The keys that are fields of the models in the first bodies; keys that only look like fields are not read."""
    models, rows = chosen(catalog).models, [row.cells for row in sample]
    named = {cells[titles.index("model")] for cells in rows} & models.keys() if "model" in titles else ()
    fields = [item for id in named or models for item in models[id].fields.items()]
    names = {"model": "model"} | {name: field.role or name for name, field in fields}
    try:
        found = find_columns(titles, catalog=catalog, rows=rows)
    except SheetError:
        found = Columns(titles=tuple(titles), fields={})
    known = {at: names[title] for at, title in enumerate(titles) if title in names}
    seeming = {at: subject for at, subject in found.read.items() if at not in known}
    called = subjects(catalog).called
    unread = [Unread(at, escape(titles[at]), called(subject), {}) for at, subject in seeming.items()]
    unread += (each for each in found.unread if each.index not in {*known, *seeming})
    other = tuple(each for each in unread if each.title != each.field)  # nothing else to call it: the model lacks it
    return Columns(titles=tuple(titles), fields={}, keys=known, unread=other)


class JsonQuoter:
    """The results of JSON bodies."""

    def __init__(self, options: RowOptions | None = None) -> None:
        options = options or RowOptions(engine=engine_for())
        self._engine = options.engine
        self._reader = RowReader(Columns(titles=(), fields={}), options)
        self._is_changed, self._language = bool(options.settings.cells), options.language
        self._known: Recent[tuple[int, int], tuple[Any, Result]] = Recent()
        self._alike = None if self._is_changed else Alike(self._engine, self._of_stand_ins)

    def alike(self, make: Callable[[Judged, Judged], T | None]) -> Alike[T]:
        """What is made of alike lines, for a caller that looks there itself before it asks for a result."""
        self._alike = None
        return Alike(self._engine, make)

    def result(self, row: Row) -> Result | None:
        body: Any = row.text.encode(errors="surrogateescape")
        found = None if self._alike is None else self._alike.of(body)
        if found is not None:
            return found[0]
        if not row.text.strip(_BLANKS):
            return None
        line = unwrap(body)
        body = body if line is None else bytes(line.body)
        if self._is_changed:
            with suppress(*_NOT_READ):  # what can't be read is judged as it is
                body = self._reader.changed(_decode_object(body.removeprefix(b"\xef\xbb\xbf")))
        return self._result(self._engine.preflight(body))

    def _result(self, report: Report) -> Result:
        """The result of a report, worked out once for all that say the same."""
        common = common_of(report)
        if common is None or self._is_changed:
            return result(report, language=self._language)
        key = id(common[0]), id(common[1])
        if key not in self._known:
            found = result(report, language=self._language, is_shared=True)
            self._known[key] = common, found  # so that ids stay theirs
        return self._known[key][1]

    def _of_stand_ins(self, first: Judged, second: Judged) -> Result | None:
        return shared(self._result(first.report), self._result(second.report))


def write_alike(
    lines: Iterable[bytes],
    row: Callable[[int, bytes], Row],
    quoter: JsonQuoter,
    result_of: Callable[[Row], Result | None],
    writer: LineWriter,
    count: Callable[[Row, Result], None],
) -> Iterator[Row]:
    """Count and write the lines that are like others, and yield the rows of those that aren't, all in order.

    The cells of the former are never read; ``row`` and ``result_of`` are for the others.
    """

    def make(first: Judged, second: Judged) -> tuple[Result, Spelling] | None:
        """The result of two stand-ins, and the spelling of its line; None if they don't share both."""
        result, other = (result_of(row(0, each.line)) for each in (first, second))
        common = None if result is None or other is None else shared(result, other)
        if common is None:
            return None
        spelling = Spelling.of(
            first, second, lambda each: writer.spelt(row(0, each.line), common), writer.spell, writer.delimiter
        )
        return None if spelling is None else (common, spelling)

    find, put = quoter.alike(make).of, writer.put
    for number, line in enumerate(lines, 1):
        found = find(line)
        if found is None:
            yield row(number, line)
        else:
            (result, spelling), texts = found
            count(Row(number, ()), result)
            put(spelling.of_texts(texts))


class JsonWriter(LineWriter):
    """Writes rows with our keys behind the user's: one object a line, or a list of them."""

    def __init__(
        self, output: BinaryIO, table: Table, results: Iterable[ResultColumn], *, is_list: bool = False
    ) -> None:
        self._output = output
        self._is_json = table.is_json
        self._titles = _unique(table.columns.titles)
        self._names = [column.name for column in results]
        self._is_list, self._is_first = is_list, True

    def spelt(self, row: Row, result: Result | None) -> bytes:
        text = row.text.strip(_BLANKS)
        if not self._is_json:
            text = _spell(dict(zip(self._titles, map(_value, row.cells))))
        elif not text:
            return b""
        elif (result is None or not result.report.ok) and _keys(row.text) is None:
            text = _spell({UNREADABLE: escape(row.text.rstrip("\r\n"))})
        line = text.encode(errors="surrogateescape")
        if result is None:
            return line
        if result.line is None:  # of a shared result our keys are spelt once
            result.line = msgspec.json.encode(dict(zip(self._names, result.cells)))[1:]
        before = line[:-1]
        return before + (b"" if before.rstrip() == b"{" else b",") + result.line

    def close(self) -> None:
        if self._is_list:
            self._output.write(b"[]\n" if self._is_first else b"\n]\n")

    def put(self, line: bytes) -> None:
        if not self._is_list:
            self._output.write(line + b"\n")
        elif line:
            self._output.write((b"[\n" if self._is_first else b",\n") + line)
            self._is_first = False


def _texts(lines: Iterable[bytes]) -> set[str]:
    """The keys under which these bodies have nothing but texts."""
    texts: set[str] = set()
    others: set[str] = set()
    for line in lines:
        for key, raw in (_keys(line.decode(errors="surrogateescape")) or {}).items():
            (texts if raw.startswith('"') else others).add(key)
    return texts - others


def _typed(
    titles: Collection[str], texts: Container[str] = (), *, no_others: bool = False
) -> Callable[[bytes | str], Any] | None:
    """The decoder of objects with these titles: of some the texts, of the others the values as they are spelt.

    None where a title can't be the name of a field, or where there are so many that to find each takes longer.
    """
    are_nameable = all(title.isprintable() and not {'"', "\\"} & {*title} for title in titles)
    if not 0 < len(titles) <= _MOST_TYPED or not are_nameable:
        return None
    names = {f"_{at}": title for at, title in enumerate(titles)}
    fields = [(name, *((str, "") if title in texts else (msgspec.Raw, _NULL))) for name, title in names.items()]
    type_ = msgspec.defstruct("Titles", fields, rename=names, forbid_unknown_fields=no_others, gc=False)
    return msgspec.json.Decoder(type_).decode


def _without_ours(text: str) -> str:
    """A text without our keys of an earlier run, which come last unless somebody has moved them."""
    keys = _keys(text)
    if keys is None or not our_names() & keys.keys():
        return text
    theirs = {key: raw for key, raw in keys.items() if key not in our_names()}
    cut = text.rfind(f',"{column_names().results[0].name}":')
    if cut >= 0 and _keys(shorter := text[:cut] + "}") == theirs:
        return shorter
    return "{" + ",".join(f"{_spell(key)}:{raw}" for key, raw in theirs.items()) + "}"


def _keys(text: str) -> dict[str, str] | None:
    """The keys of a JSON object, each with the text of its value; None for other text."""
    try:
        return {key: bytes(raw).decode() for key, raw in _decode(text.removeprefix("\ufeff")).items()}
    except _NOT_READ:
        return None


def _all_keys(text: str) -> dict[str, str] | None:
    """The keys of a body; for a line of a batch, its own and those of its body."""
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
