"""JSON for prices: what is said of text that is none, and whether it only ends too early."""

from __future__ import annotations

import pytest

from reapi_rules.catalog.exact_json import ExactJsonError, decode, decode_at


@pytest.mark.parametrize(
    ("text", "is_cut_off", "says"),
    (
        ('{"a": ', True, "it is not JSON: Expecting value: line 1 column 7 (char 6)"),
        ('{"a": "b}', True, "it is not JSON: Unterminated string starting at: line 1 column 7 (char 6)"),
        ('{"a": b}', False, "it is not JSON: Expecting value: line 1 column 7 (char 6)"),
        ("}", False, "it is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"a": NaN', False, "it is not JSON: NaN is not a number"),
        ("[" * 100_000, False, "it can't be read: it is nested too deep"),
    ),
    ids=range(6),
)
def test_what_is_wrong(text: str, is_cut_off: bool, says: str) -> None:
    with pytest.raises(ExactJsonError) as raised:
        decode_at(text, 0)
    assert (str(raised.value), raised.value.is_cut_off) == (says, is_cut_off)
    assert raised.value.is_cut_off is is_cut_off


def test_only_the_blanks_of_json_may_follow() -> None:
    assert decode('{"a": [1]} \t\r\n') == {"a": ["1"]}
    with pytest.raises(ExactJsonError, match="it is not JSON: more text after its end, character 11"):
        decode('{"a": [1]}\x0b')


def test_it_is_cut_off_where_no_brace_follows() -> None:
    with pytest.raises(ExactJsonError) as raised:
        decode_at('{"a": {"b": 1}, "c": ', 0)
    assert raised.value.is_cut_off


def test_it_begins_where_it_is_told_to() -> None:
    assert decode_at('prices = {"a": 1};', 9) == ({"a": "1"}, 17)


@pytest.mark.parametrize(
    ("text", "says"),
    (
        ('{"a": 1, "b": 2, "a": 1}', "同一个对象中有两个键“a”"),
        ('{"a": NaN', "不是 JSON：NaN 不是数字"),
        ('{"a": 1}]', "不是 JSON：结束之后还有内容，从第 9 个字符起"),
        ("[" * 100_000, "无法读取：嵌套太深"),
    ),
    ids=range(4),
)
def test_it_is_said_in_chinese_too(text: str, says: str) -> None:
    with pytest.raises(ExactJsonError) as raised:
        decode(text)
    assert raised.value.said("zh") == says
