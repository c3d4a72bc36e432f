"""``reapi-rules check``: would reAPI take these requests, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial

import msgspec

from reapi_rules.cli.exits import OK, REJECTED, UnusableError
from reapi_rules.cli.lines import counted, has_warning, report_lines, summary_line
from reapi_rules.cli.options import SHEETS, Output, Pricing, Source
from reapi_rules.cli.requests import Entry, read_requests
from reapi_rules.cli.streams import note, open_output, write_each
from reapi_rules.sheets.totals import Totals

__all__ = ["Check", "configure", "execute"]


class Check(msgspec.Struct, frozen=True):
    """What is asked: the verdicts on the requests of a source, and whether a warning counts as a rejection.

    ``fixed`` is the file that the bodies go to with every patch applied.
    """

    source: Source
    output: Output
    pricing: Pricing
    is_strict: bool
    fixed: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    Source.add(parser)
    Output.add(parser, "text", "json", "ndjson")
    Pricing.add(parser)
    parser.add_argument("--strict", action="store_true", help="count a request with a warning as rejected")
    fixed = "write the bodies to FILE2 with every patch applied; the report lists each change"
    parser.add_argument("--fixed", metavar="FILE2", help=fixed)
    parser.set_defaults(parse=_parse, execute=execute)


def _parse(arguments: argparse.Namespace) -> Check:
    source, output = Source.of(arguments), Output.of(arguments)
    if arguments.fixed is not None:
        _check_place(arguments.fixed, source, output)
    return Check(source, output, Pricing.of(arguments), arguments.strict, arguments.fixed)


def _check_place(path: str, source: Source, output: Output) -> None:
    if source.format in SHEETS:
        raise UnusableError("--fixed is for bodies in JSON or NDJSON, and FILE is a sheet: correct its cells by hand")
    if path == output.path or os.path.realpath(path) == os.path.realpath(output.path):
        place = "standard output" if path == "-" else path
        raise UnusableError(f"the report goes to {place}: give --fixed a file of its own, or the report with -o")


def execute(check: Check) -> int:
    """Print a report for each request."""
    verdicts = _Verdicts()
    with ExitStack() as files:
        inputs = (*check.source.inputs, *check.pricing.inputs)
        output = files.enter_context(open_output(check.output.path, inputs=inputs))
        if check.fixed is None:
            entries, is_single = read_requests(check.source, check.pricing)
        else:
            from reapi_rules.cli.fixing import FixedBodies  # a check starts faster without

            fixed = files.enter_context(open_output(check.fixed, inputs=inputs, option="--fixed"))
            bodies = FixedBodies(check.source, check.pricing, fixed)
            entries, is_single = bodies.read()
        form = "ndjson" if is_single and check.output.format == "json" else check.output.format  # no list of one
        to_lines = partial(report_lines, is_strict=check.is_strict)
        write_each(output, form, verdicts.counted(entries), Entry.to_json, to_lines)
    if not is_single:
        note(summary_line(verdicts.totals))
    if check.fixed is not None:
        bodies.say(check.fixed)
    if check.is_strict and verdicts.warned:
        note(
            f"--strict: {counted(verdicts.warned, 'accepted request')} fail{'s' * (verdicts.warned == 1)} for warnings"
        )
    return REJECTED if verdicts.totals.rejected or (check.is_strict and verdicts.warned) else OK


class _Verdicts:
    """Requests as they go by: their totals, and how many are accepted with a warning."""

    def __init__(self) -> None:
        self.totals: Totals = Totals()
        self.warned: int = 0

    def counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            report = entry.report
            self.totals.add(report.quote)
            self.warned += report.ok and has_warning(report)
            yield entry
