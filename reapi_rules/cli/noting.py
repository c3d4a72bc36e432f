"""What is said of bodies before they are judged: what they are taken for, where that may be a surprise."""

from __future__ import annotations

from collections.abc import Callable

from reapi_rules.cli.options import Source
from reapi_rules.cli.said import said
from reapi_rules.cli.streams import note
from reapi_rules.sheets.results.batches import unwrap

__all__ = ["noting"]

_LOOK = 100  # bytes


def noting(source: Source) -> Callable[[bytes], bytes]:
    """A function that returns each text as it is, and says once what it is taken for."""
    is_said, may_be_a_sheet = False, source.path == "-" and source.format == "json"

    def tell(text: bytes) -> bytes:
        nonlocal is_said
        if not is_said:
            surprise = "of_batch" if unwrap(text) is not None else ""
            if may_be_a_sheet and text[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in b"[{":
                surprise = "as_json"
            if surprise:
                is_said = True
                note(said(surprise, source.telling.language))
        return text

    return tell
