"""The exact credit formula.

``credits = ceil(per_image_usd * n * 1000)``; 1 credit is 0.001 USD.  The total is rounded up once, for the whole
request.  Prices are integers of 10**-12 USD here; no float and no decimal context is involved.
Source: section "Pricing" of the page.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

__all__ = [
    "PICOS_PER_CREDIT",
    "PICOS_PER_USD",
    "check_images",
    "credits",
    "float_credits",
    "picos",
    "request_credits",
    "usd",
]

PICOS_PER_USD = 10**12
PICOS_PER_CREDIT = PICOS_PER_USD // 1_000
_DECIMAL = r"([0-9]{1,1000})(?:\.([0-9]{1,1000}))?"
_FARTHEST_EXPONENT = 1_000


def credits(per_image_usd: str | int | Decimal | Fraction, n: int = 1) -> int:
    """What ``n`` images at this price cost, in credits: the formula of the page, without any rate card.

    >>> credits("0.3792", n=2), credits("0.006", n=3)
    (759, 18)

    Raises TypeError for a float (0.006 * 3 * 1000 is more than 18 in floats, and would cost 19), ValueError for
    an invalid price or number of images.  Source: section "Pricing", "Bill formula".
    """
    check_images(n)
    numerator, denominator = _exact(per_image_usd)
    return -(-numerator * n * 1_000 // denominator)


def check_images(n: int) -> None:
    """Raise TypeError or ValueError unless it is an integer of at least 1: at -1 the formula would pay the caller."""
    if type(n) is not int:
        raise TypeError(f"n must be an integer, not {type(n).__name__}")
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")


def request_credits(price: int, n: int) -> int:
    """The formula for a price in integers of 10**-12 USD.

    >>> request_credits(379_200_000_000, 2)
    759
    """
    return -(-price * n // PICOS_PER_CREDIT)


def float_credits(per_image_usd: str, n: int) -> int:
    """What the formula gives if a program calculates it in IEEE doubles, from left to right.

    >>> float_credits("0.006", 3)
    19
    """
    return math.ceil(float(per_image_usd) * n * 1000)


def picos(text: str) -> int | None:
    """A decimal price in integers of 10**-12 USD; None if it is not a plain decimal of at most 12 places.

    >>> picos("0.3792"), picos("1e3")
    (379200000000, None)
    """
    match = re.fullmatch(_DECIMAL, text)
    if match is None or len(match[2] or "") > 12:
        return None
    return int(match[1]) * PICOS_PER_USD + int((match[2] or "").ljust(12, "0"))


def usd(amount: int) -> str:
    """Credits in USD, with three decimals.

    >>> usd(759)
    '0.759'
    """
    return f"{amount // 1_000}.{amount % 1_000:03}"


def _exact(price: str | int | Decimal | Fraction) -> tuple[int, int]:
    """The price as a fraction of two integers."""
    from decimal import Decimal  # both are slow to import
    from fractions import Fraction

    if isinstance(price, float):
        raise TypeError('a float can\'t hold a price exactly: pass the decimal as text, such as "0.3792", or a Decimal')
    if isinstance(price, str):
        if re.fullmatch(_DECIMAL, price) is None:
            raise ValueError(f'{price[:80]!r} is not a price: write digits with a full stop, such as "0.3792"')
        price = Fraction(price)
    elif isinstance(price, bool) or not isinstance(price, (int, Decimal, Fraction)):
        raise TypeError(f"a price is text, an int, a Decimal or a Fraction, not {type(price).__name__}")
    elif isinstance(price, Decimal) and (not price.is_finite() or abs(price.as_tuple().exponent) > _FARTHEST_EXPONENT):  # type: ignore[arg-type]
        raise ValueError("a price must be a finite number of ordinary size")
    numerator, denominator = price.as_integer_ratio()
    if numerator < 0:
        raise ValueError("a price must not be negative")
    return numerator, denominator
