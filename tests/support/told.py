"""A test that goes through many things: a failure says at which of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told(what: object) -> Iterator[None]:
    """A failure in here says what it was about."""
    try:
        yield
    except Exception as error:
        error.add_note(f"at {what!r}")
        raise
