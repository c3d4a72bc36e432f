"""Section 9 of the rulebook: the envelopes of tasks and errors, read from whatever came back."""

from __future__ import annotations

import json
from collections import UserDict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from http import HTTPStatus
from itertools import product
from typing import Any
from unittest.mock import Mock

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.engine.report import Report
from reapi_rules.tasks.envelopes import Task
from reapi_rules.tasks.readings import read_error, read_task
from tests.support.hostile import HOSTILE, RAISING, Bool, Index, NoItems, OfAnUnhashableType, hostile, hostile_keys
from tests.support.oracle import OFFICIAL, SIBLING
from tests.support.strategies import Two, json_values
from tests.support.told import told

ID = "task_018f5a3a1b6e7d9f8c2b4d6e8f0a2c4e"
URLS = [f"https://cdn.reapi.ai/media/tasks/018f5a3a1b6e7d9f8c2b4d6e8f0a2c4e/{i}.png" for i in range(2)]
SUBMITTED = {"id": ID, "model": OFFICIAL, "status": "processing", "created_at": 1735000000}
COMPLETED: dict[str, Any] = {**SUBMITTED, "status": "completed", "output": {"image_urls": URLS}, "error": None}
FAILED: dict[str, Any] = {
    **SUBMITTED,
    "status": "failed",
    "output": None,
    "error": {"code": 80003, "message": "provider_failed"},
}
ENVELOPE = {"error": {"code": 20002, "message": "prompt is required", "request_id": "req_1"}}

NAMES = ("id", "task_id", "status", "error", "code", "message", "request_id", "image_urls")
EVERY = (*HOSTILE, *RAISING, OfAnUnhashableType())


def request(n: int, model: str = OFFICIAL) -> Report:
    return preflight({"model": model, "prompt": "a fox", "n": n})


def found(answer: Any, request: Report | None = None) -> list[tuple[str, str]]:
    return [(finding.rule, finding.pointer) for finding in read_task(answer, request=request).findings]


def task_of(answer: Any) -> Task:
    task = read_task(answer).task
    assert task is not None
    return task


class TestThePagesOwnAnswers:
    def test_submit_response(self) -> None:
        assert read_task(json.dumps(SUBMITTED), request=request(1)).findings == ()
        task = task_of(SUBMITTED)
        assert (task.id, task.model, task.status, task.created_at) == (ID, OFFICIAL, "processing", 1735000000)
        assert (task.output, task.error, task.image_urls, task.is_final) == (None, None, (), False)

    def test_response_envelope(self) -> None:
        assert read_task(json.dumps(COMPLETED).encode(), request=request(2)).findings == ()
        task = task_of(COMPLETED)
        assert (task.image_urls, task.error, task.is_final) == (tuple(URLS), None, True)

    @pytest.mark.parametrize("code", (80001, 80002, 80003))
    def test_upstream_errors(self, code: int) -> None:
        failed = {**FAILED, "error": {"code": code, "message": "..."}}
        assert found(failed, request(1)) == []
        task = task_of(failed)
        assert task.error is not None
        assert (task.error.code, task.is_final) == (code, True)

    def test_full_envelope_of_a_validation_error(self) -> None:
        reading = read_error(json.dumps(ENVELOPE), http_status=400)
        assert reading.findings == ()
        assert reading.ok
        error = reading.error
        assert (error.code, error.message, error.request_id, error.http_status) == (
            20002,
            "prompt is required",
            "req_1",
            400,
        )

    def test_the_request_id_may_be_absent(self) -> None:
        reading = read_error({"error": {"code": 20003, "message": "..."}})
        assert (reading.findings, reading.error.request_id) == ((), None)


class TestStrictAboutWhatThePageFixes:
    @pytest.mark.parametrize("field", ("id", "model", "status", "created_at"))
    @pytest.mark.parametrize("absent", ("missing", "null"))
    def test_each_envelope_has_these_fields(self, field: str, absent: str) -> None:
        answer = {**COMPLETED, field: None}
        if absent == "missing":
            del answer[field]
        assert found(answer, request(2)) == [("answer.field_missing", f"/{field}")]
        assert not read_task(answer).ok
        assert (read_task(answer).task is None) == (field == "id")

    @pytest.mark.parametrize(
        ("field", "value", "pointer"),
        (
            ("id", 7, "/id"), ("id", "", "/id"), ("id", ["x"], "/id"),
            ("model", 2, "/model"), ("status", True, "/status"),
            ("created_at", "1735000000", "/created_at"), ("created_at", True, "/created_at"), ("created_at", 1.5, "/created_at"),
            ("created_at", 2**63, "/created_at"), ("created_at", -1, "/created_at"), ("created_at", 1735000000000, "/created_at"),
            ("output", [], "/output"), ("output", "x", "/output"), ("output", {"image_urls": "x"}, "/output/image_urls"),
            ("output", {"image_urls": {}}, "/output/image_urls"), ("output", {"image_urls": ["x", None]}, "/output/image_urls/1"),
            ("error", "failed", "/error"), ("error", {"code": "80001", "message": ""}, "/error/code"),
            ("error", {"code": 80001}, "/error/message"), ("error", {"code": 80001, "message": "", "request_id": 7}, "/error/request_id"),
        ),
    )  # fmt: skip
    def test_a_wrong_type_is_named_and_silences_the_field(self, field: str, value: Any, pointer: str) -> None:
        answer = {**(FAILED if field == "error" else COMPLETED), field: value}
        assert found(answer, request(2)) == [("answer.field_type", pointer)]
        assert found(json.dumps(answer), request(2)) == [("answer.field_type", pointer)]
        assert (read_task(answer).task is None) == (field == "id")

    @pytest.mark.parametrize(
        ("answer", "message", "value"),
        (
            ({"id": 7}, "id must be a text that is not empty", 7), ({"data": [{"task_id": 7}]}, "data[0].task_id must be a text that is not empty", 7),
            ({**SUBMITTED, "model": 7}, "model must be a text that is not empty", 7), ({**SUBMITTED, "created_at": "x"}, "created_at must be a number of Unix seconds", "x"),
            ({**SUBMITTED, "output": []}, "output must be an object or null", "array"), ({**SUBMITTED, "error": 7}, "error must be an object or null", 7),
            ({**COMPLETED, "output": {"image_urls": {}}}, "output.image_urls must be a list", "object"),
            ({**COMPLETED, "output": {"image_urls": ["x", 7]}}, "output.image_urls[1] must be a text", 7),
            ({**FAILED, "error": {"code": "x", "message": ""}}, "error.code must be an integer", "x"),
            ({**FAILED, "error": {"code": 1, "message": 7}}, "error.message must be a text", 7),
            ({**FAILED, "error": {"code": 1, "message": "", "request_id": 7}}, "error.request_id must be a text", 7),
            ([], "the answer must be a JSON object", "array"), ("7", "the answer must be a JSON object", 7), (None, "the answer must be a JSON object", None),
            (b"\xff", "the answer is not JSON: it is not UTF-8", None), ("", "the answer is not JSON: Expecting value: line 1 column 1 (char 0)", None),
            ("[" * 100_000, "the answer can't be read: reading it raises RecursionError", None),
            (NoItems(id=ID), "the answer can't be read: reading it raises RuntimeError", None), ({}, "the answer has no id", None),
        ),
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, answer: Any, message: str, value: Any) -> None:
        finding = read_task(answer).findings[0]
        assert (finding.message, finding.value) == (message, value)

    def test_a_task_that_can_be_asked_for_is_never_lost(self) -> None:
        """Whatever else of the answer can't be read."""
        task = task_of({"id": ID})
        assert (task.id, task.model, task.status, task.created_at, task.is_final) == (ID, None, None, None, False)
        assert found({"id": ID, "error": {"code": 80003, "message": ""}}) == [
            ("answer.field_missing", "/model"), ("answer.field_missing", "/status"), ("answer.field_missing", "/created_at"),
        ]  # fmt: skip
        assert task_of({**COMPLETED, "status": ""}).status is None

    def test_an_output_without_urls_is_an_output(self) -> None:
        assert found({**SUBMITTED, "output": {}}) == [("task.output_early", "/output")]

    def test_nobody_waits_for_a_failed_task_to_complete(self) -> None:
        (finding,) = read_task({**COMPLETED, "status": "failed", "error": {"code": 80003, "message": ""}}).findings
        assert finding.rule == "task.output_early"
        assert finding.hint == (
            "stop polling: failed is final and the credits are refunded; report the task to reAPI with its id"
        )

    def test_an_integral_number_of_seconds_is_one(self) -> None:
        assert task_of({**SUBMITTED, "created_at": 1735000000.0}).created_at == 1735000000
        assert found({**SUBMITTED, "created_at": 10**11 - 1}) == []

    def test_what_can_be_read_is_read(self) -> None:
        task = task_of({**COMPLETED, "created_at": "yesterday", "model": None})
        assert (task.created_at, task.expires_at, task.has_expired(0), task.model) == (None, None, None, None)
        assert task.image_urls == tuple(URLS)
        assert task_of({**COMPLETED, "output": {"image_urls": [7, URLS[1]]}}).image_urls == (URLS[1],)

    @given(st.dictionaries(st.text(max_size=5).map("x".__add__), json_values(5), max_size=3))
    def test_tolerant_of_extra_fields(self, extra: dict[str, Any]) -> None:
        answer = {**extra, **COMPLETED, "output": {**extra, **COMPLETED["output"]}}
        assert read_task(answer) == read_task(COMPLETED)

    def test_extra_fields_may_hold_what_the_decoder_can_not(self) -> None:
        for extra in ('"usage": 1e999', '"prompt": 1e999', '"usage": NaN', '"usage": "\\ud800"', '"\\udfff": 1'):
            text = json.dumps(SUBMITTED)[:-1] + f", {extra}}}"
            assert read_task(text) == read_task(text.encode()) == read_task(SUBMITTED)

    def test_a_number_out_of_range_hides_nothing_else(self) -> None:
        text = json.dumps({**COMPLETED, "created_at": 7}).replace(": 7", ": 1e999")
        assert found(text, request(2)) == [("answer.field_type", "/created_at")]
        assert task_of(text).id == ID

    def test_a_message_that_is_cut_inside_a_character_is_read(self) -> None:
        text = json.dumps({**FAILED, "error": {"code": 80003, "message": "\ud83e"}})
        assert found(text) == []
        error = task_of(text.encode()).error
        assert error is not None
        assert (error.code, error.message) == (80003, "\\ud83e")
        assert read_error(text).error.code == 80003

    def test_a_byte_order_mark_is_skipped(self) -> None:
        text = json.dumps(SUBMITTED)
        assert read_task("\ufeff" + text) == read_task(b"\xef\xbb\xbf" + text.encode()) == read_task(SUBMITTED)

    @pytest.mark.parametrize("kind", (bytearray, memoryview))
    def test_other_bytes(self, kind: Any) -> None:
        assert read_task(kind(json.dumps(SUBMITTED).encode())) == read_task(SUBMITTED)
        assert found(kind(b"<html>")) == [("answer.json", "")]

    @pytest.mark.parametrize(
        ("answer", "rule"),
        (
            ("", "answer.json"), (b"\xff", "answer.json"), ("<html>", "answer.json"), ("[" * 100_000, "answer.unreadable"),
            ('{"output": ' + "[" * 5000 + "]" * 5000 + "}", "answer.unreadable"), (json.dumps(SUBMITTED)[:-1], "answer.json"),
            ("[1e999]", "answer.object"), ('{"id": ' + "7" * 5000 + "}", "answer.unreadable"), ('"\\ud800"', "answer.object"), ('{"id": 1e999, "x": nan}', "answer.json"), ("\ufeff\ufeff{}", "answer.json"),
            ("null", "answer.object"), ([], "answer.object"), (None, "answer.object"), (7, "answer.object"),
        ),
    )  # fmt: skip
    def test_no_object_to_read(self, answer: Any, rule: str) -> None:
        assert [finding.rule for finding in read_task(answer).findings] == [rule]
        assert [finding.rule for finding in read_error(answer).findings] == [rule]
        assert read_task(answer).task is None

    def test_what_is_under_other_keys_is_not_looked_at(self) -> None:
        class Text(str):
            pass

        class Key:
            __hash__ = object.__hash__

            def __eq__(self, other: object) -> bool:
                raise RuntimeError

        others: dict[Any, Any] = {Key(): 1, 7: 2, "further": Key(), ("id",): 3}
        assert found({**others, **COMPLETED}) == []
        assert read_task({Text(name): value for name, value in COMPLETED.items()}).task == read_task(COMPLETED).task

    def test_an_error_body_is_no_task(self) -> None:
        assert found(ENVELOPE) == [("task.error_envelope", "/error")]

    def test_a_mapping_that_raises(self) -> None:
        class Broken(Mapping[str, Any]):
            def __getitem__(self, key: str) -> Any:
                raise RuntimeError(key)

            def __iter__(self) -> Iterator[str]:
                return iter(["id"])

            def __len__(self) -> int:
                return 1

        assert found(Broken()) == [("answer.unreadable", "")]
        assert found({**COMPLETED, "output": Broken()}) == [("answer.field_type", "/output")]
        assert found({"error": Broken()})[0] == ("answer.field_missing", "/id")


class TestWhereTheIdIs:
    """As ``id``, as ``task_id`` (the page's prose) and in ``data`` (other pages), the last two with a warning."""

    ELSEWHERE = "task.id_elsewhere"

    def test_as_task_id(self) -> None:
        answer = {**SUBMITTED, "task_id": ID}
        del answer["id"]
        assert found(answer, request(1)) == [(self.ELSEWHERE, "/task_id")]
        reading = read_task(json.dumps(answer))
        assert reading.task == task_of(SUBMITTED)
        assert (reading.ok, reading.findings[0].message) == (True, "the task's id is in task_id, not in id")

    def test_in_the_first_entry_of_data(self) -> None:
        reading = read_task('{"code": 200, "data": [{"status": "submitted", "task_id": "t1"}, {"task_id": "t2"}]}')
        assert reading.task == Task(id="t1", model=None, status="submitted", created_at=None)
        assert reading.ok
        assert [(finding.rule, finding.pointer) for finding in reading.findings] == [
            (self.ELSEWHERE, "/data/0/task_id"),
            ("task.other_ids", ""),
            ("task.unknown_status", "/status"),
        ]
        assert reading.findings[0].message == "the task's id is in data[0].task_id, not in id"

    @pytest.mark.parametrize(
        ("answer", "task", "others"),
        (
            ({"data": [{"task_id": "t1"}, {"task_id": "t2"}]}, "t1", ("t2",)),
            ({"data": [{"task_id": "t1"}, {}, 7, {"task_id": 7}, {"task_id": ""}, {"task_id": "t2"}, {"task_id": "t1"}]}, "t1", ("t2",)),
            ({"data": [{"task_id": f"t{at}"} for at in range(30)]}, "t0", tuple(f"t{at}" for at in range(1, 30))),
            ({"id": "t1", "task_id": "t2", "data": {"task_id": "t3"}}, "t1", ("t2", "t3")),
            ({"task_id": "t1", "data": [{"task_id": "t2"}, {"task_id": "t3"}]}, "t1", ("t2", "t3")),
            ({"id": "t1", "task_id": "t1", "data": [{"task_id": "t1"}]}, "t1", ()),
        ),
    )  # fmt: skip
    def test_no_other_task_is_lost_without_a_word(
        self, answer: dict[str, Any], task: str, others: tuple[str, ...]
    ) -> None:
        reading = read_task({"status": "processing", **answer})
        assert reading.task is not None
        assert reading.task.id == task
        named = [finding for finding in reading.findings if finding.rule == "task.other_ids"]
        assert [finding.params for finding in named] == [{"count": len(others), "ids": others[:20]}] * bool(others)
        assert all(finding.message.endswith(f": {', '.join(others[:20])}") for finding in named)
        assert all(finding.level == "warning" for finding in named)

    def test_in_data_itself(self) -> None:
        reading = read_task({"code": 200, "data": {"task_id": "t1", "status": "processing"}})
        assert reading.task == Task(id="t1", model=None, status="processing", created_at=None)
        assert [(finding.rule, finding.pointer) for finding in reading.findings] == [(self.ELSEWHERE, "/data/task_id")]
        assert reading.findings[0].message == "the task's id is in data.task_id, not in id"

    @pytest.mark.parametrize(
        ("data", "place", "others"),
        (
            ({"id": "t1"}, "data.id", ()),
            ([{"id": "t1"}], "data[0].id", ()),
            ([{}, {"task_id": "t1"}], "data[1].task_id", ()),
            ([7, {"id": "img", "task_id": "t1"}, {"id": "t2"}], "data[1].task_id", ("t2",)),
        ),
    )
    def test_elsewhere_in_data(self, data: Any, place: str, others: tuple[str, ...]) -> None:
        reading = read_task({"status": "processing", "data": data})
        assert reading.task is not None
        assert reading.task.id == "t1"
        assert reading.findings[0].message == f"the task's id is in {place}, not in id"
        assert [each.params["ids"] for each in reading.findings[1:] if each.rule == "task.other_ids"] == [others][
            : len(others)
        ]

    def test_with_nothing_else(self) -> None:
        for data in (
            [{"task_id": "t1"}],
            ({"task_id": "t1"},),
            [UserDict(task_id="t1")],
            [{"task_id": "t1", "data": 7, "id": None}],
        ):
            reading = read_task({"data": data})
            assert reading.task == Task(id="t1", model=None, status=None, created_at=None)
            assert ([finding.rule for finding in reading.findings], reading.ok) == ([self.ELSEWHERE], True)

    def test_fields_beside_data_come_first(self) -> None:
        answer = {**SUBMITTED, "data": [{**FAILED, "task_id": "t1"}]}
        assert task_of(answer) == task_of(SUBMITTED)  # whose id is its own
        del answer["id"]
        task = task_of(answer)
        assert (task.id, task.status, task.error) == ("t1", "processing", task_of(FAILED).error)

    def test_the_first_that_can_be_read_counts(self) -> None:
        answer = {**SUBMITTED, "id": 7, "task_id": "", "data": [{"task_id": "t1"}]}
        assert found(answer) == [
            ("answer.field_type", "/id"),
            ("answer.field_type", "/task_id"),
            (self.ELSEWHERE, "/data/0/task_id"),
        ]
        assert task_of(answer).id == "t1"
        assert found({**SUBMITTED, "task_id": 7, "data": 7}) == []
        assert task_of({**SUBMITTED, "task_id": "t2"}).id == ID

    @pytest.mark.parametrize(
        ("answer", "pointer"),
        (
            ({"task_id": 7}, "/task_id"), ({"task_id": ""}, "/task_id"), ({"data": [{"task_id": None}]}, "/id"), ({"data": [{"task_id": 7}]}, "/data/0/task_id"),
            ({"data": []}, "/id"), ({"data": [[]]}, "/id"), ({"task_id": " "}, "/task_id"),
            ({"data": [{"id": None}, {"url": "t1"}]}, "/id"), ({"data": "t1"}, "/id"), ({"data": None}, "/id"), ({}, "/id"),
        ),
    )  # fmt: skip
    def test_it_is_nowhere(self, answer: dict[str, Any], pointer: str) -> None:
        reading = read_task({**SUBMITTED, "id": None, **answer})
        assert reading.task is None
        rule = "answer.field_missing" if pointer == "/id" else "answer.field_type"
        assert [(finding.rule, finding.pointer) for finding in reading.findings] == [(rule, pointer)]
        assert str(reading.findings[0].hint).startswith("do not submit again")  # a paid task is never lost

    def test_beside_an_error(self) -> None:
        error = {"code": 20003, "message": ""}
        assert found({"error": error, "task_id": ""}) == [
            ("answer.field_type", "/task_id"),
            ("task.error_envelope", "/error"),
        ]
        assert found({"error": error, "task_id": "t1"})[0] == (self.ELSEWHERE, "/task_id")
        assert found({"error": error, "status": "failed"})[0] == ("answer.field_missing", "/id")


class TestIntegers:
    """What has ``__index__`` and is no bool counts as the integer it gives."""

    @pytest.mark.parametrize(
        ("value", "number"),
        (
            (7, 7), (7.0, 7), (Index(7), 7), (Index(-(2**63)), -(2**63)), (Two.TWO, 2), (HTTPStatus.OK, 200), (2**63 - 1, 2**63 - 1), (0, 0), (-0.0, 0),
            (True, None), (False, None), (Bool(), None), (7.5, None), ("7", None), (Index(2**63), None), (2**63, None),
            (-(2**63) - 1, None), (float("inf"), None), (float("nan"), None), (2.0**63, None), (-(2.0**63), -(2**63)), (None, None), ([7], None),
            (Decimal(7), 7),
        ),
    )  # fmt: skip
    def test_in_each_place(self, value: Any, number: int | None) -> None:
        seconds = number if number is not None and 0 <= number < 10**11 else None
        assert read_task({**COMPLETED, "created_at": value}).task.created_at == seconds  # type: ignore[union-attr]
        assert read_error({"error": {"code": value, "message": ""}}).error.code == number
        assert read_error(ENVELOPE, http_status=" 502\n").error.http_status == 502
        error = read_error(ENVELOPE, http_status=value).error
        assert error.http_status == number
        assert type(error.http_status) in (int, type(None))


class TestConsistency:
    def test_every_combination(self) -> None:
        statuses = ("processing", "completed", "failed", "queued")
        for case in product(statuses, (None, 0, 1, 2, 3), (False, True), (OFFICIAL, SIBLING), (None, 1, 2)):
            with told(case):
                self.check(*case)

    @staticmethod
    def check(status: str, urls: int | None, has_error: bool, model: str, n: int | None) -> None:
        """The rules of the page, one after the other."""
        answer = {**SUBMITTED, "model": model, "status": status}
        answer["output"] = None if urls is None else {"image_urls": ["https://cdn.example.com/0.png"] * urls}
        answer["error"] = {"code": 80001, "message": "..."} if has_error else None
        expected = set()
        if n is not None and model != OFFICIAL:
            expected.add("task.model_echo")
        if status == "queued":
            expected.add("task.unknown_status")
        if status == "completed" and urls in (None, 0):
            expected.add("task.output_missing")
        if status in ("processing", "failed") and urls is not None:
            expected.add("task.output_early")
        if status == "completed" and n is not None and urls not in (None, 0, n):
            expected.add("task.image_count")
        if status == "failed" and not has_error:
            expected.add("task.error_missing")
        if status in ("processing", "completed") and has_error:
            expected.add("task.error_unexpected")
        reading = read_task(answer, request=None if n is None else request(n))
        assert [finding.rule for finding in reading.findings] == sorted(expected, key=_order)
        broken = {"task.output_missing", "task.image_count", "task.error_unexpected"}
        assert reading.ok == (not expected & broken)

    def test_whether_there_is_an_output_at_all_is_said(self) -> None:
        outputs: tuple[Any, ...] = (None, {}, {"image_urls": []})
        values = [read_task({**COMPLETED, "output": output}).findings[0].value for output in outputs]
        assert values == [None, "object", "object"]

    def test_the_number_of_images_is_said(self) -> None:
        finding = read_task(COMPLETED, request=request(4)).findings[0]
        assert finding.message == "the number of images is 2 in the output, but 4 in the request"
        assert finding.pointer == "/output/image_urls"


class TestExpiry:
    @given(st.integers(0, 10**11 - 1), st.integers(-(10**6), 10**6))
    def test_seven_days_from_created_at(self, created_at: int, off: int) -> None:
        task = task_of({**COMPLETED, "created_at": created_at})
        end = created_at + 7 * 24 * 60 * 60
        assert task.expires_at == end
        assert task.has_expired(end + off) == (off >= 0)


class TestErrorBodies:
    @pytest.mark.parametrize(
        ("body", "rule", "pointer"),
        (
            ({}, "answer.field_missing", "/error"), ({"error": None}, "answer.field_missing", "/error"), (SUBMITTED, "answer.field_missing", "/error"),
            ({"error": "no"}, "answer.field_type", "/error"), ({"error": {"code": None, "message": ""}}, "answer.field_type", "/error/code"),
            ({"error": {"code": 20003.5, "message": ""}}, "answer.field_type", "/error/code"),
            ({"error": {"code": 20003, "message": 7}}, "answer.field_type", "/error/message"),
        ),
    )  # fmt: skip
    def test_a_broken_body_says_what_is_broken(self, body: Any, rule: str, pointer: str) -> None:
        reading = read_error(body, http_status=400)
        assert [(finding.rule, finding.pointer) for finding in reading.findings] == [(rule, pointer)]
        assert not reading.ok
        assert reading.error.http_status == 400

    def test_what_to_do_without_an_error_goes_by_the_status(self) -> None:
        """Where a submit was rejected nothing forbids the next; where it was accepted its id is what is missing."""
        (rejected,) = read_error({"message": "slow down"}, http_status=429).findings
        assert (rejected.pointer, rejected.hint) == (
            "/error", "go by the HTTP status 429, and keep the answer to report it to reAPI"
        )  # fmt: skip
        (accepted,) = read_error({"data": {"taskId": "task_1"}}, http_status=200).findings
        assert accepted.message == "the answer has no id"
        assert (accepted.hint or "").startswith("do not submit again")
        assert read_error(SUBMITTED, http_status=200).findings[0].pointer == "/error"

    def test_the_status_is_that_of_the_code(self) -> None:
        (finding,) = read_error(ENVELOPE, http_status=500).findings
        assert (finding.rule, finding.value, finding.pointer) == ("error.status_mismatch", 500, "/error")
        assert finding.message == "code 20002 is published with HTTP status 400, not 500"
        assert read_error(ENVELOPE, http_status=500).ok
        for code in (80004, 80001, 70001):  # not published, in a task, without a published status
            assert read_error({"error": {"code": code, "message": ""}}, http_status=500).findings == ()
        assert read_error(ENVELOPE).findings == read_error(ENVELOPE, http_status=400).findings == ()


class TestTotal:
    """Whatever comes back, a reading is made of it, and it can be written as JSON."""

    KEYS = st.sampled_from(
        ("id", "task_id", "data", "model", "status", "created_at", "output", "error", "image_urls", "code", "message")
    )
    VALUES = st.sampled_from((ID, OFFICIAL, "completed", "failed", 1735000000, "\ud800", URLS, COMPLETED["output"]))

    @given(
        st.dictionaries(KEYS, VALUES | json_values() | st.dictionaries(KEYS, json_values())), st.none() | st.integers()
    )
    @example({"id": "\ud800", "status": "\udfff", "model": "\ud800", "created_at": 1}, None)
    def test_any_mapping(self, answer: dict[str, Any], http_status: int | None) -> None:
        self.check(answer, http_status)

    @given(json_values() | st.text() | st.binary() | hostile(NAMES), st.none() | hostile(NAMES))
    def test_anything(self, answer: Any, http_status: Any) -> None:
        self.check(answer, http_status)

    @given(st.dictionaries(KEYS, hostile(NAMES) | VALUES, min_size=1), hostile_keys(NAMES), st.none() | hostile(NAMES))
    def test_objects_that_lie_or_raise_in_every_field(self, answer: dict[Any, Any], key: Any, http_status: Any) -> None:
        self.check(answer, http_status)
        self.check({key: 1}, http_status)
        self.check({**COMPLETED, "error": {key: 1}, "output": {key: 1}, "data": [{key: 1}]}, http_status)
        self.check({**COMPLETED, **answer}, http_status)
        self.check(UserDict(answer), http_status)
        for field in ("output", "error", "data"):
            self.check({**COMPLETED, "id": None, field: answer}, None)
            self.check({**COMPLETED, "id": None, field: [answer]}, None)

    @pytest.mark.parametrize("place", range(len(EVERY)))
    def test_each_of_them_in_each_place(self, place: int) -> None:
        one = EVERY[place]
        for field in COMPLETED:
            self.check({**COMPLETED, field: one}, None)
        for inner in (
            {"code": one, "message": one, "request_id": one},
            {"image_urls": one},
            {"image_urls": [one, URLS[0]]},
        ):
            self.check({**COMPLETED, "output": inner, "error": inner}, None)
        self.check({"task_id": one, "data": [{"task_id": one}]}, None)
        self.check({"data": [one]}, one)
        self.check(one, one)

    def test_frameworks_and_mocks_are_no_json(self) -> None:
        local, lazy = pytest.importorskip("werkzeug.local"), pytest.importorskip("django.utils.functional")
        text = json.dumps(SUBMITTED)
        for one in (
            local.LocalProxy(lambda: text),
            lazy.SimpleLazyObject(lambda: text),
            Mock(spec=dict),
            Mock(spec=str),
        ):
            assert [finding.rule for finding in read_task(one).findings] in (["answer.object"], ["answer.unreadable"])
            assert found({**SUBMITTED, "model": one}) == [("answer.field_type", "/model")]
            assert found({**SUBMITTED, "error": one}) == [("answer.field_type", "/error")]

    @given(st.binary(max_size=6), st.integers(0, 300), st.integers(0, 300))
    def test_any_damage_to_a_text(self, junk: bytes, start: int, end: int) -> None:
        text = json.dumps(COMPLETED).encode()
        self.check(text[:start] + junk + text[end:], None)

    def check(self, answer: Any, http_status: int | None) -> None:
        reading = read_task(answer, request=request(2))
        error = read_error(answer, http_status=http_status)
        msgspec.json.decode(msgspec.json.encode([reading, error]))
        assert reading.task is not None or reading.findings
        ids = {rule.id for rule in task_rules().rules}
        assert {finding.rule for finding in (*reading.findings, *error.findings)} <= ids

    def test_the_answer_is_not_modified(self) -> None:
        answer = json.loads(json.dumps(COMPLETED))
        reading = read_task(answer)
        answer["output"]["image_urls"].clear()
        assert reading.task is not None
        assert reading.task.image_urls == tuple(URLS)


def _order(rule: str) -> int:
    return [row.id for row in task_rules().rules].index(rule)


def test_a_completed_task_of_a_model_without_rules() -> None:
    """Nobody knows how many images were asked for."""
    request = preflight({"model": "kling-3-0", "prompt": "a fox"})
    assert request.quote is not None
    assert request.quote.n is None
    answer = {**COMPLETED, "model": "kling-3-0"}
    assert read_task(answer, request=request).findings == ()


@pytest.mark.parametrize("body", ("no JSON", {}, {"model": "no such model"}))
def test_a_task_of_a_request_that_names_no_model(body: Any) -> None:
    assert read_task(COMPLETED, request=preflight(body)).findings == ()
