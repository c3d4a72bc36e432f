"""What one would use instead of the engine: the same rules of gpt-image-2-official, written by hand for each library.

Each peer gives a verdict and, where reAPI would take the body, its credits by one look-up in the exported table of
prices; of an invalid body it lists what it finds.  None of them warns, completes the request or prices a pixel string.
"""

# No postponed annotations: pydantic reads those of a class that is made in a function.
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from reapi_rules import Report, preflight
from reapi_rules.prices.table import prices

from .floor import Typed, decode

__all__ = ["ENGINE", "ENGINE_READ", "FLOOR", "PEERS", "Peer", "Verdict", "peers"]

Verdict = tuple[bool, int | None]
"""Whether reAPI would take the body, and the credits where the peer prices it."""


class Peer(NamedTuple):
    """A library: its verdict on JSON text and on a mapping, and which errors of an invalid body it lists."""

    name: str
    of_text: Callable[[bytes], Any]
    of_mapping: Callable[[dict[str, Any]], Any]
    errors: str


MODEL = "gpt-image-2-official"
WIDE = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
SIZE = "^(?:1:1|16:9|9:16|4:3|3:4|3:2|2:3|5:4|4:5|2:1|1:2|21:9|9:21|auto|[0-9]+x[0-9]+)$"
URL = r"^[\x00-\x20]*[Hh][Tt][Tt][Pp][Ss]?://(?:[^/?#\\]*@)?[^/?#\\:@][^/?#\\@]*(?:[/?#\\]|$)"

Resolution = Literal["1k", "2k", "4k", "1K", "2K", "4K"]
Quality = Literal["auto", "low", "medium", "high"]
Background = Literal["auto", "opaque", "transparent"]
Moderation = Literal["auto", "low"]

_CREDITS = {
    (row.size, resolution, row.quality, row.n): row.credits
    for row in prices((1, 2, 3, 4))
    for resolution in (str(row.resolution), str(row.resolution).upper())
}


def _credits(size: str | None, resolution: str | None, quality: str | None, n: int | None, images: Any) -> int | None:
    """An absent size mirrors the first image, and is budgeted as auto."""
    key = (size or ("auto" if images else "1:1"), resolution or "1k", quality or "auto", n or 1)
    return _CREDITS.get(key)


def _typed_of_text(text: bytes) -> Typed | None:
    try:
        return decode(text)
    except msgspec.MsgspecError:
        return None


def _typed_of_mapping(mapping: dict[str, Any]) -> Typed | None:
    try:
        return msgspec.convert(mapping, Typed)
    except msgspec.MsgspecError:
        return None


FLOOR = Peer("msgspec typed decode (the floor)", _typed_of_text, _typed_of_mapping, "first")
"""Knows no rule across fields, no URL rule and no price; nothing that reads JSON into typed fields does less."""


def _read(body: Any) -> Report:
    report = preflight(body)
    report.ok, report.errors, report.dimensions, report.quote  # noqa: B018  # worked out when read
    return report


ENGINE = Peer("reapi_rules: preflight", preflight, preflight, "all")
ENGINE_READ = Peer("reapi_rules: and ok, errors, dimensions, quote read", _read, _read, "all")


def peers() -> Iterator[Peer]:
    """The peers that are installed."""
    for make in PEERS.values():
        with suppress(ImportError):
            yield make()


def _pydantic() -> Peer:
    from pydantic import BaseModel, Field, Strict, StrictStr, ValidationError, model_validator

    Url = Annotated[StrictStr, Field(pattern=URL)]  # noqa: N806  # a type
    Integer = Annotated[int, Strict(), Field(ge=1, le=4)]  # noqa: N806  # a type
    Integral = Annotated[float, Strict(), Field(ge=1, le=4, multiple_of=1)]  # noqa: N806  # a type

    class Request(BaseModel):
        model: Literal["gpt-image-2-official"]
        prompt: Annotated[StrictStr, Field(min_length=1, max_length=4000)]
        size: Annotated[StrictStr, Field(pattern=SIZE)] | None = None
        resolution: Resolution | None = None
        quality: Quality | None = None
        n: Integer | Integral | None = None
        image_urls: Annotated[list[Url], Field(max_length=16)] | None = None
        mask_url: Literal[""] | Url | None = None
        background: Background | None = None
        moderation: Moderation | None = None

        @model_validator(mode="after")
        def across_fields(self) -> "Request":
            if self.resolution in ("4k", "4K") and self.size not in WIDE:
                raise ValueError("4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}")
            if self.mask_url and not self.image_urls:
                raise ValueError("mask_url requires at least one entry in image_urls")
            return self

    def judged(read: Callable[[Any], Request]) -> Callable[[Any], Verdict]:
        def judge(body: Any) -> Verdict:
            try:
                request = read(body)
            except ValidationError as error:
                error.errors(include_url=False)
                return False, None
            n = None if request.n is None else int(request.n)
            return True, _credits(request.size, request.resolution, request.quality, n, request.image_urls)

        return judge

    return Peer("pydantic", judged(Request.model_validate_json), judged(Request.model_validate), "partial")


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["model", "prompt"],
    "properties": {
        "model": {"const": MODEL},
        "prompt": {"type": "string", "minLength": 1, "maxLength": 4000},
        "size": {"type": ["string", "null"], "pattern": SIZE},
        "resolution": {"enum": ["1k", "2k", "4k", "1K", "2K", "4K", None]},
        "quality": {"enum": ["auto", "low", "medium", "high", None]},
        "n": {"type": ["integer", "null"], "minimum": 1, "maximum": 4},
        "image_urls": {"type": ["array", "null"], "maxItems": 16, "items": {"type": "string", "pattern": URL}},
        "mask_url": {"type": ["string", "null"], "pattern": f"^$|{URL}"},
        "background": {"enum": ["auto", "opaque", "transparent", None]},
        "moderation": {"enum": ["auto", "low", None]},
    },
    "allOf": [
        {
            "if": {"properties": {"resolution": {"enum": ["4k", "4K"]}}, "required": ["resolution"]},
            "then": {"properties": {"size": {"enum": list(WIDE)}}, "required": ["size"]},
        },
        {
            "if": {"properties": {"mask_url": {"type": "string", "minLength": 1}}, "required": ["mask_url"]},
            "then": {"properties": {"image_urls": {"type": "array", "minItems": 1}}, "required": ["image_urls"]},
        },
    ],
}
"""The rules as JSON Schema 2020-12."""


def _priced(body: dict[str, Any]) -> Verdict:
    get = body.get
    return True, _credits(get("size"), get("resolution"), get("quality"), get("n"), get("image_urls"))


def _after(read: Callable[[bytes], Any], judge: Callable[[Any], Verdict]) -> Callable[[bytes], Verdict]:
    """A judge of mappings as one of text, by a reader of JSON."""

    def judge_text(text: bytes) -> Verdict:
        try:
            body = read(text)
        except ValueError:
            return False, None
        return judge(body)

    return judge_text


def _jsonschema() -> Peer:
    from jsonschema import Draft202012Validator

    iter_errors = Draft202012Validator(SCHEMA).iter_errors

    def judge(body: Any) -> Verdict:
        return (False, None) if list(iter_errors(body)) else _priced(body)

    return Peer("jsonschema, json.loads", _after(json.loads, judge), judge, "all")


def _jsonschema_rs_judge() -> Callable[[Any], Verdict]:
    from jsonschema_rs import Draft202012Validator

    validator = Draft202012Validator(SCHEMA)
    is_valid, iter_errors = validator.is_valid, validator.iter_errors

    def judge(body: Any) -> Verdict:
        if is_valid(body):
            return _priced(body)
        list(iter_errors(body))
        return False, None

    return judge


def _jsonschema_rs() -> Peer:
    judge = _jsonschema_rs_judge()
    return Peer("jsonschema-rs, json.loads", _after(json.loads, judge), judge, "all")


def _jsonschema_rs_orjson() -> Peer:
    import orjson

    judge = _jsonschema_rs_judge()
    return Peer("jsonschema-rs, orjson.loads", _after(orjson.loads, judge), judge, "all")


PEERS: dict[str, Callable[[], Peer]] = {
    "pydantic": _pydantic,
    "jsonschema": _jsonschema,
    "jsonschema_rs": _jsonschema_rs,
    "orjson": _jsonschema_rs_orjson,
}
"""What makes each peer, by the module that it needs; ImportError where it is not there."""
