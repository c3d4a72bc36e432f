"""Temporary files and folders, which are gone however a run ends: each is known before it is there."""

from __future__ import annotations

import os
from contextlib import suppress

__all__ = ["remove", "remove_all", "temporary_name"]

_LEFT: set[str] = set()


def temporary_name(folder: str) -> str:
    """A name in a folder that nothing has yet; what is made there is removed with the others at the latest."""
    path = os.path.join(folder, f".reapi-rules-{os.urandom(8).hex()}")
    _LEFT.add(path)
    return path


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
