"""Fuzz whatever reads what others wrote: ``nice python -m tests.tools.fuzz``, with ``--minutes 60`` to go on for longer.

Bytes, mappings, sheets, saved pages, cards and answers take turns, each with the ``thorough`` profile and new random
examples in every round.  The first input that ends in a way of its own is kept in ``corpus/``: a run begins with what was
kept, and ``tests/house/test_fuzz.py`` runs it too, and the same targets with few examples.  What was run, and what it found,
is in docs/proof.md.
"""

from __future__ import annotations

import argparse
import ast
import csv
import errno
import io
import json
import os
import random
import re
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from reapi_rules import RateCard, RateCardError, Report, explain, preflight, read_task
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli import main as command_line
from reapi_rules.prices.lint import lint
from reapi_rules.prices.snapshots import import_card
from reapi_rules.tasks.readings import read_error
from reapi_rules.terms.findings import Finding
from tests.support.oracle import FIELD_ORDER, OFFICIAL, oracle_report
from tests.support.raw_workbook import raw
from tests.support.strategies import (
    AWKWARD,
    BAD_URLS,
    PIXELS,
    PROMPTS,
    URLS,
    any_bodies,
    json_values,
    rate_cards,
    valid_bodies,
    wild_bodies,
)
from tests.support.xls import old_workbook
from tests.support.xlsb import binary_workbook

ROOT = Path(__file__).parents[2]
TOKENS = (
    *map(str.encode, (*FIELD_ORDER, *PIXELS, *URLS[:3], *BAD_URLS[:3], "16:9", "4K", "auto", OFFICIAL)),
    b"null", b"true", b"NaN", b"-0", b"1e400", b"9" * 400, b"2.0", b"[", b"]", b"{", b"}", b'"', b",", b":", b"\\", b"\\u0000",
    b"\\ud800", b"\xef\xbb\xbf", b"\xff", b"\x00", b"\r\n", b"\n", b"=", b"'", b"</script>", b"window.__pricing_snapshot__=",
)  # fmt: skip
"""What damage is made of: pieces that mean something somewhere."""


@st.composite
def damaged(draw: st.DrawFn, texts: st.SearchStrategy[bytes], pieces: Sequence[bytes] = TOKENS) -> bytes:
    """A text with pieces cut out, doubled, moved and put in."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(pieces) | st.binary(max_size=4) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    return text


def _text_keys(body: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in body.items()}


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")


def check_report(report: Report) -> None:
    """A report renders, and says one thing only."""
    said = json.loads(report.to_json())
    assert said == json.loads(json.dumps(report.to_dict()))
    assert said["ok"] == (not said["errors"]) == (report.payload() is not None) == (report.quote is not None)
    assert repr(report)
    check_findings((*report.errors, *report.warnings))


def check_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        assert finding.message
        assert explain(finding.rule, catalog=built_in())


def check_bytes(text: bytes) -> None:
    """A body of bytes says the same as the mapping that the standard library reads from it, where that can read it."""
    report = preflight(text)
    check_report(report)
    try:
        value = json.loads(text.removeprefix(b"\xef\xbb\xbf").decode(), parse_constant=_refuse)
        again = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        rules = [error.rule for error in report.errors]
        assert rules in (["body.json"], ["body.unreadable"]) or _BEYOND_JSON_LOADS.search(text)
        return
    if not _BEYOND_JSON_LOADS.search(text) and not isinstance(value, str):  # a text is not a value, but JSON to be read
        assert preflight(value).to_dict() == preflight(again).to_dict() == report.to_dict()


_BEYOND_JSON_LOADS = re.compile(rb"[0-9]{300}|[eE][+]?[0-9]{3}|\\u[dD]")
"""Numbers that overflow, and lone surrogates: one reads over them in a field that it does not know, the other does not."""


def _refuse(name: str) -> None:
    raise ValueError(name)


def check_mapping(body: dict[Any, Any]) -> None:
    """A mapping: what the oracle says of it."""
    report = preflight(body)
    check_report(report)
    expected = oracle_report(body, cards=(CARD,))
    assert [error.rule for error in report.errors] == [error["rule"] for error in expected["errors"]]
    assert [finding.rule for finding in report.warnings] == [finding["rule"] for finding in expected["warnings"]]
    assert report.to_dict()["quote"] == json.loads(json.dumps(expected["quote"]))


def check_sheet(sheet: bytes) -> str:
    """A sheet: an answer beside each row, replaced by a second run, or one line that says why not."""
    endings = []
    for command in ("quote", "check"):
        code, output, said = run(command, "-", "--from", "csv", stdin=sheet)
        assert "internal error" not in said, said
        assert code in (0, 1, 2), said
        if code == 2:
            assert said.splitlines()[-1].startswith("reapi-rules: ")  # behind what was noticed before
        elif command == "quote":
            assert b"reapi_verdict" in output.replace(b"\0", b"")
            again, same, _ = run(command, "-", "--from", "csv", stdin=output)
            assert (again, same) == (code, output)
        endings.append(ending(code, said))
    return "; ".join(endings)


def check_page(page: bytes) -> None:
    """A saved page: a card that survives, or an error of cards."""
    with suppress(RateCardError):
        check_readable(import_card(page).card)


def check_card(text: bytes) -> None:
    """A card: it survives, is linted and prices, or an error of cards says why not."""
    with suppress(RateCardError):
        check_priced(RateCard.from_json(text))


def check_priced(card: RateCard) -> None:
    check_readable(card)
    for body in ({}, {"size": "auto"}, {"size": "1x1"}, {"size": "16:9", "resolution": "4k", "n": 4}):
        check_report(preflight({"model": OFFICIAL, "prompt": "a fox", **body}, rates=card))


def check_readable(card: RateCard) -> None:
    assert RateCard.from_json(json.dumps(card.to_dict())) == card
    for finding in lint(card):
        assert finding.message


def check_answer(answer: Any) -> None:
    """An answer of the gateway: it is read, whatever it is."""
    request = preflight({"model": OFFICIAL, "prompt": "a fox", "n": 2})
    reading, error = read_task(answer, request=request), read_error(answer, http_status=400)
    check_findings((*reading.findings, *error.findings))
    assert reading.task is not None or reading.findings


def run(*words: str, stdin: bytes) -> tuple[int, bytes, str]:
    """The exit code of a command line, and what it says on both streams."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    errors = io.StringIO()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    try:
        with redirect_stdout(output), redirect_stderr(errors):
            code = command_line(words)
    finally:
        sys.stdin = before
    return code, output.buffer.getvalue(), errors.getvalue()


def check_workbook(book: bytes) -> str:
    """A workbook with damaged parts: it is read, written into and fixed, or one line says why not and it is as it was."""
    endings, suffix = [], next((suffix for part, suffix in _SUFFIXES.items() if part in book), "xlsx")
    with TemporaryDirectory() as folder:
        path, other = Path(folder, f"plan.{suffix}"), Path(folder, "other.xlsx")
        for words in (
            ("quote", str(path)),
            ("check", str(path), "--fixed", str(other)),
            ("quote", str(path), "--in-place"),
        ):
            path.write_bytes(book)
            code, _, said = run(*words, stdin=b"")
            check_ending(code, said)
            assert path.read_bytes() == book or (code != 2 and "--in-place" in words)
            if code != 2 and "--in-place" in words:
                assert run("quote", str(path), stdin=b"")[0] != 2  # it still is a workbook
            assert sorted(os.listdir(folder)) in ([path.name], [other.name, path.name])
            endings.append(ending(code, said))
    return "; ".join(endings)


def check_files(asked: tuple[dict[str, bytes], list[str]]) -> str:
    """Words over files of any name and content: no input is changed but in place, and nothing else is left."""
    files, words = asked
    before = os.getcwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for name, content in files.items():
                Path(name).write_bytes(content)
            code, _, said = run(*words, stdin=next(iter(files.values())))
            check_ending(code, said)
            assert not _CONTROLS.search(said), said
            written = {words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-o", "--account", "--fixed")}
            written |= {
                word[2:] for word in words if word.startswith("-o")
            }  # an odd name may be an option with its value
            for name, content in files.items():
                is_target = name in written or "--in-place" in words
                assert is_target or Path(name).read_bytes() == content, (words, name)
                assert code != 2 or Path(name).read_bytes() == content, (words, name)
            found = {*os.listdir()}
            assert {*files} <= found <= {*files, *written}, (words, found)
        finally:
            os.chdir(before)
    return f"{words[0]}: {ending(code, said)}"


_CONTROLS = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def check_streams(asked: tuple[list[str], int, int, int]) -> str:
    """Streams that fail after some bytes, with some error: an exit code that tells, and no exception."""
    words, number, room, which = asked
    stdin, stdout, stderr = sys.stdin, sys.stdout, sys.stderr
    raw = [Failing(PLANS[0] if at == 0 else b"", number, room if which == at else -1) for at in range(3)]
    sys.stdin = io.TextIOWrapper(io.BufferedReader(raw[0]))
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw[1]), "utf-8")
    sys.stderr = io.TextIOWrapper(io.BufferedWriter(raw[2]), "utf-8", "backslashreplace", line_buffering=True)
    try:
        code = command_line(words)
        assert code in (0, 1, 2, 141)
    finally:
        raw[which].room = -1  # what is left is flushed when they go
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
    return f"{' '.join(words)}: {number} of {which}, {code}"


class Failing(io.RawIOBase):
    """Bytes to read, and a place to write to, that fail with an error once there is no room; never below 0."""

    def __init__(self, content: bytes, number: int, room: int) -> None:
        self._content, self._number, self.room = io.BytesIO(content), number, room

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._take(len(buffer))
        return self._content.readinto(buffer)

    def write(self, data: Any) -> int:
        self._take(len(data))
        return len(data)

    def _take(self, count: int) -> None:
        if 0 <= self.room < count:
            raise OSError(self._number, os.strerror(self._number))
        self.room -= count if self.room >= 0 else 0


def check_ending(code: int, said: str) -> None:
    assert "internal error" not in said, said
    assert "Traceback" not in said, said
    assert code in (0, 1, 2, 3), said
    if code == 2:
        assert said.splitlines()[-1].startswith(("reapi-rules: ", "see reapi-rules", "请看 reapi-rules")), said


def ending(code: int, said: str) -> str:
    """How a command ended: its exit code and the last words of its last line, without what they quote and count."""
    last = said.splitlines()[-1] if said.strip() else ""
    return f"{code} {re.sub(r'[0-9]+', '0', last.rpartition(': ')[2])[:60]}"


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """Workbooks whose parts are damaged, missing, doubled, or called something else, and old ones with damaged bytes."""
    if draw(st.integers(0, 7)) == 0:
        return draw(damaged(st.just(_OLD)))
    parts = dict(draw(st.sampled_from(BOOKS)))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(sorted(parts)))
        deed = draw(st.sampled_from(("damage", "damage", "damage", "damage", "drop", "rename", "swap", "empty")))
        if deed == "damage":
            parts[name] = draw(damaged(st.just(parts[name]), PIECES))
        elif deed == "drop" and len(parts) > 1:
            del parts[name]
        elif deed == "rename":
            parts[draw(st.sampled_from(("xl/x.xml", "../x", "/x", "XL/WORKBOOK.XML", "a\\b", "\ud7ff")))] = parts.pop(
                name
            )
        elif deed == "swap":
            parts[name] = parts[draw(st.sampled_from(sorted(parts)))]
        else:
            parts[name] = b""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    whole = buffer.getvalue()
    return draw(damaged(st.just(whole))) if draw(st.integers(0, 4)) == 0 else whole


def calls() -> st.SearchStrategy[tuple[dict[str, bytes], list[str]]]:
    """Files of odd names, and the words of a command over them."""
    stem = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=6).filter(
        lambda name: name not in (".", "..")
    ) | st.sampled_from(
        ("a b", "-o", "--rates", "=1", "\x1b[31m", "a\nb", "\udcff", "\u202e", "狐", "'", '"', "%s", "{}", "n=x")
    )
    suffix = st.sampled_from((".json", ".ndjson", ".csv", ".tsv", ".html", ".toml", ".xlsx", "", ".JSON"))
    names = st.lists(st.builds("".join, st.tuples(stem, suffix)), min_size=1, max_size=4, unique=True)
    content = st.sampled_from((*PLANS, b'{"model":"gpt-image-2","prompt":"a fox"}', b"[{}, 1]", b'{"n":2}\n\xc2\xa0\n', b"", PAGES[0], encoded(CARD), b'n = "n"\n', *CONTENTS))  # fmt: skip

    def words(found: list[str]) -> st.SearchStrategy[list[str]]:
        name = st.sampled_from((*found, "-", "missing.csv", "new.csv", "new.xlsx", "new.json", "new"))
        option = st.one_of(
            st.tuples(st.sampled_from(("-o", "--account", "--fixed", "--rates", "--columns", "--catalog", "--against")), name),
            st.tuples(st.sampled_from(("--format", "--from")), st.sampled_from(("json", "ndjson", "csv", "tsv", "xlsx", "text", "markdown", "x"))),
            st.tuples(st.sampled_from(("--by", "--set", "--where", "--sheet", "--encoding", "--model", "--key", "--n", "--size", "--as-of", "--max-credits")), st.sampled_from(("size", "n=1e999", "size=NaN", "all", "utf-16", "1e999", "9" * 5_000, "\udcff", "\x1b[31m", "", "model", "2026-07-31", "0"))),
            st.sampled_from((("--rows",), ("--in-place",), ("--guard-all",), ("--excel",), ("--strict",), ("--quiet",), ("--lang", "zh"), ("--visible-only",))),
        )  # fmt: skip
        command = st.sampled_from((("check",), ("quote",), ("advise",), ("reconcile",), ("rates", "lint"), ("rates", "diff"), ("rates", "import"), ("explain", "20003"), ("explain", "n"), ("table", "rates"), ("export", "prices"), ("export", "schema"), ("export", "choices")))  # fmt: skip
        return st.builds(
            lambda start, files, options: [*start, *files, *(word for each in options for word in each)],
            command, st.lists(name, max_size=3), st.lists(option, max_size=4),
        )  # fmt: skip

    return st.tuples(names, st.lists(content, min_size=4, max_size=4)).flatmap(
        lambda both: st.tuples(st.just(dict(zip(*both))), words(both[0]))
    )


def failures() -> st.SearchStrategy[tuple[list[str], int, int, int]]:
    """Words, and which stream fails how after how many bytes."""
    words = st.sampled_from((("check", "-", "--from", "csv"), ("quote", "-", "--from", "csv"), ("quote", "-", "--from", "csv", "--rows"), ("quote", "-", "--from", "csv", "--by", "size"), ("advise", "-", "--from", "csv"), ("check",), ("table", "rules"), ("--help",), ("check", "--help"), ("export", "schema"), ("colour",), ("quote", "--n", "x"), ("quote", "--size", "16:9")))  # fmt: skip
    numbers = st.sampled_from((errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG))
    return st.tuples(words.map(list), numbers, st.integers(0, 3_000), st.integers(0, 2))


def sheets() -> st.SearchStrategy[bytes]:
    """Sheets with columns of ours and of the user's, over cells of any kind."""
    titles = st.sampled_from(
        (*FIELD_ORDER, "campaign", "Size", " n ", "image_url_1", "reapi_verdict", "reapi_credits", "")
    )
    cells = st.sampled_from(
        (*PIXELS, *URLS, *BAD_URLS, *(text for text in PROMPTS if len(text) < 100), *map(str, AWKWARD), OFFICIAL)
    ) | st.sampled_from(("16:9", "16:09", "04:09:00 PM", '="16:9"', "0.6729166667", "4K", "2,0", "'=1+1", "low", "3"))
    table = st.lists(titles, min_size=1, max_size=7).flatmap(
        lambda header: st.tuples(
            st.just(header), st.lists(st.lists(cells, min_size=0, max_size=len(header) + 1), max_size=5)
        )
    )
    return st.builds(
        _as_csv, table, st.sampled_from((",", ";", "\t")), st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))
    )


def _as_csv(table: tuple[list[str], list[list[str]]], delimiter: str, encoding: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([table[0], *table[1]])
    return buffer.getvalue().encode(encoding, "replace")


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Envelopes with the right names over any value, and over likely ones."""
    likely = st.sampled_from(("task_1", OFFICIAL, "processing", "completed", "failed", 1735000000, None, 80001, "x"))
    inner = st.dictionaries(
        st.sampled_from(("image_urls", "code", "message", "request_id")), likely | json_values(4) | st.lists(likely)
    )
    names = st.sampled_from(("id", "model", "status", "created_at", "output", "error", "code"))
    return st.dictionaries(names, likely | inner | json_values(4))


def _as_book(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return buffer.getvalue()


def _parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


_ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>size</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
_ODS = (
    '<office:document-content><office:body><office:spreadsheet><table:table table:name="Plan"><table:table-column table:number-columns-repeated="2"/>'
    "<table:table-row><table:table-cell><text:p>size</text:p></table:table-cell><table:table-cell><text:p>n</text:p></table:table-cell></table:table-row>"
    '<table:table-row><table:table-cell><text:p>16:9</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="2"/></table:table-row>'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)  # fmt: skip
BOOKS = [
    _parts(raw(_ROWS + '<row r="2"><c r="A2" t="inlineStr"><is><t>16:9</t></is></c><c r="B2"><v>2</v></c></row>')),
    _parts(raw(_ROWS + '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="e"><v>#N/A</v></c></row>', texts="<si><t>1:1</t></si>")),
    _parts(raw(_ROWS + '<row r="2"><c r="A2"><f>B2</f><v>1</v></c></row>', after='<mergeCells><mergeCell ref="A2:A4"/></mergeCells>')),
    {"content.xml": _ODS.encode()},
    _parts(binary_workbook(((0, 0, "size"), (0, 1, "n"), (1, 0, "16:9"), (1, 1, 2.0)))),
]  # fmt: skip
_OLD = old_workbook(((0, 0, "size", 0), (0, 1, "n", 0), (1, 0, "16:9", 0), (1, 1, 2.0, 0), (2, 0, b"\x2a", 0)))
_SUFFIXES = {b"content.xml": "ods", b"workbook.bin": "xlsb", _OLD[:4]: "xls"}
PIECES = (
    *(b"<c>", b"</c>", b"<row>", b"</row>", b'r="XFD1048576"', b'r="A99999999999"', b't="s"', b't="b"', b't="e"', b'ref="A1:B2"', b"<v>",
    b"</v>", b"<f>", b"</f>", b"<is>", b"<!--", b"]]>", b"<![CDATA[", b"&amp;", b"&#0;", b"&x;", b"NaN", b"1e999", b"-1", b"9" * 400,
    b'<?xml version="1.0" encoding="UTF-16"?>', b"<!DOCTYPE x [<!ENTITY x \"y\">]>", b"xmlns=", b'Target="../x"', b"rId1", b"<autoFilter ref='A1:B2'/>"),
    b"\xff\xfe", b"\x00", b"\xef\xbb\xbf", b'"', b"<", b">", b"/",
)  # fmt: skip
"""What the parts of a workbook are damaged with."""
CARD = (built_in().card() or built_in().cards[0]).to_dict()
PAGES = [
    path.read_bytes()
    for path in (*(ROOT / "tests" / "transcripts" / "pages").glob("*.html"), ROOT / "docs" / "examples" / "saved-models.html")
]  # fmt: skip
CONTENTS = [_as_book(parts) for parts in BOOKS]
PLANS = [(ROOT / "docs" / "examples" / "campaign.csv").read_bytes()[:2_000]]


class Target(NamedTuple):
    """What goes in, and what must be true of what comes out; where a check says how an input ended, inputs are kept."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], str | None]


TARGETS = {
    "bytes": Target(
        damaged((valid_bodies() | any_bodies() | wild_bodies().map(_text_keys)).map(encoded)) | st.binary(), check_bytes
    ),
    "mappings": Target(wild_bodies() | valid_bodies() | any_bodies(), check_mapping),
    "sheets": Target(damaged(sheets() | st.sampled_from(PLANS)) | st.binary(), check_sheet),
    "saved pages": Target(damaged(st.sampled_from(PAGES)), check_page),
    "cards": Target(damaged(rate_cards().map(encoded)), check_card),
    "workbooks": Target(workbooks(), check_workbook),
    "files": Target(calls(), check_files),
    "streams": Target(failures(), check_streams),
    "answers": Target(answers() | damaged(answers().map(encoded)) | json_values() | st.binary(), check_answer),
}
"""What is fuzzed."""

CORPUS = Path(__file__).with_name("corpus")
MOST_KEPT = 150


def corpus(name: str) -> list[Any]:
    """The inputs of a target that were kept."""
    path = CORPUS / f"{name}.txt"
    return [ast.literal_eval(line) for line in path.read_text("ascii").splitlines()] if path.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to go on, 10 unless told otherwise")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all unless named")
    arguments = parser.parse_args()
    for name in arguments.targets:
        if name not in TARGETS:
            parser.error(f"there is no target {name}")
    names = arguments.targets or list(TARGETS)
    share = arguments.minutes * 60 / len(names)
    return max([fuzz(name, share) for name in names])


def fuzz(name: str, seconds: float) -> int:
    """Run one target for so many seconds; 1 if it tried nothing, or found something, whose seed is printed."""
    target, start, tried = TARGETS[name], time.monotonic(), 0
    endings = {target.check(value) for value in corpus(name)} | {None}

    def check(value: Any) -> None:
        nonlocal tried
        if time.monotonic() - start > seconds:
            raise KeyboardInterrupt  # what Hypothesis takes for a wish to stop, and for no finding
        tried += 1
        how = target.check(value)
        if how not in endings and len(endings) <= MOST_KEPT:
            endings.add(how)
            CORPUS.mkdir(exist_ok=True)
            with (CORPUS / f"{name}.txt").open("a", encoding="ascii") as kept:
                kept.write(ascii(value) + "\n")

    while True:
        number = random.randrange(2**32)
        try:
            seed(number)(settings(database=None)(given(target.inputs)(check)))()
        except KeyboardInterrupt:
            say(
                f"{name}: {tried:,} examples in {time.monotonic() - start:.0f} s, nothing {'found' if tried else 'tried'}"
            )
            return 0 if tried else 1
        except BaseException as problem:
            say(f"{name}: seed {number}: {type(problem).__name__}: {problem}")
            say("\n".join(getattr(problem, "__notes__", ())))
            return 1


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a script's own voice


if __name__ == "__main__":
    os.environ["HYPOTHESIS_PROFILE"] = "thorough"
    import_module("tests.conftest")  # the profiles
    sys.exit(main())
