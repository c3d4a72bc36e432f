"""What a submit costs in the end: credits charged, refunded and net, for each ending.

Source: section "Pricing" of the page: charged on submit, refunded automatically; a moderated prompt is not charged.
"""

from __future__ import annotations

import msgspec

from reapi_rules.engine.quotes import Quote
from reapi_rules.tasks.endings import ending as find_ending
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Certainty, least_certain

__all__ = ["Charge", "charge"]


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """Credits charged, refunded and net; None where the page or the rate card does not say.

    ``charged`` is what to budget, as in the quote, and ``charged_low`` the least it can be; the others likewise.
    """

    ending: str
    charged: int | None
    charged_low: int | None
    refunded: int | None
    refunded_low: int | None
    net: int | None
    net_low: int | None
    certainty: Certainty


@takes(quote=Quote, ending=Task | ApiError | int | str)
def charge(quote: Quote, ending: Task | ApiError | int | str) -> Charge:
    """What a quoted request costs after an ending, which is given as a task, an error, a code or a name.

    >>> from reapi_rules import quote
    >>> bill = charge(quote(size="16:9", resolution="2k", quality="high"), "provider_submit_failed")
    >>> bill.charged, bill.refunded, bill.net
    (380, 380, 0)

    A refund covers the whole charge, so net is 0 even if the charge is not known.
    """
    row = find_ending(ending)
    charged, low = (quote.credits, quote.credits_low) if row.charged else (0, 0)
    if row.charged is None:
        charged = low = None
    is_kept = row.refunded is False
    return Charge(
        ending=row.name,
        charged=charged,
        charged_low=low,
        refunded=0 if is_kept else charged if row.refunded else None,
        refunded_low=0 if is_kept else low if row.refunded else None,
        net=charged if is_kept else 0 if row.refunded else None,
        net_low=low if is_kept else 0 if row.refunded else None,
        certainty=least_certain(row.certainty, quote.certainty) if row.charged else row.certainty,
    )
