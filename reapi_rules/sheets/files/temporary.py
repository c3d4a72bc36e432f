"""Temporary files and folders, which are gone however a run ends: each is known before it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import BinaryIO

__all__ = ["remove", "remove_all", "temporary_file", "temporary_folder", "temporary_name"]

_LEFT: set[str] = set()


def temporary_name(folder: str) -> str:
    """A name in a folder that nothing has yet; what is made there is removed with the others at the latest."""
    path = os.path.join(folder, f".reapi-rules-{os.urandom(8).hex()}")
    _LEFT.add(path)
    return path


def temporary_folder() -> str:
    """Where temporary files go; Python's ``tempfile`` tries each place with a file that a signal would leave there."""
    named = filter(None, (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")))
    places = (place for place in (*named, "/tmp", "/var/tmp") if os.access(place, os.W_OK | os.X_OK))
    return next(places, os.curdir)


@contextmanager
def temporary_file() -> Iterator[BinaryIO]:
    """A file of our own, which has lost its name already where the system allows that."""
    path = temporary_name(temporary_folder())
    try:
        with open(path, "x+b", opener=partial(os.open, mode=0o600)) as file:
            if os.name == "posix":
                os.unlink(path)
            yield file
    finally:
        remove(path)


def remove(path: str) -> None:
    """Remove a file, or a folder with its files, if it is still there."""
    with suppress(OSError):
        if os.path.isdir(path):
            for name in os.listdir(path):
                remove(os.path.join(path, name))
            os.rmdir(path)
        else:
            os.unlink(path)
    _LEFT.discard(path)


def remove_all() -> None:
    """Remove whatever is left."""
    for path in [*_LEFT]:
        remove(path)
