"""``reapi-rules export``: what other programs can use without this one."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

import msgspec

from reapi_rules.cli.exits import LIMIT, OK, UnusableError
from reapi_rules.cli.files import note, open_output
from reapi_rules.cli.limits import add_fresh, stale
from reapi_rules.cli.options import add_output, add_rates, card_in_force
from reapi_rules.cli.parquet import parquet
from reapi_rules.cli.rows import FORMATS
from reapi_rules.cli.text import card_line
from reapi_rules.cli.web_files import WEB_KINDS
from reapi_rules.engine.report import InvalidRequestError
from reapi_rules.prices.table import prices
from reapi_rules.sheets.columns import SheetError

__all__ = ["KINDS", "configure", "execute"]

MOST_LINES = 10_000
_PRICE_FORMATS = ("csv", "ndjson", "json", "markdown", "parquet")
_SUFFIXES = {"jsonl": "ndjson", "md": "markdown", **{name: name for name in _PRICE_FORMATS}}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the kinds of export."""
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    for name, (summary, options, write) in KINDS.items():
        kind = kinds.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        options(kind)
        kind.set_defaults(write=write)


def execute(arguments: argparse.Namespace) -> int:
    """Write one export."""
    return int(arguments.write(arguments))


def price_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``export prices``."""
    parser.add_argument("--model", help="gpt-image-2-official unless another is named")
    parser.add_argument("--n", type=int, nargs="+", default=(), help="add the credits of requests for so many images")
    add_output(parser, *_PRICE_FORMATS)
    add_rates(parser)
    add_fresh(parser)


def write_prices(arguments: argparse.Namespace) -> int:
    """Every combination that reAPI takes, with its pixels and its price."""
    card = card_in_force(arguments)
    try:
        table = prices(arguments.n, model=arguments.model, rates=() if card is None else card)
    except InvalidRequestError as error:
        raise UnusableError(str(error)) from None
    rows = [msgspec.structs.asdict(row) for row in table]
    if not arguments.n:
        rows = [{name: value for name, value in row.items() if name not in ("n", "credits")} for row in rows]
    suffix = (arguments.output or "").rpartition(".")[2].lower()
    form = arguments.format or _SUFFIXES.get(suffix, "csv")
    content = parquet(rows) if form == "parquet" else FORMATS[form](rows)
    with open_output(arguments.output) as output:
        output.write(content)
    note(card_line(None if card is None else card.identity, date.today()))
    reason = stale(arguments)
    if reason is not None:
        note(reason)
    return OK if reason is None else LIMIT


def workbook_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``export workbook``."""
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="where to write it, such as quote.xlsx")
    parser.add_argument("--lines", type=_lines, default=500, metavar="N", help="rows to fill in; 500 unless given")
    add_rates(parser)


def write_workbook(arguments: argparse.Namespace) -> int:
    """A workbook that quotes by itself."""
    from reapi_rules.sheets import workbook

    card = card_in_force(arguments)
    try:
        with open_output(arguments.output) as output:
            workbook.write_workbook(output, card=card, rows=arguments.lines)
    except ImportError:
        raise UnusableError('writing a workbook needs XlsxWriter: pip install "reapi-rules[xlsx]"') from None
    except SheetError as error:
        raise UnusableError(str(error)) from None
    note(card_line(None if card is None else card.identity, date.today()))
    return OK


def _lines(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_LINES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rows from 1 to {MOST_LINES}")
    return int(text)


Kind = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]
"""What a kind is for, its options, and what writes it and returns the exit code."""

KINDS: dict[str, Kind] = {
    "prices": ("every accepted size, resolution and quality with pixels and price", price_options, write_prices),
    "workbook": ("a workbook that quotes by itself, for people without this program", workbook_options, write_workbook),
    **WEB_KINDS,
}
