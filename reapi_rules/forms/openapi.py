"""Components for an OpenAPI 3.1 document: the request, the report on it, and the errors."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.request import Mode
from reapi_rules.forms.schema import request_schema
from reapi_rules.terms.findings import Finding

__all__ = ["openapi"]

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}


def openapi(*, default_model: str | None = None, catalog: Catalog | None = None) -> Json:
    """An OpenAPI 3.1 document without paths, whose components other documents refer to.

    >>> list(openapi()["components"]["schemas"])
    ['Request', 'Report', 'Finding', 'Dimensions', 'Quote', 'CardId', 'Error', 'Problem']
    """
    body = request_schema(default_model=default_model, catalog=catalog)
    schemas = {
        "Request": {key: value for key, value in body.items() if key not in ("$schema", "$id")},
        "Report": _REPORT,
        **_structs(),
        "Error": _ERROR,
        "Problem": _PROBLEM,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "reapi_rules", "version": __version__},
        "paths": {},
        "components": {"schemas": schemas},
    }


def _structs() -> Json:
    """The parts of a report, from their own types."""
    _, found = msgspec.json.schema_components([Finding, Dimensions, Quote], ref_template=_ref("{name}")["$ref"])
    parts = {name: found[name] for name in ("Finding", "Dimensions", "Quote", "CardId")}
    as_json: Json = msgspec.json.decode(msgspec.json.encode(parts))  # lists where msgspec has tuples
    return as_json


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(*optional: str, **properties: Json) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


_REPORT = {
    "description": "What reAPI will do with a request; what follows the warnings is null where there is an error.",
    **_object(
        ok={"type": "boolean"},
        model={"type": ["string", "null"]},
        mode={"enum": [*get_args(Mode), None]},
        errors={"type": "array", "items": _ref("Finding")},
        warnings={"type": "array", "items": _ref("Finding")},
        effective=_or_null({"description": "The fields that the gateway will use.", "type": "object"}),
        dimensions=_or_null(_ref("Dimensions")),
        quote=_or_null(_ref("Quote")),
    ),
}

_ENVELOPE = _object(code={"type": "integer"}, message=_TEXT, request_id={"type": ["string", "null"]})
_ERROR = {"description": "The envelope of reAPI's own errors.", **_object(error=_ENVELOPE)}

_PROBLEM = {
    "description": "Problem details of RFC 9457 (application/problem+json); no error without a published code.",
    **_object(
        "error",
        type=_TEXT,
        title=_TEXT,
        status={"const": 400},
        detail=_TEXT,
        errors={
            "type": "array",
            "minItems": 1,
            "items": _object(detail=_TEXT, pointer=_TEXT, rule=_TEXT, code={"type": ["integer", "null"]}),
        },
        error=_ENVELOPE,
    ),
}
