"""Big plans on Spark: ``price`` joins a plan with the table of prices, ``check`` gives full verdicts on whole bodies.

As a program (``spark-submit``) it prices plan.csv by prices.parquet, and checks bodies.ndjson.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession

if TYPE_CHECKING:
    from pyarrow import RecordBatch

    from reapi_rules import RateCard

PRICE = """
    SELECT /*+ BROADCAST(prices) */ plan.*, prices.width, prices.height, prices.credits
    FROM plan
    LEFT JOIN prices
        ON prices.size = coalesce(plan.size, if(plan.image_urls IS NULL, '1:1', 'auto'))
        AND prices.resolution = translate(coalesce(plan.resolution, '1k'), 'K', 'k')
        AND prices.quality = coalesce(plan.quality, 'auto')
        AND CAST(prices.n AS STRING) = coalesce(plan.n, '1')
"""
VERDICT = "value string, ok boolean, errors array<string>, credits_low bigint, credits bigint, report string"


def price(plan: DataFrame, prices: DataFrame) -> DataFrame:
    """The plan with width, height and credits; null where the table has no such combination."""
    plan.createOrReplaceTempView("plan")
    prices.createOrReplaceTempView("prices")
    return plan.sparkSession.sql(PRICE)


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
    price(plan, spark.read.parquet("prices.parquet")).write.parquet("quoted")
    check(spark.read.text("bodies.ndjson")).write.parquet("verdicts")
    spark.stop()
