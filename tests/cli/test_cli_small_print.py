"""What only one kind of run shows: each case here was a change of the code that no other fast test noticed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.options import suffix_format
from reapi_rules.cli.said import Place
from reapi_rules.cli.streams import read_bytes
from tests.support.command import Run
from tests.support.examples import EXAMPLES

FOX = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "1:1", "quality": "low"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fox.json").write_text(json.dumps(FOX))
    Path("foxes.ndjson").write_text(
        f"{json.dumps(FOX)}\n{json.dumps(FOX)}\n" + '{"model": "midjourney", "size": "1:1"}\n'
    )
    Path("plan.v2.csv").write_text("prompt,size,quality\na fox,1:1,low\na fox,1:1,low\na cat,1:1,low\n")


class TestInChinese:
    def test_the_age_of_the_card_of_a_single_body(self, run: Run) -> None:
        said = run("advise", "fox.json", "--lang", "zh").err
        assert "价目" in said
        assert "card" not in said

    def test_what_may_cost_more_is_not_called_cheaper(self, run: Run) -> None:
        Path("fox.json").write_text(json.dumps(FOX | {"size": "1280x1280", "resolution": "2k", "quality": "high"}))
        texts = {"en": "credits, at best {} less, at worst {} more; ", "zh": " 积分，最多少 {}，也可能多 {}；"}
        for language, text in texts.items():
            out = run("advise", "fox.json", "--lang", language).out
            assert text.format(715, 169) in out
            assert text.format(169, 505) in out
            assert "-" not in out.replace("fox.json", "")

    def test_each_of_several(self, run: Run) -> None:
        lines = run("quote", "foxes.ndjson", "--format", "text", "--lang", "zh").out.splitlines()
        assert [line.partition("：")[0].partition(":")[0] for line in lines if line.startswith("第")] == [
            f"第 {at} 行" for at in (1, 2, 3)
        ]

    @pytest.mark.parametrize("command", ("check", "quote", "advise"))
    def test_rows_that_say_the_same(self, run: Run, command: str) -> None:
        out = run(command, "plan.v2.csv", "--format", "text", "--lang", "zh").out
        assert "row" not in out
        assert [f"第 {row} 行" in out for row in (2, 3, 4)] == [command != "advise"] * 3

    def test_a_row_of_a_sheet_that_is_named(self) -> None:
        assert Place("plan.xlsx", "row", 2, sheet="May, 2nd").said("zh") == "工作表“May, 2nd”，第 2 行"
        assert Place("plan.xlsx", "row", 2, sheet="May").said("en") == 'sheet "May", row 2'


class TestFormats:
    def test_a_name_with_two_dots(self, run: Run) -> None:
        assert run("check", "plan.v2.csv").out.count("accepted") == 3
        assert [suffix_format(path) for path in ("plan.v2.csv", "a.b/plan", "A.XLSX", None, "")] == [
            "csv",
            None,
            "xlsx",
            None,
            None,
        ]

    @pytest.mark.parametrize(("language", "said"), (("en", "): image 3: "), ("zh", "): 第 3 张图片：")))
    def test_which_of_several_urls_it_is(self, run: Run, language: str, said: str) -> None:
        urls = ["https://a.example/1.png", "https://a.example/2.png", "c.png"]
        Path("three.json").write_text(json.dumps({**FOX, "image_urls": urls}))
        assert said in run("check", "three.json", "--lang", language).out

    @pytest.mark.parametrize("fixed", ((), ("--fixed", "fixed.json")))
    @pytest.mark.parametrize("other", ('{"prompt": "\\ud83d"}', '{"n": NaN}', '{"n": 1e999}'))
    def test_one_body_that_cant_be_read_hides_no_other(self, run: Run, other: str, fixed: tuple[str, ...]) -> None:
        Path("list.json").write_text(f"\ufeff[{json.dumps(FOX)}, {other}, {json.dumps(FOX)}]", encoding="utf-8")
        heads = [line for line in run("check", "list.json", *fixed).out.splitlines() if line.startswith("item")]
        assert heads == ["item 1: accepted", "item 2: REJECTED", "item 3: accepted"]

    @pytest.mark.parametrize("fixed", ((), ("--fixed", "fixed.json")))
    def test_a_list_without_a_comma_is_none(self, run: Run, fixed: tuple[str, ...]) -> None:
        Path("list.json").write_text(f"[{json.dumps(FOX)} {json.dumps(FOX)}]")
        assert run("check", "list.json", *fixed).out.splitlines()[0] == "list.json: REJECTED"

    def test_a_document_is_for_people_too(self, run: Run) -> None:
        for kind in ("messages", "schema"):
            assert run("export", kind).out.startswith('{\n  "')

    def test_a_status_that_reapi_does_not_use(self, run: Run) -> None:
        assert (
            run("explain", "410").out.splitlines()[0]
            == "HTTP 410: no published code; reAPI is not known to use this status"
        )
        assert run("explain", "402").out.splitlines()[0] == "HTTP 402: 1 published code"

    def test_a_group_by_a_field_that_a_model_without_rules_lacks(self, run: Run) -> None:
        rows = json.loads(run("quote", "foxes.ndjson", "--by", "resolution", "--format", "json").out)
        assert [(row["group"], row["requests"], row["unpriced"]) for row in rows] == [("1k", 2, 0), ("(none)", 1, 1)]

    def test_what_is_just_not_too_large(self) -> None:
        assert len(read_bytes(io.BytesIO(b"x" * (1 << 20)), most=1)) == 1 << 20
        with pytest.raises(UnusableError, match="the input is larger than 1 MB: cut it"):
            read_bytes(io.BytesIO(b"x" * ((1 << 20) + 1)), most=1, instead="cut it")


class TestWhatIsSaid:
    def test_of_totals_in_place(self, run: Run) -> None:
        found = run("quote", "plan.v2.csv", "--in-place", "--by", "quality")
        assert (found.code, "leave out --by" in found.err) == (2, True)

    def test_of_a_sheet_on_standard_input(self, run: Run) -> None:
        for text in (b"Xsize,n\n", b"size,n\n"):
            assert "for a sheet give --from csv" in run("check", stdin=text).err
        assert "--from csv" not in run("check", stdin=b'{"model": "gpt-image-2", "prompt": "a fox"}').err

    def test_of_a_range_in_another_currency(self, run: Run) -> None:
        Path("pixels.csv").write_text("prompt,size,quality\na fox,1920x1080,low\n")
        found = run("quote", "pixels.csv", "--currency", "CNY=7", "-o", "out.csv").err
        low, high = re.findall(r"converted: ([0-9.]+) to ([0-9.]+) CNY", found)[0]
        assert 0 < float(low) < float(high)

    def test_of_a_card_beside_another(self, run: Run) -> None:
        card = json.loads((EXAMPLES / "my-card.json").read_text())
        Path("a.json").write_text(json.dumps(card))
        card["usd_per_image"] = {model: dict.fromkeys(prices, "9") for model, prices in card["usd_per_image"].items()}
        Path("b.json").write_text(json.dumps({**card, "id": "b-2026-11"}))
        alone, beside = run("rates", "lint", "b.json"), run("rates", "lint", "b.json", "--against", "a.json")
        assert beside.out != alone.out
