"""Fuzz whatever reads what others wrote: ``nice python -m tests.tools.fuzz``, with ``--minutes 60`` to go on for longer.

Bytes, mappings, sheets, saved pages, cards and answers take turns, each with the ``thorough`` profile and new random
examples in every round.  ``tests/house/test_fuzz.py`` runs the same targets with few examples.  What was run, and what it
found, is in docs/proof.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
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

ROOT = Path(__file__).parents[2]
TOKENS = (
    *map(str.encode, (*FIELD_ORDER, *PIXELS, *URLS[:3], *BAD_URLS[:3], "16:9", "4K", "auto", OFFICIAL)),
    b"null", b"true", b"NaN", b"-0", b"1e400", b"9" * 400, b"2.0", b"[", b"]", b"{", b"}", b'"', b",", b":", b"\\", b"\\u0000",
    b"\\ud800", b"\xef\xbb\xbf", b"\xff", b"\x00", b"\r\n", b"\n", b"=", b"'", b"</script>", b"window.__pricing_snapshot__=",
)  # fmt: skip
"""What damage is made of: pieces that mean something somewhere."""


@st.composite
def damaged(draw: st.DrawFn, texts: st.SearchStrategy[bytes]) -> bytes:
    """A text with pieces cut out, doubled, moved and put in."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(TOKENS) | st.binary(max_size=4) | st.just(text[start:end] * 2))
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


def check_sheet(sheet: bytes) -> None:
    """A sheet: an answer beside each row, replaced by a second run, or one line that says why not."""
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


CARD = (built_in().card() or built_in().cards[0]).to_dict()
PAGES = [
    path.read_bytes()
    for path in (*(ROOT / "tests" / "transcripts" / "pages").glob("*.html"), ROOT / "docs" / "examples" / "saved-models.html")
]  # fmt: skip
PLANS = [(ROOT / "docs" / "examples" / "campaign.csv").read_bytes()[:2_000]]


class Target(NamedTuple):
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


TARGETS = {
    "bytes": Target(
        damaged((valid_bodies() | any_bodies() | wild_bodies().map(_text_keys)).map(encoded)) | st.binary(), check_bytes
    ),
    "mappings": Target(wild_bodies() | valid_bodies() | any_bodies(), check_mapping),
    "sheets": Target(damaged(sheets() | st.sampled_from(PLANS)) | st.binary(), check_sheet),
    "saved pages": Target(damaged(st.sampled_from(PAGES)), check_page),
    "cards": Target(damaged(rate_cards().map(encoded)), check_card),
    "answers": Target(answers() | damaged(answers().map(encoded)) | json_values() | st.binary(), check_answer),
}
"""What is fuzzed: what goes in, and what must be true of what comes out."""


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

    def check(value: Any) -> None:
        nonlocal tried
        if time.monotonic() - start > seconds:
            raise KeyboardInterrupt  # what Hypothesis takes for a wish to stop, and for no finding
        tried += 1
        target.check(value)

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
