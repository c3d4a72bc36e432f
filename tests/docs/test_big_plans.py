"""Plans too big for a sheet: what SQL engines make of the exported table is what the engine says, on everything finite."""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reapi_rules import RateCard, Report, preflight
from reapi_rules.cli import main
from reapi_rules.prices.table import prices
from tests.benchmarks.bodies import mix
from tests.support.examples import example, need
from tests.support.oracle import OFFICIAL, QUALITIES, SIBLING, SIZE_WORDS

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
IMAGE = "https://cdn.example.com/a.png"
AXES = {
    "size": (None, *SIZE_WORDS, "1024x1024", "16:09", "7:5", "AUTO", "16:9 "),
    "resolution": (None, "1k", "2k", "4k", "1K", "2K", "4K", "8k", "2\u212a"),  # the last is the Kelvin sign
    "quality": (None, *QUALITIES, "hd", "High"),
    "n": (None, "1", "2", "3", "4", "0", "5", "2.5", "two"),
    "image_urls": (None, IMAGE),
}

Axes = tuple[str | None, ...]


@cache
def expected() -> dict[Axes, Report]:
    """What the engine says of each combination."""
    return {axes: preflight(body(axes)) for axes in itertools.product(*AXES.values())}


def body(axes: Axes, model: str = OFFICIAL) -> dict[str, Any]:
    """The request that a row plans."""
    given: dict[str, Any] = {name: cell for name, cell in zip(AXES, axes) if cell is not None}
    if (given.get("n") or "x")[0].isdigit():
        given["n"] = json.loads(given["n"])
    if "image_urls" in given:
        given["image_urls"] = [given["image_urls"]]
    return {"model": model, "prompt": "a fox", **given}


def joined(report: Report) -> tuple[int | None, int | None, int | None]:
    """Width, height and credits as the table has them: nothing for what is rejected, and for pixel strings."""
    if report.dimensions is None or report.quote is None or is_pixels(report):
        return None, None, None
    return report.dimensions.width, report.dimensions.height, report.quote.credits


def is_pixels(report: Report) -> bool:
    return report.effective is not None and "x" in (report.effective["size"] or "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with plan.csv, of all combinations, and prices.parquet; it is the current one."""
    need("pyarrow")
    monkeypatch.chdir(tmp_path)
    assert main(["export", "prices", "--n", "1", "2", "3", "4", "-o", "prices.parquet"]) == 0
    with open("plan.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("asset", *AXES), *(("fox", *axes) for axes in expected())])
    return tmp_path


def quoted(*more: str) -> dict[Axes, tuple[int | None, ...]]:
    """Width, height and credits of quoted.csv by the cells of the plan; an engine may change the order of the rows."""
    with open("quoted.csv", encoding="utf-8", newline="") as file:
        return {
            tuple(row[name] or None for name in (*more, *AXES)): tuple(
                int(row[name]) if row[name] else None for name in ("width", "height", "credits")
            )
            for row in csv.DictReader(file)
        }


class TestParquet:
    @pytest.mark.parametrize(("model", "counts"), ((OFFICIAL, (1, 4)), (OFFICIAL, ()), (SIBLING, (1,))))
    def test_is_the_table_with_its_types(self, model: str, counts: tuple[int, ...], tmp_path: Path) -> None:
        need("pyarrow")
        from pyarrow import parquet

        path = str(tmp_path / "prices.parquet")
        words = ("--n", *map(str, counts)) if counts else ()
        assert main(["export", "prices", "--model", model, *words, "-o", path]) == 0
        table = parquet.read_table(path)
        rows = [msgspec.structs.asdict(row) for row in prices(counts, model=model)]
        assert table.to_pylist() == [{name: row[name] for name in table.column_names} for row in rows]
        assert table.column_names == [name for name in rows[0] if counts or name not in ("n", "credits")]
        numbers = {"width", "height", "usd_picos", "usd_micros", "n", "credits"}
        assert {name: str(table.schema.field(name).type) for name in table.column_names} == {
            name: "int64" if name in numbers else "string" for name in table.column_names
        }

    def test_to_standard_output(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        need("pyarrow")
        assert main(["export", "prices", "--format", "parquet"]) == 0
        assert capfdbinary.readouterr().out.startswith(b"PAR1")

    def test_without_pyarrow_one_line_says_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        path = tmp_path / "prices.parquet"
        assert main(["export", "prices", "-o", str(path)]) == 2
        assert capfd.readouterr().err == (
            'reapi-rules: this needs pyarrow: in your clone, run pip install ".[parquet]" (or pipx install --force ".[parquet]")\n'
        )
        assert not path.exists()


class TestDuckDB:
    def test_all_combinations(self, folder: Path) -> None:
        need("duckdb")
        import duckdb

        duckdb.connect().execute((EXAMPLES / "big_plan.sql").read_text("utf-8"))
        assert quoted() == {axes: joined(report) for axes, report in expected().items()}

    def test_both_models(self, folder: Path) -> None:
        """As the page says: two tables put together, joined on model, and on quality where the table has one."""
        need("duckdb")
        import duckdb

        assert main(["export", "prices", "--model", SIBLING, "--n", "1", "-o", "other.parquet"]) == 0
        plan = {
            (model, *axes): joined(preflight(body(axes, model))) for model in (OFFICIAL, SIBLING) for axes in expected()
        }
        with open("plan.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("model", *AXES), *plan])
        quality = "prices.quality = coalesce(plan.quality, 'auto')"
        sql = (EXAMPLES / "big_plan.sql").read_text("utf-8")
        sql = sql.replace("'prices.parquet'", "['prices.parquet', 'other.parquet']")
        sql = sql.replace(quality, f"prices.model = plan.model AND (prices.quality IS NULL OR {quality})")
        assert f"(prices.quality IS NULL OR {quality})" in (EXAMPLES.parent / "big-plans.md").read_text("utf-8")
        duckdb.connect().execute(sql)
        assert quoted("model") == plan

    def test_the_plan_of_five_million_rows_made_smaller(self, folder: Path) -> None:
        need("duckdb")
        import duckdb

        rows = (EXAMPLES / "big_plan_rows.sql").read_text("utf-8")
        assert "range(5_000_000)" in rows
        connection = duckdb.connect()
        connection.execute(rows.replace("range(5_000_000)", "range(3_072)"))
        connection.execute((EXAMPLES / "big_plan.sql").read_text("utf-8"))
        with open("plan.csv", encoding="utf-8", newline="") as file:
            plan = [tuple(row[name] or None for name in AXES) for row in csv.DictReader(file)]
        assert len(plan) == 3_072
        assert quoted() == {axes: joined(preflight(body(axes))) for axes in plan}


class TestPolars:
    def test_all_combinations_by_the_table(self, folder: Path) -> None:
        need("polars")
        import polars as pl

        frame = example("big_plan_polars").price(pl.scan_csv("plan.csv", infer_schema=False)).collect()
        assert frame.columns == ["asset", *AXES, "width", "height", "credits"]
        assert frame.select("width", "height", "credits").rows() == [joined(report) for report in expected().values()]

    def test_all_combinations_by_the_engine(self, folder: Path) -> None:
        need("polars")
        import polars as pl

        frame = example("big_plan_polars").judge(pl.scan_csv("plan.csv", infer_schema=False)).collect()
        assert frame.columns == ["asset", *AXES, "credits_low", "credits", "errors"]
        answers = frame.select("credits_low", "credits", "errors").rows()
        assert len(answers) == len(expected())
        for (credits_low, credits, errors), (axes, report) in zip(answers, expected().items()):
            assert (credits_low, credits) == (
                (None, None) if report.quote is None else (report.quote.credits_low, report.quote.credits)
            ), axes
            if axes[3] != "2.5":  # a fraction stays text here; its message is another
                assert errors == "; ".join(error.message for error in report.errors), axes

    def test_as_a_program(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        need("polars")
        monkeypatch.setattr(sys, "argv", ["big_plan_polars.py"])
        runpy.run_path(str(EXAMPLES / "big_plan_polars.py"), run_name="__main__")
        assert quoted() == {axes: joined(report) for axes, report in expected().items()}


class TestSpark:
    """One run of the example as a program, on a local master."""

    def test_join_and_full_verdicts(self, folder: Path) -> None:
        if shutil.which("java") is None:
            pytest.skip("needs java, version 17 or later")
        for module in ("pyspark", "pandas"):
            pytest.importorskip(module, reason=f"needs {module}: pip install '.[spark]'")
        from pyarrow import parquet

        texts = [each.text for each in mix(400) if each.mapping is not None]
        (folder / "bodies.ndjson").write_bytes(b"".join(text + b"\n" for text in texts))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": "--master local[1] --conf spark.ui.enabled=false pyspark-shell",
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        command = [sys.executable, str(EXAMPLES / "big_plan_spark.py")]
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr[-2_000:]

        rows = parquet.read_table("quoted").to_pylist()
        answers = {tuple(row[name] for name in AXES): (row["width"], row["height"], row["credits"]) for row in rows}
        assert len(rows) == len(answers) == len(expected())
        assert answers == {axes: joined(report) for axes, report in expected().items()}

        cards = [RateCard.load(path) for path in (EXAMPLES.parent.parent / "data" / "rates").iterdir()]
        verdicts = {row["value"].encode(): row for row in parquet.read_table("verdicts").to_pylist()}
        assert set(verdicts) == set(texts)
        for text, row in verdicts.items():
            report = preflight(text, rates=cards)  # of which the newest counts, in other processes too
            quote = report.quote
            assert row["ok"] == report.ok
            assert row["errors"] == [error.rule for error in report.errors]
            assert (row["credits_low"], row["credits"]) == (
                (quote.credits_low, quote.credits) if quote else (None, None)
            )
            assert row["report"].encode() == report.to_json()


class TestThePage:
    def test_shows_the_examples_whole(self) -> None:
        text = (EXAMPLES.parent / "big-plans.md").read_text("utf-8")
        blocks = re.findall(r"^```(?:py|sql)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        code = [path.read_text("utf-8") for path in EXAMPLES.glob("big_plan*")]
        assert blocks
        for block in blocks:
            assert any(block in each for each in code), block
        assert [path.name for path in EXAMPLES.glob("big_plan*") if f"examples/{path.name}" not in text] == []
