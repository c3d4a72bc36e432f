"""The components for an OpenAPI document describe what is sent, what is said of it, and the errors."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
from hypothesis import given

from reapi_rules import preflight
from reapi_rules.forms.openapi import openapi
from reapi_rules.forms.problems import envelope, problem
from tests.support.examples import need
from tests.support.strategies import accepted_bodies, any_bodies, is_writable, wild_bodies


@cache
def document() -> dict[str, Any]:
    return openapi()


def check(name: str, value: Any) -> None:
    schema = {**document(), "$ref": f"#/components/schemas/{name}"}
    jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator)


def test_is_a_valid_document() -> None:
    need("openapi_spec_validator")
    from openapi_spec_validator import validate

    validate(openapi())


@given(wild_bodies() | any_bodies())
def test_describes_reports_and_errors(body: Any) -> None:
    report = preflight(body, unknown_fields="error")
    check("Report", json.loads(report.to_json()))
    if not report.ok:
        check("Problem", problem(report))
        check("Error", envelope(report))


def test_describes_a_problem_without_a_code() -> None:
    report = preflight('{"n": 1e999}')
    check("Problem", problem(report))
    assert envelope(report) is None


@given(accepted_bodies())
def test_describes_accepted_requests(body: dict[str, Any]) -> None:
    body = {name: value for name, value in body.items() if is_writable(value)}
    if preflight(body).ok:
        check("Request", body)


def test_an_answer_that_lacks_something_does_not_fit() -> None:
    report = preflight({"model": "gpt-image-2"})
    whole = problem(report)
    assert whole is not None
    for name, value, others in (
        ("Report", report.to_dict(), ()),
        ("Problem", whole, ("error",)),
        ("Error", envelope(report), ()),
    ):
        for left_out in value or ():
            fits = jsonschema.Draft202012Validator({**document(), "$ref": f"#/components/schemas/{name}"}).is_valid(
                {key: part for key, part in (value or {}).items() if key != left_out}
            )
            assert fits is (left_out in others), (name, left_out)
