"""Forms: what an HTML form sends, checked before the submit, and the same rules for the browser.

>>> from reapi_rules.forms import by_field, preflight_form
>>> report = preflight_form({"model": "gpt-image-2-official", "prompt": "a fox", "n": "9", "size": ""})
>>> by_field(report.errors).fields
{'n': ['n must be between 1 and 4']}

The adapters of a framework are the modules of its name: ``forms.django``, ``forms.wtforms``, ``forms.fastapi``.
"""

from __future__ import annotations

from reapi_rules.forms.mapping import FieldErrors, by_field
from reapi_rules.forms.reader import preflight_form

__all__ = ["FieldErrors", "by_field", "preflight_form"]
