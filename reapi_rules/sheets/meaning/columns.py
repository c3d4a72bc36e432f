"""The columns of a sheet: which of them are fields of a request, and which ones are ours.

A title says what a column means; where it leaves that open, the cells below it decide.  ``data/columns.json`` has our
own columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.models import PRICED
from reapi_rules.catalog.spellings import spellings
from reapi_rules.catalog.texts import Told
from reapi_rules.sheets.meaning.contents import WORD, strip, text_of
from reapi_rules.sheets.meaning.looks import Looks, is_remark
from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.meaning.titles import EDGES, FREE, Meaning, Subjects, subjects
from reapi_rules.terms.once import once
from reapi_rules.terms.spelling import closest, fold
from reapi_rules.terms.templates import told
from reapi_rules.terms.values import escape

__all__ = [
    "HIGHEST_HEADER", "SAMPLE", "Columns", "ResultColumn", "SheetError", "Unread", "are_settings", "column_names",
    "find_columns", "find_header", "letter", "note_text", "our_names", "our_titles", "shown",
]  # fmt: skip

SAMPLE = 1_000
"""How many rows decide what a title leaves open."""

HIGHEST_HEADER = 20
"""How many rows may be looked at for the header: a title, a date or a total may stand above it."""

_TOLD = ("model", *PRICED)  # where its cells alone give a column away

_FEWEST_NAMES = 2  # of other fields, in the cells of one

_TWINS = {"shape": "tier", "tier": "shape"}
"""A size and a resolution pass under each other's titles."""


class SheetError(Told, ValueError):
    """A sheet that can't be read; the message names the row or the column and how to fix it."""


class ResultColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column that we append: the kind of its cells, its width, its title in a workbook, and what it means."""

    name: str
    kind: Literal["text", "integer", "decimal"]
    width: int
    title: dict[str, str]
    meaning: dict[str, str]


class ColumnNames(FileStruct, frozen=True, kw_only=True):
    """The file ``data/columns.json``: our columns and notes, and what workbooks say about themselves."""

    format: Literal["reapi-columns/4"]
    results: tuple[ResultColumn, ...]
    what_if: tuple[ResultColumn, ...]
    advice: tuple[ResultColumn, ...]
    currency: tuple[ResultColumn, ...]
    live: tuple[ResultColumn, ...]
    notes: dict[str, dict[str, str]]
    inputs: dict[str, dict[str, str]]
    workbook: dict[str, dict[str, str]]
    filling_in: tuple[dict[str, str], ...]
    about: tuple[dict[str, str], ...]


class Unread(msgspec.Struct, frozen=True):
    """A column that is not read though it seems to hold a field, and that field.

    ``named`` says which columns to name for it to be read, by their fields; it is empty if the cells don't fit the
    field.  Another ``rule`` says why a column can't be read: its title is a value of the field, or it counts things
    that have several images each.
    """

    index: int
    title: str
    field: str
    named: dict[str, str]
    rule: str = "sheet.unread_values"


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a sheet: its titles, where the fields of a request are, and what was left out of it.

    ``fields`` are columns by their subject, ``references`` those with image URLs, in order, and ``edges`` width and
    height if they make the size.  ``by_cells`` are the subjects that the cells decided; ``unread`` are columns that
    seem to hold a field.  ``ours`` are the titles that an earlier run added: positions don't count them, and ``theirs``
    says where each other title is in the sheet.  ``watched`` are columns whose later cells may contradict the first
    ones, with the subject that they would have then.  ``keys`` are the subjects of JSON keys.  ``boxes`` are columns
    that tick some rows, with the cell that does; ``states`` say of some rows that they are over or not certain, and
    have the first other cell; ``marked`` say so beside other words, or that a row is an example.
    """

    titles: tuple[str, ...]
    fields: dict[str, int]
    references: tuple[int, ...] = ()
    edges: tuple[int, ...] = ()
    ours: Mapping[int, str] = {}
    by_cells: frozenset[str] = frozenset()
    unread: tuple[Unread, ...] = ()
    boxes: Mapping[int, str] = {}
    states: Mapping[int, str] = {}
    marked: frozenset[int] = frozenset()
    watched: dict[int, str] = {}
    keys: dict[int, str] = {}

    @property
    def read(self) -> dict[int, str]:
        """The subject of each column that is read."""
        if self.keys:
            return self.keys
        found = dict.fromkeys(self.references, "references") | {at: subject for subject, at in self.fields.items()}
        return found | dict.fromkeys(self.edges, "shape")

    def about(self, *wanted: str) -> set[int]:
        """The columns with one of some subjects, also where it is not the one that is read."""
        meant = ((index, subjects().of(title).subjects) for index, title in enumerate(self.titles))
        found = {index for index, titles in meant if titles and titles[0] in wanted}
        return found | {index for index, subject in self.read.items() if subject in wanted}

    def letter(self, index: int) -> str:
        """The letters of a column in the sheet, where ours of an earlier run count."""
        return letter(index if not self.ours else self.theirs[index])

    @property
    def theirs(self) -> list[int]:
        """The position of each title in the sheet."""
        return [at for at in range(len(self.titles) + len(self.ours)) if at not in self.ours]


def column_names() -> ColumnNames:
    """Our own columns."""
    return ColumnNames.read("columns.json")


@once
def our_titles() -> dict[str, str]:
    """The names of all columns that we write, by their titles in any language."""
    names = column_names()
    ours = (*names.results, *names.what_if, *names.advice, *names.currency, *names.live)
    return {title: column.name for column in ours for title in (*column.title.values(), column.name)}


@once
def our_names() -> frozenset[str]:
    """The names of all columns that we write."""
    return frozenset(our_titles().values())


def note_text(note: str, language: str, **params: Any) -> str:
    """What is noted about a cell or a price."""
    return f"{note}: {told(column_names().notes[note], language, **params)}"


def find_columns(
    header: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    rows: Iterable[Sequence[Any]] = (),
) -> Columns:
    """Find the fields of a request in a header, with the help of the first rows below it.

    >>> find_columns(["asset", "Aspect Ratio", "数量", "image_url_1", "seed"]).fields
    {'shape': 1, 'number': 2, 'seed': 4}
    >>> find_columns(["Image size", "Ratio"], rows=[["2K", "16:9"]]).fields["tier"]
    0

    ``mapping`` names the column of a field where its header does not; an empty title says that the sheet has none.
    Raises SheetError for a header without any field, with two columns of one title, or a mapping that does not fit.
    """
    our_own = {title for title in {*header} if fold(title) in _our_keys()}
    ours = {index: title for index, title in enumerate(header) if title in our_own}
    kept = {index: title for index, title in enumerate(header) if title not in our_own}
    again = [*map(fold, header)]
    rows = (row for row in rows if not _is_between(row, again))
    return _Finder([*kept.values()], mapping or {}, Looks(catalog, rows, [*kept]), ours).columns()


def _is_between(row: Sequence[Any], header: list[str]) -> bool:
    """Whether a row is the header again, and none of values, or signs alone, as below a header in Markdown."""
    texts = [*filter(strip, map(text_of, row))]
    if any(map(fold, texts)):
        is_same = all(fold(text_of(cell)) == title for cell, title in zip(row, header, strict=False))
        return is_same and all(WORD.search(text) and not subjects().value(text) for text in texts)
    return bool(texts)


def find_header(
    rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None, catalog: Catalog | None = None
) -> tuple[int, Sequence[str], int]:
    """Which of the first rows is the header, its titles, and how many fields these name.

    It is the first row with several fields, else with one.  Two rows can be a header together, if that names more.

    >>> find_header([["Plan for May"], ["asset", "size", "n"], ["a", "1:1", "2"]])
    (1, ['asset', 'size', 'n'], 2)
    >>> find_header([["asset", "format", "", "n"], ["", "ratio", "resolution", ""], ["a", "1:1", "2k", "2"]])
    (1, ['asset', 'ratio', 'resolution', 'n'], 3)
    """
    counts = [_count(titles, mapping, catalog) for titles in rows]
    if mapping and max(counts) < _FEWEST_NAMES:  # a column that is asked for is not there, perhaps
        counts = max(counts, [_count(titles, None, catalog) for titles in rows], key=max)
    several = (at for at, count in enumerate(counts) if count > 1)
    known = subjects(catalog)
    refused = (at for at, titles in enumerate(rows) if _names_fields(titles, known))  # the error is about this row
    at = next(several, next((at for at, count in enumerate(counts) if count), next(refused, 0)))
    found = (at, rows[at], counts[at])
    for upper, lower in ((at - 2, at), (at - 1, at), (at, at + 1)):  # a row of groups may be between
        if upper >= 0 and lower < len(rows) and (lower == at or _names_fields(rows[lower], known)):
            titles = _joined(rows[upper], rows[lower], lower == at, known)
            count = _count(titles, mapping, catalog)
            if count > max(found[2], counts[lower]):
                found = (lower, titles, count)
    return found


def _names_fields(titles: Sequence[str], known: Subjects) -> bool:
    """Whether at least half of the titles are fields, and of several ones, and none begins as a value does."""
    meant = [known.of(title) for title in titles if title and fold(title) not in _our_keys()]
    sure = [each.subjects for each in meant if each.is_sure and len(each.subjects) == 1]
    is_data = any(title[:1].isdecimal() for title in titles)
    return len({*sure}) >= _FEWEST_NAMES and 2 * len(sure) >= len(meant) and not is_data


def _joined(upper: Sequence[str], lower: Sequence[str], lower_counts: bool, known: Subjects) -> list[str]:
    """The titles of two rows: the lower one where there are two, unless only the upper one may be a field."""
    return [
        low if low and (not up or lower_counts or known.of(low).subjects) else up
        for up, low in zip_longest(upper, lower, fillvalue="")
    ]


def are_settings(titles: Sequence[str], catalog: Catalog | None, *, or_one: bool = False) -> bool:
    """Whether values follow several titles, or the only one, as in *Quality: | low*, or *Images per asset: | 4*."""
    looks, known = Looks(catalog, (), ()), subjects(catalog)
    meant, pairs = [known.of(title).subjects for title in titles], [*zip(titles, [*titles[1:], ""])]
    count = sum(len(each) == 1 and looks.is_like(each[0], value) for each, (_, value) in zip(meant, pairs))
    are_pairs = count > 1 or (or_one and 2 * count == sum(map(bool, titles)))
    return are_pairs or any(known.says_each(f"{title}: {value}" if value else title) for title, value in pairs)


def _count(titles: Sequence[str], mapping: Mapping[str, str] | None, catalog: Catalog | None) -> int:
    if not any(titles) or are_settings(titles, catalog):
        return 0
    try:
        columns = find_columns(titles, mapping, catalog)
    except SheetError:
        return 0
    return len(columns.fields) + len(columns.references) + len(columns.edges)


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


def shown(title: str) -> str:
    """A title in one line and without double quotes, which still names its column in an option.

    >>> shown('Size\\n("w:h")')
    "Size ('w:h')"
    """
    return escape(" ".join(title.replace('"', "'").split()))


class _Finder:
    """Gives the columns of a header their subjects, the surest first."""

    def __init__(self, titles: Sequence[str], mapping: Mapping[str, str], looks: Looks, ours: dict[int, str]) -> None:
        self._titles, self._looks, self._known, self._ours = titles, looks, looks.known, ours
        self._chosen = {self._named(name): self._mapped(name, title) for name, title in mapping.items()}
        self._fields = {subject: at for subject, at in self._chosen.items() if at is not None}
        self._references = [at] if (at := self._fields.pop("references", None)) is not None else []
        self._by_cells: set[str] = set()
        self._lost: dict[int, str] = {}
        self._watched: dict[int, str] = {}
        taken = {at for at in self._chosen.values() if at is not None}
        self._open = {at: self._known.of(title) for at, title in enumerate(titles) if at not in taken}
        self._others = {title for title in {*titles} if self._known.is_other(title)}
        self._values = {
            at: self._known.value(title) for at, title in enumerate(titles) if at in self._open and looks.is_tally(at)
        }
        self._open = {at: meaning for at, meaning in self._open.items() if not self._values.get(at)}
        self._read_sure_titles()
        self._read_references()
        for is_sure in (True, False):
            for at, meaning in list(self._open.items()):
                if meaning.is_sure is is_sure and len(meaning.subjects) > is_sure and meaning.subjects[0] not in EDGES:
                    self._read_open_title(at, meaning)
        self._read_edges()
        self._read_shape_by_cells()
        if self._is_free("model"):
            self._read_by_cells("model")

    def columns(self) -> Columns:
        if not self._fields and not self._references and not self._edges():
            values = [_quoted(shown(self._titles[at])) for at, value in self._values.items() if value]
            key = "no_fields_but_values" if values else "no_fields"
            raise SheetError(key, fields=self._known.usual, values=values, most=HIGHEST_HEADER)
        edges = self._edges()
        by_place = sorted(self._fields.items(), key=lambda field: field[1])  # so notes on cells go from left to right
        fields = {subject: at for subject, at in by_place if subject not in EDGES}
        read = {*fields.values(), *self._references, *edges}
        self._refuse_sideways(read)
        boxes = {at: self._looks.ticked(at, self._titles[at]) for at in self._unsaid() if at not in read}
        return Columns(
            titles=tuple(self._titles),
            fields=fields,
            references=tuple(self._references),
            edges=edges,
            ours=self._ours,
            by_cells=frozenset(self._by_cells),
            unread=tuple(sorted((*self._unread(read), *self._tallies(read)), key=lambda each: each.index)),
            boxes=(kept := {at: tick for at, tick in boxes.items() if tick is not None}),
            states={at: on for at in self._open if (on := self._looks.going_on(at)) is not None and at not in kept},
            marked=frozenset(filter(self._looks.is_marked, {*self._open, *fields.values()})),
            watched=self._watched,
        )

    def _refuse_sideways(self, read: Collection[int]) -> None:
        """Refuse a sheet that names its fields down the one column that is read, and not in its header."""
        if len(read) > 1 or self._chosen or len(list(filter(None, self._titles))) < _FEWEST_NAMES:
            return
        at = next(iter(read))
        subject = next((subject for subject, own in self._fields.items() if own == at), "references")
        meant = {cell: self._known.of(cell) for cell in self._looks.cells(at)[:HIGHEST_HEADER]}
        names = {cell: each.subjects for cell, each in meant.items() if each.is_sure and each.subjects}
        if len({*names.values()} - {(subject,)}) >= _FEWEST_NAMES:
            own = f"{self._known.called(subject)}={shown(self._titles[at])}"
            listed = [_quoted(escape(cell)) for cell in names]
            raise SheetError("sideways", column=letter(at), fields=listed, option=own)

    def _edges(self) -> tuple[int, ...]:
        return tuple(self._fields[edge] for edge in EDGES if edge in self._fields)

    def _is_free(self, subject: str) -> bool:
        return subject not in self._fields and not self._is_chosen(subject)

    def _is_chosen(self, subject: str) -> bool:
        return subject in self._chosen or (
            subject == "shape" and any(self._chosen.get(edge) is not None for edge in EDGES)
        )

    def _give(self, subject: str, at: int, *, by_cells: bool = False) -> None:
        self._fields[subject] = at
        self._open.pop(at, None)
        if by_cells:
            self._by_cells.add(subject)

    def _read_sure_titles(self) -> None:
        """Of several columns for one field, read the one whose cells fit, or the one that names it most clearly."""
        claims: dict[str, list[int]] = {}
        for at, meaning in self._open.items():
            if meaning.is_sure and len(meaning.subjects) == 1 and meaning.subjects[0] not in ("references", *EDGES):
                claims.setdefault(meaning.subjects[0], []).append(at)
        for subject, twin in _TWINS.items():  # a size in cells of a resolution, and the other way round
            if not self._is_free(twin) or any(self._may_be(twin, at) for at in claims.get(twin, ())):
                continue
            for at in claims.get(subject, ()):
                if self._looks.all_say(twin, at) and not self._looks.any_like(subject, at):
                    claims[subject].remove(at)
                    self._give(twin, at, by_cells=True)
                    self._watched[at] = subject
                    break
        for subject, columns in claims.items():
            if columns and self._is_free(subject):
                self._give(subject, self._strongest(subject, columns))
        for subject, columns in claims.items():
            for at in columns:
                if at in self._open:
                    self._lose(at, subject)

    def _may_be(self, subject: str, at: int) -> bool:
        return self._looks.any_like(subject, at) or not self._looks.cells(at)

    def _strongest(self, subject: str, columns: list[int]) -> int:
        looks = self._looks
        for likes in (looks.any_like, lambda _, at: bool(looks.cells(at))):
            fitting = [at for at in columns if likes(subject, at)]
            columns = fitting or columns
        first, *others = sorted(columns, key=lambda at: self._known.rank(self._titles[at]))
        for at in others:
            if fold(self._titles[at]) == fold(self._titles[first]):
                self._refuse(subject, *sorted((first, at)))
        return first

    def _lose(self, at: int, subject: str) -> None:
        """Note a column whose field another column gives, unless it says the same."""
        self._open.pop(at)
        if self._looks.has_rows and not (self._looks.cells(at) and self._is_other_than(subject, at)):
            return
        self._lost[at] = subject

    def _read_references(self) -> None:
        numbered: dict[int, int] = {}
        same: dict[str, int] = {}
        found: list[tuple[int, int]] = []
        for at, meaning in list(self._open.items()):
            if meaning.subjects == ("references",) and self._is_free("references"):
                earlier = same.setdefault(fold(self._titles[at]), at)
                if meaning.number:
                    earlier = numbered.setdefault(meaning.number, at)
                if earlier != at:
                    self._refuse("references", earlier, at)
                found.append((at, meaning.number))
                self._open.pop(at)
        self._references += [at for at, _ in sorted(found, key=lambda item: (item[1], item[0]))]

    def _read_open_title(self, at: int, meaning: Meaning) -> None:
        free = [subject for subject in meaning.subjects if self._is_free(subject)]
        if "references" in free and self._references:
            free.remove("references")
        if "references" in meaning.subjects:  # cell by cell
            if "number" in free and self._looks.cells(at) and not self._looks.any_like("number", at):
                free.remove("number")
                self._watched[at] = "number"
            for subject in free:
                if subject == "references":
                    self._references.append(at)
                    self._open.pop(at, None)
                else:
                    self._give(subject, at)
        elif set(free) == {"number"} and not meaning.is_sure:
            if self._looks.is_count(at) and not self._is_numbering(at):
                self._give("number", at, by_cells=True)
        elif free:
            counts = {subject: self._looks.count_like(subject, at) for subject in free}
            best = max(free, key=counts.__getitem__)
            if counts[best] or meaning.is_sure:
                self._give(best, at, by_cells=bool(counts[best]) and (len(meaning.subjects) > 1 or not meaning.is_sure))
                self._watched |= {at: other for other in meaning.subjects if other != best}  # noqa: B035  # of two at most

    def _read_edges(self) -> None:
        """Width and height make a size where they are pixels and no other column has one."""
        found = {edge: [at for at, meaning in self._open.items() if meaning.subjects == (edge,)] for edge in EDGES}
        shape, looks = self._fields.get("shape"), self._looks
        if self._is_chosen("shape"):
            return
        pixels = {edge: [at for at in columns if self._open[at].is_sure] for edge, columns in found.items()}
        edges = [at for columns in pixels.values() for at in columns]
        has_shape = shape is not None and (bool(looks.cells(shape)) or not looks.has_rows)
        if not has_shape and all(len(columns) == 1 for columns in pixels.values()) and all(map(looks.is_edge, edges)):
            self._fields.pop("shape", None)
            for edge, at in zip(EDGES, edges):
                self._give(edge, at)
        elif has_shape or not all(found.values()):
            self._lost |= {at: "shape" for at in edges if looks.any_like(EDGES[0], at)}
        else:
            self._lost |= {at: "shape" for columns in found.values() for at in columns if looks.cells(at)}

    def _read_shape_by_cells(self) -> None:
        """Read the one column of ratios or sizes in pixels, whatever its title; times of day and dates need a title."""
        shape = self._fields.get("shape")
        if self._edges() or "shape" in self._chosen or (shape is not None and self._looks.cells(shape)):
            return
        self._read_by_cells("shape")

    def _read_by_cells(self, subject: str) -> None:
        found = [at for at in self._unsaid() if self._looks.all_say(subject, at) and not self._is_beside(at)]
        if len(found) == 1 and not self._is_doubtful(found[0]):
            self._give(subject, found[0], by_cells=True)

    def _is_doubtful(self, at: int) -> bool:
        """Whether ratios may be something else: dates, what is there already, or the first row of no header."""
        title = self._titles[at]
        are_dates = any("/" in cell for cell in self._looks.cells(at))
        is_value = self._known.value(title) is not None or self._looks.is_value("model", title)
        return are_dates or is_value or self._known.is_apart(title)

    def _unsaid(self) -> list[int]:
        return [at for at in self._open if self._titles[at] not in self._others]

    def _unread(self, read: set[int]) -> Iterator[Unread]:
        """The columns that are not read though their title or their cells say that they hold a field."""
        found = {subject for subject in self._fields if self._looks.cells(self._fields[subject])}
        found |= {"shape"} if self._edges() else set()
        given = {*self._fields, *self._chosen, *(("references",) if self._references else ())}
        missing = tuple(name for name in self._known.usual if self._known.named(name) not in given)
        edges = self._lost_edges()
        settings = {at: beside for at in self._open if at not in read and (beside := self._settings(at, given))}
        for at, title in enumerate(self._titles):
            if at in read or at in self._chosen.values() or at - 1 in settings:
                continue
            for each in settings.get(at, ()):
                yield Unread(at, shown(title), self._known.called(each), {}, "sheet.beside")
            subject = self._lost.get(at)
            is_other = title in self._others
            if is_other and at in self._open and "number" not in given and self._is_miscalled(at):
                subject = "number"
            if subject is None and at in self._open and not is_other:
                said = found and found & {*self._known.mentioned(title), *self._open[at].subjects}
                again = [each for each in PRICED if each in said and self._is_other_than(each, at)]
                if self._is_numbering(at):
                    again = [each for each in again if each != "number"]
                wanted = [each for each in _TOLD if each in ("model", "shape") or each in again or each not in found]
                if self._open[at].subjects and "number" not in self._open[at].subjects:
                    wanted = [each for each in wanted if each != "number"]  # frames and widths are numbers, too
                subject = next((each for each in wanted if self._looks.is_of(each, at)), None)
                if subject is None and "shape" not in found and self._looks.is_turned(at):
                    subject = "shape"
                elif subject is None and "number" not in found and self._may_count(at):
                    subject = "number"
                elif subject is None and self._is_longest(at):
                    subject = "tier"
                elif subject is None and (near := closest(fold(title), missing)):
                    subject = self._known.named(near)
                elif subject is None and self._looks.has_rows and not self._looks.cells(at):
                    self._watched[at] = next(iter(again), "")
                elif subject is None and (several := self._several(title, at, found)):
                    yield Unread(at, shown(title), self._known.called(min(several)), {}, "sheet.several_fields")
            if subject is not None and not self._is_chosen(subject):
                named = edges[at] if at in edges else self._named_for(at, subject)
                yield Unread(at, shown(title), self._known.called(subject), named)

    def _is_beside(self, at: int) -> bool:
        """Whether a column has the values of fields that the one before it names."""
        return at - 1 in self._open and bool(self._settings(at - 1, self._fields))

    def _settings(self, at: int, given: Collection[str]) -> list[str]:
        """The fields without a column that most cells name, with values of them in the next column."""
        meant = [self._known.of(cell).subjects for cell in self._looks.cells(at)[:HIGHEST_HEADER]]
        if 2 * sum(map(bool, meant)) <= len(meant) or not self._looks.cells(at + 1):
            return []
        wanted = [each for each in _TOLD if each != "number" and each not in given and (each,) in meant]
        return [each for each in wanted if self._looks.any_like(each, at + 1)]

    def _several(self, title: str, at: int, found: set[str]) -> set[str]:
        """The fields that make the price that a title names, if several are not found; those that cells list, found or
        not: each value asks for a request; a resolution or a number beside words, and what a remark asks for."""
        named, looks = self._known.mentioned(title), self._looks
        several = named - found if len(named) > 1 else looks.listed(at)
        several = several or ({"tier"} if self._is_free("tier") and looks.have_tiers(at) else set())
        several = several or set(filter(self._is_free, looks.remarked(at) if is_remark(title) else ()))
        return several or ({"number"} if self._is_free("number") and looks.counts(at) else set())

    def _tallies(self, read: Collection[int]) -> Iterator[Unread]:
        """The columns that count something that no single request can have, or name images instead of linking them."""
        for at, value in self._values.items():
            if value:
                yield Unread(at, shown(self._titles[at]), self._known.called(value), {}, "sheet.title_is_value")
        number, looks = self._fields.get("number"), self._looks
        for at in self._references if not self._is_chosen("references") else ():
            if looks.has_names(at) and at != number:
                name = self._known.called("references")
                yield Unread(at, shown(self._titles[at]), name, {name: ""}, "sheet.no_address")
        for subject, at in self._fields.items():
            cells = [cell for cell in looks.cells(at) if not spellings().is_default(cell)]
            is_other = self._known.words.get(subject) and cells and not looks.any_like(subject, at)
            has_figures = subject != "model" and any(map(str.isdecimal, "".join(cells)))  # so it is a wrong value
            if is_other and not has_figures and not self._is_chosen(subject):
                rule = "sheet.no_model" if subject == "model" else "sheet.no_value"
                name = self._known.called(subject)
                yield Unread(at, shown(self._titles[at]), name, {name: ""}, rule)
        if number is not None and self._known.has_multiple(title := self._titles[number]):
            yield Unread(number, shown(title), self._known.called("number"), {}, "sheet.multiple")
        titled = [at for at, title in enumerate(self._titles) if title and at > (number or 0)]
        merged = range(0) if number is None else range(number, min(titled, default=len(self._titles)))  # of DE and FR
        counted = [at for at in self._open if at not in read and looks.is_several(at)]
        for at in counted:
            is_named = number is None and self._open[at].subjects == ("number",) and looks.is_list(at)  # A / B
            is_times = number is not None and self._known.is_times(self._titles[at], self._titles[number])
            if is_named or at in merged or is_times:
                yield Unread(at, shown(self._titles[at]), self._known.called("number"), {}, "sheet.not_multiplied")
        for at in self._open if number is not None else ():
            if self._known.is_unit(self._titles[at]) and any(map(spellings().without_count, looks.cells(at))):
                yield Unread(at, shown(self._titles[at]), self._known.called("number"), {}, "sheet.not_multiplied")

    def _lost_edges(self) -> dict[int, dict[str, str]]:
        """The columns of edges that are not read, with those to name for them: width and height together, in pixels."""
        lost = {at: self._known.of(self._titles[at]) for at in self._lost}
        edges = {at: meaning.subjects[0] for at, meaning in lost.items() if meaning.subjects[0] in EDGES}
        are_pixels = all(lost[at].is_sure and self._looks.is_edge(at) for at in edges)
        is_size = are_pixels and sorted(edges.values()) == sorted(EDGES)
        return dict.fromkeys(edges, {edge: shown(self._titles[at]) for at, edge in edges.items()} if is_size else {})

    def _named_for(self, at: int, subject: str) -> dict[str, str]:
        """The columns to name for one to be read, none whose cells are of another kind."""
        is_unfit = at in self._lost and self._looks.cells(at) and not self._looks.any_like(subject, at)
        return {} if is_unfit and subject not in FREE else {self._known.called(subject): shown(self._titles[at])}

    def _is_longest(self, at: int) -> bool:
        """Whether a column has pixels of the longest edge, by title and cells, and no other says the resolution."""
        has_pixels = bool(self._looks.cells(at)) and self._looks.is_edge(at)  # asked first: few titles are left
        return has_pixels and self._is_free("tier") and self._known.is_longest(self._titles[at])

    def _is_numbering(self, at: int) -> bool:
        """Whether a column may number the rows, by its title and its cells."""
        return self._looks.is_run(at) and self._known.is_ordinal(self._titles[at])

    def _may_count(self, at: int) -> bool:
        """Whether numbers that run like those of rows may count all the same, by their title."""
        is_run = self._looks.is_run(at, gaps=False) and not self._is_numbering(at)
        return is_run and "number" in self._open[at].subjects

    def _is_miscalled(self, at: int) -> bool:
        """Whether a column is titled as running numbers but counts something."""
        looks, cells = self._looks, self._looks.cells(at)
        is_count = looks.is_of("number", at) and not looks.is_run(at) and cells != ["1"]
        return is_count and self._known.is_numbering(self._titles[at])

    def _is_other_than(self, subject: str, at: int) -> bool:
        """Whether a column and the one that is read for a subject differ."""
        other = self._fields.get(subject)
        return other is None or self._looks.cells(at) != self._looks.cells(other)

    def _named(self, name: str) -> str:
        subject = self._known.named(name)
        if subject is None:
            raise SheetError("no_field", name=name, fields=self._known.usual)
        return subject

    def _mapped(self, name: str, title: str) -> int | None:
        if not title:
            return None
        places = [index for index, own in enumerate(self._titles) if own == title]
        places = places or [index for index, own in enumerate(self._titles) if fold(own) == fold(title)]
        if not places:
            raise SheetError("no_title", name=name, title=title, most=HIGHEST_HEADER)
        if len(places) > 1:
            raise SheetError("same_title", name=name, first=letter(places[0]), second=letter(places[1]), title=title)
        return places[0]

    def _refuse(self, subject: str, *columns: int) -> None:
        titles = [shown(self._titles[at]) for at in columns]
        first, second = (Told("titled", column=letter(at), title=title) for at, title in zip(columns, titles))
        key = "same_field" if len({*titles}) > 1 else "same_titles"  # which --columns can't tell apart
        raise SheetError(key, first=first, second=second, name=self._known.called(subject))


def _quoted(text: str) -> Told:
    return Told("quoted", text=text)


@once
def _our_keys() -> frozenset[str]:
    """Our own titles, as titles are compared."""
    return frozenset(map(fold, (*our_titles(), workbook_texts().work)))
