"""The report: everything about one request, and the two verbs that make it, ``preflight`` and ``quote``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast, get_args, overload

import msgspec
from msgspec.structs import force_setattr

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard, current
from reapi_rules.engine.body import Body, Fields, Unreadable, is_absent, plain, read
from reapi_rules.engine.cases import Case
from reapi_rules.engine.dimensions import Dimensions, resolve
from reapi_rules.engine.judge import judge
from reapi_rules.engine.quotes import Quote, price
from reapi_rules.engine.request import Mode, Request, effective, payload, with_texts
from reapi_rules.engine.warnings import UnknownFields, refuse_unknown, warn
from reapi_rules.engine.wording import NoModel, word
from reapi_rules.terms.findings import Fault, Finding

__all__ = ["InvalidRequestError", "Report", "preflight", "quote"]


class InvalidRequestError(ValueError):
    """A request that reAPI would reject; ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return "; ".join(finding.message for finding in self.report.errors)


_NO_BODY = Body(Fields(), b"")


class Report(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What reAPI will do with one request: the verdict and, where it is accepted, mode, pixels and price.

    >>> report = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "1:1", "quality": "low"})
    >>> report.ok, report.mode, report.dimensions.width, report.quote.credits
    (True, 'text_to_image', 1024, 5)

    A report is a snapshot of the body.  What it says beyond the errors is worked out when it is read.
    """

    _body: Body = _NO_BODY
    _model: Model | None = None
    _card: RateCard | None = None
    _unknown_fields: UnknownFields = "warn"
    _faults: tuple[Fault | Finding, ...] | NoModel = ()
    _errors: tuple[Finding, ...] | None = None
    _warnings: tuple[Finding, ...] | None = None
    _effective: Request | None = None

    @property
    def ok(self) -> bool:
        """Whether reAPI would take the request."""
        return not self._faults

    @property
    def model(self) -> str | None:
        """The model whose rules were applied."""
        return None if self._model is None else self._model.id

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Why reAPI would reject the request: every error at once, in documented order."""
        found = self._errors
        if found is None:
            faults, model = self._faults, self._model
            if isinstance(faults, NoModel):
                found = faults.word()
            else:
                found = () if model is None else word(faults, self._body.fields, model)
            force_setattr(self, "_errors", found)
        return found

    @property
    def rate_card(self) -> RateCard | None:
        """The rate card whose prices count; None where no card holds on the date."""
        return self._card

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is accepted and costs money, loses something, is likely a mistake or just worth knowing, in order."""
        found = self._warnings
        if found is None:
            faulty = {error.field for error in self.errors}
            model = self._model
            found = () if model is None else warn(self._body, model, faulty, self._unknown_fields)
            force_setattr(self, "_warnings", found)
        return found

    @property
    def effective(self) -> Request | None:
        """The request that the gateway will use, defaults filled in; None with an error."""
        if self._effective is None and self._model is not None and self.ok:
            force_setattr(self, "_effective", effective(self._body.fields, self._model))
        return self._effective

    @property
    def mode(self) -> Mode | None:
        """``text_to_image``, ``image_to_image`` or ``inpainting``; None with an error."""
        return None if self.effective is None else self.effective.mode

    @property
    def dimensions(self) -> Dimensions | None:
        """Width and height of the picture in pixels, or why they are not known; None with an error."""
        request = self.effective
        return None if request is None or self._model is None else resolve(request, self._model)

    @property
    def quote(self) -> Quote | None:
        """What the request costs, in credits and USD; None with an error."""
        request = self.effective
        return None if request is None or self._model is None else price(request, self._model, self._card)

    def payload(self) -> dict[str, Any] | None:
        """The body to send: the caller's own parameters, without nulls, ``resolution`` in lower case, ``n`` an integer.

        None with an error.
        """
        if self._model is None or not self.ok:
            return None
        return payload(self._body.fields, self._model)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON types, keys in documented order."""
        result: dict[str, Any] = msgspec.json.decode(self.to_json())
        return result

    def to_json(self) -> bytes:
        """The report as one line of JSON."""
        return msgspec.json.encode(
            {
                "ok": self.ok,
                "model": self.model,
                "mode": self.mode,
                "errors": self.errors,
                "warnings": self.warnings,
                "effective": self.effective,
                "dimensions": self.dimensions,
                "quote": self.quote,
            }
        )

    def gateway_error(self, request_id: str | None = None) -> dict[str, Any] | None:
        """The envelope that reAPI would answer with, for the first error that has a code; None if there is none.

        >>> preflight({"model": "gpt-image-2-official"}).gateway_error()
        {'error': {'code': 20002, 'message': 'prompt is required', 'request_id': None}}
        """
        first = next((error for error in self.errors if error.code is not None), None)
        if first is None:
            return None
        return {"error": {"code": first.code, "message": first.message, "request_id": request_id}}

    def with_errors(self, errors: Iterable[Finding]) -> Report:
        """The report with other findings for its errors, for a reader that knows more of where a value came from."""
        found = tuple(errors)
        return Report(self._body, self._model, self._card, self._unknown_fields, found, found)

    def raise_for_errors(self) -> Report:
        """The report itself; raises InvalidRequestError where reAPI would reject the request."""
        if not self.ok:
            raise InvalidRequestError(self)
        return self

    def __repr__(self) -> str:
        return f"Report(ok={self.ok}, model={self.model!r}, errors={[error.rule for error in self.errors]})"


class _CaseReport(Report, frozen=True, kw_only=True, eq=False, gc=False):
    """The report of a faultless body whose case is known: what all bodies of the case share is ready to be read."""

    _case: Case
    ok: bool = True
    errors: tuple[Finding, ...] = ()
    mode: Mode
    dimensions: Dimensions
    quote: Quote

    @property
    def warnings(self) -> tuple[Finding, ...]:
        found = self._warnings
        if found is None:
            found = self._case.warnings_of(self._body, self._unknown_fields)
            force_setattr(self, "_warnings", found)
        return found

    @property
    def effective(self) -> Request:
        found = self._effective
        if found is None:
            found = with_texts(self._case.request, self._body.fields)
            force_setattr(self, "_effective", found)
        return found

    def payload(self) -> dict[str, Any]:
        return self._case.payload(self._body.fields)

    def to_json(self) -> bytes:
        case = self._case
        if self.quote is case.quote and len(self.warnings) == case.number_of_warnings:  # there are no others
            return case.to_json(self._body.fields)
        return Report.to_json(self)


def preflight(
    body: Any,
    *,
    default_model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    unknown_fields: UnknownFields = "warn",
    catalog: Catalog | None = None,
) -> Report:
    """Whether reAPI will take a request body, what exactly is wrong with it, which pixels it gives and what it costs.

    >>> body = b'{"model": "gpt-image-2-official", "prompt": "a fox", "resolution": "4k", "n": 5}'
    >>> [(error.rule, error.code) for error in preflight(body).errors]
    [('size.needs_widescreen', 20003), ('n.range', 20003)]

    The body is bytes or text (JSON) or a mapping.  Whatever it holds, a report comes back, without any network call.
    ``default_model`` applies where the body names none; ``rates`` are rate cards to use instead of the built-in
    ones, ``as_of`` the date whose prices count; ``unknown_fields`` says whether a key that no rule set names is a
    warning, ignored or an error.  Source: the whole page.
    """
    if catalog is None:
        catalog = built_in()
    cases = catalog.cases
    card = cases.card
    if rates is not None or as_of is not None:
        card = _card(rates, as_of, catalog)
    content = read(body)
    if content.__class__ is Body:
        if default_model is not None:
            content = content.with_model(default_model)
        if unknown_fields == "warn":
            case = cases.find(content.fields)
            if case is not None:
                cost = case.quote if card is cases.card else price(case.request, case.model, card)
                return _CaseReport(
                    content, case.model, card, _case=case, mode=case.mode, dimensions=case.dimensions, quote=cost
                )
    return _judge(content, catalog, default_model, card, unknown_fields)


def _judge(
    content: Body | Unreadable,
    catalog: Catalog,
    default_model: str | None,
    card: RateCard | None,
    unknown_fields: UnknownFields,
) -> Report:
    """The report by the plain rules; the case of a faultless body is kept for the next of its kind."""
    if unknown_fields != "warn" and unknown_fields not in _UNKNOWN_FIELDS:
        raise ValueError(f"unknown_fields is one of {', '.join(_UNKNOWN_FIELDS)}, not {unknown_fields!r}")
    if type(content) is Unreadable:
        return Report(_faults=NoModel(content, catalog))
    if content.fields.__class__ is not Fields:
        content = plain(content)
        if default_model is not None:  # what was read anew does not have it
            content = content.with_model(default_model)
    name = content.fields.model
    model = catalog.models.get(name) if type(name) is str else None
    if model is None:
        return Report(_faults=NoModel(_no_model(name), catalog))
    fields, faults = content.fields, judge(content.fields, model)
    others = refuse_unknown(content, model) if unknown_fields == "error" else ()
    if faults or others:
        return Report(content, model, card, unknown_fields, faults + others)
    catalog.cases.keep(fields, model)
    return Report(content, model, card, unknown_fields)


_UNKNOWN_FIELDS = get_args(UnknownFields)


@overload
def quote(
    body: Any,
    *,
    default_model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> Quote: ...


@overload
def quote(
    *,
    size: str | None = None,
    resolution: str | None = None,
    quality: str | None = None,
    n: int | None = None,
    has_images: bool = False,
    model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> Quote: ...


def quote(
    body: Any = msgspec.UNSET,
    *,
    size: str | None = None,
    resolution: str | None = None,
    quality: str | None = None,
    n: int | None = None,
    has_images: bool = False,
    model: str | None = None,
    default_model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    catalog: Catalog | None = None,
) -> Quote:
    """What a request costs: of a body, as ``preflight`` takes it, or of the axes alone, without any prompt.

    >>> quote(size="16:9", resolution="2k", quality="high", n=2).credits
    759
    >>> quote({"model": "gpt-image-2", "prompt": "a fox", "resolution": "4k", "size": "2:1"}).usd
    '0.080'

    Of the axes, what is None counts as absent, and the model is gpt-image-2-official unless another is named;
    ``has_images`` stands for reference images, whose shape an absent size mirrors.  Raises InvalidRequestError where
    ``preflight`` would report errors.  Source: section "Pricing" of the page.
    """
    if catalog is None:
        catalog = built_in()
    if body is msgspec.UNSET:
        model = catalog.default_model if model is None else model
        if rates is None and as_of is None:
            case = catalog.cases.of_axes(model, size, resolution, quality, n, has_images)
            if case is not None:
                return case.quote
        axes = {"model": model, "size": size, "resolution": resolution, "quality": quality, "n": n}
        body = {**stand_in(has_images), **axes}
    elif has_images or any(axis is not None for axis in (model, size, resolution, quality, n)):
        raise TypeError("quote() takes a body or the axes, not both")
    report = preflight(body, default_model=default_model, rates=rates, as_of=as_of, catalog=catalog).raise_for_errors()
    return cast(Quote, report.quote)


def stand_in(has_images: bool = False) -> dict[str, Any]:
    """The least body that passes, for questions that need neither a prompt nor images of their own."""
    return {"prompt": "-", **({"image_urls": ["https://example.com/reference.png"]} if has_images else {})}


def _no_model(name: Any) -> Unreadable:
    """Why there is no model of that name."""
    if type(name) is str:
        return Unreadable("model.unknown" if name else "model.required", name)
    return Unreadable("model.required") if is_absent(name) else Unreadable("model.type", name)


def _card(rates: RateCard | Iterable[RateCard] | None, as_of: date | None, catalog: Catalog) -> RateCard | None:
    if rates is None:
        return catalog.card(as_of)
    return current((rates,) if isinstance(rates, RateCard) else rates, as_of)
