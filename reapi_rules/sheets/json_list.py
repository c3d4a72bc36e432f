"""The elements of a JSON list, each as its own text."""

from __future__ import annotations

import msgspec

__all__ = ["elements"]

_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


def elements(text: bytes) -> list[bytes] | None:
    """The elements of a JSON list as they are spelt; None for text that is no list.

    >>> elements(b'[{"n": 1}, 2]'), elements(b'{}')
    ([b'{"n": 1}', b'2'], None)
    """
    try:
        return [bytes(element) for element in _decode_list(text.removeprefix(b"\xef\xbb\xbf"))]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
