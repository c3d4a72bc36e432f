"""Findings on a WTForms form: at its fields, at the entries of a FieldList, and form-wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reapi_rules.forms.mapping import entry_of, for_visitors, line
from reapi_rules.forms.reader import is_blank
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding

__all__ = ["add_errors", "labels_of"]

_SAME: Mapping[str, str] = {}


@takes(findings=Iterable, names=Mapping)
def add_errors(
    form: Any,
    findings: Iterable[Finding],
    *,
    names: Mapping[str, str] = _SAME,
    language: str = "en",
    hints: bool = True,
) -> None:
    """Show findings on a WTForms form: each at its field, or form-wide if the form has no such field.

    Call it in ``validate``, after ``super().validate()``, which sets the lists of errors up.  ``names`` gives the
    request's name of a field by the form's.  Fields are called by the form's labels, or else by ours.
    """
    in_form: dict[str | None, str] = {own: name for name, own in names.items()}
    labels = labels_of(form, names)
    for finding in for_visitors(findings):
        name = in_form.get(finding.field, finding.field)
        if name is None or name not in form:
            form.form_errors.append(line(finding, language, hints=hints, labels=labels))
        else:
            _add(form[name], finding, language, hints, labels)


def labels_of(form: Any, names: Mapping[str, str] = _SAME) -> dict[str, str]:
    """The labels of a form's fields, by the request's names.

    A label that WTForms made from the name counts only if that is not the request's, since ours are better then.
    """
    found = {}
    for field in form:
        label = str(field.label.text)
        if field.short_name in names or label != field.short_name.replace("_", " ").title():
            found[names.get(field.short_name, field.short_name)] = label
    return found


def _add(field: Any, finding: Finding, language: str, hints: bool, labels: Mapping[str, str]) -> None:
    """Add to a field, or to the entry of a FieldList that a finding is about; blank entries were never counted."""
    index = entry_of(finding)
    filled = [entry for entry in map(_field_of, getattr(field, "entries", ())) if not is_blank(entry.data)]
    if index is None or index >= len(filled):
        field.errors = [*field.errors, line(finding, language, hints=hints, labels=labels)]
        return
    entry = filled[index]
    entry.errors = [*entry.errors, line(finding, language, hints=hints, entry=False, labels=labels)]
    field.errors = [
        *(each.errors if isinstance(each.errors, dict) else list(each.errors) for each in field.entries),
        *(error for error in field.errors if isinstance(error, str)),
    ]


def _field_of(entry: Any) -> Any:
    """The field that an entry of a FieldList is, or the one of the URL in a form that is an entry."""
    form: Any = getattr(entry, "form", ())
    return form["url"] if "url" in form else entry  # noqa: SIM401  # a form of WTForms has no get()
