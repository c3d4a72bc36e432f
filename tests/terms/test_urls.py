"""URLs by plain text: section 3 of the rulebook for the verdict, section 4 for malformed and private ones."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules import preflight
from reapi_rules.terms.urls import (
    are_ordinary,
    are_plainly_http,
    fault,
    host,
    is_data_uri,
    is_plainly_http,
    is_private,
    malformation,
)
from tests.support.oracle import OFFICIAL, oracle_report
from tests.support.strategies import BAD_URLS, URLS

PIECES = ("http", "https", "data", ":", "/", "//", "?", "#", "\\", "@", "[", "]", ".", "::1", "example", "com", "localhost", "10", "0", "65536", "255",
          " ", "\t", "\x00", "\x7f", "\xa0", "\u3000", "\u2028", "é", "HTTPS://", "https://", "http://", "192.168.1.1", "ffff")  # fmt: skip


class TestAgainstTheOracle:
    @given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
    @example("https://a.b:080")
    @example("https://a.b:65536")
    @example("https://a.b:x")
    @example("https://[::1")
    @example("https://[::1]x")
    @example("https://[fe80::1%25eth0]/")
    @example("https://256.1.1.1")
    @example("https://1.2.3.4.")
    @example("https://1..2")
    @example("https://.")
    @example("https://a].b")
    @example("https://a[b")
    @example("https://" + "1" * 5000 + ".1.1.1")
    @example("https://a.b:" + "0" * 5000 + "80")
    def test_reference_and_mask(self, url: str) -> None:
        body = {
            "model": OFFICIAL,
            "prompt": "a",
            "image_urls": ["https://example.com/a.png", url],
            "mask_url": url or None,
        }
        report = preflight(body)
        expected = oracle_report(body, cards=())
        for part, found in (("errors", report.errors), ("warnings", report.warnings)):
            assert [(finding.rule, finding.pointer) for finding in found] == [
                (one["rule"], one["pointer"]) for one in expected[part]
            ]


class TestHosts:
    @given(st.ip_addresses(v=4))
    def test_every_v4_address(self, address: ipaddress.IPv4Address) -> None:
        """The list of the rulebook, as the standard library sees the networks."""
        networks = (
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 "
            "198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
        )
        expected = any(address in ipaddress.ip_network(network) for network in networks.split())
        assert is_private(str(address)) == expected
        assert is_private(f"[::ffff:{address}]") == expected

    @pytest.mark.parametrize(
        "name",
        ("localhost", "LOCALHOST.", "a.localhost", "nas.local", "db.internal", "intranet", "12345", "1.2.3", "1.2.3.4.5", "1.2.3.256", "10.0.0.1",
         "010.0.0.1", "172.31.255.255", "100.127.0.1", "255.255.255.255", "[::]", "[::1]", "[fc00::1]", "[fdff::]", "[fe80::1]", "[ff02::1]",
         "[2001:db8::1]", "[::ffff:10.0.0.1]", ".", "198.19.0.1"),
    )  # fmt: skip
    def test_private(self, name: str) -> None:
        assert is_private(name)

    @pytest.mark.parametrize(
        "name",
        ("example.com", "example.com.", "local.example", "localhost.example", "8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1]", "[x]",
         "[::1", "a]", "[::ffff:8.8.8.8]", "[fec0::1]", "198.20.0.1", "1.2.3.4a", "8.000.8.8"),
    )  # fmt: skip
    def test_public(self, name: str) -> None:
        assert not is_private(name)

    @pytest.mark.parametrize(
        ("url", "name"),
        (("https://a.b", "a.b"), ("\x01 https://a.b/x\n", "a.b"), ("hTTp://u:p@a.b:1?x", "a.b"), ("https://a@b@c.d", "c.d"), ("https://[::1]:8", "[::1]"),
         ("https://a.b\\c", "a.b"), ("https://a.b#x", "a.b"), ("https:/a.b", ""), ("https://[::1]x]/", "[::1]"), ("https://?x", ""), ("ws://a.b", ""), ("https://:80", ""), ("", "")),
    )  # fmt: skip
    def test_host(self, url: str, name: str) -> None:
        assert host(url) == name

    def test_data_uris(self) -> None:
        assert [is_data_uri(url) for url in ("data:", "DATA:x", "\x1f data:x", "xdata:", "data", "\u3000data:")] == [
            True,
            True,
            True,
            False,
            False,
            False,
        ]

    @pytest.mark.parametrize(
        "url", ("https://a.b:/", "https://a.b:0", "https://a.b:65535/", "https://a.b:00000000443", "https://[::1]", "x")
    )
    def test_well_formed(self, url: str) -> None:
        assert malformation(url) is None

    @pytest.mark.parametrize(
        "url",
        ("https://a.b:65536", "https://a.b:x", "https://[::1]x", "https://[::1", "https://a.b/ ", "https://a.b/\u2029"),
    )
    def test_malformed(self, url: str) -> None:
        assert malformation(url) is not None


URL = "https://cdn.example.com/a.png"


class TestQuickLooks:
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
        ),
    )
    def test_no_plain_start(self, url: Any) -> None:
        assert not are_plainly_http([url])
        assert not are_plainly_http([URL, url])
        assert not are_plainly_http([url, URL])
        assert type(url) is not str or not is_plainly_http(url)

    def test_no_urls(self) -> None:
        assert are_plainly_http([])

    @pytest.mark.parametrize("url", (*URLS, *BAD_URLS, "https://me@a.b", "DATA:x", "x"))
    def test_the_verdict_is_the_last_word(self, url: str) -> None:
        expected = "data_uri" if is_data_uri(url) else None if host(url) else "not_http"
        assert fault(url) == expected


def test_a_character_that_can_not_be_printed_is_not_malformed_for_that() -> None:
    assert malformation("https://example.com/\u200b.png") is None
