"""The account of a sheet: what was read, what was not, which defaults apply, and which rows are not requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict, replace

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.models import PRICED, Model
from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.meaning.columns import Columns, SheetError, Unread, shown
from reapi_rules.sheets.meaning.contents import WORD, strip, text_of
from reapi_rules.sheets.meaning.looks import Looks
from reapi_rules.sheets.meaning.table import Hidden, Row, Table
from reapi_rules.sheets.meaning.titles import EDGES, subjects
from reapi_rules.sheets.meaning.words import is_list
from reapi_rules.terms.html import html_table
from reapi_rules.terms.spelling import narrow
from reapi_rules.terms.templates import told
from reapi_rules.terms.values import escape

__all__ = ["Account", "ColumnRead", "Skipped", "account_texts"]

_MOST_ROWS = 20
_SHOWN_ROWS = 5
_STATED = "sheet.stated_default"
_CHOOSING = ("sheet.box", "sheet.state")
_LONGEST = 60
_ABOVE = ("model", *(subject for subject in PRICED if subject != "number"))  # a number above a table is its total


class ColumnRead(msgspec.Struct, frozen=True):
    """A column, and the field that is read from it; None for one that is not read."""

    column: str
    title: str
    field: str | None = None
    by_cells: bool = False


class Skipped(msgspec.Struct):
    """Rows that are not requests, for one reason: how many, and the numbers of the first few."""

    count: int = 0
    rows: list[int] = []

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < _MOST_ROWS:
            self.rows.append(row)

    def join(self, others: Skipped) -> None:
        self.count += others.count
        self.rows = sorted((*self.rows, *others.rows))[:_MOST_ROWS]


class Warned(msgspec.Struct, frozen=True):
    """Something in a sheet that may have been meant otherwise."""

    rule: str
    column: str | None = None
    title: str | None = None
    field: str | None = None
    option: str | None = None
    row: int | None = None
    sheet: str | None = None


class Default(msgspec.Struct, omit_defaults=True):
    """What a field without a column counts as, None if unknown; ``billed_as`` is the word that it is billed as."""

    value: str | None
    billed_as: str | None = None


class Account(msgspec.Struct, kw_only=True):
    """How one sheet was read; a list of JSON and a data frame have no header row.

    ``defaults`` are fields without a column, with what counts for them on the default model; ``blanks`` are requests
    that leave one blank which has a column, by the field; ``skipped`` rows are by their reason.  It is complete once
    all rows have gone by.
    """

    format: Literal["reapi-account/1"] = "reapi-account/1"
    sheet: str | None
    header_row: int | None
    encoding: str | None = None
    columns: tuple[ColumnRead, ...]
    defaults: dict[str, Default]
    blanks: dict[str, Skipped] = {}
    skipped: dict[str, Skipped] = {}
    other_sheets: tuple[str, ...] = ()
    hidden: Hidden = Hidden()
    strays: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    warnings: list[Warned] = []
    _table: Table
    _looks: Looks
    _warned_rows: dict[str, Skipped] = {}
    _told: set[int] = set()
    _missed: SheetError | None = None
    _own: dict[str, Default] = {}
    _stated: dict[str, Warned] = {}
    _blanks: dict[str, Skipped] = {}

    @classmethod
    def of(
        cls,
        table: Table,
        catalog: Catalog | None = None,
        *,
        default_model: str | None = None,
        encoding: str | None = None,
    ) -> Account:
        """The account of a table whose rows have still to go by.

        >>> from reapi_rules.sheets.files.csv_table import read_csv
        >>> account = Account.of(read_csv(["asset,Ratio,Level\\n", "a,16:9,high\\n"]))
        >>> account.defaults["quality"], account.warnings[0].option
        (Default(value='auto', billed_as='high'), '--columns "quality=Level"')
        """
        columns, catalog = table.columns, chosen(catalog)
        own, looks = _defaults(catalog.models.get(default_model or catalog.default_model)), Looks(catalog, (), ())
        left_out = () if table.is_json else own.keys() - columns.read.values()
        account = cls(
            sheet=table.sheet or None,
            header_row=(not table.is_json and table.header.number) or None,
            encoding=encoding,
            columns=tuple(_columns(columns, catalog)),
            defaults={looks.known.called(subject): own[subject] for subject in own if subject in left_out},
            other_sheets=table.other_sheets,
            hidden=table.hidden,
            strays=table.strays,
            unseen=table.unseen,
            _table=table,
            _looks=looks,
            _own=own,
        )
        for subject, at in columns.fields.items():
            if _is_stated(title := columns.titles[at], subject, own, looks):
                name = looks.known.called(subject)
                account._stated[name] = Warned(_STATED, columns.letter(at), shown(title), name)
        account.warnings += (_unread(columns, each, table.is_json) for each in columns.unread)
        for rule, cells in zip(_CHOOSING, (columns.boxes, columns.states)):
            for at, kept in cells.items():
                title = shown(columns.titles[at])
                option = f'--where "{title}={shown(kept)}"' if title else None
                account.warnings.append(Warned(rule, columns.letter(at), title, option=option))
        if table.shows_multiples:
            at = columns.fields["number"]
            name = looks.known.called("number")
            account.warnings.append(Warned("sheet.multiple", columns.letter(at), shown(columns.titles[at]), name))
        account.warn_rows("sheet.struck", Skipped(len(table.struck), [*table.struck[:_MOST_ROWS]]))
        for row in (*table.above, *table.beside):
            account.look_outside(row)
        return account

    @property
    def has_unread_values(self) -> bool:
        """Whether a column that seems to hold a field is not read."""
        return any(warned.field for warned in self.warnings)

    def skip(self, kind: str, row: int) -> None:
        """Note a row that plans nothing."""
        self.skipped.setdefault(kind, Skipped()).add(row)

    def leave_blank(self, subject: str, row: int) -> None:
        """Note a request that leaves a field blank."""
        found = self._blanks.get(subject)
        if found is None:
            name = self._looks.known.called(subject)
            if name in self._stated:
                self.warnings.append(self._stated.pop(name))
            found = self._blanks[subject] = self.blanks.setdefault(name, Skipped())
        found.add(row)

    def miss(self, error: SheetError) -> None:
        """Note that no row is a request, or has the values asked for."""
        self._missed = error

    @property
    def missed(self) -> SheetError | None:
        """The error that no row is a request, or has the values asked for."""
        return self._missed

    def warn_rows(self, rule: str, rows: Skipped) -> None:
        """Note rows that are priced and may plan nothing."""
        if not rows.count:
            return
        if rule not in self._warned_rows:
            self.warnings.append(Warned(rule, row=rows.rows[0]))
        self._warned_rows.setdefault(rule, Skipped()).join(rows)

    def choose(self, columns: Collection[int]) -> None:
        """Note that the cells of some columns choose rows, which needs no warning any more."""
        needless = self._choosing(columns)
        self.warnings[:] = [each for each in self.warnings if each not in needless]

    def leave_none(self, columns: Collection[int]) -> None:
        """Note that some columns say of every request that it is over, so that choosing the others leaves none."""
        over = self._choosing(columns)
        self.warnings[:] = [replace(each, option=None) if each in over else each for each in self.warnings]

    def _choosing(self, columns: Collection[int]) -> list[Warned]:
        letters = {self._table.columns.letter(at) for at in columns}
        return [each for each in self.warnings if each.rule in _CHOOSING and each.column in letters]

    def is_like(self, subject: str, cell: Any) -> bool:
        """Whether a cell could be of a subject."""
        return self._looks.is_like(subject, cell)

    def look_again(self, at: int, subject: str, row: Row) -> None:
        """Whether a later cell contradicts what the first ones said of its column; told once a column."""
        if at in self._told:
            return
        columns = self._table.columns
        wanted = [subject] if subject else [each for each in PRICED if each == "shape" or each not in columns.fields]
        found = next((each for each in wanted if self._looks.is_value(each, row.cells[at])), None)
        if found is not None and (not subject or not self._looks.is_value(columns.read.get(at, ""), row.cells[at])):
            self._told.add(at)
            title, name = shown(columns.titles[at]), self._looks.known.called(found)
            self.warnings.append(Warned("sheet.later_values", columns.letter(at), title, name, row=row.number))

    def is_stated_in(self, row: Row) -> bool:
        """Whether the only cell of a row, a short one, may be a heading with a value for the rows below."""
        is_short = sum(len(text_of(cell)) for cell in row.cells) < _LONGEST
        return is_short and any(_outside(row, self._table.columns, self._own, self._looks))

    def look_outside(self, row: Row) -> None:
        """Whether a row outside the table has the value of a field that lacks a column, or cells; told once a field."""
        told = {warned.field for warned in self.warnings if warned.rule in ("sheet.above", _STATED)}
        for warned in _outside(row, self._table.columns, self._own, self._looks):
            if warned.rule == _STATED and warned.field not in self.blanks:
                self._stated.setdefault(str(warned.field), warned)
            elif warned.field not in told:
                self.warnings.append(warned)

    def to_json(self) -> bytes:
        """The account as JSON."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if not name.startswith("_")}
        return msgspec.json.format(msgspec.json.encode(fields)) + b"\n"

    def _repr_html_(self) -> str:
        """The account as a notebook shows it."""
        first, second, *others = self.lines()
        return html_table([("read", first), ("else", second), *(("note", line) for line in others)])

    def lines(self, language: str = "en") -> Iterator[str]:
        """The account for people: two lines, and one for each warning."""
        say = _Voice(language, is_json=self._table.is_json)
        read = [say.column(column) for column in self.columns if column.field is not None]
        named = say("sheet", sheet=escape(self.sheet)) if self.sheet else ""
        kind = "bodies" if self._table.is_json else "read" if self.header_row else "frame"
        yield say(kind, sheet=named, row=self.header_row, columns=say.list(read) or say("none"))
        unread = [say.title(column) for column in self.columns if column.field is None and column.title]
        rest = [say("unread", columns=say.list(unread))] if unread else []
        rest += (say("default", field=field, value=say.default(default)) for field, default in self.defaults.items())
        blanks = [say("kind", rows=field, kind=say.rows(rows)) for field, rows in self.blanks.items()]
        rest += [say("blanks", fields=say.list(blanks))] if blanks else []
        skipped = [say.rows(rows, kind) for kind, rows in self.skipped.items()]
        rest += [say("skipped", rows=say.list(skipped))] if skipped else []
        yield say.list(rest, "；", "; ") or say("nothing")
        if self.encoding is not None:
            yield say("sheet.encoding", name=self.encoding)
        if self.other_sheets:
            others = "lists" if all(map(is_list, self.other_sheets)) else "others"
            yield say(others, names=say.list(map(escape, self.other_sheets)))
        if self.hidden != Hidden():
            yield say("hidden", names=say.list(say.hidden(self.hidden)))
        if self.strays:
            yield say("strays", names=say.list(self.strays))
        yield from (say(f"unseen {what}") for what in self.unseen)
        for warned in self.warnings:
            rule = warned.rule
            rows = say.rows(self._warned_rows[rule]) if rule in self._warned_rows else ""
            if rule == "sheet.unread_values" and warned.option:
                rule = "key" if self._table.is_json else rule if warned.title else "untitled"
            elif rule in _CHOOSING and not warned.option:
                rule = "none_left" if warned.title else "untitled_choice"
            elif rule == "sheet.unread_values":
                rule = "edge" if any(edge in subjects().of(warned.title or "").subjects for edge in EDGES) else "unfit"
            figures = {**asdict(warned), "title": warned.title or say("no_title"), "rows": rows}
            figures["sheet"] = say("sheet", sheet=escape(warned.sheet)) if warned.sheet else ""
            yield f"{warned.rule}: {say(rule, **figures)}"


class _Texts(FileStruct, frozen=True):
    """The file ``data/account.json``."""

    format: Literal["reapi-account-texts/1"]
    texts: dict[str, dict[str, str]]
    kinds: dict[str, dict[str, str]]


def account_texts() -> _Texts:
    """What is said about how a sheet was read."""
    return _Texts.read("account.json")


class _Voice:
    """The texts of an account in one language."""

    def __init__(self, language: str, *, is_json: bool) -> None:
        self._language, self._is_json = language, is_json

    def __call__(self, text: str, count: int | None = None, **figures: Any) -> str:
        return told(account_texts().texts[text], self._language, count, **figures)

    def list(self, texts: Iterable[str], chinese: str = "、", other: str = ", ") -> str:
        """Texts one after the other."""
        return (chinese if self._language == "zh" else other).join(texts)

    def title(self, column: ColumnRead) -> str:
        """A column by its letter and title."""
        title = shown(column.title)
        title = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
        return title if self._is_json else f'{column.column} "{title}"'

    def column(self, column: ColumnRead) -> str:
        if self._is_json:
            return column.title[:_LONGEST]
        title = shown(column.title)[:_LONGEST] or self("no_title")
        text = self("column", field=column.field, column=column.column, title=title)
        return text + (self("by_cells") if column.by_cells else "")

    def default(self, default: Default) -> str:
        """What counts for a field without a column."""
        if default.value is None:
            return self("open")
        billed = default.billed_as
        return default.value if billed is None else self("billed", value=default.value, billed=billed)

    def hidden(self, hidden: Hidden) -> Iterator[str]:
        if hidden.is_sheet:
            yield self("hidden_sheet")
        if hidden.count:
            yield self.rows(Skipped(hidden.count, list(hidden.rows)))
        yield from (self("hidden_column", name=name) for name in hidden.columns)

    def rows(self, rows: Skipped, kind: str = "") -> str:
        """Rows by their numbers, many by their count, and what they are."""
        if rows.count > _SHOWN_ROWS:
            numbers = self("many", count=rows.count)
        else:
            numbers = self("rows", rows.count, rows=self.list(map(str, rows.rows)))
        kinds = account_texts().kinds
        name = told(kinds[kind], self._language, rows.count) if kind in kinds else kind
        return self("kind", rows=numbers, kind=name) if name else numbers


def _columns(columns: Columns, catalog: Catalog) -> Iterator[ColumnRead]:
    read, known = columns.read, subjects(catalog)
    for at, title in enumerate(columns.titles):
        subject = read.get(at)
        name = None if subject is None else known.called(subject)
        yield ColumnRead(columns.letter(at), escape(title), name, subject in columns.by_cells)


def _defaults(model: Model | None) -> dict[str, Default]:
    """The model and the fields with a say in the price, and what counts for them where they are left out."""
    found = {} if model is None else {"model": Default(model.id)}
    for role in PRICED:
        field = next((field for field in model.fields.values() if field.role == role), None) if model else None
        if field is not None:
            value = None if field.default in (None, msgspec.UNSET) or not field.default_certain else str(field.default)
            found[role] = Default(value, field.bills_as.get(value or ""))
    return found


def _is_stated(text: str, subject: str, own: Mapping[str, Default], looks: Looks) -> bool:
    """Whether a text states another default of a field than the one that counts."""
    if subject == "shape" and (kind := spellings().orientation(" ".join(WORD.findall(text)))):
        return kind != "square"  # a heading such as [Landscape]
    said = looks.said_in(subject, text) if subject in own else ()
    return len(said) == 1 and said.isdisjoint((own[subject].value, own[subject].billed_as))


def _outside(row: Row, columns: Columns, own: Mapping[str, Default], looks: Looks) -> Iterator[Warned]:
    """The values outside the table, as in *Resolution: 2k* and *All images in 4K*; they may be defaults of a column."""
    known, given = looks.known, {*columns.read.values()}
    texts = [narrow(text) for cell in row.cells if (text := strip(text_of(cell)))]
    for text, following in zip(texts, [*texts[1:], ""]):
        title, _, value = (part.strip() for part in text.partition(":"))
        meaning, value = known.of(title), value or following
        subject = meaning.subjects[0] if len(meaning.subjects) == 1 else ""
        said, shown_as = [subject], f"{title}: {value}"
        if subject not in _ABOVE or not looks.is_like(subject, value):
            pair = f"{text}: {following}" if following and title == text else text
            said, shown_as = (["number"], pair) if known.says_each(pair) else ([], text)
            if not known.is_other(title):
                said += ["shape"] * (_is_stated(text, "shape", own, looks) and not looks.is_value("shape", text))
                said += ["tier"] * looks.has_tier(text) + ["quality"] * looks.has_quality(text)
                if not said and len(texts) == 1:  # a heading; 4K may be a budget where no column is one of resolutions
                    said = [each for each in [known.value(text)] if each and each in {"shape", *given}]
        for each in said:
            if each not in given or _is_stated(shown_as, each, own, looks):
                rule = _STATED if each in given else "sheet.above"
                title, sheet = escape(shown_as[:_LONGEST]), row.sheet or None
                yield Warned(rule, None, title, known.called(each), row=row.number, sheet=sheet)


def _unread(columns: Columns, each: Unread, is_json: bool) -> Warned:
    option = " ".join(f'--columns "{field}={title}"' for field, title in each.named.items()) or None
    if each.rule == "sheet.unread_values" and (is_json or not each.title):
        option = f'"{each.field}"'
    return Warned(each.rule, columns.letter(each.index), each.title, each.field, option)
