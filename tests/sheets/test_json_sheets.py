"""JSON bodies as rows: nothing mended, nothing lost, ours behind theirs, replaced by a second run."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.cli.streams import elements
from reapi_rules.engine.engine import Engine
from reapi_rules.sheets.files import json_table
from reapi_rules.sheets.files.json_table import JsonQuoter, JsonWriter, _unique, keys, read_json
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.cells import RowOptions
from reapi_rules.sheets.meaning.columns import SAMPLE, SheetError, column_names, our_names
from reapi_rules.sheets.meaning.contents import NoValue
from reapi_rules.sheets.meaning.settings import Settings
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results import alike
from reapi_rules.sheets.results.alike import Judged
from reapi_rules.sheets.results.result import result
from reapi_rules.terms.values import escape

OURS = [column.name for column in column_names().results]
BODY = {"asset": "a", "model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "quality": "low"}

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
)
objects = st.dictionaries(
    st.text(max_size=6) | st.sampled_from(["asset", "prompt", "model", "size"]),
    scalars | st.lists(scalars, max_size=2),
    max_size=5,
)


def quoted(text: bytes, *, is_list: bool = False) -> bytes:
    items = elements(text) or []
    table = read_json(items if is_list else io.BytesIO(text))
    output = io.BytesIO()
    writer, quoter = JsonWriter(output, table, column_names().results, is_list=is_list), JsonQuoter()
    for row in table.rows:
        writer.write(row, quoter.result(row))
    writer.close()
    return output.getvalue()


class TestLines:
    @given(st.lists(objects, max_size=5), st.booleans())
    def test_the_users_text_comes_first_letter_for_letter(self, bodies: list[dict[str, Any]], is_spaced: bool) -> None:
        lines = [(json.dumps(body) if is_spaced else msgspec.json.encode(body).decode()) for body in bodies]
        after = quoted("".join(f"{line}\n" for line in lines).encode()).decode().removesuffix("\n").split("\n")
        after = after if bodies else []
        assert len(after) == len(lines)
        for old, new, body in zip(lines, after, bodies):
            assert new.startswith(old[:-1])
            found = json.loads(new)
            assert {key: found[key] for key in body} == body
            report = preflight(old)
            assert (found["reapi_verdict"] == "rejected") is not report.ok
            assert found["reapi_credits"] == (report.quote and report.quote.credits)
            assert list(found)[len(body) :] == OURS

    @given(st.lists(objects, max_size=4))
    def test_a_second_run_replaces_our_keys(self, bodies: list[dict[str, Any]]) -> None:
        once = quoted(b"".join(json.dumps(body).encode() + b"\n" for body in bodies))
        assert quoted(once) == once

    def test_our_keys_are_taken_out_wherever_they_stand(self) -> None:
        mixed = b'{"reapi_verdict": 1, "asset": "a",  "model": "gpt-image-2", "reapi_notes": null, "prompt": "x"}\n'
        found = json.loads(quoted(mixed))
        assert list(found) == ["asset", "model", "prompt", *OURS]
        assert found["reapi_verdict"] == "warning"

    def test_blank_and_bad_lines(self) -> None:
        lines = quoted(b'\n{"bad\n[1]\n\xff\n  \n\xc2\xa0\n').split(b"\n")
        assert lines[0] == b""
        assert lines[1].startswith(b'{"unreadable":"{\\"bad","reapi_verdict":"rejected","reapi_errors":"body.json: ')
        assert b'"reapi_errors":"body.object: ' in lines[2]
        assert b'"reapi_verdict":"rejected"' in lines[3]
        assert lines[4] == b""
        assert json.loads(lines[5])["unreadable"] == "\u00a0"  # a blank, but none of JSON

    def test_a_byte_order_mark(self) -> None:
        assert json.loads(quoted(b"\xef\xbb\xbf" + json.dumps(BODY).encode()).decode("utf-8-sig"))["reapi_credits"] == 7

    @given(st.binary(max_size=40))
    def test_any_bytes(self, content: bytes) -> None:
        for line in quoted(content).split(b"\n"):
            assert not line.strip() or json.loads(line.decode(errors="replace").removeprefix("\ufeff"))[
                "reapi_verdict"
            ] in ("fine", "warning", "rejected", "no price")

    def test_nothing_is_mended(self) -> None:
        found = json.loads(quoted(json.dumps(BODY | {"size": "16:09"}).encode()))
        assert (found["reapi_verdict"], found["size"]) == ("rejected", "16:09")


class TestLists:
    def test_a_list_stays_one(self) -> None:
        found = json.loads(quoted(json.dumps([BODY, 7, {}]).encode(), is_list=True))
        assert [row["reapi_verdict"] for row in found] == ["warning", "rejected", "rejected"]
        assert json.loads(quoted(b"[]", is_list=True)) == []

    def test_elements(self) -> None:
        assert elements(b'\xef\xbb\xbf[1, "a,]"]') == [b"1", b'"a,]"']
        assert elements(b"[1,") is None
        assert elements(b"[" * 100_000) is None


ODD_LINES = st.lists(
    st.one_of(
        objects.map(json.dumps),
        objects.map(lambda body: json.dumps(body, ensure_ascii=False)),
        objects.map(lambda body: "\ufeff" + json.dumps({"custom_id": 1, "body": body})),
        st.sampled_from(
            [
                "",
                " ",
                "[1]",
                "null",
                '{"a": 1',
                '{"a": "\\u0041"}',
                '{"a": 1e999, "b": 1.0}',
                '{"a": 1, "a": "x", "": 2}',
            ]
        ),
        st.dictionaries(st.sampled_from(['a"b', "a\\b", "a\nb", "a\u2028", "a", "model"]), scalars, max_size=3).map(
            json.dumps
        ),
    ).map(str.encode)
    | st.binary(max_size=9)
    | st.sampled_from([b'{"a": "\xff"}', b'{"\xff": 1}', b'{"custom_id": 1, "a": 2}']),
    max_size=8,
)


class TestAtFirstSight:
    """A decoder that knows the keys gives what a dictionary of them gives."""

    @given(ODD_LINES)
    def test_keys(self, lines: list[bytes]) -> None:
        plainly = keys(lines)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_table, "SAMPLE", 2)
            assert keys(lines) == plainly

    @given(ODD_LINES, st.sets(st.sampled_from(["a", "b", "prompt", "model", "asset", ""])))
    def test_cells(self, lines: list[bytes], texts: set[str]) -> None:
        bodies = json_table.Bodies((), keys(lines), texts)
        for line in lines * 2:
            text = line.decode(errors="surrogateescape")
            assert bodies._cells(text) == bodies._plainly(text)

    def test_many_keys_are_read_plainly(self) -> None:
        line = json.dumps({f"k{at}": at for at in range(40)}).encode()
        titles = keys([line, line])
        assert json_table.Bodies((), titles)._cells(line.decode()) == [str(at) for at in range(40)]

    def test_fields_are_known_by_their_roles_where_they_have_one(self) -> None:
        line = b'{"n": 1, "asset": "a", "model": "gpt-image-2-official", "moderation": "low", "size": "1:1"}'
        roles = {0: "number", 2: "model", 3: "moderation", 4: "shape"}
        assert read_json([line], keys([line])).columns.keys == roles

    def test_a_text_that_is_not_there_is_blank(self) -> None:
        bodies = json_table.Bodies((), ["prompt", "n", "asset"], {"prompt", "asset"})
        assert [bodies._cells(line) for line in ('{"n": 1}', '{"asset": "a"}')] == [["", "1", ""], ["", "", "a"]]

    def test_most_are_read_at_first_sight(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(json_table.Bodies, "_plainly")
        line = json.dumps(BODY | {"n": 1, "image_urls": ["https://a.example/1.png"]}).encode()
        rows = read_json([line], keys([line])).rows
        assert [row.cells[-2:] for row in rows] == [["1", '["https://a.example/1.png"]']]


def test_cells_of_a_sheet_as_json_has_them() -> None:
    cells = (2.0, 2.5, None, True, 7, "a\x00", NoValue("#N/A"), date(2026, 8, 14))
    expected = (2, 2.5, None, True, 7, escape("a\x00"), "#N/A", "2026-08-14")
    assert [(type(cell), cell) for cell in map(json_table._value, cells)] == [(type(cell), cell) for cell in expected]


def test_that_no_key_is_read_is_said() -> None:
    lines = [b'{"colour": "red"}']
    account = Account.of(read_json(lines, keys(lines)))
    assert next(account.lines()).endswith("; keys read: none")
    assert account.defaults == {}  # each body may have fields of its own
    assert next(account.lines("zh")).endswith("\u8bfb\u53d6\u7684\u952e\uff1a\u65e0")


class TestTitles:
    def test_are_the_keys_in_order(self) -> None:
        assert keys([b'{"b": 1, "a": 2}', b"", b'{"c": 3, "b": 1, "reapi_verdict": true}', b"oops"]) == [
            "b",
            "a",
            "c",
            "unreadable",
        ]

    def test_of_a_line_of_a_batch_are_those_of_its_body_in_the_place_of_it(self) -> None:
        line = json.dumps({"custom_id": "a", "method": "POST", "url": "/v1/images", "body": BODY}).encode()
        table = read_json([line], keys([line]))
        expected = {"custom_id": "a", "method": "POST", "url": "/v1/images"} | BODY
        assert [dict(zip(table.columns.titles, row.cells)) for row in table.rows] == [expected]

    def test_are_a_row_of_the_table(self) -> None:
        """A line of its own in CSV, and the first; a body is numbered by its own line all the same."""
        line = json.dumps(BODY).encode()
        table = read_json([line, b"", line], keys([line]))
        assert table.header == Row(1, [*BODY])
        assert [(row.number, row.text) for row in table.rows] == [(1, line.decode()), (2, ""), (3, line.decode())]

    def test_too_many(self) -> None:
        with pytest.raises(SheetError, match="more than 1000 keys"):
            keys([json.dumps({f"k{number}": 1 for number in range(1001)}).encode()])


def test_a_key_of_another_model_is_not_said_to_be_read() -> None:
    ours, other = (
        json.dumps({"model": id, "prompt": "x", "n": 1, "aspect_ratio": "1:1"}).encode()
        for id in (BODY["model"], "flux-2")
    )
    warned = [
        [warned.title for warned in Account.of(read_json(lines)).warnings] for lines in ([ours], [other], [ours, other])
    ]
    assert warned == [["aspect_ratio"], [], []]


class TestCommand:
    LINES = b"".join(
        json.dumps(body).encode() + b"\n"
        for body in (BODY, {"asset": "b, c", "n": None, "prompt": ["x"]}, BODY | {"seed": 1.50})
    )

    @pytest.mark.parametrize("command", ("check", "quote"))
    def test_reports_of_lines_that_are_alike_have_their_own_texts(self, run: Any, command: str) -> None:
        bodies = [BODY | {"prompt": f"fox {at}", "asset": "a"} for at in range(20)] + [{"prompt": 1}]
        lines = "".join(json.dumps(body) + "\n" for body in bodies).encode()
        reports = run(command, "-", "--from", "ndjson", "--format", "ndjson", stdin=lines).out
        assert reports.encode() == b"".join(preflight(body).to_json() + b"\n" for body in bodies)
        assert json.loads(run(command, "-", "--from", "ndjson", "--format", "json", stdin=lines).out) == [
            preflight(body).to_dict() for body in bodies
        ]
        texts = run(command, "-", "--from", "ndjson", "--format", "text", stdin=lines).out
        assert [f"line {at}" in texts for at in (1, 20, 21)] == [True] * 3

    def test_warnings_of_lines_that_are_alike_are_counted(self, run: Any) -> None:
        lines = b"".join(json.dumps(BODY).encode() + b"\n" for _ in range(3))
        result = run("check", "-", "--from", "ndjson", "--format", "ndjson", "--strict", stdin=lines)
        assert (result.code, "3 accepted" in result.err) == (1, True)

    def test_rows(self, run: Any, tmp_path: Path) -> None:
        result = run("quote", "-", "--from", "ndjson", "--rows", stdin=self.LINES)
        assert [json.loads(line)["reapi_credits"] for line in result.out.splitlines()] == [7, None, 7]
        run("quote", "-", "--from", "ndjson", "--rows", "-o", str(tmp_path / "out.json"), stdin=self.LINES)
        assert [row["asset"] for row in json.loads((tmp_path / "out.json").read_bytes())] == ["a", "b, c", "a"]

    def test_a_table_of_bodies(self, run: Any) -> None:
        result = run("quote", "-", "--from", "ndjson", "--format", "csv", stdin=self.LINES)
        assert result.code == 1
        rows = list(csv.DictReader(io.StringIO(result.out)))
        assert list(rows[0])[:7] == ["asset", "model", "prompt", "size", "quality", "n", "seed"]
        assert [row["prompt"] for row in rows] == ["a fox", '["x"]', "a fox"]
        assert [row["reapi_credits"] for row in rows] == ["7", "", "7"]
        assert rows[2]["seed"] == "1.5"

    def test_a_list_of_bodies(self, run: Any) -> None:
        text = json.dumps([BODY, {}]).encode()
        result = run("check", "-", stdin=text)
        assert result.out.startswith("item 1: accepted")
        assert "item 2: REJECTED" in result.out
        assert [json.loads(line)["ok"] for line in run("quote", "-", stdin=text).out.splitlines()] == [True, False]
        assert json.loads(run("check", "-", "--format", "json", stdin=text).out)[0]["ok"] is True
        assert json.loads(run("quote", "-", "--rows", "--format", "json", stdin=text).out)[0]["asset"] == "a"

    def test_rows_of_a_sheet(self, run: Any) -> None:
        result = run("quote", "-", "--from", "csv", "--rows", stdin=b"a,size,a,\nx,1:1,y,z\n,,,\n")
        first, second = map(json.loads, result.out.splitlines())
        assert {key: first[key] for key in list(first)[:5]} == {
            "a": "x",
            "size": "1:1",
            "a (2)": "y",
            "column D": "z",
            "reapi_verdict": "warning",
        }
        assert second == {"a": "", "size": "", "a (2)": "", "column D": ""}


def test_all_our_keys_begin_alike() -> None:
    """A body without that beginning is not searched for keys of an earlier run."""
    assert all(name.startswith(json_table._PREFIX) for name in our_names())


def test_bodies_that_say_the_same_get_one_result_and_others_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_SEVERAL", 2)
    fox = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "quality": "low"}
    bodies = [
        fox,
        {**fox, "prompt": "an owl"},
        {**fox, "prompt": "an owl: 9:16"},
        {**fox, "prompt": ""},
        {**fox, "seed": 1},
        {**fox, "mask_url": "https://a.example/m.png", "image_urls": ["https://a.example/1.png"]},
        {**fox, "image_urls": ["https://10.0.0.1/1.png"]},
        {**fox, "size": "9:16"},
    ]
    quoter = JsonQuoter()
    quoter.result(Row(1, (), "{}"))  # an engine's first body goes the plain way
    found = [quoter.result(Row(at, (), json.dumps(body))) for at, body in enumerate(bodies, 1)]
    alone = [JsonQuoter().result(Row(1, (), json.dumps(body))) for body in bodies]
    assert [each and each.cells for each in found] == [each and each.cells for each in alone]
    assert found[0] is found[1]
    assert [each is not None and each.is_shared for each in found] == [True, True, *[False] * 5, True]
    again = [quoter.result(Row(at, (), json.dumps(body))) for _ in range(2) for at, body in enumerate(bodies, 1)]
    assert [each and each.cells for each in again] == [each and each.cells for each in alone] * 2
    assert [each is not None and each.is_shared for each in again[8:]] == [
        *[True] * 2,
        *[False] * 2,
        *[True] * 2,
        False,
        True,
    ]
    assert again[0] is again[9] is found[0]


def test_a_shared_result_speaks_the_language_asked_for() -> None:
    text = json.dumps({key: value for key, value in BODY.items() if key not in ("asset", "quality")})
    quoter = JsonQuoter(RowOptions(engine=Engine(), language="zh"))
    found = [quoter.result(Row(1, (), text)) for _ in range(3)]
    assert [each and each.is_shared for each in found] == [False, True, True]
    assert {each.cells for each in found if each} == {result(preflight(text), language="zh").cells}


def test_a_byte_order_mark_keeps_no_setting_from_its_line() -> None:
    quoter = JsonQuoter(RowOptions(settings=Settings({"quality": "low"})))
    line = json.dumps(BODY | {"quality": "high"})
    found = [quoter.result(Row(1, (), text)) for text in (line, f"\ufeff{line}")]
    assert [each and each.cells[5] for each in found] == [7, 7]


def test_a_line_that_can_not_be_read_is_in_a_column_of_its_own() -> None:
    titles = keys([b'{"asset": "a", "n": 2}', b"a fox "])
    assert titles == ["asset", "n", "unreadable"]
    rows = read_json([b'{"n": 2}', b" a fox ", b""], titles).rows
    assert [row.cells for row in rows] == [["", "2", ""], ["", "", "a fox"], ["", "", ""]]


def test_lines_whose_results_quote_their_texts_get_their_own() -> None:
    engine = Engine()
    first, second = (Judged(b"", engine.look(BODY | {"size": size}), [b"a fox"]) for size in ("16:9", "9:16"))
    assert JsonQuoter()._of_stand_ins(first, second) is None


def test_keys_of_a_late_line_of_a_batch_are_found_though_its_own_are_known() -> None:
    lines = [
        b'{"custom_id": "a"}',
        b'{"body": 1}',
        *[b'{"n": 2}'] * SAMPLE,
        b'{"custom_id": "b", "body": {"size": "1:1"}}',
    ]
    assert keys(lines) == ["custom_id", "body", "n", "size"]


def test_keys_of_one_name_get_numbers() -> None:
    titles = ("a", "a", "a", "a", "a (2)", "", "a", "column F")
    assert _unique(titles) == ["a", "a (2)", "a (3)", "a (4)", "a (2) (2)", "column F", "a (5)", "column F (2)"]
