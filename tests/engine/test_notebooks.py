"""What a notebook shows of reports, quotes and accounts: the same words as elsewhere, and no value as HTML."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from reapi_rules import preflight, quote
from reapi_rules.sheets import read
from tests.support.oracle import SIZE_WORDS

EVIL = "<script>alert(1)</script>&\"'"


def shown(value: object) -> list[tuple[str, str]]:
    """The rows of the table that a notebook shows."""
    html = value._repr_html_()  # type: ignore[attr-defined]
    rows = re.fullmatch(r"<table>((?:<tr><th>[^<>]*</th><td>[^<>]*</td></tr>)+)</table>", html)
    assert rows, html
    return [(unescape(title), unescape(text)) for title, text in re.findall(r"<th>(.*?)</th><td>(.*?)</td>", rows[1])]


def test_a_quote_with_one_price_and_with_two() -> None:
    assert dict(shown(quote(size="16:9", resolution="2k", quality="high", n=2))) == {
        "credits": "759",
        "USD": "0.759",
        "billed as": "16:9@2k_high",
        "price": "exact, documented",
        "rate card": "reapi-2026-07-28, checked on 2026-07-28",
    }
    bounded = dict(shown(quote(size="1600x900", resolution="2k", quality="auto")))
    assert (bounded["credits"], bounded["because of"]) == ("214 to 843", "pixel_size")
    without = dict(shown(quote(rates=())))
    assert "credits" not in without
    assert without["because of"] == "no_rate"
    without = dict(shown(quote(size="auto", rates=())))
    assert without["no price for"] == ", ".join(f"{size}@1k_high" for size in SIZE_WORDS[:-1])


def test_a_report_with_its_findings() -> None:
    rows = shown(preflight({"model": "gpt-image-2-official", "prompt": "a fox", "quality": "hd"}))
    assert rows == [
        ("reAPI", "would reject this"),
        ("model", "gpt-image-2-official"),
        ("error quality.unknown", 'invalid quality "hd" (allowed: auto, low, medium, high); did you mean "high"?'),
    ]
    accepted = dict(shown(preflight({"model": "gpt-image-2-official", "prompt": "a fox", "quality": "low"})))
    assert (accepted["pixels"], accepted["credits"], accepted["reAPI"]) == ("1024 x 1024", "5", "would accept this")


@pytest.mark.parametrize(
    "body", ({"model": EVIL}, {"model": "gpt-image-2-official", "prompt": "-", "size": EVIL, EVIL: 1})
)
def test_nothing_of_a_body_is_html(body: dict[str, object]) -> None:
    assert any("<script>" in text for _, text in shown(preflight(body)))


def test_an_account_of_a_hostile_sheet(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(f'size,"{EVIL.replace(chr(34), "")}",n\n16:9,x,2\n', encoding="utf-8")
    account = read(str(path)).account
    rows = shown(account)
    assert [text for _, text in rows] == list(account.lines())
    assert rows[0][0] == "read"
    assert "<script>" in rows[1][1]
