"""CSV through real LibreOffice Calc with "Detect special numbers" on, twice, in four locales: the answers stay."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.support.calc import LANGUAGES, Calc, needs_calc
from tests.support.examples import CAMPAIGN
from tests.support.sheets import OURS, quoted

RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "2:1", "1:2", "21:9", "9:21")


def answers(content: bytes) -> list[list[str]]:
    """Our cells of each row that plans something, without notes on how it was read, errors by their rules alone."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    kept = [name for name in OURS if name not in ("reapi_notes", "reapi_errors")]
    errors = [[text.partition(":")[0] for text in row["reapi_errors"].split(" | ")] for row in rows]
    return [[*rules, *(row[name] for name in kept)] for row, rules in zip(rows, errors) if row["reapi_verdict"]]


@needs_calc
@pytest.mark.parametrize("language", LANGUAGES)
def test_twice_through_calc(calc: Calc, tmp_path: Path, language: str) -> None:
    """Every ratio, as the csv module writes it and all in quotes, and the campaign of the docs."""
    plain, all_quoted, campaign = plans = [tmp_path / name for name in ("plain.csv", "quoted.csv", "campaign.csv")]
    table = [["size", "resolution", "n"], *([ratio, "1k", n] for ratio in RATIOS for n in (1, 3))]
    for path, quoting in ((plain, csv.QUOTE_MINIMAL), (all_quoted, csv.QUOTE_ALL)):
        with open(path, "w", newline="") as file:
            csv.writer(file, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    campaign.write_bytes(CAMPAIGN.read_bytes())
    expected = [answers(quoted(path.read_bytes())) for path in plans]
    for turn in (1, 2):
        saved = calc.save_csv(*plans, language=language, into=f"{language}-{turn}")
        assert not any(
            f"\n{ratio}," in saved[0].read_text() for ratio in RATIOS if ratio != "9:16"
        )  # Calc took them for times
        after = [quoted(path.read_bytes()) for path in saved]
        assert [answers(content) for content in after] == expected
        for path, content in zip(plans, after):
            path.write_bytes(content)
