"""Read a task or an error from any answer of reAPI's, and say what is wrong with it.

Source: sections "Response envelope" and "Validation errors" of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from reapi_rules.catalog.codes import codes
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.engine.report import Report
from reapi_rules.tasks.answers import Reader, integer, object_of
from reapi_rules.tasks.envelopes import STATUSES, ApiError, Task
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding

__all__ = ["ErrorReading", "TaskReading", "read_error", "read_task"]


class TaskReading(msgspec.Struct, frozen=True, kw_only=True):
    """A task (None if the answer has no id), and what is wrong with the answer."""

    task: Task | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts the page or the request."""
        return not any(finding.level == "error" for finding in self.findings)


class ErrorReading(msgspec.Struct, frozen=True, kw_only=True):
    """An error, as far as it can be read, and what is wrong with its body."""

    error: ApiError
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the body is what the page describes."""
        return not any(finding.level == "error" for finding in self.findings)


@takes(request=Report | None)
def read_task(answer: Any, *, request: Report | None = None) -> TaskReading:
    """The task that a submit or a poll was answered with, and whether it fits itself and the request.

    >>> text = '{"id": "task_1", "model": "gpt-image-2-official", "status": "completed", "created_at": 1735000000}'
    >>> reading = read_task(text)
    >>> reading.task.status, [finding.rule for finding in reading.findings]
    ('completed', ['task.output_missing'])

    The answer is bytes or text (JSON) or a mapping; ``request`` is the report on what was sent.  The id is
    also read from ``task_id`` and from ``data[0].task_id``, with a warning.
    Source: section "Response envelope" of the page.
    """
    reader = Reader()
    given = reader.fields(answer)
    if given is None:
        return TaskReading(findings=tuple(reader.found))
    identifier = reader.identifier(given)
    if identifier is None and "status" not in given and object_of(given.get("error")) is not None:
        return TaskReading(findings=(*reader.found, task_rules()["task.error_envelope"].find({})))
    if identifier is None and not reader.found:
        reader.missing("id")
    model = reader.text("model", given.get("model"))
    status = reader.text("status", given.get("status"))
    created_at = reader.seconds("created_at", given.get("created_at"))
    output, error = reader.output(given.get("output")), reader.error(given.get("error"))
    if identifier is None:
        return TaskReading(findings=tuple(reader.found))
    task = Task(id=identifier, model=model, status=status, created_at=created_at, output=output, error=error)
    faulty = {finding.field for finding in reader.found}
    contradictions = (finding for finding in _contradictions(task, request) if finding.field not in faulty)
    return TaskReading(task=task, findings=(*reader.found, *contradictions))


def read_error(answer: Any, *, http_status: int | str | None = None) -> ErrorReading:
    """The error that a rejected request was answered with.

    >>> body = {"error": {"code": 20002, "message": "prompt is required", "request_id": "req_1"}}
    >>> read_error(body, http_status=400).error.code
    20002

    ``http_status`` is the answer's own, as text too (``"502"`` in a log).  It is all there is if the body is not
    reAPI's, such as a proxy's page, and it shows that a submit was accepted (2xx) if no id can be read.
    Source: section "Validation errors" of the page.
    """
    text = http_status.strip() if type(http_status) is str else ""
    status = int(text) if len(text) == 3 and text.isascii() and text.isdigit() else integer(http_status)
    is_accepted = status is not None and status // 100 == 2
    reader = Reader()
    given = reader.fields(answer)
    if given is not None and "error" not in given:
        is_lost = is_accepted and "id" not in given
        reader.missing("id" if is_lost else "error", http_status=None if is_accepted else status)
    error = (given and reader.error(given.get("error"))) or ApiError()
    published = codes().get(error.code)
    if published and published.http_status and status not in (None, published.http_status):
        rule = task_rules()["error.status_mismatch"]
        reader.found.append(rule.find(status, code=published.code, published=published.http_status))
    return ErrorReading(error=msgspec.structs.replace(error, http_status=status), findings=tuple(reader.found))


def _contradictions(task: Task, request: Report | None) -> Iterator[Finding]:
    """Where a task contradicts itself or its request."""
    rules, count = task_rules(), len(task.image_urls)
    if request is not None and None not in (task.model, request.model) and task.model != request.model:
        yield rules["task.model_echo"].find(task.model, model=request.model)
    if task.status is None:
        return
    if task.status not in STATUSES:
        yield rules["task.unknown_status"].find(task.status, known=STATUSES)
    elif task.status == "completed" and not count:
        yield rules["task.output_missing"].find(None if task.output is None else {})
    elif task.status != "completed" and task.output is not None:
        yield rules["task.output_early"].find({}, status=task.status, final=task.status if task.is_final else None)
    elif request is not None and request.quote is not None and count and request.quote.n not in (None, count):
        yield rules["task.image_count"].find([], index="image_urls", n=request.quote.n, length=count)
    if task.status == "failed" and task.error is None:
        yield rules["task.error_missing"].find()
    elif task.status in ("processing", "completed") and task.error is not None:
        yield rules["task.error_unexpected"].find({}, status=task.status)
