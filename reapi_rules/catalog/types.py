"""Types made from the model files, so that msgspec's decoder checks words, bounds and JSON types while it reads.

A body that decodes as the type of its model has no fault in any single field but in its URLs, and in what is looked up
anyway: size, resolution, quality and n may be of another kind or out of bounds.  One that doesn't decode may still be
right (``2.0`` for 2, a repeated key): then the plain rules decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import product
from operator import or_
from typing import Annotated, Any, Literal, TypedDict, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reapi_rules.catalog.models import PRICED, ROLES, Field, Model
from reapi_rules.terms.once import LOCK, once_an_object

__all__ = ["Types", "type_of"]

_MOST_SPELLINGS = 64


class Types:
    """The types of a catalog's models, and the decoders for them."""

    def __init__(self, models: Iterable[Model]) -> None:
        self.models: dict[str, Model] = {model.id: model for model in models}
        self._loose: dict[str | None, Any] = {}
        self.decode_model: Any = _loosely(["model"])
        self._alone: dict[tuple[str, bool], Any] = {}

    @once_an_object
    def of(self) -> dict[str, type[msgspec.Struct]]:
        """The type of each model's bodies; to make them all takes as long as to answer the first question without."""
        return {id: _typed(model) for id, model in self.models.items()}

    @once_an_object
    def strict(self) -> dict[str, type[msgspec.Struct]]:
        """The same types for bodies without other keys, lists and objects: what they take was read, and is not deep."""
        return {id: _typed(model, is_strict=True) for id, model in self.models.items()}

    @once_an_object
    def decode(self) -> Callable[[Any], Any]:
        """The decoder for all models."""
        return msgspec.json.Decoder(reduce(or_, self.of.values())).decode

    @once_an_object
    def decode_strictly(self) -> Callable[[Any], Any]:
        """The decoder for all models that refuses unknown keys."""
        return msgspec.json.Decoder(reduce(or_, self.strict.values())).decode

    def decode_alone(self, id: str, is_strict: bool = False) -> Any:
        """The decoder for one model, whose id a body may leave out."""
        key = id, is_strict
        if key not in self._alone:
            with LOCK:
                self._alone[key] = msgspec.json.Decoder((self.strict if is_strict else self.of)[id]).decode
        return self._alone[key]

    def decode_loosely(self, id: str | None) -> Any:
        """The decoder that takes any value for the fields of a model; without a model for those of all of them."""
        if id not in self._loose:
            models = self.models.values() if id is None else [self.models[id]]
            self._loose[id] = _loosely(name for model in models for name in ("model", *model.fields))
        return self._loose[id]


def _loosely(names: Iterable[str]) -> Any:
    """A decoder of objects that gives some of their keys as a dictionary, and does not read the others."""
    with LOCK:
        return msgspec.json.Decoder(TypedDict("Fields", dict.fromkeys(names, Any), total=False)).decode  # type: ignore[operator]


def _typed(model: Model, is_strict: bool = False) -> type[msgspec.Struct]:
    """The type of a model's bodies.

    A field's attribute has the name of its role, so that one look serves every model, and UNSET means a role that
    the model lacks.  ``others`` are the attributes without a role that a verdict or a price depends on, whether what
    they hold has an end, and whether that is addresses; ``loose`` the fields, but for the three texts with a role, of
    which ``msgspec.convert`` takes more than JSON has; what has a closed type has no other keys.
    """
    names = {name: field.role or f"_{place}" for place, (name, field) in enumerate(model.fields.items())}
    fields: list[Any] = []
    for name, field in model.fields.items():
        if is_strict and name not in model.flat:
            continue
        kind = _looked_up(field) if field.role in PRICED else type_of(field)
        # with two | it takes twice as long
        optional: Any = Union[kind, None, UnsetType]  # noqa: UP007
        fields.append((names[name], kind) if field.required else (names[name], optional, UNSET))
    others = [
        (names[name], not field.is_long, field.has_addresses)
        for name, field in model.fields.items()
        if field.role not in _SEEN and (name in model.read_across or name in model.price_fields or field.has_addresses)
    ]
    made = msgspec.defstruct(
        model.id,
        fields,
        tag_field="model",
        tag=model.id,
        rename={attribute: name for name, attribute in names.items()},
        namespace={
            **dict.fromkeys({*ROLES, *names.values()} - {attribute for attribute, *_ in fields}, UNSET),
            "others": tuple(others),
            "is_closed": is_strict,
            "loose": tuple(
                name
                for name, field in model.fields.items()
                if field.kind in _LOOSE or (field.kind in _TEXTS and field.role not in ("prompt", "shape", "mask"))
            ),
        },
        forbid_unknown_fields=is_strict,
        frozen=True,
        gc=False,
        kw_only=True,
        eq=False,
    )
    msgspec.json.Decoder(made)  # it completes a type at first use, where two threads can crash: here only one makes it
    return made


_TEXTS = ("text", "size", "url")
_LOOSE = ("urls", "number", "list", "object")
_SEEN = (*PRICED, "references", "mask")


def type_of(field: Field) -> Any:
    """The type of a field's value."""
    if field.kind == "word":
        return Literal[tuple(_spellings(field))]
    if field.kind == "text":
        # no text has fewer UTF-16 units than characters: what is long enough in these is long enough
        least = max(field.min_length or 0, int(field.required)) or None
        return Annotated[str, Meta(min_length=least, max_length=field.max_length)]
    if field.kind in ("integer", "number"):
        bounds = Meta(ge=field.minimum, le=field.maximum)
        return Annotated[int, bounds] if field.kind == "integer" else Annotated[int, bounds] | Annotated[float, bounds]
    if field.kind == "urls":
        return Annotated[list[str], Meta(min_length=field.min_items, max_length=field.max_items)]
    return _OTHERS[field.kind]


def _looked_up(field: Field) -> Any:
    """The type of what is looked up among the words that were met, mistakes included: it need not be right.

    To take every text for a word would make each of them a new object, which takes longer than to find it.
    """
    if field.kind == "word":
        return Literal[tuple(_spellings(field))] | int
    return int if field.kind == "integer" else type_of(field)


_OTHERS: dict[str, Any] = {"size": str, "boolean": bool, "url": str, "list": list[Any], "object": dict[str, Any]}


def _spellings(field: Field) -> Iterator[str]:
    """The words, and where their case does not matter every spelling of those that have few."""
    for word in field.words:
        yield word
        cases = [{letter.lower(), letter.upper()} if letter.isascii() else {letter} for letter in word]
        if field.any_case and 2 ** sum(len(case) > 1 for case in cases) <= _MOST_SPELLINGS:
            yield from ("".join(letters) for letters in product(*cases) if "".join(letters) != word)
