"""Findings on a WTForms form: at its fields, at the entries of a FieldList, and form-wide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reapi_rules.forms.mapping import entry_of, line
from reapi_rules.forms.reader import is_blank
from reapi_rules.terms.findings import Finding

__all__ = ["add_errors"]


def add_errors(form: Any, findings: Iterable[Finding], *, language: str = "en", hints: bool = True) -> None:
    """Show findings on a WTForms form: at the field of their name, form-wide where the form has none.

    Call it in ``validate``, after ``super().validate()``, which sets the lists of errors up.
    """
    for finding in findings:
        if finding.field is None or finding.field not in form:
            form.form_errors.append(line(finding, language, hints=hints))
        else:
            _add(form[finding.field], finding, language, hints)


def _add(field: Any, finding: Finding, language: str, hints: bool) -> None:
    """Add to a field, or to the entry of a FieldList that a finding is about; blank entries were never counted."""
    index = entry_of(finding)
    filled = [entry for entry in getattr(field, "entries", ()) if not is_blank(entry.data)]
    if index is None or index >= len(filled):
        field.errors = [*field.errors, line(finding, language, hints=hints)]
        return
    entry = filled[index]
    entry.errors = [*entry.errors, line(finding, language, hints=hints, entry=False)]
    field.errors = [
        *(list(each.errors) for each in field.entries),
        *(error for error in field.errors if isinstance(error, str)),
    ]
