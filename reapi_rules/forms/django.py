"""Findings on a Django form, through its own ``add_error``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reapi_rules.forms.extras import need
from reapi_rules.forms.mapping import line
from reapi_rules.terms.findings import Finding

__all__ = ["add_errors"]


def add_errors(form: Any, findings: Iterable[Finding], *, language: str | None = None, hints: bool = True) -> None:
    """Show findings on a Django form: at the field of their name, form-wide where the form has none.

    Call it in ``clean`` with ``preflight_form(self.data).errors``.  The rule id is the error's code, as
    ``form.has_error("size", "size.needs_widescreen")`` asks for; the language is Django's active one unless given.
    """
    error = need("django.core.exceptions", "django").ValidationError
    language = language or need("django.utils.translation", "django").get_language() or "en"
    for finding in findings:
        field = finding.field if finding.field in form.fields else None
        form.add_error(field, error(line(finding, language, hints=hints), code=finding.rule))
