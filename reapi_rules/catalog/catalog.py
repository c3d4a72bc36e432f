"""The catalog: finds and decodes the files of ``data/``.

The folder stands inside the package once it is installed, and beside the package in a checkout.  A folder of the
caller's own, with ``models/*.json`` and ``rates/*.json``, adds to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Literal, TypeVar

import msgspec

from reapi_rules.catalog.hints import Hints
from reapi_rules.catalog.models import Model, ModelError, ModelFile, bind
from reapi_rules.catalog.rates import RateCard, current
from reapi_rules.engine.cases import Cases
from reapi_rules.terms.findings import Rule

__all__ = ["Catalog", "built_in", "data_file"]

T = TypeVar("T")


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``data/rules.json``."""

    format: Literal["reapi-rules/1"]
    source: dict[str, str]
    rules: tuple[Rule, ...]


class Catalog(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Rules, models, rate cards and hints: all that the engine knows.

    >>> list(built_in().models)
    ['gpt-image-2-official', 'gpt-image-2']
    """

    rules: dict[str, Rule]
    models: dict[str, Model]
    cards: tuple[RateCard, ...]
    hints: Hints
    default_model: str
    cases: Cases

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Catalog:
        """The built-in data, with the models and the rate cards of a folder added.

        Raises ModelError or RateCardError, which name the file and what is wrong; OSError where there is no folder.
        """
        os.listdir(folder)
        return _catalog(
            [*_read_models(_built_in_folder()), *_read_models(_Folder(folder))],
            [*built_in().cards, *_read_cards(_Folder(folder))],
        )

    def card(self, as_of: date | None = None) -> RateCard | None:
        """The rate card of the catalog that holds on a date; without a date the newest."""
        return self.cases.card if as_of is None else current(self.cards, as_of)


@cache
def built_in() -> Catalog:
    """The catalog of this package's own data."""
    return _catalog(list(_read_models(_built_in_folder())), list(_read_cards(_built_in_folder())))


def data_file(name: str) -> bytes:
    """The content of a file of ``data/``, for what is not needed to judge a request.

    >>> data_file("polling.json")[:1]
    b'{'
    """
    return _built_in_folder().read(name)


def _catalog(files: list[ModelFile], cards: list[RateCard]) -> Catalog:
    folder = _built_in_folder()
    rules = {rule.id: rule for rule in msgspec.json.decode(folder.read("rules.json"), type=_Rules).rules}
    hints = msgspec.json.decode(folder.read("hints.json"), type=Hints)
    return Catalog(
        rules=rules,
        models={file.id: bind(file, rules, hints, files) for file in files},
        cards=tuple(cards),
        hints=hints,
        default_model=next(file.id for file in files if file.default),
        cases=Cases(current(cards)),
    )


def _read_models(folder: _Folder) -> Iterator[ModelFile]:
    for name in folder.names("models"):
        try:
            yield msgspec.json.decode(folder.read(name), type=ModelFile)
        except msgspec.DecodeError as error:
            raise ModelError(f"{name}: {error}") from None


def _read_cards(folder: _Folder) -> Iterator[RateCard]:
    for name in folder.names("rates"):
        yield RateCard.from_json(folder.read(name), name=name)


class _Folder:
    """A data folder on disk."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)

    def names(self, kind: str) -> list[str]:
        """The JSON files of a folder in it, none where there is no such folder."""
        try:
            found = os.listdir(os.path.join(self.path, kind))
        except FileNotFoundError:
            return []
        return sorted(f"{kind}/{name}" for name in found if name.endswith(".json"))

    def read(self, name: str) -> bytes:
        with open(os.path.join(self.path, name), "rb") as file:
            return file.read()


class _ZippedFolder(_Folder):
    """The data folder of a package that is imported from a zip file."""

    def names(self, kind: str) -> list[str]:
        from importlib.resources import files  # slow to import, and needed in a zip only

        folder = files("reapi_rules").joinpath("data", kind)
        return sorted(f"{kind}/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".json"))

    def read(self, name: str) -> bytes:
        from importlib.resources import files

        return files("reapi_rules").joinpath("data", *name.split("/")).read_bytes()


def _built_in_folder() -> _Folder:
    package = os.path.dirname(os.path.dirname(__file__))
    for path in (os.path.join(package, "data"), os.path.join(os.path.dirname(package), "data")):
        if os.path.isfile(os.path.join(path, "rules.json")):
            return _Folder(path)
    return _ZippedFolder(package)
