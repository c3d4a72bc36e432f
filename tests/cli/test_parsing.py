"""Parsing and executing are two steps: the words become one frozen value, and all that is done is done from it."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from reapi_rules import RateCard
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli import COMMANDS, main, parse
from reapi_rules.cli.export import KINDS
from reapi_rules.cli.options import Layout, Limits, Output, Pricing, Source, Telling
from reapi_rules.sheets.meaning.settings import Settings
from tests.support.command import Run
from tests.support.examples import EXAMPLES

CARD = str(EXAMPLES / "my-card.json")
SAVED = str(EXAMPLES / "saved-models.html")
BODIES = [
    {"model": "gpt-image-2", "prompt": "a fox", "team": "tea"},
    {"model": "gpt-image-2", "prompt": "a fox", "resolution": "2k"},
    {"model": "gpt-image-2-official", "prompt": "a fox", "quality": "low"},
]

CALLS = (
    ("check", "bodies.json", "--strict"),
    ("quote", "--size", "16:9", "--n", "2"),
    ("quote", "bodies.json", "--by", "team"),
    ("quote", "bodies.ndjson", "--max-credits", "1000"),
    ("quote", "plan.csv", "--set", "quality=low"),
    ("advise", "bodies.ndjson", "--format", "json"),
    ("rates", "import", SAVED),
    ("rates", "lint", CARD),
    ("rates", "diff", "reapi-2026-07", CARD, "plan.csv"),
    ("explain", "20003", "bodies.json"),
    ("table", "rates"),
    ("rates", "list"),
    ("check", "bodies.ndjson", "--fixed", "fixed.ndjson"),
    ("reconcile", "bodies.ndjson", "answers.ndjson"),
    *(("export", kind) for kind in KINDS if kind not in ("workbook", "module", "page", "apps-script")),
    ("export", "workbook", "-o", os.devnull, "--lines", "5"),
    ("export", "module", "-o", "module"),
    ("export", "page", "-o", "calculator.html"),
    ("completion", "bash"),
    ("check", "bodies.ndjson", "--format", "github"),
    ("quote", "plan.csv", "--format", "table"),
    ("export", "apps-script", "-o", "Code.gs"),
)
"""Each command, with each of its verbs and kinds."""

WITH_RATES = (
    *(
        (command, *words)
        for command in ("check", "quote", "advise")
        for words in (("bodies.json",), ("bodies.ndjson",), ("plan.csv",))
    ),
    ("quote", "--model", "gpt-image-2", "--require-fresh", "99999d"),
    ("quote", "bodies.json", "--by", "team"),
    ("quote", "plan.csv", "--by", "model"),
    ("quote", "plan.csv", "--set", "resolution=1k", "--rows", "--require-fresh", "99999d"),
    ("table", "rates"),
    ("reconcile", "bodies.ndjson", "answers.ndjson"),
    ("export", "prices", "--model", "gpt-image-2", "--require-fresh", "99999d"),
    ("export", "choices"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bodies.json").write_text(json.dumps(BODIES))
    Path("bodies.ndjson").write_text("".join(json.dumps(body) + "\n" for body in BODIES))
    Path("answers.ndjson").write_text('{"id": "task_1", "status": "completed"}\n{"id": "task_2", "status": "failed"}\n')
    Path("plan.csv").write_text("model,resolution\n" + "".join(f"gpt-image-2,{name}\n" for name in ("1k", "2k", "1k")))


def parsed(*words: str) -> Any:
    return parse(words)[1]


def structs(value: Any) -> Iterator[msgspec.Struct]:
    """A value and what is in it, as far as that is the command line's own."""
    if isinstance(value, msgspec.Struct) and type(value).__module__.startswith("reapi_rules.cli"):
        yield value
        for name in value.__struct_fields__:
            yield from structs(getattr(value, name))


class TestValues:
    """What the words come to, with nothing left to be looked up."""

    def test_a_file(self) -> None:
        check = parsed("check", "bodies.jsonl", "-o", "out.json", "--format", "json", "--as-of", "2026-07-31")
        assert check.sources == (Source("bodies.jsonl", "ndjson", telling=Telling(inputs=("bodies.jsonl",))),)
        assert check.output == Output("out.json", "json", ("bodies.jsonl",))
        assert check.pricing == Pricing(None, date(2026, 7, 31))
        assert check.is_strict is False

    @pytest.mark.parametrize("words", ((), ("-",)))
    def test_standard_streams(self, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        assert parsed("check", *words).sources == (Source("-", "json", telling=Telling(inputs=("-",))),)
        assert parsed("check", *words, "-o", "-").output == Output("-", "text", ("-",))
        assert parsed("check", *words, "--from", "tsv").sources[0].format == "tsv"

    def test_columns(self) -> None:
        Path("columns.toml").write_text('size = "Format"\nn = "Pieces"\n')
        check = parsed("check", "plan.tab", "--columns", "columns.toml", "--columns", " n = Qty ", "--rates", CARD)
        source = check.sources[0]
        inputs = ("plan.tab", CARD, "columns.toml")
        assert (source.columns, source.telling.inputs) == ({"size": "Format", "n": "Qty"}, inputs)
        assert check.output.inputs == inputs
        assert parsed("check", "plan.tab", "bodies.json", "--columns", "columns.toml").sources[1].columns == {}

    def test_one_request(self) -> None:
        quote = parsed("quote", "--n", "2", "--quality", "low", "--with-images")
        assert quote.source is None
        assert (quote.axes, quote.model, quote.has_images) == ({"quality": "low", "number": 2}, None, True)
        assert parsed("quote", "--model", "flux-2").model == "flux-2"
        assert quote.output == Output("-", "text")

    @pytest.mark.parametrize(
        ("words", "form"),
        (
            (("plan.csv",), "csv"),
            (("plan.xls",), "csv"),
            (("plan.xls", "-o", "out"), "xlsx"),
            (("plan.csv", "--format", "tsv", "-o", "out"), "tsv"),
            (("bodies.json", "-o", "out.csv"), "csv"),
            (("plan.csv", "--rows"), "ndjson"),
            (("plan.csv", "--rows", "-o", "out.json"), "json"),
            (("plan.xlsm", "--in-place"), "xlsx"),
            (("plan.csv", "--format", "json"), None),
            (("bodies.ndjson",), None),
        ),
    )
    def test_the_format_of_a_sheet(self, words: tuple[str, ...], form: str | None) -> None:
        layout = parsed("quote", *words).layout
        assert (None if layout is None else layout.format) == form

    @pytest.mark.parametrize(
        ("words", "delimiter"),
        (
            (("plan.csv",), None),
            (("plan.tsv", "--format", "csv"), ","),
            (("plan.csv", "--format", "tsv"), "\t"),
            (("plan.tsv", "--delimiter", "pipe"), "|"),
        ),
    )
    def test_the_delimiter_of_a_sheet(self, words: tuple[str, ...], delimiter: str | None) -> None:
        assert parsed("quote", *words).layout.delimiter == delimiter

    def test_how_a_sheet_is_written(self) -> None:
        words = ("--set", "quality=Low", "--set", "n=", "--excel", "--guard-all", "--no-progress")
        assert parsed("quote", "plan.csv", *words).layout == Layout(
            format="csv",
            delimiter=None,
            settings=Settings({"quality": "Low", "number": ""}),
            for_excel=True,
            guard_all=True,
            in_place=False,
            shows_progress=False,
        )

    def test_limits(self) -> None:
        words = ("--require-price", "--max-credits", "7", "--require-fresh", "90d")
        assert parsed("advise", "bodies.json", *words).limits == Limits(True, 7, 90)
        assert parsed("export", "prices", "--require-fresh", "90d").limits == Limits(fresh_days=90)

    @pytest.mark.parametrize(
        ("suffix", "form"), (("md", "markdown"), ("jsonl", "ndjson"), ("JSON", "json"), ("xlsx", "xlsx"))
    )
    def test_the_format_of_prices(self, suffix: str, form: str) -> None:
        assert parsed("export", "prices", "-o", f"prices.{suffix}").output == Output(f"prices.{suffix}", form)

    def test_cards(self) -> None:
        card = RateCard.load(CARD)
        july = built_in().cards[0]
        assert parsed("table", "rates", "--rates", CARD).pricing == Pricing(card)
        assert parsed("export", "choices", "--rates", CARD).options["rates"] == card
        diff = parsed("rates", "diff", july.id, CARD)
        assert (diff.before, diff.after, diff.source) == (july, card, None)
        assert parsed("rates", "lint", CARD, "--against", july.id).against is july


class TestRefusals:
    """Words that do not go together, and what to give instead."""

    @pytest.mark.parametrize(
        ("words", "says"),
        (
            ("advise bodies.json --format csv", "--format csv is for a sheet: give --format text, json or ndjson"),
            *(
                (
                    f"check plan.csv --where {text}",
                    f"--where {text}: give COLUMN=VALUE, such as active=1; nothing but = is compared",
                )
                for text in ("asset", "asset!=b", "n>=2", "n<=2", "n>2")
            ),
            ("check plan.csv --where n=1 --where N=2", "--where N=2: give one value for a column"),
            ("quote plan.csv --set n=1 --set number=2", "--set number=2: number is set already"),
            ("check plan.csv --sheet Plan", "--sheet is for a workbook, and plan.csv is csv"),
            (
                "check plan.csv --columns numbers.toml",
                '--columns numbers.toml: each line names a field and the title of its column, as n = "Pieces"',
            ),
            ("check plan.csv --columns no.toml", "--columns no.toml: No such file or directory; or give FIELD=TITLE"),
            (
                "check plan.csv --columns plan.csv",
                "--columns plan.csv: it is not TOML: Expected '=' after a key in a key/value pair (at line 1, column 6)",
            ),
            ("quote plan.csv --in-place -o out.csv", "--in-place writes into FILE: name one, and no -o"),
            ("quote - --from csv --in-place", "--in-place writes into FILE: name one, and no -o"),
            (
                "quote bodies.json --in-place",
                "--in-place is for a sheet, which stays what it is: csv, tsv or xlsx",
            ),
            (
                "quote plan.csv --in-place --format xlsx",
                "--in-place is for a sheet, which stays what it is: csv, tsv or xlsx",
            ),
            (
                "quote plan.csv --in-place --rows",
                "--in-place is for a sheet, which stays what it is: csv, tsv or xlsx",
            ),
            ("quote plan.csv --set-only blank", "--set-only goes with --set FIELD=VALUE"),
            ("quote --n 2 --format csv", "--format csv needs a FILE of requests: give --format json, ndjson or text"),
            ("quote plan.csv --by a,b,c", "--by a,b,c: give one column, or two with a comma between them"),
            ("quote plan.csv --format markdown", "--format markdown is for totals: give --by COLUMN"),
            (
                "quote bodies.json --set n=2 --format json",
                "--set goes with a sheet that is written or --by: give --format csv, tsv, xlsx, or --rows",
            ),
            (
                "quote bodies.json --set-only auto --format json",
                "--set goes with a sheet that is written or --by: give --format csv, tsv, xlsx, or --rows",
            ),
            ("check - plan.csv -", "standard input can be read once: name - once"),
            (
                "quote bodies.json --currency EUR=0.9 --format json",
                "--currency goes with a sheet that is written: give --format csv, tsv, xlsx, or --rows",
            ),
        ),
    )
    def test_in_a_sentence(self, run: Run, words: str, says: str) -> None:
        Path("numbers.toml").write_text("n = 2\n")
        result = run(*words.split())
        assert (result.code, result.out, result.err) == (2, "", f"reapi-rules: {says}\n")

    SHEETS_ONLY = ("--sheet=May", "--columns=n=Qty", "--encoding=gbk", "--where=a=1", "--visible-only")
    TOLD_ONLY = ("--account=a.json", "--require-all-read")

    @pytest.mark.parametrize("option", (*SHEETS_ONLY, *TOLD_ONLY))
    @pytest.mark.parametrize("command", ("check", "quote", "advise", "rates diff reapi-2026-07 reapi-2026-07-28"))
    def test_options_of_a_sheet_that_nothing_would_come_of(self, run: Run, command: str, option: str) -> None:
        result, name = run(*command.split(), "bodies.json", option), option.partition("=")[0]
        says = f"reapi-rules: {name} is for a sheet, and bodies.json is read as json\n"
        assert (result.code, result.out, result.err) == (2, "", says)

    @pytest.mark.parametrize("option", (*SHEETS_ONLY, *TOLD_ONLY, "--by=model", "--rows"))
    def test_options_of_a_file_for_one_request(self, run: Run, option: str) -> None:
        says = f"reapi-rules: {option.partition('=')[0]} is for a FILE, and this is one request\n"
        assert run("quote", "--size", "1:1", option).err == says

    def test_options_of_a_sheet_beside_bodies(self, run: Run) -> None:
        """Of several files those apply that change how a sheet is read, and not what leaves its rows out."""
        for option in ("--columns=n=", "--encoding=gbk", "--visible-only", "--require-all-read"):
            assert run("check", "bodies.json", "plan.csv", option).code != 2, option
        assert run("check", "bodies.json", "plan.csv", "--where=asset=a").code == 2
        for option in self.TOLD_ONLY:  # bodies are told of where they are rows
            assert run("quote", "bodies.json", "--rows", option).code != 2, option
        says = "--columns is for a sheet, and standard input is read as json: --from csv, tsv or xlsx reads one"
        assert run("advise", "-", "--columns", "n=Qty").err == f"reapi-rules: {says}\n"


class TestSteps:
    """The value is all that executing needs."""

    def test_every_command_is_tried(self) -> None:
        assert {words[0] for words in CALLS} == set(COMMANDS)
        assert {words[1] for words in CALLS if words[0] == "export"} == set(KINDS)

    @pytest.mark.parametrize("words", CALLS, ids=" ".join)
    def test_the_value_is_frozen(self, words: tuple[str, ...]) -> None:
        found = list(structs(parsed(*words)))
        assert found
        assert all(type(value).__struct_config__.frozen for value in found)

    @pytest.mark.parametrize("words", CALLS, ids=" ".join)
    def test_nothing_is_executed_from_the_words(
        self, words: tuple[str, ...], capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if "workbook" in words:
            pytest.importorskip("xlsxwriter")
        if "completion" in words:
            pytest.importorskip("shtab", reason="needs shtab: pip install '.[test-all]'")
        expected = main(words), *capfdbinary.readouterr()
        spaces: list[argparse.Namespace] = []
        parse_args: Any = argparse.ArgumentParser.parse_args

        def watched(*args: Any) -> argparse.Namespace:
            spaces.append(parse_args(*args))
            return spaces[-1]

        monkeypatch.setattr(argparse.ArgumentParser, "parse_args", watched)
        execute, asked = parse(words)
        for space in spaces:
            vars(space).clear()
        assert len(spaces) == 1
        assert (execute(asked), *capfdbinary.readouterr()) == expected


class TestCardFromAPipe:
    """What a shell writes as ``--rates <(cat card.json)``: it can be read once."""

    @pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="pipes have no names on this platform")
    @pytest.mark.parametrize("words", WITH_RATES, ids=" ".join)
    def test_is_a_card_like_that_of_a_file(self, run: Run, words: tuple[str, ...]) -> None:
        expected = run(*words, "--rates", CARD)
        reader, writer = os.pipe()
        try:
            os.write(writer, Path(CARD).read_bytes())
            os.close(writer)
            result = run(*words, "--rates", f"/dev/fd/{reader}")
        finally:
            os.close(reader)
        assert (result.code, result.out, result.err) == (expected.code, expected.out, expected.err)
        without = run(*words)
        assert (result.out, result.err) != (without.out, without.err)  # the card counts

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs on this platform")
    def test_a_fifo_and_a_list(self, run: Run) -> None:
        os.mkfifo("card")
        words = ("quote", "bodies.json", "--rates", "card")
        content = Path(CARD).read_bytes()
        Thread(target=lambda: Path("card").write_bytes(content), daemon=True).start()  # waits until it is read
        done = subprocess.run(
            [sys.executable, "-m", "reapi_rules", *words],
            capture_output=True,
            check=False,
            timeout=20,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        expected = run(*words[:-1], CARD)
        assert (done.returncode, done.stdout, done.stderr) == (expected.code, expected.bytes, expected.err.encode())
        assert len(done.stdout.splitlines()) == len(BODIES)

    def test_a_card_that_is_none_is_told_before_anything_is_read(self, run: Run) -> None:
        Path("empty.ndjson").write_bytes(b"")
        Path("card.json").write_text("{}")
        result = run("check", "empty.ndjson", "--rates", "card.json")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("reapi-rules: card.json: ")
