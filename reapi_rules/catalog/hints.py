"""What clients of neighbouring APIs send, and what it means here: the file ``data/hints.json`` and the aliases.

Next to these tables one letter may be wrong.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.models import Model
from reapi_rules.terms.once import once
from reapi_rules.terms.spelling import ascii_lower, closest, fold, narrow, without_brackets

__all__ = ["Hints", "field_meant", "hints"]


class Hints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/hints.json``: words that mean another, names that reAPI has nothing for, and wrappers."""

    format: Literal["reapi-hints/2"]
    source: dict[str, str]
    same: dict[str, dict[str, str]]
    near: dict[str, dict[str, str]]
    formats: tuple[str, ...]
    format_reason: str
    reasons: dict[str, tuple[str, ...]]
    wrappers: tuple[str, ...]
    wrapper_reason: str

    def reason(self, name: str, model: Model) -> str | None:
        """Why a model has nothing for a name."""
        if name in self.formats and model.file.returns is not None:
            return self.format_reason.format(returns=model.file.returns)
        return next((reason for reason, names in self.reasons.items() if name in names), None)

    def same_word(self, name: str, value: str, model: Model) -> str | None:
        """The word of a field that a value is beyond doubt: another spelling, or a synonym."""
        text = " ".join(narrow(value).split())
        return model.lower_words[name].get(ascii_lower(text)) or self._word(self.same, name, text, model)

    def near_word(self, name: str, value: str, model: Model) -> str | None:
        """The word of a field that a value may mean."""
        return self._word(self.near, name, value.strip(), model)

    def _word(self, table: dict[str, dict[str, str]], name: str, text: str, model: Model) -> str | None:
        meant = table.get(model.fields[name].role or name, {}).get(text.casefold())
        return None if meant is None else model.lower_words[name].get(ascii_lower(meant))


@once
def hints() -> Hints:
    """What values and names may mean."""
    return msgspec.json.decode(data_file("hints.json"), type=Hints)


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
    return meant or names.get(closest(bare, tuple(names)) or "")
