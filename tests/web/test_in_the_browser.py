"""The module in Chromium: the same answers as in node, which are Python's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reapi_rules import Engine
from tests.support.browser import chromium
from tests.support.module import ROOT, about, named, priced, said, same
from tests.support.odd_requests import OddRequests

ASK = """
    const [questions, done] = arguments;
    Promise.all([import("/reapi_rules/web/reapi-rules.mjs"), import("/tests/web/answers.mjs")])
      .then(([module, { answerer }]) => done(questions.map((question) => JSON.stringify(answerer(module)(JSON.parse(question))))))
      .catch((error) => done(String(error)));
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves the project's folder and keeps no log."""

    def log_message(self, *_: Any) -> None:
        pass


def test_gives_the_same_answers(tmp_path: Path) -> None:
    requests, engine = OddRequests(seed=30), Engine()
    bodies = [requests.text() for _ in range(400)]
    axes = [requests.axes() for _ in range(100)]
    asked = [*map(about, bodies), *({"axes": named(each)} for each in axes)]
    with chromium(tmp_path / "chromium") as browser, served() as address:
        browser.get(f"{address}/docs/")
        answers = browser.execute_async_script(ASK, [json.dumps(question) for question in asked])
    assert type(answers) is list, answers
    answers = list(map(json.loads, answers))
    for body, theirs in zip(bodies, answers):
        assert same(theirs, said(engine, body)), body
    assert answers[len(bodies) :] == [priced(engine, each) for each in axes]


@contextmanager
def served() -> Iterator[str]:
    """The address of the project's folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
