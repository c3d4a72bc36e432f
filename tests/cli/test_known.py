"""What is known, and on whose word: tables of models and cards, a catalog of one's own, a model for bodies that name none."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from reapi_rules import preflight, quote
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.engine import Engine
from tests.support.command import Run

FOLDER = Path(__file__).parents[1] / "support" / "third_model"
OWN = next(iter(json.loads(path.read_text())["id"] for path in (FOLDER / "models").iterdir()))


class TestTables:
    def test_models(self, run: Run) -> None:
        rows = json.loads(run("table", "models", "--format", "json").out)
        assert [row["model"] for row in rows] == list(built_in().models)
        assert rows[0] == {
            "model": "gpt-image-2-official", "certainty": "documented", "prices": 96,
            "price_by": "size resolution quality", "n_at_most": 4, "references_at_most": 16,
            "submit": "POST https://reapi.ai/api/v1/images/generations",
        }  # fmt: skip
        of = {row["model"]: row for row in rows}
        assert [of["z-image"][name] for name in ("price_by", "n_at_most", "references_at_most")] == ["flat", 1, 0]
        assert [of["qwen-image-2"][name] for name in ("prices", "references_at_most")] == [1, 1]

    def test_models_without_a_card(self, run: Run) -> None:
        assert {
            row["prices"] for row in json.loads(run("table", "models", "--format", "json", "--as-of", "2020-01-01").out)
        } == {0}

    def test_cards(self, run: Run) -> None:
        rows = json.loads(run("rates", "list", "--format", "json").out)
        assert [(row["card"], row["counts"], row["models"], row["prices"]) for row in rows] == [
            ("reapi-2026-07-28", "yes", 18, 130), ("reapi-2026-07", "", 2, 99),
        ]  # fmt: skip
        assert all(row["source"] for row in rows)
        assert "source" not in run("rates", "list").out
        mine = [
            row["card"] for row in json.loads(run("rates", "list", "--catalog", str(FOLDER), "--format", "json").out)
        ]
        assert len(mine) == 3
        assert set(mine) >= {row["card"] for row in rows}


class TestACatalogOfOnesOwn:
    @pytest.fixture(autouse=True)
    def files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("a.ndjson").write_text(json.dumps({"model": OWN, "prompt": "a fox"}) + "\n")
        Path("a.csv").write_text(f"model,prompt\n{OWN},a fox\n")
        Path("log").write_text('{"id": "t", "status": "completed"}\n')

    @pytest.mark.parametrize(
        "words",
        (
            ("check", "a.ndjson"), ("check", "a.csv"), ("quote", "a.ndjson"), ("quote", "a.csv"), ("advise", "a.ndjson"), ("advise", "a.csv"), ("advise", "a.csv", "--format", "csv"),
            ("quote", "a.ndjson", "--by", "model"), ("quote", "a.csv", "--by", "resolution"), ("quote", "a.csv", "--set", "n=2"),
            ("quote", "a.ndjson", "--rows"), ("quote", "--model", OWN), ("check", "a.ndjson", "--fixed", "f"),
            ("reconcile", "a.ndjson", "log"), ("rates", "diff", "reapi-2026-07", "reapi-2026-07-28", "a.ndjson"),
            ("export", "prices", "--model", OWN), ("export", "choices"), ("explain", "20004", "a.ndjson"), ("table", "models"), ("table", "rates"), ("rates", "list"),
            ("quote", "a.csv", "--by", "model", "--set", "quality=draft"), ("quote", "a.ndjson", "--rows", "--set", "quality=draft"),
            ("quote", "a.csv", "--format", "table"), ("quote", "a.csv", "--format", "text"), ("reconcile", "a.csv", "log"), ("check", "a.csv", "--fixed", "f.csv"),
        ),
    )  # fmt: skip
    def test_its_models_are_known(self, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
        """And whatever looks for models or cards looks there."""
        without = run(*words)
        apart = re.compile(
            r"reapi_rules\.(?!catalog\.|sheets\.meaning\.titles)"
        )  # a header is looked for by built-in words
        for name, module in [*sys.modules.items()]:
            if apart.match(name) and hasattr(module, "built_in"):
                monkeypatch.setattr(module, "built_in", lambda: pytest.fail("the built-in catalog was asked"))
        result = run(*words, "--catalog", str(FOLDER))
        assert result.code == 0, result.err
        assert "REJECTED" not in result.out
        assert (without.out, without.err) != (result.out, result.err)

    def test_its_cards_count_and_lint_knows_its_models(self, run: Run) -> None:
        (card,) = (FOLDER / "rates").iterdir()
        assert "card.unknown_model" in run("rates", "lint", str(card)).out
        assert "card.unknown_model" not in run("rates", "lint", str(card), "--catalog", str(FOLDER)).out

    def test_its_prices_are_kept(self, run: Run) -> None:
        Path("list.json").write_text(json.dumps({"version": 1785200182468, "skuPrices": {f"{OWN}:draft": 0.0015}}))
        result = run("rates", "import", "list.json", "--catalog", str(FOLDER))
        assert json.loads(result.out)["usd_per_image"] == {OWN: {"draft": "0.0015"}}
        assert result.err.startswith("1 price kept, 0 of models without rules skipped\n")
        assert "card.absent_models: no price for 18 of 19 models: " in result.err

    @pytest.mark.parametrize("words", ("a.ndjson", "a.csv", "a.ndjson --format json", "a.csv --format csv"))
    def test_what_it_could_save_is_found(self, run: Run, words: str) -> None:
        assert "draft" in run("advise", *words.split(), "--catalog", str(FOLDER)).out

    @pytest.mark.parametrize("name", ("a.json", "a.ndjson"))
    def test_its_keys_are_read(self, run: Run, name: str) -> None:
        model = json.loads(next((FOLDER / "models").iterdir()).read_text())
        model["fields"]["weight"] = {"kind": "word", "words": ["light"], "default": "light"}
        Path("mine/models").mkdir(parents=True)
        Path("mine/models/own.json").write_text(json.dumps(model))
        Path(name).write_text(json.dumps({"model": OWN, "prompt": "a fox", "weight": "light"}))
        assert "keys read: model, prompt, weight\n" in run("quote", name, "--format", "csv", "--catalog", "mine").err
        assert run("quote", name, "--rows", "--set", "weight=light", "--catalog", "mine").code == 0

    def test_a_folder_that_is_none(self, run: Run) -> None:
        result = run("check", "a.ndjson", "--catalog", "nowhere")
        assert (result.code, result.err) == (2, "reapi-rules: nowhere: No such file or directory\n")


class TestADefaultModel:
    @pytest.fixture(autouse=True)
    def files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("a.ndjson").write_text('{"prompt": "a fox"}\n{"model": "flux-2", "prompt": "a fox"}\n')
        Path("a.csv").write_text("model,prompt\n,a fox\nflux-2,a fox\n")

    @pytest.mark.parametrize("name", ("a.ndjson", "a.csv"))
    def test_applies_where_none_is_named(self, run: Run, name: str) -> None:
        reports = [
            json.loads(line) for line in run("check", name, "--model", "z-image", "--format", "ndjson").out.splitlines()
        ]
        assert [report["model"] for report in reports] == ["z-image", "flux-2"]
        result = run("quote", name, "--by", "model", "--model", "z-image", "--format", "json")
        assert [row["group"] for row in json.loads(result.out)] == ["z-image", "flux-2"]

    def test_from_standard_input(self, run: Run) -> None:
        result = run("quote", "-", "--model", "z-image", "--format", "json", stdin=b'{"prompt": "a fox"}')
        assert json.loads(result.out)["model"] == "z-image"

    def test_one_without_rules(self, run: Run) -> None:
        report = json.loads(run("check", "a.ndjson", "--model", "kling-3-0", "--format", "ndjson").out.splitlines()[0])
        assert (report["ok"], report["warnings"][0]["rule"]) == (True, "model.no_rules")

    @pytest.mark.parametrize("command", ("check", "quote", "advise"))
    def test_one_that_does_not_exist(self, run: Run, command: str) -> None:
        result = run(command, "a.ndjson", "--model", "gpt-image-22")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith('reapi-rules: --model: invalid model "gpt-image-22" (allowed: ')
        assert result.err.endswith(': did you mean "gpt-image-2"?\n')


class TestAxes:
    """A quote by axes asks for no more than the price reads."""

    @pytest.mark.parametrize("id", [id for id, model in built_in().models.items() if model.file.price.by_axes_alone])
    def test_each_word_of_each_model_has_a_price_of_its_own(self, run: Run, id: str) -> None:
        model = built_in().models[id]
        for tier in model.words("tier") or (None,):
            for has_images in (False, True):
                priced = quote(model=id, resolution=tier, has_images=has_images)
                assert priced.basis != "unknown" or priced.reason in ("no_rate", "not_published", "unknown_value")
                words = (
                    "quote",
                    "--model",
                    id,
                    *(("--resolution", tier) if tier else ()),
                    *(("--with-images",) * has_images),
                )
                result = run(*words, "--format", "json")
                assert result.code == 0, result.out
                assert json.loads(result.out)["quote"]["credits"] == priced.credits

    def test_what_is_given_is_judged(self, run: Run) -> None:
        assert run("quote", "--model", "gpt-image-2-beta", "--resolution", "4k").out.startswith("80 credits")
        assert (
            "size.needs_widescreen"
            in run("quote", "--model", "gpt-image-2-beta", "--resolution", "4k", "--size", "1:1").out
        )
        assert "resolution.unknown" in run("quote", "--model", "gpt-image-2-beta", "--resolution", "9k").out
        assert "size.needs_widescreen" in run("quote", "--resolution", "4k").out

    def test_warnings_stay(self) -> None:
        report = Engine().look_at_axes("gpt-image-2-beta", tier="4k", quality="high")
        assert report.ok
        assert [finding.field for finding in report.warnings] == ["quality"]


class TestWhatIsSaid:
    def test_a_quote_gives_the_findings_of_check(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_text(
            json.dumps({"model": "gpt-image-2-official", "prompt": "a fox", "aspect_ratio": "16:9", "quantity": 2})
        )
        for finding in preflight(path.read_bytes()).warnings:
            assert f"  {finding.level:8} {finding.rule}: {finding.message}\n" in run("quote", str(path)).out
        assert "quality.auto_bills_high" in run("quote", "--size", "16:9").out

    def test_strict_says_what_failed(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.ndjson"
        good = {"model": "gpt-image-2", "prompt": "a fox"}
        path.write_text("".join(json.dumps({**good, **more}) + "\n" for more in ({}, {"seed": 1}, {"n": 9}, {"x": 1})))
        result = run("check", str(path), "--strict")
        assert result.code == 1
        assert result.err.splitlines() == [
            "4 requests, 1 rejected, 90 credits (0.090 USD)",
            "exit status 1: 1 rejected, 2 accepted, but with warnings (--strict)",
        ]
        assert [line.partition(": ")[2] for line in result.out.splitlines() if not line.startswith(" ")] == [
            "accepted", "accepted, but FAILS for its warnings", "REJECTED", "accepted, but FAILS for its warnings",
        ]  # fmt: skip
        path.write_text(json.dumps({**good, "seed": 1}))
        assert run("check", str(path), "--strict").err.endswith(
            "\nexit status 1: 1 accepted, but with warnings (--strict)\n"
        )
        assert "FAILS" not in run("check", str(path)).out
        path.write_text(json.dumps(good) + "\n")
        assert "exit status" not in run("check", str(path), "--strict").err
        assert run("check", str(path), "--strict").code == 0

    def test_each_of_several_quotes_is_named_and_says_how_its_cells_were_read(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("size,quality\n16:09:00,low\n1:1,low\n")
        result = run("quote", str(path), "--format", "text")
        assert [line for line in result.out.splitlines() if not line.startswith(" ")] == [
            "row 2: 7 credits (0.007 USD)", "row 3: 5 credits (0.005 USD)",
        ]  # fmt: skip
        assert "  cell     cell.ratio: " in result.out
        assert result.out.count("card reapi") == 0
        assert result.err.count("card reapi") == 1

    def test_no_spreadsheet_runs_the_name_of_a_group(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('size,campaign\n1:1,"=HYPERLINK(""x"")"\n1:1,-5\n')
        lines = run("quote", str(path), "--by", "campaign", "--format", "csv").out.splitlines()
        assert [line.partition(",1,")[0] for line in lines[1:]] == ['"\'=HYPERLINK(""x"")"', "-5"]
