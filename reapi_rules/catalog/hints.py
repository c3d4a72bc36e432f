"""What clients of neighbouring APIs send, and what it means here: the file ``data/hints.json`` and the aliases.

Next to these tables one letter may be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.spellings import spellings
from reapi_rules.terms.once import once, once_an_object
from reapi_rules.terms.sizes import Ratio, grade, nearest
from reapi_rules.terms.spelling import ascii_lower, closest, fold, without_brackets

__all__ = ["Hints", "field_meant", "hints", "nearest_shape"]

_SHORTEST = 5  # task is no mask, and mode no model


class Hints(FileStruct, frozen=True, kw_only=True, dict=True):
    """The file ``data/hints.json``: words that mean another, names that reAPI has nothing for, and wrappers.

    ``wrappers`` hold a whole request one level down, ``settings`` a part of one.  ``id_words`` are said
    for a word of an id.
    """

    format: Literal["reapi-hints/4"]
    near: dict[str, dict[str, str]]
    near_names: dict[str, tuple[str, ...]]
    id_words: dict[str, str]
    edges: tuple[tuple[str, str], ...]
    address_keys: tuple[str, ...]
    formats: tuple[str, ...]
    format_reason: str
    number_reason: str
    reasons: dict[str, tuple[str, ...]]
    wrappers: tuple[str, ...]
    settings: tuple[str, ...]

    def reason(self, name: str, model: Model) -> str | None:
        """Why a model has nothing for a name."""
        kind = self.kinds.get(fold(name))
        if kind == "format" and model.file.returns is not None:
            return self.format_reason.format(returns=model.file.returns)
        if kind is None and "number" not in model.roles and fold(name) in _names_of_number():
            return self.number_reason
        return kind if kind in self.reasons else None

    @once_an_object
    def kinds(self) -> dict[str, str]:
        """What names are known for, as names are compared: a wrapper, settings, a format, or the reason against it."""
        tables = {"wrapper": self.wrappers, "settings": self.settings, "format": self.formats, **self.reasons}
        return {fold(name): kind for kind, names in tables.items() for name in names}

    def near_field(self, folded: str, model: Model) -> str | None:
        """The field of a model that a name, as names are compared, may mean if it is absent."""
        role = self.roles_near.get(folded)
        return None if role is None else dict[str, str](model.roles.items()).get(role)

    @once_an_object
    def roles_near(self) -> dict[str, str]:
        """The role that each of ``near_names`` may mean, as names are compared."""
        return {fold(name): role for role, names in self.near_names.items() for name in names}

    @once_an_object
    def by_value(self) -> dict[str, tuple[str, ...]]:
        """The roles that a name may mean, as names are compared, where only what it holds says which."""
        found: dict[str, tuple[str, ...]] = {}
        titles = {name: (role,) for role, names in aliases().titles.items() for name in names}
        for table in (aliases().either, aliases().perhaps, titles):
            for name, roles in table.items():
                found.setdefault(fold(name), roles)
        return found

    def near_word(self, name: str, value: str, model: Model) -> str | None:
        """The word of a field that a value may mean."""
        role, text = model.fields[name].role or name, value.strip()
        near, kind = self.near.get(role, {}), spellings().kind(text)
        meant = near.get(text.casefold()) or near.get(kind or "", kind)
        word = None if meant is None else model.lower_words[name].get(ascii_lower(meant))
        if word is None and role == "tier" and (asked := grade(ascii_lower(text))):
            grades = {each: edges for low, each in model.lower_words[name].items() if (edges := grade(low))}
            return nearest(asked, grades) or None
        return word or (nearest_shape(text, model.ratios) if role == "shape" else None)


@once
def _names_of_number() -> frozenset[str]:
    return frozenset(map(fold, ("n", *aliases().of("n", "number"))))


def hints() -> Hints:
    """What values and names may mean."""
    return Hints.read("hints.json")


def nearest_shape(value: str, ratios: Mapping[str, Ratio]) -> str | None:
    """The ratio that is nearest to two numbers."""
    edges = spellings().sides(value)
    return nearest(edges, ratios) if edges and ratios else None


def field_meant(name: str, model: Model) -> str | None:
    """The field of a model that an unknown key means: an alias, or one letter away from one or from a field.

    Case, signs, blanks and what is in brackets do not matter; ``#`` is a number.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> models = built_in().models
    >>> field_meant("aspectRatio", models["gpt-image-2-official"]), field_meant("Image URLs (max. 8)", models["flux-2"])
    ('size', 'input_urls')
    """
    numbered = name.replace("#", "n ")
    names, bare = model.names_meant, fold(without_brackets(numbered))
    meant = names.get(fold(numbered)) or names.get(bare)
    if meant is not None or len(bare) < _SHORTEST:
        return meant
    return names.get(closest(bare, tuple(names)) or "")
