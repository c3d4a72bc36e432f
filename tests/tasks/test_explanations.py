"""The error codes, both ways: from a code to its meaning and its field, from a rule to an example and a way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli import main
from reapi_rules.tasks.endings import outcomes
from reapi_rules.tasks.explanations import CodeExplanation, RuleExplanation, explain, link
from reapi_rules.tasks.readings import read_task
from reapi_rules.tasks.rules import client_rules
from tests.support import oracle
from tests.support.strategies import json_values, wild_bodies
from tests.tools.generate_docs import DOCS

BODY = {"model": oracle.OFFICIAL, "prompt": "a fox"}
ALWAYS_TOGETHER = {
    "size.looks_like_ratio": ["size.snapped", "size.looks_like_ratio"],
    "mask_url.malformed": ["mask_url.malformed", "mask_url.unchecked"],
    "mask_url.private_host": ["mask_url.private_host", "mask_url.unchecked"],
}
NO_EXAMPLE = ("error.status_mismatch", "mask.")

# Code, HTTP status, stage, charged and refunded, as the page and the places named in the data give them.
PUBLISHED: dict[int, tuple[int | None, str, bool | None, bool | None, str]] = {
    10001: (401, "before the task", False, False, "authentication"),
    10002: (401, "before the task", False, False, "authentication"),
    10003: (401, "before the task", False, False, "authentication"),
    10004: (401, "before the task", False, False, "authentication"),
    10005: (401, "before the task", False, False, "authentication"),
    20002: (400, "before the task", False, False, "request"),
    20003: (400, "before the task", False, False, "request"),
    20007: (400, "before the task", False, False, "request"),
    50001: (429, "before the task", False, False, "rate limit"),
    60099: (500, "before the task", None, None, "server"),
    80001: (None, "in the task", True, True, "provider"),
    80002: (None, "in the task", True, True, "provider"),
    80003: (None, "in the task", True, True, "provider"),
    80006: (None, "in the task", True, True, "provider"),
}


def code(subject: int | str, body: Any = msgspec.UNSET, **options: Any) -> CodeExplanation:
    explanation = explain(subject, body, **options)
    assert isinstance(explanation, CodeExplanation)
    return explanation


def rule(subject: str, body: Any = msgspec.UNSET) -> RuleExplanation:
    explanation = explain(subject, body)
    assert isinstance(explanation, RuleExplanation)
    return explanation


class TestCodes:
    def test_the_published_codes_and_no_others(self) -> None:
        assert [row.code for row in built_in().errors.codes] == list(PUBLISHED)

    @pytest.mark.parametrize("number", tuple(PUBLISHED))
    def test_a_published_code(self, number: int) -> None:
        known = code(number)
        assert known.published
        assert (known.http_status, known.stage, known.charged, known.refunded, known.category) == PUBLISHED[number]
        assert known.meaning
        assert known.what_to_do
        assert known.seen_in
        assert known.certainty == ("documented" if "gpt-image-2-official" in known.seen_in else "inferred")
        assert known == code(str(number))
        assert json.loads(msgspec.json.encode(known))["code"] == number

    @given(st.integers(-(10**18) + 1, 10**18 - 1).filter(lambda number: number not in PUBLISHED))
    def test_a_code_that_is_not_published_says_exactly_that(self, number: int) -> None:
        unknown = code(number)
        assert (unknown.published, unknown.meaning) == (False, "this code is not published")
        assert (unknown.http_status, unknown.stage, unknown.charged, unknown.refunded, unknown.seen_in) == (None,) * 5
        assert (unknown.certainty, unknown.rules) == ("unspecified", ())
        assert code(str(number)) == unknown

    def test_the_category_of_the_leading_digit(self) -> None:
        names = {number: code(number).category for number in (10999, 20004, 50002, 60001, 89999)}
        assert list(names.values()) == ["authentication", "request", "rate limit", "server", "provider"]
        assert {code(number).category for number in (30001, 40001, 70001, 90001, 2, 200030, 0, -20003)} == {None}

    def test_every_code_ends_in_an_outcome_that_exists(self) -> None:
        assert {row.outcome for row in built_in().errors.codes} <= set(outcomes())

    def test_the_rules_of_a_code(self) -> None:
        assert code(20002).rules == ("model.required", "prompt.required")
        assert code(20007).rules == ("prompt.max_length",)
        assert "field.unknown" in code(20003).rules
        assert not {"body.json", "prompt.blank"} & set(code(20003).rules)


class TestWhichFieldWasIt:
    def test_the_rules_that_give_this_code_on_this_body(self) -> None:
        body = {**BODY, "prompt": "x" * 4001, "size": "7:5", "n": 9}
        pointers = {number: [found.pointer for found in code(number, body).findings or ()] for number in PUBLISHED}
        assert {number: found for number, found in pointers.items() if found} == {
            20003: ["/size", "/n"],
            20007: ["/prompt"],
        }
        assert code(20003, body).predicted == 20007

    def test_a_body_that_does_not_give_it(self) -> None:
        assert (code(20003, BODY).findings, code(20003, BODY).predicted) == ((), None)
        assert (code(20003).findings, code(20003).predicted) == (None, None)

    def test_a_body_without_a_model(self) -> None:
        assert [found.rule for found in code(20002, {"prompt": "a fox"}).findings or ()] == ["model.required"]
        assert code(20002, {"prompt": "a fox"}, default_model=oracle.OFFICIAL).findings == ()

    @given(wild_bodies() | json_values() | st.text() | st.binary(), st.sampled_from((20002, 20003, 20007, 10001, 7)))
    def test_the_errors_are_divided_among_the_codes(self, body: Any, number: int) -> None:
        errors = preflight(body).errors
        assert code(number, body).findings == tuple(error for error in errors if error.code == number)
        json.loads(msgspec.json.encode(code(number, body)))

    def test_a_rule_on_a_body(self) -> None:
        body = {**BODY, "image_urls": ["./a.png", "https://cdn.example.com/b.png", "./c.png"]}
        found = rule("image_urls.not_http", body).findings or ()
        assert [finding.pointer for finding in found] == ["/image_urls/0", "/image_urls/2"]
        assert rule("n.range", body).findings == ()


class TestRules:
    @pytest.mark.parametrize("name", tuple(built_in().rules))
    def test_the_example_triggers_exactly_it(self, name: str) -> None:
        report = preflight(rule(name).example)
        found = [finding.rule for finding in (*report.errors, *report.warnings)]
        assert found == ALWAYS_TOGETHER.get(name, [name])

    @pytest.mark.parametrize("name", tuple(row.id for row in client_rules().rules))
    def test_the_example_answer_triggers_exactly_it(self, name: str) -> None:
        example = rule(name).example
        if example is None:
            assert name.startswith(NO_EXAMPLE)
            return
        findings = read_task(example, request=preflight(client_rules().request).effective).findings
        assert [finding.rule for finding in findings] == [name]

    @pytest.mark.parametrize("name", (*built_in().rules, *(row.id for row in client_rules().rules)))
    def test_each_rule_is_explained(self, name: str) -> None:
        known = rule(name)
        row = built_in().rules.get(name) or client_rules()[name]
        assert (known.trigger, known.code, known.certainty, known.section) == (
            row.trigger,
            row.code,
            row.certainty,
            row.section,
        )
        assert known.way_out
        assert known.message
        assert known.page.startswith("https://")
        json.loads(msgspec.json.encode(known))

    def test_a_way_out_has_one_home(self) -> None:
        """It is the example's hint, or stands in the row, never both."""
        for name, row in built_in().rules.items():
            report = preflight(rule(name).example)
            hints = [found.hint for found in (*report.errors, *report.warnings) if found.rule == name]
            assert (row.way_out is None) == (hints[0] is not None), name

    def test_the_request_rules_are_those_of_the_rulebook(self) -> None:
        assert not set(built_in().rules) & {row.id for row in client_rules().rules}
        assert len(built_in().rules) == 50

    @pytest.mark.parametrize("name", ("size.needs_widscreen", "", "n", "two", "9" * 5000, "\ud800", "20003 ", "٢"))
    def test_neither_a_code_nor_a_rule(self, name: str) -> None:
        with pytest.raises(ValueError, match="is neither an error code nor the id of a rule"):
            explain(name)

    @pytest.mark.parametrize("number", (10**18, -(10**18), 10**5000), ids=("long", "negative", "very long"))
    def test_a_number_that_is_no_code(self, number: int) -> None:
        with pytest.raises(ValueError, match="an error code has five digits"):
            explain(number)

    def test_did_you_mean(self) -> None:
        with pytest.raises(ValueError, match=r"did you mean size\.needs_widescreen"):
            explain("size.needs_widscreen")


class TestTheDocsHaveAnAnchorForEachRule:
    def test_each_link_leads_to_one_anchor(self) -> None:
        names = (*built_in().rules, *(row.id for row in client_rules().rules))
        links = [link(name) for name in names]
        assert len(set(links)) == len(links)
        for address in links:
            page, _, anchor = address.partition("#")
            assert (DOCS.parent / page).read_text(encoding="utf-8").count(f'<a id="{anchor}"></a>') == 1


class TestTheCommand:
    """``reapi-rules explain`` prints the same, as text and as JSON."""

    @pytest.mark.parametrize(
        "subject", (*map(str, PUBLISHED), "20004", *built_in().rules, "task.image_count", "mask.opaque")
    )
    def test_json_is_the_explanation(self, subject: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        assert main(["explain", subject, "--format", "json"]) == 0
        assert capfdbinary.readouterr().out == msgspec.json.encode(explain(subject)) + b"\n"
        assert main(["explain", subject]) == 0
        lines = capfdbinary.readouterr().out.decode().splitlines()
        assert lines[0].startswith(f"{subject}: ")
        assert max(map(len, lines)) < 700

    def test_which_field_it_was(self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        path = tmp_path / "body.json"
        path.write_text(json.dumps({**BODY, "n": 9, "prompt": ""}))
        assert main(["explain", "20003", str(path)]) == 0
        assert capfdbinary.readouterr().out.decode().splitlines()[-3:] == [
            f"  {path}: 20003 comes from",
            "    error    n.range (20003): n must be between 1 and 4",
            "  by these rules reAPI answers it with 20002",
        ]
        assert main(["explain", "20007", str(path)]) == 0
        assert f"  {path}: nothing gives 20007\n" in capfdbinary.readouterr().out.decode()
        assert main(["explain", "n.range", str(path), "--format", "json"]) == 0
        assert json.loads(capfdbinary.readouterr().out)["findings"][0]["value"] == 9

    def test_a_body_without_a_model(self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        path = tmp_path / "body.json"
        path.write_text('{"prompt": "a fox"}')
        assert main(["explain", "20002", str(path), "--model", oracle.OFFICIAL]) == 0
        assert "nothing gives 20002" in capfdbinary.readouterr().out.decode()

    @pytest.mark.parametrize("words", (["n.rage"], ["20003", "/no/such/file"], ["20003", "."], []))
    def test_bad_usage(self, words: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        assert main(["explain", *words]) == 2
        captured = capfdbinary.readouterr()
        assert captured.out == b""
        assert captured.err.startswith((b"reapi-rules: ", b"usage: "))
