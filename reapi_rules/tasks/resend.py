"""Whether to send a request again, and what to do first: never blindly, since each submit is a charge of its own.

Source: sections "Pricing", "Upstream errors (502 / 503)" and "Validation errors" of the page.
"""

from __future__ import annotations

import math
import re
from datetime import UTC
from email.utils import parsedate_to_datetime

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.tasks.endings import Resend, outcome
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.terms.findings import Certainty

__all__ = ["Advice", "advise"]

_SECONDS = re.compile(r"[0-9]{1,9}")


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about one outcome.

    ``resend`` says whether to submit again and when; ``pays_twice`` whether the first submit stays charged beside
    the second, None where nobody says; ``wait_seconds`` how long to wait before, None where nobody says.
    """

    outcome: str
    resend: Resend
    pays_twice: bool | None
    wait_seconds: int | None
    what_to_do: str
    certainty: Certainty


def advise(of: Task | ApiError | int | str, *, retry_after: str | None = None, now: float | None = None) -> Advice:
    """Whether to resend after a task, an error, a code, or an outcome by its name; how long to wait; what to fix first.

    >>> advise(20003).resend, advise(50001, retry_after="20").wait_seconds, advise("no_answer").pays_twice
    ('after_fix', 20, None)

    ``retry_after`` is the header of that name: seconds, or a date, which needs ``now`` in unix seconds.
    """
    row = outcome(of)
    code = of if isinstance(of, int) else _code(of)
    published = built_in().codes.get(code)
    return Advice(
        outcome=row.outcome,
        resend=row.resend,
        pays_twice=False if row.refunded else row.charged,
        wait_seconds=None if row.resend == "no" else _wait(retry_after, now),
        what_to_do=(None if published is None else published.what_to_do) or row.what_to_do,
        certainty=row.certainty,
    )


def _code(of: Task | ApiError | str) -> int | None:
    error = of.error if isinstance(of, Task) else of
    return error.code if isinstance(error, ApiError) else None


def _wait(retry_after: str | None, now: float | None) -> int | None:
    """The seconds that a Retry-After header asks for, None for one that can't be understood."""
    text = (retry_after or "").strip()
    if _SECONDS.fullmatch(text):
        return int(text)
    if now is None:
        return None
    try:
        until = parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0, math.ceil(until.timestamp() - now))
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
