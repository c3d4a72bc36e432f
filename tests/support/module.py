"""The JavaScript module in a process of node, and what Python says to the same questions."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from reapi_rules import Engine, InvalidRequestError, Report
from reapi_rules.catalog.messages import hint, text

ROOT = Path(__file__).parents[2]
_PARTS = ("ok", "model", "mode", "errors", "warnings", "effective", "dimensions", "quote")
_NAMES = {
    "default_model": "defaultModel",
    "unknown_fields": "unknownFields",
    "as_of": "asOf",
    "has_images": "hasImages",
}

Json = dict[str, Any]


class Module:
    """The module of a folder, asked question by question."""

    def __init__(self, folder: Path = ROOT / "reapi_rules" / "web") -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("needs node: apt-get install nodejs")
        judge = ROOT / "tests" / "web" / "judge.mjs"
        self._node = subprocess.Popen([node, judge, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, question: Json) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(question).encode() + b"\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def close(self) -> None:
        self._node.communicate()


def about(body: str | bytes, options: Json | Literal["again"] | None = None) -> Json:
    """The question about a body; options have their Python names, or are those of the question before."""
    given = {"text": body} if isinstance(body, str) else {"bytes": base64.b64encode(body).decode()}
    return {**given, "options": options if isinstance(options, str) else named(options or {})}


def named(options: Json) -> Json:
    """Options or axes by their names in JavaScript."""
    return {_NAMES.get(name, name): value for name, value in options.items()}


def said(engine: Engine, body: Any) -> list[Any]:
    """What Python says of a body: the report in English and Chinese, what to send, the gateway's code."""
    report = engine.preflight(body)
    sent, error = report.payload(), report.gateway_error()
    return [
        report.to_json().decode(),
        _in_chinese(report),
        None if sent is None else msgspec.json.encode(sent).decode(),
        error and error["error"]["code"],
    ]


def _in_chinese(report: Report) -> str:
    parts = {name: getattr(report, name) for name in _PARTS}
    for name in ("errors", "warnings"):
        parts[name] = [
            msgspec.structs.replace(each, message=text(each, "zh"), hint=hint(each, "zh")) for each in parts[name]
        ]
    return msgspec.json.encode(parts).decode()


def priced(engine: Engine, axes: Json) -> Any:
    """What Python says of the price of axes: a quote, or what is wrong."""
    try:
        return json.loads(msgspec.json.encode(engine.quote_axes(**axes)))
    except InvalidRequestError as error:
        return json.loads(msgspec.json.encode(error.report.errors))


def same(theirs: list[Any], ours: list[Any]) -> bool:
    """Whether they are equal to the byte, but for what a reader says of text that is no JSON."""
    return theirs == ours or list(map(_without_details, theirs)) == list(map(_without_details, ours))


def _without_details(part: Any) -> Any:
    report = json.loads(part) if type(part) is str else {}
    if [error["rule"] for error in report.get("errors", ())] != ["body.json"]:
        return part
    report["errors"][0] |= {"message": None, "params": None}
    return report
