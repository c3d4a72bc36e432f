"""The encoding of a text file: told by its byte-order mark, else UTF-8, else by its header, else Windows-1252.

Whatever the encoding, the text can be written back to the very same bytes.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from reapi_rules.sheets.columns import SheetError
from reapi_rules.sheets.titles import subjects

__all__ = ["EXCEL", "UTF8", "Encoding", "detect", "open_text"]

_CHUNK = 1 << 20
_FALLBACK = "cp1252"
_EASTERN = ("gb18030", "big5", "cp932", "cp949")
"""What Excel saves as CSV in China, Taiwan, Japan and Korea; Shift-JIS and EUC-KR are parts of the last two."""
_HIGHEST_HEADER, _FEWEST_TITLES = 20, 2
_SEPARATORS = re.compile("[,;|\t]")
_TOP = 1 << 16  # bytes in which the header is
_UNFIT = ("utf-16", "utf-32", "utf-7", "idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined")


class Encoding(msgspec.Struct, frozen=True):
    """How text became bytes: the name of the encoding, the byte-order mark, and whether it is only our assumption."""

    name: str
    mark: bytes = b""
    is_assumed: bool = False

    @property
    def errors(self) -> str:
        """How bytes that mean nothing in the encoding pass through it unharmed."""
        return "surrogatepass" if self.name.startswith("utf-16") else "surrogateescape"

    def fit(self, text: str) -> str:
        """The text with a question mark for each character that the encoding lacks."""
        return text.encode(self.name, "replace").decode(self.name)


UTF8 = Encoding("utf-8")
EXCEL = Encoding("utf-8", codecs.BOM_UTF8)
"""What Excel takes for UTF-8."""

_MARKS = (
    EXCEL,
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)


def detect(file: BinaryIO, name: str | None = None) -> Encoding:
    """The encoding of a file that can be read twice; ``name`` is that of the user, who knows.

    >>> detect(io.BytesIO("尺寸".encode())).name, detect(io.BytesIO(b"caf\\xe9")).name
    ('utf-8', 'cp1252')
    """
    start = file.read(4)
    file.seek(0)
    name = None if name is None else _known(name)
    if name == "utf-8-sig":
        return EXCEL
    for encoding in _MARKS:
        if start.startswith(encoding.mark) and name in (None, encoding.name):
            return encoding
    if name is not None:
        return Encoding(name)
    if start[1:2] == b"\0" != start[:1]:
        return Encoding("utf-16-le")
    if start[:1] == b"\0" != start[1:2]:
        return Encoding("utf-16-be")
    return UTF8 if _is_utf8(file) else Encoding(_by_header(file) or _FALLBACK, is_assumed=True)


@contextmanager
def open_text(file: BinaryIO, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    """The text of a file from its start, line ends as they are; the file stays open."""
    file.seek(0)
    if file.read(len(encoding.mark)) != encoding.mark:
        file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding.name, errors=encoding.errors, newline="")
    try:
        yield text
    finally:
        text.detach()


def _by_header(file: BinaryIO) -> str | None:
    """The eastern encoding in which the header has most known titles, two at least, and not all of them ASCII."""
    top = file.read(_TOP)
    file.seek(0)
    lines = top.splitlines(keepends=True)[:_HIGHEST_HEADER]
    known = {name: _titles(lines, name) for name in _EASTERN}
    best = max(_EASTERN, key=known.__getitem__)
    return best if known[best] >= _FEWEST_TITLES else None


def _titles(lines: Sequence[bytes], name: str) -> int:
    """How many known titles a line has in an encoding; 0 where the others are no text in it."""
    most = 0
    for line in lines:
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            return 0
        if not text.isascii():
            cells = (cell.strip(' "\r\n') for cell in _SEPARATORS.split(text))
            most = max(most, sum(bool(subjects().of(cell).subjects) for cell in cells))
    return most


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):  # such as a null character
        codec = None
    if codec is None or not codec._is_text_encoding or codec.name in _UNFIT:
        raise SheetError(
            f"--encoding: {name} is not an encoding that a sheet can have; try utf-8, cp1252, gbk or utf-16-le"
        )
    return codec.name


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
