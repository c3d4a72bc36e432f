"""What the words of a command line come to: where requests are from, where results go, and what is refused."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from reapi_rules import RateCard
from reapi_rules.cli import check, parser_for, quote
from reapi_rules.cli.options import Layout, Limits, Output, Pricing, Source
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
    return parser_for(words).parse_args(words)


def layout_of(*words: str) -> Layout | None:
    return quote.asked(parsed("quote", *words))[2]


class TestValues:
    """What the words come to, with nothing left to be looked up."""

    def test_a_file(self) -> None:
        given = parsed("check", "bodies.jsonl", "-o", "out.json", "--format", "json", "--as-of", "2026-07-31")
        sources, output = check.asked(given)
        assert sources == [Source("bodies.jsonl", "ndjson", inputs=("bodies.jsonl",))]
        assert output == Output("out.json", "json", ("bodies.jsonl",))
        assert Pricing.of(given) == Pricing(None, date(2026, 7, 31))

    @pytest.mark.parametrize("words", ((), ("-",)))
    def test_standard_streams(self, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        sources, output = check.asked(parsed("check", *words, "-o", "-"))
        assert sources == [Source("-", "json", inputs=("-",))]
        assert output == Output("-", "text", ("-",))
        assert check.asked(parsed("check", *words, "--from", "tsv"))[0][0].format == "tsv"

    def test_columns(self) -> None:
        Path("columns.toml").write_text('size = "Format"\nn = "Pieces"\n')
        words = ("plan.tab", "--columns", "columns.toml", "--columns", " n = Qty ", "--rates", CARD)
        (source,), output = check.asked(parsed("check", *words))
        inputs = ("plan.tab", CARD, "columns.toml")
        assert (source.columns, source.inputs) == ({"size": "Format", "n": "Qty"}, inputs)
        assert output.inputs == inputs
        (_, bodies), _ = check.asked(parsed("check", "plan.tab", "bodies.json", "--columns", "columns.toml"))
        assert bodies.columns == {}

    def test_conditions(self) -> None:
        given = parsed("advise", "plan.csv", "--where", " link = a=b", "--where", "n=")
        assert Source.of(given).where == {"link": " a=b", "n": ""}

    def test_one_request(self) -> None:
        given = parsed("quote", "--n", "2", "--quality", "low", "--with-images")
        source, by, layout, output, _ = quote.asked(given)
        assert (source, by, layout, output) == (None, (), None, Output("-", "text"))
        assert quote.axes(given) == {"quality": "low", "number": 2}

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
        layout = layout_of(*words)
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
        layout = layout_of(*words)
        assert layout is not None
        assert layout.delimiter == delimiter

    def test_how_a_sheet_is_written(self) -> None:
        words = ("--set", "quality=Low", "--set", "n=", "--excel", "--guard-all", "--no-progress")
        assert layout_of("plan.csv", *words) == Layout(
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
        assert Limits.of(parsed("advise", "bodies.json", *words)) == Limits(True, 7, 90)
        assert Limits.of(parsed("export", "prices", "--require-fresh", "90d")) == Limits(fresh_days=90)

    @pytest.mark.parametrize(
        ("words", "least", "most"),
        (
            ("quote plan.csv --max-credits", 0, 10**15),
            ("quote plan.csv --require-fresh", 0, 99_999),
            ("export prices --require-fresh", 0, 99_999),
            ("export workbook -o out.xlsx --lines", 1, 10_000),
        ),
    )
    def test_numbers_have_bounds(self, words: str, least: int, most: int) -> None:
        for number in (least, most):
            assert number in vars(parsed(*words.split(), f"{number}")).values()
        for number in (least - 1, most + 1):
            with pytest.raises(SystemExit):
                parsed(*words.split(), f"{number}")

    @pytest.mark.parametrize(
        ("suffix", "form"), (("md", "markdown"), ("jsonl", "ndjson"), ("JSON", "json"), ("xlsx", "xlsx"))
    )
    def test_the_format_of_prices(self, suffix: str, form: str) -> None:
        assert Output.of(parsed("export", "prices", "-o", f"prices.{suffix}")) == Output(f"prices.{suffix}", form)

    def test_cards(self) -> None:
        assert Pricing.of(parsed("table", "rates", "--rates", CARD)) == Pricing(RateCard.load(CARD))


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
            ("check plan.tsv --sheet Plan", "--sheet is for a workbook, and plan.tsv is tsv"),
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
            ("check plan.csv - ./plan.csv", "./plan.csv is named twice, and would count twice: name it once"),
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

    @pytest.mark.parametrize(
        "option", (*SHEETS_ONLY, *TOLD_ONLY, "--by=model", "--rows", "--set=n=2", "--currency=EUR=2")
    )
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
        assert result.out != without.out  # the card counts
        assert "my-contract" in result.out + result.err or words[0] == "check"

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
