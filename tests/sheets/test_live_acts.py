"""The self-calculating workbook in people's hands: sorted, filtered, cut and pasted by Calc, in three languages."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reapi_rules import Engine, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.sheets.live.lookup import combinations, models_of, unit_of
from reapi_rules.sheets.meaning.cells import RowOptions, RowReader
from reapi_rules.sheets.meaning.columns import Columns
from reapi_rules.sheets.results.result import result
from tests.support import live_acts
from tests.support.calc import PROGRAM, needs_calc

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install '.[test-all]'")

from reapi_rules.sheets.live.page import FIRST_ROW  # after the check for what it needs
from reapi_rules.sheets.live.spellings import numbers_spelt, words_spelt
from reapi_rules.sheets.live.workbook import write_workbook

ROWS = 300
ACTS = (
    "nothing",
    "sort credits",
    "sort assets",
    "delete",
    "copy",
    "cut",
    "cut rows",
    "filter",
    "insert, and copy what is blue",
)
LOCALES = {"en": "en-US", "de": "de-DE", "zh": "zh-CN"}
MODELS = models_of(built_in())
READER = RowReader(
    Columns(
        titles=("model", "size", "resolution", "quality", "n", "image_urls"),
        fields={"model": 0, "shape": 1, "tier": 2, "quality": 3, "number": 4},
        references=(5,),
    ),
    RowOptions(engine=Engine(default_model=built_in().default_model)),
)


def has_uno(program: str) -> bool:
    return subprocess.run([program, "-c", "import uno"], capture_output=True, check=False).returncode == 0


PYTHON = next((each for each in ("/usr/bin/python3", sys.executable) if Path(each).exists() and has_uno(each)), None)
needs_uno = pytest.mark.skipif(PYTHON is None, reason="needs LibreOffice's Python bridge: apt-get install python3-uno")


def planned() -> list[list[Any]]:
    """Rows drawn from the spelling tables, models and all, some of them wrong."""
    chance = random.Random(7)
    words = {role: [text for text, _ in words_spelt(MODELS, role, built_in())] for role in ("shape", "tier", "quality")}
    numbers = [text for text, _ in numbers_spelt(MODELS, built_in())]
    rows: list[list[Any]] = []
    for at in range(ROWS):
        model = chance.choice(["", "", "gpt-image-2-official", *(model.id for model in MODELS), "nope"])
        rows.append(
            [
                f"asset {at:03}",
                model,
                chance.choice(
                    [
                        "",
                        *words["shape"],
                        "16：9",
                        "１６:９",
                        "1024x1024",
                        "800 × 600",
                        "８００×６００",
                        "16×9",
                        "1:1\u200b",
                        "-",
                        "(mirrored)",
                        "7:5",
                        "*:9",
                    ]
                ),
                chance.choice(["", *words["tier"], "８k", "-"]),
                chance.choice(["", *words["quality"], "ｌｏｗ", "-", "h?gh"]),
                chance.choice(["", "", 1, 2, 3, 1, 2, *numbers, 9, "２", "２张", "\t2", 0.1 + 0.2, 2.0000000000000004]),
                chance.choice(["", "", "", "", "yes", "no", "https://a.example/1.png", "https://", "http:///a", "[1]"]),
            ]
        )
    return rows


def expected(row: list[Any]) -> tuple[Any, ...]:
    """The verdict and the two credits, by what the command line reads."""
    _, model, *cells, images = (cell for cell in row)
    links = {"yes": "https://a.example/1.png", "no": ""}.get(images, images)
    plan = READER.plan([model, *cells, links])
    if plan is None:
        return ("", "", "")
    report = preflight({"model": "gpt-image-2-official", "prompt": "a red fox in snow", **plan.body})
    if not report.ok or report.quote is None:
        return ("rejected", "", "")
    credits, low = report.quote.credits, report.quote.credits_low
    return (result(report).cells[0], "no price" if credits is None else credits, "" if low is None else low)


class Office:
    def __init__(self, folder: Path, locale: str) -> None:
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(
            '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
            '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">'
            f"<value>{locale}</value></prop></item></oor:items>"
        )
        pipe = f"reapi{uuid.uuid4().hex}"
        self.office = subprocess.Popen(
            [
                PROGRAM or "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.bridge = subprocess.Popen(
            [PYTHON or "", live_acts.__file__, pipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.path = folder / "quote.xlsx"
        with self.path.open("wb") as output:
            write_workbook(output, card=built_in().card(), rows=ROWS)

    def do(self, act: str, cells: list[list[Any]]) -> Any:
        assert self.bridge.stdin is not None
        assert self.bridge.stdout is not None
        asked = {"url": self.path.as_uri(), "first": FIRST_ROW - 1, "cells": cells, "act": act}
        self.bridge.stdin.write(json.dumps(asked) + "\n")
        self.bridge.stdin.flush()
        return json.loads(self.bridge.stdout.readline())

    def close(self) -> None:
        assert self.bridge.stdin is not None
        self.bridge.stdin.close()
        self.bridge.wait(60)
        if self.bridge.stdout is not None:
            self.bridge.stdout.close()
        self.office.terminate()
        self.office.wait(60)


@pytest.fixture(scope="module", params=LOCALES)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder, LOCALES[request.param])
    yield office
    office.close()
    shutil.rmtree(folder / "profile", ignore_errors=True)


@needs_calc
@needs_uno
class TestActs:
    @pytest.mark.parametrize("act", ACTS)
    def test_every_answer_stays_right(self, office: Office, act: str) -> None:
        after = office.do(act, planned())
        wrong = [
            (row[:7], tuple(row[7:10]), expected(row[:7]), row[12])
            for row in after["rows"]
            if tuple(row[7:10]) != expected(row[:7]) and "prepared rows" not in str(row[0])
        ]
        assert wrong == []
        answers = [row for row in after["rows"] if row[7]]
        verdicts = [row[7] for row in answers]
        unpriced = sum(row[8] == "no price" for row in answers)
        says = f"{len(verdicts)} requests, {verdicts.count('rejected')} rejected, {unpriced} without a price"
        assert after["totals"][0] == says
        for column in (8, 9):
            assert after["totals"][column] == sum(row[column] for row in answers if isinstance(row[column], float))

    def test_one_request_is_one(self, office: Office) -> None:
        after = office.do("nothing", [["", "", "16:9", "", "", "", ""]])
        assert after["totals"][0] == "1 request, 0 rejected, 0 without a price"

    def test_rows_without_formulas_are_counted_whatever_is_wrong_in_others(self, office: Office) -> None:
        after = office.do("insert", planned())
        assert after["totals"][0].endswith(" - rows without formulas (copy the blue cells of another row into them): 2")
        after = office.do("insert, and copy one column", planned())
        assert after["totals"][0].endswith(" - rows without formulas (copy the blue cells of another row into them): 1")


def test_the_spellings_are_those_of_the_reader() -> None:
    for role, at in (("shape", 1), ("tier", 2), ("quality", 3)):
        found = list(words_spelt(MODELS, role, built_in()))  # type: ignore[arg-type]
        assert len({text for text, _ in found}) == len(found) > 6
        assert all(len(text) < 256 and not set(text) & set("*?~§") for text, _ in found)
        assert at
    spelt = dict(numbers_spelt(MODELS, built_in()))
    assert [spelt[text] for text in ("２", "2.0", "2张", "x2", "2 images")] == [2] * 5
    assert "2.000" not in spelt


def test_no_cell_has_a_hidden_meaning() -> None:
    keys = [each.key for each in combinations(Engine(), unit_of(built_in().card(), MODELS))]
    assert len(set(keys)) == len(keys)
    slots = {slot for key in keys for slot in key.split("|")[1:]}
    assert all(slot[:1] in ("", "=") or slot in ("-", "+", "#", "x") for slot in slots)
