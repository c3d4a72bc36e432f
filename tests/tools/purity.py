"""Use everything in the core while any reach into the world outside is noted; run by ``test_purity.py``.

Audit hooks see files, sockets, subprocesses, signals, sleeping and changes of the environment; the clock and reads of the
environment raise no audit event, so a profile function looks at every call.  Audit hooks can't be taken off again, which
is why this is a program of its own: it prints what it saw as JSON.
"""

from __future__ import annotations

import argparse
import datetime
import doctest
import importlib
import inspect
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FrameType, ModuleType
from typing import Any

from tests.support.vector_cases import CASES, report_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reapi_rules"
_OWN = str(PACKAGE)
ROOMS = ("terms", "catalog", "engine", "prices", "tasks")
CORE = [
    "reapi_rules",
    *sorted(f"reapi_rules.{room}.{path.stem}" for room in ROOMS for path in (PACKAGE / room).glob("[!_]*.py")),
]

_HARMLESS = {
    "builtins.id",
    "code.__new__",
    "compile",
    "exec",
    "import",
    "marshal.load",
    "marshal.loads",
    "object.__delattr__",
    "object.__getattr__",
    "object.__setattr__",
    "os.listdir",
    "os.scandir",
    "sys._getframe",
    "sys._getframemodulename",
    "sys.setprofile",
}
"""The audit events of reading and running code; whatever else comes, also from later Pythons, is noted."""

_FORBIDDEN_CALLS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "fromtimestamp",
    "getcwd",
    "getenv",
    "getrandbits",
    "input",
    "print",
    "random",
    "urandom",
}
"""Calls into C that read a clock, chance, the surroundings or the terminal, by their qualified names; and ``time.*``."""


class Watch:
    """What the watched code did that the core must not do, and which functions of the core it called."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[str] = []
        self.called: set[str] = set()
        self._own: dict[int, CodeType] = {}

    def on_audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_on and event not in _HARMLESS and not (event == "open" and _only_reads(*arguments)):
            self._note(f"{event} {arguments!r:.80}")

    def on_profile(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "call":
            code = frame.f_code
            if self._own.get(id(code)) is code:
                return
            if code.co_filename.startswith(_OWN):
                self._own[id(code)] = code
                self.called.add(f"{Path(code.co_filename).stem}:{code.co_qualname}")
            elif code.co_qualname.startswith("_Environ."):  # of module os
                self._note(f"environment {code.co_qualname}")
        elif event == "c_call" and isinstance(called, BuiltinFunctionType):
            name = called.__qualname__
            if called.__module__ == "time" or name in _FORBIDDEN_CALLS:
                self._note(f"call {called.__module__ or ''} {name}")

    def _note(self, what: str) -> None:
        frames = _frames_of(sys._getframe(2))
        if "importlib._bootstrap" not in frames[: _first_own(frames)]:  # what another module does while it is imported
            self.seen.append(what)

    @contextmanager
    def watching(self) -> Iterator[None]:
        self.is_on = True
        sys.setprofile(self.on_profile)
        try:
            yield
        finally:
            sys.setprofile(None)
            self.is_on = False


def _only_reads(_: object, mode: str | None, flags: int) -> bool:
    return not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)


def _frames_of(frame: FrameType | None) -> list[str]:
    """The modules of the calls that led here, the innermost first."""
    names = []
    while frame is not None:
        names.append(str(frame.f_globals.get("__name__")))
        frame = frame.f_back
    return names


def _first_own(modules: list[str]) -> int:
    """Where our own code comes in: the core, or an example of it."""
    return next((at for at, name in enumerate(modules) if name.startswith(("reapi_rules", "__main__"))), len(modules))


def use_the_core() -> dict[str, ModuleType]:
    """Every example of every docstring of the core, and every vector; returns the core's modules."""
    modules = {name: importlib.import_module(name) for name in CORE}
    for module in modules.values():
        for test in doctest.DocTestFinder().find(module, module.__name__):
            for example in test.examples:
                with suppress(Exception):  # whether they hold is the business of the doctests themselves
                    exec(compile(example.source, test.name, "single"), test.globs)
    for case in CASES:
        report = report_of(case)
        for use in (report.to_json, report.to_dict, report.payload, report.gateway_error, report.__repr__):
            use()
        assert report.ok or report.with_errors(report.errors).to_json() == report.to_json()
    use_the_rest(modules)
    return modules


def use_the_rest(modules: dict[str, ModuleType]) -> None:
    """What no example shows: the user's own files, and the answers to an answer."""
    modules["reapi_rules.catalog.rates"].RateCard.load(ROOT / "docs" / "examples" / "my-card.json")
    modules["reapi_rules.catalog.catalog"].Catalog.load(ROOT / "tests" / "support" / "third_model")
    assert not modules["reapi_rules.tasks.readings"].read_task("{}").ok
    assert not modules["reapi_rules.tasks.readings"].read_error("{}").ok
    assert modules["reapi_rules.catalog.task_rules"].task_rules().example("task.image_count") is not None


def functions_of(modules: dict[str, ModuleType]) -> set[str]:
    """The public functions and methods of the core, as ``module:qualified name``."""
    found = set()
    for module in modules.values():
        for name in module.__all__ if module.__name__ != "reapi_rules" else ():
            value = getattr(module, name)
            is_class = inspect.isclass(value) and not getattr(value, "_is_protocol", False)
            for member in vars(value).values() if is_class else (value,):
                member = inspect.unwrap(getattr(member, "__func__", None) or getattr(member, "fget", None) or member)
                if inspect.isfunction(member) and not member.__name__.startswith("_"):
                    found.add(f"{member.__module__.rpartition('.')[2]}:{member.__qualname__}")
    return found


PLANTS: dict[str, Callable[[], Any]] = {
    "a socket": lambda: socket.socket().close(),
    "a name looked up": lambda: socket.gethostbyname("localhost"),
    "a subprocess": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "a shell": lambda: os.system("true"),
    "a file written": lambda: tempfile.TemporaryFile().close(),
    "a file appended to": lambda: open(os.devnull, "a").close(),
    "the clock": time.time,
    "another clock": time.perf_counter,
    "today": datetime.date.today,
    "now": lambda: datetime.datetime.now(datetime.UTC),
    "sleep": lambda: time.sleep(0),
    "the environment": lambda: os.environ.get("HOME"),
    "the environment, another way": lambda: os.getenv("HOME"),
    "the environment, changed": lambda: os.environ.update(REAPI_RULES="1"),
    "chance": lambda: os.urandom(1),
    "the terminal": lambda: print(end="", file=io.StringIO()),
}
"""Forbidden operations: each must be detected, or the watch sees nothing."""


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    watch = Watch()
    sys.addaudithook(watch.on_audit)
    sys.dont_write_bytecode = True
    output, sys.stdout = sys.stdout, io.StringIO()
    sys.displayhook = lambda value: None
    with watch.watching():
        modules = use_the_core()
    printed = sys.stdout.getvalue()
    core = watch.seen.copy()
    unseen = []
    for name, plant in PLANTS.items():
        watch.seen.clear()
        with watch.watching():
            plant()
        if not watch.seen:
            unseen.append(name)
    unused = sorted(functions_of(modules) - watch.called)
    json.dump({"core": core, "printed": printed, "unseen": unseen, "unused": unused}, output)


if __name__ == "__main__":
    main()
