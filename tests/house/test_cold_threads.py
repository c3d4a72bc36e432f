"""The first calls of a process may come from many threads; ``cold_threads.py`` tries it in fresh processes."""

from __future__ import annotations

from threading import get_ident

import pytest

from tests.tools import cold_threads


def test_threads_that_ask_first_together_get_the_answers_of_one() -> None:
    assert cold_threads.run(12) == {}


def test_every_call_has_one_answer_that_is_no_repr_of_an_object() -> None:
    answers = cold_threads.answers(number=0, threads=1)
    assert {"preflight of bytes", "quote of axes", "choices", "messages"} < answers.keys()
    assert all(len(found) == 1 and " object at 0x" not in found[0] for found in answers.values())


def test_answers_that_differ_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = cold_threads.answers(number=0, threads=1)
    assert cold_threads.difference(cold_threads.answers(number=1, threads=4), expected) == ""
    monkeypatch.setitem(cold_threads.CALLS, "explain", get_ident)
    assert cold_threads.difference(cold_threads.answers(number=1, threads=4), expected) == "other answers of explain"


def test_a_process_that_dies_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_threads, "COMMAND", ("-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert cold_threads.outcome(0, 16) == "killed by signal 9"
    monkeypatch.setattr(cold_threads, "COMMAND", ("-c", "raise ValueError('no such thing')"))
    assert cold_threads.outcome(0, 16) == "exit code 1: ValueError: no such thing"


def test_threads_that_wait_forever_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_threads, "COMMAND", ("-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(cold_threads, "LONGEST", 1)
    assert "wait for each other" in str(cold_threads.outcome(0, 16))
