"""Cold processes: importing the package, and the command line from start to end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from time import perf_counter_ns

from .bodies import recipes
from .goals import Scale, Section, table
from .processes import installation
from .timing import Lap, race

__all__ = ["cold"]

_FIRST = "from reapi_rules import preflight; preflight(body).quote"
_PEERS = ("msgspec", "pydantic", "jsonschema", "jsonschema_rs", "genai_prices")


def cold(scale: Scale) -> Section:
    """Start-up in an environment with the package alone, and of the peers in the benchmark's own."""
    with installation() as place:
        body = place.folder / "body.json"
        body.write_bytes(recipes()[2].text)

        def python(program: str) -> Callable[[], None]:
            return _process([place.python, "-c", program])

        laps = race(
            {
                "python -c pass": python("pass"),
                "import msgspec": python("import msgspec"),
                "import reapi_rules": python("import reapi_rules"),
                "from reapi_rules import preflight": python("from reapi_rules import preflight"),
                "import msgspec, argparse": python("import msgspec, argparse"),
                _FIRST: python(_FIRST.replace("body", repr(recipes()[2].text))),
                "reapi-rules --version": _process([place.command, "--version"]),
                "reapi-rules quote --size 16:9 --resolution 2k --quality high": _process(
                    [place.command, "quote", "--size", "16:9", "--resolution", "2k", "--quality", "high"]
                ),
                "reapi-rules check body.json": _process([place.command, "check", str(body)]),
            },
            rounds=scale.processes,
            clock=perf_counter_ns,
        )
        imports = race(
            {name: python(name) for name in ("import msgspec", "import reapi_rules")},
            rounds=scale.processes,
            clock=perf_counter_ns,
        )
    others = race(
        {
            "python -c pass": _process([sys.executable, "-c", "pass"]),
            **{
                f"import {name}": _process([sys.executable, "-c", f"import {name}"])
                for name in _PEERS
                if find_spec(name) is not None
            },
        },
        rounds=scale.processes,
        clock=perf_counter_ns,
    )
    header = ("process", "ms", "over pass", "ratio")
    text = "Processes with nothing but reapi_rules and msgspec installed, files in the page cache:\n\n"
    text += table(header, _rows(laps)) + "\n\nThe same Python with all the peers installed:\n\n"
    text += table(header, _rows(others))
    quoted, checked = (laps[name] for name in list(laps)[-2:])
    figures = {
        "import": imports["import reapi_rules"].ratio,
        "first": laps[_FIRST].ns / laps["import msgspec"].ns,
        "cli.quote": quoted.ns / laps["import msgspec, argparse"].ns,
        "cli.check": checked.ratio,
    }
    return Section("Start-up", text, figures)


def _rows(laps: dict[str, Lap]) -> list[tuple[str, str, str, str]]:
    least = laps["python -c pass"].ns
    return [
        (
            f"`{name}`" if " " in name else name,
            f"{lap.ns / 1e6:.1f}",
            f"{(lap.ns - least) / 1e6:+.1f}",
            f"{lap.ratio:.2f}",
        )
        for name, lap in laps.items()
    ]


def _process(command: Sequence[str]) -> Callable[[], None]:
    def start() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return start
