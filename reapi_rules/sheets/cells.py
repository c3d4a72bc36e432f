"""From the cells of a row to the body of a request, and a note wherever a cell is not taken letter for letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.terms.spelling import ascii_lower
from reapi_rules.engine.engine import stand_in
from reapi_rules.sheets.columns import Columns, column_names, letter
from reapi_rules.sheets.guard import unguard
from reapi_rules.sheets.repair import read_ratio, strip
from reapi_rules.terms import urls
from reapi_rules.terms.values import escape
from reapi_rules.terms.sizes import pixels, ratio

__all__ = ["Plan", "RowReader", "is_blank", "read_urls", "text_of"]

_BETWEEN_URLS = re.compile(r"[\s|]+")
_COMMA_BEFORE_URL = re.compile(r"[,;\uff0c\uff1b](?=https?://)", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"([+-]?[0-9]{1,18})(?:\.([0-9]{1,18})|,([0-9]{1,2}))")
_AROUND_X = re.compile(r" ?[xX] ?")
_SHOWN = 40
_SMALL = 100


class Plan(msgspec.Struct, frozen=True):
    """The request that a row plans: its body, notes on how cells were read, and what could not be read, by field."""

    body: dict[str, Any]
    notes: tuple[str, ...] = ()
    problems: Mapping[str, str] = {}


class RowReader:
    """Reads the rows of one sheet.

    >>> from reapi_rules.sheets.columns import find_columns
    >>> reader = RowReader(find_columns(["asset", "prompt", "size", "n"]))
    >>> reader.plan(["poster", "a fox", "16:09:00", "2"])
    Plan(body={'prompt': 'a fox', 'size': '16:9', 'n': 2}, \
notes=('cell.ratio: the size "16:09:00" is a ratio that a spreadsheet turned into the time 16:09: read as 16:9',), \
problems={})

    A blank cell is absent.  A sheet without a prompt column plans requests whose prompts are still to be written.
    """

    def __init__(self, columns: Columns, *, sheet: str = "", catalog: Catalog | None = None) -> None:
        catalog = catalog or built_in()
        self.columns = columns
        self._sheet = sheet
        words = (word for model in catalog.models.values() for word in model.ratios)
        self._ratios = tuple(dict.fromkeys(word for word in words if ratio(word)))
        self._words = _vocabulary(catalog)
        self._blank = {} if "prompt" in columns.fields else stand_in()

    def plan(self, cells: Sequence[Any], number: int = 0) -> Plan | None:
        """The request of a row; None for a row that leaves all the columns of a request blank."""
        body, notes, problems = dict[str, Any](), list[str](), dict[str, str]()
        for name, index in self.columns.fields.items():
            if index < len(cells) and not is_blank(cells[index]):
                cell = unguard(cells[index])
                if name == "size":
                    body[name] = self._size(cell, notes)
                    if not self._is_size(body[name]):
                        problems[name] = self._problem(cell, number, index)
                elif name in self._words:
                    body[name] = self._word(name, text_of(cell), notes)
                else:
                    body[name] = _READERS[name](cell)
        images = self._images(cells, notes)
        if self.columns.fields.get("n") in self.columns.references:  # a column "images" counts them or holds them
            if isinstance(body.get("n"), int):
                images = []
            else:
                body.pop("n", None)
        if images:
            body["image_urls"] = images
        return Plan({**self._blank, **body}, tuple(notes), problems) if body else None

    def has_known_words(self, body: Mapping[str, Any]) -> bool:
        """Whether a body holds nothing but known words and a small number, apart from its prompt and its URLs."""
        words = (ascii_lower(body[name]) in known for name, known in self._words.items() if name in body)
        return all(words) and isinstance(body.get("n", 1), int) and 0 < body.get("n", 1) < _SMALL

    def _size(self, cell: Any, notes: list[str]) -> str:
        """A size as it is, or as it was before a spreadsheet or a hand touched it."""
        text = text_of(cell)
        if text in self._words["size"].values() or pixels(text):
            return text
        bare = strip(unicodedata.normalize("NFKC", text))
        word = self._words["size"].get(ascii_lower(bare)) or _AROUND_X.sub("x", bare)
        if self._is_size(word):
            return _noted(notes, "cell.spelling", "size", text, word)
        reading = read_ratio(cell, self._ratios)
        if reading.ratio is None:
            return text
        is_spelling = reading.seen.startswith("the ratio")
        return _noted(
            notes, "cell.spelling" if is_spelling else "cell.ratio", "size", text, reading.ratio, reading.seen
        )

    def _is_size(self, word: str) -> bool:
        return word in self._words["size"].values() or pixels(word) is not None

    def _problem(self, cell: Any, number: int, index: int) -> str:
        sheet = f'sheet "{self._sheet}", ' if self._sheet else ""
        place = f"{sheet}row {number}, column {letter(index)} ({escape(self.columns.titles[index][:_SHOWN])})"
        return f"{place}: {_quoted(text_of(cell))} was understood as {read_ratio(cell, self._ratios).seen}"

    def _word(self, name: str, text: str, notes: list[str]) -> str:
        """One of the words of a field in the spelling that the gateway takes, where it is one of them at all."""
        words = self._words[name]
        bare = strip(unicodedata.normalize("NFKC", text))
        word = words.get(ascii_lower(bare))
        if word is None or text == word:
            return text
        if name == "resolution" and text == bare:
            return text  # the gateway takes it in any case
        return _noted(notes, "cell.spelling", name, text, word)

    def _images(self, cells: Sequence[Any], notes: list[str]) -> Any:
        """The image URLs of a row: a list, or the text of a cell that can't be read as one."""
        found: list[Any] = []
        for index in self.columns.references:
            if index < len(cells) and not is_blank(cells[index]):
                listed, is_at_commas = read_urls(text_of(unguard(cells[index])))
                if not isinstance(listed, list):
                    return listed
                if is_at_commas:
                    notes.append(_note("cell.urls", count=len(listed)))
                found.extend(listed)
        return found


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing but blanks.

    >>> is_blank(" \\u200b"), is_blank(None), is_blank(0)
    (True, True, False)
    """
    if isinstance(cell, str):
        return not cell or (not cell[0].isalnum() and not strip(cell))
    return cell is None


def text_of(cell: Any) -> str:
    """A cell as text, as a CSV of the sheet would have it.

    >>> text_of(2.0), text_of(True), text_of(time(16, 9))
    ('2', 'TRUE', '16:09:00')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(cell.days * 86_400 + cell.seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def read_urls(cell: str) -> tuple[Any, bool]:
    """The URLs in a cell, and whether they had to be told apart at commas; text that is no JSON list where it looks so.

    >>> read_urls("https://a.example/1.png https://a.example/2,3.png")
    (['https://a.example/1.png', 'https://a.example/2,3.png'], False)
    >>> read_urls("https://a.example/1.png,https://a.example/2.png")
    (['https://a.example/1.png', 'https://a.example/2.png'], True)
    """
    cell = cell.strip()
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell), False
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return cell, False
    if urls.is_data_uri(cell):
        return [cell], False
    parts = [part for part in _BETWEEN_URLS.split(cell) if part]
    found = [url for part in parts for url in _COMMA_BEFORE_URL.split(part)]
    found = [*(url.rstrip(",;\uff0c\uff1b") for url in found[:-1]), *found[-1:]]
    if found == parts:
        return parts, False
    found = [url for url in found if url]
    return (found, True) if all(map(urls.host, found)) else (parts, False)


def _number(cell: Any) -> Any:
    """A number of images: an integer where the cell holds one in any form, else what the cell holds."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if not isinstance(cell, str):
        return cell if isinstance(cell, (bool, int, float)) else text_of(cell)
    text = strip(unicodedata.normalize("NFKC", cell))
    if _INTEGER.fullmatch(text):
        return int(text)
    if match := _DECIMAL.fullmatch(text):
        decimals = match[2] or match[3]
        return int(match[1]) if not decimals.strip("0") else float(f"{match[1]}.{decimals}")
    return text


def _trimmed(cell: Any) -> str:
    return text_of(cell).strip()


_READERS = {"prompt": text_of, "n": _number, "mask_url": _trimmed}


def _vocabulary(catalog: Catalog) -> dict[str, dict[str, str]]:
    """The words of each field that takes words, of all models together, by their spelling in lower case."""
    words: dict[str, dict[str, str]] = {"model": {ascii_lower(name): name for name in catalog.models}}
    for model in catalog.models.values():
        for name in ("size", "resolution", "quality", "background", "moderation"):
            field: Any = getattr(model.fields, name)
            words.setdefault(name, {}).update({ascii_lower(word): word for word in (field.words if field else ())})
    return words


def _noted(notes: list[str], note: str, name: str, text: str, value: str, seen: str = "") -> str:
    notes.append(_note(note, name=name, content=_quoted(text), value=value, seen=seen))
    return value


def _note(note: str, **params: Any) -> str:
    return f"{note}: {column_names().notes[note].format_map(params)}"


def _quoted(text: str) -> str:
    return f'"{escape(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")}"'
