"""Endings: how a submit can end, what is charged and refunded, and whether to send it again.

Source: sections "Pricing", "Upstream errors (502 / 503)", "prompt" and "mask_url" of the page, and ``data/codes.json``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reapi_rules.catalog.codes import codes
from reapi_rules.catalog.files import FileStruct
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Certainty
from reapi_rules.terms.once import once

__all__ = ["Ending", "Resend", "Stage", "ending", "endings"]

Stage = Literal["before the task", "in the task"]

Resend = Literal["no", "as_is", "after_wait", "after_fix", "after_check"]
"""Whether to submit again: not at all, the same request, the same one later, a corrected one, or after a check."""

_ACCEPTED = "accepted_without_id"


class Ending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``data/endings.json``; None is what is not published.

    ``http_statuses`` are those that it comes with, such as ``404``, or ``5xx`` for all that begin with a 5.
    """

    name: str
    meaning: str
    stage: Stage | None
    charged: bool | None
    refunded: bool | None
    certainty: Certainty
    section: str
    resend: Resend
    what_to_do: str
    http_statuses: tuple[str, ...] = ()

    def comes_with(self, http_status: int | None) -> bool:
        """Whether an answer of this HTTP status can be this ending.

        >>> endings()["server_error"].comes_with(503), endings()["server_error"].comes_with(404)
        (True, False)
        """
        text = str(http_status)
        return text in self.http_statuses or (len(text) == 3 and f"{text[0]}xx" in self.http_statuses)


class _Endings(FileStruct, frozen=True):
    """The file ``data/endings.json``."""

    format: Literal["reapi-endings/1"]
    endings: tuple[Ending, ...]


@once
def endings() -> dict[str, Ending]:
    """Every ending by its name.

    >>> endings()["prompt_moderated"].charged, endings()["no_answer"].charged
    (False, None)
    """
    return {row.name: row for row in _Endings.read("endings.json").endings}


@takes(of=Task | ApiError | int | str)
def ending(of: Task | ApiError | int | str) -> Ending:
    """How a submit ended, by its task, its error, a code or the name of an ending.

    >>> ending(80001).name, ending(80004).name, ending("completed").refunded, ending(429).name
    ('provider_submit_failed', 'unpublished', False, 'rate_limited')

    A number of three digits is an HTTP status, as for ``explain``.  A task is judged by its status and, if it failed,
    by its error's code.  An unpublished status counts as processing: it is not known to be final.
    An error is judged by its code, else by its HTTP status; but an error in an answer with a 2xx status means that the
    submit was accepted, whatever the body says.  Raises ValueError for any other name, and TypeError for anything else.
    """
    name = of if isinstance(of, str) else _of_task(of) if isinstance(of, Task) else _of_error(of)
    if name not in endings():
        raise ValueError(f'no ending is called "{name[:80]}": the endings are {", ".join(endings())}')
    return endings()[name]


def _of_task(task: Task) -> str:
    if task.status != "failed":
        return "completed" if task.status == "completed" else "processing"
    name = _of_code(task.error.code if task.error else None)
    return name if name and endings()[name].stage == "in the task" else "failed"


def _of_error(of: ApiError | int) -> str:
    if isinstance(of, int):
        of = ApiError(http_status=of) if 100 <= of <= 999 else ApiError(code=of)
    if endings()[_ACCEPTED].comes_with(of.http_status):
        return _ACCEPTED
    only = [row.name for row in endings().values() if row.comes_with(of.http_status)]
    return _of_code(of.code) or (only[0] if len(only) == 1 else "unpublished")


def _of_code(code: int | None) -> str | None:
    row = codes().get(code)
    return None if row is None else row.ending
