"""Lines that are alike get what each would get by itself, and no text of the caller's stays in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Model
from reapi_rules.engine.engine import Engine
from reapi_rules.sheets.files.csv_writer import CsvWriter
from reapi_rules.sheets.files.encoding import EXCEL
from reapi_rules.sheets.files.json_table import Bodies, JsonQuoter, JsonWriter, keys, read_json, write_alike
from reapi_rules.sheets.meaning.columns import column_names
from reapi_rules.sheets.meaning.table import Row, Table
from reapi_rules.sheets.results import alike
from reapi_rules.sheets.results.alike import Alike, Judged, Spelling, in_short, ordinary_prompts
from reapi_rules.sheets.results.batches import unwrap
from reapi_rules.sheets.results.result import LineWriter, Result, result
from reapi_rules.terms.values import SHOWN
from tests.benchmarks.bodies import mix

ENGINE = Engine()
FOX: dict[str, Any] = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "quality": "low"}
URL = "https://cdn.example.com/a.png"
PROMPTS = (
    "a fox",
    "an owl, 100% white",
    "雪中的狐狸",
    "a fox: 9:16",
    "a fox: red",
    "狐" * 3_000,
    "x" * 4_000,
    "x" * 4_001,
    "[" * 700,
    'say "hi"\n\\',
    "'quoted",
    "\ufeff",
    "\u2028",
    " ",
    "",
    "a prompt in place of others",
    "custom_id",
    "\x7f",
    None,
    7,
)
URLS = (
    URL,
    "https://10.0.0.1/a.png",
    "https://me@cdn.example.com/b",
    f"https://{'a' * 70}.example.com",
    URL + "x" * 300,
    URL + "\\",
    "http",
    "./a.png",
)


@pytest.fixture(autouse=True)
def learns_at_second_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_SEVERAL", 2)


def reported(first: Judged, second: Judged) -> Spelling | None:
    return Spelling.of(first, second, lambda each: each.report.to_json(), in_short)


def spelt(lines: list[str]) -> Iterator[tuple[bytes, bytes | None]]:
    """Each line, and how it is spelt where it is like an earlier one."""
    known = Alike(ENGINE, reported)
    for line in (line.encode(errors="surrogateescape") for line in lines):
        found = known.of(line)
        yield line, None if found is None else found[0].of_texts(found[1])


def agree(lines: list[str]) -> int:
    """How many lines are like others; each of these has to be spelt as by itself."""
    count = 0
    for line, found in spelt(lines):
        if found is not None:
            assert unwrap(line) is None
            assert found == ENGINE.look(line).to_json(), line
            count += 1
    return count


class TestEqualsThePlainPath:
    def test_bodies_as_they_come(self) -> None:
        lines = [body.text.decode() for body in mix(600)]
        assert agree(lines * 3) > len(lines)

    @pytest.mark.parametrize("model", built_in().models)
    def test_any_text_in_any_model(self, model: str) -> None:
        at = len(model)
        form: dict[str, Any] = {"ensure_ascii": at % 2 == 0, "separators": (",", ":") if at % 3 else (", ", ": ")}
        with_urls: list[dict[str, Any]] = [
            {},
            *({"image_urls": [url, URL]} for url in URLS),
            *({"image_urls": [URL], "mask_url": url} for url in URLS),
            *({"image_url": url} for url in URLS),
        ]
        lines = [
            json.dumps({"model": model, "prompt": prompt, **urls}, **form) for prompt in PROMPTS for urls in with_urls
        ]
        assert agree(lines * 2) > 0

    @given(
        st.lists(
            st.builds(
                lambda prompt, url, form: form.replace("PROMPT", json.dumps(prompt)).replace("URL", json.dumps(url)),
                st.sampled_from(PROMPTS) | st.text(max_size=9),
                st.sampled_from(URLS) | st.text(max_size=9).map(URL.__add__),
                st.sampled_from(
                    [
                        '{"model": "gpt-image-2-official", "prompt": PROMPT}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "seed": "URL"}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "image_urls": [URL], "size": null}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "prompt": PROMPT}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "prompt": "a fox"}',
                        '{"model": "gpt-image-2-official", "nested": {"prompt": PROMPT}, "prompt": "a fox"}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "image_urls": [URL], "image_urls": [URL]}',
                        '{"model": "gpt-image-2-official", "x\\"prompt": PROMPT, "prompt": "a fox"}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "user": URL, "n": 1}',
                        '{"custom_id": "a", "model": "gpt-image-2-official", "prompt": PROMPT, "body": {}}',
                        '{"model": "gpt-image-2", "prompt" : PROMPT}',
                        '{"prompt": PROMPT, "model": "flux-2", "n": 9}',
                        '{"prompt": PROMPT, "model": "flux-2"',
                    ]
                ),
            ),
            max_size=5,
        )
    )
    def test_any_line(self, lines: list[str]) -> None:
        agree(lines * 3)

    def test_which_are_alike_and_from_when_on(self) -> None:
        """The first one is met, the next is learnt, unless a text shows or what is around is long."""
        at_most, around = "x" * (SHOWN - len(URL)), "x" * (1_000 - len(json.dumps(FOX | {"user": ""})) + len('a fox"'))
        for body, is_alike in (
            (FOX, True), (FOX | {"user": around}, True), (FOX | {"user": around + "x"}, False), (FOX | {"image_urls": ["ftp://a.example/1"]}, False),
            (FOX | {"image_urls": [URL], "user": "x" * 300}, True), (FOX | {"image_urls": [URL + at_most, URL]}, True), (FOX | {"image_urls": ["http://a.example/a b"]}, False),
            *((FOX | {"image_urls": [*urls, URL + at_most + "x"]}, False) for urls in ([], [URL])), (FOX | {"image_urls": [URL + at_most + "x", URL]}, False),
            (FOX | {"n": 99}, False), (FOX | {"model": "midjourney"}, False), ({"prompt": "a fox"}, False), (FOX | {"prompt": ""}, False), (FOX | {"prompt": ' "'}, True),
            (FOX | {"user": "\\"}, False), ({"user": "\\"} | FOX, False), ({"prompt": "a", "custom_id": "b", "body": {}} | FOX, False),
        ):  # fmt: skip
            found = [each is not None for _, each in spelt([json.dumps(body)] * 3)]
            assert found == [False, is_alike, is_alike], body

    @pytest.mark.parametrize("model", built_in().models.values())
    def test_a_prompt_is_ordinary_where_no_rule_minds_it(self, model: Model) -> None:
        is_ordinary, name = ordinary_prompts(model), model.roles["prompt"]
        longest = model.fields[name].max_length or 0
        for prompt in (
            *"aé狐",
            "'a",
            "\u3000",
            "\ufeff",
            "a:",
            "a: 9:16",
            "4k",
            *(
                sign * (longest // two + more)
                for sign, two in (("a", 1), ("狐", 1), ("狐", 2), ("\U0001f98a", 2))
                for more in (-1, 0, 1)
            ),
        ):
            report = ENGINE.preflight({"model": model.id, name: prompt})
            found = (*report.errors, *report.warnings)
            minded = any(each.field == name for each in found) or prompt in ("'a", "\ufeff", "\u3000")
            assert is_ordinary(prompt) is not minded, prompt
        assert not is_ordinary(7)

    def test_a_text_as_our_encoder_spells_it(self) -> None:
        spellings = {b"a": b"a", rb"\u0061\"\/": rb"a\"/", rb"\u000a": rb"\n", "\u72d0".encode(): "\u72d0".encode()}
        assert {text: in_short(text) for text in spellings} == spellings

    def test_broken_texts(self) -> None:
        line = json.dumps(FOX)
        broken = [line.replace("a fox", text) for text in ("a\tfox", "a\t\\nfox", "\\ud800", "\\x", "\udcff", "\\")]
        assert agree([line, line, line]) == 2
        assert [found for _, found in spelt([line, line, line, *broken])][3:] == [None] * len(broken)
        assert agree([text + "\n" for text in broken * 3 if "\udcff" not in text]) == 0


class TestWhatIsKnown:
    @staticmethod
    def known(*lines: str) -> Alike[Spelling]:
        result = Alike(ENGINE, reported)
        for line in lines:
            result.of(line.encode())
        return result

    def test_nothing_of_what_is_met_once_or_is_long(self) -> None:
        line, long = json.dumps(FOX), json.dumps({**FOX, "user": "x" * 1_000})
        assert not self.known(line, long, long, long)._known
        assert len(self.known(line, line)._known) == 1

    def test_no_text_of_the_callers(self) -> None:
        body = {**FOX, "prompt": 'a "secret" fox', "image_urls": [f"{URL}?secret"], "mask_url": f"{URL}?secret"}
        line = json.dumps(body)
        known = self.known(*[line] * 3, *[line.replace("://", "://10.0.0.1/")] * 3)
        ((around, (spelling, _)),) = ((key, value) for key, value in known._known.items() if value)
        assert "secret" not in repr((around, spelling._parts, known._met))
        assert agree([line] * 3) == 2

    def test_it_has_an_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(alike, "_MOST_KNOWN", 3)
        lines = [json.dumps({**FOX, "n": number}) for number in (1, 2, 3, 4)]
        known = self.known(*lines * 3)
        assert len(known._known) + len(known._met) <= 3
        agree(lines * 4)

    def test_what_differs_by_its_texts_is_nothing_to_share(self) -> None:
        def texts_in(first: Judged, second: Judged) -> str | None:
            return None if first.texts != second.texts else "alike"

        shared = Alike(ENGINE, texts_in)
        assert [shared.of(json.dumps(FOX).encode()) for _ in range(3)] == [None] * 3
        assert reported(*(Judged(b"", ENGINE.look(FOX | {"n": n}), [FOX["prompt"].encode()]) for n in (1, 2))) is None

    def test_an_escape_in_a_prompt_of_any_length_costs_no_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(alike, "_LONGEST_ESCAPED", 200)
        assert [agree([json.dumps(FOX | {"prompt": "\\" * length})] * 3) for length in (9, 99)] == [2, 0]


def csv_writer(**options: Any) -> Callable[[BinaryIO, Table], LineWriter]:
    return lambda output, table: CsvWriter(output, table, column_names().results, **options)


def json_writer(*, is_list: bool) -> Callable[[BinaryIO, Table], LineWriter]:
    return lambda output, table: JsonWriter(output, table, column_names().results, is_list=is_list)


WRITERS = [
    csv_writer(),
    csv_writer(guard_all=True),
    csv_writer(delimiter="\t", guard_all=True),
    csv_writer(delimiter=";", encoding=EXCEL, for_excel=True),
    json_writer(is_list=False),
    json_writer(is_list=True),
]
DANGEROUS = (
    "=1+1",
    "\uff1d1+1",
    " =1",
    "\u200b@x",
    "-5",
    "+a",
    "\ta",
    "\ra",
    "\n=1",
    "a\n=1",
    "a, b",
    "a;b",
    "a|b",
    "a\tb",
    '"=1"',
)
NAMES = ("asset", "user", "n", "reapi_verdict", "reapi_notes", "image_urls", "mask_url", "size")


class TestRows:
    @staticmethod
    def written(
        lines: list[bytes], make: Callable[[BinaryIO, Table], LineWriter], *, plainly: bool
    ) -> tuple[bytes, list[Any], int]:
        """What is written, what is counted, and how many rows were read."""
        titles = keys(lines)
        table = read_json(lines, titles)
        assert isinstance(table.rows, Bodies)
        output, quoter, counted, read = BytesIO(), JsonQuoter(), [], 0
        writer = make(output, table)

        def count(row: Row, result: Result) -> None:
            counted.append((row.number, result.cells))

        rows: Iterable[Row] = table.rows
        if not plainly:
            rows = write_alike(table.rows.lines, table.rows.row, quoter, quoter.result, writer, count)
        for row in rows:
            result = quoter.result(row)
            if result is not None:
                count(row, result)
            writer.write(row, result)
            read += 1
        writer.close()
        return output.getvalue(), counted, read

    def agree(self, lines: list[bytes], make: Callable[[BinaryIO, Table], LineWriter]) -> int:
        """How many rows were not read, as they are like others."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alike, "_SEVERAL", 1_000_000)
            plain = self.written(lines, make, plainly=True)
        found = self.written(lines, make, plainly=False)
        assert found[:2] == plain[:2]
        return len(lines) - found[2]

    @pytest.mark.parametrize("make", WRITERS)
    def test_bodies_as_they_come(self, make: Callable[[BinaryIO, Table], LineWriter]) -> None:
        lines = [body.text + b"\n" for body in mix(120)]
        assert self.agree(lines * 3, make) > len(lines)

    @pytest.mark.parametrize("make", WRITERS)
    def test_prompts_that_need_quotes_or_a_guard(self, make: Callable[[BinaryIO, Table], LineWriter]) -> None:
        urls = ["https://a.example/1,2;3|4.png", "https://a.example/'=1'.png"]
        bodies = [{**FOX, "prompt": text} for text in DANGEROUS]
        bodies += [{**FOX, "image_urls": [url, URL], "mask_url": url} for url in urls]
        for is_ascii in (True, False):
            lines = [json.dumps(body, ensure_ascii=is_ascii).encode() + b"\n" for body in bodies]
            assert self.agree(lines * 3, make) > len(lines)

    @given(
        st.lists(
            st.builds(
                lambda body, prompt, form, end: json.dumps({**body, "prompt": prompt}, **form).encode() + end,
                st.dictionaries(
                    st.sampled_from(NAMES),
                    st.sampled_from([*URLS, 1, 1.5, "16:9", None, [URL], [URL, URL + "?2"], {"prompt": "a"}, ""]),
                    max_size=4,
                ).map(lambda body: {"model": "gpt-image-2-official", **body}),
                st.sampled_from((*PROMPTS, *DANGEROUS)) | st.text(max_size=9),
                st.sampled_from([{}, {"ensure_ascii": False, "separators": (",", ":")}]),
                st.sampled_from([b"\n", b"\r\n", b" \n", b""]),
            ),
            max_size=6,
        ),
        st.sampled_from(WRITERS),
    )
    def test_any_row(self, lines: list[bytes], make: Callable[[BinaryIO, Table], LineWriter]) -> None:
        self.agree(lines * 3, make)

    def test_rows_whose_results_or_lines_differ_by_their_texts_are_not_alike(self) -> None:
        line = json.dumps(FOX).encode()

        class Quoting(JsonWriter):
            def spelt(self, row: Row, result: Result | None) -> bytes:
                return super().spelt(row, result) + row.text[46:48].encode()

        def own(row: Row) -> Result:
            report = ENGINE.look(row.text)
            return result(report, (str(report.given["prompt"]),))

        for kind, result_of in ((JsonWriter, own), (JsonWriter, lambda _: None), (Quoting, JsonQuoter().result)):
            table, quoter = read_json([line] * 3), JsonQuoter()
            assert isinstance(table.rows, Bodies)
            writer = kind(BytesIO(), table, column_names().results)
            rows = write_alike(table.rows.lines, table.rows.row, quoter, result_of, writer, lambda *_: None)
            assert len([*rows]) == 3
