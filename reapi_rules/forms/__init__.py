"""Forms: what an HTML form sends, checked before the submit, and the same rules for the browser.

>>> from reapi_rules.forms import by_field, preflight_form
>>> report = preflight_form({"model": "gpt-image-2-official", "prompt": "a fox", "n": "9", "size": ""})
>>> by_field(report.errors).fields
{'n': ['Number of images must be between 1 and 4']}

The adapters of a framework are the modules of its name: ``forms.django``, ``forms.rest_framework``,
``forms.wtforms``, ``forms.flask``, ``forms.fastapi``, ``forms.pydantic``.
"""

from __future__ import annotations

from reapi_rules.forms.mapping import FieldErrors, by_field
from reapi_rules.forms.reader import FormOptions, preflight_form, quote_form

__all__ = ["FieldErrors", "FormOptions", "by_field", "preflight_form", "quote_form"]
