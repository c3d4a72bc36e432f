"""A million requests: a CSV plan quoted, NDJSON bodies checked, beside readers alone and the join of two engines."""

from __future__ import annotations

import csv
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .bodies import SEED, recipes
from .goals import Scale, Section, table
from .processes import ROOT, Installation, Run, installation, run

__all__ = ["Job", "interleaved", "ndjson", "plan_lines", "runs_table", "sheet", "write"]

_READ_CSV = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as lines:
    for row in csv.reader(lines):
        pass
"""

_DUCKDB = """
import duckdb, subprocess, sys
from pathlib import Path
folder, threads = Path(sys.argv[1]), sys.argv[2]
duckdb.execute(f"SET threads = {threads}")
duckdb.execute((folder / "big_plan_combinations.sql").read_text("utf-8"))
subprocess.run([sys.executable, "-m", "reapi_rules", "quote", "combinations.csv", "-o", "priced.csv", "--quiet"])
duckdb.execute((folder / "big_plan.sql").read_text("utf-8"))
"""


class Job(NamedTuple):
    """A command, its folder, how many cores it may use, and whether it writes quoted.csv."""

    command: list[str]
    folder: Path
    is_quoting: bool = False
    cores: int = 1


def sheet(scale: Scale) -> Section:
    """A CSV plan of 11 columns, quoted to CSV; the joins are those of the page on big plans."""
    with installation() as place:
        plan, part = (place.folder / name for name in ("plan.csv", "part.csv"))
        write(plan, plan_lines(scale.rows))
        write(part, plan_lines(scale.rows // 8))
        jobs = {
            "csv.reader, merely reading": Job([place.python, "-c", _READ_CSV, str(plan)], place.folder),
            "reapi-rules quote": _quote(place, plan),
            "the same, an eighth of the rows": _quote(place, part),
            "reapi-rules quote --by": _on(place, plan, "quote", "--by", "campaign"),
            "reapi-rules check": _on(place, plan, "check"),
            "reapi-rules advise": _on(place, plan, "advise"),
            **_joins(plan),
        }
        runs = interleaved(jobs, scale.repeats)
        sums = {name: _credits(job) for name, job in jobs.items() if job.is_quoting and "eighth" not in name}
        megabytes = plan.stat().st_size / 1e6
    if len(set(sums.values())) != 1:
        raise AssertionError(f"priced rows, credits and reasons differ: {sums}")
    ((priced, credits, reasons),) = set(sums.values())
    text = (
        f"{scale.rows:,} rows, {megabytes:.0f} MB, CSV to CSV, on one core unless more are named. All that write agree on "
        f"{priced:,} priced rows, {credits:,} credits and {reasons:,} rows with a reason. The joins quote each combination "
        f"once; they look at no prompt and no address.\n\n"
    ) + runs_table(runs, scale.rows)
    floor = runs["csv.reader, merely reading"].seconds
    ours = {"time": "quote", "by": "quote --by", "check": "check", "advise": "advise"}
    figures = {f"csv.{key}": runs[f"reapi-rules {command}"].seconds / floor for key, command in ours.items()}
    figures["csv.memory"] = max(run.mib for name, run in runs.items() if "join" not in name)
    return Section("A sheet", text, figures)


def _joins(plan: Path) -> dict[str, Job]:
    """The joins that can be run here, on one core and on all."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    examples = ROOT / "docs" / "examples"
    programs = {
        "DuckDB": [sys.executable, "-c", _DUCKDB, str(examples)],
        "polars": [sys.executable, str(examples / "big_plan_polars.py")],
    }
    return {
        f"{name} join, {threads} core{'s' * (threads > 1)}": Job(
            [*program, *([str(threads)] if name == "DuckDB" else [])], _folder(plan), True, threads
        )
        for name, program in programs.items()
        if find_spec(name.lower()) is not None
        for threads in sorted({1, cores})
    }


def _folder(*files: Path) -> Path:
    """A folder of its own, in which these files are to be found."""
    folder = Path(tempfile.mkdtemp(dir=files[0].parent))
    for file in files:
        (folder / file.name).symlink_to(file)
    return folder


def ndjson(scale: Scale) -> Section:
    """Bodies of the size of the recipes, one a line, to full reports."""
    with installation() as place:
        bodies, part = place.folder / "bodies.ndjson", place.folder / "part.ndjson"
        write(bodies, body_lines(scale.rows))
        write(part, body_lines(scale.rows // 8))
        floor = [place.python, str(ROOT / "tests" / "benchmarks" / "floor.py"), str(bodies)]
        jobs = {
            "msgspec typed decode, merely decoding": Job(floor, place.folder),
            "reapi-rules check": _check(place, bodies),
            "the same, an eighth of the bodies": _check(place, part),
            "reapi-rules quote --rows": _rows(place, bodies, "--rows"),
            "reapi-rules quote --format csv": _rows(place, bodies, "--format", "csv"),
        }
        runs = interleaved(jobs, scale.repeats)
        reports = place.folder / "bodies-reports.ndjson"
        with reports.open("rb") as lines:
            count = sum(1 for line in lines if b'"quote":{' in line)
        sizes = bodies.stat().st_size / 1e6, reports.stat().st_size / 1e6
    if count != scale.rows:
        raise AssertionError(f"{count} priced reports of {scale.rows}")
    text = f"{scale.rows:,} bodies, {sizes[0]:.0f} MB, to {sizes[1]:.0f} MB of full reports, on one core.\n\n"
    checked = runs["reapi-rules check"]
    decoding = runs["msgspec typed decode, merely decoding"].seconds
    figures = {
        "ndjson.time": checked.seconds / decoding,
        "ndjson.rows": runs["reapi-rules quote --rows"].seconds / decoding,
        "ndjson.csv": runs["reapi-rules quote --format csv"].seconds / decoding,
        "ndjson.memory": max(checked.mib, runs["the same, an eighth of the bodies"].mib),
    }
    return Section("NDJSON", text + runs_table(runs, scale.rows), figures)


def plan_lines(rows: int) -> Iterator[str]:
    """A plan: 96 of 100 rows are fine, the others ask for what there is not; one in ten has a reference image."""
    chance = random.Random(SEED)
    choose = chance.choice
    yield "id,campaign,market,asset,model,prompt,size,resolution,quality,n,image_urls\n"
    prompts = ("a red fox in fresh snow", '"copper teapot, soft light"', "旧港冬雾，胶片颗粒", "castle under the stars")
    narrow, wide = ("1:1", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "auto", ""), ("16:9", "9:16", "2:1", "1:2", "21:9")
    faulty = ("1:1,4k,high,1", "7:5,1k,low,1", "16:9,2k,high,5", "auto,4k,medium,2", "16:9,8k,low,1", "1:1,1k,best,1")
    for number in range(rows):
        if chance.random() < 0.04:
            axes = choose(faulty)
        else:
            resolution = choose(("1k", "1k", "2k", "2K", "4k", ""))
            size = choose(wide if resolution == "4k" else narrow + wide)
            axes = f"{size},{resolution},{choose(('low', 'medium', 'high', 'high', 'auto', ''))},{choose('1124')}"
        image = f"https://cdn.example.com/{number:07}.png" if chance.random() < 0.1 else ""
        yield (
            f"R{number:07},{choose(('spring-2027', 'autumn-2026'))},{choose(('DE', 'FR', 'JP', 'US'))},"
            f"banner-{number:07}-final.png,gpt-image-2-official,{choose(prompts)},{axes},{image}\n"
        )


def body_lines(rows: int) -> Iterator[str]:
    """The page's requests, each with a prompt of its own."""
    texts = [body.text.decode() for body in recipes()]
    for number in range(rows):
        yield texts[number % len(texts)].replace('"prompt": "', f'"prompt": "{number:07} ', 1) + "\n"


def _quote(place: Installation, plan: Path) -> Job:
    """A plan quoted to CSV."""
    return Job([place.command, "quote", plan.name, "-o", "quoted.csv"], _folder(plan), True)


def _on(place: Installation, plan: Path, *words: str) -> Job:
    """A command on a plan whose result is a text."""
    return Job([place.command, *words, plan.name, "-o", "result.txt"], _folder(plan))


def _check(place: Installation, bodies: Path) -> Job:
    output = f"{bodies.stem}-reports.ndjson"
    return Job([place.command, "check", bodies.name, "--format", "ndjson", "-o", output], bodies.parent)


def _rows(place: Installation, bodies: Path, *options: str) -> Job:
    return Job([place.command, "quote", bodies.name, *options, "-o", f"rows{options[-1]}"], bodies.parent)


def write(path: Path, lines: Iterator[str]) -> None:
    """Write a plan or bodies."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def _credits(job: Job) -> tuple[int, int, int]:
    """How many rows have credits, their sum, and how many rows have a reason why reAPI would reject them."""
    with (job.folder / "quoted.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        titles = next(rows)
        at, errors = titles.index("reapi_credits"), titles.index("reapi_errors")
        found = [(row[at], row[errors] != "") for row in rows]
    credits = [int(cell) for cell, _ in found if cell]
    return len(credits), sum(credits), sum(has_reason for _, has_reason in found)


def interleaved(jobs: dict[str, Job], repeats: int) -> dict[str, Run]:
    """The median time of each job, and the most memory that it took; every job once a round."""
    runs: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            runs[name].append(run(job.command, folder=job.folder, cores=job.cores))
    return {name: Run(median(run.seconds for run in of), max(run.mib for run in of)) for name, of in runs.items()}


def runs_table(runs: dict[str, Run], rows: int) -> str:
    """What was measured, beside the first of the jobs."""
    floor = next(iter(runs.values())).seconds
    return table(
        ("", "s", "rows/s", "ratio", "peak MiB"),
        [
            (
                name,
                f"{result.seconds:.2f}",
                f"{(rows // 8 if 'eighth' in name else rows) / result.seconds:,.0f}",
                "" if "eighth" in name else f"{result.seconds / floor:.2f}",
                f"{result.mib:.0f}",
            )
            for name, result in runs.items()
        ],
    )
