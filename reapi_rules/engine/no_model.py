"""Word why a body can't be judged under the rules of any model, and the patch that names the one that is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.hints import hints
from reapi_rules.engine.body import Source, Unreadable, fields_of, plain_of
from reapi_rules.engine.judge import judge
from reapi_rules.engine.keys import refuse_unknown
from reapi_rules.engine.meant import misplaced
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.once import once
from reapi_rules.terms.spelling import closest, narrow

__all__ = ["word_no_model"]

_DIGITS = "[0-9]"
_BETWEEN_IDS = "[/:@?]"
_WORDS = "[0-9a-z]+"
_LONGEST_ID = 200
_TYPOGRAPHIC = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("“”„‟‘’«»\"'`"))


def word_no_model(why: Unreadable, source: Source | None, catalog: Catalog) -> Finding:
    """Why a body can't be judged under the rules of any model of a catalog."""
    rule, value, models = catalog.rules[why.rule], why.value, tuple(catalog.models)
    figures: dict[str, Any] = {}
    misnamed = wrapper = patch = None
    source, default = {} if source is None else source, catalog.models[catalog.default_model]
    if rule.id in ("model.required", "model.unknown"):
        misnamed, wrapper = misplaced("model", source, default, catalog.models.values())
    if rule.id == "model.required":
        id = None if misnamed is None else plain_of(source, misnamed)
        misnamed = misnamed if type(id) is str and id in catalog.models else None
        figures = {"allowed": models, "misnamed": misnamed, "wrapper": wrapper, "default": catalog.default_model}
        patch = _with_model({misnamed: None, "model": id}, source, catalog) if misnamed else None
    elif rule.id == "model.type":
        figures = {"default": catalog.default_model}
    elif rule.id == "model.unknown":
        nearest, ids, is_sure = _id_meant(value, catalog)
        figures = {"allowed": models, "nearest": nearest, "ids": ids, "wrapper": wrapper}
        patch = _with_model({"model": nearest}, source, catalog) if is_sure else None
    elif why.detail is not None:
        figures = {"detail": why.detail}
    return rule.find(value, patch=patch, **figures)


def _with_model(patch: dict[str, Any], source: Source, catalog: Catalog) -> dict[str, Any] | None:
    """A patch that names a model, and what other keys mean under it, if the body then has no error; else None."""
    rules = catalog.models.get(patch["model"])
    found = fields_of(source, catalog.types, None)
    if rules is None or isinstance(found, Unreadable):
        return None
    given = {name: value for name, value in found[1].items() if name in rules.names}
    for finding in refuse_unknown(source, given, rules):
        patch |= finding.patch or {}
    after = {name: value for name, value in {**given, **patch}.items() if value is not None}
    return None if any(fault.rule.level == "error" for fault in judge(after, rules)) else patch


def _id_meant(value: str, catalog: Catalog) -> tuple[str | None, tuple[str, ...] | None, bool]:
    """The id that a name means, or those that a page is about, and whether that is beyond doubt."""
    joined, exact, pages = _ids(catalog)
    name = narrow(value).translate(_TYPOGRAPHIC).lower()
    for spoken, word in hints().id_words.items():
        name = name.replace(spoken, f" {word} ")
    name = name.strip()
    spellings = (name, name.rpartition("/")[2])
    for meant in (table.get(spelling, ()) for spelling in spellings for table in (exact, pages)):
        if meant:
            return (meant[0], None, True) if len(meant) == 1 else (None, meant, False)
    for spelling in spellings:
        if near := closest(spelling, tuple(joined)):
            # another number may be another model
            return near, None, re.findall(_DIGITS, near) == re.findall(_DIGITS, spelling)
    return _id_within(name, joined), None, False


@once
def _ids(catalog: Catalog) -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """All ids, each with its words joined in one way; what names one exactly; and what names a page, with its ids."""
    known = catalog.known_ids
    joined = {id: _joined(id) for id in (*catalog.models, *known.ids)}
    titles = {model.file.title.lower(): (id,) for id, model in catalog.models.items()}
    pages = titles | {page.lower(): ids for page, ids in known.pages.items()}
    return joined, {id.lower(): (id,) for id in joined}, pages


def _id_within(name: str, joined: Mapping[str, str]) -> str | None:
    """The id that a name holds, as sellers of the same models write them, or the one that it begins."""
    parts = [_joined(part) for part in re.split(_BETWEEN_IDS, name[:_LONGEST_ID])]
    within = [id for part in (_joined(name[:_LONGEST_ID]), *parts) for id in joined if part.startswith(joined[id])]
    if within:
        return max(within, key=len)
    longer = [id for id in joined if joined[id].startswith(parts[-1])]
    return next((id for id in longer if all(joined[each].startswith(joined[id]) for each in longer)), None)


def _joined(name: str) -> str:
    """The words of an id, however they are joined, each with a sign behind it."""
    return "".join(f"{word}-" for word in re.findall(_WORDS, name.lower()))
