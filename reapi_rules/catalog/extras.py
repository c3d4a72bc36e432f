"""Packages of the extras: imported when they are used and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from reapi_rules.catalog.texts import Told

__all__ = ["how_to_install", "need"]


def need(module: str, extra: str, what: str = "this") -> Any:
    """A module of an optional package; raises ImportError that says how to install it.

    >>> need("json", "nothing").dumps([1])
    '[1]'
    """
    try:
        return import_module(module)
    except ImportError:
        raise ImportError(str(how_to_install(what, module.partition(".")[0], extra))) from None


def how_to_install(what: Told | str, package: str, extra: str) -> Told:
    """What to say where the package of an extra is missing.

    >>> str(how_to_install("opening a mask", "PIL", "mask"))
    'opening a mask needs Pillow: in your clone, run pip install ".[mask]" (or pipx install --force ".[mask]")'
    """
    return Told("install", what=what, package=_NAMES.get(package, package), extra=extra)


_NAMES = {"PIL": "Pillow", "python_calamine": "python-calamine", "xlsxwriter": "XlsxWriter"}
