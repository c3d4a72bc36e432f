"""Every message by rule id and language, with labels, as plain data: for front ends that show findings themselves."""

from __future__ import annotations

from typing import Any

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.messages import LANGUAGES, Phrases, translation
from reapi_rules.forms.mapping import labels
from reapi_rules.forms.reader import form_rules
from reapi_rules.catalog.rules import Rule

__all__ = ["message_catalog"]

Json = dict[str, Any]


def message_catalog() -> Json:
    """The templates of messages and hints by rule id and language, and the labels of fields and options.

    >>> message_catalog()["rules"]["n.range"]["zh"]["message"]
    'n（图片数量）必须在 {minimum} 到 {maximum} 之间'

    A template is filled with a finding's params, its value and, as ``name``, its field.  A placeholder in capitals
    prints its parameter in capitals, doubled braces are braces, and of the hints the first counts whose params are all
    known.
    """
    others = {language: translation(language) for language in LANGUAGES[1:]}
    known = labels()
    return {
        "format": "reapi-message-catalog/1",
        "languages": list(LANGUAGES),
        "rules": {
            rule.id: {
                "level": rule.level,
                "code": rule.code,
                "field": rule.field,
                LANGUAGES[0]: _shown(_english(rule)),
                **{language: _shown(other.rules[rule.id]) for language, other in others.items()},
            }
            for rule in [*built_in().rules.values(), *form_rules().values()]
        },
        "texts": {language: dict(other.texts) for language, other in others.items()},
        "sentences": known.sentences,
        "fields": known.fields,
        "options": known.options,
    }


def _english(rule: Rule) -> Phrases:
    variants = {name: each.message for name, each in rule.variants.items() if each.message is not None}
    return Phrases(message=rule.message, hints=rule.hints, variants=variants)


def _shown(phrases: Phrases) -> Json:
    return {"message": phrases.message, "hints": list(phrases.hints), "variants": phrases.variants}
