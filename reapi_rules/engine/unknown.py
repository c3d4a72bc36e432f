"""Word unknown keys: which field each may mean, and the patch that would put its value there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.engine.body import Item, Source, plain_of
from reapi_rules.engine.judge import judge
from reapi_rules.engine.meant import of_key
from reapi_rules.engine.warnings import Given, on_words
from reapi_rules.engine.wording import Wording
from reapi_rules.terms.findings import Finding

__all__ = ["word_unknown"]


def word_unknown(keys: Iterable[Item], given: Given, source: Source, model: Model, rule: Rule) -> Iterator[Finding]:
    """A finding of a rule on each key."""
    for item in keys:
        figures, patch = of_key(item, partial(plain_of, source), given, model)
        patch = _settled(patch, given, source, model) if item.is_text and item.key == item.name else None  # as in JSON
        yield rule.find(item.value, name=item.name, patch=patch, **{"suggestion": None, "reason": None, **figures})


def _settled(patch: dict[str, Any] | None, given: Given, source: Source, model: Model) -> dict[str, Any] | None:
    """The patch of a misnamed key, its value spelt as the field has it; None where that would be an error."""
    if patch is None:
        return None
    for name, value in patch.items():
        if name in model.fields and value is not None:
            after = {**given, name: value}
            faults = judge(after, model)
            found = [Wording(after, {}, model, faults).word(fault) for fault in faults if fault.field == name]
            warned = (each for each in on_words(after, model, {fault.field for fault in faults}) if each.field == name)
            for finding in (*found, *warned):
                patch = {**patch, **(finding.patch or {})}
    return Wording(given, source, model, judge(given, model)).better(patch)
