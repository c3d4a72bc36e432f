"""Section 9 of the rulebook: how a submit can end, and what of it is charged and refunded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.catalog.codes import codes
from reapi_rules.tasks.endings import ending, endings
from reapi_rules.tasks.envelopes import ApiError, Task

# What the page says: charged on submit; refunded on failed, provider_submit_failed and provider_polling_timeout;
# 80003 comes in a failed task; a moderated prompt is a 400 before charging; polling does not consume credits.
DOCUMENTED = {
    "processing": (True, False),
    "completed": (True, False),
    "failed": (True, True),
    "provider_submit_failed": (True, True),
    "provider_polling_timeout": (True, True),
    "provider_failed": (True, True),
    "prompt_moderated": (False, False),
    "poll": (False, False),
}

# Seen in other material of reAPI's, or following from the page: what is rejected before the task is not charged, a
# submit that is answered with 2xx is, and 60001 and 60002 are refunded.
INFERRED = {
    "content_policy": (True, True),
    "accepted_without_id": (True, False),
    "request_rejected": (False, False),
    "not_authenticated": (False, False),
    "no_credits": (False, False),
    "rate_limited": (False, False),
    "task_not_started": (True, True),
}


def failed(code: int | None) -> Task:
    error = None if code is None else ApiError(code=code, message="...")
    return Task(id="task_1", model="gpt-image-2-official", status="failed", created_at=1, error=error)


def at(status: str | None) -> Task:
    return Task(id="task_1", model="gpt-image-2-official", status=status, created_at=1)


class TestTheTable:
    @pytest.mark.parametrize(("certainty", "known"), (("documented", DOCUMENTED), ("inferred", INFERRED)))
    def test_what_is_charged_and_refunded(self, certainty: str, known: dict[str, tuple[bool, bool]]) -> None:
        rows = {name: (row.charged, row.refunded) for name, row in endings().items() if row.certainty == certainty}
        assert rows == known

    @pytest.mark.parametrize("name", tuple(endings()))
    def test_where_nobody_says_the_table_says_so(self, name: str) -> None:
        row = endings()[name]
        assert (row.charged is None) == (row.refunded is None) == (row.certainty == "unspecified")
        assert not (row.refunded and not row.charged)
        assert row.name == name

    def test_every_code_has_an_ending(self) -> None:
        assert {row.ending for row in codes().rows} <= set(endings())


class TestWhichEnding:
    @pytest.mark.parametrize(
        ("of", "name"),
        (
            (at("completed"), "completed"), (at("processing"), "processing"), (at("queued"), "processing"), (at(None), "processing"),
            (failed(80001), "provider_submit_failed"), (failed(80002), "provider_polling_timeout"), (failed(80003), "provider_failed"),
            (failed(80006), "content_policy"), (failed(80099), "failed"), (failed(None), "failed"), (failed(20003), "failed"),
            (failed(60001), "failed"),
            (20001, "request_rejected"), (20002, "request_rejected"), (20003, "request_rejected"), (20004, "request_rejected"),
            (20005, "request_rejected"), (20006, "request_rejected"), (20007, "request_rejected"), (30002, "request_rejected"),
            (10004, "not_authenticated"), (10006, "not_authenticated"), (30001, "no_credits"), (40001, "task_not_found"),
            (50001, "rate_limited"), (60001, "task_not_started"), (60002, "task_not_started"), (60099, "server_error"),
            (70001, "server_error"), (70002, "server_error"), (80001, "provider_submit_failed"), (80004, "unpublished"),
            (ApiError(code=20003, http_status=400), "request_rejected"), (ApiError(code=30003, http_status=402), "no_credits"),
            (ApiError(http_status=401), "not_authenticated"), (ApiError(http_status=404), "task_not_found"),
            (ApiError(http_status=429), "rate_limited"), (ApiError(code=80004, http_status=400), "unpublished"), (ApiError(), "unpublished"),
            (429, "rate_limited"), (502, "server_error"), (200, "accepted_without_id"), (408, "unpublished"),
        ),
    )  # fmt: skip
    def test_of_a_task_a_code_and_an_error(self, of: Task | ApiError | int, name: str) -> None:
        assert ending(of).name == name

    @given(
        st.integers(200, 299), st.none() | st.integers(0, 99_999) | st.sampled_from([row.code for row in codes().rows])
    )
    def test_after_2xx_the_submit_was_accepted_whatever_the_answer_says(self, status: int, code: int | None) -> None:
        found = ending(ApiError(code=code, http_status=status))
        assert (found.name, found.resend) == ("accepted_without_id", "no")
        assert "not published" not in found.what_to_do

    @given(st.integers(500, 599))
    def test_after_5xx_nobody_says(self, status: int) -> None:
        assert ending(ApiError(http_status=status)).name == "server_error"
        assert ending(ApiError(code=60001, http_status=status)).name == "task_not_started"

    @pytest.mark.parametrize("status", (None, -200, 2, 20, 199, 300, 400, 403, 418, 499, 600, 2000, 20000))
    def test_another_status_tells_nothing(self, status: int | None) -> None:
        """Of 400 and 403 neither: two endings come with 400, and what a 403 without a code means nobody says."""
        assert ending(ApiError(http_status=status)).name == "unpublished"

    def test_several_endings_with_a_status(self) -> None:
        assert [row.name for row in endings().values() if row.comes_with(400)] == ["prompt_moderated", "mask_refused"]

    @pytest.mark.parametrize("of", (None, 80001.0, b"completed", {}, True))
    def test_another_type(self, of: Any) -> None:
        with pytest.raises(TypeError, match=f"^of must be Task or ApiError or int or str, not {type(of).__name__}$"):
            ending(of)

    @pytest.mark.parametrize("name", ("paid", "", "request_rejecte", "x" * 1000))
    def test_another_name(self, name: str) -> None:
        with pytest.raises(
            ValueError, match=f'^no ending is called "{name[:80]}": the endings are processing, completed'
        ):
            ending(name)
