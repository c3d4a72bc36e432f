"""The error catalogue, both ways: from a code or a status to its meaning and its field, from a rule to an example."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.codes import codes
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.forms import form_rules
from reapi_rules.catalog.messages import rows, translation
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.engine.dimensions import NoDimensions
from reapi_rules.engine.quotes import NotExact
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.explanations import (
    CodeExplanation,
    FieldExplanation,
    RuleExplanation,
    StatusExplanation,
    explain,
    link,
)
from reapi_rules.tasks.readings import read_task
from tests.support import oracle
from tests.support.command import Run
from tests.support.examples import EXAMPLES
from tests.support.strategies import json_values, wild_bodies

BODY = {"model": oracle.OFFICIAL, "prompt": "a fox"}
ALWAYS_TOGETHER = {
    "size.looks_like_ratio": ["size.snapped", "size.looks_like_ratio"],
    "mask_url.malformed": ["mask_url.malformed", "mask_url.unchecked"],
    "mask_url.private_host": ["mask_url.private_host", "mask_url.unchecked"],
}
NO_EXAMPLE = ("answer.unreadable", "answer.unknown_ending", "error.status_mismatch", "mask.")

# Code, HTTP status, stage, charged, refunded, category and what the meaning names, as the page and the places in the data
# have them.  70001 and 70002 have no status that anybody has seen.
BEFORE, IN_TASK = "before the task", "in the task"
PUBLISHED: dict[int, tuple[int | None, str | None, bool | None, bool | None, str, str]] = {
    10001: (401, BEFORE, False, False, "authentication", "Authorization"),
    10002: (401, BEFORE, False, False, "authentication", "Bearer"),
    10003: (401, BEFORE, False, False, "authentication", "key is invalid"),
    10004: (401, BEFORE, False, False, "authentication", "revoked"),
    10005: (401, BEFORE, False, False, "authentication", "session"),
    10006: (403, BEFORE, False, False, "authentication", "origin"),
    20001: (400, BEFORE, False, False, "request", "JSON object"),
    20002: (400, BEFORE, False, False, "request", "parameter is missing"),
    20003: (400, BEFORE, False, False, "request", "value is invalid"),
    20004: (400, BEFORE, False, False, "request", "endpoint"),
    20005: (400, BEFORE, False, False, "request", "size"),
    20006: (400, BEFORE, False, False, "request", "quality"),
    20007: (400, BEFORE, False, False, "request", "prompt is too long"),
    30001: (402, BEFORE, False, False, "credits and pricing", "credits"),
    30002: (400, BEFORE, False, False, "credits and pricing", "price"),
    40001: (404, None, None, None, "task", "another user"),
    50001: (429, BEFORE, False, False, "rate limit", "Retry-After"),
    60001: (500, BEFORE, True, True, "server", "stored"),
    60002: (500, BEFORE, True, True, "server", "workflow"),
    60099: (500, BEFORE, None, None, "server", "unexpected"),
    70001: (None, BEFORE, None, None, "server", "workflow cluster"),
    70002: (None, BEFORE, None, None, "server", "database"),
    80001: (None, IN_TASK, True, True, "provider", "provider_submit_failed"),
    80002: (None, IN_TASK, True, True, "provider", "provider_polling_timeout"),
    80003: (None, IN_TASK, True, True, "provider", "provider_failed"),
    80006: (None, IN_TASK, True, True, "provider", "content policy"),
}
STATUSES = (400, 401, 402, 403, 404, 429, 500, 502, 503, 504)


def code(subject: int | str, body: Any = msgspec.UNSET, **options: Any) -> CodeExplanation:
    explanation = explain(subject, body, **options)
    assert isinstance(explanation, CodeExplanation)
    return explanation


def status(subject: int | str, body: Any = msgspec.UNSET) -> StatusExplanation:
    explanation = explain(subject, body)
    assert isinstance(explanation, StatusExplanation)
    return explanation


def field(subject: str, body: Any = msgspec.UNSET, **options: Any) -> FieldExplanation:
    explanation = explain(subject, body, **options)
    assert isinstance(explanation, FieldExplanation)
    return explanation


def rule(subject: str, body: Any = msgspec.UNSET) -> RuleExplanation:
    explanation = explain(subject, body)
    assert isinstance(explanation, RuleExplanation)
    return explanation


class TestCodes:
    def test_the_published_codes_and_no_others(self) -> None:
        assert [row.code for row in codes().rows] == list(PUBLISHED)

    @pytest.mark.parametrize("number", tuple(PUBLISHED))
    def test_a_published_code(self, number: int) -> None:
        known = code(number)
        assert known.published
        *facts, word = PUBLISHED[number]
        assert [known.http_status, known.stage, known.charged, known.refunded, known.category] == facts
        assert word in known.meaning
        assert known.what_to_do
        assert known.seen_in
        assert known.certainty == ("documented" if "gpt-image-2-official" in known.seen_in else "inferred")
        assert known == code(str(number))
        assert json.loads(msgspec.json.encode(known))["code"] == number

    @given(
        st.integers(-(10**18) + 1, 10**18 - 1).filter(
            lambda number: number not in PUBLISHED and not 100 <= number < 600
        )
    )
    @example(80004)
    @example(600)
    @example(99)
    def test_a_code_that_is_not_published_says_exactly_that(self, number: int) -> None:
        unknown = code(number)
        assert (unknown.published, unknown.meaning) == (False, "this code is not published")
        assert (unknown.http_status, unknown.stage, unknown.charged, unknown.refunded, unknown.seen_in) == (None,) * 5
        assert (unknown.certainty, unknown.rules) == ("unspecified", ())
        assert code(str(number)) == unknown

    def test_the_category_of_the_leading_digit(self) -> None:
        numbers = (10000, 20008, 39999, 40002, 50002, 60003, 70003, 89999)
        names = [
            "authentication",
            "request",
            "credits and pricing",
            "task",
            "rate limit",
            "server",
            "server",
            "provider",
        ]
        assert [code(number).category for number in numbers] == names
        assert {code(number).category for number in (9999, 90001, 100000, 2, 200030, 0, -20003)} == {None}

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

    @pytest.mark.parametrize(
        ("body", "number", "rules"),
        (
            ({"model": "flux-2", "resolution": "4k", "aspect_ratio": "auto", "n": 2}, 20003, ["aspect_ratio.needs_input_urls", "resolution.unknown", "field.unknown"]),
            ({"model": "flux-2", "input_urls": ["https://a.example/1.png"] * 9}, 20003, ["input_urls.max_items"]),
            ({"model": "wan2.7-image", "prompt": None}, 20002, ["prompt.required"]),
            ({"model": "flux-2", "resolution": "4k", "nsfw_checker": 1}, 20003, ["nsfw_checker.type"]),
            ({"model": "flux-2", "resolution": "4k"}, 20007, []),
            ({"model": oracle.OFFICIAL, "image_urls": ["https://localhost/a b"]}, 20003, []),
        ),
    )  # fmt: skip
    def test_what_is_only_a_warning_may_be_the_cause_where_nothing_else_is(
        self, body: Any, number: int, rules: list[str], tmp_path: Path, run: Run
    ) -> None:
        body = {"prompt": "a fox", **body}
        assert [found.rule for found in code(number, body).findings or ()] == rules
        assert [found.rule for found in status(400, body).findings or ()] == rules or number == 20007
        path = tmp_path / "body.json"
        path.write_text(json.dumps(body))
        is_perhaps = (
            f"  nothing in {path} is sure to cause {number}, but this may:\n    warning"
            in run("explain", str(number), str(path)).out
        )
        assert is_perhaps == (len(rules) > 0 and rules != ["nsfw_checker.type"])
        assert "is sure" not in run("explain", "resolution", str(path)).out

    @given(wild_bodies() | json_values() | st.text() | st.binary(), st.sampled_from((20002, 20003, 20007, 10001, 7)))
    def test_the_errors_are_divided_among_the_codes(self, body: Any, number: int) -> None:
        errors, found = preflight(body).errors, code(number, body).findings or ()
        if any(error.code == number for error in errors):
            assert found == tuple(error for error in errors if error.code == number)
        assert len({one.level for one in found}) <= 1
        json.loads(msgspec.json.encode(code(number, body)))

    def test_a_rule_on_a_body(self) -> None:
        body = {**BODY, "image_urls": ["./a.png", "https://cdn.example.com/b.png", "./c.png"]}
        found = rule("image_urls.not_http", body).findings or ()
        assert [finding.pointer for finding in found] == ["/image_urls/0", "/image_urls/2"]
        assert rule("n.range", body).findings == ()


class TestStatuses:
    """An HTTP status: the codes that come with it, and what may come with it without one."""

    @pytest.mark.parametrize("number", STATUSES)
    def test_the_codes_with_it(self, number: int) -> None:
        known = status(number)
        assert known.http_status == number
        assert [row.code for row in known.codes] == [row for row, facts in PUBLISHED.items() if facts[0] == number]
        assert all(row == code(row.code) for row in known.codes)
        assert known == status(str(number))
        assert (known.findings, known.predicted) == (None, None)
        assert json.loads(msgspec.json.encode(known))["http_status"] == number

    def test_every_status_of_a_code_is_in_use(self) -> None:
        assert codes().http_statuses == STATUSES

    def test_what_comes_with_it_without_a_code(self) -> None:
        found = {number: [row.name for row in status(number).endings] for number in STATUSES}
        assert {number: names for number, names in found.items() if names} == {
            400: ["prompt_moderated", "mask_refused"],
            502: ["server_error"],
            503: ["server_error"],
            504: ["server_error"],
        }
        assert status(502).endings == (endings()["server_error"],)

    @pytest.mark.parametrize("number", (100, 302, 405, 413, 418, 499))
    def test_of_any_other_it_is_known_that_nothing_is(self, number: int) -> None:
        known = status(number)
        assert (known.http_status, known.in_use, known.codes) == (number, False, ())
        assert known.endings == (endings()["unpublished"],)

    def test_whether_reapi_uses_it(self) -> None:
        assert tuple(number for number in range(100, 600) if status(number).in_use) == STATUSES

    @pytest.mark.parametrize(
        "name", ("HTTP 429", "HTTP429", "HTTP/429", " 429\n", "HTTP/2 429", "http/1.1 429 Too Many Requests")
    )
    def test_as_people_write_it(self, name: str) -> None:
        assert status(name) == status(429)

    def test_which_field_it_was(self) -> None:
        known = status(400, {**BODY, "prompt": "x" * 4001, "n": 9})
        assert [found.pointer for found in known.findings or ()] == ["/prompt", "/n"]
        assert known.predicted == 20007
        assert [row.code for row in known.codes if row.findings] == [20003, 20007]
        assert (status(429, BODY).findings, status(400, BODY).predicted) == ((), None)


class TestFields:
    """A field: its rules."""

    def test_the_rules_of_a_field(self) -> None:
        named = [row.rule for row in field("size").rules]
        assert named == [name for name, row in built_in().rules.items() if row.field == "size"]
        assert {"size.type", "size.unknown", "size.needs_widescreen", "size.auto_price"} <= set(named)
        assert all(row == rule(row.rule) for row in field("size").rules)
        assert field("size").findings is None

    def test_every_field_that_a_rule_names(self) -> None:
        rows = (*built_in().rules.values(), *(row.rule() for row in task_rules().rules))
        for name in {row.field for row in rows if row.field}:
            assert [row.rule for row in field(name).rules] == [row.id for row in rows if row.field == name]

    @pytest.mark.parametrize("name", ("Size", "SIZE", "N", "Image_URLs"))
    def test_in_any_letter_case(self, name: str) -> None:
        assert field(name) == field(name.lower())
        assert rule("N.Range") == rule("n.range")

    def test_rules_about_answers_and_masks_are_among_them(self) -> None:
        assert {"mask_url.type", "mask.opaque"} <= {row.rule for row in field("mask_url").rules}
        assert [row.rule for row in field("status").rules] == ["task.unknown_status"]

    def test_what_a_body_has_of_it(self) -> None:
        body = {**BODY, "size": "16x9", "n": 9, "quality": None}
        found = {
            name: [finding.rule for finding in field(name, body).findings or ()] for name in ("size", "n", "prompt")
        }
        assert found == {"size": ["size.snapped", "size.looks_like_ratio"], "n": ["n.range"], "prompt": []}
        assert field("prompt", BODY).findings == ()

    def test_a_body_without_a_model(self) -> None:
        assert field("model", {"prompt": "a fox"}).findings
        assert field("model", {"prompt": "a fox"}, default_model=oracle.OFFICIAL).findings == ()


class TestRules:
    @pytest.mark.parametrize("name", tuple(built_in().rules))
    def test_the_example_triggers_exactly_it(self, name: str) -> None:
        report = preflight(rule(name).example)
        found = [finding.rule for finding in (*report.errors, *report.warnings)]
        assert found == ALWAYS_TOGETHER.get(name, [name])

    @pytest.mark.parametrize("name", tuple(row.id for row in task_rules().rules))
    def test_the_example_answer_triggers_exactly_it(self, name: str) -> None:
        example = rule(name).example
        if example is None:
            assert name.startswith(NO_EXAMPLE)
            return
        findings = read_task(example, request=preflight(task_rules().request)).findings
        assert [finding.rule for finding in findings] == [name]

    @pytest.mark.parametrize("name", (*built_in().rules, *(row.id for row in task_rules().rules)))
    def test_each_rule_is_explained(self, name: str) -> None:
        known = rule(name)
        row = built_in().rules.get(name) or task_rules()[name]
        assert (known.trigger, known.code, known.certainty, known.section) == (
            row.trigger,
            row.code,
            row.certainty,
            row.section,
        )
        assert known.hint or known.level == "note" or name == "field.unknown"
        assert known.message
        assert known.page.startswith("https://")
        json.loads(msgspec.json.encode(known))

    @pytest.mark.parametrize(
        ("name", "message"),
        (
            ("n.range", "n must be between 1 and 4"),
            ("task.image_count", "the number of images is 1 in the output, but 2 in the request"),
            ("task.model_echo", "the task names the model gpt-image-2, but the request named gpt-image-2-official"),
            ("mask.not_png", "the mask must be a PNG, but this is …"),
            ("mask.dimensions", "the mask is …x…, but the first image is …x…"),
        ),
    )
    def test_its_message_is_that_of_its_example(self, name: str, message: str) -> None:
        assert rule(name).message == message

    def test_the_request_rules_are_those_of_the_rulebook(self) -> None:
        assert not set(built_in().rules) & {row.id for row in task_rules().rules}

    @pytest.mark.parametrize(
        "name",
        (
            "size.needs_widscreen",
            "",
            "two",
            "9" * 5000,
            "\ud800",
            "429.0",
            "٢",
            "None",
            "HTTP",
            "HTTP 20003",
            "HTTP 999",
            "HTTP/1429",
        ),
    )
    def test_none_of_these(self, name: str) -> None:
        with pytest.raises(ValueError, match="is neither an error code, an HTTP status, a rule nor a field"):
            explain(name)

    @pytest.mark.parametrize("number", (10**18, -(10**18), 10**5000), ids=("long", "negative", "very long"))
    def test_a_number_that_is_no_code(self, number: int) -> None:
        with pytest.raises(ValueError, match="an error code has five digits"):
            explain(number)

    def test_did_you_mean(self) -> None:
        for name, meant in (("size.needs_widscreen", "size.needs_widescreen"), ("resolutoin", "resolution")):
            with pytest.raises(ValueError, match=rf"a field: did you mean {re.escape(meant)}\?$"):
                explain(name)
        with pytest.raises(ValueError, match=r"a field: docs/rules\.md lists the rules$"):
            explain("something else")


def ids(*files: str) -> set[str]:
    """Whatever looks like an id in some files of the data: a key, or what is under ``id``, ``rule`` or ``name``."""
    return {
        id
        for file in files
        for id in re.findall(r'^\s*(?:\{?"(?:id|name)": )?"([a-z_]+\.[a-z_]+)"', data_file(file).decode(), re.MULTILINE)
    }


class TestOtherIds:
    """What is printed with an id, of a sheet, a cell, a form, a card, a saving, a price or an ending, is explained."""

    FILES = ("account.json", "columns.json", "lint.json", "advice.json", "forms.json", "task-rules.json")
    IDS = ids(*FILES) | {*get_args(NotExact), *get_args(NoDimensions), *endings(), *built_in().rules}

    def test_they_are_found(self) -> None:
        assert {"sheet.unread_values", "card.gap", "cell.no_ratio", "form.repeated", "quality.lower"} < self.IDS
        assert {"price.not_published", "mask.opaque", "no_rate", "server_picks", "no_answer"} < self.IDS

    @pytest.mark.parametrize("language", ("en", "zh"))
    def test_each_is_explained_in_each_language(self, language: str, run: Run) -> None:
        for id in sorted(self.IDS):
            said = run("explain", id, "--lang", language)
            assert (said.code, said.err) == (0, ""), id
            first, *more = said.out.splitlines()
            assert first.partition("：" if language == "zh" else ": ")[0] == id
            assert not re.search(r"\{\w+\}", "".join(line for line in (first, *more) if "example" not in line))
            assert all(re.search("[一-鿿]", line) for line in (first, *more)) == (language == "zh")
            as_json = run("explain", id, "--lang", language, "--format", "json").bytes
            assert as_json == msgspec.json.encode(explain(id)) + b"\n"

    def test_each_text_that_explains_is_translated(self) -> None:
        rules = [rule.trigger for rule in built_in().rules.values()] + [row.trigger for row in rows("en").values()]
        of_codes = [text for row in codes().rows for text in (row.cause, row.what_to_do)]
        of_endings = [text for row in endings().values() for text in (row.meaning, row.what_to_do, row.stage)]
        needed = {*rules, *of_codes, *of_endings, *codes().categories.values(), code(80004).meaning}
        assert {*translation("zh").explained} == needed - {None}


class TestTheDocsHaveAnAnchorForEachRule:
    def test_each_link_leads_to_one_anchor(self) -> None:
        names = (*built_in().rules, *(row.id for row in task_rules().rules), *form_rules())
        links = [link(name) for name in names]
        assert len(set(links)) == len(links)
        for address in links:
            page, _, anchor = address.partition("#")
            assert (EXAMPLES.parent.parent / page).read_text(encoding="utf-8").count(f'<a id="{anchor}"></a>') == 1


class TestTheCommand:
    """``reapi-rules explain`` prints the same, as text and as JSON."""

    @pytest.mark.parametrize(
        "subject", (*map(str, (*PUBLISHED, 80004)), *built_in().rules, "task.image_count", "mask.opaque", "size", "n")
    )
    def test_json_is_the_explanation(self, subject: str, run: Run) -> None:
        assert run("explain", subject, "--format", "json").bytes == msgspec.json.encode(explain(subject)) + b"\n"
        text = run("explain", subject).out
        assert text.startswith(f"{subject}: ")
        assert not {"None", "as_is", "after_fix", "after_wait", "after_check"} & {*re.findall(r"\w+", text)}

    @pytest.mark.parametrize("number", STATUSES)
    def test_a_status(self, number: int, run: Run) -> None:
        assert run("explain", str(number), "--format", "json").bytes == msgspec.json.encode(explain(number)) + b"\n"
        lines, count = run("explain", str(number)).out.splitlines(), len(status(number).codes)
        words = {0: "no published code", 1: "1 published code"}.get(count, f"{count} published codes")
        assert lines[: count + 1] == [
            f"HTTP {number}: {words}",
            *(f"  {row.code}: {row.meaning}" for row in status(number).codes),
        ]
        assert sum("without a published code: " in line for line in lines) == len(status(number).endings)

    def test_what_may_come_without_a_code(self, run: Run) -> None:
        assert run("explain", "502").out.splitlines()[1:] == [
            "  without a published code: the server or a proxy in front of it failed",
            "    charged: not published, refunded: not published (unspecified)",
            "    send again: only after a check",
            "    what to do: check your balance first: reAPI has not published whether the submit is charged",
        ]

    @pytest.mark.parametrize(
        ("number", "line"),
        (
            (20004, "  category: request, HTTP 400, before the task"), (40001, "  category: task, HTTP 404, stage not published"),
            (70001, "  category: server, HTTP status not published, before the task"), (80001, "  category: provider, in the task"),
            (80004, "  category: provider, stage not published"), (90001, "  category: not known, stage not published"),
        ),
    )  # fmt: skip
    def test_where_a_code_comes(self, number: int, line: str, run: Run) -> None:
        assert run("explain", str(number)).out.splitlines()[1] == line

    def test_a_refund(self, run: Run) -> None:
        assert run("explain", "60001").out.splitlines()[2:5] == [
            "  charged: yes, refunded: yes (inferred)",
            "  send again: yes, unchanged",
            "  what to do: submit again later: the task was not started, and the credits are refunded",
        ]

    def test_a_field(self, run: Run) -> None:
        lines, rules = run("explain", "n").out.splitlines(), field("n").rules
        assert lines[:3] == [
            f"n: {len(rules)} rules",
            "  n.type: error (20003), inferred",
            f"    when: {built_in().rules['n.type'].trigger}",
        ]
        assert lines[1::2] == [
            f"  {row.rule}: {row.level}{f' ({row.code})' if row.code else ''}, {row.certainty}" for row in rules
        ]
        assert run("explain", "status").out.splitlines()[0] == "status: 1 rule"

    def test_a_rule(self, run: Run) -> None:
        known = rule("task.unknown_status")
        assert run("explain", known.rule).out.splitlines() == [
            "task.unknown_status: warning, documented",
            f"  when: {known.trigger}",
            f"  message: {known.message}",
            f"  what to do: {known.hint}",
            f"  example: {json.dumps(known.example)}",
            f'  source: {known.page}, section "Response envelope"',
            "  docs: docs/rules.md#task-unknown_status",
        ]
        lines = run("explain", "n.range").out.splitlines()
        assert [line for line in lines if line.startswith("  variant ")] == [
            "  variant fixed: … must be …",
            "  variant least: … must be at least …",
            "  variant most: … must be at most …",
        ]

    def test_the_rules_of_a_code_are_one_line(self, run: Run) -> None:
        """Which a terminal shows in several."""
        (listed,) = (line for line in run("explain", "20003").out.splitlines() if line.startswith("  rules: "))
        assert listed.removeprefix("  rules: ").split(", ") == list(code(20003).rules)

    def test_which_field_it_was(self, tmp_path: Path, run: Run) -> None:
        path = tmp_path / "body.json"
        path.write_text(json.dumps({**BODY, "n": 9, "prompt": ""}))
        predicted = "  by these rules reAPI answers this body with 20002"
        lines = run("explain", "20003", str(path)).out.splitlines()
        assert lines[-4:-2] == [f"  20003 in {path}:", "    error    n.range (20003): n must be between 1 and 4"]
        assert lines[-1] == predicted
        assert f"  nothing in {path} would cause 20007\n" in run("explain", "20007", str(path)).out
        assert "by these rules" not in run("explain", "20002", str(path)).out
        for subject in ("400", "n", "n.range"):
            printed = run("explain", subject, str(path)).out
            assert f"  {'HTTP 400' if subject == '400' else subject} in {path}:\n" in printed
            assert (predicted in printed) == (subject == "400")
        found = json.loads(run("explain", "n.range", str(path), "--format", "json").out)["findings"]
        assert found[0]["value"] == 9

    def test_a_body_without_a_model(self, tmp_path: Path, run: Run) -> None:
        path = tmp_path / "body.json"
        path.write_text('{"prompt": "a fox"}')
        said = run("explain", "20002", str(path), "--model", oracle.OFFICIAL).out
        assert f"nothing in {path} would cause 20002" in said

    @pytest.mark.parametrize("words", (["n.rage"], ["20003", "/no/such/file"], ["20003", "."], []))
    def test_bad_usage(self, words: list[str], run: Run) -> None:
        result = run("explain", *words)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(("reapi-rules: ", "usage: "))


@pytest.mark.parametrize(
    ("status", "ending"), ((200, "accepted_without_id"), (204, "accepted_without_id"), (505, "server_error"))
)
def test_a_status_that_no_code_comes_with_is_one_all_the_same(status: int, ending: str) -> None:
    explanation = explain(status)
    assert isinstance(explanation, StatusExplanation)
    assert (explanation.codes, [row.name for row in explanation.endings]) == ((), [ending])


def test_a_number_that_is_no_status_is_a_code() -> None:
    assert all(isinstance(explain(number), CodeExplanation) for number in (-1, 0, 20, 99, 600, 2000))


@pytest.mark.parametrize("name", ("image_urls", "Image_URLs", "Reference images", "reference IMAGES", "参考图"))
def test_a_field_as_a_form_calls_it(name: str) -> None:
    found = explain(name)
    assert isinstance(found, FieldExplanation)
    assert found.field == "image_urls"
