"""What a submit costs in the end: each ending of each kind of quote."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard, quote
from reapi_rules.engine.quotes import Quote
from reapi_rules.tasks.billing import charge
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.envelopes import ApiError, Task
from tests.support.cards import made_up

EXACT = quote(size="16:9", resolution="2k", quality="high", n=2)
BOUNDED = quote(resolution="2k", quality="high", has_images=True)
UNKNOWN = quote(size="1:1", as_of=date(2020, 1, 1))
FAILED = Task(id="task_1", model=None, status="failed", created_at=1, error=ApiError(code=80001))


@pytest.mark.parametrize("name", tuple(endings()))
@pytest.mark.parametrize("priced", (EXACT, BOUNDED, UNKNOWN), ids=("exact", "bounded", "unknown"))
def test_every_ending_of_every_kind_of_quote(name: str, priced: Quote) -> None:
    row, bill = endings()[name], charge(priced, name)
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
    assert bill.ending == name


def test_the_quotes_are_of_three_kinds() -> None:
    assert [priced.basis for priced in (EXACT, BOUNDED, UNKNOWN)] == ["exact", "bounded", "unknown"]


def test_the_worked_example_of_the_page() -> None:
    assert charge(EXACT, "completed").net == 759
    assert (charge(EXACT, FAILED).charged, charge(EXACT, FAILED).net) == (759, 0)


def test_an_accepted_submit_without_an_id_is_probably_charged() -> None:
    bill = charge(EXACT, ApiError(http_status=200))
    assert (bill.charged, bill.refunded, bill.net, bill.certainty) == (759, 0, 759, "inferred")


@pytest.mark.parametrize("code", (60001, 60002))
def test_a_task_that_was_not_started_is_refunded(code: int) -> None:
    bill = charge(EXACT, ApiError(code=code, http_status=500))
    assert (bill.charged, bill.refunded, bill.net, bill.certainty) == (759, 759, 0, "inferred")


def test_certainty() -> None:
    assert charge(EXACT, "completed").certainty == "documented"
    assert charge(BOUNDED, "completed").certainty == "inferred"
    assert charge(BOUNDED, "prompt_moderated").certainty == "documented"
    assert charge(EXACT, "content_policy").certainty == "inferred"
    assert charge(EXACT, "mask_refused").certainty == "unspecified"


@given(st.integers(1, 999_999), st.integers(1, 4), st.sampled_from(tuple(endings())))
def test_net_is_what_was_charged_without_the_refund(price: int, n: int, name: str) -> None:
    card = RateCard.from_dict(made_up({"gpt-image-2-official": {"1:1@1k_low": f"0.{price:06}"}}))
    bill = charge(quote(size="1:1", quality="low", n=n, rates=card), name)
    if bill.charged is not None and bill.refunded is not None:
        assert bill.net == bill.charged - bill.refunded
        assert bill.charged in (0, -(-price * n // 1000))
