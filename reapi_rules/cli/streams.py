"""Input and output: files and standard streams (-) as bytes, and output that is never partial."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import BinaryIO, TypeVar

import msgspec

from reapi_rules.catalog.texts import Told, reason
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.progress import hide
from reapi_rules.cli.terminal import is_terminal, printable, shown
from reapi_rules.sheets.files.temporary import remove, temporary_file, temporary_name
from reapi_rules.terms.values import escape

__all__ = [
    "elements",
    "is_screen",
    "lines_of",
    "name_of",
    "note",
    "open_input",
    "open_output",
    "printed",
    "read_bodies",
    "read_bytes",
    "rereadable",
    "starts_a_list",
    "write_each",
]

T = TypeVar("T")

_BUFFER = 1 << 18  # bytes at once
_LOOK = 1 << 10
_MB = 1 << 20
_LONGEST_LINE, _LARGEST_LIST = 64, 256


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        if sys.stdin is None:
            raise UnusableError("closed_input")
        yield sys.stdin.buffer
        return
    with open(path, "rb", _BUFFER) as file:
        yield file


def name_of(path: str) -> Told | str:
    """What an input is called, also where its path is no text.

    >>> str(name_of("-")), name_of("plan.csv")
    ('standard input', 'plan.csv')
    """
    return Told("standard_input") if path == "-" else escape(path)


def read_bytes(file: BinaryIO, *, most: int | None = None, instead: Told | str = "") -> bytes:
    """All of a file; UnusableError if it can't be read or is larger than ``most`` MB, with what to do instead."""
    try:
        content = file.read() if most is None else file.read(most * _MB + 1)
    except OSError as error:
        raise UnusableError("no_input", error=reason(error)) from None
    if most is not None and len(content) > most * _MB:
        raise UnusableError("input_too_large", most=most, instead=instead)
    return content


def read_bodies(file: BinaryIO) -> bytes:
    """A JSON body or a list of them, which is held in memory whole."""
    return read_bytes(file, most=_LARGEST_LIST, instead=Told("as_ndjson"))


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file as they come; UnusableError for one that is longer than 64 MB."""
    most = _LONGEST_LINE * _MB
    for number, line in enumerate(iter(partial(file.readline, most + 1), b""), 1):
        if len(line) > most:
            raise UnusableError("line_too_long", number=number, most=_LONGEST_LINE)
        yield line


def elements(text: bytes) -> list[bytes] | None:
    """The elements of a JSON list as they are spelt; None for text that is not a list.

    >>> elements(b'[{"n": 1}, 2]'), elements(b'{}')
    ([b'{"n": 1}', b'2'], None)
    """
    try:
        return [bytes(element) for element in _decode_list(text.removeprefix(b"\xef\xbb\xbf"))]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _strange_elements(text) if _begins_a_list(text) else None


def _strange_elements(text: bytes) -> list[bytes] | None:
    """The same where one of them holds what our decoder gives up on, such as half a pair of surrogates."""
    import json  # slow to import, as is json_text

    from reapi_rules.terms.json_text import elements as pieces_of

    try:
        decoded = text.removeprefix(b"\xef\xbb\xbf").decode()
        pieces = pieces_of(decoded) if type(json.loads(decoded)) is list else None
    except (ValueError, RecursionError):
        return None
    return None if pieces is None else [piece.encode() for piece in pieces[1::2]]


_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


def starts_a_list(path: str) -> bool:
    """Whether a file begins like a JSON list; never for what can be read only once, which is not looked into."""
    try:
        with open(path, "rb") as file:
            return file.seekable() and _begins_a_list(file.read(_LOOK))
    except OSError:
        return False


def _begins_a_list(text: bytes) -> bool:
    return text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["


@contextmanager
def rereadable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file if it can be read twice, else a copy of it on disk."""
    if file.seekable():
        yield file
        return
    from shutil import copyfileobj  # slow to import

    with temporary_file() as copy:
        copyfileobj(file, copy)
        copy.seek(0)
        yield copy


@contextmanager
def open_output(path: str, *, inputs: Iterable[str] = (), option: str = "-o") -> Iterator[BinaryIO]:
    """Where results go: standard output, or a file that appears only once all is written, and that is no input.

    The file keeps the owner and the permissions of the one that it replaces.
    """
    if not path:
        raise UnusableError("no_file_name", option=option)
    standard, before = _status("-", 1), _status(path, 1)
    is_file = before is None or stat.S_ISREG(before.st_mode)
    if is_file and any(_is_same(file, path, before) for file in inputs):
        name = Told("standard_output") if path == "-" else path
        raise UnusableError("is_input", name=name, option=option)
    if path == "-" or (before and standard and os.path.samestat(before, standard)):
        if sys.stdout is None:
            raise UnusableError("name_output")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif is_file:
        yield from _replaced(path, os.path.realpath(path), before)
    else:
        with open(path, "wb", _BUFFER) as file:  # a pipe or a device, which can't be replaced
            yield file


def _replaced(path: str, target: str, before: os.stat_result | None) -> Iterator[BinaryIO]:
    """A file beside the target that takes its place at the end."""
    if before is not None and not (before.st_mode & 0o222 and os.access(target, os.W_OK)):
        raise UnusableError("is_read_only", path=path)
    temporary = temporary_name(os.path.dirname(target))
    try:
        with _created(temporary, path, before) as file:
            yield file
        try:
            os.replace(temporary, target)
        except OSError as error:  # which may name the other one
            raise UnusableError("of_file", name=path, error=reason(error)) from None
    finally:
        remove(temporary)


def _created(temporary: str, path: str, before: os.stat_result | None) -> BinaryIO:
    """A new file, of the owner and with the permissions of the one before."""
    try:
        file = open(temporary, "xb", _BUFFER)  # noqa: SIM115  # closed by the caller
    except OSError as error:
        raise UnusableError("of_file", name=path, error=reason(error)) from None
    if before is not None:
        now = os.stat(temporary)
        try:
            if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
                os.chown(temporary, before.st_uid, before.st_gid)
            os.chmod(temporary, stat.S_IMODE(before.st_mode))
        except OSError:
            file.close()
            raise UnusableError("of_another_user", path=path) from None
    return file


def note(*lines: str) -> None:
    """Say something that is no result, after the results so far."""
    with suppress(AttributeError, OSError):  # a stream that is closed or full is told by what writes results
        sys.stdout.flush()
    hide()
    for line in shown(lines, sys.stderr):
        print(line, file=sys.stderr)  # noqa: T201  # the command line's own voice


def printed(lines: Iterable[str], output: BinaryIO | None = None) -> bytes:
    """Lines for people, as they look where they are written to."""
    lines = shown(lines, sys.stdout) if is_screen(output) else map(printable, lines)
    return b"".join(line.encode() + b"\n" for line in lines)


def is_screen(output: BinaryIO | None) -> bool:
    return is_terminal(sys.stdout) and output is sys.stdout.buffer


def write_each(
    output: BinaryIO,
    form: str,
    results: Iterable[T],
    to_json: Callable[[T], bytes],
    to_text: Callable[[T], bytes],
) -> None:
    """Write results as they come: as one JSON list, as NDJSON, or as lines for people."""
    if form == "json":
        separator = b"[\n"
        for result in results:
            output.write(separator + to_json(result))
            separator = b",\n"
        output.write(b"\n]\n" if separator == b",\n" else b"[]\n")
    elif form == "ndjson":
        output.writelines(to_json(result) + b"\n" for result in results)
    else:
        output.writelines(map(to_text, results))


def _status(file: str, number: int) -> os.stat_result | None:
    """What a file is, and for - the standard stream of that number; None where there is none."""
    is_stream = file == "-"
    if is_stream and (sys.stdin, sys.stdout)[number] is None:  # closed, and another file may have its number
        return None
    try:
        return os.stat(number if is_stream else file)
    except OSError:
        return None


def _is_same(file: str, path: str, before: os.stat_result | None) -> bool:
    """Whether an input and an output are one file, whatever they are called."""
    found = _status(file, 0)
    if found is None or before is None:
        return file != "-" and os.path.realpath(file) == os.path.realpath(path)
    return os.path.samestat(found, before)
