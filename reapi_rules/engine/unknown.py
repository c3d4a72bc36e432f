"""Word unknown keys: which field each may mean, and the patch that would put its value there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.engine.body import Item, Source
from reapi_rules.engine.judge import judge
from reapi_rules.engine.meant import of_key
from reapi_rules.engine.warnings import Given, on_words
from reapi_rules.engine.wording import Wording
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.spelling import fold

__all__ = ["word_unknown"]

Patch: TypeAlias = dict[str, Any] | None


def word_unknown(keys: Iterable[Item], given: Given, source: Source, model: Model, rule: Rule) -> Iterator[Finding]:
    """A finding of a rule on each key."""
    keys, wording = tuple(keys), Wording(given, source, model, judge(given, model))
    names = {fold(item.name): item for item in keys if item.is_text and item.key == item.name}
    meant = [of_key(item, given, model, names) for item in keys]
    patches = [
        _settled(patch, wording, model) if item.is_text and item.key == item.name else None  # as in JSON
        for item, (_, patch) in zip(keys, meant)
    ]
    proposals = [patch or proposal for patch, (_, proposal) in zip(patches, meant)]
    for item, (figures, _), patch in zip(keys, meant, patches):
        patch = _together(patch, proposals, wording)
        yield rule.find(item.value, name=item.name, patch=patch, **{"suggestion": None, "reason": None, **figures})


def _together(patch: Patch, patches: Iterable[Patch], wording: Wording) -> Patch:
    """A patch, or that of all keys that mean the same field: lists are joined, and of two other values none is chosen.

    A list that is there twice counts once.
    """
    for field, value in (patch or {}).items():
        same = [each for each in patches if each and each.get(field) is not None]
        if value is None or len(same) < 2:
            continue
        found = [each[field] for each in same]
        found = [value for at, value in enumerate(found) if value not in found[:at]]
        if len(found) > 1 and any(type(each) is not list for each in found):
            return None
        one = value if len(found) == 1 else [*chain.from_iterable(found)]
        return wording.better({**dict(chain.from_iterable(each.items() for each in same)), field: one})
    return patch


def _settled(patch: Patch, wording: Wording, model: Model) -> Patch:
    """The patch of a misnamed key, its value spelt as the field has it; None where that would be an error."""
    if patch is None:
        return None
    given = wording.given
    for name, value in patch.items():
        if name in model.fields and value is not None:
            after = {**given, name: value}
            faults = judge(after, model)
            found = [Wording(after, {}, model, faults).word(fault) for fault in faults if fault.field == name]
            warned = (each for each in on_words(after, model, {fault.field for fault in faults}) if each.field == name)
            for finding in (*found, *warned):
                patch = {**patch, **(finding.patch or {})}
    return wording.better(patch)
