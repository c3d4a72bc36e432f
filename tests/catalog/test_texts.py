"""The texts of ``data/errors.json``: each is said somewhere, with the figures that it shows, and in both languages."""

from __future__ import annotations

import ast
import errno
import os
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from reapi_rules.catalog.texts import Told, reason, texts
from reapi_rules.sheets.meaning.columns import SheetError

TEXTS = texts("errors")
SYSTEM = sorted(key for key in TEXTS if hasattr(errno, key))
SAYING = ("Told", "ToldError", "SheetError", "UnusableError", "RateCardError", "ExactJsonError")
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in Path("reapi_rules").rglob("*.py")]


def figures(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def words(node: ast.AST, scopes: list[ast.AST]) -> set[str]:
    """The words that an expression may be: its own, or those of the variable or the function that it names."""
    match node:
        case ast.Constant(value=str(word)):
            return {word}
        case ast.IfExp(body=first, orelse=second):
            parts: list[ast.AST] = [first, second]
        case ast.BoolOp(values=found) | ast.Tuple(elts=found) | ast.Dict(values=found):
            parts = [*found]
        case ast.Subscript(value=found):
            parts = [found]
        case ast.Name(id=name):
            assigned = [[*values(scope, name)] for scope in scopes]
            parts = next(filter(None, assigned), [])
        case ast.Call(func=ast.Name(id=name)):
            made = [each for each in ast.walk(scopes[-1]) if isinstance(each, ast.FunctionDef) and each.name == name]
            parts = [
                each.value for one in made for each in ast.walk(one) if isinstance(each, ast.Return) and each.value
            ]
        case _:
            parts = []
    return {word for part in parts for word in words(part, scopes)}


def values(scope: ast.AST, name: str) -> Iterator[ast.AST]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            yield node.value


def calls(node: ast.AST, scopes: list[ast.AST]) -> Iterator[tuple[ast.Call, set[str]]]:
    """Where something is said, and the texts that it may be."""
    if isinstance(node, (ast.Module, ast.FunctionDef)):
        scopes = [node, *scopes]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
        yield node, words(node.args[0], scopes)
    for inner in ast.iter_child_nodes(node):
        yield from calls(inner, scopes)


SAID = [call for tree in TREES for call in calls(tree, [])]


def test_each_is_said_somewhere() -> None:
    assert {word for _, keys in SAID for word in keys & TEXTS.keys()} | {"list", *SYSTEM} == TEXTS.keys()


def test_nothing_else_is_said() -> None:
    named = {call.args[0].value for call, _ in SAID if isinstance(call.args[0], ast.Constant)}
    assert len(named) > 100
    assert named <= TEXTS.keys()


def test_each_is_given_its_figures() -> None:
    for call, keys in SAID:
        given = {keyword.arg for keyword in call.keywords} - {"count"}
        shown = {name for key in keys & TEXTS.keys() for name in figures(TEXTS[key]["en"])}
        assert shown == given or not keys, ast.unparse(call)


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same(key: str) -> None:
    english, chinese = TEXTS[key]["en"], TEXTS[key]["zh"]
    assert all(figures(part) == figures(chinese) for part in english.split("|"))
    assert re.search("[一-鿿：、“]", chinese)
    assert not re.search("[,;:]( |$)", chinese)  # Chinese has signs of its own


@pytest.mark.parametrize("key", SYSTEM)
def test_the_system_is_quoted(key: str) -> None:
    number = getattr(errno, key)
    assert str(reason(OSError(number, "whatever"))) == os.strerror(number)


def test_what_the_system_says_else_stays() -> None:
    assert str(reason(OSError(errno.EIO, "it broke"))) == "it broke"
    assert str(reason(OSError("no number"))) == "no number"


def test_an_error_is_a_value_error_that_can_be_sent() -> None:
    error = SheetError("of_sheet", name="May", error=SheetError("no_header"))
    copied: SheetError = pickle.loads(pickle.dumps(error))
    assert issubclass(type(copied), ValueError)
    assert str(copied) == str(error) == 'sheet "May": the sheet is empty: its first row names the columns'
    assert copied.said("zh") == "工作表“May”：表格是空的：第一行应为表头"


def test_a_language_that_we_lack_is_english() -> None:
    assert Told("is_empty").said("fr") == "it is empty"


def test_nothing_is_read_until_something_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reapi_rules.catalog.texts.texts", lambda name: 1 / 0)
    error = SheetError("is_empty")
    with pytest.raises(ZeroDivisionError):
        str(error)
