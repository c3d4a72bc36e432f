"""A bar that counts rows on the terminal while they go by."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

__all__ = ["watched"]

T = TypeVar("T")

_SECONDS_BEFORE_PROGRESS = 1.0


def watched(rows: Iterable[T], output: str) -> Iterable[T]:
    """The rows, counted on the terminal's standard error once it takes more than a second, by tqdm if it is there.

    Nothing is shown in a pipe, nor where the results themselves go to the terminal.
    """
    if (output == "-" and sys.stdout.isatty()) or not sys.stderr.isatty():
        return rows
    try:
        from tqdm import tqdm
    except ImportError:
        return rows
    delay = _SECONDS_BEFORE_PROGRESS
    bar: Iterable[T] = tqdm(
        rows, unit=" rows", unit_scale=True, delay=delay, leave=False, file=sys.stderr, dynamic_ncols=True
    )
    return bar
