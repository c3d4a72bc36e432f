"""Problem details of RFC 9457 for a request that reAPI would reject."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from reapi_rules.engine.report import Report
from reapi_rules.forms.mapping import line, sentence, veil
from reapi_rules.terms.arguments import takes

__all__ = ["MEDIA_TYPE", "TYPE", "Error", "Problem", "envelope", "problem"]

MEDIA_TYPE = "application/problem+json"

TYPE = "https://reapi-rules.example/problems/invalid-request"
"""The type of every problem: a name, not an address; the domain is reserved and never resolves."""

_LONGEST_POINTER = 200
_UNRESERVED = "/~!$&'()*+,;=:@"


class Detail(msgspec.Struct, frozen=True):
    """One error of a problem; its pointer is a URI fragment."""

    detail: str
    pointer: str
    rule: str
    code: int | None


class Envelope(msgspec.Struct, frozen=True):
    """What reAPI says of an error."""

    code: int
    message: str
    request_id: str | None


class Error(msgspec.Struct, frozen=True):
    """The envelope of reAPI's own errors."""

    error: Envelope


class Problem(msgspec.Struct, frozen=True):
    """Problem details of RFC 9457, with what reAPI itself would answer if it has published a code."""

    type: str
    title: str
    status: Literal[400]
    detail: str
    errors: Annotated[list[Detail], Meta(min_length=1)]
    error: Envelope | UnsetType = UNSET


@takes(report=Report)
def problem(report: Report, language: str = "en") -> dict[str, Any] | None:
    """The errors of a report as problem details; None if it has no errors.

    >>> from reapi_rules import preflight
    >>> problem(preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2}))["errors"]
    [{'detail': 'Number of images must be 1', 'pointer': '#/n', 'rule': 'n.range', 'code': 20003}]

    Pointers are URI fragments, as in the RFC's example; ``error`` is what reAPI's own envelope would hold, if a code is
    published for any of the errors.
    """
    if report.ok:
        return None
    errors = []
    for error in report.errors:
        # to the whole body where a name in it is longer than is useful to send back
        pointer = quote(error.pointer if len(error.pointer) <= _LONGEST_POINTER else "", safe=_UNRESERVED)
        errors.append(Detail(line(error, language, entry=False), f"#{pointer}", error.rule, error.code))
    found = Problem(TYPE, sentence("title", language), 400, errors[0].detail, errors)
    return {**msgspec.to_builtins(found), **(envelope(report) or {})}


@takes(report=Report)
def envelope(report: Report, request_id: str | None = None) -> dict[str, Any] | None:
    """``report.gateway_error()`` for a web page: without data: URIs.

    >>> from reapi_rules import preflight
    >>> envelope(preflight({"model": "gpt-image-2", "prompt": "a fox", "size": "data:,x"}))["error"]["message"][:22]
    'invalid size "data:…" '
    """
    veiled = tuple(replace(error, message=veil(error.message)) for error in report.errors)
    return report.with_errors(veiled).gateway_error(request_id) if veiled else None
