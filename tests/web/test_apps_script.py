"""The functions for Google Sheets in a stub of Apps Script: what they return is what the command line says."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.spellings import spellings
from reapi_rules.cli import main
from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.contents import strip
from reapi_rules.sheets.meaning.rows import sort_rows
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.terms.spelling import fold, narrow
from reapi_rules.web.apps_script import apps_script
from reapi_rules.web.inline import engine_inline, sheet_tables
from reapi_rules.web.module import literal, read_source
from tests.support.headers import HANDWRITTEN, MONEY, PUBLIC, TWO_ROWS
from tests.support.headers import sheets as sheets_of
from tests.support.module import ROOT
from tests.support.odd_rows import odd_rows, odd_spellings
from tests.support.profile import IS_THOROUGH
from tests.support.sheets import quoted

TITLES = ["asset", "size", "resolution", "quality", "n"]
TEXT = apps_script()
CALLED = (
    ("resolution_override", "resolution"), ("Final res", "resolution"), ("resolutionOverride", "resolution"), ("备用分辨率", "resolution"),
    ("quality2", "quality"), ("Quality (old)", "quality"), ("Qualität alt", "quality"), ("画质备用", "quality"), ("n2", "n"),
    ("qty_final", "n"), ("images France", "n"), ("number_alt", "n"), ("Where", "size"), ("size 2", "size"), ("数量2", "n"), ("units", "n"),
    ("old model", "model"), ("Done with", "model"),
)  # fmt: skip
TABLES = (
    ("asset", "size", "resolution", "quality", "n"), ("asset", "prompt", "size", "n"), ("prompt", "n"), ("asset", "n"),
    ("asset", "region", "width", "height", "n"), ("asset", "model", "quality", "n"),
)  # fmt: skip
CLEAR = {"size": "16:9", "resolution": "2k", "quality": "high", "width": "{}", "height": "{}", "model": "", "n": "1"}
LABELS = (
    "a", "b", "TOTAL", "Total:", "Total Germany", "Count", "max", "合计", "小计（德国）", "#4", "4", "—", "Note: May", "∑", "Σ", "",
    "Germany", "* all", "$12.40", "12%", "2026-05-04", "Summe", "🦊",
)  # fmt: skip
MIXED = (*LABELS, "16:9", "2", "1024", "1080px", "970", "969", "2k", "high", "n/a", "fox", "size", "n", "gpt-image-2")
NUMBERED = (
    "N°", "Nº", "N.", "No.", "№", "Image #", "# image", "#images", "images #", "Image N°", "No image", "N° visuel", "Visuel n", "N. immagine", "N. immagini",
    "Número de imagen", "Number of image", "Bild Nr.", "# of variants", "qty image", "image n", "🔢", "#", "image per asset",
)  # fmt: skip
LENGTHS = ("Width (mm)", "Breite in cm", "Width in px", "宽度cm", "Image height (in)", "win", "Höhe [mm]")
ZONES = (
    "Asia/Shanghai", "America/New_York", "Africa/Monrovia", "Europe/Berlin", "Asia/Kolkata", "UTC", "America/Sao_Paulo", "Australia/Sydney",
)  # fmt: skip
ODD = (
    "asset,参考图URL,Mask,比例\nfox,无,N/A,1:1\ncat,https://a.example/1.png,none,\ndog,有,,16:9\n",
    "asset,Resolution (old),Print size (cm),images left,n\nfox,2k,30x40,2,1\ncat,4k,30x40,1,2\n",
    'asset,Image width,Image height\nfox,"1,920","1,080"\n',
    "asset,Breite,Höhe\nfox,1.920,1.080 px\n",
    "asset,n,W,H\nfox,2,16,9\n",
    "asset,n,Width (mm),Höhe in cm\nfox,2,210,297\n",
    "asset,n,Width,x\nfox,2,1920,1\n",
    "prompt,🔍,✨,🔢,#\nfox,2k,high,2,1\ncat,1k,low,2,1\n",
    "asset,size,Width,Height (mm)\nfox,16:9,1920,1080\n",
    "提示词,比例,质量,出图\n狐狸,16:9,低,2张\n猫,1:1,低,7张\n",
    "asset,size,n,Extra images,Bonus pieces\nfox,16:9,2,1,3\ncat,1:1,1,4,0\n",
    "asset,size,Variants\nfox,16:9,2\ncat,1:1,3\nyak,1:1,4\n",
    "asset,size,Shots\nfox,16:9,x2\ncat,1:1,2.0\n",
    "asset,size,Shots\nfox,16:9,02\ncat,1:1,1.5\n",
    "N°,asset,size,Nombre\n1,renard,16:9,2\n2,chat,1:1,1\n3,loup,1:1,1\n",
    "N.,asset,size,Quantità\n1,volpe,16:9,2\n3,gatto,1:1,1\n4,lupo,1:1,1\n",
    "asset,size,N.\nvolpe,16:9,2\ngatto,1:1,1\nlupo,1:1,1\n",
    "asset,size,N.\nvolpe,16:9,1\ngatto,1:1,2\nlupo,1:1,4\n",
    "Number,asset,size\n1,fox,16:9\n3,cat,1:1\n",
    "Number,asset,size\n1,fox,16:9\n2,cat,1:1\n3,owl,1:1\n",
    "Pieces,asset,size\n1,fox,16:9\n2,cat,1:1\n",
    "Image #,asset,size\n1,fox,16:9\n2,cat,1:1\n4,cat,1:1\n",
    'asset,size\nfox,"1,920 x 1,080 px"\n',
    "asset,size,n (flux-2),GPT-Image-2 张数\nfox,16:9,2,1\n",
    "asset,size\nfox,7:5\ncat,07:05\n",
    "素材,横/竖,n\n狐狸,竖,4\n猫,横,2\n",
    "asset,Layout,Width,Height\nfox,tall,1024,2048\ncat,wide,2048,1024\n",
    "prompt,references\nfox,Image 1\ncat,Image 1 | Image 2\n",
    "asset,size,4k数量,数量（低）,横版张数,high_count,4K?,需要张数\nfox,16:9,2,1,1,2,1,2\n",
)


class Sheets:
    """Apps Script with the file in it, asked call by call."""

    def __init__(self, path: Path, zone: str, formatted: str, script_zone: str) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("needs node: apt-get install nodejs")
        stub = ROOT / "tests" / "web" / "apps.mjs"
        self._node = subprocess.Popen(
            [node, stub, path, zone, formatted],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TZ": script_zone},
        )

    def call(self, name: str, cells: Any, *others: Any) -> Any:
        """What a function returns for a range; a time of day is a datetime."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        line = json.dumps([name, cells, *others], default=lambda at: {"ms": round(at.timestamp() * 1000)})
        self._node.stdin.write(line.encode() + b"\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        self._node.communicate()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheets") / "Code.gs"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def sheets(path: Path) -> Iterator[Sheets]:
    sheets = Sheets(path, "Europe/Berlin", "then", "America/New_York")
    yield sheets
    sheets.close()


def at(hour: int, minute: int, zone: str = "Europe/Berlin", day: str = "1899-12-30") -> datetime:
    """A time of day as Sheets passes it on."""
    return datetime.fromisoformat(f"{day} {hour:02}:{minute:02}").replace(tzinfo=ZoneInfo(zone))


def clock(ratio: str) -> tuple[int, int]:
    """The hour and the minute that a spreadsheet makes of a ratio."""
    hour, minute = ratio.split(":")
    return int(hour), int(minute)


class TestWhatIsReturned:
    def test_500_rows_are_those_of_the_command_line(self, sheets: Sheets) -> None:
        rows = odd_rows(500)
        file = io.StringIO()
        csv.writer(file).writerows(rows)
        expected = list(csv.DictReader(io.StringIO(quoted(file.getvalue().encode()).decode("utf-8-sig"))))
        cells = [[int(cell) if cell.isascii() and cell.isdigit() else cell for cell in row] for row in rows]
        found: dict[str, list[Any]] = {}
        for name in ("REAPI_CREDITS", "REAPI_PIXELS", "REAPI_CHECK"):
            header, *columns = sheets.call(name, cells)
            assert len(columns) == 500
            found |= {title: [row[place] for row in columns] for place, title in enumerate(header)}
        assert len(found) == 7
        for title, values in found.items():
            assert [str(value) for value in values] == [row[title] for row in expected], title
        assert {type(value) for value in found["reapi_credits"]} == {int, str}
        assert {value for value in found["reapi_credits"] if type(value) is str} == {""}

    def test_sheets_of_the_corpus_are_read_as_on_the_command_line(self, sheets: Sheets) -> None:
        """But for columns that only their cells give away: those are named, and left to the command line."""
        same = others = 0
        for sheet in sheets_of(PUBLIC + HANDWRITTEN):
            cells = [list(sheet.titles), *map(list, sheet.rows)]
            file = io.StringIO()
            csv.writer(file).writerows(cells)
            read = read_csv(io.StringIO(file.getvalue())).columns.read
            known = {at for at, subject in read.items() if subject in subjects().of(sheet.titles[at]).subjects}
            if known != {*read}:
                others += 1
                continue
            same += 1
            expected = list(csv.DictReader(io.StringIO(quoted(file.getvalue().encode()).decode("utf-8-sig"))))
            assert sheets.call("REAPI_CHECK", cells)[1:] == [
                [row[name] for name in ("reapi_verdict", "reapi_errors", "reapi_warnings", "reapi_notes")]
                for row in expected
            ], sheet.titles
            credits = [[int(row["reapi_credits"] or 0)] for row in expected]
            assert sheets.call("REAPI_CREDITS", cells)[1:] == credits, sheet.titles
        assert same > 4 * others

    @pytest.mark.parametrize(("title", "subject"), CALLED)
    def test_what_a_column_seems_to_hold_is_named_as_on_the_command_line(
        self, sheets: Sheets, title: str, subject: str
    ) -> None:
        rows = [
            ["a", "16:9", "2k", "high", "3", ""],
            ["b", "1:1", "4k", "low", "1", ""],
            ["c", "9:16", "1k", "low", "2", ""],
        ]
        for row, cell in zip(
            rows,
            {
                "size": ("1:1", "4:3", "3:4"),
                "resolution": ("1k", "2k", "2k"),
                "quality": ("low", "low", "high"),
                "n": ("2", "3", "3"),
                "model": ("z-image", "gpt-image-2", "Z-Image"),
            }[subject],
            strict=True,
        ):
            row[-1] = cell
        table = read_csv([",".join(row) + "\n" for row in ([*TITLES, title], *rows)])
        named = [(warned.title, warned.field) for warned in Account.of(table).warnings]
        found = sheets.call("REAPI_COLUMNS", [[*TITLES, title], *rows])
        assert [title, f"looks like {subject}, and is not read"] in found
        assert named == [(title, subject)]

    @pytest.mark.parametrize("text", ODD)
    def test_an_odd_sheet_is_read_and_named_as_on_the_command_line(self, sheets: Sheets, text: str) -> None:
        cells = [*csv.reader(io.StringIO(text))]
        account = Account.of(read_csv(io.StringIO(text)))
        expected = list(csv.DictReader(io.StringIO(quoted(text.encode()).decode("utf-8-sig"))))
        assert [row[0] for row in sheets.call("REAPI_CREDITS", cells)[1:]] == [
            int(row["reapi_credits"]) if row["reapi_credits"] else "" for row in expected
        ]
        assert [row[3] for row in sheets.call("REAPI_CHECK", cells)[1:]] == [row["reapi_notes"] for row in expected]
        found = dict(sheets.call("REAPI_COLUMNS", cells)[: len(cells[0])])
        assert {title for title, said in found.items() if said.startswith("looks like ")} == {
            warned.title
            for warned in account.warnings
            if warned.rule in ("sheet.unread_values", "sheet.title_is_value")
        }

    def test_rows_that_plan_nothing_stay_blank_and_in_place(self, sheets: Sheets) -> None:
        cells = [["Plan for May", "", "", "", ""], TITLES, ["a", "16:9", "2k", "high", 2], [""] * 5]
        cells += [["TOTAL", "", "", "", 2], ["b", "1:1", "", "low", ""]]
        assert sheets.call("REAPI_CREDITS", cells) == [[""], ["reapi_credits"], [759], [""], [""], [5]]
        assert sheets.call("REAPI_PIXELS", cells)[2] == [2048, 1152]
        assert sheets.call("REAPI_CHECK", cells)[2] == ["fine", "", "", ""]
        marked = [TITLES, ["a", "\u200e16:9", "\u202a2k\u202c", "high\u200f", "2\u2069"]]  # by a text's direction
        assert sheets.call("REAPI_CREDITS", marked)[1] == [759]

    def test_two_rows_can_be_the_header(self, sheets: Sheets) -> None:
        for upper, lower in TWO_ROWS:
            for ours in (
                [],
                ["reapi_verdict", "reapi_credits", "reapi_cell", "reapi_notes", "reapi_usd", "reapi_basis"],
            ):
                cells = [upper.split(","), [*lower.split(","), *ours], ["a", "16:9", "2k", "high", 2]]
                assert sheets.call("REAPI_CREDITS", cells) == [[""], ["reapi_credits"], [759]]

    def test_what_plans_nothing_is_what_plans_nothing_on_the_command_line(self, sheets: Sheets) -> None:
        choose = random.Random(18)
        for _ in range(200 if IS_THOROUGH else 20):
            titles = choose.choice(TABLES)
            rows = [[choose.choice(MIXED) if choose.random() < 0.6 else "" for _ in titles] for _ in range(8)]
            for row in rows:
                row[-1] = choose.choice(("1", "2", "2", "3", "4", "7", "", "x"))
                row[:-1] = row[:-1] if choose.random() < 0.6 else [choose.choice(LABELS), *[""] * (len(titles) - 2)]
            rows[:0] = [[CLEAR.get(title, "a").format(1000 + at) for title in titles] for at in range(20)]
            table = read_csv([",".join(row) + "\n" for row in ([*titles], *rows)])
            account = Account.of(table)
            planned = [row.skipped == "" and any(row.cells) for row in sort_rows(table, account).rows]
            found = sheets.call("REAPI_CHECK", [[*titles], *rows])
            assert [verdict != "" for verdict, *_ in found[1:]] == planned, rows[20:]
            said = {line for line, _ in sheets.call("REAPI_COLUMNS", [[*titles], *rows]) if "as a request" in line}
            assert said == {line.partition(": ")[2] for line in account.lines() if "as a request" in line}, rows

    def test_a_model_and_a_language_of_ones_own(self, sheets: Sheets) -> None:
        cells = [["size", "n"], ["16:9", 1], ["7:5", 1]]
        assert sheets.call("REAPI_CREDITS", cells, "gpt-image-2")[1] == [30]
        verdict, errors, _, _ = sheets.call("REAPI_CHECK", cells, "zh-CN")[2]
        assert verdict == "rejected"
        assert "无效" in errors
        assert "invalid size" in sheets.call("REAPI_CHECK", cells)[2][1]
        assert "model" in sheets.call("REAPI_CHECK", cells, None, "nobody's")[1][1]

    def test_how_the_range_is_read_is_said(self, sheets: Sheets) -> None:
        cells: list[list[Any]] = [
            ["Plan"],
            ["Asset", "Image size", "Where", "Qty"],
            ["a", "2K", "16:9", 2],
            ["TOTAL", "", "", 2],
        ]
        found = sheets.call("REAPI_COLUMNS", [[*row, *[""] * (4 - len(row))] for row in cells])
        assert found[:4] == [
            ["Asset", "not read"],
            ["Image size", "resolution (by its cells)"],
            ["Where", "looks like size, and is not read"],
            ["Qty", "n"],
        ]
        lines = [line for line, _ in found[4:]]
        assert lines[:4] == [
            "no size column: 1:1",
            "no quality column: auto, billed as high",
            "above the titles, left out: row 1",
            "row 4 (a total)",
        ]
        card = built_in().card()
        assert card is not None
        assert lines[4].startswith(f"Prices {card.id}, checked {card.checked_on}, ")
        assert len(lines) == 5 + (datetime.now(UTC).date() - date.fromisoformat(card.checked_on) > timedelta(days=90))

    def test_a_range_without_titles_is_said_in_a_sentence(self, sheets: Sheets) -> None:
        for cells in ("16:9", [["16:9", 2]], [["", ""]]):
            with pytest.raises(ValueError, match=r"^Error: None of these rows has a title that we know\. Include"):
                sheets.call("REAPI_CREDITS", cells)

    def test_a_range_with_a_column_for_each_request_too(self, sheets: Sheets) -> None:
        cells = [["prompt", "fox", "cat"], ["size", "16:9", "1:1"], ["数量", 2, 1]]
        with pytest.raises(ValueError, match=r"^Error: One column lists fields such as size or quality, so each"):
            sheets.call("REAPI_CREDITS", cells)
        for prompts in ([["prompt"], ["size"], ["数量"]], [["prompt", "note"], ["size", ""], ["ratio", ""]]):
            assert sheets.call("REAPI_CREDITS", prompts)[1:] == [[169], [169]]


class TestCells:
    """What Sheets passes for a cell: text, a number, a truth value, a date, or nothing."""

    def test_numbers_truth_values_and_blanks(self, sheets: Sheets) -> None:
        cells = [
            [*TITLES, "watermark", "model"],
            ["a", "1:1", "1k", "low", 2.5, "", ""],
            [1, "", "", "low", 2.0000000000000004, "", ""],
        ]
        cells += [["c", "1:1", "2k", "", None, True, "qwen-image-2"], ["d", "1:1", "2k", "", 1, False, "qwen-image-2"]]
        verdicts = [row[0] for row in sheets.call("REAPI_CHECK", cells)[1:]]
        assert verdicts[:2] == ["rejected", "fine"]
        assert "rejected" not in verdicts[2:]
        assert [row[0] for row in sheets.call("REAPI_CREDITS", cells)[1:3]] == ["", 10]

    @pytest.mark.parametrize("zone", ZONES if IS_THOROUGH else ZONES[:3])
    @pytest.mark.parametrize(("made", "formatted"), (("then", "then"), ("today", "then"), ("then", "today")))
    def test_a_time_is_the_ratio_that_was_typed(self, zone: str, made: str, formatted: str, path: Path) -> None:
        """Whether Sheets and its formatter count 1899 by the hours of that day, or by those of today."""
        ratios = [word for word in built_in().models["gpt-image-2-official"].ratios if int(word.split(":")[0]) < 24]
        times = [at(*clock(word), zone) for word in ratios]
        if made == "today":
            usual = min(datetime(2000, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta() for month in (1, 7))
            times = [time.replace(tzinfo=timezone(usual)) for time in times]
        sheets = Sheets(path, zone, formatted, zone)
        try:
            found = sheets.call(
                "REAPI_CHECK", [["size", "resolution", "quality"], *[[time, "2k", "low"] for time in times]]
            )
            typed = sheets.call(
                "REAPI_CREDITS", [["size", "resolution", "quality"], *[[w, "2k", "low"] for w in ratios]]
            )
            credits = sheets.call(
                "REAPI_CREDITS", [["size", "resolution", "quality"], *[[t, "2k", "low"] for t in times]]
            )
        finally:
            sheets.close()
        assert credits == typed
        for word, (verdict, errors, _, notes) in zip(ratios, found[1:], strict=True):
            hour, minute = clock(word)
            if f"{hour:02}:{minute:02}" != word:
                assert re.match(f'cell.ratio: the size ".*" is a ratio .*: read as {word}', notes), (word, notes)
            assert (verdict, errors) == ("fine", "")

    def test_what_is_no_ratio_is_shown_as_the_sheet_shows_it(self, sheets: Sheets) -> None:
        cells = [["size"], [at(16, 14)], [at(16, 9, day="2026-05-04")], [at(0, 0, day="2026-05-04")]]
        errors = [row[1] for row in sheets.call("REAPI_CHECK", cells)[1:]]
        for text, error in zip(('"16:14"', '"2026-05-04 16:09:00"', '"2026-05-04"'), errors, strict=True):
            assert text in error


TIMES = (
    "16:9", "16:09", "04:09:00", "04:09:00 PM", "4:09 AM", "下午 4:09", "16:14:43", "24:09", "13:00 PM", "16h9", "PT16H09M", "3h", "0.6729",
    "0,6729", "0.67", "0.5", "969", "970", "2.0", "2026-05-04", "5.4.2026", "1899-12-30 16:09:00", "16：9", "25:61", "big", "1h70",
    "Dec 30 1899 16:09:00 GMT+0100", "1899-12-30T21:09:00.000Z", "16:09:00+0800", "16/9", "16/11", "2.4 MB", "04:09 p. m.", "16時09分00秒", "16:09 Uhr", "16 h 9 min",
    "1899年12月30日 16:09:00", "0 days 09:16:00", "x" * 90, "0.000694444444444444", "9:5", "21.09",
)  # fmt: skip


def test_times_are_read_as_in_python(sheets: Sheets) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([["size"], *[[text] for text in TIMES]])
    expected = csv.DictReader(io.StringIO(quoted(file.getvalue().encode()).decode("utf-8-sig")))
    found = [notes for *_, notes in sheets.call("REAPI_CHECK", [["size"], *[[text] for text in TIMES]])[1:]]
    assert dict(zip(TIMES, found, strict=True)) == {row["size"]: row["reapi_notes"] for row in expected}


def test_titles_mean_what_they_mean_in_python() -> None:
    """Each title of the table, and each of the corpus."""
    tables = msgspec.to_builtins(aliases())
    titles = {title for sheet in sheets_of(PUBLIC + HANDWRITTEN) for title in sheet.titles} | {
        *NUMBERED,
        *LENGTHS,
        *MONEY,
    }
    for name in ("roles", "fields", "keys", "titles", "edges", "counts"):
        titles |= {title for found in tables[name].values() for title in found}
    titles |= {*tables["either"], *tables["perhaps"], *tables["other"]}
    titles |= {f"{word} {title}" for word in tables["apart"] for title in ("size", "数量", "reference image")}
    titles |= {f"{title} {word}" for word in (*tables["addresses"], *tables["apart"]) for title in ("参考图", "Größe")}
    wanted = sorted(titles)
    meant = "(title) => [meant(title)].flat().filter(Boolean)"
    found = dict(zip(wanted, in_node(f"each.map({meant})", wanted), strict=True))
    assert found == {title: list(subjects().of(title).subjects) for title in wanted}


def test_names_are_folded_as_in_python() -> None:
    """Every letter that Python knows, and names too long for a word; of old Cherokee case differs."""
    letters = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    letters = [
        each for each in letters if unicodedata.category(each) != "Cn" and "CHEROKEE" not in unicodedata.name(each, "")
    ]
    long = [f"Ａ Ä-{end * times}" for end in ("x", "狐", "\U0001f98a") for times in (500, 996, 997, 998, 2000)]
    marked = [
        before + letter
        for before in ("1", "２", "x", "²")
        for letter in letters
        if unicodedata.category(letter)[0] == "N"
    ]
    for texts in (letters, long, marked):
        assert in_node("each.map(fold)", texts) == list(map(fold, texts))
        assert in_node("each.map(narrow)", texts) == list(map(narrow, texts))


def test_spellings_are_read_as_python_reads_them() -> None:
    chance = random.Random(11)
    rows = [odd_spellings(chance) for _ in range(2000)]
    known, roles = subjects().words, ("shape", "tier", "quality")
    texts = sorted({text for row in rows for text in row.values()})
    for role in roles:
        words = {word: word for word in known[role]}
        for pixels in (False, True):
            asked = f"spelling.word({json.dumps(role)}, bare(text), WORDS[{json.dumps(role)}], {json.dumps(pixels)})"
            theirs = in_node(f"each.map((text) => {asked})", texts)
            ours = [spellings().word(role, strip(narrow(text)), words, pixels=pixels) for text in texts]
            assert not [each for each in zip(texts, ours, theirs, strict=True) if each[1] != each[2]]
            assert sum(each is not None for each in ours) > 200
        theirs = in_node(f"each.map((text) => says({json.dumps(role)}, text))", texts)
        assert theirs == [spellings().says(role, strip(narrow(text)), words) for text in texts]
    for name, read in (("numberSpelt", spellings().number), ("withoutCount", spellings().without_count)):
        counted = [read(strip(narrow(text))) for text in texts]
        theirs = in_node(f"each.map({name})", texts)
        assert not [each for each in zip(texts, counted, theirs, strict=True) if each[1] != each[2]]
        assert sum(bool(each) for each in counted) > 10


def in_node(expression: str, each: list[str]) -> Any:
    """What an expression of ``rows.js`` makes of texts."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node: apt-get install nodejs")
    engine = engine_inline(built_in(), ("DATA", "MODELS", "fold", "narrow", "spelling"), built_in().card())
    code = f"const {{ DATA, MODELS, fold, narrow, spelling }} = {engine};\nconst SHEETS = {literal(sheet_tables(built_in(), {}))};\n"
    code += f"{read_source('rows.js')}\nconst each = {json.dumps(each)};\nconsole.log(JSON.stringify({expression}));"
    return json.loads(subprocess.run([node, "-"], input=code.encode(), capture_output=True, check=True).stdout)


class TestTheFile:
    def test_has_no_syntax_that_apps_script_may_lack(self) -> None:
        code = re.sub(r'"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`', '""', TEXT)
        assert not re.findall(
            r"#[a-z]\w+|\?\?=|\|\|=|&&=|\b\d+n\b|\d_\d|^ *(?:import|export)\b|\bstatic\b|\bawait\b", code, re.MULTILINE
        )
        assert not re.search(
            r"^  \w+ = ", "\n".join(re.findall(r"^class .*?^}", code, re.MULTILINE | re.DOTALL)), re.MULTILINE
        )
        for absent in ("fetch(", "URL(", "setTimeout", "structuredClone", "Intl.", "console."):
            assert absent not in code, absent

    def test_shows_four_functions_and_hides_the_rest(self) -> None:
        assert re.findall(r"^(?:function|const|let|class) (\w+)", TEXT.partition("const reapiRules_")[0], re.MULTILINE) == [
            "REAPI_CREDITS", "REAPI_CHECK", "REAPI_PIXELS", "REAPI_COLUMNS"]  # fmt: skip
        assert TEXT.count("@customfunction") == 4

    def test_the_command_writes_it(self, tmp_path: Path) -> None:
        target, folder = tmp_path / "Code.gs", ROOT / "tests" / "support" / "third_model"
        assert main(["export", "apps-script", "-o", str(target)]) == 0
        assert target.read_text(encoding="utf-8") == TEXT
        assert main(["export", "apps-script", "-o", str(target), "--catalog", str(folder)]) == 0
        assert '"id":"paint-1"' in target.read_text(encoding="utf-8")
        assert main(["export", "apps-script", "-o", str(target), "--as-of", "2020-01-01"]) == 0
        assert "with no prices." in target.read_text(encoding="utf-8")
