"""JSON for prices: every number as the text that was written, and no key twice.

A float would change a price, and with a repeated key it would be open which price counts.  The rules of JSON are
RFC 8259's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from reapi_rules.catalog.texts import Told
from reapi_rules.terms.once import once
from reapi_rules.terms.values import escape

if TYPE_CHECKING:
    from json import JSONDecoder

__all__ = ["ExactJsonError", "Number", "decode", "decode_at"]


class ExactJsonError(Told, ValueError):
    """Text that is no such JSON; ``is_cut_off`` where it ends too early."""

    is_cut_off = False


class Number(str):
    """The text of a JSON number."""


def decode(text: str) -> Any:
    """The value of a JSON text.  Raises ExactJsonError.

    >>> decode('{"1k": 0.030}')
    {'1k': '0.030'}
    """
    value = _decode_texts(text)
    if value is not None:
        return value
    value, end = decode_at(text, len(text) - len(text.lstrip(_BLANKS)))
    if text[end:].strip(_BLANKS):
        raise ExactJsonError("json_goes_on", place=end + 1)
    return value


def decode_at(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at a place in a text, and the place after it.  Raises ExactJsonError.

    >>> decode_at('a = {"b": "}"};', 4)
    ({'b': '}'}, 14)
    """
    from json import JSONDecodeError  # slow to import, and our own cards do without

    try:
        return _decoder().raw_decode(text, start)
    except JSONDecodeError as error:
        broken = ExactJsonError("not_json", error=escape(str(error)))
        broken.is_cut_off = text.find("}", error.pos) < 0 or error.msg.startswith("Unterminated string")
        raise broken from None
    except RecursionError:
        raise ExactJsonError("json_too_deep") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ExactJsonError("json_constant", name=name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ExactJsonError("json_key_twice", key=escape(twice[:80]))
    return result


def _decode_texts(text: str) -> dict[str, Any] | None:
    """An object that holds texts alone, if it is spelt as a writer would spell it, so that no key is repeated."""
    try:
        value = _texts(text)
        return value if msgspec.json.encode(value) == msgspec.json.format(text.encode(), indent=-1) else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


@once
def _decoder() -> JSONDecoder:
    from json import JSONDecoder

    return JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=_refuse_constant, object_pairs_hook=_unique)


_BLANKS = " \t\r\n"
_texts = msgspec.json.Decoder(dict[str, str | dict[str, dict[str, str]]]).decode
