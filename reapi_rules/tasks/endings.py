"""Outcomes: how a submit can end, what of it is charged and refunded, and whether to send it again.

Source: sections "Pricing", "Upstream errors (502 / 503)", "prompt" and "mask_url" of the page.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.once import once

__all__ = ["Outcome", "Resend", "Stage", "outcome", "outcome_of", "outcomes"]

Stage = Literal["before the task", "in the task"]

Resend = Literal["no", "as_is", "after_wait", "after_fix", "after_check"]
"""Whether to submit again: not at all, the same request, the same one later, a corrected one, or after a look."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``data/outcomes.json``; None is what the page does not say."""

    outcome: str
    stage: Stage | None
    charged: bool | None
    refunded: bool | None
    certainty: Certainty
    section: str
    resend: Resend
    what_to_do: str
    http_statuses: tuple[int, ...] = ()


class _Outcomes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``data/outcomes.json``."""

    format: Literal["reapi-outcomes/1"]
    source: dict[str, str]
    outcomes: tuple[Outcome, ...]


@once
def outcomes() -> dict[str, Outcome]:
    """Every outcome by its name.

    >>> outcomes()["prompt_moderated"].charged, outcomes()["no_answer"].charged
    (False, None)
    """
    return {row.outcome: row for row in msgspec.json.decode(data_file("outcomes.json"), type=_Outcomes).outcomes}


def outcome(of: Task | ApiError | int | str) -> Outcome:
    """The outcome of a task or an error body, of a code, or of this name; ValueError for another name.

    >>> outcome(80001).outcome, outcome(20004).outcome, outcome("completed").refunded
    ('provider_submit_failed', 'unpublished', False)
    """
    name = of if isinstance(of, str) else outcome_of(of)
    if name not in outcomes():
        raise ValueError(f'no outcome is called "{name[:80]}": the outcomes are {", ".join(outcomes())}')
    return outcomes()[name]


def outcome_of(of: Task | ApiError | int) -> str:
    """How the submit has ended, as the name of an outcome.

    An error goes by its code, by its HTTP status where the code is not published; a task by its status, where it has
    failed by the code of its error.  A status that nobody has published counts as processing: not known to be final.
    """
    if isinstance(of, Task):
        if of.status == "failed":
            code = None if of.error is None else of.error.code
            name = _of_code(code)
            return name if name is not None and outcomes()[name].stage == "in the task" else "failed"
        return "completed" if of.status == "completed" else "processing"
    error = ApiError(code=of) if isinstance(of, int) else of
    return _of_code(error.code) or _of_http_status(error.http_status) or "unpublished"


def _of_code(code: int | None) -> str | None:
    row = built_in().codes.get(code)
    return None if row is None else row.outcome


def _of_http_status(status: int | None) -> str | None:
    return next((name for name, row in outcomes().items() if status in row.http_statuses), None)
