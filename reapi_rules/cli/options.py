"""The options that commands share, and what they mean."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from reapi_rules.cli.exits import UnusableError
from reapi_rules.rates import RateCard, RateCardError

__all__ = ["add_input", "add_output", "add_rates", "cards", "input_format"]

_SUFFIXES = {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}


def add_input(parser: argparse.ArgumentParser) -> None:
    """FILE and its format."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a JSON body, NDJSON or a CSV sheet; - is standard input"
    )
    parser.add_argument(
        "--from",
        dest="source",
        choices=("json", "ndjson", "csv"),
        help="the format of FILE, if its suffix does not say",
    )


def add_output(parser: argparse.ArgumentParser, *formats: str) -> None:
    """-o and --format."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write there, whole or not at all, instead of to standard output"
    )
    parser.add_argument("--format", choices=formats, help="the format of the output")


def add_rates(parser: argparse.ArgumentParser) -> None:
    """--rates and --as-of."""
    parser.add_argument("--rates", metavar="FILE", help="a rate card to use instead of the built-in ones")
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="use the prices of that date, such as 2026-07-31")


def cards(arguments: argparse.Namespace) -> RateCard | None:
    """The card of --rates, None for the built-in ones."""
    if arguments.rates is None:
        return None
    try:
        return RateCard.load(arguments.rates)
    except RateCardError as error:
        raise UnusableError(str(error)) from None


def input_format(arguments: argparse.Namespace) -> str:
    """The format of FILE, by --from or its suffix; standard input is JSON unless --from says otherwise."""
    if arguments.source:
        return str(arguments.source)
    if arguments.file in (None, "-"):
        if arguments.file is None and sys.stdin.isatty():
            raise UnusableError("name a FILE, or - for standard input; --help tells more")
        return "json"
    suffix = "." + arguments.file.rpartition(".")[2].lower()
    if suffix not in _SUFFIXES:
        raise UnusableError(f"{arguments.file}: its suffix does not tell the format: give --from json, ndjson or csv")
    return _SUFFIXES[suffix]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-07-31") from None
