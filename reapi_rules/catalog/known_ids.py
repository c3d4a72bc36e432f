"""The ids that reAPI serves, with or without rules here: the file ``data/known-ids.json``."""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.terms.once import once

__all__ = ["KnownId", "KnownIds", "known_ids"]


class KnownId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a known id makes, and its endpoint."""

    kind: str
    endpoint: str


class KnownIds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file; ``pages`` are names of reAPI's pages that are not ids, and the ids that they are about."""

    format: Literal["reapi-known-ids/1"]
    source: dict[str, str]
    ids: dict[str, KnownId]
    pages: dict[str, tuple[str, ...]]


@once
def known_ids() -> KnownIds:
    """The ids that reAPI is known to serve.

    >>> known_ids().ids["midjourney"].endpoint, known_ids().pages["gpt-image-2-stable"]
    ('POST https://reapi.ai/api/v1/images/generations', ('gpt-image-2-official',))
    """
    return msgspec.json.decode(data_file("known-ids.json"), type=KnownIds)
