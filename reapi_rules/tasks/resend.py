"""Whether to send a request again, and what to do first: never blindly, because each submit is charged.

Source: sections "Pricing", "Upstream errors (502 / 503)" and "Validation errors" of the page.
"""

from __future__ import annotations

import math
import re
from datetime import UTC
from email.utils import parsedate_to_datetime

import msgspec

from reapi_rules.catalog.codes import codes
from reapi_rules.tasks.endings import Resend, ending
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.terms.findings import Certainty

__all__ = ["ResendAdvice", "resend_advice"]

_SECONDS = re.compile(r"[0-9]{1,9}")


class ResendAdvice(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about one ending.

    ``resend`` says whether and when to submit again; ``pays_twice`` whether the first submit stays charged as well
    as the second; ``wait_seconds`` how long to wait first.  Both are None if reAPI does not say.
    """

    ending: str
    resend: Resend
    pays_twice: bool | None
    wait_seconds: int | None
    what_to_do: str
    certainty: Certainty


def resend_advice(
    of: Task | ApiError | int | str, *, retry_after: str | int | None = None, now: float | None = None
) -> ResendAdvice:
    """Whether to resend after a task, an error, a code, or an ending by its name; how long to wait; what to fix first.

    >>> resend_advice(20003).resend, resend_advice(50001, retry_after="20").wait_seconds
    ('after_fix', 20)
    >>> resend_advice("no_answer").pays_twice  # reAPI doesn't say

    ``retry_after`` is the header of that name: seconds, or a date, which needs ``now`` in unix seconds.
    """
    row = ending(of)
    error = of.error if isinstance(of, Task) else of
    code = codes().get(error.code if isinstance(error, ApiError) else error if isinstance(error, int) else None)
    own = code.what_to_do if code and code.ending == row.name else None
    return ResendAdvice(
        ending=row.name,
        resend=row.resend,
        pays_twice=False if row.refunded else row.charged,
        wait_seconds=None if row.resend == "no" else _wait(retry_after, now),
        what_to_do=own or row.what_to_do,
        certainty=row.certainty,
    )


def _wait(retry_after: str | int | None, now: float | None) -> int | None:
    """The seconds that a Retry-After header asks for, None for one that can't be understood."""
    text = "" if retry_after is None else str(retry_after).strip()
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
