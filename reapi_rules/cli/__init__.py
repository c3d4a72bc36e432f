"""The command line ``reapi-rules``: a thin shell over the library, one command a file.

Results go to standard output, everything else to standard error.  A command is a module with ``SUMMARY``,
``configure(parser)`` and ``execute(arguments) -> exit code``.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from reapi_rules import __version__
from reapi_rules.cli.exits import INTERRUPTED, OK, UNUSABLE, UnusableError
from reapi_rules.cli.files import note

__all__ = ["COMMANDS", "main", "run"]

COMMANDS = {
    "check": "say whether reAPI would take the requests of a file, and what is wrong with them",
    "quote": "say what the requests of a file cost, or one request given by flags",
    "advise": "say how requests could cost fewer credits, and what each saving gives up",
    "rates": "keep rate cards: import reAPI's saved price list, lint a card, compare two",
    "explain": "say what an error code or a rule means, and which field of a body it was",
    "table": "print what the engine knows: dimensions, rates, rules, errors",
    "export": "write prices, schemas, choices and messages for other programs",
}
"""The commands and what each is for; a command is imported only when it is asked for."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no exception comes out."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments = _parser(words).parse_args(words)
        return int(arguments.execute(arguments))
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else UNUSABLE
    except UnusableError as problem:
        return _fail(str(problem))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: say nothing at exit either
        return OK
    except OSError as error:  # such as a full disk
        place = "" if error.filename is None else f"{error.filename}: "
        return _fail(f"{place}{error.strerror or error}")
    except KeyboardInterrupt:
        return INTERRUPTED
    except (RecursionError, MemoryError):
        return _fail("the input is too large or nested too deep")
    except Exception as error:  # a defect of ours: a person gets one line, not a traceback
        return _fail(f"internal error, please report it: {type(error).__name__}: {error}")


def run() -> NoReturn:
    """The entry point: UTF-8 whatever the locale, then ``main``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = main()
    gc.freeze()  # else Python looks once more through all that it has, which takes a tenth of a short run
    sys.exit(code)


def _fail(message: str) -> int:
    note(f"reapi-rules: {message}")
    return UNUSABLE


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse would import half the standard library to find that out."""

    def __init__(self, prog: str) -> None:
        try:
            width = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size().columns
        except (OSError, ValueError):
            width = 80
        super().__init__(prog, width=max(width - 2, 40))


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reapi-rules",
        description="Decide offline whether reAPI takes an image request, which pixels it gives and what it costs.",
        epilog="Exit codes: 0 all accepted; 1 a request was rejected; 2 bad usage or unreadable input; "
        "3 a limit that was asked for is not met; 130 interrupted.",
        allow_abbrev=False,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"reapi-rules {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, prog="reapi-rules")  # else argparse asks shutil
    wanted = next((word for word in words if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary, allow_abbrev=False, formatter_class=_Help
        )
        if name == wanted:
            module = import_module(f"reapi_rules.cli.{name}")
            module.configure(command)
            command.set_defaults(execute=module.execute)
    return parser
