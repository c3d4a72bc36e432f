"""Section 9 of the rulebook: the polling cadence, the latencies that are published, and the client's timeout."""

from __future__ import annotations

import random
from itertools import accumulate, islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.tasks.polling import client_timeout, poll_schedule, typical_latency
from tests.support.oracle import QUALITIES, TIERS
from tests.support.told import told

HOUR = 3600


class TestCadence:
    """Nothing before 30 s; every 3 to 5 s until 3 min; then back off to 10 s, at most 30 s; wall-clock cap 1 hour."""

    def check(self, waits: list[float]) -> None:
        ages = list(accumulate(waits))
        assert waits[0] == 30
        for wait, age in zip(waits[1:], ages):
            assert 3 <= wait <= 5 if age < 180 else 10 <= wait <= 30
        slow = [wait for wait, age in zip(waits[1:], ages) if age >= 180]
        assert slow == sorted(slow)
        assert slow[0] <= 15
        assert slow[-1] == 30
        assert ages[-2] < HOUR <= ages[-1] < HOUR + 30

    def test_without_jitter(self) -> None:
        waits = list(poll_schedule())
        self.check(waits)
        assert waits[1:] == sorted(waits[1:])
        assert waits[:53] == [30] + [3] * 50 + [10, 15]
        assert set(waits) == {30, 3, 10, 15, 20, 25}

    def test_with_jitter_from_thousands_of_seeds(self) -> None:
        for seed in range(3000):
            self.check(list(poll_schedule(jitter=random.Random(seed))))

    def test_a_seed_gives_the_same_waits_again_and_seeds_differ(self) -> None:
        first, again, other = (list(poll_schedule(jitter=random.Random(seed))) for seed in (1, 1, 2))
        assert first == again != other

    def test_jitter_reaches_both_ends_of_a_range(self) -> None:
        waits = [wait for seed in range(50) for wait in islice(poll_schedule(jitter=random.Random(seed)), 1, 20)]
        assert min(waits) < 3.05
        assert max(waits) > 4.95

    @given(st.floats(0, HOUR), st.none() | st.randoms(use_true_random=False))
    def test_a_task_found_again_goes_on_at_its_age(self, age: float, jitter: random.Random | None) -> None:
        waits = list(poll_schedule(age=age, jitter=jitter))
        if age < 30:
            assert waits[0] == pytest.approx(30 - age)
        elif age < 180:
            assert 3 <= waits[0] <= 5
        elif age < HOUR:
            assert 10 <= waits[0] <= 15
        assert all(wait >= 0 for wait in waits)
        assert age + sum(waits) >= HOUR - 1e-6
        assert len(waits) <= 51 + HOUR // 10

    @pytest.mark.parametrize(
        ("age", "waits"), ((10, [20, 3]), (29, [1, 3]), (30, [3, 3]), (179, [3, 10]), (180, [10, 15]), (3599, [10]))
    )
    def test_where_a_task_found_again_goes_on(self, age: float, waits: list[float]) -> None:
        assert list(islice(poll_schedule(age=age), 2)) == waits

    @pytest.mark.parametrize("age", (HOUR, 1e300, float("inf")))
    def test_a_task_past_its_cap_is_asked_for_once(self, age: float) -> None:
        assert list(poll_schedule(age=age)) == [0]

    @pytest.mark.parametrize("age", (-5, float("-inf"), float("nan")))
    def test_a_clock_that_is_behind_counts_as_none(self, age: float) -> None:
        assert list(poll_schedule(age=age)) == list(poll_schedule())


PUBLISHED = {("low", "1k"): (20, 40), ("medium", "1k"): (30, 60), ("high", "2k"): (60, 120), ("high", "4k"): (120, 180)}


def test_what_is_published_of_each_quality_and_resolution() -> None:
    """How long four pairs take, and at least 180 seconds for high at 2k and 4k; nothing of the others."""
    for quality, resolution in product((*QUALITIES, None, "hd"), (*TIERS, "2K", None, "8k")):
        with told((quality, resolution)):
            ran_as, at = "high" if quality in ("auto", None) else quality, (resolution or "1k").lower()
            latency = typical_latency(quality, resolution)
            assert (latency and latency.seconds) == PUBLISHED.get((str(ran_as), at))
            assert client_timeout(quality, resolution) == (180 if ran_as == "high" and at in ("2k", "4k") else None)
