"""The values of a body as a form has them, one text per field, as a schema says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reapi_rules.catalog.forms import form_file, form_rules
from reapi_rules.catalog.models import Condition, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms import patterns
from reapi_rules.forms.marks import Node, all_of, says
from reapi_rules.forms.reader import is_trimmed

__all__ = ["AsText"]

_MOST_NUMBERS = 1_000
_DIGITS = "-?[0-9]{1,18}"


class AsText:
    """Forms of text, for :func:`reapi_rules.forms.schema.form_schema`."""

    name = "form"
    title = "A form that asks for images"

    def model(self, ids: list[str], is_required: bool, rules: Mapping[str, Rule]) -> Node:
        node = _text(rules["model.type"])
        if is_required:
            says(node, (_like(patterns.FILLED), rules["model.required"]))
        return says(node, (_like(patterns.trimmed(patterns.one_of(ids))), rules["model.unknown"]))

    def names(self, id: str, or_none: bool) -> Node:
        return _like(patterns.trimmed(patterns.one_of([id]), may_be_blank=or_none))

    def field(self, name: str, field: Field, model: Model) -> Node:
        checks = _checks(field, model.rules_file.entries_looked_at)
        return says(_text(model.rule("type", name)), *((each, model.rule(check, name)) for each, check in checks))

    def meets(self, condition: Condition, field: Field, is_wanted: bool) -> Node | None:
        if condition.at_most is not None:
            return None  # a pattern does not compare numbers
        met, doubtful = all_of(_meets(condition, field)), _doubtful(field)
        if doubtful is None:
            return met
        return {"anyOf": [doubtful, met]} if is_wanted else {"allOf": [{"not": doubtful}, met]}


def _doubtful(field: Field) -> Node | None:
    """The texts of which a pattern can't say what they are: a list as JSON may be empty, others are in error."""
    if field.kind in ("urls", "list"):
        return _like(patterns.JSON_LIST)
    if field.kind in ("boolean", "integer"):
        return {"not": _like(patterns.trimmed(_switches() if field.kind == "boolean" else _DIGITS))}
    return None


def _text(rule: Rule) -> Node:
    not_text = {"not": _like(patterns.NOT_TEXT)}
    return says({}, ({"type": "string"}, rule), (not_text, form_rules()["form.characters"]))


def _like(pattern: str) -> Node:
    return {"type": "string", "pattern": pattern}


def _checks(field: Field, looked_at: int) -> Iterator[tuple[Node, str]]:
    """The keywords of a field, and the check that each encodes."""
    for pattern, check in _patterns(field, looked_at):
        yield {"pattern": pattern}, check
    if field.kind == "url":
        yield {"not": _like(f"^{patterns.BLANK}*{patterns.DATA_URI.removeprefix('^')}")}, "data_uri"
    if field.kind == "urls":
        line = _like(patterns.data_uri_line())
        yield (
            {"not": line if _is_bound(field) else {**line, "not": _like(patterns.filled_lines(looked_at + 1))}},
            "data_uri",
        )


def _patterns(field: Field, looked_at: int) -> Iterator[tuple[str, str]]:
    if field.required:
        yield patterns.FILLED, "required"
    if field.kind in ("word", "size"):
        words = (patterns.any_case if field.any_case else patterns.one_of)(field.words)
        yield patterns.trimmed(f"{words}|{patterns.PIXELS}" if field.pixel_strings else words), "unknown"
    elif field.kind == "text":
        yield from _lengths(field)
    elif field.kind == "integer":
        yield patterns.trimmed(_DIGITS), "type"
        if field.minimum is not None and field.maximum is not None and field.maximum - field.minimum < _MOST_NUMBERS:
            allowed = _numbers(range(field.minimum, field.maximum + 1))
            yield f"^(?!{patterns.trimmed(_DIGITS)[1:]})|{patterns.trimmed(allowed)}", "range"
    elif field.kind == "number":
        yield patterns.trimmed(rf"{_DIGITS}(?:\.[0-9]{{1,18}})?"), "type"
    elif field.kind == "boolean":
        yield patterns.trimmed(_switches()), "type"
    elif field.kind == "object":
        yield rf"^{patterns.BLANK}*(?:\{{|{patterns.END})", "type"
    elif field.kind == "url":
        yield f"{patterns.BLANK_ONLY}|^{patterns.url(patterns.BLANK)}", "not_http"
    elif field.kind == "urls":
        others = (
            patterns.JSON_LIST if _is_bound(field) else f"{patterns.JSON_LIST}|{patterns.filled_lines(looked_at + 1)}"
        )
        if field.max_items is not None:
            yield f"{patterns.JSON_LIST}|{patterns.filled_lines(0, field.max_items)}", "max_items"
        if field.min_items is not None:
            yield f"{patterns.BLANK_ONLY}|{patterns.JSON_LIST}|{patterns.filled_lines(field.min_items)}", "min_items"
        yield f"{others}|{patterns.url_lines()}", "not_http"


def _lengths(field: Field) -> Iterator[tuple[str, str]]:
    """The bounds of a text; a blank one is absent, however long."""
    if is_trimmed(field):
        if field.max_length is not None:
            yield patterns.trimmed_characters(field.max_length), "max_length"
        return
    if field.min_length is not None:
        yield f"{patterns.BLANK_ONLY}|{patterns.units(field.min_length, patterns.CHARACTER)}", "min_length"
    if field.max_length is not None:
        yield f"{patterns.BLANK_ONLY}|{patterns.characters(field.max_length)}", "max_length"


def _is_bound(field: Field) -> bool:
    """Whether a list that is longer than what is looked at is refused."""
    return field.max_items is not None and "max_items" not in field.warns


def _meets(condition: Condition, field: Field) -> Iterator[Node]:
    if condition.given is not None:
        yield _like(patterns.FILLED if condition.given else patterns.BLANK_ONLY)
    if condition.one_of is not None:
        yield _is_one_of(condition.one_of, field)
    if condition.none_of is not None:
        yield {"not": _is_one_of(condition.none_of, field)}


def _is_one_of(values: tuple[Any, ...], field: Field) -> Node:
    if field.kind == "boolean":
        words = patterns.any_case(text for text, value in form_file().switches.items() if value in values)
    elif field.kind == "integer":
        words = _numbers(values)
    else:
        words = (patterns.any_case if field.words and field.any_case else patterns.one_of)(values)
    return _like(patterns.trimmed(words, may_be_blank=False))


def _switches() -> str:
    return patterns.any_case(form_file().switches)


def _numbers(numbers: Iterable[int]) -> str:
    """Integers as digits, with zeros before them."""
    return "|".join("-?0+" if number == 0 else f"{'-' * (number < 0)}0*{abs(number)}" for number in numbers)
