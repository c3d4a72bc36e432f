"""What the gateway will use of a faultless request, and what to send.

Source: section "Request body" of the page (defaults, and what happens when size is omitted).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec.structs import force_setattr

from reapi_rules.catalog.models import Model, Words
from reapi_rules.engine.body import Fields, is_absent, plain_value
from reapi_rules.engine.judge import integer
from reapi_rules.terms.findings import escape, escape_all

__all__ = ["Mode", "Request", "effective", "payload"]

Mode = Literal["text_to_image", "image_to_image", "inpainting"]

UNSET = msgspec.UNSET


class Request(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The request with its defaults filled in, in the page's field order; ``UNSET`` for what the model lacks.

    ``size`` is None where the output mirrors the first reference image.  It is for reading: what to send is the
    payload.
    """

    model: str
    prompt: str
    size: str | None
    resolution: str
    quality: str | msgspec.UnsetType = UNSET
    n: int
    image_urls: tuple[str, ...]
    mask_url: str | msgspec.UnsetType | None = UNSET
    background: str | msgspec.UnsetType = UNSET
    moderation: str | msgspec.UnsetType = UNSET

    @property
    def mode(self) -> Mode:
        """``inpainting`` with a mask, else ``image_to_image`` with an image, else ``text_to_image``."""
        if self.mask_url:
            return "inpainting"
        return "image_to_image" if self.image_urls else "text_to_image"


_copy: Callable[[Request], Request] = Request.__copy__  # type: ignore[attr-defined]  # the stubs do not have it


def effective(fields: Fields, model: Model) -> Request:
    """The request that the gateway will use, of fields without an error."""
    takes = model.fields
    images = () if is_absent(fields.image_urls) else tuple(map(escape, fields.image_urls))
    size = fields.size
    if is_absent(size):
        size = None if images else takes.size.default
    return Request(
        model=model.id,
        prompt=escape(fields.prompt),
        size=size,
        resolution=model.resolution(fields.resolution) or takes.resolution.default,
        quality=_word(fields.quality, takes.quality),
        n=takes.n.default if is_absent(fields.n) else integer(fields.n) or 0,
        image_urls=images,
        mask_url=UNSET
        if takes.mask_url is None
        else None
        if is_absent(fields.mask_url)
        else escape(fields.mask_url) or None,
        background=_word(fields.background, takes.background),
        moderation=_word(fields.moderation, takes.moderation),
    )


def with_texts(words: Request, fields: Fields) -> Request:
    """A request with the same words, and the texts of these fields: its prompt and its URLs."""
    request, prompt, images = _copy(words), fields.prompt, fields.image_urls
    force_setattr(request, "prompt", prompt if prompt.isascii() else escape(prompt))
    if images:
        force_setattr(request, "image_urls", tuple(escape_all(images)))
        if words.mask_url:
            force_setattr(request, "mask_url", escape(fields.mask_url))
    return request


def payload(fields: Fields, model: Model) -> dict[str, Any]:
    """What to send: the caller's own parameters of the model, spelt as the gateway likes them best."""
    sent: dict[str, Any] = {}
    for name in model.parameters:
        value = getattr(fields, name)
        if value is UNSET or value is None:
            continue
        if name == "resolution":
            value = model.resolution(value)
        elif name == "n":
            value = integer(value)
        elif name == "mask_url" and value == "":
            continue
        sent[name] = plain_value(value)
    return sent


def _word(value: Any, takes: Words | None) -> str | msgspec.UnsetType:
    if takes is None:
        return UNSET
    return takes.default if is_absent(value) else str(value)
