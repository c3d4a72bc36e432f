"""The calendar of workbooks: days since the end of 1899, and a 29 February 1900, which no other calendar has."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

__all__ = ["FIRST_DAY", "days", "is_in_calendar", "moment"]

FIRST_DAY = date(1900, 3, 1)
"""Before it spreadsheets do not agree."""

_EPOCH, _LEAP_DAY = datetime(1899, 12, 31), 60


def days(value: date | time | timedelta) -> float:
    """A date, a time or both as the number of days that stands for it in a workbook.

    >>> days(date(2026, 8, 14)), days(time(18)), days(timedelta(hours=30)), days(date(1900, 2, 28))
    (46248.0, 0.75, 1.25, 59.0)
    """
    if isinstance(value, timedelta):
        return _days(value)
    if isinstance(value, time):
        value = datetime.combine(_EPOCH, value)
    elif not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    number = _days(value - _EPOCH)
    return number + 1 if number >= _LEAP_DAY else number


def moment(number: float, is_duration: bool, is_1904: bool = False) -> Any:
    """The date, the time or both that a number stands for; the number itself where it stands for none.

    >>> moment(0.672916666666667, False), moment(46248.0, False), moment(1.25, True)
    (datetime.time(16, 9), datetime.date(2026, 8, 14), datetime.timedelta(days=1, seconds=21600))
    """
    try:
        span = timedelta(milliseconds=round(number * 86_400_000))
        if is_duration:
            return span
        if number < 0:
            return number
        if span < timedelta(days=1):
            return (datetime.min + span).time()
        found = span + (datetime(1904, 1, 1) if is_1904 else _EPOCH - timedelta(days=number >= _LEAP_DAY))
    except (OverflowError, ValueError):
        return number
    return found.date() if found.time() == time() else found


def is_in_calendar(cell: date | time | timedelta) -> bool:
    """Whether a workbook can hold it as a number: no day before 1900, and no duration below 0."""
    if isinstance(cell, timedelta):
        return cell >= timedelta(0)
    return isinstance(cell, time) or cell.year >= 1900


def _days(span: timedelta) -> float:
    return span.days + (span.seconds + span.microseconds / 1e6) / 86_400
