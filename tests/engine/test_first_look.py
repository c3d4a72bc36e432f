"""The first look at a request: it sends on for a second one only what may need it, and nothing else is slow.

What it passes, the plain rules pass too: ``test_cases.py`` and ``test_oracle.py`` hold both against each other.  Here it
is the other way round: what is plainly faultless must not cost a second look.
"""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.models import Model
from reapi_rules.engine import cases
from reapi_rules.engine import judge as rules
from reapi_rules.engine.body import Body, Fields, read
from reapi_rules.engine.cases import Case, Cases
from reapi_rules.engine.judge import CHECKS, Check
from reapi_rules.terms.findings import Fault
from reapi_rules.terms.urls import (
    are_ordinary,
    are_plainly_http,
    host,
    is_data_uri,
    is_plainly_http,
    is_private,
    malformation,
)
from tests.support.oracle import OFFICIAL, SIBLING, SIZE_WORDS
from tests.support.strategies import PIXELS, QUALITIES, RESOLUTIONS, URLS, WIDE

URL = "https://cdn.example.com/a.png"
FAULTLESS: tuple[dict[str, Any], ...] = (
    {},
    {"quality": "low"},
    {"prompt": "x" * 4000},
    {"prompt": "狐" * 2000},
    {"size": "16:9", "resolution": "4K", "quality": "high", "n": 4, "background": "opaque", "moderation": "low"},
    {"size": "auto", "n": 1},
    {"image_urls": [URL]},
    {"image_urls": [URL] * 16, "quality": "low"},
    {"image_urls": [URL, "http://example.org"], "mask_url": URL},
)


def new_catalog() -> Catalog:
    """The built-in catalog, and no request met."""
    return msgspec.structs.replace(built_in(), cases=Cases(built_in().card()))


def body_of(chosen: dict[str, Any]) -> dict[str, Any]:
    return {"model": OFFICIAL, "prompt": "a fox", **chosen}


def content_of(body: Any) -> Body:
    content = read(body)
    assert isinstance(content, Body)
    return content


def looks_at_each(case: Case, content: Body) -> bool:
    """Whether the warnings on a body need a second look at its parts."""
    with patch.object(cases, "on_keys", return_value=()) as look:
        case.warnings_of(content, "warn")
    return look.called


class TestCases:
    """The second request of a kind is looked up."""

    @pytest.mark.parametrize("chosen", FAULTLESS)
    def test_the_case_is_found_and_says_all(self, chosen: dict[str, Any]) -> None:
        catalog = new_catalog()
        for body in (body_of(chosen), json.dumps(body_of(chosen), ensure_ascii=False).encode()):
            preflight(body, catalog=catalog)
            content = content_of(body)
            case = catalog.cases.find(content.fields)
            assert case is not None
            assert not looks_at_each(case, content)
            assert len(preflight(body, catalog=catalog).warnings) == case.number_of_warnings
            catalog.cases.keep(content.fields, case.model)
            assert catalog.cases.find(content.fields) is case

    @pytest.mark.parametrize(
        "chosen", ({"mask_url": None}, {"mask_url": ""}, {"prompt": "16:9"}, {"prompt": " "}, {"seed": 1}, {"n": None})
    )
    def test_the_case_is_found_and_does_not_say_all(self, chosen: dict[str, Any]) -> None:
        catalog = new_catalog()
        for body in (body_of(chosen), json.dumps(body_of(chosen)).encode()):
            preflight(body, catalog=catalog)
            content = content_of(body)
            case = catalog.cases.find(content.fields)
            assert case is not None
            assert looks_at_each(case, content)

    @pytest.mark.parametrize(
        "chosen",
        (
            {"size": "1024x1024"}, {"resolution": "8k"}, {"size": ["1:1"]}, {"prompt": "x" * 4001}, {"prompt": ""}, {"image_urls": [URL] * 17},
            {"image_urls": ["data:,x"]}, {"image_urls": URL}, {"image_urls": [URL], "mask_url": "x"}, {"mask_url": URL},
        ),
        ids=lambda chosen: str(chosen)[:40],
    )  # fmt: skip
    def test_no_case_is_found(self, chosen: dict[str, Any]) -> None:
        catalog = new_catalog()
        preflight(body_of({}), catalog=catalog)
        preflight(body_of({"image_urls": [URL]}), catalog=catalog)
        preflight(body_of(chosen), catalog=catalog)
        assert catalog.cases.find(content_of(body_of(chosen)).fields) is None

    def test_words_of_a_sibling_are_no_case(self) -> None:
        catalog = new_catalog()
        for chosen in ({"quality": "low"}, {"background": "auto"}, {"moderation": "x"}):
            preflight({"model": SIBLING, "prompt": "a", **chosen}, catalog=catalog)
        assert not catalog.cases._by_key
        preflight({"model": SIBLING, "prompt": "a", "quality": None}, catalog=catalog)
        assert len(catalog.cases._by_key) == 1

    @pytest.mark.parametrize("has_images", (False, True))
    def test_axes_are_looked_up(self, has_images: bool) -> None:
        catalog = new_catalog()
        body = {"model": OFFICIAL, "prompt": "a", "size": "16:9", "resolution": "2k", "quality": "low", "n": 2}
        axes = (OFFICIAL, "16:9", "2k", "low", 2)
        assert catalog.cases.of_axes(*axes, has_images) is None
        preflight({**body, "image_urls": [URL]} if has_images else body, catalog=catalog)
        case = catalog.cases.of_axes(*axes, has_images)
        assert case is not None
        assert (case.quote.credits, case.request.mode) == (
            preflight(body).quote.credits,  # type: ignore[union-attr]
            "image_to_image" if has_images else "text_to_image",
        )
        assert catalog.cases.of_axes(*axes, not has_images) is None


class TestKeys:
    """Which bodies have keys that nothing can be said of."""

    PARAMETERS = built_in().models[OFFICIAL].known.parameters

    @pytest.mark.parametrize("chosen", FAULTLESS)
    def test_a_mapping_of_parameters(self, chosen: dict[str, Any]) -> None:
        assert content_of(body_of(chosen)).has_plain_keys(self.PARAMETERS)

    @pytest.mark.parametrize("chosen", ({"seed": 1}, {"n": None}, {5: 1}, {"size": None}), ids=str)
    def test_another_gets_a_second_look(self, chosen: dict[Any, Any]) -> None:
        assert not content_of(body_of(chosen)).has_plain_keys(self.PARAMETERS)

    def test_a_text_gets_a_second_look(self) -> None:
        assert not content_of(json.dumps(body_of({})).encode()).has_plain_keys(self.PARAMETERS)


class TestSuspects:
    """Which checks a request needs."""

    @staticmethod
    def suspects(model: str, **chosen: Any) -> list[str]:
        called: list[str] = []

        def recorded(name: str, check: Check) -> Check:
            def record(fields: Fields, model: Model, found: list[Fault]) -> None:
                called.append(name)
                check(fields, model, found)

            return record

        fields = {"prompt": "a fox", **chosen}
        checks = {check.__name__: recorded(check.__name__.removeprefix("check_"), check) for check in CHECKS}
        with patch.dict(vars(rules), {**checks, "CHECKS": tuple(checks.values())}):
            rules.judge(Fields(model=model, **fields), built_in().models[model])
        return called

    @pytest.mark.parametrize("model", (OFFICIAL, SIBLING))
    def test_none_where_all_is_known(self, model: str) -> None:
        for resolution in RESOLUTIONS:
            for size in WIDE if resolution == "4k" else SIZE_WORDS:
                assert self.suspects(model, size=size, resolution=resolution) == []
        for known in (None, *SIZE_WORDS):
            assert self.suspects(model, size=known, resolution=None) == []
        assert self.suspects(model) == []
        for prompt in ("a", "x" * 4000):
            assert self.suspects(model, prompt=prompt) == []
        for n in (1, 2, 3, 4) if model == OFFICIAL else (1,):
            assert self.suspects(model, n=n) == []

    def test_none_where_a_word_is_known(self) -> None:
        for quality in (None, *QUALITIES):
            assert self.suspects(OFFICIAL, quality=quality) == []
        for background in (None, "auto", "opaque", "transparent"):
            assert self.suspects(OFFICIAL, background=background) == []
        for moderation in (None, "auto", "low"):
            assert self.suspects(OFFICIAL, moderation=moderation) == []
        for name in ("quality", "background", "moderation"):
            assert self.suspects(SIBLING, **{name: "anything"}) == []

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        (
            ({"prompt": ""}, ["prompt"]),
            ({"prompt": 5}, ["prompt"]),
            ({"prompt": "x" * 4001}, ["prompt"]),
            ({"size": "7:5"}, ["shape"]),
            ({"resolution": "8k"}, ["shape"]),
            ({"resolution": "4k"}, ["shape"]),
            ({"resolution": "4k", "size": "1:1"}, ["shape"]),
            ({"resolution": "2K"}, ["shape"]),
            ({"n": None}, ["n"]),
            ({"n": 0}, ["n"]),
            ({"n": 5}, ["n"]),
            ({"n": 2.0}, ["n"]),
            ({"image_urls": [URL] * 16}, []),
            ({"image_urls": [URL] * 17}, ["image_list"]),
            ({"image_urls": ["x"]}, ["image_entries"]),
            ({"image_urls": "x"}, ["image_list"]),
            ({"mask_url": URL}, ["mask", "mask_url"]),
            ({"quality": "x"}, ["quality"]),
            ({"background": "x"}, ["background"]),
            ({"moderation": "x"}, ["moderation"]),
        ),
        ids=lambda value: str(value)[:30],
    )
    def test_only_what_may_be_faulty(self, chosen: dict[str, Any], expected: list[str]) -> None:
        assert self.suspects(OFFICIAL, **chosen) == expected

    @pytest.mark.parametrize("value", ([], {}))
    def test_all_where_a_value_is_no_word_at_all(self, value: Any) -> None:
        everything = [check.__name__.removeprefix("check_") for check in CHECKS]
        assert self.suspects(OFFICIAL, quality=value) == everything
        assert self.suspects(OFFICIAL, prompt="", moderation=value)[-len(CHECKS) :] == everything


class TestTheSecondLook:
    """Where a value is no word at all, every check looks: at what is faultless it finds nothing."""

    @pytest.mark.parametrize("value", ([], {}, [1]))
    @pytest.mark.parametrize(
        "faultless",
        (
            {"prompt": "x" * 4000}, {"size": None}, {"size": "auto"}, {"size": "1024x1024"}, {"resolution": None}, {"resolution": "2K"}, {"n": None}, {"n": 4},
            {"quality": None}, {"quality": "low"}, {"background": None}, {"moderation": None}, {"image_urls": None}, {"image_urls": [URL] * 16},
            {"image_urls": [URL], "mask_url": URL}, {"mask_url": None}, {"mask_url": ""},
        ),
        ids=lambda fields: str(fields)[:30],
    )  # fmt: skip
    def test_finds_nothing_else(self, faultless: dict[str, Any], value: Any) -> None:
        for broken in {"size", "resolution", "quality"} - faultless.keys():
            errors = preflight({"model": OFFICIAL, "prompt": "a fox", **faultless, broken: value}).errors
            assert [error.rule for error in errors] == [f"{broken}.type"]

    def test_an_error_elsewhere_does_not_silence_the_rule_of_4k(self) -> None:
        body = {"model": OFFICIAL, "prompt": "", "size": "1:1", "resolution": "4k", "n": 9}
        assert [error.rule for error in preflight(body).errors] == [
            "prompt.required",
            "size.needs_widescreen",
            "n.range",
        ]


class TestUrls:
    """Two quick looks at URLs, which are never wrong where they say yes."""

    @given(st.lists(st.sampled_from((*URLS, "data:,x", "x", "https://", "https://a b.c/", "http://a.b\nhttp://c.d"))))
    def test_yes_is_yes(self, urls: list[str]) -> None:
        if are_plainly_http(urls):
            assert all(map(host, urls))
            assert not any(map(is_data_uri, urls))
        if urls and are_ordinary(urls):
            assert not any(malformation(url) or is_private(host(url)) for url in urls)

    @pytest.mark.parametrize(
        "url", (URL, "http://example.org", "https://a.b?x", "https://a-1.b.c/~x#y", "https://a.b/x:y@z")
    )
    def test_an_everyday_url_is_ordinary(self, url: str) -> None:
        assert are_ordinary([url])
        assert are_ordinary([url, url, url])
        assert are_plainly_http([url, url]) == is_plainly_http(url) == ("@" not in url)

    @pytest.mark.parametrize(
        "url", ("https://a.b:80/", "https://A.b/", "https://a.local/", "https://a.internal", "https://a.localhost/", "https://10.0.0.1/", "https://a/", "https://a.b/\n", "x", "https://a.b\nhttps://c.d"),
    )  # fmt: skip
    def test_another_gets_a_second_look(self, url: str) -> None:
        assert not are_ordinary([url])
        assert not are_ordinary([URL, url])
        assert not are_ordinary([url, URL])

    @pytest.mark.parametrize("letter", "azAZ09")
    @pytest.mark.parametrize("scheme", ("http://", "https://"))
    def test_plain_starts(self, scheme: str, letter: str) -> None:
        for url in (scheme + letter, scheme + letter + ".example.org/a.png"):
            assert are_plainly_http([url])
            assert is_plainly_http(url)

    @pytest.mark.parametrize(
        "url",
        (
            "https://",
            "http://",
            "https://-",
            "https:///a",
            "https://{",
            "https://`",
            "https:",
            "HTTP://a",
            " http://a",
            "",
            "ftp://a",
            5,
            None,
        ),
    )
    def test_no_plain_start(self, url: Any) -> None:
        assert not are_plainly_http([url])
        assert not are_plainly_http([URL, url])
        assert not are_plainly_http([url, URL])
        assert type(url) is not str or not is_plainly_http(url)

    def test_no_urls(self) -> None:
        assert are_plainly_http([])


@pytest.mark.parametrize("size", PIXELS)
def test_pixel_strings_get_a_second_look(size: str) -> None:
    assert TestSuspects.suspects(OFFICIAL, size=size) == ["shape"]
