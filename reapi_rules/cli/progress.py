"""A progress bar for long work, by tqdm (the extra ``progress``); nothing without it, nothing where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

__all__ = ["watched"]

_SECONDS_BEFORE = 1.0

T = TypeVar("T")


def watched(rows: Iterable[T], *, output: str) -> Iterable[T]:
    """The rows, counted on the terminal's standard error once it takes more than a second.

    Nothing is shown in a pipe, nor where the results themselves go to the terminal.
    """
    goes_to_terminal = output == "-" and sys.stdout.isatty()
    if goes_to_terminal or not sys.stderr.isatty():
        return rows
    try:
        from tqdm import tqdm
    except ImportError:
        return rows
    bar: Iterable[T] = tqdm(
        rows, unit=" rows", unit_scale=True, delay=_SECONDS_BEFORE, leave=False, file=sys.stderr, dynamic_ncols=True
    )
    return bar
