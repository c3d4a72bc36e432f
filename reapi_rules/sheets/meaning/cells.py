"""From the cells of a row to the body of a request, with a note wherever a cell is not read letter for letter.

The model of the row says what its fields are called, and which words they have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import PRICED, Kind, Model
from reapi_rules.catalog.spellings import SHORTEST, spellings
from reapi_rules.engine.engine import Engine, engine_for, stand_in
from reapi_rules.engine.judge import judge
from reapi_rules.sheets.meaning.columns import Columns, letter, note_text, shown
from reapi_rules.sheets.meaning.contents import DIGITS, NoValue, is_blank, strip, text_of
from reapi_rules.sheets.meaning.repair import read_ratio
from reapi_rules.sheets.meaning.settings import Settings
from reapi_rules.sheets.meaning.titles import EDGES, Place, subjects
from reapi_rules.terms import urls
from reapi_rules.terms.sizes import pixels
from reapi_rules.terms.spelling import ascii_lower, fold, narrow
from reapi_rules.terms.values import escape

__all__ = ["Plan", "RowOptions", "RowReader", "is_number", "read_urls"]

_BETWEEN_URLS = re.compile(r"[\s|]+")
_BETWEEN_NAMES = re.compile(r"\s*[\r\n|]\s*")  # such as Image 1
_URL = re.compile("https?://", re.IGNORECASE)
_COMMA_BEFORE_URL = re.compile(r"[,;\uff0c\uff1b](?=https?://)", re.IGNORECASE)
_BEHIND_A_NAME = re.compile(r"[^,:\n]*\((https?://[^\s()]+)\)", re.IGNORECASE)
_AFTER_A_BRACKET = re.compile(r"(?<=\))[,\n]\s*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"([+-]?[0-9]{1,18})(?:\.|,(?=[0-9]{1,2}$))([0-9]{1,18})")
_DOUBTFUL = re.compile(r"[0-9][0-9.,]*[0-9](?:[eE][-+]?[0-9]+)?|[0-9.,]+ ?%")
_THOUSANDS = 3  # digits behind a separator: 2.000 may be two or two thousand
_SHOWN = 40
_CORRECTED = ("model", *PRICED)
"""What is corrected if it was not read as written; a prompt or a URL only if a patch changed it."""
_T = TypeVar("_T", str, int)


class Plan(msgspec.Struct, frozen=True):
    """The request that a row plans: its body, and notes on how cells were read."""

    body: dict[str, Any]
    notes: tuple[str, ...] = ()


def _engine() -> Engine:
    return engine_for(default_model=built_in().default_model)


class RowOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How rows are read and judged: with which engine and settings, and in which language cells are noted.

    With ``ours_stay`` the letters of columns count ours of an earlier run.
    """

    engine: Engine = msgspec.field(default_factory=_engine)
    settings: Settings = Settings()
    ours_stay: bool = False
    language: str = "en"


class _Notes:
    """Notes on the cells of a row, in one language."""

    def __init__(self, language: str) -> None:
        self._language, self.texts = language, list[str]()

    def add(self, note: str, **params: Any) -> None:
        self.texts.append(note_text(note, self._language, **params))


class RowReader:
    """Reads the rows of one sheet.

    >>> from reapi_rules.sheets.meaning.columns import find_columns
    >>> reader = RowReader(find_columns(["model", "prompt", "size", "n"]))
    >>> reader.plan(["", "a fox", "16:09:00", "2"])
    Plan(body={'prompt': 'a fox', 'size': '16:9', 'n': 2}, \
notes=('cell.ratio: the size "16:09:00" is a ratio that a spreadsheet turned into the time 16:09: read as 16:9',))
    >>> reader.plan(["z-image", "a fox", "16:9", ""]).body
    {'model': 'z-image', 'prompt': 'a fox', 'aspect_ratio': '16:9'}

    A blank cell is absent.  A sheet without a prompt column plans requests whose prompts are still to be written.
    """

    def __init__(self, columns: Columns, options: RowOptions | None = None) -> None:
        options = options or RowOptions()
        engine = options.engine
        self._models, self._default = engine.catalog.models, engine.default_model or ""
        self._columns, self._settings = columns, options.settings
        self._subjects = subjects(engine.catalog)
        self._language = options.language
        self._letter = columns.letter if options.ours_stay else letter
        self._named: dict[str, dict[str, str]] = {}

    def plan(self, cells: Sequence[Any]) -> Plan | None:
        """The request of a row; None for a row that leaves all the columns of a request blank."""
        columns, filled = self._columns, {at for at, cell in enumerate(cells) if not is_blank(cell)}
        given = {subject: cells[at] for subject, at in columns.fields.items() if at in filled}
        if filled.intersection(columns.edges):
            own = [cells[at] if at in filled else "" for at in columns.edges]
            missing = (edge for edge in own if isinstance(edge, NoValue))
            given["shape"] = next(missing, None) or _size_of(*map(text_of, own))
        images = [cells[at] for at in columns.references if at in filled]
        if "number" in given and columns.fields["number"] in columns.references:
            if is_number(given["number"]):  # a column "images" counts them or holds them
                images = []
            else:
                del given["number"]
        if not given and not images:
            return None
        plan, model = self._read({**given, **self._settings.of_row(given)}, images)
        if "prompt" in columns.fields or model is None or "prompt" not in model.roles:
            return plan
        name = model.roles["prompt"]
        return msgspec.structs.replace(plan, body={name: stand_in(model)[name], **plan.body})

    def columns_of(self, model: Model | None) -> dict[str, str]:
        """By field of a model, the letter and title of its column, if the title is not the field's name."""
        id, titles = "" if model is None else model.id, self._columns.titles
        if id not in self._named:
            found: dict[str, list[int]] = {}
            for at, subject in self._columns.read.items():
                found.setdefault(self._place(subject, model).name, []).append(at)
            self._named[id] = {
                name: ", ".join(f'{self._letter(at)} "{shown(titles[at])}"' for at in columns)
                for name, columns in found.items()
                if len(columns) <= len(EDGES) and fold(titles[columns[0]]) != fold(name)
            }
        return self._named[id]

    def corrected(self, cells: Sequence[Any], plan: Plan, body: Mapping[str, Any]) -> dict[int, str]:
        """The cells that were not read as written, or that differ in a fixed body, with their correct text.

        >>> reader = RowReader(Columns(titles=("size", "n"), fields={"shape": 0, "number": 1}))
        >>> plan = reader.plan(["16:09", "x2"])
        >>> reader.corrected(["16:09", "x2"], plan, plan.body)
        {0: '16:9', 1: '2'}
        """
        model = self._models.get(body.get("model", self._default))
        found: dict[int, str] = {}
        places = {self._place(subject, model).name for subject in self._columns.fields}
        if any(name not in places and plan.body.get(name) != value for name, value in body.items()):
            body = plan.body  # a value that the sheet has no column for can't be moved there
        for subject, at in self._columns.fields.items():
            name = self._place(subject, model).name
            old, new = cells[at] if at < len(cells) else "", body.get(name)
            is_read = subject in _CORRECTED or name in plan.body
            if not is_read or (new == plan.body.get(name) and (is_blank(old) or subject not in _CORRECTED)):
                continue
            text = "" if new is None else text_of(new)
            if text not in (text_of(old), strip(text_of(old))) and not isinstance(new, (list, dict)):
                found[at] = text
        return found

    def changed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A body with the settings in the fields of its model; a blank one leaves its field out.

        >>> settings = Settings({"shape": "16:9", "quality": ""})
        >>> reader = RowReader(Columns(titles=(), fields={}), RowOptions(settings=settings))
        >>> reader.changed({"model": "z-image", "prompt": "a fox", "quality": "low"})
        {'model': 'z-image', 'prompt': 'a fox', 'aspect_ratio': '16:9'}
        """
        named = {"model": body["model"]} if "model" in body else {}
        model = self._models.get(body.get("model", self._default))
        given = {subject: body.get(self._place(subject, model).name) for subject in self._settings.cells}
        wanted = self._settings.of_row({subject: value for subject, value in given.items() if value is not None})
        plan, model = self._read({**named, **wanted})
        places = {self._place(subject, model).name: cell for subject, cell in wanted.items()}
        changes = {name: plan.body[name] for name, cell in places.items() if not is_blank(cell)}
        return {name: value for name, value in {**body, **changes}.items() if name in changes or name not in places}

    def _read(self, given: Mapping[str, Any], images: Sequence[Any] = ()) -> tuple[Plan, Model | None]:
        """The request of cells by their subject and of those with image URLs, and its model."""
        body, notes = dict[str, Any](), _Notes(self._language)
        model = self._models.get(self._default)
        for subject, cell in sorted(given.items(), key=lambda item: item[0] != "model"):
            if is_blank(cell):
                continue
            place = self._place(subject, model)
            if subject in PRICED and _is_default(cell, place):
                notes.add("cell.default", name=place.name, content=_quoted(text_of(cell)))
            elif _says_none(cell, place, notes):
                continue
            elif isinstance(cell, NoValue):
                body[place.name] = self._unvalued(cell, place, model, notes)
            else:
                body[place.name] = _value(cell, place, notes)
            if subject == "model":
                model = self._models.get(body["model"])
        if images:
            place = self._place("references", model)
            for missing in (cell for cell in images if isinstance(cell, NoValue)):
                _note_missing(missing, place, notes)
            if said := [cell for cell in images if not _says_none(cell, place, notes)]:
                body[place.name] = _images(said, place.kind, notes)
        return Plan(body, tuple(notes.texts)), model

    def _unvalued(self, cell: NoValue, place: Place, model: Model | None, notes: _Notes) -> Any:
        """Its text if that reads as a value or is refused anyway; else an object, so that the rules refuse it."""
        text, field = cell.text, None if model is None else model.fields.get(place.name)
        value = _value(text, place, _Notes(self._language))
        if value != text:
            return value  # ="low"
        _note_missing(cell, place, notes)
        if model is None or field is None:
            return value
        faults = judge({place.name: value}, model)
        is_refused = any(fault.field == place.name and fault.rule.level == "error" for fault in faults)
        return value if is_refused else {"formula" if cell.is_formula else "error": text}

    def _place(self, subject: str, model: Model | None) -> Place:
        at = self._columns.fields.get(subject)
        return self._subjects.place(subject, model, "" if at is None else self._columns.titles[at])


def _is_default(cell: Any, place: Place) -> bool:
    """Whether a cell says no more than a blank one, and none of its field's words."""
    text = cell if isinstance(cell, str) else ""
    return spellings().is_default(text) and spellings().word(place.subject, text, place.words) is None


def _says_none(cell: Any, place: Place, notes: _Notes) -> bool:
    """Whether a cell says that there is no URL; it is noted."""
    is_none = place.kind in ("url", "urls") and isinstance(cell, str) and spellings().is_none(cell)
    if is_none:
        notes.add("cell.none", name=place.name, content=_quoted(cell))
    return is_none


def read_urls(cell: str) -> tuple[Any, str | None]:
    """The URLs in a cell, and the note on how they were found; the text itself if it only looks like a JSON list.

    >>> read_urls("https://a.example/1.png https://a.example/2,3.png")
    (['https://a.example/1.png', 'https://a.example/2,3.png'], None)
    >>> read_urls("Image 1"), read_urls("Image 1 | Image 2")
    ((['Image 1'], None), (['Image 1', 'Image 2'], None))
    >>> read_urls("https://a.example/1.png,https://a.example/2.png")
    (['https://a.example/1.png', 'https://a.example/2.png'], 'cell.urls')
    >>> read_urls("cat.png (https://a.example/1.png),dog.png (https://a.example/2.png)")
    (['https://a.example/1.png', 'https://a.example/2.png'], 'cell.attachments')
    """
    cell = cell.strip()
    if cell.endswith(")"):  # as Airtable writes attachments, and Markdown links
        named = [_BEHIND_A_NAME.fullmatch(part) for part in _AFTER_A_BRACKET.split(cell)]
        if all(named):
            return [match[1] for match in named if match], "cell.attachments"
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell), None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return cell, None
    if urls.is_data_uri(cell):
        return [cell], None
    between = _BETWEEN_URLS if _URL.search(cell) else _BETWEEN_NAMES
    parts = [part for part in between.split(cell) if part]
    found = [url for part in parts for url in _COMMA_BEFORE_URL.split(part)]
    found = [*(url.rstrip(",;\uff0c\uff1b") for url in found[:-1]), *found[-1:]]
    if found == parts:
        return parts, None
    found = [url for url in found if url]
    return (found, "cell.urls") if all(map(urls.host, found)) else (parts, None)


def is_number(cell: Any) -> bool:
    """Whether a cell is read as a number of images, even one that is refused.

    >>> [is_number(cell) for cell in ("2", "2张", 7.0, 2.5, "#REF!", NoValue("=A1*2"), True)]
    [True, True, True, True, False, False, False]
    """
    value = _number(cell)
    return type(value) in (int, float) or (type(value) is str and spellings().number(value) is not None)


def _number(cell: Any) -> Any:
    """A number of images: an integer where the cell holds one in any form, else what the cell holds."""
    if isinstance(cell, float):
        number = cell if cell.is_integer() else float(f"{cell:.{DIGITS}g}")
        return int(number) if number.is_integer() else number
    if not isinstance(cell, str):
        return cell if isinstance(cell, (bool, int, float)) else text_of(cell)
    text = strip(narrow(cell))
    if _INTEGER.fullmatch(text):
        return int(text)
    if match := _DECIMAL.fullmatch(text):
        whole, decimals = match.groups()
        if decimals.strip("0"):
            return float(f"{whole}.{decimals}")
        return int(whole) if len(decimals) < _THOUSANDS else text
    return text


def _value(cell: Any, place: Place, notes: _Notes) -> Any:
    """What a cell means under a field."""
    if place.subject == "shape" and place.words:
        return _shape(cell, place, notes)
    if place.kind in ("word", "size"):
        return _word(text_of(cell), place, notes)
    if place.kind == "urls":
        return _images([cell], place.kind, notes)
    value = _READERS[place.kind](cell)
    return value if place.subject != "number" else _count(cell, value, place, notes)


def _count(cell: Any, value: Any, place: Place, notes: _Notes) -> Any:
    """A number of images, with a unit or in letters too; of a number that may be two the note says so."""
    if type(value) is not str:
        return value
    number = spellings().number(value)
    if number is not None:
        return _noted(notes, "cell.spelling", place.name, text_of(cell), number)
    if _DOUBTFUL.fullmatch(value):
        _noted(notes, "cell.no_number", place.name, text_of(cell), value)
    return value


def _shape(cell: Any, place: Place, notes: _Notes) -> str:
    """A shape as it is, or as it was before a spreadsheet or a hand touched it."""
    text, words = text_of(cell), place.words.values()
    if text in words or pixels(text):
        return text
    bare = strip(narrow(text))
    word = place.words.get(ascii_lower(bare))
    word = word or spellings().word(place.subject, bare, place.words, pixels=place.pixels)
    if word is not None:
        return _noted(notes, "cell.spelling", place.name, text, word)
    reading = read_ratio(cell, place.ratios)
    if reading.seen.endswith(f", so {bare}"):  # such as 7:5, of which there is no more to say
        return text
    return _noted(notes, reading.note, place.name, text, reading.ratio or text, reading.seen) if reading.note else text


def _size_of(width: str, height: str) -> str:
    """The size that the cells of two columns make."""
    texts = [strip(narrow(text)) for text in (width, height)]
    if not all(text.isdigit() for text in texts):
        return " x ".join(texts)
    return (":" if max(map(int, texts)) < SHORTEST else "x").join(texts)


def _word(text: str, place: Place, notes: _Notes) -> str:
    """A word of a field as the gateway spells it; any other text as it is."""
    bare = strip(narrow(text))
    own = place.words.get(ascii_lower(bare))
    word = own or spellings().word(place.subject, bare, place.words)
    if word is None or text == word or (place.any_case and own and text == bare):
        return text
    return _noted(notes, "cell.spelling", place.name, text, word)


def _images(cells: Sequence[Any], kind: Kind, notes: _Notes) -> Any:
    """The image URLs of a row: a list, one where the field takes one, or the text of a cell that can't be read so."""
    found: list[Any] = []
    for cell in cells:
        listed, note = read_urls(text_of(cell))
        if not isinstance(listed, list):
            return listed
        if note is not None:
            notes.add(note, count=len(listed))
        found.extend(listed)
    return found[0] if kind == "url" and len(found) == 1 else found


def _trimmed(cell: Any) -> str:
    return text_of(cell).strip()


def _switch(cell: Any) -> Any:
    """True or false, as a cell or as a word."""
    if isinstance(cell, bool):
        return cell
    return {"true": True, "false": False}.get(strip(text_of(cell)).lower(), text_of(cell))


def _json(cell: Any) -> Any:
    """A list or an object, where a cell holds one as JSON."""
    text = _trimmed(cell)
    if text.startswith(("[", "{")):
        with suppress(msgspec.MsgspecError, ValueError, RecursionError):
            return msgspec.json.decode(text)
    return text


_READERS: dict[Kind, Callable[[Any], Any]] = {
    "text": text_of,
    "integer": _number,
    "number": _number,
    "boolean": _switch,
    "url": _trimmed,
    "list": _json,
    "object": _json,
}


def _note_missing(cell: NoValue, place: Place, notes: _Notes) -> None:
    note = "cell.formula" if cell.is_formula else "cell.error"
    notes.add(note, name=place.name, content=_quoted(cell.text))


def _noted(notes: _Notes, note: str, name: str, text: str, value: _T, seen: str = "") -> _T:
    notes.add(note, name=name, content=_quoted(text), value=value, seen=seen)
    return value


def _quoted(text: str) -> str:
    return f'"{escape(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")}"'
