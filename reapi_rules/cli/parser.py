"""The parser of a command: help that ends with examples, usage in one line, and errors that say where to read on."""

from __future__ import annotations

import argparse
import os
from typing import Any, NoReturn

from reapi_rules.cli.exits import OK, UNUSABLE, UnusableError
from reapi_rules.cli.terminal import printable

__all__ = ["Parser"]

_WIDEST_COMMAND = len("completion")


class Parser(argparse.ArgumentParser):
    """A command and its options.

    >>> parser = Parser(prog="reapi-rules check")
    >>> _ = parser.add_argument("file", metavar="FILE", nargs="?")
    >>> parser.usage_line(), parser.examples()[0]
    ('reapi-rules check [options] [FILE]', 'reapi-rules check body.json')
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, "formatter_class": _Help, **settings})

    def add_subparsers(self, **settings: Any) -> Any:
        """Commands below this one; without one of them it prints its help."""
        self.set_defaults(parse=lambda _: self, execute=_show_help)
        return super().add_subparsers(**settings)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; but what a command does not know is its own error, and not that of the command above."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown

    def usage_line(self) -> str:
        """The command with what it needs, in one line."""
        needed = [
            f"{action.option_strings[0]} {_value(action)}"
            for action in self._actions
            if action.required and action.option_strings
        ]
        given = [_optional(action) for action in self._actions if not action.option_strings]
        return " ".join([self.prog, *needed, "[options]", *given])

    def examples(self) -> tuple[str, ...]:
        """Three lines to try."""
        from reapi_rules.cli.examples import EXAMPLES  # only help needs them

        return EXAMPLES[self.prog]

    def format_usage(self) -> str:
        """The usage line."""
        return f"usage: {self.usage_line()}\n"

    def format_help(self) -> str:
        """The help, and examples below it."""
        self.usage: str | None = self.usage_line()
        return "\n  ".join([f"{super().format_help()}\nexamples:", *self.examples()]) + "\n"

    def error(self, message: str) -> NoReturn:
        """Say how the command is used, what is wrong, and where to read on."""
        self.exit(UNUSABLE, f"{self.format_usage()}{self.prog}: {printable(message)}\nsee {self.prog} --help\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """As argparse does; but an output that can't be written to is an error here, too."""
        if file is None:
            raise UnusableError("standard output is closed")
        file.write(message)


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse would import half the standard library to find that out."""

    def __init__(self, prog: str) -> None:
        try:
            width = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size().columns
        except (OSError, ValueError):
            width = 80
        super().__init__(prog, width=max(width - 2, 40))
        self._action_max_length = _WIDEST_COMMAND + 4  # argparse does not count how far commands are indented


def _show_help(parser: Parser) -> int:
    parser.print_help()
    return OK


def _value(action: argparse.Action) -> str:
    return str(action.metavar or action.dest.upper())


def _optional(action: argparse.Action) -> str:
    return {"?": f"[{_value(action)}]", "*": f"[{_value(action)} ...]"}.get(str(action.nargs), _value(action))
