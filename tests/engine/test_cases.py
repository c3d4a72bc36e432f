"""The short way of known cases says what the plain rules say, and remembers known words only."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Catalog, Report, preflight, quote
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Model
from reapi_rules.engine import cases
from reapi_rules.engine.cases import Cases
from tests.support.oracle import OFFICIAL, SIBLING, SIZE_WORDS
from tests.support.strategies import QUALITIES, RESOLUTIONS, valid_bodies, wild_bodies


class NoCases(Cases):
    """Cases that are never kept, so that every request goes the plain way."""

    def keep(self, fields: Any, model: Model) -> None:
        return None


def without_cases(catalog: Catalog) -> Catalog:
    return msgspec.structs.replace(catalog, cases=NoCases(catalog.card()))


PLAIN = without_cases(built_in())


def everything(report: Report) -> Any:
    return (
        report.to_json(),
        report.errors,
        report.warnings,
        report.effective,
        report.mode,
        report.dimensions,
        report.quote,
        report.payload(),
    )


def assert_same(body: Any, **options: Any) -> None:
    """The first and the second time a body is met, and by the plain way, the report is the same."""
    expected = everything(preflight(body, catalog=PLAIN, **options))
    assert everything(preflight(body, **options)) == expected
    assert everything(preflight(body, **options)) == expected


class TestBothWaysAgree:
    def test_on_everything_finite(self) -> None:
        axes = itertools.product(
            (OFFICIAL, SIBLING),
            (None, *SIZE_WORDS),
            (None, *RESOLUTIONS, "4K"),
            (None, *QUALITIES),
            (None, 1, 1.0, 2, 4, 5, True),
        )
        for model, size, resolution, quality, n in axes:
            given_ones: Any = {"size": size, "resolution": resolution, "quality": quality, "n": n}
            body = {
                "model": model,
                "prompt": "a fox",
                **{key: value for key, value in given_ones.items() if value is not None},
            }
            assert_same(json.dumps(body).encode())
            report = preflight(body)
            if report.ok:
                assert quote(**{**given_ones, "model": model}) == report.quote

    def test_on_every_field_of_words(self) -> None:
        images: tuple[Any, ...] = (None, [], ["https://example.com/a.png"], ["https://me@example.com/a"], ["nonsense"])
        for background, moderation, image_urls, mask_url in itertools.product(
            (None, "auto", "transparent", "x"), (None, "low", "x"), images, (None, "", "https://example.com/m.png", "x")
        ):
            fields = {
                "background": background,
                "moderation": moderation,
                "image_urls": image_urls,
                "mask_url": mask_url,
            }
            for body in (fields, {key: value for key, value in fields.items() if value is not None}):
                assert_same(json.dumps({"model": OFFICIAL, "prompt": "a fox", **body}).encode())
                assert_same({"model": SIBLING, "prompt": "a fox", **body})

    @given(valid_bodies(), st.sampled_from(("warn", "ignore", "error")), st.sampled_from((None, OFFICIAL)))
    def test_on_faultless_bodies(self, body: dict[str, Any], unknown_fields: str, default_model: str | None) -> None:
        assert_same(body, unknown_fields=unknown_fields, default_model=default_model)
        assert_same(json.dumps(body), unknown_fields=unknown_fields, default_model=default_model)
        assert_same(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))

    @given(wild_bodies())
    def test_on_wild_bodies(self, body: dict[Any, Any]) -> None:
        assert_same(body)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(("model", "prompt", "size", "seed", "n", "mask_url")),
                st.sampled_from((OFFICIAL, "a", "1:1", 'q"', None, 1, ["x"])),
            ),
            max_size=8,
        )
    )
    def test_on_repeated_and_hidden_keys(self, pairs: list[tuple[str, Any]]) -> None:
        start = [("model", OFFICIAL), ("prompt", "a fox"), ("quality", "low")]
        text = "{" + ", ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in [*start, *pairs]) + "}"
        assert_same(text.encode())

    @pytest.mark.parametrize("given_model", ({}, {"model": ""}, {"model": None}, {"model": OFFICIAL}))
    @pytest.mark.parametrize("mask", ({}, {"mask_url": "https://example.com/m.png"}))
    @pytest.mark.parametrize("more", ({}, {"seed": 1}, {"seed": "x"}, {"seed": {"a": "b"}, "style": ""}, {"n": None}))
    def test_on_a_default_model(self, given_model: dict[str, Any], mask: dict[str, Any], more: dict[str, Any]) -> None:
        images = {"image_urls": ["https://example.com/a.png"]} if mask else {}
        body = {**given_model, "prompt": "a fox", "size": "1:1", "quality": "low", **images, **mask, **more}
        for source in (body, json.dumps(body), json.dumps(body).encode()):
            assert_same(source, default_model=OFFICIAL)

    @pytest.mark.parametrize("prompt", ("狐狸", "\udc00 lone", "é" * 2001))
    @pytest.mark.parametrize("images", ([], ["https://example.com/狐.png"], ["https://example.com/\udc00"]))
    def test_on_texts_that_are_not_ascii(self, prompt: str, images: list[str]) -> None:
        assert_same({"model": OFFICIAL, "prompt": prompt, "quality": "low", "size": "1:1", "image_urls": images})
        said = json.loads(preflight({"model": OFFICIAL, "prompt": prompt, "quality": "low"}).to_json())
        assert said["effective"]["prompt"] == prompt.replace("\udc00", "\\udc00")


def _grouped(values: Iterable[Any]) -> dict[Any, list[Any]]:
    """The values by what they are, and by their type, since 1 equals 1.0."""
    groups: dict[Any, list[Any]] = {}
    for value in values:
        groups.setdefault((type(value), value), []).append(value)
    return groups


class TestMemory:
    def test_no_text_of_a_caller_is_kept(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        secret = "secret-4711"
        for field in (
            "prompt",
            "size",
            "resolution",
            "quality",
            "background",
            "moderation",
            "mask_url",
            "model",
            secret,
        ):
            for value in (secret, f"https://{secret}.example/a.png", f"{len(secret)}x4711"):
                preflight(
                    {"model": OFFICIAL, "prompt": "a", "image_urls": [f"https://{secret}.example"], field: value},
                    catalog=catalog,
                )
                preflight({"model": SIBLING, "prompt": "a", field: value}, catalog=catalog)
        kept = repr((catalog.cases._by_key, catalog.cases._values))
        assert catalog.cases._by_key
        assert "secret" not in kept
        assert "4711" not in kept

    def test_what_many_cases_have_is_kept_once(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        for size, quality, n in itertools.product(SIZE_WORDS, QUALITIES, (1, 1.0, 2)):
            body = {"model": OFFICIAL, "prompt": "a", "size": size, "quality": quality, "n": n}
            preflight(json.dumps(body), catalog=catalog)
        kept = catalog.cases._by_key
        assert len(kept) == 3 * len(SIZE_WORDS) * len(QUALITIES)
        assert all(n.__class__ is kind for _, _, _, _, n, kind, *_ in kept)
        for values in (
            itertools.chain(*kept),
            (each.quote for each in kept.values()),
            (each.dimensions for each in kept.values()),
        ):
            for equal in _grouped(values).values():
                assert all(value is equal[0] for value in equal)

    def test_there_is_a_limit(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        words = itertools.product(
            (None, *SIZE_WORDS),
            ("1k", "1K", "2k", "2K"),
            (None, *QUALITIES),
            (None, 1, 2, 3, 4),
            (None, "auto", "opaque"),
            (None, "low"),
        )
        for size, resolution, quality, n, background, moderation in words:
            fields = {
                "size": size,
                "resolution": resolution,
                "quality": quality,
                "n": n,
                "background": background,
                "moderation": moderation,
            }
            assert preflight({"model": OFFICIAL, "prompt": "a", **fields}, catalog=catalog).ok
        assert len(catalog.cases._by_key) == 8_192

    def test_without_room_the_plain_rules_say_the_same_until_all_begin_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cases, "_MOST_CASES", 2)
        monkeypatch.setattr(cases, "_MOST_REFUSALS", 3)
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        plain = without_cases(catalog)

        def sizes_after(size: str) -> list[str]:
            body = {"model": OFFICIAL, "prompt": "a", "size": size}
            assert everything(preflight(body, catalog=catalog)) == everything(preflight(body, catalog=plain))
            return [case.request.size or "" for case in catalog.cases._by_key.values()]

        assert sizes_after("1:1") == ["1:1"]
        assert sizes_after("2:1") == ["1:1", "2:1"]
        assert sizes_after("3:2") == sizes_after("4:3") == sizes_after("1:1") == ["1:1", "2:1"]
        assert sizes_after("3:4") == ["3:4"]
        assert {value for kind, value in catalog.cases._values if kind is str} == {OFFICIAL, "3:4"}
        assert sizes_after("1:1") == ["3:4", "1:1"]

    def test_threads_get_what_one_gets(self) -> None:
        catalog = Catalog.load(Path(__file__).parents[1] / "support" / "third_model")
        bodies = [
            json.dumps({"model": OFFICIAL, "prompt": f"fox {number}", "size": size, "n": number % 6}).encode()
            for number, size in enumerate(itertools.chain(*[SIZE_WORDS] * 20))
        ]
        expected = [
            preflight(body, catalog=Catalog.load(Path(__file__).parents[1] / "support" / "third_model")).to_json()
            for body in bodies
        ]
        with ThreadPoolExecutor(32) as pool:
            assert list(pool.map(lambda body: preflight(body, catalog=catalog).to_json(), bodies)) == expected


def test_an_object_that_only_claims_to_be_a_word() -> None:
    class Claim:
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return hash("16:9")

    body = {"model": OFFICIAL, "prompt": "a", "size": "16:9"}
    assert preflight(body).ok
    assert [error.rule for error in preflight({**body, "size": Claim()}).errors] == ["size.type"]


class Text(str):
    """Text to Python, and none to a JSON encoder that looks closely; frameworks hand out such texts as safe markup."""


class Broken(str):
    """Text that raises when it is looked at."""

    def _raise(self, *_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    __hash__ = __eq__ = __len__ = __bool__ = __getitem__ = __contains__ = _raise
    isascii = isspace = strip = lstrip = lower = startswith = encode = _raise


@pytest.mark.parametrize("kind", (Text, Broken))
@pytest.mark.parametrize(
    ("name", "value"),
    (
        ("model", OFFICIAL), ("prompt", "a fox"), ("size", "16:9"), ("resolution", "2k"), ("quality", "low"), ("background", "auto"),
        ("moderation", "low"), ("mask_url", "https://example.com/m.png"), ("image_urls", "https://example.com/a.png"),
    ),
)  # fmt: skip
def test_text_of_a_subclass_is_text_at_the_first_and_at_the_second_sight(name: str, value: str, kind: Any) -> None:
    body: dict[str, Any] = {
        "model": OFFICIAL,
        "prompt": "a fox",
        "image_urls": ["https://example.com/a.png"],
        name: value,
    }
    other = {**body, name: kind(value)}
    if name == "image_urls":
        body, other = {**body, name: [value]}, {**other, name: [kind(value)]}
    ways: tuple[dict[str, Any], ...] = ({}, {"default_model": OFFICIAL}, {"unknown_fields": "error"})
    for catalog in (built_in(), without_cases(built_in())):
        for _ in range(2):
            for options in ways:
                expected, report = (everything(preflight(one, catalog=catalog, **options)) for one in (body, other))
                assert expected == report
