"""One first sight: where it answers, it says what the plain way says, whatever was met before."""

from __future__ import annotations

import copy
import itertools
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import Catalog, Engine, Report, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine import engine as engines
from reapi_rules.engine import report as reports
from reapi_rules.engine.engine import stand_in
from reapi_rules.engine.report import Known
from tests.support.hostile import HOSTILE_BODIES, Bool, Index
from tests.support.oracle import OFFICIAL, SIBLING, SIZE_WORDS, readable, unwrapped
from tests.support.oracle_models import CONSTRAINTS, FIELDS, MODELS, PRICES, Field
from tests.support.strategies import (
    BAD_URLS,
    PIXELS,
    PROMPTS,
    URLS,
    any_bodies,
    bodies_without_rules,
    disguised,
    hostile_bodies,
    wild_bodies,
    written,
)

THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"
STRANGE_MODELS = THIRD_MODEL.parent / "strange_models"
URL = "https://cdn.example.com/a.png"


def behind_first(engine: Engine) -> Engine:
    """The engine behind its first body, which goes the plain way."""
    engine.look(b"")
    return engine


@cache
def engine_with(default_model: str | None = None, unknown_fields: Any = "warn") -> Engine:
    """An engine of its own, which has met what these tests have shown it."""
    return behind_first(Engine(default_model=default_model, unknown_fields=unknown_fields))


ENGINES: tuple[Callable[[], Engine], ...] = (
    engine_with,
    lambda: engine_with(OFFICIAL),
    lambda: engine_with("flux-2"),
    lambda: engine_with("midjourney"),
    lambda: engine_with("no-model"),
    lambda: engine_with(unknown_fields="ignore"),
    lambda: engine_with(SIBLING, "ignore"),
    lambda: engine_with(unknown_fields="error"),
)


def said(report: Report) -> tuple[bytes, Any]:
    """All that a report says.  What is shown of an object that JSON lacks is its kind."""
    assert msgspec.json.decode(report.to_json())["ok"] is report.ok
    return report.to_json(), readable(unwrapped(report.payload()))


def passed(report: Report) -> bool:
    """Whether the report was made at first sight."""
    return isinstance(report._values, msgspec.Struct)


@pytest.fixture(autouse=True)
def lenient_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a body with an unknown key, the decoder that takes such keys is asked once."""
    monkeypatch.setattr(engines, "_LENIENT", 1)


def agree(body: Any, engine: Engine) -> int:
    """Both ways say the same, and the first sight with both decoders; how many of these answered by themselves."""
    expected = said(engine._plainly(body))
    answered = 0
    for is_strict in (True, False):
        engine.look(b"")
        if not is_strict:
            assert engine.look(json.dumps({**stand_in(next(iter(engine.catalog.models.values()))), "seeed": 1})).model
        report = engine.look(body)
        answered += passed(report)
        assert said(report) == expected
    return answered


def texts_of(body: dict[str, Any]) -> Iterator[bytes | str | dict[str, Any]]:
    """A body of JSON's own values in its three forms."""
    yield json.dumps(body, ensure_ascii=False).encode()
    yield json.dumps(body)
    yield body


# --------------------------------------------------------------------------------
# Everything finite
# --------------------------------------------------------------------------------

ABSENT: Any = ...


def values_of(field: Field, *, few: bool = False) -> Iterator[Any]:
    """Every word of a field and each way to miss one, its bounds from both sides, and what is absent, null or empty."""
    yield from (ABSENT, None)
    if few:
        yield from (*field.words, *field.words[-1:] * 0)
        yield from {
            "boolean": (True, False),
            "urls": ([], [URL]),
            "url": ("", URL),
            "integer": (field.least, field.most, 1.0),
        }.get(field.kind, ("x", "7:5"))
        return
    yield from ("", 5, True, [], {})
    for word in field.words:
        yield from dict.fromkeys((word, word.upper(), word.lower(), word.title(), f"{word} "))
    if field.kind in ("word", "size"):
        yield from ("7:5", "9k", *PIXELS[:4], "1024X768")
    if field.kind == "text":
        edges = {edge + step for edge in (field.least or 0, field.most or 20) for step in (-1, 0, 1) if edge + step > 0}
        yield from ("x" * edge for edge in sorted(edges))
        yield from ("\U0001f98a", "狐狸", "wide 16:9 shot", " ")
    if field.kind == "integer":
        edges = {field.least or 0, 10 if field.most is None else field.most}
        numbers = sorted({edge + step for edge in edges for step in (-1, 0, 1)})
        yield from (*numbers, *map(float, numbers), *map(str, numbers), 2.5, 2**63, -(2**63), 2**64)
    if field.kind == "boolean":
        yield from (False, "true", 0, 1)
    if field.kind in ("url", "urls"):
        yield from (URLS[0], "https://me@example.com/a.png", "data:,x", "a.png")
    if field.kind == "urls":
        counts = {edge + step for edge in (field.least or 0, field.most or 16) for step in (0, 1)}
        yield from ([URL] * count for count in sorted(counts))
        yield from ([URLS[0], other] for other in (*URLS[1:4], "data:,x", "a.png", 5, None, [URL]))
    if field.kind in ("array", "object"):
        yield from ([[1, "a"]], {"max_images": 2, "x": None}, ["\U0001f98a"])


def plain_body(model: str, **fields: Any) -> dict[str, Any]:
    body = {"model": model, "prompt": "a fox", **fields}
    return {name: value for name, value in body.items() if value is not ABSENT}


@pytest.mark.parametrize("model", MODELS)
class TestEverythingFinite:
    """Every word, bound and kind of absence of every field of every model."""

    def test_field_by_field(self, model: str) -> None:
        for name, field in FIELDS[model].items():
            for value in values_of(field):
                for body in texts_of(plain_body(model, **{name: value})):
                    agree(body, engine_with())

    def test_in_pairs_with_what_constraints_and_prices_read(self, model: str) -> None:
        reads = {name for constraint in CONSTRAINTS.get(model, ()) for name in (constraint.field, *constraint.others)}
        if model in PRICES:
            reads |= {name for name in (PRICES[model].axis, *(PRICES[model].not_published_with or ())[:1]) if name}
        else:
            reads |= {"size", "resolution", *({"quality", "n"} & FIELDS[model].keys())}
        fields = FIELDS[model]
        for name, other in itertools.product(sorted(reads), fields):
            if name == other:
                continue
            for one, two in itertools.product(values_of(fields[name], few=True), values_of(fields[other], few=True)):
                agree(json.dumps(plain_body(model, **{name: one, other: two})), engine_with())

    def test_the_model_in_every_position_and_by_default(self, model: str) -> None:
        fields = FIELDS[model]
        words: dict[str, Any] = {name: field.words[0] for name, field in fields.items() if field.words}
        for more in ({}, words, {**words, "seed": 1}, {"seed": {"model": model}}, {"prompt": ""}):
            rest = {"prompt": 'a "model" fox', **more}
            named: tuple[dict[str, Any], ...] = (*({"model": name} for name in (model, None, "", "x")), {})
            for place, given_model in itertools.product(range(len(rest) + 1), named):
                items = [*rest.items()]
                items[place:place] = given_model.items()
                for body, default in itertools.product(texts_of(dict(items)), (None, model, SIBLING, "midjourney")):
                    agree(body, engine_with(default))


@pytest.mark.parametrize("model", MODELS)
class TestNoSecondSight:
    def test_a_faultless_body_needs_no_second_sight(self, model: str) -> None:
        """Without a model, and with the model last, too; with an unknown key only behind another: these are common."""
        fields = FIELDS[model]
        body = plain_body(model, **{name: field.words[0] for name, field in fields.items() if field.words})
        body |= {name: [URL] for name, field in fields.items() if field.kind == "urls"}
        nameless = {name: value for name, value in body.items() if name != "model"}
        for same in (body, {**nameless, "model": model}):
            for text in (*texts_of(same),)[:2]:
                assert agree(text, engine_with()) == 2, text
        for other in ({**body, "seeed": 1}, {"seeed": [1, {"a": 1e300}], **body}):
            for text in (*texts_of(other),)[:2]:
                assert agree(text, engine_with()) == 1, text
        for text in (*texts_of(nameless),):
            assert agree(text, engine_with(model)) == 2, text
        for text in (*texts_of(body),):
            assert agree(text, engine_with()) == 2, text
            assert agree(text, engine_with("imagen-4-0")) == 2, text

    def test_one_unknown_key_is_followed_by_others(self, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A body with one is decoded once, but for the first of many, and so are others behind that."""
        monkeypatch.setattr(engines, "_LENIENT", 3)
        plain, rejected = plain_body(model, prompt="a fox " * 120), plain_body(model, prompt=5)
        is_copied_whole = built_in().models[model].file.sends_unknown_fields
        for form in (json.dumps,) if is_copied_whole else (json.dumps, dict):
            others = (rejected, {**plain, "seeed": 1}, plain, {**plain, "seeed": 1}, {**plain, "a": 2})
            engine = behind_first(Engine())
            assert [passed(engine.look(form(body))) for body in others * 2] == [False, False, True, True, True] * 2


class TestAddressesWithoutARole:
    """They are looked at with all others, at first sight too."""

    CATALOG = Catalog.load(STRANGE_MODELS)

    @pytest.mark.parametrize("more", ({}, {"links": [URL, URL]}, {"links": None}))
    def test_no_second_sight(self, more: dict[str, Any]) -> None:
        engine = Engine(catalog=self.CATALOG)
        body = {"model": "strange-1", "words": "a fox", "note": "x", "link": URL, **more}
        for each in texts_of(body):
            assert engine.look(each).ok
            assert agree(each, engine)
        for url in BAD_URLS:
            for name, value in (("link", url), ("links", [URL, url])):
                for each in texts_of({**body, name: value}):
                    agree(each, engine)

    def test_no_words(self) -> None:
        """Where a constraint reads a field of the wrong type, an empty list is absent and an empty object is not."""
        body = {"model": "strange-1", "words": "a fox", "note": "x", "link": URL, "top": -4}
        for seeds in itertools.permutations(([], [1], {}, {"a": 1}), 2):
            engine = Engine(catalog=self.CATALOG)
            found = [[error.rule for error in engine.look({**body, "seed": seed}).errors] for seed in seeds]
            assert found == [["seed.type"] if seed == [] else ["seed.type", "seed.not_with_top"] for seed in seeds]


class TestAxesOfThePage:
    """The words that make the price, all of them with each other."""

    @pytest.mark.parametrize("size", (None, *SIZE_WORDS, *PIXELS, "7:5", "AUTO"))
    @pytest.mark.parametrize("model", (OFFICIAL, SIBLING, "gpt-image-2-beta"))
    def test_together(self, model: str, size: Any) -> None:
        for resolution, quality, n in itertools.product(
            (ABSENT, None, "1k", "2K", "4k", "4K", "8k"), (ABSENT, None, "auto", "low"), (ABSENT, 1, 1.0, 4, 5, True)
        ):
            body = plain_body(model, size=size, resolution=resolution, quality=quality, n=n)
            agree(json.dumps(body).encode(), engine_with())
            agree(body, engine_with())


# --------------------------------------------------------------------------------
# What has no end
# --------------------------------------------------------------------------------

NAMES = sorted({name for fields in FIELDS.values() for name in fields})
KEYS = (*NAMES, "model", "mod\\u0065l", "s\\u0069ze", "seed", "狐", "aspectRatio", "a/b~c", "")
SNIPPETS = (
    "null", "true", "false", "0", "1", "2", "4", "-0", "2.0", "1e0", "20e-1", "2.5", "1e999", "-1e999", "1" * 400, "9" * 5_000,
    '""', '"a fox"', '"狐"', '"\\ud83e\\udd8a"', '"\\ud800"', '"\\uDC00x"', '"4\\u006b"', '"1:1"', '"16:9"', '"4k"', '"2K"', '"auto"',
    '"low"', '"1024x1024"', "[]", "{}", "[1, 2]", '{"model": "x"}', '["https://cdn.example.com/a.png"]', '["https://me@b.c/"]',
    '["https://10.0.0.1/x", 5]', '"https://cdn.example.com/a.png"', '"data:,x"', "[" * 20 + "]" * 20, "[" * 3_000 + "]" * 3_000,
    *(f'"{model}"' for model in (OFFICIAL, SIBLING, "flux-2", "wan2.7-image-pro", "midjourney", "x")),
)  # fmt: skip
JUNK = (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xe7\x8b", b"\xef\xbb\xbf", b"\x00", b"\\", b'"', b"}", b",")


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """A body as bytes: keys repeated, escaped and unknown over any values, with a mark, blanks or junk somewhere."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(SNIPPETS)), max_size=6))
    if draw(st.integers(0, 3)):
        model = draw(st.sampled_from(MODELS))
        pairs.insert(draw(st.integers(0, len(pairs))), ("model", f'"{model}"'))
    if draw(st.integers(0, 3)):
        pairs.insert(draw(st.integers(0, len(pairs))), ("prompt", draw(st.sampled_from(('"a fox"', '"狐"', '"16:9"')))))
    text = "{" + draw(st.sampled_from((", ", ",\n"))).join(f'"{key}": {value}' for key, value in pairs) + "}"
    body = draw(st.sampled_from((b"", b"", b"", b"\xef\xbb\xbf", b" \n"))) + text.encode()
    if draw(st.integers(0, 4)) == 0:
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.sampled_from(JUNK)) + body[place:]
    return body


class Text(str):
    """Text to Python, and none to a JSON encoder that looks closely; frameworks hand out such texts as safe markup."""


class Broken(str):
    """Text that raises when it is looked at."""

    def _raise(self, *_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    __hash__ = __eq__ = __len__ = __bool__ = __getitem__ = __contains__ = _raise
    isascii = isspace = strip = lstrip = lower = startswith = encode = _raise


class Claim:
    """An object that only claims to be a word."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("16:9")


PYTHON_VALUES: tuple[Any, ...] = (
    Text("16:9"), Text(URL), Broken("16:9"), Broken(URL), Claim(), Index(2), Bool(), {URL}, frozenset((URL,)), (URL,), (), [Text(URL)],
    [Broken(URL)], (Text(URL), 5), {1: 2}, [{URL}], "\ud800", ["\udfff"], [URL, "https://a.b/\ud800"], {"a": {1, 2}}, float("nan"),
    2.0, True, 2**70, b"16:9", bytearray(b"x"), range(2), iter(()), [[]], [()], {"x": (1, 2)}, {"\ud800": 1}, 10**5000,
)  # fmt: skip


@st.composite
def mappings(draw: st.DrawFn) -> dict[Any, Any]:
    """A body as a mapping with values and keys that only Python has."""
    body: dict[Any, Any] = dict(draw(any_bodies(MODELS)))
    for _ in range(draw(st.integers(0, 3))):
        value = PYTHON_VALUES[draw(st.integers(0, len(PYTHON_VALUES) - 1))]  # some can't be hashed
        body[draw(st.sampled_from((*NAMES, "model", "seed")))] = value
    for key in draw(st.lists(st.sampled_from((5, None, True, 2.5, b"n", ("n",), Text("size"), "\ud800")), max_size=2)):
        body[key] = draw(st.sampled_from(("x", None, 1, ["x"])))
    return body


class TestWhatHasNoEnd:
    """Drawn at random: both ways agree on text, bytes and mappings."""

    @given(texts(), st.sampled_from(ENGINES))
    @example(b'{"model": "flux-2", "prompt": "fox", "seed": "\xff"}', engine_with)
    @example(b'{"model": "flux-2", "prompt": "fox", "\xff": 1}', engine_with)
    @example(b'{"model": "flux-2", "prompt": "fox", "seed": [{"a": "\xed\xa0\x80"}]}', engine_with)
    @example(b'{"model": "flux-2", "prompt": "fox", "seed": "\\ud800"}', engine_with)
    @example(b'{"model": "flux-2", "prompt": "fox", "seed": [1e999]}', engine_with)
    @example(b'{"model": "flux-2", "prompt": "fox", "n": 1, "n": 1}', engine_with)
    @example(b'{"model": "flux-2", "prompt": 5, "prompt": "fox"}', engine_with)
    @example(b'{"model": "flux-2", "model": "z-image", "prompt": "fox"}', engine_with)
    @example(b'{"mod\\u0065l": "z-image", "prompt": "fox"}', lambda: engine_with("flux-2"))
    @example(b'\xef\xbb\xbf{"model": "flux-2", "prompt": "fox"}', engine_with)
    @example(b'\xef\xbb\xbf\xef\xbb\xbf{"model": "flux-2", "prompt": "fox"}', engine_with)
    def test_texts(self, body: bytes, make: Callable[[], Engine]) -> None:
        agree(body, make())
        try:
            text = body.decode()
        except UnicodeDecodeError:
            agree(body.decode("utf-8", "surrogateescape"), make())
        else:
            agree(text, make())
            report = said(make().look(text))
            assert report == said(make().look(body)) == said(make().look(bytearray(body)))

    @given(written(any_bodies(MODELS) | bodies_without_rules()), st.sampled_from(ENGINES))
    def test_texts_of_bodies(self, bodies: tuple[dict[str, Any], str | bytes], make: Callable[[], Engine]) -> None:
        agree(bodies[1], make())

    @given(mappings() | wild_bodies() | hostile_bodies(MODELS), st.sampled_from(ENGINES))
    def test_mappings(self, body: dict[Any, Any], make: Callable[[], Engine]) -> None:
        agree(body, make())

    @given(disguised(any_bodies(MODELS) | bodies_without_rules()), st.sampled_from(ENGINES))
    def test_disguises(self, bodies: tuple[dict[str, Any], Any], make: Callable[[], Engine]) -> None:
        agree(bodies[1], make())

    @pytest.mark.parametrize("number", range(len(HOSTILE_BODIES)))
    def test_what_is_no_body(self, number: int) -> None:
        agree(HOSTILE_BODIES[number], engine_with())

    @pytest.mark.parametrize("prompt", PROMPTS)
    @pytest.mark.parametrize("images", ([], [URL], ["https://example.com/狐.png"], ["https://example.com/\udc00"]))
    @pytest.mark.parametrize("model", (OFFICIAL, "nano-banana-2-lite"))
    def test_prompts_and_addresses(self, model: str, prompt: str, images: list[str]) -> None:
        body = {"model": model, "prompt": prompt, "image_urls": images}
        agree(body, engine_with())
        agree(json.dumps(body), engine_with())

    @pytest.mark.parametrize("kind", (Text, Broken))
    @pytest.mark.parametrize(
        "name", ("model", "prompt", "size", "resolution", "quality", "background", "mask_url", "image_urls")
    )
    def test_text_of_a_subclass_is_text(self, name: str, kind: Any) -> None:
        words = {
            "model": OFFICIAL,
            "size": "16:9",
            "resolution": "2K",
            "quality": "low",
            "background": "auto",
            "mask_url": URL,
        }
        body: dict[str, Any] = {**plain_body(OFFICIAL), "image_urls": [URL], **words}
        value = body[name]
        other = {**body, name: [kind(URL)] if name == "image_urls" else kind(value)}
        for make in ENGINES:
            assert said(make().look(other)) == said(make().look(body))
            agree(other, make())


# --------------------------------------------------------------------------------
# The first body
# --------------------------------------------------------------------------------


class TestFirst:
    """A program that asks once makes no types; whoever asks again gets the same."""

    @pytest.mark.parametrize("unknown_fields", ("warn", "error"))
    @pytest.mark.parametrize("body", (plain_body(OFFICIAL, size="16:9"), plain_body(OFFICIAL, n=9), b"", {"seed": 1}))
    def test_every_look_says_the_same(self, body: Any, unknown_fields: Any) -> None:
        engine = Engine(default_model="flux-2", unknown_fields=unknown_fields)
        first, hoisted = engine.look(body), engine.look
        assert not passed(first)
        assert said(first) == said(engine.look(body)) == said(hoisted(body)) == said(engine.preflight(body))

    def test_types_are_made_for_the_second(self) -> None:
        known = built_in()
        catalog = Catalog(known.models, known.cards, known.models[OFFICIAL].rules_file)
        engine = Engine(catalog=catalog)
        for body, has_types in (
            (plain_body(OFFICIAL), False),
            (plain_body(OFFICIAL), True),
            (plain_body(SIBLING), True),
        ):
            assert passed(engine.look(body)) is has_types
            assert ("strict" in vars(catalog.types)) is has_types

    def test_what_was_met_takes_one_call(self) -> None:
        body, calls = json.dumps(plain_body(OFFICIAL)).encode(), list[str]()
        for _ in range(1_000):  # bodies with unknown keys may have been met, behind which many take one more
            preflight(body)
        sys.setprofile(lambda frame, event, _: calls.append(frame.f_code.co_name) if event == "call" else None)
        try:
            preflight(body)
        finally:
            sys.setprofile(None)
        assert calls == ["look"]


# --------------------------------------------------------------------------------
# What was met before
# --------------------------------------------------------------------------------


def new_engine(default_model: str | None = None) -> Engine:
    """An engine that has met no words."""
    return behind_first(Engine(default_model=default_model))


def alone(body: Any) -> tuple[bytes, Any]:
    return said(new_engine().look(body))


TWINS: tuple[tuple[str, Any], ...] = (
    ("n", (ABSENT, None, 1, 1.0, True, 2, 2.0, "1", 5)),
    ("enable_sequential", (ABSENT, None, False, True, 0, 1, "true")),
    (
        "image_urls",
        (
            ABSENT,
            None,
            [],
            [URL],
            [URL, URL],
            ["https://10.0.0.1/x"],
            ["https://me@b.c/"],
            ["data:,x"],
            "",
            {URL},
            (URL,),
        ),
    ),
    ("mask_url", (ABSENT, None, "", URL, "https://10.0.0.1/m.png", "x")),
    ("prompt", ("a fox", "", " ", "a 16:9 fox", "狐狸", "x" * 5000, None, 5)),
    ("size", (ABSENT, None, "", "1:1", "16:9", "auto", "1024x1024", "1920x1080", "16x9", "0x0", "007x009", "7:5")),
    ("resolution", (ABSENT, None, "1k", "1K", "2k", "2K", "4k", "4K", "8k")),
    ("quality", (ABSENT, None, "auto", "low", "high", "hd")),
    ("seed", (ABSENT, 1, True, 1.0, "1", 4711, [1], {"a": 1}, None)),
    ("aspect_ratio", (ABSENT, "16:9", "9:16", "7:5", None, "", 16, "a ratio as wide as a film's")),
    ("text", (ABSENT, "a hat", "a fox")),
)
"""Values of one field that are nearly the same: what is kept of one must not be said of another."""


@st.composite
def near_twins(draw: st.DrawFn) -> list[Any]:
    """Bodies that differ little, as text, bytes and mappings."""
    model = draw(
        st.sampled_from((OFFICIAL, OFFICIAL, SIBLING, "wan2.7-image-pro", "flux-2", "gemini-3.1-flash-image-preview"))
    )
    names = draw(st.lists(st.sampled_from(TWINS), min_size=1, max_size=2, unique_by=lambda twin: twin[0]))
    choices = [[(name, value) for value in values] for name, values in names]
    fixed = {name: draw(st.sampled_from(values)) for name, values in TWINS}
    bodies = [plain_body(model, **{**fixed, **dict(pairs)}) for pairs in itertools.product(*choices)]
    kept = draw(st.lists(st.sampled_from(bodies), min_size=2, max_size=12))
    orders = [{name: body[name] for name in draw(st.permutations(list(body)))} for body in kept]
    return [body if draw(st.booleans()) else _text(body) for body in orders]


def _text(body: dict[str, Any]) -> Any:
    try:
        return json.dumps(body)
    except TypeError:  # a set
        return body


class TestMemory:
    """What an engine keeps of the bodies that it has met."""

    @given(near_twins(), st.randoms(use_true_random=False))
    def test_no_body_changes_what_is_said_of_another(self, bodies: list[Any], chance: random.Random) -> None:
        expected = [alone(body) for body in bodies]
        engine = new_engine()
        places = [*range(len(bodies))] * 2
        chance.shuffle(places)
        for place in places:
            assert said(engine.look(bodies[place])) == expected[place]

    @given(st.lists(any_bodies(MODELS), min_size=1, max_size=6))
    def test_nor_do_bodies_of_other_models(self, bodies: list[dict[str, Any]]) -> None:
        engine = new_engine()
        for body in (*bodies, *reversed(bodies)):
            assert said(engine.look(body)) == alone(body)

    @pytest.mark.parametrize("model", (OFFICIAL, "wan2.7-image-pro"))
    def test_nor_does_what_was_read_of_a_report(self, model: str) -> None:
        """What somebody does to the parts of one report is not found in another."""
        bodies = [plain_body(model, size="1:1", image_urls=[URL], n=number) for number in (1, 2, 1, 2)]
        engine = new_engine()
        for body in bodies:
            expected = alone(body)
            report = engine.look(json.dumps(body).encode())
            assert said(report) == expected
            for part in (report.payload(), report.effective, report.to_dict()["effective"]):
                assert part is not None
                part["size"] = "changed"
                part["image_urls"].append("changed")
                part.clear()

    def test_no_text_of_a_caller_is_kept(self) -> None:
        """But for words, and for short names of keys."""
        engine, secret = new_engine(), "a-long-secret-of-4711"
        for model in MODELS:
            for field in (*FIELDS[model], "model", secret, "n"):
                for value in (
                    secret,
                    f"https://{secret}.example/a.png",
                    [f"https://{secret}.example/a.png"],
                    4711,
                    True,
                    {secret: secret},
                ):
                    for body in texts_of({"model": model, "prompt": f"a {secret} fox", field: value}):
                        said(engine.look(body))
        kept = [engine._tables, engine._met, engine._said, engine._axes]
        assert _count(engine)
        assert secret not in repr(list(_everything(kept)))
        assert "4711" not in repr(list(_everything(kept)))

    @pytest.mark.parametrize("mistake", ({"resolution": "8k"}, {"n": 5}, {"n": 2.0}))
    @pytest.mark.parametrize("fixed", ({}, {"mask_url": URL, "image_urls": [URL]}))
    def test_a_mistake_met_before_hides_no_other(self, mistake: dict[str, Any], fixed: dict[str, Any]) -> None:
        twins = dict(TWINS)
        for name in ("prompt", "image_urls", "mask_url"):
            engine = new_engine()
            for value in twins[name]:
                for good in ({}, {name: value}):
                    body = plain_body(OFFICIAL, **{**fixed, **mistake, **good})
                    assert said(engine.look(body)) == alone(body)

    @pytest.mark.parametrize("id", MODELS)
    def test_a_shape_met_before_hides_none(self, id: str) -> None:
        model, engine = built_in().models[id], new_engine()
        for shape in (*model.words("shape")[:2], None, *model.words("shape")[-1:]):
            body = {**engines.stand_in(model), model.roles.get("shape", "size"): shape}
            assert said(engine.look(json.dumps(body))) == alone(body)

    @pytest.mark.parametrize("field", FIELDS[OFFICIAL])
    def test_a_mistake_is_told_of_its_own_value(self, field: str) -> None:
        for values in (
            ({"width": 1024, "height": 1024}, {"width": 1536, "height": 1024}, {"a": 1}),
            (["16:9"], ["4k"], [URL], [2]),
            ([URL, "./a.png"], [URL, "./b.png"], ["./b.png", URL], [URL, {"url": URL}], [URL, 5]),
            ("./a.png", "data:,x", "./b.png"),
            ("a" * 4_001, "b" * 4_002),
            (5, 6, 10**12, 10**13),
        ):
            engine = new_engine()
            for value in values:
                for each in texts_of({**plain_body(OFFICIAL), field: value}):
                    assert said(engine.look(each)) == alone(each)

    def test_a_missing_word_is_looked_for_in_each_body(self, tmp_path: Path) -> None:
        copytree(THIRD_MODEL, tmp_path / "own")
        file = tmp_path / "own" / "models" / "paint-1.json"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"role": "shape"', '"role": "shape", "required": true', 1), encoding="utf-8")
        engine = behind_first(Engine(catalog=Catalog.load(tmp_path / "own")))
        for size in (ABSENT, ""):
            for key in ("nothing", "aspect_ratio"):
                for body in texts_of({**plain_body("paint-1", size=size), key: "x"}):
                    report = engine.look(body)
                    assert [error.rule for error in report.errors] == ["size.required"]
                    assert report.errors[0].params["misnamed"] == (None if key == "nothing" else key)

    def test_there_is_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engines, "_MOST_KNOWN", 20)
        monkeypatch.setattr(reports, "_MOST_SAID", 20)
        monkeypatch.setattr(engines, "_LENIENT", 100)
        engine, largest, most = new_engine(), 0, 0
        bodies = [
            plain_body(OFFICIAL, size=size, quality=quality, n=n)
            for size, quality, n in itertools.product(SIZE_WORDS, ("low", "high"), (1, 2))
        ]
        for body in bodies:
            assert said(engine.look(body)) == alone(body)
            assert _count(engine) <= 20
            engine.quote_axes(size=body["size"], quality=body["quality"], n=body["n"])
            assert len(engine._axes) <= 20
            for other in ({**body, "resolution": f"{body['size']}k"}, {**body, body["size"]: "a"}):
                assert said(engine.look(other)) == alone(other)
                largest = max(largest, _count(engine))
                assert _count(engine) <= 20
            assert len(engine._met) <= 20
            assert len(engine._said) <= 20
            most = max(most, len(engine._said))
        assert largest == most == 20, "it fills up before all begins anew"

    def test_the_limit_is_not_as_small_as_what_is_ordinary(self) -> None:
        engine = new_engine()
        words = itertools.product(SIZE_WORDS, ("1k", "2k"), ("auto", "low", "medium", "high"), (1, 2, 3, 4))
        for size, resolution, quality, n in words:
            engine.look(plain_body(OFFICIAL, size=size, resolution=resolution, quality=quality, n=n))
        assert _count(engine) == len(SIZE_WORDS) * 2 * 4 * 4

    def test_pixel_strings_and_long_numbers_are_not_kept_without_end(self) -> None:
        engine = new_engine()
        for number in range(300):
            engine.look(plain_body("wan2.7-image-pro", seed=number, size=f"{number}x{10**12 + number}"))
            engine.look(plain_body("qwen-image-2", seed=number * 10**6))
        assert _count(engine) <= 2

    @pytest.mark.parametrize("model", (OFFICIAL, "wan2.7-image"))
    def test_unknown_keys_of_one_mapping_change_nothing_for_the_next(
        self, model: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whatever came before, what is nested is copied, and what is not needs no second sight the next time."""
        monkeypatch.setattr(engines, "_LENIENT", 100)
        plain = plain_body(model)
        more: Any = ({}, {"id": 7}, {"id": [7]}, {"bbox_list": ["a"]}, {"n": "2"})
        for order in itertools.product(more, repeat=3):
            engine = new_engine()
            for body in ({**plain, **copy.deepcopy(each)} for each in order):
                expected, report = alone(body), engine.look(body)
                for value in body.values():
                    if type(value) is list:
                        value.append("changed")
                body["later"] = 1
                assert said(report) == expected, order
            for each in more[:2] if model == OFFICIAL else more[:1]:
                engine.look({**plain, **each})
                assert passed(engine.look({**plain, **each})), order

    def test_threads_get_what_one_gets(self) -> None:
        bodies = [
            json.dumps(plain_body(OFFICIAL, prompt=f"fox {number}", size=size, n=number % 6)).encode()
            for number, size in enumerate(itertools.chain(*[SIZE_WORDS] * 20))
        ]
        expected = [alone(body) for body in bodies]
        engine = new_engine()
        with ThreadPoolExecutor(32) as pool:
            assert list(pool.map(lambda body: said(engine.look(body)), bodies)) == expected


def _count(engine: Engine) -> int:
    """How many combinations of words an engine keeps."""

    def count(table: dict[Any, Any]) -> int:
        kept = [value.by_others or value if isinstance(value, Known) else value for value in table.values()]
        return sum(count(value) if isinstance(value, dict) else 1 for value in kept)

    return sum(map(count, engine._tables))


def _everything(values: Iterable[Any], seen: set[int] | None = None) -> Iterator[Any]:
    """Every text and number that can be reached from some values, but for the catalog's own."""
    seen = set() if seen is None else seen
    for value in values:
        kind = type(value)
        if id(value) in seen or kind.__module__.startswith("reapi_rules.catalog"):
            continue
        seen.add(id(value))
        if kind is dict:
            yield from _everything((*value.keys(), *value.values()), seen)
        elif kind in (list, tuple, set, frozenset):
            yield from _everything(value, seen)
        elif issubclass(kind, msgspec.Struct):
            yield from _everything((getattr(value, name) for name in kind.__struct_fields__), seen)
        elif kind.__module__.startswith("reapi_rules"):
            yield from _everything(vars(value).values(), seen)
        elif kind in (str, int, float, bytes):
            yield value


class TestOtherCatalogs:
    """A model of a caller's own has its first sight, too."""

    CATALOG = Catalog.load(THIRD_MODEL)

    @pytest.mark.parametrize("size", (ABSENT, None, "square", "4:1", "any", "16:9", "800x200", "9x9"))
    def test_both_ways_agree(self, size: Any) -> None:
        engine = behind_first(Engine(catalog=self.CATALOG, default_model="paint-1"))
        answered = []
        for resolution, quality, n, background in itertools.product(
            (ABSENT, None, "S", "s", "XL", "xl", "2k"),
            (ABSENT, "draft", "best", "x"),
            (ABSENT, 2, 3.0, 11),
            (ABSENT, "none"),
        ):
            fields = {"size": size, "resolution": resolution, "quality": quality, "n": n, "background": background}
            body = plain_body("paint-1", **fields)
            answered += [agree(each, engine) for each in texts_of(body)]
            del body["model"]
            answered += [agree(each, engine) for each in texts_of(body)]
        assert any(answered)

    def test_the_built_in_models_are_as_before(self) -> None:
        engine = behind_first(Engine(catalog=self.CATALOG, rates=built_in().cards))
        for model in built_in().models:
            for body in texts_of(plain_body(model)):
                assert agree(body, engine)
                assert said(engine.look(body)) == said(engine_with().look(body))


@pytest.mark.parametrize(
    "words",
    (
        {"size": "7:5"},
        {"size": "1:1", "resolution": "4k"},
        {"size": "7:5", "n": 2},
        {"resolution": "3k"},
        {"n": 5, "quality": "best"},
        {"moderation": True},
    ),
)
def test_what_words_are_refused_for_is_known_of_the_next_body(words: dict[str, Any]) -> None:
    engine = new_engine()
    for body in (plain_body(OFFICIAL, **words), plain_body(OFFICIAL, **words, image_urls=[URL])):
        first, second = engine.look(body), engine.look({**body, "prompt": "another fox"})
        assert not first.ok
        assert first._known is second._known
        assert first.errors == preflight(body).errors
        assert first.errors is second.errors


@pytest.mark.parametrize("others", ({"seed": 7}, {"aspect_ratio": "16:9", "seed": None}))
def test_what_is_said_of_other_keys_is_known_of_the_next_body(
    others: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_LENIENT", 2)
    for body in texts_of({**plain_body(OFFICIAL), **others}):
        engine = new_engine()
        engine.look(body)
        first, second = engine.look(body), engine.look(body)
        assert first.warnings == preflight(body).warnings
        assert [one is other for one, other in zip(first.warnings, second.warnings)] == [True] * len(first.warnings)


def test_what_a_mask_is_refused_for_is_its_own() -> None:
    engine = new_engine()
    for url in (URL, "https://cdn.example.com/b.png"):
        assert [error.value for error in engine.look(plain_body(OFFICIAL, mask_url=url)).errors] == [url]


def test_a_character_cut_in_half_is_found_wherever_it_is() -> None:
    for body in (plain_body(OFFICIAL, prompt="狐狸"), plain_body(OFFICIAL, prompt="狐狸", seed="狐狸")):
        text = json.dumps(body, ensure_ascii=False).encode()
        assert agree(text, engine_with())
        for at in range(len(text)):
            if text[at] >= 0x80:
                assert not agree(text[:at] + text[at + 1 :], engine_with())


def test_what_is_no_address_gets_a_second_look() -> None:
    for url in BAD_URLS:
        for name, value in (("image_urls", [url]), ("image_urls", [URL, url]), ("mask_url", url)):
            body = {**plain_body(OFFICIAL), "image_urls": [URL], name: value}
            for each in texts_of(body):
                agree(each, engine_with())
