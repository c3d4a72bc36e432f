"""JSON bodies as rows: nothing mended, nothing lost, ours behind theirs, replaced by a second run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.cli.streams import elements
from reapi_rules.sheets import json_table
from reapi_rules.sheets.account import Account
from reapi_rules.sheets.columns import SheetError, column_names, our_names
from reapi_rules.sheets.json_table import JsonQuoter, JsonWriter, keys, read_json
from reapi_rules.sheets.table import Row

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
        lines = quoted(b'\n{"bad\n[1]\n\xff\n  \n').split(b"\n")
        assert lines[0] == b""
        assert lines[1].startswith(b'{"unreadable":"{\\"bad","reapi_verdict":"rejected","reapi_errors":"body.json: ')
        assert b'"reapi_errors":"body.object: ' in lines[2]
        assert b'"reapi_verdict":"rejected"' in lines[3]
        assert lines[4] == b""

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


class TestTitles:
    def test_are_the_keys_in_order(self) -> None:
        assert keys([b'{"b": 1, "a": 2}', b"", b'{"c": 3, "b": 1, "reapi_verdict": true}', b"oops"]) == [
            "b",
            "a",
            "c",
            "unreadable",
        ]

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


def test_bodies_that_say_the_same_get_one_result_and_others_their_own() -> None:
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
    found = [quoter.result(Row(at, (), json.dumps(body))) for at, body in enumerate(bodies, 1)]
    alone = [JsonQuoter().result(Row(1, (), json.dumps(body))) for body in bodies]
    assert [each and each.cells for each in found] == [each and each.cells for each in alone]
    assert found[0] is found[1]
    assert [each is not None and each.is_shared for each in found] == [True, True, *[False] * 5, True]
