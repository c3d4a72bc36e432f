"""The engine for front ends: a JavaScript module without dependencies, which gives the same reports as Python.

``reapi-rules.mjs`` interprets the same data; ``reapi-rules.data.mjs`` is made from it, or from your own catalog.
"""

from __future__ import annotations

import json

from reapi_rules import __version__
from reapi_rules.catalog.catalog import Catalog
from reapi_rules.web.data import compact, data_module, read_source

__all__ = ["module_files"]

_PACKAGE = {
    "name": "reapi-rules",
    "version": __version__,
    "description": "Decide offline whether reAPI takes an image request, which pixels it gives and what it costs.",
    "license": "MIT",
    "type": "module",
    "sideEffects": False,
    "exports": {".": {"types": "./reapi-rules.d.mts", "default": "./reapi-rules.mjs"}},
}


def module_files(*, catalog: Catalog | None = None) -> dict[str, str]:
    """The text of each file of the module, by its name: the code, its data, its types and a ``package.json``.

    What is said of what is exported is in the types.

    >>> list(module_files())
    ['reapi-rules.mjs', 'reapi-rules.data.mjs', 'reapi-rules.d.mts', 'package.json']
    """
    code = compact(read_source("reapi-rules.mjs"))
    return {
        "reapi-rules.mjs": f"// reapi-rules {__version__}: {_PACKAGE['description']}\n{code}",
        "reapi-rules.data.mjs": data_module(catalog),
        "reapi-rules.d.mts": read_source("reapi-rules.d.mts"),
        "package.json": json.dumps(_PACKAGE, indent=2) + "\n",
    }
