"""A value is made once, in whichever thread it is asked for first."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from reapi_rules.terms.once import once, once_an_object

THREADS = 16


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def test_it_is_called_once_for_each_argument() -> None:
    calls = []

    @once
    def half(number: int) -> float:
        """Half of it."""
        calls.append(number)
        return number / 2

    assert [half(4), half(4), half(6), half(4)] == [2, 2, 3, 2]
    assert calls == [4, 6]
    assert (half.__name__, half.__doc__) == ("half", "Half of it.")


def test_nothing_is_a_value_too() -> None:
    calls = []

    @once
    def nothing() -> None:
        calls.append(1)

    assert (nothing(), nothing(), len(calls)) == (None, None, 1)


def test_a_call_that_raises_is_made_again() -> None:
    calls = []

    @once
    def load() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("gone for a moment")
        return "loaded"

    with pytest.raises(OSError, match="gone for a moment"):
        load()
    assert [load(), load(), str(len(calls))] == ["loaded", "loaded", "2"]


def test_arguments_are_positional() -> None:
    @once
    def half(number: int) -> float:
        return number / 2

    with pytest.raises(TypeError, match="keyword argument"):
        half(number=4)


def test_a_property_is_computed_once_for_each_object() -> None:
    class Box:
        @once_an_object
        def content(self) -> object:
            """What is in it."""
            return object()

    box, other = Box(), Box()
    assert box.content is box.content
    assert box.content is not other.content
    assert vars(Box)["content"].__doc__ == "What is in it."


@pytest.mark.usefixtures("restless")
def test_threads_that_ask_at_once_get_the_same_value() -> None:
    calls = []
    ready = threading.Barrier(THREADS)

    @once
    def load() -> object:
        calls.append(1)
        sleep(0.02)
        return object()

    def ask(_: int) -> object:
        ready.wait()
        return load()

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))
    assert len(calls) == 1
    assert all(each is found[0] for each in found)


@pytest.mark.usefixtures("restless")
def test_values_made_of_one_another_do_not_wait_for_each_other() -> None:
    """Two threads begin at opposite ends."""

    @once
    def lower(depth: int) -> int:
        sleep(0.01)
        return depth if depth < 1 else upper(depth - 1) + 1

    @once
    def upper(depth: int) -> int:
        sleep(0.01)
        return depth if depth < 1 else lower(depth - 1) + 1

    found: list[int] = []
    threads = [threading.Thread(target=lambda ask=ask: found.append(ask(4)), daemon=True) for ask in (lower, upper)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert found == [4, 4]
