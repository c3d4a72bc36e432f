"""Laws of the engine that hold for every body and every card, whatever the figures."""

from __future__ import annotations

import copy
import decimal
import itertools
import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import InvalidRequestError, RateCard, preflight, quote
from reapi_rules.engine.quotes import Quote
from reapi_rules.terms.credits import credits, float_credits, picos, request_credits
from tests.support.oracle import OFFICIAL, oracle_credits
from tests.support.schema_tools import third_catalog
from tests.support.strategies import (
    FAULTS,
    OFFICIAL_FAULTS,
    RATIOS,
    RESOLUTIONS,
    WIDE,
    Fault,
    any_bodies,
    decimals,
    json_values,
    rate_cards,
    valid_bodies,
    wild_bodies,
)


def _change(value: Any) -> None:
    """Change what is in a list or an object, at every depth."""
    if isinstance(value, dict):
        for inner in value.values():
            _change(inner)
        value["changed"] = "changed"
    elif isinstance(value, list):
        for inner in value:
            _change(inner)
        value.append("changed")


ORDER = [fault.rule for fault in (*FAULTS, *OFFICIAL_FAULTS)]


def rules(body: Any) -> list[str]:
    return [error.rule for error in preflight(body).errors]


class TestTotality:
    """Whatever comes in, a report comes out, and it renders."""

    @given(st.binary(max_size=80) | st.text(max_size=80) | json_values() | st.binary(max_size=40).map(bytearray))
    def test_anything(self, body: Any) -> None:
        report = preflight(body)
        assert report.ok == (not report.errors)
        assert json.loads(report.to_json()) == json.loads(json.dumps(report.to_dict()))

    @given(wild_bodies() | any_bodies())
    def test_input_is_not_modified_and_a_report_is_a_snapshot(self, body: dict[Any, Any]) -> None:
        before = copy.deepcopy(body)
        read, unread = preflight(body), preflight(body)
        said, payload = read.to_json(), repr(read.payload())
        assert repr(body) == repr(before)
        for key in list(body):
            _change(body[key])
            body[key] = "changed"
        body["later"] = 1
        for report in (read, unread):
            assert report.to_json() == said
            assert repr(report.payload()) == payload

    @pytest.mark.parametrize("model", (OFFICIAL, "flux-2", "wan2.7-image"))
    def test_nor_does_it_change_with_what_is_nested_in_an_unknown_field(self, model: str) -> None:
        body: Any = {
            "model": model,
            "prompt": "a fox",
            "images": ["https://a.example/x"],
            "image_size": {"width": 1024, "height": 768},
        }
        body |= {"seed": [{"a": [1]}], "bbox_list": [[1, 2]]}
        expected, report = preflight(copy.deepcopy(body)), preflight(body)
        for value in body.values():
            _change(value)
        assert (report.to_json(), report.payload()) == (expected.to_json(), expected.payload())

    @given(valid_bodies())
    def test_a_payload_is_the_callers_own(self, body: dict[str, Any]) -> None:
        report = preflight(body)
        payload = report.payload()
        assert payload is not None
        payload["size"] = "changed"
        payload.get("image_urls", []).append("changed")
        assert report.payload() != payload
        assert report.to_json() == preflight(body).to_json()

    @pytest.mark.parametrize(
        "body",
        (
            {"model": OFFICIAL, "prompt": "x" * 10_000_000},
            {"model": OFFICIAL, "prompt": "a", "image_urls": ["https://example.com/a.png"] * 100_000},
            {"model": OFFICIAL, "prompt": "a", "size": "9" * 1_000_000 + "x" + "8" * 1_000_000},
            {"model": OFFICIAL, "prompt": "a", "n": 10**100_000},
            {"model": OFFICIAL, "prompt": "a", "n": -(10**4_290)},
            {10**100_000: 1, "model": OFFICIAL, "prompt": "a", None: 2, (1, 2): 3, float("nan"): 4, b"x": 5},
            {f"key-{number}": number for number in range(100_000)},
            "[" * 100_000,
            b'{"model":' * 50_000,
            '{"n": ' + "9" * 5_000 + "}",
            '{"n": 1e999999}',
            '{"x": 1e999999}',
            '{"model": "\\ud800"}',
            '"' + "\\ud800" * 3 + '"',
            b"\xff\xfe{\x00}\x00",
        ),
        ids=lambda body: ascii(type(body).__name__),
    )
    def test_hostile_sizes_finish(self, body: Any) -> None:
        report = preflight(body)
        assert len(report.to_json()) < 40_000_000

    @pytest.mark.parametrize("field", ("seed", "bbox_list", "prompt", "image_urls", "size", "model"))
    def test_what_holds_its_parts_many_times_over(self, field: str) -> None:
        """A YAML file of a few lines can say so: 2**40 lists in each other, made of 40."""
        lists: list[Any] = []
        objects: dict[str, Any] = {}
        for _ in range(40):
            lists, objects = [lists, lists], {"a": objects, "b": objects}
        endless: list[Any] = []
        endless += [endless, endless]
        for value in (lists, objects, endless):
            for model in (OFFICIAL, "wan2.7-image"):
                report = preflight({"model": model, "prompt": "a fox", field: value})
                report.payload()
                assert len(report.to_json()) < 2_000_000

    @pytest.mark.parametrize("entry", (5, None, {"url": "x"}, [], "\ud800", "https://localhost/x"))
    def test_entries_that_are_not_looked_at_may_be_anything(self, entry: Any) -> None:
        report = preflight({"model": "flux-2", "prompt": "a fox", "input_urls": ["https://a.example/x"] * 16 + [entry]})
        assert [warning.rule for warning in report.warnings] == ["input_urls.max_items"]
        report.to_json()

    @pytest.mark.parametrize("number", ("1", [], {}, True, float("nan")))
    def test_a_value_that_a_constraint_can_not_compare(self, number: Any) -> None:
        assert rules({"model": "wan2.7-image", "prompt": "a fox", "n": number}) == ["n.type"]

    def test_what_is_remembered_tells_nothing_from_none_and_one_number_from_another(self, tmp_path: Any) -> None:
        """Of fields that constraints read: 0 is given, False is too, and 0.5 is not 1.5."""
        catalog = third_catalog(tmp_path)
        for first, second in itertools.permutations((None, 0, 0.5, 1), 2):
            for strength in (first, second):
                body = {"model": "third", "prompt": "-", "image_urls": ["https://a.example/x"], "strength": strength}
                found = [error.rule for error in preflight(body, catalog=catalog).errors]
                assert found == ([] if strength is None else ["strength.not_with_image_urls"])

    def test_bytes_that_lie_or_are_gone(self) -> None:
        class Broken(bytearray):
            def __bytes__(self) -> bytes:
                raise LookupError

        text = b'{"model": "gpt-image-2-official", "prompt": "a fox"}'
        assert preflight(Broken(text)).to_json() == preflight(text).to_json()
        view = memoryview(text)
        assert preflight(view).to_json() == preflight(text).to_json()
        view.release()
        (error,) = preflight(view).errors
        assert (error.rule, error.params["detail"]) == ("body.unreadable", "its bytes can't be read: ValueError")

    def test_a_mapping_that_raises(self) -> None:
        class Broken(dict[str, Any]):
            def items(self) -> Any:
                raise RuntimeError("no")

        assert rules(Broken()) == ["body.unreadable"]

    def test_subclasses_count_as_what_json_makes_of_them(self) -> None:
        import enum

        class Size(str, enum.Enum):  # noqa: UP042  # its hash is that of the name, unlike a StrEnum's
            WIDE = "16:9"

        class Count(enum.IntEnum):
            TWO = 2

        body = {
            "model": OFFICIAL,
            "prompt": "a",
            "size": Size.WIDE,
            "n": Count.TWO,
            "image_urls": ("https://a.example/x",),
        }
        report = preflight(body)
        assert report.ok
        assert report.payload() == {**body, "size": "16:9", "n": 2, "image_urls": ["https://a.example/x"]}
        assert type(report.payload()["size"]) is str  # type: ignore[index]


class TestErrors:
    """What errors depend on, and what not."""

    @given(wild_bodies(), st.randoms(use_true_random=False))
    def test_the_order_of_keys_changes_no_error(self, body: dict[Any, Any], random: Any) -> None:
        items = list(body.items())
        random.shuffle(items)
        assert preflight(dict(items)).errors == preflight(body).errors

    @given(wild_bodies(), st.dictionaries(st.text(min_size=12), json_values(4), max_size=5))
    def test_unknown_keys_change_no_error(self, body: dict[Any, Any], more: dict[str, Any]) -> None:
        assert preflight({**more, **body}).errors == preflight(body).errors

    @given(valid_bodies(OFFICIAL), st.sampled_from((*FAULTS, *OFFICIAL_FAULTS)))
    def test_one_fault_one_finding(self, body: dict[str, Any], fault: Fault) -> None:
        body = {**body, "resolution": "2k", "mask_url": None, fault.field: fault.value}
        errors = preflight(body).errors
        assert [error.rule for error in errors] == [fault.rule]
        assert errors[0].field == fault.field

    @given(valid_bodies(OFFICIAL), st.sets(st.sampled_from(range(len(ORDER)))))
    def test_k_faults_in_k_fields_are_k_findings_in_order(self, body: dict[str, Any], chosen: set[int]) -> None:
        by_field = {fault.field: fault for fault in ((*FAULTS, *OFFICIAL_FAULTS)[index] for index in sorted(chosen))}
        body = {
            **body,
            "resolution": "2k",
            "mask_url": None,
            **{field: fault.value for field, fault in by_field.items()},
        }
        # entries of image_urls are looked at after the type of the mask
        late = {"image_urls.item_type", "image_urls.data_uri", "image_urls.not_http"}
        expected = [fault.rule for fault in by_field.values()]
        found = rules(body)
        assert sorted(found) == sorted(expected)
        assert [rule for rule in found if rule not in late] == sorted(set(expected) - late, key=ORDER.index)

    @given(wild_bodies())
    def test_raising_is_the_callers_choice(self, body: dict[Any, Any]) -> None:
        report = preflight(body)
        if report.ok:
            assert report.raise_for_errors() is report
            assert quote(body) == report.quote
        else:
            with pytest.raises(InvalidRequestError) as caught:
                report.raise_for_errors()
            assert caught.value.report is report
            assert str(caught.value) == "; ".join(error.message for error in report.errors)
            with pytest.raises(InvalidRequestError):
                quote(body)

    @given(wild_bodies())
    def test_the_gateway_answers_with_the_first_code(self, body: dict[Any, Any]) -> None:
        report = preflight(body)
        coded = [error for error in report.errors if error.code is not None]
        if coded:
            error: dict[str, Any] = {"code": coded[0].code, "message": coded[0].message, "request_id": "r-1"}
            assert report.gateway_error("r-1") == {"error": error}
        else:
            assert report.gateway_error("r-1") is None

    @given(valid_bodies())
    def test_a_payload_passes_and_means_the_same(self, body: dict[str, Any]) -> None:
        report = preflight(body)
        again = preflight(report.payload())
        assert again.ok
        assert (again.effective, again.dimensions, again.quote) == (report.effective, report.dimensions, report.quote)
        assert again.payload() == report.payload()
        left = {"field.unknown", "field.unsupported", "field.null", "field.empty", "n.integral_float"}
        assert not left & {finding.rule for finding in again.warnings}

    @given(valid_bodies())
    def test_reports_survive_pickling_and_copying(self, body: dict[str, Any]) -> None:
        report = preflight(body)
        for twin in (pickle.loads(pickle.dumps(report)), copy.deepcopy(report)):
            assert twin.to_json() == report.to_json()

    def test_an_error_survives_pickling(self) -> None:
        with pytest.raises(InvalidRequestError) as caught:
            quote(size="7:5")
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)

    def test_axes_that_are_no_words(self) -> None:
        with pytest.raises(InvalidRequestError, match="size must be a string"):
            quote(size=["16:9"])  # type: ignore[arg-type]

    def test_a_body_or_the_axes(self) -> None:
        with pytest.raises(TypeError, match="a body or the axes, not both"):
            quote({"model": OFFICIAL, "prompt": "a"}, n=2)

    def test_params_and_patches_are_shared_and_so_frozen(self) -> None:
        for fields in ({"n": 9}, {"size": "7:5"}, {"size": "16x9"}, {"quality": "auto"}, {"size": "16×9"}):
            report = preflight({"model": OFFICIAL, "prompt": "a", **fields})
            for finding in (*report.errors, *report.warnings):
                for part in (finding.params, finding.patch):
                    if part is not None:
                        with pytest.raises(TypeError, match="can't be changed"):
                            part["minimum"] = 0
                        with pytest.raises(TypeError, match="can't be changed"):
                            part.clear()
                        assert not any(isinstance(value, (list, dict)) for value in part.values())
                        assert pickle.loads(pickle.dumps(part)) == copy.deepcopy(part) == part

    def test_results_are_frozen(self) -> None:
        report = preflight({"model": OFFICIAL, "prompt": "a", "n": 9})
        with pytest.raises(AttributeError):
            report.errors = ()  # type: ignore[misc]
        with pytest.raises(AttributeError):
            report.errors[0].rule = "x"  # type: ignore[misc]


def quoted(card: dict[str, Any], **axes: Any) -> Quote:
    return quote(rates=RateCard.from_dict(card), **axes)


TIERS = st.tuples(st.sampled_from(RATIOS), st.sampled_from(RESOLUTIONS)).filter(
    lambda cell: cell[1] != "4k" or cell[0] in WIDE
)


class TestPrices:
    """Laws of money."""

    @given(decimals(), st.integers(1, 10_000))
    def test_credits_are_the_exact_ceiling(self, price: str, n: int) -> None:
        expected = oracle_credits(price, n)
        assert credits(price, n) == expected
        assert credits(decimal.Decimal(price), n) == expected
        amount = picos(price)
        assert amount is not None
        assert request_credits(amount, n) == expected
        assert expected * 10**9 - amount * n in range(10**9)
        assert abs(float_credits(price, n) - expected) <= 1

    @given(rate_cards(complete=True), TIERS, st.sampled_from(("low", "medium", "high")), st.integers(1, 3))
    def test_credits_never_fall_with_n(self, card: dict[str, Any], cell: tuple[str, str], quality: str, n: int) -> None:
        size, resolution = cell
        one, more = (quoted(card, size=size, resolution=resolution, quality=quality, n=count) for count in (n, n + 1))
        assert one.credits is not None
        assert more.credits is not None
        assert one.credits <= more.credits <= one.credits * (n + 1)

    @given(rate_cards(complete=True, equal_twins=True), TIERS, st.sampled_from(("low", "medium", "high")))
    def test_transposing_keeps_the_price(self, card: dict[str, Any], cell: tuple[str, str], quality: str) -> None:
        size, resolution = cell
        twin = ":".join(reversed(size.split(":")))
        assert (
            quoted(card, size=size, resolution=resolution, quality=quality).credits
            == quoted(card, size=twin, resolution=resolution, quality=quality).credits
        )

    @given(
        rate_cards(complete=True),
        st.sampled_from(("1k", "2k")),
        st.sampled_from(("low", "medium", "high")),
        st.integers(1, 4),
    )
    def test_auto_is_the_most_expensive_ratio(
        self, card: dict[str, Any], resolution: str, quality: str, n: int
    ) -> None:
        auto = quoted(card, size="auto", resolution=resolution, quality=quality, n=n)
        ratios = [quoted(card, size=size, resolution=resolution, quality=quality, n=n).credits for size in RATIOS]
        assert auto.basis == "exact"
        assert auto.credits == max(credit for credit in ratios if credit is not None)
        mirrored = quoted(card, resolution=resolution, quality=quality, n=n, has_images=True)
        assert (mirrored.credits, mirrored.basis) == (auto.credits, "bounded")
        assert mirrored.credits_low == min(credit for credit in ratios if credit is not None)

    @given(rate_cards(), TIERS, st.integers(1, 4))
    def test_quality_auto_is_high(self, card: dict[str, Any], cell: tuple[str, str], n: int) -> None:
        size, resolution = cell
        high = quoted(card, size=size, resolution=resolution, quality="high", n=n)
        assert quoted(card, size=size, resolution=resolution, quality="auto", n=n) == high
        assert quoted(card, size=size, resolution=resolution, n=n) == high

    @given(rate_cards(complete=True), st.sampled_from(("1k", "2k")), st.sampled_from(RATIOS))
    def test_a_gap_never_makes_a_quote_smaller(self, card: dict[str, Any], resolution: str, size: str) -> None:
        axes = {"size": "auto", "resolution": resolution, "quality": "low"}
        del card["usd_per_image"][OFFICIAL][f"{size}@{resolution}_low"]
        with_gap = quoted(card, **axes)
        assert (with_gap.basis, with_gap.credits, with_gap.usd) == ("unknown", None, None)
        assert with_gap.missing == (f"{size}@{resolution}_low",)

    @given(valid_bodies(), rate_cards(complete=True))
    def test_bounds_are_in_order_and_units_agree(self, body: dict[str, Any], card: dict[str, Any]) -> None:
        result = preflight(body, rates=RateCard.from_dict(card)).quote
        assert result is not None
        assert result.credits is not None
        assert result.credits_low is not None
        assert result.per_image_usd is not None
        assert result.credits_low <= result.credits
        assert result.basis == "bounded" or result.credits_low == result.credits
        assert decimal.Decimal(str(result.usd)) * 1000 == result.credits
        assert result.n is not None
        assert result.credits == oracle_credits(result.per_image_usd, result.n)

    def test_no_ambient_decimal_context(self) -> None:
        with decimal.localcontext(decimal.Context(prec=1, rounding=decimal.ROUND_DOWN)):
            assert quote(size="16:9", resolution="2k", quality="high", n=2).credits == 759
            assert credits(decimal.Decimal("0.3792"), 2) == 759


class TestSurroundings:
    """Locale, hash seed and byte order of dictionaries change nothing."""

    def test_hash_seed_and_locale(self) -> None:
        program = (
            "from reapi_rules import preflight\n"
            "body = {'model': 'gpt-image-2-official', 'prompt': '狐', 'size': '3:2', 'n': 0, 'resolution': '4K'}\n"
            "print(preflight(body).to_json(), preflight({**body, 'resolution': '2k', 'n': 3}).to_json())"
        )
        outputs = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={"PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": ":".join(sys.path), "PATH": ""},
                capture_output=True,
                check=True,
            ).stdout
            for seed, locale in (("0", "C"), ("1", "tr_TR.UTF-8"), ("2", "POSIX"))
        }
        assert len(outputs) == 1
