"""A big plan in polars: ``price`` joins it with the table of prices, ``judge`` asks the engine itself.

The plan has the columns size, resolution, quality, n and image_urls, all of them text, and any others.  As a program it
reads plan.csv and writes quoted.csv.
"""

from __future__ import annotations

import argparse
from typing import Any

import polars as pl
from msgspec.structs import asdict

from reapi_rules import InvalidRequestError, quote
from reapi_rules.prices.table import prices


def price(plan: pl.LazyFrame) -> pl.LazyFrame:
    """The plan with width, height and credits; null where the table has no such combination."""
    rows = [asdict(row) for row in prices((1, 2, 3, 4))]
    columns = {"_size": "size", "_resolution": "resolution", "_quality": "quality", "_n": pl.col("n").cast(pl.String)}
    table = pl.LazyFrame(rows, infer_schema_length=None).select("width", "height", "credits", **columns)
    shape = pl.when(pl.col("image_urls").is_null()).then(pl.lit("1:1")).otherwise(pl.lit("auto"))
    filled = plan.with_columns(
        _size=pl.col("size").fill_null(shape),
        _resolution=pl.col("resolution").fill_null("1k").str.replace("K", "k", literal=True),
        _quality=pl.col("quality").fill_null("auto"),
        _n=pl.col("n").fill_null("1"),
    )
    return filled.join(table, on=list(columns), how="left", maintain_order="left").drop(list(columns))


def judge(plan: pl.LazyFrame) -> pl.LazyFrame:
    """The plan with credits_low, credits and errors, pixel strings too; each combination is asked once."""
    marked = plan.with_columns(_images=pl.col("image_urls").is_not_null())
    axes = ["size", "resolution", "quality", "n", "_images"]
    combinations = marked.select(axes).unique().collect().rows()
    answers = pl.LazyFrame(
        [(*combination, *_answer(*combination)) for combination in combinations],
        schema={
            **marked.select(axes).collect_schema(),
            "credits_low": pl.Int64,
            "credits": pl.Int64,
            "errors": pl.String,
        },
        orient="row",
    )
    return marked.join(answers, on=axes, how="left", nulls_equal=True, maintain_order="left").drop("_images")


def _answer(size: Any, resolution: Any, quality: Any, n: Any, has_images: bool) -> tuple[int | None, int | None, str]:
    number = int(n) if n and n.isascii() and n.isdigit() else n
    try:
        cost = quote(size=size, resolution=resolution, quality=quality, n=number, has_images=has_images)
    except InvalidRequestError as rejected:
        return None, None, str(rejected)
    return cost.credits_low, cost.credits, ""


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    price(pl.scan_csv("plan.csv", infer_schema=False)).sink_csv("quoted.csv")
