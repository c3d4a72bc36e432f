"""``reconcile``: a plan in any format, answers in any state, and a line for each thing that is not settled."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Run
from tests.support.examples import EXAMPLES

POSTERS = str(EXAMPLES / "posters.jsonl")
ANSWERS = str(EXAMPLES / "posters-answers.ndjson")
ENGLISH = re.compile(r"\b(?!reapi-rules )[a-z]{2,} [a-z]{2,}\b")
TASK = {"model": "gpt-image-2-official", "created_at": 1}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(
        "asset,size,resolution,quality,n\nhero,16:9,2k,high,2\n\nband,21:9,1k,low,1\nodd,7:5,,,\n"
    )


def answers(*rows: Any) -> str:
    Path("answers.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "answers.ndjson"


def done(id: str, images: int = 2, **more: Any) -> dict[str, Any]:
    urls = [f"https://a.example/{at}.png" for at in range(images)]
    return {"id": id, **TASK, "status": "completed", "output": {"image_urls": urls}, **more}


class TestPlans:
    def test_a_sheet_by_a_column(self, run: Run) -> None:
        log = answers(done("t2", 1, asset="band"), done("t1", asset="hero"))
        result = run("reconcile", "plan.csv", log, "--key", "asset")
        assert result.code == 0
        assert result.out.splitlines() == [
            "request       quoted  charged  refunded  net  ending",
            "hero (row 2)  759     759      0         759  completed",
            "band (row 4)  8       8        0         8    completed",
            "odd (row 5)   ?       ?        ?         ?    (rejected, and not sent)",
        ]
        assert result.err.splitlines()[2:5] == [
            "matched by asset",
            "3 requests: 2 with an answer, 0 without, 1 rejected and not sent",
            "credits: quoted 767, charged 767, refunded 0, net 767 (0.767 USD)",
        ]

    def test_a_column_is_found_as_other_titles_are(self, run: Run) -> None:
        Path("named.csv").write_text("Custom ID,size\na,16:9\nb,1:1\n")
        result = run("reconcile", "named.csv", answers(done("t2", 1, custom_id="b"), done("t1", 1, custom_id="a")))
        assert [line.split()[3] for line in result.out.splitlines()[1:]] == ["214", "169"]
        assert "matched by custom_id\n" in result.err

    @pytest.mark.parametrize(
        ("ids", "names", "key"),
        (
            ("ab", ("b", "a"), "id"), ("ab", ("b",), "id"), ("12", (2.0, 1), "id"), ("12", (2.5, 1), "order"), ("ab", ("b", None), "order"), ("ab", ("b", "c"), "order"), ("aa", ("a", "a"), "order"), ("01", ("1", "2"), "order"),
        ),
    )  # fmt: skip
    def test_an_id_is_a_name_if_all_answers_name_one(self, run: Run, ids: str, names: Any, key: str) -> None:
        Path("plan.csv").write_text(f"ID,size\n{ids[0]},16:9\n{ids[1]},1:1\n")
        log = answers(*(done(f"t{at}", 1, **({"custom_id": name} if name else {})) for at, name in enumerate(names)))
        result = run("reconcile", "plan.csv", log)
        assert f"matched by {key}" in result.err
        rows = json.loads(run("reconcile", "plan.csv", log, "--format", "json").out)["requests"]
        assert [row["tasks"] for row in rows] == (
            [["t1"][: len(names) - 1], ["t0"]] if key == "id" else [["t0"], ["t1"]]
        )
        assert "matched by id\n" in run("reconcile", "plan.csv", log, "--key", "id").err or ids == "aa"

    def test_by_order_is_said_to_be_a_guess(self, run: Run) -> None:
        result = run("reconcile", "plan.csv", answers(done("t1"), done("t2", 1)))
        assert result.code == 0
        assert (
            result.err.splitlines()[2]
            == "matched by order, which is a guess: nothing names both requests and answers (--key)"
        )

    def test_nothing_is_matched_without_answers(self, run: Run) -> None:
        assert "matched" not in run("reconcile", "plan.csv", answers()).err

    @pytest.mark.parametrize("name", ("plan.csv", "plan.XLSX", "plan.ods"))
    def test_a_sheet_in_the_place_of_answers(self, run: Run, name: str) -> None:
        result = run("reconcile", answers(), name)
        assert (result.code, result.out) == (2, "")
        assert f"{name} is a sheet: give the plan first" in result.err

    def test_in_chinese(self, run: Run) -> None:
        log = answers(done("t1", asset="hero"), done("t3", 1, asset="odd"), done("t4", asset="else"))
        result = run("reconcile", "plan.csv", log, "--key", "asset", "--lang", "zh")
        assert result.code == 1
        lines = result.out.splitlines()
        assert lines[0].split() == ["请求", "报价", "扣费", "退款", "净额", "结果"]
        assert lines[1].split() == ["hero", "(第", "2", "行)", "759", "759", "0", "759", "图片已生成（completed）"]
        assert lines[2].split()[-1] == "（缺失）"
        assert "  reAPI 接受了它，但按这些规则应被拒绝，因此没有价格" in lines
        assert result.err.splitlines()[-7:-2] == [
            "按 asset 匹配",
            "3 个请求：2 个有应答，1 个没有",
            "积分：报价 767，扣费 759，退款 0，净额 759（0.759 美元）",
            "2 次提交的扣费未知：2 个没有价格；请查看余额",
            "1 次提交不属于计划中的请求",
        ]
        assert result.err.splitlines()[-1] == "退出状态 1：计划尚未结清"
        assert not ENGLISH.search(result.err)
        assert "else (第 3 条应答)" in result.out
        told = run("reconcile", "plan.csv", log, "--key", "asset", "--format", "json")
        assert run("reconcile", "plan.csv", log, "--key", "asset", "--lang", "zh", "--format", "json").out == told.out

    def test_what_is_wrong_with_answers_in_chinese(self, run: Run) -> None:
        log = answers({"asset": "hero", "status_code": 200, "error": 5}, done("t3", 2, asset="odd", status="done"))
        said = run("reconcile", "plan.csv", log, "--key", "asset", "--lang", "zh").out
        assert "  错误     answer.field_type: error 必须是对象或 null" in said.splitlines()
        assert "未知状态“done”（已知：processing, completed, failed）" in said

    @pytest.mark.parametrize("suffix", ("json", "ndjson"))
    def test_bodies_by_a_key_of_theirs(self, run: Run, suffix: str) -> None:
        body = {"model": "gpt-image-2", "prompt": "a fox", "campaign": "a"}
        Path(f"plan.{suffix}").write_text(json.dumps(body) + "\n")
        log = answers({"campaign": "a", "ending": "content_policy"})
        rows = json.loads(run("reconcile", f"plan.{suffix}", log, "--key", "campaign", "--format", "json").out)
        (account,) = rows["requests"]
        assert (account["charged"], account["refunded"], account["net"]) == (30, 30, 0)
        assert rows["matched_by"] == "name"

    def test_prices_of_another_date_and_a_model_for_those_that_name_none(self, run: Run) -> None:
        Path("plan.ndjson").write_text('{"prompt": "a fox"}\n')
        result = run("reconcile", "plan.ndjson", answers(done("t")), "--model", "gpt-image-2", "--rates", "reapi")
        assert (result.code, result.err) == (2, "reapi-rules: reapi: No such file or directory\n")
        result = run(
            "reconcile", "plan.ndjson", answers(done("t", 1)), "--model", "gpt-image-2", "--as-of", "2020-01-01"
        )
        assert "charge not known for 1 submit: 1 without a price; check your balance" in result.err
        assert result.code == 1


class TestAnswers:
    def test_the_page_shows_all_of_it_as_rows(self, run: Run) -> None:
        rows = list(csv.DictReader(run("reconcile", POSTERS, ANSWERS, "--format", "csv").out.splitlines()))
        assert [(row["name"], row["quoted"], row["net_low"], row["net"], row["endings"]) for row in rows] == [
            ("fox", "759", "759", "759", "completed"),
            ("castle", "214", "0", "0", "provider_submit_failed"),
            ("mirror", "10", "4", "10", "completed"),
            ("lake", "30", "", "", "no_answer"),
            ("moon", "50", "", "", ""),
        ]
        lines = run("reconcile", POSTERS, ANSWERS, "--format", "ndjson").out.splitlines()
        assert [json.loads(line)["tasks"] for line in lines] == ["task_1", "task_2", "task_3", "", ""]

    @pytest.mark.parametrize("form", ("list", "key", "lines", "CRLF", "mark", "stdin"))
    def test_in_any_form(self, run: Run, form: str) -> None:
        expected = run("reconcile", POSTERS, ANSWERS)
        content = Path(ANSWERS).read_bytes()
        changed = {
            "list": b"[" + b",".join(content.splitlines()) + b"]",
            "key": b'\xef\xbb\xbf{"results": [' + b",".join(content.splitlines()) + b"]}",
            "lines": b"\n \n" + content.rstrip(),
            "CRLF": content.replace(b"\n", b"\r\n"),
            "mark": b"\xef\xbb\xbf" + content,
            "stdin": content,
        }[form]
        Path("log").write_bytes(changed)
        result = run("reconcile", POSTERS, "-", stdin=changed) if form == "stdin" else run("reconcile", POSTERS, "log")
        assert (result.code, result.out, result.err) == (expected.code, expected.out, expected.err)

    def test_a_single_one_over_several_lines(self, run: Run) -> None:
        Path("log").write_text(json.dumps(done("t1"), indent=2))
        assert "2 requests" not in run("reconcile", "plan.csv", "log").err
        assert run("reconcile", "plan.csv", "log").out.splitlines()[1].endswith("completed")

    def test_everything_that_is_not_settled_has_its_line(self, run: Run) -> None:
        log = answers(
            done("t1", asset="hero"),
            done("t2", 1, asset="hero"),
            {"id": "t3", **TASK, "status": "processing", "asset": "band"},
            {"asset": "nobody", "response": {"status_code": 500, "body": ""}},
        )
        result = run("reconcile", "plan.csv", log, "--key", "asset")
        assert result.code == 1
        assert result.err.splitlines()[5:-2] == [
            "1 task not finished; if one fails, it is refunded",
            "charge not known for 1 submit: 1 without a price; check your balance",
            "1 request may have been paid more than once",
            "1 submit without a request in the plan",
        ]
        assert "nobody (answer 4)" in result.out
        lines = result.out.splitlines()
        at = lines.index("hero (row 2):")
        assert lines[at + 1].startswith(
            "  error    task.image_count: the number of images is 1 in the output, but 2 in the request"
        )
        assert lines[at + 3] == "  2 tasks: t1, t2"
        assert lines[at + 4] == "nobody (answer 4):"

    def test_a_task_of_a_request_that_these_rules_reject(self, run: Run) -> None:
        log = answers(done("t1", asset="odd"), {"asset": "band", "response": {"status_code": 502, "body": "<html>"}})
        result = run("reconcile", "plan.csv", log, "--key", "asset")
        assert result.code == 1
        assert "odd (row 5):\n  reAPI accepted it, but these rules reject it, so it has no price\n" in result.out
        assert "band (row 4):\n  error    answer.json: " in result.out

    def test_a_file_is_what_its_name_says(self, run: Run) -> None:
        for name in ("out.csv", "out.json", "out.jsonl", "out.txt"):
            run("reconcile", POSTERS, ANSWERS, "-o", name)
        assert Path("out.csv").read_text().startswith("where,name,")
        assert json.loads(Path("out.json").read_text())["sums"]["requests"] == 5
        assert json.loads(Path("out.jsonl").read_text().splitlines()[0])["name"] == "fox"
        assert Path("out.txt").read_text().startswith("request ")

    def test_no_spreadsheet_runs_a_name(self, run: Run) -> None:
        log = answers({"custom_id": "=HYPERLINK(1)", **done("-t"), "created_at": 1})
        rows = list(csv.DictReader(run("reconcile", POSTERS, log, "--format", "csv").out.splitlines()))
        assert (rows[-1]["name"], rows[-1]["tasks"]) == ("'=HYPERLINK(1)", "'-t")

    def test_no_text_passes_for_a_line_of_ours(self, run: Run) -> None:
        log = answers({"custom_id": "x\nmatched by custom_id\x1b[2J", **done("t")})
        result = run("reconcile", POSTERS, log)
        assert "\x1b" not in result.out + result.err
        assert result.err.count("\nmatched by") == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("words", "said"),
        (
            (("-", "-"), "only one of PLAN and ANSWERS can be standard input"),
            (("plan.csv", "nowhere"), "nowhere: No such file or directory"),
            (("plan.csv", "log", "--key", "nothing"), "--key nothing: no column has that name: give one of asset, size, resolution, quality, n"),
            (("twice.csv", "log", "--key", "asset"), 'twice.csv: row 2 and row 3 have the same name "a": its answers could belong to either; --key names another column'),
            (("plan.csv", "log", "-o", "out.ods"), "-o out.ods: this writes text, json, ndjson, csv, tsv, xlsx or markdown, and no .ods"),
            (("plan.csv", "log", "-o", "log"), "log is an input of this run: choose another name for -o"),
        ),
    )  # fmt: skip
    def test_in_one_line(self, run: Run, words: tuple[str, ...], said: str) -> None:
        Path("log").write_text("{}\n")
        Path("twice.csv").write_text("asset,size\na,1:1\na,1:1\n")
        result = run("reconcile", *words)
        assert (result.code, result.out, result.err.splitlines()[-1]) == (2, "", f"reapi-rules: {said}")
        assert Path("log").read_text() == "{}\n"
