"""URLs of references and masks, judged by plain text, so that a verdict depends on no library's version.

Source: sections "image_urls" and "mask_url" of the page (public http(s) URLs, no ``data:`` URIs).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from reapi_rules.terms.once import once

__all__ = [
    "apart",
    "are_ordinary",
    "are_plainly_http",
    "fault",
    "host",
    "is_data_uri",
    "is_plainly_http",
    "is_private",
    "malformation",
    "quoted_ordinary",
    "with_scheme",
]

_BLANKS = "".join(map(chr, range(0x21)))
# No name has more or longer parts. There is one way to match, so no text makes it slow; possessive quantifiers would
# say so, but Python 3.11.2 misreads them.
_ORDINARY = (
    r"https?://(?:[a-z0-9-]{1,63}\.){1,126}(?!local\b|internal\b|localhost\b)[a-z]+"
    r"(?:[/?#][!#-9;-\[\]-~]*(?::(?!//)[!#-9;-\[\]-~]*)*)?"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PLAIN_STARTS = frozenset(scheme + letter for scheme in ("https://", "http://") for letter in _LETTERS)
_AUTHORITY_END = r"[/?#\\]"
_SCHEME = "https?://"
_BETWEEN = f"{_BLANKS},;|\uff0c\uff1b\u3001"
_BAD_CHARACTERS = frozenset(map(chr, (*range(0x21), *range(0x7F, 0xA1), 0x2028, 0x2029, 0x3000)))
_BAD_SCHEME = r"(?:h[tx]{1,2}ps?:?/{0,2}|//|(?=www\.))((?:[a-z0-9-]{1,63}\.){1,126}[a-z]+(?:[/?#][!-~]*)?)"
_PORT = r":(?:0*([0-9]{1,5}))?"
_DIGITS_AND_DOTS = r"[0-9.]+"
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal")
# fmt: off
_PRIVATE_V4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
)
_PRIVATE_V6 = ("::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8", "2001:db8::/32")
# fmt: on


def are_plainly_http(urls: Iterable[str]) -> bool:
    """Whether all are http(s) URLs with a host at first sight; where not, ``host`` has the last word on each.

    >>> are_plainly_http(["https://cdn.example.com/a.png", "http://example.org"]), are_plainly_http(["https://me@a.b"])
    (True, False)
    """
    for url in urls:
        # texts are ordered by their characters: between these two all begin with https:// and a small letter
        if not ("https://a" <= url < "https://{" and "@" not in url) and not is_plainly_http(url):
            return False
    return True


def is_plainly_http(url: str) -> bool:
    """The same of one URL.

    >>> is_plainly_http("https://cdn.example.com/a.png"), is_plainly_http("/a.png")
    (True, False)
    """
    return (url[:9] in _PLAIN_STARTS or url[:8] in _PLAIN_STARTS) and "@" not in url


def are_ordinary(urls: list[str]) -> bool:
    """Whether all texts are well-formed URLs of public hosts at first sight; where not, look at each.

    >>> are_ordinary(["https://cdn.example.com/a.png"]), are_ordinary(["https://10.0.0.1/a.png"])
    (True, False)
    """
    match = _ordinary().fullmatch
    for url in urls:  # noqa: SIM110  # for the few there are, map and all take a third longer
        if match(url) is None:
            return False
    return True


@once
def _ordinary() -> re.Pattern[str]:
    """Made when it is needed, which takes a while, and is not at every start."""
    return re.compile(_ORDINARY)


@once
def quoted_ordinary() -> re.Pattern[bytes]:
    """Finds such texts in JSON, in quotes and without escapes.

    >>> quoted_ordinary().findall(b'{"a": "https://cdn.example.com/a.png", "b": "https://10.0.0.1/b.png"}')
    [b'https://cdn.example.com/a.png']
    """
    return re.compile(f'"({_ORDINARY})"'.encode())


def fault(url: str) -> Literal["data_uri", "not_http"] | None:
    """Why a reference can't be at the URL; None where it can.

    >>> fault("https://cdn.example.com/a.png"), fault("data:image/png;base64,AAAA"), fault("./a.png")
    (None, 'data_uri', 'not_http')
    """
    if is_plainly_http(url):
        return None
    if is_data_uri(url):
        return "data_uri"
    return None if host(url) else "not_http"


def is_data_uri(url: str) -> bool:
    """Whether the text is a ``data:`` URI, which reAPI rejects platform-wide.

    >>> is_data_uri(" DATA:image/png;base64,AAAA")
    True
    """
    return url.lstrip(_BLANKS)[:5].lower() == "data:"


def host(url: str) -> str:
    """The host of an http(s) URL; empty for other text and without a host.

    >>> host("https://cdn.example.com:8443/a.png"), host("ftp://example.com"), host("https:///a.png")
    ('cdn.example.com', '', '')
    """
    return _split(url)[0]


def apart(text: str) -> list[str]:
    """The URLs that a text lists, at blanks, commas, semicolons, bars or 、; none where that may be read otherwise.

    >>> apart("https://a.example/1.png, https://a.example/2,3.png"), apart("https://a.example/1.png,2.png")
    (['https://a.example/1.png', 'https://a.example/2,3.png'], ['https://a.example/1.png,2.png'])
    >>> apart("https://a.example/1.png, 2.png"), apart("https://a.example/?of=https://b.example,https://c.example")
    ([], [])
    """
    text = text.strip(_BLANKS)
    starts = [match.start() for match in re.finditer(_SCHEME, text, re.IGNORECASE | re.ASCII)]
    starts = [at for at in starts if not at or text[at - 1] in _BETWEEN]
    parts = [text[at:end] for at, end in zip(starts, [*starts[1:], None])]
    parts = [*(part.rstrip(_BETWEEN) for part in parts[:-1]), *parts[-1:]]
    is_sure = starts[:1] == [0] and all(
        host(part) and part[-1] not in _BETWEEN and "|" not in part and _BAD_CHARACTERS.isdisjoint(part)
        for part in parts
    )
    has_inner = len(parts) > 1 and any("://" in part[len("https://") :] for part in parts)
    return parts if is_sure and not has_inner else []


def with_scheme(text: str) -> str | None:
    """The URL that a text is if its scheme is missing or misspelt, None for other text.

    >>> with_scheme("www.example.com/a.png"), with_scheme("http:/a.example/1.png"), with_scheme("a.png")
    ('https://www.example.com/a.png', 'https://a.example/1.png', None)
    """
    match = re.fullmatch(_BAD_SCHEME, text.strip(_BLANKS), re.IGNORECASE | re.ASCII)
    return f"https://{match[1]}" if match else None


def malformation(url: str) -> str | None:
    """What is odd about a URL that has a host, None where nothing is.

    >>> malformation("https://example.com:99999/a.png")
    'no port from 0 to 65535 after the host'
    """
    name, rest = _split(url)
    if len(apart(url)) > 1:
        return "several URLs in one text"
    if (not url.isprintable() or " " in url) and not _BAD_CHARACTERS.isdisjoint(url):
        return "white space or a control character in it"
    if name.startswith("[") and not name.endswith("]"):
        return "the bracket of the host is not closed"
    port = re.fullmatch(_PORT, rest)
    if rest and (port is None or int(port[1] or 0) > 65_535):
        return "no port from 0 to 65535 after the host"
    return None


def is_private(name: str) -> bool:
    """Whether a host is local, reserved, dotless or no valid address, so that the upstream can't fetch from it.

    >>> is_private("localhost"), is_private("10.0.0.7"), is_private("[::1]"), is_private("cdn.example.com")
    (True, True, True, False)
    """
    name = name.lower().removesuffix(".")
    if name.startswith("["):
        return name.endswith("]") and _is_private_v6(name[1:-1])
    if "." not in name:
        return "[" not in name and "]" not in name
    if re.fullmatch(_DIGITS_AND_DOTS, name):
        return _is_private_v4(name)
    return name.endswith(_LOCAL_SUFFIXES)


def _split(url: str) -> tuple[str, str]:
    """The host and what follows it in the authority."""
    url = url.strip(_BLANKS)
    scheme = url[:8].lower()
    start = 8 if scheme == "https://" else 7 if scheme.startswith("http://") else 0
    if not start:
        return "", ""
    end = re.compile(_AUTHORITY_END).search(url, start)
    authority = url[start : end.start() if end else None].rpartition("@")[2]
    if authority.startswith("["):
        length = authority.find("]") + 1 or len(authority)
    else:
        length = len(authority.partition(":")[0])
    return authority[:length], authority[length:]


def _is_private_v4(name: str) -> bool:
    parts = [part.lstrip("0") or part[:1] for part in name.split(".", 4)]  # one too many says as much as all of them
    if len(parts) != 4 or any(len(part) not in (1, 2, 3) or int(part) > 255 for part in parts):
        return True
    return _is_in(".".join(parts), _PRIVATE_V4)


def _is_private_v6(name: str) -> bool:
    from ipaddress import IPv6Address  # rarely needed, and slow to import

    try:
        address = IPv6Address(name)
    except ValueError:
        return False
    if address.ipv4_mapped is not None:
        return _is_in(str(address.ipv4_mapped), _PRIVATE_V4)
    return _is_in(str(address), _PRIVATE_V6)


def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    from ipaddress import ip_address, ip_network

    return any(ip_address(address) in ip_network(network) for network in networks)
