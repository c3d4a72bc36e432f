"""Messages by rule id and language: complete, with the same placeholders, and safe to fill."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Finding, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.messages import LANGUAGES, hint, language_of, text, translation
from reapi_rules.forms.mapping import labels
from reapi_rules.forms.message_list import message_catalog
from reapi_rules.forms.reader import form_rules
from tests.support.strategies import wild_bodies
from tests.support.vector_cases import CASES, IDS

RULES = {**built_in().rules, **form_rules()}
CHINESE = translation("zh")
MODEL = "gpt-image-2-official"


def placeholders(template: str) -> set[str]:
    return {name.lower() for name in re.findall(r"{(\w+)}", template.replace("{{", "").replace("}}", ""))}


class TestCompleteness:
    def test_every_rule_is_translated_and_nothing_else(self) -> None:
        assert list(CHINESE.rules) == list(RULES)

    @pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
    def test_a_translation_has_the_same_parts(self, rule: Any) -> None:
        own = CHINESE.rules[rule.id]
        worded = {name: each.message for name, each in rule.variants.items() if each.message is not None}
        assert list(own.variants) == list(worded)
        assert len(own.hints) == len(rule.hints)
        pairs = [(rule.message, own.message), *zip(rule.hints, own.hints)]
        pairs += [(message, own.variants[name]) for name, message in worded.items()]
        for english, chinese in pairs:
            assert placeholders(english) == placeholders(chinese)
            assert re.search("[一-龥]", chinese)

    def test_params_that_are_sentences_are_translated(self) -> None:
        images = ["https://a b.example/", "https://a.example:x/", "https://[::1"]
        bodies = [{"model": MODEL, "prompt": "-", "image_urls": [image]} for image in images]
        found = [w for body in bodies for w in preflight(body).warnings if w.rule == "image_urls.malformed"]
        found += preflight({"model": MODEL, "prompt": "-", "output_format": "png"}).warnings[:1]
        found += preflight(b"\xff").errors
        assert len(found) == 5
        for finding in found:
            assert not re.search("[a-z]{3,}", re.sub("URL|PNG|JSON|UTF-8|output_format", "", text(finding, "zh")))
            assert finding.hint is None or re.search("[一-龥]", str(hint(finding, "zh")))
        assert built_in().hints.always_png_reason in CHINESE.texts

    def test_labels_cover_every_field_and_option(self) -> None:
        for model in built_in().models.values():
            for name in model.parameters:
                assert set(labels().fields[name]) == set(LANGUAGES)
                for word in getattr(getattr(model.fields, name, None), "words", ()):
                    assert set(labels().options[name][word]) == set(LANGUAGES)
        assert labels().languages == LANGUAGES
        assert all(set(sentence) == set(LANGUAGES) for sentence in labels().sentences.values())

    def test_the_catalog_has_all_of_it(self) -> None:
        catalog = message_catalog()
        json.dumps(catalog)
        assert list(catalog["rules"]) == list(RULES)
        assert catalog["rules"]["n.range"]["en"] == {
            "message": "n must be between {minimum} and {maximum}",
            "hints": [],
            "variants": {"fixed": "n must be {minimum}"},
        }


class TestText:
    @pytest.mark.parametrize(
        ("body", "english", "chinese"),
        (
            ({"n": 9}, "n must be between 1 and 4", "n（图片数量）必须在 1 到 4 之间"),
            ({"model": "gpt-image-2", "n": 9}, "n must be 1", "n（图片数量）只能是 1"),
            (
                {"quality": "hd"},
                'invalid quality "hd" (allowed: auto, low, medium, high)',
                "质量“hd”无效（可选值：auto, low, medium, high）",
            ),
            (
                {"resolution": "4K"},
                "4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}",
                "分辨率为 4K 时必须明确选择以下尺寸之一：16:9, 9:16, 2:1, 1:2, 21:9, 9:21",
            ),
        ),
    )
    def test_in_both_languages(self, body: dict[str, Any], english: str, chinese: str) -> None:
        finding = preflight({"model": MODEL, "prompt": "-", **body}).errors[0]
        assert (text(finding), text(finding, "zh")) == (english, chinese)

    def test_variants(self) -> None:
        def only(rule: str, **options: Any) -> str:
            body = {"model": MODEL, "prompt": "-", **options.pop("body", {})}
            report = preflight(body, **options)
            return text(next(f for f in (*report.errors, *report.warnings) if f.rule == rule), "zh")

        assert only("field.unknown", body={"seed": 1}) == "未知字段“seed”会被忽略"
        assert only("field.unknown", body={"seed": 1}, unknown_fields="error") == "未知字段“seed”"
        assert only("quality.auto_bills_high") == "未填写质量时，按 high 计费"
        assert only("quality.auto_bills_high", body={"quality": "auto"}) == "质量 auto 按 high 计费"
        assert only("size.unknown", body={"size": "7:5"}).endswith("auto，或“宽x高”像素）")
        assert only("size.unknown", body={"size": "7:5", "model": "gpt-image-2"}).endswith("auto）")
        assert only("size.unknown", body={"size": "AUTO", "model": "gpt-image-2"}).endswith("auto）")

    @pytest.mark.parametrize("case", CASES, ids=IDS)
    def test_on_every_vector(self, case: dict[str, Any]) -> None:
        report = preflight(case.get("text", case.get("body")))
        for finding in (*report.errors, *report.warnings):
            self.agree(finding)

    @given(wild_bodies())
    def test_on_any_body(self, body: Any) -> None:
        report = preflight(body)
        for finding in (*report.errors, *report.warnings):
            self.agree(finding)

    @staticmethod
    def agree(finding: Finding) -> None:
        """English is the report's own; Chinese says as much: a hint for a hint, no placeholder left."""
        assert (text(finding), hint(finding)) == (finding.message, finding.hint)
        assert text(finding, "zh") != finding.message
        assert (hint(finding, "zh") is None) is (finding.hint is None)
        for value in finding.params.values():
            if type(value) is int and str(value) in finding.message:
                assert str(value) in text(finding, "zh")

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
    def test_braces_in_values_are_only_text(self, value: str) -> None:
        finding = preflight({"model": MODEL, "prompt": "-", "background": "{" + value + "}{0}"}).errors[0]
        assert "{" + value + "}{0}" in text(finding, "zh")

    def test_a_rule_that_has_no_translation_reads_in_english(self) -> None:
        finding = RULES["n.range"].find(9, minimum=1, maximum=4)
        unknown = msgspec.structs.replace(finding, rule="own.rule", hint="do so")
        assert (text(unknown, "zh"), hint(unknown, "zh")) == (finding.message, "do so")


class TestLanguages:
    @pytest.mark.parametrize("tag", ("zh", "zh-CN", "zh_Hans", "ZH-tw", "zh,en;q=0.9", " zh;q=1"))
    def test_chinese(self, tag: str) -> None:
        assert language_of(tag) == "zh"

    @pytest.mark.parametrize("tag", ("", "en", "fr", "zhx", "*", "-", "é", "x" * 10_000))
    def test_else_english(self, tag: str) -> None:
        assert language_of(tag) == "en"
