"""The encoding of a text file: that of its byte-order mark, or UTF-8, or one that fits its words, or Windows-1252.

Whatever the encoding, the text can be written back to the very same bytes.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

import msgspec

from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.titles import is_money, subjects
from reapi_rules.sheets.meaning.words import row_words
from reapi_rules.terms.once import once
from reapi_rules.terms.spelling import fold

__all__ = ["EXCEL", "UTF8", "Encoding", "detect", "open_text"]

_CHUNK = 1 << 20
_FALLBACK = "cp1252"
_EASTERN = ("gb18030", "big5", "cp932", "cp949", "euc_jp")
"""What Excel saves as CSV in China, Taiwan, Japan and Korea, with Shift-JIS and EUC-KR as parts; and EUC-JP."""
_EAST = "\u2e80"  # the first character of those that are words of their own
_MOST_LINES = 20
_SEPARATORS = re.compile('[,;|\t"]')
_WORDS = re.compile(r"[^\W_]+")
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

_MARKS = (EXCEL, Encoding("utf-16-le", codecs.BOM_UTF16_LE), Encoding("utf-16-be", codecs.BOM_UTF16_BE))


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
    return UTF8 if _is_utf8(file) else Encoding(_by_words(file), is_assumed=True)


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


def _by_words(file: BinaryIO) -> str:
    """The encoding in which the top of a file has most known words that are not ASCII; Windows-1252 on a tie."""
    top = file.read(_TOP)
    file.seek(0)
    lines = top.splitlines()[:_MOST_LINES]
    return max((_FALLBACK, *_EASTERN), key=lambda name: _count(lines, name))


def _count(lines: Sequence[bytes], name: str) -> int:
    """How many cells have a word that we know in an encoding; -1 if the lines can't be decoded."""
    try:
        texts = [line.decode(name, "replace" if name == _FALLBACK else "strict") for line in lines]
    except UnicodeDecodeError:
        return -1
    return sum(_is_known(cell) for text in texts if not text.isascii() for cell in _SEPARATORS.split(text))


def _is_known(cell: str) -> bool:
    """Whether a cell is a title or another word that we know, and not because of its ASCII words alone."""
    if cell.isascii() or is_money(cell):  # as another encoding shows some letters
        return False
    words = _WORDS.findall(cell)
    foreign = [word for word in words if not word.isascii() and (len(word) > 1 or word > _EAST)]
    plain = [word for word in words if word.isascii()]
    return _means(" ".join(foreign)) or (bool(foreign) and _means(cell.strip()) and not _means(" ".join(plain)))


def _means(text: str) -> bool:
    return bool(subjects().of(text).subjects) or subjects().is_other(text) or fold(text) in _cell_words()


@once
def _cell_words() -> frozenset[str]:
    """What the cells of a sheet say in words."""
    rows = row_words()
    spelt = (word for role in spellings().words.values() for word in role)
    return frozenset(map(fold, (*rows.totals, *rows.notes, *spelt)))


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):  # such as a null character
        codec = None
    if codec is None or not codec._is_text_encoding or codec.name in _UNFIT:
        raise SheetError("no_encoding", name=name)
    return codec.name


def _is_utf8(file: BinaryIO) -> bool:
    try:
        for _ in codecs.iterdecode(iter(partial(file.read, _CHUNK), b""), "utf-8"):
            pass
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
