"""The options for how a sheet is written, and what if."""

from __future__ import annotations

import argparse

from reapi_rules.cli.progress import add_progress
from reapi_rules.sheets.delimiters import DELIMITERS

__all__ = ["add_layout"]


def add_layout(parser: argparse.ArgumentParser) -> None:
    """The options for how a sheet is written."""
    parser.add_argument(
        "--set",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        dest="changes",
        help="what if: set a field in every row, such as quality=medium, and say what that saves; n= leaves it out",
    )
    layout = parser.add_argument_group("how a sheet is written")
    layout.add_argument(
        "--rows", action="store_true", help="with json and ndjson: your rows with our keys, not reports"
    )
    layout.add_argument("--excel", action="store_true", help="CSV with a byte-order mark and CRLF, as Excel likes it")
    layout.add_argument("--delimiter", choices=tuple(DELIMITERS), help="of the CSV that is written, if another")
    layout.add_argument(
        "--guard-all", action="store_true", help="put ' before cells of yours too that a spreadsheet would run"
    )
    layout.add_argument(
        "--in-place", action="store_true", help="write our columns into FILE itself; styles and other sheets stay"
    )
    add_progress(layout)
