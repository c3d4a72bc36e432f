"""With ``--lang zh`` nothing that people read is left in English, whatever the command says."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.texts import texts
from reapi_rules.cli.said import language_of
from tests.support.command import Run
from tests.support.examples import EXAMPLES, need
from tests.support.raw_workbook import raw

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
SHEET = '<row r="1"><c r="A1" t="inlineStr"><is><t>size</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>1:1</t></is></c></row>'
CELLS = re.compile(r"[\s0-9.,|:x+-]*|[ABab](\s+[0-9.]+)+")
"""What says nothing in any language: figures, pixels, rules of tables, and groups with their sums."""


def repriced() -> dict[str, Any]:
    """A card with prices that moved, one of them to nothing, many new ones, and a model that is gone."""
    card: dict[str, Any] = next(card for card in built_in().cards if card.id == "reapi-2026-07").to_dict()
    prices = card["usd_per_image"]["gpt-image-2-official"]
    moved = dict.fromkeys(list(prices)[:3], "0") | dict.fromkeys(list(prices)[3:9], "0.9")
    added = {f"new@{number}": "0.1" for number in range(9)}
    return card | {"id": "mine", "usd_per_image": {"gpt-image-2-official": moved | added, "flux-2": {"flat": "0.1"}}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    Path("odd.csv").write_text(ODD_PLAN, encoding="utf-8")
    Path("pixels.csv").write_text("campaign,size\nA,1920x1080\n")
    Path("long.csv").write_text(
        "素材,size,quality,n\n" + "".join(f"a,{700 + at}x{700 + at},low,1\n" for at in range(101)) + "b,1:1,LOW,9\n"
    )
    Path("fine.csv").write_text("素材,size,quality\n" + "a,1:1,low\n" * 101)
    Path("midjourney.csv").write_text("model,prompt\nmidjourney,a fox\n")
    Path("batch.ndjson").write_text(json.dumps({"custom_id": "狐狸", "body": BODIES[0]}) + "\n")
    Path("future.json").write_text(json.dumps(repriced() | {"checked_on": "2930-01-01"}))
    few = repriced()
    few["usd_per_image"] = {"gpt-image-2-official": {"1:1@1k_low": "0.9", "new@1": "0"}, "gpt-image-2": {"1k": "0.9"}}
    Path("few.json").write_text(json.dumps(few))
    answers = (
        {"campaign": name, "id": id, "status": "processing"} for name, id in (("A", "t1"), ("A", "t2"), ("B", "t3"))
    )
    Path("answers.ndjson").write_text("".join(json.dumps(each) + "\n" for each in answers) + '{"status_code": 500}\n')
    Path("new.json").write_text(json.dumps(repriced()))
    Path("bodies.json").write_text(json.dumps(BODIES))
    Path("broken.json").write_text("{nonsense")
    Path("batch.json").write_text(json.dumps([{"custom_id": "狐狸", "body": BODIES[0]}]))


@pytest.mark.parametrize(
    "words",
    (
        "quote plan.csv --format text", "quote plan.csv --format csv -o out.csv", "quote plan.csv --by campaign --format text",
        "quote plan.csv --by campaign --format text --set quality=low", "quote pixels.csv --by campaign --format text --set quality=low", "quote plan.csv --set quality=low --format csv -o out.csv",
        "quote plan.csv --max-credits 10 --format csv -o out.csv", "quote plan.csv --require-all-read --format csv -o out.csv",
        "quote plan.csv --where campaign=A --format csv -o out.csv",
        "check plan.csv --format text", "check plan.csv --strict --format text", "check plan.csv --strict --format github",
        "check plan.csv --fixed out.csv --format text", "check plan.csv --fixed - --format text -o out.txt",
        "check bodies.json --fixed out.json --format text", "check bodies.json --format text", "check bodies.json plan.csv --format text",
        "check broken.json --format text", "check batch.json --format text", "quote batch.json --rows --format csv -o out.csv", "advise plan.csv --format text", "advise bodies.json --format text",
        "quote bodies.json --format text", "quote --size 16:9 --resolution 2k", "quote --size 1:1 --n 9", "quote --size 1000x1000",
        "quote --model flux-2 --require-fresh 1", "check odd.csv --format text", "quote odd.csv --format text --max-credits 100",
        "quote odd.csv --format csv --max-credits 100 -o out.csv", "advise odd.csv --format text", "advise odd.csv --format csv -o out.csv",
        "quote odd.csv --format table", "quote bodies.json --format table", "quote long.csv --format table", "quote fine.csv --format table", "quote bodies.json --rates few.json --format table", "quote batch.ndjson --format table",
        "quote plan.csv --set n=4 --format table", "quote plan.csv --set n=9 --format csv -o out.csv", "quote midjourney.csv --set n=2 --format csv -o out.csv",
        "quote plan.csv --currency CNY=7 --format csv -o out.csv", "quote --size 1:1 --as-of 2020-01-01 --require-fresh 1", "quote --size 1:1 --rates future.json --require-fresh 1",
        "reconcile bodies.json answers.ndjson", "reconcile plan.csv answers.ndjson --key campaign", "quote bodies.json --format text --require-price --max-credits 1000", "check bodies.json --fixed - -o out.txt",
        "quote --size 16:9 --quality low --rates new.json", "quote --size 21:9 --n 3", "rates diff reapi-2026-07 few.json bodies.json", "rates diff few.json reapi-2026-07 bodies.json", "rates diff reapi-2026-07 reapi-2026-07-28 plan.csv",
        "explain 20003 bodies.json", "explain 20001 bodies.json", "explain 429", "explain 502", "explain 410", "explain n", "explain size.unknown bodies.json", "explain nobody", "explain 20001 -",
        "rates lint new.json", "rates lint few.json", "rates lint future.json --against few.json", "rates import few.json -o out.json", "table rates --as-of 2020-01-01 --format csv", "export prices -o out.csv --require-fresh 1", "export page -o out.html",
        "rates diff reapi-2026-07 new.json plan.csv --format text", "rates diff new.json reapi-2026-07 plan.csv --format text",
    ),
)  # fmt: skip
def test_every_line_is_chinese(run: Run, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    said = run(*words.split(), "--lang", "zh")
    whole = f"{said.out if '-o' not in words and '--fixed -' not in words else ''}\n{said.err}"
    english = [line for line in whole.splitlines() if not re.search("[一-鿿]", line) and not CELLS.fullmatch(line)]
    assert whole.strip()
    assert english == []
    if "odd.csv" in words:
        assert not re.search("[a-z]{2,} [a-z]{2,}", re.sub("reapi-rules (rates import|advise)", "", whole))
        assert "第 2 行" in whole or "-o" in words or "table" in words


@pytest.mark.parametrize(
    "words",
    (
        "check odd.csv --format ndjson", "quote odd.csv --format ndjson", "advise odd.csv --format ndjson", "check odd.csv --fixed - -o out.txt",
        "quote plan.csv --by campaign,quality --format json --set quality=low", "reconcile bodies.json answers.ndjson --format csv",
        "rates lint few.json --format json", "rates diff few.json reapi-2026-07 plan.csv --format json", "explain 20003 bodies.json --format json",
        "table models --format csv", "export prices", "export choices",
    ),
)  # fmt: skip
def test_data_are_the_same_in_each_language(run: Run, words: str) -> None:
    in_english = run(*words.split()).out
    assert in_english
    assert run(*words.split(), "--lang", "zh").out == in_english


def test_workbooks_too(run: Run) -> None:
    """Our columns in them, and how the sheet was read."""
    need("xlsxwriter")
    import xlsxwriter

    def pages(name: str) -> str:
        with ZipFile(name) as archive:
            return " ".join(archive.read(each).decode() for each in archive.namelist())

    said = run("quote", "plan.csv", "-o", "out.xlsx", "--lang", "zh")
    assert [line for line in said.err.splitlines() if not re.search("[一-鿿]", line)] == []
    assert re.search("积分.*未读取：A", pages("out.xlsx"), re.DOTALL)
    with xlsxwriter.Workbook("book.xlsx") as book:
        for name in ("May", "June"):
            book.add_worksheet(name).write_column(0, 0, ["size", "1:1", "16:9"])
    rows = run("quote", "book.xlsx", "--sheet", "all", "--format", "table").out
    assert re.findall(r"^ *(\w+!\d)", rows, re.MULTILINE) == ["May!2", "May!3", "June!2", "June!3"]
    for command in ("check", "quote"):
        said = run(command, "book.xlsx", "--sheet", "all", "--format", "text", "--lang", "zh")
        assert said.out.count("工作表“May”，第 3 行") == said.err.count("工作表“June”：2 个请求，0 个被拒绝") == 1
    assert run("quote", "book.xlsx", "--sheet", "May", "--in-place", "--lang", "zh").code == 0
    assert "积分" in pages("book.xlsx")
    said = run("check", "book.xlsx", "--sheet", "May", "--fixed", "fixed.xlsx", "--lang", "zh")
    assert "上次运行写入的列保持原样" in said.err


BROKEN: dict[str, str | bytes] = {
    "empty.csv": "", "nothing.csv": "素材,备忘\na,b\n", "values.csv": "asset,16:9,1:1\na,2,1\nb,1,3\n",
    "sideways.csv": "field,value\nsize,16:9\nresolution,2k\nquality,high\n", "quote.csv": 'asset,size,n\na,"16:9,2\n',
    "extra.csv": "asset,size,n\na,16:9,2,fox,cat\n", "twice.csv": "asset,size,Size\na,16:9,1:1\n", "same.csv": "asset,size,size\na,16:9,1:1\n", "alike.csv": "asset,size,foo,foo\na,16:9,1,1\n",
    "long.csv": f"asset,size\n{'x' * 40_000},1:1\n", "page.xlsx": "<html><table></table></html>", "part.xlsx": "<?xml version='1.0'?><a/>",
    "body.xlsx": '{"a": 1}', "text.xlsx": "asset,size\na,1:1\n", "empty.xlsx": "", "other.xlsx": b"\x01\0\x02\0", "cut.xlsx": b"PK\x03\x04abc",
    "packed.csv": raw(""), "blank.xlsx": raw(""), "lost.xlsx": raw('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
    "order.xlsx": raw('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
    "guarded.xlsx": raw(SHEET, after="<sheetProtection sheet='1'/>"), "merged.xlsx": raw(SHEET, after='<mergeCells><mergeCell ref="C1:D1"/></mergeCells>'),
    "wide.csv": "\ufeff素材,size\na,1:1\n".encode("utf-16-le") + b"a", "twice.json": '{"foo": 1, "Foo": 2, "model": "gpt-image-2"}',
    "mine/models/my.json": "{", "plan.numbers": "x", "plan.foo": "x", "one.json": json.dumps(BODIES), "columns.toml": "n = 3\n", "bad.toml": "= =", "card.json": (EXAMPLES / "my-card.json").read_text(encoding="utf-8").replace('"0.', '"-0.'),
}  # fmt: skip
PROSE = re.compile("[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
NO_PROSE = (
    "File is not a zip file", "Invalid statement (at line 1, column 1)", "it is not JSON: Expecting value: line 1 column 1 (char 0)",
    "reapi-rules rates import", "Input data was truncated",
)  # fmt: skip
"""What Python says, which has no other language, and a command."""


def pattern(text: str) -> str:
    return re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))


@pytest.mark.parametrize(
    ("words", "key"),
    (
        ("check missing.csv", "ENOENT"), ("check plan.csv --sizes", "wrong_usage"), ("table colours", "see_help"), ("--lang zh check \0.csv", "unsayable"), ("check plan.csv -o nowhere/out.json", "ENOENT"), ("check . --from json", "EISDIR"), ("check plan.csv --catalog nowhere", "ENOENT"), ("check plan.csv --catalog mine", "of_model"),
        ("check empty.csv", "no_header"), ("quote nothing.csv", "no_fields"), ("check values.csv", "no_fields_but_values"), ("check sideways.csv", "sideways"),
        ("check quote.csv", "open_quote"), ("check extra.csv", "extra_cells"), ("advise twice.csv", "same_field"), ("check same.csv", "same_titles"), ("check page.xlsx", "is_html"), ("check part.xlsx", "is_xml"),
        ("check body.xlsx", "is_json"), ("check text.xlsx", "is_text"), ("check empty.xlsx", "is_empty"), ("check other.xlsx", "is_other"), ("check cut.xlsx", "unreadable"),
        ("check packed.csv", "is_workbook"), ("quote blank.xlsx", "no_cells"), ("quote blank.xlsx --sheet May", "no_sheet"), ("check lost.xlsx", "no_such_text"), ("check order.xlsx", "cell_out_of_order"),
        ("quote guarded.xlsx --in-place", "write_anew"), ("check guarded.xlsx --fixed out.xlsx", "by_hand"), ("quote merged.xlsx --in-place", "merged_cells"),
        ("check plan.csv --encoding rot13", "no_encoding"), ("check plan.csv --sheet May", "sheet_of_workbook"), ("check plan.csv --columns foo=Bar", "no_field"), ("check plan.csv --columns n=Bar", "no_title"),
        ("check alike.csv --columns n=foo", "same_title"), ("check plan.csv --columns nowhere.toml", "no_columns_file"), ("check plan.csv --columns columns.toml", "columns_lines"), ("check plan.csv --columns bad.toml", "no_toml"),
        ("check plan.csv --where foo=1", "where_none"), ("check alike.csv --where foo=1", "where_several"), ("check plan.csv --where campaign", "where_form"), ("check plan.csv --where n=1 --where n=2", "where_twice"),
        ("check plan.csv --where campaign=C", "nothing_matched"), ("check plan.csv --where campaign=C --where n=9", "found_values"), ("check one.json --sheet May", "for_sheet"), ("check - -", "input_twice"), ("check plan.csv plan.csv", "file_twice"),
        ("check - --sheet May", "for_sheet_from"), ("check plan.csv one.json --fixed out.csv", "one_file"), ("check plan.xls --fixed out.xlsx", "fixed_formats"), ("check plan.csv --fixed out.json", "fixed_stays"),
        ("check plan.numbers", "is_saved"), ("check plan.foo", "unknown_suffix"), ("check {}", "is_body"), ("check plan.csv --model gpt-image", "bad_model_hint"), ("check plan.csv -o out.pdf", "no_output_format"),
        ("check plan.csv -o out.json --format ndjson", "two_formats"), ("check one.json -o one.json", "is_input"), ("check plan.csv -o a.json --account a.json", "one_place"), ("quote plan.csv --set foo=1", "no_setting"),
        ("quote plan.csv --set n=1 --set n=2", "set_twice"), ("quote plan.csv --by foo", "no_column"), ("quote one.json --by foo", "no_key"), ("quote alike.csv --by foo", "several_columns"), ("quote plan.csv --by a,b,c", "too_many_by"),
        ("quote plan.csv --size 1:1", "file_or_request"), ("quote --size 1:1 --where a=1", "for_file"), ("quote plan.csv --currency CNY", "bad_rate"), ("quote plan.csv --currency CNY=7@2026-02-31", "bad_rate"),
        ("quote plan.csv --by n --excel --format csv", "of_totals"), ("quote one.json --in-place", "in_place_sheet"), ("quote plan.csv --in-place -o a.csv", "in_place_file"), ("advise one.json --format csv", "sheet_format"),
        ("check wide.csv", "other_encoding"), ("quote twice.json --by FOO", "several_keys"), ("quote book.xlsx --sheet all --in-place", "in_place_all"), ("quote --size 1:1 --excel", "for_csv"),
        ("quote one.json --format json --excel", "for_csv"), ("check plan.csv --model nonsense", "bad_model"), ("quote bodies.json --guard-all", "for_csv"),
        ("reconcile plan.csv missing.json", "ENOENT"), ("reconcile - -", "two_inputs"), ("reconcile answers.ndjson plan.csv", "sheet_of_answers"), ("rates diff nowhere reapi-2026-07", "no_card_or_file"), ("check plan.csv --rates missing.json", "ENOENT"), ("quote plan.csv --rates one.json", "card_object"), ("quote plan.csv --rates card.json", "card_price"), ("quote plan.csv --rates page.xlsx", "import_it"),
    ),
)  # fmt: skip
def test_errors_are_chinese(run: Run, words: str, key: str) -> None:
    Path("mine/models").mkdir(parents=True)
    for name, content in BROKEN.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for language in ("en", "zh"):
        told = run(*words.split(), "--lang", language)
        assert told.code == 2
        assert re.search(pattern(texts("errors")[key][language].partition("|")[0]), told.err)
    for other in NO_PROSE:
        told.err = told.err.replace(other, "")
    assert not PROSE.search(told.err)


@pytest.mark.parametrize(
    "words", ("--lang zh check --sizes", "check --lang zh --sizes", "--lang zh rates list --sizes")
)
def test_wrong_options_are_told_in_it_wherever_it_is_asked_for(run: Run, words: str) -> None:
    assert "选项有误" in run(*words.split()).err


@pytest.mark.parametrize(
    ("names", "language"),
    (
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"), ({"LC_MESSAGES": "zh"}, "zh"), ({"LANG": "ZH.UTF-8"}, "zh"), ({"LC_ALL": "", "LANG": "zh_TW"}, "zh"),
        ({"LC_ALL": "en_US", "LC_MESSAGES": "zh", "LANG": "zh"}, "en"), ({"LC_MESSAGES": "C", "LANG": "zh"}, "en"), ({"LANG": "de_DE"}, "en"), ({}, "en"),
        ({"LANGUAGE": "zh"}, "en"),
    ),
)  # fmt: skip
def test_the_first_name_that_says_anything_counts(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert language_of(Namespace(lang=None)) == language
    given = (Namespace(lang="zh"), Namespace(lang="en"), Namespace())
    assert [language_of(each) for each in given] == ["zh", "en", language]


def test_the_language_is_that_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "没有这个文件" in run("check", "missing.csv").err
    assert "No such file" in run("check", "missing.csv", "--lang", "en").err
    assert "没有这个文件" in run("rates", "lint", "missing.json").err
    monkeypatch.delenv("LC_ALL")
    assert "没有这个文件" in run("check", "missing.csv", "--lang=zh").err
