"""Answer with findings from FastAPI: its own 422, or the 400 that reAPI itself would send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

from reapi_rules.catalog.extras import need
from reapi_rules.engine.report import Report
from reapi_rules.forms.mapping import context_of, line, place_of, shown_value
from reapi_rules.forms.problems import MEDIA_TYPE, envelope, problem
from reapi_rules.forms.pydantic import Judged
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding

__all__ = ["JudgedBody", "envelope_response", "error_details", "problem_response", "raise_for_errors"]

if TYPE_CHECKING:
    JudgedBody = Annotated[Report, Judged()]
    """The type of an endpoint's parameter: a checked JSON body; FastAPI answers 422 if reAPI would reject it."""
else:

    def __getattr__(name: str) -> Any:
        if name != "JudgedBody":
            raise AttributeError(name)
        return Annotated[Report, Judged(), need("fastapi", "fastapi").Body()]


@takes(findings=Iterable)
def error_details(findings: Iterable[Finding], language: str = "en") -> list[dict[str, Any]]:
    """Findings in the form of FastAPI's own error details.

    >>> from reapi_rules import preflight
    >>> error_details(preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2}).errors)[0]["loc"]
    ('body', 'n')
    """
    return [
        {
            "type": finding.rule,
            "loc": ("body", *place_of(finding)),
            "msg": line(finding, language, entry=False),
            "input": shown_value(finding),
            "ctx": context_of(finding, language),
        }
        for finding in findings
    ]


@takes(report=Report)
def raise_for_errors(report: Report, language: str = "en") -> Report:
    """The report itself; if it has errors, raises FastAPI's RequestValidationError, which becomes a 422."""
    if report.errors:
        raise need("fastapi.exceptions", "fastapi").RequestValidationError(error_details(report.errors, language))
    return report


def envelope_response(report: Report, request_id: str | None = None) -> Any:
    """The 400 that reAPI itself would answer with, as a JSONResponse; None for a report without errors.

    If none of the errors has a published code, it is problem details instead.
    """
    content = envelope(report, request_id)
    if content is None:
        return problem_response(report)
    return need("fastapi.responses", "fastapi").JSONResponse(content, status_code=400)


def problem_response(report: Report, language: str = "en") -> Any:
    """The errors as problem details of RFC 9457, as a JSONResponse of status 400; None for a report without errors."""
    if report.ok:
        return None
    response = need("fastapi.responses", "fastapi").JSONResponse
    return response(problem(report, language), status_code=400, media_type=MEDIA_TYPE)
