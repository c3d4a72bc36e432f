"""The module in Chromium: the same answers as in node, which are Python's."""

from __future__ import annotations

import json
from pathlib import Path

from reapi_rules import Engine
from tests.support.browser import chromium, served
from tests.support.module import ROOT, about, named, priced, said, same
from tests.support.odd_requests import OddRequests

ASK = """
    const [questions, done] = arguments;
    Promise.all([import("/reapi_rules/web/reapi-rules.mjs"), import("/tests/web/answers.mjs")])
      .then(([module, { answerer }]) => done(questions.map((question) => JSON.stringify(answerer(module)(JSON.parse(question))))))
      .catch((error) => done(String(error)));
"""


def test_gives_the_same_answers(tmp_path: Path) -> None:
    requests, engine = OddRequests(seed=30), Engine()
    bodies = [requests.text() for _ in range(400)]
    axes = [requests.axes() for _ in range(100)]
    asked = [*map(about, bodies), *({"axes": named(each)} for each in axes)]
    with chromium(tmp_path / "chromium") as browser, served(ROOT) as address:
        browser.get(f"{address}/docs/")
        answers = browser.execute_async_script(ASK, [json.dumps(question) for question in asked])
    assert type(answers) is list, answers
    answers = list(map(json.loads, answers))
    for body, theirs in zip(bodies, answers):
        assert same(theirs, said(engine, body)), body
    assert answers[len(bodies) :] == [priced(engine, each) for each in axes]
