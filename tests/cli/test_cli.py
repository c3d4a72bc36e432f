"""The command line as a user meets it: commands, formats, exit codes, and one clear line for every mistake."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import __version__, cli, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Model, Role
from reapi_rules.cli import COMMANDS, main
from reapi_rules.cli.export import KINDS
from reapi_rules.cli.parser import help_texts
from reapi_rules.cli.said import said
from reapi_rules.engine.dimensions import NoDimensions
from reapi_rules.engine.engine import stand_in
from reapi_rules.engine.quotes import NotExact
from reapi_rules.engine.request import Mode
from reapi_rules.terms.findings import Certainty
from tests.support.cards import made_up
from tests.support.command import Run
from tests.support.examples import CAMPAIGN, need
from tests.support.examples import EXAMPLES as EXAMPLE_FILES

BODY = {
    "model": "gpt-image-2-official",
    "prompt": "a fox",
    "size": "16:9",
    "resolution": "2k",
    "quality": "high",
    "n": 2,
}
ROOT = Path(__file__).parents[2]
RATES, THIRD_MODEL = ROOT / "data" / "rates", ROOT / "tests" / "support" / "third_model"
BAD = {"model": "gpt-image-2-official", "prompt": "a fox", "n": 9, "quality": "low"}
WARNED = {"model": "gpt-image-2-official", "prompt": "a fox"}
EXAMPLES = {name: command.examples for name, command in help_texts().commands.items()}


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, Any], str]:
    def write(name: str, content: Any) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


def ndjson(*bodies: Any) -> bytes:
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


class TestCheck:
    def test_text_for_people(self, run: Run, file: Any) -> None:
        path = file("body.json", {**WARNED, "prompt": "a 16:9 fox", "seed": 1, "size": "auto"})
        result = run("check", path)
        assert result.code == 0
        assert result.err == ""
        assert result.out.splitlines() == [
            f"{path}: accepted",
            "  gpt-image-2-official, text to image, pixels unknown (reAPI chooses the size), 338 credits (0.338 USD)",
            '  warning  field.unknown: unknown field "seed" is ignored',
            "           -> leave it out: this model has no such parameter",
            "  warning  quality.auto_bills_high: without quality the request is billed as high",
            "           -> set quality to low or medium if that is good enough",
            "  note     prompt.restates_ratio, size.auto_price",
        ]

    def test_a_rejection(self, run: Run, file: Any) -> None:
        result = run("check", file("body.json", BAD))
        assert result.code == 1
        assert "REJECTED\n  error    n.range (20003): n must be between 1 and 4\n" in result.out

    def test_strict_counts_warnings_but_not_notes(self, run: Run, file: Any) -> None:
        path = file("body.json", WARNED)
        assert run("check", path).code == 0
        assert run("check", path, "--strict").code == 1
        assert run("check", file("noted.json", {**WARNED, "quality": "auto"}), "--strict").code == 0

    def test_json_and_ndjson_are_the_report(self, run: Run, file: Any) -> None:
        path = file("body.json", BAD)
        expected = preflight(BAD).to_json()
        assert run("check", path, "--format", "json").bytes == expected + b"\n"
        assert run("check", path, "--format", "ndjson").bytes == expected + b"\n"

    def test_ndjson_one_line_for_each_line_in_order_bad_lines_too(self, run: Run, file: Any) -> None:
        text = ndjson(BODY, BAD) + b"\n  \n" + b"{not json\n" + b"\xff\n" + ndjson(WARNED)[:-1]
        result = run("check", file("many.ndjson", text), "--format", "ndjson")
        assert result.code == 1
        lines = result.bytes.splitlines()
        assert lines == [preflight(body).to_json() for body in (BODY, BAD, b"{not json\n", b"\xff\n", WARNED)]
        assert result.err.splitlines()[0].startswith("5 requests, 3 rejected, 928 credits (0.928 USD)")
        listed = json.loads(run("check", file("many.ndjson", text), "--format", "json").out)
        assert [report["ok"] for report in listed] == [True, False, False, False, True]
        assert json.loads(run("check", file("none.ndjson", b"\n"), "--format", "json").out) == []

    def test_a_sheet(self, run: Run) -> None:
        result = run("check", str(CAMPAIGN))
        assert result.code == 1
        assert result.out.count("REJECTED") == 8
        assert "row 14: REJECTED\n  error    size.needs_widescreen (20003)" in result.out

    @pytest.mark.parametrize("command", (["check"], ["check", "--strict"], ["check", "--lang", "zh"], ["advise"]))
    def test_rows_that_say_the_same_are_told_as_each_alone(self, run: Run, command: list[str]) -> None:
        rows = ("a,1:1,high,1\n", "b,1:1,,1\n", "c,7:5,high,1\n", "d,16x9,high,9\n", "e:16:9,1:1,high,1\n")
        whole = run(*command, "-", "--from", "csv", stdin=("prompt,size,quality,n\n" + "".join(rows) * 3).encode()).out
        alone = [
            run(*command, "-", "--from", "csv", stdin=f"prompt,size,quality,n\n{row}".encode()).out for row in rows
        ]
        assert whole == "".join(
            text.replace("row 2:", f"row {number}:").replace("第 2 行", f"第 {number} 行")
            for number, text in enumerate(alone * 3, 2)
        )

    def test_standard_input(self, run: Run) -> None:
        assert run("check", "-", stdin=json.dumps(BODY).encode()).out.startswith("standard input: accepted")
        assert run("check", stdin=json.dumps(BODY).encode()).code == 0
        assert run("check", "-", "--from", "ndjson", stdin=ndjson(BODY, BODY)).out.startswith("line 1: accepted")
        assert run("check", "-", "--from", "csv", stdin=b"size\n16:9\n").code == 0

    @pytest.mark.parametrize(
        ("words", "content", "is_said"),
        (
            ("", b"size\n16:9\n", True),
            ("", b'"size","n"\n16:9,2\n', True),
            ("", b'\xef\xbb\xbf\n {"model": 1}', False),
            ("", b"[{}]", False),
            ("", b"{nonsense", False),
            ("", b" ", False),
            ("--from csv", b"size\n16:9\n", False),
            ("--from ndjson", b"size\n", False),
        ),
    )
    def test_what_looks_like_no_json_may_be_a_sheet(
        self, run: Run, words: str, content: bytes, is_said: bool, tmp_path: Path
    ) -> None:
        for command in (("check",), ("quote",), ("quote", "--rows"), ("check", "--fixed", str(tmp_path / "fixed"))):
            for language, line in (("en", "for a sheet give --from csv"), ("zh", "若是表格，请加 --from csv")):
                said = run(*command, "-", "--lang", language, *words.split(), stdin=content).err
                assert (line in said) is is_said, (command, said)

    @pytest.mark.parametrize(
        ("words", "content", "is_said"),
        (
            ("", b'{"n": 1}\n{"n": 2}\n', True), ("", b'\xef\xbb\xbf{"n": 1} \r\n\r\n{', True), ("--from ndjson", b'{"n": 1}\n{"n": 2}', False),
            ("", b'{"n": {"a": 1}}\n', False), ("", b'{\n"n": {"a": 1},\n"b": {}}', False), ("", b'[{"n": 1}\n,\n{"n": 2}]', False),
        ),
    )  # fmt: skip
    def test_what_looks_like_lines(self, run: Run, words: str, content: bytes, is_said: bool, tmp_path: Path) -> None:
        for command in (("check",), ("quote",), ("quote", "--rows"), ("check", "--fixed", str(tmp_path / "fixed"))):
            for language, line in (("en", "in each line give --from ndjson"), ("zh", "请加 --from ndjson")):
                said = run(*command, "-", "--lang", language, *words.split(), stdin=content).err
                assert said.count(line) == is_said, (command, said)


class TestQuote:
    def test_what_is_found_is_told_in_the_language_asked_for(self, run: Run) -> None:
        body = {"model": BODY["model"], "prompt": "a fox"}
        for words, asked in (
            (["--size", "16:9"], {}),
            (["--format", "text"], body),
            (["--format", "text"], body | {"n": 9}),
        ):
            out = run("quote", *words, "--lang", "zh", stdin=json.dumps(asked).encode()).out
            assert "quality.auto_bills_high: 未填写" in out

    def test_flags(self, run: Run) -> None:
        result = run("quote", "--size", "16:9", "--resolution", "2k", "--quality", "high", "--n", "2")
        assert result.code == 0
        lines = result.out.splitlines()
        assert lines[:4] == [
            "759 credits (0.759 USD)",
            "  2 x 0.3792 USD, cell 16:9@2k_high",
            "  exact price (documented)",
            "  2048x1152",
        ]
        assert re.fullmatch(
            r"  card reapi-2026-07-28, effective from 2026-07-28, checked on 2026-07-28 \(\d+ days ago\)", lines[4]
        )

    def test_bounds_are_shown_as_bounds(self, run: Run) -> None:
        result = run("quote", "--with-images", "--quality", "low")
        assert result.out.startswith("4 to 10 credits (up to 0.010 USD)\n")
        assert "estimate: the size follows a reference image that only reAPI sees (inferred)" in result.out
        assert "estimate: reAPI picks the price for pixel sizes (inferred)" in run("quote", "--size", "1920x1080").out

    def test_in_chinese(self, run: Run) -> None:
        assert run("quote", "--size", "16:10", "--lang", "zh").out.startswith("请求: 拒绝\n")
        lines = run("quote", "--size", "1000x1000", "--quality", "auto", "--lang", "zh").out.splitlines()
        assert lines[0] == "128 至 338 积分（最多 0.338 美元）"
        assert lines[2:4] == ["  估算：像素尺寸的价格由 reAPI 决定（推断）", "  1024x1024（推断）"]
        assert lines[-1].startswith("  价目表 reapi-2026-07-28，")
        body = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "auto", "n": 5}
        lines = run("check", "-", "--lang", "zh", stdin=json.dumps(body).encode()).out.splitlines()
        assert lines[0] == "标准输入: 拒绝"
        assert lines[1].startswith("  错误     n.range (20003): n（图片数量）必须在 1 到 4 之间")
        lines = run("check", "-", "--lang", "zh", stdin=json.dumps({**body, "n": 1}).encode()).out.splitlines()
        assert lines[:2] == [
            "标准输入: 接受",
            "  gpt-image-2-official，文生图，像素未知（由 reAPI 选择尺寸），338 积分（0.338 美元）",
        ]

    def test_every_reason_has_a_text(self) -> None:
        for kind in (NotExact, NoDimensions, Mode, Certainty):
            for name in get_args(kind):
                assert "_" not in said(name, "en")
                assert not said(name, "zh").isascii()

    @pytest.mark.parametrize("model", built_in().models.values(), ids=lambda model: model.id)
    def test_flags_go_by_role_for_every_model(self, run: Run, model: Model) -> None:
        """What the flags say is what the body with the model's own names says."""
        flags: dict[Role, str] = {"shape": "--size", "tier": "--resolution", "quality": "--quality"}
        words = {role: model.field(role).choices[-1] for role in flags if role in model.roles}
        has_references = "references" in model.roles
        body = stand_in(model, has_images=has_references, number=2, **words)
        given = [part for role, word in words.items() for part in (flags[role], word)]
        given += ["--with-images"] if has_references else []
        result = run("quote", "--model", model.id, *given, "--n", "2", "--format", "json")
        assert json.loads(result.out) == json.loads(preflight(body).to_json())
        assert ("unknown field" in run("quote", "--model", model.id, "--n", "1").out) is ("number" not in model.roles)

    def test_a_flag_that_the_model_has_no_field_for_is_said(self, run: Run) -> None:
        result = run("quote", "--model", "gpt-image-2", "--quality", "low")
        assert result.code == 0
        assert "  warning  field.unsupported: " in result.out

    def test_an_id_without_rules(self, run: Run) -> None:
        result = run("quote", "--model", "midjourney", "--size", "16:9")
        assert result.code == 0
        assert result.out.startswith("no price\n")
        assert "model.no_rules" in result.out
        assert "card reapi-2026-07-28" in result.out
        assert run("quote", "--model", "midjourney", "--require-price").code == 3
        assert run("quote", "--model", "no-such-model").code == 1

    def test_the_sibling(self, run: Run) -> None:
        assert run("quote", "--model", "gpt-image-2", "--resolution", "2K").out.startswith("50 credits (0.050 USD)\n")

    def test_a_rejection(self, run: Run) -> None:
        result = run("quote", "--size", "1:1", "--resolution", "4k")
        assert result.code == 1
        assert "size.needs_widescreen (20003)" in result.out

    def test_floats_are_told_apart(self, run: Run) -> None:
        assert "a program that uses floats would bill another number" in run("quote", "--size", "21:9", "--n", "3").out

    def test_a_body(self, run: Run, file: Any) -> None:
        assert run("quote", file("body.json", BODY)).out.startswith("759 credits")
        assert json.loads(run("quote", file("body.json", BODY), "--format", "json").out)["quote"]["credits"] == 759

    def test_ndjson_gives_reports(self, run: Run, file: Any) -> None:
        result = run("quote", file("many.ndjson", ndjson(BODY, BAD)))
        assert result.code == 1
        assert [json.loads(line)["ok"] for line in result.out.splitlines()] == [True, False]

    def test_prices_of_a_date(self, run: Run) -> None:
        result = run("quote", "--quality", "low", "--as-of", "2026-01-01")
        assert result.code == 0
        assert result.out.startswith("no price\n  the rate card has no price for 1:1@1k_low\n")
        assert "no rate card is in effect on that date" in result.out
        assert run("quote", "--quality", "low", "--as-of", "2026-01-01", "--require-price").code == 3
        assert run("quote", "--quality", "low", "--require-price").code == 0

    def test_a_card_of_ones_own(self, run: Run, file: Any) -> None:
        path = file("card.json", made_up({"gpt-image-2": {"1k": "0.0201"}}))
        result = run("quote", "--model", "gpt-image-2", "--rates", path)
        assert result.out.startswith("21 credits (0.021 USD)\n")
        assert "card mine" in result.out
        assert run("table", "rates", "--rates", path, "--format", "csv").out.splitlines()[1:] == [
            "gpt-image-2,1k,0.0201,21,mine"
        ]


class TestSheets:
    def test_the_campaign(self, run: Run) -> None:
        result = run("quote", str(CAMPAIGN))
        assert result.code == 1
        before, after = CAMPAIGN.read_bytes().split(b"\n"), result.bytes.split(b"\n")
        assert len(before) == len(after)
        assert all(new.startswith(old) for old, new in zip(before, after))
        assert "\n48 requests, 8 rejected, " in result.err
        assert "card reapi-2026-07" in result.err

    def test_columns_that_are_appended(self, run: Run, file: Any) -> None:
        text = b'asset,size,n,quality\r\nx,"16:9",2,low\r\n\r\ny,,,\r\nz,7:5,,\r\n'
        result = run("quote", file("plan.csv", text))
        lines = result.bytes.split(b"\r\n")
        assert lines[0].decode() == (
            "asset,size,n,quality,reapi_verdict,reapi_errors,reapi_warnings,reapi_width,reapi_height,reapi_credits,reapi_credits_low,"
            "reapi_usd,reapi_basis,reapi_cell,reapi_rate_card,reapi_notes"
        )
        assert lines[1] == b'x,"16:9",2,low,fine,,,1536,864,13,13,0.013,exact,16:9@1k_low,reapi-2026-07-28,'
        assert lines[2] == b""
        assert lines[3] == b"y,,,," + b"," * 11
        assert lines[4].startswith(b'z,7:5,,,rejected,"size.unknown: invalid size ""7:5""')

    def test_no_column_of_ours(self, run: Run, file: Any) -> None:
        result = run("quote", file("plan.csv", b"a,b\n1,2\n"))
        assert (result.code, result.out) == (2, "")
        assert "no column is a field of a request: name at least one of model, prompt, size" in result.err

    def test_quote_that_never_closes(self, run: Run, file: Any) -> None:
        result = run("quote", file("plan.csv", b'size,x\n16:9,"open\n'))
        assert result.code == 2
        assert "row 2" in result.err

    @pytest.mark.parametrize("command", ("quote", "check"))
    def test_reports_hold_what_the_rows_hold(self, run: Run, file: Any, command: str) -> None:
        images = [f"https://a.example/{at}.png" if at % 2 else "" for at in range(6)]
        masks = ["", "", "", "https://a.example/mask.png", "", ""]
        lines = [f"fox {at},16:9,{image},{mask}" for at, (image, mask) in enumerate(zip(images, masks))]
        path = file("plan.csv", "\n".join(("prompt,size,image_urls,mask_url", *lines)).encode())
        bodies = [
            {"prompt": f"fox {at}", "size": "16:9"}
            | ({"image_urls": [image]} if image else {})
            | ({"mask_url": mask} if mask else {})
            for at, (image, mask) in enumerate(zip(images, masks))
        ]
        expected = [preflight(body, default_model="gpt-image-2-official").to_dict() for body in bodies]
        result = run(command, path, "--format", "ndjson")
        assert [json.loads(line) for line in result.out.splitlines()] == expected
        assert json.loads(run(command, path, "--format", "json").out) == expected


class TestTable:
    @pytest.mark.parametrize("name", ("dimensions", "rates", "rules", "codes"))
    def test_formats_agree(self, run: Run, name: str) -> None:
        rows = json.loads(run("table", name, "--format", "json").out)
        text = run("table", name).out.splitlines()
        assert len(rows) == len(text) - 1 > 10
        assert text[0].split() == list(rows[0])
        import csv

        listed = list(csv.DictReader(io.StringIO(run("table", name, "--format", "csv").out)))
        assert listed == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]

    def test_no_card_on_that_date(self, run: Run) -> None:
        result = run("table", "rates", "--as-of", "2020-01-01")
        assert (result.code, result.out) == (0, "")


class TestOutput:
    def test_is_written_whole(self, run: Run, file: Any, tmp_path: Path) -> None:
        target = tmp_path / "out.csv"
        result = run("quote", file("plan.csv", b"size\n16:9\n"), "-o", str(target))
        assert (result.code, result.out) == (0, "")
        assert target.read_bytes().startswith(b"size,reapi_verdict,")
        assert target.stat().st_mode & 0o777 == 0o666 & ~current_umask()

    def test_or_not_at_all(self, run: Run, file: Any, tmp_path: Path) -> None:
        target = tmp_path / "out.csv"
        target.write_text("mine")
        assert run("quote", file("plan.csv", b'size,x\n16:9,a\n1:1,"open\n'), "-o", str(target)).code == 2
        assert target.read_text() == "mine"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "plan.csv"]

    def test_keeps_the_permissions_of_what_it_replaces(self, run: Run, file: Any, tmp_path: Path) -> None:
        target = tmp_path / "out.json"
        target.write_text("old")
        target.chmod(0o640)
        run("check", file("body.json", BODY), "-o", str(target))
        assert target.stat().st_mode & 0o777 == 0o640


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class TestMistakes:
    """Exit code 2 and one line that says what is wrong and what is allowed."""

    @pytest.mark.parametrize(
        ("words", "says"),
        (
            (("check", "missing.json"), "missing.json: No such file or directory"),
            (("check", "missing"), "missing: No such file or directory"),
            (("check", "/"), "/: Is a directory"),
            (("check", "/dev/null"), "/dev/null: unknown suffix, so name the format: --from json, ndjson"),
            (
                ("check", json.dumps({**BODY, "prompt": "a fox " * 200})),
                "this is the text of a body, not the name of a file",
            ),
            (("check", "[{}]"), "this is the text of a body, not the name of a file"),
            (("check", ".", "--from", "json"), "Is a directory"),
            (("quote", "--n", "two"), "argument --n: 'two' is not a number of images such as 2"),
            (("quote", "--as-of", "yesterday", "--n", "1"), "'yesterday' is not a date such as 2026-07-31"),
            (("quote", "body.json", "--n", "1"), "give a FILE or the options of one request, not both"),
            (("quote", "--n", "1", "--format", "xml"), "argument --format: invalid choice: 'xml'"),
            (("quote", "--n", "1", "--rates", "missing.json"), "missing.json: No such file or directory"),
            (("table", "colours"), "invalid choice: 'colours'"),
            (("colour",), "invalid choice: 'colour'"),
            (("quote", "--siz", "1:1"), "unrecognized arguments: --siz"),
        ),
    )
    def test_says_what_is_wrong(self, run: Run, words: tuple[str, ...], says: str) -> None:
        result = run(*words)
        assert (result.code, result.out) == (2, "")
        assert says in result.err
        assert "Traceback" not in result.err

    def test_a_broken_card(self, run: Run, file: Any) -> None:
        result = run("quote", "--n", "1", "--rates", file("card.json", b'{"format": "reapi-rate-card/1"}'))
        assert result.code == 2
        assert result.err.endswith("card.json: id is missing\n")

    def test_text_that_is_not_utf8(self, run: Run, file: Any) -> None:
        assert run("check", file("body.json", b'{"prompt": "\xff"}')).code == 1

    @pytest.mark.parametrize(
        ("package", "says"),
        (
            ("python_calamine", "reading an XLSB workbook needs python-calamine: "),
            ("xlrd", "reading an XLS workbook needs xlrd: "),
            ("xlsxwriter", "writing a workbook needs XlsxWriter: "),
            ("other", "internal error, please report it: ImportError: no other"),
        ),
    )
    def test_a_package_that_is_missing(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, package: str, says: str
    ) -> None:
        def fail(*_: Any) -> None:
            raise ImportError(f"no {package}", name=package)

        monkeypatch.setattr("reapi_rules.cli.table.execute", fail)
        result = run("table", "rules")
        assert (result.code, result.out) == (2, "")
        install = 'in your clone, run pip install ".[xlsx]" (or pipx install --force ".[xlsx]")'
        assert result.err == f"reapi-rules: {says}{install if package != 'other' else ''}\n"

    def test_a_defect_of_ours_is_one_line(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: Any) -> None:
            raise RuntimeError("surprise")

        monkeypatch.setattr("reapi_rules.cli.table.execute", fail)
        result = run("table", "rules")
        assert result.code == 2
        assert result.err == "reapi-rules: internal error, please report it: RuntimeError: surprise\n"

    @pytest.mark.parametrize(
        ("error", "code", "says"),
        (
            (KeyboardInterrupt, 130, ""),
            (BrokenPipeError, 141, ""),
            (SystemExit("x"), 2, ""),
            *(
                (error, 2, "reapi-rules: the input is too large or nested too deep\n")
                for error in (RecursionError, MemoryError)
            ),
        ),
    )
    def test_interruptions(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], code: int, says: str
    ) -> None:
        def fail(*_: Any) -> None:
            raise error

        monkeypatch.setattr("reapi_rules.cli.table.execute", fail)
        result = run("table", "rules")
        assert (result.code, result.out, result.err) == (code, "", says)

    @pytest.mark.parametrize(
        ("number", "read"), ((f"{'0' * 200}5d", 5), ("99999", 99_999), ("100000", None), (f"{'0' * 99}100000", None), ("1" * 5_000, None),
                             ("\u0665", None), ("-1", None), ("", None), ("5dd", None), ("5D", None))
    )  # fmt: skip
    def test_days_are_a_number_whatever_its_length(self, run: Run, number: str, read: int | None) -> None:
        result = run("quote", "--size", "1:1", f"--require-fresh={number}")
        assert ("is not a number of days such as 90\n" in result.err) is (read is None)
        assert "internal" not in result.err
        assert read is None or result.code == (0 if read == 99_999 else 3)


class TestLines:
    """No text of a caller's can pass for a line of ours, or play with the terminal."""

    FORGED = "x\nline 2: accepted\x1b[31m\r\x07\u202e"
    SHOWN = r"x\x0aline 2: accepted\x1b[31m\x0d\x07\u202e"

    @pytest.mark.parametrize("command", ("check", "quote", "advise", "explain"))
    def test_on_standard_output(self, run: Run, file: Any, command: str) -> None:
        path = file("body.json", {**WARNED, self.FORGED: 1, "size": "7:5", "quality": self.FORGED})
        result = run(*("explain", "20003", path) if command == "explain" else (command, path))
        assert all(line.isprintable() for line in result.out.splitlines())
        assert "line 2: accepted" not in result.out.splitlines()

    def test_a_key_is_shown(self, run: Run, file: Any) -> None:
        result = run("check", file("body.json", {**WARNED, self.FORGED: 1}))
        assert f'unknown field "{self.SHOWN}" is ignored' in result.out

    def test_a_group_is_one_line(self, run: Run, file: Any) -> None:
        path = file("plan.csv", f'team,size\n"{self.FORGED}",1:1\n'.encode())
        assert run("quote", path, "--by", "team").out.splitlines()[1].startswith(f"{self.SHOWN}  ")

    def test_a_title_is_one_line(self, run: Run, file: Any) -> None:
        result = run("quote", file("plan.csv", b'size,"qalit\ny\x1b"\n1:1,low\n'))
        assert r'not read: B "qalit y\x1b"' in result.err

    def test_a_failure_is_one_line(self, run: Run) -> None:
        assert run("check", "a\nb.json").err == "reapi-rules: a\\x0ab.json: No such file or directory\n"

    def test_a_line_that_is_no_text_is_rejected_among_the_others(self, run: Run, file: Any) -> None:
        lines = file("a.ndjson", ndjson(WARNED).replace(b"a fox", b"\xff") + ndjson(WARNED))
        result = run("quote", lines, "--by", "model")
        assert [line.split()[:3] for line in result.out.splitlines()[1:]] == [
            ["(rejected)", "1", "1"],
            ["gpt-image-2-official", "1", "0"],
        ]
        assert "\n（被拒绝）" in run("quote", lines, "--by", "model", "--lang", "zh").out

    def test_cells_of_a_field_are_grouped_as_they_were_read(self, run: Run, file: Any) -> None:
        """With --set too, as they are now; what was not read stays as it is."""
        rows = "16:9,low,2\n16:09:00,niedrig,2张\n7:5,low,2\n,low,1\n"
        plan = file("plan.csv", f"Größe,quality,Bilder\n{rows}".encode())
        for option in ((), ("--set", "size=1:1")):
            found = [run("quote", plan, "--by", by, "--format", "csv", *option).out for by in ("Größe", "Bilder")]
            groups = [[line.split(",")[:2] for line in text.splitlines()[1:]] for text in found]
            assert groups[0] == [["16:9", "2"], ["7:5", "1"], ["", "1"]]
            assert groups[1] == [["2", "3"], ["1", "1"]]

    def test_a_title_may_hold_the_comma_between_two_columns(self, run: Run, file: Any) -> None:
        plan = file("plan.csv", b'"Market, region",quality,size\nDE,low,16:9\n')
        for by, group in (("market, region", "DE,1"), ("quality,size", "low,16:9,1")):
            assert group in run("quote", plan, "--by", by, "--format", "csv").out

    def test_a_cell_is_not_taken_for_a_word_of_ours(self, run: Run, file: Any) -> None:
        plan = file("plan.csv", b"state,size,quality\n(rejected),1:1,low\n(none),1:1,low\n,1:1,low\n(none),7:5,low\n")
        lines = run("quote", plan, "--by", "state,quality", "--lang", "zh").out.splitlines()
        groups = [line.split()[:2] for line in lines[1:]]
        assert groups == [["(rejected)", "low"], ["(none)", "low"], ["（空）", "low"], ["(none)", "（被拒绝）"]]


class TestSeveralFiles:
    def test_each_request_is_named_by_its_file(self, run: Run, file: Any) -> None:
        one, many = file("one.json", BODY), file("many.ndjson", ndjson(BODY, {**BODY, "n": 9}))
        sheet = file("plan.csv", b"size,quality\n1:1,low\n")
        result = run("check", one, many, sheet)
        named = [line.rpartition(": ")[0] for line in result.out.splitlines() if not line.startswith(" ")]
        assert named == [one, f"{many}: line 1", f"{many}: line 2", f"{sheet}: row 2"]
        assert result.code == 1
        assert result.err.splitlines()[-2].startswith("4 requests, 1 rejected, ")
        assert result.err.splitlines()[-1] == "exit status 1: 1 rejected"
        assert len(json.loads(run("check", one, many, "--format", "json").out)) == 3

    def test_the_reports_are_those_of_each_file(self, run: Run, file: Any) -> None:
        """With the prompts and the links of its rows."""
        sheet = "prompt,image_urls,quality\na fox,https://a.example/1.png,low\na fox,,\n"
        paths = file("a.csv", sheet.encode()), file("b.csv", sheet.replace("fox", "owl").encode())
        each = [json.loads(run("check", path, "--format", "json").out) for path in paths]
        assert json.loads(run("check", *paths, "--format", "json").out) == [*each[0], *each[1]]

    def test_one_that_is_not_there_is_said_before_anything_is_written(self, run: Run, file: Any) -> None:
        result = run("check", file("one.json", BODY), "missing.json")
        assert (result.code, result.out, result.err) == (
            2,
            "",
            "reapi-rules: missing.json: No such file or directory\n",
        )

    @pytest.mark.parametrize("option", ("--fixed", "--account"))
    def test_what_belongs_to_one_file(self, run: Run, file: Any, option: str) -> None:
        path = file("plan.csv", "size\n16:9\n")
        result = run("check", path, path, option, "out")
        assert (result.code, result.err) == (2, f"reapi-rules: {option} writes what belongs to one FILE: name one\n")


class TestHelp:
    def test_version_and_help(self, run: Run) -> None:
        assert run("--version").out == f"reapi-rules {__version__}\n"
        result = run("--help")
        assert result.code == 0
        assert all(f"    {name} " in result.out for name in COMMANDS)

    @pytest.mark.parametrize("name", EXAMPLES)
    def test_every_help_ends_with_three_examples(self, run: Run, name: str) -> None:
        result = run(*name.split()[1:], "--help")
        assert result.code == 0
        assert result.out.startswith(f"usage: {name} ")
        lines = [line.strip() for line in result.out.partition("\nexamples:\n")[2].splitlines()]
        assert lines == list(EXAMPLES[name])
        assert len({*lines}) == 3
        for line in lines:
            words = line.split()
            assert line.startswith(name)
            assert cli.parser_for(words[1:]).parse_args(words[1:])

    @pytest.mark.parametrize("name", EXAMPLES)
    def test_the_examples_work(self, run: Run, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        card = json.loads(Path(RATES, "reapi-2026-07-28.json").read_bytes())
        prices = {
            f"{model}:{cell}": float(usd)
            for model, cells in card["usd_per_image"].items()
            for cell, usd in cells.items()
        }
        for name_of_file, content in {
            "answers.ndjson": b'{"custom_id": "hero", "ending": "completed"}\n{"asset": "story", "ending": "no_answer"}\n',
            "batch.jsonl": Path(EXAMPLE_FILES, "posters.jsonl").read_bytes(),
            "bodies.ndjson": ndjson(BODY, BAD),
            "body.json": json.dumps(BODY).encode(),
            "card.json": json.dumps({**card, "id": "mine"}).encode(),
            "list.json": json.dumps({"version": 1785200182468, "skuPrices": prices}).encode(),
            "models.html": Path(EXAMPLE_FILES, "saved-models.html").read_bytes(),
            "my-card.json": json.dumps({**card, "id": "mine"}).encode(),
            "old-card.json": Path(RATES, "reapi-2026-07.json").read_bytes(),
            "plan.csv": Path(EXAMPLE_FILES, "first-plan.csv").read_bytes(),
            "results.jsonl": Path(EXAMPLE_FILES, "posters-answers.ndjson").read_bytes(),
        }.items():
            Path(name_of_file).write_bytes(content)
        shutil.copytree(THIRD_MODEL, "my-models")
        if name == "reapi-rules quote":
            need("xlsxwriter", "python_calamine")
            run("quote", "plan.csv", "-o", "plan.xlsx")
        if name == "reapi-rules completion":
            need("shtab")
        for line in EXAMPLES[name]:
            if "export workbook" in line:
                continue  # takes long, and has tests of its own
            result = run(*line.split()[1:])
            assert result.code in (0, 1), (line, result.err)

    def test_every_command_has_examples(self) -> None:
        inner = {"rates": ("list", "import", "lint", "diff"), "export": tuple(KINDS)}
        names = [*COMMANDS, *(f"{name} {verb}" for name, verbs in inner.items() for verb in verbs)]
        assert {*EXAMPLES} == {"reapi-rules", *(f"reapi-rules {name}" for name in names)}

    def test_each_argument_has_a_text_and_each_text_an_argument(self) -> None:
        texts, used = help_texts(), set[str]()
        for command in cli.parser_for(cli.COMMANDS).all_commands():
            names = {
                (*action.option_strings, action.dest)[-1 - bool(action.option_strings)] for action in command._actions
            }
            assert all(action.help for action in command._actions if not isinstance(action, argparse._SubParsersAction))
            assert {*texts.commands[command.prog].arguments} <= names
            used |= names
        assert {*texts.arguments} <= used

    @pytest.mark.parametrize(("words", "below"), (((), "COMMAND"), (("rates",), "VERB"), (("export",), "KIND")))
    def test_without_a_command_it_is_the_help(self, run: Run, words: tuple[str, ...], below: str) -> None:
        result, asked = run(*words), run(*words, "--help")
        assert (result.code, result.out, result.err) == (0, asked.out, "")
        assert asked.out.startswith(f"usage: {' '.join(('reapi-rules', *words))} [options] {below}\n")

    @pytest.mark.parametrize(
        ("words", "usage", "message"),
        (
            (
                ("check", "a.json", "--srict"),
                "check [options] [FILE ...]",
                "reapi-rules check: unrecognized arguments: --srict",
            ),
            (
                ("quote", "--n", "two"),
                "quote [options] [FILE]",
                "argument --n: 'two' is not a number of images such as 2",
            ),
            (("export", "workbook"), "export workbook -o FILE [options]", "arguments are required: -o/--output"),
        ),
    )
    def test_a_wrong_option_is_three_lines(self, run: Run, words: tuple[str, ...], usage: str, message: str) -> None:
        result = run(*words)
        lines = result.err.splitlines()
        assert (result.code, result.out, len(lines)) == (2, "", 3)
        assert lines[0] == f"usage: reapi-rules {usage}"
        assert message in lines[1]
        assert lines[2] == f"see reapi-rules {' '.join(words[: 1 + (words[0] == 'export')])} --help"


class TestProcess:
    """As a process of its own: encodings, pipes, the terminal."""

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "reapi_rules", *words]

    def test_utf8_whatever_the_locale(self, file: Any) -> None:
        path = file("body.json", {**BODY, "狐": 1})
        env = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "PYTHONIOENCODING": "ascii",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run(self.command("check", path), env=env, capture_output=True, check=True)
        assert 'unknown field "狐"' in done.stdout.decode()

    def test_a_closed_pipe_is_quiet(self, tmp_path: Path) -> None:
        path = tmp_path / "many.ndjson"
        path.write_bytes(ndjson(*[BODY] * 5000))
        with subprocess.Popen(
            self.command("check", str(path)), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 141

    def test_a_file_that_fails_is_named(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: Any) -> None:
            raise OSError(5, "Input/output error", "plan.csv")

        monkeypatch.setattr("reapi_rules.cli.table.execute", fail)
        assert run("table", "rules").err == "reapi-rules: plan.csv: Input/output error\n"

    def test_a_terminal_without_a_file_does_not_hang(self) -> None:
        pty = pytest.importorskip("pty", reason="there are no terminals on this platform")
        _, terminal = pty.openpty()
        done = subprocess.run(self.command("check"), stdin=terminal, capture_output=True, check=False)
        assert done.returncode == 2
        assert b"name a FILE, or - for standard input" in done.stderr


@given(
    st.lists(
        st.sampled_from(
            (
                "check",
                "quote",
                "table",
                "-",
                "--n",
                "1",
                "rates",
                "--size",
                "16:9",
                "-o",
                os.devnull,
                "--format",
                "json",
                "x",
            )
        )
        | st.text(max_size=5),
        max_size=6,
    )
)
def test_no_words_raise(words: list[str]) -> None:
    stdin, stdout, stderr = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(b"{}"))
    sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO(), errors="backslashreplace")
    try:
        if not any(word.startswith(("-o", "--o")) for word in words):  # no stray files
            assert main(words) in (0, 1, 2, 3)
            sys.stderr.flush()
            assert b"internal error" not in sys.stderr.buffer.getvalue()
    finally:
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
