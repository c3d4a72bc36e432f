"""Components for an OpenAPI 3.1 document: the request, the report on it, and the errors, made from their own types."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog
from reapi_rules.engine.dimensions import Dimensions
from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.request import Mode
from reapi_rules.forms.problems import Error, Problem
from reapi_rules.forms.schema import branches
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.once import LOCK

__all__ = ["inline_request", "openapi"]

_REF = "#/components/schemas/{name}"
_TITLE = "A request for images"
_NO_NAME = re.compile("[^A-Za-z0-9]+")


class Report(msgspec.Struct):
    """What reAPI will do with a request; everything after the warnings is null if there is an error."""

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
    ['Request', 'Request_gpt_image_2_official', 'Request_gpt_image_2', 'Request_doubao_seedream_5_0_lite']
    """
    with LOCK:
        _, parts = msgspec.json.schema_components([Report, Error, Problem], ref_template=_REF)
    schemas = {**_request(branches(default_model=default_model, catalog=catalog), default_model), **parts}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "reapi_rules", "version": __version__},
        "paths": {},
        "components": {"schemas": schemas},
    }
    as_json: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))  # lists where msgspec has tuples
    return as_json


def inline_request(*, default_model: str | None = None, catalog: Catalog | None = None) -> dict[str, Any]:
    """The request in one piece, without references: for documents whose components are made by others.

    >>> [branch["title"] for branch in inline_request()["oneOf"]][:2]
    ['GPT Image 2 (Stable)', 'GPT Image 2']
    """
    models = branches(default_model=default_model, catalog=catalog)
    return {"title": _TITLE, "oneOf": list(models.values())}


def _request(models: dict[str, dict[str, Any]], default_model: str | None) -> dict[str, Any]:
    """The request as one of the requests of each model; the name says which, unless it may be left out."""
    names = {id: f"Request_{_NO_NAME.sub('_', id) or 'without_rules'}" for id in models}
    whole: dict[str, Any] = {
        "title": _TITLE,
        "oneOf": [{"$ref": _REF.format(name=name)} for name in names.values()],
    }
    if default_model is None:
        mapping = {
            each: _REF.format(name=names[id])
            for id, node in models.items()
            for each in node["properties"]["model"]["enum"]
        }
        whole["discriminator"] = {"propertyName": "model", "mapping": mapping}
    return {"Request": whole, **{names[id]: node for id, node in models.items()}}
