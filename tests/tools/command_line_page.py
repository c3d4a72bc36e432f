"""The page docs/command-line.md: every command with its arguments, from the parsers that print ``--help``.

The text of ``--help`` itself differs between versions of Python, so the arguments are set as tables here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module

from reapi_rules.cli import COMMANDS
from tests.tools.reference_pages import table

__all__ = ["command_line_page"]

HEAD = """# The command line

`reapi-rules` and `python -m reapi_rules` are the same. Results go to standard output, everything else to standard error.
A FILE of `-` is standard input. `--help` after any command prints what stands here. In lines for people, control characters
of texts are written out, so a line feed in a key is `\\x0a`; JSON and sheets have them as they are.

| exit code | when |
| --- | --- |
| 0 | all is accepted |
| 1 | a request was rejected, or with `reconcile` a plan is not settled; the output is complete all the same |
| 2 | bad usage or unreadable input; nothing is written |
| 3 | a limit that was asked for is not met |
| 130 | interrupted |

Where several hold, 2 counts before 1, and 1 before 3.

This page is generated from the commands' own help.
"""
STANDARD_GROUPS = ("positional arguments", "options")


def command_line_page() -> str:
    """Every command and its parts."""
    parts = [HEAD]
    for name, summary in COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"reapi-rules {name}", description=summary)
        import_module(f"reapi_rules.cli.{name}").configure(parser)
        parts.extend(_command(parser, depth=2))
    return "\n".join(parts)


def _command(parser: argparse.ArgumentParser, depth: int) -> Iterator[str]:
    """A command, and below it the commands that it has."""
    summary = str(parser.description)
    yield f"{'#' * depth} {parser.prog}\n\n{summary[:1].upper()}{summary[1:]}.\n"
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield f"    {parser.prog} {_usage(parser)}\n"
    plain = [action for title in STANDARD_GROUPS for action in _arguments(parser, title)]
    if plain:
        yield table(["argument", "meaning"], map(_row, plain)) + "\n"
    for group in parser._action_groups:
        if group.title not in STANDARD_GROUPS:
            yield f"{str(group.title)[:1].upper()}{str(group.title)[1:]}:\n"
            yield table(["argument", "meaning"], map(_row, _arguments(parser, str(group.title)))) + "\n"
    for action in inner:
        for part in action.choices.values():
            yield from _command(part, depth + 1)


def _arguments(parser: argparse.ArgumentParser, title: str) -> list[argparse.Action]:
    groups = [group for group in parser._action_groups if group.title == title]
    actions = [action for group in groups for action in group._group_actions]
    return [action for action in actions if not isinstance(action, (argparse._HelpAction, argparse._SubParsersAction))]


def _usage(parser: argparse.ArgumentParser) -> str:
    positionals = [action for action in parser._actions if not action.option_strings]
    return " ".join(
        ["[options]", *(f"[{_value(each)}]" if each.nargs == "?" else _value(each) for each in positionals)]
    )


def _row(action: argparse.Action) -> tuple[str, str]:
    words = list(action.choices) if action.choices is not None and action.metavar is None else []
    takes = "" if action.nargs == 0 or words or not action.option_strings else f" {_value(action)}"
    name = ", ".join(f"`{option}{takes}`" for option in action.option_strings) or f"`{_value(action)}`"
    allowed = f"; one of {', '.join(f'`{word}`' for word in words)}" if words else ""
    return name, f"{action.help}{allowed}"


def _value(action: argparse.Action) -> str:
    value = str(action.metavar or (action.dest.upper() if action.option_strings else action.dest))
    return f"{value} ..." if action.nargs == "+" else value
