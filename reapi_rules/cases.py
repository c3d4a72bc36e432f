"""Cases: all that can be said of a request without looking at its prompt and its URLs.

Requests with the same words, the same n and with or without images share a case: their dimensions, their price, the
warnings on their words.  A case is worked out by the plain rules when it is first met, and kept for known words only:
what a caller writes never stays in memory.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reapi_rules.body import UNSET, Fields, is_absent
from reapi_rules.dimensions import Dimensions, resolve
from reapi_rules.findings import Finding
from reapi_rules.models import Model
from reapi_rules.quotes import Quote, price
from reapi_rules.rates import RateCard
from reapi_rules.request import Request, effective
from reapi_rules.urls import are_plainly_http
from reapi_rules.warnings import on_background, on_words

__all__ = ["Case", "Cases"]

_MOST_CASES = 4_096


class Case(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a faultless request has in common with all others of the same words; ``request`` has stand-in texts."""

    model: Model
    card: RateCard | None
    request: Request
    dimensions: Dimensions
    quote: Quote
    on_words: tuple[Finding, ...]
    on_background: tuple[Finding, ...]
    longest_prompt: int
    most_images: int
    takes_mask: bool
    before_mode: bytes
    after_effective: bytes

    def to_json(self, request: Request, warnings: tuple[Finding, ...]) -> bytes:
        """The JSON of a report in this case, of which only the mode, the warnings and the texts differ."""
        mode, effective = request.mode.encode(), _encode(request)
        middle = b'","errors":[],"warnings":'
        return b"".join(
            (self.before_mode, mode, middle, _encode(warnings), b',"effective":', effective, self.after_effective)
        )


_encode = msgspec.json.Encoder().encode


class Cases:
    """The cases met so far, under one rate card."""

    def __init__(self, card: RateCard | None) -> None:
        self.card = card
        self._by_key: dict[Any, Case] = {}

    def find(self, fields: Fields) -> Case | None:
        """The case of a body that is faultless at first sight; for any other the plain rules have the last word."""
        prompt, images, n = fields.prompt, fields.image_urls, fields.n
        case = self._by_key.get(
            # n stands there with its kind, since 1.0 equals 1
            (
                fields.model,
                fields.size,
                fields.resolution,
                fields.quality,
                n,
                n.__class__,
                fields.background,
                fields.moderation,
                not images,
            )
        )
        if case is None or prompt.__class__ is not str or not 0 < len(prompt) <= case.longest_prompt:
            return None
        if images and (len(images) > case.most_images or not are_plainly_http(images)):
            return None
        mask = fields.mask_url
        if mask and case.takes_mask and not (images and are_plainly_http([mask])):
            return None
        return case

    def of_axes(
        self, model: str, size: str | None, resolution: str | None, quality: str | None, n: int | None, has_images: bool
    ) -> Case | None:
        """The case of a request of which only the price axes matter."""
        try:
            return self._by_key.get((model, size, resolution, quality, n, n.__class__, UNSET, UNSET, not has_images))
        except TypeError:  # a value that is no word, such as a list
            return None

    def keep(self, fields: Fields, model: Model) -> Case | None:
        """The case of a faultless body, kept for the next of its kind; None if its words are not all known."""
        if not _has_known_words(fields, model):
            return None
        if len(self._by_key) >= _MOST_CASES:
            self._by_key.clear()
        n = fields.n
        key = (
            fields.model, fields.size, fields.resolution, fields.quality, n, n.__class__, fields.background,
            fields.moderation, not fields.image_urls,
        )  # fmt: skip
        return self._by_key.setdefault(key, _case(fields, model, self.card))


def _has_known_words(fields: Fields, model: Model) -> bool:
    for name in ("quality", "background", "moderation"):
        if name not in model.parameters and not is_absent(getattr(fields, name)):
            return False
    return is_absent(fields.size) or fields.size in model.fields.size.words


def _case(fields: Fields, model: Model, card: RateCard | None) -> Case:
    images = ["https://example.com/reference.png"] if fields.image_urls else msgspec.UNSET
    words = msgspec.structs.replace(fields, prompt="-", image_urls=images, mask_url=msgspec.UNSET)
    request = effective(words, model)
    dimensions, quote = resolve(request, model), price(request, model, card)
    before = _encode({"ok": True, "model": model.id})
    after = _encode({"dimensions": dimensions, "quote": quote})
    return Case(
        model=model,
        card=card,
        request=request,
        dimensions=dimensions,
        quote=quote,
        before_mode=before[:-1] + b',"mode":"',
        after_effective=b"," + after[1:],
        on_words=on_words(words, model),
        on_background=tuple(on_background(words, model)),
        longest_prompt=model.fields.prompt.max_length,
        most_images=model.fields.image_urls.max_items,
        takes_mask=model.fields.mask_url is not None,
    )
