"""Lines of an OpenAI batch: ``{"custom_id": ..., "method": ..., "url": ..., "body": {...}}``.

The request is the ``body``, and ``custom_id`` its name.
"""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["MARK", "BatchLine", "unwrap"]

MARK = b'"custom_id"'
"""No text without it is a line of a batch."""

_LONGEST_NAME = 80  # as it is shown


class BatchLine(msgspec.Struct, frozen=True, gc=False):
    """The body of a line and its ``custom_id``, both as they are spelt."""

    custom_id: msgspec.Raw
    body: msgspec.Raw

    @property
    def name(self) -> str:
        """The name of the request as it is shown; empty where it has none.

        >>> unwrap(b'{"custom_id": "fox-1", "body": {}}').name
        'fox-1'
        """
        try:
            value: Any = msgspec.json.decode(self.custom_id)
        except msgspec.MsgspecError:  # a number out of range
            value = None
        name = value if type(value) is str else "" if value is None else bytes(self.custom_id).decode()
        return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def unwrap(text: bytes) -> BatchLine | None:
    """The line of a batch that a JSON text is; None for any other text.

    >>> bytes(unwrap(b'{"custom_id": "fox-1", "method": "POST", "body": {"prompt": "a fox"}}').body)
    b'{"prompt": "a fox"}'
    >>> unwrap(b'{"prompt": "a fox", "body": {}}')
    """
    if text.find(MARK) < 0:  # "in" takes three times as long
        return None
    try:
        line = _decode(text.removeprefix(b"\xef\xbb\xbf"))
        text.decode()  # the decoder does not look into the text that it skips
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return line


_decode = msgspec.json.Decoder(BatchLine).decode
