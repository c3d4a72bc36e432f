"""All surfaces say the same of the same requests; where one does not claim to, a listed gap says why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from reapi_rules import Report
from reapi_rules.catalog.catalog import built_in
from tests.support.agreement import GAPS, differences
from tests.support.surfaces import ENGINE, SURFACES, Request, answer_of, requests

COUNT, SEED = 5_000, 1
Judged = list[tuple[Request, Report]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    """The requests, and what the engine says of them."""
    return [(request, ENGINE.preflight(request.text)) for request in requests(COUNT, SEED)]


def shortened(request: Request) -> str:
    return f"{request.text!r:.500}"


@pytest.mark.parametrize("name", SURFACES)
def test_every_answer_is_that_of_the_engine(name: str, judged: Judged, tmp_path: Path) -> None:
    surface = SURFACES[name]
    asked = [each for each in judged[:: surface.one_in] if surface.takes(each[0])]
    gaps = [gap for gap in GAPS if name in gap.surfaces]
    needed: Counter[str] = Counter()
    wrong = []
    answers = surface.answers([request for request, _ in asked], tmp_path)
    for (request, report), answer in zip(asked, answers, strict=True):
        differing = differences(answer_of(report), answer)
        for gap in gaps:
            if differing & set(gap.parts) and gap.applies(request, report, answer):
                differing -= set(gap.parts)
                needed[gap.reason] += 1
        if differing:
            wrong.append((shortened(request), answer, answer_of(report)))
    assert wrong == []
    assert {gap.reason for gap in gaps} == needed.keys(), "a gap that nothing needs any more"
    assert sum(needed.values()) < len(asked) / 2, "hardly anything was compared"
    assert len(asked) > COUNT * 0.88 / surface.one_in


def test_the_requests_are_of_every_kind(judged: Judged) -> None:
    reports = [report for _, report in judged]
    answers = [answer_of(report) for report in reports]
    accepted = [answer for answer in answers if answer.ok]
    assert COUNT / 3 < len(accepted) < COUNT * 2 / 3
    assert sum(answer.credits is not None for answer in accepted) > COUNT / 4
    assert sum(answer.credits != answer.low for answer in accepted) > COUNT / 40
    assert sum(answer.width is not None for answer in accepted) > COUNT / 100
    assert {report.model for report, answer in zip(reports, answers) if answer.credits} == built_in().models.keys()
    assert len({finding.rule for report in reports for finding in report.errors}) > 40
    assert sum(request.body is None for request, _ in judged) > COUNT / 50


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.reason)
def test_every_gap_is_of_surfaces_that_there_are(gap: object) -> None:
    assert set(gap.surfaces) <= SURFACES.keys()  # type: ignore[attr-defined]
