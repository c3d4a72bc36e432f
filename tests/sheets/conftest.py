"""Laws of all that sheets say, in whichever test they say it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from reapi_rules.catalog import texts
from tests.support.laws import watch


@pytest.fixture(autouse=True)
def _laws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    of_sheets = [module for name, module in sys.modules.items() if name.startswith("reapi_rules.sheets.")]
    broken = watch(monkeypatch, [texts, *(module for module in of_sheets if hasattr(module, "told"))])
    yield
    assert broken == []
