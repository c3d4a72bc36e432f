"""What counts rows on the terminal while they go by."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from time import monotonic
from typing import TypeVar

from reapi_rules.cli.terminal import is_terminal

__all__ = ["hide", "watched"]

T = TypeVar("T")

_SECONDS_BEFORE_PROGRESS = 1.0
_ROWS_BETWEEN = 256
_bar = ExitStack()
_show: list[Callable[[int], None]] = []
"""What shows a number of rows, while there is a bar."""


def watched(rows: Iterable[T], output: str | None = None) -> Iterable[T]:
    """The rows, counted on the terminal's standard error once it takes more than a second: by rich, else in plain text.

    Nothing is shown in a pipe, nor where ``output`` says that what becomes of each row goes to the terminal at once.
    """
    if (output == "-" and is_terminal(sys.stdout)) or not is_terminal(sys.stderr):
        return rows
    return _counted(rows)


def _counted(rows: Iterable[T]) -> Iterator[T]:
    started = monotonic()
    try:
        for number, row in enumerate(rows, 1):
            yield row
            if not number % _ROWS_BETWEEN and monotonic() - started > _SECONDS_BEFORE_PROGRESS:
                if not _show:
                    _show.append(_opened())
                    _bar.callback(_show.clear)
                _show[0](number)
    finally:
        hide()


def hide() -> None:
    """Take the bar away, to say something else; the next rows bring it back."""
    _bar.close()


def _opened() -> Callable[[int], None]:
    """What shows a number of rows until the bar is taken away."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    except ImportError:
        _bar.callback(_write, f"\r{'':24}\r")
        return lambda number: _write(f"\r{number:,} rows")
    looks = BarColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn()
    console = Console(stderr=True)
    bar = Progress(*looks, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    task = _bar.enter_context(bar).add_task("", total=None)
    return lambda number: bar.update(task, completed=number)


def _write(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)  # noqa: T201  # the command line's own voice
