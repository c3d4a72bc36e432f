"""Input and output: files and standard streams (-) as bytes, and output that is never partial."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, TypeVar

import msgspec

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.progress import hide
from reapi_rules.cli.terminal import printable, shown
from reapi_rules.sheets.batches import unwrap

__all__ = [
    "elements",
    "name_of",
    "note",
    "open_input",
    "open_output",
    "read_bytes",
    "rereadable",
    "starts_a_list",
    "told",
    "write_each",
    "write_lines",
]

T = TypeVar("T")

_BUFFER = 1 << 18  # bytes at once
_LOOK = 1 << 10


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(path, "rb", _BUFFER)  # noqa: SIM115  # closed below; only the opening is ours to explain
    except OSError as error:
        raise UnusableError(f"{path}: {error.strerror or error}") from None
    with file:
        yield file


def name_of(path: str) -> str:
    """What an input is called.

    >>> name_of("-"), name_of("plan.csv")
    ('standard input', 'plan.csv')
    """
    return "standard input" if path == "-" else path


def read_bytes(file: BinaryIO) -> bytes:
    """All of a file; UnusableError where it can't be read."""
    try:
        return file.read()
    except OSError as error:
        raise UnusableError(f"can't read the input: {error.strerror or error}") from None


def elements(text: bytes) -> list[bytes] | None:
    """The elements of a JSON list as they are spelt; None for text that is not a list.

    >>> elements(b'[{"n": 1}, 2]'), elements(b'{}')
    ([b'{"n": 1}', b'2'], None)
    """
    try:
        return [bytes(element) for element in _decode_list(text.removeprefix(b"\xef\xbb\xbf"))]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


def starts_a_list(path: str) -> bool:
    """Whether a file begins as a JSON list does; of what can be read only once nobody knows."""
    try:
        with open(path, "rb") as file:
            return file.seekable() and file.read(_LOOK).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["
    except OSError:
        return False


def rereadable(file: BinaryIO) -> BinaryIO:
    """The file if it can be read twice, else a copy of it on disk."""
    if file.seekable():
        return file
    import tempfile  # slow to import
    from shutil import copyfileobj

    copy: Any = tempfile.TemporaryFile()  # noqa: SIM115  # gone with the process
    copyfileobj(file, copy)
    copy.seek(0)
    return copy  # type: ignore[no-any-return]  # a binary file


@contextmanager
def open_output(path: str, *, inputs: Iterable[str] = (), option: str = "-o") -> Iterator[BinaryIO]:
    """Where results go: standard output, or a file that appears only once all is written, and that is no input."""
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not path:
        raise UnusableError(f"{option} names no file")
    import tempfile  # slow to import

    target = os.path.realpath(path)
    if any(_is_same(file, target) for file in inputs if file != "-"):
        raise UnusableError(f"{path} is an input of this run: choose another name for {option}")
    try:
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "wb") as device:  # a pipe or a device can't be replaced
                yield device
            return
        descriptor, temporary = tempfile.mkstemp(prefix=".reapi-rules-", dir=os.path.dirname(target))
    except OSError as error:
        raise UnusableError(f"{path}: {error.strerror or error}") from None
    try:
        with os.fdopen(descriptor, "wb", _BUFFER) as file:
            yield file
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def note(text: str) -> None:
    """Say something that is no result, after the results so far."""
    sys.stdout.flush()
    hide()
    for line in shown([text], sys.stderr):
        print(line, file=sys.stderr)  # noqa: T201  # the command line's own voice


def told(texts: Iterable[bytes]) -> Iterator[bytes]:
    """The texts as they go by; a note says once that lines of a batch are judged by their bodies."""
    texts = iter(texts)
    for text in texts:
        if unwrap(text) is not None:
            note("lines of an OpenAI batch: each is judged by its body and named by its custom_id")
            yield text
            break
        yield text
    yield from texts


def write_lines(output: BinaryIO, lines: Iterable[str]) -> None:
    """Write lines for people."""
    lines = shown(lines, sys.stdout) if output is sys.stdout.buffer else map(printable, lines)
    output.writelines(line.encode() + b"\n" for line in lines)


def write_each(
    output: BinaryIO,
    form: str,
    results: Iterable[T],
    to_json: Callable[[T], bytes],
    to_lines: Callable[[T], Iterable[str]],
) -> None:
    """Write results as they come: as one JSON list, as NDJSON, or as lines for people."""
    separator = b"[\n"
    for result in results:
        if form == "json":
            output.write(separator + to_json(result))
            separator = b",\n"
        elif form == "ndjson":
            output.write(to_json(result) + b"\n")
        else:
            write_lines(output, to_lines(result))
    if form == "json":
        output.write(b"\n]\n" if separator == b",\n" else b"[]\n")


def _is_same(file: str, target: str) -> bool:
    """Whether two paths lead to one file, whatever they are called."""
    try:
        return os.path.samefile(file, target)
    except OSError:
        return os.path.realpath(file) == target


def _mode(path: str) -> int:
    """The permissions of the file to replace, or those of a new file."""
    with suppress(OSError):
        return stat.S_IMODE(os.stat(path).st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
