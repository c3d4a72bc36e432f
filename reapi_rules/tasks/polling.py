"""When to poll, and how long a task takes: the page's figures, without a clock.

Source: section "Polling pattern" of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.terms.once import once

__all__ = ["Latency", "RandomSource", "client_timeout", "poll_schedule", "polling", "typical_latency"]


class RandomSource(Protocol):
    """What jitter is drawn from: ``random.Random`` is one."""

    def random(self) -> float:
        """A number from 0 up to, and not including, 1."""


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file; unknown keys are refused."""


class Cadence(_Row, frozen=True):
    """How long to wait before each poll, by the age of the task."""

    section: str
    first_wait_seconds: int
    wait_seconds: tuple[int, int]
    back_off_after_seconds: int
    back_off_seconds: int
    step_seconds: int
    longest_wait_seconds: int
    task_cap_seconds: int


class Latency(_Row, frozen=True):
    """How long a task typically takes from the submit to its end, in seconds."""

    quality: str
    resolution: str
    seconds: tuple[int, int]


class _Latencies(_Row, frozen=True):
    section: str
    typical: tuple[Latency, ...]


class _ClientTimeout(_Row, frozen=True):
    section: str
    at_least_seconds: int
    quality: str
    resolutions: tuple[str, ...]


class _Output(_Row, frozen=True):
    section: str
    valid_days: int


class Polling(_Row, frozen=True):
    """The file ``data/polling.json``: figures of one model's page."""

    format: Literal["reapi-polling/1"]
    source: dict[str, str]
    model: str
    cadence: Cadence
    latencies: _Latencies
    client_timeout: _ClientTimeout
    output: _Output


@once
def polling() -> Polling:
    """The figures of the page.

    >>> polling().cadence.task_cap_seconds, polling().output.valid_days
    (3600, 7)
    """
    return msgspec.json.decode(data_file("polling.json"), type=Polling)


def poll_schedule(*, age: float = 0, jitter: RandomSource | None = None) -> Iterator[float]:
    """How many seconds to wait before each poll, until the task reaches its limit of 1 hour.

    >>> from itertools import islice
    >>> list(islice(poll_schedule(), 4)), list(islice(poll_schedule(age=200), 6))
    ([30, 3, 3, 3], [10, 15, 20, 25, 30, 30])

    ``age`` is the age of a task that you resume after a restart, in seconds since ``created_at``.  The page gives
    ranges: without jitter each wait is the shortest of its range, with it a random one; the back-off grows by steps
    of our own choice.  The last wait reaches the limit, when the task has ended one way or another.
    """
    cadence = polling().cadence
    now: float = max(0, age)
    if now < cadence.first_wait_seconds:
        yield cadence.first_wait_seconds - now
        now = cadence.first_wait_seconds
    elif now >= cadence.task_cap_seconds:
        yield 0
    slowest = cadence.back_off_seconds
    while now < cadence.task_cap_seconds:
        if now < cadence.back_off_after_seconds:
            shortest, longest = cadence.wait_seconds
        else:
            shortest, longest = slowest, min(slowest + cadence.step_seconds, cadence.longest_wait_seconds)
            slowest = longest
        wait = shortest if jitter is None else shortest + (longest - shortest) * jitter.random()
        yield wait
        now += wait


def typical_latency(quality: str | None = None, resolution: str | None = None) -> Latency | None:
    """How long the official model typically takes; None if the page does not say.

    >>> typical_latency("auto", "2K").seconds, typical_latency("low", "4k")
    ((60, 120), None)

    An absent or automatic quality runs as high, an absent resolution is 1k.
    """
    pair = _pair(quality, resolution)
    return next((row for row in polling().latencies.typical if (row.quality, row.resolution) == pair), None)


def client_timeout(quality: str | None = None, resolution: str | None = None) -> int | None:
    """The shortest timeout that the client should use, in seconds; None if the page does not say.

    >>> client_timeout("high", "4k"), client_timeout(resolution="2k"), client_timeout("low", "4k")
    (180, 180, None)
    """
    timeout = polling().client_timeout
    ran_as, at = _pair(quality, resolution)
    return timeout.at_least_seconds if ran_as == timeout.quality and at in timeout.resolutions else None


def _pair(quality: str | None, resolution: str | None) -> tuple[str | None, str | None]:
    """The quality that is run and the resolution, defaults filled in."""
    model = built_in().models[polling().model]
    names = [model.roles["quality"], model.roles["tier"]]
    ran_as, at = (value or model.fields[name].default for name, value in zip(names, (quality, resolution)))
    return model.fields[names[0]].bills_as.get(ran_as, ran_as), model.word(names[1], at)
