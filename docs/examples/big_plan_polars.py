"""A big plan in polars: each combination in it is quoted once, and joined with the plan.

The plan has the columns model, size, resolution, quality, n and image_urls, all of them text, and any others.  As a
program it reads plan.csv and writes quoted.csv.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

AXES = ["model", "size", "resolution", "quality", "n", "_has_images"]


def price(plan: pl.LazyFrame) -> pl.LazyFrame:
    """The plan with the columns of reapi-rules quote: verdict, reasons, pixels and credits of each row."""
    marked = plan.with_columns(_has_images=pl.col("image_urls").is_not_null())
    combinations = marked.select(AXES).unique().collect()
    answers = combinations.hstack(_quoted(combinations)).lazy()
    return marked.join(answers, on=AXES, how="left", nulls_equal=True, maintain_order="left").drop("_has_images")


def _quoted(combinations: pl.DataFrame) -> pl.DataFrame:
    """What reapi-rules says of each combination, in their order."""
    rows = combinations.select(
        *AXES[:-1],
        image_urls=pl.when("_has_images").then(pl.lit("https://example.com/a.png")),
        prompt=pl.lit("any prompt"),
    )
    with TemporaryDirectory() as folder:
        asked, answered = Path(folder, "combinations.csv"), Path(folder, "priced.csv")
        rows.write_csv(asked)
        quote = [sys.executable, "-m", "reapi_rules", "quote", asked, "-o", answered, "--quiet"]
        run = subprocess.run(quote)
        if run.returncode not in (0, 1):  # 1: reAPI would reject some
            raise SystemExit(run.returncode)
        return pl.read_csv(answered, infer_schema=False).select(pl.col("^reapi_.*$"))


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    price(pl.scan_csv("plan.csv", infer_schema=False)).sink_csv("quoted.csv")
