"""The package of an XLSX or XLSM file: its parts, its sheets, and the texts and formats that their cells share."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import IO, Any, TypeVar
from urllib.parse import unquote
from xml.parsers import expat

import msgspec

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.meaning.titles import subjects

__all__ = [
    "OLE",
    "TRUE",
    "Elements",
    "Package",
    "PackedSheet",
    "elements",
    "is_packed",
    "open_part",
    "parse",
    "pieces_of",
    "prefix_of",
    "unpack",
    "whole",
    "whole_elements",
]

_T = TypeVar("_T")
_MOST_BYTES = 1 << 31  # unpacked; a larger one is no plan of images
_AT_ONCE = 1 << 18
_BROKEN = (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
"""What a broken archive raises: names, sums, lengths, places and methods that are none, and passwords."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")
_DECLARATION = re.compile(
    rb"""<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?(?: standalone=["']\w+["'])?\s*\?>"""
)
_LONGEST = 1 << 20  # of what may yet have an end
_PLAIN_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<&\r]*)</t></si>')
_LOOK = 1 << 10
_MOST_DIGITS = 10
OLE = b"\xd0\xcf\x11\xe0"
"""What an XLS file begins with."""
TRUE = ("1", "true")
"""How XML says that something is so."""
_STRICT = "http://purl.oclc.org/ooxml/"
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The built-in formats of dates and times."""
_DURATIONS = frozenset({46})
_NO_SIGN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
"""What of a format is no sign of a date: texts, single characters, colours and languages."""
_BEHIND = re.compile(r'(?<!,)(?:"([^"]*)"|\\(.))')  # 0,"K" shows thousands of what the cell holds


class PackedSheet(msgspec.Struct, frozen=True):
    """A sheet of a package: its name, its part, and whether it is hidden."""

    name: str
    part: str
    is_hidden: bool


class Package:
    """An XLSX or XLSM file.  Raises SheetError for any other file, and for one that unpacks to too much."""

    def __init__(self, content: bytes) -> None:
        self.archive: zipfile.ZipFile = unpack(content)
        self._names: dict[str, str] = {_known_as(name): name for name in self.archive.namelist()}
        self.is_strict: bool = False
        self.counts_from_1904: bool = False
        self.sheets: list[PackedSheet] = []
        documents = [part for _, part, kind in self.related("") if kind == "officeDocument"]
        workbook = self._named((*documents, "xl/workbook.xml")[0])
        if workbook is None:
            raise SheetError("is_no_xlsx")
        self.workbook: str = workbook
        related = list(self.related(workbook))
        self.parts: dict[str, str] = {kind: part for _, part, kind in related}
        targets = {identity: part for identity, part, _ in related}
        for name, given in elements(self.open(workbook)):
            if name == "workbook":
                self.is_strict = any(value.startswith(_STRICT) for value in given.values())
            elif name == "workbookPr":
                self.counts_from_1904 = given.get("date1904") in TRUE
            elif name == "sheet":
                identity = next((value for key, value in given.items() if key.endswith(":id")), "")
                part = targets.get(identity, "")
                if self._named(part):
                    hidden = given.get("state", "visible") != "visible"
                    self.sheets.append(PackedSheet(given.get("name", ""), part, hidden))

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream.  Raises SheetError where there is none."""
        return open_part(self.archive, part)

    def read(self, part: str) -> bytes:
        """A part as a whole.  Raises SheetError where there is none, or one that is broken."""
        return b"".join(pieces_of(self.open(part)))

    def related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """The id, the part and the kind of each relationship of a part."""
        folder, name = posixpath.split(part.replace("\\", "/"))
        file = self._named(posixpath.join(folder, "_rels", f"{name}.rels"))
        if file is not None:
            for _, given in elements(self.open(file)):
                if {"Id", "Target", "Type"} <= given.keys() and given.get("TargetMode") != "External":
                    path = posixpath.normpath(posixpath.join(f"/{folder}", given["Target"])).lstrip("/")
                    yield given["Id"], self._named(path) or path, given["Type"].rpartition("/")[2]

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells share."""
        part = self.parts.get("sharedStrings")
        return [] if part is None else list(_shared_texts(self.open(part)))

    @cached_property
    def kinds(self) -> list[str]:
        """What the numbers under each format of cells are: ``date``, ``duration``, ``multiple``, or nothing special."""
        return [kind for kind, _ in self._formats]

    @cached_property
    def struck(self) -> frozenset[int]:
        """The formats of cells whose text is struck through."""
        return frozenset(number for number, (_, is_struck) in enumerate(self._formats) if is_struck)

    @cached_property
    def _formats(self) -> list[tuple[str, bool]]:
        part = self.parts.get("styles")
        return [] if part is None else list(_formats(self.open(part)))

    def _named(self, part: str) -> str | None:
        return self._names.get(_known_as(part))


Elements = dict[str, str]
"""The attributes of an element."""


def unpack(content: bytes) -> zipfile.ZipFile:
    """The archive of a file.  Raises SheetError for one that is broken, or unpacks to too much."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise (_unreadable(error) if is_packed(content) else SheetError(_other_file(content))) from None
    size = sum(info.file_size for info in archive.infolist())
    if size > _MOST_BYTES:
        raise SheetError("too_large", size=size >> 20)
    return archive


def open_part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A part of an archive as a stream.  Raises SheetError where there is none, or one whose header is broken."""
    try:
        return archive.open(name)
    except _BROKEN as error:
        raise _unreadable(error) from None


def is_packed(content: bytes) -> bool:
    """Whether a file begins as those of workbooks do, in ZIP archives and of old."""
    return content.startswith((b"PK\x03\x04", OLE))


def _other_file(content: bytes) -> str:
    """What a file is that is no workbook, as the text about it is called.

    >>> _other_file(b" <html><table>"), _other_file(b"size,n"), _other_file(b"{")
    ('is_html', 'is_text', 'is_json')
    """
    start = content[:_LOOK].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        return "is_empty"
    if b"<html" in start or start.startswith((b"<table", b"<!doctype html")):
        return "is_html"
    if start.startswith(b"<"):
        return "is_xml"
    if start.startswith((b"{", b"[")):
        return "is_json"
    if b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is_text"
    return "is_other"


def _known_as(part: str) -> str:
    """What a part is known as: its name is an address, in which neither case nor the kind of slash matters.

    >>> _known_as("xl\\\\SharedStrings.xml"), _known_as("/xl/my%20sheet.xml")
    ('xl/sharedstrings.xml', 'xl/my sheet.xml')
    """
    return unquote(part).replace("\\", "/").lstrip("/").lower()


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream in pieces.  Raises SheetError for one that is broken."""
    try:
        while piece := stream.read(_AT_ONCE):
            yield piece
    except _BROKEN as error:
        raise _unreadable(error) from None


def whole_elements(stream: IO[bytes], closing: bytes) -> Iterator[tuple[bytes, bool]]:
    """A stream in pieces that end behind a closing tag, and whether a sign ``<`` begins a tag wherever it is in them.

    From where it may not, since there is a comment or the like or another encoding, the pieces end anywhere.
    """
    held, is_begun, pieces = b"", False, pieces_of(stream)
    for piece in pieces:
        held += piece
        declared = None if is_begun else _DECLARATION.match(held)
        rest = held[declared.end() :] if declared else held
        if (b"!" in rest and b"<!" in rest) or (b"?" in rest and b"<?" in rest):  # one byte is found ten times as fast
            break
        last = held.rfind(closing)
        stop = last + len(closing) if last >= 0 else held.rfind(b"<") if len(held) > _LONGEST else 0
        if stop > 0:
            yield held[:stop], True
            held, is_begun = held[stop:], True
    for piece in chain((held,), pieces):
        yield piece, False


def parse(pieces: Iterable[bytes], parser: expat.XMLParserType, made: list[_T]) -> Iterator[_T]:
    """Feed a parser, and give after each piece what its handlers have made so far; it is taken out of the list.

    Raises SheetError for what is no XML, and for a document type, which no workbook has.
    """

    def refuse(*_: Any) -> None:
        raise SheetError("document_type")

    parser.StartDoctypeDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield from made
            made.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, *_BROKEN) as error:
        raise _unreadable(error) from None
    yield from made


def _unreadable(error: Exception) -> SheetError:
    return error if isinstance(error, SheetError) else SheetError("unreadable", error=error)


def whole(text: str | None) -> int:
    """The whole number in an attribute; 0 where it is none.

    >>> whole("7"), whole("x"), whole(None)
    (7, 0, 0)
    """
    return int(text) if text and text.isdecimal() and len(text) < _MOST_DIGITS else 0


def prefix_of(name: str) -> str:
    """The prefix of the name of an element.

    >>> prefix_of("x:c"), prefix_of("c")
    ('x:', '')
    """
    return name[: name.find(":") + 1]


def elements(stream: IO[bytes]) -> Iterator[tuple[str, Elements]]:
    """The elements of a part in order, without the prefix of the first one: those of extensions have another."""
    found: list[tuple[str, Elements]] = []
    parser = expat.ParserCreate()
    prefix: str | None = None

    def start(name: str, given: Elements) -> None:
        nonlocal prefix
        prefix = prefix_of(name) if prefix is None else prefix
        found.append((name.removeprefix(prefix), given))

    parser.StartElementHandler = start
    return parse(pieces_of(stream), parser, found)


def encode(text: str) -> str:
    """A text as XML holds it, the characters that it can't hold written out.

    >>> encode("a & b\\x01, _x0041_"), decode("a\\x01, _x005F_x0041_")
    ('a &amp; b_x0001_, _x005F_x0041_', 'a\\x01, _x0041_')
    """
    if not _SPECIAL.search(text):
        return text
    text = _CONTROLS.sub(lambda match: f"_x{ord(match[0]):04X}_", _ESCAPE.sub("_x005F_", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def decode(text: str) -> str:
    """A text with the characters that XML can't hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _shared_texts(stream: IO[bytes]) -> Iterator[str]:
    """Each text, whole where it is formatted in pieces, without how it is pronounced."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    done: list[str] = []
    pieces: list[str] = []
    is_spoken = False

    def start(name: str, _: Elements) -> None:
        nonlocal is_spoken
        name = name.rpartition(":")[2]
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            is_spoken = True
        parser.CharacterDataHandler = pieces.append if name == "t" and not is_spoken else None

    def end(name: str) -> None:
        nonlocal is_spoken
        parser.CharacterDataHandler = None
        name = name.rpartition(":")[2]
        if name == "rPh":
            is_spoken = False
        elif name == "si":
            done.append(decode("".join(pieces)))

    def feed() -> Iterator[bytes]:
        for piece, is_open in whole_elements(stream, b"</si>"):
            first = piece.find(b"<si") if is_open else -1
            found = _PLAIN_TEXT.findall(piece[first:].decode("utf-8", "replace")) if first >= 0 else ()
            if first >= 0 and len(found) == piece.count(b"<si"):  # a third of the time that the handlers take
                yield piece[:first]
                parser.StartElementHandler = parser.EndElementHandler = None
                done.extend(map(decode, found) if b"_x" in piece else found)
                piece = piece[first:]
            yield piece
            parser.StartElementHandler, parser.EndElementHandler = start, end

    parser.StartElementHandler, parser.EndElementHandler = start, end
    return parse(feed(), parser, done)


def _formats(stream: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """What the numbers under each format of cells are, and whether its text is struck through."""
    own, fonts = dict[int, str](), list[bool]()
    part = ""
    for name, given in elements(stream):
        if name == "numFmt":
            own[whole(given.get("numFmtId"))] = _kind(given.get("formatCode", ""))
        elif name in ("fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            part = name
        elif name == "font":
            fonts.append(False)
        elif name == "strike" and part == "fonts" and fonts:
            fonts[-1] = given.get("val", "1") in TRUE
        elif name == "xf" and part == "cellXfs":
            number, font = whole(given.get("numFmtId")), whole(given.get("fontId"))
            kind = own.get(number) or ("duration" if number in _DURATIONS else "date" if number in _DATES else "")
            yield kind, font < len(fonts) and fonts[font]


def _kind(code: str) -> str:
    """What a number format makes of a number; ``multiple`` if it shows one as dozens or the like, unscaled.

    >>> _kind("[h]:mm:ss"), _kind("yyyy-mm-dd"), _kind('0.00 "m"'), _kind("[$-409]h:mm AM/PM;@"), _kind("[Red]0")
    ('duration', 'date', '', 'date', '')
    >>> _kind('0 "dozen"'), _kind("0\\\\K"), _kind('0,"K"'), _kind('0 "images"')
    ('multiple', 'multiple', '', '')
    """
    if subjects().has_multiple(" ".join(map("".join, _BEHIND.findall(code.partition(";")[0])))):
        return "multiple"
    bare = _NO_SIGN.sub("", code.partition(";")[0]).lower()
    if "general" in bare:
        return ""
    return "duration" if "[" in bare else "date" if set(bare) & set("ymdhs") else ""
