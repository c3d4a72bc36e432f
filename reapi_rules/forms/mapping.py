"""From findings to the messages of a form: by field, and form-wide for what no field shows.

A message may be shown to anybody: a data: URI or a long prompt is never repeated whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from reapi_rules.terms.once import once
from typing import Literal

import msgspec

from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.messages import hint, language_of, text
from reapi_rules.engine.body import FIELDS
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.urls import is_data_uri

__all__ = ["FieldErrors", "Labels", "by_field", "entry_of", "labels", "line", "related_fields", "shown_value", "veil"]

_SHOWN = 80


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file ``data/labels.json``: what a front end shows for fields and options, and how it joins sentences."""

    format: Literal["reapi-labels/1"]
    source: dict[str, str]
    languages: tuple[str, ...]
    sentences: dict[str, dict[str, str]]
    fields: dict[str, dict[str, str]]
    options: dict[str, dict[str, dict[str, str]]]

    def field(self, name: str) -> dict[str, str]:
        """The label of a field by language, its own name where it has none."""
        return self.fields.get(name) or dict.fromkeys(self.languages, name)

    def option(self, field: str, value: str) -> dict[str, str]:
        """The label of an option by language, the option itself where it has none."""
        return self.options.get(field, {}).get(value) or dict.fromkeys(self.languages, value)

    def sentence(self, name: str, language: str, **parts: object) -> str:
        """A sentence of ours in a language."""
        return self.sentences[name][language_of(language)].format_map(parts)


class FieldErrors(msgspec.Struct, frozen=True):
    """The messages of a form: by field, and those that belong to the form as a whole."""

    fields: dict[str, list[str]]
    form: list[str]

    def to_dict(self, form_key: str = "non_field_errors") -> dict[str, list[str]]:
        """Both in one mapping, as Django REST framework answers; ``form_key`` stands for the form."""
        return {**self.fields, **({form_key: self.form} if self.form else {})}


def by_field(findings: Iterable[Finding], language: str = "en", *, hints: bool = False) -> FieldErrors:
    """The messages of findings by the field that shows them.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "resolution": "4k", "size": "auto"}
    >>> by_field(preflight(body).errors).fields
    {'size': ['4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21} (see also: Resolution)']}

    A finding on a field that reAPI does not have, and one on the whole body, is form-wide.
    """
    found = FieldErrors({}, [])
    for finding in findings:
        place = found.fields.setdefault(finding.field, []) if finding.field in FIELDS else found.form
        place.append(line(finding, language, hints=hints))
    return found


def line(finding: Finding, language: str = "en", *, hints: bool = False, entry: bool = True) -> str:
    """The message of a finding as a form shows it: which image it is about, which other field, and the way out."""
    message, index = text(finding, language), entry_of(finding)
    if entry and index is not None:
        message = labels().sentence("entry", language, number=index + 1, message=message)
    if related := related_fields(finding):
        names = ", ".join(labels().field(name)[language_of(language)] for name in related)
        message = labels().sentence("related", language, message=message, related=names)
    if hints and (way_out := hint(finding, language)):
        message = labels().sentence("hint", language, message=message, hint=way_out)
    return veil(message, finding)


def veil(message: str, finding: Finding) -> str:
    """A message without the data: URI that the finding is about."""
    value = finding.value
    return message.replace(value[:_SHOWN], "data:…") if isinstance(value, str) and is_data_uri(value) else message


def shown_value(finding: Finding) -> str | int | float | bool | None:
    """The value of a finding as it may be sent back: of a data: URI only that it is one, of long text the beginning.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2", "prompt": "a fox", "image_urls": ["data:image/png;base64,AAAA"]}
    >>> shown_value(preflight(body).errors[0])
    'data:…'
    """
    value = finding.value
    if not isinstance(value, str):
        return value
    if is_data_uri(value):
        return "data:…"
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def entry_of(finding: Finding) -> int | None:
    """The index of the list entry that a finding is about, None for one about a whole field."""
    field, _, index = finding.pointer.removeprefix("/").partition("/")
    return int(index) if field in FIELDS and index.isdigit() else None


def related_fields(finding: Finding) -> tuple[str, ...]:
    """The other fields that a finding is about."""
    return tuple(pointer.removeprefix("/") for pointer in finding.related)


@once
def labels() -> Labels:
    """The labels of this package."""
    return msgspec.json.decode(data_file("labels.json"), type=Labels)
