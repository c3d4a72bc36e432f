"""The results that rows share are those of the plain path, and no text of the caller's stays in memory."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Role
from reapi_rules.engine.engine import preflight
from reapi_rules.prices.alternatives import Alternative, alternatives
from reapi_rules.sheets.meaning.cells import RowOptions
from reapi_rules.sheets.meaning.columns import find_columns, note_text
from reapi_rules.sheets.meaning.table import Row
from reapi_rules.sheets.results import what_if
from reapi_rules.sheets.results.quoter import Quoter, _FreeTexts
from reapi_rules.sheets.results.result import Result, result
from tests.support.profile import IS_THOROUGH
from tests.support.sheet_strategies import MASKS, PROMPTS, URLS, WORDS, cells_of, plans

FIELDS = [*WORDS, "prompt", "image_urls", "mask_url"]
ROLES: tuple[Role, ...] = ("shape", "tier", "quality")


def plainly(quoter: Quoter, row: Row) -> tuple[Any, ...] | None:
    """The cells of a result without any memory."""
    plan = quoter.plan(row)
    if plan is None:
        return None
    report = preflight(plan.body, default_model=built_in().default_model)
    return result(report, plan.notes, columns=quoter.columns_of(report)).cells


def cells(found: Result | None) -> tuple[Any, ...] | None:
    return None if found is None else found.cells


class TestEqualsThePlainPath:
    def test_numbers_of_a_workbook_are_shared_and_truth_values_are_not_taken_for_them(self) -> None:
        quoter = Quoter(find_columns(["size", "n"]))
        first, second = (quoter.result(Row(at, ["1:1", 1.0])) for at in (2, 3))
        assert first is second
        for number in (1, True, 0.0, False, -0.0, 2.0, 2.5, "1", "1.0"):
            row = Row(4, ["1:1", number])
            for _ in range(2):
                assert cells(quoter.result(row)) == plainly(quoter, row), number
        assert quoter.result(Row(5, ["1:1", True])) is not first

    @pytest.mark.parametrize("title", ("prompt", "image_urls", "mask_url"))
    def test_zero_is_given_and_a_blank_is_not(self, title: str) -> None:
        """What a workbook holds may be a number that counts as false, in either order with a blank cell."""
        blank = {
            "model": "z-image" if title == "prompt" else "",
            "size": "1:1",
            "prompt": "a fox",
            "image_urls": "",
            title: "",
        }
        for values in permutations((0, 0.0, False, "", "a fox"), 2):
            quoter = Quoter(find_columns([*blank]))
            for value in (*values, *values):
                row = Row(2, [*(blank | {title: value}).values()])
                assert cells(quoter.result(row)) == plainly(quoter, row), values

    def test_on_everything_finite(self) -> None:
        """Every size, resolution, quality and n of every model, with and without prompt, references and mask."""
        header = ["model", "size", "resolution", "quality", "n", "prompt", "image_urls", "mask_url"]
        quoter = Quoter(find_columns(header))
        texts = [
            ("a fox", "", ""),
            ("a fox", "https://a.example/1.png", ""),
            ("a fox", "https://a.example/1.png", "https://a.example/m.png"),
            ("", "", ""),
        ]
        for model in built_in().models.values():
            sizes, resolutions, qualities = (
                ("", *(model.field(role).choices if role in model.roles else ("high",))) for role in ROLES
            )
            numbers = ("", "1", "2", "4", "5") if model.file.default else ("", "1", "13")
            name = "" if model.file.default else model.id
            for at, (size, resolution, quality, n) in enumerate(product(sizes, resolutions, qualities, numbers)):
                for number, free in enumerate(texts):
                    if at % len(texts) != number and not IS_THOROUGH:
                        continue
                    row = Row(number, [name, size, resolution.upper(), quality, n, *free])
                    expected = plainly(quoter, row)
                    assert cells(quoter.result(row)) == cells(quoter.result(row)) == expected, row

    @given(st.lists(st.sampled_from(FIELDS), min_size=1, unique=True), st.data())
    def test_on_any_rows_in_any_order(self, header: list[str], data: st.DataObject) -> None:
        quoter = Quoter(find_columns(header))
        few = st.tuples(*(cells_of(title) for title in header)).map(list)
        rows = data.draw(st.lists(few, min_size=1, max_size=5))
        for index in data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=12)):
            row = Row(index, rows[index])
            assert cells(quoter.result(row)) == plainly(quoter, row)

    @pytest.mark.parametrize("field", ("prompt", "image_urls", "mask_url"))
    def test_on_awkward_free_text_after_an_ordinary_one(self, field: str) -> None:
        ordinary = {"prompt": "a fox", "image_urls": "https://a.example/1.png", "mask_url": "", "size": "1:1"}
        awkward = {"prompt": PROMPTS, "image_urls": URLS, "mask_url": MASKS}[field]
        for model, text in product((*built_in().models, "midjourney", "dall-e"), awkward):
            quoter = Quoter(find_columns(["model", *ordinary]))
            for ordinary_text in ("", awkward[0]):
                quoter.result(Row(2, [model, *(ordinary | {field: ordinary_text}).values()]))
            row = Row(3, [model, *(ordinary | {field: text}).values()])
            assert cells(quoter.result(row)) == plainly(quoter, row), text

    def test_several_columns_of_references(self) -> None:
        quoter = Quoter(find_columns(["image_url_1", "image_url_2"]))
        url = "https://a.example/1.png"
        for first, second in (("", ""), (url, ""), (url, url), (" ".join([url] * 16), ""), (" ".join([url] * 16), url)):
            for _ in range(2):
                row = Row(2, [first, second])
                assert cells(quoter.result(row)) == plainly(quoter, row)

    def test_cells_of_workbooks(self) -> None:
        quoter = Quoter(find_columns(["size", "n"]))
        for n in ("1", 1, 1.0, True, "TRUE", None):
            for _ in range(2):
                assert cells(quoter.result(Row(2, ["1:1", n]))) == plainly(quoter, Row(2, ["1:1", n]))

    @given(plans())
    def test_short_rows(self, plan: tuple[list[str], list[list[str]]]) -> None:
        header, rows = plan
        quoter = Quoter(find_columns(header))
        for row in rows:
            for length in range(len(row) + 1):
                short = Row(2, row[:length])
                assert cells(quoter.result(short)) == plainly(quoter, short)


class TestMemory:
    def test_rows_that_say_the_same_share_a_result(self) -> None:
        quoter = Quoter(find_columns(["size", "prompt"]))
        first = quoter.result(Row(2, ["1:1", "a fox"]))
        assert first is not None
        assert first.is_shared
        assert quoter.result(Row(3, ["1:1", "another fox"])) is first
        assert quoter.result(Row(4, ["1:1", "a 16:9 fox"])) is not first

    def test_the_engine_is_not_asked_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        quoter = Quoter(find_columns(["size", "prompt"]))
        quoter.result(Row(2, ["1:1", "a fox"]))
        monkeypatch.setattr(quoter, "_judge", None)
        assert quoter.result(Row(3, ["1:1", "another fox"])) is not None

    def test_it_is_bounded(self) -> None:
        quoter = Quoter(find_columns(["size", "n", "x"]))
        for number in range(3 * 4_096):
            size = "1:1".rjust(number % 20 + 3).ljust(number // 20 % 20 + 3)
            quoter.result(Row(number, [size, str(number % 99 + 1), "x"]))
        assert len(quoter._known) <= 4_096

    def test_it_holds_no_text_of_the_caller(self) -> None:
        header = ["size", "quality", "prompt", "image_urls", "mask_url", "n", "model", "negative_prompt", "seed"]
        quoter = Quoter(find_columns(header))
        for row in (
            ["1:1", "low", "x secret", f"https://{'secret' * 9}.example/1.png"],
            [f"1x{'9' * 40}", "low"],
            ["1024x1024", "low", "secret"],
            ["1:1", "a secret that is in no rule", "x"],
            ["1:1" + " " * 500, "low", "x"],
            ["1:1", "low", "secret", "", "", "12345678"],
            ["7:5", "low", "secret"],
            ["1:1", "best", "secret"],
            ["7:5", "", "secret", "", "", "2", "flux-2"],
            ["1:1", "", "x", "", "", "", "wan2.7-image", "a secret"],
            ["1:1", "", "x", "", "", "", "wan2.7-image", "", "99999"],
            ["1:1", "", "secret", "", "", "", "wan2.7-image"],
        ):
            quoter.result(Row(2, row))
        seen: list[Any] = [quoter._known]
        held: set[str] = set()
        visited: set[int] = set()
        while seen:
            thing = seen.pop()
            if id(thing) in visited:
                continue
            visited.add(id(thing))
            if isinstance(thing, str):
                held.add(thing)
            elif isinstance(thing, dict):
                seen += [*thing, *thing.values()]
            elif isinstance(thing, (list, tuple)):
                seen += thing
            elif isinstance(thing, msgspec.Struct):
                seen += msgspec.structs.astuple(thing)
        assert len(quoter._known) == 7
        assert held
        assert not [text for text in held if "secret" in text or "999" in text or len(text) > 400]


class TestSavings:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """The bodies that alternatives are looked for."""
        found: list[Any] = []

        def noted(body: Any, **given: Any) -> tuple[Alternative, ...]:
            found.append(body)
            return alternatives(body, **given)

        monkeypatch.setattr(what_if, "alternatives", noted)
        return found

    def test_requests_that_differ_in_nothing_priced_are_looked_at_once(self, asked: list[Any]) -> None:
        found = what_if.Savings()
        for prompt in ("a fox", "a cat", "an owl"):
            for size in ("16:9", "1:1", "auto"):
                found.add(preflight({"model": built_in().default_model, "prompt": prompt, "size": size}))
        assert len(asked) == 3
        assert found.requests == 9

    def test_a_text_of_the_callers_is_neither_kept_nor_taken_for_another(self, asked: list[Any]) -> None:
        """Each size in pixels may have a price of its own."""
        sizes = ("1024x1024", "3000x1024", "1536x1024") * 2
        reports = [preflight({"model": built_in().default_model, "prompt": "a fox", "size": size}) for size in sizes]
        best = [alternatives(report.payload(), rates=report.rate_card)[0] for report in reports]
        found = what_if.Savings()
        for report in reports:
            found.add(report)
        assert len(asked) == len(sizes)
        assert (found.credits, found.credits_low) == (
            sum(each.saving for each in best),
            sum(each.saving_low for each in best),
        )
        assert 0 < found.credits_low < found.credits
        assert not found._known


def test_what_is_noted_of_a_row_is_in_the_language_asked_for() -> None:
    named: dict[str, Any] = {"name": "size", "content": '"1:1"', "row": 2}
    for language in ("en", "zh"):
        quoter = Quoter(find_columns(["size"]), RowOptions(language=language))
        plan = quoter.plan(Row(3, ["1:1"], notes=(("cell.merged", named),)))
        assert plan is not None
        assert plan.notes == (note_text("cell.merged", language, **named),)


@pytest.mark.parametrize(
    ("model", "least", "most"), (("gpt-image-2-official", 1, 16), ("flux-2", 1, 8), ("qwen-image-2", 1, 1), ("doubao-seedream-5-0-lite", 1, 40))
)  # fmt: skip
def test_images_are_ordinary_where_no_rule_minds_them(model: str, least: int, most: int) -> None:
    look = _FreeTexts(built_in().models[model], built_in())._are_ordinary_images
    own = "https://a.example/{}.png".format
    for gap, is_noted in (("\n", False), (" ", False), (", ", True), (";", True)):
        found = [number for number in range(1, 41) if look(gap.join(map(own, range(number))))]
        assert found == ([1] if is_noted else [*range(least, most + 1)])
    for cell in (
        "x",
        7,
        "",
        '["https://a.example/1.png"]',
        "https://10.0.0.1/a",
        "http://a.example/x, y",
        own(1) + ",",
        "=1",
    ):
        assert look(cell) is (cell == own(1) + ","), cell


@pytest.mark.parametrize(("model", "has_masks"), (("gpt-image-2-official", True), ("flux-2", False)))
def test_masks_are_ordinary_where_the_model_has_them(model: str, has_masks: bool) -> None:
    ((at, bit, look),) = _FreeTexts(built_in().models[model], built_in()).looks([(3, "mask")])
    assert (at, bit) == (3, 1)
    assert [*map(look, ("https://a.example/1.png", "x", 7))] == [has_masks, False, False]
