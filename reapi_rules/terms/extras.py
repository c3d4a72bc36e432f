"""Packages of the extras: imported when they are used and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["how_to_install", "need"]


def need(module: str, extra: str, what: str = "this") -> Any:
    """A module of an optional package; raises ImportError that says how to install it.

    >>> need("json", "nothing").dumps([1])
    '[1]'
    """
    try:
        return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise ImportError(how_to_install(f"{what} needs {_NAMES.get(package, package)}", extra)) from None


def how_to_install(needs: str, extra: str) -> str:
    """What to say where the package of an extra is missing.

    >>> how_to_install("opening a mask needs Pillow", "mask")
    'opening a mask needs Pillow: in your clone, run pip install ".[mask]" (or pipx install --force ".[mask]")'
    """
    return f'{needs}: in your clone, run pip install ".[{extra}]" (or pipx install --force ".[{extra}]")'


_NAMES = {"PIL": "Pillow"}
