"""What if: old, new and saving for each row and in total, as two runs of the plain path say."""

from __future__ import annotations

import csv
import io
import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli.summary import change_line
from reapi_rules.prices.alternatives import alternatives, saving
from reapi_rules.sheets.meaning.cells import RowOptions
from reapi_rules.sheets.meaning.columns import SheetError, column_names, find_columns
from reapi_rules.sheets.meaning.settings import Settings
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.results.result import Result, result
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.sheets.results.what_if import Beside, Changes, Savings, WhatIf
from tests.support.examples import CAMPAIGN
from tests.support.sheet_strategies import plans

NAMES = [column.name for column in (*column_names().results, *column_names().what_if)]
NAMED = {"shape": "size", "tier": "resolution", "quality": "quality", "number": "n", "model": "model", "seed": "seed"}
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "shape": st.sampled_from(["1:1", "16:09:00", "auto", "800x600", ""]), "tier": st.sampled_from(["1k", "4K", ""]), "quality": st.sampled_from(["low", "Auto", ""]),
        "number": st.sampled_from(["1", "4", "9", ""]), "model": st.sampled_from(["gpt-image-2", "flux-2", ""]), "seed": st.sampled_from(["7", ""]),
    },
)  # fmt: skip


class TestSettings:
    def test_are_cells_by_subject(self) -> None:
        settings = ["quality=Medium", "n= 2", "resolution=", "Aspect Ratio=1:1", "seed=7"]
        changes = {"quality": "Medium", "number": "2", "shape": "1:1", "tier": "", "seed": "7"}
        assert Settings.of(settings).cells == changes
        with pytest.raises(SheetError, match="--set size=16:9: size is set already"):
            Settings.of([*settings, "size=16:9"])
        options = RowOptions(settings=Settings(changes))
        found = Quoter(find_columns(["model", "x", "prompt"]), options).plan(Row(2, ["flux-2", "", "a fox"]))
        assert found is not None
        assert found.body == {
            "model": "flux-2",
            "prompt": "a fox",
            "quality": "Medium",
            "n": 2,
            "aspect_ratio": "1:1",
            "seed": 7,
        }

    @pytest.mark.parametrize("setting", ("quality", "colour=red", "prompt=a fox", "image_urls=x", "mask=x", "=", ""))
    def test_that_are_none(self, setting: str) -> None:
        with pytest.raises(SheetError, match="give FIELD=VALUE, where FIELD is one of model, size"):
            Settings.of([setting])


class TestRows:
    @given(plans(), CHANGES)
    def test_any_rows(self, plan: tuple[list[str], list[list[str]]], changes: dict[str, str]) -> None:
        """As if the cells of the row said what is set."""
        header, rows = plan
        columns = find_columns(header)
        plain, changed_all = Quoter(columns), Quoter(columns, RowOptions(settings=Settings(changes)))
        what_if = WhatIf(Quoter(columns), changed_all)
        cells = {NAMED[subject]: cell for subject, cell in changes.items()}
        written = Quoter(find_columns([*header, *(name for name in cells if name not in header)]))
        for row in rows * 2:
            found, read = what_if.result(Row(2, row)), plain.plan(Row(2, row))
            if read is None:
                assert found is None
                continue
            changed = [cells.get(title, cell) for title, cell in zip(header, row)]
            wanted = written.plan(Row(2, [*changed, *(cells[name] for name in cells if name not in header)]))
            body = wanted.body if wanted is not None else {} if "prompt" in header else {"prompt": "-"}
            old, new = (preflight(each, default_model=built_in().default_model) for each in (read.body, body))
            assert found is not None
            cell = dict(zip(NAMES, found.cells))
            assert (cell["reapi_verdict"] == "rejected") is not new.ok
            assert cell["reapi_credits"] == (new.quote and new.quote.credits)
            assert cell["reapi_credits_before"] == (old.quote and old.quote.credits)
            assert (cell["reapi_saving_low"], cell["reapi_saving"]) == (saving(old, new) or (None, None))

    def test_a_saving_is_that_of_advice(self) -> None:
        for body in ({"quality": "high", "size": "1920x1080"}, {"quality": "auto"}, {"size": "auto", "quality": "low"}):
            request = {"model": "gpt-image-2-official", "prompt": "x", **body}
            for other in alternatives(request):
                assert saving(preflight(request), preflight(request | other.patch)) == (other.saving_low, other.saving)

    def test_a_result_in_the_place_of_another_is_not_the_other(self) -> None:
        """A quoter forgets results, and the next one may get the memory of a forgotten one."""

        class Forgetful:
            """Gives a new shared result each time."""

            def result(self, row: Row) -> Result:
                body = {"model": "gpt-image-2-official", "prompt": "x", "quality": row.cells[0]}
                return result(preflight(body), is_shared=True)

        class Fixed:
            """Gives one result."""

            one = Forgetful().result(Row(2, ["low"]))

            def result(self, _: Row) -> Result:
                return self.one

        qualities = ["low", "high"] * 50
        for before, after, saved in ((Forgetful(), Fixed(), 164), (Fixed(), Forgetful(), -164)):
            what_if = WhatIf(before, after)
            for quality in qualities:
                found = what_if.result(Row(2, [quality]))
                assert found is not None
                assert found.cells[-1] == (saved if quality == "high" else 0)

    def test_it_forgets_too(self) -> None:
        quoter = Quoter(find_columns(["size", "n"]))
        what_if = WhatIf(quoter, quoter)
        what_if._known.most = 8
        for number in range(1, 100):
            what_if.result(Row(2, ["1:1", str(number)]))
        assert len(what_if._known) <= 8

    def test_more_cells_are_worked_out_once_for_all_that_share_a_result(self) -> None:
        report = preflight({"model": "gpt-image-2", "prompt": "a fox"})
        found = {1: result(report, is_shared=True), 2: result(report)}
        asked: list[Result] = []

        class Fixed:
            def result(self, row: Row) -> Result | None:
                return found.get(row.number)

        def cells(one: Result) -> tuple[str, ...]:
            asked.append(one)
            return ("more",)

        beside = Beside(Fixed(), cells)
        for number in (1, 2, 3, 1, 2, 3):
            more, own = beside.result(Row(number, ())), found.get(number)
            assert (None if more is None else more.cells) == (None if own is None else (*own.cells, "more"))
        assert asked == [found[1], found[2], found[2]]

    def test_totals(self) -> None:
        body = {"model": "gpt-image-2-official", "prompt": "x", "quality": "low"}
        changes = Changes()
        changes.add(preflight(body), preflight(body | {"quality": "high"}), 3)
        changes.add(preflight(body), preflight(body | {"n": 9}))
        changes.add(preflight(body | {"n": 9}), preflight(body))
        assert (changes.before.requests, changes.before.credits, changes.saving, changes.costlier, changes.refused) == (
            5,
            20,
            -3 * 164,
            3,
            1,
        )
        assert (changes.priced, changes.unpriced) == (3, 0)
        assert change_line(changes, "en").endswith(
            "; the change costs 492 credits more; 3 requests may cost more; 1 request rejected only with the change; "
            "1 request accepted only with the change"
        )

    def test_several_times_is_as_often(self) -> None:
        bodies = (
            {"model": "gpt-image-2-official", "prompt": "x"}, {"model": "gpt-image-2-official", "prompt": "x", "quality": "medium"},
            {"model": "gpt-image-2-official", "prompt": "x", "n": 9}, {"model": "midjourney"},
            {"model": "gpt-image-2-official", "prompt": "x", "size": "800x600"},
        )  # fmt: skip
        reports = [preflight(body) for body in bodies]
        for before, after in product(reports, reports):
            once, thrice = ((Totals(), Savings(), Changes()) for _ in range(2))
            for times in (1, 1, 1):
                once[0].add(before.quote, times)
                once[1].add(before, times)
                once[2].add(before, after, times)
            thrice[0].add(before.quote, 3)
            thrice[1].add(before, 3)
            thrice[2].add(before, after, 3)
            for one, other in zip(once, thrice):
                left_out = {"before": None, "_known": None, "_catalog": None}
                assert vars(one) | left_out == vars(other) | left_out
            assert vars(once[2].before) == vars(thrice[2].before) == vars(once[0])

    def test_what_costs_more_is_told_from_low_to_high(self) -> None:
        body = {"model": "gpt-image-2-official", "prompt": "x", "quality": "low"}
        changes = Changes()
        changes.add(preflight(body), preflight(body | {"size": "1920x1080", "quality": "high"}))
        assert changes.saving_low < changes.saving < 0
        said = f"{-changes.saving} to {-changes.saving_low}"
        assert f"; the change costs {said} credits more; " in change_line(changes, "en")
        assert f"；更改会多花 {said.replace('to', '至')} 积分；" in change_line(changes, "zh")

    def test_what_has_no_price_saves_nothing_that_is_known(self) -> None:
        body = {"model": "midjourney", "prompt": "x"}
        changes = Changes()
        changes.add(preflight(body), preflight(body | {"quality": "low"}), 2)
        assert (changes.unpriced, changes.is_unpriced) == (2, True)
        assert change_line(changes, "en") == "as they are: 2 without a price; the change can't be priced"
        known = {"model": "gpt-image-2-official", "prompt": "x"}
        changes.add(preflight(known), preflight(known | {"quality": "low"}))
        assert not changes.is_unpriced
        assert change_line(changes, "en").endswith("2 without a price; the change saves 164 credits")


class TestCommand:
    def test_a_group_without_prices(self, run: Any, tmp_path: Path) -> None:
        plan = tmp_path / "plan.csv"
        plan.write_text("campaign,model,size\na,midjourney,16:9\nb,,16:9\n", encoding="utf-8")
        result = run("quote", str(plan), "--by", "campaign", "--set", "quality=low", "--format", "json")
        first, second = json.loads(result.out)
        assert [first[name] for name in ("credits_before", "saving_low", "saving")] == [None] * 3
        assert second["saving"] > 0
        text = run("quote", str(plan), "--by", "campaign", "--set", "quality=low", "--format", "markdown").out
        assert [cell.strip() for cell in text.splitlines()[2].split("|")[-3:]] == ["", "", ""]

    def test_a_sheet(self, run: Any) -> None:
        result = run("quote", str(CAMPAIGN), "--set", "quality=medium")
        rows = [row for row in csv.DictReader(io.StringIO(result.out, newline="")) if row["reapi_saving"]]
        before, after, saved = (
            sum(int(row[name]) for row in rows) for name in ("reapi_credits_before", "reapi_credits", "reapi_saving")
        )
        assert before > after
        assert "as they are: 15232 to 15623 credits (15.623 USD); the change saves " in result.err
        assert before - after <= saved
        assert run("quote", "-", "--from", "csv", stdin=result.bytes).bytes == run("quote", str(CAMPAIGN)).bytes

    def test_json(self, run: Any) -> None:
        lines = b'{"model": "gpt-image-2-official", "prompt": "x"}\n[1]\n'
        first, second = run(
            "quote", "-", "--from", "ndjson", "--rows", "--set", "quality=low", stdin=lines
        ).out.splitlines()
        assert (
            json.loads(first)["reapi_credits"],
            json.loads(first)["reapi_credits_before"],
            json.loads(first)["reapi_saving"],
        ) == (5, 169, 164)
        assert json.loads(second)["reapi_verdict"] == "rejected"

    def test_where_it_can_not_be_shown(self, run: Any) -> None:
        for words, said in (
            (("--n", "1"), "--set is for a FILE, and this is one request"),
            (("-", "--from", "ndjson"), "--set goes with a sheet that is written"),
        ):
            result = run("quote", *words, "--set", "quality=low", stdin=b"size\n1:1\n")
            assert result.code == 2
            assert said in result.err
        assert "give FIELD=VALUE" in run("quote", "-", "--from", "csv", "--set", "x=1", stdin=b"size\n1:1\n").err
        assert (
            "--set-only goes with --set"
            in run("quote", "-", "--from", "csv", "--set-only", "auto", stdin=b"size\n1:1\n").err
        )

    def test_with_totals_by_two_columns(self, run: Any) -> None:
        sheet = b"Campaign,Market,size,quality\na,DE,1:1,\na,DE,1:1,high\na,FR,1:1,auto\nb,FR,1:1,low\n"
        words = (
            "quote",
            "-",
            "--from",
            "csv",
            "--by",
            "campaign, MARKET",
            "--set",
            "quality=medium",
            "--format",
            "json",
        )
        groups = json.loads(run(*words, stdin=sheet).out)
        assert [(each["group"], each["subgroup"], each["credits"], each["saving"]) for each in groups] == [
            ("a", "DE", 86, 252),
            ("a", "FR", 43, 126),
            ("b", "FR", 43, -38),
        ]
        groups = json.loads(run(*words, "--set-only", "blank", stdin=sheet).out)
        assert [each["credits"] for each in groups] == [43 + 169, 169, 5]
        groups = json.loads(run(*words, "--set-only", "auto", stdin=sheet).out)
        assert [each["credits"] for each in groups] == [43 + 169, 43, 5]
        assert "give one column, or two" in run("quote", "-", "--from", "csv", "--by", "a,b,c", stdin=sheet).err

    def test_of_json_only_where_nothing_is_named(self, run: Any) -> None:
        bodies = b'{"model": "gpt-image-2-official", "prompt": "f"}\n{"model": "gpt-image-2-official", "prompt": "f", "quality": "high"}\n'
        words = ("quote", "-", "--from", "ndjson", "--rows", "--set", "quality=low", "--set-only", "blank")
        assert [json.loads(line)["reapi_credits"] for line in run(*words, stdin=bodies).out.splitlines()] == [5, 169]
