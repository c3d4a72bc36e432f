"""Rows: which ones of a sheet are requests, and which are totals, repeated headers, separators or notes.

``data/rows.json`` has the words.  Rows go by one at a time; only those that the next row decides wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from reapi_rules.catalog.models import PRICED
from reapi_rules.catalog.spellings import spellings
from reapi_rules.catalog.texts import Told
from reapi_rules.sheets.meaning.account import Account, Skipped
from reapi_rules.sheets.meaning.cells import is_number
from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.contents import WORD, NoValue, is_blank, strip, text_at, text_of
from reapi_rules.sheets.meaning.looks import is_mark
from reapi_rules.sheets.meaning.marks import is_total
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.meaning.titles import EDGES, subjects
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.terms.spelling import fold, without_brackets
from reapi_rules.terms.values import escape

__all__ = ["refuse_unmatched", "sort_rows"]

_MOST_KNOWN = 4_096
_LONGEST_KNOWN = 24
_MOST_HELD = 100
_MOST_FOUND = 5
_FEWEST = 2  # rows that a total is the sum of if no word says so
_NUMBER_ONLY = "sheet.only_number"
_STATED_ABOVE = ("tier", "quality")  # what a heading may state for the rows below, as well as a size
_MOST_SIGNS = 9  # in a title and the value that is asked for under it
_HEADINGS = ("note", "separator", "header")
_OPEN = ("sum?", "note?")
"""What a row may be if the next ones agree."""
_DIGITS = "0123456789"
_FIGURE = re.compile(r"(-?(?:0|[1-9][0-9]{0,14}))[.,](?:([0-9]{1,2}|[0-9]{4,15}))")  # three digits may be thousands
_WHOLE = re.compile(r"([-+]?[0-9]{1,15})(?:[.,]0{1,6})?")


def sort_rows(table: Table, account: Account, where: Mapping[str, str] | None = None) -> Table:
    """The table with every row that is not a request marked so, and counted in the account as it goes by.

    >>> from reapi_rules.sheets.files.csv_table import read_csv
    >>> table = read_csv(["asset,size,n\\n", "a,16:9,2\\n", "b,1:1,1\\n", "TOTAL,,3\\n"])
    >>> account = Account.of(table)
    >>> [row.skipped for row in sort_rows(table, account).rows], account.skipped["total"].rows
    (['', '', 'total'], [4])

    ``where`` keeps the rows with these values under these titles.
    """
    return replace(table, rows=_Sorter(table, account, where or {}).sort(table.rows))


def refuse_unmatched(rows: Iterable[Row], accounts: Iterable[Account]) -> Iterator[Row]:
    """The last rows of some sheets; raises SheetError if none of them has a request, or one that ``where`` keeps."""
    yield from rows
    missed = [account.missed for account in accounts]
    if missed[0] is not None and None not in missed:
        raise missed[0]


class _Sorter:
    def __init__(self, table: Table, account: Account, where: Mapping[str, str]) -> None:
        columns = self._columns = table.columns
        self._account, self._sums = account, table.sums
        self._header, self._sheet = table.header.number, table.sheet
        self._titles = [fold(title) for title in columns.titles]
        self._asked, self._kept_one = dict(_condition(table, *asked) for asked in where.items()), False
        self._where = {_column(table, title): _compared(value) for title, value in self._asked.items()}
        account.choose(self._where)
        self._found: dict[int, dict[str, None]] = {at: {} for at in self._where}
        self._prompt, self._number = columns.fields.get("prompt"), columns.fields.get("number")
        self._counted = None if self._number is None else columns.titles[self._number]
        self._shape = columns.fields.get("shape", next(iter(columns.edges), None))
        self._read = columns.read
        self._priced = {at: subject for subject, at in columns.fields.items() if subject in ("model", *PRICED)}
        self._key = self._shape if self._prompt is None else self._prompt
        self._is_text = table.dialect is not None
        self._ordinary: set[str] = set()
        self._sizes: set[Any] = set()
        self._block, self._above, self._all = dict[Any, int](), dict[Any, int](), dict[Any, int]()
        self._is_after_blank, self._prompts = True, 0
        self._has_request = self._has_bare_prompt = self._has_bare_sum = False
        self._bare = Skipped(rows=[])
        self._lone = {is_size: Skipped(rows=[]) for is_size in (True, False)}
        self._sized = set[bool]()
        self._held: list[tuple[Row, str]] = []
        words = row_words()
        self._totals, self._summaries, self._notes, self._defaults = (
            frozenset(map(fold, each)) for each in (words.totals, words.summaries, words.notes, words.defaults)
        )
        self._amount, self._pictures = re.compile(words.amount), re.compile(words.pictures)
        self._words = self._totals | self._summaries | self._notes | {*self._titles, ""}
        spell = (str, str.lower, str.upper, str.title, str.capitalize)
        self._called = {each(word) for word in words.totals for each in spell}
        self._watched, self._marked = columns.watched, columns.marked
        kept = (*columns.boxes.items(), *columns.states.items())
        self._over = {at for at, cell in kept if not cell}  # until a request is blank there

    def sort(self, rows: Iterable[Row]) -> Iterator[Row]:
        held, key, number, block, ordinary = self._held, self._key, self._number, self._block, self._ordinary
        keeps_all, is_plain = not (self._where or self._watched or self._marked or self._over), False
        last = max(key or 0, self._shape or 0, *self._priced)
        priced = itemgetter(key or 0, key or 0, *self._priced)  # twice, so that it is a tuple
        is_text, called, sizes, shape = self._is_text, self._called, self._sizes, self._shape or 0
        for row in rows:
            cells = row.cells
            # a lone text may be a note or a separator
            if is_plain and last < len(cells) > (blanks := cells.count("")) + 1 and (is_text or self._is_bare(row)):
                cell = cells[key]  # type: ignore[index]  # nothing is plain without
                is_known = cell in ordinary
                if not is_known and len(cell) > _LONGEST_KNOWN:
                    is_known = cell[0].isalnum()
                elif not is_known and cells[shape] in sizes:
                    is_known = self._is_no_label(cell)
                if is_known and cells[0] not in called:
                    count = "" if number is None else cells[number]
                    if count in block:
                        block[count] += 1
                    elif len(block) < _MOST_KNOWN and not text_of(count).startswith("="):
                        block[count] = 1
                    if count in block:
                        if keeps_all and blanks and "" in priced(cells):
                            self._leave_blank(row)
                        yield row if keeps_all else self._kept(row)
                        continue
            kind = row.skipped or self._kind(row)
            if held and (kind not in ("note?", "blank") or held[0][1] == "sum?" or len(held) > _MOST_HELD):
                yield from self._settled(kind)
            if kind in _OPEN or (held and kind == "blank"):
                held.append((row, kind))
            else:
                yield self._done(row, kind)
            # the first request goes the long way, which notes that there is one
            is_plain = key is not None and not held and not self._is_after_blank and (self._kept_one or not keeps_all)
        yield from self._settled("end")
        if True in self._sized or self._lone[True].count:
            self._account.warn_rows("sheet.only_field", self._lone[False])
        if self._sized == {False}:
            self._account.warn_rows("sheet.only_field", self._lone[True])
        self._account.leave_none(self._over)
        if not self._kept_one and "where" in self._account.skipped:
            self._account.miss(self._nothing_matched())
        elif not self._kept_one and self._header:  # not of a data frame, which may be empty on purpose
            error = SheetError("no_requests", row=self._header)
            self._account.miss(SheetError("of_sheet", name=self._sheet, error=error) if self._sheet else error)

    def _nothing_matched(self) -> SheetError:
        """The error that no row has the values asked for, with the first values that there are."""
        asked = " ".join(f"--where {escape(title)}={escape(value)}" for title, value in self._asked.items())
        found = [
            Told("found_values", title=escape(title), values=_listed(self._found[at]))
            for title, at in zip(self._asked, self._where)
        ]
        return SheetError("nothing_matched", count=len(found), asked=asked, found=found)

    def _is_bare(self, row: Row) -> bool:
        """Whether a row of a workbook may be a plain request: not hidden, merged or a sum, and its key a text."""
        number, key = row.cells[self._number or 0], row.cells[self._key or 0]
        return not (row.skipped or row.notes or _is_formula(number) or row.number in self._sums) and type(key) is str

    def _settled(self, following: str) -> Iterator[Row]:
        """The rows that waited, now that the next one is known."""
        held, self._held[:] = list(self._held), []
        for row, kind in held:
            if kind == "sum?":
                is_sum = following and self._is_sum(row, 1 if self._has_bare_sum else _FEWEST)
                kind, self._has_bare_sum = ("total", True) if is_sum else ("number", self._has_bare_sum)
            elif kind == "note?":
                kind = "note" if following == "end" else ""
            yield self._done(row, kind)

    def _done(self, row: Row, kind: str) -> Row:
        if kind == "blank":
            self._is_after_blank = True
            self._end_block()
            return row
        self._is_after_blank = False
        if kind == "total":
            self._end_block()
        elif kind in _HEADINGS:
            self._above = _both(self._above, self._block)
            self._block.clear()
        if kind not in ("", "number"):
            return self._skip(row, kind)
        if kind:
            self._account.warn_rows(_NUMBER_ONLY, Skipped(1, [row.number]))
        elif self._number is not None and self._number < len(row.cells):
            self._block[row.cells[self._number]] = self._block.get(row.cells[self._number], 0) + 1
        return self._kept(row)

    def _skip(self, row: Row, kind: str) -> Row:
        self._account.skip(kind, row.number)
        if kind == "note":
            self._account.look_outside(row)
            if any(map(is_mark, map(text_of, row.cells))):
                self._account.warn_rows("sheet.heading", Skipped(1, [row.number]))
        return replace(row, skipped=kind)

    def _kept(self, row: Row) -> Row:
        if self._where and not self._kept_one:
            for at, found in self._found.items():
                if len(found) <= _MOST_FOUND:
                    found.setdefault(strip(text_at(row.cells, at)))
        for at, value in self._where.items():
            if _compared(row.cells[at] if at < len(row.cells) else "") != value:
                return self._skip(row, "where")
        if not self._kept_one and self._may_be_defaults(row.cells):
            self._account.warn_rows("sheet.defaults", Skipped(1, [row.number]))
        self._kept_one = True
        self._leave_blank(row)
        self._over = {at for at in self._over if not is_blank(text_at(row.cells, at))}
        if any(note["name"] == self._counted for _, note in row.notes):
            self._account.warn_rows("sheet.merged_number", Skipped(1, [row.number]))
        if any(is_mark(text_at(row.cells, at)) for at in self._marked):
            self._account.warn_rows("sheet.marked", Skipped(1, [row.number]))
        for at, subject in self._watched.items():
            if at < len(row.cells) and not is_blank(row.cells[at]):
                self._account.look_again(at, subject, row)
        return row

    def _leave_blank(self, row: Row) -> None:
        cells = row.cells
        for at, subject in self._priced.items():
            if at >= len(cells) or cells[at] == "" or is_blank(cells[at]):
                self._account.leave_blank(subject, row.number)

    def _kind(self, row: Row) -> str:
        """What a row is; ``sum?`` and ``note?`` if the next rows decide."""
        filled = {at: cell for at, cell in enumerate(row.cells) if not is_blank(cell)}
        if not filled:
            return "blank"
        if row.number in self._sums or self._has_sum_formula(row, filled):
            return "total"
        texts = {at: text for at, cell in filled.items() if not self._amount.fullmatch(text := strip(text_of(cell)))}
        folded = {at: fold(text) or "".join(self._pictures.findall(text)) for at, text in texts.items()}
        first = next((at for at in texts if folded[at]), None)
        sized = {at for at, cell in filled.items() if self._is_size(at, cell)}
        has_size = bool(sized)
        request = {at for at in filled if at in self._read and (at == self._prompt or folded.get(at) != "")}
        if first is None:
            if has_size or not request - texts.keys():
                return "" if has_size else "separator" if texts else "nothing"
            return "sum?" if self._number in request and self._prompt not in texts else ""
        prompt = -1 if self._prompt is None else self._prompt
        label = prompt if folded.get(prompt) in self._totals else first
        has_prompt = bool(prompt != label and folded.get(prompt))
        if {folded[label], fold(spellings().without_count(texts[label]))} & self._totals and not has_prompt:
            if not has_size:
                return "total"
            if self._number in filled:
                self._account.warn_rows("sheet.total_with_size", Skipped(1, [row.number]))
        if len(texts) == len(filled) and not has_size:
            if self._is_header(folded):
                return "header"
            if names := self._fields_named(texts):
                if any(self._read.get(at) != subject for at, subject in names.items()):
                    self._account.warn_rows("sheet.other_header", Skipped(1, [row.number]))
                return "header"
            if not (
                self._has_request or self._prompt in texts or any(map(fold, map(without_brackets, texts.values())))
            ):
                return "note"  # what each column takes, in brackets
        if not request:
            return "note" if len(filled) == 1 else "nothing"
        if len(filled) == 1 and self._is_note(texts[first]):
            return "note?"
        if self._key in texts and (has_size or self._key == self._prompt):
            self._learn(row.cells[self._key], folded[self._key])
        if len(request) > 1:
            self._sized.add(has_size)
            if self._shape in sized and len(self._sizes) < _MOST_KNOWN:
                self._sizes.add(row.cells[self._shape or 0])
        elif has_size or self._read[min(request)] in _STATED_ABOVE or self._may_state(row, len(filled)):
            self._lone[has_size].add(row.number)
        if len(request) > 1 and not self._has_request:
            self._has_request = True
            self._account.warn_rows(_NUMBER_ONLY, self._bare)
        if not has_size:
            request -= {self._shape, *self._columns.edges} - texts.keys()
        is_bare_number = self._number in request and request <= {self._number, self._prompt} and not has_prompt
        if is_bare_number and is_number(row.cells[self._number or 0]):
            says_total = any(self._says_total(at, text) for at, text in texts.items())
            signs = says_total + self._is_sum(row, 1 if says_total else _FEWEST)
            is_bare = self._prompt not in request
            if signs == 2 and is_bare:
                return "total"
            is_odd = signs and (signs == 2 or is_bare or True in self._sized)  # where others have a size
            if is_odd or (is_bare and self._has_request) or folded[first] in self._summaries:
                self._account.warn_rows(_NUMBER_ONLY, Skipped(1, [row.number]))
            elif is_bare:
                self._bare.add(row.number)
        self._has_bare_prompt |= request == {self._prompt}
        return ""

    def _learn(self, cell: Any, folded: str) -> None:
        """Remember a cell: rows that have it are requests at first sight."""
        is_new = type(cell) is str and len(cell) <= _LONGEST_KNOWN and folded not in self._words
        if is_new and len(self._ordinary) < _MOST_KNOWN and not self._says_total(self._key, cell):
            self._ordinary.add(cell)

    def _may_state(self, row: Row, count: int) -> bool:
        """Whether a lone prompt, as in *2k high*, may be a heading; the first ones tell, since each look takes time."""
        self._prompts += count == 1
        return count == 1 and self._prompts <= _MOST_HELD and self._account.is_stated_in(row)

    def _may_be_defaults(self, cells: Sequence[Any]) -> bool:
        at = next((at for at, cell in enumerate(cells) if not is_blank(cell)), 0)
        return at not in self._priced and fold(text_at(cells, at)) in self._defaults

    def _is_no_label(self, text: str) -> bool:
        """Whether a text of a row with a size is surely not the label of a total: looked at so, it takes a sixth."""
        folded = fold(text).strip(_DIGITS)
        return folded not in self._words and self._called.isdisjoint(WORD.findall(text))

    def _is_header(self, folded: Mapping[int, str]) -> bool:
        same = [at for at, text in folded.items() if at < len(self._titles) and text and text == self._titles[at]]
        return len(same) == len(folded) and len(same) >= min(_FEWEST, len(self._titles))

    def _fields_named(self, texts: Mapping[int, str]) -> dict[int, str]:
        """The fields of which texts are titles, in any language, if several are and at least half of the texts.

        A value of a column's own field is no title, though 高 may be a height.
        """
        is_own = {at for at, text in texts.items() if self._account.is_like(self._read.get(at, ""), text)}
        meant = {at: subjects().of(text) for at, text in texts.items() if at not in is_own}
        sure = {at: each.subjects[0] for at, each in meant.items() if each.is_sure and len(each.subjects) == 1}
        return sure if len({*sure.values()}) >= _FEWEST and 2 * len(sure) >= len(texts) else {}

    def _is_note(self, text: str) -> bool:
        """Whether a lone text is a note: it begins like one, or follows a blank row in a sheet whose rows say more."""
        word, colon, _ = text.replace("\uff1a", ":").partition(":")
        is_marked = text.startswith("*") or (colon != "" and fold(word) in self._notes)
        return is_marked or (self._is_after_blank and self._has_request and not self._has_bare_prompt)

    def _says_total(self, at: int | None, text: str) -> bool:
        """Whether one of the words of a label is one of totals, as in *Total Germany* and *Subtotal - Q3*."""
        if at in self._read and (at != self._prompt or len(text) > _LONGEST_KNOWN):
            return False
        return any(fold(word) in self._totals for word in WORD.findall(text))

    def _is_size(self, at: int, cell: Any) -> bool:
        subject = EDGES[0] if at in self._columns.edges else self._read.get(at)
        return subject in (EDGES[0], "shape") and self._account.is_like(subject, cell)

    def _has_sum_formula(self, row: Row, filled: Mapping[int, Any]) -> bool:
        at = -1 if self._number is None else self._number
        cell = filled.get(at)
        return _is_formula(cell) and is_total(text_of(cell), row.number, self._columns.theirs[at])

    def _end_block(self) -> None:
        self._all = _both(self._all, _both(self._above, self._block))
        self._above = {}
        self._block.clear()

    def _is_sum(self, row: Row, fewest: int = _FEWEST) -> bool:
        """Whether a number sums up the rows below a heading, its block or all rows, if ``fewest`` or more."""
        value = _value(row.cells[self._number or 0])
        block = _both(self._above, self._block)
        for summed in (self._block, block, _both(self._all, block)):
            counted = [(_value(cell), times) for cell, times in summed.items()]
            numbers = [(number, times) for number, times in counted if number is not None]
            if sum(times for _, times in numbers) >= fewest and sum(n * times for n, times in numbers) == value:
                return True
        return False


def _both(first: dict[Any, int], second: dict[Any, int]) -> dict[Any, int]:
    return {cell: first.get(cell, 0) + second.get(cell, 0) for cell in first | second}


def _is_formula(cell: Any) -> bool:
    return cell.is_formula if isinstance(cell, NoValue) else type(cell) is str and cell.startswith("=")


def _compared(cell: Any) -> str:
    """The text of a cell without case, and with one kind of quotes; numbers are the same whatever their decimals."""
    text = strip(text_of(cell)).casefold().replace('"', "'")
    match = _FIGURE.fullmatch(text)
    return text if match is None else f"{match[1]}.{match[2]}".rstrip("0").removesuffix(".")


def _listed(values: Iterable[str]) -> list[str | Told]:
    """The first values, and whether there are more."""
    texts = [escape(value) or Told("blank") for value in values]
    return [*texts[:_MOST_FOUND], *(["\u2026"] if len(texts) > _MOST_FOUND else [])]


def _value(cell: Any) -> int | None:
    text = strip(text_of(cell))
    match = _WHOLE.fullmatch(text)
    return int(match[1]) if match else spellings().number(text)


def _condition(table: Table, title: str, value: str) -> tuple[str, str]:
    """The title and the value that are asked for: a title may hold the sign between them, as *Go (1=yes)* does."""
    known = {*filter(None, map(fold, table.columns.titles))}
    parts = [title, *value.split("=", _MOST_SIGNS)]
    cuts = (("=".join(parts[:at]), "=".join(parts[at:])) for at in range(1, len(parts)))
    return next((each for each in cuts if fold(each[0]) in known), (title, value))


def _column(table: Table, title: str) -> int:
    titles = table.columns.titles
    places = [at for at, own in enumerate(titles) if own == title]  # a tick as a title has no letter to compare
    places = places or [at for at, own in enumerate(titles) if fold(own) == fold(title)]
    if len(places) != 1:
        error = SheetError("where_several" if places else "where_none", title=title)
        raise SheetError("of_sheet", name=table.sheet, error=error) if table.sheet else error
    return places[0]
