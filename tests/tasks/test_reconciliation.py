"""A plan against its answers: exact sums, whose answer is whose, and nothing is skipped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.reconciliation import Planned, Sums, reconcile
from tests.support.strategies import json_values

EXACT = {"model": "gpt-image-2", "prompt": "a fox", "resolution": "2k"}  # 50
BOUNDED = {
    "model": "gpt-image-2-official",
    "prompt": "a fox",
    "quality": "low",
    "image_urls": ["https://a.example/1.png"],
}  # 4 to 10
UNPRICED = {"model": "kling-3-0", "prompt": "a fox"}
REJECTED = {"model": "gpt-image-2", "prompt": "a fox", "n": 9}
AMOUNTS = ("charged_low", "charged", "refunded_low", "refunded", "net_low", "net")


def plan(*bodies: Any, **named: Any) -> list[Planned]:
    requests = [Planned(where=f"line {at}", report=preflight(body)) for at, body in enumerate(bodies, 1)]
    return requests + [Planned(where=name, name=name, report=preflight(body)) for name, body in named.items()]


def task(id: str, status: str, model: str = "gpt-image-2", code: int | None = None, **more: Any) -> dict[str, Any]:
    answer = {"id": id, "model": model, "status": status, "created_at": 1735000000, **more}
    if status == "completed":
        answer["output"] = {"image_urls": ["https://a.example/1.png"]}
    return answer if code is None else answer | {"error": {"code": code, "message": "..."}}


def amounts(account: Any) -> tuple[int | None, ...]:
    return tuple(getattr(account, name) for name in AMOUNTS)


class TestOneRequest:
    """What each answer comes to."""

    @pytest.mark.parametrize(
        ("answer", "ending", "expected"),
        (
            (task("t", "completed"), "completed", (50, 50, 0, 0, 50, 50)),
            (task("t", "processing"), "processing", (50, 50, 0, 0, 50, 50)),
            (task("t", "failed", code=80001), "provider_submit_failed", (50, 50, 50, 50, 0, 0)),
            (task("t", "failed"), "failed", (50, 50, 50, 50, 0, 0)),
            ({"task_id": "t", "status": "completed"}, "completed", (50, 50, 0, 0, 50, 50)),
            ({"data": [{"task_id": "t", "status": "failed"}]}, "failed", (50, 50, 50, 50, 0, 0)),
            ({"error": {"code": 20003, "message": "..."}}, "request_rejected", (0,) * 6),
            ({"error": {"code": 60001, "message": "..."}}, "task_not_started", (50, 50, 50, 50, 0, 0)),
            ({"error": {"code": 60099, "message": "..."}}, "server_error", (None,) * 6),
            ({"http_status": 200}, "accepted_without_id", (50, 50, 0, 0, 50, 50)),
            ({"status_code": 429}, "rate_limited", (0,) * 6),
            ({"response": None}, "no_answer", (None,) * 6),
            ({"response": {"status_code": 200, "body": "<html>"}}, "accepted_without_id", (50, 50, 0, 0, 50, 50)),
            ({"response": {"status_code": 202, "body": None}}, "accepted_without_id", (50, 50, 0, 0, 50, 50)),
            ({"response": {"status_code": 502, "body": "<html>"}}, "server_error", (None,) * 6),
            ({"response": {"http_status": 402, "body": {}}}, "no_credits", (0,) * 6),
            ({"response": {"status_code": "200", "body": "<html>"}}, "accepted_without_id", (50, 50, 0, 0, 50, 50)),
            ({"http_status": "502"}, "server_error", (None,) * 6),
            ({"http_status": "200 OK"}, "unpublished", (None,) * 6),
            ({"http_status": "２００"}, "unpublished", (None,) * 6),
            ({"response": {"status_code": 200, "body": task("t", "completed")}}, "completed", (50, 50, 0, 0, 50, 50)),
            ({"response": {"status_code": 200, "body": json.dumps(task("t", "completed"))}}, "completed", (50, 50, 0, 0, 50, 50)),
            ({"response": task("t", "completed")}, "completed", (50, 50, 0, 0, 50, 50)),
            ({"ending": "prompt_moderated"}, "prompt_moderated", (0,) * 6),
            ({"ending": "what?"}, "unpublished", (None,) * 6),
            ({"ending": ["completed"]}, "unpublished", (None,) * 6),
            ({"ending": "no_answer", "response": None}, "no_answer", (None,) * 6),
            ({}, "unpublished", (None,) * 6),
        ),
    )  # fmt: skip
    def test_by_its_answer(self, answer: dict[str, Any], ending: str, expected: tuple[int | None, ...]) -> None:
        for form in (answer, json.dumps(answer), json.dumps(answer).encode()):
            done = reconcile(plan(EXACT), [form])
            (account,) = done.requests
            assert (account.endings, amounts(account)) == ((ending,), expected)
            rules = [each.rule for each in account.findings]
            assert ("answer.unknown_ending" in rules) is (answer.get("ending", ending) != ending)
            assert done.sums.is_settled == (None not in expected and ending != "processing")
            assert (done.sums.unknown, done.sums.in_doubt) == ((1, 50) if None in expected else (0, 0))

    @pytest.mark.parametrize(
        ("body", "status", "expected"),
        (
            (BOUNDED, "completed", (4, 10, 0, 0, 4, 10)),
            (BOUNDED, "failed", (4, 10, 4, 10, 0, 0)),
            (UNPRICED, "completed", (None, None, 0, 0, None, None)),
            (UNPRICED, "failed", (None, None, None, None, 0, 0)),
            (REJECTED, "completed", (None, None, 0, 0, None, None)),
        ),
    )
    def test_of_other_prices(self, body: Any, status: str, expected: tuple[int | None, ...]) -> None:
        done = reconcile(plan(body), [task("t", status, model=body["model"])])
        assert amounts(done.requests[0]) == expected
        assert done.sums.unquoted == done.sums.unknown == (None in expected)

    @pytest.mark.parametrize(("body", "missing"), ((EXACT, 1), (UNPRICED, 1), (REJECTED, 0)))
    def test_without_an_answer(self, body: Any, missing: int) -> None:
        done = reconcile(plan(body), [])
        (account,) = done.requests
        assert (account.endings, amounts(account), account.ok) == ((), (None,) * 6, bool(missing))
        assert (done.sums.missing, done.sums.rejected) == (missing, 1 - missing)
        assert done.sums.is_settled is not bool(missing)


class TestWhose:
    def test_by_name_in_any_order_and_strays_apart(self) -> None:
        answers = [
            {"custom_id": "b", **task("t2", "completed")},
            {"custom_id": "c", **task("t3", "completed")},
            task("t4", "completed"),
            {"custom_id": "a", **task("t1", "failed")},
        ]
        done = reconcile(plan(a=EXACT, b=EXACT), answers)
        assert done.matched_by == "name"
        assert [(each.name, each.tasks, each.net) for each in done.requests] == [("a", ("t1",), 0), ("b", ("t2",), 50)]
        assert [(each.where, each.name, each.tasks) for each in done.strays] == [
            ("answer 2", "c", ("t3",)), ("answer 3", None, ("t4",)),
        ]  # fmt: skip
        assert (done.sums.strays, done.sums.unknown, done.sums.is_settled) == (2, 2, False)

    def test_a_key_of_ones_own_and_numbers(self) -> None:
        answers = [{"row": 7, **task("t1", "completed")}, {"custom_id": "8", **task("t2", "failed")}]
        done = reconcile(plan(**{"7": EXACT, "8": EXACT}), answers, key="row")
        assert [each.tasks for each in done.requests] == [("t1",), ("t2",)]

    @pytest.mark.parametrize("key", ("id", "task_id"))
    def test_by_the_ids_of_tasks(self, key: str) -> None:
        done = reconcile(plan(t2=EXACT, t1=EXACT), [task("t1", "failed"), {"data": [{"task_id": "t2"}]}], key=key)
        assert [each.tasks for each in done.requests] == [("t2",), ("t1",)]
        assert done.matched_by == "name"

    @pytest.mark.parametrize("key", ("id", "task_id", "Asset"))
    def test_an_answer_has_the_name_that_the_plan_knows(self, key: str) -> None:
        """A column id of the plan is not one of tasks; a key may be in another case."""
        first = task("t1", "failed", custom_id="b")
        second = task("t2", "failed", asset="a", custom_id="x" if key == "Asset" else "a")
        done = reconcile(plan(a=EXACT, b=EXACT), [first, second], key=key)
        assert [each.tasks for each in done.requests] == [("t2",), ("t1",)]

    def test_by_order_where_nothing_is_named(self) -> None:
        requests = plan(EXACT, REJECTED, BOUNDED)
        done = reconcile(requests, [task("t1", "completed"), task("t2", "failed")])
        assert (done.matched_by, [each.tasks for each in done.requests]) == ("order", [("t1",), (), ("t2",)])
        assert "task.model_echo" in [finding.rule for finding in done.requests[2].findings]  # a guess may be wrong
        done = reconcile(requests, [task("t1", "completed"), {"error": {"code": 20003}}, task("t2", "failed")])
        assert [each.endings for each in done.requests] == [("completed",), ("request_rejected",), ("failed",)]
        done = reconcile(requests, [task(f"t{at}", "completed") for at in range(5)])
        assert [each.where for each in done.strays] == ["answer 3", "answer 4", "answer 5"]

    def test_two_of_one_name(self) -> None:
        requests = [Planned(where=f"row {at}", name="a", report=preflight(EXACT)) for at in (2, 3)]
        with pytest.raises(ValueError, match='row 2 and row 3 have the same name "a"'):
            reconcile(requests, [])


class TestTasks:
    """All answers about one task are one submit, by its last state."""

    @pytest.mark.parametrize(
        ("states", "ending"),
        (
            (("processing", "processing", "completed"), "completed"),
            (("completed", "processing"), "completed"),
            (("processing", "failed"), "failed"),
            (("failed", "completed"), "completed"),
        ),
    )
    def test_the_last_state(self, states: tuple[str, ...], ending: str) -> None:
        answers = [{"custom_id": "a", **task("t", states[0])}, *(task("t", state) for state in states[1:])]
        done = reconcile(plan(a=EXACT), answers)
        assert (done.requests[0].endings, done.strays) == ((ending,), ())

    def test_the_name_may_come_later(self) -> None:
        done = reconcile(plan(a=EXACT), [task("t", "processing"), {"custom_id": "a", **task("t", "completed")}])
        assert (done.requests[0].endings, done.sums.strays) == (("completed",), 0)

    @pytest.mark.parametrize(
        "answer",
        (None, {"status_code": 502, "body": "<html>"}, {"status_code": 404, "body": {"error": {"code": 40001}}}),
    )
    def test_a_poll_that_failed_is_no_submit(self, answer: Any) -> None:
        poll = {"custom_id": "a", "task_id": "t", "response": answer}
        submit = {"custom_id": "a", **task("t", "completed")}
        for answers in ([submit, poll], [poll, submit]):
            done = reconcile(plan(a=EXACT), answers)
            assert (done.requests[0].endings, done.sums.unknown) == (("completed",), 0)
        assert reconcile(plan(a=EXACT), [poll]).requests[0].endings == ("processing",)

    def test_a_second_submit_is_a_second_charge(self) -> None:
        answers = [{"custom_id": "a", **task(id, "completed")} for id in ("t1", "t2")]
        done = reconcile(plan(a=EXACT), answers)
        assert (done.requests[0].tasks, done.requests[0].quoted, done.requests[0].net) == (("t1", "t2"), 50, 100)
        assert (done.sums.repeated, done.sums.net, done.sums.is_settled) == (1, 100, False)

    def test_a_retry_after_a_refund_is_none(self) -> None:
        answers = [
            {"custom_id": "a", "response": {"status_code": 429, "body": {"error": {"code": 50001}}}},
            {"custom_id": "a", **task("t1", "failed", code=80001)},
            {"custom_id": "a", **task("t2", "completed")},
        ]
        done = reconcile(plan(a=EXACT), answers)
        (account,) = done.requests
        assert account.endings == ("rate_limited", "provider_submit_failed", "completed")
        assert (account.charged, account.refunded, account.net) == (100, 50, 50)
        assert (done.sums.repeated, done.sums.is_settled) == (0, True)

    def test_what_does_not_fit_is_said(self) -> None:
        done = reconcile(plan(BOUNDED), [task("t", "completed", model="flux-2")])
        assert [finding.rule for finding in done.requests[0].findings] == ["task.model_echo"]


@st.composite
def settled(draw: st.DrawFn) -> tuple[list[Any], list[Any]]:
    """Bodies, and how each ended: with the name of an ending, or not at all."""
    bodies = draw(st.lists(st.sampled_from((EXACT, BOUNDED, UNPRICED, REJECTED)), max_size=6))
    ended = st.none() | st.sampled_from([name for name in endings() if name != "poll"])
    return bodies, [draw(ended) for _ in bodies]


@given(settled())
def test_the_sums_are_those_of_what_is_known(drawn: tuple[list[Any], list[Any]]) -> None:
    bodies, ended = drawn
    requests = plan(**{f"r{at}": body for at, body in enumerate(bodies)})
    answers = [{"custom_id": f"r{at}", "ending": name} for at, name in enumerate(ended) if name is not None]
    done = reconcile(requests, answers)
    sums = done.sums
    for name in (*AMOUNTS, "quoted", "quoted_low"):
        assert getattr(sums, name) == sum(getattr(each, name) or 0 for each in done.requests)
    known = [each for each in done.requests if None not in amounts(each)]
    assert all(
        each.charged - each.refunded == each.net
        for each in known
        if each.charged is not None and each.refunded is not None
    )
    assert all((each.charged_low or 0) <= (each.charged or 0) for each in known)
    assert sums.unknown == sum(1 for each in done.requests if each.endings and None in amounts(each))
    assert sums.answered + sums.missing + sums.rejected == sums.requests == len(bodies)
    assert sums.in_doubt == sum(each.quoted or 0 for each in done.requests if each.endings and each.net is None)


TASKS = st.builds(task, st.sampled_from(("t1", "t2")), st.sampled_from(("completed", "failed", "?")))


@given(st.lists(TASKS | json_values() | st.binary(max_size=20) | st.text(max_size=20)), st.booleans())
def test_any_plan_and_answers_at_all(answers: list[Any], is_named: bool) -> None:
    bodies: tuple[Any, ...] = (EXACT, BOUNDED, UNPRICED, REJECTED, "no JSON", {})
    done = reconcile(plan(**{str(at): body for at, body in enumerate(bodies)}) if is_named else plan(*bodies), answers)
    assert done.sums.requests == 6
    assert sum(len(each.endings) for each in (*done.requests, *done.strays)) <= len(answers)


def test_nothing_at_all() -> None:
    done = reconcile([], [])
    assert (done.requests, done.strays, done.sums, done.sums.is_settled) == ((), (), Sums(), True)
