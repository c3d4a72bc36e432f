"""One sheet for every model: each row under the names, words and prices of its own, and totals that add up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from reapi_rules.sheets.meaning.columns import column_names, find_columns
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.results.totals import Totals
from tests.support.command import Run
from tests.support.oracle import oracle_report
from tests.support.oracle_models import FIELDS, MODELS, OFFICIAL, WITHOUT_RULES
from tests.support.vector_cases import CARDS

HEADER = ["model", "prompt", "size", "resolution", "quality", "n", "reference"]
ROLES = ("prompt", "shape", "tier", "quality", "number", "references")
USUAL = dict(zip(ROLES, ("prompt", "size", "resolution", "quality", "n", "image_urls")))
IMAGE = "https://a.example/1.png"
CARD = CARDS["reapi-2026-07-28"]
OURS = [column.name for column in column_names().results]

Cells = tuple[str, ...]


def rows_of(model: str) -> Iterator[Cells]:
    """Every word of a model's shape, tier and quality, with what is left out, a number of images and references."""
    words = {field.role: field.words for field in FIELDS[model].values() if field.role}
    for shape, tier in product(("", *words.get("shape", ()), "16:9"), ("", *words.get("tier", ()))):
        for quality, n, image in product(("", *words.get("quality", ())), ("", "2"), ("", IMAGE)):
            yield model, "a red fox", shape, tier, quality, n, image
    yield model, "a red fox", "", "", "low", "3", ""  # a quality, whether there is one or not
    yield model, "", "16:9", "", "", "", ""
    yield model, "a red fox", "16:9", "9k", "", "", ""


def body_of(row: Cells) -> dict[str, Any]:
    """What the row asks for, by the oracle's own names of the model's fields."""
    model, *cells = row
    names = {field.role: name for name, field in FIELDS.get(model, {}).items()}
    body: dict[str, Any] = {"model": model}
    for role, cell in zip(ROLES, cells):
        if cell:
            name = names.get(role, USUAL[role])
            is_list = role == "references" and not (role in names and FIELDS[model][name].kind == "url")
            body[name] = int(cell) if role == "number" else [cell] if is_list else cell
    return body


ROWS = [*(row for model in MODELS for row in rows_of(model)), *((model, "a red fox", "16:9", "", "", "", "") for model in WITHOUT_RULES)]  # fmt: skip


@pytest.fixture(scope="module")
def expected_reports() -> list[dict[str, Any]]:
    """What the oracle says of each row."""
    return [oracle_report(body_of(row), cards=[CARD]) for row in ROWS]


def test_each_row_is_what_its_model_makes_of_it(expected_reports: list[dict[str, Any]]) -> None:
    quoter = Quoter(find_columns(HEADER))
    for number, (row, expected) in enumerate(zip(ROWS, expected_reports), 2):
        found = quoter.result(Row(number, row))
        assert found is not None
        cells = dict(zip(OURS, found.cells))
        quote = expected["quote"] or {}
        assert (cells["reapi_verdict"] == "rejected") is not expected["ok"], row
        for name in ("credits", "credits_low", "usd", "basis", "cell"):
            assert cells[f"reapi_{name}"] == quote.get(name), (row, name)
        for column, findings in (("reapi_errors", expected["errors"]), ("reapi_warnings", expected["warnings"])):
            rules = [finding["rule"] for finding in findings if finding["level"] != "note"]
            assert [
                text.partition(":")[0].partition(" (column")[0]
                for text in str(cells[column] or "").split(" | ")
                if text
            ] == rules, row


def test_totals_are_exact(expected_reports: list[dict[str, Any]]) -> None:
    quoter, totals = Quoter(find_columns(HEADER)), Totals()
    for number, row in enumerate(ROWS, 2):
        found = quoter.result(Row(number, row))
        assert found is not None
        totals.add(found.report.quote)
    quotes = [report["quote"] for report in expected_reports if report["ok"]]
    priced = [quote for quote in quotes if quote["credits"] is not None]
    assert totals.requests == len(ROWS)
    assert totals.rejected == len(ROWS) - len(quotes)
    assert totals.unpriced == len(quotes) - len(priced) > len(WITHOUT_RULES)
    assert totals.credits == sum(quote["credits"] for quote in priced)
    assert totals.credits_low == sum(quote["credits_low"] for quote in priced) < totals.credits


@pytest.mark.parametrize("suffix", ("csv", "xlsx", "ndjson"))
def test_the_command_line_says_the_same(run: Run, tmp_path: Path, suffix: str) -> None:
    if suffix == "xlsx":
        pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")
        pytest.importorskip("python_calamine", reason="needs python-calamine: pip install '.[test-all]'")
    rows = [row for row in ROWS if row[2] in ("", "16:9") and not row[6]]
    expected = [oracle_report(body_of(row), cards=[CARD]) for row in rows]
    plan, output = tmp_path / "plan.csv", tmp_path / f"out.{suffix}"
    with plan.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    result = run("quote", str(plan), "-o", str(output), *(("--rows",) if suffix == "ndjson" else ()))
    credits, low = (sum((report["quote"] or {}).get(name) or 0 for report in expected) for name in ("credits", "credits_low"))  # fmt: skip
    rejected = sum(not report["ok"] for report in expected)
    unpriced = sum(report["ok"] and report["quote"]["credits"] is None for report in expected)
    assert result.code == 1
    assert result.err.splitlines()[-4] == (
        f"{len(rows)} requests, {rejected} rejected, {low} to {credits} credits ({credits / 1000:.3f} USD), {unpriced} without a price"
    )
    again = run("quote", str(output), "--by", "model", "--format", "json")
    assert again.code in (0, 1), again.err
    by_model = {group["group"]: group for group in json.loads(again.out)}
    if suffix != "ndjson":  # the keys of bodies are names of fields and not titles
        for model in MODELS:
            own = [report["quote"] for row, report in zip(rows, expected) if row[0] == model and report["quote"]]
            assert by_model[model]["credits"] == sum(quote["credits"] or 0 for quote in own)


@pytest.mark.parametrize(
    ("row", "note"),
    (
        ("wan2.7-image,1,true", "price.not_published: "),
        ("gemini-3-pro-image-preview,1,", "price.uncertain_default: "),
        ("flux-2,,", None),
    ),
)
def test_why_a_price_is_not_exact_is_said(run: Run, row: str, note: str | None) -> None:
    result = run("quote", "-", "--from", "csv", stdin=f"model,n,enable_sequential\n{row}\n".encode())
    (found,) = csv.DictReader(io.StringIO(result.out))
    assert found["reapi_notes"].startswith(note) if note else found["reapi_notes"] == ""


class TestIdsWithoutRules:
    PLAN = b"model,size,n\nmidjourney,16:9,\nMJ-V7,,2\ngpt-image-2,1:1,1\n"

    def test_are_accepted_and_have_no_price(self, run: Run) -> None:
        result = run("quote", "-", "--from", "csv", stdin=self.PLAN)
        assert result.code == 0
        first, second, third = csv.DictReader(io.StringIO(result.out))
        for row in (first, second):
            assert (row["reapi_verdict"], row["reapi_basis"], row["reapi_credits"]) == ("no price", "unknown", "")
            assert row["reapi_warnings"].startswith("model.no_rules: ")
        assert second["reapi_notes"].startswith('cell.spelling: the model "MJ-V7" is read as mj-v7')
        assert third["reapi_credits"] == "30"
        assert "3 requests, 0 rejected, 30 credits (0.030 USD), 2 without a price" in result.err

    def test_count_as_without_a_price_wherever_prices_are_summed(self, run: Run, tmp_path: Path) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_bytes(self.PLAN)
        assert run("quote", str(plan), "--require-price").code == 3
        assert "2 requests without a price" in run("quote", str(plan), "--require-price").err
        assert "row 2 has no price" in run("quote", str(plan), "--max-credits", "100").err
        by_model = json.loads(run("quote", str(plan), "--by", "model", "--format", "json").out)
        assert [(group["group"], group["unpriced"], group["credits"]) for group in by_model] == [
            ("midjourney", 1, None),
            ("mj-v7", 1, None),
            ("gpt-image-2", 0, 30),
        ]
        diff = run("rates", "diff", "reapi-2026-07", "reapi-2026-07-28", str(plan), "--format", "json")
        assert json.loads(diff.out)["plan"]["after"]["unpriced"] == 2
        assert "2 without a price" in run("quote", str(plan), "--set", "n=1").err

    @pytest.mark.parametrize(("words", "code"), (((), 0), (("--strict",), 1)))
    def test_check_is_strict_on_request(self, run: Run, words: tuple[str, ...], code: int) -> None:
        result = run("check", "-", "--from", "csv", *words, stdin=b"model\nmidjourney\n")
        assert result.code == code
        verdict = "accepted, but FAILS for its warnings" if words else "accepted"
        assert result.out.splitlines()[:2] == [f"row 2: {verdict}", "  midjourney, no price"]
        body = json.dumps({"model": "midjourney", "prompt": 5}).encode()
        assert run("check", "-", *words, stdin=body).code == code


def test_one_model_as_the_default(run: Run) -> None:
    """A blank model cell is the default model, whatever stands in the other rows."""
    result = run("quote", "-", "--from", "csv", stdin=b"model,size,quality\n,16:9,low\nflux-2,16:9,\n")
    assert [row["reapi_cell"] for row in csv.DictReader(io.StringIO(result.out))] == ["16:9@1k_low", "1K"]
    assert OFFICIAL in run("check", "-", "--from", "csv", stdin=b"model,size\n,16:9\n").out
