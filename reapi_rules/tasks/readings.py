"""Read a task or an error from whatever reAPI answered, and say what does not fit.

Source: sections "Response envelope" and "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.report import Report
from reapi_rules.tasks.answers import Reader
from reapi_rules.tasks.envelopes import STATUSES, ApiError, Task
from reapi_rules.tasks.rules import client_rules
from reapi_rules.terms.findings import Finding

__all__ = ["ErrorReading", "TaskReading", "read_error", "read_task"]


class TaskReading(msgspec.Struct, frozen=True, kw_only=True):
    """A task, None where there is no id or no status to go by, and what is wrong with the answer."""

    task: Task | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts the page or the request."""
        return not any(finding.level == "error" for finding in self.findings)


class ErrorReading(msgspec.Struct, frozen=True, kw_only=True):
    """An error as far as it can be read, and what is wrong with the body that holds it."""

    error: ApiError
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the body is what the page says."""
        return not any(finding.level == "error" for finding in self.findings)


def read_task(answer: Any, *, request: Report | None = None) -> TaskReading:
    """The task that a submit or a poll was answered with, and whether it fits itself and the request.

    >>> text = '{"id": "task_1", "model": "gpt-image-2-official", "status": "completed", "created_at": 1735000000}'
    >>> reading = read_task(text)
    >>> reading.task.status, [finding.rule for finding in reading.findings]
    ('completed', ['task.output_missing'])

    The answer is bytes or text (JSON) or a mapping; ``request`` is the report on it.
    Source: section "Response envelope" of the page.
    """
    reader = Reader()
    given = reader.answer(answer)
    if given is None:
        return TaskReading(findings=tuple(reader.found))
    if given.id is None and given.status is None and isinstance(given.error, Mapping):
        return TaskReading(findings=(client_rules()["task.error_envelope"].find(given.error),))
    identifier = reader.text("id", given.id)
    model = reader.text("model", given.model)
    status = reader.text("status", given.status)
    created_at = reader.seconds("created_at", given.created_at)
    output, error = reader.output(given.output), reader.error(given.error)
    if identifier is None or status is None:
        return TaskReading(findings=tuple(reader.found))
    task = Task(id=identifier, model=model, status=status, created_at=created_at, output=output, error=error)
    faulty = {finding.field for finding in reader.found}
    contradictions = (finding for finding in _contradictions(task, request) if finding.field not in faulty)
    return TaskReading(task=task, findings=(*reader.found, *contradictions))


def read_error(answer: Any, *, http_status: int | None = None) -> ErrorReading:
    """The error that a rejected request was answered with.

    >>> body = {"error": {"code": 20002, "message": "prompt is required", "request_id": "req_1"}}
    >>> read_error(body, http_status=400).error.code
    20002

    ``http_status`` is the answer's own; it is all there is to go by where the body is another's, such as a proxy's.
    Source: section "Validation errors" of the page.
    """
    reader = Reader()
    given = reader.answer(answer)
    if given is not None and given.error is None:
        reader.missing("error")
    error = (given and reader.error(given.error)) or ApiError()
    published = built_in().codes.get(error.code)
    if published and published.http_status and http_status not in (None, published.http_status):
        rule = client_rules()["error.status_mismatch"]
        reader.found.append(rule.find(http_status, code=published.code, published=published.http_status))
    return ErrorReading(error=msgspec.structs.replace(error, http_status=http_status), findings=tuple(reader.found))


def _contradictions(task: Task, request: Report | None) -> Iterator[Finding]:
    """Where a task contradicts itself or its request."""
    rules, count = client_rules(), len(task.image_urls)
    if request is not None and task.model not in (None, request.model):
        yield rules["task.model_echo"].find(task.model, model=request.model)
    if task.status not in STATUSES:
        yield rules["task.unknown_status"].find(task.status, known=STATUSES)
    elif task.status == "completed" and not count:
        yield rules["task.output_missing"].find(None if task.output is None else {})
    elif task.status != "completed" and task.output is not None:
        yield rules["task.output_early"].find({}, status=task.status)
    elif request is not None and request.quote is not None and count not in (0, request.quote.n):
        yield rules["task.image_count"].find([], index="image_urls", n=request.quote.n, length=count)
    if task.status == "failed" and task.error is None:
        yield rules["task.error_missing"].find()
    elif task.status in ("processing", "completed") and task.error is not None:
        yield rules["task.error_unexpected"].find({}, status=task.status)
