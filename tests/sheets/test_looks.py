"""Looks: what the cells of a column could be, asked one by one."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from reapi_rules.sheets.meaning.looks import Looks
from reapi_rules.sheets.meaning.marks import is_total
from reapi_rules.sheets.meaning.words import row_words


def looks(*cells: Any) -> Looks:
    """A sheet of one column with these cells."""
    return Looks(None, [[cell] for cell in cells], [0])


@pytest.mark.parametrize(
    ("cells", "is_count", "is_several", "is_run", "is_tally"),
    (
        ((4, 2, 4), True, True, False, True), ((1, 1), True, False, False, True), (("1", 2), True, True, True, True), ((2, "2,0"), True, True, False, True),
        ((1, 2, 3), False, False, True, True), ((1, 2, 3, None, None, None, None), True, True, True, True), ((2, 4, 9), True, True, True, True), ((9, 4, 2), True, True, False, True),
        ((99, 2), True, True, False, True), (("two", 3), True, True, False, True), (("cat", "dog", 3), False, False, False, False),
        (("cat", 3), False, False, False, False), (("cat, dog", "x"), False, True, False, False), (("cat",), False, False, False, False), ((0, 2), True, True, True, True), (("0.0", 2, "-0"), False, False, False, True),
        (("yes", "no"), False, False, False, True), ((), False, False, False, False), (("\u00a0", "4"), True, True, False, True), ((5,), True, True, False, True),
    ),
)  # fmt: skip
def test_numbers(cells: tuple[Any, ...], is_count: bool, is_several: bool, is_run: bool, is_tally: bool) -> None:
    column = looks(*cells)
    assert (column.is_count(0), column.is_several(0), column.is_run(0), column.is_tally(0)) == (
        is_count, is_several, is_run, is_tally,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "is_edge"),
    (((1024, 768), True), (("1,024 px",), True), ((64,), True), ((63,), False), ((1024, 3), False), ((1024, 768, 3), True), ((), True), (("x",), False)),
)  # fmt: skip
def test_pixels_of_an_edge(cells: tuple[Any, ...], is_edge: bool) -> None:
    assert looks(*cells).is_edge(0) is is_edge


@pytest.mark.parametrize(
    ("subject", "cells", "is_of", "all_say", "found"),
    (
        ("shape", ("16:9", "1920x1080"), True, True, 2), ("shape", ("16:9", "x"), True, False, 1), ("shape", ("16:9", "x", "y"), False, False, 1), ("shape", ("auto",), False, False, 1),
        ("tier", ("2K", "4k"), True, True, 2), ("tier", ("2K", "2048"), True, False, 2), ("quality", ("high", "niedrig"), True, True, 2), ("quality", ("high", "draft"), False, False, 2),
        ("quality", ("high", "x"), False, False, 1), ("number", (2, 10), True, True, 2), ("number", (2, 11), False, False, 2), ("number", ("2 images", "three"), True, True, 2),
        ("number", (1, 2, 3), False, True, 3), ("number", (3, 2, 1), True, True, 3), ("number", (0,), False, False, 1), ("number", (), False, False, 0), ("shape", (), False, False, 0),
    ),
)  # fmt: skip
def test_words(subject: str, cells: tuple[Any, ...], is_of: bool, all_say: bool, found: int) -> None:
    column = looks(*cells)
    assert (column.is_of(subject, 0), column.all_say(subject, 0), column.count_like(subject, 0)) == (
        is_of,
        all_say,
        found,
    )
    assert column.any_like(subject, 0) is (found > 0)


@pytest.mark.parametrize(
    ("cells", "ticked"),
    ((("x", None), "x"), (("x", "x"), None), ((1, 0), "1"), ((1, 1), None), (("Yes", "no"), "Yes"), (("yes", "maybe"), None), (("checked", None), "checked"), (("Checked", "Unchecked"), "Checked"), (("no", None), None), ((), None), (("[x]", "[ ]"), "[x]"), (("✔️", "❌"), "✔️"), (("√", None), "√"), (("○", "×"), "○"), (("○", "●"), "●"), (("WAHR", "FALSCH"), "WAHR"), (("x", None, "?"), "x"), ((1, 0, "？"), "1"), (("yes", "no", "tbc"), "yes"), (("yes", "no", "tbc", "later"), None), (("x", "?", "tbc"), None), (("☑", "-"), "☑"), ((1, 0, 2), None)),
)  # fmt: skip
def test_the_cell_that_ticks_a_row(cells: tuple[Any, ...], ticked: str | None) -> None:
    assert looks(*cells).ticked(0) == ticked


def test_under_a_title_such_as_done_the_other_rows_are_kept() -> None:
    for cells, kept in (
        (("x", None), ""),
        ((1, 0), "0"),
        (("VRAI", "FAUX"), "FAUX"),
        (("x", "x"), None),
        (("?", "x", None), ""),
    ):
        assert [looks(*cells).ticked(0, title) for title in ("Done?", "已取消")] == [kept] * 2


def test_orientations_are_no_size_but_say_that_there_is_one() -> None:
    columns = (("竖", "横"), ("Portrait", None, "landscape"), ("portrait", "16:9"), ("Poster",), ())
    assert [looks(*each).is_turned(0) for each in columns] == [True, True, False, False, False]


def test_what_goes_on_is_no_example() -> None:
    cells = (("Example", "done", "open"), "open"), (("Example", "done"), ""), (("fox", "(cancelled)"), None)
    assert [looks(*each).going_on(0) for each, _ in cells] == [kept for _, kept in cells]


def test_words_that_tick_are_known_in_any_case() -> None:
    for on, off in product(row_words().on, row_words().off):
        assert on == off or looks(on.title(), off.upper()).ticked(0) == on.title()
        assert looks(on.upper(), off.title(), "2", "0").is_tally(0)


def test_a_sum_of_names_is_no_total_of_what_is_above() -> None:
    for formula, is_sum in (
        ("SUM(n)", False),
        ("SUM(T[n])", True),
        ("SUM(1,2)", False),
        ("SUM(A1:A9)", True),
        ("A9+1", False),
        ("SUM(A11)", False),
    ):
        assert is_total(formula, 10, 0) is is_sum, formula


def test_cells_are_met_once_and_blank_ones_not_at_all() -> None:
    column = looks("a", None, "", "\u00a0", "a", "b", 2, "2")
    assert (column.cells(0), column.has_rows) == (["a", "b", "2"], True)
    assert not looks().has_rows
    beside = Looks(None, [["a", "b", "c"], ["d"]], [2, 0])
    assert (beside.cells(0), beside.cells(1)) == (["c"], ["a", "d"])
