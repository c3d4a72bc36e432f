"""The command line ``reapi-rules``: a thin shell over the library, with a file for each command.

Results go to standard output, everything else to standard error.  A command is a module: ``configure(parser)`` adds its
options, and ``execute(given)`` runs it; one with commands below it names what executes each of these.  What is given is
parsed once, into one value with a type for each command; the groups of options that commands share are frozen values.
"""

from __future__ import annotations

# what signal is made of: that makes enums first, which takes a hundredth of a short run
import _signal as signal  # type: ignore[import-not-found]  # in every CPython, and in no list of stubs
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from types import FrameType
from typing import NoReturn

from reapi_rules import InvalidRequestError, __version__
from reapi_rules.catalog.texts import Told, reason, said_in
from reapi_rules.cli.exits import INTERRUPTED, PIPE_CLOSED, UNUSABLE, UnusableError
from reapi_rules.cli.parser import Parser
from reapi_rules.cli.said import language_in
from reapi_rules.cli.streams import note
from reapi_rules.cli.terminal import Line
from reapi_rules.sheets.files.temporary import remove_all

__all__ = ["COMMANDS", "main", "parser_for", "run"]

COMMANDS = ("check", "quote", "advise", "reconcile", "rates", "explain", "table", "export", "completion")
"""The commands; one is imported only when it is asked for."""

_NEEDS = {"python_calamine": "reading_xlsb", "xlrd": "reading_xls", "xlsxwriter": "writing_xlsx"}
"""The packages of the extra ``xlsx``, and what needs them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no exception comes out."""
    fail = _fail
    try:
        words = sys.argv[1:] if argv is None else argv
        fail = partial(_fail, language=language_in(words))
        _refuse_unsayable(words)
        given = parser_for(words).parse_args(words)
        return int(given.execute(given))
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else UNUSABLE
    except UnusableError as problem:
        return fail(problem)
    except BrokenPipeError:  # nobody reads on, and nobody needs to be told
        return PIPE_CLOSED
    except OSError as error:  # such as a full disk
        why = reason(error)
        return fail(why if error.filename is None else Told("of_file", name=error.filename or '""', error=why))
    except KeyboardInterrupt:
        return INTERRUPTED
    except (RecursionError, MemoryError):
        return fail(Told("too_deep"))
    except Exception as error:  # a person gets one line, not a traceback
        return fail(_known(error) or Told("internal", name=type(error).__name__, error=error))


def _refuse_unsayable(words: Sequence[str]) -> None:
    """Refuse what no shell can give, but a program that calls ``main`` can: it would name a file that none can be."""
    for word in words:
        try:
            is_sayable = b"\0" not in os.fsencode(word)
        except UnicodeEncodeError:
            is_sayable = False
        if not is_sayable:
            raise UnusableError("unsayable", word=word)


def run() -> NoReturn:
    """The entry point: UTF-8 whatever the locale, then ``main``; nothing temporary is left, also by a signal."""
    for name in ("SIGHUP", "SIGINT", "SIGTERM"):
        number = getattr(signal, name, None)  # not all platforms have all
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup has it ignored
            signal.signal(number, _stop)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # as long as the process
    for stream in filter(None, (sys.stdout, sys.stderr)):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = _flushed(main())
    gc.freeze()  # else Python looks once more through all that it has, which takes a tenth of a short run
    sys.exit(code)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End at once: an exception could come between any two steps, and a second signal into what cleans up."""
    remove_all()
    os._exit(128 + number)


def _flushed(code: int) -> int:
    """The exit code once all is written; Python would try to write what can't be again at exit, and complain."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if isinstance(error, BrokenPipeError):
                code = PIPE_CLOSED
            elif code != UNUSABLE:  # else it has been said
                code = _fail(reason(error))
    return code


def _known(error: Exception) -> Told | str | None:
    """What an error that the library tells its callers says; None for a defect of ours."""
    from reapi_rules.catalog.extras import how_to_install
    from reapi_rules.catalog.models import ModelError

    if isinstance(error, ModelError):
        return Told("of_model", error=error)
    if isinstance(error, ImportError) and error.name in _NEEDS:
        return how_to_install(Told(_NEEDS[error.name]), error.name, "xlsx")
    is_of_extra = isinstance(error, ImportError) and error.name is None
    if is_of_extra or isinstance(error, InvalidRequestError):
        return str(error)
    return error if isinstance(error, Told) else None


def _fail(what: Told | str, language: str = "en") -> int:
    with suppress(OSError):  # there may be no one to tell
        note(Line(f"reapi-rules: {said_in(what, language)}", "error"))
    return UNUSABLE


def parser_for(words: Sequence[str]) -> Parser:
    """The parser with the options of the commands that are among some words."""
    language = language_in(words)
    parser = Parser(language, prog="reapi-rules")
    parser.add_argument("--version", action="version", version=f"reapi-rules {__version__}")

    def made(prog: str) -> Parser | None:
        """None for a command that is not asked for: to make all of them takes a fiftieth of a short run."""
        return Parser(language, prog=prog) if prog.rpartition(" ")[2] in words else None

    # without a name argparse asks for the usage
    commands = parser.add_subparsers(metavar="COMMAND", prog="reapi-rules", parser_class=made)
    for name in COMMANDS:
        command = commands.add_parser(name, help="")
        if command is not None:
            module = import_module(f"reapi_rules.cli.{name}")
            command.set_defaults(execute=getattr(module, "execute", None))
            module.configure(command)
    return parser
