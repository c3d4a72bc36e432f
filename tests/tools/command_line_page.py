"""The page docs/command-line.md: every command with its arguments, from the parsers that print ``--help``.

The text of ``--help`` itself differs between versions of Python, so the arguments are set as tables here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module

from reapi_rules.cli import COMMANDS
from reapi_rules.cli.parser import Parser, help_texts
from tests.tools.reference_pages import table

__all__ = ["command_line_page"]

HEAD = """# The command line

`reapi-rules` and `python -m reapi_rules` are the same command. Results go to standard output, everything else to standard
error. `-` as a FILE is standard input. `--help` after any command prints what is on this page. Output for people shows control
characters as escapes, so a line feed in a key is `\\x0a`; JSON and sheets have the characters themselves.

| exit code | when |
| --- | --- |
| 0 | all requests are accepted |
| 1 | a request is rejected, or (with `reconcile`) the plan is not settled; the output is complete |
| 2 | a wrong option or unreadable input; nothing is written |
| 3 | a limit such as `--max-credits` is not met; the output is complete |
| 141 | whatever reads the output has stopped reading, as `head` does; nothing is said |
| 129, 130, 143 | stopped by a hang-up, by Ctrl-C or by a request to terminate |

If several apply, 2 comes before 1, and 1 before 3.

`-o FILE` writes beside the file and replaces it at the end, so it is never half written, whatever stops the run. It keeps the
owner and the permissions of a file that it replaces. It refuses a file that is read-only, and one that the same run reads,
standard input (`- < FILE`) included. A pipe or a device, such as `/dev/stdout`, is written as the results come.

This page is generated from the commands' own help.
"""
STANDARD_GROUPS = ("positional arguments", "options")


def command_line_page() -> str:
    """Every command and its parts."""
    parts = [HEAD]
    for name in COMMANDS:
        parser = Parser(prog=f"reapi-rules {name}")
        import_module(f"reapi_rules.cli.{name}").configure(parser)
        parts.extend(_command(parser, depth=2))
    return "\n".join(parts)


def _command(parser: Parser, depth: int) -> Iterator[str]:
    """A command, and below it the commands that it has."""
    parser.explain()
    summary = str(parser.description)
    yield f"{'#' * depth} {parser.prog}\n\n{summary[:1].upper()}{summary[1:]}{'' if summary.endswith('?') else '.'}\n"
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield f"    {parser.usage_line()}\n"
    plain = [action for title in STANDARD_GROUPS for action in _arguments(parser, title)]
    if plain:
        yield table(["argument", "meaning"], map(_row, plain)) + "\n"
    for group in parser._action_groups:
        if group.title not in STANDARD_GROUPS:
            yield f"{str(group.title)[:1].upper()}{str(group.title)[1:]}:\n"
            yield table(["argument", "meaning"], map(_row, _arguments(parser, str(group.title)))) + "\n"
    yield "Examples:\n"
    yield "\n".join(f"    {line}" for line in help_texts().commands[parser.prog].examples) + "\n"
    for action in inner:
        for part in action.choices.values():
            yield from _command(part, depth + 1)


def _arguments(parser: argparse.ArgumentParser, title: str) -> list[argparse.Action]:
    groups = [group for group in parser._action_groups if group.title == title]
    actions = [action for group in groups for action in group._group_actions]
    return [action for action in actions if not isinstance(action, (argparse._HelpAction, argparse._SubParsersAction))]


def _row(action: argparse.Action) -> tuple[str, str]:
    words = list(action.choices) if action.choices is not None and action.metavar is None else []
    takes = "" if action.nargs == 0 or words or not action.option_strings else f" {_value(action)}"
    name = ", ".join(f"`{option}{takes}`" for option in action.option_strings) or f"`{_value(action)}`"
    allowed = f"; one of {', '.join(f'`{word}`' for word in words)}" if words else ""
    return name, f"{action.help}{allowed}"


def _value(action: argparse.Action) -> str:
    value = str(action.metavar or (action.dest.upper() if action.option_strings else action.dest))
    return f"{value} ..." if action.nargs in ("+", "*") else value
