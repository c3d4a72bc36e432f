"""Run the benchmark and print it in Markdown: ``python -m tests.benchmarks [--quick] [--only PART ...]``.

``--into docs/how-fast.md`` writes it between the marks of that page instead.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from . import attack, batch, cold, single, surfaces, workbooks
from .goals import Scale, Section, goals_table

PARTS: dict[str, Callable[[Scale], Section]] = {
    "texts": single.texts,
    "kinds": single.kinds,
    "mappings": single.mappings,
    "reading": single.reading,
    "alike": single.alike,
    "unknown": single.unknown,
    "price": single.price,
    "cold": cold.cold,
    "sheet": batch.sheet,
    "workbooks": workbooks.workbooks,
    "ndjson": batch.ndjson,
    "attack": attack.growth,
    "surfaces": surfaces.surfaces,
}
FULL = Scale(bodies=10_000, rounds=25, processes=40, rows=1_000_000, repeats=5, attack=1)
QUICK = Scale(bodies=1_000, rounds=5, processes=5, rows=50_000, repeats=2, attack=20)
START, END = "<!-- benchmark -->", "<!-- end -->"
PACKAGES = ("msgspec", "pydantic", "jsonschema", "jsonschema-rs", "orjson", "genai-prices", "duckdb", "polars")


def main(words: Sequence[str] | None = None) -> int:
    """Measure the parts asked for, then print one page."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="How fast the engine is.")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see it work: the figures are rough")
    parser.add_argument("--into", type=Path, metavar="PAGE", help="put it between the marks of this page")
    arguments = parser.parse_args(words)
    sections = []
    for name in arguments.only or PARTS:
        start = time.monotonic()
        sections.append(PARTS[name](QUICK if arguments.quick else FULL))
        sys.stderr.write(f"{name}: {time.monotonic() - start:.0f} s\n")
        if arguments.into is not None:  # after each part, so that nothing measured is lost where a later one is stopped
            put(page_of(sections, arguments.quick), arguments.into)
    if arguments.into is None:
        sys.stdout.write(page_of(sections, arguments.quick) + "\n")
    return 0


def page_of(sections: Sequence[Section], is_quick: bool) -> str:
    """What was measured, the goals first."""
    parts = (f"## {one.title}\n\n{one.text}" for one in sections)
    return "\n\n".join([heading(is_quick), goals(sections), *parts])


def put(text: str, page: Path) -> None:
    """Write a text between the marks of a page."""
    head, _, rest = page.read_text(encoding="utf-8").partition(START)
    page.write_text(f"{head}{START}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def goals(sections: Sequence[Section]) -> str:
    """The goals that these sections have figures for."""
    return "## Goals\n\n" + goals_table(
        {key: figure for section in sections for key, figure in section.figures.items()}
    )


def heading(is_quick: bool) -> str:
    """Where and with what this was measured."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"Measured on {date.today()}{' with --quick: the figures are rough' if is_quick else ''}. "
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{cpu()}, {os.cpu_count()} cores{load}. {', '.join(f'{name} {installed(name)}' for name in PACKAGES)}."
    )


def installed(package: str) -> str:
    """The version of a package, or that it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def cpu() -> str:
    """The name of the processor."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


if __name__ == "__main__":
    sys.exit(main())
