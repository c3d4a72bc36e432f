"""How the words of a request may be spelt in a self-calculating workbook: what the reader of sheets reads as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.models import Model, Role
from reapi_rules.catalog.spellings import orientation_of, spellings
from reapi_rules.engine.engine import Engine
from reapi_rules.sheets.live.lookup import most_images
from reapi_rules.sheets.meaning.cells import RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import Columns

__all__ = ["numbers_spelt", "words_spelt"]

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_WIDE_DIGITS = {code: _WIDE[code] for code in range(0x30, 0x3A)}


def words_spelt(models: Sequence[Model], role: Role, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Each spelling of a word of a role, in small letters, and the word; nothing for what says no more than a blank.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> found = dict(words_spelt(tuple(built_in().models.values()), "quality", built_in()))
    >>> found["high"], found["ｈｉｇｈ"], found["高"], found.get("-")
    ('high', 'high', 'high', None)
    """
    taken, options = set[str](spellings().defaults), RowOptions(engine=Engine(catalog=catalog))
    yield from ((text, "") for text in sorted(taken))
    for model in models:
        if role not in model.roles or not model.words(role):
            continue
        reader = RowReader(Columns(titles=("model", role), fields={"model": 0, role: 1}), options)
        name = model.roles[role]
        for word in model.words(role):
            cells = [edges for (shape, _), edges in model.pixels.items() if (role, shape) == ("shape", word)]
            for text in (*_spelt(role, word), *(f"{word}{gap}({w}x{h})" for w, h in cells for gap in ("", " "))):
                key = text.casefold()
                plan = None if key in taken else reader.plan([model.id, text])
                if plan is not None and str(plan.body.get(name, "")).lower() == word.lower():
                    taken.add(key)
                    yield key, word


def numbers_spelt(models: Sequence[Model], catalog: Catalog) -> Iterator[tuple[str, int]]:
    """Each spelling of a number of images, and the number."""
    reader = RowReader(Columns(titles=("n",), fields={"number": 0}), RowOptions(engine=Engine(catalog=catalog)))
    known = spellings()
    for number in range(max(map(most_images, models)) + 1):
        plain = str(number)
        texts = [form.format(plain) for form in ("{}", "+{}", "{}.0", "{},0", "x{}", "{}x", "×{}", "{}×")]
        texts.append(plain.translate(_WIDE))
        texts += (f"{plain}{gap}{unit}" for unit in sorted(known.units) if unit.isalpha() for gap in ("", " "))
        words = [text for text, meant in known.numbers.items() if meant == number]
        texts += words
        texts += (f"{text}{unit}" for text in words for unit in sorted(known.units) if len(text) == len(unit) == 1)
        for text in dict.fromkeys(texts):
            plan = reader.plan([text])
            values = [] if plan is None else [*plan.body.values()]
            if values == [number] and type(values[0]) is int:
                yield text.casefold(), number


def _spelt(role: Role, word: str) -> Iterator[str]:
    yield word
    yield word.translate(_WIDE)
    yield word.translate(_WIDE_DIGITS)
    yield from (text for text, meant in spellings().words.get(role, {}).items() if meant == word.lower())
    labelled = labels().options.get(role, {}).get(word.lower(), {}).get("zh", "")
    for beside in (labelled, "default", "默认"):
        yield from (f"{word}{form}" for form in (f" / {beside}", f" ({beside})", f"({beside})", f"（{beside}）"))
    width, colon, height = word.partition(":")
    if role == "shape" and colon and width.isdigit() and height.isdigit():
        yield f"{width}：{height}"
        yield f"{width} : {height}"
        yield f"{width}×{height}"
        yield from _as_times(int(width), int(height))
        for beside in spellings().saying(orientation_of(word)):
            pairs = ((word, beside), (beside, word), (beside, f"({word})"))
            yield from (f"{first}{gap}{second}" for first, second in pairs for gap in ("", " "))
    if role == "tier":
        for beside in ("分辨率", *spellings().saying(word.lower())):
            yield from (f"{word} {beside}", f"{word} ({beside})")
        yield f"{word[:-1]} {word[-1:]}"


def _as_times(hour: int, minute: int) -> Iterator[str]:
    """What a spreadsheet makes of a ratio: minutes, and times of day."""
    yield str(hour * 60 + minute)
    for seconds in ("", ":00"):
        yield f"{hour}:{minute:02}{seconds}"
        yield f"{hour:02}:{minute:02}{seconds}"
        for half in ("AM", "PM"):
            yield f"{(hour - 1) % 12 + 1}:{minute:02}{seconds} {half}"
            yield f"{(hour - 1) % 12 + 1:02}:{minute:02}{seconds} {half}"
