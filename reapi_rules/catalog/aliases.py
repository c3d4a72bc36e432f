"""Other names of the fields of a request: the file ``data/aliases.json``, for bodies, sheets and forms alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.once import once

__all__ = ["Aliases", "aliases"]


class Aliases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/aliases.json``: other names of fields, by their role or name.

    ``keys`` are names that mean this as a key of a body only, ``either`` the names that may mean one of two.
    """

    format: Literal["reapi-aliases/1"]
    source: dict[str, str]
    roles: dict[str, tuple[str, ...]]
    fields: dict[str, tuple[str, ...]]
    keys: dict[str, tuple[str, ...]]
    either: dict[str, tuple[str, ...]]

    def of(self, name: str, role: str | None, *, keys: bool = True) -> Iterator[str]:
        """Every other name of a field."""
        for table in (self.roles, self.fields, self.keys if keys else {}):
            yield from table.get(role or name, ())


@once
def aliases() -> Aliases:
    """The other names of fields.

    >>> aliases().either["images"]
    ('number', 'references')
    """
    return msgspec.json.decode(data_file("aliases.json"), type=Aliases)
