"""The command line ``reapi-rules``: a thin shell over the library, one command a file.

Results go to standard output, everything else to standard error.  A command is a module with ``configure(parser)``: it
adds the options, and says how they are parsed into one frozen value and what executes that.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from reapi_rules import InvalidRequestError, RateCardError, __version__
from reapi_rules.cli.exits import INTERRUPTED, OK, UNUSABLE, UnusableError
from reapi_rules.cli.streams import note

__all__ = ["COMMANDS", "main", "parse", "run"]

COMMANDS = {
    "check": "say whether reAPI would take the requests of a file, and what is wrong with them",
    "quote": "say what the requests of a file cost, or one request given by flags",
    "advise": "say how requests could cost fewer credits, and what each saving gives up",
    "reconcile": "say what the requests of a plan cost in the end, by reAPI's answers to them",
    "rates": "keep rate cards: list them, import reAPI's saved price list, lint a card, compare two",
    "explain": "say what an error code or a rule means, and which field of a body it was",
    "table": "print what the engine knows: models, dimensions, rates, rules, codes",
    "export": "write prices, schemas, choices and messages for other programs",
}
"""The commands and what each is for; a command is imported only when it is asked for."""

_NEEDS = {
    "python_calamine": "reading an XLSB workbook needs python-calamine",
    "xlrd": "reading an XLS workbook needs xlrd",
    "xlsxwriter": "writing a workbook needs XlsxWriter",
}
"""The packages of the extra ``xlsx``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no exception comes out."""
    try:
        execute, asked = parse(sys.argv[1:] if argv is None else argv)
        return execute(asked)
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
    except Exception as error:  # a person gets one line, not a traceback
        return _fail(_told(error) or f"internal error, please report it: {type(error).__name__}: {error}")


def parse(argv: Sequence[str]) -> tuple[Callable[[Any], int], Any]:
    """What executes the command that the words name, and what they ask of it.

    >>> _, asked = parse(["check", "body.json", "--strict"])
    >>> asked.source.format, asked.output.path, asked.is_strict
    ('json', '-', True)
    """
    arguments = _parser(argv).parse_args(argv)
    return arguments.execute, arguments.parse(arguments)


def run() -> NoReturn:
    """The entry point: UTF-8 whatever the locale, then ``main``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = main()
    gc.freeze()  # else Python looks once more through all that it has, which takes a tenth of a short run
    sys.exit(code)


def _told(error: Exception) -> str | None:
    """What an error that the library tells its callers says; None for a defect of ours."""
    from reapi_rules.catalog.models import ModelError
    from reapi_rules.sheets.columns import SheetError

    if isinstance(error, (InvalidRequestError, ModelError, RateCardError, SheetError)):
        return str(error)
    if isinstance(error, ImportError) and error.name in _NEEDS:
        return f'{_NEEDS[error.name]}: pip install "reapi-rules[xlsx]"'
    return None


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
        self._action_max_length = max(map(len, COMMANDS)) + 4  # argparse does not count how far commands are indented


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reapi-rules",
        description="Decide offline whether reAPI takes an image request, which pixels it gives and what it costs.",
        epilog="Exit codes: 0 all accepted; 1 a request was rejected, or a plan is not settled; 2 bad usage or "
        "unreadable input; 3 a limit that was asked for is not met; 130 interrupted.",
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
            import_module(f"reapi_rules.cli.{name}").configure(command)
    return parser
