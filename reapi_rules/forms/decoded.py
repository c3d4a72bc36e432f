"""A body that a framework has decoded already, which may hold what JSON has not: NaN, and halves of characters."""

from __future__ import annotations

import json
from typing import Any, Unpack

from reapi_rules.engine.engine import Options, engine_for
from reapi_rules.engine.report import Report

__all__ = ["preflight_decoded"]


def preflight_decoded(body: Any, **options: Unpack[Options]) -> Report:
    """What ``preflight`` says of a decoded body; what it accepts can be sent on as JSON.

    >>> body = {"model": "flux-2", "prompt": "a fox", "guidance": float("nan")}
    >>> [error.rule for error in preflight_decoded(body).errors]
    ['body.json']

    Text is no body here: browsers send it from any page, without asking.
    """
    engine = engine_for(**options)
    report = engine.preflight(None if issubclass(type(body), (str, bytes, bytearray)) else body)
    sent = report.payload() if report.ok else None
    try:
        json.dumps(sent, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:  # not a number, or half of a character
        return engine.preflight(json.dumps(dict(body), default=str))
    return report
