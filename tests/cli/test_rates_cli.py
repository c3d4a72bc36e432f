"""The commands around prices: files that come out of them, and machine formats; the rest is in ``transcripts``."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from reapi_rules import RateCard
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.rates import CardId
from reapi_rules.cli.lines import card_line
from reapi_rules.prices.table import prices
from tests.support.command import Run

ROOT = Path(__file__).parents[2]
SAVED = str(ROOT / "docs" / "examples" / "saved-models.html")
CAMPAIGN = str(ROOT / "docs" / "examples" / "campaign.csv")
BODIES = str(Path(__file__).parents[1] / "transcripts" / "bodies.ndjson")
PAGES = Path(__file__).parents[1] / "transcripts" / "pages"


class TestImport:
    def test_the_card_is_a_card(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "card.json"
        done = run("rates", "import", SAVED, "-o", str(path))
        assert (done.code, done.out) == (0, "")
        assert run("rates", "import", SAVED).out == path.read_text()
        assert RateCard.load(path).price("gpt-image-2", "4k").text == "0.09"  # type: ignore[union-attr]
        assert run(
            "quote", "--model", "gpt-image-2", "--size", "2:1", "--resolution", "4k", "--rates", str(path)
        ).out.startswith("90 credits")
        again = tmp_path / "again.json"
        assert run("rates", "import", str(path), "-o", str(again)).code == 0
        assert again.read_bytes() == path.read_bytes()

    def test_a_published_card_is_compared_with_the_other_one(self, run: Run) -> None:
        for card in built_in().cards:
            done = run("rates", "import", str(ROOT / "data" / "rates" / f"{card.id}.json"))
            assert (done.code, json.loads(done.out)) == (0, card.to_dict())
            (other,) = (each.id for each in built_in().cards if each is not card)
            assert f"{other} -> {card.id}: 31 of 130 prices differ" in done.err

    def test_the_prices_of_every_model_with_rules_are_kept(self, run: Run) -> None:
        done = run("rates", "import", SAVED)
        kept = json.loads(done.out)["usd_per_image"]
        assert set(kept) == set(built_in().models)
        assert {name: set(cells) for name, cells in kept.items()} == {
            name: set(model.price_cells()) for name, model in built_in().models.items()
        }
        assert done.err.startswith("130 prices kept, 2 of models without rules skipped\n")
        assert "unknown_cell" not in done.err
        assert "gap" not in done.err

    def test_an_imported_card_is_linted_beside_the_one_before(self, run: Run, tmp_path: Path) -> None:
        (page := tmp_path / "page.json").write_text('{"version": 1785200182468, "skuPrices": {"gpt-image-2:1k": 30}}')
        assert "card.unit_slip: gpt-image-2: about 1000 times the price" in run("rates", "import", str(page)).err

    @pytest.mark.parametrize("language", ("en", "zh"))
    def test_says_what_lint_says_of_the_card(self, run: Run, tmp_path: Path, language: str) -> None:
        words = ("-o", str(tmp_path / "card.json"), "--checked-on", "2020-01-01", "--lang", language)
        said = run("rates", "import", SAVED, *words).err.splitlines()
        findings = run("rates", "lint", str(tmp_path / "card.json"), "--lang", language).out.splitlines()
        assert "card.age: " in " ".join(findings)
        assert [line for line in said if line.startswith("card.")] == findings

    def test_standard_input(self, run: Run) -> None:
        assert run("rates", "import", "-", stdin=Path(SAVED).read_bytes()).out == run("rates", "import", SAVED).out

    @pytest.mark.parametrize("page", sorted(path for path in PAGES.glob("*.html") if path.stem != "good"), ids=str)
    def test_nothing_is_written_where_it_is_refused(self, run: Run, tmp_path: Path, page: Path) -> None:
        old = tmp_path / "old.json"
        old.write_text("old")
        for name in ("new.json", "old.json"):
            done = run("rates", "import", str(page), "-o", str(tmp_path / name))
            assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert [path.name for path in tmp_path.iterdir()] == ["old.json"]
        assert old.read_text() == "old"


class TestMachineFormats:
    def test_lint(self, run: Run) -> None:
        done = run("rates", "lint", str(ROOT / "docs" / "examples" / "my-card.json"), "--format", "json")
        assert done.code == 1
        findings = json.loads(done.out)
        assert [finding["rule"] for finding in findings] == ["card.gap", "card.unit_slip", "card.absent_models"]
        assert findings[1] | {"message": ""} == {
            "rule": "card.unit_slip", "model": "gpt-image-2", "cells": ["1k"], "message": "",
        }  # fmt: skip

    def test_diff(self, run: Run, tmp_path: Path) -> None:
        card = tmp_path / "card.json"
        run("rates", "import", SAVED, "-o", str(card))
        done = run("rates", "diff", "reapi-2026-07-28", str(card), BODIES, "--format", "json")
        assert done.code == 0
        result = json.loads(done.out)
        assert [move["cell"] for move in result["cards"]["moves"]] == ["4k", "16:9@2k_high", "9:16@2k_high"]
        assert result["plan"] == {
            "requests": 3, "rejected": 0, "changed": 1,
            "before": {"credits_low": 89, "credits": 95, "unpriced": 0},
            "after": {"credits_low": 99, "credits": 105, "unpriced": 0},
        }  # fmt: skip
        assert json.loads(run("rates", "diff", str(card), str(card), "--format", "json").out)["plan"] is None

    def test_every_price_that_moved_is_shown_and_of_many_new_ones_the_first(self, run: Run, tmp_path: Path) -> None:
        cards = []
        for name, factor in (("a", 1), ("b", 2)):
            card = built_in().card().to_dict()  # type: ignore[union-attr]
            prices = card["usd_per_image"]["gpt-image-2-official"]
            kept = [cell for cell in prices if cell.startswith("1:1@")]
            more = [cell for cell in prices if cell.startswith("16:9@")] if name == "b" else []
            moved = {cell: f"{factor * (at + 1)}" for at, cell in enumerate((*kept, *more[:7]))}
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(card | {"id": name, "usd_per_image": {"gpt-image-2-official": moved}}))
            cards.append(str(path))
        done = run("rates", "diff", *cards)
        assert done.out.splitlines() == [
            "a -> b: 13 of 13 prices differ",
            "  gpt-image-2-official 1:1@1k_high: 1 -> 2 USD (+100.0 %), 1000 -> 2000 credits",
            "  gpt-image-2-official 1:1@1k_low: 2 -> 4 USD (+100.0 %), 2000 -> 4000 credits",
            "  gpt-image-2-official 1:1@1k_medium: 3 -> 6 USD (+100.0 %), 3000 -> 6000 credits",
            "  gpt-image-2-official 1:1@2k_high: 4 -> 8 USD (+100.0 %), 4000 -> 8000 credits",
            "  gpt-image-2-official 1:1@2k_low: 5 -> 10 USD (+100.0 %), 5000 -> 10000 credits",
            "  gpt-image-2-official 1:1@2k_medium: 6 -> 12 USD (+100.0 %), 6000 -> 12000 credits",
            "  gpt-image-2-official: 7 new: 16:9@1k_high, 16:9@1k_low, 16:9@1k_medium, 16:9@2k_high, 16:9@2k_low, "
            "16:9@2k_medium and 1 more",
        ]

    def test_advise(self, run: Run) -> None:
        lines = [json.loads(line) for line in run("advise", BODIES, "--format", "ndjson").out.splitlines()]
        assert lines == json.loads(run("advise", BODIES, "--format", "json").out)
        assert [line["where"] for line in lines] == ["line 1", "line 2", "line 3"]
        assert [len(line["alternatives"]) for line in lines] == [0, 0, 1]
        assert [(line["ok"], line["quote"]["credits"]) for line in lines] == [(True, 5), (True, 10), (True, 80)]
        assert lines[2]["alternatives"][0] | {"trade": ""} == {
            "kind": "resolution.lower", "patch": {"resolution": "2k"}, "credits": 50, "credits_low": 50,
            "saving": 30, "saving_low": 30, "trade": "",
        }  # fmt: skip
        assert run("advise", "-", "--from", "ndjson", "--format", "json").out == "[]\n"
        assert run("advise", CAMPAIGN).code == 1

    def test_export(self, run: Run, tmp_path: Path) -> None:
        rows = [{name: getattr(row, name) for name in row.__struct_fields__} for row in prices([1, 4])]
        assert json.loads(run("export", "prices", "--n", "1", "4", "--format", "json").out) == rows
        for name in ("a.csv", "a.ndjson", "a.json", "a.md", "a"):
            assert run("export", "prices", "--n", "1", "4", "-o", str(tmp_path / name)).code == 0
        texts = [["" if value is None else str(value) for value in row.values()] for row in rows]
        assert list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text())))[1:] == texts
        assert (tmp_path / "a").read_bytes() == (tmp_path / "a.csv").read_bytes()
        assert [json.loads(line) for line in (tmp_path / "a.ndjson").read_text().splitlines()] == rows
        assert json.loads((tmp_path / "a.json").read_text()) == rows
        table = (tmp_path / "a.md").read_text().splitlines()
        assert [line[2:-2].split(" | ") for line in table[2:]] == texts
        assert set(table[1]) == set("| -")


class TestFreshness:
    def test_a_day_that_is_still_to_come(self) -> None:
        card = CardId(id="mine", effective_from="2026-07-21", checked_on="2030-01-01")
        assert card_line(card, date(2026, 8, 1), "en") == (
            "card mine, effective from 2026-07-21, checked on 2030-01-01, which is still to come"
        )

    def test_a_table_without_a_card(self, run: Run) -> None:
        result = run("table", "rates", "--as-of", "2020-01-01")
        assert (result.code, result.out, result.err) == (0, "", "no rate card is in effect on that date\n")

    def test_counts_the_days_to_today(self, run: Run) -> None:
        days = (date.today() - date(2026, 7, 28)).days
        assert run("quote", "--size", "1:1", "--require-fresh", f"{days}d").code == 0
        assert run("quote", "--size", "1:1", "--require-fresh", f"{days - 1}d").code == 3

    def test_prices_of_a_day_to_come_are_not_fresh_and_those_of_today_are(self, run: Run, tmp_path: Path) -> None:
        for day, code in (("2930-01-01", 3), (f"{date.today()}", 0)):
            card = {**built_in().cards[0].to_dict(), "checked_on": day}
            (path := tmp_path / "card.json").write_text(json.dumps(card))
            result = run("quote", "--model", "gpt-image-2", "--rates", str(path), "--require-fresh", "0d")
            assert (result.code, f"checked on {day}, which is still to come" in result.out) == (code, code == 3)


class TestGroups:
    def test_add_up_to_the_totals(self, run: Run) -> None:
        for column in ("campaign", "owner", "model", "resolution", "quality", "n"):
            done = run("quote", CAMPAIGN, "--by", column, "--format", "json")
            groups = json.loads(done.out)
            assert done.code == 1
            sums = {
                key: sum(group[key] for group in groups) for key in ("requests", "rejected", "credits_low", "credits")
            }
            assert sums == {"requests": 48, "rejected": 8, "credits_low": 15232, "credits": 15623}
            assert "\n48 requests, 8 rejected, 15232 to 15623 credits (15.623 USD)\n" in done.err

    def test_by_a_key_of_the_bodies(self, run: Run) -> None:
        body = {"model": "gpt-image-2", "prompt": "a"}
        lines = [{**body, "campaign": "tea"}, {**body, "campaign": 7}, body, {**body, "campaign": "tea"}]
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        out = run("quote", "-", "--from", "ndjson", "--by", "campaign", "--format", "csv", stdin=text).out
        assert [line.split(",")[:2] for line in out.splitlines()[1:]] == [["tea", "2"], ["7", "1"], ["", "1"]]

    def test_no_request_is_no_group(self, run: Run) -> None:
        done = run("quote", "-", "--from", "json", "--by", "model", stdin=b"[]")
        assert (done.code, done.out) == (0, "")

    def test_a_column_that_stands_twice(self, run: Run) -> None:
        for titles, code in (("who,who,size", 2), ("Who,WHO,size", 2), ("Who,who,size", 0)):
            done = run("quote", "-", "--from", "csv", "--by", "who", stdin=f"{titles}\na,b,1:1\n".encode())
            assert (done.code, "more than one column has that name" in done.err) == (code, code == 2)
        assert "\nb " in done.out

    def test_a_row_that_ends_before_the_column(self, run: Run) -> None:
        out = run(
            "quote", "-", "--from", "csv", "--by", "who", "--format", "csv", stdin=b"size,who\n1:1\n1:1, a \n"
        ).out
        assert [line.split(",")[0] for line in out.splitlines()[1:]] == ["", "a"]
