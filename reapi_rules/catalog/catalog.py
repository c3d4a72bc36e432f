"""The catalog: the models, rules and rate cards of ``data/``, decoded.

A caller can add a folder of their own, with ``models/*.json`` and ``rates/*.json``.
"""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.files import FileStruct, Folder, built_in_folder
from reapi_rules.catalog.models import FORMAT, Field, Model, ModelError, ModelFile
from reapi_rules.catalog.rates import RateCard, RateCardError, current
from reapi_rules.catalog.rules import Row, Rule, RulesFile
from reapi_rules.catalog.texts import Told
from reapi_rules.catalog.types import Types
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.once import LOCK, once, once_an_object

__all__ = ["Catalog", "built_in", "chosen"]


class KnownId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an id that reAPI serves makes, and its endpoint."""

    kind: str
    endpoint: str


class KnownIds(FileStruct, frozen=True):
    """The file ``data/known-ids.json``; ``pages`` are names of pages that are no ids, and the ids they are about."""

    format: Literal["reapi-known-ids/1"]
    ids: dict[str, KnownId]
    pages: dict[str, tuple[str, ...]]


class Catalog:
    """Rules, models and rate cards: everything the engine knows.

    >>> list(built_in().models)[:2]
    ['gpt-image-2-official', 'gpt-image-2']
    """

    def __init__(self, models: dict[str, Model], cards: tuple[RateCard, ...], rules: RulesFile) -> None:
        self.models: dict[str, Model] = models
        self.cards: tuple[RateCard, ...] = cards
        self.default_model: str = next(
            (model.id for model in models.values() if model.file.default), next(iter(models))
        )
        self._rows = {row.id: row for row in rules.rules}

    @classmethod
    @takes(folder=str | os.PathLike)
    def load(cls, folder: str | os.PathLike[str]) -> Catalog:
        """The built-in data plus the models and rate cards of a folder.

        Raises ModelError or RateCardError, which name the file and what is wrong, or the folder if there is nothing to
        add in it; OSError if there is no such folder.
        """
        os.listdir(folder)
        with LOCK:
            own, rules = Folder(folder), RulesFile.read("rules.json")
            models = {model.id: model for model in _read_models(own, rules, is_own=True)}
            cards, known = tuple(_read_cards(own)), {card.id: card for card in built_in().cards}
            for name, card in zip(own.names("rates"), cards):
                if known.setdefault(card.id, card) != card:
                    raise RateCardError("of_file", name=name, error=Told("card_twice", id=card.id))
            if not models and not cards:  # one level too high or too deep: the built-in prices would count in silence
                raise RateCardError("of_file", name=own.path, error=Told("folder_empty"))
            return cls(built_in().models | models, built_in().cards + cards, rules)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "types"}  # no decoder can be pickled

    @once_an_object
    def types(self) -> Types:
        """The types of the models, for the decoder."""
        return Types(self.models.values())

    @once_an_object
    def rules(self) -> dict[str, Rule]:
        """Every rule by its id: of the body and the model, of the fields of each model, and of keys.

        >>> built_in().rules["size.needs_widescreen"].code
        20003
        """
        found = {id: row.rule() for id, row in self._rows.items() if id.startswith(("body.", "model."))}
        models = sorted(self.models.values(), key=lambda model: not model.file.default)
        for model in models:
            for rule in model.rules():
                found.setdefault(rule.id, rule)
        found.update({id: row.rule() for id, row in self._rows.items() if id.startswith("field.")})
        return found

    def row(self, id: str) -> Row | None:
        """The row of ``data/rules.json`` that has this id."""
        return self._rows.get(id)

    @property
    def known_ids(self) -> KnownIds:
        """The ids that reAPI is known to serve, with or without rules here.

        >>> built_in().known_ids.ids["midjourney"].endpoint, built_in().known_ids.pages["gpt-image-2-stable"]
        ('POST https://reapi.ai/api/v1/images/generations', ('gpt-image-2-official',))
        """
        return KnownIds.read("known-ids.json")

    def card(self, as_of: date | None = None) -> RateCard | None:
        """The rate card of the catalog that is in effect on a date; without a date, the newest."""
        return current(self.cards, as_of)


@once
def built_in() -> Catalog:
    """The catalog of the package's own data."""
    folder, rules = built_in_folder(), RulesFile.read("rules.json")
    models = list(_read_models(folder, rules))
    default = next(model.id for model in models if model.file.default)
    # the default first, then those whose name it extends, then the others by name
    models.sort(key=lambda model: (model.id != default, not default.startswith(model.id), model.id))
    return Catalog({model.id: model for model in models}, tuple(_read_cards(folder)), rules)


@takes(catalog=Catalog | None)
def chosen(catalog: Catalog | None) -> Catalog:
    """The catalog that a caller gave, the built-in one for None."""
    return built_in() if catalog is None else catalog


def _read_models(folder: Folder, rules: RulesFile, *, is_own: bool = False) -> Iterator[Model]:
    ids = set[str]()
    for name in folder.names("models"):
        content = folder.read(name).removeprefix(BOM_UTF8)  # as editors on Windows write it
        try:
            if (found := msgspec.json.decode(content, type=_Format).format) != FORMAT:
                raise ModelError(f'{name}: format must be "{FORMAT}", not "{found}": {_HOW_TO_CONVERT}')
            file = msgspec.json.decode(content, type=ModelFile)
        except msgspec.DecodeError as error:
            raise ModelError(f"{name}: {_in_a_field(content) or error}") from None
        model = Model(file, rules, name)
        if model.id in ids:
            raise ModelError(f'{name}: another file has the id "{model.id}"')
        ids.add(model.id)
        if is_own:
            from reapi_rules.catalog.contradictions import contradictions  # only for files of a caller: see there

            for problem in contradictions(model):
                raise ModelError(f"{name}: {problem}")
        yield model


def _in_a_field(content: bytes) -> str | None:
    """What is wrong with a field of a model file, with its name, which the decoder leaves out."""
    with suppress(msgspec.DecodeError):
        for name, field in msgspec.json.decode(content, type=_Fields).fields.items():
            try:
                msgspec.json.decode(field, type=Field)
            except msgspec.ValidationError as error:
                return f"fields.{name}: {error}"
    return None


class _Format(msgspec.Struct):
    format: str


class _Fields(msgspec.Struct):
    fields: dict[str, msgspec.Raw]


_HOW_TO_CONVERT = (
    "give each field its kind and role, move needs_size to constraints, cell to price, dimensions to pixels"
)


def _read_cards(folder: Folder) -> Iterator[RateCard]:
    for name in folder.names("rates"):
        yield RateCard.from_json(folder.read(name), name=name)
