"""Packages of the extras: what is said where one is missing."""

from __future__ import annotations

import pytest

from reapi_rules.catalog.extras import need


@pytest.mark.parametrize(("module", "name"), (("no_such_package.inner", "no_such_package"), ("PIL.nothing", "Pillow")))
def test_how_to_install_it(module: str, name: str) -> None:
    with pytest.raises(ImportError) as raised:
        need(module, "mask", "opening a mask")
    assert str(raised.value) == (
        f'opening a mask needs {name}: in your clone, run pip install ".[mask]" (or pipx install --force ".[mask]")'
    )


def test_what_needs_it_where_nothing_is_said() -> None:
    with pytest.raises(ImportError, match=r"^this needs no_such_package: "):
        need("no_such_package", "mask")
