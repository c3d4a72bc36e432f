"""Word a fault: the figures of its message, how to fix it, and the patch that would."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from reapi_rules.catalog.hints import nearest_shape
from reapi_rules.catalog.models import Condition, Constraint, Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.body import Source
from reapi_rules.engine.judge import Fault, judge, normalised, utf16_length
from reapi_rules.engine.meant import addresses, misplaced, of_number, of_type, of_word
from reapi_rules.engine.quotes import price
from reapi_rules.engine.request import effective
from reapi_rules.engine.warnings import on_notes, on_values, on_words
from reapi_rules.terms import urls
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.sizes import is_pixels, nearest, pixels
from reapi_rules.terms.spelling import ascii_lower
from reapi_rules.terms.templates import listed
from reapi_rules.terms.values import shorten

__all__ = ["Wording"]

Figures = dict[str, Any]


class Wording:
    """Words the faults of one request."""

    def __init__(
        self,
        given: Mapping[str, Any],
        source: Source,
        model: Model,
        faults: Iterable[Fault],
        card: RateCard | None = None,
    ) -> None:
        self.given: Mapping[str, Any] = given
        self._source, self._model, self._card = source, model, card
        faults = tuple(faults)
        self._before = {_name(fault) for fault in faults}
        self._faulty = _faulty(faults)
        self._last: tuple[Mapping[str, Any], tuple[Fault, ...]] | None = None
        self._warned: frozenset[tuple[str, str | None]] | None = None

    def word(self, fault: Fault) -> Finding:
        """A fault as a finding."""
        value = self.given.get(fault.field) if fault.index is None else self.given[fault.field][fault.index]
        figures, variant, patch = getattr(self, _FIGURES.get(fault.check, "_nothing"))(fault, value)
        rule = fault.rule.variant(variant)
        return rule.find(value, index=fault.index, patch=self.better(patch, fault), **figures)

    def better(self, patch: dict[str, Any] | None, fault: Fault | None = None) -> dict[str, Any] | None:
        """A patch, if the body that it gives no longer has the fault, and no new error or warning; else None."""
        if patch is None:
            return None
        is_there = fault is not None and any(_name(other) == _name(fault) for other in self._faults_after(patch))
        return None if is_there or not self._holds(patch) else patch

    def _holds(self, change: Mapping[str, Any]) -> bool:
        """Whether the body that a change gives has no new error or warning; whose its addresses are is not asked."""
        if self._new_after(change):
            return False
        faulty = _faulty(self._faults_after(change))
        after = {*_warned(self._after(change), self._model, faulty, change)}
        if not after:
            return True
        if self._warned is None:
            self._warned = frozenset(_warned(self.given, self._model, self._faulty))
        return after <= self._warned

    def _after(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """The body if some fields had other values; None for one that is left out."""
        return {name: value for name, value in {**self.given, **change}.items() if value is not None}

    def _faults_after(self, change: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What would be wrong with that body."""
        if self._last is None or self._last[0] != change:
            self._last = change, judge(self._after(change), self._model)
        return self._last[1]

    def _new_after(self, change: Mapping[str, Any]) -> list[Fault]:
        return [fault for fault in self._faults_after(change) if _name(fault) not in self._before]

    def _safely(self, figures: Figures, change: Mapping[str, Any]) -> Figures:
        """The figures of a change that does no harm, or none with words of another field; of any other change none."""
        if self._holds(change):
            return figures
        constraint = next((fault.constraint for fault in self._new_after(change)), None)
        others = tuple(change) if constraint is None else tuple(constraint.then or ())
        if constraint is not None and ("meant" in figures or "belongs" in figures):
            others += tuple(constraint.when)  # what is only near had better be another word
        as_names = ("beside", "words") if "beside" not in figures else ("besides", "more")
        for beside in others if "besides" not in figures else ():
            if change.get(beside) is None and (words := self._fitting(beside, change)):
                return self._safely({**figures, **dict(zip(as_names, (beside, words)))}, {**change, beside: words[0]})
        return {}

    def _fitting(self, name: str, change: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """The words of a field that go with the rest of the request, changed or not."""
        changed = change or {}
        return tuple(word for word in self._model.fields[name].words if not self._new_after({**changed, name: word}))

    def _open(self, name: str) -> Figures:
        """What a hint may say of any value: the words that go with the rest if not all do, and not to leave it out."""
        field, model, figures = self._model.fields[name], self._model, dict[str, Any]()
        if name in model.optional and not self._holds({name: None}):
            figures["optional"] = None
        if field.words and any(name in constraint.reads for constraint in model.file.constraints):
            words = self._fitting(name)
            if 0 < len(words) < len(field.words):
                figures["choices"] = words
        return figures

    # --- the figures of each check: params, variant, patch

    def _required(self, fault: Fault, value: Any) -> tuple[Figures, str | None, None]:
        misnamed, wrapper = misplaced(fault.field, self._source, self._model, (self._model,))
        other = None
        if fault.constraint is not None:
            other = " or ".join(fault.constraint.when)
        return {"misnamed": misnamed, "wrapper": wrapper, "other": other}, None, None

    def _type(self, fault: Fault, value: Any) -> tuple[Figures, str | None, dict[str, Any] | None]:
        name = fault.field
        figures, patch = of_type(name, value, self._model)
        if patch is not None and self._holds(patch):
            return figures, None, patch
        is_beyond = patch is not None and any(new.check in ("range", "needs") for new in self._new_after(patch))
        if patch is not None and is_beyond and self._model.fields[name].kind == "integer":
            return self._number(name, patch[name]), None, None
        is_blank = name in self._model.optional and type(value) is str and not value.strip()
        return self._open(name), None, {name: None} if is_blank else None

    def _length(self, fault: Fault, value: Any) -> tuple[Figures, str | None, dict[str, Any] | None]:
        field, length = self._model.fields[fault.field], len(value)
        if fault.check == "min_length":
            length = utf16_length(value)
            least = field.min_length or 0
            figures: Figures = {"minimum": least, "length": length, "missing": least - length}
            patch = self.better({fault.field: None} if not length and fault.field in self._model.optional else None)
            return figures | ({"empty": '""'} if patch else {}), "one" if least == 1 else None, patch
        most = (field.max_length if fault.check == "max_length" else field.max_items) or 0
        variant = "one" if most == 1 else None
        return {"maximum": most, "length": length, "excess": length - most}, variant, None

    def _least(self, fault: Fault, value: Any) -> tuple[Figures, str | None, dict[str, Any] | None]:
        least = self._model.fields[fault.field].min_items or 0
        patch = {fault.field: None} if not value and fault.field in self._model.optional else None
        figures = {"minimum": least, "length": len(value), **self._open(fault.field)}
        return figures, "one" if least == 1 else None, patch

    def _unknown(self, fault: Fault, value: Any) -> tuple[Figures, str | None, dict[str, Any] | None]:
        name, model = fault.field, self._model
        figures, patch = of_word(name, value, self.given, model)
        figures = self._kept(name, figures) or self._open(name)
        takes = model.fields[name]
        if takes.role == "shape" and (choices := figures.get("choices")):
            near = nearest_shape(value, {word: model.ratios[word] for word in choices if word in model.ratios})
            figures |= {} if near is None else {"fitting": near}
        variant = "pixels" if takes.pixel_strings else None
        bare = ascii_lower(value.strip())
        if bare in model.lower_words[name] or (takes.pixel_strings and is_pixels(bare)):
            variant = "pixels_near_miss" if takes.pixel_strings else "near_miss"
        return {"allowed": takes.words, "nearest": None, **figures}, variant, patch

    def _kept(self, name: str, figures: Figures) -> Figures:
        """The figures of what a word may mean, if that goes with the rest of the request; else none."""
        meant = figures.get("nearest")
        if "belongs" in figures:
            return self._safely(figures, {name: None, figures["belongs"]: figures["as_word"]})
        if "words" in figures:
            return self._safely(figures, {name: meant, figures["beside"]: figures["words"][0]})
        if "empty" in figures:
            return figures if self._holds({name: None}) else {}
        return {} if meant is None else self._safely(figures, {name: meant})

    def _range(self, fault: Fault, value: Any) -> tuple[Figures, str | None, None]:
        field = self._model.fields[fault.field]
        least, most = field.minimum, field.maximum
        figures = self._number(fault.field, value)
        variant = "fixed" if least == most else "most" if least is None else "least" if most is None else None
        return {"minimum": least, "maximum": most, **figures}, variant, None

    def _number(self, name: str, number: Any) -> Figures:
        """What to send in place of a number beyond the bounds."""
        figures = of_number(name, number, self._most(name), self._model)
        return figures | self._cost(name, figures.get("split", ()))

    def _cost(self, name: str, split: Sequence[int]) -> Figures:
        """What several requests cost in place of one, if nothing else is wrong and there is a price."""
        low = high = 0
        for part in split:
            given = {**self.given, name: part}
            if any(fault.rule.level == "error" for fault in self._faults_after({name: part})):
                return {}
            quote = price(effective(given, self._model), given, self._model, self._card)
            if quote.credits is None or quote.credits_low is None:
                return {}
            low, high = low + quote.credits_low, high + quote.credits
        return {"credits": high, **({} if low == high else {"credits_low": low})} if split else {}

    def _most(self, name: str) -> int | None:
        """The most that a field takes, its own bound and those of the constraints that apply."""
        values = normalised(self.given, self._model)
        bounds = [self._model.fields[name].maximum]
        for constraint in self._model.file.constraints:
            if constraint.blames == name and all(each.holds(values[of]) for of, each in constraint.when.items()):
                bounds.append((constraint.then or {}).get(name, Condition()).at_most)
        return min((bound for bound in bounds if bound is not None), default=None)

    def _constraint(self, fault: Fault, value: Any) -> tuple[Figures, str | None, None]:
        constraint, model = fault.constraint, self._model
        assert constraint is not None
        figures = self._across(value, constraint) if "{subject}" in fault.rule.message else {}
        shape, tier = model.roles.get("shape"), model.roles.get("tier")
        if constraint.blames == shape and tier in constraint.when and shape in (constraint.then or {}):
            figures |= self._shape_at_tier(value, (constraint.then or {})[shape].one_of or ())
        is_odd = constraint.blames == shape and value is not None and value not in model.words("shape")
        return figures, "pixel_size" if is_odd else None, None

    def _across(self, value: Any, constraint: Constraint) -> Figures:
        """What does not go together: the field with its value, and what else it requires or can't be with."""
        name, field = constraint.blames, self._model.fields[constraint.blames]
        when = {other: condition for other, condition in constraint.when.items() if other != name}
        then = {other: condition for other, condition in (constraint.then or {}).items() if other != name}
        is_own = constraint.then is not None and not then  # it is the field's own value that the others ask for
        if is_own:
            if any(condition.none_of is None for condition in when.values()):
                asked = _told(constraint.then or {})
                return {"subject": _told(when), "other": asked, "asked": asked}
            then = {other: Condition(one_of=condition.none_of) for other, condition in when.items()}
        shown = listed([shorten(value)])
        subject = {"word": f'{name} "{shown}"', "size": f'{name} "{shown}"'}
        subject |= dict.fromkeys(("integer", "number", "boolean"), f"{name} {shown}")
        return {
            "subject": name if value is None else subject.get(field.kind, name),
            "other": _told(then or when),
            "another": name if field.kind in ("word", "size", "integer", "number") else None,
        }

    def _shape_at_tier(self, shape: Any, allowed: tuple[str, ...]) -> Figures:
        """The ways out where a tier takes certain shapes only."""
        model = self._model
        tier = str(normalised(self.given, model)[model.roles["tier"]])
        edges = model.ratios.get(shape or "") or pixels(shape or "")
        is_ratio, ratios = shape in model.ratios, {word: model.ratios[word] for word in allowed if word in model.ratios}
        lower = [other for other in model.words("tier") if is_ratio and model.takes(shape, other)]
        return {
            "tier": tier,
            "allowed": allowed,
            "nearest": (nearest(edges, ratios) or None) if edges and 0 not in edges else None,
            "shape": shape if is_ratio else None,
            "lower": lower[-1] if lower else None,
        }

    def _entry(self, fault: Fault, value: Any) -> tuple[Figures, str | None, dict[str, Any] | None]:
        """The URLs that an entry, or a text that is no URL, holds in another form."""
        found, given = addresses(value, self._model), self.given[fault.field]
        is_blank = type(value) is str and not value.strip()
        if not found and not is_blank:
            meant = urls.with_scheme(value) if type(value) is str else None
            return {} if meant is None else {"meant": shorten(meant)}, None, None
        figures: Figures = {"meant": shorten(found[0])} if len(found) == 1 else {"count": len(found)}
        whole = given if type(given) is list else [given]
        most = self._model.rules_file.entries_looked_at if whole is given else 1
        parts = (
            (addresses(entry, self._model) if type(entry) is not str or urls.fault(entry) else []) or [entry]
            for entry in whole[:most]
            if type(entry) is not str or entry.strip()
        )
        entries: Any = [*chain(*parts)]
        is_short = max(len(whole), len(entries)) <= most  # each finding has the whole list
        patch = {fault.field: (entries if whole is given else entries[0]) if entries else None} if is_short else None
        if is_blank:
            patch = self.better(patch, fault)
            figures = {"empty": '""'} if patch else {}
        return figures, None, patch

    def _nothing(self, fault: Fault, value: Any) -> tuple[Figures, str | None, None]:
        return {}, None, None


_FIGURES = {
    "required": "_required",
    "type": "_type",
    "min_length": "_length",
    "max_length": "_length",
    "unknown": "_unknown",
    "range": "_range",
    "min_items": "_least",
    "max_items": "_length",
    "item_type": "_entry",
    "not_http": "_entry",
    "needs": "_constraint",
    "not_with": "_constraint",
}
"""What computes the figures of a check."""


def _name(fault: Fault) -> tuple[str, str]:
    return fault.rule.id, fault.field


def _faulty(faults: Iterable[Fault]) -> frozenset[str]:
    return frozenset(fault.field for fault in faults if fault.rule.level == "error")


def _warned(
    given: Mapping[str, Any], model: Model, faulty: Collection[str], change: Collection[str] = ()
) -> Iterator[tuple[str, str | None]]:
    """The warnings on words, and those on a prompt that a change touches."""
    yield from _warnings(on_words(given, model, faulty))
    yield from _warnings(on_notes(given, model, faulty))
    if model.roles.get("prompt") in change:
        yield from _warnings(on_values(given, model, faulty))


def _warnings(found: Iterable[Finding]) -> Iterator[tuple[str, str | None]]:
    return ((finding.rule, finding.field) for finding in found if finding.level == "warning")


def _told(conditions: Mapping[str, Condition]) -> str:
    """What some fields must be, as words and signs."""
    return " and ".join(f"{name}{_sign(condition)}" for name, condition in conditions.items())


def _sign(condition: Condition) -> str:
    if condition.at_most is not None:
        return f" ≤ {condition.at_most}"
    return f" {'≠ ' if condition.none_of else ''}{listed(condition.words)}" if condition.words else ""
