"""Ratios that a spreadsheet turned into times of day, numbers or dates, and the way back.

``16:9`` typed into a cell is 16 hours 9 minutes to Excel, Calc and Google Sheets, and 969 to YAML.  The hour is the
width and the minute the height, so the way back is certain, or it is not taken: what gives none of the known ratios
is never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from reapi_rules.sheets.meaning.contents import strip
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.terms.once import once

__all__ = ["Reading", "patterns", "read_ratio"]

_COLONS = str.maketrans({"\uff1a": ":", "\u2236": ":", "\ufe55": ":", "\ua789": ":"})
_ZERO_DAY = (  # what a spreadsheet has for no date: 1899-12-30, 1899-12-31 or 1900-01-00, in any program's spelling
    r"(?:(?:0 days?,?|1899[-/]12[-/]3[01]|1900[-/]0?1[-/]0?[01]|1904-01-01"
    r"|1899\u5e7412\u67083[01]\u65e5|1900\u5e741\u6708[01]\u65e5"
    r"|12/3[01]/1899|3[01][./]12[./]1899|0?1/0?[01]/1900|(?:[A-Za-z]{3},? )?(?:Dec 3[01]|3[01] Dec) 1899)[ T])?"
)
_UTC = "a time in UTC"
_AFTERNOON = frozenset("pP\u4e0b\u5f8c\ud6c4")
_ZERO_DAYS = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})
_FEWEST_DECIMALS = 3  # two leave several ratios open
_MOST_DECIMALS = 12  # the last ones of a float are noise
_LONGEST = 80


class Reading(msgspec.Struct, frozen=True):
    """What a cell says: the ratio if that is certain, and what the cell was understood as."""

    ratio: str | None
    seen: str

    @property
    def note(self) -> str:
        """The note on it, empty where there is nothing to say of it."""
        if self.ratio is not None:
            return "cell.spelling" if self.seen.startswith("the ratio") else "cell.ratio"
        return {"text": "", _UTC: "cell.utc"}.get(self.seen, "cell.no_ratio")


def read_ratio(cell: Any, ratios: Collection[str]) -> Reading:
    """The ratio that a cell once held, if exactly one of the known ones can have become this.

    >>> known = ["16:9", "9:16", "1:1"]
    >>> read_ratio("04:09:00 PM", known).ratio, read_ratio(time(16, 9), known).ratio, read_ratio("969", known).ratio
    ('16:9', '16:9', '16:9')
    >>> read_ratio("04:09:00", known)
    Reading(ratio=None, seen='the time 04:09, so 4:9 (16:9 would be 04:09 PM or 16:09)')

    Source: section "size" of the page names the ratios.
    """
    if isinstance(cell, (datetime, time)) and cell.tzinfo is not None:
        return Reading(None, _UTC)
    if isinstance(cell, datetime) and cell.date() in _ZERO_DAYS:
        cell = cell.time()
    if isinstance(cell, time):
        cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    if isinstance(cell, timedelta):
        return _of_duration(cell, ratios)
    if isinstance(cell, date):
        return Reading(None, f"the date {cell.isoformat()[:10]}")
    if isinstance(cell, bool):
        return Reading(None, "a truth value")
    return _of_text(strip(str(cell)), ratios)


def patterns() -> dict[str, str]:
    """What texts of times, numbers and dates look like, for programs that read them as ``read_ratio`` does.

    >>> sorted(patterns())
    ['date', 'duration', 'number', 'ratio', 'time']
    """
    return {name: pattern.pattern for name, pattern in _patterns().items()}


@once
def _patterns() -> dict[str, re.Pattern[str]]:
    half, month = row_words().half, rf"(?:{row_words().months})[a-z]*\.?"
    known = {
        "ratio": r"([0-9]{1,2}) ?: ?([0-9]{1,2})",
        "time": rf"{_ZERO_DAY}(?:({half}) ?)?([0-9]{{1,2}}) ?(?:[:\u6642\u65f6]|\uc2dc ?) ?([0-9]{{1,2}})"
        r"(?: ?[:\u5206\ubd84] ?([0-9]{1,2})[\u79d2\ucd08]?|[\u5206\ubd84]|\.0)?(?:\.0+)?(?: ?Uhr)?"
        rf"(?: ?GMT[+-][0-9].*|( ?(?:Z|GMT|UTC|[+-][0-9]{{2}}:?[0-9]{{2}}(?::[0-9]{{2}})?)))?(?: ?({half}))?",
        "duration": r"(?:P(?:0Y)?(?:0M)?(?:0D)?T)?([0-9]{1,2}) ?[Hh]"
        r" ?(?:([0-9]{1,2}) ?(?:[Mm](?:in)?\.?)?)?(?: ?0+(?:\.0+)?[Ss])?",
        "number": r"[0-9]{1,20}(?:[.,][0-9]{1,20})?(?:[Ee][-+]?[0-9]{1,2})?",
        "date": r"[0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T][0-9].*)?"
        rf"|[0-9]{{1,2}}[-. ]{{1,2}}{month}|{month}[- ][0-9]{{1,2}}|[0-9]{{1,2}}\u6708[0-9]{{1,2}}\u65e5",
    }
    return {name: re.compile(pattern) for name, pattern in known.items()}


def _of_text(text: str, ratios: Collection[str]) -> Reading:
    known, text = _patterns(), text.translate(_COLONS)
    if len(text) > _LONGEST:
        return Reading(None, "text")
    if (match := known["ratio"].fullmatch(text)) and (ratio := f"{match[1]}:{match[2]}") in ratios:
        return Reading(ratio, f"the ratio {ratio}")
    if match := known["time"].fullmatch(text):
        if match[5]:
            return Reading(None, _UTC)  # what the sheet showed depends on its own time zone, and on that of 1899
        half = match[1] or match[6] or ""
        half = "" if not half else "PM" if _AFTERNOON & set(half) else "AM"
        return _of_clock(int(match[2]), int(match[3]), int(match[4] or 0), half, ratios)
    if match := known["duration"].fullmatch(text):
        return _of_duration(timedelta(hours=int(match[1]), minutes=int(match[2] or 0)), ratios)
    if known["number"].fullmatch(text):
        return _of_number(Decimal(text.replace(",", ".")), ratios)
    if text.replace("/", ":") in ratios:
        return Reading(None, "text")  # a slip that the engine knows rather than a date
    return Reading(None, f"the date {text}" if known["date"].fullmatch(text) else "text")


def _of_clock(hour: int, minute: int, second: int, half: str, ratios: Collection[str]) -> Reading:
    """A time as a clock shows it; with AM or PM the hour is one from 1 to 12."""
    shown = f"{hour:02}:{minute:02}" + (f" {half}" if half else "")
    if minute > 59 or second > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return Reading(None, f"{hour}:{minute:02}, which is not a time of day")
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    reading = _of_duration(timedelta(hours=hour, minutes=minute, seconds=second), ratios)
    if reading.ratio:
        return Reading(reading.ratio, f"the time {shown}")
    afternoon = f"{hour + 12}:{minute}"
    if half or second or afternoon not in ratios:
        return reading
    return Reading(None, f"{reading.seen} ({afternoon} would be {shown} PM or {hour + 12}:{minute:02})")


def _of_duration(duration: timedelta, ratios: Collection[str]) -> Reading:
    minutes, rest = divmod(duration, timedelta(minutes=1))
    hour, minute = divmod(minutes, 60)
    if rest or minutes < 0:
        return Reading(None, f"the time {duration}, which has seconds")
    ratio, seen = f"{hour}:{minute}", f"the time {hour:02}:{minute:02}"
    return Reading(ratio, seen) if ratio in ratios else Reading(None, f"{seen}, so {ratio}")


def _of_number(number: Decimal, ratios: Collection[str]) -> Reading:
    """A fraction of a day, or the minutes of a time as YAML counts them."""
    seen = f"the number {number}"
    minutes = {ratio: _minutes(ratio) for ratio in ratios}
    if number == int(number):
        found = [ratio for ratio, value in minutes.items() if value == number]
        return Reading(found[0] if found else None, f"{seen} (hours x 60 + minutes)" if found else seen)
    decimals = -int(number.as_tuple().exponent)
    margin = Fraction(1, 2 * 10 ** min(decimals, _MOST_DECIMALS))
    found = [ratio for ratio, value in minutes.items() if abs(Fraction(value, 1440) - Fraction(number)) <= margin]
    if len(found) == 1 and decimals >= _FEWEST_DECIMALS:
        return Reading(found[0], f"{seen} (that part of a day)")
    divided = [ratio for ratio in ratios if abs(Fraction(*map(int, ratio.split(":"))) - Fraction(number)) <= margin]
    if len(divided) == 1 and not found and decimals > 1:
        return Reading(divided[0], f"{seen} (width / height)")
    return Reading(None, f"{seen}, too coarse for a time of day" if found else seen)


def _minutes(ratio: str) -> int:
    width, height = ratio.split(":")
    return int(width) * 60 + int(height)
