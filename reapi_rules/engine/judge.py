"""Judge a request: everything that a model's file says of its fields, one by one and across, in the file's order.

The code knows kinds of fields and nothing of their names.  A verdict does not wait for words: ``wording`` makes
findings of faults.  Source: section "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from reapi_rules.catalog.models import Constraint, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.terms import urls
from reapi_rules.terms.sizes import is_pixels
from reapi_rules.terms.spelling import ascii_lower
from reapi_rules.terms.values import integer

__all__ = ["Fault", "judge", "normalised"]

Given = Mapping[str, Any]
"""The fields that a body gives, with plain values."""

_ABSENT: tuple[Any, ...] = (None, "", [])


class Fault(msgspec.Struct, frozen=True):
    """A check that a field, or an entry of it, fails: an error, or a warning where the model's file says so."""

    rule: Rule
    check: str
    field: str
    value: Any
    index: int | None = None
    constraint: Constraint | None = None


def judge(given: Given, model: Model) -> tuple[Fault, ...]:
    """Every fault of a request under a model's file, in its order."""
    found: dict[Any, list[Fault]] = {}
    for name in model.required:
        if given.get(name) in (None, ""):
            found[name, False] = [Fault(model.rule("required", name), "required", name, given.get(name))]
    for name, value in given.items():
        field = model.fields.get(name)
        if field is None or value is None or (value == "" and (field.required or field.kind == "url")):
            continue  # the model's own name; or what is absent, which is faultless where it may be
        check = _CHECKS[field.kind](value, field, name, model)
        if check is not None:
            found[name, False] = [Fault(model.rule(check, name), check, name, value)]
        if field.has_addresses and (faults := list(_in_addresses(name, value, model))):
            found[name, True] = faults
    if model.file.constraints:
        _across(given, model, found)
    if not found:
        return ()
    order = (
        (step.field, step.is_of_addresses) if step.constraint is None else step.constraint.rule for step in model.steps
    )
    return tuple(fault for place in order for fault in found.get(place, ()))


def _across(given: Given, model: Model, found: dict[Any, list[Fault]]) -> None:
    """Add the constraints that are broken, but for those that read a field in error."""
    values = normalised(given, model)
    wrong = [(fault.field, fault.check) for faults in found.values() for fault in faults if fault.rule.level == "error"]
    for constraint in model.file.constraints:
        if not _is_silent(constraint, wrong) and constraint.is_broken(values):
            rule, name = model.constraint_rule(constraint), constraint.blames
            check = rule.row.rpartition(".")[2]
            found[constraint.rule] = [Fault(rule, check, name, given.get(name), constraint=constraint)]


def _is_silent(constraint: Constraint, wrong: list[tuple[str, str]]) -> bool:
    """Whether a field that it reads is in error."""
    return any(field in constraint.reads and check not in constraint.despite for field, check in wrong)


def normalised(given: Given, model: Model) -> dict[str, Any]:
    """The values of the fields that constraints and prices read, where they are given; words in the file's spelling."""
    return {
        name: _normal(name, value, model)
        for name in model.read_across
        if (value := given.get(name)) is not None and value not in _ABSENT
    }


def _normal(name: str, value: Any, model: Model) -> Any:
    field = model.fields[name]
    if field.kind == "integer":
        number = integer(value)
        return value if number is None else number
    if field.words and type(value) is str:
        word = model.word(name, value)
        return model.condition_words.get(name, {}).get(ascii_lower(value), value) if word is None else word
    return value


def _in_addresses(name: str, value: Any, model: Model) -> Iterator[Fault]:
    """What is wrong with the URL of a field, or with the entries of a list of URLs that are looked at."""
    if type(value) is str and model.fields[name].kind == "url":
        fault = urls.fault(value)
        if fault is not None:
            yield Fault(model.rule(fault, name), fault, name, value)
    elif type(value) is list and model.fields[name].kind == "urls":
        for index, entry in enumerate(value[: model.rules_file.entries_looked_at]):
            if check := "item_type" if type(entry) is not str else urls.fault(entry):
                yield Fault(model.rule(check, name), check, name, entry, index)


def _check_text(value: Any, field: Field, name: str, model: Model) -> str | None:
    if type(value) is not str:
        return "type"
    if field.max_length is not None and len(value) > field.max_length:
        return "max_length"
    if field.min_length is not None and len(value) < field.min_length and utf16_length(value) < field.min_length:
        return "min_length"
    return None


def _check_word(value: Any, field: Field, name: str, model: Model) -> str | None:
    if type(value) is not str:
        return "type"
    is_known = model.word(name, value) is not None or (field.pixel_strings and is_pixels(value))
    return None if is_known else "unknown"


def _check_integer(value: Any, field: Field, name: str, model: Model) -> str | None:
    number = integer(value)
    return "type" if number is None else _check_range(number, field)


def _check_number(value: Any, field: Field, name: str, model: Model) -> str | None:
    if type(value) not in (int, float) or value != value:
        return "type"
    return _check_range(value, field)


def _check_range(number: Any, field: Field) -> str | None:
    is_in = (field.minimum is None or field.minimum <= number) and (field.maximum is None or number <= field.maximum)
    return None if is_in else "range"


def _check_urls(value: Any, field: Field, name: str, model: Model) -> str | None:
    if type(value) is not list:
        return "type"
    if field.max_items is not None and len(value) > field.max_items:
        return "max_items"
    return "min_items" if field.min_items is not None and len(value) < field.min_items else None


def _check_type(kind: type) -> Callable[[Any, Field, str, Model], str | None]:
    return lambda value, *_: None if issubclass(type(value), kind) else "type"


_CHECKS: dict[str, Callable[[Any, Field, str, Model], str | None]] = {
    "text": _check_text,
    "word": _check_word,
    "size": _check_word,
    "integer": _check_integer,
    "number": _check_number,
    "boolean": _check_type(bool),
    "url": _check_type(str),
    "urls": _check_urls,
    "list": _check_type(list),
    "object": _check_type(Mapping),
}
"""By the kind of a field the check that a value fails; one finding per field and cause."""


def utf16_length(text: str) -> int:
    """The number of UTF-16 units, as JavaScript counts the length of a text.

    >>> utf16_length("a\\U0001f98a")
    3
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
