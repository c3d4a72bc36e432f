"""Judge a request: everything that a model's file says of its fields, one by one and across, in the file's order.

The code knows kinds of fields and nothing of their names.  A verdict does not wait for words: ``wording`` makes
findings of faults.  Source: section "Validation errors" of the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from reapi_rules.catalog.models import Constraint, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.engine.body import is_short
from reapi_rules.terms import urls
from reapi_rules.terms.once import once
from reapi_rules.terms.sizes import is_pixels
from reapi_rules.terms.spelling import ascii_lower
from reapi_rules.terms.values import integer, is_mapping

__all__ = ["Fault", "judge", "normalised", "words_of"]

Given = Mapping[str, Any]
"""The fields that a body gives, with plain values."""


class Fault(msgspec.Struct, frozen=True):
    """A check that a field, or an entry of it, fails: an error, or a warning where the model's file says so.

    It holds nothing of the body, so that other bodies may have the same one.
    """

    rule: Rule
    check: str
    field: str
    index: int | None = None
    constraint: Constraint | None = None


def judge(given: Given, model: Model) -> tuple[Fault, ...]:
    """Every fault of a request under a model's file, in its order."""
    looks, constraints = _looks(model)
    found: dict[Any, list[Fault]] = {}
    for name in model.required:
        if given.get(name) is None or given[name] == "":
            found[name, False] = [Fault(model.rule("required", name), "required", name)]
    for name, value in given.items():
        if value is None or name not in looks:
            continue  # what is absent, which is faultless where it may be; the model's own name
        of_value, plain, is_absent_if_empty, has_addresses, _ = looks[name]
        kind = type(value)
        if plain and (kind is str or kind is int) and value in plain:
            continue  # a word, a small number
        if is_absent_if_empty and value == "":
            continue
        check = of_value(value)
        if check is not None:
            found[name, False] = [Fault(model.rule(check, name), check, name)]
        if has_addresses and not _are_plain(value) and (wrong := _in_addresses(name, value, model)):
            found[name, True] = [Fault(model.rule(check, name), check, name, index) for index, check in wrong]
    for constraint, needed, idle in constraints:
        value = given.get(needed)
        if needed and (value is None or (type(value) is str and value in idle)):
            continue
        if found and _reads_an_error(constraint, found):
            continue
        if constraint.is_broken(normalised(given, model)):
            rule = model.constraint_rule(constraint)
            found[constraint.rule] = [
                Fault(rule, rule.row.rpartition(".")[2], constraint.blames, constraint=constraint)
            ]
    if not found:
        return ()
    if len(found) == 1:
        return tuple(next(iter(found.values())))
    return tuple(fault for place in sorted(found, key=model.places.__getitem__) for fault in found[place])


def _reads_an_error(constraint: Constraint, found: Mapping[Any, Iterable[Fault]]) -> bool:
    """Whether a constraint reads a field in error, and so says nothing."""
    for faults in found.values():
        for fault in faults:
            if (
                fault.field in constraint.reads
                and fault.rule.level == "error"
                and fault.constraint is None
                and fault.check not in constraint.despite
            ):
                return True
    return False


def words_of(given: Given, model: Model) -> tuple[Any, ...] | None:
    """All that the faults of a request depend on: its words, and what is wrong with its texts and addresses.

    None where there is more than may be remembered.
    """
    looks, _ = _looks(model)
    words: list[Any] = [model.id, tuple(given)]
    for name, value in given.items():
        if name not in looks:
            continue
        of_value, plain, _, has_addresses, is_long = looks[name]
        kind = type(value)
        if is_long:
            words += of_value(value), None if value else kind  # of what is empty: "" is absent where {} is not
            if has_addresses and not _are_plain(value):
                words += _in_addresses(name, value, model)
        elif (kind is str or kind is int) and value in plain:
            words.append(value)
        elif is_short(value):
            words += kind, value  # since 1 equals True
        elif kind is list or kind is dict:
            words += kind, not value  # no word, whatever is in it
        else:
            return None
    return tuple(words)


def normalised(given: Given, model: Model) -> Mapping[str, Any]:
    """What constraints and prices read of a body: each field's value, words in the file's spelling, None for absent."""
    return _Normalised(given, model)


class _Normalised(dict[str, Any]):
    """Worked out field by field when it is asked for: most constraints look at one of theirs and no more."""

    def __init__(self, given: Given, model: Model) -> None:
        self._given, self._model = given, model

    def __missing__(self, name: str) -> Any:
        value = self._given.get(name)
        self[name] = value = None if value is None or value == "" or value == [] else _normal(name, value, self._model)
        return value


def _normal(name: str, value: Any, model: Model) -> Any:
    if name in model.spellings and type(value) is str:
        word = model.word(name, value)
        return model.condition_words.get(name, {}).get(ascii_lower(value), value) if word is None else word
    return integer(value) if type(value) is float and model.fields[name].kind == "integer" else value


def _are_plain(addresses: Any) -> bool:
    """Whether there is nothing to find among addresses, at first sight."""
    try:
        return urls.are_plainly_http(addresses if type(addresses) is list else [addresses])
    except Exception:  # one is no text, and may raise anything where it is compared
        return False


def _in_addresses(name: str, value: Any, model: Model) -> list[tuple[int | None, str]]:
    """What is wrong with the URL of a field, or with which entries of a list of URLs that are looked at."""
    kind = model.fields[name].kind
    if type(value) is str and kind == "url":
        entries: Iterable[tuple[int | None, Any]] = [(None, value)]
    elif type(value) is list and kind == "urls":
        entries = enumerate(value[: model.rules_file.entries_looked_at])
    else:
        return []
    return [
        (index, check)
        for index, entry in entries
        if (check := urls.fault(entry) if type(entry) is str else "item_type") is not None
    ]


Check: TypeAlias = Callable[[Any], str | None]
"""The check that a value fails; one finding per field and cause."""


_Look: TypeAlias = tuple[Check, frozenset[str | int], bool, bool, bool]
"""How a field is looked at: its check, values that need none, whether empty is absent, has it addresses, is it long."""
_Needs: TypeAlias = tuple[Constraint, str, frozenset[str]]
"""A constraint, a field without which it says nothing, if there is one, and the words with which it says nothing."""


@once
def _looks(model: Model) -> tuple[dict[str, _Look], tuple[_Needs, ...]]:
    """How each field of a model is looked at, and what is across fields, by what its file says."""
    fields = {
        name: (
            _KINDS[field.kind](field, model.spellings.get(name, {})),
            frozenset(_plain(field, model.spellings.get(name, {}))),
            field.required or field.kind == "url",
            field.has_addresses,
            field.is_long,
        )
        for name, field in model.fields.items()
    }
    return fields, tuple((each, each.needs or "", _idle(each, model)) for each in model.file.constraints)


def _idle(constraint: Constraint, model: Model) -> frozenset[str]:
    """The words of the field that a constraint needs with which it says nothing: most bodies hold one of them."""
    name = constraint.needs
    if name is None:
        return frozenset()
    spellings = model.spellings.get(name, {}).items()
    return frozenset(text for text, word in spellings if not constraint.when[name].holds(word))


def _plain(field: Field, spellings: Mapping[str, str]) -> Iterator[str | int]:
    """Values that need no check: words, and numbers within narrow bounds; none of a text, which takes long to hash."""
    yield from spellings
    if field.kind == "integer" and field.minimum is not None and field.maximum is not None:
        yield from range(field.minimum, min(field.maximum, field.minimum + _FEW) + 1)


_FEW = 100


def _text(field: Field, _: Any) -> Check:
    least, most = field.min_length or 0, math.inf if field.max_length is None else field.max_length

    def check(value: Any) -> str | None:
        if type(value) is not str:
            return "type"
        if len(value) > most:
            return "max_length"
        return "min_length" if len(value) < least and utf16_length(value) < least else None

    return check


def _word(field: Field, spellings: Mapping[str, str]) -> Check:
    def check(value: Any) -> str | None:
        if type(value) is not str:
            return "type"
        if value in spellings or (field.any_case and ascii_lower(value) in spellings):
            return None
        return None if field.pixel_strings and is_pixels(value) else "unknown"

    return check


def _number(field: Field, _: Any) -> Check:
    least = -math.inf if field.minimum is None else field.minimum
    most = math.inf if field.maximum is None else field.maximum

    def check(value: Any) -> str | None:
        if field.kind == "integer":
            value = integer(value)
        if type(value) not in _NUMBERS or value != value:
            return "type"
        return None if least <= value <= most else "range"

    return check


def _urls(field: Field, _: Any) -> Check:
    least, most = field.min_items or 0, math.inf if field.max_items is None else field.max_items

    def check(value: Any) -> str | None:
        if type(value) is not list:
            return "type"
        return "max_items" if len(value) > most else "min_items" if len(value) < least else None

    return check


def _of_type(kind: type) -> Callable[[Field, Any], Check]:
    return lambda field, _: lambda value: None if issubclass(type(value), kind) else "type"


_NUMBERS = (int, float)
_KINDS: dict[str, Callable[[Field, Any], Check]] = {
    "text": _text,
    "word": _word,
    "size": _word,
    "integer": _number,
    "number": _number,
    "boolean": _of_type(bool),
    "url": _of_type(str),
    "urls": _urls,
    "list": _of_type(list),
    "object": lambda field, _: lambda value: None if is_mapping(type(value)) else "type",
}
"""What makes the check of a field, by its kind."""


def utf16_length(text: str) -> int:
    """The number of UTF-16 units, as JavaScript counts the length of a text.

    >>> utf16_length("a\\U0001f98a")
    3
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
