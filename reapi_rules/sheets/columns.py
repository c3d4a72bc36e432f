"""The columns of a sheet: which of them are fields of a request, and which ones are ours.

``data/columns.json`` holds the headers that people write, English and Chinese, and the columns that we append.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from reapi_rules.terms.once import once
from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.spelling import bare, closest
from reapi_rules.engine.body import FIELDS
from reapi_rules.terms.values import escape

__all__ = ["AnswerColumn", "ColumnNames", "Columns", "SheetError", "column_names", "find_columns", "letter"]

_INVISIBLE = {ord(character): None for character in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
_NUMBERED = re.compile(r"(.*?)0*([1-9][0-9]?)")


class SheetError(ValueError):
    """A sheet that can't be read; the message names the row or the column and the way out."""


class AnswerColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column that we append: what its cells are, how wide it is shown, what it says."""

    name: str
    kind: Literal["text", "integer", "decimal"]
    width: int
    meaning: str


class ColumnNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/columns.json``: other headers of fields, headers of two meanings, our columns and notes,
    and what workbooks say about themselves.
    """

    format: Literal["reapi-columns/1"]
    source: dict[str, str]
    aliases: dict[str, tuple[str, ...]]
    either: dict[str, tuple[str, str]]
    answers: tuple[AnswerColumn, ...]
    what_if: tuple[AnswerColumn, ...]
    live: tuple[AnswerColumn, ...]
    notes: dict[str, str]
    workbook: dict[str, str]
    filling_in: tuple[str, ...]
    about: tuple[str, ...]


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a sheet: its titles, where the fields of a request stand, and what was left out of it.

    ``references`` are the columns with image URLs, in order.  ``ours`` are the columns of an earlier run, which are
    not among the titles any more; positions count without them.  ``unread`` are titles close to a field's name.
    """

    titles: tuple[str, ...]
    fields: dict[str, int]
    references: tuple[int, ...] = ()
    ours: frozenset[int] = frozenset()
    unread: tuple[str, ...] = ()


@once
def column_names() -> ColumnNames:
    """The headers that we know."""
    return msgspec.json.decode(data_file("columns.json"), type=ColumnNames)


def find_columns(header: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """Where the fields of a request stand in a header.

    >>> find_columns(["asset", "Aspect Ratio", "数量", "image_url_1"]).fields
    {'size': 1, 'n': 2}

    ``mapping`` names the column of a field where its header does not; an empty title says that the sheet has none.
    Raises SheetError for a header without any field, with two columns for one, or a mapping that does not fit.
    """
    names = [_key(title) for title in header]
    ours = frozenset(index for index, name in enumerate(names) if name in _our_keys())
    theirs = [index for index in range(len(header)) if index not in ours]
    titles = [header[index] for index in theirs]
    keys = [names[index] for index in theirs]
    fields, references = _read(titles, keys, mapping or {})
    if not fields and not references:
        raise SheetError(
            f"no column is a field of a request: name at least one of {', '.join(FIELDS)}, or give --columns"
        )
    return Columns(
        titles=tuple(titles),
        fields=fields,
        references=references,
        ours=ours,
        unread=tuple(_near_misses(titles, fields, references)),
    )


def letter(index: int) -> str:
    """The letters that a spreadsheet gives to a column.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _read(
    titles: Sequence[str], keys: Sequence[str], mapping: Mapping[str, str]
) -> tuple[dict[str, int], tuple[int, ...]]:
    """The column of each field, and the columns of references in order."""
    chosen = {_field(name): _mapped(name, title, titles, keys) for name, title in mapping.items()}
    claims: dict[tuple[str, int], int] = {(name, 0): at for name, at in chosen.items() if at is not None}
    rest = [index for index in range(len(keys)) if index not in chosen.values()]
    for index in rest:
        field, number = _meaning(keys[index])
        if field and field not in chosen:
            _claim(claims, field, number, index, titles)
    taken = {field for field, _ in claims} | set(chosen)
    for index in rest:
        for field in _either_keys().get(keys[index], ()):
            if field not in taken:
                _claim(claims, field, 0, index, titles)
    references = tuple(claims[claim] for claim in sorted(claims) if claim[0] == "image_urls")
    return {field: index for (field, _), index in claims.items() if field != "image_urls"}, references


def _claim(claims: dict[tuple[str, int], int], field: str, number: int, index: int, titles: Sequence[str]) -> None:
    earlier = claims.setdefault((field, number), index)
    if earlier != index:
        first, second = (f'{letter(at)} "{escape(titles[at])}"' for at in (earlier, index))
        raise SheetError(
            f"the columns {first} and {second} are both {field}: "
            f"rename one of them, or say which one it is with --columns {field}=TITLE"
        )


def _field(name: str) -> str:
    field = _known_keys().get(_key(name))
    if field is None:
        raise SheetError(f'--columns: "{name}" is no field of a request: {", ".join(FIELDS)}')
    return field


def _mapped(name: str, title: str, titles: Sequence[str], keys: Sequence[str]) -> int | None:
    if not title:
        return None
    places = [index for index, own in enumerate(titles) if own == title]
    places = places or [index for index, key in enumerate(keys) if key == _key(title)]
    if not places:
        raise SheetError(f'--columns {name}: the sheet has no column "{title}"')
    if len(places) > 1:
        raise SheetError(
            f'--columns {name}: the columns {letter(places[0])} and {letter(places[1])} are both "{title}"'
        )
    return places[0]


def _near_misses(titles: Sequence[str], fields: Mapping[str, int], references: Sequence[int]) -> Iterator[str]:
    """A line for each column that is not read, though its title is one letter away from a field that is missing."""
    missing = tuple(name for name in FIELDS if name not in fields and not (name == "image_urls" and references))
    for index, title in enumerate(titles):
        if index not in fields.values() and index not in references and (near := closest(title.strip(), missing)):
            shown = escape(title)
            yield f'column {letter(index)} "{shown}" is not read: if it is {near}, give --columns "{near}={shown}"'


def _key(title: str) -> str:
    """A title without its letter case, width, blanks, ``_`` and ``-``."""
    return "".join(bare(unicodedata.normalize("NFKC", title).translate(_INVISIBLE)).split())


def _meaning(key: str) -> tuple[str | None, int]:
    """The field that a title stands for, and the number of a column such as ``image_url_3``."""
    field, number = _known_keys().get(key), 0
    if field is None and (match := _NUMBERED.fullmatch(key)) and _known_keys().get(match[1]) == "image_urls":
        field, number = "image_urls", int(match[2])
    return field, number


@once
def _known_keys() -> dict[str, str]:
    aliases = column_names().aliases
    return {_key(title): field for field in FIELDS for title in (field, *aliases.get(field, ()))}


@once
def _either_keys() -> dict[str, tuple[str, str]]:
    return {_key(title): fields for title, fields in column_names().either.items()}


@once
def _our_keys() -> frozenset[str]:
    names = column_names()
    return frozenset(_key(column.name) for column in (*names.answers, *names.what_if, *names.live))
