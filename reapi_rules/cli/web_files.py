"""The kinds of ``reapi-rules export`` that front ends read: schemas, choices, messages, OpenAPI components."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import ModelError
from reapi_rules.catalog.rates import RateCardError
from reapi_rules.cli.exits import OK, UnusableError
from reapi_rules.cli.files import open_output
from reapi_rules.cli.options import add_rates, cards

__all__ = ["WEB_KINDS"]

Content = Callable[[argparse.Namespace], Any]


def schema(arguments: argparse.Namespace) -> Any:
    """JSON Schema 2020-12 of a request body."""
    from reapi_rules.forms.schema import request_schema

    return _of_models(request_schema, arguments)


def schema_map(arguments: argparse.Namespace) -> Any:
    """The rule id and code of each path of the schema."""
    from reapi_rules.forms.schema import request_schema_map

    return _of_models(request_schema_map, arguments)


def form_schema(arguments: argparse.Namespace) -> Any:
    """JSON Schema 2020-12 of a form of text fields."""
    from reapi_rules.forms.form_schema import form_schema

    return _of_models(form_schema, arguments)


def form_schema_map(arguments: argparse.Namespace) -> Any:
    """The rule id and code of each path of the form schema."""
    from reapi_rules.forms.form_schema import form_schema_map

    return _of_models(form_schema_map, arguments)


def openapi(arguments: argparse.Namespace) -> Any:
    """OpenAPI 3.1 components of request, report and errors."""
    from reapi_rules.forms.openapi import openapi

    return _of_models(openapi, arguments)


def choices(arguments: argparse.Namespace) -> Any:
    """Options, labels, dependencies, pixels and prices for drop-downs and live credits."""
    from reapi_rules.forms.choices import choices

    return choices(rates=cards(arguments), as_of=arguments.as_of, catalog=_catalog(arguments))


def choices_schema(_: argparse.Namespace) -> Any:
    """JSON Schema of the file that ``export choices`` writes."""
    from reapi_rules.forms.choices import choices_schema

    return choices_schema()


def messages(_: argparse.Namespace) -> Any:
    """Messages and hints by rule id and language, and labels."""
    from reapi_rules.forms.message_list import message_catalogue

    return message_catalogue()


def _of_models(make: Callable[..., Any], arguments: argparse.Namespace) -> Any:
    try:
        return make(default_model=arguments.default_model, catalog=_catalog(arguments))
    except ValueError as error:
        raise UnusableError(str(error)) from None


def _catalog(arguments: argparse.Namespace) -> Catalog:
    if arguments.catalog is None:
        return built_in()
    try:
        return Catalog.load(arguments.catalog)
    except (ModelError, RateCardError) as error:
        raise UnusableError(str(error)) from None
    except OSError as error:
        raise UnusableError(f"{arguments.catalog}: {error.strerror or error}") from None


def _no_options(parser: argparse.ArgumentParser) -> None:
    """-o alone."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write there, whole or not at all, instead of to standard output"
    )


def _model_options(parser: argparse.ArgumentParser) -> None:
    """The options of what is made from models."""
    _no_options(parser)
    _catalog_option(parser)
    parser.add_argument(
        "--default-model", metavar="MODEL", help="the model that your program applies where none is given"
    )


def _choices_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``export choices``."""
    _no_options(parser)
    _catalog_option(parser)
    add_rates(parser)


def _catalog_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--catalog", metavar="FOLDER", help="add the models and the rate cards of a folder")


def _writer(content: Content) -> Callable[[argparse.Namespace], int]:
    """What writes a kind as JSON."""

    def write(arguments: argparse.Namespace) -> int:
        text = json.dumps(content(arguments), ensure_ascii=False, indent=2)
        with open_output(arguments.output) as output:
            output.write(f"{text}\n".encode())
        return OK

    return write


WEB_KINDS = {
    "schema": ("JSON Schema of a request body", _model_options, _writer(schema)),
    "schema-map": ("the rule id and code of each path of that schema", _model_options, _writer(schema_map)),
    "form-schema": ("JSON Schema of a form of text fields", _model_options, _writer(form_schema)),
    "form-schema-map": ("the rule id and code of each path of that schema", _model_options, _writer(form_schema_map)),
    "choices": (
        "options, labels, pixels and prices for drop-downs and live credits",
        _choices_options,
        _writer(choices),
    ),
    "choices-schema": ("JSON Schema of the file of choices", _no_options, _writer(choices_schema)),
    "messages": ("messages by rule id and language, and labels", _no_options, _writer(messages)),
    "openapi": ("OpenAPI 3.1 components: request, report, errors", _model_options, _writer(openapi)),
}
"""What a kind is for, its options, and what writes it; as in ``export.KINDS``."""
