"""The targets of ``fuzz.py``, with as many examples as the profile says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.fuzz import TARGETS


@pytest.mark.parametrize("name", TARGETS)
@given(st.data())
def test_target(name: str, data: st.DataObject) -> None:
    TARGETS[name].check(data.draw(TARGETS[name].inputs))
