"""What was met before is not worked out again: how long a large sheet takes depends on it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from reapi_rules import Engine, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.sheets.files import json_table
from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.meaning import rows, titles
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.cells import RowReader
from reapi_rules.sheets.meaning.columns import column_names
from reapi_rules.sheets.results import what_if
from reapi_rules.sheets.results.alike import Alike, ordinary_prompts
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.results.result import Remembered
from reapi_rules.sheets.workbooks import blocks, in_place, xlsx_writer
from reapi_rules.sheets.workbooks.references import Reader
from tests.support.raw_workbook import raw
from tests.support.workbooks import read_workbook

TIMES = 9
LINES = ["asset,size,n,prompt\n", *(f"fox,16:9,2,a fox in the snow of May {at}\n" for at in range(TIMES))]
BODIES = [b'{"model": "gpt-image-2-official", "prompt": "a fox %d"}' % at for at in range(20)]
Calls = list[tuple[Any, ...]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], Calls]:
    """The calls of a function from now on."""

    def watched(of: Any, name: str) -> Calls:
        found, call = list[tuple[Any, ...]](), getattr(of, name)
        monkeypatch.setattr(of, name, lambda *given, **named: found.append(given) or call(*given, **named))  # type: ignore[func-returns-value]
        return found

    return watched


def test_titles(calls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "_MOST_KNOWN", 2)
    known, met = titles.Subjects(built_in()), calls(titles.Subjects, "_meanings")
    for title in ("Ratio", "Qty", "Ratio", "Quality", "Qty", "Quality"):
        assert known.of(title).subjects
    assert [title for _, title in met] == ["Ratio", "Qty", "Quality", "Quality"]  # there was no room for the third


def test_rows(calls: Any) -> None:
    looked_at = calls(rows._Sorter, "_kind")
    for text in (" in the snow of May", "", " (1)", " {at}", "，雪 {at}"):
        table = read_csv([LINES[0], *(f"fox,16:9,2,a fox{text}\n".format(at=at) for at in range(TIMES))])
        assert len(list(rows.sort_rows(table, Account.of(table)).rows)) == TIMES
        assert len(looked_at) == 1
        looked_at.clear()


def test_results_of_a_sheet(calls: Any) -> None:
    table, plans = read_csv(LINES), calls(RowReader, "plan")
    quoter = Quoter(table.columns)
    found = [quoter.result(row) for row in table.rows]
    assert (len(plans), len({*map(id, found)})) == (1, 1)


def test_results_of_bodies(calls: Any) -> None:
    table, made = json_table.read_json(BODIES, json_table.keys(BODIES)), calls(json_table, "result")
    quoter = json_table.JsonQuoter()
    found = [quoter.result(row) for row in list(table.rows)[:TIMES]]
    assert len({*map(id, found)}) == len(made) < 3  # the engine may not have met the first one's form


def test_lines_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    alike, looked_at = Alike(Engine(), lambda first, _: first.report.ok), list[Any]()
    look = alike._look
    monkeypatch.setattr(alike, "_look", lambda line: looked_at.append(line) or look(line))  # type: ignore[func-returns-value]
    assert [alike.of(line) is None for line in BODIES] == [True] * 15 + [False] * 5
    assert len(looked_at) == 2


def test_prompts_that_no_rule_minds() -> None:
    assert not ordinary_prompts(built_in().models["gpt-image-2-official"])("a fox, 16:9")
    for model in built_in().models.values():
        is_ordinary, most = ordinary_prompts(model), model.fields[model.roles["prompt"]].max_length or 9_999
        told = {"a fox": True, "note: a fox": True, "x" * most: True, " ": False, "'": False, 7: False}
        assert {prompt: is_ordinary(prompt) for prompt in told} == told
        for prompt in ("x" * (most + 1), ":" * (most + 1)):
            assert not is_ordinary(prompt) or most == 9_999


def test_what_could_be_saved(calls: Any) -> None:
    found, asked = what_if.Savings(), calls(what_if, "alternatives")
    for body in BODIES:
        found.add(preflight(body))
    assert (found.requests, len(asked)) == (len(BODIES), 1)


def test_what_is_beside(calls: Any) -> None:
    table = read_csv(LINES)
    quoter, asked, compared = Quoter(table.columns), list[Any](), calls(what_if, "saving")
    beside = what_if.Beside(quoter, lambda result: asked.append(result) or ("x",))  # type: ignore[func-returns-value]
    both = what_if.WhatIf(quoter, Quoter(table.columns))
    for row in table.rows:
        assert None not in (beside.result(row), both.result(row))
    assert len(asked) == len(compared) == 1


def test_texts_as_they_are_spelt() -> None:
    made = list[Any]()
    known = Remembered(lambda value: made.append(value) or f"{value}")  # type: ignore[func-returns-value]
    for value in ("a", b"a", 1, True, "x" * 24, "x" * 25):
        assert known[value] == known[value] == str(value)
    assert made == ["a", b"a", 1, 1, True, True, "x" * 24, "x" * 25, "x" * 25]


def test_cells_of_a_workbook(calls: Any) -> None:
    pytest.importorskip("xlsxwriter")
    table, cells, spelt = read_csv(LINES), calls(xlsx_writer.XlsxWriter, "_cell"), calls(xlsx_writer, "cell_xml")
    quoter, writer = Quoter(table.columns), xlsx_writer.XlsxWriter(io.BytesIO(), table, column_names().results)
    for row in table.rows:
        writer.write(row, quoter.result(row))
    writer.close()
    assert len(cells) == 3 + TIMES
    assert len(spelt) < len(cells) + 15


def test_cells_beside_those_of_a_workbook(calls: Any) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    book = raw("".join(row.format(at, "1:1" if at > 1 else "size") for at in range(1, TIMES + 2)))
    table, texts = read_workbook(book), calls(in_place.Spliced, "_text")
    quoter = Quoter(table.columns)
    writer = in_place.InPlaceWriter(io.BytesIO(), book, table, column_names().results)
    heads = len(texts)
    for each in table.rows:
        writer.write(each, quoter.result(each))
    writer.close()
    assert (heads, len(texts) - heads) == (len(column_names().results), 5)


def test_letters_of_columns(calls: Any) -> None:
    places, asked = blocks._Places(), calls(blocks, "address")
    for row in range(1, TIMES):
        places.to_row({"r": str(row)})
        for column in ("A", "C", "XFD"):
            places.to_cell({"r": f"{column}{row}"})
        assert (places.row, places.column) == (row - 1, 16_383)
    assert len(asked) == 3


def test_names_in_formulas(calls: Any) -> None:
    read, asked = Reader({"a": ["b*2"], "b": ["Plan!$A$1"]}), calls(Reader, "areas")
    assert read.areas("a+b+a", "Plan", (0, 0)) == (("Plan", 0, 0, 0, 0),) * 3
    assert len(asked) == 3
