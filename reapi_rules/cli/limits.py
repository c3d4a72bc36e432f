"""The limits that a run can be asked to keep; one that is not met exits with 3."""

from __future__ import annotations

import argparse
import re
from datetime import date

from reapi_rules.cli.options import card_in_force

__all__ = ["add_fresh", "add_limits", "stale"]

_DAYS = re.compile(r"([0-9]{1,5})d")


def add_limits(parser: argparse.ArgumentParser) -> None:
    """--require-price, --max-credits and --require-fresh."""
    parser.add_argument("--require-price", action="store_true", help="exit with 3 if a request has no price")
    parser.add_argument(
        "--max-credits", type=int, metavar="N", help="exit with 3 if all requests together may cost more than that"
    )
    add_fresh(parser)


def add_fresh(parser: argparse.ArgumentParser) -> None:
    """--require-fresh."""
    parser.add_argument(
        "--require-fresh", type=_days, metavar="DAYS", help="exit with 3 if the prices were checked longer ago, as 90d"
    )


def stale(arguments: argparse.Namespace) -> str | None:
    """Why the prices are not as fresh as --require-fresh asks for; None where they are."""
    if arguments.require_fresh is None:
        return None
    card = card_in_force(arguments)
    if card is None:
        return "there are no prices that could be fresh: no rate card holds on that date"
    age = card.identity.age(date.today())
    if age <= arguments.require_fresh:
        return None
    return f"the prices of card {card.id} were checked {age} days ago, which is more than {arguments.require_fresh}"


def _days(text: str) -> int:
    match = _DAYS.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days such as 90d")
    return int(match[1])
