"""The reference pages of docs/: the dimension grid, the prices, the error codes and the command line, out of data."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from reapi_rules.catalog import built_in
from reapi_rules.cli import COMMANDS

__all__ = ["command_line_page", "dimensions_page", "errors_page", "prices_page"]

DIMENSIONS_HEAD = """# Dimensions

Width and height in pixels of each size at each resolution. Where there is none, the size is not allowed there. The
figures of `gpt-image-2-official` are documented; for `gpt-image-2` the same numbers are inferred, and public reports
show others. A pixel string gives the cell with its edges, or the nearest cell, which is inferred.

This page is generated from `data/models`; `reapi-rules table dimensions` prints it.
"""
PRICES_HEAD = """# Prices

USD per image in each cell of the newest rate card, and the credits of one image. 1 credit is 0.001 USD. `auto` quality
is billed as high, and size `auto` as the dearest ratio of its resolution and quality.

This page is generated from `data/rates`; `reapi-rules table rates` and `reapi-rules export prices` print it.
"""
ERRORS_HEAD = """# Error codes

The codes that reAPI has published, as seen. `reapi-rules explain CODE` says what one means, whether it was charged, what to
do, and with a body which field it was. No number is published for 402, 404 and a moderated prompt.

This page is generated from `data/errors.json`.
"""
COMMAND_LINE_HEAD = """# The command line

`reapi-rules` and `python -m reapi_rules` are the same. Results go to standard output, everything else to standard error.

| exit code | when |
|---|---|
| 0 | all is accepted |
| 1 | a request was rejected; the output is complete all the same |
| 2 | bad usage or unreadable input; nothing is written |
| 3 | a limit that was asked for is not met |
| 130 | interrupted |

Where several hold, 2 counts before 1, and 1 before 3. This page is generated from the commands' own `--help`.
"""


def dimensions_page() -> str:
    """The grid of each model, in the size order."""
    parts = [DIMENSIONS_HEAD]
    for model in built_in().models.values():
        resolutions = model.fields.resolution.words
        rows = [[size, *(_pixels(model.cells.get((size, each))) for each in resolutions)] for size in model.ratios]
        parts.append(f"## {model.id}\n\n{_table(['size', *resolutions], rows)}\n")
    return "\n".join(parts)


def prices_page() -> str:
    """The cells of the newest card."""
    card = built_in().card()
    assert card is not None
    dated = f"Card `{card.id}`, effective from {card.effective_from}, checked on {card.checked_on}.\n\nSource: {card.source}\n"
    parts = [PRICES_HEAD, dated]
    for model, cells in card.prices.items():
        rows = [[f"`{cell}`", price.text, card.credits(model, cell)] for cell, price in cells.items()]
        parts.append(f"## {model}\n\n{_table(['cell', 'USD', 'credits'], rows)}\n")
    return "\n".join(parts)


def errors_page() -> str:
    """The published codes."""
    rows = [
        [code.code, code.http_status or "in the task", code.cause, code.seen_in] for code in built_in().errors.codes
    ]
    return f"{ERRORS_HEAD}\n{_table(['code', 'HTTP status', 'cause', 'seen in'], rows)}\n"


def command_line_page() -> str:
    """The help of every command and of its parts."""
    parts = [COMMAND_LINE_HEAD]
    for name, summary in COMMANDS.items():
        command = argparse.ArgumentParser(prog=f"reapi-rules {name}", description=summary)
        import_module(f"reapi_rules.cli.{name}").configure(command)
        for words, parser in _parsers((name,), command):
            parts.append(
                f"{'#' * (len(words) + 1)} {' '.join(words)}\n\n```text\n{parser.format_help().rstrip()}\n```\n"
            )
    return "\n".join(parts)


def _parsers(
    words: tuple[str, ...], parser: argparse.ArgumentParser
) -> Iterable[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    parser.formatter_class = lambda prog: argparse.HelpFormatter(prog, max_help_position=28, width=88)
    yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, part in action.choices.items():
                yield from _parsers((*words, name), part)


def _pixels(edges: tuple[int, int] | None) -> str:
    return "-" if edges is None else f"{edges[0]}x{edges[1]}"


def _table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (titles, ["---"] * len(titles), *rows)]
    return "\n".join(lines)
