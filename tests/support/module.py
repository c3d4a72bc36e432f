"""The JavaScript module in one process of node, and what Python says of the same requests."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reapi_rules import Engine, InvalidRequestError, RateCard, Report
from reapi_rules.catalog.messages import hint, text

JUDGE = Path(__file__).parents[1] / "web" / "judge.mjs"


class Module:
    """The module, asked line by line."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("needs node: apt-get install nodejs")
        self._node = subprocess.Popen([node, JUDGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, question: Any) -> Any:
        """The answer to one question."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(question).encode() + b"\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def close(self) -> None:
        self._node.communicate()


def question(body: str | bytes, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """A body as the module is asked about it; the options by their names in JavaScript."""
    own = {_NAMES.get(name, name): value for name, value in (options or {}).items()}
    if isinstance(body, str):
        return {"text": body, "options": own}
    return {"bytes": base64.b64encode(body).decode(), "options": own}


_NAMES = {"default_model": "defaultModel", "unknown_fields": "unknownFields", "as_of": "asOf"}


def said(body: Any, engine: Engine) -> list[str | None]:
    """What Python says: the report in both languages, and what to send."""
    report = engine.preflight(body)
    sent = report.payload()
    return [_text(report, "en"), _text(report, "zh"), None if sent is None else msgspec.json.encode(sent).decode()]


def priced(engine: Engine, axes: dict[str, Any]) -> Any:
    """What Python says of the price of axes: a quote, or what is wrong."""
    try:
        return msgspec.to_builtins(engine.quote_axes(**axes))
    except InvalidRequestError as error:
        return json.loads(msgspec.json.encode(error.report.errors))


def _text(report: Report, language: str) -> str:
    own = json.loads(report.to_json()) if language == "en" else None
    if own is not None:
        return report.to_json().decode()
    found = {}
    for name in ("errors", "warnings"):
        found[name] = tuple(
            msgspec.structs.replace(each, message=text(each, language), hint=hint(each, language))
            for each in getattr(report, name)
        )
    plain = {name: getattr(report, name) for name in ("ok", "model", "mode", "effective", "dimensions", "quote")}
    order = ("ok", "model", "mode", "errors", "warnings", "effective", "dimensions", "quote")
    return msgspec.json.encode({name: {**plain, **found}[name] for name in order}).decode()


def same(theirs: list[str | None], ours: list[str | None]) -> bool:
    """Whether they are equal, but for what a reader says of text that is no JSON."""
    return theirs == ours or [_spared(each) for each in theirs] == [_spared(each) for each in ours]


def _spared(text: str | None) -> Any:
    report = json.loads(text or "null")
    for error in report.get("errors", ()) if report else ():
        if error["rule"] == "body.json":
            error["message"], error["params"] = None, None
    return report if report is None else json.dumps(report)


def cards_of(*cards: dict[str, Any]) -> tuple[RateCard, ...]:
    return tuple(RateCard.from_json(json.dumps(card)) for card in cards)
