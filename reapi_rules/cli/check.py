"""``reapi-rules check``: would reAPI take these requests, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from reapi_rules.catalog.texts import Told, choice
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.github import GITHUB, github_text
from reapi_rules.cli.lines import printer, report_lines
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
from reapi_rules.cli.summary import Summary

if TYPE_CHECKING:
    from reapi_rules.sheets.meaning.account import Account

__all__ = ["Check", "configure", "execute"]


class Check(msgspec.Struct, frozen=True):
    """What is asked: the verdicts on the requests of some files, and whether a warning counts as a rejection.

    ``fixed`` is the file that the bodies go to with every patch applied.
    """

    sources: tuple[Source, ...]
    output: Output
    pricing: Pricing
    is_strict: bool
    fixed: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    Source.add(parser, count="*")
    Output.add(parser, *REPORTS, GITHUB)
    Pricing.add(parser)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--fixed", metavar="FILE2")
    parser.set_defaults(parse=_parse, execute=execute)


def _parse(arguments: argparse.Namespace) -> Check:
    files = [argparse.Namespace(**{**vars(arguments), "file": file}) for file in arguments.file or [None]]
    sources = tuple(map(Source.of, files))
    arguments.file = [source.path for source in sources]
    if arguments.file.count("-") > 1:
        raise UnusableError("input_twice")
    output = Output.of(arguments)
    for option in ("fixed", "account"):
        if len(sources) > 1 and getattr(arguments, option) is not None:
            raise UnusableError("one_file", option=option)
    check_options(arguments, *sources)
    if arguments.fixed is not None:
        _check_place(arguments.fixed, sources[0])
    return Check(sources, output, Pricing.of(arguments), arguments.strict, arguments.fixed)


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


def execute(check: Check) -> int:
    """Print a report for each request."""
    source, is_strict = check.sources[0], check.is_strict
    language = source.telling.language
    summary = Summary(Limits(), check.pricing, source, language, finds_savings=False, is_strict=is_strict)
    summary.begin()
    with ExitStack() as files:
        output = files.enter_context(check.output.open())
        if check.fixed is None:
            entries, is_single = _read(check, summary.accounts)
        else:
            from reapi_rules.cli.fixing import FixedBodies, FixedSheet  # a check starts faster without

            fixed = files.enter_context(open_output(check.fixed, inputs=check.output.inputs, option="--fixed"))
            if source.format in SHEETS:
                whole: FixedBodies | FixedSheet = FixedSheet(source, check.pricing, fixed, summary.accounts)
            else:
                whole = FixedBodies(source, check.pricing, fixed)
            entries, is_single = whole.read()
        to_text = printer(partial(report_lines, language=language, is_strict=is_strict), output, language)
        if check.output.format == GITHUB:
            to_text = partial(github_text, language=language, is_strict=is_strict)
        form = "ndjson" if is_single and check.output.format == "json" else check.output.format  # no list of one
        write_each(output, form, summary.counted(watched(entries, check.output.path)), Entry.to_json, to_text)
    if not is_single:
        summary.say_totals()
    if check.fixed is not None:
        whole.say(check.fixed)
    return summary.exit_code()


def _read(check: Check, accounts: list[Account]) -> tuple[Iterable[Entry], bool]:
    """The requests of all files, and whether they are a single body; that all can be read is seen first."""
    if len(check.sources) == 1:
        return _requests(check, check.sources[0], accounts)
    for source in check.sources:
        if os.path.isfile(source.path) or not os.path.exists(source.path):  # a pipe can be read once
            with open_input(source.path):
                pass
    return _named(check, accounts), False


def _named(check: Check, accounts: list[Account]) -> Iterator[Entry]:
    """The requests of several files, each named by its file."""
    for source in check.sources:
        entries, _ = _requests(check, source, accounts)
        for entry in entries:
            yield replace(entry, place=replace(entry.place, is_of_several=True))


def _requests(check: Check, source: Source, accounts: list[Account]) -> tuple[Iterable[Entry], bool]:
    form = check.output.format
    return read_requests(source, check.pricing, accounts, with_texts=form != "text", as_json=form in ("json", "ndjson"))
