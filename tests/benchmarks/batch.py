"""A million requests: a CSV plan quoted, NDJSON bodies checked, beside readers alone and the join of two engines."""

from __future__ import annotations

import csv
import os
import random
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .bodies import SEED, recipes
from .goals import Scale, Section, table
from .processes import ROOT, Installation, Run, installation, run

__all__ = ["ndjson", "sheet"]

_READ_CSV = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as lines:
    for row in csv.reader(lines):
        pass
"""

_DUCKDB = """
import duckdb, sys
plan, prices, output, threads = sys.argv[1:]
duckdb.execute(f"SET threads = {threads}")
duckdb.execute(f\"\"\"
    COPY (
        SELECT plan.*, CASE WHEN try_cast(plan.n AS INT) BETWEEN 1 AND 4
            THEN (usd_picos::BIGINT * try_cast(plan.n AS INT) + 999999999) // 1000000000 END AS credits
        FROM read_csv('{plan}', all_varchar = true) AS plan
        LEFT JOIN read_csv('{prices}', all_varchar = true) AS prices
        ON prices.size = coalesce(plan.size, '1:1')
        AND prices.resolution = lower(coalesce(plan.resolution, '1k'))
        AND prices.quality = coalesce(plan.quality, 'auto')
    ) TO '{output}' (HEADER)
\"\"\")
"""

_POLARS = """
import polars as pl, sys
plan, prices, output, threads = sys.argv[1:]
keys = ["size", "resolution", "quality"]
table = pl.read_csv(prices, infer_schema=False).select(*keys, pl.col("usd_picos").cast(pl.Int64))
rows = pl.read_csv(plan, infer_schema=False)
filled = rows.with_columns(
    pl.col("size").fill_null("1:1").alias("_size"),
    pl.col("resolution").fill_null("1k").str.to_lowercase().alias("_resolution"),
    pl.col("quality").fill_null("auto").alias("_quality"),
    pl.col("n").cast(pl.Int64, strict=False).alias("_n"),
)
joined = filled.join(table, left_on=["_" + key for key in keys], right_on=keys, how="left", maintain_order="left")
credits = (pl.col("usd_picos") * pl.col("_n") + 999_999_999) // 1_000_000_000
priced = pl.when(pl.col("_n").is_between(1, 4)).then(credits).alias("credits")
joined.select(*rows.columns, priced).write_csv(output)
"""


class Job(NamedTuple):
    """A command, how many cores it may use, and the CSV file and the column where it writes credits, if it does."""

    command: list[str]
    output: Path | None = None
    column: str = ""
    cores: int = 1


def sheet(scale: Scale) -> Section:
    """A CSV plan of 10 columns, quoted to CSV."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with installation() as place:
        plan, part, prices = (place.folder / name for name in ("plan.csv", "part.csv", "prices.csv"))
        _write(plan, plan_lines(scale.rows))
        _write(part, plan_lines(scale.rows // 8))
        run([place.command, "export", "prices", "-o", str(prices)])
        jobs = {
            "csv.reader, merely reading": Job([place.python, "-c", _READ_CSV, str(plan)]),
            "reapi-rules quote, to CSV": _quote(place, plan),
            "the same, an eighth of the rows": _quote(place, part),
        }
        for module, title, program in (("duckdb", "DuckDB", _DUCKDB), ("polars", "polars", _POLARS)):
            if find_spec(module) is not None:
                for threads in sorted({1, cores}):
                    output = place.folder / f"{module}-{threads}.csv"
                    command = [sys.executable, "-c", program, str(plan), str(prices), str(output), str(threads)]
                    name = f"{title} join, to CSV, {threads} core{'s' * (threads > 1)}"
                    jobs[name] = Job(command, output, "credits", threads)
        runs = _interleaved(jobs, scale.repeats)
        sums = {
            name: _credits(job.output, job.column)
            for name, job in jobs.items()
            if job.output is not None and not name.startswith("the same")
        }
        megabytes = plan.stat().st_size / 1e6
    if len(set(sums.values())) != 1:
        raise AssertionError(f"priced rows and credits differ: {sums}")
    ((priced, credits),) = set(sums.values())
    text = (
        f"{scale.rows:,} rows, {megabytes:.0f} MB, on one core unless more are named. All that write agree on "
        f"{priced:,} priced rows and {credits:,} credits; the joins give a price or nothing, and no reason.\n\n"
    ) + _table(runs, scale.rows)
    quoted = runs["reapi-rules quote, to CSV"]
    figures = {
        "csv.time": quoted.seconds / runs["csv.reader, merely reading"].seconds,
        "csv.memory": max(quoted.mib, runs["the same, an eighth of the rows"].mib),
    }
    return Section("A sheet", text, figures)


def ndjson(scale: Scale) -> Section:
    """Bodies of the size of the recipes, one a line, to full reports."""
    with installation() as place:
        bodies, part = place.folder / "bodies.ndjson", place.folder / "part.ndjson"
        _write(bodies, body_lines(scale.rows))
        _write(part, body_lines(scale.rows // 8))
        floor = [place.python, str(ROOT / "tests" / "benchmarks" / "floor.py"), str(bodies)]
        jobs = {
            "msgspec typed decode, merely decoding": Job(floor),
            "reapi-rules check, to full reports": _check(place, bodies),
            "the same, an eighth of the bodies": _check(place, part),
        }
        runs = _interleaved(jobs, scale.repeats)
        reports = place.folder / "bodies-reports.ndjson"
        with reports.open("rb") as lines:
            count = sum(1 for line in lines if b'"quote":{' in line)
        sizes = bodies.stat().st_size / 1e6, reports.stat().st_size / 1e6
    if count != scale.rows:
        raise AssertionError(f"{count} priced reports of {scale.rows}")
    text = f"{scale.rows:,} bodies, {sizes[0]:.0f} MB, to {sizes[1]:.0f} MB of reports, on one core.\n\n"
    checked = runs["reapi-rules check, to full reports"]
    figures = {
        "ndjson.time": checked.seconds / runs["msgspec typed decode, merely decoding"].seconds,
        "ndjson.memory": max(checked.mib, runs["the same, an eighth of the bodies"].mib),
    }
    return Section("NDJSON", text + _table(runs, scale.rows), figures)


def plan_lines(rows: int) -> Iterator[str]:
    """A plan: 96 of 100 rows are fine, the others ask for what there is not."""
    chance = random.Random(SEED)
    choose = chance.choice
    yield "id,campaign,market,asset,prompt,size,resolution,quality,n,due\n"
    prompts = ("a red fox in fresh snow", '"copper teapot, soft light"', "旧港冬雾，胶片颗粒", "castle under the stars")
    narrow, wide = ("1:1", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "auto"), ("16:9", "9:16", "2:1", "1:2", "21:9")
    faulty = ("1:1,4k,high,1", "7:5,1k,low,1", "16:9,2k,high,5", "auto,4k,medium,2", "16:9,8k,low,1", "1:1,1k,best,1")
    for number in range(rows):
        if chance.random() < 0.04:
            axes = choose(faulty)
        else:
            resolution = choose(("1k", "1k", "2k", "2K", "4k", ""))
            size = choose(wide if resolution == "4k" else narrow + wide)
            axes = f"{size},{resolution},{choose(('low', 'medium', 'high', 'high', 'auto', ''))},{choose('1124')}"
        yield (
            f"R{number:07},{choose(('spring-27', 'autumn-26'))},{choose(('DE', 'FR', 'JP', 'US'))},"
            f"banner-{number:07}.png,{choose(prompts)},{axes},2026-1{choose('012')}-{choose('012')}{choose('123456789')}\n"
        )


def body_lines(rows: int) -> Iterator[str]:
    """The page's requests, each with a prompt of its own."""
    texts = [body.text.decode() for body in recipes()]
    for number in range(rows):
        yield texts[number % len(texts)].replace('"prompt": "', f'"prompt": "{number:07} ', 1) + "\n"


def _quote(place: Installation, plan: Path) -> Job:
    output = plan.with_name(f"{plan.stem}-quoted.csv")
    return Job([place.command, "quote", str(plan), "-o", str(output)], output, "reapi_credits")


def _check(place: Installation, bodies: Path) -> Job:
    output = bodies.with_name(f"{bodies.stem}-reports.ndjson")
    return Job([place.command, "check", str(bodies), "--format", "ndjson", "-o", str(output)])


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def _credits(path: Path, column: str) -> tuple[int, int]:
    """How many rows of a CSV file have credits, and their sum."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        index = next(rows).index(column)
        credits = [int(row[index]) for row in rows if row[index]]
    return len(credits), sum(credits)


def _interleaved(jobs: dict[str, Job], repeats: int) -> dict[str, Run]:
    runs: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            runs[name].append(run(job.command, cores=job.cores))
    return {name: Run(median(run.seconds for run in of), max(run.mib for run in of)) for name, of in runs.items()}


def _table(runs: dict[str, Run], rows: int) -> str:
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
