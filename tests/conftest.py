"""Hypothesis profiles, chosen by the environment variable HYPOTHESIS_PROFILE: dev (default), ci, mutation, thorough."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support.calc import Calc
from tests.support.command import Run, caller

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=100, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=_SLOW, derandomize=True)
settings.register_profile("thorough", max_examples=20_000, deadline=None, suppress_health_check=_SLOW)
settings.register_profile(  # the same examples for every mutant, in one process that runs each test again and again
    "mutation",
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=(*_SLOW, HealthCheck.differing_executors),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

collect_ignore = [
    "benchmarks",  # run by hand: python -m tests.benchmarks
    *("conftest.py", "cli/conftest.py"),  # without examples, and one name for two
]


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Calc:
    """LibreOffice Calc; a test that uses it is marked ``needs_calc``."""
    return Calc(tmp_path_factory.mktemp("calc"))


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line."""
    return caller(capfdbinary, monkeypatch)
