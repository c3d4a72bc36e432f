"""Ratios that spreadsheets turned into something else: every spelling back, nothing guessed.

The oracle goes the other way: it spells each ratio as the programs do, and it asks of every time of day, every minute
count and every fraction which ratio it is, by plain arithmetic.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.sheets.meaning.contents import strip
from reapi_rules.sheets.meaning.repair import Reading, read_ratio

RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "2:1", "1:2", "21:9", "9:21")


def ratio_of(cell: Any) -> str | None:
    return read_ratio(cell, RATIOS).ratio


def spellings(width: int, height: int) -> list[Any]:
    """What programs make of a ratio, written out from what was seen of them."""
    hour12, half = (width - 12, "PM") if width > 12 else (width, "AM")
    minutes = width * 60 + height
    fraction = minutes / 1440
    plain = f"{width}:{height}"
    return [
        plain, f" {plain} ", f"{width} : {height}", f"'{plain}", f'="{plain}"', f'"{plain}"', f"\u00a0{plain}\u200b", f"\ufeff{plain}",
        f"{width}：{height}", f"{width}∶{height}", f"{width} ： {height}",
        f"{width}:{height:02}", f"{width:02}:{height:02}", f"{width:02}:{height:02}:00", f"{width}:{height:02}:00", f"{width:02}：{height:02}：00",
        f"{hour12:02}:{height:02}:00 {half}", f"{hour12}:{height:02} {half}", f"{hour12}:{height:02}{half.lower()}", f"{hour12:02}:{height:02}:00 {half.title()}",
        time(width, height), timedelta(hours=width, minutes=height),
        datetime(1899, 12, 30, width, height), datetime(1899, 12, 31, width, height), datetime(1900, 1, 1, width, height),
        f"1899-12-30 {width:02}:{height:02}:00", f"1899-12-31 {width:02}:{height:02}:00", f"1900-01-00 {width:02}:{height:02}:00",
        f"1900-01-01 {width:02}:{height:02}:00", f"1899-12-30T{width:02}:{height:02}:00.000", f"{width}時{height:02}分00秒", f"{width}시 {height:02}분 00초", f"{width}:{height:02} Uhr",
        f"1899年12月30日 {width:02}:{height:02}:00", f"1900年1月0日 {width}:{height:02}", f"{hour12:02}:{height:02}:00 {half[0].lower()}. m.", f"{width} h {height} min",
        f"Sat Dec 30 1899 {width:02}:{height:02}:00 GMT-0500 (Eastern Standard Time)", f"PT{width}H{height}M", f"PT{width:02}H{height:02}M00S",
        fraction, f"{fraction:.3f}", f"{fraction:.4f}", f"{fraction:.7f}", f"{fraction:.9f}".replace(".", ","), f"{fraction:.3E}",
        minutes, float(minutes), str(minutes),
    ]  # fmt: skip


class TestEverySpellingComesBack:
    @pytest.mark.parametrize("ratio", RATIOS)
    def test_of(self, ratio: str) -> None:
        width, height = map(int, ratio.split(":"))
        wrong = {str(cell): ratio_of(cell) for cell in spellings(width, height) if ratio_of(cell) != ratio}
        assert wrong == {}


class TestNothingIsGuessed:
    """Every time of day, count of minutes and fraction of a day: one of the 13 exactly where arithmetic says so."""

    @pytest.mark.parametrize("hour", range(24))
    def test_times(self, hour: int) -> None:
        for minute in range(60):
            expected = f"{hour}:{minute}" if f"{hour}:{minute}" in RATIOS else None
            hour12, half = (hour - 1) % 12 + 1, "AM" if hour < 12 else "PM"
            for cell in (
                time(hour, minute), timedelta(hours=hour, minutes=minute), f"{hour:02}:{minute:02}:00", f"{hour}:{minute:02}",
                f"{hour12:02}:{minute:02} {half}", f"PT{hour}H{minute}M", datetime(1899, 12, 30, hour, minute),
            ):  # fmt: skip
                assert ratio_of(cell) == expected, cell
            assert ratio_of(f"{hour:02}:{minute:02}:01") is None
            assert ratio_of(time(hour, minute, 0, 1)) is None
            assert ratio_of(datetime(2026, 4, 3, hour, minute)) is None

    def test_integers(self) -> None:
        minutes = {int(ratio.split(":")[0]) * 60 + int(ratio.split(":")[1]): ratio for ratio in RATIOS}
        assert sorted(minutes) == [61, 62, 121, 123, 182, 184, 243, 245, 304, 556, 561, 969, 1269]
        for number in range(3_000):
            assert ratio_of(number) == ratio_of(str(number)) == ratio_of(float(number)) == minutes.get(number)

    @given(st.integers(0, 2_000_000), st.integers(1, 6))
    def test_fractions(self, number: int, decimals: int) -> None:
        text = f"{number // 10**decimals}.{number % 10**decimals:0{decimals}}"
        exact = Fraction(text)
        near = [
            ratio
            for ratio in RATIOS
            if abs(Fraction(int(ratio.split(":")[0]) * 60 + int(ratio.split(":")[1]), 1440) - exact)
            <= Fraction(1, 2 * 10**decimals)
        ]
        if exact.denominator > 1:
            divided = [
                ratio
                for ratio in RATIOS
                if abs(Fraction(ratio.replace(":", "/")) - exact) <= Fraction(1, 2 * 10**decimals)
            ]
            is_divided = not near and len(divided) == 1 and decimals > 1
            assert ratio_of(text) == (
                near[0] if len(near) == 1 and decimals >= 3 else divided[0] if is_divided else None
            )

    @pytest.mark.parametrize("decimals", range(3, 16))
    def test_a_fraction_of_three_decimals_is_certain(self, decimals: int) -> None:
        rounded = {f"{(int(r.split(':')[0]) * 60 + int(r.split(':')[1])) / 1440:.{decimals}f}" for r in RATIOS}
        assert len(rounded) == len(RATIOS)

    @pytest.mark.parametrize("text", ("0.04", "0.13", "0.17", "0.39", "0.67", "0.88"))
    def test_two_decimals_are_not(self, text: str) -> None:
        assert ratio_of(text) is None

    @pytest.mark.parametrize(
        "cell",
        (
            "04:09:00", "4:09", "09:09", "16/9", "4/3", "1-2", "3-2", "Apr 03", "04/03/26", "03.04.2026", "2026-04-03", date(2026, 4, 3),
            datetime(2026, 4, 3, 16, 9), "16x9", "16_9", "16.9", "16,9", "1.777", "24:00", "16:60", "13:09 PM", "00:01 AM", "7:5", "", "'", "auto",
            "16:9:9", "16:09:00:00", True, None, "1901-01-01 16:09:00", -969, "-16:09", timedelta(hours=-1), timedelta(days=1, hours=16, minutes=9),
            "١٦:٩", "9" * 50, "1e400", "1E-400", "nan", "inf", "PT16H", "16:9 16:9",
        ),
    )  # fmt: skip
    def test_what_is_not_certain(self, cell: Any) -> None:
        assert ratio_of(cell) is None

    @given(st.text(max_size=30) | st.text("0123456789:., -/xXAPMapmTZE+'\"=", max_size=16))
    def test_any_text(self, text: str) -> None:
        reading = read_ratio(text, RATIOS)
        assert reading.ratio is None or reading.ratio in RATIOS
        assert reading.seen
        assert strip(strip(text)) is not None

    def test_without_pm_the_way_out_is_named(self) -> None:
        assert read_ratio("04:09:00", RATIOS).seen == "the time 04:09, so 4:9 (16:9 would be 04:09 PM or 16:09)"
        assert read_ratio("9:09", RATIOS).seen == "the time 09:09, so 9:9 (21:9 would be 09:09 PM or 21:09)"
        assert read_ratio("0.67", RATIOS).seen == "the number 0.67, too coarse for a time of day"
        assert read_ratio("16/9/26", RATIOS).seen == "the date 16/9/26"


class TestTimesInUTC:
    """``JSON.stringify`` writes 16:9 typed in New York as 21:09 in UTC: what the sheet showed is not known."""

    @pytest.mark.parametrize(
        "cell",
        (
            "1899-12-30T21:09:00.000Z", "1899-12-30T16:09:00Z", "1899-12-30T16:09:00+00:00", "1899-12-30T16:09:00+0800", "1899-12-30 16:09:00-05:00", "16:09Z",
            "1899-12-30T16:09:00+08:05:43", "Sat, 30 Dec 1899 21:09:00 GMT", "1899-12-30 16:09:00 UTC", datetime(1899, 12, 30, 16, 9, tzinfo=UTC), time(16, 9, tzinfo=UTC),
        ),
    )  # fmt: skip
    def test_are_no_ratios(self, cell: Any) -> None:
        reading = read_ratio(cell, RATIOS)
        assert (reading.ratio, reading.note) == (None, "cell.utc")

    def test_a_date_of_javascript_is_in_local_time(self) -> None:
        assert ratio_of("Sat Dec 30 1899 16:09:00 GMT+0805 (China Standard Time)") == "16:9"
        assert ratio_of("Sat Dec 30 1899 16:09:00 GMT+0000 (Greenwich Mean Time)") == "16:9"


class TestWhatIsSeen:
    """Each cell with the words that say what it was understood as."""

    @pytest.mark.parametrize(
        ("cell", "ratio", "seen"),
        (
            ("16:9", "16:9", "the ratio 16:9"),
            ("16 : 9", "16:9", "the ratio 16:9"),
            ("16:09:00", "16:9", "the time 16:09"),
            ("4:09 pm", "16:9", "the time 04:09 PM"),
            ("9:16 AM", "9:16", "the time 09:16 AM"),
            ("PT16H9M", "16:9", "the time 16:09"),
            ("PT16H", None, "the time 16:00, so 16:0"),
            (timedelta(hours=1), None, "the time 01:00, so 1:0"),
            (timedelta(0), None, "the time 00:00, so 0:0"),
            (timedelta(minutes=1), None, "the time 00:01, so 0:1"),
            (timedelta(hours=-1), None, "the time -1 day, 23:00:00, which has seconds"),
            (time(16, 9, 1), None, "the time 16:09:01, which has seconds"),
            ("16:9:9", None, "the time 16:09:09, which has seconds"),
            ("04:09:01", None, "the time 4:09:01, which has seconds"),
            ("16:59", None, "the time 16:59, so 16:59"),
            ("16:60", None, "16:60, which is not a time of day"),
            ("16:60:60", None, "16:60, which is not a time of day"),
            ("16:09:59", None, "the time 16:09:59, which has seconds"),
            ("16:09:60", None, "16:09, which is not a time of day"),
            ("23:09", None, "the time 23:09, so 23:9"),
            ("24:00", None, "24:00, which is not a time of day"),
            ("24:09 PM", None, "24:09, which is not a time of day"),
            ("12:09 PM", None, "the time 12:09, so 12:9"),
            ("12:09 AM", None, "the time 00:09, so 0:9"),
            ("4:09 AM", None, "the time 04:09, so 4:9"),
            ("13:09 PM", None, "13:09, which is not a time of day"),
            ("0:09 AM", None, "0:09, which is not a time of day"),
            ("4:09", None, "the time 04:09, so 4:9 (16:9 would be 04:09 PM or 16:09)"),
            ("4:10", None, "the time 04:10, so 4:10"),
            (969, "16:9", "the number 969 (hours x 60 + minutes)"),
            (970, None, "the number 970"),
            (0.6729166667, "16:9", "the number 0.6729166667 (that part of a day)"),
            ("0.5", None, "the number 0.5"),
            ("0.67", None, "the number 0.67, too coarse for a time of day"),
            (date(2026, 4, 3), None, "the date 2026-04-03"),
            (datetime(2026, 4, 3, 16, 9), None, "the date 2026-04-03"),
            ("4/3", None, "text"),
            ("16/9", None, "text"),
            ("16/11", None, "the date 16/11"),
            ("4/3/26", None, "the date 4/3/26"),
            ("4-Mar", None, "the date 4-Mar"),
            ("Apr-03", None, "the date Apr-03"),
            ("3. Okt", None, "the date 3. Okt"),
            ("3\u67084\u65e5", None, "the date 3\u67084\u65e5"),
            ("4 cm", None, "text"),
            ("2026-04-03 16:09", None, "the date 2026-04-03 16:09"),
            ("2.4 MB", None, "text"),
            ("3.5 x", None, "text"),
            ("16:09:30 Uhr", None, "the time 16:09:30, which has seconds"),
            ("16時09分30秒", None, "the time 16:09:30, which has seconds"),
            (True, None, "a truth value"),
            ("square", None, "text"),
            ("9" * 40, None, "text"),
            ("1900-01-01 16:09:00." + "0" * 60, "16:9", "the time 16:09"),
            ("1900-01-01 16:09:00." + "0" * 61, None, "text"),
        ),
    )
    def test_of(self, cell: Any, ratio: str | None, seen: str) -> None:
        assert read_ratio(cell, RATIOS) == Reading(ratio, seen)
