"""Components for an OpenAPI 3.1 document: the request, the report on it, and the errors, made from their own types."""

from __future__ import annotations

from typing import Any

import msgspec

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.request import Mode
from reapi_rules.forms.problems import Error, Problem
from reapi_rules.forms.schema import request_schema
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.once import LOCK

__all__ = ["openapi"]


class Report(msgspec.Struct):
    """What reAPI will do with a request; what follows the warnings is null where there is an error."""

    ok: bool
    model: str | None
    mode: Mode | None
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    effective: dict[str, Any] | None
    dimensions: Dimensions | None
    quote: Quote | None


def openapi(*, default_model: str | None = None, catalog: Catalog | None = None) -> dict[str, Any]:
    """An OpenAPI 3.1 document without paths, whose components other documents refer to.

    >>> list(openapi()["components"]["schemas"])[:4]
    ['Request', 'Report', 'Finding', 'Dimensions']
    """
    body = request_schema(default_model=default_model, catalog=catalog)
    with LOCK:
        _, parts = msgspec.json.schema_components([Report, Error, Problem], ref_template="#/components/schemas/{name}")
    schemas = {"Request": {key: value for key, value in body.items() if key not in ("$schema", "$id")}, **parts}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "reapi_rules", "version": __version__},
        "paths": {},
        "components": {"schemas": schemas},
    }
    as_json: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))  # lists where msgspec has tuples
    return as_json
