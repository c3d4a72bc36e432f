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

    def stopped(self) -> Any:
        with pytest.raises(CLIENT["Stopped"]) as caught:
            self.generate()
        return caught.value.args[0]

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
    advice = reapi.stopped()
    assert (advice.resend, advice.pays_twice, reapi.submits) == ("after_check", None, 1)


def test_the_rate_limit_is_honoured() -> None:
    reapi = FakeReapi((429, {"Retry-After": "12"}, refused(50001)), TASK, DONE)
    assert reapi.generate() == (URLS, 759)
    assert (reapi.submits, reapi.slept) == (2, [12, 30])


@pytest.mark.parametrize("headers", ({}, {"Retry-After": "5"}), ids=("no header", "for ever"))
def test_the_rate_limit_is_not_run_against_for_ever(headers: dict[str, str]) -> None:
    reapi = FakeReapi((429, headers, refused(50001)))
    assert reapi.stopped().outcome == "rate_limited"
    assert reapi.submits == (5 if headers else 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    (
        ((400, {}, refused(20003)), "request_rejected"), ((401, {}, refused(10003)), "not_authenticated"),
        ((502, {}, b"<html>Bad Gateway</html>"), "server_error"), ((200, {}, b"<html>"), "unpublished"),
    ),
)  # fmt: skip
def test_a_refused_submit_is_not_repeated(answer: Any, outcome: str) -> None:
    reapi = FakeReapi(answer)
    assert reapi.stopped().outcome == outcome
    assert (reapi.submits, reapi.slept) == (1, [])


@pytest.mark.parametrize("code", (80001, 80002, 80003, 80006))
def test_a_failed_task_is_refunded_and_not_submitted_again(code: int) -> None:
    reapi = FakeReapi(TASK, failed(code))
    advice = reapi.stopped()
    assert (advice.pays_twice, reapi.submits) == (False, 1)


def test_polls_that_fail_are_asked_again() -> None:
    reapi = FakeReapi(TASK, OSError("reset"), (502, {}, b"<html>"), {**TASK, "status": "queued"}, DONE)
    assert reapi.generate() == (URLS, 759)
    assert (reapi.submits, reapi.slept) == (1, [30, 3, 3, 3])


def test_a_task_that_never_ends() -> None:
    reapi = FakeReapi(TASK)
    assert reapi.stopped().resend == "no"
    assert 3600 <= sum(reapi.slept) < 3630
    assert reapi.submits == 1
