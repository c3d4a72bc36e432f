"""The engine: checks and prices requests with a catalog and a rate card, and remembers what requests have in common.

First sight: a body is decoded as the type of its model, which checks all that the type can say; its words, if they
were met before, have mode, pixels and price ready, or what they are refused for; URLs get a quick look.  Everything
else goes the plain way, which has the last word and lists every error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial, update_wrapper
from typing import Any, TypedDict, TypeVar, Unpack, cast, get_args

import msgspec
from msgspec import UNSET

from reapi_rules.catalog.catalog import Catalog, built_in, chosen
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard, current
from reapi_rules.catalog.types import Types
from reapi_rules.engine.body import (
    SHALLOW,
    TOO_DEEP,
    Source,
    UnknownFields,
    Unreadable,
    fields_of,
    is_short,
    may_be_deep,
    normal,
    source_of,
)
from reapi_rules.engine.dimensions import resolve
from reapi_rules.engine.judge import Fault, judge, words_of
from reapi_rules.engine.quotes import Quote, price, unknown
from reapi_rules.engine.report import Faults, Known, NoModel, Report, level_of
from reapi_rules.engine.request import effective, mode_of
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.once import LOCK, once
from reapi_rules.terms.urls import are_plainly_http, is_plainly_http

__all__ = ["Engine", "engine_for", "preflight", "quote", "stand_in"]

T = TypeVar("T", bound=Callable[..., Any])

_UNKNOWN_FIELDS = get_args(UnknownFields)
_MOST_KNOWN = 8_192
_MOST_ENGINES = 16
_LENIENT = 512  # bodies
_TEXT = frozenset({str, type(None), msgspec.UnsetType})


class Engine:
    """Checks and prices requests with a catalog, a rate card, a default model and a policy for unknown fields.

    >>> engine = Engine(default_model="gpt-image-2")
    >>> engine.preflight({"prompt": "a fox"}).quote.credits
    30

    Make one if you ask more than once with the same options; the functions of the module have one of their own.
    """

    @takes(default_model=str | None)
    def __init__(
        self,
        *,
        catalog: Catalog | None = None,
        rates: RateCard | Iterable[RateCard] | None = None,
        as_of: date | None = None,
        default_model: str | None = None,
        unknown_fields: UnknownFields = "warn",
    ) -> None:
        if unknown_fields not in _UNKNOWN_FIELDS:
            raise ValueError(f"unknown_fields is one of {', '.join(_UNKNOWN_FIELDS)}, not {unknown_fields!r}")
        self.catalog: Catalog = chosen(catalog)
        self.card: RateCard | None = _card(rates, as_of, self.catalog)
        self.default_model: str | None = str.__str__(default_model) if default_model else None
        self.unknown_fields: UnknownFields = unknown_fields
        self._tables: tuple[dict[Any, Any], ...] = ({}, {}, {}, {})  # without and with references, the same with a mask
        self._count = 0
        self._met: dict[Any, Known] = {}
        self._said: dict[Any, Any] = {}
        self._axes: dict[Any, Quote] = {}
        self.look: Callable[[Any], Report] = self._plainly if unknown_fields == "error" else _first_sight(lambda: self)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in (*_OPTIONS, "card") and "look" in vars(self):
            raise AttributeError(f"the {name} of an engine can't be changed: make another engine")
        super().__setattr__(name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as its options, for a pool of processes, without what it remembers."""
        catalog = None if self.catalog is built_in() else self.catalog
        options: Options = {"catalog": catalog, "rates": () if self.card is None else self.card}
        options |= {"default_model": self.default_model, "unknown_fields": self.unknown_fields}
        return partial(Engine, **options), ()

    def preflight(self, body: Any) -> Report:
        """Whether reAPI will accept a request body, what is wrong with it, how large the image is and what it costs."""
        return self.look(body)

    def _look_closer(self, body: Any, values: Any) -> Report:
        """The report on a body that has the type of its model, where an address may be at fault."""
        given = normal(values)
        return self._known_of(given, self._model_of(values)).report(body, given)

    def _model_of(self, values: Any) -> Model:
        return self.catalog.models[type(values).__struct_config__.tag]

    def _learn(self, table: dict[Any, Any], values: Any) -> Known:
        """What is known of the words of a body, kept for the next one with these words."""
        known = self._known_of(normal(values), self._model_of(values))
        shape, number, words = values.shape, values.number, (values.tier, values.quality)
        if is_short(shape) and is_short(number) and all(type(word) is not int or is_short(word) for word in words):
            if self._count >= _MOST_KNOWN:
                self._count = 0
                for each in self._tables:
                    each.clear()
            self._count += 1
            for word in (type(values), *words, number):
                table = table.setdefault(word, {})
            if values.others:
                table = table.setdefault(shape, Known(by_others={})).by_others
                shape = tuple(_others(values))
            table[shape] = known
        return known

    def _with(self, faults: Faults, given: dict[str, Any], model: Model) -> Known:
        """What there is to say of a request with these faults."""
        if any(level_of(fault) == "error" for fault in faults):
            known = Known(model=model.id, rules=model, rate_card=self.card, unknown_fields=self.unknown_fields)
        else:
            known = self._work_out(given, model)
        known.faults = faults
        return known

    def _work_out(self, given: dict[str, Any], model: Model) -> Known:
        used = effective(given, model)
        return Known(
            ok=True,
            model=model.id,
            rules=model,
            mode=mode_of(used, model),
            dimensions=resolve(used, model),
            quote=price(used, given, model, self.card),
            rate_card=self.card,
            unknown_fields=self.unknown_fields,
        )

    def _plainly(self, body: Any) -> Report:
        """The report by the plain rules."""
        kind = type(body)
        source: Source | Unreadable = body if kind is bytes or kind is str else source_of(body)
        if isinstance(source, Unreadable):
            return self._no_model(source)
        if isinstance(source, dict) or not may_be_deep(source):
            return self._judged(source)
        from reapi_rules.terms.levels import is_too_deep  # as in report

        with suppress(RecursionError):
            if not is_too_deep(source):
                report = self._judged(source)
                report._read()
                return report
        return self._no_model(Unreadable("body.unreadable", detail=TOO_DEEP))

    def _judged(self, source: Source) -> Report:
        catalog, types = self.catalog, self.catalog.types
        found = fields_of(source, types, self.default_model)
        if isinstance(found, Unreadable):
            return self._no_model(found)
        source, given = found
        name = given.get("model")
        if name in (None, "") and self.default_model is not None:
            name = self.default_model
        model = catalog.models.get(name) if type(name) is str else None
        if model is None:
            return self._without_rules(name, source, given)
        if type(source) is dict and not given.keys() <= model.names:
            given = {name: value for name, value in given.items() if name in model.names}
        if self.unknown_fields == "error":
            from reapi_rules.engine.keys import refuse_unknown  # as in report

            faults = judge(given, model) + refuse_unknown(source, given, model)
            return self._with(faults, given, model).report(source, given)
        return self._known_of(given, model).report(source, given)

    def _known_of(self, given: dict[str, Any], model: Model) -> Known:
        """What there is to say of a request, kept for the next one with these words and the same mistakes."""
        words = words_of(given, model)
        known = self._met.get(words)
        if known is None:
            faults = judge(given, model)
            known = self._with(faults, given, model)
            if words is not None:
                known.said = self._said if _are_of_words(faults, given, model) else None
                if len(self._met) >= _MOST_KNOWN:
                    self._met.clear()
                self._met[words] = known
        return known

    def _without_rules(self, name: Any, source: Source, given: dict[str, Any]) -> Report:
        """The report on a body whose model is unknown, or known by its id alone."""
        if type(name) is not str or not name:
            return self._no_model(_no_model(name), source)
        if name not in self.catalog.known_ids.ids:
            return self._no_model(Unreadable("model.unknown", name), source)
        finding = self.catalog.rules["model.no_rules"].find(name, endpoint=self.catalog.known_ids.ids[name].endpoint)
        return Known(
            ok=True,
            model=name,
            quote=unknown(self.card),
            rate_card=self.card,
            unknown_fields=self.unknown_fields,
            faults=(finding,),
        ).report(source, given)

    def _no_model(self, why: Unreadable, source: Any = None) -> Report:
        return Known(faults=NoModel(why, source, self.catalog)).report()

    def quote(self, body: Any) -> Quote:
        """What a request costs.  Raises InvalidRequestError if it has errors."""
        quote = self.look(body).raise_for_errors().quote
        assert quote is not None
        return quote

    def quote_axes(
        self,
        model: str | None = None,
        size: str | None = None,
        resolution: str | None = None,
        quality: str | None = None,
        n: int | None = None,
        has_images: bool = False,
    ) -> Quote:
        """What a request with these axes costs.  Raises InvalidRequestError if it has errors."""
        key = (model, size, resolution, quality, n, type(n), has_images, type(has_images))
        try:
            return self._axes[key]
        except (KeyError, TypeError):  # not met yet, or a value that is no word
            return self._quote_axes(key)

    def _quote_axes(self, key: tuple[Any, ...]) -> Quote:
        model, size, resolution, quality, n, _, has_images, _ = key
        report = self.look_at_axes(model, has_images=has_images, shape=size, tier=resolution, quality=quality, number=n)
        quote = report.raise_for_errors().quote
        assert quote is not None
        if all(map(is_short, key[1:5])) and len(self._axes) < _MOST_KNOWN:
            self._axes[key] = quote
        return quote

    def look_at_axes(self, model: str | None = None, *, has_images: bool = False, **axes: Any) -> Report:
        """The report on a request with these axes, each by its role; only what the price reads has to be given.

        >>> Engine().look_at_axes("gpt-image-2-beta", tier="4k").quote.credits
        80
        """
        name, rules = self.named(model)
        report = self.look(stand_in(rules, id=name, has_images=has_images, **axes))
        if rules is None or report.ok or not rules.file.price.by_axes_alone:
            return report
        return self._without_needs(report, axes, rules)

    def named(self, model: Any) -> tuple[Any, Model | None]:
        """The id that a caller gave, the default one for None, and the rules of that model."""
        id = (self.default_model or self.catalog.default_model) if model is None else model
        return id, self.catalog.models.get(id) if type(id) is str else None

    def _without_needs(self, report: Report, axes: dict[Any, Any], model: Model) -> Report:
        """The report on axes that say nothing of a field which the price does not read, and which they need not."""
        absent = {field for role, field in model.roles.items() if axes.get(role) is None}
        left_out = absent - {*model.price_fields, model.file.price.images}
        if any(error.field not in left_out for error in report.errors):
            return report
        given = {name: value for name, value in report.given.items() if name != "model"}
        return self._work_out(given, model).report(report._source, given)


_NAMES = {"shape": "size", "tier": "resolution", "quality": "quality", "number": "n"}
"""The names of the axes, for models that lack a role."""


def _first_sight(engine_of: Callable[[], Engine], ask: Any = None) -> Any:
    """The look at a body that passes most: what it needs is bound to it once, and not asked for each time.

    The body is decoded as the type of its model; what its words have in common with others is looked up.  With options
    another function is asked.
    """
    decode: Any = None  # a body that it does not decode is looked at again
    kinds = strictly = loosely = strict = loose = learn = look_closer = look_again = decode
    look_plainly = bare = pictured = masked = both = default = decode
    left, convert = 0, msgspec.convert

    # to gather options by ** takes a tenth of the time of a short body, even if there are none
    def look(
        body: Any,
        catalog: Any = None,
        rates: Any = None,
        as_of: Any = None,
        default_model: Any = None,
        unknown_fields: Any = None,
    ) -> Any:
        if (
            catalog is not None
            or rates is not None
            or as_of is not None
            or default_model is not None
            or unknown_fields is not None
        ):
            given = zip(_OPTIONS, (catalog, rates, as_of, default_model, unknown_fields))
            return ask(body, **{name: value for name, value in given if value is not None})
        kind = type(body)
        try:
            if kind is bytes or kind is str:
                values = decode(body)
            elif kind is dict:
                types = kinds  # another thread may set it meanwhile
                values = convert(body, types[body.get("model", default)])
                if types is not strict and is_deep(body):
                    return look_again(body)
                prompt, shape, mask = values.prompt, values.shape, values.mask
                if (  # it takes more for texts and lists than JSON has
                    (type(prompt) is not str and prompt is not None and prompt is not UNSET)
                    or (type(shape) is not str and shape is not None and shape is not UNSET)
                    or (type(mask) is not str and mask is not None and mask is not UNSET)
                ):
                    return look_again(body)
                for name in values.loose:
                    if name in body and not _is_plain(body[name]):
                        return look_again(body)
                body = body.copy()
            else:
                return look_again(body)
            references, mask, table = values.references, values.mask, bare
            if references or mask:
                if references and not are_plainly_http(references if type(references) is list else [references]):
                    return look_closer(body, values)
                if mask and not is_plainly_http(mask):
                    return look_closer(body, values)
                table = (both if references else masked) if mask else pictured
            try:  # a look-up by each word takes half the time of one by all of them: no key is made and hashed
                known = table[type(values)][values.tier][values.quality][values.number][values.shape]
                if known.by_others is not None:
                    known = known.by_others[tuple(_others(values))]
            except KeyError:
                known = learn(table, values)
            return Report(known.ok, known.dimensions, known.quote, known, body, values)
        except Exception:  # it does not decode, or a value of the caller's own make raises when it is looked at
            pass  # to look again in here takes longer: the frames of what was raised are kept meanwhile
        return look_again(body)

    def first(body: Any) -> Report:
        """The first body goes the plain way: where one question is asked, making the types takes the longest."""
        nonlocal look_again
        look_again = second
        return engine_of()._plainly(body)

    def again(body: Any) -> Report:
        """What passes though it does not decode mostly has a key that no rule names: so may the next bodies."""
        nonlocal decode, kinds, loosely, loose, left
        report: Report = look_plainly(body)
        if report.ok and left <= 0:
            if loose is None:  # to make these types takes some milliseconds
                types = engine_of().catalog.types
                loose, loosely = types.of, _decoder(types, default)
            decode, kinds, left = lenient, loose, _LENIENT
        return report

    def lenient(body: Any) -> Any:
        """Decode a text that may have such keys; into their values the decoder does not look."""
        nonlocal decode, kinds, left
        left -= 1  # as in is_deep: to call a function for it takes a tenth of a short body
        if left <= 0:
            decode, kinds = strictly, strict
        if len(body) >= SHALLOW and may_be_deep(body):
            raise ValueError
        if not body.isascii() and type(body) is bytes:
            body.decode()
        return loosely(body)

    def is_deep(body: dict[Any, Any]) -> bool:
        """Whether such keys of a mapping hold what the caller may change later."""
        nonlocal decode, kinds, left
        left -= 1
        if left <= 0:
            decode, kinds = strictly, strict
        return engine_of().catalog.models[body.get("model", default)].is_deep(body)

    def second(body: Any) -> Any:
        nonlocal decode, kinds, strictly, strict, default, bare, pictured, masked, both
        nonlocal learn, look_closer, look_plainly, look_again
        engine = engine_of()
        types, default = engine.catalog.types, engine.default_model
        learn, look_closer, look_plainly, look_again = engine._learn, engine._look_closer, engine._plainly, again
        bare, pictured, masked, both = engine._tables
        decode = strictly = _decoder(types, default, is_strict=True)
        kinds = strict = types.strict
        return look(body)

    look_again = first
    return look


def _decoder(types: Types, default_model: str | None, is_strict: bool = False) -> Callable[[Any], Any]:
    """What decodes a body as the type of its model, or of the default one where it names none."""
    decode = types.decode_strictly if is_strict else types.decode
    if default_model not in types.models:
        return decode
    decode_default = types.decode_alone(default_model, is_strict)

    def either(body: Any) -> Any:
        """A body that holds the word nowhere names no model; where it is elsewhere the plain rules look again."""
        word: Any = b'"model"' if type(body) is bytes else '"model"'
        return (decode_default if body.rfind(word) < 0 else decode)(body)  # "in" takes twice as long: is it a number?

    return either


def _is_plain(value: Any) -> bool:
    """Whether a value of a mapping is text, nothing, or a list of texts, as JSON has it."""
    if type(value) is not list:
        return type(value) in _TEXT
    for entry in value:  # noqa: SIM110  # a generator takes twice as long for the few there are
        if type(entry) is not str:
            return False
    return True


def _others(values: Any) -> Iterator[Any]:
    """What else the verdict or the price depends on: words and switches, of text and addresses whether they are given.

    Raises ValueError for an address without a role that needs a second look.
    """
    for name, has_end, has_addresses in values.others:
        value = getattr(values, name)
        if has_addresses and value and not are_plainly_http(value if type(value) is list else [value]):
            raise ValueError
        if has_end:
            yield type(value), value  # the type too, since 1 equals 1.0
        else:
            yield bool(value) or type(value) is dict  # an object is given though nothing is in it


def _are_of_words(faults: Iterable[Fault], given: Mapping[str, Any], model: Model) -> bool:
    """Whether faults say nothing of one body alone: neither of its texts and addresses nor of its other keys."""
    return all(
        fault.check != "required" and not model.fields[fault.field].is_long and is_short(given.get(fault.field))
        for fault in faults
    )


def _no_model(name: Any) -> Unreadable:
    """Why there is no model of that name."""
    return Unreadable("model.required", name) if name in (None, "") else Unreadable("model.type", name)


@takes(has_images=bool)
def stand_in(model: Model | None, *, id: str | None = None, has_images: bool = False, **axes: Any) -> dict[str, Any]:
    """The least body of a model that passes, with axes by their role: for questions that need no prompt."""
    body: dict[str, Any] = {"model": id if model is None else model.id}
    roles: dict[Any, str] = {**_NAMES, **({} if model is None else model.roles)}
    for name, field in {} if model is None else model.fields.items():
        if field.role == "prompt":
            body[name] = "-" * max(1, field.min_length or 0)
        elif field.role == "references" and has_images:
            url = "https://example.com/reference.png"
            body[name] = url if field.kind == "url" else [url] * max(1, field.min_items or 0)
    body.update({roles[role]: value for role, value in axes.items() if value is not None})
    return body


def _card(rates: RateCard | Iterable[RateCard] | None, as_of: date | None, catalog: Catalog) -> RateCard | None:
    if rates is None:
        return catalog.card(as_of)
    is_one = isinstance(rates, (Mapping, str, bytes)) or not isinstance(rates, Iterable)
    return current((rates,) if is_one else rates, as_of)  # type: ignore[arg-type]  # which refuses what is no card


@once
def default_engine() -> Engine:
    """The engine of the built-in data, which the functions of the module ask."""
    return Engine()


_engines: dict[Any, Engine] = {}


class Options(TypedDict, total=False):
    """The options of every question, which an engine keeps.

    ``catalog``: rules, models and cards other than the built-in ones.  ``rates``: a rate card, or several, to use
    instead of the catalog's; ``as_of``: the date whose prices count, the newest by default.  ``default_model`` applies
    if a body names none.  ``unknown_fields`` says whether a key that the model's file does not name is a warning
    (``"warn"``), ignored or an error.
    """

    catalog: Catalog | None
    rates: RateCard | Iterable[RateCard] | None
    as_of: date | None
    default_model: str | None
    unknown_fields: UnknownFields


_OPTIONS = Options.__annotations__.keys()


def engine_for(**options: Unpack[Options]) -> Engine:
    """The engine with these options, made once.

    >>> engine_for(default_model="gpt-image-2") is engine_for(default_model="gpt-image-2")
    True
    """
    if not options.keys() <= _OPTIONS:
        others = ", ".join(sorted(options.keys() - _OPTIONS))
        raise TypeError(f"there is no option {others}; the options are {', '.join(_OPTIONS)}")
    catalog = chosen(options.get("catalog"))
    card = _card(options.get("rates"), options.get("as_of"), catalog)
    default_model, unknown_fields = options.get("default_model"), options.get("unknown_fields", "warn")
    key = (id(catalog), id(card), default_model, unknown_fields)
    is_plain = type(default_model) in (str, type(None)) and type(unknown_fields) is str
    engine = _engines.get(key) if is_plain else None
    if engine is None:
        rates = () if card is None else card
        engine = Engine(catalog=catalog, rates=rates, default_model=default_model, unknown_fields=unknown_fields)
        with LOCK:
            if len(_engines) >= _MOST_ENGINES:
                _engines.clear()
            _engines[key] = engine
    return engine


def _without_detour(preflight: T) -> T:
    """The function, which looks itself where no option is given: to call another takes a twentieth of the time."""
    return cast(T, update_wrapper(_first_sight(default_engine, preflight), preflight))


@_without_detour
def preflight(body: Any, **options: Unpack[Options]) -> Report:
    """Whether reAPI will take a request body, what exactly is wrong with it, which pixels it gives and what it costs.

    >>> body = b'{"model": "gpt-image-2-official", "prompt": "a fox", "resolution": "4k", "n": 5}'
    >>> [(error.rule, error.code) for error in preflight(body).errors]
    [('size.needs_widescreen', 20003), ('n.range', 20003)]

    The body is bytes or text (JSON) or a mapping.  It always returns a report, and never uses the network.
    The options are those of an :class:`Engine`.  Source: the whole page.
    """
    return engine_for(**options).look(body)


def quote(
    body: Any = UNSET,
    *,
    size: str | None = None,
    resolution: str | None = None,
    quality: str | None = None,
    n: int | None = None,
    has_images: bool = False,
    model: str | None = None,
    **options: Unpack[Options],
) -> Quote:
    """What a request costs: of a body, as ``preflight`` takes it, or of the axes alone, without any prompt.

    >>> quote(size="16:9", resolution="2k", quality="high", n=2).credits
    759
    >>> quote({"model": "gpt-image-2", "prompt": "a fox", "resolution": "4k", "size": "2:1"}).usd
    '0.080'

    None counts as absent, and without a model it is gpt-image-2-official.  Each value goes to the field with that role,
    under the model's own name for it; one that the model has no field for changes nothing, as with reAPI, and ``n`` of
    the quote says how many images it is for.  ``has_images`` says that there are reference images; without a size, the
    first one gives the shape.  Raises InvalidRequestError if ``preflight`` would report errors.  Source: section
    "Pricing" of the page.
    """
    engine = engine_for(**options) if options else default_engine()
    if body is not UNSET:
        if has_images is not False or any(axis is not None for axis in (model, size, resolution, quality, n)):
            raise TypeError("quote() takes a body or the axes, not both")
        return engine.quote(body)
    return engine.quote_axes(model, size, resolution, quality, n, has_images)
