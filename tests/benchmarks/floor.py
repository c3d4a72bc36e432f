"""The floor: msgspec's typed decode, which knows types, words and bounds of each field alone.

As a program it decodes each line of a file and does nothing else: ``python floor.py bodies.ndjson``.
"""

import sys
from typing import Annotated, Literal

import msgspec

__all__ = ["Typed", "decode"]


class Typed(msgspec.Struct):
    """The fields of a request to gpt-image-2-official."""

    model: Literal["gpt-image-2-official"]
    prompt: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    size: str | None = None
    resolution: Literal["1k", "2k", "4k", "1K", "2K", "4K"] | None = None
    quality: Literal["auto", "low", "medium", "high"] | None = None
    n: Annotated[int, msgspec.Meta(ge=1, le=4)] | None = None
    image_urls: Annotated[list[str], msgspec.Meta(max_length=16)] | None = None
    mask_url: str | None = None
    background: Literal["auto", "opaque", "transparent"] | None = None
    moderation: Literal["auto", "low"] | None = None


decode = msgspec.json.Decoder(Typed).decode

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] == "--help":
        print("usage: floor.py BODIES.ndjson, which decodes each line and prints nothing")  # noqa: T201
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            decode(line)
