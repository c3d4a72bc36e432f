"""Other names of the fields of a request: the file ``data/aliases.json``, for bodies, sheets and forms alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from reapi_rules.catalog.files import FileStruct

__all__ = ["Aliases", "aliases"]

Names = dict[str, tuple[str, ...]]


class Aliases(FileStruct, frozen=True, kw_only=True):
    """The file ``data/aliases.json``: other names of fields, by their role or name.

    ``keys`` are names that mean this in a body only, ``titles`` those that mean it above a column only.  The cells
    below them decide what names of ``either`` mean, and whether those of ``perhaps`` mean anything.
    """

    format: Literal["reapi-aliases/2"]
    roles: Names
    fields: Names
    keys: Names
    titles: Names
    either: Names
    perhaps: Names
    edges: Names
    lengths: tuple[str, ...]
    longest: tuple[str, ...]
    addresses: tuple[str, ...]
    times: tuple[str, ...]
    units: tuple[str, ...]
    multiples: tuple[str, ...]
    counts: Names
    around: tuple[str, ...]
    apart: tuple[str, ...]
    periods: tuple[str, ...]
    other: tuple[str, ...]

    def of(self, name: str, role: str | None = None, *, titles: bool = False) -> Iterator[str]:
        """Every other name of a field, as a key of a body or as the title of a column."""
        for table in (self.roles, self.fields, self.titles if titles else self.keys):
            yield from table.get(role or name, ())


def aliases() -> Aliases:
    """The other names of fields.

    >>> aliases().either["images"]
    ('number', 'references')
    """
    return Aliases.read("aliases.json")
