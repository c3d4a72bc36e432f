"""Models: what a model accepts, as its file in ``data/models`` says.

A model is described nowhere else than in its file: its fields by kind, with words, bounds and defaults, the constraints
across them, pixels and price key.  What a field does is its role; it can have any name.  To add a model you add a file,
and no code.
"""

# no annotations as text, which msgspec compiles one by one: a first answer takes a twelfth less without

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Literal, get_args

import msgspec

from reapi_rules.catalog.rules import FIELD, Row, Rule, RulesFile
from reapi_rules.terms.findings import Certainty, Level, least_certain, pointer_to
from reapi_rules.terms.once import once_an_object
from reapi_rules.terms.sizes import Edges, Ratio, pixels, ratio
from reapi_rules.terms.spelling import ascii_lower, fold
from reapi_rules.terms.values import SCALARS

__all__ = ["FORMAT", "Condition", "Constraint", "Field", "Kind", "Model", "ModelError", "ModelFile", "Price", "Role"]

FORMAT = "reapi-model/2"

Kind = Literal["text", "word", "size", "integer", "number", "boolean", "url", "urls", "list", "object"]
"""What a field accepts.  ``size`` is a word or, if the field says so, a pixel string; of a list or an object only the
JSON type is checked."""

Role = Literal["prompt", "shape", "tier", "quality", "number", "references", "mask"]
"""What a field does; models may have different names for it."""

ROLES: tuple[Role, ...] = get_args(Role)
AXES: tuple[Role, ...] = ("shape", "tier", "quality")
PRICED: tuple[Role, ...] = (*AXES, "number")
"""The roles whose words make the price of an image, and those that make the price."""


class ModelError(ValueError):
    """A model file that can't be used; the message names the file, the place and what is wrong."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a model file; unknown keys are refused."""


class Source(_Part, frozen=True):
    """Where the figures of a data file were read."""

    page: str = ""
    address: str = ""
    read_on: str = ""
    sha256: str = ""
    notes: str = ""


class Field(_Part, frozen=True, kw_only=True):
    """One field of a model.

    ``warns`` names the checks that only warn, since the bound may not be the server's.  ``default`` is what an absent
    field means, if that is known; with ``default_certain`` false it is what a form of reAPI's fills in.  A field that
    ``mirrors`` another follows it when it is absent.  ``bills_as`` says which word is billed as another, ``downgraded``
    which are accepted and not honoured, ``notes`` which further checks there are, ``offers`` the words that are shown
    for free text.
    """

    kind: Kind
    role: Role | None = None
    required: bool = False
    words: tuple[str, ...] = ()
    any_case: bool = False
    pixel_strings: bool = False
    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    default: Any = msgspec.UNSET
    default_certain: bool = True
    mirrors: str | None = None
    bills_as: dict[str, str] = {}
    downgraded: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def has_addresses(self) -> bool:
        """Whether the field holds URLs."""
        return self.kind in ("url", "urls")

    @property
    def is_long(self) -> bool:
        """Whether it has infinitely many values: text, URLs, lists and objects."""
        return self.kind in ("text", "url", "urls", "list", "object")

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that a drop-down offers."""
        return self.words or self.offers


class Condition(_Part, frozen=True, rename={"one_of": "is", "none_of": "is_not"}):
    """What a value must be for a condition to be met; words are spelt as in the file."""

    one_of: tuple[Any, ...] | None = None
    none_of: tuple[Any, ...] | None = None
    given: bool | None = None
    at_most: int | None = None

    @property
    def words(self) -> tuple[Any, ...]:
        """The values that it names."""
        return (*(self.one_of or ()), *(self.none_of or ()))

    def holds(self, value: Any) -> bool:
        """Whether a value meets it; the value is None if the field is absent.

        >>> Condition(one_of=("4k",)).holds("4k"), Condition(given=False).holds("4k"), Condition(at_most=4).holds(None)
        (True, False, True)
        """
        if self.given is not None and self.given != (value is not None):
            return False
        if self.one_of is not None and not _is_in(value, self.one_of):
            return False
        if self.none_of is not None and _is_in(value, self.none_of):
            return False
        is_more = self.at_most is not None and type(value) in (int, float) and value > self.at_most
        return not is_more  # of another type there is nothing to compare


def _is_in(value: Any, values: tuple[Any, ...]) -> bool:
    for each in values:  # noqa: SIM110  # any() makes a generator each time, which takes longer than the rest
        if value == each and type(value) is type(each):  # since True equals 1
            return True
    return False


class Constraint(_Part, frozen=True, kw_only=True, dict=True):
    """What must hold across fields: ``when`` all of these hold, ``then`` all of those must, or nothing may (None).

    It is not checked while a field that it reads has an error, except for the checks in ``despite``.
    """

    rule: str
    blames: str
    when: dict[str, Condition]
    then: dict[str, Condition] | None
    level: Level = "error"
    certainty: Certainty = "documented"
    despite: tuple[str, ...] = ()

    @once_an_object
    def reads(self) -> tuple[str, ...]:
        """Every field that it looks at."""
        return tuple(dict.fromkeys((self.blames, *self.when, *(self.then or ()))))

    @once_an_object
    def needs(self) -> str | None:
        """A field that must be given for it to apply."""
        return next((name for name, condition in self.when.items() if not condition.holds(None)), None)

    @property
    def check(self) -> str | None:
        """What its rule is a case of, ``needs``, ``not_with`` or ``required``; None for any other rule."""
        own = self.rule.removeprefix(f"{self.blames}.")
        return next((name for name in ("required", "not_with", "needs") if f"{own}_".startswith(f"{name}_")), None)

    def is_broken(self, values: Mapping[str, Any]) -> bool:
        """Whether it is, by the normalised values of the fields that are given."""
        for name, condition in self.when.items():
            if not condition.holds(values[name]):
                return False
        return self.then is None or not all(condition.holds(values[name]) for name, condition in self.then.items())


class Price(_Part, frozen=True, kw_only=True):
    """How a request is priced.

    ``key`` is the name of a price cell, with fields in braces; ``images`` the field that says how many images are
    billed, None where a request is billed as one.  With ``by_axes_alone`` a quote by axes asks for nothing that the
    price does not read.  In the cases of ``not_published_when`` reAPI has not published the price.
    """

    key: str
    images: str | None = None
    by_axes_alone: bool = False
    not_published_when: tuple[dict[str, Condition], ...] = ()


class ModelFile(_Part, frozen=True, kw_only=True):
    """A model file as it is.

    ``order`` is the order of the checks where it is not that of the fields: a field's name, ``<field>.addresses`` for
    what a list or a URL holds, and the rules of constraints.  ``unsupported`` are the parameters of a sibling that this
    model ignores, and the sibling; ``returns`` is the only image format that there is; ``sends_unknown_fields`` says
    whether a payload keeps keys that are not named here.
    """

    format: str
    id: str
    title: str
    source: Source
    certainty_at_most: Certainty
    endpoints: dict[str, str]
    fields: dict[str, Field]
    price: Price
    constraints: tuple[Constraint, ...] = ()
    order: tuple[str, ...] = ()
    pixels: dict[str, dict[str, str]] | None = None
    default: bool = False
    certainties: dict[str, Certainty] = {}
    unsupported: dict[str, str] = {}
    returns: str | None = None
    sends_unknown_fields: bool = False


class Step(msgspec.Struct, frozen=True):
    """One place in the order of the checks: a field's value, the addresses in it, or a constraint."""

    field: str
    is_of_addresses: bool = False
    constraint: Constraint | None = None

    @property
    def place(self) -> Any:
        """What sets it apart from the other steps."""
        return (self.field, self.is_of_addresses) if self.constraint is None else self.constraint.rule


class Model:
    """A model with everything that follows from its file.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> model = built_in().models["gpt-image-2-official"]
    >>> model.pixels["16:9", "2k"], model.roles["shape"], model.shapes_at("4k")
    ((2048, 1152), 'size', ('16:9', '9:16', '2:1', '1:2', '21:9', '9:21'))

    Raises ModelError if its pixels are not WIDTHxHEIGHT; ``contradictions`` finds what else is wrong with a file.
    """

    def __init__(self, file: ModelFile, rules: RulesFile, name: str = "model") -> None:
        self.file: ModelFile = file
        self.id: str = file.id
        self.title: str = file.title
        self.fields: dict[str, Field] = file.fields
        self.names: frozenset[str] = frozenset(("model", *file.fields))
        nested = {name for name, field in file.fields.items() if field.kind in ("list", "object")}
        self.flat: frozenset[str] = self.names - nested
        self.required: tuple[str, ...] = tuple(name for name, field in file.fields.items() if field.required)
        self.optional: frozenset[str] = frozenset(name for name, field in file.fields.items() if not field.required)
        self.roles: dict[Role, str] = {field.role: name for name, field in file.fields.items() if field.role}
        self.pixels: dict[tuple[str, str], Edges] = {
            (word, tier): _edges(name, word, text)
            for word, row in (file.pixels or {}).items()
            for tier, text in row.items()
        }
        self.price_fields: tuple[str, ...] = tuple(re.findall(_IN_BRACES, file.price.key))
        self._rows: dict[str, Row] = {row.id: row for row in rules.rules}
        of_fields = (row for row in rules.rules if row.id.startswith(FIELD))
        self.field_checks: dict[str, Row] = {row.id.removeprefix(f"{FIELD}."): row for row in of_fields}
        self.rules_file: RulesFile = rules
        self._rules: dict[str, Rule] = {}

    # --- what follows from the file

    @once_an_object
    def ratios(self) -> dict[str, Ratio]:
        """The proportions of each shape word that has any, in the file's order."""
        words = self.words("shape") or self.field("shape").offers if "shape" in self.roles else ()
        found = {
            word: ratio(word) or next((self.pixels[at] for at in self.pixels if at[0] == word), None) for word in words
        }
        return {word: proportions for word, proportions in found.items() if proportions}

    @once_an_object
    def spellings(self) -> dict[str, dict[str, str]]:
        """The words of each field by their spelling: the file's and, where case does not matter, that in lower case."""
        return {
            name: {
                **({ascii_lower(word): word for word in field.words} if field.any_case else {}),
                **{word: word for word in field.words},
            }
            for name, field in self.fields.items()
            if field.words
        }

    @once_an_object
    def read_across(self) -> tuple[str, ...]:
        """The fields that constraints and prices read."""
        read = {name for constraint in self.file.constraints for name in constraint.reads}
        read |= {name for case in self.file.price.not_published_when for name in case}
        return tuple(name for name in self.fields if name in read)

    @once_an_object
    def free(self) -> frozenset[str]:
        """The fields whose value changes neither a verdict across fields nor a price, only whether they are given."""
        read = {*self.read_across, *self.price_fields, *(name for role, name in self.roles.items() if role in PRICED)}
        return frozenset(name for name, field in self.fields.items() if name not in read or field.is_long)

    @once_an_object
    def condition_words(self) -> dict[str, dict[str, str]]:
        """The words that constraints and prices name of a field whose case does not matter, by their lower case."""
        cases = [case for each in self.file.constraints for case in (each.when, each.then or {})]
        found: dict[str, dict[str, str]] = {}
        for name, condition in (
            item for case in (*cases, *self.file.price.not_published_when) for item in case.items()
        ):
            if self.fields[name].any_case:
                found.setdefault(name, {}).update({ascii_lower(word): word for word in condition.words})
        return found

    @once_an_object
    def lower_words(self) -> dict[str, dict[str, str]]:
        """The words of each field by their spelling in lower case, for what is nearly one of them."""
        return {name: {ascii_lower(word): word for word in field.choices} for name, field in self.fields.items()}

    @once_an_object
    def names_meant(self) -> dict[str, str]:
        """The field that is meant by each name that it is known under, as names are compared, its own first."""
        from reapi_rules.catalog.aliases import aliases  # a start does without

        known = aliases()
        found = {fold(name): name for name in ("model", *self.fields)}
        for name, role in (("model", "model"), *((name, field.role) for name, field in self.fields.items())):
            for alias in known.of(name, role):
                found.setdefault(fold(alias), name)
        return found

    @once_an_object
    def steps(self) -> tuple[Step, ...]:
        """The checks in their order: the file's, or field by field with the constraints that blame it."""
        if self.file.order:
            return tuple(step for text in self.file.order if (step := self.step(text)) is not None)
        steps = []
        for name, field in self.fields.items():
            steps.append(Step(name))
            if field.has_addresses:
                steps.append(Step(name, is_of_addresses=True))
            steps += (Step(name, constraint=each) for each in self.file.constraints if each.blames == name)
        return tuple(steps)

    def step(self, text: str) -> Step | None:
        """The step that a word of the file's order names."""
        for constraint in self.file.constraints:
            if text == constraint.rule:
                return Step(constraint.blames, constraint=constraint)
        if text in self.fields:
            return Step(text)
        name = text.removesuffix(f".{_ADDRESSES}")
        return Step(name, is_of_addresses=True) if name in self.fields and self.fields[name].has_addresses else None

    @once_an_object
    def places(self) -> dict[Any, int]:
        """The place of each check in their order."""
        return {step.place: at for at, step in enumerate(self.steps)}

    def field(self, role: Role) -> Field:
        """The model's field with a role."""
        return self.fields[self.roles[role]]

    def words(self, role: Role) -> tuple[str, ...]:
        """The words of a role's field; none for a role that the model lacks, or that takes no words."""
        return self.field(role).words if role in self.roles else ()

    def word(self, name: str, value: Any) -> str | None:
        """The word that a value is, spelt as in the file; None if it is not one of the field's words.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> built_in().models["gpt-image-2-official"].word("resolution", "4K")
        '4k'
        """
        if type(value) is not str or name not in self.spellings:
            return None
        spellings = self.spellings[name]
        if value in spellings or not self.fields[name].any_case:
            return spellings.get(value)
        return spellings.get(ascii_lower(value))

    def certainty(self, best: Certainty) -> Certainty:
        """The certainty of a statement about this model that would be as sure as ``best`` if its page were read."""
        return least_certain(best, self.file.certainty_at_most)

    def takes(self, shape: str | None, tier: str | None) -> bool:
        """Whether the model accepts a shape at a tier."""
        values = {self.roles[role]: value for role, value in (("shape", shape), ("tier", tier)) if role in self.roles}
        return not any(
            constraint.level == "error" and set(constraint.reads) <= values.keys() and constraint.is_broken(values)
            for constraint in self.file.constraints
        )

    def shapes_at(self, tier: str | None) -> tuple[str, ...]:
        """The shape words that the model accepts at a tier, in the size order.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> built_in().models["gpt-image-2"].shapes_at("4k")
        ('16:9', '9:16', '2:1', '1:2', '21:9', '9:21')
        """
        words = self.field("shape").choices if "shape" in self.roles else ()
        return tuple(word for word in words if self.takes(word, tier))

    def ratios_at(self, tier: str) -> tuple[str, ...]:
        """The shape words that have pixels at a tier, in the size order."""
        return tuple(word for word in self.ratios if (word, tier) in self.pixels)

    def cell(self, **words: str | None) -> str:
        """The name of a price cell, as reAPI writes it: ``16:9@2k_high``, or less for fewer fields."""
        return re.sub(_IN_BRACES, lambda name: str(words[name[1]]), self.file.price.key)

    def cell_of(self, shape: str | None, tier: str | None, quality: str | None) -> str:
        """The price cell of a shape, a tier and a quality, as it is billed; its other fields have their defaults.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> built_in().models["gpt-image-2-official"].cell_of("16:9", "2k", "auto")
        '16:9@2k_high'
        """
        asked: dict[Role, str | None] = {"shape": shape, "tier": tier, "quality": quality}
        given = {self.roles[role]: word for role, word in asked.items() if role in self.roles}
        fields = {name: self.fields[name] for name in self.price_fields}
        words = {name: given.get(name, field.default) for name, field in fields.items()}
        return self.cell(**{name: field.bills_as.get(words[name], words[name]) for name, field in fields.items()})

    def billed_words(self, name: str) -> tuple[str, ...]:
        """The words of a field that have a price of their own."""
        field = self.fields[name]
        return tuple(word for word in field.words if word not in field.bills_as)

    def price_cells(self) -> tuple[str, ...]:
        """Every price cell of the model, in the order of its words.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> built_in().models["gpt-image-2"].price_cells(), len(built_in().models["gpt-image-2-official"].price_cells())
        (('1k', '2k', '4k'), 96)
        """
        return tuple(dict.fromkeys(self.cell(**words) for words in self.price_words()))

    def price_words(self) -> Iterator[dict[str, str]]:
        """The words of each price cell by field: shape and tier where they have pixels, and every other billed word."""
        shape, tier = self.roles.get("shape"), self.roles.get("tier")
        grid: Iterable[dict[str, str]] = [{}]
        rest = self.price_fields
        if shape in self.price_fields and shape is not None:
            grid = [{shape: word, **({tier: of} if tier else {})} for word, of in self.pixels]
            rest = tuple(name for name in rest if name not in (shape, tier))
        for words, others in product(grid, [*product(*map(self.billed_words, rest))]):
            yield {**words, **dict(zip(rest, others))}

    # --- rules

    def rule(self, check: str, field: str | None = None) -> Rule:
        """The rule of a check of a field, or of a whole row such as ``field.unknown``, as sure as the file makes it."""
        id = check if field is None else f"{field}.{check}"
        found = self._rules.get(id)
        if found is None:
            found = self._rules[id] = self._make(check, field)
        return found

    def constraint_rule(self, constraint: Constraint) -> Rule:
        """The rule of a constraint."""
        id, field = constraint.rule, constraint.blames
        key = f"constraint {id}"
        if key not in self._rules:
            row = self._rows[f"{FIELD}.{constraint.check}"]
            rule = row.rule(field, id, kind=self.fields[field].kind)
            self._rules[key] = msgspec.structs.replace(
                self._surely(rule, constraint.certainty),
                level=constraint.level,
                code=rule.code if constraint.level == "error" else None,
                related=tuple(pointer_to(name) for name in constraint.reads if name != field),
            )
        return self._rules[key]

    def is_deep(self, body: Mapping[str, Any]) -> bool:
        """Whether a mapping holds what has to be copied before the caller can change it: nested or unknown values."""
        keeps_all = self.file.sends_unknown_fields
        return any(
            keeps_all or key in self.names or type(value) not in SCALARS
            for key, value in body.items()
            if key not in self.flat
        )

    def checks(self, field: Field) -> Iterator[str]:
        """The checks of a field: those of its kind for which it has a bound."""
        for check, row in self.field_checks.items():
            bounds = ("minimum", "maximum") if check == "range" else (check,)
            found = [getattr(field, bound, True) for bound in bounds]
            if field.kind in row.kinds and any(bound is not None and bound is not False for bound in found):
                yield check

    def rules(self) -> Iterator[Rule]:
        """Every rule of a field or across fields that the model has, in the order of its checks."""
        for step in self.steps:
            if step.constraint is not None:
                yield self.constraint_rule(step.constraint)
                continue
            for check in self.checks(self.fields[step.field]):
                if (check in _IN_ADDRESSES) == step.is_of_addresses and check not in _WARNED:
                    yield self.rule(check, step.field)
        for name, field in self.fields.items():
            noted = [check for check, row in self.field_checks.items() if field.role in row.roles]
            for check in (*noted, *field.notes):
                if self._notes(check, field):
                    yield self.rule(check, name)
            yield from (self.rule(check, name) for check in self.checks(field) if check in _WARNED)

    def _notes(self, check: str, field: Field) -> bool:
        has: dict[str, bool] = {
            "auto_price": self.roles.get("shape") in self.price_fields,
            "snapped": field.pixel_strings,
            "looks_like_ratio": field.pixel_strings,
            "mirrors_reference": field.mirrors is not None,
            "auto_bills_high": bool(field.bills_as),
        }
        return has.get(check, True)

    def _make(self, check: str, field: str | None) -> Rule:
        if field is None:
            return self._surely(self._rows[check].rule(), None)
        takes = self.fields[field]
        row = self._rows[f"{FIELD}.{check}"]
        expected, optional = self.rules_file.expected[takes.kind], None if takes.required else field
        figures: dict[str, Any] = {"expected": expected, "optional": optional}
        rule = self._surely(row.rule(field, kind=takes.kind, **figures), None)
        if check in takes.warns:
            rule = msgspec.structs.replace(rule, level="warning", code=None)
        return rule

    def _surely(self, rule: Rule, certainty: Certainty | None) -> Rule:
        """The rule in all its variants as sure as the file makes it."""
        own = self.file.certainties.get(rule.id, certainty or rule.certainty)
        most = self.file.certainty_at_most
        variants = {
            name: msgspec.structs.replace(but, certainty=least_certain(own, but.certainty or own, most))
            for name, but in rule.variants.items()
        }
        return msgspec.structs.replace(rule, certainty=least_certain(own, most), variants=variants)


_ADDRESSES = "addresses"
_WARNED = ("malformed", "private_host")
_IN_ADDRESSES = ("item_type", "data_uri", "not_http")


def _edges(file: str, word: str, text: str) -> Edges:
    edges = pixels(text)
    if edges is None or 0 in edges:
        raise ModelError(f'{file}: pixels.{word}: "{text}" is not WIDTHxHEIGHT')
    return edges


_IN_BRACES = "{([^{}]*)}"
