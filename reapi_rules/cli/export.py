"""``reapi-rules export``: what other programs can use without this one."""

from __future__ import annotations

import argparse
import io
import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module

import msgspec

from reapi_rules.cli.exits import OK, UnusableError
from reapi_rules.cli.options import ROWS, Limits, Output, Pricing, add_catalog, catalog_of, files_read, whole_number
from reapi_rules.cli.row_formats import FORMATS
from reapi_rules.cli.said import language_of
from reapi_rules.cli.streams import open_output
from reapi_rules.cli.summary import exit_code_of, name_card, stale
from reapi_rules.prices.table import prices

__all__ = ["DIALECTS", "KINDS", "MOST_LINES", "Module", "PriceTable", "Workbook", "configure"]

MOST_LINES = 10_000
_KEY = ("size", "resolution", "quality", "n")


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(metavar="KIND")
    for name, configure_kind in KINDS.items():
        configure_kind(kinds.add_parser(name, help=""))


class PriceTable(argparse.Namespace):
    """What is asked: the prices of one model or of all, for so many images."""

    model: str | None
    n: Sequence[int]


def _configure_prices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model")
    parser.add_argument("--n", type=whole_number("a number of images such as 2"), nargs="+", default=())
    Output.add(parser, *ROWS, "parquet")
    Pricing.add(parser)
    Limits.add(parser, of_requests=False)
    parser.set_defaults(execute=_write_prices)


def _write_prices(given: PriceTable) -> int:
    output, pricing, language = Output.of(given, default="csv"), Pricing.of(given), language_of(given)
    card = pricing.card
    table = prices(given.n, model=given.model, catalog=pricing.own_catalog, rates=() if card is None else card)
    rows = [msgspec.structs.asdict(row) for row in table]
    if not given.n:
        rows = [{name: value for name, value in row.items() if name not in ("n", "credits")} for row in rows]
    if output.format == "xlsx":  # what XLOOKUP and VLOOKUP look for
        rows = [{"key": " ".join(str(row[name]) for name in _KEY if row.get(name) is not None), **row} for row in rows]
    output.write(FORMATS[output.format](rows))
    name_card(card, language)
    return exit_code_of(0, [*stale(Limits.of(given), pricing, language)], language=language)


class Workbook(argparse.Namespace):
    """What is asked: a self-calculating workbook, with so many rows to fill in."""

    lines: int


def _configure_workbook(parser: argparse.ArgumentParser) -> None:
    Output.add(parser, "xlsx", is_required=True)
    rows = whole_number(f"a number of rows from 1 to {MOST_LINES}", least=1, most=MOST_LINES)
    parser.add_argument("--lines", type=rows, default=500, metavar="N")
    Pricing.add(parser)
    parser.set_defaults(execute=_write_workbook)


def _write_workbook(given: Workbook) -> int:
    from reapi_rules.sheets.live import workbook

    output, pricing, language = Output.of(given), Pricing.of(given), language_of(given)
    card = pricing.card
    book = io.BytesIO()  # an archive that can't be closed would complain of it
    workbook.write_workbook(book, card=card, rows=given.lines, catalog=pricing.own_catalog, language=language)
    output.write(book.getvalue())
    name_card(card, language)
    return OK


def _configure_document(maker: str, takes: Sequence[str], form: str, parser: argparse.ArgumentParser) -> None:
    Output.add(parser, form, is_required=form != "json")
    if "rates" in takes:
        Pricing.add(parser)
    elif "catalog" in takes:
        add_catalog(parser)
    if "default_model" in takes:
        parser.add_argument("--default-model", metavar="MODEL")
    if "dialect" in takes:
        parser.add_argument("--dialect", choices=DIALECTS, default="2020-12")
    parser.set_defaults(execute=partial(_write_document, maker, takes, form))


def _write_document(maker: str, takes: Sequence[str], form: str, given: argparse.Namespace) -> int:
    options = {name: getattr(given, name) for name in takes}
    if "rates" in takes:
        pricing = Pricing.of(given)
        options |= {"catalog": pricing.own_catalog, "rates": pricing.rates}
    elif "catalog" in takes:
        options["catalog"] = catalog_of(given)
    output = Output.of(given)
    module, _, name = maker.rpartition(".")
    try:
        content = getattr(import_module(f"reapi_rules.{module}"), name)(**options)
    except ValueError as error:
        raise UnusableError(str(error)) from None
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    output.write(text.encode())
    if "rates" in takes and form != "json":  # what programs read is no place for a word on prices
        name_card(pricing.card, language_of(given))
    return OK


class Module(argparse.Namespace):
    """What is asked: the engine for front ends, as the files of a folder."""

    output: str


def _configure_module(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True)
    add_catalog(parser)
    parser.set_defaults(execute=_write_module)


def _write_module(given: Module) -> int:
    from reapi_rules.web.module import module_files

    texts, inputs = module_files(catalog=catalog_of(given)), files_read(given)
    os.makedirs(given.output, exist_ok=True)
    for name, text in texts.items():
        with open_output(os.path.join(given.output, name), inputs=inputs) as output:
            output.write(text.encode())
    return OK


DIALECTS = ("2020-12", "draft-07")
_MODELS = ("catalog", "default_model")
_SCHEMA = (*_MODELS, "dialect")
_PRICES = ("catalog", "rates", "as_of")
KINDS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "prices": _configure_prices,
    "module": _configure_module,
    "page": partial(_configure_document, "web.page.page", _PRICES, "html"),
    "apps-script": partial(_configure_document, "web.apps_script.apps_script", _PRICES, "gs"),
    "workbook": _configure_workbook,
    "schema": partial(_configure_document, "forms.schema.request_schema", _SCHEMA, "json"),
    "schema-map": partial(_configure_document, "forms.schema.request_schema_map", _MODELS, "json"),
    "form-schema": partial(_configure_document, "forms.schema.form_schema", _SCHEMA, "json"),
    "form-schema-map": partial(_configure_document, "forms.schema.form_schema_map", _MODELS, "json"),
    "choices": partial(_configure_document, "forms.choices.choices", _PRICES, "json"),
    "choices-schema": partial(_configure_document, "forms.choices.choices_schema", (), "json"),
    "messages": partial(_configure_document, "forms.message_list.message_catalog", (), "json"),
    "openapi": partial(_configure_document, "forms.openapi.openapi", _MODELS, "json"),
}
"""What adds the options of each kind to a parser."""
