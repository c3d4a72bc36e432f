"""A terminal: how lines are cut and coloured, and the table of a plan, which never outgrows its width or the memory."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules.cli import main
from reapi_rules.cli.plan_table import PlanTable
from reapi_rules.cli.terminal import Line, clipped, columns, cut, laid, shown, width_of
from tests.support.command import Run
from tests.support.examples import CAMPAIGN

ANSI = re.compile(r"\x1b\[[0-9;]*m")
POSTERS = CAMPAIGN.with_name("posters.jsonl")
AGED = (
    *((*words, str(CAMPAIGN)) for words in (("quote",), ("quote", "--by", "campaign"), ("advise",), ("check",))),
    ("reconcile", str(POSTERS), str(CAMPAIGN.with_name("posters-answers.ndjson"))),
)
WIDE = st.text(st.sampled_from("ab c狐狸，。（）é\u0301"), max_size=60)


class Terminal(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns that can show colours."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def on_terminal(*words: str) -> str:
    """What the command shows where both streams are the terminal."""
    stream = Terminal()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        main(words)
    return stream.text


def screen(*words: str) -> list[str]:
    """The lines of that, without their colours."""
    return ANSI.sub("", on_terminal(*words)).splitlines()


def without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "rich"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)


def test_long_lists_fit_on_the_screen() -> None:
    lines = screen("explain", "20003")
    assert max(map(len, lines)) <= 80
    assert len(lines) > 12


class TestCut:
    @given(WIDE, st.integers(6, 30), st.integers(0, 3))
    @example("a（b", 6, 0)
    def test_nothing_is_lost_and_nothing_is_too_wide(self, text: str, width: int, hang: int) -> None:
        pieces = list(cut(text, width, hang))
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(width_of(piece.rstrip()) <= width for piece in pieces)
        assert all(piece.startswith(" " * hang) for piece in pieces[1:])

    @given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1), st.integers(6, 30))
    def test_words_stay_whole(self, words: list[str], width: int) -> None:
        assert " ".join(cut(" ".join(words), width)).split() == words

    def test_what_is_indented_begins_where_it_did(self) -> None:
        assert list(cut("  abcdefgh ij", 6)) == ["  abcd", "efgh", "ij"]

    def test_what_follows_has_half_of_the_width(self) -> None:
        assert list(cut("abcd efgh ij", 8, 9)) == ["abcd", "    efgh", "    ij"]

    def test_a_line_begins_with_no_closing_mark(self) -> None:
        assert list(cut("一只狐狸，在雪地", 8)) == ["一只狐", "狸，在雪", "地"]
        assert list(cut("一只（狐狸）", 6)) == ["一只", "（狐", "狸）"]

    @given(WIDE, st.integers(2, 20))
    def test_what_is_clipped_fits(self, text: str, width: int) -> None:
        short = clipped(text, width)
        assert width_of(short) <= width
        assert short == text or (short.endswith("…") and text.startswith(short[:-1]))

    @pytest.mark.parametrize(
        ("text", "short"), (("abcdef", "abc…"), ("abcd", "abcd"), ("狐狐狐", "狐…"), ("a狐狐", "a狐…"))
    )
    def test_no_more_than_must_be_is_clipped(self, text: str, short: str) -> None:
        assert clipped(text, 4) == short

    @given(st.lists(st.tuples(WIDE, WIDE, WIDE), min_size=1, max_size=5))
    def test_columns_are_below_each_other(self, rows: list[tuple[str, str, str]]) -> None:
        widths = [max(map(width_of, column)) for column in zip(*rows)]
        for row, line in zip(rows, laid(rows, right={1})):
            blanks = [" " * (width - width_of(cell)) for cell, width in zip(row, widths)]
            assert line == f"{row[0]}{blanks[0]}  {blanks[1]}{row[1]}  {row[2]}".rstrip()


class TestColumns:
    def test_columns_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for said, width in (("120", 120), ("3", 24)):
            monkeypatch.setenv("COLUMNS", said)
            assert columns() == width

    @pytest.mark.parametrize(
        ("widths", "width"), (({1: 100, 2: 60}, 100), ({2: 60}, 60), ({1: 0}, 80), ({1: 10}, 24), ({0: 60}, 80))
    )
    def test_or_the_terminal_itself(self, widths: dict[int, int], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
        def size(stream: int) -> os.terminal_size:
            if stream not in widths:
                raise OSError
            return os.terminal_size((widths[stream], 24))

        monkeypatch.delenv("COLUMNS")
        monkeypatch.setattr("os.get_terminal_size", size)
        assert columns() == width

    @pytest.mark.parametrize("said", ("", "0", "wide", "-5", "²"))
    def test_or_80(self, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", said)
        monkeypatch.setattr("os.get_terminal_size", lambda _: (_ for _ in ()).throw(OSError))
        assert columns() == 80


class TestColours:
    LINES = (Line("a", "error"), Line("b", "warning"), Line("c", "head"), Line("d", "note"), "e")

    def test_rich_colours(self) -> None:
        pytest.importorskip("rich", reason="needs rich: pip install '.[terminal]'")
        assert list(shown(self.LINES, Terminal())) == [
            "\x1b[31ma\x1b[0m",
            "\x1b[33mb\x1b[0m",
            "\x1b[1mc\x1b[0m",
            "d",
            "e",
        ]

    def test_without_rich_it_is_plain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without_rich(monkeypatch)
        assert list(shown(self.LINES, Terminal())) == list("abcde")

    @pytest.mark.parametrize(("name", "value"), (("NO_COLOR", "1"), ("TERM", "dumb")))
    def test_who_wants_none(self, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, value)
        assert list(shown(self.LINES, Terminal())) == list("abcde")

    def test_an_empty_no_color_says_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("rich", reason="needs rich: pip install '.[terminal]'")
        monkeypatch.setenv("NO_COLOR", "")
        assert "\x1b[31ma\x1b[0m" in shown(self.LINES, Terminal())

    def test_a_pipe_gets_lines_as_they_are(self) -> None:
        long = Line("word " * 40 + "\n", "error")
        assert list(shown([long], io.StringIO())) == ["word " * 40 + "\\x0a"]

    def test_escapes_of_others_do_not_reach_the_terminal(self) -> None:
        assert "\x1b" not in "".join(shown(["\x1b[31m"], Terminal()))


class TestLooks:
    """What is bold, red, yellow and faint on the screen."""

    @pytest.fixture(autouse=True)
    def plan(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("rich", reason="needs rich: pip install '.[terminal]'")
        monkeypatch.setenv("COLUMNS", "150")
        monkeypatch.chdir(tmp_path)
        Path("plan.csv").write_text(
            "asset,size,resolution,quality,n\nfox,1:1,1k,LOW,9\nowl,1:1,1k,,1\nelk,1:1,1k,low,1\n"
        )

    @staticmethod
    def looks(*words: str) -> list[str]:
        """The lines after the age of the prices, each after its look."""
        return [line for line in TestLooks.all_looks(*words, "--quiet") if "prices checked" not in line]

    @staticmethod
    def all_looks(*words: str) -> list[str]:
        return [re.sub(r"\x1b\[(\d+)m(.*)\x1b\[0m", r"\1 \2", line) for line in on_terminal(*words).splitlines()]

    def test_quote(self) -> None:
        assert self.looks("quote", "plan.csv")[:8] == [
            "1 row  asset  credits  pixels     verdict",
            "31   2  fox                        rejected: n must be between 1 and 4; split it into 3 requests: 4 + 4 + 1, 45 credits in all",
            "33   3  owl        169  1024x1024  warning: without quality the request is billed as high; set quality to low or medium if that is good enough",
            "  4  elk          5  1024x1024  fine",
            "",
            "1 row  note",
            '2    cell.spelling: the quality "LOW" is read as low',
            "",
        ]  # fmt: skip

    def test_notes_that_are_too_many(self) -> None:
        Path("plan.csv").write_text("size,quality\n" + "".join(f"{700 + at}x{700 + at},low\n" for at in range(21)))
        assert "2 (other notes: 1; -o quoted.csv has them all)" in self.looks("quote", "plan.csv")

    def test_check(self) -> None:
        assert self.looks("check", "plan.csv")[:7] == [
            "31 row 2: REJECTED",
            "31   error    n.range (20003): n must be between 1 and 4",
            "2            -> split it into 3 requests: 4 + 4 + 1, 45 credits in all",
            '  cell     cell.spelling: the quality "LOW" is read as low',
            "row 3: accepted",
            "  gpt-image-2-official, text to image, 1024x1024, 169 credits (0.169 USD)",
            "33   warning  quality.auto_bills_high: without quality the request is billed as high",
        ]

    def test_advise(self) -> None:
        assert self.looks("advise", "plan.csv")[:3] == [
            "31 row 2: REJECTED: n must be between 1 and 4",
            "1 row 3: 169 credits (0.169 USD)",
            "  quality=low: 5 credits, 164 less; gives up high quality, which auto runs at, for low",
        ]

    def test_what_follows_hangs_below_the_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        Path("plan.csv").write_text("asset,size,quality,n\nfox,1:1,LOW,9\n")
        assert screen("check", "plan.csv", "--quiet")[3:] == [
            "row 2: REJECTED",
            "  error    n.range (20003): n must be",
            "           between 1 and 4",
            "           -> split it into 3 requests:",
            "              4 + 4 + 1, 45 credits in",
            "              all",
            "  cell     cell.spelling: the quality",
            '           "LOW" is read as low',
            "1 request, 1 rejected, 0 credits (0.000",
            "  USD)",
            "exit status 1: 1 rejected",
        ]

    @pytest.mark.parametrize(
        ("words", "looks"),
        (
            ("quote none.csv", "33 prices/31 reapi-rules:"),
            ("quote odd.csv", "33 prices/1 row/33 2/33 3//1 campaign/A 1/B 1/total 2//header in/not read:/33 sheet.unread_values:/1 2/Possible savings:/card reapi-2026-07-28,"),
            ("quote odd.csv --by campaign", "33 prices/campaign requests/A 1/B 1/header in/not read:/33 sheet.unread_values:/1 2/Possible savings:/card reapi-2026-07-28,"),
            ("check odd.csv --strict", f"33 prices{'/31 row/gpt-image-2-official, text/33 warning/2 ->' * 2}/header in/not read:/33 sheet.unread_values:/1 2/31 exit"),
            ("quote more.csv --max-credits 9 --quiet", f"33 prices/1 row{''.join(f'/33 {row}' for row in range(2, 22))}/2 .../31 103/1 the//1 102/Possible savings:/card reapi-2026-07-28,/31 over/31 exit"),
            ("quote more.csv --set n=1", f"33 prices/1 row{''.join(f'/33 {row}' for row in range(2, 22))}/1 the//header in/no model/1 102/as they/Possible savings:/card reapi-2026-07-28,"),
            ("reconcile odd.csv odd.ndjson --quiet", f"33 prices/request quoted/row 2/row 3/row 2:{'/31 error/2 ->' * 3}/matched by/2 requests:/credits: quoted/card reapi-2026-07-28,/31 exit"),
        ),
    )  # fmt: skip
    def test_each_line_of_a_run(self, words: str, looks: str) -> None:
        """By its look and its first word, or by its first two words."""
        Path("odd.csv").write_text("campaign,size,n,Level\nA,1:1,1,low\nB,1:1,1,high\n")
        Path("more.csv").write_text("size,n\n" + "1:1,1\n" * 101 + "1:1,9\n")
        Path("odd.ndjson").write_text('{"id": "a", "status": "completed"}\n')
        assert [" ".join(line.split()[:2]) for line in self.all_looks(*words.split())] == looks.split("/")

    def test_a_price_that_is_not_on_the_card(self) -> None:
        half = str(Path(__file__).parents[1] / "transcripts" / "half-card.json")
        words = ("quote", "--model", "gpt-image-2", "--rates", half)
        assert self.looks(*words)[:2] == ["1 no price", "33   the rate card has no price for 1k"]


class TestTable:
    def test_is_the_same_with_and_without_rich(self, monkeypatch: pytest.MonkeyPatch) -> None:
        words = ("quote", str(CAMPAIGN))
        coloured = on_terminal(*words)
        without_rich(monkeypatch)
        assert on_terminal(*words) == ANSI.sub("", coloured)

    @pytest.mark.parametrize("width", (24, 40, 60, 80, 120, 200))
    def test_fits(self, width: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is said of a row stays in one piece, behind its cells or below them."""
        monkeypatch.setenv("COLUMNS", str(width))
        lines = screen("quote", str(CAMPAIGN))
        assert max(map(width_of, lines)) <= width
        told = " ".join(" ".join(lines).split())
        rows = csv.DictReader(io.StringIO(run("quote", str(CAMPAIGN)).out))
        messages = {row["reapi_errors"].partition(": ")[2].partition("; ")[0] for row in rows if row["reapi_errors"]}
        assert [message for message in messages if max(map(len, message.split())) < 20 and message not in told] == []

    @pytest.mark.parametrize(("width", "is_beside"), ((57, True), (56, False)))
    def test_a_verdict_that_has_no_room_is_below_its_row(
        self, width: int, is_beside: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", f"{width}")
        told = "\n".join(screen("quote", str(CAMPAIGN.with_name("first-plan.csv"))))
        assert ("  pixels     verdict\n  2  poster                      rejected: " in told) is is_beside
        assert ("  pixels\n    verdict\n  2  poster\n    rejected: " in told) is not is_beside

    def test_says_what_the_csv_says(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each row, its credits and pixels, its verdict, and every error, warning and note."""
        monkeypatch.setenv("COLUMNS", "100000")
        lines = screen("quote", str(CAMPAIGN))
        rows = csv.DictReader(io.StringIO(run("quote", str(CAMPAIGN)).out))
        planned = [row for row in rows if row["reapi_verdict"]]
        table = lines[lines.index(next(line for line in lines if line.startswith("row  asset"))) + 1 :]
        assert len(planned) == 48
        for row, line in zip(planned, table):
            assert f"  {row['asset']}  " in line
            assert f" {row['reapi_credits']}  " in line
            assert f"  {row['reapi_width']}x{row['reapi_height']}  ".replace("  x  ", "") in line
            assert f"  {row['reapi_verdict']}" in line
            for told in (row["reapi_errors"] or row["reapi_warnings"]).split(" | "):
                assert told.partition(": ")[2] in line
            assert all(note in "\n".join(table[48:]) for note in row["reapi_notes"].split(" | "))

    @pytest.mark.parametrize(("groups", "told"), ((1, None), (2, None), (31, "(1 more)")))
    def test_sums_are_of_several_groups_and_of_many_the_most_expensive(
        self, run: Run, tmp_path: Path, groups: int, told: str | None
    ) -> None:
        path = tmp_path / "plan.csv"
        path.write_text(
            "campaign,size,quality,n\n" + "".join(f"group {at},1:1,low,{at % 4 + 1}\n" for at in range(groups))
        )
        lines = run("quote", str(path), "--format", "table").out.splitlines()
        sums = [line for line in lines if re.match(r"group \d|\(|total", line)]
        assert len(sums) == (0 if groups == 1 else min(groups, 30) + (told is not None) + 1)
        assert told is None or sums[-2:] == [told, lines[-2]]

    @pytest.mark.parametrize("words", AGED, ids=" ".join)
    def test_the_age_is_the_first_thing_said(self, words: tuple[str, ...]) -> None:
        said = on_terminal(*words)
        assert ANSI.sub("", said).startswith("prices checked ")
        assert said.count("prices checked ") == 1

    def test_a_row_that_ends_before_its_name_has_none(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_text("size,quality,asset\n1:1,low,fox\n1:1,low\n")
        assert screen("quote", str(path), "--quiet")[2:5] == [
            "row  asset  credits  pixels     verdict",
            "  2  fox          5  1024x1024  fine",
            "  3               5  1024x1024  fine",
        ]


class TestLongPlans:
    @pytest.fixture
    def plan(self, tmp_path: Path) -> Any:
        def write(count: int, rejected: set[int] = frozenset()) -> str:  # type: ignore[assignment]
            path = tmp_path / "plan.csv"
            rows = "".join(f"a{at},1:1,{9 if at in rejected else 1}\n" for at in range(2, count + 2))
            path.write_text(f"asset,size,n\n{rows}")
            return str(path)

        return write

    @staticmethod
    def shown_rows(lines: list[str]) -> list[int]:
        return [int(line.split()[0]) for line in lines if re.match(r" *\d+  a\d", line)]

    def test_a_hundred_rows_are_all_shown(self, plan: Any) -> None:
        lines = screen("quote", plan(100, {50}), "--quiet")
        assert self.shown_rows(lines) == list(range(2, 102))
        assert not any("to see them all" in line for line in lines)

    def test_of_more_the_first_and_the_rejected(self, plan: Any) -> None:
        lines = screen("quote", plan(101, {3, 50, 102}), "--quiet")
        assert self.shown_rows(lines) == [*range(2, 22), 50, 102]
        assert lines.count("...") == 1
        told = "the first 20 of 101 rows, and 2 of the other 2 that are rejected; to see them"
        assert lines[lines.index(told) + 1] == "  all: -o quoted.csv"
        assert lines[-1] == "exit status 1: 3 rejected"

    def test_and_no_more_than_fit(self, plan: Any) -> None:
        lines = screen("quote", plan(1000, set(range(2, 1000, 2))), "--quiet")
        assert len(self.shown_rows(lines)) == 100
        assert "the first 20 of 1000 rows, and 80 of the other 489 that are rejected; to see" in lines

    def test_none_rejected(self, plan: Any) -> None:
        lines = screen("quote", plan(500), "--quiet")
        assert self.shown_rows(lines) == list(range(2, 22))
        assert "the first 20 of 500 rows, of which no other is rejected; to see them all: -o" in lines

    def test_what_was_said_is_not_said_again(self, plan: Any) -> None:
        lines = screen("quote", plan(30), "--quiet")
        assert sum("without quality the request is billed" in line for line in lines) == 1
        assert sum(line.endswith("warning: as in row 2") for line in lines) == 29
        lines = screen("quote", plan(30), "--quiet", "--lang", "zh")
        assert sum(line.endswith("有警告: 同第 2 行") for line in lines) == 29

    def test_memory_is_bounded(self, plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        kept = []
        write = PlanTable.write

        def watched(table: PlanTable, *words: Any) -> None:
            write(table, *words)
            kept.append(len(table._kept))

        monkeypatch.setattr(PlanTable, "write", watched)
        screen("quote", plan(2000, set(range(90, 2000))))
        assert max(kept) == 100
        assert len(kept) == 2000


class TestNotes:
    def test_name_their_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_text("asset,quality\n" + "x,LOW\n" * 8 + "".join(f"y,low {' ' * at}!\n" for at in range(2)))
        lines = screen("quote", str(path), "--quiet")
        assert '2, 3, 4, 5, 6 +3  cell.spelling: the quality "LOW" is read as low' in lines

    def test_are_bounded(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_text("asset,size,quality\n" + "".join(f"x,{700 + at}x{700 + at},low\n" for at in range(60)))
        lines = screen("quote", str(path), "--quiet")
        assert sum("size.snapped" in line for line in lines) == 20
        assert "(other notes: 40; -o quoted.csv has them all)" in lines


class TestWhoAsks:
    def test_a_pipe_gets_csv(self, run: Run) -> None:
        assert run("quote", str(CAMPAIGN)).out.startswith("campaign,asset,")
        assert run("quote", str(CAMPAIGN), "--format", "table").out.startswith("row  asset")

    def test_into_a_text_file(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "plan.txt"
        run("quote", str(CAMPAIGN), "--format", "table", "-o", str(path))
        assert path.read_text("utf-8").startswith("row  asset")

    @pytest.mark.parametrize(
        ("words", "says"),
        (
            (
                ("--format", "table", "--by", "campaign"),
                "--format table is for rows, and --by gives totals: give --format text",
            ),
            (("--format", "table", "--rows"), "--rows writes your rows: give --format json or ndjson, and not table"),
            (("--format", "text", "--rows"), "--rows writes your rows: give --format json or ndjson, and not text"),
            (("--format", "table", "--excel"), "--excel is for CSV of your rows, and this is table"),
        ),
    )
    def test_what_does_not_go_together(self, words: tuple[str, ...], says: str, run: Run) -> None:
        result = run("quote", str(CAMPAIGN), *words)
        assert (result.code, result.err) == (2, f"reapi-rules: {says}\n")

    def test_a_list_of_bodies_is_a_table_and_one_body_is_not(self, tmp_path: Path) -> None:
        body = '{"model": "gpt-image-2", "prompt": "a fox"}'
        for name, text, head in (
            ("one.json", body, "30 credits (0.030 USD)"),
            ("list.json", f"\ufeff [{body}]", "item  prompt  credits  pixels     verdict"),
            ("lines.ndjson", body, "line  prompt  credits  pixels     verdict"),
        ):
            path = tmp_path / name
            path.write_text(text, "utf-8")
            assert head in screen("quote", str(path))
