"""Models: what one model takes, as its file in ``data/models`` says, with the rules bound to it.

A model file holds fields, bounds, defaults, words, the dimension table, the price axes and the addresses.  A
further model is a new file and no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.hints import Hints, ascii_lower
from reapi_rules.engine.body import FIELDS, UNSET
from reapi_rules.terms.findings import Certainty, Rule, least_certain
from reapi_rules.terms.sizes import Edges, Ratio, pixels, ratio

__all__ = ["Model", "ModelError", "ModelFile", "bind"]


class ModelError(ValueError):
    """A model file that can't be used; the message names the file, the key and what is wrong."""


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a model file; unknown keys are refused."""


class Source(_Row, frozen=True):
    """Where the figures of a data file were read."""

    page: str = ""
    address: str = ""
    read_on: str = ""
    sha256: str = ""
    notes: str = ""


class Prompt(_Row, frozen=True):
    max_length: int


class Words(_Row, frozen=True):
    """A field that takes one of a few words; some are billed as another, some are accepted but not honoured."""

    words: tuple[str, ...]
    default: str
    bills_as: dict[str, str] = {}
    downgraded: tuple[str, ...] = ()


class Size(_Row, frozen=True):
    """The size words in the size order, and whether pixel strings are taken too."""

    words: tuple[str, ...]
    default: str
    pixels: bool


class Resolution(_Row, frozen=True):
    """The resolutions, and the only sizes that some of them take."""

    words: tuple[str, ...]
    default: str
    needs_size: dict[str, tuple[str, ...]] = {}


class Number(_Row, frozen=True):
    minimum: int
    maximum: int
    default: int


class Urls(_Row, frozen=True):
    max_items: int


class Url(_Row, frozen=True):
    pass


class Parameters(_Row, frozen=True, kw_only=True):
    """The parameters of a model; None for one that it does not have."""

    prompt: Prompt
    size: Size
    resolution: Resolution
    n: Number
    image_urls: Urls
    quality: Words | None = None
    mask_url: Url | None = None
    background: Words | None = None
    moderation: Words | None = None


class ModelFile(_Row, frozen=True, kw_only=True):
    """A model file as it stands."""

    format: Literal["reapi-model/1"]
    id: str
    title: str
    source: Source
    certainty_at_most: Certainty
    endpoints: dict[str, str]
    fields: Parameters
    dimensions: dict[str, dict[str, str]]
    cell: str
    default: bool = False
    certainties: dict[str, Certainty] = {}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What needs no second look: words, absent fields and nulls; ``shapes`` are sizes with their resolutions.

    A field of words that the model does not have is None here: it takes any value.
    """

    parameters: frozenset[str]
    longest_prompt: int
    shapes: frozenset[tuple[Any, Any]]
    smallest_n: int
    largest_n: int
    most_images: int
    size: frozenset[Any]
    quality: frozenset[Any] | None
    background: frozenset[Any] | None
    moderation: frozenset[Any] | None


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model with all that is derived from its file.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> model = built_in().models["gpt-image-2-official"]
    >>> model.cells["16:9", "2k"], model.sizes_at("4k")
    ((2048, 1152), ('16:9', '9:16', '2:1', '1:2', '21:9', '9:21'))
    """

    id: str
    file: ModelFile
    fields: Parameters
    parameters: tuple[str, ...]
    rules: dict[str, Rule]
    cells: dict[tuple[str, str], Edges]
    ratios: dict[str, Ratio]
    resolutions: dict[str, str]
    lower_words: dict[str, frozenset[str]]
    known: Known
    price_axes: frozenset[str]
    hints: Hints
    elsewhere: dict[str, tuple[str, ...]]

    def resolution(self, given: Any) -> str | None:
        """The resolution that a value names, in any ASCII case or absent; None where it names none."""
        if given is None or given is UNSET:
            return self.fields.resolution.default
        return self.resolutions.get(given) or self.resolutions.get(ascii_lower(given))

    def certainty(self, best: Certainty) -> Certainty:
        """The certainty of a statement about this model that would be as sure as ``best`` if its page were read."""
        return least_certain(best, self.file.certainty_at_most)

    def sizes_at(self, resolution: str) -> tuple[str, ...]:
        """The size words that the model takes at a resolution, in the size order."""
        return self.fields.resolution.needs_size.get(resolution, self.fields.size.words)

    def ratios_at(self, resolution: str) -> tuple[str, ...]:
        """The size words that have dimensions at a resolution, in the size order."""
        return tuple(word for word in self.ratios if (word, resolution) in self.cells)

    def cell(self, size: str, resolution: str, quality: str | None) -> str:
        """The name of a price cell, as reAPI writes it: ``16:9@2k_high``, or less for fewer price axes."""
        return self.file.cell.format(size=size, resolution=resolution, quality=quality)

    @property
    def billed_qualities(self) -> tuple[str, ...]:
        """The qualities with a price of their own, from the lowest; none for a model without qualities."""
        quality = self.fields.quality
        return () if quality is None else tuple(word for word in quality.words if word not in quality.bills_as)

    def price_cells(self) -> tuple[str, ...]:
        """Every price cell of the model, in the size order.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> built_in().models["gpt-image-2"].price_cells(), len(built_in().models["gpt-image-2-official"].price_cells())
        (('1k', '2k', '4k'), 96)
        """
        qualities = self.billed_qualities or (None,)
        cells = (self.cell(*cell, quality) for cell in self.cells for quality in qualities)
        return tuple(dict.fromkeys(cells))

    def billed_quality(self, quality: str | None) -> str | None:
        """The quality that is billed for a given one: ``auto`` bills as ``high``."""
        return (
            quality
            if self.fields.quality is None or quality is None
            else self.fields.quality.bills_as.get(quality, quality)
        )


def bind(file: ModelFile, rules: Mapping[str, Rule], hints: Hints, siblings: Iterable[ModelFile]) -> Model:
    """The model of a file; raises ModelError where the file contradicts itself.

    ``siblings`` are all model files: their parameters that this model lacks are known, and not supported.
    """
    parameters = parameters_of(file)
    cells = {
        (size, resolution): _edges(file, size, text)
        for size, row in file.dimensions.items()
        for resolution, text in row.items()
    }
    words = file.fields.resolution.words
    model = Model(
        id=file.id,
        file=file,
        fields=file.fields,
        parameters=parameters,
        rules={name: reading for rule in rules.values() for name, reading in _readings(rule, file).items()},
        cells=cells,
        ratios={word: _ratio(word, cells) for word in file.fields.size.words if word in file.dimensions},
        known=_known(file.fields, parameters),
        lower_words={name: frozenset(map(ascii_lower, words)) for name, words in _words(file.fields)},
        resolutions={**{ascii_lower(word): word for word in words}, **{word: word for word in words}},
        price_axes=frozenset(re.findall(r"{(\w+)}", file.cell)),
        hints=hints,
        elsewhere={
            name: tuple(other.id for other in siblings if name in parameters_of(other))
            for name in FIELDS
            if name not in parameters
        },
    )
    for problem in _contradictions(model, rules):
        raise ModelError(f"model {file.id}: {problem}")
    return model


def parameters_of(file: ModelFile) -> tuple[str, ...]:
    """The names of the model's parameters, in the page's field order."""
    return tuple(name for name in FIELDS if name == "model" or getattr(file.fields, name) is not None)


def _words(fields: Parameters) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words of each field that takes words."""
    for name in ("size", "resolution", "quality", "background", "moderation"):
        field: Words | Size | Resolution | None = getattr(fields, name)
        if field is not None:
            yield name, field.words


def _known(fields: Parameters, parameters: Iterable[str]) -> Known:
    words = {name: frozenset((*words, UNSET, None)) for name, words in _words(fields)}
    return Known(
        parameters=frozenset(parameters),
        longest_prompt=fields.prompt.max_length,
        shapes=frozenset(
            (size, resolution)
            for resolution in words["resolution"]
            for size in fields.resolution.needs_size.get(resolution or fields.resolution.default, words["size"])
        ),
        smallest_n=fields.n.minimum,
        largest_n=fields.n.maximum,
        most_images=fields.image_urls.max_items,
        size=words["size"],
        quality=words.get("quality"),
        background=words.get("background"),
        moderation=words.get("moderation"),
    )


def _readings(rule: Rule, file: ModelFile) -> dict[str, Rule]:
    """The rule in all its cases, as sure as the model's file makes it."""
    own = file.certainties.get(rule.id, rule.certainty)
    readings = {}
    for name, reading in rule.readings().items():
        case = own if reading.certainty == rule.certainty else reading.certainty
        readings[name] = msgspec.structs.replace(reading, certainty=least_certain(own, case, file.certainty_at_most))
    return readings


def _edges(file: ModelFile, size: str, text: str) -> Edges:
    edges = pixels(text)
    if edges is None or 0 in edges:
        raise ModelError(f'model {file.id}: dimensions.{size}: "{text}" is no WIDTHxHEIGHT')
    return edges


def _ratio(word: str, cells: Mapping[tuple[str, str], Edges]) -> Ratio:
    """The ratio that the word names; for a word that names none the proportions of its first cell."""
    return ratio(word) or next((edges for (size, _), edges in cells.items() if size == word), (1, 1))


def _contradictions(model: Model, rules: Mapping[str, Rule]) -> Iterable[str]:
    fields = model.fields
    for name, words in _words(fields):
        if getattr(fields, name).default not in words:
            yield f'fields.{name}: the default "{getattr(fields, name).default}" is none of its words'
    if not fields.n.minimum <= fields.n.default <= fields.n.maximum:
        yield "fields.n: the default is outside the bounds"
    for resolution, sizes in fields.resolution.needs_size.items():
        if resolution not in fields.resolution.words or not sizes or not set(sizes) <= set(fields.size.words):
            yield f'fields.resolution.needs_size: "{resolution}" must be a resolution, with size words'
    for size, resolution in model.cells:
        if size not in fields.size.words or resolution not in fields.resolution.words:
            yield f'dimensions: "{size}" at "{resolution}" is no size word at a resolution'
    for resolution in fields.resolution.words:
        for size in model.sizes_at(resolution):
            if size in model.file.dimensions and (size, resolution) not in model.cells:
                yield f'dimensions: "{size}" is taken at "{resolution}" and has no dimensions there'
    if not model.price_axes <= {"size", "resolution", "quality"} or (
        fields.quality is None and "quality" in model.price_axes
    ):
        yield f'cell: "{model.file.cell}" may hold {{size}}, {{resolution}} and, with such a field, {{quality}}'
    if fields.quality is not None and not set(fields.quality.bills_as.values()) <= set(fields.quality.words):
        yield "fields.quality.bills_as: a quality is billed as one of the words"
    if unknown := sorted(
        {name.partition("/")[0] for name in model.file.certainties} - {rule.id for rule in rules.values()}
    ):
        yield f"certainties: no rule has the id {unknown[0]}"
