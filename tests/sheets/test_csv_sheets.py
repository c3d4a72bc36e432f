"""CSV in, CSV out: the user's table survives letter for letter, with our columns behind it."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reapi_rules.sheets.files import temporary
from reapi_rules.sheets.files.csv_table import _QUOTED, _spelt, _without, read_csv, respelt
from reapi_rules.sheets.files.csv_table import spell as spell_cell
from reapi_rules.sheets.files.csv_writer import CsvWriter
from reapi_rules.sheets.files.encoding import UTF8, Encoding, detect, open_text
from reapi_rules.sheets.files.guard import guard, guard_own
from reapi_rules.sheets.files.temporary import remove_all, temporary_folder, temporary_name
from reapi_rules.sheets.meaning.columns import HIGHEST_HEADER, SAMPLE, SheetError
from reapi_rules.sheets.meaning.contents import text_of
from reapi_rules.sheets.meaning.table import Dialect, Row
from reapi_rules.sheets.reading import read
from tests.support.examples import EXAMPLES
from tests.support.sheet_strategies import plans, spell
from tests.support.sheets import OURS, quoted

DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
QUOTINGS = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])


def parse(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


class TestTheTableSurvives:
    """Columns, order, rows, blank rows, unknown columns, text byte for byte; ours are appended."""

    @given(plans(), DELIMITERS, ENDS, QUOTINGS, st.booleans())
    def test_any_table(
        self, plan: tuple[list[str], list[list[str]]], delimiter: str, end: str, quoting: int, ends: bool
    ) -> None:
        header, rows = plan
        delimiter = delimiter if len(header) > 1 else ","  # a single title has none
        before = spell([header, *rows], delimiter, end, quoting)
        before = before if ends else before.removesuffix(end)
        after = quoted(before.encode(), delimiter=None).decode()
        old, new = parse(before, delimiter), parse(after, delimiter)
        width = len(header)
        assert [row[:width] for row in new] == old
        assert new[0][width:] == OURS
        assert all(len(row) == width + len(OURS) for row in new if row)
        assert after.endswith(end) == before.endswith(end)
        position = 0
        for text in (
            before.split(end)
            if "\n" not in spell(rows, delimiter, "") and "\r" not in spell(rows, delimiter, "")
            else ()
        ):
            found = after.find(text, position)  # each line letter for letter, in order
            assert found >= 0
            position = found + len(text)

    @given(plans(), DELIMITERS, ENDS, QUOTINGS)
    def test_a_second_run_replaces_our_columns(
        self, plan: tuple[list[str], list[list[str]]], delimiter: str, end: str, quoting: int
    ) -> None:
        header, rows = plan
        delimiter = delimiter if len(header) > 1 else ","
        once = quoted(spell([header, *rows], delimiter, end, quoting).encode())
        assert quoted(once) == once

    @given(plans(), st.lists(st.sampled_from(OURS), min_size=1, unique=True), st.data())
    def test_our_columns_are_taken_out_wherever_they_stand(
        self, plan: tuple[list[str], list[list[str]]], ours: list[str], data: st.DataObject
    ) -> None:
        header, rows = plan
        places = [data.draw(st.integers(0, len(header))) for _ in ours]

        def mixed(row: list[str], cells: list[str]) -> list[str]:
            row = list(row)
            for place, cell in sorted(zip(places, cells), reverse=True):
                row.insert(place, cell)
            return row

        stale = st.sampled_from(["old", 'o"ld', "o,ld", "", "a\nb"])
        table = [mixed(header, ours), *(mixed(row, [data.draw(stale) for _ in ours]) for row in rows)]
        quoting = data.draw(QUOTINGS)
        plain = spell([header, *rows], ",", "\n", quoting)
        mixed_text, plain_text = (quoted(text.encode()).decode() for text in (spell(table, ",", "\n", quoting), plain))
        assert parse(mixed_text) == parse(plain_text)
        assert mixed_text == plain_text or len(header) == 1  # the csv module quotes the blank cell of a single column

    def test_what_the_user_quoted_stays_quoted(self) -> None:
        text = b'a,"size",reapi_verdict,b\r\n"x",16:9,"no",  y\r\n\r\n"a ""b""",,,\r\n'
        lines = quoted(text).split(b"\r\n")
        assert lines[0].startswith(b'a,"size",b,reapi_verdict,')
        assert lines[1].startswith(b'"x",16:9,  y,warning,')
        assert lines[2] == b""
        assert lines[3] == b'"a ""b""",,' + b"," * len(OURS)

    def test_rows_of_other_lengths(self) -> None:
        lines = quoted(b"size,n,x\n1:1\n16:9,1,,,\n16:9,1,, ,\n").decode().splitlines()
        assert lines[1].startswith("1:1,,,warning,")
        assert lines[2].startswith("16:9,1,,warning,")
        assert lines[3].startswith("16:9,1,,warning,")
        assert {len(row) for row in parse("\n".join(lines))} == {3 + len(OURS)}

    def test_no_more_is_read_than_tells_what_is_where(self) -> None:
        lines = iter(["size\n", *["1:1\n"] * 2 * SAMPLE])
        read_csv(lines)
        assert len(list(lines)) >= SAMPLE - 1

    def test_a_header_may_be_in_any_of_the_first_rows(self) -> None:
        for above in range(HIGHEST_HEADER + 1):
            lines = ["a note\n"] * above + ["asset,size,n\n", "fox,1:1,2\n"]
            with nullcontext() if above < HIGHEST_HEADER else pytest.raises(SheetError):
                assert read_csv(lines).header.number == above + 1

    def test_cells_of_a_megabyte(self) -> None:
        big = "x" * 1_000_000
        before = f'note,size\n"{big}\n{big}",1:1\n'
        after = quoted(before.encode()).decode()
        assert after.startswith(f'note,size,reapi_verdict,{",".join(OURS[1:])}\n"{big}\n{big}",1:1,warning,')

    @given(st.binary(max_size=60) | st.text(',;\t|"\n\r size:1x=', max_size=40).map(str.encode))
    def test_anything_is_a_sheet_or_an_error(self, content: bytes) -> None:
        for head in (b"", b"size,n\n"):
            try:
                quoted(head + content)
            except (SheetError, UnicodeDecodeError):
                continue


class TestDialects:
    @pytest.mark.parametrize("delimiter", (",", ";", "\t", "|"))
    def test_the_header_line_alone_tells_the_delimiter(self, delimiter: str) -> None:
        header = delimiter.join(("note", "size", "n"))
        table = read_csv([f"{header}\n", f'"a,b;c|d\te;f;g"{delimiter}1:1{delimiter}2\n'])
        assert [row.cells for row in table.rows] == [["a,b;c|d\te;f;g", "1:1", "2"]]

    @pytest.mark.parametrize("header", ("Output,Format", "Bild,Format", "Bild;Format", "Bild|Format", "Output\tFormat"))
    def test_two_titles_are_not_one_that_means_more(self, header: str) -> None:
        """The cells of the second alone say what it means; as one title they name a field."""
        table = read_csv([f"{header}\n", header.replace("Format", "16:9\n")])
        assert table.columns.fields == {"shape": 1}
        assert read_csv(['"Output, Format"\n', "png\n"]).columns.fields == {"output_format": 0}

    @pytest.mark.parametrize("line", ("sep=;\n", '"sep=;"\r\n', "SEP=;\r\n"))
    def test_a_line_that_names_the_delimiter(self, line: str) -> None:
        after = quoted(f"{line}size;a,b,n\n1:1;x,y\n".encode()).decode()
        assert after.startswith(f"{line}size;a,b,n;reapi_verdict;")
        assert after.splitlines()[2].startswith("1:1;x,y;warning;")
        table = read_csv([line, "size;a\n", "1:1;x\n"])
        assert [row.number for row in table.rows] == [2]

    def test_blank_lines_before_the_header_stay(self) -> None:
        text = b"\n,,\nsize,n\n1:1,1\n"
        assert quoted(text).startswith(b"\n,,\nsize,n,reapi_verdict,")
        assert [row.number for row in read_csv(text.decode().splitlines(keepends=True)).rows] == [4]

    def test_titles_of_several_lines(self) -> None:
        table = read_csv(['"image\n', 'quality",size\n', "low,1:1\n"])
        assert table.columns.fields == {"quality": 0, "shape": 1}
        assert [row.number for row in table.rows] == [2]

    def test_another_delimiter_is_written_on_request(self) -> None:
        assert quoted(b"size;a\n1:1;x,y\n", delimiter=",").startswith(b'"size",a,reapi_verdict,')
        assert quoted(b"size;a\n1:1;x,y\n", delimiter=",").splitlines()[1].startswith(b'"1:1","x,y",warning,')

    def test_for_excel(self) -> None:
        after = quoted('sep=;\nsize;näme\n16:9;"a\nb"\n'.encode(), for_excel=True)
        assert after.startswith(codecs.BOM_UTF8 + '"size";näme;reapi_verdict'.encode())
        assert b'"16:9";"a\nb";warning;' in after
        assert after.endswith(b"\r\n")
        assert quoted(after, for_excel=True) == after

    def test_cells_are_spelt_so_that_they_are_read(self) -> None:
        assert parse(",".join(map(spell_cell, ["a,b", 'c"d', "e\nf", "", "g"])))[0] == ["a,b", 'c"d', "e\nf", "", "g"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "says"),
        (
            ("", "the sheet is empty"),
            ("\n\n", "the sheet is empty"),
            ("sep=,\n", "the sheet is empty"),
            ('size,x\n1:1,"open\n1:1,2\n', "row 2: a quote is opened and never closed"),
            ("size,prompt\n1:1,a fox, red\n", "row 2: more cells than the header has columns, which are 2: put a cell that holds a comma in quotes"),
            ("size\n1:1,a\n1:1\n1:1,b\n1:1,c\n1:1,d\n1:1,e\n1:1,f\n", "rows 2, 4, 5, 6, 7, ...: more cells"),
        ),
    )  # fmt: skip
    def test_says_what_is_wrong(self, text: str, says: str) -> None:
        with pytest.raises(SheetError) as caught:
            list(read_csv(text.splitlines(keepends=True)).rows)
        assert says in str(caught.value)


class TestEncodings:
    TEXT = "asset,size,notes\nMützchen “Größe”,16:09:00,é\n"

    @pytest.mark.parametrize(
        ("name", "mark"),
        (("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-16-le", b""), ("utf-16-be", b""), ("cp1252", b"")),
    )  # fmt: skip
    def test_the_bytes_of_the_user_come_back(self, name: str, mark: bytes) -> None:
        before = mark + self.TEXT.encode(name)
        assert detect(io.BytesIO(before)).name == name
        after = quoted(before)
        lines = after[len(mark) :].decode(name).splitlines()
        assert after.startswith(mark)
        assert lines[1].startswith("Mützchen “Größe”,16:09:00,é,warning,")
        assert "16:9@1k_high" in lines[1]

    def test_assumed_windows_1252_is_said(self) -> None:
        assert detect(io.BytesIO(b"\xe9")).is_assumed
        assert not detect(io.BytesIO(b"e")).is_assumed

    @given(st.binary(max_size=30))
    def test_any_bytes_pass_unharmed(self, content: bytes) -> None:
        file = io.BytesIO(content)
        encoding = detect(file)
        with open_text(file, encoding) as lines:
            try:
                text = lines.read()
            except UnicodeDecodeError:
                assert encoding.name.startswith("utf-16")
                return
        assert encoding.mark + text.encode(encoding.name, encoding.errors) == content

    def test_what_the_encoding_lacks_is_a_question_mark_in_our_cells_only(self) -> None:
        assert Encoding("cp1252").fit("a狐é") == "a?é"
        assert UTF8.fit("狐") == "狐"

    def test_the_user_knows_best(self) -> None:
        content = "尺寸,数量\n1:1,2\n".encode("gbk")
        file = io.BytesIO(content)
        encoding = detect(file, "GBK")
        with open_text(file, encoding) as lines:
            assert read_csv(lines).columns.fields == {"shape": 0, "number": 1}

    @pytest.mark.parametrize("name", ("utf-8-sig", "UTF_8_SIG", "utf8", "UTF-8"))
    @pytest.mark.parametrize("mark", (b"", codecs.BOM_UTF8))
    def test_one_byte_order_mark_at_the_start(self, name: str, mark: bytes, run: Any, tmp_path: Path) -> None:
        path, output = tmp_path / "plan.csv", tmp_path / "quoted.csv"
        path.write_bytes(mark + "尺寸,n\n".encode() + b"1:1,2\n" * 20)
        expected = codecs.BOM_UTF8 if "sig" in name.lower() else mark
        for words in (("-o", str(output)), ("--in-place",)):
            assert run("quote", str(path), "--encoding", name, *words).code == 0
            content = (output if words[0] == "-o" else path).read_bytes()
            assert content.startswith(expected + "尺寸".encode())
            assert content.count(codecs.BOM_UTF8) == len(expected) // 3


SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
DANGEROUS = (*SIGNS, "\t", "\r", "\n")
BLANKS = " \u00a0\u3000\u200b\ufeff"


PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


class TestGuard:
    """OWASP: no cell of ours begins with a sign that a spreadsheet runs, also where it is cut at another delimiter."""

    @given(st.text(f"{SIGNS}{BLANKS}\t\r,;|\"'\na1", max_size=12))
    def test_our_cells(self, text: str) -> None:
        guarded = guard_own(text)
        for delimiter in ',;|\n"':
            for part in guarded.split(delimiter):
                assert not part.lstrip(BLANKS).startswith(DANGEROUS)
        assert guarded.replace("'", "") == text.replace("'", "")

    def test_a_card_can_not_steer_a_terminal(self, run: Any, tmp_path: Path) -> None:
        card = {
            "format": "reapi-rate-card/1", "id": "may\x1b[31m\u202e", "currency": "USD", "effective_from": "2026-09-01",
            "checked_on": "2026-09-01", "source": "a test", "usd_per_image": {"gpt-image-2": {"1k": "0.03"}},
        }  # fmt: skip
        (tmp_path / "card.json").write_text(json.dumps(card))
        (tmp_path / "plan.csv").write_text("model,size\ngpt-image-2,1:1\n")
        out = run("quote", str(tmp_path / "plan.csv"), "--rates", str(tmp_path / "card.json")).out
        assert ",may\\x1b[31m\\u202e," in out

    @given(st.text(f"{SIGNS}{BLANKS}\t\r\n'01.,a", max_size=8))
    def test_the_users_cells(self, text: str) -> None:
        guarded = guard(text)
        is_number = PLAIN_NUMBER.fullmatch(text) is not None
        assert guarded == f"'{text}" * (text.lstrip(BLANKS).startswith(DANGEROUS) and not is_number) or guarded == text
        assert not guarded.lstrip(BLANKS).startswith(DANGEROUS) or is_number
        assert guard(guarded) == guarded

    @given(plans())
    def test_a_guarded_sheet_reads_the_same(self, plan: tuple[list[str], list[list[str]]]) -> None:
        header, rows = plan
        # a prompt keeps its apostrophe, since it is sent letter for letter; where it is too short it is longer by that
        assume("prompt" not in header or all(len(row[header.index("prompt")]) != 1 for row in rows))
        plain = quoted(spell([header, *rows]).encode())
        guarded = quoted(spell([header, *rows]).encode(), guard_all=True)
        width = len(header)
        assert [row[width:] for row in parse(quoted(guarded).decode())] == [
            row[width:] for row in parse(plain.decode())
        ]
        assert quoted(guarded, guard_all=True) == guarded
        for row in parse(guarded.decode()):
            # a plain number stays a number, and runs nothing
            assert not any(cell.startswith(DANGEROUS) and not PLAIN_NUMBER.fullmatch(cell) for cell in row)

    @pytest.mark.parametrize(
        "attack",
        (
            "=1+1",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            '=HYPERLINK("http://evil","x")',
            "a;=cmd|' /C calc'!A0",
            '",=1+1,"',
            "\r=1",
            "＝1+1",
            " \u3000=1",
            "a;\u00a0＠SUM(A1)",
        ),
    )
    def test_attacks_through_a_message(self, attack: str) -> None:
        table = spell([["size", "quality", "model"], [attack, "low", ""], ["1:1", attack, ""], ["1:1", "low", attack]])
        for row in parse(quoted(table.encode()).decode())[1:]:
            for cell in row[3:]:
                for delimiter in ',;|\n"':
                    assert not any(part.lstrip(BLANKS).startswith(DANGEROUS) for part in cell.split(delimiter))


class TestCommand:
    def test_guarded_everywhere_or_refused(self, run: Any, tmp_path: Path) -> None:
        plan = tmp_path / "plan.csv"
        attacks = ("=1+1", "＝1+1", " =1+1", "\t=1", "\u3000-1+1", "﹢1", "@x")
        plan.write_text(spell([["campaign", "size"], *([attack, "1:1"] for attack in attacks)]), newline="")
        for words in (("--guard-all",), ("--by", "campaign", "--guard-all"), ("--by", "campaign")):
            for form in ("csv", "tsv"):
                result = run("quote", str(plan), *words, "--format", form)
                cells = [row[0] for row in parse(result.bytes.decode(), "\t" if form == "tsv" else ",")[1:]]
                assert all(cell.startswith("'") for cell in cells)
                assert len(cells) >= len(attacks) - 1  # groups have no blanks round them
        for refused in (
            ("--rows",), ("--format", "json"), ("--by", "campaign"), ("-o", "x.xlsx"), ("--format", "xlsx", "--by", "size"),
        ):  # fmt: skip
            result = run("quote", str(plan), "--guard-all", *refused)
            assert result.code == 2
            assert "--guard-all is for CSV of your rows, and this is" in result.err
        assert "a table of totals" in run("quote", str(plan), "--by", "size", "--format", "csv", "--excel").err
        assert "this is text" in run("quote", "--size", "1:1", "--guard-all").err

    def test_a_card_with_an_id_that_is_a_formula(self, run: Any, tmp_path: Path) -> None:
        card = json.loads((EXAMPLES / "my-card.json").read_bytes()) | {"id": "＝cmd|' /C calc'!A0"}
        (tmp_path / "card.json").write_text(json.dumps(card))
        (tmp_path / "plan.csv").write_text("size\n1:1\n")
        for words in (("quote", str(tmp_path / "plan.csv")), ("table", "rates"), ("export", "prices")):
            result = run(*words, "--format", "csv", "--rates", str(tmp_path / "card.json"))
            cells = [cell for row in parse(result.bytes.decode()) for cell in row if "cmd" in cell]
            assert all(cell.startswith("'") for cell in cells)
            assert cells or "prices" in words

    def test_a_prompt_is_sent_letter_for_letter(self, tmp_path: Path) -> None:
        prompts = ("'@home' in neon", "'=1+1", "'tis", " 'a'", "＝1", "a\u200b")
        (tmp_path / "plan.csv").write_text(
            spell([["prompt", "size"], *([text, "1:1"] for text in prompts)]), newline=""
        )
        found = read(str(tmp_path / "plan.csv")).requests
        assert tuple(request.body["prompt"] for request in found) == prompts

    @pytest.mark.parametrize(
        ("name", "text"), (("plan.csv", "物料，比例\n海报，1:1\n"), ("plan.csv", '"a,size"\n"x,1:1"\n'), ("plan.tsv", "a;size\nx;1:1\n"))
    )  # fmt: skip
    def test_a_header_in_one_cell_is_named(self, run: Any, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")
        result = run("quote", str(tmp_path / name))
        title = text.split("\n")[0].strip('"')
        assert result.code == 2
        assert f'the header is one cell, "{title}": separate the titles with commas' in result.err

    def test_tsv(self, run: Any, tmp_path: Path) -> None:
        plan = tmp_path / "plan.tsv"
        plan.write_bytes(b"size\tnote\n1:1\ta,b\n")
        assert run("quote", str(plan)).bytes.splitlines()[1].startswith(b"1:1\ta,b\twarning\t")
        run("quote", str(plan), "-o", str(tmp_path / "out.csv"))
        assert (tmp_path / "out.csv").read_bytes().splitlines()[1].startswith(b'"1:1","a,b",warning,')
        assert (
            run("quote", "-", "--from", "csv", "--format", "tsv", stdin=b"size,n\n1:1,2\n")
            .bytes.splitlines()[1]
            .startswith(b'"1:1"\t2\twarning\t')
        )

    def test_columns(self, run: Any, tmp_path: Path) -> None:
        text = b"Format,Pieces,x\n1:1,2,3\n"
        result = run("quote", "-", "--from", "csv", "--columns", "size=Format", "--columns", "n=Pieces", stdin=text)
        assert b",338,338," in result.bytes
        mapping = tmp_path / "columns.toml"
        mapping.write_text('size = "Format"\nn = "Pieces"\n')
        assert run("quote", "-", "--from", "csv", "--columns", str(mapping), stdin=text).bytes == result.bytes
        for words, says in (
            (("size=Shape",), 'the sheet has no column "Shape"'), (("missing.toml",), "No such file"), ((str(tmp_path / "bad.toml"),), "it is not TOML"),
            ((str(tmp_path / "odd.toml"),), "names a field"),
        ):  # fmt: skip
            (tmp_path / "bad.toml").write_text("=")
            (tmp_path / "odd.toml").write_text("n = 1\n")
            result = run("quote", "-", "--from", "csv", "--columns", *words, stdin=text)
            assert (result.code, result.out) == (2, "")
            assert says in result.err

    def test_notes_on_the_whole_sheet_go_to_standard_error(self, run: Any) -> None:
        result = run("quote", "-", "--from", "csv", stdin=b"size,qualty\n1:1,caf\xe9\n")
        assert result.code == 0
        assert "it is not UTF-8: read as cp1252" in result.err
        assert 'column B "qualty" is not read, though it looks like quality: --columns "quality=qualty"' in result.err

    def test_encoding(self, run: Any) -> None:
        assert run("quote", "-", "--from", "csv", "--encoding", "gbk", stdin="尺寸\n1:1\n".encode("gbk")).code == 0
        result = run(
            "quote", "-", "--from", "csv", stdin=codecs.BOM_UTF16_LE + "size\n1:1\n".encode("utf-16-le") + b"x"
        )
        assert result.code == 2
        assert "it is not utf-16-le" in result.err or "utf-16" in result.err

    def test_check_says_how_cells_were_read(self, run: Any) -> None:
        result = run("check", "-", "--from", "csv", stdin=b"size,n\n16:09:00,1\n04:09:00,1\n")
        assert '  cell     cell.ratio: the size "16:09:00" is a ratio' in result.out
        assert '  cell     cell.no_ratio: the size "04:09:00" was understood as the time 04:09' in result.out

    def test_excel_is_for_csv(self, run: Any) -> None:
        result = run("quote", "-", "--from", "csv", "--excel", "--rows", stdin=b"size\n1:1\n")
        assert (result.code, "--excel is for CSV" in result.err) == (2, True)

    def test_a_budget_names_the_row_that_crosses_it(self, run: Any) -> None:
        result = run("quote", "-", "--from", "csv", "--max-credits", "400", stdin=b"size\n1:1\n1:1\n1:1\n")
        assert result.code == 3
        assert "over budget at row 4: running total 507 credits (0.507 USD), limit 400" in result.err

    def test_totals_by_a_column(self, run: Any) -> None:
        result = run(
            "quote", "-", "--from", "csv", "--by", "team", "--format", "csv", stdin=b"team;size\nb;1:1\na;1:1\nb;1:1\n"
        )
        assert result.out.splitlines() == [
            "group,requests,rejected,unpriced,credits_low,credits,usd",
            "b,2,0,0,338,338,0.338",
            "a,1,0,0,169,169,0.169",
        ]


@pytest.mark.parametrize(
    "name",
    ("nonsense", "utf-16", "UTF-32", "utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "rot13", "hex"),
)  # fmt: skip
def test_an_encoding_that_no_sheet_has_is_one_line(name: str) -> None:
    with pytest.raises(SheetError, match=f"^--encoding: {name} is not an encoding that a sheet can have; try utf-8"):
        detect(io.BytesIO(b"size\n1:1\n"), name)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "a", "16:9", "a,b", 'say "x"', "=1", "x" * 30, "x\n", 2.0, None, True, 0.0]),
            max_size=4,
        ),
        max_size=6,
    )
)
@pytest.mark.parametrize("guard_all", (False, True))
def test_a_cell_is_spelt_alike_wherever_it_is_met(guard_all: bool, rows: list[list[Any]]) -> None:
    table = read_csv(["asset,size,note\n"])
    output = io.BytesIO()
    writer = CsvWriter(output, table, (), delimiter=";", guard_all=guard_all)
    for row in rows:
        writer.write(Row(2, row), None)
    writer.close()
    texts = [[*map(text_of, row)] + [""] * (3 - len(row)) if row else [] for row in rows]
    guarded = [[guard(text) for text in row] if guard_all else row for row in texts]
    plainly = [";".join(spell_cell(cell, in_quotes=at == 1) for at, cell in enumerate(row)) for row in guarded]
    assert output.getvalue().decode() == "".join(f"{line}\n" for line in ['asset;"size";note', *plainly])


def test_the_cells_of_a_line_as_they_are_spelt() -> None:
    for line, cells in (
        ('a,"b,""c",,d"e,"f"x\r\n', ["a", '"b,""c"', "", 'd"e', '"f"x']), ('a,"b,c', ["a", '"b,c']), ("", [""]), (",\n\n", ["", ""]), ('"",""\r', ['""', '""']),
        ('"a\n,",b', ['"a\n,"', "b"]), (" x,\n", [" x", ""]),
    ):  # fmt: skip
        text = line.rstrip("\r\n")
        assert _spelt(line, ",") == (cells, line[len(text) :])
        assert _spelt(line.replace(",", "\t"), "\t") == ([cell.replace(",", "\t") for cell in cells], line[len(text) :])
    ends = {'"a"': 3, '"a""b"x"': 6, '"a': -1, '""': 2, '""""': 4, '"a""': -1, '"': -1, '"a"b""c': 3}
    for text, end in ends.items():
        for before in ("", '"x"'):
            quoted = _QUOTED.match(before + text, len(before))
            assert (quoted.end() - len(before) if quoted else -1) == end


def test_a_line_with_other_cells_or_fewer() -> None:
    row = Row(2, ["a", "b,c", ""], 'a,"b,c",\r\n')
    assert respelt(row, {1: 'd"', 4: "e"}, Dialect()) == 'a,"d""",,,e\r\n'
    assert respelt(row, {0: ""}, Dialect()) == ',"b,c",\r\n'
    assert [_without(row, out, ",") for out in ((), (3,), (0, 2), (1,))] == [
        row,
        row,
        Row(2, ["b,c"], '"b,c"\r\n'),
        Row(2, ["a", ""], "a,\r\n"),
    ]
    other = Row(2, ["x,y", "z", "w"], 'a"b,c')  # where the csv module sees other cells
    assert _without(other, (2,), ",") == Row(2, ["x,y", "z"], '"x,y",z')
    assert [spell_cell(cell) for cell in ("", "a", "a\tb", '"')] == ["", "a", '"a\tb"', '""""']
    assert [spell_cell(cell, in_quotes=True) for cell in ("", "a", '"')] == ["", '"a"', '""""']


@pytest.mark.parametrize(("count", "shown"), ((1, "3"), (2, "3, 5"), (5, "3, 5, 7, 9, 11"), (6, "3, 5, 7, 9, 11, ...")))
def test_rows_that_are_too_long_are_named_up_to_five(count: int, shown: str) -> None:
    lines = ["size,n\n", *("1:1,1,\n", "1:1,1,x\n") * count]
    with pytest.raises(
        SheetError, match=f"^row{'s' if count > 1 else ''} {re.escape(shown)}: more cells than the header has columns"
    ):
        list(read_csv(lines).rows)


def test_a_byte_order_mark_names_the_encoding_and_so_do_null_bytes() -> None:
    for content, asked, name, mark in (
        (b"\xef\xbb\xbfa", None, "utf-8", b"\xef\xbb\xbf"), (b"a", "UTF-8-SIG", "utf-8", b"\xef\xbb\xbf"), (b"\xef\xbb\xbfa", "utf8", "utf-8", b"\xef\xbb\xbf"), (b"\xff\xfea\0", None, "utf-16-le", b"\xff\xfe"),
        (b"\xff\xfea\0", "utf_16_le", "utf-16-le", b"\xff\xfe"), (b"\xff\xfea\0", "latin-1", "iso8859-1", b""), (b"\xfe\xff\0a", None, "utf-16-be", b"\xfe\xff"), (b"a\0b\0", None, "utf-16-le", b""),
        (b"\0a\0b", None, "utf-16-be", b""), (b"\0\0", None, "utf-8", b""), (b"ab\0", None, "utf-8", b""), (b"a", "latin-1", "iso8859-1", b""), (b"", None, "utf-8", b""),
    ):  # fmt: skip
        file = io.BytesIO(content)
        found = detect(file, asked)
        assert (found.name, found.mark, found.is_assumed, file.tell()) == (name, mark, False, 0), content
        with open_text(file, found) as lines:
            assert lines.read() == content.removeprefix(mark).decode(name)
    for wrong in ("hex", "rot13", "no such", "a\0b"):
        with pytest.raises(SheetError, match="is not an encoding that a sheet can have"):
            detect(io.BytesIO(b"a"), wrong)


def test_whatever_is_left_of_temporary_files_is_removed(tmp_path: Path) -> None:
    one, two, never = (Path(temporary_name(str(tmp_path))) for _ in range(3))
    one.touch()
    (two / "inner").mkdir(parents=True)
    (two / "inner" / "file").touch()
    (tmp_path / "mine").touch()
    remove_all()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert not {str(one), str(two), str(never)} & temporary._LEFT


def test_temporary_files_go_where_somebody_says_or_where_they_may(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    may = {"/tmp", "/var/tmp"}
    monkeypatch.setattr("os.access", lambda place, how: place in may and how == os.W_OK | os.X_OK)
    for place in ("/tmp", "/var/tmp", os.curdir):
        assert temporary_folder() == place
        may.discard(place)
    for name in ("TMP", "TEMP", "TMPDIR"):  # the last one is asked first
        monkeypatch.setenv(name, f"/{name}")
        may.add(f"/{name}")
        assert temporary_folder() == f"/{name}"
