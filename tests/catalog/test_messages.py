"""Messages by rule id and language: complete, with the same placeholders, and safe to fill."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Catalog, Finding, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.forms import form_file, form_rules
from reapi_rules.catalog.hints import hints
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.messages import LANGUAGES, hint, language_of, text, translation
from reapi_rules.catalog.rules import Row
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.engine.examples import example
from reapi_rules.forms import preflight_form
from reapi_rules.forms.message_list import message_catalog
from reapi_rules.tasks.masks import check_mask
from reapi_rules.tasks.readings import read_task
from tests.support.schema_tools import third_catalog
from tests.support.strategies import any_bodies, wild_bodies
from tests.support.told import told
from tests.support.vector_cases import BY_FILE, report_of

MODELS = built_in().models
FILE = MODELS["gpt-image-2-official"].rules_file
ROWS: dict[str, Row] = {row.id: row for row in (*FILE.rules, *form_file().rules, *task_rules().rules)}
RULES = {**built_in().rules, **form_rules()}
CHINESE = translation("zh")
MODEL = "gpt-image-2-official"


def placeholders(template: str) -> set[str]:
    """The figures that a template shows, in capitals and as a choice or not."""
    return {
        name.lower().removesuffix("_or")
        for name in re.findall(r"{(\w+)}", template.replace("{{", "").replace("}}", ""))
    }


def texts(english: Any, chinese: Any) -> Iterator[tuple[str, str]]:
    """The texts of a row, or of what it says otherwise, beside those of its translation."""
    if english.message is not None:
        assert chinese.message is not None
        yield english.message, chinese.message
    if english.hints is not None:
        assert chinese.hints is not None
        assert len(english.hints) == len(chinese.hints)
        yield from zip(english.hints, chinese.hints)


class TestCompleteness:
    def test_every_row_is_translated_and_nothing_else(self) -> None:
        assert list(CHINESE.rules) == list(ROWS)
        assert list(CHINESE.expected) == list(FILE.expected)

    @pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
    def test_a_translation_has_the_same_parts(self, row: Row) -> None:
        own = CHINESE.rules[row.id]
        pairs = [*texts(row, own)]
        for english, chinese in ((row.but, own.but), (row.variants, own.variants)):
            worded = [name for name, each in english.items() if each.message is not None or each.hints is not None]
            assert list(chinese) == worded
            pairs += [pair for name in worded for pair in texts(english[name], chinese[name])]
        for one, other in pairs:
            assert placeholders(one) == placeholders(other)
            assert re.search("[一-龥]", other)
            assert "_or}" not in other  # a choice is joined with an English word

    def test_figures_that_are_sentences_are_translated(self) -> None:
        images = ["https://a b.example/", "https://a.example:x/", "https://[::1"]
        bodies = [{"model": MODEL, "prompt": "-", "image_urls": [image]} for image in images]
        found = [w for body in bodies for w in preflight(body).warnings if w.rule == "image_urls.malformed"]
        found += preflight({"model": MODEL, "prompt": "-", "output_format": "png"}).warnings[:1]
        unread = [preflight(body).errors[0] for body in (b"\xff", b'{"n":1,}', b"{", b'{"n":1e999}', b"[" * 5_000)]
        assert text(unread[1], "zh") == "请求体不是 JSON：语法错误（位置 7）"
        found += [*unread, *check_mask(b"-", b"-"), *check_mask(b"\x89PNG\r\n\x1a\n", b"-")]
        found += read_task('{"id" 5}').findings
        assert len(found) == 14
        for finding in found:
            assert not re.search("[a-z]{3,}", re.sub("URL|PNG|JSON|UTF-8|output_format", "", text(finding, "zh")))
            assert finding.hint is None or re.search("[一-龥]", str(hint(finding, "zh")))

    def test_what_an_answer_should_hold_is_translated(self) -> None:
        error = {"code": "x", "message": 5, "request_id": 5}
        answers = (
            {"id": "t", "model": 5, "status": 5, "created_at": "x", "output": {"image_urls": 5}, "error": error},
            {"id": "t", "output": {"image_urls": [5]}, "error": 5},
        )
        found = [finding for answer in answers for finding in read_task(answer).findings]
        wrong = [finding for finding in found if finding.rule == "answer.field_type"]
        assert {finding.params["expected"] for finding in wrong} == set(CHINESE.expected_in_answers)
        for finding in found:
            assert not re.search("must|the |an? ", f"{text(finding, 'zh')}{hint(finding, 'zh')}")

    def test_every_reason_is_translated(self) -> None:
        known = hints()
        returns = {model.file.returns for model in MODELS.values()} - {None}
        assert returns
        reasons = {
            known.number_reason,
            *known.reasons,
            *(known.format_reason.format(returns=each) for each in returns),
        }
        assert reasons <= set(CHINESE.texts)

    def test_labels_cover_every_field_and_option(self) -> None:
        for name, field in (item for model in MODELS.values() for item in model.fields.items()):
            assert set(labels().fields[name]) == set(LANGUAGES), name
            for word in field.choices:
                label = labels().option(field.role or name, word)
                assert set(label) == set(LANGUAGES)
                assert word in labels().options[field.role or name] or label["en"] == word.upper(), (name, word)
        assert labels().languages == LANGUAGES
        assert labels().field("nobody's") == {"en": "nobody's", "zh": "nobody's"}
        assert labels().descriptions.keys() == labels().fields.keys()
        assert all(set(each) == set(LANGUAGES) and all(each.values()) for each in labels().descriptions.values())
        assert all(set(sentence) == set(LANGUAGES) for sentence in labels().sentences.values())

    def test_labels_are_of_fields_and_options_that_there_are(self) -> None:
        fields = {name for model in MODELS.values() for name in model.fields} | {"model"}
        assert set(labels().fields) == fields
        words: dict[str, set[str]] = {}
        for model in MODELS.values():
            for name, field in model.fields.items():
                words.setdefault(field.role or name, set()).update(field.choices)
        assert {key: set(options) - words.get(key, set()) for key, options in labels().options.items()} == {
            key: set() for key in labels().options
        }


class TestTheMessageCatalog:
    def test_has_all_rules(self) -> None:
        catalog = message_catalog()
        json.dumps(catalog)
        assert list(catalog["rules"]) == list(RULES)
        assert catalog["rules"]["n.range"]["en"] == {
            "message": "n must be between {minimum} and {maximum}",
            "hints": [
                "split it into {requests} requests: {parts}, {credits_low} to {credits} credits in all",
                "split it into {requests} requests: {parts}, {credits} credits in all",
                "split it into {requests} requests: {parts}",
                "the nearest is {nearest}",
            ],
            "variants": {
                "fixed": "n must be {minimum}",
                "least": "n must be at least {minimum}",
                "most": "n must be at most {maximum}",
            },
        }
        assert catalog["rules"]["watermark.type"]["zh"]["message"] == "watermark（水印）必须是布尔值 true 或 false"

    @pytest.mark.parametrize("rule", built_in().rules, ids=str)
    def test_templates_need_figures_of_the_finding_alone(self, rule: str) -> None:
        """What a template shows is the value, the name or a param, in both languages."""
        body = example(rule, built_in())
        report = preflight(body)
        for finding in (each for each in (*report.errors, *report.warnings) if each.rule == rule):
            known = {"value", "name", "field", *finding.params}
            entry = message_catalog()["rules"][rule]
            for language in LANGUAGES:
                messages = [entry[language]["message"], *entry[language]["variants"].values()]
                assert any(placeholders(message) <= known for message in messages), (rule, messages)

    def test_knows_models_of_the_callers_own(self, tmp_path: Any) -> None:
        rules = message_catalog(catalog=third_catalog(tmp_path))["rules"]
        assert rules["style.unknown"]["en"]["message"] == 'invalid style "{value}" (allowed: {allowed})'
        assert rules["style.unknown"]["zh"]["message"].startswith("style的值“{value}”")


class TestText:
    @pytest.mark.parametrize(
        ("body", "english", "chinese"),
        (
            ({"n": 9}, "n must be between 1 and 4", "n（图片数量）必须在 1 到 4 之间"),
            ({"model": "gpt-image-2", "n": 9}, "n must be 1", "n（图片数量）只能是 1"),
            ({"n": "x"}, "n must be an integer", "n（图片数量）必须是整数"),
            ({"image_urls": 5}, "image_urls must be a list of URLs", "image_urls（参考图）必须是由 URL 组成的列表"),
            (
                {"model": "wan2.7-image", "watermark": "x"},
                "watermark must be true or false",
                "watermark（水印）必须是布尔值 true 或 false",
            ),
            (
                {"model": "wan2.7-image", "seed": -1},
                "seed must be between 0 and 2147483647",
                "seed（随机种子）必须在 0 到 2147483647 之间",
            ),
            (
                {"quality": "hd"},
                'invalid quality "hd" (allowed: auto, low, medium, high)',
                "quality（质量）的值“hd”无效（可选值：auto, low, medium, high）",
            ),
            (
                {"resolution": "4K"},
                "4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}",
                "分辨率为 4K 时必须明确选择以下尺寸之一：16:9, 9:16, 2:1, 1:2, 21:9, 9:21",
            ),
            (
                {"image_urls": ["x"]},
                "image URL must be a public http(s) URL",
                "参考图必须是公开的 http(s) URL",
            ),
            (
                {"model": "qwen-image-2", "image_url": "x"},
                "image_url must be a public http(s) URL",
                "image_url（参考图）必须是公开的 http(s) URL",
            ),
            (
                {"model": "gemini-3.1-flash-image-preview", "google_image_search": True},
                "google_image_search true requires google_search true",
                "使用 google_image_search true 时，还需要 google_search true",
            ),
        ),
    )
    def test_in_both_languages(self, body: dict[str, Any], english: str, chinese: str) -> None:
        finding = preflight({"model": MODEL, "prompt": "a fox", **body}).errors[0]
        assert (text(finding), text(finding, "zh")) == (english, chinese)

    def test_hints_are_those_of_the_kind(self) -> None:
        body = {"model": MODEL, "prompt": "-", "n": "2", "image_urls": "https://a.example/x", "size": 5}
        assert [hint(error, "zh") for error in preflight(body).errors] == [
            "请发送字符串，或去掉 size（尺寸）",
            "请发送数字 2，不要加引号",
            '请把 URL 放进列表：["https://a.example/x"]',
        ]

    def test_a_hint_calls_each_field_that_it_names_by_its_label(self) -> None:
        (error, *_) = preflight({"model": MODEL, "prompt": "a fox", "quality": "4k"}).errors
        names = {"size": "Shape", "resolution": "Detail", "quality": "Grade"}
        assert hint(error, names=names) == (
            '"4k" belongs in Detail: send Detail "4k" instead, with Shape 16:9, 9:16, 2:1, 1:2, 21:9 or 9:21, '
            "and Grade auto, low, medium or high"
        )

    def test_a_label_that_begins_as_another_one_keeps_its_blanks(self) -> None:
        body = {"model": MODEL, "prompt": "a fox", "mask_url": "https://a.example/x.png"}
        names = {"mask_url": "参考", "image_urls": "参考 图"}
        assert hint(preflight(body).errors[0], "zh", names) == "请把蒙版对应的图片放在参考 图的第一个，或去掉参考"

    def test_variants(self) -> None:
        def only(rule: str, **options: Any) -> str:
            body = {"model": MODEL, "prompt": "-", **options.pop("body", {})}
            report = preflight(body, **options)
            return text(next(f for f in (*report.errors, *report.warnings) if f.rule == rule), "zh")

        assert only("field.unknown", body={"seed": 1}) == "未知字段“seed”会被忽略"
        assert only("field.unknown", body={"seed": 1, "model": "z-image"}) == "未知字段“seed”：不清楚此模型是否支持它"
        assert only("field.unknown", body={"seed": 1}, unknown_fields="error") == "未知字段“seed”"
        assert only("quality.auto_bills_high") == "未填写 quality（质量）时，按 high 计费"
        assert only("quality.auto_bills_high", body={"quality": "auto"}) == "quality（质量）为 auto 时，按 high 计费"
        assert only("size.unknown", body={"size": "7:5"}).endswith("auto，或“宽x高”像素）")
        assert only("size.unknown", body={"size": "7:5", "model": "gpt-image-2"}).endswith("auto）")
        assert only("size.unknown", body={"size": "AUTO", "model": "gpt-image-2"}).endswith("auto）")

    def test_many_unknown_fields(self) -> None:
        report = preflight({"model": MODEL, "prompt": "-", **{f"x{number}": 1 for number in range(25)}})
        assert [text(warning, "zh") for warning in report.warnings][19:21] == [
            "未知字段“x19”会被忽略",
            "另有 5 个未知字段",
        ]

    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_on_the_example_of_every_rule(self, rule: str) -> None:
        body = example(rule, built_in())
        report = preflight(body) if body is not None else preflight_form({"prompt": ["a", "b"]}, default_model=MODEL)
        for finding in (*report.errors, *report.warnings):
            self.agree(finding)

    @pytest.mark.parametrize("cases", BY_FILE.values(), ids=BY_FILE)
    def test_on_every_vector(self, cases: list[dict[str, Any]]) -> None:
        for case in cases:
            report = report_of(case)
            for finding in (*report.errors, *report.warnings):
                with told(case["description"]):
                    self.agree(finding)

    @given(wild_bodies() | any_bodies())
    def test_on_any_body(self, body: Any) -> None:
        report = preflight(body)
        for finding in (*report.errors, *report.warnings):
            self.agree(finding)

    @staticmethod
    def agree(finding: Finding) -> None:
        """English is the report's own; Chinese says as much: a hint for a hint, no placeholder left."""
        assert (text(finding), hint(finding)) == (finding.message, finding.hint)
        chinese, advice = text(finding, "zh"), hint(finding, "zh")
        assert chinese != finding.message
        assert (advice is None) is (finding.hint is None)
        assert advice is None or advice != finding.hint
        for value in finding.params.values():
            if type(value) is int and str(value) in finding.message:
                assert str(value) in chinese
            if type(value) is int and finding.hint and f" {value} " in finding.hint:
                assert str(value) in str(advice)

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
    def test_braces_in_values_are_only_text(self, value: str) -> None:
        finding = preflight({"model": MODEL, "prompt": "-", "background": "{" + value + "}{0}"}).errors[0]
        assert "{" + value + "}{0}" in text(finding, "zh")

    def test_a_rule_that_has_no_translation_reads_in_english(self) -> None:
        finding = RULES["n.range"].find(9, minimum=1, maximum=4)
        unknown = msgspec.structs.replace(finding, rule="own.rule", hint="do so")
        assert (text(unknown, "zh"), hint(unknown, "zh")) == (finding.message, "do so")

    def test_fields_of_a_model_of_the_callers_own(self, tmp_path: Any) -> None:
        catalog: Catalog = third_catalog(tmp_path)
        body = {"model": "third", "prompt": "-", "style": "x", "strength": "x", "size": "1:1"}
        found = {error.field: text(error, "zh") for error in preflight(body, catalog=catalog).errors}
        assert found == {"style": "style的值“x”无效（可选值：ink, oil）", "strength": "strength必须是数字"}


def test_kinds_that_are_described_alike_say_the_same_otherwise() -> None:
    """A finding does not name the kind of its field: its English tells it, as far as the words differ."""
    for row in FILE.rules:
        by_text: dict[str, Any] = {}
        for kind, expected in FILE.expected.items():
            rule = row.rule("a", kind=kind)
            english = rule.message.replace("{expected}", expected)
            assert by_text.setdefault(english, rule.hints) == rule.hints, (row.id, kind)


class TestLanguages:
    @pytest.mark.parametrize("tag", ("zh", "zh-CN", "zh_Hans", "ZH-tw", "zh,en;q=0.9", " zh;q=1"))
    def test_chinese(self, tag: str) -> None:
        assert language_of(tag) == "zh"

    @pytest.mark.parametrize("tag", ("", "en", "fr", "zhx", "*", "-", "é", "x" * 10_000))
    def test_else_english(self, tag: str) -> None:
        assert language_of(tag) == "en"


class TestNames:
    """What a form calls its fields takes the place of their names."""

    BODY: ClassVar[dict[str, Any]] = {"model": MODEL, "prompt": "a fox", "size": "1:1", "resolution": "4k", "n": 9}
    NAMES: ClassVar[dict[str, str]] = {"size": "Shape {now}", "resolution": "Tier", "n": "How many"}

    def said(self, rule: str, language: str, names: dict[str, str], body: Any = None) -> tuple[str, str | None]:
        report = preflight({**self.BODY, **(body or {})})
        finding = next(each for each in (*report.errors, *report.warnings) if each.rule == rule)
        return text(finding, language, names), hint(finding, language, names)

    def test_in_english(self) -> None:
        message, advice = self.said("size.needs_widescreen", "en", self.NAMES)
        assert message == "4K requires an explicit Shape {now} in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}"
        assert advice == "keep 4k with Shape {now} 16:9, the nearest wide one, or keep Shape {now} 1:1 with Tier 2k"
        assert self.said("n.range", "en", self.NAMES)[0] == "How many must be between 1 and 4"

    def test_a_name_that_the_form_does_not_give_stays(self) -> None:
        assert self.said("n.range", "en", {"size": "Shape"})[0] == "n must be between 1 and 4"

    def test_another_field_that_the_form_does_not_name_has_its_own_name(self) -> None:
        advice = self.said("size.needs_widescreen", "en", {"size": "Shape"})[1]
        assert advice == "keep 4k with Shape 16:9, the nearest wide one, or keep Shape 1:1 with resolution 2k"

    def test_in_chinese_no_blank_is_left_round_a_name(self) -> None:
        names = {"size": "形状", "resolution": "清晰度", "n": "张数"}
        assert self.said("n.range", "zh", names)[0] == "张数必须在 1 到 4 之间"
        assert self.said("n.type", "zh", names, {"n": "x"})[1] == "请发送整数，或去掉张数"
        assert self.said("size.unknown", "zh", names, {"size": "7:5"})[0].startswith("形状的值")
        advice = self.said("size.needs_widescreen", "zh", {"size": "尺寸"})[1]
        assert "保留尺寸 1:1，把" in str(advice)

    def test_in_chinese_there_is_a_blank_between_a_latin_name_and_chinese(self) -> None:
        names = {"prompt": "Describe", "n": "How many", "size": "Size 2", "resolution": "Detail"}
        assert self.said("prompt.required", "zh", names, {"prompt": ""}) == (
            "必须填写 Describe", "请在 Describe 中描述想要的画面",
        )  # fmt: skip
        assert self.said("n.range", "zh", names)[0] == "How many 必须在 1 到 4 之间"
        assert self.said("size.unknown", "zh", names, {"size": "2K"})[1] == "“2K”是 Detail 的值：请改为发送 Detail“2k”"
        assert self.said("size.unknown", "zh", names, {"size": "7:5"})[0].startswith("Size 2 的值“7:5”")

    def test_a_field_that_may_be_left_out_has_its_name_in_the_hint(self) -> None:
        assert self.said("n.type", "en", self.NAMES, {"n": "x"})[1] == "send a whole number, or leave How many out"
