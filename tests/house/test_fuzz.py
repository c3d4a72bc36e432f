"""The targets of ``fuzz.py``, with as many examples as the profile says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.fuzz import CORPUS, TARGETS, corpus


@pytest.mark.parametrize("name", TARGETS)
@given(st.data())
def test_target(name: str, data: st.DataObject) -> None:
    TARGETS[name].check(data.draw(TARGETS[name].inputs))


@pytest.mark.parametrize("name", [path.stem for path in sorted(CORPUS.glob("*.txt"))])
def test_what_was_kept(name: str) -> None:
    for value in corpus(name):
        TARGETS[name].check(value)
