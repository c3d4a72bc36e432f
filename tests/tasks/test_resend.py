"""Section 9 of the rulebook: whether to send a request again, and how long to wait."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.catalog.codes import codes
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.tasks.resend import resend_advice


def failed(code: int | None) -> Task:
    error = None if code is None else ApiError(code=code, message="...")
    return Task(id="task_1", model="gpt-image-2-official", status="failed", created_at=1, error=error)


def at(status: str) -> Task:
    return Task(id="task_1", model="gpt-image-2-official", status=status, created_at=1)


class TestAdvice:
    @pytest.mark.parametrize(
        ("of", "resend", "pays_twice"),
        (
            (at("processing"), "no", True), (at("completed"), "no", True), (at("queued"), "no", True),
            (failed(80001), "as_is", False), (failed(80002), "as_is", False), (failed(80003), "after_check", False),
            (failed(80006), "after_fix", False), (failed(None), "after_check", False),
            (20002, "after_fix", False), (20003, "after_fix", False), (20007, "after_fix", False), ("prompt_moderated", "after_fix", False),
            (10003, "after_fix", False), ("no_credits", "after_fix", False), (50001, "after_wait", False),
            (60099, "after_check", None), ("no_answer", "after_check", None), ("accepted_without_id", "no", True), (ApiError(http_status=202), "no", True),
            (60001, "as_is", False), (60002, "as_is", False), (70001, "after_check", None), (40001, "after_check", None), (30001, "after_fix", False), ("mask_refused", "after_fix", None), (99999, "after_check", None),
        ),
    )  # fmt: skip
    def test_resend_and_whether_both_are_paid(
        self, of: Task | ApiError | int | str, resend: str, pays_twice: bool | None
    ) -> None:
        advice = resend_advice(of)
        assert (advice.resend, advice.pays_twice, advice.wait_seconds) == (resend, pays_twice, None)
        assert advice.what_to_do

    @pytest.mark.parametrize("name", tuple(endings()))
    def test_no_blind_resubmit(self, name: str) -> None:
        """The same request again only where the first is known not to be paid."""
        advice = resend_advice(name)
        assert advice.pays_twice is False or advice.resend in ("no", "after_check", "after_fix")

    def test_what_to_do_is_the_codes_own_where_it_has_one(self) -> None:
        assert "revoked" in resend_advice(10004).what_to_do
        assert "revoked" in resend_advice(ApiError(code=10004, http_status=401)).what_to_do
        assert resend_advice(50001).what_to_do == endings()["rate_limited"].what_to_do
        for row in codes().rows:
            advice = resend_advice(row.code)
            assert (advice.ending, advice.what_to_do) == (
                row.ending,
                row.what_to_do or endings()[row.ending].what_to_do,
            )

    def test_the_code_says_nothing_about_another_ending(self) -> None:
        """As where a task has failed with the code of an invalid request, or a submit was accepted with one."""
        assert resend_advice(failed(20003)).what_to_do == endings()["failed"].what_to_do
        accepted = resend_advice(ApiError(code=20003, http_status=200))
        assert accepted.what_to_do == endings()["accepted_without_id"].what_to_do
        assert (accepted.ending, accepted.certainty) == ("accepted_without_id", "inferred")

    @pytest.mark.parametrize(
        ("header", "now", "seconds"),
        (
            ("0", None, 0), ("20", None, 20), (" 7 ", 1e9, 7), (20, None, 20), (0, 1e9, 0), ("", None, None), ("-1", None, None), ("1.5", None, None), ("soon", 1e9, None),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 946684799 - 90, 90), ("Fri, 31 Dec 1999 23:59:59 GMT", 946684798.5, 1),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 946684900, 0), ("Fri, 31 Dec 1999 23:59:59 -0000", 946684789, 10),
            ("Fri, 31 Dec 1999 23:59:59 GMT", None, None), ("Fri, 31 Dec 1999 23:59:59 GMT", float("nan"), None),
            ("Fri, 31 Dec 1999 23:59:59 GMT", float("-inf"), None), ("9" * 5000, 1e9, None),
        ),
    )  # fmt: skip
    def test_retry_after(self, header: str | int, now: float | None, seconds: int | None) -> None:
        assert resend_advice(50001, retry_after=header, now=now).wait_seconds == seconds
        assert resend_advice("completed", retry_after=header, now=now).wait_seconds is None

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs time.tzset, which Windows lacks")
    def test_a_date_without_a_zone_is_utc_wherever_the_program_runs(self) -> None:
        with pytest.MonkeyPatch.context() as elsewhere:
            elsewhere.setenv("TZ", "Asia/Tokyo")
            time.tzset()
            wait = resend_advice(50001, retry_after="Fri, 31 Dec 1999 23:59:59 -0000", now=946684789).wait_seconds
        time.tzset()
        assert wait == 10

    @given(
        st.text()
        | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{1,9} [A-Z+-]{1,4}[0-9]{0,9}"),
        st.floats(),
    )
    def test_any_header(self, header: str, now: float) -> None:
        wait = resend_advice(50001, retry_after=header, now=now).wait_seconds
        assert wait is None or wait >= 0
