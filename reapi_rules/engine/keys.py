"""Findings on the keys of a body: unknown ones, those of a sibling model, and empty ones.

With them ``warn`` gives every warning and note on a body.  Source: sections "Request body" and "Differences from
gpt-image-2" of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reapi_rules.catalog.models import Model
from reapi_rules.engine.body import Item, Source, UnknownFields, items
from reapi_rules.engine.warnings import Faulty, Given, on_notes, on_urls, on_values, on_words
from reapi_rules.terms.findings import Finding

__all__ = ["on_keys", "refuse_unknown", "warn"]


def on_keys(source: Source, given: Given, model: Model, unknown_fields: UnknownFields) -> Iterator[Finding]:
    """The findings on keys, rule by rule, each in the order of the body's keys."""
    if (
        isinstance(source, dict)
        and model.names.issuperset(source)
        and None not in given.values()
        and "" not in given.values()
    ):
        return  # the keys of a mapping are ready to be looked at
    keys = list(items(source))
    if unknown_fields == "warn":
        yield from _unknown(keys, given, source, model, "sent" if model.file.sends_unknown_fields else None)
    if unknown_fields != "ignore":
        for item in keys:
            if item.is_text and (sibling := model.file.unsupported.get(item.name)):
                rule = model.rule("field.unsupported")
                yield rule.find(item.value, name=item.name, model=model.id, sibling=sibling)
    own = [item.name for item in keys if item.is_text and item.name in model.optional]
    yield from (model.rule("field.null").find(name=name) for name in own if given.get(name) is None)
    for name in own:
        if given.get(name) == "" and model.fields[name].kind == "url":
            yield model.rule("field.empty").find("", name=name)


def refuse_unknown(source: Source, given: Given, model: Model) -> tuple[Finding, ...]:
    """Every key that the model's file does not name, as an error."""
    return tuple(_unknown(list(items(source)), given, source, model, "refused"))


def _unknown(keys: list[Item], given: Given, source: Source, model: Model, variant: str | None) -> Iterator[Finding]:
    """The unknown keys: the first few by name, of the others how many there are."""
    named = {*model.names, *model.file.unsupported}
    unknown = [item for item in keys if not item.is_text or item.name not in named]
    if not unknown:
        return
    from reapi_rules.engine.unknown import word_unknown  # with the hints: most bodies do without

    most, rule = model.rules_file.unknown_fields_named, model.rule("field.unknown")
    yield from word_unknown(unknown[:most], given, source, model, rule.variant(variant))
    if more := max(0, len(unknown) - most):
        yield rule.variant("more_refused" if variant == "refused" else "more").find(name=None, more=more)


def warn(
    source: Source,
    given: Given,
    model: Model,
    faulty: Faulty,
    unknown_fields: UnknownFields,
    first: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """Every warning and note on a body, in documented order: those of the model's file first."""
    found = (
        *on_keys(source, given, model, unknown_fields),
        *on_values(given, model, faulty),
        *on_words(given, model, faulty),
        *on_urls(given, model, faulty),
        *on_notes(given, model, faulty),
    )
    return (*first, *(finding for finding in found if finding.field is None or finding.field not in faulty))
