"""The options that commands share, and what they mean."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.rates import RateCard, RateCardError, current
from reapi_rules.cli.exits import UnusableError

__all__ = [
    "TABLES",
    "add_input",
    "add_output",
    "add_rates",
    "card_in_force",
    "cards",
    "column_mapping",
    "input_format",
    "iso_date",
    "suffix_format",
]

TABLES = ("csv", "tsv", "xlsx")
"""The formats that hold a sheet."""

_SUFFIXES = {
    "json": "json", "ndjson": "ndjson", "jsonl": "ndjson", "csv": "csv", "tsv": "tsv", "tab": "tsv",
    "xlsx": "xlsx", "xlsm": "xlsx", "xlsb": "xlsx", "xls": "xlsx", "ods": "xlsx",
}  # fmt: skip


def add_input(parser: argparse.ArgumentParser) -> None:
    """FILE and its format."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="a JSON body, a list of them, NDJSON, or a sheet: CSV, TSV, XLSX, XLS, ODS; - is standard input",
    )
    parser.add_argument(
        "--from",
        dest="source",
        choices=("json", "ndjson", *TABLES),
        help="the format of FILE, if its suffix does not say",
    )
    sheet = parser.add_argument_group("a sheet")
    sheet.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; else the first with a fitting header")
    sheet.add_argument(
        "--columns",
        metavar="FIELD=TITLE",
        action="append",
        default=[],
        help="the column of a field, such as n=Pieces; n= says that there is none; or a TOML file of such lines",
    )
    sheet.add_argument("--encoding", metavar="NAME", help="the encoding of a CSV file, such as gbk, if it is not UTF-8")


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
    form = suffix_format(arguments.file)
    if form is None:
        raise UnusableError(
            f"{arguments.file}: its suffix does not tell the format: give --from json, ndjson, {', '.join(TABLES)}"
        )
    return form


def suffix_format(path: str | None) -> str | None:
    """The format that the suffix of a file stands for; None where it stands for none."""
    return _SUFFIXES.get((path or "").rpartition(".")[2].lower())


def column_mapping(arguments: argparse.Namespace) -> dict[str, str]:
    """The columns of --columns by field."""
    mapping: dict[str, str] = {}
    for text in arguments.columns:
        field, sign, title = text.partition("=")
        mapping |= {field.strip(): title.strip()} if sign else _mapping_file(text)
    return mapping


def _mapping_file(path: str) -> dict[str, str]:
    import tomllib  # slow to import

    try:
        with open(path, "rb") as file:
            mapping = tomllib.load(file)
    except OSError as error:
        raise UnusableError(f"--columns {path}: {error.strerror or error}; or give FIELD=TITLE") from None
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"--columns {path}: it is not TOML: {error}") from None
    if not all(isinstance(title, str) for title in mapping.values()):
        raise UnusableError(f'--columns {path}: each line names a field and the title of its column, as n = "Pieces"')
    return mapping


def iso_date(text: str) -> date:
    """A date on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-07-31") from None
