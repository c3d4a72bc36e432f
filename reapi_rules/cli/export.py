"""``reapi-rules export``: what other programs can use without this one."""

from __future__ import annotations

import argparse
import io
import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.cli.exits import OK, UnusableError
from reapi_rules.cli.options import (
    ROWS,
    Limits,
    Output,
    Pricing,
    add_catalog,
    catalog_of,
    files_read,
    whole_number,
)
from reapi_rules.cli.row_formats import FORMATS
from reapi_rules.cli.said import add_language, language_of
from reapi_rules.cli.streams import open_output
from reapi_rules.cli.summary import exit_code_of, name_card, stale
from reapi_rules.prices.table import prices

__all__ = ["KINDS", "Document", "Module", "PriceTable", "Workbook", "configure"]

MOST_LINES = 10_000
_KEY = ("size", "resolution", "quality", "n")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the kinds of export."""
    kinds = parser.add_subparsers(metavar="KIND")
    for name, configure_kind in KINDS.items():
        configure_kind(kinds.add_parser(name, help=""))


class PriceTable(msgspec.Struct, frozen=True):
    """What is asked: every combination that reAPI takes, with its pixels and its price."""

    counts: tuple[int, ...]
    model: str | None
    output: Output
    pricing: Pricing
    limits: Limits


def _configure_prices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model")
    parser.add_argument("--n", type=int, nargs="+", default=())
    Output.add(parser, *ROWS, "parquet")
    Pricing.add(parser)
    Limits.add(parser, of_requests=False)
    parser.set_defaults(
        parse=lambda given: PriceTable(
            tuple(given.n), given.model, Output.of(given, default="csv"), Pricing.of(given), Limits.of(given)
        ),
        execute=_write_prices,
    )


def _write_prices(asked: PriceTable) -> int:
    card = asked.pricing.card
    table = prices(
        asked.counts, model=asked.model, catalog=asked.pricing.own_catalog, rates=() if card is None else card
    )
    rows = [msgspec.structs.asdict(row) for row in table]
    if not asked.counts:
        rows = [{name: value for name, value in row.items() if name not in ("n", "credits")} for row in rows]
    if asked.output.format == "xlsx":  # what XLOOKUP and VLOOKUP look for
        rows = [{"key": " ".join(str(row[name]) for name in _KEY if row.get(name) is not None), **row} for row in rows]
    content = FORMATS[asked.output.format](rows)
    with asked.output.open() as output:
        output.write(content)
    name_card(card)
    return exit_code_of(0, [*stale(asked.limits, asked.pricing)])


class Workbook(msgspec.Struct, frozen=True):
    """What is asked: a self-calculating workbook, with so many rows to fill in."""

    rows: int
    output: Output
    pricing: Pricing
    language: str


def _configure_workbook(parser: argparse.ArgumentParser) -> None:
    Output.add(parser, "xlsx", is_required=True)
    rows = whole_number(f"a number of rows from 1 to {MOST_LINES}", least=1, most=MOST_LINES)
    parser.add_argument("--lines", type=rows, default=500, metavar="N")
    Pricing.add(parser)
    add_language(parser.add_argument)
    parser.set_defaults(
        parse=lambda given: Workbook(given.lines, Output.of(given), Pricing.of(given), language_of(given)),
        execute=_write_workbook,
    )


def _write_workbook(asked: Workbook) -> int:
    from reapi_rules.sheets.live import workbook

    card = asked.pricing.card
    book = io.BytesIO()  # an archive that can't be closed would complain of it
    with asked.output.open() as output:
        catalog, language = asked.pricing.own_catalog, asked.language
        workbook.write_workbook(book, card=card, rows=asked.rows, catalog=catalog, language=language)
        output.write(book.getvalue())
    name_card(card, asked.language)
    return OK


class Document(msgspec.Struct, frozen=True):
    """What is asked: one file for other programs; the function that makes it, its arguments, and whose prices it holds.

    ``priced`` is None for a file whose prices are not worth a word.
    """

    maker: str
    options: dict[str, Any]
    output: Output
    priced: Pricing | None


def _configure_document(maker: str, takes: Sequence[str], form: str, parser: argparse.ArgumentParser) -> None:
    """Add the options that the maker takes."""
    Output.add(parser, form, is_required=form != "json")
    if "rates" in takes:
        Pricing.add(parser)
    elif "catalog" in takes:
        add_catalog(parser)
    if "default_model" in takes:
        parser.add_argument("--default-model", metavar="MODEL")
    if "dialect" in takes:
        parser.add_argument("--dialect", choices=DIALECTS, default="2020-12")
    parser.set_defaults(parse=partial(_parse_document, maker, takes, form), execute=_write_document)


def _parse_document(maker: str, takes: Sequence[str], form: str, arguments: argparse.Namespace) -> Document:
    options, priced = {name: getattr(arguments, name) for name in takes}, None
    if "rates" in takes:
        pricing = Pricing.of(arguments)
        options |= {"catalog": pricing.own_catalog, "rates": pricing.rates}
        priced = None if form == "json" else pricing
    elif "catalog" in takes:
        options["catalog"] = catalog_of(arguments)
    return Document(maker, options, Output.of(arguments), priced)


def _write_document(asked: Document) -> int:
    module, _, name = asked.maker.rpartition(".")
    try:
        content = getattr(import_module(f"reapi_rules.{module}"), name)(**asked.options)
    except ValueError as error:
        raise UnusableError(str(error)) from None
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    with asked.output.open() as output:
        output.write(text.encode())
    if asked.priced is not None:
        name_card(asked.priced.card)
    return OK


class Module(msgspec.Struct, frozen=True):
    """What is asked: the engine for front ends, as the files of a folder."""

    catalog: Catalog | None
    folder: str
    inputs: tuple[str, ...]


def _configure_module(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True)
    add_catalog(parser)
    parser.set_defaults(
        parse=lambda given: Module(catalog_of(given), given.output, files_read(given)), execute=_write_module
    )


def _write_module(asked: Module) -> int:
    from reapi_rules.web.module import module_files

    texts = module_files(catalog=asked.catalog)
    os.makedirs(asked.folder, exist_ok=True)
    for name, text in texts.items():
        with open_output(os.path.join(asked.folder, name), inputs=asked.inputs) as output:
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
