"""Big plans on Spark: ``price`` quotes each combination once and joins it with the plan, ``check`` judges whole bodies.

As a program (``spark-submit``) it prices plan.csv and checks bodies.ndjson.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import broadcast

if TYPE_CHECKING:
    from pyarrow import RecordBatch

    from reapi_rules import RateCard

AXES = ["model", "size", "resolution", "quality", "n"]
VERDICT = "value string, ok boolean, errors array<string>, credits_low bigint, credits bigint, report string"


def price(plan: DataFrame) -> DataFrame:
    """The plan with the columns of reapi-rules quote: verdict, reasons, pixels and credits of each row."""
    marked = plan.withColumn("_has_images", plan["image_urls"].isNotNull())
    combinations = marked.select(*AXES, "_has_images").distinct().collect()
    titles, quoted = _quoted([tuple(row) for row in combinations])
    rows = [(*row, *cells) for row, cells in zip(combinations, quoted)]
    kinds = [*(f"{name} string" for name in AXES), "_has_images boolean", *(f"{title} string" for title in titles)]
    answers = broadcast(plan.sparkSession.createDataFrame(rows, ", ".join(kinds)))
    same = [marked[name].eqNullSafe(answers[name]) for name in (*AXES, "_has_images")]
    return marked.join(answers, same, "left").select(*(marked[name] for name in plan.columns), *titles)


def _quoted(combinations: list[tuple[Any, ...]]) -> tuple[list[str], list[list[str | None]]]:
    """Our columns, and what they say of each combination."""
    with TemporaryDirectory() as folder:
        asked, answered = Path(folder, "combinations.csv"), Path(folder, "priced.csv")
        with asked.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*AXES, "image_urls", "prompt"])
            for *axes, has_images in combinations:
                writer.writerow([*axes, "https://example.com/a.png" if has_images else "", "any prompt"])
        run = subprocess.run([sys.executable, "-m", "reapi_rules", "quote", str(asked), "-o", str(answered), "--quiet"])
        if run.returncode not in (0, 1):  # 1: reAPI would reject some
            raise SystemExit(run.returncode)
        with answered.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            titles = [title for title in rows.fieldnames or () if title.startswith("reapi_")]
            return titles, [[row[title] or None for title in titles] for row in rows]


def check(bodies: DataFrame, rates: RateCard | None = None) -> DataFrame:
    """Request bodies, a JSON text each in the column value, with what the engine says of them."""

    def judge(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        from pyarrow import RecordBatch

        from reapi_rules import preflight
        from reapi_rules.catalog.catalog import built_in

        catalog = built_in()  # the rules, once for all batches of the partition
        for batch in batches:
            values = batch.column("value").to_pylist()
            reports = [preflight(value, rates=rates, catalog=catalog) for value in values]
            quotes = [report.quote for report in reports]
            yield RecordBatch.from_pydict(
                {
                    "value": values,
                    "ok": [report.ok for report in reports],
                    "errors": [[error.rule for error in report.errors] for report in reports],
                    "credits_low": [None if quote is None else quote.credits_low for quote in quotes],
                    "credits": [None if quote is None else quote.credits for quote in quotes],
                    "report": [report.to_json().decode() for report in reports],
                }
            )

    return bodies.select("value").mapInArrow(judge, VERDICT)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    spark = SparkSession.builder.appName("a big plan").getOrCreate()
    plan = spark.read.csv("plan.csv", header=True, escape='"', multiLine=True)
    price(plan).write.parquet("quoted")
    check(spark.read.text("bodies.ndjson")).write.parquet("verdicts")
    spark.stop()
