"""Every message by rule id and language, with labels, as plain data: for front ends that show findings themselves."""

from __future__ import annotations

from typing import Any

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.forms import form_rules
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.messages import LANGUAGES, named, rule_in, translation
from reapi_rules.catalog.rules import Rule

__all__ = ["message_catalog"]


def message_catalog(*, catalog: Catalog | None = None) -> dict[str, Any]:
    """The templates of messages and hints by rule id and language, and the labels of fields and options.

    >>> message_catalog()["rules"]["n.range"]["zh"]["message"]
    'n（图片数量）必须在 {minimum} 到 {maximum} 之间'

    A template is filled with a finding's params, its value and, as ``name``, its field.  A placeholder in capitals
    prints its parameter in capitals, one that ends in ``_or`` a list as a choice; doubled braces are braces, and of the
    hints the first counts whose params are all known.  Options are by the role of their field, or by its name.
    """
    catalog, known = chosen(catalog), labels()
    return {
        "format": "reapi-message-catalog/1",
        "languages": list(LANGUAGES),
        "rules": {rule.id: _entry(rule, catalog) for rule in (*catalog.rules.values(), *form_rules().values())},
        "texts": {language: translation(language).texts for language in LANGUAGES[1:]},
        "sentences": known.sentences,
        "fields": known.fields,
        "options": known.options,
    }


def _entry(rule: Rule, catalog: Catalog) -> dict[str, Any]:
    """A rule as it reads in each language."""
    kind = next((each.fields[rule.field].kind for each in catalog.models.values() if rule.field in each.fields), "")
    said = {each: _shown(rule_in(each, rule.row, rule.field, rule.id, kind), each) for each in LANGUAGES}
    return {"level": rule.level, "code": rule.code, "field": rule.field, **said}


def _shown(rule: Rule, language: str) -> dict[str, Any]:
    def filled(template: str) -> str:
        """The template with what is known of all findings of the rule."""
        for name, text in {"field": named(rule.field, language), **rule.known}.items():
            template = template if text is None else template.replace(f"{{{name}}}", text)
        return template

    variants = {name: filled(each.message) for name, each in rule.variants.items() if each.message is not None}
    return {"message": filled(rule.message), "hints": list(map(filled, rule.hints)), "variants": variants}
