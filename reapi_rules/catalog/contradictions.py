"""What a model file may not say, because another part of it or the engine says otherwise.

The package's own files are looked at by its tests, and a caller's when they are loaded: 18 files take 3 milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from reapi_rules.catalog.models import ROLES, Condition, Constraint, Field, Model
from reapi_rules.catalog.types import type_of
from reapi_rules.terms.spelling import ascii_lower

__all__ = ["contradictions"]


def contradictions(model: Model) -> Iterator[str]:
    """What contradicts what in the file of a model, each with its place in the file."""
    file, fields = model.file, model.fields
    if not model.id.strip():
        yield "id: it is blank"
    if not all(map(str.strip, fields)):
        yield "fields: one of them has no name"
    if "model" in fields:
        yield 'fields.model: every model has it; the file\'s "id" says which one it is'
    for role in ROLES:
        if sum(field.role == role for field in fields.values()) > 1:
            yield f"fields: two of them have the role {role}"
    for name, field in fields.items():
        yield from (f"fields.{name}: {problem}" for problem in _field_contradictions(field, model))
    for constraint in file.constraints:
        yield from (
            f"constraints.{constraint.rule}: {problem}" for problem in _constraint_contradictions(constraint, model)
        )
    for word, tier in model.pixels:
        if word not in model.words("shape") or tier not in model.words("tier"):
            yield f'pixels: "{word}" at "{tier}" is not a shape at a tier'
    for tier in model.words("tier"):
        for word in model.shapes_at(tier):
            if model.pixels and word in model.ratios and (word, tier) not in model.pixels:
                yield f'pixels: "{word}" is allowed at "{tier}" and has no pixels there'
    yield from (f"price.{problem}" for problem in _price_contradictions(model))
    steps = [model.step(text) for text in file.order]
    for text, step in zip(file.order, steps):
        if step is None:
            yield f'order: "{text}" is neither a field nor a constraint'
    places = [step.place for step in steps if step is not None]
    needed: dict[Any, str] = {(name, False): name for name in fields} | {
        each.rule: each.rule for each in file.constraints
    }
    needed |= {(name, True): f"{name}.addresses" for name, field in fields.items() if field.has_addresses}
    for place, name in needed.items() if file.order else ():
        if place not in places:
            yield f"order: {name} is missing"
    known = {rule.id for rule in model.rules()} | {row.id for row in model.rules_file.rules}
    if unknown := sorted(set(file.certainties) - known):
        yield f"certainties: the model has no rule {unknown[0]}"


def _field_contradictions(field: Field, model: Model) -> Iterator[str]:
    kind = field.kind
    if field.role is not None and kind not in model.rules_file.roles[field.role]:
        yield f"a field of the kind {kind} can't have the role {field.role}"
    if kind == "size" and field.role != "shape":
        yield "a size has the role shape"
    if (kind in ("word", "size")) != bool(field.words):
        yield "a word or a size has words, and nothing else has"
    if len({ascii_lower(word) for word in field.choices}) < len(field.choices):
        yield "a word is there twice"
    if not all(map(str.strip, field.choices)):
        yield "a word is blank"
    if field.default is not msgspec.UNSET and field.words and field.default not in field.words:
        yield f'the default "{field.default}" is not one of its words'
    for name, least, most in (
        ("imum", field.minimum, field.maximum),
        ("_length", field.min_length, field.max_length),
        ("_items", field.min_items, field.max_items),
    ):
        check = "range" if name == "imum" else f"min{name}"
        if (least, most) != (None, None) and kind not in model.field_checks[check].kinds:
            yield f"a field of the kind {kind} has no {'min' if most is None else 'max'}{name}"
        if least is not None and most is not None and least > most:
            yield f"the min{name} is above the max{name}"
        if most == 0 and name != "imum":
            yield f"nothing has a max{name} of 0"
        if any(
            bound is not None and not (-(2**63) <= bound < 2**63 if name == "imum" else 0 <= bound < 2**63)
            for bound in (least, most)
        ):
            yield "a bound is not of ordinary size"
    try:
        if field.default not in (msgspec.UNSET, None):
            msgspec.convert(field.default, type_of(field))
    except msgspec.ValidationError as error:
        yield f"the default is not what the kind {kind} takes: {error}"
    for word in (*field.bills_as, *field.bills_as.values(), *field.downgraded):
        if word not in field.words:
            yield f'"{word}" is not one of its words'
    if chained := [word for word in field.bills_as.values() if word in field.bills_as]:
        yield f'"{chained[0]}" is billed as another word itself'
    if field.mirrors is not None and field.mirrors not in model.fields:
        yield f'the model has no field "{field.mirrors}" to mirror'
    for check in field.warns:
        if check not in model.checks(field) or check in ("type", "item_type"):
            yield f'there is no check "{check}" that could warn'
    for check in field.notes:
        if check not in model.field_checks:
            yield f'there is no check "{check}"'


def _constraint_contradictions(constraint: Constraint, model: Model) -> Iterator[str]:
    if unknown := [name for name in constraint.reads if name not in model.fields]:
        yield f'the model has no field "{unknown[0]}"'
        return
    if not constraint.rule.startswith(f"{constraint.blames}."):
        yield f"its rule begins with the field that it blames, {constraint.blames}"
    elif constraint.check is None:
        yield "its rule goes on with needs, not_with or required"
    if sum(each.rule == constraint.rule for each in model.file.constraints) > 1:
        yield "another constraint has the same rule"
    for part, conditions in (("when", constraint.when), ("then", constraint.then)):
        if not conditions and (part == "when" or constraint.check != "not_with"):
            yield f"{part}: it names no field"
        yield from _condition_contradictions(conditions or {}, model)


def _condition_contradictions(conditions: Mapping[str, Condition], model: Model) -> Iterator[str]:
    for name, condition in conditions.items():
        field = model.fields[name]
        if condition.given is None and condition.at_most is None and not condition.words:
            yield f"it does not say what {name} must be"
        if field.is_long and condition.words:
            yield f"{name} is of the kind {field.kind}: only whether it is given can be asked"
        elif not all(type(value) in _TYPES.get(field.kind, (str,)) for value in condition.words):
            yield f"{name} is of the kind {field.kind}: a value of another type is never equal"
        elif field.words and "unknown" not in field.warns and not set(condition.words) <= set(field.words):
            yield f"{name} has no such word"
        if condition.at_most is not None and field.kind != "integer":
            yield f"{name} is of the kind {field.kind} and not a number to be compared"


_TYPES: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float), "boolean": (bool,)}


def _price_contradictions(model: Model) -> Iterator[str]:
    price, fields = model.file.price, model.fields
    if not price.key or re.search("[{}]", model.cell(**dict.fromkeys(model.price_fields, "x"))):
        yield f'key: "{price.key}" is not the name of a cell, with fields in pairs of braces'
    if unknown := [name for name in model.price_fields if name not in fields or not fields[name].words]:
        yield f"key: {unknown[0]} is not a field with words"
        return
    is_by_shape = model.roles.get("shape") in model.price_fields
    if is_by_shape and not model.pixels:
        yield "key: a price by shape needs the pixels of each shape"
    read = {*model.price_fields, *((model.roles["tier"],) if is_by_shape and "tier" in model.roles else ())}
    for name in fields:
        field = fields[name]
        is_sure = field.default is not msgspec.UNSET and field.default_certain
        if name in read and not is_sure and (is_by_shape or field.role is None):
            yield f"key: the price depends on {name}, which needs a default that is certain"
    if price.images is not None and price.images not in fields:
        yield f'images: the model has no field "{price.images}"'
    elif price.images is not None:
        number = fields[price.images]
        is_bounded = number.minimum is not None and number.minimum >= 0 and number.maximum is not None
        if number.kind != "integer" or not is_bounded or "range" in number.warns:
            yield f"images: {price.images} is not an integer with a minimum of at least 0 and a maximum"
    for case in price.not_published_when:
        if unknown := [name for name in case if name not in fields]:
            yield f'not_published_when: the model has no field "{unknown[0]}"'
        else:
            yield from (f"not_published_when: {problem}" for problem in _condition_contradictions(case, model))
