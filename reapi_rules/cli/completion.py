"""``reapi-rules completion``: what makes a shell complete the commands and their options, by shtab."""

from __future__ import annotations

import argparse

from reapi_rules.catalog.extras import need
from reapi_rules.cli.exits import OK
from reapi_rules.cli.streams import open_output

__all__ = ["Completion", "configure", "execute"]

_FILES = ("FILE", "FILE2", "PLAN", "ANSWERS", "SAVED", "CARD", "A", "B", "FOLDER")
"""What the help calls files."""


class Completion(argparse.Namespace):
    """What is asked: the lines for one of the shells."""

    shell: str


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), metavar="SHELL")


def execute(given: Completion) -> int:
    shtab = need("shtab", "completion", "completion")
    from reapi_rules.cli import COMMANDS, parser_for

    parser = parser_for(COMMANDS)
    for command in parser.all_commands():
        for action in command._actions:
            if action.metavar in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # where shtab looks
    with open_output("-") as output:
        output.write(shtab.complete(parser, given.shell).encode())
    return OK
