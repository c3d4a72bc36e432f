"""Plans too big for a sheet: what SQL engines make of the exported table is what the engine says, on everything finite."""

from __future__ import annotations

import csv
import re
import runpy
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import pytest

from reapi_rules import preflight
from reapi_rules.cli import main
from reapi_rules.prices.table import prices
from tests.support.examples import example, need
from tests.support.oracle import OFFICIAL, SIBLING
from tests.support.sheets import OURS
from tests.tools.spark import AXES, Axes, Said, body, combinations, missing, newest, run, said

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CARDS = newest()


@cache
def expected() -> dict[Axes, Said]:
    """What the engine says of each combination."""
    return {axes: said(preflight(body(axes), rates=CARDS)) for axes in combinations()}


def of_row(row: Mapping[str, str | None]) -> Said:
    """The same of a row of quoted.csv."""
    figures = (row[f"reapi_{name}"] for name in ("width", "height", "credits", "credits_low"))
    errors = (row["reapi_errors"] or "").split(" | ")
    rules = [re.split("[ :]", error)[0] for error in errors if error]
    return row["reapi_verdict"] != "rejected", *(int(figure) if figure else None for figure in figures), rules


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is empty."""
    monkeypatch.chdir(tmp_path)


def planned() -> list[Axes]:
    """The cells of plan.csv, row by row."""
    with open("plan.csv", encoding="utf-8", newline="") as file:
        return [tuple(row[name] or None for name in AXES) for row in csv.DictReader(file)]


def quoted() -> dict[Axes, Said]:
    """What quoted.csv says by the cells of the plan; an engine may change the order of the rows."""
    with open("quoted.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {tuple(row[name] or None for name in AXES): of_row(row) for row in rows}


def join() -> None:
    """The recipe of DuckDB, step by step."""
    import duckdb

    connection = duckdb.connect()
    connection.execute((EXAMPLES / "big_plan_combinations.sql").read_text("utf-8"))
    quote = [sys.executable, "-m", "reapi_rules", "quote", "combinations.csv", "-o", "priced.csv"]
    assert subprocess.run(quote, capture_output=True).returncode == 1  # reAPI would reject some
    connection.execute((EXAMPLES / "big_plan.sql").read_text("utf-8"))


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

    @pytest.mark.parametrize("module", ("pyarrow", "pyarrow.parquet"))
    def test_without_pyarrow_one_line_says_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], module: str
    ) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        path = tmp_path / "prices.parquet"
        assert main(["export", "prices", "-o", str(path)]) == 2
        assert capfd.readouterr().err == (
            'reapi-rules: this needs pyarrow: in your clone, run pip install ".[parquet]" (or pipx install --force ".[parquet]")\n'
        )
        assert not path.exists()


class TestDuckDB:
    def test_all_combinations_of_all_models_and_the_plan_of_five_million_rows_made_smaller(self) -> None:
        need("duckdb")
        import duckdb

        rows = (EXAMPLES / "big_plan_rows.sql").read_text("utf-8")
        assert "range(5_000_000)" in rows
        duckdb.connect().execute(rows.replace("range(5_000_000)", "range(58_368)"))
        plan = {*planned()}
        assert len(plan) == 58_368
        assert {axes[0] for axes in plan} == set(AXES["model"])
        with open("plan.csv", "a", encoding="utf-8", newline="") as file:
            others = (("fox", "", *axes) for axes in expected() if axes not in plan)
            csv.writer(file, lineterminator="\n").writerows(others)
        join()
        beyond = {axes: said(preflight(body(axes), rates=CARDS)) for axes in plan - expected().keys()}
        assert quoted() == expected() | beyond

    def test_what_a_cell_of_a_sheet_may_not_be_as_it_is(self) -> None:
        """A cell that is guarded in CSV, an empty text and a missing one are joined with their own row."""
        need("duckdb")
        cells = ("=1+1", "-1", "@a", "'a", '"', "a\nb", "", " ")
        with open("plan.csv", "w", encoding="utf-8", newline="") as file:
            rows = [("gpt-image-2", cell, "1k", "", "1", "") for cell in cells]
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([tuple(AXES), *rows])
        join()
        with open("quoted.csv", encoding="utf-8", newline="") as file:
            found = {row["size"]: row["reapi_verdict"] == "rejected" for row in csv.DictReader(file)}
        assert found == {cell: bool(cell.strip()) for cell in cells}


class TestPolars:
    def test_all_combinations_of_all_models(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As a program; and as a function, which gives what the program writes."""
        need("polars")
        import polars as pl

        with open("plan.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("asset", *AXES), *(("fox", *axes) for axes in expected())])
        monkeypatch.setattr(sys, "argv", ["big_plan_polars.py"])
        runpy.run_path(str(EXAMPLES / "big_plan_polars.py"), run_name="__main__")
        assert quoted() == expected()
        written = pl.read_csv("quoted.csv", infer_schema=False)
        assert written.columns == ["asset", *AXES, *OURS]
        assert written.select(*AXES).rows() == planned() == list(expected())
        plan = pl.scan_csv("plan.csv", infer_schema=False).gather_every(97)
        assert example("big_plan_polars").price(plan).collect().equals(written.gather_every(97))


class TestSpark:
    """200,000 rows are a step of their own: ``python -m tests.tools.spark``."""

    def test_join_and_full_verdicts(self) -> None:
        if lacking := missing():
            pytest.skip(lacking)
        assert len(run(2_000, "local[1]")) == 2


class TestThePage:
    def test_shows_the_examples_whole(self) -> None:
        text = (EXAMPLES.parent / "big-plans.md").read_text("utf-8")
        blocks = re.findall(r"^```(?:py|sql)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        code = [path.read_text("utf-8") for path in EXAMPLES.glob("big_plan*")]
        assert blocks
        for block in blocks:
            assert any(block in each for each in code), block
        assert [path.name for path in EXAMPLES.glob("big_plan*") if f"examples/{path.name}" not in text] == []
