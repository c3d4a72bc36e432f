"""When to poll, and how long a task takes: the page's figures, without a clock.

Source: section "Polling pattern" of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Real
from typing import Literal, Protocol

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.files import FileStruct
from reapi_rules.terms.arguments import takes

__all__ = ["Latency", "RandomSource", "client_timeout", "poll_schedule", "polling", "typical_latency"]


class RandomSource(Protocol):
    """What jitter is drawn from: ``random.Random`` is one."""

    def random(self) -> float:
        """A number from 0 up to, and not including, 1."""


class Latency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a task typically takes from the submit to its end, in seconds."""

    quality: str
    resolution: str
    seconds: tuple[int, int]


class Timeout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a client should wait for an answer at least, at a quality and some resolutions."""

    seconds: int
    quality: str
    resolutions: tuple[str, ...]


class Polling(FileStruct, frozen=True, kw_only=True):
    """The file ``data/polling.json``: figures of one model's page; how long to wait goes by the age of the task."""

    format: Literal["reapi-polling/2"]
    model: str
    first_wait_seconds: int
    wait_seconds: tuple[int, int]
    back_off_after_seconds: int
    back_off_seconds: int
    step_seconds: int
    longest_wait_seconds: int
    task_cap_seconds: int
    latencies: tuple[Latency, ...]
    timeout: Timeout
    valid_days: int


def polling() -> Polling:
    """The figures of the page.

    >>> polling().task_cap_seconds, polling().valid_days
    (3600, 7)
    """
    return Polling.read("polling.json")


@takes(age=Real)
def poll_schedule(*, age: float = 0, jitter: RandomSource | None = None) -> Iterator[float]:
    """How many seconds to wait before each poll, until the task reaches its limit of 1 hour.

    >>> from itertools import islice
    >>> list(islice(poll_schedule(), 4)), list(islice(poll_schedule(age=200), 6))
    ([30, 3, 3, 3], [10, 15, 20, 25, 30, 30])

    ``age`` is the age of a task that you resume after a restart, in seconds since ``created_at``.  The page gives
    ranges: without jitter each wait is the shortest of its range, with it a random one; the back-off grows by steps
    of our own choice.  The last wait reaches the limit, when the task has ended one way or another.
    """
    pace = polling()
    now: float = max(0, age)
    if now < pace.first_wait_seconds:
        yield pace.first_wait_seconds - now
        now = pace.first_wait_seconds
    elif now >= pace.task_cap_seconds:
        yield 0
    slowest = pace.back_off_seconds
    while now < pace.task_cap_seconds:
        if now < pace.back_off_after_seconds:
            shortest, longest = pace.wait_seconds
        else:
            shortest, longest = slowest, min(slowest + pace.step_seconds, pace.longest_wait_seconds)
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
    return next((row for row in polling().latencies if (row.quality, row.resolution) == pair), None)


def client_timeout(quality: str | None = None, resolution: str | None = None) -> int | None:
    """The shortest timeout that the client should use, in seconds; None if the page does not say.

    >>> client_timeout("high", "4k"), client_timeout(resolution="2k"), client_timeout("low", "4k")
    (180, 180, None)
    """
    timeout = polling().timeout
    ran_as, at = _pair(quality, resolution)
    return timeout.seconds if ran_as == timeout.quality and at in timeout.resolutions else None


@takes(quality=str | None, resolution=str | None)
def _pair(quality: str | None, resolution: str | None) -> tuple[str | None, str | None]:
    """The quality that is run and the resolution, defaults filled in."""
    model = built_in().models[polling().model]
    names = [model.roles["quality"], model.roles["tier"]]
    ran_as, at = (value or model.fields[name].default for name, value in zip(names, (quality, resolution)))
    return model.fields[names[0]].bills_as.get(ran_as, ran_as), model.word(names[1], at)
