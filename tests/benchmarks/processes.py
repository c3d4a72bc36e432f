"""Processes as a user starts them: the package installed alone, the time and the memory of one command."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

__all__ = ["ROOT", "Installation", "Run", "installation", "run"]

ROOT = Path(__file__).parents[2]


class Installation(NamedTuple):
    """A virtual environment with reapi_rules and msgspec and nothing else, and a folder to work in."""

    python: str
    command: str
    folder: Path


class Run(NamedTuple):
    """Wall time and peak memory of a process."""

    seconds: float
    mib: float


@contextmanager
def installation(*extras: str) -> Iterator[Installation]:
    """An environment as `pip install reapi-rules` makes it, with some packages more.

    The one that the benchmark runs in will not do: msgspec takes longer to import where typing_extensions is.
    """
    with tempfile.TemporaryDirectory(prefix="reapi-rules-") as name:
        folder = Path(name)
        venv.create(folder / "venv", symlinks=os.name == "posix")
        scripts = folder / "venv" / "bin"
        (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("msgspec", *extras):
            folder_of = Path(str(import_module(name).__file__)).parent
            shutil.copytree(folder_of, packages / name, ignore=ignored)
        shutil.copytree(ROOT / "reapi_rules", packages / "reapi_rules", ignore=ignored)
        shutil.copytree(ROOT / "data", packages / "reapi_rules" / "data")
        compileall.compile_dir(packages, quiet=1)
        script = scripts / "reapi-rules"
        script.write_text(f"#!{scripts / 'python'}\nimport sys\nfrom reapi_rules.cli import run\nsys.exit(run())\n")
        script.chmod(0o755)
        yield Installation(str(scripts / "python"), str(script), folder)


_LAUNCHER = """
import json, os, sys, time
if sys.argv[1] == "1" and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
start = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(json.dumps([time.perf_counter() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status)]))
"""


def run(command: Sequence[str], *, folder: Path | None = None, cores: int = 1) -> Run:
    """Run a command in a folder to its end, on one core unless more are allowed; RuntimeError where it fails.

    A small process starts it, since a child's peak memory counts what its parent had when it was forked.
    """
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(cores), *command]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(cores)}
    if command[0] == sys.executable:
        environment["PYTHONPATH"] = str(ROOT)  # the benchmark's own Python runs the checkout
    printed = subprocess.run(launcher, check=True, capture_output=True, cwd=folder, env=environment).stdout
    seconds, peak, code = json.loads(printed)
    if code not in (0, 1):  # 1 is a plan with mistakes in it
        raise RuntimeError(f"exit code {code}: {' '.join(command)}")
    return Run(seconds, peak / (2**20 if sys.platform == "darwin" else 2**10))
