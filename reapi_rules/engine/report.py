"""The report: everything we can say about one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import force_setattr, replace

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.body import Source, UnknownFields, Unreadable, beside, normal, whole
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.judge import Fault
from reapi_rules.engine.quotes import Quote, billed_cells
from reapi_rules.engine.request import Mode, effective, payload, payload_of_fields, used_value
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.urls import are_ordinary
from reapi_rules.terms.values import shorten

__all__ = ["InvalidRequestError", "NoModel", "Report"]


class InvalidRequestError(ValueError):
    """A request that reAPI would reject; ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return "; ".join(finding.message for finding in self.report.errors)


Faults: TypeAlias = tuple[Fault | Finding, ...]


class NoModel(msgspec.Struct, frozen=True):
    """Why a body can't be judged under the rules of any model of a catalog."""

    why: Unreadable
    source: Source | None
    catalog: Catalog


class Known(msgspec.Struct, kw_only=True, eq=False, gc=False):
    """What is said of a request, and of all with the same words and faults.

    ``said`` are the findings that the engine has made for any of these, which it may say again; None where they are of
    one body alone.
    What is asked of it first is computed by the plain functions, and kept; a body with other free fields, or with
    anything odd in them, goes the plain way.
    """

    ok: bool = False
    model: str | None = None
    rules: Model | None = None
    mode: Mode | None = None
    dimensions: Dimensions | None = None
    quote: Quote | None = None
    rate_card: RateCard | None = None
    unknown_fields: UnknownFields = "warn"
    faults: Faults | NoModel = ()
    by_others: dict[Any, Known] | None = None
    said: dict[Any, tuple[Finding, ...]] | None = None
    _json: tuple[bytes, bytes] | None = None
    _forms: dict[tuple[str, ...], _Form] = {}

    def around(self) -> tuple[bytes, bytes]:
        """How the JSON of a report begins and ends, made once, which takes a tenth off the time of each report."""
        if self._json is None:
            first = _encode({"ok": self.ok, "model": self.model, "mode": self.mode})
            last = _encode({"dimensions": self.dimensions, "quote": self.quote})
            self._json = first[:-1] + b',"errors":', b"," + last[1:]
        return self._json

    def report(self, source: Source | None = None, given: dict[str, Any] | None = None) -> Report:
        """The report on a request of which this is known."""
        return Report(self.ok, self.dimensions, self.quote, self, source, given)

    def rejected(self) -> Known:
        """The same of a body that is rejected."""
        return Known(model=self.model, rules=self.rules, rate_card=self.rate_card, unknown_fields=self.unknown_fields)

    def form_of(self, given: dict[str, Any]) -> _Form | None:
        """What bodies with these words and these fields have in common; None where a field needs a look of its own."""
        names, rules = tuple(given), self.rules
        form = self._forms.get(names)
        free = () if rules is None else form.free if form is not None else rules.free.intersection(names)
        for name in free:
            if not given[name]:
                return None
        if form is None and rules is not None and len(self._forms) < _MOST_FORMS:
            form = self._forms[names] = _Form(given, rules)
        return form


class _Form:
    """What bodies with the same words and the same fields have in common; nothing of what their free fields hold."""

    def __init__(self, given: dict[str, Any], model: Model) -> None:
        from reapi_rules.engine.warnings import on_words  # a start does without

        self._model = model
        self.free: tuple[str, ...] = tuple(name for name in given if name in model.free)
        fields = {name: model.fields[name] for name in self.free}
        self._addresses = tuple(name for name, field in fields.items() if field.has_addresses)
        self._texts = tuple(name for name, field in fields.items() if field.kind == "text")
        self._others = tuple(name for name in self.free if name not in (*self._addresses, *self._texts))
        blank = dict.fromkeys(self.free)
        self._used = {**effective(given, model), **blank}
        self._sent = {**payload_of_fields(given, model), **blank}
        self.common: tuple[Finding, ...] = tuple(on_words(given, model))
        self.common_json: bytes = _encode(self.common)
        self.has_null: bool = any(value is None for name, value in given.items() if name not in self.free)
        self._mask = mask if (mask := model.roles.get("mask")) in given else None
        self._unchecked = None if self._mask is None else model.rule("unchecked", self._mask).find()

    def used(self, given: dict[str, Any]) -> dict[str, Any]:
        used = self._used.copy()
        for name in self.free:
            value = given[name]
            if type(value) is str and value.isascii():  # as nearly every one is
                used[name] = value
            elif type(value) is list and name in self._addresses and "".join(value).isascii():
                used[name] = value.copy()
            else:
                used[name] = used_value(name, value, self._model)
        return used

    def sent(self, given: dict[str, Any]) -> dict[str, Any]:
        sent = self._sent.copy()
        for name in self.free:
            value = given[name]
            sent[name] = value.copy() if type(value) is list else value
        return sent

    def warnings(self, given: dict[str, Any]) -> tuple[Finding, ...] | None:
        """All warnings on a body but those on its keys, if nothing is to be said of its free fields; else None."""
        for name in self._texts:
            value = given[name]
            if not value.isascii() or ":" in value or value.isspace():
                return None
        for name in self._others:
            value = given[name]
            if value in self._model.fields[name].downgraded or type(value) is float:
                return None
        for name in self._addresses:
            value = given[name]
            if not are_ordinary(value if type(value) is list else [value]):
                return None
        if self._mask is None or self._unchecked is None:
            return self.common
        return (*self.common, replace(self._unchecked, value=shorten(given[self._mask])))


_MOST_FORMS = 8
_MOST_SAID = 1_024


class Report(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What reAPI will do with one request: the verdict and, if it is accepted, mode, pixels and price.

    >>> from reapi_rules import preflight
    >>> report = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "1:1", "quality": "low"})
    >>> report.ok, report.mode, report.dimensions.width, report.quote.credits
    (True, 'text_to_image', 1024, 5)

    ``ok`` says whether reAPI would accept the request.  ``dimensions`` are the width and height of the image in pixels,
    or why they are unknown; ``quote`` is what it costs. Both are None if there is an error.  A report is a snapshot of
    the body.  Everything beyond verdict and price is computed when it is read.
    """

    ok: bool
    dimensions: Dimensions | None
    quote: Quote | None
    _known: Known
    _source: Source | None = None
    _values: Any = None
    _looked_at: tuple[dict[str, Any], _Form | None] | None = None
    _errors: tuple[Finding, ...] | None = None
    _warnings: tuple[Finding, ...] | None = None
    _effective: dict[str, Any] | None = None
    _payload: dict[str, Any] | None = None

    @property
    def model(self) -> str | None:
        """The model whose rules were applied, or the id that has no rules here."""
        return self._known.model

    @property
    def mode(self) -> Mode | None:
        """``text_to_image``, ``image_to_image`` or ``inpainting``; None with an error."""
        return self._known.mode

    @property
    def rate_card(self) -> RateCard | None:
        """The rate card that is used; None if no card is in effect on the date."""
        return self._known.rate_card

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Why reAPI would reject the request: every error at once, in documented order."""
        if self.ok:
            return ()
        if self._errors is None:
            force_setattr(self, "_errors", self._worded("error"))
        return self._errors or ()

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is accepted but costs extra, loses something, may be a mistake or is just worth knowing, in order."""
        if self._warnings is None:
            force_setattr(self, "_warnings", self._warn())
        return self._warnings or ()

    @property
    def effective(self) -> dict[str, Any] | None:
        """The fields that the gateway will use, in the page's order, defaults filled in; None with an error."""
        if self._effective is None and self.ok and self._known.rules is not None:
            given, form = self._looked_at or self._look()
            force_setattr(self, "_effective", effective(given, self._known.rules) if form is None else form.used(given))
        return self._effective

    @property
    def billed_cells(self) -> tuple[str, ...]:
        """The price cells, one of which will be billed, in the order of the sizes; empty if unknown.

        >>> from reapi_rules import preflight
        >>> preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9"}).billed_cells
        ('16:9@1k_high',)
        """
        used, rules = self.effective, self._known.rules
        return () if used is None or rules is None else billed_cells(used, self.given, rules)

    def payload(self) -> dict[str, Any] | None:
        """The body to send: the caller's own fields without nulls, with words and numbers in their standard spelling.

        None with an error.
        """
        if self._payload is None and self.ok and self._source is not None:
            return self._sent(self._source)
        return None if self._payload is None else self._payload.copy()

    def _read(self) -> None:
        """Compute now what is otherwise computed on request, which reads the body again."""
        _ = self.errors, self.warnings
        force_setattr(self, "_payload", self.payload())

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON types, keys in documented order."""
        result: dict[str, Any] = msgspec.json.decode(self.to_json())
        return result

    def to_json(self) -> bytes:
        """The report as one line of JSON."""
        # what is there already is taken without a call, here and below: together that is a tenth of the time
        first, last = self._known._json or self._known.around()
        errors, warnings = b"[]" if self.ok else _encode(self.errors), self.warnings
        used = _encode(self._effective or self.effective)
        _, form = self._looked_at or self._look()
        more = form.common_json if form is not None and warnings is form.common else _encode(warnings)
        return b"".join((first, errors, b',"warnings":', more, b',"effective":', used, last))

    @takes(request_id=str | None)
    def gateway_error(self, request_id: str | None = None) -> dict[str, Any] | None:
        """The envelope that reAPI would answer with, for the first error that has a code; None if no error has one.

        >>> from reapi_rules import preflight
        >>> preflight({"model": "gpt-image-2-official"}).gateway_error()
        {'error': {'code': 20002, 'message': 'prompt is required', 'request_id': None}}
        """
        first = next((error for error in self.errors if error.code is not None), None)
        if first is None:
            return None
        return {"error": {"code": first.code, "message": first.message, "request_id": request_id}}

    def with_errors(self, errors: tuple[Finding, ...]) -> Report:
        """The report with its errors replaced, for a caller who knows where the values came from."""
        return replace(
            self,
            ok=False,
            dimensions=None,
            quote=None,
            _known=self._known.rejected(),
            _errors=errors,
            _warnings=self.warnings,
            _effective=None,
        )

    def raise_for_errors(self) -> Report:
        """The report itself; raises InvalidRequestError if reAPI would reject the request."""
        if not self.ok:
            raise InvalidRequestError(self)
        return self

    def __repr__(self) -> str:
        return f"Report(ok={self.ok}, model={self.model!r}, errors={[error.rule for error in self.errors]})"

    def _repr_html_(self) -> str:
        """The report as a notebook shows it."""
        from reapi_rules.terms.html import html_table  # in a notebook only

        size = self.dimensions
        findings = [
            (f"{found.level} {found.rule}", f"{found.message}; {found.hint}" if found.hint else found.message)
            for found in (*self.errors, *self.warnings)
        ]
        return html_table(
            (
                ("reAPI", "would accept this" if self.ok else "would reject this"),
                ("model", self.model),
                *findings,
                ("pixels", None if size is None or size.width is None else f"{size.width} x {size.height}"),
                *(() if self.quote is None else self.quote.facts()),
            )
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what it says, without what it was made from."""
        known = replace(self._known, rules=None, faults=(), by_others=None, said=None, _json=None, _forms={})
        said = (self.errors, self.warnings, self.effective, self.payload())
        return Report, (self.ok, self.dimensions, self.quote, known, None, None, None, *said)

    @property
    def given(self) -> dict[str, Any]:
        """The model's fields that the body gives, with plain values."""
        return (self._looked_at or self._look())[0]

    def _look(self) -> tuple[dict[str, Any], _Form | None]:
        """The fields, and what bodies like this have in common; None where this one needs a look of its own."""
        given: Any = self._values
        form = None
        if given is None:
            given = {}
        elif type(given) is not dict:  # it has a type: where it has no faults either, it passed at first sight
            given = normal(given)
            if not self._known.faults:
                form = self._known.form_of(given)
        looked_at = given, form
        force_setattr(self, "_looked_at", looked_at)
        return looked_at

    def _worded(self, level: str) -> tuple[Finding, ...]:
        """The faults of a level as findings."""
        faults = self._known.faults
        return self._again(level, partial(self._word, level, faults)) if faults else ()

    def _again(self, what: Any, find: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
        """Findings on what other bodies with these words may have, too, made once; ``what`` is None if not."""
        said = self._known.said
        if said is None or what is None:
            return tuple(find())
        key = self._known, what
        found = said.get(key)
        if found is None:
            if len(said) >= _MOST_SAID:
                said.clear()
            found = said[key] = tuple(find())
        return found

    def _word(self, level: str, faults: Faults | NoModel) -> tuple[Finding, ...]:
        """The faults of a level, put into words; some are worded already."""
        if isinstance(faults, NoModel):  # a program starts a millisecond sooner without what puts faults into words
            from reapi_rules.engine.no_model import word_no_model

            return (word_no_model(faults.why, faults.source, faults.catalog),)
        from reapi_rules.engine.wording import Wording

        rules = self._known.rules
        wanted = [fault for fault in faults if level_of(fault) == level]
        if rules is None or self._source is None:
            return tuple(fault for fault in wanted if isinstance(fault, Finding))
        judged = (each for each in faults if isinstance(each, Fault))
        wording = Wording(self.given, self._source, rules, judged, self._known.rate_card)
        return tuple(wording.word(fault) if isinstance(fault, Fault) else fault for fault in wanted)

    def _warn(self) -> tuple[Finding, ...]:
        given, form = self._looked_at or self._look()
        found = None if form is None or form.has_null else form.warnings(given)
        if found is not None and self._values.is_closed:
            return found
        if isinstance(self._known.faults, NoModel):
            return ()
        if self._known.rules is None or self._source is None:
            return self._worded("warning")
        others = None if found is None else beside(self._source, given)
        if found is not None:
            return found if others == () else (*self._again(others and (tuple(given), others), self._on_keys), *found)
        from reapi_rules.engine.keys import warn  # as above

        faulty = {finding.field for finding in self.errors}
        first = self._worded("warning")
        return warn(self._source, given, self._known.rules, faulty, self._known.unknown_fields, first)

    def _on_keys(self) -> Iterable[Finding]:
        """The warnings on what the body holds beside its model's fields."""
        # here, not in _warn: to look for a module takes longer than to look up what was said
        from reapi_rules.engine.keys import on_keys

        assert self._source is not None
        assert self._known.rules is not None
        return on_keys(self._source, self.given, self._known.rules, self._known.unknown_fields)

    def _sent(self, source: Source) -> dict[str, Any]:
        if self._known.rules is not None:
            given, form = self._looked_at or self._look()
            if form is None or self._known.rules.file.sends_unknown_fields:
                return payload(given, source, self._known.rules)
            return form.sent(given)
        sent = whole(source)
        return sent if sent.get("model") else {**sent, "model": self.model}


def common_of(report: Report) -> tuple[Known, tuple[Finding, ...]] | None:
    """What a report has in common with all that say the same; None where it says something of its own request."""
    warnings = report.warnings
    form = report._look()[1]
    if not report.ok or form is None or warnings is not form.common:
        return None
    return report._known, warnings


def level_of(fault: Fault | Finding) -> str:
    """How grave a fault is, worded or not."""
    return fault.rule.level if type(fault) is Fault else fault.level  # type: ignore[union-attr]  # mypy does not narrow by type()


_encode = msgspec.json.Encoder().encode
