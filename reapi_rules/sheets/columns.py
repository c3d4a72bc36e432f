"""The columns of a sheet: which of them are fields of a request, and which ones are ours.

The subject of a column is a role, whatever the model of a row calls its field, or the name of a field without a role.
``data/aliases.json`` holds the titles that people write, English and Chinese, ``data/columns.json`` our own columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.models import Kind, Model
from reapi_rules.terms.once import once
from reapi_rules.terms.sizes import ratio
from reapi_rules.terms.spelling import ascii_lower, bare, closest
from reapi_rules.terms.values import escape

__all__ = ["Columns", "Place", "ResultColumn", "SheetError", "column_names", "find_columns", "letter", "subjects"]

_INVISIBLE = {ord(character): None for character in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
_NUMBERED = re.compile(r"(.*?)0*([1-9][0-9]?)")


class SheetError(ValueError):
    """A sheet that can't be read; the message names the row or the column and how to fix it."""


class ResultColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column that we append: what its cells are, how wide it is shown, what it says."""

    name: str
    kind: Literal["text", "integer", "decimal"]
    width: int
    meaning: str


class ColumnNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/columns.json``: our columns and notes, and what workbooks say about themselves."""

    format: Literal["reapi-columns/2"]
    source: dict[str, str]
    results: tuple[ResultColumn, ...]
    what_if: tuple[ResultColumn, ...]
    live: tuple[ResultColumn, ...]
    notes: dict[str, str]
    workbook: dict[str, str]
    filling_in: tuple[str, ...]
    about: tuple[str, ...]


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a sheet: its titles, where the fields of a request are, and what was left out of it.

    ``fields`` are columns by their subject, ``references`` those with image URLs, in order.  ``ours`` are those of
    an earlier run, which are not among the titles any more; positions count without them.  ``unread`` are titles close
    to a field's name.
    """

    titles: tuple[str, ...]
    fields: dict[str, int]
    references: tuple[int, ...] = ()
    ours: frozenset[int] = frozenset()
    unread: tuple[str, ...] = ()

    def about(self, *wanted: str) -> set[int]:
        """The columns with one of some subjects, also where it is not the one that is read."""
        found = {index for index, title in enumerate(self.titles) if subjects().of(title)[0] in wanted}
        return found | {index for subject, index in self.fields.items() if subject in wanted}


class Place(msgspec.Struct, frozen=True):
    """Where the cells of a column go under one model; the words are by their lower case."""

    name: str
    kind: Kind
    is_shape: bool = False
    any_case: bool = False
    words: Mapping[str, str] = {}
    ratios: tuple[str, ...] = ()


class Subjects:
    """What a column can be about: ``model``, the roles, and the fields without a role, of all models of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        models = tuple(catalog.models.values())
        ids = {ascii_lower(id): id for id in (*catalog.known_ids.ids, *catalog.models)}
        self.places: dict[str, Place] = {"model": Place("model", "word", words=ids)}
        """Each subject as the first model has it, but without words."""
        self._own: dict[tuple[str, str, str], Place] = {}
        self.usual: tuple[str, ...] = ("model", *models[0].fields)
        self._titles: dict[str, str] = {"model": "model"}
        for name, field in (item for model in models for item in model.fields.items()):
            subject = field.role or name
            self.places.setdefault(subject, Place(name, field.kind))
            self._titles.setdefault(_key(name), subject)
        for subject in self.places:
            for title in aliases().of(subject, None, keys=False):
                self._titles.setdefault(_key(title), subject)
        self._either = {_key(title): pair for title, pair in aliases().either.items()}

    def of(self, title: str) -> tuple[str | None, int]:
        """The subject of a title, and the number of one such as ``image_url_3``."""
        key = _key(title)
        subject, number = self._titles.get(key), 0
        if subject is None and (match := _NUMBERED.fullmatch(key)) and self._titles.get(match[1]) == "references":
            subject, number = "references", int(match[2])
        return subject, number

    def either(self, title: str) -> tuple[str, ...]:
        """The two subjects that a title may have."""
        return self._either.get(_key(title), ())

    def named(self, name: str) -> str | None:
        """The subject that somebody names: by a title of it, or by the role itself."""
        return self.of(name)[0] or (name if name in self.places else None)

    def place(self, subject: str, model: Model | None, title: str = "") -> Place:
        """Where the cells of a column go; without a field for them, under a name that other models have.

        >>> flux = built_in().models["flux-2"]
        >>> subjects().place("shape", flux).name, subjects().place("mask", flux).name
        ('aspect_ratio', 'mask_url')
        """
        if model is None or subject == "model":
            return self.places[subject]
        key = (subject, model.id, title)
        return self._own.get(key) or self._own.setdefault(key, self._find(subject, model, _key(title)))

    def _find(self, subject: str, model: Model, title: str) -> Place:
        """The place of a subject that the model has, else of its field of that title, else of others."""
        found = [name for name, field in model.fields.items() if subject == (field.role or name)]
        found += [name for name in model.fields if _key(name) == title]
        if not found:
            return self.places[subject]
        name, field = found[0], model.fields[found[0]]
        ratios = tuple(word for word in model.ratios if ratio(word)) if field.role == "shape" else ()
        return Place(name, field.kind, field.role == "shape", field.any_case, model.lower_words[name], ratios)


@once
def subjects(catalog: Catalog | None = None) -> Subjects:
    """What columns can be about."""
    return Subjects(catalog or built_in())


@once
def column_names() -> ColumnNames:
    """Our own columns."""
    return msgspec.json.decode(data_file("columns.json"), type=ColumnNames)


@once
def our_names() -> frozenset[str]:
    """The names of all columns that we write."""
    names = column_names()
    return frozenset(column.name for column in (*names.results, *names.what_if, *names.live))


def find_columns(
    header: Sequence[str], mapping: Mapping[str, str] | None = None, catalog: Catalog | None = None
) -> Columns:
    """Where the fields of a request are in a header.

    >>> find_columns(["asset", "Aspect Ratio", "数量", "image_url_1", "seed"]).fields
    {'shape': 1, 'number': 2, 'seed': 4}

    ``mapping`` names the column of a field where its header does not; an empty title says that the sheet has none.
    Raises SheetError for a header without any field, with two columns for one, or a mapping that does not fit.
    """
    known = subjects(catalog)
    ours = frozenset(index for index, title in enumerate(header) if _key(title) in _our_keys())
    titles = [title for index, title in enumerate(header) if index not in ours]
    fields, references = _read(titles, mapping or {}, known)
    if not fields and not references:
        raise SheetError(
            f"no column is a field of a request: name at least one of {', '.join(known.usual)}, or give --columns"
        )
    return Columns(
        titles=tuple(titles),
        fields=fields,
        references=references,
        ours=ours,
        unread=tuple(_near_misses(titles, fields, references, known)),
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


Claims = dict[tuple[str, int], int]
"""The column of each subject, of references by their number."""


def _read(titles: Sequence[str], mapping: Mapping[str, str], known: Subjects) -> tuple[dict[str, int], tuple[int, ...]]:
    """The column of each subject, and the columns of references in order."""
    chosen = {_named(name, known): _mapped(name, title, titles) for name, title in mapping.items()}
    claims: Claims = {(subject, 0): at for subject, at in chosen.items() if at is not None}
    rest = [index for index in range(len(titles)) if index not in chosen.values()]
    for index in rest:
        subject, number = known.of(titles[index])
        if subject and subject not in chosen:
            _claim(claims, subject, number, index, titles, known)
    taken = {subject for subject, _ in claims} | set(chosen)
    for index in rest:
        for subject in known.either(titles[index]):
            if subject not in taken:
                _claim(claims, subject, 0, index, titles, known)
    references = tuple(claims[claim] for claim in sorted(claims) if claim[0] == "references")
    return {subject: index for (subject, _), index in claims.items() if subject != "references"}, references


def _claim(claims: Claims, subject: str, number: int, index: int, titles: Sequence[str], known: Subjects) -> None:
    earlier = claims.setdefault((subject, number), index)
    if earlier != index:
        first, second = (f'{letter(at)} "{escape(titles[at])}"' for at in (earlier, index))
        name = known.places[subject].name
        raise SheetError(
            f"the columns {first} and {second} are both {name}: "
            f"rename one of them, or say which one it is with --columns {name}=TITLE"
        )


def _named(name: str, known: Subjects) -> str:
    subject = known.named(name)
    if subject is None:
        raise SheetError(f'--columns: "{name}" is not a field of a request: {", ".join(known.usual)}')
    return subject


def _mapped(name: str, title: str, titles: Sequence[str]) -> int | None:
    if not title:
        return None
    places = [index for index, own in enumerate(titles) if own == title]
    places = places or [index for index, own in enumerate(titles) if _key(own) == _key(title)]
    if not places:
        raise SheetError(f'--columns {name}: the sheet has no column "{title}"')
    if len(places) > 1:
        raise SheetError(
            f'--columns {name}: the columns {letter(places[0])} and {letter(places[1])} are both "{title}"'
        )
    return places[0]


def _near_misses(
    titles: Sequence[str], fields: Mapping[str, int], references: Sequence[int], known: Subjects
) -> Iterator[str]:
    """A line for each column that is not read, though its title is one letter away from a field that is missing."""
    found = {*fields, *(("references",) if references else ())}
    missing = tuple(name for name in known.usual if known.of(name)[0] not in found)
    for index, title in enumerate(titles):
        if index not in fields.values() and index not in references and (near := closest(title.strip(), missing)):
            shown = escape(title)
            yield f'column {letter(index)} "{shown}" is not read: if it is {near}, give --columns "{near}={shown}"'


def _key(title: str) -> str:
    """A title without its letter case, width, blanks, ``_`` and ``-``."""
    return "".join(bare(unicodedata.normalize("NFKC", title).translate(_INVISIBLE)).split())


@once
def _our_keys() -> frozenset[str]:
    return frozenset(map(_key, our_names()))
