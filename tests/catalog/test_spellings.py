"""The spellings: programs that look them up in the table read what the package reads."""

from __future__ import annotations

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
