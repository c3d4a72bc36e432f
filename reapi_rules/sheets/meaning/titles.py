"""Titles: what people write above a column, and which field of a request it means.

The subject of a column is a role, whatever the model of a row calls its field, or the name of a field without a role.
``data/aliases.json`` has the titles; of case, accents, plurals, brackets and blanks nothing is left here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from unicodedata import category

import msgspec

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.models import PRICED, Kind, Model
from reapi_rules.catalog.spellings import spellings
from reapi_rules.terms.once import once
from reapi_rules.terms.sizes import ratio
from reapi_rules.terms.spelling import ascii_lower, fold, narrow, without_brackets

__all__ = ["EDGES", "FREE", "Meaning", "Place", "Subjects", "is_money", "subjects"]

EDGES = ("width", "height")
"""The subjects of two columns that make a size together."""

FREE = ("prompt", "references", "mask")
"""The roles of what a caller writes freely, and no price depends on."""

_SPOKEN = ("model", *PRICED)  # what the last word of a title may say
_LONGEST = 80
_MOST_KNOWN = 65_536  # four headers as wide as Excel has them: a title is asked for more than once
_MOST_AROUND = 3
_LONG, _LONG_IN_CHINESE = 6, 2  # what is no part of another word
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OF = frozenset(("of", "for", "wanted", "needed", "de", "des", "du", "del", "di", "da", "do", "der", "pro", "per"))
_WORDS = re.compile(r"[^\W_]+")
_NUMBER_OF = "数數"
_INVISIBLE = {ord(character): None for character in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
_NUMBERED = re.compile(r"(.*?)0*([1-9][0-9]?)")
_LISTED = re.compile(r"\W*[0-9]{1,3}[.)、]\s*(?=\D)")
_EACH = re.compile(r"\s(?:per|pro|par|por|je)\s|(?<=\w)\s?/\s?(?=\w)")
_IN_BRACKETS = re.compile(r"[(\[\u3010]([^()\[\]\u3010\u3011]*)[)\]\u3011]")
_PIECES = re.compile(r"[\s()_?#@*]+|(?<=[a-zA-Z0-9])(?=[\u2e80-\uffdc])|(?<=[\u2e80-\uffdc])(?=[a-zA-Z0-9])")
_PARTS = re.compile(r"[/|\n()\[\]【】]|(?<=[a-z])\s?(?=[\u2e80-\uffdc])|(?<=[\u2e80-\uffdc])\s?(?=[a-z])")


class Meaning(msgspec.Struct, frozen=True):
    """What a title may mean: subjects, among which the cells decide, and whether it means one for sure.

    If not, it counts only where the cells fit.  ``number`` is the 3 of ``image_url_3``.
    """

    subjects: tuple[str, ...] = ()
    is_sure: bool = True
    number: int = 0


_NOTHING = Meaning()
_COUNT = Meaning(("number",))
_URLS = Meaning(("references",))
_PROMPT = Meaning(("prompt",))


class Place(msgspec.Struct, frozen=True):
    """Where the cells of a column go under one model; the words are by their lower case."""

    name: str
    kind: Kind
    subject: str = ""
    any_case: bool = False
    words: Mapping[str, str] = {}
    ratios: tuple[str, ...] = ()
    pixels: bool = False


class Subjects:
    """What a column can be about: ``model``, the roles, and the fields without a role, of all models of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        models, known = tuple(catalog.models.values()), aliases()
        ids = {ascii_lower(id): id for id in (*catalog.known_ids.ids, *catalog.models)}
        self.places: dict[str, Place] = {"model": Place("model", "word", "model", words=ids)}
        """Each subject as the first model has it, but without words."""
        self.words: dict[str, dict[str, str]] = {"model": ids}
        """The words of each subject in any model."""
        self.usual: tuple[str, ...] = ("model", *models[0].fields)
        self._own: dict[tuple[str, str, str], Place] = {}
        self._names: dict[str, str] = {"model": "model"}
        self._titles: dict[str, Meaning] = {}
        self._ranks: dict[str, int] = {}
        for model in models:
            for name, field in model.fields.items():
                subject = field.role or name
                self.places.setdefault(subject, Place(name, field.kind, subject))
                self.words.setdefault(subject, {}).update(model.lower_words[name])
                self._names.setdefault(fold(name), subject)
        self.ratios: tuple[str, ...] = tuple(word for word in self.words.get("shape", ()) if ratio(word))
        self._add((title, Meaning(meant)) for title, meant in known.either.items())
        self._add((name, Meaning((subject,))) for name, subject in self._names.items())
        for title, meant in known.perhaps.items():  # a sign may make another word of one that is known
            key = title if fold(title) in self._titles else fold(title)
            self._titles.setdefault(key, Meaning(meant, is_sure=False))
        for subject in self.places:
            names = tuple(known.of(subject, titles=True))
            self._add((name, Meaning((subject,))) for name in names)
            self._ranks |= {fold(name): rank for rank, name in reversed(tuple(enumerate(names)))}
        for edge in EDGES:
            self._add((title, Meaning((edge,))) for title in known.edges[edge])
        heads, self._ordinals, self._nouns, self._singles = (
            frozenset(map(fold, known.counts[part])) for part in ("heads", "ordinals", "nouns", "singles")
        )
        self._heads = heads | self._ordinals
        self._around = frozenset(map(fold, known.around))
        self._other = frozenset(fold(title) or title for title in known.other)
        self._numbering = {"#", *self._ordinals} & self._other
        self._models = frozenset(map(fold, ids))
        self._apart = frozenset(map(fold, known.apart))
        self._joined = tuple(word for word in self._apart if not word.isascii())  # part of a longer word in Chinese
        self._periods = frozenset(map(fold, known.periods))
        self._addresses = tuple(map(fold, known.addresses))
        self._lengths = frozenset(map(fold, known.lengths))
        self._units, self._multiples, self._longest = (
            frozenset(map(fold, words)) for words in (known.units, known.multiples, known.longest)
        )
        self._times = frozenset(_singular(fold(title).rstrip(_NUMBER_OF)) for title in known.times)
        self._plurals = {_singular(key): meaning for key, meaning in reversed(self._titles.items()) if meaning.is_sure}
        self._known: dict[str, Meaning] = {}

    def _add(self, titles: Iterable[tuple[str, Meaning]]) -> None:
        for title, meaning in titles:
            self._titles.setdefault(fold(title), meaning)

    def of(self, title: str) -> Meaning:
        """What a title may mean.

        >>> [subjects().of(title).subjects for title in ("No. of images", "画面比例", "Image size", "Owner")]
        [('number',), ('shape',), ('shape', 'tier'), ()]
        """
        if len(title) > _LONGEST:
            return _NOTHING
        known = self._known.get(title)
        if known is None:
            meanings = () if is_money(title) else self._meanings(title)
            known = next(filter(lambda meaning: meaning.subjects, meanings), _NOTHING)
            if known.subjects and self.is_apart(title):
                lost = (*_SPOKEN, *EDGES) if known.is_sure else _SPOKEN  # an edge in cm is told
                left = tuple(each for each in known.subjects if each not in lost)
                known = msgspec.structs.replace(known, subjects=left)
            if len(self._known) < _MOST_KNOWN:
                self._known[title] = known
        return known

    def table(self) -> dict[str, str | tuple[str, ...]]:
        """What programs without these rules look up: a folded title, and what it surely means, or what it may mean.

        >>> found = subjects().table()
        >>> found["aspectratio"], found["imagesize"], found["units"]
        ('shape', ('shape', 'tier'), ('number',))
        """
        meant = {**dict.fromkeys(sorted(self._other), _NOTHING), **self._plurals, **self._titles}
        return {  # what means the same is side by side, so that it is packed well
            key: meaning.subjects[0] if meaning.is_sure and len(meaning.subjects) == 1 else meaning.subjects
            for key, meaning in sorted(meant.items(), key=lambda item: (item[1].subjects, item[1].is_sure, item[0]))
        }

    def pieces(self) -> dict[str, list[str]]:
        """What those programs take titles apart by: words that make counts or lengths, change nothing, or join."""
        pieces = {"heads": self._heads, "ordinals": self._ordinals, "nouns": self._nouns, "singles": self._singles}
        pieces |= {"around": self._around, "apart": self._apart, "lengths": self._lengths, "of": _OF}
        pieces |= {"addresses": frozenset(self._addresses), "periods": self._periods}
        pieces["spoken"] = frozenset(_SPOKEN)
        return {name: sorted(words) for name, words in pieces.items()}

    def rank(self, title: str) -> int:
        """How clearly a title names its field: the lower the clearer."""
        return self._ranks.get(fold(title), len(self._ranks))

    def mentioned(self, title: str) -> set[str]:
        """The fields that make the price and that a title has among its words, or begins or ends with.

        >>> subjects().mentioned("resolution_override"), subjects().mentioned("n2"), subjects().mentioned("Discount")
        ({'tier'}, {'number'}, set())
        >>> subjects().mentioned("Extra images")
        {'number'}
        """
        if len(title) > _LONGEST:
            return set()
        key = fold(title)
        keys = {key[:at] for at in range(len(key))} | {key[at:] for at in range(1, len(key))}
        keys = {part for part in keys if len(part) >= (_LONG if part.isascii() else _LONG_IN_CHINESE)}
        words = [fold(word).rstrip("0123456789") for word in _WORDS.findall(_HUMP.sub(" ", title))]
        meant = [self._titled(part) or _NOTHING for part in (*keys, *words)]
        found = {meaning.subjects[0] for meaning in meant if meaning.is_sure and len(meaning.subjects) == 1}
        if len(words) > 1 and words[1] not in _OF:  # "images DE", and not "number of pages"
            found.update((self._titled(words[0]) or _NOTHING).subjects)
        if len(words) > 1 and words[-1] in self._nouns:  # "Extra images"
            found.add("number")
        return found & {*PRICED}

    def is_other(self, title: str) -> bool:
        """Whether a title certainly doesn't mean a field; *Images ($)* is what they cost."""
        keys = (fold(title) or title.strip(), fold(without_brackets(narrow(title))))
        return not self._other.isdisjoint(keys) or is_money(title)

    def is_apart(self, title: str) -> bool:
        """Whether a title is about something that is there already or goes in, or about a length on paper.

        >>> [subjects().is_apart(title) for title in ("Images left", "参考图尺寸", "Size (cm)", "Size (px)")]
        [True, True, True, False]
        """
        text = _HUMP.sub(" ", title)
        outer = [*map(fold, _WORDS.findall(without_brackets(narrow(text))))]
        parts = [*map(fold, _PARTS.split(narrow(text)))]
        words = [*outer, *parts]
        is_joined = any(word.startswith(self._joined) or word.endswith(self._joined) for word in words)
        is_word = not self._apart.isdisjoint((*words, *map(_singular, words)))
        ends = (*outer[-1:], *parts[-1:], *map(fold, _IN_BRACKETS.findall(narrow(text))))
        return is_joined or is_word or not self._lengths.isdisjoint(ends)

    def value(self, title: str) -> str | None:
        """The field that makes the price whose value a title is, also with a count beside it.

        >>> [subjects().value(title) for title in ("16:9", "9:16 count", "Portrait", "4K", "n (flux-2)", "Size (16:9)")]
        ['shape', 'shape', 'shape', 'tier', 'model', None]
        """
        meant, words = self.of(title), [*filter(None, _PIECES.split(narrow(title)))]
        if len(title) > _LONGEST or (meant.is_sure and meant.subjects not in ((), ("number",))):
            return None
        for at in range(1, len(words[0])) if len(words) == 1 else ():
            if words[0][at] > "\u2e80" and self._titles.get(words[0][at:]) == _COUNT:  # as in 横版数量
                words = [words[0][:at]]
                break
        text = " ".join([word for word in words if self.of(word).subjects != ("number",)] or words)
        if fold(text) in self._models:
            return "model"
        ratios = {word: word for word in self.ratios}
        if spellings().orientation(text) or spellings().word("shape", text, ratios, pixels=True):
            return "shape"
        return next((role for role in ("tier", "quality") if self._is_value(role, text)), None)

    def _is_value(self, role: str, text: str) -> bool:
        words = {word: word for word in self.words.get(role, {}) if word != "auto"}
        return (len(text) > 1 or text > "\u2e80") and spellings().says(role, text, words)  # H may be height

    def is_times(self, title: str, count: str) -> bool:
        """Whether a title counts things with images of their own, such as sets, or what another title counts *per*.

        >>> [subjects().is_times(title, "Images per market") for title in ("No. of sets", "Markets", "Week")]
        [True, True, False]
        >>> subjects().is_times("组数", "每组张数")
        True
        """
        if max(len(title), len(count)) > _LONGEST:
            return False
        words = [fold(word) for word in _WORDS.findall(narrow(title)) if fold(word) not in self._heads | _OF | {"x"}]
        key = "".join(words).rstrip(_NUMBER_OF) or fold(title)
        each = fold(_EACH.split(narrow(count).casefold(), maxsplit=1)[-1]) if _EACH.search(count) else ""
        thing = _singular(key)
        return thing in self._times or (bool(thing) and (thing == _singular(each) or f"每{thing}" in fold(count)))

    def says_each(self, text: str) -> bool:
        """Whether a text says how many images each thing has.

        >>> [subjects().says_each(text) for text in ("Images per asset: 4", "4 images / SKU", "9 per month")]
        [True, True, False]
        """
        title, _, value = narrow(text).casefold().partition(":")
        counted, *each = _EACH.split(title, maxsplit=1)
        if "每" not in title and (not each or fold(each[0]) in self._periods):
            return False
        return spellings().number(value if self.of(title).subjects == _COUNT.subjects else counted) is not None

    def is_unit(self, title: str) -> bool:
        """Whether a title says what the numbers of another column count."""
        return fold(without_brackets(narrow(title))) in self._units

    def is_longest(self, title: str) -> bool:
        """Whether a title says how long the longest edge is."""
        return fold(without_brackets(narrow(title))).removesuffix("px") in self._longest

    def has_multiple(self, title: str) -> bool:
        """Whether a title may say that its numbers are of dozens, thousands or the like, as *Images (k)* does."""
        return not self._multiples.isdisjoint(map(fold, _WORDS.findall(narrow(title))))

    def is_numbering(self, title: str) -> bool:
        """Whether a title is one of running numbers and nothing else, as *#* and *No.* are."""
        return (fold(title) or title.strip()) in self._numbering

    def is_ordinal(self, title: str) -> bool:
        """Whether a word of a title may number the rows as well as count images."""
        return any(fold(word) in self._ordinals for word in _WORDS.findall(title))

    def named(self, name: str) -> str | None:
        """The subject that somebody names: by a field's name or another title of it, or by the role itself."""
        meant = self.of(name).subjects
        own = self._names.get(fold(name)) or (meant[0] if len(meant) == 1 else None)
        return own or (name if name in self.places or name in EDGES else None)

    def called(self, subject: str) -> str:
        """What the first model that has a subject calls it; the edges go by their own names."""
        place = self.places.get(subject)
        return subject if place is None else place.name

    def place(self, subject: str, model: Model | None, title: str = "") -> Place:
        """Where the cells of a column go; a model that lacks the field gets the name that others have.

        >>> from reapi_rules.catalog.catalog import built_in
        >>> flux = built_in().models["flux-2"]
        >>> subjects().place("shape", flux).name, subjects().place("mask", flux).name
        ('aspect_ratio', 'mask_url')
        """
        if model is None or subject == "model":
            return self.places[subject]
        key = (subject, model.id, title)
        return self._own.get(key) or self._own.setdefault(key, self._find(subject, model, fold(title)))

    def _find(self, subject: str, model: Model, title: str) -> Place:
        """The place of a subject in the model, or else of its field with that title, or else in other models."""
        found = [name for name, field in model.fields.items() if subject == (field.role or name)]
        found += [name for name in model.fields if fold(name) == title]
        if not found:
            return self.places[subject]
        name, field = found[0], model.fields[found[0]]
        ratios = tuple(word for word in model.ratios if ratio(word)) if field.role == "shape" else ()
        words = model.lower_words[name]
        return Place(name, field.kind, field.role or name, field.any_case, words, ratios, field.pixel_strings)

    def _meanings(self, title: str) -> Iterator[Meaning]:
        """What a title means as a whole, without a number and brackets, per piece, or in two languages at once."""
        text = narrow(title).translate(_INVISIBLE).casefold().strip()
        key = fold(text)
        yield self._titles.get(text, _NOTHING)
        yield self._of_length(key)
        if "#" in (text[:1], text[-1:]) and key.isalpha():
            yield self._of_key(f"number{key}")
            if key in self._singles:
                return
        bare = without_brackets(_LISTED.sub("", text))
        each = [*map(fold, _EACH.split(bare, maxsplit=1))]
        per_piece = _NOTHING
        if (
            len(each) > 1
            and each[1] not in self._periods
            and (each[0] in self._nouns | self._singles or self._of_key(each[0]).subjects == ("number",))
        ):
            per_piece = msgspec.structs.replace(_COUNT, is_sure=each[0] not in self._singles)  # Bild / Image
        if self._titles.get(each[-1]) == _PROMPT and per_piece.is_sure:
            yield per_piece  # images/prompt
        yield self._of_key(key)
        if (rest := fold(bare)) != key:
            yield self._of_key(rest)
        yield per_piece
        parts = filter(None, map(fold, _PARTS.split(bare)))
        meant = [self._of_key(part) for part in parts if part not in self._around]
        if len(meant) > 1 and len({each.subjects for each in meant}) == 1:
            yield meant[0]
        for head, is_before_of in _heads(bare) if self._other.isdisjoint((key, rest)) else ():
            found = self._titles.get(head, _NOTHING)
            is_one = found.is_sure and len(found.subjects) == 1 and found.subjects[0] in _SPOKEN
            if is_one and not (is_before_of and found == _COUNT):  # quantity of pages
                yield Meaning(found.subjects, is_sure=False)

    def _titled(self, key: str) -> Meaning | None:
        return self._titles.get(key) or self._plurals.get(_singular(key))

    def _of_key(self, key: str) -> Meaning:
        found = self._titled(key)
        if found is not None:
            return found
        match = _NUMBERED.fullmatch(key)
        if match and self._titles.get(match[1], _NOTHING).subjects == ("references",):
            return Meaning(("references",), number=int(match[2]))
        if key in self._other:
            return _NOTHING
        rests = [key.removesuffix(word) for word in self._addresses if key.endswith(word)]
        if any(self._titles.get(rest, _NOTHING).subjects == _URLS.subjects for rest in rests):
            return _URLS
        return _COUNT if self._is_count(key) else self._within(key, _MOST_AROUND)

    def _of_length(self, key: str) -> Meaning:
        """A width or a height in another unit than pixels, as *Width (mm)* and *Breite in cm* are."""
        for unit in self._lengths:
            rest = key.removesuffix(unit)
            if rest != key:
                found = self._of_key(rest)
                found = found if found.subjects else self._of_length(rest)
                if found.subjects and found.subjects[0] in EDGES:
                    return Meaning(found.subjects, is_sure=False)
        return _NOTHING

    def _is_count(self, key: str) -> bool:
        """Whether a title is built as *number of images* or *image count* is."""
        parts = [(key[:at], key[at:]) for at in range(1, len(key))]
        return any(
            (before in self._heads and self._counts(before, after))
            or (self._titles.get(after) == _COUNT and self._counts(after, before))
            for before, after in parts
        )

    def _counts(self, head: str, noun: str) -> bool:
        """Whether the two are a count; *image no.* is a running number."""
        return noun in self._nouns or (noun in self._singles and head not in self._ordinals)

    def _within(self, key: str, depth: int) -> Meaning:
        """What a title means without a word that changes nothing, as in *target ratio*."""
        for at in range(1, len(key)):
            for rest, word in ((key[at:], key[:at]), (key[:at], key[at:])):
                if word not in self._around or (word in self._singles and rest in self._ordinals):
                    continue
                found = self._titled(rest)
                if found is None and depth > 1:
                    found = self._within(rest, depth - 1)
                left = tuple(each for each in (found or _NOTHING).subjects if each != "references")
                if found is not None and left:  # "images required" may be a number of images
                    return found if left == found.subjects else Meaning(left, is_sure=False)
        return _NOTHING


def subjects(catalog: Catalog | None = None) -> Subjects:
    """What columns can be about, worked out once for each catalog."""
    return _subjects_of(chosen(catalog))


_subjects_of = once(Subjects)


def is_money(title: str) -> bool:
    """Whether a title has a sign of money, so that it says what something costs.

    >>> is_money("Images ($)"), is_money("Images (16)")
    (True, False)
    """
    return any(category(sign) == "Sc" for sign in title)


def _heads(title: str) -> Iterator[tuple[str, bool]]:
    """What a title of several words may be about: the last of them, or the first, and whether it is before an *of*."""
    words = _WORDS.findall(title)
    if len(words) > 1:
        yield fold(words[-1]), False
        if fold(words[1]) in _OF:
            yield fold(words[0]), True
    for word in words[-1:]:
        yield from ((word[at:], False) for at in range(1, len(word) - 1) if word[at] > "\u2e80")


def _singular(key: str) -> str:
    if len(key) > 3 and key.endswith("ies"):
        return key[:-3] + "y"
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key
