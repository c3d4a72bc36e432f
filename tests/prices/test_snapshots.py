"""Import of a saved page: every shape in which somebody may have saved it, and hostile ones."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard, RateCardError
from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.prices.snapshots import Imported, import_card
from tests.support.strategies import rate_cards

JULY = json.loads((Path(__file__).parents[2] / "data" / "rates" / "reapi-2026-07.json").read_bytes())["usd_per_image"]
VERSION = 1785200182468
THIRD_MODEL = Path(__file__).parents[1] / "support" / "third_model"


def price_list(prices: dict[str, dict[str, str]] = JULY, version: Any = VERSION, **others: str) -> str:
    """The object as reAPI writes it: prices as JSON numbers, keys of other models among them."""
    keys = {f"{model}:{cell}": price for model, cells in prices.items() for cell, price in cells.items()}
    keys = {"kling-3-0:5s": "0.05", **keys, "veo-3.1:8s": "1.2", **others}
    inner = ",".join(f"{json.dumps(key)}:{price}" for key, price in keys.items())
    return f'{{"version":{version},"skuPrices":{{{inner}}}}}'


def page(content: str, before: str = "", after: str = "") -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><title>Models — reAPI</title>\n'
        '<script>if(!window.__pricing_snapshot__){console.log("{\\"a\\":{")}</script>\n'
        f"{before}<script>window.__pricing_snapshot__={content};</script>{after}\n"
        "<script>window.x=window.__pricing_snapshot__.skuPrices</script></head><body></body></html>\n"
    )


def escaped_copy(content: str) -> str:
    """What a server-side framework adds: the script's text once more, inside a string of another script."""
    return f"<script>self.__next_f.push([1,{json.dumps('window.__pricing_snapshot__=' + content)}])</script>"


def over_lines(content: str) -> str:
    return content.replace(",", ",\n\t").replace("{", "{\n  ").replace("}", "\n}")


SHAPES: dict[str, Callable[[str], str | bytes]] = {
    "as saved": page,
    "CRLF": lambda text: page(text).replace("\n", "\r\n").encode(),
    "a byte-order mark": lambda text: codecs.BOM_UTF8 + page(text).encode(),
    "a byte-order mark in text": lambda text: "\ufeff" + page(text),
    "the bare object as text with a mark": lambda text: "\ufeff" + text,
    "UTF-16 that is cut off behind it": lambda text: page(text).encode("utf-16")[:-1],
    "UTF-16": lambda text: page(text).encode("utf-16"),
    "bytes that are no UTF-8 around it": lambda text: b"\xfa" + page(text).encode() + b"\x80",
    "bytes that are no UTF-8 in it": lambda text: page(text[:-1] + ',"note":"?"}').encode().replace(b"?", b"\xff"),
    "spread over lines": lambda text: page(over_lines(text)).replace("__=", "__\n =\n "),
    "spread over lines with CRLF": lambda text: page(over_lines(text)).replace("\n", "\r\n"),
    "in brackets": lambda text: page(text).replace("window.__pricing_snapshot__=", 'window["__pricing_snapshot__"] = '),
    "an escaped copy before it": lambda text: page(text, before=escaped_copy(text)),
    "an escaped copy after it": lambda text: page(text, after=escaped_copy(text)),
    "another name that ends alike": lambda text: page(text, before='<script>window.old__pricing_snapshot__={"a":1};</script>'),
    "the same twice": lambda text: page(text, after=f"<script>window.__pricing_snapshot__ = {text}</script>"),
    "the script alone": lambda text: f"window.__pricing_snapshot__={text}",
    "the name alone": lambda text: f"__pricing_snapshot__ = {text}",
    "the bare object": lambda text: text,
    "the bare object with blanks and a mark": lambda text: b"\xef\xbb\xbf\r\n " + text.encode() + b"\r\n",
    "10 MB of another script": lambda text: page(text, before=f"<script>var a={'{' * 1_000_000 + 'window.__pricing_snapshot__ ' * 350_000};</script>"),
    "braces and </script> in a string": lambda text: page(text[:-1] + ',"note":"}}; </script> {\\" window.__pricing_snapshot__={\\"a\\":1}"}'),
}  # fmt: skip


class TestShapes:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_every_shape_gives_the_same_card(self, shape: str) -> None:
        imported = import_card(SHAPES[shape](price_list()))
        assert imported.card.to_dict()["usd_per_image"] == JULY
        assert imported.passed_over == 2
        assert (imported.card.id, imported.card.effective_from, imported.card.checked_on) == (
            "reapi-2026-07-28-005622", "2026-07-28", "2026-07-28",
        )  # fmt: skip

    def test_the_source_names_version_moment_and_digest_of_the_text(self) -> None:
        text = price_list()
        digest = hashlib.sha256(text.encode()).hexdigest()
        expected = f"https://reapi.ai/models, window.__pricing_snapshot__, version {VERSION} (2026-07-28T00:56:22Z, sha256 {digest})"
        assert import_card(page(text)).card.source == expected
        assert import_card(f" {text}\n").card.source == expected

    def test_checked_on(self) -> None:
        card = import_card(page(price_list()), checked_on=date(2026, 8, 30)).card
        assert (card.effective_from, card.checked_on) == ("2026-07-28", "2026-08-30")

    def test_a_card(self) -> None:
        card = RateCard.from_dict({**RateCard.to_dict(import_card(price_list()).card), "id": "mine", "notes": "n"})
        text = json.dumps(card.to_dict())
        assert import_card(text) == Imported(card=card, passed_over=0)
        assert import_card(text.encode("utf-16")).card == card
        assert import_card(text, checked_on=date(2026, 9, 9)).card.checked_on == "2026-09-09"

    def test_the_models_are_those_of_the_catalog(self) -> None:
        prices = price_list({"gpt-image-2": {"1k": "0.03"}, "paint-1": {"fine": "0.04"}})
        assert list(import_card(prices).card.prices) == ["gpt-image-2"]
        assert list(import_card(prices, catalog=Catalog.load(THIRD_MODEL)).card.prices) == ["gpt-image-2", "paint-1"]

    def test_cells_that_the_rules_do_not_know_are_kept_for_the_lint(self) -> None:
        assert import_card(price_list({"gpt-image-2": {"8k": "9"}})).card.price("gpt-image-2", "8k") is not None

    @given(rate_cards(), st.datetimes(min_value=datetime(2002, 1, 1), max_value=datetime(2200, 1, 1)))
    def test_any_card_survives_as_a_page(self, drawn: dict[str, Any], moment: datetime) -> None:
        prices = {model: cells for model, cells in drawn["usd_per_image"].items() if cells}
        if prices:
            milliseconds = int(moment.replace(tzinfo=UTC, microsecond=0).timestamp()) * 1000 + 7
            imported = import_card(page(price_list(prices, milliseconds)))
            assert imported.card.to_dict()["usd_per_image"] == prices
            assert imported.card.effective_from == moment.date().isoformat()


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "text"),
        (
            ("0.30", "0.30"), ("3e-2", "0.03"), ("1.5E-3", "0.0015"), ("0.000000000001", "0.000000000001"), ("0", "0"),
            ("0.1000000000000000055511151231257827", None), ("1e-13", None), ("1e-400", None), ("-0.03", None),
            ("-0", None), ("1e6", None), ("9" * 400, None), ("0." + "1" * 400, None), ("1e400", None), ("null", None),
            ("true", None), ('"free"', None), ("[0.03]", None), ("{}", None), ('""', None),
        ),
    )  # fmt: skip
    def test_are_read_from_their_text(self, number: str, text: str | None) -> None:
        saved = page(price_list({"gpt-image-2": {"1k": number}}))
        if text is None:
            with pytest.raises(RateCardError, match=r"^saved\.html: usd_per_image\.gpt-image-2\.1k: "):
                import_card(saved, name="saved.html")
        else:
            price = import_card(saved).card.price("gpt-image-2", "1k")
            assert price is not None
            assert price.text == text

    @pytest.mark.parametrize("number", ("null", '"free"', "1e400", "-1", "9" * 400))
    def test_of_other_models_are_not_judged(self, number: str) -> None:
        assert import_card(page(price_list(JULY, VERSION, **{"flux:x": number}))).passed_over == 3

    def test_without_a_model_are_counted_too(self) -> None:
        assert import_card(page(price_list(JULY, VERSION, **{"flux": "1", "veo": "2", ":2k": "3"}))).passed_over == 5


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": (b"", "it has no price list"),
    "another page": ("<html><script>window.__other__={}</script></html>", "it has no price list"),
    "a page that only reads it": (page("null"), "it has no price list"),
    "a script that is no JSON": (page("{version:1}"), "it has no price list"),
    "a list": ("[1]", "it has no price list"),
    "two different ones": (page(price_list(), after=f"<script>window.__pricing_snapshot__={price_list(version=VERSION + 1)}</script>"), "two different price lists"),
    "cut off in a number": (page(price_list()).partition("0.3792")[0] + "0.37", "truncated"),
    "cut off in a string": (page(price_list()).partition("16:9@2k")[0], "truncated"),
    "cut off after the last price": (page(price_list()).partition("}};")[0], "saved.html: the price list is truncated: let the page load, then save it again"),
    "cut off before the object": (page(price_list()).partition('{"version')[0], "truncated"),
    "cut off after the brace": (page(price_list()).partition('"version')[0], "truncated"),
    "a bare object cut off": (price_list()[:-1], "truncated"),
    "more after a bare object": (price_list() + "}", "can't be read: it is not JSON: more text after its end"),
    "NaN": (page(price_list({"gpt-image-2": {"1k": "NaN"}})), "can't be read: it is not JSON: NaN is not a number"),
    "Infinity": (page(price_list(JULY, VERSION, **{"flux:x": "-Infinity"})), "can't be read: it is not JSON: -Infinity is not a number"),
    "a key twice": (page(price_list()).replace('"gpt-image-2:2k"', '"gpt-image-2:1k"'), 'the key "gpt-image-2:1k" is there twice'),
    "a comma too many": (page(price_list().replace("}}", ",}}")), "can't be read: it is not JSON"),
    "a line break in a string": (page(price_list().replace("veo", "v\neo")), "can't be read: it is not JSON"),
    "nested without end": (page('{"a":' * 200_000 + "1"), "nested too deep"),
    "no version": (page('{"skuPrices":{"gpt-image-2:1k":0.03}}'), "saved.html: the price list has no version in Unix milliseconds"),
    "a version in seconds": (page(price_list(version=1785200182)), "no version in Unix milliseconds"),
    "a version in microseconds": (page(price_list(version=1785200182468000)), "no version in Unix milliseconds"),
    "a version that is text": (page(price_list(version='"1785200182468"')), "no version in Unix milliseconds"),
    "a version with decimals": (page(price_list(version="1785200182468.5")), "no version in Unix milliseconds"),
    "no prices": (page(f'{{"version":{VERSION}}}'), "saved.html: the price list has no skuPrices, an object of prices"),
    "prices as a list": (page(f'{{"version":{VERSION},"skuPrices":[1]}}'), "saved.html: the price list has no skuPrices, an object of prices"),
    "an empty object": (page("{}"), "no version in Unix milliseconds"),
    "none of our models": (page(price_list({})), "saved.html: the price list has no model with rules"),
    "our model without a cell": (page(price_list({}, VERSION, **{"gpt-image-2": "1"})), "no model with rules"),
    "a broken card": ('{"format": "reapi-rate-card/1"}', "id is missing"),
}  # fmt: skip


class TestRefusals:
    @pytest.mark.parametrize("name", REFUSED)
    def test_in_one_clear_sentence(self, name: str) -> None:
        saved, says = REFUSED[name]
        with pytest.raises(RateCardError) as caught:
            import_card(saved, name="saved.html")
        message = str(caught.value)
        assert message.startswith("saved.html: ")
        assert says in message
        assert "\n" not in message
        assert len(message) < 300

    def test_with_its_name_in_front_or_without_one(self) -> None:
        for text in ("", price_list({}), '{"usd_per_image": {}}', '{"format": "reapi-rate-card/1"}'):
            messages = []
            for name in ("snapshot", "saved.html"):
                with pytest.raises(RateCardError) as caught:
                    import_card(text, name=name)
                messages.append(str(caught.value))
            assert messages[0].startswith("snapshot: ")
            assert messages[1] == messages[0].replace("snapshot: ", "saved.html: ", 1)

    def test_a_card_without_its_format_is_no_price_list(self) -> None:
        with pytest.raises(RateCardError, match="format"):
            import_card('{"usd_per_image": {"gpt-image-2": {"1k": "0.03"}}}')

    def test_another_type(self) -> None:
        with pytest.raises(TypeError, match=r"^saved must be bytes or str, not NoneType$"):
            import_card(None)  # type: ignore[arg-type]

    @given(st.text() | st.binary())
    def test_any_text(self, saved: str | bytes) -> None:
        with pytest.raises(RateCardError):
            import_card(saved)

    @given(st.integers(0, 4000), st.text(max_size=3) | st.sampled_from(("{", "}", '"', "</script>", "NaN", ",")))
    def test_any_damage(self, place: int, damage: str) -> None:
        whole = page(price_list())
        place = place % len(whole)
        try:
            card = import_card(whole[:place] + damage + whole[place:]).card
        except RateCardError:
            return
        RateCard.from_dict(card.to_dict())


class TestIdentity:
    def test_a_card_of_each_second_has_a_name_of_its_own(self) -> None:
        ids = {import_card(price_list(version=VERSION + second * 1000)).card.id for second in range(3)}
        assert len(ids) == 3
        assert not ids & {card.id for card in built_in().cards}
