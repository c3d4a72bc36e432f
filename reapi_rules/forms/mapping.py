"""From findings to the messages of a form: by field, and form-wide for what no field shows.

A message may be shown to anybody: a data: URI or a long prompt is never repeated whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.messages import hint, language_of, text
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.urls import is_data_uri

__all__ = ["FieldErrors", "by_field", "entry_of", "line", "related_fields", "sentence", "shown_value", "veil"]

_SHOWN = 80
_VEILED = "data:…"
_DATA_URI = re.compile(r'data:(?! URI)[^"”]+', re.IGNORECASE)  # our own messages speak of "data: URIs"


class FieldErrors(msgspec.Struct, frozen=True):
    """The messages of a form: by field, and those that belong to the form as a whole."""

    fields: dict[str, list[str]]
    form: list[str]

    def to_dict(self, form_key: str = "non_field_errors") -> dict[str, list[str]]:
        """Both in one mapping, as Django REST framework answers, those of the form under ``form_key``."""
        return {**self.fields, **({form_key: self.form} if self.form else {})}


def by_field(findings: Iterable[Finding], language: str = "en", *, hints: bool = False) -> FieldErrors:
    """The messages of findings by the field that shows them.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "resolution": "4k", "size": "auto"}
    >>> by_field(preflight(body).errors).fields
    {'size': ['4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21} (see also: Resolution)']}

    A finding on a field that the model does not have, and one on the whole body, is form-wide.
    """
    found = FieldErrors({}, [])
    for finding in findings:
        is_at_field = finding.field is not None and finding.rule != "field.unknown"
        place = found.fields.setdefault(finding.field or "", []) if is_at_field else found.form
        place.append(line(finding, language, hints=hints))
    return found


def line(finding: Finding, language: str = "en", *, hints: bool = False, entry: bool = True) -> str:
    """The message of a finding as a form shows it: which image it is about, which other field, and the hint."""
    message, index = text(finding, language), entry_of(finding)
    if entry and index is not None:
        message = sentence("entry", language, number=index + 1, message=message)
    if related := related_fields(finding):
        names = ", ".join(labels().field(name)[language_of(language)] for name in related)
        message = sentence("related", language, message=message, related=names)
    message = veil(message)
    if hints and (advice := hint(finding, language)):
        message = sentence("hint", language, message=message, hint=veil(advice))
    return message


def sentence(name: str, language: str, **parts: object) -> str:
    """A sentence of ours in a language."""
    return labels().sentences[name][language_of(language)].format_map(parts)


def veil(text: str) -> str:
    """A message or a hint without the data: URI that it shows."""
    return _DATA_URI.sub(_VEILED, text)


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
        return _VEILED
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def entry_of(finding: Finding) -> int | None:
    """The index of the list entry that a finding is about, None for one about a whole field."""
    index = finding.pointer.removeprefix("/").partition("/")[2]
    return int(index) if index.isdigit() else None


def related_fields(finding: Finding) -> tuple[str, ...]:
    """The other fields that a finding is about."""
    return tuple(pointer.removeprefix("/") for pointer in finding.related)
