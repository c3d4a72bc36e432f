"""Findings as GitHub shows them beside the files of a change: a line each for its runner."""

from __future__ import annotations

from collections.abc import Iterator

from reapi_rules.cli.lines import finding_text
from reapi_rules.cli.requests import Entry
from reapi_rules.cli.streams import printed

__all__ = ["GITHUB", "github_lines", "github_text"]

GITHUB = "github"
"""The format by its name."""


def github_lines(entry: Entry, language: str = "en", *, is_strict: bool = False) -> Iterator[str]:
    """The errors and the warnings of a request; a warning that makes it fail is an error too.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.cli.place import Place
    >>> report = preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2, "image_urls": "a.png"})
    >>> next(github_lines(Entry(Place("50%.ndjson", "line", 3), report)))
    '::error file=50%25.ndjson,line=3,title=line 3%3A n.range (20003)::n must be 1; split it into 2 requests: 1 + 1'
    """
    report, place = entry.report, entry.place
    at = {"file": place.path.removeprefix("-"), "line": place.number if place.kind == "line" else 0}
    for finding in (*report.errors, *report.warnings):
        if finding.level == "note":
            continue
        level = "error" if finding.level == "error" or (is_strict and report.ok) else "warning"
        name, texts = finding_text(finding, entry.columns, language)
        parts = {**at, "title": f"{place.said(language)}: {name}"}
        where = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in parts.items() if value)
        yield f"::{level} {where}::{_escaped('; '.join(filter(None, texts)))}"


def github_text(entry: Entry, language: str = "en", *, is_strict: bool = False) -> bytes:
    """The lines as one text."""
    return printed(github_lines(entry, language, is_strict=is_strict))


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
