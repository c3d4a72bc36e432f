"""``reapi-rules check``: would reAPI take these requests, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial

from msgspec.structs import replace

from reapi_rules.catalog.texts import Told, choice
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.lines import finding_text, printer, report_lines
from reapi_rules.cli.options import (
    ALL,
    REPORTS,
    SHEETS,
    Limits,
    Output,
    Pricing,
    Source,
    check_options,
    suffix_of,
    suffixes_of,
)
from reapi_rules.cli.progress import watched
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.streams import open_input, open_output, write_each
from reapi_rules.cli.summary import Summary, warn_of_age

__all__ = ["GITHUB", "Check", "asked", "configure", "execute", "github_lines"]

GITHUB = "github"


class Check(argparse.Namespace):
    """What is asked: which files, whether a warning counts as a rejection, and where the corrected copy goes."""

    file: list[str]
    strict: bool
    fixed: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    Source.add(parser, count="*")
    Output.add(parser, *REPORTS, GITHUB)
    Pricing.add(parser)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--fixed", metavar="FILE2")


def asked(given: Check) -> tuple[list[Source], Output]:
    """The files to check, and where the results go."""
    if given.fixed is not None and not given.file:  # --fixed a.json may be meant for a switch before the file to fix
        raise UnusableError("name_file")
    files = [argparse.Namespace(**{**vars(given), "file": file}) for file in given.file or (None,)]
    sources = list(map(Source.of, files))
    given.file = [source.path for source in sources]
    if given.file.count("-") > 1:
        raise UnusableError("input_twice")
    output = Output.of(given)
    for option in ("fixed", "account"):
        if len(sources) > 1 and getattr(given, option) is not None:
            raise UnusableError("one_file", option=option)
    paths = [*map(os.path.realpath, given.file)]
    if twice := [file for at, file in enumerate(given.file) if paths[at] in paths[:at]]:
        raise UnusableError("file_twice", path=twice[0])
    check_options(given, *sources)
    if given.fixed is not None:
        _check_place(given.fixed, sources[0])
    return sources, output


def _check_place(path: str, source: Source) -> None:
    if source.format == "xlsx" and not source.path.lower().endswith((".xlsx", ".xlsm")):
        raise UnusableError("fixed_formats")
    own = suffix_of(source.path)
    fitting = [own] if source.format == "xlsx" else suffixes_of(source.format)
    if suffix_of(path) not in ("", own, *fitting):
        what = Told("fixed_sheet" if source.format in SHEETS else "corrected_copy")
        names = choice([f".{suffix}" for suffix in fitting])
        raise UnusableError("fixed_stays", path=path, what=what, form=source.format, names=names)
    if source.format == "xlsx" and os.path.exists(source.path) and not os.path.isfile(source.path):
        raise UnusableError("fixed_pipe")
    if source.sheet == ALL:
        raise UnusableError("fixed_all")


def execute(given: Check) -> int:
    sources, output = asked(given)
    pricing, source, is_strict, form = Pricing.of(given), sources[0], given.strict, output.format
    language = source.language
    summary = Summary(Limits(is_strict=is_strict), pricing, source, language, finds_savings=False)
    warn_of_age(pricing.card, language)
    with ExitStack() as files:
        file = files.enter_context(output.open())
        if given.fixed is None:
            read = partial(read_requests, pricing=pricing, accounts=summary.accounts, with_texts=form != "text")
            entries, is_single = read(source) if len(sources) == 1 else (_of_several(sources, read), False)
        else:
            from reapi_rules.cli.fixing import Fixed  # a check starts faster without

            copy = files.enter_context(open_output(given.fixed, inputs=output.inputs, option="--fixed"))
            fixed = Fixed(source, pricing, copy, summary.accounts)
            entries, is_single = fixed.read()
        lines = partial(github_lines if form == GITHUB else report_lines, language=language, is_strict=is_strict)
        to_text = printer(lines, None if form == GITHUB else file, language)  # GitHub reads no line that is cut
        form = "ndjson" if is_single and form == "json" else form  # no list of one
        write_each(file, form, summary.counted(watched(entries, output.path)), Entry.to_json, to_text)
    if not is_single:
        summary.say_totals()
    if given.fixed is not None:
        fixed.say(given.fixed)
    return summary.exit_code()


def _of_several(sources: Iterable[Source], read: Callable[[Source], tuple[Iterable[Entry], bool]]) -> Iterator[Entry]:
    """The requests of several files, each named by its file; that all can be read is seen before the first."""
    for source in sources:
        if os.path.isfile(source.path) or not os.path.exists(source.path):  # a pipe can be read once
            with open_input(source.path):
                pass
    for source in sources:
        for entry in read(source)[0]:
            yield replace(entry, place=replace(entry.place, is_of_several=True))


def github_lines(entry: Entry, language: str = "en", *, is_strict: bool = False) -> Iterator[str]:
    """The errors and the warnings of a request as GitHub shows them beside the files of a change, a line each.

    A warning that makes the request fail is an error too.

    >>> from reapi_rules import preflight
    >>> from reapi_rules.cli.said import Place
    >>> report = preflight({"model": "gpt-image-2", "prompt": "a fox", "n": 2, "image_urls": "a.png"})
    >>> next(github_lines(Entry(Place("50%.ndjson", "line", 3), report)))
    '::error file=50%25.ndjson,line=3,title=line 3%3A n.range (20003)::n must be 1; split it into 2 requests: 1 + 1'
    """
    report, place = entry.report, entry.place
    at = {"file": "" if place.path == "-" else place.path, "line": place.number if place.kind == "line" else 0}
    for finding in (*report.errors, *report.warnings):
        if finding.level == "note":
            continue
        level = "error" if finding.level == "error" or (is_strict and report.ok) else "warning"
        name, texts = finding_text(finding, language, entry.columns)
        parts = {**at, "title": f"{place.said(language)}: {name}"}
        where = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in parts.items() if value)
        yield f"::{level} {where}::{_escaped('; '.join(filter(None, texts)))}"


def _escaped(text: str, more: str = "") -> str:
    return text.translate({ord(character): f"%{ord(character):02X}" for character in "%\r\n" + more})
