"""Rate cards: what is read, how exactly, which card counts, and what a broken card says."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import RateCard, RateCardError, preflight, quote
from reapi_rules.catalog import exact_json
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.rates import current
from reapi_rules.engine.engine import Engine
from reapi_rules.forms.choices import choices
from reapi_rules.prices.alternatives import alternatives
from reapi_rules.prices.cheapest import cheapest
from reapi_rules.prices.table import prices
from tests.support.cards import made_up
from tests.support.oracle import OFFICIAL
from tests.support.strategies import ALL_CELLS, CELLS, rate_cards

CARD = made_up({"gpt-image-2": {"1k": "0.03"}}, checked_on="2026-09-02", source="a contract")


def card(**changes: Any) -> RateCard:
    return RateCard.from_dict({**CARD, **changes})


TEXTS = st.text(max_size=4) | st.sampled_from(('"', "\\", "/", "\x7f", "\u2028", "\ud800", "狐", "0.03"))


class TestExactJson:
    """A short way for objects of texts, which has to say the same as the long one."""

    @given(
        st.dictionaries(
            TEXTS, TEXTS | st.integers() | st.none() | st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS))
        ),
        st.sampled_from((None, 1, 2)),
        st.booleans(),
    )
    def test_both_ways_agree(self, value: dict[str, Any], indent: int | None, ensure_ascii: bool) -> None:
        text = json.dumps(value, indent=indent, ensure_ascii=ensure_ascii)
        assert exact_json.decode(text) == json.loads(text, parse_int=str)

    @pytest.mark.parametrize(
        "text", ('{"a": "x", "a": "y"}', '{"a": {"b": {"c": "1", "c": "1"}}}', '{"a": {"b": {}, "b": {}}}')
    )
    def test_no_key_twice(self, text: str) -> None:
        with pytest.raises(exact_json.ExactJsonError, match="is there twice in one object"):
            exact_json.decode(text)

    def test_our_cards_take_the_short_way(self) -> None:
        for path in (Path(__file__).parents[2] / "data" / "rates").iterdir():
            text = path.read_text(encoding="utf-8")
            assert exact_json._decode_texts(text) == json.loads(text)
        assert exact_json._decode_texts('{"a": 1}') is None


class TestTheJulyCard:
    def test_has_every_cell_and_no_other(self) -> None:
        july = built_in().card()
        assert july is not None
        assert {model: set(cells) for model, cells in july.prices.items()} == {
            model: set(cells) for model, cells in ALL_CELLS.items()
        }
        assert sum(map(len, july.prices.values())) == 130

    def test_agrees_with_the_card_before_it(self) -> None:
        july, before = built_in().card(), built_in().card(date(2026, 7, 27))
        assert july is not None
        assert before is not None
        assert (before.id, july.id) == ("reapi-2026-07", "reapi-2026-07-28")
        assert {model: july.prices[model] for model in before.prices} == before.prices

    def test_what_was_derived_from_it(self) -> None:
        def cost(**axes: Any) -> Any:
            return quote(**axes).credits

        assert cost() == 169
        assert cost(quality="low") == 5
        assert [cost(size="auto", quality=quality) for quality in ("low", "medium", "high")] == [10, 85, 338]
        assert [cost(size="auto", resolution="2k", quality=quality) for quality in ("low", "medium", "high")] == [
            24,
            212,
            843,
        ]
        sensitive = quote(size="21:9", n=3)
        assert (sensitive.credits, sensitive.float_sensitive) == (840, True)
        assert cost(size="16:9", resolution="2k", n=2) == 759
        cheaper = 0
        for cell in CELLS[OFFICIAL]:
            size, _, rest = cell.partition("@")
            resolution, _, quality = rest.partition("_")
            axes = {"size": size, "resolution": resolution, "quality": quality}
            cheaper += cost(**axes, n=4) < 4 * cost(**axes)
        assert cheaper == 59


class TestReading:
    @given(rate_cards())
    def test_round_trip(self, drawn: dict[str, Any]) -> None:
        read = RateCard.from_dict(drawn)
        assert read.to_dict() == drawn
        assert RateCard.from_json(json.dumps(read.to_dict())) == read

    @pytest.mark.parametrize(
        ("number", "text", "picos"),
        (
            ("0.3792", "0.3792", 379_200_000_000),
            ("0.10", "0.10", 10**11),
            ("3e-2", "0.03", 3 * 10**10),
            ("12.5E-1", "1.25", 125 * 10**10),
            ("1e2", "100", 10**14),
            ("1.5e1", "15", 15 * 10**12),
            ("1.25e1", "12.5", 125 * 10**11),
            ("0e5", "0", 0),
            ("0.0e0", "0.0", 0),
            ("2", "2", 2 * 10**12),
            ("0.000000000001", "0.000000000001", 1),
            ("1e-12", "0.000000000001", 1),
            ("999999.999999999999", "999999.999999999999", 10**18 - 1),
        ),
    )
    def test_a_number_is_read_from_its_text(self, number: str, text: str, picos: int) -> None:
        read = RateCard.from_json(json.dumps(CARD).replace('"0.03"', number))
        price = read.price("gpt-image-2", "1k")
        assert price is not None
        assert (price.text, price.picos) == (text, picos)

    def test_objects_may_hold_exact_numbers(self) -> None:
        prices = card(usd_per_image={"gpt-image-2": {"1k": Decimal("0.03"), "2k": 1, "4k": "007.50"}}).prices[
            "gpt-image-2"
        ]
        assert [price.text for price in prices.values()] == ["0.03", "1", "007.50"]

    def test_notes_and_what_it_replaces_are_kept(self) -> None:
        for more in ({}, {"notes": "a"}, {"replaces": "b"}, {"notes": "a", "replaces": "b"}):
            read = card(**more)
            assert (read.notes, read.replaces) == (more.get("notes"), more.get("replaces"))
            assert read.to_dict() == {**CARD, **more}

    def test_credits_of_a_cell(self) -> None:
        read = card(usd_per_image={"gpt-image-2": {"1k": "0.0305"}})
        assert [read.credits("gpt-image-2", "1k"), read.credits("gpt-image-2", "1k", n=2)] == [31, 61]
        assert read.credits("gpt-image-2", "2k") is None
        assert read.credits("other", "1k") is None

    @pytest.mark.parametrize("n", (0, -1, True, 2.0, 2.5, "2"))
    @pytest.mark.parametrize("cell", ("1k", "8k"))
    def test_credits_are_of_a_whole_number_of_images(self, n: Any, cell: str) -> None:
        with pytest.raises(
            (TypeError, ValueError), match=f"^n must be .*, not {n if type(n) is int else type(n).__name__}$"
        ):
            card().credits("gpt-image-2", cell, n)

    def test_errors_begin_with_the_name_of_the_card(self) -> None:
        with pytest.raises(RateCardError, match=r"^mine: format is missing$"):
            RateCard.from_json("{}", name="mine")
        with pytest.raises(RateCardError, match=r"^mine: format is missing$"):
            RateCard.from_dict({}, name="mine")

    @pytest.mark.parametrize("text", (" <html>", b"<!doctype html>", '{"skuPrices": {}}'))
    def test_what_a_card_is_still_to_be_made_of(self, text: bytes | str) -> None:
        with pytest.raises(
            RateCardError, match=r"; reapi-rules rates import makes a card of a saved page or price list$"
        ):
            RateCard.from_json(text)

    @pytest.mark.parametrize("text", ("[]", "5", '"a"', "null"))
    def test_what_is_no_object(self, text: str) -> None:
        with pytest.raises(RateCardError, match=r"^rate card: a rate card is a JSON object$"):
            RateCard.from_json(text)

    def test_a_long_key_is_cut(self) -> None:
        with pytest.raises(RateCardError, match=f"^rate card: {'k' * 80} is not a key of a rate card$"):
            RateCard.from_dict({**CARD, "k" * 81: 1})

    def test_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "card.json"
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps(CARD).encode())
        assert RateCard.load(path).credits("gpt-image-2", "1k", n=2) == 60
        assert RateCard.from_json(path.read_text(encoding="utf-8")) == RateCard.load(path), (
            "the mark is one of the text, too"
        )
        with pytest.raises(RateCardError, match=r"missing\.json: No such file"):
            RateCard.load(tmp_path / "missing.json")
        path.write_bytes(b"\xff")
        with pytest.raises(RateCardError, match=r"card\.json: it is not JSON"):
            RateCard.load(path)


class TestBrokenCards:
    @pytest.mark.parametrize(
        "key", ("format", "id", "currency", "effective_from", "checked_on", "source", "usd_per_image")
    )
    def test_a_missing_key(self, key: str) -> None:
        broken = copy.deepcopy(CARD)
        del broken[key]
        with pytest.raises(RateCardError, match=f"rate card: {key} is missing"):
            RateCard.from_dict(broken)

    @pytest.mark.parametrize(
        ("key", "value"),
        (
            ("format", "reapi-rate-card/2"), ("id", ""), ("id", 5), ("currency", "EUR"), ("source", None), ("notes", 1),
            ("replaces", ""), ("effective_from", "2026-9-1"), ("effective_from", "2026-02-30"), ("checked_on", "20260901"),
            ("checked_on", 20260901), ("usd_per_image", []), ("usd_per_image", {"m": 1}), ("usd_per_image", {"m": {5: "1"}}),
            ("usd_per_image", {5: {}}), ("colour", "red"), (5, "x"),
        ),
    )  # fmt: skip
    def test_a_wrong_value_names_its_key(self, key: Any, value: Any) -> None:
        with pytest.raises(RateCardError, match=f"rate card: {key}"):
            RateCard.from_dict({**CARD, key: value})

    @pytest.mark.parametrize(
        "price", ("", "-1", "1.", ".5", "1e3", "0,5", "0.0000000000001", "1000000", "x" * 500, None, True, [], 0.03, -1)
    )
    def test_a_wrong_price_names_its_cell(self, price: Any) -> None:
        with pytest.raises(RateCardError, match=r"rate card: usd_per_image\.gpt-image-2\.1k: .{5,200}$"):
            card(usd_per_image={"gpt-image-2": {"1k": price}})

    def test_more_than_4_mb_is_not_read(self, tmp_path: Path) -> None:
        text = json.dumps(CARD)
        assert RateCard.from_json(text.ljust(4_000_000)).id == CARD["id"]
        for longer in (text.ljust(4_000_000 + 1), text.ljust(4_000_000 + 1).encode()):
            with pytest.raises(RateCardError, match=r"^rate card: it is larger than 4 MB, which no rate card is$"):
                RateCard.from_json(longer)
        (tmp_path / "card.json").write_text(text.ljust(4_000_000 + 1))
        with pytest.raises(RateCardError, match=r"card\.json: it is larger than 4 MB"):
            RateCard.load(tmp_path / "card.json")

    def test_a_float_is_told_what_to_be_instead(self) -> None:
        way_out = 'a float can\'t hold a price exactly: write it as text, such as "0.3792"'
        with pytest.raises(RateCardError, match=re.escape(f": {way_out}") + "$"):
            card(usd_per_image={"gpt-image-2": {"1k": 0.03}})

    @pytest.mark.parametrize(
        "number", ("-0.1", "-0", "1e-13", "1e6", "1e400", "1e-400", "1e99999", "1" * 5_000, "NaN", "Infinity", "01")
    )
    def test_a_wrong_number(self, number: str) -> None:
        with pytest.raises(RateCardError, match="rate card: "):
            RateCard.from_json(json.dumps(CARD).replace('"0.03"', number))

    def test_a_key_that_stands_twice(self) -> None:
        with pytest.raises(RateCardError, match='the key "1k" is there twice'):
            RateCard.from_json(json.dumps(CARD).replace('"1k"', '"1k": "9", "1k"'))

    @given(st.binary(max_size=60) | st.text(max_size=60) | st.just("[" * 100_000))
    def test_any_text(self, text: bytes | str) -> None:
        with pytest.raises(RateCardError):
            RateCard.from_json(text)


class TestWhichCardCounts:
    def test_the_newest_that_is_effective(self) -> None:
        old, new = card(id="old", effective_from="2026-07-01"), card(id="new", effective_from="2026-08-01")
        for cards in ((old, new), (new, old)):
            assert current(cards) is new
            assert current(cards, date(2026, 8, 1)) is new
            assert current(cards, date(2026, 7, 31)) is old
            assert current(cards, datetime(2026, 7, 31, 23, 59)) is old
            assert current(cards, date(2026, 6, 30)) is None
        assert current(()) is None

    def test_of_one_day_the_one_that_replaces_the_other(self) -> None:
        first = card(id="a", checked_on="2026-09-09")
        second = card(id="b", replaces="a", checked_on="2026-09-03")
        third = card(id="c", replaces="b", checked_on="2026-09-02")
        assert current((third, first, second)) is third
        assert current((first, second)) is second
        assert current((card(id="a", replaces="a"),)) is not None

    def test_then_the_one_checked_last_then_the_last(self) -> None:
        early, late = card(id="a", checked_on="2026-09-02"), card(id="b", checked_on="2026-09-03")
        assert current((late, early)) is late
        twin = card(id="c", checked_on="2026-09-03")
        assert current((late, twin, early)) is twin
        circle = card(id="x", replaces="y"), card(id="y", replaces="x")
        assert current(circle) is circle[1]

    def test_replacing_counts_on_the_same_day_only(self) -> None:
        older = card(id="old", effective_from="2026-07-01", replaces="new")
        newer = card(id="new", effective_from="2026-08-01")
        assert current((newer, older)) is newer

    def test_before_the_first_card_there_is_no_rate(self) -> None:
        report = preflight({"model": "gpt-image-2", "prompt": "a"}, as_of=date(2026, 1, 1))
        assert report.ok
        assert report.quote is not None
        assert (report.quote.basis, report.quote.reason, report.quote.missing, report.quote.rate_card) == (
            "unknown", "no_rate", ("1k",), None,
        )  # fmt: skip

    @pytest.mark.parametrize("rates", ("card.json", [Path("card.json")], ({"id": "x"},), {}, "", 5))
    def test_rates_are_cards(self, rates: Any) -> None:
        for ask in (preflight, quote):
            with pytest.raises(
                TypeError, match=r"^rates are a RateCard or several, .* and not (str|PosixPath|dict|int)$"
            ):
                ask({"model": "gpt-image-2", "prompt": "a"}, rates=rates)
        found = preflight({"model": "gpt-image-2", "prompt": "a"}, rates=iter([card()])).quote
        assert found is not None
        assert found.rate_card is not None

    def test_the_date_is_one(self) -> None:
        body = {"model": "gpt-image-2", "prompt": "a"}
        message = r"^as_of must be date or None, not str$"
        asked: tuple[Callable[[Any], Any], ...] = (
            lambda day: preflight(body, as_of=day),
            lambda day: quote(body, as_of=day),
            lambda day: quote(model="gpt-image-2", rates=card(), as_of=day),
            lambda day: Engine(as_of=day),
            lambda day: prices(as_of=day),
            lambda day: cheapest(as_of=day),
            lambda day: alternatives(body, as_of=day),
            lambda day: choices(as_of=day),
            lambda day: built_in().card(day),
        )
        for ask in asked:
            with pytest.raises(TypeError, match=message):
                ask("2026-07-25")
            ask(datetime(2026, 7, 25, 12))

    def test_a_users_card_replaces_the_built_in_one(self) -> None:
        mine = card(effective_from="2020-01-01")
        answer = quote(model="gpt-image-2", resolution="2k", rates=mine)
        assert (answer.basis, answer.missing) == ("unknown", ("2k",))
        assert answer.rate_card is not None
        assert answer.rate_card.id == "mine"
        assert (
            quote(model="gpt-image-2", rates=[mine, card(effective_from="2026-12-01")], as_of=date(2026, 11, 1)).credits
            == 30
        )


PUBLISHED = {
    "reapi-2026-07.json": "8f7167d41e61c500bbf637e1dcd839d5dbb1c30f2a4293eb53f20f872edb64b9",
    "reapi-2026-07-28.json": "ae694b21f3c9fc298836d7358d66548a2c45217281265dc2f9ec18a6a83b1311",
}
"""SHA-256 of each published card.  Cards are history: add a new file and a new line, never change an old one."""


class TestPublishedCards:
    FILES = sorted((Path(__file__).parents[2] / "data" / "rates").iterdir())

    def test_are_never_edited(self) -> None:
        digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.FILES}
        assert digests == PUBLISHED, "a published card changed: put new prices into a new card that replaces it"

    def test_have_names_of_their_own(self) -> None:
        assert {f"{RateCard.from_json(path.read_bytes()).id}.json" for path in self.FILES} == set(PUBLISHED)


class TestAge:
    @given(st.dates(min_value=date(2020, 1, 1)), st.integers(-400, 400))
    def test_is_the_days_since_the_prices_were_checked(self, checked: date, days: int) -> None:
        identity = card(checked_on=checked.isoformat()).identity
        try:
            today = checked + timedelta(days=days)
        except OverflowError:
            return
        assert identity.age(today) == days


class TestNamesThatAreNoText:
    def test_can_be_written_again(self) -> None:
        odd = RateCard.from_json(json.dumps({**CARD, "usd_per_image": {"a\ud800": {"b\udfff": "1"}}}))
        assert odd.prices["a\\ud800"]["b\\udfff"].text == "1"
        assert RateCard.from_json(msgspec.json.encode(odd.to_dict())) == odd
