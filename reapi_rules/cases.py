"""Cases: all that can be said of a request without looking at its prompt and its URLs.

Requests with the same words, the same n and with or without images share a case: their dimensions, their price, the
warnings on their words.  A case is worked out by the plain rules when it is first met, and kept for known words only:
what a caller writes never stays in memory.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reapi_rules.body import FIELDS, UNSET, Body, Fields, is_absent
from reapi_rules.dimensions import Dimensions, resolve
from reapi_rules.findings import Finding, escape
from reapi_rules.models import Model
from reapi_rules.quotes import Quote, price
from reapi_rules.rates import RateCard
from reapi_rules.request import Mode, Request, effective
from reapi_rules.urls import are_ordinary, are_plainly_http
from reapi_rules.warnings import on_background, on_words

__all__ = ["Case", "Cases"]

_MOST_CASES = 4_096
_STAND_IN_PROMPT = "\uffff"  # no word and no message has it, so its place in JSON is that of the prompt


class Case(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a faultless request has in common with all others of the same words; ``request`` has stand-in texts."""

    model: Model
    card: RateCard | None
    request: Request
    dimensions: Dimensions
    quote: Quote
    warnings: tuple[Finding, ...]
    on_words: tuple[Finding, ...]
    on_background: tuple[Finding, ...]
    longest_prompt: int
    most_images: int
    takes_mask: bool
    strings: int
    json_before_prompt: bytes
    json_after_prompt: bytes
    json_after_images: bytes

    def mode_of(self, fields: Fields) -> Mode:
        """The mode of a body in this case."""
        return "inpainting" if self.takes_mask and fields.mask_url else self.request.mode

    def is_all(self, body: Body) -> bool:
        """Whether at first sight nothing but the case, and a mask, gives warnings; if not, look at each part."""
        prompt, images, mask = body.fields.prompt, body.fields.image_urls, body.fields.mask_url
        strings = self.strings
        if images:
            strings += 1 + len(images)
        if mask is not UNSET:
            strings += 2
        return (
            self.strings > 0
            and images is not None
            and ":" not in prompt
            and (prompt.isascii() or len(prompt) <= self.longest_prompt // 2)
            and not prompt.isspace()
            and body.holds_only(strings)
            and (not images or are_ordinary(images))
            and (mask is UNSET or bool(mask and self.takes_mask and are_ordinary([mask])))
        )

    def to_json(self, fields: Fields) -> bytes:
        """The JSON of a report with the warnings of its case only: all but prompt and images is ready."""
        prompt = fields.prompt
        if not prompt.isascii():
            prompt = escape(prompt)
        images = _encode(list(map(escape, fields.image_urls))) if fields.image_urls else b"[]"
        return b"".join(
            (self.json_before_prompt, _encode(prompt), self.json_after_prompt, images, self.json_after_images)
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
        # the key of ``_key``, written out: this is the path of nearly every request
        key = (
            fields.model, fields.size, fields.resolution, fields.quality, n, n.__class__, fields.background,
            fields.moderation, not images,
        )  # fmt: skip
        try:
            case = self._by_key.get(key)
        except TypeError:  # a value that is no word, such as a list
            return None
        if case is None or prompt.__class__ is not str or not 0 < len(prompt) <= case.longest_prompt:
            return None
        if images is not UNSET and images is not None and not _are_faultless(images, case.most_images):
            return None
        mask = fields.mask_url
        if mask is not UNSET and case.takes_mask and not (mask is None or mask == ""):
            return case if images and _are_faultless([mask], 1) else None
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
        key = _key(fields)
        case = self._by_key.get(key)
        if case is None:
            if len(self._by_key) >= _MOST_CASES:
                self._by_key.clear()
            case = self._by_key[key] = _case(fields, model, self.card)
        return case


def _are_faultless(urls: Any, most: int) -> bool:
    return urls.__class__ is list and len(urls) <= most and are_plainly_http(urls)


def _key(fields: Fields) -> Any:
    """What a case depends on; n with its kind, since 1.0 equals 1."""
    n = fields.n
    return (
        fields.model, fields.size, fields.resolution, fields.quality, n, n.__class__, fields.background,
        fields.moderation, not fields.image_urls,
    )  # fmt: skip


def _has_known_words(fields: Fields, model: Model) -> bool:
    for name in ("quality", "background", "moderation"):
        if name not in model.parameters and not is_absent(getattr(fields, name)):
            return False
    return is_absent(fields.size) or fields.size in model.fields.size.words


def _case(fields: Fields, model: Model, card: RateCard | None) -> Case:
    images = ["https://example.com/reference.png"] if fields.image_urls else UNSET
    stand_in = msgspec.structs.replace(fields, prompt=_STAND_IN_PROMPT, image_urls=images, mask_url=UNSET)
    request = effective(stand_in, model)
    dimensions, quote = resolve(request, model), price(request, model, card)
    words, background = on_words(stand_in, model), tuple(on_background(stand_in, model))
    report = {"ok": True, "model": model.id, "mode": request.mode, "errors": (), "warnings": words + background}
    whole = _encode({**report, "effective": request, "dimensions": dimensions, "quote": quote})
    before_prompt, _, rest = whole.partition(_encode(_STAND_IN_PROMPT))
    after_prompt, _, after_images = rest.partition(_encode(request.image_urls))
    return Case(
        model=model,
        card=card,
        request=request,
        dimensions=dimensions,
        quote=quote,
        warnings=words + background,
        on_words=words,
        on_background=background,
        longest_prompt=model.fields.prompt.max_length,
        most_images=model.fields.image_urls.max_items,
        takes_mask=model.fields.mask_url is not None,
        strings=_strings(fields),
        json_before_prompt=before_prompt,
        json_after_prompt=after_prompt,
        json_after_images=after_images,
    )


def _strings(fields: Fields) -> int:
    """How many strings a body of this case holds without images and mask; 0 where a field is null."""
    given = [value for name in FIELDS if (value := getattr(fields, name)) is not UNSET and name not in _TEXTS]
    if None in given:
        return 0
    return len(given) + sum(isinstance(value, str) for value in given) + 2  # and the prompt with its key


_TEXTS = ("prompt", "image_urls", "mask_url")
