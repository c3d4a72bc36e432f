"""A body as a form has it, one text per field, as its schema says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from reapi_rules.catalog.forms import form_file, form_rules
from reapi_rules.catalog.models import Condition, Field
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms import patterns
from reapi_rules.forms.patterns import BLANK, BLANK_ONLY, FILLED, JSON_LIST, filled_lines, trimmed
from reapi_rules.forms.reader import is_trimmed
from reapi_rules.forms.writing import Node, Said, Writing, is_open

__all__ = ["AS_TEXT"]

_MOST_NUMBERS = 1_000
_DIGITS = "-?[0-9]{1,1000}"  # no more fit into a pattern everywhere


def _plain(field: Field) -> list[Node]:
    return [{"enum": list(field.choices)}, {"type": "string"}] if field.choices else [{"type": "string"}]


def _checks(field: Field, rule: Callable[[str], Rule], looked_at: int) -> Iterator[Said]:
    yield {"type": "string"}, rule("type")
    yield {"not": _like(patterns.NOT_TEXT)}, form_rules()["form.characters"]
    if field.required:
        yield {"pattern": FILLED}, rule("required")
    for pattern, check in _patterns(field, looked_at):
        yield {"pattern": pattern}, rule(check)
    if field.kind == "url":
        yield {"not": _like(f"^{BLANK}*(?!{BLANK}){patterns.DATA_URI.removeprefix('^')}")}, rule("data_uri")
    elif field.kind == "urls":
        short = {"not": _like(filled_lines(looked_at + 1))} if is_open(field) else {}
        yield {"not": {**_like(patterns.DATA_URI_LINE), **short}}, rule("data_uri")


def _given(is_given: bool) -> Node:
    return _like(FILLED if is_given else BLANK_ONLY)


def _one_of(values: tuple[Any, ...], field: Field) -> Node:
    if field.kind == "boolean":
        words = patterns.any_case(text for text, value in form_file().switches.items() if value in values)
    elif field.kind == "integer":
        words = _numbers(values)
    else:
        words = (patterns.any_case if field.words and field.any_case else patterns.one_of)(values)
    return _like(trimmed(words, may_be_blank=False))


def _in_doubt(condition: Condition, field: Field) -> Node | bool:
    if condition.at_most is not None:
        return True  # a pattern does not compare
    if field.kind in ("urls", "list"):
        return _like(JSON_LIST)  # it may be empty
    if field.kind in ("boolean", "integer"):
        return {"not": _like(trimmed(_switches() if field.kind == "boolean" else _DIGITS))}
    return False


def _like(pattern: str) -> Node:
    return {"type": "string", "pattern": pattern}


def _patterns(field: Field, looked_at: int) -> Iterator[tuple[str, str]]:
    if field.kind in ("word", "size"):
        yield trimmed(patterns.words(field)), "unknown"
    elif field.kind == "text":  # a blank one is absent, however long
        is_whole = not is_trimmed(field)
        if field.min_length is not None and is_whole:
            yield f"{BLANK_ONLY}|{patterns.units(field.min_length, patterns.CHARACTER)}", "min_length"
        if field.max_length is not None:
            yield f"{BLANK_ONLY}|{patterns.characters(field.max_length, is_trimmed=not is_whole)}", "max_length"
    elif field.kind == "integer":
        yield trimmed(_DIGITS), "type"
        if field.minimum is not None and field.maximum is not None and field.maximum - field.minimum < _MOST_NUMBERS:
            allowed = _numbers(range(field.minimum, field.maximum + 1))
            yield f"^(?!{trimmed(_DIGITS)[1:]})|{trimmed(allowed)}", "range"
    elif field.kind == "number":
        yield trimmed(rf"{_DIGITS}|-?[0-9]{{1,18}}\.[0-9]{{1,18}}"), "type"
    elif field.kind == "boolean":
        yield trimmed(_switches()), "type"
    elif field.kind == "object":
        yield rf"^{BLANK}*(?:\{{|{patterns.END})", "type"
    elif field.kind == "url":
        yield f"{BLANK_ONLY}|^{patterns.url(BLANK)}", "not_http"
    elif field.kind == "urls":
        if field.max_items is not None:
            yield f"{JSON_LIST}|{filled_lines(0, field.max_items)}", "max_items"
        if field.min_items is not None:
            yield f"{BLANK_ONLY}|{JSON_LIST}|{filled_lines(field.min_items)}", "min_items"
        long = f"|{filled_lines(looked_at + 1)}" if is_open(field) else ""
        yield f"{JSON_LIST}{long}|{patterns.URL_LINES}", "not_http"


def _switches() -> str:
    return patterns.any_case(form_file().switches)


def _numbers(numbers: Iterable[int]) -> str:
    """Integers as digits, with zeros before them."""
    return "|".join("-?0+" if number == 0 else f"{'-' * (number < 0)}0*{abs(number)}" for number in numbers)


AS_TEXT = Writing("form", "A form that asks for images", _plain, _checks, _given, _one_of, _in_doubt)
