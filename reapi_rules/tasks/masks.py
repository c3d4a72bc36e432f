"""Check a mask and its image before the upload: find offline what the upstream would refuse.

Needs Pillow, from the extra ``mask``.  Source: sections "mask_url" and "Tips" of the page: a PNG with an
alpha channel, of the dimensions of the first image, and not fully opaque.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from functools import reduce
from io import BytesIO
from typing import Any

from reapi_rules.catalog.extras import need
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.tasks.images import (
    AS_STORED,
    PNG_START,
    SIDEWAYS,
    UnreadableError,
    bytes_of,
    kind_of,
    look_at,
    png_chunks,
)
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.sizes import Edges

__all__ = ["check_mask"]

_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGB_ALPHA = 0, 2, 3, 4, 6
_DEPTHS = {_GREY: (1, 2, 4, 8, 16), _RGB: (8, 16), _PALETTE: (1, 2, 4, 8), _GREY_ALPHA: (8, 16), _RGB_ALPHA: (8, 16)}
_KEY_BYTES = {_GREY: 2, _RGB: 6}
_OPAQUE = 255

_DECLARED = {(depth, _GREY): (depth, _PALETTE) for depth in (1, 2, 4)}
_DECLARED |= {(16, _GREY): (8, _GREY_ALPHA), (16, _GREY_ALPHA): (8, _RGB_ALPHA)}
"""Depth and colour type that keep the values apart where Pillow would scale or cut them: the bytes are the same."""

_CHANNELS = {(8, _GREY_ALPHA): 1, (16, _GREY_ALPHA): 2, (8, _RGB_ALPHA): 3, (16, _RGB_ALPHA): 3}
"""The band with the alpha channel, or the upper half of it, by depth and colour type."""

SeeThrough = dict[int, Collection[int]]
"""Which values a transparent pixel has, by the number of the band."""


def check_mask(mask: bytes | bytearray | memoryview, image: bytes | bytearray | memoryview) -> tuple[Finding, ...]:
    """What is wrong with a mask for this first image, from the bytes of both files; empty if it is fine.

    >>> [finding.rule for finding in check_mask(b"GIF89a...", b"")]
    ['mask.not_png', 'mask.image_unreadable']

    A mask's pixels are decoded only up to a limit, an image's never.  Raises ImportError if Pillow is needed and
    missing.
    """
    return tuple(_check(mask, image))


def _check(mask: Any, image: Any) -> Iterator[Finding]:
    edges = None
    try:
        mask = bytes_of(mask)
        if (kind := kind_of(mask)) not in (None, "PNG"):
            yield task_rules()["mask.not_png"].find(kind=kind)
        else:
            edges, _ = look_at(mask)
            yield from _check_alpha(mask, edges)
    except UnreadableError as problem:
        yield task_rules()["mask.unreadable"].find(detail=str(problem))
    yield from _compare(edges, image)


def _check_alpha(mask: bytes, edges: Edges) -> Iterator[Finding]:
    """Whether the mask has an alpha channel, and anything transparent in it."""
    rules = task_rules()
    width, height = edges
    if width * height > rules.most_mask_pixels:
        yield rules["mask.too_large"].find(width=width, height=height)
        return
    header, key, pixels = _content(mask)
    see_through = _see_through(header, key)
    if see_through is None:
        yield rules["mask.no_alpha"].find()
    elif not _has_a_pixel(_rebuilt(header, pixels), see_through):
        yield rules["mask.opaque"].find()
    elif _kind(header) not in _CHANNELS:
        yield rules["mask.indirect_alpha"].find()


def _content(mask: bytes) -> tuple[bytes, bytes, bytes]:
    """The header, what says which colours are transparent, and the compressed pixels."""
    header, key = b"", b""
    pixels: list[memoryview] = []
    for name, content in png_chunks(memoryview(mask)):
        if name == b"IHDR":
            if header:
                raise UnreadableError("it has two headers")
            header = bytes(content)
        elif name == b"tRNS" and not pixels:
            key = bytes(content)
        elif name == b"IDAT":
            pixels.append(content)
    depth, colour = _kind(header)
    if depth not in _DEPTHS.get(colour, ()):
        raise UnreadableError("its header is broken")
    return header, key, b"".join(pixels)


def _kind(header: bytes) -> tuple[int, int]:
    """Depth and colour type."""
    return header[8], header[9]


def _see_through(header: bytes, key: bytes) -> SeeThrough | None:
    """What makes a pixel of the rebuilt mask transparent; None where nothing can."""
    depth, colour = kind = _kind(header)
    if kind in _CHANNELS:
        return {_CHANNELS[kind]: range(_OPAQUE)}
    if colour == _PALETTE:
        return {0: {index for index, alpha in enumerate(key) if alpha != _OPAQUE}} if key else None
    if len(key) != _KEY_BYTES[colour]:
        return None
    if colour == _GREY and depth == 16:
        return {0: key[:1], 1: key[1:]}
    if colour == _GREY:
        return {0: (key[1] & (1 << depth) - 1,)}
    return {band: (key[2 * band + (depth == 8)],) for band in range(3)}


def _rebuilt(header: bytes, pixels: bytes) -> bytes:
    """A PNG with the same pixels and nothing else in it, so that Pillow has nothing to warn of."""
    kind = _kind(header)
    declared = header[:8] + bytes(_DECLARED.get(kind, kind)) + header[10:]
    chunks = (b"IHDR", declared), (b"IDAT", pixels), (b"IEND", b"")
    return PNG_START + b"".join(
        len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")
        for name, content in chunks
    )


def _has_a_pixel(png: bytes, wanted: SeeThrough) -> bool:
    """Whether a pixel has one of the wanted values in each band.  Pillow reduces 16 bits to the upper 8."""
    png_file = need("PIL.PngImagePlugin", "mask", "opening a mask").PngImageFile
    darker = need("PIL.ImageChops", "mask", "opening a mask").darker
    try:
        image = png_file(BytesIO(png))
        tables = {band: [_OPAQUE if value in values else 0 for value in range(256)] for band, values in wanted.items()}
        found = reduce(darker, (image.getchannel(band).point(table) for band, table in tables.items()))
        return bool(found.getextrema()[1])
    except Exception:  # a broken file may raise anything, and Pillow says no more than this
        raise UnreadableError("its pixels are broken or cut off") from None


def _compare(edges: Edges | None, image: Any) -> Iterator[Finding]:
    """Whether the image has the dimensions of the mask, as stored or as shown, and is shown as it is stored."""
    rules = task_rules()
    try:
        stored, orientation = look_at(bytes_of(image))
    except UnreadableError as problem:
        yield rules["mask.image_unreadable"].find(index=0, detail=str(problem))
        return
    if edges is None or (edges == stored and orientation == AS_STORED):
        return
    fits = edges == stored or (orientation in SIDEWAYS and edges == stored[::-1])
    rule = rules["mask.rotated_image" if fits else "mask.dimensions"]
    yield rule.find(width=edges[0], height=edges[1], image_width=stored[0], image_height=stored[1])
