"""The options that commands share, and what they mean."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from reapi_rules.catalog import built_in
from reapi_rules.cli.exits import UnusableError
from reapi_rules.rates import RateCard, RateCardError, current

__all__ = ["add_input", "add_output", "add_rates", "card_in_force", "cards", "input_format", "iso_date"]

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
    parser.add_argument(
        "--as-of", type=iso_date, metavar="DATE", help="use the prices of that date, such as 2026-07-31"
    )


def cards(arguments: argparse.Namespace) -> RateCard | None:
    """The card of --rates, None for the built-in ones."""
    if arguments.rates is None:
        return None
    try:
        return RateCard.load(arguments.rates)
    except RateCardError as error:
        raise UnusableError(str(error)) from None


def card_in_force(arguments: argparse.Namespace) -> RateCard | None:
    """The one card of --rates or built in whose prices count on the date of --as-of."""
    card = cards(arguments)
    return built_in().card(arguments.as_of) if card is None else current((card,), arguments.as_of)


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


def iso_date(text: str) -> date:
    """A date on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-07-31") from None
