"""What an image file says of itself: its kind, its edges, and how it is shown turned or mirrored.  No pixel is decoded.

Source: section "mask_url" of the page, and the specifications of PNG, JPEG, WebP and EXIF.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reapi_rules.terms.sizes import Edges
from reapi_rules.terms.values import type_name

__all__ = ["AS_STORED", "PNG_START", "SIDEWAYS", "UnreadableError", "bytes_of", "kind_of", "look_at", "png_chunks"]

Part = tuple[bytes, memoryview]
"""A chunk or a segment of a file: its name and its content."""

PNG_START = b"\x89PNG\r\n\x1a\n"
_RIFF = b"RIFF"
_KINDS = {PNG_START: "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", _RIFF: "WebP", b"BM": "BMP"}
_KINDS |= {b"II*\0": "TIFF", b"MM\0*": "TIFF"}
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC"}
_FRAME_MARKERS = {bytes([marker]) for marker in range(0xC0, 0xD0)} - {b"\xc4", b"\xc8", b"\xcc"}
_MARKERS_WITHOUT_CONTENT = {b"\x01", *(bytes([marker]) for marker in range(0xD0, 0xD9))}
_LAST_MARKERS = (b"\xd9", b"\xda", b"")
_EXIF_PARTS = (b"eXIf", b"\xe1", b"EXIF")
_EXIF_START = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3
AS_STORED = 1
_TURNED = range(2, 9)
SIDEWAYS = range(5, 9)
"""The orientations of an image whose width is shown as its height."""


class UnreadableError(Exception):
    """An image that can't be read; the message says why."""


def bytes_of(file: Any) -> bytes:
    """The bytes of a file, also those of a ``bytearray`` or a ``memoryview``; whatever else it is can't be read."""
    try:
        return file if type(file) is bytes else bytes(memoryview(file))
    except Exception:  # no bytes, or a view that was released
        raise UnreadableError(f"it is of the Python type {type_name(type(file))}: give the bytes of the file") from None


def kind_of(image: bytes) -> str | None:
    """The format that the first bytes name.

    >>> kind_of(b"GIF89a..."), kind_of(b"%PDF")
    ('GIF', None)
    """
    if image.startswith(_RIFF) and image[8:12] != b"WEBP":
        return None
    if image[4:8] == b"ftyp":
        return _BRANDS.get(image[8:12])
    return next((kind for start, kind in _KINDS.items() if image.startswith(start)), None)


def look_at(image: bytes) -> tuple[Edges, int]:
    """Width and height as stored, and the EXIF orientation: 1 as stored, 2 to 4 turned by a half or mirrored, 5 to 8
    turned by a quarter.
    """
    kind = kind_of(image)
    if kind not in _PARTS:
        raise UnreadableError(f"it is {kind}" if kind else "it is not a known kind of image")
    edges, orientation = None, AS_STORED
    for name, content in _PARTS[kind](memoryview(image)):
        edges = edges or _edges(name, content)
        if orientation == AS_STORED and name in _EXIF_PARTS and (said := _orientation(bytes(content))) in _TURNED:
            orientation = said
    if edges is None or 0 in edges:
        raise UnreadableError("its header is broken")
    return edges, orientation


def png_chunks(png: memoryview) -> Iterator[Part]:
    r"""The chunks of a PNG, the header first; the last one may be cut off.

    >>> [name for name, content in png_chunks(memoryview(PNG_START + b"\0\0\0\0IHDR...."))]
    [b'IHDR']
    """
    at = len(PNG_START)
    if bytes(png[at + 4 : at + 8]) != b"IHDR":
        raise UnreadableError("its header is broken")
    while at + 8 <= len(png):
        end = at + 8 + int.from_bytes(png[at : at + 4], "big")
        yield bytes(png[at + 4 : at + 8]), png[at + 8 : end]
        at = end + 4


def _jpeg_segments(jpeg: memoryview) -> Iterator[Part]:
    """The segments before the pixels."""
    at = 2
    while bytes(jpeg[at : at + 1]) == b"\xff":
        marker = bytes(jpeg[at + 1 : at + 2])
        if marker in _LAST_MARKERS:
            return
        if marker == b"\xff":  # one more of them than is needed
            at += 1
        elif marker in _MARKERS_WITHOUT_CONTENT:
            at += 2
        else:
            end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
            yield marker, jpeg[at + 4 : end]
            at = max(end, at + 4)


def _webp_chunks(webp: memoryview) -> Iterator[Part]:
    at = 12
    while at + 8 <= len(webp):
        end = at + 8 + int.from_bytes(webp[at + 4 : at + 8], "little")
        yield bytes(webp[at : at + 4]), webp[at + 8 : end]
        at = end + end % 2


_PARTS = {"PNG": png_chunks, "JPEG": _jpeg_segments, "WebP": _webp_chunks}


def _edges(name: bytes, content: memoryview) -> Edges | None:
    """The edges that a header gives; None for another part, or a header that is too short."""
    size = len(content)
    if name == b"IHDR" and size >= 13:
        return int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big")
    if name in _FRAME_MARKERS and size >= 5:
        return int.from_bytes(content[3:5], "big"), int.from_bytes(content[1:3], "big")
    if name == b"VP8X" and size >= 10:
        return int.from_bytes(content[4:7], "little") + 1, int.from_bytes(content[7:10], "little") + 1
    if name == b"VP8 " and size >= 10 and bytes(content[3:6]) == b"\x9d\x01\x2a":
        return int.from_bytes(content[6:8], "little") & 0x3FFF, int.from_bytes(content[8:10], "little") & 0x3FFF
    if name == b"VP8L" and size >= 5 and bytes(content[:1]) == b"\x2f":
        bits = int.from_bytes(content[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _orientation(exif: bytes) -> int:
    """How the image is to be turned; 0 where that is not said."""
    tiff = exif.removeprefix(_EXIF_START)
    if _KINDS.get(tiff[:4]) != "TIFF":
        return 0

    def number(start: int, length: int) -> int:
        return int.from_bytes(tiff[start : start + length], "little" if tiff[:1] == b"I" else "big")

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * number(first, 2), 12):
        if (number(entry, 2), number(entry + 2, 2)) == (_ORIENTATION, _SHORT):
            return number(entry + 8, 2)
    return 0
