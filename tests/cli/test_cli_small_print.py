"""What only one kind of run shows: each case here was a change of the code that no other fast test noticed."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from reapi_rules import cli
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.lines import finding_text
from reapi_rules.cli.options import suffix_format
from reapi_rules.cli.said import Place
from reapi_rules.cli.streams import lines_of, note, open_output, read_bytes
from reapi_rules.cli.summary import Summary
from reapi_rules.sheets.results.alike import Spelling
from reapi_rules.tasks.explanations import explain
from tests.support.command import Run
from tests.support.examples import EXAMPLES, need


class Broken(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO())

    @property
    def buffer(self) -> Any:
        return self

    def read(self, *_: Any) -> NoReturn:
        raise OSError(5, "x")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


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

    def test_a_price_cell_is_no_cell_of_a_sheet(self, run: Run) -> None:
        out = run("quote", "--size", "16:9", "--lang", "zh").out
        assert "  1 x 0.2136 美元，价格单元 16:9@1k_high\n" in out
        card = built_in().card()
        assert card is not None
        Path("card.json").write_text(json.dumps({**card.to_dict(), "usd_per_image": {"flux-2": []}}))
        assert run("rates", "lint", "card.json", "--lang", "zh").err == (
            "reapi-rules: card.json：usd_per_image.flux-2 应是由各价格单元组成的对象\n"
        )

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

    @pytest.mark.parametrize("command", ("check", "quote", "quote --by model", "quote --rows"))
    def test_a_body_without_anything_in_it_is_one(self, run: Run, command: str) -> None:
        for blank in ("", " \r\n"):
            Path("blank.json").write_text(blank)
            result = run(*command.split(), "blank.json")
            assert (result.code, "1 rejected" in result.err) == (1, True)

    @pytest.mark.parametrize("fixed", ((), ("--fixed", "fixed.json")))
    def test_a_list_without_a_comma_is_none(self, run: Run, fixed: tuple[str, ...]) -> None:
        Path("list.json").write_text(f"[{json.dumps(FOX)} {json.dumps(FOX)}]")
        assert run("check", "list.json", *fixed).out.splitlines()[0] == "list.json: REJECTED"

    def test_figures_are_to_the_right(self, run: Run) -> None:
        assert run("quote", "plan.v2.csv", "--by", "quality", "--format", "markdown").out == (
            "| quality | requests | rejected | credits | USD |\n| --- | ---: | ---: | ---: | ---: |\n| low | 3 | 0 | 15 | 0.015 |\n"
        )

    def test_how_a_sheet_is_spelt(self, run: Run) -> None:
        for option, start in (
            ("--excel", b'\xef\xbb\xbfprompt,"size",'),
            ("--delimiter=semicolon", b'prompt;"size";'),
            ("--guard-all", b'prompt,"size",'),
        ):
            assert run("quote", "plan.v2.csv", option).bytes.startswith(start), option

    def test_a_document_is_for_people_too(self, run: Run) -> None:
        for kind in ("messages", "schema"):
            assert run("export", kind).out.startswith('{\n  "')
        need("xlsxwriter")
        for kind in ("page -o out.html", "apps-script -o out.gs", "workbook -o out.xlsx --lines 1"):
            assert run("export", *kind.split()).err.startswith("card reapi-2026-07-28, "), kind

    def test_a_status_that_reapi_does_not_use(self, run: Run) -> None:
        assert (
            run("explain", "410").out.splitlines()[0]
            == "HTTP 410: no published code; reAPI is not known to use this status"
        )
        assert run("explain", "402").out.splitlines()[0] == "HTTP 402: 1 published code"

    def test_an_example_is_shown_as_people_write_it(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        shown = replace(explain("size.unknown"), example={"prompt": "狐狸"})
        monkeypatch.setattr("reapi_rules.cli.explain.explain", lambda *_, **__: shown)
        assert '  example: {"prompt": "狐狸"}\n' in run("explain", "size.unknown").out

    def test_a_group_by_a_field_that_a_model_without_rules_lacks(self, run: Run) -> None:
        rows = json.loads(run("quote", "foxes.ndjson", "--by", "resolution", "--format", "json").out)
        assert [(row["group"], row["requests"], row["unpriced"]) for row in rows] == [("1k", 2, 0), ("(none)", 1, 1)]

    @pytest.mark.parametrize(
        "words",
        (
            "check --format ndjson", "check --strict", "check --format github", "quote --format ndjson", "quote --format text",
            "quote --format json --lang zh", "advise --format ndjson", "advise", "check --lang zh",
        ),
    )  # fmt: skip
    def test_many_lines_that_are_alike(self, run: Run, words: str) -> None:
        """Those behind the first few are spelt from one, and told as each alone."""
        bodies = [
            {"model": FOX["model"], "prompt": f"fox é {at}", "seed": 1, "image_urls": [f"https://a.example/{at}.png"]}
            for at in range(20)
        ]
        lines = [json.dumps(body).encode() for body in bodies]
        Path("many.ndjson").write_bytes(b"\n".join(lines))
        with patch.object(Spelling, "of_texts", autospec=True, side_effect=Spelling.of_texts) as spelt:
            whole = run(*words.split(), "many.ndjson").out
        assert spelt.call_count > 3
        more = ("-", "--from", "ndjson")
        alone = [run(*words.split(), *more, stdin=b"\n" * at + line).out for at, line in enumerate(lines)]
        if "json " in words:
            assert json.loads(whole) == [report for each in alone for report in json.loads(each)]
        else:
            assert whole.replace("file=many.ndjson,", "") == "".join(alone)
        limited = run("quote", "many.ndjson", "--format", "ndjson", "--max-credits", "6000").err
        assert "\nover budget at line 18: running total 2304 to 6084 credits (6.084 USD), limit 6000\n" in limited
        assert "\n20 requests, 0 rejected, " in f"\n{limited}"

    def test_many_rows_that_say_the_same(self, run: Run) -> None:
        """What is found in them is put into words once, and what they cost is counted at once."""
        Path("many.csv").write_text("prompt,size\n" + "a fox,1:1\n" * 40)
        with patch("reapi_rules.cli.lines.finding_text", side_effect=finding_text) as put:
            assert run("check", "many.csv").out.count("quality.auto_bills_high") == 40
        assert put.call_count == 1
        for words in ("quote", "quote --by size", "advise"):
            with patch.object(Summary, "add", autospec=True, side_effect=Summary.add) as added:
                assert "\n40 requests, 0 rejected, 6760 credits" in run(*words.split(), "many.csv").err
            assert added.call_count == 1, words

    @pytest.mark.parametrize("fixed", ((), ("--fixed", "fixed.json")))
    def test_a_list_of_one_stays_a_list(self, run: Run, fixed: tuple[str, ...]) -> None:
        Path("list.json").write_text(json.dumps([FOX]))
        found = run("check", "list.json", "--format", "json", *fixed)
        assert [report["ok"] for report in json.loads(found.out)] == [True]
        assert found.err.startswith("1 request, ")

    def test_lines_that_are_too_long_by_their_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reapi_rules.cli.streams._MB", 1)
        just, over = b"x" * 63 + b"\n", b"x" * 65
        assert list(lines_of(io.BytesIO(just * 2))) == [just] * 2
        with pytest.raises(UnusableError, match=r"^line 3 is longer than 64 MB: "):
            list(lines_of(io.BytesIO(just * 2 + over)))

        class Endless(io.BytesIO):
            def readline(self, size: int | None = -1) -> bytes:
                assert size == 65, "no more is held than has to be"
                return b"x" * size

        with pytest.raises(UnusableError, match=r"^line 1 is "):
            list(lines_of(Endless()))

    @pytest.mark.parametrize(
        ("words", "bound", "says"),
        (
            ("check fox.json", "streams._LARGEST_LIST", "save the list as NDJSON, one request on each line"),
            ("rates import fox.json", "rates._LARGEST_PAGE", "save reAPI's model page alone"),
        ),
    )
    def test_what_to_do_instead_of_what_is_too_large(
        self, run: Run, words: str, bound: str, says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(f"reapi_rules.cli.{bound}", 0)
        assert run(*words.split()).err == f"reapi-rules: the input is larger than 0 MB: {says}\n"

    def test_what_is_just_not_too_large(self) -> None:
        assert len(read_bytes(io.BytesIO(b"x" * (1 << 20)), most=1)) == 1 << 20
        with pytest.raises(UnusableError, match="the input is larger than 1 MB: cut it"):
            read_bytes(io.BytesIO(b"x" * ((1 << 20) + 1)), most=1, instead="cut it")

        class Endless(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                assert size == (1 << 20) + 1, "no more is held than has to be"
                return b"x" * size

        with pytest.raises(UnusableError, match=r"larger than 1 MB"):
            read_bytes(Endless(), most=1)


class TestAProcess:
    """What a process of its own does about its streams and signals, done in this one."""

    def test_it_is_utf_8_and_stops_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        caught: dict[int, Any] = {}
        ignored = {signal.SIGHUP: signal.SIG_IGN}
        monkeypatch.setattr("_signal.getsignal", ignored.get)
        monkeypatch.setattr("_signal.signal", caught.__setitem__)
        monkeypatch.setattr("gc.freeze", lambda: None)
        monkeypatch.setattr(sys, "argv", ["reapi-rules", "explain", "狐狸"])
        with pytest.raises(SystemExit) as stop:
            cli.run()
        assert stop.value.code == 2
        assert [(stream.encoding, stream.errors) for stream in streams] == [("utf-8", "backslashreplace")] * 2
        assert "狐狸" in streams[1].buffer.getvalue().decode()
        assert [*caught] == [signal.SIGINT, signal.SIGTERM]
        ended: list[object] = []
        monkeypatch.setattr(os, "_exit", ended.append)
        monkeypatch.setattr(cli, "remove_all", lambda: ended.append("removed"))
        caught[signal.SIGTERM](signal.SIGTERM, None)
        assert ended == ["removed", 143]
        monkeypatch.setattr(sys, "stderr", None)
        ignored.clear()
        with pytest.raises(SystemExit):
            cli.run()
        assert caught.keys() == {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}
        assert (sys.stderr.name, sys.stderr.mode) == (os.devnull, "w")
        sys.stderr.close()

    @pytest.mark.parametrize(
        ("error", "before", "after", "said"),
        (
            (OSError(28, "x"), 0, 2, "reapi-rules: No space left on device\n"),
            (OSError(28, "x"), 2, 2, ""),
            (BrokenPipeError(), 0, 141, ""),
        ),
    )
    def test_what_cant_be_written(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        error: OSError,
        before: int,
        after: int,
        said: str,
    ) -> None:
        def fail() -> None:
            raise error

        with open("out", "w") as file, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", file)
            patch.setattr(file, "flush", fail)
            assert cli._flushed(before) == after
            assert os.path.samestat(os.fstat(file.fileno()), os.stat(os.devnull))  # where the rest goes, at exit
        assert capsys.readouterr().err == said

    def test_what_is_said_beside_a_full_output(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdout", Broken())
        monkeypatch.setattr(sys.stdout, "flush", lambda: Broken().read())
        note("all the same")
        assert capsys.readouterr().err == "all the same\n"

    def test_nobody_to_help(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdout", None)
        assert (run("--help").err, run("check", "fox.json").err) == (
            "reapi-rules: standard output is closed\n",
            "reapi-rules: standard output is closed: name a file with -o\n",
        )

    @pytest.mark.parametrize(
        ("stdin", "says"),
        (
            (None, "standard input is closed: name a FILE"),
            (Broken(), "can't read the input: x"),
            (Terminal(), "name a FILE, or - for standard input; see --help"),
        ),
    )
    def test_nothing_to_read(
        self,
        stdin: Any,
        says: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert cli.main(["check"] if isinstance(stdin, Terminal) else ["check", "-"]) == 2
        assert capsys.readouterr() == ("", f"reapi-rules: {says}\n")

    def test_standard_streams_are_files_too(self) -> None:
        """Both are looked at by their number."""
        plan = os.open("plan.v2.csv", os.O_RDONLY)
        for number, words in ((0, ("plan.v2.csv", "-")), (1, ("-", "plan.v2.csv"))):
            kept = os.dup(number)
            try:
                os.dup2(plan, number)
                with (
                    pytest.raises(UnusableError, match="is an input of this run"),
                    open_output(words[0], inputs=[words[1]]),
                ):
                    pass
            finally:
                os.dup2(kept, number)
                os.close(kept)
            with open_output("other.csv", inputs=["plan.v2.csv", "-"]):
                pass
        os.close(plan)

    @pytest.mark.parametrize("width", (24, 80, 100))
    def test_help_is_almost_as_wide_as_the_terminal(self, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", str(width))
        assert cli.parser_for(())._get_formatter()._width == width - 2


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

    @pytest.mark.parametrize(
        "command", ("check", "check --format json", "check --fixed out.csv", "quote", "quote --by n", "advise")
    )
    def test_of_a_column_that_is_not_read(self, run: Run, command: str) -> None:
        Path("odd.csv").write_text("size,n,Level\n1:1,1,low\n1:1,1,high\n")
        for form in ("text", "ndjson", "csv"):
            words = [*command.split(), "odd.csv", *([] if "--" in command else ["--format", form])]
            if command != "check" or form != "csv":
                assert (run(*words).code, run(*words, "--require-all-read").code) == (0, 3), words

    def test_of_a_change_that_changes_nothing(self, run: Run) -> None:
        found = run("quote", "plan.v2.csv", "--set", "quality=low", "-o", "out.csv").err
        assert "as they are: 15 credits (0.015 USD); the change saves 0 credits\n" in found

    def test_of_savings_in_a_file_without_a_name(self, run: Run) -> None:
        found = run("quote", "-", "--from", "csv", stdin=b"size\n1:1\n").err
        assert (
            "Possible savings: 164 credits by setting a quality where it is auto. Details: reapi-rules advise FILE\n"
            in found
        )

    def test_of_savings_of_a_file_whose_name_a_shell_would_split(self, run: Run) -> None:
        Path("my plan.csv").write_text("size\n1:1\n")
        assert run("quote", "my plan.csv").err.count("Details: reapi-rules advise 'my plan.csv'\n") == 1
        assert "Details" not in run("advise", "my plan.csv").err

    @pytest.mark.parametrize(
        ("body", "said"),
        (
            (FOX | {"size": "4:3", "quality": "low"}, "4 credits (0.004 USD)\n  no change that keeps the image costs less\n"),
            ({"model": "kling-3-0"}, "no price\n"),
        ),
    )  # fmt: skip
    def test_of_a_body_that_can_cost_no_less(self, run: Run, body: dict[str, Any], said: str) -> None:
        Path("fox.json").write_text(json.dumps(body))
        assert run("advise", "fox.json").out == f"fox.json: {said}"

    @pytest.mark.parametrize(
        ("language", "said"),
        (("en", '  variant refused: error; 20003; unknown field "…"\n'), ("zh", "  变体 refused：错误；20003；未知字段“…”\n")),
    )  # fmt: skip
    def test_of_what_a_variant_says_otherwise(self, run: Run, language: str, said: str) -> None:
        out = run("explain", "field.unknown", "--lang", language).out
        assert said in out
        assert "('" not in out

    @pytest.mark.parametrize(
        ("id", "variants"),
        (
            ("size.needs_widescreen", ["pixel_size"]), ("mask_url.needs_image", []), ("aspect_ratio.needs_input_urls", []),
            ("size.unknown", ["near_miss", "pixels", "pixels_near_miss"]), ("resolution.unknown", ["near_miss"]),
        ),
    )  # fmt: skip
    def test_of_pixels_only_where_a_field_takes_them(self, run: Run, id: str, variants: list[str]) -> None:
        assert re.findall("  variant (\\w+):", run("explain", id).out) == variants

    def test_of_the_body_in_a_line_of_a_batch(self, run: Run) -> None:
        Path("batch.jsonl").write_text(json.dumps({"custom_id": "a", "body": {**FOX, "n": 9}}) + "\n")
        assert "n.range (20003): n must be between 1 and 4" in run("explain", "20003", "batch.jsonl").out

    @pytest.mark.parametrize("name", ("plan.v2.csv", "foxes.ndjson"))
    def test_of_what_is_not_one_body(self, run: Run, name: str) -> None:
        result = run("explain", "20003", name)
        assert (result.code, result.out) == (2, "")
        assert f"{name} is not one body: reapi-rules check says what is wrong with each request in it" in result.err

    def test_of_answers_to_bodies(self, run: Run) -> None:
        Path("answers.ndjson").write_text('{"id": "a", "status": "completed"}\n')
        assert run("reconcile", "fox.json", "answers.ndjson", "--account", "account.json").code == 0
        assert json.loads(Path("account.json").read_text())

    def test_of_the_column_of_a_warning(self, run: Run) -> None:
        Path("odd.csv").write_text("prompt,Aspect,Grade\na fox,1:1,\na fox,1:1,\na fox,7:5,\n")
        for words in (("check", "odd.csv"), ("quote", "odd.csv", "--format", "text")):
            out = run(*words, "--columns", "quality=Grade").out
            assert out.count('quality.auto_bills_high, column C "Grade": ') == 3, out
            assert out.count('size.unknown (20003), column B "Aspect": ') == 1, out

    @pytest.mark.parametrize(
        ("command", "letter"),
        (("quote", "B"), ("quote --in-place", "C"), ("check", "C"), ("advise", "C"), ("quote --by n", "C")),
    )
    def test_of_a_column_behind_ours(self, run: Run, command: str, letter: str) -> None:
        """A sheet that is written anew has our columns last; where nothing is written, the letters are the file's."""
        Path("ours.csv").write_text("prompt,reapi_verdict,Aspect,n\na fox,fine,7:5,\n")
        told = run(*command.split(), "ours.csv").out + Path("ours.csv").read_text()
        expected = command in ("quote", "quote --in-place", "check")
        assert (f'column {letter} "Aspect"' in told.replace('""', '"')) is expected

    def test_of_a_card_beside_another(self, run: Run) -> None:
        card = json.loads((EXAMPLES / "my-card.json").read_text())
        Path("a.json").write_text(json.dumps(card))
        card["usd_per_image"] = {model: dict.fromkeys(prices, "9") for model, prices in card["usd_per_image"].items()}
        Path("b.json").write_text(json.dumps({**card, "id": "b-2026-11"}))
        alone, beside = run("rates", "lint", "b.json"), run("rates", "lint", "b.json", "--against", "a.json")
        assert beside.out != alone.out
