"""The parser of a command: help that ends with examples, usage in one line, and errors that say where to read on.

The texts of the help are in ``data/help.json``, and read only when they are shown.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import Any, Literal, NoReturn

import msgspec

from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.texts import Told
from reapi_rules.cli.exits import OK, UNUSABLE, UnusableError
from reapi_rules.cli.said import LANGUAGES
from reapi_rules.cli.terminal import columns, printable

__all__ = ["Command", "Parser", "help_texts"]

_WIDEST_COMMAND = len("completion")
_FREE = 2  # columns at the right


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the help says of a command; its ``arguments`` are those that mean something of their own here."""

    summary: str
    examples: tuple[str, str, str]
    arguments: dict[str, str] = {}
    epilog: str | None = None


class _HelpFile(FileStruct, frozen=True):
    """The file ``data/help.json``; ``arguments`` are those that mean the same wherever they are."""

    format: Literal["reapi-help/1"]
    arguments: dict[str, str]
    commands: dict[str, Command]


def help_texts() -> _HelpFile:
    """What the help of each command says.

    >>> help_texts().arguments["--quiet"]
    "don't say how the sheet was read"
    """
    return _HelpFile.read("help.json")


class Parser(argparse.ArgumentParser):
    """A command and its options, which says in a language what is wrong with what is given.

    >>> parser = Parser(prog="reapi-rules check")
    >>> _ = parser.add_argument("file", metavar="FILE", nargs="?")
    >>> parser.usage_line()
    'reapi-rules check [options] [FILE]'
    """

    def __init__(self, language: str = LANGUAGES[0], **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, "formatter_class": _Help, **settings})
        self._language = language
        self.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS)  # which a command takes from its own

    def add_subparsers(self, **settings: Any) -> Any:
        """Commands below this one; without one of them it prints its help."""
        self.set_defaults(execute=self._show_help)
        return super().add_subparsers(**{"parser_class": partial(type(self), self._language), **settings})

    def _show_help(self, _: argparse.Namespace) -> int:
        self.print_help()
        return OK

    def explain(self) -> None:
        """Give the command, its arguments and the commands below it their texts."""
        known, own = help_texts(), help_texts().commands[self.prog]
        self.description: str | None = own.summary
        self.epilog: str | None = own.epilog
        for action in self._actions:
            name = action.option_strings[-1] if action.option_strings else action.dest
            action.help = own.arguments.get(name) or known.arguments.get(name) or action.help
            if isinstance(action, argparse._SubParsersAction):
                for inner in action._choices_actions:
                    inner.help = known.commands[f"{self.prog} {inner.dest}"].summary

    def all_commands(self) -> Iterator[Parser]:
        """The command and all below it, each explained."""
        self.explain()
        yield self
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    yield from inner.all_commands()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; but what a command does not know is its own error, and not that of the command above."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown

    def usage_line(self) -> str:
        """The command with what it needs, in one line."""
        needed = [
            f"{action.option_strings[0]} {action.metavar}"
            for action in self._actions
            if action.required and action.option_strings
        ]
        given = [_optional(action) for action in self._actions if not action.option_strings]
        return " ".join([self.prog, *needed, "[options]", *given])

    def format_usage(self) -> str:
        return f"usage: {self.usage_line()}\n"

    def format_help(self) -> str:
        self.explain()
        self.usage: str | None = self.usage_line()
        examples = help_texts().commands[self.prog].examples
        return "\n  ".join([f"{super().format_help()}\nexamples:", *examples]) + "\n"

    def error(self, message: str) -> NoReturn:
        """Say how the command is used, what is wrong, and where to read on."""
        problem, more = Told("wrong_usage", error=printable(message)), Told("see_help", command=self.prog)
        lines = (f"{self.prog}: {problem.said(self._language)}", more.said(self._language))
        self.exit(UNUSABLE, self.format_usage() + "\n".join((*lines, "")))

    def _print_message(self, message: str, file: Any = None) -> None:
        """As argparse does; but an output that can't be written to is an error here, too."""
        if file is None:
            raise UnusableError("closed_output")
        file.write(message)


class _Help(argparse.HelpFormatter):
    """Help almost as wide as the terminal; argparse would import half the standard library to find that out."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - _FREE)
        self._action_max_length = _WIDEST_COMMAND + 4  # argparse does not count how far commands are indented


def _optional(action: argparse.Action) -> str:
    name = f"{action.metavar}"
    return {"?": f"[{name}]", "*": f"[{name} ...]"}.get(str(action.nargs), name)
