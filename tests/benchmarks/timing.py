"""Interleaved rounds: every candidate once a round, so that what slows the machine slows all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from time import process_time_ns
from typing import Any, NamedTuple

__all__ = ["Lap", "over", "race"]


Clock = Callable[[], int]


class Lap(NamedTuple):
    """The median time of a candidate in nanoseconds, and the median of its ratios to the yardstick of the same round."""

    ns: float
    ratio: float


def race(
    candidates: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    units: int = 1,
    clock: Clock = process_time_ns,
    is_warm: bool = False,
) -> dict[str, Lap]:
    """Time the candidates, of which the first is the yardstick; each call is so many units of work.

    A round starts with another candidate each time.  A warm one runs untimed just before: behind a slow one it would pay
    for the processor's caches, which this has filled with its own.  The clock is that of this process, which stands still while another
    one has the core.  What was made before is kept out of the garbage collector's way.
    """
    names = list(candidates)
    for run in candidates.values():
        run()
    times: dict[str, list[int]] = {name: [] for name in names}
    gc.collect()
    gc.freeze()
    try:
        for turn in range(rounds):
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                run = candidates[name]
                if is_warm:
                    run()
                before = clock()
                run()
                times[name].append(clock() - before)
    finally:
        gc.unfreeze()
    yardstick = times[names[0]]
    return {
        name: Lap(median(times[name]) / units, median(mine / its for mine, its in zip(times[name], yardstick)))
        for name in names
    }


def over(judge: Callable[[Any], object], bodies: Iterable[Any]) -> Callable[[], None]:
    """A candidate that judges each of the bodies."""
    all_bodies = list(bodies)

    def run() -> None:
        for body in all_bodies:
            judge(body)

    return run
