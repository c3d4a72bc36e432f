"""Credits in another currency, exactly, at a rate that somebody gives; what reAPI bills stays in credits."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from reapi_rules.catalog.texts import ToldError

if TYPE_CHECKING:
    from reapi_rules.sheets.results.result import Result, ResultCell

__all__ = ["Currency"]

_GIVEN = r"([A-Za-z]{3})=([0-9]{1,9}(?:\.[0-9]{1,9})?)(?:@([0-9]{4}-[0-9]{2}-[0-9]{2}))?"
_DECIMALS = 3
"""Of credits in USD."""


class Currency(msgspec.Struct, frozen=True):
    """A currency, how much of it 1 USD is, and the day of that rate."""

    code: str
    rate: str
    day: date

    @classmethod
    def of(cls, text: str, today: date) -> Currency:
        """The currency that somebody gives, with the rate of today unless it has a day.

        >>> str(Currency.of("cny=7.12", date(2026, 11, 28))), Currency.of("JPY=151@2026-11-01", date.today()).day
        ('1 USD = 7.12 CNY, 2026-11-28', datetime.date(2026, 11, 1))

        Raises ValueError for other text, and for a rate of 0.
        """
        match = re.fullmatch(_GIVEN, text)
        with suppress(ValueError):  # no such day
            if match is not None and match[2].strip("0."):
                return cls(match[1].upper(), match[2], today if match[3] is None else date.fromisoformat(match[3]))
        raise ToldError("bad_rate", text=text)

    def __str__(self) -> str:
        return f"1 USD = {self.rate} {self.code}, {self.day}"

    def amount(self, credits: int) -> str:
        """What credits are, with every decimal.

        >>> Currency("CNY", "7.12", date(2026, 11, 28)).amount(759), Currency("JPY", "151", date.today()).amount(5)
        ('5.40408', '0.755')
        """
        whole, _, decimals = self.rate.partition(".")
        places = len(decimals) + _DECIMALS
        digits = str(credits * int(whole + decimals)).rjust(places + 1, "0")
        return f"{digits[:-places]}.{digits[-places:]}"

    def cells(self, result: Result) -> tuple[ResultCell, ...]:
        """The cells of ``currency``: what to budget, and at which rate; blank ones where there is no price."""
        quote = result.report.quote
        if quote is None or quote.credits is None:
            return None, None
        return self.amount(quote.credits), str(self)
