"""Turn findings into the messages of a form: by field, and form-wide for everything else.

A message may be shown to anyone: a data: URI or a long prompt is never repeated whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from reapi_rules.catalog.labels import labels as known_labels
from reapi_rules.catalog.messages import hint, language_of, text
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.urls import is_data_uri

__all__ = [
    "FieldErrors", "advise", "by_field", "called", "context_of", "entry_of", "field_of", "for_visitors", "line",
    "place_of", "related_fields", "sentence", "shown_value", "veil",
]  # fmt: skip

_SHOWN = 80
_VEILED = "data:…"
_DATA_URI = re.compile(r'data:(?! URI)[^"”]+', re.IGNORECASE)  # our own messages speak of "data: URIs"


class FieldErrors(msgspec.Struct, frozen=True):
    """The messages of a form: by field, and those that belong to the form as a whole."""

    fields: dict[str, list[str]]
    form: list[str]

    def to_dict(self, form_key: str = "non_field_errors") -> dict[str, list[str]]:
        """Both in one mapping, as Django REST framework answers, with form-wide messages under ``form_key``."""
        return {**self.fields, **({form_key: self.form} if self.form else {})}


@takes(findings=Iterable, labels=Mapping | None, names=Mapping | None)
def by_field(
    findings: Iterable[Finding],
    language: str = "en",
    *,
    hints: bool = False,
    labels: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> FieldErrors:
    """The messages of findings by the field that shows them, with fields called by their labels.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2-official", "prompt": "a fox", "n": 9, "resolution": "4k", "size": "auto"}
    >>> found = by_field(preflight(body).errors).fields
    >>> found["n"], found["size"][0][-23:]
    (['Number of images must be between 1 and 4'], ' (see also: Resolution)')

    ``labels`` are the form's own, by the request's names of the fields; the others are ours.  ``names`` gives the
    request's name of a field by the form's, as for ``preflight_form``; fields go by the form's names.  A finding on a
    field that the model does not have, and one on the whole body, is form-wide.  Warnings on fields of the form's own
    are left out.
    """
    found = FieldErrors({}, [])
    in_form = {own: name for name, own in (names or {}).items()}
    for finding in for_visitors(findings):
        field = field_of(finding)
        place = found.form if field is None else found.fields.setdefault(in_form.get(field, field), [])
        place.append(line(finding, language, hints=hints, labels=labels))
    return found


def field_of(finding: Finding) -> str | None:
    """The field that shows a finding; None where the form as a whole does."""
    return None if finding.rule == "field.unknown" else finding.field


def for_visitors(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that a form shows: without warnings on fields of its own, such as a campaign or a check of terms."""
    for finding in findings:
        if finding.rule != "field.unknown" or finding.level == "error" or finding.field in known_labels().fields:
            yield finding


def line(
    finding: Finding,
    language: str = "en",
    *,
    hints: bool = False,
    entry: bool = True,
    labels: Mapping[str, str] | None = None,
) -> str:
    """The message of a finding as a form shows it: which image it is about, which other field, and the hint."""
    names = called(language, labels)
    message, index = text(finding, language, names), entry_of(finding)
    if entry and index is not None:
        message = sentence("entry", language, number=index + 1, message=message)
    if related := related_fields(finding):
        message = sentence(
            "related", language, message=message, related=", ".join(names.get(name, name) for name in related)
        )
    message = veil(message)
    if hints and (advice := advise(finding, language, labels)):
        message = sentence("hint", language, message=message, hint=advice)
    return message


def advise(finding: Finding, language: str = "en", labels: Mapping[str, str] | None = None) -> str | None:
    """The hint of a finding as a form shows it; None if it has none."""
    advice = hint(finding, language, called(language, labels))
    return None if advice is None else veil(advice)


def called(language: str, labels: Mapping[str, str] | None = None) -> dict[str, str]:
    """What people read for each field, by its name: the form's own label, or ours in a language.

    A label of the form that is one of ours counts as ours, and a colon or an asterisk at its end is none of the name.
    """
    known = known_labels().fields
    ours = {name: label[language_of(language)] for name, label in known.items()}
    own = {name: label.strip().rstrip(":：* ") for name, label in (labels or {}).items()}
    return ours | {name: label for name, label in own.items() if label and label not in known.get(name, {}).values()}


def sentence(name: str, language: str, **parts: object) -> str:
    """A sentence of ours in a language."""
    return known_labels().sentences[name][language_of(language)].format_map(parts)


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


def context_of(finding: Finding, language: str) -> dict[str, Any]:
    """What a program needs of a finding besides its place and its message."""
    return {
        "code": finding.code,
        "hint": advise(finding, language),
        "related": list(related_fields(finding)),
    }


def place_of(finding: Finding) -> tuple[str | int, ...]:
    """Where a finding is: the field, and the entry of a list."""
    name, index = finding.field, entry_of(finding)
    return (*(() if name is None else (name[:_SHOWN],)), *(() if index is None else (index,)))
