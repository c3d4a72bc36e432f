"""A request as a Pydantic field: it is checked while it is read, and its errors become Pydantic's own.

    class Order(BaseModel):
        picture: Annotated[Report, Judged()]

The value is a report; its ``payload()`` is what to send.
"""

from __future__ import annotations

from typing import Any, Unpack

from reapi_rules.catalog.extras import need
from reapi_rules.engine.engine import Options
from reapi_rules.engine.report import Report
from reapi_rules.forms.mapping import context_of, line, place_of, shown_value
from reapi_rules.forms.openapi import inline_request
from reapi_rules.forms.reader import preflight_decoded
from reapi_rules.terms.arguments import takes

__all__ = ["Judged"]


class Judged:
    """Annotates a Report: the value is read as a request and rejected with all of its errors.

    The options are those of ``preflight``; messages are in ``language``.  In a JSON Schema it is the request.
    """

    @takes(language=str)
    def __init__(self, *, language: str = "en", **options: Unpack[Options]) -> None:
        self.language = language
        self.options = options

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        core = need("pydantic_core", "pydantic").core_schema
        return core.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        return inline_request(default_model=self.options.get("default_model"), catalog=self.options.get("catalog"))

    def _read(self, value: Any) -> Report:
        if type(value) is Report:
            return value
        report = preflight_decoded(value, **self.options)
        if report.ok:
            return report
        core = need("pydantic_core", "pydantic")
        errors = []
        for error in report.errors:
            # the message last: what it shows may look like a placeholder, and none is filled in after it
            context = {**context_of(error, self.language), "message": line(error, self.language, entry=False)}
            kind = core.PydanticCustomError(error.rule, "{message}", context)
            errors.append({"type": kind, "loc": place_of(error), "input": shown_value(error)})
        raise core.ValidationError.from_exception_data("Request", errors)
