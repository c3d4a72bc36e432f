"""The conformance vectors of tests/vectors: language-neutral, and run in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.told import told
from tests.support.vector_cases import BY_FILE, CASES, FILES, VECTORS, report_of

SCHEMA = json.loads((VECTORS / "vectors.schema.json").read_bytes())


def test_there_are_vectors() -> None:
    assert len(BY_FILE) == len(FILES) >= 15
    assert len(CASES) >= 150


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_follows_the_schema(path: Path) -> None:
    jsonschema.validate(json.loads(path.read_bytes()), SCHEMA, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("cases", BY_FILE.values(), ids=BY_FILE)
def test_every_case(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        with told(case["description"]):
            check(case)


def check(case: dict[str, Any]) -> None:
    report = report_of(case)
    actual = json.loads(report.to_json())
    error = report.gateway_error()
    actual |= {"payload": report.payload(), "gateway_code": error and error["error"]["code"]}
    for part, expected in case["expect"].items():
        if part in ("errors", "warnings"):
            assert [same_keys(found, wanted) for found, wanted in zip(actual[part], expected, strict=True)] == expected
        elif part == "quote" and expected is not None:
            assert same_keys(actual["quote"], expected) == expected
        else:
            assert actual[part] == expected, part


def same_keys(actual: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    return {key: actual[key] for key in expected}
