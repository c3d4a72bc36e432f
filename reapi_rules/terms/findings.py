"""Findings: what is wrong with a request, or worth knowing about it.

You can rely on rule ids and codes, but not on messages.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = ["CERTAINTIES", "Certainty", "Finding", "Level", "least_certain", "pointer_to"]

Level = Literal["error", "warning", "note"]
"""``error``: reAPI would answer 400.  ``warning``: accepted, but a likely mistake.  ``note``: worth knowing."""

Certainty = Literal["documented", "inferred", "unspecified"]
"""How sure a rule is: the page says so; it follows from public material; the page leaves it open and we chose."""

CERTAINTIES: tuple[Certainty, ...] = ("documented", "inferred", "unspecified")


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding on one field: the rule, how sure it is, where it is, and how to fix it.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16/9"}
    >>> finding = preflight(body).errors[0]
    >>> finding.rule, finding.code, finding.pointer, finding.hint, finding.patch
    ('size.unknown', 20003, '/size', 'did you mean "16:9"?', {'size': '16:9'})

    ``pointer`` is an RFC 6901 pointer into the body, ``related`` further ones; ``value`` is the offending value,
    shortened; ``params`` are the figures of the message.  ``patch`` is a JSON merge patch of the body, given only where
    the intention is certain.  Source: section "Validation errors" of the page.
    """

    rule: str
    level: Level
    certainty: Certainty
    code: int | None
    field: str | None
    pointer: str
    related: tuple[str, ...]
    message: str
    hint: str | None
    patch: dict[str, Any] | None
    value: str | int | float | bool | None
    params: dict[str, Any]


def least_certain(*certainties: Certainty) -> Certainty:
    """The certainty of a statement that rests on several.

    >>> least_certain("documented", "inferred")
    'inferred'
    """
    return max(certainties, key=CERTAINTIES.index)


def pointer_to(field: str | None, index: int | str | None = None) -> str:
    """The RFC 6901 pointer to a field of the body, or to an entry of it.

    >>> pointer_to("a/b"), pointer_to("image_urls", 2), pointer_to(None)
    ('/a~1b', '/image_urls/2', '')
    """
    if field is None:
        return ""
    pointer = "/" + field.replace("~", "~0").replace("/", "~1")
    return pointer if index is None else f"{pointer}/{index}"
