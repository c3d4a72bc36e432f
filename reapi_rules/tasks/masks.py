"""Open a mask and its image before the upload: what the upstream would refuse, seen offline.

Needs Pillow: ``pip install "reapi-rules[mask]"``.  Source: sections "mask_url" and "Tips" of the page: a PNG with an
alpha channel, of the dimensions of the first image, and not fully opaque.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from io import BytesIO
from typing import Any, TypeVar

from reapi_rules.tasks.rules import task_rules
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.sizes import Edges

__all__ = ["check_mask"]

T = TypeVar("T")

_PNG, _JPEG, _RIFF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"
_KINDS = {_PNG: "PNG", _JPEG: "JPEG", b"GIF8": "GIF", _RIFF: "WebP", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}
_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
_OPAQUE = 255


class _UnreadableError(Exception):
    """An image that can't be read; the message says why."""


def check_mask(mask: bytes, image: bytes) -> tuple[Finding, ...]:
    """What is wrong with a mask for this first image, from the bytes of both files; nothing if the upstream takes it.

    >>> [finding.rule for finding in check_mask(b"GIF89a...", b"")]
    ['mask.not_png', 'mask.image_unreadable']

    The mask's pixels are decoded only up to a bound, the image's never.  Raises ImportError where Pillow is needed and
    missing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow warns of in a damaged file does not change the verdict
        return tuple(_check(mask, image))


def _check(mask: bytes, image: bytes) -> Iterator[Finding]:
    try:
        edges = _png_edges(mask)
    except _UnreadableError as problem:
        kind = _kind(mask)
        rule = task_rules()["mask.unreadable" if kind in (None, "PNG") else "mask.not_png"]
        yield rule.find(kind=kind, detail=str(problem))
        yield from _compare(None, image)
    else:
        yield from _check_alpha(mask, edges)
        yield from _compare(edges, image)


def _check_alpha(mask: bytes, edges: Edges) -> Iterator[Finding]:
    """Whether the mask has an alpha channel, and anything transparent in it."""
    rules = task_rules()
    width, height = edges
    if width * height > rules.mask.max_pixels:
        yield rules["mask.too_large"].find(width=width, height=height)
        return
    try:
        has_channel, has_colour, is_opaque = _alpha(mask, edges)
    except _UnreadableError as problem:
        yield rules["mask.unreadable"].find(detail=str(problem))
        return
    if not has_channel and not has_colour:
        yield rules["mask.no_alpha"].find()
    elif is_opaque:
        yield rules["mask.opaque"].find()
    elif not has_channel:
        yield rules["mask.indirect_alpha"].find()


def _alpha(mask: bytes, edges: Edges) -> tuple[bool, bool, bool]:
    """Whether there is an alpha channel, a transparent colour, and nothing that is transparent."""

    def look(png: Any) -> tuple[bool, bool, bool]:
        if png.size != edges:
            raise ValueError("it has two headers")
        png.load()
        has_channel, has_colour = "A" in png.getbands(), "transparency" in png.info
        if has_colour and not has_channel:
            png = png.convert("RGBA")
        is_opaque = "A" in png.getbands() and png.getchannel("A").getextrema()[0] == _OPAQUE
        return has_channel, has_colour, is_opaque

    return _open("Png", mask, look)


def _compare(edges: Edges | None, image: bytes) -> Iterator[Finding]:
    """Whether the image has the dimensions of the mask, as stored or as shown."""
    rules = task_rules()
    try:
        stored, is_sideways = _image_edges(image)
    except _UnreadableError as problem:
        yield rules["mask.image_unreadable"].find(index=0, detail=str(problem))
        return
    if edges is None or (edges == stored and (not is_sideways or stored[0] == stored[1])):
        return
    rule = rules["mask.rotated_image" if is_sideways and edges in (stored, stored[::-1]) else "mask.dimensions"]
    yield rule.find(width=edges[0], height=edges[1], image_width=stored[0], image_height=stored[1])


def _image_edges(image: bytes) -> tuple[Edges, bool]:
    """Width and height as stored, and whether the image asks to be shown turned by a quarter."""
    kind = _kind(image)
    if kind == "PNG":
        return _png_edges(image), False
    if kind == "WebP":
        return _webp_edges(image), False
    if kind != "JPEG":
        raise _UnreadableError(f"it is {kind}" if kind else "it is no image that is known here")
    return _open("Jpeg", image, lambda jpeg: (jpeg.size, jpeg.getexif().get(_ORIENTATION) in _SIDEWAYS))


def _png_edges(png: bytes) -> Edges:
    """Width and height from the first chunk, before anything is decoded."""
    if not png.startswith(_PNG):
        raise _UnreadableError("it is no PNG")
    edges = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if png[12:16] != b"IHDR" or len(png) < 33 or 0 in edges:
        raise _UnreadableError("its header is broken")
    return edges


def _webp_edges(webp: bytes) -> Edges:
    """Width and height from the first chunk; Pillow would make room for all pixels before it tells them."""
    chunk, content = webp[12:16], webp[20:30]
    if len(webp) >= 30 and chunk == b"VP8X":
        return int.from_bytes(content[4:7], "little") + 1, int.from_bytes(content[7:10], "little") + 1
    if len(webp) >= 30 and chunk == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(content[6:8], "little") & 0x3FFF, int.from_bytes(content[8:10], "little") & 0x3FFF
    if len(webp) >= 25 and chunk == b"VP8L" and content[:1] == b"\x2f":
        bits = int.from_bytes(content[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise _UnreadableError("its header is broken")


def _open(kind: str, content: bytes, look: Callable[[Any], T]) -> T:
    """What a look at the image tells; it is opened by its own class, since Image.open refuses large images."""
    try:
        image_file = getattr(import_module(f"PIL.{kind}ImagePlugin"), f"{kind}ImageFile")
    except ImportError:
        raise ImportError('opening a mask needs Pillow: pip install "reapi-rules[mask]"') from None
    try:
        return look(image_file(BytesIO(content)))
    except Exception as error:  # a broken file may raise anything
        raise _UnreadableError(str(error)[:80] or type(error).__name__) from None


def _kind(image: bytes) -> str | None:
    """The format that the first bytes stand for."""
    if image.startswith(_RIFF) and image[8:12] != b"WEBP":
        return None
    return next((kind for start, kind in _KINDS.items() if image.startswith(start)), None)
