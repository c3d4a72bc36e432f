"""Reconcile a plan with reAPI's answers: per request quoted, charged, refunded and net, and what has no answer.

Source: sections "Pricing" and "Response envelope" of the page.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.catalog.texts import ToldError
from reapi_rules.engine.quotes import Quote, unknown
from reapi_rules.engine.report import Report
from reapi_rules.tasks.billing import Charge, charge
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.envelopes import ApiError, Task
from reapi_rules.tasks.readings import read_error, read_task
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.values import type_name

__all__ = ["Account", "Planned", "Reconciliation", "Sums", "reconcile"]

NAME = "custom_id"
"""The key that names a request in an answer, as in the results of an OpenAI batch."""


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A request of the plan: where it is there, its name if it has one, and the report on it."""

    where: str
    name: str | None = None
    report: Report


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What a request should have cost and what it did cost; None means unknown.

    ``ok`` says whether its request should be accepted.  ``endings`` say how its submits ended (none if it has no
    answer); ``tasks`` are their ids.  Each ``..._low`` is the least that the credits of the same name can be.
    ``findings`` say what does not fit in its answers.
    """

    where: str
    name: str | None
    ok: bool
    quoted_low: int | None
    quoted: int | None
    tasks: tuple[str, ...]
    endings: tuple[str, ...]
    charged_low: int | None
    charged: int | None
    refunded_low: int | None
    refunded: int | None
    net_low: int | None
    net: int | None
    findings: tuple[Finding, ...]


class Sums(msgspec.Struct, kw_only=True):
    """Exact sums of everything that is known, and how much is not.

    ``answered`` requests have an answer.  Of those without, ``rejected`` ones are not worth sending, and ``missing``
    ones should have one.  ``repeated`` ones may have been paid more than once; ``strays`` are submits that are not of
    the plan.
    ``unfinished`` tasks may still fail and be refunded.  For ``unknown`` submits reAPI does not say what was charged:
    at most ``in_doubt`` credits more, plus the ``unquoted`` ones, which have no price.
    """

    requests: int = 0
    answered: int = 0
    rejected: int = 0
    missing: int = 0
    repeated: int = 0
    strays: int = 0
    unfinished: int = 0
    unknown: int = 0
    unquoted: int = 0
    in_doubt: int = 0
    quoted_low: int = 0
    quoted: int = 0
    charged_low: int = 0
    charged: int = 0
    refunded_low: int = 0
    refunded: int = 0
    net_low: int = 0
    net: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether every request has its one answer, every answer its request, and every cost is known and final."""
        return not (self.missing or self.repeated or self.strays or self.unfinished or self.unknown)


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts of a plan's requests, in order, and of submits that are not of the plan; and the sums over both.

    ``matched_by`` is ``name`` where answers name their requests.  Else it is ``order``, which is a guess: the first
    answer for the first request, and so on; rejected requests are skipped unless there is an answer for each.
    """

    requests: tuple[Account, ...]
    strays: tuple[Account, ...]
    sums: Sums
    matched_by: Literal["name", "order"]


class _Submit(msgspec.Struct):
    """A submit by what is known of it: its task as last seen, or how else it ended."""

    where: str
    answer: Any
    name: str | None = None
    task: Task | None = None
    ended: ApiError | str | None = None
    findings: tuple[Finding, ...] = ()


@takes(plan=Iterable, answers=Iterable, key=str)
def reconcile(plan: Iterable[Planned], answers: Iterable[Any], *, key: str = NAME) -> Reconciliation:
    """What a plan should have cost, and what it did cost according to reAPI's answers to submits and polls.

    >>> from reapi_rules import preflight
    >>> body = {"model": "gpt-image-2", "prompt": "a fox"}
    >>> plan = [Planned(where=f"line {at}", name=f"fox-{at}", report=preflight(body)) for at in (1, 2, 3)]
    >>> task = {"model": "gpt-image-2", "created_at": 1735000000}
    >>> done = reconcile(plan, [
    ...     {"custom_id": "fox-1", "id": "task_1", "status": "completed", **task},
    ...     {"custom_id": "fox-2", "id": "task_2", "status": "failed", "error": {"code": 80001}, **task},
    ... ])
    >>> [(account.charged, account.refunded, account.net) for account in done.requests]
    [(30, 0, 30), (30, 30, 0), (None, None, None)]
    >>> done.sums.quoted, done.sums.net, done.sums.missing, done.sums.is_settled
    (90, 30, 1, False)

    An answer is what reAPI sent (bytes, text or a mapping), or a record that holds it: ``{"custom_id": ..., "response":
    {"status_code": 200, "body": ...}}``, where a ``response`` of null is a submit without an answer, or ``{"custom_id":
    ..., "ending": "no_answer"}``.  It belongs to the request that has its name under ``key`` or ``custom_id``, and with
    it all further answers about the same task.  Raises ValueError where two requests have one name.
    """
    requests = list(plan)
    named = _by_name(requests)
    submits = _submits(answers, key, named)
    matched_by: Literal["name", "order"] = "name"
    of_request: dict[int, list[_Submit]] = {}
    if not submits or (named and any(submit.name is not None for submit in submits)):
        for submit in submits:
            of_request.setdefault(-1 if submit.name is None else named.get(submit.name, -1), []).append(submit)
    else:
        matched_by = "order"
        sent = [at for at, request in enumerate(requests) if request.report.ok or len(submits) == len(requests)]
        for at, submit in enumerate(submits):
            of_request.setdefault(sent[at] if at < len(sent) else -1, []).append(submit)
    sums = Sums(requests=len(requests))
    accounts = [_account(request, of_request.get(at, []), sums) for at, request in enumerate(requests)]
    strays = of_request.get(-1, [])
    sums.strays = len(strays)
    return Reconciliation(
        requests=tuple(accounts),
        strays=tuple(_account(None, [submit], sums) for submit in strays),
        sums=sums,
        matched_by=matched_by,
    )


def _by_name(requests: list[Planned]) -> dict[str, int]:
    named: dict[str, int] = {}
    for at, request in enumerate(requests):
        if type(request) is not Planned:
            raise TypeError(f"plan must be of Planned, not {type_name(type(request))}")
        if request.name is not None and named.setdefault(request.name, at) != at:
            first = requests[named[request.name]].where
            raise ToldError("same_name", first=first, last=request.where, name=request.name[:80])
    return named


def _submits(answers: Iterable[Any], key: str, named: Container[str]) -> list[_Submit]:
    """The submits in the order of their first answers; all answers about one task are one submit."""
    submits: list[_Submit] = []
    of_task: dict[str, _Submit] = {}
    for number, answer in enumerate(answers, 1):
        submit = _read(f"answer {number}", answer, key, named)
        known = of_task.get(submit.task.id) if submit.task is not None else None
        if known is None:
            submits.append(submit)
            if submit.task is not None:
                of_task[submit.task.id] = submit
            continue
        known.name = known.name or submit.name
        assert known.task is not None
        assert submit.task is not None
        if submit.task.status is not None and (submit.task.is_final or not known.task.is_final):
            known.task, known.answer = submit.task, submit.answer
    return submits


def _read(where: str, answer: Any, key: str, named: Container[str]) -> _Submit:
    """One answer: of which request, and the task in it or how the submit ended otherwise.

    A column of the plan called ``id`` may hold the ids of tasks or what answers call ``custom_id``.
    """
    record, submit = _record(answer), _Submit(where=where, answer=answer)
    ended, status = _text(record.get("ending")), record.get("http_status", record.get("status_code"))
    polled = None
    if "response" in record:
        response, polled = record["response"], _text(record.get("task_id"))
        if response is None:
            ended = "no_answer"
        elif isinstance(response, Mapping) and "body" in response:
            status = response.get("status_code", response.get("http_status", status))
            response = response["body"]
        submit.answer = b"" if response is None else response
    submit.task = None if ended in endings() else read_task(submit.answer).task
    if submit.task is None and polled:
        submit.task = Task(id=polled, model=None, status=None, created_at=None)  # the poll has failed, not the submit
    elif submit.task is None and ended in endings():
        submit.ended = ended
    elif submit.task is None:
        reading = read_error(submit.answer, http_status=status)
        submit.ended, submit.findings = reading.error, reading.findings
        if record.get("ending") is not None:
            rule = task_rules()["answer.unknown_ending"]
            submit.findings = (rule.find(record["ending"], known=tuple(endings())), *submit.findings)
    names = [submit.task.id] if key in ("id", "task_id") and submit.task is not None else []
    keys = [own for each in (key, NAME) for own in record if str(own).casefold() == each.casefold()]
    names += filter(None, (_text(record[own]) for own in keys))
    submit.name = next((name for name in names if name in named), next(iter(names), None))
    return submit


def _record(answer: Any) -> Mapping[str, Any]:
    """The keys of an answer that is a JSON object, none for any other."""
    if isinstance(answer, (bytes, str)):
        try:
            answer = msgspec.json.decode(answer)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return {}
    return answer if isinstance(answer, Mapping) else {}


def _text(value: Any) -> str | None:
    """A name as the plan has it: text, or a whole number as text, also one that a data frame made a float."""
    value = int(value) if type(value) is float and value.is_integer() else value
    return value if type(value) is str else str(value) if type(value) is int else None


def _account(request: Planned | None, submits: list[_Submit], sums: Sums) -> Account:
    """What a request comes to, added to the sums; None is a submit that is not of the plan."""
    report = None if request is None else request.report
    quote = (report and report.quote) or unknown(None if report is None else report.rate_card)
    charges = [_charge(quote, submit, sums) for submit in submits]
    paid = sum(each.net != 0 for each in charges)
    if request is not None:
        sums.answered += bool(submits)
        sums.missing += not submits and request.report.ok
        sums.rejected += not submits and not request.report.ok
        sums.repeated += paid > 1
        sums.quoted += quote.credits or 0
        sums.quoted_low += quote.credits_low or 0
    tasks = [submit.task for submit in submits if submit.task is not None]
    return Account(
        where=submits[0].where if request is None else request.where,
        name=submits[0].name if request is None else request.name,
        ok=report is None or report.ok,
        quoted_low=quote.credits_low,
        quoted=quote.credits,
        tasks=tuple(task.id for task in tasks),
        endings=tuple(each.ending for each in charges),
        **{name: _sum(getattr(each, name) for each in charges) for name in _AMOUNTS},
        findings=tuple(_findings(submits, report)),
    )


_AMOUNTS = ("charged_low", "charged", "refunded_low", "refunded", "net_low", "net")


def _charge(quote: Quote, submit: _Submit, sums: Sums) -> Charge:
    of = submit.task if submit.task is not None else submit.ended
    assert of is not None
    bill = charge(quote, of)
    for name in _AMOUNTS:
        setattr(sums, name, getattr(sums, name) + (getattr(bill, name) or 0))
    sums.unfinished += bill.ending == "processing"
    if bill.net is None or bill.charged is None:
        sums.unknown += 1
        sums.unquoted += quote.credits is None
        sums.in_doubt += 0 if bill.net is not None else quote.credits or 0
    return bill


def _sum(amounts: Iterable[int | None]) -> int | None:
    """A sum; None where there is nothing to add, or something is not known."""
    found = list(amounts)
    return None if not found or None in found else sum(filter(None, found))


def _findings(submits: list[_Submit], report: Report | None) -> Iterator[Finding]:
    for submit in submits:
        yield from submit.findings
        if submit.task is not None and submit.task.status is not None:
            yield from read_task(submit.answer, request=report).findings
