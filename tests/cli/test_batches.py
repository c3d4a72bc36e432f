"""Lines of an OpenAI batch: judged by their body, and named by their custom_id in every output."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from reapi_rules import preflight
from reapi_rules.cli.said import Place
from reapi_rules.sheets.results.batches import unwrap
from tests.support.command import Run

FOX = {"model": "gpt-image-2", "prompt": "a fox", "resolution": "2k", "team": "tea"}
OWL = {"model": "gpt-image-2", "prompt": "an owl", "n": 9}
SAID = "lines of an OpenAI batch: each is judged by its body and named by its custom_id"


def line(name: Any, body: Any) -> dict[str, Any]:
    return {"custom_id": name, "method": "POST", "url": "/v1/images/generations", "body": body}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line("fox-1", FOX), line(7, OWL)]
    Path("b.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    Path("b.json").write_text(json.dumps(lines))
    Path("one.json").write_text(json.dumps(lines[0]))


@pytest.mark.parametrize(("name", "place"), (("b.jsonl", "line"), ("b.json", "item")))
class TestEveryOutput:
    def test_check(self, run: Run, name: str, place: str) -> None:
        result = run("check", name)
        assert [text for text in result.out.splitlines() if not text.startswith(" ")] == [
            f"fox-1 ({place} 1): accepted",
            f"7 ({place} 2): REJECTED",
        ]
        assert result.err.splitlines()[0] == SAID
        assert result.err.count(SAID) == 1

    @pytest.mark.parametrize("command", ("check", "quote"))
    def test_reports(self, run: Run, name: str, place: str, command: str) -> None:
        reports = [json.loads(text) for text in run(command, name, "--format", "ndjson").out.splitlines()]
        assert reports == [{"custom_id": key, **preflight(body).to_dict()} for key, body in (("fox-1", FOX), (7, OWL))]
        assert next(iter(reports[0])) == "custom_id"

    def test_quotes_for_people(self, run: Run, name: str, place: str) -> None:
        result = run("quote", name, "--format", "text")
        assert [text for text in result.out.splitlines() if not text.startswith(" ")] == [
            f"fox-1 ({place} 1): 50 credits (0.050 USD)",
            f"7 ({place} 2): REJECTED",
        ]

    def test_advice(self, run: Run, name: str, place: str) -> None:
        assert f"fox-1 ({place} 1): 50 credits" in run("advise", name).out
        first = json.loads(run("advise", name, "--format", "ndjson").out.splitlines()[0])
        assert (first["custom_id"], first["where"]) == ("fox-1", f"fox-1 ({place} 1)")

    def test_groups(self, run: Run, name: str, place: str) -> None:
        result = run("quote", name, "--by", "team", "--format", "json", "--max-credits", "1")
        assert [(row["group"], row["credits"]) for row in json.loads(result.out)] == [("tea", 50), ("", 0)]
        assert f"over budget at fox-1 ({place} 1): " in result.err
        assert result.err.count(SAID) == 1

    def test_rows(self, run: Run, name: str, place: str) -> None:
        result = run("quote", name, "--rows", "--format", "ndjson", "--max-credits", "1")
        rows = [json.loads(text) for text in result.out.splitlines()]
        assert [(row["custom_id"], row["body"], row["reapi_credits"]) for row in rows] == [
            ("fox-1", FOX, 50),
            (7, OWL, None),
        ]
        assert f"over budget at fox-1 ({place} 1): " in result.err
        assert result.err.count(SAID) == 1

    def test_what_if(self, run: Run, name: str, place: str) -> None:
        rows = run("quote", name, "--rows", "--format", "ndjson", "--set", "resolution=1k").out.splitlines()
        assert (json.loads(rows[0])["reapi_credits"], json.loads(rows[0])["reapi_saving"]) == (30, 20)

    def test_a_sheet(self, run: Run, name: str, place: str) -> None:
        rows = list(csv.DictReader(run("quote", name, "--format", "csv").out.splitlines()))
        assert [(row["custom_id"], row["prompt"], row["n"], row["reapi_verdict"]) for row in rows] == [
            ("fox-1", "a fox", "", "warning"), ("7", "an owl", "9", "rejected"),
        ]  # fmt: skip
        assert "body" not in rows[0]


def test_a_single_one(run: Run) -> None:
    result = run("check", "one.json")
    assert result.out.startswith("fox-1 (one.json): accepted\n")
    assert json.loads(run("quote", "one.json", "--format", "json").out)["custom_id"] == "fox-1"
    assert run("quote", "one.json").out.startswith("fox-1 (one.json): 50 credits (0.050 USD)\n")


def test_nothing_is_said_where_there_is_none(run: Run) -> None:
    Path("plain.ndjson").write_text(json.dumps(FOX) + "\n" + json.dumps({"custom_id": "x", **FOX}) + "\n")
    result = run("check", "plain.ndjson")
    assert SAID not in result.err
    assert "line 2: accepted" in result.out


@pytest.mark.parametrize(
    ("text", "name"),
    (
        ('{"custom_id": "a", "body": {}}', "a (line 1)"),
        ('\ufeff{"body": [], "custom_id": "a\\n"}', "a\n (line 1)"),
        ('{"custom_id": "' + "a" * 81 + '", "body": 1}', "a" * 80 + "… (line 1)"),
        ('{"custom_id": null, "body": 1}', "line 1"),
        ('{"custom_id": "", "body": 1}', "line 1"),
        ('{"custom_id": "\\ud800", "body": {}}', None),
        ('{"custom_id": 1e999, "body": {}}', "line 1"),
        ('{"custom_id": {"a": 1}, "body": {}}', '{"a": 1} (line 1)'),
        ('{"custom_id": "a"}', None),
        ('{"body": {}}', None),
        ('["custom_id", "body"]', None),
        ('{"custom_id": "a", "body": {}', None),
        ("[" * 100_000 + '"custom_id"', None),
    ),
)
def test_what_is_a_line_of_a_batch(text: str, name: str | None) -> None:
    found = unwrap(text.encode())
    assert (None if found is None else Place(kind="line", number=1, name=found.name).said()) == name


def test_text_that_is_not_utf_8_is_none(run: Run) -> None:
    text = b'{"custom_id": "a", "x": "\xff", "body": {"model": "gpt-image-2", "prompt": "a fox"}}'
    assert unwrap(text) is None
    Path("x.json").write_bytes(text)
    assert "body.json" in run("check", "x.json").out


class TestOtherWrappers:
    """They are explained by a finding, and not opened."""

    @pytest.mark.parametrize(
        ("body", "rule", "key"),
        (
            ({"images": [FOX]}, "model.required", "images"),
            ({"images": [{"prompt": "a fox"}]}, "model.required", "images"),
            ({"requests": [FOX]}, "model.required", "requests"),
            ({"tasks": {"model": "flux-2"}}, "model.required", "tasks"),
            ({"body": FOX}, "model.required", "body"),
            ({"model": "flux-2", "input": {"prompt": "a fox"}}, "prompt.required", "input"),
            ({"model": "gpt-image-2", "images": [{"prompt": "a fox"}]}, "prompt.required", "images"),
            ({"model": "gpt-image-2", "messages": [{"role": "user", "content": "a fox"}]}, "prompt.required", "messages"),
        ),
    )  # fmt: skip
    def test_the_request_is_one_level_down(self, body: Any, rule: str, key: str) -> None:
        for form in (body, json.dumps(body), json.dumps(body).encode()):
            error = preflight(form).errors[0]
            assert (error.rule, error.hint) == (rule, f"the request is one level down, in {key}: send what is in it")

    @pytest.mark.parametrize(
        "body",
        (
            {"images": ["https://example.com/a.png"]}, {"input": "a fox"}, {"data": []}, {"body": None},
            {"images": [{"url": "https://example.com/a.png"}]}, {"metadata": {"size": "1:1", "n": 1}}, {"tasks": [[FOX]]}, {"tasks": {"x": 1}},
        ),
    )  # fmt: skip
    def test_or_it_is_not(self, body: Any) -> None:
        for form in (body, json.dumps(body)):
            assert preflight(form).errors[0].hint == "name a model, such as gpt-image-2-official"
            assert "one level down" not in (preflight({"model": "gpt-image-2", **body}).errors[0].hint or "")

    def test_image_urls_by_another_name_stay_that(self) -> None:
        report = preflight({"model": "gpt-image-2", "prompt": "a fox", "images": ["https://example.com/a.png"]})
        assert report.warnings[0].patch == {"images": None, "image_urls": ["https://example.com/a.png"]}


class TestTooLarge:
    """One line says what is too large, and nothing is written."""

    def refused(self, run: Run, text: bytes, *words: str) -> str:
        Path("large").write_bytes(text)
        result = run(*words, "-o", "out")
        assert (result.code, result.out) == (2, "")
        assert not Path("out").exists()
        (line,) = result.err.splitlines()
        return line

    @pytest.mark.parametrize(
        "words",
        (
            ("check",),
            ("check", "--format", "ndjson"),
            ("check", "--fixed", "fixed"),
            ("quote", "--rows"),
            ("quote", "--format", "csv"),
        ),
    )
    def test_a_line(self, run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
        most = 64 if words == ("check",) else 1
        monkeypatch.setattr("reapi_rules.cli.streams._LONGEST_LINE", most)
        text = b'{"prompt": "a fox"}\n{"prompt": "' + b"x" * (most << 20) + b'"}\n'
        said = self.refused(run, text, *words, "large", "--from", "ndjson")
        assert said == f"reapi-rules: line 2 is longer than {most} MB: NDJSON has one request on each line"

    @pytest.mark.parametrize("words", (("check",), ("quote", "--rows"), ("check", "--fixed", "fixed")))
    def test_a_list(self, run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reapi_rules.cli.streams._LARGEST_LIST", 1)
        items = [json.dumps(FOX)] * 20_000
        said = self.refused(run, f"[{','.join(items)}]".encode(), *words, "large", "--from", "json")
        assert said == "reapi-rules: the input is larger than 1 MB: save the list as NDJSON, one request on each line"

    def test_a_saved_page(self, run: Run) -> None:
        said = self.refused(run, b"<p>" + b" " * (32 << 20), "rates", "import", "large")
        assert said == "reapi-rules: the input is larger than 32 MB: save reAPI's model page alone"

    def test_what_is_just_not_too_large_is_read(self, run: Run) -> None:
        body = b'{"model": "gpt-image-2", "prompt": "a fox", "seed": "' + b"x" * ((64 << 20) - 60) + b'"}\n'
        Path("large").write_bytes(body)
        assert run("check", "large", "--from", "ndjson", "--format", "ndjson", "-o", "out").code == 0
