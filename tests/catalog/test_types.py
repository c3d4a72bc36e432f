"""The types that are made from model files, asked by themselves: what they don't take the plain rules judge as well."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import PRICED, ROLES, Field, Model
from reapi_rules.catalog.types import Types
from reapi_rules.engine.engine import stand_in

TYPES, MODELS = built_in().types, built_in().models
of_every_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.id)


def decoded(body: Any) -> Any:
    try:
        return TYPES.decode(json.dumps(body))
    except msgspec.MsgspecError:
        return None


def beyond(field: Field) -> Any:
    """A value of the right JSON type that the field does not take; None where there is none."""
    if field.kind in ("integer", "number"):
        return None if field.maximum is None else field.maximum + 1
    if field.kind == "urls":
        return None if field.max_items is None else ["https://example.com/a.png"] * (field.max_items + 1)
    if field.kind == "text":
        return None if field.max_length is None else "a" * (field.max_length + 1)
    return "no such word" if field.kind == "word" else None


@of_every_model
def test_the_least_body_is_of_its_model(model: Model) -> None:
    body = stand_in(model)
    assert type(decoded(body)) is TYPES.of[model.id]
    assert MODELS[type(decoded(body)).__struct_config__.tag] is model
    assert decoded({**body, "model": "no such model"}) is None
    assert type(TYPES.decode_alone(model.id)(json.dumps({**body, "model": model.id}))) is TYPES.of[model.id]
    assert type(msgspec.convert(body, TYPES.of[model.id])) is TYPES.of[model.id]


@of_every_model
def test_what_is_beyond_a_field_is_not_decoded(model: Model) -> None:
    for name, field in model.fields.items():
        if (value := beyond(field)) is not None:
            is_looked_up = field.role == "number"
            assert (decoded({**stand_in(model), name: value}) is not None) is is_looked_up, name
        if field.kind == "word":
            is_looked_up = field.role in PRICED
            assert (decoded({**stand_in(model), name: 2}) is not None) is is_looked_up, name
        if field.required:
            assert decoded({key: value for key, value in stand_in(model).items() if key != name}) is None, name
        else:
            assert decoded({**stand_in(model), name: None}) is not None, name


@of_every_model
def test_each_attribute_has_the_name_of_its_role(model: Model) -> None:
    body = stand_in(model, tier=model.words("tier")[0] if "tier" in model.roles else None)
    values = decoded(body)
    for role, name in model.roles.items():
        assert getattr(values, role) == body.get(name, msgspec.UNSET), role
    for role in set(ROLES) - model.roles.keys():
        assert getattr(values, role) is msgspec.UNSET, role


@of_every_model
def test_what_conversion_takes_too_much_of_is_named(model: Model) -> None:
    """``msgspec.convert`` takes subclasses of text, sets for lists, and more for a number than JSON has."""
    loose = TYPES.of[model.id].loose  # type: ignore[attr-defined]
    for name, field in model.fields.items():
        is_text = field.kind in ("text", "size", "url")
        is_seen = is_text and field.role in ("prompt", "shape", "mask")
        assert (name in loose) is ((is_text or field.kind in ("urls", "number", "list", "object")) and not is_seen), (
            name
        )


@of_every_model
def test_what_a_mapping_holds_that_must_be_copied(model: Model) -> None:
    body = stand_in(model)
    assert not model.is_deep(body)
    assert not model.is_deep({**body, "unknown": 1}) or model.file.sends_unknown_fields
    assert model.is_deep({**body, "unknown": [1]})
    assert model.is_deep({**body, "unknown": 1, "another": {}})
    for name, field in model.fields.items():
        assert model.is_deep({**body, name: []}) is (field.kind in ("list", "object")), name
        assert (name in model.flat) is (field.kind not in ("list", "object")), name


def test_what_is_read_of_a_body_whatever_it_holds() -> None:
    """The model alone, the fields of one model, or those of all of them; nothing is judged."""
    types = Types(MODELS.values())
    text = '{"prompt": 1, "model": {}, "n": "x", "input_urls": 2, "zz": 3}'
    assert types.decode_model(text) == {"model": {}}
    assert types.decode_loosely("flux-2")(text) == {"prompt": 1, "model": {}, "input_urls": 2}
    assert types.decode_loosely(None)(text) == {"prompt": 1, "model": {}, "n": "x", "input_urls": 2}


def test_what_was_decoded_stays_as_it_is() -> None:
    values = Types(MODELS.values()).decode(json.dumps(stand_in(MODELS["flux-2"])))
    with pytest.raises(AttributeError, match="immutable"):
        values.shape = "1:1"
