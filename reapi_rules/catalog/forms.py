"""What an HTML form sends besides fields of a request, and the rules that only a form breaks: ``data/forms.json``."""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.rules import Row, Rule

__all__ = ["FormFile", "Unsaid", "form_file", "form_rules"]


class Unsaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"schemas": "in"}):
    """A rule that a schema can't say, or only in part; in which of the schemas, and why."""

    rule: str
    schemas: tuple[Literal["request", "form"], ...]
    why: str


class FormFile(FileStruct, frozen=True, kw_only=True):
    """The file; ``furniture`` are names that no request has, ``switches`` what a check box may send, in lower case."""

    format: Literal["reapi-forms/2"]
    most_fields: int
    furniture: tuple[str, ...]
    switches: dict[str, bool]
    unsaid: tuple[Unsaid, ...]
    partly_said: tuple[Unsaid, ...]
    rules: tuple[Row, ...]


def form_file() -> FormFile:
    """The file, decoded.

    >>> form_file().switches["on"], form_file().most_fields
    (True, 1000)
    """
    return FormFile.read("forms.json")


def form_rules() -> dict[str, Rule]:
    """The rules that only a form can break, by id.

    >>> list(form_rules())
    ['form.too_many_fields', 'form.repeated', 'form.file', 'form.characters', 'form.list']
    """
    return {row.id: row.rule() for row in form_file().rules}
