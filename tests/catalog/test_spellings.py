"""The spellings: programs that look them up in the table read what the package reads."""

from __future__ import annotations

import pytest

from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.titles import subjects


def test_the_table_says_what_the_package_reads() -> None:
    table = dict(spellings().table(subjects().ratios, 12))
    for key, meant in table.items():
        role, _, spelt = key.partition("|")
        if role != "number":
            assert spellings().word(role, spelt, {str(meant): str(meant)}) == meant, key
        elif not spelt.endswith((".0", ",0")):  # a decimal, which any number may be
            assert spellings().number(spelt) == meant, key
    assert len(table) > 3000


def test_a_grade_stands_beside_any_resolution_that_has_it() -> None:
    tiers = {"1k": "1k", "2k": "2k", "4k": "4k"}
    read = [spellings().word("tier", text, tiers) for text in ("1k HD", "4K (Ultra HD)", "2k hd", "2k fhd")]
    assert read == ["1k", "4k", None, "2k"]


SHAPES = {word: word for word in ("1:1", "16:9", "9:16", "auto")}


@pytest.mark.parametrize(
    ("text", "meant"),
    (
        ("16:9 横向", "16:9"), ("16 : 9 wide", "16:9"), ("16\uff1a9", "16:9"), ("9:16 wide", None), ("1:1 square", "1:1"),
        ("quadratisch 1:1", "1:1"), ("quadratisch 16:9", None), ("1:1 wide", None), ("16:9 or 9:16", None), ("16:9!", None), ("16:9 fox", None), ("横版16:9", "16:9"),
        ("16:9" + " " * 37, None),
    ),
)  # fmt: skip
def test_a_shape_among_words_that_agree_with_it(text: str, meant: str | None) -> None:
    assert spellings().word("shape", text, SHAPES) == meant


def test_only_shapes_and_resolutions_stand_among_words() -> None:
    assert spellings().word("quality", "16:9 wide", SHAPES) is None


def test_a_number_of_40_characters_at_most() -> None:
    assert spellings().number("2" + " " * 34 + "张" * 1) == 2
    assert spellings().number("2" + " " * 39 + "张") is None


def test_what_the_table_holds() -> None:
    table = dict(spellings().table(["16:9", "auto"], 12))
    expected = {
        "shape|auto": "auto", "shape|16:9 横向": "16:9", "shape|16:9横向": "16:9", "shape|横向 (16:9)": "16:9", "tier|2k": "2k",
        "tier|2k 分辨率": "2k", "tier|2k (qhd)": "2k", "quality|hoch": "high", "number|0": 0, "number|99": 99, "number|12.0": 12,
        "number|x12": 12, "number|12张": 12, "number|12 张": 12, "number|三张": 3, "number|two": 2, "number|two images": None,
    }  # fmt: skip
    assert {key: table.get(key) for key in expected} == expected
    assert not {"number|100", "number|13.0", "shape|auto wide", "shape|16:9 story"} & table.keys()
