"""Findings on the keys of a body: unknown ones and what they mean, those of a sibling model, and empty ones.

With them ``warn`` gives every warning and note on a body.  Source: sections "Request body" and "Differences from
gpt-image-2" of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from reapi_rules.catalog.models import Model
from reapi_rules.engine.body import Item, Source, UnknownFields, items, plain_of
from reapi_rules.engine.judge import judge
from reapi_rules.engine.meant import of_key
from reapi_rules.engine.warnings import Faulty, Given, on_notes, on_urls, on_values, on_words
from reapi_rules.engine.wording import Wording
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
        yield from _unknown(keys, given, source, model)
    if unknown_fields != "ignore":
        for item in keys:
            if item.is_text and (sibling := model.file.unsupported.get(item.name)):
                rule = model.rule("field.unsupported")
                yield rule.find(item.value, name=item.name, model=model.id, sibling=sibling)
    own = [item for item in keys if item.is_text and item.name in model.optional]
    yield from (model.rule("field.null").find(name=item.name) for item in own if item.value is None)
    for item in own:
        if given.get(item.name) == "" and model.fields[item.name].kind == "url":
            yield model.rule("field.empty").find("", name=item.name)


def refuse_unknown(source: Source, given: Given, model: Model) -> tuple[Finding, ...]:
    """Every key that the model's file does not name, as an error."""
    return tuple(_unknown(list(items(source)), given, source, model, "refused"))


def _unknown(keys: list[Item], given: Given, source: Source, model: Model, refused: str = "") -> Iterator[Finding]:
    """The unknown keys: the first few by name, of the others how many there are."""
    named = {*model.names, *model.file.unsupported}
    unknown = [item for item in keys if not item.is_text or item.name not in named]
    most = model.rules_file.unknown_fields_named
    rule = model.rule("field.unknown").variant(refused or ("sent" if model.file.sends_unknown_fields else None))
    wording = Wording(given, source, model, judge(given, model))
    for item in unknown[:most]:
        figures, patch = of_key(item, partial(plain_of, source), given, model)
        patch = _settled(patch, wording, model) if item.is_text and item.key == item.name else None  # as in JSON
        yield rule.find(item.value, name=item.name, patch=patch, **{"suggestion": None, "reason": None, **figures})
    if more := len(unknown) - most if len(unknown) > most else 0:
        rule = model.rule("field.unknown").variant("more_refused" if refused else "more")
        yield rule.find(name=None, more=more)


def _settled(patch: dict[str, Any] | None, wording: Wording, model: Model) -> dict[str, Any] | None:
    """The patch of a misnamed key, its value spelt as the field has it; None where that would be an error."""
    if patch is None:
        return None
    for name, value in patch.items():
        if name in model.fields and value is not None:
            given = {**wording.given, name: value}
            faults = judge(given, model)
            found = [Wording(given, {}, model, faults).word(fault) for fault in faults if fault.field == name]
            warned = (each for each in on_words(given, model, {fault.field for fault in faults}) if each.field == name)
            for finding in (*found, *warned):
                patch = {**patch, **(finding.patch or {})}
    return wording.better(patch)


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
