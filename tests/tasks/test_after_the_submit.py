"""The client of docs/after-the-submit.md, run against a fake transport."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from reapi_rules import InvalidRequestError

PAGE = Path(__file__).parents[2] / "docs" / "after-the-submit.md"
CODE = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
CLIENT: dict[str, Any] = {}
exec(compile(CODE, str(PAGE), "exec"), CLIENT)

BODY = {
    "model": "gpt-image-2-official",
    "prompt": "a fox",
    "size": "16:9",
    "resolution": "2k",
    "quality": "high",
    "n": 2,
}
TASK = {"id": "task_1", "model": "gpt-image-2-official", "status": "processing", "created_at": 1735000000}
URLS = ("https://cdn.example.com/0.png", "https://cdn.example.com/1.png")
DONE = {**TASK, "status": "completed", "output": {"image_urls": URLS}}


def failed(code: int) -> dict[str, Any]:
    return {**TASK, "status": "failed", "error": {"code": code, "message": "..."}}


def refused(code: int) -> dict[str, Any]:
    return {"error": {"code": code, "message": "..."}}


class FakeReapi:
    """Answers from a list, the last one over and over; time passes only by sleeping."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, Any]] = []
        self.timeouts: set[float] = set()
        self.slept: list[float] = []

    def send(self, endpoint: str, body: Any, timeout: float) -> tuple[int, dict[str, str], bytes]:
        self.sent.append((endpoint, body))
        self.timeouts.add(timeout)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, headers, content = answer if isinstance(answer, tuple) else (200, {}, answer)
        return status, headers, content if isinstance(content, bytes) else json.dumps(content).encode()

    def generate(self, body: dict[str, Any] = BODY, **options: Any) -> Any:
        return CLIENT["generate"](body, self.send, self.slept.append, **options)

    def stopped(self) -> tuple[Any, Any]:
        """The advice, and the answer or the task that is handed over."""
        with pytest.raises(CLIENT["Stopped"]) as caught:
            self.generate()
        advice, kept = caught.value.args
        return advice, kept

    @property
    def submits(self) -> int:
        return sum(endpoint.startswith("POST ") for endpoint, _ in self.sent)


def test_it_has_at_most_40_lines() -> None:
    assert sum(1 for line in CODE.splitlines() if line.strip()) <= 40


def test_the_images_and_what_they_cost() -> None:
    reapi = FakeReapi(TASK, TASK, TASK, DONE)
    assert reapi.generate() == (URLS, 759)
    assert reapi.slept == [30, 3, 3]
    assert [endpoint for endpoint, _ in reapi.sent] == [
        "POST https://reapi.ai/api/v1/images/generations",
        *["GET https://reapi.ai/api/v1/tasks/task_1"] * 3,
    ]
    assert reapi.sent[0][1] == BODY
    assert reapi.timeouts == {180}


def test_with_jitter() -> None:
    reapi = FakeReapi(TASK, TASK, TASK, DONE)
    reapi.generate(jitter=random.Random(7))
    assert reapi.slept[0] == 30
    assert all(3 <= wait <= 5 for wait in reapi.slept[1:])


def test_a_request_that_would_be_rejected_is_not_sent() -> None:
    reapi = FakeReapi(TASK)
    with pytest.raises(InvalidRequestError):
        reapi.generate({**BODY, "n": 9})
    assert reapi.sent == []


def test_a_submit_without_an_answer_is_not_repeated() -> None:
    reapi = FakeReapi(OSError("timed out"))
    advice, kept = reapi.stopped()
    assert (advice.ending, advice.resend, advice.pays_twice) == ("no_answer", "after_check", None)
    assert (kept, reapi.submits) == (None, 1)


def test_the_rate_limit_is_honoured() -> None:
    reapi = FakeReapi((429, {"Retry-After": "12"}, refused(50001)), TASK, DONE)
    assert reapi.generate() == (URLS, 759)
    assert (reapi.submits, reapi.slept) == (2, [12, 30])


@pytest.mark.parametrize("headers", ({}, {"Retry-After": "5"}), ids=("no header", "for ever"))
def test_the_rate_limit_is_not_run_against_for_ever(headers: dict[str, str]) -> None:
    reapi = FakeReapi((429, headers, refused(50001)))
    advice, kept = reapi.stopped()
    assert (advice.ending, json.loads(kept)) == ("rate_limited", refused(50001))
    assert reapi.submits == (5 if headers else 1)


@pytest.mark.parametrize(
    ("status", "content", "ending"),
    (
        (400, refused(20003), "request_rejected"), (401, refused(10003), "not_authenticated"), (402, refused(30001), "no_credits"),
        (400, refused(80004), "unpublished"), (500, refused(60001), "task_not_started"), (503, refused(70001), "server_error"),
        (502, b"<html>Bad Gateway</html>", "server_error"), (504, b"", "server_error"), (403, b"", "unpublished"),
    ),
)  # fmt: skip
def test_a_refused_submit_is_not_repeated(status: int, content: Any, ending: str) -> None:
    reapi = FakeReapi((status, {"Retry-After": "1"}, content))
    advice, kept = reapi.stopped()
    assert (advice.ending, reapi.submits, reapi.slept) == (ending, 1, [])
    assert kept == content or json.loads(kept) == content


WHOLE = json.dumps(TASK).encode()


@pytest.mark.parametrize(
    "content",
    (
        *(WHOLE[:end] for end in range(0, len(WHOLE), 7)), b"", b" ", b"<html>OK</html>", b"[]", WHOLE.join((b"[", b"]")), b"null", b"true", b"{}", b"\xff\xfe",
        b'{"status": "processing"}', b'{"id": ""}', b'{"id": 7, "status": "processing"}', b'{"data": []}', b'{"data": [{"task_id": null}]}', b"[" * 9999,
        *(json.dumps(refused(code)).encode() for code in (20003, 50001, 60099, 80001, 80004)), b'{"error": null}', b'{"error": "no"}',
    ),
)  # fmt: skip
def test_a_submit_that_was_accepted_is_not_repeated_and_its_answer_is_kept(content: bytes) -> None:
    """Whatever it was answered with: the page's own code for "again later" among them."""
    for status in (200, 201, 202, 204):
        reapi = FakeReapi((status, {"Retry-After": "1"}, content))
        advice, kept = reapi.stopped()
        said = advice.ending, advice.resend, advice.pays_twice, advice.certainty
        assert said == ("accepted_without_id", "no", True, "inferred"), status
        assert "keep the answer" in advice.what_to_do
        assert (kept, reapi.submits, reapi.slept) == (content, 1, [])


@pytest.mark.parametrize(
    "answer",
    (
        {"id": "task_1"}, {"task_id": "task_1"}, {"task_id": "task_1", "status": "processing"}, {"data": [{"task_id": "task_1"}]},
        {"code": 200, "data": [{"status": "submitted", "task_id": "task_1"}]}, {**TASK, "status": "queued"}, {**TASK, "created_at": None},
        {**TASK, "error": {"code": 80004, "message": "..."}}, {"id": None, "data": [{"task_id": "task_1", "status": "failed?"}]},
        b'{"id": "task_1", "created_at": 1e999}', b'{"id": "task_1", "model": "\\ud83e"}', b'\xef\xbb\xbf{"id": "task_1"}',
    ),
)  # fmt: skip
@pytest.mark.parametrize("status", (200, 202, 500))
def test_a_task_with_an_id_is_followed_wherever_the_id_is(answer: Any, status: int) -> None:
    reapi = FakeReapi((status, {}, answer), TASK, DONE)
    assert reapi.generate() == (URLS, 759)
    assert (reapi.submits, reapi.slept) == (1, [30, 3])
    assert {endpoint for endpoint, _ in reapi.sent[1:]} == {"GET https://reapi.ai/api/v1/tasks/task_1"}


@pytest.mark.parametrize("code", (80001, 80002, 80003, 80006))
def test_a_failed_task_is_refunded_and_not_submitted_again(code: int) -> None:
    reapi = FakeReapi(TASK, failed(code))
    advice, kept = reapi.stopped()
    assert (advice.pays_twice, kept.id, kept.error.code, reapi.submits) == (False, "task_1", code, 1)


@pytest.mark.parametrize("output", (None, {"image_urls": []}, {"image_urls": "x"}))
def test_a_completed_task_without_images_is_handed_over(output: Any) -> None:
    reapi = FakeReapi(TASK, {**DONE, "output": output})
    advice, kept = reapi.stopped()
    assert (advice.ending, advice.resend, kept.id, reapi.submits) == ("completed", "no", "task_1", 1)


def test_polls_that_fail_are_asked_again() -> None:
    reapi = FakeReapi(
        TASK, OSError("reset"), (502, {}, b"<html>"), b"", [], {}, (404, {}, refused(40001)), {**TASK, "status": "queued"}, DONE
    )  # fmt: skip
    assert reapi.generate() == (URLS, 759)
    assert (reapi.submits, reapi.slept) == (1, [30, *[3] * 7])


def test_a_task_that_never_ends() -> None:
    reapi = FakeReapi(TASK)
    advice, kept = reapi.stopped()
    assert (advice.resend, kept.id) == ("no", "task_1")
    assert 3600 <= sum(reapi.slept) < 3630
    assert reapi.submits == 1
