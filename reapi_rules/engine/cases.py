"""Cases: all that can be said of a request without looking at its prompt and its URLs.

Requests with the same words, the same n, with or without images and a mask, share a case: their dimensions, their
price, the warnings on their words, and all of the report's JSON but the texts.  A case is worked out by the plain rules
when it is first met, and kept for known words only: what a caller writes never stays in memory.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.body import FIELDS, UNSET, Body, Fields, is_absent
from reapi_rules.engine.dimensions import Dimensions, resolve
from reapi_rules.engine.quotes import Quote, price
from reapi_rules.engine.request import Mode, Request, effective, payload
from reapi_rules.engine.warnings import (
    UnknownFields,
    is_plain_prompt,
    on_background,
    on_keys,
    on_mask,
    on_prompt,
    on_urls,
    on_words,
)
from reapi_rules.terms.findings import Finding, escape, escape_all, shorten, with_value
from reapi_rules.terms.urls import are_ordinary, are_plainly_http, is_plainly_http

__all__ = ["Case", "Cases"]

_MOST_CASES = 8_192
_MOST_REFUSALS = 131_072  # to work out all cases again takes no longer than so many requests take without one
# No word and no message has these, so their places in JSON are those of the texts.
_PROMPT, _IMAGE, _MASK = "\uffff prompt", "\uffff image", "\uffff mask"


class Case(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """What a faultless request has in common with all others of the same words.

    ``request`` and ``sent``, the payload, have stand-in texts.  ``keys`` and ``colons`` say how many keys a body has,
    none of them unknown or null, and how many colons their words.  What a verdict needs stands first, in memory too.
    """

    longest_prompt: int
    most_images: int
    takes_mask: bool
    model: Model
    quote: Quote
    mode: Mode
    dimensions: Dimensions
    request: Request
    sent: dict[str, Any]
    warnings: tuple[Finding, ...]
    on_words: tuple[Finding, ...]
    on_background: tuple[Finding, ...]
    on_mask: Finding | None
    number_of_warnings: int
    keys: int
    colons: int
    json: tuple[bytes, ...]

    def payload(self, fields: Fields) -> dict[str, Any]:
        """What to send of a body in this case."""
        images = fields.image_urls
        if images.__class__ is list and not images:  # sent as it was given; the case does not tell it from none
            return payload(fields, self.model)
        sent = self.sent.copy()
        sent["prompt"] = fields.prompt
        if images:
            sent["image_urls"] = images.copy()
            if "mask_url" in sent:
                sent["mask_url"] = fields.mask_url
        return sent

    def warnings_of(self, body: Body, unknown_fields: UnknownFields) -> tuple[Finding, ...]:
        """All warnings on a body in this case."""
        fields, colons = body.fields, self.colons
        images = fields.image_urls
        is_quiet = is_plain_prompt(fields.prompt, self.model)
        if images and is_quiet:
            urls = images if self.on_mask is None else [*images, fields.mask_url]
            colons += "".join(urls).count(":")
            is_quiet = are_ordinary(urls)
        if not (is_quiet and body.holds_only(self.keys, colons)):
            return self._look_at_each(body, unknown_fields)
        if self.on_mask is None:
            return self.warnings
        return (*self.warnings, with_value(self.on_mask, shorten(fields.mask_url)))

    def _look_at_each(self, body: Body, unknown_fields: UnknownFields) -> tuple[Finding, ...]:
        return (
            *on_keys(body, self.model, unknown_fields),
            *on_prompt(body.fields, self.model),
            *self.on_words,
            *on_urls(body.fields, self.model),
            *self.on_background,
            *on_mask(body.fields, self.model),
        )

    def to_json(self, fields: Fields) -> bytes:
        """The JSON of a report without other warnings than its case has, and that on a mask."""
        parts, images, mask = self.json, fields.image_urls, fields.mask_url
        prompt = fields.prompt
        prompt = _encode(prompt if prompt.isascii() else escape(prompt))
        if not images:
            return b"".join((parts[0], prompt, parts[2]))
        references = _encode(escape_all(images))
        if not mask or not self.takes_mask:
            return b"".join((parts[0], prompt, parts[2], references, parts[4]))
        shown, url = _encode(shorten(mask)), _encode(escape(mask))
        return b"".join((parts[0], shown, parts[2], prompt, parts[4], references, parts[6], url, parts[8]))


_encode = msgspec.json.Encoder().encode


class Cases:
    """The cases met so far, under one rate card."""

    def __init__(self, card: RateCard | None) -> None:
        self.card = card
        self._by_key: dict[Any, Case] = {}
        self._values: dict[Any, Any] = {}
        self._refused = 0

    def find(self, fields: Fields) -> Case | None:
        """The case of a body that is faultless at first sight; for any other the plain rules have the last word."""
        prompt, n, images, mask = fields.prompt, fields.n, fields.image_urls, fields.mask_url
        try:
            # the key of ``_key``, written out: this is the path of nearly every request
            case = self._by_key.get((
                fields.model, fields.size, fields.resolution, fields.quality, n, n.__class__, fields.background,
                fields.moderation, not images, not mask,
            ))  # fmt: skip
            if case is None or prompt.__class__ is not str or not 0 < len(prompt) <= case.longest_prompt:
                return None
            if images is not UNSET and images is not None:
                are_few = images.__class__ is list and len(images) <= case.most_images
                if not (are_few and are_plainly_http(images)):
                    return None
            if mask is UNSET or mask is None or not case.takes_mask:
                return case
            return case if mask.__class__ is str and (not mask or (images and is_plainly_http(mask))) else None
        except Exception:  # a value that is no word, such as a list, or an object that raises when it is looked at
            return None

    def of_axes(
        self, model: str, size: str | None, resolution: str | None, quality: str | None, n: int | None, has_images: bool
    ) -> Case | None:
        """The case of a request of which only the price axes matter."""
        try:
            return self._by_key.get(
                (model, size, resolution, quality, n, n.__class__, UNSET, UNSET, not has_images, True)
            )
        except Exception:  # a value that is no word, such as a list, or an object that raises when it is looked at
            return None

    def keep(self, fields: Fields, model: Model) -> None:
        """Keep the case of a faultless body for the next of its kind, if all its words are known and there is room.

        Without a case the plain rules say the same.  Where many found no room, all begin anew.
        """
        key = _key(fields)
        if not _has_known_words(fields, model) or key in self._by_key:
            return
        if len(self._by_key) >= _MOST_CASES:
            self._refused += 1
            if self._refused < _MOST_REFUSALS:
                return
            self._by_key.clear()
            self._values.clear()
            self._refused = 0
        case = _case(fields, model, self.card)
        self._by_key[tuple(map(self._once, key))] = msgspec.structs.replace(
            case, dimensions=self._once(case.dimensions), quote=self._once(case.quote)
        )

    def _once(self, value: Any) -> Any:
        """The one copy of a value that many cases have: what lies in one place is at hand for every request."""
        return self._values.setdefault((value.__class__, value), value)  # with its kind, since 1.0 and True equal 1


def _key(fields: Fields) -> Any:
    """What a case depends on; n with its kind, since 1.0 equals 1."""
    n = fields.n
    return (
        fields.model, fields.size, fields.resolution, fields.quality, n, n.__class__, fields.background,
        fields.moderation, not fields.image_urls, not fields.mask_url,
    )  # fmt: skip


def _has_known_words(fields: Fields, model: Model) -> bool:
    if not is_absent(fields.size) and fields.size not in model.fields.size.words:
        return False
    others = ("quality", "background", "moderation")
    return all(name in model.parameters or is_absent(getattr(fields, name)) for name in others)


def _case(fields: Fields, model: Model, card: RateCard | None) -> Case:
    takes_mask = model.fields.mask_url is not None
    stand_in = msgspec.structs.replace(
        fields,
        prompt=_PROMPT,
        image_urls=[_IMAGE] if fields.image_urls else UNSET,
        mask_url=_MASK if takes_mask and fields.mask_url else UNSET,
    )
    request = effective(stand_in, model)
    dimensions, quote = resolve(request, model), price(request, model, card)
    words, background = on_words(stand_in, model), tuple(on_background(stand_in, model))
    mask = next(on_mask(stand_in, model), None)
    warnings = words + background
    given = {name: value for name in FIELDS if (value := getattr(stand_in, name)) is not UNSET}
    report = {
        "ok": True,
        "model": model.id,
        "mode": request.mode,
        "errors": (),
        "warnings": warnings if mask is None else (*warnings, mask),
        "effective": request,
        "dimensions": dimensions,
        "quote": quote,
    }
    return Case(
        longest_prompt=model.fields.prompt.max_length,
        most_images=model.fields.image_urls.max_items,
        takes_mask=takes_mask,
        model=model,
        quote=quote,
        mode=request.mode,
        dimensions=dimensions,
        request=request,
        sent=payload(stand_in, model),
        warnings=warnings,
        on_words=words,
        on_background=background,
        on_mask=mask,
        number_of_warnings=len(warnings) + (mask is not None),
        keys=0 if None in given.values() else len(given),
        colons=sum(str(given[name]).count(":") for name in given.keys() & _WORDS),
        json=tuple(_STAND_INS.split(_encode(report))),
    )


_WORDS = frozenset(FIELDS) - {"model", "prompt", "image_urls", "mask_url"}
_STAND_INS = re.compile(b"(" + b"|".join(map(re.escape, map(_encode, (_PROMPT, [_IMAGE], _MASK)))) + b")")
