"""Section 9 of the rulebook: what is charged and refunded, and whether to send a request again."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard, quote
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.quotes import Quote
from reapi_rules.tasks.billing import charge
from reapi_rules.tasks.endings import outcome, outcomes
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.tasks.resend import advise

EXACT = quote(size="16:9", resolution="2k", quality="high", n=2)
BOUNDED = quote(resolution="2k", quality="high", has_images=True)
UNKNOWN = quote(size="1:1", as_of=date(2020, 1, 1))

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


def failed(code: int | None) -> Task:
    error = None if code is None else ApiError(code=code, message="...")
    return Task(id="task_1", model="gpt-image-2-official", status="failed", created_at=1, error=error)


def at(status: str) -> Task:
    return Task(id="task_1", model="gpt-image-2-official", status=status, created_at=1)


class TestTheTable:
    def test_what_is_documented(self) -> None:
        table = {name: (row.charged, row.refunded) for name, row in outcomes().items() if row.certainty == "documented"}
        assert table == DOCUMENTED

    @pytest.mark.parametrize("name", tuple(outcomes()))
    def test_where_the_page_is_silent_the_table_says_so(self, name: str) -> None:
        row = outcomes()[name]
        assert (row.charged is None) == (row.refunded is None) == (row.certainty == "unspecified")
        assert not (row.refunded and not row.charged)

    @pytest.mark.parametrize(
        ("of", "name"),
        (
            (at("completed"), "completed"), (at("processing"), "processing"), (at("queued"), "processing"),
            (failed(80001), "provider_submit_failed"), (failed(80002), "provider_polling_timeout"), (failed(80003), "provider_failed"),
            (failed(80006), "content_policy"), (failed(80099), "failed"), (failed(None), "failed"), (failed(20003), "failed"),
            (20002, "request_rejected"), (20003, "request_rejected"), (20007, "request_rejected"), (10004, "not_authenticated"),
            (50001, "rate_limited"), (60099, "server_error"), (20001, "unpublished"), (80001, "provider_submit_failed"),
            (ApiError(code=20003, http_status=400), "request_rejected"), (ApiError(code=40001, http_status=402), "no_credits"),
            (ApiError(http_status=401), "not_authenticated"), (ApiError(http_status=404), "task_not_found"),
            (ApiError(http_status=429), "rate_limited"), (ApiError(http_status=503), "server_error"),
            (ApiError(code=20001, http_status=400), "unpublished"), (ApiError(), "unpublished"),
        ),
    )  # fmt: skip
    def test_the_outcome_of(self, of: Task | ApiError | int, name: str) -> None:
        assert outcome(of).outcome == name

    def test_another_name(self) -> None:
        with pytest.raises(ValueError, match='no outcome is called "paid": the outcomes are processing, completed'):
            outcome("paid")


class TestCharge:
    @pytest.mark.parametrize("name", tuple(outcomes()))
    @pytest.mark.parametrize("priced", (EXACT, BOUNDED, UNKNOWN), ids=("exact", "bounded", "unknown"))
    def test_every_outcome_of_every_kind_of_quote(self, name: str, priced: Quote) -> None:
        row, bill = outcomes()[name], charge(priced, name)
        if row.charged is None:
            assert (bill.charged, bill.charged_low, bill.refunded, bill.net, bill.net_low) == (None,) * 5
        elif not row.charged:
            assert (bill.charged, bill.charged_low, bill.refunded, bill.net, bill.net_low) == (0,) * 5
        elif row.refunded:
            assert (bill.charged, bill.charged_low) == (priced.credits, priced.credits_low)
            assert (bill.refunded, bill.net, bill.net_low) == (priced.credits, 0, 0)
        else:
            assert (bill.charged, bill.charged_low, bill.refunded) == (priced.credits, priced.credits_low, 0)
            assert (bill.net, bill.net_low) == (priced.credits, priced.credits_low)
        assert bill.outcome == name

    def test_the_quotes_are_of_three_kinds(self) -> None:
        assert [priced.basis for priced in (EXACT, BOUNDED, UNKNOWN)] == ["exact", "bounded", "unknown"]

    def test_the_worked_example_of_the_page(self) -> None:
        assert charge(EXACT, "completed").net == 759
        assert (charge(EXACT, failed(80001)).charged, charge(EXACT, failed(80001)).net) == (759, 0)

    def test_certainty(self) -> None:
        assert charge(EXACT, "completed").certainty == "documented"
        assert charge(BOUNDED, "completed").certainty == "inferred"
        assert charge(BOUNDED, "prompt_moderated").certainty == "documented"
        assert charge(EXACT, "content_policy").certainty == "inferred"
        assert charge(EXACT, "mask_refused").certainty == "unspecified"

    @given(st.integers(1, 999_999), st.integers(1, 4), st.sampled_from(tuple(outcomes())))
    def test_net_is_what_was_charged_without_the_refund(self, price: int, n: int, name: str) -> None:
        card = RateCard.from_json(
            '{"format": "reapi-rate-card/1", "id": "t", "currency": "USD", "effective_from": "2026-01-01", "checked_on": '
            f'"2026-01-01", "source": "t", "usd_per_image": {{"gpt-image-2-official": {{"1:1@1k_low": "0.{price:06}"}}}}}}'
        )
        bill = charge(quote(size="1:1", quality="low", n=n, rates=card), name)
        if bill.charged is not None and bill.refunded is not None:
            assert bill.net == bill.charged - bill.refunded
            assert bill.charged in (0, -(-price * n // 1000))


class TestAdvice:
    @pytest.mark.parametrize(
        ("of", "resend", "pays_twice"),
        (
            (at("processing"), "no", True), (at("completed"), "no", True), (at("queued"), "no", True),
            (failed(80001), "as_is", False), (failed(80002), "as_is", False), (failed(80003), "after_check", False),
            (failed(80006), "after_fix", False), (failed(None), "after_check", False),
            (20002, "after_fix", False), (20003, "after_fix", False), (20007, "after_fix", False), ("prompt_moderated", "after_fix", False),
            (10003, "after_fix", False), ("no_credits", "after_fix", False), (50001, "after_wait", False),
            (60099, "after_check", None), ("no_answer", "after_check", None), ("mask_refused", "after_fix", None), (99999, "after_check", None),
        ),
    )  # fmt: skip
    def test_resend_and_whether_both_are_paid(self, of: Task | int | str, resend: str, pays_twice: bool | None) -> None:
        advice = advise(of)
        assert (advice.resend, advice.pays_twice, advice.wait_seconds) == (resend, pays_twice, None)
        assert advice.what_to_do

    @pytest.mark.parametrize("name", tuple(outcomes()))
    def test_no_blind_resubmit(self, name: str) -> None:
        """The same request again only where the first is known not to be paid."""
        advice = advise(name)
        assert advice.pays_twice is False or advice.resend in ("no", "after_check", "after_fix")

    def test_what_to_do_is_the_codes_own_where_it_has_one(self) -> None:
        assert "revoked" in advise(10004).what_to_do
        assert "revoked" in advise(ApiError(code=10004, http_status=401)).what_to_do
        assert advise(50001).what_to_do == outcomes()["rate_limited"].what_to_do
        assert {advise(row.code).outcome for row in built_in().errors.codes} <= set(outcomes())

    @pytest.mark.parametrize(
        ("header", "now", "seconds"),
        (
            ("0", None, 0), ("20", None, 20), (" 7 ", 1e9, 7), ("", None, None), ("-1", None, None), ("1.5", None, None), ("soon", 1e9, None),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 946684799 - 90, 90), ("Fri, 31 Dec 1999 23:59:59 GMT", 946684798.5, 1),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 946684900, 0), ("Fri, 31 Dec 1999 23:59:59 -0000", 946684789, 10),
            ("Fri, 31 Dec 1999 23:59:59 GMT", None, None), ("Fri, 31 Dec 1999 23:59:59 GMT", float("nan"), None),
            ("Fri, 31 Dec 1999 23:59:59 GMT", float("-inf"), None), ("9" * 5000, 1e9, None),
        ),
    )  # fmt: skip
    def test_retry_after(self, header: str, now: float | None, seconds: int | None) -> None:
        assert advise(50001, retry_after=header, now=now).wait_seconds == seconds
        assert advise("completed", retry_after=header, now=now).wait_seconds is None

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs time.tzset, which Windows lacks")
    def test_a_date_without_a_zone_is_utc_wherever_the_program_runs(self) -> None:
        with pytest.MonkeyPatch.context() as elsewhere:
            elsewhere.setenv("TZ", "Asia/Tokyo")
            time.tzset()
            wait = advise(50001, retry_after="Fri, 31 Dec 1999 23:59:59 -0000", now=946684789).wait_seconds
        time.tzset()
        assert wait == 10

    @given(
        st.text()
        | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{1,9} [A-Z+-]{1,4}[0-9]{0,9}"),
        st.floats(),
    )
    def test_any_header(self, header: str, now: float) -> None:
        wait = advise(50001, retry_after=header, now=now).wait_seconds
        assert wait is None or wait >= 0
