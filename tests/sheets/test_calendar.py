"""Dates and times as numbers in a workbook, there and back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.sheets.workbooks.calendar import days, is_in_calendar, moment


class TestThereAndBack:
    @given(st.integers(1, 2_958_465).filter(lambda number: number != 60))
    def test_any_day(self, number: int) -> None:
        found = moment(float(number), False)
        assert type(found) is date
        assert days(found) == number

    @given(st.integers(0, 24 * 60 * 60 - 1))
    def test_any_second_of_a_day(self, second: int) -> None:
        wanted = (datetime.min + timedelta(seconds=second)).time()
        assert moment(days(wanted), False) == wanted
        assert moment(days(datetime.combine(date(2026, 8, 14), wanted)), False) in (
            datetime.combine(date(2026, 8, 14), wanted),
            *((date(2026, 8, 14),) if not second else ()),
        )

    @given(st.timedeltas(timedelta(0), timedelta(days=9_999)))
    def test_any_duration(self, span: timedelta) -> None:
        wanted = timedelta(milliseconds=round(span / timedelta(milliseconds=1)))
        assert abs(moment(days(span), True) - wanted) <= timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("number", "day"),
    ((1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (60, date(1900, 2, 28)), (61, date(1900, 3, 1))),
)
def test_the_day_that_is_only_in_workbooks(number: int, day: date) -> None:
    assert moment(float(number), False) == day
    assert days(day) == number - (number == 60)


@pytest.mark.parametrize("number", (-1.0, -1e-3, 2_958_466.0, 1e12, float("inf")))
def test_a_number_beyond_the_calendar_stays_one(number: float) -> None:
    assert moment(number, False) == moment(number, False, True) == number


def test_what_no_workbook_holds_as_a_number() -> None:
    assert not is_in_calendar(date(1899, 12, 31))
    assert not is_in_calendar(timedelta(seconds=-1))
    assert all(is_in_calendar(each) for each in (date(1900, 1, 1), time(0), timedelta(0)))
