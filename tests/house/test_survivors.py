"""The changes that mutation testing may leave alone; a full run compares them with what survives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.mutation import TESTS, function_of, listed_survivors

ROOT = Path(__file__).parents[2]
LISTED = listed_survivors()


@pytest.mark.parametrize("function", sorted({function for function, _ in LISTED}))
def test_a_listed_change_is_of_code_that_is_there(function: str) -> None:
    """``prices.table.prices`` is in ``reapi_rules/prices/table.py``, and so is each line that the change removes."""
    room, *names = function.split(".")
    modules = [Path(*names[:depth]).with_suffix(".py") for depth in (2, 1) if names[depth:]] + [Path("__init__.py")]
    paths = (ROOT / "reapi_rules" / room / module for module in modules)
    source = next(path.read_text(encoding="utf-8") for path in paths if path.is_file())
    lines = {line.strip() for line in source.splitlines()}
    for other, change in LISTED:
        if other == function:
            removed = [line[2:] for line in change.splitlines() if line.startswith("- ")]
            assert removed
            assert lines >= set(removed)


def test_code_and_tests_are_there() -> None:
    for room, tests in TESTS.items():
        assert (ROOT / "reapi_rules" / room).is_dir()
        assert all((ROOT / path.partition("::")[0]).exists() for path in tests)


def test_a_change_is_named_by_its_function() -> None:
    assert function_of("reapi_rules.catalog.rates.xǁRateCardǁload__mutmut_12") == "catalog.rates.RateCard.load"
    assert function_of("reapi_rules.prices.table.x__row__mutmut_1") == "prices.table._row"
