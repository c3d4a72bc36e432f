"""Frameworks, imported when they are used and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["need"]


def need(module: str, extra: str) -> Any:
    """A module of an optional package; raises ImportError that says how to install it.

    >>> need("json", "nothing").dumps([1])
    '[1]'
    """
    try:
        return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise ImportError(f'{package} is needed for this: pip install "reapi-rules[{extra}]"') from None
