"""Read a Django form as a request, including its prefix, files, field names and labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Unpack

from reapi_rules.catalog.catalog import chosen
from reapi_rules.catalog.extras import need
from reapi_rules.engine.engine import Options
from reapi_rules.engine.report import Report
from reapi_rules.forms.mapping import for_visitors, line
from reapi_rules.forms.reader import entry_name, own_of, pairs_of, preflight_form
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding

__all__ = ["add_errors", "judge", "labels_of"]

_SAME: Mapping[str, str] = {}


def judge(
    form: Any,
    *,
    names: Mapping[str, str] = _SAME,
    language: str | None = None,
    hints: bool = True,
    **options: Unpack[Options],
) -> Report:
    """The report on a bound form, with its errors shown on the form.

    Call it in ``clean``: it reads what was sent for this form, in a formset too.  ``names`` gives the request's name of
    a field by the form's.  Fields that no request has are the form's own and are ignored.  The options are those of
    ``preflight``.
    """
    catalog = chosen(options.get("catalog"))
    own = own_of(form.fields, names, catalog)
    report = preflight_form([*_sent(form)], names=names, own=own, **options)
    add_errors(form, report.errors, names=names, language=language, hints=hints)
    return report


def _sent(form: Any) -> Iterator[tuple[str, Any]]:
    """What was sent for a form, by the names of its fields; of a field that is disabled what it holds."""
    prefix = form.add_prefix("")
    fields = {form.add_prefix(name): name for name in form.fields}
    for sent, values in (*(pairs_of(form.data) or ()), *(pairs_of(form.files) or ())):
        base, entry = entry_name(sent)
        if sent in fields or base in fields:
            name = fields.get(sent) or fields[base] + entry
        elif sent.startswith(prefix):
            name = sent[len(prefix) :]
        else:
            continue
        field = form.fields.get(entry_name(name)[0])
        if field is None or ((sent in fields or base in fields) and not field.disabled):
            yield from ((name, value) for value in values)
    for name, field in form.fields.items():
        if field.disabled:
            yield name, form.get_initial_for_field(field, name)


@takes(findings=Iterable, names=Mapping)
def add_errors(
    form: Any,
    findings: Iterable[Finding],
    *,
    names: Mapping[str, str] = _SAME,
    language: str | None = None,
    hints: bool = True,
) -> None:
    """Show findings on a Django form: each at its field, or form-wide if the form has no such field.

    The rule id is the error's code, as ``form.has_error("size", "size.needs_widescreen")`` asks for; the language is
    Django's active one unless given.  Fields are called by the form's labels, or else by ours.
    """
    error = need("django.core.exceptions", "django").ValidationError
    language = language or need("django.utils.translation", "django").get_language() or "en"
    in_form = {own: name for name, own in names.items()}
    labels = labels_of(form, names)
    for finding in for_visitors(findings):
        name = in_form.get(finding.field or "", finding.field)
        message = line(finding, language, hints=hints, labels=labels)
        form.add_error(name if name in form.fields else None, error(message, code=finding.rule))


def labels_of(form: Any, names: Mapping[str, str] = _SAME) -> dict[str, str]:
    """The labels of a form's fields, by the request's names.

    A label that Django made from the name counts only if that is not the request's, since ours are better then.
    """
    return {
        names.get(name, name): str(form[name].label)
        for name, field in form.fields.items()
        if field.label or (name in names and form[name].label)
    }
