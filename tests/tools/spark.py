"""The recipes for Spark on many rows: ``python -m tests.tools.spark [--rows N] [--master local[2]]``.

All combinations of all models, each in as many rows as it takes, go through ``price`` and as whole bodies through ``check``
of ``docs/examples/big_plan_spark.py``.  The script fails if a row is lost, or differs from the engine in its verdict,
rules, pixels or credits.  Without pyspark or java it says so and passes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from reapi_rules import RateCard, Report, preflight
from reapi_rules.catalog.catalog import built_in
from tests.support.examples import EXAMPLES, example

__all__ = ["AXES", "Axes", "Said", "body", "combinations", "main", "missing", "newest", "run", "said"]

IMAGE = "https://cdn.example.com/a.png"
AXES: dict[str, tuple[str | None, ...]] = {
    "model": (None, *built_in().models),
    "size": (None, "1:1", "16:9", "9:16", "21:9", "3:2", "auto", "1024x1024", "1000x1400", "7:5"),
    "resolution": (None, "1k", "2k", "4k", "2K", "8k"),
    "quality": (None, "auto", "low", "medium", "high", "superb"),
    "n": (None, "1", "4", "5", "2.5"),
    "image_urls": (None, IMAGE),
}
_ROLES = {"size": "shape", "resolution": "tier", "quality": "quality", "n": "number", "image_urls": "references"}
_FIGURES = ("width", "height", "credits", "credits_low")
_SAID = "ok boolean, width bigint, height bigint, credits bigint, credits_low bigint, rules array<string>"

Axes = tuple[str | None, ...]
Said = tuple[Any, ...]


def combinations() -> Iterator[Axes]:
    """Every combination of models and words, allowed or not."""
    return itertools.product(*AXES.values())


def body(axes: Axes, prompt: str = "any prompt") -> dict[str, Any]:
    """The request that a row plans, under the names of its model's fields."""
    cells = dict(zip(AXES, axes))
    model = built_in().models[cells.pop("model") or built_in().default_model]
    given: dict[str, Any] = {"model": model.id, "prompt": prompt}
    for name, cell in cells.items():
        field = model.roles.get(_ROLES[name], name)  # type: ignore[call-overload]
        if cell is not None:
            is_list = name == "image_urls" and (field not in model.fields or model.fields[field].kind == "urls")
            given[field] = json.loads(cell) if name == "n" else [cell] if is_list else cell
    return given


def said(report: Report) -> Said:
    """The verdict, the pixels, the price and the rules that are broken."""
    quote, dimensions = report.quote, report.dimensions
    pixels = (None, None) if dimensions is None else (dimensions.width, dimensions.height)
    prices = (None, None) if quote is None else (quote.credits, quote.credits_low)
    return report.ok, *pixels, *prices, [error.rule for error in report.errors]


def newest() -> list[RateCard]:
    """The built-in cards, of which the newest counts, in this process and in others."""
    return [RateCard.load(path) for path in (EXAMPLES.parents[1] / "data" / "rates").iterdir()]


def missing() -> str | None:
    """What it needs and can't find here."""
    if shutil.which("java") is None:
        return "needs java, version 17 or later"
    modules = [name for name in ("pyspark", "pandas", "pyarrow") if find_spec(name) is None]
    return f"needs {', '.join(modules)}: pip install '.[spark]'" if modules else None


def run(rows: int, master: str) -> list[str]:
    """Both recipes on so many rows; a line on each."""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    from pyspark.sql import SparkSession

    recipes, cards = example("big_plan_spark"), newest()
    builder = SparkSession.builder.appName("reapi-rules").master(master).config("spark.ui.enabled", "false")
    builder = builder.config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
    spark = (
        builder.config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    try:
        every = list(combinations())
        table = [
            (at, *axes, json.dumps(body(axes, "no. @")), *said(preflight(body(axes), rates=cards)))
            for at, axes in enumerate(every[:: max(1, -(-len(every) // rows))])
        ]
        kinds = "combination bigint, " + ", ".join(f"{name} string" for name in AXES) + f", body string, {_SAID}"
        spark.createDataFrame(table, kinds).createOrReplaceTempView("combinations")
        spark.sql(
            f"SELECT /*+ BROADCAST(combinations) */ combinations.*, id AS row FROM range({rows})"
            f" JOIN combinations ON combination = id % {len(table)}"
        ).createOrReplaceTempView("rows")
        plan = spark.sql(f"SELECT combination, {', '.join(AXES)} FROM rows")
        return [
            _compared("price", recipes.price(plan), _PRICED, rows),
            _compared("check", recipes.check(spark.sql(_BODIES)), _CHECKED, rows),
        ]
    finally:
        spark.stop()


_PRICED = f"""
    SELECT count(*) AS rows, count_if(NOT (
        (reapi_verdict <> 'rejected') <=> ok
        AND {" AND ".join(f"CAST(reapi_{name} AS BIGINT) <=> {name}" for name in _FIGURES)}
        AND transform(split(coalesce(reapi_errors, ''), ' [|] '), error -> split(error, '[ :]')[0])
            <=> if(size(rules) = 0, array(''), rules)
    )) AS wrong
    FROM (SELECT combination, reapi_verdict, reapi_errors, {", ".join(f"reapi_{name}" for name in _FIGURES)} FROM found)
    JOIN (SELECT combination, ok, rules, {", ".join(_FIGURES)} FROM combinations) USING (combination)
"""
_BODIES = "SELECT replace(body, '@', concat(combination, '.', row)) AS value FROM rows"
_CHECKED = """
    SELECT count(*) AS rows, count_if(NOT (
        found.ok <=> said.ok AND found.errors <=> said.rules
        AND found.credits <=> said.credits AND found.credits_low <=> said.credits_low
        AND get_json_object(report, '$.dimensions.width') <=> CAST(said.width AS STRING)
    )) AS wrong
    FROM found JOIN combinations AS said
        ON CAST(regexp_extract(value, 'no. ([0-9]+)', 1) AS BIGINT) = said.combination
"""


def _compared(name: str, found: Any, question: str, rows: int) -> str:
    """How long a recipe took with the comparison; AssertionError where a row is lost or wrong."""
    start = time.monotonic()
    found.createOrReplaceTempView("found")
    ((count, wrong),) = found.sparkSession.sql(question).collect()
    assert (count, wrong) == (rows, 0), f"{name}: {wrong} of {count} rows differ from the engine, {rows} were asked for"
    seconds = time.monotonic() - start
    return f"{name}: {count:,} rows in {seconds:.0f} s, all equal to the engine"


def main(words: Sequence[str] | None = None) -> int:
    """Print what each recipe did."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.spark", description="Try the recipes for Spark.")
    parser.add_argument("--rows", type=int, default=200_000, help="how many rows (200,000)")
    parser.add_argument("--master", default="local[2]", help="such as local[2] or local-cluster[2,1,1024]")
    arguments = parser.parse_args(words)
    if lacking := missing():
        sys.stdout.write(f"skipped: {lacking}\n")
        return 0
    for line in run(arguments.rows, arguments.master):
        sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
