"""With ``--lang zh`` nothing that people read is left in English, whatever the command says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.command import Run
from tests.support.examples import need

PLAN = """Notes on May
campaign,prompt,size,resolution,quality,n,Level,resolution_override
A,a fox,16:9,2k,,2,high,4k
A,a cat,1:1,4k,low,1,low,2k
B,a dog,04:09 PM,1k,高,9,low,2k
B,a cow,auto,1k,low,1,low,4k
,,,,,2,,
Total,,,,,15,,
campaign,prompt,size,resolution,quality,n,Level,resolution_override
"""
ODD_PLAN = "素材,尺寸,分辨率,质量,数量\na,04:09 PM,2k,,2\nb,16:14,2k,high,1\nc,auto,,auto,9\n合计,,,,12\nd,1:1,1k,high,2.000\ne,1:1,,,1\n"
BODIES = [
    {"model": "gpt-image-2-official", "prompt": "a fox", "aspect_ratio": "16×9", "seed": 7, "n": 9},
    {"model": "flux-2", "prompt": "a fox"},
    {"model": "midjourney", "prompt": "a fox"},
    {"model": "no-such-model"},
    {"model": "gpt-image-2-official", "prompt": "a fox", "image_urls": ["https://cdn.example.com/a.png"]},
]
CELLS = re.compile(r"[\s0-9.,|:x+-]*|[AB](\s+[0-9.]+)+")
"""What says nothing in any language: figures, pixels, rules of tables, and groups with their sums."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    Path("odd.csv").write_text(ODD_PLAN, encoding="utf-8")
    Path("bodies.json").write_text(json.dumps(BODIES))
    Path("broken.json").write_text("{nonsense")
    Path("batch.json").write_text(json.dumps([{"custom_id": "狐狸", "body": BODIES[0]}]))


@pytest.mark.parametrize(
    "words",
    (
        "quote plan.csv --format text", "quote plan.csv --format csv -o out.csv", "quote plan.csv --by campaign --format text",
        "quote plan.csv --by campaign --format text --set quality=low", "quote plan.csv --set quality=low --format csv -o out.csv",
        "quote plan.csv --max-credits 10 --format csv -o out.csv", "quote plan.csv --require-all-read --format csv -o out.csv",
        "quote plan.csv --where campaign=A --format csv -o out.csv",
        "check plan.csv --format text", "check plan.csv --strict --format text", "check plan.csv --strict --format github",
        "check plan.csv --fixed out.csv --format text", "check plan.csv --fixed - --format text -o out.txt",
        "check bodies.json --fixed out.json --format text", "check bodies.json --format text", "check bodies.json plan.csv --format text",
        "check broken.json --format text", "check batch.json --format text", "quote batch.json --rows --format csv -o out.csv", "advise plan.csv --format text", "advise bodies.json --format text",
        "quote bodies.json --format text", "quote --size 16:9 --resolution 2k", "quote --size 1:1 --n 9", "quote --size 1000x1000",
        "quote --model flux-2 --require-fresh 1", "check odd.csv --format text", "quote odd.csv --format text --max-credits 100",
        "quote odd.csv --format csv --max-credits 100 -o out.csv", "advise odd.csv --format text", "advise odd.csv --format csv -o out.csv",
    ),
)  # fmt: skip
def test_every_line_is_chinese(run: Run, words: str) -> None:
    said = run(*words.split(), "--lang", "zh")
    whole = f"{said.out if '-o' not in words and '--fixed -' not in words else ''}\n{said.err}"
    english = [line for line in whole.splitlines() if not re.search("[一-鿿]", line) and not CELLS.fullmatch(line)]
    assert whole.strip()
    assert english == []
    if "odd.csv" in words:
        assert not re.search("[a-z]{2,} [a-z]{2,}", re.sub("reapi-rules (rates import|advise)", "", whole))
        assert "第 2 行" in whole or "-o" in words


@pytest.mark.parametrize("command", ("check", "quote", "advise"))
def test_data_are_the_same_in_each_language(run: Run, command: str) -> None:
    words = (command, "odd.csv", "--format", "ndjson")
    assert run(*words, "--lang", "zh").out == run(*words).out


def test_workbooks_too(run: Run) -> None:
    need("xlsxwriter")
    said = run("quote", "plan.csv", "-o", "out.xlsx", "--lang", "zh")
    english = [line for line in said.err.splitlines() if not re.search("[一-鿿]", line)]
    assert english == []
